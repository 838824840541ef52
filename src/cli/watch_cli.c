/* jiedui watch: what is due and overdue, what is missing or doubled, which problems are open. */
#include "cli/money.h"
#include "cli/rooms.h"
#include "cli/watch_view.h"

#include <stdlib.h>

#include "base/count.h"
#include "base/date.h"
#include "programme/talent/succession.h"

struct watch_cli { const char *as_of, *from, *place, *rules; int64_t days; };

struct showing {
    struct app *app;
    const struct watch_cli *o;
    struct watch w;
    struct table_out *t;
    int64_t found;
    const char *last;          /* plan whose next date is told */
};

/* --- due, overdue --- */

static void contact_row(struct showing *s, const struct watch_contact *c, int64_t days)
{
    struct app *a = s->app;
    s->found++;
    table_row(s->t, (const char *[]){ c->code, c->title, app_word(a, c->kind), cell_org(a, c->org),
        cell_place(a, c->place), cell_day(a, c->period.from), cell_day(a, c->period.to),
        cell_number(a, c->times), cell_number(a, c->period.held), cell_number(a, days),
        c->loose ? cell_number(a, c->loose) : "" });
}

/* The first period that is not over and not full. */
static bool print_due(void *arg, const struct watch_contact *c, struct err *e)
{
    struct showing *s = arg;
    (void)e;
    if (c->period.to < s->w.on || c->period.held >= c->times) return true;
    if (s->last && strcmp(s->last, c->code) == 0) return true;
    s->last = c->code;
    int64_t days = (int64_t)c->period.to - s->w.on;
    if (!s->o->days || days <= s->o->days) contact_row(s, c, days);
    return true;
}

static bool print_overdue(void *arg, const struct watch_contact *c, struct err *e)
{
    struct showing *s = arg;
    (void)e;
    if (c->period.to < s->w.on && c->period.held < c->times)
        contact_row(s, c, (int64_t)s->w.on - c->period.to);
    return true;
}

static bool contacts(struct showing *s, bool overdue, struct err *e)
{
    static const struct table_column due[] = { { "plan", "plan", false },
        { "title", "title", false }, { "kind", "kind", false }, { "organisation", "unit", false },
        { "place", "place", false }, { "from", "from", false }, { "due_on", "due by", false },
        { "times", "times", true }, { "held", "held", true }, { "days", "days left", true },
        { "loose", "without a day", true } };
    static const struct table_column late[] = { { "plan", "plan", false },
        { "title", "title", false }, { "kind", "kind", false }, { "organisation", "unit", false },
        { "place", "place", false }, { "from", "from", false }, { "due_on", "due by", false },
        { "times", "times", true }, { "held", "held", true }, { "days", "days late", true },
        { "loose", "without a day", true } };
    s->t = table_begin(s->app, overdue ? late : due, COUNT(due));
    bool ok = watch_contacts(&s->w, overdue ? print_overdue : print_due, s, e);
    table_end(s->t);
    return ok;
}

/* --- problems --- */

enum { P_CODE, P_TITLE, P_KIND, P_PLACE, P_BY, P_RAISED, P_OWNER, P_DUE, P_SOLVED, P_SOLUTION };

static void problem_row(struct showing *s, const struct val *r, int64_t *solved, int64_t *days)
{
    struct app *a = s->app;
    int32_t raised = row_date(r[P_RAISED], DATE_MIN), due = row_date(r[P_DUE], DATE_MAX);
    int32_t done = row_date(r[P_SOLVED], DATE_MAX);
    if (raised > s->w.on || !watch_inside(&s->w, row_int(r[P_PLACE]))) return;
    bool is_done = done <= s->w.on;
    int64_t took = (int64_t)(is_done ? done : s->w.on) - raised;
    const char *state = is_done                      ? (done > due ? "solved late" : "solved")
                        : due < s->w.on              ? "overdue"
                        : r[P_OWNER].type == VAL_INT ? "open"
                                                     : "nobody's";
    if (is_done) ++*solved, *days += took;
    else s->found++;
    table_row(s->t, (const char *[]){ row_text(r[P_CODE]), row_text(r[P_TITLE]),
        app_word(a, row_text(r[P_KIND])), cell_place(a, row_int(r[P_PLACE])),
        cell_org(a, row_int(r[P_BY])), cell_day(a, raised), cell_org(a, row_int(r[P_OWNER])),
        cell_day(a, due), is_done ? cell_day(a, done) : "", cell_number(a, took),
        app_word(a, state), row_text(r[P_SOLUTION]) });
}

