/* Scorecards: the arithmetic of points against plain fractions, grades, who checks whom, and cards
 * over a store: every item from its figure, ranks as single marks give them. Both engines. */
#include "rows.h"

#include "base/date.h"
#include "base/random.h"
#include "programme/plan/scorecard_read.h"

/* --- arithmetic against fractions that are found by search --- */

__extension__ typedef __int128 swide;

static swide ten_to(int n) { return n ? 10 * ten_to(n - 1) : 1; }

/* Does the limit, in hundredths, hold for the actual at its scale? Cross-multiplied. */
static bool meets(bool at_most, int64_t actual, int scale, int64_t limit)
{
    swide a = (swide)actual * 100, b = (swide)limit * ten_to(scale);
    return at_most ? !(a > b) : !(a < b);
}

/* The most points p in 0..full for which p * target <= full * actual: by bisection, no division. */
static int64_t naive_share(int64_t full, int64_t actual, int scale, int64_t target, int target_scale)
{
    swide got = (swide)actual * ten_to(target_scale), wanted = (swide)target * ten_to(scale);
    int64_t lo = 0, hi = full;
    while (lo < hi) {
        int64_t mid = lo + (hi - lo + 1) / 2;
        if ((swide)mid * wanted <= (swide)full * got) lo = mid;
        else hi = mid - 1;
    }
    return lo;
}

/* Takes a step off as long as a whole one is missed. */
static int64_t naive_off(const struct score_rule *r, int64_t actual, int scale)
{
    int64_t left = r->full, limit = r->limit;
    for (int i = 0; i < 100000 && left > 0; i++) {
        limit += r->at_most ? r->unit : -r->unit;
        bool whole = r->at_most ? meets(false, actual, scale, limit) : meets(true, actual, scale, limit);
        if (!whole) break;
        left -= r->off;
    }
    return left < 0 ? 0 : left;
}

static int64_t naive(const struct score_rule *r, int64_t actual, int scale)
{
    int64_t best = 0;
    switch (r->kind) {
    case SCORE_SHARE: return naive_share(r->full, actual, scale, r->limit, 2);
    case SCORE_ZERO: return meets(r->at_most, actual, scale, r->limit) ? r->full : 0;
    case SCORE_OFF: return naive_off(r, actual, scale);
    default: break;
    }
    for (int i = 0; i < r->n_steps; i++)
        if (meets(r->at_most, actual, scale, r->step[i].value) && r->step[i].points > best)
            best = r->step[i].points;
    return best;
}

static void random_rule(struct score_rule *r, struct random *x)
{
    *r = (struct score_rule){ .kind = (enum score_kind)random_below(x, 4),
        .full = (int64_t)random_below(x, 10000), .has_limit = true,
        .limit = (int64_t)random_below(x, 20000), .off = 1 + (int64_t)random_below(x, 500),
        .unit = 1 + (int64_t)random_below(x, 400) };
    r->at_most = r->kind != SCORE_SHARE && random_below(x, 2);
    if (r->kind == SCORE_SHARE) r->limit++;
    if (r->kind != SCORE_THRESHOLDS) return;
    int64_t value = 0;
    for (int n = 1 + (int)random_below(x, 6); r->n_steps < n;) {
        value += 1 + (int64_t)random_below(x, 4000);
        r->step[r->n_steps++] = (struct score_step){ value, (int64_t)random_below(x, (uint64_t)r->full + 1) };
    }
}

static void points_are_those_of_plain_fractions(void **state)
{
    (void)state;
    struct random x;
    random_seed(&x, 20170806);
    for (int i = 0; i < 200000; i++) {
        struct score_rule r;
        random_rule(&r, &x);
        int scale = (int)random_below(&x, 5);
        int64_t actual = (int64_t)random_below(&x, (uint64_t)(300 * ten_to(scale)));
        if (random_below(&x, 20) == 0) actual = -actual;
        if (random_below(&x, 4) == 0) actual = (int64_t)(r.limit * ten_to(scale) / 100); /* on the edge */
        assert_null(score_fault(&r));
        int64_t got = score_points(&r, actual, scale);
        if (got != naive(&r, actual, scale))
            fail_msg("kind %d, actual %lld at %d: %lld, not %lld", (int)r.kind, (long long)actual,
                     scale, (long long)got, (long long)naive(&r, actual, scale));
        assert_in_range(got, 0, r.full);
    }
}

