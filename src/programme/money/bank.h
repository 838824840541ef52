/* bank: what the bank says of an account, held against the ledger.
 *
 * A statement is a CSV or sheet (columns guessed in both languages, or taught and remembered) or a
 * camt.053 file. It is stored whole or not at all, under the digest of its bytes, so that the same
 * file again changes nothing. Nothing of a match is stored: what fits to what follows each time from
 * the stored lines and the ledger, in the same way.
 *
 * A line fits a leg of the ledger by its reference (the transfer's or the payment's code, the bank's
 * own reference from a return file, a run's code for a sum booked as one), or else by its amount
 * within a few days, when there is one line and one leg to choose from; where several could be meant
 * they are told as ambiguous. Lines of the statements before and after take part, so that what was
 * booked a day later on the other side of a month's end is found. */
#ifndef JD_PROGRAMME_MONEY_BANK_H
#define JD_PROGRAMME_MONEY_BANK_H

#include "entity/table_in.h"
#include "programme/money/pay.h"

enum bank_statement_col { BANK_STATEMENT_CODE, BANK_STATEMENT_PLACE, BANK_STATEMENT_ACCOUNT,
    BANK_STATEMENT_FROM_ON, BANK_STATEMENT_TO_ON, BANK_STATEMENT_OPENING, BANK_STATEMENT_CLOSING,
    BANK_STATEMENT_LINES, BANK_STATEMENT_MONEY_IN, BANK_STATEMENT_MONEY_OUT,
    BANK_STATEMENT_FILE_DIGEST, BANK_STATEMENT_LOADED_BY, BANK_STATEMENT_LOADED_ON,
    BANK_STATEMENT_NCOLS };
enum bank_line_col { BANK_LINE_STATEMENT, BANK_LINE_LINE, BANK_LINE_DAY, BANK_LINE_AMOUNT,
    BANK_LINE_BALANCE, BANK_LINE_REFERENCE, BANK_LINE_COUNTERPARTY, BANK_LINE_ACCOUNT_TAIL,
    BANK_LINE_REMARK, BANK_LINE_NCOLS };
extern const struct entity bank_statement_entity, bank_line_entity;

struct bank_order {
    const char *file, *account, *mapping;  /* mapping may be NULL */
    int32_t from, to;          /* of the statement; 0 = as it says, or its first and last line */
    int days;                  /* between a line and its leg */
};
enum bank_kind { BANK_MATCHED, BANK_ONLY_BANK, BANK_ONLY_LEDGER, BANK_AMOUNT, BANK_AMBIGUOUS,
    BANK_BALANCE_START, BANK_BALANCE_END, BANK_STATEMENT_SUM };
/* A difference, or a match. What does not apply is 0, "" or, of an amount, BANK_NONE. */
#define BANK_NONE INT64_MIN
struct bank_difference {
    enum bank_kind kind;
    int64_t line;              /* of the statement */
    int32_t day, ledger_day;
    int64_t amount, ledger_amount;
    int64_t county, transfer;  /* of the ledger */
    const char *reference;
    int group;                 /* of an ambiguity: those of one number are to choose from */
    int legs;                  /* that one line was matched with */
};
struct bank_report {
    const char *statement;     /* its code; arena */
    bool stored;               /* now; else it was there */
    int32_t from, to;
    int64_t lines, legs, matched, differences;
    const char *refused_path;  /* rows that cannot be read: then nothing is stored */
    int64_t refused;
};
/* Tells differences in a fixed order; matches too. */
typedef bool bank_fn(void *arg, const struct bank_difference *d, struct err *e);
bool bank_reconcile(const struct pay_desk *k, const struct bank_order *o, bank_fn *fn, void *arg,
                    struct bank_report *out, struct err *e) WARN_UNUSED;

#endif
