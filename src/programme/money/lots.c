/* The open pieces of an account's lots. In the store: everything from the front on is open,
 * everything before it is gone, and marks say the exceptions. In memory: a list, read as far as it
 * is needed. */
#include "programme/money/ledger_part.h"

#include <stdlib.h>

#include "store/seal.h"

static struct piece *grow(struct ledger_part *p, struct piece *q, size_t n, size_t *cap)
{
    *cap = *cap ? *cap * 2 : 4;
    struct piece *bigger = arena_array(&p->arena, *cap, sizeof *bigger);
    if (n) memcpy(bigger, q, n * sizeof *q);
    return bigger;
}

static void push(struct ledger_part *p, struct acct_state *s, struct piece piece)
{
    if (piece.off >= piece.upto) return;
    if (s->n == s->cap) s->q = grow(p, s->q, s->n, &s->cap);
    if (s->first == s->n) s->head_off = piece.off;
    s->q[s->n++] = piece;
}

struct holes { struct piece *at; size_t n, cap; };

static bool take_hole(void *arg, const struct val *row, int n, struct err *e)
{
    struct holes *h = arg;
    (void)n;
    (void)e;
    h->at = mem_more(h->at, h->n, &h->cap, sizeof *h->at);
    h->at[h->n++] = (struct piece){ .lot = row[0].i, .off = row[1].i, .upto = row[2].i };
    return true;
}

/* The gaps lie before the front, so they come first; all at once, so that a piece given back finds
 * its place among them. */
static bool read_gaps(struct ledger_part *p, struct acct *a, struct err *e)
{
    struct holes gaps = { 0 };
    struct val v[2] = { val_int(a->county), val_int(a->id) };
    bool ok = tx_query(p->tx, ledger_sql(LEDGER_MARKS), v, 2, take_hole, &gaps, e);
    for (size_t i = 0; ok && i < gaps.n; i++) {
        gaps.at[i].gap = true;
        push(p, &a->s, gaps.at[i]);
    }
    free(gaps.at);
    a->s.gaps_read = ok;
    return ok;
}

static bool read_holes(struct ledger_part *p, struct acct *a, int64_t from, int64_t to,
                       struct holes *h, struct err *e)
{
    struct val v[4] = { val_int(a->county), val_int(a->id), val_int(from), val_int(to) };
    return a->s.holes == 0 || tx_query(p->tx, ledger_sql(LEDGER_HOLES), v, 4, take_hole, h, e);
}

/* The piece without the holes in it; *at walks along the holes. */
static void push_without(struct ledger_part *p, struct acct_state *s, struct piece piece,
                         const struct holes *h, size_t *at)
{
    while (*at < h->n && h->at[*at].lot < piece.lot) ++*at;
    for (; *at < h->n && h->at[*at].lot == piece.lot; ++*at) {
        const struct piece *hole = &h->at[*at];
        if (hole->upto <= piece.off) continue;
        push(p, s, (struct piece){ piece.lot, piece.off, hole->off, false });
        piece.off = hole->upto;
    }
    push(p, s, piece);
}

static bool take_lot(void *arg, const struct leg *l, struct err *e)
{
    struct val row[3] = { val_int(l->seq), val_int(0), val_int(l->amount) };
    if (l->kind != LEG_RETURN) (void)take_hole(arg, row, 3, e);
    return true;
}

/* The next lots, up to a leg with a skip or to the last one there is. They come newest first. */
static bool next_lots(struct ledger_part *p, struct acct *a, struct holes *out, int64_t *upto,
                      struct err *e)
{
    struct db *d = tx_db(p->tx);
    struct account_ref ref = { a->county, a->id };
    if (!chain_start(d, ref, a->base.skip_in, a->s.next, upto, e) ||
        !legs_in(d, ref, *upto ? *upto : a->base.last_in, a->s.next, take_lot, out, e))
        return false;
    for (size_t i = 0; i < out->n / 2; i++) {
        struct piece other = out->at[i];
        out->at[i] = out->at[out->n - 1 - i];
        out->at[out->n - 1 - i] = other;
    }
    return true;
}

