/* Statements of the market room. ?1 is the number of the pending load, whose rows are not there. */
#include "programme/market/market_sql.h"

#define SEEN "draft = 0 and load <> ?1 "
#define TONNES "cast(sum(tonnes) as bigint), sum(case when tonnes is null then 1 else 0 end) "

static const struct stmt stmts[] = {
    [MARKET_LOTS] = { "market_lots", STMT_SCATTER,
        "select county, id, code, title, kind, place, producer, tonnes, tonne_price, offered_on, "
        "withdrawn_on, product_county, product from produce_lot where " SEEN
        "and state = 'done' and offered_on <= ?2 order by county, id", NULL },
    [MARKET_MATCHED] = { "market_matched", STMT_SCATTER,
        "select county, lot, " TONNES "from produce_match where " SEEN "and result = 'accepted' "
        "and (matched_on is null or matched_on <= ?2) group by county, lot order by county, "
        "lot nulls last",
        NULL },
    [MARKET_BOUGHT] = { "market_bought", STMT_SCATTER,
        "select lot_county, lot, " TONNES "from purchase where " SEEN "and state = 'done' "
        "and lot is not null and (valid_from is null or valid_from <= ?2) "
        "group by lot_county, lot order by lot_county nulls last, "
        "lot nulls last", NULL },
    [MARKET_DEMANDS] = { "market_demands", STMT_SCATTER,
        "select county, id, code, title, kind, place, buyer, tonnes, tonne_price, wanted_by, "
        "certified_only from demand where " SEEN "and (wanted_by is null or wanted_by >= ?2) "
        "and (valid_from is null or valid_from <= ?2) order by county, id", NULL },
    [MARKET_MET] = { "market_met", STMT_SCATTER,
        "select demand_county, demand, " TONNES "from produce_match where " SEEN
        "and result = 'accepted' and demand is not null "
        "and (matched_on is null or matched_on <= ?2) "
        "group by demand_county, demand "
        "order by demand_county nulls last, demand nulls last", NULL },
    [MARKET_PRODUCTS] = { "market_products", STMT_SCATTER,
        "select county, id, certified from product where " SEEN
        "and (valid_from is null or valid_from <= ?2) order by county, id", NULL },
    [MARKET_SALES] = { "market_sales", STMT_SCATTER,
        "select buyer_place, place, class, amount, tonnes, qualifier, certified, way, helper "
        "from purchase where " SEEN "and state = 'done' and of_which is null "
        "and of_which_unclear is null and (valid_from is null or valid_from <= ?2) "
        "order by county, id", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == MARKET_N_STMTS, "one statement a name");

const struct stmt_table market_stmts = { "market", stmts, MARKET_N_STMTS };
