/* Households: the register, and one household: its members, what happened to it by year, what it earned,
 * who helps it and when the next visit is due. Names and numbers of people stay masked here; who needs
 * one asks for it on the person's own record. */
#include "pages/register.h"
#include "pages/timeline.h"

#include <string.h>

#include "base/date.h"
#include "programme/household/income.h"
#include "programme/money/trace.h"
#include "programme/watch/find.h"

enum { WIDE = 730, NARROW = 358 };

/* --- members --- */

static const struct face_related members = {
    .rows = { .entity = "person", .field = "household", .limit = 31, .sort = "relation" },
    .en = "Members", .zh = "家庭成员", .title = "relation",
    .fields = { "name", "sex", "health", "labour_ability", "work_months", NULL },
    .none_en = "No member is recorded.", .none_zh = "尚未登记成员。" };

static bool members_panel(struct face_view *v, struct err *e)
{
    return face_related(v, &members, e);
}

/* --- income by year --- */

struct earning { struct request *q; struct income_years years; };

static bool take_income(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct earning *x = arg;
    struct val day = row_at(m, row, "valid_from"), amount = row_at(m, row, "amount"), kind = row_at(m, row, "kind");
    (void)e;
    if (row[ROW_DRAFT].i || day.type != VAL_INT || amount.type != VAL_INT || kind.type != VAL_TEXT) return true;
    income_add(&x->years, (int32_t)day.i, arena_strndup(x->q->arena, kind.p, kind.n), amount.i);
    return true;
}

static void income_chart(struct face_view *v, const struct income_years *y)
{
    struct request *q = v->q;
    struct buf *b = v->b;
    int first = y->at[0].year, n = y->at[y->n - 1].year - first + 1;
    struct arena *a = q->arena;
    int64_t *value = arena_array(a, (size_t)n, sizeof *value);
    bool *known = arena_array(a, (size_t)n, sizeof *known);
    const char **text = arena_array(a, (size_t)n, sizeof *text), **label = arena_array(a, (size_t)n, sizeof *label);
    const char **url = arena_array(a, (size_t)n, sizeof *url);
    for (int i = 0; i < n; i++) label[i] = arena_printf(a, "%d", first + i), text[i] = "–";
    for (int i = 0; i < y->n; i++) {
        int at = y->at[i].year - first;
        value[at] = income_net(&y->at[i]);
        known[at] = true;
        text[at] = money_text(q, value[at], true);
        url[at] = page_url(q, "/records/income_item?f.household=%lld&place=%012lld", (long long)v->id,
                           (long long)v->place);
    }
    const struct chart_series s = { .label = tr(q, "Net income", "纯收入"), .value = value, .known = known,
                                    .text = text, .url = url };
    const char *name = tr(q, "Net income of the household by year", "该户历年纯收入");
    html_raw(b, "<figure><div class=\"wide\">");
    chart_lines(b, name, &s, 1, label, n, WIDE);
    html_raw(b, "</div><div class=\"narrow\">");
    chart_lines(b, name, &s, 1, label, n, NARROW);
    html_raw(b, "</div></figure>");
}

static void income_table(struct request *q, struct buf *b, const struct income_years *y)
{
    static const struct { const char *en, *zh; } heads[] = { { "Wages", "工资性" }, { "Business", "经营性" },
        { "Its cost", "经营支出" }, { "Property", "财产性" }, { "Transfers", "转移性" }, { "Not counted",
                "不计入" } };
    bool any[INCOME_SOURCES] = { false };
    for (int i = 0; i < y->n; i++)
        for (int k = 0; k < INCOME_SOURCES; k++) any[k] |= y->at[i].of[k] != 0;
    table_open(b, tr(q, "Income by year and source", "历年各类收入"), "stack");
    table_head(b, tr(q, "Year", "年份"), false);
    for (int k = 0; k < INCOME_SOURCES; k++)
        if (any[k]) table_head(b, tr(q, heads[k].en, heads[k].zh), true);
    table_head(b, tr(q, "Net", "纯收入"), true);
    table_body(b);
    for (int i = y->n - 1; i >= 0; i--) {
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%d</th>", y->at[i].year);
        for (int k = 0; k < INCOME_SOURCES; k++)
            if (any[k]) table_cell(b, tr(q, heads[k].en, heads[k].zh), money_text(q, y->at[i].of[k], false), true);
        table_cell(b, tr(q, "Net", "纯收入"), money_text(q, income_net(&y->at[i]), false), true);
        html_raw(b, "</tr>");
    }
    table_close(b);
}

