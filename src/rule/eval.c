/* A rule over one row. Integer work wraps where a stored value breaks its declared range: the
 * answer is then worthless, but the program goes on. */
#include "rule/rule_impl.h"

#include <string.h>

struct number { int64_t v; bool null; };
struct machine {
    struct number num[RULE_STACK];
    unsigned char tri[RULE_STACK];
    struct number *top;              /* one past the last number */
    unsigned char *t;                /* one past the last truth */
};

static int64_t wrap_add(int64_t a, int64_t b) { return (int64_t)((uint64_t)a + (uint64_t)b); }
static int64_t wrap_sub(int64_t a, int64_t b) { return (int64_t)((uint64_t)a - (uint64_t)b); }
static int64_t wrap_mul(int64_t a, int64_t b) { return (int64_t)((uint64_t)a * (uint64_t)b); }

static unsigned char not3(unsigned char a) { return a == RULE_UNKNOWN ? a : (unsigned char)!a; }
static unsigned char and3(unsigned char a, unsigned char b)
{
    if (a == RULE_FALSE || b == RULE_FALSE) return RULE_FALSE;
    return a > b ? a : b;
}
static unsigned char or3(unsigned char a, unsigned char b)
{
    if (a == RULE_TRUE || b == RULE_TRUE) return RULE_TRUE;
    return a > b ? a : b;
}

static unsigned char compare_int(unsigned char cmp, int64_t a, int64_t b)
{
    switch (cmp) {
    case CMP_EQ: return a == b;
    case CMP_NE: return a != b;
    case CMP_LT: return a < b;
    case CMP_LE: return a <= b;
    case CMP_GT: return a > b;
    default: return a >= b;
    }
}

static struct slice text_of(const struct val *v) { return (struct slice){ v->p, v->n }; }

static unsigned char compare_text(unsigned char cmp, struct slice a, struct slice b)
{
    if (cmp <= CMP_NE) {
        bool equal = a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
        return equal == (cmp == CMP_EQ);
    }
    return cmp_holds((enum rule_cmp)cmp, slice_order(a, b));
}

static unsigned char test_text(const struct ins *i, const struct val *row)
{
    const struct val *v = &row[i->column];
    if (v->type != VAL_TEXT) return RULE_UNKNOWN;
    switch (i->op) {
    case OP_CMP_STR: return compare_text(i->cmp, text_of(v), i->text);
    case OP_CMP_TEXT:
        if (row[i->k].type != VAL_TEXT) return RULE_UNKNOWN;
        return compare_text(i->cmp, text_of(v), text_of(&row[i->k]));
    case OP_IN_TEXT: return set_has_text(i->set, text_of(v));
    default: return set_has_codes(i->set, text_of(v));
    }
}

static unsigned char test_column(const struct ins *i, const struct val *row)
{
    const struct val *v = &row[i->column];
    if (i->op == OP_KNOWN) return v->type != VAL_NULL;
    if (v->type != VAL_INT) return RULE_UNKNOWN;
    return i->op == OP_BOOL ? v->i != 0 : compare_int(i->cmp, v->i, i->k);
}

static void arithmetic(struct machine *m, unsigned char op)
{
    struct number *a = m->top - 2, *b = m->top - 1;
    m->top--;
    a->null = a->null || b->null;
    if (a->null) return;
    switch (op) {
    case OP_ADD: a->v = wrap_add(a->v, b->v); break;
    case OP_SUB: a->v = wrap_sub(a->v, b->v); break;
    case OP_MUL: a->v = wrap_mul(a->v, b->v); break;
    default:
        a->null = b->v == 0;
        if (!a->null) a->v = b->v == -1 ? wrap_sub(0, a->v) : a->v / b->v;
    }
}

