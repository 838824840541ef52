/* attribution: the exit of a household shared out among those who helped it, by the weights of a
 * written rule (criteria/attribution.criteria). Shares are millionths and come to exactly one
 * household for each exit; what nobody helped with is the household's own (helper 0). */
#ifndef JD_PROGRAMME_HOUSEHOLD_ATTRIBUTION_H
#define JD_PROGRAMME_HOUSEHOLD_ATTRIBUTION_H

#include "programme/criteria/criteria.h"
#include "programme/household/household.h"

#define ATTRIBUTION_ONE INT64_C(1000000)

/* Largest remainders: share[i] in millionths, together ATTRIBUTION_ONE when any weight is above 0,
 * else all 0; of equal remainders the first gets more. Weights are not negative and their sum is
 * below 2^40. Pure. */
void attribution_split(const int64_t *weight, int n, int64_t *share);

struct attribution {
    int64_t county, household, place, helper; /* helper 0: its own */
    const char *code;          /* of the household */
    int32_t exited_on;
    int64_t weight, share;
};
typedef bool attribution_fn(void *arg, const struct attribution *a, struct err *e);
/* Each helper's part of each exit from `from` to `to`, county by county in the order of households;
 * strings are borrowed until fn returns. */
bool attribution_read(struct db *d, const struct criterion *rule, int32_t from, int32_t to,
                      attribution_fn *fn, void *arg, struct err *e) WARN_UNUSED;

#endif
