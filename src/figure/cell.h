/* cell: the bytes of a row of cells. A cell is what one figure sums for one place and
 * organisation, day by day; its parts are those of enum figure_part. A small cell is one row, a
 * leaf, with all its days. A cell that outgrows a row becomes a node: its row keeps sums by
 * year, and each year has a row of its own, a leaf of days or again a node of months with a leaf
 * each. So a rare cell costs one row and one look-up, a busy one at most three, and neither ever
 * needs adding up day by day.
 *
 *   kind 1 byte (0 leaf, 1 node) · bytes a point 1 (2 or 4) · points 2 · parts 4 (a bit each) ·
 *   base 4 · width of each part's sums 1 each (1, 2, 4 or 8) · points less base ·
 *   for each point the running sums of all parts, so that a bound is read from one place
 *
 * all little-endian, sums in two's complement. Points rise: days since DATE_MIN in a leaf, years
 * or months (1 to 12) in a node. A part that is 0 everywhere is not there, nor is a point
 * without a change. */
#ifndef JD_FIGURE_CELL_H
#define JD_FIGURE_CELL_H

#include "figure/figure.h"

#define CELL_MOST 1600   /* bytes of a leaf that can be split; a page holds several */
#define CELL_HELD PART_N /* in a node: rows below, so that a year whose sums are 0 stays known */
#define CELL_PARTS (PART_N + 1)

/* One change: at `at` the part's sum grows by v. */
struct cut { int32_t at; uint16_t part; int64_t v; };
struct cuts { struct cut *at; size_t n, cap; };
void cuts_push(struct cuts *c, int32_t at, uint16_t part, int64_t v);
void cuts_free(struct cuts *c);
/* Merges two runs ordered by at and part into out (emptied first), changes of one point and part
 * summed and dropped where they are 0. */
bool cuts_merge(const struct cut *a, size_t n_a, const struct cut *b, size_t n_b, struct cuts *out,
                struct err *e) WARN_UNUSED;

/* Running sums of all parts at two bounds; over is set when one left int64. */
struct sums { int64_t v[2][PART_N]; bool over; };
void sums_add(struct sums *to, const struct sums *from);

/* Where to read: side by side the last day, and the last year or month, that counts; -1 = not this
 * side. */
struct cell_at { int32_t leaf[2], node[2]; };
enum cell_kind { CELL_LEAF, CELL_NODE, CELL_BAD };
/* Adds to sums what the row holds up to and with the given points. */
enum cell_kind cell_read(const void *p, size_t n, const struct cell_at *at, struct sums *sums);
enum cell_kind cell_kind(const void *p, size_t n);

/* The row of ordered cuts, appended to out; nothing for none. */
bool cell_pack(enum cell_kind kind, const struct cut *cuts, size_t n, struct buf *out,
               struct err *e) WARN_UNUSED;
/* The cuts of a row, in order, appended. False when the bytes are no row. */
bool cell_open(const void *p, size_t n, struct cuts *out);

/* A part's name for messages. */
const char *part_name(int part);

#endif
