/* The rows behind a figure. */
#include "pages/parts.h"

#include <string.h>

#include "base/money.h"

enum { PAGE = 50, DIGEST_ROWS = 50000 };

struct tracing {
    struct request *q;
    struct buf *b;
    int rows, kept;
    int64_t county, id;
    bool several;                  /* more than one term */
};

static bool line(void *arg, const struct figure *f, int sign, const char *within,
                 const struct table_map *m, const struct val *row, int64_t value, struct err *e)
{
    struct tracing *t = arg;
    struct request *q = t->q;
    struct buf *b = t->b;
    struct figure_value v = { .known = true, .value = value, .scale = f->scale };
    (void)e;
    t->rows++;
    t->county = row[ROW_COUNTY].i;
    t->id = row[ROW_ID].i;
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a>"
         "<span class=\"why\">%s</span></th>", record_url(q, m, t->county, t->id),
         row_title(q, m, row), entity_label(q, m->entity));
    if (t->several)
        html(b, "<td role=\"cell\" data-l=\"%s\">%s%s%s%s</td>", tr(q, "Counts in", "计入"),
             sign < 0 ? "− " : "", figure_label(q, f), within ? ", " : "",
             within ? code_label(q, "place_class", within, strlen(within)) : "");
    html(b, "<td role=\"cell\" data-l=\"%s\">", tr(q, "Place", "地区"));
    if (m->place >= 0) cell_write(q, b, m, m->place, row);
    html(b, "</td><td role=\"cell\" class=\"num\" data-l=\"%s\">%s</td><td role=\"cell\" data-l=\"%s\">",
         tr(q, "Adds", "贡献"), value_text(q, f, &v, false), tr(q, "Basis", "依据"));
    if (m->common >= 0) cell_write(q, b, m, m->common + COMMON_BASIS, row);
    html(b, "</td><td role=\"cell\" data-l=\"%s\">", tr(q, "Source", "来源"));
    if (m->common >= 0) cell_write(q, b, m, m->common + COMMON_SOURCE, row);
    html_raw(b, "</td></tr>");
    return true;
}

static bool read_after(struct request *q, struct explain_page *p, struct err *e)
{
    const char *s = request_param(q, "after");
    if (!s || address_parse(s, &p->after_county, &p->after_id)) return true;
    return err_set(e, ERR_INVALID, "this is no place in the list");
}

static bool rows_panel(struct request *q, struct buf *b, const struct figure *f,
                       const struct asked *s, struct err *e)
{
    struct explain_page page = { .limit = PAGE };
    struct figure_query query = asked_figure(s, f->name);
    struct tracing t = { .q = q, .b = b, .several = f->n_terms > 0 };
    if (!read_after(q, &page, e)) return false;
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "The rows", "记录"));
    table_open(b, tr(q, "Rows behind the figure", "背后的记录"), "stack");
    table_head(b, tr(q, "Record", "记录"), false);
    if (t.several) table_head(b, tr(q, "Counts in", "计入"), false);
    table_head(b, tr(q, "Place", "地区"), false);
    table_head(b, tr(q, "Adds", "贡献"), true);
    table_head(b, tr(q, "Basis", "依据"), false);
    table_head(b, tr(q, "Source", "来源"), false);
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
    if (!figure_explain(&q->seat->context, q->seat->rows, q->scope, &query, &page, line, &t, e)) return false;
    html_raw(b, "</tbody></table></div>");
    if (!t.rows) empty_note(b, tr(q, "No further row counts.", "没有更多记录。"));
    html_raw(b, "<div class=\"pager\"><span></span><span class=\"acts\">");
    if (request_param(q, "after"))
        html(b, "<a class=\"btn sm\" href=\"%s%s\">%s</a>", page_url(q, "/figures/%s/trace", f->name),
             page_query(q, NULL, NULL), tr(q, "First page", "首页"));
    if (t.rows >= PAGE)
        html(b, "<a class=\"btn sm\" rel=\"next\" href=\"%s%s\">%s</a>",
             page_url(q, "/figures/%s/trace", f->name),
             page_query(q, "after", arena_printf(q->arena, "%lld-%lld", (long long)t.county,
                                                 (long long)t.id)), tr(q, "Next", "下一页"));
    html_raw(b, "</span></div></section>");
    return true;
}

static bool proof_panel(struct request *q, struct buf *b, const struct figure *f,
                        const struct asked *s, const struct figure_value *v, struct err *e)
{
    struct figure_query query = asked_figure(s, f->name);
    unsigned char digest[DIGEST_LEN];
    char version[DIGEST_HEX], hex[DIGEST_HEX];
    int64_t rows = 0;
    digest_hex(f->digest, DIGEST_LEN, version);
    html(b, "<section class=\"panel\"><h2>%s</h2><dl class=\"facts left\"><dt>%s</dt><dd>",
         tr(q, "How it is computed", "如何算出"), tr(q, "Value", "数值"));
    html(b, "<b>%s</b></dd><dt>%s</dt><dd>%s</dd><dt>%s</dt><dd><code>%.*s</code></dd>",
         value_text(q, f, v, false), tr(q, "Asked for", "范围"), asked_text(q, s),
         tr(q, "Definition version", "定义版本"), 16, version);
    if (v->rows <= DIGEST_ROWS) {
        if (!figure_digest(&q->seat->context, q->seat->db, q->scope, &query, &rows, digest, e)) return false;
        digest_hex(digest, DIGEST_LEN, hex);
        html(b, "<dt>%s</dt><dd>%s</dd><dt>%s</dt><dd><code>%s</code></dd>", tr(q, "Rows", "记录数"),
             number_text(q, rows, 0), tr(q, "Digest of the rows", "记录摘要"), hex);
    } else {
        html(b, "<dt>%s</dt><dd>%s</dd>", tr(q, "Rows", "记录数"), number_text(q, v->rows, 0));
    }
    html(b, "</dl><pre tabindex=\"0\">%s</pre><p class=\"note\">%s</p></section>", f->text,
         tr(q, "Two figures with one digest rest on the same rows, unchanged.",
            "摘要相同，即所依据的记录相同且未改动。"));
    return true;
}

void trace_page(struct request *q, struct response *r)
{
    struct asked s;
    struct figure_value v;
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    const struct figure *f = figures_find(q->seat->context.figures, q->capture[0]);
    if (!f) {
        page_error(q, r, 404, tr(q, "There is no such figure.", "没有此指标。"));
        return;
    }
    if (!asked_read(q, &s, &e) || !figure_get(q, f, &s, &v, &e)) {
        page_fail(q, r, &e);
        return;
    }
    bool hidden = !figure_rows_open(q->scope, f);
    page_begin(q, r, NAV_FIGURES, figure_label(q, f));
    crumb_begin(q, b);
    crumb(b, page_url(q, "/figures"), tr(q, "Figures", "指标"));
    crumb(b, figure_url(q, f, &s, ""), figure_label(q, f));
    crumb(b, NULL, tr(q, "Trace", "溯源"));
    crumb_end(b);
    head_begin(b, arena_printf(q->arena, "%s%s%s", figure_label(q, f), q->zh ? "：" : ": ",
                               value_text(q, f, &v, false)), asked_text(q, &s));
    head_end(b);
    bool ok = true;
    if (hidden)
        empty_note(b, tr(q, "The rows behind this figure are not open to you.",
                         "此指标背后的记录对您不开放。"));
    else
        ok = rows_panel(q, b, f, &s, &e) && proof_panel(q, b, f, &s, &v, &e);
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}
