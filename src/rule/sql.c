/* The lowered form as SQL. Both databases divide integers by cutting toward zero, treat NULL in
 * and, or, not, in and between as Kleene does, and read a doubled quote in a literal the same way;
 * where they differ (truth constants, searching in text, collation) the engine decides. */
#include "rule/rule_impl.h"

#include <string.h>

enum { JOINT_GROUP = 100 };
enum level { L_OR = 1, L_AND, L_NOT, L_CMP, L_SUM, L_PRODUCT, L_ATOM };

struct writer_state {
    const struct rule *rule;
    enum engine engine;
    const char *prefix;
    struct buf *out;
};

static void put(struct writer_state *w, const struct ir *x, enum level within);

static void str(struct writer_state *w, const char *s) { buf_str(w->out, s); }

static void number(struct writer_state *w, int64_t k)
{
    /* In parentheses, since two minus signs would begin a comment. */
    if (k < 0) buf_char(w->out, '(');
    buf_int(w->out, k);
    if (k < 0) buf_char(w->out, ')');
}

static void column(struct writer_state *w, const struct ir *x)
{
    str(w, w->prefix);
    str(w, w->rule->schema->cols[x->column].name);
}

static void quoted(struct writer_state *w, struct slice text, const char *around)
{
    buf_char(w->out, '\'');
    str(w, around);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'') buf_char(w->out, '\'');
        buf_char(w->out, text.p[i]);
    }
    str(w, around);
    buf_char(w->out, '\'');
}

static enum level level_of(const struct ir *x)
{
    switch (x->kind) {
    case IR_OR: return L_OR;
    case IR_AND: return L_AND;
    case IR_NOT: return L_NOT;
    case IR_CMP: case IR_CMP_TEXT: case IR_CMP_TRI: case IR_BOOL: case IR_KNOWN: return L_CMP;
    case IR_IN: case IR_IN_TEXT: case IR_IN_CODES: return L_OR; /* may be several conditions */
    case IR_ADD: case IR_SUB: return L_SUM;
    case IR_MUL: case IR_QUO: return L_PRODUCT;
    default: return L_ATOM;
    }
}

static void infix(struct writer_state *w, const struct ir *x, const char *sign)
{
    enum level level = level_of(x);
    put(w, x->a, level);
    str(w, sign);
    put(w, x->b, level + 1);
}

static void call(struct writer_state *w, const char *name, const struct ir *x, const char *rest)
{
    str(w, name);
    put(w, x, L_OR);
    str(w, rest);
}

/* The word before the i-th of n conditions. A long row of them would nest deeper than SQLite takes,
 * so each hundred stands in parentheses. */
static void joint(struct writer_state *w, const char *word, int i, int n)
{
    if (i == 0) {
        str(w, n > JOINT_GROUP ? "(" : "");
        return;
    }
    str(w, i % JOINT_GROUP ? " " : ") ");
    str(w, word);
    str(w, i % JOINT_GROUP ? " " : " (");
}

static void joint_end(struct writer_state *w, int n)
{
    if (n > JOINT_GROUP) str(w, ")");
}

static void list(struct writer_state *w, const struct ir *x)
{
    bool and = x->kind == IR_AND;
    for (int i = 0; i < x->count; i++) {
        joint(w, and ? "and" : "or", i, x->count);
        put(w, x->list[i], and ? L_NOT : L_AND);
    }
    joint_end(w, x->count);
}

static void sign_of(struct writer_state *w, const struct ir *x)
{
    str(w, "(case when ");
    put(w, x->a, L_SUM);
    str(w, " > 0 then cast(1 as bigint) when ");
    put(w, x->a, L_SUM);
    str(w, " < 0 then cast(-1 as bigint) end)");
}

static void quarters(struct writer_state *w, const struct ir *day)
{
    str(w, "(4 * (");
    put(w, day, L_SUM);
    str(w, " + ");
    buf_int(w->out, YEAR_SHIFT * 146097 + 719468);
    str(w, ") + 3)");
}

/* rule_year, term by term. */
static void year(struct writer_state *w, const struct ir *x)
{
    str(w, "(100 * (");
    quarters(w, x->a);
    str(w, " / 146097) + ((");
    quarters(w, x->a);
    str(w, " % 146097) | 3) / 1461 + (((");
    quarters(w, x->a);
    str(w, " % 146097) | 3) % 1461) / 1224 - ");
    buf_int(w->out, 400 * YEAR_SHIFT);
    str(w, ")");
}

static const char *sign_text(enum rule_cmp cmp)
{
    static const char *const text[] = { " = ", " <> ", " < ", " <= ", " > ", " >= " };
    return text[cmp];
}

/* Bytewise order, whatever the database's own is. */
static void bytewise(struct writer_state *w)
{
    if (w->engine == ENGINE_POSTGRES) str(w, " collate \"C\"");
}

