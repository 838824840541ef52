/* watch: what is listed for supervision, and what is due, overdue, missing or doubled. */
#ifndef JD_PROGRAMME_WATCH_H
#define JD_PROGRAMME_WATCH_H

#include "programme/room.h"

enum listing_col { LISTING_CODE, LISTING_PLACE, LISTING_KIND, LISTING_REASON, LISTING_HELPER,
    LISTING_ORGANISER, LISTING_INCIDENCE, LISTING_POOR_PERSONS, LISTING_NCOLS };

extern const struct entity listing_entity;

enum watch_stmt { WATCH_CONTACT_PLANS, WATCH_VISITS, WATCH_MEETINGS, WATCH_ACTIVITIES,
                  WATCH_PROBLEMS, WATCH_AGREEMENTS, WATCH_LISTINGS, WATCH_HELPED, WATCH_HOUSEHOLDS,
                  WATCH_ALONE, WATCH_CALLED_ON, WATCH_CALLED_UNNAMED,
                  WATCH_SUPERVISED, WATCH_POLICIES, WATCH_SUPERVISION_MEASURES,
                  WATCH_SUPERVISION_FINDINGS, WATCH_EXITS, WATCH_PEOPLE, WATCH_ASKED_FORMS,
                  WATCH_ASKED_FIELDS, WATCH_ASKED_LOADED, WATCH_N_STMTS };
extern const struct stmt_table watch_stmts;

#endif
