/* One figure: its value, how it moved, where it is, what it means. */
#include "pages/parts.h"

#include <string.h>

#include "base/date.h"
#include "base/money.h"

enum { FIRST_YEAR = 2010, MAX_YEARS = 40, BARS = 12, TABLE_ROWS = 400, WIDE = 514, NARROW = 358 };

static const struct figure *wanted_figure(struct request *q, struct response *r)
{
    const struct figures *all = q->seat->context.figures;
    const struct figure *f = figures_find(all, q->capture[0]);
    if (f) return f;
    const char *near = figures_nearest(all, q->capture[0]);
    page_error(q, r, 404, near ? arena_printf(q->arena,
        tr(q, "There is no figure \"%s\"; perhaps \"%s\" is meant.", "没有指标“%s”，是否指“%s”？"),
        q->capture[0], near) : arena_printf(q->arena,
        tr(q, "There is no figure \"%s\".", "没有指标“%s”。"), q->capture[0]));
    return NULL;
}

/* --- over the years --- */

struct years { int year[MAX_YEARS]; struct figure_value v[MAX_YEARS]; int n; };

static bool read_years(struct request *q, const struct figure *f, const struct asked *s,
                       struct years *y, struct err *e)
{
    int last = date_civil(q->today).year, first_used = -1, last_used = -1;
    y->n = 0;
    for (int year = FIRST_YEAR; year <= last && y->n < MAX_YEARS; year++) {
        struct asked one = *s;
        one.from = f->stock ? s->from : date_make(year, 1, 1);
        one.to = date_make(year, 12, 31);
        struct figure_value *v = &y->v[y->n];
        if (!figure_get(q, f, &one, v, e)) return false;
        y->year[y->n] = year;
        if (v->known && v->value) {
            if (first_used < 0) first_used = y->n;
            last_used = y->n;
        }
        y->n++;
    }
    if (first_used < 0) {
        y->n = 0;
        return true;
    }
    y->n = last_used - first_used + 1;
    memmove(y->year, y->year + first_used, (size_t)y->n * sizeof *y->year);
    memmove(y->v, y->v + first_used, (size_t)y->n * sizeof *y->v);
    return true;
}

static void year_marks(struct request *q, const struct figure *f, const struct asked *s,
                       const struct years *y, struct chart_mark *marks)
{
    for (int i = 0; i < y->n; i++) {
        struct asked one = *s;
        one.from = f->stock ? DATE_MIN : date_make(y->year[i], 1, 1);
        one.to = date_make(y->year[i], 12, 31);
        marks[i] = (struct chart_mark){ .label = arena_printf(q->arena, "%d", y->year[i]),
            .text = value_text(q, f, &y->v[i], true), .url = figure_url(q, f, &one, ""),
            .value = y->v[i].known ? y->v[i].value : 0 };
    }
}

static void twin(struct request *q, struct buf *b, const struct chart_mark *marks, int n,
                 const char *head, const char *value)
{
    html(b, "<details class=\"twin\"><summary>%s</summary><table><thead><tr><th scope=\"col\">%s</th>"
         "<th scope=\"col\" class=\"num\">%s</th></tr></thead><tbody>",
         tr(q, "Show as table", "以表格查看"), head, value);
    for (int i = 0; i < n; i++)
        html(b, "<tr><th scope=\"row\"><a href=\"%s\">%s</a></th><td class=\"num\">%s</td></tr>",
             marks[i].url, marks[i].label, marks[i].text);
    html_raw(b, "</tbody></table></details>");
}

/* Rates as a line; what two sides have spoken of as stacked columns; else columns. */
static bool spoken_of(const struct years *y)
{
    for (int i = 0; i < y->n; i++)
        if (y->v[i].confirmed || y->v[i].disputed) return true;
    return false;
}

static const char *const side_class[] = { "p-ok", "p-none", "p-err" };

