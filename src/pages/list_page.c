/* A list of one kind of record: filtered, counted, sorted and paged; its export. */
#include "pages/export.h"
#include "pages/form.h"

#include <string.h>

enum { PAGE = 50, COUNTS_UNASKED = 2000 };

static void column_form(struct request *q, struct buf *b, const struct view *v)
{
    html(b, "<details class=\"twin\"><summary>%s</summary><form method=\"get\" action=\"%s\">",
         tr(q, "Columns", "列"), page_url(q, "/records/%s", v->m->entity->name));
    for (int i = 0; i < q->n_param; i++)
        if (strcmp(q->param[i].name, "c") != 0 && strcmp(q->param[i].name, "columns") != 0 &&
            !query_is_page(q->param[i].name))
            html(b, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", q->param[i].name,
                 q->param[i].value);
    html_raw(b, "<div class=\"boxes\">");
    for (int i = 0; i < v->m->fields; i++) {
        bool on = false;
        if (!scope_field(q->scope, q->seat->model, v->m, i)) continue;
        for (int k = 0; k < v->n; k++) on |= v->field[k] == i;
        html(b, "<label class=\"box\"><input type=\"checkbox\" name=\"c\" value=\"%s\"",
             v->m->field[i].name);
        if (on) html_raw(b, " checked");
        html(b, "><span>%s</span></label>", field_label(q, &v->m->field[i]));
    }
    html(b, "</div><button class=\"btn sm\" type=\"submit\">%s</button></form></details>",
         tr(q, "Show these columns", "显示所选列"));
}

/* --- rows --- */

static void line(struct request *q, struct buf *b, const struct view *v, const struct val *row)
{
    const struct table_map *m = v->m;
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a>",
         record_url(q, m, row[ROW_COUNTY].i, row[ROW_ID].i), row_title(q, m, row));
    if (row[ROW_DRAFT].type == VAL_INT && row[ROW_DRAFT].i)
        html(b, " <span class=\"tag warn\">%s</span>", tr(q, "draft", "草稿"));
    html_raw(b, "</th>");
    for (int i = 0; i < v->n; i++) {
        const struct field *f = &m->field[v->field[i]];
        bool none = row[m->column[v->field[i]]].type == VAL_NULL;
        html(b, "<td role=\"cell\" class=\"%s%s\" data-l=\"%s\">", cell_right(f) ? "num" : "txt",
             none ? " none" : "", field_label(q, f));
        cell_write(q, b, m, v->field[i], row);
        html_raw(b, "</td>");
    }
    html_raw(b, "</tr>");
}

static void sort_head(struct request *q, struct buf *b, const struct view *v, const struct field *f)
{
    bool on = v->query.sort && strcmp(v->query.sort, f->name) == 0;
    bool down = on && v->query.descending;
    const char *next = on && !down ? arena_printf(q->arena, "-%s", f->name) : f->name;
    html(b, "<th scope=\"col\" role=\"columnheader\" class=\"%s\"", cell_right(f) ? "num" : "txt");
    if (on) html_raw(b, down ? " aria-sort=\"descending\"" : " aria-sort=\"ascending\"");
    html(b, "><a href=\"%s%s\">%s%s</a></th>", page_url(q, "/records/%s", v->m->entity->name),
         page_query(q, "sort", next), field_label(q, f), !on ? "" : down ? " ↓" : " ↑");
}

/* The title of a row stands first; a column that says the same is left out. */
static void drop_title_column(struct view *v, bool zh)
{
    const char *const names[] = { zh ? "name_zh" : "name_en", "name", "title", "subject" };
    int title = -1;
    for (int k = 0; k < COUNT(names) && title < 0; k++) title = map_field(v->m, names[k]);
    if (title < 0 && v->m->n_key == 1) title = v->m->key[0]; /* titled by its key */
    for (int i = 0; title >= 0 && i < v->n; i++) {
        if (v->field[i] != title) continue;
        memmove(v->field + i, v->field + i + 1, (size_t)(v->n - i - 1) * sizeof *v->field);
        v->n--;
        return;
    }
}

