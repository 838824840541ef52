/* pay_payee: who a line of a run pays. Private to programme/money/pay*.c. */
#ifndef JD_PROGRAMME_MONEY_PAY_PAYEE_H
#define JD_PROGRAMME_MONEY_PAY_PAYEE_H

#include "programme/money/pay_part.h"

struct payees {
    const struct model *model;
    const struct table_map *m;
    struct db *d;
    int64_t place;             /* where nothing says another */
    struct arena *arena;       /* of one line */
};
struct payee {
    int64_t county, id;
    bool known;                /* it was a payee before */
    bool changed, new_account; /* the sheet says otherwise than what is known */
    struct val row[ENTITY_MAX_COLUMNS + 1];
};

/* Finds the payee, or readies a new one. A refusal has the sheet's column or the payee's field. */
bool payee_of(struct payees *s, const struct pay_line *l, struct payee *p,
              struct err *e) WARN_UNUSED;
/* Writes what is new. */
bool payee_put(struct payees *s, struct tx *tx, struct payee *p, struct err *e) WARN_UNUSED;

#endif
