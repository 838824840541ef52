/* Preparing a run: every line is checked, what is wrong is refused line by line, and the rest stands
 * as a whole or not at all. */
#include <stdlib.h>

#include "base/map.h"
#include "base/money.h"
#include "programme/money/pay_payee.h"
#include "programme/money/pay_records.h"
#include "programme/numbers.h"

struct preparing {
    const struct pay_desk *k;
    const struct pay_order *o;
    struct pay_report *out;
    struct pay_maps m;
    const char *actor;
    struct table_in *in;
    struct tx *tx;
    struct payees payees;
    struct val run[ENTITY_MAX_COLUMNS + 1];
    struct account_ref run_at;
    struct val organisation;       /* that holds the paying account */
    const struct code *purpose;    /* where a line does not say; or NULL */
    struct pay_period period; bool has_period;
    struct map accounts;           /* digest of an account -> payee it belongs to */
    struct arena line, records;
};

enum verdict { LINE_TAKEN, LINE_REFUSED, LINE_FAILED };

/* --- the paying account --- */

static bool text_given(const struct table_map *m, struct val *row, int field)
{
    struct val v = *pay_at(m, row, field);
    return v.type == VAL_TEXT && v.n > 0;
}

static bool payer_fits(const struct preparing *x, struct val *row, struct err *e)
{
    const struct table_map *m = x->m.account;
    struct val on = *pay_at(m, row, LEDGER_ACCOUNT_RESTRICTED);
    struct val kind = *pay_at(m, row, LEDGER_ACCOUNT_HOLDER_KIND);
    struct val bank = *pay_at(m, row, LEDGER_ACCOUNT_BANK_CODE);
    const char *code = x->o->payer;
    if (on.type == VAL_INT && on.i == 0)
        return err_field(e, ERR_INVALID, "payer", "%s lies outside: money is paid from an account "
                         "that the ledger follows", code);
    if (row_is(kind, "household") || row_is(kind, "payee"))
        return err_field(e, ERR_INVALID, "payer", "%s is a payee's account", code);
    if (!text_given(m, row, LEDGER_ACCOUNT_BANK_CARD) || bank.type != VAL_TEXT)
        return err_field(e, ERR_INVALID, "payer", "%s has no bank account: give bank_card and "
                         "bank_code of the ledger_account", code);
    return true;
}

/* Money that is set apart pays for its use alone: the run says which it serves. */
static bool earmark_fits(const struct preparing *x, struct val *row, struct val *out, struct err *e)
{
    struct val apart = *pay_at(x->m.account, row, LEDGER_ACCOUNT_PURPOSE);
    const char *said = x->o->earmark;
    const struct code *c = said ? codes_find(x->k->model->codes, "purpose", said, strlen(said)) : NULL;
    if (said && !c) return err_set(e, ERR_USAGE, "--earmark: \"%s\" is no use of money", said);
    *out = c ? val_text(c->code) : val_null();
    if (apart.type != VAL_TEXT || apart.n == 0 || (c && row_is(apart, c->code))) return true;
    return err_field(e, ERR_INVALID, "earmark", "the money of %s is set apart for %.*s%s%s", x->o->payer,
                     (int)apart.n, apart.p, c ? ", not for " : ": say --earmark, if the run serves it",
                     c ? c->code : "");
}

static bool begin_run(struct preparing *x, struct db *d, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1], *run = x->run;
    const struct table_map *m = x->m.run, *a = x->m.account;
    struct account_ref payer;
    bool found = false;
    memset(run, 0, sizeof x->run);
    if (!ref_find(x->k->model, a, x->o->payer, strlen(x->o->payer), -1, d, x->k->arena,
                  &payer.county, &payer.id, e) ||
        !row_get(d, a, payer.county, payer.id, x->k->arena, row, &found, e))
        return false;
    if (!found) return err_set(e, ERR_CORRUPT, "the paying account is not there: see verify");
    if (!payer_fits(x, row, e) || !earmark_fits(x, row, pay_at(m, run, PAYMENT_RUN_EARMARK), e))
        return false;
    run[ROW_COUNTY] = val_int(payer.county);
    *pay_at(m, run, PAYMENT_RUN_CODE) = val_text(x->o->run);
    *pay_at(m, run, PAYMENT_RUN_TITLE) = val_text(x->o->title);
    *pay_at(m, run, PAYMENT_RUN_PLACE) = *pay_at(a, row, LEDGER_ACCOUNT_PLACE);
    *pay_at(m, run, PAYMENT_RUN_PAYER) = val_int(payer.id);
    *pay_at(m, run, PAYMENT_RUN_STATE) = val_text("prepared");
    *pay_at(m, run, PAYMENT_RUN_DUE_ON) = val_int(x->o->due);
    *pay_at(m, run, PAYMENT_RUN_PREPARED_BY) = val_text(x->actor);
    *pay_at(m, run, PAYMENT_RUN_PREPARED_ON) = val_int(x->k->day);
    x->organisation = *pay_at(a, row, LEDGER_ACCOUNT_ORGANISATION);
    x->payees = (struct payees){ .model = x->k->model, .m = x->m.payee, .d = d,
        .place = pay_at(a, row, LEDGER_ACCOUNT_PLACE)->i, .arena = &x->line };
    return true;
}

