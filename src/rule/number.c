/* Arithmetic on exact fractions. A division only rewrites numerator and denominator; the comparison
 * or the value at the end turns the fraction into integer work that cannot overflow. */
#include "rule/rule_impl.h"

static void at(struct checker *c, const struct ast *x)
{
    c->line = x->line;
    c->col = x->col;
}

/* Refuses 10.125 beside money, and 1.5 beside a count. A quotient may be compared with anything. */
static void check_decimals(struct checker *c, const struct operand *literal,
                           const struct operand *other)
{
    if (!literal->literal || other->literal || other->den || literal->scale <= other->scale) return;
    if (other->scale == 0)
        rule_fault(c->fault, literal->at->line, literal->at->col,
                   "a whole number is expected here");
    else
        rule_fault(c->fault, literal->at->line, literal->at->col,
                   "a number with at most %d decimals is expected here", other->scale);
}

static void raise(struct checker *c, struct operand *x, int scale)
{
    if (x->literal && !ir_mul_fits(x->num, ir_scale(c, ir_const(c, 1), scale - x->scale)))
        rule_fault(c->fault, x->at->line, x->at->col, "the number is too large");
    x->num = ir_scale(c, x->num, scale - x->scale);
    x->scale = scale;
}

void number_meet(struct checker *c, struct operand *a, struct operand *b)
{
    check_decimals(c, a, b);
    check_decimals(c, b, a);
    if (a->scale < b->scale) raise(c, a, b->scale);
    if (b->scale < a->scale) raise(c, b, a->scale);
}

/* a * b, where NULL is 1. */
static const struct ir *times(struct checker *c, const struct ir *a, const struct ir *b)
{
    if (!a) return b;
    return b ? ir_mul(c, a, b) : a;
}

static struct operand number(const struct ast *x, int scale, const struct ir *num,
                             const struct ir *den)
{
    return (struct operand){ .type = RULE_INT, .scale = scale, .num = num, .den = den, .at = x };
}

struct operand number_add(struct checker *c, const struct ast *x,
                          struct operand a, struct operand b)
{
    number_meet(c, &a, &b);
    at(c, x);
    const struct ir *left = times(c, a.num, b.den), *right = times(c, b.num, a.den);
    const struct ir *num = x->kind == A_SUB ? ir_sub(c, left, right) : ir_add(c, left, right);
    return number(x, a.scale, num, times(c, a.den, b.den));
}

struct operand number_mul(struct checker *c, const struct ast *x,
                          struct operand a, struct operand b)
{
    at(c, x);
    if (a.scale + b.scale > RULE_MAX_SCALE) {
        rule_fault(c->fault, x->line, x->col, "this product has more than %d decimals",
                   RULE_MAX_SCALE);
        return number(x, 0, ir_const(c, 0), NULL);
    }
    return number(x, a.scale + b.scale, ir_mul(c, a.num, b.num), times(c, a.den, b.den));
}

struct operand number_div(struct checker *c, const struct ast *x,
                          struct operand a, struct operand b)
{
    int scale = a.scale - b.scale;
    at(c, x);
    if (b.num->kind == IR_CONST && b.num->k == 0) {
        rule_fault(c->fault, b.at->line, b.at->col, "this divides by zero");
        return number(x, 0, ir_const(c, 0), NULL);
    }
    /* Turning b over puts its denominator on top, where a zero would no longer show. */
    const struct ir *num = b.den ? times(c, a.num, ir_nonzero(c, b.den)) : a.num;
    if (scale < 0) num = ir_scale(c, num, -scale);
    return number(x, scale < 0 ? 0 : scale, num, times(c, a.den, b.num));
}

/* Makes the denominator positive, or unknown where it is zero. */
static void positive(struct checker *c, struct operand *x)
{
    if (!x->den) return;
    if (x->den->lo >= 0) {
        x->den = ir_nonzero(c, x->den);
    } else if (x->den->hi <= 0) {
        x->num = ir_neg(c, x->num);
        x->den = ir_nonzero(c, ir_neg(c, x->den));
    } else {
        x->num = ir_mul(c, x->num, ir_sign(c, x->den));
        x->den = ir_abs(c, x->den);
    }
}

/* num / den against y without a product of den and y: the cut quotient decides, and where it equals
 * y, what the cut took away. Each half is unknown whenever y or the fraction is. */
static const struct ir *cut_cmp(struct checker *c, enum rule_cmp cmp, struct operand x,
                                const struct ir *y)
{
    if (cmp == CMP_EQ)
        return ir_both(c, cut_cmp(c, CMP_GE, x, y), cut_cmp(c, CMP_LE, x, y));
    if (cmp == CMP_NE)
        return ir_either(c, cut_cmp(c, CMP_GT, x, y), cut_cmp(c, CMP_LT, x, y));
    enum rule_cmp beyond = cmp == CMP_GE || cmp == CMP_GT ? CMP_GT : CMP_LT;
    const struct ir *q = ir_quo(c, x.num, x.den);
    const struct ir *back = ir_mul_within(c, q, x.den, x.num);
    return ir_either(c, ir_cmp(c, IR_CMP, beyond, q, y),
                     ir_both(c, ir_cmp(c, IR_CMP, CMP_EQ, q, y),
                             ir_cmp(c, IR_CMP, cmp, x.num, back)));
}

static enum rule_cmp mirrored(enum rule_cmp cmp)
{
    static const enum rule_cmp other[] = { CMP_EQ, CMP_NE, CMP_GT, CMP_GE, CMP_LT, CMP_LE };
    return other[cmp];
}

const struct ir *number_cmp(struct checker *c, enum rule_cmp cmp,
                             struct operand a, struct operand b)
{
    int line = c->line, col = c->col;
    number_meet(c, &a, &b);
    c->line = line;
    c->col = col;
    if (!a.den && !b.den) return ir_cmp(c, IR_CMP, cmp, a.num, b.num);
    positive(c, &a);
    positive(c, &b);
    if (a.den && !b.den && !ir_mul_fits(a.den, b.num)) return cut_cmp(c, cmp, a, b.num);
    if (b.den && !a.den && !ir_mul_fits(b.den, a.num)) return cut_cmp(c, mirrored(cmp), b, a.num);
    return ir_cmp(c, IR_CMP, cmp, times(c, a.num, b.den), times(c, b.num, a.den));
}

const struct ir *number_value(struct checker *c, struct operand a, int *scale)
{
    *scale = a.scale;
    if (!a.den) return a.num;
    at(c, a.at);
    if (a.scale < 2) {
        a.num = ir_scale(c, a.num, 2 - a.scale);
        *scale = 2;
    }
    positive(c, &a);
    return ir_quo(c, a.num, a.den);
}
