/* A release against a store that went on: whatever is written, changed, deleted or loaded behind it, it
 * comes out again as it was, and another release as of that instant is the same. */
#include "releases.h"

#include "base/random.h"

static const char *const first[] = { "examples/tianjin-2020" };
static const char *const later[] = { "examples/shenzhen-guangxi-2020",
                                     "examples/shenzhou-ayaksayi-2020" };

static struct text make(struct programme *p, const char *name, int64_t as_of, struct release_made *m)
{
    struct release_world w = world_of(p);
    struct figure_query *q;
    struct err e = { 0 };
    struct release_wish wish = { .name = name, .by = "Li", .n = all_queries(p, &q), .as_of = as_of };
    wish.queries = q;
    assert_ok(release_make(&w, &wish, m, &e), e);
    assert_ok(release_approve(&w, name, "Wang", &e), e);
    free(q);
    return release_text(p, name);
}

static int64_t prove(struct programme *p, const struct text *t, struct told *told,
                     struct release_proof *proof, struct err *e)
{
    struct release_world w = world_of(p);
    struct release_summary s;
    struct arena a = { 0 };
    *told = (struct told){ 0 };
    *e = (struct err){ 0 };
    FILE *f = fmemopen(t->p, t->n, "rb");
    struct faults faults = { tell, told, 0 };
    bool ok = release_prove(&w, f, &a, &faults, &s, proof, e);
    fclose(f);
    proof->moved = "";
    arena_free(&a);
    return ok ? faults.n : -1;
}

/* --- random writes --- */

struct writing { struct programme *p; struct random *x; };
struct picked { int64_t wanted, seen, county, id; };

static bool pick(void *arg, const struct val *row, int n, struct err *e)
{
    struct picked *k = arg;
    (void)n;
    (void)e;
    if (k->seen++ <= k->wanted) {
        k->county = row[ROW_COUNTY].i;
        k->id = row[ROW_ID].i;
    }
    return true;
}

/* A random row of a table: its amount and day become others, or it goes. */
static bool write_some(struct tx *tx, void *arg, struct err *e)
{
    static const char *const tables[] = { "allocation", "placement", "event", "output", "commitment",
                                          "agreement", "helped_place" };
    struct writing *w = arg;
    const struct table_map *m = model_find(w->p->model, tables[random_below(w->x, 7)]);
    struct val all[2] = { val_int(0), val_int(999999) }, row[ENTITY_MAX_COLUMNS + 1];
    struct picked k = { .wanted = (int64_t)random_below(w->x, 40) };
    struct arena a = { 0 };
    bool found;
    if (!tx_query(tx, &m->stmts[ENTITY_SCAN], all, 2, pick, &k, e)) return false;
    if (k.seen == 0) return true;
    if (random_below(w->x, 3) == 0) {
        struct err in_use = { 0 };
        bool gone = row_delete(tx, w->p->model, m, k.county, k.id, 0, &in_use);
        if (gone || in_use.code == ERR_CONFLICT) return true;
        *e = in_use;
        return false;
    }
    bool ok = row_get(tx_db(tx), m, k.county, k.id, &a, row, &found, e);
    int quantity = m->fact >= 0 ? m->column[m->fact + FACT_QUANTITY] : -1;
    int from = m->column[m->common + COMMON_VALID_FROM], to = m->column[m->common + COMMON_VALID_TO];
    if (quantity >= 0) row[quantity] = val_int(1 + (int64_t)random_below(w->x, 50));
    row[from] = row[to] = val_int(date_make(2020, 1, 1) + (int32_t)random_below(w->x, 366));
    row[m->column[m->common + COMMON_CONFIRMATION]] = val_text(random_below(w->x, 2) ? "confirmed"
                                                                                     : "disputed");
    ok = ok && row_update(tx, w->p->model, m, row, 0, e);
    arena_free(&a);
    return ok;
}

static void write_at_random(struct programme *p, struct random *x, int times)
{
    struct writing w = { p, x };
    struct err e = { 0 };
    for (int i = 0; i < times; i++) {
        assert_ok(store_write(p->store.store, write_some, &w, &e), e);
        char text[200];
        snprintf(text, sizeof text, "code=Z-%d-%llu; place=65322%d; stage=received; amount=%d; "
                 "valid_from=2020-0%d-01; valid_to=2020-0%d-02", i,
                 (unsigned long long)random_below(x, UINT64_C(1) << 60), 4 + i % 4, i + 1, 1 + i % 9,
                 1 + i % 9);
        put(p, "allocation", text);
    }
}