/* --- one line --- */

struct taken { int64_t amount; const char *purpose; struct pay_period period; };

/* The amount, and whether the record that it carries out has room for it. */
static bool read_amount(struct preparing *x, const struct pay_line *l, struct taken *t,
                        struct err *e)
{
    struct csv_field amount = l->cell[CELL_AMOUNT], record = l->cell[CELL_RECORD];
    struct record_room room = { -1, 0, -1 };
    int64_t sum;
    char left[DECIMAL_TEXT];
    if (record.n && !record_room(x->k, x->payees.d, record, &x->line, &room, e)) return false;
    if (amount.n == 0 && room.rate > 0) t->amount = room.rate;
    else if (decimal_parse(amount.p, amount.n, 2, &t->amount) != DECIMAL_OK) t->amount = 0;
    if (t->amount <= 0 || t->amount > ENTITY_INT_MAX)
        return err_field(e, ERR_INVALID, "amount",
                         "an amount is yuan over 0, with at most two decimals");
    if (room.limit < 0 || (i64_add(room.paid, t->amount, &sum) && sum <= room.limit)) return true;
    decimal_format(room.limit - room.paid, 2, left);
    return err_field(e, ERR_INVALID, "amount", "%.*s has only %s yuan left to be paid",
                     (int)record.n, record.p, left);
}

static bool read_taken(struct preparing *x, const struct pay_line *l, struct taken *t,
                       struct err *e)
{
    struct csv_field purpose = l->cell[CELL_PURPOSE], period = l->cell[CELL_PERIOD];
    const struct code *c = x->purpose;
    if (!read_amount(x, l, t, e)) return false;
    if (purpose.n) c = codes_find(x->k->model->codes, "payment_purpose", purpose.p, purpose.n);
    if (!c)
        return err_field(e, ERR_INVALID, "purpose", purpose.n ? "this is no purpose of a payment"
                         : "what is it paid for? give the column, or --purpose");
    t->purpose = c->code;
    t->period = x->period;
    if (period.n ? pay_period_read(period.p, period.n, &t->period) : x->has_period) return true;
    return err_field(e, ERR_INVALID, "period", period.n
                     ? "a period is 2020, 2020H1, 2020Q2, 2020-05 or a day"
                     : "which period is it paid for? give the column, or --period");
}

struct earlier { char code[40], period[24], state[24]; bool found; };

static void copy_text(struct val v, char *out, size_t room)
{
    snprintf(out, room, "%.*s", v.type == VAL_TEXT ? (int)v.n : 0, v.type == VAL_TEXT ? v.p : "");
}

static bool take_earlier(void *arg, const struct val *row, int n, struct err *e)
{
    struct earlier *x = arg;
    (void)n, (void)e;
    copy_text(row[0], x->code, sizeof x->code);
    copy_text(row[1], x->period, sizeof x->period);
    copy_text(row[2], x->state, sizeof x->state);
    x->found = true;
    return true;
}

/* Once a period: what overlaps is the same money again. */
static bool paid_once(struct preparing *x, const struct payee *p, const struct taken *t,
                      struct err *e)
{
    struct val v[5] = { val_int(p->county), val_int(p->id), val_text(t->purpose),
                        val_int(t->period.from), val_int(t->period.to) };
    struct earlier was = { .found = false };
    if (!p->known) return true;
    if (!db_query(x->payees.d, pay_sql(PAY_OVERLAP), v, 5, take_earlier, &was, e)) return false;
    return !was.found || err_field(e, ERR_INVALID, "payee", "this payee has payment %s already, %s "
                                   "for %s, %s", was.code, t->purpose, was.period, was.state);
}

