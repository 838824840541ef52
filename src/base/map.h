/* map: an open-addressing hash map from a fixed-size key to a fixed-size value, both copied in.
 * Used for folding deltas and for look-up caches. Owned; free with map_free. */
#ifndef JD_BASE_MAP_H
#define JD_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map {
    unsigned char *slots;   /* hash, key, value; stride bytes each */
    size_t key, value, stride, count, cap;
};

/* Keys are compared byte by byte, so padding in them must be zero. */
void map_init(struct map *m, size_t key_size, size_t value_size);
void map_free(struct map *m);
void map_clear(struct map *m);
/* The value or NULL; aligned to 8 bytes, borrowed until the next put. */
void *map_get(const struct map *m, const void *key);
/* The value, zeroed when added; added may be NULL. */
void *map_put(struct map *m, const void *key, bool *added);
size_t map_bytes(const struct map *m);

/* Walks all entries: start with *at = 0; false at the end. The order depends only on the keys and
 * the order they were put in. */
bool map_next(const struct map *m, size_t *at, const void **key, void **value);

/* Not for what outlives the process: the result depends on the machine's byte order. */
uint64_t hash_bytes(const void *p, size_t n, uint64_t seed);

#endif
