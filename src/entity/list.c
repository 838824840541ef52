/* Lists: the only query that is composed, from names found in entity tables. */
#include "entity/list.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/option.h"
#include "entity/plan.h"

#define SQL_MAX (256 << 10)
#define MAX_RANGES 16
#define PAGE_ROWS 256
#define SORTED_ROWS 4096
#define COUNTY_SPAN INT64_C(1000000)

/* The query under construction. */
struct making {
    struct buf sql;
    struct list_sql *out;
    bool full;                     /* more parameters than there is room for */
};

static void param(struct making *k, struct val v)
{
    if (k->out->n == LIST_PARAMS) {
        k->full = true;
        return;
    }
    k->out->params[k->out->n++] = v;
    buf_printf(&k->sql, "?%d", k->out->n);
}

static void param_int(struct making *k, int64_t v)
{
    param(k, val_int(v));
}

static bool whole_counties(struct place_range r)
{
    return r.lo % COUNTY_SPAN == 0 && (r.hi + 1) % COUNTY_SPAN == 0;
}

static bool one_county(struct place_range r)
{
    return r.lo / COUNTY_SPAN == r.hi / COUNTY_SPAN;
}

/* The map whose place field says where a row of m lies, up the home references, or NULL. */
static const struct table_map *placed(const struct model *mo, const struct table_map *m)
{
    while (m && m->place < 0)
        m = m->home >= 0 ? model_find(mo, m->field[m->home].ref) : NULL;
    return m;
}

/* "table.place between ..", or that of the row it belongs to. */
static void inside(struct making *k, const struct model *mo, const struct table_map *m,
                   struct place_range r)
{
    const char *t = m->entity->name;
    if (m->place >= 0) {
        buf_printf(&k->sql, "%s.%s between ", t, m->field[m->place].name);
        param_int(k, r.lo);
        buf_str(&k->sql, " and ");
        param_int(k, r.hi);
        return;
    }
    const struct table_map *up = model_find(mo, m->field[m->home].ref);
    const char *u = up->entity->name;
    buf_printf(&k->sql,
               "exists (select 1 from %s where %s.county = %s.county and %s.id = %s.%s and ", u, u,
               t, u, t, m->field[m->home].name);
    inside(k, mo, up, r);
    buf_char(&k->sql, ')');
}

/* The county alone decides where it can: it is the first column of the key. */
static void range_sql(struct making *k, const struct model *mo, const struct table_map *m,
                      struct place_range r)
{
    const char *t = m->entity->name;
    bool nation = m->entity->reach == REACH_NATION;
    if (!nation && one_county(r)) {
        buf_printf(&k->sql, "%s.county = ", t);
        param_int(k, r.lo / COUNTY_SPAN);
    } else if (!nation) {
        buf_printf(&k->sql, "%s.county between ", t);
        param_int(k, r.lo / COUNTY_SPAN);
        buf_str(&k->sql, " and ");
        param_int(k, r.hi / COUNTY_SPAN);
    }
    if (!nation && whole_counties(r)) return;
    if (!nation) buf_str(&k->sql, " and ");
    inside(k, mo, m, r);
}

/* Sets the class: rows of one county are asked of its shard alone, with the county as ?1. */
static bool place_sql(struct making *k, const struct model *mo, struct db *d,
                      const struct table_map *m, int64_t place, struct err *e)
{
    struct place_range r[MAX_RANGES];
    int n = 0;
    k->out->stmt.class = m->entity->reach == REACH_NATION ? STMT_REF : STMT_SCATTER;
    if (place == 0) {
        buf_str(&k->sql, "1 = 1");
        return true;
    }
    if (!placed(mo, m))
        return err_set(e, ERR_INVALID, "rows of %s lie in no place", m->entity->name);
    if (!mo->places) return err_set(e, ERR_INTERNAL, "no places are known here");
    if (!mo->places->ranges(mo->places->arg, d, place, r, MAX_RANGES, &n, e)) return false;
    if (n == 1 && one_county(r[0]) && m->entity->reach == REACH_COUNTY)
        k->out->stmt.class = STMT_ROUTER;
    buf_char(&k->sql, '(');
    for (int i = 0; i < n; i++) {
        buf_str(&k->sql, i ? " or (" : "(");
        range_sql(k, mo, m, r[i]);
        buf_char(&k->sql, ')');
    }
    buf_str(&k->sql, n ? ")" : "1 = 0)");
    return true;
}

