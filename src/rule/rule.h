/* rule: the expression language of figure filters, data checks and, later, criteria. Typed and
 * three-valued (Kleene: true, false, unknown). One parsed rule is evaluated over a row, over columns
 * in batches, and as SQL on both databases; all agree, missing values included.
 *
 *   expr    = or-expr
 *   or      = and { "or" and } ; and = not { "and" not } ; not = [ "not" ] comparison
 *   compare = sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum | [ "not" ] "in" set ]
 *   set     = "{" item { "," item } "}" | sum ".." sum         item = literal | literal ".." literal
 *   sum     = term { ("+" | "-") term } ; term = factor { "*" factor | "/" factor }
 *   factor  = [ "-" ] ( NUMBER | "text" | DATE | NAME | "true" | "false" | "known" "(" NAME ")"
 *           | "year" "(" expr ")" | "(" expr ")" )
 *
 * NAME is a column of the schema. A bare word compared with a code column is a code of its list
 * (`state = done`, `cause in {01, 02}`), so codes need no quotes. Money columns are fen: a number
 * beside one is in yuan, with at most two decimals; a fixed-point column takes its own scale.
 * Dates are written 2020-05-27. A missing value makes any comparison unknown; `known(x)` is never
 * unknown; `x in {...}` with x missing is unknown. Faults at parse: line, column, what was expected,
 * and for an unknown name the nearest known one.
 *
 * Arithmetic cannot overflow: every column has a declared range, and an expression whose range
 * would leave int64 is refused when it is parsed. */
#ifndef JD_RULE_RULE_H
#define JD_RULE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/val.h"
#include "store/store.h"

enum rule_type { RULE_INT = 1, RULE_TEXT, RULE_DATE, RULE_BOOL, RULE_CODE };

struct rule_column {
    const char *name;
    enum rule_type type;
    int scale;               /* RULE_INT: decimals kept, 2 for money */
    int64_t min, max;        /* of the stored integer; both 0 = -10^15..10^15 */
    const char *list;        /* RULE_CODE: the code list's name */
};
struct rule_schema {
    const struct rule_column *cols; int n;
    /* Is this word a code of the list? NULL takes any. */
    bool (*code_known)(void *arg, const char *list, const char *code, size_t n);
    void *arg;
};

enum rule_tri { RULE_FALSE = 0, RULE_TRUE = 1, RULE_UNKNOWN = 2 };

struct rule;
/* A truth expression. Arena-owned. line0/col0 (1-based) say where text begins in its file. */
bool rule_parse(struct rule **out, const char *text, size_t n, int line0, int col0,
                const struct rule_schema *schema, struct arena *a, struct err *e) WARN_UNUSED;
/* A value expression (a figure's `sum amount - cost`); type and scale of the result. */
bool rule_parse_value(struct rule **out, const char *text, size_t n, int line0, int col0,
                      const struct rule_schema *schema, struct arena *a,
                      enum rule_type *type, int *scale, struct err *e) WARN_UNUSED;

/* row[i] is the value of schema column i. No allocation, no fault. */
enum rule_tri rule_test(const struct rule *r, const struct val *row);
struct val rule_value(const struct rule *r, const struct val *row); /* NULL = unknown */

/* cols[i] is column i as an array of `rows` values, or NULL if the rule does not use it. */
void rule_test_columns(const struct rule *r, const struct val *const *cols, size_t rows, unsigned char *out);

bool rule_uses(const struct rule *r, int column);

/* SQL for both engines: a condition that is true exactly where rule_test is RULE_TRUE (NULL or 0
 * elsewhere); a value expression whose NULL is unknown. Literals are inlined, columns are written
 * with `prefix` before them ("t." or ""). */
void rule_sql(const struct rule *r, enum engine engine, const char *prefix, struct buf *out);

/* The canonical text (one space, canonical parentheses, canonical literals): equal rules print
 * equally; it parses to the same rule. */
void rule_print(const struct rule *r, struct buf *out);

#endif
