/* word: one side says its word on a record, in a form that comes back as it was typed, with the reason, when
 * it cannot be taken. Private to pages/. */
#ifndef JD_PAGES_WORD_H
#define JD_PAGES_WORD_H

#include "pages/parts.h"

struct saying {
    struct request *q;
    const struct table_map *m;
    const struct val *row;
    const char *as, *says, *correction, *reason;   /* as typed; NULL = left empty */
};
/* ERR_INVALID with the field "as", "says" or "correction" where that is what is wrong. */
bool word_say(struct saying *s, struct err *e) WARN_UNUSED;

enum { BULK_REASONS = 10 };
struct bulk_told { int n, done, refused; const char *reason[BULK_REASONS]; };
void bulk_note(struct request *q, struct buf *b, const struct bulk_told *t);

#endif
