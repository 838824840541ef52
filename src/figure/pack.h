/* pack: the bytes of a cell. For each part, in the order of enum figure_part and only while it is not
 * 0 everywhere: the points where its running sum changes, rising, and the sum from each point on.
 *
 *   part 1 byte · width 1 byte (1, 2, 4 or 8) · n 2 bytes · n points of 2 bytes · n sums of `width` bytes
 *
 * all little-endian, sums in two's complement. Equal cells have equal bytes: no point without a change,
 * the least width. So a bound is read without adding anything up, a month of one county costs some
 * tens of bytes, and cells can be compared by their bytes. */
#ifndef JD_FIGURE_PACK_H
#define JD_FIGURE_PACK_H

#include "figure/figure.h"

#define PACK_MAX_POINTS 10000

/* One change: at `at` (a year, month, day of month or day of year) the part's sum grows by v. */
struct cut { uint16_t at; uint16_t part; int64_t v; };

/* Running sums of all parts at two bounds; over is set when one left int64. */
struct sums { int64_t v[2][PART_N]; bool over; };

void sums_add(struct sums *to, const struct sums *from);

/* Adds what the cell holds up to and with `at` to sums->v[side]. False when the bytes are no cell. */
bool pack_read(const void *p, size_t n, int at, int side, struct sums *sums);
/* The same for both sides at once; at < 0 leaves that side alone. */
bool pack_read2(const void *p, size_t n, const int at[2], struct sums *sums);
#define PACK_ALL 65535

/* Adds cuts, ordered by part and at, to the old bytes (n may be 0) and appends the new ones to out, which
 * stays empty when nothing is left. False: old bytes that are no cell, or a sum that left int64. */
bool pack_add(const void *p, size_t n, const struct cut *cuts, size_t n_cuts, struct buf *out,
              struct err *e) WARN_UNUSED;

/* The cuts that a cell is made of, appended. */
struct cuts { struct cut *at; size_t n, cap; };
void cuts_push(struct cuts *c, uint16_t at, uint16_t part, int64_t v);
void cuts_free(struct cuts *c);
/* Orders those from `first` on by part, then point. */
void cuts_sort(struct cuts *c, size_t first);
bool pack_cuts(const void *p, size_t n, struct cuts *out);

/* A part's name for messages. */
const char *part_name(int part);

#endif
