/* Money that breaks a rule is not written: allocations at plan, transfers at posting. */
#include "base/date.h"
#include "base/money.h"
#include "entity/load.h"
#include "programme/guard/guard.h"
#include "programme/money/earmark_book.h"
#include "programme/money/flow.h"
#include "programme/money/money.h"
#include "programme/numbers.h"

static void note_ref(void *notes, int64_t entity, const struct table_map *m,
                     const struct val *row, int field)
{
    struct val county = row[m->county_column[field]], id = row[m->column[field]];
    if (id.type == VAL_INT) guard_note(notes, entity, county.type == VAL_INT ? county.i : 0, id.i);
}

static void touch(void *notes, const struct table_map *m, const struct val *before,
                  const struct val *after)
{
    uint32_t number = m->entity->number;
    if (number == NUMBER_EARMARK_RULE || number == NUMBER_BATCH || number == NUMBER_FUND_LINE) {
        const struct val *row = after ? after : before;
        guard_note(notes, number, row[ROW_COUNTY].i, row[ROW_ID].i);
    }
    if (number == NUMBER_TRANSFER && after) {
        guard_note(notes, number, after[ROW_COUNTY].i, after[ROW_ID].i);
        note_ref(notes, NUMBER_BATCH, m, after, TRANSFER_BATCH);
    }
    if (number != NUMBER_ALLOCATION) return;
    if (after) guard_note(notes, number, after[ROW_COUNTY].i, after[ROW_ID].i);
    for (int side = 0; side < 2; side++) {
        const struct val *row = side ? after : before;
        if (!row) continue;
        note_ref(notes, NUMBER_BATCH, m, row, ALLOCATION_BATCH);
        note_ref(notes, NUMBER_FUND_LINE, m, row, ALLOCATION_FUND_LINE);
    }
}

static bool refuse(void *arg, const struct earmark_finding *f, struct err *e)
{
    struct arena *a = arg;
    if (f->state != EARMARK_BROKEN) return true;
    return err_field(e, ERR_INVALID, "earmark", "rule %s (%s, %s)%s%s%s: %s", f->rule->code,
                     f->rule->title, earmark_says(f->rule, false, a), f->of && *f->of ? ", " : "",
                     f->of ? f->of : "", f->posted ? " as posted" : "", earmark_tells(f, false, a));
}

static bool within_amount(const struct earmark_batch *x, const struct earmark_lines *l,
                          struct err *e)
{
    int64_t sum = 0;
    char has[DECIMAL_TEXT], parts[DECIMAL_TEXT];
    if (!x->known) return true;
    for (int i = 0; i < l->n; i++) {
        if (l->at[i].aside || l->at[i].parent >= 0 || !l->at[i].known) continue;
        if (!l->at[i].exact) return true;
        if (!i64_add(sum, l->at[i].amount, &sum)) return true;
    }
    decimal_format(x->amount, 2, has);
    decimal_format(sum, 2, parts);
    return sum <= x->amount ||
           err_field(e, ERR_INVALID, "batch", "batch %s has %s yuan, and its allocations come to "
                     "%s (rule batch)", x->code, has, parts);
}

/* All lines of a batch go out on its day, or between its days. */
static bool one_day(const struct earmark_batch *x, const struct earmark_lines *l, struct err *e)
{
    char from[DATE_TEXT], to[DATE_TEXT], day[DATE_TEXT];
    int32_t until = x->until == DATE_MAX ? x->on : x->until;
    if (x->on == DATE_MIN) return true;
    for (int i = 0; i < l->n; i++) {
        if (l->at[i].on >= x->on && l->at[i].on <= until) continue;
        date_format(x->on, from);
        date_format(until, to);
        date_format(l->at[i].on, day);
        return err_field(e, ERR_INVALID, "valid_from", "%s of %s is not of the day of its batch "
                         "%s, %s to %s (rule batch)", l->at[i].code, day, x->code, from, to);
    }
    return true;
}

static bool check_batch(struct earmark_book *b, const struct earmark_batch *x, struct err *e)
{
    struct val key[2] = { val_int(x->county), val_int(x->id) };
    struct earmark_lines l;
    return earmark_lines(b, EARMARK_LINES_OF_BATCH, key, 2, x, &l, e) && within_amount(x, &l, e) &&
           one_day(x, &l, e) && earmark_check_batch(b, x, refuse, b->a, e) &&
           earmark_check_fund(b, x->fund_county, x->fund_line, refuse, b->a, e);
}

