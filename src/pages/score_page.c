/* Scorecards: the cards, the places or helpers they rank, and one subject's points item by item, each with the
 * figure behind it; what has no points says why. Ranks are for the offices above alone; a place and a helper
 * see their own. */
#include "pages/parts.h"

#include <string.h>

#include "base/date.h"
#include "base/period.h"
#include "programme/plan/scorecard.h"
#include "programme/plan/scorecard_read.h"

enum { RANKED = 300 };

struct scoring {
    struct request *q;
    struct asked asked;
    struct score_book book;
    struct score_period when;
};

static const char *points(struct request *q, int64_t v) { return number_text(q, v, 2); }

static bool read_book(struct request *q, struct scoring *x, struct err *e)
{
    *x = (struct scoring){ .q = q };
    if (!asked_read(q, &x->asked, e)) return false;
    bool dated = x->asked.from != DATE_MIN && x->asked.to != DATE_MAX;
    x->when = dated ? (struct score_period){ x->asked.from, x->asked.to }
                    : (struct score_period){ date_make(date_civil(q->today).year, 1, 1), q->today };
    struct map seen;
    bool ok = seen_rows(q, "scorecard", &seen, e) &&
              scorecards_read(&x->book, q->seat->db, q->seat->context.figures, q->arena, e);
    int n = 0;
    for (int i = 0; ok && i < x->book.n; i++)
        if (seen_has(&seen, 0, x->book.card[i].id)) x->book.card[n++] = x->book.card[i];
    x->book.n = n;
    map_free(&seen);
    return ok;
}

static bool held(struct request *q, int64_t place, bool ranks, bool *ok, struct err *e)
{
    const struct places *p = q->seat->model->places;
    struct place_range range[64];
    int n = 0;
    if (!p->ranges(p->arg, q->seat->db, place, range, COUNT(range), &n, e)) return false;
    *ok = ranks ? scorecard_may_rank(q->scope, range, n) : scope_holds(q->scope, range, n);
    return true;
}

static int level_of(const struct scorecard *s)
{
    static const char *const levels[] = { "nation", "province", "prefecture", "county", "township", "village" };
    for (int i = 1; i < COUNT(levels); i++)
        if (!strcmp(levels[i], s->level)) return i;
    return 3;
}

static const char *period_name(const struct scoring *x)
{
    return period_text(x->when.from, x->when.to, x->q->zh, x->q->arena);
}

static const char *subject_query(const struct scoring *x, struct score_subject of)
{
    struct asked s = { .place = of.place, .org = of.org, .from = x->when.from, .to = x->when.to };
    return asked_query(x->q, &s);
}

/* --- the cards --- */

static void card_line(struct scoring *x, struct buf *b, const struct scorecard *s)
{
    struct request *q = x->q;
    int64_t weights = 0, proposed = 0;
    for (int k = 0; k < s->n; k++) {
        if (s->item[k].weighted) weights += s->item[k].rule.full;
        proposed += s->item[k].proposed || !s->item[k].weighted;
    }
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s%s\">%s</a><span "
    "class=\"why\">%s</span></th>",
         page_url(q, "/scorecards/%s", url_part(q->arena, s->code)), page_query(q, NULL, NULL),
             scorecard_title(s, q->zh),
         s->code);
    table_cell(b, tr(q, "Side", "方"), code_label(q, "scorecard_side", s->side, strlen(s->side)), false);
    table_cell(b, tr(q, "Level", "级别"), *s->level ? code_label(q, "unit_level", s->level, strlen(s->level)) : "–",
               false);
    table_cell(b, tr(q, "Items", "项数"), number_text(q, s->n, 0), true);
    table_cell(b, tr(q, "Full points", "满分"), points(q, weights), true);
    table_cell(b, tr(q, "Weights nobody set", "未定权重"), number_text(q, proposed, 0), true);
    html_raw(b, "</tr>");
}

