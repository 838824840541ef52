/* Taking back what the bank has not been sent: promises end, and the payees can be paid again. */
#include <stdlib.h>

#include "programme/money/pay_part.h"

struct cancelling {
    const struct pay_desk *k;
    const char *run_code, *line_code, *actor;
    struct pay_report *out;
    struct pay_maps m;
    struct tx *tx;
    struct pay_run run;
    struct account_ref *at; size_t n, cap;
    int64_t left;              /* lines that stay */
    struct arena line;
};

static bool take_line(void *arg, const struct val *row, int n, struct err *e)
{
    struct cancelling *x = arg;
    (void)n, (void)e;
    if (row_is(row[L_STATE], "cancelled")) return true;
    if (x->line_code && !row_is(row[L_CODE], x->line_code)) return x->left++, true;
    x->at = mem_more(x->at, x->n, &x->cap, sizeof *x->at);
    x->at[x->n++] = (struct account_ref){ row[L_COUNTY].i, row[L_ID].i };
    return true;
}

static bool cancel_line(struct cancelling *x, struct account_ref at, struct err *e)
{
    const struct table_map *m = x->m.payment;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct ledger_act act = { .county = x->run.county, .id = at.id, .day = x->k->day,
                              .halves = store_apart(x->k->store) };
    bool found = false;
    arena_reset(&x->line);
    if (!row_get(tx_db(x->tx), m, at.county, at.id, &x->line, row, &found, e)) return false;
    if (!found) return err_set(e, ERR_CORRUPT, "a line of the run is not there: see verify");
    if (row_is(*pay_at(m, row, PAYMENT_STATE), "approved") && !ledger_void(x->tx, &act, e))
        return false;
    *pay_at(m, row, PAYMENT_STATE) = val_text("cancelled");
    *pay_at(m, row, PAYMENT_ENDED_ON) = val_int(x->k->day);
    *pay_at(m, row, PAYMENT_ONCE) = val_null();
    x->out->lines++;
    x->out->amount += pay_at(m, row, PAYMENT_AMOUNT)->i;
    return row_update(x->tx, x->k->model, m, row, 0, e);
}

static bool cancel(struct tx *tx, void *arg, struct err *e)
{
    struct cancelling *x = arg;
    const struct table_map *m = x->m.run;
    x->tx = tx;
    x->n = 0;
    x->left = 0;
    *x->out = (struct pay_report){ 0 };
    if (!pay_run_find(x->k, tx_db(tx), x->run_code, &x->run, e) ||
        !pay_run_in(x->k, &x->run, "prepared or approved", e))
        return false;
    struct val v[2] = { val_int(x->run.county), val_int(x->run.id) };
    if (!db_query(tx_db(tx), pay_sql(PAY_LINES), v, 2, take_line, x, e)) return false;
    if (x->n == 0)
        return err_set(e, ERR_NOT_FOUND, "run %s has no line %s that could be cancelled", x->run_code,
                       x->line_code ? x->line_code : "");
    for (size_t i = 0; i < x->n; i++)
        if (!cancel_line(x, x->at[i], e)) return false;
    if (x->left) return true;
    *pay_at(m, x->run.row, PAYMENT_RUN_STATE) = val_text("cancelled");
    *pay_at(m, x->run.row, PAYMENT_RUN_ENDED_BY) = val_text(x->actor);
    *pay_at(m, x->run.row, PAYMENT_RUN_ENDED_ON) = val_int(x->k->day);
    return row_update(tx, x->k->model, m, x->run.row, 0, e);
}

bool pay_cancel(const struct pay_desk *k, const char *run, const char *line, struct pay_report *out,
                struct err *e)
{
    struct cancelling x = { .k = k, .run_code = run, .line_code = line, .out = out,
                            .m = pay_maps_of(k->model) };
    bool ok = pay_actor(k, &x.actor, e) && store_write(k->store, cancel, &x, e);
    free(x.at);
    arena_free(&x.line);
    return ok;
}
