/* Statements of idle money. */
#include "programme/money/idle.h"

static const struct stmt stmts[] = {
    [IDLE_FUND_LINES] = { "idle_fund_lines", STMT_SCATTER,
        "select county, id, fund_line from ledger_account where fund_line is not null "
        "and county >= ?1 and county <= ?2 order by county, id", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == IDLE_N_STMTS, "one statement a name");

const struct stmt_table idle_stmts = { "idle", stmts, IDLE_N_STMTS };

void idle_pieces_sql(struct buf *out, const struct model *mo)
{
    buf_printf(out, "select county, account, came_on, cast(sum(amount) as bigint) from ("
               "select receiver_county as county, receiver as account, came_on, moved as amount "
               "from %s where county >= ?1 and county <= ?2 and valid_from <= ?3 "
               "and kind in ('moved', 'arrived', 'returned') and receiver is not null "
               "union all select county, holder, came_on, amount "
               "from %s where county >= ?1 and county <= ?2 and valid_from <= ?3) z "
               "group by county, account, came_on having sum(amount) > 0 "
               "order by county, account, came_on",
               model_find(mo, "transfer")->from, model_find(mo, "lot_use")->from);
}
