/* jiedui eligible, exits, attribute, outcomes, income: what rules say of households, and what came
 * of the help. */
#include "cli/rooms.h"

#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/date.h"
#include "entity/load.h"
#include "programme/household/attribution.h"
#include "programme/household/household_sql.h"
#include "programme/household/income.h"
#include "programme/household/tested.h"

struct effect_cli { const char *as_of, *place, *rules, *from; bool all, due; };

struct effects {
    struct app *app;
    const struct effect_cli *o;
    struct watch w;
    struct table_out *t;
    struct criteria rules;
    const struct criterion *rule;
};

static bool begin(struct effects *x, struct app *app, const struct effect_cli *o, struct err *e)
{
    *x = (struct effects){ .app = app, .o = o };
    return app_watch(app, o->as_of, o->place, &x->w, e) &&
           app_criteria(app, o->rules, &x->rules, e);
}

static bool read_rows(struct effects *x, enum household_stmt s, struct rows *out, struct err *e)
{
    struct val v[2] = { val_int(x->w.hidden), val_int(x->w.on) };
    return rows_read(x->app->db, &household_stmts.stmts[s], v, 2, x->app->arena, out, e);
}

/* Rows stream over a connection of their own while names are looked up. */
static bool test_place(struct effects *x, int64_t place, tested_fn *fn, void *arg, struct err *e)
{
    struct db *d;
    if (!store_connect(x->app->store, DB_READ, &d, e)) return false;
    bool ok = tested_rows(x->app->model, d, x->app->db, x->rule, place, x->w.on, fn, arg, e);
    db_close(d);
    return ok;
}

/* --- eligible --- */

static const char *needs(struct effects *x, const struct tested *t, enum rule_tri want)
{
    const char *out = "";
    for (int i = 0; i < x->rule->n_needs; i++)
        if (t->of[i] == want)
            out = arena_printf(x->app->arena, "%s%s%s", out, *out ? "; " : "",
                               x->app->zh ? x->rule->need[i].zh : x->rule->need[i].en);
    return out;
}

static bool print_eligible(void *arg, const struct tested *t, struct err *e)
{
    static const char *const words[] = { "no", "yes", "unknown" };
    struct effects *x = arg;
    struct app *a = x->app;
    (void)e;
    if (t->verdict == RULE_FALSE && !x->o->all) return true;
    table_row(x->t, (const char *[]){
        ref_text(a->model, t->m, t->row[ROW_COUNTY].i, t->row[ROW_ID].i, a->db, a->arena),
        cell_place(a, row_int(t->household[ROW_FIRST + HOUSEHOLD_PLACE])),
        app_word(a, words[t->verdict]), needs(x, t, RULE_FALSE), needs(x, t, RULE_UNKNOWN) });
    return true;
}

static int run_eligible(struct app *app, void *options, const char *const *operand, int n,
                        struct err *e)
{
    static const struct table_column cols[] = { { "who", "who", false },
        { "place", "place", false }, { "eligible", "eligible", false },
        { "fails", "fails", false }, { "unknown", "not known", false } };
    struct effects x;
    if (n != 1) return err_set(e, ERR_USAGE, "eligible takes one criterion: welfare_post, "
                               "vocational_training, job_transfer, ..."), 2;
    if (!begin(&x, app, options, e)) return err_exit(e->code);
    if (!x.w.place) return err_set(e, ERR_USAGE, "for which village or county? --place"), 2;
    if (!criteria_get(&x.rules, operand[0], x.w.on, &x.rule, e)) return err_exit(e->code);
    if (!x.rule->n_needs || (strcmp(x.rule->on, "person") && strcmp(x.rule->on, "household")))
        return err_set(e, ERR_USAGE, "%s has no needs of persons or households to look at",
                       operand[0]), 2;
    x.t = table_begin(app, cols, COUNT(cols));
    bool ok = test_place(&x, x.w.place, print_eligible, &x, e);
    table_end(x.t);
    if (ok) app_rule_used(app, x.rule);
    return ok ? 0 : err_exit(e->code);
}

/* --- exits: places that are to leave poverty --- */

struct board { struct effects *x; int64_t seen, households, persons, fails[CRITERION_NEEDS],
               unknown[CRITERION_NEEDS], ready; };

