#include "figure/scan.h"

#define ENOUGH ((size_t)256 << 10) /* deltas that are worth a call */

struct gathering { const struct scan_job *j; struct gather g; int64_t pending; };

static bool take_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct gathering *g = arg;
    (void)n;
    (void)e;
    if (row[ROW_LOAD].type == VAL_INT && row[ROW_LOAD].i == g->pending) return true;
    for (int i = 0; i < g->j->n; i++) gather_row(&g->g, g->j->list[i], row, 1, 0);
    deltas_settle_some(&g->g.deltas);
    return true;
}

static bool scan_counties(struct gathering *g, const struct stmt *next, struct err *e)
{
    const struct scan_job *j = g->j;
    for (int64_t county = j->from;; county++) {
        bool found;
        struct val p[2] = { val_int(county), val_int(j->to) };
        if (!db_int(j->d, next, p, 2, &county, &found, e)) return false;
        if (!found) return j->take(j->arg, &g->g, e);
        p[0] = p[1] = val_int(county);
        if (!db_query(j->d, &j->m->stmts[ENTITY_SCAN], p, 2, take_row, g, e)) return false;
        bool enough = g->g.deltas.n > ENOUGH || g->g.keys.n > ENOUGH;
        if (enough && !j->take(j->arg, &g->g, e)) return false;
    }
}

bool scan_rows(const struct scan_job *j, struct err *e)
{
    struct gathering g = { .j = j };
    struct buf text;
    if (!load_pending(j->d, &g.pending, e)) return false;
    gather_init(&g.g);
    buf_init(&text, (size_t)64 << 10);
    buf_printf(&text, "select min(county) from %s where county >= ?1 and county <= ?2",
               j->m->entity->view ? j->m->entity->view_of : j->m->from);
    struct stmt next = stmt_composed(STMT_ADMIN, text.p);
    bool ok = scan_counties(&g, &next, e);
    buf_free(&text);
    gather_free(&g.g);
    return ok;
}
