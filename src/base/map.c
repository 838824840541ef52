#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"

/* A slot is 8 bytes of hash (its lowest bit is set when the slot is used), the key and the value,
 * each rounded up to 8 so that a value is aligned for any integer. Linear probing; the table
 * doubles when it is seven tenths full. Nothing is ever removed singly. */
#define HASH_BYTES ((size_t)8)
#define FIRST_CAP ((size_t)16)

static size_t round8(size_t n)
{
    return (n + 7) & ~(size_t)7;
}

void map_init(struct map *m, size_t key_size, size_t value_size)
{
    *m = (struct map){ .key = key_size, .value = value_size };
    m->stride = HASH_BYTES + round8(key_size) + round8(value_size);
}

void map_free(struct map *m)
{
    free(m->slots);
    m->slots = NULL;
    m->count = m->cap = 0;
}

void map_clear(struct map *m)
{
    if (m->count) memset(m->slots, 0, m->cap * m->stride);
    m->count = 0;
}

size_t map_bytes(const struct map *m)
{
    return m->cap * m->stride;
}

static uint64_t load64(const void *p)
{
    uint64_t w;
    memcpy(&w, p, 8);
    return w;
}

/* The two halves of the full product folded together: every input bit reaches every output bit. */
static uint64_t fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 u128;
    u128 product = (u128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Odd constants from the digits of the square roots of 2, 3 and 5. */
#define K1 UINT64_C(0x6a09e667f3bcc909)
#define K2 UINT64_C(0xbb67ae8584caa73b)
#define K3 UINT64_C(0x3c6ef372fe94f82b)

uint64_t hash_bytes(const void *p, size_t n, uint64_t seed)
{
    const unsigned char *s = p;
    uint64_t h = fold(seed ^ K1, (uint64_t)n ^ K2);
    for (; n >= 16; s += 16, n -= 16) h = fold(load64(s) ^ h, load64(s + 8) ^ K3) + K1;
    uint64_t a = 0, b = 0;
    if (n >= 8) {
        a = load64(s);
        b = load64(s + n - 8);
    } else if (n) {
        memcpy(&a, s, n);
    }
    return fold(fold(a ^ h ^ K2, b ^ K1), h ^ K3);
}

static uint64_t slot_hash(const struct map *m, const void *key)
{
    if (m->key == 8) return fold(load64(key) ^ K1, K2) | 1;
    return hash_bytes(key, m->key, 0) | 1;
}

static bool same_key(const struct map *m, const void *a, const void *b)
{
    if (m->key == 8) return load64(a) == load64(b);
    return memcmp(a, b, m->key) == 0;
}

/* The slot that holds the key, or the empty one where it would go. cap is not 0. */
static unsigned char *find(const struct map *m, const void *key, uint64_t hash)
{
    size_t mask = m->cap - 1;
    for (size_t i = (size_t)(hash >> 1) & mask;; i = (i + 1) & mask) {
        unsigned char *slot = m->slots + i * m->stride;
        uint64_t held = load64(slot);
        if (!held || (held == hash && same_key(m, slot + HASH_BYTES, key))) return slot;
    }
}

void *map_get(const struct map *m, const void *key)
{
    if (!m->count) return NULL;
    unsigned char *slot = find(m, key, slot_hash(m, key));
    return load64(slot) ? slot + HASH_BYTES + round8(m->key) : NULL;
}

static void grow(struct map *m)
{
    struct map old = *m;
    size_t bytes;
    m->cap = old.cap ? old.cap * 2 : FIRST_CAP;
    if (__builtin_mul_overflow(m->cap, m->stride, &bytes))
        log_fatal("out_of_memory", "map=%zu", old.count);
    m->slots = mem_alloc(bytes);
    for (size_t i = 0; i < old.cap; i++) {
        const unsigned char *from = old.slots + i * m->stride;
        uint64_t hash = load64(from);
        size_t to = (size_t)(hash >> 1) & (m->cap - 1);
        if (!hash) continue;
        while (load64(m->slots + to * m->stride)) to = (to + 1) & (m->cap - 1);
        memcpy(m->slots + to * m->stride, from, m->stride);
    }
    free(old.slots);
}

void *map_put(struct map *m, const void *key, bool *added)
{
    if (m->count >= m->cap / 10 * 7) grow(m);
    uint64_t hash = slot_hash(m, key);
    unsigned char *slot = find(m, key, hash);
    bool fresh = !load64(slot);
    if (fresh) {
        memcpy(slot, &hash, HASH_BYTES);
        memcpy(slot + HASH_BYTES, key, m->key);
        m->count++;
    }
    if (added) *added = fresh;
    return slot + HASH_BYTES + round8(m->key);
}

bool map_next(const struct map *m, size_t *at, const void **key, void **value)
{
    for (; *at < m->cap; ++*at) {
        unsigned char *slot = m->slots + *at * m->stride;
        if (!load64(slot)) continue;
        *key = slot + HASH_BYTES;
        *value = slot + HASH_BYTES + round8(m->key);
        ++*at;
        return true;
    }
    return false;
}
