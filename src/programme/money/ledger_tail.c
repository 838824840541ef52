#include "programme/money/ledger_tail.h"

#include <stdlib.h>

#include "programme/money/ledger_part.h"

/* What a plain move does to both its accounts; next: the account's next leg, 1 + its place. */
struct tail_leg { int64_t seq, debit, credit, amount, lot, upto; bool took; size_t next_out, next_in; };
struct tail_of { size_t first, last; };      /* 1 + place */

bool amounts_of(const struct val *row, struct amounts *out)
{
    *out = (struct amounts){ 0 };
    if (row[0].type != VAL_INT) return false;
    *out = (struct amounts){ .balance = row[0].i, .reserved = row[1].i, .expected = row[2].i,
        .front = row[3].i, .front_off = row[4].i, .gaps = row[5].i, .holes = row[6].i,
        .ins = row[7].i, .last_in = row[8].i, .skip_in = row[9].i, .last_out = row[10].i };
    return true;
}

static size_t *next_of(struct tail_leg *l, int64_t account)
{
    return l->debit == account ? &l->next_out : &l->next_in;
}

static void link_leg(struct tail *t, struct account_ref a)
{
    struct tail_of *of = map_put(&t->of, &a, NULL);
    if (of->last) *next_of(&t->at[of->last - 1], a.id) = t->n;
    else of->first = t->n;
    of->last = t->n;
}

bool taken_of(const struct val *row, struct taken *out)
{
    if (row[T_LOT].type != VAL_INT) return false;
    *out = (struct taken){ .county = row[T_COUNTY].i, .credit = row[T_CREDIT].i,
        .day = row[T_DAY].i, .back = row[T_KIND].i == LEG_RETURN,
        .u = { .lot_county = row[T_LOT_COUNTY].i, .lot = row[T_LOT].i, .off = row[T_LOT_OFF].i,
               .to_lot = row[T_SEQ].i, .amount = row[T_TAKEN].i, .to_id = row[T_ID].i } };
    return true;
}

int taken_order(const void *l, const void *r)
{
    const struct taken *x = l, *y = r;
    const int64_t a[] = { x->county, x->u.lot_county, x->u.lot, x->u.off, x->u.to_lot },
                  b[] = { y->county, y->u.lot_county, y->u.lot, y->u.off, y->u.to_lot };
    size_t i = 0;
    while (i < sizeof a / sizeof *a - 1 && a[i] == b[i]) i++;
    return a[i] < b[i] ? -1 : a[i] > b[i];
}

static bool take_use(void *arg, const struct val *row, int n, struct err *e)
{
    struct tail *t = arg;
    struct taken x;
    (void)n, (void)e;
    if (!taken_of(row, &x)) return true;
    t->uses = mem_more(t->uses, t->n_uses, &t->cap_uses, sizeof *t->uses);
    t->uses[t->n_uses++] = x;
    return true;
}

static bool take_move(void *arg, const struct val *row, int n, struct err *e)
{
    struct tail *t = arg;
    struct leg l;
    (void)n, (void)e;
    leg_of(row, &l);
    if (l.kind != LEG_MOVE) return true;
    t->at = mem_more(t->at, t->n, &t->cap, sizeof *t->at);
    t->at[t->n++] = (struct tail_leg){ .seq = l.seq, .debit = l.debit, .credit = l.credit,
        .amount = l.amount, .lot = l.took.lot, .upto = l.took.off + l.took.amount,
        .took = l.took.amount && l.took.lot_county == l.county };
    link_leg(t, (struct account_ref){ l.county, l.debit });
    link_leg(t, (struct account_ref){ l.county, l.credit });
    return true;
}

static bool take_leg(void *arg, const struct val *row, int n, struct err *e)
{
    (void)take_move(arg, row, n, e);
    return take_use(arg, row, n, e);
}

bool tail_add(struct db *d, int64_t county, int64_t settled, int64_t account, struct tail *t,
              struct err *e)
{
    struct val v[3] = { val_int(county), val_int(settled), val_int(account) };
    if (t->of.key == 0) map_init(&t->of, sizeof(struct account_ref), sizeof(struct tail_of));
    return account ? db_query(d, ledger_sql(LEDGER_TAIL_OF), v, 3, take_move, t, e)
                   : db_query(d, ledger_sql(LEDGER_TAIL), v, 2, take_leg, t, e);
}

static bool take_end(void *arg, const struct val *row, int n, struct err *e)
{
    struct tail *t = arg;
    (void)n, (void)e;
    t->ends = mem_more(t->ends, t->n_ends, &t->cap_ends, sizeof *t->ends);
    t->ends[t->n_ends++] = (struct tail_end){ row[0].i, row[1].i };
    return true;
}

