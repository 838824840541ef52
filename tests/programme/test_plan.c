/* Plans: sums against a naive oracle, completion and forecast by hand, what is refused on the way
 * in, and actuals that are those of the figures. Both engines. */
#include "rows.h"

#include "base/date.h"
#include "base/random.h"
#include "programme/plan/measure.h"
#include "programme/plan/plan.h"
#include "programme/plan/plan_read.h"

/* --- random forests against the plain meaning --- */

enum { MOST = 60 };

struct seen { char text[4096]; };

static bool note_fault(void *arg, const struct plan_fault *f, struct err *e)
{
    struct seen *s = arg;
    size_t n = strlen(s->text);
    (void)e;
    snprintf(s->text + n, sizeof s->text - n, "%d:%d:%d:%lld ", f->node, (int)f->kind,
             f->part ? (int)f->part->by : -1, (long long)f->difference);
    return true;
}

static int naive_find(const struct plan_tree *t, const struct plan_node *c)
{
    for (int i = 0; c->parent_id && i < t->n; i++)
        if (t->node[i].county == c->parent_county && t->node[i].id == c->parent_id) return i;
    return -1;
}

static bool naive_circle(const struct plan_tree *t, int i)
{
    for (int steps = 0; i >= 0; steps++) {
        if (steps > t->n) return true;
        i = naive_find(t, &t->node[i]);
    }
    return false;
}

static void naive_sum(const struct plan_tree *t, int whole, int by, struct seen *s, int64_t *actual)
{
    int parts = 0, unknown = 0;
    int64_t sum = 0;
    const struct plan_node *w = &t->node[whole];
    *actual = 0;
    for (int i = 0; i < t->n; i++) {
        const struct plan_node *c = &t->node[i];
        if (naive_find(t, c) != whole || (int)c->by != by) continue;
        parts++;
        if (c->known) sum += c->value;
        else unknown++;
        if (!c->reserve) *actual += c->actual.value;
    }
    struct plan_part p = { .by = (enum breakdown)by };
    struct plan_fault f = { .node = whole, .part = &p };
    if (parts == 0) return;
    if (!w->known && parts > unknown) f.kind = PLAN_WHOLE_UNKNOWN;
    else if (!w->known) return;
    else if (sum > w->value) f.kind = PLAN_OVER, f.difference = sum - w->value;
    else if (unknown) f.kind = PLAN_PART_UNKNOWN;
    else if (sum < w->value) f.kind = PLAN_SHORT, f.difference = w->value - sum;
    else return;
    note_fault(s, &f, NULL);
}

static void naive_check(const struct plan_tree *t, int i, struct seen *s)
{
    const struct plan_node *n = &t->node[i];
    int parent = naive_find(t, n);
    struct plan_fault f = { .node = i };
    if (n->parent_id && parent < 0) f.kind = PLAN_WHOLE_MISSING, note_fault(s, &f, NULL);
    else if (naive_circle(t, i)) f.kind = PLAN_CIRCLE, note_fault(s, &f, NULL);
    else if (parent >= 0 && strcmp(n->measure, t->node[parent].measure) != 0)
        f.kind = PLAN_OTHER_MEASURE, note_fault(s, &f, NULL);
}

static void make_forest(struct plan_tree *t, const struct figure *f, struct random *r,
                        struct arena *a)
{
    static const char *const measures[] = { "purchases", "purchases", "purchases", "purchases",
                                            "placements" };
    t->n = 1 + (int)random_below(r, MOST);
    t->node = arena_array(a, MOST + 1, sizeof *t->node);
    for (int i = 0; i < t->n; i++) {
        struct plan_node *n = &t->node[i];
        int up = (int)random_below(r, (uint64_t)t->n + 2);
        bool wild = random_below(r, 12) == 0;  /* circles and missing parents */
        *n = (struct plan_node){ .county = i / 7,
                                 .id = i + 1,
                                 .code = arena_printf(a, "T%d", i),
                                 .measure = measures[random_below(r, 5)],
                                 .unit = "",
                                 .known = random_below(r, 10) > 0,
                                 .value = (int64_t)random_below(r, 4) * 100,
                                 .reserve = random_below(r, 8) == 0,
                                 .by = (enum breakdown)(random_below(r, 5) / 2),
                                 .from = DATE_MIN,
                                 .to = DATE_MAX,
                                 .figure = f };
        n->actual = (struct figure_value){ .known = true, .value = (int64_t)random_below(r, 50) };
        if (!wild && i) up = (int)random_below(r, (uint64_t)i);
        if ((wild || (i && random_below(r, 4))) && up != t->n)
            n->parent_county = up / 7, n->parent_id = up + 1;
    }
}