static void nothing_here(struct request *q, struct buf *b, const struct view *v)
{
    const struct entity *en = v->m->entity;
    bool writes = form_open(q, v->m) && who_open(WHO_WRITES, q->user);
    if (v->query.after_id || v->query.has_value) {
        empty_note(b, tr(q, "The list ends here.", "列表到此为止。"));
    } else if (view_narrowed(v)) {
        empty_note(b, tr(q, "No row fits. Take a condition away to see more.", "没有符合条件的记录，请放宽条件。"));
    } else {
        html(b, "<p class=\"empty\">%s %s", arena_printf(q->arena, tr(q, "Nothing is recorded here yet: %s",
             "此处尚无记录：%s"), q->zh ? en->help_zh : en->help_en),
             arena_printf(q->arena, writes ? tr(q, "Record the first one, or load a file %s.csv or %s.xlsx.",
                                                "可新增一条，或导入 %s.csv、%s.xlsx。")
                                           : tr(q, "They come from forms, or from a file %s.csv or %s.xlsx.",
                                                "由填报或文件 %s.csv、%s.xlsx 载入。"), en->name, en->name));
        if (writes)
            html(b, " <a href=\"%s\">%s</a> <a href=\"%s\">%s</a>", page_url(q, "/records/%s/new", en->name),
                 tr(q, "New", "新增"), page_url(q, "/imports"), tr(q, "Import", "导入"));
        html_raw(b, "</p>");
    }
}

/* --- pages --- */

static void page_link(struct request *q, struct buf *b, const struct view *v, const char *param, const char *cursor,
                      int64_t row, const char *rel, const char *text)
{
    const char *at = page_query(q, param, cursor);
    if (row > 0) at = arena_printf(q->arena, "%s%sfrom_row=%lld", at, *at ? "&" : "?", (long long)row);
    if (v->kept && cursor) at = arena_printf(q->arena, "%s%sof=%lld", at, *at ? "&" : "?", (long long)v->total);
    html(b, "<a class=\"btn sm\" href=\"%s%s\"", page_url(q, "/records/%s", v->m->entity->name), at);
    if (rel) html(b, " rel=\"%s\"", rel);
    html(b, ">%s</a>", text);
}

/* "1–50 of more than 10,000" */
static const char *span_text(struct request *q, const struct view *v, int n, bool more)
{
    if (!n) return "";
    const char *of = more ? tr(q, ", more follow", "，后面还有") : "";
    if (v->has_total)
        of = arena_printf(q->arena, !v->kept && v->total > COUNTED ? tr(q, " of more than %s", "，共超过 %s 条")
                                                                   : tr(q, " of %s", "，共 %s 条"),
                          number_text(q, !v->kept && v->total > COUNTED ? COUNTED : v->total, 0));
    if (!v->from_row) return arena_printf(q->arena, tr(q, "%d rows%s", "%d 条%s"), n, of);
    return arena_printf(q->arena, tr(q, "%s–%s%s", "第 %s–%s 条%s"), number_text(q, v->from_row, 0),
                        number_text(q, v->from_row + n - 1, 0), of);
}

