/* jiedui scorecard: points by card, computed from figures; ranks for those above; cross-check pairs. */
#include "cli/rooms.h"

#include <stdlib.h>

#include "base/count.h"
#include "base/date.h"
#include "cli/account.h"
#include "base/period.h"
#include "programme/plan/scorecard_read.h"

struct scorecard_cli { const char *place, *org, *period, *level, *account; };

struct cards {
    struct app *app;
    const struct scorecard_cli *o;
    struct score_book book;
    struct score_period when;
    struct score_subject of;
    struct scope scope;
    struct table_out *t;
};

static const char *points(struct cards *x, int64_t v) { return cell_scaled(x->app, v, 2); }

static const char *state_word(struct cards *x, const struct score_cell *c)
{
    static const char *const words[] = { "figure", "typed", "nought", "no weight", "fault",
                                         "no records", "unknown", "not typed", "not in force" };
    return app_word(x->app, words[c->state]);
}

/* --- whose eyes --- */

static bool see_as(struct cards *x, struct err *e)
{
    struct app *a = x->app;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found;
    int32_t today;
    x->scope = scope_all;
    if (!x->o->account) return true;
    if (!app_day(a, NULL, &today, e) ||
        !account_find(a->model, a->db, x->o->account, a->arena, row, &found, e))
        return false;
    if (!found) return err_set(e, ERR_NOT_FOUND, "there is no account \"%s\"", x->o->account);
    return scope_make(a->model, a->db, &a->parties, row, today, a->arena, &x->scope, e);
}

static bool holds(struct cards *x, int64_t place, bool ranks, bool *ok, struct err *e)
{
    const struct places *p = x->app->model->places;
    struct place_range range[64];
    int n;
    if (!p->ranges(p->arg, x->app->db, place, range, 64, &n, e)) return false;
    *ok = ranks ? scorecard_may_rank(&x->scope, range, n) : scope_holds(&x->scope, range, n);
    return true;
}

/* --- which card --- */

static const char *const levels[] = { "nation", "province", "prefecture", "county", "township",
                                      "village" };

static bool fits(const struct cards *x, const struct scorecard *s, const char *level)
{
    return s->from <= x->when.to && s->to >= x->when.to && scorecard_helps(s) == (x->of.org != 0) &&
           (!*s->level || !level || x->of.org || strcmp(s->level, level) == 0);
}

/* The one that is named, or the one in force for that side and level. */
static const struct scorecard *choose(struct cards *x, const char *code, const char *level,
                                      struct err *e)
{
    const struct scorecard *found = NULL;
    if (code) {
        found = scorecards_find(&x->book, code);
        if (!found) err_set(e, ERR_NOT_FOUND, "there is no scorecard \"%s\"; see `jiedui scorecard`", code);
        return found;
    }
    for (int i = 0; i < x->book.n; i++) {
        if (!fits(x, &x->book.card[i], level)) continue;
        if (found) {
            err_set(e, ERR_CONFLICT, "several scorecards fit, %s and %s among them: name one",
                    found->code, x->book.card[i].code);
            return NULL;
        }
        found = &x->book.card[i];
    }
    if (!found)
        err_set(e, ERR_NOT_FOUND, "no scorecard of the %s side%s%s is in force on %s",
                x->of.org ? "helping" : "helped", level ? " for level " : "", level ? level : "",
                cell_day(x->app, x->when.to));
    return found;
}

/* --- list --- */

static void list_cards(struct cards *x)
{
    static const struct table_column cols[] = { { "scorecard", "scorecard", false },
        { "title", "title", false }, { "side", "side", false }, { "level", "level", false },
        { "from", "from", false }, { "to", "to", false }, { "items", "items", true },
        { "weights", "weights together", true }, { "full_points", "full points", true },
        { "proposed", "weights nobody set", true } };
    x->t = table_begin(x->app, cols, COUNT(cols));
    for (int i = 0; i < x->book.n; i++) {
        const struct scorecard *s = &x->book.card[i];
        int64_t weights = 0, proposed = 0;
        for (int k = 0; k < s->n; k++) {
            if (s->item[k].weighted) weights += s->item[k].rule.full;
            proposed += s->item[k].proposed || !s->item[k].weighted;
        }
        table_row(x->t, (const char *[]){ s->code, scorecard_title(s, x->app->zh),
            cell_code(x->app, "scorecard_side", s->side), cell_code(x->app, "unit_level", s->level),
            cell_day(x->app, s->from), cell_day(x->app, s->to), cell_number(x->app, s->n),
            points(x, weights), s->has_full ? points(x, s->full) : "",
            cell_number(x->app, proposed) });
    }
    table_end(x->t);
}

