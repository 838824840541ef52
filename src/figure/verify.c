/* Every cell against its recomputation. A print of a cell is the sum over its days and parts of a
 * mark of (cell, day, part) times the change there: it does not depend on order or on how the cell
 * is laid out, so one pass over the cells and one over the records give two prints for each county
 * and figure. The same way a node's sums are held against the rows below it. Only where prints
 * differ is it looked at cell by cell. */
#include <stdlib.h>
#include <string.h>

#include "figure/scan.h"
#include "figure/sql.h"
#include "store/seal.h"

enum { OF_FINE, OF_COUNTY, OF_KEYS };

struct spot { int64_t county; uint32_t figure, kind; };
struct print { uint64_t stored, expected, nodes; }; /* nodes: sums of nodes less those below, 0 */

struct proof {
    const struct figure_context *c;
    struct db *d;
    struct map prints;         /* spot -> print */
    struct faults *told;
    struct cuts cuts;
    struct deltas turns;       /* of the keys of distinct figures */
};

static struct print *print_of(struct proof *p, int64_t county, uint32_t figure, uint32_t kind)
{
    struct spot s;
    memset(&s, 0, sizeof s);
    s.county = county;
    s.figure = figure;
    s.kind = kind;
    return map_put(&p->prints, &s, NULL);
}

/* The mark of a point of one cell; level -1 are days, 0 and 1 the points of nodes. */
static uint64_t mark(int64_t org, int64_t place, int level, int64_t point, int part)
{
    int64_t key[5] = { org, place, level, point, part };
    return hash_bytes(key, sizeof key, 7) | 1;
}

static const struct figure *figure_numbered(const struct proof *p, uint32_t number)
{
    const struct figures *f = p->c->figures;
    return number < f->numbers ? f->by_number[number] : NULL;
}

static const char *figure_name(const struct proof *p, uint32_t number)
{
    const struct figure *f = figure_numbered(p, number);
    return f ? f->name : "unknown";
}

/* --- what is stored --- */

/* One row of cells. */
struct stored { int64_t county, org, bucket, place; uint32_t figure; const struct val *data; };

static void print_leaf(struct proof *p, const struct stored *s, struct print *x)
{
    int level = cell_level(s->bucket);
    for (size_t i = 0; i < p->cuts.n; i++) {
        const struct cut *c = &p->cuts.at[i];
        struct civil day = date_civil(c->at + DATE_MIN);
        uint64_t v = (uint64_t)c->v;
        x->stored += v * mark(s->org, s->place, -1, c->at, c->part);
        if (level > 0) x->nodes -= v * mark(s->org, s->place, 0, day.year, c->part);
        if (level > 1)
            x->nodes -= v * mark(s->org, s->place, 1, day.year * 12 + day.month, c->part);
    }
}

static void print_node(struct proof *p, const struct stored *s, struct print *x)
{
    int level = cell_level(s->bucket);
    for (size_t i = 0; i < p->cuts.n; i++) {
        const struct cut *c = &p->cuts.at[i];
        int64_t point = level == 0 ? c->at : s->bucket * 12 + c->at;
        x->nodes += (uint64_t)c->v * mark(s->org, s->place, level, point, c->part);
    }
}

static void print_row(struct proof *p, const struct stored *s, bool fine)
{
    struct print *x = print_of(p, s->county, s->figure, fine ? OF_FINE : OF_COUNTY);
    int level = cell_level(s->bucket);
    p->cuts.n = 0;
    enum cell_kind kind = cell_kind(s->data->p, s->data->n);
    if (kind == CELL_BAD || !cell_open(s->data->p, s->data->n, &p->cuts)) {
        x->stored += 1; /* surely differs */
        return;
    }
    if (kind == CELL_NODE) print_node(p, s, x);
    else print_leaf(p, s, x);
    /* The row is held by the one above. */
    int64_t above = level == 2 ? s->bucket - CELL_MONTHS + 1 : s->bucket;
    if (level) x->nodes -= mark(s->org, s->place, level - 1, above, CELL_HELD);
}

static bool stored_fine(void *arg, const struct val *row, int n, struct err *e)
{
    struct stored s = { .county = row[0].i, .figure = (uint32_t)row[1].i, .org = row[2].i,
                        .bucket = row[3].i, .place = row[4].i, .data = &row[5] };
    (void)n;
    (void)e;
    print_row(arg, &s, true);
    return true;
}

static bool stored_county(void *arg, const struct val *row, int n, struct err *e)
{
    struct stored s = { .county = row[0].i, .figure = (uint32_t)row[1].i, .org = row[2].i,
                        .bucket = row[3].i, .data = &row[4] };
    (void)n;
    (void)e;
    print_row(arg, &s, false);
    return true;
}

