/* Sets: `x in {1, 3..5}`. Their items are sorted and joined where they overlap, so that equal sets
 * print equally and are searched by halving. */
#include "rule/rule_impl.h"

#include <stdlib.h>
#include <string.h>
#include "base/money.h"

struct entry {
    struct ast *lo_at, *hi_at;
    struct int_range ints;
    struct text_range texts;
};

static int by_int(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    return (a->ints.lo > b->ints.lo) - (a->ints.lo < b->ints.lo);
}

static int by_text(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    return slice_order(a->texts.lo, b->texts.lo);
}

/* A set's number at the set's scale. */
static int64_t scaled(struct checker *c, const struct ast *x, int scale)
{
    int64_t v = x->value;
    for (int i = x->decimals; i < scale; i++) {
        if (i64_mul(v, 10, &v)) continue;
        rule_fault(c->fault, x->line, x->col, "the number is too large");
        return 0;
    }
    return v;
}

static bool fill(struct checker *c, const struct ast *x, struct entry *e, int scale, bool text)
{
    bool empty;
    for (int i = 0; i < x->n_items; i++) {
        struct ast *lo = x->items[i].lo, *hi = x->items[i].hi;
        e[i].lo_at = lo;
        e[i].hi_at = hi;
        if (text) {
            e[i].texts.lo = (struct slice){ lo->p, lo->n };
            e[i].texts.hi = (struct slice){ hi->p, hi->n };
            empty = slice_order(e[i].texts.lo, e[i].texts.hi) > 0;
        } else {
            e[i].ints.lo = scaled(c, lo, scale);
            e[i].ints.hi = scaled(c, hi, scale);
            empty = e[i].ints.lo > e[i].ints.hi;
        }
        if (empty) {
            rule_fault(c->fault, lo->line, lo->col, "the range is empty: its ends are exchanged");
            return false;
        }
    }
    return !c->fault->set;
}

static int join(struct entry *e, int n, bool text)
{
    int last = 0;
    for (int i = 1; i < n; i++) {
        struct entry *into = &e[last];
        bool overlap = text ? slice_order(e[i].texts.lo, into->texts.hi) <= 0
                            : e[i].ints.lo <= into->ints.hi;
        if (!overlap) {
            e[++last] = e[i];
            continue;
        }
        bool further = text ? slice_order(e[i].texts.hi, into->texts.hi) > 0
                            : e[i].ints.hi > into->ints.hi;
        if (!further) continue;
        into->ints.hi = e[i].ints.hi;
        into->texts.hi = e[i].texts.hi;
        into->hi_at = e[i].hi_at;
    }
    return last + 1;
}

/* Sorts and joins x's items in place and gives them as a set; NULL after a fault. */
static const struct rule_set *sorted(struct checker *c, struct ast *x, int scale, bool text)
{
    struct entry *e = arena_array(c->arena, (size_t)x->n_items, sizeof *e);
    if (!fill(c, x, e, scale, text)) return NULL;
    qsort(e, (size_t)x->n_items, sizeof *e, text ? by_text : by_int);
    int n = join(e, x->n_items, text);
    struct rule_set *s = arena_alloc(c->arena, sizeof *s);
    struct int_range *ints = arena_array(c->arena, (size_t)n, sizeof *ints);
    struct text_range *texts = arena_array(c->arena, (size_t)n, sizeof *texts);
    for (int i = 0; i < n; i++) {
        bool single = text ? slice_order(e[i].texts.lo, e[i].texts.hi) == 0
                           : e[i].ints.lo == e[i].ints.hi;
        x->items[i].lo = e[i].lo_at;
        x->items[i].hi = single ? e[i].lo_at : e[i].hi_at;
        ints[i] = e[i].ints;
        texts[i] = e[i].texts;
        if (single) texts[i].hi = texts[i].lo; /* range_has knows it by the same bytes */
    }
    x->n_items = n;
    *s = (struct rule_set){ .n = n, .ints = text ? NULL : ints, .texts = text ? texts : NULL };
    return s;
}

static bool check_item(struct checker *c, const struct ast *x, enum ast_kind want,
                       enum rule_type type)
{
    if (x->kind == want) return true;
    rule_fault(c->fault, x->line, x->col, "%s is expected in this set%s", type_noun(type),
               want == A_DATE ? "; dates are written 2020-05-27"
               : want == A_TEXT ? "; a text stands in double quotes" : "");
    return false;
}

/* The finest decimals of the set's numbers; a fault where the column has fewer. */
static int set_scale(struct checker *c, const struct ast *x, const struct operand *what)
{
    int scale = what->scale;
    for (int i = 0; i < 2 * x->n_items; i++) {
        const struct ast *n = i % 2 ? x->items[i / 2].hi : x->items[i / 2].lo;
        struct operand one = { .type = RULE_INT, .literal = true, .scale = n->decimals,
                               .num = ir_const(c, 0), .at = n };
        struct operand other = *what;
        if (n->decimals <= scale) continue;
        number_meet(c, &one, &other);
        scale = n->decimals;
    }
    return scale;
}

