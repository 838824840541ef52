/* digest: BLAKE2b. An 8-byte keyed digest names a row; a 32-byte one chains the journal and
 * names documents. */
#ifndef JD_BASE_DIGEST_H
#define JD_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/val.h"

#define DIGEST_LEN 32
#define DIGEST_KEY_LEN 32
#define DIGEST_HEX (DIGEST_LEN * 2 + 1)

/* Call once at program start, before any other function of base that hashes or needs
 * randomness; safe to call again. */
bool digest_start(void);

/* Streaming 32-byte digest. The struct is opaque storage. */
struct digest { _Alignas(64) unsigned char state[512]; };
void digest_init(struct digest *d);
void digest_add(struct digest *d, const void *p, size_t n);
void digest_done(struct digest *d, unsigned char out[DIGEST_LEN]);
void digest_of(const void *p, size_t n, unsigned char out[DIGEST_LEN]);
void digest_hex(const unsigned char *p, size_t n, char *out); /* 2n + 1 bytes */
bool digest_unhex(const char *s, size_t chars, unsigned char *out); /* chars/2 bytes */

/* The row digest: keyed BLAKE2b-64 over the canonical bytes of `n` values behind a table number.
 * Canonical bytes: the table number (4 bytes LE), then for each value its type byte, then an
 * integer as 8 bytes LE, or a length as 4 bytes LE and the bytes; NULL is its type byte alone.
 * The key is worked through once, not for each row. */
struct row_key { struct digest keyed; };
void row_key_init(struct row_key *k, const unsigned char key[DIGEST_KEY_LEN]);
int64_t row_digest(const struct row_key *k, uint32_t table, const struct val *row, size_t n);

/* The same with a tag (4 bytes LE) before each value that is not NULL, and NULLs left out: a table
 * that is given a new column keeps the digests of the rows it has. Tags are of the columns' names,
 * in ascending order of position; a column keeps its tag and its place among the others. */
int64_t row_digest_named(const struct row_key *k, uint32_t table, const uint32_t *tags,
                         const struct val *row, size_t n);

/* Both for many rows, `stride` values apart, several at once in the lanes of a vector. */
void row_digests(const struct row_key *k, uint32_t table, const struct val *rows, size_t n,
                 size_t stride, size_t count, int64_t *out);
void row_digests_named(const struct row_key *k, uint32_t table, const uint32_t *tags,
                       const struct val *rows, size_t n, size_t stride, size_t count,
                       int64_t *out);

void random_bytes(void *p, size_t n); /* from the system's generator */

#endif
