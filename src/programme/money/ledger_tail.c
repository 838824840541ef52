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

static bool take_leg(void *arg, const struct val *row, int n, struct err *e)
{
    struct tail *t = arg;
    struct leg l;
    (void)n, (void)e;
    leg_of(row, &l);
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 256;
        t->at = mem_grow(t->at, t->cap * sizeof *t->at);
    }
    t->at[t->n++] = (struct tail_leg){ .seq = l.seq, .debit = l.debit, .credit = l.credit,
        .amount = l.amount, .lot = l.took.lot, .upto = l.took.off + l.took.amount,
        .took = l.took.amount && l.took.lot_county == l.county };
    link_leg(t, (struct account_ref){ l.county, l.debit });
    link_leg(t, (struct account_ref){ l.county, l.credit });
    return true;
}

bool tail_add(struct db *d, int64_t county, int64_t settled, int64_t account, struct tail *t,
              struct err *e)
{
    struct val v[3] = { val_int(county), val_int(settled), val_int(account) };
    if (t->of.key == 0) map_init(&t->of, sizeof(struct account_ref), sizeof(struct tail_of));
    return account ? db_query(d, ledger_sql(LEDGER_TAIL_OF), v, 3, take_leg, t, e)
                   : db_query(d, ledger_sql(LEDGER_TAIL), v, 2, take_leg, t, e);
}

struct behind { int64_t (*at)[2]; size_t n, cap; };

static bool take_behind(void *arg, const struct val *row, int n, struct err *e)
{
    struct behind *b = arg;
    (void)n, (void)e;
    if (b->n == b->cap) {
        b->cap = b->cap ? b->cap * 2 : 16;
        b->at = mem_grow(b->at, b->cap * sizeof *b->at);
    }
    b->at[b->n][0] = row[0].i;
    b->at[b->n++][1] = row[1].i;
    return true;
}

bool tail_read(struct db *d, int64_t lo, int64_t hi, int64_t account, struct tail *t,
               struct err *e)
{
    struct behind b = { 0 };
    struct val v[2] = { val_int(lo), val_int(hi) };
    bool ok = db_query(d, ledger_sql(LEDGER_BEHIND), v, 2, take_behind, &b, e);
    for (size_t i = 0; ok && i < b.n; i++) 
        ok = tail_add(d, b.at[i][0], b.at[i][1], account, t, e);
    free(b.at);
    return ok;
}

void tail_free(struct tail *t)
{
    free(t->at);
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
    return t->of.key && map_next(&t->of, at, &key, &value) ? key : NULL;
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
