/* Releases: what was frozen, what the records give now, what changed, who approved it. */
#include "pages/print.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "programme/publish/release.h"

enum { SHOWN = 200 };

/* --- all --- */

struct listing { struct request *q; struct release_row *at; int n, cap; };

static bool keep_row(void *arg, const struct release_row *r, struct err *e)
{
    struct listing *l = arg;
    (void)e;
    l->at = arena_more(l->q->arena, l->at, l->n, &l->cap, sizeof *l->at);
    l->at[l->n++] = *r;
    return true;
}

static bool release_line_of(struct request *q, struct buf *b, const struct release_row *r, struct err *e)
{
    const char *by;
    if (!release_approved(q->seat->db, r->id, q->arena, &by, e)) return false;
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a>"
         "<span class=\"why\">%s</span></th>", page_url(q, "/releases/%s", url_part(q->arena, r->name)),
         *r->title ? r->title : r->name, r->name);
    table_cell(b, tr(q, "As of", "截至"), instant_text(q, r->as_of), false);
    table_cell(b, tr(q, "Figures", "指标"), number_text(q, r->figures, 0), true);
    table_cell(b, tr(q, "Claims", "报道数字"), number_text(q, r->claims, 0), true);
    table_cell(b, tr(q, "Made by", "编制"), r->made_by, false);
    table_cell(b, tr(q, "Approved by", "批准"), *by ? by : tr(q, "nobody yet", "尚未批准"), false);
    table_cell(b, tr(q, "Corrects", "更正"), *r->corrects ? r->corrects : "–", false);
    html_raw(b, "</tr>");
    return true;
}

