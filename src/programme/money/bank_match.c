/* Which line of a statement is which leg of the ledger: by reference, then by amount within some
 * days, and never by guessing. Pure; sorted arrays, so the order of the input decides nothing. */
#include <stdlib.h>

#include "programme/money/bank_part.h"

struct sorted { struct bank_entry **at; size_t n; };
struct matching { struct bank_side *bank, *ledger; int days; int32_t groups; };

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_key(const struct bank_entry *a, const struct bank_entry *b)
{
    return order(a->key, b->key) ? order(a->key, b->key) : order(a->id, b->id);
}

static int by_ref(const void *l, const void *r)
{
    const struct bank_entry *a = *(struct bank_entry *const *)l, *b = *(struct bank_entry *const *)r;
    int c = strcmp(a->ref, b->ref);
    if (!c) c = order(a->amount, b->amount);
    if (!c) c = order(a->day, b->day);
    return c ? c : by_key(a, b);
}

static int by_amount(const void *l, const void *r)
{
    const struct bank_entry *a = *(struct bank_entry *const *)l, *b = *(struct bank_entry *const *)r;
    int c = order(a->amount, b->amount);
    if (!c) c = order(a->day, b->day);
    return c ? c : by_key(a, b);
}

static struct sorted open_ones(struct bank_side *s, bool with_ref,
                               int (*cmp)(const void *, const void *))
{
    struct sorted out = { mem_alloc((s->n + 1) * sizeof *out.at), 0 };
    for (size_t i = 0; i < s->n; i++)
        if (!s->at[i].set && (!with_ref || *s->at[i].ref)) out.at[out.n++] = &s->at[i];
    if (out.n) qsort(out.at, out.n, sizeof *out.at, cmp);
    return out;
}

static void settle(struct bank_entry *x, enum bank_kind kind, int32_t mate, int32_t mates,
                   int32_t group)
{
    x->set = true;
    x->kind = (uint8_t)kind;
    x->mate = mate;
    x->mates = mates;
    x->group = group;
}

static int32_t index_of(const struct bank_side *s, const struct bank_entry *x)
{
    return (int32_t)(x - s->at);
}

static void pair(struct matching *m, struct bank_entry *b, struct bank_entry *l, enum bank_kind kind)
{
    settle(b, kind, index_of(m->ledger, l), 1, 0);
    settle(l, kind, index_of(m->bank, b), 1, 0);
}

static void ambiguous(struct matching *m, struct bank_entry **b, size_t nb, struct bank_entry **l,
                      size_t nl)
{
    int32_t group = ++m->groups;
    for (size_t i = 0; i < nb; i++) settle(b[i], BANK_AMBIGUOUS, -1, 0, group);
    for (size_t i = 0; i < nl; i++) settle(l[i], BANK_AMBIGUOUS, -1, 0, group);
}

/* One line for several legs whose sum it is, or is not. */
static void sum_up(struct matching *m, struct bank_entry *b, struct bank_entry **l, size_t nl)
{
    int64_t sum = 0;
    for (size_t i = 0; i < nl; i++)
        if (__builtin_add_overflow(sum, l[i]->amount, &sum)) return;
    enum bank_kind kind = sum == b->amount ? BANK_MATCHED : BANK_AMOUNT;
    settle(b, kind, index_of(m->ledger, l[0]), (int32_t)nl, 0);
    for (size_t i = 0; i < nl; i++) settle(l[i], kind, index_of(m->bank, b), 1, 0);
}

/* --- by reference --- */

static size_t keep_open(struct bank_entry **at, size_t n)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (!at[i]->set) at[k++] = at[i];
    return k;
}

/* Lines and legs of one reference, in order of their amounts. */
static void one_reference(struct matching *m, struct bank_entry **b, size_t nb,
                          struct bank_entry **l, size_t nl)
{
    for (size_t i = 0, k = 0; i < nb && k < nl;) {
        size_t bi = i, li = k;
        if (b[i]->amount != l[k]->amount) {
            if (b[i]->amount < l[k]->amount) i++;
            else k++;
            continue;
        }
        while (i < nb && b[i]->amount == b[bi]->amount) i++;
        while (k < nl && l[k]->amount == l[li]->amount) k++;
        if (i - bi == 1 && k - li == 1) pair(m, b[bi], l[li], BANK_MATCHED);
        else ambiguous(m, b + bi, i - bi, l + li, k - li);
    }
    nb = keep_open(b, nb);
    nl = keep_open(l, nl);
    if (nb == 1 && nl == 1) pair(m, b[0], l[0], BANK_AMOUNT);
    else if (nb == 1 && nl > 1) sum_up(m, b[0], l, nl);
    else if (nb > 1 && nl > 0) ambiguous(m, b, nb, l, nl);
}

static size_t run_of(const struct sorted *s, size_t from)
{
    size_t to = from + 1;
    while (to < s->n && strcmp(s->at[to]->ref, s->at[from]->ref) == 0) to++;
    return to;
}

static void by_references(struct matching *m)
{
    struct sorted b = open_ones(m->bank, true, by_ref), l = open_ones(m->ledger, true, by_ref);
    for (size_t i = 0, k = 0; i < b.n && k < l.n;) {
        int c = strcmp(b.at[i]->ref, l.at[k]->ref);
        size_t bi = i, li = k;
        if (c <= 0) i = run_of(&b, i);
        if (c >= 0) k = run_of(&l, k);
        if (c == 0) one_reference(m, b.at + bi, i - bi, l.at + li, k - li);
    }
    free(b.at);
    free(l.at);
}