void scorecards_page(struct request *q, struct response *r)
{
    static const struct { const char *en, *zh; bool right; } heads[] = { { "Card", "评分表", false }, { "Side", "方",
            false },
        { "Level", "级别", false }, { "Items", "项数", true }, { "Full points", "满分", true },
        { "Weights nobody set", "未定权重", true } };
    struct scoring x;
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    if (!read_book(q, &x, &e)) {
        page_fail(q, r, &e);
        return;
    }
    page_begin(q, r, NAV_NONE, tr(q, "Scorecards", "考核评分"));
    head_begin(b, tr(q, "Scorecards", "考核评分"), tr(q,
                                                  "Points come from figures; what no figure gives is typed with who "
                                                  "and why, or "
               "has no points and says so. A card opens its ranks.", "分数由指标算出；无指标的由人工评分并注明理由，或不计分并说明原因。点开可见排名。"));
    head_end(b);
    html_raw(b, "<section class=\"panel\">");
    if (x.book.n) {
        table_open(b, tr(q, "Scorecards", "考核评分"), "stack");
        for (int i = 0; i < COUNT(heads); i++) table_head(b, tr(q, heads[i].en, heads[i].zh), heads[i].right);
        table_body(b);
        for (int i = 0; i < x.book.n; i++) card_line(&x, b, &x.book.card[i]);
        table_close(b);
    } else {
        empty_note(b, tr(q, "No card yet: load scorecard.csv and scorecard_item.csv.",
                         "还没有评分表：请载入 scorecard.csv 与 scorecard_item.csv。"));
    }
    html_raw(b, "</section>");
    page_end(q, r);
}

/* --- one card --- */

static const struct scorecard *open_card(struct request *q, struct response *r, struct scoring *x)
{
    struct err e = { .code = ERR_NONE };
    if (!read_book(q, x, &e)) {
        page_fail(q, r, &e);
        return NULL;
    }
    const struct scorecard *s = scorecards_find(&x->book, q->capture[0]);
    if (!s) page_error(q, r, 404, tr(q, "There is no such scorecard.", "没有这张评分表。"));
    return s;
}

static const char *subject_name(struct request *q, struct score_subject of)
{
    return of.org ? org_title(q, of.org) : of.place ? place_name(q, of.place) : "";
}

static void figure_cell(struct scoring *x, struct buf *b, const char *label, const struct figure *f,
                        const struct figure_value *v,
                        struct score_subject of)
{
    struct request *q = x->q;
    struct asked s = { .place = of.place, .org = of.org, .from = x->when.from, .to = x->when.to };
    html(b, "<td role=\"cell\" class=\"num\" data-l=\"%s\">", label);
    if (!f || !v->why) html_raw(b, "–");
    else if (!figure_rows_open(q->scope, f)) html(b, "<span class=\"mask\">%s</span>", tr(q, "not shown", "不显示"));
    else figure_link(q, b, f, &s, v, false);
    html_raw(b, "</td>");
}

static const char *why_text(struct request *q, const struct score_item *i, const struct score_cell *c)
{
    if (c->typed)
        return arena_printf(q->arena, q->zh ? "%s：%s" : "%s: %s", org_title(q, row_int(c->typed[POINT_BY])),
                            row_text(c->typed[POINT_REASON]));
    if (c->state == SCORE_NOUGHT) return tr(q, "nothing is recorded, which this card takes as nought", "无记录，按零计");
    if (c->state == SCORE_GIVEN) return i->figure ? figure_label(q, i->figure) : i->indicator;
    /* The tag says it in Chinese; the figure room says more, in English. */
    return !q->zh && c->why ? c->why : "";
}

static void state_cell(struct request *q, struct buf *b, const struct score_item *i, const struct score_cell *c)
{
    static const struct { const char *en, *zh, *class; } words[] = { { "figure", "指标", "ok" }, { "typed", "人工",
            "warn" },
        { "nought", "零", "" }, { "no weight", "无权重", "err" }, { "fault", "有误", "err" }, { "no records", "无记录", "err" },
        { "unknown", "未知", "err" }, { "not typed", "未评", "err" }, { "not in force", "未生效", "" } };
    html(b, "<td role=\"cell\" data-l=\"%s\"><span class=\"tag %s\">%s</span><span class=\"why\">%s</span></td>",
         tr(q, "Rests on", "依据"), words[c->state].class, tr(q, words[c->state].en, words[c->state].zh), why_text(q,
                 i, c));
}

