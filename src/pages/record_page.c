/* One record: its fields with their meaning, what it points to, what points to it, its history. */
#include "pages/face.h"
#include "pages/form.h"
#include "pages/history.h"
#include "pages/view.h"

#include <string.h>

#include "web/form.h"

enum { RELATED = 5, RELATED_COUNTED = 1000 };

/* --- fields --- */

static void field_line(struct request *q, struct buf *b, const struct table_map *m, int i,
                       const struct val *row)
{
    const struct field *f = &m->field[i];
    const char *help = q->zh ? f->help_zh : f->help_en;
    html(b, "<dt><span>%s</span>", q->zh ? f->zh : f->en);
    if (help && *help)
        html(b, "<details class=\"what\"><summary aria-label=\"%s\">?</summary><p>%s</p></details>",
             arena_printf(q->arena, tr(q, "What is %s?", "“%s”的含义"), q->zh ? f->zh : f->en), help);
    html_raw(b, "</dt><dd>");
    cell_write(q, b, m, i, row);
    html_raw(b, "</dd>");
}

/* Who may ask for what is masked says why; the journal keeps who asked, for what and why. */
static void reveal_form(struct request *q, struct buf *b, const struct table_map *m, const struct val *row)
{
    int masked = 0;
    for (int i = 0; i < m->fields; i++)
        masked += (m->field[i].flags & F_PERSONAL) && row[m->column[i]].type != VAL_NULL;
    if (!masked || q->revealed || !role_rights[q->scope->role].reveals) return;
    const struct form_field reason = { .name = "reason", .label = tr(q, "Why you need it", "查看理由"),
        .hint = tr(q, "Kept in the journal with your name.", "将与您的姓名一并记入日志。"),
        .wrong = q->n_form && !request_form(q, "reason") ? tr(q, "Say why.", "请填写理由。") : NULL,
        .required = true };
    html(b, "<details class=\"twin\"%s><summary>%s</summary>", reason.wrong ? " open" : "", arena_printf(q->arena,
         masked == 1 ? tr(q, "Show %d masked field", "查看 %d 项已遮蔽信息")
                     : tr(q, "Show %d masked fields", "查看 %d 项已遮蔽信息"), masked));
    form_begin(q, b, arena_printf(q->arena, "%s/show", record_url(q, m, row[ROW_COUNTY].i, row[ROW_ID].i)), "form");
    form_input(b, &reason);
    form_button(b, tr(q, "Show", "查看"), "btn");
    html_raw(b, "</details>");
}

static void fields_panel(struct request *q, struct buf *b, const struct table_map *m,
                         const struct val *row)
{
    int empty = 0;
    html(b, "<section class=\"panel c8\"><h2>%s</h2><dl class=\"record\">", tr(q, "What is recorded", "登记内容"));
    for (int i = 0; i < m->fields; i++) {
        if (row[m->column[i]].type == VAL_NULL) empty++;
        else field_line(q, b, m, i, row);
    }
    html_raw(b, "</dl>");
    if (empty) {
        html(b, "<details class=\"twin\"><summary>%s</summary><p class=\"muted\">", arena_printf(q->arena,
             tr(q, "%d fields are unknown", "%d 项未知"), empty));
        for (int i = 0, first = 1; i < m->fields; i++) {
            if (row[m->column[i]].type != VAL_NULL) continue;
            html(b, "%s%s", first ? "" : q->zh ? "、" : ", ", q->zh ? m->field[i].zh : m->field[i].en);
            first = 0;
        }
        html_raw(b, "</p></details>");
    }
    reveal_form(q, b, m, row);
    html_raw(b, "</section>");
}

/* --- what points here --- */

struct related { struct request *q; struct buf *b; int n; const struct table_map *m; int field;
                 int64_t county, id; };

static bool related_line(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct related *x = arg;
    (void)e;
    if (x->n == 0)
        html(x->b, "<h3>%s <span class=\"muted\">%s</span></h3><ul class=\"hits\">",
             entity_label(x->q, m->entity), x->q->zh ? m->field[x->field].zh : m->field[x->field].en);
    if (x->n++ < RELATED)
        html(x->b, "<li><a href=\"%s\">%s</a></li>",
             record_url(x->q, m, row[ROW_COUNTY].i, row[ROW_ID].i), row_title(x->q, m, row));
    return true;
}

