/* scan: from records to deltas, for rebuilding and proving cells. Private to figure/. */
#ifndef JD_FIGURE_SCAN_H
#define JD_FIGURE_SCAN_H

#include "figure/delta.h"

/* Whether a figure's rows only reach cells of their own county. */
bool figure_local(const struct figure *f);

struct scan_job {
    struct db *d;
    const struct table_map *m;
    const struct figure *const *list; int n;   /* figures of that table */
    int64_t from, to;                          /* counties */
    /* Rows of `near` and of all other figures gathered so far; called after each county. It takes what
     * it can use out of the gathers. May write, but only on another statement than the scan's. */
    bool (*county)(void *arg, int64_t county, struct gather *near, struct gather *far, struct err *e);
    void *arg;
};
/* Rows of the pending load do not count. */
bool scan_rows(const struct scan_job *j, struct err *e) WARN_UNUSED;

#endif