static uint64_t key_mark(int64_t org, int64_t place, int64_t period, const char *text, size_t n,
                         int64_t day)
{
    int64_t head[4] = { org, place, period, day };
    return hash_bytes(text, n, hash_bytes(head, sizeof head, 11)) | 1;
}

/* Stored keys: their print, and the turns the value's cells must have. */
struct key_walk {
    struct proof *p;
    const struct figure *f;
    int64_t org, place, period;
    char *text; size_t n, cap;
    struct key_day *days; size_t n_days, cap_days;
};

static void walk_end(struct key_walk *w)
{
    key_turns(w->days, w->n_days, 1, w->f->number, w->org, w->place, &w->p->turns);
    w->n_days = 0;
}

static void walk_start(struct key_walk *w, const struct val *row)
{
    walk_end(w);
    if (row[5].n > w->cap) {
        w->cap = row[5].n + 64;
        w->text = mem_grow(w->text, w->cap);
    }
    if (row[5].n) memcpy(w->text, row[5].p, row[5].n);
    w->n = row[5].n;
    w->org = row[2].i;
    w->place = row[3].i;
    w->period = row[4].i;
}

static bool walk_key(void *arg, const struct val *row, int n, struct err *e)
{
    struct key_walk *w = arg;
    (void)n;
    (void)e;
    bool same = w->n_days && w->org == row[2].i && w->place == row[3].i && w->period == row[4].i &&
                w->n == row[5].n && memcmp(w->text, row[5].p, w->n) == 0;
    if (!same) walk_start(w, row);
    w->days = mem_more(w->days, w->n_days, &w->cap_days, sizeof *w->days);
    w->days[w->n_days++] = (struct key_day){ (int32_t)row[6].i, row[7].i };
    print_of(w->p, row[0].i, w->f->number, OF_KEYS)->stored +=
        (uint64_t)row[7].i * key_mark(row[2].i, row[3].i, row[4].i, row[5].p, row[5].n, row[6].i);
    return true;
}

static bool walk_keys(struct proof *p, const struct figure *f, struct err *e)
{
    struct key_walk w = { .p = p, .f = f };
    struct val v = val_int(f->number);
    bool ok = db_query(p->d, figure_sql(KEY_ALL), &v, 1, walk_key, &w, e);
    walk_end(&w);
    free(w.text);
    free(w.days);
    return ok;
}

/* Keys that no distinct figure of the store has. */
static bool stray_keys(void *arg, const struct val *row, int n, struct err *e)
{
    struct proof *p = arg;
    int64_t number = row[0].i;
    bool fits = number > 0 && number < p->c->figures->numbers;
    const struct figure *f = fits ? figure_numbered(p, (uint32_t)number) : NULL;
    (void)n, (void)e;
    if (!f || f->kind != FIGURE_DISTINCT)
        fault_tell(p->told, "distinct_key: %lld keys of figure number %lld belong to no distinct figure",
             (long long)row[1].i, (long long)number);
    return true;
}

/* --- what the records give --- */

static void expect_deltas(struct proof *p, struct deltas *d)
{
    for (size_t i = 0; i < d->n; i++) {
        const struct delta *x = &d->at[i];
        int64_t county = delta_county(x->hi), place = delta_place(x->lo);
        int64_t org = delta_org(x->hi) ? d->orgs[delta_org(x->hi)] : 0,
                day = delta_day(x->lo) - DATE_MIN;
        for (uint32_t left = x->parts; left; left &= left - 1) {
            int part = __builtin_ctz(left);
            uint64_t v = (uint64_t)(PARTS_OF_VALUE & 1u << part ? x->v : x->w);
            print_of(p, county, delta_figure(x->hi), OF_COUNTY)->expected +=
                v * mark(org, 0, -1, day, part);
            if (place)
                print_of(p, county, delta_figure(x->hi), OF_FINE)->expected +=
                    v * mark(org, county * 1000000 + place, -1, day, part);
        }
    }
    deltas_clear(d);
}

static bool expect(void *arg, struct gather *g, struct err *e)
{
    struct proof *p = arg;
    (void)e;
    expect_deltas(p, &g->deltas);
    for (size_t i = 0; i < g->keys.n; i++) {
        const struct key_delta *d = &g->keys.at[i];
        uint64_t one = key_mark(d->org, d->place, d->period, g->keys.text.p + d->at, d->n, d->day);
        print_of(p, cell_county(d->place), d->figure, OF_KEYS)->expected +=
            (uint64_t)(int64_t)d->w * one;
    }
    key_deltas_free(&g->keys);
    return true;
}

