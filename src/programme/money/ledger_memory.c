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

/* What was not committed is read again. */
void ledger_memory_close(struct ledger_part *p)
{
    struct ledger_memory *m = p->m;
    bool good = tx_committed(p->tx);
    for (size_t i = 0; !good && i < p->n_heads; i++) p->heads[i]->as_of = ++m->edition;
    for (size_t i = 0; good && i < p->n_accts; i++) {
        p->accts[i]->stored |= p->accts[i]->s.dirty;
        lots_keep(p->accts[i]);
    }
    if (p->placed) m->position = good ? journal_end(p->tx, p->position) : -1;
}

/* --- heads --- */

struct head_row { int64_t seq, last_id; bool found; };

static bool take_head(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n;
    (void)e;
    *(struct head_row *)arg = (struct head_row){ row[0].i, row[1].i, true };
    return true;
}

/* Locks it, too. */
static bool read_head(struct ledger_part *p, int64_t county, struct head_row *out, struct err *e)
{
    struct val v = val_int(county);
    if (!tx_query(p->tx, ledger_sql(LEDGER_HEAD), &v, 1, take_head, out, e)) return false;
    if (out->found) return true;
    if (!tx_exec(p->tx, ledger_sql(LEDGER_HEAD_NEW), &v, 1, NULL, e) ||
        !tx_query(p->tx, ledger_sql(LEDGER_HEAD), &v, 1, take_head, out, e))
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
    struct head_row row = { 0 };
    if (!read_head(p, county, &row, e)) return false;
    if (!h) {
        h = arena_alloc(&m->arena, sizeof *h);
        h->county = county;
        h->s.seq = -1;
        *(struct county_head **)map_put(&m->heads, &county, NULL) = h;
    }
    if (h->s.seq != row.seq || h->s.last_id != row.last_id) h->as_of = ++m->edition;
    h->base = row.seq;
    h->s = (struct head_state){ .seq = row.seq, .last_id = row.last_id };
    h->seen_at = m->serial;
    if (p->n_heads == p->cap_heads) {
        p->cap_heads = p->cap_heads ? p->cap_heads * 2 : 8;
        p->heads = mem_grow(p->heads, p->cap_heads * sizeof *p->heads);
    }
    p->heads[p->n_heads++] = h;
    *out = h;
    return true;
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

struct reading { struct acct *a; bool state, found; };

#define STATE_WIDTH 11

static void take_state(struct acct *a, const struct val *row)
{
    struct acct_state *s = &a->s;
    bool used = a->stored = row[0].type == VAL_INT;
    int64_t v[STATE_WIDTH] = { 0 };
    for (int i = 0; used && i < STATE_WIDTH; i++) v[i] = row[i].i;
    *s = (struct acct_state){ .balance = v[0], .reserved = v[1], .expected = v[2], .front = v[3],
        .front_off = v[4], .gaps = v[5], .holes = v[6], .ins = v[7], .last_in = v[8],
        .skip_in = v[9], .last_out = v[10], .next = v[3] };
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
    if (r->state) take_state(a, row + 4);
    return true;
}

static bool take_transit(void *arg, const struct val *row, int n, struct err *e)
{
    struct reading *r = arg;
    (void)n;
    (void)e;
    if (r->state) take_state(r->a, row);
    return true;
}

static bool read_acct(struct ledger_part *p, struct acct *a, bool state, struct err *e)
{
    bool transit = is_transit(a->id);
    struct reading r = { .a = a, .state = state, .found = transit };
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
    a->base_in = a->s.last_in;
    a->base_skip = a->s.skip_in;
    if (p->n_accts == p->cap_accts) {
        p->cap_accts = p->cap_accts ? p->cap_accts * 2 : 64;
        p->accts = mem_grow(p->accts, p->cap_accts * sizeof *p->accts);
    }
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
