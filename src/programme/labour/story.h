/* story: what is on record of one person's way to work, in one list: profile, match, training, trip,
 * job, follow-up, student aid. */
#ifndef JD_PROGRAMME_LABOUR_STORY_H
#define JD_PROGRAMME_LABOUR_STORY_H

#include "programme/labour/labour.h"
#include "programme/rows/rows.h"

struct story_step {
    int32_t day;               /* DATE_MAX = not told */
    const char *step, *code, *what; /* what: a code of the record, or "" */
    int64_t place, org, months;     /* months: of a follow-up */
};
struct story { struct story_step *at; int n; }; /* by day; arena */
bool story_read(struct db *d, int64_t county, int64_t person, struct arena *a, struct story *out,
                struct err *e) WARN_UNUSED;
/* The steps of the one-stop way that nothing is recorded of, as "match, trip"; arena. */
const char *story_missing(const struct story *s, struct arena *a);

/* A placement whose look again is over. */
struct follow_due { const char *code; int64_t place, helper, employer, people; int months;
                    int32_t due; };
typedef bool follow_due_fn(void *arg, const struct follow_due *f, struct err *e);
/* months: after how many a placement is looked at, up to 8, 0 ends. Where only an interval is known
 * the last day counts. */
bool follow_ups_due(struct db *d, const int *months, int32_t on, struct arena *a,
                    follow_due_fn *fn, void *arg, struct err *e) WARN_UNUSED;

#endif
