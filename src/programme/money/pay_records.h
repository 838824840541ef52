/* pay_records: what records say is to be paid. Private to programme/money/pay*.c. */
#ifndef JD_PROGRAMME_MONEY_PAY_RECORDS_H
#define JD_PROGRAMME_MONEY_PAY_RECORDS_H

#include "programme/money/pay_part.h"

/* Lines out of rows that stand in the period: posts that are held (welfare_post, by the month) and
 * shares that pay (equity_share, by the year). The table's lines are numbered as the rows come.
 * Owned by the arena but for the table. */
bool records_table(struct table_in **out, const struct pay_desk *k, struct db *d,
                   const struct pay_order *o, const struct pay_period *period, struct arena *a,
                   struct err *e) WARN_UNUSED;

/* A record that lines of a sheet carry out, "student_aid:SA-1": how much it may come to, and what a
 * line that says no amount gets; -1 where the record does not say. paid: what lines that were not
 * given up come to. */
struct record_room { int64_t limit, paid, rate; };
bool record_room(const struct pay_desk *k, struct db *d, struct csv_field text, struct arena *a,
                 struct record_room *out, struct err *e) WARN_UNUSED;

#endif