static bool prove_table(struct proof *p, const struct table_map *m, struct err *e)
{
    struct scan_job j = { .d = p->d, .m = m, .from = 0, .to = 999999, .take = expect, .arg = p };
    j.list = figures_of(p->c->figures, m, &j.n);
    if (j.n == 0) return true;
    if (!scan_rows(&j, e)) return false;
    for (int i = 0; i < j.n; i++)
        if (j.list[i]->kind == FIGURE_DISTINCT && !walk_keys(p, j.list[i], e)) return false;
    expect_deltas(p, &p->turns);
    return true;
}

/* --- cell by cell, where something differs --- */

/* A change of one cell on one day. */
struct change { int64_t org, place; int32_t day; int part; int64_t v; };
struct changes { struct change *at; size_t n, cap; };

static void push_change(struct changes *l, int64_t org, int64_t place, int32_t day, int part,
                        int64_t v)
{
    l->at = mem_more(l->at, l->n, &l->cap, sizeof *l->at);
    l->at[l->n++] = (struct change){ org, place, day, part, v };
}

static int by_cell(const void *a, const void *b)
{
    const struct change *x = a, *y = b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    if (x->org != y->org) return x->org < y->org ? -1 : 1;
    if (x->day != y->day) return x->day < y->day ? -1 : 1;
    return x->part - y->part;
}

static void fold_changes(struct changes *l)
{
    size_t n = 0;
    if (l->n) qsort(l->at, l->n, sizeof *l->at, by_cell);
    for (size_t i = 0; i < l->n; i++) {
        if (n && by_cell(&l->at[n - 1], &l->at[i]) == 0) {
            l->at[n - 1].v += l->at[i].v;
        } else {
            n -= n && l->at[n - 1].v == 0;
            l->at[n++] = l->at[i];
        }
    }
    l->n = n - (n && l->at[n - 1].v == 0);
}

struct detail { struct proof *p; struct spot spot; struct changes have, want; int64_t bad; };

static bool have_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct detail *x = arg;
    const struct val *data = &row[n - 1];
    int64_t place = n == 6 ? row[4].i : 0;
    (void)e;
    x->p->cuts.n = 0;
    enum cell_kind kind = cell_kind(data->p, data->n);
    if (kind == CELL_BAD || !cell_open(data->p, data->n, &x->p->cuts)) x->bad++;
    for (size_t i = 0; kind == CELL_LEAF && i < x->p->cuts.n; i++) {
        const struct cut *c = &x->p->cuts.at[i];
        push_change(&x->have, row[2].i, place, c->at + DATE_MIN, c->part, c->v);
    }
    return true;
}

static void want_deltas(struct detail *x, struct deltas *d)
{
    for (size_t i = 0; i < d->n; i++) {
        const struct delta *y = &d->at[i];
        int64_t place = delta_place(y->lo), org = delta_org(y->hi) ? d->orgs[delta_org(y->hi)] : 0;
        bool fine = x->spot.kind == OF_FINE;
        if (delta_county(y->hi) != x->spot.county || delta_figure(y->hi) != x->spot.figure)
            continue;
        if (fine && !place) continue;
        for (uint32_t left = y->parts; left; left &= left - 1) {
            int part = __builtin_ctz(left);
            push_change(&x->want, org, fine ? x->spot.county * 1000000 + place : 0,
                        delta_day(y->lo), part, PARTS_OF_VALUE & 1u << part ? y->v : y->w);
        }
    }
    deltas_clear(d);
    if (x->want.n > (size_t)4 << 20) fold_changes(&x->want);
}

static bool want(void *arg, struct gather *g, struct err *e)
{
    (void)e;
    want_deltas(arg, &g->deltas);
    key_deltas_free(&g->keys);
    return true;
}

static void tell_change(struct detail *x, const struct change *c, int64_t have, int64_t records)
{
    char day[DATE_TEXT];
    date_format(c->day, day);
    fault_tell(x->p->told,
         "figure %s, %s %lld, organisation %lld, %s on %s: the cell has %lld, the records give "
         "%lld", figure_name(x->p, x->spot.figure), c->place ? "place" : "county",
         (long long)(c->place ? c->place : x->spot.county), (long long)c->org, part_name(c->part),
         day, (long long)have, (long long)records);
}

#define MOST_A_SPOT 20

/* The first differences of a county and figure. */
static int64_t tell_changes(struct detail *x)
{
    int64_t told = 0;
    fold_changes(&x->have);
    fold_changes(&x->want);
    for (size_t i = 0, k = 0; (i < x->have.n || k < x->want.n) && told < MOST_A_SPOT;) {
        const struct change *a = i < x->have.n ? &x->have.at[i] : NULL;
        const struct change *b = k < x->want.n ? &x->want.at[k] : NULL;
        int order = !a ? 1 : !b ? -1 : by_cell(a, b);
        i += order <= 0;
        k += order >= 0;
        if (order == 0 && a->v == b->v) continue;
        tell_change(x, order <= 0 ? a : b, order <= 0 ? a->v : 0, order >= 0 ? b->v : 0);
        told++;
    }
    return told;
}

