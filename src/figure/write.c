/* Deltas into cells. A batch of changed cells goes through at most three rounds: their first rows,
 * the years of those that are nodes, the months of the years that are; a round reads the rows it
 * changes once, in key order, and writes them. */
#include <stdlib.h>
#include <string.h>

#include "figure/delta.h"
#include "figure/sql.h"

#define BATCH_CHANGES 8192
#define BATCH_CUTS (1 << 19)

void cell_writer_init(struct cell_writer *w, struct tx *tx)
{
    *w = (struct cell_writer){ .tx = tx };
    arena_init(&w->work, (size_t)2 << 30);
    buf_init(&w->bytes, (size_t)64 << 20);
}

void cell_writer_free(struct cell_writer *w)
{
    for (int t = 0; t < 2; t++) {
        free(w->queue[t].at);
        free(w->next[t].at);
        free(w->gone[t][0].at);
        free(w->gone[t][1].at);
    }
    free(w->by_day);
    cuts_free(&w->cuts);
    cuts_free(&w->old);
    cuts_free(&w->all);
    buf_free(&w->bytes);
    arena_free(&w->work);
}

static void push_change(struct cell_queue *q, struct cell_change c)
{
    if (c.n == 0) return;
    q->at = mem_more(q->at, q->n, &q->cap, sizeof *q->at);
    q->at[q->n++] = c;
}

/* --- deltas into cuts --- */

/* Sums of one point of time, part by part. */
struct point { int64_t v[CELL_PARTS]; uint32_t parts; };

static bool point_add(struct point *p, const struct delta *d, struct err *e)
{
    for (uint32_t left = d->parts; left; left &= left - 1) {
        int part = __builtin_ctz(left);
        int64_t v = PARTS_OF_VALUE & 1u << part ? d->v : d->w;
        if (__builtin_add_overflow(p->v[part], v, &p->v[part]))
            return err_set(e, ERR_INVALID, "a figure's sum would leave 64 bits");
    }
    p->parts |= d->parts;
    return true;
}

static void point_end(struct point *p, int32_t at, struct cuts *out)
{
    for (uint32_t left = p->parts; left; left &= left - 1) {
        int part = __builtin_ctz(left);
        if (p->v[part]) cuts_push(out, at, (uint16_t)part, p->v[part]);
        p->v[part] = 0;
    }
    p->parts = 0;
}

/* One cell's deltas, rising by day, as a change of its first row. */
static bool add_cell(struct cell_writer *w, enum cell_table table, struct cell_change c,
                     const struct delta *at, size_t n, struct err *e)
{
    struct point day = { .parts = 0 };
    c.first = w->cuts.n;
    for (size_t i = 0; i < n; i++) {
        if (!point_add(&day, &at[i], e)) return false;
        if (i + 1 == n || delta_day(at[i + 1].lo) != delta_day(at[i].lo))
            point_end(&day, delta_day(at[i].lo) - DATE_MIN, &w->cuts);
    }
    c.n = w->cuts.n - c.first;
    push_change(&w->queue[table], c);
    return true;
}

bool cells_group(struct cell_writer *w, int64_t county, uint32_t figure, int64_t org,
                 const struct delta *at, size_t n, struct err *e)
{
    struct cell_change c = { .county = county, .figure = figure, .org = org };
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
    if (!add_cell(w, CELLS_COUNTY, c, w->by_day, n, e)) return false;
    for (size_t i = 0; i < n;) {
        size_t first = i;
        int64_t place = delta_place(at[i].lo);
        while (i < n && delta_place(at[i].lo) == place) i++;
        c.place = county * 1000000 + place;
        if (place && !add_cell(w, CELLS_FINE, c, at + first, i - first, e)) return false;
    }
    bool full = w->queue[0].n + w->queue[1].n >= BATCH_CHANGES || w->cuts.n >= BATCH_CUTS;
    return !full || cells_finish(w, e);
}

bool cells_write(struct cell_writer *w, const struct deltas *d, size_t from, size_t to,
                 struct err *e)
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

