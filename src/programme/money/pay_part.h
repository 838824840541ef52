/* pay_part: what the files of payment share. Private to programme/money/pay*.c and bank*.c. */
#ifndef JD_PROGRAMME_MONEY_PAY_PART_H
#define JD_PROGRAMME_MONEY_PAY_PART_H

#include "entity/table_in.h"
#include "programme/money/ledger.h"
#include "programme/money/pay.h"
#include "programme/money/pay_sql.h"
#include "programme/rows/rows.h"

#define PAY_BANK_FAULT "a bank's number has twelve digits, the last of which checks the others"

/* ---- pay_line.c: one line as it is typed ---- */

/* What is wrong, in a sentence, or NULL. */
const char *pay_name_fault(const char *s, size_t n);
const char *pay_account_fault(const char *s, size_t n, bool company);
bool pay_run_code(const char *s);      /* letters, digits and "-", beginning with no "-" */

struct pay_period { int32_t from, to; char text[20]; };
/* 2020, 2020H1, 2020Q2, 2020-05, a day; 2020年5月, 2020年上半年 too. */
bool pay_period_read(const char *s, size_t n, struct pay_period *out);

enum pay_cell { CELL_PAYEE, CELL_KIND, CELL_NAME, CELL_ACCOUNT, CELL_BANK, CELL_BANK_NAME,
    CELL_AMOUNT, CELL_PURPOSE, CELL_PERIOD, CELL_PLACE, CELL_RECORD, PAY_CELLS };
extern const struct in_column pay_columns[PAY_CELLS];
struct pay_line { struct csv_field cell[PAY_CELLS]; };

/* ---- rows ---- */

struct pay_maps { const struct table_map *run, *payment, *payee, *account; };
struct pay_maps pay_maps_of(const struct model *mo);
static inline struct val *pay_at(const struct table_map *m, struct val *row, int field)
{
    return &row[m->column[field]];
}
/* Over name, account and bank. */
int64_t pay_seal(struct store *s, struct val name, struct val card, struct val bank);
/* Text of the person who acts, cleaned; refused when empty. */
bool pay_actor(const struct pay_desk *k, const char **out, struct err *e) WARN_UNUSED;

struct pay_run {
    int64_t county, id;
    struct val row[ENTITY_MAX_COLUMNS + 1];
};
/* The run of that code; arena: the desk's. */
bool pay_run_find(const struct pay_desk *k, struct db *d, const char *code, struct pay_run *out,
                  struct err *e) WARN_UNUSED;
/* Refuses a run that is in none of these states ("prepared or approved"). */
bool pay_run_in(const struct pay_desk *k, struct pay_run *r, const char *states,
                struct err *e) WARN_UNUSED;

#endif
