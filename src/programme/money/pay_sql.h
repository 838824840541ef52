/* pay_sql: statements of payment. */
#ifndef JD_PROGRAMME_MONEY_PAY_SQL_H
#define JD_PROGRAMME_MONEY_PAY_SQL_H

#include "store/store.h"

/* Columns of PAY_LINES, a run's lines with what the bank needs of the payee. */
enum pay_lines_column { L_COUNTY, L_ID, L_LINE, L_CODE, L_AMOUNT, L_STATE, L_SEAL, L_PURPOSE,
    L_PERIOD, L_PAYEE, L_PAYEE_CODE, L_KIND, L_NAME, L_CARD, L_BANK, L_ACCOUNT,
    L_TAIL, L_PAID_ON, L_ENDED_ON, L_REASON, L_NCOLS };

enum pay_stmt {
    PAY_LINES, PAY_OVERLAP, PAY_COUNTS, PAY_BY_BANK_REF, PAY_FOR_RECORD,
    BANK_LINES, BANK_NEAR, BANK_LEGS,
    PAY_N_STMTS
};
extern const struct stmt_table pay_stmts;
static inline const struct stmt *pay_sql(enum pay_stmt which) { return &pay_stmts.stmts[which]; }

#endif
