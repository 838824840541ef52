/* bulk: one act on every row of a list. The page says how many rows that is and what becomes of them; what
 * is done is done to the list that was shown, or, when that has changed meanwhile, not begun. Private to pages/. */
#ifndef JD_PAGES_BULK_H
#define JD_PAGES_BULK_H

#include "pages/import.h"
#include "pages/view.h"

enum { BULK_MOST = 200000, BULK_TOLD = 200 };
enum bulk_act { BULK_SET, BULK_DELETE, BULK_CONFIRM };

/* How many rows, and the sum of their digests: the same for a list that nobody has changed. */
struct bulk_mark { int64_t rows; uint64_t sum; };

/* What a task is asked for, beside the query. */
struct bulk { const struct table_map *m; struct list_query query; enum bulk_act act; int64_t organisation;
              struct bulk_mark mark; };

extern const struct job_kind bulk_kind;
const char *bulk_asked(const struct view *v, enum bulk_act act, int64_t organisation, const struct bulk_mark *mark,
                       struct arena *a);
/* A file beside those that are sent, for an import that the program asks for itself. */
bool bulk_sheet_path(struct request *q, const char **out, struct err *e) WARN_UNUSED;
/* Of a task at rest: what was done, what was refused and why. */
void bulk_panel(struct request *q, struct buf *b, const struct job_view *v);
/* Puts the rows that a task has deleted back, as an import of their sheet. */
void bulk_restore(struct request *q, struct response *r, const struct job_view *v);

#endif
