/* Names, types and codes: walks the syntax tree, settles what every word means, and lowers it. */
#include "rule/rule_impl.h"

#include <string.h>
#include "base/option.h"

static void at(struct checker *c, const struct ast *x)
{
    c->line = x->line;
    c->col = x->col;
}

const char *type_noun(enum rule_type t)
{
    switch (t) {
    case RULE_INT: return "a number";
    case RULE_TEXT: return "a text";
    case RULE_DATE: return "a date";
    case RULE_BOOL: return "a condition";
    case RULE_CODE: return "a code";
    default: return "a column of several codes";
    }
}

/* What follows a fault: a value that offends nobody. */
static struct operand nothing(struct checker *c, const struct ast *x)
{
    return (struct operand){ .type = RULE_INT, .num = ir_const(c, 0), .at = x };
}

static struct operand truth(const struct ast *x, const struct ir *t)
{
    return (struct operand){ .type = RULE_BOOL, .num = t, .at = x };
}

static int find_column(const struct checker *c, const struct ast *x)
{
    for (int i = 0; i < c->schema->n; i++) {
        const char *name = c->schema->cols[i].name;
        if (strlen(name) == x->n && memcmp(name, x->p, x->n) == 0) return i;
    }
    return -1;
}

static int shown(const struct ast *x) { return (int)(x->n < 60 ? x->n : 60); }

static void unknown_name(struct checker *c, const struct ast *x)
{
    int n = c->schema->n;
    const char **names = arena_array(c->arena, (size_t)n + 1, sizeof *names);
    for (int i = 0; i < n; i++) names[i] = c->schema->cols[i].name;
    const char *word = arena_strndup(c->arena, x->p, x->n);
    const char *near = nearest_name(word, names, n);
    if (near)
        rule_fault(c->fault, x->line, x->col, "there is no column \"%.*s\"; did you mean %s?",
                   shown(x), x->p, near);
    else
        rule_fault(c->fault, x->line, x->col,
                   "there is no column \"%.*s\" (a text stands in double quotes)", shown(x), x->p);
}

/* The codes of a list for a fault: the nearest, else the first few. */
static const char *code_hint(struct checker *c, const char *list, const char *word)
{
    const char *names[400];
    char *text = "";
    int n = 0;
    if (!c->schema->code_at) return "";
    while (n < 400 && (names[n] = c->schema->code_at(c->schema->arg, list, n)) != NULL) n++;
    const char *near = nearest_name(word, names, n);
    if (near && *near) text = arena_printf(c->arena, "; did you mean %s?", near);
    for (int i = 0; i < n && i < 12; i++)
        text = arena_printf(c->arena, "%s%s %s", text, i ? "," : *text ? " Codes:" : "; codes:",
                            names[i]);
    return n > 12 ? arena_printf(c->arena, "%s, ...", text) : text;
}

static void unknown_code(struct checker *c, const struct ast *x, const char *list)
{
    const char *word = arena_strndup(c->arena, x->p, x->n);
    rule_fault(c->fault, x->line, x->col, "\"%.*s\" is no code of the list %s%s", shown(x), x->p,
               list ? list : "of this column", code_hint(c, list, word));
}

