/* Plans: what was to be reached, what was reached, who is behind and what blocks it. */
#include "pages/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "programme/plan/measure.h"
#include "programme/plan/plan.h"
#include "programme/plan/plan_read.h"

enum { LAGGARDS = 30, MOST_BEHIND = 1000, TOLERANCE = 100, DEEPEST = 5 };

struct look { struct plan_book book; struct plan_when when; struct map plans, targets, tasks; };

static void look_free(struct look *x)
{
    map_free(&x->plans);
    map_free(&x->targets);
    map_free(&x->tasks);
}

static bool in_plan(const struct plan_row *only, int64_t county, int64_t plan)
{
    return !only || (only->county == county && only->id == plan);
}

static const struct plan_row *find_plan(const struct look *x, const struct seen_key *key)
{
    for (int i = 0; i < x->book.n_plans; i++)
        if (x->book.plan[i].county == key->county && x->book.plan[i].id == key->id) return &x->book.plan[i];
    return NULL;
}

/* What is not seen is taken out before anything is computed. */
static void narrow(struct look *x, const struct plan_row *only, struct arena *a)
{
    struct plan_book *b = &x->book;
    int n = 0;
    for (int i = 0; i < b->tree.n; i++) {
        const struct plan_node *t = &b->tree.node[i];
        if (seen_has(&x->targets, t->county, t->id) && in_plan(only, t->plan_county, t->plan))
            b->tree.node[n++] = *t;
    }
    b->tree.n = n;
    plan_tree_link(&b->tree, a);
    n = 0;
    for (int i = 0; i < b->n_tasks; i++) {
        const struct plan_task *t = &b->task[i];
        if (seen_has(&x->tasks, t->county, t->id) && in_plan(only, t->plan_county, t->plan)) b->task[n++] = *t;
    }
    b->n_tasks = n;
    n = 0;
    for (int i = 0; i < b->n_plans; i++)
        if (seen_has(&x->plans, b->plan[i].county, b->plan[i].id)) b->plan[n++] = b->plan[i];
    b->n_plans = n;
}

/* Plans, targets and tasks that may be seen, with what was reached; of one plan, or of all. A plan
 * that is not seen is ERR_NOT_FOUND. */
static bool look_read(struct request *q, struct look *x, const struct seen_key *plan, struct err *e)
{
    const struct seat *s = q->seat;
    struct plan_row only = { 0 };
    *x = (struct look){ .when = { .on = q->today, .tolerance = TOLERANCE, .scope = q->scope } };
    bool ok = seen_rows(q, "work_plan", &x->plans, e);
    ok = seen_rows(q, "target", &x->targets, ok ? e : &(struct err){ .code = ERR_NONE }) && ok;
    ok = seen_rows(q, "task", &x->tasks, ok ? e : &(struct err){ .code = ERR_NONE }) && ok;
    if (!ok) return false;
    if (plan && !seen_has(&x->plans, plan->county, plan->id))
        return err_set(e, ERR_NOT_FOUND, "%s", tr(q, "there is no such plan", "没有这个计划"));
    if (!plan_read_targets(&x->book, s->db, q->today, -1, q->arena, e) ||
        !plan_read_work(&x->book, s->db, q->arena, e))
        return false;
    if (plan) only = (struct plan_row){ .county = plan->county, .id = plan->id };
    narrow(x, plan ? &only : NULL, q->arena);
    plan_find_figures(&x->book.tree, s->context.figures, q->arena);
    return plan_measure(&x->book.tree, &s->context, s->db, &x->when, q->arena, e);
}

/* --- words --- */

static const struct { const char *en, *zh, *class; } state_words[] = {
    [PLAN_NO_TARGET] = { "no target", "无目标值", "" },
    [PLAN_NO_FIGURE] = { "no figure", "无对应指标", "warn" },
    [PLAN_RESERVE] = { "kept back", "预留", "" },
    [PLAN_NOT_BEGUN] = { "not begun", "未开始", "" },
    [PLAN_ON_TIME] = { "on time", "按进度", "ok" },
    [PLAN_BEHIND] = { "behind", "滞后", "err" },
    [PLAN_MET] = { "reached", "已完成", "ok" },
    [PLAN_MISSED] = { "missed", "未完成", "err" },
    [PLAN_WITHIN] = { "within", "未超限", "ok" },
    [PLAN_EXCEEDED] = { "exceeded", "已超限", "err" },
};

