/* jiedui labour: one person's way to work, vacancies, trips, work areas, looks again. */
#include "cli/rooms.h"

#include "base/count.h"
#include "base/date.h"
#include "base/map.h"
#include "entity/load.h"
#include "programme/labour/labour_sql.h"
#include "programme/labour/story.h"
#include "programme/pairing/pairing_sql.h"

struct labour_cli { const char *as_of, *place, *rules; };

struct labour {
    struct app *app;
    const struct labour_cli *o;
    struct watch w;
    struct table_out *t;
    int64_t found;
};

static bool read_rows(struct labour *l, enum labour_stmt s, bool day, struct rows *out,
                      struct err *e)
{
    struct val v[2] = { val_int(l->w.hidden), val_int(l->w.on) };
    return rows_read(l->app->db, &labour_stmts.stmts[s], v, day ? 2 : 1, l->app->arena, out, e);
}

static const char *yuan(struct labour *l, struct val v)
{
    return v.type == VAL_INT ? cell_scaled(l->app, v.i, 2) : "";
}

static const char *number(struct labour *l, struct val v)
{
    return v.type == VAL_INT ? cell_number(l->app, v.i) : "";
}

/* --- one person --- */

/* The list that the word of a step is a code of. */
static const char *list_of(const char *step)
{
    static const char *const lists[][2] = { { "profile", "skill" }, { "match", "match_result" },
        { "training", "course_outcome" }, { "trip", "trip_kind" }, { "job", "job_kind" },
        { "follow-up", "follow_up_result" }, { "student aid", "aid_kind" } };
    for (int i = 0; i < COUNT(lists); i++)
        if (strcmp(step, lists[i][0]) == 0) return lists[i][1];
    return "";
}

static bool person(struct labour *l, const char *who, struct err *e)
{
    static const struct table_column cols[] = { { "day", "day", false }, { "step", "step", false },
        { "code", "record", false }, { "what", "what", false }, { "place", "place", false },
        { "organisation", "organisation", false } };
    struct app *a = l->app;
    const struct table_map *m = model_find(a->model, "person");
    struct story s;
    int64_t county, id;
    if (!ref_find(a->model, m, who, strlen(who), -1, a->db, a->arena, &county, &id, e) ||
        !story_read(a->db, county, id, a->arena, &s, e))
        return false;
    l->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < s.n; i++) {
        const struct story_step *x = &s.at[i];
        if (x->day != DATE_MAX && x->day > l->w.on) continue;
        table_row(l->t, (const char *[]){ cell_day(a, x->day), app_word(a, x->step), x->code,
            x->months ? arena_printf(a->arena, a->zh ? "%lld个月：%s" : "%lld months: %s",
                                     (long long)x->months, cell_code(a, list_of(x->step), x->what))
                      : cell_code(a, list_of(x->step), x->what),
            cell_place(a, x->place), cell_org(a, x->org) });
    }
    table_end(l->t);
    const char *missing = story_missing(&s, a->arena);
    if (a->format == OUT_TEXT && *missing)
        printf(a->zh ? "\n无记录：%s\n" : "\nnothing recorded of: %s\n", missing);
    return true;
}

/* --- vacancies --- */

enum { V_COUNTY, V_ID, V_CODE, V_TITLE, V_EMPLOYER, V_PLACE, V_KIND, V_SKILL, V_PAY, V_FEE,
       V_QUANTITY, V_QUALIFIER, V_REGISTERED, V_STATION_CO, V_STATION, V_FROM, V_TO };

static int64_t taken(const struct rows *accepted, const struct val *v)
{
    const struct val *r = rows_find(accepted, row_int(v[V_COUNTY]), row_int(v[V_ID]));
    return r ? row_int(r[2]) : 0;
}