static void item_line(struct scoring *x, struct buf *b, const struct score_item *i, const struct score_cell *c,
                      struct score_subject of)
{
    struct request *q = x->q;
    bool given = c->state <= SCORE_NOUGHT, limit = i->rule.has_limit && !i->target;
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%s<span class=\"why\">%s %s</span></th>",
         score_item_title(i, q->zh), code_label(q, "scorecard_head", i->head, strlen(i->head)), i->code);
    figure_cell(x, b, tr(q, "Reached", "完成"), i->figure, &c->actual, of);
    if (i->target) figure_cell(x, b, tr(q, "To reach", "目标"), i->target, &c->target, of);
    else table_cell(b, tr(q, "To reach", "目标"), limit ? arena_printf(q->arena, "%s%s", i->rule.at_most ? "≤ " : "",
                    points(q, i->rule.limit)) : "–", true);
    table_cell(b, tr(q, "Full points", "满分"), i->weighted ? points(q, i->rule.full) : "–", true);
    table_cell(b, tr(q, "Points", "得分"), given ? points(q, c->points) : "–", true);
    state_cell(q, b, i, c);
    html_raw(b, "</tr>");
}

static void items_table(struct scoring *x, struct buf *b, const struct scorecard *s, const struct score_cell *cells,
                        struct score_subject of)
{
    struct request *q = x->q;
    static const struct { const char *en, *zh; bool right; } heads[] = { { "Item", "项目", false }, { "Reached", "完成",
            true },
        { "To reach", "目标", true }, { "Full points", "满分", true }, { "Points", "得分", true }, { "Rests on", "依据",
                false } };
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Item by item", "逐项得分"));
    table_open(b, tr(q, "Item by item", "逐项得分"), "stack");
    for (int i = 0; i < COUNT(heads); i++) table_head(b, tr(q, heads[i].en, heads[i].zh), heads[i].right);
    table_body(b);
    for (int i = 0; i < s->n; i++)
        if (cells[i].state != SCORE_NOT_IN_FORCE) item_line(x, b, &s->item[i], &cells[i], of);
    table_close(b);
    html_raw(b, "</section>");
}

static bool marks(struct scoring *x, struct response *r, const struct scorecard *s, struct score_subject of,
                  struct err *e)
{
    struct request *q = x->q;
    struct buf *b = &r->body;
    struct score_cell *cells;
    struct score_sum sum;
    bool mine = false;
    if (of.place && !held(q, of.place, false, &mine, e)) return false;
    if (!mine && !(of.org && scope_owns(q->scope, of.org)))
        return err_set(e, ERR_NOT_FOUND, "%s", tr(q, "These points are not for your account to see.", "该得分不在您的范围内。"));
    if (!scorecard_mark(&x->book, s, &q->seat->context, q->seat->db, of, x->when, q->arena, &cells, &sum,
                        e)) return false;
    const char *grade = scorecard_grade_text(s, &sum, q->zh, q->arena);
    page_begin(q, r, NAV_NONE, scorecard_title(s, q->zh));
    crumb_begin(q, b);
    crumb(b, page_url(q, "/scorecards"), tr(q, "Scorecards", "考核评分"));
    crumb(b, page_url(q, "/scorecards/%s", url_part(q->arena, s->code)), scorecard_title(s, q->zh));
    crumb(b, NULL, subject_name(q, of));
    crumb_end(b);
    head_begin(b, arena_printf(q->arena, tr(q, "%s: %s of %s points%s%s", "%s：%s 分（满分 %s）%s%s"), subject_name(q, of),
               points(q, sum.points), points(q, sum.full), *grade ? (q->zh ? "，" : ", ") : "", grade),
               arena_printf(q->arena, tr(q, "%s; %s points are known, %d items have none, %d are typed.",
               "%s；有据项满分 %s，%d 项未计分，%d 项人工评分。"), period_name(x), points(q, sum.known), sum.open, sum.typed));
    head_end(b);
    items_table(x, b, s, cells, of);
    if (sum.proposed)
        html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena, tr(q,
                "%d weights are proposals: no office has set them.",
             "%d 项权重为建议值，尚无单位确定。"), sum.proposed));
    page_end(q, r);
    return true;
}