bool list_placed(const struct model *mo, const struct table_map *m)
{
    return placed(mo, m) != NULL;
}

static bool where_sql(struct making *k, struct db *d, const struct table_map *m,
                      const struct list_query *q, struct arena *a, struct err *e)
{
    struct rule *r;
    char prefix[64];
    int64_t pending;
    if (!q->drafts) buf_printf(&k->sql, " and %s.draft = 0", m->entity->name);
    if (!load_pending(d, &pending, e)) return false;
    if (pending >= 0) {
        buf_printf(&k->sql, " and %s.load <> ", m->entity->name);
        param_int(k, pending);
    }
    if (!q->where || !*q->where) return true;
    if (!rule_parse(&r, q->where, strlen(q->where), 1, 1, &m->schema, a, e)) return false;
    snprintf(prefix, sizeof prefix, "%s.", m->entity->name);
    buf_str(&k->sql, " and (");
    rule_sql(r, store_engine(db_store(d)), prefix, &k->sql);
    buf_char(&k->sql, ')');
    return true;
}

/* "%50\%%": what a text must be like to hold, or to begin with, what was typed. */
static const char *pattern_of(const struct list_filter *f, struct arena *a)
{
    struct buf b;
    buf_init(&b, SQL_MAX);
    if (f->how == MATCH_HOLDS) buf_char(&b, '%');
    for (const char *s = f->text; *s; s++) {
        if (*s == '%' || *s == '_' || *s == '\\') buf_char(&b, '\\');
        buf_char(&b, *s);
    }
    buf_char(&b, '%');
    return arena_take(a, &b);
}

/* SQLite, which keeps no statistics, takes one county of any table for a handful of rows, and would read it
 * rather than the index: it is told how rare the reference is. */
static void refers_sql(struct making *k, struct db *d, const struct table_map *m, const struct list_filter *f)
{
    const char *t = m->entity->name, *name = m->field[f->field].name;
    const bool told = store_engine(db_store(d)) == ENGINE_SQLITE;
    const int far = m->county_column[f->field];
    buf_printf(&k->sql, told ? " and likelihood(%s.%s = " : " and %s.%s = ", t, name);
    param_int(k, f->id);
    if (told) buf_str(&k->sql, ", 0.000001)");
    if (m->plan[f->field].target->entity->reach == REACH_NATION) return;
    if (far < 0 && m->entity->reach == REACH_NATION) return;
    buf_printf(&k->sql, " and %s.%s = ", t, far < 0 ? "county" : m->table.cols[far].name);
    param_int(k, f->county);
}

static bool filter_sql(struct making *k, const struct model *mo, struct db *d, const struct table_map *m,
                       const struct list_filter *f, struct arena *a, struct err *e)
{
    struct place_range r[MAX_RANGES];
    int n = 0;
    const char *column = arena_printf(a, "%s.%s", m->entity->name, m->field[f->field].name);
    if (f->how == MATCH_REFERS) return refers_sql(k, d, m, f), true;
    if (f->how != MATCH_WITHIN) {
        buf_printf(&k->sql, " and lower(%s) like lower(", column);
        param(k, val_text(pattern_of(f, a)));
        buf_str(&k->sql, ") escape '\\'");
        return true;
    }
    if (!mo->places) return err_set(e, ERR_INTERNAL, "no places are known here");
    if (!mo->places->ranges(mo->places->arg, d, f->place, r, MAX_RANGES, &n, e)) return false;
    buf_str(&k->sql, " and (");
    ranges_sql(&k->sql, NULL, column, r, n);
    buf_char(&k->sql, ')');
    return true;
}

