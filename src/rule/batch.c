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

/* The rows whose text is n bytes long. Counting rather than branching: a length that comes and goes
 * would be guessed wrong half the time. */
static size_t of_length(uint16_t *at, const struct val *col, size_t rows, size_t n)
{
    size_t found = 0;
    for (size_t r = 0; r < rows; r++) {
        at[found] = (uint16_t)r;
        found += (col[r].type == VAL_TEXT) & (col[r].n == n);
    }
    return found;
}

/* Sets t where the text is k, among rows of its length. The class is at most that length and at
 * least half of it, so that a load from each end, overlapping, compares all of it. */
static inline void mark_class(unsigned char *t, const struct val *col, const uint16_t *at,
                              size_t found, struct slice k, unsigned char value,
                              const size_t class)
{
    uint64_t first = 0, last = 0;
    memcpy(&first, k.p, class);
    memcpy(&last, k.p + k.n - class, class);
    for (size_t i = 0; i < found; i++) {
        const char *p = col[at[i]].p;
        uint64_t a = 0, z = 0;
        memcpy(&a, p, class);
        memcpy(&z, p + k.n - class, class);
        if (((a ^ first) | (z ^ last)) == 0) t[at[i]] = value;
    }
}

static void mark_equal(unsigned char *t, const struct val *col, size_t rows, struct slice k,
                       unsigned char value)
{
    uint16_t at[CHUNK];
    size_t found = of_length(at, col, rows, k.n);
    if (k.n >= 8 && k.n <= 16) {
        mark_class(t, col, at, found, k, value, 8);
    } else if (k.n >= 4 && k.n < 8) {
        mark_class(t, col, at, found, k, value, 4);
    } else if (k.n == 2 || k.n == 3) {
        mark_class(t, col, at, found, k, value, 2);
    } else {
        for (size_t i = 0; i < found; i++)
            if (k.n == 0 || memcmp(col[at[i]].p, k.p, k.n) == 0) t[at[i]] = value;
    }
}

static void start_text(unsigned char *t, const struct val *col, size_t rows, unsigned char value)
{
    for (size_t r = 0; r < rows; r++)
        t[r] = col[r].type == VAL_TEXT ? value : (unsigned char)RULE_UNKNOWN;
}

/* A few texts without ranges, the set of codes of nearly every filter. */
static bool few(const struct rule_set *s)
{
    if (s->n > 8) return false;
    for (int i = 0; i < s->n; i++)
        if (s->texts[i].lo.p != s->texts[i].hi.p) return false;
    return true;
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
        start_text(t, col, m->rows, i->cmp == CMP_NE);
        mark_equal(t, col, m->rows, i->text, i->cmp == CMP_EQ);
        return;
    }
    if (i->op == OP_IN_TEXT && few(i->set)) {
        start_text(t, col, m->rows, RULE_FALSE);
        for (int k = 0; k < i->set->n; k++)
            mark_equal(t, col, m->rows, i->set->texts[k].lo, RULE_TRUE);
        return;
    }
    for (size_t r = 0; r < m->rows; r++) t[r] = test_text(i, &col[r], &other[r]);
}

/* Truths are combined eight at a time: the low bit of a byte is "true", the next one "unknown".
 * Operands are a whole number of words wide, so the last word may run past the rows. */
#define LOW UINT64_C(0x0101010101010101)

static uint64_t load(const unsigned char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static void keep(unsigned char *p, uint64_t is_true, uint64_t unknown)
{
    uint64_t v = is_true | unknown << 1;
    memcpy(p, &v, sizeof v);
}

static void combine(struct machine *m, const struct ins *i)
{
    unsigned char *a = tri_at(m, m->t - 2), *b = tri_at(m, m->t - 1);
    uint64_t differ = i->cmp == CMP_EQ ? LOW : 0;
    m->t--;
    for (size_t r = 0; r < m->rows; r += 8) {
        uint64_t x = load(a + r), y = load(b + r), either = x | y, unknown = (either >> 1) & LOW;
        uint64_t is_true;
        if (i->op == OP_AND) { /* nowhere false, and somewhere unknown or not */
            uint64_t possible = (x | x >> 1) & (y | y >> 1) & LOW;
            unknown &= possible;
            is_true = possible & ~unknown;
        } else if (i->op == OP_OR) {
            is_true = either & LOW;
            unknown &= ~is_true;
        } else {
            is_true = ((x ^ y) & LOW & ~unknown) ^ (differ & ~unknown);
        }
        keep(a + r, is_true, unknown);
    }
}

static void negate(struct machine *m)
{
    unsigned char *t = tri_at(m, m->t - 1);
    for (size_t r = 0; r < m->rows; r += 8) {
        uint64_t x = load(t + r), unknown = (x >> 1) & LOW;
        keep(t + r, ~x & LOW & ~unknown, unknown);
    }
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
    size_t width = CELLS / (size_t)r->stack / 8 * 8;
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
