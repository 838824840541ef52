/* Returns where counties share no transaction: what crossed a border goes back there first, and then
 * the whole of the transfer at home, each in a transaction of one county. */
#include "programme/money/returns.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/id.h"

/* One transfer on its way back; far: the county whose turn it is. */
struct back { struct account_ref at; struct ledger_act act; int64_t far; struct legs legs; bool done; };

static struct leg_text text_of(const struct back *b)
{
    return (struct leg_text){ .id = b->act.by, .kind = LEG_RETURN, .day = b->act.day,
                              .note = b->act.note, .actor = b->act.actor };
}

static bool read_legs(struct tx *tx, void *arg, struct err *e)
{
    struct back *b = arg;
    b->legs.n = 0;
    if (!legs_by_id(tx_db(tx), b->at.county, b->at.id, &b->legs, e)) return false;
    if (b->legs.n == 0)
        return err_set(e, ERR_NOT_FOUND, "there is no transfer %" PRId64 " in county %" PRId64,
                       b->at.id, b->at.county);
    return leg_ended(tx_db(tx), &b->legs.at[0], &b->done, e);
}

/* What took money of the lot, legs of the same transfer apart. */
static bool is_free(struct db *d, const struct leg *l, struct err *e)
{
    struct uses uses = { 0 };
    int64_t by = 0;
    bool ok = uses_of(d, l->county, l->county, l->seq, &uses, e);
    for (size_t i = 0; i < uses.n; i++)
        if (uses.at[i].to_id != l->id) by = uses.at[i].to_id;
    free(uses.at);
    return ok && (!by || ledger_refuse(e, "passed_on", "its money was passed on by transfer %" PRId64, by));
}

/* Money that was promised on stays. */
static bool is_unpromised(struct ledger_part *p, const struct leg *l, struct err *e)
{
    struct acct *to;
    if (!part_acct(p, (struct account_ref){ l->county, l->credit }, &to, e)) return false;
    return !to->restricted || to->s.balance >= to->s.reserved ||
           ledger_refuse(e, "promised", "the money of transfer %" PRId64 " is promised to others", l->id);
}

/* In the county it went to: back into the transit account, and noted there for the way home. */
static bool far_back(struct tx *tx, void *arg, struct err *e)
{
    struct back *b = arg;
    struct ledger_part *p = ledger_part(tx);
    struct leg_text t = text_of(b);
    struct county_head *h;
    struct legs legs = { 0 };
    size_t there = 0;
    bool ok = part_head(p, b->far, &h, e) && legs_by_id(tx_db(tx), b->far, b->at.id, &legs, e);
    for (size_t i = legs.n; ok && i-- > 0;) {
        const struct leg *l = &legs.at[i];
        int64_t seq;
        bool gone = false;
        if (l->debit != transit_from(b->at.county)) continue;
        there++;
        ok = leg_ended(tx_db(tx), l, &gone, e) &&
             (gone || (is_free(tx_db(tx), l, e) && return_leg(p, l, &t, &seq, e) && is_unpromised(p, l, e) &&
                       transit_note(p, b->far, seq, (struct account_ref){ b->at.county, transit_to(b->far) }, e)));
    }
    free(legs.at);
    return ok && (there || ledger_refuse(e, "under_way", "transfer %" PRId64 " is on its way to county %" PRId64,
                                         b->at.id, b->far));
}

bool ledger_return_begin(struct tx *tx, struct ledger_act *a, int64_t far, struct err *e)
{
    if (!a->by) a->by = tx_id(tx);
    struct back b = { .at = { a->county, a->id }, .act = *a, .far = far };
    return far_back(tx, &b, e);
}

/* Whether the other half of a leg that crossed the border has gone back. */
static bool far_is_back(struct db *d, const struct leg *home, struct err *e)
{
    struct legs legs = { 0 };
    bool ok = legs_by_id(d, transit_county(home->credit), home->id, &legs, e), gone = false;
    for (size_t i = 0; ok && i < legs.n; i++)
        if (legs.at[i].leg == home->leg && legs.at[i].debit == transit_from(home->county))
            ok = leg_ended(d, &legs.at[i], &gone, e);
    free(legs.at);
    return ok && (gone || ledger_refuse(e, "under_way", "transfer %" PRId64 " is on its way to county %" PRId64,
                                        home->id, transit_county(home->credit)));
}

