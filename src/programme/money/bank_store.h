/* bank_store: a statement into the store. Private to programme/money/bank*.c. */
#ifndef JD_PROGRAMME_MONEY_BANK_STORE_H
#define JD_PROGRAMME_MONEY_BANK_STORE_H

#include "programme/money/bank_part.h"

struct bank_at {
    struct account_ref account;
    int64_t place;
    struct val card;           /* the account's number at the bank */
    int64_t statement;
    struct val row[ENTITY_MAX_COLUMNS + 1];  /* of bank_statement */
};
/* Takes the file in, or finds that it was taken in. */
bool bank_take_in(const struct pay_desk *k, const struct bank_order *o, struct db *d,
                  struct bank_report *out, struct bank_at *at, struct err *e) WARN_UNUSED;

#endif
