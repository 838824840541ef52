#include "figure/scan.h"

bool figure_local(const struct figure *f)
{
    if (f->kind == FIGURE_DISTINCT && f->scope_level < 3) return false;
    return f->place < 0 || f->place == f->map->home;
}

struct gathering {
    const struct scan_job *j;
    struct gather near, far;
    int64_t pending;
};

static bool take_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct gathering *g = arg;
    (void)n;
    (void)e;
    if (row[ROW_LOAD].type == VAL_INT && row[ROW_LOAD].i == g->pending) return true;
    for (int i = 0; i < g->j->n; i++)
        gather_row(figure_local(g->j->list[i]) ? &g->near : &g->far, g->j->list[i], row, 1, 0);
    deltas_settle_some(&g->near.deltas);
    deltas_settle_some(&g->far.deltas);
    return true;
}

static bool scan_counties(struct gathering *g, const struct stmt *next, struct err *e)
{
    const struct scan_job *j = g->j;
    int64_t county = j->from;
    for (;;) {
        bool found;
        struct val p[2] = { val_int(county), val_int(j->to) };
        if (!db_int(j->d, next, p, 2, &county, &found, e)) return false;
        if (!found) return true;
        p[0] = p[1] = val_int(county);
        if (!db_query(j->d, &j->m->stmts[ENTITY_SCAN], p, 2, take_row, g, e) ||
            !j->county(j->arg, county, &g->near, &g->far, e))
            return false;
        county++;
    }
}

bool scan_rows(const struct scan_job *j, struct err *e)
{
    struct gathering g = { .j = j };
    struct buf text;
    if (!load_pending(j->d, &g.pending, e)) return false;
    gather_init(&g.near);
    gather_init(&g.far);
    buf_init(&text, 1000);
    buf_printf(&text, "select min(county) from %s where county >= ?1 and county <= ?2",
               j->m->table.name);
    struct stmt next = stmt_composed(STMT_ADMIN, text.p);
    bool ok = scan_counties(&g, &next, e);
    buf_free(&text);
    gather_free(&g.near);
    gather_free(&g.far);
    return ok;
}
