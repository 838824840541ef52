/* pay: payment runs. A run pays many payees from one account of the ledger: subsidies, wages of
 * public-welfare posts, dividends, student aid.
 *
 * A run is prepared by one person from a sheet or from records, approved by another, written for the
 * bank, and told by the bank's return file, line by line, what was paid. Approval promises each line
 * in the ledger (its transfer has the payment's id), out of the payer's account and within its
 * earmark; what the bank paid arrives in the payee's account on the bank's day; what failed or was
 * cancelled is given up, and what the bank sends back later (退汇) returns to exactly the lots it
 * came from.
 *
 * A payee is paid once a period for one purpose, across all runs: the claim on payment.once sees to
 * it, and periods that overlap are refused. What ended without money reaching the payee can be paid
 * again by a later run. Names and account numbers are kept in payee alone; a payment carries the
 * last four digits and a seal over what was prepared: payees changed since are not paid.
 *
 * Runs and payments come from these commands alone (E_OWN). Refusals are ERR_INVALID with the
 * field; a run in another state is ERR_CONFLICT. */
#ifndef JD_PROGRAMME_MONEY_PAY_H
#define JD_PROGRAMME_MONEY_PAY_H

#include "entity/entity.h"

enum payee_col { PAYEE_CODE, PAYEE_NAME, PAYEE_KIND, PAYEE_PLACE, PAYEE_HOUSEHOLD, PAYEE_PERSON,
    PAYEE_ORGANISATION, PAYEE_BANK_CARD, PAYEE_BANK_CODE, PAYEE_BANK_NAME, PAYEE_LEDGER_ACCOUNT,
    PAYEE_NCOLS };
enum payment_run_col { PAYMENT_RUN_CODE, PAYMENT_RUN_TITLE, PAYMENT_RUN_PLACE, PAYMENT_RUN_PAYER,
    PAYMENT_RUN_EARMARK, PAYMENT_RUN_STATE, PAYMENT_RUN_DUE_ON, PAYMENT_RUN_LINES, PAYMENT_RUN_AMOUNT,
    PAYMENT_RUN_PREPARED_BY, PAYMENT_RUN_PREPARED_ON, PAYMENT_RUN_APPROVED_BY,
    PAYMENT_RUN_APPROVED_ON, PAYMENT_RUN_WRITTEN_BY, PAYMENT_RUN_WRITTEN_AT, PAYMENT_RUN_FILE_DIGEST,
    PAYMENT_RUN_ENDED_BY, PAYMENT_RUN_ENDED_ON, PAYMENT_RUN_NCOLS };
enum payment_col { PAYMENT_CODE, PAYMENT_PAYEE, PAYMENT_PLACE, PAYMENT_PAYEE_KIND, PAYMENT_RUN, PAYMENT_LINE,
    PAYMENT_ORGANISATION, PAYMENT_AMOUNT, PAYMENT_PURPOSE, PAYMENT_PERIOD, PAYMENT_COVERS_FROM,
    PAYMENT_COVERS_TO, PAYMENT_ONCE, PAYMENT_STATE, PAYMENT_APPROVED_ON, PAYMENT_PAID_ON,
    PAYMENT_ENDED_ON, PAYMENT_REASON, PAYMENT_BANK_REF, PAYMENT_ARRIVAL, PAYMENT_ACCOUNT_TAIL, PAYMENT_SEAL,
    PAYMENT_FOR_RECORD, PAYMENT_NCOLS };
extern const struct entity payee_entity, payment_run_entity, payment_entity;

#define PAY_RUN_CODE 28        /* a payment's code is the run's, "-" and its line: at most 35 */

/* Who asks, of what. */
struct pay_desk {
    struct store *store;
    const struct model *model;
    struct arena *arena;       /* of the command; what is given back lies there */
    const char *by;            /* the person's name */
    int32_t day;               /* of the act */
};

struct pay_order {
    const char *run, *title;   /* title may be NULL */
    const char *payer;         /* code of the ledger account */
    const char *file;          /* the sheet of payees; or NULL and */
    const char *from;          /* "welfare_post", "equity_share": its rows that stand in the period */
    const char *where;         /* of those: a rule; may be NULL */
    const char *purpose, *period; /* where a line does not say; may be NULL */
    const char *earmark;       /* needed of an account that is set apart for a use; may be NULL */
    const char *mapping;       /* or NULL */
    int32_t due;               /* when the bank is to pay */
};
struct pay_report {
    int64_t lines, amount, refused, accounts_new, accounts_changed, shared;
    const char *refused_path;  /* NULL when nothing was refused */
    /* Of a return file; done = answered so before. */
    int64_t paid, paid_amount, failed, failed_amount, returned, returned_amount, done, under_way,
        closed;
};

/* Nothing is kept of a run that has no line left. */
bool pay_prepare(const struct pay_desk *k, const struct pay_order *o, struct pay_report *out,
                 struct err *e) WARN_UNUSED;
bool pay_approve(const struct pay_desk *k, const char *run, struct pay_report *out,
                 struct err *e) WARN_UNUSED;

/* The bank's files: ISO 20022 pain.001.001.03, and a CSV; either may be NULL. Streamed in constant
 * memory; written again, a run gives the same bytes. Nothing is overwritten. */
bool pay_write(const struct pay_desk *k, const char *run, const char *xml, const char *csv,
               struct pay_report *out, struct err *e) WARN_UNUSED;

/* The bank's answers: a CSV or sheet of line, state (paid, failed, returned; 成功, 失败, 退汇), reason,
 * bank_ref, date, amount, or pain.002 XML. A line answered as before is passed over; one that is not
 * known, was not sent, has another amount or another answer already is refused. In slices: what was
 * taken in stays when the command ends early, and the same file goes on with it. */
bool pay_return_file(const struct pay_desk *k, const char *file, const char *mapping,
                     struct pay_report *out, struct err *e) WARN_UNUSED;

/* Takes a run back, or one line of it (its code, or NULL), before the bank has it: promises end. */
bool pay_cancel(const struct pay_desk *k, const char *run, const char *line, struct pay_report *out,
                struct err *e) WARN_UNUSED;

/* A run as it stands, and its lines in order. Accounts show their last four digits. Texts are of the
 * desk's arena, or live until fn returns. */
struct pay_summary {
    struct { const char *state; int64_t lines, amount; } at[8];
    int n;
    int64_t county, id;
    const char *code, *title, *state, *payer, *due, *prepared_by, *prepared_on, *approved_by,
        *approved_on;
};
bool pay_summary_of(const struct pay_desk *k, struct db *d, const char *run, struct pay_summary *out,
                    struct err *e) WARN_UNUSED;
struct pay_shown {
    const char *code, *payee, *account_tail, *purpose, *period, *state, *reason;
    int64_t amount;
    int32_t answered_on;       /* paid, or else ended; 0 = not yet */
};
typedef bool pay_shown_fn(void *arg, const struct pay_shown *s, struct err *e);
bool pay_lines(const struct pay_desk *k, struct db *d, const struct pay_summary *s, pay_shown_fn *fn,
               void *arg, struct err *e) WARN_UNUSED;

#endif