static bool read_lots(struct ledger_part *p, struct acct *a, struct err *e)
{
    struct acct_state *s = &a->s;
    struct holes lots = { 0 }, h = { 0 };
    int64_t upto;
    size_t at = 0;
    bool ok = next_lots(p, a, &lots, &upto, e) &&
              (lots.n == 0 || read_holes(p, a, lots.at[0].lot, lots.at[lots.n - 1].lot, &h, e));
    for (size_t i = 0; ok && i < lots.n; i++) {
        if (lots.at[i].lot == s->front) lots.at[i].off = s->front_off;
        push_without(p, s, lots.at[i], &h, &at);
    }
    free(lots.at);
    free(h.at);
    if (!ok) return false;
    if (upto) {
        s->next = upto + 1;
        return true;
    }
    s->next = ALL_READ;
    for (size_t i = 0; i < s->n_fresh; i++) push(p, s, s->fresh[i]);
    return true;
}

/* How many of the pieces can be kept: whole lots, and all the gaps or none. */
static size_t how_many(const struct acct_state *s)
{
    size_t all = s->n - s->first, n = all < PIECES_KEPT ? all : PIECES_KEPT;
    if (n == all) return n;
    for (size_t i = 0; i < all; i++)
        if (s->q[s->first + i].gap) return 0;
    while (n > 0 && s->q[s->first + n].lot == s->q[s->first + n - 1].lot) n--;
    return n;
}

void lots_keep(struct acct *a)
{
    struct acct_state *s = &a->s;
    struct piece kept[PIECES_KEPT];
    size_t n = how_many(s), all = s->n - s->first;
    for (size_t i = 0; i < n; i++) {
        kept[i] = s->q[s->first + i];
        if (i == 0) kept[i].off = s->head_off;
    }
    if (n < all) {
        s->gaps_read = n > 0 || s->gaps == 0;
        s->next = n > 0 ? kept[n - 1].lot + 1 : s->front;
    }
    memcpy(a->kept, kept, n * sizeof *kept);
    s->q = a->kept;
    s->first = 0;
    s->n = n;
    s->cap = PIECES_KEPT;
    s->fresh = NULL;
    s->n_fresh = s->cap_fresh = 0;
    s->dirty = false;
}

/* Until a piece is there, or all is read. */
static bool read_more(struct ledger_part *p, struct acct *a, struct err *e)
{
    while (a->s.first == a->s.n && !(a->s.gaps_read && a->s.next == ALL_READ))
        if (!(a->s.gaps_read ? read_lots(p, a, e) : read_gaps(p, a, e))) return false;
    return true;
}

/* Brings the lots of this transaction into the list, before a command changes its middle. */
static bool settle(struct ledger_part *p, struct acct *a, struct err *e)
{
    while (a->s.n_fresh && a->s.next != ALL_READ)
        if (!(a->s.gaps_read ? read_lots(p, a, e) : read_gaps(p, a, e))) return false;
    return true;
}

static bool mark_add(struct ledger_part *p, struct acct *a, bool gap, int64_t lot, int64_t off,
                     int64_t upto, struct err *e)
{
    struct val v[7] = { val_int(a->county), val_int(a->id), val_int(gap),
                        val_int(lot),       val_int(off),   val_int(upto) };
    if (off >= upto) return true;
    part_write_now(p, a);
    if (gap) a->s.gaps++;
    else a->s.holes++;
    v[6] = val_int(seal_of(db_store(tx_db(p->tx)), &ledger_tables[TABLE_MARK], v));
    return tx_exec(p->tx, ledger_sql(LEDGER_MARK_ADD), v, 7, NULL, e);
}

static bool mark_drop(struct ledger_part *p, struct acct *a, bool gap, int64_t lot, int64_t off,
                      struct err *e)
{
    struct val v[5] = { val_int(a->county), val_int(a->id), val_int(gap), val_int(lot),
                        val_int(off) };
    int64_t changed;
    part_write_now(p, a);
    if (!tx_exec(p->tx, ledger_sql(LEDGER_MARK_DROP), v, 5, &changed, e)) return false;
    if (changed != 1)
        return err_set(e, ERR_CORRUPT,
                       "county %lld, account %lld: the mark of lot %lld at %lld is gone",
                       (long long)a->county, (long long)a->id, (long long)lot, (long long)off);
    if (gap) a->s.gaps--;
    return true;
}

