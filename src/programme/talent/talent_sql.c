/* Statements of the talent room. ?1 is the number of the pending load, whose rows are not there. */
#include "programme/talent/talent.h"

static const struct stmt stmts[] = {
    [TALENT_TERMS] = { "talent_terms", STMT_SCATTER,
        "select county, id, code, kind, place, valid_from, valid_to, helper from posting "
        "where draft = 0 and load <> ?1 and state = 'done' and quantity = 1 "
        "and place is not null and of_which is null and kind in ('first_secretary', "
        "'team_leader', 'village_secretary', 'village_head') order by kind nulls last, "
        "place nulls last, valid_from nulls last, county, id", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == TALENT_N_STMTS, "one statement a name");

const struct stmt_table talent_stmts = { "talent", stmts, TALENT_N_STMTS };
