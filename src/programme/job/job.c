/* Jobs in memory: the list, the threads, asking and looking. */
#include "programme/job/job_inner.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/wait.h"

bool jobs_write(struct jobs *j, tx_fn *fn, void *arg, struct err *e)
{
    if (j->opt.writer) return writer_run(j->opt.writer, fn, arg, e);
    return store_write(j->opt.store, fn, arg, e);
}

struct job_live *jobs_find(struct jobs *j, int64_t id)
{
    for (struct job_live *x = j->first; x; x = x->next)
        if (x->id == id) return x;
    return NULL;
}

void jobs_touch(struct jobs *j, struct job_live *x)
{
    atomic_store(&x->changed, atomic_fetch_add(&j->version, 1) + 1);
}

const struct job_kind *jobs_kind(const struct jobs *j, const char *name)
{
    for (int i = 0; i < j->opt.n_kinds; i++)
        if (strcmp(j->opt.kinds[i]->name, name) == 0) return j->opt.kinds[i];
    return NULL;
}

void jobs_add(struct jobs *j, int64_t id, int64_t owner, const struct job_kind *kind)
{
    pthread_mutex_lock(&j->lock);
    struct job_live *x = jobs_find(j, id), **end = &j->first;
    if (!x) {
        x = mem_alloc(sizeof *x);
        x->id = id;
        while (*end) end = &(*end)->next;
        *end = x;
    }
    x->owner = owner;
    x->kind = kind;
    x->turn++;
    x->state = JOB_WAITS;
    x->begun = x->ended = 0;
    x->asked_to_stop = false;
    atomic_store(&x->stop, false);
    atomic_store(&x->done, 0);
    atomic_store(&x->total, 0);
    jobs_touch(j, x);
    pthread_cond_broadcast(&j->more);
    pthread_mutex_unlock(&j->lock);
}

/* --- the threads that run --- */

static struct job_live *next_waiting(struct jobs *j, enum job_lane lane)
{
    for (struct job_live *x = j->first; x; x = x->next)
        if (x->state == JOB_WAITS && x->kind->lane == lane && !atomic_load(&x->stop)) return x;
    return NULL;
}

