/* driver: what lies between store.c and the two engines. Private to store/.
 *
 * A driver does as little as it can: connect, run a statement, begin, commit, roll back, and say in
 * struct err what class a failure is of. Retry, parts, leases and refusals live above it, once. */
#ifndef JD_STORE_DRIVER_H
#define JD_STORE_DRIVER_H

#include <pthread.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "store/schema.h"
#include "store/store.h"

struct driver;

struct store {
    const struct driver *driver;
    enum engine engine;
    struct store_options opt;
    char *target;               /* a file's path, or the whole postgresql:// URL */
    char *shown;                /* the same without a password */
    bool has_schema;
    bool fresh;                 /* the file was made by this opening: its page size may be chosen */
    unsigned char key[DIGEST_KEY_LEN];
    struct row_key row_key;
    int zone;
    bool apart;
    const struct model *model;   /* of the rooms above; store_set_model */
    char *append_only;          /* " journal ledger ": the names, each between blanks */
    char *incomplete;           /* the mark of a copy that is not whole yet; NULL = none */
    pthread_mutex_t lock;       /* guards `own` */
    struct db *own;             /* the connection of store_write */
};

/* A prepared statement. Found by the address of its stmt, or by its text when it was composed. */
struct prepared {
    const struct stmt *stmt;    /* NULL: composed */
    const char *from;           /* the stmt's own text */
    char *sql;                  /* a copy: a stmt may be made again at the same address */
    void *handle;               /* the driver's */
    void *many;                 /* SQLite: the same reading many rows; NULL until it is wanted */
    bool single;                /* SQLite: its text cannot be made to do that */
    int params;
    struct val *row;            /* room for its columns */
    int cols;
    bool writes;
    bool busy;                  /* a cursor runs on it */
    uint64_t used;              /* composed: when last, to drop the oldest */
    uint64_t key;               /* composed: of its text */
};
_Static_assert(sizeof(struct stmt) >= 8, "the cache drops the address's low bits");

/* A page may ask one question of each of some hundred kinds of record: fewer places, and it would find none of
 * them the next time. */
#define CACHE_COMPOSED 512
struct stmt_cache {
    struct prepared **slots;    /* by address; open addressing */
    uint32_t cap, count;
    struct prepared *last;      /* found before: a loop asks for the same one again */
    struct prepared *composed[CACHE_COMPOSED];
    uint64_t composed_key[CACHE_COMPOSED]; /* of each, side by side: few enough to walk */
    uint64_t clock;
    uint64_t missed;            /* key of the composed text that was not found last: it is prepared next */
};

/* The chain a writing connection extends, and the ids it gives. */
struct head {
    int64_t number, seq, recorded, last_id;
    unsigned char hash[DIGEST_LEN];
};
struct lease {
    bool held;
    int64_t holder;             /* our random mark in the writer table */
    struct id_maker ids;
};

enum db_state { DB_IDLE, DB_READING, DB_WRITING };

#define DB_KEPT 4
struct kept { const struct tx_part *kind; void *self; void (*drop)(void *self); };

struct db {
    struct store *store;
    const struct driver *driver;
    enum db_mode mode;
    enum db_state state;
    bool failed;                /* a statement failed: only a rollback is left */
    bool again;                 /* the last failure surely left nothing behind: run it again */
    bool broken;                /* the connection is gone: connect anew before anything else */
    bool cursor_open;           /* on PostgreSQL the connection is taken until it is closed */
    void *conn;                 /* sqlite3 * or PGconn * */
    struct stmt_cache cache;
    struct lease lease;
    uint64_t names;             /* PostgreSQL: prepared statements made so far */
    uint64_t at_checkpoint;     /* SQLite: changes when last checkpointed */
    void *rows;                 /* SQLite: what many rows are read from; the connection's */
    struct kept kept[DB_KEPT];  /* of parts; kind NULL = free */
};