static void shares_of_large_money_are_exact(void **state)
{
    (void)state;
    struct random x;
    random_seed(&x, 7);
    for (int i = 0; i < 20000; i++) {
        int64_t full = 1 + (int64_t)random_below(&x, 100000000);
        int64_t target = 1 + (int64_t)random_below(&x, ENTITY_INT_MAX);
        int64_t actual = (int64_t)random_below(&x, ENTITY_INT_MAX);
        int scale = (int)random_below(&x, 4), target_scale = (int)random_below(&x, 4);
        assert_int_equal(score_share(full, actual, scale, target, target_scale),
                         naive_share(full, actual, scale, target, target_scale));
    }
    assert_int_equal(score_share(1000, -5, 0, 10, 0), 0);
    assert_int_equal(score_share(1000, 9999, 2, 10000, 2), 999);  /* cut, never rounded up */
}

static void steps_and_grades_are_read(void **state)
{
    (void)state;
    static const char *const bad_steps[] = { "", ";", "90", "90:", ":5", "90:5; 90:4", "90:5; 80:4; 85:3",
        "90:-1", "90:5x", "1.234:5",
        "1:1;2:1;3:1;4:1;5:1;6:1;7:1;8:1;9:1;10:1;11:1;12:1;13:1;14:1;15:1;16:1;17:1" };
    static const char *const bad_grades[] = { "", "good", "90", "good 90; fair 90", "good 90; fair 95",
        "good 101", "good -1", "good x", "good/ 90", "/好 90", "good/好/优 90" };
    struct score_rule r = { 0 };
    struct score_grades g;
    assert_null(score_steps_read("100:10; 90:8.5 ;80:5;", 21, &r));
    assert_int_equal(r.n_steps, 3);
    assert_int_equal(r.step[1].value, 9000);
    assert_int_equal(r.step[1].points, 850);
    for (size_t i = 0; i < sizeof bad_steps / sizeof *bad_steps; i++)
        assert_non_null(score_steps_read(bad_steps[i], strlen(bad_steps[i]), &r));
    const char *three = "fairly good 90; 较好 75.5; poor 0";
    assert_null(score_grades_read(three, strlen(three), &g));
    assert_int_equal(g.n, 3);
    assert_string_equal(g.at[0].name, "fairly good");
    assert_string_equal(g.at[1].name, "较好");
    assert_int_equal(g.at[1].from, 7550);
    const char *both = "fairly good / 较好 90；poor/较差 0";
    assert_null(score_grades_read(both, strlen(both), &g));
    assert_int_equal(g.n, 2);
    assert_string_equal(score_grade_name(&g, 0, false), "fairly good");
    assert_string_equal(score_grade_name(&g, 0, true), "较好");
    assert_string_equal(score_grade_name(&g, 1, true), "较差");
    for (size_t i = 0; i < sizeof bad_grades / sizeof *bad_grades; i++) {
        if (!score_grades_read(bad_grades[i], strlen(bad_grades[i]), &g)) fail_msg("%s is taken", bad_grades[i]);
    }
    assert_null(score_grades_read("good 90; fair 75; poor 0", 24, &g));
    assert_int_equal(score_grade(&g, 9000, 10000), 0);
    assert_int_equal(score_grade(&g, 8999, 10000), 1);
    assert_int_equal(score_grade(&g, 0, 10000), 2);
    assert_int_equal(score_grade(&g, 1, 0), -1);
}

static void nobody_checks_itself_and_partners_change(void **state)
{
    (void)state;
    for (int n = 2; n <= 33; n++) {
        static unsigned char met[34][34];
        memset(met, 0, sizeof met);
        for (int64_t round = 0; round < (n % 2 ? n : n - 1); round++) {
            int by[34], checks[34] = { 0 };
            score_pairs(n, round + 2017 * (n - 1 + n % 2), by);
            for (int i = 0; i < n; i++) {
                assert_in_range(by[i], 0, n - 1);
                assert_int_not_equal(by[i], i);
                checks[by[i]]++;
                if (n % 2 == 0) {
                    assert_int_equal(by[by[i]], i);
                    assert_int_equal(met[i][by[i]]++, 0);
                }
            }
            for (int i = 0; i < n; i++) assert_int_equal(checks[i], 1);
        }
    }
    int a[4], b[4];
    score_pairs(4, 2019, a);
    score_pairs(4, 2019, b);
    assert_memory_equal(a, b, sizeof a);
}

/* --- over a store --- */

static struct score_period year_of(int year)
{
    return (struct score_period){ date_make(year, 1, 1), date_make(year, 12, 31) };
}

