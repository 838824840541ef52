/* Export: rows streamed to a file in constant memory. References are written by natural key, looked
 * up over a connection of their own (the rows' one is busy) and remembered in a small cache. A file
 * gets its name only when it is complete. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/json.h"
#include "base/option.h"
#include "doc/xlsx.h"
#include "entity/list.h"
#include "entity/plan.h"

#define FLUSH_BYTES ((size_t)64 << 10)
#define BUF_MAX ((size_t)64 << 20)
#define REF_ENTRIES ((size_t)1 << 14)
#define SHEET_ROWS INT64_C(1000000) /* under what one sheet of a workbook can hold */

/* A column: a field, or one of the row's first five (field = -1 - ROW_x). */
struct out_column { int field; const char *name; };

struct exporter {
    struct model model;            /* a copy with the cache in it */
    const struct table_map *m;
    struct db *refs;               /* for looking references up; NULL when there are none */
    enum export_format format;
    struct out_column cols[ENTITY_MAX_COLUMNS];
    int n;
    const char *path;
    char *part;                    /* the file while it is not complete */
    FILE *f;
    struct buf b;
    struct xlsx_out *x;
    struct arena row;
    const struct export_watch *watch;
    int64_t rows, in_sheet;
    int sheets;
};

static bool write_fault(const struct exporter *x, struct err *e)
{
    enum err_code code = errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_INVALID;
    return err_set(e, code, "cannot write %s: %s", x->path, strerror(errno));
}

