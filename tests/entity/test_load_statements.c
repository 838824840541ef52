/* The statements of loads: fit for a cluster, prepared on both engines, those that are composed too. */
#include "sample.h"

#include "entity/load_sql.h"
#include "support/shadow.h"

static int all_tables(const struct model *mo, const struct table **all)
{
    int n, own;
    const struct table *const *tables = model_tables(mo, &own);
    for (n = 0; n < own; n++) all[n] = tables[n];
    for (int i = 0; i < entity_table_count; i++) all[n++] = &entity_tables[i];
    return n;
}

/* Rows of a county, and what refers to rows of a load, for every entity; names for messages. */
static int composed(const struct model *mo, struct arena *a, struct stmt *out)
{
    int n = 0;
    for (int i = 0; i < mo->n; i++) {
        const struct table_map *m = &mo->maps[i];
        out[n++] = load_insert_stmt(m, a);
        out[n++] = load_rows_stmt(m, 10, a);
        for (int f = 0; f < m->fields; f++)
            if (m->field[f].type == F_REF) out[n++] = load_pointers_stmt(m, f, 10, a);
    }
    for (int i = 0; i < n; i++) out[i].name = arena_printf(a, "composed_%d", i);
    return n;
}

static void are_prepared(enum engine engine)
{
    struct sample s;
    struct stmt more[100];
    sample_open(&s, engine);
    struct db *d = test_db(&s.t, DB_WRITE);
    prepare_check(d, &entity_stmts);
    struct stmt_table st = { "composed", more, composed(s.model, &s.arena, more) };
    prepare_check(d, &st);
    sample_close(&s);
}
STORE_TEST(are_prepared)

static void stay_in_their_county(void **state)
{
    struct sample s;
    struct stmt more[100];
    const struct table *all[64];
    (void)state;
    if (!test_has_postgres()) skip();
    sample_model_open(&s);
    int n = all_tables(s.model, all);
    struct stmt_table st = { "composed", more, composed(s.model, &s.arena, more) };
    shadow_open(&s.t, all, n);
    shadow_check(&s.t, &entity_stmts);
    shadow_check(&s.t, &st);
    for (int i = 0; i < store_table_count; i++) all[n++] = &store_tables[i];
    lint_check(&entity_stmts, all, n);
    lint_check(&st, all, n);
    test_store_close(&s.t);
    sample_model_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(are_prepared),
        cmocka_unit_test(stay_in_their_county),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
