/* Every cell against its recomputation. First sums of digests, stored and expected, for each county
 * and figure, in one pass over the cells and one over the records; then, only where they differ, cell
 * by cell. */
#include <stdlib.h>
#include <string.h>

#include "figure/scan.h"
#include "figure/sql.h"

enum { OF_FINE, OF_COUNTY, OF_KEYS };

struct spot { int64_t county; uint32_t figure, kind; };
struct print { uint64_t stored, expected; };

struct proof {
    const struct figure_context *c;
    struct db *d;
    struct map prints;         /* spot -> print */
    void (*fault)(void *arg, const char *sentence);
    void *arg;
    int64_t *faults;
    const struct table_map *m;
    struct deltas far;         /* of figures that reach other counties */
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

static uint64_t cell_print(const int64_t key[5], const void *bytes, size_t n)
{
    return hash_bytes(bytes, n, hash_bytes(key, 5 * sizeof *key, 7));
}

static void tell(struct proof *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void tell(struct proof *p, const char *fmt, ...)
{
    struct buf b;
    va_list ap;
    buf_init(&b, 2000);
    va_start(ap, fmt);
    buf_vprintf(&b, fmt, ap);
    va_end(ap);
    ++*p->faults;
    p->fault(p->arg, b.p);
    buf_free(&b);
}

static const char *figure_name(const struct proof *p, uint32_t number)
{
    const struct figures *f = p->c->figures;
    const struct figure *g = number < f->numbers ? f->by_number[number] : NULL;
    return g ? g->name : "unknown";
}

/* --- what is stored --- */

static bool stored_fine(void *arg, const struct val *row, int n, struct err *e)
{
    struct proof *p = arg;
    int64_t key[5];
    (void)n;
    (void)e;
    for (int i = 0; i < 5; i++) key[i] = row[i].i;
    print_of(p, key[0], (uint32_t)key[1], OF_FINE)->stored += cell_print(key, row[5].p, row[5].n);
    return true;
}

static bool stored_county(void *arg, const struct val *row, int n, struct err *e)
{
    struct proof *p = arg;
    int64_t key[5];
    (void)n;
    (void)e;
    for (int i = 0; i < 5; i++) key[i] = row[i].i;
    print_of(p, key[4], (uint32_t)key[0], OF_COUNTY)->stored += cell_print(key, row[5].p, row[5].n);
    return true;
}

static uint64_t key_print(int64_t org, int64_t place, int64_t period, const char *text, size_t n,
                          int64_t day)
{
    int64_t head[4] = { org, place, period, day };
    return hash_bytes(text, n, hash_bytes(head, sizeof head, 11));
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
    key_turns(w->days, w->n_days, 1, w->f->number, w->org, w->place, &w->p->far);
    w->n_days = 0;
}

static bool walk_key(void *arg, const struct val *row, int n, struct err *e)
{
    struct key_walk *w = arg;
    (void)n;
    (void)e;
    bool same = w->n_days && w->org == row[2].i && w->place == row[3].i && w->period == row[4].i &&
                w->n == row[5].n && memcmp(w->text, row[5].p, w->n) == 0;
    if (!same) {
        walk_end(w);
        if (row[5].n > w->cap) {
            w->cap = row[5].n + 64;
            w->text = mem_grow(w->text, w->cap);
        }
        memcpy(w->text, row[5].p, row[5].n);
        w->n = row[5].n;
        w->org = row[2].i;
        w->place = row[3].i;
        w->period = row[4].i;
    }
    if (w->n_days == w->cap_days) {
        w->cap_days = w->cap_days ? w->cap_days * 2 : 16;
        w->days = mem_grow(w->days, w->cap_days * sizeof *w->days);
    }
    w->days[w->n_days++] = (struct key_day){ (int32_t)row[6].i, row[7].i };
    print_of(w->p, row[0].i, w->f->number, OF_KEYS)->stored +=
        (uint64_t)row[7].i * key_print(row[2].i, row[3].i, row[4].i, row[5].p, row[5].n, row[6].i);
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

/* --- what the records give --- */

static bool expected_cell(void *arg, bool fine, const int64_t key[5], const void *bytes, size_t n,
                          struct err *e)
{
    struct proof *p = arg;
    (void)e;
    print_of(p, key[fine ? 0 : 4], (uint32_t)key[fine ? 1 : 0], fine ? OF_FINE : OF_COUNTY)->expected +=
        cell_print(key, bytes, n);
    return true;
}

static bool give_cells(struct deltas *d, bool (*sink)(void *, bool, const int64_t[5], const void *,
                                                      size_t, struct err *), void *arg, struct err *e)
{
    struct cell_writer w;
    deltas_settle(d);
    cell_writer_init(&w, NULL);
    w.sink = sink;
    w.sink_arg = arg;
    bool ok = cells_write(&w, d, 0, d->n, e) && cells_finish(&w, e);
    cell_writer_free(&w);
    deltas_clear(d);
    return ok;
}

static void take_keys(struct proof *p, struct key_deltas *k)
{
    for (size_t i = 0; i < k->n; i++) {
        const struct key_delta *d = &k->at[i];
        uint64_t one = key_print(d->org, d->place, d->period, k->text.p + d->at, d->n, d->day);
        print_of(p, cell_county(d->place), d->figure, OF_KEYS)->expected += (uint64_t)(int64_t)d->w * one;
    }
    key_deltas_free(k);
}

/* Deltas of far figures are carried over to the end. */
static void move_deltas(struct deltas *to, struct deltas *from)
{
    for (size_t i = 0; i < from->n; i++) {
        const struct delta *x = &from->at[i];
        uint32_t org = delta_org(x->hi);
        deltas_add(to, 0, delta_figure(x->hi), org ? from->orgs[org] : 0,
                   delta_county(x->hi) * 1000000 + delta_place(x->lo), delta_day(x->lo), x->v, x->w,
                   x->parts);
    }
    deltas_clear(from);
    deltas_settle_some(to);
}

static bool prove_county(void *arg, int64_t county, struct gather *near, struct gather *far,
                         struct err *e)
{
    struct proof *p = arg;
    (void)county;
    take_keys(p, &near->keys);
    take_keys(p, &far->keys);
    /* The values of distinct figures come from their keys, at the end. */
    bool distinct = false;
    int n;
    const struct figure *const *list = figures_of(p->c->figures, p->m, &n);
    for (int i = 0; i < n; i++) distinct |= list[i]->kind == FIGURE_DISTINCT;
    move_deltas(&p->far, &far->deltas);
    if (!distinct) return give_cells(&near->deltas, expected_cell, p, e);
    move_deltas(&p->far, &near->deltas);
    return true;
}

static bool prove_table(struct proof *p, const struct table_map *m, struct err *e)
{
    int n;
    const struct figure *const *list = figures_of(p->c->figures, m, &n);
    struct scan_job j = { .d = p->d, .m = m, .list = list, .n = n, .from = 0, .to = 999999,
                          .county = prove_county, .arg = p };
    p->m = m;
    if (n == 0) return true;
    if (!scan_rows(&j, e)) return false;
    for (int i = 0; i < n; i++)
        if (list[i]->kind == FIGURE_DISTINCT && !walk_keys(p, list[i], e)) return false;
    return give_cells(&p->far, expected_cell, p, e);
}

/* --- cell by cell, where something differs --- */

struct cell { int64_t key[5]; const char *p; size_t n; bool fine, met; };
struct cells { struct cell *at; size_t n, cap; struct arena a; struct spot spot; };

static void keep_cell(struct cells *c, bool fine, const int64_t key[5], const void *bytes, size_t n)
{
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 64;
        c->at = mem_grow(c->at, c->cap * sizeof *c->at);
    }
    struct cell *x = &c->at[c->n++];
    *x = (struct cell){ .p = arena_strndup(&c->a, bytes, n), .n = n, .fine = fine };
    memcpy(x->key, key, sizeof x->key);
}

static bool want_cell(void *arg, bool fine, const int64_t key[5], const void *bytes, size_t n,
                      struct err *e)
{
    struct cells *c = arg;
    (void)e;
    bool here = key[fine ? 0 : 4] == c->spot.county && key[fine ? 1 : 0] == c->spot.figure;
    if (here && fine == (c->spot.kind == OF_FINE)) keep_cell(c, fine, key, bytes, n);
    return true;
}

static void say_where(const struct cell *c, struct buf *out)
{
    if (c->fine) {
        buf_printf(out, "place %lld, year %lld", (long long)c->key[3], (long long)c->key[4]);
        return;
    }
    buf_printf(out, "county key %lld, ", (long long)c->key[4]);
    if (c->key[2] == 0) buf_str(out, "all years");
    else if (c->key[2] == 1) buf_printf(out, "year %lld", (long long)c->key[3]);
    else buf_printf(out, "month %04lld-%02lld", (long long)(c->key[3] / 12),
                    (long long)(c->key[3] % 12 + 1));
}

/* The first point at which two cells differ. */
static void tell_cell(struct proof *p, const struct cell *stored, const struct cell *expected)
{
    const struct cell *c = stored ? stored : expected;
    struct cuts a = { 0 }, b = { 0 };
    struct buf where;
    buf_init(&where, 400);
    say_where(c, &where);
    int64_t org = c->key[c->fine ? 2 : 1];
    const char *name = figure_name(p, (uint32_t)c->key[c->fine ? 1 : 0]);
    if ((stored && !pack_cuts(stored->p, stored->n, &a)) ||
        (expected && !pack_cuts(expected->p, expected->n, &b))) {
        tell(p, "figure %s, organisation %lld, %s: the cell cannot be read", name, (long long)org, where.p);
    } else {
        size_t i = 0;
        while (i < a.n && i < b.n && memcmp(&a.at[i], &b.at[i], sizeof *a.at) == 0) i++;
        struct cut none = { 0 }, x = i < a.n ? a.at[i] : none, y = i < b.n ? b.at[i] : none;
        bool mine = i >= b.n || (i < a.n && (x.part < y.part || (x.part == y.part && x.at < y.at)));
        bool both = i < a.n && i < b.n && x.part == y.part && x.at == y.at;
        struct cut at = mine || both ? x : y;
        tell(p, "figure %s, organisation %lld, %s: %s at %d grows by %lld, the records give %lld", name,
             (long long)org, where.p, part_name(at.part), at.at, (long long)(both || mine ? x.v : 0),
             (long long)(both || !mine ? y.v : 0));
    }
    buf_free(&where);
    cuts_free(&a);
    cuts_free(&b);
}

struct comparing { struct proof *p; struct cells *want; int64_t told; };

static bool compare_cell(void *arg, const struct val *row, int n, struct err *e)
{
    struct comparing *c = arg;
    struct cell have = { .p = row[5].p, .n = row[5].n, .fine = c->want->spot.kind == OF_FINE };
    (void)n;
    (void)e;
    for (int i = 0; i < 5; i++) have.key[i] = row[i].i;
    for (size_t i = 0; i < c->want->n; i++) {
        struct cell *w = &c->want->at[i];
        if (memcmp(w->key, have.key, sizeof have.key) != 0) continue;
        w->met = true;
        if (w->n == have.n && memcmp(w->p, have.p, have.n) == 0) return true;
        tell_cell(c->p, &have, w);
        c->told++;
        return true;
    }
    tell_cell(c->p, &have, NULL);
    c->told++;
    return true;
}

struct recount { struct cells *want; struct deltas far; };

static bool want_county(void *arg, int64_t county, struct gather *near, struct gather *far,
                        struct err *e)
{
    struct recount *r = arg;
    (void)county;
    (void)e;
    move_deltas(&r->far, &near->deltas);
    move_deltas(&r->far, &far->deltas);
    key_deltas_free(&near->keys);
    key_deltas_free(&far->keys);
    return true;
}

static bool want_cells(struct proof *p, const struct figure *f, struct cells *want, struct err *e)
{
    struct recount r = { .want = want };
    bool near = figure_local(f) && f->kind != FIGURE_DISTINCT;
    struct scan_job j = { .d = p->d, .m = f->map, .list = &f, .n = 1, .county = want_county, .arg = &r,
                          .from = near ? want->spot.county : 0, .to = near ? want->spot.county : 999999 };
    deltas_init(&r.far);
    bool ok = scan_rows(&j, e);
    if (ok && f->kind == FIGURE_DISTINCT) {
        deltas_clear(&p->far);
        ok = walk_keys(p, f, e);
        move_deltas(&r.far, &p->far);
    }
    ok = ok && give_cells(&r.far, want_cell, want, e);
    deltas_free(&r.far);
    return ok;
}

static bool tell_spot(struct proof *p, const struct spot *s, struct err *e)
{
    const struct figures *fs = p->c->figures;
    const struct figure *f = s->figure < fs->numbers ? fs->by_number[s->figure] : NULL;
    if (s->kind == OF_KEYS) {
        tell(p, "figure %s, county key %lld: the key set of this distinct figure is not what the records "
             "give", figure_name(p, s->figure), (long long)s->county);
        return true;
    }
    if (!f || !f->map) {
        tell(p, "cells of figure number %u in county %lld belong to no figure", s->figure,
             (long long)s->county);
        return true;
    }
    struct cells want = { .spot = *s };
    struct comparing c = { .p = p, .want = &want };
    arena_init(&want.a, 0);
    struct val v[2] = { val_int(s->kind == OF_FINE ? s->county : s->figure),
                        val_int(s->kind == OF_FINE ? s->figure : s->county) };
    bool ok = want_cells(p, f, &want, e) &&
              db_query(p->d, figure_sql(s->kind == OF_FINE ? FINE_OF : COUNTY_OF), v, 2, compare_cell, &c,
                       e);
    for (size_t i = 0; ok && i < want.n; i++) {
        if (want.at[i].met) continue;
        tell_cell(p, NULL, &want.at[i]);
        c.told++;
    }
    if (ok && !c.told)
        tell(p, "figure %s, county key %lld: cells changed while they were proven",
             f->name, (long long)s->county);
    free(want.at);
    arena_free(&want.a);
    return ok;
}

#define MOST_DETAIL 100

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
        if (x.stored != x.expected) memcpy(&spots[n++], key, sizeof *spots);
    }
    qsort(spots, n, sizeof *spots, by_spot);
    for (size_t i = 0; ok && i < n; i++) {
        if (i < MOST_DETAIL) ok = tell_spot(p, &spots[i], e);
        else tell(p, "figure %s, county key %lld: cells are not what the records give",
                  figure_name(p, spots[i].figure), (long long)spots[i].county);
    }
    free(spots);
    return ok;
}

bool figures_verify(const struct figure_context *c, struct db *d,
                    void (*fault)(void *arg, const char *sentence), void *arg, int64_t *faults,
                    struct err *e)
{
    struct proof p = { .c = c, .d = d, .fault = fault, .arg = arg, .faults = faults };
    *faults = 0;
    map_init(&p.prints, sizeof(struct spot), sizeof(struct print));
    deltas_init(&p.far);
    bool ok = db_query(d, figure_sql(FINE_ALL), NULL, 0, stored_fine, &p, e) &&
              db_query(d, figure_sql(COUNTY_ALL), NULL, 0, stored_county, &p, e);
    for (int i = 0; ok && i < c->model->n; i++) ok = prove_table(&p, &c->model->maps[i], e);
    ok = ok && compare_prints(&p, e);
    map_free(&p.prints);
    deltas_free(&p.far);
    return ok;
}
