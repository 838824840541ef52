/* Records: every kind; a list of one kind, filtered, sorted and paged; its export. */
#include "pages/form.h"
#include "pages/export.h"

#include <string.h>

#include "base/id.h"

enum { PAGE = 50, CODE_CHOICES = 60 };

struct room_label { const char *room, *en, *zh; };
static const struct room_label rooms[] = {
    { "pairing", "Pairing: who helps whom", "结对：谁帮谁" }, { "money", "Money", "资金" },
    { "project", "Projects and firms", "项目与企业" }, { "labour", "Work", "就业" },
    { "market", "Markets", "消费帮扶" }, { "talent", "People sent and taught", "人才与培训" },
    { "household", "Households", "农户" }, { "plan", "Plans and targets", "计划与目标" },
    { "watch", "Watch", "挂牌督战" }, { "publish", "Publishing", "发布" },
    { "party", "Organisations and documents", "单位与文件" },
    { "place", "Places and statistics", "地区与统计" },
};

void records_page(struct request *q, struct response *r)
{
    const struct model *mo = q->seat->model;
    struct buf *b = &r->body;
    page_begin(q, r, NAV_RECORDS, tr(q, "Records", "记录"));
    head_begin(b, tr(q, "Every kind of record", "全部记录种类"), tr(q,
        "Each list can be filtered, sorted, and exported as it is shown; each record shows where it came "
        "from and what was done to it.", "每个列表都可筛选、排序并按所见导出；每条记录都可查来源与变动。"));
    head_end(b);
    html_raw(b, "<div class=\"flow\">");
    for (int k = 0; k < COUNT(rooms); k++) {
        bool open = false;
        for (int i = 0; i < mo->n; i++) {
            const struct table_map *m = &mo->maps[i];
            if (strcmp(m->entity->room, rooms[k].room) != 0 || !scope_kind(q->scope, m))
                continue;
            if (!open)
                html(b, "<section class=\"panel\"><h2>%s</h2><ul class=\"kinds\">",
                     tr(q, rooms[k].en, rooms[k].zh));
            open = true;
            html(b, "<li><a href=\"%s\">%s</a><span class=\"why\">%s</span></li>",
                 page_url(q, "/records/%s", m->entity->name), entity_label(q, m->entity),
                 q->zh ? m->entity->help_zh : m->entity->help_en);
        }
        if (open) html_raw(b, "</ul></section>");
    }
    html_raw(b, "</div>");
    page_end(q, r);
}

/* The entity of the address, if there is one and it may be seen. */
static const struct table_map *wanted(struct request *q, struct response *r)
{
    const struct table_map *m = model_find(q->seat->model, q->capture[0]);
    if (m && scope_kind(q->scope, m)) return m;
    /* One answer for what is hidden and what does not exist. */
    page_error(q, r, 404, tr(q, "There is no such kind of record.", "没有这种记录。"));
    return NULL;
}

/* --- filters --- */

/* Codes of the lists' own columns stand open; those that every fact has lie under "more". */
static bool choosable(struct request *q, const struct table_map *m, int f, bool own)
{
    const struct field *x = &m->field[f];
    if (x->type != F_CODE || !scope_field(q->scope, q->seat->model, m, f)) return false;
    bool shared = (m->common >= 0 && f >= m->common) ||
                  (m->fact >= 0 && f >= m->fact && f < m->fact + FACT_N);
    return own ? (x->flags & F_LIST) && !shared : shared;
}

static void code_choice(struct request *q, struct buf *b, const struct field *x)
{
    int n = 0;
    const struct code *codes = codes_list(q->seat->model->codes, x->list, &n);
    const char *name = arena_printf(q->arena, "f.%s", x->name);
    const char *now = request_param(q, name);
    if (!codes || n > CODE_CHOICES) return;
    html(b, "<label class=\"sel\"><span>%s</span><select name=\"%s\"><option value=\"\">%s</option>",
         q->zh ? x->zh : x->en, name, tr(q, "any", "不限"));
    for (int i = 0; i < n; i++) {
        html(b, "<option value=\"%s\"", codes[i].code);
        if (now && strcmp(now, codes[i].code) == 0) html_raw(b, " selected");
        html(b, ">%s</option>", q->zh || !codes[i].en || !*codes[i].en ? codes[i].zh : codes[i].en);
    }
    html_raw(b, "</select></label>");
}