static bool check_lines(struct earmark_book *b, const struct earmark_lines *l, struct err *e)
{
    if (l->n == 0) return true;
    struct earmark_ask q = { .line = l->at, .n = l->n, .alone = true, .of = "" };
    return earmark_ask(b, &q, refuse, b->a, e);
}

/* --- a load --- */

struct seen { struct map batches, funds; };
struct row_at { int64_t county, id; };

static bool seen_first(struct map *m, int64_t county, int64_t id)
{
    struct row_at key = { county, id };
    bool added;
    map_put(m, &key, &added);
    return added;
}

struct touched { struct earmark_book *b; struct seen seen; };

static bool batch_at(struct touched *t, int64_t county, int64_t id, struct err *e)
{
    struct earmark_batch x;
    bool found;
    if (!id || !seen_first(&t->seen.batches, county, id)) return true;
    if (!earmark_batch_of(t->b, county, id, &x, &found, e)) return false;
    return !found || check_batch(t->b, &x, e);
}

static bool fund_at(struct touched *t, int64_t county, int64_t id, struct err *e)
{
    if (!id || !seen_first(&t->seen.funds, county, id)) return true;
    return earmark_check_fund(t->b, county, id, refuse, t->b->a, e);
}

static bool check_load(struct touched *t, int64_t load, struct err *e)
{
    struct earmark_lines l;
    struct earmark_batches batches;
    struct val v = val_int(load);
    if (!earmark_lines(t->b, EARMARK_LINES_OF_LOAD, &v, 1, NULL, &l, e) ||
        !check_lines(t->b, &l, e) || !earmark_batches(t->b, load, &batches, e))
        return false;
    for (int i = 0; i < batches.n; i++)
        if (!batch_at(t, batches.at[i].county, batches.at[i].id, e)) return false;
    for (int i = 0; i < l.n; i++)
        if (!batch_at(t, l.at[i].batch_county, l.at[i].batch, e) ||
            !fund_at(t, l.at[i].fund_county, l.at[i].fund_line, e))
            return false;
    return true;
}

static bool check_row(struct touched *t, const struct guard_row *r, struct err *e)
{
    struct val key[2] = { val_int(r->county), val_int(r->id) };
    struct earmark_lines l;
    switch (r->entity) {
    case NUMBER_BATCH: return batch_at(t, r->county, r->id, e);
    case NUMBER_FUND_LINE: return fund_at(t, r->county, r->id, e);
    case NUMBER_ALLOCATION:
        return earmark_lines(t->b, EARMARK_LINE, key, 2, NULL, &l, e) && check_lines(t->b, &l, e);
    case NUMBER_TRANSFER:
        return t->b->n_rules == 0 || (earmark_leg(t->b, r->county, r->id, &l, e) &&
                                      check_lines(t->b, &l, e));
    default: return true;
    }
}

static bool mine(const struct guard_touch *g)
{
    for (size_t i = 0; i < g->n; i++) {
        int64_t n = g->row[i].entity;
        if (n == NUMBER_EARMARK_RULE || n == NUMBER_BATCH || n == NUMBER_FUND_LINE ||
            n == NUMBER_ALLOCATION || n == NUMBER_TRANSFER)
            return true;
    }
    return g->published >= 0;
}

static bool check(struct tx *tx, const struct figures *f, const struct guard_touch *g,
                  struct err *e)
{
    struct arena a = { 0 };
    struct earmark_book b;
    const struct model *mo = store_model(db_store(tx_db(tx)));
    (void)f;
    if (!mine(g)) return true;
    bool ok = earmark_open(&b, tx_db(tx), mo ? mo->codes : NULL, g->published, DATE_MAX, &a, e);
    struct touched t = { .b = &b };
    map_init(&t.seen.batches, sizeof(struct row_at), 1);
    map_init(&t.seen.funds, sizeof(struct row_at), 1);
    if (ok && g->published >= 0) ok = check_load(&t, g->published, e);
    for (size_t i = 0; ok && g->published < 0 && i < g->n; i++) ok = check_row(&t, &g->row[i], e);
    map_free(&t.seen.batches);
    map_free(&t.seen.funds);
    earmark_close(&b);
    arena_free(&a);
    return ok;
}

const struct guard earmark_guard = { .name = "earmark", .touch = touch, .check = check };
