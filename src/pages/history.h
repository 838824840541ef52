/* history: what was done to a record, from the journal: in words, by whom, before and after. What who looks
 * may not see is masked in it as everywhere. Private to pages/. */
#ifndef JD_PAGES_HISTORY_H
#define JD_PAGES_HISTORY_H

#include "pages/parts.h"
#include "store/journal.h"

/* The sign-in name of who did it. */
const char *actor_name(struct request *q, int64_t actor);
/* A table of the fields that differ, under two headings; NULL: the row was not there. */
void row_difference(struct request *q, struct buf *b, const struct table_map *m, const struct val *was,
                    const char *before, const struct val *is, const char *after);
/* The row as an entry found it; *found is false when that was erased. */
bool image_read(struct request *q, const struct table_map *m, int64_t writer, int64_t seq, int64_t county,
                struct val *row, bool *found, struct err *e) WARN_UNUSED;
/* The entries of a row, the latest first. writes: each change has a link that puts it back, by a form. */
bool history_list(struct request *q, struct buf *b, const struct table_map *m, const struct val *row, bool writes,
                  struct err *e) WARN_UNUSED;

#endif
