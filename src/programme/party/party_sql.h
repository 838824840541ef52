/* The statements of the party room, by number. */
#ifndef JD_PROGRAMME_PARTY_SQL_H
#define JD_PROGRAMME_PARTY_SQL_H

#include "store/store.h"

enum party_stmt { PARTY_SUBTREE, PARTY_BY_NAME, PARTY_N_STMTS };
extern const struct stmt_table party_stmts;

#endif
