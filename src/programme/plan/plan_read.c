/* From the store into memory. */
#include "programme/plan/plan_read.h"

#include "base/date.h"
#include "entity/load.h"
#include "programme/plan/plan.h"

struct taking { struct plan_book *b; struct arena *a; size_t cap; int32_t on; int at; };

static const char *words(struct taking *t, const struct val *v)
{
    return v->type == VAL_TEXT ? arena_strndup(t->a, v->p, v->n) : "";
}

static int64_t whole(const struct val *v)
{
    return v->type == VAL_INT ? v->i : 0;
}

/* Room for one more in an array of n things. */
static void *more(struct taking *t, void *array, int n, size_t size)
{
    if ((size_t)n < t->cap) return array;
    t->cap = t->cap ? t->cap * 2 : 256;
    void *bigger = arena_array(t->a, t->cap, size);
    if (n) memcpy(bigger, array, (size_t)n * size);
    return bigger;
}

static bool take_plan(void *arg, const struct val *r, int n, struct err *e)
{
    struct taking *t = arg;
    struct plan_book *b = t->b;
    (void)n, (void)e;
    b->plan = more(t, b->plan, b->n_plans, sizeof *b->plan);
    b->plan[b->n_plans++] = (struct plan_row){ .county = r[0].i,
                                               .id = r[1].i,
                                               .code = words(t, &r[2]),
                                               .title = words(t, &r[3]),
                                               .org = whole(&r[4]),
                                               .year = whole(&r[5]),
                                               .state = words(t, &r[6]),
                                               .kind = words(t, &r[7]) };
    return true;
}

static enum breakdown breakdown_of(const struct val *v)
{
    for (int i = 0; v->type == VAL_TEXT && i < BREAKDOWNS; i++) {
        const char *name = breakdown_name((enum breakdown)i);
        if (strlen(name) == v->n && memcmp(name, v->p, v->n) == 0) return (enum breakdown)i;
    }
    return BY_PART;
}

static enum qualifier qualifier_of(const struct val *v)
{
    static const char *const names[] = { "eq", "ge", "gt", "le", "lt", "approx" };
    for (int i = 0; v->type == VAL_TEXT && i < 6; i++)
        if (strlen(names[i]) == v->n && memcmp(names[i], v->p, v->n) == 0) return (enum qualifier)i;
    return Q_EQ;
}

/* Measures and units are few and come in runs: the string of the row before is used again. */
static const char *same_or(struct taking *t, const char *last, const struct val *v)
{
    if (last && v->type == VAL_TEXT && strlen(last) == v->n && memcmp(last, v->p, v->n) == 0)
        return last;
    return words(t, v);
}

static bool take_target(void *arg, const struct val *r, int n, struct err *e)
{
    struct taking *t = arg;
    struct plan_tree *tree = &t->b->tree;
    (void)n, (void)e;
    tree->node = more(t, tree->node, tree->n, sizeof *tree->node);
    const struct plan_node *last = tree->n ? &tree->node[tree->n - 1] : NULL;
    struct plan_node *p = &tree->node[tree->n++];
    *p = (struct plan_node){ .county = r[0].i,
                             .id = r[1].i,
                             .code = words(t, &r[2]),
                             .plan_county = whole(&r[3]),
                             .plan = whole(&r[4]),
                             .org = whole(&r[5]),
                             .place = whole(&r[6]),
                             .measure = same_or(t, last ? last->measure : NULL, &r[7]),
                             .known = r[8].type == VAL_INT,
                             .first = whole(&r[8]),
                             .value = whole(&r[8]),
                             .unit = same_or(t, last ? last->unit : NULL, &r[9]),
                             .parent_county = whole(&r[10]),
                             .parent_id = whole(&r[11]),
                             .by = breakdown_of(&r[12]),
                             .reserve = whole(&r[13]) != 0,
                             .qualifier = qualifier_of(&r[14]) };
    p->from = r[15].type == VAL_INT ? (int32_t)r[15].i : DATE_MIN;
    p->to = r[16].type == VAL_INT ? (int32_t)r[16].i : DATE_MAX;
    return true;
}

