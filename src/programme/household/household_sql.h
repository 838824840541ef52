/* The statements of the household room, by number. */
#ifndef JD_PROGRAMME_HOUSEHOLD_SQL_H
#define JD_PROGRAMME_HOUSEHOLD_SQL_H

#include "store/store.h"

/* HOUSEHOLD_PERSONS: ?1 county ?2 household; the ids of its persons. HOUSEHOLD_INCOME: ?1 county
 * ?2 household ?3 the pending load. HOUSEHOLD_EXITS: ?1 county ?2 the pending load ?3, ?4 days;
 * HOUSEHOLD_HELPED, HOUSEHOLD_RESPONSIBLE, HOUSEHOLD_PAIRINGS: ?1 county ?2 the pending load: who
 * helped, for attribution. In the others ?1 is the pending load. HOUSEHOLD_MEASURES_OF: ?2 day ?3,
 * ?4 counties; household, how many. HOUSEHOLD_HOLDERS: ?2 day; persons who hold a public-welfare
 * post. HOUSEHOLD_EXIT_COUNTIES: ?2, ?3 days. HOUSEHOLD_EXITS_PLANNED: places that are to exit.
 * HOUSEHOLD_RURAL: ?2 day; place, people, day. HOUSEHOLD_INCOME_OF: of all, by place.
 * HOUSEHOLD_LOOKS: ?2 day; outcomes with their looks. */
enum household_stmt { HOUSEHOLD_PERSONS, HOUSEHOLD_MEASURES_OF, HOUSEHOLD_HOLDERS,
                      HOUSEHOLD_EXIT_COUNTIES, HOUSEHOLD_EXITS,
                      HOUSEHOLD_HELPED, HOUSEHOLD_RESPONSIBLE, HOUSEHOLD_PAIRINGS,
                      HOUSEHOLD_EXITS_PLANNED, HOUSEHOLD_RURAL, HOUSEHOLD_INCOME,
                      HOUSEHOLD_INCOME_OF, HOUSEHOLD_LOOKS, HOUSEHOLD_N_STMTS };
extern const struct stmt_table household_stmts;

#endif
