/* store: one interface over SQLite and PostgreSQL.
 *
 * A store is opened once by the program; it holds the URL, the engine and the row key, is
 * read-only after schema_create and may be shared by threads. A db is one connection with its own
 * cache of prepared statements and, when it writes, its own chain of the journal; it belongs to
 * one thread at a time. Every statement is a
 * `const struct stmt` in some room's statement table, written in the common subset of both
 * databases with ?1 placeholders (?N may repeat and come in any order), and prepared once a
 * connection.
 *
 * Writing needs a `struct tx`; only store_write and the group-committing writer make one, so a
 * write outside a transaction does not compile. Errors: ERR_BUSY was surely rolled back (retried
 * here up to five times already), ERR_UNKNOWN may have been committed (retry with the same ids),
 * ERR_CONFLICT is a taken key, ERR_INVALID another constraint, ERR_FULL, ERR_CORRUPT, ERR_INTERNAL
 * a defect. */
#ifndef JD_STORE_STORE_H
#define JD_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/clock.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/val.h"

enum engine { ENGINE_SQLITE, ENGINE_POSTGRES };

/* Where a statement may run on a cluster. Zero is no class, and refused. */
enum stmt_class {
    STMT_ROUTER = 1, /* one county: ?1 is the county, of every sharded table named */
    STMT_SCATTER,    /* all or several counties; aggregates by county first */
    STMT_REF,        /* reference tables only */
    STMT_ADMIN       /* schema, maintenance, whole-table proofs */
};

struct stmt {
    const char *name;        /* unique in the program, "place_by_code" */
    enum stmt_class class;
    const char *sql;
    const char *pg;          /* PostgreSQL's own text where it must differ; else NULL */
};

/* A room's statements; rooms list these so that tests can prepare every one on both databases. */
struct stmt_table { const char *room; const struct stmt *stmts; int n; };

struct store;
struct db;
struct tx;

struct store_options {
    struct clock clock;      /* zero = the system's */
    bool read_only;          /* open for reading; refuses store_write */
    bool create;             /* make the database (file) when it is not there; see schema_create */
    bool incomplete;         /* open a copy that was interrupted too, to go on with it (copy.h) */
    int shadow_partitions;   /* tests only: so many hash partitions by county on PostgreSQL */
};

/* url: a file path, sqlite:PATH, or postgresql://... The row key and the time zone are read from
 * the store's settings when it has a schema. A store of a newer schema version is refused. */
bool store_open(struct store **out, const char *url, const struct store_options *opt,
                struct err *e) WARN_UNUSED;
void store_close(struct store *s);
enum engine store_engine(const struct store *s);
const char *store_url(const struct store *s);           /* password left out */
const struct row_key *store_row_key(const struct store *s);
const struct clock *store_clock(const struct store *s);
int store_zone(const struct store *s);                  /* minutes east of UTC; default 480 */
/* Whether counties are to share no transaction, as a cluster wants it: the setting "counties". */
bool store_apart(const struct store *s);
int store_shadow(const struct store *s);

/* What the rooms above know of the rows: rooms that write tables of their own find there whom to
 * tell. Set once after opening, borrowed; NULL before. */
struct model;
void store_set_model(struct store *s, const struct model *m);
const struct model *store_model(const struct store *s);

enum db_mode { DB_READ, DB_WRITE };
bool store_connect(struct store *s, enum db_mode mode, struct db **out, struct err *e) WARN_UNUSED;
void db_close(struct db *d);
struct store *db_store(struct db *d);

/* Calls fn for each row; row is borrowed until fn returns. fn returning false stops with e.
 * fn must not use the same db. */
typedef bool row_fn(void *arg, const struct val *row, int n, struct err *e);
bool db_query(struct db *d, const struct stmt *s, const struct val *params, int n,
              row_fn *fn, void *arg, struct err *e) WARN_UNUSED;

/* The first row's first column as an integer; *found tells whether there was a row with a value. */
bool db_int(struct db *d, const struct stmt *s, const struct val *params, int n,
            int64_t *out, bool *found, struct err *e) WARN_UNUSED;

/* Prepares a statement and runs nothing: names what the engine, or the rules above, have against
 * it. Statements that write want a DB_WRITE connection. */
bool db_prepare(struct db *d, const struct stmt *s, struct err *e) WARN_UNUSED;

/* A cursor, for streaming two things at once; rows come in constant memory on both engines. One
 * cursor at a time on PostgreSQL's connection. */
struct cursor;
bool cursor_open(struct cursor **out, struct db *d, const struct stmt *s, const struct val *params,
                 int n, struct err *e) WARN_UNUSED;
