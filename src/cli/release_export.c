/* A release for other programs: its figures as CSV, all of it as JSON, or a workbook. */
#include "cli/release.h"

#include <errno.h>
#include <string.h>

#include "base/count.h"
#include "base/csv.h"
#include "doc/xlsx.h"

#define MOST_MEMBERS 24

/* What of each kind of line stands in the sheets; a member is named as in the line. */
struct part { const char *kind, *sheet; const char *member[MOST_MEMBERS]; };
static const struct part parts[] = {
    { "figure", "figures", { "figure", "place", "place_en", "place_zh", "organisation", "from", "to", "value",
                             "qualifier", "low", "high", "unit", "rests_on", "rows", "unknown", "confirmed",
                             "one_sided", "disputed", "why", "version", "rows_digest" } },
    { "claim", "claims", { "claim", "source", "text", "figure", "claimed", "computed", "difference",
                           "verdict", "rests_on", "reading", "reason" } },
    { "change", "changes", { "what", "figure", "place", "place_en", "organisation", "from", "to",
                             "difference" } },
    { "definition", "definitions", { "figure", "en", "zh", "unit", "is", "decimals", "version", "text" } },
    { "head", "heads", { "writer", "seq", "head" } },
    { "approval", "approvals", { "by", "at" } },
};

static int members_of(const struct part *p)
{
    int n = 0;
    while (n < MOST_MEMBERS && p->member[n]) n++;
    return n;
}

struct exporting {
    struct app *app;
    const struct part *part;
    struct xlsx_out *x;
    struct buf b;
    FILE *f;
    bool begun;
    struct { const char *figure, *unit; } *units; size_t n_units, cap_units;
};

/* --- units stand in the definitions, which come first --- */

static void keep_unit(struct exporting *x, const struct json *line)
{
    struct arena *a = x->app->arena;
    if (x->n_units == x->cap_units) {
        x->cap_units = x->cap_units ? x->cap_units * 2 : 64;
        void *more = arena_array(a, x->cap_units, sizeof *x->units);
        if (x->n_units) memcpy(more, x->units, x->n_units * sizeof *x->units);
        x->units = more;
    }
    x->units[x->n_units].figure = arena_strdup(a, release_member(line, "figure", a));
    x->units[x->n_units++].unit = arena_strdup(a, release_member(line, "unit", a));
}

static const char *unit_of(const struct exporting *x, const char *figure)
{
    for (size_t i = 0; i < x->n_units; i++)
        if (strcmp(x->units[i].figure, figure) == 0) return x->units[i].unit;
    return "";
}

/* A spreadsheet takes the signs for formulas. */
static const char *qualifier_code(const char *sign)
{
    static const struct { const char *sign, *code; } codes[] = { { "=", "eq" }, { "≥", "ge" },
        { ">", "gt" }, { "≤", "le" }, { "<", "lt" }, { "~", "approx" }, { "±", "mixed" } };
    for (int i = 0; i < COUNT(codes); i++)
        if (strcmp(codes[i].sign, sign) == 0) return codes[i].code;
    return sign;
}

static const char *cell(struct exporting *x, const struct json *line, const char *member, struct arena *a)
{
    if (strcmp(member, "unit") == 0 && strcmp(x->part->kind, "figure") == 0)
        return unit_of(x, release_member(line, "figure", a));
    if (strcmp(member, "qualifier") == 0) return qualifier_code(release_member(line, member, a));
    return release_member(line, member, a);
}

/* --- CSV and workbook, line by line --- */

static bool write_csv(struct exporting *x, const struct json *line, struct arena *a, struct err *e)
{
    buf_clear(&x->b);
    for (int i = 0; i < members_of(x->part); i++) {
        const char *text = line ? cell(x, line, x->part->member[i], a) : x->part->member[i];
        csv_add(&x->b, text, strlen(text), i == 0, true);
    }
    csv_end_row(&x->b);
    return fwrite(x->b.p, 1, x->b.n, x->f) == x->b.n || err_set(e, ERR_FULL, "%s", strerror(errno));
}

static bool write_cells(struct exporting *x, const struct json *line, struct arena *a, struct err *e)
{
    struct val row[MOST_MEMBERS];
    int n = members_of(x->part);
    for (int i = 0; i < n; i++) {
        const char *text = cell(x, line, x->part->member[i], a);
        row[i] = *text ? val_text(text) : val_null();
    }
    return xlsx_write_row(x->x, row, n, e);
}