/* Revisions come in the order of targets, so the targets are walked along. */
static bool take_revision(void *arg, const struct val *r, int n, struct err *e)
{
    struct taking *t = arg;
    struct plan_book *b = t->b;
    (void)n, (void)e;
    b->revision = more(t, b->revision, b->n_revisions, sizeof *b->revision);
    const struct plan_revision *v = &b->revision[b->n_revisions];
    b->revision[b->n_revisions++] = (struct plan_revision){ .county = r[0].i,
                                                            .target = whole(&r[1]),
                                                            .value = whole(&r[2]),
                                                            .on = (int32_t)whole(&r[3]),
                                                            .code = words(t, &r[4]),
                                                            .reason = words(t, &r[5]),
                                                            .event_county = whole(&r[6]),
                                                            .event = whole(&r[7]),
                                                            .decided_by = whole(&r[8]) };
    while (t->at < b->tree.n && (b->tree.node[t->at].county < v->county ||
                                 (b->tree.node[t->at].county == v->county &&
                                  b->tree.node[t->at].id < v->target)))
        t->at++;
    if (t->at == b->tree.n || b->tree.node[t->at].id != v->target || v->on > t->on) return true;
    struct plan_node *p = &b->tree.node[t->at];
    p->value = v->value;
    p->known = true;
    p->revisions++;
    return true;
}

/* A target without dates of its own has the year of its plan. */
static void give_years(struct plan_book *b)
{
    for (int i = 0; i < b->tree.n; i++) {
        struct plan_node *n = &b->tree.node[i];
        if (n->from != DATE_MIN || n->to != DATE_MAX || !n->plan) continue;
        for (int k = 0; k < b->n_plans; k++) {
            const struct plan_row *p = &b->plan[k];
            if (p->id != n->plan || p->county != n->plan_county || !p->year) continue;
            n->from = date_make((int32_t)p->year, 1, 1);
            n->to = date_make((int32_t)p->year, 12, 31);
        }
    }
}

static bool ask(struct db *d, enum plan_stmt s, int64_t hidden, row_fn *fn, struct taking *t,
                struct err *e)
{
    struct val v = val_int(hidden);
    t->cap = 0;
    return db_query(d, &plan_stmts.stmts[s], &v, 1, fn, t, e);
}

static bool hidden_load(struct db *d, int64_t published, int64_t *hidden, struct err *e)
{
    if (!load_pending(d, hidden, e)) return false;
    if (*hidden == published) *hidden = -1;
    return true;
}

bool plan_read_targets(struct plan_book *b, struct db *d, int32_t on, int64_t published,
                       struct arena *a, struct err *e)
{
    struct taking t = { .b = b, .a = a, .on = on };
    int64_t hidden;
    memset(b, 0, sizeof *b);
    if (!hidden_load(d, published, &hidden, e) || !ask(d, PLAN_PLANS, hidden, take_plan, &t, e) ||
        !ask(d, PLAN_TARGETS, hidden, take_target, &t, e) ||
        !ask(d, PLAN_REVISIONS, hidden, take_revision, &t, e))
        return false;
    give_years(b);
    plan_tree_link(&b->tree, a);
    return true;
}

static bool take_task(void *arg, const struct val *r, int n, struct err *e)
{
    struct taking *t = arg;
    struct plan_book *b = t->b;
    (void)n, (void)e;
    b->task = more(t, b->task, b->n_tasks, sizeof *b->task);
    b->task[b->n_tasks++] = (struct plan_task){ .county = r[0].i, .id = r[1].i,
        .code = words(t, &r[2]), .plan_county = whole(&r[3]), .plan = whole(&r[4]),
        .org = whole(&r[5]), .place = whole(&r[6]), .title = words(t, &r[7]),
        .has_due = r[8].type == VAL_INT, .due = (int32_t)whole(&r[8]),
        .has_done = r[9].type == VAL_INT, .done = (int32_t)whole(&r[9]),
        .target_county = whole(&r[10]), .target = whole(&r[11]), .blocked_by = words(t, &r[12]),
        .state = words(t, &r[13]), .focus = words(t, &r[14]) };
    return true;
}

