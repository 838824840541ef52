/* bench_insert: a million rows in one transaction through tx_exec and tx_exec_many, beside the bare
 * loop of bind, step and reset, and beside `sqlite3 .import` of the same rows as CSV into the same
 * table. CPU seconds, user and system.
 *
 *   bench_insert [ROWS] [DIRECTORY] [postgresql://...] */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/digest.h"
#include "store/schema.h"
#include "store/store.h"

#define COLUMNS 10
#define RUN 500

static const struct column columns[COLUMNS] = {
    { "county", COL_INT, true }, { "id", COL_INT, true }, { "village", COL_INT, true },
    { "household", COL_INT, true }, { "name", COL_TEXT, true }, { "number", COL_TEXT, true },
    { "sex", COL_INT, false }, { "born", COL_INT, false }, { "trade", COL_TEXT, false },
    { "digest", COL_INT, true },
};
static const char *const indexes[] = { "county, household", NULL };
static const struct table person = { .name = "person", .reach = REACH_COUNTY, .cols = columns,
                                     .n = COLUMNS, .key = "county, id", .indexes = indexes };
static const struct stmt add = { "add_person", STMT_ROUTER,
    "insert into person (county, id, village, household, name, number, sex, born, trade, digest) "
    "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", NULL };

static int64_t rows = 1000000;

