/* The public summary: what an office would put on its front page. What was given and where it went, how far
 * the money has come, what was released, and how what was printed stands against the records. */
#include "pages/claim_rows.h"

#include <string.h>

#include "base/date.h"
#include "programme/publish/release.h"

enum { RELEASES = 4, PROVINCES = 1, SEVERAL = 3 };

/* --- where it went: one figure by province --- */

/* The first of these that is told of several provinces, else the first of any: a map of one says little. */
static bool told_by_province(struct request *q, const struct figure **out, struct by_table *t, struct err *e)
{
    static const char *const names[] = { "aid_allocated", "projects", "jobs", "poor_villages" };
    struct asked all = { .from = DATE_MIN, .to = DATE_MAX };
    *out = NULL;
    for (int i = 0; i < COUNT(names) && t->n < SEVERAL; i++) {
        const struct figure *f = figures_find(q->seat->context.figures, names[i]);
        struct by_table one;
        if (!f) continue;
        if (!by_read(q, f, &all, PROVINCES, 0, &one, e)) return false;
        if (!one.n || !one.at[0].v.known || (*out && one.n < SEVERAL)) continue;
        *out = f;
        *t = one;
    }
    return true;
}

static const char *where_title(struct request *q, const struct figure *f, const struct by_table *t)
{
    return arena_printf(q->arena, tr(q, "%s, by province: most in %s", "%s分省情况：%s最多"), figure_label(q, f),
                        t->at[0].name);
}

/* --- money in, money out --- */

struct stage { const char *figure, *class; const struct figure *f; struct figure_value v; };

static bool told(const struct stage *s)
{
    return s->f && s->v.known && s->v.rows > 0;
}

/* What of the first has come to the second, where the records say both exactly. */
static const char *balance(struct request *q, const struct stage *given, const struct stage *got)
{
    if (!told(given)) return tr(q, "No record says yet what was handed down.", "尚无下达资金的记录。");
    if (!told(got))
        return tr(q, "What was handed down is recorded; what was received is not reported yet.",
                  "已登记下达资金；到位情况尚未报告。");
    int64_t open = given->v.value - got->v.value;
    if (open < 0)
        return arena_printf(q->arena, tr(q, "%s more is recorded as received than as handed down.",
            "登记的到位资金比下达资金多 %s。"), money_text(q, -open, true));
    if (open == 0) return tr(q, "All that was handed down was received.", "下达资金全部到位，分文不差。");
    return arena_printf(q->arena, tr(q, "%s handed down = %s received + %s not reported as received yet",
        "下达 %s = 到位 %s + 尚未报告到位 %s"), money_text(q, given->v.value, true),
        money_text(q, got->v.value, true), money_text(q, open, true));
}

static bool money_panel(struct request *q, struct buf *b, struct err *e)
{
    struct stage s[] = { { .figure = "aid_agreed", .class = "k1" }, { .figure = "aid_allocated", .class = "k2" },
                         { .figure = "aid_received", .class = "k3" }, { .figure = "aid_paid", .class = "k5" } };
    struct asked all = { .from = DATE_MIN, .to = DATE_MAX };
    int64_t most = 0;
    for (int i = 0; i < COUNT(s); i++) {
        s[i].f = figures_find(q->seat->context.figures, s[i].figure);
        if (s[i].f && !figure_get(q, s[i].f, &all, &s[i].v, e)) return false;
        if (told(&s[i]) && s[i].v.value > most) most = s[i].v.value;
    }
    if (!most) return true;
    html(b, "<section class=\"panel\"><header><h2>%s</h2></header><p class=\"note first\">%s</p><dl class=\"stages\">",
         tr(q, "How far the money has come", "资金走到哪一步"), balance(q, &s[1], &s[2]));
    for (int i = 0; i < COUNT(s); i++) {
        if (!s[i].f) continue;
        html(b, "<div><dt>%s</dt><dd>", figure_label(q, s[i].f));
        if (told(&s[i])) {
            struct chart_part part[2] = { { s[i].class, s[i].v.value }, { "bed", most - s[i].v.value } };
            figure_link(q, b, s[i].f, &all, &s[i].v, true);
            chart_split(b, part, 2, 1000, 10);
        } else {
            html(b, "<span class=\"unknown\">%s</span>", tr(q, "not reported", "未报告"));
        }
        html_raw(b, "</dd></div>");
    }
    html_raw(b, "</dl></section>");
    return true;
}

/* --- releases --- */

struct latest { struct release_row at[RELEASES]; int n, all; };

static bool keep_release(void *arg, const struct release_row *r, struct err *e)
{
    struct latest *l = arg;
    (void)e;
    for (int i = l->n < RELEASES ? l->n : RELEASES - 1; i > 0; i--) l->at[i] = l->at[i - 1];
    l->at[0] = *r;
    if (l->n < RELEASES) l->n++;
    l->all++;
    return true;
}

