/* The PostgreSQL driver's connection: opening it, and beginning and ending transactions. */
#include "store/pg.h"

#include <stdlib.h>

/* Fails at once where a store written through it would not be one: another encoding, or commits
 * that are acknowledged before they are on disk. */
static const char *const settings =
    "set statement_timeout = '10min'; set lock_timeout = '3s'; set jit = off;"
    "set idle_in_transaction_session_timeout = '5min'; set bytea_output = 'hex';"
    "set client_min_messages = 'warning';"
    "select set_config('synchronous_commit', 'on', false)"
    " where current_setting('synchronous_commit') = 'off'";

static PGconn *dial(const char *url, const char *database, bool writes)
{
    const char *names[16], *values[16];
    int n = 0;
#define GIVE(name, value) (names[n] = (name), values[n] = (value), n++)
    GIVE("connect_timeout", "10");
    GIVE("keepalives_idle", "30");
    GIVE("keepalives_interval", "10");
    GIVE("keepalives_count", "3");
    GIVE("tcp_user_timeout", "30000");
    GIVE("application_name", "jiedui");
    if (writes) GIVE("target_session_attrs", "read-write");
    GIVE("dbname", url);
    if (database) GIVE("dbname", database);
    GIVE("client_encoding", "UTF8");
#undef GIVE
    names[n] = values[n] = NULL;
    return PQconnectdbParams(names, values, 1);
}

static bool refuse(struct db *d, struct err *e)
{
    const char *encoding = PQparameterStatus(d->conn, "server_encoding");
    if (encoding && strcmp(encoding, "UTF8") == 0) return true;
    return err_set(e, ERR_INVALID, "%s keeps its text in %s; a store needs UTF8", d->store->shown,
                   encoding ? encoding : "an unknown encoding");
}

bool pg_connect(struct db *d, struct err *e)
{
    PGconn *c = dial(d->store->target, NULL, d->mode == DB_WRITE);
    d->conn = c;
    d->broken = d->cursor_open = false;
    if (PQstatus(c) != CONNECTION_OK) {
        err_set(e, ERR_BUSY, "cannot reach %s: %s", d->store->shown, PQerrorMessage(c));
        for (char *p = e ? e->message : NULL; p && *p; p++)
            if (*p == '\n') *p = ' ';
        pg_close(d);
        d->again = d->broken = true;
        return false;
    }
    PQsetNoticeReceiver(c, pg_notice, d);
    bool ok = refuse(d, e) && pg_script(d, settings, e);
    if (ok && d->mode == DB_READ)
        ok = pg_script(d, "set default_transaction_read_only = on", e);
    if (!ok) pg_close(d);
    return ok;
}

void pg_close(struct db *d)
{
    if (d->conn) PQfinish(d->conn);
    d->conn = NULL;
}

bool pg_begin(struct db *d, enum begin_kind kind, struct err *e)
{
    return pg_script(d, kind == BEGIN_WRITE ? "begin"
                                            : "begin isolation level repeatable read read only", e);
}

void pg_rollback(struct db *d)
{
    if (!d->conn || d->broken) return;
    if (PQtransactionStatus(d->conn) == PQTRANS_IDLE) return;
    PGresult *r = PQexec(d->conn, "rollback");
    if (PQresultStatus(r) != PGRES_COMMAND_OK) d->broken = true;
    PQclear(r);
}

/* Once COMMIT is under way, only a failed constraint or a serialization failure tells for sure that
 * nothing was stored; after anything else the outcome is not known. */
bool pg_commit(struct db *d, struct err *e)
{
    PGresult *r = PQexec(d->conn, "commit");
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;
    if (ok && strcmp(PQcmdStatus(r), "ROLLBACK") == 0) {
        ok = err_set(e, ERR_INTERNAL, "commit: the transaction had already failed");
    } else if (!ok) {
        const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
        bool sure = state && (strncmp(state, "23", 2) == 0 || strncmp(state, "40", 2) == 0);
        pg_fail(d, r, "commit", e);
        if (!sure) {
            d->again = false;
            d->broken = true;
            err_set(e, ERR_UNKNOWN, "whether the commit was stored in %s is not known",
                    d->store->shown);
        }
    }
    PQclear(r);
    if (!ok) pg_rollback(d);
    return ok;
}

void pg_idle(struct db *d)
{
    (void)d;
}

static char *database_of(const char *url)
{
    char *name = NULL;
    PQconninfoOption *o = PQconninfoParse(url, NULL);
    for (PQconninfoOption *i = o; i && i->keyword; i++)
        if (strcmp(i->keyword, "dbname") == 0 && i->val) name = mem_strdup(i->val);
    PQconninfoFree(o);
    return name;
}

bool postgres_make(const char *url, struct err *e)
{
    char *name = database_of(url);
    if (!name) return err_set(e, ERR_USAGE, "the URL names no database");
    PGconn *c = dial(url, "postgres", true);
    bool ok = PQstatus(c) == CONNECTION_OK;
    if (!ok) err_set(e, ERR_BUSY, "cannot reach the server: %s", PQerrorMessage(c));
    for (char *p = !ok && e ? e->message : NULL; p && *p; p++)
        if (*p == '\n' || *p == '\t') *p = ' ';
    char *quoted = ok ? PQescapeIdentifier(c, name, strlen(name)) : NULL;
    if (ok) {
        struct buf sql;
        buf_init(&sql, 1024);
        buf_printf(&sql, "create database %s template template0 encoding 'UTF8' lc_collate 'C' "
                         "lc_ctype 'C'", quoted);
        PGresult *r = PQexec(c, sql.p);
        const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
        ok = PQresultStatus(r) == PGRES_COMMAND_OK || (state && strcmp(state, "42P04") == 0);
        if (!ok) err_set(e, ERR_FORBIDDEN, "cannot make database %s: %s", name,
                         PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
        PQclear(r);
        buf_free(&sql);
    }
    PQfreemem(quoted);
    PQfinish(c);
    free(name);
    return ok;
}

char *postgres_shown(const char *url)
{
    struct buf b;
    const char *user = NULL, *host = NULL, *port = NULL, *name = NULL;
    PQconninfoOption *o = PQconninfoParse(url, NULL);
    for (PQconninfoOption *i = o; i && i->keyword; i++) {
        if (!i->val) continue;
        if (strcmp(i->keyword, "user") == 0) user = i->val;
        if (strcmp(i->keyword, "host") == 0) host = i->val;
        if (strcmp(i->keyword, "port") == 0) port = i->val;
        if (strcmp(i->keyword, "dbname") == 0) name = i->val;
    }
    buf_init(&b, 4096);
    buf_printf(&b, "postgresql://%s%s%s%s%s/%s", user ? user : "", user ? "@" : "",
               host ? host : "", port ? ":" : "", port ? port : "", name ? name : "");
    PQconninfoFree(o);
    char *shown = mem_strdup(b.p);
    buf_free(&b);
    return shown;
}
