/* Reading for the watch room, and the periods of contact plans. */
#include "programme/watch/find.h"

#include <stdlib.h>

#include "base/date.h"
#include "entity/load.h"

bool watch_begin(struct watch *w, struct err *e)
{
    const struct places *p = w->model->places;
    if (!load_pending(w->d, &w->hidden, e)) return false;
    return !w->place || p->ranges(p->arg, w->d, w->place, w->range, 64, &w->ranges, e);
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
    struct val params[4] = { val_int(w->hidden) };
    for (int i = 0; i < n_more; i++) params[1 + i] = more[i];
    return rows_read(w->d, &watch_stmts.stmts[s], params, 1 + n_more, w->a, out, e);
}

/* --- contacts --- */

/* Columns of a contact plan's row, and of the visits, meetings and activities. */
enum { CP_CODE, CP_TITLE, CP_AGREEMENT_COUNTY, CP_AGREEMENT, CP_ORG, CP_PLACE, CP_KIND, CP_MEETING,
       CP_ACTIVITY, CP_TIMES, CP_EVERY, CP_FROM, CP_TO };
enum { C_ORG, C_PLACE, C_KIND, C_QUANTITY, C_FROM, C_TO, C_AGREEMENT_COUNTY, C_AGREEMENT };
enum { VISITS, MEETINGS, ACTIVITIES, SORTS };

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

bool watch_contacts(const struct watch *w, watch_contact_fn *fn, void *arg, struct err *e)
{
    static const enum watch_stmt from[SORTS] = { WATCH_VISITS, WATCH_MEETINGS, WATCH_ACTIVITIES };
    struct rows plans, held[SORTS];
    if (!watch_read(w, WATCH_CONTACT_PLANS, NULL, 0, &plans, e)) return false;
    for (int i = 0; i < SORTS; i++)
        if (!watch_read(w, from[i], NULL, 0, &held[i], e)) return false;
    for (int i = 0; i < plans.n; i++) {
        struct matching m = { .plan = plans.row[i] };
        if (!watch_inside(w, row_int(m.plan[CP_PLACE]))) continue;
        if (!open_match(w, &m, e)) return false;
        const struct rows *rows = &held[row_is(m.plan[CP_KIND], "meeting")    ? MEETINGS
                                              : row_is(m.plan[CP_KIND], "activity") ? ACTIVITIES
                                                                                : VISITS];
        struct contact_at *at = arena_array(w->a, (size_t)rows->n + 1, sizeof *at);
        int n = 0;
        for (int k = 0; k < rows->n; k++) {
            const struct val *c = rows->row[k];
            if (!matches(&m, c) || row_date(c[C_FROM], DATE_MIN) > w->on) continue;
            at[n++] =
                (struct contact_at){ row_date(c[C_FROM], DATE_MIN), row_date(c[C_TO], DATE_MAX),
                                     row_int(c[C_QUANTITY]) };
        }
        if (!tell_periods(w, m.plan, at, n, fn, arg, e)) return false;
    }
    return true;
}
