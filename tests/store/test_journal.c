#include "sample.h"
#include "tamper.h"

#include "store/journal.h"

#define ENTRIES 6

static bool add_entries(struct tx *tx, void *arg, struct err *e)
{
    (void)arg;
    for (int i = 0; i < ENTRIES; i++) {
        struct val image[] = { val_int(653224), val_int(100 + i), val_null(), val_text("阿丽亚"),
                               val_blob("\0\1", 2) };
        struct journal_entry j = {
            .kind = i % 2 ? JOURNAL_UPDATE : JOURNAL_INSERT, .table = 7, .county = 653224 + i % 3,
            .id = 100 + i, .before = i % 2 ? -5 : 0, .after = 1000 + i, .actor = 42,
            .body = i == 4 ? "what was done" : NULL, .body_n = i == 4 ? 13 : 0,
            .image = i % 2 ? image : NULL, .image_n = i % 2 ? 5 : 0,
        };
        if (!journal_add(tx, &j, e)) return false;
    }
    return true;
}

struct told { int n; char all[4000]; };

static void tell(void *arg, const char *sentence)
{
    struct told *t = arg;
    size_t used = strlen(t->all);
    t->n++;
    snprintf(t->all + used, sizeof t->all - used, "%s\n", sentence);
}

static int64_t verify(struct test_store *t, const char *against, struct told *told)
{
    struct err e = { 0 };
    struct faults faults = { tell, told, 0 };
    struct db *d;
    *told = (struct told){ 0 };
    assert_ok(store_connect(t->store, DB_READ, &d, &e), e);
    assert_ok(journal_verify(d, against, &faults, &e), e);
    assert_int_equal(faults.n, told->n);
    db_close(d);
    return faults.n;
}

static bool look(void *arg, const struct journal_row *j, struct err *e)
{
    int *n = arg;
    (void)e;
    int i = *n % ENTRIES;
    assert_int_equal(j->seq, *n + 1);
    assert_int_equal(j->county, 653224 + i % 3);
    assert_int_equal(j->id, 100 + i);
    assert_int_equal(j->actor, 42);
    assert_int_equal(j->table, 7);
    assert_int_equal(j->after, 1000 + i);
    assert_int_equal(j->body_n, i == 4 ? 13 : 0);
    ++*n;
    return true;
}

static bool count(void *arg, const struct journal_row *j, struct err *e)
{
    (void)j, (void)e;
    ++*(int *)arg;
    return true;
}

static void keeps_the_trail(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    struct told told;
    struct arena a = { 0 };
    struct val *row;
    int n = 0, cols;
    test_store_open(&t, engine, NULL, 0);
    struct db *d = test_db(&t, DB_READ);
    assert_int_equal(verify(&t, NULL, &told), 0);
    for (int i = 0; i < 3; i++) assert_ok(store_write(t.store, add_entries, NULL, &e), e);
    assert_ok(journal_walk(d, look, &n, &e), e);
    assert_int_equal(n, 3 * ENTRIES);
    n = 0;
    assert_ok(journal_of(d, 7, 653225, 101, count, &n, &e), e);
    assert_int_equal(n, 3);
    assert_ok(journal_image(d, 0, 2, 653225, &a, &row, &cols, &e), e);
    assert_int_equal(cols, 5);
    assert_int_equal(row[1].i, 101);
    assert_true(val_is_null(row[2]));
    assert_memory_equal(row[3].p, "阿丽亚", 9);
    assert_int_equal(row[4].n, 2);
    assert_ok(journal_image(d, 0, 1, 653224, &a, &row, &cols, &e), e);
    assert_int_equal(cols, 0);
    assert_int_equal(verify(&t, NULL, &told), 0);
    tamper(&t, engine == ENGINE_SQLITE ? "update image set body = x'' where seq = 2"
                                       : "update image set body = '' where seq = 2");
    assert_int_equal(verify(&t, NULL, &told), 0); /* erased, as it may be */
    assert_ok(journal_image(d, 0, 2, 653225, &a, &row, &cols, &e), e);
    assert_int_equal(cols, 0);
    tamper(&t, "delete from image where seq = 2");
    assert_int_equal(verify(&t, NULL, &told), 1);
    assert_non_null(strstr(told.all, "image: what entry 2 of writer 0 kept of entity 7, county "
                           "653225, id 101 is gone"));
    arena_free(&a);
    test_store_close(&t);
}
STORE_TEST(keeps_the_trail)

