/* Reports: documents of a place and a period, to print on A4, each number leading to its rows, or as a file. */
#include "pages/print.h"

#include <string.h>

#include "base/date.h"
#include "doc/xlsx.h"

enum report { REPORT_QUARTER, REPORT_YEAR, REPORT_NOTICE, REPORT_PRESS, REPORTS };
enum { NOTICE_DAYS = 7, COLUMNS = 6, QUARTERS = 6, YEARS = 4, OBJECTIONS_MOST = 240 };

static const struct { const char *name, *en, *zh, *help_en, *help_zh; int months; } reports[REPORTS] = {
    [REPORT_QUARTER] = { "quarter", "Quarterly report", "季度报告",
                         "All figures with records, beside the same quarter a year before.",
                         "全部有记录的指标，与上年同季对照。", 3 },
    [REPORT_YEAR] = { "year", "Yearly report", "年度报告",
                      "All figures with records, beside the year before, and by the places inside.",
                      "全部有记录的指标，与上年对照，并分地区列示。", 12 },
    [REPORT_NOTICE] = { "notice", "Public notice", "公示",
                        "One page of large type for the wall of a village or an office; nobody is named.",
                        "大字一页，张贴于村或单位，不含个人信息。", 0 },
    [REPORT_PRESS] = { "press", "Press sheet", "新闻通稿数据", "Figures that people ask for first, and on what they rest.",
                       "常用指标及其数据依据。", 0 },
};

/* --- the list --- */

static const char *report_url(const struct request *q, enum report k, const struct asked *s, const char *period)
{
    const char *place = s->place ? arena_printf(q->arena, "&place=%012lld", (long long)s->place) : "";
    const char *org = s->org ? arena_printf(q->arena, "&org=%s", s->org_text ? url_part(q->arena,
            s->org_text) : "") : "";
    return page_url(q, "/reports/%s?period=%s%s%s", reports[k].name, period, place, org);
}

static bool right_period(struct request *q, enum report k, const struct asked *s, struct err *e)
{
    struct civil f = date_civil(s->from), t = date_civil(s->to);
    int months = (t.year - f.year) * 12 + t.month - f.month + 1;
    if (s->from == DATE_MIN || s->to == DATE_MAX)
        return err_field(e, ERR_INVALID, "period", "%s", tr(q, "Of which period? Write 2020, 2020Q2 or 2020-06.",
                         "请填写时期，如 2020、2020Q2 或 2020-06。"));
    return !reports[k].months || months == reports[k].months ||
           err_field(e, ERR_INVALID, "period", "%s", reports[k].months == 3 ? tr(q,
                   "A quarter is asked for, such as 2020Q2.",
                     "请填写季度，如 2020Q2。") : tr(q, "A year is asked for, such as 2020.", "请填写年份，如 2020。"));
}

/* The last ones that are over, and the one that runs. */
static void period_links(struct request *q, struct buf *b, enum report k, const struct asked *s)
{
    struct civil today = date_civil(q->today);
    int quarter = (today.month - 1) / 3;
    bool quarters = reports[k].months == 3;
    const char *typed = request_param(q, "period");
    struct err none = { .code = ERR_NONE };
    html_raw(b, "<ul class=\"chips after\">");
    if (typed && right_period(q, k, s, &none))
        html(b, "<li><a class=\"chip\" href=\"%s\">%s</a></li>", report_url(q, k, s, url_part(q->arena, typed)), typed);
    for (int i = 0; i < (quarters ? QUARTERS : YEARS); i++) {
        int at = today.year * 4 + quarter - i;
        const char *period = quarters ? arena_printf(q->arena, "%dQ%d", at / 4, at % 4 + 1)
                                      : arena_printf(q->arena, "%d", today.year - i);
        html(b, "<li><a class=\"chip\" href=\"%s\">%s</a></li>", report_url(q, k, s, period), period);
    }
    html_raw(b, "</ul>");
}

