/* Helpers: who helps, and what one of them promised, gave, bought, posted, and with whom it is paired. */
#include "pages/register.h"
#include "pages/timeline.h"

#include "base/date.h"

static bool figures_panel(struct face_view *v, struct err *e)
{
    static const char *const names[] = { "aid_agreed", "aid_allocated", "aid_received", "aid_paid", "social_aid",
                                         "goods_given",
        "purchases", "jobs", "postings", "trainees", "projects", "visits" };
    struct asked s = { .org = v->id, .from = DATE_MIN, .to = DATE_MAX };
    int shown = 0;
    s.org_text = ref_text(v->q->seat->model, v->m, v->county, v->id, v->q->seat->db, v->q->arena);
    html(v->b, "<section class=\"panel\"><h2>%s</h2>", tr(v->q, "Committed, given, arrived", "承诺、给付与到位"));
    for (int i = 0; i < COUNT(names); i++)
        if (!face_figure(v, names[i], &s, &shown, e)) return false;
    if (shown) html_raw(v->b, "</dl>");
    else empty_note(v->b, tr(v->q, "No figure of this organisation is known to you.", "没有您可查看的该单位指标。"));
    html_raw(v->b, "</section>");
    return true;
}

#define PANEL(name, spec) static bool name(struct face_view *v, struct err *e) { return face_related(v, &(spec), e); }

static const struct face_related pairs = { .rows = { .entity = "agreement", .field = "helper", .limit = 21 },
    .en = "Pairings", .zh = "结对", .fields = { "level", "place", "valid_from", "valid_to", "confirmation", NULL },
    .none_en = "No pairing is recorded.", .none_zh = "尚无结对记录。" };
static const struct face_related promises = { .rows = { .entity = "commitment", .field = "helper", .limit = 21,
    .sort = "-due_on" }, .en = "Commitments", .zh = "承诺事项", .fields = { "kind", "amount", "due_on", "state",
            "confirmation", NULL } };
static const struct face_related gifts = { .rows = { .entity = "allocation", .field = "helper", .limit = 21,
    .sort = "-valid_from" }, .en = "Money and goods given", .zh = "给付资金与物资",
    .fields = { "place", "amount", "stage", "valid_from", "confirmation", NULL } };
static const struct face_related bought = { .rows = { .entity = "purchase", .field = "helper", .limit = 21,
    .sort = "-valid_from" }, .en = "Purchases", .zh = "消费帮扶", .fields = { "place", "amount", "valid_from",
            "confirmation", NULL } };
static const struct face_related posted = { .rows = { .entity = "posting", .field = "helper", .limit = 21, .sort =
                                                      "-valid_from" },
    .en = "People posted", .zh = "选派人员", .fields = { "place", "kind", "valid_from", "valid_to", "confirmation",
                                                     NULL } };
static const struct face_related projects = { .rows = { .entity = "project", .field = "helper", .limit = 21 },
    .en = "Projects", .zh = "项目", .fields = { "kind", "place", "investment", "state", "confirmation", NULL } };
PANEL(pairs_panel, pairs)
PANEL(promises_panel, promises)
PANEL(gifts_panel, gifts)
PANEL(bought_panel, bought)
PANEL(posted_panel, posted)
PANEL(projects_panel, projects)

static bool card_panel(struct face_view *v, struct err *e)
{
    static const char *const fields[] = { "code", "kind", "parent", "place", "name_zh", "name_en" };
    (void)e;
    html(v->b, "<section class=\"panel\"><h2>%s</h2><dl class=\"record\">", tr(v->q, "The organisation", "单位"));
    for (int i = 0; i < COUNT(fields); i++) fact(v->q, v->b, v->m, fields[i], v->row);
    html_raw(v->b, "</dl></section>");
    return true;
}

static void acts(struct face_view *v)
{
    struct request *q = v->q;
    const char *code = ref_text(q->seat->model, v->m, v->county, v->id, q->seat->db, q->arena);
    if (who_open(WHO_SIGNED_IN, q->user))
        html(v->b, "<a class=\"btn\" href=\"%s?org=%s\">%s</a>", page_url(q, "/reports"), url_part(q->arena, code),
             tr(q, "Reports", "报告"));
}

static face_panel *const wide[] = { pairs_panel, promises_panel, gifts_panel, projects_panel, bought_panel,
                                    posted_panel, NULL };
static face_panel *const side[] = { figures_panel, card_panel, NULL };
const struct face helper_face = { .entity = "organisation", .path = "/helpers", .list_en = "Organisations",
                                  .list_zh = "单位",
    .en = "The organisation's page", .zh = "单位页", .nav = NAV_NONE, .acts = acts, .wide = wide, .side = side };

void helper_page(struct request *q, struct response *r)
{
    face_show(q, r, &helper_face);
}

struct counting { int n; };

static bool count_one(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    (void)m, (void)row, (void)e;
    ((struct counting *)arg)->n++;
    return true;
}

static bool pairings_of(struct request *q, struct buf *b, const struct table_map *m, const struct val *row,
                        struct err *e)
{
    struct face_view v = { .q = q, .b = b, .m = m, .row = row, .county = row[ROW_COUNTY].i, .id = row[ROW_ID].i };
    const struct face_rows rows = { .entity = "agreement", .field = "helper", .limit = 100 };
    struct counting c = { 0 };
    if (!face_list(&v, &rows, count_one, &c, e)) return false;
    html(b, "%s%s", c.n ? number_text(q, c.n, 0) : "–", c.n == 100 ? "+" : "");
    return true;
}

void helpers_page(struct request *q, struct response *r)
{
    static const struct register_spec s = { .face = &helper_face, .title_en = "Helpers and other organisations",
        .title_zh = "帮扶单位与其他单位", .lede_en =
            "A row opens what the organisation promised, gave, bought and posted, and with whom "
        "it is paired.", .lede_zh = "点开可见该单位的承诺、给付、采购、选派人员及结对对象。",
        .fields = { "kind", "place", "parent", NULL }, .filters = { "kind", NULL }, .more_en = "Pairings", .more_zh =
            "结对数",
        .more = pairings_of, .none_en = "No organisation yet. Load organisation.csv, or type one in with “New”.",
        .none_zh = "还没有单位。可载入 organisation.csv，或点“新增”。" };
    register_page(q, r, &s);
}