static void filter_form(struct request *q, struct buf *b, const struct view *v, const struct err *wrong)
{
    const char *where = request_param(q, "where"), *place = request_param(q, "place");
    bool fault = wrong->code != ERR_NONE, open = fault || where;
    html(b, "<form method=\"get\" action=\"%s\" aria-label=\"%s\"><div class=\"tools\">",
         page_url(q, "/records/%s", v->m->entity->name), tr(q, "Filter", "筛选"));
    html(b, "<label class=\"sel\"><span>%s</span><input type=\"text\" name=\"place\" value=\"%s\" "
         "placeholder=\"%s\"></label>", tr(q, "Place", "地区"), place, tr(q, "All places", "全部地区"));
    for (int i = 0; i < v->m->fields; i++)
        if (choosable(q, v->m, i, true)) code_choice(q, b, &v->m->field[i]);
    html(b, "<button class=\"btn sm\" type=\"submit\">%s</button></div>", tr(q, "Show", "查看"));
    html_raw(b, open ? "<details class=\"twin\" open>" : "<details class=\"twin\">");
    html(b, "<summary>%s</summary>", tr(q, "More conditions, or a rule", "更多条件与规则"));
    html_raw(b, "<div class=\"tools after\">");
    for (int i = 0; i < v->m->fields; i++)
        if (choosable(q, v->m, i, false)) code_choice(q, b, &v->m->field[i]);
    html_raw(b, "</div>");
    html(b, "<label class=\"rule\" for=\"where\">%s</label><input type=\"text\" id=\"where\" "
         "name=\"where\" value=\"%s\" spellcheck=\"false\" autocomplete=\"off\">",
         tr(q, "Rows for which this is true", "满足此规则的记录"), where);
    if (fault) html(b, "<p class=\"emsg\" role=\"alert\">%s</p>", wrong->message);
    html(b, "<p class=\"hint\">%s <code>amount &gt; 1000 and known(valid_from)</code></p></details></form>",
         tr(q, "For example", "例如"));
}

static void chip(struct request *q, struct buf *b, const struct view *v, const char *param,
                 const char *text)
{
    html(b, "<li><a class=\"chip\" href=\"%s%s\"><span class=\"vh\">%s </span>%s "
         "<span aria-hidden=\"true\">×</span></a></li>",
         page_url(q, "/records/%s", v->m->entity->name), page_query(q, param, NULL),
         tr(q, "Take away", "取消"), text);
}

static void chips(struct request *q, struct buf *b, const struct view *v)
{
    html_raw(b, "<ul class=\"chips on\">");
    if (v->query.place) chip(q, b, v, "place", place_full(q, v->query.place));
    for (int i = 0; i < q->n_param; i++) {
        const struct web_param *p = &q->param[i];
        int f = strncmp(p->name, "f.", 2) == 0 ? map_field(v->m, p->name + 2) : -1;
        if (f < 0 || !*p->value) continue;
        const struct field *x = &v->m->field[f];
        int64_t id;
        const char *value = p->value;
        if (x->type == F_CODE) value = code_label(q, x->list, value, strlen(value));
        if (x->type == F_REF && id_parse(value, strlen(value), &id)) {
            const struct table_map *to = model_find(q->seat->model, x->ref);
            if (to && to->entity->reach == REACH_NATION) value = ref_title(q, to, 0, id);
        }
        chip(q, b, v, p->name, arena_printf(q->arena, "%s%s%s", q->zh ? x->zh : x->en,
                                            q->zh ? "：" : ": ", value));
    }
    if (request_param(q, "where")) chip(q, b, v, "where", request_param(q, "where"));
    html_raw(b, "</ul>");
}

