#include "sample.h"

#include "support/shadow.h"

static const struct table *all[16];

static int all_tables(void)
{
    int n = 0;
    for (int i = 0; i < store_table_count; i++) all[n++] = &store_tables[i];
    for (int i = 0; i < SAMPLE_TABLES; i++) all[n++] = sample_tables[i];
    return n;
}

static const struct stmt clean[] = {
    { "join", STMT_ROUTER, "select t.id, p.amount from thing t join posting p "
      "on p.county = t.county and p.id = t.id where t.county = ?1 and t.amount > ?2 order by t.id", NULL },
    { "join_twice", STMT_ROUTER, "select t.id from thing t, posting p where t.county = ?1 "
      "and p.county = ?1 and t.id = p.id", NULL },
    { "subselect", STMT_ROUTER, "select id from thing where county = ?1 and exists (select 1 from "
      "posting p where p.county = ?1 and p.id = thing.id)", NULL },
    { "copy", STMT_ROUTER, "insert into posting (id, county, amount) select t.id, t.county, 0 "
      "from thing t where t.county = ?1", NULL },
    { "by_county", STMT_SCATTER, "select county, count(*), cast(sum(amount) as bigint) from thing "
      "group by county order by county", NULL },
    { "all_joined", STMT_SCATTER, "select t.county, count(*) from thing t join posting p on "
      "p.county = t.county and p.id = t.id group by t.county order by t.county", NULL },
    { "latest", STMT_ROUTER, "select id, amount from thing where county = ?1 "
      "order by amount desc nulls last, id limit ?2", NULL },
};
static const struct stmt_table clean_stmts = { "clean", clean, sizeof clean / sizeof *clean };

static void prepares_every_statement(enum engine engine)
{
    struct test_store t;
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    struct db *d = test_db(&t, DB_WRITE);
    prepare_check(d, &store_stmts);
    prepare_check(d, &clean_stmts);
    test_store_close(&t);
}
STORE_TEST(prepares_every_statement)

static void stays_in_one_partition(void **state)
{
    struct test_store t;
    (void)state;
    shadow_open(&t, sample_tables, SAMPLE_TABLES);
    shadow_check(&t, &store_stmts);
    shadow_check(&t, &clean_stmts);
    static const struct stmt_table things = { "things", sample, POSTING_CHANGE };
    shadow_check(&t, &things);
    test_store_close(&t);
}

/* And of all counties: a join on the id alone brings their rows together, also below an aggregate. */
static void the_shadow_catches_a_far_join_of_all(void **state)
{
    struct test_store t;
    (void)state;
    static const struct stmt far[] = {
        { "far", STMT_SCATTER, "select t.id, p.amount from thing t join posting p on p.id = t.id",
          NULL },
        { "far_sum", STMT_SCATTER, "select t.county, count(*) from thing t join posting p on "
          "p.id = t.id group by t.county", NULL },
        { "far_third", STMT_SCATTER, "select t.id from thing t join posting p on p.county = "
          "t.county and p.id = t.id join posting q on q.id = p.amount", NULL },
    };
    shadow_open(&t, sample_tables, SAMPLE_TABLES);
    for (size_t i = 0; i < sizeof far / sizeof *far; i++)
        if (shadow_fits(&t, &far[i], NULL)) fail_msg("%s was taken", far[i].name);
    test_store_close(&t);
}

/* The shadow must catch what it is there for: a join on the id alone. */
static void the_shadow_catches_a_far_join(void **state)
{
    struct test_store t;
    struct err e = { 0 };
    (void)state;
    static const struct stmt far = { "far", STMT_ROUTER, "select t.id, p.amount from thing t "
        "join posting p on p.id = t.id where t.county = ?1", NULL };
    shadow_open(&t, sample_tables, SAMPLE_TABLES);
    assert_err(stmt_lint(&far, sample_tables, SAMPLE_TABLES, &e), e, ERR_INTERNAL);
    struct buf plan;
    buf_init(&plan, 1 << 20);
    assert_false(shadow_fits(&t, &far, &plan));
    assert_non_null(strstr(plan.p, "Subplans Removed: 7")); /* of thing; posting has none */
    buf_free(&plan);
    assert_true(shadow_fits(&t, &clean[0], NULL));
    static const struct column bare[] = { { "county", COL_INT, true }, { "id", COL_INT, true } };
    static const struct table no_county = { .name = "no_county", .reach = REACH_COUNTY,
                                            .cols = bare, .n = 2, .key = "id" };
    const struct table *bad[] = { &no_county };
    if (schema_create(t.store, bad, 1, &e)) fail_msg("a sharded key without county was taken");
    assert_non_null(strstr(e.message, "no_county"));
    test_store_close(&t);
}

