/* rule_impl: what the files of this room share. The way of a rule:
 *
 *   lex.c      text -> tokens
 *   parse.c    tokens -> struct ast, by the grammar alone
 *   check.c    names, types and codes of the ast; number.c and set.c lower it to struct ir
 *   ir.c       makes ir nodes: ranges of integers, constant folding, limits
 *   program.c  ir -> postfix program, run by eval.c (one row) and batch.c (columns)
 *   sql.c      ir -> SQL
 *   print.c    ast -> canonical text
 *
 * All of it is arena. The first fault is kept in struct rule_fault and everything after it goes on
 * with harmless stand-ins, so that no caller tests for faults before the end. */
#ifndef JD_RULE_RULE_IMPL_H
#define JD_RULE_RULE_IMPL_H

#include "rule/rule.h"

/* Limits of a rule, so that no text can exhaust a stack, here or in a database's parser. */
enum {
    RULE_MAX_TEXT = 65536,
    RULE_MAX_NODES = 1000,  /* of the ast without set items: bounds recursion over it */
    RULE_MAX_ITEMS = 5000,
    RULE_MAX_NEST = 48,     /* parentheses inside parentheses */
    RULE_MAX_IR = 20000,    /* nodes when every shared one is written out */
    RULE_MAX_DEPTH = 72,    /* see struct ir; SQLite's parser holds 100 */
    RULE_STACK = 40,        /* operands a program may hold at once */
    RULE_MAX_SCALE = 18
};

