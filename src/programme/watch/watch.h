/* watch: what is listed for supervision. */
#ifndef JD_PROGRAMME_WATCH_H
#define JD_PROGRAMME_WATCH_H

#include "programme/room.h"

enum listing_col { LISTING_CODE, LISTING_PLACE, LISTING_KIND, LISTING_REASON, LISTING_HELPER,
    LISTING_ORGANISER, LISTING_INCIDENCE, LISTING_POOR_PERSONS, LISTING_NCOLS };

extern const struct entity listing_entity;

#endif
