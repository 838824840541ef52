/* ledger: double entry in which every yuan remembers where it came from.
 *
 * A leg moves an amount of fen from one account to another and is the lot that the receiving
 * account then holds: `seq`, its number in its county. A transfer is one or many legs under one id,
 * which is also its idempotency key: the same id with the same legs again is done already, with
 * others it is refused. Nothing is edited: a promise is fulfilled or voided, a wrong transfer is
 * returned, each by a transfer of its own that points at what it is about.
 *
 * Restricted accounts hold lots and never go below zero. A debit takes lots in posting order, or
 * the lots that are named; every piece taken is a row of lot_use that says which bytes of which lot
 * went where, so that a lot merged from many keeps the order of its parts and a trace is exact to
 * the fen. Unrestricted accounts are the world outside: money begins and ends there and is not
 * followed.
 *
 * Both accounts of a stored leg lie in one county. Money between counties is two legs with the same
 * id: payer to the transit account towards the other county, and there from the transit account to
 * the payee; each county's books balance at every instant. Transit accounts have no rows, only
 * numbers. Both legs are one transaction inside one database, or two, each of one county.
 *
 * A county's ledger has one writer at a time: the first touch of a transaction locks its head row.
 * What the transaction does is kept in a part of it: accounts are read once, checked against in
 * memory, and written once, folded over all commands of a group; the journal gets one entry a
 * county. After a refusal the command must fail. Refusals are ERR_INVALID with field set to the
 * rule's name: amount, account, overdraw, earmark, fund_line, lot, passed_on,
 * ended, overflow; an id or a code that is taken by another transfer is ERR_CONFLICT. */
#ifndef JD_PROGRAMME_MONEY_LEDGER_H
#define JD_PROGRAMME_MONEY_LEDGER_H

#include "entity/entity.h"
#include "store/journal.h"

enum ledger_account_col { LEDGER_ACCOUNT_CODE, LEDGER_ACCOUNT_TITLE, LEDGER_ACCOUNT_PLACE,
    LEDGER_ACCOUNT_HOLDER_KIND, LEDGER_ACCOUNT_ORGANISATION, LEDGER_ACCOUNT_PROJECT,
    LEDGER_ACCOUNT_HOUSEHOLD, LEDGER_ACCOUNT_FUND_LINE, LEDGER_ACCOUNT_PURPOSE,
    LEDGER_ACCOUNT_RESTRICTED, LEDGER_ACCOUNT_BANK_CODE, LEDGER_ACCOUNT_BANK_CARD,
    LEDGER_ACCOUNT_NCOLS };
extern const struct entity ledger_account_entity;

struct account_ref { int64_t county, id; };

/* Transit accounts are below every id that is ever made. */
#define TRANSIT_MAX INT64_C(2000000)
static inline int64_t transit_to(int64_t county) { return county * 2; }
static inline int64_t transit_from(int64_t county) { return county * 2 + 1; }
static inline bool is_transit(int64_t account) { return account < TRANSIT_MAX; }
static inline int64_t transit_county(int64_t account) { return account / 2; }

enum leg_kind {
    LEG_MOVE = 1,   /* posted: a lot */
    LEG_PROMISE,    /* pending: holds the debit back, moves nothing */
    LEG_ARRIVAL,    /* fulfils a promise: a lot */
    LEG_VOID,       /* ends a promise */
    LEG_RETURN      /* takes a lot back to the lots it came from */
};

/* A named lot of the debit account; amount 0 = all that is open of it. */
struct lot_name { int64_t seq, amount; };

struct posting_leg {
    struct account_ref debit, credit;
    int64_t amount;                      /* fen, over 0 */
    const char *earmark;                 /* what the sender says it is for; NULL = nothing */
    const struct lot_name *lots; int n_lots; /* NULL = in posting order; else they sum to amount */
};

/* What a transfer carries out: a batch, an allocation, a payment line. */
struct ledger_cause { uint32_t entity; int64_t county, id; };

struct posting {
    int64_t id;              /* 0 = a new one, which is left here */
    const char *code;        /* unique in the debit's county, or NULL */
    bool pending;            /* a promise */
    int32_t day;
    const char *note;        /* or NULL */
    int64_t actor;
    struct ledger_cause cause; /* entity 0 = none */
    bool halves;             /* the far half of what crosses a border comes by ledger_deliver */
    const struct posting_leg *legs; int n; /* the debits lie in one county */
    bool done;               /* out: it was posted before */
};