static void one_number(struct machine *m, unsigned char op)
{
    struct number *a = m->top - 1;
    if (a->null) return;
    switch (op) {
    case OP_NEG: a->v = wrap_sub(0, a->v); break;
    case OP_ABS: a->v = a->v < 0 ? wrap_sub(0, a->v) : a->v; break;
    case OP_YEAR: a->v = rule_year(a->v); break;
    case OP_SIGN: a->null = a->v == 0; a->v = a->v < 0 ? -1 : 1; break;
    default: a->null = a->v == 0;
    }
}

static unsigned char compare_numbers(struct machine *m, unsigned char cmp)
{
    m->top -= 2;
    if (m->top[0].null || m->top[1].null) return RULE_UNKNOWN;
    return compare_int(cmp, m->top[0].v, m->top[1].v);
}

/* Truths combined: two become one. */
static void combine(struct machine *m, const struct ins *i)
{
    unsigned char a = m->t[-2], b = m->t[-1];
    m->t--;
    if (i->op == OP_AND) m->t[-1] = and3(a, b);
    else if (i->op == OP_OR) m->t[-1] = or3(a, b);
    else if (a == RULE_UNKNOWN || b == RULE_UNKNOWN) m->t[-1] = RULE_UNKNOWN;
    else m->t[-1] = (a == b) == (i->cmp == CMP_EQ);
}

static void run(const struct rule *r, const struct val *row, struct machine *m)
{
    m->top = m->num;
    m->t = m->tri;
    for (int at = 0; at < r->n_ins; at++) {
        const struct ins *i = &r->ins[at];
        switch ((enum op)i->op) {
        case OP_CONST: *m->top++ = (struct number){ .v = i->k }; break;
        case OP_INT: {
            const struct val *v = &row[i->column];
            bool null = v->type != VAL_INT;
            *m->top++ = (struct number){ .v = null ? 0 : v->i, .null = null };
            break;
        }
        case OP_ADD: case OP_SUB: case OP_MUL: case OP_QUO: arithmetic(m, i->op); break;
        case OP_NEG: case OP_YEAR: case OP_ABS: case OP_NONZERO: case OP_SIGN:
            one_number(m, i->op);
            break;
        case OP_TRI: *m->t++ = (unsigned char)i->k; break;
        case OP_BOOL: case OP_KNOWN: case OP_CMP_K: *m->t++ = test_column(i, row); break;
        case OP_CMP_STR: case OP_CMP_TEXT: case OP_IN_TEXT: case OP_IN_CODES:
            *m->t++ = test_text(i, row);
            break;
        case OP_CMP: *m->t++ = compare_numbers(m, i->cmp); break;
        case OP_IN:
            m->top--;
            *m->t++ = m->top->null ? RULE_UNKNOWN : (unsigned char)set_has_int(i->set, m->top->v);
            break;
        case OP_NOT: m->t[-1] = not3(m->t[-1]); break;
        case OP_AND: case OP_OR: case OP_CMP_TRI: combine(m, i); break;
        case OP_JUMP_FALSE: if (m->t[-1] == RULE_FALSE) at = (int)i->k - 1; break;
        case OP_JUMP_TRUE: if (m->t[-1] == RULE_TRUE) at = (int)i->k - 1; break;
        }
    }
}

enum rule_tri rule_test(const struct rule *r, const struct val *row)
{
    struct machine m;
    if (!r->truth) return RULE_UNKNOWN;
    run(r, row, &m);
    return (enum rule_tri)m.tri[0];
}

struct val rule_value(const struct rule *r, const struct val *row)
{
    struct machine m;
    if (r->ir->kind == IR_STRING) return val_textn(r->ir->text.p, r->ir->text.n);
    if (r->ir->kind == IR_TEXT)
        return row[r->ir->column].type == VAL_TEXT ? row[r->ir->column] : val_null();
    run(r, row, &m);
    if (r->truth) return m.tri[0] == RULE_UNKNOWN ? val_null() : val_int(m.tri[0]);
    return m.num[0].null ? val_null() : val_int(m.num[0].v);
}
