/* The SQLite driver. A statement is found by its address, its values are bound without copying;
 * many rows of an INSERT are read by one statement (sqlite_rows.h). */
#include "store/driver.h"
#include "store/sqlite_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x4a445544 /* "JDUD" in the file's header: `file` and we know our own */
#define CHECKPOINT_PAGES 16384    /* of 8 KiB; a small WAL costs a third of the write rate */
#define MANY_ROWS 16              /* fewer are run one by one */
#define RUN_ROWS ((size_t)1024)

static enum err_code open_code(int no)
{
    if (no == ENOENT || no == ENOTDIR) return ERR_NOT_FOUND;
    if (no == EACCES || no == EPERM || no == EROFS) return ERR_FORBIDDEN;
    return no == ENOSPC || no == EMFILE || no == ENFILE ? ERR_FULL : ERR_INTERNAL;
}

/* One sentence and one class for what SQLite said. */
static bool fail(struct db *d, int rc, const char *label, struct err *e)
{
    sqlite3 *c = d->conn;
    int full = c ? sqlite3_extended_errcode(c) : rc, no = c ? sqlite3_system_errno(c) : errno;
    const char *path = d->store->target, *text = c ? sqlite3_errmsg(c) : sqlite3_errstr(rc);
    char why[256];
    if (d->state == DB_WRITING) d->failed = true;
    switch (rc & 0xff) {
    case SQLITE_BUSY: case SQLITE_LOCKED: case SQLITE_INTERRUPT:
        d->again = true;
        return err_set(e, ERR_BUSY, "%s is busy: somebody else is writing to it", path);
    case SQLITE_CONSTRAINT:
        if (full == SQLITE_CONSTRAINT_PRIMARYKEY || full == SQLITE_CONSTRAINT_UNIQUE)
            return err_set(e, ERR_CONFLICT, "%s: %s", label, text);
        return err_set(e, ERR_INVALID, "%s: %s", label, text);
    case SQLITE_MISMATCH: case SQLITE_TOOBIG:
        return err_set(e, ERR_INVALID, "%s: %s", label, text);
    case SQLITE_AUTH:
        return err_set(e, ERR_FORBIDDEN, "%s: refused, the table is append-only or this connection "
                       "only reads", label);
    case SQLITE_READONLY:
        return err_set(e, ERR_FORBIDDEN, "%s cannot be written to", path);
    case SQLITE_FULL:
        return err_set(e, ERR_FULL, "the disk under %s is full", path);
    case SQLITE_NOMEM:
        return err_set(e, ERR_FULL, "no memory left for %s", path);
    case SQLITE_IOERR:
        if (full == SQLITE_IOERR_WRITE && no == 0)
            return err_set(e, ERR_FULL, "%s cannot be written: the disk is full, over a limit, or "
                           "failed", path);
        strerror_r(no, why, sizeof why);
        return err_set(e, ERR_FULL, "the disk under %s failed: %s", path, no ? why : text);
    case SQLITE_CANTOPEN:
        strerror_r(no, why, sizeof why);
        return err_set(e, open_code(no), "cannot open %s: %s", path, no ? why : text);
    case SQLITE_CORRUPT:
        return err_set(e, ERR_CORRUPT, "%s is damaged: %s", path, text);
    case SQLITE_NOTADB:
        return err_set(e, ERR_CORRUPT, "%s is not a database", path);
    default:
        return err_set(e, ERR_INTERNAL, "%s: %s", label, text);
    }
}

static bool script(struct db *d, const char *sql, struct err *e)
{
    int rc = sqlite3_exec(d->conn, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK || fail(d, rc, sql, e);
}

static bool ask(struct db *d, const char *sql, int64_t *out, struct err *e)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(d->conn, sql, -1, &q, NULL);
    if (rc == SQLITE_OK) rc = sqlite3_step(q);
    bool ok = rc == SQLITE_ROW || fail(d, rc, sql, e);
    if (ok) *out = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return ok;
}

