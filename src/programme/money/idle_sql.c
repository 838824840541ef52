/* Statements of idle money. */
#include "programme/money/idle.h"

static const struct stmt stmts[] = {
    /* Lots of account ?2 that had come by day ?3 and were not taken back by then, less what was
     * used and not given back by then. */
    [IDLE_PIECES_ON] = { "idle_pieces_on", STMT_ROUTER,
        "select t.amount "
        "- cast(coalesce((select sum(u.amount) from lot_use u join transfer w on w.county = ?1 "
        "and w.seq = u.to_lot where u.county = ?1 and u.lot_county = ?1 and u.lot = t.seq "
        "and u.back = 0 and w.day <= ?3), 0) as bigint) "
        "+ cast(coalesce((select sum(u.amount) from lot_use u join transfer r on r.county = ?1 "
        "and r.about = u.to_lot and r.kind = 5 where u.county = ?1 and u.lot_county = ?1 "
        "and u.lot = t.seq and u.back = 1 and r.day <= ?3), 0) as bigint), t.day "
        "from transfer t where t.county = ?1 and t.credit = ?2 and t.kind in (1, 3) "
        "and t.day <= ?3 and not exists (select 1 from transfer r where r.county = ?1 "
        "and r.about = t.seq and r.kind = 5 and r.day <= ?3) order by t.day, t.seq", NULL },
    [IDLE_FUND_LINES] = { "idle_fund_lines", STMT_SCATTER,
        "select county, id, fund_line from ledger_account where fund_line is not null "
        "and county >= ?1 and county <= ?2 order by county, id", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == IDLE_N_STMTS, "one statement a name");

const struct stmt_table idle_stmts = { "idle", stmts, IDLE_N_STMTS };
