/* What is left over of a year, as a list and as next year's rows. Only wholes are written: how the
 * rest is divided is next year's decision. */
#include "cli/plan_view.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/count.h"
#include "base/csv.h"
#include "base/date.h"

static bool left_over(const struct plan_view *v, int i)
{
    const struct plan_node *n = &v->book.tree.node[i];
    return v->has[i] && !n->reserve && n->known && plan_left(n) != 0;
}

static void print_list(struct plan_view *v)
{
    static const struct table_column cols[] = {
        { "kind", "kind", false },         { "code", "code", false },
        { "organisation", "unit", false }, { "what", "what", false },
        { "value", "to reach", true },     { "actual", "reached", true },
        { "left", "left over", true },     { "state", "state", false }
    };
    struct table_out *t = table_begin(v->app, cols, COUNT(cols));
    struct app *a = v->app;
    for (int i = 0; i < v->book.tree.n; i++) {
        const struct plan_node *n = &v->book.tree.node[i];
        if (!left_over(v, i)) continue;
        int64_t left = plan_left(n);
        table_row(t,
                  (const char *[]){ n->parent < 0 ? "target" : "part", n->code, cell_org(a, n->org),
                                    n->measure, plan_target_text(v, n), plan_actual_text(v, n),
                                    left < 0 ? "unknown" : cell_scaled(a, left, 2),
                                    app_word(a, plan_state_name(n->state)) });
    }
    for (int i = 0; i < v->book.n_tasks; i++) {
        const struct plan_task *x = &v->book.task[i];
        if (!plan_view_has_task(v, x) || plan_task_done(x, v->when.on)) continue;
        table_row(t, (const char *[]){ "task", x->code, cell_org(a, x->org), x->title, "", "", "",
            app_word(a, plan_task_late(x, v->when.on) ? "late" : "open") });
    }
    table_end(t);
}

static void add_line(struct buf *b, const char *const *cells, int n)
{
    for (int i = 0; i < n; i++) csv_add(b, cells[i], strlen(cells[i]), i == 0, true);
    csv_end_row(b);
}

static bool write_out(struct app *a, const char *dir, const char *name, struct buf *b,
                      struct err *e)
{
    const char *path = arena_printf(a->arena, "%s/%s", dir, name);
    FILE *f = fopen(path, "wbx");
    bool ok = f && fwrite(b->p, 1, b->n, f) == b->n;
    if (f && fclose(f) != 0) ok = false;
    return ok || err_set(e, ERR_CONFLICT, "%s: %s", path, strerror(errno));
}

static int next_year(const struct plan_view *v)
{
    return (int)(v->o->year ? v->o->year : date_civil(v->when.on).year) + 1;
}

static bool write_targets(struct plan_view *v, struct err *e)
{
    static const char *const head[] = { "code",         "organisation", "place",     "measure",
                                        "target_value", "unit",         "qualifier", "valid_from",
                                        "valid_to",     "carried_from", "state",     "note" };
    static const char *const qualifiers[] = { "eq", "ge", "gt", "le", "lt", "approx", "eq" };
    struct app *a = v->app;
    struct buf b;
    buf_init(&b, (size_t)256 << 20);
    add_line(&b, head, COUNT(head));
    const char *year = cell_number(a, next_year(v));
    for (int i = 0; i < v->book.tree.n; i++) {
        const struct plan_node *n = &v->book.tree.node[i];
        if (n->parent >= 0 || !left_over(v, i) || plan_left(n) < 0) continue;
        add_line(&b,
                 (const char *[]){
                     arena_printf(a->arena, "%s-%s", n->code, year), cell_org(a, n->org),
                     n->place ? arena_printf(a->arena, "%012lld", (long long)n->place) : "",
                     n->measure, cell_scaled(a, plan_left(n), 2), n->unit, qualifiers[n->qualifier],
                     year, year, n->code, "planned", "" },
                 COUNT(head));
    }
    bool ok = write_out(a, v->o->output, "target.csv", &b, e);
    buf_free(&b);
    return ok;
}

static bool write_tasks(struct plan_view *v, struct err *e)
{
    static const char *const head[] = { "code",     "organisation", "place",
                                        "focus",    "title",        "valid_from",
                                        "valid_to", "carried_from", "state" };
    struct app *a = v->app;
    struct buf b;
    buf_init(&b, (size_t)256 << 20);
    add_line(&b, head, COUNT(head));
    const char *year = cell_number(a, next_year(v));
    for (int i = 0; i < v->book.n_tasks; i++) {
        const struct plan_task *x = &v->book.task[i];
        if (!plan_view_has_task(v, x) || plan_task_done(x, v->when.on)) continue;
        add_line(&b,
                 (const char *[]){
                     arena_printf(a->arena, "%s-%s", x->code, year), cell_org(a, x->org),
                     x->place ? arena_printf(a->arena, "%012lld", (long long)x->place) : "",
                     x->focus, x->title, year, year, x->code, "planned" },
                 COUNT(head));
    }
    bool ok = write_out(a, v->o->output, "task.csv", &b, e);
    buf_free(&b);
    return ok;
}

int plan_carry_over(struct plan_view *v, struct err *e)
{
    if (!v->o->output) {
        print_list(v);
        return 0;
    }
    if (mkdir(v->o->output, 0777) != 0 && errno != EEXIST)
        return err_set(e, ERR_INVALID, "%s: %s", v->o->output, strerror(errno)), 1;
    if (!write_targets(v, e) || !write_tasks(v, e)) return 1;
    printf("%s/target.csv and %s/task.csv: look through them, then `jiedui load %s`\n",
           v->o->output, v->o->output, v->o->output);
    return 0;
}
