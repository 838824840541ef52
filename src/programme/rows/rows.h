/* rows: what a statement of a room gives, kept in an arena, and short ways to its values. */
#ifndef JD_PROGRAMME_ROWS_H
#define JD_PROGRAMME_ROWS_H

#include "base/arena.h"
#include "base/date.h"
#include "store/store.h"

struct rows { struct val **row; int n; };   /* arena */

/* All rows of a statement; texts end in NUL. */
bool rows_read(struct db *d, const struct stmt *s, const struct val *params, int n,
               struct arena *a, struct rows *out, struct err *e) WARN_UNUSED;

/* The row whose first two columns are these, in rows ordered by them; or NULL. */
const struct val *rows_find(const struct rows *r, int64_t county, int64_t id);

static inline int64_t row_int(struct val v) { return v.type == VAL_INT ? v.i : 0; }
static inline int32_t row_date(struct val v, int32_t absent)
{
    return v.type == VAL_INT ? (int32_t)v.i : absent;
}
/* "" for NULL; borrowed from the rows. */
static inline const char *row_text(struct val v) { return v.type == VAL_TEXT ? v.p : ""; }
bool row_is(struct val v, const char *text);

#endif
