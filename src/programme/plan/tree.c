/* The forest of targets: links, sums, faults. */
#include "programme/plan/tree.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/map.h"
#include "base/money.h"

enum { IN_HAND = -2, NOT_SEEN = -3 };

const char *breakdown_name(enum breakdown b)
{
    static const char *const names[] = { "part", "unit", "area", "period" };
    return names[b];
}

const char *plan_state_name(enum plan_state s)
{
    static const char *const names[] = { "no target", "no figure", "reserve", "not begun",
                                         "on time",   "behind",    "reached", "missed",
                                         "within",    "exceeded" };
    return names[s];
}

static void link_parents(struct plan_tree *t)
{
    struct map index;
    map_init(&index, 2 * sizeof(int64_t), sizeof(int64_t));
    for (int i = 0; i < t->n; i++) {
        int64_t key[2] = { t->node[i].county, t->node[i].id };
        *(int64_t *)map_put(&index, key, NULL) = i;
        t->node[i].parent = t->node[i].child = t->node[i].next = t->node[i].part = -1;
        t->node[i].depth = NOT_SEEN;
    }
    for (int i = t->n - 1; i >= 0; i--) { /* backwards, so that lists come out forwards */
        struct plan_node *c = &t->node[i];
        int64_t key[2] = { c->parent_county, c->parent_id };
        const int64_t *at = c->parent_id ? map_get(&index, key) : NULL;
        if (!at) continue;
        c->parent = (int)*at;
        c->next = t->node[*at].child;
        t->node[*at].child = i;
    }
    map_free(&index);
}

/* Up to a node whose depth is known, then down again; who is met twice on the way up is in a
 * circle. */
static void find_depth(struct plan_tree *t, int i)
{
    int top = i, steps = 0;
    while (top >= 0 && t->node[top].depth == NOT_SEEN) {
        t->node[top].depth = IN_HAND;
        top = t->node[top].parent;
        steps++;
    }
    int above = top < 0 ? -1 : t->node[top].depth;
    bool circle = top >= 0 && (above == IN_HAND || above == -1);
    int depth = circle ? -1 : above + steps;
    for (int k = i; k >= 0 && t->node[k].depth == IN_HAND; k = t->node[k].parent)
        t->node[k].depth = circle ? -1 : depth--;
}

/* By depth, so that a walk meets the whole before its parts and, backwards, the parts first. */
static void make_order(struct plan_tree *t, struct arena *a)
{
    int deepest = 0;
    for (int i = 0; i < t->n; i++)
        if (t->node[i].depth > deepest) deepest = t->node[i].depth;
    int *at = arena_array(a, (size_t)deepest + 3, sizeof *at);
    for (int i = 0; i < t->n; i++) {
        int d = t->node[i].depth < 0 ? deepest + 1 : t->node[i].depth;
        at[d + 1]++;
    }
    for (int d = 0; d <= deepest + 1; d++) at[d + 1] += at[d];
    t->order = arena_array(a, (size_t)t->n + 1, sizeof *t->order);
    for (int i = 0; i < t->n; i++) {
        int d = t->node[i].depth < 0 ? deepest + 1 : t->node[i].depth;
        t->order[at[d]++] = i;
    }
}

static struct plan_part *part_of(struct plan_tree *t, int whole, enum breakdown by)
{
    int *link = &t->node[whole].part;
    while (*link >= 0 && t->part[*link].by != by) link = &t->part[*link].next;
    if (*link < 0) {
        *link = t->n_parts++;
        t->part[*link] = (struct plan_part){ .whole = whole, .next = -1, .by = by };
    }
    return &t->part[*link];
}

static int64_t add_up(int64_t a, int64_t b)
{
    int64_t r;
    return i64_add(a, b, &r) ? r : INT64_MAX;
}

static void sum_parts(struct plan_tree *t, struct arena *a)
{
    t->part = arena_array(a, (size_t)t->n + 1, sizeof *t->part);
    t->n_parts = 0;
    for (int i = 0; i < t->n; i++) {
        const struct plan_node *c = &t->node[i];
        if (c->parent < 0) continue;
        struct plan_part *p = part_of(t, c->parent, c->by);
        p->parts++;
        if (!c->known) {
            p->unknown++;
            continue;
        }
        p->sum = add_up(p->sum, c->value);
        if (c->reserve) p->reserve = add_up(p->reserve, c->value);
    }
}

