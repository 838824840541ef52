/* Runs as people look at them: never an account number. */
#include "base/date.h"
#include "programme/money/pay_part.h"

static const char *text_of(struct arena *a, struct val v)
{
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : "";
}

static const char *day_of(struct arena *a, struct val v)
{
    char day[DATE_TEXT] = "";
    if (v.type == VAL_INT) date_format((int32_t)v.i, day);
    return arena_strdup(a, day);
}

struct summing { struct pay_summary *out; struct arena *a; };

static bool take_count(void *arg, const struct val *row, int n, struct err *e)
{
    struct summing *x = arg;
    (void)n, (void)e;
    if (x->out->n == (int)(sizeof x->out->at / sizeof *x->out->at)) return true;
    x->out->at[x->out->n].state = text_of(x->a, row[0]);
    x->out->at[x->out->n].lines = row[1].i;
    x->out->at[x->out->n++].amount = row[2].i;
    return true;
}

bool pay_summary_of(const struct pay_desk *k, struct db *d, const char *run, struct pay_summary *out,
                    struct err *e)
{
    const struct table_map *m = pay_maps_of(k->model).run;
    struct arena *a = k->arena;
    struct pay_run r;
    *out = (struct pay_summary){ 0 };
    if (!pay_run_find(k, d, run, &r, e)) return false;
    struct val v[2] = { val_int(r.county), val_int(r.id) };
    out->county = r.county;
    out->id = r.id;
    out->code = text_of(a, *pay_at(m, r.row, PAYMENT_RUN_CODE));
    out->title = text_of(a, *pay_at(m, r.row, PAYMENT_RUN_TITLE));
    out->state = text_of(a, *pay_at(m, r.row, PAYMENT_RUN_STATE));
    out->payer = field_write(k->model, m, PAYMENT_RUN_PAYER, r.row, d, a);
    out->due = day_of(a, *pay_at(m, r.row, PAYMENT_RUN_DUE_ON));
    out->prepared_by = text_of(a, *pay_at(m, r.row, PAYMENT_RUN_PREPARED_BY));
    out->prepared_on = day_of(a, *pay_at(m, r.row, PAYMENT_RUN_PREPARED_ON));
    out->approved_by = text_of(a, *pay_at(m, r.row, PAYMENT_RUN_APPROVED_BY));
    out->approved_on = day_of(a, *pay_at(m, r.row, PAYMENT_RUN_APPROVED_ON));
    struct summing x = { out, a };
    return db_query(d, pay_sql(PAY_COUNTS), v, 2, take_count, &x, e);
}

struct showing { pay_shown_fn *fn; void *arg; struct arena a; };

static bool show(void *arg, const struct val *row, int n, struct err *e)
{
    struct showing *x = arg;
    (void)n;
    arena_reset(&x->a);
    struct pay_shown s = { .code = text_of(&x->a, row[L_CODE]), .amount = row[L_AMOUNT].i,
        .payee = text_of(&x->a, row[L_PAYEE_CODE]), .account_tail = text_of(&x->a, row[L_TAIL]),
        .purpose = text_of(&x->a, row[L_PURPOSE]), .period = text_of(&x->a, row[L_PERIOD]),
        .state = text_of(&x->a, row[L_STATE]), .reason = text_of(&x->a, row[L_REASON]),
        .answered_on = row_date(row[L_ENDED_ON], row_date(row[L_PAID_ON], 0)) };
    return x->fn(x->arg, &s, e);
}

bool pay_lines(const struct pay_desk *k, struct db *d, const struct pay_summary *s, pay_shown_fn *fn,
               void *arg, struct err *e)
{
    struct val v[2] = { val_int(s->county), val_int(s->id) };
    struct showing x = { .fn = fn, .arg = arg };
    (void)k;
    bool ok = db_query(d, pay_sql(PAY_LINES), v, 2, show, &x, e);
    arena_free(&x.a);
    return ok;
}