/* What a statement may do, asked by SQLite once when it is prepared. */
static int authorize(void *arg, int action, const char *a, const char *b, const char *schema,
                     const char *by)
{
    static const char *const pragmas[] = { "table_info", "index_list", "quick_check",
                                           "integrity_check", "page_count", "page_size" };
    const struct db *d = arg;
    (void)b, (void)schema, (void)by;
    switch (action) {
    case SQLITE_SELECT: case SQLITE_READ: case SQLITE_FUNCTION: case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT: case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_ATTACH: case SQLITE_DETACH: case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_TEMP_TRIGGER:
        return SQLITE_DENY;
    case SQLITE_PRAGMA:
        for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++)
            if (a && strcasecmp(a, pragmas[i]) == 0) return SQLITE_OK;
        return SQLITE_DENY;
    case SQLITE_UPDATE: case SQLITE_DELETE: case SQLITE_DROP_TABLE:
        /* SQLite declares a pragma that is read as a table by words that seem to change this one,
         * which it lets nobody change. */
        if (action == SQLITE_UPDATE && a && strcmp(a, "sqlite_master") == 0) return SQLITE_OK;
        if (a && sql_is_append_only(d->store, a)) return SQLITE_DENY;
        break;
    default:
        break;
    }
    return d->mode == DB_READ ? SQLITE_DENY : SQLITE_OK;
}