static void note_account(struct preparing *x, const struct payee *p)
{
    struct val card = p->row[x->m.payee->column[PAYEE_BANK_CARD]];
    int64_t digest = row_digest(store_row_key(x->k->store), NUMBER_PAYEE, &card, 1);
    bool added;
    int64_t *holder = map_put(&x->accounts, &digest, &added);
    if (added) *holder = p->id;
    else if (*holder != p->id) x->out->shared++;
}

static bool put_payment(struct preparing *x, const struct pay_line *l, struct payee *p,
                        const struct taken *t, struct err *e)
{
    const struct table_map *m = x->m.payment, *pm = x->m.payee;
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    struct val card = *pay_at(pm, p->row, PAYEE_BANK_CARD);
    int64_t line = x->out->lines + 1;
    struct csv_field record = l->cell[CELL_RECORD];
    row[ROW_COUNTY] = val_int(p->county);
    *pay_at(m, row, PAYMENT_CODE) =
        val_text(arena_printf(&x->line, "%s-%06lld", x->o->run, (long long)line));
    *pay_at(m, row, PAYMENT_PAYEE) = val_int(p->id);
    row[m->county_column[PAYMENT_RUN]] = val_int(x->run_at.county);
    *pay_at(m, row, PAYMENT_RUN) = val_int(x->run_at.id);
    *pay_at(m, row, PAYMENT_LINE) = val_int(line);
    *pay_at(m, row, PAYMENT_ORGANISATION) = x->organisation;
    *pay_at(m, row, PAYMENT_AMOUNT) = val_int(t->amount);
    *pay_at(m, row, PAYMENT_PURPOSE) = val_text(t->purpose);
    *pay_at(m, row, PAYMENT_PERIOD) = val_text(t->period.text);
    *pay_at(m, row, PAYMENT_COVERS_FROM) = val_int(t->period.from);
    *pay_at(m, row, PAYMENT_COVERS_TO) = val_int(t->period.to);
    *pay_at(m, row, PAYMENT_ONCE) = val_text(arena_printf(&x->line, "%lld:%lld/%s/%s",
        (long long)p->county, (long long)p->id, t->purpose, t->period.text));
    *pay_at(m, row, PAYMENT_STATE) = val_text("prepared");
    *pay_at(m, row, PAYMENT_ACCOUNT_TAIL) = val_textn(card.p + card.n - 4, 4);
    *pay_at(m, row, PAYMENT_SEAL) = val_int(pay_seal(x->k->store,
        *pay_at(pm, p->row, PAYEE_NAME), card, *pay_at(pm, p->row, PAYEE_BANK_CODE)));
    if (record.n) *pay_at(m, row, PAYMENT_FOR_RECORD) = val_textn(record.p, record.n);
    return row_insert(x->tx, x->k->model, m, row, e);
}

/* What the caller of a form could mend; anything else ends the command. */
static enum verdict verdict_of(const struct err *e)
{
    return e->code == ERR_INVALID || e->code == ERR_NOT_FOUND || e->code == ERR_CONFLICT
        ? LINE_REFUSED : LINE_FAILED;
}

static enum verdict take_line(struct preparing *x, const struct pay_line *l, struct err *e)
{
    struct payee p;
    struct taken t = { 0 };
    int64_t sum;
    if (!read_taken(x, l, &t, e) || !payee_of(&x->payees, l, &p, e) || !paid_once(x, &p, &t, e))
        return verdict_of(e);
    if (!i64_add(x->out->amount, t.amount, &sum) || sum > ENTITY_INT_MAX) {
        err_field(e, ERR_INVALID, "amount", "the run comes to more than a number can hold");
        return LINE_REFUSED;
    }
    /* A payee that is refused is refused before anything is written. */
    if (!payee_put(&x->payees, x->tx, &p, e)) return verdict_of(e);
    if (!put_payment(x, l, &p, &t, e)) return LINE_FAILED;
    note_account(x, &p);
    x->out->accounts_new += !p.known;
    x->out->accounts_changed += p.new_account;
    x->out->amount = sum;
    x->out->lines++;
    return LINE_TAKEN;
}

static int cell_named(const char *field)
{
    static const struct { const char *field; int cell; } other[] = {
        { "bank_card", CELL_ACCOUNT }, { "code", CELL_PAYEE } };
    for (int c = 0; c < PAY_CELLS; c++)
        if (strcmp(pay_columns[c].name, field) == 0) return c;
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (strcmp(other[i].field, field) == 0) return other[i].cell;
    return -1;
}

