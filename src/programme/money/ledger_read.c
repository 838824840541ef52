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
        .has_about = row[T_ABOUT].type == VAL_INT,
        .cause = { (uint32_t)int_of(row[T_CAUSE]), int_of(row[T_CAUSE_COUNTY]),
                   int_of(row[T_CAUSE_ID]) } };
}

static bool take_leg(void *arg, const struct val *row, int n, struct err *e)
{
    struct legs *l = arg;
    (void)n;
    (void)e;
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 4;
        l->at = mem_grow(l->at, l->cap * sizeof *l->at);
    }
    leg_of(row, &l->at[l->n++]);
    return true;
}

bool legs_by_id(struct db *d, int64_t county, int64_t id, struct legs *out, struct err *e)
{
    struct val v[2] = { val_int(county), val_int(id) };
    return db_query(d, ledger_sql(LEDGER_TRANSFER_BY_ID), v, 2, take_leg, out, e);
}

bool leg_by_seq(struct db *d, int64_t county, int64_t seq, struct leg *out, bool *found,
                struct err *e)
{
    struct legs l = { 0 };
    struct val v[2] = { val_int(county), val_int(seq) };
    bool ok = db_query(d, ledger_sql(LEDGER_TRANSFER_BY_SEQ), v, 2, take_leg, &l, e);
    *found = ok && l.n == 1;
    if (*found) *out = l.at[0];
    free(l.at);
    return ok;
}

static struct use *push_use(struct uses *u)
{
    if (u->n == u->cap) {
        u->cap = u->cap ? u->cap * 2 : 8;
        u->at = mem_grow(u->at, u->cap * sizeof *u->at);
    }
    return &u->at[u->n++];
}

/* A piece given back stands right behind itself. */
static bool add_use(struct uses *u, const struct use *x, bool back)
{
    if (back && u->n > 0) u->n--;
    else *push_use(u) = *x;
    return true;
}

static bool take_use_of(void *arg, const struct val *row, int n, struct err *e)
{
    struct use x = { .lot = row[0].i, .off = row[1].i, .to_lot = row[2].i, .to_off = row[3].i,
                     .amount = row[4].i, .to_id = row[6].i };
    (void)n;
    (void)e;
    return add_use(arg, &x, row[5].i != 0);
}

bool uses_of(struct db *d, int64_t county, int64_t lot_county, int64_t lot, struct uses *out,
             struct err *e)
{
    struct val v[4] = { val_int(county), val_int(lot_county), val_int(lot), val_int(lot) };
    size_t from = out->n;
    if (!db_query(d, ledger_sql(LEDGER_USES_OF), v, 4, take_use_of, out, e)) return false;
    for (size_t i = from; i < out->n; i++) out->at[i].lot_county = lot_county;
    return true;
}

static bool take_use_into(void *arg, const struct val *row, int n, struct err *e)
{
    struct use x = { .lot_county = row[0].i, .lot = row[1].i, .off = row[2].i, .to_lot = row[3].i,
                     .to_off = row[4].i, .amount = row[5].i };
    (void)n;
    (void)e;
    return add_use(arg, &x, row[6].i != 0);
}

bool uses_into(struct db *d, int64_t county, int64_t to_lot, struct uses *out, struct err *e)
{
    struct val v[3] = { val_int(county), val_int(to_lot), val_int(to_lot) };
    return db_query(d, ledger_sql(LEDGER_USES_INTO), v, 3, take_use_into, out, e);
}


static bool take_balance(void *arg, const struct val *row, int n, struct err *e)
{
    struct ledger_balance *b = arg;
    (void)n;
    (void)e;
    *b = (struct ledger_balance){ row[0].i, row[1].i, row[2].i };
    return true;
}

bool ledger_balance_of(struct db *d, int64_t county, int64_t account, struct ledger_balance *out,
                       struct err *e)
{
    struct val v[2] = { val_int(county), val_int(account) };
    *out = (struct ledger_balance){ 0 };
    return db_query(d, ledger_sql(LEDGER_BALANCE), v, 2, take_balance, out, e);
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
