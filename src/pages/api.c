/* The programs' interface: the same reads as the pages, as JSON. */
#include "pages/api.h"
#include "pages/claim_rows.h"
#include "pages/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/money.h"

enum { LIMIT = 100, LEVELS = 6, DIGEST_ROWS = 50000 };

static void json_begin(struct response *r, struct json_out *j)
{
    r->type = "application/json";
    json_start(j, &r->body);
    json_object(j);
}

static void decimal(struct json_out *j, const char *key, int64_t value, int scale)
{
    char out[DECIMAL_TEXT];
    decimal_format(value, scale, out);
    json_member_str(j, key, out);
}

/* --- records --- */

/* Numbers as numbers, everything else as it is exported; ids and money are text, so that no reader
 * rounds them. */
static void field_json(struct request *q, struct json_out *j, const struct table_map *m, int field,
                       const struct val *row)
{
    const struct field *f = &m->field[field];
    struct val v = row[m->column[field]];
    json_key(j, f->name);
    if (v.type == VAL_NULL) json_null(j);
    else if (f->type == F_INT) json_int(j, v.i);
    else if (f->type == F_BOOL) json_bool(j, v.i != 0);
    else json_str(j, field_write(q->seat->model, m, field, row, q->seat->db, q->arena));
}

static void row_json(struct request *q, struct json_out *j, const struct table_map *m,
                     const struct val *row, const int *fields, int n)
{
    json_object(j);
    json_key(j, "id");
    json_id(j, row[ROW_ID].i);
    json_key(j, "county");
    json_id(j, row[ROW_COUNTY].i);
    json_member_str(j, "version", row_version(q, m, row));
    json_key(j, "draft");
    json_bool(j, row[ROW_DRAFT].type == VAL_INT && row[ROW_DRAFT].i);
    json_key(j, "fields");
    json_object(j);
    for (int i = 0; i < n; i++) field_json(q, j, m, fields[i], row);
    json_end_object(j);
    json_end_object(j);
}

/* Rows as they come: how many, and where the last one lies. */
struct counted { struct request *q; struct json_out *j; int64_t rows, county, id; };
static int visible_fields(struct request *q, const struct table_map *m, int *out)
{
    int n = 0;
    for (int i = 0; i < m->fields; i++)
        if (scope_field(q->scope, q->seat->model, m, i)) out[n++] = i;
    return n;
}

void record_json(struct request *q, struct json_out *j, const struct table_map *m, const struct val *row)
{
    int fields[ENTITY_MAX_COLUMNS];
    row_json(q, j, m, row, fields, visible_fields(q, m, fields));
}

/* api_takes has looked at it. */
static int64_t limit_asked(const struct request *q)
{
    const char *s = request_param(q, "limit");
    return s ? strtoll(s, NULL, 10) : LIMIT;
}

static const char *row_address(struct request *q, int64_t county, int64_t id)
{
    return arena_printf(q->arena, "%lld-%lld", (long long)county, (long long)id);
}

static const char *page_address(struct request *q, const struct view *v, const char *way, const char *cursor)
{
    return arena_printf(q->arena, "/api/v1/records/%s%s", v->m->entity->name, page_query(q, way, cursor));
}

/* Where the pages beside this one are, in the answer and in its Link header. */
static void pages_json(struct request *q, struct response *r, struct json_out *j, const struct view *v,
                       const struct view_page *p)
{
    const char *after = p->after ? cursor_text(q, v, view_row(v, p, p->n - 1)) : NULL;
    const char *before = p->before && p->n ? cursor_text(q, v, view_row(v, p, 0)) : NULL;
    json_member_str(j, "after", after);
    json_member_str(j, "before", before);
    const char *first = arena_printf(q->arena, "<%s>; rel=\"first\", <%s>; rel=\"last\"",
                                     page_address(q, v, NULL, NULL), page_address(q, v, "last", "1"));
    if (after) first = arena_printf(q->arena, "%s, <%s>; rel=\"next\"", first, page_address(q, v, "after", after));
    if (before) first = arena_printf(q->arena, "%s, <%s>; rel=\"prev\"", first, page_address(q, v, "before", before));
    r->link = first;
}

void api_list(struct request *q, struct response *r)
{
    struct view v = { .m = kind_wanted(q, r) };
    struct err e = { .code = ERR_NONE };
    struct view_page page;
    struct json_out j;
    int all[ENTITY_MAX_COLUMNS];
    if (!v.m || !api_takes(q, r, api_list_params, v.m)) return;
    bool chosen = request_param(q, "columns");
    bool ok = view_read(q, &v, &e) && (!v.query.sort || view_bound(q, &v, &e));
    if (ok && v.unsorted)
        ok = err_field(&e, ERR_INVALID, "sort", tr(q, "more than %d rows are too many to sort: narrow the list",
                                                   "超过 %d 条，不能排序，请缩小范围"), SORT_MOST);
    if (!ok || !view_page(q, &v, (int)limit_asked(q), &page, &e)) {
        page_fail(q, r, &e);
        return;
    }
    const int *fields = chosen ? v.field : all;
    int n = chosen ? v.n : visible_fields(q, v.m, all);
    json_begin(r, &j);
    json_member_str(&j, "entity", v.m->entity->name);
    json_key(&j, "rows");
    json_array(&j);
    for (int i = 0; i < page.n; i++) {
        struct arena_mark mark = arena_mark(q->arena);
        row_json(q, &j, v.m, view_row(&v, &page, i), fields, n);
        arena_rewind(q->arena, mark);
        q->names = NULL;           /* they may lie behind the mark */
    }
    json_end_array(&j);
    pages_json(q, r, &j, &v, &page);
    json_end_object(&j);
}

