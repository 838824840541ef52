/* Reading for the watch room, and the periods of contact plans. */
#include "programme/watch/find.h"

#include <stdlib.h>

#include "base/date.h"
#include "entity/load.h"

enum { COUNTIES = 999999 };

/* From the first to the last county that the places lie in. */
static void counties_of(const struct place_range *r, int n, int64_t *lo, int64_t *hi)
{
    *lo = n ? COUNTIES : 0;
    *hi = n ? 0 : COUNTIES;
    for (int i = 0; i < n; i++) {
        if (r[i].lo / 1000000 < *lo) *lo = r[i].lo / 1000000;
        if (r[i].hi / 1000000 > *hi) *hi = r[i].hi / 1000000;
    }
}

bool watch_begin(struct watch *w, struct err *e)
{
    const struct places *p = w->model->places;
    w->lo = 0;
    w->hi = COUNTIES;
    if (!load_pending(w->d, &w->hidden, e)) return false;
    if (!w->place) return true;
    if (!p->ranges(p->arg, w->d, w->place, w->range, 64, &w->ranges, e)) return false;
    counties_of(w->range, w->ranges, &w->lo, &w->hi);
    return true;
}

bool watch_inside(const struct watch *w, int64_t place)
{
    if (!w->place) return true;
    for (int i = 0; i < w->ranges; i++)
        if (place >= w->range[i].lo && place <= w->range[i].hi) return true;
    return false;
}

bool watch_read(const struct watch *w, enum watch_stmt s, const struct val *more, int n_more,
                struct rows *out, struct err *e)
{
    struct val params[8] = { val_int(w->hidden) };
    for (int i = 0; i < n_more; i++) params[1 + i] = more[i];
    return rows_read(w->d, &watch_stmts.stmts[s], params, 1 + n_more, w->a, out, e);
}

bool watch_read_inside(const struct watch *w, enum watch_stmt s, const struct val *more, int n_more,
                       struct rows *out, struct err *e)
{
    struct val params[7] = { val_int(w->lo), val_int(w->hi) };
    for (int i = 0; i < n_more; i++) params[2 + i] = more[i];
    return watch_read(w, s, params, 2 + n_more, out, e);
}

/* --- contacts --- */

/* Columns of a contact plan's row, and of the visits, meetings and activities. */
enum { CP_CODE, CP_TITLE, CP_AGREEMENT_COUNTY, CP_AGREEMENT, CP_ORG, CP_PLACE, CP_KIND, CP_MEETING,
       CP_ACTIVITY, CP_TIMES, CP_EVERY, CP_FROM, CP_TO, CP_COUNTY, CP_ID };
enum { C_ORG, C_PLACE, C_KIND, C_QUANTITY, C_FROM, C_TO, C_AGREEMENT_COUNTY, C_AGREEMENT };
struct matching {
    const struct val *plan;
    const int64_t *orgs; size_t n_orgs;
    struct place_range range[64]; int ranges;
    struct val kind;           /* wanted, or NULL */
};

static bool matches(const struct matching *m, const struct val *c)
{
    bool place = !m->ranges, org = false;
    if (m->kind.type == VAL_TEXT && !val_equal(m->kind, c[C_KIND])) return false;
    if (c[C_AGREEMENT].type == VAL_INT && m->plan[CP_AGREEMENT].type == VAL_INT)
        return c[C_AGREEMENT].i == m->plan[CP_AGREEMENT].i &&
               row_int(c[C_AGREEMENT_COUNTY]) == row_int(m->plan[CP_AGREEMENT_COUNTY]);
    for (int i = 0; i < m->ranges; i++)
        place |= row_int(c[C_PLACE]) >= m->range[i].lo && row_int(c[C_PLACE]) <= m->range[i].hi;
    for (size_t i = 0; i < m->n_orgs; i++) org |= m->orgs[i] == row_int(c[C_ORG]);
    return place && org;
}

static bool open_match(const struct watch *w, struct matching *m, struct err *e)
{
    const struct places *p = w->model->places;
    int64_t place = row_int(m->plan[CP_PLACE]);
    m->kind = row_is(m->plan[CP_KIND], "meeting")    ? m->plan[CP_MEETING]
              : row_is(m->plan[CP_KIND], "activity") ? m->plan[CP_ACTIVITY]
                                                 : val_null();
    if (!w->parties->subtree(w->parties->arg, w->d, row_int(m->plan[CP_ORG]), w->a, &m->orgs,
                             &m->n_orgs, e))
        return false;
    return !place || p->ranges(p->arg, w->d, place, m->range, 64, &m->ranges, e);
}

