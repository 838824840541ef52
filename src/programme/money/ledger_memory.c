/* What the ledger reads of heads and accounts, and keeps with the connection between
 * transactions. */
#include "programme/money/ledger_part.h"

#include <stdlib.h>

#include "entity/load.h"
#include "programme/numbers.h"

#define ACCOUNTS_KEPT 131072 /* beyond, memory begins anew */

static void drop_memory(void *self)
{
    struct ledger_memory *m = self;
    arena_free(&m->arena);
    map_free(&m->accts);
    map_free(&m->heads);
    free(m);
}

struct ledger_memory *ledger_memory_open(struct tx *tx, const struct tx_part *kind)
{
    void **slot = tx_keep(tx, kind, drop_memory);
    struct ledger_memory *m = *slot;
    if (m && m->accts.count > ACCOUNTS_KEPT) {
        drop_memory(m);
        m = NULL;
    }
    if (!m) {
        *slot = m = mem_alloc(sizeof *m);
        arena_init(&m->arena, (size_t)8 << 30);
        map_init(&m->accts, sizeof(struct account_ref), sizeof(struct acct *));
        map_init(&m->heads, sizeof(int64_t), sizeof(struct county_head *));
        m->position = -1;
    }
    m->serial++;
    m->command++;
    return m;
}

bool ledger_memory_waits(const void *memory)
{
    const struct ledger_memory *m = memory;
    const void *key;
    void *value;
    for (size_t at = 0; map_next(&m->heads, &at, &key, &value);)
        if (head_waits(*(struct county_head **)value)) return true;
    return false;
}

/* What was not committed is as it was before; when the commit took place all the same, the head in
 * the store says so. */
static void take_back(struct ledger_part *p)
{
    struct ledger_memory *m = p->m;
    for (size_t i = 0; i < p->n_heads; i++) {
        struct county_head *h = p->heads[i];
        h->s = h->base;
        if (h->read_at != m->serial) continue;
        h->as_of = ++m->edition;
        h->s.seq = -1;
        behind_forget(h);
    }
    for (size_t i = 0; i < p->n_accts; i++) p->accts[i]->s = p->accts[i]->base;
}

void ledger_memory_close(struct ledger_part *p)
{
    struct ledger_memory *m = p->m;
    bool good = tx_committed(p->tx);
    if (good) behind_committed(p);
    else take_back(p);
    for (size_t i = 0; i < p->n_accts; i++) lots_keep(p->accts[i]);
    if (p->placed) m->position = good ? journal_end(p->tx, p->position) : -1;
}

/* --- heads --- */

struct head_read { int64_t seq, last_id, settled; bool found; };

static bool take_head(void *arg, const struct val *row, int n, struct err *e)
{
    const struct val *settled = &row[HEAD_SETTLED];
    (void)n;
    (void)e;
    *(struct head_read *)arg = (struct head_read){ row[HEAD_SEQ].i, row[HEAD_LAST_ID].i,
        settled->type == VAL_INT ? settled->i : row[HEAD_SEQ].i, true };
    return true;
}

/* Locks it, too. */
static bool read_head(struct ledger_part *p, int64_t county, struct head_read *out, struct err *e)
{
    struct val v[HEAD_NCOLS] = { val_int(county) };
    if (!tx_query(p->tx, ledger_sql(LEDGER_HEAD), v, 1, take_head, out, e)) return false;
    if (out->found) return true;
    head_row(p, county, 0, 0, 0, v);
    if (!tx_exec(p->tx, ledger_sql(LEDGER_HEAD_NEW), v, HEAD_NCOLS, NULL, e) ||
        !tx_query(p->tx, ledger_sql(LEDGER_HEAD), v, 1, take_head, out, e))
        return false;
    return out->found || err_set(e, ERR_INTERNAL, "the ledger of county %lld has no head",
                                 (long long)county);
}

bool part_head(struct ledger_part *p, int64_t county, struct county_head **out, struct err *e)
{
    struct ledger_memory *m = p->m;
    struct county_head **held = map_get(&m->heads, &county), *h = held ? *held : NULL;
    if (h && h->seen_at == m->serial) {
        *out = h;
        return true;
    }
    struct head_read row = { 0 };
    if (!read_head(p, county, &row, e)) return false;
    if (!h) {
        h = arena_alloc(&m->arena, sizeof *h);
        h->county = county;
        h->s.seq = -1;
        *(struct county_head **)map_put(&m->heads, &county, NULL) = h;
    }
    bool anew = h->s.seq != row.seq || h->s.last_id != row.last_id;
    h->s = h->base = (struct head_state){ .seq = row.seq, .last_id = row.last_id };
    h->settled = h->settles = row.settled;
    h->seen_at = m->serial;
    p->heads = mem_more(p->heads, p->n_heads, &p->cap_heads, sizeof *p->heads);
    p->heads[p->n_heads++] = h;
    *out = h;
    if (!anew) return true;
    h->as_of = ++m->edition;
    h->read_at = m->serial;
    if (behind_begin(p, h, e)) return true;
    h->seen_at = 0;
    h->s.seq = -1;
    p->n_heads--;
    return false;
}

/* --- accounts --- */

static enum holder holder_of(struct val v)
{
    static const char *const names[] = { "outside", "place", "organisation", "project", "household",
                                         "payee" };
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
        if (v.type == VAL_TEXT && v.n == strlen(names[i]) && memcmp(v.p, names[i], v.n) == 0)
            return (enum holder)i;
    return HOLDER_OUTSIDE;
}

