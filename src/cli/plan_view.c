/* What a plan command looks at. */
#include "cli/plan_view.h"

#include "base/date.h"
#include "base/money.h"

static bool inside_org(const int64_t *ids, size_t n, int64_t org)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == org) return true;
    return false;
}

static bool narrow(struct plan_view *v, const int64_t *ids, size_t n, struct err *e)
{
    const struct plan_tree *t = &v->book.tree;
    int target = -1;
    for (int i = 0; v->of && i < v->book.n_plans; i++)
        if (strcmp(v->book.plan[i].code, v->of) == 0) {
            v->plan = v->book.plan[i].id;
            v->plan_county = v->book.plan[i].county;
        }
    for (int i = 0; v->of && !v->plan && i < t->n; i++)
        if (strcmp(t->node[i].code, v->of) == 0) target = i;
    if (v->of && !v->plan && target < 0)
        return err_set(e, ERR_NOT_FOUND,
                       "there is no plan or target \"%s\"; `jiedui plan` lists the plans", v->of);
    v->has = arena_alloc(v->app->arena, (size_t)t->n + 1);
    for (int k = 0; k < t->n; k++) {
        int i = t->order[k];
        const struct plan_node *x = &t->node[i];
        bool in = !v->of || (v->plan ? x->plan == v->plan && x->plan_county == v->plan_county
                                     : i == target || (x->parent >= 0 && v->has[x->parent]));
        if (v->o->year && (x->from == DATE_MIN || date_civil(x->from).year != v->o->year))
            in = false;
        if (v->o->org && !inside_org(ids, n, x->org)) in = false;
        v->has[i] = in;
    }
    return true;
}

static void narrow_plans(struct plan_view *v)
{
    int n = 0;
    for (int i = 0; i < v->book.n_plans; i++)
        if (!v->o->year || v->book.plan[i].year == v->o->year) v->book.plan[n++] = v->book.plan[i];
    v->book.n_plans = n;
}

bool plan_view_open(struct plan_view *v, struct app *app, const struct plan_cli *o, const char *of,
                    bool measure, struct err *e)
{
    int64_t org;
    const int64_t *ids = NULL;
    size_t n = 0;
    *v = (struct plan_view){ .app = app, .o = o, .of = of };
    v->when.scope = &scope_all;
    v->when.tolerance = o->tolerance ? o->tolerance * 10 : 100;
    if (o->tolerance < 0 || o->tolerance > 100)
        return err_set(e, ERR_USAGE, "--tolerance is a percentage from 0 to 100");
    if (!app_day(app, o->as_of, &v->when.on, e) || !app_organisation(app, o->org, &org, e))
        return false;
    if (org && !app->parties.subtree(app->parties.arg, app->db, org, app->arena, &ids, &n, e))
        return false;
    if (!plan_read_targets(&v->book, app->db, v->when.on, -1, app->arena, e) ||
        !plan_read_work(&v->book, app->db, app->arena, e))
        return false;
    plan_find_figures(&v->book.tree, app->figures, app->arena);
    if (measure && !plan_measure(&v->book.tree, &app->context, app->db, &v->when, app->arena, e))
        return false;
    if (!narrow(v, ids, n, e)) return false;
    narrow_plans(v);
    return true;
}

bool plan_view_has(const struct plan_view *v, int node)
{
    return v->has[node];
}

bool plan_view_has_task(const struct plan_view *v, const struct plan_task *t)
{
    if (v->of && !v->plan) {
        int i = t->target ? plan_tree_find(&v->book.tree, t->target_county, t->target) : -1;
        return i >= 0 && v->has[i];
    }
    if (v->plan) return t->plan == v->plan && t->plan_county == v->plan_county;
    if (!v->o->year) return true;
    for (int i = 0; i < v->book.n_plans; i++)
        if (v->book.plan[i].id == t->plan && v->book.plan[i].county == t->plan_county) return true;
    return false;
}

