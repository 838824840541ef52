/* The scope as a condition: ranges on the key, and the ids of organisations. Numbers stand in the
 * text as they are: they come from tables, never from who asks. */
#include "entity/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNTY INT64_C(1000000)

struct writing {
    struct buf *b;
    const struct scope *s;
    const struct model *mo;
    const struct table_map *row;   /* whose date counts */
    bool any;                      /* a term stands already */
};

static void term(struct writing *w)
{
    buf_str(w->b, w->any ? " or " : "");
    w->any = true;
}

static bool one_county(struct place_range r)
{
    return r.lo / COUNTY == r.hi / COUNTY;
}

static bool whole_county(struct place_range r)
{
    return one_county(r) && r.lo % COUNTY == 0 && (r.hi + 1) % COUNTY == 0;
}

enum form { FORM_COUNTY, FORM_CODE, FORM_RANGE };

static enum form form_of(struct place_range r, bool county, bool place)
{
    if (county && (whole_county(r) || (!place && one_county(r)))) return FORM_COUNTY;
    return place && r.lo == r.hi ? FORM_CODE : FORM_RANGE;
}

static void one_range(struct buf *b, const char *county, const char *place, struct place_range r)
{
    if (county)
        buf_printf(b, "%s between %lld and %lld", county, (long long)(r.lo / COUNTY), (long long)(r.hi / COUNTY));
    if (place && !(county && r.lo % COUNTY == 0 && (r.hi + 1) % COUNTY == 0))
        buf_printf(b, "%s%s between %lld and %lld", county ? " and " : "", place, (long long)r.lo, (long long)r.hi);
}

/* The ranges of that form among r[from .. to), as a tree that is as deep as its logarithm. */
static void range_tree(struct buf *b, const char *county, const char *place, const struct place_range *r,
                       const int *which, int from, int to)
{
    int middle = from + (to - from) / 2;
    buf_char(b, '(');
    if (to - from == 1) {
        one_range(b, county, place, r[which[from]]);
    } else {
        range_tree(b, county, place, r, which, from, middle);
        buf_str(b, " or ");
        range_tree(b, county, place, r, which, middle, to);
    }
    buf_char(b, ')');
}

void ranges_sql(struct buf *b, const char *county, const char *place, const struct place_range *r, int n)
{
    int *which = mem_alloc(((size_t)n + 1) * sizeof *which), rest = 0, terms = 0;
    for (int form = FORM_COUNTY; form <= FORM_CODE; form++) {
        int listed = 0;
        int64_t last = -1;
        for (int i = 0; i < n; i++) {
            if (form_of(r[i], county, place) != (enum form)form) continue;
            int64_t v = form == FORM_COUNTY ? r[i].lo / COUNTY : r[i].lo;
            if (listed && v == last) continue;
            if (!listed++)
                buf_printf(b, "%s%s in (", terms++ ? " or " : "", form == FORM_COUNTY ? county : place);
            else buf_str(b, ", ");
            buf_printf(b, "%lld", (long long)v);
            last = v;
        }
        if (listed) buf_char(b, ')');
    }
    for (int i = 0; i < n; i++)
        if (form_of(r[i], county, place) == FORM_RANGE) which[rest++] = i;
    if (rest) {
        if (terms++) buf_str(b, " or ");
        range_tree(b, county, place, r, which, 0, rest);
    }
    if (!terms) buf_str(b, "1 = 0");
    free(which);
}

/* Places of pairings that ended, by their dates: those of the same dates together. */
static void past_terms(struct writing *w, const char *county, const char *place)
{
    const struct scope *s = w->s;
    const char *on = w->row->field[w->row->common + COMMON_VALID_FROM].name;
    struct place_range *r = mem_alloc(((size_t)s->pasts + 1) * sizeof *r);
    for (int i = 0; i < s->pasts; i++) {
        const struct past_range *p = &s->past[i];
        int n = 0;
        bool first = true;
        for (int k = 0; k < i && first; k++) first = s->past[k].from != p->from || s->past[k].to != p->to;
        if (!first) continue;
        for (int k = i; k < s->pasts; k++)
            if (s->past[k].from == p->from && s->past[k].to == p->to)
                r[n++] = (struct place_range){ s->past[k].lo, s->past[k].hi };
        term(w);
        buf_printf(w->b, "(%s.%s between %d and %d and (", w->row->entity->name, on, p->from, p->to);
        ranges_sql(w->b, county, place, r, n);
        buf_str(w->b, "))");
    }
    free(r);
}