static bool vacancies(struct labour *l, struct err *e)
{
    static const struct table_column cols[] = { { "code", "record", false },
        { "title", "post", false }, { "employer", "employer", false },
        { "place", "place of work", false }, { "kind", "kind", false }, { "skill", "skill", false },
        { "monthly_pay", "pay of a month", true }, { "fee", "fee", true },
        { "posts", "posts", true }, { "left", "open", true }, { "until", "until", false } };
    struct rows r, accepted;
    struct app *a = l->app;
    if (!read_rows(l, LABOUR_VACANCIES, false, &r, e) ||
        !read_rows(l, LABOUR_ACCEPTED, true, &accepted, e))
        return false;
    l->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < r.n; i++) {
        const struct val *v = r.row[i];
        if (row_date(v[V_FROM], DATE_MIN) > l->w.on || row_date(v[V_TO], DATE_MAX) < l->w.on ||
            !watch_inside(&l->w, row_int(v[V_PLACE])))
            continue;
        int64_t left = row_int(v[V_QUANTITY]) - taken(&accepted, v);
        if (left <= 0) continue;
        table_row(l->t, (const char *[]){ row_text(v[V_CODE]), row_text(v[V_TITLE]),
            cell_org(a, row_int(v[V_EMPLOYER])), cell_place(a, row_int(v[V_PLACE])),
            cell_code(a, "job_kind", row_text(v[V_KIND])),
            cell_code(a, "skill", row_text(v[V_SKILL])), yuan(l, v[V_PAY]), yuan(l, v[V_FEE]),
            number(l, v[V_QUANTITY]), cell_number(a, left),
            cell_day(a, row_date(v[V_TO], DATE_MAX)) });
    }
    table_end(l->t);
    return true;
}

/* --- trips --- */

enum { T_COUNTY, T_ID, T_CODE, T_KIND, T_PLACE, T_DESTINATION, T_EMPLOYER, T_HELPER, T_SEATS,
       T_PASSENGERS, T_REGISTERED, T_FARE, T_COST, T_FUND_CO, T_FUND, T_DAY, T_STATE, T_BOARDED };

static bool trips(struct labour *l, struct err *e)
{
    static const struct table_column cols[] = { { "code", "record", false }, { "day", "day", false },
        { "from", "from", false }, { "to", "to", false }, { "employer", "employer", false },
        { "kind", "kind", false }, { "seats", "seats", true },
        { "passengers", "passengers", true }, { "registered", "registered", true },
        { "named", "by name", true }, { "seat_use", "seat use", true }, { "fare", "fare", true },
        { "cost", "cost", true }, { "fund_line", "fund line", false },
        { "state", "state", false } };
    const struct table_map *m = model_find(l->app->model, "fund_line");
    struct app *a = l->app;
    struct rows r;
    if (!read_rows(l, LABOUR_TRIPS, true, &r, e)) return false;
    l->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < r.n; i++) {
        const struct val *v = r.row[i];
        int64_t seats = row_int(v[T_SEATS]);
        if (!watch_inside(&l->w, row_int(v[T_PLACE]))) continue;
        bool both = seats > 0 && v[T_PASSENGERS].type == VAL_INT;
        table_row(l->t, (const char *[]){ row_text(v[T_CODE]),
            cell_day(a, row_date(v[T_DAY], DATE_MIN)), cell_place(a, row_int(v[T_PLACE])),
            cell_place(a, row_int(v[T_DESTINATION])), cell_org(a, row_int(v[T_EMPLOYER])),
            cell_code(a, "trip_kind", row_text(v[T_KIND])), number(l, v[T_SEATS]), number(l, v[T_PASSENGERS]),
            number(l, v[T_REGISTERED]), number(l, v[T_BOARDED]),
            both ? cell_permille(a, row_int(v[T_PASSENGERS]) * 1000 / seats) : "",
            yuan(l, v[T_FARE]), yuan(l, v[T_COST]),
            v[T_FUND].type == VAL_INT
                ? ref_text(a->model, m, row_int(v[T_FUND_CO]), v[T_FUND].i, a->db, a->arena)
                : v[T_COST].type == VAL_INT ? app_word(a, "not told") : "",
            cell_code(a, "fact_state", row_text(v[T_STATE])) });
    }
    table_end(l->t);
    return true;
}

/* --- work areas: the helper's province, other provinces, the own province, the own county --- */

enum { P_COUNTY, P_WORK_PLACE, P_AREA, P_HELPER, P_REGISTERED, P_REACH, P_RECORDS, P_PEOPLE,
       P_INEXACT };
enum { AREA_HELPER, AREA_OTHER, AREA_OUTSIDE, AREA_PROVINCE, AREA_COUNTY, AREA_NOT_TOLD, AREAS };

struct area_sum { int64_t people, registered, indirect, records, inexact; };

