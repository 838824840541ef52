/* Points, grades and cross-check pairs. */
#include "programme/plan/score.h"

#include <string.h>

#include "base/money.h"

__extension__ typedef __int128 i128;

const char *score_fault(const struct score_rule *r)
{
    switch (r->kind) {
    case SCORE_SHARE:
        if (r->at_most) return "a share of a target needs \"at least\"";
        return r->has_limit && r->limit <= 0 ? "the target must be above 0" : NULL;
    case SCORE_THRESHOLDS:
        if (!r->n_steps) return "thresholds need steps, as in \"100:10; 80:5\"";
        for (int i = 0; i < r->n_steps; i++)
            if (r->step[i].points > r->full) return "a step gives more than the full points";
        return NULL;
    case SCORE_ZERO: return r->has_limit ? NULL : "zero on breach needs a limit";
    case SCORE_OFF:
        if (!r->has_limit) return "points off need a limit";
        if (r->off <= 0 || r->unit <= 0) return "points off need how many, and for each how much";
        return NULL;
    case SCORE_TYPED: break;
    }
    return NULL;
}


static i128 power(int scale)
{
    i128 p = 1;
    while (scale-- > 0) p *= 10;
    return p;
}

static bool holds(bool at_most, i128 actual, i128 limit)
{
    return at_most ? actual <= limit : actual >= limit;
}

int64_t score_share(int64_t full, int64_t actual, int scale, int64_t target, int target_scale)
{
    i128 got = (i128)actual * power(target_scale), wanted = (i128)target * power(scale);
    if (got <= 0) return 0;
    if (got >= wanted) return full;
    return (int64_t)((i128)full * got / wanted);
}

int64_t score_points(const struct score_rule *r, int64_t actual, int scale)
{
    /* Both sides times 100 * 10^scale. */
    i128 one = power(scale), got = (i128)actual * 100;
    i128 missed = (r->at_most ? got - r->limit * one : r->limit * one - got);
    switch (r->kind) {
    case SCORE_SHARE: return score_share(r->full, actual, scale, r->limit, 2);
    case SCORE_THRESHOLDS: {
        int64_t best = 0;
        for (int i = 0; i < r->n_steps; i++)
            if (holds(r->at_most, got, r->step[i].value * one) && r->step[i].points > best)
                best = r->step[i].points;
        return best;
    }
    case SCORE_ZERO: return missed > 0 ? 0 : r->full;
    case SCORE_OFF: {
        i128 off = missed <= 0 ? 0 : missed / (r->unit * one) * r->off;
        return off >= r->full ? 0 : r->full - (int64_t)off;
    }
    case SCORE_TYPED: break;
    }
    return 0;
}

/* --- texts --- */

struct words { const char *p, *end; };

static void trim(const char **p, const char **end)
{
    while (*p < *end && (**p == ' ' || **p == '\t')) ++*p;
    while (*p < *end && ((*end)[-1] == ' ' || (*end)[-1] == '\t')) --*end;
}

/* Where a mark stands, in its narrow or its wide form, and how long it is; the end when nowhere. */
static const char *mark(const char *p, const char *end, char narrow, const char *wide, size_t *len)
{
    for (; p < end; p++) {
        *len = *p == narrow ? 1 : strlen(wide);
        if (*p == narrow || ((size_t)(end - p) >= *len && memcmp(p, wide, *len) == 0)) return p;
    }
    *len = 0;
    return end;
}

/* The next part before a ";", trimmed; false at the end. */
static bool next_part(struct words *w, const char **p, const char **end)
{
    while (w->p < w->end) {
        size_t len;
        *p = w->p;
        *end = mark(w->p, w->end, ';', "；", &len);
        w->p = *end + len;
        trim(p, end);
        if (*p < *end) return true;
    }
    return false;
}

static bool number(const char *p, const char *end, int64_t *out)
{
    trim(&p, &end);
    return decimal_parse(p, (size_t)(end - p), 2, out) == DECIMAL_OK;
}

