/* What a copy reads and writes: the declared tables, with the columns that an older program left in
 * the original, and one statement each to read, to insert and to take away. */
#include "store/copy_parts.h"
#include "store/tables.h"

#define COPY_COLUMNS 256         /* PostgreSQL and the run of rows take no more */

struct columns {
    struct copy *c;
    const struct table *t;
    struct column *cols;        /* the declared ones, then the others */
    int n, found;
};

static bool is_named(const struct val *v, const char *name)
{
    return v->n == strlen(name) && memcmp(v->p, name, v->n) == 0;
}

static enum column_type type_of(const struct val *v)
{
    if (is_named(v, "integer") || is_named(v, "bigint")) return COL_INT;
    if (is_named(v, "text")) return COL_TEXT;
    return is_named(v, "blob") || is_named(v, "bytea") ? COL_BLOB : 0;
}

static bool take_column(void *arg, const struct val *row, int n, struct err *e)
{
    struct columns *k = arg;
    (void)n;
    for (int i = 0; i < k->t->n; i++) {
        if (!is_named(&row[0], k->t->cols[i].name)) continue;
        k->found++;
        return true;
    }
    enum column_type type = type_of(&row[1]);
    if (!type || k->n >= COPY_COLUMNS)
        return err_set(e, ERR_INVALID, "column %s.%.*s of the original is none that a store has",
                       k->t->name, (int)row[0].n, row[0].p);
    k->cols[k->n++] = (struct column){ arena_strndup(&k->c->arena, row[0].p, row[0].n), type,
                                       row[2].i != 0 };
    return true;
}

/* The declared table and what else the original has of columns. */
static bool whole_table(struct copy *c, const struct table *t, struct copy_table *out,
                        struct err *e)
{
    struct columns k = { .c = c, .t = t, .n = t->n };
    struct val name = val_text(t->name);
    k.cols = arena_array(&c->arena, COPY_COLUMNS, sizeof *k.cols);
    memcpy(k.cols, t->cols, sizeof *k.cols * (size_t)t->n);
    if (!db_query(c->source, &store_sql[STORE_COLUMNS], &name, 1, take_column, &k, e)) return false;
    if (k.found < t->n)
        return err_set(e, ERR_INVALID, "%s has not all columns of table %s; `jiedui upgrade` adds "
                       "what is missing", c->from->shown, t->name);
    struct table *whole = arena_alloc(&c->arena, sizeof *whole);
    struct table *bare = arena_alloc(&c->arena, sizeof *bare);
    *whole = *t;
    whole->cols = k.cols;
    whole->n = k.n;
    *bare = *whole;
    bare->uniques = bare->indexes = NULL;
    out->t = whole;
    out->bare = bare;
    return true;
}

static int column_of(const struct table *t, const char *name, size_t n)
{
    for (int i = 0; i < t->n; i++)
        if (strlen(t->cols[i].name) == n && memcmp(t->cols[i].name, name, n) == 0) return i;
    return -1;
}

static bool find_key(struct copy_table *out, struct err *e)
{
    const char *p = out->t->key;
    while (*p) {
        size_t n = strcspn(p, ", ");
        int at = column_of(out->t, p, n);
        if (at < 0 || out->n_key == COPY_KEY)
            return err_set(e, ERR_INTERNAL, "table %s has a key that cannot be copied",
                           out->t->name);
        out->key[out->n_key++] = at;
        p += n;
        p += strspn(p, ", ");
    }
    out->county = out->t->reach == REACH_COUNTY ? column_of(out->t, "county", 6) : -1;
    return true;
}

/* Leases are given back in the copy; its mark is no part of the original. */
static const char *read_text(struct copy *c, const struct table *t)
{
    bool writers = strcmp(t->name, "writer") == 0, settings = strcmp(t->name, "setting") == 0;
    struct buf b;
    buf_init(&b, 1 << 20);
    for (int i = 0; i < t->n; i++) {
        const char *name = t->cols[i].name;
        bool lease = writers && (strcmp(name, "holder") == 0 || strcmp(name, "until") == 0);
        buf_printf(&b, "%s%s", i ? ", " : "select ", lease ? "0" : name);
    }
    buf_printf(&b, " from %s%s order by %s", t->name,
               settings ? " where name <> '" SETTING_INCOMPLETE "'" : "", t->key);
    return arena_take(&c->arena, &b);
}

static void write_texts(struct copy *c, struct copy_table *out)
{
    const struct table *t = out->t;
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_printf(&b, "insert into %s (", t->name);
    for (int i = 0; i < t->n; i++) buf_printf(&b, "%s%s", i ? ", " : "", t->cols[i].name);
    buf_str(&b, ") values (");
    for (int i = 0; i < t->n; i++) buf_printf(&b, "%s?%d", i ? ", " : "", i + 1);
    buf_char(&b, ')');
    out->insert = stmt_composed(STMT_ADMIN, arena_strndup(&c->arena, b.p, b.n));
    buf_clear(&b);
    buf_printf(&b, "delete from %s where ", t->name);
    for (int i = 0; i < out->n_key; i++)
        buf_printf(&b, "%s%s = ?%d", i ? " and " : "", t->cols[out->key[i]].name, i + 1);
    out->drop = stmt_composed(STMT_ADMIN, arena_strndup(&c->arena, b.p, b.n));
    out->all = stmt_composed(STMT_ADMIN, read_text(c, t));
    buf_free(&b);
}

static bool note_undeclared(void *arg, const struct val *row, int n, struct err *e)
{
    struct copy *c = arg;
    (void)n, (void)e;
    for (int i = 0; i < c->n; i++)
        if (is_named(&row[0], c->tables[i].t->name)) return true;
    buf_printf(&c->left, "%s%.*s", c->left.n ? ", " : "", (int)row[0].n, row[0].p);
    return true;
}

bool copy_plan(struct copy *c, const struct table *const *tables, int n, struct err *e)
{
    c->tables = arena_array(&c->arena, (size_t)(store_table_count + n), sizeof *c->tables);
    for (int i = 0; i < store_table_count + n; i++) {
        const struct table *t = i < store_table_count ? &store_tables[i]
                                                      : tables[i - store_table_count];
        bool own = false;
        for (int k = 0; k < store_table_count && i >= store_table_count; k++)
            own |= t == &store_tables[k];
        if (own) continue;
        struct copy_table *out = &c->tables[c->n];
        if (!whole_table(c, t, out, e) || !find_key(out, e)) return false;
        write_texts(c, out);
        c->n++;
    }
    return db_query(c->source, &store_sql[STORE_TABLES], NULL, 0, note_undeclared, c, e);
}
