/* The PostgreSQL driver, over libpq. Everything travels in binary: integers as 8 bytes both ways,
 * text and bytes as they are. The types of parameters are declared from the values of the first
 * call; where that was NULL the server infers them, and a later value that does not fit has the
 * statement prepared again. */
#include "store/driver.h"
#include "store/pg.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "base/log.h"

#define OID_BOOL 16
#define OID_BYTEA 17
#define OID_NAME 19
#define OID_INT8 20
#define OID_INT2 21
#define OID_INT4 23
#define OID_TEXT 25
#define OID_VARCHAR 1043
#define PIPELINE_ROWS 500
#define COPY_ROWS 32            /* from so many on, COPY is worth its round trips */

struct pg_stmt {
    char name[24];
    int params;
    Oid *declared, *actual, *result;
    const char **values;
    int *lengths, *formats;
    int64_t *ints;              /* in network order */
    char *copy;                 /* of a plain INSERT: the COPY that does the same */
};

static uint64_t swap64(uint64_t v)
{
    return htonl(1) == 1 ? v : __builtin_bswap64(v);
}

void pg_notice(void *arg, const PGresult *r)
{
    const struct db *d = arg;
    const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    if (!severity || strcmp(severity, "WARNING") != 0) return;
    log_line(LOG_WARN, "postgres", "store=%s text=\"%s\"", d->store->shown, text ? text : "");
}