/* A quotient in a set is compared item by item. */
static const struct ir *quotient_in(struct checker *c, const struct ast *x,
                                    const struct operand *what, const struct rule_set *s,
                                    int scale)
{
    const struct ir **any = arena_array(c->arena, (size_t)s->n, sizeof *any);
    for (int i = 0; i < s->n; i++) {
        struct operand lo = { .type = RULE_INT, .scale = scale, .at = x };
        struct operand hi = lo;
        lo.num = ir_const(c, s->ints[i].lo);
        hi.num = ir_const(c, s->ints[i].hi);
        any[i] = s->ints[i].lo == s->ints[i].hi
                     ? number_cmp(c, CMP_EQ, *what, lo)
                     : ir_both(c, number_cmp(c, CMP_GE, *what, lo),
                               number_cmp(c, CMP_LE, *what, hi));
    }
    return s->n == 1 ? any[0] : ir_list(c, IR_OR, any, s->n);
}

static const struct ir *number_in(struct checker *c, struct ast *x, const struct operand *what)
{
    int scale = what->type == RULE_INT ? set_scale(c, x, what) : 0;
    const struct rule_set *s = c->fault->set ? NULL : sorted(c, x, scale, false);
    if (!s) return ir_tri(c, RULE_UNKNOWN);
    c->line = x->line;
    c->col = x->col;
    if (what->den) return quotient_in(c, x, what, s, scale);
    return ir_in(c, IR_IN, ir_scale(c, what->num, scale - what->scale), s);
}

/* The code column that x is, or NULL. */
static const struct rule_column *codes_of(struct checker *c, const struct ast *x)
{
    for (int i = 0; x->kind == A_NAME && i < c->schema->n; i++) {
        const struct rule_column *col = &c->schema->cols[i];
        if (strlen(col->name) != x->n || memcmp(col->name, x->p, x->n) != 0) continue;
        return col->type == RULE_CODE || col->type == RULE_CODES ? col : NULL;
    }
    return NULL;
}

static void check_codes(struct checker *c, struct ast *x, const struct rule_column *col)
{
    for (int i = 0; i < x->n_items; i++) {
        struct ast *code = x->items[i].lo;
        if (x->items[i].hi != code)
            rule_fault(c->fault, code->line, code->col,
                       "codes have no order: list them one by one");
        check_code(c, code, col->list, false);
        if (col->type == RULE_CODES && (code->n == 0 || memchr(code->p, ';', code->n)))
            rule_fault(c->fault, code->line, code->col, "this is no single code");
    }
}

const struct ir *check_set(struct checker *c, struct ast *x)
{
    static const enum ast_kind literal[] = { [RULE_INT] = A_NUM, [RULE_TEXT] = A_TEXT,
                                             [RULE_DATE] = A_DATE, [RULE_CODE] = A_CODE,
                                             [RULE_CODES] = A_CODE };
    const struct rule_column *codes = codes_of(c, x->a);
    struct operand what = check_expr(c, x->a);
    if (codes) check_codes(c, x, codes);
    if (x->has && what.type != RULE_CODES)
        rule_fault(c->fault, x->line, x->col,
                   "\"has\" asks a column of several codes; use = or in { } here");
    if (what.type == RULE_BOOL) {
        rule_fault(c->fault, x->line, x->col, "a condition is in no set: use = or !=");
        return ir_tri(c, RULE_UNKNOWN);
    }
    for (int i = 0; i < x->n_items; i++)
        if (!check_item(c, x->items[i].lo, literal[what.type], what.type) ||
            !check_item(c, x->items[i].hi, literal[what.type], what.type))
            return ir_tri(c, RULE_UNKNOWN);
    if (what.type == RULE_INT || what.type == RULE_DATE) return number_in(c, x, &what);
    const struct rule_set *s = sorted(c, x, 0, true);
    if (!s) return ir_tri(c, RULE_UNKNOWN);
    c->line = x->line;
    c->col = x->col;
    return ir_in(c, what.type == RULE_CODES ? IR_IN_CODES : IR_IN_TEXT, what.num, s);
}

bool set_has_int(const struct rule_set *s, int64_t v)
{
    int lo = 0, hi = s->n - 1;
    while (lo < hi) { /* the last item that does not begin after v */
        int mid = lo + (hi - lo + 1) / 2;
        if (s->ints[mid].lo <= v) lo = mid;
        else hi = mid - 1;
    }
    return s->ints[lo].lo <= v && v <= s->ints[lo].hi;
}

static bool range_has(const struct text_range *range, struct slice v)
{
    if (range->lo.p == range->hi.p) /* one text: the length alone mostly tells */
        return range->lo.n == v.n && (v.n == 0 || memcmp(range->lo.p, v.p, v.n) == 0);
    return slice_order(range->lo, v) <= 0 && slice_order(v, range->hi) <= 0;
}

bool set_has_text(const struct rule_set *s, struct slice v)
{
    int lo = 0, hi = s->n - 1;
    for (int i = 0; s->n <= 8 && i < s->n; i++)
        if (range_has(&s->texts[i], v)) return true;
    if (s->n <= 8) return false;
    while (lo < hi) {
        int mid = lo + (hi - lo + 1) / 2;
        if (slice_order(s->texts[mid].lo, v) <= 0) lo = mid;
        else hi = mid - 1;
    }
    return range_has(&s->texts[lo], v);
}

bool set_has_codes(const struct rule_set *s, struct slice codes)
{
    const char *p = codes.p, *end = codes.p + codes.n;
    for (;;) {
        const char *stop = p < end ? memchr(p, ';', (size_t)(end - p)) : NULL;
        struct slice one = { p, (size_t)((stop ? stop : end) - p) };
        if (set_has_text(s, one)) return true;
        if (!stop) return false;
        p = stop + 1;
    }
}
