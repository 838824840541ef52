/* Shares of batches. */
#include "programme/money/earmark.h"

#include <stdlib.h>

#include "base/money.h"

enum { WHOLE = 1000000 };

/* c, a, u: for, against, open. */
struct split { int64_t c, a, u; };

struct adding {
    const struct earmark_line *line;
    const enum rule_tri *truth;
    const bool *skip;
    const int *child, *next;   /* lists of parts; -1 ends */
};

static int64_t at_most(int64_t v, int64_t most) { return v < most ? v : most; }

/* Depth is bounded by the caller: a circle has no top, so it is never entered. */
static struct split split_of(const struct adding *x, int i)
{
    const struct earmark_line *l = &x->line[i];
    struct split s = { 0 };
    for (int k = x->child[i]; k >= 0; k = x->next[k]) {
        struct split part = split_of(x, k);
        s.c += part.c;
        s.a += part.a;
        s.u += part.u;
    }
    if (!l->known) return s;
    s.c = at_most(s.c, l->amount);
    s.a = at_most(s.a, l->amount - s.c);
    s.u = at_most(s.u, l->amount - s.c - s.a);
    int64_t rest = l->amount - s.c - s.a - s.u;
    if (x->truth[i] == RULE_TRUE) s.c += rest;
    else if (x->truth[i] == RULE_FALSE) s.a += rest;
    else s.u += rest;
    return s;
}

void earmark_add(const struct earmark_line *line, const enum rule_tri *truth, const bool *skip,
                 int n, int64_t total, bool total_known, struct earmark_sum *out)
{
    int *child = mem_alloc(((size_t)n + 1) * sizeof *child);
    int *next = mem_alloc(((size_t)n + 1) * sizeof *next);
    struct adding x = { line, truth, skip, child, next };
    *out = (struct earmark_sum){ .total_known = total_known, .exact = true };
    for (int i = 0; i < n; i++) child[i] = next[i] = -1;
    for (int i = n - 1; i >= 0; i--) {
        if (skip[i] || line[i].aside || line[i].parent < 0 || skip[line[i].parent]) continue;
        next[i] = child[line[i].parent];
        child[line[i].parent] = i;
    }
    for (int i = 0; i < n; i++) {
        if (skip[i] || line[i].aside) continue;
        out->exact = out->exact && line[i].known && line[i].exact;
        if (line[i].parent >= 0 && !skip[line[i].parent]) continue;
        struct split s = split_of(&x, i);
        out->counted += s.c;
        out->against += s.a;
        out->open += s.u;
    }
    int64_t seen = out->counted + out->against + out->open;
    out->total = total_known && total > seen ? total : seen;
    if (total_known) out->open += out->total - seen;
    free(child);
    free(next);
}

static int64_t part_of(int64_t v, int64_t whole)
{
    int64_t out;
    return whole > 0 && ratio_round(v, WHOLE, whole, &out) ? out : -1;
}

int64_t earmark_share(const struct earmark_sum *s) { return part_of(s->counted, s->total); }

int64_t earmark_reach(const struct earmark_sum *s)
{
    return part_of(s->counted + s->open, s->total);
}

/* The least that is at or over the share: rounded up for a floor, down for a ceiling. */
static int64_t bound_of(const struct earmark_rule *r, const struct earmark_sum *s)
{
    __extension__ typedef __int128 i128;
    i128 v = (i128)s->total * r->share;
    bool up = r->kind == EARMARK_FLOOR && v % WHOLE != 0;
    return (int64_t)(v / WHOLE) + up;
}

int64_t earmark_missing(const struct earmark_rule *r, const struct earmark_sum *s)
{
    int64_t bound = bound_of(r, s);
    int64_t lack = 0;
    if (r->kind == EARMARK_FLOOR) lack = bound - s->counted - s->open;
    if (r->kind == EARMARK_CEILING) lack = s->counted - bound;
    return lack > 0 ? lack : 0;
}

enum earmark_state earmark_judge(const struct earmark_rule *r, const struct earmark_sum *s)
{
    int64_t bound = bound_of(r, s);
    bool kept = r->kind == EARMARK_FLOOR ? s->counted >= bound : s->counted + s->open <= bound;
    if (kept && s->total_known) return EARMARK_KEPT;
    bool broken = s->total_known && s->exact && earmark_missing(r, s) > 0;
    return broken ? EARMARK_BROKEN : EARMARK_OPEN;
}

int earmark_bad_line(const struct earmark_rule *r, const enum rule_tri *truth, const bool *skip,
                     int n)
{
    enum rule_tri bad = r->kind == EARMARK_FORBID ? RULE_TRUE : RULE_FALSE;
    if (r->kind != EARMARK_FORBID && r->kind != EARMARK_ONLY) return -1;
    for (int i = 0; i < n; i++)
        if (!skip[i] && truth[i] == bad) return i;
    return -1;
}