/* --- show --- */

static const char *actual_text(struct cards *x, const struct figure_value *v,
                               const struct figure *f)
{
    if (!f || !v->why) return "";
    if (!figure_rows_open(&x->scope, f)) return app_word(x->app, "not shown");
    if (!v->known) return "";
    if (v->partial)
        return arena_printf(x->app->arena, "%s..%s", cell_scaled(x->app, v->low, v->scale),
                            cell_scaled(x->app, v->high, v->scale));
    return app_number(x->app, figure_print(f, v, x->app->arena));
}

static void show_item(struct cards *x, const struct score_item *i, const struct score_cell *c)
{
    struct app *a = x->app;
    bool given = c->state <= SCORE_NOUGHT, limit = i->rule.has_limit && !i->target;
    const char *why = c->typed ? arena_printf(a->arena, "%s: %s", cell_org(a, row_int(c->typed[POINT_BY])),
                                              row_text(c->typed[POINT_REASON]))
                      : c->state == SCORE_NOUGHT ? "nothing is recorded, which this card takes as nought"
                                                 : app_word(a, c->why);
    table_row(x->t, (const char *[]){ cell_code(a, "scorecard_head", i->head), i->code,
        score_item_title(i, a->zh), i->indicator, actual_text(x, &c->actual, i->figure),
        i->target ? actual_text(x, &c->target, i->target)
        : limit   ? arena_printf(a->arena, "%s%s", i->rule.at_most ? "≤ " : "", cell_scaled(a, i->rule.limit, 2))
                  : "",
        i->weighted ? points(x, i->rule.full) : "", given ? points(x, c->points) : NULL,
        state_word(x, c), why });
}

static const char *grade_text(struct cards *x, const struct scorecard *s, const struct score_sum *sum)
{
    return scorecard_grade_text(s, sum, x->app->zh, x->app->arena);
}

static void show_end(struct cards *x, const struct scorecard *s, const struct score_sum *sum)
{
    bool zh = x->app->zh;
    if (x->app->format != OUT_TEXT) return;
    printf(zh ? "\n%s：得 %s 分；有据项满分 %s，全部满分 %s；%d 项未计分，%d 项人工评分\n"
              : "\n%s: %s points, of %s that are known, of %s in all; %d items without points, %d "
                "typed\n",
           s->code, points(x, sum->points), points(x, sum->known), points(x, sum->full), sum->open,
           sum->typed);
    if (s->grades.n) printf(zh ? "等次：%s\n" : "grade: %s\n", grade_text(x, s, sum));
    if (sum->proposed)
        printf(zh ? "%d 项权重为建议值，尚无单位确定\n"
                  : "%d weights are proposals: no office has set them (weight_set_by)\n",
               sum->proposed);
}

static int show(struct cards *x, const char *code, struct err *e)
{
    static const struct table_column cols[] = { { "head", "head", false },
        { "item", "item", false }, { "title", "title", false }, { "figure", "figure", false },
        { "actual", "reached", true }, { "target", "to reach", true },
        { "weight", "full points", true }, { "points", "points", true },
        { "state", "state", false }, { "why", "why", false } };
    struct score_cell *cells;
    struct score_sum sum;
    struct app *a = x->app;
    bool mine = false;
    if (!x->of.place && !x->of.org)
        return err_set(e, ERR_USAGE, "whose points? --place P, or --org O for a helper"), 2;
    if (x->of.place && !holds(x, x->of.place, false, &mine, e)) return 1;
    if (!mine && !(x->of.org && scope_owns(&x->scope, x->of.org)))
        return err_set(e, ERR_FORBIDDEN, "these points are not for this account to see"), 1;
    const struct scorecard *s = choose(x, code, x->of.org ? NULL : levels[place_level(x->of.place)], e);
    if (!s || !scorecard_mark(&x->book, s, &a->context, a->db, x->of, x->when, a->arena, &cells,
                              &sum, e))
        return err_exit(e->code);
    x->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < s->n; i++)
        if (cells[i].state != SCORE_NOT_IN_FORCE) show_item(x, &s->item[i], &cells[i]);
    table_row(x->t, (const char *[]){ app_word(a, "all"), s->code, scorecard_title(s, a->zh), "", "", "",
        points(x, sum.full), points(x, sum.points), "", grade_text(x, s, &sum) });
    table_end(x->t);
    show_end(x, s, &sum);
    return 0;
}