static bool income_panel(struct face_view *v, struct err *e)
{
    struct earning x = { .q = v->q };
    const struct face_rows rows = { .entity = "income_item", .field = "household", .sort = "valid_from" };
    if (!face_list(v, &rows, take_income, &x, e)) return false;
    html(v->b, "<section class=\"panel\"><h2>%s</h2>", tr(v->q, "Net income by year", "历年纯收入"));
    if (x.years.n > 1) income_chart(v, &x.years);
    if (x.years.n) income_table(v->q, v->b, &x.years);
    else empty_note(v->b, tr(v->q, "No income is recorded.", "尚未登记收入。"));
    html_raw(v->b, "</section>");
    return true;
}

/* --- what happened --- */

static const struct timeline_source happened[] = {
    { "status_change", "household", { "changed_on", "valid_from" }, { "kind", "monitoring", "reason" }, NULL, NULL },
    { "visit", "household", { "valid_from" }, { "subject", "findings" }, NULL, "visitor" },
    { "help_measure", "household", { "valid_from" }, { "kind", "title" }, "amount", "helper" },
    { "dwelling", "household", { "moved_in_on", "valid_from" }, { "kind", "danger_level" }, "cost", NULL },
    { "outcome", "household", { "seen_on" }, { "kind", "title" }, NULL, "helper" },
    { "need", "household", { "valid_from" }, { "title" }, "amount", NULL },
    { "output", "household", { "valid_from" }, { "kind", "label" }, NULL, "helper" },
    { "loan", "household", { "valid_from" }, { "kind", "loan_state" }, "amount", "lender" },
};

/* The household's payees first: a stream is open while rows are told. */
enum { PAYEES = 8 };
struct payees { struct seen_key at[PAYEES]; int n; };

static bool keep_payee(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct payees *p = arg;
    (void)m, (void)e;
    if (p->n < PAYEES) p->at[p->n++] = (struct seen_key){ row[ROW_COUNTY].i, row[ROW_ID].i };
    return true;
}

struct receiving { struct face_view *v; struct timeline *t; };

static bool read_payments(struct face_view *v, struct timeline *t, struct err *e)
{
    static const struct timeline_source payments = { "payment", "payee", { "paid_on", "approved_on" },
        { "purpose", "period", "state" }, "amount", "organisation" };
    const struct face_rows rows = { .entity = "payee", .field = "household", .limit = PAYEES };
    struct payees p = { .n = 0 };
    bool ok = face_list(v, &rows, keep_payee, &p, e);
    for (int i = 0; ok && i < p.n; i++) {
        struct face_view payee = *v;
        payee.county = p.at[i].county;
        payee.id = p.at[i].id;
        ok = timeline_read(t, &payee, &payments, e);
    }
    return ok;
}

/* Money that came into its accounts of the ledger. */
static bool take_received(void *arg, const struct received *x, struct err *e)
{
    struct receiving *r = arg;
    struct request *q = r->v->q;
    const struct table_map *m = model_find(q->seat->model, "ledger_account");
    (void)e;
    struct timeline_event k = { .day = x->day, .kind = tr(q, "Money received", "资金到户"), .what = "",
                                .has_amount = true,
        .amount = x->amount, .who = m && !is_transit(x->payer) ? ref_title(q, m, x->county, x->payer) : "",
        .url = arena_printf(q->arena, "%s/trail", r->v->url) };
    timeline_add(r->t, q->arena, &k);
    return true;
}

