/* A release as a press sheet: what was approved, and nothing else. */
#include "pages/print.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "programme/publish/release.h"

struct label { const char *figure, *text, *unit; bool ratio; };
struct releasing {
    struct request *q;
    struct sheet *out;
    struct label *label; size_t n, cap;
    bool figures, changes;         /* a table of them has begun */
};

static void keep_label(struct releasing *x, const struct json *line)
{
    struct arena *a = x->q->arena;
    if (x->n == x->cap) {
        x->cap = x->cap ? x->cap * 2 : 64;
        struct label *more = arena_array(a, x->cap, sizeof *more);
        if (x->n) memcpy(more, x->label, x->n * sizeof *more);
        x->label = more;
    }
    x->label[x->n++] = (struct label){ release_member(line, "figure", a),
        release_member(line, x->q->zh ? "zh" : "en", a), release_member(line, "unit", a),
        strcmp(release_member(line, "is", a), "ratio") == 0 };
}

static struct label label_of(const struct releasing *x, const char *figure)
{
    for (size_t i = 0; i < x->n; i++)
        if (strcmp(x->label[i].figure, figure) == 0) return x->label[i];
    return (struct label){ figure, figure, "", false };
}

static enum qualifier qualifier_of(const char *sign)
{
    for (int k = Q_EQ; k <= Q_MIXED; k++)
        if (strcmp(qualifier_sign((enum qualifier)k), sign) == 0) return (enum qualifier)k;
    return Q_EQ;
}

static const char *value_of_line(struct releasing *x, const struct json *line, const struct label *l)
{
    struct arena *a = x->q->arena;
    const char *text = release_member(line, "value", a), *dot = strchr(text, '.');
    struct figure f = { .unit = l->unit, .kind = l->ratio ? FIGURE_RATIO : FIGURE_COUNT };
    struct figure_value v = { .known = true, .scale = dot ? (int)strlen(dot + 1) : 0,
                              .qualifier = qualifier_of(release_member(line, "qualifier", a)) };
    if (!*text || decimal_parse(text, strlen(text), v.scale, &v.value) != DECIMAL_OK) return "—";
    return value_text(x->q, &f, &v, false);
}

static const char *place_of_line(struct releasing *x, const struct json *line)
{
    int64_t code = strtoll(release_member(line, "place", x->q->arena), NULL, 10);
    return code ? place_name(x->q, code) : tr(x->q, "all places", "全部地区");
}

static const char *period_of_line(struct releasing *x, const struct json *line)
{
    struct arena *a = x->q->arena;
    const char *from = release_member(line, "from", a), *to = release_member(line, "to", a);
    return *from ? arena_printf(a, "%s – %s", from, to) : to;
}

static void add_figure(struct releasing *x, const struct json *line)
{
    static const bool number[] = { false, false, false, true, false };
    struct request *q = x->q;
    struct label l = label_of(x, release_member(line, "figure", q->arena));
    if (!x->figures) {
        sheet_table(x->out, SHEET_TABLE, 5, number);
        sheet_row(x->out, (const char *[]){ tr(q, "Figure", "指标"), tr(q, "Place", "地区"),
            tr(q, "Period", "时期"), tr(q, "Value", "数值"), tr(q, "Rests on", "数据依据") });
    }
    x->figures = true;
    sheet_row(x->out, (const char *[]){ l.text, place_of_line(x, line), period_of_line(x, line),
        value_of_line(x, line, &l), rests_text(q, release_member(line, "rests_on", q->arena)) });
}

static void add_change(struct releasing *x, const struct json *line)
{
    static const bool number[] = { false, false, false, true, true };
    struct request *q = x->q;
    struct label l = label_of(x, release_member(line, "figure", q->arena));
    const char *was = release_member(json_get(line, "before"), "value", q->arena);
    const char *is = release_member(json_get(line, "after"), "value", q->arena);
    if (!x->changes) {
        sheet_add(x->out, SHEET_HEADING, tr(q, "What this corrects", "更正内容"));
        sheet_table(x->out, SHEET_TABLE, 5, number);
        sheet_row(x->out, (const char *[]){ tr(q, "Figure", "指标"), tr(q, "Place", "地区"),
            tr(q, "Period", "时期"), tr(q, "Before", "原值"), tr(q, "Now", "现值") });
    }
    x->changes = true;
    sheet_row(x->out, (const char *[]){ l.text, place_of_line(x, line), period_of_line(x, line), was, is });
}

static bool take(void *arg, const struct release_line *l, struct err *e)
{
    struct releasing *x = arg;
    struct json *line;
    if (!json_parse(&line, l->body, l->n, x->q->arena, e)) return false;
    if (strcmp(l->kind, "definition") == 0) keep_label(x, line);
    if (strcmp(l->kind, "figure") == 0) add_figure(x, line);
    if (strcmp(l->kind, "change") == 0) add_change(x, line);
    return true;
}

/* Names of places are read over another connection than the lines. */
bool print_release(struct request *q, const struct scope *s, const char *name, struct sheet *out, struct err *e)
{
    struct releasing x = { .q = q, .out = out };
    struct release_row r;
    const char *by;
    if (!release_find(q->seat->db, s, name, q->arena, &r, e) ||
        !release_approved(q->seat->db, r.id, q->arena, &by, e))
        return false;
    if (!*by) return err_set(e, ERR_FORBIDDEN, "nobody has approved the release %s", name);
    sheet_start(out, q->arena, q->zh, *r.title ? r.title : name);
    sheet_add(out, SHEET_TITLE, *r.title ? r.title : name);
    sheet_add(out, SHEET_UNDER, arena_printf(q->arena, tr(q, "as of %s", "截至%s"), instant_text(q, r.as_of)));
    if (!r.for_public)
        sheet_add(out, SHEET_TEXT, tr(q, "For offices alone: figures of people are exact. Not to be published.",
                                      "仅供内部使用：涉及个人的数字为精确数，不得公开。"));
    if (*r.corrects)
        sheet_add(out, SHEET_TEXT, arena_printf(q->arena, tr(q, "Corrects %s: %s", "更正 %s：%s"), r.corrects,
                                                r.reason));
    if (!release_lines(q->seat->rows, r.id, take, &x, e)) return false;
    sheet_table(out, SHEET_LINES, 2, NULL);
    sheet_row(out, (const char *[]){ tr(q, "Release", "发布"), name });
    sheet_row(out, (const char *[]){ tr(q, "Made by", "编制"), r.made_by });
    sheet_row(out, (const char *[]){ tr(q, "Approved by", "批准"), by });
    sheet_row(out, (const char *[]){ tr(q, "Head", "链首"), r.head });
    sheet_add(out, SHEET_NOTE, tr(q, "The file of this release proves itself: jiedui verify --release FILE. Its "
                                  "head, printed here, tells it from any other.",
                                  "本发布文件可自行验证：jiedui verify --release 文件；此处所印链首即其唯一标识。"));
    return true;
}