/* A bank that books a run as one sum calls it by the run's code: its payments' codes go on with a
 * hyphen. */
static bool of_run(const char *ref, const char *run)
{
    size_t n = strlen(run);
    return strncmp(ref, run, n) == 0 && ref[n] == '-';
}

static void by_runs(struct matching *m)
{
    struct sorted b = open_ones(m->bank, true, by_ref), l = open_ones(m->ledger, true, by_ref);
    struct bank_entry **of = mem_alloc((l.n + 1) * sizeof *of);
    for (size_t i = 0, upto; i < b.n; i = upto) {
        size_t n = 0, lo = 0, hi = l.n;
        upto = run_of(&b, i);
        while (lo < hi) {
            size_t mid = lo + (hi - lo) / 2;
            if (strcmp(l.at[mid]->ref, b.at[i]->ref) < 0) lo = mid + 1;
            else hi = mid;
        }
        for (; lo < l.n && strncmp(l.at[lo]->ref, b.at[i]->ref, strlen(b.at[i]->ref)) == 0; lo++)
            if (!l.at[lo]->set && of_run(l.at[lo]->ref, b.at[i]->ref) &&
                (l.at[lo]->amount < 0) == (b.at[i]->amount < 0))
                of[n++] = l.at[lo];
        if (n > 0 && upto - i == 1) sum_up(m, b.at[i], of, n);
        else if (n > 0) ambiguous(m, b.at + i, upto - i, of, n);
    }
    free(of);
    free(b.at);
    free(l.at);
}

/* --- by amount --- */

/* Lines and legs of one amount, by day. Those that lie within the days of each other hang together;
 * one and one is a match, more are ambiguous. */
static void one_amount(struct matching *m, struct bank_entry **b, size_t nb, struct bank_entry **l,
                       size_t nl)
{
    size_t lo = 0, hi = 0, first_b = 0, first_l = 0, last_l = 0;
    for (size_t i = 0; i <= nb; i++) {
        if (i < nb) {
            while (lo < nl && l[lo]->day < b[i]->day - m->days) lo++;
            hi = lo > hi ? lo : hi;
            while (hi < nl && l[hi]->day <= b[i]->day + m->days) hi++;
        }
        /* The legs of this line begin behind those of the lines before it: a new knot. */
        if (i == nb || lo >= last_l) {
            size_t n = i - first_b, k = last_l - first_l;
            if (n == 1 && k == 1) pair(m, b[first_b], l[first_l], BANK_MATCHED);
            else if (n > 0 && k > 0) ambiguous(m, b + first_b, n, l + first_l, k);
            first_b = i;
            first_l = lo;
        }
        last_l = hi;
    }
}

static size_t amount_run(const struct sorted *s, size_t from)
{
    size_t to = from;
    while (to < s->n && s->at[to]->amount == s->at[from]->amount) to++;
    return to;
}

static void by_amounts(struct matching *m)
{
    struct sorted b = open_ones(m->bank, false, by_amount), l = open_ones(m->ledger, false, by_amount);
    for (size_t i = 0, k = 0; i < b.n && k < l.n;) {
        size_t bi = i, li = k;
        int64_t want = b.at[i]->amount, is = l.at[k]->amount;
        if (want <= is) i = amount_run(&b, i);
        if (want >= is) k = amount_run(&l, k);
        if (want == is) one_amount(m, b.at + bi, i - bi, l.at + li, k - li);
    }
    free(b.at);
    free(l.at);
}

/* --- what the ledger took back itself --- */

static int by_number(const void *l, const void *r)
{
    return by_key(*(struct bank_entry *const *)l, *(struct bank_entry *const *)r);
}

static void by_returns(struct matching *m)
{
    struct sorted l = open_ones(m->ledger, false, by_number);
    for (size_t i = 0; i < l.n; i++) {
        size_t lo = 0, hi = l.n;
        if (!l.at[i]->about || l.at[i]->set) continue;
        while (lo < hi) {
            size_t mid = lo + (hi - lo) / 2;
            if (l.at[mid]->key < l.at[i]->about) lo = mid + 1;
            else hi = mid;
        }
        if (lo == l.n || l.at[lo]->key != l.at[i]->about || l.at[lo]->set ||
            l.at[lo]->amount != -l.at[i]->amount)
            continue;
        settle(l.at[lo], BANK_MATCHED, -1, 0, 0);
        settle(l.at[i], BANK_MATCHED, -1, 0, 0);
    }
    free(l.at);
}

static void rest(struct bank_side *s, enum bank_kind kind)
{
    for (size_t i = 0; i < s->n; i++)
        if (!s->at[i].set) settle(&s->at[i], kind, -1, 0, 0);
}

void bank_match(struct bank_side *bank, struct bank_side *ledger, int days)
{
    struct matching m = { bank, ledger, days, 0 };
    by_references(&m);
    by_runs(&m);
    by_amounts(&m);
    by_returns(&m);
    rest(bank, BANK_ONLY_BANK);
    rest(ledger, BANK_ONLY_LEDGER);
}
