/* Tokens to syntax tree, one function a rule of the grammar. Types and names come later. */
#include "rule/rule_impl.h"

#include <string.h>
#include "base/utf8.h"

struct parser {
    struct lexer lex;
    struct token t;                  /* the one looked at */
    struct arena *a;
    struct rule_fault *fault;
    int nodes, items, nest;
};

static void next(struct parser *p)
{
    rule_lex(&p->lex, &p->t);
}

static void fault(struct parser *p, int line, int col, const char *what)
{
    rule_fault(p->fault, line, col, "%s", what);
    p->lex.p = p->lex.end;
    p->t.kind = T_END;
}

/* "a value is expected, not 'and'" */
static void expected(struct parser *p, const char *what)
{
    if (p->t.kind == T_END) {
        rule_fault(p->fault, p->t.line, p->t.col, "%s is expected, but the rule ends here", what);
    } else {
        size_t n = p->t.n < 60 ? p->t.n : utf8_cut(p->t.p, p->t.n, 60);
        rule_fault(p->fault, p->t.line, p->t.col, "%s is expected, not %s%.*s%s", what,
                   p->t.kind == T_TEXT ? "\"" : "", (int)n, p->t.p,
                   p->t.kind == T_TEXT ? "\"" : "");
    }
    p->lex.p = p->lex.end;
    p->t.kind = T_END;
}

static struct ast *node_at(struct parser *p, enum ast_kind kind, int line, int col)
{
    struct ast *x = arena_alloc(p->a, sizeof *x);
    x->kind = kind;
    x->line = line;
    x->col = col;
    x->column = -1;
    if (p->nodes++ == RULE_MAX_NODES) fault(p, line, col, "the rule is too long from here on");
    return x;
}

static struct ast *node(struct parser *p, enum ast_kind kind)
{
    struct ast *x = node_at(p, kind, p->t.line, p->t.col);
    x->p = p->t.p;
    x->n = p->t.n;
    x->value = p->t.value;
    x->decimals = p->t.decimals;
    return x;
}

static struct ast *binary(struct parser *p, enum ast_kind kind, struct token *at, struct ast *a,
                          struct ast *b)
{
    struct ast *x = node_at(p, kind, at->line, at->col);
    x->a = a;
    x->b = b;
    return x;
}

static bool accept(struct parser *p, enum token_kind kind)
{
    if (p->t.kind != kind) return false;
    next(p);
    return true;
}

static void expect(struct parser *p, enum token_kind kind, const char *what)
{
    if (!accept(p, kind)) expected(p, what);
}

static struct ast *parse_or(struct parser *p);
static struct ast *parse_sum(struct parser *p);

static struct ast *parse_nested(struct parser *p)
{
    if (++p->nest > RULE_MAX_NEST)
        fault(p, p->t.line, p->t.col, "too many parentheses inside each other");
    struct ast *x = parse_or(p);
    expect(p, T_RPAREN, "\")\"");
    p->nest--;
    return x;
}

static struct ast *parse_name(struct parser *p)
{
    struct ast *x = node(p, A_NAME);
    next(p);
    if (p->t.kind != T_LPAREN) return x;
    if (x->n == 4 && memcmp(x->p, "year", 4) == 0) {
        x->kind = A_YEAR;
        next(p);
        x->a = parse_nested(p);
    } else if (x->n == 5 && memcmp(x->p, "known", 5) == 0) {
        x->kind = A_KNOWN;
        next(p);
        if (p->t.kind == T_WORD) {
            x->a = node(p, A_NAME);
            next(p);
        } else {
            x->a = x;
            expected(p, "the name of a column");
        }
        expect(p, T_RPAREN, "\")\"");
    } else {
        rule_fault(p->fault, x->line, x->col,
                   "there is no function %.*s; there are known( ) and year( )",
                   (int)(x->n < 60 ? x->n : 60), x->p);
        fault(p, x->line, x->col, "");
    }
    return x;
}

static struct ast *parse_literal(struct parser *p, enum ast_kind kind)
{
    struct ast *x = node(p, kind);
    next(p);
    return x;
}

