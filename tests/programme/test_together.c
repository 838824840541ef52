/* Working together: where a helper may act, against an oracle that walks everything; exits shared
 * out to exactly one; commitments and what counts against them; criteria as text; every statement
 * of the rooms, on both databases. */
#include "rows.h"

#include "base/date.h"
#include "base/random.h"
#include "programme/criteria/criteria.h"
#include "programme/watch/supervise.h"
#include "programme/household/attribution.h"
#include "programme/household/household_sql.h"
#include "programme/household/tested.h"
#include "programme/labour/labour_sql.h"
#include "programme/labour/story.h"
#include "programme/market/market_sql.h"
#include "programme/pairing/pairing_sql.h"
#include "programme/pairing/progress.h"
#include "programme/pairing/above.h"
#include "programme/party/party.h"
#include "programme/talent/talent.h"

/* --- attribution --- */

/* What is exact is kept as fractions; the parts that were rounded down are those of the largest
 * remainders, one millionth each. */
static void shares_sum_to_exactly_one(void **state)
{
    (void)state;
    struct random x;
    random_seed(&x, 20201212);
    for (int round = 0; round < 20000; round++) {
        int64_t weight[40], share[40], total = 0, sum = 0;
        int n = 1 + (int)random_below(&x, 40);
        for (int i = 0; i < n; i++) {
            weight[i] = random_below(&x, 4) ? (int64_t)random_below(&x, round % 2 ? 9 : 1000000) : 0;
            total += weight[i];
        }
        attribution_split(weight, n, share);
        for (int i = 0; i < n; i++) {
            sum += share[i];
            if (!total) continue;
            int64_t low = weight[i] * ATTRIBUTION_ONE / total;
            assert_true(share[i] == low || share[i] == low + 1);
            assert_true(weight[i] || !share[i]);
            for (int k = 0; k < n; k++) {
                int64_t mine = weight[i] * ATTRIBUTION_ONE % total;
                int64_t others = weight[k] * ATTRIBUTION_ONE % total;
                int64_t low_k = weight[k] * ATTRIBUTION_ONE / total;
                if (share[i] == low && share[k] == low_k + 1) assert_true(others >= mine);
            }
        }
        assert_int_equal(sum, total ? ATTRIBUTION_ONE : 0);
    }
}

/* --- criteria --- */

static const char text[] =
    "# a comment\n"
    "criterion post\n  label en \"Post\" zh \"岗\"\n  on person\n  from 2014 until 2018\n"
    "  source \"says \"\"who\"\" # not a comment\"\n"
    "  need able \"labour_ability in\n    {01, 02}\" en \"able\" zh \"能\"\n  limit x 3\n"
    "criterion post\n  label en \"Post\" zh \"岗\"\n  on person\n  from 2019-01-01\n"
    "  need old \"age >= 16\" en \"old enough\" zh \"岁\"\n  weight industry 4\n";

static void criteria_are_read(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct criteria c = { .n = 0 };
    struct err e = { 0 };
    const struct criterion *x;
    assert_ok(criteria_read(&c, "f", text, sizeof text - 1, &a, &e), e);
    assert_int_equal(c.n, 2);
    x = criteria_find(&c, "post", date_make(2018, 12, 31));
    assert_non_null(x);
    assert_string_equal(x->source, "says \"who\" # not a comment");
    assert_int_equal(x->n_needs, 1);
    assert_int_equal(criterion_number(x, "limit", "x", -1), 3);
    assert_int_equal(criterion_number(x, "weight", "x", -1), -1);
    assert_ptr_not_equal(criteria_find(&c, "post", date_make(2019, 1, 1)), x);
    assert_null(criteria_find(&c, "post", date_make(2013, 12, 31)));
    assert_false(criteria_get(&c, "post", date_make(2013, 12, 31), &x, &e));
    assert_non_null(strstr(e.message, "no version of post"));
    assert_false(criteria_get(&c, "poster", date_make(2020, 1, 1), &x, &e));
    assert_non_null(strstr(e.message, "there are post"));
    arena_free(&a);
}

