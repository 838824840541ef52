/* The ledger beside a bare group-commit program on the same engine in the same run: that one only
 * takes from one account, gives to another and notes the transfer, statement by statement.
 *   bench_ledger URL CODELISTS WORKDIR [SECONDS [TRACE_TRANSFERS [PARTS]]]
 * URL names an empty store; PARTS: h hot account, a 100 k accounts, r one run. */
#include <inttypes.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/count.h"
#include "base/date.h"
#include "base/id.h"
#include "base/random.h"
#include "programme/money/ledger.h"
#include "programme/money/ledger_sql.h"
#include "programme/money/post_file.h"
#include "programme/money/trace.h"
#include "programme/room.h"

enum { ACCOUNTS = 150000, TREE = 100000, WAITING = 256, COUNTY = 653224, LATENCIES = 1 << 21,
       ROUNDS = 9, LEVELS = 5, SAMPLE = 400, LARGEST = 10000 };

static const struct room *const rooms[] = { &place_room,     &party_room,  &pairing_room,
                                            &household_room, &money_room,  &project_room,
                                            &labour_room,    &market_room, &talent_room,
                                            &plan_room,      &watch_room,  &publish_room };

/* The bare program: accounts that a CHECK keeps from going below zero, a debit, a credit and a row a
 * transfer, each a statement of its own, prepared once; the group is committed durably, then all in
 * it are acknowledged. Its tables are as lean as they can be: no text, no second index, no digest, no
 * lots, no journal. It runs on our writer and our prepared statements, which it pays no more for
 * than a loop over sqlite3_step would. */
static const char *const peer_tables[][2] = {
    [ENGINE_SQLITE] = {
        "create table peer_account (county integer not null, id integer not null, "
        "balance integer not null check (balance >= 0), primary key (county, id)) "
        "strict, without rowid",
        "create table peer_transfer (county integer not null, id integer not null, "
        "debit integer not null, credit integer not null, amount integer not null, "
        "recorded integer not null, primary key (county, id)) strict, without rowid" },
    [ENGINE_POSTGRES] = {
        "create table peer_account (county bigint not null, id bigint not null, "
        "balance bigint not null check (balance >= 0), primary key (county, id))",
        "create table peer_transfer (county bigint not null, id bigint not null, "
        "debit bigint not null, credit bigint not null, amount bigint not null, "
        "recorded bigint not null, primary key (county, id))" },
};
enum { PEER_NEW, PEER_DEBIT, PEER_CREDIT, PEER_ADD };
static const struct stmt peer[] = {
    [PEER_NEW] = { "peer_new", STMT_ROUTER,
        "insert into peer_account (county, id, balance) values (?1, ?2, ?3)", NULL },
    [PEER_DEBIT] = { "peer_debit", STMT_ROUTER, "update peer_account set balance = balance - ?3 "
        "where county = ?1 and id = ?2", NULL },
    [PEER_CREDIT] = { "peer_credit", STMT_ROUTER, "update peer_account set balance = balance + ?3 "
        "where county = ?1 and id = ?2", NULL },
    [PEER_ADD] = { "peer_add", STMT_ROUTER, "insert into peer_transfer (county, id, debit, credit, "
        "amount, recorded) values (?1, ?2, ?3, ?4, ?5, ?6)", NULL },
};

struct bench {
    struct store *s;
    struct model *model;
    struct codes *codes;
    struct writer *w;
    struct id_maker ids;
    struct random r;
    int64_t *account;          /* ids of the ledger's accounts; [0] is the giver, [1] the hot one */
    bool hot, bare;
    int counter;               /* of instructions */
    int64_t until, done, failed;
    int64_t *latency;
    int left;
    pthread_mutex_t lock;
    pthread_cond_t idle;
};

static void fatal(const struct err *e)
{
    fprintf(stderr, "bench_ledger: %s\n", e->message);
    exit(1);
}
#define MUST(call) do { struct err e = { 0 }; if (!(call)) fatal(&e); } while (0)

/* --- accounts --- */