void plan_tree_link(struct plan_tree *t, struct arena *a)
{
    link_parents(t);
    for (int i = 0; i < t->n; i++)
        if (t->node[i].depth == NOT_SEEN) find_depth(t, i);
    make_order(t, a);
    sum_parts(t, a);
}

int plan_tree_find(const struct plan_tree *t, int64_t county, int64_t id)
{
    int lo = 0, hi = t->n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        const struct plan_node *n = &t->node[mid];
        if (n->county < county || (n->county == county && n->id < id)) lo = mid + 1;
        else hi = mid;
    }
    return lo < t->n && t->node[lo].county == county && t->node[lo].id == id ? lo : -1;
}

/* --- faults --- */

struct checking { const struct plan_tree *t; plan_fault_fn *fn; void *arg; struct err *e; };

static bool tell(const struct checking *c, enum plan_fault_kind kind, int node,
                 const struct plan_part *part, int64_t difference)
{
    struct plan_fault f = { .kind = kind, .node = node, .part = part, .difference = difference };
    return c->fn(c->arg, &f, c->e);
}

static bool adds_up(const struct plan_node *n)
{
    return !n->figure || (n->figure->kind != FIGURE_RATIO && n->figure->kind != FIGURE_DISTINCT);
}

static bool check_sums(const struct checking *c, int i)
{
    const struct plan_node *n = &c->t->node[i];
    for (int k = n->part; k >= 0; k = c->t->part[k].next) {
        const struct plan_part *p = &c->t->part[k];
        bool ok = true;
        if (!n->known) {
            if (p->parts > p->unknown) ok = tell(c, PLAN_WHOLE_UNKNOWN, i, p, 0);
        } else if (p->sum > n->value) {
            ok = tell(c, PLAN_OVER, i, p, p->sum - n->value);
        } else if (p->unknown) {
            ok = tell(c, PLAN_PART_UNKNOWN, i, p, 0);
        } else if (p->sum < n->value) {
            ok = tell(c, PLAN_SHORT, i, p, n->value - p->sum);
        }
        if (!ok) return false;
    }
    return true;
}

static bool inside(int64_t part, int64_t whole)
{
    struct place_range r = place_own_range(whole);
    return !whole || (part >= r.lo && part <= r.hi);
}

static bool check_part(const struct checking *c, int i)
{
    const struct plan_node *n = &c->t->node[i];
    if (n->parent_id && n->parent < 0) return tell(c, PLAN_WHOLE_MISSING, i, NULL, 0);
    if (n->depth < 0) return tell(c, PLAN_CIRCLE, i, NULL, 0);
    if (n->parent < 0) return true;
    const struct plan_node *w = &c->t->node[n->parent];
    if (strcmp(n->measure, w->measure) != 0 && !tell(c, PLAN_OTHER_MEASURE, i, NULL, 0))
        return false;
    if (strcmp(n->unit, w->unit) != 0 && !tell(c, PLAN_OTHER_UNIT, i, NULL, 0)) return false;
    if (n->place && !inside(n->place, w->place) && !tell(c, PLAN_OUTSIDE_PLACE, i, NULL, 0))
        return false;
    if ((n->from != DATE_MIN && n->from < w->from) || (n->to != DATE_MAX && n->to > w->to))
        return tell(c, PLAN_OUTSIDE_PERIOD, i, NULL, 0);
    return true;
}

bool plan_tree_check(const struct plan_tree *t, plan_fault_fn *fn, void *arg, struct err *e)
{
    struct checking c = { t, fn, arg, e };
    for (int i = 0; i < t->n; i++) {
        const struct plan_node *n = &t->node[i];
        if (!check_part(&c, i)) return false;
        if (n->why && !n->figure && !tell(&c, PLAN_NO_MEASURE, i, NULL, 0)) return false;
        if (n->part >= 0 && adds_up(n) && !check_sums(&c, i)) return false;
    }
    return true;
}

static const char *by_words(enum breakdown b)
{
    static const char *const words[] = { "parts", "parts by unit", "parts by area",
                                         "parts by period" };
    return words[b];
}

