/* Reading stored legs and uses. */
#include "programme/money/ledger_part.h"

#include <stdlib.h>

#include "programme/numbers.h"

static int64_t int_of(struct val v)
{
    return v.type == VAL_INT ? v.i : 0;
}

void leg_of(const struct val *row, struct leg *out)
{
    *out = (struct leg){ .county = row[T_COUNTY].i, .seq = row[T_SEQ].i, .id = row[T_ID].i,
        .leg = row[T_LEG].i, .legs = row[T_LEGS].i, .about = int_of(row[T_ABOUT]),
        .debit = row[T_DEBIT].i, .credit = row[T_CREDIT].i, .amount = row[T_AMOUNT].i,
        .day = row[T_DAY].i, .kind = (enum leg_kind)row[T_KIND].i,
        .before_in = int_of(row[T_BEFORE_IN]), .skip_in = int_of(row[T_SKIP_IN]),
        .before_out = int_of(row[T_BEFORE_OUT]),
        .took = { .lot_county = int_of(row[T_LOT_COUNTY]), .lot = int_of(row[T_LOT]),
                  .off = int_of(row[T_LOT_OFF]), .to_lot = row[T_SEQ].i,
                  .amount = int_of(row[T_TAKEN]), .to_id = row[T_ID].i },
        .has_about = row[T_ABOUT].type == VAL_INT,
        .cause = { (uint32_t)int_of(row[T_CAUSE]), int_of(row[T_CAUSE_COUNTY]),
                   int_of(row[T_CAUSE_ID]) } };
}

static bool take_leg(void *arg, const struct val *row, int n, struct err *e)
{
    struct legs *l = arg;
    (void)n;
    (void)e;
    l->at = mem_more(l->at, l->n, &l->cap, sizeof *l->at);
    leg_of(row, &l->at[l->n++]);
    return true;
}

bool legs_by_id(struct db *d, int64_t county, int64_t id, struct legs *out, struct err *e)
{
    struct val v[2] = { val_int(county), val_int(id) };
    if (db_query(d, ledger_sql(LEDGER_TRANSFER_BY_ID), v, 2, take_leg, out, e)) return true;
    free(out->at);
    *out = (struct legs){ 0 };
    return false;
}

bool leg_by_seq(struct db *d, int64_t county, int64_t seq, struct leg *out, bool *found,
                struct err *e)
{
    struct legs l = { 0 };
    struct val v[2] = { val_int(county), val_int(seq) };
    bool ok = db_query(d, ledger_sql(LEDGER_TRANSFER_BY_SEQ), v, 2, take_leg, &l, e);
    *found = l.n > 0;
    if (*found) *out = l.at[0];
    free(l.at);
    return ok;
}

/* --- the legs of an account --- */

#define NEAR 16    /* legs so close together are read as a range, */
#define RANGE 1024 /* so many numbers at once */

struct chain { leg_fn *fn; void *arg; bool out; int64_t lowest, before; };

static bool take_chained(void *arg, const struct val *row, int n, struct err *e)
{
    struct chain *c = arg;
    struct leg l;
    (void)n;
    leg_of(row, &l);
    c->lowest = l.seq;
    c->before = c->out ? l.before_out : l.before_in;
    return c->fn(c->arg, &l, e);
}

static bool chain_broken(struct account_ref a, int64_t seq, struct err *e)
{
    return err_set(e, ERR_CORRUPT, "county %lld, account %lld: leg %lld is not where it should be",
                   (long long)a.county, (long long)a.id, (long long)seq);
}

static bool walk_chain(struct db *d, struct account_ref a, int64_t last, int64_t from,
                       struct chain *c, struct err *e)
{
    const struct stmt *s = ledger_sql(c->out ? LEDGER_LEGS_OUT : LEDGER_LEGS_IN);
    for (int64_t at = last, width = 1; at > 0 && at >= from; at = c->before) {
        int64_t above = at - width < from - 1 ? from - 1 : at - width;
        struct val v[4] = { val_int(a.county), val_int(above), val_int(at), val_int(a.id) };
        c->lowest = 0;
        if (!db_query(d, s, v, 4, take_chained, c, e)) return false;
        if (c->lowest == 0 || c->before >= c->lowest) return chain_broken(a, at, e);
        width = c->lowest - c->before <= NEAR ? RANGE : 1;
    }
    return true;
}

