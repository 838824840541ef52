/* The ledger's state in a transaction: rows that wait, what is written at the end, and the way
 * back. */
#include "programme/money/ledger_part.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "programme/money/flow.h"
#include "programme/numbers.h"
#include "store/seal.h"

#define ROWS_AT_ONCE 512
#define TAKEN_AT_ONCE 16384 /* of one command, in the order they are stored */
#define COUNTED_AT_ONCE 64

static const struct tx_part ledger_part_kind;

static void *open_part(struct tx *tx)
{
    struct ledger_part *p = mem_alloc(sizeof *p);
    p->tx = tx;
    p->key = store_row_key(db_store(tx_db(tx)));
    p->m = ledger_memory_open(tx, &ledger_part_kind);
    p->pending_load = -2;
    arena_init(&p->arena, (size_t)8 << 30);
    p->transfers = (struct leg_rows){ .stmt = ledger_sql(LEDGER_TRANSFER_ADD),
        .number = NUMBER_TRANSFER, .width = T_NCOLS };
    p->uses = (struct leg_rows){ .stmt = ledger_sql(LEDGER_USE_ADD), .number = NUMBER_LOT_USE,
                             .width = U_NCOLS };
    return p;
}

static void close_part(void *self)
{
    struct ledger_part *p = self;
    ledger_memory_close(p);
    arena_free(&p->arena);
    free(p->accts);
    free(p->chosen);
    free(p->pieces);
    free(p->taken.at);
    tail_free(&p->tail);
    free(p->heads);
    free(p->undo);
    free(p->transfers.at);
    free(p->uses.at);
    free(p);
}

/* What an earlier command of the group has written is in the database for good. */
static void mark_rows(struct row_count *r)
{
    if (r->written == r->n) r->written = r->n = 0;
    r->n_mark = r->n;
    r->written_mark = r->written;
}

static void rewind_rows(struct row_count *r)
{
    r->n = r->n_mark;
    r->written = r->written_mark;
}

/* A new command begins: what was done before it is not taken back any more. */
static size_t mark_part(void *self)
{
    struct ledger_part *p = self;
    p->n_undo = 0;
    p->m->command++;
    mark_rows(&p->transfers.rows);
    mark_rows(&p->uses.rows);
    mark_rows(&p->taken.rows);
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
    p->m->command++;
    rewind_rows(&p->transfers.rows);
    rewind_rows(&p->uses.rows);
    rewind_rows(&p->taken.rows);
}

/* Makes their digests, and sums them up in the heads. */
static void count_rows(struct ledger_part *p, const struct leg_rows *r, struct val *rows, size_t n)
{
    size_t width = (size_t)r->width, some;
    int64_t digests[COUNTED_AT_ONCE];
    struct county_head *h = NULL;
    for (size_t at = 0; at < n; at += some, rows += some * width) {
        some = n - at < COUNTED_AT_ONCE ? n - at : COUNTED_AT_ONCE;
        row_digests(p->key, r->number, rows, width - 1, width, some, digests);
        for (size_t i = 0; i < some; i++) {
            struct val *row = rows + i * width;
            int64_t county = row[0].i;
            row[width - 1] = val_int(digests[i]);
            if (!h || h->county != county)
                h = *(struct county_head **)map_get(&p->m->heads, &county);
            part_save_head(p, h);
            h->s.sum += (uint64_t)digests[i];
            h->s.count++;
        }
    }
}

static bool write_rows(struct ledger_part *p, struct leg_rows *r, struct err *e)
{
    struct row_count *c = &r->rows;
    size_t n = c->n - c->written;
    struct val *rows = r->at + c->written * (size_t)r->width;
    count_rows(p, r, rows, n);
    if (n && !tx_exec_many(p->tx, r->stmt, rows, r->width, n, NULL, e)) return false;
    c->written = c->n = c->n_mark;
    return true;
}

bool part_write_rows(struct ledger_part *p, struct err *e)
{
    return write_rows(p, &p->transfers, e) && write_rows(p, &p->uses, e);
}

