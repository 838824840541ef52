/* Balances and uses of lots that a writer of groups leaves behind its legs: what others read meanwhile, what is there
 * after it was killed, and what two writers make of one ledger. */
#include "programme/books.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "programme/money/idle.h"
#include "programme/money/trace.h"
#include "store/tamper.h"
#include "support/failing.h"

enum { POTS = 60, GIFT = 1000, WAITING = 40 };

/* Pots of one county, each with a gift; every move goes from one to another. */
struct pots { struct books b; struct account_ref giver, pot[POTS]; int64_t tail_id; int narrow; };

static void open_pots(struct pots *p, enum engine engine)
{
    struct err e = { 0 };
    char code[8];
    *p = (struct pots){ .narrow = 0 };
    books_open(&p->b, engine);
    p->giver = books_account(&p->b, "GIVER", COUNTY_A, "outside", NULL);
    for (int i = 0; i < POTS; i++) {
        snprintf(code, sizeof code, "P%02d", i);
        p->pot[i] = books_account(&p->b, code, COUNTY_A, "project", NULL);
        assert_ok(books_move(&p->b, p->giver, p->pot[i], GIFT, NULL, &e), e);
    }
}

static void print_fault(void *arg, const char *sentence)
{
    (void)arg;
    print_message("%s\n", sentence);
}

static int64_t faults_of(struct db *d)
{
    struct faults faults = { print_fault, NULL, 0 };
    struct err e = { 0 };
    assert_ok(ledger_verify(d, &faults, &e), e);
    return faults.n;
}

static int64_t one(struct db *d, const char *sql)
{
    struct stmt s = stmt_composed(STMT_ADMIN, sql);
    struct err e = { 0 };
    int64_t out = 0;
    bool found;
    assert_ok(db_int(d, &s, NULL, 0, &out, &found, &e), e);
    return out;
}

static int64_t behind(struct db *d)
{
    return one(d, "select seq - settled from ledger_head where county = 653224");
}

/* Legs that lot_taken does not have. */
static int64_t untold(struct db *d)
{
    return one(d, "select count(*) from transfer t where t.lot is not null and not exists (select 1 "
               "from lot_taken u where u.county = t.county and u.to_lot = t.seq)");
}

/* --- a load of moves through a writer --- */

struct load;
struct slot { struct load *load; struct books_op op; };
struct load {
    struct pots *p;
    struct writer *w;
    struct random r;
    int left, waiting;
    bool dies;                  /* when nothing is left */
    struct slot slots[WAITING];
    pthread_mutex_t lock;
    pthread_cond_t all;
};

static void next_move(struct slot *s);

static void moved(void *arg, bool ok, const struct err *e)
{
    struct slot *s = arg;
    struct load *l = s->load;
    if (!ok && strcmp(e->field, "overdraw") != 0) dprintf(2, "a move: %s\n", e->message), _exit(1);
    pthread_mutex_lock(&l->lock);
    bool more = l->left > 0;
    l->left -= more;
    l->waiting -= !more;
    if (l->waiting == 0 && l->dies) kill(getpid(), SIGKILL);
    if (l->waiting == 0) pthread_cond_signal(&l->all);
    pthread_mutex_unlock(&l->lock);
    if (more) next_move(s);
}

static bool run_move(struct tx *tx, void *arg, struct err *e)
{
    return books_run(tx, &((struct slot *)arg)->op, e);
}

/* From the writer's thread, and before it has begun. */
static void next_move(struct slot *s)
{
    struct load *l = s->load;
    int last = l->p->narrow ? l->p->narrow - 1 : POTS - 1, from = (int)random_between(&l->r, 0, last), to;
    do to = (int)random_between(&l->r, 0, last);
    while (to == from);
    int64_t amount = l->p->narrow ? GIFT : random_between(&l->r, 1, 90);
    s->op = (struct books_op){ .what = BOOKS_POST, .post = { .day = l->p->b.day, .n = 1 },
        .legs = { { l->p->pot[from], l->p->pot[to], amount, NULL, NULL, 0 } } };
    writer_submit(l->w, run_move, s, moved);
}