static void place_terms(struct writing *w, const struct table_map *m)
{
    const struct scope *s = w->s;
    char county[80], place[140];
    bool sharded = m->entity->reach == REACH_COUNTY && m->place_near;
    snprintf(county, sizeof county, "%s.county", m->entity->name);
    snprintf(place, sizeof place, "%s.%s", m->entity->name, m->field[m->place].name);
    if (s->ranges) {
        term(w);
        ranges_sql(w->b, sharded ? county : NULL, place, s->range, s->ranges);
    }
    if (w->row->common >= 0 && s->pasts) past_terms(w, sharded ? county : NULL, place);
}

static bool addressed(const struct table_map *m)
{
    return m && m->place >= 0 && (m->entity->flags & E_ADDRESSED);
}

/* Places above all of a range, and no place: what is said there is said to those inside. A list, for an
 * expression of as many terms would be too deep; ranges rise, so that what repeats is side by side. */
static void above_terms(struct writing *w, const struct table_map *m)
{
    const char *t = m->entity->name, *place = m->field[m->place].name;
    int64_t last[5] = { 0 };
    int n = 0;
    term(w);
    buf_printf(w->b, "%s.%s is null", t, place);
    for (int i = 0; i < w->s->ranges; i++) {
        struct place_range r = w->s->range[i];
        for (int level = 1; level < 5; level++) {
            struct place_range up = place_own_range(place_up(r.lo, level));
            if (up.lo > r.lo || up.hi < r.hi || (up.lo == r.lo && up.hi == r.hi) || up.lo == last[level]) continue;
            last[level] = up.lo;
            if (!n++) {
                term(w);
                buf_printf(w->b, "%s.%s in (", t, place);
            }
            buf_printf(w->b, "%s%lld", n > 1 ? ", " : "", (long long)up.lo);
        }
    }
    if (n) buf_str(w->b, ")");
}

static void ids(struct writing *w, const char *table, const char *column, const int64_t *id, int n)
{
    if (!n) return;
    term(w);
    buf_printf(w->b, "%s.%s in (", table, column);
    for (int i = 0; i < n; i++) buf_printf(w->b, "%s%lld", i ? ", " : "", (long long)id[i]);
    buf_char(w->b, ')');
}

static void organisation_terms(struct writing *w, const struct table_map *m)
{
    const struct scope *s = w->s;
    const char *t = m->entity->name;
    bool bare = m->place < 0 && m->home < 0;   /* nothing else says whose it is */
    if (strcmp(t, "organisation") == 0) {
        ids(w, t, "id", s->org, s->orgs);
        ids(w, t, "id", s->partner, s->partners);
        return;
    }
    for (int i = 0; i < m->fields; i++) {
        if (m->field[i].type != F_REF || strcmp(m->field[i].ref, "organisation") != 0) continue;
        ids(w, t, m->field[i].name, s->org, s->orgs);
        if (bare) ids(w, t, m->field[i].name, s->partner, s->partners);
    }
}

static void seen(struct writing *w, const struct table_map *m)
{
    const struct table_map *up =
        m->place < 0 && m->home >= 0 ? model_find(w->mo, m->field[m->home].ref) : NULL;
    if (m->place >= 0) place_terms(w, m);
    if (addressed(m) && w->s->ranges) above_terms(w, m);
    organisation_terms(w, m);
    if (up && scope_kind(w->s, up)) {
        const char *t = m->entity->name, *u = up->entity->name;
        struct writing inner = *w;
        term(w);
        buf_printf(w->b, "exists (select 1 from %s where %s.county = %s.county and %s.id = %s.%s and (",
                   u, u, t, u, t, m->field[m->home].name);
        inner.any = false;
        seen(&inner, up);
        buf_str(w->b, "))");
    }
    if (!w->any) buf_str(w->b, "1 = 0");
}

