#include "store/driver.h"

#include <stdlib.h>
#include <strings.h>
#include <time.h>

static bool is_postgres(const char *url)
{
    return strncasecmp(url, "postgresql://", 13) == 0 || strncasecmp(url, "postgres://", 11) == 0;
}

static bool name_target(struct store *s, const char *url, struct err *e)
{
    if (is_postgres(url)) {
        s->driver = &driver_postgres;
        s->engine = ENGINE_POSTGRES;
        s->target = mem_strdup(url);
        s->shown = postgres_shown(url);
        return true;
    }
    if (strncmp(url, "sqlite:", 7) == 0) url += 7;
    if (*url == '\0' || strcmp(url, ":memory:") == 0 || strstr(url, "://"))
        return err_set(e, ERR_USAGE, "\"%s\" is neither a file's path nor a postgresql:// URL",
                       url);
    s->driver = &driver_sqlite;
    s->engine = ENGINE_SQLITE;
    s->target = mem_strdup(url);
    s->shown = mem_strdup(url);
    return true;
}

/* The first connection: makes the database where asked to, and reads the settings. */
static bool first_look(struct store *s, struct err *e)
{
    struct db *d = NULL;
    enum db_mode mode = s->opt.create ? DB_WRITE : DB_READ;
    bool ok = store_connect(s, mode, &d, e);
    if (!ok && s->opt.create && s->engine == ENGINE_POSTGRES)
        ok = postgres_make(s->target, e) && store_connect(s, mode, &d, e);
    if (ok) err_clear(e); /* a database that had to be made is no failure */
    ok = ok && settings_read(s, d, e);
    db_close(d);
    return ok;
}

bool store_open(struct store **out, const char *url, const struct store_options *opt, struct err *e)
{
    struct store *s = mem_alloc(sizeof *s);
    struct err own = { 0 };
    *out = NULL;
    s->opt = opt ? *opt : (struct store_options){ 0 };
    if (!s->opt.clock.now) s->opt.clock = clock_system();
    s->zone = 480;
    pthread_mutex_init(&s->lock, NULL);
    if (name_target(s, url, e ? e : &own) && first_look(s, e ? e : &own)) {
        *out = s;
        return true;
    }
    store_close(s);
    return false;
}

void store_close(struct store *s)
{
    if (!s) return;
    db_close(s->own);
    pthread_mutex_destroy(&s->lock);
    free(s->target);
    free(s->shown);
    free(s->append_only);
    free(s->incomplete);
    memset(s->key, 0, sizeof s->key);
    free(s);
}

enum engine store_engine(const struct store *s) { return s->engine; }
const char *store_url(const struct store *s) { return s->shown; }
const struct row_key *store_row_key(const struct store *s) { return &s->row_key; }
const struct clock *store_clock(const struct store *s) { return &s->opt.clock; }
int store_zone(const struct store *s) { return s->zone; }
bool store_apart(const struct store *s) { return s->apart; }
void store_set_model(struct store *s, const struct model *m) { s->model = m; }
const struct model *store_model(const struct store *s) { return s->model; }
int store_shadow(const struct store *s) { return s->opt.shadow_partitions; }

bool store_connect(struct store *s, enum db_mode mode, struct db **out, struct err *e)
{
    *out = NULL;
    if (mode == DB_WRITE && s->opt.read_only)
        return err_set(e, ERR_FORBIDDEN, "%s was opened for reading only", s->shown);
    struct db *d = mem_alloc(sizeof *d);
    d->store = s;
    d->driver = s->driver;
    d->mode = mode;
    if (!s->driver->connect(d, e)) {
        free(d);
        return false;
    }
    *out = d;
    return true;
}

void db_close(struct db *d)
{
    if (!d) return;
    if (d->state == DB_READING) db_end_read(d);
    if (d->lease.held) lease_release(d);
    for (struct kept *k = d->kept; k < d->kept + DB_KEPT; k++)
        if (k->self) k->drop(k->self);
    cache_clear(d);
    d->driver->close(d);
    free(d);
}

struct store *db_store(struct db *d) { return d->store; }

