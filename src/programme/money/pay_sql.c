#include "programme/money/pay_sql.h"

static const struct stmt stmts[PAY_N_STMTS] = {
    [PAY_LINES] = { "pay_lines", STMT_SCATTER,
        "select p.county, p.id, p.line, p.code, p.amount, p.state, p.seal, p.purpose, p.period, "
        "p.payee, e.code, e.kind, e.name, e.bank_card, e.bank_code, e.ledger_account, "
        "p.account_tail, p.paid_on, p.ended_on, p.reason "
        "from payment p join payee e on e.county = p.county and e.id = p.payee "
        "where p.run_county = ?1 and p.run = ?2 order by p.line", NULL },
    /* A payment of this payee and purpose that covers a day of ?4 to ?5 and may reach the payee. */
    [PAY_OVERLAP] = { "pay_overlap", STMT_ROUTER,
        "select code, period, state from payment where county = ?1 and payee = ?2 and "
        "purpose = ?3 and covers_to >= ?4 and covers_from <= ?5 and once is not null "
        "order by id limit 1", NULL },
    [PAY_COUNTS] = { "pay_counts", STMT_SCATTER,
        "select state, count(*), cast(sum(amount) as bigint) from payment where run_county = ?1 "
        "and run = ?2 group by state order by state", NULL },
};

const struct stmt_table pay_stmts = { "payments", stmts, PAY_N_STMTS };