static bool take_risk(void *arg, const struct val *r, int n, struct err *e)
{
    struct taking *t = arg;
    struct plan_book *b = t->b;
    (void)n, (void)e;
    b->risk = more(t, b->risk, b->n_risks, sizeof *b->risk);
    b->risk[b->n_risks++] = (struct plan_risk){ .county = r[0].i, .target = whole(&r[1]),
        .code = words(t, &r[2]), .event_county = whole(&r[3]), .event = whole(&r[4]),
        .known = r[5].type == VAL_INT, .value = whole(&r[5]), .effect = words(t, &r[6]),
        .answer = words(t, &r[7]) };
    return true;
}

static bool take_problem(void *arg, const struct val *r, int n, struct err *e)
{
    struct taking *t = arg;
    struct plan_book *b = t->b;
    (void)n, (void)e;
    b->problem = more(t, b->problem, b->n_problems, sizeof *b->problem);
    b->problem[b->n_problems++] = (struct plan_problem){ .county = whole(&r[0]),
        .target = whole(&r[1]), .title = words(t, &r[2]), .raised = (int32_t)whole(&r[3]),
        .solved = r[4].type == VAL_INT ? (int32_t)r[4].i : DATE_MAX };
    return true;
}

static bool take_duty(void *arg, const struct val *r, int n, struct err *e)
{
    struct taking *t = arg;
    struct plan_book *b = t->b;
    (void)n, (void)e;
    b->duty = more(t, b->duty, b->n_duties, sizeof *b->duty);
    b->duty[b->n_duties++] = (struct plan_duty){ .county = r[0].i, .task = whole(&r[1]),
        .org = whole(&r[2]), .person = words(t, &r[3]), .post = words(t, &r[4]),
        .role = words(t, &r[5]) };
    return true;
}

bool plan_read_work(struct plan_book *b, struct db *d, struct arena *a, struct err *e)
{
    struct taking t = { .b = b, .a = a };
    int64_t hidden;
    return hidden_load(d, -1, &hidden, e) && ask(d, PLAN_TASKS, hidden, take_task, &t, e) &&
           ask(d, PLAN_RISKS, hidden, take_risk, &t, e) &&
           ask(d, PLAN_PROBLEMS, hidden, take_problem, &t, e) &&
           ask(d, PLAN_RESPONSIBILITIES, hidden, take_duty, &t, e);
}

struct event_name { struct arena *a; const char *text; };

static bool take_event(void *arg, const struct val *r, int n, struct err *e)
{
    struct event_name *x = arg;
    (void)n, (void)e;
    const struct val *v = r[1].type == VAL_TEXT ? &r[1] : &r[0];
    if (v->type == VAL_TEXT) x->text = arena_strndup(x->a, v->p, v->n);
    return true;
}

const char *plan_event(struct db *d, int64_t county, int64_t id, struct arena *a)
{
    struct event_name x = { a, "" };
    struct val v[2] = { val_int(county), val_int(id) };
    struct err e = { .code = ERR_NONE };
    if (!id || !db_query(d, &plan_stmts.stmts[PLAN_EVENT], v, 2, take_event, &x, &e)) return "";
    return x.text;
}

bool plan_task_done(const struct plan_task *t, int32_t on)
{
    return t->has_done && t->done <= on;
}

bool plan_task_late(const struct plan_task *t, int32_t on)
{
    return t->has_due && t->due < on && !plan_task_done(t, on);
}
