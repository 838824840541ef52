/* Scorecards in memory, and what they give. */
#include "programme/plan/scorecard_read.h"

#include <stdlib.h>

#include "base/map.h"
#include "entity/load.h"
#include "programme/plan/measure.h"
#include "programme/plan/plan.h"

enum { CARD_COUNTY, CARD_ID, CARD_CODE, CARD_TITLE, CARD_TITLE_ZH, CARD_SIDE, CARD_LEVEL, CARD_FULL,
       CARD_GRADES, CARD_ORG, CARD_FROM, CARD_TO };
enum { ITEM_COUNTY, ITEM_ID, ITEM_OWN, ITEM_FROM = ITEM_OWN + SCORECARD_ITEM_NCOLS, ITEM_TO };

/* --- from the store --- */

static const struct figure *figure_of(const struct figures *f, const char *name,
                                      const char **fault, struct arena *a)
{
    const struct figure *found = *name && f ? figures_find(f, name) : NULL;
    if (found || !*name) return found;
    const char *near = f ? figures_nearest(f, name) : NULL;
    if (!**fault)
        *fault = near ? arena_printf(a, "there is no figure \"%s\" (perhaps \"%s\"?)", name, near)
                      : arena_printf(a, "there is no figure \"%s\"", name);
    return NULL;
}

static void take_item(struct score_item *x, const struct val *r, const struct figures *f,
                      struct arena *a)
{
    const struct val *own = r + ITEM_OWN;
    *x = (struct score_item){ .id = row_int(r[ITEM_ID]), .code = row_text(own[SCORECARD_ITEM_CODE]),
        .head = row_text(own[SCORECARD_ITEM_HEAD]), .title = row_text(own[SCORECARD_ITEM_TITLE]),
        .title_zh = row_text(own[SCORECARD_ITEM_TITLE_ZH]),
        .indicator = row_text(own[SCORECARD_ITEM_INDICATOR]),
        .target_name = row_text(own[SCORECARD_ITEM_TARGET_FIGURE]),
        .weighted = own[SCORECARD_ITEM_WEIGHT].type == VAL_INT,
        .proposed = own[SCORECARD_ITEM_WEIGHT].type == VAL_INT &&
                    own[SCORECARD_ITEM_WEIGHT_SET_BY].type != VAL_INT,
        .nought = row_is(own[SCORECARD_ITEM_NO_RECORDS], "nought"),
        .from = row_date(r[ITEM_FROM], DATE_MIN), .to = row_date(r[ITEM_TO], DATE_MAX) };
    if (x->weighted) x->fault = scorecard_rule(own, &x->rule);
    else (void)scorecard_rule(own, &x->rule);
    const char *fault = x->fault ? x->fault : "";
    x->figure = figure_of(f, x->indicator, &fault, a);
    x->target = figure_of(f, x->target_name, &fault, a);
    x->fault = *fault ? fault : NULL;
}

static void take_card(struct scorecard *s, const struct val *r)
{
    *s = (struct scorecard){ .id = row_int(r[CARD_ID]), .org = row_int(r[CARD_ORG]),
        .code = row_text(r[CARD_CODE]), .title = row_text(r[CARD_TITLE]),
        .title_zh = row_text(r[CARD_TITLE_ZH]), .side = row_text(r[CARD_SIDE]), .level = row_text(r[CARD_LEVEL]),
        .has_full = r[CARD_FULL].type == VAL_INT, .full = row_int(r[CARD_FULL]),
        .from = row_date(r[CARD_FROM], DATE_MIN), .to = row_date(r[CARD_TO], DATE_MAX) };
    const char *grades = row_text(r[CARD_GRADES]);
    if (score_grades_read(grades, strlen(grades), &s->grades)) s->grades.n = 0;
}

static void share_items(struct score_book *b, const struct rows *items, const struct figures *f,
                        struct arena *a)
{
    struct score_item *all = arena_array(a, (size_t)items->n + 1, sizeof *all);
    for (int i = 0; i < b->n; i++) {
        struct scorecard *s = &b->card[i];
        s->item = all;
        for (int k = 0; k < items->n; k++)
            if (row_int(items->row[k][ITEM_OWN + SCORECARD_ITEM_SCORECARD]) == s->id)
                take_item(&s->item[s->n++], items->row[k], f, a);
        all += s->n;
    }
}