static bool read_detail(struct detail *x, const struct figure *f, struct err *e)
{
    struct proof *p = x->p;
    bool fine = x->spot.kind == OF_FINE;
    struct val v[2] = { val_int(fine ? x->spot.county : x->spot.figure),
                        val_int(fine ? x->spot.figure : x->spot.county) };
    struct scan_job j = { .d = p->d, .m = f->map, .list = &f, .n = 1, .from = 0, .to = 999999,
                          .take = want, .arg = x };
    bool near = f->map->place_near && f->place == f->map->place;
    if (near && f->kind != FIGURE_DISTINCT) j.from = j.to = x->spot.county;
    if (!db_query(p->d, figure_sql(fine ? FINE_OF : COUNTY_OF), v, 2, have_row, x, e) ||
        !scan_rows(&j, e))
        return false;
    deltas_clear(&p->turns);
    bool ok = f->kind != FIGURE_DISTINCT || walk_keys(p, f, e);
    want_deltas(x, &p->turns);
    return ok;
}

static bool tell_spot(struct proof *p, const struct spot *s, struct err *e)
{
    const struct figure *f = figure_numbered(p, s->figure);
    struct detail x = { .p = p, .spot = *s };
    if (s->kind == OF_KEYS) {
        fault_tell(p->told,
             "figure %s, county key %lld: the key set of this distinct figure is not what the "
             "records give", figure_name(p, s->figure), (long long)s->county);
        return true;
    }
    if (!f || !f->map) {
        fault_tell(p->told, "cells of figure number %u in county %lld belong to no figure", s->figure,
             (long long)s->county);
        return true;
    }
    bool ok = read_detail(&x, f, e);
    if (ok && tell_changes(&x) == 0)
        fault_tell(p->told, "figure %s, county %lld: %s", f->name, (long long)s->county,
             x.bad ? "a cell cannot be read"
                   : "yearly or monthly sums of a cell are not those of its days");
    free(x.have.at);
    free(x.want.at);
    return ok;
}

#define MOST_SPOTS 100

static int by_spot(const void *a, const void *b)
{
    const struct spot *x = a, *y = b;
    if (x->figure != y->figure) return x->figure < y->figure ? -1 : 1;
    if (x->county != y->county) return x->county < y->county ? -1 : 1;
    return x->kind < y->kind ? -1 : x->kind > y->kind;
}

/* Listed first, because telling reads again and adds prints. */
static bool compare_prints(struct proof *p, struct err *e)
{
    struct spot *spots = mem_alloc((p->prints.count + 1) * sizeof *spots);
    const void *key;
    void *value;
    size_t n = 0;
    bool ok = true;
    for (size_t at = 0; map_next(&p->prints, &at, &key, &value);) {
        struct print x;
        memcpy(&x, value, sizeof x);
        if (x.stored != x.expected || x.nodes) memcpy(&spots[n++], key, sizeof *spots);
    }
    if (n) qsort(spots, n, sizeof *spots, by_spot);
    for (size_t i = 0; ok && i < n; i++) {
        if (i < MOST_SPOTS) ok = tell_spot(p, &spots[i], e);
        else fault_tell(p->told, "figure %s, county %lld: cells are not what the records give",
                  figure_name(p, spots[i].figure), (long long)spots[i].county);
    }
    free(spots);
    return ok;
}

bool figures_verify(const struct figure_context *c, struct db *d, struct faults *f, struct err *e)
{
    struct proof p = { .c = c, .d = d, .told = f };
    map_init(&p.prints, sizeof(struct spot), sizeof(struct print));
    deltas_init(&p.turns);
    bool ok = db_query(d, figure_sql(FINE_ALL), NULL, 0, stored_fine, &p, e) &&
              db_query(d, figure_sql(COUNTY_ALL), NULL, 0, stored_county, &p, e) &&
              db_query(d, figure_sql(KEY_FIGURES), NULL, 0, stray_keys, &p, e);
    for (int i = 0; ok && i < c->model->n; i++) ok = prove_table(&p, &c->model->maps[i], e);
    ok = ok && compare_prints(&p, e);
    for (int i = 0; ok && i < figure_table_count; i++)
        if (figure_tables[i].sealed)
            ok = seal_verify(d, &figure_tables[i], f, e);
    map_free(&p.prints);
    deltas_free(&p.turns);
    cuts_free(&p.cuts);
    return ok;
}
