/* returns: what the files of returning money share. Private to programme/money/returns*.c. */
#ifndef JD_PROGRAMME_MONEY_RETURNS_H
#define JD_PROGRAMME_MONEY_RETURNS_H

#include "programme/money/ledger_part.h"

/* A transfer to be returned, with its legs in the payer's county and, for legs that crossed the
 * border, the halves on the other side. */
struct unit { struct account_ref at; struct legs legs; struct leg *far; };
struct units { struct unit *at; size_t n, cap; };
void units_free(struct units *u);

/* The transfers that a return takes back, in their order, and whether it may: read, without a lock.
 * Owned, also when it fails. */
bool returns_plan(struct tx *tx, struct account_ref at, bool chain, dependent_fn *told, void *arg,
                  struct units *order, struct err *e) WARN_UNUSED;
/* Takes one stored leg back; seq: that of the leg that does. */
bool return_leg(struct ledger_part *p, const struct leg *l, struct leg_text *t, int64_t *seq,
                struct err *e) WARN_UNUSED;
bool leg_ended(struct db *d, const struct leg *l, bool *yes, struct err *e) WARN_UNUSED;

/* returns_apart.c: what went to one other county comes back into transit there. */
bool return_apart_begin(struct store *s, struct account_ref at, const struct ledger_act *act,
                        int64_t far, struct err *e) WARN_UNUSED;
/* One transfer, in transactions of one county each; begun again it goes on. */
bool return_apart(struct store *s, struct account_ref at, const struct ledger_act *act,
                  struct err *e) WARN_UNUSED;

#endif
