#include "entity/table_in.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "entity/load_parts.h"
#include "entity/load_sql.h"
#include "entity/plan.h"

#define HEADER_WITHIN 20       /* rows in which the header is looked for */

struct table_in {
    const struct in_column *col; int n;
    struct load_input in;
    struct in_memory mem;
    struct source *source;         /* or */
    struct in_rows rows;
    struct sheet sheet;
    struct refuse *refuse;
    int column[TABLE_IN_MAX];  /* column of the sheet, or -1 */
    struct csv_field cell[TABLE_IN_MAX];
    const struct csv_field *raw; int raw_n;
    int64_t refused;
    struct arena arena;
};

static bool title_is(const char *title, const char *form, bool bare)
{
    char t[TITLE_FORM];
    return title && title_form(title, bare, t) && strcmp(t, form) == 0;
}

static bool also_is(const struct table_in *t, int c, const char *form, bool bare)
{
    char one[TITLE_FORM];
    const char *at = t->col[c].also;
    while (at && *at) {
        size_t n = strcspn(at, ";");
        if (n < sizeof one) {
            memcpy(one, at, n);
            one[n] = '\0';
            if (title_is(one, form, bare)) return true;
        }
        at += n + (at[n] == ';');
    }
    return false;
}

static int column_of(const struct table_in *t, const char *title)
{
    char form[TITLE_FORM];
    for (int bare = 0; bare < 2; bare++) {
        if (!title_form(title, bare, form)) return -1;
        for (int c = 0; c < t->n; c++)
            if (title_is(t->col[c].name, form, bare) || title_is(t->col[c].en, form, bare) ||
                title_is(t->col[c].zh, form, bare) || also_is(t, c, form, bare))
                return c;
    }
    return -1;
}

static void read_titles(struct table_in *t, const struct csv_field *cells, int n)
{
    while (n > 0 && cells[n - 1].n == 0) n--;
    t->sheet = (struct sheet){ .columns = n };
    t->sheet.title = arena_array(&t->arena, (size_t)n + 1, sizeof *t->sheet.title);
    t->sheet.field = arena_array(&t->arena, (size_t)n + 1, sizeof *t->sheet.field);
    struct digest d;
    unsigned char out[DIGEST_LEN];
    digest_init(&d);
    digest_add(&d, "table_in", 9);
    digest_add(&d, &t->mem.entity, sizeof t->mem.entity);
    for (int c = 0; c < n; c++) {
        const char *p = cells[c].p;
        size_t len = cells[c].n;
        trim_blanks(&p, &len);
        t->sheet.title[c] = arena_strndup(&t->arena, p, len);
        t->sheet.field[c] = SHEET_IGNORE;
        digest_add(&d, t->sheet.title[c], len + 1);
    }
    digest_done(&d, out);
    digest_hex(out, 16, t->sheet.fingerprint);
}

static bool take_columns(struct table_in *t, struct err *e)
{
    for (int c = 0; c < t->n; c++) t->column[c] = -1;
    for (int s = 0; s < t->sheet.columns; s++) {
        int c = t->sheet.field[s];
        if (c < 0) continue;
        if (t->column[c] >= 0)
            return err_field(e, ERR_INVALID, t->col[c].name, "columns %d and %d are both %s",
                             t->column[c] + 1, s + 1, t->col[c].name);
        t->column[c] = s;
    }
    return true;
}

/* Whether this row can be the header: every needed column is among its titles. */
static bool is_header(struct table_in *t, const struct csv_field *cells, int n)
{
    read_titles(t, cells, n);
    bool found[TABLE_IN_MAX] = { false };
    for (int s = 0; s < t->sheet.columns; s++) {
        int c = column_of(t, t->sheet.title[s]);
        /* The first of two that answer: an export repeats titles in its later, detailed columns. */
        if (c < 0 || found[c]) continue;
        t->sheet.field[s] = c;
        found[c] = true;
    }
    for (int c = 0; c < t->n; c++)
        if (t->col[c].needed && !found[c]) return false;
    return true;
}

static int named(const struct table_in *t, const char *name)
{
    for (int c = 0; c < t->n; c++)
        if (strcmp(t->col[c].name, name) == 0) return c;
    return -1;
}