static void *run_load(void *arg)
{
    struct load *l = arg;
    pthread_mutex_lock(&l->lock); /* the first is not answered before the last is waiting */
    l->waiting = WAITING;
    for (int i = 0; i < WAITING; i++) {
        l->slots[i].load = l;
        next_move(&l->slots[i]);
    }
    while (l->waiting > 0) pthread_cond_wait(&l->all, &l->lock);
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

static void begin_load(struct load *l, struct pots *p, struct store *s, uint64_t seed, int moves)
{
    struct err e = { 0 };
    *l = (struct load){ .p = p, .left = moves };
    random_seed(&l->r, seed);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->all, NULL);
    if (!writer_open(&l->w, s, &e)) dprintf(2, "no writer: %s\n", e.message), _exit(1);
}

static void end_load(struct load *l)
{
    writer_close(l->w);
    pthread_mutex_destroy(&l->lock);
    pthread_cond_destroy(&l->all);
}

/* In a process of its own, which dies as soon as all is acknowledged. */
static void load_and_die(struct pots *p, uint64_t seed, int moves)
{
    static struct load l;
    struct store *s = NULL;
    struct err e = { 0 };
    int status;
    while (p->b.t.n_dbs > 0) db_close(p->b.t.dbs[--p->b.t.n_dbs]);
    store_close(p->b.t.store);
    p->b.t.store = NULL;
    pid_t pid = fork();
    if (pid == 0) {
        if (!store_open(&s, p->b.t.url, &(struct store_options){ 0 }, &e)) _exit(1);
        begin_load(&l, p, s, seed, moves);
        l.dies = true;
        run_load(&l);
        _exit(1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    test_store_reopen(&p->b.t, NULL);
    p->b.d = test_db(&p->b.t, DB_READ);
}

/* --- what is read --- */

struct sum { int64_t amount; };

static bool add_end(void *arg, const struct trace_end *x, struct err *e)
{
    (void)e;
    ((struct sum *)arg)->amount += x->amount;
    return true;
}

/* All ways to read a balance say the same, and it is what the legs make. */
static void assert_balances(struct pots *p)
{
    struct account_balances all = { 0 };
    struct arena a = { 0 };
    struct err e = { 0 };
    int64_t sum = 0;
    assert_ok(account_balances(p->b.d, COUNTY_A, COUNTY_A, &a, &all, &e), e);
    assert_int_equal(all.n, POTS + 1);
    for (size_t i = 0; i < all.n; i++) {
        char sql[300];
        int64_t id = all.at[i].at.id, b = books_balance(&p->b, all.at[i].at);
        snprintf(sql, sizeof sql, "select cast(sum(case when credit = %lld then amount else -amount "
                 "end) as bigint) from transfer where credit = %lld or debit = %lld",
                 (long long)id, (long long)id, (long long)id);
        assert_int_equal(b, one(p->b.d, sql));
        assert_int_equal(all.at[i].b.balance, b);
        struct idle_pieces pieces = { 0 };
        int64_t open = 0;
        if (!all.at[i].restricted) continue;
        sum += b;
        assert_ok(account_pieces(p->b.d, &all.at[i], &pieces, &e), e);
        for (size_t k = 0; k < pieces.n; k++) open += pieces.at[k].amount;
        assert_int_equal(open, b);
        free(pieces.at);
    }
    assert_int_equal(sum, POTS * GIFT);
    free(all.at);
    arena_free(&a);
}

/* Every fen of every gift lies somewhere. */
static void assert_traces(struct pots *p)
{
    struct err e = { 0 };
    for (int64_t lot = 1; lot <= POTS; lot++) {
        struct spans from = { 0 };
        struct sum s = { 0 };
        struct trace_sink sink = { NULL, add_end, &s };
        assert_ok(spans_of_lot(p->b.d, COUNTY_A, lot, &from, &e), e);
        assert_ok(trace_forward(p->b.d, from.at, from.n, &sink, &e), e);
        assert_int_equal(s.amount, GIFT);
        free(from.at);
    }
}

/* What the tail took stands on the lot it took of. */
#define TAKEN_BY_TAIL "select min(l.id) from transfer t join transfer l on l.county = t.county " \
    "and l.seq = t.lot join ledger_head h on h.county = t.county and t.seq > h.settled"
static void assert_stands(struct pots *p)
{
    struct err e = { 0 };
    int64_t id = one(p->b.d, TAKEN_BY_TAIL);
    assert_true(id > 0);
    assert_false(books_act(&p->b, BOOKS_RETURN, COUNTY_A, id, NULL, &e));
    assert_string_equal(e.field, "passed_on");
}

static void a_killed_writer_leaves_a_tail(enum engine engine)
{
    struct pots p;
    struct err e = { 0 };
    open_pots(&p, engine);
    assert_int_equal(behind(p.b.d), 0);
    for (uint64_t round = 1; round <= 3; round++) {
        load_and_die(&p, round, 150);
        assert_true(behind(p.b.d) > 0);
        assert_true(untold(p.b.d) > 0);
        assert_stands(&p);
        assert_int_equal(faults_of(p.b.d), 0);
        assert_balances(&p);
        assert_traces(&p);
    }
    assert_ok(books_move(&p.b, p.giver, p.pot[0], 1, NULL, &e), e);
    assert_int_equal(behind(p.b.d), 0);
    assert_int_equal(untold(p.b.d), 0);
    assert_int_equal(faults_of(p.b.d), 0);
    assert_traces(&p);
    books_close(&p.b);
}
STORE_TEST(a_killed_writer_leaves_a_tail)

/* Few pots that are emptied and filled again, over more than one skip of their legs. */
static void a_tail_empties_and_fills(enum engine engine)
{
    struct pots p;
    open_pots(&p, engine);
    p.narrow = 4;
    for (uint64_t round = 1; round <= 2; round++) {
        load_and_die(&p, round, 600);
        assert_true(behind(p.b.d) > 0);
        assert_int_equal(faults_of(p.b.d), 0);
        assert_balances(&p);
        assert_traces(&p);
    }
    books_close(&p.b);
}
STORE_TEST(a_tail_empties_and_fills)

static void a_writer_that_closes_leaves_none(enum engine engine)
{
    static struct load l;
    struct pots p;
    open_pots(&p, engine);
    begin_load(&l, &p, p.b.t.store, 5, 400);
    run_load(&l);
    end_load(&l);
    assert_int_equal(behind(p.b.d), 0);
    assert_int_equal(untold(p.b.d), 0);
    assert_int_equal(faults_of(p.b.d), 0);
    assert_balances(&p);
    books_close(&p.b);
}
STORE_TEST(a_writer_that_closes_leaves_none)

/* What a wrong row of the tail's time does is found, too. */
static void verify_names_what_a_tail_hides(enum engine engine)
{
    static const char *const deeds[] = { "update ledger_head set settled = seq",
        "update ledger_head set settled = settled - 1", "update ledger_head set settled = null",
        "update ledger_balance set last_in = last_in + 1", "delete from lot_taken",
        "update lot_taken set off = off + 1 where to_lot = (select max(to_lot) from lot_taken)" };
    for (int i = 0; i < (int)(sizeof deeds / sizeof *deeds); i++) {
        struct pots p;
        open_pots(&p, engine);
        load_and_die(&p, 9, 300);
        tamper(&p.b.t, deeds[i]);
        assert_true(faults_of(p.b.d) > 0);
        books_close(&p.b);
    }
}
STORE_TEST(verify_names_what_a_tail_hides)

/* --- two writers, and a reader --- */

static void two_writers_keep_one_ledger(enum engine engine)
{
    static struct load l[2];
    struct store *s[2];
    struct pots p;
    struct err e = { 0 };
    pthread_t threads[2];
    open_pots(&p, engine);
    for (int i = 0; i < 2; i++) {
        assert_ok(store_open(&s[i], p.b.t.url, &(struct store_options){ 0 }, &e), e);
        begin_load(&l[i], &p, s[i], 20 + (uint64_t)i, 400);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_load, &l[i]), 0);
    for (int i = 0; i < 5; i++) {
        assert_ok(db_begin_read(p.b.d, &e), e);
        assert_int_equal(faults_of(p.b.d), 0);
        assert_balances(&p);
        db_end_read(p.b.d);
    }
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < 2; i++) {
        end_load(&l[i]);
        store_close(s[i]);
    }
    assert_int_equal(behind(p.b.d), 0);
    assert_int_equal(faults_of(p.b.d), 0);
    assert_balances(&p);
    assert_traces(&p);
    books_close(&p.b);
}
STORE_TEST(two_writers_keep_one_ledger)