static void years_stack(struct buf *b, const char *title, const struct years *y, const struct chart_mark *marks,
                        int width, struct arena *a)
{
    struct chart_stack_mark *m = arena_array(a, (size_t)y->n, sizeof *m);
    for (int i = 0; i < y->n; i++)
        m[i] = (struct chart_stack_mark){ marks[i], { y->v[i].confirmed, y->v[i].one_sided, y->v[i].disputed } };
    chart_stack(b, title, m, y->n, side_class, 3, width);
}

static void years_line(struct buf *b, const char *title, const struct years *y, const struct chart_mark *marks,
                       int width, struct arena *a)
{
    size_t n = (size_t)y->n;
    int64_t *value = arena_array(a, n, sizeof *value);
    bool *known = arena_array(a, n, sizeof *known);
    const char **text = arena_array(a, n, sizeof *text), **url = arena_array(a, n, sizeof *url);
    const char **label = arena_array(a, n, sizeof *label);
    for (size_t i = 0; i < n; i++) {
        value[i] = marks[i].value;
        known[i] = y->v[i].known;
        text[i] = marks[i].text;
        url[i] = marks[i].url;
        label[i] = marks[i].label;
    }
    struct chart_series s = { title, value, known, text, url };
    chart_lines(b, title, &s, 1, label, y->n, width);
}

static void years_chart(struct request *q, struct buf *b, const struct figure *f, const char *title,
                        const struct years *y, const struct chart_mark *marks, int width)
{
    if (f->kind == FIGURE_RATIO) years_line(b, title, y, marks, width, q->arena);
    else if (spoken_of(y)) years_stack(b, title, y, marks, width, q->arena);
    else if (width == NARROW && y->n > 8) chart_columns(b, title, marks + y->n - 8, 8, width);
    else chart_columns(b, title, marks, y->n, width);
}

static void side_key(struct request *q, struct buf *b)
{
    const char *const text[] = { tr(q, "confirmed by both sides", "双方确认"), tr(q, "said by one side",
            "单方填报"),
                                 tr(q, "disputed", "有异议") };
    html_raw(b, "<ul class=\"legend\">");
    for (int i = 0; i < 3; i++)
        html(b, "<li><svg width=\"18\" height=\"12\" aria-hidden=\"true\">"
             "<rect class=\"%s\" width=\"18\" height=\"12\"/>"
             "</svg>%s</li>", side_class[i], text[i]);
    html_raw(b, "</ul>");
}

static const char *years_title(const struct request *q, const struct figure *f)
{
    return f->stock ? tr(q, "At the end of each year", "各年末") : tr(q, "Year by year", "分年度");
}

static bool years_panel(struct request *q, struct buf *b, const struct figure *f,
                        const struct asked *s, struct err *e)
{
    struct years *y = arena_alloc(q->arena, sizeof *y);
    struct chart_mark marks[MAX_YEARS];
    if (!read_years(q, f, s, y, e)) return false;
    if (y->n < 2) return true;
    year_marks(q, f, s, y, marks);
    const char *title = years_title(q, f);
    html(b, "<section class=\"panel c6\"><header><h2>%s</h2><a href=\"%s%s\">SVG</a></header><figure>"
         "<div class=\"wide\">", title, page_url(q, "/figures/%s/years.svg", f->name), page_query(q, NULL, NULL));
    years_chart(q, b, f, title, y, marks, WIDE);
    html_raw(b, "</div><div class=\"narrow\">");
    years_chart(q, b, f, title, y, marks, NARROW);
    html_raw(b, "</div>");
    if (f->kind != FIGURE_RATIO && spoken_of(y)) side_key(q, b);
    twin(q, b, marks, y->n, tr(q, "Year", "年份"), figure_label(q, f));
    html(b, "<figcaption>%s</figcaption></figure></section>", figure_label(q, f));
    return true;
}

/* --- over places --- */

static int default_level(const struct asked *s)
{
    int level = s->place ? place_level(s->place) + 1 : 1;
    return level > 5 ? 0 : level;
}

static int wanted_level(struct request *q, const struct asked *s)
{
    static const char *const names[] = { "none", "province", "prefecture", "county", "township",
                                         "village" };
    const char *by = request_param(q, "by");
    for (int i = 1; by && i < COUNT(names); i++)
        if (strcmp(by, names[i]) == 0) return i;
    return default_level(s);
}

