/* Lines of a run out of records: who holds a post, whose share pays. */
#include "programme/money/pay_records.h"

#include "base/money.h"
#include "entity/load.h"

/* Which rows are paid to whom, and how often. */
static const struct payable {
    const char *entity, *payee, *kind, *amount, *purpose;
    int months;
} payables[] = {
    { "welfare_post", "holder", "person", "monthly_pay", "wage", 1 },
    { "equity_share", "holder", "organisation", "dividend", "dividend", 12 },
};

struct lines {
    const struct pay_desk *k;
    const struct payable *p;
    const struct pay_period *period;
    const struct pay_order *o;
    struct db *refs;
    struct arena *a;
    struct csv_field (*at)[PAY_CELLS]; size_t n; int cap;
    size_t given;
};

static struct csv_field text(const char *s)
{
    return (struct csv_field){ s, strlen(s), false };
}

/* True where the row says something of the period; a post that began later, or ended before, says
 * nothing. */
static bool stands(const struct lines *x, const struct table_map *m, const struct val *row)
{
    struct val from = row[m->column[m->common + COMMON_VALID_FROM]];
    struct val to = row[m->column[m->common + COMMON_VALID_TO]];
    struct val state = row[m->column[m->fact + FACT_STATE]];
    return row_is(state, "done") && (from.type != VAL_INT || from.i <= x->period->to) &&
           (to.type != VAL_INT || to.i >= x->period->from);
}

static bool take_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct lines *x = arg;
    int payee = map_field(m, x->p->payee), amount = map_field(m, x->p->amount);
    (void)e;
    if (!stands(x, m, row) || val_is_null(row[m->column[payee]]) ||
        val_is_null(row[m->column[amount]]))
        return true;
    x->at = arena_more(x->a, x->at, (int)x->n, &x->cap, sizeof *x->at);
    struct csv_field *c = x->at[x->n++];
    for (int i = 0; i < PAY_CELLS; i++) c[i] = text("");
    c[CELL_PAYEE] = text(field_write(x->k->model, m, payee, row, x->refs, x->a));
    c[CELL_KIND] = text(x->p->kind);
    c[CELL_AMOUNT] = text(field_write(x->k->model, m, amount, row, x->refs, x->a));
    c[CELL_PURPOSE] = text(x->o->purpose ? x->o->purpose : x->p->purpose);
    c[CELL_PERIOD] = text(x->period->text);
    c[CELL_RECORD] = text(arena_printf(x->a, "%s:%s", x->p->entity,
                                       ref_text(x->k->model, m, row[ROW_COUNTY].i, row[ROW_ID].i,
                                                x->refs, x->a)));
    return true;
}

static enum csv_result next_line(void *arg, const struct csv_field **cells, int *n, struct err *e)
{
    struct lines *x = arg;
    (void)e;
    if (x->given == x->n) return CSV_END;
    *cells = x->at[x->given++];
    *n = PAY_CELLS;
    return CSV_ROW;
}

static int64_t line_number(const void *arg)
{
    return (int64_t)((const struct lines *)arg)->given;
}

bool records_table(struct table_in **out, const struct pay_desk *k, struct db *d,
                   const struct pay_order *o, const struct pay_period *period, struct arena *a,
                   struct err *e)
{
    struct lines *x = arena_alloc(a, sizeof *x);
    struct list_query q = { .where = o->where };
    *x = (struct lines){ .k = k, .o = o, .period = period, .a = a, .refs = d };
    for (size_t i = 0; i < sizeof payables / sizeof *payables; i++)
        if (strcmp(payables[i].entity, o->from) == 0) x->p = &payables[i];
    if (!x->p)
        return err_set(e, ERR_USAGE, "--records is welfare_post or equity_share; others are paid by a "
                       "sheet with a column record");
    if ((x->p->months == 1) != (strlen(period->text) == 7) ||
        (x->p->months == 12) != (strlen(period->text) == 4))
        return err_set(e, ERR_USAGE, "--period: %s is paid by the %s", o->from,
                       x->p->months == 1 ? "month, such as 2020-05" : "year, such as 2020");
    const struct table_map *m = model_find(k->model, o->from);
    if (!list_rows(k->model, d, &scope_all, m, &q, take_row, x, e)) return false;
    const struct in_rows rows = { next_line, line_number, x };
    *out = table_in_over(arena_printf(a, "%s.csv", o->run), pay_columns, PAY_CELLS, &rows);
    return true;
}

/* --- what a record has room for --- */

static const struct { const char *entity, *limit, *rate; } limits[] = {
    { "student_aid", "amount", "yearly_rate" }, { "equity_share", "dividend", NULL },
    { "dividend", "amount", NULL }, { "help_measure", "amount", NULL },
    { "welfare_post", NULL, "monthly_pay" },
};

static int64_t money_of(const struct table_map *m, const struct val *row, const char *name)
{
    int f = name ? map_field(m, name) : -1;
    return f >= 0 && row[m->column[f]].type == VAL_INT ? row[m->column[f]].i : -1;
}

bool record_room(const struct pay_desk *k, struct db *d, struct csv_field record, struct arena *a,
                 struct record_room *out, struct err *e)
{
    const char *colon = memchr(record.p, ':', record.n);
    struct val row[ENTITY_MAX_COLUMNS + 1], key = val_textn(record.p, record.n);
    int64_t county, id;
    bool found = false, any;
    size_t n = colon ? (size_t)(colon - record.p) : 0;
    *out = (struct record_room){ -1, 0, -1 };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (strlen(limits[i].entity) != n || memcmp(limits[i].entity, record.p, n) != 0) continue;
        const struct table_map *m = model_find(k->model, limits[i].entity);
        if (!ref_find(k->model, m, colon + 1, record.n - n - 1, -1, d, a, &county, &id, e) ||
            !row_get(d, m, county, id, a, row, &found, e)) {
            snprintf(e->field, sizeof e->field, "record");
            return false;
        }
        out->limit = money_of(m, row, limits[i].limit);
        out->rate = money_of(m, row, limits[i].rate);
        return db_int(d, pay_sql(PAY_FOR_RECORD), &key, 1, &out->paid, &any, e);
    }
    return err_field(e, ERR_INVALID, "record", "a record is student_aid:CODE, equity_share:CODE, "
                     "dividend:CODE, help_measure:CODE or welfare_post:CODE");
}
