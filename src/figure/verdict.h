/* verdict: what an auditor says of a printed number beside what the records give. No store.
 *
 * Both sides are ranges. Numbers are whole counts of some small unit; `step` is how many of it the
 * last printed digit stands for (a number printed as 266 million is printed in steps of a million),
 * so that a printed number stands for all that rounds to it.
 *
 *   printed            it says                           the records say     they give
 *   = c                all that rounds to c              = v                 v
 *   at least c         c or more, c rounded              at least, over v    v or more
 *   over c             more than c itself                at most, under v    v or less
 *   at most c          c or less, c rounded              about v             v within a twentieth
 *   nearly c           under c by a tenth or less        in both directions  anything
 *   about c            c within a twentieth              between l and h     l to h, and as above
 *
 *   all that the records give, the print says    holds
 *   the two have nothing in common               differs
 *   else the records do not decide               cannot be computed
 *
 * Where both round to the same number and the records are inexact themselves, this says more:
 *
 *   printed      the records say    verdict
 *   = c          about              holds, as far as the records reach
 *   = c          any other bound    cannot be computed
 *   at least, over c   at least, over     holds
 *   at most c    at most, under     holds
 *   nearly c     about, at most, under    holds
 *   about c      any of these       holds
 *
 * So 400 exactly is not "over 400" (it differs by nothing, and the reason says so), 200 is not
 * "nearly 400", and "over 400" recorded as about 400 is not decided. */
#ifndef JD_FIGURE_VERDICT_H
#define JD_FIGURE_VERDICT_H

#include "figure/figure.h"

struct printed { int64_t value, step; enum qualifier qualifier; };
/* low = high where the records give one number. */
struct computed { int64_t low, high; enum qualifier qualifier; };

/* why: a reason in a few words where the verdict needs one, else NULL. */
enum claim_verdict verdict_of(const struct printed *p, const struct computed *c, const char **why);

#endif
