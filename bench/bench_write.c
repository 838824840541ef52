/* bench_write: one small durable write with its journal entry, by many who wait for it, through the
 * group-committing writer; beside it a bare program that writes the same row and the same journal
 * bytes with SQLite alone through a queue of the same shape, without a chain, digests, ids or any
 * check. fsync is on in both.
 *
 *   bench_write [SECONDS] [CLIENTS] [DIRECTORY] [postgresql://...]
 *
 * Two commands are measured: one that writes a row and its journal entry through the store alone, and
 * one that goes the whole way of an entity (checks, home, digest, claims, journal, and the cells of two
 * figures in 24,000 villages). The bare program writes the same row and journal bytes in both, and
 * no cells. Prints rate, p50 and p99 of each, and the ratio of the best rates. With a URL the store
 * is also measured there (without a peer). */
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/digest.h"
#include "entity/load.h"
#include "figure/figure.h"
#include "store/journal.h"
#include "store/schema.h"
#include "store/store.h"

#define MAX_CLIENTS 1024
#define ROUNDS 3
#define BATCH 256

static const struct column columns[] = {
    { "county", COL_INT, true }, { "id", COL_INT, true }, { "household", COL_INT, true },
    { "day", COL_INT, true }, { "amount", COL_INT, true }, { "note", COL_TEXT, false },
    { "digest", COL_INT, true },
};
static const struct table visit = { .name = "visit", .reach = REACH_COUNTY, .cols = columns, .n = 7,
                                    .key = "county, id" };
static const struct stmt add_visit = { "add_visit", STMT_ROUTER,
    "insert into visit (county, id, household, day, amount, note, digest) "
    "values (?1, ?2, ?3, ?4, ?5, ?6, ?7)", NULL };
static const char add_journal[] =
    "insert into journal (county, writer, seq, recorded, actor, kind, entity, id, before_digest, "
    "after_digest, body, image, hash) values (?1, 0, ?2, ?3, 1, 1, 9, ?4, 0, ?5, null, null, ?6)";
static const char note[] = "探访：本月工资已发放";

/* The same as an entity, with two figures. */
#define LABELS(e, z) .en = e, .zh = z, .help_en = e ".", .help_zh = z "。"
static const struct field help_fields[] = {
    { .name = "place", LABELS("Village", "村"), .type = F_PLACE, .flags = F_REQUIRED | F_HOME },
    { .name = "number", LABELS("Number", "编号"), .type = F_INT, .flags = F_REQUIRED | F_KEY },
    { .name = "visited_on", LABELS("Day", "日期"), .type = F_DATE },
    { .name = "amount", LABELS("Amount", "金额"), .type = F_MONEY, .max = 100000000000 },
    { .name = "remark", LABELS("Remark", "备注"), .type = F_TEXT },
};
static const struct entity help_entity = { .name = "help", LABELS("Help", "帮扶"), .room = "bench",
    .number = 8, .reach = REACH_COUNTY, .flags = E_NO_SOURCE, .fields = help_fields, .n = 5 };
static const char help_figures[] =
    "figure visits\n unit visit\n count of help\n flow at visited_on\n"
    "figure visit_money\n unit yuan\n sum amount of help\n where amount > 0\n flow at visited_on\n";

struct world { struct codes *codes; struct model *model; const struct table_map *help; struct figures *figures; };

static bool world_open(struct world *w, struct err *e)
{
    static const char csv[] = "list,code,name_zh,name_en,source\n"
        "qualifier,eq,等于,exactly,b\nfact_state,done,完成,done,b\nbasis,recorded,记录,recorded,b\n"
        "confirmation,one_sided,单方,one-sided,b\n";
    static const struct entity *const entities[] = { &help_entity };
    if (!codes_read(&w->codes, csv, sizeof csv - 1, e) ||
        !model_open(&w->model, entities, 1, w->codes, NULL, e))
        return false;
    w->help = model_find(w->model, "help");
    return true;
}

static void help_row(const struct world *w, int64_t id, struct val *v)
{
    const struct table_map *m = w->help;
    int64_t county = 653200 + id % 40, village = id / 40 % 600;
    for (int i = 0; i <= m->columns; i++) v[i] = val_null();
    v[ROW_COUNTY] = val_int(county);
    v[ROW_ID] = val_int(id);
    v[ROW_LOAD] = v[ROW_DRAFT] = val_int(0);
    v[m->column[0]] = val_int(county * 1000000 + (100 + village / 50) * 1000 + 200 + village % 50);
    v[m->column[1]] = val_int(id % ENTITY_INT_MAX);
    v[m->column[2]] = val_int(18500 + id % 3);
    v[m->column[3]] = val_int(250000);
    v[m->column[4]] = val_textn(note, sizeof note - 1);
}

