/* The syntax tree as canonical text. */
#include "rule/rule_impl.h"

#include <string.h>
#include "base/date.h"
#include "base/money.h"

enum level { L_OR = 1, L_AND, L_NOT, L_COMPARE, L_SUM, L_TERM, L_FACTOR, L_PRIMARY };

static void put(const struct rule *r, const struct ast *x, enum level within, struct buf *out);

static enum level level_of(const struct ast *x)
{
    switch (x->kind) {
    case A_OR: return L_OR;
    case A_AND: return L_AND;
    case A_NOT: return x->a->kind == A_SET || x->a->kind == A_BETWEEN ? L_COMPARE : L_NOT;
    case A_CMP: case A_SET: case A_BETWEEN: return L_COMPARE;
    case A_ADD: case A_SUB: return L_SUM;
    case A_MUL: case A_DIV: return L_TERM;
    case A_NEG: return L_FACTOR;
    case A_NUM: return x->value < 0 ? L_FACTOR : L_PRIMARY;
    default: return L_PRIMARY;
    }
}

static void quoted(const char *p, size_t n, struct buf *out)
{
    buf_char(out, '"');
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '"') buf_char(out, '"');
        buf_char(out, p[i]);
    }
    buf_char(out, '"');
}

/* Whether a code can stand without quotes and still be read as a code. */
static bool bare(const struct rule *r, const char *p, size_t n)
{
    if (n == 0 || n > 18 || rule_reserved(p, n)) return false;
    for (size_t i = 0; i < n; i++) {
        bool letter = (p[i] >= 'a' && p[i] <= 'z') || (p[i] >= 'A' && p[i] <= 'Z');
        if (!letter && p[i] != '_' && !(p[i] >= '0' && p[i] <= '9')) return false;
    }
    for (int i = 0; i < r->schema->n; i++) { /* such a column could be meant */
        const char *name = r->schema->cols[i].name;
        if (r->schema->cols[i].type == RULE_CODE && strlen(name) == n && memcmp(name, p, n) == 0) return false;
    }
    return true;
}

static void decimal(const struct ast *x, struct buf *out)
{
    char text[DECIMAL_TEXT];
    decimal_format(x->value, x->decimals, text);
    buf_str(out, text);
}

static void date(const struct ast *x, struct buf *out)
{
    char text[DATE_TEXT];
    date_format((int32_t)x->value, text);
    buf_str(out, text);
}

static void infix(const struct rule *r, const struct ast *x, const char *sign, struct buf *out)
{
    enum level level = level_of(x);
    put(r, x->a, level, out);
    buf_str(out, sign);
    put(r, x->b, level + 1, out);
}

static void compare(const struct rule *r, const struct ast *x, struct buf *out)
{
    static const char *const sign[] = { " = ", " != ", " < ", " <= ", " > ", " >= " };
    put(r, x->a, L_SUM, out);
    buf_str(out, sign[x->cmp]);
    put(r, x->b, L_SUM, out);
}

static void in(const struct rule *r, const struct ast *x, bool not, struct buf *out)
{
    put(r, x->a, L_SUM, out);
    buf_str(out, not ? " not in " : " in ");
    if (x->kind == A_BETWEEN) {
        put(r, x->b, L_SUM, out);
        buf_str(out, " .. ");
        put(r, x->c, L_SUM, out);
        return;
    }
    for (int i = 0; i < x->n_items; i++) {
        buf_str(out, i ? ", " : "{");
        put(r, x->items[i].lo, L_SUM, out);
        if (x->items[i].hi == x->items[i].lo) continue;
        buf_str(out, "..");
        put(r, x->items[i].hi, L_SUM, out);
    }
    buf_char(out, '}');
}

static void not(const struct rule *r, const struct ast *x, struct buf *out)
{
    if (level_of(x) == L_COMPARE) {
        in(r, x->a, true, out);
        return;
    }
    buf_str(out, "not ");
    put(r, x->a, L_COMPARE, out);
}

static void list(const struct rule *r, const struct ast *x, struct buf *out)
{
    enum level level = level_of(x);
    for (int i = 0; i < x->count; i++) {
        if (i) buf_str(out, level == L_AND ? " and " : " or ");
        put(r, x->list[i], level + 1, out);
    }
}

static void body(const struct rule *r, const struct ast *x, struct buf *out)
{
    switch (x->kind) {
    case A_NUM: decimal(x, out); break;
    case A_DATE: date(x, out); break;
    case A_TEXT: quoted(x->p, x->n, out); break;
    case A_BOOL: buf_str(out, x->value ? "true" : "false"); break;
    case A_CODE:
        if (bare(r, x->p, x->n)) buf_add(out, x->p, x->n);
        else quoted(x->p, x->n, out);
        break;
    case A_COLUMN: buf_str(out, r->schema->cols[x->column].name); break;
    case A_KNOWN: buf_printf(out, "known(%s)", r->schema->cols[x->column].name); break;
    case A_YEAR:
        buf_str(out, "year(");
        put(r, x->a, L_OR, out);
        buf_char(out, ')');
        break;
    case A_NEG:
        buf_char(out, '-');
        put(r, x->a, L_PRIMARY, out);
        break;
    case A_ADD: infix(r, x, " + ", out); break;
    case A_SUB: infix(r, x, " - ", out); break;
    case A_MUL: infix(r, x, " * ", out); break;
    case A_DIV: infix(r, x, " / ", out); break;
    case A_CMP: compare(r, x, out); break;
    case A_SET: case A_BETWEEN: in(r, x, false, out); break;
    case A_NOT: not(r, x, out); break;
    case A_AND: case A_OR: list(r, x, out); break;
    case A_NAME: case A_MIXED: break; /* check.c leaves none */
    }
}

static void put(const struct rule *r, const struct ast *x, enum level within, struct buf *out)
{
    bool open = level_of(x) < within;
    if (open) buf_char(out, '(');
    body(r, x, out);
    if (open) buf_char(out, ')');
}

void rule_print(const struct rule *r, struct buf *out)
{
    put(r, r->ast, L_OR, out);
}
