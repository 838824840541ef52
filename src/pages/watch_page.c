/* Supervision: what is listed, what has no helper or several, whose term is over, which households were
 * called on. Places and organisations outside of what the account sees are left out, one by one. What is read
 * household by household is shown for one county; of more the page shows what is kept, and the way there. */
#include "pages/watch.h"

#include <string.h>

#include "base/date.h"
#include "programme/watch/find.h"

enum { SHOWN = 200 };

static bool held(struct request *q, int64_t place, int64_t org)
{
    struct place_range own = place_own_range(place);
    return q->scope->everywhere || (place && scope_holds(q->scope, &own, 1)) || (org && scope_owns(q->scope, org));
}

static void place_head(struct request *q, struct buf *b, int64_t place)
{
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">");
    if (place) html(b, "<a href=\"%s\">%s</a>", page_url(q, "/places/%012lld", (long long)place),
        place_name(q, place));
    else html(b, "%s", tr(q, "not known", "不明"));
    html_raw(b, "</th>");
}

/* --- listed places --- */

struct listed { struct request *q; struct buf *b; int n; };

static bool listed_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    static const struct { int field; const char *en, *zh; } cells[] = { { LISTING_KIND, "Listed as", "挂牌类别" },
        { LISTING_REASON, "Why", "原因" }, { LISTING_HELPER, "Helper", "帮扶单位" },
        { LISTING_ORGANISER, "Organiser", "组织单位" } };
    struct listed *x = arg;
    struct request *q = x->q;
    (void)e;
    x->n++;
    html(x->b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a></th>",
         record_url(q, m, row[ROW_COUNTY].i, row[ROW_ID].i),
         row[m->column[LISTING_PLACE]].type == VAL_INT ? place_name(q, row[m->column[LISTING_PLACE]].i)
                                                       : row_title(q, m, row));
    for (int i = 0; i < COUNT(cells); i++) {
        html(x->b, "<td role=\"cell\" data-l=\"%s\">", tr(q, cells[i].en, cells[i].zh));
        cell_write(q, x->b, m, cells[i].field, row);
        html_raw(x->b, "</td>");
    }
    html_raw(x->b, "</tr>");
    return true;
}

static bool listed_panel(struct request *q, struct buf *b, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, "listing");
    struct list_query some = { .limit = SHOWN };
    struct listed x = { .q = q, .b = b };
    if (!m || !scope_kind(q->scope, m)) return true;
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s\">%s</a></header>", tr(q,
        "Listed places", "挂牌地区"),
         page_url(q, "/records/listing"), tr(q, "All", "全部"));
    table_open(b, tr(q, "Listed places", "挂牌地区"), "stack");
    table_head(b, tr(q, "Place", "地区"), false);
    table_head(b, tr(q, "Listed as", "挂牌类别"), false);
    table_head(b, tr(q, "Why", "原因"), false);
    table_head(b, tr(q, "Helper", "帮扶单位"), false);
    table_head(b, tr(q, "Organiser", "组织单位"), false);
    table_body(b);
    bool ok = list_rows(q->seat->model, q->seat->rows, q->scope, m, &some, listed_row, &x, e);
    table_close(b);
    if (!x.n) empty_note(b, tr(q, "No place is listed.", "没有挂牌地区。"));
    html_raw(b, "</section>");
    return ok;
}

/* --- gaps --- */

struct gaps { struct request *q; struct buf *b; int shown, more; bool rest; };

