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

const char *watch_text(const struct watch *w, struct val v)
{
    return v.type == VAL_TEXT ? arena_strndup(w->a, v.p, v.n) : "";
}

struct reading { struct arena *a; struct watch_rows *out; size_t cap; };

static bool take(void *arg, const struct val *row, int n, struct err *e)
{
    struct reading *r = arg;
    (void)e;
    if ((size_t)r->out->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 64;
        struct val **more = arena_array(r->a, r->cap, sizeof *more);
        if (r->out->n) memcpy(more, r->out->row, (size_t)r->out->n * sizeof *more);
        r->out->row = more;
    }
    struct val *copy = arena_array(r->a, (size_t)n, sizeof *copy);
    for (int i = 0; i < n; i++) {
        copy[i] = row[i];
        if (row[i].type == VAL_TEXT) copy[i].p = arena_strndup(r->a, row[i].p, row[i].n);
    }
    r->out->row[r->out->n++] = copy;
    return true;
}

bool watch_read(const struct watch *w, enum watch_stmt s, const struct val *more, int n_more,
                struct watch_rows *out, struct err *e)
{
    struct val params[4] = { val_int(w->hidden) };
    struct reading r = { .a = w->a, .out = out };
    *out = (struct watch_rows){ 0 };
    for (int i = 0; i < n_more; i++) params[1 + i] = more[i];
    return db_query(w->d, &watch_stmts.stmts[s], params, 1 + n_more, take, &r, e);
}

/* --- contacts --- */

/* Columns of a contact plan's row, and of the visits, meetings and activities. */
enum { CP_CODE, CP_TITLE, CP_AGREEMENT_COUNTY, CP_AGREEMENT, CP_ORG, CP_PLACE, CP_KIND, CP_MEETING,
       CP_ACTIVITY, CP_TIMES, CP_EVERY, CP_FROM, CP_TO };
enum { C_ORG, C_PLACE, C_KIND, C_QUANTITY, C_FROM, C_TO, C_AGREEMENT_COUNTY, C_AGREEMENT };
enum { VISITS, MEETINGS, ACTIVITIES, SORTS };

static bool is(struct val v, const char *text)
{
    return v.type == VAL_TEXT && strlen(text) == v.n && memcmp(v.p, text, v.n) == 0;
}

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
               watch_int(c[C_AGREEMENT_COUNTY]) == watch_int(m->plan[CP_AGREEMENT_COUNTY]);
    for (int i = 0; i < m->ranges; i++)
        place |= watch_int(c[C_PLACE]) >= m->range[i].lo && watch_int(c[C_PLACE]) <= m->range[i].hi;
    for (size_t i = 0; i < m->n_orgs; i++) org |= m->orgs[i] == watch_int(c[C_ORG]);
    return place && org;
}

static bool open_match(const struct watch *w, struct matching *m, struct err *e)
{
    const struct places *p = w->model->places;
    int64_t place = watch_int(m->plan[CP_PLACE]);
    m->kind = is(m->plan[CP_KIND], "meeting")    ? m->plan[CP_MEETING]
              : is(m->plan[CP_KIND], "activity") ? m->plan[CP_ACTIVITY]
                                                 : val_null();
    if (!w->parties->subtree(w->parties->arg, w->d, watch_int(m->plan[CP_ORG]), w->a, &m->orgs,
                             &m->n_orgs, e))
        return false;
    return !place || p->ranges(p->arg, w->d, place, m->range, 64, &m->ranges, e);
}

static bool tell_periods(const struct watch *w, const struct val *plan, const struct contact_at *at,
                         int n, watch_contact_fn *fn, void *arg, struct err *e)
{
    struct contact_rule r = { .from = watch_date(plan[CP_FROM], DATE_MAX),
        .to = watch_date(plan[CP_TO], DATE_MAX), .times = (int)watch_int(plan[CP_TIMES]),
        .every = (int)watch_int(plan[CP_EVERY]) };
    struct watch_contact c = { .code = watch_text(w, plan[CP_CODE]), .times = r.times,
        .title = watch_text(w, plan[CP_TITLE]), .kind = watch_text(w, plan[CP_KIND]),
        .org = watch_int(plan[CP_ORG]), .place = watch_int(plan[CP_PLACE]) };
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
    struct watch_rows plans, held[SORTS];
    if (!watch_read(w, WATCH_CONTACT_PLANS, NULL, 0, &plans, e)) return false;
    for (int i = 0; i < SORTS; i++)
        if (!watch_read(w, from[i], NULL, 0, &held[i], e)) return false;
    for (int i = 0; i < plans.n; i++) {
        struct matching m = { .plan = plans.row[i] };
        if (!watch_inside(w, watch_int(m.plan[CP_PLACE]))) continue;
        if (!open_match(w, &m, e)) return false;
        const struct watch_rows *rows = &held[is(m.plan[CP_KIND], "meeting")    ? MEETINGS
                                              : is(m.plan[CP_KIND], "activity") ? ACTIVITIES
                                                                                : VISITS];
        struct contact_at *at = arena_array(w->a, (size_t)rows->n + 1, sizeof *at);
        int n = 0;
        for (int k = 0; k < rows->n; k++) {
            const struct val *c = rows->row[k];
            if (!matches(&m, c) || watch_date(c[C_FROM], DATE_MIN) > w->on) continue;
            at[n++] =
                (struct contact_at){ watch_date(c[C_FROM], DATE_MIN), watch_date(c[C_TO], DATE_MAX),
                                     watch_int(c[C_QUANTITY]) };
        }
        if (!tell_periods(w, m.plan, at, n, fn, arg, e)) return false;
    }
    return true;
}
