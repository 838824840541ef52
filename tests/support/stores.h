/* stores: a fresh store for one test, on either engine, so that a suite runs on both.
 *
 *   static void keeps_rows(enum engine engine)
 *   {
 *       struct test_store t;
 *       test_store_open(&t, engine, tables, n_tables);
 *       ... t.store, test_db(&t, DB_READ) ...
 *       test_store_close(&t);
 *   }
 *   STORE_TEST(keeps_rows)
 *   int main(void)
 *   {
 *       const struct CMUnitTest tests[] = { STORE_TESTS(keeps_rows) };
 *       return test_store_main(tests, sizeof tests / sizeof *tests);
 *   }
 *
 * SQLite stores live in a temporary directory; PostgreSQL ones in a schema of their own in the
 * database named by JIEDUI_TEST_PG, and a test on PostgreSQL is skipped when that is not set. Both
 * are gone after test_store_close. */
#ifndef JD_TESTS_SUPPORT_STORES_H
#define JD_TESTS_SUPPORT_STORES_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/id.h"
#include "store/schema.h"
#include "store/store.h"

#define TEST_STORE_DBS 16
struct test_store {
    struct store *store;
    enum engine engine;
    char dir[200];          /* of the SQLite file, with no slash at its end */
    char path[256];         /* the SQLite file */
    char url[600];          /* opens this store again */
    char schema[40];        /* PostgreSQL's */
    struct db *dbs[TEST_STORE_DBS]; /* made by test_db, closed with the store */
    int n_dbs;
};

/* Both variants of one test, and their rows for the test table. */
#define STORE_TEST(fn) \
    static void fn##_sqlite(void **state) { (void)state; fn(ENGINE_SQLITE); } \
    static void fn##_postgres(void **state) \
    { \
        (void)state; \
        if (!test_has_postgres()) skip(); /* before anything is held */ \
        fn(ENGINE_POSTGRES); \
    }
#define STORE_TESTS(fn) cmocka_unit_test(fn##_sqlite), cmocka_unit_test(fn##_postgres)

/* Runs a table of tests, after what every program starts with. */
static inline int test_store_main(const struct CMUnitTest *tests, size_t n)
{
    if (!digest_start()) return 1;
    return _cmocka_run_group_tests("tests", tests, n, NULL, NULL);
}

/* assert_ok(call(..., &e), e) prints the message of a failed call;
 * assert_err(call(..., &e), e, ERR_X) wants that failure. */
#define assert_ok(call, e) \
    do { \
        if (!(call)) fail_msg("%s: %s", err_name((e).code), (e).message); \
    } while (0)
