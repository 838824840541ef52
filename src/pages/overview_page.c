/* The overview: the conclusion first, then the headline figures, then where and why. */
#include "pages/claim_rows.h"
#include "pages/work.h"

#include <string.h>

#include "base/date.h"

enum { HEADLINES = 5, DIFFERING = 6, BARS = 8, WIDE = 514, NARROW = 358 };

/* Shown in this order, as many as fit, when the store has them. */
static const char *const headlines[] = { "aid_allocated", "helpers_paired", "counties_exited", "jobs",
    "purchases", "projects", "workshops", "trainees", "agreements", "households_registered" };

static bool headline(struct request *q, struct buf *b, const struct figure *f, int *shown, struct err *e)
{
    struct asked s = { .from = DATE_MIN, .to = DATE_MAX };
    struct figure_value v;
    if (!figure_get(q, f, &s, &v, e)) return false;
    if (!v.known || !v.value) return true;
    html(b, "<div><dt>%s</dt><dd class=\"v\">", figure_label(q, f));
    figure_link(q, b, f, &s, &v, true);
    const char *unit = strcmp(f->unit, "yuan") ? unit_name(q, f->unit, v.value) : "";
    if (q->zh && *unit) html(b, " <small>%s</small>", unit);
    html_raw(b, "</dd><dd class=\"d\">");
    html(b, "%s</dd></div>", arena_printf(q->arena,
         v.rows == 1 ? tr(q, "from %s row, %s", "%s 条记录，%s") : tr(q, "from %s rows, %s", "%s 条记录，%s"),
         number_text(q, v.rows, 0), rests_text(q, figure_rests_on(&v))));
    *shown += 1;
    return true;
}

bool headline_panel(struct request *q, struct buf *b, struct err *e)
{
    int shown = 0;
    size_t at = b->n;
    html_raw(b, "<dl class=\"kpis\">");
    for (int i = 0; i < COUNT(headlines) && shown < HEADLINES; i++) {
        const struct figure *f = figures_find(q->seat->context.figures, headlines[i]);
        if (f && !headline(q, b, f, &shown, e)) return false;
    }
    if (!shown) {
        b->n = at;
        b->p[at] = '\0';
        return true;
    }
    html(b, "</dl><p class=\"note\">%s</p>", tr(q, "Every dotted figure opens the records it was counted from.",
                                              "带点线的数字均可点开，查看其来源记录。"));
    return true;
}

void verdict_panel(struct request *q, struct buf *b, const struct claim_rows *c)
{
    static const char *const class[] = { "p-ok", "p-err", "p-none" };
    static const char *const codes[] = { "holds", "differs", "cannot" };
    struct chart_part parts[3];
    for (int i = 0; i < 3; i++) parts[i] = (struct chart_part){ class[i], c->of[i] };
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s\">%s</a></header>",
         tr(q, "What was printed, against the records", "报道数字与记录对照"),
         page_url(q, "/claims"), arena_printf(q->arena, tr(q, "All %d", "全部 %d 项"), c->n));
    chart_split(b, parts, 3, 1000, 14);
    html_raw(b, "<ul class=\"split-key\">");
    for (int i = 0; i < 3; i++)
        html(b, "<li><a href=\"%s?verdict=%s\"><i class=\"key-%s\"></i><b>%d</b> %s</a></li>",
             page_url(q, "/claims"), codes[i], class[i], c->of[i],
             verdict_text(q, (enum claim_verdict)i, c->of[i] != 1));
    html(b, "</ul><table class=\"twin-table\"><caption class=\"vh\">%s</caption><thead><tr>"
         "<th scope=\"col\">%s</th><th scope=\"col\" class=\"num\">%s</th></tr></thead><tbody>",
         tr(q, "Claims by source", "各来源的报道数字"), tr(q, "Source", "来源"), tr(q, "Claims", "项数"));
    for (int i = 0; i < c->n_sources; i++)
        html(b, "<tr><th scope=\"row\"><a href=\"%s?source=%s\">%s</a></th><td class=\"num\">%d</td></tr>",
             page_url(q, "/claims"), url_part(q->arena, c->sources[i].key), c->sources[i].title,
             c->sources[i].n);
    html_raw(b, "</tbody></table></section>");
}

