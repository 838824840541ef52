/* Tracing, one level of pieces at a time. Pieces of lots that lie side by side are asked for
 * together. */
#include "programme/money/trace.h"

#include <stdlib.h>

#include "programme/money/ledger_part.h"

#define NEAR 2      /* lots so close are read in one go */
#define REACH 4096  /* lots in one go at most */

static void push(struct spans *s, struct span x)
{
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 64;
        s->at = mem_grow(s->at, s->cap * sizeof *s->at);
    }
    s->at[s->n++] = x;
}

/* A lot in transit is used on the other side of the border. */
static int64_t used_in(const struct span *x)
{
    return is_transit(x->account) ? transit_county(x->account) : x->county;
}

static int compare(const int64_t *l, const int64_t *r, int n)
{
    for (int i = 0; i < n; i++)
        if (l[i] != r[i]) return l[i] < r[i] ? -1 : 1;
    return 0;
}

static int by_lot(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    const int64_t l[3] = { x->county, x->lot, x->off }, r[3] = { y->county, y->lot, y->off };
    return compare(l, r, 3);
}

static int by_use(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    const int64_t l = used_in(x), r = used_in(y);
    return l != r ? compare(&l, &r, 1) : by_lot(a, b);
}

/* One read: the pieces at[0..n) of neighbouring lots, in order, against the uses of those lots. */
struct pass {
    const struct trace_sink *sink;
    const struct span *at;
    size_t n, first;                /* pieces of earlier lots than the row at hand are done with */
    int64_t *left;                  /* what no use took or made, for each piece */
    struct spans *next;
    int level;
    bool back;
    struct use kept;                /* one row is kept back: the next may take it back */
    struct trace_edge kept_edge;
    bool any;
};

static bool meet(struct pass *p, struct err *e)
{
    const struct use *u = &p->kept;
    int64_t lot = p->back ? u->to_lot : u->lot, off = p->back ? u->to_off : u->off;
    p->any = false;
    while (p->first < p->n && p->at[p->first].lot < lot) p->first++;
    for (size_t i = p->first; i < p->n && p->at[i].lot == lot; i++) {
        const struct span *x = &p->at[i];
        int64_t from = x->off > off ? x->off : off;
        int64_t upto = x->upto < off + u->amount ? x->upto : off + u->amount;
        if (from >= upto) continue;
        struct trace_edge edge = p->kept_edge;
        if (!p->back) edge.from_account = x->account;
        edge.amount = upto - from;
        p->left[i] -= edge.amount;
        if (p->sink->edge && !p->sink->edge(p->sink->arg, &edge, e)) return false;
        int64_t begins = from - off + (p->back ? u->off : u->to_off);
        struct span y = { p->back ? edge.from_county : edge.to_county, p->back ? u->lot : u->to_lot,
                          begins, begins + edge.amount,
                          p->back ? edge.from_account : edge.to_account };
        push(p->next, y);
    }
    return true;
}

static bool keep(struct pass *p, const struct use *u, const struct trace_edge *x, bool back,
                 struct err *e)
{
    if (back) {
        p->any = false;
        return true;
    }
    if (p->any && !meet(p, e)) return false;
    p->kept = *u;
    p->kept_edge = *x;
    p->any = true;
    return true;
}

static bool take_forward(void *arg, const struct val *row, int n, struct err *e)
{
    struct pass *p = arg;
    const struct span *x = p->at;
    struct use u = { .lot = row[0].i, .off = row[1].i, .to_lot = row[2].i, .to_off = row[3].i,
                     .amount = row[4].i };
    struct trace_edge edge = { .level = p->level, .from_county = x->county, .from_lot = u.lot,
        .to_county = used_in(x), .to_lot = u.to_lot, .id = row[6].i, .to_account = row[7].i,
        .day = (int32_t)row[8].i };
    (void)n;
    return keep(p, &u, &edge, row[5].i != 0, e);
}

