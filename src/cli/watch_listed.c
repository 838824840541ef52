/* jiedui watch listed, findings, exits, funds. */
#include "base/date.h"
#include "base/count.h"
#include "cli/watch_view.h"
#include "programme/watch/supervise.h"

struct listing_view {
    struct app *app;
    struct watch *w;
    struct table_out *t;
    int missing;
};

static const char *incidence(struct app *a, const struct supervised *s)
{
    if (!s->incidence_known) return app_word(a, "unknown");
    return arena_printf(a->arena, "%s%lld.%02lld%%", s->base_about ? "~ " : "",
                        (long long)(s->incidence / 100), (long long)(s->incidence % 100));
}

static const char *dated(struct app *a, bool known, int64_t n, int32_t on)
{
    if (!known) return app_word(a, "unknown");
    return on == DATE_MIN ? cell_number(a, n)
                          : arena_printf(a->arena, "%lld (%s)", (long long)n, cell_day(a, on));
}

static bool listed_row(void *arg, const struct supervised *s, struct err *e)
{
    static const char *const rule[] = { "no", "yes", "unknown" };
    struct listing_view *x = arg;
    struct app *a = x->app;
    const struct val *v = s->listing;
    (void)e;
    const char *state = !v ? "would be listed" : !s->named ? "several places"
                        : s->exited ? "delisted" : "supervised";
    bool plan = s->named && v;
    x->missing += plan && !s->policy;
    table_row(x->t, (const char *[]){ v ? row_text(v[SV_CODE]) : "", cell_number(a, s->place),
        cell_place(a, s->place), v ? cell_code(a, "listing_reason", row_text(v[SV_REASON])) : "",
        app_word(a, state), v ? cell_org(a, row_int(v[SV_ORGANISER])) : "",
        v ? cell_org(a, row_int(v[SV_HELPER])) : "",
        s->named ? dated(a, s->poor_known, s->poor, s->poor_on) : "",
        s->named ? dated(a, s->base_known, s->base, s->base_on) : "",
        s->named ? incidence(a, s) : "",
        s->named && place_level(s->place) == 5 ? app_word(a, rule[s->rule]) : "",
        !plan ? "" : s->policy ? s->policy : app_word(a, "missing"),
        plan ? cell_number(a, s->measures) : "", plan ? cell_number(a, s->measures_done) : "",
        plan ? cell_number(a, s->findings) : "", plan ? cell_number(a, s->findings_open) : "" });
    return true;
}

/* What stands in the way of an exit, in words. */
static const char *blocks(struct app *a, const struct supervised *s)
{
    const char *text = "";
    if (!s->policy) text = a->zh && a->format == OUT_TEXT ? "无一县（村）一策" : "no plan of its own";
    if (s->findings_open)
        text = arena_printf(a->arena, a->zh && a->format == OUT_TEXT ? "%s%s%d 个问题未整改"
                            : "%s%s%d findings open", text, *text ? "; " : "", s->findings_open);
    if (s->measures > s->measures_done)
        text = arena_printf(a->arena, a->zh && a->format == OUT_TEXT ? "%s%s%d 项措施未办"
                            : "%s%s%d measures to do", text, *text ? "; " : "",
                            s->measures - s->measures_done);
    if (s->poor_known && s->poor)
        text = arena_printf(a->arena, a->zh && a->format == OUT_TEXT ? "%s%s贫困人口 %lld 人"
                            : "%s%s%lld poor people", text, *text ? "; " : "", (long long)s->poor);
    return text;
}

static bool exit_row(void *arg, const struct supervised *s, struct err *e)
{
    struct listing_view *x = arg;
    struct app *a = x->app;
    const struct val *done = s->exited, *due = s->planned;
    (void)e;
    if (!s->named || !s->listing) return true;
    int32_t by = !due ? DATE_MAX
                      : row_date(due[EX_TO], due[EX_YEAR].type == VAL_INT
                                 ? date_make((int32_t)due[EX_YEAR].i, 12, 31) : DATE_MAX);
    const struct val *y = done ? done : due;
    table_row(x->t, (const char *[]){ row_text(s->listing[SV_CODE]), cell_number(a, s->place),
        cell_place(a, s->place), app_word(a, done ? "delisted" : due ? "planned" : "unknown"),
        y && y[EX_YEAR].type == VAL_INT ? cell_number(a, y[EX_YEAR].i) : app_word(a, "unknown"),
        cell_day(a, done ? row_date(done[EX_ANNOUNCED], DATE_MIN) : DATE_MIN),
        done || by == DATE_MAX ? "" : cell_day(a, by),
        done || by == DATE_MAX ? "" : cell_number(a, (int64_t)by - x->w->on),
        done ? "" : blocks(a, s) });
    return true;
}

