/* jiedui plan: what was to be reached, what was reached, who is behind, and what goes on next year.
 */
#include "cli/rooms.h"

#include "base/count.h"
#include "base/date.h"
#include "cli/plan_view.h"

static const char *left_text(struct plan_view *v, const struct plan_node *n)
{
    int64_t left = plan_left(n);
    return left < 0 ? "unknown" : cell_scaled(v->app, left, 2);
}

/* --- plans, and one of them --- */

static int list_plans(struct plan_view *v)
{
    static const struct table_column cols[] = {
        { "plan", "plan", false },         { "title", "title", false },
        { "organisation", "unit", false }, { "year", "year", true },
        { "state", "state", false },       { "targets", "targets", true },
        { "reached", "reached", true },    { "behind", "behind", true },
        { "missed", "missed", true },      { "no_target", "no target", true },
        { "tasks", "tasks", true },        { "tasks_done", "tasks done", true },
        { "tasks_late", "late", true }
    };
    struct table_out *t = table_begin(v->app, cols, COUNT(cols));
    for (int i = 0; i < v->book.n_plans; i++) {
        const struct plan_row *p = &v->book.plan[i];
        int64_t of[PLAN_EXCEEDED + 1] = { 0 }, targets = 0, tasks = 0, done = 0, late = 0;
        for (int k = 0; k < v->book.tree.n; k++) {
            const struct plan_node *n = &v->book.tree.node[k];
            if (n->plan != p->id || n->plan_county != p->county) continue;
            targets++;
            of[n->state]++;
        }
        for (int k = 0; k < v->book.n_tasks; k++) {
            const struct plan_task *x = &v->book.task[k];
            if (x->plan != p->id || x->plan_county != p->county) continue;
            tasks++;
            done += plan_task_done(x, v->when.on);
            late += plan_task_late(x, v->when.on);
        }
        struct app *a = v->app;
        table_row(t, (const char *[]){ p->code, p->title, cell_org(a, p->org),
            p->year ? cell_number(a, p->year) : "", p->state, cell_number(a, targets),
            cell_number(a, of[PLAN_MET] + of[PLAN_WITHIN]), cell_number(a, of[PLAN_BEHIND]),
            cell_number(a, of[PLAN_MISSED] + of[PLAN_EXCEEDED]), cell_number(a, of[PLAN_NO_TARGET]),
            cell_number(a, tasks), cell_number(a, done), cell_number(a, late) });
    }
    table_end(t);
    return 0;
}

static void show_node(struct plan_view *v, struct table_out *t, int i)
{
    const struct plan_node *n = &v->book.tree.node[i];
    struct app *a = v->app;
    const char *indent = "";
    for (int d = 0; a->format == OUT_TEXT && d < n->depth; d++)
        indent = arena_printf(a->arena, "  %s", indent);
    const char *by = n->parent >= 0 ? breakdown_name(n->by) : "";
    const char *forecast = n->forecast_known ? cell_scaled(a, n->forecast, n->figure->scale) : "";
    table_row(t, (const char *[]){
                     arena_printf(a->arena, "%s%s", indent, n->code), cell_org(a, n->org),
                     cell_place(a, n->place), n->measure, by, plan_target_text(v, n),
                     n->revisions ? cell_scaled(a, n->first, 2) : "", plan_actual_text(v, n),
                     n->figure && n->actual.known && !n->reserve
                         ? app_word(a, figure_rests_on(&n->actual))
                         : "",
                     n->compared ? cell_permille(a, n->completion) : "",
                     n->timed ? cell_permille(a, n->elapsed) : "", forecast, plan_parts_text(v, n),
                     app_word(a, plan_state_name(n->state)) });
}

static int show(struct plan_view *v)
{
    static const struct table_column cols[] = {
        { "target", "target", false },      { "organisation", "unit", false },
        { "place", "place", false },        { "measure", "measure", false },
        { "breakdown", "by", false },       { "value", "to reach", true },
        { "first", "first set", true },     { "actual", "reached", true },
        { "rests_on", "rests on", false },  { "completion", "completion", true },
        { "elapsed", "time gone", true },   { "forecast", "forecast", true },
        { "parts", "parts reached", true }, { "state", "state", false }
    };
    struct table_out *t = table_begin(v->app, cols, COUNT(cols));
    plan_view_walk(v, t, show_node);
    table_end(t);
    return 0;
}