static void report_panel(struct request *q, struct buf *b, enum report k, const struct asked *s)
{
    html(b, "<section class=\"panel\"><h2>%s</h2><p>%s</p>", tr(q, reports[k].en, reports[k].zh),
         tr(q, reports[k].help_en, reports[k].help_zh));
    if (k == REPORT_NOTICE && !s->place)
        html(b, "<p class=\"note\">%s</p>", tr(q, "Name a place above first.", "请先在上方填写地区。"));
    else period_links(q, b, k, s);
    html_raw(b, "</section>");
}

void reports_page(struct request *q, struct response *r)
{
    struct asked s;
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    bool good = asked_read(q, &s, &e);
    page_begin(q, r, NAV_NONE, tr(q, "Reports", "报告"));
    head_begin(b, tr(q, "Reports", "报告"), tr(q,
                                             "Computed from the records when they are opened: nothing is typed in. "
                                             "Each prints on A4, "
               "with its sources and lines to sign.", "打开时由记录计算，不含填报数；A4 打印，附依据和签字栏。"));
    html(b, "<a class=\"btn\" href=\"%s\">%s</a>", page_url(q, "/releases"), tr(q, "Releases", "发布"));
    head_end(b);
    if (!good) r->status = page_status(e.code);
    html(b, "<form class=\"scope-form after\" method=\"get\" action=\"%s\" aria-label=\"%s\">", page_url(q, "/reports"),
         tr(q, "Of what", "报告范围"));
    html(b, "<label class=\"grow\"><span>%s</span><input type=\"text\" name=\"place\" value=\"%s\" "
    "placeholder=\"%s\"></label>",
         tr(q, "Place", "地区"), request_param(q, "place"), tr(q, "All that you may see", "您可见的全部"));
    html(b, "<label class=\"grow\"><span>%s</span><input type=\"text\" name=\"org\" value=\"%s\"></label>"
         "<label class=\"day\"><span>%s</span><input type=\"text\" name=\"period\" value=\"%s\" "
         "placeholder=\"2020Q2\"></label>"
         "<button class=\"btn sm\" type=\"submit\">%s</button>", tr(q, "Organisation", "单位"), request_param(q, "org"),
         tr(q, "Period", "时期"), request_param(q, "period"), tr(q, "Show", "查看"));
    if (!good) html(b, "<p class=\"emsg\" role=\"alert\">%s</p>", e.message);
    html_raw(b, "</form>");
    for (int k = 0; good && k < REPORTS; k++) report_panel(q, b, (enum report)k, &s);
    page_end(q, r);
}

/* --- one report --- */

static int report_named(const char *name)
{
    for (int k = 0; k < REPORTS; k++)
        if (!strcmp(reports[k].name, name)) return k;
    return -1;
}

/* Paper goes to anybody: of people it tells what the public may see, and of places what who asks may see. */
static bool make(struct request *q, enum report k, const struct asked *s, struct sheet *out, struct err *e)
{
    struct request open = *q;
    struct print_notice n = { .until = q->today + NOTICE_DAYS, .objections = request_param(q, "objections") };
    if (!right_period(q, k, s, e)) return false;
    if (k == REPORT_QUARTER || k == REPORT_YEAR) return print_period(q, s, out, e);
    struct place_range own[64];
    const struct places *p = q->seat->model->places;
    int ranges = 0;
    if (!p->ranges(p->arg, q->seat->db, s->place, own, COUNT(own), &ranges, e)) return false;
    if (!q->scope->everywhere && !scope_holds(q->scope, own, ranges))
        return err_set(e, ERR_FORBIDDEN, "%s", tr(q, "This place lies outside what your account sees.", "该地区不在您的范围内。"));
    open.scope = &scope_release;
    if (k == REPORT_PRESS) return print_press(&open, s, out, e);
    if (!s->place)
        return err_field(e, ERR_INVALID, "place", "%s", tr(q, "The notice of which place?", "请填写公示地区。"));
    if (n.objections && strlen(n.objections) > OBJECTIONS_MOST)
        return err_field(e, ERR_INVALID, "objections", "%s", tr(q, "Where to object is too long for one page.",
                                                                "异议受理信息过长，一页放不下。"));
    return print_notice(&open, s, &n, out, e);
}

