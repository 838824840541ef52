/* Every statement of the room is prepared on both engines, fits a cluster, and stays in its county
 * where it says so. */
#include "sample.h"
#include "support/shadow.h"

static void all_are_prepared(enum engine engine)
{
    struct sample s;
    sample_open(&s, engine);
    struct db *d = test_db(&s.t, DB_WRITE);
    prepare_check(d, &figure_stmts);
    sample_close(&s);
}
STORE_TEST(all_are_prepared)

static void all_fit_a_cluster(void **state)
{
    const struct table *tables[64];
    struct sample s;
    (void)state;
    sample_model_open(&s);
    int n = sample_tables(s.model, tables);
    lint_check(&figure_stmts, tables, n);
    sample_model_close(&s);
}

static void stay_in_their_county(void **state)
{
    const struct table *tables[64];
    struct test_store t;
    struct sample s;
    (void)state;
    if (!test_has_postgres()) skip();
    sample_model_open(&s);
    int n = sample_tables(s.model, tables);
    shadow_open(&t, tables, n);
    shadow_check(&t, &figure_stmts);
    test_store_close(&t);
    sample_model_close(&s);
}

static void have_names_of_their_own(void **state)
{
    (void)state;
    for (int i = 0; i < figure_stmts.n; i++) {
        assert_non_null(figure_stmts.stmts[i].name);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(figure_stmts.stmts[i].name, figure_stmts.stmts[k].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(all_are_prepared), cmocka_unit_test(all_fit_a_cluster),
        cmocka_unit_test(stay_in_their_county), cmocka_unit_test(have_names_of_their_own),
    };
    return test_store_main(tests, COUNT(tests));
}