/* --- findings --- */

static const char *measures_of(struct listing_view *x, const struct rows *measures, const struct val *f)
{
    int all = 0, done = 0;
    for (int i = 0; i < measures->n; i++) {
        const struct val *m = measures->row[i];
        if (row_int(m[ME_FINDING]) != row_int(f[FN_ID]) || row_int(m[ME_COUNTY]) != row_int(f[FN_COUNTY]))
            continue;
        all++;
        done += row_date(m[ME_DONE], DATE_MAX) <= x->w->on;
    }
    return arena_printf(x->app->arena, "%d/%d", done, all);
}

static void finding_row(struct listing_view *x, const struct val *f, const struct rows *measures)
{
    struct app *a = x->app;
    int32_t found = row_date(f[FN_FOUND], DATE_MIN), due = row_date(f[FN_DUE], DATE_MAX);
    int32_t done = row_date(f[FN_CORRECTED], DATE_MAX);
    if (found > x->w->on || !watch_inside(x->w, row_int(f[FN_PLACE]))) return;
    bool is_done = done <= x->w->on;
    const char *state = is_done ? (done > due ? "solved late" : "solved")
                        : due < x->w->on ? "overdue"
                        : f[FN_OWNER].type == VAL_INT ? "open" : "nobody's";
    table_row(x->t, (const char *[]){ row_text(f[FN_CODE]), cell_place(a, row_int(f[FN_PLACE])),
        cell_code(a, "finding_kind", row_text(f[FN_KIND])), row_text(f[FN_TITLE]),
        cell_org(a, row_int(f[FN_BY])), cell_day(a, found), cell_org(a, row_int(f[FN_OWNER])),
        cell_day(a, due), is_done ? cell_day(a, done) : "",
        cell_number(a, (int64_t)(is_done ? done : x->w->on) - found), app_word(a, state),
        measures_of(x, measures, f), row_text(f[FN_CORRECTION]) });
}

static bool findings(struct listing_view *x, struct err *e)
{
    static const struct table_column cols[] = { { "finding", "record", false },
        { "place", "place", false }, { "kind", "kind", false }, { "title", "title", false },
        { "found_by", "found by", false }, { "found_on", "found on", false },
        { "owner", "owner", false }, { "due_on", "due by", false },
        { "corrected_on", "corrected on", false }, { "days", "days", true },
        { "state", "state", false }, { "measures", "measures done", true },
        { "correction", "solution", false } };
    struct rows found, measures;
    if (!watch_read(x->w, WATCH_SUPERVISION_FINDINGS, NULL, 0, &found, e) ||
        !watch_read(x->w, WATCH_SUPERVISION_MEASURES, NULL, 0, &measures, e))
        return false;
    x->t = table_begin(x->app, cols, COUNT(cols));
    for (int i = 0; i < found.n; i++) finding_row(x, found.row[i], &measures);
    table_end(x->t);
    return true;
}

/* --- funds --- */

struct fund_row { int64_t place, poor, weight, given; int32_t on; };

static bool county_listed(const struct rows *listed, int64_t place)
{
    for (int i = 0; i < listed->n; i++)
        if (row_int(listed->row[i][SV_PLACE]) == place && row_is(listed->row[i][SV_KIND], "county"))
            return true;
    return false;
}

/* Counties whose poor people are known, with the latest number, and what they were handed down. */
static bool read_funds(struct listing_view *x, const struct criterion *rule, int32_t from,
                       struct fund_row **out, int *n, struct err *e)
{
    struct rows people, listed;
    struct val on = val_int(x->w->on);
    if (!watch_read(x->w, WATCH_PEOPLE, &on, 1, &people, e) ||
        !watch_read(x->w, WATCH_SUPERVISED, &on, 1, &listed, e))
        return false;
    struct fund_row *r = arena_array(x->app->arena, (size_t)people.n + 1, sizeof *r);
    *n = 0;
    for (int i = 0; i < people.n; i++) {
        const struct val *p = people.row[i];
        int64_t place = row_int(p[0]);
        if (!row_is(p[1], "registered_left") || place_level(place) != 3 || !watch_inside(x->w, place))
            continue;
        if (!*n || r[*n - 1].place != place) ++*n;
        const char *kind = county_listed(&listed, place) ? "listed" : "other";
        r[*n - 1] = (struct fund_row){ .place = place, .poor = row_int(p[3]),
            .weight = criterion_number(rule, "weight", kind, 1), .on = row_date(p[2], DATE_MIN) };
    }
    for (int i = 0; i < *n; i++) {
        struct figure_query q = { .name = "aid_allocated", .place = r[i].place, .from = from, .to = x->w->on };
        struct figure_value v;
        if (!figure_read(&x->app->context, x->app->db, &scope_all, &q, &v, e)) return false;
        r[i].given = v.known ? v.value : 0;
    }
    *out = r;
    return true;
}