static void releases_panel(struct request *q, struct buf *b, const struct latest *l)
{
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s\">%s</a></header>",
         tr(q, "Latest releases", "最新发布"), page_url(q, "/releases"),
         arena_printf(q->arena, tr(q, "All %d", "全部 %d 项"), l->all));
    if (!l->n)
        empty_note(b, tr(q, "Nothing has been released yet. A release is frozen, approved by a second person and "
                            "sealed, and is shown here.", "尚无发布。发布的数字经定稿、他人批准并封存后在此公开。"));
    html_raw(b, "<ul class=\"todo\">");
    for (int i = 0; i < l->n; i++) {
        const struct release_row *r = &l->at[i];
        html(b, "<li><a href=\"%s\">%s</a>", page_url(q, "/releases/%s", url_part(q->arena, r->name)),
             *r->title ? r->title : r->name);
        if (*r->corrects) html(b, "<span class=\"tag warn\">%s</span>", tr(q, "correction", "更正"));
        html(b, "<span class=\"m\">%s</span></li>", arena_printf(q->arena,
             r->figures == 1 ? tr(q, "%s figure, as of %s", "%s 项指标，截至%s")
                             : tr(q, "%s figures, as of %s", "%s 项指标，截至%s"),
             number_text(q, r->figures, 0), date_text(q, instant_date(r->as_of, q->seat->site->zone), false)));
    }
    html_raw(b, "</ul></section>");
}

/* --- what this page is --- */

static void reading_panel(struct request *q, struct buf *b)
{
    html(b, "<section class=\"panel\"><h2>%s</h2><dl class=\"said\"><dt>%s</dt><dd>%s</dd><dt>%s</dt><dd>%s</dd>"
         "<dt>%s</dt><dd>%s</dd></dl></section>", tr(q, "How to read this", "怎样看这些数字"),
         tr(q, "Nothing is typed in", "不填报合计"),
         tr(q, "Every total is computed from records; it opens to its definition and to what was published of them.",
            "每个合计数均由记录算出，点开可见其定义和已公开的记录。"),
         tr(q, "Years that are over", "只列已结束的年度"),
         arena_printf(q->arena, tr(q, "Totals run to %s. What is newer is told by releases.",
            "合计数截至%s；更新的数字以发布为准。"), date_text(q, q->scope->until, false)),
         tr(q, "Nobody can be found", "不显示个人"),
         tr(q, "Households and persons are counted in whole tens of a county and a year, so a number reads \"at "
               "least\", and no subtraction finds a single home.",
            "户数、人数按县按年度取整十数，数字读作“不少于”，任何相减都查不到具体农户。"));
}

/* The conclusion, as a sentence; NULL when it cannot be read. */
static const char *summary_title(struct request *q, struct err *e)
{
    struct asked all = { .from = DATE_MIN, .to = DATE_MAX };
    struct stage aid = { .f = figures_find(q->seat->context.figures, "aid_allocated") };
    if (aid.f && !figure_get(q, aid.f, &all, &aid.v, e)) return NULL;
    if (!told(&aid)) return tr(q, "Paired assistance in figures", "结对帮扶数据");
    return arena_printf(q->arena, tr(q, "%s of aid was handed down", "已下达帮扶资金 %s"),
                        value_text(q, aid.f, &aid.v, true));
}

static bool summary_body(struct request *q, struct buf *b, const struct figure *f, const struct by_table *t,
                         const struct latest *l, const struct claim_rows *c, struct err *e)
{
    if (!headline_panel(q, b, e)) return false;
    html_raw(b, "<div class=\"grid\"><div class=\"c8 side\">");
    if (f && !map_provinces(q, b, f, where_title(q, f, t), t, e)) return false;
    if (!money_panel(q, b, e)) return false;
    html_raw(b, "</div><div class=\"c4 side\">");
    releases_panel(q, b, l);
    if (c->n) verdict_panel(q, b, c);
    reading_panel(q, b);
    html_raw(b, "</div></div>");
    return true;
}

void public_page(struct request *q, struct response *r)
{
    struct by_table t = { .n = 0 };
    struct latest l = { .n = 0 };
    struct claim_rows c;
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    const struct figure *f;
    bool ok = told_by_province(q, &f, &t, &e) && claim_rows_read(q, &c, &e) &&
              release_each(q->seat->rows, q->scope, q->arena, keep_release, &l, &e);
    const char *title = ok ? summary_title(q, &e) : NULL;
    ok = title != NULL;
    if (ok) {
        page_begin(q, r, NAV_OVERVIEW, tr(q, "Paired assistance", "结对帮扶"));
        head_begin(b, title,
                   tr(q, "Public summary: who helped whom, with what, and what came of it.",
                      "公开概览：谁帮扶谁、用了什么、成效如何。"));
        head_end(b);
        ok = summary_body(q, b, f, &t, &l, &c, &e);
    }
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

/* The money trail as the public is told it: totals by stage, no account and no payee. */
void public_flow_page(struct request *q, struct response *r)
{
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    page_begin(q, r, NAV_FLOW, tr(q, "Money trail", "资金去向"));
    head_begin(b, tr(q, "From the promise to the payment", "从承诺到支付"),
               tr(q, "Totals of years that are over. Accounts and payees are not public.",
                  "已结束年度的合计；账户与收款人不公开。"));
    head_end(b);
    size_t at = b->n;
    bool ok = money_panel(q, b, &e);
    if (ok && b->n == at) empty_note(b, tr(q, "No money is recorded yet.", "尚无资金记录。"));
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}