/* --- ranks --- */

static bool read_ranks(struct scoring *x, const struct scorecard *s, struct score_row **rows, int *n, struct err *e)
{
    struct request *q = x->q;
    bool may = false;
    if (!held(q, x->asked.place, true, &may, e)) return false;
    if (!may)
        return err_set(e, ERR_FORBIDDEN, "%s", tr(q,
                                                  "Ranks are shown to the offices above: name a place that lies "
                                                  "wholly in "
                       "your area, or open your own points.", "排名仅供上级单位查看：请填写完全在您范围内的地区，或查看本地得分。"));
    int level = level_of(s);
    if (!scorecard_helps(s) && x->asked.place && place_level(x->asked.place) >= level)
        return err_set(e, ERR_INVALID, "%s", tr(q, "This card ranks places of another level: name a place above them.",
                       "该表评比下级地区：请填写其上级地区。"));
    return scorecard_rank(&x->book, s, &q->seat->context, q->seat->db, level, x->asked.place, x->when, q->arena,
                          rows, n, e);
}

static void rank_line(struct scoring *x, struct buf *b, const struct scorecard *s, const struct score_row *r)
{
    struct request *q = x->q;
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s%s\">%s</a></th>",
         page_url(q, "/scorecards/%s", url_part(q->arena, s->code)), subject_query(x, r->of), subject_name(q, r->of));
    table_cell(b, tr(q, "Rank", "名次"), number_text(q, r->rank, 0), true);
    html(b, "<td role=\"cell\" class=\"num\" data-l=\"%s\">%s", tr(q, "Points", "得分"), points(q, r->sum.points));
    chart_mini(b, r->sum.points, r->sum.full ? r->sum.full : 1);
    html_raw(b, "</td>");
    table_cell(b, tr(q, "Of known", "有据满分"), points(q, r->sum.known), true);
    table_cell(b, tr(q, "Full points", "满分"), points(q, r->sum.full), true);
    table_cell(b, tr(q, "Without points", "未计分"), number_text(q, r->sum.open, 0), true);
    table_cell(b, tr(q, "Grade", "等次"), scorecard_grade_text(s, &r->sum, q->zh, q->arena), false);
    html_raw(b, "</tr>");
}

static void rank_form(struct scoring *x, struct buf *b, const struct scorecard *s, const char *wrong)
{
    struct request *q = x->q;
    html(b, "<form class=\"scope-form\" method=\"get\" action=\"%s\" aria-label=\"%s\"><label "
    "class=\"grow\"><span>%s</span>"
         "<input type=\"text\" name=\"place\" value=\"%s\" placeholder=\"%s\"></label><label "
         "class=\"day\"><span>%s</span>"
         "<input type=\"text\" name=\"period\" value=\"%s\" placeholder=\"2020\"></label><button class=\"btn sm\" "
         "type=\"submit\">%s</button>",
         page_url(q, "/scorecards/%s", url_part(q->arena, s->code)), tr(q, "Where and when", "地区与时间"), tr(q,
                 "Inside", "地区"),
         request_param(q, "place"), tr(q, "All places", "全部地区"), tr(q, "Period", "时期"), request_param(q, "period"),
         tr(q, "Show", "查看"));
    if (wrong) html(b, "<p class=\"emsg\" role=\"alert\">%s</p>", wrong);
    html_raw(b, "</form>");
}