static bool take_lines(struct preparing *x, struct err *e)
{
    const struct csv_field *cells;
    enum csv_result r;
    while ((r = table_in_next(x->in, &cells, e)) == CSV_ROW || r == CSV_BAD) {
        struct pay_line l;
        struct err why = { 0 };
        if (r == CSV_BAD) continue;
        arena_reset(&x->line);
        memcpy(l.cell, cells, sizeof l.cell);
        switch (take_line(x, &l, &why)) {
        case LINE_TAKEN: break;
        case LINE_REFUSED:
            if (!table_in_refuse(x->in, cell_named(why.field), why.message, e)) return false;
            break;
        case LINE_FAILED:
            *e = why;
            return err_context(e, "line %lld", (long long)table_in_line(x->in));
        }
    }
    x->out->refused = table_in_refused(x->in);
    return r == CSV_END;
}

static bool open_lines(struct preparing *x, struct err *e)
{
    const struct in_memory mem = { tx_db(x->tx), NUMBER_PAYMENT_RUN, x->o->mapping };
    if (x->o->file) return table_in_open(&x->in, x->o->file, pay_columns, PAY_CELLS, &mem, e);
    arena_reset(&x->records);
    return records_table(&x->in, x->k, tx_db(x->tx), x->o, &x->period, &x->records, e);
}

static bool prepare(struct tx *tx, void *arg, struct err *e)
{
    struct preparing *x = arg;
    const struct table_map *m = x->m.run;
    x->tx = tx;
    *x->out = (struct pay_report){ 0 };
    table_in_close(x->in);
    x->in = NULL;
    map_clear(&x->accounts);
    if (!open_lines(x, e) || !begin_run(x, tx_db(tx), e)) return false;
    x->run_at = (struct account_ref){ x->run[ROW_COUNTY].i, tx_id(tx) };
    if (!take_lines(x, e)) return false;
    if (x->out->lines == 0)
        return err_set(e, ERR_INVALID, "%s: no line is left to be paid",
                       x->o->file ? x->o->file : x->o->from);
    x->run[ROW_ID] = val_int(x->run_at.id);
    *pay_at(m, x->run, PAYMENT_RUN_LINES) = val_int(x->out->lines);
    *pay_at(m, x->run, PAYMENT_RUN_AMOUNT) = val_int(x->out->amount);
    return row_insert(tx, x->k->model, m, x->run, e) && table_in_remember(tx, x->in, e);
}

static bool order_fits(struct preparing *x, struct err *e)
{
    const struct pay_order *o = x->o;
    if (!pay_run_code(o->run))
        return err_field(e, ERR_INVALID, "code", "a run's code has letters, digits and hyphens, at "
                         "most %d", PAY_RUN_CODE);
    if (o->purpose) {
        x->purpose = codes_find(x->k->model->codes, "payment_purpose", o->purpose,
                                strlen(o->purpose));
        if (!x->purpose)
            return err_set(e, ERR_USAGE, "--purpose: \"%s\" is no purpose of a payment", o->purpose);
    }
    x->has_period = o->period != NULL;
    if (o->period && !pay_period_read(o->period, strlen(o->period), &x->period))
        return err_set(e, ERR_USAGE,
                       "--period is 2020, 2020H1, 2020Q2, 2020-05 or a day, not \"%s\"", o->period);
    if (o->from && !o->period)
        return err_set(e, ERR_USAGE, "which period is paid? --period PERIOD");
    return pay_actor(x->k, &x->actor, e);
}

bool pay_prepare(const struct pay_desk *k, const struct pay_order *o, struct pay_report *out,
                 struct err *e)
{
    struct preparing x = { .k = k, .o = o, .out = out, .m = pay_maps_of(k->model) };
    struct err why = { 0 };
    *out = (struct pay_report){ 0 };
    if (!order_fits(&x, e)) return false;
    map_init(&x.accounts, sizeof(int64_t), sizeof(int64_t));
    bool ok = store_write(k->store, prepare, &x, e);
    /* What was refused is told even when nothing was left. */
    if (x.in && (ok || out->refused) && !table_in_keep(x.in, k->arena, &out->refused_path, &why) &&
        ok)
        ok = (*e = why, false);
    table_in_close(x.in);
    map_free(&x.accounts);
    arena_free(&x.line);
    arena_free(&x.records);
    return ok;
}
