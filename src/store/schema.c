#include "store/driver.h"
#include "store/seal.h"
#include "store/tables.h"

#include <stdlib.h>

#define NAME_MAX_PG 63
#define WRITERS_MOST 1024

static const char *type_name(enum engine engine, enum column_type t)
{
    if (engine == ENGINE_SQLITE) return t == COL_INT ? "integer" : t == COL_TEXT ? "text" : "blob";
    /* memcmp order whatever the database's own collation is, as SQLite has it */
    return t == COL_INT ? "bigint" : t == COL_TEXT ? "text collate \"C\"" : "bytea";
}

static void add_column(struct buf *b, enum engine engine, const struct column *c)
{
    buf_printf(b, "%s %s%s", c->name, type_name(engine, c->type), c->not_null ? " not null" : "");
}

static void add_table(struct buf *b, enum engine engine, int shadow, const struct table *t)
{
    bool parts = engine == ENGINE_POSTGRES && shadow > 0 && t->reach == REACH_COUNTY;
    buf_printf(b, "create table %s (", t->name);
    for (int i = 0; i < t->n; i++) {
        if (i) buf_str(b, ", ");
        add_column(b, engine, &t->cols[i]);
    }
    if (engine == ENGINE_SQLITE) buf_printf(b, ", primary key (%s)) strict, without rowid", t->key);
    else buf_char(b, ')');
    if (parts) buf_str(b, " partition by hash (county)");
    buf_str(b, ";\n");
    for (int i = 0; parts && i < shadow; i++)
        buf_printf(b, "create table %s_p%d partition of %s for values with (modulus %d, "
                   "remainder %d);\n", t->name, i, t->name, shadow, i);
    if (engine == ENGINE_POSTGRES && t->append_only)
        buf_printf(b, "revoke update, delete, truncate on %s from public, current_user;\n",
                   t->name);
}

/* household + "county, village" gives household_county_village_idx; a name PostgreSQL would cut
 * ends in a digest instead. */
static void index_name(const struct table *t, const char *columns, bool unique, char out[64])
{
    struct buf b;
    buf_init(&b, 4096);
    buf_str(&b, t->name);
    bool gap = true;
    for (const char *p = columns; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '_';
        if (plain && gap) buf_char(&b, '_');
        if (plain) buf_char(&b, *p);
        gap = !plain;
    }
    buf_str(&b, unique ? "_key" : "_idx");
    snprintf(out, 64, "%s", b.p);
    if (b.n > NAME_MAX_PG) {
        unsigned char d[DIGEST_LEN];
        digest_of(b.p, b.n, d);
        digest_hex(d, 4, out + 54);
        out[53] = '_';
    }
    buf_free(&b);
}

/* "county, village where closed is null" is a partial index. */
static void add_index(struct buf *b, const struct table *t, const char *columns, bool unique)
{
    char name[64];
    const char *where = strstr(columns, " where ");
    index_name(t, columns, unique, name);
    buf_printf(b, "create %sindex %s on %s (%.*s)%s;\n", unique ? "unique " : "", name, t->name,
               (int)(where ? where - columns : (ptrdiff_t)strlen(columns)), columns,
               where ? where : "");
}

/* PostgreSQL plans a statement over an empty table as if any index gave one row, takes the newest of
 * them, and keeps that plan while the table fills: so the primary key is made last. */
void schema_ddl(struct buf *b, enum engine engine, int shadow_partitions, const struct table *t)
{
    add_table(b, engine, shadow_partitions, t);
    for (int i = 0; t->uniques && t->uniques[i]; i++) add_index(b, t, t->uniques[i], true);
    for (int i = 0; t->indexes && t->indexes[i]; i++) add_index(b, t, t->indexes[i], false);
    if (engine == ENGINE_POSTGRES)
        buf_printf(b, "alter table %s add primary key (%s);\n", t->name, t->key);
}

struct making {
    struct store *s;
    const struct table *const *tables;
    int n;
    unsigned char key[DIGEST_KEY_LEN];
    bool copying;               /* the settings come from another store */
    const char *mark;
};

/* One existing table held against its description. */
struct compare { const struct table *t; enum engine engine; bool *seen; };

