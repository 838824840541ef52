/* The programs' interface as people read it: how to ask, and for each kind of record its addresses, parameters
 * and fields with commands to try. Made from the same tables as the description. */
#include "pages/api.h"

#include <string.h>

enum { SHOWN_FIELDS = 3 };

/* A command to try. */
static void try_it(struct buf *b, const char *rest)
{
    html(b, "<pre tabindex=\"0\">curl -H \"Authorization: Bearer $TOKEN\" %s</pre>", rest);
}

static void params_table(struct request *q, struct buf *b, struct api_params p, const struct table_map *m)
{
    table_open(b, tr(q, "Parameters", "参数"), "stack");
    table_head(b, tr(q, "Parameter", "参数"), false);
    table_head(b, tr(q, "Where", "位置"), false);
    table_head(b, tr(q, "Meaning", "含义"), false);
    table_body(b);
    for (int i = 0; i < p.n; i++) {
        if (!api_param_fits(q, &p.at[i], m)) continue;
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><code>%s</code>%s</th>", p.at[i].name,
             p.at[i].required ? " *" : "");
        table_cell(b, tr(q, "Where", "位置"), p.at[i].where, false);
        table_cell(b, tr(q, "Meaning", "含义"), tr(q, p.at[i].en, p.at[i].zh), false);
        html_raw(b, "</tr>");
    }
    table_close(b);
}

static const char *type_name(const struct request *q, const struct field *f)
{
    switch (f->type) {
    case F_INT: return tr(q, "whole number", "整数");
    case F_MONEY: case F_DECIMAL: return tr(q, "decimal, as text", "小数（文本）");
    case F_BOOL: return tr(q, "true or false", "真假");
    case F_DATE: return tr(q, "date", "日期");
    case F_INSTANT: return tr(q, "instant", "时刻");
    case F_CODE: return arena_printf(q->arena, tr(q, "code of %s", "代码表 %s"), f->list);
    case F_PLACE: return tr(q, "place", "地区");
    case F_REF: return arena_printf(q->arena, tr(q, "row of %s", "引用 %s"), f->ref);
    default: return tr(q, "text", "文本");
    }
}

static void fields_table(struct request *q, struct buf *b, const struct table_map *m)
{
    table_open(b, tr(q, "Fields", "字段"), "stack");
    table_head(b, tr(q, "Field", "字段"), false);
    table_head(b, tr(q, "Type", "类型"), false);
    table_head(b, tr(q, "Sent", "可提交"), false);
    table_head(b, tr(q, "Meaning", "含义"), false);
    table_body(b);
    for (int i = 0; i < m->fields; i++) {
        const struct field *f = &m->field[i];
        bool writes = api_writes(q, m, i);
        if (!api_reads(q, m, i) && !writes) continue;
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><code>%s</code></th>", f->name);
        table_cell(b, tr(q, "Type", "类型"), type_name(q, f), false);
        table_cell(b, tr(q, "Sent", "可提交"), !writes ? "–" : f->flags & F_REQUIRED ? tr(q, "wanted", "必填")
                   : tr(q, "yes", "是"), false);
        html(b, "<td role=\"cell\" data-l=\"%s\"><b>%s</b>%s%s</td></tr>", tr(q, "Meaning", "含义"),
             q->zh ? f->zh : f->en, f->help_en ? " " : "", q->zh ? f->help_zh : f->help_en);
    }
    table_close(b);
}

static void heading(struct buf *b, const char *method, const char *path)
{
    html(b, "<section class=\"panel\"><h2><code>%s %s</code></h2>", method, path);
}

static void reading_panels(struct request *q, struct buf *b, const struct table_map *m)
{
    const char *name = m->entity->name, *row = api_example_row(q, m);
    heading(b, "GET", arena_printf(q->arena, "/api/v1/records/%s", name));
    try_it(b, arena_printf(q->arena, "\"$BASE/api/v1/records/%s?limit=3\"", name));
    params_table(q, b, api_list_params, m);
    html_raw(b, "</section>");
    heading(b, "GET", arena_printf(q->arena, "/api/v1/records/%s/COUNTY-ID", name));
    try_it(b, arena_printf(q->arena, "$BASE/api/v1/records/%s/%s", name, row ? row : "COUNTY-ID"));
    html_raw(b, "</section>");
}

/* A body with the fields that must be there, or some of those that are usual. */
static const char *example_body(struct request *q, const struct table_map *m)
{
    const char *out = "";
    int n = 0;
    for (int i = 0; i < m->fields && n < SHOWN_FIELDS; i++) {
        const struct field *f = &m->field[i];
        if (!api_writes(q, m, i) || !(f->flags & (F_REQUIRED | F_KEY)) || f->preset) continue;
        out = arena_printf(q->arena, "%s%s\"%s\": %s", out, n++ ? ", " : "", f->name,
                           f->type == F_INT ? "1" : f->type == F_BOOL ? "true" : "\"...\"");
    }
    return out;
}

