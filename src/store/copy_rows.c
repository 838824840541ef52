/* The rows of a copy. Rows are collected and written a slice at a time, each slice one durable
 * transaction; a table in which an interrupted copy left rows is first held against the
 * original. */
#include "store/copy_parts.h"
#include "store/tables.h"

#include <stdlib.h>

#define SLICE_ROWS 16384
#define SLICE_VALUES (1 << 18)
#define SLICE_BYTES ((size_t)8 << 20)

struct slice {
    struct copy *c;
    const struct stmt *stmt;
    struct val *at;
    int n;                      /* values a row */
    size_t rows, most, bytes;
    struct arena text;
};

static void slice_init(struct slice *s, struct copy *c, const struct stmt *stmt, int n)
{
    *s = (struct slice){ .c = c, .stmt = stmt, .n = n, .most = SLICE_VALUES / (size_t)n };
    if (s->most > SLICE_ROWS) s->most = SLICE_ROWS;
    s->at = mem_alloc(s->most * (size_t)n * sizeof *s->at);
}

static void slice_free(struct slice *s)
{
    free(s->at);
    arena_free(&s->text);
}

struct look { const char *mark; bool same; };

static bool same_mark(void *arg, const struct val *row, int n, struct err *e)
{
    struct look *l = arg;
    (void)n, (void)e;
    l->same = row[0].n == strlen(l->mark) && memcmp(row[0].p, l->mark, row[0].n) == 0;
    return true;
}

/* Whoever marked the target last copies into it. */
static bool still_ours(struct tx *tx, const struct copy *c, struct err *e)
{
    struct look l = { c->mark, false };
    struct val name = val_text(SETTING_INCOMPLETE);
    if (!tx_query(tx, &store_sql[STORE_SETTING_GET], &name, 1, same_mark, &l, e)) return false;
    return l.same || err_set(e, ERR_CONFLICT, "another copy into %s has taken over", c->to->shown);
}

static bool write_slice(struct tx *tx, void *arg, struct err *e)
{
    struct slice *s = arg;
    return still_ours(tx, s->c, e) && tx_exec_many(tx, s->stmt, s->at, s->n, s->rows, NULL, e);
}

static bool slice_flush(struct slice *s, struct err *e)
{
    if (s->rows == 0) return true;
    bool ok = db_write_as(s->c->writer, true, write_slice, s, e);
    s->rows = s->bytes = 0;
    arena_reset(&s->text);
    return ok;
}

static void slice_put(struct slice *s, int column, const struct val *v)
{
    struct val *to = &s->at[s->rows * (size_t)s->n + (size_t)column];
    *to = *v;
    if (v->type != VAL_TEXT && v->type != VAL_BLOB) return;
    char *copy = arena_alloc(&s->text, v->n + (size_t)1);
    if (v->n) memcpy(copy, v->p, v->n);
    to->p = copy;
    s->bytes += v->n;
}

static bool slice_next(struct slice *s, struct err *e)
{
    s->rows++;
    return (s->rows < s->most && s->bytes < SLICE_BYTES) || slice_flush(s, e);
}

/* One of the two sides that are read at once. */
struct side { struct cursor *cursor; const struct val *row; };

static bool advance(struct side *s, struct err *e)
{
    int n;
    return cursor_next(s->cursor, &s->row, &n, e);
}

static bool side_open(struct side *s, struct db *d, const struct copy_table *t, struct err *e)
{
    s->row = NULL;
    return cursor_open(&s->cursor, d, &t->all, NULL, 0, e) && advance(s, e);
}

static void side_close(struct side *s)
{
    cursor_close(s->cursor);
    *s = (struct side){ NULL, NULL };
}

static int compare_val(const struct val *a, const struct val *b)
{
    if (a->type != b->type) return a->type < b->type ? -1 : 1;
    if (a->type == VAL_NULL) return 0;
    if (a->type == VAL_INT) return (a->i > b->i) - (a->i < b->i);
    uint32_t n = a->n < b->n ? a->n : b->n;
    int order = n ? memcmp(a->p, b->p, n) : 0;
    return order ? order : (a->n > b->n) - (a->n < b->n);
}

