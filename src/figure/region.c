/* Which codes a place, or the places of a class inside it, mean. */
#include <stdlib.h>
#include <string.h>

#include "figure/read.h"

#define MOST_RANGES 4096

static int by_lo(const void *a, const void *b)
{
    const struct place_range *x = a, *y = b;
    return x->lo < y->lo ? -1 : x->lo > y->lo;
}

/* Sorts, and joins what overlaps or touches, so that nothing is counted twice. */
static void tidy(struct region *r)
{
    size_t n = 0;
    if (r->n) qsort(r->at, r->n, sizeof *r->at, by_lo);
    for (size_t i = 0; i < r->n; i++) {
        if (n && r->at[i].lo <= r->at[n - 1].hi) {
            if (r->at[i].hi > r->at[n - 1].hi) r->at[n - 1].hi = r->at[i].hi;
        } else {
            r->at[n++] = r->at[i];
        }
    }
    r->n = n;
}

static bool place_region(const struct figure_context *c, struct db *d, int64_t place,
                         struct arena *a, struct region *out, struct err *e)
{
    const struct places *p = c->model->places;
    struct place_range few[MOST_RANGES];
    int n = 1;
    few[0] = place_own_range(place);
    if (place && p && p->ranges && !p->ranges(p->arg, d, place, few, MOST_RANGES, &n, e))
        return false;
    out->n = (size_t)n;
    out->at = arena_array(a, (size_t)n, sizeof *out->at);
    memcpy(out->at, few, (size_t)n * sizeof *few);
    tidy(out);
    return true;
}

struct region region_cut(const struct region *x, const struct region *y, struct arena *a)
{
    struct region out = { arena_array(a, x->n + y->n + 1, sizeof *out.at), 0 };
    for (size_t i = 0, k = 0; i < x->n && k < y->n;) {
        int64_t lo = x->at[i].lo > y->at[k].lo ? x->at[i].lo : y->at[k].lo;
        int64_t hi = x->at[i].hi < y->at[k].hi ? x->at[i].hi : y->at[k].hi;
        if (lo <= hi) out.at[out.n++] = (struct place_range){ lo, hi };
        if (x->at[i].hi < y->at[k].hi) i++;
        else k++;
    }
    return out;
}

static bool class_region(const struct figure_context *c, struct db *d, const char *class,
                         int32_t on, struct arena *a, struct region *out, struct err *e)
{
    const struct places *p = c->model->places;
    const int64_t *codes = NULL;
    size_t n = 0, cap = 0;
    *out = (struct region){ 0 };
    if (!p || !p->members)
        return err_set(e, ERR_INTERNAL, "no classes of places are known here");
    if (!p->members(p->arg, d, class, on, a, &codes, &n, e)) return false;
    for (size_t i = 0; i < n; i++) {
        struct region one;
        if (!place_region(c, d, codes[i], a, &one, e)) return false;
        if (out->n + one.n > cap) {
            cap = (out->n + one.n) * 2;
            struct place_range *more = arena_array(a, cap, sizeof *more);
            if (out->n) memcpy(more, out->at, out->n * sizeof *more);
            out->at = more;
        }
        memcpy(out->at + out->n, one.at, one.n * sizeof *one.at);
        out->n += one.n;
    }
    tidy(out);
    return true;
}

bool region_of(const struct figure_context *c, struct db *d, int64_t place, const char *within,
               int32_t on, struct arena *a, struct region *out, struct err *e)
{
    struct region class;
    if (!place_region(c, d, place, a, out, e)) return false;
    if (!within) return true;
    if (!class_region(c, d, within, on, a, &class, e)) return false;
    *out = region_cut(out, &class, a);
    return true;
}

bool region_has(const struct region *r, int64_t code)
{
    size_t lo = 0, hi = r->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (code > r->at[mid].hi) lo = mid + 1;
        else hi = mid;
    }
    return lo < r->n && code >= r->at[lo].lo;
}