struct cursor {
    struct db *db;
    struct prepared *p;
    bool own;                   /* p was prepared for this cursor alone */
    bool done;
    void *result;               /* PostgreSQL: what row points into */
};

enum begin_kind { BEGIN_READ, BEGIN_WRITE };

struct driver {
    enum engine engine;
    bool (*connect)(struct db *d, struct err *e);
    void (*close)(struct db *d);
    bool (*begin)(struct db *d, enum begin_kind kind, struct err *e);
    bool (*commit)(struct db *d, struct err *e);
    void (*rollback)(struct db *d);
    bool (*exec)(struct db *d, const struct stmt *s, const struct val *params, int n,
                 int64_t *changed, struct err *e);
    bool (*exec_many)(struct db *d, const struct stmt *s, const struct val *params, int n,
                      size_t rows, unsigned char *changed, struct err *e);
    bool (*open)(struct cursor *c, const struct stmt *s, const struct val *params, int n,
                 struct err *e);
    bool (*next)(struct cursor *c, struct err *e);   /* c->done at the end */
    void (*finish)(struct cursor *c);
    bool (*check)(struct db *d, const struct stmt *s, struct err *e); /* prepares, runs nothing */
    bool (*script)(struct db *d, const char *sql, struct err *e); /* no parameters, no rows */
    void (*drop)(struct db *d, struct prepared *p);  /* frees p->handle */
    void (*idle)(struct db *d);                      /* housekeeping while nobody waits */
};
extern const struct driver driver_sqlite, driver_postgres;

/* Makes the PostgreSQL database named by the URL when it is not there. */
bool postgres_make(const char *url, struct err *e) WARN_UNUSED;
char *postgres_shown(const char *url); /* without password and options; owned */

/* cache.c */
struct prepared *cache_composed(struct stmt_cache *c, const char *sql); /* NULL when not there */
static inline uint32_t cache_slot(const struct stmt_cache *c, const struct stmt *s)
{
    return ((uint32_t)((uintptr_t)s >> 3) * 2654435761u >> 7) & (c->cap - 1);
}
static inline struct prepared *cache_find(struct stmt_cache *c, const struct stmt *s)
{
    if (c->last && c->last->stmt == s && c->last->from == s->sql) return c->last;
    if (!s->name) return cache_composed(c, s->sql);
    if (c->cap == 0) return NULL;
    uint32_t at = cache_slot(c, s);
    for (struct prepared *p; (p = c->slots[at]) != NULL; at = (at + 1) & (c->cap - 1))
        if (p->stmt == s && strcmp(p->sql, s->sql) == 0) return c->last = p;
    return NULL;
}
/* A composed text has just been looked for. */
struct prepared *prepared_new(struct db *d, const struct stmt *s, int cols);
void prepared_free(struct db *d, struct prepared *p);
/* Keeps p for the next time; the oldest composed one makes room. False: every place is busy, p
 * stays the caller's. */
bool cache_put(struct db *d, struct prepared *p);
void cache_clear(struct db *d);
const char *stmt_label(const struct stmt *s);
bool params_fit(const struct stmt *s, int want, int n, struct err *e);
/* A writing statement belongs into a transaction. */
bool stmt_in_place(struct db *d, const struct stmt *s, bool writes, struct err *e);

