#include "pages/view.h"
#include "pages/form.h"

#include <string.h>

#include "base/date.h"
#include "base/id.h"
#include "base/money.h"

static const char *const suffixes[CONDITION_N] = { "", ".not", ".from", ".to", ".has", ".begins", ".is" };

const char *condition_suffix(enum condition how)
{
    return suffixes[how];
}

const char *field_label(const struct request *q, const struct field *f)
{
    return q->zh ? f->zh : f->en;
}

const struct table_map *kind_wanted(struct request *q, struct response *r)
{
    const struct table_map *m = model_find(q->seat->model, q->capture[0]);
    if (m && scope_kind(q->scope, m)) return m;
    /* One answer for what is hidden and what does not exist. */
    page_error(q, r, 404, tr(q, "There is no such kind of record.", "没有这种记录。"));
    return NULL;
}

/* --- columns --- */

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

/* --- conditions --- */

const char *rule_quoted(struct arena *a, const char *s)
{
    struct buf b;
    buf_init(&b, 1 << 16);
    buf_char(&b, '"');
    for (; *s; s++) {
        if (*s == '"') buf_char(&b, '"');
        buf_char(&b, *s);
    }
    buf_char(&b, '"');
    return arena_take(a, &b);
}

static bool no_value(struct request *q, const struct field *f, const char *value, struct err *e)
{
    return err_field(e, ERR_INVALID, f->name, tr(q, "%s: \"%s\" is no value of it", "%s：“%s”不是有效值"),
                     field_label(q, f), value);
}

static bool keep_candidate(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct view_choice *c = arg;
    (void)m;
    (void)e;
    if (c->n == CANDIDATES) {
        c->more = true;
        return true;
    }
    c->county[c->n] = row[ROW_COUNTY].i;
    c->id[c->n++] = row[ROW_ID].i;
    return true;
}

/* Rows whose name holds what was typed. */
static bool find_candidates(struct request *q, const struct table_map *to, const char *typed, struct view_choice *c,
                            struct err *e)
{
    for (int i = 0; i < NAME_FIELDS && !c->n; i++) {
        int f = map_field(to, name_fields[i]);
        if (f < 0 || to->field[f].type != F_TEXT || !scope_field(q->scope, q->seat->model, to, f)) continue;
        struct list_filter holds = { .field = f, .how = MATCH_HOLDS, .text = typed };
        struct list_query query = { .filters = &holds, .n_filters = 1, .limit = CANDIDATES + 1 };
        if (!list_rows(q->seat->model, q->seat->rows, q->scope, to, &query, keep_candidate, c, e)) return false;
    }
    return true;
}

/* By id, by the text that names it, by its name, by a part of its name. */
static bool read_ref(struct request *q, struct view *v, struct view_condition *x, struct err *e)
{
    const struct field *f = &v->m->field[x->field];
    const struct table_map *to = model_find(q->seat->model, f->ref);
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err own = { .code = ERR_NONE };
    struct view_choice c = { .to = to, .param = x->param };
    bool found = false;
    if (id_parse(x->value, strlen(x->value), &x->ref)) return true;
    if (ref_find(q->seat->model, to, x->value, strlen(x->value), -1, q->seat->db, q->arena, &x->ref_county, &x->ref,
                 &own) &&
        !row_seen(q->seat->model, q->seat->db, q->scope, to, x->ref_county, x->ref, q->arena, row, &found, e))
        return false;
    if (found) return true;
    if (!find_candidates(q, to, x->value, &c, e)) return false;
    if (c.n == 1) {
        x->ref_county = c.county[0];
        x->ref = c.id[0];
        return true;
    }
    if (!c.n)
        return err_field(e, ERR_NOT_FOUND, f->name, tr(q, "there is no %s called \"%s\"", "没有名为“%2$s”的%1$s"),
                         entity_label(q, to->entity), x->value);
    v->choice = c;
    return err_field(e, ERR_CONFLICT, f->name, tr(q, "\"%s\" is in several names: choose one", "“%s”对应多个名称，请选择"),
                     x->value);
}