static bool read_ends(struct db *d, int64_t lo, int64_t hi, struct tail *t, struct err *e)
{
    struct val v[2] = { val_int(lo), val_int(hi) };
    return db_query(d, ledger_sql(LEDGER_BEHIND), v, 2, take_end, t, e);
}

bool tail_read(struct db *d, int64_t lo, int64_t hi, int64_t account, struct tail *t,
               struct err *e)
{
    size_t i = t->n_ends;
    bool ok = read_ends(d, lo, hi, t, e);
    for (; ok && i < t->n_ends; i++)
        ok = tail_add(d, t->ends[i].county, t->ends[i].settled, account, t, e);
    return ok;
}

bool tail_read_lot(struct db *d, int64_t county, int64_t lot_county, int64_t lot, struct tail *t,
                   struct err *e)
{
    struct val v[4] = { val_int(county), { 0 }, val_int(lot_county), val_int(lot) };
    if (!read_ends(d, county, county, t, e)) return false;
    v[1] = val_int(tail_settled(t, county));
    return t->n_ends == 0 || db_query(d, ledger_sql(LEDGER_TAIL_LOT), v, 4, take_use, t, e);
}

int64_t tail_settled(const struct tail *t, int64_t county)
{
    for (size_t i = 0; i < t->n_ends; i++)
        if (t->ends[i].county == county) return t->ends[i].settled;
    return INT64_MAX;
}

const struct taken *tail_uses(struct tail *t, int64_t county, int64_t lot_county, int64_t lot,
                              size_t *n)
{
    const struct taken from = { .county = county,
                                .u = { .lot_county = lot_county, .lot = lot, .off = INT64_MIN } };
    if (t->sorted < t->n_uses) qsort(t->uses, t->n_uses, sizeof *t->uses, taken_order);
    t->sorted = t->n_uses;
    size_t lo = 0, hi = t->n_uses;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (taken_order(&t->uses[mid], &from) < 0) lo = mid + 1;
        else hi = mid;
    }
    for (hi = lo; hi < t->n_uses; hi++) {
        const struct taken *x = &t->uses[hi];
        if (x->county != county || x->u.lot_county != lot_county || x->u.lot != lot) break;
    }
    *n = hi - lo;
    return t->uses + lo;
}

void tail_free(struct tail *t)
{
    free(t->at);
    free(t->uses);
    free(t->ends);
    if (t->of.key) map_free(&t->of);
    *t = (struct tail){ 0 };
}

static void pay(struct amounts *k, const struct tail_leg *l)
{
    k->balance -= l->amount;
    k->last_out = l->seq;
    if (!l->took) return;
    k->front = l->lot;
    k->front_off = l->upto;
}

static void receive(struct amounts *k, const struct tail_leg *l)
{
    if (k->balance == 0) { /* all earlier lots are gone */
        k->front = l->seq;
        k->front_off = 0;
    }
    k->balance += l->amount;
    k->last_in = l->seq;
    if (++k->ins % SKIP_EVERY == 0) k->skip_in = l->seq;
}

bool tail_apply(const struct tail *t, struct account_ref a, struct amounts *k)
{
    const struct tail_of *of = t->n ? map_get(&t->of, &a) : NULL;
    bool changed = false;
    for (size_t at = of ? of->first : 0; at;) {
        struct tail_leg *l = &t->at[at - 1];
        bool out = l->debit == a.id, held = l->seq <= (out ? k->last_out : k->last_in);
        if (!held && out) pay(k, l);
        else if (!held) receive(k, l);
        changed |= !held;
        at = *next_of(l, a.id);
    }
    return changed;
}

const struct account_ref *tail_next(const struct tail *t, size_t *at)
{
    const void *key;
    void *value;
    return map_next(&t->of, at, &key, &value) ? key : NULL;
}

static bool take_amounts(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n, (void)e;
    amounts_of(row, arg);
    return true;
}

bool amounts_read(struct db *d, struct account_ref a, struct amounts *out, struct err *e)
{
    struct tail t = { 0 };
    struct val v[2] = { val_int(a.county), val_int(a.id) };
    *out = (struct amounts){ 0 };
    bool ok = tail_read(d, a.county, a.county, a.id, &t, e) &&
              db_query(d, ledger_sql(LEDGER_BALANCE), v, 2, take_amounts, out, e);
    if (ok) (void)tail_apply(&t, a, out);
    tail_free(&t);
    return ok;
}