static bool make_account(struct bench *b, struct tx *tx, int i, struct err *e)
{
    const struct table_map *m = model_find(b->model, "ledger_account");
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    char code[20];
    snprintf(code, sizeof code, "A%06d", i);
    row[m->column[LEDGER_ACCOUNT_CODE]] = row[m->column[LEDGER_ACCOUNT_TITLE]] = val_text(code);
    row[m->column[LEDGER_ACCOUNT_PLACE]] = val_int(COUNTY * INT64_C(1000000));
    row[m->column[LEDGER_ACCOUNT_HOLDER_KIND]] = val_text(i == 0 ? "outside" : "project");
    row[m->column[LEDGER_ACCOUNT_RESTRICTED]] = val_int(i != 0);
    if (!row_insert(tx, b->model, m, row, e)) return false;
    b->account[i] = row[ROW_ID].i;
    struct val v[3] = { val_int(COUNTY), val_int(i), val_int(INT64_C(1) << 40) };
    return tx_exec(tx, &peer[PEER_NEW], v, 3, NULL, e);
}

struct gift { struct bench *b; int at; struct posting p; struct posting_leg leg; };

static bool next_gift(void *arg, struct posting **out, struct err *e)
{
    struct gift *g = arg;
    (void)e;
    if (++g->at > TREE) return true;
    g->leg = (struct posting_leg){ .debit = { COUNTY, g->b->account[0] },
                                   .credit = { COUNTY, g->b->account[g->at] },
                                   .amount = g->at == 1    ? INT64_C(1) << 40
                                             : g->at == TREE ? INT64_C(400000000000000)
                                                             : 10000000 };
    g->p = (struct posting){ .day = 18000, .legs = &g->leg, .n = 1 };
    *out = &g->p;
    return true;
}

static bool make_accounts(struct tx *tx, void *arg, struct err *e)
{
    struct bench *b = arg;
    for (int i = 0; i < ACCOUNTS; i++)
        if (!make_account(b, tx, i, e)) return false;
    return true;
}

static bool give_all(struct tx *tx, void *arg, struct err *e)
{
    struct gift g = { .b = arg };
    int64_t posted, done;
    return ledger_post_run(tx, next_gift, &g, &posted, &done, e);
}

/* --- one by one --- */

struct slot { struct bench *b; int from, to; int64_t id, begun; };

static bool run_ledger(struct tx *tx, void *arg, struct err *e)
{
    const struct slot *s = arg;
    struct posting_leg leg = { .debit = { COUNTY, s->b->account[s->from] },
        .credit = { COUNTY, s->b->account[s->to] }, .amount = 100 };
    struct posting p = { .id = s->id, .day = 18500, .legs = &leg, .n = 1 };
    return ledger_post(tx, &p, e);
}

static bool run_bare(struct tx *tx, void *arg, struct err *e)
{
    const struct slot *s = arg;
    struct val d[3] = { val_int(COUNTY), val_int(s->from), val_int(100) };
    struct val c[3] = { val_int(COUNTY), val_int(s->to), val_int(100) };
    struct val t[6] = { val_int(COUNTY), val_int(s->id), val_int(s->from),
                        val_int(s->to),  val_int(100),   val_int(tx_now(tx)) };
    int64_t changed;
    return tx_exec(tx, &peer[PEER_DEBIT], d, 3, &changed, e) && changed == 1 &&
           tx_exec(tx, &peer[PEER_CREDIT], c, 3, NULL, e) &&
           tx_exec(tx, &peer[PEER_ADD], t, 6, NULL, e);
}

static void finished(void *arg, bool ok, const struct err *e);

static void submit(struct slot *s)
{
    struct bench *b = s->b;
    s->from = b->hot ? 1 : (int)random_between(&b->r, 1, TREE - 1);
    do s->to = (int)random_between(&b->r, 2, TREE - 1);
    while (s->to == s->from);
    s->id = id_next(&b->ids);
    s->begun = clock_ticks();
    writer_submit(b->w, b->bare ? run_bare : run_ledger, s, finished);
}

/* On the writer's thread: the next one waits before the batch is over. */
static void finished(void *arg, bool ok, const struct err *e)
{
    struct slot *s = arg;
    struct bench *b = s->b;
    int64_t now = clock_ticks();
    if (!ok && b->failed++ == 0) fprintf(stderr, "refused: %s\n", e->message);
    if (b->done < LATENCIES) b->latency[b->done] = now - s->begun;
    b->done++;
    if (now < b->until) {
        submit(s);
        return;
    }
    pthread_mutex_lock(&b->lock);
    if (--b->left == 0) pthread_cond_signal(&b->idle);
    pthread_mutex_unlock(&b->lock);
}

