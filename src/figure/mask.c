/* Figures of people for who may not see people.
 *
 * A figure is kept in base cells: one a county and calendar year of a flow, one a county of a stock on a
 * day. A base cell that rests on fewer than SMALL_CELL rows counts as nothing; any other is cut down to whole
 * tens. Every value given is a sum of base cells so cut, so whatever is subtracted from whatever,
 * places from their parent, years from a period, gives a sum of cut cells again and never one household:
 * a register in which any cell is another number of the same ten gives the same answers. What is lost
 * is said: a sum is "at least". Periods are whole years, places whole counties, and there is no cut
 * by organisation, for each of these would be base cells of their own, overlapping the others. */
#include <stdlib.h>

#include "figure/read.h"

enum { FIRST_YEAR = 2011, LAST_YEAR = 2059, BUCKETS = LAST_YEAR - FIRST_YEAR + 3,
       COUNTY_LEVEL = 3 };

static const char hidden[] = "hidden, so that no single household can be found";

/* Counts, and sums of whole things. Money and ratios would show single amounts. */
bool mask_fits(const struct figure *f)
{
    return f->kind == FIGURE_COUNT || (f->kind == FIGURE_SUM && f->scale == 0);
}

/* Time is cut once and for all: before 2011, each year, from 2060 on. */
static int32_t bucket_from(int i)
{
    return i == 0 ? DATE_MIN : date_make(FIRST_YEAR + i - 1, 1, 1);
}

static int32_t bucket_to(int i)
{
    return i == BUCKETS - 1 ? DATE_MAX : date_make(FIRST_YEAR + i, 1, 1) - 1;
}

static bool whole_years(const struct figure_query *q, int *first, int *last)
{
    *first = *last = -1;
    for (int i = 0; i < BUCKETS; i++) {
        if (bucket_from(i) == q->from) *first = i;
        if (bucket_to(i) == q->to) *last = i;
    }
    return *first >= 0 && *last >= *first;
}

static bool year_ends(int32_t day)
{
    struct civil c = date_civil(day);
    return c.month == 12 && c.day == 31;
}

struct masked { int64_t place, value; };
struct masking { struct reading *r; const struct figure *f; struct masked *at; size_t n, cap; int by; };

static void add_cell(struct masking *m, const struct figure_value *v)
{
    if (v->rows < SMALL_CELL || v->value < SMALL_CELL) return;
    int64_t place = m->by ? place_up(v->place, m->by) : 0, cut = v->value / SMALL_CELL * SMALL_CELL;
    if (m->n && m->at[m->n - 1].place == place) {
        m->at[m->n - 1].value += cut;
        return;
    }
    m->at = mem_more(m->at, m->n, &m->cap, sizeof *m->at);
    m->at[m->n++] = (struct masked){ place, cut };
}

/* Years without a row cost one read together. */
static bool read_years(struct masking *m, int first, int last, struct err *e)
{
    struct figure_query q = *m->r->q;
    struct reading r = *m->r;
    struct values v;
    const char *const everywhere = NULL;
    int64_t rows = 0;
    q.by = COUNTY_LEVEL;
    r.q = &q;
    if (!m->f->stock) {
        q.from = bucket_from(first);
        q.to = bucket_to(last);
    }
    if (!read_sums(&r, m->f, &everywhere, 1, &v, e)) return false;
    for (size_t i = 0; i < v.n; i++) rows += v.at[i].rows;
    if (m->f->stock || first == last) {
        for (size_t i = 0; i < v.n; i++) add_cell(m, &v.at[i]);
        return true;
    }
    int middle = first + (last - first) / 2;
    return rows < SMALL_CELL || (read_years(m, first, middle, e) && read_years(m, middle + 1, last, e));
}

static int by_place(const void *a, const void *b)
{
    const struct masked *x = a, *y = b;
    return x->place < y->place ? -1 : x->place > y->place;
}

static struct figure_value given(const struct figure *f, int64_t place, int64_t value)
{
    if (!value) return (struct figure_value){ .place = place, .why = hidden };
    return (struct figure_value){ .place = place, .known = true, .value = value, .low = value,
        .high = value, .scale = f->scale, .qualifier = Q_GE, .rows = value, .why = "" };
}

static void give(struct masking *m, struct values *out)
{
    const struct figure_query *q = m->r->q;
    *out = (struct values){ arena_array(m->r->a, m->n + 1, sizeof *out->at), 0 };
    if (m->n) qsort(m->at, m->n, sizeof *m->at, by_place);
    for (size_t i = 0, k; i < m->n; i = k) {
        int64_t value = 0;
        for (k = i; k < m->n && m->at[k].place == m->at[i].place; k++) value += m->at[k].value;
        out->at[out->n++] = given(m->f, q->by ? m->at[i].place : q->place, value);
    }
    if (!q->by && !out->n) out->at[out->n++] = given(m->f, q->place, 0);
}

bool mask_read(struct reading *r, const struct figure *f, struct values *out, struct err *e)
{
    const struct figure_query *q = r->q;
    struct masking m = { .r = r, .f = f, .by = q->by };
    int first = 0, last = 0;
    bool fits = !q->org && q->by <= COUNTY_LEVEL && place_level(q->place) <= COUNTY_LEVEL &&
                (f->stock ? q->to == DATE_MAX || year_ends(q->to)
                          : whole_years(q, &first, &last));
    /* Only whole counties: villages of a scope are no base cells. */
    for (size_t i = 0; fits && r->own && i < r->own->n; i++)
        fits = r->own->at[i].lo % 1000000 == 0 && r->own->at[i].hi % 1000000 == 999999;
    if (!fits) {
        *out = (struct values){ arena_array(r->a, 1, sizeof *out->at), !q->by };
        out->at[0] = (struct figure_value){ .place = q->place, .why = hidden };
        return true;
    }
    r->n_own_orgs = 0;
    bool ok = read_years(&m, first, last, e);
    if (ok) give(&m, out);
    free(m.at);
    return ok;
}
