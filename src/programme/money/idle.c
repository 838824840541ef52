/* Balances, and the age of what is open. */
#include "programme/money/idle.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/money.h"
#include "programme/money/ledger_part.h"

enum { YEAR = 365 }; /* as in the figures, flow.h */

struct reading { struct account_balances *out; struct arena *arena; struct tail tail; };

static const char *text(struct arena *a, struct val v)
{
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : "";
}

static bool take_balance(void *arg, const struct val *row, int n, struct err *e)
{
    const struct reading *r = arg;
    struct account_balances *o = r->out;
    const struct val *a = row + AMOUNTS_WIDTH;
    struct account_ref at = { a[0].i, a[1].i };
    struct amounts k;
    (void)n;
    (void)e;
    o->at = mem_more(o->at, o->n, &o->cap, sizeof *o->at);
    amounts_of(row, &k);
    (void)tail_apply(&r->tail, at, &k);
    o->at[o->n++] = (struct account_balance){ .at = at,
        .code = text(r->arena, a[2]), .title = text(r->arena, a[3]),
        .kind = text(r->arena, a[4]), .earmark = text(r->arena, a[5]),
        .b = { k.balance, k.reserved, k.expected }, .front = k.front, .front_off = k.front_off,
        .holes = k.holes, .restricted = a[6].type != VAL_INT || a[6].i != 0,
        .last_in = k.last_in };
    return true;
}

bool account_balances(struct db *d, int64_t lo, int64_t hi, struct arena *a,
                      struct account_balances *out, struct err *e)
{
    struct reading r = { .out = out, .arena = a };
    struct val v[2] = { val_int(lo), val_int(hi) };
    bool ok = tail_read(d, lo, hi, 0, &r.tail, e) &&
              db_query(d, ledger_sql(LEDGER_BALANCES), v, 2, take_balance, &r, e);
    tail_free(&r.tail);
    return ok;
}

bool account_waits(const struct account_balance *x)
{
    return x->restricted && strcmp(x->kind, "household") != 0 && strcmp(x->kind, "payee") != 0;
}

/* --- pieces --- */

static void push_piece(struct idle_pieces *p, int64_t amount, int32_t day)
{
    if (amount <= 0) return;
    p->at = mem_more(p->at, p->n, &p->cap, sizeof *p->at);
    p->at[p->n++] = (struct idle_piece){ amount, day };
}

static int by_day(const void *l, const void *r)
{
    const struct idle_piece *a = l, *b = r;
    return a->day < b->day ? -1 : a->day > b->day;
}

static void in_order(struct idle_pieces *p)
{
    if (p->n) qsort(p->at, p->n, sizeof *p->at, by_day);
}

struct lot { int64_t seq, amount; int32_t day; };
struct lots { struct lot *at; size_t n, cap; int64_t front, front_off; struct idle_pieces *out; };

static bool take_lot(void *arg, const struct leg *x, struct err *e)
{
    struct lots *l = arg;
    (void)e;
    if (x->kind == LEG_RETURN) return true;
    l->at = mem_more(l->at, l->n, &l->cap, sizeof *l->at);
    int64_t gone = x->seq == l->front ? l->front_off : 0;
    l->at[l->n++] = (struct lot){ x->seq, x->amount - gone, (int32_t)x->day };
    return true;
}

static bool take_gap(void *arg, const struct val *row, int n, struct err *e)
{
    struct lots *l = arg;
    (void)n;
    (void)e;
    push_piece(l->out, row[2].i - row[1].i, (int32_t)row[3].i);
    return true;
}

/* The lots come newest first. */
static bool take_hole(void *arg, const struct val *row, int n, struct err *e)
{
    struct lots *l = arg;
    size_t lo = 0, hi = l->n;
    (void)n;
    (void)e;
    if (row[0].i == l->front && row[1].i < l->front_off) return true;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (l->at[mid].seq > row[0].i) lo = mid + 1;
        else hi = mid;
    }
    if (lo < l->n && l->at[lo].seq == row[0].i) l->at[lo].amount -= row[2].i - row[1].i;
    return true;
}

bool account_pieces(struct db *d, const struct account_balance *x, struct idle_pieces *out,
                    struct err *e)
{
    struct lots l = { .front = x->front, .front_off = x->front_off, .out = out };
    struct val v[4] = { val_int(x->at.county), val_int(x->at.id), val_int(x->front),
                        val_int(INT64_MAX) };
    out->n = 0;
    bool ok = db_query(d, ledger_sql(LEDGER_OPEN_GAPS), v, 2, take_gap, &l, e) &&
              legs_in(d, x->at, x->last_in, x->front, take_lot, &l, e) &&
              (x->holes == 0 || db_query(d, ledger_sql(LEDGER_HOLES), v, 4, take_hole, &l, e));
    for (size_t i = 0; ok && i < l.n; i++) push_piece(out, l.at[i].amount, l.at[i].day);
    free(l.at);
    in_order(out);
    return ok;
}

struct grouping { pieces_fn *fn; void *arg; struct account_ref at; struct idle_pieces p; };

static bool group_end(struct grouping *g, struct err *e)
{
    bool ok = g->p.n == 0 || g->fn(g->arg, g->at, &g->p, e);
    g->p.n = 0;
    return ok;
}

static bool take_piece(void *arg, const struct val *row, int n, struct err *e)
{
    struct grouping *g = arg;
    struct account_ref at = { row[0].i, row[1].i };
    (void)n;
    if ((at.county != g->at.county || at.id != g->at.id) && !group_end(g, e)) return false;
    g->at = at;
    push_piece(&g->p, row[3].i, (int32_t)row[2].i);
    return true;
}

bool pieces_on(struct db *d, const struct pieces_query *q, pieces_fn *fn, void *arg, struct err *e)
{
    struct grouping g = { .fn = fn, .arg = arg };
    struct val v[3] = { val_int(q->lo), val_int(q->hi), val_int(q->on) };
    struct buf sql;
    buf_init(&sql, (size_t)64 << 10);
    idle_pieces_sql(&sql, q->mo);
    struct stmt s = stmt_composed(STMT_ADMIN, sql.p);
    bool ok = db_query(d, &s, v, 3, take_piece, &g, e) && group_end(&g, e);
    buf_free(&sql);
    free(g.p.at);
    return ok;
}

struct idle idle_of(const struct idle_pieces *p, int32_t on)
{
    struct idle out = { .oldest = p->n ? p->at[0].day : 0 };
    for (size_t i = 0; i < p->n; i++) {
        const struct idle_piece *x = &p->at[i];
        int32_t days = on > x->day ? on - x->day : 0;
        int64_t product;
        if (days < YEAR) out.year1 += x->amount;
        else if (days < 2 * YEAR) out.year2 += x->amount;
        else out.older += x->amount;
        if (i64_mul(x->amount / 100, days, &product))
            (void)i64_add(out.yuan_days, product, &out.yuan_days);
    }
    out.all = out.year1 + out.year2 + out.older;
    return out;
}
