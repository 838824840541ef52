/* Transactions: one attempt in steps, the retries around it, and the parts that rooms keep
 * in it. */
#include "store/driver.h"

#include <stdlib.h>
#include "base/log.h"

bool tx_begin(struct tx *tx, struct db *d, bool bare, struct err *e)
{
    *tx = (struct tx){ .db = d, .bare = bare || !d->store->has_schema };
    if (d->state != DB_IDLE)
        return err_set(e, ERR_INTERNAL, "a transaction is already open on this connection");
    if (d->mode != DB_WRITE)
        return err_set(e, ERR_INTERNAL, "a reading connection cannot write");
    if (!db_ready(d, e) || (!tx->bare && !lease_hold(d, e))) return false;
    if (!d->driver->begin(d, BEGIN_WRITE, e)) return false;
    d->state = DB_WRITING;
    d->failed = false;
    tx->now = clock_now(&d->store->opt.clock);
    if (tx->bare || lease_enter(tx, e)) return true;
    tx_abandon(tx);
    return false;
}

static void close_parts(struct tx *tx)
{
    for (int i = 0; i < tx->n_parts; i++)
        if (tx->parts[i].self) tx->parts[i].kind->close(tx->parts[i].self);
    tx->n_parts = 0;
}

void tx_abandon(struct tx *tx)
{
    struct db *d = tx->db;
    d->driver->rollback(d);
    d->state = DB_IDLE;
    d->failed = false;
    close_parts(tx);
}

/* Lowest rank first; a flush may open parts of a higher rank. */
static bool flush_parts(struct tx *tx, struct err *e)
{
    for (;;) {
        struct part *next = NULL;
        for (int i = 0; i < tx->n_parts; i++) {
            struct part *p = &tx->parts[i];
            if (!p->flushed && (!next || p->kind->rank < next->kind->rank)) next = p;
        }
        if (!next) return true;
        next->flushed = true;
        if (!next->kind->flush(tx, next->self, e)) return false;
    }
}

bool tx_finish(struct tx *tx, struct err *e)
{
    struct db *d = tx->db;
    bool ok = flush_parts(tx, e);
    if (ok && d->failed)
        ok = err_set(e, ERR_INTERNAL, "a statement failed inside this transaction, and it was to "
                     "be committed all the same");
    ok = ok && (tx->bare || lease_save(tx, e));
    if (!ok) {
        tx_abandon(tx);
        return false;
    }
    ok = tx->committed = d->driver->commit(d, e);
    d->state = DB_IDLE;
    d->failed = false;
    close_parts(tx);
    return ok;
}

void tx_mark(const struct tx *tx, struct tx_point *p)
{
    p->writes = tx->writes;
    p->n_parts = tx->n_parts;
    for (int i = 0; i < tx->n_parts; i++) p->marks[i] = tx->parts[i].kind->mark(tx->parts[i].self);
}

void tx_rewind(struct tx *tx, const struct tx_point *p)
{
    tx->writes = p->writes;
    for (int i = 0; i < tx->n_parts; i++) {
        struct part *part = &tx->parts[i];
        part->kind->rewind(part->self, i < p->n_parts ? p->marks[i] : part->base);
    }
}

void *tx_part(struct tx *tx, const struct tx_part *kind)
{
    for (int i = 0; i < tx->n_parts; i++) {
        if (tx->parts[i].kind != kind) continue;
        if (tx->parts[i].flushed) log_fatal("part_after_flush", "part=%s", kind->name);
        return tx->parts[i].self;
    }
    void *self = kind->open(tx); /* may open other parts, so the slot is taken after it */
    if (tx->n_parts == TX_PARTS) log_fatal("too_many_parts", "part=%s", kind->name);
    struct part *p = &tx->parts[tx->n_parts++];
    *p = (struct part){ .kind = kind, .self = self, .base = kind->mark(self) };
    return p->self;
}

bool tx_committed(const struct tx *tx)
{
    return tx->committed;
}

bool tx_grouped(const struct tx *tx)
{
    return tx->grouped;
}

void db_settle(struct db *d)
{
    for (struct kept *k = d->kept; k < d->kept + DB_KEPT; k++) {
        struct err e = { 0 };
        if (!k->kind || !k->self || !k->kind->settle || !k->kind->waits(k->self)) continue;
        if (!db_write(d, k->kind->settle, NULL, &e))
            log_line(LOG_WARN, "not_settled", "part=%s error=%s", k->kind->name, e.message);
    }
}

void **tx_keep(struct tx *tx, const struct tx_part *kind, void (*drop)(void *self))
{
    for (struct kept *k = tx->db->kept; k < tx->db->kept + DB_KEPT; k++) {
        if (k->kind && k->kind != kind) continue;
        k->kind = kind;
        k->drop = drop;
        return &k->self;
    }
    log_fatal("too_many_kept", "part=%s", kind->name);
}

bool db_write_as(struct db *d, bool bare, tx_fn *fn, void *arg, struct err *e)
{
    struct err own = { 0 };
    if (!e) e = &own;
    for (int attempt = 0;; attempt++) {
        struct tx tx;
        bool ok = tx_begin(&tx, d, bare, e);
        if (ok) {
            ok = fn(&tx, arg, e);
            if (ok) ok = tx_finish(&tx, e);
            else tx_abandon(&tx);
        }
        if (ok || !d->again || attempt == STORE_TRIES) return ok;
        store_pause(attempt);
    }
}

bool db_write(struct db *d, tx_fn *fn, void *arg, struct err *e)
{
    return db_write_as(d, false, fn, arg, e);
}

bool store_write(struct store *s, tx_fn *fn, void *arg, struct err *e)
{
    pthread_mutex_lock(&s->lock);
    bool ok = s->own || store_connect(s, DB_WRITE, &s->own, e);
    ok = ok && db_write(s->own, fn, arg, e);
    pthread_mutex_unlock(&s->lock);
    return ok;
}

struct db *tx_db(struct tx *tx) { return tx->db; }
int64_t tx_now(struct tx *tx) { return tx->now; }

static void ids_wanted(struct tx *tx)
{
    if (tx->bare) log_fatal("id_without_schema", "store=%s", tx->db->store->shown);
    tx->dirty = true;
}

int64_t tx_id(struct tx *tx)
{
    ids_wanted(tx);
    return id_next(&tx->db->lease.ids);
}

int64_t tx_ids(struct tx *tx, uint64_t n)
{
    ids_wanted(tx);
    return id_reserve(&tx->db->lease.ids, n);
}

bool tx_exec(struct tx *tx, const struct stmt *s, const struct val *params, int n,
             int64_t *changed, struct err *e)
{
    tx->writes++;
    return tx->db->driver->exec(tx->db, s, params, n, changed, e);
}

bool tx_exec_many(struct tx *tx, const struct stmt *s, const struct val *params, int n, size_t rows,
                  unsigned char *changed, struct err *e)
{
    tx->writes += rows > 0;
    return rows == 0 || tx->db->driver->exec_many(tx->db, s, params, n, rows, changed, e);
}

bool tx_query(struct tx *tx, const struct stmt *s, const struct val *params, int n,
              row_fn *fn, void *arg, struct err *e)
{
    struct db *d = tx->db;
    struct cursor c = { .db = d };
    bool ok = d->driver->open(&c, s, params, n, e);
    if (ok && c.p->writes) tx->writes++;
    while (ok && (ok = d->driver->next(&c, e)) && !c.done) ok = fn(arg, c.p->row, c.p->cols, e);
    bool again = d->again;
    d->driver->finish(&c);
    d->again = again;
    return ok;
}