bool lots_take(struct ledger_part *p, struct acct *a, int64_t amount, piece_fn *sink, void *arg,
               struct err *e)
{
    struct acct_state *s = &a->s;
    while (amount > 0) {
        if (s->first == s->n && !read_more(p, a, e)) return false;
        if (s->first == s->n)
            return err_set(e, ERR_CORRUPT,
                           "county %lld, account %lld: its lots do not cover its balance",
                           (long long)a->county, (long long)a->id);
        const struct piece *q = &s->q[s->first];
        int64_t off = s->head_off, part = q->upto - off < amount ? q->upto - off : amount;
        if (!sink(arg, q->lot, off, part, e)) return false;
        if (q->gap) {
            if (!mark_drop(p, a, true, q->lot, off, e) ||
                !mark_add(p, a, true, q->lot, off + part, q->upto, e))
                return false;
        } else {
            s->front = q->lot;
            s->front_off = off + part;
        }
        amount -= part;
        s->head_off += part;
        if (s->head_off < q->upto) continue;
        s->first++;
        if (s->first < s->n) s->head_off = s->q[s->first].off;
    }
    return true;
}

/* Takes from..to of the lot out of the list; what stays is a new list. */
static void list_cut(struct ledger_part *p, struct acct_state *s, int64_t lot, int64_t from,
                     int64_t to)
{
    struct acct_state old = *s;
    s->q = NULL;
    s->first = s->n = s->cap = 0;
    for (size_t i = old.first; i < old.n; i++) {
        struct piece q = old.q[i];
        if (i == old.first) q.off = old.head_off;
        if (q.lot != lot || q.upto <= from || q.off >= to) {
            push(p, s, q);
            continue;
        }
        push(p, s, (struct piece){ lot, q.off, from, q.gap });
        push(p, s, (struct piece){ lot, q.off > to ? q.off : to, q.upto, q.gap });
    }
}

/* Before the first piece that comes later. */
static void list_insert(struct ledger_part *p, struct acct_state *s, struct piece piece)
{
    struct acct_state old = *s;
    bool in = false;
    s->q = NULL;
    s->first = s->n = s->cap = 0;
    for (size_t i = old.first; i < old.n; i++) {
        struct piece q = old.q[i];
        if (i == old.first) q.off = old.head_off;
        if (!in && (q.lot > piece.lot || (q.lot == piece.lot && q.off > piece.off))) {
            push(p, s, piece);
            in = true;
        }
        push(p, s, q);
    }
    if (!in) push(p, s, piece);
}

void lots_put(struct ledger_part *p, struct acct *a, int64_t lot, int64_t amount)
{
    struct acct_state *s = &a->s;
    struct piece piece = { lot, 0, amount, false };
    if (s->balance == 0) { /* all earlier lots are gone, read or not */
        s->front = lot;
        s->front_off = 0;
        s->q = NULL;
        s->first = s->n = s->cap = s->n_fresh = 0;
        s->gaps_read = true;
        s->next = ALL_READ;
    }
    if (s->next == ALL_READ) {
        push(p, s, piece);
        return;
    }
    if (s->n_fresh == s->cap_fresh) s->fresh = grow(p, s->fresh, s->n_fresh, &s->cap_fresh);
    s->fresh[s->n_fresh++] = piece;
}

static bool before_front(const struct acct_state *s, int64_t lot, int64_t off)
{
    return lot < s->front || (lot == s->front && off < s->front_off);
}

bool lots_give_back(struct ledger_part *p, struct acct *a, int64_t lot, int64_t off, int64_t upto,
                    struct err *e)
{
    struct acct_state *s = &a->s;
    bool gap = before_front(s, lot, off);
    if (!settle(p, a, e)) return false;
    bool known = gap ? s->gaps_read : lot < s->next;
    if (gap ? !mark_add(p, a, true, lot, off, upto, e) : !mark_drop(p, a, false, lot, off, e))
        return false;
    if (known) list_insert(p, s, (struct piece){ lot, off, upto, gap });
    return true;
}

