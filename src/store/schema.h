/* schema: tables as data. A table is described once and becomes DDL for both databases (SQLite
 * STRICT, WITHOUT ROWID; PostgreSQL, and hash-partitioned by county as the shadow that proves it
 * fit for a cluster). Additive differences (a new table, a new nullable column, a new index) are
 * applied by schema_create; anything else needs a numbered migration in sql/. */
#ifndef JD_STORE_SCHEMA_H
#define JD_STORE_SCHEMA_H

#include "base/arena.h"
#include "base/buf.h"
#include "store/store.h"

enum column_type { COL_INT = 1, COL_TEXT, COL_BLOB }; /* bigint, text, blob/bytea */
struct column { const char *name; enum column_type type; bool not_null; };

/* Sharded by `county`, which its key and every unique list hold; or a reference table. */
enum reach { REACH_COUNTY = 1, REACH_NATION };

/* Rows: each has its seal. All: that none is missing is known too. */
enum sealed { SEALED_NOT, SEALED_ROWS, SEALED_ALL };

struct table {
    const char *name;
    enum reach reach;
    const struct column *cols;
    int n;
    const char *key;             /* "county, id" */
    const char *const *uniques;  /* NULL or a NULL-terminated list of column lists */
    const char *const *indexes;  /* the same, not unique */
    bool append_only;
    bool derived;                /* rebuilt, never migrated; not covered by row digests */
    enum sealed sealed;          /* then its last column is `seal`: see seal.h */
    const char *begin;           /* or NULL: statements that derive its rows where it is new */
};

#define SCHEMA_VERSION 1

/* The store's own tables: setting, writer (chain heads), journal, image, national_key, load. */
enum store_table {
    TABLE_SETTING, TABLE_WRITER, TABLE_JOURNAL, TABLE_IMAGE, TABLE_NATIONAL_KEY, TABLE_LOAD
};
extern const struct table store_tables[];
extern const int store_table_count;
extern const struct stmt_table store_stmts;

/* DDL text for one engine. */
void schema_ddl(struct buf *b, enum engine engine, int shadow_partitions, const struct table *t);

/* Makes what is missing, in one transaction, and writes version, row key (new when absent) and
 * zone. Idempotent. */
bool schema_create(struct store *s, const struct table *const *tables, int n,
                   struct err *e) WARN_UNUSED;

/* Begins a copy of `like` in s: makes what is missing of the tables, with the original's key and
 * zone, and writes the mark that makes s an incomplete copy. Without a mark it only makes what is
 * missing, indexes above all. s was opened with `incomplete`. */
bool schema_copy(struct store *s, const struct store *like, const char *mark,
                 const struct table *const *tables, int n, struct err *e) WARN_UNUSED;

/* Settings: short texts by name, each with a digest. */
#define SETTING_COUNTIES "counties" /* "apart": see store_apart */
/* *value is NULL when absent; arena. */
bool setting_get(struct db *d, const char *name, struct arena *a, const char **value,
                 struct err *e) WARN_UNUSED;
bool setting_put(struct tx *tx, const char *name, const char *value, struct err *e) WARN_UNUSED;

/* The lint of a statement catalogue: what PostgreSQL allows and a cluster refuses, what one engine
 * takes and the other does not, ROUTER statements without county = ?1. Tables tell which are
 * sharded. False names the statement and the rule. */
bool stmt_lint(const struct stmt *s, const struct table *const *tables, int n,
               struct err *e) WARN_UNUSED;

#endif