static void same_parts(const struct plan_tree *t, int i, struct seen *want)
{
    for (int k = t->node[i].part; k >= 0; k = t->part[k].next) {
        int64_t actual;
        naive_sum(t, i, (int)t->part[k].by, want, &actual);
        assert_int_equal(t->part[k].actual, actual);
    }
}

static void random_forests_check_like_the_oracle(void **state)
{
    (void)state;
    struct figure f = { .kind = FIGURE_SUM };
    struct random r;
    struct err e = { 0 };
    random_seed(&r, 20200527);
    for (int round = 0; round < 3000; round++) {
        struct arena a = { 0 };
        struct plan_tree t = { 0 };
        struct seen got = { "" }, want = { "" };
        make_forest(&t, &f, &r, &a);
        plan_tree_link(&t, &a);
        plan_tree_roll_up(&t);
        assert_true(plan_tree_check(&t, note_fault, &got, &e));
        int groups = 0;
        for (int i = 0; i < t.n; i++) {
            assert_int_equal(t.node[i].parent, naive_find(&t, &t.node[i]));
            assert_int_equal(t.node[i].depth < 0, naive_circle(&t, i));
            naive_check(&t, i, &want);
            same_parts(&t, i, &want);
            for (int k = t.node[i].part; k >= 0; k = t.part[k].next) groups++;
            int at = 0;
            while (t.order[at] != i) at++;
            for (int k = 0; k < at && t.node[i].depth >= 0; k++)
                assert_int_not_equal(t.node[t.order[k]].parent, i);
        }
        assert_int_equal(groups, t.n_parts);
        assert_string_equal(got.text, want.text);
        arena_free(&a);
    }
}

static void shares_are_not_summed(void **state)
{
    (void)state;
    struct figure f = { .kind = FIGURE_RATIO };
    struct plan_node n[2] = { { .id = 1, .code = "A", .measure = "m", .unit = "", .known = true,
                                .value = 5000, .figure = &f, .from = DATE_MIN, .to = DATE_MAX },
                              { .id = 2, .code = "B", .measure = "m", .unit = "", .known = true,
                                .value = 9000, .figure = &f, .from = DATE_MIN, .to = DATE_MAX,
                                .parent_id = 1 } };
    struct plan_tree t = { .node = n, .n = 2 };
    struct arena a = { 0 };
    struct seen got = { "" };
    struct err e = { 0 };
    plan_tree_link(&t, &a);
    assert_true(plan_tree_check(&t, note_fault, &got, &e));
    assert_string_equal(got.text, "");
    arena_free(&a);
}

/* --- completion, time, forecast --- */

static void one_target_is_judged(void **state)
{
    (void)state;
    const struct { int64_t target, actual; const char *on; enum qualifier q; enum plan_state want;
                   int64_t completion, elapsed, forecast; } c[] = {
        { 10000, 5000, "2020-06-30", Q_GE, PLAN_ON_TIME, 500, 497, 10054 },
        { 10000, 3000, "2020-06-30", Q_GE, PLAN_BEHIND, 300, 497, 6032 },
        { 10000, 3970, "2020-06-30", Q_GE, PLAN_ON_TIME, 397, 497, 7983 },
        { 10000, 3969, "2020-06-30", Q_GE, PLAN_BEHIND, 396, 497, 7981 },
        { 10000, 9999, "2020-12-31", Q_GE, PLAN_ON_TIME, 999, 1000, 9999 },
        { 10000, 9999, "2021-01-01", Q_GE, PLAN_MISSED, 999, 1000, 9999 },
        { 10000, 10000, "2020-03-01", Q_GE, PLAN_MET, 1000, 166, 60000 },
        { 10000, 10000, "2020-12-31", Q_GT, PLAN_ON_TIME, 999, 1000, 10000 },
        { 10000, 10001, "2020-12-31", Q_GT, PLAN_MET, 1000, 1000, 10001 },
        { 10000, 10000, "2020-12-31", Q_LE, PLAN_WITHIN, 1000, 1000, 10000 },
        { 10000, 10001, "2020-12-31", Q_LE, PLAN_EXCEEDED, 1000, 1000, 10001 },
        { 10000, 0, "2019-12-31", Q_GE, PLAN_NOT_BEGUN, 0, 0, -1 },
    };
    struct figure f = { .kind = FIGURE_SUM, .scale = 2, .unit = "yuan" };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        struct plan_when w = { .tolerance = 100 };
        struct plan_node n = { .figure = &f, .known = true, .value = c[i].target, .unit = "yuan",
            .qualifier = c[i].q, .from = date_make(2020, 1, 1), .to = date_make(2020, 12, 31),
            .actual = { .known = true, .value = c[i].actual, .scale = 2 } };
        assert_true(date_parse(c[i].on, 10, DATE_EXACT, &w.on));
        plan_judge(&n, &w, 0);
        assert_int_equal(n.state, c[i].want);
        assert_int_equal(n.completion, c[i].completion);
        assert_int_equal(n.elapsed, c[i].elapsed);
        assert_int_equal(n.forecast_known ? n.forecast : -1, c[i].forecast);
    }
}