static bool problems(struct showing *s, struct err *e)
{
    static const struct table_column cols[] = { { "problem", "record", false },
        { "title", "title", false }, { "kind", "kind", false }, { "place", "place", false },
        { "raised_by", "raised by", false }, { "raised_on", "raised on", false },
        { "owner", "owner", false }, { "due_on", "due by", false },
        { "solved_on", "solved on", false }, { "days", "days", true }, { "state", "state", false },
        { "solution", "solution", false } };
    struct rows rows;
    int64_t solved = 0, days = 0;
    if (!watch_read(&s->w, WATCH_PROBLEMS, NULL, 0, &rows, e)) return false;
    s->t = table_begin(s->app, cols, COUNT(cols));
    for (int i = 0; i < rows.n; i++) problem_row(s, rows.row[i], &solved, &days);
    table_end(s->t);
    if (s->app->format == OUT_TEXT && solved)
        printf(s->app->zh ? "\n未解决 %lld，已解决 %lld，平均 %lld.%lld 天\n"
                          : "\n%lld open, %lld solved in %lld.%lld days on average\n",
               (long long)s->found, (long long)solved, (long long)(days / solved),
               (long long)(days * 10 / solved % 10));
    return true;
}

/* --- gaps, doubles --- */

static const char *gap_text(struct showing *s, const struct watch_gap *g)
{
    static const char *const en[] = { "listed, and no helper", "on the roster, and no agreement",
        "households without helper or measure", "several places, not named: cannot be told",
        "the term is over and not renewed", "several enterprises for one village",
        "several helpers" };
    static const char *const zh[] = { "已挂牌，无帮扶单位", "在名册，无协议", "无责任人且无措施的户",
        "多个地区未列名，无法判断", "协议到期未续", "一村多企", "多对一" };
    return s->app->zh && s->app->format == OUT_TEXT ? zh[g->kind] : en[g->kind];
}

static void gap_row(struct showing *s, const struct watch_gap *g)
{
    static const char *const names[] = { "listed", "roster", "households", "not named", "term",
                                         "double", "many to one" };
    struct app *a = s->app;
    table_row(s->t, (const char *[]){ names[g->kind], g->place ? cell_number(a, g->place) : "",
        cell_place(a, g->place), g->code, cell_org(a, g->org), cell_number(a, g->count),
        cell_day(a, g->since), gap_text(s, g) });
}

static bool print_gap(void *arg, const struct watch_gap *g, struct err *e)
{
    struct showing *s = arg;
    (void)e;
    s->found++;
    gap_row(s, g);
    return true;
}

static bool print_double(void *arg, const struct watch_gap *g, struct err *e)
{
    return g->kind != GAP_DOUBLE || print_gap(arg, g, e);
}

static bool gaps(struct showing *s, bool doubles, struct err *e)
{
    static const struct table_column cols[] = { { "gap", "kind", false }, { "place", "code", true },
        { "name", "place", false }, { "record", "record", false }, { "helper", "helper", false },
        { "count", "number", true }, { "since", "since", false }, { "text", "what", false } };
    s->t = table_begin(s->app, cols, COUNT(cols));
    bool ok = watch_gaps(&s->w, doubles ? print_double : print_gap, s, e);
    table_end(s->t);
    return ok;
}

/* --- coverage of a village's households --- */

static int64_t count_at(const struct rows *r, int64_t place)
{
    int lo = 0, hi = r->n;
    int64_t sum = 0;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (row_int(r->row[mid][0]) < place) lo = mid + 1;
        else hi = mid;
    }
    for (; lo < r->n && row_int(r->row[lo][0]) == place; lo++) sum += row_int(r->row[lo][1]);
    return sum;
}

