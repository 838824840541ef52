/* The statements of the party room. */
#include "programme/party/party_sql.h"

static const struct stmt stmts[] = {
    /* UNION, not UNION ALL, so that organisations that are each other's parent end the walk. */
    [PARTY_SUBTREE] = { .name = "party_subtree", .class = STMT_REF,
        .sql = "WITH RECURSIVE below(id) AS ("
               "SELECT id FROM organisation WHERE county = 0 AND id = ?1 "
               "UNION SELECT o.id FROM organisation o JOIN below b ON o.parent = b.id "
               "WHERE o.county = 0) "
               "SELECT id FROM below ORDER BY id" },
    [PARTY_BY_NAME] = { .name = "party_by_name", .class = STMT_REF,
        .sql = "SELECT id, code FROM organisation WHERE county = 0 AND draft = 0 AND load <> ?2 "
               "AND (name_zh = ?1 OR name_en = ?1) ORDER BY id" },
};
_Static_assert(sizeof stmts / sizeof *stmts == PARTY_N_STMTS, "one row per statement");

const struct stmt_table party_stmts = { .room = "party", .stmts = stmts, .n = PARTY_N_STMTS };
