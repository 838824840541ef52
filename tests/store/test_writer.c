#include "sample.h"
#include "tamper.h"

#include <pthread.h>
#include "store/journal.h"

/* A part that adds numbers up and writes the sum once; it refuses the number 13, but only then. */
struct sums { int64_t sum; size_t n; int64_t each[4096]; };

static void *sums_open(struct tx *tx)
{
    (void)tx;
    return mem_alloc(sizeof(struct sums));
}
static size_t sums_mark(void *self) { return ((struct sums *)self)->n; }
static void sums_rewind(void *self, size_t mark)
{
    struct sums *s = self;
    while (s->n > mark) s->sum -= s->each[--s->n];
}
static bool sums_flush(struct tx *tx, void *self, struct err *e)
{
    struct sums *s = self;
    for (size_t i = 0; i < s->n; i++)
        if (s->each[i] == 13) return err_set(e, ERR_INVALID, "13 brings bad luck");
    struct val v[] = { val_int(0), val_int(0), val_int(s->sum) };
    return s->n == 0 || tx_exec(tx, &sample[THING_AMOUNT], v, 3, NULL, e);
}
static void sums_close(void *self) { free(self); }
static const struct tx_part sums_part = { .name = "sums", .rank = 10, .open = sums_open,
    .mark = sums_mark, .rewind = sums_rewind, .flush = sums_flush, .close = sums_close };

enum fate { FINE, FAILS_AT_ONCE, FAILS_AFTER_WRITING, FAILS_IN_SQL, FAILS_AT_FLUSH, SWALLOWS };
struct order { int64_t county, id, sum; enum fate fate; };

static bool place_order(struct tx *tx, void *arg, struct err *e)
{
    struct order *o = arg;
    struct sums *s = tx_part(tx, &sums_part);
    if (o->id == 0) o->id = tx_id(tx);
    struct val v[] = { val_int(o->county), val_int(o->id), val_int(o->sum) };
    struct journal_entry j = { .kind = JOURNAL_INSERT, .table = 3, .county = o->county,
                               .id = o->id, .after = o->id };
    s->each[s->n++] = o->sum;
    s->sum += o->sum;
    if (!journal_add(tx, &j, e)) return false;
    if (o->fate == FAILS_AT_ONCE) return err_set(e, ERR_INVALID, "at once");
    if (!tx_exec(tx, &sample[POSTING_ADD], v, 3, NULL, e)) return false;
    if (o->fate == FAILS_AFTER_WRITING) return err_set(e, ERR_INVALID, "after writing");
    if (o->fate == FAILS_IN_SQL) return tx_exec(tx, &sample[POSTING_ADD], v, 3, NULL, e);
    return o->fate != SWALLOWS || !tx_exec(tx, &sample[POSTING_ADD], v, 3, NULL, NULL);
}

static const struct stmt posted = { "posted", STMT_ADMIN,
    "select count(*) from posting where county = ?1", NULL };
static const struct stmt posted_sum = { "posted_sum", STMT_ADMIN,
    "select cast(coalesce(sum(amount), 0) as bigint) from posting", NULL };
static const struct stmt kept_sum = { "kept_sum", STMT_ADMIN,
    "select amount from thing where county = 0 and id = 0", NULL };

static int64_t ask(struct db *d, const struct stmt *s, const struct val *v, int n)
{
    struct err e = { 0 };
    int64_t out = 0;
    assert_ok(db_int(d, s, v, n, &out, NULL, &e), e);
    return out;
}

static void start(struct test_store *t, enum engine engine, struct writer **w)
{
    struct err e = { 0 };
    test_store_open(t, engine, sample_tables, SAMPLE_TABLES);
    struct val v[] = { val_int(0), val_int(0), val_int(0), val_null(), val_null() };
    assert_ok(sample_do(t->store, THING_ADD, v, 5, &e), e);
    assert_ok(writer_open(w, t->store, &e), e);
}

static void check_books(struct test_store *t)
{
    struct err e = { 0 };
    int64_t entries = 0;
    struct faults faults = { 0 };
    struct db *d = test_db(t, DB_READ);
    static const struct stmt journaled = { "journaled", STMT_ADMIN,
        "select count(*) from journal", NULL };
    static const struct stmt rows = { "rows", STMT_ADMIN, "select count(*) from posting", NULL };
    assert_int_equal(ask(d, &posted_sum, NULL, 0), ask(d, &kept_sum, NULL, 0));
    entries = ask(d, &journaled, NULL, 0);
    assert_int_equal(ask(d, &rows, NULL, 0), entries);
    assert_ok(journal_verify(d, NULL, &faults, &e), e);
    assert_int_equal(faults.n, 0);
}

#define THREADS 64
#define EACH 40
struct worker { struct writer *w; int64_t county; int acknowledged, refused; bool trouble; };