/* --- long commands among others --- */

enum { LONG = 40000, WAITS = 2000, QUEUED = 4 };
struct long_run { struct pots *p; int at, most; bool too_much; struct account_ref to; struct posting post; struct posting_leg leg; };

/* One fen to and fro, or to another account; the last leg may want more than there is. */
static bool next_fen(void *arg, struct posting **out, struct err *e)
{
    struct long_run *r = arg;
    bool ends = r->at == r->most;
    int from = r->at++ % 2;
    (void)e;
    r->leg = (struct posting_leg){ .debit = r->p->pot[from], .credit = r->p->pot[1 - from],
                                   .amount = ends ? 10 * GIFT : 1 };
    r->post = (struct posting){ .day = r->p->b.day, .legs = &r->leg, .n = 1 };
    if (r->to.id) r->leg.debit = r->p->pot[0], r->leg.credit = r->to;
    *out = ends && !r->too_much ? NULL : &r->post;
    return true;
}

struct queue;
struct queued { struct queue *q; int legs; bool too_much; struct account_ref to; };
struct queue {
    struct pots *p;
    struct queued at[QUEUED];
    pthread_mutex_t gate, lock;
    pthread_cond_t all;
    int left, refused, stored;
};

static bool run_gate(struct tx *tx, void *arg, struct err *e)
{
    struct queue *q = ((struct queued *)arg)->q;
    (void)tx, (void)e;
    pthread_mutex_lock(&q->gate);
    pthread_mutex_unlock(&q->gate);
    return true;
}

