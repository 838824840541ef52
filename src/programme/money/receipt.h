/* receipt: what a giver is told of money given: when it came, through which lots it reached whom,
 * what is still in hand, what the other side confirmed. Households and other payees are told by
 * place and number, never by name. The digest is over all that is told: a receipt that is made
 * again with the same digest says the same. */
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
    char digest[DIGEST_HEX];
};

/* Of a batch, or of one transfer (batch NULL): what came from outside; where nothing did, all its
 * legs that no other leg of it brought about. ERR_NOT_FOUND when nothing was posted. */
struct receipt_of { const struct account_ref *batch; const char *transfer; };
bool receipt_read(struct db *d, const struct model *mo, const struct receipt_of *of,
                  struct arena *a, struct receipt *out, struct err *e) WARN_UNUSED;

enum receipt_stmt { RECEIPT_ACCOUNT, RECEIPT_VOUCHERS, RECEIPT_N_STMTS };
extern const struct stmt_table receipt_stmts;
/* ?1 ?2 county and id of the batch, or ?1 the transfer's name. */
void receipt_legs_sql(struct buf *out, const struct table_map *m, bool batch);

#endif