static bool take_back(void *arg, const struct val *row, int n, struct err *e)
{
    struct pass *p = arg;
    struct use u = { .lot = row[1].i, .off = row[2].i, .to_lot = row[3].i, .to_off = row[4].i,
                     .amount = row[5].i };
    struct trace_edge edge = { .level = p->level, .from_county = row[0].i, .from_lot = u.lot,
        .to_county = p->at->county, .to_lot = u.to_lot, .id = row[7].i, .from_account = row[8].i,
        .to_account = row[9].i, .day = (int32_t)row[10].i };
    if (edge.from_county != edge.to_county) edge.from_account = transit_to(edge.to_county);
    (void)n;
    return keep(p, &u, &edge, row[6].i != 0, e);
}

/* Where a piece that nothing made began: the payer of its lot. */
static bool origin(struct db *d, const struct span *x, int64_t *account, struct err *e)
{
    struct leg l;
    bool found;
    if (!leg_by_seq(d, x->county, x->lot, &l, &found, e)) return false;
    if (!found)
        return err_set(e, ERR_CORRUPT, "lot %lld of county %lld is gone", (long long)x->lot,
                       (long long)x->county);
    *account = l.debit;
    return true;
}

static bool tell_ends(struct db *d, struct pass *p, struct err *e)
{
    for (size_t i = 0; p->sink->end && i < p->n; i++) {
        const struct span *x = &p->at[i];
        struct trace_end end = { x->county, x->lot, x->account, p->left[i] };
        if (end.amount == 0) continue;
        if (p->back && !origin(d, x, &end.account, e)) return false;
        if (!p->sink->end(p->sink->arg, &end, e)) return false;
    }
    return true;
}

static bool read_pass(struct db *d, struct pass *p, struct err *e)
{
    const struct span *x = p->at, *last = &p->at[p->n - 1];
    for (size_t i = 0; i < p->n; i++) p->left[i] = p->at[i].upto - p->at[i].off;
    struct val f[4] = { val_int(used_in(x)), val_int(x->county), val_int(x->lot),
                        val_int(last->lot) };
    struct val b[3] = { val_int(x->county), val_int(x->lot), val_int(last->lot) };
    bool ok = p->back ? db_query(d, ledger_sql(LEDGER_USES_INTO), b, 3, take_back, p, e)
                      : db_query(d, ledger_sql(LEDGER_USES_OF), f, 4, take_forward, p, e);
    return ok && (!p->any || meet(p, e)) && tell_ends(d, p, e);
}

static bool together(const struct span *first, const struct span *last, const struct span *x,
                     bool back)
{
    return x->county == first->county && (back || used_in(x) == used_in(first)) &&
           x->lot - last->lot <= NEAR && x->lot - first->lot < REACH;
}

static bool walk(struct db *d, bool back, const struct span *from, size_t n,
                 const struct trace_sink *sink, struct err *e)
{
    struct spans level = { 0 }, next = { 0 };
    int64_t *left = NULL;
    bool ok = true;
    for (size_t i = 0; i < n; i++) push(&level, from[i]);
    for (int depth = 1; ok && level.n > 0; depth++) {
        qsort(level.at, level.n, sizeof *level.at, back ? by_lot : by_use);
        left = mem_grow(left, level.n * sizeof *left);
        for (size_t i = 0, upto; ok && i < level.n; i = upto) {
            for (upto = i + 1; upto < level.n && together(&level.at[i], &level.at[upto - 1],
                                                          &level.at[upto], back); upto++)
                continue;
            struct pass p = { .sink = sink, .at = &level.at[i], .n = upto - i, .left = left,
                              .next = &next, .level = depth, .back = back };
            ok = read_pass(d, &p, e);
        }
        struct spans done = level;
        level = next;
        next = done;
        next.n = 0;
    }
    free(left);
    free(level.at);
    free(next.at);
    return ok;
}

bool trace_forward(struct db *d, const struct span *from, size_t n, const struct trace_sink *sink,
                   struct err *e)
{
    return walk(d, false, from, n, sink, e);
}

bool trace_back(struct db *d, const struct span *to, size_t n, const struct trace_sink *sink,
                struct err *e)
{
    return walk(d, true, to, n, sink, e);
}