/* --- reading what is there --- */

/* In the order of the tables' keys. */
static int by_key(const void *a, const void *b)
{
    const struct cell_change *x = a, *y = b;
    int64_t k[2][5] = { { x->place ? x->county : 0, x->figure, x->org, x->bucket, x->place },
                        { y->place ? y->county : 0, y->figure, y->org, y->bucket, y->place } };
    for (int i = 0; i < 5; i++)
        if (k[0][i] != k[1][i]) return k[0][i] < k[1][i] ? -1 : 1;
    if (x->county != y->county) return x->county < y->county ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

struct old_bytes { struct cell_writer *w; struct cell_change **c; size_t n; };

static void take_bytes(struct old_bytes *o, size_t i, const struct val *v)
{
    o->c[i]->old = arena_strndup(&o->w->work, v->p, v->n);
    o->c[i]->old_n = v->n;
}

static bool take_one(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n;
    (void)e;
    take_bytes(arg, 0, &row[0]);
    return true;
}

static bool take_many(void *arg, const struct val *row, int n, struct err *e)
{
    struct old_bytes *o = arg;
    (void)n;
    (void)e;
    if ((size_t)row[0].i < o->n) take_bytes(o, (size_t)row[0].i, &row[1]); /* else a repetition */
    return true;
}

/* As the statements take it. */
static int key_params(struct val *v, const struct cell_change *c, enum cell_table table)
{
    v[0] = val_int(c->county);
    v[1] = val_int(c->figure);
    v[2] = val_int(c->org);
    v[3] = val_int(c->bucket);
    if (table == CELLS_FINE) v[4] = val_int(c->place);
    return table == CELLS_FINE ? 5 : 4;
}

/* One look-up a row where that is a function call, sixteen where it is a round trip. */
static bool read_old(struct cell_writer *w, enum cell_table table, struct err *e)
{
    struct cell_queue *q = &w->queue[table];
    bool pg = store_engine(db_store(tx_db(w->tx))) == ENGINE_POSTGRES, fine = table == CELLS_FINE;
    size_t step = pg ? SQL_MANY : 1;
    const struct stmt *s = figure_sql(pg ? (fine ? FINE_GET_MANY : COUNTY_GET_MANY)
                                         : (fine ? FINE_GET : COUNTY_GET));
    for (size_t i = 0; i < q->n;) {
        struct cell_change *c[SQL_MANY];
        struct val params[SQL_MANY * 5];
        struct old_bytes o = { w, c, 0 };
        int each = 0;
        for (; i < q->n && o.n < step; i++)
            if (!q->at[i].fresh) c[o.n++] = &q->at[i];
        if (o.n == 0) return true;
        for (size_t k = 0; k < step; k++)
            each = key_params(params + k * (fine ? 5 : 4), c[k < o.n ? k : o.n - 1], table);
        if (!tx_query(w->tx, s, params, each * (int)step, pg ? take_many : take_one, &o, e))
            return false;
    }
    return true;
}

/* --- one row changed --- */

/* Years of days, or months of a year's days; the bucket of the row below, and back. */
static int32_t node_point(int level, int32_t day)
{
    struct civil c = date_civil(day + DATE_MIN);
    return level == 0 ? c.year : c.month;
}

static int64_t child_bucket(int64_t bucket, int32_t point)
{
    return bucket == 0 ? point : CELL_MONTHS + bucket * 12 + point - 1;
}

static int64_t parent_bucket(int64_t bucket, int32_t *point)
{
    bool month = cell_level(bucket) == 2;
    *point = (int32_t)(month ? (bucket - CELL_MONTHS) % 12 + 1 : bucket);
    return month ? (bucket - CELL_MONTHS) / 12 : 0;
}

/* Whether the node in w->old has a row below at that point. */
static bool is_held(const struct cell_writer *w, int32_t point)
{
    size_t lo = 0, hi = w->old.n; /* a point's held cut comes last among its own */
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (w->old.at[mid].at <= point) lo = mid + 1;
        else hi = mid;
    }
    return lo > 0 && w->old.at[lo - 1].at == point && w->old.at[lo - 1].part == CELL_HELD;
}