static bool read_received(struct face_view *v, struct timeline *t, struct err *e)
{
    struct receiving r = { v, t };
    return !scope_reads(v->q->scope, ACCESS_MONEY) ||
           ledger_received(v->q->seat->rows, TRACE_HOUSEHOLD, v->county, v->id, TIMELINE_EACH, take_received, &r, e);
}

/* --- contacts --- */

/* Of the village's plans: how many periods were not kept, the latest of them, and the one that runs or
 * comes next. */
struct contacts { struct request *q; struct timeline_event missed, next; int n_missed; };

static bool held_by(struct request *q, const struct watch_contact *c)
{
    struct place_range own = place_own_range(c->place);
    return scope_owns(q->scope, c->org) || scope_holds(q->scope, &own, 1);
}

static bool take_contact(void *arg, const struct watch_contact *c, struct err *e)
{
    struct contacts *x = arg;
    struct request *q = x->q;
    bool late = c->period.to < q->today;
    struct timeline_event *k = late ? &x->missed : &x->next;
    (void)e;
    if (c->period.held >= c->times || !held_by(q, c)) return true;
    x->n_missed += late;
    if (k->url && (late ? c->period.to <= k->day : c->period.to >= k->day)) return true;
    *k = (struct timeline_event){ .day = c->period.to, .late = late, .due = true, .url = page_url(q, "/work"),
        .kind = late ? tr(q, "Contact missed", "未按期联系") : tr(q, "Contact due", "应联系"),
        .what = arena_strdup(q->arena, *c->title ? c->title : c->code), .who = c->org ? org_title(q, c->org) : "" };
    return true;
}

static bool read_contacts(struct face_view *v, struct contacts *x, struct err *e)
{
    struct request *q = v->q;
    struct watch w = { .d = q->seat->rows, .model = q->seat->model, .parties = q->seat->context.parties, .a = q->arena,
                       .on = q->today, .place = v->place };
    *x = (struct contacts){ .q = q };
    return !v->place || (watch_begin(&w, e) && watch_contacts(&w, take_contact, x, e));
}

static bool happened_panel(struct face_view *v, struct err *e)
{
    struct timeline t = { .n = 0 };
    struct contacts c;
    for (int i = 0; i < COUNT(happened); i++)
        if (!timeline_read(&t, v, &happened[i], e)) return false;
    if (!read_payments(v, &t, e) || !read_received(v, &t, e) || !read_contacts(v, &c, e)) return false;
    if (c.n_missed) timeline_add(&t, v->q->arena, &c.missed);
    if (c.next.url) timeline_add(&t, v->q->arena, &c.next);
    timeline_panel(v->q, v->b, &t, tr(v->q, "Nothing is recorded yet: the first visit makes a beginning.",
                                      "尚无记录，可从首次走访开始。"));
    return true;
}

/* --- beside it --- */

static bool card_panel(struct face_view *v, struct err *e)
{
    static const char *const fields[] = { "code", "attribute", "exit_attr", "members", "main_cause", "identified_on",
        "exited_on", "net_income_per_head", "data_year", "danger_level", "water_safe", "moved_to" };
    (void)e;
    html(v->b, "<section class=\"panel\"><h2>%s</h2><dl class=\"record\">", tr(v->q, "The card", "户卡"));
    for (int i = 0; i < COUNT(fields); i++) fact(v->q, v->b, v->m, fields[i], v->row);
    html_raw(v->b, "</dl></section>");
    return true;
}

struct helping { struct face_view *v; int n; };

