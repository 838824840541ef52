/* Balances, and the age of what is open. */
#include "programme/money/idle.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/money.h"
#include "programme/money/ledger_sql.h"

struct reading { struct account_balances *out; struct arena *arena; };

static const char *text(struct arena *a, struct val v)
{
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : "";
}

static bool take_balance(void *arg, const struct val *row, int n, struct err *e)
{
    const struct reading *r = arg;
    struct account_balances *o = r->out;
    (void)n;
    (void)e;
    if (o->n == o->cap) {
        o->cap = o->cap ? o->cap * 2 : 64;
        o->at = mem_grow(o->at, o->cap * sizeof *o->at);
    }
    o->at[o->n++] = (struct account_balance){ .at = { row[0].i, row[1].i },
        .code = text(r->arena, row[2]), .title = text(r->arena, row[3]),
        .kind = text(r->arena, row[4]), .earmark = text(r->arena, row[5]),
        .b = { row[6].i, row[7].i, row[8].i }, .front = row[9].i, .front_off = row[10].i,
        .holes = row[11].i, .restricted = row[12].type != VAL_INT || row[12].i != 0 };
    return true;
}

bool account_balances(struct db *d, int64_t lo, int64_t hi, struct arena *a,
                      struct account_balances *out, struct err *e)
{
    struct reading r = { out, a };
    struct val v[2] = { val_int(lo), val_int(hi) };
    return db_query(d, ledger_sql(LEDGER_BALANCES), v, 2, take_balance, &r, e);
}

enum { YEAR = 365 }; /* as in the figures, flow.h */

struct ageing { struct idle *out; int32_t on; int64_t front, front_off; bool any; };

/* One open piece. */
static void add(struct ageing *a, int64_t amount, int32_t day)
{
    struct idle *i = a->out;
    int32_t days = a->on > day ? a->on - day : 0;
    if (days < YEAR) i->year1 += amount;
    else if (days < 2 * YEAR) i->year2 += amount;
    else i->older += amount;
    int64_t product;
    if (i64_mul(amount / 100, days, &product)) (void)i64_add(i->yuan_days, product, &i->yuan_days);
}

static void seen(struct ageing *a, int32_t day)
{
    if (!a->any || day < a->out->oldest) a->out->oldest = day;
    a->any = true;
}

struct lot { int64_t seq, amount; int32_t day; };
struct lots { struct lot *at; size_t n, cap; struct ageing *ageing; };

static bool take_lot(void *arg, const struct val *row, int n, struct err *e)
{
    struct lots *l = arg;
    (void)n;
    (void)e;
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 64;
        l->at = mem_grow(l->at, l->cap * sizeof *l->at);
    }
    int64_t gone = row[0].i == l->ageing->front ? l->ageing->front_off : 0;
    l->at[l->n++] = (struct lot){ row[0].i, row[1].i - gone, (int32_t)row[2].i };
    return true;
}

static bool take_gap(void *arg, const struct val *row, int n, struct err *e)
{
    struct ageing *a = arg;
    (void)n;
    (void)e;
    add(a, row[2].i - row[1].i, (int32_t)row[3].i);
    seen(a, (int32_t)row[3].i);
    return true;
}

/* Both come in order of lots. */
static bool take_hole(void *arg, const struct val *row, int n, struct err *e)
{
    struct lots *l = arg;
    size_t lo = 0, hi = l->n;
    (void)n;
    (void)e;
    if (row[0].i == l->ageing->front && row[1].i < l->ageing->front_off) return true;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (l->at[mid].seq < row[0].i) lo = mid + 1;
        else hi = mid;
    }
    if (lo < l->n && l->at[lo].seq == row[0].i) l->at[lo].amount -= row[2].i - row[1].i;
    return true;
}

bool account_idle(struct db *d, const struct account_balance *x, int32_t on, struct idle *out,
                  struct err *e)
{
    struct ageing a = { .out = out, .on = on, .front = x->front, .front_off = x->front_off };
    struct lots lots = { .ageing = &a };
    struct val v[4] = { val_int(x->at.county), val_int(x->at.id), val_int(x->front),
                        val_int(INT64_MAX) };
    *out = (struct idle){ 0 };
    bool ok = db_query(d, ledger_sql(LEDGER_OPEN_GAPS), v, 2, take_gap, &a, e) &&
              db_query(d, ledger_sql(LEDGER_OPEN_LOTS), v, 4, take_lot, &lots, e) &&
              (x->holes == 0 || db_query(d, ledger_sql(LEDGER_HOLES), v, 4, take_hole, &lots, e));
    for (size_t i = 0; ok && i < lots.n; i++) {
        if (lots.at[i].amount <= 0) continue;
        add(&a, lots.at[i].amount, lots.at[i].day);
        seen(&a, lots.at[i].day);
    }
    free(lots.at);
    return ok;
}
