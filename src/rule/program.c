/* The lowered form to a postfix program, and the entry points of parsing. */
#include "rule/rule_impl.h"

struct emitter {
    struct ins *ins;                 /* NULL while counting */
    int n, held, most;
};

static struct ins *emit(struct emitter *m, enum op op, int takes, int gives)
{
    static struct ins const empty = { .column = -1 };
    m->held += gives - takes;
    if (m->held > m->most) m->most = m->held;
    int i = m->n++;
    if (!m->ins) return NULL;
    m->ins[i] = empty;
    m->ins[i].op = (unsigned char)op;
    return &m->ins[i];
}

static void emit_leaf(struct emitter *m, enum op op, int column, int64_t k)
{
    struct ins *i = emit(m, op, 0, 1);
    if (!i) return;
    i->column = column;
    i->k = k;
}

static void emit_ir(struct emitter *m, const struct ir *x);

static void emit_unary(struct emitter *m, enum op op, const struct ir *x)
{
    emit_ir(m, x->a);
    emit(m, op, 1, 1);
}

static void emit_binary(struct emitter *m, enum op op, const struct ir *x)
{
    emit_ir(m, x->a);
    emit_ir(m, x->b);
    struct ins *i = emit(m, op, 2, 1);
    if (i) i->cmp = (unsigned char)x->cmp;
}

static void emit_many(struct emitter *m, const struct ir *x)
{
    bool and = x->kind == IR_AND;
    int first = m->n;
    emit_ir(m, x->list[0]);
    for (int i = 1; i < x->count; i++) {
        emit(m, and ? OP_JUMP_FALSE : OP_JUMP_TRUE, 1, 1);
        emit_ir(m, x->list[i]);
        emit(m, and ? OP_AND : OP_OR, 2, 1);
    }
    /* Inner lists have set their own jumps already. */
    for (int i = first; m->ins && i < m->n; i++)
        if ((m->ins[i].op == OP_JUMP_FALSE || m->ins[i].op == OP_JUMP_TRUE) && m->ins[i].k == 0)
            m->ins[i].k = m->n;
}

static enum rule_cmp mirrored(enum rule_cmp cmp)
{
    static const enum rule_cmp other[] = { CMP_EQ, CMP_NE, CMP_GT, CMP_GE, CMP_LT, CMP_LE };
    return other[cmp];
}

static void emit_cmp(struct emitter *m, const struct ir *x)
{
    const struct ir *col = x->a, *k = x->b;
    enum rule_cmp cmp = x->cmp;
    if (col->kind == IR_CONST) {
        col = x->b;
        k = x->a;
        cmp = mirrored(cmp);
    }
    if (col->kind != IR_INT || k->kind != IR_CONST) {
        emit_binary(m, OP_CMP, x);
        return;
    }
    struct ins *i = emit(m, OP_CMP_K, 0, 1);
    if (!i) return;
    i->cmp = (unsigned char)cmp;
    i->column = col->column;
    i->k = k->k;
}

static void emit_cmp_text(struct emitter *m, const struct ir *x)
{
    bool turned = x->a->kind == IR_STRING;
    const struct ir *col = turned ? x->b : x->a, *other = turned ? x->a : x->b;
    struct ins *i = emit(m, other->kind == IR_STRING ? OP_CMP_STR : OP_CMP_TEXT, 0, 1);
    if (!i) return;
    i->cmp = (unsigned char)(turned ? mirrored(x->cmp) : x->cmp);
    i->column = col->column;
    i->k = other->column;
    i->text = other->text;
}

static void emit_in(struct emitter *m, const struct ir *x)
{
    struct ins *i;
    if (x->kind == IR_IN) {
        emit_ir(m, x->a);
        i = emit(m, OP_IN, 1, 1);
    } else {
        i = emit(m, x->kind == IR_IN_TEXT ? OP_IN_TEXT : OP_IN_CODES, 0, 1);
        if (i) i->column = x->a->column;
    }
    if (i) i->set = x->set;
}