/* sqltext.c: what can be told of a statement from its text. */
enum sql_kind { SQL_END, SQL_WORD, SQL_NUMBER, SQL_STRING, SQL_QUOTED, SQL_PARAM, SQL_MARK };
struct sql_token {
    enum sql_kind kind;
    const char *p;              /* in the text */
    size_t n;
    int number;                 /* of ?N; 0 for a bare ? */
    int depth;                  /* of parentheses; an opening one counts to the outside */
};
struct sql_scan { const char *p; int depth; };
struct sql_token sql_next(struct sql_scan *s);
bool sql_is(const struct sql_token *t, const char *word); /* case-blind for words */
/* The shape of a statement: */
enum sql_verb { VERB_OTHER, VERB_SELECT, VERB_INSERT, VERB_UPDATE, VERB_DELETE };
struct sql_shape {
    enum sql_verb verb;
    bool upsert;                /* ... on conflict ... do update */
    int params;                 /* the highest ?N */
    char table[64];             /* the one written to */
};
bool sql_shape(const char *sql, struct sql_shape *out, const char **fault);
void sql_dollars(struct buf *b, const char *sql); /* ?N -> $N */
/* Shape, append-only refusal, and that a writing statement runs inside a transaction. */
bool stmt_admit(struct db *d, const struct stmt *s, const char *sql, struct sql_shape *shape,
                struct err *e) WARN_UNUSED;

/* lease.c: the writer's row. */
bool lease_hold(struct db *d, struct err *e) WARN_UNUSED;    /* before a transaction */
bool lease_enter(struct tx *tx, struct err *e) WARN_UNUSED;  /* at its begin: reads the head */
bool lease_save(struct tx *tx, struct err *e) WARN_UNUSED;
/* Of a row of the writer table: number, seq, hash, last_id, recorded. */
int64_t writer_seal(const struct store *s, const struct val *row);
void lease_release(struct db *d);

#define TX_PARTS 16
struct part { const struct tx_part *kind; void *self; size_t base; bool flushed; };
struct tx {
    struct db *db;
    int64_t now;
    int64_t writes;             /* statements that wrote */
    bool bare;                  /* no lease: the schema is being made */
    bool dirty;                 /* the head or the ids moved */
    bool committed;
    bool grouped;               /* of the group-committing writer */
    struct head head;           /* as this transaction leaves it */
    int64_t began;              /* the chain's length when it began */
    struct part parts[TX_PARTS];
    int n_parts;
};

/* One attempt of a transaction, in steps, for store.c and writer.c. */
bool tx_begin(struct tx *tx, struct db *d, bool bare, struct err *e) WARN_UNUSED;
/* Flushes and commits, or rolls back. */
bool tx_finish(struct tx *tx, struct err *e) WARN_UNUSED;
void tx_abandon(struct tx *tx);                            /* rolls back */
/* What parts left unwritten on this connection. What cannot be written now waits on. */
void db_settle(struct db *d);

/* Where a command of a group began, to undo it alone. */
struct tx_point { int64_t writes; int n_parts; size_t marks[TX_PARTS]; };
void tx_mark(const struct tx *tx, struct tx_point *p);
void tx_rewind(struct tx *tx, const struct tx_point *p);   /* the parts, not the database */

/* Runs fn with retries; a bare one before there is a schema. */
bool db_write_as(struct db *d, bool bare, tx_fn *fn, void *arg, struct err *e) WARN_UNUSED;
void store_pause(int attempt);  /* 20 to 100 ms, random */
#define STORE_TRIES 5
bool db_ready(struct db *d, struct err *e) WARN_UNUSED;     /* connects anew when broken */

/* Reads version, key, zone and the append-only names; has_schema tells whether there is any. */
bool settings_read(struct store *s, struct db *d, struct err *e) WARN_UNUSED;
/* The setting that proves that none is missing: how many there are, and the sum of the digests of
 * their names. Made once; setting_put keeps it. */
#define SETTING_NAMES "seal.setting"
bool settings_begin(struct tx *tx, struct err *e) WARN_UNUSED;
struct name_sum { const struct row_key *key; int64_t count; uint64_t sum; };
/* A row_fn over rows that begin with a setting's name. */
bool name_sum_add(void *arg, const struct val *row, int n, struct err *e);
void name_sum_text(const struct name_sum *s, char out[48]);

bool store_table_exists(struct db *d, const char *name, bool *found, struct err *e) WARN_UNUSED;
bool sql_is_append_only(const struct store *s, const char *table);

#endif