struct reading { const struct ledger_part *p; struct acct *a; bool state, found; };

static void take_state(const struct ledger_part *p, struct acct *a, const struct val *row)
{
    struct acct_state *s = &a->s;
    struct amounts k;
    a->stored = amounts_of(row, &k);
    (void)tail_apply(&p->tail, (struct account_ref){ a->county, a->id }, &k);
    *s = (struct acct_state){ .balance = k.balance, .reserved = k.reserved,
        .expected = k.expected, .front = k.front, .front_off = k.front_off, .gaps = k.gaps,
        .holes = k.holes, .ins = k.ins, .last_in = k.last_in, .skip_in = k.skip_in,
        .last_out = k.last_out, .next = k.front };
    s->gaps_read = s->gaps == 0;
    if (s->balance == 0) {
        s->gaps_read = true;
        s->next = ALL_READ;
    }
}

static bool take_account(void *arg, const struct val *row, int n, struct err *e)
{
    struct reading *r = arg;
    struct acct *a = r->a;
    (void)n;
    (void)e;
    r->found = true;
    a->restricted = row[0].type != VAL_INT || row[0].i != 0;
    a->holder = holder_of(row[1]);
    memset(a->earmark, 0, sizeof a->earmark);
    if (row[2].type == VAL_TEXT && row[2].n < sizeof a->earmark)
        memcpy(a->earmark, row[2].p, row[2].n);
    a->fund_line = row[3].type == VAL_INT ? row[3].i : 0;
    if (r->state) take_state(r->p, a, row + 4);
    return true;
}

static bool take_transit(void *arg, const struct val *row, int n, struct err *e)
{
    struct reading *r = arg;
    (void)n;
    (void)e;
    if (r->state) take_state(r->p, r->a, row);
    return true;
}

static bool read_acct(struct ledger_part *p, struct acct *a, bool state, struct err *e)
{
    bool transit = is_transit(a->id);
    struct reading r = { .p = p, .a = a, .state = state, .found = transit };
    if (state) {
        a->s = (struct acct_state){ .next = ALL_READ, .gaps_read = true };
        a->stored = false;
    }
    if (p->pending_load == -2 && !load_pending(tx_db(p->tx), &p->pending_load, e)) return false;
    struct val v[3] = { val_int(a->county), val_int(a->id), val_int(p->pending_load) };
    a->facts_at = a->as_of = 0;
    bool ok = transit ? tx_query(p->tx, ledger_sql(LEDGER_BALANCE), v, 2, take_transit, &r, e)
                      : tx_query(p->tx, ledger_sql(LEDGER_ACCOUNT), v, 3, take_account, &r, e);
    if (!ok) return false;
    if (!r.found)
        return ledger_refuse(e, "account", "there is no account %lld in county %lld",
                             (long long)a->id, (long long)a->county);
    a->as_of = a->head->as_of;
    a->facts_at = p->m->facts;
    return true;
}

bool part_peek(struct ledger_part *p, struct account_ref ref, struct acct *out, struct err *e)
{
    *out = (struct acct){ .county = ref.county, .id = ref.id };
    out->head = &(struct county_head){ .county = ref.county };
    bool ok = read_acct(p, out, false, e);
    out->head = NULL;
    return ok;
}

/* What accounts are may have been changed: by others since we left, or by a command of this
 * transaction. */
static bool check_facts(struct ledger_part *p, struct err *e)
{
    if (!p->placed) {
        if (!journal_position(p->tx, &p->position, e)) return false;
        if (p->position != p->m->position) p->m->facts++;
        p->placed = true;
    }
    int64_t edits = journal_added(p->tx, NUMBER_LEDGER_ACCOUNT);
    if (edits != p->edits) p->m->facts++;
    p->edits = edits;
    return true;
}

/* The first use of an account in this transaction. */
static bool enter(struct ledger_part *p, struct acct *a, struct err *e)
{
    bool state = a->as_of != a->head->as_of;
    if ((state || a->facts_at != p->m->facts) && !read_acct(p, a, state, e)) return false;
    a->seen_at = p->m->serial;
    a->base = a->s;
    p->accts = mem_more(p->accts, p->n_accts, &p->cap_accts, sizeof *p->accts);
    p->accts[p->n_accts++] = a;
    return true;
}

/* From memory; made there when it is met for the first time. */
static struct acct *recall(struct ledger_part *p, struct account_ref ref, struct county_head *h)
{
    struct ledger_memory *m = p->m;
    struct acct **held = map_get(&m->accts, &ref);
    if (held) return *held;
    struct acct *a = arena_alloc(&m->arena, sizeof *a);
    a->county = ref.county;
    a->id = ref.id;
    a->head = h;
    a->holder = HOLDER_TRANSIT;
    *(struct acct **)map_put(&m->accts, &ref, NULL) = a;
    return a;
}

bool part_acct(struct ledger_part *p, struct account_ref ref, struct acct **out, struct err *e)
{
    struct acct **recent = &p->recent[ref.id & (RECENT - 1)], *a = *recent;
    struct county_head *h;
    if (!a || a->id != ref.id || a->county != ref.county) {
        if (!part_head(p, ref.county, &h, e)) return false;
        a = recall(p, ref, h);
    }
    if (!check_facts(p, e)) return false;
    *out = *recent = a;
    if (a->seen_at != p->m->serial) return enter(p, a, e);
    return a->facts_at == p->m->facts || read_acct(p, a, false, e);
}