void taken_row(const struct taken *x, struct val out[TAKEN_NCOLS])
{
    const int64_t v[TAKEN_NCOLS] = { x->county, x->u.lot_county, x->u.lot, x->u.off, x->u.to_lot,
        x->u.amount, x->back, x->u.to_id, x->credit, x->day };
    for (int i = 0; i < TAKEN_NCOLS; i++) out[i] = val_int(v[i]);
}

static bool write_taken(struct ledger_part *p, const struct taken *at, size_t n, struct err *e)
{
    const struct stmt *s = ledger_sql(LEDGER_TAKEN_ADD);
    size_t some = n < ROWS_AT_ONCE ? n : ROWS_AT_ONCE;
    struct val *rows = mem_alloc((some + 1) * TAKEN_NCOLS * sizeof *rows);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i += some) {
        if (some > n - i) some = n - i;
        for (size_t k = 0; k < some; k++) taken_row(&at[i + k], rows + k * TAKEN_NCOLS);
        ok = tx_exec_many(p->tx, s, rows, TAKEN_NCOLS, some, NULL, e);
    }
    free(rows);
    return ok;
}

/* A long command writes some of them early; up to the mark they stay for the way back. */
static bool write_some(struct ledger_part *p, struct taken_rows *r, struct err *e)
{
    struct row_count *c = &r->rows;
    size_t n = c->n - c->written;
    struct taken *sorted = mem_alloc(n * sizeof *sorted);
    memcpy(sorted, r->at + c->written, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, taken_order);
    bool ok = write_taken(p, sorted, n, e);
    free(sorted);
    c->written = c->n = c->n_mark;
    return ok;
}

static bool push_taken(struct ledger_part *p, const struct taken *x, struct err *e)
{
    struct taken_rows *r = &p->taken;
    struct row_count *c = &r->rows;
    if (c->n - c->written >= TAKEN_AT_ONCE && !write_some(p, r, e)) return false;
    r->at = mem_more(r->at, c->n, &r->cap, sizeof *r->at);
    r->at[c->n++] = *x;
    return true;
}

#define BALANCE_WIDTH 14

/* In the order they are stored, so that a page is looked for once. */
static bool write_balances(struct ledger_part *p, struct err *e)
{
    size_t n = p->n_chosen;
    struct val *rows = mem_alloc((n + 1) * BALANCE_WIDTH * sizeof *rows);
    for (size_t k = 0; k < n; k++) {
        const struct acct *a = p->chosen[k];
        const int64_t v[BALANCE_WIDTH - 1] = { a->county, a->id, a->s.balance, a->s.reserved,
            a->s.expected, a->s.front, a->s.front_off, a->s.gaps, a->s.holes, a->s.ins,
            a->s.last_in, a->s.skip_in, a->s.last_out };
        for (int i = 0; i < BALANCE_WIDTH - 1; i++) rows[k * BALANCE_WIDTH + i] = val_int(v[i]);
    }
    seal_rows(db_store(tx_db(p->tx)), &ledger_tables[TABLE_BALANCE], rows, n);
    bool ok = tx_exec_many(p->tx, ledger_sql(LEDGER_BALANCE_PUT), rows, BALANCE_WIDTH, n, NULL, e);
    free(rows);
    return ok;
}

void head_row(const struct ledger_part *p, int64_t county, int64_t seq, int64_t last_id,
              int64_t settled, struct val out[HEAD_NCOLS])
{
    const int64_t v[] = { county, seq, last_id, settled };
    for (int i = 0; i < HEAD_SEAL; i++) out[i] = val_int(v[i]);
    out[HEAD_SEAL] = val_int(seal_of(db_store(tx_db(p->tx)), &ledger_tables[TABLE_HEAD], out));
}

static bool write_heads(struct ledger_part *p, struct err *e)
{
    for (size_t i = 0; i < p->n_heads; i++) {
        const struct county_head *h = p->heads[i];
        struct val v[HEAD_NCOLS];
        if (h->s.seq == h->base.seq && h->settles == h->settled) continue;
        head_row(p, h->county, h->s.seq, h->s.last_id, h->settles, v);
        if (!tx_exec(p->tx, ledger_sql(LEDGER_HEAD_SET), v, HEAD_NCOLS, NULL, e)) return false;
    }
    return true;
}

