/* jiedui posting: who is posted where, teams and terms, days on site, outputs, skills, batches. */
#include "cli/rooms.h"

#include "base/count.h"
#include "base/date.h"
#include "entity/load.h"
#include "programme/talent/succession.h"
#include "programme/talent/team.h"

struct posting_cli { const char *as_of, *place, *rules; bool names; };

struct posts {
    struct app *app;
    const struct posting_cli *o;
    struct watch w;
    struct table_out *t;
    struct rows all;
    int64_t faults;
};

static bool here(const struct posts *p, const struct val *r)
{
    return watch_inside(&p->w, row_int(r[POST_PLACE])) && post_in_office(r, p->w.on);
}

static const char *quantity(struct posts *p, const struct val *r)
{
    bool more = row_is(r[POST_QUALIFIER], "gt") || row_is(r[POST_QUALIFIER], "ge");
    return arena_printf(p->app->arena, "%s%lld", more ? ">= " : "",
                        (long long)row_int(r[POST_QUANTITY]));
}

/* --- register, by the class of the place --- */

struct class_codes { const struct code *c; const int64_t *place; size_t n; };

static bool has_place(const struct class_codes *k, int64_t place)
{
    size_t lo = 0, hi = k->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (k->place[mid] < place) lo = mid + 1;
        else hi = mid;
    }
    return lo < k->n && k->place[lo] == place;
}

/* The place's own classes, and those of what it lies in. */
static const char *classes_of(struct posts *p, const struct class_codes *k, int n,
                              const struct val *r)
{
    const char *out = "";
    int64_t place = row_int(r[POST_PLACE]);
    for (int i = 0; i < n; i++) {
        bool in = false;
        for (int level = place_level(place); level >= 3 && !in; level--)
            in = has_place(&k[i], place_up(place, level));
        in |= row_is(r[POST_FOR_CLASS], k[i].c->code);
        if (in) out = arena_printf(p->app->arena, "%s%s%s", out, *out ? ";" : "", k[i].c->code);
    }
    return *out ? out : app_word(p->app, "not told");
}

static bool reg(struct posts *p, struct err *e)
{
    static const struct table_column cols[] = { { "class", "class of the place", false },
        { "code", "record", false }, { "kind", "kind", false }, { "number", "number", true },
        { "place", "code", true }, { "name", "place", false }, { "helper", "sent by", false },
        { "role", "office", false }, { "batch", "aid batch", true }, { "from", "from", false },
        { "until", "until", false } };
    int n;
    const struct places *pl = p->app->model->places;
    const struct code *list = codes_list(p->app->model->codes, "place_class", &n);
    struct class_codes *k = arena_array(p->app->arena, (size_t)n + 1, sizeof *k);
    for (int i = 0; i < n; i++) {
        k[i].c = &list[i];
        if (!pl->members(pl->arg, p->app->db, list[i].code, p->w.on, p->app->arena, &k[i].place,
                         &k[i].n, e))
            return false;
    }
    p->t = table_begin(p->app, cols, COUNT(cols));
    for (int i = 0; i < p->all.n; i++) {
        const struct val *r = p->all.row[i];
        struct app *a = p->app;
        if (!here(p, r)) continue;
        int64_t place = row_int(r[POST_PLACE]);
        table_row(p->t, (const char *[]){ classes_of(p, k, n, r), row_text(r[POST_CODE]),
            cell_code(a, "posting_kind", row_text(r[POST_KIND])), quantity(p, r), place ? cell_number(a, place) : "",
            cell_place(a, place), cell_org(a, row_int(r[POST_HELPER])), row_text(r[POST_ROLE]),
            r[POST_BATCH].type == VAL_INT ? cell_number(a, r[POST_BATCH].i) : "",
            cell_day(a, row_date(r[POST_FROM], DATE_MIN)),
            cell_day(a, row_date(r[POST_TO], DATE_MAX)) });
    }
    table_end(p->t);
    return true;
}

/* --- the contact list of each county --- */