bool scorecards_read(struct score_book *b, struct db *d, const struct figures *f, struct arena *a,
                     struct err *e)
{
    struct rows cards, items;
    int64_t hidden;
    *b = (struct score_book){ .n = 0 };
    if (!load_pending(d, &hidden, e)) return false;
    struct val v = val_int(hidden);
    if (!rows_read(d, &plan_stmts.stmts[PLAN_SCORECARDS], &v, 1, a, &cards, e) ||
        !rows_read(d, &plan_stmts.stmts[PLAN_SCORECARD_ITEMS], &v, 1, a, &items, e) ||
        !rows_read(d, &plan_stmts.stmts[PLAN_SCORECARD_POINTS], &v, 1, a, &b->points, e) ||
        !rows_read(d, &plan_stmts.stmts[PLAN_RATINGS], &v, 1, a, &b->ratings, e))
        return false;
    b->card = arena_array(a, (size_t)cards.n + 1, sizeof *b->card);
    for (int i = 0; i < cards.n; i++) take_card(&b->card[b->n++], cards.row[i]);
    share_items(b, &items, f, a);
    return true;
}

const struct scorecard *scorecards_find(const struct score_book *b, const char *code)
{
    for (int i = 0; i < b->n; i++)
        if (strcmp(b->card[i].code, code) == 0) return &b->card[i];
    return NULL;
}

bool scorecard_helps(const struct scorecard *s) { return strcmp(s->side, "helping") == 0; }

const char *scorecard_title(const struct scorecard *s, bool zh)
{
    return zh && *s->title_zh ? s->title_zh : s->title;
}

const char *score_item_title(const struct score_item *i, bool zh)
{
    return zh && *i->title_zh ? i->title_zh : i->title;
}

/* --- points --- */

static bool in_force(const struct score_item *x, struct score_period when)
{
    return x->from <= when.to && x->to >= when.to;
}

/* What of an item is known before any figure is read. */
static bool settled(const struct score_item *x, struct score_period when, struct score_cell *c)
{
    *c = (struct score_cell){ .why = "" };
    if (!in_force(x, when)) c->state = SCORE_NOT_IN_FORCE, c->why = "not in force";
    else if (!x->weighted) c->state = SCORE_NO_WEIGHT, c->why = "no weight is set";
    else if (x->fault) c->state = SCORE_FAULT, c->why = x->fault;
    else if (x->rule.kind == SCORE_TYPED) c->state = SCORE_NOT_TYPED, c->why = "not typed yet";
    else return false;
    return true;
}

/* Why a value does not decide what is asked of it, or NULL. What is known to be more than a number
 * decides "at least" that number, and so on. */
static const char *undecided(const struct figure_value *v, bool at_most)
{
    bool low = v->qualifier == Q_GE || v->qualifier == Q_GT, high = v->qualifier == Q_LE || v->qualifier == Q_LT;
    if (!v->known) return v->why;
    if (v->qualifier == Q_MIXED || (at_most ? low : high)) return "the records bound the number and do not give it";
    return at_most && v->unknown ? "some records have no amount, and it may be more" : NULL;
}

static int64_t points_of(const struct score_item *x, const struct score_cell *c, int64_t actual,
                         int64_t wanted)
{
    return x->target ? score_share(x->rule.full, actual, c->actual.scale, wanted, c->target.scale)
                     : score_points(&x->rule, actual, c->actual.scale);
}

/* The figure's values into points; NULL = no cell of the figure is there. Where the period cuts an
 * interval there are points only if the least and the most it can be give the same. */