static void state_tag(struct request *q, struct buf *b, enum plan_state s)
{
    html(b, "<td role=\"cell\" class=\"st half\" data-l=\"%s\"><span class=\"tag %s\">%s</span></td>",
         tr(q, "State", "状态"), state_words[s].class, tr(q, state_words[s].en, state_words[s].zh));
}

static const char *amount_text(struct request *q, const struct plan_node *n, int64_t hundredths)
{
    struct figure_value v = { .known = true, .value = hundredths, .scale = 2, .qualifier = n->qualifier };
    bool yuan = n->figure ? !strcmp(n->figure->unit, "yuan") : !strcmp(n->unit, "yuan");
    struct figure bare = { .unit = n->unit, .kind = FIGURE_COUNT };
    if (!yuan && hundredths % 100 == 0) v.value /= 100, v.scale = 0;
    return value_text(q, n->figure ? n->figure : &bare, &v, false);
}

static const char *target_text(struct request *q, const struct plan_node *n)
{
    return n->known ? amount_text(q, n, n->value) : tr(q, "no target", "无目标值");
}

static const char *tenths_text(struct request *q, bool known, int64_t tenths)
{
    return known ? arena_printf(q->arena, "%s%%", number_text(q, tenths, 1)) : "–";
}

static void reached_cell(struct request *q, struct buf *b, const struct plan_node *n)
{
    struct asked s = { .place = n->place, .org = n->org, .from = n->from, .to = n->to };
    html(b, "<td role=\"cell\" class=\"num\" data-l=\"%s\">", tr(q, "Reached", "完成"));
    if (n->reserve) html_raw(b, "–");
    else if (!n->figure) html(b, "<span class=\"unknown\">%s</span>", tr(q, "unknown", "未知"));
    else figure_link(q, b, n->figure, &s, &n->actual, false);
    html_raw(b, "</td>");
}

static const char *measure_label(struct request *q, const struct plan_node *n)
{
    return n->figure ? figure_label(q, n->figure) : n->measure;
}

static void target_head(struct request *q, struct buf *b, const struct plan_node *n, int depth)
{
    const struct table_map *m = model_find(q->seat->model, "target");
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" class=\"in%d\"><a href=\"%s\">%s</a>"
         "<span class=\"why\">%s%s%s%s%s</span></th>", depth, record_url(q, m, n->county, n->id),
         measure_label(q, n), n->code, n->org ? ", " : "", n->org ? org_title(q, n->org) : "",
         n->place ? ", " : "", n->place ? place_name(q, n->place) : "");
}

static void progress_cells(struct request *q, struct buf *b, const struct plan_node *n)
{
    table_cell(b, tr(q, "To reach", "目标"), target_text(q, n), true);
    reached_cell(q, b, n);
    html(b, "<td role=\"cell\" class=\"num\" data-l=\"%s\">%s", tr(q, "Completion", "完成率"),
         tenths_text(q, n->compared, n->completion));
    if (n->compared) chart_mini(b, n->completion > 1000 ? 1000 : n->completion, 1000);
    html_raw(b, "</td>");
    table_cell(b, tr(q, "Time gone", "时间进度"), tenths_text(q, n->timed, n->elapsed), true);
}

static void progress_heads(struct request *q, struct buf *b, const char *caption)
{
    table_open(b, caption, "stack");
    table_head(b, tr(q, "Target", "目标项"), false);
    table_head(b, tr(q, "To reach", "目标"), true);
    table_head(b, tr(q, "Reached", "完成"), true);
    table_head(b, tr(q, "Completion", "完成率"), true);
    table_head(b, tr(q, "Time gone", "时间进度"), true);
}

/* --- which --- */

/* As the address says: plans of a year and a unit; of their targets those in a state. */
struct plan_filter { int64_t year, org; int state; bool behind; };

static bool passes(const struct plan_filter *f, const struct plan_row *p)
{
    return (!f->year || p->year == f->year) && (!f->org || p->org == f->org);
}

