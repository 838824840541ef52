#include "figure/cell.h"

#include <stdlib.h>
#include <string.h>

/* The bytes are read and written as the machine has them; a big-endian one would swap here. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "cells are little-endian");
_Static_assert(CELL_PARTS <= 32, "parts are bits");

#define HEAD 12

struct row {
    enum cell_kind kind;
    int point, n, parts, stride;     /* bytes a point, points, parts, bytes of sums a point */
    uint32_t mask;
    int32_t base;
    const unsigned char *widths, *points, *values;
};

static bool open_row(const void *bytes, size_t n, struct row *r)
{
    const unsigned char *p = bytes;
    uint16_t points;
    if (n < HEAD || p[0] > 1 || (p[1] != 2 && p[1] != 4)) return false;
    memcpy(&points, p + 2, 2);
    *r = (struct row){ .kind = p[0] ? CELL_NODE : CELL_LEAF, .point = p[1], .n = points };
    memcpy(&r->mask, p + 4, 4);
    memcpy(&r->base, p + 8, 4);
    r->parts = __builtin_popcount(r->mask);
    if (r->n == 0 || r->parts == 0 || r->mask >> CELL_PARTS || n < HEAD + (size_t)r->parts)
        return false;
    r->widths = p + HEAD;
    r->points = r->widths + r->parts;
    for (int i = 0; i < r->parts; i++) {
        int w = r->widths[i];
        if (w != 1 && w != 2 && w != 4 && w != 8) return false;
        r->stride += w;
    }
    r->values = r->points + r->n * r->point;
    return n == HEAD + (size_t)r->parts + (size_t)r->n * (size_t)(r->stride + r->point);
}

static inline int32_t point_at(const struct row *r, int i)
{
    uint16_t two;
    uint32_t four;
    if (r->point == 2) {
        memcpy(&two, r->points + i * 2, 2);
        return r->base + two;
    }
    memcpy(&four, r->points + i * 4, 4);
    return r->base + (int32_t)four;
}

static inline int64_t value_at(const unsigned char *p, int width)
{
    int64_t eight;
    int32_t four;
    int16_t two;
    switch (width) {
    case 1: return (int8_t)*p;
    case 2: memcpy(&two, p, 2); return two;
    case 4: memcpy(&four, p, 4); return four;
    default: memcpy(&eight, p, 8); return eight;
    }
}

/* The last point up to and with `at`, or -1. */
static inline int find_point(const struct row *r, int32_t at)
{
    int lo = -1, hi = r->n; /* points[lo] <= at < points[hi] */
    while (hi - lo > 1) {
        int mid = (lo + hi) / 2;
        if (point_at(r, mid) <= at) lo = mid;
        else hi = mid;
    }
    return lo;
}

enum cell_kind cell_kind(const void *p, size_t n)
{
    struct row r;
    return open_row(p, n, &r) ? r.kind : CELL_BAD;
}

enum cell_kind cell_read(const void *p, size_t n, const struct cell_at *at, struct sums *s)
{
    struct row r;
    if (!open_row(p, n, &r)) return CELL_BAD;
    const int32_t *bounds = r.kind == CELL_NODE ? at->node : at->leaf;
    for (int side = 0; side < 2; side++) {
        int i = bounds[side] < 0 ? -1 : find_point(&r, bounds[side]);
        if (i < 0) continue;
        const unsigned char *v = r.values + i * r.stride, *w = r.widths;
        for (uint32_t left = r.mask & ~(1u << CELL_HELD); left; left &= left - 1, v += *w++) {
            int64_t *sum = &s->v[side][__builtin_ctz(left)];
            s->over |= __builtin_add_overflow(*sum, value_at(v, *w), sum);
        }
    }
    return r.kind;
}

void sums_add(struct sums *to, const struct sums *from)
{
    for (int side = 0; side < 2; side++)
        for (int p = 0; p < PART_N; p++)
            to->over |= __builtin_add_overflow(to->v[side][p], from->v[side][p], &to->v[side][p]);
    to->over |= from->over;
}

/* --- cuts --- */

void cuts_push(struct cuts *c, int32_t at, uint16_t part, int64_t v)
{
    c->at = mem_more(c->at, c->n, &c->cap, sizeof *c->at);
    c->at[c->n++] = (struct cut){ .at = at, .part = part, .v = v };
}

void cuts_free(struct cuts *c)
{
    free(c->at);
    *c = (struct cuts){ 0 };
}

static bool too_large(struct err *e)
{
    return err_set(e, ERR_INVALID, "a figure's sum would leave 64 bits");
}

bool cuts_merge(const struct cut *a, size_t n_a, const struct cut *b, size_t n_b, struct cuts *out,
                struct err *e)
{
    out->n = 0;
    for (size_t i = 0, k = 0; i < n_a || k < n_b;) {
        bool first = k == n_b || (i < n_a && (a[i].at < b[k].at ||
                                             (a[i].at == b[k].at && a[i].part <= b[k].part)));
        const struct cut *c = first ? &a[i++] : &b[k++];
        struct cut *last = out->n ? &out->at[out->n - 1] : NULL;
        if (last && last->at == c->at && last->part == c->part) {
            if (__builtin_add_overflow(last->v, c->v, &last->v)) return too_large(e);
            continue;
        }
        if (last && last->v == 0) out->n--;
        cuts_push(out, c->at, c->part, c->v);
    }
    if (out->n && out->at[out->n - 1].v == 0) out->n--;
    return true;
}

