/* plans: what a database says of how it will find the rows of a statement, as lines of text.
 *
 *   struct buf plan;
 *   plan_read(d, &stmt, params, n, &plan);   the caller frees it
 *
 * PostgreSQL plans by what it knows of the tables: they are filled and analysed before it is asked. */
#ifndef JD_TESTS_SUPPORT_PLANS_H
#define JD_TESTS_SUPPORT_PLANS_H

#include "support/stores.h"

#include "base/buf.h"

static inline bool plan_line(void *arg, const struct val *row, int n, struct err *e)
{
    const struct val text = row[n - 1];   /* SQLite: id, parent, unused, what; PostgreSQL: what */
    (void)e;
    buf_printf(arg, "%.*s\n", (int)text.n, text.p);
    return true;
}

static inline void plan_read(struct db *d, const struct stmt *s, const struct val *params, int n, struct buf *out)
{
    struct err e = { 0 };
    struct buf sql;
    const bool sqlite = store_engine(db_store(d)) == ENGINE_SQLITE;
    buf_init(out, 1 << 20);
    buf_init(&sql, 1 << 20);
    buf_str(&sql, sqlite ? "explain query plan " : "explain (costs off) ");
    buf_str(&sql, !sqlite && s->pg ? s->pg : s->sql);
    struct stmt explain = stmt_composed(STMT_ADMIN, sql.p);
    if (!db_query(d, &explain, params, n, plan_line, out, &e)) fail_msg("%s: %s", sql.p, e.message);
    buf_free(&sql);
}

#endif
