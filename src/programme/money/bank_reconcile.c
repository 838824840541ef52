/* A stored statement beside the ledger. */
#include <stdlib.h>

#include "programme/money/bank_store.h"
#include "programme/money/ledger_part.h"

struct beside {
    const struct pay_desk *k;
    struct db *d;
    struct bank_at at;
    struct bank_report *out;
    int days;
    struct bank_side bank, ledger;
    int64_t seen_statement; int32_t seen_from, seen_to; /* of lines near by */
    const char **refs; size_t n_refs;                   /* of the ledger, sorted */
    int64_t before, after;                              /* the ledger's balances at both ends */
    int64_t first, last;                                /* its legs about the statement's days */
    struct arena a;
    bank_fn *fn; void *arg;
};

/* --- the ledger's side --- */

static const char *kept(struct beside *x, struct val v)
{
    return v.type == VAL_TEXT ? arena_strndup(&x->a, v.p, v.n) : "";
}

static bool take_leg(void *arg, const struct val *row, int n, struct err *e)
{
    struct beside *x = arg;
    struct bank_entry *l = bank_add(&x->ledger);
    (void)n, (void)e;
    l->key = row[0].i;
    l->id = row[1].i;
    l->day = (int32_t)row[2].i;
    l->amount = row[3].i;
    l->about = row_int(row[4]);
    l->ref = kept(x, row[5]);
    l->inside = l->day >= x->out->from && l->day <= x->out->to;
    x->out->legs += l->inside;
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Days are not in the order of posting, so every leg of the account is looked at. */
static bool weigh_leg(void *arg, const struct leg *l, struct err *e)
{
    struct beside *x = arg;
    int64_t amount = l->credit == x->at.account.id ? l->amount : -l->amount;
    (void)e;
    if (l->day < x->out->from) x->before += amount;
    if (l->day <= x->out->to) x->after += amount;
    if (l->day < x->out->from - x->days || l->day > x->out->to + x->days) return true;
    if (l->seq > x->last) x->last = l->seq;
    if (x->first == 0 || l->seq < x->first) x->first = l->seq;
    return true;
}

static bool read_ledger(struct beside *x, struct err *e)
{
    struct account_ref account = { x->at.account.county, x->at.account.id };
    int64_t last_in, last_out;
    if (!chain_ends(x->d, account, &last_in, &last_out, e) ||
        !legs_in(x->d, account, last_in, 1, weigh_leg, x, e) ||
        !legs_out(x->d, account, last_out, 1, weigh_leg, x, e))
        return false;
    struct val v[6] = { val_int(account.county), val_int(account.id),
                        val_int(x->out->from - x->days), val_int(x->out->to + x->days),
                        val_int(x->first), val_int(x->last) };
    if (x->last && !db_query(x->d, pay_sql(BANK_LEGS), v, 6, take_leg, x, e)) return false;
    x->refs = arena_array(&x->a, x->ledger.n + 1, sizeof *x->refs);
    for (size_t i = 0; i < x->ledger.n; i++)
        if (*x->ledger.at[i].ref) x->refs[x->n_refs++] = x->ledger.at[i].ref;
    if (x->n_refs) qsort(x->refs, x->n_refs, sizeof *x->refs, by_text);
    return true;
}

/* --- the bank's side --- */

static bool in_ledger(const struct beside *x, const char *ref)
{
    return x->n_refs && bsearch(&ref, x->refs, x->n_refs, sizeof *x->refs, by_text);
}

/* A code of the ledger among the words of a remark. */
static const char *word_of(struct beside *x, struct val remark)
{
    const char *p = remark.p, *end = remark.type == VAL_TEXT ? p + remark.n : p;
    while (remark.type == VAL_TEXT && p < end) {
        size_t n = 0;
        while (p + n < end && ((p[n] >= '0' && p[n] <= '9') || (p[n] >= 'A' && p[n] <= 'Z') ||
                               (p[n] >= 'a' && p[n] <= 'z') || p[n] == '-' || p[n] == '_' ||
                               p[n] == '/' || p[n] == '.'))
            n++;
        if (n >= 4 && n <= 64) {
            const char *word = arena_strndup(&x->a, p, n);
            if (in_ledger(x, word)) return word;
        }
        p += n ? n : 1;
    }
    return "";
}

static bool take_line(void *arg, const struct val *row, int n, struct err *e)
{
    struct beside *x = arg;
    (void)e;
    /* Of several statements over the same days the first alone takes part. */
    if (n > 5) {
        int32_t day = (int32_t)row[1].i;
        bool same = row[5].i == x->seen_statement;
        if (!same && day >= x->seen_from && day <= x->seen_to && x->seen_statement) return true;
        if (!same) x->seen_statement = row[5].i, x->seen_from = x->seen_to = day;
        if (day < x->seen_from) x->seen_from = day;
        if (day > x->seen_to) x->seen_to = day;
    }
    struct bank_entry *b = bank_add(&x->bank);
    b->key = row[0].i;
    b->day = (int32_t)row[1].i;
    b->amount = row[2].i;
    b->inside = n == 5;
    b->ref = kept(x, row[3]);
    if (!in_ledger(x, b->ref)) {
        const char *word = word_of(x, row[4]);
        if (*word) b->ref = word;
    }
    return true;
}

struct code_of { struct beside *x; const char *code; int n; };

static bool take_code(void *arg, const struct val *row, int n, struct err *e)
{
    struct code_of *c = arg;
    (void)n, (void)e;
    c->code = kept(c->x, row[0]);
    c->n++;
    return true;
}

/* The bank's own reference, where a return file told it of one payment. */
static bool name_payments(struct beside *x, struct err *e)
{
    for (size_t i = 0; i < x->bank.n; i++) {
        struct bank_entry *b = &x->bank.at[i];
        struct code_of c = { .x = x };
        struct val v = val_text(b->ref);
        if (!*b->ref || in_ledger(x, b->ref)) continue;
        if (!db_query(x->d, pay_sql(PAY_BY_BANK_REF), &v, 1, take_code, &c, e)) return false;
        if (c.n == 1 && in_ledger(x, c.code)) b->ref = c.code;
    }
    return true;
}

static bool read_bank(struct beside *x, struct err *e)
{
    struct val own[2] = { val_int(x->at.account.county), val_int(x->at.statement) };
    struct val near[7] = { own[0], val_int(x->at.account.id), own[1],
        val_int(x->out->from - x->days), val_int(x->out->from), val_int(x->out->to),
        val_int(x->out->to + x->days) };
    return db_query(x->d, pay_sql(BANK_LINES), own, 2, take_line, x, e) &&
           db_query(x->d, pay_sql(BANK_NEAR), near, 7, take_line, x, e) && name_payments(x, e);
}

/* --- telling --- */

static bool tell(struct beside *x, struct bank_difference *d, struct err *e)
{
    d->county = x->at.account.county;
    if (d->kind == BANK_MATCHED) x->out->matched++;
    else x->out->differences++;
    return x->fn(x->arg, d, e);
}

static bool tell_balance(struct beside *x, enum bank_kind kind, int field, int32_t day, struct err *e)
{
    const struct table_map *m = model_find(x->k->model, "bank_statement");
    struct val said = *pay_at(m, x->at.row, field);
    int64_t is = kind == BANK_BALANCE_START ? x->before : x->after;
    if (said.type != VAL_INT || is == said.i) return true;
    struct bank_difference d = { .kind = kind, .day = day, .ledger_day = day, .amount = said.i,
                                 .ledger_amount = is, .reference = "" };
    return tell(x, &d, e);
}

/* What the statement says of itself. */
static bool tell_sum(struct beside *x, struct err *e)
{
    const struct table_map *m = model_find(x->k->model, "bank_statement");
    struct val open = *pay_at(m, x->at.row, BANK_STATEMENT_OPENING),
               end = *pay_at(m, x->at.row, BANK_STATEMENT_CLOSING);
    if (open.type != VAL_INT || end.type != VAL_INT) return true;
    int64_t sum = open.i + pay_at(m, x->at.row, BANK_STATEMENT_MONEY_IN)->i -
                  pay_at(m, x->at.row, BANK_STATEMENT_MONEY_OUT)->i;
    if (sum == end.i) return true;
    struct bank_difference d = { .kind = BANK_STATEMENT_SUM, .day = x->out->to, .amount = end.i,
                                 .ledger_amount = sum, .reference = "" };
    return tell(x, &d, e);
}

static bool tell_line(struct beside *x, const struct bank_entry *b, struct err *e)
{
    struct bank_difference d = { .kind = (enum bank_kind)b->kind, .line = b->key, .day = b->day,
        .amount = b->amount, .ledger_amount = BANK_NONE, .reference = b->ref, .group = b->group,
        .legs = b->mates };
    if (!b->inside) return true;
    if (b->mate >= 0 && (b->kind == BANK_MATCHED || b->kind == BANK_AMOUNT)) {
        const struct bank_entry *l = &x->ledger.at[b->mate];
        d.transfer = l->id;
        d.ledger_day = l->day;
        d.ledger_amount = 0;
        if (b->mates == 1) d.ledger_amount = l->amount;
        else
            for (size_t i = 0; i < x->ledger.n; i++)
                if (x->ledger.at[i].mate == b - x->bank.at && x->ledger.at[i].set &&
                    (x->ledger.at[i].kind == BANK_MATCHED || x->ledger.at[i].kind == BANK_AMOUNT))
                    d.ledger_amount += x->ledger.at[i].amount;
    }
    return tell(x, &d, e);
}

static bool tell_leg(struct beside *x, const struct bank_entry *l, struct err *e)
{
    struct bank_difference d = { .kind = (enum bank_kind)l->kind, .ledger_day = l->day,
        .amount = BANK_NONE, .ledger_amount = l->amount, .reference = l->ref, .group = l->group,
        .transfer = l->id };
    /* Those that a line was told with. */
    if (!l->inside || l->kind == BANK_MATCHED || l->kind == BANK_AMOUNT) return true;
    return tell(x, &d, e);
}

static bool tell_all(struct beside *x, struct err *e)
{
    if (!tell_sum(x, e) ||
        !tell_balance(x, BANK_BALANCE_START, BANK_STATEMENT_OPENING, x->out->from, e))
        return false;
    for (size_t i = 0; i < x->bank.n; i++)
        if (!tell_line(x, &x->bank.at[i], e)) return false;
    for (size_t i = 0; i < x->ledger.n; i++)
        if (!tell_leg(x, &x->ledger.at[i], e)) return false;
    return tell_balance(x, BANK_BALANCE_END, BANK_STATEMENT_CLOSING, x->out->to, e);
}

bool bank_reconcile(const struct pay_desk *k, const struct bank_order *o, bank_fn *fn, void *arg,
                    struct bank_report *out, struct err *e)
{
    const struct table_map *m = model_find(k->model, "bank_statement");
    struct beside x = { .k = k, .out = out, .days = o->days, .fn = fn, .arg = arg };
    *out = (struct bank_report){ 0 };
    if (!store_connect(k->store, DB_READ, &x.d, e)) return false;
    bool ok = bank_take_in(k, o, x.d, out, &x.at, e);
    if (ok) {
        out->from = (int32_t)pay_at(m, x.at.row, BANK_STATEMENT_FROM_ON)->i;
        out->to = (int32_t)pay_at(m, x.at.row, BANK_STATEMENT_TO_ON)->i;
        ok = db_begin_read(x.d, e) && read_ledger(&x, e) && read_bank(&x, e);
        if (ok) bank_match(&x.bank, &x.ledger, o->days);
        ok = ok && tell_all(&x, e);
        db_end_read(x.d);
    }
    db_close(x.d);
    free(x.bank.at);
    free(x.ledger.at);
    arena_free(&x.a);
    return ok;
}
