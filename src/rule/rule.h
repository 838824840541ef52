/* rule: the expression language of figure filters, data checks and, later, criteria. Typed and
 * three-valued (Kleene: true, false, unknown). One parsed rule is evaluated over a row, over
 * columns in batches, and as SQL on both databases; all agree, missing values included.
 *
 *   expr    = and { "or" and }
 *   and     = not { "and" not }
 *   not     = [ "not" ] compare
 *   compare = sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum
 *                 | [ "not" ] ( "in" set | "has" item ) ]
 *   set     = "{" item { "," item } "}" | sum ".." sum         item = literal [ ".." literal ]
 *   sum     = term { ("+" | "-") term } ; term = factor { ("*" | "/") factor }
 *   factor  = [ "-" ] ( NUMBER | "text" | DATE | NAME | "true" | "false" | "known" "(" NAME ")"
 *           | "year" "(" expr ")" | "(" expr ")" )
 *
 * NAME is a column of the schema, in ASCII. and or not in true false are reserved; known, year, has
 * are not. Text stands in double quotes, "" for a quote inside. Dates are written 2020-05-27. White
 * space and line ends only separate.
 *
 * Numbers are exact. Money columns are fen: a number beside one is in yuan, with at most two
 * decimals; a fixed-point column takes its own scale. Sums and comparisons of two scales meet at
 * the finer one, a product has the decimals of both factors. A quotient is compared as the exact
 * fraction (`income / persons < 4000` has no rounding); as the result of a value expression it is
 * cut toward zero, at the decimals of the dividend less those of the divisor, two at least. A
 * division by zero is unknown, by the literal 0 a fault.
 *
 * Dates: date - date is days, date + days and date - days are dates, year(date) is a number. Text
 * compares bytewise. Truth values compare by = and != alone, and a bool column is a condition by
 * itself (`not food_ok`).
 *
 * A bare word or number beside a code column is a code of its list (`state = done`, `cause in {01,
 * 02}`), so codes need no quotes unless they hold other signs than letters, digits and _. Where it
 * is no code but a column of the same list, that column is meant; with code_known NULL a column
 * comes first. Codes have no order: = != in. A column of several codes ("01;03") takes only
 * `causes has 01` and `causes in {01, 02}`, true when one of its codes is among them.
 *
 * A missing value makes any comparison unknown; `known(x)` is never unknown; `x in {...}` with x
 * missing is unknown. Faults at parse: line, column, what was expected, and for an unknown name the
 * nearest known one.
 *
 * Arithmetic cannot overflow: every column has a declared range, and an expression whose range
 * would leave int64 is refused when it is parsed. Stored values must keep to the declared
 * ranges. */
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

/* How a row holds them: INT, DATE (days) and BOOL (0 = false) as VAL_INT; TEXT, CODE and CODES
 * (several, "01;03") as VAL_TEXT. A value of another type counts as missing. */
enum rule_type { RULE_INT = 1, RULE_TEXT, RULE_DATE, RULE_BOOL, RULE_CODE, RULE_CODES };

struct rule_column {
    const char *name;
    enum rule_type type;
    int scale;               /* RULE_INT: decimals kept, 2 for money */
    int64_t min, max;        /* of the stored integer; both 0 = -10^15..10^15 (dates: any date) */
    const char *list;        /* RULE_CODE, RULE_CODES: the code list's name; NULL = of no list */
};
struct rule_schema {
    const struct rule_column *cols; int n; /* borrowed by every rule parsed with it */
    /* Is this word a code of the list? NULL takes any. */
    bool (*code_known)(void *arg, const char *list, const char *code, size_t n);
    void *arg;
    /* The i-th code of the list, NULL past its end: names the nearest in a fault. May be NULL. */
    const char *(*code_at)(void *arg, const char *list, int i);
};

enum rule_tri { RULE_FALSE = 0, RULE_TRUE = 1, RULE_UNKNOWN = 2 };

struct rule;
/* A truth expression. Arena-owned. line0/col0 (1-based, columns in characters) say where text
 * begins in its file. A fault is ERR_INVALID, "line 3, column 14: ...". */
bool rule_parse(struct rule **out, const char *text, size_t n, int line0, int col0,
                const struct rule_schema *schema, struct arena *a, struct err *e) WARN_UNUSED;
/* A value expression (a figure's `sum amount - cost`); type and scale of the result. A truth
 * expression gives RULE_BOOL, 0 or 1. */
bool rule_parse_value(struct rule **out, const char *text, size_t n, int line0, int col0,
                      const struct rule_schema *schema, struct arena *a,
                      enum rule_type *type, int *scale, struct err *e) WARN_UNUSED;

/* row[i] is the value of schema column i. No allocation, no fault. */
enum rule_tri rule_test(const struct rule *r, const struct val *row);
struct val rule_value(const struct rule *r, const struct val *row); /* NULL = unknown; borrowed */

/* cols[i] is column i as an array of `rows` values, or NULL if the rule does not use it. out gets
 * one enum rule_tri a row. */
void rule_test_columns(const struct rule *r, const struct val *const *cols, size_t rows,
                       unsigned char *out);

bool rule_uses(const struct rule *r, int column);

/* SQL for both engines: a condition whose value is rule_test's (1, 0, NULL on SQLite; a boolean on
 * PostgreSQL); a value expression whose NULL is unknown. Literals are inlined, columns are written
 * with `prefix` before them ("t." or ""). Integer columns must be bigint. Put parentheses around it
 * where other text follows. */
void rule_sql(const struct rule *r, enum engine engine, const char *prefix, struct buf *out);

/* The canonical text (one space, canonical parentheses, canonical literals, sets sorted): equal
 * rules print equally; it parses to the same rule. */
void rule_print(const struct rule *r, struct buf *out);

#endif
