/* Tracing, one level of pieces at a time, TRACE_AT_ONCE lots a statement. Going forward, lots of
 * which nothing was taken are told from the front of their account and not asked for. */
#include "programme/money/trace.h"

#include <stdlib.h>

#include "base/map.h"
#include "programme/money/ledger_part.h"

void spans_add(struct spans *s, struct span x)
{
    s->at = mem_more(s->at, s->n, &s->cap, sizeof *s->at);
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

/* What is gone of an account's lots. */
struct front { int64_t lot, off; bool holes; };

struct trace {
    struct db *d;
    bool back;
    const struct trace_sink *sink;
    int depth;
    struct spans level, next;
    int64_t *left;                  /* what no use took or made, for each piece of the level */
    int64_t *origin;                /* going back: the payer of each piece's lot */
    struct map fronts;              /* account_ref -> struct front */
    struct tail tail;               /* of the counties that were read */
    struct map tails;               /* those counties */
};

/* One read: the pieces from..upto of the level, in order, against the uses of their lots. */
struct pass {
    struct trace *t;
    size_t from, upto, first;       /* pieces of earlier lots than the row at hand are done with */
    int64_t lots[TRACE_AT_ONCE];
    int n;
    struct use kept;                /* one row is kept back: the next may take it back */
    struct trace_edge kept_edge;
    bool any;
};

static bool meet(struct pass *p, struct err *e)
{
    struct trace *t = p->t;
    const struct use *u = &p->kept;
    int64_t lot = t->back ? u->to_lot : u->lot, off = t->back ? u->to_off : u->off;
    p->any = false;
    while (p->first < p->upto && t->level.at[p->first].lot < lot) p->first++;
    for (size_t i = p->first; i < p->upto && t->level.at[i].lot == lot; i++) {
        const struct span *x = &t->level.at[i];
        int64_t from = x->off > off ? x->off : off;
        int64_t upto = x->upto < off + u->amount ? x->upto : off + u->amount;
        if (from >= upto) continue;
        struct trace_edge edge = p->kept_edge;
        if (!t->back) edge.from_account = x->account;
        int64_t begins = from - off + (t->back ? u->off : u->to_off);
        edge.amount = upto - from;
        edge.from_off = t->back ? begins : from;
        edge.to_off = t->back ? from : begins;
        t->left[i] -= edge.amount;
        if (t->sink->edge && !t->sink->edge(t->sink->arg, &edge, e)) return false;
        spans_add(&t->next, (struct span){ t->back ? edge.from_county : edge.to_county,
                                      t->back ? u->lot : u->to_lot, begins, begins + edge.amount,
                                      t->back ? edge.from_account : edge.to_account });
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

static bool ask(struct pass *p, enum ledger_stmt stmt, int64_t county, row_fn *fn, struct err *e)
{
    struct val v[1 + TRACE_AT_ONCE] = { val_int(county) };
    for (int i = 0; i < TRACE_AT_ONCE; i++) v[1 + i] = val_int(p->lots[i < p->n ? i : p->n - 1]);
    p->first = p->from;
    return db_query(p->t->d, ledger_sql(stmt), v, 1 + TRACE_AT_ONCE, fn, p, e) &&
           (!p->any || meet(p, e));
}

/* --- forward --- */

static bool read_tail(struct trace *t, int64_t county, struct err *e)
{
    bool added;
    map_put(&t->tails, &county, &added);
    return !added || tail_read(t->d, county, county, 0, &t->tail, e);
}

static bool take_forward(void *arg, const struct taken *k, struct err *e)
{
    struct pass *p = arg;
    const struct span *x = &p->t->level.at[p->from];
    struct trace_edge edge = { .level = p->t->depth, .from_county = x->county,
        .from_lot = k->u.lot, .to_county = used_in(x), .to_lot = k->u.to_lot, .id = k->u.to_id,
        .to_account = k->credit, .day = (int32_t)k->day };
    return keep(p, &k->u, &edge, k->back != 0, e);
}

static bool take_front(void *arg, const struct val *row, int n, struct err *e)
{
    struct pass *p = arg;
    struct account_ref key = { p->t->level.at[p->from].county, row[AMOUNTS_WIDTH].i };
    struct amounts k;
    (void)n;
    (void)e;
    amounts_of(row, &k);
    (void)tail_apply(&p->t->tail, key, &k);
    *(struct front *)map_put(&p->t->fronts, &key, NULL) =
        (struct front){ k.front, k.front_off, k.holes != 0 };
    return true;
}

static bool ask_fronts(struct pass *p, struct err *e)
{
    int64_t county = p->t->level.at[p->from].county;
    return read_tail(p->t, county, e) && ask(p, TRACE_FRONTS, county, take_front, e);
}

/* The fronts of accounts that were not met before. */
static bool read_fronts(struct trace *t, struct err *e)
{
    struct pass p = { .t = t };
    for (size_t i = 0; i < t->level.n; i++) {
        const struct span *x = &t->level.at[i];
        struct account_ref key = { x->county, x->account };
        bool added;
        if (is_transit(x->account)) continue;
        if (p.n == TRACE_AT_ONCE || (p.n && x->county != t->level.at[p.from].county)) {
            if (!ask_fronts(&p, e)) return false;
            p.n = 0;
        }
        map_put(&t->fronts, &key, &added);
        if (!added) continue;
        if (p.n == 0) p.from = i;
        p.lots[p.n++] = x->account;
    }
    return p.n == 0 || ask_fronts(&p, e);
}

/* Nothing was taken of it: it lies from the front on. Unrestricted accounts have none. */
static bool untouched(const struct trace *t, const struct span *x)
{
    struct account_ref key = { x->county, x->account };
    if (is_transit(x->account)) return false;
    const struct front *f = map_get(&t->fronts, &key);
    if (f->lot == 0) return true;
    return !f->holes && (x->lot > f->lot || (x->lot == f->lot && x->off >= f->off));
}

static bool forward_pass(struct pass *p, struct err *e)
{
    struct trace *t = p->t;
    const struct span *x = &t->level.at[p->from];
    const struct lot_list of = { used_in(x), x->county, p->lots, p->n };
    p->first = p->from;
    return p->n == 0 || (read_tail(t, of.county, e) &&
                         lot_uses(t->d, &of, &t->tail, take_forward, p, e) &&
                         (!p->any || meet(p, e)));
}

/* --- back --- */

struct legs_read { struct pass *p; int64_t more[TRACE_AT_ONCE]; int n_more; };

static bool take_back(struct pass *p, const struct use *u, const int64_t of[3], int64_t debit,
                      bool back, struct err *e)
{
    const struct span *x = &p->t->level.at[p->from];
    struct trace_edge edge = { .level = p->t->depth, .from_county = u->lot_county,
        .from_lot = u->lot, .to_county = x->county, .to_lot = u->to_lot, .id = of[0],
        .to_account = of[1], .day = (int32_t)of[2],
        .from_account = u->lot_county == x->county ? debit : transit_to(x->county) };
    return keep(p, u, &edge, back, e);
}

static bool take_leg_back(void *arg, const struct val *row, int n, struct err *e)
{
    struct pass *p = arg;
    struct trace *t = p->t;
    struct use u = { .to_lot = row[0].i };
    (void)n;
    size_t i = p->first;
    while (i < p->upto && t->level.at[i].lot < u.to_lot) i++;
    for (; i < p->upto && t->level.at[i].lot == u.to_lot; i++) t->origin[i] = row[6].i;
    if (row[2].type != VAL_INT) return true;
    u.lot_county = row[1].i;
    u.lot = row[2].i;
    u.off = row[3].i;
    u.amount = row[4].i;
    const int64_t of[3] = { row[5].i, row[7].i, row[8].i };
    return take_back(p, &u, of, row[6].i, false, e);
}

static bool take_use_back(void *arg, const struct val *row, int n, struct err *e)
{
    struct pass *p = arg;
    struct use u = { .to_lot = row[0].i, .lot_county = row[1].i, .lot = row[2].i, .off = row[3].i,
                     .to_off = row[4].i, .amount = row[5].i };
    const int64_t of[3] = { row[7].i, row[8].i, row[9].i };
    size_t i = p->first;
    (void)n;
    while (i < p->upto && p->t->level.at[i].lot < u.to_lot) i++;
    return take_back(p, &u, of, i < p->upto ? p->t->origin[i] : 0, row[6].i != 0, e);
}

static bool back_pass(struct pass *p, struct err *e)
{
    struct trace *t = p->t;
    int64_t county = t->level.at[p->from].county;
    for (size_t i = p->from; i < p->upto; i++) t->origin[i] = 0;
    if (!ask(p, TRACE_LEGS, county, take_leg_back, e)) return false;
    p->n = 0;
    for (size_t i = p->from; i < p->upto; i++) {
        const struct span *x = &t->level.at[i];
        if (t->origin[i] == 0)
            return err_set(e, ERR_CORRUPT, "lot %lld of county %lld is gone", (long long)x->lot,
                           (long long)county);
        if (t->left[i] == 0 || (p->n && p->lots[p->n - 1] == x->lot)) continue;
        p->lots[p->n++] = x->lot;
    }
    return p->n == 0 || ask(p, TRACE_USES_INTO, county, take_use_back, e);
}

/* --- the walk --- */

static bool tell_ends(struct trace *t, const struct pass *p, struct err *e)
{
    for (size_t i = p->from; t->sink->end && i < p->upto; i++) {
        const struct span *x = &t->level.at[i];
        struct trace_end end = { x->county, x->lot, t->back ? t->origin[i] : x->account,
                                 t->left[i] };
        if (end.amount && !t->sink->end(t->sink->arg, &end, e)) return false;
    }
    return true;
}

/* As many pieces as one statement takes: of one county, used in one, and of so many lots. */
static void fill_pass(struct trace *t, struct pass *p)
{
    const struct span *first = &t->level.at[p->from];
    for (p->upto = p->from; p->upto < t->level.n; p->upto++) {
        const struct span *x = &t->level.at[p->upto];
        if (x->county != first->county || (!t->back && used_in(x) != used_in(first))) return;
        if (!t->back && untouched(t, x)) continue;
        if (p->n && p->lots[p->n - 1] == x->lot) continue;
        if (p->n == TRACE_AT_ONCE) return;
        p->lots[p->n++] = x->lot;
    }
}

static bool walk_level(struct trace *t, struct err *e)
{
    struct spans *l = &t->level;
    qsort(l->at, l->n, sizeof *l->at, t->back ? by_lot : by_use);
    t->left = mem_grow(t->left, l->n * sizeof *t->left);
    t->origin = mem_grow(t->origin, l->n * sizeof *t->origin);
    for (size_t i = 0; i < l->n; i++) t->left[i] = l->at[i].upto - l->at[i].off;
    if (!t->back && !read_fronts(t, e)) return false;
    for (size_t at = 0; at < l->n;) {
        struct pass p = { .t = t, .from = at };
        fill_pass(t, &p);
        if (!(t->back ? back_pass(&p, e) : forward_pass(&p, e)) || !tell_ends(t, &p, e))
            return false;
        at = p.upto;
    }
    return true;
}

static bool walk(struct db *d, bool back, const struct span *from, size_t n,
                 const struct trace_sink *sink, struct err *e)
{
    struct trace t = { .d = d, .back = back, .sink = sink };
    bool ok = true;
    map_init(&t.fronts, sizeof(struct account_ref), sizeof(struct front));
    map_init(&t.tails, sizeof(int64_t), 8);
    for (size_t i = 0; i < n; i++) spans_add(&t.level, from[i]);
    for (t.depth = 1; ok && t.level.n > 0; t.depth++) {
        ok = walk_level(&t, e);
        struct spans done = t.level;
        t.level = t.next;
        t.next = done;
        t.next.n = 0;
    }
    map_free(&t.fronts);
    map_free(&t.tails);
    tail_free(&t.tail);
    free(t.left);
    free(t.origin);
    free(t.level.at);
    free(t.next.at);
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

/* A lot that began in this county, or anywhere. */
static bool is_lot(const struct leg *l, bool anywhere)
{
    return (l->kind == LEG_MOVE || l->kind == LEG_ARRIVAL) &&
           (anywhere || !is_transit(l->debit));
}

static bool add_lots(struct db *d, const struct legs *legs, bool anywhere, struct spans *out,
                     struct err *e)
{
    for (size_t i = 0; i < legs->n; i++) {
        const struct leg *l = &legs->at[i];
        struct val v[2] = { val_int(l->county), val_int(l->seq) };
        int64_t by;
        bool ended = false;
        if (!is_lot(l, anywhere)) continue;
        if (!db_int(d, ledger_sql(LEDGER_TRANSFER_END), v, 2, &by, &ended, e)) return false;
        if (!ended) spans_add(out, (struct span){ l->county, l->seq, 0, l->amount, l->credit });
    }
    return true;
}

static void push_leg(struct legs *l, const struct leg *x)
{
    l->at = mem_more(l->at, l->n, &l->cap, sizeof *l->at);
    l->at[l->n++] = *x;
}

static bool take_leg(void *arg, const struct val *row, int n, struct err *e)
{
    struct leg x;
    (void)n;
    (void)e;
    leg_of(row, &x);
    push_leg(arg, &x);
    return true;
}

/* Only the lots that stand, halves on the other side of a border included. */
static bool drop_returned(struct db *d, struct legs *legs, struct err *e)
{
    size_t n = 0;
    for (size_t i = 0; i < legs->n; i++) {
        const struct leg *l = &legs->at[i];
        struct val v[2] = { val_int(l->county), val_int(l->seq) };
        int64_t by;
        bool ended = false;
        if (!is_lot(l, true)) continue;
        if (!db_int(d, ledger_sql(LEDGER_TRANSFER_END), v, 2, &by, &ended, e)) return false;
        if (!ended) legs->at[n++] = *l;
    }
    legs->n = n;
    return true;
}

/* Money that is handed on under the same name is the same money: a leg out of an account that
 * another one had filled before begins nothing. Legs come in the order of their numbers. */
static void add_first(const struct legs *legs, struct spans *out)
{
    struct map filled;             /* account_ref -> the first leg that filled it */
    map_init(&filled, sizeof(struct account_ref), sizeof(int64_t));
    for (size_t i = 0; i < legs->n; i++) {
        struct account_ref to = { legs->at[i].county, legs->at[i].credit };
        bool added;
        int64_t *first = map_put(&filled, &to, &added);
        if (added) *first = legs->at[i].seq;
    }
    for (size_t i = 0; i < legs->n; i++) {
        const struct leg *l = &legs->at[i];
        struct account_ref from = { l->county, l->debit };
        const int64_t *first = map_get(&filled, &from);
        if (is_lot(l, false) && !(first && *first < l->seq))
            spans_add(out, (struct span){ l->county, l->seq, 0, l->amount, l->credit });
    }
    map_free(&filled);
}

bool spans_of_cause(struct db *d, struct ledger_cause cause, struct spans *out, struct err *e)
{
    struct legs legs = { 0 };
    struct val v[3] = { val_int(cause.entity), val_int(cause.county), val_int(cause.id) };
    bool ok = db_query(d, ledger_sql(LEDGER_BY_CAUSE), v, 3, take_leg, &legs, e) &&
              drop_returned(d, &legs, e);
    if (ok) add_first(&legs, out);
    free(legs.at);
    return ok;
}

bool spans_of_transfer(struct db *d, int64_t county, int64_t id, struct spans *out, struct err *e)
{
    struct legs legs = { 0 };
    bool ok = legs_by_id(d, county, id, &legs, e) && add_lots(d, &legs, false, out, e);
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
    spans_add(out, (struct span){ l.county, l.seq, 0, l.amount, l.credit });
    return true;
}

static bool take_received(void *arg, const struct leg *l, struct err *e)
{
    (void)e;
    if (l->kind != LEG_RETURN) push_leg(arg, l);
    return true;
}

bool spans_of_account(struct db *d, struct account_ref a, struct spans *out, struct err *e)
{
    struct legs legs = { 0 };
    int64_t last_in, last_out;
    bool ok = chain_ends(d, a, &last_in, &last_out, e) &&
              legs_in(d, a, last_in, 1, take_received, &legs, e) &&
              add_lots(d, &legs, true, out, e);
    free(legs.at);
    return ok;
}

struct refs { struct account_ref at[64]; int n; };

static bool take_ref(void *arg, const struct val *row, int n, struct err *e)
{
    struct refs *r = arg;
    (void)n;
    if (r->n == (int)(sizeof r->at / sizeof *r->at)) return err_set(e, ERR_FULL,
            "it holds too many accounts of the ledger");
    r->at[r->n++] = (struct account_ref){ row[0].i, row[1].i };
    return true;
}

static bool accounts_of(struct db *d, enum trace_holder kind, int64_t county, int64_t id, struct refs *out,
                        struct err *e)
{
    static const enum ledger_stmt stmts[] = { [TRACE_HOUSEHOLD] = LEDGER_ACCOUNTS_OF_HOUSEHOLD,
                                              [TRACE_PROJECT] = LEDGER_ACCOUNTS_OF_PROJECT };
    struct val v[2] = { val_int(county), val_int(id) };
    out->n = 0;
    return db_query(d, ledger_sql(stmts[kind]), v, 2, take_ref, out, e);
}

bool spans_of_holder(struct db *d, enum trace_holder kind, int64_t county, int64_t id, struct spans *out, struct err *e)
{
    struct refs refs;
    bool ok = accounts_of(d, kind, county, id, &refs, e);
    for (int i = 0; ok && i < refs.n; i++) ok = spans_of_account(d, refs.at[i], out, e);
    return ok;
}

struct latest { struct legs legs; size_t most; };

static bool take_latest(void *arg, const struct leg *l, struct err *e)
{
    struct latest *x = arg;
    (void)e;
    if (is_lot(l, true)) push_leg(&x->legs, l);
    return x->legs.n < x->most;
}

static bool tell_received(struct db *d, const struct legs *legs, received_fn *fn, void *arg, struct err *e)
{
    for (size_t i = 0; i < legs->n; i++) {
        const struct leg *l = &legs->at[i];
        struct val v[2] = { val_int(l->county), val_int(l->seq) };
        const struct received x = { l->county, l->seq, l->debit, l->amount, (int32_t)l->day };
        int64_t by;
        bool ended = false;
        if (!db_int(d, ledger_sql(LEDGER_TRANSFER_END), v, 2, &by, &ended, e)) return false;
        if (!ended && !fn(arg, &x, e)) return false;
    }
    return true;
}

bool ledger_received(struct db *d, enum trace_holder kind, int64_t county, int64_t id, int most, received_fn *fn,
                     void *arg, struct err *e)
{
    struct refs refs;
    bool ok = accounts_of(d, kind, county, id, &refs, e);
    for (int i = 0; ok && i < refs.n; i++) {
        struct latest x = { .most = (size_t)most };
        int64_t in, out;
        struct err stopped = { .code = ERR_NONE };
        ok = chain_ends(d, refs.at[i], &in, &out, e);
        if (ok && !legs_in(d, refs.at[i], in, 1, take_latest, &x, &stopped) && stopped.code != ERR_NONE) {
            *e = stopped;
            ok = false;
        }
        ok = ok && tell_received(d, &x.legs, fn, arg, e);
        free(x.legs.at);
    }
    return ok;
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