static bool count_exit(void *arg, const struct tested *t, struct err *e)
{
    struct board *b = arg;
    struct val exited = t->row[ROW_FIRST + HOUSEHOLD_EXITED_ON];
    struct val found = t->row[ROW_FIRST + HOUSEHOLD_IDENTIFIED_ON];
    int32_t on = b->x->w.on;
    (void)e;
    b->seen++;
    if (row_date(exited, DATE_MAX) <= on || row_date(found, DATE_MIN) > on) return true;
    b->households++;
    b->persons += row_int(t->row[ROW_FIRST + HOUSEHOLD_MEMBERS]);
    b->ready += t->verdict == RULE_TRUE;
    for (int i = 0; i < b->x->rule->n_needs; i++) {
        b->fails[i] += t->of[i] == RULE_FALSE;
        b->unknown[i] += t->of[i] == RULE_UNKNOWN;
    }
    return true;
}

static const char *blocking(struct board *b)
{
    struct effects *x = b->x;
    const char *out = "";
    for (int i = 0; i < x->rule->n_needs; i++) {
        const struct criterion_need *n = &x->rule->need[i];
        if (!b->fails[i] && !b->unknown[i]) continue;
        out = arena_printf(x->app->arena, "%s%s%s: %lld", out, *out ? "; " : "",
                           x->app->zh ? n->zh : n->en, (long long)b->fails[i]);
        if (b->unknown[i])
            out = arena_printf(x->app->arena, "%s (+%lld %s)", out, (long long)b->unknown[i],
                               app_word(x->app, "unknown"));
    }
    return out;
}

/* The last count of rural residents of the place itself. */
static int64_t rural(const struct rows *r, int64_t place)
{
    int64_t n = 0;
    for (int i = 0; i < r->n; i++)
        if (row_int(r->row[i][0]) == place) n = row_int(r->row[i][1]);
    return n;
}

static bool exit_row(struct effects *x, const struct val *v, const struct rows *people,
                     struct err *e)
{
    struct app *a = x->app;
    struct board b = { .x = x };
    int64_t place = row_int(v[0]);
    const char *set = row_text(v[3]);
    char name[80];
    snprintf(name, sizeof name, "exit_%s", *set ? set : "national");
    if (!criteria_get(&x->rules, name, x->w.on, &x->rule, e) ||
        !test_place(x, place, count_exit, &b, e))
        return false;
    int32_t due = row_date(v[4], v[2].type == VAL_INT ? date_make((int32_t)v[2].i, 12, 31)
                                                      : DATE_MAX);
    int64_t denominator = rural(people, place);
    int64_t most = criterion_number(x->rule, "limit", "incidence_permille", 0);
    bool over = denominator && b.persons * 1000 > most * denominator;
    const char *state = row_int(v[5]) != 1 ? "not named"
                        : !b.seen ? "no household in the register" : !b.households ? "none left"
                        : b.ready == b.households ? "ready" : "blocked";
    table_row(x->t, (const char *[]){ cell_number(a, place), cell_place(a, place), name,
        cell_day(a, due), due == DATE_MAX ? "" : cell_number(a, (int64_t)due - x->w.on),
        cell_number(a, b.households), cell_number(a, b.ready),
        denominator ? arena_printf(a->arena, "%s%s", cell_permille(a, b.persons * 1000 /
                                   denominator), over ? " !" : "")
                    : app_word(a, "unknown"),
        app_word(a, state), blocking(&b) });
    return true;
}

static int run_exits(struct app *app, void *options, const char *const *operand, int n,
                     struct err *e)
{
    static const struct table_column cols[] = { { "place", "code", true },
        { "name", "place", false }, { "criterion", "rule set", false },
        { "due_on", "due by", false }, { "days", "days left", true },
        { "households", "households left", true }, { "ready", "ready", true },
        { "incidence", "incidence", true }, { "state", "state", false },
        { "blocking", "what blocks it", false } };
    struct effects x;
    struct rows planned, people;
    (void)operand;
    if (n) return err_set(e, ERR_USAGE, "exits takes no operand; --place narrows it"), 2;
    if (!begin(&x, app, options, e) ||
        !read_rows(&x, HOUSEHOLD_EXITS_PLANNED, &planned, e) ||
        !read_rows(&x, HOUSEHOLD_RURAL, &people, e))
        return err_exit(e->code);
    bool ok = true;
    x.t = table_begin(app, cols, COUNT(cols));
    for (int i = 0; ok && i < planned.n; i++)
        if (row_int(planned.row[i][0]) && watch_inside(&x.w, row_int(planned.row[i][0])))
            ok = exit_row(&x, planned.row[i], &people, e);
    table_end(x.t);
    return ok ? 0 : err_exit(e->code);
}