/* The province where a helper, or the nearest above it that says so, has its seat; 0 = not told. */
static bool helper_province(struct labour *l, struct map *known, struct val helper,
                            int64_t *province, struct err *e)
{
    *province = 0;
    if (helper.type != VAL_INT) return true;
    int64_t id = helper.i;
    const int64_t *held = map_get(known, &id);
    for (int up = 0; !held && helper.type == VAL_INT && !*province && up < 12; up++) {
        struct rows org;
        if (!rows_read(l->app->db, &pairing_stmts.stmts[PAIRING_ORG], &helper, 1, l->app->arena,
                       &org, e))
            return false;
        helper = org.n ? org.row[0][2] : val_null();
        if (org.n && row_int(org.row[0][3])) *province = place_up(row_int(org.row[0][3]), 1);
    }
    if (held) *province = *held;
    else *(int64_t *)map_put(known, &id, NULL) = *province;
    return true;
}

static bool area_of(struct labour *l, struct map *known, const struct val *p, int *area,
                    struct err *e)
{
    int64_t work = row_int(p[P_WORK_PLACE]), home = row_int(p[P_COUNTY]) * 1000000, province;
    *area = row_is(p[P_AREA], "1")   ? AREA_OUTSIDE
            : row_is(p[P_AREA], "2") ? AREA_PROVINCE
            : row_is(p[P_AREA], "3") ? AREA_COUNTY
                                     : AREA_NOT_TOLD;
    if (!work || !home) return true;
    if (place_up(work, 1) != place_up(home, 1)) {
        if (!helper_province(l, known, p[P_HELPER], &province, e)) return false;
        *area = province && province == place_up(work, 1) ? AREA_HELPER : AREA_OTHER;
    } else if (place_level(work) >= 3 && place_level(home) >= 3) {
        *area = place_up(work, 3) == place_up(home, 3) ? AREA_COUNTY : AREA_PROVINCE;
    }
    return true;
}

static bool add_areas(struct labour *l, struct place_range range, struct map *known,
                      struct area_sum *sum, struct err *e)
{
    struct val v[4] = { val_int(l->w.hidden), val_int(l->w.on), val_int(range.lo),
                        val_int(range.hi) };
    struct rows r;
    if (!rows_read(l->app->db, &labour_stmts.stmts[LABOUR_AREAS], v, 4, l->app->arena, &r, e))
        return false;
    for (int i = 0; i < r.n; i++) {
        const struct val *p = r.row[i];
        bool indirect = row_is(p[P_REACH], "indirect");
        int64_t people = row_int(p[P_PEOPLE]);
        int area;
        if (!area_of(l, known, p, &area, e)) return false;
        sum[area].records += row_int(p[P_RECORDS]);
        sum[area].inexact += row_int(p[P_INEXACT]);
        if (indirect) sum[area].indirect += people;
        else sum[area].people += people;
        if (!indirect && row_int(p[P_REGISTERED])) sum[area].registered += people;
    }
    return true;
}

static void print_areas(struct labour *l, const struct area_sum *sum)
{
    static const struct table_column cols[] = { { "area", "work area", false },
        { "people", "people", true }, { "registered", "registered", true },
        { "indirect", "indirectly besides", true }, { "records", "records", true } };
    static const char *const words[AREAS] = { "helper's province", "other provinces",
        "outside the province", "in province, outside county", "inside county", "not told" };
    struct app *a = l->app;
    l->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < AREAS; i++)
        if (sum[i].records)
            table_row(l->t, (const char *[]){ app_word(a, words[i]),
                arena_printf(a->arena, "%s%lld", sum[i].inexact ? "~ " : "",
                             (long long)sum[i].people),
                cell_number(a, sum[i].registered), cell_number(a, sum[i].indirect),
                cell_number(a, sum[i].records) });
    table_end(l->t);
}

static bool areas(struct labour *l, struct err *e)
{
    struct area_sum sum[AREAS] = { { 0 } };
    struct map known;
    bool ok = true;
    map_init(&known, sizeof(int64_t), sizeof(int64_t));
    if (!l->w.place)
        ok = add_areas(l, (struct place_range){ 0, INT64_C(999999999999) }, &known, sum, e);
    for (int i = 0; ok && i < l->w.ranges; i++)
        ok = add_areas(l, l->w.range[i], &known, sum, e);
    map_free(&known);
    if (ok) print_areas(l, sum);
    return ok;
}

/* --- looks again that are due --- */

static bool print_due(void *arg, const struct follow_due *f, struct err *e)
{
    struct labour *l = arg;
    struct app *a = l->app;
    (void)e;
    if (!watch_inside(&l->w, f->place)) return true;
    l->found++;
    table_row(l->t, (const char *[]){ f->code, cell_place(a, f->place), cell_org(a, f->helper),
        cell_org(a, f->employer), cell_number(a, f->people), cell_number(a, f->months),
        cell_day(a, f->due), cell_number(a, (int64_t)l->w.on - f->due) });
    return true;
}

