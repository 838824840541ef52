/* bench_figure: how long a figure takes to read, and a row to be counted, whatever the number of
 * records: cells are built for 0.1, 1 and 10 million records over 20 years, 5 organisations and all
 * counties of a country of 2,978, and then asked for random places and periods. Beside it, on the
 * same records in a plain indexed table, the query a dashboard without cells would run.
 *
 *   bench_figure [DIRECTORY] [RECORDS...]     times in ms, inside the process */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/count.h"
#include "base/date.h"
#include "base/digest.h"
#include "base/random.h"
#include "entity/entity.h"
#include "entity/load.h"
#include "figure/figure.h"

#define COUNTIES 2978
#define VILLAGES 60        /* a county, in 12 townships */
#define ROWS_A_TRANSACTION 50000

static const char codes_csv[] = "list,code,name_zh,name_en,source\n"
    "qualifier,eq,等于,exactly,b\nqualifier,ge,不少于,at least,b\nqualifier,gt,超过,more than,b\n"
    "qualifier,le,不超过,at most,b\nqualifier,lt,不足,less than,b\nqualifier,approx,约,about,b\n"
    "fact_state,planned,计划,planned,b\nfact_state,committed,承诺,committed,b\n"
    "fact_state,done,完成,done,b\nbasis,recorded,记录,recorded,b\nbasis,restated,转述,restated,b\n"
    "basis,synthetic,合成,synthetic,b\nbasis,derived,倒推,derived,b\n"
    "confirmation,one_sided,单方,one-sided,b\nconfirmation,confirmed,已确认,confirmed,b\n"
    "confirmation,corrected,已更正,corrected,b\nconfirmation,disputed,有异议,disputed,b\n"
    "place_class,deep,深度贫困,deeply poor,b\n";

#define LABELS(e, z) .en = e, .zh = z, .help_en = e ".", .help_zh = z "。"
static const struct field code_field[] = { { .name = "code", LABELS("Code", "编号"), .type = F_TEXT,
    .max = 40, .flags = F_REQUIRED | F_KEY } };
static const struct entity document_entity = { .name = "document", LABELS("Document", "文件"),
    .room = "bench", .number = 1, .reach = REACH_NATION, .flags = E_NO_SOURCE, .fields = code_field,
    .n = 1 };
static const struct entity organisation_entity = { .name = "organisation",
    LABELS("Organisation", "单位"), .room = "bench", .number = 2, .reach = REACH_NATION,
    .flags = E_NO_SOURCE, .fields = code_field, .n = 1 };
static const struct field aid_fields[] = {
    { .name = "code",
      LABELS("Code", "编号"),
      .type = F_TEXT,
      .max = 40,
      .flags = F_REQUIRED | F_KEY },
    { .name = "place", LABELS("Where", "地区"), .type = F_PLACE, .flags = F_REQUIRED | F_HOME },
    { .name = "giver",
      LABELS("Giver", "捐方"),
      .type = F_REF,
      .ref = "organisation",
      .flags = F_FAR },
    { .name = "amount", LABELS("Amount", "金额"), .type = F_MONEY, .min = 0, .max = 100000000000 },
    { .name = "paid_on", LABELS("Paid on", "支付日"), .type = F_DATE },
};
static const struct entity aid_entity = { .name = "aid",
                                          LABELS("Aid", "帮扶款"),
                                          .room = "bench",
                                          .number = 3,
                                          .reach = REACH_COUNTY,
                                          .flags = E_FACT,
                                          .fields = aid_fields,
                                          .n = COUNT(aid_fields) };
static const struct entity *const entities[] = { &document_entity, &organisation_entity,
                                                 &aid_entity };

static const char figures_text[] =
    "figure aid_amount\n unit yuan\n sum amount of aid\n where state = done\n flow at paid_on\n"
    " organisation giver\n"
    "figure aid_under_way\n unit item\n count of aid\n stock from paid_on until valid_to\n"
    " organisation giver\n"
    "figure deep_share\n unit percent decimals 1\n ratio aid_amount within deep / aid_amount times "
    "100\n"
    "figure per_item\n unit yuan decimals 2\n ratio aid_amount / aid_under_way\n";

static int64_t counties[COUNTIES], deep[334];

/* 31 provinces of some 11 prefectures of some 9 counties. */
static void make_counties(void)
{
    for (int i = 0; i < COUNTIES; i++) {
        int province = 11 + i / 97, prefecture = 1 + i % 97 / 9, county = 1 + i % 97 % 9;
        counties[i] = (province * 10000 + prefecture * 100 + county) * INT64_C(1000000);
    }
    for (int i = 0; i < 334; i++) deep[i] = counties[i * 8 + 3];
}

