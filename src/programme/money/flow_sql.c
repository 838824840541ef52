/* The ledger's tables as rows of records. */
#include "programme/money/flow.h"

#define TRANSIT "2000000" /* TRANSIT_MAX */
#define LEVEL(place) \
    "case when " place " is null then null when " place " % 10000000000 = 0 then 1 " \
    "when " place " % 100000000 = 0 then 2 when " place " % 1000000 = 0 then 3 " \
    "when " place " % 1000 = 0 then 4 else 5 end"
#define LEG_TEXT "cast(x.county as text) || ':' || cast(x.seq as text)"
/* The strongest word of the helped side. */
#define STANDING \
    "coalesce((select case max(case w.says when 'disputed' then 3 when 'corrected' then 2 " \
    "when 'confirmed' then 1 else 0 end) when 3 then 'disputed' when 2 then 'corrected' " \
    "when 1 then 'confirmed' else 'one_sided' end from confirmation w where w.county = x.county " \
    "and w.record_of = 'transfer' and w.record = " LEG_TEXT " and w.side = 'helped'), 'one_sided')"

/* x: the leg, its ends as of what it returns; who is not restricted is the world outside. h: the
 * other half of a leg that came over the border, to know who gave; of a return that of what it returns,
 * which is there whether or not the return has come home. 61 is NUMBER_BATCH. */
#define TRANSFER_VIEW \
    "select x.county as county, x.seq as id, x.recorded as recorded, 0 as load, 0 as draft, " \
    LEG_TEXT " as leg, cast(case when x.src < " TRANSIT " then x.src / 2 else x.county end as text) " \
    "|| ':' || cast(x.id as text) as transfer, " \
    "case x.kind when 1 then 'moved' when 2 then 'promised' when 3 then 'arrived' " \
    "when 4 then 'voided' else 'returned' end as kind, " \
    "coalesce(c.place, f.place) as place, " \
    "coalesce(f.county, g.county) as payer_county, coalesce(f.id, g.id) as payer, " \
    "case when coalesce(f.restricted, g.restricted) = 0 then 'outside' " \
    "else coalesce(f.holder_kind, g.holder_kind) end as from_kind, " \
    LEVEL("coalesce(f.place, g.place)") " as from_level, " \
    "c.county as receiver_county, c.id as receiver, " \
    "case when c.restricted = 0 then 'outside' else coalesce(c.holder_kind, 'transit') end " \
    "as to_kind, " LEVEL("c.place") " as to_level, " \
    "case when c.fund_line is not null then c.fund_line_county when f.fund_line is not null " \
    "then f.fund_line_county else g.fund_line_county end as fund_line_county, " \
    "coalesce(c.fund_line, f.fund_line, g.fund_line) as fund_line, " \
    "coalesce(c.earmark, f.earmark, g.earmark) as earmark, " \
    "coalesce(f.organisation, g.organisation) as giver, c.organisation as taker, " \
    "case when coalesce(x.cause, o.cause) = 61 then coalesce(x.cause_county, o.cause_county) " \
    "end as batch_county, " \
    "case when coalesce(x.cause, o.cause) = 61 then coalesce(x.cause_id, o.cause_id) end as batch, " \
    "x.amount as amount, " \
    "case when x.kind in (1, 3) then x.amount when x.kind = 5 then -x.amount else 0 end as moved, " \
    "case when x.kind = 2 then x.amount when x.kind in (3, 4) then -x.amount else 0 end " \
    "as promised, " \
    "coalesce(o5.day, x.day) as came_on, " \
    "case when x.kind <> 5 or o.day + 365 > x.day then coalesce(o5.day, x.day) + 365 else x.day end " \
    "as year1_on, " \
    "case when x.kind <> 5 or o.day + 730 > x.day then coalesce(o5.day, x.day) + 730 else x.day end " \
    "as year2_on, " \
    "x.day as valid_from, x.day as valid_to, 'recorded' as basis, " STANDING " as confirmation, " \
    "cast(null as bigint) as source, cast(null as text) as quote, x.note as note, " \
    "x.digest as digest " \
    "from (select t.*, case when t.kind = 5 then t.credit else t.debit end as src, " \
    "case when t.kind = 5 then t.debit else t.credit end as dst from transfer t) x " \
    "left join transfer o on o.county = x.county and o.seq = x.about " \
    "left join transfer o5 on o5.county = x.county and o5.seq = x.about and x.kind = 5 " \
    "left join ledger_account f on f.county = x.county and f.id = x.src " \
    "left join ledger_account c on c.county = x.county and c.id = x.dst " \
    "left join transfer h on h.county = x.src / 2 and h.id = coalesce(o5.id, x.id) and h.leg = x.leg " \
    "and x.src < " TRANSIT " " \
    "left join ledger_account g on g.county = h.county and g.id = h.debit"

