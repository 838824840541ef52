/* Which row of the store stands on which line of the files, for messages and to find rows given
 * twice. Memory stays small however many rows there are: new rows, whose ids rise, go to a
 * temporary file and are found by bisection; rows that were there before are kept in a map that is
 * spilled, sorted, as a run with a Bloom filter, so that a row met for the first time hardly ever
 * costs a read. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "entity/load_run.h"

#define RUN_ROWS ((size_t)1 << 18)
#define BLOOM_BITS ((uint32_t)1 << 22)   /* 16 a row: false alarms under one in a thousand */
#define BLOOM_PROBES 5
#define RUNS_MAX 1024

struct entry { int64_t id; int64_t where; };
struct log { FILE *file; int64_t n; };
struct run { int64_t from, n, lo, hi; uint64_t *bloom; };

struct lines {
    struct log fresh, old;
    struct map recent;                   /* old rows not spilled yet: id -> where */
    struct run *runs;
    int n_runs;
};

struct lines *lines_open(void)
{
    struct lines *s = mem_alloc(sizeof *s);
    map_init(&s->recent, sizeof(int64_t), sizeof(int64_t));
    return s;
}

void lines_close(struct lines *s)
{
    if (!s) return;
    if (s->fresh.file) fclose(s->fresh.file);
    if (s->old.file) fclose(s->old.file);
    for (int i = 0; i < s->n_runs; i++) free(s->runs[i].bloom);
    free(s->runs);
    map_free(&s->recent);
    free(s);
}

static int64_t pack(struct place_in_file at)
{
    return (int64_t)at.input << 40 | at.line;
}

static struct place_in_file unpack(int64_t where)
{
    return (struct place_in_file){ (int32_t)(where >> 40), where & ((INT64_C(1) << 40) - 1) };
}

static bool append(struct log *l, const struct entry *x, size_t n, struct err *e)
{
    if (!l->file) l->file = tmpfile();
    if (!l->file || fwrite(x, sizeof *x, n, l->file) != n)
        return err_set(e, errno == ENOSPC ? ERR_FULL : ERR_INTERNAL,
                       "a temporary file for line numbers: %s", strerror(errno));
    l->n += (int64_t)n;
    return true;
}

/* Bisection in [from, from + n) of a log, by rising id. */
static bool bisect(struct log *l, int64_t from, int64_t n, int64_t id, int64_t *where)
{
    if (!l->file || fflush(l->file) != 0) return false;
    int64_t lo = from, hi = from + n;
    while (lo < hi) {
        int64_t mid = lo + (hi - lo) / 2;
        struct entry x;
        if (pread(fileno(l->file), &x, sizeof x, mid * (int64_t)sizeof x) != (ssize_t)sizeof x)
            return false;
        if (x.id == id) return *where = x.where, true;
        if (x.id < id) lo = mid + 1;
        else hi = mid;
    }
    return false;
}

bool lines_new(struct lines *s, int64_t id, struct place_in_file at, struct err *e)
{
    return append(&s->fresh, &(struct entry){ id, pack(at) }, 1, e);
}

bool lines_find_new(struct lines *s, int64_t id, struct place_in_file *at)
{
    int64_t where;
    if (!bisect(&s->fresh, 0, s->fresh.n, id, &where)) return false;
    *at = unpack(where);
    return true;
}

static uint32_t probe(int64_t id, int k)
{
    uint64_t h = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);
    h ^= h >> 29;
    h *= UINT64_C(0xbf58476d1ce4e5b9);
    uint64_t step = (h & 0xffffffff) | 1;
    return (uint32_t)((h >> 32) + (uint64_t)k * step) & (BLOOM_BITS - 1);
}

static bool may_hold(const struct run *r, int64_t id)
{
    if (id < r->lo || id > r->hi) return false;
    for (int k = 0; k < BLOOM_PROBES; k++) {
        uint32_t bit = probe(id, k);
        if (!(r->bloom[bit / 64] >> bit % 64 & 1)) return false;
    }
    return true;
}

static int by_id(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static bool spill(struct lines *s, struct err *e)
{
    size_t n = s->recent.count, i = 0, at = 0;
    const void *key;
    void *value;
    struct entry *x = mem_alloc(n * sizeof *x);
    while (map_next(&s->recent, &at, &key, &value)) {
        memcpy(&x[i].id, key, sizeof x[i].id);
        memcpy(&x[i++].where, value, sizeof x->where);
    }
    qsort(x, n, sizeof *x, by_id);
    s->runs = mem_grow(s->runs, (size_t)(s->n_runs + 1) * sizeof *s->runs);
    struct run *r = &s->runs[s->n_runs];
    *r = (struct run){ s->old.n, (int64_t)n, x[0].id, x[n - 1].id, mem_alloc(BLOOM_BITS / 8) };
    s->n_runs++;
    for (i = 0; i < n; i++)
        for (int k = 0; k < BLOOM_PROBES; k++) {
            uint32_t bit = probe(x[i].id, k);
            r->bloom[bit / 64] |= UINT64_C(1) << bit % 64;
        }
    bool ok = append(&s->old, x, n, e);
    free(x);
    map_clear(&s->recent);
    return ok;
}

static bool find_old(struct lines *s, int64_t id, int64_t *where)
{
    const int64_t *at = map_get(&s->recent, &id);
    if (at) return memcpy(where, at, sizeof *where), true;
    for (int i = 0; i < s->n_runs; i++)
        if (may_hold(&s->runs[i], id) && bisect(&s->old, s->runs[i].from, s->runs[i].n, id, where))
            return true;
    return false;
}

bool lines_old(struct lines *s, int64_t id, struct place_in_file at, bool *again,
               struct place_in_file *first, struct err *e)
{
    int64_t where;
    *again = find_old(s, id, &where);
    if (*again) {
        *first = unpack(where);
        return true;
    }
    if (s->recent.count >= RUN_ROWS && s->n_runs < RUNS_MAX && !spill(s, e)) return false;
    where = pack(at);
    memcpy(map_put(&s->recent, &id, NULL), &where, sizeof where);
    return true;
}
