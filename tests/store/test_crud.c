#include "sample.h"

#include <string.h>

struct seen { int rows; struct val row[5]; char text[64]; unsigned char bytes[64]; };

static bool keep_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct seen *s = arg;
    (void)e;
    assert_int_equal(n, 5);
    s->rows++;
    memcpy(s->row, row, sizeof s->row);
    if (row[3].type == VAL_TEXT && row[3].n < sizeof s->text) memcpy(s->text, row[3].p, row[3].n);
    if (row[4].type == VAL_BLOB && row[4].n < sizeof s->bytes) memcpy(s->bytes, row[4].p, row[4].n);
    return true;
}

static void keeps_every_type(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    struct db *d = test_db(&t, DB_READ);
    const struct val rows[][5] = {
        { val_int(653224), val_int(INT64_MAX), val_int(INT64_MIN), val_text("洛浦县"),
          val_blob("\0\1\377", 3) },
        { val_int(653224), val_int(2), val_null(), val_null(), val_null() },
        { val_int(653224), val_int(3), val_int(-1), val_text(""), val_blob("", 0) },
    };
    for (int i = 0; i < 3; i++) assert_ok(sample_do(t.store, THING_ADD, rows[i], 5, &e), e);
    for (int i = 0; i < 3; i++) {
        struct seen s = { 0 };
        assert_ok(db_query(d, &sample[THING_GET], rows[i], 2, keep_row, &s, &e), e);
        assert_int_equal(s.rows, 1);
        for (int c = 0; c < 5; c++) assert_int_equal(s.row[c].type, rows[i][c].type);
        assert_int_equal(s.row[1].i, rows[i][1].i);
        if (i != 1) assert_int_equal(s.row[2].i, rows[i][2].i);
        if (i != 1) assert_int_equal(s.row[3].n, rows[i][3].n);
        if (i == 0) assert_memory_equal(s.text, "洛浦县", 9);
        if (i == 0) assert_memory_equal(s.bytes, "\0\1\377", 3);
    }
    assert_int_equal(sample_count(d), 3);
    test_store_close(&t);
}
STORE_TEST(keeps_every_type)

static void keeps_long_values(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    size_t n = 3u << 20;
    char *big = mem_alloc(n);
    for (size_t i = 0; i < n; i++) big[i] = (char)('a' + i % 23);
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    test_sql(t.store, "drop index thing_county_label_key"); /* PostgreSQL's has a limit */
    struct val v[] = { val_int(1), val_int(1), val_null(), val_textn(big, n), val_blob(big, n) };
    assert_ok(sample_do(t.store, THING_ADD, v, 5, &e), e);
    struct cursor *c;
    const struct val *row;
    int cols;
    assert_ok(cursor_open(&c, test_db(&t, DB_READ), &sample[THING_GET], v, 2, &e), e);
    assert_ok(cursor_next(c, &row, &cols, &e), e);
    assert_non_null(row);
    assert_int_equal(row[3].n, n);
    assert_int_equal(row[4].n, n);
    assert_memory_equal(row[3].p, big, n);
    assert_memory_equal(row[4].p, big, n);
    cursor_close(c);
    free(big);
    test_store_close(&t);
}
STORE_TEST(keeps_long_values)

static void tells_what_changed(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    struct val v[] = { val_int(1), val_int(1), val_int(5), val_text("a"), val_null() };
    struct sample_call c = { &sample[THING_ONCE], v, 3, -1 };
    assert_ok(store_write(t.store, sample_run, &c, &e), e);
    assert_int_equal(c.changed, 1);
    assert_ok(store_write(t.store, sample_run, &c, &e), e);
    assert_int_equal(c.changed, 0);
    c.s = &sample[THING_AMOUNT];
    assert_ok(store_write(t.store, sample_run, &c, &e), e);
    assert_int_equal(c.changed, 1);
    v[1] = val_int(9);
    assert_ok(store_write(t.store, sample_run, &c, &e), e);
    assert_int_equal(c.changed, 0);
    v[1] = val_int(1);
    assert_ok(sample_do(t.store, THING_DROP, v, 2, &e), e);
    assert_int_equal(sample_count(test_db(&t, DB_READ)), 0);
    test_store_close(&t);
}
STORE_TEST(tells_what_changed)