static bool add_column(struct exporter *x, const char *name, struct err *e)
{
    const struct table_map *m = x->m;
    int field = map_field(m, name);
    for (int i = 0; field < 0 && i < ROW_FIRST; i++)
        if (strcmp(m->table.cols[i].name, name) == 0) {
            x->cols[x->n++] = (struct out_column){ -1 - i, m->table.cols[i].name };
            return true;
        }
    if (field < 0) {
        const char *names[ENTITY_MAX_COLUMNS];
        for (int i = 0; i < m->fields; i++) names[i] = m->field[i].name;
        const char *near = nearest_name(name, names, m->fields);
        return err_set(e, ERR_INVALID, "%s has no field '%s'%s%s%s", m->entity->name, name,
                       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    x->cols[x->n++] = (struct out_column){ field, m->field[field].name };
    return true;
}

static bool choose_columns(struct exporter *x, const struct list_query *q, struct err *e)
{
    if (q->n_columns > ENTITY_MAX_COLUMNS) return err_set(e, ERR_INVALID, "too many columns");
    for (int i = 0; i < q->n_columns; i++)
        if (!add_column(x, q->columns[i], e)) return false;
    for (int i = 0; q->n_columns == 0 && i < x->m->fields; i++)
        x->cols[x->n++] = (struct out_column){ i, x->m->field[i].name };
    return true;
}

static bool has_references(const struct exporter *x)
{
    for (int i = 0; i < x->n; i++)
        if (x->cols[i].field >= 0 && x->m->field[x->cols[i].field].type == F_REF) return true;
    return false;
}

static const char *first_text(const struct exporter *x, int which, const struct val *row,
                              struct arena *a)
{
    if (which == ROW_RECORDED) {
        struct field_plan p = { .type = F_INSTANT };
        return plain_write(&p, row[which], a);
    }
    (void)x;
    return arena_printf(a, "%lld", (long long)row[which].i);
}

static const char *cell_text(struct exporter *x, int i, const struct val *row)
{
    int field = x->cols[i].field;
    if (field < 0) return first_text(x, -1 - field, row, &x->row);
    return field_write(&x->model, x->m, field, row, x->refs, &x->row);
}

static bool flush(struct exporter *x, size_t over, struct err *e)
{
    if (x->b.over) return err_set(e, ERR_INVALID, "a row is too long to be exported");
    if (x->b.n <= over) return true;
    if (fwrite(x->b.p, 1, x->b.n, x->f) != x->b.n) return write_fault(x, e);
    buf_clear(&x->b);
    return true;
}

static void csv_line_out(struct exporter *x, const struct val *row)
{
    for (int i = 0; i < x->n; i++) {
        const char *text = row ? cell_text(x, i, row) : x->cols[i].name;
        csv_add(&x->b, text, strlen(text), i == 0, true);
    }
    csv_end_row(&x->b);
}

/* Whole numbers and truth as JSON has them; money and decimals as text, since readers make binary
 * fractions of numbers; ids as text because they pass 2^53. */
static void json_cell(struct exporter *x, struct json_out *j, int i, const struct val *row)
{
    int field = x->cols[i].field;
    const struct field_plan *p = field >= 0 ? &x->m->plan[field] : NULL;
    struct val v = p ? row[p->column] : row[-1 - field];
    json_key(j, x->cols[i].name);
    if (val_is_null(v)) json_null(j);
    else if (v.type == VAL_TEXT) json_text(j, v.p, v.n);
    else if (p && p->type == F_INT) json_int(j, v.i);
    else if (p ? p->type == F_BOOL : field == -1 - ROW_DRAFT) json_bool(j, v.i != 0);
    else json_str(j, cell_text(x, i, row));
}

static void json_line_out(struct exporter *x, const struct val *row)
{
    struct json_out j;
    buf_str(&x->b, x->rows ? ",\n" : "\n");
    json_start(&j, &x->b);
    json_object(&j);
    for (int i = 0; i < x->n; i++) json_cell(x, &j, i, row);
    json_end_object(&j);
}

static void sheet_columns(const struct exporter *x, struct xlsx_column *c)
{
    for (int i = 0; i < x->n; i++) {
        c[i] = (struct xlsx_column){ .title = x->cols[i].name, .kind = XLSX_TEXT };
        if (x->cols[i].field < 0) continue;
        const struct field *f = &x->m->field[x->cols[i].field];
        c[i].note = f->zh;
        if (f->type == F_INT || f->type == F_BOOL || f->type == F_DECIMAL) c[i].kind = XLSX_NUMBER;
        if (f->type == F_DECIMAL) c[i].scale = f->scale;
        if (f->type == F_MONEY) c[i].kind = XLSX_MONEY;
        if (f->type == F_DATE) c[i].kind = XLSX_DATE;
    }
}

static bool sheet_begin(struct exporter *x, struct err *e)
{
    struct xlsx_column c[ENTITY_MAX_COLUMNS];
    char name[48];
    sheet_columns(x, c);
    x->in_sheet = 0;
    if (x->sheets++ == 0) {
        snprintf(name, sizeof name, "%.31s", x->m->entity->name);
        return xlsx_create(&x->x, x->part, name, c, x->n, e);
    }
    snprintf(name, sizeof name, "%.24s %d", x->m->entity->name, x->sheets);
    return xlsx_add_sheet(x->x, name, c, x->n, e);
}

static bool sheet_line_out(struct exporter *x, const struct val *row, struct err *e)
{
    struct val cells[ENTITY_MAX_COLUMNS];
    if (x->in_sheet++ == SHEET_ROWS && !sheet_begin(x, e)) return false;
    for (int i = 0; i < x->n; i++) {
        int field = x->cols[i].field;
        enum field_type t = field >= 0 ? x->m->field[field].type : F_TEXT;
        bool as_is = t == F_INT || t == F_BOOL || t == F_DECIMAL || t == F_MONEY || t == F_DATE;
        if (as_is || (field >= 0 && val_is_null(row[x->m->column[field]])))
            cells[i] = row[x->m->column[field]];
        else
            cells[i] = val_text(cell_text(x, i, row));
    }
    return xlsx_write_row(x->x, cells, x->n, e);
}

static bool line_out(void *arg, const struct val *row, int n, struct err *e)
{
    struct exporter *x = arg;
    bool ok = true;
    (void)n;
    arena_reset(&x->row);
    if (x->format == EXPORT_CSV) csv_line_out(x, row);
    else if (x->format == EXPORT_JSON) json_line_out(x, row);
    else ok = sheet_line_out(x, row, e);
    x->rows++;
    if (ok && x->watch) ok = x->watch->row(x->watch->arg, x->rows, e);
    return ok && flush(x, FLUSH_BYTES, e);
}

/* A pipe or a device takes the bytes as they come. */
static bool is_special(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static bool begin(struct exporter *x, struct err *e)
{
    bool out = strcmp(x->path, "-") == 0;
    if (!out && (x->format == EXPORT_XLSX || !is_special(x->path))) {
        size_t n = strlen(x->path);
        x->part = mem_alloc(n + 6);
        memcpy(x->part, x->path, n);
        memcpy(x->part + n, ".part", 6);
    }
    if (x->format == EXPORT_XLSX)
        return out ? err_set(e, ERR_USAGE, "a workbook goes to a file, not to standard output")
                   : sheet_begin(x, e);
    x->f = out ? stdout : fopen(x->part ? x->part : x->path, "wb");
    if (!x->f) return write_fault(x, e);
    if (x->format == EXPORT_CSV) csv_line_out(x, NULL);
    else buf_char(&x->b, '[');
    return true;
}

static bool finish(struct exporter *x, struct err *e)
{
    if (x->format == EXPORT_XLSX) {
        struct xlsx_out *book = x->x;
        x->x = NULL;
        if (!xlsx_finish(book, e)) return false;
    } else {
        if (x->format == EXPORT_JSON) buf_str(&x->b, x->rows ? "\n]\n" : "]\n");
        if (!flush(x, 0, e)) return false;
        FILE *f = x->f;
        x->f = NULL;
        if (f == stdout ? fflush(f) != 0 : fclose(f) != 0) return write_fault(x, e);
    }
    if (x->part && rename(x->part, x->path) != 0) return write_fault(x, e);
    free(x->part);
    x->part = NULL;
    return true;
}

/* After a failure nothing is left behind. */
static void abandon(struct exporter *x)
{
    if (x->x) xlsx_abandon(x->x);
    if (x->f && x->f != stdout) fclose(x->f);
    if (x->part) unlink(x->part);
    free(x->part);
    buf_free(&x->b);
    arena_free(&x->row);
    ref_cache_close(x->model.refs);
    if (x->refs) db_close(x->refs);
}

static bool run(struct exporter *x, const struct model *mo, struct db *d,
                const struct scope *scope, const struct list_query *q, struct arena *a, struct err *e)
{
    struct list_sql *sql = arena_alloc(a, sizeof *sql);
    struct list_after after;
    if (!choose_columns(x, q, e)) return false;
    if (has_references(x)) {
        if (!store_connect(db_store(d), DB_READ, &x->refs, e)) return false;
        x->model.refs = ref_cache_open(REF_ENTRIES);
    }
    return list_start(mo, d, scope, x->m, q, a, &after, e) &&
           list_compose(mo, d, scope, x->m, q, &after, q->limit, a, sql, e) && begin(x, e) &&
           db_query(d, &sql->stmt, sql->params, sql->n, line_out, x, e) && finish(x, e);
}

bool export_rows(const struct model *mo, struct db *d, const struct scope *scope,
                 const struct table_map *m, const struct list_query *q, enum export_format f,
                 const char *path, int64_t *rows, struct err *e)
{
    return export_watched(mo, d, scope, m, q, f, path, NULL, rows, e);
}

bool export_watched(const struct model *mo, struct db *d, const struct scope *scope,
                    const struct table_map *m, const struct list_query *q, enum export_format f,
                    const char *path, const struct export_watch *watch, int64_t *rows, struct err *e)
{
    struct exporter *x = mem_alloc(sizeof *x);
    struct arena a = { 0 };
    *x = (struct exporter){ .model = *mo, .m = m, .format = f, .path = path, .watch = watch };
    x->model.refs = NULL;
    buf_init(&x->b, BUF_MAX);
    bool ok = run(x, mo, d, scope, q, &a, e);
    if (rows) *rows = x->rows;
    abandon(x);
    free(x);
    arena_free(&a);
    return ok;
}
