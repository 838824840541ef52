/* Adding up cells: the first rows of the cells asked for, then, only where some are nodes, the rows
 * of the years, and again of the months, in which the bounds lie. */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/money.h"
#include "figure/delta.h"
#include "figure/read.h"
#include "figure/sql.h"

/* Where a bound lies: the last day, the last whole year and month that count. */
struct bound { bool used, ends_year, ends_month; int32_t day; int year, month; };

static struct bound bound_at(int32_t day)
{
    struct civil c = date_civil(day);
    bool last = c.day == date_days_in_month(c.year, c.month);
    return (struct bound){ .used = true, .ends_month = last, .ends_year = last && c.month == 12,
                           .day = day - DATE_MIN, .year = c.year, .month = c.month };
}

/* Sums by place while cells are read. */
struct group { int64_t place; struct sums sums; };
struct groups { struct map index; struct group *at; size_t n, cap; };

/* One of the terms that are read together: the same cells, other places. */
struct target { struct region region; bool all; struct groups groups; };

struct adding {
    struct reading *r;
    const struct figure *f;
    struct target *targets; size_t n;
    struct bound bound[2];
    struct cell_at at;             /* of the rows being read */
    bool nodes;                    /* some of them were nodes */
    bool single;                   /* one target, one sum, no row is left out */
    struct err *e;
};

static struct sums *group_sums(struct groups *g, int64_t place)
{
    if (g->n && g->at[g->n - 1].place == place) return &g->at[g->n - 1].sums;
    bool added;
    uint32_t *i = map_put(&g->index, &place, &added);
    if (!added) {
        struct group *old = &g->at[*i];
        if (old->place != place) *old = (struct group){ .place = place }; /* it had moved away */
        return &old->sums;
    }
    g->at = mem_more(g->at, g->n, &g->cap, sizeof *g->at);
    *i = (uint32_t)g->n;
    g->at[g->n] = (struct group){ .place = place };
    return &g->at[g->n++].sums;
}

static bool add_row(struct adding *x, const struct val *data, struct sums *s)
{
    enum cell_kind kind = cell_read(data->p, data->n, &x->at, s);
    x->nodes |= kind == CELL_NODE;
    return kind != CELL_BAD ||
           err_set(x->e, ERR_CORRUPT, "a cell's bytes cannot be read: run `jiedui verify`");
}

/* A row of one place to every target that has it. */
static bool add_code(struct adding *x, int64_t code, const struct val *data)
{
    int by = x->r->q->by;
    if (by && place_level(code) < by) return true; /* recorded above that level */
    int64_t place = by ? place_up(code, by) : x->r->q->place;
    for (size_t i = 0; i < x->n; i++) {
        struct target *t = &x->targets[i];
        if (!t->all && !region_has(&t->region, code)) continue;
        if (!add_row(x, data, group_sums(&t->groups, place))) return false;
    }
    return true;
}

static bool take_county(void *arg, const struct val *row, int n, struct err *e)
{
    struct adding *x = arg;
    (void)n;
    (void)e;
    if (x->single) return add_row(x, &row[0], &x->targets[0].groups.at[0].sums);
    return add_code(x, row[1].i * 1000000, &row[0]);
}

static bool take_fine(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n;
    (void)e;
    return add_code(arg, row[0].i, &row[1]);
}

/* The rows of one bucket in a span of places. county 0: the cells of counties, else fine ones. */
struct span { int64_t org, county, lo, hi; };