static bool target_passes(const struct look *x, const struct plan_filter *f, const struct plan_node *n)
{
    const struct seen_key key = { n->plan_county, n->plan };
    const struct plan_row *p = find_plan(x, &key);
    if (f->state >= 0 && (int)n->state != f->state) return false;
    return (!f->year && !f->org) || (p && passes(f, p));
}

/* --- who is behind --- */

static const char *joined(struct request *q, const char *text, const char *kind, const char *what)
{
    return arena_printf(q->arena, "%s%s%s%s%s", text, *text ? (q->zh ? "；" : "; ") : "", kind,
                        q->zh ? "：" : ": ", what);
}

struct blocking { const char *title; int node; };
struct problems { struct request *q; struct look *x; struct blocking *at; int n, cap; };

/* Open problems of targets, from their own rows, so that one that is not seen blocks nothing here. */
static bool keep_problem(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct problems *p = arg;
    int f = map_field(m, "target"), raised = map_field(m, "raised_on"), solved = map_field(m, "solved_on");
    (void)e;
    if (f < 0 || row[m->column[f]].type != VAL_INT) return true;
    if (row[m->column[raised]].type == VAL_INT && row[m->column[raised]].i > p->x->when.on) return true;
    if (row[m->column[solved]].type == VAL_INT && row[m->column[solved]].i <= p->x->when.on) return true;
    int node = plan_tree_find(&p->x->book.tree, ref_county(p->q, m, f, row), row[m->column[f]].i);
    if (node < 0) return true;
    p->at = arena_more(p->q->arena, p->at, p->n, &p->cap, sizeof *p->at);
    p->at[p->n++] = (struct blocking){ arena_strdup(p->q->arena, row_title(p->q, m, row)), node };
    return true;
}

static bool read_problems(struct request *q, struct look *x, struct problems *out, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, "problem");
    struct list_query all = { .limit = 0 };
    *out = (struct problems){ .q = q, .x = x };
    return !m || !scope_kind(q->scope, m) ||
           list_rows(q->seat->model, q->seat->rows, q->scope, m, &all, keep_problem, out, e);
}

static const char *blockers(struct request *q, const struct look *x, const struct problems *p, int node)
{
    const struct plan_tree *t = &x->book.tree;
    const char *text = "";
    for (int i = 0; i < x->book.n_tasks; i++) {
        const struct plan_task *k = &x->book.task[i];
        if (!k->target || plan_task_done(k, x->when.on)) continue;
        int at = plan_tree_find(t, k->target_county, k->target);
        if (at < 0 || !plan_tree_below(t, at, node)) continue;
        if (*k->blocked_by) text = joined(q, text, k->title, k->blocked_by);
        else if (plan_task_late(k, x->when.on)) text = joined(q, text, tr(q, "late task", "逾期任务"), k->title);
    }
    for (int i = 0; i < p->n; i++)
        if (plan_tree_below(t, p->at[i].node, node))
            text = joined(q, text, tr(q, "problem", "问题"), p->at[i].title);
    for (int i = 0; i < x->book.n_risks; i++) {
        const struct plan_risk *k = &x->book.risk[i];
        int at = plan_tree_find(t, k->county, k->target);
        if (at >= 0 && *k->effect && plan_tree_below(t, at, node))
            text = joined(q, text, tr(q, "shock", "冲击"), k->effect);
    }
    return text;
}

static bool laggards_write(struct request *q, struct buf *b, struct look *x, const struct plan_filter *f, int most,
                           struct err *e)
{
    struct problems p;
    int all, n = 0;
    int *at = plan_laggards(&x->book.tree, NULL, q->arena, &all);
    for (int i = 0; i < all; i++)
        if (!f || target_passes(x, f, &x->book.tree.node[at[i]])) at[n++] = at[i];
    if (!n) return true;
    if (!read_problems(q, x, &p, e)) return false;
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s\">%s</a></header>",
         tr(q, "Behind or missed, the furthest first", "滞后或未完成（差距大者在前）"), page_url(q, "/plans?behind=1"),
         arena_printf(q->arena, tr(q, "%d targets", "%d 项"), n));
    progress_heads(q, b, tr(q, "Targets that are behind", "滞后的目标"));
    table_head(b, tr(q, "State", "状态"), false);
    table_head(b, tr(q, "What blocks it", "受阻原因"), false);
    table_body(b);
    for (int i = 0; i < n && i < most; i++) {
        const struct plan_node *k = &x->book.tree.node[at[i]];
        const char *why = blockers(q, x, &p, at[i]);
        target_head(q, b, k, 0);
        progress_cells(q, b, k);
        state_tag(q, b, k->state);
        table_cell(b, tr(q, "What blocks it", "受阻原因"), *why ? why : tr(q, "nothing recorded", "无记录"), false);
        html_raw(b, "</tr>");
    }
    table_close(b);
    html_raw(b, "</section>");
    return true;
}