static void compare(struct writer_state *w, const struct ir *x)
{
    enum level operand = x->kind == IR_CMP_TRI ? L_ATOM : L_SUM;
    put(w, x->a, operand);
    if (x->kind == IR_CMP_TEXT && x->cmp > CMP_NE) bytewise(w);
    str(w, sign_text(x->cmp));
    put(w, x->b, operand);
}

static bool single(const struct rule_set *s, int i)
{
    return s->ints ? s->ints[i].lo == s->ints[i].hi
                   : slice_order(s->texts[i].lo, s->texts[i].hi) == 0;
}

static void end_of(struct writer_state *w, const struct rule_set *s, int i, bool hi)
{
    if (s->ints) number(w, hi ? s->ints[i].hi : s->ints[i].lo);
    else quoted(w, hi ? s->texts[i].hi : s->texts[i].lo, "");
}

static void in_set(struct writer_state *w, const struct ir *x)
{
    const struct rule_set *s = x->set;
    int singles = 0;
    for (int i = 0; i < s->n; i++) {
        if (!single(s, i)) continue;
        if (!singles) put(w, x->a, L_SUM);
        str(w, singles++ ? ", " : " in (");
        end_of(w, s, i, false);
    }
    if (singles) str(w, ")");
    int ranges = s->n - singles;
    if (singles && ranges) str(w, " or ");
    for (int i = 0, r = 0; i < s->n; i++) {
        if (single(s, i)) continue;
        joint(w, "or", r++, ranges);
        put(w, x->a, L_SUM);
        if (x->kind == IR_IN_TEXT) bytewise(w);
        str(w, " between ");
        end_of(w, s, i, false);
        str(w, " and ");
        end_of(w, s, i, true);
    }
    joint_end(w, ranges);
}

static void in_codes(struct writer_state *w, const struct ir *x)
{
    for (int i = 0; i < x->set->n; i++) {
        joint(w, "or", i, x->set->n);
        str(w, w->engine == ENGINE_POSTGRES ? "strpos(';' || " : "instr(';' || ");
        column(w, x->a);
        str(w, " || ';', ");
        quoted(w, x->set->texts[i].lo, ";");
        str(w, ") > 0");
    }
    joint_end(w, x->set->n);
}

static void truth(struct writer_state *w, int64_t k)
{
    if (k == RULE_UNKNOWN) str(w, "null");
    else if (w->engine == ENGINE_POSTGRES) str(w, k == RULE_TRUE ? "true" : "false");
    else str(w, k == RULE_TRUE ? "1" : "0");
}

static void body(struct writer_state *w, const struct ir *x)
{
    switch (x->kind) {
    case IR_CONST: number(w, x->k); break;
    case IR_STRING: quoted(w, x->text, ""); break;
    case IR_TRI: truth(w, x->k); break;
    case IR_INT: case IR_TEXT: column(w, x); break;
    case IR_BOOL: column(w, x); str(w, " <> 0"); break;
    case IR_KNOWN: column(w, x); str(w, " is not null"); break;
    case IR_NEG: str(w, "(-"); put(w, x->a, L_ATOM); str(w, ")"); break;
    case IR_ADD: infix(w, x, " + "); break;
    case IR_SUB: infix(w, x, " - "); break;
    case IR_MUL: infix(w, x, " * "); break;
    case IR_QUO: infix(w, x, " / "); break;
    case IR_ABS: call(w, "abs(", x->a, ")"); break;
    case IR_NONZERO: call(w, "nullif(", x->a, ", 0)"); break;
    case IR_SIGN: sign_of(w, x); break;
    case IR_YEAR: year(w, x); break;
    case IR_NOT: str(w, "not "); put(w, x->a, L_ATOM); break;
    case IR_AND: case IR_OR: list(w, x); break;
    case IR_CMP: case IR_CMP_TEXT: case IR_CMP_TRI: compare(w, x); break;
    case IR_IN: case IR_IN_TEXT: in_set(w, x); break;
    case IR_IN_CODES: in_codes(w, x); break;
    }
}

/* With parentheses where x binds looser than what it stands in. */
static void put(struct writer_state *w, const struct ir *x, enum level within)
{
    bool open = level_of(x) < within;
    if (open) buf_char(w->out, '(');
    body(w, x);
    if (open) buf_char(w->out, ')');
}

void rule_sql(const struct rule *r, enum engine engine, const char *prefix, struct buf *out)
{
    struct writer_state w = { .rule = r, .engine = engine, .prefix = prefix, .out = out };
    if (!r->value || !r->truth) {
        put(&w, r->ir, L_OR);
        return;
    }
    str(&w, "case when ");
    put(&w, r->ir, L_OR);
    str(&w, " then 1 when not ");
    put(&w, r->ir, L_ATOM);
    str(&w, " then 0 end");
}
