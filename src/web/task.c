#include "web/task.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { KEPT = 64 };

struct task {
    int64_t number, owner;
    enum task_state state;
    struct task_kind kind;
    void *own;
    struct task_progress progress;
    char why[512];
};

struct tasks {
    pthread_mutex_t lock;
    pthread_cond_t more;
    pthread_t thread;
    bool threaded, stopping;
    struct task *at[KEPT]; int n;  /* the oldest first */
    int64_t last;
    void (*seat_close)(struct seat *s, void *own);
    struct seat seat;
    void *seat_own;
};

static struct task *next_waiting(struct tasks *t)
{
    for (int i = 0; i < t->n; i++)
        if (t->at[i]->state == TASK_WAITS) return t->at[i];
    return NULL;
}

/* Called with the lock held, which is let go while it runs. */
static void run_one(struct tasks *t, const struct seat *seat, struct task *x)
{
    struct err e = { .code = ERR_NONE };
    x->state = TASK_RUNS;
    x->progress = (struct task_progress){ 0, 0 };
    pthread_mutex_unlock(&t->lock);
    bool ok = x->kind.run(seat, x->own, &x->progress, &e);
    pthread_mutex_lock(&t->lock);
    snprintf(x->why, sizeof x->why, "%s", ok ? "" : e.message);
    x->state = ok ? TASK_DONE : TASK_FAILED;
}

static void *work(void *arg)
{
    struct tasks *t = arg;
    pthread_mutex_lock(&t->lock);
    while (!t->stopping) {
        struct task *x = next_waiting(t);
        if (x) run_one(t, &t->seat, x);
        else pthread_cond_wait(&t->more, &t->lock);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

bool tasks_open(struct tasks **out, bool (*seat_open)(void *arg, struct seat *out, void **own, struct err *e),
                void (*seat_close)(struct seat *s, void *own), void *arg, struct err *e)
{
    struct tasks *t = mem_alloc(sizeof *t);
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->more, NULL);
    t->seat_close = seat_close;
    *out = t;
    if (!seat_open) return true;
    if (!seat_open(arg, &t->seat, &t->seat_own, e)) {
        tasks_close(t);
        *out = NULL;
        return false;
    }
    t->threaded = pthread_create(&t->thread, NULL, work, t) == 0;
    return t->threaded || err_set(e, ERR_FULL, "no thread for tasks");
}

static void drop(struct task *x)
{
    if (x->kind.drop) x->kind.drop(x->own);
    free(x);
}

void tasks_close(struct tasks *t)
{
    if (!t) return;
    pthread_mutex_lock(&t->lock);
    t->stopping = true;
    pthread_cond_broadcast(&t->more);
    pthread_mutex_unlock(&t->lock);
    if (t->threaded) {
        pthread_join(t->thread, NULL);
        t->seat_close(&t->seat, t->seat_own);
    }
    for (int i = 0; i < t->n; i++) drop(t->at[i]);
    pthread_mutex_destroy(&t->lock);
    pthread_cond_destroy(&t->more);
    free(t);
}

/* Room for one more: the oldest that does not run goes. */
static void make_room(struct tasks *t)
{
    for (int i = 0; t->n == KEPT && i < t->n; i++) {
        if (t->at[i]->state == TASK_RUNS) continue;
        drop(t->at[i]);
        memmove(&t->at[i], &t->at[i + 1], sizeof *t->at * (size_t)(t->n - i - 1));
        t->n--;
    }
}

static void set_off(struct tasks *t, const struct seat *here, struct task *x)
{
    x->state = TASK_WAITS;
    if (t->threaded) pthread_cond_signal(&t->more);
    else run_one(t, here, x);
}

int64_t task_start(struct tasks *t, const struct seat *here, int64_t owner, const struct task_kind *kind, void *own)
{
    struct task *x = mem_alloc(sizeof *x);
    pthread_mutex_lock(&t->lock);
    make_room(t);
    *x = (struct task){ .number = ++t->last, .owner = owner, .kind = *kind, .own = own };
    t->at[t->n++] = x;
    set_off(t, here, x);
    int64_t number = x->number;
    pthread_mutex_unlock(&t->lock);
    return number;
}

static struct task *find(struct tasks *t, int64_t owner, int64_t number)
{
    for (int i = 0; i < t->n; i++)
        if (t->at[i]->number == number && t->at[i]->owner == owner) return t->at[i];
    return NULL;
}

bool task_again(struct tasks *t, const struct seat *here, int64_t owner, int64_t number)
{
    pthread_mutex_lock(&t->lock);
    struct task *x = find(t, owner, number);
    bool ok = x && (x->state == TASK_DONE || x->state == TASK_FAILED);
    if (ok) set_off(t, here, x);
    pthread_mutex_unlock(&t->lock);
    return ok;
}

static struct task_view view_of(const struct task *x)
{
    struct task_view v = { .number = x->number, .state = x->state, .progress = x->progress, .own = x->own };
    memcpy(v.why, x->why, sizeof v.why);
    return v;
}

bool task_look(struct tasks *t, int64_t owner, int64_t number, struct task_view *out)
{
    pthread_mutex_lock(&t->lock);
    const struct task *x = find(t, owner, number);
    if (x) *out = view_of(x);
    pthread_mutex_unlock(&t->lock);
    return x != NULL;
}

int task_list(struct tasks *t, int64_t owner, struct task_view *out, int most)
{
    int n = 0;
    pthread_mutex_lock(&t->lock);
    for (int i = t->n - 1; i >= 0 && n < most; i--)
        if (t->at[i]->owner == owner) out[n++] = view_of(t->at[i]);
    pthread_mutex_unlock(&t->lock);
    return n;
}