static void put_card(struct programme *p)
{
    put(p, "organisation", "code=X-OFFICE; name_zh=某办; kind=government");
    put(p, "organisation", "code=X-FIRM; name_zh=某企; kind=government");
    put(p, "scorecard", "code=X; title=Card; side=helped; unit_level=county; full_points=100; "
                        "grades=good 60；fair 40；poor 0; valid_from=2019; valid_to=2020");
    put(p, "scorecard_item", "code=X-1; scorecard=X; head=consumption; title=Sales; weight=40; "
                             "indicator=purchases; weight_set_by=X-OFFICE; scoring=share; target_value=1000");
    put(p, "scorecard_item", "code=X-2; scorecard=X; head=organisation; title=Visits; weight=30; "
                             "indicator=visits; scoring=thresholds; steps=4:30；2：12.5");
    put(p, "scorecard_item", "code=X-3; scorecard=X; head=results; title=Exits; weight=10; "
                             "indicator=villages_exited; scoring=zero; target_value=0; wanted=at_most; "
                             "no_records=nought");
    put(p, "scorecard_item", "code=X-4; scorecard=X; head=health; title=Inspection; weight=20; scoring=typed");
    put(p, "scorecard_item", "code=X-5; scorecard=X; head=other; title=Later; weight=5; scoring=typed; "
                             "valid_from=2021");
    put(p, "scorecard_item", "code=X-6; scorecard=X; head=other; title=No weight yet; indicator=meetings; "
                             "scoring=share; target_value=3");
}

static const struct scorecard *open_card(struct programme *p, struct score_book *b, struct arena *a)
{
    struct err e = { 0 };
    assert_ok(scorecards_read(b, p->db, p->figures, a, &e), e);
    const struct scorecard *s = scorecards_find(b, "X");
    assert_non_null(s);
    assert_int_equal(s->n, 6);
    return s;
}

static void mark_of(struct programme *p, const struct score_book *b, const struct scorecard *s,
                    int64_t place, int year, struct arena *a, struct score_cell **cells,
                    struct score_sum *sum)
{
    struct err e = { 0 };
    struct score_subject of = { place, 0 };
    assert_ok(scorecard_mark(b, s, &p->context, p->db, of, year_of(year), a, cells, sum, &e), e);
}

