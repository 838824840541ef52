/* The thread that keeps rows and memory alike: signs of life, stops that were asked for, jobs of processes
 * that died, and what is old. */
#include "programme/job/job_inner.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/wait.h"

enum { TICK_MS = 2000, TAKE_OVER_TICKS = 30, SWEEP_TICKS = 1800 };
#define SECOND INT64_C(1000000)
#define ELSEWHERE_US (60 * SECOND)     /* silence after which a process of another machine counts as dead */
#define SHOWN_US (600 * SECOND)        /* how long one that ended is kept in memory, for streams that come back */
#define DAY (86400 * SECOND)

/* --- taking over --- */

struct taking { struct jobs *jobs; const struct job_row *row; enum job_state state; const char *why; int64_t changed; };

static bool take_row(struct tx *tx, void *arg, struct err *e)
{
    struct taking *t = arg;
    bool ends = t->state != JOB_WAITS;
    const struct val v[] = { val_int(t->row->v.id), val_text(t->jobs->process), val_int(tx_now(tx)),
        val_text(job_state_code(t->state)), val_text(t->why), ends ? val_int(tx_now(tx)) : val_null(),
        val_text(t->row->process), val_int(t->row->v.stopping) };
    return tx_exec(tx, job_sql(JOB_TAKE), v, 8, &t->changed, e);
}

static bool is_left(struct jobs *j, const struct job_row *row)
{
    int64_t silence = clock_now(store_clock(j->opt.store)) - row->beat;
    switch (process_look(row->process)) {
    case PROCESS_SELF: return strcmp(row->process, j->process) != 0;
    case PROCESS_LIVES: return false;
    case PROCESS_DEAD: return true;
    default: return silence > ELSEWHERE_US;
    }
}

static bool take_one(void *arg, const struct job_row *row, struct err *e)
{
    struct jobs *j = arg;
    const struct job_kind *kind = jobs_kind(j, row->v.kind_name);
    struct taking t = { .jobs = j, .row = row, .state = JOB_WAITS };
    if (!is_left(j, row)) return true;
    if (row->v.stopping) {
        t.state = JOB_STOPPED;
    } else if (!kind) {
        t.state = JOB_FAILED;
        t.why = "this version of the program knows no such task";
    } else if (row->v.state == JOB_RUNS && !kind->resumes) {
        t.state = JOB_CUT;
    }
    if (!jobs_write(j, take_row, &t, e)) return false;
    if (t.changed && t.state == JOB_WAITS) jobs_add(j, row->v.id, row->v.owner, kind);
    return true;
}

bool jobs_take_over(struct jobs *j, struct db *d, struct err *e)
{
    struct arena a = { 0 };
    bool ok = job_rows(d, JOB_OPEN, NULL, 0, &a, take_one, j, e);
    arena_free(&a);
    return ok;
}

/* --- signs of life, and stops --- */

struct beat { struct jobs *jobs; int64_t id, done, total; };

static bool write_beat(struct tx *tx, void *arg, struct err *e)
{
    const struct beat *b = arg;
    const struct val v[] = { val_int(b->id), val_int(tx_now(tx)), val_int(b->done), val_int(b->total),
                             val_text(b->jobs->process) };
    return tx_exec(tx, job_sql(JOB_BEAT), v, 5, NULL, e);
}

/* One that waits here and is to stop ends at once; one that runs is told. The row may be of an earlier turn by
 * now: then it is not there as it was read, or the run began at another instant. */
static bool hear_stop(void *arg, const struct job_row *row, struct err *e)
{
    struct jobs *j = arg;
    struct taking t = { .jobs = j, .row = row, .state = JOB_STOPPED };
    bool waits = false;
    unsigned turn = 0;
    if (!row->v.stopping || strcmp(row->process, j->process) != 0) return true;
    pthread_mutex_lock(&j->lock);
    struct job_live *x = jobs_find(j, row->v.id);
    if (x) {
        waits = x->state == JOB_WAITS;
        turn = x->turn;
    }
    if (x && x->state == JOB_RUNS && x->begun == row->v.begun) {
        x->asked_to_stop = true;
        atomic_store(&x->stop, true);
        jobs_touch(j, x);
    }
    pthread_mutex_unlock(&j->lock);
    if (!waits || !jobs_write(j, take_row, &t, e)) return !waits;
    pthread_mutex_lock(&j->lock);
    x = jobs_find(j, row->v.id);
    if (t.changed && x && x->state == JOB_WAITS && x->turn == turn) {
        x->state = JOB_STOPPED;
        x->ended = clock_now(store_clock(j->opt.store));
        jobs_touch(j, x);
    }
    pthread_mutex_unlock(&j->lock);
    return true;
}

static void beat_all(struct jobs *j)
{
    struct beat b[JOB_LANES];
    struct err e;
    int n = 0;
    pthread_mutex_lock(&j->lock);
    for (struct job_live *x = j->first; x && n < JOB_LANES; x = x->next)
        if (x->state == JOB_RUNS)
            b[n++] = (struct beat){ j, x->id, atomic_load(&x->done), atomic_load(&x->total) };
    pthread_mutex_unlock(&j->lock);
    for (int i = 0; i < n; i++)
        if (!jobs_write(j, write_beat, &b[i], &e)) log_line(LOG_INFO, "task_beat", "message=\"%s\"", e.message);
}

/* What ended a while ago, and is no run's any more, is forgotten. */
static void forget(struct jobs *j)
{
    int64_t before = clock_now(store_clock(j->opt.store)) - SHOWN_US;
    pthread_mutex_lock(&j->lock);
    for (struct job_live **at = &j->first, *x; (x = *at) != NULL;) {
        if (x->state >= JOB_DONE && x->ended && x->ended < before) {
            *at = x->next;
            free(x);
        } else {
            at = &x->next;
        }
    }
    pthread_mutex_unlock(&j->lock);
}

static bool sweep(struct jobs *j, struct db *d, struct err *e)
{
    int64_t removed;
    int64_t before = clock_now(store_clock(j->opt.store)) - JOB_KEPT_DAYS * DAY;
    if (!jobs_sweep(j->opt.store, d, j->dir, before, &removed, e)) return false;
    if (removed) log_line(LOG_NOTE, "tasks_removed", "count=%lld", (long long)removed);
    return true;
}

static bool keep_once(struct jobs *j, struct db *d, int64_t tick, struct err *e)
{
    struct arena a = { 0 };
    beat_all(j);
    forget(j);
    bool ok = job_rows(d, JOB_OPEN, NULL, 0, &a, hear_stop, j, e) &&
              (tick % TAKE_OVER_TICKS || jobs_take_over(j, d, e)) && (tick % SWEEP_TICKS || sweep(j, d, e));
    arena_free(&a);
    return ok;
}

void *jobs_keep(void *arg)
{
    struct jobs *j = arg;
    struct db *d = NULL;
    struct err e;
    for (int64_t tick = 0;; tick++) {
        if (!(d || store_connect(j->opt.store, DB_READ, &d, &e)) || !keep_once(j, d, tick, &e))
            log_line(LOG_WARN, "tasks_keep", "message=\"%s\"", e.message);
        pthread_mutex_lock(&j->lock);
        if (!j->closing) wait_ms(&j->tick, &j->lock, TICK_MS);
        bool closing = j->closing;
        pthread_mutex_unlock(&j->lock);
        if (closing) break;
    }
    if (d) db_close(d);
    return NULL;
}
