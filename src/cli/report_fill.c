/* jiedui report fill: the office's own workbook, in which cells name figures. */
#include "cli/report.h"

#include <string.h>

#include "base/count.h"
#include "base/date.h"
#include "base/money.h"
#include "base/period.h"
#include "doc/xlsx_fill.h"

enum { E_CELL, E_TEXT, E_WHAT, E_PLACE, E_ORG, E_FROM, E_TO, E_VALUE, E_QUALIFIER, E_RESTS, E_VERSION,
       E_ROWS, E_DIGEST, E_RELEASE, E_N };

struct kept_claim { const char *code, *claimed, *computed, *verdict, *rests_on; };

struct filling {
    struct app *app;
    const struct report_about *about;
    const char *release;                     /* name, or NULL = the figures of today */
    const struct json **line; size_t n_lines, cap_lines;  /* of its figures */
    struct kept_claim *claim; size_t n_claims, cap_claims;
    bool claims_read;
    const char *const **row; size_t n_rows, cap_rows;     /* of the evidence */
    int bounds;                              /* numbers that only stand for a bound */
};

/* --- evidence --- */

static const char **add_row(struct filling *f)
{
    struct arena *a = f->app->arena;
    if (f->n_rows == f->cap_rows) {
        f->cap_rows = f->cap_rows ? f->cap_rows * 2 : 64;
        const char *const **more = arena_array(a, f->cap_rows, sizeof *more);
        if (f->n_rows) memcpy(more, f->row, f->n_rows * sizeof *more);
        f->row = more;
    }
    const char **row = arena_array(a, E_N, sizeof *row);
    f->row[f->n_rows++] = row;
    return row;
}

static void add_titles(struct filling *f)
{
    static const char *const titles[2][E_N] = {
        { "cell", "as named", "figure", "place", "organisation", "from", "to", "value", "sign", "rests on",
          "definition version", "rows", "digest of the rows", "release" },
        { "单元格", "填写内容", "统计指标", "地区", "单位", "起", "止", "数值", "精确程度", "数据依据",
          "定义版本", "行数", "行摘要", "发布" } };
    memcpy(add_row(f), titles[f->app->zh], sizeof titles[0]);
}

static const char *const *evidence_row(void *arg, size_t i)
{
    const struct filling *f = arg;
    return i < f->n_rows ? f->row[i] : NULL;
}

/* --- what a hole names --- */

struct wanted {
    const struct figure *figure;
    struct figure_query q;
    int shift;                    /* the number is shown in 10^shift of its unit */
};

static int unit_shift(const char *word)
{
    static const struct { const char *word; int shift; } units[] = {
        { "万元", 4 }, { "万", 4 }, { "万人", 4 }, { "亿元", 8 }, { "亿", 8 }, { "thousand", 3 },
        { "wan", 4 }, { "million", 6 }, { "yi", 8 }, { "billion", 9 } };
    for (int i = 0; i < COUNT(units); i++)
        if (strcmp(units[i].word, word) == 0) return units[i].shift;
    return 0;
}

