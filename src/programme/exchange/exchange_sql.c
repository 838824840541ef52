/* Statements of the exchange room. */
#include "programme/exchange/exchange.h"

#define ITEM "county, id, sender, record_of, record, place, package, sequence_no, state, ours, " \
             "content, content_digest"

static const struct stmt stmts[] = {
    [EXCHANGE_KEY] = { "exchange_key", STMT_REF,
        "select organisation, own, confirms from office_key where county = 0 and public_key = ?1 "
        "and ended_on is null", NULL },
    [EXCHANGE_OWN_KEY] = { "exchange_own_key", STMT_REF,
        "select public_key from office_key where county = 0 and organisation = ?1 and own = 1 "
        "and ended_on is null order by id", NULL },
    [EXCHANGE_KEY_BY_PRINT] = { "exchange_key_by_print", STMT_REF,
        "select id from office_key where county = 0 and fingerprint = ?1", NULL },
    [EXCHANGE_LAST] = { "exchange_last", STMT_REF,
        "select sequence_no, package_id from package where county = 0 and way = ?1 and sender = ?2 "
        "and receiver = ?3 order by sequence_no desc nulls last, id limit 1", NULL },
    [EXCHANGE_NUMBER] = { "exchange_number", STMT_REF,
        "select package_id, recorded, previous from package where county = 0 and way = 'in' and "
        "sender = ?1 and receiver = ?2 and sequence_no = ?3", NULL },
    [EXCHANGE_PACKAGE] = { "exchange_package", STMT_REF,
        "select receiver from package where county = 0 and package_id = ?1 "
        "and way = 'in'", NULL },
    [EXCHANGE_NUMBERS] = { "exchange_numbers", STMT_REF,
        "select sequence_no from package where county = 0 and way = 'in' and sender = ?1 and "
        "receiver = ?2 order by sequence_no nulls last, id", NULL },
    [EXCHANGE_ITEM] = { "exchange_item", STMT_ROUTER,
        "select " ITEM " from package_item where county = ?1 and sender = ?2 and record_of = ?3 "
        "and record = ?4", NULL },
    /* Records of that office that have another code here. */
    [EXCHANGE_LINKS] = { "exchange_links", STMT_SCATTER,
        "select record_of, record, ours from package_item where sender = ?1 and ours <> record "
        "and load <> ?2 order by county, id", NULL },
    /* Words that wait: those after ?1 county ?2 id, not of the load ?3. */
    [EXCHANGE_WORDS] = { "exchange_words", STMT_SCATTER,
        "select " ITEM " from package_item where record_of = 'confirmation' and "
        "state in ('open', 'unknown') and (county > ?1 or (county = ?1 and id > ?2)) "
        "and load <> ?3 order by county, id limit 500", NULL },
    /* Records in a state, of one sender or of all (0). */
    [EXCHANGE_ITEMS] = { "exchange_items", STMT_SCATTER,
        "select " ITEM " from package_item where record_of <> 'confirmation' and state = ?4 and "
        "(sender = ?5 or ?5 = 0) and (county > ?1 or (county = ?1 and id > ?2)) "
        "and load <> ?3 order by county, id limit 500", NULL },
    [EXCHANGE_FIND] = { "exchange_find", STMT_SCATTER,
        "select county, id, sender from package_item where record_of = ?1 and record = ?2 "
        "and load <> ?3 and (sender = ?4 or ?4 = 0) order by county, id", NULL },
    [EXCHANGE_CONFIRMS] = { "exchange_confirms", STMT_REF,
        "select distinct organisation from office_key where county = 0 and own = 0 and "
        "confirms = 1 and ended_on is null", NULL },
    [EXCHANGE_REPORTED] = { "exchange_reported", STMT_SCATTER,
        "select record_of, record, side from confirmation where says = 'reported' "
        "order by county, id", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == EXCHANGE_N_STMTS, "one statement a name");

const struct stmt_table exchange_stmts = { "exchange", stmts, EXCHANGE_N_STMTS };