static void differing_panel(struct request *q, struct buf *b, const struct claim_rows *c)
{
    const struct table_map *m = model_find(q->seat->model, "claim");
    int shown = 0;
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s?verdict=differs\">%s</a></header>"
         "<ul class=\"todo\">", tr(q, "Where they differ", "不符之处"), page_url(q, "/claims"),
         arena_printf(q->arena, tr(q, "All %d", "全部 %d 项"), c->of[CLAIM_DIFFERS]));
    for (int i = 0; i < c->n && shown < DIFFERING; i++) {
        const struct claim_row *x = &c->at[i];
        if (x->verdict != CLAIM_DIFFERS) continue;
        html(b, "<li><a href=\"%s\">%s</a><span class=\"tag err\">%s</span><span class=\"m\">%s</span></li>",
             record_url(q, m, x->county, x->id), *x->text ? x->text : x->code, printed_number(q, x->difference),
             arena_printf(q->arena, tr(q, "Claimed %s, the records give %s", "报道 %s，算出 %s"),
                          printed_number(q, x->claimed), printed_number(q, x->computed)));
        shown++;
    }
    html_raw(b, "</ul>");
    if (!shown)
        empty_note(b, tr(q, "No printed number differs from the records.", "没有与记录不符的报道数字。"));
    html_raw(b, "</section>");
}

static bool place_chart(struct request *q, struct buf *b, const char *name, struct err *e)
{
    const struct figure *f = figures_find(q->seat->context.figures, name);
    struct asked s = { .from = DATE_MIN, .to = DATE_MAX };
    struct chart_mark marks[BARS];
    struct by_table t;
    if (!f) return true;
    if (!by_read(q, f, &s, 1, 0, &t, e)) return false;
    if (!t.n) return true;
    int n = t.n < BARS ? t.n : BARS;
    for (int i = 0; i < n; i++) {
        struct asked one = s;
        one.place = t.at[i].place;
        marks[i] = (struct chart_mark){ .label = t.at[i].name, .value = t.at[i].v.value,
            .text = value_text(q, f, &t.at[i].v, true), .url = figure_url(q, f, &one, "") };
    }
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s\">%s</a></header>"
         "<figure><div class=\"wide\">", arena_printf(q->arena, tr(q, "%s, by province", "%s（分省）"),
         figure_label(q, f)), figure_url(q, f, &s, ""), tr(q, "More", "详情"));
    chart_bars(b, figure_label(q, f), marks, n, WIDE);
    html_raw(b, "</div><div class=\"narrow\">");
    chart_bars(b, figure_label(q, f), marks, n, NARROW);
    html(b, "</div><figcaption>%s</figcaption></figure></section>", q->zh ? f->help_zh : f->help_en);
    return true;
}

static const char *conclusion(struct request *q, const struct claim_rows *c)
{
    if (!c->n) return tr(q, "No report is recorded yet", "还没有录入报道");
    return arena_printf(q->arena, tr(q, "%d of %d printed numbers hold against the records",
        "%d 项报道数字与记录相符（共 %d 项）"), c->of[CLAIM_HOLDS], c->n);
}

static bool body(struct request *q, struct buf *b, const struct claim_rows *c, const struct work *w, struct err *e)
{
    if (!headline_panel(q, b, e)) return false;
    html_raw(b, "<div class=\"grid\"><div class=\"c6 side\">");
    if (w) waiting_panel(q, b, w);
    if (c->n) verdict_panel(q, b, c);
    if (!place_chart(q, b, "poor_villages", e)) return false;
    html_raw(b, "</div><div class=\"c6 side\">");
    if (c->n) differing_panel(q, b, c);
    if (!place_chart(q, b, "aid_allocated", e) || !records_panel(q, b, 0, e)) return false;
    html_raw(b, "</div></div>");
    return true;
}