/* --- rank --- */

static bool level_of(const char *text, int *level, struct err *e)
{
    for (int i = 1; i < COUNT(levels); i++)
        if (strcmp(levels[i], text) == 0) return *level = i, true;
    return err_set(e, ERR_USAGE, "\"%s\" is no level: province, prefecture, county, township or village", text);
}

static int rank(struct cards *x, const char *code, struct err *e)
{
    static const struct table_column cols[] = { { "rank", "rank", true }, { "place", "code", true },
        { "name", "place", false }, { "organisation", "unit", false },
        { "points", "points", true }, { "known", "of known", true }, { "full", "full points", true },
        { "open", "without points", true }, { "typed", "typed", true }, { "grade", "grade", false } };
    struct app *a = x->app;
    struct score_row *rows;
    int n, level = 3;
    bool may;
    if (x->o->level && !level_of(x->o->level, &level, e)) return 2;
    if (!holds(x, x->of.place, true, &may, e)) return 1;
    if (!may)
        return err_set(e, ERR_FORBIDDEN, "ranks are shown to the offices above: this account has no "
                       "office's role over the whole of the place"), 1;
    const struct scorecard *s = choose(x, code, levels[level], e);
    if (!s) return err_exit(e->code);
    if (!scorecard_helps(s) && x->of.place && place_level(x->of.place) >= level)
        return err_set(e, ERR_USAGE, "ranks of level %s are asked of a place above it", levels[level]), 2;
    if (!scorecard_rank(&x->book, s, &a->context, a->db, level, x->of.place, x->when, a->arena,
                        &rows, &n, e))
        return err_exit(e->code);
    x->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < n; i++) {
        const struct score_row *r = &rows[i];
        table_row(x->t, (const char *[]){ cell_number(a, r->rank),
            r->of.place ? cell_number(a, r->of.place) : "", cell_place(a, r->of.place),
            cell_org(a, r->of.org), points(x, r->sum.points), points(x, r->sum.known),
            points(x, r->sum.full), cell_number(a, r->sum.open), cell_number(a, r->sum.typed),
            grade_text(x, s, &r->sum) });
    }
    table_end(x->t);
    return 0;
}

/* --- ratings --- */

static int ratings(struct cards *x, struct err *e)
{
    static const struct table_column cols[] = { { "rating", "record", false },
        { "kind", "kind", false }, { "place", "code", true }, { "name", "place", false },
        { "organisation", "unit", false }, { "scorecard", "scorecard", false },
        { "grade", "grade", false }, { "stars", "stars", true }, { "from", "from", false },
        { "to", "to", false }, { "given_by", "decided by", false }, { "reason", "reason", false } };
    struct app *a = x->app;
    x->t = table_begin(a, cols, COUNT(cols));
    bool ok = true;
    for (int i = 0; ok && i < x->book.ratings.n; i++) {
        const struct val *r = x->book.ratings.row[i];
        int64_t place = row_int(r[RATED_PLACE]), org = row_int(r[RATED_ORG]);
        struct place_range own = place_own_range(x->of.place), its = place_own_range(place);
        bool mine = false;
        if (x->of.place && (its.lo < own.lo || its.hi > own.hi)) continue;
        if (place) ok = holds(x, place, false, &mine, e);
        if (!mine && !(org && scope_owns(&x->scope, org))) continue;
        const char *card = "";
        for (int k = 0; k < x->book.n; k++)
            if (x->book.card[k].id == row_int(r[RATED_CARD])) card = x->book.card[k].code;
        table_row(x->t, (const char *[]){ row_text(r[RATED_CODE]),
            cell_code(a, "rating_kind", row_text(r[RATED_KIND])), place ? cell_number(a, place) : "",
            cell_place(a, place), cell_org(a, org), card, row_text(r[RATED_GRADE]),
            r[RATED_STARS].type == VAL_INT ? cell_number(a, r[RATED_STARS].i) : "",
            cell_day(a, row_date(r[RATED_FROM], DATE_MIN)), cell_day(a, row_date(r[RATED_TO], DATE_MAX)),
            cell_org(a, row_int(r[RATED_BY])), row_text(r[RATED_REASON]) });
    }
    table_end(x->t);
    return ok ? 0 : err_exit(e->code);
}