static bool ranges(void *arg, struct db *d, int64_t place, struct place_range *out, int max, int *n,
                   struct err *e)
{
    (void)arg, (void)d, (void)max, (void)e;
    out[0] = place_own_range(place);
    *n = 1;
    return true;
}

static bool members(void *arg, struct db *d, const char *class, int32_t on, struct arena *a,
                    const int64_t **codes, size_t *n, struct err *e)
{
    (void)arg, (void)d, (void)class, (void)on, (void)a, (void)e;
    *codes = deep;
    *n = 334;
    return true;
}
static const struct places country = { .ranges = ranges, .members = members };

struct bench {
    struct codes *codes;
    struct model *model;
    struct store *store;
    struct db *db;
    struct figures *figures;
    struct figure_context context;
    const struct table_map *aid;
    char path[600];
    struct random r;
    int64_t records, done;
    sqlite3 *peer;
    sqlite3_stmt *put;
    double row_seconds, flush_seconds;
};

static void need(bool ok, const struct err *e)
{
    if (ok) return;
    fprintf(stderr, "bench_figure: %s\n", e->message);
    exit(1);
}

static double cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void remove_file(const char *path)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    char name[700];
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

static int64_t village(int64_t county, uint64_t v)
{
    return county + (int64_t)(v / 5 + 1) * 1000 + 1 + (int64_t)(v % 5);
}

/* --- building --- */

static void fill_row(struct bench *b, struct val *row, int64_t i)
{
    static const char *const qualifiers[] = { "eq", "eq", "eq", "eq",    "eq",
                                              "eq", "eq", "ge", "approx" };
    static const char *const sides[] = { "one_sided", "confirmed", "confirmed", "disputed" };
    const struct table_map *m = b->aid;
    int64_t county = counties[i * COUNTIES / b->records];
    int32_t on = date_make(2001, 1, 1) + (int32_t)random_below(&b->r, 7300);
    row[ROW_COUNTY] = val_int(county / 1000000);
    row[ROW_ID] = val_int(i + 1);
    row[ROW_LOAD] = row[ROW_DRAFT] = val_int(0);
    row[m->column[1]] = val_int(village(county, random_below(&b->r, VILLAGES)));
    row[m->column[2]] = val_int(1 + (int64_t)random_below(&b->r, 5));
    row[m->column[3]] = val_int((int64_t)random_below(&b->r, 10000000));
    row[m->column[4]] = val_int(on);
    row[m->column[m->fact + FACT_QUANTITY]] = val_int(1);
    row[m->column[m->fact + FACT_QUALIFIER]] = val_text(qualifiers[random_below(&b->r, 9)]);
    row[m->column[m->fact + FACT_STATE]] = val_text("done");
    row[m->column[m->common + COMMON_VALID_TO]] = val_int(on + (int32_t)random_below(&b->r, 1500));
    row[m->column[m->common + COMMON_BASIS]] = val_text(random_chance(&b->r, 100000) ? "restated"
                                                                                    : "recorded");
    row[m->column[m->common + COMMON_CONFIRMATION]] = val_text(sides[random_below(&b->r, 4)]);
}

static void put_peer(struct bench *b, const struct val *row)
{
    const int columns[] = { ROW_COUNTY, ROW_ID, b->aid->column[1], b->aid->column[2],
                            b->aid->column[3], b->aid->column[4] };
    for (int i = 0; i < COUNT(columns); i++) sqlite3_bind_int64(b->put, i + 1, row[columns[i]].i);
    sqlite3_step(b->put);
    sqlite3_reset(b->put);
}

static bool add_rows(struct tx *tx, void *arg, struct err *e)
{
    static struct val rows[1000][ENTITY_MAX_COLUMNS];
    struct bench *b = arg;
    for (int64_t left = ROWS_A_TRANSACTION; left > 0 && b->done < b->records;) {
        int n = 0;
        for (; n < 1000 && b->done < b->records; n++) {
            fill_row(b, rows[n], b->done++);
            if (b->peer) put_peer(b, rows[n]);
        }
        double before = cpu();
        for (int i = 0; i < n; i++)
            if (!b->model->observe(b->model->observe_arg, tx, b->aid, NULL, rows[i], e))
                return false;
        b->row_seconds += cpu() - before;
        left -= n;
    }
    return true;
}