/* Down to the first part, along to the next, and up again: no stack, however deep. */
void plan_view_walk(struct plan_view *v, struct table_out *t,
                    void (*fn)(struct plan_view *v, struct table_out *t, int node))
{
    const struct plan_tree *tree = &v->book.tree;
    for (int root = 0; root < tree->n; root++) {
        const struct plan_node *r = &tree->node[root];
        if (r->parent >= 0 && r->depth >= 0) continue;
        for (int i = root; i >= 0;) {
            if (v->has[i]) fn(v, t, i);
            if (r->depth < 0) break;
            if (tree->node[i].child >= 0) {
                i = tree->node[i].child;
                continue;
            }
            while (i != root && tree->node[i].next < 0) i = tree->node[i].parent;
            i = i == root ? -1 : tree->node[i].next;
        }
    }
}

int *plan_view_laggards(struct plan_view *v, int *n)
{
    return plan_laggards(&v->book.tree, v->has, v->app->arena, n);
}

/* --- words --- */

int64_t plan_share(int64_t part, int64_t whole)
{
    int64_t tenths;
    if (!ratio_round(part, 1000, whole, &tenths)) return 0;
    return tenths;
}

const char *plan_target_text(struct plan_view *v, const struct plan_node *n)
{
    if (!n->known) return app_word(v->app, "no target");
    const char *sign = n->qualifier == Q_EQ ? "" : qualifier_sign(n->qualifier);
    return arena_printf(v->app->arena, "%s%s", sign, cell_scaled(v->app, n->value, 2));
}

const char *plan_actual_text(struct plan_view *v, const struct plan_node *n)
{
    if (n->reserve) return "";
    if (!n->figure || !n->actual.known) return n->why ? n->why : "unknown";
    if (!n->actual.partial)
        return app_number(v->app, figure_print(n->figure, &n->actual, v->app->arena));
    return arena_printf(v->app->arena, "%s .. %s",
                        cell_scaled(v->app, n->actual.low, n->actual.scale),
                        cell_scaled(v->app, n->actual.high, n->actual.scale));
}

const char *plan_parts_text(struct plan_view *v, const struct plan_node *n)
{
    const char *text = "";
    if (!n->figure) return text;
    for (int k = n->part; k >= 0; k = v->book.tree.part[k].next) {
        const struct plan_part *p = &v->book.tree.part[k];
        text = arena_printf(
            v->app->arena, "%s%s%s%s%s", text, *text ? "; " : "",
            n->part >= 0 && v->book.tree.part[n->part].next >= 0 ? breakdown_name(p->by) : "",
            v->book.tree.part[n->part].next >= 0 ? " " : "",
            p->no_actual ? "unknown" : cell_scaled(v->app, p->actual, n->figure->scale));
    }
    return text;
}

static const char *joined(struct plan_view *v, const char *text, const char *kind, const char *what)
{
    return arena_printf(v->app->arena, "%s%s%s: %s", text, *text ? "; " : "",
                        app_word(v->app, kind), what);
}

const char *plan_blockers(struct plan_view *v, int node)
{
    const struct plan_tree *t = &v->book.tree;
    const char *text = "";
    for (int i = 0; i < v->book.n_tasks; i++) {
        const struct plan_task *x = &v->book.task[i];
        if (!x->target || plan_task_done(x, v->when.on)) continue;
        if (!plan_tree_below(t, plan_tree_find(t, x->target_county, x->target), node)) continue;
        if (*x->blocked_by) text = joined(v, text, x->title, x->blocked_by);
        else if (plan_task_late(x, v->when.on)) text = joined(v, text, "late task", x->title);
    }
    for (int i = 0; i < v->book.n_problems; i++) {
        const struct plan_problem *x = &v->book.problem[i];
        if (x->raised > v->when.on || x->solved <= v->when.on) continue;
        if (plan_tree_below(t, plan_tree_find(t, x->county, x->target), node))
            text = joined(v, text, "problem", x->title);
    }
    for (int i = 0; i < v->book.n_risks; i++) {
        const struct plan_risk *r = &v->book.risk[i];
        if (!plan_tree_below(t, plan_tree_find(t, r->county, r->target), node)) continue;
        const char *event = plan_event(v->app->db, r->event_county, r->event, v->app->arena);
        text =
            joined(v, text, "shock",
                   *r->effect ? arena_printf(v->app->arena, "%s (%s)", event, r->effect) : event);
    }
    return text;
}