bool laggards_panel(struct request *q, struct buf *b, int most, struct err *e)
{
    struct look x;
    bool ok = look_read(q, &x, NULL, e) && laggards_write(q, b, &x, NULL, most, e);
    look_free(&x);
    return ok;
}

/* --- all plans --- */

static int later_first(const void *a, const void *b)
{
    const struct plan_row *x = a, *y = b;
    if (x->year != y->year) return x->year > y->year ? -1 : 1;
    return strcmp(x->code, y->code);
}

static void plan_line(struct request *q, struct buf *b, const struct look *x, const struct plan_row *p)
{
    int of[PLAN_EXCEEDED + 1] = { 0 }, targets = 0, tasks = 0, late = 0;
    for (int i = 0; i < x->book.tree.n; i++) {
        const struct plan_node *n = &x->book.tree.node[i];
        if (!in_plan(p, n->plan_county, n->plan)) continue;
        targets++;
        of[n->state]++;
    }
    for (int i = 0; i < x->book.n_tasks; i++) {
        const struct plan_task *t = &x->book.task[i];
        if (!in_plan(p, t->plan_county, t->plan)) continue;
        tasks++;
        late += plan_task_late(t, x->when.on);
    }
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a>"
         "<span class=\"why\">%s%s%s</span></th>",
         page_url(q, "/plans/%lld-%lld", (long long)p->county, (long long)p->id), *p->title ? p->title : p->code,
         p->code, p->org ? ", " : "", p->org ? org_title(q, p->org) : "");
    table_cell(b, tr(q, "Year", "年份"), p->year ? arena_printf(q->arena, "%lld", (long long)p->year) : "–", true);
    const struct { const char *en, *zh; int n; } cells[] = { { "Targets", "目标", targets },
        { "Reached", "已完成", of[PLAN_MET] + of[PLAN_WITHIN] }, { "Behind", "滞后", of[PLAN_BEHIND] },
        { "Missed", "未完成", of[PLAN_MISSED] + of[PLAN_EXCEEDED] }, { "No target", "无目标值", of[PLAN_NO_TARGET] },
        { "Tasks", "任务", tasks }, { "Late", "逾期", late } };
    for (int i = 0; i < COUNT(cells); i++)
        table_cell(b, tr(q, cells[i].en, cells[i].zh), number_text(q, cells[i].n, 0), true);
    html_raw(b, "</tr>");
}

static void plans_table(struct request *q, struct buf *b, struct look *x, const struct plan_filter *f)
{
    static const struct { const char *en, *zh; } heads[] = { { "Year", "年份" }, { "Targets", "目标" },
        { "Reached", "已完成" }, { "Behind", "滞后" }, { "Missed", "未完成" }, { "No target", "无目标值" },
        { "Tasks", "任务" }, { "Late", "逾期" } };
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Plans", "计划"));
    if (!x->book.n_plans) {
        empty_note(b, tr(q, "No plan is recorded that you may see.", "没有可查看的计划。"));
        html_raw(b, "</section>");
        return;
    }
    table_open(b, tr(q, "Plans", "计划"), "stack three");
    table_head(b, tr(q, "Plan", "计划"), false);
    for (int i = 0; i < COUNT(heads); i++) table_head(b, tr(q, heads[i].en, heads[i].zh), true);
    table_body(b);
    int shown = 0;
    for (int i = 0; i < x->book.n_plans; i++)
        if (passes(f, &x->book.plan[i])) plan_line(q, b, x, &x->book.plan[i]), shown++;
    table_close(b);
    if (!shown) empty_note(b, tr(q, "No plan fits. Take a condition away to see more.", "没有符合条件的计划，请放宽条件。"));
    html_raw(b, "</section>");
}

