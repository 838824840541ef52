/* The deltas of a transaction: told by the observer, written at the flush. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "figure/delta.h"
#include "figure/sql.h"

/* The model's observer, publish and discard are given the figures; the part keeps them for the
 * flush. A published load is noted among the deltas, so that rewinding a failed command takes it
 * back. */
#define PUBLISHED UINT32_C(0xffffffff) /* in `parts`; the load's number in `v` */

struct part {
    const struct figures *figures;
    struct gather g;
    int64_t load;              /* the load whose slice this transaction is */
    bool marked; /* a command of a group may be taken back: what stands may not be folded */
};

static void *part_open(struct tx *tx)
{
    struct part *p = mem_alloc(sizeof *p);
    gather_init(&p->g);
    p->load = load_of(tx);
    return p;
}

/* Both lists in one mark; a transaction of four thousand million keys is none. */
static size_t part_mark(void *self)
{
    struct part *p = self;
    if (p->g.keys.n >> 31 || p->g.deltas.n >> 31) log_fatal("too_many_deltas", "part=figure");
    size_t mark = p->g.deltas.n << 31 | p->g.keys.n;
    p->marked |= mark > 0;
    return mark;
}

static void part_rewind(void *self, size_t mark)
{
    struct part *p = self;
    p->g.deltas.n = mark >> 31;
    p->g.keys.n = mark & 0x7fffffff;
}

static void part_close(void *self)
{
    struct part *p = self;
    gather_free(&p->g);
    free(p);
}

/* Takes the published load out of the deltas; 0 when there is none. */
static int64_t take_published(struct deltas *d)
{
    int64_t load = 0;
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++) {
        if (d->at[i].parts == PUBLISHED) load = d->at[i].v;
        else d->at[n++] = d->at[i];
    }
    d->n = n;
    return load;
}

static size_t first_aside(const struct deltas *d)
{
    size_t lo = 0, hi = d->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (d->at[mid].hi & DELTA_ASIDE) hi = mid;
        else lo = mid + 1;
    }
    return lo;
}

struct published { struct tx *tx; struct deltas *d; };

static bool publish_keys(void *arg, struct key_deltas *k, struct err *e)
{
    struct published *p = arg;
    return keys_apply(p->tx, k, true, p->d, e);
}

/* Everything counts from now on: what this transaction kept aside is as good as any other. */
static bool flush_published(struct tx *tx, struct part *p, int64_t load, struct err *e)
{
    struct published pub = { tx, &p->g.deltas };
    for (size_t i = 0; i < p->g.deltas.n; i++) p->g.deltas.at[i].hi &= ~DELTA_ASIDE;
    if (!keys_apply(tx, &p->g.keys, true, &p->g.deltas, e) ||
        !runs_keys(tx, load, publish_keys, &pub, e))
        return false;
    deltas_settle(&p->g.deltas);
    struct cell_writer w;
    cell_writer_init(&w, tx);
    bool ok = runs_merge(tx, load, &p->g.deltas, 0, p->g.deltas.n, &w, e) &&
              cells_finish(&w, e) && runs_drop(tx, load, e);
    cell_writer_free(&w);
    return ok;
}

static bool flush_plain(struct tx *tx, struct part *p, struct err *e)
{
    if (!keys_apply(tx, &p->g.keys, false, &p->g.deltas, e)) return false;
    deltas_settle(&p->g.deltas);
    size_t aside = first_aside(&p->g.deltas);
    struct cell_writer w;
    cell_writer_init(&w, tx);
    bool ok = cells_write(&w, &p->g.deltas, 0, aside, e) && cells_finish(&w, e) &&
              runs_keep(tx, p->load, &p->g.deltas, aside, p->g.deltas.n, e) &&
              runs_keep_keys(tx, p->load, &p->g.keys, e);
    cell_writer_free(&w);
    return ok;
}

static bool part_flush(struct tx *tx, void *self, struct err *e)
{
    struct part *p = self;
    int64_t load = take_published(&p->g.deltas);
    if (!p->figures || (!load && !p->g.deltas.n && !p->g.keys.n)) return true;
    if (!generation_same(tx, p->figures, e)) return false;
    return load ? flush_published(tx, p, load, e) : flush_plain(tx, p, e);
}

static const struct tx_part figure_part = { .name = "figure", .rank = 20, .open = part_open,
    .mark = part_mark, .rewind = part_rewind, .flush = part_flush, .close = part_close };

/* A command that changes a row without touching what a figure looks at leaves no trace in the
 * cells. */
static bool same_hit(const struct figure *f, const struct val *before, const struct val *after)
{
    struct hit a = { 0 }, b = { 0 };
    bool in = row_hit(f, before, &a);
    if (in != row_hit(f, after, &b)) return false;
    if (!in) return true;
    if (f->kind == FIGURE_DISTINCT) return false;
    return a.place == b.place && a.org == b.org && a.from == b.from && a.ends == b.ends &&
           a.to == b.to && a.known == b.known && a.value == b.value && a.parts == b.parts;
}

static bool observe(void *arg, struct tx *tx, const struct table_map *m, const struct val *before,
                    const struct val *after, struct err *e)
{
    const struct figures *f = arg;
    int n;
    const struct figure *const *list = figures_of(f, m, &n);
    (void)e;
    if (n == 0) return true;
    struct part *p = tx_part(tx, &figure_part);
    p->figures = f;
    for (int i = 0; i < n; i++) {
        if (before && after && same_hit(list[i], before, after)) continue;
        for (int side = 0; side < 2; side++) {
            const struct val *row = side ? after : before;
            if (!row) continue;
            bool aside = p->load && row[ROW_LOAD].type == VAL_INT && row[ROW_LOAD].i == p->load;
            gather_row(&p->g, list[i], row, side ? 1 : -1, aside ? DELTA_ASIDE : 0);
        }
    }
    if (!p->marked) deltas_settle_some(&p->g.deltas);
    return true;
}

static bool publish(void *arg, struct tx *tx, int64_t load, struct err *e)
{
    struct part *p = tx_part(tx, &figure_part);
    (void)e;
    p->figures = arg;
    deltas_add(&p->g.deltas, 0, 0, 0, 0, 0, load, 0, PUBLISHED);
    return true;
}

static bool discard(void *arg, struct tx *tx, int64_t load, struct err *e)
{
    (void)arg;
    return runs_drop(tx, load, e);
}

void figures_observe(struct figures *f, struct model *mo)
{
    mo->observe = observe;
    mo->publish = publish;
    mo->discard = discard;
    mo->observe_arg = f;
}
