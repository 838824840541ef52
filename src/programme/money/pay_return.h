/* pay_return: the rows of a bank's answer. Private to programme/money/pay*.c. */
#ifndef JD_PROGRAMME_MONEY_PAY_RETURN_H
#define JD_PROGRAMME_MONEY_PAY_RETURN_H

#include "programme/money/pay_part.h"

enum answer_cell { ANSWER_LINE, ANSWER_STATE, ANSWER_REASON, ANSWER_REF, ANSWER_DATE, ANSWER_AMOUNT,
    ANSWER_CELLS };
extern const struct in_column answer_columns[ANSWER_CELLS];

enum answer_state { ANSWER_UNKNOWN, ANSWER_PAID, ANSWER_FAILED, ANSWER_RETURNED, ANSWER_UNDER_WAY };
struct answer {
    struct val code, reason, ref;
    enum answer_state state;
    int32_t day;
    int64_t amount;            /* -1 = not said */
};
/* Borrows from the cells. A refusal's field is the column. */
bool answer_read(const struct csv_field *cell, int32_t today, struct answer *out,
                 struct err *e) WARN_UNUSED;

/* A return file, CSV, sheet, or pain.002. */
struct answers;
bool answers_open(struct answers **out, const struct pay_desk *k, const char *path,
                  const char *mapping, struct err *e) WARN_UNUSED;
struct table_in *answers_table(struct answers *a);
void answers_close(struct answers *a);

#endif