static void judge(const struct score_item *x, const struct figure_value *v,
                  const struct figure_value *target, struct score_cell *c)
{
    struct figure_value none = { .known = true, .scale = x->figure->scale, .why = "" };
    c->actual = v ? *v : none;
    if (target) c->target = *target;
    c->state = SCORE_UNKNOWN;
    if (c->actual.known && c->actual.rows == 0 && c->actual.value == 0 && !c->actual.partial) {
        c->state = x->nought ? SCORE_NOUGHT : SCORE_NO_RECORDS;
        c->why = "nothing is recorded";
        if (!x->nought) return;
    }
    if ((c->why = undecided(&c->actual, x->rule.at_most)) != NULL) return;
    c->why = "";
    if (x->target && target && (c->why = undecided(target, true)) != NULL) return;
    if (x->target && (!target || target->value <= 0 || (target->partial && target->low <= 0))) {
        c->state = SCORE_UNKNOWN;
        c->why = "its target is not recorded";
        return;
    }
    struct figure_value t = x->target ? *target : none;
    int64_t least = points_of(x, c, c->actual.partial ? c->actual.low : c->actual.value,
                              t.partial ? t.high : t.value);
    int64_t most = points_of(x, c, c->actual.partial ? c->actual.high : c->actual.value,
                             t.partial ? t.low : t.value);
    c->points = least;
    if (least != most) c->why = "the period cuts through facts known only as an interval";
    else if (c->state == SCORE_UNKNOWN) c->state = SCORE_GIVEN;
}

static struct figure_query query_of(const struct figure *f, struct score_subject of,
                                    struct score_period when)
{
    return (struct figure_query){ .name = f->name, .place = of.place, .org = of.org,
                                  .from = plan_is_stock(f) ? DATE_MIN : when.from, .to = when.to };
}

static bool counts(const struct val *p, const struct score_item *x, struct score_period when)
{
    return row_int(p[POINT_ITEM]) == x->id && row_date(p[POINT_FROM], DATE_MIN) >= when.from &&
           row_date(p[POINT_TO], DATE_MAX) <= when.to;
}

/* A typed point where no figure gives one. */
static void type_in(const struct score_item *x, const struct val *p, struct score_cell *c)
{
    if (c->state < SCORE_NO_RECORDS || c->state == SCORE_NOT_IN_FORCE) {
        if (c->state != SCORE_GIVEN_TYPED) return;
        c->state = SCORE_FAULT;
        c->points = 0;
        c->why = "typed twice for the same period";
        return;
    }
    if (row_int(p[POINT_POINTS]) > x->rule.full) {
        c->state = SCORE_FAULT;
        c->why = "typed points are above the full points";
        return;
    }
    c->state = SCORE_GIVEN_TYPED;
    c->points = row_int(p[POINT_POINTS]);
    c->typed = p;
}

static void add(struct score_sum *sum, const struct score_item *x, enum score_state state,
                int64_t points)
{
    if (state == SCORE_NOT_IN_FORCE) return;
    sum->proposed += x->proposed;
    if (x->weighted) sum->full += x->rule.full;
    if (state > SCORE_NOUGHT) {
        sum->open++;
        return;
    }
    sum->points += points;
    sum->known += x->rule.full;
    sum->typed += state == SCORE_GIVEN_TYPED;
}

bool scorecard_mark(const struct score_book *b, const struct scorecard *s,
                    const struct figure_context *c, struct db *d, struct score_subject of,
                    struct score_period when, struct arena *a, struct score_cell **cells,
                    struct score_sum *sum, struct err *e)
{
    *cells = arena_array(a, (size_t)s->n + 1, sizeof **cells);
    *sum = (struct score_sum){ 0 };
    for (int i = 0; i < s->n; i++) {
        const struct score_item *x = &s->item[i];
        struct score_cell *cell = &(*cells)[i];
        struct figure_value v, target;
        if (!settled(x, when, cell)) {
            struct figure_query q = query_of(x->figure, of, when);
            if (!figure_read(c, d, &scope_all, &q, &v, e)) return false;
            if (x->target) q = query_of(x->target, of, when);
            if (x->target && !figure_read(c, d, &scope_all, &q, &target, e)) return false;
            judge(x, &v, x->target ? &target : NULL, cell);
        }
        for (int k = 0; k < b->points.n; k++) {
            const struct val *p = b->points.row[k];
            if (counts(p, x, when) && row_int(p[POINT_PLACE]) == of.place &&
                row_int(p[POINT_ORG]) == of.org)
                type_in(x, p, cell);
        }
        add(sum, x, cell->state, cell->points);
    }
    return true;
}

