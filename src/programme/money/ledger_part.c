/* The ledger's state in a transaction: heads, accounts, rows that wait, and the way back. */
#include "programme/money/ledger_part.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "entity/load.h"
#include "programme/money/flow.h"
#include "programme/numbers.h"
#include "store/seal.h"

#define ROWS_AT_ONCE 512

static void *open_part(struct tx *tx)
{
    struct ledger_part *p = mem_alloc(sizeof *p);
    p->tx = tx;
    p->key = store_row_key(db_store(tx_db(tx)));
    p->pending_load = -2;
    p->command = 1;
    arena_init(&p->arena, (size_t)8 << 30);
    map_init(&p->accts, sizeof(struct account_ref), sizeof(struct acct *));
    map_init(&p->heads, sizeof(int64_t), sizeof(struct head *));
    p->transfers = (struct rows){ .stmt = ledger_sql(LEDGER_TRANSFER_ADD), .width = T_NCOLS };
    p->uses = (struct rows){ .stmt = ledger_sql(LEDGER_USE_ADD), .width = U_NCOLS };
    return p;
}

static void close_part(void *self)
{
    struct ledger_part *p = self;
    arena_free(&p->arena);
    map_free(&p->accts);
    map_free(&p->heads);
    free(p->undo);
    free(p->transfers.at);
    free(p->uses.at);
    free(p);
}

/* What an earlier command of the group has written is in the database for good. */
static void mark_rows(struct rows *r)
{
    if (r->written == r->n) r->written = r->n = 0;
    r->n_mark = r->n;
    r->written_mark = r->written;
}

/* A new command begins: what was done before it is not taken back any more. */
static size_t mark_part(void *self)
{
    struct ledger_part *p = self;
    p->n_undo = 0;
    p->command++;
    mark_rows(&p->transfers);
    mark_rows(&p->uses);
    return 0;
}

static void rewind_part(void *self, size_t mark)
{
    struct ledger_part *p = self;
    (void)mark;
    while (p->n_undo > 0) {
        const struct undo *u = &p->undo[--p->n_undo];
        if (u->acct) u->acct->s = u->was;
        else u->head->s = u->head_was;
    }
    p->command++;
    p->transfers.n = p->transfers.n_mark;
    p->transfers.written = p->transfers.written_mark;
    p->uses.n = p->uses.n_mark;
    p->uses.written = p->uses.written_mark;
}

static bool write_rows(struct ledger_part *p, struct rows *r, struct err *e)
{
    size_t n = r->n - r->written;
    if (n &&
        !tx_exec_many(p->tx, r->stmt, r->at + r->written * (size_t)r->width, r->width, n, NULL, e))
        return false;
    r->written = r->n = r->n_mark;
    return true;
}

bool part_write_rows(struct ledger_part *p, struct err *e)
{
    return write_rows(p, &p->transfers, e) && write_rows(p, &p->uses, e);
}

#define BALANCE_WIDTH 10

static bool write_balances(struct ledger_part *p, struct err *e)
{
    const struct store *store = db_store(tx_db(p->tx));
    struct val *rows = mem_alloc((p->accts.count + 1) * BALANCE_WIDTH * sizeof *rows);
    const void *key;
    void *value;
    size_t n = 0;
    for (size_t at = 0; map_next(&p->accts, &at, &key, &value);) {
        const struct acct *a = *(struct acct **)value;
        if (!a->s.dirty) continue;
        const int64_t v[BALANCE_WIDTH - 1] = { a->county, a->id, a->s.balance, a->s.reserved,
            a->s.expected, a->s.front, a->s.front_off, a->s.gaps, a->s.holes };
        struct val *row = &rows[n++ * BALANCE_WIDTH];
        for (int i = 0; i < BALANCE_WIDTH - 1; i++) row[i] = val_int(v[i]);
        row[BALANCE_WIDTH - 1] = val_int(seal_of(store, &ledger_tables[TABLE_BALANCE], row));
    }
    bool ok = tx_exec_many(p->tx, ledger_sql(LEDGER_BALANCE_SET), rows, BALANCE_WIDTH, n, NULL, e);
    free(rows);
    return ok;
}

static bool write_heads(struct ledger_part *p, struct err *e)
{
    const void *key;
    void *value;
    for (size_t at = 0; map_next(&p->heads, &at, &key, &value);) {
        const struct head *h = *(struct head **)value;
        if (h->s.seq == h->base) continue;
        struct val v[3] = { val_int(h->county), val_int(h->s.seq), val_int(h->s.last_id) };
        if (!tx_exec(p->tx, ledger_sql(LEDGER_HEAD_SET), v, 3, NULL, e)) return false;
    }
    return true;
}