static bool gaps_of(struct ledger_part *p, struct acct *a, int64_t lot, struct holes *out,
                    struct err *e)
{
    struct val v[3] = { val_int(a->county), val_int(a->id), val_int(lot) };
    return a->s.gaps == 0 ||
           tx_query(p->tx, ledger_sql(LEDGER_MARKS_OF_LOT), v, 3, take_hole, out, e);
}

bool lots_remove(struct ledger_part *p, struct acct *a, int64_t lot, int64_t amount, struct err *e)
{
    struct acct_state *s = &a->s;
    struct holes gaps = { 0 };
    bool ok = settle(p, a, e) && gaps_of(p, a, lot, &gaps, e);
    for (size_t i = 0; ok && i < gaps.n; i++) ok = mark_drop(p, a, true, lot, gaps.at[i].off, e);
    free(gaps.at);
    if (ok && lot >= s->front)
        ok = mark_add(p, a, false, lot, lot == s->front ? s->front_off : 0, amount, e);
    if (ok) list_cut(p, s, lot, 0, amount);
    return ok;
}

/* Takes off..off+amount, all of it open, from one side of the front. */
static bool take_part(struct ledger_part *p, struct acct *a, const struct piece *open,
                      int64_t amount, piece_fn *sink, void *arg, struct err *e)
{
    int64_t upto = open->off + amount;
    if (!sink(arg, open->lot, open->off, amount, e)) return false;
    bool ok = open->gap ? mark_drop(p, a, true, open->lot, open->off, e) &&
                              mark_add(p, a, true, open->lot, upto, open->upto, e)
                        : mark_add(p, a, false, open->lot, open->off, upto, e);
    if (ok) list_cut(p, &a->s, open->lot, open->off, upto);
    return ok;
}

/* The open pieces of one lot, in order. */
static bool open_pieces(struct ledger_part *p, struct acct *a, const struct leg *l,
                        struct holes *out, struct err *e)
{
    struct holes holes = { 0 };
    int64_t from = l->seq == a->s.front ? a->s.front_off : 0;
    if (!gaps_of(p, a, l->seq, out, e)) return false;
    for (size_t i = 0; i < out->n; i++) out->at[i].gap = true;
    if (l->seq < a->s.front) return true;
    bool ok = read_holes(p, a, l->seq, l->seq, &holes, e);
    for (size_t i = 0; ok && i <= holes.n; i++) {
        int64_t upto = i < holes.n ? holes.at[i].off : l->amount;
        struct val v[3] = { val_int(l->seq), val_int(from), val_int(upto) };
        if (i < holes.n && holes.at[i].upto <= from) continue;
        if (from < upto) ok = take_hole(out, v, 3, e);
        if (i < holes.n) from = holes.at[i].upto;
    }
    free(holes.at);
    return ok;
}

bool lots_take_named(struct ledger_part *p, struct acct *a, struct lot_name name, piece_fn *sink,
                     void *arg, struct err *e)
{
    struct leg l;
    bool found;
    struct holes open = { 0 };
    if (!settle(p, a, e) || !part_write_rows(p, e) ||
        !leg_by_seq(tx_db(p->tx), a->county, name.seq, &l, &found, e))
        return false;
    if (!found || l.credit != a->id || (l.kind != LEG_MOVE && l.kind != LEG_ARRIVAL))
        return ledger_refuse(e, "lot", "lot %lld is not one of this account", (long long)name.seq);
    int64_t left = name.amount ? name.amount : INT64_MAX;
    bool ok = open_pieces(p, a, &l, &open, e);
    for (size_t i = 0; ok && left > 0 && i < open.n; i++) {
        int64_t part = open.at[i].upto - open.at[i].off;
        if (part > left) part = left;
        ok = take_part(p, a, &open.at[i], part, sink, arg, e);
        left -= part;
    }
    free(open.at);
    if (ok && name.amount && left > 0)
        return ledger_refuse(e, "lot", "lot %lld has %lld fen less open than that",
                             (long long)name.seq, (long long)left);
    return ok;
}