bool cell_open(const void *p, size_t n, struct cuts *out)
{
    struct row r;
    int64_t before[CELL_PARTS] = { 0 };
    if (!open_row(p, n, &r)) return false;
    const unsigned char *v = r.values;
    for (int i = 0; i < r.n; i++) {
        const unsigned char *w = r.widths;
        if (i && point_at(&r, i) <= point_at(&r, i - 1)) return false;
        for (uint32_t left = r.mask; left; left &= left - 1, v += *w++) {
            int part = __builtin_ctz(left);
            int64_t now = value_at(v, *w);
            int64_t by = (int64_t)((uint64_t)now - (uint64_t)before[part]);
            if (by) cuts_push(out, point_at(&r, i), (uint16_t)part, by);
            before[part] = now;
        }
    }
    return true;
}

/* --- writing --- */

struct shape { uint32_t mask; int64_t low[CELL_PARTS], high[CELL_PARTS]; size_t points; };

/* Which parts there are, how far their sums go, how many points. */
static bool measure(const struct cut *cuts, size_t n, struct shape *s, struct err *e)
{
    int64_t sum[CELL_PARTS] = { 0 };
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < n; i++) {
        int p = cuts[i].part;
        if (__builtin_add_overflow(sum[p], cuts[i].v, &sum[p])) return too_large(e);
        if (sum[p] < s->low[p]) s->low[p] = sum[p];
        if (sum[p] > s->high[p]) s->high[p] = sum[p];
        s->mask |= 1u << p;
        s->points += i == 0 || cuts[i].at != cuts[i - 1].at;
    }
    return s->points <= UINT16_MAX ||
           err_set(e, ERR_INTERNAL, "a row of cells has too many points");
}

static int width_of(int64_t low, int64_t high)
{
    if (low >= INT8_MIN && high <= INT8_MAX) return 1;
    if (low >= INT16_MIN && high <= INT16_MAX) return 2;
    return low >= INT32_MIN && high <= INT32_MAX ? 4 : 8;
}

static void write_head(enum cell_kind kind, const struct cut *cuts, size_t n, const struct shape *s,
                       struct buf *out)
{
    int32_t base = cuts[0].at;
    bool near = cuts[n - 1].at - base <= UINT16_MAX;
    unsigned char head[HEAD] = { kind == CELL_NODE, near ? 2 : 4, (unsigned char)s->points,
                                 (unsigned char)(s->points >> 8) };
    memcpy(head + 4, &s->mask, 4);
    memcpy(head + 8, &base, 4);
    buf_add(out, head, HEAD);
    for (uint32_t left = s->mask; left; left &= left - 1) {
        int p = __builtin_ctz(left);
        buf_char(out, (char)width_of(s->low[p], s->high[p]));
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t step = (uint32_t)(cuts[i].at - base);
        if (i == 0 || cuts[i].at != cuts[i - 1].at) buf_add(out, &step, near ? 2 : 4);
    }
}

/* All parts' sums at each point. */
static void write_sums(const struct cut *cuts, size_t n, const struct shape *s, struct buf *out)
{
    int64_t sum[CELL_PARTS] = { 0 };
    int width[CELL_PARTS];
    for (uint32_t left = s->mask; left; left &= left - 1) {
        int p = __builtin_ctz(left);
        width[p] = width_of(s->low[p], s->high[p]);
    }
    for (size_t i = 0; i < n; i++) {
        sum[cuts[i].part] += cuts[i].v;
        if (i + 1 < n && cuts[i + 1].at == cuts[i].at) continue;
        for (uint32_t left = s->mask; left; left &= left - 1) {
            int p = __builtin_ctz(left);
            buf_add(out, &sum[p], (size_t)width[p]);
        }
    }
}

bool cell_pack(enum cell_kind kind, const struct cut *cuts, size_t n, struct buf *out,
               struct err *e)
{
    struct shape s;
    if (n == 0) return true;
    if (!measure(cuts, n, &s, e)) return false;
    write_head(kind, cuts, n, &s, out);
    write_sums(cuts, n, &s, out);
    return !out->over || err_set(e, ERR_INTERNAL, "a row of cells is too large");
}

const char *part_name(int part)
{
    static const char *const names[CELL_PARTS] = {
        [PART_VALUE] = "value", [PART_ROWS] = "rows", [PART_GE] = "rows with ≥",
        [PART_GT] = "rows with >", [PART_LE] = "rows with ≤", [PART_LT] = "rows with <",
        [PART_APPROX] = "rows with ~", [PART_UNKNOWN] = "rows without a value",
        [PART_RESTATED] = "restated rows", [PART_SYNTHETIC] = "synthetic rows",
        [PART_DERIVED] = "derived rows", [PART_CONFIRMED] = "confirmed value",
        [PART_DISPUTED] = "disputed value", [PART_OPEN_ROWS] = "intervals under way",
        [PART_OPEN_VALUE] = "value under way", [PART_OPEN_NEGATIVE] = "negative value under way",
        [PART_NEGATIVE] = "negative value",
        [CELL_HELD] = "rows below",
    };
    return part >= 0 && part < CELL_PARTS ? names[part] : "unknown part";
}