static bool same_type(enum engine engine, enum column_type want, const struct val *have)
{
    const char *name = type_name(engine, want);
    size_t n = strcspn(name, " ");
    return have->n == n && memcmp(have->p, name, n) == 0;
}

static bool compare_column(void *arg, const struct val *row, int n, struct err *e)
{
    struct compare *c = arg;
    (void)n;
    for (int i = 0; i < c->t->n; i++) {
        const struct column *want = &c->t->cols[i];
        if (strlen(want->name) != row[0].n || memcmp(want->name, row[0].p, row[0].n) != 0) continue;
        c->seen[i] = true;
        if (!same_type(c->engine, want->type, &row[1]))
            return err_set(e, ERR_INVALID, "column %s.%s is %.*s in the store, and %s is wanted: "
                           "that needs a migration", c->t->name, want->name, (int)row[1].n,
                           row[1].p, type_name(c->engine, want->type));
        return true;
    }
    return true; /* a column of an older version stays */
}

/* *unsealed: the table has no seal yet. */
static bool add_missing_columns(struct tx *tx, const struct table *t, struct buf *b,
                                bool *unsealed, struct err *e)
{
    struct val name = val_text(t->name);
    struct compare c = { t, tx->db->store->engine, mem_alloc((size_t)t->n + 1) };
    bool ok = db_query(tx->db, &store_sql[STORE_COLUMNS], &name, 1, compare_column, &c, e);
    for (int i = 0; ok && i < t->n; i++) {
        if (c.seen[i]) continue;
        if (t->cols[i].not_null) {
            ok = err_set(e, ERR_INVALID, "column %s.%s is missing in the store and may not be "
                         "empty: that needs a migration", t->name, t->cols[i].name);
            break;
        }
        if (strcmp(t->cols[i].name, "seal") == 0) *unsealed = true;
        buf_printf(b, "alter table %s add column ", t->name);
        add_column(b, c.engine, &t->cols[i]);
        buf_str(b, ";\n");
    }
    free(c.seen);
    return ok;
}

static bool add_missing_index(struct tx *tx, const struct table *t, const char *columns,
                              bool unique, struct buf *b, struct err *e)
{
    char name[64];
    int64_t count;
    index_name(t, columns, unique, name);
    struct val v = val_text(name);
    if (!db_int(tx->db, &store_sql[STORE_HAS_INDEX], &v, 1, &count, NULL, e)) return false;
    if (count == 0) add_index(b, t, columns, unique);
    return true;
}

static bool add_missing(struct tx *tx, const struct table *t, struct buf *b, bool *unsealed,
                        struct err *e)
{
    bool ok = add_missing_columns(tx, t, b, unsealed, e);
    for (int i = 0; ok && t->uniques && t->uniques[i]; i++)
        ok = add_missing_index(tx, t, t->uniques[i], true, b, e);
    for (int i = 0; ok && t->indexes && t->indexes[i]; i++)
        ok = add_missing_index(tx, t, t->indexes[i], false, b, e);
    return ok;
}

struct writers { const struct store *s; struct val at[WRITERS_MOST * 2]; size_t n; };

static bool seal_writer(void *arg, const struct val *row, int n, struct err *e)
{
    struct writers *w = arg;
    (void)n;
    if (w->n == WRITERS_MOST) return err_set(e, ERR_CORRUPT, "there are too many writers");
    w->at[2 * w->n] = row[0];
    w->at[2 * w->n++ + 1] = val_int(writer_seal(w->s, row));
    return true;
}

static bool seal_writers(struct tx *tx, struct err *e)
{
    struct writers *w = mem_alloc(sizeof *w);
    w->s = tx->db->store;
    bool ok = tx_query(tx, &store_sql[STORE_WRITERS_SEALED], NULL, 0, seal_writer, w, e) &&
              tx_exec_many(tx, &store_sql[STORE_WRITER_SEAL], w->at, 2, w->n, NULL, e);
    free(w);
    return ok;
}

