/* The statements of the household room. */
#include "programme/household/household_sql.h"

static const struct stmt stmts[] = {
    [HOUSEHOLD_PERSONS] = { .name = "household_persons", .class = STMT_ROUTER,
        .sql = "SELECT id FROM person WHERE county = ?1 AND household = ?2 ORDER BY id" },
};
_Static_assert(sizeof stmts / sizeof *stmts == HOUSEHOLD_N_STMTS, "one row per statement");

const struct stmt_table household_stmts = { .room = "household", .stmts = stmts,
                                            .n = HOUSEHOLD_N_STMTS };