static bool funds(struct listing_view *x, const struct criterion *rule, int32_t from, struct err *e)
{
    static const struct table_column cols[] = { { "place", "code", true }, { "name", "place", false },
        { "poor", "poor people", true }, { "on", "from", false }, { "weight", "weight", true },
        { "share", "share by rule", true }, { "given", "handed down", true },
        { "given_share", "share handed down", true } };
    struct fund_row *r;
    struct app *a = x->app;
    int64_t all = 0, given = 0;
    int n;
    if (!read_funds(x, rule, from, &r, &n, e)) return false;
    for (int i = 0; i < n; i++) all += r[i].poor * r[i].weight, given += r[i].given;
    x->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < n; i++)
        table_row(x->t, (const char *[]){ cell_number(a, r[i].place), cell_place(a, r[i].place),
            cell_number(a, r[i].poor), cell_day(a, r[i].on), cell_number(a, r[i].weight),
            all ? cell_permille(a, r[i].poor * r[i].weight * 1000 / all) : "",
            cell_scaled(a, r[i].given, 2), given ? cell_permille(a, r[i].given * 1000 / given) : "" });
    table_end(x->t);
    app_rule_used(a, rule);
    return true;
}

/* --- which --- */

static bool rule_of(struct listing_view *x, const char *file, const char *name, struct criterion **out,
                    struct err *e)
{
    struct criteria *all = arena_alloc(x->app->arena, sizeof *all);
    *out = NULL;
    if (!app_criteria(x->app, file, all, e)) return false;
    for (int i = 0; i < all->n; i++)
        if (strcmp(all->at[i]->name, name) == 0 && all->at[i]->from <= x->w->on && all->at[i]->until >= x->w->on)
            *out = all->at[i];
    return true;
}

int watch_supervised(struct app *app, struct watch *w, enum watch_table what, const char *rules,
                     int32_t from, struct err *e)
{
    static const struct table_column listed[] = { { "listing", "record", false },
        { "place", "code", true }, { "name", "place", false }, { "reason", "reason", false },
        { "state", "state", false }, { "supervisor", "supervisor", false },
        { "helper", "helper", false }, { "poor", "poor people", true },
        { "rural", "rural people", true }, { "incidence", "incidence", true },
        { "rule", "by rule", false }, { "plan", "own plan", false }, { "measures", "measures", true },
        { "measures_done", "measures done", true }, { "findings", "findings", true },
        { "findings_open", "findings open", true } };
    static const struct table_column exits[] = { { "listing", "record", false },
        { "place", "code", true }, { "name", "place", false }, { "state", "state", false },
        { "exit_year", "exit year", false }, { "announced_on", "announced on", false },
        { "due_on", "due by", false }, { "days", "days left", true },
        { "blocking", "what blocks it", false } };
    struct listing_view x = { .app = app, .w = w };
    struct criterion *rule;
    if (what == WATCH_FINDINGS_TABLE) return findings(&x, e) ? 0 : err_exit(e->code);
    if (!rule_of(&x, rules, what == WATCH_FUNDS_TABLE ? "listed_funds" : "listed_village", &rule, e))
        return err_exit(e->code);
    if (what == WATCH_FUNDS_TABLE) {
        if (!rule)
            return err_set(e, ERR_NOT_FOUND, "no criterion listed_funds is in force on %s",
                           cell_day(app, w->on)), 1;
        return funds(&x, rule, from, e) ? 0 : err_exit(e->code);
    }
    bool board = what == WATCH_EXITS_TABLE;
    x.t = table_begin(app, board ? exits : listed, board ? COUNT(exits) : COUNT(listed));
    bool ok = supervised_read(w, board ? NULL : rule, board ? exit_row : listed_row, &x, e);
    table_end(x.t);
    if (ok && !board && app->format == OUT_TEXT && x.missing)
        printf(app->zh ? "\n%d 个挂牌县村无一县（村）一策\n"
                       : "\n%d listed places have no plan of their own\n", x.missing);
    if (ok && !board && rule) app_rule_used(app, rule);
    return ok ? 0 : err_exit(e->code);
}