static void ranks_table(struct scoring *x, struct buf *b, const struct scorecard *s, const struct score_row *rows,
                        int n)
{
    struct request *q = x->q;
    static const struct { const char *en, *zh; } heads[] = { { "Rank", "名次" }, { "Points", "得分" }, { "Of known",
            "有据满分" },
        { "Full points", "满分" }, { "Without points", "未计分" } };
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s%s\">CSV</a></header>", tr(q, "Ranks", "排名"),
         page_url(q, "/scorecards/%s/table.csv", url_part(q->arena, s->code)), page_query(q, NULL, NULL));
    if (!n) empty_note(b, tr(q, "Nothing that this card looks at is recorded in the period.", "本期无该表所评记录。"));
    if (n) {
        table_open(b, tr(q, "Ranks", "排名"), "stack");
        table_head(b, scorecard_helps(s) ? tr(q, "Helper", "帮扶单位") : tr(q, "Place", "地区"), false);
        for (int i = 0; i < COUNT(heads); i++) table_head(b, tr(q, heads[i].en, heads[i].zh), true);
        table_head(b, tr(q, "Grade", "等次"), false);
        table_body(b);
        for (int i = 0; i < n && i < RANKED; i++) rank_line(x, b, s, &rows[i]);
        table_close(b);
    }
    if (n > RANKED) html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena, tr(q, "and %d more in the CSV",
            "另有 %d 个，见 CSV"), n - RANKED));
    html_raw(b, "</section>");
}

/* Whom the address names: an organisation, or a place of the card's own level; else ranks are asked for. */
static struct score_subject subject_of(const struct scoring *x, const struct scorecard *s)
{
    if (scorecard_helps(s)) return (struct score_subject){ x->asked.org ? x->asked.place : 0, x->asked.org };
    bool own = x->asked.place && place_level(x->asked.place) == level_of(s);
    return (struct score_subject){ own ? x->asked.place : 0, 0 };
}

void scorecard_page(struct request *q, struct response *r)
{
    struct scoring x;
    struct err e = { .code = ERR_NONE };
    struct score_row *rows = NULL;
    struct buf *b = &r->body;
    int n = 0;
    const struct scorecard *s = open_card(q, r, &x);
    if (!s) return;
    struct score_subject of = subject_of(&x, s);
    if (of.place || of.org) {
        if (!marks(&x, r, s, of, &e)) page_fail(q, r, &e);
        return;
    }
    bool good = read_ranks(&x, s, &rows, &n, &e);
    if (!good && e.code != ERR_FORBIDDEN && e.code != ERR_INVALID) {
        page_fail(q, r, &e);
        return;
    }
    page_begin(q, r, NAV_NONE, scorecard_title(s, q->zh));
    crumb_begin(q, b);
    crumb(b, page_url(q, "/scorecards"), tr(q, "Scorecards", "考核评分"));
    crumb(b, NULL, s->code);
    crumb_end(b);
    head_begin(b, scorecard_title(s, q->zh), period_name(&x));
    head_end(b);
    rank_form(&x, b, s, good ? NULL : e.message);
    if (good) ranks_table(&x, b, s, rows, n);
    page_end(q, r);
}

void scorecard_csv(struct request *q, struct response *r)
{
    static const char *const heads[] = { "rank", "place", "name", "points", "known", "full", "without_points",
                                         "typed", "grade" };
    struct scoring x;
    struct err e = { .code = ERR_NONE };
    struct score_row *rows = NULL;
    int n = 0;
    const struct scorecard *s = open_card(q, r, &x);
    if (!s) return;
    if (!read_ranks(&x, s, &rows, &n, &e)) {
        page_fail(q, r, &e);
        return;
    }
    csv_answer(r, arena_printf(q->arena, "%s.csv", url_part(q->arena, s->code)), heads, COUNT(heads));
    for (int i = 0; i < n; i++) {
        const struct score_sum *m = &rows[i].sum;
        const char *const cells[] = { arena_printf(q->arena, "%d", rows[i].rank),
            rows[i].of.place ? arena_printf(q->arena, "%012lld", (long long)rows[i].of.place) : "", subject_name(q,
                    rows[i].of),
            yuan_text(q, m->points), yuan_text(q, m->known), yuan_text(q, m->full), arena_printf(q->arena, "%d",
                    m->open),
            arena_printf(q->arena, "%d", m->typed), scorecard_grade_text(s, m, q->zh, q->arena) };
        csv_put(r, cells, COUNT(cells));
    }
}
