/* A rule over columns: the program runs once a chunk of rows, each step a loop over it. */
#include "rule/rule_impl.h"

#include <string.h>

/* Rows that are worked on at once: 1024, fewer where the program holds many operands, so that the
 * machine stays within a thread's stack. */
enum { CELLS = 8192, CHUNK = 1024 };

struct machine {
    int64_t num[CELLS];
    unsigned char null[CELLS], tri[CELLS];
    size_t width, rows;              /* cells of one operand; rows of this chunk */
    int n, t;                        /* operands held: numbers, truths */
};

static int64_t *num_at(struct machine *m, int i) { return m->num + (size_t)i * m->width; }
static unsigned char *null_at(struct machine *m, int i) { return m->null + (size_t)i * m->width; }
static unsigned char *tri_at(struct machine *m, int i) { return m->tri + (size_t)i * m->width; }

static void load_const(struct machine *m, int64_t k)
{
    int64_t *v = num_at(m, m->n);
    for (size_t r = 0; r < m->rows; r++) v[r] = k;
    memset(null_at(m, m->n++), 0, m->rows);
}

static void load_int(struct machine *m, const struct val *col)
{
    int64_t *v = num_at(m, m->n);
    unsigned char *null = null_at(m, m->n++);
    for (size_t r = 0; r < m->rows; r++) {
        null[r] = col[r].type != VAL_INT;
        v[r] = null[r] ? 0 : col[r].i;
    }
}

static int64_t cut(int64_t a, int64_t b)
{
    if (b == 0 || b == -1) return b ? (int64_t)(0 - (uint64_t)a) : 0;
    return a / b;
}

static void arithmetic(struct machine *m, unsigned char op)
{
    int64_t *a = num_at(m, m->n - 2), *b = num_at(m, m->n - 1);
    unsigned char *na = null_at(m, m->n - 2), *nb = null_at(m, m->n - 1);
    size_t rows = m->rows;
    m->n--;
    for (size_t r = 0; r < rows; r++) na[r] |= nb[r];
    switch (op) {
    case OP_ADD:
        for (size_t r = 0; r < rows; r++) a[r] = (int64_t)((uint64_t)a[r] + (uint64_t)b[r]);
        break;
    case OP_SUB:
        for (size_t r = 0; r < rows; r++) a[r] = (int64_t)((uint64_t)a[r] - (uint64_t)b[r]);
        break;
    case OP_MUL:
        for (size_t r = 0; r < rows; r++) a[r] = (int64_t)((uint64_t)a[r] * (uint64_t)b[r]);
        break;
    default:
        for (size_t r = 0; r < rows; r++) {
            na[r] |= b[r] == 0;
            a[r] = cut(a[r], b[r]);
        }
    }
}

static void one_number(struct machine *m, unsigned char op)
{
    int64_t *a = num_at(m, m->n - 1);
    unsigned char *na = null_at(m, m->n - 1);
    size_t rows = m->rows;
    switch (op) {
    case OP_NEG:
        for (size_t r = 0; r < rows; r++) a[r] = (int64_t)(0 - (uint64_t)a[r]);
        break;
    case OP_ABS:
        for (size_t r = 0; r < rows; r++)
            a[r] = a[r] < 0 ? (int64_t)(0 - (uint64_t)a[r]) : a[r];
        break;
    case OP_YEAR:
        for (size_t r = 0; r < rows; r++) a[r] = rule_year(a[r]);
        break;
    case OP_SIGN:
        for (size_t r = 0; r < rows; r++) {
            na[r] |= a[r] == 0;
            a[r] = a[r] < 0 ? -1 : 1;
        }
        break;
    default:
        for (size_t r = 0; r < rows; r++) na[r] |= a[r] == 0;
    }
}

/* Where a value is missing the outcome is RULE_UNKNOWN, else the comparison's. */
#define EACH(condition) \
    for (size_t r = 0; r < rows; r++) \
        t[r] = (unsigned char)(null[r] ? RULE_UNKNOWN : (condition))