bool db_ready(struct db *d, struct err *e)
{
    d->again = false;
    if (!d->broken) return true;
    if (d->state != DB_IDLE)
        return err_set(e, ERR_BUSY, "the connection to %s was lost", d->store->shown);
    cache_clear(d);
    d->driver->close(d);
    return d->driver->connect(d, e);
}

void store_pause(int attempt)
{
    uint32_t noise;
    (void)attempt;
    random_bytes(&noise, sizeof noise);
    struct timespec t = { .tv_nsec = 20000000 + (long)(noise % 80000000) };
    nanosleep(&t, NULL);
}

struct stmt stmt_composed(enum stmt_class class, const char *sql)
{
    return (struct stmt){ .class = class, .sql = sql };
}

static bool run_query(struct db *d, const struct stmt *s, const struct val *params, int n,
                      row_fn *fn, void *arg, bool *any, struct err *e)
{
    struct cursor c = { .db = d };
    bool ok = db_ready(d, e) && d->driver->open(&c, s, params, n, e);
    while (ok && (ok = d->driver->next(&c, e)) && !c.done) {
        *any = true;
        ok = fn(arg, c.p->row, c.p->cols, e);
    }
    bool again = d->again;
    d->driver->finish(&c);
    d->again = again;
    return ok;
}

bool db_query(struct db *d, const struct stmt *s, const struct val *params, int n,
              row_fn *fn, void *arg, struct err *e)
{
    struct err own;
    if (!e) e = &own;
    for (int attempt = 0;; attempt++) {
        bool any = false;
        if (run_query(d, s, params, n, fn, arg, &any, e)) return true;
        if (any || !d->again || d->state != DB_IDLE || attempt == STORE_TRIES) return false;
        store_pause(attempt);
    }
}

struct one_int { int64_t value; bool found, seen; };

static bool take_int(void *arg, const struct val *row, int n, struct err *e)
{
    struct one_int *o = arg;
    if (o->seen || n == 0) return true;
    o->seen = true;
    if (row[0].type == VAL_NULL) return true;
    if (row[0].type != VAL_INT) return err_set(e, ERR_INTERNAL, "the first column is no integer");
    o->value = row[0].i;
    o->found = true;
    return true;
}

bool db_int(struct db *d, const struct stmt *s, const struct val *params, int n,
            int64_t *out, bool *found, struct err *e)
{
    struct one_int o = { 0 };
    if (!db_query(d, s, params, n, take_int, &o, e))
        return err_context(e, "%s", stmt_label(s));
    *out = o.value;
    if (found) *found = o.found;
    return true;
}

bool db_prepare(struct db *d, const struct stmt *s, struct err *e)
{
    return db_ready(d, e) && d->driver->check(d, s, e);
}

bool cursor_open(struct cursor **out, struct db *d, const struct stmt *s, const struct val *params,
                 int n, struct err *e)
{
    struct cursor *c = mem_alloc(sizeof *c);
    c->db = d;
    *out = NULL;
    bool ok = db_ready(d, e) && d->driver->open(c, s, params, n, e);
    if (ok) *out = c;
    else cursor_close(c);
    return ok;
}

bool cursor_next(struct cursor *c, const struct val **row, int *n, struct err *e)
{
    *row = NULL;
    *n = 0;
    if (c->done) return true;
    if (!c->db->driver->next(c, e)) return false;
    if (c->done) return true;
    *row = c->p->row;
    *n = c->p->cols;
    return true;
}

void cursor_close(struct cursor *c)
{
    if (!c) return;
    c->db->driver->finish(c);
    free(c);
}

bool db_begin_read(struct db *d, struct err *e)
{
    if (d->state != DB_IDLE)
        return err_set(e, ERR_INTERNAL, "a transaction is already open on this connection");
    if (!db_ready(d, e) || !d->driver->begin(d, BEGIN_READ, e)) return false;
    d->state = DB_READING;
    return true;
}

void db_end_read(struct db *d)
{
    if (d->state != DB_READING) return;
    d->driver->rollback(d);
    d->state = DB_IDLE;
}