static void open_peer(struct bench *b, const char *dir)
{
    char path[600];
    snprintf(path, sizeof path, "%s/bench-figure-peer.db", dir);
    remove_file(path);
    sqlite3_open(path, &b->peer);
    sqlite3_exec(b->peer,
                 "pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-65536; "
                 "create table aid (county integer not null, id integer not null, place integer "
                 "not null, giver "
                 "integer, amount integer, paid_on integer, primary key (county, id)) strict, "
                 "without rowid; "
                 "create index aid_place on aid (county, place, paid_on); begin",
                 NULL, NULL, NULL);
    sqlite3_prepare_v2(b->peer, "insert into aid values (?1, ?2, ?3, ?4, ?5, ?6)", -1, &b->put,
                       NULL);
}

static void build(struct bench *b, const char *dir)
{
    struct err e = { 0 };
    const struct table *tables[64];
    struct figure_source src = { "bench.figure", figures_text, sizeof figures_text - 1 };
    int n, own;
    const struct table *const *all = model_tables(b->model, &own);
    for (n = 0; n < own; n++) tables[n] = all[n];
    for (int i = 0; i < entity_table_count; i++) tables[n++] = &entity_tables[i];
    for (int i = 0; i < figure_table_count; i++) tables[n++] = &figure_tables[i];
    snprintf(b->path, sizeof b->path, "%s/bench-figure.db", dir);
    remove_file(b->path);
    need(store_open(&b->store, b->path, &(struct store_options){ .create = true }, &e), &e);
    need(schema_create(b->store, tables, n, &e), &e);
    need(figures_install(b->store, b->model, &src, 1, &e), &e);
    need(store_connect(b->store, DB_READ, &b->db, &e), &e);
    need(figures_from_store(&b->figures, b->db, b->model, &e), &e);
    figures_observe(b->figures, b->model);
    b->context = (struct figure_context){ .figures = b->figures, .model = b->model };
    b->row_seconds = b->flush_seconds = 0;
    open_peer(b, dir);
    random_seed(&b->r, 11);
    for (b->done = 0; b->done < b->records;) {
        double before = cpu(), rows = b->row_seconds;
        need(store_write(b->store, add_rows, b, &e), &e);
        b->flush_seconds += cpu() - before - (b->row_seconds - rows);
    }
    sqlite3_exec(b->peer, "commit", NULL, NULL, NULL);
    sqlite3_finalize(b->put);
    /* Opened again, so that what was written lies in the file and not in its log. */
    db_close(b->db);
    store_close(b->store);
    need(store_open(&b->store, b->path, &(struct store_options){ .read_only = true }, &e), &e);
    need(store_connect(b->store, DB_READ, &b->db, &e), &e);
}

static void drop(struct bench *b)
{
    figures_free(b->figures);
    db_close(b->db);
    store_close(b->store);
    sqlite3_close(b->peer);
}

/* --- asking --- */

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int64_t place_of(struct bench *b, int level)
{
    int64_t county = counties[random_below(&b->r, COUNTIES)];
    if (level == 0) return 0;
    return place_up(village(county, random_below(&b->r, VILLAGES)), level);
}

struct times { double p50, p99, cpu99; };

static struct times summary(int64_t *t, int n)
{
    qsort(t, (size_t)n, sizeof *t, by_time);
    return (struct times){ .p50 = (double)t[n / 2] / 1e6, .p99 = (double)t[n * 99 / 100] / 1e6 };
}