static void compare_numbers(struct machine *m, unsigned char cmp)
{
    const int64_t *a = num_at(m, m->n - 2), *b = num_at(m, m->n - 1);
    unsigned char *null = null_at(m, m->n - 2), *nb = null_at(m, m->n - 1);
    unsigned char *t = tri_at(m, m->t++);
    size_t rows = m->rows;
    m->n -= 2;
    for (size_t r = 0; r < rows; r++) null[r] |= nb[r];
    switch (cmp) {
    case CMP_EQ: EACH(a[r] == b[r]); break;
    case CMP_NE: EACH(a[r] != b[r]); break;
    case CMP_LT: EACH(a[r] < b[r]); break;
    case CMP_LE: EACH(a[r] <= b[r]); break;
    case CMP_GT: EACH(a[r] > b[r]); break;
    default: EACH(a[r] >= b[r]); break;
    }
}

static void in_set(struct machine *m, const struct rule_set *s)
{
    const int64_t *a = num_at(m, --m->n);
    const unsigned char *null = null_at(m, m->n);
    unsigned char *t = tri_at(m, m->t++);
    size_t rows = m->rows;
    EACH(set_has_int(s, a[r]));
}
#undef EACH

#define EACH(condition) \
    for (size_t r = 0; r < rows; r++) \
        t[r] = (unsigned char)(col[r].type != VAL_INT ? RULE_UNKNOWN : (condition))

static void compare_const(unsigned char *t, const struct val *col, size_t rows,
                          unsigned char cmp, int64_t k)
{
    switch (cmp) {
    case CMP_EQ: EACH(col[r].i == k); break;
    case CMP_NE: EACH(col[r].i != k); break;
    case CMP_LT: EACH(col[r].i < k); break;
    case CMP_LE: EACH(col[r].i <= k); break;
    case CMP_GT: EACH(col[r].i > k); break;
    default: EACH(col[r].i >= k); break;
    }
}

static void truth_column(unsigned char *t, const struct val *col, size_t rows)
{
    EACH(col[r].i != 0);
}
#undef EACH

static void known(unsigned char *t, const struct val *col, size_t rows)
{
    for (size_t r = 0; r < rows; r++) t[r] = col[r].type != VAL_NULL;
}

/* A short text as two numbers, first and last bytes overlapping: two texts of the same length from
 * 1 to 16 are equal where both numbers are. */
struct ends { uint64_t first, last; };

static inline struct ends ends_of(const char *p, size_t n)
{
    struct ends e = { 0, 0 };
    if (n >= 8) {
        memcpy(&e.first, p, 8);
        memcpy(&e.last, p + n - 8, 8);
    } else if (n >= 4) {
        memcpy(&e.first, p, 4);
        memcpy(&e.last, p + n - 4, 4);
    } else if (n >= 2) {
        memcpy(&e.first, p, 2);
        memcpy(&e.last, p + n - 2, 2);
    } else {
        e.first = (unsigned char)p[0];
    }
    return e;
}

/* Equality with one text, the commonest test of all: a code. */
static void equal_text(unsigned char *t, const struct val *col, size_t rows, struct slice k,
                       bool equal)
{
    if (k.n == 0 || k.n > 16) {
        for (size_t r = 0; r < rows; r++) {
            bool same = col[r].n == k.n && (k.n == 0 || memcmp(col[r].p, k.p, k.n) == 0);
            t[r] = (unsigned char)(col[r].type != VAL_TEXT ? RULE_UNKNOWN : same == equal);
        }
        return;
    }
    struct ends want = ends_of(k.p, k.n);
    for (size_t r = 0; r < rows; r++) {
        bool same = false;
        if (col[r].type == VAL_TEXT && col[r].n == k.n) {
            struct ends have = ends_of(col[r].p, k.n);
            same = have.first == want.first && have.last == want.last;
        }
        t[r] = (unsigned char)(col[r].type != VAL_TEXT ? RULE_UNKNOWN : same == equal);
    }
}

static unsigned char test_text(const struct ins *i, const struct val *v, const struct val *other)
{
    struct slice a = { v->p, v->n };
    if (v->type != VAL_TEXT) return RULE_UNKNOWN;
    if (i->op == OP_IN_TEXT) return set_has_text(i->set, a);
    if (i->op == OP_IN_CODES) return set_has_codes(i->set, a);
    if (i->op == OP_CMP_STR) return cmp_holds((enum rule_cmp)i->cmp, slice_order(a, i->text));
    if (other->type != VAL_TEXT) return RULE_UNKNOWN;
    struct slice b = { other->p, other->n };
    return cmp_holds((enum rule_cmp)i->cmp, slice_order(a, b));
}

