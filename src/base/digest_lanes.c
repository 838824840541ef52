/* Digests of many rows: four rows go through BLAKE2b side by side, one in each lane of a vector. The
 * compiler makes versions for processors with wide vectors, and the one that fits is chosen when
 * the program starts. What comes out is what row_digest and row_digest_named give, row by row; the
 * tests hold them together. */
#include <string.h>

#include "base/digest.h"
#include "base/digest_row.h"

#define LANES 4
#define ROW_BYTES (16 * BLOCK) /* longer rows are digested singly */

typedef uint64_t lanes __attribute__((vector_size(LANES * sizeof(uint64_t))));

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define FOR_EACH_PROCESSOR \
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

#define TURN(v, n) ((v) >> (n) | (v) << (64 - (n)))
#define MIX(a, b, c, d, x, y)                                                     \
    a += b + x;                                                                   \
    d = TURN(d ^ a, 32);                                                          \
    c += d;                                                                       \
    b = TURN(b ^ c, 24);                                                          \
    a += b + y;                                                                   \
    d = TURN(d ^ a, 16);                                                          \
    c += d;                                                                       \
    b = TURN(b ^ c, 63)

/* Four rows as bytes, each filled with zeros to the end of its last block. */
struct rows { unsigned char bytes[LANES][ROW_BYTES]; size_t used[LANES], blocks; };

/* In a row that has ended before block b, nothing changes any more. */
FOR_EACH_PROCESSOR
static void digest_lanes(const struct chain *from, const struct rows *rows, int64_t *out)
{
    lanes h[8], v[16], m[16];
    for (int i = 0; i < 8; i++) h[i] = (lanes){ 0 } + from->h[i];
    for (size_t b = 0; b < rows->blocks; b++) {
        lanes bytes = { 0 }, last = { 0 }, live = { 0 };
        for (int l = 0; l < LANES; l++) {
            size_t used = rows->used[l], end = (b + 1) * BLOCK;
            const unsigned char *p = rows->bytes[l] + b * BLOCK;
            for (int i = 0; i < 16; i++) m[i][l] = load(p + 8 * i);
            bytes[l] = from->bytes + (end < used ? end : used);
            last[l] = end < used ? 0 : UINT64_MAX;
            live[l] = b * BLOCK < used ? UINT64_MAX : 0;
        }
        for (int i = 0; i < 8; i++) {
            v[i] = h[i];
            v[8 + i] = (lanes){ 0 } + blake_start[i];
        }
        v[12] ^= bytes;
        v[14] ^= last;
        ROUNDS;
        for (int i = 0; i < 8; i++) h[i] ^= (v[i] ^ v[8 + i]) & live;
    }
    for (int l = 0; l < LANES; l++) out[l] = (int64_t)h[0][l];
}

/* Canonical bytes, as row_digest_named has them, or, without tags, row_digest. False when there are
 * too many. */
static bool gather(struct rows *rows, int lane, uint32_t table, const uint32_t *tags,
                   const struct val *row, size_t n)
{
    unsigned char *start = rows->bytes[lane], *to = start, *end = start + ROW_BYTES;
    store32(to, table);
    to += 4;
    for (size_t i = 0; i < n; i++) {
        const struct val *v = &row[i];
        size_t more = v->type == VAL_INT || v->type == VAL_NULL ? 0 : v->n;
        if (tags && v->type == VAL_NULL) continue;
        if ((size_t)(end - to) < 16 + more) return false;
        if (tags) {
            store32(to, tags[i]);
            to += 4;
        }
        *to++ = v->type;
        if (v->type == VAL_NULL) continue;
        if (v->type == VAL_INT) {
            store64(to, (uint64_t)v->i);
            to += 8;
            continue;
        }
        store32(to, v->n);
        if (more) memcpy(to + 4, v->p, more);
        to += 4 + more;
    }
    size_t used = (size_t)(to - start), blocks = (used + BLOCK - 1) / BLOCK;
    memset(to, 0, blocks * BLOCK - used);
    rows->used[lane] = used;
    if (blocks > rows->blocks) rows->blocks = blocks;
    return true;
}

static int64_t digest_one(const struct row_key *k, uint32_t table, const uint32_t *tags,
                          const struct val *row, size_t n)
{
    return tags ? row_digest_named(k, table, tags, row, n) : row_digest(k, table, row, n);
}

void row_digests_named(const struct row_key *k, uint32_t table, const uint32_t *tags,
                       const struct val *rows, size_t n, size_t stride, size_t count,
                       int64_t *out)
{
    struct chain from;
    struct rows four;
    size_t at = 0;
    memcpy(&from, k->keyed.state, sizeof from);
    for (; count - at >= LANES; at += LANES) {
        bool fit = true;
        four.blocks = 0;
        for (int l = 0; l < LANES && fit; l++)
            fit = gather(&four, l, table, tags, rows + (at + (size_t)l) * stride, n);
        if (fit) digest_lanes(&from, &four, out + at);
        for (size_t l = 0; !fit && l < LANES; l++)
            out[at + l] = digest_one(k, table, tags, rows + (at + l) * stride, n);
    }
    for (; at < count; at++) out[at] = digest_one(k, table, tags, rows + at * stride, n);
}

void row_digests(const struct row_key *k, uint32_t table, const struct val *rows, size_t n,
                 size_t stride, size_t count, int64_t *out)
{
    row_digests_named(k, table, NULL, rows, n, stride, count, out);
}
