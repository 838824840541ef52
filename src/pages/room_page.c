/* Landings of rooms whose work is done in lists: what waits there, how much there is, and where it leads. */
#include "pages/parts.h"

#include <string.h>

enum { MOST = 200, ROWS = 8 };

/* waits: rows that still want something; NULL = the kind as a whole. */
struct row { const char *entity, *where, *en, *zh; bool waits; };
struct room_spec {
    const char *name, *en, *zh, *lede_en, *lede_zh;
    struct row row[ROWS];
};
static const struct room_spec rooms[] = {
    { "labour", "Labour", "就业", "Seekers, vacancies and what became of them; matches are made with `jiedui match "
    "labour`.",
      "求职人、岗位及其结果；匹配用 jiedui match labour。",
      { { "vacancy", "not known(valid_to)", "Vacancies that are open", "在招岗位", true },
        { "job_match", "not known(result)", "Matches without a result", "待反馈匹配", true },
        { "placement", "confirmation = \"one_sided\"", "Placements the other side has not confirmed", "待确认就业", true },
        { "seeker", NULL, "Seekers", "求职人", false }, { "placement", NULL, "Placements", "就业安置", false },
        { "follow_up", NULL, "Follow-ups", "回访", false }, { "trip", NULL, "Labour trips", "劳务输送", false } } },
    { "market", "Market", "产销", "Lots on offer, what buyers ask for, what was bought and delivered.",
      "在售产品、采购需求、采购与交付。",
      { { "produce_lot", "not known(withdrawn_on)", "Lots on offer", "在售批次", true },
        { "produce_match", "not known(result)", "Matches without a result", "待反馈匹配", true },
        { "purchase", "confirmation = \"one_sided\"", "Purchases the other side has not confirmed", "待确认采购", true },
        { "demand", NULL, "Demands", "采购需求", false }, { "purchase", NULL, "Purchases", "采购", false },
        { "delivery", NULL, "Deliveries", "交付", false }, { "channel", NULL, "Sales channels", "销售渠道", false } } },
    { "talent", "Talent", "人才", "Who is posted where, who hands over to whom, who was taught.", "选派、交接与培训。",
      { { "posting", "not known(valid_to)", "Postings without an end", "在岗选派", true },
        { "posting", "confirmation = \"one_sided\"", "Postings the other side has not confirmed", "待确认选派", true },
        { "handover", "not known(successor)", "Hand-overs without a successor", "待落实接任", true },
        { "posting", NULL, "Postings", "选派人员", false }, { "course", NULL, "Courses", "培训班", false },
        { "student_aid", NULL, "Aid for students", "助学", false }, { "recruitment", NULL, "Recruitments", "引进人才",
                false } } },
    { "matching", "Matching", "供需对接", "Needs of the helped side and offers of the helping side, and what was agreed "
    "between them.",
      "受援方需求、帮扶方供给及对接情况。",
      { { "need", "not known(met_on)", "Needs that are open", "未满足需求", true },
        { "docking", "state = \"proposed\"", "Proposed, not agreed", "拟对接", true },
        { "docking", "state = \"agreed\"", "Agreed, not delivered", "已商定待落实", true },
        { "need", NULL, "Needs", "需求", false }, { "offer", NULL, "Offers", "供给", false },
        { "docking", NULL, "Dockings", "对接", false } } },
};

static bool count_one(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    (void)m, (void)row, (void)e;
    ++*(int *)arg;
    return true;
}

static bool row_line(struct request *q, struct buf *b, const struct row *x, int *shown, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, x->entity);
    struct list_query query = { .where = x->where, .limit = MOST + 1 };
    int n = 0;
    if (!m || !scope_kind(q->scope, m)) return true;
    if (!list_rows(q->seat->model, q->seat->rows, q->scope, m, &query, count_one, &n, e)) return false;
    if (!(*shown)++) html_raw(b, "<dl class=\"facts rows\">");
    html(b, "<dt><a href=\"%s%s%s\">%s</a></dt><dd>%s%s</dd>", page_url(q, "/records/%s", x->entity),
         x->where ? "?where=" : "",
         x->where ? url_part(q->arena, x->where) : "", tr(q, x->en, x->zh), number_text(q, n > MOST ? MOST : n, 0),
             n > MOST ? "+" : "");
    return true;
}

static bool rows_panel(struct request *q, struct buf *b, const struct room_spec *s, bool waits, struct err *e)
{
    int shown = 0;
    html(b, "<section class=\"panel c6\"><h2>%s</h2>", waits ? tr(q, "What waits", "待处理") : tr(q, "What there is",
            "已有记录"));
    for (int i = 0; i < ROWS && s->row[i].entity; i++)
        if (s->row[i].waits == waits && !row_line(q, b, &s->row[i], &shown, e)) return false;
    if (shown) html_raw(b, "</dl>");
    else empty_note(b, tr(q, "Nothing here is open to your account.", "此处没有您可查看的内容。"));
    html_raw(b, "</section>");
    return true;
}

void room_page(struct request *q, struct response *r)
{
    const struct room_spec *s = NULL;
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    for (int i = 0; i < COUNT(rooms); i++)
        if (!strcmp(rooms[i].name, q->capture[0])) s = &rooms[i];
    if (!s) {
        page_error(q, r, 404, tr(q, "There is no such page.", "没有这个页面。"));
        return;
    }
    page_begin(q, r, NAV_NONE, tr(q, s->en, s->zh));
    head_begin(b, tr(q, s->en, s->zh), tr(q, s->lede_en, s->lede_zh));
    head_end(b);
    html_raw(b, "<div class=\"grid\">");
    bool ok = rows_panel(q, b, s, true, &e) && rows_panel(q, b, s, false, &e);
    html_raw(b, "</div>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}
