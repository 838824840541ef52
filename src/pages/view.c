#include "pages/view.h"

#include <string.h>

static bool add_column(struct request *q, struct view *v, const char *name, size_t n, struct err *e)
{
    const char *word = arena_strndup(q->arena, name, n);
    int f = map_field(v->m, word);
    if (f < 0 || v->n == MAX_SHOWN || !scope_field(q->scope, q->seat->model, v->m, f))
        return err_field(e, ERR_INVALID, "columns", tr(q, "there is no column \"%s\"", "没有列“%s”"), word);
    v->field[v->n++] = f;
    return true;
}

static bool read_columns(struct request *q, struct view *v, struct err *e)
{
    const char *s = request_param(q, "columns");
    if (!s && request_param(q, "c")) {
        /* The chooser's boxes: one parameter a column. */
        for (int i = 0; i < q->n_param; i++)
            if (strcmp(q->param[i].name, "c") == 0 && *q->param[i].value &&
                !add_column(q, v, q->param[i].value, strlen(q->param[i].value), e))
                return false;
        return true;
    }
    for (int i = 0; !s && i < v->m->fields && v->n < MAX_SHOWN; i++)
        if ((v->m->field[i].flags & F_LIST) && scope_field(q->scope, q->seat->model, v->m, i))
            v->field[v->n++] = i;
    while (s && *s) {
        size_t n = strcspn(s, ",");
        if (n && !add_column(q, v, s, n, e)) return false;
        s += n + (s[n] == ',');
    }
    return true;
}

/* "f.kind=company" becomes a condition on the field. */
static void add_chip(struct request *q, struct buf *rule, const struct table_map *m,
                     const struct web_param *p)
{
    int f = strncmp(p->name, "f.", 2) == 0 ? map_field(m, p->name + 2) : -1;
    if (f < 0 || !*p->value || !scope_field(q->scope, q->seat->model, m, f)) return;
    const struct field *x = &m->field[f];
    if (rule->n) buf_str(rule, " and ");
    if (x->type == F_BOOL) {
        buf_printf(rule, "%s = %s", x->name, strcmp(p->value, "1") == 0 ? "true" : "false");
        return;
    }
    buf_printf(rule, "%s %s ", x->name, x->flags & F_MULTI ? "has" : "=");
    if (x->type != F_REF) buf_char(rule, '"');
    for (const char *s = p->value; *s; s++) {
        if (*s == '"') buf_char(rule, '"');
        buf_char(rule, *s);
    }
    if (x->type != F_REF) buf_char(rule, '"');
}

static bool read_where(struct request *q, struct view *v, struct err *e)
{
    struct buf rule;
    const char *typed = request_param(q, "where");
    if (!scope_rule(q->scope, q->seat->model, v->m, typed, q->arena, e)) return false;
    buf_init(&rule, 1 << 16);
    for (int i = 0; i < q->n_param; i++) add_chip(q, &rule, v->m, &q->param[i]);
    if (typed) buf_printf(&rule, "%s(%s)", rule.n ? " and " : "", typed);
    if (rule.n) v->where = arena_strndup(q->arena, rule.p, rule.n);
    buf_free(&rule);
    return scope_rule(q->scope, q->seat->model, v->m, v->where, q->arena, e);
}

static bool read_sort(struct request *q, struct view *v, struct err *e)
{
    const char *sort = request_param(q, "sort"), *after = request_param(q, "after");
    const char *row = request_param(q, "from_row");
    if (sort && *sort == '-') v->query.descending = true, sort++;
    if (sort) {
        int f = map_field(v->m, sort);
        if (f < 0 || !scope_field(q->scope, q->seat->model, v->m, f))
            return err_field(e, ERR_INVALID, "sort", tr(q, "there is no column \"%s\" to sort by",
                             "没有可排序的列“%s”"), sort);
        v->query.sort = v->m->field[f].name;
    }
    if (after && !address_parse(after, &v->query.after_county, &v->query.after_id))
        return err_field(e, ERR_INVALID, "after", "%s", tr(q, "this is no place in the list",
                                                                 "列表位置有误"));
    v->from_row = row ? strtoll(row, NULL, 10) : 1;
    if (v->from_row < 1 || v->from_row > INT64_C(1000000000000)) v->from_row = 1;
    return true;
}

bool view_read(struct request *q, struct view *v, struct err *e)
{
    const char *place = request_param(q, "place");
    const struct places *p = q->seat->model->places;
    if (!read_columns(q, v, e) || !read_where(q, v, e) || !read_sort(q, v, e)) return false;
    if (place && !p->resolve(p->arg, q->seat->db, place, strlen(place), &v->query.place, e)) return false;
    v->query.where = v->where;
    v->query.drafts = request_param(q, "drafts") != NULL;
    return true;
}