static bool find_figure(struct filling *f, const char *name, const struct figure **out, struct err *e)
{
    *out = figures_find(f->app->figures, name);
    if (*out) return true;
    const char *near = figures_nearest(f->app->figures, name);
    return err_set(e, ERR_NOT_FOUND, "there is no figure \"%s\"%s%s%s", name,
                   near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
}

/* A full-width blank is one too. */
static char *words_of(struct filling *f, const char *inside)
{
    char *s = arena_strdup(f->app->arena, inside);
    for (char *p = s; *p; p++)
        if (memcmp(p, "\xE3\x80\x80", strnlen(p, 3)) == 0 && strnlen(p, 3) == 3) memset(p, ' ', 3);
    return s;
}

/* FIGURE [PLACE] [PERIOD] [org=ORGANISATION] [UNIT], the place in as many words as it has. */
static bool read_hole(struct filling *f, char *words, struct wanted *w, struct err *e)
{
    const char *place = "";
    char *save = NULL, *word = strtok_r(words, " \t\r\n", &save);
    *w = (struct wanted){ .q = { .place = f->about->place, .org = f->about->org, .from = f->about->from,
                                 .to = f->about->to } };
    if (!find_figure(f, word, &w->figure, e)) return false;
    w->q.name = w->figure->name;
    while ((word = strtok_r(NULL, " \t\r\n", &save)) != NULL) {
        if (period_parse(word, &w->q.from, &w->q.to)) continue;
        if (strncmp(word, "org=", 4) == 0) {
            if (!app_organisation(f->app, word + 4, &w->q.org, e)) return false;
        } else if (unit_shift(word)) {
            w->shift = unit_shift(word);
        } else {
            place = *place ? arena_printf(f->app->arena, "%s %s", place, word) : word;
        }
    }
    if (!strcmp(place, "nation") || !strcmp(place, "全国")) w->q.place = 0;
    else if (*place && !app_place(f->app, place, &w->q.place, e)) return false;
    return true;
}

/* --- its value: of a release, or of today --- */

static bool same_text(struct filling *f, const struct json *line, const char *key, const char *want)
{
    return strcmp(release_member(line, key, f->app->arena), want) == 0;
}

static const char *day_member(struct app *app, int32_t day)
{
    return cell_day(app, day);
}

static bool of_release(struct filling *f, const struct wanted *w, const struct json **out, struct err *e)
{
    struct app *app = f->app;
    const char *place = w->q.place ? arena_printf(app->arena, "%012lld", (long long)w->q.place) : "";
    const char *from = w->figure->stock ? "" : day_member(app, w->q.from);
    const char *to = day_member(app, w->q.to), *org = cell_org(app, w->q.org);
    for (size_t i = 0; i < f->n_lines; i++) {
        *out = f->line[i];
        if (same_text(f, *out, "figure", w->figure->name) && same_text(f, *out, "place", place) &&
            same_text(f, *out, "from", from) && same_text(f, *out, "to", to) &&
            same_text(f, *out, "organisation", org))
            return true;
    }
    return err_set(e, ERR_NOT_FOUND, "the release %s holds no %s of that place, organisation and period",
                   f->release, w->figure->name);
}

static bool of_today(struct filling *f, const struct wanted *w, const struct json **out, struct err *e)
{
    struct app *app = f->app;
    struct release_world world = { .store = app->store, .db = app->db, .model = app->model,
                                   .context = &app->context, .clock = app->clock, .scope = &scope_all };
    struct json *line;
    struct buf b;
    buf_init(&b, (size_t)1 << 20);
    bool ok = release_figure_body(&world, &w->q, &b, e) && json_parse(&line, b.p, b.n, app->arena, e);
    buf_free(&b);
    if (ok) *out = line;
    return ok;
}

static bool shifted(struct filling *f, const struct wanted *w, const char *value, const char **out,
                    struct err *e)
{
    const char *dot = strchr(value, '.');
    int scale = dot ? (int)strlen(dot + 1) : 0;
    int64_t v;
    if (!w->shift) {
        *out = value;
        return true;
    }
    if (decimal_parse(value, strlen(value), scale, &v) != DECIMAL_OK)
        return err_set(e, ERR_INTERNAL, "%s is no number", value);
    *out = cell_scaled(f->app, v, scale + w->shift);
    return true;
}

static void note_figure(struct filling *f, const char *sheet, const char *cell, const char *inside,
                        const struct json *line)
{
    struct arena *a = f->app->arena;
    const char **r = add_row(f);
    r[E_CELL] = arena_printf(a, "%s!%s", sheet, cell);
    r[E_TEXT] = inside;
    r[E_WHAT] = release_member(line, "figure", a);
    r[E_PLACE] = release_member(line, f->app->zh ? "place_zh" : "place_en", a);
    r[E_ORG] = release_member(line, "organisation", a);
    r[E_FROM] = release_member(line, "from", a);
    r[E_TO] = release_member(line, "to", a);
    r[E_VALUE] = release_member(line, "value", a);
    if (!*r[E_VALUE]) r[E_VALUE] = release_member(line, "why", a);
    r[E_QUALIFIER] = release_member(line, "qualifier", a);
    r[E_RESTS] = release_member(line, "rests_on", a);
    r[E_VERSION] = release_member(line, "version", a);
    r[E_ROWS] = release_member(line, "rows", a);
    r[E_DIGEST] = release_member(line, "rows_digest", a);
    r[E_RELEASE] = f->release ? f->release : "";
}

static bool fill_figure(struct filling *f, const char *sheet, const char *cell, const char *inside,
                        bool alone, struct xlsx_filling *out, struct err *e)
{
    struct arena *a = f->app->arena;
    struct wanted w;
    const struct json *line = NULL;
    if (!read_hole(f, words_of(f, inside), &w, e)) return false;
    if (!(f->release ? of_release(f, &w, &line, e) : of_today(f, &w, &line, e))) return false;
    note_figure(f, sheet, cell, inside, line);
    const char *value = release_member(line, "value", a), *sign = release_member(line, "qualifier", a);
    bool bound = strcmp(sign, "=") != 0;
    if (!*value) {
        out->text = f->app->zh ? "不详" : "unknown";
        return true;
    }
    if (!shifted(f, &w, value, &value, e)) return false;
    f->bounds += bound && alone;
    *out = (struct xlsx_filling){ .number = true,
        .text = bound && !alone ? arena_printf(a, "%s%s", sign, value) : value };
    return true;
}

/* --- claims, places, dates --- */

static bool keep_claim(void *arg, const struct claim_result *r, struct err *e)
{
    static const char *const verdicts[2][3] = { { "holds", "differs", "cannot be computed" },
                                                { "相符", "不符", "无法计算" } };
    struct filling *f = arg;
    struct arena *a = f->app->arena;
    (void)e;
    if (f->n_claims == f->cap_claims) {
        f->cap_claims = f->cap_claims ? f->cap_claims * 2 : 64;
        struct kept_claim *more = arena_array(a, f->cap_claims, sizeof *more);
        if (f->n_claims) memcpy(more, f->claim, f->n_claims * sizeof *more);
        f->claim = more;
    }
    f->claim[f->n_claims++] = (struct kept_claim){ arena_strdup(a, r->code), arena_strdup(a, r->claimed),
        arena_strdup(a, r->computed), verdicts[f->app->zh][r->verdict], arena_strdup(a, r->rests_on) };
    return true;
}

/* {{claim CODE}}, {{claim CODE computed}}, {{claim CODE verdict}} */
static bool fill_claim(struct filling *f, const char *sheet, const char *cell, const char *inside,
                       struct xlsx_filling *out, struct err *e)
{
    struct app *app = f->app;
    char *save = NULL, *words = words_of(f, inside);
    (void)strtok_r(words, " \t", &save);
    const char *code = strtok_r(NULL, " \t", &save), *part = strtok_r(NULL, " \t", &save);
    if (!code) return err_set(e, ERR_INVALID, "which claim? {{claim CODE}}");
    if (!f->claims_read &&
        !claims_check(&app->context, app->db, &scope_all, NULL, keep_claim, f, e))
        return false;
    f->claims_read = true;
    size_t i = 0;
    while (i < f->n_claims && strcmp(f->claim[i].code, code) != 0) i++;
    if (i == f->n_claims) return err_set(e, ERR_NOT_FOUND, "there is no claim \"%s\"", code);
    const struct kept_claim *c = &f->claim[i];
    if (part && strcmp(part, "computed") != 0 && strcmp(part, "verdict") != 0)
        return err_set(e, ERR_INVALID, "of a claim there is what was printed, computed and verdict, no "
                       "\"%s\"", part);
    out->text = !part ? c->claimed : *part == 'c' ? c->computed : c->verdict;
    const char **r = add_row(f);
    r[E_CELL] = arena_printf(app->arena, "%s!%s", sheet, cell);
    r[E_TEXT] = inside;
    r[E_WHAT] = arena_printf(app->arena, "claim %s", code);
    r[E_VALUE] = out->text;
    r[E_RESTS] = c->rests_on;
    return true;
}

static bool fill_place(struct filling *f, const char *inside, struct xlsx_filling *out, struct err *e)
{
    const char *name = inside + 5;
    int64_t code = f->about->place;
    name += strspn(name, " ");
    if (*name && !app_place(f->app, name, &code, e)) return false;
    out->text = code ? cell_place(f->app, code) : f->app->zh ? "全国" : "nation";
    return true;
}

static bool is_word(const char *inside, const char *word)
{
    size_t n = strlen(word);
    return strncmp(inside, word, n) == 0 && (inside[n] == '\0' || inside[n] == ' ');
}

static bool fill_hole(void *arg, const char *sheet, const char *cell, const char *inside, bool alone,
                      struct xlsx_filling *out, struct err *e)
{
    struct filling *f = arg;
    struct arena *a = f->app->arena;
    if (is_word(inside, "claim")) return fill_claim(f, sheet, cell, inside, out, e);
    if (is_word(inside, "place")) return fill_place(f, inside, out, e);
    if (strcmp(inside, "date") == 0) out->text = day_text(f->about->today, f->app->zh, a);
    else if (strcmp(inside, "period") == 0)
        out->text = period_text(f->about->from, f->about->to, f->app->zh, a);
    else return fill_figure(f, sheet, cell, inside, alone, out, e);
    return true;
}

/* --- the command --- */

static bool keep_line(void *arg, const struct release_line *l, struct err *e)
{
    struct filling *f = arg;
    struct json *line;
    if (strcmp(l->kind, "figure") != 0) return true;
    if (!json_parse(&line, l->body, l->n, f->app->arena, e)) return false;
    if (f->n_lines == f->cap_lines) {
        f->cap_lines = f->cap_lines ? f->cap_lines * 2 : 64;
        const struct json **more = arena_array(f->app->arena, f->cap_lines, sizeof *more);
        if (f->n_lines) memcpy(more, f->line, f->n_lines * sizeof *more);
        f->line = more;
    }
    f->line[f->n_lines++] = line;
    return true;
}

static bool read_release(struct filling *f, const char *name, struct err *e)
{
    struct release_row r;
    if (!name) return true;
    f->release = name;
    return release_find(f->app->db, &scope_all, name, f->app->arena, &r, e) &&
           release_lines(f->app->db, r.id, keep_line, f, e);
}

int report_fill(struct app *app, const struct report_cli *o, const char *path, struct err *e)
{
    struct report_about about;
    struct filling f = { .app = app, .about = &about };
    struct xlsx_filled done;
    const struct xlsx_evidence evidence = { .name = app->zh ? "数据依据" : "Evidence", .n = E_N,
                                            .row = evidence_row };
    if (!o->output) return err_set(e, ERR_USAGE, "where to? -o OUT.xlsx"), 2;
    if (!report_about(app, o, &about, e) || !read_release(&f, o->release, e)) return err_exit(e->code);
    add_titles(&f);
    if (!xlsx_fill(path, o->output, NULL, fill_hole, &evidence, &f, &done, e)) return err_exit(e->code);
    printf(app->zh ? "%s：%d 张表的 %d 个单元格已填，共 %d 处，依据见“%s”表\n"
                   : "%s: on %d sheets %d cells filled, %d places; see the sheet %s\n",
           o->output, done.sheets, done.cells, done.holes, evidence.name);
    if (f.bounds)
        printf(app->zh ? "其中 %d 处为上下限或约数，符号见依据表\n"
                       : "%d numbers are bounds or about; their signs are in the evidence\n", f.bounds);
    return 0;
}