static bool tell_periods(const struct watch *w, const struct val *plan, const struct contact_at *at,
                         int n, watch_contact_fn *fn, void *arg, struct err *e)
{
    struct contact_rule r = { .from = row_date(plan[CP_FROM], DATE_MAX),
        .to = row_date(plan[CP_TO], DATE_MAX), .times = (int)row_int(plan[CP_TIMES]),
        .every = (int)row_int(plan[CP_EVERY]) };
    struct watch_contact c = { .code = row_text(plan[CP_CODE]), .times = r.times,
        .title = row_text(plan[CP_TITLE]), .kind = row_text(plan[CP_KIND]),
        .org = row_int(plan[CP_ORG]), .place = row_int(plan[CP_PLACE]) };
    if (r.from == DATE_MAX || r.every < 1) return true;
    int32_t until = w->on < r.to ? w->on : r.to;
    int begun = until < r.from ? 0 : contact_index(&r, until) + 1;
    struct contact_period *p = arena_array(w->a, (size_t)begun + 1, sizeof *p);
    int periods = 0;
    while (periods <= begun && contact_period(&r, periods, &p[periods])) periods++;
    contact_count(&r, at, n, p, periods, &c.loose);
    for (int i = 0; i < periods; i++) {
        c.period = p[i];
        c.next = p[i].from > w->on;
        if (!fn(arg, &c, e)) return false;
    }
    return true;
}

struct held { struct contact_at *at; int n, cap; };

/* Of the rows those that are contacts of the plan; `apart`: but what says its own agreement, which was read by it. */
static void keep_contacts(const struct watch *w, const struct matching *m, const struct rows *rows, bool apart,
                          struct held *out)
{
    for (int i = 0; i < rows->n; i++) {
        const struct val *c = rows->row[i];
        if (!matches(m, c) || row_date(c[C_FROM], DATE_MIN) > w->on) continue;
        if (apart && c[C_AGREEMENT].type == VAL_INT) continue;
        out->at = arena_more(w->a, out->at, out->n, &out->cap, sizeof *out->at);
        out->at[out->n++] = (struct contact_at){ row_date(c[C_FROM], DATE_MIN), row_date(c[C_TO], DATE_MAX),
                                                 row_int(c[C_QUANTITY]) };
    }
}

static bool read_held(const struct watch *w, const struct matching *m, struct held *out, struct err *e)
{
    const struct val *plan = m->plan;
    const bool meeting = row_is(plan[CP_KIND], "meeting"), activity = row_is(plan[CP_KIND], "activity");
    const bool under = !meeting && !activity && plan[CP_AGREEMENT].type == VAL_INT;
    const enum watch_stmt by = meeting ? WATCH_MEETINGS : activity ? WATCH_ACTIVITIES : WATCH_VISITS;
    struct watch near = *w;
    struct rows rows;
    *out = (struct held){ .n = 0 };
    if (under) {
        if (!watch_read(w, WATCH_VISITS_UNDER, &plan[CP_AGREEMENT_COUNTY], 2, &rows, e)) return false;
        keep_contacts(w, m, &rows, false, out);
    }
    counties_of(m->range, m->ranges, &near.lo, &near.hi);
    for (size_t i = 0; i < m->n_orgs; i++) {
        struct val org = val_int(m->orgs[i]);
        if (!watch_read_inside(&near, by, &org, 1, &rows, e)) return false;
        keep_contacts(w, m, &rows, under, out);
    }
    return true;
}

static bool tell_plan(const struct watch *w, const struct val *plan, watch_contact_fn *fn, void *arg,
                      struct err *e)
{
    struct matching m = { .plan = plan };
    struct held held;
    return open_match(w, &m, e) && read_held(w, &m, &held, e) &&
           tell_periods(w, plan, held.at, held.n, fn, arg, e);
}

bool watch_contacts(const struct watch *w, watch_contact_fn *fn, void *arg, struct err *e)
{
    struct arena pages = { 0 }, one = { 0 };
    struct watch page = *w, plan = *w;
    struct val after[2] = { val_int(-1), val_int(0) };
    struct rows plans = { .n = 0 };
    bool ok = true;
    page.a = &pages;
    plan.a = &one;
    do {
        arena_reset(&pages);
        ok = watch_read_inside(&page, WATCH_CONTACT_PLANS, after, 2, &plans, e);
        for (int i = 0; ok && i < plans.n && !(w->enough && *w->enough); i++) {
            after[0] = plans.row[i][CP_COUNTY];
            after[1] = plans.row[i][CP_ID];
            arena_reset(&one);
            if (watch_inside(w, row_int(plans.row[i][CP_PLACE]))) ok = tell_plan(&plan, plans.row[i], fn, arg, e);
        }
    } while (ok && plans.n && !(w->enough && *w->enough));
    arena_free(&pages);
    arena_free(&one);
    return ok;
}