static struct ast *parse_primary(struct parser *p)
{
    switch (p->t.kind) {
    case T_NUM: return parse_literal(p, A_NUM);
    case T_DATE: return parse_literal(p, A_DATE);
    case T_TEXT: return parse_literal(p, A_TEXT);
    case T_MIXED: return parse_literal(p, A_MIXED);
    case T_WORD: return parse_name(p);
    case T_TRUE:
    case T_FALSE: {
        bool value = p->t.kind == T_TRUE;
        struct ast *x = parse_literal(p, A_BOOL);
        x->value = value;
        return x;
    }
    case T_LPAREN:
        next(p);
        return parse_nested(p);
    default: {
        struct ast *x = node(p, A_BOOL);
        if (p->t.kind == T_NOT) expected(p, "a value (put parentheses around \"not ...\")");
        else expected(p, "a value");
        return x;
    }
    }
}

static struct ast *parse_factor(struct parser *p)
{
    struct token at = p->t;
    if (!accept(p, T_MINUS)) return parse_primary(p);
    struct ast *x = parse_primary(p);
    if (x->kind == A_NUM) {
        x->value = -x->value;
        x->line = at.line;
        x->col = at.col;
        x->n = 0; /* a negative number is no code */
        return x;
    }
    if (x->kind == A_NEG) return x->a;
    return binary(p, A_NEG, &at, x, NULL);
}

static struct ast *parse_term(struct parser *p)
{
    struct ast *x = parse_factor(p);
    for (;;) {
        struct token at = p->t;
        if (accept(p, T_STAR)) x = binary(p, A_MUL, &at, x, parse_factor(p));
        else if (accept(p, T_SLASH)) x = binary(p, A_DIV, &at, x, parse_factor(p));
        else return x;
    }
}

static struct ast *parse_sum(struct parser *p)
{
    struct ast *x = parse_term(p);
    for (;;) {
        struct token at = p->t;
        if (accept(p, T_PLUS)) x = binary(p, A_ADD, &at, x, parse_term(p));
        else if (accept(p, T_MINUS)) x = binary(p, A_SUB, &at, x, parse_term(p));
        else return x;
    }
}

/* A literal of a set: not counted as a node, since nothing recurses into it. */
static struct ast *parse_set_literal(struct parser *p)
{
    struct token at = p->t;
    bool minus = accept(p, T_MINUS);
    struct ast *x = NULL;
    p->nodes--;
    if (p->items++ == RULE_MAX_ITEMS) fault(p, at.line, at.col, "the set is too long");
    switch (p->t.kind) {
    case T_NUM: x = parse_literal(p, A_NUM); break;
    case T_DATE: x = minus ? NULL : parse_literal(p, A_DATE); break;
    case T_TEXT: x = minus ? NULL : parse_literal(p, A_TEXT); break;
    case T_WORD: x = minus ? NULL : parse_literal(p, A_NAME); break;
    case T_MIXED: x = minus ? NULL : parse_literal(p, A_MIXED); break;
    default: break;
    }
    if (!x) {
        x = node(p, A_BOOL);
        expected(p, minus ? "a number" : "a number, a date, a code or a text");
    }
    if (minus) {
        x->value = -x->value;
        x->line = at.line;
        x->col = at.col;
        x->n = 0;
    }
    return x;
}

static void parse_item(struct parser *p, struct ast *set, int *room)
{
    if (set->n_items == *room) {
        int more = *room ? *room * 2 : 8;
        struct ast_item *grown = arena_array(p->a, (size_t)more, sizeof *grown);
        if (*room) memcpy(grown, set->items, (size_t)*room * sizeof *grown);
        set->items = grown;
        *room = more;
    }
    struct ast_item *item = &set->items[set->n_items++];
    item->lo = item->hi = parse_set_literal(p);
    if (accept(p, T_DOTS)) item->hi = parse_set_literal(p);
}

static struct ast *parse_set(struct parser *p, struct ast *what, struct token *at)
{
    struct ast *x = binary(p, A_SET, at, what, NULL);
    int room = 0;
    do parse_item(p, x, &room);
    while (accept(p, T_COMMA));
    expect(p, T_RBRACE, "\",\" or \"}\"");
    return x;
}

static struct ast *parse_in(struct parser *p, struct ast *what, struct token *at)
{
    next(p);
    if (accept(p, T_LBRACE)) return parse_set(p, what, at);
    struct ast *x = binary(p, A_BETWEEN, at, what, parse_sum(p));
    expect(p, T_DOTS, "\"{\", or \"..\" between the ends of a range");
    x->c = parse_sum(p);
    return x;
}

static bool at_has(const struct parser *p)
{
    return p->t.kind == T_WORD && p->t.n == 3 && memcmp(p->t.p, "has", 3) == 0;
}

