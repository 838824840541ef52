/* link: records that two offices keep under different codes. Private to programme/exchange/. */
#ifndef JD_PROGRAMME_EXCHANGE_LINK_H
#define JD_PROGRAMME_EXCHANGE_LINK_H

#include "programme/exchange/exchange.h"
#include "programme/sides/sides.h"

/* Held in memory: those whose codes differ. */
struct links { struct map theirs; struct arena a; };
bool links_read(struct links *l, struct db *d, int64_t office, struct err *e) WARN_UNUSED;
void links_free(struct links *l);
/* The code that the other office has for our record; the same when no link says otherwise. Borrowed
 * from the argument or the links. */
const char *link_theirs(const struct links *l, const char *entity, const char *ours);

/* Records that a side said it reported; all others are the helper's. */
struct reports { struct map side; };
bool reports_read(struct reports *r, struct db *d, struct err *e) WARN_UNUSED;
void reports_free(struct reports *r);
enum side reporter_of(const struct reports *r, const struct table_map *m, const struct val *row);

#endif
