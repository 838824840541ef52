#include "programme/money/deliver.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/wait.h"
#include "programme/money/ledger.h"

enum { EVERY_MS = 5000 };

struct deliverer {
    struct store *store;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool closing;
    struct err refused;            /* what was logged last */
};

static bool goes_on(void *arg)
{
    return !atomic_load(&((struct deliverer *)arg)->closing);
}

static bool one_waits(void *arg, const struct under_way *u, struct err *e)
{
    (void)u;
    (void)e;
    return *(bool *)arg = true;
}

/* A look costs a read; only what waits costs writing. */
static bool look(struct deliverer *x, struct db *d, int64_t *delivered, struct err *e)
{
    bool any = false;
    *delivered = 0;
    return ledger_under_way(d, one_waits, &any, e) &&
           (!any || ledger_deliver_while(x->store, goes_on, x, delivered, e));
}

static void look_once(struct deliverer *x, struct db **d)
{
    struct err e = { .code = ERR_NONE };
    int64_t n = 0;
    bool ok = (*d || store_connect(x->store, DB_READ, d, &e)) && look(x, *d, &n, &e);
    if (n) log_line(LOG_NOTE, "money_delivered", "count=%lld", (long long)n);
    if (!ok && (e.code != x->refused.code || strcmp(e.message, x->refused.message) != 0))
        log_line(LOG_WARN, "money_under_way", "message=\"%s\"", e.message);
    if (!ok && *d) {
        db_close(*d);
        *d = NULL;
    }
    x->refused = e;
}

static void *run(void *arg)
{
    struct deliverer *x = arg;
    struct db *d = NULL;
    while (goes_on(x)) {
        look_once(x, &d);
        pthread_mutex_lock(&x->lock);
        if (goes_on(x)) wait_ms(&x->wake, &x->lock, EVERY_MS);
        pthread_mutex_unlock(&x->lock);
    }
    if (d) db_close(d);
    return NULL;
}

bool deliverer_open(struct deliverer **out, struct store *s, struct err *e)
{
    struct deliverer *x = mem_alloc(sizeof *x);
    *x = (struct deliverer){ .store = s };
    pthread_mutex_init(&x->lock, NULL);
    wait_init(&x->wake);
    *out = x;
    if (pthread_create(&x->thread, NULL, run, x) == 0) return true;
    pthread_cond_destroy(&x->wake);
    pthread_mutex_destroy(&x->lock);
    free(x);
    *out = NULL;
    return err_set(e, ERR_FULL, "no thread for money between counties");
}

void deliverer_close(struct deliverer *x)
{
    if (!x) return;
    pthread_mutex_lock(&x->lock);
    atomic_store(&x->closing, true);
    pthread_cond_broadcast(&x->wake);
    pthread_mutex_unlock(&x->lock);
    pthread_join(x->thread, NULL);
    pthread_cond_destroy(&x->wake);
    pthread_mutex_destroy(&x->lock);
    free(x);
}
