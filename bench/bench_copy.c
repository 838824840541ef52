/* bench_copy: a store of so many rows copied from SQLite to PostgreSQL and from there to SQLite,
 * each with its proof, and backed up. Rows a second by the clock on the wall.
 *
 *   bench_copy ROWS DIRECTORY [postgresql://...]     the database is made; it must not be there */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "store/backup.h"

#define COLUMNS 8
#define RUN 1000

static const struct column columns[COLUMNS] = {
    { "county", COL_INT, true }, { "id", COL_INT, true }, { "village", COL_INT, true },
    { "household", COL_INT, true }, { "title", COL_TEXT, true }, { "born", COL_INT, false },
    { "trade", COL_TEXT, false }, { "digest", COL_INT, true },
};
static const char *const indexes[] = { "county, household", NULL };
static const struct table person = { .name = "person", .reach = REACH_COUNTY, .cols = columns,
                                     .n = COLUMNS, .key = "county, id", .indexes = indexes };
static const struct table *const tables[] = { &person };
static const struct stmt add = { "add_person", STMT_ROUTER,
    "insert into person (county, id, village, household, title, born, trade, digest) "
    "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", NULL };

static void need(bool ok, const struct err *e)
{
    if (ok) return;
    fprintf(stderr, "%s\n", e->message);
    exit(1);
}

static bool add_rows(struct tx *tx, void *arg, struct err *e)
{
    static struct val v[RUN * COLUMNS];
    int64_t rows = *(int64_t *)arg;
    for (int64_t i = 0; i < rows; i += RUN) {
        size_t n = 0;
        for (; n < RUN && i + (int64_t)n < rows; n++) {
            struct val *r = v + n * COLUMNS;
            int64_t k = i + (int64_t)n;
            r[0] = val_int(653200 + k / 20000);
            r[1] = val_int((INT64_C(300) << 50) + k);
            r[2] = val_int(653224103222 + k / 400);
            r[3] = val_int((INT64_C(200) << 50) + k / 4);
            r[4] = val_text("阿丽亚·买买提");
            r[5] = val_int(-3000 + k % 20000);
            r[6] = k % 3 ? val_null() : val_text("wool");
            r[7] = val_int(k * 7919);
        }
        if (!tx_exec_many(tx, &add, v, COLUMNS, n, NULL, e)) return false;
    }
    return true;
}

static double since(int64_t start)
{
    return (double)(clock_ticks() - start) / 1e9;
}

static void print(const char *what, int64_t rows, double seconds)
{
    printf("%-34s %9lld rows %7.2f s %10.0f rows/s\n", what, (long long)rows, seconds,
           (double)rows / seconds);
}

static void copy(const char *name, const char *from, const char *to)
{
    struct err e = { 0 };
    struct store *s;
    struct copy *c;
    struct faults faults = { 0 };
    char what[64];
    need(store_open(&s, from, NULL, &e), &e);
    int64_t start = clock_ticks();
    need(copy_open(&c, s, to, tables, 1, &e), &e);
    need(copy_rows(c, NULL, &e), &e);
    struct copy_report r = copy_report(c);
    snprintf(what, sizeof what, "%s, copy", name);
    print(what, r.rows, since(start));
    start = clock_ticks();
    need(copy_prove(c, NULL, &faults, &e), &e);
    snprintf(what, sizeof what, "%s, read back", name);
    print(what, r.rows, since(start));
    need(copy_finish(c, &e), &e);
    if (faults.n) printf("%lld differences\n", (long long)faults.n);
    copy_close(c);
    store_close(s);
}

static void backup(const char *from, const char *to, int64_t rows)
{
    struct err e = { 0 };
    struct store *s;
    struct db *d;
    struct part_file part;
    need(store_open(&s, from, NULL, &e) && store_connect(s, DB_READ, &d, &e), &e);
    int64_t start = clock_ticks();
    need(part_file_open(&part, to, false, &e) && db_begin_read(d, &e) &&
         backup_pages(d, part.part, NULL, &e) && part_file_place(&part, &e), &e);
    print("SQLite, backup", rows, since(start));
    part_file_close(&part, false);
    db_close(d);
    store_close(s);
}

int main(int argc, char **argv)
{
    struct err e = { 0 };
    struct store *s;
    char first[500], second[500], third[500];
    if (argc < 3 || !digest_start()) return 2;
    int64_t rows = strtoll(argv[1], NULL, 10);
    snprintf(first, sizeof first, "%s/first.db", argv[2]);
    snprintf(second, sizeof second, "%s/second.db", argv[2]);
    snprintf(third, sizeof third, "%s/third.db", argv[2]);
    need(store_open(&s, first, &(struct store_options){ .create = true }, &e), &e);
    need(schema_create(s, tables, 1, &e) && store_write(s, add_rows, &rows, &e), &e);
    store_close(s);
    backup(first, third, rows);
    copy("SQLite to SQLite", first, second);
    if (argc < 4) return 0;
    snprintf(third, sizeof third, "%s/fourth.db", argv[2]);
    copy("SQLite to PostgreSQL", first, argv[3]);
    copy("PostgreSQL to SQLite", argv[3], third);
    return 0;
}
