/* The group-committing writer. Commands that wait are run one after another in one transaction, and
 * acknowledged when it is durable; while it commits, the next batch gathers. As long as no command
 * fails after it has written, none pays for a savepoint. When one does, the batch is rolled back
 * and run again with a savepoint around each; when even then the whole cannot be committed (a
 * part's flush refuses), each command gets a transaction of its own, so that only the guilty one
 * fails. */
#include "store/driver.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/wait.h"

#define BATCH 256
#define IDLE_MS 500 /* quiet for so long: time for the checkpoint */

struct command {
    struct command *next;
    tx_fn *fn;
    void *arg;
    writer_done *done;           /* NULL: somebody waits on `ready` */
    struct err e;
    bool ok, finished;
    pthread_cond_t ready;
};

struct writer {
    struct db *db;
    pthread_t thread;
    pthread_mutex_t lock;        /* guards what follows, and `finished` of the commands */
    pthread_cond_t wake;
    struct command *first, *last;
    bool stop;
    struct command *batch[BATCH]; /* the thread's own */
    int n;
};

enum outcome { DONE, AGAIN, WITH_SAVEPOINTS, ONE_BY_ONE };

/* A command that had failed on its own is told the same: what it failed on was not stored
 * either. */
static void settle_all(struct writer *w, const struct err *e)
{
    for (int i = 0; i < w->n; i++) {
        w->batch[i]->ok = false;
        w->batch[i]->e = *e;
    }
}

/* What became of a whole transaction that could not be finished. */
static enum outcome judge(struct writer *w, const struct err *e, int attempt)
{
    if (w->db->again && attempt < STORE_TRIES) return AGAIN;
    bool shared = e->code == ERR_BUSY || e->code == ERR_UNKNOWN || e->code == ERR_FULL ||
                  e->code == ERR_CORRUPT;
    if (!shared && w->n > 1) return ONE_BY_ONE;
    settle_all(w, e);
    return DONE;
}

static enum outcome finish(struct writer *w, struct tx *tx, int attempt)
{
    struct err e = { 0 };
    if (tx_finish(tx, &e)) return DONE;
    return judge(w, &e, attempt);
}

/* All commands in one transaction, without savepoints. */
static enum outcome run_plain(struct writer *w, int attempt)
{
    struct tx tx;
    struct err e = { 0 };
    if (!tx_begin(&tx, w->db, false, &e)) return judge(w, &e, attempt);
    tx.grouped = true;
    for (int i = 0; i < w->n; i++) {
        struct command *c = w->batch[i];
        struct tx_point before;
        tx_mark(&tx, &before);
        err_clear(&c->e);
        c->ok = c->fn(&tx, c->arg, &c->e);
        if (c->ok) continue;
        if (tx.writes != before.writes || w->db->failed) {
            bool again = w->db->again && attempt < STORE_TRIES;
            tx_abandon(&tx);
            if (again) return AGAIN;
            return w->n > 1 ? WITH_SAVEPOINTS : DONE;
        }
        tx_rewind(&tx, &before);
    }
    return finish(w, &tx, attempt);
}

/* One command inside its savepoint. False: the transaction itself is lost. */
static bool run_guarded(struct tx *tx, struct command *c)
{
    struct db *d = tx->db;
    struct tx_point before;
    struct err e;
    tx_mark(tx, &before);
    err_clear(&c->e);
    if (!d->driver->script(d, "savepoint command", &c->e)) return c->ok = false;
    c->ok = c->fn(tx, c->arg, &c->e);
    if (c->ok && d->failed) {
        c->ok = err_set(&c->e, ERR_INTERNAL, "a statement failed and the command went on");
    }
    if (c->ok) return d->driver->script(d, "release savepoint command", &c->e);
    if (d->again || d->broken) return false;
    d->failed = false;
    tx_rewind(tx, &before);
    return d->driver->script(d, "rollback to savepoint command", &e) &&
           d->driver->script(d, "release savepoint command", &e);
}

static enum outcome run_savepoints(struct writer *w, int attempt)
{
    struct tx tx;
    struct err e = { 0 };
    if (!tx_begin(&tx, w->db, false, &e)) return judge(w, &e, attempt);
    tx.grouped = true;
    for (int i = 0; i < w->n; i++) {
        if (run_guarded(&tx, w->batch[i])) continue;
        e = w->batch[i]->e;
        tx_abandon(&tx);
        return judge(w, &e, attempt);
    }
    return finish(w, &tx, attempt);
}