void releases_page(struct request *q, struct response *r)
{
    struct listing l = { .q = q };
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    page_begin(q, r, NAV_RELEASES, tr(q, "Releases", "发布"));
    head_begin(b, tr(q, "Releases", "发布"), tr(q,
        "Figures that were frozen, approved by a second person and sealed: "
               "anybody can check the file.",
                   "定稿、经他人批准并封存的数字，任何人都可验证其文件。"));
    head_end(b);
    bool ok = release_each(q->seat->rows, q->scope, q->arena, keep_row, &l, &e);
    html_raw(b, "<section class=\"panel\">");
    if (!l.n) empty_note(b, tr(q, "No release was made yet.", "尚无发布。"));
    if (l.n) {
        table_open(b, tr(q, "Releases", "发布"), "stack");
        table_head(b, tr(q, "Release", "发布"), false);
        table_head(b, tr(q, "As of", "截至"), false);
        table_head(b, tr(q, "Figures", "指标"), true);
        table_head(b, tr(q, "Claims", "报道数字"), true);
        table_head(b, tr(q, "Made by", "编制"), false);
        table_head(b, tr(q, "Approved by", "批准"), false);
        table_head(b, tr(q, "Corrects", "更正"), false);
        table_body(b);
        for (size_t i = l.n; ok && i-- > 0;) ok = release_line_of(q, b, &l.at[i], &e);
        table_close(b);
    }
    html_raw(b, "</section>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

/* --- one --- */

struct frozen { const char *figure, *text, *qualifier, *from, *to, *rests, *organisation; int64_t place; };
struct change { const char *figure, *before, *after; int64_t place; };
struct showing {
    struct request *q;
    struct frozen *at; size_t n, cap;
    struct change *change; size_t n_changes, cap_changes;
    int64_t more;
};

static bool take(void *arg, const struct release_line *l, struct err *e)
{
    struct showing *x = arg;
    struct arena *a = x->q->arena;
    struct json *line;
    bool figure = !strcmp(l->kind, "figure"), change = !strcmp(l->kind, "change");
    if (!figure && !change) return true;
    if (figure ? x->n == SHOWN : x->n_changes == SHOWN) return x->more++, true;
    if (!json_parse(&line, l->body, l->n, a, e)) return false;
    int64_t place = strtoll(release_member(line, "place", a), NULL, 10);
    if (change) {
        if (!x->change) x->change = arena_array(a, SHOWN, sizeof *x->change);
        x->change[x->n_changes++] = (struct change){ release_member(line, "figure", a),
            release_member(json_get(line, "before"), "value", a), release_member(json_get(line, "after"), "value", a),
            place };
        return true;
    }
    if (!x->at) x->at = arena_array(a, SHOWN, sizeof *x->at);
    x->at[x->n++] = (struct frozen){ .figure = release_member(line, "figure", a),
        .text = release_member(line, "value", a),
        .qualifier = release_member(line, "qualifier", a), .from = release_member(line, "from", a),
        .to = release_member(line, "to", a), .rests = release_member(line, "rests_on", a),
        .organisation = release_member(line, "organisation", a), .place = place };
    return true;
}

static const char *as_text(struct request *q, const struct figure *f, const char *text)
{
    const char *dot = strchr(text, '.');
    struct figure_value v = { .known = true, .scale = dot ? (int)strlen(dot + 1) : 0, .qualifier = Q_EQ };
    if (!*text || decimal_parse(text, strlen(text), v.scale, &v.value) != DECIMAL_OK) return "–";
    return f ? value_text(q, f, &v, false) : text;
}

/* The organisation by its code; 0 for a line of none, -1 when it is not there any more. */
static int64_t org_of_line(struct request *q, const char *code)
{
    const struct table_map *m = model_find(q->seat->model, "organisation");
    struct err e = { .code = ERR_NONE };
    int64_t county, id;
    if (!*code) return 0;
    if (!m || !ref_find(q->seat->model, m, code, strlen(code), 0, q->seat->db, q->arena, &county, &id, &e)) return -1;
    return id;
}

/* Held against the value of now, read for who looks. */
static bool figure_line(struct request *q, struct buf *b, const struct frozen *x, struct err *e)
{
    const struct figure *f = figures_find(q->seat->context.figures, x->figure);
    struct asked s = { .place = x->place, .org = org_of_line(q, x->organisation), .from = DATE_MIN, .to = DATE_MAX };
    struct figure_value now = { .known = false, .why = "" };
    const char *was = as_text(q, f, x->text);
    if (*x->from) (void)!date_parse(x->from, strlen(x->from), DATE_FIRST, &s.from);
    if (*x->to) (void)!date_parse(x->to, strlen(x->to), DATE_LAST, &s.to);
    if (f && s.org >= 0 && !figure_get(q, f, &s, &now, e)) return false;
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%s<span class=\"why\">%s%s%s%s%s%s%s</span></th>",
         f ? figure_label(q, f) : x->figure, x->place ? place_name(q, x->place) : tr(q, "all places", "全部地区"),
         *x->organisation ? ", " : "", x->organisation, *x->from || *x->to ? ", " : "", x->from,
         *x->from && *x->to ? " – " : "", x->to);
    table_cell(b, tr(q, "At release", "发布时"), *x->text ? arena_printf(q->arena, "%s%s",
               strcmp(x->qualifier, "=") ? x->qualifier : "", was) : tr(q, "unknown", "未知"), true);
    html(b, "<td role=\"cell\" class=\"num\" data-l=\"%s\">", tr(q, "Now", "现值"));
    if (f && s.org >= 0) figure_link(q, b, f, &s, &now, false);
    else html_raw(b, "–");
    html_raw(b, "</td>");
    struct figure_value plain = now;
    plain.qualifier = Q_EQ;
    bool same = f && now.known && !strcmp(value_text(q, f, &plain, false), was);
    html(b, "<td role=\"cell\" class=\"st half\" data-l=\"%s\"><span class=\"tag %s\">%s</span></td>", tr(q,
        "Since", "变化"),
         same ? "ok" : now.known ? "warn" : "", same ? tr(q, "the same", "未变")
         : now.known ? tr(q, "changed", "已变化") : tr(q, "cannot be told", "无法比较"));
    table_cell(b, tr(q, "Rests on", "依据"), rests_text(q, x->rests), false);
    html_raw(b, "</tr>");
    return true;
}

static bool figures_table(struct request *q, struct buf *b, const struct showing *x, struct err *e)
{
    bool ok = true;
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Frozen figures", "定稿数字"));
    table_open(b, tr(q, "Figures", "指标"), "stack");
    table_head(b, tr(q, "Figure", "指标"), false);
    table_head(b, tr(q, "At release", "发布时"), true);
    table_head(b, tr(q, "Now", "现值"), true);
    table_head(b, tr(q, "Since", "变化"), false);
    table_head(b, tr(q, "Rests on", "依据"), false);
    table_body(b);
    for (size_t i = 0; ok && i < x->n; i++) ok = figure_line(q, b, &x->at[i], e);
    table_close(b);
    if (x->more)
        html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena, tr(q, "and %lld lines more: the file has all",
             "另有 %lld 行，见发布文件"), (long long)x->more));
    html_raw(b, "</section>");
    return ok;
}

