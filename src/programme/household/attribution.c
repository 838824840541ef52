/* Exits shared out among helpers. */
#include "programme/household/attribution.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "entity/load.h"
#include "programme/household/household_sql.h"
#include "programme/rows/rows.h"

enum { MAX_PARTS = 256 };
enum { X_COUNTY, X_ID, X_CODE, X_PLACE, X_DAY };
enum { H_OF, H_HELPER, H_KIND, H_FROM, H_TO };

void attribution_split(const int64_t *weight, int n, int64_t *share)
{
    int64_t total = 0, left = ATTRIBUTION_ONE;
    for (int i = 0; i < n; i++) total += weight[i];
    for (int i = 0; i < n; i++) {
        share[i] = total ? weight[i] * ATTRIBUTION_ONE / total : 0;
        left -= share[i];
    }
    for (; total && left > 0; left--) {
        int best = -1;
        int64_t most = -1;
        for (int i = 0; i < n; i++) {
            int64_t rest = weight[i] * ATTRIBUTION_ONE - share[i] * total;
            if (rest > most) most = rest, best = i;
        }
        share[best]++;
    }
}

struct part { int64_t helper, weight; };
struct sharing {
    const struct criterion *rule;
    const struct val *exit;
    int window;                /* months */
    struct part part[MAX_PARTS];
    int n;
};

static bool add_part(struct sharing *s, int64_t helper, int64_t weight, struct err *e)
{
    if (weight <= 0) return true;
    for (int i = 0; i < s->n; i++)
        if (s->part[i].helper == helper) {
            s->part[i].weight += weight;
            return true;
        }
    if (s->n == MAX_PARTS)
        return err_set(e, ERR_INVALID, "household %s: more than %d helpers",
                       row_text(s->exit[X_CODE]), MAX_PARTS);
    s->part[s->n++] = (struct part){ helper, weight };
    return true;
}

/* Help counts that began before the exit and reached into the window; without days it may have. */
static bool counts(const struct sharing *s, const struct val *r)
{
    int32_t exit = row_date(s->exit[X_DAY], DATE_MAX);
    return row_date(r[H_FROM], DATE_MIN) <= exit && row_date(r[H_TO], DATE_MAX) >= date_add_months(exit, -s->window);
}

/* Rows are ordered by what they belong to: the first of this one. */
static int first_of(const struct rows *r, int64_t of)
{
    int lo = 0, hi = r->n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (row_int(r->row[mid][H_OF]) < of) lo = mid + 1;
        else hi = mid;
    }
    return lo;
}

static bool add_rows(struct sharing *s, const struct rows *r, int64_t of, struct err *e)
{
    for (int i = first_of(r, of); i < r->n && row_int(r->row[i][H_OF]) == of; i++) {
        const struct val *v = r->row[i];
        int64_t weight = criterion_number(s->rule, "weight", row_text(v[H_KIND]), 0);
        if (counts(s, v) && !add_part(s, row_int(v[H_HELPER]), weight, e)) return false;
    }
    return true;
}

static int by_helper(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    return x->helper < y->helper ? -1 : x->helper > y->helper;
}

static bool tell(struct sharing *s, attribution_fn *fn, void *arg, struct err *e)
{
    int64_t weight[MAX_PARTS], share[MAX_PARTS];
    if (s->n == 0) s->part[s->n++] = (struct part){ 0, 1 };
    qsort(s->part, (size_t)s->n, sizeof *s->part, by_helper);
    for (int i = 0; i < s->n; i++) weight[i] = s->part[i].weight;
    attribution_split(weight, s->n, share);
    for (int i = 0; i < s->n; i++) {
        struct attribution a = { .county = row_int(s->exit[X_COUNTY]),
            .household = row_int(s->exit[X_ID]), .place = row_int(s->exit[X_PLACE]),
            .helper = s->part[i].helper, .code = row_text(s->exit[X_CODE]),
            .exited_on = row_date(s->exit[X_DAY], DATE_MIN), .weight = weight[i],
            .share = share[i] };
        if (!fn(arg, &a, e)) return false;
    }
    return true;
}

static bool read_county(struct db *d, const struct criterion *rule, const struct val v[4],
                        struct arena *a, attribution_fn *fn, void *arg, struct err *e)
{
    struct rows exits, helped, responsible, pairings;
    int window = (int)criterion_number(rule, "limit", "window_months", 36);
    if (!rows_read(d, &household_stmts.stmts[HOUSEHOLD_EXITS], v, 4, a, &exits, e) ||
        !rows_read(d, &household_stmts.stmts[HOUSEHOLD_HELPED], v, 2, a, &helped, e) ||
        !rows_read(d, &household_stmts.stmts[HOUSEHOLD_RESPONSIBLE], v, 2, a, &responsible, e) ||
        !rows_read(d, &household_stmts.stmts[HOUSEHOLD_PAIRINGS], v, 2, a, &pairings, e))
        return false;
    for (int i = 0; i < exits.n; i++) {
        const struct val *x = exits.row[i];
        struct sharing s = { .rule = rule, .exit = x, .window = window };
        if (!add_rows(&s, &helped, row_int(x[X_ID]), e) ||
            !add_rows(&s, &responsible, row_int(x[X_ID]), e) ||
            !add_rows(&s, &pairings, row_int(x[X_PLACE]), e) || !tell(&s, fn, arg, e))
            return false;
    }
    return true;
}

bool attribution_read(struct db *d, const struct criterion *rule, int32_t from, int32_t to,
                      attribution_fn *fn, void *arg, struct err *e)
{
    struct arena a = { 0 }, one = { 0 };
    struct rows counties;
    struct val v[3] = { val_null(), val_int(from), val_int(to) };
    int64_t hidden;
    if (!load_pending(d, &hidden, e)) return false;
    v[0] = val_int(hidden);
    bool ok = rows_read(d, &household_stmts.stmts[HOUSEHOLD_EXIT_COUNTIES], v, 3, &a, &counties, e);
    for (int i = 0; ok && i < counties.n; i++) {
        struct val of[4] = { counties.row[i][0], v[0], v[1], v[2] };
        arena_reset(&one);
        ok = read_county(d, rule, of, &one, fn, arg, e);
    }
    arena_free(&one);
    arena_free(&a);
    return ok;
}
