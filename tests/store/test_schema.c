#include "sample.h"
#include "tamper.h"

#include <sys/stat.h>

static const struct column first_columns[] = {
    { "county", COL_INT, true }, { "id", COL_INT, true }, { "label", COL_TEXT, false },
};
static const struct column later_columns[] = {
    { "county", COL_INT, true }, { "id", COL_INT, true }, { "extra", COL_BLOB, false },
    { "label", COL_TEXT, false }, { "amount", COL_INT, false },
};
static const struct column strict_columns[] = {
    { "county", COL_INT, true }, { "id", COL_INT, true }, { "must", COL_INT, true },
};
static const struct column other_columns[] = {
    { "county", COL_INT, true }, { "id", COL_INT, true }, { "label", COL_INT, false },
};
static const char *const indexes[] = { "county, label",
    "county, amount, label, extra where amount is not null and id > 9", NULL };
static const char *const uniques[] = { "county, amount", NULL };
static const struct table first = { .name = "growing", .reach = REACH_COUNTY,
    .cols = first_columns, .n = 3, .key = "county, id" };
static const struct table later = { .name = "growing", .reach = REACH_COUNTY,
    .cols = later_columns, .n = 5, .key = "county, id", .indexes = indexes, .uniques = uniques };
static const struct table strict = { .name = "growing", .reach = REACH_COUNTY,
    .cols = strict_columns, .n = 3, .key = "county, id" };
static const struct table other = { .name = "growing", .reach = REACH_COUNTY,
    .cols = other_columns, .n = 3, .key = "county, id" };

static const struct stmt add_first = { "add_first", STMT_ROUTER,
    "insert into growing (county, id, label) values (?1, ?2, ?3)", NULL };
static const struct stmt add_later = { "add_later", STMT_ROUTER,
    "insert into growing (county, id, label, amount) values (?1, ?2, ?3, ?4)", NULL };
static const struct stmt count_all = { "count_all", STMT_ADMIN,
    "select count(*) from growing", NULL };

static bool run_with(struct store *s, const struct stmt *st, const struct val *v, int n,
                     struct err *e)
{
    struct sample_call c = { st, v, n, 0 };
    return store_write(s, sample_run, &c, e);
}

static void grows_by_what_is_missing(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    const struct table *one[] = { &first }, *two[] = { &later, &thing_table };
    int64_t n;
    test_store_open(&t, engine, one, 1);
    struct val v[] = { val_int(1), val_int(1), val_text("a"), val_int(5) };
    assert_ok(run_with(t.store, &add_first, v, 3, &e), e);
    struct row_key key = *store_row_key(t.store);
    for (int i = 0; i < 3; i++) assert_ok(schema_create(t.store, two, 2, &e), e);
    assert_memory_equal(&key, store_row_key(t.store), sizeof key);
    v[1] = val_int(2);
    assert_ok(run_with(t.store, &add_later, v, 4, &e), e);
    v[1] = val_int(3); /* the unique index that was added holds */
    assert_err(run_with(t.store, &add_later, v, 4, &e), e, ERR_CONFLICT);
    assert_ok(db_int(test_db(&t, DB_READ), &count_all, NULL, 0, &n, NULL, &e), e);
    assert_int_equal(n, 2);
    assert_int_equal(sample_count(test_db(&t, DB_READ)), 0);
    test_store_reopen(&t, NULL);
    assert_memory_equal(&key, store_row_key(t.store), sizeof key);
    assert_ok(schema_create(t.store, two, 2, &e), e);
    test_store_close(&t);
}
STORE_TEST(grows_by_what_is_missing)

static void leaves_migrations_to_migrations(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    const struct table *one[] = { &first }, *bad[] = { &strict }, *odd[] = { &other };
    test_store_open(&t, engine, one, 1);
    assert_err(schema_create(t.store, bad, 1, &e), e, ERR_INVALID);
    assert_non_null(strstr(e.message, "growing.must is missing"));
    assert_err(schema_create(t.store, odd, 1, &e), e, ERR_INVALID);
    assert_non_null(strstr(e.message, "growing.label is text"));
    assert_ok(schema_create(t.store, one, 1, &e), e);
    test_store_close(&t);
}
STORE_TEST(leaves_migrations_to_migrations)

static bool put(struct tx *tx, void *arg, struct err *e)
{
    const char *const *v = arg;
    return setting_put(tx, v[0], v[1], e);
}

static void keeps_settings(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    struct arena a = { 0 };
    const char *value, *pair[] = { "zone", "-210" }, *name[] = { "programme", "津和鄯善" };
    test_store_open(&t, engine, NULL, 0);
    assert_int_equal(store_zone(t.store), 480);
    assert_ok(store_write(t.store, put, pair, &e), e);
    assert_ok(store_write(t.store, put, name, &e), e);
    test_store_reopen(&t, NULL);
    assert_int_equal(store_zone(t.store), -210);
    assert_ok(setting_get(test_db(&t, DB_READ), "programme", &a, &value, &e), e);
    assert_string_equal(value, "津和鄯善");
    assert_ok(setting_get(test_db(&t, DB_READ), "nothing", &a, &value, &e), e);
    assert_null(value);
    arena_free(&a);
    test_store_close(&t);
}
STORE_TEST(keeps_settings)

