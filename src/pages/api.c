/* The programs' interface: the same reads as the pages, as JSON. */
#include "pages/claim_rows.h"
#include "pages/form.h"
#include "pages/view.h"

#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "base/money.h"

enum { LIMIT = 100, MOST = 1000, LEVELS = 6 };

static void json_begin(struct response *r, struct json_out *j)
{
    r->type = "application/json";
    json_start(j, &r->body);
    json_object(j);
}

static void text(struct json_out *j, const char *key, const char *value)
{
    json_key(j, key);
    json_str(j, value);
}

static void integer(struct json_out *j, const char *key, int64_t value)
{
    json_key(j, key);
    json_int(j, value);
}

static void decimal(struct json_out *j, const char *key, int64_t value, int scale)
{
    char out[DECIMAL_TEXT];
    decimal_format(value, scale, out);
    text(j, key, out);
}

/* --- records --- */

static const struct table_map *wanted(struct request *q, struct response *r)
{
    const struct table_map *m = model_find(q->seat->model, q->capture[0]);
    if (m && scope_kind(q->scope, m)) return m;
    page_error(q, r, 404, tr(q, "There is no such kind of record.", "没有这种记录。"));
    return NULL;
}

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
    json_key(j, "version");
    json_str(j, row_version(q, m, row));
    json_key(j, "draft");
    json_bool(j, row[ROW_DRAFT].type == VAL_INT && row[ROW_DRAFT].i);
    json_key(j, "fields");
    json_object(j);
    for (int i = 0; i < n; i++) field_json(q, j, m, fields[i], row);
    json_end_object(j);
    json_end_object(j);
}

struct listing { struct request *q; struct json_out j; const int *fields; int n; int64_t limit, rows,
                 county, id; bool more; };

static bool list_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct listing *l = arg;
    (void)e;
    if (l->rows == l->limit) {
        l->more = true;
        return true;
    }
    struct arena_mark mark = arena_mark(l->q->arena);
    row_json(l->q, &l->j, m, row, l->fields, l->n);
    arena_rewind(l->q->arena, mark);
    l->rows++;
    l->county = row[ROW_COUNTY].i;
    l->id = row[ROW_ID].i;
    return true;
}

static int visible_fields(struct request *q, const struct table_map *m, int *out)
{
    int n = 0;
    for (int i = 0; i < m->fields; i++)
        if (scope_field(q->scope, q->seat->model, m, i)) out[n++] = i;
    return n;
}

static bool read_limit(struct request *q, int64_t *limit, struct err *e)
{
    const char *s = request_param(q, "limit");
    char *end;
    *limit = LIMIT;
    if (!s) return true;
    *limit = strtoll(s, &end, 10);
    if (*end || *limit < 1 || *limit > MOST)
        return err_field(e, ERR_INVALID, "limit", tr(q, "limit is 1 to %d", "limit 须为 1 至 %d"), MOST);
    return true;
}

void api_list(struct request *q, struct response *r)
{
    struct view v = { .m = wanted(q, r) };
    struct err e = { .code = ERR_NONE };
    struct listing l = { .q = q };
    int all[ENTITY_MAX_COLUMNS];
    if (!v.m) return;
    bool chosen = request_param(q, "columns") || request_param(q, "c");
    if (!view_read(q, &v, &e) || !read_limit(q, &l.limit, &e)) {
        page_fail(q, r, &e);
        return;
    }
    l.n = chosen ? v.n : visible_fields(q, v.m, all);
    l.fields = chosen ? v.field : all;
    v.query.limit = l.limit + 1;
    json_begin(r, &l.j);
    text(&l.j, "entity", v.m->entity->name);
    json_key(&l.j, "rows");
    json_array(&l.j);
    if (!list_rows(q->seat->model, q->seat->rows, q->scope, v.m, &v.query, list_row, &l, &e)) {
        page_fail(q, r, &e);
        return;
    }
    json_end_array(&l.j);
    json_key(&l.j, "after");
    if (l.more) json_str(&l.j, arena_printf(q->arena, "%lld-%lld", (long long)l.county, (long long)l.id));
    else json_null(&l.j);
    json_end_object(&l.j);
}

