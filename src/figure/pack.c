#include "figure/pack.h"

#include <stdlib.h>
#include <string.h>

/* One part inside the bytes. */
struct span { int part, width, n; const unsigned char *points, *values; };

static uint16_t get16(const unsigned char *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

/* The bytes are read and written as the machine has them; a big-endian one would swap here. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "cells are little-endian");

static inline int64_t get_value(const unsigned char *p, int width)
{
    int64_t v;
    int32_t four;
    int16_t two;
    switch (width) {
    case 1: return (int8_t)*p;
    case 2: memcpy(&two, p, 2); return two;
    case 4: memcpy(&four, p, 4); return four;
    default: memcpy(&v, p, 8); return v;
    }
}

/* False at the end, or with *bad where the bytes do not fit. */
static inline bool next_span(const unsigned char **at, const unsigned char *end, struct span *s,
                             bool *bad)
{
    const unsigned char *p = *at;
    if (p == end) return false;
    *bad = true;
    if (end - p < 4) return false;
    *s = (struct span){ .part = p[0], .width = p[1], .n = get16(p + 2), .points = p + 4 };
    s->values = s->points + (size_t)s->n * 2;
    if (s->part >= PART_N || s->n == 0 || s->width == 0 || s->width > 8 ||
        (s->width & (s->width - 1)) || (size_t)(end - s->points) < (size_t)s->n * (size_t)(2 + s->width))
        return false;
    *at = s->values + (size_t)s->n * (size_t)s->width;
    *bad = false;
    return true;
}

/* The sum up to and with a point. Points mostly stand without gaps, so the first guess is tried
 * before the search. */
static inline int64_t sum_at(const struct span *s, int at)
{
    int first = get16(s->points), last = get16(s->points + (s->n - 1) * 2);
    if (at < first) return 0;
    if (at >= last) return get_value(s->values + (s->n - 1) * s->width, s->width);
    int lo = 0, hi = s->n - 1; /* points[lo] <= at < points[hi] */
    if (last - first == s->n - 1) return get_value(s->values + (at - first) * s->width, s->width);
    while (hi - lo > 1) {
        int mid = (lo + hi) / 2;
        if (get16(s->points + mid * 2) <= at) lo = mid;
        else hi = mid;
    }
    return get_value(s->values + lo * s->width, s->width);
}

static inline void add(struct sums *s, int side, int part, int64_t v)
{
    s->over |= __builtin_add_overflow(s->v[side][part], v, &s->v[side][part]);
}

void sums_add(struct sums *to, const struct sums *from)
{
    for (int side = 0; side < 2; side++)
        for (int p = 0; p < PART_N; p++) add(to, side, p, from->v[side][p]);
    to->over |= from->over;
}

bool pack_read(const void *p, size_t n, int at, int side, struct sums *sums)
{
    const unsigned char *q = p, *end = q + n;
    struct span s;
    bool bad = false;
    while (next_span(&q, end, &s, &bad)) add(sums, side, s.part, sum_at(&s, at));
    return !bad;
}

bool pack_read2(const void *p, size_t n, const int at[2], struct sums *sums)
{
    const unsigned char *q = p, *end = q + n;
    struct span s;
    bool bad = false;
    while (next_span(&q, end, &s, &bad))
        for (int side = 0; side < 2; side++)
            if (at[side] >= 0) add(sums, side, s.part, sum_at(&s, at[side]));
    return !bad;
}

void cuts_push(struct cuts *c, uint16_t at, uint16_t part, int64_t v)
{
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 256;
        c->at = mem_grow(c->at, c->cap * sizeof *c->at);
    }
    c->at[c->n++] = (struct cut){ at, part, v };
}

void cuts_free(struct cuts *c)
{
    free(c->at);
    *c = (struct cuts){ 0 };
}

