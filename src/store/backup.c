/* A SQLite store's pages into another file, and the first proof of it. */
#include "store/backup.h"
#include "store/driver.h"
#include "store/tables.h"

#include <inttypes.h>
#include <sqlite3.h>

#define STEP_PAGES 4096

static bool fail(sqlite3 *c, int rc, const char *path, struct err *e)
{
    enum err_code code = ERR_INTERNAL;
    switch (rc & 0xff) {
    case SQLITE_FULL: case SQLITE_IOERR: case SQLITE_NOMEM: code = ERR_FULL; break;
    case SQLITE_BUSY: case SQLITE_LOCKED: code = ERR_BUSY; break;
    case SQLITE_CORRUPT: case SQLITE_NOTADB: code = ERR_CORRUPT; break;
    case SQLITE_CANTOPEN: case SQLITE_READONLY: code = ERR_FORBIDDEN; break;
    default: break;
    }
    if (code == ERR_FULL)
        return err_set(e, code, "%s cannot be written: the disk is full, over a limit, or failed",
                       path);
    return err_set(e, code, "%s: %s", path, c ? sqlite3_errmsg(c) : sqlite3_errstr(rc));
}

static bool open_raw(const char *path, sqlite3 **out, struct err *e)
{
    int rc = sqlite3_open_v2(path, out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK) return true;
    fail(*out, rc, path, e);
    sqlite3_close(*out);
    return false;
}

static bool run(sqlite3 *c, const char *sql, const char *path, struct err *e)
{
    int rc = sqlite3_exec(c, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK || fail(c, rc, path, e);
}

static bool pages(struct db *d, sqlite3 *to, const char *path, const struct progress *progress,
                  struct err *e)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", d->conn, "main");
    if (!b) return fail(to, sqlite3_errcode(to), path, e);
    int rc;
    do {
        rc = sqlite3_backup_step(b, STEP_PAGES);
        int64_t done = sqlite3_backup_pagecount(b) - sqlite3_backup_remaining(b);
        if (progress) progress->fn(progress->arg, "pages", done);
    } while (rc == SQLITE_OK);
    int ended = sqlite3_backup_finish(b);
    return rc == SQLITE_DONE || fail(to, ended ? ended : rc, path, e);
}

/* The snapshot is what keeps a backup in steps from beginning anew with each write of the others.
 * A file that failed is thrown away, so it needs no journal, and its bytes reach the disk once, by
 * the fsync before the rename. */
bool backup_pages(struct db *d, const char *path, const struct progress *progress, struct err *e)
{
    sqlite3 *to;
    if (d->driver->engine != ENGINE_SQLITE || d->state != DB_READING)
        return err_set(e, ERR_INTERNAL, "pages are those of a SQLite store in a snapshot");
    if (!open_raw(path, &to, e)) return false;
    bool ok = run(to, "pragma synchronous=off; pragma journal_mode=off", path, e) &&
              pages(d, to, path, progress, e);
    sqlite3_close(to);
    return ok && backup_settle(path, e);
}

bool backup_settle(const char *path, struct err *e)
{
    sqlite3 *c;
    if (!open_raw(path, &c, e)) return false;
    bool ok = run(c, "pragma journal_mode=delete", path, e);
    sqlite3_close(c);
    return ok;
}

static bool check_file(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n, (void)e;
    if (row[0].type == VAL_TEXT && row[0].n == 2 && memcmp(row[0].p, "ok", 2) == 0) return true;
    fault_tell(arg, "file: %.*s", row[0].type == VAL_TEXT ? (int)row[0].n : 0, row[0].p);
    return true;
}

static bool check_tail(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n, (void)e;
    fault_tell(arg, "journal: entry %" PRId64 " of writer %" PRId64 ", its head, is not there",
               row[1].i, row[0].i);
    return true;
}

bool backup_prove(struct db *d, const char *heads, struct faults *f, struct err *e)
{
    struct buf own;
    buf_init(&own, 1 << 20);
    bool ok = db_query(d, &store_sql[STORE_QUICK_CHECK], NULL, 0, check_file, f, e) &&
              journal_heads(d, &own, e) &&
              db_query(d, &store_sql[STORE_WRITER_TAILLESS], NULL, 0, check_tail, f, e);
    if (ok && strcmp(own.p, heads) != 0) fault_tell(f, "journal: its heads are not the original's");
    buf_free(&own);
    return ok;
}