/* --- check --- */

static void fault(struct cards *x, int *n, const struct scorecard *s, const char *item,
                  const char *what)
{
    ++*n;
    table_row(x->t, (const char *[]){ s->code, item, what });
}

static void check_card(struct cards *x, const struct scorecard *s, int *n)
{
    struct app *a = x->app;
    int64_t weights = 0;
    bool all = true, other = false;
    if (!s->n) fault(x, n, s, "", "it has no items");
    for (int i = 0; i < s->n; i++) {
        const struct score_item *y = &s->item[i];
        all &= y->weighted;
        if (y->weighted) weights += y->rule.full;
        if (!y->weighted) fault(x, n, s, y->code, "no weight is set, so it gives no points");
        if (y->fault) fault(x, n, s, y->code, y->fault);
    }
    if (s->n && all && s->has_full && weights != s->full)
        fault(x, n, s, "", arena_printf(a->arena, "its weights come to %s, not to %s",
                                        points(x, weights), points(x, s->full)));
    for (int i = 0; i < x->book.n; i++) {
        const struct scorecard *t = &x->book.card[i];
        other |= scorecard_helps(t) != scorecard_helps(s) && t->from <= s->to && t->to >= s->from;
    }
    if (!other && (!strcmp(s->level, "province") || scorecard_helps(s)))
        fault(x, n, s, "", "both sides are assessed, and the other side has no card for that time");
}

static void check_points(struct cards *x, int *n)
{
    for (int i = 0; i < x->book.points.n; i++) {
        const struct val *p = x->book.points.row[i];
        const struct scorecard *of = NULL;
        const struct score_item *item = NULL;
        for (int k = 0; k < x->book.n && !item; k++)
            for (int j = 0; j < x->book.card[k].n && !item; j++)
                if (x->book.card[k].item[j].id == row_int(p[POINT_ITEM]))
                    of = &x->book.card[k], item = &of->item[j];
        if (!item) continue;
        if (p[POINT_FROM].type != VAL_INT || p[POINT_TO].type != VAL_INT)
            fault(x, n, of, row_text(p[POINT_CODE]), "typed points without the days they are for count nowhere");
        if (item->weighted && row_int(p[POINT_POINTS]) > item->rule.full)
            fault(x, n, of, row_text(p[POINT_CODE]), "typed points are above the full points");
    }
}

static int check(struct cards *x)
{
    static const struct table_column cols[] = { { "scorecard", "scorecard", false },
        { "item", "item", false }, { "fault", "what", false } };
    int n = 0;
    x->t = table_begin(x->app, cols, COUNT(cols));
    for (int i = 0; i < x->book.n; i++) check_card(x, &x->book.card[i], &n);
    check_points(x, &n);
    table_end(x->t);
    return n ? 3 : 0;
}

/* --- pairs --- */

static int by_code(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static int pairs(struct cards *x, const char *const *operand, int n, struct err *e)
{
    static const struct table_column cols[] = { { "place", "code", true },
        { "name", "checks", false }, { "checked", "code checked", true },
        { "checked_name", "checked", false } };
    struct app *a = x->app;
    int64_t *place = arena_array(a->arena, (size_t)n + 1, sizeof *place);
    int *by = arena_array(a->arena, (size_t)n + 1, sizeof *by);
    if (n < 2) return err_set(e, ERR_USAGE, "who checks whom among which places? Name two or more"), 2;
    for (int i = 0; i < n; i++)
        if (!app_place(a, operand[i], &place[i], e)) return err_exit(e->code);
    qsort(place, (size_t)n, sizeof *place, by_code);
    for (int i = 1; i < n; i++)
        if (place[i] == place[i - 1])
            return err_set(e, ERR_USAGE, "%s is named twice", cell_place(a, place[i])), 2;
    score_pairs(n, date_civil(x->when.to).year, by);
    x->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < n; i++)
        table_row(x->t, (const char *[]){ cell_number(a, place[by[i]]), cell_place(a, place[by[i]]),
            cell_number(a, place[i]), cell_place(a, place[i]) });
    table_end(x->t);
    return 0;
}

/* --- the command --- */

enum { LIST, SHOW, RANK, CHECK, PAIRS, RATINGS };