const char *score_steps_read(const char *s, size_t n, struct score_rule *r)
{
    struct words w = { s, s + n };
    const char *p, *end;
    bool rising = false;
    r->n_steps = 0;
    while (next_part(&w, &p, &end)) {
        size_t len;
        const char *colon = mark(p, end, ':', "：", &len);
        struct score_step x;
        if (r->n_steps == SCORE_STEPS) return "too many steps: 16 at most";
        if (colon == end || !number(p, colon, &x.value) || !number(colon + len, end, &x.points))
            return "a step is VALUE:POINTS with two decimals at most, as in \"100:10; 80:5\"";
        if (x.points < 0) return "points are never below 0";
        if (r->n_steps == 1) rising = x.value > r->step[0].value;
        if (r->n_steps && (x.value == r->step[r->n_steps - 1].value ||
                           (x.value > r->step[r->n_steps - 1].value) != rising))
            return "the steps' values rise or fall, each another";
        r->step[r->n_steps++] = x;
    }
    return r->n_steps ? NULL : "there is no step in it";
}

/* A name, or one in each language with a "/" between. */
static bool grade_name(const char *p, const char *end, char *en, char *zh)
{
    const char *slash = memchr(p, '/', (size_t)(end - p)), *a = p, *a_end = slash ? slash : end;
    const char *b = slash ? slash + 1 : p, *b_end = end;
    trim(&a, &a_end);
    trim(&b, &b_end);
    size_t n = (size_t)(a_end - a), m = (size_t)(b_end - b);
    if (!n || !m || n >= SCORE_NAME || m >= SCORE_NAME || memchr(b, '/', m)) return false;
    memcpy(en, a, n);
    memcpy(zh, b, m);
    en[n] = zh[m] = '\0';
    return true;
}

const char *score_grade_name(const struct score_grades *g, int i, bool zh)
{
    return zh ? g->at[i].zh : g->at[i].name;
}

const char *score_grades_read(const char *s, size_t n, struct score_grades *g)
{
    struct words w = { s, s + n };
    const char *p, *end;
    g->n = 0;
    while (next_part(&w, &p, &end)) {
        const char *space = end;
        int64_t from;
        if (g->n == SCORE_GRADES) return "too many grades: 12 at most";
        while (space > p && space[-1] != ' ') space--;
        const char *name_end = space;
        if (space == p || !number(space, end, &from))
            return "a grade is NAME PERCENT, as in \"good 90; fair 75; poor 0\"";
        trim(&p, &name_end);
        if (!grade_name(p, name_end, g->at[g->n].name, g->at[g->n].zh))
            return "a grade's name has 1 to 59 bytes in each language, as in good or good/好";
        if (from < 0 || from > 10000) return "a grade begins at 0 to 100 percent";
        if (g->n && from >= g->at[g->n - 1].from) return "the grades' percentages fall";
        g->at[g->n++].from = from;
    }
    return g->n ? NULL : "there is no grade in it";
}

int score_grade(const struct score_grades *g, int64_t points, int64_t full)
{
    if (full <= 0) return -1;
    for (int i = 0; i < g->n; i++)
        if ((i128)points * 10000 >= (i128)g->at[i].from * full) return i;
    return -1;
}

/* --- pairs --- */

/* The circle method: the last stays, the others turn by one place a round. */
static int seat(int n, int64_t round, int i)
{
    if (i == n - 1) return i;
    int64_t m = n - 1, turned = (i + round) % m;
    return (int)(turned < 0 ? turned + m : turned);
}

void score_pairs(int n, int64_t round, int *by)
{
    if (n < 2) return;
    if (n == 2) {
        by[0] = 1, by[1] = 0;
        return;
    }
    bool odd = n % 2;
    int even = n + odd;                /* with a chair that nobody sits on */
    int alone = -1;
    for (int k = 0; k < even / 2; k++) {
        int a = seat(even, round, k), b = seat(even, round, even - 1 - k);
        if (a >= n || b >= n) {
            alone = a >= n ? b : a;
            continue;
        }
        by[a] = b;
        by[b] = a;
    }
    if (alone < 0) return;
    int next = (alone + 1) % n, other = by[next]; /* joins a pair: a ring of three */
    by[next] = alone;
    by[other] = next;
    by[alone] = other;
}