static void refuses_a_newer_store(enum engine engine)
{
    struct test_store t;
    struct err e = { 0 };
    struct store *s;
    const char *newer[] = { "schema_version", "2" }, *back[] = { "schema_version", "1" };
    test_store_open(&t, engine, NULL, 0);
    assert_ok(store_write(t.store, put, newer, &e), e);
    assert_err(store_open(&s, t.url, NULL, &e), e, ERR_INVALID);
    assert_non_null(strstr(e.message, "newer Jiedui (schema 2, this one knows 1)"));
    assert_null(s);
    assert_ok(store_write(t.store, put, back, &e), e);
    assert_ok(store_open(&s, t.url, NULL, &e), e);
    store_close(s);
    test_store_close(&t);
}
STORE_TEST(refuses_a_newer_store)

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void knows_its_own_files(void **state)
{
    struct test_store t;
    struct err e = { 0 };
    struct store *s;
    struct stat st;
    char path[400];
    (void)state;
    test_store_place(&t, ENGINE_SQLITE);
    struct store_options make = { .create = true };
    assert_err(store_open(&s, t.path, NULL, &e), e, ERR_NOT_FOUND);
    assert_non_null(strstr(e.message, t.path));
    assert_int_not_equal(stat(t.path, &st), 0);
    write_file(t.path, "county,id\n653224,1\n653224,2\n");
    assert_err(store_open(&s, t.path, &make, &e), e, ERR_CORRUPT);
    unlink(t.path);
    sqlite3 *c;
    assert_int_equal(sqlite3_open(t.path, &c), SQLITE_OK);
    assert_int_equal(sqlite3_exec(c, "create table tasks (a)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(c);
    assert_err(store_open(&s, t.path, &make, &e), e, ERR_INVALID);
    assert_non_null(strstr(e.message, "is not a Jiedui store"));
    assert_err(store_open(&s, t.dir, &make, &e), e, ERR_INVALID);
    snprintf(path, sizeof path, "%s/no/such/folder.db", t.dir);
    assert_err(store_open(&s, path, &make, &e), e, ERR_NOT_FOUND);
    assert_non_null(strstr(e.message, path));
    assert_err(store_open(&s, "mysql://nowhere", &make, &e), e, ERR_USAGE);
    assert_err(store_open(&s, "", &make, &e), e, ERR_USAGE);
    assert_err(store_open(&s, "postgresql://a:secret@127.0.0.1:1/x", NULL, &e), e, ERR_BUSY);
    assert_null(strstr(e.message, "secret"));
    test_dir_remove(t.dir);
}

static void makes_private_files(void **state)
{
    struct test_store t;
    struct stat st;
    (void)state;
    test_store_open(&t, ENGINE_SQLITE, NULL, 0);
    assert_int_equal(stat(t.path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    test_store_close(&t);
}

static void writes_the_same_tables_for_both(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b, 1 << 16);
    schema_ddl(&b, ENGINE_SQLITE, 0, &later);
    assert_string_equal(b.p,
        "create table growing (county integer not null, id integer not null, extra blob, "
        "label text, amount integer, primary key (county, id)) strict, without rowid;\n"
        "create unique index growing_county_amount_key on growing (county, amount);\n"
        "create index growing_county_label_idx on growing (county, label);\n"
        "create index growing_county_amount_label_extra_where_amount_is_not_ae0baec5 on growing "
        "(county, amount, label, extra) where amount is not null and id > 9;\n");
    buf_clear(&b);
    schema_ddl(&b, ENGINE_POSTGRES, 2, &first);
    assert_string_equal(b.p,
        "create table growing (county bigint not null, id bigint not null, "
        "label text collate \"C\") partition by hash (county);\n"
        "create table growing_p0 partition of growing for values with (modulus 2, remainder 0);\n"
        "create table growing_p1 partition of growing for values with (modulus 2, remainder 1);\n"
        "alter table growing add primary key (county, id);\n");
    buf_free(&b);
}

static void makes_the_database(void **state)
{
    char url[600];
    struct store *s;
    struct err e = { 0 };
    unsigned char noise[6];
    char hex[13], drop[400];
    (void)state;
    if (!test_has_postgres()) skip();
    random_bytes(noise, sizeof noise);
    digest_hex(noise, sizeof noise, hex);
    const char *base = getenv("JIEDUI_TEST_PG"), *slash = strrchr(base, '/');
    snprintf(url, sizeof url, "%.*s/made_%s", (int)(slash - base), base, hex);
    assert_err(store_open(&s, url, NULL, &e), e, ERR_BUSY);
    assert_ok(store_open(&s, url, &(struct store_options){ .create = true }, &e), e);
    assert_ok(schema_create(s, NULL, 0, &e), e);
    store_close(s);
    assert_ok(store_open(&s, url, NULL, &e), e);
    store_close(s);
    snprintf(drop, sizeof drop, "psql -q '%s' -c 'drop database made_%s' 2>/dev/null", base, hex);
    FILE *p = popen(drop, "r");
    if (p) pclose(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(grows_by_what_is_missing), STORE_TESTS(leaves_migrations_to_migrations),
        STORE_TESTS(keeps_settings), STORE_TESTS(refuses_a_newer_store),
        cmocka_unit_test(knows_its_own_files), cmocka_unit_test(makes_private_files),
        cmocka_unit_test(writes_the_same_tables_for_both), cmocka_unit_test(makes_the_database),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
