/* Random programmes of transfers, promises, named lots and returns, held against the oracle:
 * command by command in groups, through the writer, and with a kill -9 in between.
 * JIEDUI_LEDGER_OPS makes them longer. */
#include "programme/oracle.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static int ops_wanted(int usual)
{
    const char *text = getenv("JIEDUI_LEDGER_OPS");
    return text && *text ? (int)strtol(text, NULL, 10) : usual;
}

enum { GROUP = 24 };

struct waiting { struct books_op op; struct lot_name names[2]; struct group *group; };
struct group {
    struct waiting at[GROUP];
    int left;
    pthread_mutex_t lock;
    pthread_cond_t all;
};

static void finished(void *arg, bool ok, const struct err *e)
{
    struct waiting *w = arg;
    w->op.ok = ok;
    w->op.e = *e;
    pthread_mutex_lock(&w->group->lock);
    if (--w->group->left == 0) pthread_cond_signal(&w->group->all);
    pthread_mutex_unlock(&w->group->lock);
}

static bool run_waiting(struct tx *tx, void *arg, struct err *e)
{
    return books_run(tx, &((struct waiting *)arg)->op, e);
}

static void assert_as_wanted(const struct books_op *op)
{
    if (op->ok == op->wanted) return;
    fail_msg("operation %d, id %lld: the oracle says %s, the ledger %s: %s", op->what,
             (long long)(op->what == BOOKS_POST ? op->post.id : op->act.id),
             op->wanted ? "done" : "refused", op->ok ? "done" : "refused", op->e.message);
}

static void run_group(struct oracle *o, struct writer *w, struct group *g, int n)
{
    g->left = n;
    for (int i = 0; i < n; i++) {
        g->at[i].group = g;
        oracle_step(o, &g->at[i].op, g->at[i].names);
        writer_submit(w, run_waiting, &g->at[i], finished);
    }
    pthread_mutex_lock(&g->lock);
    while (g->left > 0) pthread_cond_wait(&g->all, &g->lock);
    pthread_mutex_unlock(&g->lock);
    for (int i = 0; i < n; i++) assert_as_wanted(&g->at[i].op);
}

static void random_programmes_agree(enum engine engine)
{
    struct books b;
    struct oracle o;
    struct writer *w;
    struct err e = { 0 };
    struct group g = { .left = 0 };
    int ops = ops_wanted(engine == ENGINE_SQLITE ? 2500 : 1000);
    books_open(&b, engine);
    oracle_open(&o, &b, 20200527);
    pthread_mutex_init(&g.lock, NULL);
    pthread_cond_init(&g.all, NULL);
    assert_ok(writer_open(&w, b.t.store, &e), e);
    for (int done = 0, n; done < ops; done += n) {
        n = (int)random_between(&o.r, 1, GROUP);
        run_group(&o, w, &g, n);
        if (done % 500 < GROUP && ops < 5000) oracle_compare(&o, b.d);
    }
    writer_close(w);
    oracle_compare(&o, b.d);
    oracle_close(&o);
    pthread_cond_destroy(&g.all);
    pthread_mutex_destroy(&g.lock);
    books_close(&b);
}
STORE_TEST(random_programmes_agree)

/* --- kill -9 --- */

enum { DEED = 8 };
struct deeds;
struct deed { struct books_op op[DEED]; struct lot_name names[DEED][2]; int n; struct deeds *all; };

/* One transaction of several commands, each of which can be done. */
static void next_deed(struct oracle *o, struct deed *d)
{
    d->n = 0;
    for (int tries = 0; d->n == 0 || (d->n < DEED && tries < DEED); tries++) {
        oracle_step(o, &d->op[d->n], d->names[d->n]);
        if (d->op[d->n].wanted) d->n++;
    }
}

static bool run_deed(struct tx *tx, void *arg, struct err *e)
{
    struct deed *d = arg;
    for (int i = 0; i < d->n; i++)
        if (!books_run(tx, &d->op[i], e)) return false;
    return true;
}

struct deeds { struct deed at[GROUP]; int left; pthread_mutex_t lock; pthread_cond_t all; };

static void deed_done(void *arg, bool ok, const struct err *e)
{
    struct deeds *a = ((struct deed *)arg)->all;
    if (!ok) {
        dprintf(2, "the child cannot write: %s\n", e->message);
        _exit(1);
    }
    pthread_mutex_lock(&a->lock);
    if (--a->left == 0) pthread_cond_signal(&a->all);
    pthread_mutex_unlock(&a->lock);
}

/* Group after group, which leaves balances to be written later. */
static void child_of_groups(struct store *s, struct oracle *o, int fd)
{
    struct err e = { 0 };
    struct writer *w;
    static struct deeds a;
    pthread_mutex_init(&a.lock, NULL);
    pthread_cond_init(&a.all, NULL);
    if (!writer_open(&w, s, &e)) _exit(1);
    for (;;) {
        a.left = GROUP;
        for (int i = 0; i < GROUP; i++) {
            next_deed(o, &a.at[i]);
            a.at[i].all = &a;
        }
        for (int i = 0; i < GROUP; i++) writer_submit(w, run_deed, &a.at[i], deed_done);
        pthread_mutex_lock(&a.lock);
        while (a.left > 0) pthread_cond_wait(&a.all, &a.lock);
        pthread_mutex_unlock(&a.lock);
        for (int i = 0; i < GROUP; i++)
            if (write(fd, "x", 1) != 1) _exit(0);
    }
}

