/* The statements of the household room, by number. */
#ifndef JD_PROGRAMME_HOUSEHOLD_SQL_H
#define JD_PROGRAMME_HOUSEHOLD_SQL_H

#include "store/store.h"

/* HOUSEHOLD_PERSONS: ?1 county ?2 household; the ids of its persons. */
enum household_stmt { HOUSEHOLD_PERSONS, HOUSEHOLD_N_STMTS };
extern const struct stmt_table household_stmts;

#endif