static void the_lint_passes_good_statements(void **state)
{
    (void)state;
    int n = all_tables();
    lint_check(&store_stmts, all, n);
    lint_check(&sample_stmts, all, n);
    lint_check(&clean_stmts, all, n);
}

static void the_lint_names_the_rule(void **state)
{
    static const struct { enum stmt_class class; const char *sql, *says; } cases[] = {
        { 0, "select 1", "no class" },
        { STMT_ROUTER, "select id from thing where id = ?1", "county of thing" },
        { STMT_ROUTER, "select id from thing where county = ?2 and id = ?1", "county of thing" },
        { STMT_ROUTER, "select t.id from thing t join posting p on p.id = t.id where t.county = ?1",
          "county of p" },
        { STMT_ROUTER, "select t.id from thing t where t.county = ?1 and t.id in (select p.id from "
          "posting p where p.amount > 0)", "county of p" },
        { STMT_ROUTER, "insert into thing (county, id) values (?2, ?1)", "county of thing" },
        { STMT_ROUTER, "insert into thing (county, id) select ?1, p.id from posting p",
          "county of p" },
        { STMT_ROUTER, "update thing set county = ?2 where county = ?1", "assigns to county" },
        { STMT_ROUTER, "insert into thing (county, id) values (?1, ?2) on conflict (county, id) "
          "do update set county = excluded.county", "assigns to county" },
        { STMT_REF, "select count(*) from thing", "class REF" },
        { STMT_SCATTER, "select id from thing for update", "row locks" },
        { STMT_SCATTER, "select avg(amount) from thing", "AVG" },
        { STMT_SCATTER, "select id from thing where label like ?1", "LIKE" },
        { STMT_SCATTER, "select id::text from thing", "CAST" },
        { STMT_SCATTER, "select \"id\" from thing", "quoted" },
        { STMT_SCATTER, "select id from thing where county = $1", "?1" },
        { STMT_SCATTER, "select id from thing where county = ?", "no number" },
        { STMT_SCATTER, "select id from thing; select 1", "one statement" },
        { STMT_SCATTER, "select ifnull(amount, 0) from thing", "COALESCE" },
        { STMT_SCATTER, "select id from thing order by amount", "NULLS FIRST" },
        { STMT_SCATTER, "select id from thing t order by t.county, t.label desc", "NULLS FIRST" },
        { STMT_SCATTER, "select count(*), (select max(id) from posting) from thing", "subselect" },
        { STMT_SCATTER, "with recursive r(i) as (select id from thing union all select i + 1 "
          "from r) select i from r", "RECURSIVE" },
        { STMT_SCATTER, "insert or replace into thing (county, id) values (?1, ?2)", "INSERT OR" },
        { STMT_SCATTER, "delete from thing using posting where posting.id = thing.id", "USING" },
        { STMT_SCATTER, "select x from (values (1)) as v(x)", "WITH v(x)" },
        { STMT_SCATTER, "select county, sum(amount) from thing group by rollup (county)",
          "ROLLUP" },
        { STMT_SCATTER, "select 1 where true", "booleans" },
        { STMT_SCATTER, "select now()", "clock" },
        { STMT_SCATTER, "select pg_advisory_lock(1)", "advisory" },
    };
    (void)state;
    int n = all_tables();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = { 0 };
        struct stmt s = { "case", cases[i].class, cases[i].sql, NULL };
        if (stmt_lint(&s, all, n, &e)) fail_msg("passed: %s", cases[i].sql);
        if (!strstr(e.message, cases[i].says)) fail_msg("%s: %s", cases[i].sql, e.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(prepares_every_statement),
        cmocka_unit_test(stays_in_one_partition),
        cmocka_unit_test(the_shadow_catches_a_far_join),
        cmocka_unit_test(the_shadow_catches_a_far_join_of_all),
        cmocka_unit_test(the_lint_passes_good_statements),
        cmocka_unit_test(the_lint_names_the_rule),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