static bool period_of(struct cards *x, struct err *e)
{
    int32_t today;
    if (x->o->period)
        return period_parse(x->o->period, &x->when.from, &x->when.to) ||
               err_set(e, ERR_USAGE, "\"%s\" is no period; write 2019, 2019H1 or 2019-01..2019-09",
                       x->o->period);
    if (!app_day(x->app, NULL, &today, e)) return false;
    x->when = (struct score_period){ date_make(date_civil(today).year, 1, 1), today };
    return true;
}

static int run_scorecard(struct app *app, void *options, const char *const *operand, int n,
                         struct err *e)
{
    static const char *const words[] = { "list", "show", "rank", "check", "pairs", "ratings" };
    struct cards x = { .app = app, .o = options };
    const char *const first[] = { "list" };
    int what = app_choice("scorecard", words, COUNT(words), n ? operand : first, 1, e);
    if (what < 0) return 2;
    bool one = what == SHOW || what == RANK;
    if (what != PAIRS && n > (one ? 2 : 1))
        return err_set(e, ERR_USAGE, "scorecard %s takes %s", words[what],
                       one ? "one card" : "no operand"), 2;
    if (!period_of(&x, e) || !app_place(app, x.o->place, &x.of.place, e) ||
        !app_organisation(app, x.o->org, &x.of.org, e) || !see_as(&x, e))
        return err_exit(e->code);
    if (what == PAIRS) return pairs(&x, operand + 1, n - 1, e);
    if (!scorecards_read(&x.book, app->db, app->figures, app->arena, e)) return err_exit(e->code);
    const char *code = one && n > 1 ? operand[1] : NULL;
    switch (what) {
    case SHOW: return show(&x, code, e);
    case RANK: return rank(&x, code, e);
    case CHECK: return check(&x);
    case RATINGS: return ratings(&x, e);
    default: list_cards(&x); return 0;
    }
}

static const struct option_row options[] = {
    { .name = "place", .letter = 'p', .type = OPTION_TEXT,
      .offset = offsetof(struct scorecard_cli, place), .value = "PLACE",
      .help = "show: whose points; rank: everything inside it" },
    { .name = "org", .letter = 'g', .type = OPTION_TEXT,
      .offset = offsetof(struct scorecard_cli, org), .value = "ORGANISATION",
      .help = "the helping side: its points, in that place or anywhere" },
    { .name = "period", .type = OPTION_TEXT, .offset = offsetof(struct scorecard_cli, period),
      .value = "PERIOD", .help = "2019, 2019H1, 2019-01..2019-09; this year up to today when absent" },
    { .name = "level", .type = OPTION_TEXT, .offset = offsetof(struct scorecard_cli, level),
      .value = "LEVEL", .help = "rank: province, prefecture, county (when absent), township, village" },
    { .name = "account", .type = OPTION_TEXT, .offset = offsetof(struct scorecard_cli, account),
      .value = "LOGIN", .help = "as that account sees it" },
};

const struct command scorecard_commands[] = {
    { .name = "scorecard",
      .operands = "[list | show [CARD] | rank [CARD] | check | pairs PLACE PLACE... | ratings]",
      .help = "points by scorecard, computed from figures; ranks, grades, who checks whom",
      .more = "Without CARD, the one in force at the end of the period for that side and level. "
              "Points are cut to\n"
              "hundredths. What no figure gives has no points and says why; points that somebody "
              "typed say who and why,\n"
              "and never stand in place of a figure. Weights are the office's to set: those that "
              "nobody has set are counted.\n"
              "While items are without points, the grade is told as the least and the most it can "
              "be.\n"
              "\n"
              "  scorecard             the cards, their items and weights\n"
              "  scorecard show        each item of a place's or a helper's card\n"
              "  scorecard rank        places of a level inside --place, or all helpers of a card "
              "of the helping side;\n"
              "                        for the offices above alone\n"
              "  scorecard check       weights, figures, rules, both sides; exit status 3 when "
              "something is wrong\n"
              "  scorecard pairs       who checks whom among places: never itself, another partner "
              "each year\n"
              "  scorecard ratings     grades and stars that offices decided, with who and why",
      .needs = NEEDS_STORE,
      .options = options,
      .n_options = COUNT(options),
      .options_size = sizeof(struct scorecard_cli),
      .run = run_scorecard },
};
const int scorecard_command_count = COUNT(scorecard_commands);
