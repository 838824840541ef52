/* clock: where the present comes from. Passed in, so that tests are exact. Instants are int64 µs
 * UTC since 1970. */
#ifndef JD_BASE_CLOCK_H
#define JD_BASE_CLOCK_H

#include <stdint.h>

struct clock { int64_t (*now)(void *arg); void *arg; };

struct clock clock_system(void);
struct clock clock_fixed(int64_t *at); /* reads *at each time; borrowed */
int64_t clock_now(const struct clock *c);

/* Monotonic nanoseconds, for measuring only. */
int64_t clock_ticks(void);

#endif
