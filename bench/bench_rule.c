/* A typical filter over rows in memory: one row at a time and in batches, beside SQLite scanning a
 * table of the same rows in memory with the same filter, prepared once.
 *   bench_rule [ROWS]              1,000,000 unless told
 * A line a rule: nanoseconds a row each way, and how many times SQLite's time that saves. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/random.h"
#include "rule/rule.h"

enum { STATE, AMOUNT, PERSONS, PAID, FOOD_OK, COLUMNS, TIMES = 5 };

static const struct rule_column columns[COLUMNS] = {
    [STATE] = { .name = "state", .type = RULE_CODE, .list = "fact_state" },
    [AMOUNT] = { .name = "amount", .type = RULE_INT, .scale = 2 },
    [PERSONS] = { .name = "persons", .type = RULE_INT, .max = 50 },
    [PAID] = { .name = "paid_on", .type = RULE_DATE },
    [FOOD_OK] = { .name = "food_ok", .type = RULE_BOOL },
};
static const struct rule_schema schema = { .cols = columns, .n = COLUMNS };

static const char *const rules[] = {
    "state = done and amount > 1000",
    "amount > 1000",
    "state in {committed, done} and paid_on in 2019-01-01 .. 2020-12-31 and not food_ok",
    "amount / persons < 4000 or known(paid_on) and year(paid_on) = 2020",
};

struct table { struct val *row, *col[COLUMNS]; size_t n; };

static void fill(struct table *t, size_t n)
{
    static const char *const states[] = { "planned", "committed", "done", "done" };
    struct random r;
    random_seed(&r, 1);
    t->n = n;
    t->row = calloc(n * COLUMNS, sizeof *t->row);
    for (int c = 0; c < COLUMNS; c++) t->col[c] = calloc(n, sizeof *t->col[c]);
    for (size_t i = 0; i < n; i++) {
        struct val *row = t->row + i * COLUMNS;
        row[STATE] = val_text(states[random_below(&r, 4)]);
        row[AMOUNT] = val_int(random_between(&r, 0, 400000));
        row[PERSONS] = val_int(random_between(&r, 1, 8));
        row[PAID] = val_int(random_between(&r, 17500, 18700));
        row[FOOD_OK] = val_int((int64_t)random_below(&r, 2));
        if (random_below(&r, 10) == 0) row[random_below(&r, COLUMNS)] = val_null();
        for (int c = 0; c < COLUMNS; c++) t->col[c][i] = row[c];
    }
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double by_row(const struct rule *r, const struct table *t, size_t *hits)
{
    double start = now();
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) n += rule_test(r, t->row + i * COLUMNS) == RULE_TRUE;
    *hits = n;
    return (now() - start) / (double)t->n;
}

static double by_batch(const struct rule *r, const struct table *t, unsigned char *out,
                       size_t *hits)
{
    const struct val *cols[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) cols[c] = t->col[c];
    double start = now();
    rule_test_columns(r, cols, t->n, out);
    double took = now() - start;
    *hits = 0;
    for (size_t i = 0; i < t->n; i++) *hits += out[i] == RULE_TRUE;
    return took / (double)t->n;
}

static void must(sqlite3 *db, int rc)
{
    if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW) return;
    fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static sqlite3 *peer_open(const struct table *t)
{
    sqlite3 *db;
    sqlite3_stmt *s;
    must(NULL, sqlite3_open(":memory:", &db));
    must(db, sqlite3_exec(db, "create table t (id integer primary key, state text, amount integer,"
                              " persons integer, paid_on integer, food_ok integer) strict; begin",
                          NULL, NULL, NULL));
    must(db, sqlite3_prepare_v2(db, "insert into t values (?, ?, ?, ?, ?, ?)", -1, &s, NULL));
    for (size_t i = 0; i < t->n; i++) {
        const struct val *row = t->row + i * COLUMNS;
        must(db, sqlite3_bind_int64(s, 1, (sqlite3_int64)i));
        for (int c = 0; c < COLUMNS; c++) {
            if (row[c].type == VAL_NULL) must(db, sqlite3_bind_null(s, c + 2));
            else if (row[c].type == VAL_INT) must(db, sqlite3_bind_int64(s, c + 2, row[c].i));
            else must(db, sqlite3_bind_text(s, c + 2, row[c].p, (int)row[c].n, SQLITE_STATIC));
        }
        must(db, sqlite3_step(s));
        must(db, sqlite3_reset(s));
    }
    sqlite3_finalize(s);
    must(db, sqlite3_exec(db, "commit", NULL, NULL, NULL));
    return db;
}

static double by_peer(sqlite3 *db, const struct rule *r, size_t rows, size_t *hits)
{
    struct buf b;
    sqlite3_stmt *s;
    buf_init(&b, 10000);
    buf_str(&b, "select count(*) from t where ");
    rule_sql(r, ENGINE_SQLITE, "", &b);
    must(db, sqlite3_prepare_v2(db, b.p, -1, &s, NULL));
    double start = now();
    must(db, sqlite3_step(s));
    double took = now() - start;
    *hits = (size_t)sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    buf_free(&b);
    return took / (double)rows;
}

static bool measure(const char *text, const struct table *t, sqlite3 *db, unsigned char *out)
{
    struct arena a = { 0 };
    struct rule *r;
    struct err e;
    double row = 1e9, batch = 1e9, peer = 1e9, took;
    size_t row_hits = 0, batch_hits = 0, peer_hits = 0;
    if (!rule_parse(&r, text, strlen(text), 1, 1, &schema, &a, &e)) {
        fprintf(stderr, "%s: %s\n", text, e.message);
        return false;
    }
    for (int i = 0; i < TIMES; i++) {
        if ((took = by_row(r, t, &row_hits)) < row) row = took;
        if ((took = by_batch(r, t, out, &batch_hits)) < batch) batch = took;
        if ((took = by_peer(db, r, t->n, &peer_hits)) < peer) peer = took;
    }
    printf("%s\n  row %.1f ns (%.1f x)  batch %.1f ns (%.1f x)  SQLite %.1f ns  %zu rows kept\n",
           text, row, peer / row, batch, peer / batch, peer, row_hits);
    arena_free(&a);
    if (row_hits == batch_hits && row_hits == peer_hits) return true;
    fprintf(stderr, "they differ: %zu, %zu, %zu rows\n", row_hits, batch_hits, peer_hits);
    return false;
}

int main(int argc, char **argv)
{
    struct table t;
    size_t n = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 1000000;
    bool ok = n > 0;
    if (!ok) return 2;
    fill(&t, n);
    unsigned char *out = malloc(n);
    sqlite3 *db = peer_open(&t);
    for (size_t i = 0; i < sizeof rules / sizeof *rules && ok; i++)
        ok = measure(rules[i], &t, db, out);
    sqlite3_close(db);
    free(out);
    free(t.row);
    for (int c = 0; c < COLUMNS; c++) free(t.col[c]);
    return ok ? 0 : 1;
}
