/* The journal: what was done, by whom; one entry with the row before and after it. */
#include "pages/history.h"

#include <string.h>

#include "base/id.h"
#include "base/utf8.h"
#include "programme/numbers.h"
#include "store/journal.h"
#include "web/form.h"

enum { PAGE = 50, READ = 400 };

static const char *kind_name(const struct request *q, enum journal_kind k)
{
    static const struct { const char *en, *zh; } names[] = {
        [JOURNAL_INSERT] = { "recorded", "登记" }, [JOURNAL_UPDATE] = { "changed", "更改" },
        [JOURNAL_DELETE] = { "deleted", "删除" }, [JOURNAL_LOAD] = { "load", "载入" },
        [JOURNAL_UNDO] = { "load undone", "撤销载入" }, [JOURNAL_NOTE] = { "note", "备注" } };
    return tr(q, names[k].en, names[k].zh);
}

/* An entry is told of when its row may be seen; what has no row, to who sees the whole store. */
static bool entry_seen(struct request *q, const struct journal_row *j, const char **title)
{
    const struct table_map *m = j->table ? model_number(q->seat->model, j->table) : NULL;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    bool found = false;
    *title = NULL;
    if (m && j->id && scope_kind(q->scope, m) &&
        row_seen(q->seat->model, q->seat->db, q->scope, m, j->county, j->id, q->arena, row, &found, &e) && found)
        *title = row_title(q, m, row);
    return found || q->scope->everywhere;
}

struct journal_line { struct journal_row j; const char *body; };
struct reading { struct request *q; struct journal_line at[READ]; int n; };

static bool keep(void *arg, const struct journal_row *j, struct err *e)
{
    struct reading *x = arg;
    (void)e;
    if (x->n == READ) return true;
    x->at[x->n] = (struct journal_line){ .j = *j };
    bool words = j->kind == JOURNAL_NOTE && j->table != NUMBER_TRANSFER && j->body_n;
    if (words && utf8_check(j->body, j->body_n) == j->body_n)
        x->at[x->n].body = arena_strndup(x->q->arena, j->body, j->body_n);
    x->at[x->n++].j.body = NULL;
    return true;
}

static void line(struct request *q, struct buf *b, const struct journal_line *l, const char *title)
{
    const struct table_map *m = l->j.table ? model_number(q->seat->model, l->j.table) : NULL;
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\"><time>%s</time></a></th>"
         "<td role=\"cell\" data-l=\"%s\">%s</td><td role=\"cell\" data-l=\"%s\">%s</td>"
         "<td role=\"cell\" data-l=\"%s\">", page_url(q, "/journal/%lld-%lld", (long long)l->j.writer,
         (long long)l->j.seq), instant_text(q, l->j.at), tr(q, "By", "操作人"), actor_name(q, l->j.actor),
         tr(q, "What", "操作"), kind_name(q, l->j.kind), tr(q, "Record", "记录"));
    if (m) html(b, "%s ", entity_label(q, m->entity));
    if (title && m) html(b, "<a href=\"%s\">%s</a>", record_url(q, m, l->j.county, l->j.id), title);
    if (l->body) html(b, "<span class=\"why\">%s</span>", l->body);
    html_raw(b, "</td></tr>");
}

static bool read_search(struct request *q, struct journal_search *s, struct err *e)
{
    const char *kind = request_param(q, "kind"), *by = request_param(q, "by"), *after = request_param(q, "after");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found = false;
    *s = (struct journal_search){ .before = INT64_MAX, .actor = -1, .limit = READ };
    const struct table_map *m = kind ? model_find(q->seat->model, kind) : NULL;
    if (kind && !m) return err_field(e, ERR_INVALID, "kind", tr(q, "there is no kind \"%s\"", "没有种类“%s”"), kind);
    if (m) s->table = m->entity->number;
    if (by && strcmp(by, "-") == 0) s->actor = 0;
    else if (by) {
        if (!account_find(q->seat->model, q->seat->db, by, q->arena, row, &found, e)) return false;
        if (!found) return err_field(e, ERR_INVALID, "by", tr(q, "there is no account \"%s\"", "没有账号“%s”"), by);
        s->actor = row[ROW_ID].i;
    }
    if (!after) return true;
    const char *dot = strchr(after, '.'), *dash = dot ? strchr(dot + 1, '.') : NULL;
    if (!dash || !id_parse(after, (size_t)(dot - after), &s->before)) return err_set(e, ERR_INVALID, "after");
    s->writer = strtoll(dot + 1, NULL, 10);
    s->seq = strtoll(dash + 1, NULL, 10);
    return true;
}