static bool read_bucket(struct adding *x, const struct span *s, int64_t bucket)
{
    struct val figure = val_int(x->f->number), org = val_int(s->org), b = val_int(bucket);
    int64_t lo = cell_county(s->lo), hi = cell_county(s->hi);
    if (s->county) {
        struct val v[6] = { val_int(s->county), figure, org, b, val_int(s->lo), val_int(s->hi) };
        return db_query(x->r->d, figure_sql(FINE_READ), v, 6, take_fine, x, x->e);
    }
    if (lo == hi) {
        struct val v[4] = { val_int(lo), figure, org, b };
        return db_query(x->r->d, figure_sql(COUNTY_READ_ONE), v, 4, take_county, x, x->e);
    }
    struct val v[5] = { figure, org, b, val_int(lo), val_int(hi) };
    return db_query(x->r->d, figure_sql(x->single ? COUNTY_READ_SUM : COUNTY_READ_SPAN), v, 5,
                    take_county, x, x->e);
}

/* Rows of years, or of months: both bounds in one go where they lie in the same. */
static bool read_below(struct adding *x, const struct span *s, const bool wanted[2], bool months)
{
    const struct bound *b = x->bound;
    int64_t bucket[2];
    for (int i = 0; i < 2; i++)
        bucket[i] = months ? CELL_MONTHS + (int64_t)b[i].year * 12 + b[i].month - 1 : b[i].year;
    bool together = wanted[0] && wanted[1] && bucket[0] == bucket[1];
    for (int i = 0; i < 2; i++) {
        if (!wanted[i] || (i == 1 && together)) continue;
        for (int side = 0; side < 2; side++) {
            bool reads = side == i || together;
            x->at.leaf[side] = reads ? b[side].day : -1;
            x->at.node[side] = reads ? b[side].month - !b[side].ends_month : -1;
        }
        if (!read_bucket(x, s, bucket[i])) return false;
    }
    return true;
}

static bool read_span(struct adding *x, const struct span *s)
{
    const struct bound *b = x->bound;
    bool years[2], months[2];
    for (int i = 0; i < 2; i++) {
        x->at.leaf[i] = b[i].used ? b[i].day : -1;
        x->at.node[i] = b[i].used ? b[i].year - !b[i].ends_year : -1;
        years[i] = b[i].used && !b[i].ends_year;
        months[i] = b[i].used && !b[i].ends_month;
    }
    x->nodes = false;
    if (!read_bucket(x, s, 0)) return false;
    if (!x->nodes || !(years[0] || years[1])) return true;
    x->nodes = false;
    if (!read_below(x, s, years, false)) return false;
    return !x->nodes || !(months[0] || months[1]) || read_below(x, s, months, true);
}

struct county_list { int64_t *at; size_t n, cap; };

static bool take_key(void *arg, const struct val *row, int n, struct err *e)
{
    struct county_list *l = arg;
    (void)n;
    (void)e;
    l->at = mem_more(l->at, l->n, &l->cap, sizeof *l->at);
    l->at[l->n++] = row[0].i;
    return true;
}

/* Places below the county, in all counties of a range that have any. */
static bool read_villages(struct adding *x, int64_t org, const struct place_range *r)
{
    struct county_list l = { 0 };
    struct val v[4] = { val_int(x->f->number), val_int(org), val_int(cell_county(r->lo)),
                        val_int(cell_county(r->hi)) };
    bool ok = db_query(x->r->d, figure_sql(COUNTY_KEYS), v, 4, take_key, &l, x->e);
    for (size_t i = 0; ok && i < l.n; i++) {
        int64_t lo = l.at[i] * 1000000, hi = lo + 999999;
        struct span s = { org, l.at[i], lo > r->lo ? lo : r->lo, hi < r->hi ? hi : r->hi };
        ok = l.at[i] == 0 || read_span(x, &s);
    }
    free(l.at);
    return ok;
}

static bool whole_counties(const struct place_range *r)
{
    return r->lo % 1000000 == 0 && r->hi % 1000000 == 999999;
}

/* Many counties of a class are read as one span and filtered: a row costs less than a look-up. */
#define FEW_RANGES 24