/* Rows behind the cursor as one goes, in the order "sort, county, id" with missing values last. */
static void after_sql(struct making *k, const struct table_map *m, const struct list_query *q,
                      const char *sort, const struct list_after *after)
{
    const char *t = m->entity->name;
    if (!after->set) return;
    buf_str(&k->sql, " and ");
    if (sort && !val_is_null(after->sort)) {
        buf_printf(&k->sql, "(%s.%s %c ", t, sort, q->descending != q->backward ? '<' : '>');
        param(k, after->sort);
        if (!q->backward) buf_printf(&k->sql, " or %s.%s is null", t, sort);
        buf_printf(&k->sql, " or (%s.%s = ", t, sort);
        param(k, after->sort);
        buf_str(&k->sql, " and ");
    } else if (sort) {
        buf_str(&k->sql, "(");
        if (q->backward) buf_printf(&k->sql, "%s.%s is not null or ", t, sort);
        buf_printf(&k->sql, "(%s.%s is null and ", t, sort);
    }
    buf_printf(&k->sql, "(%s.county, %s.id) %c (", t, t, q->backward ? '<' : '>');
    param_int(k, after->county);
    buf_str(&k->sql, ", ");
    param_int(k, after->id);
    buf_str(&k->sql, sort ? ")))" : ")");
}

static void order_sql(struct making *k, const struct table_map *m, const struct list_query *q, const char *sort)
{
    const char *t = m->entity->name, *way = q->backward ? " desc" : "";
    buf_str(&k->sql, " order by ");
    if (sort)
        buf_printf(&k->sql, "%s.%s %s nulls %s, ", t, sort, q->descending != q->backward ? "desc" : "asc",
                   q->backward ? "first" : "last");
    buf_printf(&k->sql, "%s.county%s, %s.id%s", t, way, t, way);
}

static int sort_column(const struct table_map *m, const char *name)
{
    for (int i = 0; i < m->columns; i++)
        if (strcmp(m->table.cols[i].name, name) == 0) return i;
    return -1;
}

