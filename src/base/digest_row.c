/* The row digest is made for every row that is loaded, which makes it the dearest thing done to
 * one. The key fills BLAKE2b's first block, and a library has to work that block through again for
 * every row; here it is done once. The function is RFC 7693's, and the tests hold it against
 * digests made by others. */
#include "base/digest.h"

#include <string.h>

#include "base/digest_row.h"

#define DIGEST_BYTES 8

_Static_assert(sizeof(struct chain) <= sizeof((struct row_key *)0)->keyed.state, "the chain fits");

static inline uint64_t right(uint64_t v, int n)
{
    return v >> n | v << (64 - n);
}

/* A function: as a macro over single words it comes out a tenth longer. */
static inline void mix(uint64_t *a, uint64_t *b, uint64_t *c, uint64_t *d, uint64_t x, uint64_t y)
{
    *a += *b + x;
    *d = right(*d ^ *a, 32);
    *c += *d;
    *b = right(*b ^ *c, 24);
    *a += *b + y;
    *d = right(*d ^ *a, 16);
    *c += *d;
    *b = right(*b ^ *c, 63);
}

#define MIX(a, b, c, d, x, y) mix(&(a), &(b), &(c), &(d), x, y)

static void compress(struct chain *c, const unsigned char *block, bool last)
{
    uint64_t v[16], m[16];
    for (int i = 0; i < 16; i++) m[i] = load(block + 8 * i);
    for (int i = 0; i < 8; i++) {
        v[i] = c->h[i];
        v[8 + i] = blake_start[i];
    }
    v[12] ^= c->bytes;
    if (last) v[14] = ~v[14];
    ROUNDS;
    for (int i = 0; i < 8; i++) c->h[i] ^= v[i] ^ v[8 + i];
}

/* `start` with the first word of the parameters: lengths of digest and key, no tree. */
void row_key_init(struct row_key *k, const unsigned char key[DIGEST_KEY_LEN])
{
    unsigned char block[BLOCK] = { 0 };
    struct chain c;
    memcpy(block, key, DIGEST_KEY_LEN);
    memcpy(c.h, blake_start, sizeof blake_start);
    c.h[0] ^= DIGEST_BYTES | DIGEST_KEY_LEN << 8 | 1 << 16 | 1 << 24;
    c.bytes = BLOCK;
    compress(&c, block, false);
    memcpy(k->keyed.state, &c, sizeof c);
}

struct gather {
    struct chain chain;
    size_t used;
    unsigned char bytes[16 * BLOCK];
};

/* Blocks are worked through only when something follows them: the last one is marked as such. */
static void put(struct gather *g, const void *p, size_t n)
{
    const unsigned char *from = p;
    for (size_t room; n > (room = sizeof g->bytes - g->used); from += room, n -= room) {
        memcpy(g->bytes + g->used, from, room);
        for (size_t at = 0; at < sizeof g->bytes; at += BLOCK) {
            g->chain.bytes += BLOCK;
            compress(&g->chain, g->bytes + at, false);
        }
        g->used = 0;
    }
    if (n) memcpy(g->bytes + g->used, from, n);
    g->used += n;
}

static int64_t finish(struct gather *g)
{
    size_t at = 0;
    for (; g->used - at > BLOCK; at += BLOCK) {
        g->chain.bytes += BLOCK;
        compress(&g->chain, g->bytes + at, false);
    }
    g->chain.bytes += g->used - at;
    memset(g->bytes + g->used, 0, at + BLOCK - g->used);
    compress(&g->chain, g->bytes + at, true);
    return (int64_t)g->chain.h[0];
}

static void put_value(struct gather *g, const struct val *v)
{
    unsigned char head[9];
    head[0] = v->type;
    if (v->type == VAL_INT) {
        store64(head + 1, (uint64_t)v->i);
        put(g, head, 9);
    } else if (v->type == VAL_NULL) {
        put(g, head, 1);
    } else {
        store32(head + 1, v->n);
        put(g, head, 5);
        put(g, v->p, v->n);
    }
}

static void begin(struct gather *g, const struct row_key *k, uint32_t table)
{
    unsigned char head[4];
    memcpy(&g->chain, k->keyed.state, sizeof g->chain);
    g->used = 0;
    store32(head, table);
    put(g, head, 4);
}

int64_t row_digest(const struct row_key *k, uint32_t table, const struct val *row, size_t n)
{
    struct gather g;
    begin(&g, k, table);
    for (size_t i = 0; i < n; i++) put_value(&g, &row[i]);
    return finish(&g);
}

int64_t row_digest_named(const struct row_key *k, uint32_t table, const uint32_t *tags,
                         const struct val *row, size_t n)
{
    struct gather g;
    begin(&g, k, table);
    for (size_t i = 0; i < n; i++) {
        unsigned char tag[4];
        if (row[i].type == VAL_NULL) continue;
        store32(tag, tags[i]);
        put(&g, tag, 4);
        put_value(&g, &row[i]);
    }
    return finish(&g);
}