static bool filter_read(struct request *q, struct look *x, struct plan_filter *f)
{
    const char *year = request_param(q, "year"), *unit = request_param(q, "unit"), *state = request_param(q, "state");
    *f = (struct plan_filter){ .state = -1, .behind = request_param(q, "behind") != NULL };
    if (year) f->year = strtoll(year, NULL, 10);
    for (int i = 0; unit && i < x->book.n_plans; i++)
        if (x->book.plan[i].org && !strcmp(unit, arena_printf(q->arena, "%lld", (long long)x->book.plan[i].org)))
            f->org = x->book.plan[i].org;
    for (int i = 0; state && i < COUNT(state_words); i++)
        if (!strcmp(state, state_words[i].en)) f->state = i;
    return f->year || f->org || f->state >= 0;
}

static void year_choice(struct request *q, struct buf *b, const struct look *x, const struct plan_filter *f)
{
    int64_t last = 0;
    html(b, "<label class=\"sel\"><span>%s</span><select name=\"year\"><option value=\"\">%s</option>", tr(q, "Year",
            "年份"),
         tr(q, "any", "不限"));
    for (int i = 0; i < x->book.n_plans; i++) {
        int64_t year = x->book.plan[i].year;
        if (!year || year == last) continue;
        last = year;
        html(b, "<option value=\"%lld\"%s>%lld</option>", (long long)year, f->year == year ? " selected" : "",
             (long long)year);
    }
    html_raw(b, "</select></label>");
}

static void unit_choice(struct request *q, struct buf *b, const struct look *x, const struct plan_filter *f)
{
    html(b, "<label class=\"sel\"><span>%s</span><select name=\"unit\"><option value=\"\">%s</option>", tr(q, "Unit",
            "单位"),
         tr(q, "any", "不限"));
    for (int i = 0; i < x->book.n_plans; i++) {
        int64_t org = x->book.plan[i].org;
        bool before = !org;
        for (int k = 0; k < i; k++) before |= x->book.plan[k].org == org;
        if (!before)
            html(b, "<option value=\"%lld\"%s>%s</option>", (long long)org, f->org == org ? " selected" : "",
                 org_title(q, org));
    }
    html_raw(b, "</select></label>");
}

static void filter_form(struct request *q, struct buf *b, const struct look *x, const struct plan_filter *f)
{
    html(b, "<form method=\"get\" action=\"%s\" aria-label=\"%s\"><div class=\"tools after\">", page_url(q, "/plans"),
         tr(q, "Filter", "筛选"));
    year_choice(q, b, x, f);
    unit_choice(q, b, x, f);
    html(b, "<label class=\"sel\"><span>%s</span><select name=\"state\"><option value=\"\">%s</option>", tr(q,
            "Targets", "目标"),
         tr(q, "any state", "全部状态"));
    for (int i = 0; i < COUNT(state_words); i++)
        html(b, "<option value=\"%s\"%s>%s</option>", state_words[i].en, f->state == i ? " selected" : "",
             tr(q, state_words[i].en, state_words[i].zh));
    html(b, "</select></label><label class=\"box\"><input type=\"checkbox\" name=\"behind\" "
    "value=\"1\"%s><span>%s</span></label>"
         "<button class=\"btn sm\" type=\"submit\">%s</button></div></form>", f->behind ? " checked" : "",
         tr(q, "behind only", "仅看滞后"), tr(q, "Show", "查看"));
}

/* The targets that the conditions leave, whatever state they are in. */
static void targets_panel(struct request *q, struct buf *b, const struct look *x, const struct plan_filter *f)
{
    int n = 0;
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Targets", "目标"));
    for (int i = 0; i < x->book.tree.n; i++) {
        const struct plan_node *k = &x->book.tree.node[i];
        if (!target_passes(x, f, k)) continue;
        if (!n++) {
            progress_heads(q, b, tr(q, "Targets", "目标"));
            table_head(b, tr(q, "State", "状态"), false);
            table_body(b);
        }
        target_head(q, b, k, 0);
        progress_cells(q, b, k);
        state_tag(q, b, k->state);
        html_raw(b, "</tr>");
    }
    if (n) table_close(b);
    else empty_note(b, tr(q, "No target fits. Take a condition away to see more.", "没有符合条件的目标，请放宽条件。"));
    html_raw(b, "</section>");
}