/* --- where to begin --- */

static bool is_lot(const struct leg *l)
{
    return (l->kind == LEG_MOVE || l->kind == LEG_ARRIVAL) &&
           !(is_transit(l->debit) && l->debit % 2);
}

static bool add_lots(struct db *d, const struct legs *legs, struct spans *out, struct err *e)
{
    for (size_t i = 0; i < legs->n; i++) {
        const struct leg *l = &legs->at[i];
        struct val v[2] = { val_int(l->county), val_int(l->seq) };
        int64_t by;
        bool ended = false;
        if (!is_lot(l)) continue;
        if (!db_int(d, ledger_sql(LEDGER_TRANSFER_END), v, 2, &by, &ended, e)) return false;
        if (!ended) push(out, (struct span){ l->county, l->seq, 0, l->amount, l->credit });
    }
    return true;
}

static bool take_leg(void *arg, const struct val *row, int n, struct err *e)
{
    struct legs *l = arg;
    (void)n;
    (void)e;
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 16;
        l->at = mem_grow(l->at, l->cap * sizeof *l->at);
    }
    leg_of(row, &l->at[l->n++]);
    return true;
}

bool spans_of_cause(struct db *d, struct ledger_cause cause, struct spans *out, struct err *e)
{
    struct legs legs = { 0 };
    struct val v[3] = { val_int(cause.entity), val_int(cause.county), val_int(cause.id) };
    bool ok = db_query(d, ledger_sql(LEDGER_BY_CAUSE), v, 3, take_leg, &legs, e) &&
              add_lots(d, &legs, out, e);
    free(legs.at);
    return ok;
}

bool spans_of_transfer(struct db *d, int64_t county, int64_t id, struct spans *out, struct err *e)
{
    struct legs legs = { 0 };
    bool ok = legs_by_id(d, county, id, &legs, e) && add_lots(d, &legs, out, e);
    free(legs.at);
    return ok;
}

bool spans_of_lot(struct db *d, int64_t county, int64_t lot, struct spans *out, struct err *e)
{
    struct leg l;
    bool found;
    if (!leg_by_seq(d, county, lot, &l, &found, e)) return false;
    if (!found || (l.kind != LEG_MOVE && l.kind != LEG_ARRIVAL))
        return err_set(e, ERR_NOT_FOUND, "county %lld has no lot %lld", (long long)county,
                       (long long)lot);
    push(out, (struct span){ l.county, l.seq, 0, l.amount, l.credit });
    return true;
}

static bool take_span(void *arg, const struct val *row, int n, struct err *e)
{
    struct leg l;
    (void)n;
    (void)e;
    leg_of(row, &l);
    push(arg, (struct span){ l.county, l.seq, 0, l.amount, l.credit });
    return true;
}

bool spans_of_account(struct db *d, struct account_ref a, struct spans *out, struct err *e)
{
    struct val v[2] = { val_int(a.county), val_int(a.id) };
    return db_query(d, ledger_sql(LEDGER_ACCOUNT_LOTS), v, 2, take_span, out, e);
}

struct telling { origin_fn *fn; void *arg; };

static bool tell_origin(void *arg, const struct val *row, int n, struct err *e)
{
    struct telling *t = arg;
    struct leg l;
    (void)n;
    leg_of(row, &l);
    struct origin o = { l.county, l.debit, l.credit, l.seq, l.amount };
    return t->fn(t->arg, &o, e);
}

bool ledger_origins(struct db *d, origin_fn *fn, void *arg, struct err *e)
{
    struct telling t = { fn, arg };
    return db_query(d, ledger_sql(LEDGER_ORIGINS), NULL, 0, tell_origin, &t, e);
}

static bool take_size(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n, (void)e;
    *(int64_t *)arg = row[0].i;
    return true;
}

bool ledger_size(struct db *d, int64_t *legs, struct err *e)
{
    return db_query(d, ledger_sql(LEDGER_SIZE), NULL, 0, take_size, legs, e);
}
