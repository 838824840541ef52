/* Statements of the sides room. */
#include "programme/sides/sides.h"

#define WORD \
    "id, organisation, recorded, side, says, correction, reason, evidence, evidence_name, seen, " \
    "package, said_on"

static const struct stmt stmts[] = {
    [SIDES_WORDS] = { "sides_words", STMT_ROUTER,
        "select " WORD " from confirmation where county = ?1 and record_of = ?2 and record = ?3 "
        "order by id", NULL },
    /* Is ?2 the organisation ?1, a member of the joint party it is, or one above either? */
    [SIDES_ACTS] = { "sides_acts", STMT_REF,
        "with recursive up(id) as ("
        "select cast(?1 as bigint) "
        "union select member from membership where county = 0 and joint_party = ?1 and draft = 0 "
        "union select o.parent from organisation o join up u on o.id = u.id "
        "where o.county = 0 and o.parent is not null) "
        "select count(*) from up where id = ?2", NULL },
    [SIDES_AUTHORITY] = { "sides_authority", STMT_REF,
        "select place from organisation where county = 0 and id = ?1 and draft = 0 and kind in "
        "('government', 'party', 'department', 'village', 'branch')", NULL },
    [SIDES_WORD_BY] = { "sides_word_by", STMT_ROUTER,
        "select id from confirmation where county = ?1 and record_of = ?2 and record = ?3 "
        "and organisation = ?4", NULL },
    /* ?1 county, ?2 id: those after; counties until ?3. */
    [SIDES_EACH] = { "sides_each", STMT_SCATTER,
        "select county, id, record_of, record from confirmation "
        "where (county, id) > (?1, ?2) and county <= ?3 order by county, id limit 500", NULL },
    /* Those that stand against a record: an index holds them alone. */
    [SIDES_AGAINST] = { "sides_against", STMT_SCATTER,
        "select county, id, record_of, record from confirmation "
        "where " WORD_AGAINST " and (county, id) > (?1, ?2) and county <= ?3 order by county, id limit 500", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == SIDES_N_STMTS, "one statement a name");

const struct stmt_table sides_stmts = { "sides", stmts, SIDES_N_STMTS };
