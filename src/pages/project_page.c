/* Batches and projects: the money that was meant, the money that came, the stages, what was built and whom it
 * serves. */
#include "pages/register.h"
#include "pages/timeline.h"

#include <string.h>

#include "base/date.h"
#include "programme/money/trace.h"

#define PANEL(name, spec) static bool name(struct face_view *v, struct err *e) { return face_related(v, &(spec), e); }

/* --- budget against money --- */

struct adding { const char *field; int64_t sum; int rows, unknown; };

static bool add_amount(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct adding *x = arg;
    struct val v = row_at(m, row, x->field);
    (void)e;
    x->rows++;
    if (v.type == VAL_INT) x->sum += v.i;
    else x->unknown++;
    return true;
}

static bool add_received(void *arg, const struct received *x, struct err *e)
{
    struct adding *a = arg;
    (void)e;
    a->rows++;
    a->sum += x->amount;
    return true;
}

static void money_line(struct request *q, struct buf *b, const char *label, const struct adding *x)
{
    if (!x->rows) return;
    html(b, "<dt>%s</dt><dd>%s%s</dd>", label, x->unknown ? "≥ " : "", money_text(q, x->sum, false));
}

/* What was planned, and of it what the records say was handed down and what the ledger says came in. */
static bool money_panel(struct face_view *v, const char *planned, const char *field, bool ledger, struct err *e)
{
    struct request *q = v->q;
    struct val plan = row_at(v->m, v->row, planned);
    const struct face_rows rows = { .entity = "allocation", .field = field };
    struct adding given = { .field = "amount" }, came = { 0 };
    if (!face_list(v, &rows, add_amount, &given, e)) return false;
    if (ledger && scope_reads(q->scope, ACCESS_MONEY) &&
        !ledger_received(q->seat->rows, TRACE_PROJECT, v->county, v->id, 1000, add_received, &came, e))
        return false;
    html(v->b, "<section class=\"panel\"><h2>%s</h2><dl class=\"facts rows\">", tr(q, "Budget and money", "预算与资金"));
    html(v->b, "<dt>%s</dt><dd>%s</dd>", tr(q, "Planned", "计划"), plan.type == VAL_INT ? money_text(q, plan.i, false)
         : tr(q, "unknown", "未知"));
    money_line(q, v->b, tr(q, "Handed down", "下达"), &given);
    money_line(q, v->b, tr(q, "Came into its accounts", "账户收款"), &came);
    html_raw(v->b, "</dl>");
    if (plan.type == VAL_INT && plan.i > 0 && (given.rows || came.rows)) {
        int64_t most = given.sum > came.sum ? given.sum : came.sum;
        chart_mini(v->b, most < plan.i ? most : plan.i, plan.i);
        if (most > plan.i) html(v->b, "<p class=\"note\"><span class=\"tag err\">%s</span></p>", tr(q,
                "more than planned", "超出计划"));
    }
    html_raw(v->b, "</section>");
    return true;
}

/* --- a batch --- */

static bool batch_money(struct face_view *v, struct err *e)
{
    return money_panel(v, "amount", "batch", false, e);
}

static const struct face_related batch_given = { .rows = { .entity = "allocation", .field = "batch", .limit = 101 },
    .en = "Where it went", .zh = "资金去向", .fields = { "place", "project", "amount", "stage", "confirmation", NULL },
    .none_en = "Nothing was handed down from it yet.", .none_zh = "尚未下达。" };
static const struct face_related batch_moves = { .rows = { .entity = "transfer", .field = "batch", .limit = 101 },
    .en = "Transfers of the ledger", .zh = "账本流转", .fields = { "payer", "receiver", "amount", "valid_from", NULL } };
PANEL(batch_given_panel, batch_given)
PANEL(batch_moves_panel, batch_moves)

static bool batch_card(struct face_view *v, struct err *e)
{
    static const char *const fields[] = { "code", "fund_line", "helper", "place", "amount", "commitment", "state",
                                          "valid_from",
        "confirmation", "source" };
    (void)e;
    html(v->b, "<section class=\"panel\"><h2>%s</h2><dl class=\"record\">", tr(v->q, "The batch", "批次"));
    for (int i = 0; i < COUNT(fields); i++) fact(v->q, v->b, v->m, fields[i], v->row);
    html_raw(v->b, "</dl></section>");
    return true;
}

static bool batch_receipt(struct face_view *v, struct err *e)
{
    return receipt_panel(v->q, v->b, v->m, v->row, e);
}

static face_panel *const batch_wide[] = { batch_given_panel, batch_moves_panel, NULL };
static face_panel *const batch_side[] = { batch_money, batch_card, batch_receipt, NULL };
const struct face batch_face = { .entity = "batch", .path = "/batches", .list_en = "Batches", .list_zh = "批次",
    .en = "The batch's page", .zh = "批次页", .nav = NAV_FLOW, .wide = batch_wide, .side = batch_side };

void batch_page(struct request *q, struct response *r)
{
    face_show(q, r, &batch_face);
}