/* A piece that left a lot on the day of the leg that took it, and one that came back on the day of
 * the leg that returned that: first pieces stand in their legs, further ones in lot_use. Lots in
 * transit have no holder. */
#define LOT_USE_VIEW \
    "select y.county as county, y.digest & 9223372036854775807 as id, y.recorded as recorded, " \
    "0 as load, 0 as draft, y.leg as leg, a.place as place, a.id as holder, " \
    "case when a.restricted = 0 then 'outside' else a.holder_kind end as holder_kind, " \
    "a.fund_line_county as fund_line_county, " \
    "a.fund_line as fund_line, a.earmark as earmark, y.amount as amount, l.day as came_on, " \
    "case when l.day + 365 > y.day then l.day + 365 else y.day end as year1_on, " \
    "case when l.day + 730 > y.day then l.day + 730 else y.day end as year2_on, " \
    "y.day as valid_from, y.day as valid_to, y.digest as digest from (" \
    "select t.county, t.lot, t.digest, case t.kind when 5 then t.taken else -t.taken end as amount, " \
    "t.seq as leg, case t.kind when 5 then t.credit else t.debit end as holder, t.day, t.recorded " \
    "from transfer t where t.lot is not null and t.lot_county = t.county " \
    "union all " \
    "select t.county, u.lot, u.digest, -u.amount, t.seq, t.debit, " \
    "t.day, t.recorded from lot_use u join transfer t on t.county = u.county and t.seq = u.to_lot " \
    "where u.back = 0 and u.lot_county = u.county " \
    "union all " \
    "select r.county, u.lot, u.digest, u.amount, r.seq, t.debit, r.day, r.recorded " \
    "from lot_use u join transfer t on t.county = u.county and t.seq = u.to_lot " \
    "join transfer r on r.county = u.county and r.about = u.to_lot and r.kind = 5 " \
    "where u.back = 1 and u.lot_county = u.county) y " \
    "join ledger_account a on a.county = y.county and a.id = y.holder " \
    "join transfer l on l.county = y.county and l.seq = y.lot"

const struct stmt flow_views[FLOW_N_STMTS] = {
    [FLOW_TRANSFER] = { "flow_transfer", STMT_ADMIN, TRANSFER_VIEW, NULL },
    [FLOW_LOT_USE] = { "flow_lot_use", STMT_ADMIN, LOT_USE_VIEW, NULL },
    [FLOW_USED] = { "flow_used", STMT_ROUTER,
        "select 1 from ledger_balance where county = ?1 and account = ?2", NULL },
};

const struct stmt_table flow_stmts = { "flow", flow_views, FLOW_N_STMTS };

void flow_new_rows(struct buf *out, const struct table_map *m, const char *leg, int n)
{
    buf_str(out, "select ");
    for (int i = 0; i < m->table.n; i++)
        buf_printf(out, "%s%s", i ? ", " : "", m->table.cols[i].name);
    buf_printf(out, " from %s where ", m->from);
    for (int i = 0; i < n; i++)
        buf_printf(out, "%s(county = ?%d and %s > ?%d and %s <= ?%d)", i ? " or " : "", i * 3 + 1,
                   leg, i * 3 + 2, leg, i * 3 + 3);
}