static bool helper_line(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    static const struct { const char *field, *en, *zh; } posts[] = { { "first_secretary", "first secretary",
            "第一书记" },
        { "team_leader", "team leader", "工作队长" }, { "team_member", "team member", "工作队员" } };
    struct helping *x = arg;
    struct request *q = x->v->q;
    struct val unit = row_at(m, row, "helper_unit"), to = row_at(m, row, "valid_to");
    (void)e;
    if (!x->n++) html_raw(x->v->b, "<ul class=\"todo\">");
    html(x->v->b, "<li><a href=\"%s\">%s</a>", record_url(q, m, row[ROW_COUNTY].i, row[ROW_ID].i),
         unit.type == VAL_INT ? org_title(q, unit.i) : tr(q, "Helper", "帮扶责任人"));
    if (to.type == VAL_INT && to.i < q->today) html(x->v->b, "<span class=\"tag\">%s</span>", tr(q, "until then",
            "已结束"));
    html_raw(x->v->b, "<span class=\"m\">");
    cell_write(q, x->v->b, m, map_field(m, "name"), row);
    const char *rank = row_words(q, m, row, "rank");
    if (*rank) html(x->v->b, " %s", rank);
    for (int i = 0; i < COUNT(posts); i++) {
        struct val is = row_at(m, row, posts[i].field);
        if (is.type == VAL_INT && is.i) html(x->v->b, "%s%s", q->zh ? "，" : ", ", tr(q, posts[i].en, posts[i].zh));
    }
    html_raw(x->v->b, "</span></li>");
    return true;
}

struct last_day { int32_t today, day; };

static bool take_last(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct last_day *x = arg;
    struct val day = row_at(m, row, "valid_from");
    (void)e;
    if (day.type == VAL_INT && day.i <= x->today && day.i > x->day) x->day = (int32_t)day.i;
    return true;
}

/* DATE_MIN = none is recorded. */
static bool last_visit(struct face_view *v, int32_t *out, struct err *e)
{
    const struct face_rows visits = { .entity = "visit", .field = "household", .limit = 5, .sort = "-valid_from" };
    struct last_day x = { v->q->today, DATE_MIN };
    bool ok = face_list(v, &visits, take_last, &x, e);
    *out = x.day;
    return ok;
}

