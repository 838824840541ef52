/* team: resident teams against what is asked of them (criteria/posting.criteria): members of a
 * village's team, months of a term, days on site of each whole month. Nothing is judged where the
 * village, the days or the number are not known. */
#ifndef JD_PROGRAMME_TALENT_TEAM_H
#define JD_PROGRAMME_TALENT_TEAM_H

#include "programme/criteria/criteria.h"
#include "programme/rows/rows.h"
#include "programme/talent/talent.h"

/* Columns of TALENT_POSTS. */
enum { POST_COUNTY, POST_ID, POST_CODE, POST_KIND, POST_PLACE, POST_HELPER, POST_TEAM, POST_FROM,
       POST_TO, POST_QUANTITY, POST_QUALIFIER, POST_ROLE, POST_SKILL, POST_NEEDED, POST_BATCH,
       POST_FOR_CLASS, POST_HOLDER, POST_PHONE, POST_HOST };
/* Postings that had begun by `on`, by place. */
bool posts_read(struct db *d, int32_t on, struct arena *a, struct rows *out,
                struct err *e) WARN_UNUSED;
bool post_in_office(const struct val *post, int32_t on);
bool post_is_resident(const struct val *post);

enum team_fault { TEAM_SMALL, TEAM_SHORT_TERM, TEAM_FEW_DAYS, TEAM_NO_DAYS, TEAM_NO_VERDICT };
struct team_finding {
    enum team_fault fault;
    int64_t place, have, want; /* members, months of the term, days */
    int32_t month;             /* of TEAM_FEW_DAYS; its first day */
    const char *code;          /* of the posting; "" for a team */
};
typedef bool team_fn(void *arg, const struct team_finding *f, struct err *e);
bool team_check(struct db *d, const struct criterion *rule, int32_t on, struct arena *a,
                team_fn *fn, void *arg, struct err *e) WARN_UNUSED;

#endif