/* --- check --- */

struct checking { struct plan_view *v; struct table_out *t; int64_t faults; };

static bool print_fault(void *arg, const struct plan_fault *f, struct err *e)
{
    static const char *const kinds[] = { "over", "short", "part unknown", "whole unknown", "circle",
        "whole missing", "other measure", "other unit", "outside place", "outside period",
        "no figure" };
    struct checking *c = arg;
    (void)e;
    if (!plan_view_has(c->v, f->node)) return true;
    bool sum = f->kind == PLAN_OVER || f->kind == PLAN_SHORT;
    c->faults += f->kind != PLAN_NO_MEASURE;
    table_row(c->t, (const char *[]){ c->v->book.tree.node[f->node].code, kinds[f->kind],
        sum ? cell_scaled(c->v->app, f->difference, 2) : "",
        plan_fault_text(&c->v->book.tree, f, c->v->app->arena) });
    return true;
}

static int check(struct plan_view *v, struct err *e)
{
    static const struct table_column cols[] = { { "target", "target", false },
                                                { "fault", "fault", false },
                                                { "difference", "difference", true },
                                                { "text", "what", false } };
    struct checking c = { .v = v, .t = table_begin(v->app, cols, COUNT(cols)) };
    bool ok = plan_tree_check(&v->book.tree, print_fault, &c, e);
    table_end(c.t);
    if (ok && v->app->format == OUT_TEXT)
        printf("\n%d targets, %lld faults\n", v->book.tree.n, (long long)c.faults);
    return !ok ? 1 : c.faults ? 3 : 0;
}

/* --- laggards, and what blocks them --- */

static int laggards(struct plan_view *v)
{
    static const struct table_column cols[] = {
        { "target", "target", false },         { "organisation", "unit", false },
        { "place", "place", false },           { "measure", "measure", false },
        { "value", "to reach", true },         { "actual", "reached", true },
        { "completion", "completion", true },  { "elapsed", "time gone", true },
        { "left", "left to do", true },        { "state", "state", false },
        { "blocked", "what blocks it", false }
    };
    struct table_out *t = table_begin(v->app, cols, COUNT(cols));
    int n_sorted;
    int *sorted = plan_view_laggards(v, &n_sorted);
    for (int i = 0; i < n_sorted; i++) {
        const struct plan_node *n = &v->book.tree.node[sorted[i]];
        struct app *a = v->app;
        table_row(t, (const char *[]){ n->code, cell_org(a, n->org), cell_place(a, n->place),
                                       n->measure, plan_target_text(v, n), plan_actual_text(v, n),
                                       n->compared ? cell_permille(a, n->completion) : "",
                                       n->timed ? cell_permille(a, n->elapsed) : "",
                                       left_text(v, n), app_word(a, plan_state_name(n->state)),
                                       plan_blockers(v, sorted[i]) });
    }
    table_end(t);
    return 0;
}

/* --- matrix, history, risks --- */

static void matrix_row(struct plan_view *v, struct table_out *t, const struct plan_task *x,
                       const struct plan_duty *d)
{
    struct app *a = v->app;
    const char *state = plan_task_done(x, v->when.on)   ? "done"
                        : plan_task_late(x, v->when.on) ? "late"
                        : *x->blocked_by                ? "blocked"
                                                        : "open";
    table_row(t, (const char *[]){ x->code, x->title, x->focus,
                                   d        ? d->role
                                   : x->org ? "leads"
                                            : "nobody",
                                   cell_org(a, d ? d->org : x->org), d ? d->post : "",
                                   d ? d->person : "", x->has_due ? cell_day(a, x->due) : "",
                                   x->has_done ? cell_day(a, x->done) : "", app_word(a, state),
                                   x->blocked_by });
}

