/* seal: the proof of tables that the journal does not follow row by row: records of loads, taught
 * column mappings, figure definitions, what a pending load keeps aside. The last column of such a
 * table is `seal`, a keyed digest of the others; the setting seal.TABLE holds how many rows there
 * are and the sum of their seals, so that a row that was removed or added is missed too. Whoever
 * writes a row writes its seal and notes the change; the setting is written once, before the
 * commit. A table of which only the rows are sealed has no setting and needs no notes. */
#ifndef JD_STORE_SEAL_H
#define JD_STORE_SEAL_H

#include "store/journal.h"
#include "store/schema.h"

/* Of a row of t, all columns but the seal. Never 0. */
int64_t seal_of(const struct store *s, const struct table *t, const struct val *row);

/* Into the last value of each of n whole rows of t, one behind the other. */
void seal_rows(const struct store *s, const struct table *t, struct val *rows, size_t n);

/* A row had the seal `was` and has `now`; 0 = there is no row. t outlives the transaction. */
void seal_note(struct tx *tx, const struct table *t, int64_t was, int64_t now);

/* Runs a statement that writes rows of t, seals what it wrote, and notes the change: for tables that
 * are written by many statements. ?1 is the first column of t's key and names the rows; or, with
 * `any`, any row may be meant, and all are read. A row whose seal was not its own before is
 * ERR_CORRUPT: it would be sealed as it is. */
bool seal_exec(struct tx *tx, const struct table *t, bool any, const struct stmt *s,
               const struct val *params, int n, int64_t *changed, struct err *e) WARN_UNUSED;

/* Tells of each row whose seal is not its own, and of rows that were removed or added. */
bool seal_verify(struct db *d, const struct table *t, struct faults *f, struct err *e) WARN_UNUSED;

/* Seals the rows that an earlier program left, and begins the setting. For schema_create. */
bool seal_begin(struct tx *tx, const struct table *t, struct err *e) WARN_UNUSED;

#endif