static bool starts(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static bool one_of(const char *s, const char *list)
{
    return strlen(s) == 5 && strstr(list, s) != NULL;
}

/* SQLSTATEs, whole or by their class, in the order they are looked for. */
static const struct { const char *states; enum err_code code; } classes[] = {
    { "08", ERR_BUSY },          /* a shard is down: the others still answer */
    { "23505", ERR_CONFLICT }, { "23", ERR_INVALID }, { "22", ERR_INVALID },
    { "42501", ERR_FORBIDDEN }, { "25006", ERR_FORBIDDEN },
    { "53", ERR_FULL }, { "58030", ERR_FULL },
    { "XX001", ERR_CORRUPT }, { "XX002", ERR_CORRUPT }, { "58", ERR_CORRUPT },
};

/* The class of a failure; state is "" when the connection went without one. */
static enum err_code classify(struct db *d, const char *state)
{
    bool lost = PQstatus(d->conn) == CONNECTION_BAD ||
                one_of(state, "57P01 57P02 57P03 53300 26000") ||
                (d->mode == DB_WRITE && one_of(state, "25006")); /* we landed on a standby */
    if (lost) d->broken = true;
    if (lost || one_of(state, "40001 40P01 55P03 57014")) {
        d->again = true;
        return ERR_BUSY;
    }
    for (size_t i = 0; *state && i < sizeof classes / sizeof *classes; i++)
        if (starts(state, classes[i].states)) return classes[i].code;
    return ERR_INTERNAL;
}

static void one_line(struct err *e)
{
    for (char *p = e ? e->message : NULL; p && *p; p++)
        if (*p == '\n') *p = ' ';
}

bool pg_fail(struct db *d, const PGresult *r, const char *label, struct err *e)
{
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *text = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    if (d->state == DB_WRITING) d->failed = true;
    enum err_code code = classify(d, state ? state : "");
    if (state && one_of(state, "0A000") && text && strstr(text, "cached plan")) {
        d->again = d->broken = true; /* a table changed under the prepared statement */
        code = ERR_BUSY;
    }
    if (d->broken && code == ERR_BUSY)
        return err_set(e, code, "%s: the connection to %s was lost", label, d->store->shown);
    err_set(e, code, "%s: %s", label, text ? text : PQerrorMessage(d->conn));
    one_line(e);
    return false;
}

/* Runs text without parameters; NULL and e when it failed. */
static PGresult *run_text(struct db *d, const char *sql, struct err *e)
{
    PGresult *r = PQexec(d->conn, sql);
    ExecStatusType st = PQresultStatus(r);
    if (st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK || st == PGRES_EMPTY_QUERY) return r;
    pg_fail(d, r, sql, e);
    PQclear(r);
    return NULL;
}

bool pg_script(struct db *d, const char *sql, struct err *e)
{
    PGresult *r = run_text(d, sql, e);
    PQclear(r);
    return r != NULL;
}

static Oid oid_of(const struct val *v)
{
    return v->type == VAL_INT ? OID_INT8 : v->type == VAL_TEXT ? OID_TEXT
         : v->type == VAL_BLOB ? OID_BYTEA : 0;
}

static bool fits(Oid actual, const struct val *v)
{
    if (v->type == VAL_NULL) return true;
    if (v->type == VAL_TEXT)
        return actual == OID_TEXT || actual == OID_VARCHAR || actual == OID_NAME;
    return actual == oid_of(v);
}

static void free_stmt(struct pg_stmt *g)
{
    free(g->declared);
    free(g->actual);
    free(g->result);
    free(g->values);
    free(g->lengths);
    free(g->formats);
    free(g->ints);
    free(g->copy);
    free(g);
}

static struct pg_stmt *new_stmt(int params)
{
    struct pg_stmt *g = mem_alloc(sizeof *g);
    size_t n = (size_t)(params > 0 ? params : 1);
    g->params = params;
    g->declared = mem_alloc(sizeof *g->declared * n);
    g->actual = mem_alloc(sizeof *g->actual * n);
    g->values = mem_alloc(sizeof *g->values * n);
    g->lengths = mem_alloc(sizeof *g->lengths * n);
    g->formats = mem_alloc(sizeof *g->formats * n);
    g->ints = mem_alloc(sizeof *g->ints * n);
    for (size_t i = 0; i < n; i++) g->formats[i] = 1;
    return g;
}

/* The columns must be of types that both engines give alike. */
static bool check_columns(struct db *d, struct prepared *p, const struct stmt *s,
                          const PGresult *r, struct err *e)
{
    struct pg_stmt *g = p->handle;
    free(g->result);
    g->result = mem_alloc(sizeof *g->result * (size_t)(p->cols + 1));
    for (int i = 0; i < p->cols; i++) {
        Oid t = g->result[i] = PQftype(r, i);
        if (t == OID_BOOL || t == OID_BYTEA || t == OID_NAME || t == OID_INT8 || t == OID_INT2 ||
            t == OID_INT4 || t == OID_TEXT || t == OID_VARCHAR)
            continue;
        if (d->state == DB_WRITING) d->failed = true;
        return err_set(e, ERR_INTERNAL, "%s: column %d (%s) is neither bigint, text nor bytes: "
                       "cast it", stmt_label(s), i + 1, PQfname(r, i));
    }
    return true;
}

static bool describe(struct db *d, struct prepared *p, const struct stmt *s, struct err *e)
{
    struct pg_stmt *g = p->handle;
    PGresult *r = PQdescribePrepared(d->conn, g->name);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK || pg_fail(d, r, stmt_label(s), e);
    if (ok) {
        int cols = PQnfields(r);
        if (cols > p->cols) p->row = mem_grow(p->row, sizeof *p->row * (size_t)cols);
        p->cols = cols;
        for (int i = 0; i < g->params && i < PQnparams(r); i++) g->actual[i] = PQparamtype(r, i);
        ok = check_columns(d, p, s, r, e);
    }
    PQclear(r);
    return ok;
}

/* The server could not settle the type of a parameter whose first value was NULL. One that it took
 * for integer here and bigint there is bigint. One that it has no type for (`?1 is null or x = ?1`
 * is enough) is tried as text, and when no operator takes that, as bigint. */
static bool settle(struct pg_stmt *g, const PGresult *r, long *guess)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    const char *at = text ? strchr(text, '$') : NULL;
    if (state && *guess >= 0 && one_of(state, "42883 42804")) {
        g->declared[*guess] = OID_INT8;
        *guess = -1;
        return true;
    }
    if (!state || !at || !one_of(state, "42P18 42P08")) return false;
    long i = strtol(at + 1, NULL, 10) - 1;
    if (i < 0 || i >= g->params || g->declared[i] != 0) return false;
    bool both = PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL) != NULL;
    g->declared[i] = both ? OID_INT8 : OID_TEXT;
    *guess = both ? -1 : i;
    return true;
}

/* Sends the text, as often as a type has to be settled. A savepoint keeps the transaction
 * usable. */
