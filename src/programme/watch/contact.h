/* contact: which periods of a contact plan were kept. Pure: no database, no clock.
 *
 * A plan wants `times` contacts in each period of `every` months, counted from its first day. A
 * contact known to a day, or to an interval inside one period, counts there; one whose interval
 * reaches over a border counts nowhere and is told as loose. A period is overdue when it is over
 * and not full. */
#ifndef JD_PROGRAMME_WATCH_CONTACT_H
#define JD_PROGRAMME_WATCH_CONTACT_H

#include <stdbool.h>
#include <stdint.h>

struct contact_rule { int32_t from, to; int times, every; };   /* to: last day, or DATE_MAX */
struct contact_at { int32_t from, to; int64_t count; };        /* DATE_MIN, DATE_MAX: not known */
struct contact_period { int32_t from, to; int64_t held; };

/* The i-th period, its end cut at the plan's; false when the plan is over before it. */
bool contact_period(const struct contact_rule *r, int i, struct contact_period *out);
/* Which period a day lies in, -1 = none. */
int contact_index(const struct contact_rule *r, int32_t day);
/* Fills held of p[0 .. n), the first n periods, and *loose. */
void contact_count(const struct contact_rule *r, const struct contact_at *c, int n_contacts,
                   struct contact_period *p, int n, int64_t *loose);

#endif