static void column_form(struct request *q, struct buf *b, const struct view *v)
{
    html(b, "<details class=\"twin\"><summary>%s</summary><form method=\"get\" action=\"%s\">",
         tr(q, "Columns", "列"), page_url(q, "/records/%s", v->m->entity->name));
    for (int i = 0; i < q->n_param; i++)
        if (strcmp(q->param[i].name, "c") != 0 && strcmp(q->param[i].name, "columns") != 0 &&
            strcmp(q->param[i].name, "after") != 0 && strcmp(q->param[i].name, "from_row") != 0)
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
        html(b, "><span>%s</span></label>", q->zh ? v->m->field[i].zh : v->m->field[i].en);
    }
    html(b, "</div><button class=\"btn sm\" type=\"submit\">%s</button></form></details>",
         tr(q, "Show these columns", "显示所选列"));
}

/* --- rows --- */

struct listing { struct request *q; struct buf *b; const struct view *v; int n; int64_t county, id;
                 bool more; };

static bool line(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct listing *l = arg;
    struct request *q = l->q;
    (void)e;
    if (l->n == PAGE) {
        l->more = true;
        return true;
    }
    l->n++;
    l->county = row[ROW_COUNTY].i;
    l->id = row[ROW_ID].i;
    html(l->b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a>",
         record_url(q, m, l->county, l->id), row_title(q, m, row));
    if (row[ROW_DRAFT].type == VAL_INT && row[ROW_DRAFT].i)
        html(l->b, " <span class=\"tag warn\">%s</span>", tr(q, "draft", "草稿"));
    html_raw(l->b, "</th>");
    for (int i = 0; i < l->v->n; i++) {
        const struct field *f = &m->field[l->v->field[i]];
        bool none = row[m->column[l->v->field[i]]].type == VAL_NULL;
        html(l->b, "<td role=\"cell\" class=\"%s%s\" data-l=\"%s\">", cell_right(f) ? "num" : "txt",
             none ? " none" : "", q->zh ? f->zh : f->en);
        cell_write(q, l->b, m, l->v->field[i], row);
        html_raw(l->b, "</td>");
    }
    html_raw(l->b, "</tr>");
    return true;
}

static void sort_head(struct request *q, struct buf *b, const struct view *v, const struct field *f)
{
    bool on = v->query.sort && strcmp(v->query.sort, f->name) == 0;
    bool down = on && v->query.descending;
    const char *next = on && !down ? arena_printf(q->arena, "-%s", f->name) : f->name;
    html(b, "<th scope=\"col\" role=\"columnheader\" class=\"%s\"", cell_right(f) ? "num" : "txt");
    if (on) html_raw(b, down ? " aria-sort=\"descending\"" : " aria-sort=\"ascending\"");
    html(b, "><a href=\"%s%s\">%s%s</a></th>", page_url(q, "/records/%s", v->m->entity->name),
         page_query(q, "sort", next), q->zh ? f->zh : f->en, !on ? "" : down ? " ↓" : " ↑");
}

/* The title of a row stands first; a column that says the same is left out. */
static void drop_title_column(struct view *v, bool zh)
{
    const char *const names[] = { zh ? "name_zh" : "name_en", "name", "title", "subject" };
    for (int k = 0; k < COUNT(names); k++) {
        int f = map_field(v->m, names[k]);
        for (int i = 0; f >= 0 && i < v->n; i++) {
            if (v->field[i] != f) continue;
            memmove(v->field + i, v->field + i + 1, (size_t)(v->n - i - 1) * sizeof *v->field);
            v->n--;
            return;
        }
        if (f >= 0) return;
    }
    /* Titled by its key: a key of one field is the title. */
    for (int i = 0; v->m->n_key == 1 && i < v->n; i++) {
        if (v->field[i] != v->m->key[0]) continue;
        memmove(v->field + i, v->field + i + 1, (size_t)(v->n - i - 1) * sizeof *v->field);
        v->n--;
        return;
    }
}