static bool make_table(struct tx *tx, const struct table *t, bool copying, struct err *e)
{
    struct store *s = tx->db->store;
    struct buf b;
    bool there, ok, unsealed = false;
    buf_init(&b, 1 << 20);
    ok = store_table_exists(tx->db, t->name, &there, e);
    if (ok && !there) schema_ddl(&b, s->engine, s->opt.shadow_partitions, t);
    ok = ok && (!there || add_missing(tx, t, &b, &unsealed, e));
    if (ok && b.n > 0) ok = s->driver->script(tx->db, b.p, e);
    unsealed |= ok && !there;
    if (ok && !there && !copying && t->begin) ok = s->driver->script(tx->db, t->begin, e);
    if (ok && unsealed && !copying && t->sealed) ok = seal_begin(tx, t, e);
    if (ok && unsealed && !copying && t == &store_tables[TABLE_WRITER])
        ok = settings_begin(tx, e) && seal_writers(tx, e);
    if (!ok) err_context(e, "table %s", t->name);
    buf_free(&b);
    return ok;
}

/* The names of append-only tables, " journal ledger ": those known so far and those given now. */
static char *append_only_names(const struct making *m)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, m->s->append_only ? m->s->append_only : " ");
    for (int i = 0; i < store_table_count + m->n; i++) {
        const struct table *t = i < store_table_count ? &store_tables[i]
                                                      : m->tables[i - store_table_count];
        char name[80];
        snprintf(name, sizeof name, " %s ", t->name);
        if (t->append_only && !strstr(b.p, name)) buf_printf(&b, "%s ", t->name);
    }
    char *names = mem_strdup(b.p);
    buf_free(&b);
    return names;
}

static bool write_settings(struct tx *tx, struct making *m, struct err *e)
{
    char version[16], key[DIGEST_KEY_LEN * 2 + 1], zone[16];
    char *names = append_only_names(m);
    bool ok = setting_put(tx, "append_only", names, e);
    free(names);
    if (!ok || m->s->has_schema) return ok;
    snprintf(version, sizeof version, "%d", SCHEMA_VERSION);
    snprintf(zone, sizeof zone, "%d", m->s->zone);
    digest_hex(m->key, sizeof m->key, key);
    return setting_put(tx, "schema_version", version, e) && setting_put(tx, "zone", zone, e) &&
           setting_put(tx, "row_key", key, e);
}

static bool make_all(struct tx *tx, void *arg, struct err *e)
{
    struct making *m = arg;
    for (int i = 0; i < store_table_count; i++)
        if (!make_table(tx, &store_tables[i], m->copying, e)) return false;
    for (int i = 0; i < m->n; i++) {
        bool own = false;
        for (int k = 0; k < store_table_count; k++) own |= m->tables[i] == &store_tables[k];
        if (!own && !make_table(tx, m->tables[i], m->copying, e)) return false;
    }
    if (m->copying && !m->mark) return true;
    return write_settings(tx, m, e) &&
           (!m->mark || setting_put(tx, SETTING_INCOMPLETE, m->mark, e));
}

/* An index over a great table takes as long as it takes. */
static bool without_limits(struct db *d, struct err *e)
{
    return d->driver->engine != ENGINE_POSTGRES ||
           d->driver->script(d, "set statement_timeout = 0", e);
}

static bool make(struct store *s, struct making *m, struct err *e)
{
    pthread_mutex_lock(&s->lock);
    bool ok = s->own || store_connect(s, DB_WRITE, &s->own, e);
    ok = ok && (!m->copying || without_limits(s->own, e)) &&
         db_write_as(s->own, true, make_all, m, e) && settings_read(s, s->own, e);
    pthread_mutex_unlock(&s->lock);
    return ok;
}

bool schema_create(struct store *s, const struct table *const *tables, int n, struct err *e)
{
    struct making m = { .s = s, .tables = tables, .n = n };
    if (!s->has_schema) {
        random_bytes(m.key, sizeof m.key);
        row_key_init(&s->row_key, m.key);
    }
    return make(s, &m, e);
}

bool schema_copy(struct store *s, const struct store *like, const char *mark,
                 const struct table *const *tables, int n, struct err *e)
{
    struct making m = { .s = s, .tables = tables, .n = n, .copying = true, .mark = mark };
    memcpy(m.key, like->key, sizeof m.key);
    s->row_key = like->row_key;
    s->zone = like->zone;
    return make(s, &m, e);
}
