/* Approval: by another person than who prepared it, as a whole; each line is promised in the ledger. */
#include <stdlib.h>

#include "base/map.h"
#include "programme/money/pay_part.h"
#include "programme/numbers.h"

struct line_of { int64_t county, id, payee, account, amount; };

struct approving {
    const struct pay_desk *k;
    const char *run_code, *actor;
    struct pay_report *out;
    struct pay_maps m;
    struct tx *tx;
    struct pay_run run;
    struct account_ref payer;
    const char *earmark;       /* of the account, where the run serves it; or NULL */
    struct line_of *at; size_t n, cap;
    struct arena line;
};

static bool take_line(void *arg, const struct val *row, int n, struct err *e)
{
    struct approving *x = arg;
    (void)n;
    if (!row_is(row[L_STATE], "prepared")) return true;
    if (pay_seal(x->k->store, row[L_NAME], row[L_CARD], row[L_BANK]) != row[L_SEAL].i)
        return err_field(e, ERR_INVALID, "payee", "line %lld (%.*s): the payee's name or account "
                         "was changed since the run was prepared; cancel the line, or the run",
                         (long long)row[L_LINE].i, (int)row[L_CODE].n, row[L_CODE].p);
    x->at = mem_more(x->at, x->n, &x->cap, sizeof *x->at);
    x->at[x->n++] = (struct line_of){ row[L_COUNTY].i, row[L_ID].i, row[L_PAYEE].i,
        row[L_ACCOUNT].type == VAL_INT ? row[L_ACCOUNT].i : 0, row[L_AMOUNT].i };
    return true;
}

/* The payee's account in the ledger, made when there is none: under the payee's code, for names and
 * bank accounts of people stay with the payee. */