static bool take_line(void *arg, const struct release_line *l, struct err *e)
{
    struct exporting *x = arg;
    struct arena a = { 0 };
    struct json *line;
    bool unit = x->n_units == 0 || strcmp(l->kind, "definition") == 0;
    if (strcmp(l->kind, x->part->kind) != 0 && !unit) return true;
    bool ok = json_parse(&line, l->body, l->n, &a, e);
    if (ok && strcmp(l->kind, "definition") == 0 && strcmp(x->part->kind, "figure") == 0)
        keep_unit(x, line);
    if (ok && strcmp(l->kind, x->part->kind) == 0)
        ok = x->x ? write_cells(x, line, &a, e) : write_csv(x, line, &a, e);
    arena_free(&a);
    return ok;
}

static bool export_csv(struct exporting *x, const struct release_row *r, struct err *e)
{
    x->part = &parts[0];
    return write_csv(x, NULL, x->app->arena, e) && release_lines(x->app->db, r->id, take_line, x, e);
}

static bool add_sheet(struct exporting *x, const char *path, struct err *e)
{
    struct xlsx_column cols[MOST_MEMBERS];
    int n = members_of(x->part);
    for (int i = 0; i < n; i++)
        cols[i] = (struct xlsx_column){ .title = x->part->member[i], .kind = XLSX_TEXT };
    return x->x ? xlsx_add_sheet(x->x, x->part->sheet, cols, n, e)
                : xlsx_create(&x->x, path, x->part->sheet, cols, n, e);
}

static bool export_xlsx(struct exporting *x, const struct release_row *r, const char *path, struct err *e)
{
    bool ok = true;
    for (int i = 0; ok && i < COUNT(parts); i++) {
        x->part = &parts[i];
        ok = add_sheet(x, path, e) && release_lines(x->app->db, r->id, take_line, x, e);
    }
    if (ok) return xlsx_finish(x->x, e);
    if (x->x) xlsx_abandon(x->x);
    return false;
}

/* --- JSON: the lines as they are, by kind --- */

static bool take_json(void *arg, const struct release_line *l, struct err *e)
{
    struct exporting *x = arg;
    if (strcmp(l->kind, x->part ? x->part->kind : "release") != 0) return true;
    bool ok = (!x->begun || fputs(",\n", x->f) >= 0) && fwrite(l->body, 1, l->n, x->f) == l->n;
    x->begun = true;
    return ok || err_set(e, ERR_FULL, "%s", strerror(errno));
}

static bool export_json(struct exporting *x, const struct release_row *r, struct err *e)
{
    fputs("{\"release\":", x->f);
    bool ok = release_lines(x->app->db, r->id, take_json, x, e);
    for (int i = 0; ok && i < COUNT(parts); i++) {
        x->part = &parts[i];
        x->begun = false;
        fprintf(x->f, ",\n\"%s\":[\n", x->part->sheet);
        ok = release_lines(x->app->db, r->id, take_json, x, e);
        fputs("]", x->f);
    }
    fprintf(x->f, ",\n\"head\":\"%s\"}\n", r->head);
    return ok;
}

enum release_form release_form(const char *path)
{
    static const struct { const char *end; enum release_form form; } forms[] = {
        { ".csv", RELEASE_CSV }, { ".json", RELEASE_JSON }, { ".xlsx", RELEASE_XLSX } };
    size_t n = strlen(path);
    for (int i = 0; i < COUNT(forms); i++) {
        size_t k = strlen(forms[i].end);
        if (n > k && strcmp(path + n - k, forms[i].end) == 0) return forms[i].form;
    }
    return RELEASE_SEALED;
}

bool release_export(struct app *app, const struct release_row *r, enum release_form form,
                    const char *path, FILE *f, struct err *e)
{
    struct exporting x = { .app = app, .f = f };
    buf_init(&x.b, (size_t)4 << 20);
    bool ok = form == RELEASE_XLSX ? export_xlsx(&x, r, path, e)
            : form == RELEASE_JSON ? export_json(&x, r, e)
                                   : export_csv(&x, r, e);
    buf_free(&x.b);
    return ok;
}