/* One journal entry for all that a transaction did to a county's ledger. */
static bool write_journal(struct ledger_part *p, struct err *e)
{
    const void *key;
    void *value;
    for (size_t at = 0; map_next(&p->heads, &at, &key, &value);) {
        const struct head *h = *(struct head **)value;
        if (h->s.count == 0) continue;
        unsigned char body[8];
        for (int i = 0; i < 8; i++) body[i] = (unsigned char)((uint64_t)h->s.count >> (8 * i));
        struct journal_entry j = { .kind = JOURNAL_NOTE, .table = NUMBER_TRANSFER,
            .county = h->county, .id = h->s.first, .after = (int64_t)h->s.sum,
            .actor = h->s.actor, .body = body, .body_n = sizeof body };
        if (!journal_add(p->tx, &j, e)) return false;
    }
    return true;
}

/* Whoever watches records sees the new legs as they stand in the store. */
static bool tell_legs(struct ledger_part *p, struct err *e)
{
    const struct model *mo = store_model(db_store(tx_db(p->tx)));
    const void *key;
    void *value;
    bool ok = true;
    for (size_t at = 0; ok && mo && map_next(&p->heads, &at, &key, &value);) {
        const struct head *h = *(struct head **)value;
        ok = flow_tell(p->tx, mo, h->county, h->base, h->s.seq, e);
    }
    return ok;
}

static bool flush_part(struct tx *tx, void *self, struct err *e)
{
    struct ledger_part *p = self;
    (void)tx;
    p->transfers.n_mark = p->uses.n_mark = 0;
    return part_write_rows(p, e) && write_balances(p, e) && write_heads(p, e) &&
           write_journal(p, e) && tell_legs(p, e);
}

static const struct tx_part ledger_part_kind = { .name = "ledger", .rank = 10, .open = open_part,
    .mark = mark_part, .rewind = rewind_part, .flush = flush_part, .close = close_part };

struct ledger_part *ledger_part(struct tx *tx)
{
    return tx_part(tx, &ledger_part_kind);
}

bool ledger_refuse(struct err *e, const char *rule, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return err_field(e, ERR_INVALID, rule, "%s (rule %s)", text, rule);
}

static struct undo *push_undo(struct ledger_part *p)
{
    if (p->n_undo == p->cap_undo) {
        p->cap_undo = p->cap_undo ? p->cap_undo * 2 : 64;
        p->undo = mem_grow(p->undo, p->cap_undo * sizeof *p->undo);
    }
    struct undo *u = &p->undo[p->n_undo++];
    memset(u, 0, sizeof *u);
    return u;
}

void part_save_acct(struct ledger_part *p, struct acct *a)
{
    if (a->saved_at != p->command) {
        struct undo *u = push_undo(p);
        u->acct = a;
        u->was = a->s;
        a->saved_at = p->command;
    }
    a->s.dirty = true;
}

void part_save_head(struct ledger_part *p, struct head *h)
{
    if (h->saved_at == p->command) return;
    struct undo *u = push_undo(p);
    u->head = h;
    u->head_was = h->s;
    h->saved_at = p->command;
}

static bool take_head(void *arg, const struct val *row, int n, struct err *e)
{
    struct head *h = arg;
    (void)n;
    (void)e;
    h->base = h->s.seq = row[0].i;
    h->s.last_id = row[1].i;
    return true;
}

bool part_head(struct ledger_part *p, int64_t county, struct head **out, struct err *e)
{
    struct head **held = map_get(&p->heads, &county), fresh = { .county = county, .base = -1 };
    if (held) {
        *out = *held;
        return true;
    }
    struct val v = val_int(county);
    if (!tx_query(p->tx, ledger_sql(LEDGER_HEAD), &v, 1, take_head, &fresh, e)) return false;
    if (fresh.base < 0 &&
        (!tx_exec(p->tx, ledger_sql(LEDGER_HEAD_NEW), &v, 1, NULL, e) ||
         !tx_query(p->tx, ledger_sql(LEDGER_HEAD), &v, 1, take_head, &fresh, e)))
        return false;
    if (fresh.base < 0)
        return err_set(e, ERR_INTERNAL, "the ledger of county %lld has no head", (long long)county);
    struct head *h = arena_alloc(&p->arena, sizeof *h);
    *h = fresh;
    *(struct head **)map_put(&p->heads, &county, NULL) = h;
    *out = h;
    return true;
}

