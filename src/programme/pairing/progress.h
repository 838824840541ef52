/* progress: how far each commitment is kept, by the records that count against it. Money that was
 * handed down, received and paid is the same money: the largest of the three counts. A record
 * counts in the measure of the commitment's kind (money in yuan, posts and jobs in number, training
 * in trainees); one of another kind is told apart and does not count. */
#ifndef JD_PROGRAMME_PAIRING_PROGRESS_H
#define JD_PROGRAMME_PAIRING_PROGRESS_H

#include "programme/pairing/pairing.h"
#include "programme/rows/rows.h"

enum progress_state { PROGRESS_OPEN, PROGRESS_KEPT, PROGRESS_OVERDUE, PROGRESS_NOTHING };
struct progress {
    const char *code, *kind, *qualifier, *duty;
    int64_t agreement_county, agreement, helper, place;
    bool money;                /* promised and kept are fen */
    bool known;                /* how much was promised */
    int64_t promised, kept, records, other, inexact;
    int32_t due;               /* DATE_MAX = not told */
    enum progress_state state;
};
typedef bool progress_fn(void *arg, const struct progress *p, struct err *e);
/* Every commitment made by `on`, those due first. */
bool progress_read(struct db *d, int32_t on, struct arena *a, progress_fn *fn, void *arg,
                   struct err *e) WARN_UNUSED;

#endif
