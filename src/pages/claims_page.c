/* What others printed, beside what the records give. */
#include "pages/claim_rows.h"

#include <string.h>

enum { PAGE = 40 };

struct wanted { const char *source, *words; int verdict; int from; };

static const char *const verdict_codes[] = { "holds", "differs", "cannot" };

static struct wanted read_wanted(struct request *q)
{
    struct wanted w = { .source = request_param(q, "source"), .words = request_param(q, "q"),
                        .verdict = -1 };
    const char *v = request_param(q, "verdict"), *from = request_param(q, "from_row");
    for (int i = 0; v && i < 3; i++)
        if (strcmp(v, verdict_codes[i]) == 0) w.verdict = i;
    if (from) w.from = (int)strtol(from, NULL, 10);
    if (w.from < 0) w.from = 0;
    return w;
}

static bool fits(const struct wanted *w, const struct claim_row *c)
{
    if (w->source && strcmp(w->source, c->source) != 0) return false;
    if (w->verdict >= 0 && (int)c->verdict != w->verdict) return false;
    return !w->words || text_has(c->text, w->words) || text_has(c->code, w->words) ||
           text_has(c->reading, w->words) || text_has(c->figure, w->words);
}

static void summary(struct request *q, struct buf *b, const struct claim_rows *c)
{
    static const char *const class[] = { "p-ok", "p-err", "p-none" };
    struct chart_part parts[3];
    html(b, "<section class=\"panel\" aria-label=\"%s\">", tr(q, "Summary", "汇总"));
    for (int i = 0; i < 3; i++) parts[i] = (struct chart_part){ class[i], c->of[i] };
    chart_split(b, parts, 3, 1000, 14);
    html_raw(b, "<ul class=\"split-key\">");
    for (int i = 0; i < 3; i++) {
        html(b, "<li><a href=\"%s%s\"><i class=\"key-%s\"></i><b>%d</b> %s</a></li>",
             page_url(q, "/claims"), page_query(q, "verdict", verdict_codes[i]), class[i], c->of[i],
             verdict_text(q, (enum claim_verdict)i, c->of[i] != 1));
    }
    html_raw(b, "</ul>");
    if (c->same_source)
        html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena,
             tr(q, "%d of them rest on records restated from the very source that printed them: "
                "agreement there proves the arithmetic, not the fact.",
                "其中 %d 项所依据的记录即转自该报道本身：相符只说明算术无误，不证明事实。"),
             c->same_source));
    html_raw(b, "</section>");
}

static void filters(struct request *q, struct buf *b, const struct claim_rows *c,
                    const struct wanted *w)
{
    html(b, "<form class=\"tools\" method=\"get\" action=\"%s\" role=\"search\" aria-label=\"%s\" "
         "data-auto=\"\"><label class=\"sel\"><span>%s</span><select name=\"source\">"
         "<option value=\"\">%s</option>", page_url(q, "/claims"),
         tr(q, "Filter claims", "筛选"), tr(q, "Source", "来源"), tr(q, "All sources", "全部来源"));
    for (int i = 0; i < c->n_sources; i++) {
        const struct claim_source *s = &c->sources[i];
        html(b, "<option value=\"%s\"", s->key);
        if (w->source && strcmp(w->source, s->key) == 0) html_raw(b, " selected");
        html(b, ">%s (%d)</option>", s->title, s->n);
    }
    html(b, "</select></label><label class=\"sel\"><span>%s</span><select name=\"verdict\">"
         "<option value=\"\">%s</option>", tr(q, "Verdict", "结论"), tr(q, "All verdicts", "全部结论"));
    for (int i = 0; i < 3; i++) {
        html(b, "<option value=\"%s\"", verdict_codes[i]);
        if (w->verdict == i) html_raw(b, " selected");
        html(b, ">%s (%d)</option>", verdict_text(q, (enum claim_verdict)i, true), c->of[i]);
    }
    html(b, "</select></label><label class=\"sel grow\"><span>%s</span><input type=\"search\" "
         "name=\"q\" value=\"%s\"></label><button class=\"btn sm\" type=\"submit\">%s</button></form>",
         tr(q, "Words", "关键词"), w->words, tr(q, "Show", "查看"));
}

static void computed_cell(struct request *q, struct buf *b, const struct claim_row *c)
{
    const struct figure *f = figures_find(q->seat->context.figures, c->figure);
    const char *text = printed_number(q, c->computed);
    html(b, "<td role=\"cell\" class=\"num\" data-l=\"%s\">", tr(q, "Computed", "算出"));
    if (f && *text && !asked_opens(q, &c->asked))
        html(b, "%s", text);
    else if (f && *text)
        html(b, "<a class=\"fig\" href=\"%s\" title=\"%s\">%s</a>",
             figure_url(q, f, &c->asked, ""), figure_label(q, f), text);
    else
        html(b, "<span class=\"unknown\">%s</span>", *text ? text : "–");
    html_raw(b, "</td>");
}

