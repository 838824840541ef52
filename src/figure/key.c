/* The key sets of distinct figures: for each scope, period and key the days on which rows that have
 * it begin (and, for a stock, end) to count. */
#include <stdlib.h>
#include <string.h>

#include "figure/delta.h"
#include "figure/read.h"
#include "figure/sql.h"

#define BATCH SQL_MANY

void key_turns(const struct key_day *days, size_t n, int sign, uint32_t figure, int64_t org,
               int64_t place, struct deltas *d)
{
    int64_t rows = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t after = rows + days[i].n;
        if ((rows > 0) != (after > 0)) {
            int turn = after > 0 ? sign : -sign;
            deltas_add(d, 0, figure, org, place, days[i].day, turn, 0, 1u << PART_VALUE);
        }
        rows = after;
    }
}

struct sorting { const struct key_deltas *k; const struct key_delta *d; };

/* Everything but the day: which key set, which key. */
static int compare_key(const struct key_deltas *k, const struct key_delta *a,
                       const struct key_delta *b)
{
    int64_t x[5] = { cell_county(a->place), a->figure, a->org, a->place, a->period };
    int64_t y[5] = { cell_county(b->place), b->figure, b->org, b->place, b->period };
    for (int i = 0; i < 5; i++)
        if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
    uint32_t n = a->n < b->n ? a->n : b->n;
    int c = memcmp(k->text.p + a->at, k->text.p + b->at, n);
    if (c) return c;
    return a->n < b->n ? -1 : a->n > b->n;
}

static int by_key(const void *a, const void *b)
{
    const struct sorting *x = a, *y = b;
    int c = compare_key(x->k, x->d, y->d);
    if (c) return c;
    return x->d->day < y->d->day ? -1 : x->d->day > y->d->day;
}

void keys_turn(const struct key_deltas *k, struct deltas *d)
{
    struct sorting *sorted = mem_alloc((k->n + 1) * sizeof *sorted);
    struct key_day *days = mem_alloc((k->n + 1) * sizeof *days);
    for (size_t i = 0; i < k->n; i++) sorted[i] = (struct sorting){ k, &k->at[i] };
    qsort(sorted, k->n, sizeof *sorted, by_key);
    for (size_t i = 0; i < k->n;) {
        const struct key_delta *key = sorted[i].d;
        size_t n = 0;
        for (; i < k->n && compare_key(k, key, sorted[i].d) == 0; i++) {
            if (n && days[n - 1].day == sorted[i].d->day) days[n - 1].n += sorted[i].d->w;
            else days[n++] = (struct key_day){ sorted[i].d->day, sorted[i].d->w };
        }
        key_turns(days, n, 1, key->figure, key->org, key->place, d);
    }
    free(days);
    free(sorted);
}

/* The days of some keys as stored, one list a key. */
struct days { struct key_day *at; size_t n, cap; };
struct stored { struct days of[BATCH]; size_t keys; };

static void push_day(struct days *d, int32_t day, int64_t n)
{
    d->at = mem_more(d->at, d->n, &d->cap, sizeof *d->at);
    d->at[d->n++] = (struct key_day){ day, n };
}

static bool take_day(void *arg, const struct val *row, int n, struct err *e)
{
    struct stored *s = arg;
    (void)n;
    (void)e;
    if ((size_t)row[0].i < s->keys) push_day(&s->of[row[0].i], (int32_t)row[1].i, row[2].i);
    return true;
}

static void key_params(struct val v[6], const struct key_deltas *k, const struct key_delta *d)
{
    v[0] = val_int(cell_county(d->place));
    v[1] = val_int(d->figure);
    v[2] = val_int(d->org);
    v[3] = val_int(d->place);
    v[4] = val_int(d->period);
    v[5] = val_textn(k->text.p + d->at, d->n);
}

/* One run of equal keys among the sorted ones. */
struct run { size_t first, n; };

struct apply {
    struct tx *tx;
    const struct key_deltas *k;
    struct sorting *sorted;
    struct deltas *d;
    struct stored stored;
    struct days after;
};

static bool read_days(struct apply *a, const struct run *runs, size_t n, struct err *e)
{
    struct val params[BATCH * 6];
    bool many = store_engine(db_store(tx_db(a->tx))) == ENGINE_POSTGRES;
    for (size_t i = 0; i < BATCH; i++) a->stored.of[i].n = 0;
    a->stored.keys = n;
    for (size_t i = 0; i < BATCH; i++)
        key_params(params + i * 6, a->k, a->sorted[runs[i < n ? i : n - 1].first].d);
    if (many)
        return tx_query(a->tx, figure_sql(KEY_DAYS_MANY), params, BATCH * 6, take_day, &a->stored,
                        e);
    for (size_t i = 0; i < n; i++) {
        struct stored one = { .keys = 1, .of[0] = a->stored.of[i] };
        bool ok = tx_query(a->tx, figure_sql(KEY_DAYS), params + i * 6, 6, take_day, &one, e);
        a->stored.of[i] = one.of[0];
        if (!ok) return false;
    }
    return true;
}

