/* oracle: says what a rule means in the plainest way, over the syntax tree with fractions of
 * 128-bit numbers. It shares nothing with the lowered form that the program and the SQL come from. */
#ifndef JD_TESTS_RULE_ORACLE_H
#define JD_TESTS_RULE_ORACLE_H

#include "rule/sample.h"

#include "base/date.h"
#include "rule/rule_impl.h"

__extension__ typedef __int128 wide;

struct exact {
    bool null;
    wide n, d;                       /* d > 0, no common factor */
    enum rule_tri tri;
    struct slice text;
};
struct oracle {
    const struct val *row;
    bool lost;                       /* a fraction outgrew 128 bits: no answer */
};

static inline struct exact exact_null(void) { return (struct exact){ .null = true, .d = 1 }; }

static inline struct exact exact_ratio(wide n, wide d)
{
    wide a = n < 0 ? -n : n, b = d < 0 ? -d : d;
    if (d == 0) return exact_null();
    while (b) {
        wide r = a % b;
        a = b;
        b = r;
    }
    if (a == 0) a = 1;
    if (d < 0) a = -a;
    return (struct exact){ .n = n / a, .d = d / a };
}

static inline wide times(struct oracle *o, wide a, wide b)
{
    wide r;
    if (__builtin_mul_overflow(a, b, &r)) {
        o->lost = true;
        return 1;
    }
    return r;
}

static inline wide power10(int k)
{
    wide r = 1;
    while (k-- > 0) r *= 10;
    return r;
}

static inline struct exact oracle_value(struct oracle *o, const struct ast *x);
static inline enum rule_tri oracle_truth(struct oracle *o, const struct ast *x);

static inline struct exact oracle_column(struct oracle *o, const struct ast *x)
{
    const struct rule_column *col = &sample_columns[x->column];
    const struct val *v = &o->row[x->column];
    if (v->type == VAL_NULL) return exact_null();
    if (v->type == VAL_TEXT) return (struct exact){ .d = 1, .text = { v->p, v->n } };
    return exact_ratio(v->i, power10(col->type == RULE_INT ? col->scale : 0));
}

static inline struct exact oracle_arithmetic(struct oracle *o, const struct ast *x)
{
    struct exact a = oracle_value(o, x->a), b = oracle_value(o, x->b);
    if (a.null || b.null) return exact_null();
    if (x->kind == A_MUL) return exact_ratio(times(o, a.n, b.n), times(o, a.d, b.d));
    if (x->kind == A_DIV) return exact_ratio(times(o, a.n, b.d), times(o, a.d, b.n));
    wide left = times(o, a.n, b.d), right = times(o, b.n, a.d), sum;
    if (x->kind == A_SUB ? __builtin_sub_overflow(left, right, &sum)
                         : __builtin_add_overflow(left, right, &sum)) {
        o->lost = true;
        sum = 0;
    }
    return exact_ratio(sum, times(o, a.d, b.d));
}

static inline struct exact oracle_year(struct oracle *o, const struct ast *x)
{
    struct exact a = oracle_value(o, x->a);
    int64_t day = (int64_t)a.n, eras = 0;
    if (a.null) return a;
    while (day < -700000) { day += 146097; eras--; }
    while (day > 2900000) { day -= 146097; eras++; }
    return exact_ratio(date_civil((int32_t)day).year + 400 * eras, 1);
}

static inline struct exact oracle_value(struct oracle *o, const struct ast *x)
{
    struct exact a;
    switch (x->kind) {
    case A_NUM: return exact_ratio(x->value, power10(x->decimals));
    case A_DATE: return exact_ratio(x->value, 1);
    case A_TEXT: case A_CODE: return (struct exact){ .d = 1, .text = { x->p, x->n } };
    case A_COLUMN:
        if (sample_columns[x->column].type == RULE_BOOL) break;
        return oracle_column(o, x);
    case A_YEAR: return oracle_year(o, x);
    case A_NEG:
        a = oracle_value(o, x->a);
        a.n = -a.n;
        return a;
    case A_ADD: case A_SUB: case A_MUL: case A_DIV: return oracle_arithmetic(o, x);
    default: break;
    }
    a = exact_ratio(0, 1);
    a.tri = oracle_truth(o, x);
    a.null = a.tri == RULE_UNKNOWN;
    a.n = a.tri == RULE_TRUE;
    return a;
}