static void writing_panels(struct request *q, struct buf *b, const struct table_map *m)
{
    const char *name = m->entity->name, *row = api_example_row(q, m);
    const char *one = arena_printf(q->arena, "$BASE/api/v1/records/%s/%s", name, row ? row : "COUNTY-ID");
    heading(b, "POST", arena_printf(q->arena, "/api/v1/records/%s", name));
    html(b, "<p>%s</p>", tr(q, "One record, or an array of up to 1,000 that is written wholly or not at all.",
                            "一条记录，或至多 1000 条的数组，全部写入或全不写入。"));
    try_it(b, arena_printf(q->arena, "-H \"Content-Type: application/json\" -H \"Idempotency-Key: $(uuidgen)\" "
                              "-d '{%s}' $BASE/api/v1/records/%s", example_body(q, m), name));
    params_table(q, b, api_insert_params, m);
    html_raw(b, "</section>");
    heading(b, "PATCH", arena_printf(q->arena, "/api/v1/records/%s/COUNTY-ID", name));
    html(b, "<p>%s</p>", tr(q, "Changes the fields that are sent. DELETE at the same address deletes what no other "
                            "record refers to.", "更改所提交的字段。同一地址用 DELETE 删除未被引用的记录。"));
    try_it(b, arena_printf(q->arena, "-X PATCH -H \"If-Match: VERSION\" -H \"Content-Type: application/json\" "
                              "-d '{\"note\": \"...\"}' %s", one));
    try_it(b, arena_printf(q->arena, "-X DELETE -H \"If-Match: VERSION\" %s", one));
    html_raw(b, "</section>");
}

void interface_kind_page(struct request *q, struct response *r)
{
    const struct table_map *m = model_find(q->seat->model, q->capture[0]);
    struct buf *b = &r->body;
    if (!m || !scope_kind(q->scope, m)) {
        page_error(q, r, 404, tr(q, "There is no such kind of record.", "没有这种记录。"));
        return;
    }
    page_begin(q, r, NAV_NONE, entity_label(q, m->entity));
    crumb_begin(q, b);
    crumb(b, page_url(q, "/interface"), tr(q, "For programs", "程序接口"));
    crumb(b, NULL, entity_label(q, m->entity));
    crumb_end(b);
    head_begin(b, entity_label(q, m->entity), q->zh ? m->entity->help_zh : m->entity->help_en);
    head_end(b);
    reading_panels(q, b, m);
    if (form_open(q, m) && !q->user->reads_only) writing_panels(q, b, m);
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Fields", "字段"));
    fields_table(q, b, m);
    html_raw(b, "</section>");
    page_end(q, r);
}

struct said { const char *en, *zh; };

static void how_to_ask(struct request *q, struct buf *b)
{
    static const struct said lines[] = {
        { "A token is made on your own page, under Tokens. It sees what you see, ends by itself, and may be read-only. "
          "What the public may see needs none: leave the header out.",
          "令牌在您的账户页生成，可见范围与您相同，到期自动失效，可设为只读。公开内容无需令牌，可省略该请求头。" },
        { "Ids, money and decimals are text, so that no reader rounds them. Dates are 2020-05-27.",
          "编号、金额、小数均为文本，以免舍入。日期写作 2020-05-27。" },
        { "Faults are application/problem+json: title, status, detail, and errors with the fields.",
          "错误以 application/problem+json 返回：title、status、detail，errors 列出字段。" },
        { "A list gives `after`: ask for it again with after= that value; null is the end.",
          "列表返回 after，再次请求时带上 after= 该值；null 表示结束。" },
        { "Answers carry an ETag; with If-None-Match a copy that is still good costs 304 and no body.",
          "答复带有 ETag；以 If-None-Match 提交，副本仍有效时只回 304。" },
        { "A change names the version that was read in If-Match; 412 when somebody was faster.",
          "更改时以 If-Match 提交读到的版本；他人已更改时回 412。" },
        { "The same records sent again with the same Idempotency-Key are one write; others under it are refused: 409.",
          "同一内容以同一 Idempotency-Key 再次提交，只写入一次；以同一键提交其他内容则回 409。" },
    };
    html(b, "<section class=\"panel\"><h2>%s</h2><ul>", tr(q, "How to ask", "如何调用"));
    for (int i = 0; i < COUNT(lines); i++) html(b, "<li>%s</li>", tr(q, lines[i].en, lines[i].zh));
    html_raw(b, "</ul><pre tabindex=\"0\">BASE=https://...  TOKEN=...</pre>");
    try_it(b, "$BASE/api/v1/entities");
    try_it(b, "\"$BASE/api/v1/figures/aid_allocated?from=2019&to=2020&by=province\"");
    try_it(b, "\"$BASE/api/v1/figures/aid_allocated/explain?limit=20\"");
    try_it(b, "$BASE/api/v1/claims");
    html_raw(b, "</section>");
}

void interface_page(struct request *q, struct response *r)
{
    const struct model *mo = q->seat->model;
    struct buf *b = &r->body;
    page_begin(q, r, NAV_NONE, tr(q, "For programs", "程序接口"));
    head_begin(b, tr(q, "For programs", "程序接口"),
               tr(q, "Records, figures and claims as JSON, by the same checks and for the same eyes as the pages.",
                  "以 JSON 提供记录、指标与对账，校验与可见范围同网页。"));
    html(b, "<a class=\"btn\" href=\"/api/v1/openapi.json\">%s</a>", tr(q, "OpenAPI description", "OpenAPI 描述文件"));
    head_end(b);
    how_to_ask(q, b);
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "A figure", "指标"));
    params_table(q, b, api_figure_params, NULL);
    html(b, "</section><section class=\"panel\"><h2>%s</h2><ul class=\"chips\">", tr(q, "Kinds of record", "记录种类"));
    for (int i = 0; i < mo->n; i++)
        if (scope_kind(q->scope, &mo->maps[i]))
            html(b, "<li><a class=\"chip\" href=\"%s\">%s</a></li>",
                 page_url(q, "/interface/%s", mo->maps[i].entity->name), entity_label(q, mo->maps[i].entity));
    html_raw(b, "</ul></section>");
    page_end(q, r);
}
