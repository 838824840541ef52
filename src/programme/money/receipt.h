/* receipt: what a giver is told of money given: when it came, through which lots it reached whom,
 * what is still in hand, what the other side confirmed. Households and other payees are told by
 * place and number, never by name.
 *
 * A receipt is issued once: the receiving office gives it the next number of its year, and what it
 * states is kept as text with its digest (E_MADE: never changed, never deleted). Told again it is a
 * copy of that, with what was taken back or disputed since; `anew` issues another that takes its
 * place. Nothing is issued for money that was all taken back, or that is all disputed. */
#ifndef JD_PROGRAMME_MONEY_RECEIPT_H
#define JD_PROGRAMME_MONEY_RECEIPT_H

#include "entity/entity.h"
#include "programme/money/ledger.h"

enum receipt_end { RECEIPT_DELIVERED, RECEIPT_IN_HAND, RECEIPT_UNDER_WAY };

struct receipt_leg { const char *lot, *transfer, *to, *standing, *batch; int64_t county, id, place,
                     amount; int32_t day; };
struct receipt_line { enum receipt_end end; const char *kind, *name; int64_t place, amount, holders; };
struct receipt_step { const char *from, *to; int64_t amount; int level; };
struct receipt {
    int64_t giver;                 /* organisation; 0 = not told, or several */
    int64_t given, delivered, in_hand, under_way, confirmed, one_sided, disputed;
    int32_t first, last;
    struct receipt_leg *leg; int n_legs, cap_legs;
    struct receipt_step *step; int n_steps, cap_steps;
    struct receipt_line *line; int n_lines, cap_lines;
    int64_t vouchers;
    const char *states; size_t states_n; /* all of the above but the giver, as text */
    char digest[DIGEST_HEX];             /* of that */
};

enum receipt_col { RECEIPT_CODE, RECEIPT_PLACE, RECEIPT_OFFICE, RECEIPT_FOR_YEAR, RECEIPT_NUMBER,
    RECEIPT_GIVER, RECEIPT_BATCH, RECEIPT_TRANSFER, RECEIPT_GIVEN, RECEIPT_ISSUED_ON,
    RECEIPT_ISSUED_BY, RECEIPT_DIGEST, RECEIPT_STATES, RECEIPT_NCOLS };
extern const struct entity receipt_entity;

/* Of a batch, or of one transfer "COUNTY:ID" (batch NULL): what came from outside; where nothing
 * did, all its legs that no other leg of it brought about. ERR_NOT_FOUND when nothing was posted. */
struct receipt_of { const struct account_ref *batch; const char *transfer; };
bool receipt_read(struct db *d, const struct model *mo, const struct receipt_of *of,
                  struct arena *a, struct receipt *out, struct err *e) WARN_UNUSED;

/* What an issued one states; the texts are the arena's. ERR_CORRUPT when it is not as it was made. */
bool receipt_parse(const char *states, size_t n, struct arena *a, struct receipt *out,
                   struct err *e) WARN_UNUSED;

/* An issued receipt as it is told again. */
struct receipt_paper {
    const char *code, *by, *of;    /* of: the batch's code, or the transfer's name */
    bool transfer;                 /* of is a transfer's name */
    int64_t county, id, office;
    int32_t on;
    struct receipt told;           /* giver included */
    int64_t taken_back, disputed;  /* since it was issued */
    const char *replaced_by;       /* a later one of the same money, or "" */
};
bool receipt_find(struct db *d, const struct model *mo, const char *code, struct arena *a,
                  struct receipt_paper *out, struct err *e) WARN_UNUSED;
/* The last one issued of it; *found. */
bool receipt_last(struct db *d, const struct model *mo, const struct receipt_of *of,
                  struct arena *a, struct receipt_paper *out, bool *found,
                  struct err *e) WARN_UNUSED;

/* office 0: the organisation that holds the accounts it came into. Gives the code. */
struct receipt_order { struct receipt_of of; int64_t office; const char *by; int32_t on;
                       int64_t actor; bool anew; const char *code; };
bool receipt_issue(struct tx *tx, const struct model *mo, struct receipt_order *o, struct arena *a,
                   struct err *e) WARN_UNUSED;

/* Numbers without holes, digests of what is stated. */
bool receipts_verify(struct db *d, struct faults *f, struct err *e) WARN_UNUSED;

enum receipt_stmt { RECEIPT_ACCOUNT, RECEIPT_VOUCHERS, RECEIPT_OF_BATCH, RECEIPT_OF_TRANSFER,
    RECEIPT_LAST_NUMBER, RECEIPT_PLACE_OF_BATCH, RECEIPT_HOLDERS, RECEIPT_ALL, RECEIPT_N_STMTS };
extern const struct stmt_table receipt_stmts;
/* ?1 ?2 county and id of the batch, or ?1 the transfer's name. */
void receipt_legs_sql(struct buf *out, const struct table_map *m, bool batch);

#endif