/* Writes the days of one key that changed, and adds the turns that come of it. */
static bool change_key(struct apply *a, const struct run *r, const struct days *old, struct err *e)
{
    const struct key_delta *key = a->sorted[r->first].d;
    size_t o = 0, i = r->first, end = r->first + r->n;
    a->after.n = 0;
    while (o < old->n || i < end) {
        int32_t day = o < old->n ? old->at[o].day : INT32_MAX;
        if (i < end && a->sorted[i].d->day < day) day = a->sorted[i].d->day;
        int64_t was = 0, n;
        if (o < old->n && old->at[o].day == day) was = old->at[o++].n;
        for (n = was; i < end && a->sorted[i].d->day == day; i++) n += a->sorted[i].d->w;
        if (n) push_day(&a->after, day, n);
        if (n == was) continue;
        struct val v[8];
        key_params(v, a->k, key);
        v[6] = val_int(day);
        v[7] = val_int(n);
        if (!tx_exec(a->tx, figure_sql(n ? KEY_PUT : KEY_DROP), v, n ? 8 : 7, NULL, e))
            return false;
    }
    key_turns(old->at, old->n, -1, key->figure, key->org, key->place, a->d);
    key_turns(a->after.at, a->after.n, 1, key->figure, key->org, key->place, a->d);
    return true;
}

static bool apply_sorted(struct apply *a, size_t n, struct err *e)
{
    for (size_t i = 0; i < n;) {
        struct run runs[BATCH];
        size_t count = 0;
        for (; i < n && count < BATCH; count++) {
            runs[count].first = i++;
            while (i < n && compare_key(a->k, a->sorted[runs[count].first].d, a->sorted[i].d) == 0)
                i++;
            runs[count].n = i - runs[count].first;
        }
        if (!read_days(a, runs, count, e)) return false;
        for (size_t r = 0; r < count; r++)
            if (!change_key(a, &runs[r], &a->stored.of[r], e)) return false;
    }
    return true;
}

bool keys_apply(struct tx *tx, const struct key_deltas *k, bool all, struct deltas *d,
                struct err *e)
{
    if (k->n == 0) return true;
    struct apply a = { .tx = tx, .k = k, .d = d };
    size_t n = 0;
    a.sorted = mem_alloc(k->n * sizeof *a.sorted);
    for (size_t i = 0; i < k->n; i++)
        if (all || !k->at[i].aside) a.sorted[n++] = (struct sorting){ k, &k->at[i] };
    qsort(a.sorted, n, sizeof *a.sorted, by_key);
    bool ok = apply_sorted(&a, n, e);
    for (size_t i = 0; i < BATCH; i++) free(a.stored.of[i].at);
    free(a.after.at);
    free(a.sorted);
    return ok;
}

/* --- counting keys of several sets --- */

struct counting { struct map counted; struct arena a;
                  const char *key; uint32_t key_n; int64_t active; };

struct text_key { uint64_t a, b; };

static void end_key(struct counting *c)
{
    struct text_key k = { 0, 0 };
    if (!c->key || c->active <= 0) return;
    k.a = hash_bytes(c->key, c->key_n, 1);
    k.b = hash_bytes(c->key, c->key_n, 2);
    (void)map_put(&c->counted, &k, NULL);
}

void keys_count_in(const struct key_deltas *k, const struct key_set *sets, size_t n, int32_t period,
                   int32_t day, int64_t *out)
{
    struct counting c = { 0 };
    struct sorting *sorted = mem_alloc((k->n + 1) * sizeof *sorted);
    map_init(&c.counted, sizeof(struct text_key), 1);
    for (size_t i = 0; i < k->n; i++) sorted[i] = (struct sorting){ k, &k->at[i] };
    qsort(sorted, k->n, sizeof *sorted, by_key);
    for (size_t i = 0; i < k->n;) {
        const struct key_delta *key = sorted[i].d;
        bool in = false;
        for (size_t s = 0; s < n; s++)
            in |= sets[s].place == key->place && sets[s].org == key->org && key->period == period;
        c.key = k->text.p + key->at;
        c.key_n = key->n;
        c.active = 0;
        for (; i < k->n && compare_key(k, key, sorted[i].d) == 0; i++)
            if (in && sorted[i].d->day <= day) c.active += sorted[i].d->w;
        end_key(&c);
    }
    *out = (int64_t)c.counted.count;
    map_free(&c.counted);
    free(sorted);
}

static bool count_key(void *arg, const struct val *row, int n, struct err *e)
{
    struct counting *c = arg;
    (void)n;
    (void)e;
    if (!c->key || c->key_n != row[0].n || memcmp(c->key, row[0].p, row[0].n) != 0) {
        end_key(c);
        arena_reset(&c->a);
        c->key = arena_strndup(&c->a, row[0].p, row[0].n);
        c->key_n = row[0].n;
        c->active = 0;
    }
    c->active += row[2].i;
    return true;
}

bool keys_count(struct db *d, const struct figure *f, const struct key_set *sets, size_t n,
                int32_t period, int32_t day, int64_t *out, struct err *e)
{
    struct counting c = { 0 };
    bool ok = true;
    map_init(&c.counted, sizeof(struct text_key), 1);
    arena_init(&c.a, 0);
    for (size_t i = 0; ok && i < n; i++) {
        struct val v[6] = { val_int(cell_county(sets[i].place)), val_int(f->number),
            val_int(sets[i].org), val_int(sets[i].place), val_int(period), val_int(day) };
        c.key = NULL;
        c.active = 0;
        ok = db_query(d, figure_sql(KEY_READ), v, 6, count_key, &c, e);
        end_key(&c);
    }
    *out = (int64_t)c.counted.count;
    map_free(&c.counted);
    arena_free(&c.a);
    return ok;
}