static void *work(void *arg)
{
    struct worker *k = arg;
    for (int i = 0; i < EACH; i++) {
        struct err e = { 0 };
        struct order o = { .county = k->county, .sum = 1000 };
        if (k->trouble && i % 8 == 3) o.fate = (enum fate)(1 + i / 8 % 3);
        if (k->trouble && i == 30) o.sum = 13;
        bool ok = writer_run(k->w, place_order, &o, &e);
        if (ok != (o.fate == FINE && o.sum == 1000)) {
            k->refused = -1000;
            print_error("%d: %s\n", i, e.message);
        }
        k->acknowledged += ok;
        k->refused += !ok;
    }
    return NULL;
}

static void many(enum engine engine, bool trouble)
{
    struct test_store t;
    struct writer *w;
    pthread_t threads[THREADS];
    struct worker workers[THREADS];
    start(&t, engine, &w);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ .w = w, .county = 100 + i,
                                      .trouble = trouble && i % 16 == 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    struct db *d = test_db(&t, DB_READ);
    for (int i = 0; i < THREADS; i++) {
        struct val county = val_int(100 + i);
        assert_int_equal(ask(d, &posted, &county, 1), workers[i].acknowledged);
        assert_int_equal(workers[i].refused, workers[i].trouble ? 6 : 0);
    }
    writer_close(w);
    check_books(&t);
    test_store_close(&t);
}

static void serves_64_threads(enum engine engine) { many(engine, false); }
static void refuses_only_what_fails(enum engine engine) { many(engine, true); }
STORE_TEST(serves_64_threads)
STORE_TEST(refuses_only_what_fails)

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t open;
    bool is_open;
    int done, ok;
    struct err last;
};

static bool wait_at_gate(struct tx *tx, void *arg, struct err *e)
{
    struct gate *g = arg;
    (void)tx, (void)e;
    pthread_mutex_lock(&g->lock);
    while (!g->is_open) pthread_cond_wait(&g->open, &g->lock);
    pthread_mutex_unlock(&g->lock);
    return true;
}

static void note_done(void *arg, bool ok, const struct err *e)
{
    struct gate *g = arg;
    pthread_mutex_lock(&g->lock);
    g->done++;
    g->ok += ok;
    if (!ok) g->last = *e;
    pthread_mutex_unlock(&g->lock);
}

struct held { struct gate *g; struct order o; };
static bool held_order(struct tx *tx, void *arg, struct err *e)
{
    return place_order(tx, &((struct held *)arg)->o, e);
}
static void held_done(void *arg, bool ok, const struct err *e)
{
    note_done(((struct held *)arg)->g, ok, e);
}

/* A known batch: everything waits behind a gate, so that it runs as one transaction, whatever kind
 * of failure is in the middle of it. */
static void one_batch(enum engine engine, enum fate fate, int64_t sum, enum err_code want)
{
    struct test_store t;
    struct writer *w;
    struct gate g = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0, 0, { 0 } };
    struct held all[20] = { 0 };
    start(&t, engine, &w);
    writer_submit(w, wait_at_gate, &g, note_done);
    for (int i = 0; i < 20; i++) {
        all[i] = (struct held){ &g, { .county = 9, .id = 500 + i, .sum = 1000 } };
        if (i == 11) all[i].o.fate = fate;
        if (i == 11) all[i].o.sum = sum;
        writer_submit(w, held_order, &all[i], held_done);
    }
    pthread_mutex_lock(&g.lock);
    g.is_open = true;
    pthread_cond_signal(&g.open);
    pthread_mutex_unlock(&g.lock);
    writer_close(w); /* runs what waits */
    assert_int_equal(g.done, 21);
    assert_int_equal(g.ok, 20);
    if (g.last.code != want) fail_msg("%s: %s", err_name(g.last.code), g.last.message);
    struct val county = val_int(9);
    assert_int_equal(ask(test_db(&t, DB_READ), &posted, &county, 1), 19);
    check_books(&t);
    test_store_close(&t);
}

static void undoes_one_command_alone(enum engine engine)
{
    one_batch(engine, FAILS_AT_ONCE, 7, ERR_INVALID);
    one_batch(engine, FAILS_AFTER_WRITING, 7, ERR_INVALID);
    one_batch(engine, FAILS_IN_SQL, 7, ERR_CONFLICT);
    one_batch(engine, FAILS_AT_FLUSH, 13, ERR_INVALID);
    one_batch(engine, SWALLOWS, 7, ERR_INTERNAL);
}
STORE_TEST(undoes_one_command_alone)

static void refuses_a_reading_store(enum engine engine)
{
    struct test_store t;
    struct writer *w;
    struct err e = { 0 };
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    test_store_reopen(&t, &(struct store_options){ .read_only = true });
    assert_err(writer_open(&w, t.store, &e), e, ERR_FORBIDDEN);
    struct val v[] = { val_int(1), val_int(1), val_int(1) };
    assert_err(sample_do(t.store, POSTING_ADD, v, 3, &e), e, ERR_FORBIDDEN);
    assert_int_equal(sample_count(test_db(&t, DB_READ)), 0);
    test_store_reopen(&t, NULL);
    test_store_close(&t);
}
STORE_TEST(refuses_a_reading_store)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(serves_64_threads), STORE_TESTS(refuses_only_what_fails),
        STORE_TESTS(undoes_one_command_alone), STORE_TESTS(refuses_a_reading_store),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
