/* One job from its row to its end. */
#include "programme/job/job_inner.h"

#include <time.h>

#include "base/log.h"
#include "programme/access/access.h"

enum { RUN_MEMORY = 512 << 20, END_TRIES = 60 };

struct running { struct jobs *jobs; struct job_live *live; unsigned turn; struct job_row row; struct arena arena; };

struct beginning { struct running *x; int64_t changed, now; };

static bool begin_row(struct tx *tx, void *arg, struct err *e)
{
    struct beginning *b = arg;
    b->now = tx_now(tx);
    const struct val v[] = { val_int(b->x->live->id), val_int(b->now), val_text(b->x->jobs->process) };
    return tx_exec(tx, job_sql(JOB_BEGIN), v, 3, &b->changed, e);
}

struct ending { struct running *x; enum job_state state; const char *why, *result; int64_t now; };

static bool end_row(struct tx *tx, void *arg, struct err *e)
{
    struct ending *d = arg;
    const struct job_live *l = d->x->live;
    d->now = tx_now(tx);
    const struct val v[] = { val_int(l->id), val_text(job_state_code(d->state)), val_int(atomic_load(&l->done)),
        val_int(atomic_load(&l->total)), val_text(d->why), val_text(d->result),
        d->state == JOB_WAITS ? val_null() : val_int(d->now), val_text(d->x->jobs->process) };
    return tx_exec(tx, job_sql(JOB_END), v, 8, NULL, e);
}

/* What was done is done: its row is written though the store be busy for a while. A row that cannot be
 * written stays "running" and is taken over at the next start. */
static void write_end(struct running *x, struct ending *d)
{
    const struct timespec second = { .tv_sec = 1 };
    struct err e = { .code = ERR_NONE };
    for (int i = 0; i < END_TRIES; i++) {
        if (jobs_write(x->jobs, end_row, d, &e)) return;
        if (e.code != ERR_BUSY && e.code != ERR_UNKNOWN) break;
        nanosleep(&second, NULL);
    }
    log_line(LOG_ERROR, "job_end_not_written", "id=%lld message=\"%s\"", (long long)x->live->id, e.message);
}

/* Who saw the row's end may have asked for it again before this comes to it: then nothing changes. */
static void set_state(struct running *x, enum job_state state, int64_t begun, int64_t ended)
{
    struct job_live *l = x->live;
    pthread_mutex_lock(&x->jobs->lock);
    if (l->turn == x->turn) {
        l->state = state;
        if (begun) l->begun = begun;
        l->ended = ended;
        jobs_touch(x->jobs, l);
    }
    pthread_mutex_unlock(&x->jobs->lock);
}

/* Who asked, as they stand now; or why it cannot be run for them. */
static bool same_user(struct running *x, const struct seat *seat, const struct user **user, struct err *e)
{
    char mark[DIGEST_HEX];
    struct user *u = arena_alloc(&x->arena, sizeof *u);
    bool open = *user != NULL;
    if (!*user) {
        if (!account_user(seat, x->row.v.owner, &x->arena, u, &open, e)) return false;
        *user = u;
    }
    if (!open) return err_set(e, ERR_FORBIDDEN, "the account that asked for it is closed");
    scope_mark((*user)->scope, mark);
    return strcmp(mark, x->row.v.mark) == 0 ||
           err_set(e, ERR_FORBIDDEN, "what the account may see has changed since it was asked for: run it again");
}

static bool run_kind(struct running *x, const struct seat *seat, const struct user *user, const char **result,
                     struct err *e)
{
    struct job_run r = { .seat = seat, .id = x->live->id, .asked = x->row.v.asked, .result = x->row.v.result,
        .arena = &x->arena, .jobs = x->jobs, .live = x->live, .dir = job_dir(x->jobs, x->live->id, &x->arena) };
    if (!same_user(x, seat, &user, e)) return false;
    r.user = user;
    bool ok = x->live->kind->run(&r, e);
    *result = r.result;
    return ok;
}

static enum job_state state_after(const struct running *x, bool ok)
{
    if (ok) return JOB_DONE;
    if (!atomic_load(&x->live->stop)) return JOB_FAILED;
    pthread_mutex_lock(&x->jobs->lock);
    bool asked = x->live->asked_to_stop;
    pthread_mutex_unlock(&x->jobs->lock);
    return asked ? JOB_STOPPED : JOB_WAITS;
}

static void finish(struct running *x, bool ok, const char *result, const struct err *e)
{
    struct ending d = { .x = x, .state = state_after(x, ok), .result = result };
    if (d.state == JOB_FAILED) {
        d.why = e->message;
        log_line(LOG_NOTE, "task_failed", "id=%lld kind=%s message=\"%s\"", (long long)x->live->id,
                 x->live->kind->name, e->message);
    }
    write_end(x, &d);
    set_state(x, d.state, 0, d.now);
}

static void stop_before(struct running *x)
{
    struct err e = { .code = ERR_NONE };
    pthread_mutex_lock(&x->jobs->lock);
    x->live->asked_to_stop = true;
    atomic_store(&x->live->stop, true);
    pthread_mutex_unlock(&x->jobs->lock);
    finish(x, false, x->row.v.result, &e);
}

void job_run_one(struct jobs *j, struct job_live *live, const struct seat *seat, const struct user *user)
{
    struct running x = { .jobs = j, .live = live };
    struct beginning b = { .x = &x };
    struct err e = { .code = ERR_NONE };
    bool found = false;
    const char *result;
    arena_init(&x.arena, RUN_MEMORY);
    pthread_mutex_lock(&j->lock);
    x.turn = live->turn;
    pthread_mutex_unlock(&j->lock);
    if (!jobs_write(j, begin_row, &b, &e) || !job_row_get(seat->db, live->id, &x.arena, &x.row, &found, &e)) {
        finish(&x, false, NULL, &e);
    } else if (!b.changed && found && x.row.v.stopping) {
        stop_before(&x);
    } else if (!b.changed || !found) {
        /* Taken away, or over by another process: none of ours any more. */
        set_state(&x, JOB_STOPPED, 0, clock_now(store_clock(j->opt.store)));
    } else {
        set_state(&x, JOB_RUNS, b.now, 0);
        result = x.row.v.result;
        bool ok = run_kind(&x, seat, user, &result, &e);
        finish(&x, ok, result, &e);
    }
    arena_free(&x.arena);
}