/* A date or a number as a rule writes it. Texts for people ("1.2万", "2020-05") will do. */
static const char *number_literal(struct request *q, const struct view *v, const struct view_condition *x)
{
    const struct field *f = &v->m->field[x->field];
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    struct err ignored = { .code = ERR_NONE };
    char text[DECIMAL_TEXT > DATE_TEXT ? DECIMAL_TEXT : DATE_TEXT];
    size_t n = strlen(x->value);
    int32_t day;
    if (f->type == F_DATE) {
        bool ok = date_parse(x->value, n, x->how == CONDITION_TO ? DATE_LAST : DATE_FIRST, &day);
        if (!ok) return NULL;
        date_format(day, text);
        return arena_strdup(q->arena, text);
    }
    if (!field_read(q->seat->model, v->m, x->field, x->value, n, q->seat->db, row, q->arena, &ignored)) return NULL;
    struct val got = row[v->m->column[x->field]];
    if (got.type != VAL_INT) return NULL;
    if (f->type == F_BOOL) return got.i ? "true" : "false";
    decimal_format(got.i, f->type == F_MONEY ? 2 : f->type == F_DECIMAL ? f->scale : 0, text);
    return arena_strdup(q->arena, text);
}

/* A code as it is kept, whatever way it was typed; a text as it is. */
static const char *text_literal(struct request *q, const struct view *v, const struct view_condition *x)
{
    const struct field *f = &v->m->field[x->field];
    const struct code *code = f->type == F_CODE ? codes_find(q->seat->model->codes, f->list, x->value,
                                                             strlen(x->value)) : NULL;
    return rule_quoted(q->arena, code ? code->code : x->value);
}

/* The condition in the rule language; NULL when it is none there. */
static const char *condition_rule(struct request *q, const struct view *v, const struct view_condition *x)
{
    static const char *const signs[CONDITION_N] = { "=", "!=", ">=", "<=" };
    const struct field *f = &v->m->field[x->field];
    const char *value = NULL;
    if (x->how == CONDITION_STATE)
        return arena_printf(q->arena, strcmp(x->value, "empty") == 0 ? "not known(%s)" : "known(%s)", f->name);
    switch (f->type) {
    case F_INT: case F_MONEY: case F_DECIMAL: case F_DATE: case F_BOOL: value = number_literal(q, v, x); break;
    case F_TEXT: case F_CODE: value = text_literal(q, v, x); break;
    case F_REF: value = arena_printf(q->arena, "%lld", (long long)x->ref); break;
    case F_INSTANT: case F_PLACE: return NULL;
    }
    if (!value) return NULL;
    if (f->flags & F_MULTI)
        return arena_printf(q->arena, "%s%s has %s", x->how == CONDITION_NOT ? "not " : "", f->name, value);
    return arena_printf(q->arena, "%s %s %s", f->name, signs[x->how], value);
}

/* What each kind of field can be asked for. */
static bool condition_fits(const struct field *f, enum condition how)
{
    bool ranged = f->type == F_INT || f->type == F_MONEY || f->type == F_DECIMAL || f->type == F_DATE;
    switch (how) {
    case CONDITION_FROM: case CONDITION_TO: return ranged;
    case CONDITION_HAS: case CONDITION_BEGINS: return f->type == F_TEXT;
    case CONDITION_NOT: return f->type != F_INSTANT && f->type != F_PLACE;
    case CONDITION_IS: return f->type != F_INSTANT;
    default: return true;
    }
}

static bool add_filter(struct request *q, struct view *v, const struct view_condition *x, struct err *e)
{
    struct list_filter *f = &v->filter[v->query.n_filters];
    const struct places *p = q->seat->model->places;
    *f = (struct list_filter){ .field = x->field, .text = x->value };
    if (v->m->field[x->field].type == F_PLACE) {
        f->how = MATCH_WITHIN;
        if (!p->resolve(p->arg, q->seat->db, x->value, strlen(x->value), &f->place, e)) return false;
    } else {
        f->how = x->how == CONDITION_HAS ? MATCH_HOLDS : MATCH_BEGINS;
    }
    v->query.filters = v->filter;
    v->query.n_filters++;
    return true;
}

static bool is_filter(const struct view *v, const struct view_condition *x)
{
    return x->how == CONDITION_HAS || x->how == CONDITION_BEGINS ||
           (v->m->field[x->field].type == F_PLACE && x->how == CONDITION_IS);
}