/* What is measured: a function that writes one row durably before it returns. */
struct side { bool (*write)(void *arg, int64_t n); void *arg; };
struct client {
    pthread_t thread;
    const struct side *side;
    int64_t until, *ns, n, cap, first;
    bool failed;
};

static void *run_client(void *arg)
{
    struct client *c = arg;
    for (int64_t now = clock_ticks(); now < c->until;) {
        if (!c->side->write(c->side->arg, c->first + c->n)) {
            c->failed = true;
            return NULL;
        }
        int64_t then = clock_ticks();
        if (c->n == c->cap) {
            c->cap = c->cap ? c->cap * 2 : 1024;
            c->ns = mem_grow(c->ns, (size_t)c->cap * sizeof *c->ns);
        }
        c->ns[c->n++] = then - now;
        now = then;
    }
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Writes a second; prints the line; the rate. */
static double measure(const char *name, const struct side *side, int clients, double seconds)
{
    static int64_t run = 0;
    struct client *c = mem_alloc(sizeof *c * (size_t)clients);
    int64_t start = clock_ticks(), total = 0, at = 0;
    run++;
    for (int i = 0; i < clients; i++) {
        c[i].side = side;
        c[i].until = start + (int64_t)(seconds * 1e9);
        c[i].first = (run << 44) + ((int64_t)i << 28);
        if (pthread_create(&c[i].thread, NULL, run_client, &c[i]) != 0) exit(1);
    }
    for (int i = 0; i < clients; i++) pthread_join(c[i].thread, NULL);
    double took = (double)(clock_ticks() - start) / 1e9;
    for (int i = 0; i < clients; i++) total += c[i].n;
    int64_t *all = mem_alloc(sizeof *all * (size_t)(total + 1));
    for (int i = 0; i < clients; i++) {
        if (c[i].failed) exit(1);
        if (c[i].n) memcpy(all + at, c[i].ns, (size_t)c[i].n * sizeof *all);
        at += c[i].n;
        free(c[i].ns);
    }
    qsort(all, (size_t)total, sizeof *all, by_value);
    double rate = (double)total / took;
    printf("%-18s %8.0f writes/s   p50 %6.2f ms   p99 %6.2f ms\n", name, rate,
           (double)all[total / 2] / 1e6, (double)all[total * 99 / 100] / 1e6);
    fflush(stdout);
    free(all);
    free(c);
    return rate;
}

/* The store's side. */
struct ours { struct store *store; struct writer *writer; struct world *world; };
struct command { struct ours *o; int64_t id; };

static bool command(struct tx *tx, void *arg, struct err *e)
{
    const struct command *c = arg;
    int64_t county = 653200 + c->id % 40;
    struct val v[7] = { val_int(county), val_int(c->id), val_int(c->id / 3), val_int(18500),
                        val_int(250000), val_textn(note, sizeof note - 1) };
    v[6] = val_int(row_digest(store_row_key(c->o->store), 9, v, 6));
    struct journal_entry j = { .kind = JOURNAL_INSERT, .table = 9, .county = county, .id = c->id,
                               .after = v[6].i, .actor = 1 };
    return journal_add(tx, &j, e) && tx_exec(tx, &add_visit, v, 7, NULL, e);
}

static bool counted_command(struct tx *tx, void *arg, struct err *e)
{
    const struct command *c = arg;
    struct val v[ENTITY_MAX_COLUMNS + 1];
    help_row(c->o->world, c->id, v);
    return row_insert(tx, c->o->world->model, c->o->world->help, v, e);
}

static bool ours_write(void *arg, int64_t n)
{
    struct command c = { arg, n };
    struct err e = { 0 };
    if (writer_run(c.o->writer, c.o->world ? counted_command : command, &c, &e)) return true;
    fprintf(stderr, "store: %s\n", e.message);
    return false;
}

/* The figures are installed and told of every row. */
static bool ours_count(struct ours *o, struct err *e)
{
    struct figure_source src = { "help.figure", help_figures, sizeof help_figures - 1 };
    struct db *d;
    if (!figures_install(o->store, o->world->model, &src, 1, e) ||
        !store_connect(o->store, DB_READ, &d, e))
        return false;
    bool ok = figures_from_store(&o->world->figures, d, o->world->model, e);
    db_close(d);
    if (ok) figures_observe(o->world->figures, o->world->model);
    return ok;
}

static bool ours_open(struct ours *o, const char *url)
{
    const struct table *tables[32] = { &visit };
    struct err e = { 0 };
    int n = 1;
    for (int i = 0; o->world && i < entity_table_count; i++) tables[n++] = &entity_tables[i];
    for (int i = 0; o->world && i < figure_table_count; i++) tables[n++] = &figure_tables[i];
    if (o->world) tables[n++] = &o->world->help->table;
    if (store_open(&o->store, url, &(struct store_options){ .create = true }, &e) &&
        schema_create(o->store, tables, n, &e) && (!o->world || ours_count(o, &e)) &&
        writer_open(&o->writer, o->store, &e))
        return true;
    fprintf(stderr, "store: %s\n", e.message);
    return false;
}

static void ours_close(struct ours *o)
{
    writer_close(o->writer);
    store_close(o->store);
}

/* The bare side: the same tables, a queue, one thread, SQLite. */
struct waiting { struct waiting *next; int64_t id; bool done; pthread_cond_t ready; };
struct bare {
    const struct world *world; /* NULL: the plain row */
    sqlite3 *c;
    sqlite3_stmt *visit, *journal;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct waiting *first, *last;
    int64_t seq;
    bool stop, failed;
};

static bool bare_rows(struct bare *b, int64_t id)
{
    static const unsigned char hash[32] = { 1, 2, 3 };
    int64_t county = 653200 + id % 40;
    struct val v[ENTITY_MAX_COLUMNS + 1] = { val_int(county), val_int(id), val_int(id / 3), val_int(18500),
        val_int(250000), val_textn(note, sizeof note - 1), val_int(id * 7919) };
    int n = 7;
    if (b->world) {
        help_row(b->world, id, v);
        n = b->world->help->columns + 1;
        v[ROW_RECORDED] = val_int(INT64_C(1790000000000000) + id);
        v[n - 1] = val_int(id * 7919);
    }
    for (int i = 0; i < n; i++) {
        if (v[i].type == VAL_INT) sqlite3_bind_int64(b->visit, i + 1, v[i].i);
        else if (v[i].type == VAL_TEXT)
            sqlite3_bind_text(b->visit, i + 1, v[i].p, (int)v[i].n, SQLITE_STATIC);
        else sqlite3_bind_null(b->visit, i + 1);
    }
    const int64_t j[] = { county, ++b->seq, INT64_C(1790000000000000) + b->seq, id, id * 7919 };
    for (int i = 0; i < 5; i++) sqlite3_bind_int64(b->journal, i + 1, j[i]);
    sqlite3_bind_blob(b->journal, 6, hash, sizeof hash, SQLITE_STATIC);
    bool ok = sqlite3_step(b->visit) == SQLITE_DONE && sqlite3_step(b->journal) == SQLITE_DONE;
    sqlite3_reset(b->visit);
    sqlite3_reset(b->journal);
    return ok;
}

static void *bare_work(void *arg)
{
    struct bare *b = arg;
    struct waiting *batch[BATCH];
    for (;;) {
        int n = 0;
        pthread_mutex_lock(&b->lock);
        while (!b->first && !b->stop) pthread_cond_wait(&b->wake, &b->lock);
        for (; b->first && n < BATCH; b->first = b->first->next) batch[n++] = b->first;
        pthread_mutex_unlock(&b->lock);
        if (n == 0) return NULL;
        bool ok = sqlite3_exec(b->c, "begin immediate", NULL, NULL, NULL) == SQLITE_OK;
        for (int i = 0; ok && i < n; i++) ok = bare_rows(b, batch[i]->id);
        ok = ok && sqlite3_exec(b->c, "commit", NULL, NULL, NULL) == SQLITE_OK;
        pthread_mutex_lock(&b->lock);
        b->failed |= !ok;
        for (int i = 0; i < n; i++) {
            batch[i]->done = true;
            pthread_cond_signal(&batch[i]->ready);
        }
        pthread_mutex_unlock(&b->lock);
    }
}

static bool bare_write(void *arg, int64_t n)
{
    struct bare *b = arg;
    struct waiting w = { .id = n };
    pthread_cond_init(&w.ready, NULL);
    pthread_mutex_lock(&b->lock);
    if (b->first) b->last->next = &w;
    else b->first = &w;
    b->last = &w;
    pthread_cond_signal(&b->wake);
    while (!w.done) pthread_cond_wait(&w.ready, &b->lock);
    bool ok = !b->failed;
    pthread_mutex_unlock(&b->lock);
    pthread_cond_destroy(&w.ready);
    return ok;
}

static bool bare_open(struct bare *b, const char *path)
{
    struct buf ddl;
    buf_init(&ddl, 1 << 16);
    buf_str(&ddl, "pragma busy_timeout=5000; pragma page_size=8192; pragma journal_mode=wal; "
                  "pragma synchronous=full; pragma cache_size=-65536; "
                  "pragma wal_autocheckpoint=16384;");
    schema_ddl(&ddl, ENGINE_SQLITE, 0, b->world ? &b->world->help->table : &visit);
    const char *insert = b->world ? b->world->help->stmts[ENTITY_INSERT].sql : add_visit.sql;
    for (int i = 0; i < store_table_count; i++)
        if (strcmp(store_tables[i].name, "journal") == 0)
            schema_ddl(&ddl, ENGINE_SQLITE, 0, &store_tables[i]);
    bool ok = sqlite3_open_v2(path, &b->c, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                              SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
              sqlite3_exec(b->c, ddl.p, NULL, NULL, NULL) == SQLITE_OK &&
              sqlite3_prepare_v3(b->c, insert, -1, SQLITE_PREPARE_PERSISTENT, &b->visit,
                                 NULL) == SQLITE_OK &&
              sqlite3_prepare_v3(b->c, add_journal, -1, SQLITE_PREPARE_PERSISTENT, &b->journal,
                                 NULL) == SQLITE_OK;
    buf_free(&ddl);
    if (!ok) fprintf(stderr, "bare: %s\n", sqlite3_errmsg(b->c));
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->wake, NULL);
    return ok && pthread_create(&b->thread, NULL, bare_work, b) == 0;
}

static void bare_close(struct bare *b)
{
    pthread_mutex_lock(&b->lock);
    b->stop = true;
    pthread_cond_signal(&b->wake);
    pthread_mutex_unlock(&b->lock);
    pthread_join(b->thread, NULL);
    sqlite3_finalize(b->visit);
    sqlite3_finalize(b->journal);
    sqlite3_close(b->c);
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

static int compare(const char *what, struct world *w, const char *dir, int clients, double seconds)
{
    struct ours o = { .world = w };
    struct bare b = { .world = w };
    char a_path[600], b_path[600];
    double ours_best = 0, bare_best = 0;
    snprintf(a_path, sizeof a_path, "%s/bench-store-%d.db", dir, (int)getpid());
    snprintf(b_path, sizeof b_path, "%s/bench-bare-%d.db", dir, (int)getpid());
    if (!ours_open(&o, a_path) || !bare_open(&b, b_path)) return 1;
    const struct side ours = { ours_write, &o }, bare = { bare_write, &b };
    for (int i = 0; i < ROUNDS; i++) {
        double x = measure("jiedui, SQLite", &ours, clients, seconds);
        double y = measure("bare SQLite", &bare, clients, seconds);
        if (x > ours_best) ours_best = x;
        if (y > bare_best) bare_best = y;
    }
    printf("%s, %d waiting writers, best of %d: jiedui / bare = %.2f (bar: 0.80)\n", what, clients,
           ROUNDS, ours_best / bare_best);
    ours_close(&o);
    bare_close(&b);
    remove_store(a_path);
    remove_store(b_path);
    return 0;
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 3;
    int clients = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 256;
    const char *dir = argc > 3 ? argv[3] : ".";
    if (seconds <= 0 || clients < 1 || clients > MAX_CLIENTS || !digest_start()) {
        fprintf(stderr, "usage: bench_write [SECONDS] [CLIENTS] [DIRECTORY] [postgresql://...]\n");
        return 2;
    }
    struct world w = { 0 };
    struct err e = { 0 };
    if (!world_open(&w, &e)) {
        fprintf(stderr, "model: %s\n", e.message);
        return 1;
    }
    if (compare("row and journal", NULL, dir, clients, seconds) != 0 ||
        compare("entity row, journal and cells", &w, dir, clients, seconds) != 0)
        return 1;
    figures_free(w.figures);
    model_close(w.model);
    codes_free(w.codes);
    if (argc <= 4) return 0;
    struct ours o = { 0 };
    if (!ours_open(&o, argv[4])) return 1;
    const struct side ours = { ours_write, &o };
    for (int i = 0; i < ROUNDS; i++) measure("jiedui, PostgreSQL", &ours, clients, seconds);
    ours_close(&o);
    return 0;
}