static void search_form(struct request *q, struct buf *b, const char *wrong)
{
    const struct model *mo = q->seat->model;
    const char *kind = request_param(q, "kind");
    html(b, "<form method=\"get\" action=\"%s\" class=\"tools\" aria-label=\"%s\"><label class=\"sel\"><span>%s</span>"
         "<select name=\"kind\"><option value=\"\">%s</option>", page_url(q, "/journal"),
         tr(q, "Filter", "筛选"), tr(q, "Kind of record", "记录种类"), tr(q, "any", "不限"));
    for (int i = 0; i < mo->n; i++) {
        const struct entity *en = mo->maps[i].entity;
        if (!scope_kind(q->scope, &mo->maps[i])) continue;
        html(b, "<option value=\"%s\"%s>%s</option>", en->name, kind && !strcmp(kind, en->name) ? " selected" : "",
             entity_label(q, en));
    }
    html(b, "</select></label><label class=\"sel\"><span>%s</span><input type=\"text\" name=\"by\" value=\"%s\" "
         "placeholder=\"%s\"></label><button class=\"btn sm\" type=\"submit\">%s</button>",
         tr(q, "By account, or - for the command line", "账号；- 表示命令行"), request_param(q, "by"),
         tr(q, "anybody", "不限"), tr(q, "Show", "查看"));
    if (wrong) html(b, "<p class=\"emsg\" role=\"alert\">%s</p>", wrong);
    html_raw(b, "</form>");
}

static bool lines_table(struct request *q, struct buf *b, struct journal_search *s, struct err *e)
{
    struct reading *x = arena_alloc(q->arena, sizeof *x);
    const struct journal_row *last = NULL;
    int shown = 0, i = 0;
    x->q = q;
    if (!journal_recent(q->seat->db, s, keep, x, e)) return false;
    table_open(b, tr(q, "Journal", "操作日志"), "stack");
    table_head(b, tr(q, "When", "时间"), false);
    table_head(b, tr(q, "By", "操作人"), false);
    table_head(b, tr(q, "What", "操作"), false);
    table_head(b, tr(q, "Record", "记录"), false);
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
    for (; i < x->n && shown < PAGE; i++) {
        const char *title;
        last = &x->at[i].j;
        if (!entry_seen(q, last, &title)) continue;
        line(q, b, &x->at[i], title);
        shown++;
    }
    html_raw(b, "</tbody></table></div>");
    if (!shown) empty_note(b, tr(q, "No entry here.", "没有条目。"));
    if (last && (i < x->n || x->n == READ))
        html(b, "<div class=\"pager\"><span></span><span class=\"acts\"><a class=\"btn sm\" rel=\"next\" "
             "href=\"%s%s\">%s</a></span></div>", page_url(q, "/journal"), page_query(q, "after",
             arena_printf(q->arena, "%lld.%lld.%lld", (long long)last->at, (long long)last->writer,
             (long long)last->seq)), tr(q, "Older", "更早"));
    return true;
}

