/* The ledger's part of the proof, one county at a time: every digest, the numbering of legs, the
 * sums in the journal; balances and promises computed again from the legs; lots from their uses: no
 * fen is taken twice, every debit of a restricted account is covered to the fen, and what is open
 * of an account's lots, by the uses and by front and marks alike, is its balance. */
#include "programme/money/ledger_part.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "programme/numbers.h"
#include "store/seal.h"

struct tally { int64_t count; uint64_t sum; bool head; int64_t seq, last_id, settled; }; /* of a county */

struct held {                       /* one leg */
    int64_t debit, credit, amount, used, filled;
    int64_t taken;                  /* digest of its row in lot_taken; 0 = none, or it is there */
    enum leg_kind kind;
    bool returned;
};

struct book {                       /* one account */
    int64_t balance, reserved, expected, open, implied, front, front_off, gaps, marks;
    int64_t ins, last_in, skip_in, last_out;
    bool known, restricted, stored, used;
};

/* From one county to another: what left the one and did not come to the other. */
struct way_key { int64_t home, far; };
struct way { int64_t moved, promised; };

struct proof {
    struct db *db;
    const struct row_key *key;
    struct faults *told;
    struct map journal;             /* county -> struct tally */
    int64_t county, last_id;
    struct map ways;                /* struct way_key -> struct way */
    struct tally rows;
    struct held *legs; size_t n, cap; /* legs[seq - 1] */
    struct map books;               /* account -> struct book */
    struct tail tail;               /* legs that the stored balances need not hold */
    int64_t lot_county, lot, upto;  /* the last use: pieces of a lot may not overlap */
    bool numbered;
};