static bool due(struct labour *l, struct err *e)
{
    static const struct table_column cols[] = { { "placement", "placement", false },
        { "place", "home", false }, { "helper", "helper", false },
        { "employer", "employer", false }, { "people", "people", true },
        { "months", "after months", true }, { "due_on", "due by", false },
        { "days", "days late", true } };
    struct criteria rules;
    const struct criterion *rule;
    int months[4] = { 0 }, n = 0;
    static const char *const names[] = { "first_months", "second_months", "third_months" };
    if (!app_criteria(l->app, l->o->rules, &rules, e) ||
        !criteria_get(&rules, "follow_up", l->w.on, &rule, e))
        return false;
    for (int i = 0; i < COUNT(names); i++) {
        months[n] = (int)criterion_number(rule, "limit", names[i], 0);
        if (months[n]) n++;
    }
    l->t = table_begin(l->app, cols, COUNT(cols));
    bool ok = follow_ups_due(l->app->db, months, l->w.on, l->app->arena, print_due, l, e);
    table_end(l->t);
    app_rule_used(l->app, rule);
    return ok;
}

/* --- how well matches fit, and whether they last --- */

enum { M_VACANCY_CO, M_VACANCY, M_RESULT, M_DAY, M_SEEKER, M_SKILL, M_AREA, M_PAY, M_HOME };

static const char *area_fit(const struct val *m, const struct val *v)
{
    int64_t home = row_int(m[M_HOME]), work = row_int(v[V_PLACE]);
    if (m[M_AREA].type != VAL_TEXT) return "fits";
    if (!home || !work) return "no verdict";
    bool same_province = place_up(home, 1) == place_up(work, 1);
    bool known = !same_province || (place_level(home) >= 3 && place_level(work) >= 3);
    bool same_county = known && same_province && place_up(home, 3) == place_up(work, 3);
    if (!known) return "no verdict";
    return row_is(m[M_AREA], "1") || (row_is(m[M_AREA], "2") && same_province) || same_county
               ? "fits" : "does not fit";
}

static bool quality(struct labour *l, struct err *e)
{
    static const struct table_column cols[] = { { "seeker", "seeker", false },
        { "vacancy", "vacancy", false }, { "day", "day", false }, { "skill", "skill", false },
        { "area", "place", false }, { "pay", "pay", false }, { "result", "result", false } };
    struct rows matches, v;
    struct app *a = l->app;
    if (!read_rows(l, LABOUR_MATCHES, false, &matches, e) ||
        !read_rows(l, LABOUR_VACANCIES, false, &v, e))
        return false;
    l->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < matches.n; i++) {
        const struct val *m = matches.row[i], *vacancy;
        vacancy = rows_find(&v, row_int(m[M_VACANCY_CO]), row_int(m[M_VACANCY]));
        if (!vacancy || !watch_inside(&l->w, row_int(m[M_HOME]))) continue;
        const char *skill = vacancy[V_SKILL].type != VAL_TEXT || row_is(vacancy[V_SKILL], "none")
                                ? "fits"
                            : m[M_SKILL].type != VAL_TEXT ? "no verdict"
                            : val_equal(m[M_SKILL], vacancy[V_SKILL]) ? "fits" : "does not fit";
        const char *pay = m[M_PAY].type != VAL_INT ? "fits"
                          : vacancy[V_PAY].type != VAL_INT ? "no verdict"
                          : vacancy[V_PAY].i >= m[M_PAY].i ? "fits" : "does not fit";
        table_row(l->t, (const char *[]){ row_text(m[M_SEEKER]), row_text(vacancy[V_CODE]),
            cell_day(a, row_date(m[M_DAY], DATE_MIN)), app_word(a, skill),
            app_word(a, area_fit(m, vacancy)), app_word(a, pay),
            cell_code(a, "match_result", row_text(m[M_RESULT])) });
    }
    table_end(l->t);
    return true;
}

/* --- one public-welfare post for a household --- */

enum { W_COUNTY, W_HOUSEHOLD, W_CODE, W_PLACE, W_HOLDER, W_KIND, W_FROM };