static void criteria_faults_name_the_line(void **state)
{
    static const char *const bad[][2] = {
        { "label en \"x\" zh \"y\"", "f, line 1: expected criterion NAME" },
        { "criterion x\n  label en \"x\"", "f, line 2: a label in both languages" },
        { "criterion x\n  from nonsense", "f, line 2: expected a date" },
        { "criterion x\n  from 2014 till 2015", "f, line 2: expected until, not till" },
        { "criterion x\n\n  limit a -3", "f, line 3: expected a whole number, not -3" },
        { "criterion x\n  need a \"b", "f, line 2: a text does not end" },
        { "criterion x\n  need a b en \"x\"", "f, line 2: expected need NAME" },
        { "criterion x\n  wish a 1", "f, line 2: expected label, on, from" },
        { "criterion", "f, line 1: expected criterion NAME" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct arena a = { 0 };
        struct criteria c = { .n = 0 };
        struct err e = { 0 };
        assert_false(criteria_read(&c, "f", bad[i][0], strlen(bad[i][0]), &a, &e));
        if (!strstr(e.message, bad[i][1])) fail_msg("%s: %s", bad[i][0], e.message);
        arena_free(&a);
    }
}

/* Whatever bytes come, reading ends with criteria or a fault. */
static void criteria_reading_survives_rubbish(void **state)
{
    static const char signs[] = "criterion need limit \"\n #  en zh 2014 x\t\"\"";
    (void)state;
    struct random x;
    random_seed(&x, 4);
    for (int round = 0; round < 4000; round++) {
        char s[200];
        size_t n = random_below(&x, sizeof s);
        struct arena a = { 0 };
        struct criteria c = { .n = 0 };
        struct err e = { 0 };
        for (size_t i = 0; i < n; i++) s[i] = signs[random_below(&x, sizeof signs - 1)];
        if (!criteria_read(&c, "f", s, n, &a, &e)) assert_non_null(strstr(e.message, "line"));
        arena_free(&a);
    }
}

static bool is_criteria(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && strcmp(dot, ".criteria") == 0;
}

static void shipped_criteria_fit_the_entities(void **state)
{
    (void)state;
    struct test_model t;
    struct arena a = { 0 };
    struct criteria c = { .n = 0 };
    struct err e = { 0 };
    test_model_open(&t);
    DIR *d = opendir(JD_SOURCE_DIR "/criteria");
    assert_non_null(d);
    for (struct dirent *x; (x = readdir(d));) {
        char path[512];
        size_t n;
        if (!is_criteria(x->d_name)) continue;
        snprintf(path, sizeof path, "criteria/%s", x->d_name);
        char *p = project_file(path, &n);
        assert_ok(criteria_read(&c, path, p, n, &a, &e), e);
        free(p);
    }
    closedir(d);
    assert_true(c.n >= 10);
    for (int i = 0; i < c.n; i++) {
        struct criterion *x = c.at[i];
        const struct rule_schema *schema = tested_schema(t.model, x->on, &a);
        if (strcmp(x->on, "listing") == 0) schema = &supervised_schema;
        if (!x->en || !x->zh || !*x->source) fail_msg("%s lacks label or source", x->name);
        if (x->n_needs && !schema) fail_msg("%s has needs but no rows to look at", x->name);
        if (schema) assert_ok(criterion_bind(x, schema, &a, &e), e);
        for (int k = 0; k < i; k++)
            if (strcmp(c.at[k]->name, x->name) == 0)
                assert_true(c.at[k]->until < x->from || x->until < c.at[k]->from);
    }
    arena_free(&a);
    test_model_close(&t);
}

/* --- scope --- */

enum { ORGS = 9, FRAMES = 5, PLACES = 8 };
static const int64_t places[PLACES] = { 110000000000, 110105000000, 210000000000, 653200000000,
    653224000000, 653224103222, 621027000000, 620000000000 };

struct world {
    struct { int parent, place; bool government, central; } org[ORGS]; /* -1 = none */
    struct { int helper, place; int32_t to; } frame[FRAMES];
};

static void make_world(struct random *x, struct world *w)
{
    for (int i = 0; i < ORGS; i++) {
        w->org[i].parent = i && random_below(x, 2) ? (int)random_below(x, (uint64_t)i) : -1;
        w->org[i].place = random_below(x, 4) ? (int)random_below(x, 3) : -1;
        w->org[i].government = i < 3 || random_below(x, 4) == 0;
        w->org[i].central = random_below(x, 6) == 0;
    }
    for (int i = 0; i < FRAMES; i++) {
        w->frame[i].helper = (int)random_below(x, ORGS);
        w->frame[i].place = random_below(x, 8) ? 3 + (int)random_below(x, PLACES - 3) : -1;
        w->frame[i].to = random_below(x, 4) ? DATE_MAX : date_make(2018, 12, 31);
    }
}

static bool lies_in(int64_t place, int64_t area)
{
    struct place_range r = place_own_range(area);
    return place >= r.lo && place <= r.hi;
}

/* Told plainly: go up until somebody has frames; else from the seat outwards. */
static enum above_verdict naive(const struct world *w, int helper, int place, int32_t from)
{
    int deciding[FRAMES], n = 0, seat = -1;
    bool bound = true;
    for (int o = helper; o >= 0 && !n; o = w->org[o].parent) {
        for (int i = 0; i < FRAMES; i++)
            if (w->frame[i].helper == o && w->frame[i].to >= from) deciding[n++] = i;
        if (seat < 0) seat = w->org[o].place;
        if (w->org[o].central) bound = false;
    }
    for (int level = 5; level > 0 && !n && seat >= 0 && bound; level--)
        for (int i = 0; i < FRAMES; i++) {
            int h = w->frame[i].helper;
            if (w->org[h].government && w->org[h].place >= 0 && w->frame[i].to >= from &&
                place_level(places[w->org[h].place]) == level &&
                lies_in(places[seat], places[w->org[h].place]))
                deciding[n++] = i;
        }
    if (!n) return ABOVE_NO_FRAME;
    for (int k = 0; k < n; k++) {
        int area = w->frame[deciding[k]].place;
        if (area < 0 || lies_in(places[place], places[area])) return ABOVE_INSIDE;
    }
    return ABOVE_OUTSIDE;
}

static void store_world(struct programme *p, const struct world *w, int round)
{
    char s[300];
    for (int i = 0; i < ORGS; i++) {
        int n = snprintf(s, sizeof s, "code=R%dO%d; name_zh=甲; kind=%s", round, i,
                         w->org[i].government ? "government" : "enterprise");
        if (w->org[i].parent >= 0)
            n += snprintf(s + n, sizeof s - (size_t)n, "; parent=R%dO%d", round, w->org[i].parent);
        if (w->org[i].place >= 0)
            n += snprintf(s + n, sizeof s - (size_t)n, "; place=%lld",
                          (long long)places[w->org[i].place]);
        if (w->org[i].central) snprintf(s + n, sizeof s - (size_t)n, "; unit_level=01");
        put(p, "organisation", s);
    }
    for (int i = 0; i < FRAMES; i++) {
        int n = snprintf(s, sizeof s, "code=R%dF%d; kind=counterpart; helper=R%dO%d", round, i,
                         round, w->frame[i].helper);
        if (w->frame[i].place >= 0)
            n += snprintf(s + n, sizeof s - (size_t)n, "; place=%lld",
                          (long long)places[w->frame[i].place]);
        if (w->frame[i].to != DATE_MAX) snprintf(s + n, sizeof s - (size_t)n, "; valid_to=2018-12-31");
        put(p, "frame", s);
    }
}

/* Each round stands under governments of its own: frames of earlier rounds are taken out again. */
static void forget_frames(struct programme *p, const struct world *w, int round)
{
    char s[120];
    for (int i = 0; i < FRAMES; i++) { /* without a helper it is nobody's */
        int n = snprintf(s, sizeof s, "code=R%dF%d; kind=counterpart", round, i);
        if (w->frame[i].place >= 0)
            snprintf(s + n, sizeof s - (size_t)n, "; place=%lld",
                     (long long)places[w->frame[i].place]);
        change(p, "frame", s);
    }
}

static int64_t id_of(struct programme *p, const char *entity, const char *code)
{
    struct arena a = { 0 };
    struct err e = { 0 };
    int64_t county, id;
    assert_ok(ref_find(p->model, model_find(p->model, entity), code, strlen(code), -1, p->db, &a,
                       &county, &id, &e), e);
    arena_free(&a);
    return id;
}

static void a_helper_acts_inside_the_frames_above_it(enum engine engine)
{
    struct programme p;
    struct random x;
    struct world w;
    int seen[4] = { 0 };
    programme_open(&p, engine);
    random_seed(&x, 1996);
    for (int round = 0; round < 6; round++) {
        struct arena a = { 0 };
        struct above s;
        struct err e = { 0 };
        make_world(&x, &w);
        store_world(&p, &w, round);
        assert_ok(above_open(&s, p.db, &code_places, -1, &a, &e), e);
        for (int o = 0; o < ORGS; o++)
            for (int k = 3; k < PLACES; k++) {
                char code[32], row[200];
                int32_t from = random_below(&x, 2) ? date_make(2017, 1, 1) : date_make(2020, 1, 1);
                enum above_verdict want = naive(&w, o, k, from), got;
                const char *why;
                snprintf(code, sizeof code, "R%dO%d", round, o);
                struct above_act act = { .code = "X", .place = places[k], .from = from,
                                         .helper = id_of(&p, "organisation", code) };
                assert_ok(above_judge(&s, &act, &got, &why, &e), e);
                if (got != want) fail_msg("round %d, %s at %lld: %d, not %d: %s", round, code,
                                          (long long)places[k], (int)got, (int)want, why);
                seen[got]++;
                snprintf(row, sizeof row, "code=R%dA%d-%d; level=other; helper=%s; place=%lld; "
                         "valid_from=%d-01-01", round, o, k, code, (long long)places[k],
                         from == date_make(2017, 1, 1) ? 2017 : 2020);
                bool kept = try_put(&p, "agreement", row, &e);
                assert_int_equal(kept, want != ABOVE_OUTSIDE);
                if (!kept) {
                    assert_int_equal(e.code, ERR_INVALID);
                    assert_non_null(strstr(e.message, "lies outside the frames"));
                }
            }
        above_close(&s);
        arena_free(&a);
        forget_frames(&p, &w, round);
    }
    assert_true(seen[ABOVE_INSIDE] > 20 && seen[ABOVE_OUTSIDE] > 20 && seen[ABOVE_NO_FRAME] > 5);
    programme_close(&p);
}
STORE_TEST(a_helper_acts_inside_the_frames_above_it)

static void a_frame_that_is_named_decides(enum engine engine)
{
    struct programme p;
    struct err e = { 0 };
    programme_open(&p, engine);
    put(&p, "organisation", "code=G; name_zh=甲; kind=government; place=110000");
    put(&p, "organisation", "code=H; name_zh=乙; kind=enterprise; parent=G");
    put(&p, "organisation", "code=O; name_zh=丙; kind=government; place=210000");
    put(&p, "frame", "code=F1; kind=counterpart; helper=G; place=653200");
    put(&p, "frame", "code=F2; kind=east_west; helper=G; place=621000");
    put(&p, "frame", "code=F3; kind=east_west; helper=O; place=520000");
    put(&p, "agreement", "code=A1; level=county; helper=H; place=621027; frame=F2");
    assert_false(try_put(&p, "agreement", "code=A2; level=county; helper=H; place=621027; "
                                          "frame=F1", &e));
    assert_non_null(strstr(e.message, "F1"));
    assert_false(try_put(&p, "agreement", "code=A3; level=county; helper=H; place=520100; "
                                          "frame=F3", &e));
    assert_non_null(strstr(e.message, "not above the helper H"));
    assert_false(try_change(&p, "agreement", "code=A1; level=county; helper=H; place=621027; "
                                             "frame=F1", &e));
    put(&p, "organisation", "code=S; name_zh=丁; kind=government; parent=G; place=110119");
    put(&p, "frame", "code=F5; kind=hand_in_hand; helper=S; place=653225");
    assert_false(try_put(&p, "agreement", "code=A4; level=county; helper=S; place=621027", &e));
    put(&p, "agreement", "code=A5; level=county; helper=S; place=621027; frame=F2"); /* wider */
    for (int i = 0; i < 90; i++) { /* more than a message tells */
        char s[100];
        snprintf(s, sizeof s, "code=M%d; kind=east_west; helper=O; place=5201%02d", i, i + 1);
        put(&p, "frame", s);
    }
    put(&p, "agreement", "code=A6; level=county; helper=O; place=520190");
    assert_false(try_put(&p, "agreement", "code=A7; level=county; helper=O; place=621027", &e));
    assert_non_null(strstr(e.message, "and 83 more"));
    put(&p, "frame", "code=F4; kind=other; helper=H; place=653224"); /* A1 names a wider one */
    change(&p, "organisation", "code=G; name_zh=甲甲; kind=government; place=110000");
    assert_false(try_change(&p, "agreement", "code=A1; level=county; helper=H; place=621027; "
                                             "valid_to=2020-01-01", &e));
    change(&p, "agreement", "code=A1; level=county; helper=H; place=621027; frame=F2; "
                            "valid_to=2020-01-01");
    programme_close(&p);
}
STORE_TEST(a_frame_that_is_named_decides)

/* --- commitments --- */

struct told { char text[2000]; };

static bool note_progress(void *arg, const struct progress *g, struct err *e)
{
    struct told *t = arg;
    size_t n = strlen(t->text);
    (void)e;
    snprintf(t->text + n, sizeof t->text - n, "%s %lld/%lld %lld+%lld %d; ", g->code,
             (long long)g->kept, (long long)g->promised, (long long)g->records,
             (long long)g->other, (int)g->state);
    return true;
}

static void commitments_are_kept_by_records(enum engine engine)
{
    struct programme p;
    struct arena a = { 0 };
    struct told t = { "" };
    struct err e = { 0 };
    programme_open(&p, engine);
    put(&p, "commitment", "code=K1; kind=money; amount=100; place=653224; due_on=2020-06-30; "
                          "state=committed");
    put(&p, "commitment", "code=K2; kind=training; quantity=40; place=653224; state=committed");
    put(&p, "allocation", "code=M1; amount=70; stage=allocated; place=653224; commitment=K1");
    put(&p, "allocation", "code=M2; amount=50; stage=received; place=653224; commitment=K1");
    put(&p, "allocation", "code=M3; amount=40; stage=received; place=653225; commitment=K1");
    put(&p, "allocation", "code=M4; amount=999; stage=received; place=653224; commitment=K1; "
                          "state=planned");
    put(&p, "course", "code=C1; kind=leader; trainees=25; place=653224; commitment=K2");
    put(&p, "placement", "code=E1; quantity=9; place=653224; commitment=K2");
    assert_ok(progress_read(p.db, date_make(2020, 5, 1), &a, note_progress, &t, &e), e);
    assert_string_equal(t.text, "K1 9000/10000 3+0 0; K2 25/40 1+1 0; ");
    t.text[0] = '\0';
    put(&p, "allocation", "code=M5; amount=10; stage=received; place=653224; commitment=K1; "
                          "valid_from=2020-06-01");
    assert_ok(progress_read(p.db, date_make(2020, 5, 1), &a, note_progress, &t, &e), e);
    assert_non_null(strstr(t.text, "K1 9000/10000"));
    t.text[0] = '\0';
    assert_ok(progress_read(p.db, date_make(2020, 7, 1), &a, note_progress, &t, &e), e);
    assert_non_null(strstr(t.text, "K1 10000/10000 4+0 1;"));
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(commitments_are_kept_by_records)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_sum_to_exactly_one),
        cmocka_unit_test(criteria_are_read),
        cmocka_unit_test(criteria_faults_name_the_line),
        cmocka_unit_test(criteria_reading_survives_rubbish),
        cmocka_unit_test(shipped_criteria_fit_the_entities),
        STORE_TESTS(a_helper_acts_inside_the_frames_above_it),
        STORE_TESTS(a_frame_that_is_named_decides),
        STORE_TESTS(commitments_are_kept_by_records),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