void scorecard_grades(const struct scorecard *s, const struct score_sum *sum, int *least, int *most)
{
    *least = score_grade(&s->grades, sum->points, sum->full);
    *most = score_grade(&s->grades, sum->points + sum->full - sum->known, sum->full);
}

const char *scorecard_grade_text(const struct scorecard *s, const struct score_sum *sum, bool zh, struct arena *a)
{
    int least, most;
    scorecard_grades(s, sum, &least, &most);
    if (least < 0 && most < 0) return "";
    const char *low = least < 0 ? "-" : score_grade_name(&s->grades, least, zh);
    const char *high = most < 0 ? "-" : score_grade_name(&s->grades, most, zh);
    return least == most ? low : arena_printf(a, zh ? "%s至%s" : "%s to %s", low, high);
}

/* --- ranks --- */

/* Of all places at once: what each item gave is kept as a state and points. */
struct brief { enum score_state state; bool told; int64_t points; const struct val *typed; };
struct ranking {
    const struct scorecard *s;
    struct score_period when;
    struct map row;                    /* place -> row */
    struct score_subject *of; struct brief *cell; int n, cap;
    int item;
    struct map target;                 /* place -> figure_value */
};

static int row_of(struct ranking *r, int64_t place)
{
    bool added;
    int *at = map_put(&r->row, &place, &added);
    if (!added) return *at;
    if (r->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 256;
        r->of = mem_grow(r->of, (size_t)r->cap * sizeof *r->of);
        r->cell = mem_grow(r->cell, (size_t)r->cap * (size_t)(r->s->n + 1) * sizeof *r->cell);
    }
    *at = r->n++;
    r->of[*at] = (struct score_subject){ place, 0 };
    memset(r->cell + (size_t)*at * (size_t)r->s->n, 0, (size_t)r->s->n * sizeof *r->cell);
    return *at;
}

static struct brief *cell_at(struct ranking *r, int row, int item)
{
    return &r->cell[(size_t)row * (size_t)r->s->n + (size_t)item];
}

static bool take_target(void *arg, const struct figure_value *v, struct err *e)
{
    struct ranking *r = arg;
    (void)e;
    *(struct figure_value *)map_put(&r->target, &v->place, NULL) = *v;
    return true;
}

static bool take_actual(void *arg, const struct figure_value *v, struct err *e)
{
    struct ranking *r = arg;
    const struct score_item *x = &r->s->item[r->item];
    struct score_cell c;
    (void)e;
    (void)settled(x, r->when, &c);
    judge(x, v, x->target ? map_get(&r->target, &v->place) : NULL, &c);
    *cell_at(r, row_of(r, v->place), r->item) = (struct brief){ c.state, true, c.points, NULL };
    return true;
}

static bool read_item(struct ranking *r, const struct figure_context *c, struct db *d, int level,
                      int64_t inside, struct err *e)
{
    const struct score_item *x = &r->s->item[r->item];
    struct score_subject of = { inside, 0 };
    map_init(&r->target, sizeof(int64_t), sizeof(struct figure_value));
    bool ok = true;
    if (x->target) {
        struct figure_query q = query_of(x->target, of, r->when);
        q.by = level;
        ok = figure_read_by(c, d, &scope_all, &q, take_target, r, e);
    }
    if (ok) {
        struct figure_query q = query_of(x->figure, of, r->when);
        q.by = level;
        ok = figure_read_by(c, d, &scope_all, &q, take_actual, r, e);
    }
    map_free(&r->target);
    return ok;
}

static bool inside_of(const struct place_range *range, int n, int64_t place)
{
    for (int i = 0; i < n; i++)
        if (place >= range[i].lo && place <= range[i].hi) return true;
    return false;
}

/* Typed points by item, on top of what the figures gave. */
static void rank_typed(struct ranking *r, const struct score_book *b, int level,
                       const struct place_range *range, int ranges)
{
    for (int k = 0; k < b->points.n; k++) {
        const struct val *p = b->points.row[k];
        int64_t place = row_int(p[POINT_PLACE]);
        if (row_int(p[POINT_ORG]) || place_level(place) != level ||
            !inside_of(range, ranges, place))
            continue;
        for (int i = 0; i < r->s->n; i++) {
            const struct score_item *x = &r->s->item[i];
            if (!counts(p, x, r->when)) continue;
            struct brief *y = cell_at(r, row_of(r, place), i);
            struct score_cell c;
            if (!settled(x, r->when, &c) && !y->told) judge(x, NULL, NULL, &c);
            if (y->told) c.state = y->state, c.points = y->points;
            type_in(x, p, &c);
            *y = (struct brief){ c.state, true, c.points, p };
        }
    }
}

