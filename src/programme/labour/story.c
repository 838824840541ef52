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

enum { P_COUNTY, P_ID, P_CODE, P_PLACE, P_WORK_PLACE, P_AREA, P_HELPER, P_EMPLOYER, P_QUANTITY,
       P_QUALIFIER, P_REGISTERED, P_FROM, P_TO, P_REACH, P_OF_WHICH };

static bool followed(const struct rows *f, int *at, const struct val *p, int months)
{
    while (*at < f->n && (row_int(f->row[*at][0]) < row_int(p[P_COUNTY]) ||
                          (row_int(f->row[*at][0]) == row_int(p[P_COUNTY]) &&
                           row_int(f->row[*at][1]) < row_int(p[P_ID]))))
        ++*at;
    for (int i = *at; i < f->n; i++) {
        const struct val *x = f->row[i];
        if (row_int(x[0]) != row_int(p[P_COUNTY]) || row_int(x[1]) != row_int(p[P_ID])) break;
        if (row_int(x[2]) >= months) return true; /* a later look tells as much */
    }
    return false;
}

bool follow_ups_due(struct db *d, const int *months, int32_t on, struct arena *a,
                    follow_due_fn *fn, void *arg, struct err *e)
{
    struct val v[2] = { val_null(), val_int(on) };
    struct rows placements, follow;
    int64_t hidden;
    int at = 0;
    if (!load_pending(d, &hidden, e)) return false;
    v[0] = val_int(hidden);
    if (!rows_read(d, &labour_stmts.stmts[LABOUR_PLACEMENTS], v, 2, a, &placements, e) ||
        !rows_read(d, &labour_stmts.stmts[LABOUR_FOLLOWED], v, 2, a, &follow, e))
        return false;
    for (int i = 0; i < placements.n; i++) {
        const struct val *p = placements.row[i];
        int32_t start = row_date(p[P_TO], row_date(p[P_FROM], DATE_MAX));
        if (start == DATE_MAX || p[P_OF_WHICH].type == VAL_INT) continue;
        for (const int *m = months; *m; m++) {
            struct follow_due f = { .code = row_text(p[P_CODE]), .place = row_int(p[P_PLACE]),
                .helper = row_int(p[P_HELPER]), .employer = row_int(p[P_EMPLOYER]),
                .people = row_int(p[P_QUANTITY]), .months = *m,
                .due = date_add_months(start, *m) };
            if (f.due <= on && !followed(&follow, &at, p, *m) && !fn(arg, &f, e)) return false;
        }
    }
    return true;
}
