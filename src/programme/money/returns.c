/* Returns: a transfer is taken back as a whole, and before it whatever was made of its money. */
#include "programme/money/returns.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/money.h"

/* The dependents of one transfer, folded by transfer. */
struct dependent { struct account_ref at; int64_t amount; };
struct dependents { struct dependent *at; size_t n, cap; };

void units_free(struct units *u)
{
    for (size_t i = 0; i < u->n; i++) {
        free(u->at[i].legs.at);
        free(u->at[i].far);
    }
    free(u->at);
}

bool leg_ended(struct db *d, const struct leg *l, bool *yes, struct err *e)
{
    struct val v[2] = { val_int(l->county), val_int(l->seq) };
    int64_t by = 0;
    return db_int(d, ledger_sql(LEDGER_TRANSFER_END), v, 2, &by, yes, e);
}

static void add_dependent(struct dependents *d, int64_t county, const struct use *u)
{
    for (size_t i = 0; i < d->n; i++) {
        if (d->at[i].at.county != county || d->at[i].at.id != u->to_id) continue;
        d->at[i].amount += u->amount;
        return;
    }
    d->at = mem_more(d->at, d->n, &d->cap, sizeof *d->at);
    d->at[d->n++] = (struct dependent){ { county, u->to_id }, u->amount };
}

/* What took money of this lot, other legs of the same transfer apart; of a lot in transit, the leg
 * that brought it to the other side is no dependent but the same transfer's second half. */
static bool leg_dependents(struct ledger_part *p, const struct leg *l, struct leg *far,
                           struct dependents *d, struct err *e)
{
    struct uses uses = { 0 };
    bool found = false;
    int64_t county = l->county, lot = l->seq;
    *far = (struct leg){ 0 };
    if (is_transit(l->credit)) {
        county = transit_county(l->credit);
        bool ok =
            uses_of(tx_db(p->tx), county, l->county, l->seq, &uses, e) &&
            (uses.n == 0 || leg_by_seq(tx_db(p->tx), county, uses.at[0].to_lot, far, &found, e));
        free(uses.at);
        uses = (struct uses){ 0 };
        if (!ok) return false;
        if (!found)
            return ledger_refuse(e, "under_way", "transfer %" PRId64 " is on its way between counties %"
                                 PRId64 " and %" PRId64 ": `jiedui money deliver` brings it over",
                                 l->id, l->county, county);
        lot = far->seq;
    }
    bool ok = uses_of(tx_db(p->tx), county, county, lot, &uses, e);
    for (size_t i = 0; i < uses.n; i++)
        if (uses.at[i].to_id != l->id) add_dependent(d, county, &uses.at[i]);
    free(uses.at);
    return ok;
}

/* locked: its counties' ledgers are this transaction's until it ends. */
static bool read_unit(struct ledger_part *p, struct account_ref at, bool locked, struct unit *u,
                      struct dependents *d, struct err *e)
{
    struct county_head *h;
    *u = (struct unit){ .at = at };
    if ((locked && !part_head(p, at.county, &h, e)) || !legs_by_id(tx_db(p->tx), at.county, at.id, &u->legs, e))
        return false;
    if (u->legs.n == 0)
        return err_set(e, ERR_NOT_FOUND, "there is no transfer %" PRId64 " in county %" PRId64,
                       at.id, at.county);
    u->far = mem_alloc(u->legs.n * sizeof *u->far);
    for (size_t i = 0; i < u->legs.n; i++) {
        const struct leg *l = &u->legs.at[i];
        bool gone = false;
        if (l->kind != LEG_MOVE && l->kind != LEG_ARRIVAL)
            return ledger_refuse(
                e, "ended", "transfer %" PRId64 " moved no money: there is nothing to take back",
                at.id);
        if (is_transit(l->debit))
            return ledger_refuse(e, "ended",
                                 "transfer %" PRId64 " came from county %" PRId64
                                 ": it is returned there",
                                 at.id, transit_county(l->debit));
        if (locked && is_transit(l->credit) && !part_head(p, transit_county(l->credit), &h, e))
            return false;
        if (!leg_ended(tx_db(p->tx), l, &gone, e)) return false;
        if (gone)
            return ledger_refuse(e, "ended", "transfer %" PRId64 " was returned already", at.id);
        if (!leg_dependents(p, l, &u->far[i], d, e)) return false;
    }
    return true;
}

