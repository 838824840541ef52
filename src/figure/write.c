/* Deltas into cells. */
#include <stdlib.h>
#include <string.h>

#include "figure/delta.h"
#include "figure/sql.h"

#define BATCH_CHANGES 8192
#define BATCH_CUTS (1 << 19)

void cell_writer_init(struct cell_writer *w, struct tx *tx)
{
    *w = (struct cell_writer){ .tx = tx };
    arena_init(&w->work, (size_t)1 << 30);
}

void cell_writer_free(struct cell_writer *w)
{
    free(w->fine.at);
    free(w->county.at);
    free(w->by_day);
    cuts_free(&w->cuts);
    arena_free(&w->work);
}

static void push_change(struct cell_queue *q, const int64_t key[5], size_t first, size_t n)
{
    if (n == 0) return;
    if (q->n == q->cap) {
        q->cap = q->cap ? q->cap * 2 : 64;
        q->at = mem_grow(q->at, q->cap * sizeof *q->at);
    }
    struct cell_change *c = &q->at[q->n++];
    *c = (struct cell_change){ .first = first, .n = n };
    memcpy(c->key, key, sizeof c->key);
}

/* Sums of one point of time, part by part. */
struct point { int64_t v[PART_N]; uint32_t parts; bool over; };

static void point_add(struct point *p, const struct delta *d)
{
    for (uint32_t left = d->parts; left; left &= left - 1) {
        int part = __builtin_ctz(left);
        int64_t v = PARTS_OF_VALUE & 1u << part ? d->v : d->w;
        p->over |= __builtin_add_overflow(p->v[part], v, &p->v[part]);
    }
    p->parts |= d->parts;
}

/* Ends the point: its sums become cuts at `at` and are handed to the coarser one. */
static void point_end(struct point *p, int at, struct cuts *out, struct point *coarser)
{
    for (uint32_t left = p->parts; left; left &= left - 1) {
        int part = __builtin_ctz(left);
        if (p->v[part]) cuts_push(out, (uint16_t)at, (uint16_t)part, p->v[part]);
        if (coarser)
            coarser->over |= __builtin_add_overflow(coarser->v[part], p->v[part], &coarser->v[part]);
        p->v[part] = 0;
    }
    if (coarser) {
        coarser->parts |= p->parts;
        coarser->over |= p->over;
    }
    p->parts = 0;
}

static bool too_large(struct err *e)
{
    return err_set(e, ERR_INVALID, "a figure's sum would leave 64 bits");
}

/* Villages and townships: a cell a place and year, steps at days of the year. */
static bool add_fine(struct cell_writer *w, int64_t county, uint32_t figure, int64_t org,
                     const struct delta *at, size_t n, struct err *e)
{
    struct point day = { 0 };
    for (size_t i = 0; i < n;) {
        int64_t place = delta_place(at[i].lo);
        int32_t year = date_civil(delta_day(at[i].lo)).year;
        uint64_t last = delta_lo(place, date_make(year, 12, 31));
        int32_t before = date_make(year, 1, 1) - 1;
        size_t first = w->cuts.n;
        for (; i < n && at[i].lo <= last; i++) {
            if (!place) continue;
            point_add(&day, &at[i]);
            if (i + 1 == n || at[i + 1].lo != at[i].lo)
                point_end(&day, delta_day(at[i].lo) - before, &w->cuts, NULL);
        }
        if (!place) continue;
        cuts_sort(&w->cuts, first);
        int64_t key[5] = { county, figure, org, county * 1000000 + place, year };
        push_change(&w->fine, key, first, w->cuts.n - first);
    }
    return !day.over || too_large(e);
}

/* The sums of one grain that are being collected. */
struct grain { struct point point; struct cuts cuts; };

static void end_grain(struct cell_writer *w, struct grain *g, int64_t county, uint32_t figure,
                      int64_t org, int grain, int64_t bucket)
{
    size_t first = w->cuts.n;
    for (size_t i = 0; i < g->cuts.n; i++)
        cuts_push(&w->cuts, g->cuts.at[i].at, g->cuts.at[i].part, g->cuts.at[i].v);
    g->cuts.n = 0;
    cuts_sort(&w->cuts, first);
    int64_t key[5] = { figure, org, grain, bucket, county };
    push_change(&w->county, key, first, w->cuts.n - first);
}

