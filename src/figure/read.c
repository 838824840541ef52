/* Adding up cells: at most five short ranges of county cells for places of whole counties, the years
 * of one place or a range of places below. */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "figure/read.h"
#include "figure/sql.h"

/* Where a bound lies in each grain: the last point that counts, -1 = nothing of that grain. */
struct bound { bool used; int year_at, year, month_at, day_at; int64_t month; int doy; };

static struct bound bound_at(int32_t day)
{
    struct civil c = date_civil(day);
    bool month_ends = c.day == date_days_in_month(c.year, c.month);
    struct bound b = { .used = true, .year = c.year, .year_at = c.year, .month_at = -1, .day_at = -1 };
    b.doy = day - date_make(c.year, 1, 1) + 1;
    b.month = (int64_t)c.year * 12 + c.month - 1;
    if (month_ends && c.month == 12) return b;
    b.year_at--;
    b.month_at = month_ends ? c.month : c.month - 1;
    if (b.month_at == 0) b.month_at = -1;
    if (!month_ends) b.day_at = c.day;
    return b;
}

/* Sums by place while cells are read. */
struct group { int64_t place; struct sums sums; };
struct adding {
    struct reading *r;
    const struct figure *f;
    const struct region *region;
    struct bound bound[2];
    struct map index;              /* place -> uint32_t in groups */
    struct group *groups; size_t n, cap;
    int at[2];                     /* of the grain being read */
    bool filter;                   /* rows outside of the region come too */
    struct err *e;
};

static struct sums *group_sums(struct adding *x, int64_t code)
{
    int by = x->r->q->by;
    if (by && place_level(code) < by) return NULL; /* recorded above that level */
    int64_t place = by ? place_up(code, by) : x->r->q->place;
    if (x->n && x->groups[x->n - 1].place == place) return &x->groups[x->n - 1].sums;
    bool added;
    uint32_t *i = map_put(&x->index, &place, &added);
    if (!added) {
        struct group *g = &x->groups[*i];
        if (g->place != place) *g = (struct group){ .place = place }; /* it had moved away */
        return &g->sums;
    }
    if (x->n == x->cap) {
        x->cap = x->cap ? x->cap * 2 : 4;
        x->groups = mem_grow(x->groups, x->cap * sizeof *x->groups);
    }
    *i = (uint32_t)x->n;
    memset(&x->groups[x->n], 0, sizeof *x->groups);
    x->groups[x->n].place = place;
    return &x->groups[x->n++].sums;
}

static bool bad_cell(struct err *e)
{
    return err_set(e, ERR_CORRUPT, "a cell's bytes cannot be read: run `jiedui verify`");
}

static bool take_county(void *arg, const struct val *row, int n, struct err *e)
{
    struct adding *x = arg;
    (void)n;
    int64_t code = row[0].i * 1000000;
    if (x->filter && !region_has(x->region, code)) return true;
    struct sums *s = group_sums(x, code);
    return !s || pack_read2(row[1].p, row[1].n, x->at, s) || bad_cell(e);
}

static bool read_grain(struct adding *x, int64_t org, const struct place_range *span, int grain,
                       int64_t bucket, int at0, int at1)
{
    int64_t lo = cell_county(span->lo), hi = cell_county(span->hi);
    x->at[0] = at0;
    x->at[1] = at1;
    if (lo == hi) {
        struct val v[5] = { val_int(lo), val_int(x->f->number), val_int(org), val_int(grain),
                            val_int(bucket) };
        return db_query(x->r->d, figure_sql(COUNTY_READ_ONE), v, 5, take_county, x, x->e);
    }
    struct val v[6] = { val_int(x->f->number), val_int(org), val_int(grain), val_int(bucket),
                        val_int(lo), val_int(hi) };
    return db_query(x->r->d, figure_sql(COUNTY_READ_SPAN), v, 6, take_county, x, x->e);
}

