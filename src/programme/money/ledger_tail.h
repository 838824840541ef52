/* ledger_tail: the balances as they are, from the rows that were kept and the legs they do not hold
 * yet. Private to money/.
 *
 * A writer that commits group after group writes the rows of ledger_balance some groups behind
 * (ledger_behind.c): ledger_head.settled names the last leg that all of a county's rows hold. The
 * legs after it are the tail. A row knows which of them it holds: those up to its last_in and
 * last_out. Whoever reads a balance reads the tail first and then the row, and brings the row up
 * to it here; in most stores, and always after a writer has been quiet, the tail is empty.
 *
 * Only plain moves wait: an account that was met for the first time, promised from or to, returned
 * into, or whose lots are not just taken from the front on, is written in the transaction itself. */
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

struct tail_leg;
/* Zeroed is empty; its owner frees it. */
struct tail {
    struct tail_leg *at; size_t n, cap;
    struct map of;                           /* account_ref -> struct tail_of */
};
/* Of the counties lo to hi; of one account alone, or account 0 = of all. */
bool tail_read(struct db *d, int64_t lo, int64_t hi, int64_t account, struct tail *t,
               struct err *e) WARN_UNUSED;
/* Of one county whose rows hold the legs up to `settled`. */
bool tail_add(struct db *d, int64_t county, int64_t settled, int64_t account, struct tail *t,
              struct err *e) WARN_UNUSED;
void tail_free(struct tail *t);
/* Brings a row that is there up to the tail; false: it held all of it. The front of an account that
 * is not restricted says nothing. */
bool tail_apply(const struct tail *t, struct account_ref a, struct amounts *k);
/* Walks the accounts of the tail, as map_next. */
const struct account_ref *tail_next(const struct tail *t, size_t *at);

/* One account as it is; zeros when it was never used. */
bool amounts_read(struct db *d, struct account_ref a, struct amounts *out, struct err *e) WARN_UNUSED;

#endif