#define assert_err(call, e, want) \
    do { \
        if (call) fail_msg("%s: no failure", #call); \
        if ((e).code != (want)) fail_msg("%s: %s", err_name((e).code), (e).message); \
    } while (0)

static inline bool test_script(struct tx *tx, void *arg, struct err *e)
{
    struct stmt s = stmt_composed(STMT_ADMIN, arg);
    return tx_exec(tx, &s, NULL, 0, NULL, e);
}

/* Runs one statement in a transaction of its own, in the engine's own SQL. */
static inline void test_sql(struct store *s, const char *sql)
{
    struct err e = { 0 };
    char *copy = mem_strdup(sql);
    bool ok = store_write(s, test_script, copy, &e);
    free(copy);
    assert_ok(ok, e);
}

static inline bool test_has_postgres(void)
{
    const char *url = getenv("JIEDUI_TEST_PG");
    return url && *url;
}

/* Fills in where the store will be; skips the test when there is no PostgreSQL. */
static inline void test_store_place(struct test_store *t, enum engine engine)
{
    unsigned char noise[8];
    char hex[17];
    memset(t, 0, sizeof *t);
    t->engine = engine;
    if (engine == ENGINE_POSTGRES) {
        if (!test_has_postgres()) skip();
        const char *base = getenv("JIEDUI_TEST_PG");
        random_bytes(noise, sizeof noise);
        digest_hex(noise, sizeof noise, hex);
        snprintf(t->schema, sizeof t->schema, "t_%s", hex);
        snprintf(t->url, sizeof t->url, "%s%coptions=-csearch_path%%3D%s", base,
                 strchr(base, '?') ? '&' : '?', t->schema);
        return;
    }
    const char *tmp = getenv("TMPDIR");
    snprintf(t->dir, sizeof t->dir, "%s/jiedui-test.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(t->dir)) fail_msg("no temporary directory %s", t->dir);
    snprintf(t->path, sizeof t->path, "%s/store.db", t->dir);
    snprintf(t->url, sizeof t->url, "%s", t->path);
}

/* Opens an empty store with the store's own tables and the given ones. opt may be NULL; `create` is
 * set by itself. Fails the test when that does not work; 0 otherwise. */
static inline int test_store_open_with(struct test_store *t, enum engine engine,
                                       const struct store_options *opt,
                                       const struct table *const *tables, int n)
{
    struct err e = { 0 };
    struct store_options o = opt ? *opt : (struct store_options){ 0 };
    o.create = true;
    test_store_place(t, engine);
    assert_ok(store_open(&t->store, t->url, &o, &e), e);
    if (engine == ENGINE_POSTGRES) {
        char sql[80];
        snprintf(sql, sizeof sql, "create schema %s", t->schema);
        test_sql(t->store, sql);
    }
    assert_ok(schema_create(t->store, tables, n, &e), e);
    return 0;
}

static inline int test_store_open(struct test_store *t, enum engine engine,
                                  const struct table *const *tables, int n)
{
    return test_store_open_with(t, engine, NULL, tables, n);
}

/* A connection that test_store_close closes. */
static inline struct db *test_db(struct test_store *t, enum db_mode mode)
{
    struct err e = { 0 };
    struct db *d = NULL;
    assert_true(t->n_dbs < TEST_STORE_DBS);
    assert_ok(store_connect(t->store, mode, &d, &e), e);
    t->dbs[t->n_dbs++] = d;
    return d;
}

/* Closes the store and opens it again, as the next start of the program would. */
static inline void test_store_reopen(struct test_store *t, const struct store_options *opt)
{
    struct err e = { 0 };
    while (t->n_dbs > 0) db_close(t->dbs[--t->n_dbs]);
    store_close(t->store);
    t->store = NULL;
    assert_ok(store_open(&t->store, t->url, opt ? opt : &(struct store_options){ 0 }, &e), e);
}

static inline void test_dir_remove(const char *path)
{
    DIR *dir = opendir(path);
    if (!dir) return;
    for (struct dirent *f; (f = readdir(dir)) != NULL;) {
        char name[600];
        if (f->d_name[0] == '.') continue;
        snprintf(name, sizeof name, "%s/%s", path, f->d_name);
        unlink(name);
    }
    closedir(dir);
    rmdir(path);
}

/* A folder with folders of files in it. */
static inline void test_tree_remove(const char *path)
{
    DIR *dir = opendir(path);
    for (struct dirent *f; dir && (f = readdir(dir)) != NULL;) {
        char name[600];
        if (f->d_name[0] == '.') continue;
        snprintf(name, sizeof name, "%s/%s", path, f->d_name);
        test_dir_remove(name);
    }
    if (dir) closedir(dir);
    test_dir_remove(path);
}

static inline void test_store_close(struct test_store *t)
{
    while (t->n_dbs > 0) db_close(t->dbs[--t->n_dbs]);
    if (t->engine == ENGINE_POSTGRES) {
        char sql[80];
        snprintf(sql, sizeof sql, "drop schema if exists %s cascade", t->schema);
        if (t->store) test_sql(t->store, sql);
    }
    store_close(t->store);
    if (t->engine == ENGINE_SQLITE) test_dir_remove(t->dir);
    memset(t, 0, sizeof *t);
}

#endif
