/* id: 63-bit row ids, time-ordered, made in C: 41 bits of ms since 2024-01-01, 10 bits writer,
 * 12 bits sequence. One maker belongs to one writer and is not shared between threads. An id is
 * also the idempotency key of the command that carries it. */
#ifndef JD_BASE_ID_H
#define JD_BASE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/clock.h"

struct id_maker { struct clock clock; uint32_t writer; int64_t last_ms; uint32_t seq; };

void id_init(struct id_maker *m, struct clock clock, uint32_t writer); /* writer 0..1023 */
int64_t id_next(struct id_maker *m);  /* strictly rising; a clock that steps back does not matter */

/* Reserves a run of n consecutive calls' worth and returns the first id; id_step gives the one
 * after another in the same run. Used by bulk loads. A run may reach ahead of the clock; later
 * ids go on from its end. */
int64_t id_reserve(struct id_maker *m, uint64_t n);
int64_t id_step(int64_t id);          /* the next id of the same writer */

int64_t id_time(int64_t id);          /* instant, µs UTC */
uint32_t id_writer(int64_t id);

#define ID_TEXT 20
bool id_parse(const char *s, size_t n, int64_t *out); /* 1 to 19 digits, no leading zero, over 0 */

#endif
