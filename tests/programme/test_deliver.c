/* Money between counties brought over by servers' threads: all of it, by one or by two at once, after any
 * kill, and what cannot come home stays while the rest goes on. */
#include "programme/books.h"
#include "programme/money/deliver.h"
#include "programme/money/returns.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { TRANSFERS = 120, LEAST_MS = 2, MOST_WAIT_MS = 60000 };

static void sleep_ms(int ms)
{
    nanosleep(&(struct timespec){ ms / 1000, (long)(ms % 1000) * 1000000 }, NULL);
}

static bool count_way(void *arg, const struct under_way *u, struct err *e)
{
    (void)u;
    (void)e;
    ++*(int *)arg;
    return true;
}

static int under_way(struct db *d)
{
    struct err e = { 0 };
    int n = 0;
    assert_ok(ledger_under_way(d, count_way, &n, &e), e);
    return n;
}

static void wait_for(struct db *d, int n)
{
    for (int ms = 0; under_way(d) != n; ms += 10) {
        assert_true(ms < MOST_WAIT_MS);
        sleep_ms(10);
    }
}

static void assert_whole(struct books *b)
{
    struct err e = { 0 };
    struct faults faults = { 0 };
    assert_ok(ledger_verify(b->d, &faults, &e), e);
    assert_int_equal(faults.n, 0);
}

struct world { struct books b; struct account_ref giver, near, far; };

static void open_world(struct world *w, enum engine engine)
{
    books_open(&w->b, engine);
    w->giver = books_account(&w->b, "D-GIVER", COUNTY_A, "outside", NULL);
    w->near = books_account(&w->b, "D-NEAR", COUNTY_B, "place", NULL);
    w->far = books_account(&w->b, "D-FAR", COUNTY_C, "place", NULL);
}

static int64_t send(struct world *w, struct account_ref from, struct account_ref to, int64_t amount)
{
    struct err e = { 0 };
    struct books_op o = { .what = BOOKS_POST, .post = { .day = w->b.day, .n = 1, .halves = true },
                          .legs = { { from, to, amount, NULL, NULL, 0 } } };
    assert_ok(store_write(w->b.t.store, books_run, &o, &e), e);
    return o.post.id;
}

static void send_many(struct world *w)
{
    for (int i = 0; i < TRANSFERS; i++) send(w, w->giver, i % 2 ? w->near : w->far, 10 + i);
    assert_int_equal(under_way(w->b.d), TRANSFERS);
}

static void assert_arrived(struct world *w)
{
    int64_t near = 0, far = 0;
    for (int i = 0; i < TRANSFERS; i++) *(i % 2 ? &near : &far) += 10 + i;
    assert_int_equal(books_balance(&w->b, w->near), near);
    assert_int_equal(books_balance(&w->b, w->far), far);
    assert_whole(&w->b);
}

static void two_servers_bring_it_over_once(enum engine engine)
{
    struct world w;
    struct store *other = NULL;
    struct deliverer *d[2];
    struct err e = { 0 };
    open_world(&w, engine);
    send_many(&w);
    assert_ok(store_open(&other, w.b.t.url, &(struct store_options){ 0 }, &e), e);
    assert_ok(deliverer_open(&d[0], w.b.t.store, &e), e);
    assert_ok(deliverer_open(&d[1], other, &e), e);
    wait_for(w.b.d, 0);
    assert_arrived(&w);
    /* What is sent later comes over too. */
    send(&w, w.giver, w.near, 1);
    wait_for(w.b.d, 0);
    assert_whole(&w.b);
    deliverer_close(d[0]);
    deliverer_close(d[1]);
    deliverer_close(NULL);
    store_close(other);
    books_close(&w.b);
}
STORE_TEST(two_servers_bring_it_over_once)

/* A server that is killed after so long, or ends when nothing is under way. */
static bool serve_and_die(const char *url, int ms)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct store *s = NULL;
        struct db *d = NULL;
        struct deliverer *x;
        struct err e = { 0 };
        if (!store_open(&s, url, &(struct store_options){ 0 }, &e) || !store_connect(s, DB_READ, &d, &e) ||
            !deliverer_open(&x, s, &e))
            _exit(1);
        while (under_way(d)) sleep_ms(1);
        _exit(0);
    }
    int status;
    sleep_ms(ms);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status)) assert_int_equal(WEXITSTATUS(status), 0);
    return WIFEXITED(status);
}

static void killed_at_any_instant_it_goes_on(enum engine engine)
{
    struct world w;
    open_world(&w, engine);
    send_many(&w);
    while (w.b.t.n_dbs > 0) db_close(w.b.t.dbs[--w.b.t.n_dbs]);
    store_close(w.b.t.store);
    w.b.t.store = NULL;
    for (int ms = LEAST_MS; !serve_and_die(w.b.t.url, ms);) ms += ms / 3 + 1;
    test_store_reopen(&w.b.t, NULL);
    w.b.d = test_db(&w.b.t, DB_READ);
    assert_int_equal(under_way(w.b.d), 0);
    assert_arrived(&w);
    books_close(&w.b);
}
STORE_TEST(killed_at_any_instant_it_goes_on)

/* A return whose money was spent between its halves waits; all else comes over, and it too once it can. */
static void what_is_refused_waits_alone(enum engine engine)
{
    struct world w;
    struct deliverer *d;
    struct err e = { 0 };
    int64_t delivered, spent;
    open_world(&w, engine);
    struct account_ref pot = books_account(&w.b, "D-POT", COUNTY_A, "place", NULL);
    struct account_ref home = books_account(&w.b, "D-HOME", COUNTY_B, "household", NULL);
    assert_ok(books_move(&w.b, w.giver, pot, 500, NULL, &e), e);
    struct books_op o = { .what = BOOKS_POST, .post = { .day = w.b.day, .n = 2, .halves = true },
        .legs = { { pot, w.near, 100, NULL, NULL, 0 }, { pot, w.far, 200, NULL, NULL, 0 } } };
    assert_ok(store_write(w.b.t.store, books_run, &o, &e), e);
    assert_ok(ledger_deliver(w.b.t.store, &delivered, &e), e);
    struct ledger_act act = { .by = INT64_C(9) << 22, .day = w.b.day };
    assert_ok(return_apart_begin(w.b.t.store, (struct account_ref){ COUNTY_A, o.post.id }, &act, COUNTY_C, &e), e);
    assert_ok(books_move(&w.b, w.near, home, 50, &spent, &e), e);
    assert_ok(deliverer_open(&d, w.b.t.store, &e), e);
    send(&w, w.giver, w.far, 7);
    wait_for(w.b.d, 1);
    assert_int_equal(books_balance(&w.b, w.far), 7);
    assert_int_equal(books_balance(&w.b, pot), 200);
    assert_whole(&w.b);
    assert_ok(books_act(&w.b, BOOKS_RETURN, COUNTY_B, spent, NULL, &e), e);
    wait_for(w.b.d, 0);
    assert_int_equal(books_balance(&w.b, pot), 500);
    assert_whole(&w.b);
    deliverer_close(d);
    books_close(&w.b);
}
STORE_TEST(what_is_refused_waits_alone)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(two_servers_bring_it_over_once),
        STORE_TESTS(killed_at_any_instant_it_goes_on), STORE_TESTS(what_is_refused_waits_alone) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