static void level_links(struct request *q, struct buf *b, const struct figure *f,
                        const struct asked *s, int level)
{
    static const char *const codes[] = { "", "province", "prefecture", "county", "township",
                                         "village" };
    int first = s->place ? place_level(s->place) + 1 : 1;
    html_raw(b, "<ul class=\"chips\">");
    for (int i = first; i <= 5 && i < first + 3; i++) {
        html(b, "<li><a class=\"chip\" href=\"%s%s\"", page_url(q, "/figures/%s", f->name),
             page_query(q, "by", codes[i]));
        if (i == level) html_raw(b, " aria-current=\"true\"");
        html(b, ">%s</a></li>", level_name(q, i, true));
    }
    html_raw(b, "</ul>");
}

static struct chart_mark *place_marks(struct request *q, const struct figure *f, const struct asked *s,
                                      const struct by_table *t)
{
    struct chart_mark *marks = arena_array(q->arena, (size_t)t->n + 1, sizeof *marks);
    for (int i = 0; i < t->n; i++) {
        struct asked one = *s;
        one.place = t->at[i].place;
        marks[i] = (struct chart_mark){ .label = t->at[i].name, .value = t->at[i].v.value,
            .text = value_text(q, f, &t->at[i].v, true), .url = figure_url(q, f, &one, "") };
    }
    return marks;
}

static bool places_panel(struct request *q, struct buf *b, const struct figure *f,
                         const struct asked *s, struct err *e)
{
    int level = wanted_level(q, s);
    struct by_table t;
    if (!level) return true;
    if (!by_read(q, f, s, level, TABLE_ROWS, &t, e)) return false;
    struct chart_mark *marks = place_marks(q, f, s, &t);
    html(b, "<section class=\"panel c6\"><header><h2>%s</h2>", arena_printf(q->arena,
         tr(q, "By %s", "按%s"), level_name(q, level, false)));
    if (t.n)
        html(b, "<span class=\"acts\"><a href=\"%s%s\">CSV</a><a href=\"%s%s\">SVG</a></span>",
             page_url(q, "/figures/%s/table.csv", f->name), page_query(q, NULL, NULL),
             page_url(q, "/figures/%s/places.svg", f->name), page_query(q, NULL, NULL));
    html_raw(b, "</header>");
    level_links(q, b, f, s, level);
    if (t.n) {
        int bars = t.n < BARS ? t.n : BARS;
        html_raw(b, "<figure class=\"after\"><div class=\"wide\">");
        chart_bars(b, figure_label(q, f), marks, bars, WIDE);
        html_raw(b, "</div><div class=\"narrow\">");
        chart_bars(b, figure_label(q, f), marks, bars, NARROW);
        html_raw(b, "</div>");
        twin(q, b, marks, t.n, level_name(q, level, false), figure_label(q, f));
        if (t.n > bars)
            html(b, "<figcaption>%s</figcaption>", arena_printf(q->arena,
                 tr(q, "The %d largest of %d%s", "最大的 %d 个，共 %d 个%s"), bars, t.n,
                 t.more ? "+" : ""));
        html_raw(b, "</figure>");
    } else {
        empty_note(b, tr(q, "Nothing is recorded at this level. Rows known only for a larger area count "
                         "there.", "此级没有记录；只知上级地区的记录计入上级。"));
    }
    html_raw(b, "</section>");
    return true;
}

/* --- what it is made of --- */

static void fact(struct buf *b, const char *term, const char *text)
{
    html(b, "<dt>%s</dt><dd>%s</dd>", term, text);
}

static void count_fact(struct request *q, struct buf *b, const char *term, int64_t n)
{
    if (n) fact(b, term, number_text(q, n, 0));
}