/* Within the county of what it points to, where the reference is near, or the rows have no index. */
static const char *related_url(struct request *q, const struct related *x)
{
    const struct table_map *m = x->m;
    const char *at = arena_printf(q->arena, "%s?f.%s=%lld", page_url(q, "/records/%s", m->entity->name),
                                  m->field[x->field].name, (long long)x->id);
    bool near = x->county && (m->county_column[x->field] < 0 || m->entity->view) && list_placed(q->seat->model, m);
    return near ? arena_printf(q->arena, "%s&place=%06lld000000", at, (long long)x->county) : at;
}

/* The list of them all, and how many they are. */
static bool all_related(struct request *q, struct buf *b, const struct related *x, const struct list_query *query,
                        struct err *e)
{
    int64_t n = 0;
    if (!list_count(q->seat->model, q->seat->rows, q->scope, x->m, query, RELATED_COUNTED + 1, &n, e)) return false;
    const char *count = number_text(q, n > RELATED_COUNTED ? RELATED_COUNTED : n, 0);
    html(b, "<p><a href=\"%s\">%s</a></p>", related_url(q, x), arena_printf(q->arena, n > RELATED_COUNTED
         ? tr(q, "All of them, more than %s", "全部，超过 %s 条") : tr(q, "All %s", "全部 %s 条"), count));
    return true;
}

/* Rows of a view have no index of their own: where to look for them is told, they are not looked for. */
static void view_relation(struct request *q, struct buf *b, const struct related *x, int *shown)
{
    html(b, "<h3>%s <span class=\"muted\">%s</span></h3><p><a href=\"%s\">%s</a></p>", entity_label(q, x->m->entity),
         field_label(q, &x->m->field[x->field]), related_url(q, x), tr(q, "Look for them in the list", "到列表中查找"));
    *shown += 1;
}

static bool relation(struct request *q, struct buf *b, const struct table_map *from, int field,
                     const struct val *row, int *shown, struct err *e)
{
    struct related x = { .q = q, .b = b, .m = from, .field = field, .county = row[ROW_COUNTY].i,
                         .id = row[ROW_ID].i };
    if (from->entity->view) return view_relation(q, b, &x, shown), true;
    const struct list_filter refers = { .field = field, .how = MATCH_REFERS, .county = x.county, .id = x.id };
    struct list_query query = { .limit = RELATED + 1, .drafts = true, .filters = &refers, .n_filters = 1 };
    if (!list_rows(q->seat->model, q->seat->rows, q->scope, from, &query, related_line, &x, e)) return false;
    if (!x.n) return true;
    html_raw(b, "</ul>");
    if (x.n > RELATED && !all_related(q, b, &x, &query, e)) return false;
    *shown += 1;
    return true;
}

static bool relations_panel(struct request *q, struct buf *b, const struct table_map *m,
                            const struct val *row, struct err *e)
{
    const struct model *mo = q->seat->model;
    int shown = 0;
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "What refers to it", "引用此记录的"));
    for (int i = 0; i < mo->n; i++) {
        const struct table_map *from = &mo->maps[i];
        if (!scope_kind(q->scope, from)) continue;
        for (int f = 0; f < from->fields; f++) {
            if (from->field[f].type != F_REF || strcmp(from->field[f].ref, m->entity->name) != 0) continue;
            if (!scope_field(q->scope, mo, from, f)) continue;
            if (!relation(q, b, from, f, row, &shown, e)) return false;
        }
    }
    if (!shown) empty_note(b, tr(q, "Nothing refers to it.", "没有记录引用它。"));
    html_raw(b, "</section>");
    return true;
}

/* --- history --- */

static bool history_panel(struct request *q, struct buf *b, const struct table_map *m,
                          const struct val *row, struct err *e)
{
    char hex[DIGEST_HEX];
    int64_t digest = row[m->columns].i;
    bool writes = form_open(q, m) && who_open(WHO_WRITES, q->user);
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "History", "变动"));
    if (!history_list(q, b, m, row, writes, e)) return false;
    digest_hex((const unsigned char *)&digest, sizeof digest, hex);
    html(b, "<p class=\"note\">%s <code>%s</code></p></section>",
         tr(q, "Row digest", "记录摘要"), hex);
    return true;
}

