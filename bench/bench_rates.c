/* What figures over the ledger cost: the same transfers posted in groups of 256 without and with the
 * cells of every shipped figure, and then balances and rates read at random places and days.
 *   bench_rates URL CODELISTS FIGURE_FILE...     URL names an empty store. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/count.h"
#include "base/date.h"
#include "base/random.h"
#include "programme/guard/guard.h"
#include "programme/money/ledger.h"
#include "programme/room.h"
#include "store/schema.h"

enum { COUNTIES = 20, HOUSEHOLDS = 500, GROUP = 256, GROUPS = 160, READS = 20000 };

static const struct room *const rooms[] = { &place_room,  &party_room,   &pairing_room,
    &household_room, &money_room, &project_room, &labour_room, &market_room, &talent_room,
    &plan_room, &watch_room, &publish_room, &sides_room };

struct bench {
    struct store *s;
    struct codes *codes;
    struct model *model;
    struct figures *figures;
    struct guards guards;
    struct parties parties;
    struct random r;
    struct account_ref giver[COUNTIES], pot[COUNTIES], home[COUNTIES][HOUSEHOLDS];
    int32_t day;
};

static void fatal(const struct err *e)
{
    fprintf(stderr, "bench_rates: %s\n", e->message);
    exit(1);
}
#define MUST(call) do { struct err e = { 0 }; if (!(call)) fatal(&e); } while (0)

static int64_t now_us(void) { struct clock c = clock_system(); return clock_now(&c); }

static int64_t county_of(int i) { return 620100 + i; }

static char *read_file(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *p = malloc(1 << 20);
    *n = f && p ? fread(p, 1, (1 << 20) - 1, f) : 0;
    if (f) fclose(f);
    if (p) p[*n] = '\0';
    return p;
}

static void open_all(struct bench *b, int argc, char **argv)
{
    const struct entity *entities[256];
    const struct table *tables[512];
    struct figure_source src[64];
    int n = 0, k = 0, m;
    size_t size;
    char *csv = read_file(argv[2], &size);
    for (int r = 0; r < COUNT(rooms); r++)
        for (int i = 0; i < rooms[r]->n_entities; i++) entities[n++] = rooms[r]->entities[i];
    MUST(codes_read(&b->codes, csv, size, &e));
    MUST(model_open(&b->model, entities, n, b->codes, NULL, &e));
    const struct table *const *of = model_tables(b->model, &m);
    for (int i = 0; i < store_table_count; i++) tables[k++] = &store_tables[i];
    for (int i = 0; i < entity_table_count; i++) tables[k++] = &entity_tables[i];
    for (int i = 0; i < figure_table_count; i++) tables[k++] = &figure_tables[i];
    for (int i = 0; i < m; i++) tables[k++] = of[i];
    for (int r = 0; r < COUNT(rooms); r++)
        for (int i = 0; i < rooms[r]->n_tables; i++) tables[k++] = &rooms[r]->tables[i];
    MUST(store_open(&b->s, argv[1], &(struct store_options){ .create = true }, &e));
    MUST(schema_create(b->s, tables, k, &e));
    store_close(b->s);
    MUST(store_open(&b->s, argv[1], &(struct store_options){ 0 }, &e));
    for (int i = 3; i < argc && i < 67; i++) {
        src[i - 3].name = argv[i];
        src[i - 3].text = read_file(argv[i], &src[i - 3].n);
    }
    MUST(figures_install(b->s, b->model, src, argc - 3, &e));
    struct db *d;
    MUST(store_connect(b->s, DB_READ, &d, &e));
    MUST(figures_from_store(&b->figures, d, b->model, &e));
    db_close(d);
    figures_observe(b->figures, b->model);
    guards_observe(&b->guards, b->model, b->figures);
    free(csv);
}

/* --- accounts --- */

struct making { struct bench *b; int county; };

static bool make_one(struct tx *tx, struct bench *b, int64_t place, const char *kind, int serial,
                     struct account_ref *out, struct err *e)
{
    const struct table_map *m = model_find(b->model, "ledger_account");
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    char code[60];
    snprintf(code, sizeof code, "%s-%" PRId64 "-%d", kind, place, serial);
    row[m->column[LEDGER_ACCOUNT_CODE]] = val_text(code);
    row[m->column[LEDGER_ACCOUNT_TITLE]] = val_text(code);
    row[m->column[LEDGER_ACCOUNT_PLACE]] = val_int(place);
    row[m->column[LEDGER_ACCOUNT_HOLDER_KIND]] = val_text(kind);
    row[m->column[LEDGER_ACCOUNT_RESTRICTED]] = val_int(strcmp(kind, "outside") != 0);
    if (!row_insert(tx, b->model, m, row, e)) return false;
    *out = (struct account_ref){ row[ROW_COUNTY].i, row[ROW_ID].i };
    return true;
}

static bool make_county(struct tx *tx, void *arg, struct err *e)
{
    const struct making *x = arg;
    struct bench *b = x->b;
    int64_t place = county_of(x->county) * 1000000;
    bool ok = make_one(tx, b, place, "outside", 0, &b->giver[x->county], e) &&
              make_one(tx, b, place, "place", 0, &b->pot[x->county], e);
    for (int i = 0; ok && i < HOUSEHOLDS; i++)
        ok = make_one(tx, b, place + 100000 + i % 20 * 1000 + 201, "household", i,
                      &b->home[x->county][i], e);
    return ok;
}

