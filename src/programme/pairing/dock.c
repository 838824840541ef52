/* A docking from its proposal to its end. */
#include "programme/pairing/needs.h"

#include <string.h>

#include "base/count.h"

static struct val *value(const struct table_map *m, struct val *row, int field)
{
    return &row[m->column[field]];
}

/* NEED+OFFER, and a number behind it when there was one before. */
static bool new_code(struct need_book *n, const struct dock_request *q, const char **code,
                     struct err *e)
{
    const char *stem = arena_printf(n->a, "%s+%s", q->need, q->offer);
    if (strlen(stem) > 50) stem = arena_printf(n->a, "%.24s+%.24s", q->need, q->offer);
    *code = stem;
    for (int i = 2; docked_find(n, *code); i++) {
        if (i == 1000) return err_set(e, ERR_CONFLICT, "too many dockings of these two");
        *code = arena_printf(n->a, "%s+%d", stem, i);
    }
    return true;
}

static bool propose(struct need_book *n, const struct dock_request *q, struct fit *f, struct err *e)
{
    const struct demand *d = needs_find(n, q->need);
    const struct supply *s = offers_find(n, q->offer);
    if (!d) return err_set(e, ERR_NOT_FOUND, "there is no need %s", q->need);
    if (!s) return err_set(e, ERR_NOT_FOUND, "there is no offer %s", q->offer);
    if (!needs_fit(n, d, s, f, e)) return false;
    if (f->score == 0) return err_set(e, ERR_INVALID, "%s cannot meet %s: %s", q->offer, q->need, f->why);
    return true;
}

bool needs_dock(struct tx *tx, const struct model *mo, const struct dock_request *q,
                struct arena *a, const char **code, struct fit *fit, struct err *e)
{
    const struct table_map *m = model_find(mo, "docking");
    struct val row[ENTITY_MAX_COLUMNS + 1] = { 0 };
    struct need_book n;
    bool ok = needs_read(&n, tx_db(tx), mo, q->on, a, e) && propose(&n, q, fit, e) &&
              new_code(&n, q, code, e);
    if (ok && q->project) {
        row[ROW_COUNTY] = val_int(0);
        ok = field_read(mo, m, DOCKING_PROJECT, q->project, strlen(q->project), tx_db(tx), row, a, e);
    }
    if (ok) {
        const int64_t taken = q->given ? q->taken : fit->quantity;
        row[ROW_COUNTY] = val_int(fit->need->county);
        *value(m, row, DOCKING_CODE) = val_text(*code);
        *value(m, row, DOCKING_NEED) = val_int(fit->need->id);
        *value(m, row, DOCKING_OFFER) = val_int(fit->offer->id);
        row[m->county_column[DOCKING_OFFER]] = val_int(fit->offer->county);
        *value(m, row, fit->money ? DOCKING_AMOUNT : DOCKING_TAKEN) = val_int(taken);
        *value(m, row, DOCKING_STATE) = val_text("proposed");
        *value(m, row, DOCKING_PROPOSED_ON) = val_int(q->on);
        *value(m, row, DOCKING_SCORE) = val_int(fit->score);
        *value(m, row, DOCKING_WHY) = val_text(fit->why);
        *value(m, row, m->common + COMMON_BASIS) = val_text("recorded");
        *value(m, row, m->common + COMMON_CONFIRMATION) = val_text("one_sided");
        ok = row_insert(tx, mo, m, row, e);
    }
    needs_close(&n);
    return ok;
}

/* ---- the steps ---- */

static const struct step { const char *to, *from[3]; int day; } steps[] = {
    [DOCK_AGREE] = { "agreed", { "proposed" }, DOCKING_AGREED_ON },
    [DOCK_DELIVER] = { "delivered", { "agreed" }, DOCKING_DELIVERED_ON },
    [DOCK_DONE] = { "done", { "delivered" }, DOCKING_ENDED_ON },
    [DOCK_FAIL] = { "failed", { "proposed", "agreed", "delivered" }, DOCKING_ENDED_ON },
};

/* All of the need is done: it is met on that day. */
static bool met(struct tx *tx, const struct model *mo, const struct need_book *n,
                const struct docked *k, int32_t on, struct err *e)
{
    const struct table_map *m = model_find(mo, "need");
    const struct demand *d = need_of(n, k);
    struct val row[ENTITY_MAX_COLUMNS + 1];
    int64_t taken = 0, amount = 0;
    bool found;
    if (!d || d->met_on != DATE_MAX) return true;
    for (int i = 0; i < n->n_docked; i++) {
        const struct docked *x = &n->docked[i];
        if (x->county != k->county || x->need != k->need) continue;
        if (x != k && strcmp(x->state, "done") != 0) continue;
        taken += x->taken;
        amount += x->amount;
    }
    bool all = k->has_amount ? d->has_amount && amount >= d->amount
                             : d->has_quantity && taken >= d->quantity;
    if (!all) return true;
    if (!row_get(tx_db(tx), m, d->county, d->id, n->a, row, &found, e) || !found) return found;
    *value(m, row, NEED_MET_ON) = val_int(on);
    return row_update(tx, mo, m, row, 0, e);
}

static bool take_step(struct tx *tx, const struct model *mo, const struct need_book *n,
                      const struct docked *k, enum dock_step step, const char *reason, int32_t on,
                      struct err *e)
{
    const struct table_map *m = model_find(mo, "docking");
    const struct step *s = &steps[step];
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool may = false, found;
    for (int i = 0; i < COUNT(s->from) && s->from[i]; i++) may = may || !strcmp(k->state, s->from[i]);
    if (!may)
        return err_set(e, ERR_INVALID, "docking %s is %s: only one that is %s becomes %s", k->code,
                       k->state, step == DOCK_FAIL ? "not ended" : s->from[0], s->to);
    if (!row_get(tx_db(tx), m, k->county, k->id, n->a, row, &found, e)) return false;
    if (!found) return err_set(e, ERR_CONFLICT, "docking %s is gone: try again", k->code);
    *value(m, row, DOCKING_STATE) = val_text(s->to);
    *value(m, row, s->day) = val_int(on);
    if (step == DOCK_FAIL && reason) *value(m, row, DOCKING_REASON) = val_text(reason);
    return row_update(tx, mo, m, row, 0, e) && (step != DOCK_DONE || met(tx, mo, n, k, on, e));
}

bool needs_step(struct tx *tx, const struct model *mo, const char *code, enum dock_step step,
                const char *reason, int32_t on, struct arena *a, struct err *e)
{
    struct need_book n;
    bool ok = needs_read(&n, tx_db(tx), mo, on, a, e);
    const struct docked *k = ok ? docked_find(&n, code) : NULL;
    if (ok && !k)
        ok = err_set(e, ERR_NOT_FOUND, "there is no docking %s; `jiedui needs dockings` lists them",
                     code);
    ok = ok && take_step(tx, mo, &n, k, step, reason, on, e);
    needs_close(&n);
    return ok;
}
