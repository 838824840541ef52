#include "pages/register.h"

#include <string.h>

#include "pages/form.h"
#include "pages/view.h"

enum { PAGE = 50, CHOICES = 60 };

/* Rows are kept first: a column that looks further reads while no list is open. */
struct listing { struct request *q; struct val **row; int n, cap; bool more; };

static bool keep_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct listing *l = arg;
    struct arena *a = l->q->arena;
    (void)e;
    if (l->n == PAGE) return l->more = true;
    l->row = arena_more(a, l->row, l->n, &l->cap, sizeof *l->row);
    l->row[l->n++] = row_kept(a, m, row);
    return true;
}

static void choice(struct request *q, struct buf *b, const struct table_map *m, const char *field)
{
    int f = map_field(m, field), n = 0;
    if (f < 0 || !scope_field(q->scope, q->seat->model, m, f)) return;
    const struct field *x = &m->field[f];
    const struct code *codes = codes_list(q->seat->model->codes, x->list, &n);
    const char *name = arena_printf(q->arena, "f.%s", field), *now = request_param(q, name);
    if (!codes || n > CHOICES) return;
    html(b, "<label class=\"sel\"><span>%s</span><select name=\"%s\"><option value=\"\">%s</option>", q->zh ? x->zh
         : x->en,
         name, tr(q, "any", "不限"));
    for (int i = 0; i < n; i++)
        html(b, "<option value=\"%s\"%s>%s</option>", codes[i].code, now && !strcmp(now, codes[i].code) ? " selected"
             : "",
             code_label(q, x->list, codes[i].code, strlen(codes[i].code)));
    html_raw(b, "</select></label>");
}

static void filter_form(struct request *q, struct buf *b, const struct table_map *m, const struct register_spec *s,
                        const struct err *wrong)
{
    html(b,
         "<form method=\"get\" action=\"%s\" aria-label=\"%s\"><div class=\"tools\"><label "
         "class=\"sel\"><span>%s</span>"
         "<input type=\"text\" name=\"place\" value=\"%s\" placeholder=\"%s\"></label>", page_url(q, "%s",
                 s->face->path),
         tr(q, "Filter", "筛选"), tr(q, "Place", "地区"), request_param(q, "place"), tr(q, "All places",
                 "全部地区"));
    for (int i = 0; i < REGISTER_FILTERS && s->filters[i]; i++) choice(q, b, m, s->filters[i]);
    html(b, "<button class=\"btn sm\" type=\"submit\">%s</button></div>", tr(q, "Show", "查看"));
    if (wrong->code != ERR_NONE) html(b, "<p class=\"emsg\" role=\"alert\">%s</p>", wrong->message);
    html_raw(b, "</form>");
}

static void one_cell(struct request *q, struct buf *b, const struct table_map *m, const struct register_spec *s,
                     const char *field, const struct val *row)
{
    const char *instead = s->blank && row_at(m, row, field).type == VAL_NULL ? s->blank(q, m, field, row) : NULL;
    int f = map_field(m, field);
    if (instead && f >= 0) table_cell(b, q->zh ? m->field[f].zh : m->field[f].en, instead, false);
    else field_cell(q, b, m, field, row);
}

static bool rows(struct request *q, struct buf *b, const struct register_spec *s, const struct view *v,
                 const struct listing *l, struct err *e)
{
    const struct table_map *m = v->m;
    table_open(b, tr(q, s->title_en, s->title_zh), "stack");
    table_head(b, entity_label(q, m->entity), false);
    for (int i = 0; i < REGISTER_FIELDS && s->fields[i]; i++) {
        int f = map_field(m, s->fields[i]);
        if (f >= 0) table_head(b, q->zh ? m->field[f].zh : m->field[f].en, cell_right(&m->field[f]));
    }
    if (s->more) table_head(b, tr(q, s->more_en, s->more_zh), false);
    table_body(b);
    for (int i = 0; i < l->n; i++) {
        row_head(q, b, m, l->row[i], NULL);
        for (int k = 0; k < REGISTER_FIELDS && s->fields[k]; k++) one_cell(q, b, m, s, s->fields[k], l->row[i]);
        if (s->more) {
            html(b, "<td role=\"cell\" data-l=\"%s\">", tr(q, s->more_en, s->more_zh));
            if (!s->more(q, b, m, l->row[i], e)) return false;
            html_raw(b, "</td>");
        }
        html_raw(b, "</tr>");
    }
    table_close(b);
    return true;
}