/* One journal entry for all that a transaction did to a county's ledger. */
static bool write_journal(struct ledger_part *p, struct err *e)
{
    for (size_t k = 0; k < p->n_heads; k++) {
        const struct county_head *h = p->heads[k];
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
    struct flow_range *range = mem_alloc((p->n_heads + 1) * sizeof *range);
    size_t n = 0;
    for (size_t i = 0; mo && i < p->n_heads; i++) {
        const struct county_head *h = p->heads[i];
        if (h->s.seq > h->base.seq)
            range[n++] = (struct flow_range){ h->county, h->base.seq, h->s.seq };
    }
    bool ok = flow_tell(p->tx, mo, range, n, e);
    free(range);
    return ok;
}

static bool flush_part(struct tx *tx, void *self, struct err *e)
{
    struct ledger_part *p = self;
    (void)tx;
    p->transfers.rows.n_mark = p->uses.rows.n_mark = 0;
    if (!part_write_rows(p, e)) return false;
    behind_choose(p);
    return write_balances(p, e) && write_taken(p, p->pieces, p->n_pieces, e) && write_heads(p, e) &&
           write_journal(p, e) && tell_legs(p, e);
}

/* Alone in its transaction, which is no group's: the flush writes all that waits. */
static bool settle_part(struct tx *tx, void *arg, struct err *e)
{
    struct ledger_part *p = ledger_part(tx);
    const void *key;
    void *value;
    (void)arg;
    for (size_t at = 0; map_next(&p->m->heads, &at, &key, &value);) {
        struct county_head *h = *(struct county_head **)value;
        if (head_waits(h) && !part_head(p, h->county, &h, e)) return false;
    }
    return true;
}

static const struct tx_part ledger_part_kind = { .name = "ledger", .rank = 10, .open = open_part,
    .mark = mark_part, .rewind = rewind_part, .flush = flush_part, .close = close_part,
    .waits = ledger_memory_waits, .settle = settle_part };

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
    p->undo = mem_more(p->undo, p->n_undo, &p->cap_undo, sizeof *p->undo);
    struct undo *u = &p->undo[p->n_undo++];
    memset(u, 0, sizeof *u);
    return u;
}

void part_save_acct(struct ledger_part *p, struct acct *a)
{
    if (a->saved_at != p->m->command) {
        struct undo *u = push_undo(p);
        u->acct = a;
        u->was = a->s;
        a->saved_at = p->m->command;
    }
    a->s.dirty = true;
}

void part_write_now(struct ledger_part *p, struct acct *a)
{
    a->now_at = p->m->serial;
}

void part_save_head(struct ledger_part *p, struct county_head *h)
{
    if (h->saved_at == p->m->command) return;
    struct undo *u = push_undo(p);
    u->head = h;
    u->head_was = h->s;
    h->saved_at = p->m->command;
}

static bool push_row(struct ledger_part *p, struct leg_rows *r, const struct val *row, struct err *e)
{
    struct row_count *c = &r->rows;
    if (c->n - c->written >= ROWS_AT_ONCE && !part_write_rows(p, e)) return false;
    r->at = mem_more(r->at, c->n, &r->cap, (size_t)r->width * sizeof *r->at);
    memcpy(r->at + c->n++ * (size_t)r->width, row, (size_t)r->width * sizeof *row);
    return true;
}

bool part_transfer(struct ledger_part *p, const struct val row[T_NCOLS], struct err *e)
{
    struct taken x;
    return push_row(p, &p->transfers, row, e) && (!taken_of(row, &x) || push_taken(p, &x, e));
}

bool part_use(struct ledger_part *p, const struct val row[U_NCOLS], struct err *e)
{
    return push_row(p, &p->uses, row, e);
}

struct val part_text(struct ledger_part *p, const char *s)
{
    return val_text(arena_strdup(&p->arena, s));
}