static int by_points(const void *a, const void *b)
{
    const struct score_row *x = a, *y = b;
    if (x->sum.points != y->sum.points) return x->sum.points < y->sum.points ? 1 : -1;
    if (x->of.place != y->of.place) return x->of.place < y->of.place ? -1 : 1;
    return x->of.org < y->of.org ? -1 : x->of.org > y->of.org;
}

static void put_in_order(struct score_row *rows, int n)
{
    qsort(rows, (size_t)n, sizeof *rows, by_points);
    for (int i = 0; i < n; i++)
        rows[i].rank = i && rows[i].sum.points == rows[i - 1].sum.points ? rows[i - 1].rank : i + 1;
}

static struct score_row *sum_up(struct ranking *r, struct arena *a)
{
    struct score_row *rows = arena_array(a, (size_t)r->n + 1, sizeof *rows);
    for (int k = 0; k < r->n; k++) {
        rows[k] = (struct score_row){ .of = r->of[k] };
        for (int i = 0; i < r->s->n; i++) {
            const struct score_item *x = &r->s->item[i];
            struct brief *y = cell_at(r, k, i);
            struct score_cell c;
            if (!y->told) {
                if (!settled(x, r->when, &c)) judge(x, NULL, NULL, &c);
                *y = (struct brief){ c.state, true, c.points, NULL };
            }
            add(&rows[k].sum, x, y->state, y->points);
        }
    }
    put_in_order(rows, r->n);
    return rows;
}

static bool rank_helpers(const struct score_book *b, const struct scorecard *s,
                         const struct figure_context *c, struct db *d, int64_t inside,
                         struct score_period when, struct arena *a, struct score_row **rows,
                         int *n, struct err *e)
{
    struct rows helpers;
    struct score_cell *cells;
    int64_t hidden;
    if (!load_pending(d, &hidden, e)) return false;
    struct val v = val_int(hidden);
    if (!rows_read(d, &plan_stmts.stmts[PLAN_HELPERS], &v, 1, a, &helpers, e)) return false;
    *rows = arena_array(a, (size_t)helpers.n + 1, sizeof **rows);
    *n = helpers.n;
    for (int i = 0; i < helpers.n; i++) {
        struct score_row *r = &(*rows)[i];
        *r = (struct score_row){ .of = { inside, row_int(helpers.row[i][0]) } };
        if (!scorecard_mark(b, s, c, d, r->of, when, a, &cells, &r->sum, e)) return false;
    }
    put_in_order(*rows, *n);
    return true;
}

bool scorecard_rank(const struct score_book *b, const struct scorecard *s,
                    const struct figure_context *c, struct db *d, int level, int64_t inside,
                    struct score_period when, struct arena *a, struct score_row **rows, int *n,
                    struct err *e)
{
    struct place_range range[64];
    struct ranking r = { .s = s, .when = when };
    struct score_cell settles;
    const struct places *p = c->model->places;
    int ranges;
    if (scorecard_helps(s)) return rank_helpers(b, s, c, d, inside, when, a, rows, n, e);
    if (!p->ranges(p->arg, d, inside, range, 64, &ranges, e)) return false;
    map_init(&r.row, sizeof(int64_t), sizeof(int));
    bool ok = true;
    for (r.item = 0; ok && r.item < s->n; r.item++)
        if (!settled(&s->item[r.item], when, &settles)) ok = read_item(&r, c, d, level, inside, e);
    if (ok) {
        rank_typed(&r, b, level, range, ranges);
        *rows = sum_up(&r, a);
        *n = r.n;
    }
    map_free(&r.row);
    free(r.of);
    free(r.cell);
    return ok;
}

bool scorecard_may_rank(const struct scope *s, const struct place_range *r, int n)
{
    return scope_reads(s, ACCESS_MONEY) && scope_holds(s, r, n);
}