static bool rows_table(struct request *q, struct buf *b, struct view *v, struct err *e)
{
    struct listing l = { .q = q, .b = b, .v = v };
    v->query.limit = PAGE + 1;
    drop_title_column(v, q->zh);
    table_open(b, entity_label(q, v->m->entity), "stack");
    table_head(b, entity_label(q, v->m->entity), false);
    for (int i = 0; i < v->n; i++) sort_head(q, b, v, &v->m->field[v->field[i]]);
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
    if (!list_rows(q->seat->model, q->seat->rows, q->scope, v->m, &v->query, line, &l, e)) return false;
    html_raw(b, "</tbody></table></div>");
    if (!l.n) {
        bool filtered = v->where || v->query.place || v->query.after_id;
        empty_note(b, filtered
            ? tr(q, "No row fits. Take a condition away to see more.", "没有符合条件的记录，请放宽条件。")
            : arena_printf(q->arena, tr(q, "No row yet. Load a file %s.csv or %s.xlsx to bring some.",
                                        "还没有记录。载入 %s.csv 或 %s.xlsx 即可。"),
                           v->m->entity->name, v->m->entity->name));
        return true;
    }
    html(b, "<div class=\"pager\"><span>%s</span><span class=\"acts\">", arena_printf(q->arena,
         l.more ? tr(q, "Rows %lld–%lld, more follow", "第 %lld–%lld 条，后面还有")
                : tr(q, "Rows %lld–%lld", "第 %lld–%lld 条"), (long long)v->from_row,
         (long long)(v->from_row + l.n - 1)));
    if (v->query.after_id)
        html(b, "<a class=\"btn sm\" href=\"%s%s\">%s</a>", page_url(q, "/records/%s",
             v->m->entity->name), page_query(q, NULL, NULL), tr(q, "First page", "首页"));
    if (l.more) {
        const char *next = page_query(q, "after", arena_printf(q->arena, "%lld-%lld",
                                      (long long)l.county, (long long)l.id));
        html(b, "<a class=\"btn sm\" rel=\"next\" href=\"%s%s&from_row=%lld\">%s</a>",
             page_url(q, "/records/%s", v->m->entity->name), next, (long long)(v->from_row + l.n),
             tr(q, "Next", "下一页"));
    }
    html_raw(b, "</span></div>");
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

void list_page(struct request *q, struct response *r)
{
    struct view v = { .m = wanted(q, r) };
    struct err e = { .code = ERR_NONE }, wrong = { .code = ERR_NONE };
    struct buf *b = &r->body;
    if (!v.m) return;
    bool good = view_read(q, &v, &wrong);
    page_begin(q, r, NAV_RECORDS, entity_label(q, v.m->entity));
    crumb_begin(q, b);
    crumb(b, page_url(q, "/records"), tr(q, "Records", "记录"));
    crumb(b, NULL, entity_label(q, v.m->entity));
    crumb_end(b);
    head_begin(b, entity_label(q, v.m->entity), q->zh ? v.m->entity->help_zh : v.m->entity->help_en);
    if (form_open(q, v.m) && who_open(WHO_WRITES, q->user))
        html(b, "<a class=\"btn pri\" href=\"%s\">%s</a>", page_url(q, "/records/%s/new", v.m->entity->name),
             tr(q, "New", "新增"));
    if (good) export_links(q, b, &v);
    head_end(b);
    html_raw(b, "<section class=\"panel\">");
    filter_form(q, b, &v, &wrong);
    chips(q, b, &v);
    bool ok = true;
    if (good) {
        ok = rows_table(q, b, &v, &e);
        column_form(q, b, &v);
    } else {
        r->status = 400;
        empty_note(b, tr(q, "Nothing is shown until the filter is mended.", "请先改正筛选条件。"));
    }
    html_raw(b, "</section>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

void export_file(struct request *q, struct response *r)
{
    struct view v = { .m = wanted(q, r) };
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
