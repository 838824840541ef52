/* Nodes of the lowered form. Every integer node knows the range of its values, so an operation
 * whose result could leave int64 is refused here, and what is constant is computed here: the
 * databases never see arithmetic of literals alone, which PostgreSQL would do in 32 bits. */
#include "rule/rule_impl.h"

#include <string.h>
#include "base/money.h"

static struct ir *make(struct checker *c, enum ir_kind kind, const struct ir *a, const struct ir *b)
{
    struct ir *x = arena_alloc(c->arena, sizeof *x);
    *x = (struct ir){ .kind = kind, .column = -1, .a = a, .b = b, .size = 1, .depth = 1 };
    if (a) x->size += a->size;
    if (b) x->size += b->size;
    return x;
}

/* Every node passes here once its size and depth are known. */
static const struct ir *done(struct checker *c, struct ir *x)
{
    if (x->size > RULE_MAX_IR)
        rule_fault(c->fault, c->line, c->col, "the rule grows too large here");
    if (x->depth > RULE_MAX_DEPTH)
        rule_fault(c->fault, c->line, c->col, "too many operations inside each other");
    if (x->size > RULE_MAX_IR || x->depth > RULE_MAX_DEPTH) return ir_const(c, 0);
    return x;
}

static const struct ir *too_wide(struct checker *c, const char *what, const struct ir *a,
                                 const struct ir *b)
{
    int64_t ra = a->hi > -a->lo ? a->hi : -a->lo, rb = b->hi > -b->lo ? b->hi : -b->lo;
    rule_fault(c->fault, c->line, c->col,
               "this %s could overflow: its parts reach %lld and %lld in their smallest unit", what,
               (long long)ra, (long long)rb);
    return ir_const(c, 0);
}

/* INT64_MIN is kept out, so that every value has a negative. */
static bool add_fits(int64_t a, int64_t b, int64_t *r)
{
    return i64_add(a, b, r) && *r != INT64_MIN;
}

static bool is_const(const struct ir *a) { return a->kind == IR_CONST; }

const struct ir *ir_const(struct checker *c, int64_t k)
{
    struct ir *x = make(c, IR_CONST, NULL, NULL);
    x->k = x->lo = x->hi = k;
    return x;
}

const struct ir *ir_column(struct checker *c, int column)
{
    const struct rule_column *col = &c->schema->cols[column];
    struct ir *x = make(c, IR_INT, NULL, NULL);
    c->uses[column] = true;
    x->column = column;
    if (col->type == RULE_BOOL) x->kind = IR_BOOL;
    if (col->type == RULE_TEXT || col->type == RULE_CODE || col->type == RULE_CODES)
        x->kind = IR_TEXT;
    x->lo = col->min == INT64_MIN ? -INT64_MAX : col->min;
    x->hi = col->max;
    if (col->min == 0 && col->max == 0) {
        x->lo = col->type == RULE_DATE ? INT64_C(-719162) : INT64_C(-1000000000000000);
        x->hi = col->type == RULE_DATE ? INT64_C(2932896) : INT64_C(1000000000000000);
    }
    return x;
}

const struct ir *ir_known(struct checker *c, int column)
{
    struct ir *x = make(c, IR_KNOWN, NULL, NULL);
    c->uses[column] = true;
    x->column = column;
    return x;
}

const struct ir *ir_string(struct checker *c, struct slice text)
{
    struct ir *x = make(c, IR_STRING, NULL, NULL);
    x->text = text;
    return x;
}

const struct ir *ir_tri(struct checker *c, enum rule_tri k)
{
    struct ir *x = make(c, IR_TRI, NULL, NULL);
    x->k = k;
    return x;
}

static struct ir *unary(struct checker *c, enum ir_kind kind, const struct ir *a, int depth)
{
    struct ir *x = make(c, kind, a, NULL);
    x->depth = a->depth + depth;
    x->lo = a->lo;
    x->hi = a->hi;
    return x;
}

const struct ir *ir_neg(struct checker *c, const struct ir *a)
{
    if (is_const(a)) return ir_const(c, -a->k);
    if (a->kind == IR_NEG) return a->a;
    struct ir *x = unary(c, IR_NEG, a, 3);
    x->lo = -a->hi;
    x->hi = -a->lo;
    return done(c, x);
}

const struct ir *ir_abs(struct checker *c, const struct ir *a)
{
    if (a->lo >= 0) return a;
    if (a->hi <= 0) return ir_neg(c, a);
    struct ir *x = unary(c, IR_ABS, a, 3);
    x->lo = 0;
    x->hi = a->hi > -a->lo ? a->hi : -a->lo;
    return done(c, x);
}

const struct ir *ir_nonzero(struct checker *c, const struct ir *a)
{
    if (a->lo > 0 || a->hi < 0) return a;
    struct ir *x = unary(c, IR_NONZERO, a, 3);
    if (a->lo == 0 && a->hi > 0) x->lo = 1;
    if (a->hi == 0 && a->lo < 0) x->hi = -1;
    return done(c, x);
}