void api_record(struct request *q, struct response *r)
{
    const struct table_map *m = wanted(q, r);
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    struct json_out j;
    int fields[ENTITY_MAX_COLUMNS];
    if (!m) return;
    if (!record_read(q, m, q->capture[1], row, &e)) {
        page_fail(q, r, &e);
        return;
    }
    r->type = "application/json";
    json_start(&j, &r->body);
    row_json(q, &j, m, row, fields, visible_fields(q, m, fields));
}

void api_entities(struct request *q, struct response *r)
{
    const struct model *mo = q->seat->model;
    struct json_out j;
    json_begin(r, &j);
    json_key(&j, "entities");
    json_array(&j);
    for (int i = 0; i < mo->n; i++) {
        const struct entity *en = mo->maps[i].entity;
        if (!scope_kind(q->scope, &mo->maps[i])) continue;
        json_object(&j);
        text(&j, "name", en->name);
        text(&j, "label_en", en->en);
        text(&j, "label_zh", en->zh);
        text(&j, "room", en->room);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}

/* --- figures --- */

static void value_json(struct json_out *j, struct request *q, const struct figure_value *v)
{
    json_object(j);
    text(j, "place", v->place ? arena_printf(q->arena, "%012lld", (long long)v->place) : NULL);
    json_key(j, "known");
    json_bool(j, v->known);
    if (!v->known) {
        text(j, "why", v->why ? v->why : "");
        json_end_object(j);
        return;
    }
    decimal(j, "value", v->value, v->scale);
    text(j, "qualifier", qualifier_sign(v->qualifier));
    json_key(j, "partial");
    json_bool(j, v->partial);
    if (v->partial) {
        decimal(j, "low", v->low, v->scale);
        decimal(j, "high", v->high, v->scale);
    }
    integer(j, "rows", v->rows);
    text(j, "rests_on", figure_rests_on(v));
    json_end_object(j);
}

static void figure_json(struct json_out *j, const struct figure *f)
{
    char hex[DIGEST_HEX];
    digest_hex(f->digest, DIGEST_LEN, hex);
    text(j, "name", f->name);
    text(j, "label_en", f->en);
    text(j, "label_zh", f->zh);
    text(j, "unit", f->unit);
    text(j, "version", hex);
}

void api_figures(struct request *q, struct response *r)
{
    const struct figures *all = q->seat->context.figures;
    struct json_out j;
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

void api_figure(struct request *q, struct response *r)
{
    static const char *const levels[LEVELS] = { "", "province", "prefecture", "county", "township",
                                                "village" };
    const struct figure *f = figures_find(q->seat->context.figures, q->capture[0]);
    const char *by = request_param(q, "by");
    struct by_table t = { .n = 0 };
    struct err e = { .code = ERR_NONE };
    struct figure_value v;
    struct asked s;
    struct json_out j;
    int level = 0;
    while (by && level < LEVELS && strcmp(by, levels[level]) != 0) level++;
    if (!f || level == LEVELS) {
        page_error(q, r, f ? 400 : 404, f ? tr(q, "There is no such level.", "没有此级别。")
                                          : tr(q, "There is no such figure.", "没有此指标。"));
        return;
    }
    if (!asked_read(q, &s, &e) || !figure_get(q, f, &s, &v, &e) ||
        (level && !by_read(q, f, &s, level, 0, &t, &e))) {
        page_fail(q, r, &e);
        return;
    }
    json_begin(r, &j);
    figure_json(&j, f);
    text(&j, "definition", f->text);
    json_key(&j, "value");
    value_json(&j, q, &v);
    if (level) {
        json_key(&j, "by");
        json_array(&j);
        for (int i = 0; i < t.n; i++) value_json(&j, q, &t.at[i].v);
        json_end_array(&j);
    }
    json_end_object(&j);
}

void api_claims(struct request *q, struct response *r)
{
    static const char *const verdicts[] = { "holds", "differs", "cannot" };
    struct claim_rows c;
    struct err e = { .code = ERR_NONE };
    struct json_out j;
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
        text(&j, "code", x->code);
        text(&j, "text", x->text);
        text(&j, "source", x->source);
        text(&j, "figure", x->figure);
        text(&j, "claimed", x->claimed);
        text(&j, "computed", x->computed);
        text(&j, "difference", x->difference);
        text(&j, "verdict", verdicts[x->verdict]);
        text(&j, "rests_on", x->rests_on);
        json_key(&j, "same_source");
        json_bool(&j, x->same_source);
        text(&j, "reading", x->reading);
        text(&j, "reason", x->reason);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}