static bool parse(struct db *d, struct prepared *p, const struct stmt *s, const char *sql,
                  struct err *e)
{
    struct pg_stmt *g = p->handle;
    bool guard = false, again = true, ok = false;
    long guess = -1;
    for (int i = 0; i < g->params; i++) guard |= g->declared[i] == 0;
    guard = guard && d->state == DB_WRITING;
    if (guard && !pg_script(d, "savepoint jd_prepare", e)) return false;
    while (again) {
        PGresult *r = PQprepare(d->conn, g->name, sql, g->params, g->declared);
        ok = PQresultStatus(r) == PGRES_COMMAND_OK;
        again = !ok && settle(g, r, &guess);
        if (!ok && !again) pg_fail(d, r, stmt_label(s), e);
        PQclear(r);
        if (again && guard && !pg_script(d, "rollback to jd_prepare", e)) return false;
    }
    return ok && (!guard || pg_script(d, "release jd_prepare", e));
}

static bool prepare_as(struct db *d, struct prepared *p, const struct stmt *s, struct err *e)
{
    struct pg_stmt *g = p->handle;
    struct buf sql;
    if (g->name[0]) {
        char text[48];
        snprintf(text, sizeof text, "deallocate %s", g->name);
        if (!pg_script(d, text, e)) return false;
    }
    snprintf(g->name, sizeof g->name, "j%llu", (unsigned long long)++d->names);
    buf_init(&sql, 1 << 24);
    sql_dollars(&sql, s->pg ? s->pg : s->sql);
    bool ok = parse(d, p, s, sql.p, e);
    buf_free(&sql);
    return ok && describe(d, p, s, e);
}

static bool prepare(struct db *d, const struct stmt *s, const struct val *params, int n,
                    struct prepared **out, struct err *e)
{
    struct sql_shape shape;
    if (!stmt_admit(d, s, s->pg ? s->pg : s->sql, &shape, e)) return false;
    if (params && !params_fit(s, shape.params, n, e)) return false;
    struct prepared *p = prepared_new(d, s, 0);
    struct pg_stmt *g = new_stmt(shape.params);
    p->handle = g;
    p->params = shape.params;
    p->writes = shape.verb != VERB_SELECT;
    if (shape.verb == VERB_INSERT) g->copy = pg_copy_text(s->pg ? s->pg : s->sql);
    for (int i = 0; params && i < n; i++) g->declared[i] = oid_of(&params[i]);
    if (!prepare_as(d, p, s, e)) {
        g->name[0] = '\0'; /* nothing there to deallocate */
        prepared_free(d, p);
        return false;
    }
    *out = p;
    return true;
}

/* Also called with the connection gone: then only the memory is freed. */
static void drop(struct db *d, struct prepared *p)
{
    struct pg_stmt *g = p->handle;
    char text[48];
    if (g->name[0] && !d->broken && !d->cursor_open && !d->failed && d->conn &&
        PQstatus(d->conn) == CONNECTION_OK) {
        snprintf(text, sizeof text, "deallocate %s", g->name);
        PQclear(PQexec(d->conn, text));
    }
    free_stmt(g);
    p->handle = NULL;
}

static struct prepared *find(struct db *d, const struct stmt *s, const struct val *params, int n,
                             struct err *e)
{
    if (d->cursor_open) {
        (void)err_set(e, ERR_INTERNAL, "%s: the connection is taken by a cursor", stmt_label(s));
        return NULL;
    }
    struct prepared *p = cache_find(&d->cache, s);
    if (!p) {
        if (!prepare(d, s, params, n, &p, e)) return NULL;
        if (cache_put(d, p)) return p;
        prepared_free(d, p);
        (void)err_set(e, ERR_INTERNAL, "too many composed statements at once");
        return NULL;
    }
    struct pg_stmt *g = p->handle;
    bool fit = params_fit(s, p->params, n, e), all = true;
    if (!fit) return NULL;
    for (int i = 0; i < n; i++) {
        if (fits(g->actual[i], &params[i])) continue;
        g->declared[i] = oid_of(&params[i]);
        all = false;
    }
    return all || prepare_as(d, p, s, e) ? p : NULL;
}

/* Without values nothing is declared, and all types are the server's guess: good for a check, not
 * to be kept. */
