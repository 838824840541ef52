/* copy: a whole store into an empty one, of either engine, with a proof that nothing changed.
 *
 * The original is read in one snapshot while others go on writing to it; tables come in the order
 * of their keys and in constant memory. Everything arrives as it was, the journal, the row key and
 * the settings above all, so that heads kept elsewhere hold for the copy too; only the leases are
 * left out, because no process has leased the copy's writers, and the ids they gave stay known.
 *
 * Until copy_finish the target is marked incomplete, and store_open refuses it. An interrupted copy
 * is taken up by copying again: what is there is held against the original as it is then, what is
 * missing comes, what is not the original's any more goes. Two copies into one target at a time do
 * not happen: the second takes over and the first fails. */
#ifndef JD_STORE_COPY_H
#define JD_STORE_COPY_H

#include "store/journal.h"
#include "store/schema.h"

struct progress { void (*fn)(void *arg, const char *what, int64_t done); void *arg; };

struct copy_report {
    int tables;
    int64_t counties, rows;     /* of the original; counties are distinct ones */
    int64_t kept;               /* rows that an interrupted copy had brought already */
    const char *heads;          /* of the original's snapshot, as journal_heads gives them */
    const char *left;           /* "a, b": tables of the original that are not in the list; "" */
};

/* Opens the target `to` (a URL as store_open takes it), makes its tables and marks it. ERR_CONFLICT
 * when it holds anything but an interrupted copy of this store. The tables are those of the
 * program; `from` stays the caller's. Owned. */
struct copy;
bool copy_open(struct copy **out, struct store *from, const char *to,
               const struct table *const *tables, int n, struct err *e) WARN_UNUSED;
bool copy_rows(struct copy *c, const struct progress *progress, struct err *e) WARN_UNUSED;
/* Reads the target back and compares it, per table and county, with what the original gave: number
 * of rows and a digest over every byte of them in key order. Each difference is told to fn as one
 * sentence; *faults counts. */
bool copy_prove(struct copy *c, const struct progress *progress, struct faults *f,
                struct err *e) WARN_UNUSED;
/* Takes the mark away: the target is a store. Only after a proof without faults. */
bool copy_finish(struct copy *c, struct err *e) WARN_UNUSED;
struct copy_report copy_report(const struct copy *c); /* borrowed until copy_close */
void copy_close(struct copy *c);

#endif