/* *row is NULL at the end; borrowed until the next call. */
bool cursor_next(struct cursor *c, const struct val **row, int *n, struct err *e) WARN_UNUSED;
void cursor_close(struct cursor *c);

/* A statement made at run time from entity tables (the composed list query): prepared, run and
 * dropped; text must outlive the call. Kept in a small per-connection cache by text. */
struct stmt stmt_composed(enum stmt_class class, const char *sql);

/* A consistent snapshot over several reads. */
bool db_begin_read(struct db *d, struct err *e) WARN_UNUSED;
void db_end_read(struct db *d);

/* Transactions. fn runs inside one; false from fn rolls back. With ERR_BUSY from the engine the
 * whole fn is run again, so it must have no effect outside the store. */
typedef bool tx_fn(struct tx *tx, void *arg, struct err *e);
bool store_write(struct store *s, tx_fn *fn, void *arg, struct err *e) WARN_UNUSED;
/* The same on a write connection the caller keeps (bulk loads). */
bool db_write(struct db *d, tx_fn *fn, void *arg, struct err *e) WARN_UNUSED;

struct db *tx_db(struct tx *tx);                 /* for reading inside the transaction */
int64_t tx_now(struct tx *tx);                   /* the recorded instant of this transaction */
int64_t tx_id(struct tx *tx);                    /* a new id of this connection's writer */
int64_t tx_ids(struct tx *tx, uint64_t n);       /* the first of n; id_step gives the others */
bool tx_exec(struct tx *tx, const struct stmt *s, const struct val *params, int n,
             int64_t *changed, struct err *e) WARN_UNUSED;             /* changed may be NULL */
/* The same statement for many rows of params (rows * n values, row after row): a prepared loop on
 * SQLite, a pipeline on PostgreSQL. changed, when given, gets one flag a row. Stops at the first
 * error. */
bool tx_exec_many(struct tx *tx, const struct stmt *s, const struct val *params, int n, size_t rows,
                  unsigned char *changed, struct err *e) WARN_UNUSED;
bool tx_query(struct tx *tx, const struct stmt *s, const struct val *params, int n,
              row_fn *fn, void *arg, struct err *e) WARN_UNUSED;

/* Parts: state that rooms keep in a transaction (journal entries, figure deltas) and write once,
 * before the commit, folded over all commands of a group. `open` makes it (owned by the tx, freed
 * by `close`); `mark`/`rewind` undo one failed command's additions; `flush` writes, in the order of
 * `rank`, lowest first. */
struct tx_part {
    const char *name;
    int rank;
    void *(*open)(struct tx *tx);
    size_t (*mark)(void *self);
    void (*rewind)(void *self, size_t mark);
    bool (*flush)(struct tx *tx, void *self, struct err *e);
    void (*close)(void *self);
    /* Or NULL. A part that left something unwritten in a transaction of a group says so of what it
     * keeps, and writes it in a transaction of its own when the writer has been quiet for a moment,
     * and before it closes. */
    bool (*waits)(const void *kept);
    tx_fn *settle;
};
void *tx_part(struct tx *tx, const struct tx_part *kind); /* found or opened */
/* For `close`: whether what was flushed is stored for good. */
bool tx_committed(const struct tx *tx);
/* For `flush`: the group-committing writer's transaction, so `settle` is called later. */
bool tx_grouped(const struct tx *tx);

/* What a part keeps with its connection from one transaction to the next, found by the part's kind:
 * *slot is NULL until the part puts something there; drop frees it when the connection closes. What
 * others have written meanwhile is for the part to find out. */
void **tx_keep(struct tx *tx, const struct tx_part *kind, void (*drop)(void *self));

/* Append-only tables: after this, UPDATE and DELETE on them are refused with ERR_FORBIDDEN by the
 * store layer, by SQLite's authorizer, and in PostgreSQL by REVOKE where the role is not the
 * owner. */

/* The group-committing writer: one thread, one connection. Commands that wait are run in one
 * transaction and acknowledged after its durable commit, at most 256 at a time; no delay is added.
 * A command that fails is rolled back alone. writer_run blocks until the outcome is known; fn runs
 * on the writer's thread. */
struct writer;
bool writer_open(struct writer **out, struct store *s, struct err *e) WARN_UNUSED;
bool writer_run(struct writer *w, tx_fn *fn, void *arg, struct err *e) WARN_UNUSED;
/* Without waiting: done is called on the writer's thread with the outcome. */
typedef void writer_done(void *arg, bool ok, const struct err *e);
void writer_submit(struct writer *w, tx_fn *fn, void *arg, writer_done *done);
void writer_close(struct writer *w); /* runs what waits, then stops */

#endif
