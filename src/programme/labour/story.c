/* The one-stop record of a person, and placements to be looked at again. */
#include "programme/labour/story.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "entity/load.h"
#include "programme/labour/labour_sql.h"

static const char *const way[] = { "profile", "match", "training", "trip", "job", "follow-up" };
enum { WAY = sizeof way / sizeof *way };

static int rank(const char *step)
{
    for (int i = 0; i < WAY; i++)
        if (strcmp(step, way[i]) == 0) return i;
    return WAY;
}

static int by_day(const void *a, const void *b)
{
    const struct story_step *x = a, *y = b;
    if (x->day != y->day) return x->day < y->day ? -1 : 1;
    int d = rank(x->step) - rank(y->step);
    return d ? d : strcmp(x->code, y->code);
}

bool story_read(struct db *d, int64_t county, int64_t person, struct arena *a, struct story *out,
                struct err *e)
{
    struct val v[3] = { val_null(), val_int(county), val_int(person) };
    int64_t hidden;
    if (!load_pending(d, &hidden, e)) return false;
    v[0] = val_int(hidden);
    *out = (struct story){ 0 };
    for (enum labour_stmt s = LABOUR_OF_SEEKER; s <= LABOUR_OF_AID; s++) {
        struct rows r;
        if (!rows_read(d, &labour_stmts.stmts[s], v, 3, a, &r, e)) return false;
        struct story_step *more = arena_array(a, (size_t)(out->n + r.n) + 1, sizeof *more);
        if (out->n) memcpy(more, out->at, (size_t)out->n * sizeof *more);
        for (int i = 0; i < r.n; i++) {
            const struct val *x = r.row[i];
            more[out->n + i] = (struct story_step){ .day = row_date(x[0], DATE_MAX),
                .step = row_text(x[1]), .code = row_text(x[2]), .what = row_text(x[3]),
                .place = row_int(x[4]), .org = row_int(x[5]),
                .months = s == LABOUR_OF_FOLLOW ? row_int(x[6]) : 0 };
        }
        out->at = more;
        out->n += r.n;
    }
    qsort(out->at, (size_t)out->n, sizeof *out->at, by_day);
    return true;
}

const char *story_missing(const struct story *s, struct arena *a)
{
    const char *out = "";
    for (int i = 0; i < WAY; i++) {
        bool there = false;
        for (int k = 0; k < s->n; k++) there |= strcmp(s->at[k].step, way[i]) == 0;
        if (!there) out = arena_printf(a, "%s%s%s", out, *out ? ", " : "", way[i]);
    }
    return out;
}

/* --- follow-ups --- */

enum { D_CODE, D_PLACE, D_HELPER, D_EMPLOYER, D_QUANTITY, D_START };

/* A later look tells as much as the one that is due. A month's end may be cut: looked at again. */
bool follow_ups_due(struct db *d, const int *months, int32_t on, struct arena *a,
                    follow_due_fn *fn, void *arg, struct err *e)
{
    int64_t hidden;
    if (!load_pending(d, &hidden, e)) return false;
    for (const int *m = months; *m; m++) {
        struct val v[3] = { val_int(hidden), val_int(*m), val_int(date_add_months(on, -*m) + 3) };
        struct rows r;
        if (!rows_read(d, &labour_stmts.stmts[LABOUR_DUE], v, 3, a, &r, e)) return false;
        for (int i = 0; i < r.n; i++) {
            const struct val *p = r.row[i];
            struct follow_due f = { .code = row_text(p[D_CODE]), .place = row_int(p[D_PLACE]),
                .helper = row_int(p[D_HELPER]), .employer = row_int(p[D_EMPLOYER]),
                .people = row_int(p[D_QUANTITY]), .months = *m,
                .due = date_add_months(row_date(p[D_START], DATE_MAX), *m) };
            if (f.due <= on && !fn(arg, &f, e)) return false;
        }
    }
    return true;
}
