/* The statements of the labour room, by number. */
#ifndef JD_PROGRAMME_LABOUR_SQL_H
#define JD_PROGRAMME_LABOUR_SQL_H

#include "store/store.h"

/* ?1 is the pending load, ?2 the day. LABOUR_AREAS: ?3, ?4 places; sums by county. LABOUR_DUE: ?2
 * months, ?3 the last day of a start that is due. The LABOUR_OF_* are of one person, ?2 its county, ?3 its id:
 * day, step, code, what, place, organisation. */
enum labour_stmt { LABOUR_TRIPS, LABOUR_VACANCIES, LABOUR_ACCEPTED, LABOUR_AREAS,
                   LABOUR_DUE, LABOUR_MATCHES, LABOUR_POSTS, LABOUR_OF_SEEKER, LABOUR_OF_MATCH,
                   LABOUR_OF_COURSE, LABOUR_OF_SEAT, LABOUR_OF_PLACEMENT, LABOUR_OF_POST,
                   LABOUR_OF_FOLLOW, LABOUR_OF_AID, LABOUR_N_STMTS };
extern const struct stmt_table labour_stmts;

#endif