static void parts(struct request *q, struct buf *b, const struct figure *f,
                  const struct figure_value *v)
{
    struct figure_value part = { .known = true, .scale = v->scale };
    html_raw(b, "<dl class=\"facts\">");
    count_fact(q, b, tr(q, "Rows recorded", "登记记录"), v->recorded);
    count_fact(q, b, tr(q, "Rows restated from reports", "转述记录"), v->restated);
    count_fact(q, b, tr(q, "Synthetic rows", "模拟记录"), v->synthetic);
    count_fact(q, b, tr(q, "Rows derived back from a claim", "由报道反推的记录"), v->derived);
    count_fact(q, b, tr(q, "Rows without an amount", "无数额的记录"), v->unknown);
    if (f->kind != FIGURE_RATIO && v->confirmed + v->disputed) {
        part.value = v->confirmed;
        fact(b, tr(q, "Confirmed by both sides", "双方确认"), value_text(q, f, &part, false));
        part.value = v->one_sided;
        fact(b, tr(q, "Said by one side", "单方填报"), value_text(q, f, &part, false));
        part.value = v->disputed;
        fact(b, tr(q, "Disputed", "有异议"), value_text(q, f, &part, false));
    } else if (f->kind != FIGURE_RATIO && v->one_sided) {
        fact(b, tr(q, "Confirmed by both sides", "双方确认"), tr(q, "none yet", "尚无"));
    }
    html_raw(b, "</dl>");
}

static void value_panel(struct request *q, struct buf *b, const struct figure *f,
                        const struct asked *s, const struct figure_value *v)
{
    html(b, "<section class=\"panel c6\" aria-label=\"%s\"><p class=\"big\">%s</p><p class=\"idline\">",
         tr(q, "Value", "数值"), value_text(q, f, v, false));
    if (v->known && v->rows) rests_tag(q, b, figure_rests_on(v));
    html(b, "<span>%s</span></p>", asked_text(q, s));
    if (!v->known && v->why)
        html(b, "<p class=\"note\">%s</p>", rests_text(q, v->why));
    if (v->partial) {
        struct figure_value low = *v, high = *v;
        low.value = v->low;
        high.value = v->high;
        low.qualifier = high.qualifier = Q_EQ;
        html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena,
             tr(q, "Partial: the period cuts facts known only as an interval. Between %s and %s.",
                "部分已知：期间切过只知起止的事实，介于 %s 与 %s 之间。"), value_text(q, f,
                                                               &low, false),
             value_text(q, f, &high, false)));
    }
    if (v->known) parts(q, b, f, v);
    if (v->known && v->rows)
        html(b, "<p class=\"after\"><a class=\"btn pri\" href=\"%s\">%s</a></p>",
             figure_url(q, f, s, "/trace"), arena_printf(q->arena,
             v->rows == 1 ? tr(q, "See the %s row behind it", "查看背后的 %s 条记录")
                          : tr(q, "See the %s rows behind it", "查看背后的 %s 条记录"),
             number_text(q, v->rows, 0)));
    html_raw(b, "</section>");
}

static void meaning_panel(struct request *q, struct buf *b, const struct figure *f,
                          const struct asked *s)
{
    char hex[DIGEST_HEX];
    digest_hex(f->digest, DIGEST_LEN, hex);
    html(b, "<section class=\"panel c6\"><h2>%s</h2><pre tabindex=\"0\">%s</pre><p class=\"note\">%s "
         "<code>%.*s</code></p>", tr(q, "Definition", "定义"), f->text, tr(q, "Version", "版本"), 16, hex);
    if (f->n_terms) {
        html(b, "<p class=\"note\">%s</p><ul class=\"chips\">", tr(q, "Made of", "由下列指标构成"));
        for (int i = 0; i < f->n_terms; i++)
            html(b, "<li><a class=\"chip\" href=\"%s\">%s</a></li>",
                 figure_url(q, f->terms[i].of, s, ""), figure_label(q, f->terms[i].of));
        html_raw(b, "</ul>");
    }
    html_raw(b, "</section>");
}

