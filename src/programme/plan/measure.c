/* Reading what targets reached: by groups where many ask the same of many places. */
#include "programme/plan/measure.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/map.h"
#include "base/money.h"

enum { TOGETHER = 16 };          /* from so many places on they are read in one pass */

/* --- figures --- */

struct known_measure { const char *name; const struct figure *figure; const char *why; };

static const struct known_measure *look_up(struct map *seen, const char *name,
                                           const struct figures *f, struct arena *a)
{
    uint64_t key = hash_bytes(name, strlen(name), 0);
    bool added;
    struct known_measure **at = map_put(seen, &key, &added);
    if (!added && strcmp((*at)->name, name) == 0) return *at;
    struct known_measure *k = arena_alloc(a, sizeof *k);
    k->name = name;
    k->figure = f ? figures_find(f, name) : NULL;
    if (!k->figure) {
        const char *near = f ? figures_nearest(f, name) : NULL;
        k->why = near ? arena_printf(a, "there is no figure \"%s\" (perhaps \"%s\"?)", name, near)
                      : arena_printf(a, "there is no figure \"%s\"", name);
    }
    *at = k;
    return k;
}

void plan_find_figures(struct plan_tree *t, const struct figures *f, struct arena *a)
{
    struct map seen;
    map_init(&seen, sizeof(uint64_t), sizeof(struct known_measure *));
    const struct known_measure *last = NULL;
    for (int i = 0; i < t->n; i++) {
        struct plan_node *n = &t->node[i];
        if (!last || strcmp(last->name, n->measure) != 0) last = look_up(&seen, n->measure, f, a);
        n->figure = last->figure;
        n->why = last->why;
    }
    map_free(&seen);
}

/* A sum of stocks is a stock. */
bool plan_is_stock(const struct figure *f)
{
    while (f->kind == FIGURE_TOTAL && f->n_terms) f = f->terms[0].of;
    return f->stock;
}

/* --- questions --- */

/* What is asked of a figure for a node; nodes that differ in the place alone make a group. */
struct question {
    const struct figure *figure;
    int64_t org;
    int32_t from, to;
    int level;
    int node;
};
struct asking {
    struct plan_tree *t;
    const struct figure_context *c;
    struct db *d;
    const struct scope *scope;
    struct figure_value *start;      /* of stocks, by node; NULL = of none */
    struct map by_place;
    bool begins;                     /* the value before the period is what is read */
    struct err *e;
};