static bool run_queued(struct tx *tx, void *arg, struct err *e)
{
    struct queued *x = arg;
    struct long_run r = { .p = x->q->p, .most = x->legs, .too_much = x->too_much,
                          .to = x->to };
    int64_t posted, done;
    return ledger_post_run(tx, next_fen, &r, &posted, &done, e);
}

static void answered(void *arg, bool ok, const struct err *e)
{
    struct queued *x = arg;
    struct queue *q = x->q;
    (void)e;
    pthread_mutex_lock(&q->lock);
    q->refused += !ok;
    q->stored += ok ? x->legs : 0;
    if (--q->left == 0) pthread_cond_signal(&q->all);
    pthread_mutex_unlock(&q->lock);
}

/* The commands in one group: they wait together behind the first. False: there was no writer. */
static bool run_group(struct queue *q, struct pots *p, const struct queued *commands, int n)
{
    struct queued gate = { .q = q };
    struct writer *w;
    struct err e = { 0 };
    *q = (struct queue){ .p = p, .left = n + 1 };
    if (!writer_open(&w, p->b.t.store, &e)) return false;
    pthread_mutex_init(&q->gate, NULL);
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->all, NULL);
    pthread_mutex_lock(&q->gate);
    writer_submit(w, run_gate, &gate, answered);
    for (int i = 0; i < n; i++) {
        q->at[i] = commands[i];
        q->at[i].q = q;
        writer_submit(w, run_queued, &q->at[i], answered);
    }
    pthread_mutex_unlock(&q->gate);
    pthread_mutex_lock(&q->lock);
    while (q->left > 0) pthread_cond_wait(&q->all, &q->lock);
    pthread_mutex_unlock(&q->lock);
    writer_close(w);
    pthread_cond_destroy(&q->all);
    pthread_mutex_destroy(&q->lock);
    pthread_mutex_destroy(&q->gate);
    return true;
}

/* Nothing waits, and there are so many legs besides the gifts. */
static void assert_settled(struct pots *p, int legs)
{
    assert_int_equal(one(p->b.d, "select count(*) from transfer"), POTS + legs);
    assert_int_equal(one(p->b.d, "select count(*) from lot_taken"), legs);
    assert_int_equal(behind(p->b.d), 0);
    assert_int_equal(faults_of(p->b.d), 0);
    assert_balances(p);
}

