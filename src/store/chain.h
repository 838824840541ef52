/* chain: the canonical bytes of the journal and their hashes. Private to store/.
 *
 * An entry's canonical bytes: writer, seq, recorded, actor, county, id, before, after (8 bytes
 * each, little endian), kind, entity (4 bytes each), the body's length + 1 (4 bytes; 0 = none) and
 * bytes, and the image's digest, or nothing. An image's: per value its type byte, then an integer
 * as 8 bytes, or a length as 4 bytes and the bytes. */
#ifndef JD_STORE_CHAIN_H
#define JD_STORE_CHAIN_H

#include "store/journal.h"

#define CHAIN_COLUMNS 13 /* as JOURNAL_COLUMNS in tables.c has them */

struct chain_entry {
    struct journal_row row;
    const unsigned char *image;  /* digest of the before-image, or NULL */
};

void chain_hash(const unsigned char before[DIGEST_LEN], const struct chain_entry *c,
                unsigned char out[DIGEST_LEN]);
/* From a row of the journal's columns; borrowed. False: a value is of a type it cannot have. */
bool chain_read(const struct val *row, int n, struct chain_entry *out);

void image_encode(struct buf *b, const struct val *row, int n);
/* Arena; false when the bytes are no image. Texts and blobs point into p. */
bool image_decode(const unsigned char *p, size_t n, struct arena *a, struct val **row, int *count);

#endif
