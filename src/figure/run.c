/* What is kept aside for a pending load: sorted runs of deltas, one a transaction, in pieces of
 * some kilobytes, and the keys of distinct figures as they came. Publishing merges the runs, so
 * that each cell is written once, in order, and memory does not grow with the load. */
#include <stdlib.h>
#include <string.h>

#include "figure/delta.h"
#include "figure/sql.h"
#include "store/seal.h"

#define PIECE (16 << 10)
#define MOST_RUNS 512     /* more are merged into one first */
#define GROUP_MOST (1 << 20)
enum { KIND_DELTAS, KIND_KEYS };

/* --- bytes --- */

static void put_number(struct buf *b, uint64_t v)
{
    char out[10];
    int n = 0;
    for (; v >= 128; v >>= 7) out[n++] = (char)(v | 128);
    out[n++] = (char)v;
    buf_add(b, out, (size_t)n);
}

static void put_signed(struct buf *b, int64_t v)
{
    put_number(b, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

struct bytes { const unsigned char *p, *end; bool bad; };

static uint64_t get_number(struct bytes *b)
{
    uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (b->p == b->end) break;
        unsigned char c = *b->p++;
        v |= (uint64_t)(c & 127) << shift;
        if (c < 128) return v;
    }
    b->bad = true;
    return 0;
}

static int64_t get_signed(struct bytes *b)
{
    uint64_t v = get_number(b);
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/* --- writing a run --- */

struct run_out {
    struct tx *tx;
    int64_t load, run, seq;
    int kind;
    struct buf b;
    bool started;              /* a group's head stands in this piece */
    int64_t county, org; uint32_t figure;
    uint64_t lo;
};

/* The numbers of the runs there are, without gaps; last < first when there is none. */
struct span { int64_t first, last; };

static bool take_span(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n;
    (void)e;
    *(struct span *)arg = (struct span){ row[0].i, row[1].i };
    return true;
}

static bool runs_span(struct tx *tx, int64_t load, int kind, struct span *out, struct err *e)
{
    struct val v[3] = { val_int(0), val_int(load), val_int(kind) };
    return tx_query(tx, figure_sql(STAGING_SPAN), v, 3, take_span, out, e);
}

static bool take_seal(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n, (void)e;
    if (!val_is_null(row[0])) seal_note(arg, &figure_tables[TABLE_STAGING], row[0].i, 0);
    return true;
}

/* Before pieces are dropped: those of kinds from first to last, in runs up to `run`. */
static bool unseal(struct tx *tx, int64_t load, int first, int last, int64_t run, struct err *e)
{
    struct val v[5] = { val_int(0), val_int(load), val_int(first), val_int(last), val_int(run) };
    return tx_query(tx, figure_sql(STAGING_SEALS), v, 5, take_seal, tx, e);
}

static bool out_open(struct run_out *o, struct tx *tx, int64_t load, int kind, struct span *before,
                     struct err *e)
{
    *o = (struct run_out){ .tx = tx, .load = load, .kind = kind };
    buf_init(&o->b, (size_t)1 << 30);
    if (!runs_span(tx, load, kind, before, e)) return false;
    o->run = before->last + 1;
    return true;
}

static bool out_piece(struct run_out *o, struct err *e)
{
    if (o->b.n == 0) return true;
    const struct table *t = &figure_tables[TABLE_STAGING];
    struct val v[7] = { val_int(0), val_int(o->load), val_int(o->kind), val_int(o->run),
                        val_int(o->seq++), val_blob(o->b.p, o->b.n) };
    int64_t seal = seal_of(db_store(tx_db(o->tx)), t, v);
    v[6] = val_int(seal);
    bool ok = tx_exec(o->tx, figure_sql(STAGING_PUT), v, 7, NULL, e);
    seal_note(o->tx, t, 0, seal);
    buf_clear(&o->b);
    o->started = false;
    return ok;
}

/* A head is 0 and the group's name; a delta is the distance of its lo plus 1, v, w and parts. */
static bool out_delta(struct run_out *o, int64_t county, uint32_t figure, int64_t org,
                      const struct delta *d, struct err *e)
{
    if (!o->started || o->county != county || o->figure != figure || o->org != org) {
        put_number(&o->b, 0);
        put_number(&o->b, (uint64_t)county);
        put_number(&o->b, figure);
        put_number(&o->b, (uint64_t)org);
        o->county = county;
        o->figure = figure;
        o->org = org;
        o->lo = 0;
        o->started = true;
    }
    put_number(&o->b, d->lo - o->lo + 1);
    o->lo = d->lo;
    put_signed(&o->b, d->v);
    put_signed(&o->b, d->w);
    put_number(&o->b, d->parts);
    return o->b.n < PIECE || out_piece(o, e);
}

/* --- reading runs side by side --- */

struct run_in {
    int64_t run, seq;          /* run 0: the deltas of this transaction */
    struct bytes b;
    char *piece; size_t cap;
    int64_t county, org; uint32_t figure;
    struct delta d;
    bool done;
};

struct merge {
    struct tx *tx;
    int64_t load;
    const struct deltas *mine; size_t at, to;
    struct run_in *in;         /* a heap by what comes next */
    size_t n;
    struct err *e;
};

static bool take_piece(void *arg, const struct val *row, int n, struct err *e)
{
    struct run_in *in = arg;
    (void)n;
    (void)e;
    if (row[0].n > in->cap) {
        in->cap = row[0].n + row[0].n / 4;
        in->piece = mem_grow(in->piece, in->cap);
    }
    memcpy(in->piece, row[0].p, row[0].n);
    in->b.p = (const unsigned char *)in->piece;
    in->b.end = in->b.p + row[0].n;
    return true;
}

static bool next_piece(struct merge *m, struct run_in *in)
{
    in->b.p = in->b.end = NULL;
    struct val v[5] = { val_int(0), val_int(m->load), val_int(KIND_DELTAS), val_int(in->run),
                        val_int(in->seq++) };
    if (!tx_query(m->tx, figure_sql(STAGING_GET), v, 5, take_piece, in, m->e)) return false;
    in->done = in->b.p == in->b.end;
    return true;
}

static void next_mine(struct merge *m, struct run_in *in)
{
    in->done = m->at == m->to;
    if (in->done) return;
    in->d = m->mine->at[m->at++];
    uint32_t org = delta_org(in->d.hi);
    in->county = delta_county(in->d.hi);
    in->figure = delta_figure(in->d.hi);
    in->org = org ? m->mine->orgs[org] : 0;
}

static bool next_delta(struct merge *m, struct run_in *in)
{
    if (in->run == 0) {
        next_mine(m, in);
        return true;
    }
    if (in->b.p == in->b.end && !next_piece(m, in)) return false;
    if (in->done) return true;
    uint64_t step = get_number(&in->b);
    if (step == 0) {
        in->county = (int64_t)get_number(&in->b);
        in->figure = (uint32_t)get_number(&in->b);
        in->org = (int64_t)get_number(&in->b);
        in->d.lo = 0;
        step = get_number(&in->b);
    }
    in->d.lo += step - 1;
    in->d.v = get_signed(&in->b);
    in->d.w = (int32_t)get_signed(&in->b);
    in->d.parts = (uint32_t)get_number(&in->b);
    return !in->b.bad ||
           err_set(m->e, ERR_CORRUPT, "what was kept aside of load %lld cannot be read",
                   (long long)m->load);
}

static bool comes_before(const struct run_in *a, const struct run_in *b)
{
    if (a->done != b->done) return b->done;
    if (a->county != b->county) return a->county < b->county;
    if (a->figure != b->figure) return a->figure < b->figure;
    if (a->org != b->org) return a->org < b->org;
    return a->d.lo < b->d.lo;
}

static void sift(struct merge *m, size_t i)
{
    for (;;) {
        size_t least = i;
        for (size_t k = 2 * i + 1; k < m->n && k <= 2 * i + 2; k++)
            if (comes_before(&m->in[k], &m->in[least])) least = k;
        if (least == i) return;
        struct run_in swap = m->in[i];
        m->in[i] = m->in[least];
        m->in[least] = swap;
        i = least;
    }
}

/* The stored runs and, first, the deltas of this transaction. */
static bool merge_open(struct merge *m, const struct span *runs)
{
    m->n = (size_t)(runs->last - runs->first + 1) + 1;
    m->in = mem_alloc(m->n * sizeof *m->in);
    for (size_t i = 0; i < m->n; i++) {
        m->in[i].run = i ? runs->first + (int64_t)i - 1 : 0;
        if (!next_delta(m, &m->in[i])) return false;
    }
    for (size_t i = m->n; i-- > 0;) sift(m, i);
    return true;
}

static void merge_close(struct merge *m)
{
    for (size_t i = 0; i < m->n; i++) free(m->in[i].piece);
    free(m->in);
}

/* A group's deltas on their way to the cells; a very large group goes in several steps. */
struct group { struct delta *at; size_t n, cap; int64_t county, org; uint32_t figure; };

static bool group_end(struct group *g, struct cell_writer *w, struct err *e)
{
    bool ok = cells_group(w, g->county, g->figure, g->org, g->at, g->n, e);
    g->n = 0;
    return ok;
}

static bool group_add(struct group *g, const struct run_in *in, struct cell_writer *w,
                      struct err *e)
{
    bool same = g->county == in->county && g->figure == in->figure && g->org == in->org;
    if ((!same || g->n == GROUP_MOST) && !group_end(g, w, e)) return false;
    g->county = in->county;
    g->figure = in->figure;
    g->org = in->org;
    g->at = mem_more(g->at, g->n, &g->cap, sizeof *g->at);
    g->at[g->n++] = in->d;
    return true;
}

bool runs_merge(struct tx *tx, int64_t load, const struct deltas *d, size_t from, size_t to,
                struct cell_writer *w, struct err *e)
{
    struct merge m = { .tx = tx, .load = load, .mine = d, .at = from, .to = to, .e = e };
    struct group g = { 0 };
    struct span runs;
    if (!runs_span(tx, load, KIND_DELTAS, &runs, e)) return false;
    bool ok = merge_open(&m, &runs);
    while (ok && !m.in[0].done) {
        ok = group_add(&g, &m.in[0], w, e) && next_delta(&m, &m.in[0]);
        sift(&m, 0);
    }
    ok = ok && group_end(&g, w, e);
    merge_close(&m);
    free(g.at);
    return ok;
}

/* All runs into one, whose number follows theirs; then they go. */
static bool runs_join(struct tx *tx, int64_t load, struct err *e)
{
    struct merge m = { .tx = tx, .load = load, .e = e };
    struct run_out o;
    struct span runs;
    bool ok = out_open(&o, tx, load, KIND_DELTAS, &runs, e) && merge_open(&m, &runs);
    while (ok && !m.in[0].done) {
        ok = out_delta(&o, m.in[0].county, m.in[0].figure, m.in[0].org, &m.in[0].d, e) &&
             next_delta(&m, &m.in[0]);
        sift(&m, 0);
    }
    ok = ok && out_piece(&o, e);
    merge_close(&m);
    buf_free(&o.b);
    struct val v[4] = { val_int(0), val_int(load), val_int(KIND_DELTAS), val_int(runs.last) };
    return ok && unseal(tx, load, KIND_DELTAS, KIND_DELTAS, runs.last, e) &&
           tx_exec(tx, figure_sql(STAGING_DROP_RUNS), v, 4, NULL, e);
}

bool runs_keep(struct tx *tx, int64_t load, const struct deltas *d, size_t from, size_t to,
               struct err *e)
{
    struct run_out o;
    struct span before;
    if (from == to) return true;
    bool ok = out_open(&o, tx, load, KIND_DELTAS, &before, e);
    for (size_t i = from; ok && i < to; i++) {
        uint32_t org = delta_org(d->at[i].hi);
        ok = out_delta(&o, delta_county(d->at[i].hi), delta_figure(d->at[i].hi),
                       org ? d->orgs[org] : 0, &d->at[i], e);
    }
    ok = ok && out_piece(&o, e);
    buf_free(&o.b);
    return ok && (before.last - before.first + 2 < MOST_RUNS || runs_join(tx, load, e));
}

/* --- keys --- */

bool runs_keep_keys(struct tx *tx, int64_t load, const struct key_deltas *k, struct err *e)
{
    struct run_out o;
    struct span before;
    size_t aside = 0;
    for (size_t i = 0; i < k->n; i++) aside += k->at[i].aside;
    if (aside == 0) return true;
    bool ok = out_open(&o, tx, load, KIND_KEYS, &before, e);
    for (size_t i = 0; ok && i < k->n; i++) {
        const struct key_delta *d = &k->at[i];
        if (!d->aside) continue;
        put_number(&o.b, (uint64_t)d->place);
        put_number(&o.b, (uint64_t)d->org);
        put_number(&o.b, d->figure);
        put_number(&o.b, (uint64_t)d->period);
        put_signed(&o.b, d->day);
        put_signed(&o.b, d->w);
        put_number(&o.b, d->n);
        buf_add(&o.b, k->text.p + d->at, d->n);
        ok = o.b.n < PIECE || out_piece(&o, e);
    }
    ok = ok && out_piece(&o, e);
    buf_free(&o.b);
    return ok;
}

static bool read_keys(struct bytes *b, struct key_deltas *k)
{
    while (b->p < b->end) {
        struct key_delta d = { .at = k->text.n };
        d.place = (int64_t)get_number(b);
        d.org = (int64_t)get_number(b);
        d.figure = (uint32_t)get_number(b);
        d.period = (int32_t)get_number(b);
        d.day = (int32_t)get_signed(b);
        d.w = (int32_t)get_signed(b);
        d.n = (uint32_t)get_number(b);
        if (b->bad || d.n > (size_t)(b->end - b->p)) return false;
        buf_add(&k->text, b->p, d.n);
        b->p += d.n;
        *key_deltas_push(k) = d;
    }
    return true;
}

bool runs_keys(struct tx *tx, int64_t load, keys_fn *fn, void *arg, struct err *e)
{
    struct run_in in = { 0 };
    struct key_deltas k;
    struct span runs;
    if (!runs_span(tx, load, KIND_KEYS, &runs, e)) return false;
    key_deltas_init(&k);
    bool ok = true;
    for (int64_t run = runs.first; ok && run <= runs.last;) {
        struct val v[5] = { val_int(0), val_int(load), val_int(KIND_KEYS), val_int(run),
                            val_int(in.seq++) };
        in.b.p = in.b.end = NULL;
        ok = tx_query(tx, figure_sql(STAGING_GET), v, 5, take_piece, &in, e);
        bool end = ok && in.b.p == in.b.end;
        if (ok && !end && !read_keys(&in.b, &k))
            ok = err_set(e, ERR_CORRUPT, "keys kept aside of load %lld cannot be read",
                         (long long)load);
        if (end) {
            run++;
            in.seq = 0;
        }
        if (ok && (k.n >= GROUP_MOST / 4 || (end && run > runs.last))) {
            ok = fn(arg, &k, e);
            key_deltas_free(&k);
        }
    }
    key_deltas_free(&k);
    free(in.piece);
    return ok;
}

bool runs_drop(struct tx *tx, int64_t load, struct err *e)
{
    return unseal(tx, load, KIND_DELTAS, KIND_KEYS, INT64_MAX, e) &&
           tx_exec(tx, figure_sql(STAGING_DROP), (struct val[]){ val_int(0), val_int(load) }, 2,
                   NULL, e);
}