static bool check(struct db *d, const struct stmt *s, struct err *e)
{
    struct prepared *p;
    if (!prepare(d, s, NULL, 0, &p, e)) return false;
    prepared_free(d, p);
    return true;
}

static void bind_values(struct pg_stmt *g, const struct val *v, int n)
{
    for (int i = 0; i < n; i++) {
        switch (v[i].type) {
        case VAL_INT:
            g->ints[i] = (int64_t)swap64((uint64_t)v[i].i);
            g->values[i] = (const char *)&g->ints[i];
            g->lengths[i] = 8;
            break;
        case VAL_TEXT: case VAL_BLOB:
            g->values[i] = v[i].p ? v[i].p : "";
            g->lengths[i] = (int)v[i].n;
            break;
        default: g->values[i] = NULL; g->lengths[i] = 0; break;
        }
    }
}

static int64_t rows_changed(PGresult *r)
{
    const char *text = PQcmdTuples(r);
    return *text ? strtoll(text, NULL, 10) : 0;
}

static bool exec(struct db *d, const struct stmt *s, const struct val *params, int n,
                 int64_t *changed, struct err *e)
{
    struct prepared *p = find(d, s, params, n, e);
    if (!p) return false;
    struct pg_stmt *g = p->handle;
    bind_values(g, params, n);
    PGresult *r = PQexecPrepared(d->conn, g->name, n, g->values, g->lengths, g->formats, 1);
    ExecStatusType st = PQresultStatus(r);
    bool ok = st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK || pg_fail(d, r, stmt_label(s), e);
    if (ok && changed) *changed = p->writes ? rows_changed(r) : 0;
    PQclear(r);
    return ok;
}

static bool send_query(struct db *d, struct prepared *p, const struct stmt *s,
                       const struct val *params, int n, struct err *e)
{
    struct pg_stmt *g = p->handle;
    bind_values(g, params, n);
    return PQsendQueryPrepared(d->conn, g->name, n, g->values, g->lengths, g->formats, 1) == 1 ||
           pg_fail(d, NULL, stmt_label(s), e);
}

/* Results of a pipeline in order, each followed by a NULL; the first failure is kept. */
static bool collect(struct db *d, const struct stmt *s, size_t rows, unsigned char *changed,
                    bool ok, struct err *e)
{
    size_t row = 0;
    for (int nulls = 0; nulls < 2;) {
        PGresult *r = PQgetResult(d->conn);
        if (!r) {
            nulls++;
            continue;
        }
        nulls = 0;
        ExecStatusType st = PQresultStatus(r);
        if (st == PGRES_PIPELINE_SYNC) {
            PQclear(r);
            return ok;
        }
        if (st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK) {
            if (changed && row < rows) changed[row] = rows_changed(r) > 0;
        } else if (ok && st != PGRES_PIPELINE_ABORTED) {
            ok = pg_fail(d, r, stmt_label(s), e);
        }
        row++;
        PQclear(r);
    }
    return ok && pg_fail(d, NULL, stmt_label(s), e);
}

static bool pipeline(struct db *d, struct prepared *p, const struct stmt *s,
                     const struct val *params, int n, size_t rows, unsigned char *changed,
                     struct err *e)
{
    if (PQenterPipelineMode(d->conn) != 1) return pg_fail(d, NULL, stmt_label(s), e);
    bool ok = true;
    for (size_t i = 0; ok && i < rows; i++) ok = send_query(d, p, s, params + i * (size_t)n, n, e);
    if (PQpipelineSync(d->conn) == 1) ok = collect(d, s, rows, changed, ok, e);
    else if (ok) ok = pg_fail(d, NULL, stmt_label(s), e);
    if (PQexitPipelineMode(d->conn) != 1) d->broken = true;
    return ok;
}

static bool send_run(struct db *d, struct prepared *p, const struct stmt *s, const struct val *v,
                     int n, size_t rows, unsigned char *changed, struct err *e)
{
    const struct pg_stmt *g = p->handle;
    if (g->copy && rows >= COPY_ROWS) {
        if (changed) memset(changed, 1, rows);
        return pg_copy(d, g->copy, s, v, n, rows, e);
    }
    for (size_t at = 0; at < rows; at += PIPELINE_ROWS) {
        size_t some = rows - at < PIPELINE_ROWS ? rows - at : PIPELINE_ROWS;
        if (!pipeline(d, p, s, v + at * (size_t)n, n, some, changed ? changed + at : NULL, e))
            return false;
    }
    return true;
}

