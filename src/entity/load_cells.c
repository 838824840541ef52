/* What a spreadsheet's cells become before they are read as those of a CSV file are: its texts are
 * guarded as our own CSV export guards them, so that the reader, which takes such a guard off, gives
 * them back as they are; a fraction shown as a percentage becomes percent where that is the field's
 * unit. And what a file is warned of. */
#include <string.h>

#include "doc/xlsx.h"
#include "entity/load_run.h"

#define WARNINGS_MOST 20

void reader_warn(struct reader *r, int64_t line, const char *what)
{
    struct load_file_report *f = r->report;
    struct arena *a = &r->load->report->arena;
    int i = 0;
    while (i < f->n_warnings && strcmp(f->warnings[i].what, what) != 0) i++;
    if (i == WARNINGS_MOST) {
        f->more_warnings++;
        return;
    }
    if (i == f->n_warnings) {
        if (!f->warnings) f->warnings = arena_array(a, WARNINGS_MOST, sizeof *f->warnings);
        f->warnings[f->n_warnings++] =
            (struct load_warning){ .what = arena_strdup(a, what), .line = line };
    }
    f->warnings[i].count++;
}

/* "C7" */
static const char *cell_name(const struct reader *r, int column)
{
    char letters[8];
    int n = (int)sizeof letters - 1;
    letters[n] = '\0';
    for (int c = column + 1; c > 0 && n > 0; c = (c - 1) / 26)
        letters[--n] = (char)('A' + (c - 1) % 26);
    return arena_printf((struct arena *)&r->load->report->arena, "%s%lld", letters + n,
                        (long long)source_line(r->source));
}

/* 0.125 as 12.5: the point two places on. False for what is no plain decimal. */
static bool times_hundred(struct csv_field *c, struct arena *a)
{
    size_t sign = c->n && *c->p == '-', whole = sign, n = 0;
    while (whole < c->n && c->p[whole] >= '0' && c->p[whole] <= '9') whole++;
    const char *frac = c->p + whole + (whole < c->n);
    size_t fracs = whole < c->n ? c->n - whole - 1 : 0;
    if (whole == sign || (whole < c->n && c->p[whole] != '.') ||
        strspn(frac, "0123456789") < fracs)
        return false;
    char *out = arena_alloc(a, c->n + 4);
    memcpy(out, c->p, whole);
    n = whole;
    for (size_t i = 0; i < 2; i++) out[n++] = i < fracs ? frac[i] : '0';
    size_t lead = sign;
    while (lead + 1 < n && out[lead] == '0') lead++;
    memmove(out + sign, out + lead, n - lead);
    n -= lead - sign;
    if (fracs > 2) {
        out[n++] = '.';
        memcpy(out + n, frac + 2, fracs - 2);
        n += fracs - 2;
    }
    *c = (struct csv_field){ .p = out, .n = n };
    return true;
}

static void take_percent(struct reader *r, int column, struct csv_field *c, bool *warned)
{
    int f = column < r->sheet.columns ? r->sheet.field[column] : SHEET_IGNORE;
    const struct field *field = f >= 0 ? &r->m->field[f] : NULL;
    if (!field || (field->type != F_DECIMAL && field->type != F_INT && field->type != F_MONEY))
        return;
    if (field->unit && strcmp(field->unit, "percent") == 0 && times_hundred(c, &r->scratch)) return;
    *warned = true;
    reader_warn(r, source_line(r->source),
                arena_printf(&r->load->report->arena, "cell %s is shown as a percentage, which %s "
                             "is not in: loaded as %.*s", cell_name(r, column), field->name,
                             (int)c->n, c->p));
}

const struct csv_field *sheet_cells(struct reader *r, const struct csv_field *cells, int n,
                                    bool *warned)
{
    struct csv_field *out = arena_array(&r->scratch, (size_t)n + 1, sizeof *out);
    *warned = false;
    for (int i = 0; i < n; i++) {
        enum xlsx_mark mark = source_mark(r->source, i);
        out[i] = cells[i];
        if (mark == XLSX_UNCALCULATED) {
            *warned = true;
            reader_warn(r, source_line(r->source),
                        arena_printf(&r->load->report->arena, "cell %s holds a formula that was "
                                     "never calculated: loaded as empty", cell_name(r, i)));
        }
        if (mark == XLSX_PERCENT) take_percent(r, i, &out[i], warned);
        if (!csv_formula_like(out[i].p, out[i].n)) continue;
        char *guarded = arena_alloc(&r->scratch, out[i].n + 2);
        guarded[0] = '\'';
        memcpy(guarded + 1, out[i].p, out[i].n);
        out[i] = (struct csv_field){ .p = guarded, .n = out[i].n + 1 };
    }
    return out;
}
