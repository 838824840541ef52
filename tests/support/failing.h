/* failing: a store whose n-th call to the database fails, to run every path behind a failure.
 *
 *   for (int64_t n = 1;; n++) {
 *       failing_at(store, n);
 *       bool ok = what_is_tested(...);
 *       if (!failing_end(store)) break;          the n-th call was never made: all were tried
 *       assert_false(ok);
 *   }
 *
 * Statements, rows, begins and commits count alike. A commit that fails has stored nothing. */
#ifndef JD_TESTS_SUPPORT_FAILING_H
#define JD_TESTS_SUPPORT_FAILING_H

#include "store/driver.h"

struct failing { const struct driver *real; struct driver driver; int64_t left; bool hit; };
static struct failing failing;

static inline bool failing_now(struct db *d, struct err *e)
{
    if (--failing.left != 0) return false;
    failing.hit = true;
    d->again = false;
    if (d->state == DB_WRITING) d->failed = true;
    err_set(e, ERR_INTERNAL, "made to fail");
    return true;
}

static inline bool failing_begin(struct db *d, enum begin_kind kind, struct err *e)
{
    return !failing_now(d, e) && failing.real->begin(d, kind, e);
}

static inline bool failing_commit(struct db *d, struct err *e)
{
    if (!failing_now(d, e)) return failing.real->commit(d, e);
    failing.real->rollback(d);
    return false;
}

static inline bool failing_exec(struct db *d, const struct stmt *s, const struct val *params, int n,
                                int64_t *changed, struct err *e)
{
    return !failing_now(d, e) && failing.real->exec(d, s, params, n, changed, e);
}

static inline bool failing_many(struct db *d, const struct stmt *s, const struct val *params, int n,
                                size_t rows, unsigned char *changed, struct err *e)
{
    return !failing_now(d, e) && failing.real->exec_many(d, s, params, n, rows, changed, e);
}

static inline bool failing_open(struct cursor *c, const struct stmt *s, const struct val *params,
                                int n, struct err *e)
{
    return !failing_now(c->db, e) && failing.real->open(c, s, params, n, e);
}

static inline bool failing_next(struct cursor *c, struct err *e)
{
    return !failing_now(c->db, e) && failing.real->next(c, e);
}

/* Connections that are open already fail too, when they are named. */
static inline void failing_at(struct store *s, struct db *d, int64_t n)
{
    failing = (struct failing){ .real = s->driver, .driver = *s->driver, .left = n };
    failing.driver.begin = failing_begin;
    failing.driver.commit = failing_commit;
    failing.driver.exec = failing_exec;
    failing.driver.exec_many = failing_many;
    failing.driver.open = failing_open;
    failing.driver.next = failing_next;
    s->driver = &failing.driver;
    if (s->own) s->own->driver = &failing.driver;
    if (d) d->driver = &failing.driver;
}

/* Whether a call failed. */
static inline bool failing_end(struct store *s, struct db *d)
{
    s->driver = failing.real;
    if (s->own) s->own->driver = failing.real;
    if (d) d->driver = failing.real;
    return failing.hit;
}

#endif