/* The first call has NULLs, later ones every type: the statement is prepared for what comes. */
static void takes_null_before_a_value(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    bool found;
    int64_t sum;
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    struct db *d = test_db(&t, DB_READ);
    struct val v[] = { val_int(1), val_int(1), val_null(), val_null(), val_null() };
    assert_ok(sample_do(t.store, THING_ADD, v, 5, &e), e);
    struct val w[] = { val_int(1), val_int(2), val_int(INT64_C(1) << 40), val_text("b"),
                       val_blob("x", 1) };
    assert_ok(sample_do(t.store, THING_ADD, w, 5, &e), e);
    struct val q[] = { val_int(1), val_null() };
    assert_ok(db_int(d, &sample[THING_SUM], q, 2, &sum, &found, &e), e);
    assert_int_equal(sum, INT64_C(1) << 40);
    q[1] = val_text("c");
    assert_ok(db_int(d, &sample[THING_SUM], q, 2, &sum, &found, &e), e);
    assert_int_equal(sum, 0);
    static const struct stmt untyped = { "untyped", STMT_ADMIN,
        "select count(*) from thing where ?1 is null or amount + ?1 > 0 or ?1 + 1 > ?2", NULL };
    struct val u[] = { val_null(), val_null() };
    assert_ok(db_int(d, &untyped, u, 2, &sum, &found, &e), e);
    assert_int_equal(sum, 2);
    u[0] = val_int(INT64_C(1) << 41);
    u[1] = val_int(1);
    assert_ok(db_int(d, &untyped, u, 2, &sum, &found, &e), e);
    assert_int_equal(sum, 2);
    test_store_close(&t);
}
STORE_TEST(takes_null_before_a_value)

static bool add_many(struct tx *tx, void *arg, struct err *e)
{
    struct val v[3000][5];
    unsigned char changed[3000];
    int64_t *from = arg;
    for (int i = 0; i < 3000; i++) {
        v[i][0] = val_int(1);
        v[i][1] = val_int(*from + i);
        v[i][2] = i % 7 ? val_int(i) : val_null();
        v[i][3] = i % 5 ? val_null() : val_int(0);
        v[i][4] = i % 11 ? val_null() : val_blob("abc", 3);
        if (v[i][3].type == VAL_INT) v[i][3] = val_null();
    }
    if (!tx_exec_many(tx, &sample[THING_ADD], v[0], 5, 3000, changed, e)) return false;
    for (int i = 0; i < 3000; i++) assert_int_equal(changed[i], 1);
    return true;
}

static void writes_many_rows(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    int64_t from = 0;
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    struct db *d = test_db(&t, DB_READ), *w = test_db(&t, DB_WRITE);
    assert_ok(db_write(w, add_many, &from, &e), e);
    assert_int_equal(sample_count(d), 3000);
    from = 2999; /* its first row is there already: the whole transaction goes back */
    assert_err(db_write(w, add_many, &from, &e), e, ERR_CONFLICT);
    assert_int_equal(sample_count(d), 3000);
    from = 1000;
    assert_err(db_write(w, add_many, &from, &e), e, ERR_CONFLICT);
    from = 3000;
    assert_ok(db_write(w, add_many, &from, &e), e);
    assert_int_equal(sample_count(d), 6000);
    test_store_close(&t);
}
STORE_TEST(writes_many_rows)

#define ONCE 200
struct once { int64_t from; size_t rows; unsigned char changed[ONCE]; };

/* Every tenth row is the one before it again. */
static bool add_once(struct tx *tx, void *arg, struct err *e)
{
    struct once *o = arg;
    struct val v[ONCE][3];
    for (size_t i = 0; i < o->rows; i++) {
        v[i][0] = val_int(1);
        v[i][1] = val_int(o->from + (int64_t)i - (i % 10 == 9));
        v[i][2] = val_int((int64_t)i);
    }
    return tx_exec_many(tx, &sample[THING_ONCE], v[0], 3, o->rows, o->changed, e);
}

static void tells_which_of_many_went_in(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    static const size_t sizes[] = { 1, 15, 16, 17, ONCE };
    int64_t from = 0;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++, from += 1000) {
        struct once o = { .from = from, .rows = sizes[k] };
        int64_t before = sample_count(test_db(&t, DB_READ)), went_in = 0;
        assert_ok(store_write(t.store, add_once, &o, &e), e);
        for (size_t i = 0; i < o.rows; i++) {
            assert_int_equal(o.changed[i], i % 10 != 9);
            went_in += o.changed[i];
        }
        assert_int_equal(sample_count(test_db(&t, DB_READ)), before + went_in);
        memset(o.changed, 7, sizeof o.changed);
        assert_ok(store_write(t.store, add_once, &o, &e), e);
        for (size_t i = 0; i < o.rows; i++) assert_int_equal(o.changed[i], 0);
    }
    test_store_close(&t);
}
STORE_TEST(tells_which_of_many_went_in)

