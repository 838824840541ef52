/* Members, terms and days on site of resident teams. */
#include "programme/talent/team.h"

#include "base/date.h"
#include "entity/load.h"

enum { D_COUNTY, D_POSTING, D_MONTH, D_DAYS };

bool posts_read(struct db *d, int32_t on, struct arena *a, struct rows *out, struct err *e)
{
    struct val v[2] = { val_null(), val_int(on) };
    int64_t hidden;
    if (!load_pending(d, &hidden, e)) return false;
    v[0] = val_int(hidden);
    return rows_read(d, &talent_stmts.stmts[TALENT_POSTS], v, 2, a, out, e);
}

bool post_in_office(const struct val *post, int32_t on)
{
    return row_date(post[POST_FROM], DATE_MIN) <= on && row_date(post[POST_TO], DATE_MAX) >= on;
}

bool post_is_resident(const struct val *post)
{
    return row_is(post[POST_KIND], "first_secretary") || row_is(post[POST_KIND], "team_leader") ||
           row_is(post[POST_KIND], "team_member");
}

struct checking {
    const struct criterion *rule;
    int32_t on;
    struct rows posts, days;
    team_fn *fn;
    void *arg;
    struct err *e;
};

static bool tell(const struct checking *c, struct team_finding f)
{
    return c->fn(c->arg, &f, c->e);
}

static int64_t limit(const struct checking *c, const char *name)
{
    return criterion_number(c->rule, "limit", name, 0);
}

/* Posts of one place lie side by side. */
static bool check_members(const struct checking *c, int from, int to)
{
    int64_t have = 0, want = limit(c, "team_members");
    bool open = false, any = false;
    for (int i = from; i < to; i++) {
        const struct val *p = c->posts.row[i];
        if (!post_is_resident(p) || !post_in_office(p, c->on)) continue;
        any = true;
        have += row_int(p[POST_QUANTITY]);
        open |= !row_is(p[POST_QUALIFIER], "eq");
    }
    if (!any || have >= want) return true;
    return tell(c, (struct team_finding){ .fault = open ? TEAM_NO_VERDICT : TEAM_SMALL,
        .place = row_int(c->posts.row[from][POST_PLACE]), .have = have, .want = want,
        .code = "" });
}

static bool check_term(const struct checking *c, const struct val *p)
{
    int32_t from = row_date(p[POST_FROM], DATE_MIN), to = row_date(p[POST_TO], DATE_MAX);
    int want = (int)limit(c, "term_months");
    if (from == DATE_MIN || to == DATE_MAX || to + 1 >= date_add_months(from, want)) return true;
    int months = 0;
    while (date_add_months(from, months + 1) <= to + 1) months++;
    return tell(c, (struct team_finding){ .fault = TEAM_SHORT_TERM,
        .place = row_int(p[POST_PLACE]), .have = months, .want = want,
        .code = row_text(p[POST_CODE]) });
}

static int first_day(const struct checking *c, const struct val *p)
{
    int lo = 0, hi = c->days.n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        const struct val *r = c->days.row[mid];
        bool before = row_int(r[D_COUNTY]) != row_int(p[POST_COUNTY])
                          ? row_int(r[D_COUNTY]) < row_int(p[POST_COUNTY])
                          : row_int(r[D_POSTING]) < row_int(p[POST_ID]);
        if (before) lo = mid + 1;
        else hi = mid;
    }
    return lo;
}

static int32_t month_begin(int32_t day)
{
    struct civil d = date_civil(day);
    return date_make(d.year, d.month, 1);
}

/* Whole months of the term that are over; those nobody wrote down are counted. */
static bool check_days(const struct checking *c, const struct val *p)
{
    int32_t from = row_date(p[POST_FROM], DATE_MIN), to = row_date(p[POST_TO], DATE_MAX);
    int64_t want = limit(c, "days_a_month"), missing = 0, months = 0;
    int at = first_day(c, p);
    if (from == DATE_MIN || row_int(p[POST_QUANTITY]) != 1) return true;
    if (to > c->on) to = c->on;
    int32_t month = month_begin(from);
    if (month < from) month = date_add_months(month, 1);
    for (; date_add_months(month, 1) - 1 <= to; month = date_add_months(month, 1)) {
        const struct val *r = NULL;
        months++;
        for (; at < c->days.n && !r; at++) {
            const struct val *d = c->days.row[at];
            bool mine = row_int(d[D_COUNTY]) == row_int(p[POST_COUNTY]) &&
                        row_int(d[D_POSTING]) == row_int(p[POST_ID]);
            int32_t of = mine ? month_begin(row_date(d[D_MONTH], DATE_MIN)) : DATE_MAX;
            if (of > month) break;
            if (of == month) r = d;
        }
        if (!r) missing++;
        else if (row_int(r[D_DAYS]) < want &&
                 !tell(c, (struct team_finding){ .fault = TEAM_FEW_DAYS, .month = month,
                     .place = row_int(p[POST_PLACE]), .have = row_int(r[D_DAYS]), .want = want,
                     .code = row_text(p[POST_CODE]) }))
            return false;
    }
    return !missing || tell(c, (struct team_finding){ .fault = TEAM_NO_DAYS, .have = missing,
        .want = months, .place = row_int(p[POST_PLACE]), .code = row_text(p[POST_CODE]) });
}

bool team_check(struct db *d, const struct criterion *rule, int32_t on, struct arena *a,
                team_fn *fn, void *arg, struct err *e)
{
    struct checking c = { .rule = rule, .on = on, .fn = fn, .arg = arg, .e = e };
    struct val v[2] = { val_null(), val_int(on) };
    int64_t hidden;
    if (!posts_read(d, on, a, &c.posts, e) || !load_pending(d, &hidden, e)) return false;
    v[0] = val_int(hidden);
    if (!rows_read(d, &talent_stmts.stmts[TALENT_SITE_DAYS], v, 2, a, &c.days, e)) return false;
    for (int i = 0, end; i < c.posts.n; i = end) {
        int64_t place = row_int(c.posts.row[i][POST_PLACE]);
        for (end = i + 1; end < c.posts.n; end++)
            if (row_int(c.posts.row[end][POST_PLACE]) != place) break;
        if (place_level(place) != 5) continue;
        if (!check_members(&c, i, end)) return false;
        for (int k = i; k < end; k++)
            if (post_is_resident(c.posts.row[k]) &&
                (!check_term(&c, c.posts.row[k]) || !check_days(&c, c.posts.row[k])))
                return false;
    }
    return true;
}