static void *work(void *arg)
{
    struct job_worker *w = arg;
    struct jobs *j = w->jobs;
    pthread_mutex_lock(&j->lock);
    while (!j->closing) {
        struct job_live *x = next_waiting(j, w->lane);
        if (!x) {
            pthread_cond_wait(&j->more, &j->lock);
            continue;
        }
        x->state = JOB_RUNS;
        pthread_mutex_unlock(&j->lock);
        job_run_one(j, x, &w->seat, NULL);
        pthread_mutex_lock(&j->lock);
    }
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

static bool open_worker(struct jobs *j, enum job_lane lane, struct err *e)
{
    struct job_worker *w = &j->worker[lane];
    w->jobs = j;
    w->lane = lane;
    w->open = j->opt.seat_open(j->opt.seat_arg, &w->seat, &w->own, e);
    if (!w->open) return false;
    w->seat.jobs = j;
    w->threaded = pthread_create(&w->thread, NULL, work, w) == 0;
    return w->threaded || err_set(e, ERR_FULL, "no thread for longer work");
}

static bool open_threads(struct jobs *j, struct err *e)
{
    struct db *d = NULL;
    bool ok = store_connect(j->opt.store, DB_READ, &d, e) && jobs_take_over(j, d, e);
    if (d) db_close(d);
    for (int i = 0; ok && i < JOB_LANES; i++) ok = open_worker(j, (enum job_lane)i, e);
    if (!ok) return false;
    j->keeping = pthread_create(&j->keeper, NULL, jobs_keep, j) == 0;
    return j->keeping || err_set(e, ERR_FULL, "no thread for longer work");
}

bool jobs_open(struct jobs **out, const struct jobs_options *o, struct err *e)
{
    struct jobs *j = mem_alloc(sizeof *j);
    unsigned char noise[2];
    j->opt = *o;
    j->dir = mem_strdup(o->dir);
    random_bytes(noise, sizeof noise);
    id_init(&j->ids, *store_clock(o->store), (uint32_t)(noise[0] | (noise[1] & 3) << 8));
    process_name(j->process);
    pthread_mutex_init(&j->lock, NULL);
    pthread_cond_init(&j->more, NULL);
    wait_init(&j->tick);
    *out = j;
    if (job_dir_make(j->dir, e) && (!o->seat_open || open_threads(j, e))) return true;
    jobs_close(j);
    *out = NULL;
    return false;
}

void jobs_close(struct jobs *j)
{
    if (!j) return;
    pthread_mutex_lock(&j->lock);
    j->closing = true;
    for (struct job_live *x = j->first; x; x = x->next)
        if (x->state == JOB_RUNS && x->kind->resumes) atomic_store(&x->stop, true);
    pthread_cond_broadcast(&j->more);
    pthread_cond_broadcast(&j->tick);
    pthread_mutex_unlock(&j->lock);
    for (int i = 0; i < JOB_LANES; i++) {
        struct job_worker *w = &j->worker[i];
        if (w->threaded) pthread_join(w->thread, NULL);
        if (w->open) j->opt.seat_close(&w->seat, w->own);
    }
    if (j->keeping) pthread_join(j->keeper, NULL);
    for (struct job_live *x = j->first, *next; x; x = next) {
        next = x->next;
        free(x);
    }
    pthread_mutex_destroy(&j->lock);
    pthread_cond_destroy(&j->more);
    pthread_cond_destroy(&j->tick);
    free(j->dir);
    free(j);
}

const char *jobs_dir(const struct jobs *j)
{
    return j->dir;
}

const char *job_dir(const struct jobs *j, int64_t id, struct arena *a)
{
    return arena_printf(a, "%s/%lld", j->dir, (long long)id);
}

/* --- asking --- */

struct putting { struct jobs *jobs; int64_t id, owner; const struct job_asked *a; const char *mark; };

static bool put_row(struct tx *tx, void *arg, struct err *e)
{
    const struct putting *p = arg;
    const struct val owner = val_int(p->owner);
    int64_t open = 0;
    bool some;
    const struct val v[] = { val_int(p->id), owner, val_text(p->a->kind->name), val_text(p->a->title),
        val_text(p->a->asked), val_text(p->mark), val_text(p->jobs->process), val_int(tx_now(tx)) };
    if (!db_int(tx_db(tx), job_sql(JOB_COUNT), &owner, 1, &open, &some, e)) return false;
    if (open >= JOBS_OPEN_MOST)
        return err_set(e, ERR_BUSY, "you have %d tasks under way: wait until one has ended, or stop one",
                       JOBS_OPEN_MOST);
    return tx_exec(tx, job_sql(JOB_PUT), v, 8, NULL, e);
}

static const char *mark_of_scope(const struct request *q)
{
    char *hex = arena_alloc(q->arena, DIGEST_HEX);
    scope_mark(q->scope, hex);
    return hex;
}

/* Waits for its thread, or is done here and now where there is none. */
static void set_off(struct request *q, struct jobs *j, int64_t id, int64_t owner, const struct job_kind *kind)
{
    jobs_add(j, id, owner, kind);
    if (j->opt.seat_open) return;
    pthread_mutex_lock(&j->lock);
    struct job_live *x = jobs_find(j, id);
    x->state = JOB_RUNS;
    pthread_mutex_unlock(&j->lock);
    job_run_one(j, x, q->seat, q->user);
}

static bool may_ask(const struct request *q, struct err *e)
{
    if (!q->seat->jobs || !q->user->account)
        return err_set(e, ERR_FORBIDDEN, "%s", tr(q, "tasks are for who has signed in", "须登录后才能使用任务"));
    if (q->user->reads_only)
        return err_set(e, ERR_FORBIDDEN, "%s", tr(q, "this token may only read", "此令牌只可读取"));
    return true;
}

bool job_start(struct request *q, const struct job_asked *a, int64_t *id, struct err *e)
{
    struct jobs *j = q->seat->jobs;
    if (!may_ask(q, e)) return false;
    pthread_mutex_lock(&j->lock);
    *id = id_next(&j->ids);
    pthread_mutex_unlock(&j->lock);
    struct putting p = { j, *id, q->user->account, a, mark_of_scope(q) };
    const char *dir = job_dir(j, *id, q->arena);
    if (!job_dir_make(dir, e)) return false;
    if ((a->file && !job_file_take(a->file, dir, a->as, e)) || !request_write(q, put_row, &p, e)) {
        job_dir_remove(dir);
        return false;
    }
    if (a->file && q->upload_taken) *q->upload_taken = true;
    set_off(q, j, *id, q->user->account, a->kind);
    return true;
}

/* The row of one that who asks may touch; other ones do not exist. */
static bool wanted(struct request *q, int64_t id, struct job_view *v, struct err *e)
{
    bool found;
    if (!may_ask(q, e) || !job_get(q, id, v, &found, e)) return false;
    return found || err_set(e, ERR_NOT_FOUND, "%s", tr(q, "there is no such task", "没有这项任务"));
}

struct again { struct jobs *jobs; int64_t id, changed; const char *asked, *mark; };

static bool set_again(struct tx *tx, void *arg, struct err *e)
{
    struct again *g = arg;
    const struct val v[] = { val_int(g->id), val_text(g->asked), val_text(g->mark), val_text(g->jobs->process),
                             val_int(tx_now(tx)) };
    return tx_exec(tx, job_sql(JOB_AGAIN), v, 5, &g->changed, e);
}

bool job_again(struct request *q, int64_t id, const char *asked, struct err *e)
{
    struct job_view v;
    if (!wanted(q, id, &v, e)) return false;
    if (v.owner != q->user->account)
        return err_set(e, ERR_FORBIDDEN, "%s", tr(q, "only who asked for a task runs it again", "只有任务的提交人可以重新运行"));
    if (!v.kind)
        return err_set(e, ERR_INVALID, "%s", tr(q, "this version of the program knows no such task", "本版本程序不支持此任务"));
    struct again g = { q->seat->jobs, id, 0, asked, mark_of_scope(q) };
    if (!request_write(q, set_again, &g, e)) return false;
    if (!g.changed) return err_set(e, ERR_CONFLICT, "%s", tr(q, "the task is under way", "任务正在进行"));
    set_off(q, q->seat->jobs, id, v.owner, v.kind);
    return true;
}

bool job_stop_row(struct store *s, int64_t id, bool *found, struct err *e)
{
    struct job_change c = { JOB_STOPPING, id, 0 };
    bool ok = store_write(s, job_change, &c, e);
    *found = c.changed > 0;
    return ok;
}

bool job_stop(struct request *q, int64_t id, struct err *e)
{
    struct job_view v;
    struct job_change s = { JOB_STOPPING, id, 0 };
    struct jobs *j = q->seat->jobs;
    if (!wanted(q, id, &v, e) || !request_write(q, job_change, &s, e)) return false;
    if (!s.changed) return err_set(e, ERR_CONFLICT, "%s", tr(q, "the task has ended", "任务已结束"));
    pthread_mutex_lock(&j->lock);
    pthread_cond_signal(&j->tick);
    pthread_mutex_unlock(&j->lock);
    return true;
}

bool job_remove(struct request *q, int64_t id, struct err *e)
{
    struct job_view v;
    struct job_change d = { JOB_DROP, id, 0 };
    if (!wanted(q, id, &v, e) || !request_write(q, job_change, &d, e)) return false;
    if (!d.changed)
        return err_set(e, ERR_CONFLICT, "%s", tr(q, "the task is under way: stop it first", "任务正在进行，请先停止"));
    job_dir_remove(job_dir(q->seat->jobs, id, q->arena));
    return true;
}

/* --- events --- */

uint64_t jobs_version(struct jobs *j)
{
    return atomic_load(&j->version);
}

int jobs_changed(struct jobs *j, int64_t owner, uint64_t since, struct job_view *out, int most, uint64_t *version)
{
    int n = 0;
    pthread_mutex_lock(&j->lock);
    *version = atomic_load(&j->version);
    for (struct job_live *x = j->first; x && n < most; x = x->next)
        if (x->owner == owner && atomic_load(&x->changed) > since)
            out[n++] = (struct job_view){ .id = x->id, .owner = owner, .kind = x->kind, .state = x->state,
                .done = atomic_load(&x->done), .total = atomic_load(&x->total), .begun = x->begun,
                .ended = x->ended, .stopping = x->asked_to_stop };
    pthread_mutex_unlock(&j->lock);
    return n;
}

/* --- what a run tells --- */

enum { TELL_NS = 250000000 };

bool job_told(struct job_run *r, int64_t done, int64_t total)
{
    struct job_live *x = r->live;
    int64_t now = clock_ticks();
    atomic_store_explicit(&x->done, done, memory_order_relaxed);
    atomic_store_explicit(&x->total, total, memory_order_relaxed);
    if (now - atomic_load_explicit(&x->told, memory_order_relaxed) > TELL_NS) {
        atomic_store_explicit(&x->told, now, memory_order_relaxed);
        jobs_touch(r->jobs, x);
    }
    return !atomic_load(&x->stop);
}

bool job_stopped(const struct job_run *r)
{
    return atomic_load(&r->live->stop);
}

void job_result(struct job_run *r, const char *text)
{
    r->result = arena_strdup(r->arena, text);
}

bool job_result_write(struct tx *tx, struct job_run *r, const char *text, struct err *e)
{
    const struct val v[] = { val_int(r->id), val_text(text) };
    job_result(r, text);
    return tx_exec(tx, job_sql(JOB_RESULT), v, 2, NULL, e);
}