static void tell(struct proof *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void tell(struct proof *v, const char *fmt, ...)
{
    char text[300];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    fault_tell(v->told, "ledger, county %" PRId64 ": %s", v->county, text);
}

static struct book *book(struct proof *v, int64_t account)
{
    return map_put(&v->books, &account, NULL);
}

static bool sum_journal(void *arg, const struct journal_row *j, struct err *e)
{
    struct map *m = arg;
    (void)e;
    if (j->kind != JOURNAL_NOTE || j->table != NUMBER_TRANSFER || j->body_n != 8) return true;
    const unsigned char *b = j->body;
    struct tally *t = map_put(m, &j->county, NULL);
    uint64_t count = 0;
    for (int i = 7; i >= 0; i--) count = count << 8 | b[i];
    t->count += (int64_t)count;
    t->sum += (uint64_t)j->after;
    return true;
}

static bool add_county(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n;
    (void)e;
    struct tally *t = map_put(arg, &row[0].i, NULL);
    t->head = true;
    t->seq = row[1].i;
    t->last_id = row[2].i;
    t->settled = row[3].type == VAL_INT ? row[3].i : t->seq;
    return true;
}

static bool add_taken_county(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n, (void)e;
    map_put(arg, &row[0].i, NULL);
    return true;
}

static bool digest_fits(struct proof *v, uint32_t number, const struct val *row, int n)
{
    v->rows.count++;
    v->rows.sum += (uint64_t)row[n - 1].i;
    return row_digest(v->key, number, row, (size_t)n - 1) == row[n - 1].i;
}

/* --- legs --- */

/* Each leg names the one before it into and out of the same accounts. */
static void check_chain(struct proof *v, const struct leg *l)
{
    struct book *out = book(v, l->debit);
    bool fits = l->before_out == out->last_out;
    out->last_out = l->seq;
    struct book *in = book(v, l->credit);
    bool skips = ++in->ins % SKIP_EVERY == 0;
    fits = fits && l->before_in == in->last_in && l->skip_in == (skips ? in->skip_in : 0);
    in->last_in = l->seq;
    if (skips) in->skip_in = l->seq;
    if (!fits) tell(v, "leg %" PRId64 " does not name the legs before it", l->seq);
}

static void apply(struct proof *v, const struct leg *l)
{
    struct held *about = NULL;
    bool ends = l->kind == LEG_ARRIVAL || l->kind == LEG_VOID,
         moves = l->kind != LEG_PROMISE && l->kind != LEG_VOID;
    if (l->has_about && l->about > 0 && l->about < l->seq)
        about = &v->legs[l->about - 1];
    if (l->kind != LEG_MOVE && l->kind != LEG_PROMISE && !about)
        tell(v, "leg %" PRId64 " is about a leg that is not there", l->seq);
    if (l->kind == LEG_RETURN && about) about->returned = true;
    int64_t held_back = l->kind == LEG_PROMISE ? l->amount : ends ? -l->amount : 0;
    book(v, l->debit)->used = true;
    book(v, l->credit)->used = true;
    book(v, l->debit)->reserved += held_back;
    book(v, l->credit)->expected += held_back;
    if (!moves) return;
    check_chain(v, l);
    struct book *from = book(v, l->debit);
    from->balance -= l->amount;
    if (from->restricted && from->balance < 0)
        tell(v, "leg %" PRId64 " takes account %" PRId64 " below zero", l->seq, l->debit);
    book(v, l->credit)->balance += l->amount;
}

static int64_t taken_digest(const struct proof *v, const struct val *leg)
{
    struct taken x;
    struct val row[TAKEN_NCOLS];
    if (!taken_of(leg, &x)) return 0;
    taken_row(&x, row);
    return row_digest(v->key, NUMBER_LOT_USE, row, TAKEN_NCOLS);
}

static bool take_leg(void *arg, const struct val *row, int n, struct err *e)
{
    struct proof *v = arg;
    struct leg l;
    (void)e;
    leg_of(row, &l);
    if (l.id > v->last_id) v->last_id = l.id;
    if (!digest_fits(v, NUMBER_TRANSFER, row, n))
        tell(v, "leg %" PRId64 " of transfer %" PRId64 " is not what was written", l.seq, l.id);
    if (l.seq != (int64_t)v->n + 1) {
        if (v->numbered) tell(v, "legs are missing before number %" PRId64, l.seq);
        v->numbered = false;
        if (l.seq <= (int64_t)v->n || l.seq > INT64_C(1) << 32) return true;
    }
    while (v->n < (size_t)l.seq) {
        v->legs = mem_more(v->legs, v->n, &v->cap, sizeof *v->legs);
        v->legs[v->n++] = (struct held){ .amount = 0 };
    }
    v->legs[l.seq - 1] = (struct held){ .debit = l.debit, .credit = l.credit, .amount = l.amount,
                                        .kind = l.kind, .taken = taken_digest(v, row) };
    apply(v, &l);
    return true;
}

/* --- uses --- */

static struct held *leg_at(struct proof *v, int64_t seq)
{
    return seq > 0 && (size_t)seq <= v->n ? &v->legs[seq - 1] : NULL;
}

static void check_piece(struct proof *v, const struct use *u)
{
    struct held *lot = leg_at(v, u->lot), *to = leg_at(v, u->to_lot);
    bool same = v->lot_county == u->lot_county && v->lot == u->lot;
    if (!to) {
        tell(v, "lot %" PRId64 " is used by leg %" PRId64 ", which is not there", u->lot,
             u->to_lot);
        return;
    }
    to->filled += u->amount;
    if (u->lot_county != v->county) {
        if (to->debit != transit_from(u->lot_county) || to->amount != u->amount)
            tell(v, "leg %" PRId64 " did not come from county %" PRId64, u->to_lot, u->lot_county);
        return;
    }
    if (!lot || lot->credit != to->debit) {
        tell(v, "leg %" PRId64 " uses lot %" PRId64 " of another account", u->to_lot, u->lot);
        return;
    }
    lot->used += u->amount;
    if (u->off < 0 || u->amount <= 0 || u->off + u->amount > lot->amount)
        tell(v, "leg %" PRId64 " takes more of lot %" PRId64 " than there is", u->to_lot, u->lot);
    if (same && u->off < v->upto)
        tell(v, "the same money of lot %" PRId64 " is used twice, the second time by leg %" PRId64,
             u->lot, u->to_lot);
    v->lot_county = u->lot_county;
    v->lot = u->lot;
    v->upto = u->off + u->amount;
}

static bool take_use(void *arg, const struct val *row, int n, struct err *e)
{
    struct proof *v = arg;
    (void)e;
    if (!digest_fits(v, NUMBER_LOT_USE, row, n))
        tell(v, "the use of lot %" PRId64 " by leg %" PRId64 " is not what was written",
             row[U_LOT].i, row[U_TO_LOT].i);
    return true;
}

/* Rows of lot_taken: those of later legs than the last settled one may be missing. */
static bool take_taken(void *arg, const struct val *row, int n, struct err *e)
{
    struct proof *v = arg;
    struct held *l = leg_at(v, row[4].i);
    (void)e;
    if (l && l->taken && l->taken == row_digest(v->key, NUMBER_LOT_USE, row, (size_t)n)) l->taken = 0;
    else tell(v, "lot_taken says that leg %" PRId64 " took %" PRId64 " fen of lot %" PRId64
              ", which the leg does not", row[4].i, row[5].i, row[2].i);
    return true;
}

static void check_taken(struct proof *v, int64_t settled)
{
    for (size_t i = 0; i < v->n && (int64_t)i < settled; i++)
        if (v->legs[i].taken)
            tell(v, "lot_taken has not what leg %zu took", i + 1);
}

/* A piece given back stands right behind itself, so one row is kept until the next is seen. */
struct pieces { struct proof *v; struct use kept; bool any; };

static bool take_piece(void *arg, const struct val *row, int n, struct err *e)
{
    struct pieces *p = arg;
    (void)n;
    (void)e;
    struct use u = { .lot_county = row[0].i, .lot = row[1].i, .off = row[2].i, .to_lot = row[3].i,
                     .to_off = row[4].i, .amount = row[5].i };
    if (row[6].i) {
        if (!p->any || p->kept.lot != u.lot || p->kept.off != u.off || p->kept.to_lot != u.to_lot ||
            p->kept.amount != u.amount)
            tell(p->v, "leg %" PRId64 " gives back of lot %" PRId64 " what it did not take",
                 u.to_lot, u.lot);
        p->any = false;
        return true;
    }
    if (p->any) check_piece(p->v, &p->kept);
    p->kept = u;
    p->any = true;
    return true;
}

/* --- accounts --- */

static bool take_account(void *arg, const struct val *row, int n, struct err *e)
{
    struct book *b = book(arg, row[0].i);
    (void)n;
    (void)e;
    b->known = true;
    b->restricted = row[1].type != VAL_INT || row[1].i != 0;
    return true;
}

static bool take_balance(void *arg, const struct val *row, int n, struct err *e)
{
    struct proof *v = arg;
    int64_t account = row[AMOUNTS_WIDTH].i;
    struct book *b = book(v, account);
    struct amounts k;
    (void)n;
    (void)e;
    amounts_of(row, &k);
    (void)tail_apply(&v->tail, (struct account_ref){ v->county, account }, &k);
    b->stored = true;
    b->front = k.front;
    b->front_off = k.front_off;
    b->gaps = k.gaps;
    if (b->ins != k.ins || b->last_in != k.last_in || b->skip_in != k.skip_in ||
        b->last_out != k.last_out)
        tell(v, "account %" PRId64 ": its last legs are %" PRId64 " and %" PRId64
             ", not those it says", account, b->last_in, b->last_out);
    if (b->balance != k.balance || b->reserved != k.reserved || b->expected != k.expected)
        tell(v,
             "account %" PRId64 ": its stored balance is %" PRId64 " fen, %" PRId64
             " promised away, and its legs make %" PRId64 " and %" PRId64,
             account, k.balance, k.reserved, b->balance, b->reserved);
    return true;
}

static bool take_mark(void *arg, const struct val *row, int n, struct err *e)
{
    struct book *b = book(arg, row[0].i);
    int64_t lot = row[2].i, off = row[3].i, upto = row[4].i;
    (void)n;
    (void)e;
    bool before = lot < b->front || (lot == b->front && off < b->front_off);
    if (row[1].i) {
        b->marks++;
        b->implied += upto - off;
    } else if (!before) {
        b->implied -= upto - off;
    }
    return true;
}

static void check_leg(struct proof *v, int64_t seq)
{
    struct held *l = leg_at(v, seq);
    if (l->kind != LEG_MOVE && l->kind != LEG_ARRIVAL) return;
    struct book *from = book(v, l->debit);
    if ((from->restricted || (is_transit(l->debit) && l->debit % 2)) &&
        l->filled != (l->returned ? 0 : l->amount))
        tell(v, "leg %" PRId64 " moves %" PRId64 " fen, and its lots make %" PRId64, seq, l->amount,
             l->filled);
    struct book *to = book(v, l->credit);
    if (!to->restricted) return;
    if (l->returned && l->used) tell(v, "lot %" PRId64 " was returned, and is in use", seq);
    if (!l->returned) to->open += l->amount - l->used;
    if (seq >= to->front) to->implied += l->amount - (seq == to->front ? to->front_off : 0);
}

static void add_way(struct proof *v, int64_t account, const struct book *b)
{
    bool leaves = account % 2 == 0;
    int64_t other = transit_county(account);
    struct way_key key = { leaves ? v->county : other, leaves ? other : v->county };
    struct way *w = map_put(&v->ways, &key, NULL);
    w->moved += b->balance;
    w->promised += leaves ? b->expected : -b->reserved;
}

/* A leg that is to be brought over, as its own county has it. */
struct waiting { int64_t home, seq, far, amount, kind, id, leg; bool there; };
struct outbox { struct waiting *at; size_t n, cap; };

static bool take_waiting(void *arg, const struct val *row, int n, struct err *e)
{
    struct outbox *o = arg;
    (void)n;
    (void)e;
    o->at = mem_more(o->at, o->n, &o->cap, sizeof *o->at);
    o->at[o->n++] = (struct waiting){ row[0].i, row[1].i, row[2].i, row[3].i, row[4].i, row[5].i,
                                      row[6].i, row[3].type == VAL_INT };
    return true;
}

static bool take_arrived(void *arg, const struct val *row, int n, struct err *e)
{
    (void)row, (void)n, (void)e;
    *(bool *)arg = true;
    return true;
}

static bool check_waiting(struct proof *v, const struct waiting *x, struct err *e)
{
    bool back = x->kind == LEG_RETURN, arrived = false;
    struct way_key key = { back ? x->far : x->home, back ? x->home : x->far };
    struct val p[4] = { val_int(x->far), val_int(x->id), val_int(x->leg),
                        val_int(back ? transit_to(x->home) : transit_from(x->home)) };
    v->county = x->home;
    if (!x->there) {
        tell(v, "leg %" PRId64 " is to be brought over, and is not there", x->seq);
        return true;
    }
    if (!db_query(v->db, ledger_sql(LEDGER_ARRIVED), p, 4, take_arrived, &arrived, e)) return false;
    if (arrived) return true;
    struct way *w = map_put(&v->ways, &key, NULL);
    if (back || x->kind == LEG_MOVE || x->kind == LEG_ARRIVAL) w->moved -= x->amount;
    if (x->kind == LEG_PROMISE) w->promised -= x->amount;
    else if (!back && x->kind != LEG_MOVE) w->promised += x->amount;
    return true;
}

/* Two counties' legs are never joined: what waits is read with its own, then asked for where it goes. */
static bool add_under_way(struct proof *v, struct err *e)
{
    struct outbox o = { 0 };
    bool ok = db_query(v->db, ledger_sql(LEDGER_UNDER_WAY), NULL, 0, take_waiting, &o, e);
    for (size_t i = 0; i < o.n && ok; i++) ok = check_waiting(v, &o.at[i], e);
    free(o.at);
    return ok;
}

/* What is between two counties is what waits to be brought over. */
static bool check_ways(struct proof *v, struct err *e)
{
    const void *key;
    void *value;
    if (!add_under_way(v, e)) return false;
    for (size_t at = 0; map_next(&v->ways, &at, &key, &value);) {
        const struct way_key *k = key;
        const struct way *w = value;
        v->county = k->home;
        if (w->moved || w->promised)
            tell(v, "what went to county %" PRId64 " and what came from it there differ by %" PRId64
                 " fen moved and %" PRId64 " promised", k->far, w->moved, w->promised);
    }
    return true;
}

static void check_books(struct proof *v)
{
    const void *key;
    void *value;
    for (size_t at = 0; map_next(&v->books, &at, &key, &value);) {
        const struct book *b = value;
        int64_t account = *(const int64_t *)key;
        if (is_transit(account)) add_way(v, account, b);
        if (!b->known && !is_transit(account)) tell(v, "account %" PRId64 " is not there", account);
        if (!b->stored && b->used)
            tell(v, "account %" PRId64 " has legs and no stored balance", account);
        if (!b->restricted) continue;
        if (b->open != b->balance)
            tell(v, "account %" PRId64 ": its lots make %" PRId64 " fen, its balance is %" PRId64,
                 account, b->open, b->balance);
        if (b->stored && (b->implied != b->open || b->marks != b->gaps))
            tell(v, "account %" PRId64 ": front and marks make %" PRId64 " fen, its lots %" PRId64,
                 account, b->implied, b->open);
    }
}

static bool check_county(struct proof *v, int64_t county, struct err *e)
{
    struct val c = val_int(county);
    struct pieces p = { .v = v };
    v->county = county;
    v->rows = (struct tally){ 0 };
    v->n = 0;
    v->last_id = 0;
    v->lot = v->lot_county = 0;
    v->numbered = true;
    map_clear(&v->books);
    if (!db_query(v->db, ledger_sql(LEDGER_COUNTY_ACCOUNTS), &c, 1, take_account, v, e) ||
        !db_query(v->db, ledger_sql(LEDGER_COUNTY_TRANSFERS), &c, 1, take_leg, v, e) ||
        !db_query(v->db, ledger_sql(LEDGER_COUNTY_USES), &c, 1, take_use, v, e) ||
        !db_query(v->db, ledger_sql(LEDGER_COUNTY_TAKEN), &c, 1, take_taken, v, e) ||
        !db_query(v->db, ledger_sql(LEDGER_COUNTY_PIECES), &c, 1, take_piece, &p, e))
        return false;
    if (p.any) check_piece(v, &p.kept);
    tail_free(&v->tail);
    if (!tail_read(v->db, county, county, 0, &v->tail, e) ||
        !db_query(v->db, ledger_sql(LEDGER_COUNTY_BALANCES), &c, 1, take_balance, v, e) ||
        !db_query(v->db, ledger_sql(LEDGER_COUNTY_MARKS), &c, 1, take_mark, v, e))
        return false;
    for (size_t i = 1; i <= v->n; i++) check_leg(v, (int64_t)i);
    check_books(v);
    const struct tally *t = map_get(&v->journal, &county);
    if (!t->head && v->n) tell(v, "ledger_head has no row of it, and there are legs");
    if (t->head && (t->seq != (int64_t)v->n || t->last_id != v->last_id))
        tell(v, "ledger_head says leg %" PRId64 " and transfer %" PRId64 " are its last, and %zu "
             "and %" PRId64 " are", t->seq, t->last_id, v->n, v->last_id);
    if (t->settled < 0 || t->settled > t->seq)
        tell(v, "ledger_head says its balances hold the legs up to %" PRId64 ", and %" PRId64
             " is the last", t->settled, t->seq);
    check_taken(v, t->settled);
    if (t->count != v->rows.count || t->sum != v->rows.sum)
        tell(v, "the journal knows %" PRId64 " rows, there are %" PRId64 "%s", t->count,
             v->rows.count, t->count == v->rows.count ? ", and they are others" : "");
    return true;
}

bool ledger_verify(struct db *d, struct faults *f, struct err *e)
{
    struct proof v = { .db = d, .key = store_row_key(db_store(d)), .told = f };
    const void *key;
    void *value;
    map_init(&v.journal, sizeof(int64_t), sizeof(struct tally));
    map_init(&v.books, sizeof(int64_t), sizeof(struct book));
    map_init(&v.ways, sizeof(struct way_key), sizeof(struct way));
    bool ok = journal_walk(d, sum_journal, &v.journal, e) &&
              db_query(d, ledger_sql(LEDGER_ALL_HEADS), NULL, 0, add_county, &v.journal, e) &&
              db_query(d, ledger_sql(LEDGER_TAKEN_COUNTIES), NULL, 0, add_taken_county, &v.journal, e);
    for (size_t at = 0; ok && map_next(&v.journal, &at, &key, &value);)
        ok = check_county(&v, *(const int64_t *)key, e);
    ok = ok && check_ways(&v, e);
    map_free(&v.journal);
    map_free(&v.books);
    map_free(&v.ways);
    tail_free(&v.tail);
    free(v.legs);
    ok = ok && seal_verify(d, &ledger_tables[TABLE_HEAD], f, e) &&
         seal_verify(d, &ledger_tables[TABLE_BALANCE], f, e) &&
         seal_verify(d, &ledger_tables[TABLE_MARK], f, e) &&
         seal_verify(d, &ledger_tables[TABLE_OUTBOX], f, e);
    return ok;
}
