#include "programme/money/pay_sql.h"

static const struct stmt stmts[PAY_N_STMTS] = {
    /* Lines get their ids in order. */
    [PAY_LINES] = { "pay_lines", STMT_SCATTER,
        "select p.county, p.id, p.line, p.code, p.amount, p.state, p.seal, p.purpose, p.period, "
        "p.payee, e.code, e.kind, e.name, e.bank_card, e.bank_code, e.ledger_account, "
        "p.account_tail, p.paid_on, p.ended_on, p.reason "
        "from payment p join payee e on e.county = p.county and e.id = p.payee "
        "where p.run_county = ?1 and p.run = ?2 order by p.id", NULL },
    /* A payment of this payee and purpose that covers a day of ?4 to ?5 and may reach the payee. */
    [PAY_OVERLAP] = { "pay_overlap", STMT_ROUTER,
        "select code, period, state from payment where county = ?1 and payee = ?2 and "
        "purpose = ?3 and covers_to >= ?4 and covers_from <= ?5 and once is not null "
        "order by id limit 1", NULL },
    [PAY_COUNTS] = { "pay_counts", STMT_SCATTER,
        "select state, count(*), cast(sum(amount) as bigint) from payment where run_county = ?1 "
        "and run = ?2 group by state order by state nulls last", NULL },
    [PAY_BY_BANK_REF] = { "pay_by_bank_ref", STMT_SCATTER,
        "select code from payment where bank_ref = ?1 order by code nulls last limit 2", NULL },
    [PAY_FOR_RECORD] = { "pay_for_record", STMT_SCATTER,
        "select cast(sum(amount) as bigint) from payment where for_record = ?1 and once is not null",
        NULL },

    [BANK_LINES] = { "bank_lines", STMT_ROUTER,
        "select line, booked_on, amount, reference, remark from bank_line "
        "where county = ?1 and statement = ?2 order by line nulls last", NULL },
    /* Of other statements of account ?2 than ?3, from ?4 to before ?5 and after ?6 to ?7. */
    [BANK_NEAR] = { "bank_near", STMT_ROUTER,
        "select l.line, l.booked_on, l.amount, l.reference, l.remark, s.id from bank_statement s "
        "join bank_line l on l.county = ?1 and l.statement = s.id where s.county = ?1 and "
        "s.account = ?2 and s.id <> ?3 and ((l.booked_on >= ?4 and l.booked_on < ?5) or "
        "(l.booked_on > ?6 and l.booked_on <= ?7)) order by s.id, l.line nulls last", NULL },
    /* What moved on account ?2 from day ?3 to ?4, by the legs ?5 to ?6, with the code that its sender
     * gave it: its own, or that of the promise or the transfer that it is about. */
    [BANK_LEGS] = { "bank_legs", STMT_ROUTER,
        "select t.seq, t.id, t.day, case when t.credit = ?2 then t.amount else -t.amount end, "
        "case when t.kind = 5 then t.about end, coalesce(c.code, p.code, q.code) from transfer t "
        "left join transfer c on c.county = ?1 and c.id = t.id and c.leg = 0 "
        "left join transfer a on a.county = ?1 and a.seq = t.about "
        "left join transfer p on p.county = ?1 and p.id = a.id and p.leg = 0 "
        "left join transfer b on b.county = ?1 and b.seq = a.about "
        "left join transfer q on q.county = ?1 and q.id = b.id and q.leg = 0 "
        "where t.county = ?1 and t.seq >= ?5 and t.seq <= ?6 and (t.credit = ?2 or t.debit = ?2) "
        "and t.kind in (1, 3, 5) and t.day >= ?3 and t.day <= ?4 order by t.seq", NULL },
};

const struct stmt_table pay_stmts = { "payments", stmts, PAY_N_STMTS };