/* --- attribute --- */

struct helper_sum { int64_t helper, share, exits; };
struct attributing { struct effects *x; struct map of; int64_t all; };

static const char *parts(struct effects *x, int64_t share)
{
    return arena_printf(x->app->arena, "%lld.%06lld", (long long)(share / ATTRIBUTION_ONE),
                        (long long)(share % ATTRIBUTION_ONE));
}

static const char *whose(struct effects *x, int64_t helper)
{
    return helper ? cell_org(x->app, helper) : app_word(x->app, "its own");
}

static bool add_attribution(void *arg, const struct attribution *r, struct err *e)
{
    struct attributing *s = arg;
    struct effects *x = s->x;
    (void)e;
    if (!watch_inside(&x->w, r->place)) return true;
    struct helper_sum *sum = map_put(&s->of, &r->helper, NULL);
    sum->helper = r->helper;
    sum->share += r->share;
    sum->exits++;
    s->all += r->share;
    if (x->o->all)
        table_row(x->t, (const char *[]){ r->code, cell_place(x->app, r->place),
            cell_day(x->app, r->exited_on), whose(x, r->helper), cell_number(x->app, r->weight),
            parts(x, r->share) });
    return true;
}

static int by_share(const void *a, const void *b)
{
    const struct helper_sum *x = a, *y = b;
    return x->share != y->share     ? (x->share < y->share ? 1 : -1)
           : x->helper < y->helper  ? -1 : x->helper > y->helper;
}

static void print_sums(struct attributing *s)
{
    static const struct table_column cols[] = { { "helper", "helper", false },
        { "exits", "exits helped with", true }, { "households", "households", true },
        { "share", "share", true } };
    struct helper_sum *sum = arena_array(s->x->app->arena, s->of.count + 1, sizeof *sum);
    const void *key;
    void *value;
    int n = 0;
    for (size_t at = 0; map_next(&s->of, &at, &key, &value);)
        sum[n++] = *(struct helper_sum *)value;
    qsort(sum, (size_t)n, sizeof *sum, by_share);
    s->x->t = table_begin(s->x->app, cols, COUNT(cols));
    for (int i = 0; i < n; i++)
        table_row(s->x->t, (const char *[]){ whose(s->x, sum[i].helper),
            cell_number(s->x->app, sum[i].exits), parts(s->x, sum[i].share),
            cell_permille(s->x->app, sum[i].share * 1000 / s->all) });
    if (n)
        table_row(s->x->t, (const char *[]){ app_word(s->x->app, "all"), "",
            parts(s->x, s->all), "100.0%" });
    table_end(s->x->t);
}

static int run_attribute(struct app *app, void *options, const char *const *operand, int n,
                         struct err *e)
{
    static const struct table_column cols[] = { { "household", "household", false },
        { "place", "place", false }, { "exited_on", "exited on", false },
        { "helper", "helper", false }, { "weight", "weight", true }, { "share", "share", true } };
    struct effects x;
    struct attributing s = { .x = &x };
    int32_t from = DATE_MIN;
    const struct effect_cli *o = options;
    (void)operand;
    if (n) return err_set(e, ERR_USAGE, "attribute takes no operand"), 2;
    if (o->from && !date_parse(o->from, strlen(o->from), DATE_FIRST, &from))
        return err_set(e, ERR_USAGE, "\"%s\" is no date; write 2020-05-27, 2020-05 or 2020",
                       o->from), 2;
    if (!begin(&x, app, o, e) || !criteria_get(&x.rules, "attribution", x.w.on, &x.rule, e))
        return err_exit(e->code);
    map_init(&s.of, sizeof(int64_t), sizeof(struct helper_sum));
    if (o->all) x.t = table_begin(app, cols, COUNT(cols));
    bool ok = attribution_read(app->db, x.rule, from, x.w.on, add_attribution, &s, e);
    if (o->all) table_end(x.t);
    else if (ok) print_sums(&s);
    map_free(&s.of);
    if (ok) app_rule_used(app, x.rule);
    return ok ? 0 : err_exit(e->code);
}

/* --- outcomes, and whether they last --- */

enum { O_CODE, O_KIND, O_TITLE, O_PLACE, O_HELPER, O_SEEN, O_MEASURE, O_UNIT, O_LOOKED, O_RESULT,
       O_LEFT, O_ID };

