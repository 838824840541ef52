#include "pages/print.h"

#include <string.h>

#include "base/date.h"
#include "base/money.h"

#define NOTICE_ROWS 8

/* --- which figures, in which order --- */

static const char *const press_figures[] = {
    "aid_agreed", "aid_allocated", "aid_received", "aid_paid", "social_aid", "purchases", "jobs",
    "jobs_of_registered", "postings", "trainees", "projects", "project_investment", "firms_landed",
    "workshops", "agreements_in_force", "poor_counties_left", "poor_villages_left", "registered_left",
    "villages_exited", "counties_exited" };
static const char *const notice_figures[] = {
    "aid_received", "aid_paid", "goods_given", "donations", "projects", "project_investment", "dividends",
    "welfare_posts", "jobs", "purchases", "trainees", "visits", "workshops", "households_exited",
    "households_registered", "first_secretaries", "team_members" };

struct section { const char *room, *en, *zh; };
static const struct section sections[] = {
    { "money", "Money", "资金" }, { "project", "Projects and firms", "项目与企业" },
    { "labour", "Work", "就业" }, { "market", "Purchases and sales", "消费帮扶" },
    { "talent", "People posted, training, students", "人才、培训与助学" },
    { "pairing", "Pairings and contact", "结对与往来" },
    { "household", "Households", "农户" }, { "place", "Places", "地区" },
    { "watch", "Supervision", "督战" }, { "plan", "Plans", "计划" },
    { "publish", "Publication", "公示与发布" } };

static const char *room_of(const struct figure *f)
{
    while (!f->map && f->n_terms) f = f->terms[0].of;
    return f->map ? f->map->entity->room : "";
}

/* --- one figure --- */

static const char *shown(struct request *q, const struct figure *f, const struct figure_value *v)
{
    return v->known ? value_text(q, f, v, false) : "—";
}

/* Has anybody recorded anything? */
static bool told(const struct figure_value *v)
{
    return v->known && v->rows > 0;
}

/* On a screen a number leads to the rows behind it; paper and files know no addresses. */
static void lead(struct request *q, struct sheet *out, const struct figure *f, const struct asked *s)
{
    if (*q->seat->site->assets) sheet_leads(out, figure_url(q, f, s, "/trace"));
}

static bool read_named(struct request *q, const struct asked *s, const char *name,
                       const struct figure **f, struct figure_value *v, struct err *e)
{
    *f = figures_find(q->seat->context.figures, name);
    *v = (struct figure_value){ .why = "" };
    return !*f || figure_get(q, *f, s, v, e);
}

static const char *printed_on(struct request *q)
{
    return date_text(q, q->today, false);
}

/* --- press --- */

static void add_proof(struct request *q, struct sheet *out)
{
    sheet_add(out, SHEET_NOTE, tr(q,
        "≥ at least, > over, ≈ about. Recorded: rows with their own evidence; restated: an aggregate that "
        "somebody reported; synthetic: made for demonstration; derived back: from another printed number.",
        "≥ 不少于，> 超过，≈ 约。登记记录：有自身凭据的记录；转述：他人汇总数；模拟数据：演示用；"
        "由报道反推：据另一公开数字推得。"));
    sheet_add(out, SHEET_NOTE, arena_printf(q->arena, tr(q,
        "Computed from the records on %s by the figure definitions %s; every number opens to its records.",
        "由记录计算，%s，指标定义版本 %s；每个数字均可查到所依据的记录。"), printed_on(q),
        q->seat->site->figures_version));
}

bool print_press(struct request *q, const struct asked *s, struct sheet *out, struct err *e)
{
    static const bool number[] = { false, true, false };
    sheet_start(out, q->arena, q->zh, tr(q, "Press sheet", "新闻通稿数据"));
    sheet_add(out, SHEET_TITLE, tr(q, "Paired assistance: figures for the press", "结对帮扶情况数据"));
    sheet_add(out, SHEET_UNDER, asked_text(q, s));
    sheet_table(out, SHEET_TABLE, 3, number);
    sheet_row(out, (const char *[]){ tr(q, "Figure", "指标"), tr(q, "Value", "数值"),
                                     tr(q, "Rests on", "数据依据") });
    int rows = 0;
    for (int i = 0; i < COUNT(press_figures); i++) {
        const struct figure *f;
        struct figure_value v;
        if (!read_named(q, s, press_figures[i], &f, &v, e)) return false;
        if (!f || !told(&v)) continue;
        rows++;
        sheet_row(out, (const char *[]){ figure_label(q, f), shown(q, f, &v),
                                         rests_text(q, figure_rests_on(&v)) });
        lead(q, out, f, s);
    }
    if (!rows)
        sheet_add(out, SHEET_TEXT, tr(q, "Nothing is recorded for this place and period.",
                                      "该地区该时期尚无记录。"));
    add_proof(q, out);
    sheet_table(out, SHEET_LINES, 2, NULL);
    sheet_row(out, (const char *[]){ tr(q, "Issued by", "发布单位"), NULL });
    sheet_row(out, (const char *[]){ tr(q, "For questions", "联系人及电话"), NULL });
    return true;
}

