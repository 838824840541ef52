/* Typed points never come to more than their item gives. A weight that is lowered afterwards is told
 * by `jiedui scorecard check`, and the points then count nowhere. */
#include "base/money.h"
#include "programme/guard/guard.h"
#include "programme/numbers.h"
#include "programme/plan/plan.h"
#include "programme/rows/rows.h"

static void touch(void *notes, const struct table_map *m, const struct val *before,
                  const struct val *after)
{
    (void)before;
    if (m->entity->number == NUMBER_SCORECARD_POINT && after)
        guard_note(notes, NUMBER_SCORECARD_POINT, after[ROW_COUNTY].i, after[ROW_ID].i);
}

static bool none(const struct rows *r, struct err *e)
{
    char points[DECIMAL_TEXT], weight[DECIMAL_TEXT];
    if (!r->n) return true;
    const struct val *v = r->row[0];
    decimal_format(row_int(v[1]), 2, points);
    decimal_format(row_int(v[2]), 2, weight);
    return err_field(e, ERR_INVALID, "points",
                     "%s gives %s points, and its item has %s: give no more", row_text(v[0]),
                     points, weight);
}

static bool check(struct tx *tx, const struct figures *f, const struct guard_touch *t,
                  struct err *e)
{
    struct arena a = { 0 };
    struct rows r = { 0 };
    bool ok = true;
    (void)f;
    for (size_t i = 0; ok && i < t->n; i++) {
        if (t->row[i].entity != NUMBER_SCORECARD_POINT) continue;
        struct val v[2] = { val_int(t->row[i].county), val_int(t->row[i].id) };
        ok = rows_read(tx_db(tx), &plan_stmts.stmts[PLAN_POINT_ABOVE], v, 2, &a, &r, e) &&
             none(&r, e);
    }
    if (ok && t->published >= 0) {
        struct val v = val_int(t->published);
        ok = rows_read(tx_db(tx), &plan_stmts.stmts[PLAN_LOADED_ABOVE], &v, 1, &a, &r, e) &&
             none(&r, e);
    }
    arena_free(&a);
    return ok;
}

const struct guard scorecard_guard = { .name = "scorecard", .touch = touch, .check = check };