static void run_alone(struct writer *w)
{
    for (int i = 0; i < w->n; i++) {
        struct command *c = w->batch[i];
        err_clear(&c->e);
        c->ok = db_write(w->db, c->fn, c->arg, &c->e);
    }
}

static void run_batch(struct writer *w)
{
    enum outcome (*how)(struct writer *, int) = run_plain;
    for (int attempt = 0;;) {
        enum outcome o = how(w, attempt);
        if (o == DONE) return;
        if (o == ONE_BY_ONE) {
            run_alone(w);
            return;
        }
        if (o == WITH_SAVEPOINTS) how = run_savepoints;
        if (o == AGAIN) store_pause(attempt++);
    }
}

static void acknowledge(struct writer *w)
{
    for (int i = 0; i < w->n; i++) {
        struct command *c = w->batch[i];
        if (!c->done) continue;
        c->done(c->arg, c->ok, &c->e);
        free(c);
        w->batch[i] = NULL;
    }
    pthread_mutex_lock(&w->lock);
    for (int i = 0; i < w->n; i++) {
        if (!w->batch[i]) continue;
        w->batch[i]->finished = true;
        pthread_cond_signal(&w->batch[i]->ready);
    }
    pthread_mutex_unlock(&w->lock);
}

/* Takes what waits; sleeps while nothing does. False when there is nothing left to do, ever. */
static bool gather(struct writer *w)
{
    bool rested = false;
    pthread_mutex_lock(&w->lock);
    while (!w->first && !w->stop) {
        if (rested) {
            pthread_cond_wait(&w->wake, &w->lock);
        } else if (!wait_ms(&w->wake, &w->lock, IDLE_MS) && !w->first) {
            pthread_mutex_unlock(&w->lock);
            db_settle(w->db);
            w->db->driver->idle(w->db);
            rested = true;
            pthread_mutex_lock(&w->lock);
        }
    }
    for (w->n = 0; w->first && w->n < BATCH; w->n++) {
        w->batch[w->n] = w->first;
        w->first = w->first->next;
    }
    pthread_mutex_unlock(&w->lock);
    return w->n > 0;
}

static void *work(void *arg)
{
    struct writer *w = arg;
    while (gather(w)) {
        run_batch(w);
        acknowledge(w);
    }
    return NULL;
}

bool writer_open(struct writer **out, struct store *s, struct err *e)
{
    struct writer *w = mem_alloc(sizeof *w);
    *out = NULL;
    if (!store_connect(s, DB_WRITE, &w->db, e)) {
        free(w);
        return false;
    }
    pthread_mutex_init(&w->lock, NULL);
    wait_init(&w->wake);
    if (pthread_create(&w->thread, NULL, work, w) != 0) {
        pthread_mutex_destroy(&w->lock);
        pthread_cond_destroy(&w->wake);
        db_close(w->db);
        free(w);
        return err_set(e, ERR_FULL, "no thread for the writer");
    }
    *out = w;
    return true;
}

/* In w->lock. */
static void enqueue(struct writer *w, struct command *c)
{
    if (w->first) w->last->next = c;
    else w->first = c;
    w->last = c;
    pthread_cond_signal(&w->wake);
}

bool writer_run(struct writer *w, tx_fn *fn, void *arg, struct err *e)
{
    struct command c = { .fn = fn, .arg = arg };
    pthread_cond_init(&c.ready, NULL);
    pthread_mutex_lock(&w->lock);
    enqueue(w, &c);
    while (!c.finished) pthread_cond_wait(&c.ready, &w->lock);
    pthread_mutex_unlock(&w->lock);
    pthread_cond_destroy(&c.ready);
    if (!c.ok && e) *e = c.e;
    return c.ok;
}

void writer_submit(struct writer *w, tx_fn *fn, void *arg, writer_done *done)
{
    struct command *c = mem_alloc(sizeof *c);
    c->fn = fn;
    c->arg = arg;
    c->done = done;
    pthread_mutex_lock(&w->lock);
    enqueue(w, c);
    pthread_mutex_unlock(&w->lock);
}

void writer_close(struct writer *w)
{
    if (!w) return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->wake);
    db_settle(w->db);
    db_close(w->db);
    free(w);
}
