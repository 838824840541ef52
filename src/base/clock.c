#include "base/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t system_now(void *arg)
{
    (void)arg;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t fixed_now(void *arg)
{
    return *(int64_t *)arg;
}

struct clock clock_system(void)
{
    return (struct clock){ .now = system_now, .arg = NULL };
}

struct clock clock_fixed(int64_t *at)
{
    return (struct clock){ .now = fixed_now, .arg = at };
}

int64_t clock_now(const struct clock *c)
{
    return c->now(c->arg);
}

int64_t clock_ticks(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}