static void what_is_not_known_is_not_judged(void **state)
{
    (void)state;
    struct figure f = { .kind = FIGURE_SUM, .scale = 2, .unit = "yuan" };
    struct plan_when w = { .on = date_make(2020, 6, 30), .tolerance = 100 };
    struct plan_node n = { .figure = &f, .unit = "", .from = DATE_MIN, .to = DATE_MAX,
                           .actual = { .known = true, .value = 500 } };
    plan_judge(&n, &w, 0);
    assert_int_equal(n.state, PLAN_NO_TARGET);
    assert_false(n.compared);
    assert_int_equal(plan_left(&n), -1);
    n.known = true;                   /* a target of 0 has no completion */
    plan_judge(&n, &w, 0);
    assert_false(n.compared);
    n.value = 100;
    n.unit = "ton";                   /* another unit than the figure's */
    plan_judge(&n, &w, 0);
    assert_int_equal(n.state, PLAN_NO_FIGURE);
    assert_int_equal(plan_left(&n), -1);
    n.unit = "元";                    /* 5.00 yuan of 6.00 */
    n.value = 600;
    plan_judge(&n, &w, 0);
    assert_int_equal(n.state, PLAN_ON_TIME);
    assert_false(n.timed);
    assert_int_equal(plan_left(&n), 100);
    n.figure = NULL;
    plan_judge(&n, &w, 0);
    assert_int_equal(n.state, PLAN_NO_FIGURE);
    assert_int_equal(plan_left(&n), -1);
}

static void a_stock_is_carried_on_from_its_beginning(void **state)
{
    (void)state;
    struct figure f = { .kind = FIGURE_COUNT, .stock = true };
    struct plan_when w = { .on = date_make(2021, 4, 10), .tolerance = 100 };
    struct plan_node n = { .figure = &f,
                           .known = true,
                           .value = 20000,
                           .unit = "",
                           .from = date_make(2021, 1, 1),
                           .to = date_make(2021, 12, 31),
                           .actual = { .known = true, .value = 120 } };
    plan_judge(&n, &w, 100);                 /* 20 more in 100 of 365 days */
    assert_int_equal(n.forecast, 173);
    assert_int_equal(n.completion, 600);
}

/* --- in a store --- */

static void open_plan(struct programme *p, enum engine engine)
{
    programme_open(p, engine);
    put(p, "organisation", "code=O-1; name_zh=市; kind=government");
    put(p, "organisation", "code=O-2; name_zh=甲区; kind=government; parent=O-1");
    put(p, "work_plan", "code=W; title=Plan; organisation=O-1; for_year=2020");
    put(p, "target",
        "code=T; work_plan=W; organisation=O-1; measure=purchases; target_value=100; unit=yuan");
}

static int count_faults(struct programme *p, enum plan_fault_kind kind, int64_t *difference)
{
    struct arena a = { 0 };
    struct plan_book b;
    struct seen s = { "" };
    struct err e = { 0 };
    int n = 0;
    assert_ok(plan_read_targets(&b, p->db, DATE_MAX, -1, &a, &e), e);
    plan_find_figures(&b.tree, p->figures, &a);
    assert_ok(plan_tree_check(&b.tree, note_fault, &s, &e), e);
    for (const char *at = s.text; *at; at = strchr(at, ' ') + 1) {
        int node, k, by;
        long long d;
        assert_int_equal(sscanf(at, "%d:%d:%d:%lld", &node, &k, &by, &d), 4);
        if (k != (int)kind) continue;
        n++;
        if (difference) *difference = d;
    }
    arena_free(&a);
    return n;
}

