#include "programme/household/move.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "entity/load.h"
#include "programme/household/household.h"
#include "programme/household/household_sql.h"

struct moving {
    struct tx *tx;
    const struct model *mo;
    const struct household_move *move;
    struct household_moved *out;
    const struct table_map *household, *person;
    struct arena arena;
    struct val old[ENTITY_MAX_COLUMNS + 1];
};

static struct val *value(const struct table_map *m, struct val *row, int field)
{
    return &row[m->column[field]];
}

static bool find(struct moving *x, struct err *e)
{
    const char *code = x->move->code;
    struct db *d = tx_db(x->tx);
    int64_t pending;
    bool found;
    if (!ref_find(x->mo, x->household, code, strlen(code), -1, d, &x->arena, &x->out->from_county,
                  &x->out->from, e) ||
        !row_get(d, x->household, x->out->from_county, x->out->from, &x->arena, x->old, &found,
                 e) ||
        !load_pending(d, &pending, e))
        return false;
    if (!found) return err_set(e, ERR_NOT_FOUND, "there is no household %s", code);
    return x->old[ROW_LOAD].i != pending ||
           err_set(e, ERR_BUSY, "load %lld is bringing this household: try again when it is done",
                   (long long)pending);
}

/* What of the request the household's own past speaks against. */
static bool fits(struct moving *x, struct err *e)
{
    const struct household_move *v = x->move;
    struct val left = *value(x->household, x->old, HOUSEHOLD_LEFT_ON);
    struct val arrived = *value(x->household, x->old, HOUSEHOLD_ARRIVED_ON);
    char day[DATE_TEXT];
    if (left.type == VAL_INT) {
        date_format((int32_t)left.i, day);
        return err_set(e, ERR_INVALID, "household %s left county %lld on %s: name it by its code",
                       v->code, (long long)x->out->from_county, day);
    }
    if (place_level(v->place) < 3)
        return err_field(e, ERR_INVALID, "place", "a household lives in a county, at the widest");
    if (value(x->household, x->old, HOUSEHOLD_PLACE)->i == v->place)
        return err_field(e, ERR_INVALID, "place", "household %s lives there", v->code);
    if (!x->out->county_changed) return true;
    if (!v->dated)
        return err_field(e, ERR_INVALID, "on", "a move to another county needs its day");
    if (arrived.type != VAL_INT || v->on >= arrived.i) return true;
    date_format((int32_t)arrived.i, day);
    return err_field(e, ERR_INVALID, "on", "household %s came to county %lld only on %s", v->code,
                     (long long)x->out->from_county, day);
}

static bool within(struct moving *x, struct err *e)
{
    *value(x->household, x->old, HOUSEHOLD_PLACE) = val_int(x->move->place);
    x->out->to = x->out->from;
    return row_update(x->tx, x->mo, x->household, x->old, 0, e);
}

/* The id in the other county: the same, but for a row that was there before. */
static bool free_id(struct moving *x, const struct table_map *m, int64_t id, int64_t *out,
                    struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct arena_mark mark = arena_mark(&x->arena);
    bool found;
    if (!row_get(tx_db(x->tx), m, x->out->to_county, id, &x->arena, row, &found, e)) return false;
    arena_rewind(&x->arena, mark);
    *out = found ? tx_id(x->tx) : id;
    return true;
}

/* The row here says where it went; its persons copy the day. */
static bool leave(struct moving *x, struct err *e)
{
    const struct table_map *m = x->household;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    memcpy(row, x->old, sizeof row);
    *value(m, row, HOUSEHOLD_LEFT_ON) = val_int(x->move->on);
    *value(m, row, HOUSEHOLD_MOVED_TO) = val_int(x->out->to);
    row[m->county_column[HOUSEHOLD_MOVED_TO]] = val_int(x->out->to_county);
    return row_update(x->tx, x->mo, m, row, 0, e);
}

static bool arrive(struct moving *x, struct err *e)
{
    const struct table_map *m = x->household;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    memcpy(row, x->old, sizeof row);
    row[ROW_ID] = val_int(x->out->to);
    row[ROW_LOAD] = val_int(0);
    *value(m, row, HOUSEHOLD_PLACE) = val_int(x->move->place);
    *value(m, row, HOUSEHOLD_ARRIVED_ON) = val_int(x->move->on);
    return row_insert(x->tx, x->mo, m, row, e);
}

struct ids { int64_t *at; size_t n, cap; };

static bool take_id(void *arg, const struct val *row, int n, struct err *e)
{
    struct ids *x = arg;
    (void)n;
    (void)e;
    x->at = mem_more(x->at, x->n, &x->cap, sizeof *x->at);
    x->at[x->n++] = row[0].i;
    return true;
}

static bool take_along(struct moving *x, int64_t id, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct arena_mark mark = arena_mark(&x->arena);
    int64_t new;
    bool found;
    bool ok = row_get(tx_db(x->tx), x->person, x->out->from_county, id, &x->arena, row, &found,
                      e) &&
              free_id(x, x->person, id, &new, e);
    if (ok) {
        row[ROW_COUNTY] = val_int(x->out->to_county);
        row[ROW_ID] = val_int(new);
        row[ROW_LOAD] = val_int(0);
        *value(x->person, row, PERSON_HOUSEHOLD) = val_int(x->out->to);
        ok = row_insert(x->tx, x->mo, x->person, row, e);
        if (!ok) err_context(e, "a person of the household");
    }
    arena_rewind(&x->arena, mark);
    x->out->persons += ok;
    return ok;
}

static bool across(struct moving *x, struct err *e)
{
    struct val params[2] = { val_int(x->out->from_county), val_int(x->out->from) };
    struct ids ids = { 0 };
    bool ok = tx_query(x->tx, &household_stmts.stmts[HOUSEHOLD_PERSONS], params, 2, take_id, &ids,
                       e) &&
              free_id(x, x->household, x->out->from, &x->out->to, e) && leave(x, e) && arrive(x, e);
    for (size_t i = 0; ok && i < ids.n; i++) ok = take_along(x, ids.at[i], e);
    free(ids.at);
    return ok;
}

bool household_move(struct tx *tx, const struct model *mo, const struct household_move *move,
                    struct household_moved *out, struct err *e)
{
    struct moving x = { .tx = tx, .mo = mo, .move = move, .out = out,
                        .household = model_find(mo, "household"),
                        .person = model_find(mo, "person") };
    *out = (struct household_moved){ .to_county = place_county(move->place) };
    bool ok = find(&x, e);
    out->county_changed = out->to_county != out->from_county;
    ok = ok && fits(&x, e) && (out->county_changed ? across(&x, e) : within(&x, e));
    arena_free(&x.arena);
    return ok;
}