static void emit_ir(struct emitter *m, const struct ir *x)
{
    switch (x->kind) {
    case IR_CONST: emit_leaf(m, OP_CONST, -1, x->k); break;
    case IR_INT: emit_leaf(m, OP_INT, x->column, 0); break;
    case IR_TRI: emit_leaf(m, OP_TRI, -1, x->k); break;
    case IR_BOOL: emit_leaf(m, OP_BOOL, x->column, 0); break;
    case IR_KNOWN: emit_leaf(m, OP_KNOWN, x->column, 0); break;
    case IR_NEG: emit_unary(m, OP_NEG, x); break;
    case IR_YEAR: emit_unary(m, OP_YEAR, x); break;
    case IR_ABS: emit_unary(m, OP_ABS, x); break;
    case IR_NONZERO: emit_unary(m, OP_NONZERO, x); break;
    case IR_SIGN: emit_unary(m, OP_SIGN, x); break;
    case IR_NOT: emit_unary(m, OP_NOT, x); break;
    case IR_ADD: emit_binary(m, OP_ADD, x); break;
    case IR_SUB: emit_binary(m, OP_SUB, x); break;
    case IR_MUL: emit_binary(m, OP_MUL, x); break;
    case IR_QUO: emit_binary(m, OP_QUO, x); break;
    case IR_CMP_TRI: emit_binary(m, OP_CMP_TRI, x); break;
    case IR_CMP: emit_cmp(m, x); break;
    case IR_CMP_TEXT: emit_cmp_text(m, x); break;
    case IR_AND: case IR_OR: emit_many(m, x); break;
    case IR_IN: case IR_IN_TEXT: case IR_IN_CODES: emit_in(m, x); break;
    default: break; /* IR_TEXT, IR_STRING: operands of their comparison, or a value by themselves */
    }
}

bool rule_program(struct rule *r, struct arena *a)
{
    struct emitter m = { 0 };
    emit_ir(&m, r->ir);
    if (m.most > RULE_STACK) return false;
    struct emitter again = { .ins = arena_array(a, (size_t)m.n + 1, sizeof *again.ins) };
    emit_ir(&again, r->ir);
    r->ins = again.ins;
    r->n_ins = again.n;
    r->stack = m.most > 0 ? m.most : 1;
    return true;
}

static struct rule *parse(const char *text, size_t n, int line0, int col0,
                          const struct rule_schema *schema, struct arena *a, bool value,
                          int *scale, struct err *e)
{
    struct rule_fault fault = { .e = e };
    struct checker c = { .arena = a, .schema = schema, .fault = &fault,
                         .line = line0, .col = col0 };
    struct rule *r = arena_alloc(a, sizeof *r);
    struct ast *x = rule_syntax(text, n, line0, col0, a, &fault);
    if (fault.set) return NULL;
    c.uses = arena_array(a, (size_t)schema->n + 1, sizeof *c.uses);
    *r = (struct rule){ .schema = schema, .ast = x, .type = RULE_BOOL, .truth = true,
                        .value = value, .uses = c.uses, .columns = schema->n };
    if (value) {
        struct operand o = check_expr(&c, x);
        r->type = o.type;
        r->truth = o.type == RULE_BOOL;
        r->ir = o.num;
        if (o.type == RULE_INT) r->ir = number_value(&c, o, scale);
    } else {
        r->ir = check_truth(&c, x);
    }
    if (!fault.set && !rule_program(r, a))
        rule_fault(&fault, line0, col0, "too many operations inside each other");
    return fault.set ? NULL : r;
}

bool rule_parse(struct rule **out, const char *text, size_t n, int line0, int col0,
                const struct rule_schema *schema, struct arena *a, struct err *e)
{
    *out = parse(text, n, line0, col0, schema, a, false, NULL, e);
    return *out != NULL;
}

bool rule_parse_value(struct rule **out, const char *text, size_t n, int line0, int col0,
                      const struct rule_schema *schema, struct arena *a,
                      enum rule_type *type, int *scale, struct err *e)
{
    *scale = 0;
    *out = parse(text, n, line0, col0, schema, a, true, scale, e);
    if (!*out) return false;
    *type = (*out)->type;
    return true;
}

bool rule_uses(const struct rule *r, int column)
{
    return column >= 0 && column < r->columns && r->uses[column];
}