static void parts_may_not_overshoot(enum engine engine)
{
    struct programme p;
    struct err e;
    int64_t difference = 0;
    open_plan(&p, engine);
    put(&p, "target",
        "code=T-1; work_plan=W; organisation=O-2; measure=purchases; target_value=70; unit=yuan; "
        "parent=T; breakdown=unit");
    assert_int_equal(count_faults(&p, PLAN_SHORT, &difference), 1);
    assert_int_equal(difference, 3000);
    assert_false(try_put(&p, "target",
                         "code=T-2; work_plan=W; organisation=O-1; measure=purchases; "
                         "target_value=40; unit=yuan; parent=T; breakdown=unit",
                         &e));
    assert_int_equal(e.code, ERR_INVALID);
    assert_non_null(strstr(e.message, "target T is 100.00"));
    assert_non_null(strstr(e.message, "10.00 too much"));
    assert_int_equal(count_faults(&p, PLAN_SHORT, NULL), 1); /* nothing else changed */
    put(&p, "target",
        "code=T-R; work_plan=W; organisation=O-1; measure=purchases; target_value=30; unit=yuan; "
        "parent=T; breakdown=unit; reserve=1");
    assert_int_equal(count_faults(&p, PLAN_SHORT, NULL), 0);
    /* another way of breaking it down sums for itself */
    put(&p, "target",
        "code=T-3; work_plan=W; place=653224; measure=purchases; target_value=100; unit=yuan; "
        "parent=T; breakdown=area");
    assert_int_equal(count_faults(&p, PLAN_OVER, NULL), 0);
    assert_false(try_change(
        &p, "target",
        "code=T; work_plan=W; organisation=O-1; measure=purchases; target_value=99; unit=yuan",
        &e));
    assert_false(try_change(&p, "target",
                            "code=T; work_plan=W; organisation=O-1; measure=purchases; "
                            "target_value=100; unit=yuan; parent=T-1",
                            &e));
    assert_non_null(strstr(e.message, "part of itself"));
    programme_close(&p);
}
STORE_TEST(parts_may_not_overshoot)

