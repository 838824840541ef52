/* view: what a list shows, read from the address: columns, conditions, order, place in it. Nothing that
 * the viewer may not see is taken: not as a column, not in a condition, not to sort by. Private to
 * pages/. */
#ifndef JD_PAGES_VIEW_H
#define JD_PAGES_VIEW_H

#include "pages/parts.h"

enum { MAX_SHOWN = 64 };

struct view {
    const struct table_map *m;
    int field[MAX_SHOWN]; int n;
    const char *where;             /* of chips and typed rule, joined; NULL = all */
    struct list_query query;
    int64_t from_row;
};

/* v->m is set before. limit is left to the caller. */
bool view_read(struct request *q, struct view *v, struct err *e) WARN_UNUSED;

#endif