/* In key order; a side that has ended comes after everything. */
static int compare_sides(const struct copy_table *t, const struct side *a, const struct side *b)
{
    if (!a->row || !b->row) return !a->row - !b->row;
    for (int i = 0; i < t->n_key; i++) {
        int order = compare_val(&a->row[t->key[i]], &b->row[t->key[i]]);
        if (order) return order;
    }
    return 0;
}

static bool same_row(const struct copy_table *t, const struct val *a, const struct val *b)
{
    for (int i = 0; i < t->t->n; i++)
        if (!val_equal(a[i], b[i])) return false;
    return true;
}

static bool drop_row(struct slice *s, const struct copy_table *t, const struct val *row,
                     struct err *e)
{
    if (t->t->append_only)
        return err_set(e, ERR_CONFLICT, "the interrupted copy has rows in %s that the original "
                       "does not have: remove it, and copy anew", t->t->name);
    for (int i = 0; i < t->n_key; i++) slice_put(s, i, &row[t->key[i]]);
    return slice_next(s, e);
}

static bool clear_from(struct side *from, struct side *to, struct slice *s,
                       const struct copy_table *t, struct err *e)
{
    while (to->row) {
        int order = compare_sides(t, from, to);
        if (order >= 0 && (order > 0 || !same_row(t, from->row, to->row)) &&
            !drop_row(s, t, to->row, e))
            return false;
        if (order <= 0 && !advance(from, e)) return false;
        if (order >= 0 && !advance(to, e)) return false;
    }
    return slice_flush(s, e);
}

/* Rows of an interrupted copy that the original does not have, or has otherwise, go before any
 * comes: a value that must be unique may have passed from one to another. */
static bool clear_table(struct copy *c, const struct copy_table *t, bool *any, struct err *e)
{
    struct side from = { 0 }, to = { 0 };
    struct slice s;
    slice_init(&s, c, &t->drop, t->n_key);
    bool ok = side_open(&to, c->target, t, e);
    *any = ok && to.row;
    if (*any) ok = side_open(&from, c->source, t, e) && clear_from(&from, &to, &s, t, e);
    side_close(&from);
    side_close(&to);
    slice_free(&s);
    return ok;
}

static bool fill_row(struct copy *c, int table, struct side *from, struct side *to, struct slice *s,
                     struct err *e)
{
    const struct copy_table *t = &c->tables[table];
    int order = to->cursor ? compare_sides(t, from, to) : -1;
    if (order > 0)
        return err_set(e, ERR_CONFLICT, "somebody else writes into the copy");
    tallies_add(&c->had, c, table, from->row);
    c->rows++;
    if (order == 0) {
        c->kept += c->again;
        return advance(to, e);
    }
    for (int i = 0; i < t->t->n; i++) slice_put(s, i, &from->row[i]);
    return slice_next(s, e);
}

static bool copy_table(struct copy *c, int table, const struct progress *progress, struct err *e)
{
    const struct copy_table *t = &c->tables[table];
    struct side from = { 0 }, to = { 0 };
    struct slice s;
    bool any;
    int64_t rows = 0;
    if (!clear_table(c, t, &any, e)) return false;
    slice_init(&s, c, &t->insert, t->t->n);
    bool ok = (!any || side_open(&to, c->target, t, e)) && side_open(&from, c->source, t, e);
    while (ok && from.row) {
        ok = fill_row(c, table, &from, &to, &s, e) && advance(&from, e);
        if (progress && (++rows & 1023) == 0) progress->fn(progress->arg, t->t->name, rows);
    }
    ok = ok && slice_flush(&s, e);
    side_close(&from);
    side_close(&to);
    slice_free(&s);
    return ok;
}

static bool make_indexes(struct copy *c, struct err *e)
{
    const struct table **all = arena_array(&c->arena, (size_t)c->n, sizeof *all);
    for (int i = 0; i < c->n; i++) all[i] = c->tables[i].t;
    return schema_copy(c->to, c->from, NULL, all, c->n, e);
}

bool copy_rows(struct copy *c, const struct progress *progress, struct err *e)
{
    map_clear(&c->had.map);
    c->rows = c->kept = 0;
    for (int i = 0; i < c->n; i++)
        if (!copy_table(c, i, progress, e))
            return err_context(e, "copying %s", c->tables[i].t->name);
    if (progress) progress->fn(progress->arg, "indexes", 0);
    return make_indexes(c, e);
}