static bool tell(struct dependents *d, dependent_fn *told, void *arg, struct err *e)
{
    struct buf b;
    buf_init(&b, 4096);
    for (size_t i = 0; i < d->n; i++) {
        const struct dependent *x = &d->at[i];
        char amount[DECIMAL_TEXT];
        decimal_format(x->amount, 2, amount);
        if (told && !told(arg, x->at.county, x->at.id, x->amount, e)) {
            buf_free(&b);
            return false;
        }
        if (i < 5) buf_printf(&b, "%s%" PRId64 " (%s yuan)", i ? ", " : "", x->at.id, amount);
    }
    bool ok = ledger_refuse(e, "passed_on", "its money was passed on by %zu transfers: %s%s", d->n,
                            b.p, d->n > 5 ? ", ..." : "");
    buf_free(&b);
    return ok;
}

/* --- taking back, once nothing stands on it --- */

/* What leg l had taken is there again; the first piece of it is said by the leg that returns it. */
static bool give_back(struct ledger_part *p, const struct leg *l, struct acct *from, struct err *e)
{
    struct uses into = { 0 };
    bool ok = uses_into(tx_db(p->tx), l, &into, e);
    for (size_t i = 0; ok && i < into.n; i++) {
        const struct use *u = &into.at[i];
        ok = (u->to_off == 0 ||
              ledger_leg_use(p, from->head, u, l->credit, l->day, true, e)) &&
             (!from->restricted || lots_give_back(p, from, u->lot, u->off, u->off + u->amount, e));
    }
    free(into.at);
    return ok;
}

bool return_leg(struct ledger_part *p, const struct leg *l, struct leg_text *t, int64_t *seq,
                struct err *e)
{
    struct acct *from, *to;
    if (!part_acct(p, (struct account_ref){ l->county, l->debit }, &from, e) ||
        !part_acct(p, (struct account_ref){ l->county, l->credit }, &to, e))
        return false;
    part_save_acct(p, from);
    part_save_acct(p, to);
    t->about = l->seq;
    t->leg = (int)l->leg;
    t->legs = (int)l->legs;
    t->took = l->took;
    if (!ledger_leg(p, t, to, from, l->amount, seq, e) ||
        (to->restricted && !lots_remove(p, to, l->seq, l->amount, e)) || !give_back(p, l, from, e))
        return false;
    to->s.balance -= l->amount;
    from->s.balance += l->amount;
    return true;
}

static bool return_unit(struct ledger_part *p, const struct unit *u, const struct ledger_act *a,
                        int64_t by, struct err *e)
{
    struct leg_text t = {
        .id = by, .kind = LEG_RETURN, .day = a->day, .note = a->note, .actor = a->actor
    };
    int64_t seq;
    /* The last leg first: it may have passed on what an earlier one brought. */
    for (size_t i = u->legs.n; i-- > 0;) {
        if (u->far[i].seq && !return_leg(p, &u->far[i], &t, &seq, e)) return false;
        if (!return_leg(p, &u->legs.at[i], &t, &seq, e)) return false;
    }
    return true;
}

/* --- the chain --- */

struct walk {
    struct ledger_part *p;
    bool locked;
    struct units order;            /* what stands on a transfer comes before it */
    struct map seen;               /* account_ref -> 1 */
    struct { struct account_ref at; bool opened; struct unit unit; } *stack;
    size_t n, cap;
};

static void stack_push(struct walk *w, struct account_ref at)
{
    w->stack = mem_more(w->stack, w->n, &w->cap, sizeof *w->stack);
    memset(&w->stack[w->n], 0, sizeof *w->stack);
    w->stack[w->n++].at = at;
}

static void order_push(struct walk *w, struct unit u)
{
    w->order.at = mem_more(w->order.at, w->order.n, &w->order.cap, sizeof *w->order.at);
    w->order.at[w->order.n++] = u;
}

/* Opens the topmost transfer: reads it and puts what stands on it above it. */
static bool open_top(struct walk *w, struct dependents *d, struct err *e)
{
    size_t top = w->n - 1;
    d->n = 0;
    bool ok = read_unit(w->p, w->stack[top].at, w->locked, &w->stack[top].unit, d, e);
    w->stack[top].opened = true;
    for (size_t i = 0; ok && i < d->n; i++) stack_push(w, d->at[i].at);
    return ok;
}

static bool collect(struct walk *w, struct account_ref first, bool chain, dependent_fn *told,
                    void *arg, struct err *e)
{
    struct dependents d = { 0 };
    bool ok = true;
    stack_push(w, first);
    while (ok && w->n > 0) {
        size_t top = w->n - 1;
        if (w->stack[top].opened) {
            order_push(w, w->stack[top].unit);
            w->n--;
            continue;
        }
        bool added;
        map_put(&w->seen, &w->stack[top].at, &added);
        if (!added) {
            w->n--;
            continue;
        }
        ok = open_top(w, &d, e);
        if (ok && !chain && d.n > 0) ok = tell(&d, told, arg, e);
    }
    for (; w->n > 0; w->n--) {
        free(w->stack[w->n - 1].unit.legs.at);
        free(w->stack[w->n - 1].unit.far);
    }
    free(d.at);
    return ok;
}