/* Each kind of byte in the journal and beside it: changed, found, and named once. */
static void names_what_was_changed(enum engine engine)
{
    static const struct { const char *sql, *pg, *says; } cases[] = {
        { "update journal set recorded = recorded + 1 where seq = 9", NULL,
          "journal: entry 9 of writer 0 was changed (entity 7, county 653226, id 102)" },
        { "update journal set actor = 43 where seq = 9", NULL, "entry 9 of writer 0 was changed" },
        { "update journal set kind = 2 where seq = 9", NULL, "entry 9 of writer 0 was changed" },
        { "update journal set entity = 8 where seq = 9", NULL, "entry 9 of writer 0 was changed" },
        { "update journal set id = 1 where seq = 9", NULL, "entry 9 of writer 0 was changed" },
        { "update journal set county = 1 where seq = 9", NULL, "entry 9 of writer 0 was changed" },
        { "update journal set before_digest = 1 where seq = 9", NULL, "entry 9 of writer 0 was" },
        { "update journal set after_digest = 1 where seq = 9", NULL, "entry 9 of writer 0 was" },
        { "update journal set body = x'00' where seq = 11", "update journal set body = '\\x00' "
          "where seq = 11", "entry 11 of writer 0 was changed" },
        { "update journal set body = null where seq = 11", NULL, "entry 11 of writer 0 was" },
        { "update journal set body = x'' where seq = 9",
          "update journal set body = '' where seq = 9", "entry 9 of writer 0 was" },
        { "update journal set image = hash where seq = 9", NULL, "entry 9 of writer 0 was" },
        { "update journal set hash = zeroblob(32) where seq = 9", "update journal set hash = "
          "decode(repeat('00', 32), 'hex') where seq = 9", "entry 9 of writer 0 was changed" },
        { "update journal set hash = x'00' where seq = 9", "update journal set hash = '\\x00' "
          "where seq = 9", "entry 9 of writer 0 holds a value of a wrong type" },
        { "update journal set seq = 40 where seq = 9", NULL, "entry 9 of writer 0 is missing" },
        { "update journal set writer = 5 where seq = 9", NULL, "entry 9 of writer 0 is missing" },
        { "delete from journal where seq = 9", NULL, "entry 9 of writer 0 is missing" },
        { "delete from journal where seq < 4", NULL, "entries 1 to 3 of writer 0 are missing" },
        { "delete from journal where seq > 10", NULL,
          "writer 0 ends at entry 10, and 18 were written: its tail was cut" },
        { "update image set body = x'0000' where seq = 10", "update image set body = '\\x0000' "
          "where seq = 10",
          "image: what entry 10 of writer 0 kept of entity 7, county 653224, id 103 was changed" },
        { "insert into image (county, writer, seq, body) values (1, 0, 9, x'00')",
          "insert into image (county, writer, seq, body) values (1, 0, 9, '\\x00')",
          "image: one of writer 0, entry 9, county 1 belongs to no entry" },
        { "update writer set hash = zeroblob(32)", "update writer set hash = "
          "decode(repeat('00', 32), 'hex')", "the head of writer 0 is not the hash" },
        { "update writer set seq = 17", NULL, "the head of writer 0 is entry 17" },
        { "update writer set last_id = last_id + 1", NULL,
          "the row of writer 0 was changed outside the program" },
        { "update writer set recorded = recorded + 1", NULL,
          "the row of writer 0 was changed outside the program" },
        { "delete from writer", NULL, "writer 0 has a journal, and no row of its own" },
        { "update setting set value = '60' where name = 'zone'", NULL,
          "setting: zone was changed outside the program" },
        { "delete from setting where name = 'zone'", NULL, "setting: settings were removed" },
        { "delete from setting where name = 'seal.setting'", NULL,
          "setting: settings were removed" },
        { "delete from setting where name = 'seal.load'", NULL,
          "load: the setting that counts its rows is missing" },
        { "insert into load (number, state, started, actor, files, seal) values (1, 1, 2, 0, 'a', "
          "3)", NULL, "load, number 1: the row" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct test_store t;
        struct err e = { 0 };
        struct told told;
        test_store_open(&t, engine, NULL, 0);
        for (int k = 0; k < 3; k++) assert_ok(store_write(t.store, add_entries, NULL, &e), e);
        tamper(&t, engine == ENGINE_POSTGRES && cases[i].pg ? cases[i].pg : cases[i].sql);
        int64_t faults = verify(&t, NULL, &told);
        if (faults < 1 || !strstr(told.all, cases[i].says))
            fail_msg("%s:\n%s", cases[i].sql, told.all);
        bool one = strstr(cases[i].says, "was changed") || strstr(cases[i].says, "belongs");
        if (one && faults != 1) fail_msg("%s:\n%s", cases[i].sql, told.all);
        test_store_close(&t);
    }
}
STORE_TEST(names_what_was_changed)

/* A tail cut with the writer's row set back to fit is seen only by who kept the heads. */
static void heads_find_a_cut_tail(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    struct told told;
    struct buf early, late;
    test_store_open(&t, engine, NULL, 0);
    buf_init(&early, 1 << 16);
    buf_init(&late, 1 << 16);
    struct db *d = test_db(&t, DB_READ);
    assert_ok(store_write(t.store, add_entries, NULL, &e), e);
    assert_ok(journal_heads(d, &early, &e), e);
    tamper(&t, "create table kept as select * from writer");
    assert_ok(store_write(t.store, add_entries, NULL, &e), e);
    assert_ok(journal_heads(d, &late, &e), e);
    assert_int_equal(verify(&t, early.p, &told), 0);
    assert_int_equal(verify(&t, late.p, &told), 0);
    assert_err(journal_verify(d, "0 six abc\n", &(struct faults){ 0 }, &e), e, ERR_INVALID);
    tamper(&t, "delete from journal where seq > 6");
    tamper(&t, "update writer set seq = 6, hash = (select hash from journal where seq = 6)");
    tamper(&t, "delete from image where seq > 6");
    assert_int_equal(verify(&t, NULL, &told), 1); /* the seal is of another head */
    tamper(&t, "update writer set last_id = (select last_id from kept), seal = (select seal from "
           "kept), recorded = (select recorded from kept)");
    assert_int_equal(verify(&t, NULL, &told), 0);
    assert_int_equal(verify(&t, early.p, &told), 0);
    assert_int_equal(verify(&t, late.p, &told), 1);
    assert_non_null(strstr(told.all, "entry 12 of writer 0, named in the heads, is not there"));
    test_store_reopen(&t, NULL); /* the chain goes on from the cut, with other entries */
    for (int i = 0; i < 2; i++) assert_ok(store_write(t.store, add_entries, NULL, &e), e);
    assert_int_equal(verify(&t, late.p, &told), 1);
    assert_non_null(strstr(told.all, "entry 12 of writer 0 is not the one that the heads name"));
    buf_free(&early);
    buf_free(&late);
    test_store_close(&t);
}
STORE_TEST(heads_find_a_cut_tail)

static bool add_and_fail(struct tx *tx, void *arg, struct err *e)
{
    return add_entries(tx, arg, e) && err_set(e, ERR_INVALID, "no");
}

/* Two writing connections have a chain each, and a rolled back transaction leaves no trace. */
static void each_writer_has_its_chain(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    struct told told;
    struct buf heads;
    test_store_open(&t, engine, NULL, 0);
    struct db *a = test_db(&t, DB_WRITE), *b = test_db(&t, DB_WRITE);
    for (int i = 0; i < 3; i++) {
        assert_ok(db_write(a, add_entries, NULL, &e), e);
        assert_err(db_write(b, add_and_fail, NULL, &e), e, ERR_INVALID);
        assert_ok(db_write(b, add_entries, NULL, &e), e);
    }
    assert_int_equal(verify(&t, NULL, &told), 0);
    buf_init(&heads, 1 << 16);
    assert_ok(journal_heads(test_db(&t, DB_READ), &heads, &e), e);
    assert_non_null(strstr(heads.p, "0 18 "));
    assert_non_null(strstr(heads.p, "1 18 "));
    buf_free(&heads);
    test_store_close(&t);
}
STORE_TEST(each_writer_has_its_chain)

/* What no row shows, a changed byte in an index, the check of the file names. */
static void finds_a_damaged_index(void **state)
{
    struct test_store t;
    struct err e = { 0 };
    struct told told;
    sqlite3 *c;
    sqlite3_stmt *q;
    (void)state;
    test_store_open(&t, ENGINE_SQLITE, sample_tables, SAMPLE_TABLES);
    struct val v[] = { val_int(1), val_int(7000), val_int(7000), val_null(), val_null() };
    assert_ok(sample_do(t.store, THING_ADD, v, 5, &e), e);
    test_store_reopen(&t, NULL);
    assert_int_equal(verify(&t, NULL, &told), 0);
    assert_int_equal(sqlite3_open(t.path, &c), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(c, "select rootpage from sqlite_schema where name = "
                                        "'thing_county_amount_idx'", -1, &q, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    long page = sqlite3_column_int(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(c);
    FILE *f = fopen(t.path, "r+");
    assert_non_null(f);
    fseek(f, page * 8192 - 1, SEEK_SET);
    fputc(0x7f, f);
    fclose(f);
    assert_true(verify(&t, NULL, &told) > 0);
    assert_non_null(strstr(told.all, "thing_county_amount_idx"));
    test_store_close(&t);
}

static bool take_id(struct tx *tx, void *arg, struct err *e)
{
    *(int64_t *)arg = tx_id(tx);
    return add_entries(tx, NULL, e);
}

/* A lease that ran out is taken over with its chain; who held it before takes another number. */
static void a_lease_runs_out(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    struct told told;
    int64_t at = INT64_C(1790000000000000), a_id, b_id, last;
    struct store_options opt = { .clock = clock_fixed(&at) };
    test_store_open_with(&t, engine, &opt, NULL, 0);
    struct db *a = test_db(&t, DB_WRITE), *b = test_db(&t, DB_WRITE);
    assert_ok(db_write(a, take_id, &a_id, &e), e);
    at += INT64_C(599000000);
    assert_ok(db_write(a, take_id, &last, &e), e); /* writing renews it */
    at += INT64_C(599000000);
    assert_ok(db_write(b, take_id, &b_id, &e), e);
    assert_int_equal(id_writer(b_id), 1);
    at += INT64_C(601000000);
    struct db *c = test_db(&t, DB_WRITE);
    assert_ok(db_write(c, take_id, &b_id, &e), e);
    assert_int_equal(id_writer(b_id), 0);
    assert_true(b_id > last);
    assert_ok(db_write(a, take_id, &a_id, &e), e);
    assert_int_not_equal(id_writer(a_id), 0);
    assert_int_equal(verify(&t, NULL, &told), 0);
    test_store_close(&t);
}
STORE_TEST(a_lease_runs_out)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(keeps_the_trail), STORE_TESTS(names_what_was_changed),
        cmocka_unit_test(finds_a_damaged_index), STORE_TESTS(a_lease_runs_out),
        STORE_TESTS(heads_find_a_cut_tail), STORE_TESTS(each_writer_has_its_chain),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