static bool helper_panel(struct face_view *v, struct err *e)
{
    struct request *q = v->q;
    struct helping x = { v, 0 };
    struct contacts c;
    int32_t last;
    const struct face_rows helpers = { .entity = "household_helper", .field = "household", .limit = 20 };
    html(v->b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Who helps it", "帮扶责任人"));
    if (!face_list(v, &helpers, helper_line, &x, e)) return false;
    if (x.n) html_raw(v->b, "</ul>");
    else empty_note(v->b, tr(q, "Nobody is named as responsible.", "尚未指定责任人。"));
    if (!last_visit(v, &last, e) || !read_contacts(v, &c, e)) return false;
    html(v->b, "<dl class=\"record after\"><dt>%s</dt><dd>%s</dd><dt>%s</dt><dd>", tr(q, "Last visit", "最近走访"),
         last == DATE_MIN ? tr(q, "never, as far as is recorded", "尚无记录") : date_text(q, last, true),
         tr(q, "Next contact due", "下次联系"));
    if (c.next.url) html(v->b, "%s<span class=\"why\">%s</span>", date_text(q, c.next.day, true), c.next.what);
    else html(v->b, "%s", tr(q, "no contact plan of the village asks for one", "本村无未完成的联系计划"));
    html_raw(v->b, "</dd>");
    if (c.n_missed)
        html(v->b, "<dt>%s</dt><dd><span class=\"tag err\">%s</span></dd>", tr(q, "Missed", "未按期"),
             arena_printf(q->arena, c.n_missed == 1 ? tr(q, "%d period", "%d 期") : tr(q, "%d periods", "%d 期"),
                          c.n_missed));
    html_raw(v->b, "</dl></section>");
    return true;
}

/* Figures are of places: those of the village stand beside the household, as what the programme reached there. */
static bool village_panel(struct face_view *v, struct err *e)
{
    static const char *const names[] = { "households_registered", "households_exited", "aid_paid", "visits",
                                         "welfare_posts",
                                         "jobs", "dividends", "projects" };
    struct asked s = { .place = v->place, .from = DATE_MIN, .to = DATE_MAX };
    int shown = 0;
    size_t at = v->b->n;
    if (!v->place) return true;
    html(v->b, "<section class=\"panel\"><h2>%s</h2>", tr(v->q, "Reached by the programme in its village",
                                                          "本村帮扶情况"));
    for (int i = 0; i < COUNT(names); i++)
        if (!face_figure(v, names[i], &s, &shown, e)) return false;
    if (shown) html_raw(v->b, "</dl></section>");
    else v->b->n = at, v->b->p[at] = '\0';
    return true;
}

/* --- the page --- */

static void acts(struct face_view *v)
{
    struct request *q = v->q;
    const struct table_map *visit = model_find(q->seat->model, "visit"), *measure = model_find(q->seat->model,
            "help_measure");
    if (visit && who_open(WHO_WRITES, q->user) && scope_writes(q->scope, visit))
        html(v->b, "<a class=\"btn pri\" href=\"%s/visits/new\">%s</a>", v->url, tr(q, "Record a visit",
                "登记走访"));
    if (measure && who_open(WHO_WRITES, q->user) && scope_writes(q->scope, measure))
        html(v->b, "<a class=\"btn\" href=\"%s?household=%s\">%s</a>", page_url(q, "/records/help_measure/new"),
             url_part(q->arena, ref_text(q->seat->model, v->m, v->county, v->id, q->seat->db, q->arena)),
             tr(q, "Record a measure", "登记措施"));
    if (scope_reads(q->scope, ACCESS_MONEY) && who_open(WHO_MONEY, q->user))
        html(v->b, "<a class=\"btn\" href=\"%s/trail\">%s</a>", v->url, tr(q, "Money trail", "资金去向"));
}

static const char *lede(struct face_view *v)
{
    struct request *q = v->q;
    struct val people = row_at(v->m, v->row, "members");
    const char *attribute = row_words(q, v->m, v->row, "attribute"), *exit = row_words(q, v->m, v->row, "exit_attr");
    const char *of = people.type == VAL_INT ? arena_printf(q->arena, tr(q, "%lld people", "%lld 人"),
                                                           (long long)people.i) : "";
    return arena_printf(q->arena, "%s%s%s%s%s", of, *of && *attribute ? (q->zh ? "，" : ", ") : "", attribute,
                        *exit && (*of || *attribute) ? (q->zh ? "，" : ", ") : "", exit);
}

static face_panel *const wide[] = { happened_panel, income_panel, members_panel, NULL };
static face_panel *const side[] = { helper_panel, card_panel, village_panel, NULL };
const struct face household_face = { .entity = "household", .path = "/households", .list_en = "Households",
    .list_zh = "农户", .en = "The household's page", .zh = "农户页", .nav = NAV_HOUSEHOLDS, .acts = acts,
        .lede = lede,
    .wide = wide, .side = side };

void household_page(struct request *q, struct response *r)
{
    face_show(q, r, &household_face);
}

/* The last visit of one row of the register. */
static bool visited(struct request *q, struct buf *b, const struct table_map *m, const struct val *row, struct err *e)
{
    struct face_view v = { .q = q, .b = b, .m = m, .row = row, .county = row[ROW_COUNTY].i, .id = row[ROW_ID].i };
    int32_t last;
    if (!last_visit(&v, &last, e)) return false;
    html(b, "%s", last == DATE_MIN ? tr(q, "never", "未走访") : date_text(q, last, true));
    return true;
}

void households_page(struct request *q, struct response *r)
{
    static const struct register_spec s = { .face = &household_face, .title_en = "Households", .title_zh = "农户",
        .lede_en =
            "The register as far as you may see it. A row opens the household: who helps it, what happened, what it "
            "earned.",
        .lede_zh =
            "您有权查看的建档立卡户。点开一户可见帮扶责任人、大事记和历年收入。",
        .fields = { "place", "members", "attribute", "exit_attr", "main_cause", "identified_on", "exited_on", NULL },
        .filters = { "attribute", "exit_attr", "main_cause", NULL },
        .more_en = "Last visit", .more_zh = "最近走访", .more = visited,
        .none_en = "No household yet. Import the register's workbook, or type one in with “New”.",
        .none_zh = "还没有农户。可导入名册工作簿，或点“新增”逐户填写。" };
    register_page(q, r, &s);
}