static int by_size(const void *l, const void *r)
{
    int64_t a = *(const int64_t *)l, b = *(const int64_t *)r;
    return a < b ? -1 : a > b;
}

/* cpu: ns of this process a transfer; ops: instructions of it in user space, 0 = not to be had. */
struct rate { int64_t per_second, p50, p99, cpu, ops; };

/* User and system time of all threads so far, ns. */
static int64_t cpu_spent(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * INT64_C(1000000000) +
           (u.ru_utime.tv_usec + u.ru_stime.tv_usec) * INT64_C(1000);
}

/* Instructions in user space of this thread and those it makes; -1 = the kernel does not tell. */
static int count_instructions(void)
{
    struct perf_event_attr a = { .type = PERF_TYPE_HARDWARE, .size = sizeof a,
        .config = PERF_COUNT_HW_INSTRUCTIONS, .inherit = 1, .exclude_kernel = 1, .exclude_hv = 1 };
    return (int)syscall(SYS_perf_event_open, &a, 0, -1, -1, 0);
}

static int64_t instructions(const struct bench *b)
{
    int64_t n = 0;
    return b->counter >= 0 && read(b->counter, &n, sizeof n) == sizeof n ? n : 0;
}

static struct rate measure(struct bench *b, bool hot, bool bare, int64_t millis)
{
    static struct slot slots[WAITING];
    int64_t begun = clock_ticks(), cpu = cpu_spent(), ops = instructions(b);
    b->hot = hot;
    b->bare = bare;
    b->done = b->failed = 0;
    b->left = WAITING;
    b->until = begun + millis * 1000000;
    for (int i = 0; i < WAITING; i++) {
        slots[i].b = b;
        pthread_mutex_lock(
            &b->lock); /* submit draws from the generator, as the writer does later */
        submit(&slots[i]);
        pthread_mutex_unlock(&b->lock);
    }
    pthread_mutex_lock(&b->lock);
    while (b->left > 0) pthread_cond_wait(&b->idle, &b->lock);
    pthread_mutex_unlock(&b->lock);
    int64_t took = clock_ticks() - begun;
    cpu = cpu_spent() - cpu;
    ops = instructions(b) - ops;
    size_t n = (size_t)(b->done < LATENCIES ? b->done : LATENCIES);
    qsort(b->latency, n, sizeof *b->latency, by_size);
    return (struct rate){ b->done * 1000000000 / took, b->latency[n / 2] / 1000,
                          b->latency[n * 99 / 100] / 1000, cpu / b->done, ops / b->done };
}

static int64_t middle(int64_t *at, int n)
{
    qsort(at, (size_t)n, sizeof *at, by_size);
    return at[n / 2];
}

static void print_rate(const char *who, struct rate *r)
{
    int64_t v[5][ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        v[0][i] = r[i].per_second;
        v[1][i] = r[i].p50;
        v[2][i] = r[i].p99;
        v[3][i] = r[i].cpu;
        v[4][i] = r[i].ops;
    }
    printf("  %s %6" PRId64 "/s p50 %6" PRId64 " us p99 %6" PRId64 " us %6" PRId64 " ns CPU %6"
           PRId64 " instructions", who, middle(v[0], ROUNDS), middle(v[1], ROUNDS),
           middle(v[2], ROUNDS), middle(v[3], ROUNDS), middle(v[4], ROUNDS));
}

/* Turn by turn, so that both have the same neighbours; the ratio is the median of the rounds'. */
static void beside(struct bench *b, const char *what, bool hot, int64_t seconds)
{
    struct rate ours[ROUNDS], bare[ROUNDS];
    int64_t ratio[ROUNDS], cpu[ROUNDS], millis = seconds * 3000 / ROUNDS;
    for (int i = 0; i < ROUNDS; i++) {
        bare[i] = measure(b, hot, true, millis);
        ours[i] = measure(b, hot, false, millis);
        ratio[i] = ours[i].per_second * 100 / bare[i].per_second;
        cpu[i] = bare[i].cpu * 100 / ours[i].cpu;
    }
    printf("%s", what);
    print_rate("ledger", ours);
    print_rate("bare", bare);
    int64_t r = middle(ratio, ROUNDS), c = middle(cpu, ROUNDS);
    printf("  %" PRId64 ".%02" PRId64 " x, by CPU %" PRId64 ".%02" PRId64 " x\n", r / 100, r % 100,
           c / 100, c % 100);
    fflush(stdout);
}