bool record_read(struct request *q, const struct table_map *m, const char *address, struct val *row,
                 struct err *e)
{
    int64_t county, id;
    bool found = false;
    if (!address_parse(address, &county, &id))
        return err_set(e, ERR_NOT_FOUND, "%s", tr(q, "There is no such record.", "没有这条记录。"));
    if (!row_seen(q->seat->model, q->seat->db, q->scope, m, county, id, q->arena, row, &found, e))
        return false;
    return found || err_set(e, ERR_NOT_FOUND, "%s",
                            tr(q, "There is no such record.", "没有这条记录。"));
}

void record_page(struct request *q, struct response *r)
{
    struct err e = { .code = ERR_NONE };
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct buf *b = &r->body;
    const struct table_map *m = kind_wanted(q, r);
    if (!m) return;
    if (!record_read(q, m, q->capture[1], row, &e)) {
        page_fail(q, r, &e);
        return;
    }
    const char *title = row_title(q, m, row);
    page_begin(q, r, NAV_RECORDS, title);
    crumb_begin(q, b);
    crumb(b, page_url(q, "/records"), tr(q, "Records", "记录"));
    crumb(b, page_url(q, "/records/%s", m->entity->name), entity_label(q, m->entity));
    crumb(b, NULL, title);
    crumb_end(b);
    head_begin(b, title, NULL);
    face_button(q, b, m, row);
    if (form_open(q, m) && who_open(WHO_WRITES, q->user)) {
        const char *here = record_url(q, m, row[ROW_COUNTY].i, row[ROW_ID].i);
        html(b, "<a class=\"btn\" href=\"%s/edit\">%s</a><a class=\"btn\" href=\"%s/delete\">%s</a>", here,
             tr(q, "Change", "更改"), here, tr(q, "Delete", "删除"));
    }
    head_end(b);
    html(b, "<p class=\"idline\"><span>%s</span>", entity_label(q, m->entity));
    if (m->place >= 0 && row[m->column[m->place]].type == VAL_INT)
        html(b, "<a href=\"%s\">%s</a>", page_url(q, "/places/%012lld",
             (long long)row[m->column[m->place]].i), place_full(q, row[m->column[m->place]].i));
    if (row[ROW_DRAFT].type == VAL_INT && row[ROW_DRAFT].i)
        html(b, "<span class=\"tag warn\">%s</span>", tr(q, "draft: required fields are missing",
                                                       "草稿：缺必填项"));
    html_raw(b, "</p><div class=\"grid\">");
    fields_panel(q, b, m, row);
    q->revealed = false;
    html_raw(b, "<div class=\"c4 side\">");
    word_panel(q, b, m, row);
    bool ok = receipt_panel(q, b, m, row, &e) && relations_panel(q, b, m, row, &e) && history_panel(q, b, m, row, &e);
    html_raw(b, "</div></div>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

struct showing { struct request *q; const char *body; };

static bool note_shown(struct tx *tx, void *arg, struct err *e)
{
    const struct showing *s = arg;
    return access_note(tx, s->q->user->account, s->q->user->account, s->body, e);
}

/* The same page with its personal fields, once; nothing of it is in the address. */
void record_show(struct request *q, struct response *r)
{
    const struct table_map *m = model_find(q->seat->model, q->capture[0]);
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    const char *reason = request_form(q, "reason");
    if (!m || !scope_kind(q->scope, m) || !record_read(q, m, q->capture[1], row, &e)) {
        page_error(q, r, 404, tr(q, "There is no such record.", "没有这条记录。"));
        return;
    }
    if (!role_rights[q->scope->role].reveals) {
        page_error(q, r, 403, tr(q, "Your role may not see personal fields.", "您的角色无权查看个人信息。"));
        return;
    }
    struct showing s = { q, arena_printf(q->arena, "shown %s %lld-%lld: %.500s", m->entity->name,
        (long long)row[ROW_COUNTY].i, (long long)row[ROW_ID].i, reason) };
    if (reason && !request_write(q, note_shown, &s, &e)) {
        page_fail(q, r, &e);
        return;
    }
    q->revealed = reason != NULL;
    record_page(q, r);
    if (!reason && r->status == 200) r->status = 400;
    r->no_store = true;
}
