/* scan: from records to deltas, for rebuilding and proving cells. Private to figure/. */
#ifndef JD_FIGURE_SCAN_H
#define JD_FIGURE_SCAN_H

#include "figure/delta.h"

struct scan_job {
    struct db *d;
    const struct table_map *m;
    const struct figure *const *list; int n;   /* figures of that table */
    int64_t from, to;                          /* counties */
    /* Given what the rows of some counties give, and empties it. May use d. */
    bool (*take)(void *arg, struct gather *g, struct err *e);
    void *arg;
};
/* Rows of the pending load do not count. Memory follows what one county gives. */
bool scan_rows(const struct scan_job *j, struct err *e) WARN_UNUSED;

#endif