static bool read_region(struct adding *x, const struct region *g, int64_t org)
{
    size_t whole = 0;
    for (size_t i = 0; i < g->n; i++) whole += whole_counties(&g->at[i]);
    if (g->n > FEW_RANGES && whole == g->n && x->r->q->by < 4) {
        struct span all = { org, 0, g->at[0].lo, g->at[g->n - 1].hi };
        for (size_t i = 0; i < x->n; i++) x->targets[i].all = false;
        return read_span(x, &all);
    }
    for (size_t i = 0; i < g->n; i++) {
        const struct place_range *r = &g->at[i];
        bool fine = !whole_counties(r);
        struct span s = { org, fine ? cell_county(r->lo) : 0, r->lo, r->hi };
        if (!(!fine && x->r->q->by > 3 ? read_villages(x, org, r) : read_span(x, &s))) return false;
    }
    return true;
}

/* Retired codes count to today's place. */
static bool to_current(struct adding *x, struct groups *g)
{
    const struct places *p = x->r->c->model->places;
    size_t n = g->n;
    if (!x->r->q->by || !p || !p->resolve) return true;
    for (size_t i = 0; i < n; i++) {
        char text[24];
        int64_t code;
        struct err e = { 0 };
        int len = snprintf(text, sizeof text, "%012lld", (long long)g->at[i].place);
        if (!p->resolve(p->arg, x->r->d, text, (size_t)len, &code, &e)) {
            if (e.code != ERR_NOT_FOUND && e.code != ERR_CONFLICT && e.code != ERR_INVALID) {
                *x->e = e;
                return false;
            }
            continue; /* a code nobody knows, or one that was divided: it stands for itself */
        }
        code = place_up(code, x->r->q->by);
        if (code == g->at[i].place || place_level(code) != x->r->q->by) continue;
        struct sums moved = g->at[i].sums;
        g->at[i].place = -1;
        sums_add(group_sums(g, code), &moved);
    }
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    return x->place < y->place ? -1 : x->place > y->place;
}

static bool finish(struct adding *x, struct groups *g, struct values *out)
{
    *out = (struct values){ 0 };
    if (!to_current(x, g)) return false;
    if (g->n) qsort(g->at, g->n, sizeof *g->at, by_place);
    out->at = arena_array(x->r->a, g->n, sizeof *out->at);
    for (size_t i = 0; i < g->n; i++) {
        if (g->at[i].sums.over)
            return err_set(x->e, ERR_INVALID, "the sum of %s leaves 64 bits", x->f->name);
        if (g->at[i].place < 0) continue;
        value_of(x->f, x->r->q, g->at[i].place, &g->at[i].sums, &out->at[out->n++]);
    }
    return true;
}

/* One walk: all that is asked for, or what a scope's places hold of it; added or taken away. */
struct pass { bool inside, minus; const int64_t *orgs; size_t n_orgs; };

static bool id_among(const int64_t *ids, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id) return true;
    return false;
}

/* A scope's places, and its organisations' rows everywhere but there, where they are counted already. */
static int passes_of(const struct reading *r, const struct figure *f, struct pass out[3])
{
    out[0] = (struct pass){ r->own != NULL, false, r->orgs, r->n_orgs };
    if (!r->own || f->organisation < 0 || !r->n_own_orgs) return 1;
    out[1] = (struct pass){ false, false, r->own_orgs, r->n_own_orgs };
    out[2] = (struct pass){ true, true, r->own_orgs, r->n_own_orgs };
    if (r->orgs[0] == 0) return 3;
    int64_t *both = arena_array(r->a, r->n_orgs, sizeof *both);
    size_t n = 0;
    for (size_t i = 0; i < r->n_orgs; i++)
        if (id_among(r->own_orgs, r->n_own_orgs, r->orgs[i])) both[n++] = r->orgs[i];
    out[1].orgs = out[2].orgs = both;
    out[1].n_orgs = out[2].n_orgs = n;
    return 3;
}

