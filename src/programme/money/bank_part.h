/* bank_part: what the files of reconciliation share. Private to programme/money/bank*.c. */
#ifndef JD_PROGRAMME_MONEY_BANK_PART_H
#define JD_PROGRAMME_MONEY_BANK_PART_H

#include "programme/money/bank.h"
#include "programme/money/pay_part.h"

/* ---- bank_read.c: a statement's lines out of a file ---- */

struct bank_row {
    int64_t number;            /* 1, 2, 3 of the lines taken */
    int32_t day;
    int64_t amount, balance;   /* balance BANK_NONE = not said */
    struct csv_field reference, counterparty, account, remark;
};
/* What the file says of itself, known at its end; BANK_NONE, 0, "" = nothing. */
struct bank_head { int64_t opening, closing; int32_t from, to; char account[40]; };

struct bank_file;
bool bank_file_open(struct bank_file **out, struct db *d, const char *path, const char *mapping,
                    struct err *e) WARN_UNUSED;
void bank_file_close(struct bank_file *f);
/* CSV_ROW, CSV_END, CSV_ERROR; CSV_BAD: the row was refused. Borrowed until the next call. */
enum csv_result bank_file_next(struct bank_file *f, struct bank_row *out, struct err *e);
const struct bank_head *bank_file_head(const struct bank_file *f);
struct table_in *bank_file_table(struct bank_file *f);

/* ---- bank_match.c: which line is which leg ---- */

struct bank_entry {
    int64_t amount;
    int64_t key;               /* line of the statement; number of the leg */
    int64_t id;                /* of the transfer */
    int64_t about;             /* leg that this one returns, or 0 */
    const char *ref;           /* "" = none */
    int32_t day;
    int32_t group;             /* of an ambiguity */
    int32_t mate;              /* index on the other side; the first of them, for a sum */
    int32_t mates;
    uint8_t kind;              /* enum bank_kind */
    bool inside;               /* of the days that the statement is of */
    bool set;                  /* kind is known */
};
struct bank_side { struct bank_entry *at; size_t n, cap; };
static inline struct bank_entry *bank_add(struct bank_side *s)
{
    s->at = mem_more(s->at, s->n, &s->cap, sizeof *s->at);
    return memset(&s->at[s->n++], 0, sizeof *s->at);
}
/* Pure: sets kind, mate and group of every entry. Both sides in order of their keys. */
void bank_match(struct bank_side *bank, struct bank_side *ledger, int days);

#endif
