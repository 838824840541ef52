/* The bank's answers into the books. A slice of the file is a transaction; a line that the ledger
 * refuses is tried alone, so that it takes no other with it. */
#include <stdlib.h>

#include "base/date.h"
#include "base/id.h"
#include "base/map.h"
#include "programme/money/pay_return.h"
#include "programme/numbers.h"

enum { SLICE = 4096 };

struct held_answer { struct in_row row; bool refused, alone; int column; const char *why; };

struct taking {
    const struct pay_desk *k;
    struct pay_report *out, before;    /* before this slice */
    struct pay_maps m;
    const char *actor;
    struct answers *in;
    struct tx *tx;
    struct held_answer *at; int n;     /* the slice */
    int from, upto;                    /* of it, in this transaction */
    struct map runs;                   /* account_ref of a run -> whether the bank has it */
    struct arena slice, line;
};

/* --- one answer --- */

struct found { struct account_ref at; bool is; };

static bool take_holder(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n, (void)e;
    *(struct found *)arg = (struct found){ { row[0].i, row[1].i }, true };
    return true;
}

static bool find(struct taking *x, const struct answer *a, struct val *row, struct err *e)
{
    struct val v[2] = { val_int(NUMBER_PAYMENT * 8), a->code };
    struct found f = { .is = false };
    bool found = false;
    if (!db_query(tx_db(x->tx), &claim_stmts.stmts[CLAIM_HOLDER], v, 2, take_holder, &f, e))
        return false;
    if (!f.is) return err_field(e, ERR_INVALID, "line", "there is no payment of this code");
    if (!row_get(tx_db(x->tx), x->m.payment, f.at.county, f.at.id, &x->line, row, &found, e))
        return false;
    return found || err_set(e, ERR_CORRUPT, "the payment is not there: see verify");
}

/* The bank can only answer what it was sent. */
static bool was_sent(struct taking *x, struct val *row, struct err *e)
{
    const struct table_map *m = x->m.payment;
    struct account_ref at = { row[m->county_column[PAYMENT_RUN]].i, pay_at(m, row, PAYMENT_RUN)->i };
    struct val run[ENTITY_MAX_COLUMNS + 1];
    bool found = false, added;
    bool *sent = map_put(&x->runs, &at, &added);
    if (added) {
        if (!row_get(tx_db(x->tx), x->m.run, at.county, at.id, &x->line, run, &found, e)) return false;
        struct val state = found ? *pay_at(x->m.run, run, PAYMENT_RUN_STATE) : val_null();
        *sent = row_is(state, "written") || row_is(state, "closed");
    }
    return *sent || err_field(e, ERR_INVALID, "line", "its run was not written for the bank");
}

static bool text_same(struct val is, struct val said)
{
    return is.type == VAL_TEXT ? val_equal(is, said) : said.n == 0;
}

/* The same answer once more, of the same day: nothing to do. */
static bool answered_so(struct taking *x, const struct answer *a, struct val *row)
{
    const struct table_map *m = x->m.payment;
    struct val state = *pay_at(m, row, PAYMENT_STATE), paid = *pay_at(m, row, PAYMENT_PAID_ON),
               ended = *pay_at(m, row, PAYMENT_ENDED_ON);
    bool ref = text_same(*pay_at(m, row, PAYMENT_BANK_REF), a->ref);
    switch (a->state) {
    case ANSWER_PAID:
        return paid.type == VAL_INT && paid.i == a->day && ref;
    case ANSWER_FAILED:
        return row_is(state, "failed") && ended.i == a->day && ref;
    default:
        return (row_is(state, "returned") || row_is(state, "failed")) && ended.type == VAL_INT &&
               ended.i == a->day;
    }
}

