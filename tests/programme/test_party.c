/* The organisations below one: figures of a parent include its children, joint parties below it
 * too, and organisations that are each other's parent end the walk. */
#include "programme.h"

static int64_t ids[8];

struct organisation { const char *code; int parent; };

struct writing { struct programme *p; const struct organisation *o; int n, loop_from, loop_to; };

static bool put(struct tx *tx, void *arg, struct err *e)
{
    struct writing *w = arg;
    const struct table_map *m = model_find(w->p->model, "organisation");
    for (int i = 0; i < w->n; i++) {
        struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
        row[ROW_COUNTY] = val_int(0);
        row[ROW_LOAD] = row[ROW_DRAFT] = val_int(0);
        row[m->column[map_field(m, "code")]] = val_text(w->o[i].code);
        row[m->column[map_field(m, "kind")]] = val_text("enterprise");
        if (w->o[i].parent >= 0)
            row[m->column[map_field(m, "parent")]] = val_int(ids[w->o[i].parent]);
        if (!row_insert(tx, w->p->model, m, row, e)) return false;
        ids[i] = row[ROW_ID].i;
    }
    return true;
}

static bool close_loop(struct tx *tx, void *arg, struct err *e)
{
    struct writing *w = arg;
    const struct table_map *m = model_find(w->p->model, "organisation");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct arena a = { 0 };
    bool found;
    bool ok = row_get(tx_db(tx), m, 0, ids[w->loop_from], &a, row, &found, e);
    row[m->column[map_field(m, "parent")]] = val_int(ids[w->loop_to]);
    ok = ok && row_update(tx, w->p->model, m, row, 0, e);
    arena_free(&a);
    return ok;
}

static size_t below(struct programme *p, int64_t org)
{
    struct err e = { 0 };
    struct arena a = { 0 };
    const int64_t *found;
    size_t n = 0;
    assert_ok(p->parties.subtree(p->parties.arg, p->db, org, &a, &found, &n, &e), e);
    for (size_t i = 1; i < n; i++) assert_true(found[i - 1] < found[i]);
    arena_free(&a);
    return n;
}

static void a_parent_holds_all_below(enum engine engine)
{
    static const struct organisation o[] = { { "A", -1 }, { "B", 0 }, { "C", 1 }, { "D", 1 },
                                             { "E", -1 } };
    struct programme p;
    struct err e = { 0 };
    programme_open(&p, engine);
    struct writing w = { .p = &p, .o = o, .n = 5, .loop_from = 0, .loop_to = 2 };
    assert_ok(store_write(p.store.store, put, &w, &e), e);
    assert_int_equal(below(&p, ids[0]), 4);
    assert_int_equal(below(&p, ids[1]), 3);
    assert_int_equal(below(&p, ids[3]), 1);
    assert_int_equal(below(&p, ids[4]), 1);
    assert_int_equal(below(&p, 12345), 0);
    assert_ok(store_write(p.store.store, close_loop, &w, &e), e);
    assert_int_equal(below(&p, ids[2]), 4);
    programme_close(&p);
}
STORE_TEST(a_parent_holds_all_below)

static void none_is_its_own_parent(enum engine engine)
{
    static const struct organisation o[] = { { "A", -1 } };
    struct programme p;
    struct err e = { 0 };
    programme_open(&p, engine);
    struct writing w = { .p = &p, .o = o, .n = 1 };
    assert_ok(store_write(p.store.store, put, &w, &e), e);
    const struct table_map *m = model_find(p.model, "organisation");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct arena a = { 0 };
    bool found;
    assert_ok(row_get(p.db, m, 0, ids[0], &a, row, &found, &e), e);
    row[m->column[map_field(m, "parent")]] = val_int(ids[0]);
    struct row_fault faults[8];
    int refusing = 0, missing = 0;
    row_check(p.model, m, row, &a, faults, 8, &refusing, &missing);
    assert_int_equal(refusing, 1);
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(none_is_its_own_parent)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(a_parent_holds_all_below),
        STORE_TESTS(none_is_its_own_parent),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
