/* Lists of deltas: growing, ordering, folding. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "figure/delta.h"

#define SMALL 64

void deltas_init(struct deltas *d)
{
    *d = (struct deltas){ 0 };
    map_init(&d->org_index, sizeof(int64_t), sizeof(uint32_t));
}

void deltas_free(struct deltas *d)
{
    free(d->at);
    free(d->orgs);
    map_free(&d->org_index);
    *d = (struct deltas){ 0 };
}

void deltas_clear(struct deltas *d)
{
    d->n = 0;
    d->n_orgs = 0;
    d->settled = 0;
    map_clear(&d->org_index);
}

static uint32_t org_add(struct deltas *d, int64_t org)
{
    bool added;
    uint32_t *index = map_put(&d->org_index, &org, &added);
    if (!added) return *index;
    if (d->n_orgs + 1 >= d->cap_orgs) {
        d->cap_orgs = d->cap_orgs ? d->cap_orgs * 2 : 64;
        d->orgs = mem_grow(d->orgs, d->cap_orgs * sizeof *d->orgs);
    }
    if (d->n_orgs == 0) d->orgs[d->n_orgs++] = 0;
    if (d->n_orgs >> 24) log_fatal("too_many_organisations", "count=%zu", d->n_orgs);
    *index = (uint32_t)d->n_orgs;
    d->orgs[d->n_orgs++] = org;
    return *index;
}

void deltas_add(struct deltas *d, uint64_t aside, uint32_t figure, int64_t org, int64_t place,
                int32_t day, int64_t v, int32_t w, uint32_t parts)
{
    d->at = mem_more(d->at, d->n, &d->cap, sizeof *d->at);
    uint32_t index = org ? org_add(d, org) : 0;
    d->at[d->n++] = (struct delta){ .hi = aside | delta_hi(cell_county(place), figure, index),
        .lo = delta_lo(place, day), .v = v, .w = w, .parts = parts };
}

static bool before(const struct delta *a, const struct delta *b)
{
    return a->hi != b->hi ? a->hi < b->hi : a->lo < b->lo;
}

static void insertion(struct delta *at, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct delta x = at[i];
        size_t j = i;
        for (; j > 0 && before(&x, &at[j - 1]); j--) at[j] = at[j - 1];
        at[j] = x;
    }
}

/* One pass of a radix sort over eight bits of hi or lo; nothing when all have the same. */
static bool pass(const struct delta *from, struct delta *to, size_t n, bool hi, int shift)
{
    size_t count[256] = { 0 }, sum = 0;
    for (size_t i = 0; i < n; i++) count[(hi ? from[i].hi : from[i].lo) >> shift & 255]++;
    if (count[(hi ? from[0].hi : from[0].lo) >> shift & 255] == n) return false;
    for (int b = 0; b < 256; b++) {
        size_t here = count[b];
        count[b] = sum;
        sum += here;
    }
    for (size_t i = 0; i < n; i++)
        to[count[(hi ? from[i].hi : from[i].lo) >> shift & 255]++] = from[i];
    return true;
}

void delta_sort(struct delta *at, size_t n)
{
    bool sorted = true;
    for (size_t i = 1; sorted && i < n; i++) sorted = !before(&at[i], &at[i - 1]);
    if (sorted) return;
    if (n <= SMALL) {
        insertion(at, n);
        return;
    }
    struct delta *other = mem_grow(NULL, n * sizeof *other), *from = at, *to = other;
    for (int digit = 0; digit < 16; digit++) {
        if (!pass(from, to, n, digit >= 8, digit % 8 * 8)) continue;
        struct delta *swap = from;
        from = to;
        to = swap;
    }
    if (from != at) memcpy(at, from, n * sizeof *at);
    free(other);
}

struct ranked { int64_t org; uint32_t index; };

static int by_org(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return x->org < y->org ? -1 : x->org > y->org;
}

/* Indexes become ranks, so that hi orders by the organisation itself. */
static void rank_orgs(struct deltas *d)
{
    size_t n = d->n_orgs;
    if (n < 3) return;
    struct ranked *r = mem_grow(NULL, n * sizeof *r);
    uint32_t *rank = mem_grow(NULL, n * sizeof *rank);
    for (size_t i = 0; i < n; i++) r[i] = (struct ranked){ d->orgs[i], (uint32_t)i };
    qsort(r + 1, n - 1, sizeof *r, by_org);
    for (size_t i = 0; i < n; i++) {
        rank[r[i].index] = (uint32_t)i;
        d->orgs[i] = r[i].org;
    }
    for (size_t i = 1; i < n; i++) *(uint32_t *)map_get(&d->org_index, &d->orgs[i]) = (uint32_t)i;
    for (size_t i = 0; i < d->n; i++) {
        uint64_t hi = d->at[i].hi;
        d->at[i].hi = (hi & ~UINT64_C(0xffffff)) | rank[hi & 0xffffff];
    }
    free(r);
    free(rank);
}

/* Neighbours that go to the same parts of the same cells become one. Of two that differ in their
 * parts the order stays, so a + b - a does not fold to b; the cells come out the same. */
static void fold(struct deltas *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++) {
        struct delta *last = n ? &d->at[n - 1] : NULL, *x = &d->at[i];
        int64_t v;
        int32_t w;
        if (last && last->hi == x->hi && last->lo == x->lo && last->parts == x->parts &&
            !__builtin_add_overflow(last->v, x->v, &v) &&
            !__builtin_add_overflow(last->w, x->w, &w)) {
            last->v = v;
            last->w = w;
            if (v == 0 && w == 0) n--;
        } else {
            d->at[n++] = *x;
        }
    }
    d->n = n;
}

void deltas_settle(struct deltas *d)
{
    rank_orgs(d);
    delta_sort(d->at, d->n);
    fold(d);
    d->settled = d->n;
}

#define MANY ((size_t)2 << 20)

void deltas_settle_some(struct deltas *d)
{
    if (d->n > MANY + 2 * d->settled) deltas_settle(d);
}

void key_deltas_init(struct key_deltas *k)
{
    *k = (struct key_deltas){ 0 };
    buf_init(&k->text, (size_t)1 << 31);
}

void key_deltas_free(struct key_deltas *k)
{
    free(k->at);
    buf_free(&k->text);
    key_deltas_init(k);
}

struct key_delta *key_deltas_push(struct key_deltas *k)
{
    if (k->text.over) log_fatal("keys_too_long", "bytes=%zu", k->text.n);
    k->at = mem_more(k->at, k->n, &k->cap, sizeof *k->at);
    return &k->at[k->n++];
}

void gather_init(struct gather *g)
{
    deltas_init(&g->deltas);
    key_deltas_init(&g->keys);
}

void gather_free(struct gather *g)
{
    deltas_free(&g->deltas);
    key_deltas_free(&g->keys);
}