void journal_page(struct request *q, struct response *r)
{
    struct journal_search s;
    struct err e = { .code = ERR_NONE }, wrong = { .code = ERR_NONE };
    struct buf *b = &r->body;
    bool good = read_search(q, &s, &wrong), ok = true;
    page_begin(q, r, NAV_NONE, tr(q, "Journal", "操作日志"));
    head_begin(b, tr(q, "What was done, and by whom", "谁做了什么"), tr(q,
        "Every entry is chained to the one before it; jiedui verify proves that none is missing.",
        "条目逐条相链，jiedui verify 可证明无一缺失。"));
    head_end(b);
    html_raw(b, "<section class=\"panel\">");
    search_form(q, b, good ? NULL : wrong.message);
    if (good) ok = lines_table(q, b, &s, &e);
    else r->status = 400;
    html_raw(b, "</section>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

/* --- one entry --- */

/* The row as the next change found it; where there is none, as it is now. */
struct later { const struct journal_row *of; int64_t writer, seq; bool past, found; };

static bool find_later(void *arg, const struct journal_row *j, struct err *e)
{
    struct later *l = arg;
    (void)e;
    if (l->past && !l->found && (j->kind == JOURNAL_UPDATE || j->kind == JOURNAL_DELETE)) {
        l->found = true;
        l->writer = j->writer;
        l->seq = j->seq;
    }
    l->past |= j->writer == l->of->writer && j->seq == l->of->seq;
    return true;
}

static bool read_after_row(struct request *q, const struct table_map *m, const struct journal_row *j,
                           struct val *row, bool *found, struct err *e)
{
    struct later l = { .of = j };
    *found = false;
    if (j->kind == JOURNAL_DELETE) return true;
    if (!journal_of(q->seat->db, j->table, j->county, j->id, find_later, &l, e)) return false;
    if (l.found) return image_read(q, m, l.writer, l.seq, j->county, row, found, e);
    return row_get(q->seat->db, m, j->county, j->id, q->arena, row, found, e);
}

static bool entry_body(struct request *q, struct buf *b, const struct journal_row *j, struct err *e)
{
    const struct table_map *m = j->table ? model_number(q->seat->model, j->table) : NULL;
    struct val was[ENTITY_MAX_COLUMNS + 1], is[ENTITY_MAX_COLUMNS + 1];
    bool had = false, has = false, rows = j->kind <= JOURNAL_DELETE && m && scope_kind(q->scope, m);
    if (rows && (!image_read(q, m, j->writer, j->seq, j->county, was, &had, e) ||
                 !read_after_row(q, m, j, is, &has, e)))
        return false;
    if (had || has) 
        row_difference(q, b, m, had ? was : NULL, tr(q, "Before", "之前"), has ? is : NULL, tr(q, "After", "之后"));
    else if (rows) empty_note(b, tr(q, "What the row held was erased.", "该记录内容已被清除。"));
    return true;
}

void journal_entry_page(struct request *q, struct response *r)
{
    struct reading *x = arena_alloc(q->arena, sizeof *x);
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    int64_t writer, seq;
    const char *title = NULL;
    x->q = q;
    bool good = address_parse(q->capture[0], &writer, &seq);
    if (good && !journal_one(q->seat->db, writer, seq, keep, x, &e)) {
        page_fail(q, r, &e);
        return;
    }
    if (!good || !x->n || !entry_seen(q, &x->at[0].j, &title)) {
        page_error(q, r, 404, tr(q, "There is no such entry.", "没有此条目。"));
        return;
    }
    page_begin(q, r, NAV_NONE, tr(q, "Journal entry", "日志条目"));
    crumb_begin(q, b);
    crumb(b, page_url(q, "/journal"), tr(q, "Journal", "操作日志"));
    crumb(b, NULL, q->capture[0]);
    crumb_end(b);
    head_begin(b, arena_printf(q->arena, "%s: %s", actor_name(q, x->at[0].j.actor),
                               kind_name(q, x->at[0].j.kind)), instant_text(q, x->at[0].j.at));
    head_end(b);
    html_raw(b, "<section class=\"panel\">");
    table_open(b, tr(q, "Entry", "条目"), "stack");
    table_head(b, tr(q, "When", "时间"), false);
    table_head(b, tr(q, "By", "操作人"), false);
    table_head(b, tr(q, "What", "操作"), false);
    table_head(b, tr(q, "Record", "记录"), false);
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
    line(q, b, &x->at[0], title);
    html_raw(b, "</tbody></table></div>");
    bool ok = entry_body(q, b, &x->at[0].j, &e);
    html_raw(b, "</section>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}