/* What the thread itself used: on a machine that is shared, the clock also counts the others. */
static int64_t thread_ticks(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct times ask(struct bench *b, const char *name, int level, int org, int n)
{
    int64_t *t = mem_alloc((size_t)n * sizeof *t), *own = mem_alloc((size_t)n * sizeof *own);
    for (int i = 0; i < n; i++) {
        struct err e = { 0 };
        struct figure_value v;
        int32_t from = date_make(2001, 1, 1) + (int32_t)random_below(&b->r, 7300);
        int32_t to = from + (int32_t)random_below(&b->r, (uint64_t)(date_make(2021, 1, 1) - from));
        struct figure_query q = { .name = name, .place = place_of(b, level), .from = from, .to = to,
                                  .org = org ? 1 + (int64_t)random_below(&b->r, 5) : 0 };
        int64_t before = clock_ticks(), mine = thread_ticks();
        need(figure_read(&b->context, b->db, &scope_all, &q, &v, &e), &e);
        own[i] = thread_ticks() - mine;
        t[i] = clock_ticks() - before;
    }
    struct times out = summary(t, n);
    out.cpu99 = summary(own, n).p99;
    free(t);
    free(own);
    return out;
}

/* The same question to the plain table. */
static struct times ask_peer(struct bench *b, int level, int n)
{
    int64_t *t = mem_alloc((size_t)n * sizeof *t);
    sqlite3_stmt *q;
    sqlite3_prepare_v2(b->peer,
                       "select sum(amount), count(*) from aid where county between ?1 and ?2 and "
                       "place between ?3 and ?4 and paid_on between ?5 and ?6",
                       -1, &q, NULL);
    for (int i = 0; i < n; i++) {
        struct place_range r = place_own_range(place_of(b, level));
        int32_t from = date_make(2001, 1, 1) + (int32_t)random_below(&b->r, 7300);
        int32_t to = from + (int32_t)random_below(&b->r, (uint64_t)(date_make(2021, 1, 1) - from));
        int64_t v[] = { r.lo / 1000000, r.hi / 1000000, r.lo, r.hi, from, to };
        int64_t before = clock_ticks();
        for (int k = 0; k < 6; k++) sqlite3_bind_int64(q, k + 1, v[k]);
        sqlite3_step(q);
        sqlite3_reset(q);
        t[i] = clock_ticks() - before;
    }
    sqlite3_finalize(q);
    struct times out = summary(t, n);
    free(t);
    return out;
}

static void print_row(struct bench *b, const char *name, int level, int org, int n)
{
    static const char *const levels[] = { "nation", "province", "prefecture", "county", "township",
                                          "village" };
    struct times t = ask(b, name, level, org, n);
    double bar = level == 0 ? 5 : 1;
    printf("%10lld  %-14s %-11s %-4s %8.3f %8.3f %8.3f   %s\n", (long long)b->records, name,
           levels[level], org ? "one" : "all", t.p50, t.p99, t.cpu99,
           level && level < 3 ? "" : t.p99 <= bar ? "within the bar"
           : t.cpu99 <= bar ? "within the bar but for others on the machine" : "OVER THE BAR");
    fflush(stdout);
}

static void measure(struct bench *b)
{
    static const char *const names[] = { "aid_amount", "aid_under_way", "deep_share", "per_item" };
    static const int order[] = { 5, 4, 3, 2, 1, 0 };
    printf("\n%lld records: counting a row %.2f us, its cells %.2f us (CPU)\n",
           (long long)b->records, b->row_seconds * 1e6 / (double)b->records,
           b->flush_seconds * 1e6 / (double)b->records);
    printf("   records  figure         place       org       p50      p99  cpu p99 ms\n");
    for (int i = 0; i < COUNT(order); i++)
        for (int f = 0; f < COUNT(names); f++)
            for (int org = 0; org < (f < 2 ? 2 : 1); org++)
                print_row(b, names[f], order[i], org, order[i] ? 2000 : 400);
    for (int i = 0; i < COUNT(order); i++) {
        if (order[i] != 5 && order[i] != 3 && order[i] != 0) continue;
        int n = order[i] ? 200 : b->records > 1000000 ? 3 : 20;
        struct times cells = ask(b, "aid_amount", order[i], 0, order[i] ? 2000 : 200);
        struct times plain = ask_peer(b, order[i], n);
        printf("beside a plain indexed table, level %d: p50 %.3f ms against %.3f ms, ratio %.4f\n",
               order[i], cells.p50, plain.p50, cells.p50 / plain.p50);
    }
}

int main(int argc, char **argv)
{
    static const int64_t usual[] = { 100000, 1000000, 10000000 };
    struct bench b = { 0 };
    struct err e = { 0 };
    const char *dir = argc > 1 ? argv[1] : "/tmp";
    int n = argc > 2 ? argc - 2 : COUNT(usual);
    if (!digest_start()) return 1;
    make_counties();
    need(codes_read(&b.codes, codes_csv, sizeof codes_csv - 1, &e), &e);
    need(model_open(&b.model, entities, COUNT(entities), b.codes, &country, &e), &e);
    b.aid = model_find(b.model, "aid");
    for (int i = 0; i < n; i++) {
        b.records = argc > 2 ? strtoll(argv[2 + i], NULL, 10) : usual[i];
        build(&b, dir);
        measure(&b);
        drop(&b);
    }
    remove_file(b.path);
    model_close(b.model);
    codes_free(b.codes);
    return 0;
}