static bool fits(struct taking *x, const struct answer *a, struct val *row, struct err *e)
{
    const struct table_map *m = x->m.payment;
    struct val state = *pay_at(m, row, PAYMENT_STATE), approved = *pay_at(m, row, PAYMENT_APPROVED_ON),
               paid = *pay_at(m, row, PAYMENT_PAID_ON), ended = *pay_at(m, row, PAYMENT_ENDED_ON);
    char day[DATE_TEXT];
    if (row_is(state, "prepared") || row_is(state, "cancelled"))
        return err_field(e, ERR_INVALID, "line", "it is %.*s: the bank was not to pay it",
                         (int)state.n, state.p);
    bool back = a->state == ANSWER_RETURNED && row_is(state, "paid");
    if (!row_is(state, "approved") && !back) {
        date_format(row_date(ended, row_date(paid, 0)), day);
        return err_field(e, ERR_INVALID, "state", "it was answered before: %.*s on %s%s",
                         (int)state.n, state.p, day, row_is(state, "paid")
                         ? "; what the bank sends back later is returned" : "");
    }
    if (approved.type == VAL_INT && a->day < approved.i)
        return err_field(e, ERR_INVALID, "date", "it was approved only later");
    if (back && a->day < paid.i)
        return err_field(e, ERR_INVALID, "date", "it was paid only later");
    if (a->amount >= 0 && a->amount != pay_at(m, row, PAYMENT_AMOUNT)->i)
        return err_field(e, ERR_INVALID, "amount", "the payment is of another amount");
    return true;
}

static void set_text(const struct table_map *m, struct val *row, int field, struct val v)
{
    *pay_at(m, row, field) = v.n ? v : val_null();
}

static int64_t run_county(const struct taking *x, const struct val *row)
{
    return row[x->m.payment->county_column[PAYMENT_RUN]].i;
}

/* What comes back over a county's border where counties share no transaction: it is begun in the payee's
 * county, where the payment lies, in a transaction of its own. */
static bool comes_apart(const struct taking *x, const struct answer *a, struct val *row)
{
    return a->state == ANSWER_RETURNED && store_apart(x->k->store) && run_county(x, row) != row[ROW_COUNTY].i &&
           row_is(*pay_at(x->m.payment, row, PAYMENT_STATE), "paid");
}

/* The ledger's part: what was promised arrives or is given up; what arrived goes back. */
static bool book(struct taking *x, const struct answer *a, struct val *row, struct err *e)
{
    const struct table_map *m = x->m.payment;
    struct val arrival = *pay_at(m, row, PAYMENT_ARRIVAL);
    /* The run lies in the payer's county, where the promise was made. */
    struct ledger_act act = { .county = run_county(x, row), .id = row[ROW_ID].i,
                              .day = a->day, .halves = store_apart(x->k->store) };
    if (a->state == ANSWER_PAID) {
        if (!ledger_fulfil(x->tx, &act, e)) return false;
        *pay_at(m, row, PAYMENT_ARRIVAL) =
            val_text(arena_printf(&x->line, "%lld", (long long)act.by));
        return true;
    }
    if (row_is(*pay_at(m, row, PAYMENT_STATE), "approved")) return ledger_void(x->tx, &act, e);
    if (arrival.type != VAL_TEXT || !id_parse(arrival.p, arrival.n, &act.id))
        return err_set(e, ERR_CORRUPT, "the payment names no transfer: see verify");
    return comes_apart(x, a, row) ? ledger_return_begin(x->tx, &act, row[ROW_COUNTY].i, e)
                                  : ledger_return(x->tx, &act, false, NULL, NULL, e);
}

static void count(struct taking *x, const struct answer *a, const char *state, int64_t amount)
{
    struct pay_report *o = x->out;
    if (a->state == ANSWER_PAID) o->paid++, o->paid_amount += amount;
    else if (strcmp(state, "returned") == 0) o->returned++, o->returned_amount += amount;
    else o->failed++, o->failed_amount += amount;
}

/* From here on something may be written: a refusal ends the transaction. */
static bool harmed(struct err *e)
{
    e->field[0] = '\0';
    return false;
}

