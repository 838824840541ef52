/* score: points of a scorecard's items and the grade they make. Pure: no database, no clock.
 *
 * Limits and points are in hundredths; what a figure gives has the figure's scale. All is exact in
 * whole numbers, and points are cut to hundredths:
 *   share       full * actual / target, never over full, never below 0
 *   thresholds  the points of the best step that is reached; 0 when none is
 *   zero        full, or 0 on the breach of the limit
 *   off         full, less `off` for each whole `unit` by which the limit is missed; never below 0
 * "At most" turns the comparison round: fewer is better. */
#ifndef JD_PROGRAMME_PLAN_SCORE_H
#define JD_PROGRAMME_PLAN_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum score_kind { SCORE_SHARE, SCORE_THRESHOLDS, SCORE_ZERO, SCORE_OFF, SCORE_TYPED };
enum { SCORE_STEPS = 16, SCORE_GRADES = 12, SCORE_NAME = 60 };

struct score_step { int64_t value, points; };
struct score_rule {
    enum score_kind kind;
    bool at_most;
    int64_t full;
    bool has_limit; int64_t limit;     /* target or limit */
    int64_t off, unit;
    struct score_step step[SCORE_STEPS]; int n_steps;
};
/* NULL, or what the rule lacks. */
const char *score_fault(const struct score_rule *r);
/* Points of an actual at 10^-scale, of a rule without fault, not SCORE_TYPED. */
int64_t score_points(const struct score_rule *r, int64_t actual, int scale);
/* full * actual / target of two figures; the target must be above 0. */
int64_t score_share(int64_t full, int64_t actual, int scale, int64_t target, int target_scale);

/* "100:10; 90:8; 80:5": value and points, the values in falling or rising order. NULL, or what is wrong. */
const char *score_steps_read(const char *s, size_t n, struct score_rule *r);

/* "good 90; fair 75; poor 0": a name and the least share of full points for it, in percent, falling.
 * A name may be in both languages: "good/好 90". */
struct score_grades {
    struct { char name[SCORE_NAME], zh[SCORE_NAME]; int64_t from; } at[SCORE_GRADES]; int n; /* hundredths of 1% */
};
const char *score_grades_read(const char *s, size_t n, struct score_grades *g);
const char *score_grade_name(const struct score_grades *g, int i, bool zh);
/* Which grade so many of so many points make; -1 = none, full not above 0. */
int score_grade(const struct score_grades *g, int64_t points, int64_t full);

/* Who checks whom among n that are in a fixed order: by[i] checks i. Nobody checks itself; with an
 * even n two check each other, with an odd n three do so in a ring. The round changes the partners;
 * over n - 1 rounds of an even n each meets every other once. Nothing when n < 2. */
void score_pairs(int n, int64_t round, int *by);

#endif
