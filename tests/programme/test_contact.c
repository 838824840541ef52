/* Regular contact: periods against a day-by-day oracle; what is due, missing and doubled in a store
 * of either engine. */
#include "rows.h"

#include "base/date.h"
#include "base/random.h"
#include "programme/plan/plan_read.h"
#include "programme/talent/succession.h"
#include "programme/watch/find.h"

/* --- periods, day by day --- */

/* The period of a day by walking from the first one: a month's end is cut to the month. */
static int naive_index(const struct contact_rule *r, int32_t day)
{
    if (day < r->from || day > r->to) return -1;
    int i = 0;
    while (date_add_months(r->from, (i + 1) * r->every) <= day) i++;
    return i;
}

static void periods_are_those_of_the_calendar(void **state)
{
    (void)state;
    struct random x;
    random_seed(&x, 20200601);
    for (int round = 0; round < 400; round++) {
        struct contact_rule r = { .from = date_make(2019, 1, 1) + (int32_t)random_below(&x, 800),
                                  .to = DATE_MAX,
                                  .times = 1,
                                  .every = 1 + (int)random_below(&x, 13) };
        if (random_below(&x, 2)) r.to = r.from + (int32_t)random_below(&x, 900);
        int last = -1;
        for (int32_t day = r.from - 3; day < r.from + 950; day++) {
            struct contact_period p;
            int i = contact_index(&r, day);
            assert_int_equal(i, naive_index(&r, day));
            if (i < 0) continue;
            assert_true(contact_period(&r, i, &p));
            assert_in_range(day, p.from, p.to);
            assert_true(i == last || i == last + 1); /* no gap, no overlap */
            last = i;
        }
    }
}

static void contacts_count_where_they_surely_were(void **state)
{
    (void)state;
    struct random x;
    random_seed(&x, 7);
    for (int round = 0; round < 2000; round++) {
        struct contact_rule r = { .from = date_make(2020, 1, 31), .to = date_make(2021, 6, 30),
                                  .times = 1, .every = 1 + (int)random_below(&x, 4) };
        struct contact_at at[20];
        struct contact_period p[30];
        int64_t want[30] = { 0 }, loose, want_loose = 0;
        int n = (int)random_below(&x, 20), periods = 0;
        while (periods < 30 && contact_period(&r, periods, &p[periods])) periods++;
        for (int i = 0; i < n; i++) {
            int32_t day = r.from - 40 + (int32_t)random_below(&x, 600);
            at[i] = (struct contact_at){ day, day + (int32_t)random_below(&x, 25), 1 + i % 3 };
            if (random_below(&x, 8) == 0) at[i].from = DATE_MIN;
            if (random_below(&x, 8) == 0) at[i].to = DATE_MAX;
            int32_t lo = at[i].from, hi = at[i].to;
            if (hi < r.from || lo > r.to) continue;
            if (lo == DATE_MIN || hi == DATE_MAX || naive_index(&r, lo) < 0 ||
                naive_index(&r, lo) != naive_index(&r, hi))
                want_loose += at[i].count;
            else
                want[naive_index(&r, lo)] += at[i].count;
        }
        contact_count(&r, at, n, p, periods, &loose);
        assert_int_equal(loose, want_loose);
        for (int i = 0; i < periods; i++) assert_int_equal(p[i].held, want[i]);
    }
}

/* --- in a store --- */

struct told { char text[4000]; };

static bool note_contact(void *arg, const struct watch_contact *c, struct err *e)
{
    struct told *t = arg;
    size_t n = strlen(t->text);
    char from[DATE_TEXT];
    (void)e;
    date_format(c->period.from, from);
    snprintf(t->text + n, sizeof t->text - n, "%s %s %lld/%d%s; ", c->code, from,
             (long long)c->period.held, c->times, c->next ? " next" : "");
    return true;
}

static bool note_gap(void *arg, const struct watch_gap *g, struct err *e)
{
    struct told *t = arg;
    size_t n = strlen(t->text);
    (void)e;
    snprintf(t->text + n, sizeof t->text - n, "%d %lld %s %lld; ", (int)g->kind,
             (long long)g->place, g->code, (long long)g->count);
    return true;
}

static struct watch watch_at(struct programme *p, struct arena *a, int32_t on)
{
    struct watch w = { .d = p->db, .model = p->model, .parties = &p->parties, .a = a, .on = on };
    struct err e = { 0 };
    assert_ok(watch_begin(&w, &e), e);
    return w;
}