/* All that is seen by place lies between these counties: the key bounds the search. */
static void bounds(struct writing *w, const struct table_map *m)
{
    const struct scope *s = w->s;
    if (s->orgs || s->pasts || !s->ranges || m->entity->reach != REACH_COUNTY) return;
    if (addressed(m) || (m->place < 0 && m->home >= 0 && addressed(model_find(w->mo, m->field[m->home].ref)))) return;
    if (m->place >= 0 ? !m->place_near : m->home < 0) return;
    buf_printf(w->b, "%s.county between %lld and %lld and ", m->entity->name,
               (long long)(s->range[0].lo / COUNTY),
               (long long)(s->range[s->ranges - 1].hi / COUNTY));
}

/* What the row was taken from, when the public may see that. */
static void source_sql(struct buf *b, const struct model *mo, const struct table_map *m, enum engine engine)
{
    const struct field *source = &m->field[m->common + COMMON_SOURCE];
    const struct table_map *from = model_find(mo, source->ref);
    const char *t = m->entity->name, *u = source->ref;
    char prefix[64];
    if (!from || !from->published) {
        buf_str(b, " and 1 = 0");
        return;
    }
    buf_printf(b, " and exists (select 1 from %s where %s.county = 0 and %s.id = %s.%s and %s.draft = 0 and (", u, u, u,
               t, source->name, u);
    snprintf(prefix, sizeof prefix, "%s.", u);
    rule_sql(from->published, engine, prefix, b);
    buf_str(b, "))");
}

void published_sql(struct buf *b, const struct scope *s, const struct model *mo, const struct table_map *m,
                   enum engine engine)
{
    char prefix[64];
    if (!scope_is_public(s)) return;
    buf_printf(b, " and %s.draft = 0", m->entity->name);
    switch (m->entity->publicity) {
    case PUBLIC_ALWAYS: return;
    case PUBLIC_BY_SOURCE: source_sql(b, mo, m, engine); return;
    case PUBLIC_ITSELF:
        buf_str(b, " and (");
        snprintf(prefix, sizeof prefix, "%s.", m->entity->name);
        rule_sql(m->published, engine, prefix, b);
        buf_char(b, ')');
        return;
    case PUBLIC_NEVER: break;
    }
    buf_str(b, " and 1 = 0");
}

void scope_sql(struct buf *b, const struct scope *s, const struct model *mo,
               const struct table_map *m, enum engine engine)
{
    struct writing w = { .b = b, .s = s, .mo = mo, .row = m };
    if (!scope_kind(s, m)) {
        buf_str(b, " and 1 = 0");
        return;
    }
    published_sql(b, s, mo, m, engine);
    if (s->everywhere || m->entity->access == ACCESS_OPEN) return;
    buf_str(b, " and ");
    bounds(&w, m);
    buf_char(b, '(');
    seen(&w, m);
    buf_char(b, ')');
}

struct one_row { struct val *row; struct arena *a; bool found; };

static bool take_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct one_row *o = arg;
    (void)e;
    for (int i = 0; i < n; i++) {
        o->row[i] = row[i];
        if (row[i].type == VAL_TEXT || row[i].type == VAL_BLOB)
            o->row[i].p = arena_strndup(o->a, row[i].p ? row[i].p : "", row[i].n);
    }
    o->found = true;
    return true;
}

bool row_seen(const struct model *mo, struct db *d, const struct scope *s,
              const struct table_map *m, int64_t county, int64_t id, struct arena *a,
              struct val *row, bool *found, struct err *e)
{
    struct one_row o = { row, a, false };
    struct list_sql *sql = arena_alloc(a, sizeof *sql);
    *found = false;
    if (!scope_kind(s, m)) return true;
    if (!list_compose_one(mo, d, s, m, county, id, a, sql, e) ||
        !db_query(d, &sql->stmt, sql->params, sql->n, take_row, &o, e))
        return false;
    *found = o.found;
    return true;
}