static int by_question(const void *a, const void *b)
{
    const struct question *x = a, *y = b;
    if (x->figure != y->figure) return x->figure->number < y->figure->number ? -1 : 1;
    if (x->org != y->org) return x->org < y->org ? -1 : 1;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    if (x->to != y->to) return x->to < y->to ? -1 : 1;
    if (x->level != y->level) return x->level < y->level ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

static bool same_group(const struct question *x, const struct question *y)
{
    return x->figure == y->figure && x->org == y->org && x->from == y->from && x->to == y->to &&
           x->level == y->level;
}

static void keep(struct asking *x, int node, const struct figure_value *v)
{
    if (x->begins) x->start[node] = *v;
    else x->t->node[node].actual = *v;
}

static struct figure_query query_of(const struct question *q, int64_t place)
{
    return (struct figure_query){ .name = q->figure->name, .place = place, .org = q->org,
                                  .from = q->from, .to = q->to };
}

static bool ask_one(struct asking *x, const struct question *q, struct figure_value *v)
{
    struct figure_query fq = query_of(q, x->t->node[q->node].place);
    struct err why = { .code = ERR_NONE };
    if (figure_read(x->c, x->d, x->scope, &fq, v, &why)) return true;
    if (why.code == ERR_USAGE) {
        *v = (struct figure_value){ .why = "the figure is not kept for such a place or period" };
        return true;
    }
    *x->e = why;
    return false;
}

static bool take_place(void *arg, const struct figure_value *v, struct err *e)
{
    struct asking *x = arg;
    (void)e;
    *(struct figure_value *)map_put(&x->by_place, &v->place, NULL) = *v;
    return true;
}

/* The smallest place that holds all of a group's. */
static int64_t around(const struct plan_tree *t, const struct question *q, int n)
{
    for (int level = q->level - 1; level > 0; level--) {
        int64_t up = place_up(t->node[q->node].place, level);
        int i = 1;
        while (i < n && place_up(t->node[q[i].node].place, level) == up) i++;
        if (i == n) return up;
    }
    return 0;
}

/* A place without cells is not told: it has what any such place has. */
static bool ask_group(struct asking *x, const struct question *q, int n)
{
    struct figure_query fq = query_of(q, around(x->t, q, n));
    struct figure_value nothing;
    bool has_nothing = false;
    fq.by = q->level;
    map_init(&x->by_place, sizeof(int64_t), sizeof(struct figure_value));
    bool ok = figure_read_by(x->c, x->d, x->scope, &fq, take_place, x, x->e);
    for (int i = 0; ok && i < n; i++) {
        const struct plan_node *node = &x->t->node[q[i].node];
        const struct figure_value *v = map_get(&x->by_place, &node->place);
        if (!v && !has_nothing) ok = has_nothing = ask_one(x, &q[i], &nothing);
        if (ok) keep(x, q[i].node, v ? v : &nothing);
    }
    map_free(&x->by_place);
    return ok;
}

static bool ask_all(struct asking *x, const struct question *q, int n)
{
    for (int i = 0, m; i < n; i += m) {
        m = 1;
        while (i + m < n && same_group(&q[i], &q[i + m])) m++;
        bool sums = q[i].figure->kind == FIGURE_COUNT || q[i].figure->kind == FIGURE_SUM;
        if (m >= TOGETHER && sums && q[i].level > 0 && x->scope && x->scope->everywhere) {
            if (!ask_group(x, &q[i], m)) return false;
            continue;
        }
        struct figure_value v;
        for (int k = i; k < i + m; k++) {
            if (!ask_one(x, &q[k], &v)) return false;
            keep(x, q[k].node, &v);
        }
    }
    return true;
}

/* The value up to the day asked for, or, for a stock, on the day before the period. */
static int make_questions(const struct plan_tree *t, const struct plan_when *w, bool begins,
                          struct question *q)
{
    int n = 0;
    for (int i = 0; i < t->n; i++) {
        const struct plan_node *p = &t->node[i];
        bool stock = p->figure && plan_is_stock(p->figure);
        if (!p->figure || p->reserve || (begins && (!stock || p->from == DATE_MIN))) continue;
        if (!stock && p->from > w->on) continue; /* see not_begun */
        int32_t to = begins ? p->from - 1 : p->to < w->on ? p->to : w->on;
        int32_t from = stock ? DATE_MIN : p->from;
        q[n++] = (struct question){ p->figure, p->org, from, to, place_level(p->place), i };
    }
    qsort(q, (size_t)n, sizeof *q, by_question);
    return n;
}

static void not_begun(struct plan_tree *t, int32_t on)
{
    for (int i = 0; i < t->n; i++) {
        struct plan_node *n = &t->node[i];
        if (n->figure && !plan_is_stock(n->figure) && n->from > on)
            n->actual = (struct figure_value){ .known = true, .scale = n->figure->scale };
    }
}

bool plan_measure(struct plan_tree *t, const struct figure_context *c, struct db *d,
                  const struct plan_when *w, struct arena *a, struct err *e)
{
    struct question *q = arena_array(a, (size_t)t->n + 1, sizeof *q);
    struct asking x = { .t = t, .c = c, .d = d, .scope = w->scope, .e = e };
    if (!ask_all(&x, q, make_questions(t, w, false, q))) return false;
    int n = make_questions(t, w, true, q);
    if (n) {
        x.begins = true;
        x.start = arena_array(a, (size_t)t->n, sizeof *x.start);
        if (!ask_all(&x, q, n)) return false;
    }
    not_begun(t, w->on);
    for (int i = 0; i < t->n; i++) {
        struct plan_node *node = &t->node[i];
        if (node->figure && !node->actual.known) node->why = node->actual.why;
        plan_judge(node, w, x.start ? x.start[i].value : 0);
    }
    plan_tree_roll_up(t);
    return true;
}