static void open_pairs(struct programme *p, enum engine engine)
{
    programme_open(p, engine);
    put(p, "organisation", "code=E; name_zh=甲; kind=enterprise");
    put(p, "organisation", "code=F; name_zh=乙; kind=enterprise");
    put(p, "agreement", "code=A; level=enterprise_village; helper=E; place=653224103222; "
                        "valid_from=2020-01-01; valid_to=2020-06-30");
}

static void contacts_are_found(enum engine engine)
{
    struct programme p;
    struct arena a = { 0 };
    struct told t = { "" };
    struct err e = { 0 };
    open_pairs(&p, engine);
    put(&p, "contact_plan",
        "code=C; organisation=E; place=653224103222; kind=visit; every_months=1; "
        "agreement=A; times_due=2; valid_from=2020-01-01; valid_to=2020-06-30");
    put(&p, "visit", "code=V1; visitor=E; place=653224103222; valid_from=2020-01-05; "
                     "valid_to=2020-01-05; quantity=2");
    put(&p, "visit", "code=V2; visitor=F; place=653224103222; valid_from=2020-02-05; "
                     "valid_to=2020-02-05"); /* another helper */
    put(&p, "visit", "code=V3; visitor=E; place=653225000000; valid_from=2020-02-05; "
                     "valid_to=2020-02-05"); /* elsewhere */
    put(&p, "visit", "code=V4; visitor=F; place=653225000000; agreement=A; valid_from=2020-02-06; "
                     "valid_to=2020-02-06"); /* under the agreement */
    put(&p, "visit", "code=V5; visitor=E; place=653224103222; valid_from=2020-02-07; "
                     "valid_to=2020-02-07; state=planned");
    struct watch w = watch_at(&p, &a, date_make(2020, 2, 20));
    assert_ok(watch_contacts(&w, note_contact, &t, &e), e);
    assert_string_equal(t.text, "C 2020-01-01 2/2; C 2020-02-01 1/2; C 2020-03-01 0/2 next; ");
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(contacts_are_found)

static void gaps_are_found(enum engine engine)
{
    struct programme p;
    struct arena a = { 0 };
    struct told t = { "" };
    struct err e = { 0 };
    open_pairs(&p, engine);
    put(&p, "agreement", "code=B; level=enterprise_village; helper=F; place=653224103222; "
                         "valid_from=2020-03-01");
    put(&p, "listing", "code=L1; kind=village; place=653224103222");
    put(&p, "listing", "code=L2; kind=village; place=653224103201");
    put(&p, "listing", "code=L3; kind=village; place=653224103202; helper=F");
    put(&p, "listing", "code=L4; kind=village; place=653224000000; quantity=13");
    put(&p, "household", "code=H1; place=653224103222; identified_on=2014-01-01");
    put(&p, "household",
        "code=H2; place=653224103222; identified_on=2014-01-01; exited_on=2019-12-01");
    struct watch w = watch_at(&p, &a, date_make(2020, 5, 1));
    assert_ok(watch_gaps(&w, note_gap, &t, &e), e);
    assert_string_equal(t.text, "0 653224103201 L2 1; 3 653224000000 L4 13; 2 653224103222  1; "
                                "5 653224103222 A, B 2; 6 653224103222 A, B 2; ");
    w = watch_at(&p, &a, date_make(2020, 7, 1)); /* A is over, and was not renewed */
    t.text[0] = '\0';
    assert_ok(watch_gaps(&w, note_gap, &t, &e), e);
    assert_non_null(strstr(t.text, "4 653224103222 A 1; "));
    assert_null(strstr(t.text, "A, B"));
    put(&p, "agreement", "code=A2; level=enterprise_village; helper=E; place=653224103222; "
                         "valid_from=2020-07-01");
    t.text[0] = '\0';
    assert_ok(watch_gaps(&w, note_gap, &t, &e), e);
    assert_null(strstr(t.text, "4 653224103222 A 1; "));
    put(&p, "agreement", "code=D; level=village; helper=F; place=653224103201; "
                         "valid_from=2019-01-01; valid_to=2019-12-31");
    t.text[0] = '\0';
    assert_ok(watch_gaps(&w, note_gap, &t, &e), e);
    assert_non_null(strstr(t.text, "4 653224103201 D 1; "));
    put(&p, "agreement", "code=D2; level=village; helper=E; place=653224103201; renews=D; "
                         "valid_from=2020-01-01"); /* by another helper, and said so */
    t.text[0] = '\0';
    assert_ok(watch_gaps(&w, note_gap, &t, &e), e);
    assert_null(strstr(t.text, " D 1; "));
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(gaps_are_found)

static void an_open_problem_is_beside_its_target(enum engine engine)
{
    struct programme p;
    struct arena a = { 0 };
    struct plan_book b;
    struct err e = { 0 };
    open_pairs(&p, engine);
    put(&p, "target", "code=T; measure=purchases; target_value=5");
    put(&p, "problem", "code=P; title=No road; raised_on=2020-02-01; target=T");
    assert_false(try_put(&p, "problem", "code=Q; title=x; raised_on=2020-02-01; "
                                        "solved_on=2020-01-31", &e));
    assert_ok(plan_read_targets(&b, p.db, DATE_MAX, -1, &a, &e), e);
    assert_ok(plan_read_work(&b, p.db, &a, &e), e);
    assert_int_equal(b.n_problems, 1);
    assert_int_equal(b.problem[0].target, b.tree.node[0].id);
    assert_int_equal(b.problem[0].solved, DATE_MAX);
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(an_open_problem_is_beside_its_target)

static bool note_handover(void *arg, const struct handover *h, struct err *e)
{
    struct told *t = arg;
    size_t n = strlen(t->text);
    (void)e;
    snprintf(t->text + n, sizeof t->text - n, "%s-%s %d %lld; ", h->before->code, h->after->code,
             (int)h->what, (long long)h->days);
    return true;
}

#define POST "kind=first_secretary; place=653224103222; "

static void two_first_secretaries_at_once_are_refused(enum engine engine)
{
    struct programme p;
    struct arena a = { 0 };
    struct told t = { "" };
    struct terms terms;
    struct err e = { 0 };
    programme_open(&p, engine);
    put(&p, "posting", POST "code=S1; valid_from=2016-01-01; valid_to=2017-12-31");
    assert_false(
        try_put(&p, "posting", POST "code=S2; valid_from=2017-12-01; valid_to=2019-01-01", &e));
    assert_int_equal(e.code, ERR_INVALID);
    assert_non_null(strstr(e.message, "two first secretaries of 653224103222 at once"));
    assert_non_null(strstr(e.message, "31 days"));
    put(&p, "posting", POST "code=S2; valid_from=2017-12-31; valid_to=2018-12-31");
    put(&p, "posting", POST "code=S3; valid_from=2019-01-11; valid_to=2019-06-30");
    put(&p, "posting", POST "code=S4; valid_from=2019-07-01");  /* the end is not known */
    put(&p, "posting", POST "code=S5; valid_from=2020-01-01");  /* so nothing is said of this one */
    put(&p, "posting", "kind=first_secretary; place=653224103201; code=S6; valid_from=2016-01-01; "
                       "valid_to=2020-12-31"); /* another village */
    assert_false(try_change(&p, "posting", POST "code=S1; valid_from=2016-01-01; "
                                                "valid_to=2018-06-30", &e));
    assert_ok(terms_read(&terms, p.db, -1, &a, &e), e);
    assert_ok(terms_compare(&terms, note_handover, &t, &e), e);
    assert_string_equal(t.text, "S1-S2 0 0; S2-S3 2 10; S3-S4 0 0; S3-S5 3 0; ");
    put(&p, "handover", "posting=S4; handed_on=2019-12-31");
    assert_false(try_change(&p, "handover", "posting=S4; handed_on=2020-01-20", &e));
    assert_non_null(strstr(e.message, "S4 stays until 2020-01-20"));
    t.text[0] = '\0';
    assert_ok(terms_read(&terms, p.db, -1, &a, &e), e);
    assert_ok(terms_compare(&terms, note_handover, &t, &e), e);
    assert_string_equal(t.text, "S1-S2 0 0; S2-S3 2 10; S3-S4 0 0; S4-S5 0 0; ");
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(two_first_secretaries_at_once_are_refused)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_are_those_of_the_calendar),
        cmocka_unit_test(contacts_count_where_they_surely_were),
        STORE_TESTS(contacts_are_found),
        STORE_TESTS(gaps_are_found),
        STORE_TESTS(an_open_problem_is_beside_its_target),
        STORE_TESTS(two_first_secretaries_at_once_are_refused),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
