/* ledger_tail: balances and uses of lots as they are, from the rows that were kept and the legs they
 * do not hold yet. Private to money/.
 *
 * A writer that commits group after group writes the rows of ledger_balance and lot_taken some
 * groups behind (ledger_behind.c): ledger_head.settled names the last leg that all of a county's
 * rows hold. The legs after it are the tail; in most stores, and always after a writer has been
 * quiet, there are none. Whoever reads a balance reads the tail first and then the row, and brings
 * the row up to it here: a row knows which legs it holds, those up to its last_in and last_out. Of
 * lot_taken rows of later legs than `settled` are passed over, and the tail has them all
 * (ledger_uses.c).
 *
 * Of balances only plain moves wait: an account that was met for the first time, promised from or
 * to, returned into, or whose lots are not just taken from the front on, is written in the
 * transaction itself. */
#ifndef JD_PROGRAMME_MONEY_LEDGER_TAIL_H
#define JD_PROGRAMME_MONEY_LEDGER_TAIL_H

#include "base/map.h"
#include "programme/money/ledger.h"

/* A row of ledger_balance without its key and its seal; see ledger_sql.c. */
#define AMOUNTS_WIDTH 11
struct amounts { int64_t balance, reserved, expected, front, front_off, gaps, holes, ins, last_in,
              skip_in, last_out; };
/* From the first AMOUNTS_WIDTH values; false: there is no row, and zeros are left. */
bool amounts_of(const struct val *row, struct amounts *out);

/* A piece that a leg took. */
struct use { int64_t lot_county, lot, off, to_lot, to_off, amount, to_id; };
/* The same with what a trace wants to know of the leg; back: it gave the piece back. */
struct taken { int64_t county; struct use u; int64_t credit, day, back; };
/* The first one of a whole row of transfer; false: it took none. */
bool taken_of(const struct val *row, struct taken *out);
int taken_order(const void *l, const void *r); /* as lot_taken is stored */

struct tail_leg;
struct tail_end { int64_t county, settled; };
/* Zeroed is empty; its owner frees it. */
struct tail {
    struct tail_leg *at; size_t n, cap;
    struct map of;                           /* account_ref -> struct tail_of */
    struct taken *uses; size_t n_uses, cap_uses, sorted; /* as lot_taken is stored, so many */
    struct tail_end *ends; size_t n_ends, cap_ends; /* where it begins */
};
/* Of the counties lo to hi; of one account alone, or account 0 = of all. In a transaction, that of
 * one county has the legs it has written. */
bool tail_read(struct db *d, int64_t lo, int64_t hi, int64_t account, struct tail *t,
               struct err *e) WARN_UNUSED;
/* Of one county whose rows hold the legs up to `settled`. */
bool tail_add(struct db *d, int64_t county, int64_t settled, int64_t account, struct tail *t,
              struct err *e) WARN_UNUSED;
/* What it took of one lot, and no balances. */
bool tail_read_lot(struct db *d, int64_t county, int64_t lot_county, int64_t lot, struct tail *t,
                   struct err *e) WARN_UNUSED;
void tail_free(struct tail *t);
/* The last leg that the county's rows hold; INT64_MAX = whatever they hold. */
int64_t tail_settled(const struct tail *t, int64_t county);
/* What the tail took of a lot, in order. */
const struct taken *tail_uses(struct tail *t, int64_t county, int64_t lot_county, int64_t lot,
                              size_t *n);
/* Brings a row that is there up to the tail; false: it held all of it. The front of an account that
 * is not restricted says nothing. */
bool tail_apply(const struct tail *t, struct account_ref a, struct amounts *k);
/* Walks the accounts of a tail that was read, as map_next. */
const struct account_ref *tail_next(const struct tail *t, size_t *at);

/* One account as it is; zeros when it was never used. */
bool amounts_read(struct db *d, struct account_ref a, struct amounts *out, struct err *e) WARN_UNUSED;

#endif