/* --- posting --- */

static bool post_group(struct tx *tx, void *arg, struct err *e)
{
    struct bench *b = arg;
    for (int i = 0; i < GROUP; i++) {
        int c = (int)random_below(&b->r, COUNTIES);
        bool in = i % 8 == 0;
        struct posting_leg leg = { .debit = in ? b->giver[c] : b->pot[c],
            .credit = in ? b->pot[c] : b->home[c][random_below(&b->r, HOUSEHOLDS)],
            .amount = in ? 100000000 : random_between(&b->r, 1, 10000) };
        struct posting p = { .day = b->day + (int32_t)random_below(&b->r, 3), .legs = &leg, .n = 1 };
        if (!ledger_post(tx, &p, e)) return false;
    }
    return true;
}

static bool fill_pots(struct tx *tx, void *arg, struct err *e)
{
    struct bench *b = arg;
    for (int c = 0; c < COUNTIES; c++) {
        struct posting_leg leg = { .debit = b->giver[c], .credit = b->pot[c], .amount = 1000000000 };
        struct posting p = { .day = b->day, .legs = &leg, .n = 1 };
        if (!ledger_post(tx, &p, e)) return false;
    }
    return true;
}

static double post_all(struct bench *b, const char *what)
{
    int64_t from = now_us();
    for (int i = 0; i < GROUPS; i++) {
        MUST(store_write(b->s, post_group, b, &e));
        b->day += i % 4 == 0;
    }
    double seconds = (double)(now_us() - from) / 1e6;
    printf("%-34s %8.0f transfers/s\n", what, GROUPS * GROUP / seconds);
    return seconds;
}

/* --- reading --- */

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void print_times(const char *what, int64_t *t, int n)
{
    qsort(t, (size_t)n, sizeof *t, by_time);
    printf("%-34s p50 %.3f ms  p99 %.3f ms\n", what, (double)t[n / 2] / 1e3,
           (double)t[n - n / 100 - 1] / 1e3);
}

static void read_all(struct bench *b)
{
    static const char *const names[] = { "money_received", "money_in_hand", "ledger_spending_rate",
        "county_spending_rate", "carry_over_rate", "carry_over_rate_1", "money_promised" };
    static int64_t t[READS];
    struct figure_context c = { .figures = b->figures, .model = b->model, .parties = &b->parties };
    struct db *d;
    MUST(store_connect(b->s, DB_READ, &d, &e));
    for (int i = 0; i < READS; i++) {
        int64_t county = county_of((int)random_below(&b->r, COUNTIES)) * 1000000;
        struct figure_query q = { .name = names[random_below(&b->r, COUNT(names))],
            .place = random_below(&b->r, 4) ? county : 620000000000, .from = DATE_MIN,
            .to = b->day - (int32_t)random_below(&b->r, 60) };
        struct figure_value v;
        int64_t from = now_us();
        MUST(figure_read(&c, d, &scope_all, &q, &v, &e));
        t[i] = now_us() - from;
    }
    print_times("rates and money in hand", t, READS);
    for (int i = 0; i < READS; i++) {
        int county = (int)random_below(&b->r, COUNTIES);
        struct account_ref a = random_below(&b->r, 4) ? b->home[county][random_below(&b->r, HOUSEHOLDS)]
                                                      : b->pot[county];
        struct ledger_balance out;
        int64_t from = now_us();
        MUST(ledger_balance_of(d, a.county, a.id, &out, &e));
        t[i] = now_us() - from;
    }
    print_times("balances", t, READS);
    db_close(d);
}

static bool ranges(void *arg, struct db *d, int64_t place, struct place_range *out, int max, int *n,
                   struct err *e)
{
    (void)arg, (void)d, (void)max, (void)e;
    out[0] = place ? place_own_range(place) : (struct place_range){ 0, INT64_C(999999999999) };
    *n = 1;
    return true;
}

static void count_fault(void *arg, const char *sentence)
{
    (void)arg;
    fprintf(stderr, "%s\n", sentence);
}

int main(int argc, char **argv)
{
    static struct bench b;
    static const struct places places = { .ranges = ranges };
    struct faults faults = { count_fault, NULL, 0 };
    struct db *d;
    if (argc < 4 || !digest_start()) return 2;
    open_all(&b, argc, argv);
    b.model->places = &places;
    b.parties = party_parties();
    b.day = date_make(2020, 1, 1);
    random_seed(&b.r, 1);
    for (int i = 0; i < COUNTIES; i++) MUST(store_write(b.s, make_county, &(struct making){ &b, i }, &e));
    MUST(store_write(b.s, fill_pots, &b, &e));
    double bare = post_all(&b, "groups of 256, no cells");
    store_set_model(b.s, b.model);
    MUST(figures_rebuild(b.s, b.model, b.figures, &e));
    double cells = post_all(&b, "the same, every figure's cells");
    printf("%-34s %8.2f x\n", "with cells", bare / cells);
    read_all(&b);
    struct figure_context c = { .figures = b.figures, .model = b.model, .parties = &b.parties };
    MUST(store_connect(b.s, DB_READ, &d, &e));
    MUST(figures_verify(&c, d, &faults, &e));
    printf("%-34s %" PRId64 " faults\n", "proof", faults.n);
    db_close(d);
    return faults.n ? 1 : 0;
}
