/* work: what waits for who looks, gathered from the rooms as one list: each item with its facts and the one
 * act that is next. Private to pages/. */
#ifndef JD_PAGES_WORK_H
#define JD_PAGES_WORK_H

#include "pages/parts.h"
#include "programme/money/idle.h"

enum work_kind { WORK_VISIT, WORK_APPROVE, WORK_DISPUTE, WORK_CONFIRM, WORK_IDLE, WORK_OBJECTION, WORK_FINDING,
                 WORK_CONFLICT, WORK_PROBLEM, WORK_FORM, WORK_KINDS };
enum { WORK_MOST = 200 };          /* of a kind; then there are more */

/* One value as it stands here and as the other side has it. */
struct work_pair { const char *label, *here, *there; };
struct work_item {
    enum work_kind kind;
    const char *title, *url, *facts;
    const char *act, *act_url;     /* what is next, and where */
    const char *record;            /* "entity:COUNTY-ID" of what can be confirmed with others, or NULL */
    int64_t place;
    int32_t due;                   /* DATE_MAX = none */
    struct work_pair *pair; int pairs;
    int periods;                   /* of a contact plan that wait; 0 and 1 = this one */
};
enum work_due { DUE_ANY, DUE_OVERDUE, DUE_WEEK };
struct work_filter { int kind; int64_t place; enum work_due due; };   /* kind -1 = all */
struct work {
    struct work_item *at; int n, cap;
    int of[WORK_KINDS], overdue;   /* what passes the filter but for its kind */
    bool more[WORK_KINDS];
};
/* The soonest due first. */
bool work_read(struct request *q, const struct work_filter *f, struct work *out, struct err *e) WARN_UNUSED;
const char *work_kind_name(const struct request *q, enum work_kind k);
const char *work_kind_code(enum work_kind k);
/* The kinds in the order in which this role works through them; WORK_KINDS of them. */
const enum work_kind *work_order(const struct request *q);
/* Does the account's organisation speak, and which: 0 = none. */
int64_t work_speaker(const struct request *q);
int work_count(const struct work *w);
const char *work_conclusion(const struct request *q, const struct work *w);   /* as a sentence */
/* On the overview: how much of each kind waits. */
void waiting_panel(struct request *q, struct buf *b, const struct work *w);

/* Alerts of the money rules on accounts that are seen. */
bool idle_seen(struct request *q, struct idle_alerts *out, struct err *e) WARN_UNUSED;

#endif