static bool gap_row(void *arg, const struct watch_gap *g, struct err *e)
{
    static const struct { const char *en, *zh, *class; } words[] = {
        [GAP_LISTED] = { "listed, and no helper", "已挂牌，无帮扶单位", "err" },
        [GAP_HELPED] = { "on the roster, and no agreement", "在名册，无协议", "err" },
        [GAP_HOUSEHOLDS] = { "households without helper or measure", "无责任人且无措施的户", "err" },
        [GAP_NOT_NAMED] = { "several places, not named: cannot be told",
            "多个地区未列名，无法判断", "warn" },
        [GAP_TERM] = { "the term is over and not renewed", "协议到期未续", "warn" },
        [GAP_DOUBLE] = { "several enterprises for one village", "一村多企", "warn" },
        [GAP_MANY] = { "several helpers", "多对一", "" } };
    struct gaps *x = arg;
    struct request *q = x->q;
    (void)e;
    if (!held(q, g->place, g->org)) return true;
    if (g->kind == GAP_HOUSEHOLDS && !scope_reads(q->scope, ACCESS_PEOPLE)) return true;
    if (x->shown == SHOWN) return x->more++, true;
    x->shown++;
    place_head(q, x->b, g->place);
    html(x->b, "<td role=\"cell\" data-l=\"%s\"><span class=\"tag %s\">%s</span></td>", tr(q, "What", "事项"),
         words[g->kind].class, tr(q, words[g->kind].en, words[g->kind].zh));
    table_cell(x->b, tr(q, "Record", "记录"), g->code && *g->code ? g->code : "–", false);
    table_cell(x->b, tr(q, "Helper", "帮扶单位"), g->org ? org_title(q, g->org) : "–", false);
    table_cell(x->b, tr(q, "Number", "数量"), g->count ? number_text(q, g->count, 0) : "–", true);
    table_cell(x->b, tr(q, "Since", "自"), g->since == DATE_MIN ? "–" : date_text(q, g->since, true), false);
    html_raw(x->b, "</tr>");
    return true;
}

/* Province by province, until as many are found as are shown. Households are read one by one for a county alone. */
static bool seek_gaps(struct gaps *x, const struct watch *w, struct err *e)
{
    enum { PROVINCE = 10000, NATION = 1000000 };
    struct watch part = *w;
    if (place_level(w->place) >= 3) return watch_gaps(w, gap_row, x, e);
    for (part.lo = 0; part.lo < NATION; part.lo += PROVINCE) {
        part.hi = part.lo + PROVINCE - 1;
        if (part.hi < w->lo || part.lo > w->hi) continue;
        if (x->shown == SHOWN) return x->rest = true;
        if (!watch_gaps_of_places(&part, gap_row, x, e)) return false;
    }
    return true;
}

static bool gaps_panel(struct request *q, struct buf *b, const struct watch *w, struct err *e)
{
    struct gaps x = { .q = q, .b = b };
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Gaps and doubles", "缺口与重复"));
    table_open(b, tr(q, "Gaps and doubles", "缺口与重复"), "stack");
    table_head(b, tr(q, "Place", "地区"), false);
    table_head(b, tr(q, "What", "事项"), false);
    table_head(b, tr(q, "Record", "记录"), false);
    table_head(b, tr(q, "Helper", "帮扶单位"), false);
    table_head(b, tr(q, "Number", "数量"), true);
    table_head(b, tr(q, "Since", "自"), false);
    table_body(b);
    bool ok = seek_gaps(&x, w, e);
    table_close(b);
    if (!x.shown) empty_note(b, tr(q, "Nothing is missing, doubled or over.",
        "没有缺口、重复或到期事项。"));
    if (x.rest) html(b, "<p class=\"note\">%s</p>", tr(q, "There are more: choose a place.", "还有更多，请选择地区查看。"));
    else if (x.more) html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena, tr(q, "and %d more",
        "另有 %d 项"), x.more));
    if (place_level(w->place) < 3)
        html(b, "<p class=\"note\">%s</p>", tr(q, "Households without a helper or a measure are told for one county.",
             "无责任人且无措施的户按县查看。"));
    html_raw(b, "</section>");
    return ok;
}

/* --- households called on --- */

static int64_t count_at(const struct rows *r, int64_t place)
{
    int64_t sum = 0;
    for (int i = 0; i < r->n; i++)
        if (row_int(r->row[i][0]) == place) sum += row_int(r->row[i][1]);
    return sum;
}

struct covering { struct request *q; struct buf *b; const struct rows *seen; const struct watch *w; int shown; };

/* Of a village how many were called on and left out; of anything larger the way there. */
static bool covered_row(void *arg, const struct figure_value *v, struct err *e)
{
    struct covering *x = arg;
    struct request *q = x->q;
    struct buf *b = x->b;
    (void)e;
    if (!v->known || !v->value || !held(q, v->place, 0)) return true;
    x->shown++;
    if (!x->seen) {
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s?place=%012lld\">%s</a></th>",
             page_url(q, "/watch"), (long long)v->place, place_name(q, v->place));
        table_cell(b, tr(q, "Households", "户数"), number_text(q, v->value, 0), true);
        html_raw(b, "</tr>");
        return true;
    }
    int64_t called = count_at(x->seen, v->place);
    place_head(q, b, v->place);
    table_cell(b, tr(q, "Households", "户数"), number_text(q, v->value, 0), true);
    html(b, "<td role=\"cell\" class=\"num\" data-l=\"%s\">%s", tr(q, "Called on", "已走访"), number_text(q, called, 0));
    chart_mini(b, called, v->value);
    html_raw(b, "</td>");
    table_cell(b, tr(q, "Left out", "未走访"), number_text(q, v->value - called, 0), true);
    html_raw(b, "</tr>");
    return true;
}