static void classifies_failures(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    struct val v[] = { val_int(1), val_int(1), val_int(5), val_text("a"), val_null() };
    assert_ok(sample_do(t.store, THING_ADD, v, 5, &e), e);
    assert_err(sample_do(t.store, THING_ADD, v, 5, &e), e, ERR_CONFLICT);
    v[1] = val_int(2);
    assert_err(sample_do(t.store, THING_ADD, v, 5, &e), e, ERR_CONFLICT); /* the label */
    v[1] = val_null();
    assert_err(sample_do(t.store, THING_ADD, v, 5, &e), e, ERR_INVALID);
    v[1] = val_int(3);
    assert_err(sample_do(t.store, THING_ADD, v, 4, &e), e, ERR_INTERNAL);
    static const struct stmt wrong[] = {
        { "no_table", STMT_ADMIN, "select a from nothing", NULL },
        { "no_class", 0, "select 1", NULL },
        { "no_number", STMT_ADMIN, "select id from thing where id = ?", NULL },
        { "writes_in_with", STMT_ADMIN,
          "with x as (delete from thing returning id) select id from x", NULL },
    };
    struct db *d = test_db(&t, DB_READ);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_err(db_prepare(d, &wrong[i], &e), e, ERR_INTERNAL);
        assert_non_null(strstr(e.message, wrong[i].name));
    }
    struct seen s = { 0 };
    assert_err(db_query(d, &sample[THING_ADD], v, 5, keep_row, &s, &e), e, ERR_FORBIDDEN);
    assert_err(db_query(test_db(&t, DB_WRITE), &sample[THING_ADD], v, 5, keep_row, &s, &e), e,
               ERR_INTERNAL);
    assert_int_equal(sample_count(d), 1);
    test_store_close(&t);
}
STORE_TEST(classifies_failures)

static bool swallow(struct tx *tx, void *arg, struct err *e)
{
    struct val v[] = { val_int(1), val_int(1), val_int(1) };
    struct err mine;
    (void)arg;
    if (!tx_exec(tx, &sample[POSTING_ADD], v, 3, NULL, e)) return false;
    if (tx_exec(tx, &sample[POSTING_ADD], v, 3, NULL, &mine)) return err_set(e, ERR_INTERNAL, "?");
    return true;
}

static void commits_nothing_after_a_failure(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    assert_err(store_write(t.store, swallow, NULL, &e), e, ERR_INTERNAL);
    struct val v[] = { val_int(1), val_int(1), val_int(1) };
    assert_ok(sample_do(t.store, POSTING_ADD, v, 3, &e), e);
    test_store_close(&t);
}
STORE_TEST(commits_nothing_after_a_failure)

static bool ids(struct tx *tx, void *arg, struct err *e)
{
    int64_t *out = arg, last = out[0];
    (void)e;
    for (int i = 0; i < 5000; i++) {
        int64_t id = tx_id(tx);
        assert_true(id > last);
        last = id;
    }
    out[0] = tx_ids(tx, 10000);
    assert_true(out[0] > last);
    for (int i = 1; i < 10000; i++) out[0] = id_step(out[0]);
    assert_true(tx_id(tx) > out[0]);
    return true;
}

/* The same clock, the same writer, a new process: the ids go on where they ended. */
static void ids_rise_over_restarts(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    int64_t at = INT64_C(1790000000000000), last = 0;
    struct store_options opt = { .clock = clock_fixed(&at) };
    test_store_open_with(&t, engine, &opt, sample_tables, SAMPLE_TABLES);
    for (int i = 0; i < 3; i++) {
        assert_ok(store_write(t.store, ids, &last, &e), e);
        test_store_reopen(&t, &opt);
        at -= 1000000;
    }
    assert_int_equal(id_writer(last), 0);
    test_store_close(&t);
}
STORE_TEST(ids_rise_over_restarts)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(keeps_every_type), STORE_TESTS(keeps_long_values),
        STORE_TESTS(tells_what_changed), STORE_TESTS(takes_null_before_a_value),
        STORE_TESTS(writes_many_rows), STORE_TESTS(tells_which_of_many_went_in),
        STORE_TESTS(classifies_failures),
        STORE_TESTS(commits_nothing_after_a_failure), STORE_TESTS(ids_rise_over_restarts),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
