/* The statements of the pairing room, by number. */
#ifndef JD_PROGRAMME_PAIRING_SQL_H
#define JD_PROGRAMME_PAIRING_SQL_H

#include "store/store.h"

/* PAIRING_ONE: ?1 county ?2 id; PAIRING_LOADED: ?1 the load; both give what PAIRING_AGREEMENTS and
 * the other acts give: code, helper, place, frame_county, frame, first day, what it is.
 * The PAIRING_BY_* give commitment_county, commitment, what, rows, amount, quantity, rows whose
 * number is not exact; ?2 is the day. */
enum pairing_stmt { PAIRING_FRAMES, PAIRING_ORG, PAIRING_MEMBERS, PAIRING_ONE, PAIRING_LOADED,
                    PAIRING_AGREEMENTS, PAIRING_POSTINGS, PAIRING_PROJECTS, PAIRING_ALLOCATIONS,
                    PAIRING_PURCHASES, PAIRING_LEVELS, PAIRING_LINKS, PAIRING_COMMITMENTS,
                    PAIRING_BY_ALLOCATION, PAIRING_BY_PURCHASE, PAIRING_BY_PLACEMENT,
                    PAIRING_BY_POST, PAIRING_BY_WORKSHOP, PAIRING_BY_POSTING, PAIRING_BY_COURSE,
                    PAIRING_BY_PROJECT, PAIRING_BY_SERVICE, PAIRING_GROUPS, PAIRING_EFFECTS,
                    PAIRING_NEEDS, PAIRING_OFFERS, PAIRING_DOCKINGS, PAIRING_ALL_PROJECTS,
                    PAIRING_ONE_NEED, PAIRING_ONE_OFFER, PAIRING_NEED_TAKEN, PAIRING_OFFER_TAKEN,
                    PAIRING_DOCKED_NEEDS, PAIRING_DOCKED_OFFERS, PAIRING_PAIRS,
                    PAIRING_N_STMTS };
extern const struct stmt_table pairing_stmts;

#endif