static bool roster(struct posts *p, struct err *e)
{
    static const struct table_column cols[] = { { "county", "in county", false },
        { "place", "place", false }, { "kind", "kind", false }, { "role", "office", false },
        { "number", "number", true }, { "helper", "sent by", false }, { "team", "team", false },
        { "host", "host", false }, { "name", "full name", false }, { "phone", "telephone", false },
        { "code", "record", false } };
    (void)e;
    p->t = table_begin(p->app, cols, COUNT(cols));
    for (int i = 0; i < p->all.n; i++) {
        const struct val *r = p->all.row[i];
        struct app *a = p->app;
        int64_t place = row_int(r[POST_PLACE]);
        bool names = p->o->names;
        if (!here(p, r)) continue;
        table_row(p->t, (const char *[]){
            place_level(place) >= 3 ? cell_place(a, place_up(place, 3)) : "",
            cell_place(a, place), cell_code(a, "posting_kind", row_text(r[POST_KIND])),
            row_text(r[POST_ROLE]), quantity(p, r),
            cell_org(a, row_int(r[POST_HELPER])), cell_org(a, row_int(r[POST_TEAM])),
            cell_org(a, row_int(r[POST_HOST])),
            names ? row_text(r[POST_HOLDER]) : row_text(r[POST_HOLDER])[0] ? "***" : "",
            names ? row_text(r[POST_PHONE]) : row_text(r[POST_PHONE])[0] ? "***" : "",
            row_text(r[POST_CODE]) });
    }
    table_end(p->t);
    return true;
}

/* --- teams: resident teams of villages, and task forces --- */

static bool teams(struct posts *p, struct err *e)
{
    static const struct table_column cols[] = { { "team", "team", false },
        { "place", "code", true }, { "name", "place", false }, { "members", "members", true },
        { "leaders", "leaders", true }, { "first_secretaries", "first secretaries", true },
        { "since", "since", false } };
    (void)e;
    p->t = table_begin(p->app, cols, COUNT(cols));
    for (int i = 0; i < p->all.n; i++) {
        const struct val *r = p->all.row[i];
        int64_t team = row_int(r[POST_TEAM]), place = row_int(r[POST_PLACE]);
        int64_t members = 0, leaders = 0, first = 0;
        int32_t since = DATE_MAX;
        bool told = false;
        if ((!team && (!post_is_resident(r) || place_level(place) != 5)) || !here(p, r)) continue;
        for (int k = 0; k < p->all.n; k++) {
            const struct val *x = p->all.row[k];
            bool same = team ? row_int(x[POST_TEAM]) == team
                             : !row_int(x[POST_TEAM]) && row_int(x[POST_PLACE]) == place &&
                                   post_is_resident(x);
            if (!same || !here(p, x)) continue;
            told |= k < i;
            members += row_int(x[POST_QUANTITY]);
            leaders += row_is(x[POST_KIND], "team_leader");
            first += row_is(x[POST_KIND], "first_secretary");
            if (row_date(x[POST_FROM], DATE_MAX) < since) since = row_date(x[POST_FROM], DATE_MAX);
        }
        if (told) continue;
        table_row(p->t, (const char *[]){ cell_org(p->app, team),
            place ? cell_number(p->app, place) : "", cell_place(p->app, place),
            cell_number(p->app, members), cell_number(p->app, leaders),
            cell_number(p->app, first), cell_day(p->app, since) });
    }
    table_end(p->t);
    return true;
}

/* --- check --- */

static bool print_team(void *arg, const struct team_finding *f, struct err *e)
{
    static const char *const words[] = { "team too small", "term too short", "too few days",
                                         "days not recorded", "no verdict" };
    static const char *const units[] = { "person", "month", "day", "month", "person" };
    struct posts *p = arg;
    struct app *a = p->app;
    (void)e;
    if (!watch_inside(&p->w, f->place)) return true;
    p->faults += f->fault <= TEAM_FEW_DAYS;
    table_row(p->t, (const char *[]){ app_word(a, words[f->fault]), cell_number(a, f->place),
        cell_place(a, f->place), f->code, f->fault == TEAM_FEW_DAYS ? cell_day(a, f->month) : "",
        cell_number(a, f->have), cell_number(a, f->want), units[f->fault] });
    return true;
}

static bool print_overlap(void *arg, const struct handover *h, struct err *e)
{
    struct posts *p = arg;
    struct app *a = p->app;
    (void)e;
    if ((h->what != OVERLAPS && h->what != GAP) || h->after->from > p->w.on ||
        !watch_inside(&p->w, h->after->place))
        return true;
    p->faults++;
    table_row(p->t, (const char *[]){ app_word(a, h->what == GAP ? "gap" : "overlap"),
        cell_number(a, h->after->place), cell_place(a, h->after->place),
        arena_printf(a->arena, "%s, %s", h->before->code, h->after->code),
        cell_day(a, h->after->from), cell_number(a, h->days), "0", "day" });
    return true;
}