static bool open_report(struct request *q, struct response *r, struct sheet *out, int *kind)
{
    struct asked s;
    struct err e = { .code = ERR_NONE };
    *kind = report_named(q->capture[0]);
    if (*kind < 0) {
        page_error(q, r, 404, tr(q, "There is no such report.", "没有这种报告。"));
        return false;
    }
    if (asked_read(q, &s, &e) && make(q, (enum report)*kind, &s, out, &e)) return true;
    page_fail(q, r, &e);
    return false;
}

void report_page(struct request *q, struct response *r)
{
    struct sheet s;
    int kind;
    if (!open_report(q, r, &s, &kind)) return;
    const char *query = page_query(q, NULL, NULL);
    sheet_way(&s, tr(q, "All reports", "全部报告"), page_url(q, "/reports"));
    sheet_way(&s, "CSV", page_url(q, "/reports/%s/table.csv%s", reports[kind].name, query));
    sheet_way(&s, "XLSX", page_url(q, "/reports/%s/table.xlsx%s", reports[kind].name, query));
    sheet_linked(&s, q->seat->site->assets, &r->body);
}

/* --- as files: every row of every table, behind the heading it stands under --- */

static bool each_row(const struct sheet *s, bool (*fn)(void *arg, const char *const *cells, struct err *e),
                     void *arg, struct err *e)
{
    const char *heading = "";
    for (int i = 0; i < s->n; i++) {
        const struct sheet_block *x = &s->at[i];
        if (x->kind == SHEET_HEADING) heading = x->text;
        for (int k = 1; x->kind == SHEET_TABLE && k < x->table.rows; k++) {
            const char *cells[COLUMNS + 1] = { heading };
            for (int c = 0; c < COLUMNS; c++)
                cells[c + 1] = c < x->table.columns ? x->table.cell[k * x->table.columns + c] : "";
            if (!fn(arg, cells, e)) return false;
        }
    }
    return true;
}

static bool csv_one(void *arg, const char *const *cells, struct err *e)
{
    (void)e;
    csv_put(arg, cells, COLUMNS + 1);
    return true;
}

static const char *const heads[COLUMNS + 1] = { "part", "what", "value", "a_year_before", "change", "both_sides",
                                                "rests_on" };

void report_csv(struct request *q, struct response *r)
{
    struct sheet s;
    struct err e = { .code = ERR_NONE };
    int kind;
    if (!open_report(q, r, &s, &kind)) return;
    csv_answer(r, arena_printf(q->arena, "%s.csv", reports[kind].name), heads, COUNT(heads));
    if (!each_row(&s, csv_one, r, &e)) page_fail(q, r, &e);
}

static bool xlsx_one(void *arg, const char *const *cells, struct err *e)
{
    struct val row[COLUMNS + 1];
    for (int i = 0; i <= COLUMNS; i++) row[i] = val_text(cells[i] ? cells[i] : "");
    return xlsx_write_row(arg, row, COLUMNS + 1, e);
}

void report_xlsx(struct request *q, struct response *r)
{
    struct sheet s;
    struct xlsx_column cols[COLUMNS + 1] = { { NULL } };
    struct xlsx_out *x = NULL;
    struct err e = { .code = ERR_NONE };
    const char *path;
    int kind;
    if (!open_report(q, r, &s, &kind)) return;
    for (int i = 0; i <= COLUMNS; i++) cols[i] = (struct xlsx_column){ .title = heads[i], .kind = XLSX_TEXT, .width =
            i == 1 ? 40 : 18 };
    bool ok = temp_path(q, ".xlsx", &path, &e) && xlsx_create(&x, path, reports[kind].name, cols, COLUMNS + 1, &e);
    if (ok && !each_row(&s, xlsx_one, x, &e)) xlsx_abandon(x), ok = false;
    if (!ok || !xlsx_finish(x, &e)) {
        page_fail(q, r, &e);
        return;
    }
    r->file = path;
    r->filename = arena_printf(q->arena, "%s.xlsx", reports[kind].name);
    r->type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
}