static inline int exact_order(struct oracle *o, struct exact a, struct exact b)
{
    if (a.text.p || b.text.p) return slice_order(a.text, b.text);
    wide left = times(o, a.n, b.d), right = times(o, b.n, a.d);
    return (left > right) - (left < right);
}

static inline enum rule_tri tri_of(bool b) { return b ? RULE_TRUE : RULE_FALSE; }

static inline enum rule_tri oracle_cmp(struct oracle *o, enum rule_cmp cmp, struct exact a,
                                       struct exact b)
{
    if (a.null || b.null) return RULE_UNKNOWN;
    int order = exact_order(o, a, b);
    static const bool holds[][3] = { { 0, 1, 0 }, { 1, 0, 1 }, { 1, 0, 0 }, { 1, 1, 0 },
                                     { 0, 0, 1 }, { 0, 1, 1 } };
    return tri_of(holds[cmp][order < 0 ? 0 : order > 0 ? 2 : 1]);
}

static inline enum rule_tri oracle_and(enum rule_tri a, enum rule_tri b)
{
    if (a == RULE_FALSE || b == RULE_FALSE) return RULE_FALSE;
    return a == RULE_UNKNOWN || b == RULE_UNKNOWN ? RULE_UNKNOWN : RULE_TRUE;
}

static inline enum rule_tri oracle_not(enum rule_tri a)
{
    return a == RULE_UNKNOWN ? a : tri_of(a == RULE_FALSE);
}

static inline bool has_code(struct slice all, struct slice one)
{
    char hay[200], needle[200];
    snprintf(hay, sizeof hay, ";%.*s;", (int)all.n, all.p);
    snprintf(needle, sizeof needle, ";%.*s;", (int)one.n, one.p);
    return strstr(hay, needle) != NULL;
}

static inline enum rule_tri oracle_set(struct oracle *o, const struct ast *x)
{
    struct exact a = oracle_value(o, x->a);
    bool codes = x->a->kind == A_COLUMN && sample_columns[x->a->column].type == RULE_CODES;
    if (a.null) return RULE_UNKNOWN;
    for (int i = 0; i < x->n_items; i++) {
        struct exact lo = oracle_value(o, x->items[i].lo), hi = oracle_value(o, x->items[i].hi);
        if (codes ? has_code(a.text, lo.text)
                  : exact_order(o, a, lo) >= 0 && exact_order(o, a, hi) <= 0)
            return RULE_TRUE;
    }
    return RULE_FALSE;
}

static inline enum rule_tri oracle_truth(struct oracle *o, const struct ast *x)
{
    enum rule_tri t;
    struct exact a;
    switch (x->kind) {
    case A_BOOL: return tri_of(x->value);
    case A_COLUMN:
        a = oracle_column(o, x);
        return a.null ? RULE_UNKNOWN : tri_of(a.n != 0);
    case A_KNOWN: return tri_of(o->row[x->column].type != VAL_NULL);
    case A_NOT: return oracle_not(oracle_truth(o, x->a));
    case A_CMP: return oracle_cmp(o, x->cmp, oracle_value(o, x->a), oracle_value(o, x->b));
    case A_SET: return oracle_set(o, x);
    case A_BETWEEN:
        a = oracle_value(o, x->a);
        return oracle_and(oracle_cmp(o, CMP_GE, a, oracle_value(o, x->b)),
                          oracle_cmp(o, CMP_LE, a, oracle_value(o, x->c)));
    default:
        t = x->kind == A_AND ? RULE_TRUE : RULE_FALSE;
        for (int i = 0; i < x->count; i++) {
            enum rule_tri one = oracle_truth(o, x->list[i]);
            t = x->kind == A_AND ? oracle_and(t, one)
                                 : oracle_not(oracle_and(oracle_not(t), oracle_not(one)));
        }
        return t;
    }
}

/* What rule_test or rule_value has to give; false when the oracle does not know. */
static inline bool oracle_says(const struct rule *r, const struct val *row, int scale,
                               struct val *out)
{
    struct oracle o = { .row = row };
    struct exact v = oracle_value(&o, r->ast);
    *out = val_null();
    if (!v.null && v.text.p) *out = val_textn(v.text.p, v.text.n);
    else if (!v.null) *out = val_int((int64_t)(times(&o, v.n, power10(scale)) / v.d));
    return !o.lost;
}

#endif