static double cpu(int who)
{
    struct rusage u;
    getrusage(who, &u);
    return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

struct text { char number[20], name[16]; };

static void make_row(int64_t i, struct val v[COLUMNS], struct text *t)
{
    snprintf(t->number, sizeof t->number, "99%016lld", (long long)i);
    snprintf(t->name, sizeof t->name, "阿%03lld", (long long)(i % 1000));
    v[0] = val_int(653200 + i / 20000);
    v[1] = val_int((INT64_C(300) << 50) + i);
    v[2] = val_int(653224103222 + i / 400);
    v[3] = val_int((INT64_C(200) << 50) + i / 4);
    v[4] = val_text(t->name);
    v[5] = val_textn(t->number, 18);
    v[6] = val_int(1 + i % 2);
    v[7] = val_int(-3000 + i % 20000);
    v[8] = i % 3 ? val_null() : val_text("wool");
    v[9] = val_int(i * 7919);
}

static bool one_by_one(struct tx *tx, void *arg, struct err *e)
{
    struct val v[COLUMNS];
    struct text t;
    (void)arg;
    for (int64_t i = 0; i < rows; i++) {
        make_row(i, v, &t);
        if (!tx_exec(tx, &add, v, COLUMNS, NULL, e)) return false;
    }
    return true;
}

static bool in_runs(struct tx *tx, void *arg, struct err *e)
{
    static struct val v[RUN][COLUMNS];
    static struct text t[RUN];
    (void)arg;
    for (int64_t i = 0; i < rows;) {
        size_t n = 0;
        for (; n < RUN && i < rows; i++, n++) make_row(i, v[n], &t[n]);
        if (!tx_exec_many(tx, &add, v[0], COLUMNS, n, NULL, e)) return false;
    }
    return true;
}

static void remove_store(const char *path)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    char name[700];
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

static double through_store(const char *url, tx_fn *fn)
{
    const struct table *tables[] = { &person };
    struct store *s;
    struct err e = { 0 };
    if (!store_open(&s, url, &(struct store_options){ .create = true }, &e) ||
        !schema_create(s, tables, 1, &e)) {
        fprintf(stderr, "%s\n", e.message);
        exit(1);
    }
    double before = cpu(RUSAGE_SELF);
    if (!store_write(s, fn, NULL, &e)) {
        fprintf(stderr, "%s\n", e.message);
        exit(1);
    }
    double took = cpu(RUSAGE_SELF) - before;
    store_close(s);
    return took;
}

static sqlite3 *bare_open(const char *path)
{
    sqlite3 *c = NULL;
    struct buf ddl;
    buf_init(&ddl, 1 << 16);
    buf_str(&ddl, "pragma page_size=8192; pragma journal_mode=wal; pragma synchronous=full; "
                  "pragma cache_size=-65536; pragma wal_autocheckpoint=16384;");
    schema_ddl(&ddl, ENGINE_SQLITE, 0, &person);
    if (sqlite3_open_v2(path, &c, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK || sqlite3_exec(c, ddl.p, NULL, NULL, NULL) != SQLITE_OK)
        exit(1);
    buf_free(&ddl);
    return c;
}

static double bare_loop(const char *path)
{
    sqlite3 *c = bare_open(path);
    sqlite3_stmt *q;
    struct val v[COLUMNS];
    struct text t;
    sqlite3_prepare_v3(c, add.sql, -1, SQLITE_PREPARE_PERSISTENT, &q, NULL);
    double before = cpu(RUSAGE_SELF);
    sqlite3_exec(c, "begin immediate", NULL, NULL, NULL);
    for (int64_t i = 0; i < rows; i++) {
        make_row(i, v, &t);
        for (int k = 0; k < COLUMNS; k++) {
            if (v[k].type == VAL_INT) sqlite3_bind_int64(q, k + 1, v[k].i);
            else if (v[k].type == VAL_NULL) sqlite3_bind_null(q, k + 1);
            else sqlite3_bind_text(q, k + 1, v[k].p, (int)v[k].n, SQLITE_STATIC);
        }
        if (sqlite3_step(q) != SQLITE_DONE) exit(1);
        sqlite3_reset(q);
    }
    sqlite3_exec(c, "commit", NULL, NULL, NULL);
    double took = cpu(RUSAGE_SELF) - before;
    sqlite3_finalize(q);
    sqlite3_close(c);
    return took;
}

/* The shell's import, into the table as made above; writing the file is not counted. */
static double import(const char *path, const char *csv)
{
    struct val v[COLUMNS];
    struct text t;
    char command[1600];
    FILE *f = fopen(csv, "w");
    if (!f) exit(1);
    for (int64_t i = 0; i < rows; i++) {
        make_row(i, v, &t);
        for (int k = 0; k < COLUMNS; k++) {
            if (v[k].type == VAL_INT) fprintf(f, "%s%lld", k ? "," : "", (long long)v[k].i);
            else fprintf(f, "%s%.*s", k ? "," : "", v[k].p ? (int)v[k].n : 0, v[k].p ? v[k].p : "");
        }
        fputc('\n', f);
    }
    fclose(f);
    sqlite3_close(bare_open(path));
    snprintf(command, sizeof command, "sqlite3 '%s' 'pragma synchronous=full' 'pragma "
             "cache_size=-65536' '.mode csv' '.import %s person'", path, csv);
    double before = cpu(RUSAGE_CHILDREN);
    FILE *p = popen(command, "r");
    if (!p || pclose(p) != 0) return 0;
    return cpu(RUSAGE_CHILDREN) - before;
}

int main(int argc, char **argv)
{
    const char *dir = argc > 2 ? argv[2] : ".";
    char path[600], csv[600];
    if (argc > 1) rows = strtoll(argv[1], NULL, 10);
    if (rows < 1 || !digest_start()) return 2;
    snprintf(path, sizeof path, "%s/bench-insert-%d.db", dir, (int)getpid());
    snprintf(csv, sizeof csv, "%s/bench-insert-%d.csv", dir, (int)getpid());
    for (int i = 0; i < 2; i++) {
        double bare = bare_loop(path);
        remove_store(path);
        double one = through_store(path, one_by_one);
        remove_store(path);
        double runs = through_store(path, in_runs);
        remove_store(path);
        double shell = import(path, csv);
        remove_store(path);
        unlink(csv);
        printf("%lld rows, CPU s: bare loop %.2f, tx_exec %.2f (%.2f), tx_exec_many %.2f (%.2f), "
               "sqlite3 .import %.2f (%.2f)\n", (long long)rows, bare, one, one / bare, runs,
               runs / bare, shell, shell / bare);
        fflush(stdout);
    }
    if (argc > 3) printf("PostgreSQL, tx_exec_many: CPU of the client %.2f s\n",
                         through_store(argv[3], in_runs));
    return 0;
}