static void a_revision_holds_from_its_day(enum engine engine)
{
    struct programme p;
    struct arena a = { 0 };
    struct plan_book b;
    struct err e = { 0 };
    open_plan(&p, engine);
    put(&p, "target",
        "code=T-1; work_plan=W; organisation=O-2; measure=purchases; target_value=70; unit=yuan; "
        "parent=T");
    put(&p, "target_revision",
        "code=R-2; target=T; new_value=80; changed_on=2020-05-01; reason=epidemic");
    put(&p, "target_revision",
        "code=R-1; target=T; new_value=90; changed_on=2020-03-01; reason=epidemic");
    assert_false(try_put(&p, "target_revision",
                         "code=R-3; target=T; new_value=60; changed_on=2020-06-01; reason=x", &e));
    assert_non_null(strstr(e.message, "10.00 too much"));
    assert_false(try_put(&p, "target_revision",
                         "code=R-4; target=T-1; new_value=81; changed_on=2020-06-01; reason=x",
                         &e));
    const struct {
        int month;
        int64_t want;
        int revisions;
    } at[] = { { 2, 10000, 0 }, { 3, 9000, 1 }, { 5, 8000, 2 } };
    for (int i = 0; i < 3; i++) {
        assert_ok(plan_read_targets(&b, p.db, date_make(2020, at[i].month, 1), -1, &a, &e), e);
        assert_int_equal(b.tree.node[0].value, at[i].want);
        assert_int_equal(b.tree.node[0].first, 10000);
        assert_int_equal(b.tree.node[0].revisions, at[i].revisions);
    }
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(a_revision_holds_from_its_day)

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* Small slices, so that the parts come in other transactions than their whole. */
static void a_load_that_overshoots_is_refused_whole(enum engine engine)
{
    struct programme p;
    struct err e = { 0 };
    char path[600];
    const char *paths[1] = { path };
    struct load_report r = { 0 };
    struct load_options opt = { .slice = 2, .refused_dir = JD_BUILD_DIR };
    open_plan(&p, engine);
    snprintf(path, sizeof path, "%s/target.csv",
             engine == ENGINE_SQLITE ? p.store.dir : JD_BUILD_DIR);
    write_file(
        path,
        "code,measure,target_value,unit,parent\nL,purchases,10,yuan,\nL-1,purchases,4,yuan,L\n"
        "L-2,purchases,4,yuan,L\nL-3,purchases,4,yuan,L\nM,purchases,1,yuan,\n");
    assert_false(load_paths(p.model, p.store.store, paths, 1, &opt, &r, &e));
    assert_non_null(strstr(e.message, "target L is 10.00"));
    load_report_free(&r);
    assert_int_equal(count_faults(&p, PLAN_OVER, NULL), 0);
    write_file(
        path,
        "code,measure,target_value,unit,parent\nL,purchases,12,yuan,\nL-1,purchases,4,yuan,L\n"
        "L-2,purchases,4,yuan,L\nL-3,purchases,4,yuan,L\nM,purchases,1,yuan,\n");
    e = (struct err){ 0 };
    r = (struct load_report){ 0 };
    assert_ok(load_paths(p.model, p.store.store, paths, 1, &opt, &r, &e), e);
    assert_int_equal(r.files[0].inserted, 5);
    load_report_free(&r);
    assert_int_equal(count_faults(&p, PLAN_SHORT, NULL), 0);
    remove(path);
    programme_close(&p);
}
STORE_TEST(a_load_that_overshoots_is_refused_whole)

/* Read together or one by one: the same numbers, those of the figure. */
static void actuals_are_those_of_the_figures(enum engine engine)
{
    struct programme p;
    struct arena a = { 0 };
    struct plan_book b;
    struct err e = { 0 };
    char text[400];
    open_plan(&p, engine);
    for (int i = 0; i < 24; i++) {
        snprintf(text, sizeof text,
                 "code=V-%d; work_plan=W; place=6532241%05d; measure=purchases; target_value=%d; "
                 "unit=yuan",
                 i, i, i);
        put(&p, "target", text);
        if (i % 3 == 0) continue;
        snprintf(text, sizeof text,
                 "code=P-%d; helper=O-2; place=6532241%05d; amount=%d; class=consumption; "
                 "state=done; valid_from=2020-0%d-10; valid_to=2020-0%d-10",
                 i, i, i * 7, 1 + i % 9, 1 + i % 9);
        put(&p, "purchase", text);
    }
    put(&p, "target", "code=X; work_plan=W; measure=no_such_figure; target_value=5");
    struct plan_when w = { .on = date_make(2020, 6, 30), .tolerance = 100, .scope = &scope_all };
    assert_ok(plan_read_targets(&b, p.db, w.on, -1, &a, &e), e);
    plan_find_figures(&b.tree, p.figures, &a);
    assert_ok(plan_measure(&b.tree, &p.context, p.db, &w, &a, &e), e);
    for (int i = 0; i < b.tree.n; i++) {
        const struct plan_node *n = &b.tree.node[i];
        struct figure_value v;
        if (!n->figure) {
            assert_int_equal(n->state, PLAN_NO_FIGURE);
            assert_non_null(strstr(n->why, "no_such_figure"));
            continue;
        }
        struct figure_query q = { .name = n->measure, .place = n->place, .org = n->org,
                                  .from = date_make(2020, 1, 1), .to = w.on };
        assert_ok(figure_read(&p.context, p.db, &scope_all, &q, &v, &e), e);
        assert_int_equal(n->actual.known, v.known);
        assert_int_equal(n->actual.value, v.value);
        assert_int_equal(n->actual.rows, v.rows);
    }
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(actuals_are_those_of_the_figures)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_forests_check_like_the_oracle),
        cmocka_unit_test(shares_are_not_summed),
        cmocka_unit_test(one_target_is_judged),
        cmocka_unit_test(what_is_not_known_is_not_judged),
        cmocka_unit_test(a_stock_is_carried_on_from_its_beginning),
        STORE_TESTS(parts_may_not_overshoot),
        STORE_TESTS(a_revision_holds_from_its_day),
        STORE_TESTS(a_load_that_overshoots_is_refused_whole),
        STORE_TESTS(actuals_are_those_of_the_figures),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