static bool configure(struct db *d, struct err *e)
{
    sqlite3 *c = d->conn;
    const struct store *s = d->store;
    sqlite3_extended_result_codes(c, 1);
    sqlite3_db_config(c, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(c, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(c, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(c, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    sqlite3_db_config(c, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(c, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    if (d->mode == DB_READ)
        return script(d, "pragma query_only=on; pragma cache_size=-16384; "
                         "pragma mmap_size=268435456; pragma temp_store=memory", e);
    if (sqlite3_db_readonly(c, "main") == 1)
        return err_set(e, ERR_FORBIDDEN, "%s cannot be written to", s->target);
    if (s->fresh && !script(d, "pragma page_size=8192; pragma application_id=0x4a445544", e))
        return false;
    if (!script(d, "pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-65536; "
                   "pragma temp_store=memory", e))
        return false;
    sqlite3_wal_autocheckpoint(c, CHECKPOINT_PAGES);
    return true;
}

static bool ours(struct db *d, struct err *e)
{
    int64_t id, tables;
    if (!ask(d, "pragma application_id", &id, e)) return false;
    if (id == APPLICATION_ID) return true;
    if (!ask(d, "select count(*) from sqlite_schema", &tables, e)) return false;
    if (id == 0 && tables == 0 && d->store->opt.create) {
        d->store->fresh = true;
        return true;
    }
    return err_set(e, ERR_INVALID, "%s is not a Jiedui store", d->store->target);
}

static bool no_access(const struct store *s, int no, struct err *e)
{
    char why[256];
    strerror_r(no, why, sizeof why);
    return err_set(e, open_code(no), "cannot open %s: %s", s->target, why);
}

/* The file is made by us, so that nobody else on the machine may read what is in it. One that is
 * there is looked at by its name alone: closing a descriptor of it, whichever, would drop the locks
 * that SQLite holds on it for all connections of this process, and another process that closes the
 * file would take itself for the last one. */
static bool make_file(struct db *d, struct err *e)
{
    struct store *s = d->store;
    struct stat st;
    if (stat(s->target, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return err_set(e, ERR_INVALID, "%s is a folder, not a store", s->target);
        return access(s->target, R_OK) == 0 || no_access(s, errno, e);
    }
    if (errno == ENOENT && !s->opt.create)
        return err_set(e, ERR_NOT_FOUND, "there is no store at %s; `jiedui init` makes one",
                       s->target);
    if (errno != ENOENT) return no_access(s, errno, e);
    int fd = open(s->target, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return errno == EEXIST || no_access(s, errno, e);
    close(fd);
    return true;
}

static void close_db(struct db *d)
{
    if (!d->conn) return;
    if (d->mode == DB_WRITE)
        (void)sqlite3_wal_checkpoint_v2(d->conn, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    sqlite3_close(d->conn);
    d->conn = d->rows = NULL;
}

static bool connect_db(struct db *d, struct err *e)
{
    sqlite3 *c = NULL;
    /* Counting its memory costs SQLite a lock on every allocation. Only the first call, before the
     * library is in use, does anything. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (!make_file(d, e)) return false;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    flags |= d->store->opt.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    int rc = sqlite3_open_v2(d->store->target, &c, flags, NULL);
    d->conn = c;
    /* Before anything is read: a process that closes the file holds it for a moment, and setting
     * WAL from several at once fails without it. */
    if (rc == SQLITE_OK) sqlite3_busy_timeout(c, 5000);
    bool ok = rc == SQLITE_OK || fail(d, rc, "open", e);
    ok = ok && ours(d, e) && configure(d, e);
    if (ok) {
        sqlite3_set_authorizer(c, authorize, d);
        return true;
    }
    sqlite3_close(c);
    d->conn = NULL;
    return false;
}

static bool prepare(struct db *d, const struct stmt *s, struct prepared **out, struct err *e)
{
    struct sql_shape shape;
    sqlite3_stmt *q = NULL;
    const char *tail = NULL;
    if (!stmt_admit(d, s, s->sql, &shape, e)) return false;
    int rc = sqlite3_prepare_v3(d->conn, s->sql, -1, SQLITE_PREPARE_PERSISTENT, &q, &tail);
    if (rc != SQLITE_OK) return fail(d, rc, stmt_label(s), e);
    if (!q || sqlite3_bind_parameter_count(q) != shape.params) {
        sqlite3_finalize(q);
        return err_set(e, ERR_INTERNAL, "%s: empty, or parameters other than ?N", stmt_label(s));
    }
    struct prepared *p = prepared_new(d, s, sqlite3_column_count(q));
    p->handle = q;
    p->params = shape.params;
    p->writes = !sqlite3_stmt_readonly(q);
    *out = p;
    return true;
}

static struct prepared *find(struct db *d, const struct stmt *s, struct err *e)
{
    struct prepared *p = cache_find(&d->cache, s);
    if (p) return p;
    if (!prepare(d, s, &p, e)) return NULL;
    if (cache_put(d, p)) return p;
    prepared_free(d, p);
    (void)err_set(e, ERR_INTERNAL, "too many composed statements at once");
    return NULL;
}

static void drop(struct db *d, struct prepared *p)
{
    (void)d;
    sqlite3_finalize(p->handle);
    sqlite3_finalize(p->many);
    p->handle = p->many = NULL;
}

static bool check(struct db *d, const struct stmt *s, struct err *e)
{
    return find(d, s, e) != NULL;
}

/* SQLITE_STATIC: the caller's bytes live until the statement was stepped, so nothing is copied. */
static inline int bind(sqlite3_stmt *q, const struct val *v, int n)
{
    int rc = SQLITE_OK;
    for (int i = 0; i < n; i++) {
        switch (v[i].type) {
        case VAL_INT: rc |= sqlite3_bind_int64(q, i + 1, v[i].i); break;
        case VAL_TEXT:
            rc |= sqlite3_bind_text(q, i + 1, v[i].p ? v[i].p : "", (int)v[i].n, SQLITE_STATIC);
            break;
        case VAL_BLOB:
            rc |= v[i].n ? sqlite3_bind_blob(q, i + 1, v[i].p, (int)v[i].n, SQLITE_STATIC)
                         : sqlite3_bind_zeroblob(q, i + 1, 0);
            break;
        default: rc |= sqlite3_bind_null(q, i + 1); break;
        }
    }
    return rc;
}

static inline bool run(struct db *d, struct prepared *p, const struct stmt *s,
                       const struct val *params, struct err *e)
{
    sqlite3_stmt *q = p->handle;
    int rc = bind(q, params, p->params);
    if (rc == SQLITE_OK) do rc = sqlite3_step(q); while (rc == SQLITE_ROW);
    else rc = SQLITE_TOOBIG;
    if (rc == SQLITE_DONE) {
        sqlite3_reset(q);
        return true;
    }
    fail(d, rc, stmt_label(s), e);
    sqlite3_reset(q);
    return false;
}

static bool exec(struct db *d, const struct stmt *s, const struct val *params, int n,
                 int64_t *changed, struct err *e)
{
    struct prepared *p = find(d, s, e);
    if (!p || p->params != n) return p && params_fit(s, p->params, n, e);
    if (!run(d, p, s, params, e)) return false;
    if (changed) *changed = p->writes ? sqlite3_changes64(d->conn) : 0;
    return true;
}

static bool run_each(struct db *d, struct prepared *p, const struct stmt *s,
                     const struct val *params, size_t rows, unsigned char *changed, struct err *e)
{
    for (size_t i = 0; i < rows; i++, params += p->params) {
        if (!run(d, p, s, params, e)) return false;
        if (changed) changed[i] = sqlite3_changes64(d->conn) > 0;
    }
    return true;
}

/* The statement that reads many rows; NULL when this one cannot be made into it. */
static sqlite3_stmt *many(struct db *d, struct prepared *p)
{
    sqlite3_stmt *q = NULL;
    struct buf b;
    if (p->many || p->single) return p->many;
    buf_init(&b, 1 << 16);
    if (!d->rows) d->rows = sqlite_rows_open(d->conn);
    if (d->rows && sqlite_rows_text(p->sql, p->params, &b) &&
        sqlite3_prepare_v3(d->conn, b.p, -1, SQLITE_PREPARE_PERSISTENT, &q, NULL) == SQLITE_OK)
        p->many = q;
    p->single = !p->many;
    buf_free(&b);
    return p->many;
}

/* Runs of rows as one statement each. Where the caller asks which rows went in and only some did,
 * the run is undone and made row by row. */
static bool run_many(struct db *d, struct prepared *p, const struct stmt *s,
                     const struct val *params, size_t rows, unsigned char *changed, struct err *e)
{
    struct sqlite_rows *from = d->rows;
    *from = (struct sqlite_rows){ .at = params, .n = p->params, .count = rows };
    if (changed && !script(d, "savepoint many", e)) return false;
    int rc = sqlite3_step(p->many);
    if (rc != SQLITE_DONE) fail(d, rc, stmt_label(s), e);
    sqlite3_reset(p->many);
    if (rc != SQLITE_DONE) return false;
    if (!changed) return true;
    size_t done = (size_t)sqlite3_changes64(d->conn);
    if (done == 0 || done == rows) {
        memset(changed, done > 0, rows);
        return script(d, "release many", e);
    }
    return script(d, "rollback to many; release many", e) &&
           run_each(d, p, s, params, rows, changed, e);
}

static bool exec_many(struct db *d, const struct stmt *s, const struct val *params, int n,
                      size_t rows, unsigned char *changed, struct err *e)
{
    struct prepared *p = find(d, s, e);
    if (!p || p->params != n) return p && params_fit(s, p->params, n, e);
    if (rows < MANY_ROWS || !many(d, p)) return run_each(d, p, s, params, rows, changed, e);
    for (size_t at = 0; at < rows; at += RUN_ROWS) {
        size_t run = rows - at < RUN_ROWS ? rows - at : RUN_ROWS;
        if (!run_many(d, p, s, params + at * (size_t)n, run, changed ? changed + at : NULL, e))
            return false;
    }
    return true;
}

static bool open_cursor(struct cursor *c, const struct stmt *s, const struct val *params, int n,
                        struct err *e)
{
    struct db *d = c->db;
    struct prepared *p = cache_find(&d->cache, s);
    if (p && p->busy) p = NULL;
    if (!p) {
        bool known = cache_find(&d->cache, s) != NULL;
        if (!prepare(d, s, &p, e)) return false;
        c->own = known || !cache_put(d, p);
    }
    c->p = p;
    p->busy = true;
    if (!params_fit(s, p->params, n, e) || !stmt_in_place(d, s, p->writes, e)) return false;
    return bind(p->handle, params, n) == SQLITE_OK || fail(d, SQLITE_TOOBIG, stmt_label(s), e);
}

static bool read_row(struct cursor *c, struct err *e)
{
    sqlite3_stmt *q = c->p->handle;
    struct val *v = c->p->row;
    for (int i = 0; i < c->p->cols; i++) {
        sqlite3_value *at = sqlite3_column_value(q, i); /* asked for once: the connection is this thread's */
        switch (sqlite3_value_type(at)) {
        case SQLITE_INTEGER: v[i] = val_int(sqlite3_value_int64(at)); break;
        case SQLITE_TEXT: {
            const char *text = (const char *)sqlite3_value_text(at);
            v[i] = val_textn(text, (size_t)sqlite3_value_bytes(at));
            break;
        }
        case SQLITE_BLOB: {
            const void *blob = sqlite3_value_blob(at);
            v[i] = val_blob(blob ? blob : "", (size_t)sqlite3_value_bytes(at));
            break;
        }
        case SQLITE_FLOAT:
            return err_set(e, ERR_INTERNAL, "%s: column %d is not a whole number",
                           c->p->stmt ? c->p->stmt->name : "composed statement", i + 1);
        default: v[i] = val_null(); break;
        }
    }
    return true;
}

static bool next(struct cursor *c, struct err *e)
{
    int rc = sqlite3_step(c->p->handle);
    if (rc == SQLITE_ROW) return read_row(c, e);
    c->done = true;
    if (rc == SQLITE_DONE) return true;
    return fail(c->db, rc, c->p->stmt ? c->p->stmt->name : "composed statement", e);
}

static void finish(struct cursor *c)
{
    if (!c->p) return;
    sqlite3_reset(c->p->handle);
    c->p->busy = false;
    if (c->own) prepared_free(c->db, c->p);
    c->p = NULL;
}

static bool begin(struct db *d, enum begin_kind kind, struct err *e)
{
    return script(d, kind == BEGIN_WRITE ? "begin immediate" : "begin", e);
}

static void rollback(struct db *d)
{
    if (!sqlite3_get_autocommit(d->conn))
        (void)sqlite3_exec(d->conn, "rollback", NULL, NULL, NULL);
}

/* A write that fails at commit stops the frames before the one that carries the commit mark, or
 * cuts that one: after the rollback the transaction is surely gone. Any other failure of the disk,
 * that of fsync above all, may come after it. */
static bool commit(struct db *d, struct err *e)
{
    int rc = sqlite3_exec(d->conn, "commit", NULL, NULL, NULL);
    if (rc == SQLITE_OK) return true;
    int full = sqlite3_extended_errcode(d->conn);
    fail(d, rc, "commit", e);
    if ((rc & 0xff) == SQLITE_IOERR && full != SQLITE_IOERR_WRITE) {
        e->code = ERR_UNKNOWN;
        err_context(e, "whether the commit was stored is not known");
    }
    rollback(d);
    return false;
}

static void idle(struct db *d)
{
    uint64_t changes = (uint64_t)sqlite3_total_changes64(d->conn);
    if (changes == d->at_checkpoint) return;
    d->at_checkpoint = changes;
    (void)sqlite3_wal_checkpoint_v2(d->conn, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

const struct driver driver_sqlite = {
    .engine = ENGINE_SQLITE,
    .connect = connect_db, .close = close_db,
    .begin = begin, .commit = commit, .rollback = rollback,
    .exec = exec, .exec_many = exec_many,
    .open = open_cursor, .next = next, .finish = finish,
    .check = check, .script = script, .drop = drop, .idle = idle,
};