/* Sums of the cuts by year or month, appended to `node`, and the rows below them queued. */
static bool push_children(struct cell_writer *w, enum cell_table table, const struct cell_change *c,
                          size_t first, size_t n, struct cuts *node, struct err *e)
{
    int level = cell_level(c->bucket);
    for (size_t i = first; i < first + n;) {
        struct cell_change child = *c;
        struct point sum = { .parts = 0 };
        int32_t point = node_point(level, w->cuts.at[i].at);
        child.first = i;
        for (; i < first + n && node_point(level, w->cuts.at[i].at) == point; i++) {
            struct cut x = w->cuts.at[i];
            if (__builtin_add_overflow(sum.v[x.part], x.v, &sum.v[x.part]))
                return err_set(e, ERR_INVALID, "a figure's sum would leave 64 bits");
            sum.parts |= 1u << x.part;
        }
        child.n = i - child.first;
        child.bucket = child_bucket(c->bucket, point);
        child.old = NULL;
        child.old_n = 0;
        child.fresh = !is_held(w, point);
        push_change(&w->next[table], child);
        sum.v[CELL_HELD] = child.fresh;
        sum.parts |= 1u << CELL_HELD;
        point_end(&sum, point, node);
    }
    return true;
}

/* The row is, or becomes, a node: w->old is what it is now as a node. */
static bool change_node(struct cell_writer *w, enum cell_table table, const struct cell_change *c,
                        size_t first, size_t n, struct err *e)
{
    struct cuts node = { 0 };
    bool ok = push_children(w, table, c, first, n, &node, e) &&
              cuts_merge(w->old.at, w->old.n, node.at, node.n, &w->all, e) &&
              cell_pack(CELL_NODE, w->all.at, w->all.n, &w->bytes, e);
    cuts_free(&node);
    return ok;
}

/* A leaf that outgrew its row becomes a node with all it held in rows below. */
static bool split_leaf(struct cell_writer *w, enum cell_table table, const struct cell_change *c,
                       struct err *e)
{
    size_t first = w->cuts.n, n = w->all.n;
    for (size_t i = 0; i < n; i++)
        cuts_push(&w->cuts, w->all.at[i].at, w->all.at[i].part, w->all.at[i].v);
    buf_clear(&w->bytes);
    w->old.n = 0;
    return change_node(w, table, c, first, n, e);
}

/* The new bytes of a row into w->bytes; changes of rows below it into w->next. */
static bool change_row(struct cell_writer *w, enum cell_table table, const struct cell_change *c,
                       struct err *e)
{
    enum cell_kind kind = c->old_n ? cell_kind(c->old, c->old_n) : CELL_LEAF;
    buf_clear(&w->bytes);
    w->old.n = 0;
    if (kind == CELL_BAD || (c->old_n && !cell_open(c->old, c->old_n, &w->old)))
        return err_set(e, ERR_CORRUPT,
                       "a cell's bytes cannot be read: run `jiedui figures rebuild`");
    if (kind == CELL_NODE && !c->held) return change_node(w, table, c, c->first, c->n, e);
    if (!cuts_merge(w->old.at, w->old.n, w->cuts.at + c->first, c->n, &w->all, e)) return false;
    bool splits = kind == CELL_LEAF && cell_level(c->bucket) < 2;
    if (splits && w->all.n >= CELL_MOST) return split_leaf(w, table, c, e);
    if (!cell_pack(kind, w->all.at, w->all.n, &w->bytes, e)) return false;
    return !splits || w->bytes.n <= CELL_MOST || split_leaf(w, table, c, e);
}

/* A row that went is no longer held by the one above. */
static void push_parent(struct cell_writer *w, enum cell_table table, const struct cell_change *c)
{
    struct cell_change up = *c;
    int32_t point;
    up.bucket = parent_bucket(c->bucket, &point);
    up.first = w->cuts.n;
    up.n = 1;
    up.held = true;
    up.fresh = false;
    up.old = NULL;
    up.old_n = 0;
    cuts_push(&w->cuts, point, CELL_HELD, -1);
    push_change(&w->gone[table][cell_level(up.bucket)], up);
}