/* Rows go out in runs whose values all fit the declared types; a row that does not fit has the
 * statement prepared again and starts the next run. */
static bool exec_many(struct db *d, const struct stmt *s, const struct val *params, int n,
                      size_t rows, unsigned char *changed, struct err *e)
{
    for (size_t at = 0; at < rows;) {
        const struct val *v = params + at * (size_t)n;
        struct prepared *p = find(d, s, v, n, e);
        if (!p) return false;
        const struct pg_stmt *g = p->handle;
        size_t run = 1;
        for (bool fit = true; fit && at + run < rows; run += fit)
            for (int i = 0; fit && i < n; i++)
                fit = fits(g->actual[i], &v[run * (size_t)n + (size_t)i]);
        if (!send_run(d, p, s, v, n, run, changed ? changed + at : NULL, e)) return false;
        at += run;
    }
    return true;
}

static bool open_cursor(struct cursor *c, const struct stmt *s, const struct val *params, int n,
                        struct err *e)
{
    struct db *d = c->db;
    struct prepared *p = find(d, s, params, n, e);
    if (!p || !stmt_in_place(d, s, p->writes, e)) return false;
    if (!send_query(d, p, s, params, n, e)) return false;
    c->p = p;
    p->busy = true;
    d->cursor_open = true;
    PQsetSingleRowMode(d->conn);
    return true;
}

static bool read_value(struct val *v, Oid type, const char *p, int n)
{
    uint32_t four;
    uint64_t eight;
    uint16_t two;
    switch (type) {
    case OID_INT8:
        memcpy(&eight, p, sizeof eight);
        *v = val_int((int64_t)swap64(eight));
        return true;
    case OID_INT4:
        memcpy(&four, p, sizeof four);
        *v = val_int((int32_t)ntohl(four));
        return true;
    case OID_INT2:
        memcpy(&two, p, sizeof two);
        *v = val_int((int16_t)ntohs(two));
        return true;
    case OID_BOOL: *v = val_int(*p != 0); return true;
    case OID_BYTEA: *v = val_blob(p, (size_t)n); return true;
    default: *v = val_textn(p, (size_t)n); return true;
    }
}

static bool next(struct cursor *c, struct err *e)
{
    struct db *d = c->db;
    PQclear(c->result);
    PGresult *r = c->result = PQgetResult(d->conn);
    ExecStatusType st = PQresultStatus(r);
    if (st == PGRES_SINGLE_TUPLE) {
        const struct pg_stmt *g = c->p->handle;
        for (int i = 0; i < c->p->cols; i++) {
            if (PQgetisnull(r, 0, i)) c->p->row[i] = val_null();
            else read_value(&c->p->row[i], g->result[i], PQgetvalue(r, 0, i), PQgetlength(r, 0, i));
        }
        return true;
    }
    c->done = true;
    if (st == PGRES_TUPLES_OK || st == PGRES_COMMAND_OK) return true;
    return pg_fail(d, r, c->p->stmt ? c->p->stmt->name : "composed statement", e);
}

/* Rows nobody wants are cancelled at the server, but not inside a transaction, which that ends. */
static void finish(struct cursor *c)
{
    struct db *d = c->db;
    if (!c->p) return;
    PQclear(c->result);
    c->result = NULL;
    if (!c->done && d->state == DB_IDLE) {
        char why[256];
        PGcancel *cancel = PQgetCancel(d->conn);
        if (cancel) PQcancel(cancel, why, sizeof why);
        PQfreeCancel(cancel);
    }
    for (PGresult *r; (r = PQgetResult(d->conn)) != NULL;) PQclear(r);
    d->cursor_open = false;
    c->p->busy = false;
    c->p = NULL;
}

const struct driver driver_postgres = {
    .engine = ENGINE_POSTGRES,
    .connect = pg_connect, .close = pg_close,
    .begin = pg_begin, .commit = pg_commit, .rollback = pg_rollback,
    .exec = exec, .exec_many = exec_many,
    .open = open_cursor, .next = next, .finish = finish,
    .check = check, .script = pg_script, .drop = drop, .idle = pg_idle,
};