/* --- a run of one command --- */

static void run_file(struct bench *b, const char *dir)
{
    char path[600];
    struct post_report r;
    snprintf(path, sizeof path, "%s/run.csv", dir);
    FILE *f = fopen(path, "w");
    if (!f) exit(1);
    fputs("code,date,debit,credit,amount,note\n", f);
    for (int i = 0; i < 100000; i++)
        fprintf(f, "RUN-%08d,2020-05-27,A000001,A%06d,%d.%02d,subsidy of May\n", i,
                2 + i % (TREE - 2), 1 + i % 300, i % 100);
    fclose(f);
    int64_t begun = clock_ticks();
    MUST(post_file(b->s, NULL, path, 0, &r, &e));
    int64_t took = clock_ticks() - begun;
    printf("%-22s %" PRId64 " transfers in %" PRId64 " ms, %" PRId64 "/s durable\n",
           "one posted run", r.posted, took / 1000000, r.posted * 1000000000 / took);
    unlink(path);
    fflush(stdout);
}

/* --- traces --- */

struct tree {
    struct bench *b;
    int64_t left, made;
    int64_t *has;
    int64_t some[LEVELS][SAMPLE], seen[LEVELS]; /* of each level's lots, drawn evenly */
    struct posting p;
    struct posting_leg leg;
};

static const int first_of[] = { TREE,       TREE + 1,    TREE + 9, TREE + 99,
                                TREE + 999, TREE + 9999, ACCOUNTS };

/* A tree of accounts of its own that only the first was given money, five levels of transfers deep.
 * A random account pays a random one below it; an account without enough is paid by one above it
 * first. */
static bool next_of_tree(void *arg, struct posting **out, struct err *e)
{
    static const int64_t most[] = { INT64_C(10000000000), 500000000, 20000000, 600000, 20000 };
    struct tree *t = arg;
    struct random *r = &t->b->r;
    (void)e;
    if (t->left-- == 0) return true;
    int level = 4, to = (int)random_between(r, first_of[5], first_of[6] - 1), from;
    int64_t amount;
    for (;; level--) {
        from = (int)random_between(r, first_of[level], first_of[level + 1] - 1);
        amount = 1 + (int64_t)random_below(r, (uint64_t)most[level]);
        if (level == 0 || t->has[from] >= amount) break;
        to = from;
    }
    t->has[from] -= amount;
    t->has[to] += amount;
    int64_t place = ++t->seen[level] <= SAMPLE ? t->seen[level] - 1
                                               : (int64_t)random_below(r, (uint64_t)t->seen[level]);
    if (place < SAMPLE) t->some[level][place] = t->made;
    t->made++;
    t->leg = (struct posting_leg){ .debit = { COUNTY, t->b->account[from] },
        .credit = { COUNTY, t->b->account[to] }, .amount = amount };
    t->p = (struct posting){ .day = 18400, .legs = &t->leg, .n = 1 };
    *out = &t->p;
    return true;
}

static bool grow_tree(struct tx *tx, void *arg, struct err *e)
{
    int64_t posted, done;
    return ledger_post_run(tx, next_of_tree, arg, &posted, &done, e);
}

struct counted { int64_t edges, amount, most, first, begun; };

static bool count_edge(void *arg, const struct trace_edge *x, struct err *e)
{
    struct counted *c = arg;
    (void)x, (void)e;
    if (c->edges == 0) c->first = clock_ticks() - c->begun;
    return ++c->edges <= c->most; /* stops a trace that is too large */
}

static bool count_end(void *arg, const struct trace_end *x, struct err *e)
{
    (void)e;
    ((struct counted *)arg)->amount += x->amount;
    return true;
}

struct sized { int64_t most, n, took[LEVELS * SAMPLE], cpu[LEVELS * SAMPLE]; };

/* One trace, forward from a lot or back from all that an account received; false when its answer is
 * larger than is measured here. */
