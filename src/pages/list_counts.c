/* Counts beside the filter: how many rows each code, reference and place has. Bounded: where more rows fit
 * than are counted, a count is the least that there are. */
#include "pages/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"

enum { FACETS = 8, SHOWN = 8, LEAVES = 60, VALUE = 64 };

/* One value: a code's text, or a number with the county that a reference has besides. */
struct facet_key { int64_t county, number; char text[VALUE]; };
struct facet { int field, column, county; bool place; struct map count; };
struct counting { struct facet *at[FACETS]; int n; int64_t below, rows; };
struct leaf { struct facet_key key; int64_t n; };

static bool countable(struct request *q, const struct view *v, int f)
{
    const struct field *x = &v->m->field[f];
    bool kind = x->type == F_CODE || x->type == F_BOOL || x->type == F_REF || f == v->m->place;
    bool shared = (v->m->fact >= 0 && f >= v->m->fact) || (v->m->common >= 0 && f >= v->m->common);
    return kind && ((x->flags & F_LIST) || f == v->m->place) && !shared &&
           scope_field(q->scope, q->seat->model, v->m, f);
}

static void add_one(struct facet *f, const struct facet_key *key)
{
    ++*(int64_t *)map_put(&f->count, key, NULL);
}

static void add_codes(struct facet *f, struct val v)
{
    const char *at = v.p, *end = v.p + v.n;
    while (at < end) {
        size_t n = 0;
        while (at + n < end && at[n] != ';') n++;
        struct facet_key key = { 0 };
        memcpy(key.text, at, n < VALUE - 1 ? n : VALUE - 1);
        add_one(f, &key);
        at += n + 1;
    }
}

/* The part of a place one level below the one that is shown. */
static int64_t part_of(int64_t code, int64_t place)
{
    int level = place ? place_level(place) + 1 : 1;
    return place_level(code) < level ? code : place_up(code, level);
}

static bool count_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct counting *c = arg;
    (void)n;
    (void)e;
    c->rows++;
    for (int i = 0; i < c->n; i++) {
        struct facet *f = c->at[i];
        struct val v = row[f->column];
        struct facet_key key = { 0 };
        if (v.type == VAL_TEXT) add_codes(f, v);
        if (v.type != VAL_INT) continue;
        key.number = f->place ? part_of(v.i, c->below) : v.i;
        if (f->county >= 0 && row[f->county].type == VAL_INT) key.county = row[f->county].i;
        add_one(f, &key);
    }
    return true;
}

/* The values of these facets over the rows of a query. */
static bool count_over(struct request *q, const struct view *v, const struct list_query *query, struct counting *c,
                       struct err *e)
{
    int fields[FACETS], column = 0;
    for (int i = 0; i < c->n; i++) {
        struct facet *f = c->at[i];
        fields[i] = f->field;
        f->county = v->m->county_column[f->field] >= 0 ? column++ : -1;
        f->column = column++;
    }
    c->below = query->place;
    return !c->n || list_values(q->seat->model, q->seat->rows, q->scope, v->m, query, fields, c->n, COUNTED, count_row,
                                c, e);
}

static bool is_chosen(const struct view *v, int field)
{
    for (int i = 0; i < v->n_at; i++)
        if (v->at[i].field == field && v->at[i].how == CONDITION_IS) return true;
    return false;
}

/* A field that is filtered by is counted over what else could be chosen. */
static bool count_all(struct request *q, const struct view *v, struct facet *f, int n, int64_t *rows, struct err *e)
{
    struct counting together = { .n = 0 };
    for (int i = 0; i < n; i++) {
        if (!is_chosen(v, f[i].field)) {
            together.at[together.n++] = &f[i];
            continue;
        }
        struct counting alone = { .at = { &f[i] }, .n = 1 };
        struct list_query query = view_without(q, v, f[i].field);
        if (!count_over(q, v, &query, &alone, e)) return false;
        if (alone.rows > *rows) *rows = alone.rows;
    }
    struct list_query query = view_without(q, v, -1);
    bool ok = count_over(q, v, &query, &together, e);
    if (together.rows > *rows) *rows = together.rows;
    return ok;
}

static int by_count(const void *a, const void *b)
{
    const struct leaf *x = a, *y = b;
    if (x->n != y->n) return x->n < y->n ? 1 : -1;
    if (x->key.number != y->key.number) return x->key.number < y->key.number ? -1 : 1;
    return strcmp(x->key.text, y->key.text);
}