/* What it had written before it was refused is taken back, and what came before it in its group is
 * not. */
static void a_long_command_that_fails_leaves_the_others(enum engine engine)
{
    struct pots p;
    struct queue q;
    open_pots(&p, engine);
    assert_true(run_group(&q, &p, (const struct queued[]){ { .legs = 1 }, { .legs = LONG, .too_much = true },
                                                           { .legs = 1 } }, 3));
    assert_int_equal(q.refused, 1);
    assert_settled(&p, 2);
    books_close(&p.b);
}
STORE_TEST(a_long_command_that_fails_leaves_the_others)

/* Thousands of uses wait, round after round, and are all written. */
static void long_commands_wait_together(enum engine engine)
{
    struct pots p;
    struct queue q;
    open_pots(&p, engine);
    assert_true(run_group(&q, &p, (const struct queued[]){ { .legs = WAITS }, { .legs = 1 }, { .legs = WAITS } }, 3));
    assert_int_equal(q.refused, 0);
    assert_settled(&p, 2 * WAITS + 1);
    books_close(&p.b);
}
STORE_TEST(long_commands_wait_together)

/* An account that is met for the first time does not wait with the others. */
static void a_new_account_is_written_at_once(enum engine engine)
{
    struct pots p;
    struct queue q;
    open_pots(&p, engine);
    struct account_ref fresh = books_account(&p.b, "FRESH", COUNTY_A, "place", NULL);
    assert_true(run_group(&q, &p, (const struct queued[]){ { .legs = 20 }, { .legs = 20, .to = fresh } }, 2));
    assert_int_equal(books_balance(&p.b, fresh), 20);
    assert_int_equal(behind(p.b.d), 0);
    assert_int_equal(faults_of(p.b.d), 0);
    books_close(&p.b);
}
STORE_TEST(a_new_account_is_written_at_once)

/* --- a database that fails --- */

/* What is acknowledged is stored and nothing else is, whichever call fails under a group, or behind it
 * while what waits is written. */
static void a_group_outlives_a_database_that_fails(enum engine engine)
{
    static const struct queued commands[] = { { .legs = 1 }, { .legs = 20 }, { .legs = 3, .too_much = true } };
    struct pots p;
    struct queue q;
    struct err e = { 0 };
    int legs = 0, step = engine == ENGINE_POSTGRES ? 7 : 1;
    bool hit = true;
    open_pots(&p, engine);
    for (int n = 1; hit; n += step) {
        failing_at(p.b.t.store, NULL, n);
        bool ran = run_group(&q, &p, commands, 3);
        hit = failing_end(p.b.t.store, NULL);
        legs += ran ? q.stored : 0;
        assert_true(hit || (ran && q.refused == 1));
        assert_int_equal(one(p.b.d, "select count(*) from transfer"), POTS + legs);
        assert_int_equal(faults_of(p.b.d), 0);
    }
    assert_ok(books_move(&p.b, p.pot[0], p.pot[1], 1, NULL, &e), e);
    assert_settled(&p, legs + 1);
    books_close(&p.b);
}
STORE_TEST(a_group_outlives_a_database_that_fails)

/* Legs and pieces that a long command writes early. */
static void a_long_command_is_told_of_a_failure(enum engine engine)
{
    const struct stmt_table early[] = { { "taken", ledger_sql(LEDGER_TAKEN_ADD), 1 },
                                        { "legs", ledger_sql(LEDGER_TRANSFER_ADD), 1 } };
    struct pots p;
    struct err e = { 0 };
    open_pots(&p, engine);
    struct queue q = { .p = &p };
    struct queued x = { .q = &q, .legs = 17000 };
    for (int i = 0; i < 2; i++) {
        failing_among(p.b.t.store, NULL, &early[i], 2); /* the first call begins */
        assert_err(store_write(p.b.t.store, run_queued, &x, &e), e, ERR_INTERNAL);
        assert_true(failing_end(p.b.t.store, NULL));
    }
    assert_settled(&p, 0);
    assert_ok(store_write(p.b.t.store, run_queued, &x, &e), e);
    assert_settled(&p, x.legs);
    books_close(&p.b);
}
STORE_TEST(a_long_command_is_told_of_a_failure)