/* Pages of rooms, for whom they are open. */
static void rooms_row(struct request *q, struct buf *b)
{
    static const struct { uint32_t who; const char *path, *en, *zh; } rooms[] = {
        { WHO_PEOPLE, "/households", "Households", "农户" }, { WHO_LOOKS, "/helpers", "Helpers", "帮扶单位" },
        { WHO_LOOKS, "/projects", "Projects", "项目" }, { WHO_SIGNED_IN, "/plans", "Plans", "计划" },
        { WHO_SIGNED_IN, "/reports", "Reports", "报告" }, { WHO_LOOKS, "/releases", "Releases", "发布" },
        { WHO_SIGNED_IN, "/scorecards", "Scorecards", "考核评分" }, { WHO_SIGNED_IN, "/watch", "Supervision", "督战" },
        { WHO_LOOKS, "/batches", "Batches", "资金批次" }, { WHO_MONEY, "/money/payments", "Payment runs", "支付批次" },
        { WHO_MONEY, "/money/ageing", "Money that waits", "结存账龄" },
        { WHO_MONEY, "/money/rules", "Rules of use", "使用规则" }, { WHO_SIGNED_IN, "/rooms/labour", "Labour", "就业" },
        { WHO_SIGNED_IN, "/rooms/market", "Market", "产销" }, { WHO_SIGNED_IN, "/rooms/talent", "Talent", "人才" },
        { WHO_SIGNED_IN, "/rooms/matching", "Matching", "供需对接" }, { WHO_AUDITS, "/journal", "Journal", "日志" } };
    html_raw(b, "<ul class=\"chips after\">");
    for (int i = 0; i < COUNT(rooms); i++)
        if (who_open(rooms[i].who, q->user))
            html(b, "<li><a class=\"chip\" href=\"%s\">%s</a></li>", page_url(q, "%s", rooms[i].path),
                 tr(q, rooms[i].en, rooms[i].zh));
    html_raw(b, "</ul>");
}

/* Those who work in the field begin with what waits for them; the others with what was printed. */
static bool works_first(const struct request *q)
{
    return q->scope->role == ROLE_VILLAGE || q->scope->role == ROLE_HELPER || q->scope->role == ROLE_LABOUR;
}

static void overview_head(struct request *q, struct buf *b, const struct claim_rows *c, const struct work *w)
{
    if (w && works_first(q))
        head_begin(b, work_conclusion(q, w), tr(q,
                                                "What your account sees: its own area, what its organisation takes "
                                                "part in, "
                   "and the places these are paired with.", "您的账户可见：所辖地区、本单位参与的事项及结对地区。"));
    else
        head_begin(b, conclusion(q, c), c->n ? arena_printf(q->arena,
            tr(q, "%d differ, and %d cannot be computed because no record says them. No total here was typed in.",
               "%d 项不符，%d 项因无记录不能算出。此处没有一个合计数是填报的。"), c->of[CLAIM_DIFFERS], c->of[CLAIM_CANNOT])
            : tr(q, "Load a folder of files to begin: each file is named after the kind of record it holds.",
                 "载入一个文件夹即可开始：每个文件以其记录种类命名。"));
    head_end(b);
}

void overview_page(struct request *q, struct response *r)
{
    const struct work_filter all = { .kind = -1 };
    struct claim_rows c;
    struct work w;
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    if (scope_is_public(q->scope)) {
        public_page(q, r);
        return;
    }
    bool signed_in = who_open(WHO_SIGNED_IN, q->user);
    if (!claim_rows_read(q, &c, &e) || (signed_in && !work_read(q, &all, &w, &e))) {
        page_fail(q, r, &e);
        return;
    }
    page_begin(q, r, NAV_OVERVIEW, tr(q, "Overview", "总览"));
    overview_head(q, b, &c, signed_in ? &w : NULL);
    rooms_row(q, b);
    if (body(q, b, &c, signed_in ? &w : NULL, &e)) page_end(q, r);
    else page_fail(q, r, &e);
}
