/* Statements of vouchers and alert rules. */
#include "programme/money/paper.h"

static const struct stmt stmts[] = {
    [PAPER_TRANSFER_PLACE] = { "paper_transfer_place", STMT_ROUTER,
        "select coalesce(f.place, c.place, t.county * 1000000) from transfer t "
        "left join ledger_account f on f.county = ?1 and f.id = t.debit "
        "left join ledger_account c on c.county = ?1 and c.id = t.credit "
        "where t.county = ?1 and t.id = ?2 order by t.leg limit 1", NULL },
    [PAPER_VOUCHER] = { "paper_voucher", STMT_ROUTER,
        "select id from voucher where county = ?1 and file_digest = ?2 and transfer = ?3", NULL },
    [PAPER_VOUCHERS] = { "paper_vouchers", STMT_SCATTER,
        "select transfer, file_name, file_digest from voucher order by county, id", NULL },
    [PAPER_DOCUMENTS] = { "paper_documents", STMT_REF,
        "select code, title, file_digest from document where county = 0 and draft = 0 "
        "and file_digest is not null order by id", NULL },
    [PAPER_ALERT_RULES] = { "paper_alert_rules", STMT_REF,
        "select code, title, over_days, over_amount, fund_line, earmark, holder_kind, valid_from, "
        "valid_to from alert_rule where county = 0 and draft = 0 and load <> ?1 order by id",
        NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == PAPER_N_STMTS, "one statement a name");

const struct stmt_table paper_stmts = { "paper", stmts, PAPER_N_STMTS };
