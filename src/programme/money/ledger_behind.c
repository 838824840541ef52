/* Which balances a transaction writes. By itself it writes them all. One of a group leaves most for
 * later, for the next groups change the same accounts, and accounts side by side in the store lie
 * on the same pages: while a list of those that are due is worked off in the order they are stored,
 * a piece with every group, those that change meanwhile gather in the next list. */
#include "programme/money/ledger_part.h"

#include <stdlib.h>

enum {
    FEW = 8,            /* so many rows are written at once and nothing waits */
    ROUND_LEGS = 32768, /* a list is worked off within so many legs: the tail is at most twice that */
    SHARE = 64          /* small groups write twice what they add, up to so much: the tail ends soon */
};

static void put(struct ledger_part *p, struct listed *l, struct acct *a)
{
    if (l->n == l->cap) {
        struct acct **was = l->at;
        l->cap = l->cap ? l->cap * 2 : 1024;
        l->at = arena_array(&p->m->arena, l->cap, sizeof *l->at);
        if (l->n) memcpy(l->at, was, l->n * sizeof *was);
    }
    l->at[l->n++] = a;
    a->listed = a->head->as_of;
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
        if (ok) put(p, &h->next, a);
    }
    tail_free(&p->tail);
    return ok;
}

void behind_forget(struct county_head *h)
{
    h->due.n = h->next.n = h->done = h->writes = 0;
}

/* How much of what is due this transaction writes; all that waits when it is the last or it is
 * little. */
static bool writes_all(const struct ledger_part *p, struct county_head *h, size_t fresh)
{
    size_t due = h->due.n - h->done;
    int64_t legs = h->s.seq - h->base.seq;
    h->writes = due;
    if (!tx_grouped(p->tx) || due + h->next.n + fresh <= FEW) return true;
    size_t share = (size_t)((int64_t)h->due.n * legs / ROUND_LEGS);
    size_t least = 2 * fresh < SHARE ? 2 * fresh : SHARE;
    if (share < least) share = least;
    if (share < due) h->writes = share;
    return false;
}

static int64_t settled_by(const struct county_head *h, bool all)
{
    if (all) return h->s.seq;
    if (h->done + h->writes < h->due.n) return h->settled;
    int64_t upto = h->due.n ? h->upto : h->next.n ? h->settled : h->base.seq;
    return upto > h->settled ? upto : h->settled;
}

static void choose(struct ledger_part *p, struct acct *a)
{
    if (a->written_at == p->m->serial) return;
    a->written_at = p->m->serial;
    if (p->n_chosen == p->cap_chosen) {
        p->cap_chosen = p->cap_chosen ? p->cap_chosen * 2 : 64;
        p->chosen = mem_grow(p->chosen, p->cap_chosen * sizeof *p->chosen);
    }
    p->chosen[p->n_chosen++] = a;
}

static void choose_listed(struct ledger_part *p, struct county_head *h)
{
    h->all = writes_all(p, h, h->fresh);
    h->settles = settled_by(h, h->all);
    for (size_t i = 0; i < h->writes; i++) choose(p, h->due.at[h->done + i]);
    for (size_t i = 0; h->all && i < h->next.n; i++) choose(p, h->next.at[i]);
}

void behind_choose(struct ledger_part *p)
{
    p->n_chosen = 0;
    for (size_t i = 0; i < p->n_heads; i++) p->heads[i]->fresh = 0;
    for (size_t i = 0; i < p->n_accts; i++) {
        struct acct *a = p->accts[i];
        if (a->s.dirty && !in_list(a)) a->head->fresh++;
    }
    for (size_t i = 0; i < p->n_heads; i++) choose_listed(p, p->heads[i]);
    for (size_t i = 0; i < p->n_accts; i++) {
        struct acct *a = p->accts[i];
        if (a->s.dirty && (a->head->all || !a->stored || a->now_at == p->m->serial)) choose(p, a);
    }
    if (p->n_chosen) qsort(p->chosen, p->n_chosen, sizeof *p->chosen, by_key);
}

static void strike(struct listed *l, size_t from, size_t n)
{
    for (size_t i = from; i < from + n; i++) l->at[i]->listed = 0;
}

static void next_round(struct county_head *h)
{
    struct listed done = h->due;
    h->due = h->next;
    h->next = done;
    h->next.n = h->done = 0;
    h->upto = h->s.seq;
    if (h->due.n) qsort(h->due.at, h->due.n, sizeof *h->due.at, by_key);
}

void behind_committed(struct ledger_part *p)
{
    for (size_t i = 0; i < p->n_chosen; i++) p->chosen[i]->stored = true;
    for (size_t i = 0; i < p->n_heads; i++) {
        struct county_head *h = p->heads[i];
        h->settled = h->settles;
        strike(&h->due, h->done, h->writes);
        h->done += h->writes;
        h->writes = 0;
        if (!h->all) continue;
        strike(&h->next, 0, h->next.n);
        behind_forget(h);
    }
    for (size_t i = 0; i < p->n_accts; i++) {
        struct acct *a = p->accts[i];
        if (a->s.dirty && a->written_at != p->m->serial && !in_list(a)) put(p, &a->head->next, a);
    }
    for (size_t i = 0; i < p->n_heads; i++)
        if (p->heads[i]->done == p->heads[i]->due.n) next_round(p->heads[i]);
}