static int by_part_and_point(const void *a, const void *b)
{
    const struct cut *x = a, *y = b;
    if (x->part != y->part) return x->part < y->part ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static bool in_order(const struct cut *at, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (by_part_and_point(&at[i - 1], &at[i]) > 0) return false;
    return true;
}

/* Cuts mostly come by point: then a stable count by part orders them. */
void cuts_sort(struct cuts *c, size_t first)
{
    size_t n = c->n - first, at[PART_N] = { 0 }, sum = 0;
    struct cut few[256], *copy = few, *to = c->at + first;
    if (in_order(to, n)) return;
    if (n > 256) copy = mem_grow(NULL, n * sizeof *copy);
    memcpy(copy, to, n * sizeof *copy);
    for (size_t i = 0; i < n; i++) at[copy[i].part]++;
    for (int p = 0; p < PART_N; p++) {
        size_t here = at[p];
        at[p] = sum;
        sum += here;
    }
    for (size_t i = 0; i < n; i++) to[at[copy[i].part]++] = copy[i];
    if (copy != few) free(copy);
    if (!in_order(to, n)) qsort(to, n, sizeof *to, by_part_and_point);
}

bool pack_cuts(const void *p, size_t n, struct cuts *out)
{
    const unsigned char *q = p, *end = q + n;
    struct span s;
    bool bad = false;
    while (next_span(&q, end, &s, &bad)) {
        int64_t before = 0;
        for (int i = 0; i < s.n; i++) {
            int64_t v = get_value(s.values + i * s.width, s.width);
            cuts_push(out, get16(s.points + i * 2), (uint16_t)s.part, v - before);
            before = v;
        }
    }
    return !bad;
}

static int width_of(int64_t low, int64_t high)
{
    if (low >= INT8_MIN && high <= INT8_MAX) return 1;
    if (low >= INT16_MIN && high <= INT16_MAX) return 2;
    return low >= INT32_MIN && high <= INT32_MAX ? 4 : 8;
}

/* One part: old points and cuts merged, changes summed, points without a change left out. */
struct merge { uint16_t at[PACK_MAX_POINTS]; int64_t sum[PACK_MAX_POINTS]; int n; };

static bool push_point(struct merge *m, int at, int64_t change, int64_t *sum, struct err *e)
{
    if (change == 0) return true;
    if (__builtin_add_overflow(*sum, change, sum))
        return err_set(e, ERR_INVALID, "a figure's sum would leave 64 bits");
    if (m->n == PACK_MAX_POINTS) return err_set(e, ERR_CORRUPT, "a cell has too many points");
    m->at[m->n] = (uint16_t)at;
    m->sum[m->n++] = *sum;
    return true;
}

static bool merge_part(struct merge *m, const struct span *old, const struct cut *cuts, size_t n,
                       struct err *e)
{
    int64_t sum = 0, before = 0;
    size_t c = 0;
    int i = 0, olds = old ? old->n : 0;
    m->n = 0;
    while (i < olds || c < n) {
        int at = i < olds ? get16(old->points + i * 2) : PACK_ALL + 1;
        if (c < n && cuts[c].at < at) at = cuts[c].at;
        int64_t change = 0;
        if (i < olds && get16(old->points + i * 2) == at) {
            int64_t v = get_value(old->values + i * old->width, old->width);
            change = v - before;
            before = v;
            i++;
        }
        for (; c < n && cuts[c].at == at; c++)
            if (__builtin_add_overflow(change, cuts[c].v, &change))
                return err_set(e, ERR_INVALID, "a figure's sum would leave 64 bits");
        if (!push_point(m, at, change, &sum, e)) return false;
    }
    return true;
}

static void write_part(const struct merge *m, int part, struct buf *out)
{
    int64_t low = 0, high = 0;
    for (int i = 0; i < m->n; i++) {
        if (m->sum[i] < low) low = m->sum[i];
        if (m->sum[i] > high) high = m->sum[i];
    }
    if (m->n == 0) return;
    int width = width_of(low, high);
    unsigned char head[4] = { (unsigned char)part, (unsigned char)width, (unsigned char)m->n,
                              (unsigned char)(m->n >> 8) };
    buf_add(out, head, sizeof head);
    buf_add(out, m->at, (size_t)m->n * sizeof *m->at);
    for (int i = 0; i < m->n; i++) buf_add(out, &m->sum[i], (size_t)width);
}

bool pack_add(const void *p, size_t n, const struct cut *cuts, size_t n_cuts, struct buf *out,
              struct err *e)
{
    const unsigned char *q = p, *end = n ? q + n : q;
    struct merge m;
    struct span s;
    bool bad = false, have = n && next_span(&q, end, &s, &bad);
    for (size_t c = 0; (have || c < n_cuts) && !bad;) {
        int part = have ? s.part : PART_N;
        if (c < n_cuts && cuts[c].part < part) part = cuts[c].part;
        size_t run = c;
        while (run < n_cuts && cuts[run].part == part) run++;
        bool old = have && s.part == part;
        if (!merge_part(&m, old ? &s : NULL, cuts + c, run - c, e)) return false;
        write_part(&m, part, out);
        c = run;
        if (old) have = next_span(&q, end, &s, &bad);
    }
    if (bad) return err_set(e, ERR_CORRUPT, "a cell's bytes cannot be read");
    return !out->over || err_set(e, ERR_CORRUPT, "a cell is too large");
}

const char *part_name(int part)
{
    static const char *const names[PART_N] = {
        [PART_VALUE] = "value", [PART_ROWS] = "rows", [PART_GE] = "rows with ≥",
        [PART_GT] = "rows with >", [PART_LE] = "rows with ≤", [PART_LT] = "rows with <",
        [PART_APPROX] = "rows with ~", [PART_UNKNOWN] = "rows without a value",
        [PART_RESTATED] = "restated rows", [PART_SYNTHETIC] = "synthetic rows",
        [PART_DERIVED] = "derived rows", [PART_CONFIRMED] = "confirmed value",
        [PART_DISPUTED] = "disputed value", [PART_OPEN_ROWS] = "intervals under way",
        [PART_OPEN_VALUE] = "value under way", [PART_OPEN_NEGATIVE] = "negative value under way",
        [PART_NEGATIVE] = "negative value",
    };
    return part >= 0 && part < PART_N ? names[part] : "unknown part";
}
