/* load_body: the canonical bytes of a load's journal entry: which load, the rows it inserted as one
 * count and one sum of row digests (mod 2^64) per table and county, and the digest of its files.
 * Integers are little-endian: number 8, digest 32, n 4, then per sum: table 4, county 8, count 8,
 * sum 8; sums in order of table and county. The undo entry of a load has the number alone. */
#ifndef JD_ENTITY_LOAD_BODY_H
#define JD_ENTITY_LOAD_BODY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/journal.h"

struct load_body {
    int64_t number;
    unsigned char files[DIGEST_LEN];
    const struct load_sum *sums;
    size_t n;
};
void load_body_write(struct buf *b, const struct load_body *l);
/* False (ERR_CORRUPT) when the bytes are no such body. sums are arena. */
bool load_body_read(const void *p, size_t n, struct load_body *out, struct arena *a,
                    struct err *e) WARN_UNUSED;

void undo_body_write(struct buf *b, int64_t number);
bool undo_body_read(const void *p, size_t n, int64_t *number, struct err *e) WARN_UNUSED;

#endif