static void child(struct books *b, struct oracle *o, bool groups, int fd)
{
    struct err e = { 0 };
    struct store *s = NULL;
    static struct deed d;
    if (!store_open(&s, b->t.url, &(struct store_options){ 0 }, &e)) _exit(1);
    if (groups) child_of_groups(s, o, fd);
    for (;;) {
        next_deed(o, &d);
        if (!store_write(s, run_deed, &d, &e)) {
            dprintf(2, "the child cannot write: %s\n", e.message);
            _exit(1);
        }
        if (write(fd, "x", 1) != 1) _exit(0);
    }
}

static int acknowledged(int fd)
{
    char p[4096];
    int n = 0;
    for (ssize_t got; (got = read(fd, p, sizeof p)) > 0;) n += (int)got;
    return n;
}

static bool id_is_there(struct db *d, int64_t id)
{
    bool found = false;
    for (int c = 0; c < 3; c++) {
        struct val v[2] = { val_int(books_counties[c]), val_int(id) };
        struct err e = { 0 };
        int64_t seq;
        bool here;
        assert_ok(db_int(d, ledger_sql(LEDGER_TRANSFER_BY_ID), v, 2, &seq, &here, &e), e);
        found = found || here;
    }
    return found;
}

static bool any_is_there(struct db *d, int64_t from, int64_t upto)
{
    for (int64_t id = from; id < upto; id++)
        if (id_is_there(d, id)) return true;
    return false;
}

/* Each of what was under way when the child died is wholly there or not at all, and none behind one
 * that is not. */
static void catch_up(struct books *b, struct oracle *o, int acks)
{
    static struct deed d;
    for (int i = 0; i < acks; i++) next_deed(o, &d);
    while (any_is_there(b->d, o->next_id + 1, o->next_id + 200)) next_deed(o, &d);
}

static void survives_kill_9(enum engine engine)
{
    struct books b;
    struct oracle o;
    int rounds = ops_wanted(0) ? 40 : 6;
    books_open(&b, engine);
    oracle_open(&o, &b, 7);
    for (int round = 0; round < rounds; round++) {
        int fds[2];
        struct timespec pause = { 0, (long)random_between(&o.r, 20, 250) * 1000000 };
        while (b.t.n_dbs > 0) db_close(b.t.dbs[--b.t.n_dbs]);
        store_close(b.t.store);
        b.t.store = NULL;
        assert_int_equal(pipe(fds), 0);
        pid_t pid = fork();
        if (pid == 0) child(&b, &o, round % 2, fds[1]);
        close(fds[1]);
        nanosleep(&pause, NULL);
        kill(pid, SIGKILL);
        int status;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status));
        test_store_reopen(&b.t, NULL);
        b.d = test_db(&b.t, DB_READ);
        catch_up(&b, &o, acknowledged(fds[0]));
        close(fds[0]);
        oracle_compare(&o, b.d);
    }
    oracle_close(&o);
    books_close(&b);
}
STORE_TEST(survives_kill_9)

/* --- two spenders of one account --- */

struct spender { struct store *s; struct books *b; struct account_ref from, to; int won; };

static void *spend(void *arg)
{
    struct spender *s = arg;
    for (int i = 0; i < 60; i++) {
        struct books_op o = { .what = BOOKS_POST, .post = { .day = s->b->day, .n = 1 },
                              .legs = { { s->from, s->to, 7, NULL, NULL, 0 } } };
        struct err e = { 0 };
        if (store_write(s->s, books_run, &o, &e)) s->won++;
        else if (strcmp(e.field, "overdraw") != 0) dprintf(2, "spender: %s\n", e.message);
    }
    return NULL;
}

static void concurrent_spenders_never_overdraw(enum engine engine)
{
    struct books b;
    struct err e = { 0 };
    pthread_t threads[2];
    struct spender sp[2];
    struct faults faults = { o_print_fault, NULL, 0 };
    books_open(&b, engine);
    struct account_ref giver = books_account(&b, "S-GIVER", COUNTY_A, "outside", NULL);
    struct account_ref pot = books_account(&b, "S-POT", COUNTY_A, "place", NULL);
    struct account_ref home = books_account(&b, "S-HOME", COUNTY_A, "household", NULL);
    assert_ok(books_move(&b, giver, pot, 600, NULL, &e), e);
    for (int i = 0; i < 2; i++) {
        sp[i] = (struct spender){ .b = &b, .from = pot, .to = home };
        assert_ok(store_open(&sp[i].s, b.t.url, &(struct store_options){ 0 }, &e), e);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, spend, &sp[i]), 0);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < 2; i++) store_close(sp[i].s);
    assert_int_equal(sp[0].won + sp[1].won, 600 / 7);
    assert_int_equal(books_balance(&b, pot), 600 % 7);
    assert_int_equal(books_balance(&b, home), 600 / 7 * 7);
    assert_ok(ledger_verify(b.d, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    books_close(&b);
}
STORE_TEST(concurrent_spenders_never_overdraw)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(random_programmes_agree),
        STORE_TESTS(survives_kill_9), STORE_TESTS(concurrent_spenders_never_overdraw) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