/* `x has y` is `x in {y}`. */
static struct ast *parse_has(struct parser *p, struct ast *what, struct token *at)
{
    int room = 0;
    next(p);
    struct ast *x = binary(p, A_SET, at, what, NULL);
    x->has = true;
    parse_item(p, x, &room);
    return x;
}

static struct ast *negated(struct parser *p, struct ast *x)
{
    if (x->kind == A_NOT) return x->a;
    struct ast *not = node_at(p, A_NOT, x->line, x->col);
    not->a = x;
    return not;
}

static struct ast *parse_compare(struct parser *p)
{
    struct ast *x = parse_sum(p);
    struct token at = p->t;
    if (at.kind >= T_EQ && at.kind <= T_GE) {
        next(p);
        x = binary(p, A_CMP, &at, x, parse_sum(p));
        x->cmp = (enum rule_cmp)(at.kind - T_EQ);
        if (p->t.kind >= T_EQ && p->t.kind <= T_GE)
            fault(p, p->t.line, p->t.col, "comparisons do not chain: join two with \"and\"");
        return x;
    }
    bool not = accept(p, T_NOT);
    if (p->t.kind == T_IN) x = parse_in(p, x, &at);
    else if (at_has(p)) x = parse_has(p, x, &at);
    else if (not) expected(p, "\"in\" or \"has\"");
    return not ? negated(p, x) : x;
}

static struct ast *parse_not(struct parser *p)
{
    if (!accept(p, T_NOT)) return parse_compare(p);
    if (p->t.kind == T_NOT) fault(p, p->t.line, p->t.col, "one \"not\" is enough");
    return negated(p, parse_compare(p));
}

struct many { struct ast **p; int n, room; };

/* Adds x, or its members when it is a list of the same kind: "and" and "or" are associative. */
static void gather(struct parser *p, struct many *m, enum ast_kind kind, struct ast *x)
{
    struct ast **from = x->kind == kind ? x->list : &x;
    int n = x->kind == kind ? x->count : 1;
    if (m->n + n > m->room) {
        m->room = 2 * (m->n + n) + 2;
        struct ast **grown = arena_array(p->a, (size_t)m->room, sizeof *grown);
        if (m->n) memcpy(grown, m->p, (size_t)m->n * sizeof *grown);
        m->p = grown;
    }
    memcpy(m->p + m->n, from, (size_t)n * sizeof *from);
    m->n += n;
}

static struct ast *parse_many(struct parser *p, enum ast_kind kind, enum token_kind word,
                              struct ast *(*member)(struct parser *))
{
    struct token at = p->t;
    struct ast *first = member(p);
    if (p->t.kind != word) return first;
    struct many m = { 0 };
    gather(p, &m, kind, first);
    while (accept(p, word)) gather(p, &m, kind, member(p));
    struct ast *x = node_at(p, kind, at.line, at.col);
    x->list = m.p;
    x->count = m.n;
    return x;
}

static struct ast *parse_and(struct parser *p)
{
    return parse_many(p, A_AND, T_AND, parse_not);
}

static struct ast *parse_or(struct parser *p)
{
    return parse_many(p, A_OR, T_OR, parse_and);
}

/* False, with its position, when the bytes are no text at all. */
static bool readable(struct lexer *l, size_t n)
{
    size_t good = utf8_check(l->p, n);
    if (n > RULE_MAX_TEXT) {
        rule_fault(l->fault, l->line, l->col, "the rule is longer than %d bytes", RULE_MAX_TEXT);
        return false;
    }
    if (good == n) return true;
    const char *start = l->p;
    for (size_t i = 0; i < good; i++) {
        if (l->p[i] != '\n') continue;
        l->line++;
        l->col = 1;
        start = l->p + i + 1;
    }
    l->col += (int)utf8_length(start, (size_t)(l->p + good - start));
    rule_fault(l->fault, l->line, l->col, "byte %02x is not UTF-8", (unsigned char)l->p[good]);
    return false;
}

struct ast *rule_syntax(const char *text, size_t n, int line0, int col0, struct arena *a,
                        struct rule_fault *f)
{
    struct parser p = {
        .lex = { .p = text, .end = text + n, .line = line0, .col = col0, .a = a, .fault = f },
        .a = a, .fault = f,
    };
    if (!readable(&p.lex, n)) p.lex.p = p.lex.end;
    next(&p);
    struct ast *x = parse_or(&p);
    if (p.t.kind != T_END) expected(&p, "\"and\", \"or\" or the end of the rule");
    return x;
}
