/* Rules over records, on both databases, against plain oracles: who is eligible, teams and days on
 * site, placements to look at again, exits shared out. */
#include "rows.h"

#include "base/date.h"
#include "base/random.h"
#include "programme/household/attribution.h"
#include "programme/household/tested.h"
#include "programme/labour/story.h"
#include "programme/talent/team.h"

#define VILLAGE "653224103222"

static struct criterion *read_one(struct arena *a, struct criteria *c, const char *text)
{
    struct err e = { 0 };
    *c = (struct criteria){ .n = 0 };
    assert_ok(criteria_read(c, "rules", text, strlen(text), a, &e), e);
    assert_int_equal(c->n, 1);
    return c->at[0];
}

/* --- eligible --- */

enum { HOUSES = 12, PERSONS = 40 };
struct house { bool known; int32_t found, exited; int posts; };
struct somebody { int house; int32_t born; const char *able; bool holds; };

static const char eligible[] =
    "criterion post\n  label en \"p\" zh \"岗\"\n  on person\n"
    "  need in \"known(household_identified_on) and household_identified_on <= today\""
    " en \"i\" zh \"在\"\n"
    "  need poor \"not known(household_exited_on) or household_exited_on > today\""
    " en \"p\" zh \"贫\"\n"
    "  need able \"labour_ability in {01, 02}\" en \"a\" zh \"能\"\n"
    "  need age \"age >= 16 and age <= 60\" en \"o\" zh \"岁\"\n"
    "  need one \"household_posts = 0\" en \"n\" zh \"一\"\n";

static int32_t somewhen(struct random *x, int from, int years)
{
    return date_make(from, 1, 1) + (int32_t)random_below(x, (uint64_t)years * 365);
}

static void put_house(struct programme *p, const struct house *h, int i)
{
    char s[200], day[DATE_TEXT];
    int n = snprintf(s, sizeof s, "code=H%d; place=" VILLAGE, i);
    date_format(h->found, day);
    if (h->known) n += snprintf(s + n, sizeof s - (size_t)n, "; identified_on=%s", day);
    date_format(h->exited, day);
    if (h->exited != DATE_MAX) snprintf(s + n, sizeof s - (size_t)n, "; exited_on=%s", day);
    put(p, "household", s);
}

static void put_person(struct programme *p, const struct somebody *b, int i)
{
    char s[200], day[DATE_TEXT];
    int n = snprintf(s, sizeof s, "household=H%d; code=%d; name=甲", b->house, i);
    date_format(b->born, day);
    if (b->born != DATE_MAX) n += snprintf(s + n, sizeof s - (size_t)n, "; birth_date=%s", day);
    if (*b->able) snprintf(s + n, sizeof s - (size_t)n, "; labour_ability=%s", b->able);
    put(p, "person", s);
    if (!b->holds) return;
    snprintf(s, sizeof s, "code=W%d; place=" VILLAGE "; holder=H%d/%d", i, b->house, i);
    put(p, "welfare_post", s);
}

struct world { struct house house[HOUSES]; struct somebody who[PERSONS]; int32_t on; int seen[3], n; };

static enum rule_tri both(enum rule_tri a, enum rule_tri b)
{
    return a == RULE_FALSE || b == RULE_FALSE         ? RULE_FALSE
           : a == RULE_UNKNOWN || b == RULE_UNKNOWN ? RULE_UNKNOWN : RULE_TRUE;
}

static enum rule_tri naive_eligible(const struct world *w, int i)
{
    const struct somebody *b = &w->who[i];
    const struct house *h = &w->house[b->house];
    enum rule_tri v = h->known && h->found <= w->on ? RULE_TRUE : RULE_FALSE;
    v = both(v, h->exited > w->on ? RULE_TRUE : RULE_FALSE);
    v = both(v, !*b->able ? RULE_UNKNOWN
                : strcmp(b->able, "01") && strcmp(b->able, "02") ? RULE_FALSE : RULE_TRUE);
    int age = b->born == DATE_MAX ? 0 : date_civil(w->on).year - date_civil(b->born).year;
    struct civil birth = date_civil(b->born == DATE_MAX ? 0 : b->born), day = date_civil(w->on);
    if (day.month < birth.month || (day.month == birth.month && day.day < birth.day)) age--;
    v = both(v, b->born == DATE_MAX ? RULE_UNKNOWN
                : age >= 16 && age <= 60 ? RULE_TRUE : RULE_FALSE);
    return both(v, h->posts ? RULE_FALSE : RULE_TRUE);
}

