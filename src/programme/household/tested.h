/* tested: households and persons of a place held against a criterion. A person is looked at beside
 * its household: columns of the household stand with household_ before them. Besides them there are
 * today and, for a person, age (whole years on the day) and household_posts (public-welfare posts
 * held in the household that day); for a household, out_of_school (able children of 6 to 14 years
 * not in school) and measures (help measures on record). */
#ifndef JD_PROGRAMME_HOUSEHOLD_TESTED_H
#define JD_PROGRAMME_HOUSEHOLD_TESTED_H

#include "programme/criteria/criteria.h"
#include "programme/household/household.h"

struct tested {
    const struct table_map *m;
    const struct val *row;     /* of the entity; borrowed until fn returns */
    const struct val *household;
    enum rule_tri verdict;
    const enum rule_tri *of;   /* one a need */
};
typedef bool tested_fn(void *arg, const struct tested *t, struct err *e);

/* Binds a copy of c, then tests every row inside `place` (which must be named). d and d2 are two
 * read connections: rows stream over d. */
bool tested_rows(const struct model *mo, struct db *d, struct db *d2, const struct criterion *c,
                 int64_t place, int32_t on, tested_fn *fn, void *arg, struct err *e) WARN_UNUSED;

/* The schema that a criterion's needs are bound to; arena. NULL for an entity that has none. */
const struct rule_schema *tested_schema(const struct model *mo, const char *entity,
                                        struct arena *a);

#endif
