/* jiedui training: courses planned and held, what came of them, and what students get in a year. */
#include "cli/rooms.h"

#include "base/count.h"
#include "base/date.h"
#include "entity/load.h"
#include "programme/talent/talent.h"

struct training_cli { const char *as_of, *place; };
struct training { struct app *app; struct watch w; struct table_out *t; };

static bool read_rows(struct training *x, enum talent_stmt s, struct rows *out, struct err *e)
{
    struct val v = val_int(x->w.hidden);
    return rows_read(x->app->db, &talent_stmts.stmts[s], &v, 1, x->app->arena, out, e);
}

static const char *yuan(struct training *x, struct val v)
{
    return v.type == VAL_INT ? cell_scaled(x->app, v.i, 2) : "";
}

static const char *number(struct training *x, struct val v, struct val qualifier)
{
    if (v.type != VAL_INT) return "";
    return arena_printf(x->app->arena, "%s%lld", cell_sign(row_text(qualifier)), (long long)v.i);
}

static const char *fund(struct training *x, struct val county, struct val id)
{
    const struct table_map *m = model_find(x->app->model, "fund_line");
    return id.type == VAL_INT ? ref_text(x->app->model, m, row_int(county), id.i, x->app->db,
                                         x->app->arena)
                              : "";
}

/* --- courses --- */

enum { C_COUNTY, C_ID, C_CODE, C_TITLE, C_KIND, C_PLACE, C_HELPER, C_TRAINEES, C_QUALIFIER, C_FEE,
       C_AMOUNT, C_FUND_CO, C_FUND, C_STATE, C_FROM };

static bool courses(struct training *x, struct err *e)
{
    static const struct table_column cols[] = { { "code", "record", false },
        { "title", "title", false }, { "kind", "kind", false }, { "place", "place", false },
        { "helper", "helper", false }, { "state", "state", false }, { "from", "from", false },
        { "trainees", "trainees", true }, { "attended", "attended", true },
        { "finished", "finished", true }, { "jobs", "found a job", true }, { "fee", "fee", true },
        { "cost", "cost", true }, { "subsidies", "subsidies", true },
        { "fund_line", "fund line", false } };
    struct app *a = x->app;
    struct rows r, attended;
    if (!read_rows(x, TALENT_COURSES, &r, e) || !read_rows(x, TALENT_ATTENDED, &attended, e))
        return false;
    x->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < r.n; i++) {
        const struct val *v = r.row[i];
        const struct val *t = rows_find(&attended, row_int(v[C_COUNTY]), row_int(v[C_ID]));
        bool begun = row_date(v[C_FROM], DATE_MIN) <= x->w.on;
        if (!watch_inside(&x->w, row_int(v[C_PLACE])) || (row_is(v[C_STATE], "done") && !begun))
            continue;
        table_row(x->t, (const char *[]){ row_text(v[C_CODE]), row_text(v[C_TITLE]),
            cell_code(a, "course_kind", row_text(v[C_KIND])), cell_place(a, row_int(v[C_PLACE])),
            cell_org(a, row_int(v[C_HELPER])), cell_code(a, "fact_state", row_text(v[C_STATE])),
            cell_day(a, row_date(v[C_FROM], DATE_MIN)), number(x, v[C_TRAINEES], v[C_QUALIFIER]),
            t ? cell_number(a, row_int(t[2])) : "", t ? cell_number(a, row_int(t[3])) : "",
            t ? cell_number(a, row_int(t[4])) : "", yuan(x, v[C_FEE]), yuan(x, v[C_AMOUNT]),
            t ? yuan(x, t[5]) : "", fund(x, v[C_FUND_CO], v[C_FUND]) });
    }
    table_end(x->t);
    return true;
}

/* --- students --- */

enum { A_CODE, A_PERSON_CO, A_PERSON, A_PLACE, A_HELPER, A_KIND, A_STUDENTS, A_QUALIFIER, A_AMOUNT,
       A_RATE, A_FUND_CO, A_FUND, A_FROM, A_TO };

static int year_of(struct val day) { return date_civil((int32_t)day.i).year; }