static enum holder holder_of(struct val v)
{
    static const char *const names[] = { "outside", "place", "organisation", "project", "household",
                                         "payee" };
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
        if (v.type == VAL_TEXT && v.n == strlen(names[i]) && memcmp(v.p, names[i], v.n) == 0)
            return (enum holder)i;
    return HOLDER_OUTSIDE;
}

struct reading { struct acct *a; bool found; };

static void take_state(struct acct_state *s, const struct val *row)
{
    bool used = row[0].type == VAL_INT;
    int64_t v[7] = { 0 };
    for (int i = 0; used && i < 7; i++) v[i] = row[i].i;
    *s = (struct acct_state){ .balance = v[0], .reserved = v[1], .expected = v[2], .front = v[3],
        .front_off = v[4], .gaps = v[5], .holes = v[6], .next = v[3] };
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
    if (row[2].type == VAL_TEXT && row[2].n < sizeof a->earmark)
        memcpy(a->earmark, row[2].p, row[2].n);
    a->fund_line = row[3].type == VAL_INT ? row[3].i : 0;
    take_state(&a->s, row + 4);
    return true;
}

static bool take_transit(void *arg, const struct val *row, int n, struct err *e)
{
    struct reading *r = arg;
    (void)n;
    (void)e;
    take_state(&r->a->s, row);
    return true;
}

bool part_acct(struct ledger_part *p, struct account_ref ref, struct acct **out, struct err *e)
{
    struct acct **held = map_get(&p->accts, &ref);
    if (held) {
        *out = *held;
        return true;
    }
    struct head *h;
    if (!part_head(p, ref.county, &h, e)) return false;
    if (p->pending_load == -2 && !load_pending(tx_db(p->tx), &p->pending_load, e)) return false;
    struct acct *a = arena_alloc(&p->arena, sizeof *a);
    *a = (struct acct){ .county = ref.county, .id = ref.id, .holder = HOLDER_TRANSIT,
                        .s = { .next = ALL_READ, .gaps_read = true } };
    struct reading r = { .a = a, .found = is_transit(ref.id) };
    struct val v[3] = { val_int(ref.county), val_int(ref.id), val_int(p->pending_load) };
    bool ok = is_transit(ref.id)
                  ? tx_query(p->tx, ledger_sql(LEDGER_BALANCE), v, 2, take_transit, &r, e)
                  : tx_query(p->tx, ledger_sql(LEDGER_ACCOUNT), v, 3, take_account, &r, e);
    if (!ok) return false;
    if (!r.found)
        return ledger_refuse(e, "account", "there is no account %lld in county %lld",
                             (long long)ref.id, (long long)ref.county);
    *(struct acct **)map_put(&p->accts, &ref, NULL) = a;
    *out = a;
    return true;
}

static bool push_row(struct ledger_part *p, struct rows *r, const struct val *row, struct err *e)
{
    if (r->n - r->written >= ROWS_AT_ONCE && !part_write_rows(p, e)) return false;
    if (r->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 64;
        r->at = mem_grow(r->at, r->cap * (size_t)r->width * sizeof *r->at);
    }
    memcpy(r->at + r->n++ * (size_t)r->width, row, (size_t)r->width * sizeof *row);
    return true;
}

static bool push_counted(struct ledger_part *p, struct head *h, struct rows *r, uint32_t number,
                         struct val *row, struct err *e)
{
    int64_t digest = row_digest(p->key, number, row, (size_t)r->width - 1);
    row[r->width - 1] = val_int(digest);
    part_save_head(p, h);
    h->s.sum += (uint64_t)digest;
    h->s.count++;
    return push_row(p, r, row, e);
}

bool part_transfer(struct ledger_part *p, struct head *h, struct val row[T_NCOLS], struct err *e)
{
    return push_counted(p, h, &p->transfers, NUMBER_TRANSFER, row, e);
}

bool part_use(struct ledger_part *p, struct head *h, struct val row[U_NCOLS], struct err *e)
{
    return push_counted(p, h, &p->uses, NUMBER_LOT_USE, row, e);
}

struct val part_text(struct ledger_part *p, const char *s)
{
    return val_text(arena_strdup(&p->arena, s));
}