static void start_form(struct request *q, struct buf *b, const struct view *v)
{
    if (!v->query.sort) return;
    html(b, "<form method=\"get\" class=\"start\" action=\"%s\">", page_url(q, "/records/%s", v->m->entity->name));
    for (int i = 0; i < q->n_param; i++)
        if (*q->param[i].value && !query_is_page(q->param[i].name))
            html(b, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", q->param[i].name, q->param[i].value);
    html(b, "<label class=\"sel\"><span>%s</span><input type=\"text\" name=\"start\" value=\"%s\"></label>"
         "<button class=\"btn sm\" type=\"submit\">%s</button></form>", arena_printf(q->arena,
         tr(q, "Start at (%s)", "从此值起（%s）"), field_label(q, &v->m->field[map_field(v->m, v->query.sort)])),
         request_param(q, "start"), tr(q, "Go", "跳转"));
}

static void pager(struct request *q, struct buf *b, const struct view *v, const struct view_page *s)
{
    html(b, "<nav class=\"pager\" aria-label=\"%s\"><span>%s</span>", tr(q, "Pages", "分页"),
         span_text(q, v, s->n, s->after));
    start_form(q, b, v);
    html_raw(b, "<span class=\"acts\">");
    if (s->before && !s->n) {
        page_link(q, b, v, NULL, NULL, 0, "first", tr(q, "First", "首页"));
    } else if (s->before) {
        int64_t row = v->from_row > PAGE ? v->from_row - PAGE : 0;
        page_link(q, b, v, NULL, NULL, 0, "first", tr(q, "First", "首页"));
        page_link(q, b, v, "before", cursor_text(q, v, view_row(v, s, 0)), row, "prev", tr(q, "Previous", "上一页"));
    }
    if (s->after) {
        page_link(q, b, v, "after", cursor_text(q, v, view_row(v, s, s->n - 1)),
                  v->from_row ? v->from_row + s->n : 0, "next", tr(q, "Next", "下一页"));
        page_link(q, b, v, "last", "1", 0, "last", tr(q, "Last", "末页"));
    }
    html_raw(b, "</span></nav>");
}

static bool rows_table(struct request *q, struct buf *b, struct view *v, struct err *e)
{
    struct view_page s;
    drop_title_column(v, q->zh);
    if (!view_page(q, v, PAGE, &s, e)) return false;
    if (v->unsorted)
        html(b, "<p class=\"note-line warn\" role=\"status\">%s</p>", arena_printf(q->arena,
             tr(q, "More than %s rows are too many to sort by %s. Narrow the list by a place or a condition.",
                "超过 %s 条，不能按“%s”排序，请用地区或条件缩小范围。"), number_text(q, SORT_MOST, 0), v->unsorted));
    if (!s.n) {
        nothing_here(q, b, v);
        if (v->query.after_id || v->query.has_value) pager(q, b, v, &s);
        return true;
    }
    table_open(b, entity_label(q, v->m->entity), "stack");
    table_head(b, entity_label(q, v->m->entity), false);
    for (int i = 0; i < v->n; i++) sort_head(q, b, v, &v->m->field[v->field[i]]);
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
    for (int i = 0; i < s.n; i++) line(q, b, v, view_row(v, &s, i));
    html_raw(b, "</tbody></table></div>");
    pager(q, b, v, &s);
    return true;
}

/* Counts stand beside a short list unasked; over a long one they are asked for. */
static bool counts(struct request *q, struct buf *b, const struct view *v, struct err *e)
{
    bool asked = request_param(q, "counts") != NULL;
    if (!asked && !(v->has_total && v->total <= COUNTS_UNASKED)) {
        html(b, "<p class=\"note open\"><a href=\"%s%s\">%s</a></p>", page_url(q, "/records/%s", v->m->entity->name),
             page_query(q, "counts", "1"), tr(q, "How many of each", "分类数量"));
        return true;
    }
    html(b, "<details class=\"twin\"%s><summary>%s</summary>", asked ? " open" : "",
         tr(q, "How many of each", "分类数量"));
    if (!view_counts(q, b, v, e)) return false;
    html_raw(b, "</details>");
    return true;
}

static void export_links(struct request *q, struct buf *b, const struct view *v)
{
    static const char *const formats[] = { "xlsx", "csv", "json" }, *const names[] = { "XLSX", "CSV",
                                                                                      "JSON" };
    for (int i = 0; i < COUNT(formats); i++)
        html(b, "<a class=\"btn sm\" href=\"%s%s\">%s</a>",
             page_url(q, "/records/%s/export", v->m->entity->name),
             page_query(q, "format", formats[i]), names[i]);
}

static void list_head(struct request *q, struct buf *b, const struct view *v, bool good)
{
    const struct entity *en = v->m->entity;
    crumb_begin(q, b);
    crumb(b, page_url(q, "/records"), tr(q, "Records", "记录"));
    crumb(b, NULL, entity_label(q, en));
    crumb_end(b);
    head_begin(b, entity_label(q, en), q->zh ? en->help_zh : en->help_en);
    if (form_open(q, v->m) && who_open(WHO_WRITES, q->user))
        html(b, "<a class=\"btn pri\" href=\"%s\">%s</a>", page_url(q, "/records/%s/new", en->name),
             tr(q, "New", "新增"));
    if (good && form_open(q, v->m) && who_open(WHO_WRITES, q->user))
        html(b, "<a class=\"btn\" href=\"%s%s\">%s</a>", page_url(q, "/records/%s/bulk", en->name),
             page_query(q, NULL, NULL), tr(q, "Act on all", "批量处理"));
    if (good) export_links(q, b, v);
    head_end(b);
}

static bool list_body(struct request *q, struct buf *b, struct view *v, struct err *e)
{
    if (!view_bound(q, v, e)) return false;
    view_chips(q, b, v);
    if (!counts(q, b, v, e) || !rows_table(q, b, v, e)) return false;
    column_form(q, b, v);
    return true;
}

void list_page(struct request *q, struct response *r)
{
    struct view *v = arena_alloc(q->arena, sizeof *v);
    struct err e = { .code = ERR_NONE }, wrong = { .code = ERR_NONE };
    struct buf *b = &r->body;
    v->m = kind_wanted(q, r);
    if (!v->m) return;
    bool good = view_read(q, v, &wrong), ok = true;
    const char *added = good ? view_added(q, v, &wrong) : NULL;
    if (added) {
        page_redirect(r, q->arena, added);
        return;
    }
    page_begin(q, r, NAV_RECORDS, entity_label(q, v->m->entity));
    list_head(q, b, v, good);
    html_raw(b, "<section class=\"panel\">");
    view_filter_form(q, b, v, &wrong);
    if (good) ok = list_body(q, b, v, &e);
    else if (v->choice.n) view_choices(q, b, v);
    else
        html(b, "<p class=\"empty\">%s <a href=\"%s\">%s</a></p>",
             tr(q, "Nothing is shown until the filter is mended.", "请先改正筛选条件。"),
             page_url(q, "/records/%s", v->m->entity->name), tr(q, "Show the whole list", "显示全部"));
    if (!good && !v->choice.n) r->status = 400;
    ok = ok && views_panel(q, b, v, good, &e);
    html_raw(b, "</section>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

void export_file(struct request *q, struct response *r)
{
    struct view v = { .m = kind_wanted(q, r) };
    struct err e = { .code = ERR_NONE };
    const struct export_type *type = export_type_named(request_param(q, "format"));
    const char *path = NULL, *names[ENTITY_MAX_COLUMNS];
    int n = 0;
    int64_t rows = 0;
    if (!v.m) return;
    bool chosen = request_param(q, "columns") || request_param(q, "c");
    bool ok = view_read(q, &v, &e);
    /* What is not shown is not exported either. */
    for (int i = 0; ok && !chosen && i < v.m->fields; i++)
        if (scope_field(q->scope, q->seat->model, v.m, i)) names[n++] = v.m->field[i].name;
    for (int i = 0; ok && chosen && i < v.n; i++) names[n++] = v.m->field[v.field[i]].name;
    v.query.columns = names;
    v.query.n_columns = n;
    v.query.limit = v.query.after_county = v.query.after_id = 0;
    v.query.backward = v.query.has_value = false;
    if (q->seat->jobs && q->user->account)
        ok = ok && list_count(q->seat->model, q->seat->rows, q->scope, v.m, &v.query, EXPORT_NOW_MOST + 1, &rows, &e);
    if (ok && rows > EXPORT_NOW_MOST) {
        export_later(q, r, &v, type->format);
        return;
    }
    ok = ok && temp_path(q, arena_printf(q->arena, ".%s", type->name), &path, &e) &&
         export_rows(q->seat->model, q->seat->rows, q->scope, v.m, &v.query, type->format, path, &rows, &e);
    if (!ok) {
        if (path) remove(path);
        page_fail(q, r, &e);
        return;
    }
    r->type = type->type;
    r->file = path;
    r->filename = arena_printf(q->arena, "%s.%s", v.m->entity->name, type->name);
    r->no_store = true;
}