/* All that reads a tail. */
static bool read_tail(struct pots *p, struct err *e)
{
    static const struct trace_sink sink = { NULL, NULL, NULL };
    struct account_balances all = { 0 };
    struct ledger_balance b;
    struct spans from = { 0 }, to = { 0 };
    struct arena a = { 0 };
    bool ok = ledger_balance_of(p->b.d, COUNTY_A, p->pot[0].id, &b, e) &&
              account_balances(p->b.d, COUNTY_A, COUNTY_A, &a, &all, e) && spans_of_lot(p->b.d, COUNTY_A, 1, &from, e) &&
              trace_forward(p->b.d, from.at, from.n, &sink, e) && spans_of_account(p->b.d, p->pot[1], &to, e) &&
              trace_back(p->b.d, to.at, to.n, &sink, e);
    free(all.at);
    free(from.at);
    free(to.at);
    arena_free(&a);
    return ok;
}

static bool stop_edge(void *arg, const struct trace_edge *x, struct err *e)
{
    (void)x;
    return (*(int *)arg)-- > 0 || err_set(e, ERR_CONFLICT, "enough");
}

/* All gifts at once are followed through rows and tail, and at each step it may be stopped. */
static void trace_and_stop(struct pots *p)
{
    struct spans from = { 0 };
    struct err e = { 0 };
    bool ok = false;
    for (int64_t lot = 1; lot <= POTS; lot++) assert_ok(spans_of_lot(p->b.d, COUNTY_A, lot, &from, &e), e);
    for (int n = 0; !ok; n++) {
        int left = n;
        struct trace_sink sink = { stop_edge, NULL, &left };
        ok = trace_forward(p->b.d, from.at, from.n, &sink, &e);
        assert_true(ok || e.code == ERR_CONFLICT);
    }
    free(from.at);
}

/* The lot that the tail took of is not taken back, and a move brings the tail into the rows. */
static bool refuse_return(struct pots *p, struct err *e)
{
    return !books_act(&p->b, BOOKS_RETURN, COUNTY_A, p->tail_id, NULL, e) && e->code == ERR_INVALID;
}

static bool move_on(struct pots *p, struct err *e)
{
    return books_move(&p->b, p->giver, p->pot[0], 1, NULL, e);
}

static void a_tail_that_cannot_be_read_is_told(enum engine engine)
{
    static bool (*const runs[])(struct pots *, struct err *) = { read_tail, refuse_return, move_on };
    struct pots p;
    open_pots(&p, engine);
    load_and_die(&p, 3, 60);
    assert_true(behind(p.b.d) > 0);
    trace_and_stop(&p);
    p.tail_id = one(p.b.d, TAKEN_BY_TAIL);
    for (int i = 0; i < 3; i++) {
        bool hit = true;
        for (int n = 1; hit; n += engine == ENGINE_POSTGRES ? 13 : 1) {
            struct err e = { 0 };
            failing_at(p.b.t.store, p.b.d, n);
            bool ok = runs[i](&p, &e);
            hit = failing_end(p.b.t.store, p.b.d);
            if (ok == hit || (hit && e.code != ERR_INTERNAL)) fail_msg("%d, call %d: %s", i, n, e.message);
        }
    }
    assert_int_equal(behind(p.b.d), 0);
    assert_int_equal(untold(p.b.d), 0);
    assert_int_equal(faults_of(p.b.d), 0);
    books_close(&p.b);
}
STORE_TEST(a_tail_that_cannot_be_read_is_told)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(a_killed_writer_leaves_a_tail), STORE_TESTS(a_tail_empties_and_fills),
        STORE_TESTS(a_new_account_is_written_at_once),
        STORE_TESTS(a_writer_that_closes_leaves_none), STORE_TESTS(verify_names_what_a_tail_hides),
        STORE_TESTS(two_writers_keep_one_ledger),
        STORE_TESTS(a_long_command_that_fails_leaves_the_others), STORE_TESTS(long_commands_wait_together),
        STORE_TESTS(a_group_outlives_a_database_that_fails), STORE_TESTS(a_long_command_is_told_of_a_failure),
        STORE_TESTS(a_tail_that_cannot_be_read_is_told) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