bool ledger_post(struct tx *tx, struct posting *p, struct err *e) WARN_UNUSED;

/* Many transfers as one command: posts until `next` leaves *p NULL. */
typedef bool posting_fn(void *arg, struct posting **p, struct err *e);
bool ledger_post_run(struct tx *tx, posting_fn *next, void *arg, int64_t *posted, int64_t *done,
                     struct err *e) WARN_UNUSED;

/* Where counties share no transaction: what was posted in halves waits in its home county, and is
 * brought over here, each in a transaction of the county it goes to and, once that is stored, one of
 * its own. Done again, and after any crash in between, it brings over only what is not there yet. The
 * books come to be the same as in one transaction. What is refused on its way (a return whose money
 * was spent meanwhile, an id that another transfer has there) stays under way; the others go on, and the first refusal
 * is told at the end. */
bool ledger_deliver(struct store *s, int64_t *delivered, struct err *e) WARN_UNUSED;
/* The same until it is told no; NULL = to the end. */
typedef bool deliver_more_fn(void *arg);
bool ledger_deliver_while(struct store *s, deliver_more_fn *more, void *arg, int64_t *delivered,
                          struct err *e) WARN_UNUSED;
/* What is under way, in the order in which it is brought over. */
struct under_way { int64_t home, far, id, amount; enum leg_kind kind; int32_t day; };
typedef bool under_way_fn(void *arg, const struct under_way *u, struct err *e);
bool ledger_under_way(struct db *d, under_way_fn *fn, void *arg, struct err *e) WARN_UNUSED;

/* What happens to a transfer: county and id name it (the debit's county), `by` the new transfer. */
struct ledger_act {
    int64_t county, id;
    int64_t by; /* 0 = a new id, which is left here; the same id again is done already */
    int32_t day;
    const char *note;
    int64_t actor;
    bool halves;
};
bool ledger_fulfil(struct tx *tx, struct ledger_act *a, struct err *e) WARN_UNUSED;
bool ledger_void(struct tx *tx, struct ledger_act *a, struct err *e) WARN_UNUSED;

/* What stands on a transfer that is to be returned. */
typedef bool dependent_fn(void *arg, int64_t county, int64_t id, int64_t amount, struct err *e);

/* Takes a posted transfer back: its money lies in the lots it came from again. When money of it was
 * passed on, `chain` returns that first, and so on, each transfer as a whole; without it the
 * refusal names those transfers, and told, when given, is told of each. Promised money is not taken
 * back. */
bool ledger_return(struct tx *tx, struct ledger_act *a, bool chain, dependent_fn *told, void *arg,
                   struct err *e) WARN_UNUSED;

/* The same where counties share no transaction: what crossed a border goes back there first, then
 * the whole transfer at home, each in a transaction of one county. Killed in between it is under
 * way, and ledger_deliver goes on with it; the books come to be the same. Money that another spends
 * between the two keeps the return under way. */
bool ledger_return_apart(struct store *s, struct ledger_act *a, bool chain, dependent_fn *told,
                         void *arg, struct err *e) WARN_UNUSED;

/* Its first half for a transfer that went to one other county, for who keeps a row there beside it (a
 * payment that the bank sends back): a transaction of that county. The rest is under way from then on,
 * and ledger_deliver brings it home. */
bool ledger_return_begin(struct tx *tx, struct ledger_act *a, int64_t far, struct err *e) WARN_UNUSED;

struct ledger_balance { int64_t balance, reserved, expected; };
/* As committed; zeros for an account that was never used. */
bool ledger_balance_of(struct db *d, int64_t county, int64_t account, struct ledger_balance *out,
                       struct err *e) WARN_UNUSED;

/* The account that has this code, in any county. */
bool ledger_account_find(struct db *d, const char *code, size_t n, struct account_ref *out,
                         struct err *e) WARN_UNUSED;

/* The ledger's part of the proof: digests, numbering, journal sums, balances, reservations, lots. */
bool ledger_verify(struct db *d, struct faults *f, struct err *e) WARN_UNUSED;

#endif