static void cards_give_points_from_figures(enum engine engine)
{
    struct programme p;
    struct score_book b;
    struct score_cell *c;
    struct score_sum sum;
    struct arena a = { 0 };
    struct err e;
    int least, most;
    programme_open(&p, engine);
    put_card(&p);
    put(&p, "purchase", "code=X-P1; helper=X-FIRM; place=653224; amount=333.33; class=consumption; "
                        "valid_from=2019-03-01; valid_to=2019-03-01");
    put(&p, "visit", "code=X-V1; visitor=X-FIRM; place=653224103; quantity=3; valid_from=2019-05-01; "
                     "valid_to=2019-05-01");
    const struct scorecard *s = open_card(&p, &b, &a);
    mark_of(&p, &b, s, 653224000000, 2019, &a, &c, &sum);
    assert_int_equal(c[0].state, SCORE_GIVEN);
    assert_int_equal(c[0].points, 1333);           /* 40 * 333.33 / 1000, cut */
    assert_int_equal(c[1].points, 1250);
    assert_int_equal(c[2].state, SCORE_NOUGHT);
    assert_int_equal(c[2].points, 1000);
    assert_int_equal(c[3].state, SCORE_NOT_TYPED);
    assert_int_equal(c[4].state, SCORE_NOT_IN_FORCE);
    assert_int_equal(c[5].state, SCORE_NO_WEIGHT);
    assert_int_equal(sum.points, 3583);
    assert_int_equal(sum.known, 8000);
    assert_int_equal(sum.full, 10000);
    assert_int_equal(sum.open, 2);
    assert_int_equal(sum.proposed, 3);
    scorecard_grades(s, &sum, &least, &most);
    assert_int_equal(least, 2);
    assert_int_equal(most, 1);
    /* A year without records: unknown, never nought. */
    mark_of(&p, &b, s, 653224000000, 2020, &a, &c, &sum);
    assert_int_equal(c[0].state, SCORE_NO_RECORDS);
    assert_int_equal(sum.known, 1000);
    /* Typed points stand where no figure gives any, and nowhere else. */
    put(&p, "scorecard_point", "code=X-T1; place=653224; scorecard_item=X-4; points=15.5; given_by=X-OFFICE; "
                               "reason=inspected; valid_from=2019; valid_to=2019");
    put(&p, "scorecard_point", "code=X-T2; place=653224; scorecard_item=X-1; points=40; given_by=X-OFFICE; "
                               "reason=wished; valid_from=2019; valid_to=2019");
    s = open_card(&p, &b, &a);
    mark_of(&p, &b, s, 653224000000, 2019, &a, &c, &sum);
    assert_int_equal(c[0].points, 1333);
    assert_int_equal(c[3].state, SCORE_GIVEN_TYPED);
    assert_int_equal(c[3].points, 1550);
    assert_int_equal(sum.typed, 1);
    assert_false(try_put(&p, "scorecard_point", "code=X-T3; place=653224; scorecard_item=X-4; points=20.01; "
                         "given_by=X-OFFICE; reason=too many; valid_from=2020; valid_to=2020", &e));
    assert_non_null(strstr(e.message, "X-T3"));
    assert_false(try_put(&p, "scorecard_point", "code=X-T4; place=653224; scorecard_item=X-4; points=1; "
                         "valid_from=2020; valid_to=2020", &e));        /* who, and why? */
    assert_false(try_put(&p, "scorecard_item", "code=X-7; scorecard=X; head=other; title=T; weight=5; "
                         "indicator=visits; scoring=thresholds; steps=4:6", &e));
    assert_string_equal(e.field, "steps");
    assert_false(try_put(&p, "scorecard_item", "code=X-7; scorecard=X; head=other; title=T; weight=5; "
                         "indicator=visits; scoring=off; target_value=1", &e));
    assert_false(try_put(&p, "scorecard_item", "code=X-7; scorecard=X; head=other; title=T; weight=5; "
                         "indicator=visits; scoring=typed", &e));
    assert_false(try_put(&p, "scorecard", "code=Y; title=T; side=helped; grades=good 90；fair 95", &e));
    assert_string_equal(e.field, "grades");
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(cards_give_points_from_figures)

static void ranks_are_the_marks_of_each(enum engine engine)
{
    enum { PLACES = 24 };
    struct programme p;
    struct score_book b;
    struct arena a = { 0 };
    struct random x;
    struct err e = { 0 };
    struct score_row *rows;
    int n;
    programme_open(&p, engine);
    put_card(&p);
    random_seed(&x, 11);
    for (int i = 0; i < PLACES; i++) {
        int64_t place = 650001 + i * 3;
        if (random_below(&x, 4))
            put(&p, "purchase", arena_printf(&a, "code=X-P%d; helper=X-FIRM; place=%lld; amount=%d; class=consumption; "
                "valid_from=2019-%02d-01; valid_to=2019-%02d-09", i, (long long)place,
                (int)random_below(&x, 1500), 1 + (int)random_below(&x, 12), 12));
        if (random_below(&x, 4))
            put(&p, "visit", arena_printf(&a, "code=X-V%d; visitor=X-FIRM; place=%lld; quantity=%d; "
                "valid_from=2019-05-01; valid_to=2019-05-01", i, (long long)place, 1 + (int)random_below(&x, 5)));
        if (random_below(&x, 3))
            put(&p, "scorecard_point", arena_printf(&a, "code=X-T%d; place=%lld; scorecard_item=X-%d; points=%d; "
                "given_by=X-OFFICE; reason=seen; valid_from=2019; valid_to=2019", i, (long long)place,
                1 + (int)random_below(&x, 4), (int)random_below(&x, 10)));
    }
    const struct scorecard *s = open_card(&p, &b, &a);
    assert_ok(scorecard_rank(&b, s, &p.context, p.db, 3, 650000000000, year_of(2019), &a, &rows, &n, &e), e);
    assert_in_range(n, PLACES / 2, PLACES);
    for (int i = 0; i < n; i++) {
        struct score_cell *c;
        struct score_sum sum;
        mark_of(&p, &b, s, rows[i].of.place, 2019, &a, &c, &sum);
        assert_memory_equal(&sum, &rows[i].sum, sizeof sum);
        int above = 0;
        for (int k = 0; k < n; k++) above += rows[k].sum.points > rows[i].sum.points;
        assert_int_equal(rows[i].rank, above + 1);
    }
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(ranks_are_the_marks_of_each)

static void ranks_are_for_those_above(void **state)
{
    (void)state;
    struct place_range mine = place_own_range(653224103222), county = place_own_range(653224000000);
    struct scope village = { .role = ROLE_VILLAGE, .range = &mine, .ranges = 1 };
    struct scope office = { .role = ROLE_OFFICER, .range = &county, .ranges = 1 };
    struct scope public = { .role = ROLE_PUBLIC, .everywhere = true };
    struct scope helper = { .role = ROLE_HELPER, .everywhere = true };
    assert_false(scorecard_may_rank(&village, &county, 1));
    assert_false(scorecard_may_rank(&village, &mine, 1));
    assert_false(scorecard_may_rank(&public, &county, 1));
    assert_false(scorecard_may_rank(&helper, &county, 1));
    assert_true(scorecard_may_rank(&office, &county, 1));
    struct place_range province = place_own_range(650000000000);
    assert_false(scorecard_may_rank(&office, &province, 1));
    assert_false(scorecard_may_rank(NULL, &county, 1));
    assert_true(scorecard_may_rank(&scope_all, &province, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_are_those_of_plain_fractions),
        cmocka_unit_test(shares_of_large_money_are_exact),
        cmocka_unit_test(steps_and_grades_are_read),
        cmocka_unit_test(nobody_checks_itself_and_partners_change),
        cmocka_unit_test(ranks_are_for_those_above),
        STORE_TESTS(cards_give_points_from_figures),
        STORE_TESTS(ranks_are_the_marks_of_each),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