/* What is read between two of these is taken away. */
static void negate(struct adding *x)
{
    for (size_t i = 0; i < x->n; i++)
        for (size_t k = 0; k < x->targets[i].groups.n; k++)
            for (int p = 0; p < 2 * PART_N; p++) {
                int64_t *v = &x->targets[i].groups.at[k].sums.v[p / PART_N][p % PART_N];
                *v = -*v;
            }
}

static void open_targets(struct adding *x)
{
    for (size_t i = 0; i < x->n; i++) {
        struct target *t = &x->targets[i];
        map_init(&t->groups.index, sizeof(int64_t), sizeof(uint32_t));
        if (!x->r->q->by) (void)group_sums(&t->groups, x->r->q->place);
    }
}

/* The region that is walked: the place itself when some term wants all of it, else the one

 * term's. */
static const struct region *aim_targets(struct adding *x, const char *const *within,
                                        const struct pass *p, struct err *e)
{
    const struct region *walk = NULL;
    struct reading *r = x->r;
    for (size_t i = 0; i < x->n; i++) {
        struct target *t = &x->targets[i];
        if (!region_of(r->c, r->d, r->q->place, within[i], r->q->to, r->a, &t->region, e))
            return NULL;
        if (p->inside) t->region = region_cut(&t->region, r->own, r->a);
        t->all = !within[i] || x->n == 1;
        if (t->all) walk = &t->region;
    }
    x->single = x->n == 1 && !x->r->q->by && x->targets[0].region.n <= FEW_RANGES;
    return walk;
}

static bool all_whole(const struct region *g)
{
    for (size_t i = 0; i < g->n; i++)
        if (!whole_counties(&g->at[i])) return false;
    return true;
}

/* A walk over counties tells nothing of the villages in them. */
static bool one_walk_will_do(const struct adding *x, const struct region *walk)
{
    bool whole = true;
    for (size_t i = 0; i < x->n; i++) whole = whole && all_whole(&x->targets[i].region);
    return x->n == 1 || whole || (walk->n == 1 && !whole_counties(&walk->at[0]));
}

static void close_targets(struct adding *x)
{
    for (size_t i = 0; i < x->n; i++) {
        map_free(&x->targets[i].groups.index);
        free(x->targets[i].groups.at);
    }
}

/* --- as it was: rows instead of cells --- */

struct reliving { struct adding *x; const struct pass *pass; struct gather g; };

static void add_delta(struct adding *x, const struct delta *d, struct sums *s)
{
    int32_t day = delta_day(d->lo) - DATE_MIN;
    for (int side = 0; side < 2; side++) {
        if (!x->bound[side].used || day > x->bound[side].day) continue;
        for (int part = 0; part < PART_N; part++) {
            if (!(d->parts >> part & 1)) continue;
            int64_t v = PARTS_OF_VALUE >> part & 1 ? d->v : d->w;
            if (!i64_add(s->v[side][part], v, &s->v[side][part])) s->over = true;
        }
    }
}

/* Deltas to every target that has their place, as cells would have given them. */
static void add_deltas(struct adding *x, const struct pass *p, struct deltas *list)
{
    int by = x->r->q->by;
    for (size_t i = 0; i < list->n; i++) {
        const struct delta *d = &list->at[i];
        int64_t code = delta_county(d->hi) * 1000000 + delta_place(d->lo);
        uint32_t org = delta_org(d->hi); /* 0 is no organisation, and may be in no list */
        if (!id_among(p->orgs, p->n_orgs, org ? list->orgs[org] : 0)) continue;
        if (by && place_level(code) < by) continue;
        int64_t place = by ? place_up(code, by) : x->r->q->place;
        for (size_t k = 0; k < x->n; k++) {
            struct target *t = &x->targets[k];
            if (t->all || region_has(&t->region, code))
                add_delta(x, d, group_sums(&t->groups, place));
        }
    }
    deltas_clear(list);
}

