/* Which balances and uses of lots a transaction writes. By itself it writes them all. One of a group
 * leaves most for later, for the next groups change the same accounts, and rows side by side in the
 * store lie on the same pages: while what is due is worked off in the order it is stored, a piece
 * with every group, what comes meanwhile gathers as the next round. */
#include "programme/money/ledger_part.h"

#include <stdlib.h>

enum {
    FEW = 8,            /* so many rows are written at once and nothing waits */
    ROUND_LEGS = 32768, /* a round is worked off within so many legs: the tail is at most twice that */
    SHARE = 64          /* small groups write twice what they add, up to so much: the tail ends soon */
};

static void *line_add(struct ledger_part *p, struct line *l, size_t width)
{
    if (l->n == l->cap) {
        void *was = l->at;
        l->cap = l->cap ? l->cap * 2 : 1024;
        l->at = arena_array(&p->m->arena, l->cap, width);
        if (l->n) memcpy(l->at, was, l->n * width);
    }
    return (char *)l->at + l->n++ * width;
}

static struct acct *acct_at(const struct line *l, size_t i)
{
    return ((struct acct **)l->at)[i];
}

static void wait_acct(struct ledger_part *p, struct acct *a)
{
    *(struct acct **)line_add(p, &a->head->accts.next, sizeof a) = a;
    a->listed = a->head->as_of;
}

static void wait_use(struct ledger_part *p, struct county_head *h, const struct taken *x)
{
    *(struct taken *)line_add(p, &h->uses.next, sizeof *x) = *x;
}