static bool trace_one(struct bench *b, struct db *d, bool back, int64_t from_what,
                      struct counted *c, int64_t *took, int64_t *cpu)
{
    struct spans from = { 0 };
    struct account_ref account = { COUNTY, back ? b->account[from_what] : 0 };
    int64_t given = 0;
    struct trace_sink sink = { count_edge, count_end, c };
    struct err why = { 0 };
    MUST(db_begin_read(d, &e));
    c->begun = clock_ticks();
    int64_t spent = cpu_spent();
    MUST(back ? spans_of_account(d, account, &from, &e)
              : spans_of_lot(d, COUNTY, from_what, &from, &e));
    for (size_t i = 0; i < from.n; i++) given += from.at[i].upto;
    bool ok = back ? trace_back(d, from.at, from.n, &sink, &why)
                   : trace_forward(d, from.at, from.n, &sink, &why);
    *took = clock_ticks() - c->begun;
    *cpu = cpu_spent() - spent;
    db_end_read(d);
    free(from.at);
    if (!ok && c->edges <= c->most) fatal(&why);
    if (ok && c->amount != given) fprintf(stderr, "a trace does not add up\n"), exit(1);
    return ok;
}

static void add_timed(struct sized *z, int64_t took, int64_t cpu)
{
    z->took[z->n] = took;
    z->cpu[z->n++] = cpu;
}

static void print_timed(struct sized *z)
{
    if (z->n == 0) return;
    qsort(z->took, (size_t)z->n, sizeof *z->took, by_size);
    qsort(z->cpu, (size_t)z->n, sizeof *z->cpu, by_size);
    printf(": %" PRId64 " traces, p50 %" PRId64 " us p99 %" PRId64 " us; CPU p50 %" PRId64
           " us p99 %" PRId64 " us\n", z->n, z->took[z->n / 2] / 1000,
           z->took[z->n * 99 / 100] / 1000, z->cpu[z->n / 2] / 1000, z->cpu[z->n * 99 / 100] / 1000);
}

/* Lots of every level, and accounts of every level; what is told goes by the size of the answer. */
static void trace_some(struct tree *t, struct db *d, bool back, int64_t before)
{
    static struct sized sizes[] = { { .most = 10 }, { .most = 100 }, { .most = 1000 },
                                    { .most = LARGEST } };
    static struct sized whole;
    int64_t larger = 0;
    whole.n = 0;
    for (int k = 0; k < COUNT(sizes); k++) sizes[k].n = 0;
    for (int level = 0; level < LEVELS; level++)
        for (int i = 0; i < SAMPLE && i < t->seen[level]; i++) {
            struct counted c = { .most = LARGEST };
            int64_t took, cpu, account = random_between(&t->b->r, first_of[level + 1],
                                                        first_of[level + 2] - 1);
            bool ended = trace_one(t->b, d, back, back ? account : before + 1 + t->some[level][i],
                                   &c, &took, &cpu);
            larger += !ended;
            if (!ended || c.edges == 0) continue;
            int k = 0;
            while (c.edges > sizes[k].most) k++;
            add_timed(&sizes[k], took, cpu);
            add_timed(&whole, took, cpu);
        }
    const char *what = back ? "trace back" : "trace forward";
    for (int k = 0; k < COUNT(sizes); k++) {
        if (sizes[k].n == 0) continue;
        printf("%s, up to %" PRId64 " edges", what, sizes[k].most);
        print_timed(&sizes[k]);
    }
    printf("%s, all of these, %" PRId64 " larger ones left out", what, larger);
    print_timed(&whole);
    fflush(stdout);
}

/* The hot account's one lot: all that was paid out of it, one by one and in the run. */
static void trace_wide(struct db *d, int64_t lot, const char *what)
{
    struct spans from = { 0 };
    struct counted c = { .most = INT64_MAX };
    struct trace_sink sink = { count_edge, count_end, &c };
    MUST(spans_of_lot(d, COUNTY, lot, &from, &e));
    c.begun = clock_ticks();
    MUST(trace_forward(d, from.at, 1, &sink, &e));
    int64_t took = clock_ticks() - c.begun;
    printf("%s: %" PRId64 " edges, the first after %" PRId64 " us, all in %" PRId64 " ms, %" PRId64
           " edges/s\n", what, c.edges, c.first / 1000, took / 1000000,
           c.edges * 1000000000 / (took ? took : 1));
    free(from.at);
}