/* "f.amount.from" into field and kind. */
static bool read_condition(struct request *q, struct view *v, int param, struct view_condition *x, struct err *e)
{
    const struct web_param *p = &q->param[param];
    const char *dot = strchr(p->name + 2, '.');
    const char *name = dot ? arena_strndup(q->arena, p->name + 2, (size_t)(dot - p->name - 2)) : p->name + 2;
    int how = CONDITION_IS;
    *x = (struct view_condition){ .field = map_field(v->m, name), .param = param, .value = p->value };
    if (x->field < 0 || !scope_field(q->scope, q->seat->model, v->m, x->field))
        return err_field(e, ERR_INVALID, "f", tr(q, "there is no field \"%s\" to filter by", "没有可筛选的字段“%s”"),
                         name);
    while (dot && how < CONDITION_N && strcmp(dot, suffixes[how]) != 0) how++;
    const struct field *f = &v->m->field[x->field];
    if (how == CONDITION_N || !condition_fits(f, (enum condition)how))
        return err_field(e, ERR_INVALID, f->name, tr(q, "%s cannot be asked for by \"%s\"", "%s不能按“%s”筛选"),
                         field_label(q, f), dot + 1);
    x->how = (enum condition)how;
    if (how == CONDITION_STATE && strcmp(p->value, "empty") != 0 && strcmp(p->value, "known") != 0)
        return no_value(q, f, p->value, e);
    return f->type != F_REF || how == CONDITION_STATE || read_ref(q, v, x, e);
}

static bool read_conditions(struct request *q, struct view *v, struct err *e)
{
    for (int i = 0; i < q->n_param; i++) {
        if (strncmp(q->param[i].name, "f.", 2) != 0 || !*q->param[i].value) continue;
        if (v->n_at == MAX_CONDITIONS)
            return err_set(e, ERR_INVALID, tr(q, "a list takes at most %d conditions", "最多 %d 个条件"), MAX_CONDITIONS);
        struct view_condition *x = &v->at[v->n_at];
        if (!read_condition(q, v, i, x, e)) return false;
        v->n_at++;
        if (is_filter(v, x) ? !add_filter(q, v, x, e)
                            : !condition_rule(q, v, x) && !no_value(q, &v->m->field[x->field], x->value, e))
            return false;
    }
    return true;
}

/* All conditions in one rule: several values of a field are alternatives. `without`: a field left out. */
static const char *joined(struct request *q, const struct view *v, int without)
{
    struct buf rule;
    const char *typed = request_param(q, "where"), *out = NULL;
    buf_init(&rule, 1 << 16);
    for (int i = 0; i < v->n_at; i++) {
        const struct view_condition *x = &v->at[i];
        bool first = true;
        for (int k = 0; k < i; k++) first = first && !(v->at[k].field == x->field && v->at[k].how == x->how);
        if (!first || x->field == without || is_filter(v, x)) continue;
        const char *between = x->how == CONDITION_IS ? " or " : " and ";
        buf_printf(&rule, "%s(", rule.n ? " and " : "");
        for (int k = i; k < v->n_at; k++)
            if (v->at[k].field == x->field && v->at[k].how == x->how)
                buf_printf(&rule, "%s%s", k == i ? "" : between, condition_rule(q, v, &v->at[k]));
        buf_char(&rule, ')');
    }
    if (typed) buf_printf(&rule, "%s(%s)", rule.n ? " and " : "", typed);
    if (rule.n) out = arena_strndup(q->arena, rule.p, rule.n);
    buf_free(&rule);
    return out;
}

struct list_query view_without(struct request *q, const struct view *v, int field)
{
    struct list_query query = v->query;
    struct list_filter *keep = arena_array(q->arena, MAX_CONDITIONS, sizeof *keep);
    query.where = joined(q, v, field);
    query.filters = keep;
    query.n_filters = 0;
    for (int i = 0; i < v->query.n_filters; i++)
        if (v->query.filters[i].field != field) keep[query.n_filters++] = v->query.filters[i];
    query.sort = NULL;
    query.limit = query.after_county = query.after_id = 0;
    query.backward = false;
    return query;
}

static bool read_where(struct request *q, struct view *v, struct err *e)
{
    if (!scope_rule(q->scope, q->seat->model, v->m, request_param(q, "where"), q->arena, e)) return false;
    if (!read_conditions(q, v, e)) return false;
    v->where = joined(q, v, -1);
    return scope_rule(q->scope, q->seat->model, v->m, v->where, q->arena, e);
}

bool view_narrowed(const struct view *v)
{
    return v->where || v->query.place || v->query.n_filters;
}

/* --- order, and the place in it --- */

enum { CURSOR_VALUE = 400 };