static bool relive_row(void *arg, const struct val *row, int64_t value, struct err *e)
{
    struct reliving *l = arg;
    (void)value;
    (void)e;
    gather_row(&l->g, l->x->f, row, 1, 0);
    add_deltas(l->x, l->pass, &l->g.deltas);
    return true;
}

static bool relive(struct adding *x, const struct pass *p, const struct region *walk)
{
    struct reliving l = { .x = x, .pass = p };
    gather_init(&l.g);
    bool ok = read_rows(x->r, x->f, walk, relive_row, &l, x->e);
    if (ok) keys_turn(&l.g.keys, &l.g.deltas);
    add_deltas(x, p, &l.g.deltas);
    gather_free(&l.g);
    return ok;
}

static bool walk_pass(struct adding *x, const struct pass *p, const struct region *walk)
{
    bool past = x->r->c->past, ok = true;
    if (p->minus) negate(x);
    if (past) ok = relive(x, p, walk);
    for (size_t i = 0; ok && !past && i < p->n_orgs; i++)
        if (p->orgs[i] == 0 || x->f->organisation >= 0) ok = read_region(x, walk, p->orgs[i]);
    if (p->minus) negate(x);
    return ok;
}

bool read_sums(struct reading *r, const struct figure *f, const char *const *within, size_t n,
               struct values *out, struct err *e)
{
    struct adding x = { .r = r, .f = f, .n = n, .e = e };
    struct pass passes[3];
    int n_passes = passes_of(r, f, passes);
    x.targets = arena_array(r->a, n, sizeof *x.targets);
    x.bound[1] = bound_at(r->q->to);
    if (reads_from(f, r->q)) x.bound[0] = bound_at(r->q->from - 1);
    open_targets(&x);
    const struct region *walk = aim_targets(&x, within, &passes[0], e);
    bool ok = walk != NULL;
    if (ok && n > 1 && (n_passes > 1 || !one_walk_will_do(&x, walk))) {
        close_targets(&x);
        for (size_t i = 0; ok && i < n; i++) ok = read_sums(r, f, &within[i], 1, &out[i], e);
        return ok;
    }
    ok = ok && walk_pass(&x, &passes[0], walk);
    for (int i = 1; ok && i < n_passes; i++) {
        walk = aim_targets(&x, within, &passes[i], e);
        ok = walk && walk_pass(&x, &passes[i], walk);
    }
    for (size_t i = 0; ok && i < n; i++) ok = finish(&x, &x.targets[i].groups, &out[i]);
    close_targets(&x);
    return ok;
}

/* --- distinct --- */

static const char *distinct_why(const struct figure *f, const struct figure_query *q, int level)
{
    static const char *const above[6] = {
        "this distinct figure is kept for the nation as a whole",
        "this distinct figure is kept per province and is never summed",
        "this distinct figure is kept per prefecture and is never summed",
        "this distinct figure is kept per county and is never summed",
        "this distinct figure is kept per township and is never summed",
        "this distinct figure is kept per village and is never summed" };
    struct civil from = date_civil(q->from), to = date_civil(q->to);
    if (level != f->scope_level) return above[f->scope_level];
    if (f->stock) return NULL;
    if (!f->by_year)
        return q->from == DATE_MIN ? NULL : "this distinct figure is kept from the beginning on";
    if (from.year == to.year && from.month == 1 && from.day == 1) return NULL;
    return "this distinct figure is kept year by year: the period begins on 1 January and ends in "
           "the same year";
}

static bool keep_keys(void *arg, const struct val *row, int64_t value, struct err *e)
{
    struct reliving *l = arg;
    (void)value;
    (void)e;
    gather_row(&l->g, l->x->f, row, 1, 0);
    deltas_clear(&l->g.deltas);
    return true;
}

