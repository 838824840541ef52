#include "store/sqlite_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct table { sqlite3_vtab base; struct sqlite_rows *rows; };
struct place { sqlite3_vtab_cursor base; size_t row; };

/* The objects begin with what SQLite knows of them. */
static struct place *place_of(sqlite3_vtab_cursor *c)
{
    return (struct place *)c;
}

static const struct sqlite_rows *rows_of(const struct place *p)
{
    return ((const struct table *)p->base.pVtab)->rows;
}

static int connect_table(sqlite3 *c, void *arg, int argc, const char *const *argv,
                         sqlite3_vtab **out, char **message)
{
    struct buf b;
    (void)argc, (void)argv, (void)message;
    buf_init(&b, SQLITE_ROWS_COLUMNS * 8);
    for (int i = 0; i < SQLITE_ROWS_COLUMNS; i++)
        buf_printf(&b, "%sc%d", i ? ", " : "create table x (", i);
    buf_char(&b, ')');
    int rc = sqlite3_declare_vtab(c, b.p);
    buf_free(&b);
    if (rc != SQLITE_OK) return rc;
    struct table *t = mem_alloc(sizeof *t);
    t->rows = arg;
    *out = &t->base;
    return SQLITE_OK;
}

static int disconnect_table(sqlite3_vtab *t)
{
    free(t);
    return SQLITE_OK;
}

static int best_index(sqlite3_vtab *t, sqlite3_index_info *info)
{
    (void)t;
    info->estimatedCost = 1000;
    info->estimatedRows = 1000;
    return SQLITE_OK;
}

static int open_place(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
    struct place *p = mem_alloc(sizeof *p);
    (void)t;
    *out = &p->base;
    return SQLITE_OK;
}

static int close_place(sqlite3_vtab_cursor *c)
{
    free(c);
    return SQLITE_OK;
}

static int first(sqlite3_vtab_cursor *c, int index, const char *text, int argc,
                 sqlite3_value **argv)
{
    (void)index, (void)text, (void)argc, (void)argv;
    place_of(c)->row = 0;
    return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *c)
{
    place_of(c)->row++;
    return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *c)
{
    return place_of(c)->row >= rows_of(place_of(c))->count;
}

/* The bytes outlive the statement, so nothing is copied. */
static int column(sqlite3_vtab_cursor *c, sqlite3_context *x, int i)
{
    const struct sqlite_rows *rows = rows_of(place_of(c));
    const struct val *v = &rows->at[place_of(c)->row * (size_t)rows->n + (size_t)i];
    switch (v->type) {
    case VAL_INT: sqlite3_result_int64(x, v->i); break;
    case VAL_TEXT:
        sqlite3_result_text(x, v->p ? v->p : "", (int)v->n, SQLITE_STATIC);
        break;
    case VAL_BLOB:
        if (v->n) sqlite3_result_blob(x, v->p, (int)v->n, SQLITE_STATIC);
        else sqlite3_result_zeroblob(x, 0);
        break;
    default: break; /* NULL, as it is from the start */
    }
    return SQLITE_OK;
}

static int rowid(sqlite3_vtab_cursor *c, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)place_of(c)->row;
    return SQLITE_OK;
}

/* Without xCreate the table is there by its name alone, and none can be made of its kind. */
static const sqlite3_module module = {
    .xConnect = connect_table, .xDisconnect = disconnect_table, .xBestIndex = best_index,
    .xOpen = open_place, .xClose = close_place, .xFilter = first, .xNext = next, .xEof = at_end,
    .xColumn = column, .xRowid = rowid,
};

struct sqlite_rows *sqlite_rows_open(sqlite3 *c)
{
    struct sqlite_rows *rows = mem_alloc(sizeof *rows);
    /* On failure SQLite calls free as well. */
    int rc = sqlite3_create_module_v2(c, "rows_in_memory", &module, rows, free);
    return rc == SQLITE_OK ? rows : NULL;
}

bool sqlite_rows_text(const char *sql, int n, struct buf *out)
{
    static const char values[] = " values (";
    const char *list = strstr(sql, values), *p = list ? list + sizeof values - 1 : NULL;
    if (!p || n > SQLITE_ROWS_COLUMNS || strncmp(sql, "insert into ", 12) != 0) return false;
    for (int i = 1; i <= n; i++) {
        char want[16];
        int len = snprintf(want, sizeof want, i < n ? "?%d, " : "?%d)", i);
        if (strncmp(p, want, (size_t)len) != 0) return false;
        p += len;
    }
    if (*p && strncmp(p, " on conflict ", 13) != 0) return false;
    /* A statement that fails loses the transaction all the same; OR FAIL spares SQLite the copy of
     * every page that would undo the statement alone. */
    buf_str(out, "insert or fail into ");
    buf_add(out, sql + 12, (size_t)(list - sql) - 12);
    for (int i = 0; i < n; i++) buf_printf(out, "%sc%d", i ? ", " : " select ", i);
    buf_printf(out, " from rows_in_memory where true%s", p);
    return !out->over;
}
