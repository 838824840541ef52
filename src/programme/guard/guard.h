/* guard: what must hold across rows, looked at before a transaction ends. A row is checked alone by
 * its entity; whether the parts of a target overshoot it only all rows together say. guards_observe
 * puts itself before whatever observes the model; a transaction in which something does not hold is
 * refused whole, with a sentence that names the row, and nothing of it is kept. A load is looked at
 * when it becomes visible, with all its slices.
 *
 * What follows from other rows for a row that is written singly (the standing of what two sides
 * share, sides/) is filled in on the same way. */
#ifndef JD_PROGRAMME_GUARD_H
#define JD_PROGRAMME_GUARD_H

#include "entity/entity.h"
#include "figure/figure.h"

/* What one transaction touched of the entities that a guard asked for. */
struct guard_touch {
    int64_t published;         /* the load that becomes visible with this transaction, or -1 */
    const struct guard_row *row; size_t n;
    const struct model *model;
};
struct guard_row { int64_t entity, county, id; }; /* entity number; a row, or one it refers to */

struct guard {
    const char *name;
    /* Notes what a changed row touches (guard_note); after or before may be NULL. Of a load only
     * the rows that were there before it are told. */
    void (*touch)(void *notes, const struct table_map *m, const struct val *before,
                  const struct val *after);
    bool (*check)(struct tx *tx, const struct figures *f, const struct guard_touch *t,
                  struct err *e);
};
void guard_note(void *notes, int64_t entity, int64_t county, int64_t id);
bool guard_touched(const struct guard_touch *t, int64_t entity, int64_t county, int64_t id);

/* Kept by the caller as long as the model; borrowed by it. */
struct guards {
    const struct figures *figures;
    const struct model *model;
    bool (*observe)(void *arg, struct tx *tx, const struct table_map *m, const struct val *before,
                    const struct val *after, struct err *e);
    bool (*publish)(void *arg, struct tx *tx, int64_t load, struct err *e);
    bool (*discard)(void *arg, struct tx *tx, int64_t load, struct err *e);
    void *arg;
};
/* After figures_observe, and again after each further one. f may be NULL. */
void guards_observe(struct guards *g, struct model *mo, const struct figures *f);

extern const struct guard plan_guard, posting_guard, pairing_guard, earmark_guard, docking_guard,
    scorecard_guard, burden_guard;

#endif
