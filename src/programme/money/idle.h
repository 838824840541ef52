/* idle: balances of accounts, and how long the money in them has lain there. */
#ifndef JD_PROGRAMME_MONEY_IDLE_H
#define JD_PROGRAMME_MONEY_IDLE_H

#include "programme/money/ledger.h"

struct account_balance {
    struct account_ref at;
    const char *code, *title, *kind, *earmark;   /* arena; earmark "" when free */
    bool restricted;
    struct ledger_balance b;
    int64_t front, front_off, holes;
};
struct account_balances { struct account_balance *at; size_t n, cap; }; /* free at */
/* Accounts that were ever used, of the counties from lo to hi. */
bool account_balances(struct db *d, int64_t lo, int64_t hi, struct arena *a,
                      struct account_balances *out, struct err *e) WARN_UNUSED;

/* The open money of one account on a day, by the day it came into this account. */
struct idle {
    int64_t year1, year2, older;  /* under 365 days, under 730, more */
    int32_t oldest;               /* the day of the oldest; meaningless without money */
    int64_t yuan_days;            /* whole yuan times days, each piece cut */
};
bool account_idle(struct db *d, const struct account_balance *x, int32_t on, struct idle *out,
                  struct err *e) WARN_UNUSED;

#endif