static const char *sum_text(const struct plan_tree *t, const struct plan_fault *f, struct arena *a)
{
    const struct plan_node *n = &t->node[f->node];
    char whole[DECIMAL_TEXT], sum[DECIMAL_TEXT], by[DECIMAL_TEXT];
    decimal_format(n->value, 2, whole);
    decimal_format(f->part->sum, 2, sum);
    decimal_format(f->difference, 2, by);
    if (f->kind == PLAN_WHOLE_UNKNOWN)
        return arena_printf(a, "target %s: its %s come to %s, and it has no value itself", n->code,
                            by_words(f->part->by), sum);
    if (f->kind == PLAN_PART_UNKNOWN)
        return arena_printf(a, "target %s: %d of its %d %s have no value", n->code,
                            f->part->unknown, f->part->parts, by_words(f->part->by));
    return arena_printf(a, "target %s is %s; its %s come to %s, %s too %s%s", n->code, whole,
                        by_words(f->part->by), sum, by, f->kind == PLAN_OVER ? "much" : "little",
                        f->kind == PLAN_OVER ? "" : ": give the rest to somebody or to a reserve");
}

const char *plan_fault_text(const struct plan_tree *t, const struct plan_fault *f, struct arena *a)
{
    const struct plan_node *n = &t->node[f->node];
    const struct plan_node *w = n->parent >= 0 ? &t->node[n->parent] : n;
    switch (f->kind) {
    case PLAN_OVER: case PLAN_SHORT: case PLAN_PART_UNKNOWN: case PLAN_WHOLE_UNKNOWN:
        return sum_text(t, f, a);
    case PLAN_CIRCLE:
        return arena_printf(a, "target %s is a part of itself, by way of its parents", n->code);
    case PLAN_WHOLE_MISSING:
        return arena_printf(a, "target %s is a part of a draft", n->code);
    case PLAN_OTHER_MEASURE:
        return arena_printf(a, "target %s counts %s, but is a part of %s, which counts %s", n->code,
                            n->measure, w->code, w->measure);
    case PLAN_OTHER_UNIT:
        return arena_printf(a, "target %s is in '%s', but is a part of %s in '%s'", n->code,
                            n->unit, w->code, w->unit);
    case PLAN_OUTSIDE_PLACE:
        return arena_printf(a, "target %s lies in %lld, outside of %s, whose part it is", n->code,
                            (long long)n->place, w->code);
    case PLAN_OUTSIDE_PERIOD:
        return arena_printf(a, "target %s runs outside of the period of %s, whose part it is",
                            n->code, w->code);
    case PLAN_NO_MEASURE:
        return arena_printf(a, "target %s: %s", n->code, n->why);
    }
    return "";
}

/* --- what the parts reached --- */

void plan_tree_roll_up(struct plan_tree *t)
{
    for (int k = 0; k < t->n_parts; k++) t->part[k].actual = t->part[k].no_actual = 0;
    for (int i = 0; i < t->n; i++) {
        const struct plan_node *c = &t->node[i];
        if (c->parent < 0 || c->reserve) continue;
        struct plan_part *p = part_of(t, c->parent, c->by);
        if (c->figure && c->actual.known) p->actual = add_up(p->actual, c->actual.value);
        else p->no_actual++;
    }
}

/* --- who is behind --- */

bool plan_tree_below(const struct plan_tree *t, int node, int top)
{
    if (node >= 0 && t->node[node].depth < 0) return node == top;
    while (node >= 0 && node != top) node = t->node[node].parent;
    return node == top;
}

struct behind { int node; int64_t by; };

static int furthest_first(const void *a, const void *b)
{
    const struct behind *x = a, *y = b;
    if (x->by != y->by) return x->by > y->by ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

int *plan_laggards(const struct plan_tree *t, const unsigned char *has, struct arena *a, int *n)
{
    struct behind *list = arena_array(a, (size_t)t->n + 1, sizeof *list);
    int *out = arena_array(a, (size_t)t->n + 1, sizeof *out);
    *n = 0;
    for (int i = 0; i < t->n; i++) {
        const struct plan_node *x = &t->node[i];
        if (has && !has[i]) continue;
        if (x->state != PLAN_BEHIND && x->state != PLAN_MISSED && x->state != PLAN_EXCEEDED)
            continue;
        list[(*n)++] = (struct behind){ i, x->elapsed - x->completion };
    }
    qsort(list, (size_t)*n, sizeof *list, furthest_first);
    for (int i = 0; i < *n; i++) out[i] = list[i].node;
    return out;
}
