/* Statements of the chain from commitment to benefit. The last ? is the pending load, whose rows are
 * not there. */
#include "programme/money/chain.h"

#define LINE "code, purpose, coalesce(valid_from, valid_to), amount, place, project_county, project, " \
    "stage from allocation where draft = 0 "

static const struct stmt stmts[] = {
    [CHAIN_SQL_COMMITMENT] = { "chain_commitment", STMT_ROUTER,
        "select code, kind, coalesce(valid_from, valid_to), amount, place from commitment "
        "where county = ?1 and id = ?2", NULL },
    [CHAIN_SQL_BATCHES] = { "chain_batches", STMT_SCATTER,
        "select county, id, code, coalesce(valid_from, valid_to), amount, place from batch "
        "where commitment_county = ?1 and commitment = ?2 and draft = 0 and load <> ?3 "
        "order by county, id", NULL },
    [CHAIN_SQL_LINES] = { "chain_lines", STMT_SCATTER,
        "select " LINE "and batch_county = ?1 and batch = ?2 and load <> ?3 order by county, id",
        NULL },
    [CHAIN_SQL_DIRECT] = { "chain_direct", STMT_SCATTER,
        "select " LINE "and commitment_county = ?1 and commitment = ?2 and batch is null "
        "and load <> ?3 order by county, id", NULL },
    [CHAIN_SQL_STAGE] = { "chain_stage", STMT_SCATTER,
        "select code, stage, valid_from, amount, place from project_stage "
        "where project_county = ?1 and project = ?2 and draft = 0 and load <> ?3 "
        "order by valid_from nulls first, id", NULL },
    [CHAIN_SQL_BENEFITS] = { "chain_benefits", STMT_SCATTER,
        "select code, kind, coalesce(valid_from, valid_to), households, place from benefit_link "
        "where project_county = ?1 and project = ?2 and draft = 0 and load <> ?3 "
        "order by county, id", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == CHAIN_N_STMTS, "one statement a name");

const struct stmt_table chain_stmts = { "chain", stmts, CHAIN_N_STMTS };