static bool coverage(struct showing *s, int32_t from, struct err *e)
{
    static const struct table_column cols[] = { { "place", "code", true },
                                                { "name", "place", false },
                                                { "households", "households", true },
                                                { "called_on", "called on", true },
                                                { "coverage", "coverage", true },
                                                { "left", "left out", true },
                                                { "not_named", "calls without names", true } };
    struct rows all, seen, unnamed;
    struct val period[2] = { val_int(from), val_int(s->w.on) };
    if (!watch_read_inside(&s->w, WATCH_HOUSEHOLDS, &period[1], 1, &all, e) ||
        !watch_read_inside(&s->w, WATCH_CALLED_ON, period, 2, &seen, e) ||
        !watch_read_inside(&s->w, WATCH_CALLED_UNNAMED, period, 2, &unnamed, e))
        return false;
    s->t = table_begin(s->app, cols, COUNT(cols));
    for (int i = 0; i < all.n; i++) {
        int64_t place = row_int(all.row[i][0]), n = row_int(all.row[i][1]);
        int64_t called = count_at(&seen, place), loose = count_at(&unnamed, place);
        struct app *a = s->app;
        if (!watch_inside(&s->w, place)) continue;
        s->found += n - called;
        table_row(s->t, (const char *[]){ cell_number(a, place), cell_place(a, place),
            cell_number(a, n), cell_number(a, called), cell_permille(a, called * 1000 / n),
            cell_number(a, n - called), loose ? cell_number(a, loose) : "" });
    }
    table_end(s->t);
    return true;
}

/* --- postings --- */

static bool print_handover(void *arg, const struct handover *h, struct err *e)
{
    static const char *const words[] = { "follows", "overlap", "gap", "no verdict" };
    struct showing *s = arg;
    struct app *a = s->app;
    (void)e;
    if (!watch_inside(&s->w, h->after->place)) return true;
    s->found += h->what == OVERLAPS;
    table_row(s->t, (const char *[]){ cell_number(a, h->after->place),
        cell_place(a, h->after->place), h->after->kind, h->before->code,
        cell_day(a, h->before->to), h->after->code, cell_day(a, h->after->from),
        app_word(a, words[h->what]), h->days > 0 ? cell_number(a, h->days) : "" });
    return true;
}

static bool postings(struct showing *s, struct err *e)
{
    static const struct table_column cols[] = { { "place", "code", true },
        { "name", "place", false }, { "kind", "kind", false }, { "before", "left", false },
        { "until", "until", false }, { "after", "came", false }, { "from", "from", false },
        { "succession", "succession", false }, { "days", "days", true } };
    struct terms terms;
    if (!terms_read(&terms, s->app->db, -1, s->app->arena, e)) return false;
    s->t = table_begin(s->app, cols, COUNT(cols));
    bool ok = terms_compare(&terms, print_handover, s, e);
    table_end(s->t);
    return ok;
}

/* --- the command --- */

enum { DUE, OVERDUE, GAPS, PROBLEMS, COVERAGE, CHECK, POSTINGS, LISTED, FINDINGS, EXITS, FUNDS,
       BURDEN, ANSWERS, IDLE };

static int run_watch(struct app *app, void *options, const char *const *operand, int n,
                     struct err *e)
{
    static const char *const words[] = {
        "due", "overdue", "gaps", "problems", "coverage", "check", "postings", "listed",
        "findings", "exits", "funds", "burden", "answers", "idle" };
    const struct watch_cli *o = options;
    struct showing s = { .app = app, .o = o };
    int32_t from = DATE_MIN;
    int what = app_choice("watch", words, COUNT(words), operand, n, e);
    if (what < 0) return 2;
    if (o->from && !date_parse(o->from, strlen(o->from), DATE_FIRST, &from))
        return err_set(e, ERR_USAGE, "\"%s\" is no date; write 2020-05-27, 2020-05 or 2020",
                       o->from),
               2;
    if (!app_watch(app, o->as_of, o->place, &s.w, e)) return err_exit(e->code);
    if (what == IDLE) {
        struct money_cli money = { .place = o->place, .on = o->as_of, .since = o->from };
        return money_alerts(app, &money, e);
    }
    if (what == BURDEN) return watch_burden(app, &s.w, o->from ? from : s.w.on, e);
    if (what == ANSWERS) return watch_answers(app, &s.w, o->days ? (int)o->days : 14, e);
    if (what >= LISTED)
        return watch_supervised(app, &s.w, (enum watch_table)(what - LISTED), o->rules,
                                o->from ? from : DATE_MIN, e);
    bool ok = what == DUE || what == OVERDUE ? contacts(&s, what == OVERDUE, e)
              : what == PROBLEMS             ? problems(&s, e)
              : what == COVERAGE             ? coverage(&s, from, e)
              : what == POSTINGS             ? postings(&s, e)
                                             : gaps(&s, what == CHECK, e);
    return !ok ? err_exit(e->code) : what == CHECK && s.found ? 3 : 0;
}

