/* Parts that come to more than the whole are not written. */
#include "base/date.h"
#include "programme/guard/guard.h"
#include "programme/numbers.h"
#include "programme/plan/measure.h"
#include "programme/plan/plan.h"
#include "programme/plan/plan_read.h"

/* A target touches itself as a whole, and the whole that it is a part of. */
static void note_target(void *notes, const struct table_map *m, const struct val *row)
{
    if (!row) return;
    struct val county = row[m->county_column[TARGET_PARENT]], id = row[m->column[TARGET_PARENT]];
    guard_note(notes, NUMBER_TARGET, row[ROW_COUNTY].i, row[ROW_ID].i);
    if (id.type == VAL_INT)
        guard_note(notes, NUMBER_TARGET, county.type == VAL_INT ? county.i : 0, id.i);
}

static void note_revision(void *notes, const struct table_map *m, const struct val *row)
{
    struct val id = row ? row[m->column[TARGET_REVISION_TARGET]] : val_null();
    if (id.type == VAL_INT) guard_note(notes, NUMBER_TARGET, row[ROW_COUNTY].i, id.i);
}

static void touch(void *notes, const struct table_map *m, const struct val *before,
                  const struct val *after)
{
    if (m->entity->number == NUMBER_TARGET) {
        note_target(notes, m, before);
        note_target(notes, m, after);
    } else if (m->entity->number == NUMBER_TARGET_REVISION) {
        note_revision(notes, m, before);
        note_revision(notes, m, after);
    }
}

struct looking { const struct guard_touch *touch; const struct plan_tree *tree; struct arena *a; };

static bool refuse(void *arg, const struct plan_fault *f, struct err *e)
{
    struct looking *l = arg;
    const struct plan_node *n = &l->tree->node[f->node];
    if (f->kind != PLAN_OVER && f->kind != PLAN_CIRCLE) return true;
    bool mine = guard_touched(l->touch, NUMBER_TARGET, n->county, n->id);
    for (int k = n->child; k >= 0 && !mine;
         k = l->tree->node[k].next) /* one of its parts was set anew */
        mine = guard_touched(l->touch, NUMBER_TARGET, l->tree->node[k].county, l->tree->node[k].id);
    return !mine ||
           err_field(e, ERR_INVALID, "target_value", "%s", plan_fault_text(l->tree, f, l->a));
}

static bool check(struct tx *tx, const struct figures *f, const struct guard_touch *t,
                  struct err *e)
{
    struct arena a = { 0 };
    struct plan_book b;
    int64_t any = 0;
    bool found = t->n > 0;
    struct val load = val_int(t->published);
    bool ok = true;
    if (!found && t->published >= 0)
        ok = db_int(tx_db(tx), &plan_stmts.stmts[PLAN_LOADED], &load, 1, &any, &found, e) &&
             (found || db_int(tx_db(tx), &plan_stmts.stmts[PLAN_LOADED_REVISION], &load, 1, &any,
                              &found, e));
    if (ok && found) {
        ok = plan_read_targets(&b, tx_db(tx), DATE_MAX, t->published, &a, e);
        if (ok) {
            struct looking l = { t, &b.tree, &a };
            plan_find_figures(&b.tree, f, &a);
            ok = plan_tree_check(&b.tree, refuse, &l, e);
        }
    }
    arena_free(&a);
    return ok;
}

const struct guard plan_guard = { .name = "plan", .touch = touch, .check = check };