/* How many there are is kept; who was called on is read for one county. */
static bool coverage_panel(struct request *q, struct buf *b, const struct watch *w, struct err *e)
{
    const int level = place_level(w->place);
    const bool villages = level >= 3;
    struct rows seen;
    struct val period[2] = { val_int(DATE_MIN), val_int(w->on) };
    struct covering x = { q, b, villages ? &seen : NULL, w, 0 };
    struct figure_query query = { .name = "households_ever", .place = w->place, .from = DATE_MIN, .to = w->on,
                                  .by = villages ? 5 : level + 1, .whole = !w->place };
    if (!scope_reads(q->scope, ACCESS_PEOPLE) || !figures_find(q->seat->context.figures, query.name)) return true;
    if (villages && !watch_read_inside(w, WATCH_CALLED_ON, period, 2, &seen, e)) return false;
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Households called on", "入户走访覆盖"));
    table_open(b, tr(q, "Households called on", "入户走访覆盖"), "stack");
    table_head(b, tr(q, "Place", "地区"), false);
    table_head(b, tr(q, "Households", "户数"), true);
    if (villages) {
        table_head(b, tr(q, "Called on", "已走访"), true);
        table_head(b, tr(q, "Left out", "未走访"), true);
    }
    table_body(b);
    bool ok = figure_read_by(&q->seat->context, q->seat->db, q->scope, &query, covered_row, &x, e);
    table_close(b);
    if (!x.shown) empty_note(b, tr(q, "No household of your places is recorded.",
        "您的地区没有登记的农户。"));
    else if (!villages)
        html(b, "<p class=\"note\">%s</p>", tr(q, "Who was called on is told for one county.", "走访情况按县查看。"));
    html_raw(b, "</section>");
    return ok;
}

static void place_form(struct request *q, struct buf *b, const char *wrong)
{
    html(b, "<form method=\"get\" action=\"%s\" aria-label=\"%s\"><div class=\"tools after\"><label class=\"sel\">"
         "<span>%s</span><input type=\"text\" name=\"place\" value=\"%s\" placeholder=\"%s\"></label>"
         "<button class=\"btn sm\" type=\"submit\">%s</button></div>", page_url(q, "/watch"), tr(q, "Filter", "筛选"),
         tr(q, "Place", "地区"), request_param(q, "place"), tr(q, "All places", "全部地区"), tr(q, "Show", "查看"));
    if (wrong) html(b, "<p class=\"emsg\" role=\"alert\">%s</p>", wrong);
    html_raw(b, "</form>");
}

void watch_page(struct request *q, struct response *r)
{
    struct watch w = { .d = q->seat->db, .model = q->seat->model, .parties = q->seat->context.parties, .a = q->arena,
                       .on = q->today, .place = q->scope->place };
    struct err e = { .code = ERR_NONE }, wrong = { .code = ERR_NONE };
    struct buf *b = &r->body;
    const char *place = request_param(q, "place");
    const struct places *p = q->seat->model->places;
    bool good = !place || !*place || p->resolve(p->arg, q->seat->db, place, strlen(place), &w.place, &wrong);
    if (!good) r->status = 400;
    page_begin(q, r, NAV_NONE, tr(q, "Supervision", "督战"));
    head_begin(b, tr(q, "Supervision", "督战"), tr(q,
        "What is listed, what has no helper or several, whose term is over, who "
               "was called on.", "挂牌地区、无人帮扶与重复帮扶、到期协议、入户走访。"));
    head_end(b);
    place_form(q, b, good ? NULL : wrong.message);
    bool ok = watch_begin(&w, &e) && findings_panel(q, b, &e) && gaps_panel(q, b, &w, &e) && listed_panel(q, b, &e) &&
              coverage_panel(q, b, &w, &e) && answers_panel(q, b, &w, &e) && burden_panel(q, b, &w, &e);
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}