static const char *leaf_text(struct request *q, const struct view *v, const struct facet *f, const struct leaf *l)
{
    const struct field *x = &v->m->field[f->field];
    if (f->place) return place_name(q, l->key.number);
    if (x->type == F_CODE) return code_label(q, x->list, l->key.text, strlen(l->key.text));
    if (x->type == F_BOOL) return l->key.number ? tr(q, "yes", "是") : tr(q, "no", "否");
    const struct table_map *to = model_find(q->seat->model, x->ref);
    return ref_title(q, to, l->key.county, l->key.number);
}

/* The list with this value chosen, or, where it is chosen, without it. */
static const char *leaf_address(struct request *q, const struct view *v, const struct facet *f, const struct leaf *l,
                                bool *on)
{
    const struct field *x = &v->m->field[f->field];
    const char *name = f->place ? "place" : arena_printf(q->arena, "f.%s", x->name);
    const char *value = x->type == F_CODE ? arena_strdup(q->arena, l->key.text)
                      : arena_printf(q->arena, f->place ? "%012lld" : "%lld", (long long)l->key.number);
    const char *now = request_param(q, name);
    *on = f->place ? v->query.place == l->key.number : now && strcmp(now, value) == 0;
    return page_query(q, name, *on ? NULL : value);
}

static void facet_list(struct request *q, struct buf *b, const struct view *v, const struct facet *f, bool least)
{
    struct leaf *at = arena_array(q->arena, f->count.count + 1, sizeof *at);
    const void *key;
    void *value;
    size_t walk = 0, n = 0;
    while (map_next(&f->count, &walk, &key, &value)) {
        memcpy(&at[n].key, key, sizeof at[n].key);
        at[n++].n = *(int64_t *)value;
    }
    if (!n) return;
    qsort(at, n, sizeof *at, by_count);
    html(b, "<section><h3>%s</h3><ul>", f->place ? tr(q, "Place", "地区") : field_label(q, &v->m->field[f->field]));
    for (size_t i = 0; i < n && i < LEAVES; i++) {
        bool on;
        const char *address = leaf_address(q, v, f, &at[i], &on);
        if (i == SHOWN)
            html(b, "</ul><details><summary>%s</summary><ul>",
                 arena_printf(q->arena, tr(q, "%d more", "还有 %d 项"), (int)(n - SHOWN)));
        html(b, "<li><a href=\"%s%s\"%s>%s</a> <span class=\"muted\">%s%s</span></li>", page_url(q, "%s", q->path),
             address, on ? " aria-current=\"true\"" : "", leaf_text(q, v, f, &at[i]), least ? "≥ " : "",
             number_text(q, at[i].n, 0));
    }
    html_raw(b, "</ul>");
    if (n > LEAVES)
        html(b, "<p class=\"muted\">%s</p>", arena_printf(q->arena, tr(q, "and %d rarer", "另有 %d 项较少"),
                                                        (int)(n - LEAVES)));
    html_raw(b, n > SHOWN ? "</details></section>" : "</section>");
}

bool view_counts(struct request *q, struct buf *b, const struct view *v, struct err *e)
{
    struct facet at[FACETS] = { 0 };
    int64_t rows = 0;
    int n = 0;
    for (int i = 0; i < v->m->fields && n < FACETS; i++)
        if (countable(q, v, i)) at[n++] = (struct facet){ .field = i, .place = i == v->m->place };
    if (!n) return true;
    for (int i = 0; i < n; i++) map_init(&at[i].count, sizeof(struct facet_key), sizeof(int64_t));
    bool ok = count_all(q, v, at, n, &rows, e), least = rows >= COUNTED;
    if (ok && rows) {
        html(b, "<div class=\"facets\"><h2 class=\"vh\">%s</h2>", tr(q, "How many of each", "分类数量"));
        for (int i = 0; i < n; i++) facet_list(q, b, v, &at[i], least);
        html_raw(b, "</div>");
        if (least)
            html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena,
                 tr(q, "Counted over the first %d rows: there are at least so many.", "只计前 %d 条，实际不少于此数。"),
                 COUNTED));
    }
    for (int i = 0; i < n; i++) map_free(&at[i].count);
    return ok;
}