bool legs_in(struct db *d, struct account_ref a, int64_t last, int64_t from, leg_fn *fn, void *arg,
             struct err *e)
{
    struct chain c = { .fn = fn, .arg = arg };
    return walk_chain(d, a, last, from, &c, e);
}

bool legs_out(struct db *d, struct account_ref a, int64_t last, int64_t from, leg_fn *fn, void *arg,
              struct err *e)
{
    struct chain c = { .fn = fn, .arg = arg, .out = true };
    return walk_chain(d, a, last, from, &c, e);
}

bool chain_ends(struct db *d, struct account_ref a, int64_t *last_in, int64_t *last_out,
                struct err *e)
{
    struct amounts k;
    bool ok = amounts_read(d, a, &k, e);
    *last_in = k.last_in;
    *last_out = k.last_out;
    return ok;
}

bool chain_start(struct db *d, struct account_ref a, int64_t skip, int64_t from, int64_t *out,
                 struct err *e)
{
    *out = 0;
    while (skip > 0 && skip >= from) {
        struct val v[2] = { val_int(a.county), val_int(skip) };
        bool found;
        *out = skip;
        if (!db_int(d, ledger_sql(LEDGER_SKIP), v, 2, &skip, &found, e)) return false;
        if (found && skip >= *out) return chain_broken(a, *out, e);
    }
    return true;
}

/* --- uses --- */

void uses_add(struct uses *u, const struct use *x, bool back)
{
    if (back && u->n > 0) {
        u->n--;
        return;
    }
    u->at = mem_more(u->at, u->n, &u->cap, sizeof *u->at);
    u->at[u->n++] = *x;
}

static bool take_use_into(void *arg, const struct val *row, int n, struct err *e)
{
    struct use x = { .lot_county = row[0].i, .lot = row[1].i, .off = row[2].i, .to_lot = row[3].i,
                     .to_off = row[4].i, .amount = row[5].i };
    (void)n;
    (void)e;
    uses_add(arg, &x, row[6].i != 0);
    return true;
}

bool uses_into(struct db *d, const struct leg *l, struct uses *out, struct err *e)
{
    struct val v[2] = { val_int(l->county), val_int(l->seq) };
    if (l->took.amount) uses_add(out, &l->took, false);
    if (l->took.amount == l->amount || l->took.amount == 0) return true;
    if (!db_query(d, ledger_sql(LEDGER_USES_INTO), v, 2, take_use_into, out, e)) return false;
    for (size_t i = 0; i < out->n; i++) out->at[i].to_id = l->id;
    return true;
}

bool ledger_balance_of(struct db *d, int64_t county, int64_t account, struct ledger_balance *out,
                       struct err *e)
{
    struct amounts k;
    bool ok = amounts_read(d, (struct account_ref){ county, account }, &k, e);
    *out = (struct ledger_balance){ k.balance, k.reserved, k.expected };
    return ok;
}

static bool take_holder(void *arg, const struct val *row, int n, struct err *e)
{
    struct account_ref *r = arg;
    (void)n;
    (void)e;
    *r = (struct account_ref){ row[0].i, row[1].i };
    return true;
}

bool ledger_account_find(struct db *d, const char *code, size_t n, struct account_ref *out,
                         struct err *e)
{
    struct val v[2] = { val_int(NUMBER_LEDGER_ACCOUNT * 8), val_textn(code, n) };
    *out = (struct account_ref){ 0 };
    if (!db_query(d, &claim_stmts.stmts[CLAIM_HOLDER], v, 2, take_holder, out, e)) return false;
    return out->id ||
           ledger_refuse(e, "account", "there is no account with the code \"%.*s\"", (int)n, code);
}
