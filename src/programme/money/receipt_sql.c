/* Statements of receipts. */
#include "programme/money/receipt.h"

static const struct stmt stmts[] = {
    [RECEIPT_ACCOUNT] = { "receipt_account", STMT_ROUTER,
        "select title, case when restricted = 0 then 'outside' else holder_kind end, place, code "
        "from ledger_account where county = ?1 and id = ?2", NULL },
    [RECEIPT_VOUCHERS] = { "receipt_vouchers", STMT_SCATTER,
        "select count(*) from voucher where transfer = ?1", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == RECEIPT_N_STMTS, "one statement a name");

const struct stmt_table receipt_stmts = { "receipt", stmts, RECEIPT_N_STMTS };

void receipt_legs_sql(struct buf *out, const struct table_map *m, bool batch)
{
    buf_printf(out, "select county, id, transfer, place, receiver_county, receiver, payer_county, "
               "payer, giver, amount, confirmation, valid_from, from_kind, to_kind from %s "
               "where kind in ('moved', 'arrived') and %s and not exists (select 1 from transfer r "
               "where r.county = transfer.county and r.about = transfer.id and r.kind = 5) "
               "order by county, id", m->from,
               batch ? "batch_county = ?1 and batch = ?2" : "transfer = ?1");
}
