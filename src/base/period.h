/* period: what people write for a time: 2020, 2020-06, 2020-06-30, 2020Q2, 2020H1, 2020-01..2020-06. */
#ifndef JD_BASE_PERIOD_H
#define JD_BASE_PERIOD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

bool period_parse(const char *text, int32_t *from, int32_t *to);
/* "2020", "June 2020", "1 January to 30 June 2020"; 2020年, 2020年6月, ... "" where it has no end. */
const char *period_text(int32_t from, int32_t to, bool zh, struct arena *a);
const char *day_text(int32_t day, bool zh, struct arena *a);

#endif