/* The county: days of the month, months of the year, years. */
static bool add_county(struct cell_writer *w, int64_t county, uint32_t figure, int64_t org,
                       const struct delta *at, size_t n, struct err *e)
{
    struct grain days = { 0 }, months = { 0 }, years = { 0 };
    for (size_t i = 0; i < n; i++) {
        struct civil c = date_civil(delta_day(at[i].lo));
        point_add(&days.point, &at[i]);
        if (i + 1 < n && at[i + 1].lo == at[i].lo) continue;
        point_end(&days.point, c.day, &days.cuts, &months.point);
        struct civil next = i + 1 < n ? date_civil(delta_day(at[i + 1].lo)) : (struct civil){ 0 };
        if (next.year == c.year && next.month == c.month) continue;
        end_grain(w, &days, county, figure, org, 2, (int64_t)c.year * 12 + c.month - 1);
        point_end(&months.point, c.month, &months.cuts, &years.point);
        if (next.year == c.year) continue;
        end_grain(w, &months, county, figure, org, 1, c.year);
        point_end(&years.point, c.year, &years.cuts, NULL);
    }
    end_grain(w, &years, county, figure, org, 0, 0);
    cuts_free(&days.cuts);
    cuts_free(&months.cuts);
    cuts_free(&years.cuts);
    return !years.point.over || too_large(e);
}

bool cells_group(struct cell_writer *w, int64_t county, uint32_t figure, int64_t org,
                 const struct delta *at, size_t n, struct err *e)
{
    if (n == 0) return true;
    if (n > w->cap_by_day) {
        w->cap_by_day = n + n / 2;
        w->by_day = mem_grow(w->by_day, w->cap_by_day * sizeof *w->by_day);
    }
    for (size_t i = 0; i < n; i++) {
        w->by_day[i] = at[i];
        w->by_day[i].hi = 0;
        w->by_day[i].lo = delta_lo(0, delta_day(at[i].lo));
    }
    delta_sort(w->by_day, n);
    if (!add_fine(w, county, figure, org, at, n, e) ||
        !add_county(w, county, figure, org, w->by_day, n, e))
        return false;
    bool full = w->fine.n + w->county.n >= BATCH_CHANGES || w->cuts.n >= BATCH_CUTS;
    return !full || cells_finish(w, e);
}

bool cells_write(struct cell_writer *w, const struct deltas *d, size_t from, size_t to, struct err *e)
{
    for (size_t i = from; i < to;) {
        size_t first = i;
        uint64_t hi = d->at[i].hi;
        while (i < to && d->at[i].hi == hi) i++;
        uint32_t org = delta_org(hi);
        if (!cells_group(w, delta_county(hi), delta_figure(hi), org ? d->orgs[org] : 0,
                         d->at + first, i - first, e))
            return false;
    }
    return true;
}

/* --- writing --- */

