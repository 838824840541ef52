/* Statements of receipts. */
#include "programme/money/receipt.h"

static const struct stmt stmts[] = {
    [RECEIPT_ACCOUNT] = { "receipt_account", STMT_ROUTER,
        "select title, case when restricted = 0 then 'outside' else holder_kind end, place, code "
        "from ledger_account where county = ?1 and id = ?2", NULL },
    [RECEIPT_VOUCHERS] = { "receipt_vouchers", STMT_SCATTER,
        "select count(*) from voucher where transfer = ?1", NULL },
    [RECEIPT_OF_BATCH] = { "receipt_of_batch", STMT_SCATTER,
        "select county, id from receipt where batch_county = ?1 and batch = ?2 "
        "order by id desc limit 1", NULL },
    [RECEIPT_OF_TRANSFER] = { "receipt_of_transfer", STMT_SCATTER,
        "select county, id from receipt where transfer = ?1 order by id desc limit 1", NULL },
    [RECEIPT_LAST_NUMBER] = { "receipt_last_number", STMT_SCATTER,
        "select max(number) from receipt where office = ?1 and for_year = ?2", NULL },
    [RECEIPT_PLACE_OF_BATCH] = { "receipt_place_of_batch", STMT_ROUTER,
        "select place from batch where county = ?1 and id = ?2", NULL },
    [RECEIPT_HOLDERS] = { "receipt_holder", STMT_ROUTER,
        "select c.organisation from transfer t join ledger_account c on c.county = ?1 "
        "and c.id = t.credit where t.county = ?1 and t.seq = ?2", NULL },
    [RECEIPT_ALL] = { "receipt_all", STMT_SCATTER,
        "select office, for_year, number, code, states_digest, states from receipt "
        "order by county, id", NULL },
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