const char *cursor_text(struct request *q, const struct view *v, const struct val *row)
{
    const char *at = arena_printf(q->arena, "%lld-%lld", (long long)row[ROW_COUNTY].i, (long long)row[ROW_ID].i);
    if (!v->query.sort) return at;
    struct val x = row[v->m->column[map_field(v->m, v->query.sort)]];
    if (x.type == VAL_INT) return arena_printf(q->arena, "%s~i%lld", at, (long long)x.i);
    if (x.type == VAL_TEXT && x.n <= CURSOR_VALUE) return arena_printf(q->arena, "%s~t%.*s", at, (int)x.n, x.p);
    return x.type == VAL_NULL ? arena_printf(q->arena, "%s~n", at) : at;
}

static bool cursor_value(struct view *v, const char *s)
{
    char *end;
    bool text = v->m->table.cols[v->m->column[map_field(v->m, v->query.sort)]].type == COL_TEXT;
    v->query.has_value = true;
    v->query.after_value = val_null();
    if (*s == 'n') return !s[1];
    if (*s == 't' && text) v->query.after_value = val_text(s + 1);
    if (*s == 't') return text;
    if (*s != 'i' || text || !s[1]) return false;
    v->query.after_value = val_int(strtoll(s + 1, &end, 10));
    return !*end;
}

static bool read_cursor(struct request *q, struct view *v, const char *s)
{
    const char *tilde = strchr(s, '~');
    const char *at = tilde ? arena_strndup(q->arena, s, (size_t)(tilde - s)) : s;
    if (!address_parse(at, &v->query.after_county, &v->query.after_id)) return false;
    return !tilde || (v->query.sort && cursor_value(v, tilde + 1));
}

/* The page begins at a value of the sort column: no row comes before it by county and id. */
static bool read_start(struct request *q, struct view *v, const char *typed, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    int f = map_field(v->m, v->query.sort);
    size_t n = strlen(typed);
    int32_t day;
    row[ROW_COUNTY] = val_int(0);
    if (v->m->field[f].type == F_DATE) {
        if (!date_parse(typed, n, v->query.descending ? DATE_LAST : DATE_FIRST, &day))
            return no_value(q, &v->m->field[f], typed, e);
        v->query.after_value = val_int(day);
    } else if (v->m->field[f].type == F_TEXT) {
        v->query.after_value = val_text(typed);
    } else {
        if (!field_read(q->seat->model, v->m, f, typed, n, q->seat->db, row, q->arena, e)) return false;
        v->query.after_value = row[v->m->column[f]];
    }
    v->query.has_value = true;
    v->query.after_county = v->query.after_id = -1;
    v->from_row = 0;
    return true;
}

static bool read_sort(struct request *q, struct view *v, struct err *e)
{
    const char *sort = request_param(q, "sort");
    if (sort && *sort == '-') v->query.descending = true, sort++;
    if (!sort) return true;
    int f = map_field(v->m, sort);
    if (f < 0 || !scope_field(q->scope, q->seat->model, v->m, f))
        return err_field(e, ERR_INVALID, "sort", tr(q, "there is no column \"%s\" to sort by", "没有可排序的列“%s”"), sort);
    v->query.sort = v->m->field[f].name;
    return true;
}

static bool read_page(struct request *q, struct view *v, struct err *e)
{
    const char *after = request_param(q, "after"), *before = request_param(q, "before");
    const char *row = request_param(q, "from_row"), *start = request_param(q, "start");
    bool paged = after || before;
    v->from_row = row ? strtoll(row, NULL, 10) : !paged;
    if (v->from_row < 0 || v->from_row > INT64_C(1000000000000)) v->from_row = 0;
    v->query.backward = before != NULL || request_param(q, "last");
    if (!paged && v->query.backward) v->from_row = 0;
    if (paged && !read_cursor(q, v, after ? after : before))
        return err_field(e, ERR_INVALID, after ? "after" : "before", "%s",
                         tr(q, "this is no place in the list", "列表位置有误"));
    return paged || !start || !v->query.sort || read_start(q, v, start, e);
}

bool view_read(struct request *q, struct view *v, struct err *e)
{
    const char *place = request_param(q, "place");
    const struct places *p = q->seat->model->places;
    if (!read_columns(q, v, e) || !read_where(q, v, e) || !read_sort(q, v, e) || !read_page(q, v, e)) return false;
    if (place && !p->resolve(p->arg, q->seat->db, place, strlen(place), &v->query.place, e)) return false;
    v->query.where = v->where;
    v->query.drafts = request_param(q, "drafts") != NULL;
    return true;
}