static void traces(struct bench *b, int64_t transfers)
{
    static struct tree t;
    struct db *d;
    int64_t begun = clock_ticks(), lots = 0;
    t.b = b;
    t.has = mem_alloc(ACCOUNTS * sizeof *t.has);
    MUST(store_connect(b->s, DB_READ, &d, &e));
    MUST(ledger_size(d, &lots, &e));
    for (int64_t made = 0; made < transfers; made += 500000) {
        t.left = transfers - made < 500000 ? transfers - made : 500000;
        MUST(store_write(b->s, grow_tree, &t, &e));
    }
    printf("%-22s %" PRId64 " transfers over five levels in %" PRId64 " s\n", "made", transfers,
           (clock_ticks() - begun) / 1000000000);
    fflush(stdout);
    trace_some(&t, d, false, lots);
    trace_some(&t, d, true, lots);
    free(t.has);
    trace_wide(d, 1, "the hot account's lot");
    trace_wide(d, TREE, "the whole tree");
    db_close(d);
}

/* --- the store --- */

static bool make_peer(struct tx *tx, void *arg, struct err *e)
{
    (void)arg;
    for (int i = 0; i < 2; i++) {
        enum engine engine = store_engine(db_store(tx_db(tx)));
        struct stmt s = stmt_composed(STMT_ADMIN, peer_tables[engine][i]);
        if (!tx_exec(tx, &s, NULL, 0, NULL, e)) return false;
    }
    return true;
}

static void open_bench(struct bench *b, const char *url, const char *codelists)
{
    const struct entity *entities[256];
    const struct table *tables[64];
    int n = 0, k = 0;
    FILE *f = fopen(codelists, "rb");
    static char csv[1 << 20];
    size_t size = f ? fread(csv, 1, sizeof csv, f) : 0;
    if (f) fclose(f);
    for (int r = 0; r < COUNT(rooms); r++)
        for (int i = 0; i < rooms[r]->n_entities; i++) entities[n++] = rooms[r]->entities[i];
    MUST(codes_read(&b->codes, csv, size, &e));
    MUST(model_open(&b->model, entities, n, b->codes, NULL, &e));
    for (int i = 0; i < store_table_count; i++) tables[k++] = &store_tables[i];
    for (int i = 0; i < entity_table_count; i++) tables[k++] = &entity_tables[i];
    tables[k++] = &model_find(b->model, "ledger_account")->table;
    for (int i = 0; i < LEDGER_N_TABLES; i++) tables[k++] = &ledger_tables[i];
    MUST(store_open(&b->s, url, &(struct store_options){ .create = true }, &e));
    MUST(schema_create(b->s, tables, k, &e));
    store_close(b->s);
    MUST(store_open(&b->s, url, &(struct store_options){ 0 }, &e));
    MUST(store_write(b->s, make_peer, NULL, &e));
}

int main(int argc, char **argv)
{
    static struct bench b;
    int64_t seconds = argc > 4 ? strtoll(argv[4], NULL, 10) : 3;
    int64_t transfers = argc > 5 ? strtoll(argv[5], NULL, 10) : 0;
    const char *parts = argc > 6 ? argv[6] : "har";
    if (argc < 4 || !digest_start()) return 2;
    open_bench(&b, argv[1], argv[2]);
    b.account = mem_alloc(ACCOUNTS * sizeof *b.account);
    b.latency = mem_alloc(LATENCIES * sizeof *b.latency);
    b.counter = count_instructions();
    id_init(&b.ids, clock_system(), 1000);
    random_seed(&b.r, 1);
    pthread_mutex_init(&b.lock, NULL);
    pthread_cond_init(&b.idle, NULL);
    MUST(store_write(b.s, make_accounts, &b, &e));
    MUST(writer_open(&b.w, b.s, &e));
    MUST(writer_run(b.w, give_all, &b, &e));
    if (strchr(parts, 'h')) beside(&b, "hot account", true, seconds);
    if (strchr(parts, 'a')) beside(&b, "100 k accounts", false, seconds);
    writer_close(b.w);
    if (strchr(parts, 'r')) run_file(&b, argv[3]);
    if (transfers) traces(&b, transfers);
    struct faults faults = { 0 };
    struct db *d;
    MUST(store_connect(b.s, DB_READ, &d, &e));
    if (strchr(parts, 'r') && transfers <= 2000000) MUST(ledger_verify(d, &faults, &e));
    printf("%-22s %" PRId64 " faults\n", "proof", faults.n);
    db_close(d);
    store_close(b.s);
    model_close(b.model);
    codes_free(b.codes);
    return faults.n ? 1 : 0;
}