/* Both bounds in one go where they lie in the same row. */
static bool read_span(struct adding *x, int64_t org, const struct place_range *span)
{
    const struct bound *b = x->bound;
    int none = -1;
    if (!read_grain(x, org, span, 0, 0, b[0].used ? b[0].year_at : none,
                    b[1].used ? b[1].year_at : none))
        return false;
    int m0 = b[0].used ? b[0].month_at : none, m1 = b[1].used ? b[1].month_at : none;
    bool same = b[0].year == b[1].year;
    if (m0 >= 0 && !read_grain(x, org, span, 1, b[0].year, m0, same ? m1 : none)) return false;
    if (m1 >= 0 && !(same && m0 >= 0) && !read_grain(x, org, span, 1, b[1].year, none, m1)) return false;
    int d0 = b[0].used ? b[0].day_at : none, d1 = b[1].used ? b[1].day_at : none;
    same = b[0].month == b[1].month;
    if (d0 >= 0 && !read_grain(x, org, span, 2, b[0].month, d0, same ? d1 : none)) return false;
    return d1 < 0 || (same && d0 >= 0) || read_grain(x, org, span, 2, b[1].month, none, d1);
}

static bool take_fine(void *arg, const struct val *row, int n, struct err *e)
{
    struct adding *x = arg;
    (void)n;
    if (x->filter && !region_has(x->region, row[0].i)) return true;
    struct sums *s = group_sums(x, row[0].i);
    if (!s) return true;
    int at[2];
    for (int side = 0; side < 2; side++) {
        const struct bound *b = &x->bound[side];
        bool past = !b->used || row[1].i > b->year;
        at[side] = past ? -1 : row[1].i == b->year ? b->doy : PACK_ALL;
    }
    return pack_read2(row[2].p, row[2].n, at, s) || bad_cell(e);
}

static bool read_fine(struct adding *x, int64_t org, int64_t county, int64_t lo, int64_t hi)
{
    struct val v[6] = { val_int(county), val_int(x->f->number), val_int(org), val_int(lo), val_int(hi),
                        val_int(x->bound[1].year) };
    return db_query(x->r->d, figure_sql(FINE_READ), v, 6, take_fine, x, x->e);
}

struct county_list { int64_t *at; size_t n, cap; };

static bool take_key(void *arg, const struct val *row, int n, struct err *e)
{
    struct county_list *l = arg;
    (void)n;
    (void)e;
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 64;
        l->at = mem_grow(l->at, l->cap * sizeof *l->at);
    }
    l->at[l->n++] = row[0].i;
    return true;
}