static bool same_household(const struct rows *r, int i, int k)
{
    return k >= 0 && k < r->n && val_equal(r->row[i][W_COUNTY], r->row[k][W_COUNTY]) &&
           val_equal(r->row[i][W_HOUSEHOLD], r->row[k][W_HOUSEHOLD]);
}

static bool posts(struct labour *l, struct err *e)
{
    static const struct table_column cols[] = { { "household", "household", false },
        { "place", "place", false }, { "code", "record", false }, { "holder", "holder", false },
        { "kind", "kind", false }, { "from", "from", false } };
    const struct table_map *household = model_find(l->app->model, "household");
    const struct table_map *person = model_find(l->app->model, "person");
    struct app *a = l->app;
    struct rows r;
    if (!read_rows(l, LABOUR_POSTS, true, &r, e)) return false;
    l->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < r.n; i++) {
        const struct val *v = r.row[i];
        if ((!same_household(&r, i, i - 1) && !same_household(&r, i, i + 1)) ||
            !watch_inside(&l->w, row_int(v[W_PLACE])))
            continue;
        l->found++;
        table_row(l->t, (const char *[]){
            ref_text(a->model, household, v[W_COUNTY].i, row_int(v[W_HOUSEHOLD]), a->db, a->arena),
            cell_place(a, row_int(v[W_PLACE])), row_text(v[W_CODE]),
            ref_text(a->model, person, v[W_COUNTY].i, row_int(v[W_HOLDER]), a->db, a->arena),
            cell_code(a, "public_post_type", row_text(v[W_KIND])),
            cell_day(a, row_date(v[W_FROM], DATE_MIN)) });
    }
    table_end(l->t);
    return true;
}

/* --- the command --- */

enum { VACANCIES, TRIPS, AREAS_, DUE, QUALITY, POSTS, PERSON };

static int run_labour(struct app *app, void *options, const char *const *operand, int n,
                      struct err *e)
{
    static const char *const words[] = { "vacancies", "trips", "areas", "due", "quality",
                                         "posts", "person" };
    const struct labour_cli *o = options;
    struct labour l = { .app = app, .o = o };
    bool one = n == 2 && strcmp(operand[0], "person") == 0;
    int what = app_choice("labour", words, COUNT(words), operand, one ? 1 : n, e);
    if (what < 0) return 2;
    if (what == PERSON && !one)
        return err_set(e, ERR_USAGE, "which person? an id number, or HOUSEHOLD/NUMBER"), 2;
    if (!app_watch(app, o->as_of, o->place, &l.w, e)) return err_exit(e->code);
    bool ok = what == VACANCIES ? vacancies(&l, e)
              : what == TRIPS   ? trips(&l, e)
              : what == AREAS_  ? areas(&l, e)
              : what == DUE     ? due(&l, e)
              : what == QUALITY ? quality(&l, e)
              : what == POSTS   ? posts(&l, e)
                                : person(&l, operand[1], e);
    return !ok ? err_exit(e->code) : what == POSTS && l.found ? 3 : 0;
}

static const struct option_row options[] = {
    { .name = "as-of", .type = OPTION_TEXT, .offset = offsetof(struct labour_cli, as_of),
      .value = "DATE", .help = "the state on that day; today when absent" },
    { .name = "place", .letter = 'p', .type = OPTION_TEXT,
      .offset = offsetof(struct labour_cli, place), .value = "PLACE",
      .help = "only inside that place" },
    { .name = "rules", .type = OPTION_TEXT, .offset = offsetof(struct labour_cli, rules),
      .value = "FILE", .help = "due: criteria of your own instead of the shipped ones" },
};

const struct command labour_commands[] = {
    { .name = "labour", .operands = "person WHO | vacancies | trips | areas | due | quality | posts",
      .help = "one person's way to work; vacancies, trips, work areas, looks again that are due",
      .more = "  labour person WHO    profile, match, training, trip, job, follow-up, in one list\n"
              "  labour vacancies     open posts to tell seekers of, free of charge\n"
              "  labour trips         from, to, employer, passengers, use of seats, fare, who pays\n"
              "  labour areas         jobs in the helper's province, other provinces, at home\n"
              "  labour due           placements to be looked at after 3, 6 and 12 months\n"
              "  labour quality       whether skill, place and pay of each match fit\n"
              "  labour posts         households that hold more than one public-welfare post; exit "
              "status 3",
      .needs = NEEDS_STORE, .options = options, .n_options = COUNT(options),
      .options_size = sizeof(struct labour_cli), .run = run_labour },
};
const int labour_command_count = COUNT(labour_commands);
