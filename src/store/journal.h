/* journal: what was done, as one hash chain per writer. hash(i) = BLAKE2b-256(hash(i-1) ||
 * canonical bytes of entry i). An entry holds digests, never personal data; before-images of
 * changed and deleted rows lie apart in `image`, whose body may be erased (made empty), and the
 * entry keeps their digest.
 *
 * Entries are collected in the transaction (a tx_part) and chained at its flush. The bulk entry of
 * a load carries, per table and county, the count and the sum (mod 2^64) of the row digests it
 * inserted, so that a missing or added row is found by comparing sums. */
#ifndef JD_STORE_JOURNAL_H
#define JD_STORE_JOURNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "store/store.h"

enum journal_kind {
    JOURNAL_INSERT = 1, JOURNAL_UPDATE, JOURNAL_DELETE,
    JOURNAL_LOAD,       /* body: sums per table and county, load number, file digests */
    JOURNAL_UNDO,       /* undo of a load: the load's number */
    JOURNAL_NOTE        /* a command without rows: body says what (settings, definitions) */
};

struct journal_entry {
    enum journal_kind kind;
    uint32_t table;              /* entity number */
    int64_t county, id;
    int64_t before, after;       /* row digests; 0 when there is none */
    int64_t actor;               /* account id; 0 = the command line's operator */
    const void *body; size_t body_n;         /* canonical bytes, copied */
    const struct val *image; int image_n;    /* the row before, copied; NULL when none */
};
bool journal_add(struct tx *tx, const struct journal_entry *j, struct err *e) WARN_UNUSED;

/* How many entries about a table were added in this transaction; those taken back count too. */
int64_t journal_added(struct tx *tx, uint32_t table);

/* Two transactions that find the same position have nothing journaled between them, by anybody. It
 * is read from the writers' rows; a transaction that adds entries ends at its position and so many
 * more, which journal_end tells once it has committed. */
bool journal_position(struct tx *tx, int64_t *out, struct err *e) WARN_UNUSED;
int64_t journal_end(const struct tx *tx, int64_t position);

/* Writes the entries collected so far, once there are many: for a transaction that changes rows by
 * the million, and is no command of a group, which might have to be undone alone. */
bool journal_early(struct tx *tx, struct err *e) WARN_UNUSED;

/* Adds one row to the sums of the load entry being prepared in this process. */
struct load_sum { uint32_t table; int64_t county; int64_t count; uint64_t sum; };

/* Reading the trail, newest last. */
struct journal_row {
    int64_t writer, seq, at, actor, county, id, before, after;
    enum journal_kind kind; uint32_t table;
    const void *body; size_t body_n;
    const unsigned char *hash;
};
typedef bool journal_fn(void *arg, const struct journal_row *j, struct err *e);
/* All of it, by writer and seq. */
bool journal_walk(struct db *d, journal_fn *fn, void *arg, struct err *e) WARN_UNUSED;
/* The history of one row. */
bool journal_of(struct db *d, uint32_t table, int64_t county, int64_t id, journal_fn *fn,
                void *arg, struct err *e) WARN_UNUSED;
/* Newest first, before an instant and an entry of it (INT64_MAX = from the end): of one table (0 = all),
 * of one account (-1 = all). */
struct journal_search { int64_t before, writer, seq; uint32_t table; int64_t actor; int64_t limit; };
bool journal_recent(struct db *d, const struct journal_search *s, journal_fn *fn, void *arg,
                    struct err *e) WARN_UNUSED;
bool journal_one(struct db *d, int64_t writer, int64_t seq, journal_fn *fn, void *arg,
                 struct err *e) WARN_UNUSED;
/* The before-image kept for an entry: values in the row's column order, or *n = 0 when erased.
 * Arena. */
bool journal_image(struct db *d, int64_t writer, int64_t seq, int64_t county, struct arena *a,
                   struct val **row, int *n, struct err *e) WARN_UNUSED;

/* What one writer wrote behind an entry, in its order. */
bool journal_after(struct db *d, int64_t writer, int64_t seq, journal_fn *fn, void *arg,
                   struct err *e) WARN_UNUSED;

/* Heads: one line a writer, "writer seq hash", written to backups and releases. */
bool journal_heads(struct db *d, struct buf *out, struct err *e) WARN_UNUSED;
/* The same as they were at an instant. */
bool journal_heads_at(struct db *d, int64_t at, struct buf *out, struct err *e) WARN_UNUSED;
/* Is there an entry with that number and hash? */
bool journal_has(struct db *d, int64_t writer, int64_t seq, const unsigned char hash[DIGEST_LEN],
                 bool *has, struct err *e) WARN_UNUSED;
/* The numbers of the writers that have written; arena. */
bool journal_writers(struct db *d, struct arena *a, int64_t **out, size_t *n,
                     struct err *e) WARN_UNUSED;

/* Proof of the chain itself: recomputes every hash, checks images against their digests, the writer
 * table against the last entry, settings, on SQLite the file itself, and, when `against` (text of
 * journal_heads) is given, that every head named there is still in the chain. Faults are told to f. */
bool journal_verify(struct db *d, const char *against, struct faults *f, struct err *e) WARN_UNUSED;

#endif