static int run_outcomes(struct app *app, void *options, const char *const *operand, int n,
                        struct err *e)
{
    static const struct table_column cols[] = { { "outcome", "outcome", false },
        { "kind", "kind", false }, { "title", "what", false }, { "place", "place", false },
        { "helper", "helper", false }, { "seen_on", "seen on", false },
        { "measure", "how much", true }, { "unit", "unit", false },
        { "looked_on", "looked again", false }, { "result", "result", false },
        { "left", "still there", true }, { "due_on", "look due", false }, { "days", "days late", true } };
    struct effects x;
    struct rows r;
    (void)operand;
    if (n) return err_set(e, ERR_USAGE, "outcomes takes no operand; --due for those to look at"), 2;
    if (!begin(&x, app, options, e) || !criteria_get(&x.rules, "look_again", x.w.on, &x.rule, e) ||
        !read_rows(&x, HOUSEHOLD_LOOKS, &r, e))
        return err_exit(e->code);
    int months = (int)criterion_number(x.rule, "limit", "after_months", 12);
    x.t = table_begin(app, cols, COUNT(cols));
    for (int i = 0; i < r.n; i++) {
        const struct val *v = r.row[i];
        /* The last look of each outcome tells. */
        if (i + 1 < r.n && val_equal(r.row[i + 1][O_ID], v[O_ID])) continue;
        int32_t due = date_add_months(row_date(v[O_SEEN], DATE_MIN), months);
        bool looked = v[O_LOOKED].type == VAL_INT && row_date(v[O_LOOKED], DATE_MIN) >= due;
        bool late = !looked && due <= x.w.on;
        if (!watch_inside(&x.w, row_int(v[O_PLACE])) || (x.o->due && !late)) continue;
        table_row(x.t, (const char *[]){ row_text(v[O_CODE]),
            cell_code(app, "outcome_kind", row_text(v[O_KIND])),
            row_text(v[O_TITLE]), cell_place(app, row_int(v[O_PLACE])),
            cell_org(app, row_int(v[O_HELPER])), cell_day(app, row_date(v[O_SEEN], DATE_MIN)),
            v[O_MEASURE].type == VAL_INT ? cell_scaled(app, v[O_MEASURE].i, 2) : "",
            row_text(v[O_UNIT]), cell_day(app, row_date(v[O_LOOKED], DATE_MIN)),
            cell_code(app, "look_result", row_text(v[O_RESULT])),
            v[O_LEFT].type == VAL_INT ? cell_scaled(app, v[O_LEFT].i, 2) : "",
            looked ? "" : cell_day(app, due),
            late ? cell_number(app, (int64_t)x.w.on - due) : "" });
    }
    table_end(x.t);
    app_rule_used(app, x.rule);
    return 0;
}

/* --- income by source, year on year --- */

static void add_income(struct income_years *years, const struct val *r)
{
    income_add(years, row_date(r[1], 0), row_text(r[0]), row_int(r[2]));
}

static const char *change(struct effects *x, int64_t now, int64_t before)
{
    return before > 0 ? cell_permille(x->app, (now - before) * 1000 / before) : "";
}

static void print_income(struct effects *x, const struct income_years *years)
{
    static const struct table_column cols[] = { { "year", "year", true },
        { "wages", "wages", true },
        { "business", "business", true }, { "cost", "its cost", true },
        { "property", "property", true }, { "transfers", "transfers", true },
        { "not_counted", "not counted", true }, { "net", "net", true },
        { "change", "on the year", true } };
    x->t = table_begin(x->app, cols, COUNT(cols));
    for (int i = 0; i < years->n; i++) {
        const struct income_year *y = &years->at[i];
        const char *cells[COUNT(cols)] = { cell_number(x->app, y->year) };
        for (int s = 0; s < INCOME_SOURCES; s++) cells[1 + s] = cell_scaled(x->app, y->of[s], 2);
        cells[7] = cell_scaled(x->app, income_net(y), 2);
        cells[8] = i && y->year == y[-1].year + 1 ? change(x, income_net(y), income_net(&y[-1])) : "";
        table_row(x->t, cells);
    }
    table_end(x->t);
}