/* The year of the aid; "2016-2020" when it is told of several together, "" when of none. */
static const char *years(struct training *x, const struct val *v)
{
    if (v[A_FROM].type != VAL_INT || v[A_TO].type != VAL_INT) return "";
    int from = year_of(v[A_FROM]), to = year_of(v[A_TO]);
    return from == to ? arena_printf(x->app->arena, "%d", from)
                      : arena_printf(x->app->arena, "%d-%d", from, to);
}

/* A rate that is told, else money over students, but only where both are of one year. */
static const char *rate(struct training *x, const struct val *v)
{
    int64_t students = v[A_PERSON].type == VAL_INT ? 1 : row_int(v[A_STUDENTS]);
    const char *sign = cell_sign(row_text(v[A_QUALIFIER]));
    if (v[A_RATE].type == VAL_INT)
        return arena_printf(x->app->arena, "%s%s", sign, cell_scaled(x->app, v[A_RATE].i, 2));
    bool one = v[A_FROM].type == VAL_INT && v[A_TO].type == VAL_INT &&
               year_of(v[A_FROM]) == year_of(v[A_TO]);
    if (!one || students < 1 || v[A_AMOUNT].type != VAL_INT) return app_word(x->app, "not told");
    return arena_printf(x->app->arena, "%s%s", *sign ? "~ " : "",
                        cell_scaled(x->app, v[A_AMOUNT].i / students, 2));
}

static bool students(struct training *x, struct err *e)
{
    static const struct table_column cols[] = { { "code", "record", false },
        { "student", "student", false }, { "place", "place", false },
        { "helper", "helper", false }, { "kind", "kind", false }, { "year", "year", false },
        { "students", "students", true }, { "amount", "amount", true },
        { "rate", "a student and year", true }, { "fund_line", "fund line", false } };
    const struct table_map *m = model_find(x->app->model, "person");
    struct app *a = x->app;
    struct rows r;
    if (!read_rows(x, TALENT_AID, &r, e)) return false;
    x->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < r.n; i++) {
        const struct val *v = r.row[i];
        if (!watch_inside(&x->w, row_int(v[A_PLACE])) ||
            row_date(v[A_FROM], DATE_MIN) > x->w.on)
            continue;
        table_row(x->t, (const char *[]){ row_text(v[A_CODE]),
            v[A_PERSON].type == VAL_INT
                ? ref_text(a->model, m, row_int(v[A_PERSON_CO]), v[A_PERSON].i, a->db, a->arena)
                : "",
            cell_place(a, row_int(v[A_PLACE])), cell_org(a, row_int(v[A_HELPER])),
            cell_code(a, "aid_kind", row_text(v[A_KIND])), years(x, v),
            number(x, v[A_STUDENTS], v[A_QUALIFIER]), yuan(x, v[A_AMOUNT]), rate(x, v),
            fund(x, v[A_FUND_CO], v[A_FUND]) });
    }
    table_end(x->t);
    return true;
}

/* --- the command --- */

static int run_training(struct app *app, void *options, const char *const *operand, int n,
                        struct err *e)
{
    static const char *const words[] = { "courses", "students" };
    const struct training_cli *o = options;
    struct training x = { .app = app };
    int what = app_choice("training", words, COUNT(words), operand, n, e);
    if (what < 0) return 2;
    if (!app_watch(app, o->as_of, o->place, &x.w, e)) return err_exit(e->code);
    return (what ? students(&x, e) : courses(&x, e)) ? 0 : err_exit(e->code);
}

static const struct option_row options[] = {
    { .name = "as-of", .type = OPTION_TEXT, .offset = offsetof(struct training_cli, as_of),
      .value = "DATE", .help = "the state on that day; today when absent" },
    { .name = "place", .letter = 'p', .type = OPTION_TEXT,
      .offset = offsetof(struct training_cli, place), .value = "PLACE",
      .help = "only people from inside that place" },
};

const struct command training_commands[] = {
    { .name = "training", .operands = "courses | students",
      .help = "courses planned and held, with attendance, outcome and cost; aid for students",
      .more = "  training courses    trainees planned or trained, attended, finished, jobs, fee, "
              "cost, who pays\n"
              "  training students   aid by student and year; told of several years together, no "
              "rate of one follows",
      .needs = NEEDS_STORE, .options = options, .n_options = COUNT(options),
      .options_size = sizeof(struct training_cli), .run = run_training },
};
const int training_command_count = COUNT(training_commands);