static void changes_table(struct request *q, struct buf *b, const struct showing *x, const struct release_row *r)
{
    if (!*r->corrects) return;
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s\">%s</a></header><p class=\"note\">%s</p>",
         tr(q, "What it corrects", "更正内容"), page_url(q, "/releases/%s", url_part(q->arena,
             r->corrects)), r->corrects,
         r->reason);
    table_open(b, tr(q, "Changes", "变化"), "stack");
    table_head(b, tr(q, "Figure", "指标"), false);
    table_head(b, tr(q, "Before", "原值"), true);
    table_head(b, tr(q, "After", "现值"), true);
    table_body(b);
    for (size_t i = 0; i < x->n_changes; i++) {
        const struct change *c = &x->change[i];
        const struct figure *f = figures_find(q->seat->context.figures, c->figure);
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%s<span class=\"why\">%s</span></th>",
             f ? figure_label(q, f) : c->figure, c->place ? place_name(q, c->place) : tr(q, "all places",
                 "全部地区"));
        table_cell(b, tr(q, "Before", "原值"), as_text(q, f, c->before), true);
        table_cell(b, tr(q, "After", "现值"), as_text(q, f, c->after), true);
        html_raw(b, "</tr>");
    }
    table_close(b);
    html_raw(b, "</section>");
}

static void release_head(struct request *q, struct buf *b, const struct release_row *r, const char *by)
{
    crumb_begin(q, b);
    crumb(b, page_url(q, "/releases"), tr(q, "Releases", "发布"));
    crumb(b, NULL, r->name);
    crumb_end(b);
    head_begin(b, *r->title ? r->title : r->name, *by
        ? arena_printf(q->arena, tr(q, "As of %s; made by %s, approved by %s", "截至%s；%s 编制，%s 批准"),
                       instant_text(q, r->as_of), r->made_by, by)
        : arena_printf(q->arena, tr(q, "As of %s; made by %s; nobody has approved it yet",
            "截至%s；%s 编制，尚未批准"),
                       instant_text(q, r->as_of), r->made_by));
    if (*by)
        html(b, "<a class=\"btn sm\" href=\"%s\">%s</a><a class=\"btn sm\" href=\"%s\">%s</a>",
             page_url(q, "/releases/%s/sheet", url_part(q->arena, r->name)), tr(q, "Press sheet", "新闻稿数据表"),
             page_url(q, "/releases/%s/file", url_part(q->arena, r->name)), tr(q, "The sealed file", "封存文件"));
    head_end(b);
    html(b, "<p class=\"note\">%s <code>%s</code></p>", tr(q, "Head of the release:", "链首："), r->head);
}

void release_page(struct request *q, struct response *r)
{
    struct showing x = { .q = q };
    struct err e = { .code = ERR_NONE };
    struct release_row row;
    const char *by = "";
    struct buf *b = &r->body;
    bool ok = release_find(q->seat->db, q->scope, q->capture[0], q->arena, &row, &e) &&
              release_approved(q->seat->db, row.id, q->arena, &by, &e) &&
              release_lines(q->seat->rows, row.id, take, &x, &e);
    if (ok) {
        page_begin(q, r, NAV_RELEASES, *row.title ? row.title : row.name);
        release_head(q, b, &row, by);
        changes_table(q, b, &x, &row);
        ok = figures_table(q, b, &x, &e);
    }
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

/* What was approved, to be printed: a document of its own, with the style as a file. */
void release_sheet(struct request *q, struct response *r)
{
    struct err e = { .code = ERR_NONE };
    struct sheet s;
    if (print_release(q, q->scope, q->capture[0], &s, &e))
        sheet_linked(&s, q->seat->site->assets, &r->body);
    else page_fail(q, r, &e);
}

static bool add_line(void *arg, const struct release_line *l, struct err *e)
{
    (void)e;
    seal_write(arg, l->body, l->n, l->hash);
    return true;
}

/* The file that proves itself; the office's signature is made by `jiedui release write`. */
void release_file(struct request *q, struct response *r)
{
    struct err e = { .code = ERR_NONE };
    struct release_row row;
    const char *by = "";
    bool ok = release_find(q->seat->db, q->scope, q->capture[0], q->arena, &row, &e) &&
              release_approved(q->seat->db, row.id, q->arena, &by, &e) &&
              (*by || err_set(&e, ERR_FORBIDDEN, "%s", tr(q, "Nobody has approved this release yet.",
                  "此发布尚未批准。"))) &&
              release_lines(q->seat->rows, row.id, add_line, &r->body, &e);
    if (!ok) {
        page_fail(q, r, &e);
        return;
    }
    r->type = "application/jsonl; charset=utf-8";
    r->filename = arena_printf(q->arena, "%s.jsonl", url_part(q->arena, row.name));
}