static void text(struct machine *m, const struct ins *i, const struct val *const *cols, size_t from)
{
    const struct val *col = cols[i->column] + from;
    const struct val *other = i->op == OP_CMP_TEXT ? cols[i->k] + from : col;
    unsigned char *t = tri_at(m, m->t++);
    if (i->op == OP_CMP_STR && i->cmp <= CMP_NE) {
        equal_text(t, col, m->rows, i->text, i->cmp == CMP_EQ);
        return;
    }
    for (size_t r = 0; r < m->rows; r++) t[r] = test_text(i, &col[r], &other[r]);
}

static void combine(struct machine *m, const struct ins *i)
{
    unsigned char *a = tri_at(m, m->t - 2), *b = tri_at(m, m->t - 1);
    size_t rows = m->rows;
    m->t--;
    if (i->op == OP_AND) {
        for (size_t r = 0; r < rows; r++) {
            unsigned char max = a[r] > b[r] ? a[r] : b[r];
            a[r] = (unsigned char)((a[r] != RULE_FALSE) & (b[r] != RULE_FALSE) ? max : RULE_FALSE);
        }
    } else if (i->op == OP_OR) {
        for (size_t r = 0; r < rows; r++) {
            unsigned char max = a[r] > b[r] ? a[r] : b[r];
            a[r] = (unsigned char)((a[r] == RULE_TRUE) | (b[r] == RULE_TRUE) ? RULE_TRUE : max);
        }
    } else {
        for (size_t r = 0; r < rows; r++) {
            bool unknown = (a[r] == RULE_UNKNOWN) | (b[r] == RULE_UNKNOWN);
            a[r] = (unsigned char)(unknown ? RULE_UNKNOWN : (a[r] == b[r]) == (i->cmp == CMP_EQ));
        }
    }
}

static void negate(struct machine *m)
{
    unsigned char *t = tri_at(m, m->t - 1);
    for (size_t r = 0; r < m->rows; r++)
        t[r] = (unsigned char)(t[r] == RULE_UNKNOWN ? RULE_UNKNOWN : t[r] ^ 1);
}

static void run(const struct rule *rule, const struct val *const *cols, size_t from,
                struct machine *m)
{
    m->n = m->t = 0;
    for (const struct ins *i = rule->ins; i < rule->ins + rule->n_ins; i++) {
        const struct val *col = i->column >= 0 ? cols[i->column] + from : NULL;
        switch ((enum op)i->op) {
        case OP_CONST: load_const(m, i->k); break;
        case OP_INT: load_int(m, col); break;
        case OP_ADD: case OP_SUB: case OP_MUL: case OP_QUO: arithmetic(m, i->op); break;
        case OP_NEG: case OP_YEAR: case OP_ABS: case OP_NONZERO: case OP_SIGN:
            one_number(m, i->op);
            break;
        case OP_TRI: memset(tri_at(m, m->t++), (int)i->k, m->rows); break;
        case OP_BOOL: truth_column(tri_at(m, m->t++), col, m->rows); break;
        case OP_KNOWN: known(tri_at(m, m->t++), col, m->rows); break;
        case OP_CMP: compare_numbers(m, i->cmp); break;
        case OP_CMP_K: compare_const(tri_at(m, m->t++), col, m->rows, i->cmp, i->k); break;
        case OP_CMP_STR: case OP_CMP_TEXT: case OP_IN_TEXT: case OP_IN_CODES:
            text(m, i, cols, from);
            break;
        case OP_IN: in_set(m, i->set); break;
        case OP_NOT: negate(m); break;
        case OP_AND: case OP_OR: case OP_CMP_TRI: combine(m, i); break;
        case OP_JUMP_FALSE: case OP_JUMP_TRUE: break;
        }
    }
}

void rule_test_columns(const struct rule *r, const struct val *const *cols, size_t rows,
                       unsigned char *out)
{
    struct machine m;
    size_t width = CELLS / (size_t)r->stack;
    m.width = width < CHUNK ? width : CHUNK;
    if (!r->truth) {
        memset(out, RULE_UNKNOWN, rows);
        return;
    }
    for (size_t from = 0; from < rows; from += m.rows) {
        m.rows = rows - from < m.width ? rows - from : m.width;
        run(r, cols, from, &m);
        memcpy(out + from, m.tri, m.rows);
    }
}