/* Once all of it is back: promises that were made must still be covered. */
static bool promises_covered(struct ledger_part *p, const struct unit *u, struct err *e)
{
    for (size_t i = 0; i < 2 * u->legs.n; i++) {
        const struct leg *l = i % 2 ? &u->far[i / 2] : &u->legs.at[i / 2];
        struct acct *to;
        if (l->seq == 0) continue;
        if (!part_acct(p, (struct account_ref){ l->county, l->credit }, &to, e)) return false;
        if (to->restricted && to->s.balance < to->s.reserved)
            return ledger_refuse(e, "promised", "the money of transfer %" PRId64
                                 " is promised to others", l->id);
    }
    return true;
}

/* The same of balances as they are stored, with all that the units take and give back. */
static bool would_be_covered(struct ledger_part *p, const struct units *order, struct err *e)
{
    struct map change;             /* account_ref -> fen */
    const void *key;
    void *value;
    bool ok = true;
    map_init(&change, sizeof(struct account_ref), sizeof(int64_t));
    for (size_t i = 0; i < order->n; i++)
        for (size_t k = 0; k < 2 * order->at[i].legs.n; k++) {
            const struct unit *u = &order->at[i];
            const struct leg *l = k % 2 ? &u->far[k / 2] : &u->legs.at[k / 2];
            struct account_ref from = { l->county, l->debit }, to = { l->county, l->credit };
            if (l->seq == 0) continue;
            *(int64_t *)map_put(&change, &from, NULL) += l->amount;
            *(int64_t *)map_put(&change, &to, NULL) -= l->amount;
        }
    for (size_t at = 0; ok && map_next(&change, &at, &key, &value);) {
        const struct account_ref *r = key;
        struct ledger_balance b;
        struct acct what;
        ok = ledger_balance_of(tx_db(p->tx), r->county, r->id, &b, e) && part_peek(p, *r, &what, e);
        if (ok && what.restricted && *(int64_t *)value < 0 && b.balance + *(int64_t *)value < b.reserved)
            ok = ledger_refuse(e, "promised", "money of account %" PRId64 " is promised to others", r->id);
    }
    map_free(&change);
    return ok;
}

bool returns_plan(struct tx *tx, struct account_ref at, bool chain, dependent_fn *told, void *arg,
                  struct units *order, struct err *e)
{
    struct walk w = { .p = ledger_part(tx) };
    map_init(&w.seen, sizeof(struct account_ref), 1);
    bool ok = collect(&w, at, chain, told, arg, e) && would_be_covered(w.p, &w.order, e);
    map_free(&w.seen);
    free(w.stack);
    *order = w.order;
    return ok;
}

static bool done_before(struct ledger_part *p, struct ledger_act *a, bool *done, struct err *e)
{
    struct legs mine = { 0 }, target = { 0 };
    *done = false;
    if (a->by == 0) {
        a->by = tx_id(p->tx);
        return true;
    }
    bool ok = legs_by_id(tx_db(p->tx), a->county, a->by, &mine, e) &&
              legs_by_id(tx_db(p->tx), a->county, a->id, &target, e);
    if (ok && mine.n > 0) {
        *done =
            target.n > 0 && mine.at[0].kind == LEG_RETURN && mine.at[0].about == target.at[0].seq;
        if (!*done) ok = err_set(e, ERR_CONFLICT, "another transfer has this id already");
    }
    free(mine.at);
    free(target.at);
    return ok;
}

bool ledger_return(struct tx *tx, struct ledger_act *a, bool chain, dependent_fn *told, void *arg,
                   struct err *e)
{
    struct ledger_part *p = ledger_part(tx);
    struct walk w = { .p = p, .locked = true };
    struct county_head *h;
    bool done;
    if (!part_head(p, a->county, &h, e) || !part_write_rows(p, e) || !done_before(p, a, &done, e))
        return false;
    if (done) return true;
    map_init(&w.seen, sizeof(struct account_ref), 1);
    bool ok = collect(&w, (struct account_ref){ a->county, a->id }, chain, told, arg, e);
    for (size_t i = 0; ok && i < w.order.n; i++)
        ok = return_unit(p, &w.order.at[i], a, i + 1 == w.order.n ? a->by : tx_id(tx), e);
    for (size_t i = 0; ok && i < w.order.n; i++) ok = promises_covered(p, &w.order.at[i], e);
    units_free(&w.order);
    map_free(&w.seen);
    free(w.stack);
    return ok;
}
