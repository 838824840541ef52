#include "sample.h"
#include "tamper.h"

static int64_t posted(struct test_store *t)
{
    static const struct stmt sum = { "posted_total", STMT_ADMIN,
        "select cast(coalesce(sum(amount), 0) as bigint) from posting", NULL };
    struct err e = { 0 };
    int64_t n = 0;
    assert_ok(db_int(test_db(t, DB_READ), &sum, NULL, 0, &n, NULL, &e), e);
    return n;
}

static void refuse(struct test_store *t, const char *sql)
{
    struct err e = { 0 };
    char *copy = mem_strdup(sql);
    bool done = store_write(t->store, test_script, copy, &e);
    free(copy);
    if (done) fail_msg("not refused: %s", sql);
    if (e.code != ERR_FORBIDDEN) fail_msg("%s: %s: %s", sql, err_name(e.code), e.message);
}

/* By the store layer, for what is declared append-only and for the journal. */
static void the_layer_refuses(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    struct val v[] = { val_int(1), val_int(1), val_int(100) };
    assert_ok(sample_do(t.store, POSTING_ADD, v, 3, &e), e);
    for (int again = 0; again < 2; again++) {
        assert_err(sample_do(t.store, POSTING_CHANGE, v, 3, &e), e, ERR_FORBIDDEN);
        assert_non_null(strstr(e.message, "posting_change: posting is append-only"));
        assert_err(sample_do(t.store, POSTING_UPSERT, v, 3, &e), e, ERR_FORBIDDEN);
        assert_err(sample_do(t.store, POSTING_DROP, v, 2, &e), e, ERR_FORBIDDEN);
        refuse(&t, "update journal set actor = 1");
        refuse(&t, "  /* quietly */ Delete From POSTING");
        refuse(&t, "with x as (select 1 as a) update posting set amount = 0 where id in "
                   "(select a from x)");
        refuse(&t, "insert or replace into posting (county, id, amount) values (1, 1, 0)");
        refuse(&t, "replace into posting (county, id, amount) values (1, 1, 0)");
        test_store_reopen(&t, NULL); /* remembered in the store, not only where it was made */
    }
    assert_int_equal(posted(&t), 100);
    test_store_close(&t);
}
STORE_TEST(the_layer_refuses)

/* What the layer cannot read out of the words, SQLite's authorizer refuses. */
static void the_authorizer_refuses(void **state)
{
    static const char *const tricks[] = {
        "drop table posting",
        "drop table journal",
        "create trigger t after insert on thing begin delete from posting; end",
        "create temp trigger t after insert on thing begin delete from posting; end",
        "attach database ':memory:' as other",
        "pragma journal_mode = delete",
        "pragma writable_schema = on",
        "pragma query_only = off",
    };
    struct test_store t;
    struct err e = { 0 };
    (void)state;
    test_store_open(&t, ENGINE_SQLITE, sample_tables, SAMPLE_TABLES);
    struct val v[] = { val_int(1), val_int(1), val_int(100) };
    assert_ok(sample_do(t.store, POSTING_ADD, v, 3, &e), e);
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) refuse(&t, tricks[i]);
    assert_int_equal(posted(&t), 100);
    test_store_close(&t);
}

/* And in PostgreSQL the role itself has no right to it, although the tables are its own. */
static void the_role_has_no_right(void **state)
{
    struct test_store t;
    struct store *s;
    struct err e = { 0 };
    char sql[200], url[800];
    (void)state;
    test_store_open(&t, ENGINE_POSTGRES, NULL, 0);
    snprintf(sql, sizeof sql, "create role %s login", t.schema);
    test_sql(t.store, sql);
    snprintf(sql, sizeof sql, "create schema %s_own authorization %s", t.schema, t.schema);
    test_sql(t.store, sql);
    snprintf(url, sizeof url, "%s_own&user=%s", t.url, t.schema);
    assert_ok(store_open(&s, url, &(struct store_options){ .create = true }, &e), e);
    assert_ok(schema_create(s, sample_tables, SAMPLE_TABLES, &e), e);
    struct val v[] = { val_int(1), val_int(1), val_int(100) };
    assert_ok(sample_do(s, POSTING_ADD, v, 3, &e), e);
    assert_ok(schema_create(s, sample_tables, SAMPLE_TABLES, &e), e);
    struct test_store own = { .store = s };
    refuse(&own, "do $$ begin update posting set amount = 0; end $$");
    refuse(&own, "do $$ begin delete from journal; end $$");
    refuse(&own, "truncate posting");
    assert_int_equal(posted(&own), 100);
    db_close(own.dbs[0]);
    store_close(s);
    snprintf(sql, sizeof sql, "drop schema %s_own cascade", t.schema);
    test_sql(t.store, sql);
    snprintf(sql, sizeof sql, "drop role %s", t.schema);
    test_sql(t.store, sql);
    test_store_close(&t);
}

static bool nothing(void *arg, const struct val *row, int n, struct err *e)
{
    (void)arg, (void)row, (void)n, (void)e;
    return true;
}

static void reading_connections_only_read(enum engine engine)
{
    static const char *const writes[] = {
        "insert into posting (county, id, amount) values (1, 2, 3)",
        "update thing set amount = 0", "delete from thing", "drop table thing",
        "create table x (a integer)",
    };
    struct test_store t;
    struct err e = { 0 };
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    struct db *d = test_db(&t, DB_READ), *w = test_db(&t, DB_WRITE);
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        struct stmt s = stmt_composed(STMT_ADMIN, writes[i]);
        assert_err(db_query(d, &s, NULL, 0, nothing, NULL, &e), e, ERR_FORBIDDEN);
        assert_err(db_prepare(d, &s, &e), e, ERR_FORBIDDEN);
        assert_err(db_query(w, &s, NULL, 0, nothing, NULL, &e), e, ERR_INTERNAL);
    }
    if (engine == ENGINE_POSTGRES) { /* what reads and locks is stopped by the server */
        struct stmt s = stmt_composed(STMT_ADMIN, "select id from posting for update");
        assert_err(db_query(d, &s, NULL, 0, nothing, NULL, &e), e, ERR_FORBIDDEN);
    }
    assert_int_equal(sample_count(d), 0);
    test_store_close(&t);
}
STORE_TEST(reading_connections_only_read)

static bool write_again(struct tx *tx, void *arg, struct err *e)
{
    (void)arg;
    return db_write(tx_db(tx), write_again, NULL, e);
}

static void transactions_do_not_nest(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    assert_err(store_write(t.store, write_again, NULL, &e), e, ERR_INTERNAL);
    struct db *d = test_db(&t, DB_READ);
    assert_ok(db_begin_read(d, &e), e);
    assert_err(db_begin_read(d, &e), e, ERR_INTERNAL);
    struct val v[] = { val_int(1), val_int(1), val_int(5), val_text("a"), val_null() };
    assert_int_equal(sample_count(d), 0);
    assert_ok(sample_do(t.store, THING_ADD, v, 5, &e), e);
    assert_int_equal(sample_count(d), 0); /* the snapshot does not move */
    db_end_read(d);
    assert_int_equal(sample_count(d), 1);
    test_store_close(&t);
}
STORE_TEST(transactions_do_not_nest)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(the_layer_refuses), cmocka_unit_test(the_authorizer_refuses),
        cmocka_unit_test(the_role_has_no_right), STORE_TESTS(reading_connections_only_read),
        STORE_TESTS(transactions_do_not_nest),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