static bool check(struct posts *p, struct err *e)
{
    static const struct table_column cols[] = { { "fault", "fault", false },
        { "place", "code", true }, { "name", "place", false }, { "code", "record", false },
        { "day", "since", false }, { "have", "have", true }, { "want", "wanted", true },
        { "unit", "unit", false } };
    struct criteria rules;
    const struct criterion *rule;
    struct terms terms;
    if (!app_criteria(p->app, p->o->rules, &rules, e) ||
        !criteria_get(&rules, "resident_team", p->w.on, &rule, e) ||
        !terms_read(&terms, p->app->db, -1, p->app->arena, e))
        return false;
    p->t = table_begin(p->app, cols, COUNT(cols));
    bool ok = team_check(p->app->db, rule, p->w.on, p->app->arena, print_team, p, e) &&
              terms_compare(&terms, print_overlap, p, e);
    table_end(p->t);
    app_rule_used(p->app, rule);
    return ok;
}

/* --- outputs, skills, batches --- */

enum { O_POSTING, O_PLACE, O_CODE, O_KIND, O_TITLE, O_DUE, O_DONE, O_QUANTITY, O_QUALIFIER };

static bool outputs(struct posts *p, struct err *e)
{
    static const struct table_column cols[] = { { "posting", "posting", false },
        { "place", "place", false }, { "output", "record", false }, { "kind", "kind", false },
        { "title", "what", false }, { "due_on", "due by", false }, { "done_on", "done on", false },
        { "state", "state", false } };
    struct rows r;
    struct val v = val_int(p->w.hidden);
    if (!rows_read(p->app->db, &talent_stmts.stmts[TALENT_OUTPUTS], &v, 1, p->app->arena, &r, e))
        return false;
    p->t = table_begin(p->app, cols, COUNT(cols));
    for (int i = 0; i < r.n; i++) {
        const struct val *x = r.row[i];
        int32_t due = row_date(x[O_DUE], DATE_MAX), done = row_date(x[O_DONE], DATE_MAX);
        if (!watch_inside(&p->w, row_int(x[O_PLACE]))) continue;
        table_row(p->t, (const char *[]){ row_text(x[O_POSTING]),
            cell_place(p->app, row_int(x[O_PLACE])), row_text(x[O_CODE]),
            cell_code(p->app, "output_kind", row_text(x[O_KIND])),
            row_text(x[O_TITLE]), cell_day(p->app, due), cell_day(p->app, done),
            app_word(p->app, done <= p->w.on ? (done > due ? "late" : "done")
                             : due < p->w.on ? "overdue" : "open") });
    }
    table_end(p->t);
    return true;
}

static bool skills(struct posts *p, struct err *e)
{
    static const struct table_column cols[] = { { "code", "record", false },
        { "kind", "kind", false }, { "place", "place", false },
        { "needed", "skill needed", false }, { "skill", "skill", false },
        { "verdict", "verdict", false } };
    (void)e;
    p->t = table_begin(p->app, cols, COUNT(cols));
    for (int i = 0; i < p->all.n; i++) {
        const struct val *r = p->all.row[i];
        bool has = r[POST_SKILL].type == VAL_TEXT, needs = r[POST_NEEDED].type == VAL_TEXT;
        if (!here(p, r) || (!has && !needs)) continue;
        const char *verdict = !needs || !has ? "no verdict"
                              : val_equal(r[POST_SKILL], r[POST_NEEDED]) ? "fits" : "does not fit";
        table_row(p->t, (const char *[]){ row_text(r[POST_CODE]),
            cell_code(p->app, "posting_kind", row_text(r[POST_KIND])),
            cell_place(p->app, row_int(r[POST_PLACE])),
            cell_code(p->app, "skill", row_text(r[POST_NEEDED])),
            cell_code(p->app, "skill", row_text(r[POST_SKILL])), app_word(p->app, verdict) });
    }
    table_end(p->t);
    return true;
}

