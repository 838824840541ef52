/* supervise: what is found in listed places and what is done about it. A place is listed by `listing`;
 * its policy is a work plan of that very place; findings and measures name the place, and the finding
 * that a measure answers. A finding is corrected when its day says so. */
#ifndef JD_PROGRAMME_WATCH_SUPERVISE_H
#define JD_PROGRAMME_WATCH_SUPERVISE_H

#include "programme/criteria/criteria.h"
#include "programme/watch/find.h"

enum supervision_finding_col { FINDING_CODE, FINDING_PLACE, FINDING_TITLE, FINDING_KIND,
    FINDING_FOUND_BY, FINDING_FOUND_ON, FINDING_OWNER, FINDING_DUE_ON, FINDING_CORRECTED_ON,
    FINDING_CORRECTION, FINDING_VERIFIED_BY, FINDING_NCOLS };
enum supervision_measure_col { MEASURE_CODE, MEASURE_PLACE, MEASURE_FINDING, MEASURE_WORK_PLAN,
    MEASURE_TITLE, MEASURE_ORGANISATION, MEASURE_DUE_ON, MEASURE_DONE_ON, MEASURE_NCOLS };
extern const struct entity supervision_finding_entity, supervision_measure_entity;

/* One place under supervision, or one that the rule would list (listing NULL). */
struct supervised {
    int64_t place;
    const struct val *listing;         /* row of WATCH_SUPERVISED */
    bool named;                        /* false: the row tells of several places, or of one inside */
    const char *policy;                /* code of its own plan, or NULL = missing */
    int measures, measures_done, findings, findings_open;
    bool poor_known, base_known, base_about;
    int64_t poor, base;                /* poor persons; rural population */
    int32_t poor_on, base_on;          /* DATE_MIN = by the listing, not dated */
    bool incidence_known; int64_t incidence;   /* hundredths of a percent, cut */
    enum rule_tri rule;                /* what the rule says of it */
    const struct val *exited, *planned;/* rows of WATCH_EXITS, done and not */
};
enum { SV_CODE, SV_KIND, SV_PLACE, SV_REASON, SV_ORGANISER, SV_HELPER, SV_QUANTITY, SV_INCIDENCE,
       SV_POOR, SV_FROM, SV_TO };
enum { EX_PLACE, EX_STATE, EX_YEAR, EX_ANNOUNCED, EX_TO, EX_STATUS };
enum { FN_COUNTY, FN_ID, FN_CODE, FN_PLACE, FN_TITLE, FN_KIND, FN_BY, FN_FOUND, FN_OWNER, FN_DUE,
       FN_CORRECTED, FN_CORRECTION, FN_VERIFIED };
enum { ME_COUNTY, ME_FINDING, ME_CODE, ME_PLACE, ME_TITLE, ME_ORG, ME_DUE, ME_DONE };

/* What criteria "on listing" look at: poor_persons, and incidence in percent. */
extern const struct rule_schema supervised_schema;

typedef bool supervised_fn(void *arg, const struct supervised *s, struct err *e);
/* Every listed place, then with `rule` the villages it would list that are not. rule may be NULL.
 * After watch_begin. */
bool supervised_read(const struct watch *w, struct criterion *rule, supervised_fn *fn, void *arg,
                     struct err *e) WARN_UNUSED;

#endif