const struct ir *ir_sign(struct checker *c, const struct ir *a)
{
    struct ir *x = unary(c, IR_SIGN, a, 5);
    x->size += a->size; /* written twice */
    x->lo = -1;
    x->hi = 1;
    return done(c, x);
}

static bool is_sum(const struct ir *a) { return a->kind == IR_ADD || a->kind == IR_SUB; }

static struct ir *arithmetic(struct checker *c, enum ir_kind kind, const struct ir *a,
                             const struct ir *b)
{
    struct ir *x = make(c, kind, a, b);
    bool product = kind == IR_MUL || kind == IR_QUO;
    int left = a->depth + (product && is_sum(a)), right = b->depth + 3;
    x->depth = left > right ? left : right;
    return x;
}

const struct ir *ir_add(struct checker *c, const struct ir *a, const struct ir *b)
{
    int64_t lo, hi;
    if (!add_fits(a->lo, b->lo, &lo) || !add_fits(a->hi, b->hi, &hi))
        return too_wide(c, "sum", a, b);
    if (is_const(a) && is_const(b)) return ir_const(c, lo);
    if (is_const(b) && b->k == 0) return a;
    if (is_const(a) && a->k == 0) return b;
    struct ir *x = arithmetic(c, IR_ADD, a, b);
    x->lo = lo;
    x->hi = hi;
    return done(c, x);
}

const struct ir *ir_sub(struct checker *c, const struct ir *a, const struct ir *b)
{
    int64_t lo, hi;
    if (!add_fits(a->lo, -b->hi, &lo) || !add_fits(a->hi, -b->lo, &hi))
        return too_wide(c, "difference", a, b);
    if (is_const(a) && is_const(b)) return ir_const(c, lo);
    if (is_const(b) && b->k == 0) return a;
    struct ir *x = arithmetic(c, IR_SUB, a, b);
    x->lo = lo;
    x->hi = hi;
    return done(c, x);
}

/* The range of a product lies between the products of the ends. */
static bool mul_range(const struct ir *a, const struct ir *b, int64_t *lo, int64_t *hi)
{
    int64_t end[4];
    if (!i64_mul(a->lo, b->lo, &end[0]) || !i64_mul(a->lo, b->hi, &end[1]) ||
        !i64_mul(a->hi, b->lo, &end[2]) || !i64_mul(a->hi, b->hi, &end[3]))
        return false;
    *lo = *hi = end[0];
    for (int i = 1; i < 4; i++) {
        if (end[i] < *lo) *lo = end[i];
        if (end[i] > *hi) *hi = end[i];
    }
    return *lo != INT64_MIN;
}

bool ir_mul_fits(const struct ir *a, const struct ir *b)
{
    int64_t lo, hi;
    return mul_range(a, b, &lo, &hi);
}

const struct ir *ir_mul(struct checker *c, const struct ir *a, const struct ir *b)
{
    int64_t lo, hi;
    if (!mul_range(a, b, &lo, &hi)) return too_wide(c, "product", a, b);
    if (is_const(a) && is_const(b)) return ir_const(c, lo);
    if (is_const(b) && b->k == 1) return a;
    if (is_const(a) && a->k == 1) return b;
    struct ir *x = arithmetic(c, IR_MUL, a, b);
    x->lo = lo;
    x->hi = hi;
    return done(c, x);
}

const struct ir *ir_mul_within(struct checker *c, const struct ir *quotient,
                               const struct ir *divisor, const struct ir *dividend)
{
    if (is_const(quotient) && is_const(divisor)) return ir_const(c, quotient->k * divisor->k);
    struct ir *x = arithmetic(c, IR_MUL, quotient, divisor);
    x->lo = dividend->lo < 0 ? dividend->lo : 0;
    x->hi = dividend->hi > 0 ? dividend->hi : 0;
    return done(c, x);
}

const struct ir *ir_quo(struct checker *c, const struct ir *a, const struct ir *b)
{
    if (is_const(b) && b->k == 1) return a;
    if (is_const(a) && is_const(b) && b->k != 0) return ir_const(c, a->k / b->k);
    struct ir *x = arithmetic(c, IR_QUO, a, b);
    int64_t reach = a->hi > -a->lo ? a->hi : -a->lo;
    int64_t least = b->lo > 0 ? b->lo : b->hi < 0 ? -b->hi : 1;
    x->depth += 3; /* the divisor stands in nullif( ) */
    x->hi = reach / least;
    x->lo = -x->hi;
    return done(c, x);
}