static bool batches(struct posts *p, struct err *e)
{
    static const struct table_column cols[] = { { "helper", "sent by", false },
        { "batch", "aid batch", true }, { "people", "people", true }, { "first", "from", false },
        { "last", "until", false } };
    (void)e;
    p->t = table_begin(p->app, cols, COUNT(cols));
    for (int i = 0; i < p->all.n; i++) {
        const struct val *r = p->all.row[i];
        int64_t people = 0;
        int32_t from = DATE_MAX, to = DATE_MIN;
        bool told = false, open = false;
        if (r[POST_BATCH].type != VAL_INT || !watch_inside(&p->w, row_int(r[POST_PLACE]))) continue;
        for (int k = 0; k < p->all.n; k++) {
            const struct val *x = p->all.row[k];
            if (!val_equal(x[POST_BATCH], r[POST_BATCH]) ||
                !val_equal(x[POST_HELPER], r[POST_HELPER]) ||
                !watch_inside(&p->w, row_int(x[POST_PLACE])))
                continue;
            told |= k < i;
            people += row_int(x[POST_QUANTITY]);
            if (row_date(x[POST_FROM], DATE_MAX) < from) from = row_date(x[POST_FROM], DATE_MAX);
            if (row_date(x[POST_TO], DATE_MAX) > to) to = row_date(x[POST_TO], DATE_MAX);
            open |= x[POST_TO].type != VAL_INT;
        }
        if (told) continue;
        table_row(p->t, (const char *[]){ cell_org(p->app, row_int(r[POST_HELPER])),
            cell_number(p->app, r[POST_BATCH].i), cell_number(p->app, people),
            cell_day(p->app, from), open ? "" : cell_day(p->app, to) });
    }
    table_end(p->t);
    return true;
}

/* --- the command --- */

enum { REGISTER, ROSTER, TEAMS, CHECK, OUTPUTS, SKILLS, BATCHES };

static int run_posting(struct app *app, void *options, const char *const *operand, int n,
                       struct err *e)
{
    static const char *const words[] = { "register", "roster", "teams", "check", "outputs",
                                         "skills", "batches" };
    const struct posting_cli *o = options;
    struct posts p = { .app = app, .o = o };
    int what = app_choice("posting", words, COUNT(words), operand, n, e);
    if (what < 0) return 2;
    if (!app_watch(app, o->as_of, o->place, &p.w, e) ||
        !posts_read(app->db, p.w.on, app->arena, &p.all, e))
        return err_exit(e->code);
    bool ok = what == REGISTER ? reg(&p, e)
              : what == ROSTER ? roster(&p, e)
              : what == TEAMS  ? teams(&p, e)
              : what == CHECK  ? check(&p, e)
              : what == OUTPUTS ? outputs(&p, e)
              : what == SKILLS ? skills(&p, e)
                               : batches(&p, e);
    return !ok ? err_exit(e->code) : what == CHECK && p.faults ? 3 : 0;
}

static const struct option_row options[] = {
    { .name = "as-of", .type = OPTION_TEXT, .offset = offsetof(struct posting_cli, as_of),
      .value = "DATE", .help = "the state on that day; today when absent" },
    { .name = "place", .letter = 'p', .type = OPTION_TEXT,
      .offset = offsetof(struct posting_cli, place), .value = "PLACE",
      .help = "only inside that place" },
    { .name = "rules", .type = OPTION_TEXT, .offset = offsetof(struct posting_cli, rules),
      .value = "FILE", .help = "check: criteria of your own instead of the shipped ones" },
    { .name = "names", .type = OPTION_FLAG, .offset = offsetof(struct posting_cli, names),
      .help = "roster: names and telephones" },
};

const struct command posting_commands[] = {
    { .name = "posting",
      .operands = "register | roster | teams | check | outputs | skills | batches",
      .help = "who is posted where; teams, terms, days on site, outputs, skills, batches",
      .more = "  posting register   people posted, with the class of the place: deep, listed, ...\n"
              "  posting roster     the contact list of each county\n"
              "  posting teams      resident teams of villages, and task forces\n"
              "  posting check      teams of fewer than three, terms under two years, months under "
              "20 days on site,\n                     gaps and overlaps; the numbers are those of "
              "the criterion resident_team\n"
              "  posting outputs    what each is to leave behind, due and done\n"
              "  posting skills     the skill of the person against what the post asks for\n"
              "  posting batches    numbered batches of aid cadres",
      .needs = NEEDS_STORE, .options = options, .n_options = COUNT(options),
      .options_size = sizeof(struct posting_cli), .run = run_posting },
};
const int posting_command_count = COUNT(posting_commands);