void api_record(struct request *q, struct response *r)
{
    const struct table_map *m = kind_wanted(q, r);
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    struct json_out j;
    if (!m || !api_takes(q, r, api_row_params, NULL)) return;
    if (!record_read(q, m, q->capture[1], row, &e)) {
        page_fail(q, r, &e);
        return;
    }
    r->type = "application/json";
    json_start(&j, &r->body);
    record_json(q, &j, m, row);
}

static bool first_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct counted *c = arg;
    (void)m, (void)e;
    c->county = row[ROW_COUNTY].i;
    c->id = row[ROW_ID].i;
    return true;
}

const char *api_example_row(struct request *q, const struct table_map *m)
{
    struct counted c = { .q = q };
    struct list_query query = { .limit = 1 };
    struct err e = { .code = ERR_NONE };
    bool ok = list_rows(q->seat->model, q->seat->rows, q->scope, m, &query, first_row, &c, &e);
    return ok && c.id ? row_address(q, c.county, c.id) : NULL;
}

void api_entities(struct request *q, struct response *r)
{
    const struct model *mo = q->seat->model;
    struct json_out j;
    if (!api_takes(q, r, api_no_params, NULL)) return;
    json_begin(r, &j);
    json_key(&j, "entities");
    json_array(&j);
    for (int i = 0; i < mo->n; i++) {
        const struct entity *en = mo->maps[i].entity;
        if (!scope_kind(q->scope, &mo->maps[i])) continue;
        json_object(&j);
        json_member_str(&j, "name", en->name);
        json_member_str(&j, "label_en", en->en);
        json_member_str(&j, "label_zh", en->zh);
        json_member_str(&j, "room", en->room);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}

/* --- figures --- */

static void value_json(struct json_out *j, struct request *q, const struct figure_value *v)
{
    json_object(j);
    json_member_str(j, "place", v->place ? arena_printf(q->arena, "%012lld", (long long)v->place) : NULL);
    json_key(j, "known");
    json_bool(j, v->known);
    if (!v->known) {
        json_member_str(j, "why", v->why ? v->why : "");
        json_end_object(j);
        return;
    }
    decimal(j, "value", v->value, v->scale);
    json_member_str(j, "qualifier", qualifier_sign(v->qualifier));
    json_key(j, "partial");
    json_bool(j, v->partial);
    if (v->partial) {
        decimal(j, "low", v->low, v->scale);
        decimal(j, "high", v->high, v->scale);
    }
    json_member_int(j, "rows", v->rows);
    json_member_str(j, "rests_on", figure_rests_on(v));
    json_end_object(j);
}

static void figure_json(struct json_out *j, const struct figure *f)
{
    char hex[DIGEST_HEX];
    digest_hex(f->digest, DIGEST_LEN, hex);
    json_member_str(j, "name", f->name);
    json_member_str(j, "label_en", f->en);
    json_member_str(j, "label_zh", f->zh);
    json_member_str(j, "unit", f->unit);
    json_member_str(j, "version", hex);
}

void api_figures(struct request *q, struct response *r)
{
    const struct figures *all = q->seat->context.figures;
    struct json_out j;
    if (!api_takes(q, r, api_no_params, NULL)) return;
    json_begin(r, &j);
    json_key(&j, "figures");
    json_array(&j);
    for (int i = 0; i < figures_count(all); i++) {
        json_object(&j);
        figure_json(&j, figures_at(all, i));
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}

/* The figure of the address, if what else the address says is known. */
static const struct figure *figure_wanted(struct request *q, struct response *r, struct api_params known)
{
    const struct figure *f = figures_find(q->seat->context.figures, q->capture[0]);
    if (!f) page_error(q, r, 404, tr(q, "There is no such figure.", "没有此指标。"));
    return f && api_takes(q, r, known, NULL) ? f : NULL;
}

static void figure_begin(struct request *q, struct response *r, struct json_out *j, const struct figure *f,
                         const struct figure_value *v)
{
    json_begin(r, j);
    figure_json(j, f);
    json_member_str(j, "definition", f->text);
    json_key(j, "value");
    value_json(j, q, v);
}

void api_figure(struct request *q, struct response *r)
{
    static const char *const levels[LEVELS] = { "", "province", "prefecture", "county", "township",
                                                "village" };
    const struct figure *f = figure_wanted(q, r, api_figure_params);
    const char *by = request_param(q, "by");
    struct by_table t = { .n = 0 };
    struct err e = { .code = ERR_NONE };
    struct figure_value v;
    struct asked s;
    struct json_out j;
    int level = 0;
    if (!f) return;
    while (by && strcmp(by, levels[level]) != 0) level++;
    if (!asked_read(q, &s, &e) || !figure_get(q, f, &s, &v, &e) ||
        (level && !by_read(q, f, &s, level, 0, &t, &e))) {
        page_fail(q, r, &e);
        return;
    }
    figure_begin(q, r, &j, f, &v);
    if (level) {
        json_key(&j, "by");
        json_array(&j);
        for (int i = 0; i < t.n; i++) value_json(&j, q, &t.at[i].v);
        json_end_array(&j);
    }
    json_end_object(&j);
}

static bool counted_json(void *arg, const struct figure *f, int sign, const char *within, const struct table_map *m,
                         const struct val *row, int64_t value, struct err *e)
{
    struct counted *c = arg;
    (void)e;
    c->county = row[ROW_COUNTY].i;
    c->id = row[ROW_ID].i;
    c->rows++;
    json_object(c->j);
    json_member_str(c->j, "entity", m->entity->name);
    json_key(c->j, "county");
    json_id(c->j, c->county);
    json_key(c->j, "id");
    json_id(c->j, c->id);
    json_member_str(c->j, "title", row_title(c->q, m, row));
    json_member_str(c->j, "figure", f->name);
    decimal(c->j, "adds", sign < 0 ? -value : value, f->scale);
    json_member_str(c->j, "within", within);
    json_end_object(c->j);
    return true;
}

static bool digest_json(struct request *q, struct json_out *j, const struct figure_query *query, int64_t known,
                        struct err *e)
{
    unsigned char digest[DIGEST_LEN];
    char hex[DIGEST_HEX];
    int64_t rows;
    bool few = known <= DIGEST_ROWS;
    if (few && !figure_digest(&q->seat->context, q->seat->db, q->scope, query, &rows, digest, e)) return false;
    if (few) digest_hex(digest, DIGEST_LEN, hex);
    json_member_str(j, "digest", few ? hex : NULL);
    return true;
}

void api_explain(struct request *q, struct response *r)
{
    const struct figure *f = figure_wanted(q, r, api_explain_params);
    struct err e = { .code = ERR_NONE };
    struct explain_page page = { .limit = limit_asked(q) };
    struct figure_value v;
    struct asked s;
    struct json_out j;
    struct counted c = { .q = q, .j = &j };
    const char *after = request_param(q, "after");
    if (!f) return;
    if (after && !address_parse(after, &page.after_county, &page.after_id))
        err_field(&e, ERR_INVALID, "after", "%s", tr(q, "this is no place in the list", "列表位置有误"));
    else if (!figure_rows_open(q->scope, f))
        err_set(&e, ERR_FORBIDDEN, "%s", tr(q, "The rows behind this figure are not open to you.",
                                            "此指标背后的记录对您不开放。"));
    if (e.code != ERR_NONE || !asked_read(q, &s, &e) || !figure_get(q, f, &s, &v, &e)) {
        page_fail(q, r, &e);
        return;
    }
    struct figure_query query = asked_figure(&s, f->name);
    figure_begin(q, r, &j, f, &v);
    bool ok = !v.known || digest_json(q, &j, &query, v.rows, &e);
    if (!v.known) json_member_str(&j, "digest", NULL);
    json_key(&j, "rows");
    json_array(&j);
    ok = ok && (!v.known || figure_explain(&q->seat->context, q->seat->rows, q->scope, &query, &page, counted_json, &c,
                                           &e));
    if (!ok) {
        page_fail(q, r, &e);
        return;
    }
    json_end_array(&j);
    json_member_str(&j, "after", c.rows >= page.limit ? row_address(q, c.county, c.id) : NULL);
    json_end_object(&j);
}

void api_claims(struct request *q, struct response *r)
{
    static const char *const verdicts[] = { "holds", "differs", "cannot" };
    struct claim_rows c;
    struct err e = { .code = ERR_NONE };
    struct json_out j;
    if (!api_takes(q, r, api_no_params, NULL)) return;
    if (!claim_rows_read(q, &c, &e)) {
        page_fail(q, r, &e);
        return;
    }
    json_begin(r, &j);
    json_key(&j, "claims");
    json_array(&j);
    for (int i = 0; i < c.n; i++) {
        const struct claim_row *x = &c.at[i];
        json_object(&j);
        json_member_str(&j, "code", x->code);
        json_member_str(&j, "text", x->text);
        json_member_str(&j, "source", x->source);
        json_member_str(&j, "figure", x->figure);
        json_member_str(&j, "claimed", x->claimed);
        json_member_str(&j, "computed", x->computed);
        json_member_str(&j, "difference", x->difference);
        json_member_str(&j, "verdict", verdicts[x->verdict]);
        json_member_str(&j, "rests_on", x->rests_on);
        json_key(&j, "same_source");
        json_bool(&j, x->same_source);
        json_member_str(&j, "reading", x->reading);
        json_member_str(&j, "reason", x->reason);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}