static int by_key(const void *a, const void *b)
{
    const struct cell_change *x = a, *y = b;
    for (int i = 0; i < 5; i++)
        if (x->key[i] != y->key[i]) return x->key[i] < y->key[i] ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

struct old_bytes { struct cell_writer *w; struct cell_change *c; size_t n; };

static bool take_one(void *arg, const struct val *row, int n, struct err *e)
{
    struct old_bytes *o = arg;
    (void)n;
    (void)e;
    o->c->old = arena_strndup(&o->w->work, row[0].p, row[0].n);
    o->c->old_n = row[0].n;
    return true;
}

static bool take_many(void *arg, const struct val *row, int n, struct err *e)
{
    struct old_bytes *o = arg;
    (void)n;
    (void)e;
    if ((size_t)row[0].i >= o->n) return true; /* a repetition of the last key */
    struct cell_change *c = &o->c[row[0].i];
    c->old = arena_strndup(&o->w->work, row[1].p, row[1].n);
    c->old_n = row[1].n;
    return true;
}

/* As the statements take it: the county first. */
static void key_params(struct val v[5], const struct cell_change *c, bool fine)
{
    for (int i = 0; i < 5; i++) v[i] = val_int(fine ? c->key[i] : c->key[(i + 4) % 5]);
}

/* One look-up a cell where that is a function call, sixteen where it is a round trip. */
static bool read_old(struct cell_writer *w, struct cell_queue *q, bool fine, struct err *e)
{
    bool many = store_engine(db_store(tx_db(w->tx))) == ENGINE_POSTGRES;
    const struct stmt *one = figure_sql(fine ? FINE_GET : COUNTY_GET);
    const struct stmt *all = figure_sql(fine ? FINE_GET_MANY : COUNTY_GET_MANY);
    for (size_t i = 0; i < q->n; i += many ? SQL_MANY : 1) {
        struct val params[SQL_MANY * 5];
        size_t n = q->n - i < SQL_MANY ? q->n - i : SQL_MANY;
        struct old_bytes o = { w, &q->at[i], many ? n : 1 };
        for (size_t k = 0; k < (many ? SQL_MANY : 1); k++)
            key_params(params + k * 5, &q->at[i + (k < n ? k : n - 1)], fine);
        if (!tx_query(w->tx, many ? all : one, params, many ? SQL_MANY * 5 : 5,
                      many ? take_many : take_one, &o, e))
            return false;
    }
    return true;
}

static bool write_rows(struct cell_writer *w, struct cell_queue *q, bool fine, struct err *e)
{
    struct val *put = arena_array(&w->work, q->n * 6, sizeof *put);
    struct val *drop = arena_array(&w->work, q->n * 5, sizeof *drop);
    size_t puts = 0, drops = 0;
    struct buf bytes;
    bool ok = true;
    buf_init(&bytes, (size_t)64 << 20);
    for (size_t i = 0; ok && i < q->n; i++) {
        const struct cell_change *c = &q->at[i];
        buf_clear(&bytes);
        ok = pack_add(c->old, c->old_n, w->cuts.at + c->first, c->n, &bytes, e);
        if (!ok) break;
        if (bytes.n == c->old_n && (bytes.n == 0 || memcmp(bytes.p, c->old, bytes.n) == 0)) continue;
        struct val *v = bytes.n ? &put[puts++ * 6] : &drop[drops++ * 5];
        key_params(v, c, fine);
        if (bytes.n) v[5] = val_blob(arena_strndup(&w->work, bytes.p, bytes.n), bytes.n);
    }
    buf_free(&bytes);
    return ok && tx_exec_many(w->tx, figure_sql(fine ? FINE_PUT : COUNTY_PUT), put, 6, puts, NULL, e) &&
           tx_exec_many(w->tx, figure_sql(fine ? FINE_DROP : COUNTY_DROP), drop, 5, drops, NULL, e);
}

static bool give_rows(struct cell_writer *w, struct cell_queue *q, bool fine, struct err *e)
{
    struct buf bytes;
    bool ok = true;
    buf_init(&bytes, (size_t)64 << 20);
    for (size_t i = 0; ok && i < q->n; i++) {
        const struct cell_change *c = &q->at[i];
        buf_clear(&bytes);
        ok = pack_add(NULL, 0, w->cuts.at + c->first, c->n, &bytes, e) &&
             (bytes.n == 0 || w->sink(w->sink_arg, fine, c->key, bytes.p, bytes.n, e));
    }
    buf_free(&bytes);
    return ok;
}

/* Changes of one cell stand next to each other after sorting, each with its own run of cuts by part;
 * they are joined into one. */
static void join_changes(struct cell_writer *w, struct cell_queue *q)
{
    size_t n = 0;
    for (size_t i = 0; i < q->n;) {
        size_t run = i + 1;
        while (run < q->n && memcmp(q->at[run].key, q->at[i].key, sizeof q->at[i].key) == 0) run++;
        struct cell_change c = q->at[i];
        if (run > i + 1) {
            size_t first = w->cuts.n;
            for (size_t k = i; k < run; k++)
                for (size_t x = 0; x < q->at[k].n; x++) {
                    struct cut cut = w->cuts.at[q->at[k].first + x];
                    cuts_push(&w->cuts, cut.at, cut.part, cut.v);
                }
            cuts_sort(&w->cuts, first);
            c.first = first;
            c.n = w->cuts.n - first;
        }
        q->at[n++] = c;
        i = run;
    }
    q->n = n;
}

static bool write_queue(struct cell_writer *w, struct cell_queue *q, bool fine, struct err *e)
{
    if (q->n == 0) return true;
    qsort(q->at, q->n, sizeof *q->at, by_key);
    join_changes(w, q);
    bool ok = w->sink ? give_rows(w, q, fine, e)
                      : read_old(w, q, fine, e) && write_rows(w, q, fine, e);
    q->n = 0;
    return ok;
}

bool cells_finish(struct cell_writer *w, struct err *e)
{
    bool ok = write_queue(w, &w->fine, true, e) && write_queue(w, &w->county, false, e);
    w->cuts.n = 0;
    arena_reset(&w->work);
    return ok;
}
