/* verdict.h says what each verdict means. */
#include "figure/verdict.h"

#include "base/money.h"

struct range { int64_t low, high; }; /* INT64_MIN, INT64_MAX = open */

static int64_t size_of(int64_t v)
{
    return v < 0 ? -v : v;
}

static int64_t up(int64_t v, int64_t by)
{
    int64_t sum;
    return i64_add(v, by, &sum) ? sum : INT64_MAX;
}

static int64_t down(int64_t v, int64_t by)
{
    int64_t rest;
    return i64_sub(v, by, &rest) ? rest : INT64_MIN;
}

/* All that rounds to the printed number, halves going away from zero. */
static struct range rounding(const struct printed *p)
{
    int64_t far = p->step / 2, near = p->step - 1 - far;
    if (p->step <= 1) return (struct range){ p->value, p->value };
    if (p->value == 0) return (struct range){ -near, near };
    /* Away from zero the half belongs to the next number; towards it, to this one. */
    return p->value > 0 ? (struct range){ down(p->value, far), up(p->value, near) }
                        : (struct range){ down(p->value, near), up(p->value, far) };
}

static struct range range_printed(const struct printed *p)
{
    struct range r = rounding(p);
    int64_t about = size_of(p->value) / 20;
    switch (p->qualifier) {
    case Q_GE: r.high = INT64_MAX; break;
    case Q_LE: r.low = INT64_MIN; break;
    case Q_GT: r = (struct range){ up(p->value, 1), INT64_MAX }; break;
    case Q_LT:
        r = (struct range){ down(p->value, size_of(p->value) / 10), down(p->value, 1) };
        break;
    case Q_APPROX:
        if (down(p->value, about) < r.low) r.low = down(p->value, about);
        if (up(p->value, about) > r.high) r.high = up(p->value, about);
        break;
    default: break;
    }
    return r;
}

static struct range range_computed(const struct computed *c)
{
    struct range r = { c->low, c->high };
    enum qualifier q = c->qualifier;
    if (q == Q_GT) r.low = up(r.low, 1);
    if (q == Q_LT) r.high = down(r.high, 1);
    if (q == Q_GE || q == Q_GT || q == Q_MIXED) r.high = INT64_MAX;
    if (q == Q_LE || q == Q_LT || q == Q_MIXED) r.low = INT64_MIN;
    if (q == Q_APPROX) {
        r.low = down(c->low, size_of(c->low) / 20);
        r.high = up(c->high, size_of(c->high) / 20);
    }
    return r;
}

/* The records are inexact in a way that goes with the printed words. */
static bool goes_with(enum qualifier printed, enum qualifier records)
{
    bool low = records == Q_GE || records == Q_GT, high = records == Q_LE || records == Q_LT;
    switch (printed) {
    case Q_EQ: return records == Q_APPROX;
    case Q_GE:
    case Q_GT: return low;
    case Q_LE: return high;
    case Q_LT: return high || records == Q_APPROX;
    case Q_APPROX: return low || high || records == Q_APPROX;
    default: return false;
    }
}

static const char *why_cannot(const struct computed *c)
{
    if (c->low != c->high) return "the period cuts through facts known only as an interval";
    return c->qualifier == Q_APPROX ? "the records say about, which does not decide it"
                                    : "the records bound the number and do not give it";
}

enum claim_verdict verdict_of(const struct printed *p, const struct computed *c, const char **why)
{
    struct range said = range_printed(p), given = range_computed(c), same = rounding(p);
    bool equal = c->low == c->high && c->low >= same.low && c->low <= same.high;
    *why = NULL;
    if (equal && goes_with(p->qualifier, c->qualifier)) {
        if (p->qualifier == Q_EQ) *why = "as far as the records reach: they say about";
        return CLAIM_HOLDS;
    }
    if (given.low >= said.low && given.high <= said.high) return CLAIM_HOLDS;
    if (given.high >= said.low && given.low <= said.high) {
        *why = why_cannot(c);
        return CLAIM_CANNOT;
    }
    if (c->low == c->high && c->low == p->value && c->qualifier == Q_EQ)
        *why = p->qualifier == Q_GT ? "the records give just that, not more"
             : p->qualifier == Q_LT ? "the records give just that, not less" : NULL;
    return CLAIM_DIFFERS;
}