static bool take(struct taking *x, const struct answer *a, bool *alone, struct err *e)
{
    const struct table_map *m = x->m.payment;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    if (!find(x, a, row, e)) return false;
    if (a->state == ANSWER_UNDER_WAY) return x->out->under_way++, true;
    if (answered_so(x, a, row)) {
        if (a->amount >= 0 && a->amount != pay_at(m, row, PAYMENT_AMOUNT)->i)
            return err_field(e, ERR_INVALID, "amount", "the payment is of another amount");
        return x->out->done++, true;
    }
    if (!was_sent(x, row, e) || !fits(x, a, row, e)) return false;
    *alone = comes_apart(x, a, row);
    if (*alone && x->upto - x->from > 1) return true;
    bool was_paid = row_is(*pay_at(m, row, PAYMENT_STATE), "paid");
    const char *state = a->state == ANSWER_PAID ? "paid" : was_paid ? "returned" : "failed";
    if (!book(x, a, row, e)) return harmed(e);
    *pay_at(m, row, PAYMENT_STATE) = val_text(state);
    if (a->state == ANSWER_PAID) {
        *pay_at(m, row, PAYMENT_PAID_ON) = val_int(a->day);
    } else {
        *pay_at(m, row, PAYMENT_ENDED_ON) = val_int(a->day);
        *pay_at(m, row, PAYMENT_ONCE) = val_null();
        set_text(m, row, PAYMENT_REASON, a->reason);
    }
    if (!was_paid) set_text(m, row, PAYMENT_BANK_REF, a->ref);
    count(x, a, state, pay_at(m, row, PAYMENT_AMOUNT)->i);
    return row_update(x->tx, x->k->model, m, row, 0, e) || harmed(e);
}

/* --- a slice --- */

static int column_of(const char *field)
{
    for (int c = 0; c < ANSWER_CELLS; c++)
        if (strcmp(answer_columns[c].name, field) == 0) return c;
    return -1;
}

static void refuse(struct taking *x, struct held_answer *h, const struct err *why)
{
    h->refused = true;
    h->column = column_of(why->field);
    h->why = arena_strdup(&x->slice, why->message);
}

/* Refused before anything was written for it, so that the transaction can go on. */
static bool unharmed(const struct err *e)
{
    return e->code == ERR_INVALID && column_of(e->field) >= 0;
}

static bool apply(struct tx *tx, void *arg, struct err *e)
{
    struct taking *x = arg;
    x->tx = tx;
    *x->out = x->before;
    map_clear(&x->runs);
    for (int i = x->from; i < x->upto; i++) {
        struct held_answer *h = &x->at[i];
        struct answer a;
        struct err why = { 0 };
        arena_reset(&x->line);
        h->refused = h->alone = false;
        if (answer_read(h->row.cell, x->k->day, &a, &why) && take(x, &a, &h->alone, &why)) continue;
        if (!unharmed(&why)) return *e = why, false;
        refuse(x, h, &why);
    }
    return true;
}

/* A run is closed when none of its lines waits any more. */
struct closing { struct taking *x; struct account_ref at; int64_t open; bool closed; };

static bool take_open(void *arg, const struct val *row, int n, struct err *e)
{
    struct closing *c = arg;
    (void)n, (void)e;
    if (row_is(row[0], "approved") || row_is(row[0], "prepared")) c->open += row[1].i;
    return true;
}

static bool close_run(struct tx *tx, void *arg, struct err *e)
{
    struct closing *c = arg;
    const struct table_map *m = c->x->m.run;
    struct val row[ENTITY_MAX_COLUMNS + 1], v[2] = { val_int(c->at.county), val_int(c->at.id) };
    struct arena a = { 0 };
    bool found = false;
    c->open = 0;
    bool ok = db_query(tx_db(tx), pay_sql(PAY_COUNTS), v, 2, take_open, c, e) &&
              row_get(tx_db(tx), m, c->at.county, c->at.id, &a, row, &found, e);
    c->closed = ok && found && c->open == 0 && row_is(*pay_at(m, row, PAYMENT_RUN_STATE), "written");
    if (c->closed) {
        *pay_at(m, row, PAYMENT_RUN_STATE) = val_text("closed");
        *pay_at(m, row, PAYMENT_RUN_ENDED_BY) = val_text(c->x->actor);
        *pay_at(m, row, PAYMENT_RUN_ENDED_ON) = val_int(c->x->k->day);
        ok = row_update(tx, c->x->k->model, m, row, 0, e);
    }
    arena_free(&a);
    return ok;
}