/* --- a quarter, a year --- */

static struct asked a_year_before(const struct asked *s)
{
    struct asked x = *s;
    bool end = date_civil(s->to).day == date_days_in_month(date_civil(s->to).year, date_civil(s->to).month);
    x.from = s->from == DATE_MIN ? DATE_MIN : date_add_months(s->from, -12);
    x.to = s->to == DATE_MAX ? DATE_MAX : end ? date_add_months(s->to + 1, -12) - 1
                                              : date_add_months(s->to, -12);
    return x;
}

/* "+12.3%"; of a share the difference in points. */
static const char *change_text(struct request *q, const struct figure *f, const struct figure_value *now,
                               const struct figure_value *before)
{
    int64_t v;
    if (!told(now) || !told(before) || !i64_sub(now->value, before->value, &v)) return "";
    if (f->unit && strcmp(f->unit, "percent") == 0)
        return arena_printf(q->arena, "%s%s", v > 0 ? "+" : "", number_text(q, v, now->scale));
    if (before->value <= 0 || !ratio_round(v, 1000, before->value, &v)) return "";
    return arena_printf(q->arena, "%s%s%%", v > 0 ? "+" : "", number_text(q, v, 1));
}

/* How much of it both sides have confirmed. */
static const char *confirmed_text(struct request *q, const struct figure *f, const struct figure_value *v)
{
    int64_t share;
    if (f->kind == FIGURE_RATIO || v->value <= 0 || !ratio_round(v->confirmed, 100, v->value, &share))
        return "";
    return arena_printf(q->arena, "%lld%%", (long long)share);
}

static bool add_section(struct request *q, const struct asked *s, const struct section *x,
                        struct sheet *out, struct err *e)
{
    static const bool number[] = { false, true, true, true, true, false };
    const struct figures *all = q->seat->context.figures;
    struct asked before = a_year_before(s);
    bool begun = false;
    for (int i = 0; i < figures_count(all); i++) {
        const struct figure *f = figures_at(all, i);
        struct figure_value now, then;
        if (strcmp(room_of(f), x->room) != 0) continue;
        if (!figure_get(q, f, s, &now, e)) return false;
        if (!told(&now)) continue;
        if (!figure_get(q, f, &before, &then, e)) return false;
        if (!begun) {
            sheet_add(out, SHEET_HEADING, tr(q, x->en, x->zh));
            sheet_table(out, SHEET_TABLE, 6, number);
            sheet_row(out, (const char *[]){ tr(q, "Figure", "指标"), tr(q, "Value", "数值"),
                tr(q, "A year before", "上年同期"), tr(q, "Change", "增减"),
                tr(q, "Both sides", "双方确认"), tr(q, "Rests on", "数据依据") });
        }
        begun = true;
        sheet_row(out, (const char *[]){ figure_label(q, f), shown(q, f, &now),
            told(&then) ? shown(q, f, &then) : "—", change_text(q, f, &now, &then),
            confirmed_text(q, f, &now), rests_text(q, figure_rests_on(&now)) });
        lead(q, out, f, s);
    }
    return true;
}