static int matrix(struct plan_view *v)
{
    static const struct table_column cols[] = { { "task", "task", false },
                                                { "title", "title", false },
                                                { "focus", "focus", false },
                                                { "role", "role", false },
                                                { "organisation", "unit", false },
                                                { "post", "post", false },
                                                { "person", "person", false },
                                                { "due_on", "due by", false },
                                                { "done_on", "done on", false },
                                                { "state", "state", false },
                                                { "blocked_by", "blocked by", false } };
    struct table_out *t = table_begin(v->app, cols, COUNT(cols));
    for (int i = 0; i < v->book.n_tasks; i++) {
        const struct plan_task *x = &v->book.task[i];
        bool any = false;
        if (!plan_view_has_task(v, x)) continue;
        for (int k = 0; k < v->book.n_duties; k++) {
            const struct plan_duty *d = &v->book.duty[k];
            if (d->task != x->id || d->county != x->county) continue;
            matrix_row(v, t, x, d);
            any = true;
        }
        if (!any) matrix_row(v, t, x, NULL);
    }
    table_end(t);
    return 0;
}

static int history(struct plan_view *v)
{
    static const struct table_column cols[] = {
        { "target", "target", false },        { "changed_on", "from", false },
        { "before", "before", true },         { "after", "after", true },
        { "difference", "difference", true }, { "reason", "reason", false },
        { "event", "what happened", false },          { "decided_by", "decided by", false },
        { "revision", "revision", false }
    };
    struct table_out *t = table_begin(v->app, cols, COUNT(cols));
    int64_t last = 0, before = 0;
    for (int i = 0; i < v->book.n_revisions; i++) {
        const struct plan_revision *r = &v->book.revision[i];
        int at = plan_tree_find(&v->book.tree, r->county, r->target);
        if (at < 0 || !plan_view_has(v, at)) continue;
        const struct plan_node *n = &v->book.tree.node[at];
        struct app *a = v->app;
        if (r->target != last) before = n->first;
        last = r->target;
        table_row(t, (const char *[]){ n->code, cell_day(a, r->on), cell_scaled(a, before, 2),
                                       cell_scaled(a, r->value, 2),
                                       cell_scaled(a, r->value - before, 2), r->reason,
                                       plan_event(a->db, r->event_county, r->event, a->arena),
                                       cell_org(a, r->decided_by), r->code });
        before = r->value;
    }
    table_end(t);
    return 0;
}

static int risks(struct plan_view *v)
{
    static const struct table_column cols[] = {
        { "risk", "risk", false },     { "event", "what happened", false },
        { "target", "target", false }, { "measure", "measure", false },
        { "value", "to reach", true }, { "at_risk", "at risk", true },
        { "share", "share", true },    { "effect", "effect", false },
        { "answer", "answer", false }
    };
    struct table_out *t = table_begin(v->app, cols, COUNT(cols));
    for (int i = 0; i < v->book.n_risks; i++) {
        const struct plan_risk *r = &v->book.risk[i];
        int at = plan_tree_find(&v->book.tree, r->county, r->target);
        if (at < 0 || !plan_view_has(v, at)) continue;
        const struct plan_node *n = &v->book.tree.node[at];
        struct app *a = v->app;
        bool share = r->known && n->known && n->value > 0 && r->value <= n->value;
        table_row(t,
                  (const char *[]){ r->code, plan_event(a->db, r->event_county, r->event, a->arena),
                                    n->code, n->measure, plan_target_text(v, n),
                                    r->known ? cell_scaled(a, r->value, 2) : "unknown",
                                    share ? cell_permille(a, plan_share(r->value, n->value)) : "",
                                    r->effect, r->answer });
    }
    table_end(t);
    return 0;
}

/* --- the command --- */

