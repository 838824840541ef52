/* measure: what targets reached, from figures, and where that leaves them.
 *
 * Methods, all in whole numbers:
 *   completion   actual / target, in tenths of a percent, cut: 99.96% is shown as 99.9%. Of an
 *                actual that is only bounded (a period that cuts an interval), its lower bound.
 *   elapsed      days of the target's period up to the day asked for, both ends included, / all
 *                its days; likewise cut.
 *   behind       completion is below elapsed by more than the tolerance.
 *   forecast     of a flow: actual * days of the period / days elapsed, cut. Of a stock: the value
 *                at the beginning plus the change since, carried on in the same way. Of a ratio:
 *                as it stands. None before the period begins; after it, the actual itself.
 * "At most" targets (qualifier le or lt) are within or exceeded, and never behind. A target without
 * value, or of 0, has no completion. */
#ifndef JD_PROGRAMME_PLAN_MEASURE_H
#define JD_PROGRAMME_PLAN_MEASURE_H

#include "programme/plan/tree.h"

struct plan_when {
    int32_t on;               /* the day asked for */
    int64_t tolerance;        /* tenths of a percent */
    const struct scope *scope; /* for whom figures are read; NULL = nobody */
};

/* Finds each node's figure; sets `why` where there is none, or its unit is another. */
void plan_find_figures(struct plan_tree *t, const struct figures *f, struct arena *a);
/* Reads the actuals of all nodes and judges them. Targets of one figure, organisation and period
 * over places of one level are read together. Figures must be found. */
bool plan_measure(struct plan_tree *t, const struct figure_context *c, struct db *d,
                  const struct plan_when *w, struct arena *a, struct err *e) WARN_UNUSED;
/* Completion, elapsed time, forecast and state of one node whose actual is there. `start` is a
 * stock's value on the day before the period. Pure. */
void plan_judge(struct plan_node *n, const struct plan_when *w, int64_t start);
bool plan_is_stock(const struct figure *f);
/* What is left to do, in hundredths of the target's unit, cut up; 0 when reached, -1 = not known.
 */
int64_t plan_left(const struct plan_node *n);

#endif