static int by_key(const void *l, const void *r)
{
    const struct acct *a = *(struct acct *const *)l, *b = *(struct acct *const *)r;
    if (a->county != b->county) return a->county < b->county ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static bool in_list(const struct acct *a)
{
    return a->listed == a->head->as_of;
}

bool behind_begin(struct ledger_part *p, struct county_head *h, struct err *e)
{
    const struct account_ref *ref;
    struct acct *a;
    bool ok = true;
    behind_forget(h);
    if (h->settled >= h->s.seq) return true;
    ok = tail_add(tx_db(p->tx), h->county, h->settled, 0, &p->tail, e);
    for (size_t at = 0; ok && (ref = tail_next(&p->tail, &at)) != NULL;) {
        ok = part_acct(p, *ref, &a, e);
        if (ok) wait_acct(p, a);
    }
    for (size_t i = 0; ok && i < p->tail.n_uses; i++) wait_use(p, h, &p->tail.uses[i]);
    tail_free(&p->tail);
    return ok;
}

static void round_forget(struct round *r)
{
    r->due.n = r->next.n = r->done = r->writes = 0;
}

void behind_forget(struct county_head *h)
{
    round_forget(&h->accts);
    round_forget(&h->uses);
}

/* --- what is written --- */

/* How much of what is due this transaction writes, which adds so many legs and rows. */
static void share(struct round *r, int64_t legs, size_t fresh)
{
    size_t left = r->due.n - r->done, some = (size_t)((int64_t)r->due.n * legs / ROUND_LEGS),
           least = 2 * fresh < SHARE ? 2 * fresh : SHARE;
    r->writes = some > least ? some : least;
    if (r->writes > left) r->writes = left;
}

static bool few(const struct round *r, size_t fresh)
{
    return r->due.n - r->done + r->next.n + fresh <= FEW;
}

static bool ends(const struct round *r)
{
    return r->done + r->writes == r->due.n;
}

static int64_t settled_by(const struct county_head *h)
{
    if (h->all) return h->s.seq;
    if (!ends(&h->accts) || !ends(&h->uses)) return h->settled;
    bool due = h->accts.due.n || h->uses.due.n, next = h->accts.next.n || h->uses.next.n;
    int64_t upto = due ? h->upto : next ? h->settled : h->base.seq;
    return upto > h->settled ? upto : h->settled;
}

static void choose(struct ledger_part *p, struct acct *a)
{
    if (a->written_at == p->m->serial) return;
    a->written_at = p->m->serial;
    p->chosen = mem_more(p->chosen, p->n_chosen, &p->cap_chosen, sizeof *p->chosen);
    p->chosen[p->n_chosen++] = a;
}

static void choose_uses(struct ledger_part *p, const struct taken *at, size_t n)
{
    if (p->n_pieces + n > p->cap_pieces) {
        p->cap_pieces = (p->n_pieces + n) * 2;
        p->pieces = mem_grow(p->pieces, p->cap_pieces * sizeof *p->pieces);
    }
    if (n) memcpy(p->pieces + p->n_pieces, at, n * sizeof *at);
    p->n_pieces += n;
}

/* All that waits, when it is the last transaction or it is little. */
static void choose_listed(struct ledger_part *p, struct county_head *h)
{
    struct round *a = &h->accts, *u = &h->uses;
    int64_t legs = h->s.seq - h->base.seq;
    h->all = !tx_grouped(p->tx) || (few(a, h->fresh_accts) && few(u, h->fresh_uses));
    share(a, h->all ? ROUND_LEGS : legs, h->fresh_accts);
    share(u, h->all ? ROUND_LEGS : legs, h->fresh_uses);
    h->settles = settled_by(h);
    for (size_t i = 0; i < a->writes; i++) choose(p, acct_at(&a->due, a->done + i));
    choose_uses(p, (const struct taken *)u->due.at + u->done, u->writes);
    if (!h->all) return;
    for (size_t i = 0; i < a->next.n; i++) choose(p, acct_at(&a->next, i));
    choose_uses(p, u->next.at, u->next.n);
}

/* The pieces that this transaction's legs took, those apart that were written already. */
static struct county_head *next_taken(const struct ledger_part *p, size_t *i, const struct taken **x)
{
    const struct row_count *c = &p->taken.rows;
    if (*i < c->written) *i = c->written;
    if (*i == c->n) return NULL;
    *x = &p->taken.at[(*i)++];
    return *(struct county_head **)map_get(&p->m->heads, &(*x)->county);
}

void behind_choose(struct ledger_part *p)
{
    const struct taken *x;
    struct county_head *h;
    p->n_chosen = p->n_pieces = 0;
    for (size_t i = 0; i < p->n_heads; i++) p->heads[i]->fresh_accts = p->heads[i]->fresh_uses = 0;
    for (size_t i = 0; i < p->n_accts; i++) {
        struct acct *a = p->accts[i];
        if (a->s.dirty && !in_list(a)) a->head->fresh_accts++;
    }
    for (size_t i = 0; (h = next_taken(p, &i, &x)) != NULL;) h->fresh_uses++;
    for (size_t i = 0; i < p->n_heads; i++) choose_listed(p, p->heads[i]);
    for (size_t i = 0; i < p->n_accts; i++) {
        struct acct *a = p->accts[i];
        if (a->s.dirty && (a->head->all || !a->stored || a->now_at == p->m->serial)) choose(p, a);
    }
    for (size_t i = 0; (h = next_taken(p, &i, &x)) != NULL;)
        if (h->all) choose_uses(p, x, 1);
    if (p->n_chosen) qsort(p->chosen, p->n_chosen, sizeof *p->chosen, by_key);
    if (p->n_pieces) qsort(p->pieces, p->n_pieces, sizeof *p->pieces, taken_order);
}

/* --- what is left --- */

static void strike(const struct line *l, size_t from, size_t n)
{
    for (size_t i = from; i < from + n; i++) acct_at(l, i)->listed = 0;
}

static void next_round(struct round *r, size_t width, int (*order)(const void *, const void *))
{
    struct line done = r->due;
    r->due = r->next;
    r->next = done;
    r->next.n = r->done = 0;
    if (r->due.n) qsort(r->due.at, r->due.n, width, order);
}

static void written(struct county_head *h)
{
    h->settled = h->settles;
    strike(&h->accts.due, h->accts.done, h->accts.writes);
    h->accts.done += h->accts.writes;
    h->uses.done += h->uses.writes;
    h->accts.writes = h->uses.writes = 0;
    if (!h->all) return;
    strike(&h->accts.next, 0, h->accts.next.n);
    behind_forget(h);
}

void behind_committed(struct ledger_part *p)
{
    const struct taken *x;
    struct county_head *h;
    for (size_t i = 0; i < p->n_chosen; i++) p->chosen[i]->stored = true;
    for (size_t i = 0; i < p->n_heads; i++) written(p->heads[i]);
    for (size_t i = 0; i < p->n_accts; i++) {
        struct acct *a = p->accts[i];
        if (a->s.dirty && a->written_at != p->m->serial && !in_list(a)) wait_acct(p, a);
    }
    for (size_t i = 0; (h = next_taken(p, &i, &x)) != NULL;)
        if (!h->all) wait_use(p, h, x);
    for (size_t i = 0; i < p->n_heads; i++) {
        h = p->heads[i];
        if (!ends(&h->accts) || !ends(&h->uses)) continue;
        h->upto = h->s.seq;
        next_round(&h->accts, sizeof(struct acct *), by_key);
        next_round(&h->uses, sizeof(struct taken), taken_order);
    }
}
