/* random: a small seeded generator for synthetic data and tests (xoshiro256**, public domain
 * algorithm by Blackman and Vigna, our own code). Same seed, same numbers, on every machine.
 * Never for secrets. */
#ifndef JD_BASE_RANDOM_H
#define JD_BASE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random { uint64_t s[4]; };

void random_seed(struct random *r, uint64_t seed);   /* splitmix64 fills the state */
uint64_t random_next(struct random *r);
uint64_t random_below(struct random *r, uint64_t n); /* unbiased, n > 0 */
int64_t random_between(struct random *r, int64_t lo, int64_t hi); /* inclusive */
bool random_chance(struct random *r, uint32_t per_million);
/* An index drawn with the given weights (sum > 0). */
int random_pick(struct random *r, const uint32_t *weight, int n);

#endif
