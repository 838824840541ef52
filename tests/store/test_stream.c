#include "sample.h"

#include <sys/resource.h>

#define ROWS 120000
#define TEXT 700

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEMORY_TELLS false /* freed memory is kept aside by the sanitizer */
#else
#define MEMORY_TELLS true
#endif

static bool fill(struct tx *tx, void *arg, struct err *e)
{
    enum { RUN = 500 };
    static const char letters[] = "一二三四五六七八九十";
    char text[TEXT];
    struct val v[RUN][5];
    (void)arg;
    for (size_t i = 0; i < TEXT; i++) text[i] = letters[i % 30];
    for (int from = 0; from < ROWS; from += RUN) {
        for (int i = 0; i < RUN; i++) {
            v[i][0] = val_int(1 + i % 3);
            v[i][1] = val_int(from + i);
            v[i][2] = val_int(from + i);
            v[i][3] = val_null();
            v[i][4] = val_blob(text, TEXT);
        }
        if (!tx_exec_many(tx, &sample[THING_ADD], v[0], 5, RUN, NULL, e)) return false;
    }
    return true;
}

static long resident_kib(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss;
}

static void streams_in_constant_memory(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    const struct val *row;
    int n;
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    struct db *w = test_db(&t, DB_WRITE), *d = test_db(&t, DB_READ);
    assert_ok(db_write(w, fill, NULL, &e), e);
    long before = resident_kib();
    struct cursor *c;
    int64_t rows = 0, sum = 0;
    assert_ok(cursor_open(&c, d, &sample[THING_ALL], NULL, 0, &e), e);
    for (;;) {
        assert_ok(cursor_next(c, &row, &n, &e), e);
        if (!row) break;
        assert_int_equal(row[4].n, TEXT);
        rows++;
        sum += row[2].i;
    }
    cursor_close(c);
    assert_int_equal(rows, ROWS);
    assert_int_equal(sum, (int64_t)ROWS * (ROWS - 1) / 2);
    /* 84 MB went by. On SQLite the reader's page cache and map of the file are the measure. */
    if (MEMORY_TELLS && engine == ENGINE_POSTGRES) assert_true(resident_kib() - before < 16 * 1024);
    test_store_close(&t);
}
STORE_TEST(streams_in_constant_memory)

static bool stop_soon(void *arg, const struct val *row, int n, struct err *e)
{
    (void)row, (void)n;
    return ++*(int *)arg < 10 || err_set(e, ERR_NOT_FOUND, "enough");
}

static bool stop_inside(struct tx *tx, void *arg, struct err *e)
{
    struct err mine = { 0 };
    int n = 0;
    (void)arg;
    if (tx_query(tx, &sample[THING_ALL], NULL, 0, stop_soon, &n, &mine)) return false;
    struct val v[] = { val_int(1), val_int(1), val_int(1) };
    return n == 10 && tx_exec(tx, &sample[POSTING_ADD], v, 3, NULL, e);
}

/* Reading that is broken off leaves the connection, and the transaction, as good as new. */
static void stops_early(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    const struct val *row;
    int n = 0, cols;
    struct cursor *c;
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    struct db *w = test_db(&t, DB_WRITE), *d = test_db(&t, DB_READ);
    assert_ok(db_write(w, fill, NULL, &e), e);
    for (int i = 0; i < 3; i++) {
        n = 0;
        assert_err(db_query(d, &sample[THING_ALL], NULL, 0, stop_soon, &n, &e), e, ERR_NOT_FOUND);
        assert_int_equal(n, 10);
        assert_ok(cursor_open(&c, d, &sample[THING_ALL], NULL, 0, &e), e);
        assert_ok(cursor_next(c, &row, &cols, &e), e);
        cursor_close(c);
        assert_int_equal(sample_count(d), ROWS);
    }
    assert_ok(db_write(w, stop_inside, NULL, &e), e);
    test_store_close(&t);
}
STORE_TEST(stops_early)

static void several_cursors(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    struct cursor *a, *b;
    const struct val *row;
    int n;
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    struct db *d = test_db(&t, DB_READ), *other = test_db(&t, DB_READ);
    for (int i = 0; i < 5; i++) {
        struct val v[] = { val_int(1), val_int(i), val_int(i), val_null(), val_null() };
        assert_ok(sample_do(t.store, THING_ADD, v, 5, &e), e);
    }
    struct stmt composed = stmt_composed(STMT_ADMIN, "select id from thing order by id");
    assert_ok(cursor_open(&a, d, &composed, NULL, 0, &e), e);
    if (engine == ENGINE_POSTGRES) {
        assert_err(cursor_open(&b, d, &composed, NULL, 0, &e), e, ERR_INTERNAL);
        assert_ok(cursor_open(&b, other, &composed, NULL, 0, &e), e);
    } else {
        assert_ok(cursor_open(&b, d, &composed, NULL, 0, &e), e);
    }
    for (int i = 0; i < 5; i++) { /* in step, and the one does not move the other */
        assert_ok(cursor_next(a, &row, &n, &e), e);
        assert_int_equal(row[0].i, i);
        if (i % 2) continue;
        assert_ok(cursor_next(b, &row, &n, &e), e);
        assert_int_equal(row[0].i, i / 2);
    }
    assert_ok(cursor_next(a, &row, &n, &e), e);
    assert_null(row);
    assert_ok(cursor_next(a, &row, &n, &e), e);
    assert_null(row);
    cursor_close(a);
    cursor_close(b);
    test_store_close(&t);
}
STORE_TEST(several_cursors)

/* More composed statements than the cache holds, each right, the old ones too. */
static void composed_statements_come_and_go(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    test_store_open(&t, engine, NULL, 0);
    struct db *d = test_db(&t, DB_READ);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++) {
            char sql[80];
            int64_t out;
            struct val v = val_int(round);
            snprintf(sql, sizeof sql, "select cast(?1 as bigint) + %d", i);
            struct stmt s = stmt_composed(STMT_ADMIN, sql);
            assert_ok(db_int(d, &s, &v, 1, &out, NULL, &e), e);
            assert_int_equal(out, round + i);
        }
    }
    test_store_close(&t);
}
STORE_TEST(composed_statements_come_and_go)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(streams_in_constant_memory), STORE_TESTS(stops_early),
        STORE_TESTS(several_cursors), STORE_TESTS(composed_statements_come_and_go),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