bool view_kept(struct request *q, struct view *v, struct err *e)
{
    const struct figure *f = figures_on_file(q->seat->context.figures, v->m);
    const struct scope *s = q->scope;
    struct figure_query query = { .place = v->query.place, .from = DATE_MIN, .to = DATE_MAX };
    struct figure_value out;
    struct err why = { .code = ERR_NONE };
    if (!f || v->where || v->query.n_filters || v->query.drafts || scope_is_public(s)) return true;
    if (!s->everywhere && (s->orgs || s->pasts)) return true;   /* their rows are not those of places */
    /* The pages after the first carry it in their address, as they do their row's number. */
    if (v->query.after_id > 0) {
        const char *of = request_param(q, "of");
        v->total = of ? strtoll(of, NULL, 10) : -1;
        v->has_total = v->kept = v->total >= 0 && v->total <= INT64_C(1000000000000);
        return true;
    }
    query.name = f->name;
    if (!figure_read(&q->seat->context, q->seat->db, s, &query, &out, &why))
        return why.code == ERR_USAGE || why.code == ERR_NOT_FOUND || (*e = why, false);
    if (!out.known) return true;
    v->total = out.rows;
    v->has_total = v->kept = true;
    return true;
}

bool view_bound(struct request *q, struct view *v, struct err *e)
{
    bool sorts = v->query.sort && !list_sort_indexed(v->m, &v->query);
    int64_t n = 0;
    /* Whether a list is short enough to sort is never taken from an address. */
    if (!(sorts && v->query.after_id > 0) && !view_kept(q, v, e)) return false;
    if (!v->kept) {
        if (!sorts && !view_narrowed(v)) return true;
        if (!list_count(q->seat->model, q->seat->rows, q->scope, v->m, &v->query, (sorts ? SORT_MOST : COUNTED) + 1, &n,
                        e))
            return false;
        v->has_total = true;
        v->total = n > COUNTED ? COUNTED + 1 : n;
    }
    if (!sorts || (v->kept ? v->total : n) <= SORT_MOST) return true;
    v->unsorted = field_label(q, &v->m->field[map_field(v->m, v->query.sort)]);
    v->query.sort = NULL;
    v->query.descending = v->query.has_value = false;
    if (v->query.after_county < 0) v->query.after_county = v->query.after_id = 0;
    return true;
}

/* --- the page's rows --- */

struct keeping { struct request *q; struct val *rows; int n, width; };

static bool keep_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct keeping *k = arg;
    struct val *to = k->rows + (size_t)k->n++ * (size_t)k->width;
    (void)m;
    (void)e;
    for (int i = 0; i < k->width; i++) {
        to[i] = row[i];
        if (row[i].type == VAL_TEXT || row[i].type == VAL_BLOB)
            to[i].p = arena_strndup(k->q->arena, row[i].p ? row[i].p : "", row[i].n);
    }
    return true;
}

/* One row more than is shown, by which it is known that the list goes on. */
static bool read_rows(struct request *q, struct view *v, struct keeping *k, int most, struct err *e)
{
    k->n = 0;
    v->query.limit = most + 1;
    return list_rows(q->seat->model, q->seat->rows, q->scope, v->m, &v->query, keep_row, k, e);
}

bool view_page(struct request *q, struct view *v, int most, struct view_page *out, struct err *e)
{
    struct keeping k = { .q = q, .width = v->m->columns + 1 };
    bool cursor = v->query.after_id > 0, start = v->query.has_value && v->query.after_county < 0;
    k.rows = arena_array(q->arena, (size_t)(most + 1) * (size_t)k.width, sizeof *k.rows);
    if (!read_rows(q, v, &k, most, e)) return false;
    if (v->query.backward && cursor && k.n <= most) {
        v->query.after_county = v->query.after_id = 0;
        v->query.has_value = v->query.backward = cursor = false;
        v->from_row = 1;
        if (!read_rows(q, v, &k, most, e)) return false;
    }
    bool more = k.n > most, back = v->query.backward;
    *out = (struct view_page){ .rows = k.rows + (size_t)(more && back) * (size_t)k.width, .n = more ? most : k.n,
                               .before = back ? more : cursor || start, .after = back ? cursor : more };
    if (back && !cursor && v->has_total && (v->kept || v->total <= COUNTED)) v->from_row = v->total - out->n + 1;
    return true;
}