/* In its own county, wholly. */
static bool home_back(struct tx *tx, void *arg, struct err *e)
{
    struct back *b = arg;
    struct ledger_part *p = ledger_part(tx);
    struct leg_text t = text_of(b);
    struct county_head *h;
    int64_t seq;
    if (!part_head(p, b->at.county, &h, e) || !read_legs(tx, b, e)) return false;
    if (b->done) return true;
    for (size_t i = 0; i < b->legs.n; i++) {
        const struct leg *l = &b->legs.at[i];
        if (!(is_transit(l->credit) ? far_is_back(tx_db(tx), l, e) : is_free(tx_db(tx), l, e))) return false;
    }
    for (size_t i = b->legs.n; i-- > 0;)
        if (!return_leg(p, &b->legs.at[i], &t, &seq, e)) return false;
    return true;
}

bool return_apart_begin(struct store *s, struct account_ref at, const struct ledger_act *act,
                        int64_t far, struct err *e)
{
    struct back b = { .at = at, .act = *act, .far = far };
    return store_write(s, far_back, &b, e);
}

bool return_apart(struct store *s, struct account_ref at, const struct ledger_act *act, struct err *e)
{
    struct back b = { .at = at, .act = *act };
    bool ok = store_write(s, read_legs, &b, e);
    size_t n = b.legs.n;
    int64_t *far = mem_alloc((n + 1) * sizeof *far);
    for (size_t i = 0; i < n; i++)
        far[i] = is_transit(b.legs.at[i].credit) ? transit_county(b.legs.at[i].credit) : 0;
    for (size_t i = n; ok && !b.done && i-- > 0;) {
        if (far[i]) ok = return_apart_begin(s, at, act, far[i], e);
    }
    if (ok && !b.done) ok = store_write(s, home_back, &b, e);
    free(far);
    free(b.legs.at);
    return ok;
}

/* --- the chain --- */

struct planning {
    struct ledger_act *act;
    bool chain;
    dependent_fn *told; void *arg;
    struct units order;
    int64_t ids;               /* the first of as many new ids */
};

static bool plan(struct tx *tx, void *arg, struct err *e)
{
    struct planning *x = arg;
    units_free(&x->order);
    x->order = (struct units){ 0 };
    bool ok = returns_plan(tx, (struct account_ref){ x->act->county, x->act->id }, x->chain, x->told,
                           x->arg, &x->order, e);
    if (ok) x->ids = tx_ids(tx, x->order.n);
    return ok;
}

/* The same act tried again is done already. */
static bool done_before(struct tx *tx, void *arg, struct err *e)
{
    struct planning *x = arg;
    struct legs mine = { 0 };
    bool ok = legs_by_id(tx_db(tx), x->act->county, x->act->by, &mine, e);
    x->ids = mine.n > 0;
    free(mine.at);
    return ok;
}

bool ledger_return_apart(struct store *s, struct ledger_act *a, bool chain, dependent_fn *told,
                         void *arg, struct err *e)
{
    struct planning x = { .act = a, .chain = chain, .told = told, .arg = arg };
    int64_t delivered;
    if (!ledger_deliver(s, &delivered, e)) return false;
    if (a->by && !store_write(s, done_before, &x, e)) return false;
    if (a->by && x.ids) return true;
    bool ok = store_write(s, plan, &x, e);
    for (size_t i = 0; ok && i < x.order.n; i++) {
        struct ledger_act one = *a;
        bool last = i + 1 == x.order.n;
        one.by = last && a->by ? a->by : x.ids;
        x.ids = id_step(x.ids);
        ok = return_apart(s, x.order.at[i].at, &one, e);
        if (last) a->by = one.by;
    }
    units_free(&x.order);
    return ok && ledger_deliver(s, &delivered, e);
}