/* Places below the county, in all counties of a span that have any. */
static bool read_below(struct adding *x, int64_t org, const struct place_range *span)
{
    struct county_list l = { 0 };
    struct val v[4] = { val_int(x->f->number), val_int(org), val_int(cell_county(span->lo)),
                        val_int(cell_county(span->hi)) };
    bool ok = db_query(x->r->d, figure_sql(FINE_COUNTIES), v, 4, take_key, &l, x->e);
    for (size_t i = 0; ok && i < l.n; i++) {
        int64_t lo = l.at[i] * 1000000, hi = lo + 999999;
        ok = read_fine(x, org, l.at[i], lo > span->lo ? lo : span->lo, hi < span->hi ? hi : span->hi);
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

static bool read_region(struct adding *x, int64_t org)
{
    const struct region *g = x->region;
    size_t whole = 0;
    for (size_t i = 0; i < g->n; i++) whole += whole_counties(&g->at[i]);
    x->filter = false;
    if (g->n > FEW_RANGES && whole == g->n && x->r->q->by < 4) {
        struct place_range all = { g->at[0].lo, g->at[g->n - 1].hi };
        x->filter = true;
        return read_span(x, org, &all);
    }
    for (size_t i = 0; i < g->n; i++) {
        const struct place_range *r = &g->at[i];
        bool ok;
        if (!whole_counties(r)) ok = read_fine(x, org, cell_county(r->lo), r->lo, r->hi);
        else if (x->r->q->by > 3) ok = read_below(x, org, r);
        else ok = read_span(x, org, r);
        if (!ok) return false;
    }
    return true;
}

/* Retired codes count to today's place. */
static bool to_current(struct adding *x)
{
    const struct places *p = x->r->c->model->places;
    size_t n = x->n;
    if (!x->r->q->by || !p || !p->resolve) return true;
    for (size_t i = 0; i < n; i++) {
        char text[24];
        int64_t code;
        struct err e = { 0 };
        int len = snprintf(text, sizeof text, "%012lld", (long long)x->groups[i].place);
        if (!p->resolve(p->arg, x->r->d, text, (size_t)len, &code, &e)) {
            if (e.code != ERR_NOT_FOUND && e.code != ERR_CONFLICT && e.code != ERR_INVALID) {
                *x->e = e;
                return false;
            }
            continue; /* a code nobody knows, or one that was divided: it stands for itself */
        }
        code = place_up(code, x->r->q->by);
        if (code == x->groups[i].place || place_level(code) != x->r->q->by) continue;
        struct sums moved = x->groups[i].sums;
        x->groups[i].place = -1;
        sums_add(group_sums(x, code), &moved);
    }
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    return x->place < y->place ? -1 : x->place > y->place;
}

static bool finish(struct adding *x, struct values *out)
{
    if (!x->r->q->by && x->n == 0) (void)group_sums(x, 0);
    if (!to_current(x)) return false;
    if (x->n) qsort(x->groups, x->n, sizeof *x->groups, by_place);
    out->at = arena_array(x->r->a, x->n, sizeof *out->at);
    for (size_t i = 0; i < x->n; i++) {
        if (x->groups[i].sums.over)
            return err_set(x->e, ERR_INVALID, "the sum of %s leaves 64 bits", x->f->name);
        if (x->groups[i].place < 0) continue;
        value_of(x->f, x->r->q, x->groups[i].place, &x->groups[i].sums, &out->at[out->n++]);
    }
    return true;
}

static bool read_sums(struct reading *r, const struct figure *f, const char *within,
                      struct values *out, struct err *e)
{
    struct region region;
    struct adding x = { .r = r, .f = f, .region = &region, .e = e };
    *out = (struct values){ 0 };
    if (!region_of(r->c, r->d, r->q->place, within, r->q->to, r->a, &region, e)) return false;
    x.bound[1] = bound_at(r->q->to);
    if (reads_from(f, r->q)) x.bound[0] = bound_at(r->q->from - 1);
    map_init(&x.index, sizeof(int64_t), sizeof(uint32_t));
    bool ok = true;
    for (size_t i = 0; ok && i < r->n_orgs; i++)
        if (r->orgs[i] == 0 || f->organisation >= 0) ok = read_region(&x, r->orgs[i]);
    ok = ok && finish(&x, out);
    map_free(&x.index);
    free(x.groups);
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
    if (!keys_count(r->d, f, sets, n, period, r->q->to, &v->value, e)) return false;
    v->low += v->value - was;
    v->high += v->value - was;
    v->one_sided = v->value;
    if (v->low < 0) v->low = 0;
    return true;
}

static bool read_distinct(struct reading *r, const struct figure *f, struct values *out,
                          struct err *e)
{
    if (!read_sums(r, f, NULL, out, e)) return false;
    for (size_t i = 0; i < out->n; i++) {
        struct figure_value *v = &out->at[i];
        struct region region;
        v->why = distinct_why(f, r->q, place_level(v->place));
        v->known = v->why == NULL;
        if (!v->known) continue;
        if (!region_of(r->c, r->d, v->place, NULL, r->q->to, r->a, &region, e)) return false;
        if (region.n * r->n_orgs > 1 && v->rows && !recount(r, f, &region, v, e)) return false;
    }
    return true;
}

bool read_base(struct reading *r, const struct figure *f, const char *within, struct values *out,
               struct err *e)
{
    if (f->kind == FIGURE_DISTINCT) return read_distinct(r, f, out, e);
    return read_sums(r, f, within, out, e);
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
