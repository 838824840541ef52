/* move: a household that goes to live elsewhere.
 *
 * Within its county it is an ordinary change of its village. To another county it and its persons
 * are written there anew, with the same ids where those are free (a household that comes back takes
 * new ones); the rows where it was say until when (left_on) and where to (moved_to), the new ones
 * from when (arrived_on). The figures of the county left end on the day before, those of the other
 * begin on the day. What was recorded of it, its changes of status, helpers and measures, stays
 * where it was. Codes and id numbers name the new rows from then on. */
#ifndef JD_PROGRAMME_MOVE_H
#define JD_PROGRAMME_MOVE_H

#include "entity/entity.h"

struct household_move {
    const char *code;              /* of the household */
    int64_t place;                 /* where it goes: in a county, or below */
    bool dated; int32_t on;        /* its first day there; needed to change county */
};
struct household_moved {
    bool county_changed;
    int64_t from_county, from, to_county, to;
    int persons;                   /* who went with it to another county */
};
/* ERR_NOT_FOUND: no such household. ERR_INVALID: it lives there, a day before it came, no day.
 * ERR_BUSY: it is part of a load that is not published. */
bool household_move(struct tx *tx, const struct model *mo, const struct household_move *move,
                    struct household_moved *out, struct err *e) WARN_UNUSED;

#endif