static bool same_list(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

void check_code(struct checker *c, struct ast *x, const char *list, bool columns)
{
    const struct rule_schema *s = c->schema;
    bool word = x->kind == A_NAME || x->kind == A_MIXED || (x->kind == A_NUM && x->n > 0);
    if (!word && x->kind != A_TEXT) return;
    bool known = s->code_known && s->code_known(s->arg, list, x->p, x->n);
    if (x->kind == A_NAME && columns && !known) {
        int i = find_column(c, x);
        if (i >= 0 && s->cols[i].type == RULE_CODE && same_list(s->cols[i].list, list)) return;
    }
    if (s->code_known && !known) {
        unknown_code(c, x, list);
        return;
    }
    x->kind = A_CODE;
}

static struct operand check_column(struct checker *c, struct ast *x)
{
    int i = x->kind == A_COLUMN ? x->column : find_column(c, x);
    if (i < 0) {
        unknown_name(c, x);
        return nothing(c, x);
    }
    const struct rule_column *col = &c->schema->cols[i];
    x->kind = A_COLUMN;
    x->column = i;
    return (struct operand){ .type = col->type, .scale = col->type == RULE_INT ? col->scale : 0,
                             .num = ir_column(c, i), .list = col->list, .at = x };
}

static struct operand check_literal(struct checker *c, const struct ast *x)
{
    struct operand o = { .type = RULE_INT, .at = x };
    switch (x->kind) {
    case A_NUM:
        o.literal = true;
        o.scale = x->decimals;
        o.num = ir_const(c, x->value);
        break;
    case A_DATE:
        o.type = RULE_DATE;
        o.num = ir_const(c, x->value);
        break;
    case A_BOOL:
        return truth(x, ir_tri(c, x->value ? RULE_TRUE : RULE_FALSE));
    default:
        o.type = x->kind == A_CODE ? RULE_CODE : RULE_TEXT;
        o.num = ir_string(c, (struct slice){ x->p, x->n });
        break;
    }
    return o;
}

static struct operand check_known(struct checker *c, struct ast *x)
{
    int i = find_column(c, x->a);
    if (i < 0) {
        unknown_name(c, x->a);
        return nothing(c, x);
    }
    x->column = i;
    return truth(x, ir_known(c, i));
}

static struct operand check_year(struct checker *c, struct ast *x)
{
    if (c->in_year) {
        rule_fault(c->fault, x->line, x->col, "year( ) inside year( ) is not allowed");
        return nothing(c, x);
    }
    c->in_year = true;
    struct operand a = check_expr(c, x->a);
    c->in_year = false;
    at(c, x);
    if (a.type != RULE_DATE) {
        rule_fault(c->fault, x->a->line, x->a->col, "year( ) takes a date, this is %s",
                   type_noun(a.type));
        return nothing(c, x);
    }
    return (struct operand){ .type = RULE_INT, .num = ir_year(c, a.num), .at = x };
}

static bool whole_days(struct checker *c, const struct operand *days)
{
    if (days->scale == 0 && !days->den) return true;
    rule_fault(c->fault, days->at->line, days->at->col, "a whole number of days is expected here");
    return false;
}

/* date - date, date + days, days + date, date - days */
static struct operand date_sum(struct checker *c, const struct ast *x, struct operand a,
                               struct operand b)
{
    struct operand o = { .type = RULE_DATE, .at = x };
    bool minus = x->kind == A_SUB;
    if (a.type == RULE_DATE && b.type == RULE_DATE && minus) {
        o.type = RULE_INT;
    } else if (a.type == RULE_DATE && b.type == RULE_DATE) {
        rule_fault(c->fault, x->line, x->col, "two dates cannot be added");
        return nothing(c, x);
    } else if (minus && b.type == RULE_DATE) {
        rule_fault(c->fault, x->line, x->col, "a date cannot be taken from a number");
        return nothing(c, x);
    } else if (!whole_days(c, a.type == RULE_DATE ? &b : &a)) {
        return nothing(c, x);
    }
    at(c, x);
    o.num = minus ? ir_sub(c, a.num, b.num) : ir_add(c, a.num, b.num);
    return o;
}

static bool is_quantity(enum rule_type t) { return t == RULE_INT || t == RULE_DATE; }

static struct operand check_arithmetic(struct checker *c, struct ast *x)
{
    static const char *const verbs[] = { "added", "subtracted", "multiplied", "divided" };
    struct operand a = check_expr(c, x->a), b = check_expr(c, x->b);
    bool sum = x->kind == A_ADD || x->kind == A_SUB;
    const struct operand *bad = NULL;
    if (sum ? !is_quantity(a.type) : a.type != RULE_INT) bad = &a;
    else if (sum ? !is_quantity(b.type) : b.type != RULE_INT) bad = &b;
    if (bad) {
        rule_fault(c->fault, bad->at->line, bad->at->col, "%s cannot be %s", type_noun(bad->type),
                   verbs[x->kind - A_ADD]);
        return nothing(c, x);
    }
    if (a.type == RULE_DATE || b.type == RULE_DATE) return date_sum(c, x, a, b);
    if (sum) return number_add(c, x, a, b);
    return x->kind == A_MUL ? number_mul(c, x, a, b) : number_div(c, x, a, b);
}

static struct operand check_neg(struct checker *c, struct ast *x)
{
    struct operand a = check_expr(c, x->a);
    if (a.type != RULE_INT) {
        rule_fault(c->fault, x->line, x->col, "%s has no negative", type_noun(a.type));
        return nothing(c, x);
    }
    at(c, x);
    a.num = ir_neg(c, a.num);
    a.at = x;
    return a;
}

/* The list of a code column, so that the word beside it can be read as a code. */
static bool code_column(const struct checker *c, const struct ast *x, const char **list)
{
    int i = x->kind == A_NAME ? find_column(c, x) : x->kind == A_COLUMN ? x->column : -1;
    if (i < 0 || c->schema->cols[i].type != RULE_CODE) return false;
    *list = c->schema->cols[i].list;
    return true;
}

static const char *mismatch_hint(const struct operand *a, const struct operand *b)
{
    if (a->type == RULE_DATE || b->type == RULE_DATE) return "; dates are written 2020-05-27";
    if (a->type == RULE_CODES || b->type == RULE_CODES) return "; use \"has\" or \"in\"";
    return "";
}

/* Whether two operands may be compared so. */
static bool comparable(struct checker *c, const struct ast *x, enum rule_cmp cmp,
                       const struct operand *a, const struct operand *b)
{
    bool equality = cmp == CMP_EQ || cmp == CMP_NE;
    if (a->type != b->type || a->type == RULE_CODES)
        rule_fault(c->fault, x->line, x->col, "%s cannot be compared with %s%s",
                   type_noun(a->type), type_noun(b->type), mismatch_hint(a, b));
    else if (a->type == RULE_CODE && !equality)
        rule_fault(c->fault, x->line, x->col, "codes have no order: use =, != or in { }");
    else if (a->type == RULE_BOOL && !equality)
        rule_fault(c->fault, x->line, x->col, "conditions have no order: use = or !=");
    else if (a->type == RULE_CODE && a->at->kind == A_COLUMN && b->at->kind == A_COLUMN &&
             !same_list(a->list, b->list))
        rule_fault(c->fault, x->line, x->col, "these two columns have codes of different lists");
    else
        return true;
    return false;
}

static const struct ir *compare(struct checker *c, const struct ast *x, enum rule_cmp cmp,
                                const struct operand *a, const struct operand *b)
{
    if (!comparable(c, x, cmp, a, b)) return ir_tri(c, RULE_UNKNOWN);
    at(c, x);
    if (a->type == RULE_INT) return number_cmp(c, cmp, *a, *b);
    if (a->type == RULE_DATE) return ir_cmp(c, IR_CMP, cmp, a->num, b->num);
    return ir_cmp(c, a->type == RULE_BOOL ? IR_CMP_TRI : IR_CMP_TEXT, cmp, a->num, b->num);
}

static struct operand check_cmp(struct checker *c, struct ast *x)
{
    const char *list;
    if (code_column(c, x->a, &list)) check_code(c, x->b, list, true);
    else if (code_column(c, x->b, &list)) check_code(c, x->a, list, true);
    struct operand a = check_expr(c, x->a), b = check_expr(c, x->b);
    return truth(x, compare(c, x, x->cmp, &a, &b));
}

static struct operand check_between(struct checker *c, struct ast *x)
{
    struct operand a = check_expr(c, x->a), lo = check_expr(c, x->b), hi = check_expr(c, x->c);
    const struct ir *from = compare(c, x, CMP_GE, &a, &lo);
    return truth(x, ir_both(c, from, compare(c, x, CMP_LE, &a, &hi)));
}

const struct ir *check_truth(struct checker *c, struct ast *x)
{
    struct operand o = check_expr(c, x);
    if (o.type == RULE_BOOL) return o.num;
    rule_fault(c->fault, x->line, x->col, "a condition is expected here, this is %s",
               type_noun(o.type));
    return ir_tri(c, RULE_UNKNOWN);
}

static struct operand check_list(struct checker *c, struct ast *x)
{
    const struct ir **list = arena_array(c->arena, (size_t)x->count, sizeof *list);
    for (int i = 0; i < x->count; i++) list[i] = check_truth(c, x->list[i]);
    at(c, x);
    return truth(x, ir_list(c, x->kind == A_AND ? IR_AND : IR_OR, list, x->count));
}

struct operand check_expr(struct checker *c, struct ast *x)
{
    switch (x->kind) {
    case A_NAME: case A_COLUMN: return check_column(c, x);
    case A_MIXED:
        rule_fault(c->fault, x->line, x->col, "%.*s is a code, and stands beside no code column",
                   shown(x), x->p);
        return nothing(c, x);
    case A_KNOWN: return check_known(c, x);
    case A_YEAR: return check_year(c, x);
    case A_NEG: return check_neg(c, x);
    case A_ADD: case A_SUB: case A_MUL: case A_DIV: return check_arithmetic(c, x);
    case A_CMP: return check_cmp(c, x);
    case A_SET: return truth(x, check_set(c, x));
    case A_BETWEEN: return check_between(c, x);
    case A_NOT: {
        const struct ir *a = check_truth(c, x->a);
        at(c, x);
        return truth(x, ir_not(c, a));
    }
    case A_AND: case A_OR: return check_list(c, x);
    default: return check_literal(c, x);
    }
}
