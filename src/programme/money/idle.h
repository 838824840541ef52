/* idle: balances of accounts, how long the money in them has lain there, and the alerts that the
 * alert rules raise of it. Nothing of it is stored: what is idle on a day follows from the ledger,
 * so an alert is raised once, stays as long as the money lies, and is gone when it moves. */
#ifndef JD_PROGRAMME_MONEY_IDLE_H
#define JD_PROGRAMME_MONEY_IDLE_H

#include "programme/money/ledger.h"

struct account_balance {
    struct account_ref at;
    const char *code, *title, *kind, *earmark;   /* arena; earmark "" when free */
    bool restricted;
    struct ledger_balance b;
    int64_t front, front_off, holes, last_in, fund_line;
};
struct account_balances { struct account_balance *at; size_t n, cap; }; /* free at */
/* Accounts that were ever used, of the counties from lo to hi. */
bool account_balances(struct db *d, int64_t lo, int64_t hi, struct arena *a,
                      struct account_balances *out, struct err *e) WARN_UNUSED;
/* Money still to be given out: not that of households and payees, and nothing outside. */
bool account_waits(const struct account_balance *x);

/* Open money of one account by the day on which it came into it, oldest first. */
struct idle_piece { int64_t amount; int32_t day; };
struct idle_pieces { struct idle_piece *at; size_t n, cap; }; /* free at */
/* As it is now, from the open lots alone. */
bool account_pieces(struct db *d, const struct account_balance *x, struct idle_pieces *out,
                    struct err *e) WARN_UNUSED;
/* As it was at the end of a day, for all accounts of the counties from lo to hi, in their order;
 * those without money are left out. Reads what was done there until that day. */
typedef bool pieces_fn(void *arg, struct account_ref a, const struct idle_pieces *p, struct err *e);
struct pieces_query { const struct model *mo; int64_t lo, hi; int32_t on;
                      bool now; }; /* of alerts: on is today, so the open lots alone are read */
bool pieces_on(struct db *d, const struct pieces_query *q, pieces_fn *fn, void *arg,
               struct err *e) WARN_UNUSED;

struct idle {
    int64_t year1, year2, older;  /* under 365 days, under 730, more */
    int64_t all;
    int32_t oldest;               /* the day of the oldest; meaningless without money */
    int64_t yuan_days;            /* whole yuan times days, each piece cut */
};
struct idle idle_of(const struct idle_pieces *p, int32_t on);

struct idle_alert {
    const char *rule, *title;
    struct account_balance account;
    int64_t amount;               /* that has lain for more days than the rule allows */
    int32_t oldest, raised;       /* since when there is more of it than the rule allows */
};
struct idle_alerts { struct idle_alert *at; int n, cap; }; /* arena */
/* Of the rules in force on the day, in the accounts of the counties from lo to hi; by rule and
 * account. */
bool idle_alerts(struct db *d, const struct pieces_query *q, struct arena *a,
                 struct idle_alerts *out, struct err *e) WARN_UNUSED;

enum idle_stmt { IDLE_FUND_LINES, IDLE_N_STMTS };
extern const struct stmt_table idle_stmts;
/* Open money by county, account and the day it came, counties ?1 to ?2, until day ?3. */
void idle_pieces_sql(struct buf *out, const struct model *mo);

#endif
