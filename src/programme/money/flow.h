/* flow: the ledger's legs as records, so that figures, lists and confirmations see them.
 *
 * `transfer` has a row a leg: from whom to whom, with what became of it: `moved` is what it adds to
 * what the receiver holds, less what a return takes back; `promised` what it adds to what is on its
 * way. A leg that crosses a county's border is two rows, the first to "transit", the second from the
 * one who gave; so a filter on from_kind and to_kind counts money once. A return is told with the
 * ends of what it returns. `lot_use` has a row for each piece that went out of a lot, or came back,
 * with the day on which the money had come to that holder; from year1_on and year2_on on, money
 * counts as lying there for over one and over two years of 365 days.
 *
 * Both are views over the ledger's tables, and nothing of them is stored. A row looks at accounts,
 * so what makes an account is not changed once money was in it (flow_follow refuses it). What two
 * sides say of a leg is its confirmation. */
#ifndef JD_PROGRAMME_MONEY_FLOW_H
#define JD_PROGRAMME_MONEY_FLOW_H

#include "base/buf.h"
#include "entity/entity.h"

enum transfer_field { TRANSFER_LEG, TRANSFER_TRANSFER, TRANSFER_KIND, TRANSFER_PLACE,
    TRANSFER_PAYER, TRANSFER_FROM_KIND, TRANSFER_FROM_LEVEL, TRANSFER_RECEIVER, TRANSFER_TO_KIND,
    TRANSFER_TO_LEVEL, TRANSFER_FUND_LINE, TRANSFER_EARMARK, TRANSFER_GIVER, TRANSFER_TAKER,
    TRANSFER_BATCH, TRANSFER_AMOUNT, TRANSFER_MOVED, TRANSFER_PROMISED, TRANSFER_CAME_ON, TRANSFER_YEAR1_ON,
    TRANSFER_YEAR2_ON, TRANSFER_NFIELDS };
enum lot_use_field { LOT_USE_LEG, LOT_USE_PLACE, LOT_USE_HOLDER, LOT_USE_HOLDER_KIND,
    LOT_USE_FUND_LINE, LOT_USE_EARMARK, LOT_USE_AMOUNT, LOT_USE_CAME_ON, LOT_USE_YEAR1_ON,
    LOT_USE_YEAR2_ON, LOT_USE_NFIELDS };
extern const struct entity transfer_entity, lot_use_entity;

enum flow_stmt { FLOW_TRANSFER, FLOW_LOT_USE, FLOW_USED, FLOW_N_STMTS };
extern const struct stmt flow_views[FLOW_N_STMTS];
extern const struct stmt_table flow_stmts;

/* The select of a view's rows whose leg (a column's name) lies in one of n ranges: county ?1, over
 * ?2, at most ?3, and so on. */
void flow_new_rows(struct buf *out, const struct table_map *m, const char *leg, int n);

/* Tells the model of the legs of counties behind `after` up to `last`, as they now stand in the
 * store. */
struct flow_range { int64_t county, after, last; };
bool flow_tell(struct tx *tx, const struct model *mo, const struct flow_range *range, size_t n,
               struct err *e) WARN_UNUSED;
/* Looks at every row that is written, for the guards. */
bool flow_follow(struct tx *tx, const struct table_map *m, const struct val *before,
                 const struct val *after, struct err *e) WARN_UNUSED;

#endif