void plans_page(struct request *q, struct response *r)
{
    struct look x;
    struct plan_filter f;
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    page_begin(q, r, NAV_NONE, tr(q, "Plans", "计划"));
    bool ok = look_read(q, &x, NULL, &e);
    if (ok) {
        int n;
        if (x.book.n_plans) qsort(x.book.plan, (size_t)x.book.n_plans, sizeof *x.book.plan, later_first);
        bool narrowed = filter_read(q, &x, &f);
        plan_laggards(&x.book.tree, NULL, q->arena, &n);
        head_begin(b, arena_printf(q->arena, tr(q, "%d of %d targets are behind or missed",
                   "%d 项目标滞后或未完成（共 %d 项）"), n, x.book.tree.n),
                   tr(q, "What is reached is the figure a target names, computed from records; a target is behind "
                      "when completion lies ten points below the time gone.",
                      "完成数由目标所对应的指标按记录算出；完成率低于时间进度十个百分点以上为滞后。"));
        if (who_open(WHO_SIGNED_IN, q->user))
            html(b, "<a class=\"btn\" href=\"%s\">%s</a>", page_url(q, "/scorecards"), tr(q, "Scorecards", "考核评分"));
        head_end(b);
        filter_form(q, b, &x, &f);
        ok = laggards_write(q, b, &x, &f, f.behind ? MOST_BEHIND : LAGGARDS, &e);
        if (ok && narrowed && !f.behind) targets_panel(q, b, &x, &f);
        if (ok && !f.behind) plans_table(q, b, &x, &f);
    }
    look_free(&x);
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

/* --- one plan --- */

static void target_line(struct request *q, struct buf *b, const struct plan_node *n)
{
    target_head(q, b, n, n->depth < 0 ? 0 : n->depth > DEEPEST ? DEEPEST : n->depth);
    progress_cells(q, b, n);
    struct figure_value v = { .known = n->forecast_known, .value = n->forecast,
                              .scale = n->figure ? n->figure->scale : 0 };
    table_cell(b, tr(q, "Forecast", "预计"), n->figure && v.known ? value_text(q, n->figure, &v, false) : "–", true);
    table_cell(b, tr(q, "Rests on", "依据"), n->figure && n->actual.known && !n->reserve
               ? rests_text(q, figure_rests_on(&n->actual)) : "–", false);
    state_tag(q, b, n->state);
    html_raw(b, "</tr>");
}

/* Down to the first part, along to the next, and up again. */
static void tree_table(struct request *q, struct buf *b, const struct plan_tree *t)
{
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Targets and their parts", "目标及其分解"));
    progress_heads(q, b, tr(q, "Targets", "目标"));
    table_head(b, tr(q, "Forecast", "预计"), true);
    table_head(b, tr(q, "Rests on", "依据"), false);
    table_head(b, tr(q, "State", "状态"), false);
    table_body(b);
    for (int root = 0; root < t->n; root++) {
        const struct plan_node *top = &t->node[root];
        if (top->parent >= 0 && top->depth >= 0) continue;
        for (int i = root; i >= 0;) {
            target_line(q, b, &t->node[i]);
            if (top->depth < 0) break;
            if (t->node[i].child >= 0) {
                i = t->node[i].child;
                continue;
            }
            while (i != root && t->node[i].next < 0) i = t->node[i].parent;
            i = i == root ? -1 : t->node[i].next;
        }
    }
    table_close(b);
    if (!t->n) empty_note(b, tr(q, "The plan sets no target that you may see.", "本计划没有可查看的目标。"));
    html_raw(b, "</section>");
}

/* Who leads: what the responsibilities say, else the task's own unit. */
static const char *owner_of(struct request *q, const struct look *x, const struct plan_task *t)
{
    for (int i = 0; i < x->book.n_duties; i++) {
        const struct plan_duty *d = &x->book.duty[i];
        if (d->task != t->id || d->county != t->county || strcmp(d->role, "leads") || !d->org) continue;
        return *d->post ? arena_printf(q->arena, "%s, %s", org_title(q, d->org), d->post) : org_title(q, d->org);
    }
    return t->org ? org_title(q, t->org) : tr(q, "nobody", "未落实");
}

static void tasks_table(struct request *q, struct buf *b, const struct look *x)
{
    const struct table_map *m = model_find(q->seat->model, "task");
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Tasks", "任务"));
    if (!x->book.n_tasks) empty_note(b, tr(q, "The plan has no task that you may see.", "本计划没有可查看的任务。"));
    if (x->book.n_tasks) {
        table_open(b, tr(q, "Tasks", "任务"), "stack");
        table_head(b, tr(q, "Task", "任务"), false);
        table_head(b, tr(q, "Owner", "责任单位"), false);
        table_head(b, tr(q, "Due", "期限"), false);
        table_head(b, tr(q, "State", "状态"), false);
        table_head(b, tr(q, "Blocked by", "受阻原因"), false);
        table_body(b);
    }
    for (int i = 0; i < x->book.n_tasks; i++) {
        const struct plan_task *t = &x->book.task[i];
        bool done = plan_task_done(t, x->when.on), late = plan_task_late(t, x->when.on);
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a></th>",
             record_url(q, m, t->county, t->id), *t->title ? t->title : t->code);
        table_cell(b, tr(q, "Owner", "责任单位"), owner_of(q, x, t), false);
        table_cell(b, tr(q, "Due", "期限"), t->has_due ? date_text(q, t->due, true) : "–", false);
        html(b, "<td role=\"cell\" class=\"st half\" data-l=\"%s\"><span class=\"tag %s\">%s</span></td>",
             tr(q, "State", "状态"), done ? "ok" : late ? "err" : *t->blocked_by ? "warn" : "",
             done ? tr(q, "done", "已完成") : late ? tr(q, "late", "逾期")
             : *t->blocked_by ? tr(q, "blocked", "受阻") : tr(q, "open", "进行中"));
        table_cell(b, tr(q, "Blocked by", "受阻原因"), *t->blocked_by ? t->blocked_by : "–", false);
        html_raw(b, "</tr>");
    }
    if (x->book.n_tasks) table_close(b);
    html_raw(b, "</section>");
}