/* The keys of the sets, from rows as they were. */
static bool past_keys(struct reading *r, const struct figure *f, const struct region *region,
                      const struct key_set *sets, size_t n, int32_t period, int64_t *out,
                      struct err *e)
{
    struct adding x = { .r = r, .f = f };
    struct reliving l = { .x = &x };
    gather_init(&l.g);
    bool ok = read_rows(r, f, region, keep_keys, &l, e);
    if (ok) keys_count_in(&l.g.keys, sets, n, period, r->q->to, out);
    gather_free(&l.g);
    return ok;
}

/* Several key sets (retired codes, an organisation and its units) share keys: these are counted. */
static bool recount(struct reading *r, const struct figure *f, const struct region *region,
                    struct figure_value *v, struct err *e)
{
    struct key_set *sets = arena_array(r->a, region->n * r->n_orgs, sizeof *sets);
    size_t n = 0;
    for (size_t i = 0; i < region->n; i++)
        for (size_t k = 0; k < r->n_orgs; k++)
            sets[n++] = (struct key_set){ f->scope_level ? region->at[i].lo : 0, r->orgs[k] };
    int32_t period = f->by_year ? date_civil(r->q->to).year : 0;
    int64_t was = v->value;
    bool ok = r->c->past ? past_keys(r, f, region, sets, n, period, &v->value, e)
                         : keys_count(r->d, f, sets, n, period, r->q->to, &v->value, e);
    if (!ok) return false;
    v->low += v->value - was;
    v->high += v->value - was;
    v->one_sided = v->value;
    if (v->low < 0) v->low = 0;
    return true;
}

bool read_distinct(struct reading *r, const struct figure *f, struct values *out, struct err *e)
{
    if (r->own && !r->q->by) {
        *out = (struct values){ arena_array(r->a, 1, sizeof *out->at), 1 };
        out->at[0] = (struct figure_value){ .place = r->q->place,
            .why = "this distinct figure is never summed: ask for one place" };
        return true;
    }
    const char *const everywhere = NULL;
    if (!read_sums(r, f, &everywhere, 1, out, e)) return false;
    for (size_t i = 0; i < out->n; i++) {
        struct figure_value *v = &out->at[i];
        struct region region;
        v->why = distinct_why(f, r->q, place_level(v->place));
        v->known = v->why == NULL;
        if (!v->known) continue;
        v->why = "";
        if (!region_of(r->c, r->d, v->place, NULL, r->q->to, r->a, &region, e)) return false;
        if (region.n * r->n_orgs > 1 && v->rows && !recount(r, f, &region, v, e)) return false;
    }
    return true;
}

/* --- the query --- */

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

bool reading_start(struct reading *r, const struct figure_context *c, struct db *d, struct arena *a,
                   const struct figure_query *q, struct err *e)
{
    static const int64_t all = 0;
    *r = (struct reading){ .c = c, .d = d, .a = a, .q = q, .orgs = &all, .n_orgs = 1 };
    if (q->from > q->to) return err_set(e, ERR_USAGE, "the period ends before it begins");
    if (q->from < DATE_MIN || q->to > DATE_MAX) return err_set(e, ERR_USAGE, "no such date");
    if (q->by && (q->by < 1 || q->by > 5 || q->by < place_level(q->place)))
        return err_set(e, ERR_USAGE, "a figure is listed by places inside the one asked for");
    if (q->org == 0) return true;
    r->orgs = &q->org;
    if (!c->parties || !c->parties->subtree) return true;
    const int64_t *ids = NULL;
    size_t n = 0;
    if (!c->parties->subtree(c->parties->arg, d, q->org, a, &ids, &n, e)) return false;
    int64_t *sorted = arena_array(a, n + 1, sizeof *sorted);
    sorted[0] = q->org;
    if (n) memcpy(sorted + 1, ids, n * sizeof *ids);
    qsort(sorted, n + 1, sizeof *sorted, by_id);
    r->n_orgs = 0;
    for (size_t i = 0; i <= n; i++)
        if (i == 0 || sorted[i] != sorted[i - 1]) sorted[r->n_orgs++] = sorted[i];
    r->orgs = sorted;
    return true;
}