void batches_page(struct request *q, struct response *r)
{
    static const struct register_spec s = { .face = &batch_face, .title_en = "Batches", .title_zh = "资金批次",
        .lede_en = "Money as it was handed over at once; a row opens where it went.", .lede_zh = "按批次下达的资金；点开可见去向。",
        .fields = { "helper", "place", "amount", "state", "valid_from", "confirmation", NULL }, .filters = { "state",
                "confirmation", NULL },
        .none_en = "No batch yet. Load batch.csv, or type one in with “New”.", .none_zh =
            "还没有批次。可载入 batch.csv，或点“新增”。" };
    register_page(q, r, &s);
}

/* --- a project --- */

static bool project_money(struct face_view *v, struct err *e)
{
    return money_panel(v, "investment", "project", true, e);
}

static const struct face_related stages = { .rows = { .entity = "project_stage", .field = "project", .limit = 51,
                                                      .sort = "valid_from" },
    .en = "Stages", .zh = "阶段", .title = "stage", .fields = { "result", "percent_done", "amount", "valid_from",
                                                              "organisation", NULL },
    .none_en = "No stage is recorded.", .none_zh = "尚未登记阶段。" };
static const struct face_related outputs = { .rows = { .entity = "output", .field = "project", .limit = 51 },
    .en = "What came of it", .zh = "建设成果", .fields = { "kind", "measure", "unit", "state", "confirmation", NULL } };
static const struct face_related serves = { .rows = { .entity = "benefit_link", .field = "project", .limit = 51 },
    .en = "Who benefits", .zh = "受益对象", .fields = { "kind", "households", "persons", "yearly_income", "confirmation",
                                                    NULL },
    .none_en = "Nobody who benefits is recorded.", .none_zh = "尚未登记受益对象。" };
static const struct face_related assets = { .rows = { .entity = "asset", .field = "project", .limit = 51 },
    .en = "Assets", .zh = "形成资产", .fields = { "kind", "owner", "state", NULL } };
static const struct face_related paid = { .rows = { .entity = "allocation", .field = "project", .limit = 51, .sort =
                                                    "-valid_from" },
    .en = "Money handed down", .zh = "下达资金", .fields = { "batch", "amount", "stage", "valid_from", "confirmation",
                                                         NULL } };
PANEL(stages_panel, stages)
PANEL(outputs_panel, outputs)
PANEL(serves_panel, serves)
PANEL(assets_panel, assets)
PANEL(paid_panel, paid)

static bool project_card(struct face_view *v, struct err *e)
{
    static const char *const fields[] = { "code", "kind", "place", "helper", "partner", "agreement", "investment",
                                          "helper_money",
        "households", "persons", "state", "finished_from", "finished_to", "confirmation", "source" };
    (void)e;
    html(v->b, "<section class=\"panel\"><h2>%s</h2><dl class=\"record\">", tr(v->q, "The project", "项目"));
    for (int i = 0; i < COUNT(fields); i++) fact(v->q, v->b, v->m, fields[i], v->row);
    html_raw(v->b, "</dl></section>");
    return true;
}

static face_panel *const project_wide[] = { stages_panel, serves_panel, outputs_panel, paid_panel, assets_panel, NULL };
static face_panel *const project_side[] = { project_money, project_card, NULL };
const struct face project_face = { .entity = "project", .path = "/projects", .list_en = "Projects", .list_zh = "项目",
    .en = "The project's page", .zh = "项目页", .nav = NAV_NONE, .wide = project_wide, .side = project_side };

void project_page(struct request *q, struct response *r)
{
    face_show(q, r, &project_face);
}

void projects_page(struct request *q, struct response *r)
{
    static const struct register_spec s = { .face = &project_face, .title_en = "Projects", .title_zh = "项目",
        .lede_en = "A row opens the project: stages, budget against money, what was built and whom it serves.",
        .lede_zh = "点开可见阶段、预算与资金、建设成果和受益对象。",
        .fields = { "kind", "place", "helper", "investment", "state", "confirmation", NULL },
        .filters = { "kind", "state", "confirmation", NULL },
        .none_en = "No project yet. Load project.csv, or type one in with “New”.", .none_zh =
            "还没有项目。可载入 project.csv，或点“新增”。" };
    register_page(q, r, &s);
}

/* --- the list of the money trail --- */

static const struct face transfer_list = { .entity = "transfer", .path = "/flow/transfers", .nav = NAV_FLOW };

/* Half of a leg that crosses a county's border: the other half, in the county it goes to, names the account. */
static const char *in_transit(struct request *q, const struct table_map *m, const char *field, const struct val *row)
{
    struct val kind = row_at(m, row, "to_kind");
    return strcmp(field, "receiver") == 0 && val_equal(kind, val_text("transit"))
        ? tr(q, "in transit to another county", "在途，转往他县") : NULL;
}

void transfers_page(struct request *q, struct response *r)
{
    static const struct register_spec s = { .face = &transfer_list, .title_en = "Transfers", .title_zh = "资金流转明细",
        .lede_en = "Each leg of the ledger as it was posted; corrections are legs of their own.",
        .lede_zh = "账本逐笔分录；更正另列分录。",
        .fields = { "valid_from", "kind", "payer", "receiver", "earmark", "amount", NULL }, .filters = { "kind",
                "earmark", NULL }, .blank = in_transit,
        .none_en = "No money is in the ledger yet: post transfers with `jiedui money post FILE`.",
        .none_zh = "账本中还没有资金：请用 jiedui money post 记账。" };
    register_page(q, r, &s);
}