static int run_income(struct app *app, void *options, const char *const *operand, int n,
                      struct err *e)
{
    struct effects x;
    struct rows r;
    struct income_years years = { .n = 0 };
    if (n > 1) return err_set(e, ERR_USAGE, "income takes one household, or --place"), 2;
    if (!begin(&x, app, options, e)) return err_exit(e->code);
    if (n == 1) {
        const struct table_map *m = model_find(app->model, "household");
        int64_t county, id;
        if (!ref_find(app->model, m, operand[0], strlen(operand[0]), -1, app->db, app->arena,
                      &county, &id, e))
            return err_exit(e->code);
        struct val v[3] = { val_int(county), val_int(id), val_int(x.w.hidden) };
        if (!rows_read(app->db, &household_stmts.stmts[HOUSEHOLD_INCOME], v, 3, app->arena, &r, e))
            return err_exit(e->code);
        for (int i = 0; i < r.n; i++) add_income(&years, r.row[i]);
    } else {
        struct val v = val_int(x.w.hidden);
        if (!rows_read(app->db, &household_stmts.stmts[HOUSEHOLD_INCOME_OF], &v, 1, app->arena,
                       &r, e))
            return err_exit(e->code);
        for (int i = 0; i < r.n; i++)
            if (watch_inside(&x.w, row_int(r.row[i][3]))) add_income(&years, r.row[i]);
    }
    print_income(&x, &years);
    return 0;
}

/* --- the commands --- */

#define OPTION_AS_OF { .name = "as-of", .type = OPTION_TEXT, \
      .offset = offsetof(struct effect_cli, as_of), .value = "DATE", \
      .help = "the state on that day; today when absent" }
#define OPTION_PLACE { .name = "place", .letter = 'p', .type = OPTION_TEXT, \
      .offset = offsetof(struct effect_cli, place), .value = "PLACE", \
      .help = "only inside that place" }
#define OPTION_RULES { .name = "rules", .type = OPTION_TEXT, \
      .offset = offsetof(struct effect_cli, rules), .value = "FILE", \
      .help = "criteria of your own instead of the shipped ones" }

static const struct option_row eligible_options[] = { OPTION_AS_OF, OPTION_PLACE, OPTION_RULES,
    { .name = "all", .type = OPTION_FLAG, .offset = offsetof(struct effect_cli, all),
      .help = "those who are not, too, with what they fail" } };
static const struct option_row exit_options[] = { OPTION_AS_OF, OPTION_PLACE, OPTION_RULES };
static const struct option_row attribute_options[] = { OPTION_AS_OF, OPTION_PLACE, OPTION_RULES,
    { .name = "from", .type = OPTION_TEXT, .offset = offsetof(struct effect_cli, from),
      .value = "DATE", .help = "exits from that day on; --as-of is the last day" },
    { .name = "households", .type = OPTION_FLAG, .offset = offsetof(struct effect_cli, all),
      .help = "every exit with its parts" } };
static const struct option_row outcome_options[] = { OPTION_AS_OF, OPTION_PLACE, OPTION_RULES,
    { .name = "due", .type = OPTION_FLAG, .offset = offsetof(struct effect_cli, due),
      .help = "only those whose look again is over" } };
static const struct option_row income_options[] = { OPTION_PLACE };

#define EFFECT(table) .needs = NEEDS_STORE, .options = table, .n_options = COUNT(table), \
    .options_size = sizeof(struct effect_cli)

const struct command effect_commands[] = {
    { .name = "eligible", .operands = "CRITERION", EFFECT(eligible_options), .run = run_eligible,
      .help = "who of a village is eligible by a dated rule: welfare_post, vocational_training, ...",
      .more = "Each member of a household is held against the needs of the criterion that was in "
              "force on the day. Yes,\nno or unknown, with what fails and what is not known." },
    { .name = "exits", EFFECT(exit_options), .run = run_exits,
      .help = "places that are to leave poverty: days left, and what blocks the households",
      .more = "Each place with a planned exit is held against the criterion of its rule set: "
              "exit_national,\nexit_beijing_low_income, exit_provincial, or exit_NAME of a file "
              "of yours (--rules)." },
    { .name = "attribute", EFFECT(attribute_options), .run = run_attribute,
      .help = "exits of households shared out among their helpers by a written rule" },
    { .name = "outcomes", EFFECT(outcome_options), .run = run_outcomes,
      .help = "outcomes, whether they last, and those to look at again" },
    { .name = "income", .operands = "[HOUSEHOLD]", EFFECT(income_options), .run = run_income,
      .help = "income of a household or of a place, by source, year on year" },
};
const int effect_command_count = COUNT(effect_commands);