static void pager(struct request *q, struct buf *b, const struct register_spec *s, const struct view *v,
                  const struct listing *l)
{
    const char *here = page_url(q, "%s", s->face->path);
    const char *of = v->kept ? arena_printf(q->arena, tr(q, " of %s", "，共 %s 条"), number_text(q, v->total, 0))
                   : l->more ? tr(q, ", more follow", "，后面还有") : "";
    html(b, "<div class=\"pager\"><span>%s</span><span class=\"acts\">", arena_printf(q->arena,
         tr(q, "Rows %s–%s%s", "第 %s–%s 条%s"), number_text(q, v->from_row, 0),
         number_text(q, v->from_row + l->n - 1, 0), of));
    if (v->query.after_id)
        html(b, "<a class=\"btn sm\" href=\"%s%s\">%s</a>", here, page_query(q, NULL, NULL), tr(q, "First page",
                "首页"));
    if (l->more) {
        const struct val *last = l->row[l->n - 1];
        html(b, "<a class=\"btn sm\" rel=\"next\" href=\"%s%s&from_row=%lld%s\">%s</a>", here, page_query(q, "after",
             arena_printf(q->arena, "%lld-%lld", (long long)last[ROW_COUNTY].i, (long long)last[ROW_ID].i)),
             (long long)(v->from_row + l->n), v->kept ? arena_printf(q->arena, "&of=%lld", (long long)v->total) : "",
             tr(q, "Next", "下一页"));
    }
    html_raw(b, "</span></div>");
}

static bool body(struct request *q, struct buf *b, const struct register_spec *s, struct view *v, struct err *e)
{
    struct listing l = { .q = q };
    v->query.limit = PAGE + 1;
    if (!list_rows(q->seat->model, q->seat->rows, q->scope, v->m, &v->query, keep_row, &l, e)) return false;
    if (!l.n) {
        empty_note(b, v->where || v->query.place ? tr(q, "No row fits. Take a condition away to see more.",
                                                      "没有符合条件的记录，请放宽条件。")
                                                 : tr(q, s->none_en, s->none_zh));
        return true;
    }
    if (!view_kept(q, v, e) || !rows(q, b, s, v, &l, e)) return false;
    pager(q, b, s, v, &l);
    return true;
}

void register_page(struct request *q, struct response *r, const struct register_spec *s)
{
    struct view v = { .m = model_find(q->seat->model, s->face->entity) };
    struct err e = { .code = ERR_NONE }, wrong = { .code = ERR_NONE };
    struct buf *b = &r->body;
    bool ok = true;
    if (!v.m || !scope_kind(q->scope, v.m)) {
        page_error(q, r, 404, tr(q, "There is no such page.", "没有这个页面。"));
        return;
    }
    bool good = view_read(q, &v, &wrong);
    page_begin(q, r, s->face->nav, tr(q, s->title_en, s->title_zh));
    head_begin(b, tr(q, s->title_en, s->title_zh), tr(q, s->lede_en, s->lede_zh));
    html(b, "<a class=\"btn\" href=\"%s%s\">%s</a>", page_url(q, "/records/%s", v.m->entity->name), page_query(q,
            NULL, NULL),
         tr(q, "All columns, export", "全部列与导出"));
    if (form_open(q, v.m) && who_open(WHO_WRITES, q->user))
        html(b, "<a class=\"btn pri\" href=\"%s\">%s</a>", page_url(q, "/records/%s/new", v.m->entity->name), tr(q,
                "New", "新增"));
    head_end(b);
    html_raw(b, "<section class=\"panel\">");
    filter_form(q, b, v.m, s, &wrong);
    if (good) ok = body(q, b, s, &v, &e);
    else r->status = 400;
    html_raw(b, "</section>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}
