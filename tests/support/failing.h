/* failing: a store whose n-th call to the database fails, to run every path behind a failure.
 *
 *   for (int64_t n = 1;; n++) {
 *       failing_at(store, n);
 *       bool ok = what_is_tested(...);
 *       if (!failing_end(store)) break;          the n-th call was never made: all were tried
 *       assert_false(ok);
 *   }
 *
 * Statements, rows, begins and commits count alike. A commit that fails has stored nothing.
 *
 * harm_at does another harm to the n-th row that is read instead, as a disk or a stranger would: it is not there and
 * neither is what comes behind it (HARM_LOST), nothing is in it (HARM_BLANK), or its numbers are others (HARM_ODD). The
 * store's own rows are spared (who may write waits for a lease that is lost), and nothing is stored while that goes on: a
 * commit says that it is done, and has taken everything back. */
#ifndef JD_TESTS_SUPPORT_FAILING_H
#define JD_TESTS_SUPPORT_FAILING_H

#include "store/driver.h"
#include "store/tables.h"

enum harm { HARM_NONE, HARM_LOST, HARM_BLANK, HARM_ODD, HARMS };
struct failing { const struct driver *real; struct driver driver; enum harm harm; int64_t left; bool hit;
                 const struct stmt_table *only; };
static struct failing failing;

/* Of the statements that are counted; what is no statement always is. */
static inline bool failing_counts(const struct stmt *s)
{
    return !failing.only || !s || (s >= failing.only->stmts && s < failing.only->stmts + failing.only->n);
}

static inline bool failing_now(struct db *d, const struct stmt *s, struct err *e)
{
    if (failing.harm != HARM_NONE || !failing_counts(s) || --failing.left != 0) return false;
    failing.hit = true;
    d->again = false;
    if (d->state == DB_WRITING) d->failed = true;
    err_set(e, ERR_INTERNAL, "made to fail");
    return true;
}

static inline bool failing_begin(struct db *d, enum begin_kind kind, struct err *e)
{
    return !failing_now(d, NULL, e) && failing.real->begin(d, kind, e);
}

static inline bool failing_commit(struct db *d, struct err *e)
{
    bool fails = failing_now(d, NULL, e);
    if (!fails && failing.harm == HARM_NONE) return failing.real->commit(d, e);
    failing.real->rollback(d);
    return !fails;
}

static inline bool failing_exec(struct db *d, const struct stmt *s, const struct val *params, int n,
                                int64_t *changed, struct err *e)
{
    return !failing_now(d, s, e) && failing.real->exec(d, s, params, n, changed, e);
}

static inline bool failing_many(struct db *d, const struct stmt *s, const struct val *params, int n,
                                size_t rows, unsigned char *changed, struct err *e)
{
    return !failing_now(d, s, e) && failing.real->exec_many(d, s, params, n, rows, changed, e);
}

static inline bool failing_open(struct cursor *c, const struct stmt *s, const struct val *params,
                                int n, struct err *e)
{
    return !failing_now(c->db, s, e) && failing.real->open(c, s, params, n, e);
}

static inline bool failing_next(struct cursor *c, struct err *e)
{
    if (failing_now(c->db, c->p->stmt, e) || !failing.real->next(c, e)) return false;
    bool own = c->p->stmt >= store_sql && c->p->stmt < store_sql + STORE_N_SQL;
    if (c->done || own || failing.harm == HARM_NONE || --failing.left != 0) return true;
    failing.hit = true;
    if (failing.harm == HARM_LOST) c->done = true;
    for (int i = 0; i < c->p->cols; i++) {
        struct val *v = &c->p->row[i];
        if (failing.harm == HARM_BLANK) *v = val_null();
        if (failing.harm == HARM_ODD && v->type == VAL_INT) *v = val_int(v->i + 1);
    }
    return true;
}

/* Connections that are open already are harmed too, when they are named. */
static inline void harm_at(struct store *s, struct db *d, enum harm harm, int64_t n)
{
    failing = (struct failing){ .real = s->driver, .driver = *s->driver, .harm = harm, .left = n };
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

static inline void failing_at(struct store *s, struct db *d, int64_t n)
{
    harm_at(s, d, HARM_NONE, n);
}

/* The same, and only the statements of one table are counted; commits and the like with them. */
static inline void failing_among(struct store *s, struct db *d, const struct stmt_table *only, int64_t n)
{
    failing_at(s, d, n);
    failing.only = only;
}

/* Whether a call failed, or a row was harmed. */
static inline bool failing_end(struct store *s, struct db *d)
{
    s->driver = failing.real;
    if (s->own) s->own->driver = failing.real;
    if (d) d->driver = failing.real;
    return failing.hit;
}

#endif
