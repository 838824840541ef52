/* The arithmetic of place codes: 12 digits that nest. */
#include "entity/entity.h"

/* How many codes a place of a level spans; level 0 is the nation. */
static const int64_t span[] = { INT64_C(1000000000000), INT64_C(10000000000), INT64_C(100000000),
    INT64_C(1000000), INT64_C(1000), INT64_C(1) };

int place_level(int64_t code)
{
    if (code <= 0) return 0;
    int level = 1;
    while (level < 5 && code % span[level] != 0) level++;
    return level;
}

int64_t place_county(int64_t code)
{
    return code / span[3];
}

struct place_range place_own_range(int64_t code)
{
    int64_t size = span[place_level(code)];
    int64_t lo = code > 0 ? code : 0;
    return (struct place_range){ .lo = lo, .hi = lo + size - 1 };
}

int64_t place_up(int64_t code, int level)
{
    if (level <= 0 || code <= 0) return 0;
    if (level > 5) level = 5;
    return code - code % span[level];
}