static bool plan_body(struct request *q, struct response *r, struct look *x, const struct plan_row *p, struct err *e)
{
    struct buf *b = &r->body;
    const struct table_map *m = model_find(q->seat->model, "work_plan");
    const char *title = *p->title ? p->title : p->code;
    page_begin(q, r, NAV_NONE, title);
    crumb_begin(q, b);
    crumb(b, page_url(q, "/plans"), tr(q, "Plans", "计划"));
    crumb(b, NULL, p->code);
    crumb_end(b);
    head_begin(b, title, arena_printf(q->arena, "%s%s%s", p->org ? org_title(q, p->org) : "",
               p->org && p->year ? ", " : "", p->year ? arena_printf(q->arena, "%lld", (long long)p->year) : ""));
    html(b, "<a class=\"btn sm\" href=\"%s\">%s</a>", record_url(q, m, p->county, p->id), tr(q, "The record", "记录"));
    head_end(b);
    if (!laggards_write(q, b, x, NULL, LAGGARDS, e)) return false;
    tree_table(q, b, &x->book.tree);
    tasks_table(q, b, x);
    page_end(q, r);
    return true;
}

void plan_page(struct request *q, struct response *r)
{
    struct look x = { .when = { .on = 0 } };
    struct seen_key key;
    struct err e = { .code = ERR_NONE };
    const struct plan_row *p = NULL;
    if (!address_parse(q->capture[0], &key.county, &key.id)) {
        page_error(q, r, 404, tr(q, "There is no such plan.", "没有这个计划。"));
        return;
    }
    bool ok = look_read(q, &x, &key, &e);
    if (ok && !(p = find_plan(&x, &key)))
        ok = err_set(&e, ERR_NOT_FOUND, "%s", tr(q, "There is no such plan.", "没有这个计划。"));
    ok = ok && plan_body(q, r, &x, p, &e);
    look_free(&x);
    if (!ok) page_fail(q, r, &e);
}