/* One line "sheet column = name"; "-" leaves the column out. */
static bool taught_line(struct table_in *t, const char *p, size_t n, int line, struct err *e)
{
    const char *path = t->mem.mapping;
    trim_blanks(&p, &n);
    if (n == 0 || *p == '#') return true;
    const char *eq = p + n;
    while (eq > p && *eq != '=') eq--;
    if (eq == p) return err_set(e, ERR_INVALID, "%s, line %d: expected SHEET COLUMN = NAME", path,
                                line);
    const char *left = p, *right = eq + 1;
    size_t left_n = (size_t)(eq - p), right_n = (size_t)(p + n - eq - 1);
    trim_blanks(&left, &left_n);
    trim_blanks(&right, &right_n);
    const char *title = arena_strndup(&t->arena, left, left_n);
    const char *name = arena_strndup(&t->arena, right, right_n);
    char form[TITLE_FORM];
    title_form(title, false, form);
    int c = strcmp(name, "-") == 0 ? SHEET_IGNORE : named(t, name);
    if (c < 0 && strcmp(name, "-") != 0)
        return err_set(e, ERR_INVALID, "%s, line %d: there is no column \"%s\" here", path, line,
                       name);
    for (int s = 0; s < t->sheet.columns; s++) {
        if (t->sheet.field[s] == c && c >= 0) t->sheet.field[s] = SHEET_IGNORE;
        if (title_is(t->sheet.title[s], form, false)) t->sheet.field[s] = c;
    }
    return true;
}

static bool taught(struct table_in *t, struct err *e)
{
    FILE *f = fopen(t->mem.mapping, "r");
    if (!f) return err_set(e, ERR_NOT_FOUND, "%s: %s", t->mem.mapping, strerror(errno));
    char *line = NULL;
    size_t cap = 0;
    bool ok = true;
    ssize_t n;
    for (int number = 1; ok && (n = getline(&line, &cap, f)) >= 0; number++)
        ok = taught_line(t, line, (size_t)n, number, e);
    free(line);
    fclose(f);
    t->sheet.taught = true;
    return ok;
}

static bool recall(void *arg, const struct val *row, int n, struct err *e)
{
    struct table_in *t = arg;
    (void)n, (void)e;
    const char *p = row[0].p, *end = p + row[0].n;
    for (int s = 0; s < t->sheet.columns && p < end; s++) {
        size_t len = 0;
        while (p + len < end && p[len] != ',') len++;
        t->sheet.field[s] = named(t, arena_strndup(&t->arena, p, len));
        p += len + 1;
    }
    return true;
}

bool table_in_remember(struct tx *tx, const struct table_in *t, struct err *e)
{
    if (!t->sheet.taught) return true;
    struct buf b;
    buf_init(&b, 1 << 16);
    for (int s = 0; s < t->sheet.columns; s++) {
        if (s) buf_char(&b, ',');
        buf_str(&b, t->sheet.field[s] < 0 ? "-" : t->col[t->sheet.field[s]].name);
    }
    bool ok = mapping_put(tx, t->sheet.fingerprint, t->mem.entity, &b, e);
    buf_free(&b);
    return ok;
}

static bool known_columns(struct table_in *t, struct err *e)
{
    struct val key = val_text(t->sheet.fingerprint);
    if (t->mem.mapping ? !taught(t, e)
                       : t->mem.db && !db_query(t->mem.db, load_stmt(LOAD_MAPPING_GET), &key, 1,
                                                recall, t, e))
        return false;
    if (!take_columns(t, e)) return false;
    for (int c = 0; c < t->n; c++)
        if (t->col[c].needed && t->column[c] < 0)
            return err_field(e, ERR_INVALID, t->col[c].name, "there is no column %s (%s)",
                             t->col[c].name, t->col[c].zh);
    return true;
}

/* With a mapping, or one remembered, any row may be the header whose titles they name. */
static bool find_header(struct table_in *t, struct err *e)
{
    const struct csv_field *cells;
    struct err why = { 0 };
    int n, rows = 0;
    while (rows++ < HEADER_WITHIN) {
        enum csv_result r = source_next(t->source, &cells, &n, e);
        if (r == CSV_BAD) continue;
        if (r != CSV_ROW) {
            if (r == CSV_ERROR) return false;
            break;
        }
        bool header = is_header(t, cells, n);
        struct err now = { 0 };
        if (n > 0 && known_columns(t, &now)) return true;
        if (header || (t->mem.mapping && now.code != ERR_INVALID)) return *e = now, false;
        if (why.code == ERR_NONE) why = now;
    }
    if (why.code == ERR_NONE) return err_set(e, ERR_INVALID, "it has no row of column names");
    *e = why;
    return err_context(e, "no row names the columns");
}

