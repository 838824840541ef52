#include "base/random.h"

/* One step of splitmix64, which turns any seed, zero too, into a well mixed state. */
static uint64_t split_mix(uint64_t *x)
{
    *x += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *x;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void random_seed(struct random *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++) r->s[i] = split_mix(&seed);
}

static uint64_t rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

uint64_t random_next(struct random *r)
{
    uint64_t *s = r->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

/* The high word of next * n is below n; draws from the short first slice of each value are
 * repeated, so that every value has equally many draws. */
uint64_t random_below(struct random *r, uint64_t n)
{
    __extension__ typedef unsigned __int128 u128;
    uint64_t uneven = (0 - n) % n;
    for (;;) {
        u128 product = (u128)random_next(r) * n;
        if ((uint64_t)product >= uneven) return (uint64_t)(product >> 64);
    }
}

int64_t random_between(struct random *r, int64_t lo, int64_t hi)
{
    uint64_t span = (uint64_t)hi - (uint64_t)lo + 1;
    uint64_t step = span ? random_below(r, span) : random_next(r);
    return (int64_t)((uint64_t)lo + step);
}

bool random_chance(struct random *r, uint32_t per_million)
{
    return random_below(r, 1000000) < per_million;
}

int random_pick(struct random *r, const uint32_t *weight, int n)
{
    uint64_t sum = 0;
    for (int i = 0; i < n; i++) sum += weight[i];
    uint64_t at = random_below(r, sum);
    for (int i = 0; i < n; i++) {
        if (at < weight[i]) return i;
        at -= weight[i];
    }
    return n - 1;
}