int64_t rule_year(int64_t day)
{
    /* In quarter days from a 1 March that begins an era: years are 1461, centuries 146097 quarter
     * days. The third term tells whether the day lies after December. */
    uint64_t shifted = (uint64_t)day + (uint64_t)(YEAR_SHIFT * 146097 + 719468);
    int64_t quarters = (int64_t)(4 * shifted + 3);
    int64_t in_century = (quarters % 146097) | 3;
    return 100 * (quarters / 146097) + in_century / 1461 + (in_century % 1461) / 1224 -
           400 * YEAR_SHIFT;
}

const struct ir *ir_year(struct checker *c, const struct ir *a)
{
    if (a->lo < -YEAR_REACH || a->hi > YEAR_REACH) {
        rule_fault(c->fault, c->line, c->col,
                   "this date can be too far away: the number of days needs a smaller range");
        return ir_const(c, 0);
    }
    if (is_const(a)) return ir_const(c, rule_year(a->k));
    struct ir *x = unary(c, IR_YEAR, a, 10);
    x->size += 2 * a->size; /* written three times */
    x->lo = rule_year(a->lo);
    x->hi = rule_year(a->hi);
    return done(c, x);
}

const struct ir *ir_scale(struct checker *c, const struct ir *a, int decimals)
{
    int64_t k = 1;
    if (decimals > RULE_MAX_SCALE) {
        rule_fault(c->fault, c->line, c->col, "this takes more than %d decimals", RULE_MAX_SCALE);
        return ir_const(c, 0);
    }
    for (int i = 0; i < decimals; i++) k *= 10;
    return ir_mul(c, a, ir_const(c, k));
}

const struct ir *ir_not(struct checker *c, const struct ir *a)
{
    static const enum rule_tri inverse[] = { RULE_TRUE, RULE_FALSE, RULE_UNKNOWN };
    if (a->kind == IR_TRI) return ir_tri(c, inverse[a->k]);
    if (a->kind == IR_NOT) return a->a;
    return done(c, unary(c, IR_NOT, a, 3));
}

const struct ir *ir_list(struct checker *c, enum ir_kind kind, const struct ir **list, int n)
{
    struct ir *x = make(c, kind, NULL, NULL);
    x->list = list;
    x->count = n;
    for (int i = 0; i < n && x->size <= RULE_MAX_IR; i++) {
        x->size += list[i]->size;
        if (list[i]->depth + 3 > x->depth) x->depth = list[i]->depth + 3;
    }
    return done(c, x);
}

static const struct ir *pair(struct checker *c, enum ir_kind kind, const struct ir *a,
                             const struct ir *b)
{
    const struct ir **list = arena_array(c->arena, 2, sizeof *list);
    list[0] = a;
    list[1] = b;
    return ir_list(c, kind, list, 2);
}

const struct ir *ir_both(struct checker *c, const struct ir *a, const struct ir *b)
{
    return pair(c, IR_AND, a, b);
}

const struct ir *ir_either(struct checker *c, const struct ir *a, const struct ir *b)
{
    return pair(c, IR_OR, a, b);
}

bool cmp_holds(enum rule_cmp cmp, int order)
{
    switch (cmp) {
    case CMP_EQ: return order == 0;
    case CMP_NE: return order != 0;
    case CMP_LT: return order < 0;
    case CMP_LE: return order <= 0;
    case CMP_GT: return order > 0;
    default: return order >= 0;
    }
}

int slice_order(struct slice a, struct slice b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

const struct ir *ir_cmp(struct checker *c, enum ir_kind kind, enum rule_cmp cmp,
                        const struct ir *a, const struct ir *b)
{
    if (is_const(a) && is_const(b))
        return ir_tri(c, cmp_holds(cmp, (a->k > b->k) - (a->k < b->k)) ? RULE_TRUE : RULE_FALSE);
    if (a->kind == IR_STRING && b->kind == IR_STRING)
        return ir_tri(c, cmp_holds(cmp, slice_order(a->text, b->text)) ? RULE_TRUE : RULE_FALSE);
    struct ir *x = make(c, kind, a, b);
    x->cmp = cmp;
    x->depth = a->depth + 1 > b->depth + 3 ? a->depth + 1 : b->depth + 3;
    return done(c, x);
}

const struct ir *ir_in(struct checker *c, enum ir_kind kind, const struct ir *a,
                       const struct rule_set *set)
{
    if (is_const(a)) return ir_tri(c, set_has_int(set, a->k) ? RULE_TRUE : RULE_FALSE);
    if (a->kind == IR_STRING)
        return ir_tri(c, set_has_text(set, a->text) ? RULE_TRUE : RULE_FALSE);
    struct ir *x = make(c, kind, a, NULL);
    int written = 1;
    for (int i = 0; i < set->n; i++)
        if (set->ints ? set->ints[i].lo != set->ints[i].hi
                      : slice_order(set->texts[i].lo, set->texts[i].hi) != 0)
            written++;
    x->set = set;
    x->depth = a->depth + 6;
    x->size += written > RULE_MAX_IR / x->size ? RULE_MAX_IR : written * x->size;
    return done(c, x);
}
