/* The scope as a condition: ranges on the key, and the ids of organisations. Numbers stand in the
 * text as they are: they come from tables, never from who asks. */
#include "entity/list.h"

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

/* "t.place between ..", by the county first where the row's place lies in it. */
static void place_between(struct writing *w, const struct table_map *m, int64_t lo, int64_t hi)
{
    const char *t = m->entity->name;
    bool sharded = m->entity->reach == REACH_COUNTY && m->place_near;
    bool whole = lo % COUNTY == 0 && (hi + 1) % COUNTY == 0;
    if (sharded)
        buf_printf(w->b, "%s.county between %lld and %lld", t, (long long)(lo / COUNTY),
                   (long long)(hi / COUNTY));
    if (sharded && whole) return;
    buf_printf(w->b, "%s%s.%s between %lld and %lld", sharded ? " and " : "", t,
               m->field[m->place].name, (long long)lo, (long long)hi);
}

static void place_terms(struct writing *w, const struct table_map *m)
{
    const struct scope *s = w->s;
    for (int i = 0; i < s->ranges; i++) {
        term(w);
        buf_char(w->b, '(');
        place_between(w, m, s->range[i].lo, s->range[i].hi);
        buf_char(w->b, ')');
    }
    if (w->row->common < 0) return;
    const char *on = w->row->field[w->row->common + COMMON_VALID_FROM].name;
    for (int i = 0; i < s->pasts; i++) {
        const struct past_range *p = &s->past[i];
        term(w);
        buf_printf(w->b, "(%s.%s between %d and %d and ", w->row->entity->name, on, p->from, p->to);
        place_between(w, m, p->lo, p->hi);
        buf_char(w->b, ')');
    }
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
    if (m->place >= 0 ? !m->place_near : m->home < 0) return;
    buf_printf(w->b, "%s.county between %lld and %lld and ", m->entity->name,
               (long long)(s->range[0].lo / COUNTY),
               (long long)(s->range[s->ranges - 1].hi / COUNTY));
}

void scope_sql(struct buf *b, const struct scope *s, const struct model *mo,
               const struct table_map *m)
{
    struct writing w = { .b = b, .s = s, .mo = mo, .row = m };
    if (!scope_kind(s, m)) {
        buf_str(b, " and 1 = 0");
        return;
    }
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
