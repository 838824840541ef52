/* above: where a helper may act. A helper acts inside the frames above it: those of its own, else of
 * the nearest organisation above it that has any, else of the government where it has its seat (a
 * Beijing company acts in Beijing's areas). Central units and the army are bound by no seat. A joint
 * party is bound by what it stands under, else by each of its members. An act that names its frame
 * may name a wider one above the helper too. Where no frame is recorded above a helper there is no
 * verdict; a frame without a place reaches everywhere. */
#ifndef JD_PROGRAMME_PAIRING_ABOVE_H
#define JD_PROGRAMME_PAIRING_ABOVE_H

#include "base/map.h"
#include "programme/pairing/pairing.h"
#include "programme/rows/rows.h"

struct above {
    struct db *d;
    const struct places *places;
    struct arena *a;
    int64_t hidden;            /* the pending load, or -1 where it becomes visible */
    struct rows frames;
    const struct val **deciding; /* of the act at hand; room for all frames */
    struct map orgs;           /* id -> const struct val * of its row */
};
/* Reads the frames. `published` is a load that becomes visible with this transaction, or -1. */
bool above_open(struct above *s, struct db *d, const struct places *places, int64_t published,
                struct arena *a, struct err *e) WARN_UNUSED;
void above_close(struct above *s);

/* Something that a helper does or agrees to. */
struct above_act {
    const char *code;
    int64_t helper, place;     /* 0 = not known */
    int64_t frame_county, frame; /* the one it names; 0 = none */
    int32_t from;              /* DATE_MIN = not known */
};
enum above_verdict { ABOVE_INSIDE, ABOVE_OUTSIDE, ABOVE_NO_FRAME, ABOVE_NO_PLACE };
/* why: the frames that decide, with their areas; for ABOVE_OUTSIDE a whole sentence. Arena. */
bool above_judge(struct above *s, const struct above_act *act, enum above_verdict *out,
                 const char **why, struct err *e) WARN_UNUSED;

#endif