/* Changes of one row stand next to each other after sorting; they become one. */
static bool join_changes(struct cell_writer *w, struct cell_queue *q, struct err *e)
{
    size_t n = 0;
    for (size_t i = 0; i < q->n; i++) {
        struct cell_change *last = n ? &q->at[n - 1] : NULL, *x = &q->at[i];
        bool same = last && last->county == x->county && last->figure == x->figure &&
                    last->org == x->org && last->place == x->place && last->bucket == x->bucket;
        if (!same) {
            q->at[n++] = *x;
            continue;
        }
        if (!cuts_merge(w->cuts.at + last->first, last->n, w->cuts.at + x->first, x->n, &w->all, e))
            return false;
        last->first = w->cuts.n;
        last->n = w->all.n;
        for (size_t k = 0; k < w->all.n; k++)
            cuts_push(&w->cuts, w->all.at[k].at, w->all.at[k].part, w->all.at[k].v);
        n -= last->n == 0;
    }
    q->n = n;
    return true;
}

/* What a round writes and removes. */
struct written { struct val *put, *drop; size_t puts, drops, each; };

static void write_row(struct cell_writer *w, enum cell_table table, const struct cell_change *c,
                      struct written *out)
{
    size_t n = w->bytes.n;
    if (n == c->old_n && (n == 0 || memcmp(w->bytes.p, c->old, n) == 0)) return;
    if (n == 0) {
        key_params(&out->drop[out->drops++ * out->each], c, table);
        if (c->bucket) push_parent(w, table, c);
        return;
    }
    struct val *v = &out->put[out->puts++ * (out->each + 1)];
    key_params(v, c, table);
    v[out->each] = val_blob(arena_strndup(&w->work, w->bytes.p, n), n);
}

/* One round over one table: w->queue in, rows below into w->next, rows above into w->gone. */
static bool write_round(struct cell_writer *w, enum cell_table table, struct err *e)
{
    struct cell_queue *q = &w->queue[table];
    bool fine = table == CELLS_FINE, ok = true;
    struct written out = { .each = fine ? 5 : 4 };
    if (q->n == 0) return true;
    qsort(q->at, q->n, sizeof *q->at, by_key);
    if (!join_changes(w, q, e) || !read_old(w, table, e)) return false;
    out.put = arena_array(&w->work, q->n * (out.each + 1), sizeof *out.put);
    out.drop = arena_array(&w->work, q->n * out.each, sizeof *out.drop);
    for (size_t i = 0; ok && i < q->n; i++) {
        ok = change_row(w, table, &q->at[i], e);
        if (ok) write_row(w, table, &q->at[i], &out);
    }
    q->n = 0;
    return ok && tx_exec_many(w->tx, figure_sql(fine ? FINE_PUT : COUNTY_PUT), out.put,
                              (int)out.each + 1, out.puts, NULL, e) &&
           tx_exec_many(w->tx, figure_sql(fine ? FINE_DROP : COUNTY_DROP), out.drop, (int)out.each,
                        out.drops, NULL, e);
}

static void swap_queues(struct cell_queue *a, struct cell_queue *b)
{
    struct cell_queue old = *a;
    *a = *b;
    *b = old;
}

bool cells_finish(struct cell_writer *w, struct err *e)
{
    bool ok = true;
    for (int t = 0; t < 2; t++) {
        enum cell_table table = (enum cell_table)t;
        for (int level = 0; ok && level < 3; level++) {
            ok = write_round(w, table, e);
            swap_queues(&w->queue[t], &w->next[t]);
        }
        for (int level = 1; ok && level >= 0; level--) {
            swap_queues(&w->queue[t], &w->gone[t][level]);
            ok = write_round(w, table, e);
        }
    }
    w->cuts.n = 0;
    arena_reset(&w->work);
    return ok;
}