struct rule_fault {
    bool set;
    struct err *e;
};
/* Keeps the first fault. */
void rule_fault(struct rule_fault *f, int line, int col, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* ---- tokens ---- */

enum token_kind {
    T_END, T_NUM, T_DATE, T_TEXT,
    T_WORD,   /* a letter or _, then letters, digits, _ */
    T_MIXED,  /* digits and letters, beginning with a digit: only ever a code */
    T_AND, T_OR, T_NOT, T_IN, T_TRUE, T_FALSE,
    T_LPAREN, T_RPAREN, T_LBRACE, T_RBRACE, T_COMMA, T_DOTS,
    T_PLUS, T_MINUS, T_STAR, T_SLASH,
    T_EQ, T_NE, T_LT, T_LE, T_GT, T_GE
};
struct token {
    enum token_kind kind;
    int line, col;
    const char *p; size_t n; /* as written; T_TEXT: without quotes, "" made " */
    int64_t value;           /* T_NUM: its digits without trailing decimal zeros; T_DATE: days */
    int decimals;
};
struct lexer {
    const char *p, *end;
    int line, col;
    struct arena *a;
    struct rule_fault *fault;
};
void rule_lex(struct lexer *l, struct token *t); /* T_END after a fault */
bool rule_reserved(const char *p, size_t n);     /* a word the grammar keeps for itself */

/* ---- syntax ---- */

enum rule_cmp { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE };

enum ast_kind {
    A_NUM, A_TEXT, A_DATE, A_BOOL,
    A_NAME,    /* check.c makes it A_COLUMN or A_CODE */
    A_MIXED,   /* check.c makes it A_CODE */
    A_COLUMN, A_CODE,
    A_KNOWN, A_YEAR, A_NEG, A_ADD, A_SUB, A_MUL, A_DIV,
    A_CMP, A_SET, A_BETWEEN, A_NOT, A_AND, A_OR
};
struct ast_item { struct ast *lo, *hi; }; /* hi == lo for a single value */
struct ast {
    enum ast_kind kind;
    enum rule_cmp cmp;
    int line, col;
    const char *p; size_t n;         /* words and numbers as written; text and codes decoded */
    int64_t value;                   /* A_NUM, A_DATE, A_BOOL */
    int decimals;
    int column;                      /* A_COLUMN, A_KNOWN */
    struct ast *a, *b, *c;           /* operands; of A_BETWEEN: what, from, to */
    struct ast **list; int count;    /* A_AND, A_OR: at least two, none of the same kind */
    struct ast_item *items; int n_items;
    bool has;                        /* A_SET written with "has" */
};
struct ast *rule_syntax(const char *text, size_t n, int line0, int col0, struct arena *a,
                        struct rule_fault *f);

/* ---- lowered form: integers, text and truth, nothing else ---- */

enum ir_kind {
    IR_CONST, IR_INT,                              /* integers and dates */
    IR_NEG, IR_ADD, IR_SUB, IR_MUL,
    IR_QUO,                                        /* cut toward zero; NULL by zero */
    IR_YEAR, IR_ABS,
    IR_NONZERO,                                    /* NULL for 0 */
    IR_SIGN,                                       /* 1 or -1; NULL for 0 */
    IR_TEXT, IR_STRING,                            /* a text column, a literal */
    IR_TRI, IR_BOOL, IR_KNOWN, IR_NOT, IR_AND, IR_OR,
    IR_CMP, IR_CMP_TEXT, IR_CMP_TRI,
    IR_IN, IR_IN_TEXT, IR_IN_CODES
};
struct slice { const char *p; size_t n; };
struct int_range { int64_t lo, hi; };
struct text_range { struct slice lo, hi; };
/* Sorted, and apart from each other. */
struct rule_set { int n; const struct int_range *ints; const struct text_range *texts; };
struct ir {
    enum ir_kind kind;
    enum rule_cmp cmp;
    int column;
    int64_t k;                       /* IR_CONST; IR_TRI: enum rule_tri */
    int64_t lo, hi;                  /* range of an integer, never INT64_MIN */
    int size;                        /* nodes when every shared one is written out */
    int depth;                       /* what a database's parser must hold at once, about */
    const struct ir *a, *b;
    const struct ir **list; int count;
    struct slice text;
    const struct rule_set *set;
};

struct checker {
    struct arena *arena;
    const struct rule_schema *schema;
    struct rule_fault *fault;
    bool *uses;
    bool in_year;
    int line, col;                   /* of the expression being lowered, for ir.c's faults */
};
const struct ir *ir_const(struct checker *c, int64_t k);
const struct ir *ir_column(struct checker *c, int column);
const struct ir *ir_known(struct checker *c, int column);
const struct ir *ir_string(struct checker *c, struct slice text);
const struct ir *ir_tri(struct checker *c, enum rule_tri k);
const struct ir *ir_neg(struct checker *c, const struct ir *a);
const struct ir *ir_add(struct checker *c, const struct ir *a, const struct ir *b);
const struct ir *ir_sub(struct checker *c, const struct ir *a, const struct ir *b);
const struct ir *ir_mul(struct checker *c, const struct ir *a, const struct ir *b);
/* False when the product's range leaves int64; ir_mul makes a fault of that. */
bool ir_mul_fits(const struct ir *a, const struct ir *b);
/* The product of a quotient and its divisor, known to lie within the dividend's range. */
const struct ir *ir_mul_within(struct checker *c, const struct ir *quotient,
                               const struct ir *divisor, const struct ir *dividend);
const struct ir *ir_quo(struct checker *c, const struct ir *a, const struct ir *b);
const struct ir *ir_year(struct checker *c, const struct ir *a);
const struct ir *ir_abs(struct checker *c, const struct ir *a);
const struct ir *ir_nonzero(struct checker *c, const struct ir *a);
const struct ir *ir_sign(struct checker *c, const struct ir *a);
const struct ir *ir_scale(struct checker *c, const struct ir *a, int decimals); /* by 10^decimals */
const struct ir *ir_not(struct checker *c, const struct ir *a);
const struct ir *ir_both(struct checker *c, const struct ir *a, const struct ir *b);
const struct ir *ir_either(struct checker *c, const struct ir *a, const struct ir *b);
const struct ir *ir_list(struct checker *c, enum ir_kind kind, const struct ir **list, int n);
const struct ir *ir_cmp(struct checker *c, enum ir_kind kind, enum rule_cmp cmp,
                        const struct ir *a, const struct ir *b);
const struct ir *ir_in(struct checker *c, enum ir_kind kind, const struct ir *a,
                       const struct rule_set *set);
bool cmp_holds(enum rule_cmp cmp, int order); /* order < 0, 0, > 0 */
int slice_order(struct slice a, struct slice b);

/* The year of a day, by the arithmetic that sql.c writes out. Wraps rather than faults. */
int64_t rule_year(int64_t day);
/* Days are counted from YEAR_SHIFT eras of 400 years before, so that all divisions are of positive
 * numbers; a day must stay within YEAR_REACH. */
#define YEAR_SHIFT INT64_C(1000000000000)
#define YEAR_REACH INT64_C(100000000000000000)

/* ---- numbers: fractions of ir, so that division stays exact ---- */

/* What an expression is: a truth, a text, or the number  num / den * 10^-scale  (den NULL = 1). */
struct operand {
    enum rule_type type;
    bool literal;                    /* a bare number: takes the decimals of its neighbour */
    int scale;
    const struct ir *num, *den;      /* truth and text: in num */
    const char *list;                /* codes */
    const struct ast *at;
};
struct operand number_add(struct checker *c, const struct ast *at,
                          struct operand a, struct operand b);
struct operand number_mul(struct checker *c, const struct ast *at,
                          struct operand a, struct operand b);
struct operand number_div(struct checker *c, const struct ast *at,
                          struct operand a, struct operand b);
const struct ir *number_cmp(struct checker *c, enum rule_cmp cmp,
                             struct operand a, struct operand b);
const struct ir *number_value(struct checker *c, struct operand a, int *scale);
/* Brings a literal to the other's decimals; a fault when it has more of them. */
void number_meet(struct checker *c, struct operand *a, struct operand *b);

/* ---- checking ---- */

struct operand check_expr(struct checker *c, struct ast *x);
const struct ir *check_truth(struct checker *c, struct ast *x);
const struct ir *check_set(struct checker *c, struct ast *x);   /* A_SET; sorts its items */
void check_code(struct checker *c, struct ast *x, const char *list, bool columns);
const char *type_noun(enum rule_type t);

/* ---- the program ---- */

enum op {
    OP_CONST, OP_INT, OP_NEG, OP_ADD, OP_SUB, OP_MUL, OP_QUO, OP_YEAR, OP_ABS, OP_NONZERO, OP_SIGN,
    OP_TRI, OP_BOOL, OP_KNOWN, OP_NOT, OP_AND, OP_OR,
    OP_CMP,        /* two integers */
    OP_CMP_K,      /* integer column against k */
    OP_CMP_STR,    /* text column against text */
    OP_CMP_TEXT,   /* text column against text column k */
    OP_CMP_TRI,
    OP_IN, OP_IN_TEXT, OP_IN_CODES,
    OP_JUMP_FALSE, /* leaves the truth on the stack; k = where to go. A hint: batches ignore it */
    OP_JUMP_TRUE
};
struct ins {
    unsigned char op, cmp;
    int column;
    int64_t k;
    struct slice text;
    const struct rule_set *set;
};
struct rule {
    const struct rule_schema *schema;
    const struct ast *ast;
    const struct ir *ir;
    enum rule_type type;
    bool truth;                      /* its type is RULE_BOOL */
    bool value;                      /* made by rule_parse_value */
    const bool *uses;
    const struct ins *ins; int n_ins;
    int stack;                       /* most operands held, of integers or of truths */
    int columns;
};
/* False when it needs more than RULE_STACK operands. */
bool rule_program(struct rule *r, struct arena *a);

bool set_has_int(const struct rule_set *s, int64_t v);
bool set_has_text(const struct rule_set *s, struct slice v);
bool set_has_codes(const struct rule_set *s, struct slice codes);

#endif
