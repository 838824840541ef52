/* criteria: rules as dated text: who is eligible, what an exit needs, how an exit is shared out.
 *
 *   criterion welfare_post                     # several of one name: the one in force on a day
 *     label en "Public-welfare post" zh "公益岗位"
 *     on person                                # whose rows the needs look at
 *     from 2018-01-01 until 2020-12-31         # until may be left out
 *     source "who decided it"
 *     need able "labour_ability in {01, 02}" en "able to work" zh "有劳动能力"
 *     limit team_members 3                     # numbers of a rule: limit, weight
 *     weight industry 3
 *
 * # begins a comment; a line that is indented deeper goes on with the one before. Needs are in the
 * rule language and hold together: a row that fails one fails, one for which a need is unknown is
 * unknown. Nothing is owned but by the arena; a fault names file and line. */
#ifndef JD_PROGRAMME_CRITERIA_H
#define JD_PROGRAMME_CRITERIA_H

#include "base/arena.h"
#include "base/err.h"
#include "rule/rule.h"

#define CRITERION_NEEDS 32
#define CRITERION_NUMBERS 64
#define CRITERION_DIGEST 17    /* sixteen hexadecimal digits and NUL */

struct criterion_need { const char *id, *text, *en, *zh; int line; struct rule *rule; };
struct criterion_number { const char *group, *name; int64_t value; };
struct criterion {
    const char *name, *en, *zh, *on, *source, *file;
    int32_t from, until;       /* inclusive; DATE_MIN, DATE_MAX = open */
    int line;
    struct criterion_need need[CRITERION_NEEDS]; int n_needs;
    struct criterion_number number[CRITERION_NUMBERS]; int n_numbers;
    char digest[CRITERION_DIGEST]; /* of its text */
};
struct criteria { struct criterion *at[128]; int n; };

/* Adds the criteria of a file. */
bool criteria_read(struct criteria *c, const char *file, const char *text, size_t n,
                   struct arena *a, struct err *e) WARN_UNUSED;
/* The one in force on the day, or NULL. */
const struct criterion *criteria_find(const struct criteria *c, const char *name, int32_t on);
/* ERR_NOT_FOUND, naming those there are. */
bool criteria_get(const struct criteria *c, const char *name, int32_t on,
                  const struct criterion **out, struct err *e) WARN_UNUSED;
int64_t criterion_number(const struct criterion *c, const char *group, const char *name,
                         int64_t absent);
/* Parses the needs against the columns of the rows that they look at. */
bool criterion_bind(struct criterion *c, const struct rule_schema *schema, struct arena *a,
                    struct err *e) WARN_UNUSED;
/* All needs of a bound criterion; each one's verdict in of[], when it is not NULL. */
enum rule_tri criterion_test(const struct criterion *c, const struct val *row, enum rule_tri *of);

#endif
