/* Ways: the pieces of a trace back, each followed from where it began to where it is. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/map.h"
#include "programme/money/ledger_part.h"
#include "programme/money/trace.h"

enum { DEEPEST = 64 }; /* accounts on one way; money does not pass through so many hands */

struct lot_key { int64_t county, lot; };
struct following {
    struct arena *a;
    struct trace_edge *edge; size_t n, cap;
    struct map began;              /* lot_key -> int64_t: the account a lot came from that no use made */
    struct ways *out;
    int room;                      /* of out->at */
    int most;
    struct account_ref at[DEEPEST]; /* from where it is, back */
    struct err *e;
};

static bool take_edge(void *arg, const struct trace_edge *x, struct err *e)
{
    struct following *f = arg;
    if (f->n == (size_t)f->most) return err_set(e, ERR_FULL, "the trace has more than %d pieces", f->most);
    f->edge = mem_more(f->edge, f->n, &f->cap, sizeof *f->edge);
    f->edge[f->n++] = *x;
    return true;
}

static bool take_end(void *arg, const struct trace_end *x, struct err *e)
{
    struct following *f = arg;
    struct lot_key key = { x->county, x->lot };
    (void)e;
    *(int64_t *)map_put(&f->began, &key, NULL) = x->account;
    return true;
}

static int by_piece(const void *a, const void *b)
{
    const struct trace_edge *x = a, *y = b;
    const int64_t l[4] = { x->level, x->to_county, x->to_lot, x->to_off };
    const int64_t r[4] = { y->level, y->to_county, y->to_lot, y->to_off };
    for (int i = 0; i < 4; i++)
        if (l[i] != r[i]) return l[i] < r[i] ? -1 : 1;
    return 0;
}

/* The first edge of that level into this lot at `off` or behind. */
static size_t first_into(const struct following *f, int level, const struct span *x)
{
    const struct trace_edge want = { .level = level, .to_county = x->county, .to_lot = x->lot, .to_off = x->off };
    size_t lo = 0, hi = f->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (by_piece(&f->edge[mid], &want) < 0) lo = mid + 1;
        else hi = mid;
    }
    return lo;
}

static struct way *find_way(struct following *f, int n)
{
    struct ways *w = f->out;
    for (int i = 0; i < w->n; i++)
        if (w->at[i].n == n && memcmp(w->at[i].at, f->at, (size_t)n * sizeof *f->at) == 0) return &w->at[i];
    w->at = arena_more(f->a, w->at, w->n, &f->room, sizeof *w->at);
    struct account_ref *at = arena_array(f->a, (size_t)n, sizeof *at);
    memcpy(at, f->at, (size_t)n * sizeof *at);
    w->at[w->n] = (struct way){ .n = n, .at = at, .first = DATE_MAX, .last = DATE_MIN };
    return &w->at[w->n++];
}

static void add_way(struct following *f, int n, int64_t amount, int32_t day)
{
    struct way *w = find_way(f, n);
    w->amount += amount;
    w->pieces++;
    if (day < w->first) w->first = day;
    if (day > w->last) w->last = day;
    f->out->amount += amount;
}

static bool step_on(struct following *f, int *n, struct account_ref at)
{
    if (is_transit(at.id) || (*n && !memcmp(&f->at[*n - 1], &at, sizeof at))) return true;
    if (*n == DEEPEST) return err_set(f->e, ERR_FULL, "a way through more than %d accounts", DEEPEST);
    f->at[(*n)++] = at;
    return true;
}

/* Each piece of the lot in its turn, and each hole between them: that part began there. `day`: when it
 * came to where it is. */
static bool follow(struct following *f, int level, const struct span *x, int n, int32_t day)
{
    int64_t off = x->off;
    if (!step_on(f, &n, (struct account_ref){ x->county, x->account })) return false;
    for (size_t i = first_into(f, level, x); off < x->upto; i++) {
        const struct trace_edge *k = i < f->n ? &f->edge[i] : NULL;
        bool mine = k && k->level == level && k->to_county == x->county && k->to_lot == x->lot && k->to_off < x->upto;
        int64_t next = mine ? k->to_off : x->upto;
        if (next > off) {
            struct lot_key key = { x->county, x->lot };
            const int64_t *giver = map_get(&f->began, &key);
            int steps = n;
            if (!giver) return err_set(f->e, ERR_CORRUPT, "the trace does not add up; see `jiedui verify`");
            if (!step_on(f, &steps, (struct account_ref){ x->county, *giver })) return false;
            add_way(f, steps, next - off, day);
        }
        if (!mine) return true;
        struct span piece = { k->from_county, k->from_lot, k->from_off, k->from_off + k->amount, k->from_account };
        if (!follow(f, level + 1, &piece, n, level == 1 ? k->day : day)) return false;
        off = k->to_off + k->amount;
    }
    return true;
}

static int larger_first(const void *a, const void *b)
{
    const struct way *x = a, *y = b;
    if (x->amount != y->amount) return x->amount > y->amount ? -1 : 1;
    if (x->n != y->n) return x->n - y->n;
    return memcmp(x->at, y->at, (size_t)x->n * sizeof *x->at);
}

/* From where it began. */
static void turn_round(struct ways *w)
{
    for (int i = 0; i < w->n; i++) {
        struct account_ref *at = w->at[i].at;
        for (int l = 0, r = w->at[i].n - 1; l < r; l++, r--) {
            struct account_ref x = at[l];
            at[l] = at[r];
            at[r] = x;
        }
    }
    if (w->n) qsort(w->at, (size_t)w->n, sizeof *w->at, larger_first);
}

bool ways_back(struct db *d, const struct spans *to, int most, struct arena *a, struct ways *out, struct err *e)
{
    struct following f = { .a = a, .out = out, .most = most, .e = e };
    struct trace_sink sink = { take_edge, take_end, &f };
    *out = (struct ways){ .n = 0 };
    map_init(&f.began, sizeof(struct lot_key), sizeof(int64_t));
    bool ok = trace_back(d, to->at, to->n, &sink, e);
    if (ok && f.n) qsort(f.edge, f.n, sizeof *f.edge, by_piece);
    for (size_t i = 0; ok && i < to->n; i++) ok = follow(&f, 1, &to->at[i], 0, DATE_MIN);
    if (ok) turn_round(out);
    map_free(&f.began);
    free(f.edge);
    return ok;
}