/* The places inside, for what is asked first. */
static bool add_places(struct request *q, const struct asked *s, struct sheet *out, struct err *e)
{
    static const char *const names[] = { "aid_received", "aid_paid", "jobs", "purchases" };
    static const bool number[] = { false, true };
    int level = place_level(s->place) + 1;
    if (level > 5) return true;
    for (int i = 0; i < COUNT(names); i++) {
        const struct figure *f = figures_find(q->seat->context.figures, names[i]);
        struct by_table by;
        if (!f) continue;
        if (!by_read(q, f, s, level, 40, &by, e)) return false;
        if (by.n < 2) continue;
        sheet_add(out, SHEET_HEADING, arena_printf(q->arena, tr(q, "%s by %s", "%s，按%s"),
                                                   figure_label(q, f), level_name(q, level, false)));
        sheet_table(out, SHEET_TABLE, 2, number);
        sheet_row(out, (const char *[]){ tr(q, "Place", "地区"), tr(q, "Value", "数值") });
        for (int k = 0; k < by.n; k++) {
            struct asked there = *s;
            there.place = by.at[k].place;
            sheet_row(out, (const char *[]){ by.at[k].name, shown(q, f, &by.at[k].v) });
            lead(q, out, f, &there);
        }
    }
    return true;
}

bool print_period(struct request *q, const struct asked *s, struct sheet *out, struct err *e)
{
    sheet_start(out, q->arena, q->zh, tr(q, "Report", "工作报告"));
    sheet_add(out, SHEET_TITLE, tr(q, "Paired assistance: report", "结对帮扶工作报告"));
    sheet_add(out, SHEET_UNDER, asked_text(q, s));
    for (int i = 0; i < COUNT(sections); i++)
        if (!add_section(q, s, &sections[i], out, e)) return false;
    if (out->n == 2)
        sheet_add(out, SHEET_TEXT, tr(q, "Nothing is recorded for this place and period.",
                                      "该地区该时期尚无记录。"));
    if (!add_places(q, s, out, e)) return false;
    sheet_add(out, SHEET_HEADING, tr(q, "How to read it", "说明"));
    add_proof(q, out);
    sheet_table(out, SHEET_LINES, 2, NULL);
    sheet_row(out, (const char *[]){ tr(q, "Made by", "编制"), NULL });
    sheet_row(out, (const char *[]){ tr(q, "Approved by", "审核"), NULL });
    return true;
}

/* --- the notice --- */

static bool add_notice_figures(struct request *q, const struct asked *s, struct sheet *out, struct err *e)
{
    static const bool number[] = { false, true };
    int rows = 0;
    for (int i = 0; i < COUNT(notice_figures) && rows < NOTICE_ROWS; i++) {
        const struct figure *f;
        struct figure_value v;
        if (!read_named(q, s, notice_figures[i], &f, &v, e)) return false;
        if (!f || !told(&v)) continue;
        if (rows++ == 0) {
            sheet_table(out, SHEET_TABLE, 2, number);
            sheet_row(out, (const char *[]){ tr(q, "What", "事项"), tr(q, "How much", "数量") });
        }
        sheet_row(out, (const char *[]){ figure_label(q, f), shown(q, f, &v) });
        lead(q, out, f, s);
    }
    if (!rows)
        sheet_add(out, SHEET_TEXT, tr(q, "Nothing was recorded here in this period.", "本期无记录。"));
    return true;
}

bool print_notice(struct request *q, const struct asked *s, const struct print_notice *n,
                  struct sheet *out, struct err *e)
{
    sheet_start(out, q->arena, q->zh, tr(q, "Public notice", "公示"));
    out->large = true;
    sheet_add(out, SHEET_TITLE, tr(q, "Public notice", "公　示"));
    sheet_add(out, SHEET_UNDER, asked_text(q, s));
    sheet_add(out, SHEET_TEXT, tr(q, "What paired assistance gave here in this period:",
                                  "本期结对帮扶情况公示如下："));
    if (!add_notice_figures(q, s, out, e)) return false;
    sheet_table(out, SHEET_LINES, 2, NULL);
    sheet_row(out, (const char *[]){ tr(q, "On show", "公示期"),
        arena_printf(q->arena, tr(q, "%s to %s", "%s至%s"), printed_on(q), date_text(q, n->until, false)) });
    sheet_row(out, (const char *[]){ tr(q, "Objections to", "异议受理"), n->objections });
    sheet_row(out, (const char *[]){ tr(q, "Seal", "盖章"), NULL });
    sheet_add(out, SHEET_NOTE, tr(q, "Anybody may object, in words or in writing, until the last day; every "
                                  "objection is answered. No names are shown.",
                                  "任何人可在公示期内以口头或书面提出异议，均予答复。本公示不含个人信息。"));
    return true;
}