void figure_page(struct request *q, struct response *r)
{
    struct asked s;
    struct figure_value v;
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    const struct figure *f = wanted_figure(q, r);
    if (!f) return;
    if (!asked_read(q, &s, &e) || !figure_get(q, f, &s, &v, &e)) {
        page_fail(q, r, &e);
        return;
    }
    page_begin(q, r, NAV_FIGURES, figure_label(q, f));
    crumb_begin(q, b);
    crumb(b, page_url(q, "/figures"), tr(q, "Figures", "指标"));
    crumb(b, NULL, figure_label(q, f));
    crumb_end(b);
    head_begin(b, figure_label(q, f), q->zh ? f->help_zh : f->help_en);
    head_end(b);
    html_raw(b, "<section class=\"panel\">");
    asked_form(q, b, &s, page_url(q, "/figures/%s", f->name), NULL);
    html_raw(b, "</section><div class=\"grid\">");
    value_panel(q, b, f, &s, &v);
    bool ok = years_panel(q, b, f, &s, &e) && places_panel(q, b, f, &s, &e);
    if (!ok) {
        page_fail(q, r, &e);
        return;
    }
    meaning_panel(q, b, f, &s);
    html_raw(b, "</div>");
    page_end(q, r);
}

/* --- downloads --- */

static void svg_answer(struct request *q, struct response *r, const struct figure *f, const char *what)
{
    chart_alone(&r->body, 0);
    r->type = "image/svg+xml; charset=utf-8";
    r->filename = arena_printf(q->arena, "%s-%s.svg", f->name, what);
}

void figure_years_svg(struct request *q, struct response *r)
{
    struct asked s;
    struct err e = { .code = ERR_NONE };
    struct years *y = arena_alloc(q->arena, sizeof *y);
    struct chart_mark marks[MAX_YEARS];
    const struct figure *f = wanted_figure(q, r);
    if (!f) return;
    if (!asked_read(q, &s, &e) || !read_years(q, f, &s, y, &e)) {
        page_fail(q, r, &e);
        return;
    }
    year_marks(q, f, &s, y, marks);
    const char *name = arena_printf(q->arena, "%s, %s", figure_label(q, f), asked_text(q, &s));
    years_chart(q, &r->body, f, name, y, marks, WIDE);
    svg_answer(q, r, f, "years");
}

void figure_places_svg(struct request *q, struct response *r)
{
    struct asked s;
    struct by_table t;
    struct err e = { .code = ERR_NONE };
    const struct figure *f = wanted_figure(q, r);
    if (!f) return;
    if (!asked_read(q, &s, &e) || !by_read(q, f, &s, wanted_level(q, &s), BARS, &t, &e)) {
        page_fail(q, r, &e);
        return;
    }
    chart_bars(&r->body, arena_printf(q->arena, "%s, %s", figure_label(q, f), asked_text(q, &s)),
               place_marks(q, f, &s, &t), t.n, WIDE);
    svg_answer(q, r, f, "places");
}

void figure_csv(struct request *q, struct response *r)
{
    struct asked s;
    struct by_table t;
    struct err e = { .code = ERR_NONE };
    const struct figure *f = wanted_figure(q, r);
    static const char *const heads[] = { "code", "place", "value", "qualifier", "unit", "rows",
                                         "rests_on" };
    if (!f) return;
    if (!asked_read(q, &s, &e) || !by_read(q, f, &s, wanted_level(q, &s), 0, &t, &e)) {
        page_fail(q, r, &e);
        return;
    }
    csv_answer(r, arena_printf(q->arena, "%s.csv", f->name), heads, COUNT(heads));
    for (int i = 0; i < t.n; i++) {
        const struct figure_value *v = &t.at[i].v;
        char value[DECIMAL_TEXT] = "";
        if (v->known) decimal_format(v->value, v->scale, value);
        const char *const cells[] = { arena_printf(q->arena, "%012lld", (long long)t.at[i].place), t.at[i].name, value,
            v->known ? qualifier_sign(v->qualifier) : "", f->unit, arena_printf(q->arena, "%lld", (long long)v->rows),
            v->known ? figure_rests_on(v) : "" };
        csv_put(r, cells, COUNT(cells));
    }
}