static void claim_line(struct request *q, struct buf *b, const struct claim_row *c)
{
    const struct table_map *m = model_find(q->seat->model, "claim");
    const char *why = *c->reading ? c->reading : c->reason;
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" class=\"said\"><a href=\"%s\">%s</a>",
         record_url(q, m, c->county, c->id), *c->text ? c->text : c->code);
    if (*why) html(b, "<span class=\"why\">%s</span>", why);
    html(b, "</th><td role=\"cell\" class=\"num\" data-l=\"%s\">%s</td>", tr(q, "Claimed", "报道"),
         *c->claimed ? printed_number(q, c->claimed) : "–");
    computed_cell(q, b, c);
    html(b, "<td role=\"cell\" class=\"num\" data-l=\"%s\">%s</td><td role=\"cell\" class=\"half\" data-l=\"%s\">",
         tr(q, "Difference", "差"), *c->difference ? printed_number(q, c->difference) : "–",
         tr(q, "Rests on", "依据"));
    claim_rests(q, b, c);
    html_raw(b, "</td><td role=\"cell\" class=\"st half\">");
    verdict_tag(q, b, c->verdict);
    html_raw(b, "</td></tr>");
}

static void claims_table(struct request *q, struct buf *b, const struct claim_rows *c,
                         const struct wanted *w)
{
    int seen = 0, shown = 0;
    table_open(b, tr(q, "Claims", "报道数字"), "stack three");
    table_head(b, tr(q, "As printed", "报道原文"), false);
    table_head(b, tr(q, "Claimed", "报道"), true);
    table_head(b, tr(q, "Computed", "算出"), true);
    table_head(b, tr(q, "Difference", "差"), true);
    table_head(b, tr(q, "Rests on", "依据"), false);
    table_head(b, tr(q, "Verdict", "结论"), false);
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
    for (int i = 0; i < c->n; i++) {
        if (!fits(w, &c->at[i])) continue;
        if (seen++ < w->from || shown == PAGE) continue;
        claim_line(q, b, &c->at[i]);
        shown++;
    }
    html_raw(b, "</tbody></table></div>");
    if (!seen) empty_note(b, tr(q, "No claim fits this filter. Take a condition away to see more.",
                                "没有符合条件的报道数字，请放宽条件。"));
    if (!shown) return;
    html(b, "<div class=\"pager\"><span>%s</span><span class=\"acts\">", arena_printf(q->arena,
         tr(q, "%d–%d of %d", "第 %d–%d 项，共 %d 项"), w->from + 1, w->from + shown, seen));
    const char *before = arena_printf(q->arena, "%d", w->from > PAGE ? w->from - PAGE : 0);
    const char *after = arena_printf(q->arena, "%d", w->from + shown);
    if (w->from > 0)
        html(b, "<a class=\"btn sm\" rel=\"prev\" href=\"%s%s\">%s</a>", page_url(q, "/claims"),
             page_query(q, "from_row", before), tr(q, "Previous", "上一页"));
    if (w->from + shown < seen)
        html(b, "<a class=\"btn sm\" rel=\"next\" href=\"%s%s\">%s</a>", page_url(q, "/claims"),
             page_query(q, "from_row", after), tr(q, "Next", "下一页"));
    html_raw(b, "</span></div>");
}

void claims_page(struct request *q, struct response *r)
{
    struct claim_rows c;
    struct err e = { .code = ERR_NONE };
    struct wanted w = read_wanted(q);
    struct buf *b = &r->body;
    if (!claim_rows_read(q, &c, &e)) {
        page_fail(q, r, &e);
        return;
    }
    const char *title = c.n ? arena_printf(q->arena,
        tr(q, "%d of %d printed numbers hold against the records",
           "%d 项报道数字与记录相符（共 %d 项）"), c.of[CLAIM_HOLDS], c.n)
        : tr(q, "No claim is recorded yet", "还没有报道数字");
    page_begin(q, r, NAV_CLAIMS, tr(q, "Claims", "对账"));
    head_begin(b, title, tr(q,
        "A number that a report printed is never typed in as a figure. It stands here beside what the "
        "records give, with the difference and what it rests on. A dotted figure opens its records.",
        "报道中的数字不会被当作统计数录入，而是列在这里，与由记录算出的数字对照，注明差额与依据。"
        "带点线的数字可打开其背后的记录。"));
    html(b, "<a class=\"btn\" href=\"%s\">CSV</a>", page_url(q, "/records/claim/export?format=csv"));
    head_end(b);
    if (c.n) {
        summary(q, b, &c);
        html_raw(b, "<section class=\"panel\">");
        filters(q, b, &c, &w);
        claims_table(q, b, &c, &w);
        html_raw(b, "</section>");
    } else {
        empty_note(b, tr(q, "Load a file claim.csv with the numbers that others printed: each is then "
                         "held against its figure.", "载入 claim.csv，即可把他人公布的数字与统计数对照。"));
    }
    page_end(q, r);
}
