/* map: an open-addressing hash map from a fixed-size key to a fixed-size value, both copied in.
 * Used for folding deltas and for look-up caches. Owned; free with map_free. */
#ifndef JD_BASE_MAP_H
#define JD_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map {
    unsigned char *slots;   /* used flag, key, value; stride bytes each */
    size_t key, value, stride, count, cap;
};

void map_init(struct map *m, size_t key_size, size_t value_size); /* keys must have no padding noise */
void map_free(struct map *m);
void map_clear(struct map *m);
void *map_get(const struct map *m, const void *key);        /* value or NULL; borrowed until the next put */
void *map_put(struct map *m, const void *key, bool *added); /* value, zeroed when added; added may be NULL */
size_t map_bytes(const struct map *m);

/* Walks all entries: start with *at = 0; false at the end. */
bool map_next(const struct map *m, size_t *at, const void **key, void **value);

uint64_t hash_bytes(const void *p, size_t n, uint64_t seed);

#endif