static bool note_eligible(void *arg, const struct tested *t, struct err *e)
{
    struct world *w = arg;
    struct val code = t->row[ROW_FIRST + PERSON_CODE];
    char text[16];
    (void)e;
    snprintf(text, sizeof text, "%.*s", (int)code.n, code.p);
    int i = (int)strtol(text, NULL, 10);
    if (t->verdict != naive_eligible(w, i)) fail_msg("person %d: %d", i, (int)t->verdict);
    w->seen[t->verdict]++;
    w->n++;
    return true;
}

static void who_is_eligible(enum engine engine)
{
    struct programme p;
    struct random x;
    struct arena a = { 0 };
    struct criteria c;
    struct err e = { 0 };
    struct world w = { .n = 0 };
    static const char *const able[] = { "", "01", "02", "03" };
    programme_open(&p, engine);
    random_seed(&x, 245);
    for (int i = 0; i < HOUSES; i++) {
        struct house *h = &w.house[i];
        *h = (struct house){ .known = random_below(&x, 6) != 0, .found = somewhen(&x, 2014, 2) };
        h->exited = random_below(&x, 2) ? DATE_MAX : somewhen(&x, 2017, 5);
        put_house(&p, h, i);
    }
    for (int i = 0; i < PERSONS; i++) {
        struct somebody *b = &w.who[i];
        *b = (struct somebody){ .house = (int)random_below(&x, HOUSES),
                                .born = random_below(&x, 8) ? somewhen(&x, 1955, 25) : DATE_MAX,
                                .able = able[random_below(&x, 4)],
                                .holds = random_below(&x, 9) == 0 };
        w.house[b->house].posts += b->holds;
        put_person(&p, b, i);
    }
    struct criterion *rule = read_one(&a, &c, eligible);
    struct db *d = test_db(&p.store, DB_READ);
    for (int year = 2013; year <= 2023; year++) {
        w.on = date_make(year, 1 + year % 12, 15);
        assert_ok(tested_rows(p.model, d, p.db, rule, INT64_C(653224103222), w.on, note_eligible,
                              &w, &e), e);
    }
    assert_int_equal(w.n, 11 * PERSONS);
    assert_true(w.seen[RULE_TRUE] > 5 && w.seen[RULE_FALSE] > 50 && w.seen[RULE_UNKNOWN] > 5);
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(who_is_eligible)

/* --- teams --- */

static const char team_rule[] = "criterion resident_team\n  label en \"t\" zh \"队\"\n"
                                "  limit team_members 3\n  limit term_months 24\n"
                                "  limit days_a_month 20\n";

enum { TERMS = 14 };
struct member { int village; int32_t from, to; int days[60]; }; /* days by month from 2018; -1 none */
struct team_world { struct member m[TERMS]; int small[3], brief, few, none, seen; };

static bool note_team(void *arg, const struct team_finding *f, struct err *e)
{
    struct team_world *w = arg;
    (void)e;
    w->small[f->place % 10] += f->fault == TEAM_SMALL;
    w->brief += f->fault == TEAM_SHORT_TERM;
    w->few += f->fault == TEAM_FEW_DAYS;
    if (f->fault == TEAM_NO_DAYS) w->none += (int)f->have;
    w->seen++;
    return true;
}

static void put_member(struct programme *p, const struct member *m, int i)
{
    char s[200], from[DATE_TEXT], to[DATE_TEXT];
    date_format(m->from, from);
    date_format(m->to == DATE_MAX ? 0 : m->to, to);
    snprintf(s, sizeof s, "code=M%d; kind=team_member; place=65322410320%d; valid_from=%s%s%s", i,
             m->village, from, m->to == DATE_MAX ? "" : "; valid_to=", m->to == DATE_MAX ? "" : to);
    put(p, "posting", s);
    for (int k = 0; k < 60; k++) {
        if (m->days[k] < 0) continue;
        snprintf(s, sizeof s, "posting=M%d; month=%d-%02d-01; days=%d", i, 2018 + k / 12, k % 12 + 1,
                 m->days[k]);
        put(p, "site_day", s);
    }
}

/* Day by day: a month counts when each of its days lies in the term and before `on`. */
static void naive_team(const struct team_world *w, int32_t on, struct team_world *out)
{
    int have[3] = { 0 };
    for (int i = 0; i < TERMS; i++) {
        const struct member *m = &w->m[i];
        if (m->from > on) continue;
        if (m->to >= on) have[m->village]++;
        if (m->to != DATE_MAX && date_add_months(m->from, 24) > m->to + 1) out->brief++;
        for (int k = 0; k < 60; k++) {
            bool whole = true;
            int year = 2018 + k / 12, month = k % 12 + 1;
            for (int d = 1; d <= date_days_in_month(year, month); d++) {
                int32_t day = date_make(year, month, d);
                whole &= day >= m->from && day <= m->to && day <= on;
            }
            out->few += whole && m->days[k] >= 0 && m->days[k] < 20;
            out->none += whole && m->days[k] < 0;
        }
    }
    for (int v = 0; v < 3; v++) out->small[v] = have[v] > 0 && have[v] < 3;
}

static void teams_and_their_days(enum engine engine)
{
    struct programme p;
    struct random x;
    struct arena a = { 0 };
    struct criteria c;
    struct err e = { 0 };
    struct team_world w = { .seen = 0 };
    programme_open(&p, engine);
    random_seed(&x, 28);
    for (int i = 0; i < TERMS; i++) {
        struct member *m = &w.m[i];
        m->village = (int)random_below(&x, 3);
        m->from = date_make(2018, 1, 1) + (int32_t)random_below(&x, 700);
        m->to = random_below(&x, 3) ? m->from + (int32_t)random_below(&x, 1000) : DATE_MAX;
        for (int k = 0; k < 60; k++)
            m->days[k] = random_below(&x, 5) ? -1 : (int)random_below(&x, 30);
        put_member(&p, m, i);
    }
    struct criterion *rule = read_one(&a, &c, team_rule);
    for (int round = 0; round < 12; round++) {
        int32_t on = date_make(2018, 6, 1) + (int32_t)random_below(&x, 1500);
        struct team_world want = { .seen = 0 };
        memset(w.small, 0, sizeof w.small);
        w.brief = w.few = w.none = 0;
        naive_team(&w, on, &want);
        assert_ok(team_check(p.db, rule, on, &a, note_team, &w, &e), e);
        for (int v = 0; v < 3; v++) assert_int_equal(w.small[v], want.small[v]);
        assert_int_equal(w.brief, want.brief);
        assert_int_equal(w.few, want.few);
        assert_int_equal(w.none, want.none);
    }
    assert_true(w.seen > 100);
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(teams_and_their_days)

/* --- looks that are due --- */

enum { PLACED = 30 };
struct placed { int32_t from, to; int looked; };
struct due_world { struct placed p[PLACED]; int32_t on; int got; };

static bool note_due(void *arg, const struct follow_due *f, struct err *e)
{
    struct due_world *w = arg;
    (void)e;
    const struct placed *p = &w->p[strtol(f->code + 1, NULL, 10)];
    int32_t start = p->to != DATE_MAX ? p->to : p->from;
    assert_int_equal(f->due, date_add_months(start, f->months));
    assert_true(f->due <= w->on && p->looked < f->months);
    w->got++;
    return true;
}

static void looks_that_are_due(enum engine engine)
{
    static const int months[] = { 3, 6, 12, 0 };
    struct programme p;
    struct random x;
    struct arena a = { 0 };
    struct err e = { 0 };
    struct due_world w = { .got = 0 };
    int all = 0;
    programme_open(&p, engine);
    random_seed(&x, 3612);
    for (int i = 0; i < PLACED; i++) {
        char s[200], from[DATE_TEXT], to[DATE_TEXT];
        struct placed *q = &w.p[i];
        q->from = random_below(&x, 5) ? date_make(2019, 1, 28) + (int32_t)random_below(&x, 40)
                                      : DATE_MAX;
        q->to = q->from != DATE_MAX && random_below(&x, 2)
                    ? q->from + (int32_t)random_below(&x, 20) : DATE_MAX;
        q->looked = (int)random_below(&x, 3) * 3;
        date_format(q->from == DATE_MAX ? 0 : q->from, from);
        date_format(q->to == DATE_MAX ? 0 : q->to, to);
        snprintf(s, sizeof s, "code=P%d; place=653224%s%s%s%s", i,
                 q->from == DATE_MAX ? "" : "; valid_from=", q->from == DATE_MAX ? "" : from,
                 q->to == DATE_MAX ? "" : "; valid_to=", q->to == DATE_MAX ? "" : to);
        put(&p, "placement", s);
        snprintf(s, sizeof s, "placement=P%d; months=%d; checked_on=2019-05-01; result=same_job", i,
                 q->looked);
        if (q->looked) put(&p, "follow_up", s);
    }
    for (w.on = date_make(2019, 4, 20); w.on < date_make(2020, 4, 1); w.on += 5) {
        int want = 0;
        for (int i = 0; i < PLACED; i++)
            for (const int *m = months; *m; m++) {
                int32_t start = w.p[i].to != DATE_MAX ? w.p[i].to : w.p[i].from;
                want += start != DATE_MAX && w.p[i].looked < *m &&
                        date_add_months(start, *m) <= w.on;
            }
        w.got = 0;
        assert_ok(follow_ups_due(p.db, months, w.on, &a, note_due, &w, &e), e);
        assert_int_equal(w.got, want);
        all += want;
    }
    assert_true(all > 200);
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(looks_that_are_due)

/* --- attribution --- */

enum { EXITS = 15, HELPERS = 5 };
static const char weights[] = "criterion attribution\n  label en \"a\" zh \"归\"\n"
                              "  limit window_months 24\n  weight industry 4\n  weight training 1\n"
                              "  weight responsible 2\n  weight pairing 1\n";
struct exit_world { int64_t weight[EXITS][HELPERS], share[EXITS], got[EXITS][HELPERS];
                    int64_t helper[HELPERS]; };

static bool note_share(void *arg, const struct attribution *r, struct err *e)
{
    struct exit_world *w = arg;
    int i = (int)strtol(r->code + 1, NULL, 10);
    (void)e;
    w->share[i] += r->share;
    for (int h = 0; h < HELPERS; h++)
        if (r->helper == w->helper[h]) w->got[i][h] += r->weight;
    return true;
}

static void put_help(struct programme *p, struct random *x, struct exit_world *w, int i,
                     int32_t exited)
{
    char s[200], from[DATE_TEXT], to[DATE_TEXT];
    for (int k = 0; k < 4; k++) {
        int h = (int)random_below(x, HELPERS), kind = (int)random_below(x, 2);
        int32_t begin = exited - 1200 + (int32_t)random_below(x, 1500);
        int32_t end = begin + (int32_t)random_below(x, 300);
        date_format(begin, from);
        date_format(end, to);
        snprintf(s, sizeof s, "household=H%d; code=%d; kind=%s; title=x; helper=O%d; "
                 "valid_from=%s; valid_to=%s", i, k, kind ? "industry" : "training", h, from, to);
        put(p, "help_measure", s);
        if (begin <= exited && end >= date_add_months(exited, -24))
            w->weight[i][h] += kind ? 4 : 1;
    }
    if (random_below(x, 2)) return;
    snprintf(s, sizeof s, "household=H%d; code=1; helper_unit=O0", i);
    put(p, "household_helper", s);
    w->weight[i][0] += 2;
}

static int64_t org_id(struct programme *p, const char *code)
{
    struct arena a = { 0 };
    struct err e = { 0 };
    int64_t county, id;
    assert_ok(ref_find(p->model, model_find(p->model, "organisation"), code, strlen(code), -1,
                       p->db, &a, &county, &id, &e), e);
    arena_free(&a);
    return id;
}

static void exits_are_shared_out(enum engine engine)
{
    struct programme p;
    struct random x;
    struct arena a = { 0 };
    struct criteria c;
    struct err e = { 0 };
    char s[200], day[DATE_TEXT];
    programme_open(&p, engine);
    struct exit_world *w = calloc(1, sizeof *w);
    random_seed(&x, 1000000);
    for (int h = 0; h < HELPERS; h++) {
        snprintf(s, sizeof s, "code=O%d; name_zh=甲; kind=enterprise", h);
        put(&p, "organisation", s);
        snprintf(s, sizeof s, "O%d", h);
        w->helper[h] = org_id(&p, s);
    }
    put(&p, "agreement", "code=A; level=village; helper=O1; place=" VILLAGE
                         "; valid_from=2018-01-01; valid_to=2018-12-31");
    for (int i = 0; i < EXITS; i++) {
        int32_t exited = somewhen(&x, 2017, 4);
        date_format(exited, day);
        snprintf(s, sizeof s, "code=H%d; place=%s; identified_on=2014; exited_on=%s", i,
                 i % 3 ? VILLAGE : "653225100201", day);
        put(&p, "household", s);
        if (i % 5) put_help(&p, &x, w, i, exited);
        if (i % 3 && exited >= date_make(2018, 1, 1) &&
            date_add_months(exited, -24) <= date_make(2018, 12, 31))
            w->weight[i][1] += 1;
    }
    struct criterion *rule = read_one(&a, &c, weights);
    assert_ok(attribution_read(p.db, rule, DATE_MIN, DATE_MAX, note_share, w, &e), e);
    for (int i = 0; i < EXITS; i++) {
        assert_int_equal(w->share[i], ATTRIBUTION_ONE);
        for (int h = 0; h < HELPERS; h++) assert_int_equal(w->got[i][h], w->weight[i][h]);
    }
    free(w);
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(exits_are_shared_out)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(who_is_eligible),
        STORE_TESTS(teams_and_their_days),
        STORE_TESTS(looks_that_are_due),
        STORE_TESTS(exits_are_shared_out),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