bool table_in_open(struct table_in **out, const char *path, const struct in_column *cols, int n,
                   const struct in_memory *mem, struct err *e)
{
    struct table_in *t = mem_alloc(sizeof *t);
    struct stat st;
    size_t len = strlen(path);
    t->col = cols;
    t->n = n;
    if (mem) t->mem = *mem;
    t->in = (struct load_input){ .path = path, .name = path, .kind = INPUT_CSV };
    if (len > 5 && strcasecmp(path + len - 5, ".xlsx") == 0) t->in.kind = INPUT_XLSX;
    if (len > 3 && strcasecmp(path + len - 3, ".gz") == 0) t->in.kind = INPUT_GZIP;
    bool ok = stat(path, &st) == 0 || err_set(e, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (ok && !S_ISREG(st.st_mode)) ok = err_set(e, ERR_INVALID, "%s: it is no file", path);
    if (ok && !source_open(&t->source, &t->in, e)) ok = false;
    if (ok && !find_header(t, e)) ok = strstr(e->message, path) ? false : err_context(e, "%s", path);
    if (ok) refuse_open(&t->refuse, path, NULL, &t->sheet);
    else table_in_close(t);
    if (ok) *out = t;
    return ok;
}

struct table_in *table_in_over(const char *path, const struct in_column *cols, int n,
                               const struct in_rows *rows)
{
    struct table_in *t = mem_alloc(sizeof *t);
    struct csv_field title[TABLE_IN_MAX] = { { 0 } };
    t->col = cols;
    t->n = n;
    t->rows = *rows;
    for (int c = 0; c < n; c++)
        title[c] = (struct csv_field){ cols[c].name, strlen(cols[c].name), false };
    read_titles(t, title, n);
    for (int c = 0; c < n; c++) t->column[c] = t->sheet.field[c] = c;
    refuse_open(&t->refuse, path, NULL, &t->sheet);
    return t;
}

void table_in_close(struct table_in *t)
{
    if (!t) return;
    refuse_close(t->refuse);
    source_close(t->source);
    arena_free(&t->arena);
    free(t);
}

int64_t table_in_line(const struct table_in *t)
{
    return t->source ? source_line(t->source) : t->rows.line(t->rows.arg);
}

bool table_in_has(const struct table_in *t, int column) { return t->column[column] >= 0; }
int64_t table_in_refused(const struct table_in *t) { return t->refused; }

void table_in_digest(const struct table_in *t, unsigned char out[DIGEST_LEN])
{
    source_digest(t->source, out);
}

static bool refuse_whole(struct table_in *t, const char *reason, struct err *e)
{
    struct csv_field raw = { "", 0, false };
    if (t->source && source_raw(t->source, &raw.n)) raw.p = source_raw(t->source, &raw.n);
    if (raw.n > 1024) raw.n = 1024;
    struct refusal why = { .line = table_in_line(t), .reason = reason };
    t->refused++;
    return refuse_row(t->refuse, &why, &raw, 1, e);
}

void table_in_hold(const struct table_in *t, struct arena *a, struct in_row *out)
{
    struct csv_field *raw = arena_array(a, (size_t)t->raw_n + 1, sizeof *raw);
    for (int i = 0; i < t->raw_n; i++) {
        raw[i] = t->raw[i];
        raw[i].p = arena_strndup(a, t->raw[i].p, t->raw[i].n);
    }
    *out = (struct in_row){ .line = table_in_line(t), .raw = raw, .raw_n = t->raw_n };
    for (int c = 0; c < t->n; c++) {
        out->cell[c] = t->cell[c];
        out->cell[c].p = arena_strndup(a, t->cell[c].p, t->cell[c].n);
    }
}

bool table_in_refuse_row(struct table_in *t, const struct in_row *row, int column,
                         const char *reason, struct err *e)
{
    struct refusal why = { .line = row->line, .reason = reason };
    if (column >= 0) {
        why.column = t->col[column].name;
        why.value = row->cell[column].p;
        why.value_n = row->cell[column].n;
    }
    t->refused++;
    return refuse_row(t->refuse, &why, row->raw, row->raw_n, e);
}

bool table_in_refuse(struct table_in *t, int column, const char *reason, struct err *e)
{
    struct in_row row = { .line = table_in_line(t), .raw = t->raw, .raw_n = t->raw_n };
    memcpy(row.cell, t->cell, sizeof row.cell);
    return table_in_refuse_row(t, &row, column, reason, e);
}

static bool too_many(const struct table_in *t)
{
    for (int i = t->sheet.columns; i < t->raw_n; i++)
        if (t->raw[i].n) return true;
    return false;
}

enum csv_result table_in_next(struct table_in *t, const struct csv_field **cells, struct err *e)
{
    enum csv_result r = t->source ? source_next(t->source, &t->raw, &t->raw_n, e)
                                  : t->rows.next(t->rows.arg, &t->raw, &t->raw_n, e);
    if (r == CSV_BAD) {
        struct err why = *e;
        return refuse_whole(t, why.message, e) ? CSV_BAD : CSV_ERROR;
    }
    if (r != CSV_ROW) return r;
    if (too_many(t))
        return table_in_refuse(t, -1, "it has more cells than the header has columns", e)
            ? CSV_BAD : CSV_ERROR;
    for (int c = 0; c < t->n; c++) {
        int s = t->column[c];
        struct csv_field f = { "", 0, false };
        if (s >= 0 && s < t->raw_n) f = t->raw[s];
        trim_blanks(&f.p, &f.n);
        if (f.n > 1 && f.p[0] == '\'' && csv_formula_like(f.p + 1, f.n - 1)) f.p++, f.n--;
        t->cell[c] = f;
    }
    *cells = t->cell;
    return CSV_ROW;
}

bool table_in_keep(struct table_in *t, struct arena *a, const char **path, struct err *e)
{
    return refuse_keep(t->refuse, a, path, e);
}