static bool sort_fits(const struct table_map *m, const struct list_query *q, struct err *e)
{
    const char *names[ENTITY_MAX_COLUMNS];
    if (!q->sort || !*q->sort || sort_column(m, q->sort) >= 0) return true;
    for (int i = 0; i < m->columns; i++) names[i] = m->table.cols[i].name;
    const char *near = nearest_name(q->sort, names, m->columns);
    return err_set(e, ERR_INVALID, "%s has no field '%s' to sort by%s%s%s", m->entity->name,
                   q->sort, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

bool list_start(const struct model *mo, struct db *d, const struct scope *scope,
                const struct table_map *m, const struct list_query *q, struct arena *a,
                struct list_after *after, struct err *e)
{
    *after = (struct list_after){ .set = q->after_county || q->after_id,
                                  .county = q->after_county, .id = q->after_id };
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found;
    if (!sort_fits(m, q, e)) return false;
    after->sort = q->after_value;
    if (!after->set || !q->sort || !*q->sort || q->has_value) return true;
    /* A row outside would be found by where others stand beside it. */
    if (!row_seen(mo, d, scope, m, after->county, after->id, a, row, &found, e)) return false;
    if (!found)
        return err_set(e, ERR_NOT_FOUND, "the row that the page begins after is gone: start anew");
    after->sort = row[sort_column(m, q->sort)];
    return true;
}

static void select_sql(struct making *k, const struct table_map *m)
{
    const char *t = m->entity->name;
    buf_str(&k->sql, "select ");
    for (int i = 0; i < m->table.n; i++)
        buf_printf(&k->sql, "%s%s.%s", i ? ", " : "", t, m->table.cols[i].name);
    buf_printf(&k->sql, " from %s where ", m->from);
}

/* Which rows there are of the list, wherever the page begins. */
static bool rows_sql(struct making *k, const struct model *mo, struct db *d, const struct scope *scope,
                     const struct table_map *m, const struct list_query *q, struct arena *a, struct err *e)
{
    bool ok = place_sql(k, mo, d, m, q->place, e) && where_sql(k, d, m, q, a, e);
    for (int i = 0; ok && i < q->n_filters; i++) ok = filter_sql(k, mo, d, m, &q->filters[i], a, e);
    scope_sql(&k->sql, scope, mo, m, store_engine(db_store(d)));
    return ok;
}

static bool made(struct making *k, bool ok, struct arena *a, struct err *e)
{
    enum stmt_class class = k->out->stmt.class;
    if (ok && (k->full || k->sql.over)) ok = err_set(e, ERR_INVALID, "the filter is too long");
    if (ok) k->out->stmt = stmt_composed(class, arena_strndup(a, k->sql.p, k->sql.n));
    buf_free(&k->sql);
    return ok;
}

bool list_compose_one(const struct model *mo, struct db *d, const struct scope *scope,
                      const struct table_map *m, int64_t county, int64_t id, struct arena *a,
                      struct list_sql *out, struct err *e)
{
    struct making k = { .out = out };
    const struct list_query all = { .drafts = true };
    buf_init(&k.sql, SQL_MAX);
    out->n = 0;
    out->stmt = (struct stmt){ .name = m->entity->name,
        .class = m->entity->reach == REACH_NATION ? STMT_REF : STMT_ROUTER };
    select_sql(&k, m);
    buf_printf(&k.sql, "%s.county = ", m->entity->name);
    param_int(&k, county);
    buf_printf(&k.sql, " and %s.id = ", m->entity->name);
    param_int(&k, id);
    bool ok = where_sql(&k, d, m, &all, a, e);
    scope_sql(&k.sql, scope, mo, m, store_engine(db_store(d)));
    return made(&k, ok, a, e);
}

bool list_compose(const struct model *mo, struct db *d, const struct scope *scope,
                  const struct table_map *m, const struct list_query *q, const struct list_after *after, int64_t limit,
                  struct arena *a, struct list_sql *out, struct err *e)
{
    struct making k = { .out = out };
    const char *sort = q->sort && *q->sort ? q->sort : NULL, *t = m->entity->name;
    buf_init(&k.sql, SQL_MAX);
    out->n = 0;
    out->stmt = (struct stmt){ .name = t };
    select_sql(&k, m);
    bool ok = sort_fits(m, q, e) && rows_sql(&k, mo, d, scope, m, q, a, e);
    after_sql(&k, m, q, sort, after);
    order_sql(&k, m, q, sort);
    if (limit > 0) {
        buf_str(&k.sql, " limit ");
        param_int(&k, limit);
    }
    return made(&k, ok, a, e);
}

/* One page, held in memory so that the caller's function may use the connection. */
struct page { struct val *rows; int width, n; struct arena *a; };

static bool keep_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct page *p = arg;
    (void)e;
    struct val *to = p->rows + (size_t)p->n++ * (size_t)p->width;
    for (int i = 0; i < n; i++) {
        to[i] = row[i];
        if (row[i].type == VAL_TEXT || row[i].type == VAL_BLOB)
            to[i].p = arena_strndup(p->a, row[i].p ? row[i].p : "", row[i].n);
    }
    return true;
}

static bool give_page(const struct model *mo, struct db *d, const struct scope *scope,
                      const struct table_map *m, const struct list_query *q, struct list_after *after, int want,
                      struct arena *a, int *given, list_fn *fn, void *arg, struct err *e)
{
    struct list_sql *sql = arena_alloc(a, sizeof *sql);
    struct page p = { .width = m->columns + 1, .a = a };
    p.rows = arena_array(a, (size_t)want * (size_t)p.width, sizeof *p.rows);
    if (!list_compose(mo, d, scope, m, q, after, want, a, sql, e)) return false;
    if (!db_query(d, &sql->stmt, sql->params, sql->n, keep_row, &p, e)) return false;
    for (int i = 0; i < p.n; i++)
        if (!fn(arg, m, p.rows + (size_t)(q->backward ? p.n - 1 - i : i) * (size_t)p.width, e)) return false;
    *given = p.n;
    if (p.n == 0) return true;
    const struct val *last = p.rows + (size_t)(p.n - 1) * (size_t)p.width;
    *after = (struct list_after){ true, last[ROW_COUNTY].i, last[ROW_ID].i, val_null() };
    if (q->sort && *q->sort) after->sort = last[sort_column(m, q->sort)];
    return true;
}

/* One snapshot for all pages and for what they are filtered by: a load that becomes visible between two
 * statements would be seen by halves. A transaction that is open already will do. */
static bool snapshot(struct db *d, bool *own, struct err *e)
{
    struct err mine = { 0 };
    *own = db_begin_read(d, &mine);
    if (*own || mine.code == ERR_INTERNAL) return true;
    if (e) *e = mine;
    return false;
}

/* A sorted list is sorted again for each page, so its pages are larger. */
bool list_rows(const struct model *mo, struct db *d, const struct scope *scope,
               const struct table_map *m, const struct list_query *q, list_fn *fn, void *arg, struct err *e)
{
    struct arena pages[2] = { { 0 }, { 0 } }; /* the next page begins after a value of this one */
    struct list_after after;
    const int page = q->backward ? LIST_BACK : q->sort && *q->sort ? SORTED_ROWS : PAGE_ROWS;
    int64_t left = q->limit > 0 ? q->limit : INT64_MAX;
    bool own;
    if (q->backward && left > LIST_BACK)
        return err_set(e, ERR_INTERNAL, "a page backward has at most %d rows", LIST_BACK);
    if (!snapshot(d, &own, e)) return false;
    bool ok = list_start(mo, d, scope, m, q, &pages[1], &after, e);
    for (int turn = 0; ok && left > 0; turn ^= 1) {
        int want = left < page ? (int)left : page, given = 0;
        arena_reset(&pages[turn]);
        ok = give_page(mo, d, scope, m, q, &after, want, &pages[turn], &given, fn, arg, e);
        left -= given;
        if (given < want) break;
    }
    if (own) db_end_read(d);
    arena_free(&pages[0]);
    arena_free(&pages[1]);
    return ok;
}

static bool take_count(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n;
    (void)e;
    *(int64_t *)arg = row[0].i;
    return true;
}

/* What is asked of at most `most` rows of the whole list, closed by `end`. */
static bool whole_query(const struct model *mo, struct db *d, const struct scope *scope, const struct table_map *m,
                        const struct list_query *q, const char *what, int64_t most, const char *end, row_fn *fn,
                        void *arg, struct err *e)
{
    struct arena a = { 0 };
    struct list_sql *sql = arena_alloc(&a, sizeof *sql);
    struct making k = { .out = sql };
    sql->stmt = (struct stmt){ .name = m->entity->name };
    buf_init(&k.sql, SQL_MAX);
    buf_str(&k.sql, "select ");
    buf_printf(&k.sql, "%s from %s where ", what, m->from);
    bool ok = rows_sql(&k, mo, d, scope, m, q, &a, e);
    if (!*end) buf_printf(&k.sql, " order by %s.county, %s.id", m->entity->name, m->entity->name);
    if (most > 0) {
        buf_str(&k.sql, " limit ");
        param_int(&k, most);
    }
    buf_str(&k.sql, end);
    ok = made(&k, ok, &a, e) && db_query(d, &sql->stmt, sql->params, sql->n, fn, arg, e);
    arena_free(&a);
    return ok;
}

bool list_count(const struct model *mo, struct db *d, const struct scope *scope, const struct table_map *m,
                const struct list_query *q, int64_t most, int64_t *n, struct err *e)
{
    *n = 0;
    return whole_query(mo, d, scope, m, q, "count(*) from (select 1", most, ") counted", take_count, n, e);
}

bool list_values(const struct model *mo, struct db *d, const struct scope *scope, const struct table_map *m,
                 const struct list_query *q, const int *fields, int n, int64_t most, row_fn *fn, void *arg,
                 struct err *e)
{
    struct buf b;
    buf_init(&b, SQL_MAX);
    for (int i = 0; i < n; i++) {
        int county = m->county_column[fields[i]];
        buf_str(&b, i ? ", " : "");
        if (county >= 0) buf_printf(&b, "%s.%s, ", m->entity->name, m->table.cols[county].name);
        buf_printf(&b, "%s.%s", m->entity->name, m->field[fields[i]].name);
    }
    bool ok = whole_query(mo, d, scope, m, q, b.p, most, "", fn, arg, e);
    buf_free(&b);
    return ok;
}

/* "county, code" begins an index of one county's rows by code; one of some rows alone does not. */
static bool begins_index(const char *const *lists, const char *field)
{
    size_t n = strlen(field);
    for (; lists && *lists; lists++)
        if (strncmp(*lists, "county, ", 8) == 0 && strncmp(*lists + 8, field, n) == 0 &&
            ((*lists)[8 + n] == '\0' || (*lists)[8 + n] == ',') && !strstr(*lists, " where "))
            return true;
    return false;
}

bool list_sort_indexed(const struct table_map *m, const struct list_query *q)
{
    bool one = m->entity->reach == REACH_NATION || (q->place && place_level(q->place) >= 3);
    if (!q->sort || !*q->sort) return true;
    return one && (begins_index(m->table.uniques, q->sort) || begins_index(m->table.indexes, q->sort));
}