static bool close_runs(struct taking *x, struct err *e)
{
    const void *key;
    void *value;
    for (size_t at = 0; map_next(&x->runs, &at, &key, &value);) {
        struct closing c = { .x = x, .at = *(const struct account_ref *)key };
        if (!store_write(x->k->store, close_run, &c, e)) return false;
        x->out->closed += c.closed;
    }
    return true;
}

static bool part(struct taking *x, int from, int upto, struct err *e)
{
    x->from = from;
    x->upto = upto;
    x->before = *x->out;
    if (!store_write(x->k->store, apply, x, e)) {
        *x->out = x->before;
        return false;
    }
    return true;
}

/* Lines one by one, all of them or those that need a transaction of their own. */
static bool one_by_one(struct taking *x, bool all, struct err *e)
{
    for (int i = 0; i < x->n; i++) {
        struct err why = { 0 };
        if (!all && !x->at[i].alone) continue;
        if (part(x, i, i + 1, &why)) {
            if (!close_runs(x, e)) return false;
            continue;
        }
        if (why.code != ERR_INVALID) return *e = why, false;
        refuse(x, &x->at[i], &why);
    }
    return true;
}

/* Line by line when the whole slice does not go: the ledger refused one of them. */
static bool slice(struct taking *x, struct err *e)
{
    struct err why = { 0 };
    if (x->n > 1 && part(x, 0, x->n, &why)) {
        if (!close_runs(x, e) || !one_by_one(x, false, e)) return false;
    } else {
        if (why.code != ERR_NONE && why.code != ERR_INVALID) return *e = why, false;
        if (!one_by_one(x, true, e)) return false;
    }
    for (int i = 0; i < x->n; i++)
        if (x->at[i].refused && !table_in_refuse_row(answers_table(x->in), &x->at[i].row,
                                                     x->at[i].column, x->at[i].why, e))
            return false;
    return true;
}

static bool take_all(struct taking *x, struct err *e)
{
    struct table_in *t = answers_table(x->in);
    enum csv_result r = CSV_ROW;
    while (r == CSV_ROW || r == CSV_BAD) {
        const struct csv_field *cells;
        arena_reset(&x->slice);
        for (x->n = 0; x->n < SLICE && ((r = table_in_next(t, &cells, e)) == CSV_ROW || r == CSV_BAD);)
            if (r == CSV_ROW) {
                x->at[x->n].refused = false;
                table_in_hold(t, &x->slice, &x->at[x->n++].row);
            }
        if (x->n && r != CSV_ERROR && !slice(x, e)) return false;
    }
    return r == CSV_END;
}

static bool remember(struct tx *tx, void *arg, struct err *e)
{
    return table_in_remember(tx, arg, e);
}

bool pay_return_file(const struct pay_desk *k, const char *file, const char *mapping,
                     struct pay_report *out, struct err *e)
{
    struct taking x = { .k = k, .out = out, .m = pay_maps_of(k->model) };
    struct err why = { 0 };
    *out = (struct pay_report){ 0 };
    if (!pay_actor(k, &x.actor, e) || !answers_open(&x.in, k, file, mapping, e)) return false;
    struct table_in *t = answers_table(x.in);
    map_init(&x.runs, sizeof(struct account_ref), sizeof(bool));
    x.at = mem_alloc(SLICE * sizeof *x.at);
    bool ok = take_all(&x, e) && (!mapping || store_write(k->store, remember, t, e));
    out->refused = table_in_refused(t);
    if (!table_in_keep(t, k->arena, &out->refused_path, &why) && ok) ok = (*e = why, false);
    answers_close(x.in);
    map_free(&x.runs);
    free(x.at);
    arena_free(&x.slice);
    arena_free(&x.line);
    return ok;
}
