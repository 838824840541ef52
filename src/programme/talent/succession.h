/* succession: who followed whom in a post of a village that one person holds at a time: first
 * secretary, team leader, village party secretary, village head. Where the days of a hand-over are
 * not known there is no verdict; a recorded hand-over gives the end of a term that says none. The
 * day on which one leaves may be the day on which the next begins. */
#ifndef JD_PROGRAMME_TALENT_SUCCESSION_H
#define JD_PROGRAMME_TALENT_SUCCESSION_H

#include "programme/talent/talent.h"

struct term {
    int64_t county, id, place, helper;
    const char *code, *kind;
    int32_t from, to;          /* DATE_MIN, DATE_MAX: not known */
};
struct terms { struct term *at; int n; };

/* All terms in the villages, by kind, place and first day, those without one last. `published` is a
 * load that becomes visible with this transaction, or -1. Arena. */
bool terms_read(struct terms *t, struct db *d, int64_t published, struct arena *a,
                struct err *e) WARN_UNUSED;

enum succession { FOLLOWS, OVERLAPS, GAP, NO_VERDICT };
struct handover {
    enum succession what;
    const struct term *before, *after;  /* before: the one who stays longest of those earlier */
    int64_t days;              /* of the overlap or of the gap */
};
typedef bool handover_fn(void *arg, const struct handover *h, struct err *e);
/* One for each term that has another before it. Pure. */
bool terms_compare(const struct terms *t, handover_fn *fn, void *arg, struct err *e) WARN_UNUSED;

#endif