static const struct option_row options[] = {
    { .name = "as-of",
      .type = OPTION_TEXT,
      .offset = offsetof(struct watch_cli, as_of),
      .value = "DATE",
      .help = "the state on that day; today when absent" },
    { .name = "from",
      .type = OPTION_TEXT,
      .offset = offsetof(struct watch_cli, from),
      .value = "DATE",
      .help = "coverage: visits from that day on; burden, funds, idle: since when" },
    { .name = "rules",
      .type = OPTION_TEXT,
      .offset = offsetof(struct watch_cli, rules),
      .value = "FILE",
      .help = "listed, funds: criteria of your own instead of those that ship" },
    { .name = "place",
      .letter = 'p',
      .type = OPTION_TEXT,
      .offset = offsetof(struct watch_cli, place),
      .value = "PLACE",
      .help = "only inside that place" },
    { .name = "days",
      .type = OPTION_INT,
      .offset = offsetof(struct watch_cli, days),
      .value = "N",
      .help = "due: only what is due within so many days" },
};

const struct command watch_commands[] = {
    { .name = "watch",
      .operands = "due | overdue | gaps | problems | coverage | postings | check | listed | findings | "
                  "exits | funds | burden | answers | idle",
      .help = "contacts due and overdue, what has no helper, open problems, households visited",
      .more = "A contact plan wants so many visits, meetings or activities in each period of "
              "months; what was held\n"
              "is counted from their records, by the agreement or by unit and place. One known "
              "only by an interval\n"
              "that reaches over two periods counts in neither, and is told apart.\n"
              "\n"
              "  watch due             the next date of every contact plan, and how many are still "
              "to be held\n"
              "  watch overdue         every period that is over and was not kept\n"
              "  watch gaps            listed places and places of the roster without helper, "
              "households without\n"
              "                        helper or measure, terms that are over, several helpers of "
              "one place\n"
              "  watch problems        raised, owner, due, solved, days\n"
              "  watch coverage        households of each village that were called on\n"
              "  watch postings        who followed whom as first secretary, team leader, village "
              "secretary or\n"
              "                        head: without gap or overlap, or no verdict where the days "
              "are not known\n"
              "  watch check           several enterprises for one village; exit status 3 when "
              "there are any\n"
              "  watch listed          places under supervision: supervisor, incidence with the days "
              "it rests on, own\n"
              "                        plan or \"missing\", measures, findings; villages that the "
              "rule would list\n"
              "  watch findings        found, by whom, owner, due, corrected, days, measures\n"
              "  watch exits           exit year and announced day of listed places, days left, what "
              "blocks them\n"
              "  watch funds           what counties were handed down beside a share by poor people "
              "and weight\n"
              "  watch burden          fields that each village was asked for each week, by whom\n"
              "  watch answers         each form for the day it is about (the last of a month, else the "
              "next within\n"
              "                        --days, 14): which of the places asked have answered\n"
              "  watch idle            money that lies longer than a row of alert_rule allows, as "
              "`jiedui money alerts`",
      .needs = NEEDS_STORE,
      .options = options,
      .n_options = COUNT(options),
      .options_size = sizeof(struct watch_cli),
      .run = run_watch },
};
const int watch_command_count = COUNT(watch_commands);