static int run_plan(struct app *app, void *options, const char *const *operand, int n,
                    struct err *e)
{
    static const char *const words[] = { "list", "show", "check", "laggards", "matrix", "history",
                                         "risks", "carry-over" };
    const struct plan_cli *o = options;
    struct plan_view v;
    int what = 0;
    if (n > 0) {
        while (what < COUNT(words) && strcmp(words[what], operand[0]) != 0) what++;
        if (what == COUNT(words)) {
            const char *near = nearest_name(operand[0], words, COUNT(words));
            err_set(e, ERR_USAGE, "plan knows no \"%s\"%s%s%s; `jiedui help plan` says more",
                    operand[0], near ? ": did you mean \"" : "", near ? near : "",
                    near ? "\"?" : "");
            return 2;
        }
    }
    if (n > 2) return err_set(e, ERR_USAGE, "plan takes one plan or target"), 2;
    if (what == 1 && n < 2) return err_set(e, ERR_USAGE, "which plan or target? `jiedui plan`"), 2;
    bool measure = what == 0 || what == 1 || what == 3 || what == 7;
    if (!plan_view_open(&v, app, o, n > 1 ? operand[1] : NULL, measure, e))
        return err_exit(e->code);
    switch (what) {
    case 0: return list_plans(&v);
    case 1: return show(&v);
    case 2: return check(&v, e);
    case 3: return laggards(&v);
    case 4: return matrix(&v);
    case 5: return history(&v);
    case 6: return risks(&v);
    default: return plan_carry_over(&v, e);
    }
}

static const struct option_row options[] = {
    { .name = "as-of",
      .type = OPTION_TEXT,
      .offset = offsetof(struct plan_cli, as_of),
      .value = "DATE",
      .help = "the state on that day; today when absent" },
    { .name = "year",
      .letter = 'y',
      .type = OPTION_INT,
      .offset = offsetof(struct plan_cli, year),
      .value = "YEAR",
      .help = "only plans of that year" },
    { .name = "org",
      .letter = 'g',
      .type = OPTION_TEXT,
      .offset = offsetof(struct plan_cli, org),
      .value = "ORGANISATION",
      .help = "only what that organisation or its own units answer for" },
    { .name = "tolerance",
      .type = OPTION_INT,
      .offset = offsetof(struct plan_cli, tolerance),
      .value = "PERCENT",
      .help = "how far completion may lie below the time gone; 10 when absent" },
    { .name = "output",
      .letter = 'o',
      .type = OPTION_TEXT,
      .offset = offsetof(struct plan_cli, output),
      .value = "DIR",
      .help = "carry-over: writes target.csv and task.csv of the next year there" },
};

const struct command plan_commands[] = {
    { .name = "plan",
      .operands = "[show CODE | check | laggards | matrix | history | risks | carry-over] [CODE]",
      .help = "targets and their breakdown, what was reached, who is behind and why",
      .more = "CODE is a plan or a target; without it, all. What is reached is the figure that the "
              "target's measure\n"
              "names, over its unit, place and period, up to --as-of: computed, never typed. "
              "Completion and time gone\n"
              "are cut to tenths of a percent. The forecast carries a flow on in proportion to the "
              "days gone, a stock\n"
              "likewise from its value at the beginning; a share stays as it is. A target without "
              "a value says \"no\n"
              "target\", and has no completion.\n"
              "\n"
              "  plan                  plans, how many targets are reached, behind, missed, and "
              "their tasks\n"
              "  plan show CODE        targets and their parts\n"
              "  plan check            parts must sum to the whole, for each way of breaking it "
              "down; a reserve is a\n"
              "                        part. Faults are listed with the difference; exit status 3\n"
              "  plan laggards         behind or missed, the furthest first, with late tasks, open "
              "problems, shocks\n"
              "  plan matrix           task by unit and person; a task of nobody says so\n"
              "  plan history          every change of a target, with its reason\n"
              "  plan risks            what a shock puts at risk\n"
              "  plan carry-over       what is left over at the end; -o DIR writes it as next "
              "year's targets and tasks",
      .needs = NEEDS_STORE,
      .options = options,
      .n_options = COUNT(options),
      .options_size = sizeof(struct plan_cli),
      .run = run_plan },
};
const int plan_command_count = COUNT(plan_commands);
