/* find: what is due, overdue, missing, doubled or over, from the records. Each finding is told
 * once, strings borrowed until fn returns. Nothing is judged where a date or a name is not known.
 */
#ifndef JD_PROGRAMME_WATCH_FIND_H
#define JD_PROGRAMME_WATCH_FIND_H

#include "programme/rows/rows.h"
#include "programme/watch/contact.h"
#include "programme/watch/watch.h"

struct watch {
    struct db *d;
    const struct model *model;
    const struct parties *parties;
    struct arena *a;
    int32_t on;
    int64_t place;             /* only inside it; 0 = everywhere */
    int64_t hidden;            /* the pending load; by watch_begin */
    struct place_range range[64]; int ranges;
    int64_t lo, hi;            /* the counties it lies in; by watch_begin */
    const bool *enough;        /* of watch_contacts: set by fn when it wants no more; or NULL */
};
bool watch_begin(struct watch *w, struct err *e) WARN_UNUSED;
bool watch_inside(const struct watch *w, int64_t place);

bool watch_read(const struct watch *w, enum watch_stmt s, const struct val *more, int n_more,
                struct rows *out, struct err *e) WARN_UNUSED;
/* The same of a statement that is bounded by counties: those of the place, or all. */
bool watch_read_inside(const struct watch *w, enum watch_stmt s, const struct val *more, int n_more,
                       struct rows *out, struct err *e) WARN_UNUSED;

/* Every period of every contact plan that has begun by `on`, and the one after. The contacts of a plan are
 * looked up by its agreement and its organisations. Memory is that of one plan. */
struct watch_contact {
    const char *code, *title, *kind;
    int64_t org, place;
    int times;
    struct contact_period period;
    bool next;                 /* begins after `on` */
    int64_t loose;             /* contacts of the plan that no period can be told of */
};
typedef bool watch_contact_fn(void *arg, const struct watch_contact *c, struct err *e);
bool watch_contacts(const struct watch *w, watch_contact_fn *fn, void *arg,
                    struct err *e) WARN_UNUSED;

enum watch_gap_kind { GAP_LISTED, GAP_HELPED, GAP_HOUSEHOLDS, GAP_NOT_NAMED, GAP_TERM, GAP_DOUBLE,
                      GAP_MANY };
struct watch_gap {
    enum watch_gap_kind kind;
    int64_t place, org, count; /* helpers, households, places without names */
    const char *code;          /* of the record, or of several */
    int32_t since;             /* DATE_MIN = not known */
};
typedef bool watch_gap_fn(void *arg, const struct watch_gap *g, struct err *e);
bool watch_gaps(const struct watch *w, watch_gap_fn *fn, void *arg, struct err *e) WARN_UNUSED;
/* The same but GAP_HOUSEHOLDS, for which the households are read one by one. */
bool watch_gaps_of_places(const struct watch *w, watch_gap_fn *fn, void *arg, struct err *e) WARN_UNUSED;

/* Listed units of a county (of a prefecture, where only that is known): how many there are, how
 * many have a helper or an agreement of their own, and how many of all are not named. */
struct watch_cover { int64_t place, units, helped, not_named; };
typedef bool watch_cover_fn(void *arg, const struct watch_cover *c, struct err *e);
bool watch_cover(const struct watch *w, watch_cover_fn *fn, void *arg, struct err *e) WARN_UNUSED;

#endif