static bool payee_account(struct approving *x, struct line_of *l, struct err *e)
{
    const struct table_map *m = x->m.payee, *am = x->m.account;
    struct val row[ENTITY_MAX_COLUMNS + 1], a[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    bool found = false;
    if (l->account) return true;
    if (!row_get(tx_db(x->tx), m, l->county, l->payee, &x->line, row, &found, e)) return false;
    if (!found) return err_set(e, ERR_CORRUPT, "the payee is not there: see verify");
    struct val code = *pay_at(m, row, PAYEE_CODE), had = *pay_at(m, row, PAYEE_LEDGER_ACCOUNT);
    bool household = row_is(*pay_at(m, row, PAYEE_KIND), "household");
    if (had.type == VAL_INT) return l->account = had.i, true;
    *pay_at(am, a, LEDGER_ACCOUNT_CODE) =
        val_text(code.n <= 50 ? arena_printf(&x->line, "PE-%.*s", (int)code.n, code.p)
                              : arena_printf(&x->line, "PE-%lld", (long long)l->payee));
    *pay_at(am, a, LEDGER_ACCOUNT_TITLE) = code;
    *pay_at(am, a, LEDGER_ACCOUNT_PLACE) = *pay_at(m, row, PAYEE_PLACE);
    *pay_at(am, a, LEDGER_ACCOUNT_HOLDER_KIND) = val_text(household ? "household" : "payee");
    *pay_at(am, a, LEDGER_ACCOUNT_RESTRICTED) = val_int(1);
    *pay_at(am, a, LEDGER_ACCOUNT_ORGANISATION) = *pay_at(m, row, PAYEE_ORGANISATION);
    *pay_at(am, a, LEDGER_ACCOUNT_HOUSEHOLD) = *pay_at(m, row, PAYEE_HOUSEHOLD);
    a[am->county_column[LEDGER_ACCOUNT_HOUSEHOLD]] = row[m->county_column[PAYEE_HOUSEHOLD]];
    if (!row_insert(x->tx, x->k->model, am, a, e)) return false;
    l->account = a[ROW_ID].i;
    *pay_at(m, row, PAYEE_LEDGER_ACCOUNT) = a[ROW_ID];
    return row_update(x->tx, x->k->model, m, row, 0, e);
}

static bool promise(struct approving *x, struct line_of *l, struct val code, struct err *e)
{
    struct posting_leg leg = { .debit = x->payer, .credit = { l->county, l->account },
                               .amount = l->amount, .earmark = x->earmark };
    struct posting p = { .id = l->id, .pending = true, .day = x->k->day,
        .code = arena_strndup(&x->line, code.p, code.n), .legs = &leg, .n = 1,
        .cause = { NUMBER_PAYMENT, l->county, l->id },
        .halves = store_apart(x->k->store) };
    return ledger_post(x->tx, &p, e);
}

static bool approve_line(struct approving *x, struct line_of *l, struct err *e)
{
    const struct table_map *m = x->m.payment;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found = false;
    arena_reset(&x->line);
    if (!row_get(tx_db(x->tx), m, l->county, l->id, &x->line, row, &found, e)) return false;
    if (!found) return err_set(e, ERR_CORRUPT, "a line of the run is not there: see verify");
    struct val code = *pay_at(m, row, PAYMENT_CODE);
    *pay_at(m, row, PAYMENT_STATE) = val_text("approved");
    *pay_at(m, row, PAYMENT_APPROVED_ON) = val_int(x->k->day);
    x->out->lines++;
    x->out->amount += l->amount;
    return (payee_account(x, l, e) && promise(x, l, code, e) &&
            row_update(x->tx, x->k->model, m, row, 0, e)) ||
           err_context(e, "payment %.*s", (int)code.n, code.p);
}

/* Blanks and the case of letters make no other person. */
static bool same_person(struct val a, const char *b)
{
    size_t i = 0, n = a.type == VAL_TEXT ? a.n : 0;
    for (; *b || i < n; i++, b++) {
        while (i < n && a.p[i] == ' ') i++;
        while (*b == ' ') b++;
        if (i == n || !*b) break;
        int l = (unsigned char)a.p[i], r = (unsigned char)*b;
        if (l >= 'A' && l <= 'Z') l += 'a' - 'A';
        if (r >= 'A' && r <= 'Z') r += 'a' - 'A';
        if (l != r) return false;
    }
    return i == n && !*b;
}

/* The ledger is told of the use where the account is set apart; it refuses another one. */
static bool read_payer(struct approving *x, struct err *e)
{
    const struct table_map *m = x->m.run, *a = x->m.account;
    struct val row[ENTITY_MAX_COLUMNS + 1], use = *pay_at(m, x->run.row, PAYMENT_RUN_EARMARK);
    bool found = false;
    x->payer = (struct account_ref){ x->run.county, pay_at(m, x->run.row, PAYMENT_RUN_PAYER)->i };
    if (!row_get(tx_db(x->tx), a, x->payer.county, x->payer.id, x->k->arena, row, &found, e))
        return false;
    if (!found) return err_set(e, ERR_CORRUPT, "the paying account is not there: see verify");
    x->earmark = use.type == VAL_TEXT && pay_at(a, row, LEDGER_ACCOUNT_PURPOSE)->type == VAL_TEXT
        ? arena_strndup(x->k->arena, use.p, use.n) : NULL;
    return true;
}

static bool approve(struct tx *tx, void *arg, struct err *e)
{
    struct approving *x = arg;
    const struct table_map *m = x->m.run;
    struct db *d = tx_db(tx);
    x->tx = tx;
    x->n = 0;
    *x->out = (struct pay_report){ 0 };
    if (!pay_run_find(x->k, d, x->run_code, &x->run, e) ||
        !pay_run_in(x->k, &x->run, "prepared", e))
        return false;
    struct val by = *pay_at(m, x->run.row, PAYMENT_RUN_PREPARED_BY);
    if (same_person(by, x->actor))
        return err_set(e, ERR_FORBIDDEN, "run %s was prepared by %.*s: another person approves it",
                       x->run_code, (int)by.n, by.p);
    if (!read_payer(x, e)) return false;
    struct val v[2] = { val_int(x->run.county), val_int(x->run.id) };
    if (!db_query(d, pay_sql(PAY_LINES), v, 2, take_line, x, e)) return false;
    for (size_t i = 0; i < x->n; i++)
        if (!approve_line(x, &x->at[i], e)) return false;
    *pay_at(m, x->run.row, PAYMENT_RUN_STATE) = val_text("approved");
    *pay_at(m, x->run.row, PAYMENT_RUN_APPROVED_BY) = val_text(x->actor);
    *pay_at(m, x->run.row, PAYMENT_RUN_APPROVED_ON) = val_int(x->k->day);
    return row_update(tx, x->k->model, m, x->run.row, 0, e);
}

bool pay_approve(const struct pay_desk *k, const char *run, struct pay_report *out, struct err *e)
{
    struct approving x = { .k = k, .run_code = run, .out = out, .m = pay_maps_of(k->model) };
    bool ok = pay_actor(k, &x.actor, e) && store_write(k->store, approve, &x, e);
    free(x.at);
    arena_free(&x.line);
    return ok;
}