static const char *figures_in(const struct text *t)
{
    return strstr(t->p, "{\"kind\":\"figure\"");
}

/* The figure lines of both, which end in other hashes. */
static void same_figures(const struct text *a, const struct text *b)
{
    const char *x = figures_in(a), *y = figures_in(b);
    while (strncmp(x, "{\"kind\":\"figure\"", 16) == 0) {
        size_t n = (size_t)(strstr(x, ",\"hash\":\"") - x);
        if (strncmp(x, y, n) != 0) fail_msg("%.*s\n%.*s", (int)n, x, (int)n, y);
        x = strchr(x, '\n') + 1;
        y = strchr(y, '\n') + 1;
    }
    assert_true(strncmp(y, "{\"kind\":\"figure\"", 16) != 0);
}

static void the_past_comes_out_again(enum engine engine)
{
    struct programme p;
    struct random x;
    struct told told;
    struct release_made m, other;
    struct release_proof proof;
    struct err e;
    random_seed(&x, 9);
    programme_open(&p, engine);
    programme_load(&p, first, 1);
    write_at_random(&p, &x, 5);
    struct text t = make(&p, "then", 0, &m);
    assert_int_equal(prove(&p, &t, &told, &proof, &e), 0);
    for (int round = 0; round < 3; round++) {
        write_at_random(&p, &x, 12);
        if (round == 1) programme_load(&p, later, 2);
        int64_t faults = prove(&p, &t, &told, &proof, &e);
        if (faults) fail_msg("%lld: %s%s", (long long)faults, told.first, e.message);
        assert_int_equal(proof.same, m.figures);
    }
    struct text again = make(&p, "again", m.as_of, &other), now = make(&p, "now", 0, &other);
    same_figures(&t, &again);
    assert_int_equal(prove(&p, &again, &told, &proof, &e), 0);
    assert_int_equal(prove(&p, &now, &told, &proof, &e), 0);
    assert_string_not_equal(figures_in(&t), figures_in(&now));
    free(t.p);
    free(again.p);
    free(now.p);
    programme_close(&p);
}
STORE_TEST(the_past_comes_out_again)

/* Whoever changes a value and seals all anew is found by the store. */
static void another_value_is_named(enum engine engine)
{
    struct programme p;
    struct told told;
    struct release_made m;
    struct release_proof proof;
    struct err e;
    programme_open(&p, engine);
    programme_load(&p, first, 1);
    struct text t = make(&p, "then", 0, &m);
    char *at = strstr(strstr(t.p, "{\"kind\":\"figure\",\"figure\":\"poor_villages\""), "rows_digest");
    at[14] = at[14] == 'a' ? 'b' : 'a';
    seal_anew(&t);
    assert_int_equal(check_text(t.p, t.n, &told), 0);
    assert_int_equal(prove(&p, &t, &told, &proof, &e), 1);
    assert_int_equal(proof.different, 1);
    if (!strstr(told.first, "poor_villages") || !strstr(told.first, "rows_digest is"))
        fail_msg("%s", told.first);
    free(t.p);
    programme_close(&p);
}
STORE_TEST(another_value_is_named)

static void another_store_is_told(enum engine engine)
{
    struct programme p, q;
    struct told told;
    struct release_made m;
    struct release_proof proof;
    struct err e;
    programme_open(&p, engine);
    programme_load(&p, first, 1);
    struct text t = make(&p, "then", 0, &m);
    programme_close(&p);
    programme_open(&q, engine);
    programme_load(&q, first, 1);
    assert_true(prove(&q, &t, &told, &proof, &e) > 0);
    assert_non_null(strstr(told.first, "another store"));
    programme_close(&q);
    free(t.p);
}
STORE_TEST(another_store_is_told)

static void an_instant_to_come_is_refused(enum engine engine)
{
    struct programme p;
    struct release_made m;
    struct err e = { 0 };
    programme_open(&p, engine);
    struct release_world w = world_of(&p);
    struct figure_query q = { .name = "aid_received", .from = DATE_MIN, .to = DATE_MAX };
    struct release_wish wish = { .name = "n", .by = "Li", .queries = &q, .n = 1,
                                 .as_of = clock_now(&w.clock) + 60000000 };
    assert_err(release_make(&w, &wish, &m, &e), e, ERR_USAGE);
    programme_close(&p);
}
STORE_TEST(an_instant_to_come_is_refused)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(the_past_comes_out_again),
        STORE_TESTS(another_value_is_named),
        STORE_TESTS(another_store_is_told),
        STORE_TESTS(an_instant_to_come_is_refused),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
