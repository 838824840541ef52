#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc/xlsx_parts.h"

#define ROW_MAX ((size_t)8 << 20)      /* bytes of a row's cells, as csv has it */
#define ROW_LAST INT64_C(2000000000)   /* the highest row number that is believed */
#define CELL_NAME 24

/* Where in a sheet the parser stands; everything else is passed over. */
enum place { IN_FILE, IN_SHEET, IN_DATA, IN_ROW, IN_CELL, IN_VALUE, IN_FORMULA, IN_INLINE, IN_RUN, IN_TEXT };
#define DEEPEST_PLACE 8

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOL, CELL_DATE, CELL_OTHER };

struct span { size_t at, n; enum xlsx_mark mark; };

struct xlsx {
    struct xlsx_limits lim;
    struct zip *zip;
    struct book book;
    struct styles styles;
    struct strings strings;
    bool ready;              /* styles and strings are read */
    struct part part;        /* of the sheet being read */
    int sheet;
    struct err failed;       /* once set, the sheet gives nothing more */
    enum place place[DEEPEST_PLACE + 1]; /* by depth */
    int skip;                /* depth of an element that is passed over, or 0 */
    int64_t row;
    int column;              /* of the cell being read, 0-based */
    enum cell_type type;
    bool formula, value;     /* the cell being read has one */
    long style;
    struct buf cell;         /* the text of the cell being read */
    struct buf text;         /* of all cells of the row */
    struct span *span;       /* by column, into text; n = 0 is an empty cell */
    int used, width;         /* columns of this row; of the widest row so far */
    struct err bad;          /* what is wrong with this row */
    struct csv_field *field;
};

void xlsx_default_limits(struct xlsx_limits *l)
{
    if (!l->max_unzipped) l->max_unzipped = UINT64_C(8) << 30;
    if (!l->max_ratio) l->max_ratio = 200;
    if (!l->max_entries) l->max_entries = 10000;
    if (!l->max_columns) l->max_columns = 4096;
    if (!l->max_cell) l->max_cell = (size_t)1 << 20;
    if (!l->max_strings) l->max_strings = UINT64_C(256) << 20;
}

bool xlsx_open(struct xlsx **out, const char *path, const struct xlsx_limits *lim, struct err *e)
{
    struct xlsx *x = mem_alloc(sizeof *x);
    if (lim) x->lim = *lim;
    xlsx_default_limits(&x->lim);
    x->sheet = -1;
    buf_init(&x->cell, x->lim.max_cell);
    buf_init(&x->text, ROW_MAX + x->lim.max_cell);
    x->span = mem_alloc((size_t)x->lim.max_columns * sizeof *x->span);
    x->field = mem_alloc((size_t)x->lim.max_columns * sizeof *x->field);
    if (zip_open(&x->zip, path, &x->lim, e) && book_read(&x->book, x->zip, e)) {
        *out = x;
        return true;
    }
    xlsx_close(x);
    return err_context(e, "%s", path);
}

void xlsx_close(struct xlsx *x)
{
    if (!x) return;
    part_close(&x->part);
    strings_free(&x->strings);
    styles_free(&x->styles);
    book_free(&x->book);
    zip_close(x->zip);
    buf_free(&x->cell);
    buf_free(&x->text);
    free(x->span);
    free(x->field);
    free(x);
}

int xlsx_sheet_count(const struct xlsx *x)
{
    return x->book.count;
}

const char *xlsx_sheet_name(const struct xlsx *x, int sheet)
{
    return sheet >= 0 && sheet < x->book.count ? x->book.sheets[sheet].name : NULL;
}

int64_t xlsx_row(const struct xlsx *x)
{
    return x->row;
}

uint64_t xlsx_bytes(const struct xlsx *x, uint64_t *total)
{
    return zip_bytes(x->zip, total);
}

/* "C7", for messages. */
static void cell_name(const struct xlsx *x, char out[CELL_NAME])
{
    char letters[8];
    size_t n = 0;
    for (int c = x->column + 1; c > 0 && n < sizeof letters; c = (c - 1) / 26)
        letters[n++] = (char)('A' + (c - 1) % 26);
    for (size_t i = 0; i < n; i++) out[i] = letters[n - 1 - i];
    snprintf(out + n, CELL_NAME - n, "%lld", (long long)x->row);
}

/* The row cannot be used; the first reason is told. */
static void spoil(struct xlsx *x, const char *why)
{
    char name[CELL_NAME];
    if (x->bad.code != ERR_NONE) return;
    cell_name(x, name);
    err_field(&x->bad, ERR_INVALID, name, "%s, row %lld, cell %s: %s",
              zip_name(x->zip, x->book.sheets[x->sheet].entry), (long long)x->row, name, why);
}

/* Digits alone, up to a bound; -1 when it is something else. */
static int64_t whole_number(const char *s, size_t n, int64_t most)
{
    int64_t v = 0;
    if (n == 0) return -1;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') return -1;
        v = v * 10 + (s[i] - '0');
        if (v > most) return -1;
    }
    return v;
}

/* The column of a reference such as AB12, 0-based; -1 when it is none. */
static int reference_column(const char *ref)
{
    int c = 0;
    for (; *ref >= 'A' && *ref <= 'Z' && c < 100000; ref++) c = c * 26 + (*ref - 'A' + 1);
    return c - 1;
}

static void begin_row(struct xlsx *x, const char **attr)
{
    const char *r = part_attr(attr, "r");
    int64_t row = r ? whole_number(r, strlen(r), ROW_LAST) : x->row + 1;
    if (row < 1) {
        part_stop(&x->part, "a row behind row %lld has no proper number", (long long)x->row);
    } else if (row <= x->row) {
        part_stop(&x->part, "row %lld stands behind row %lld", (long long)row, (long long)x->row);
    } else {
        x->row = row;
    }
    if (x->used) memset(x->span, 0, (size_t)x->used * sizeof *x->span);
    x->used = 0;
    x->column = -1;
    x->bad.code = ERR_NONE;
    buf_clear(&x->text);
}

static enum cell_type cell_type(const char *t)
{
    if (!t || strcmp(t, "n") == 0) return CELL_NUMBER;
    if (strcmp(t, "s") == 0) return CELL_SHARED;
    if (strcmp(t, "inlineStr") == 0 || strcmp(t, "str") == 0 || strcmp(t, "e") == 0)
        return CELL_TEXT;
    if (strcmp(t, "b") == 0) return CELL_BOOL;
    return strcmp(t, "d") == 0 ? CELL_DATE : CELL_OTHER;
}

static void begin_cell(struct xlsx *x, const char **attr)
{
    const char *type = NULL;
    int column = x->column + 1;
    x->style = 0;
    for (; *attr; attr += 2) {
        if (attr[0][0] == '\0' || attr[0][1] != '\0') continue;
        if (attr[0][0] == 'r') column = reference_column(attr[1]);
        if (attr[0][0] == 't') type = attr[1];
        if (attr[0][0] == 's') x->style = strtol(attr[1], NULL, 10);
    }
    x->column = column < 0 ? x->column + 1 : column;
    if (column < 0) spoil(x, "the cell has no proper reference");
    x->type = cell_type(type);
    x->formula = x->value = false;
    buf_clear(&x->cell);
}

/* Puts a cell's text into its column. */
static void put(struct xlsx *x, const char *p, size_t n)
{
    int c = x->column;
    if (n == 0) return;
    if (c >= x->lim.max_columns) {
        spoil(x, "the column lies beyond those that are read");
    } else if (x->span[c].n) {
        spoil(x, "the cell is there twice");
    } else {
        x->span[c].at = x->text.n;
        x->span[c].n = n;
        buf_add(&x->text, p, n);
        if (c >= x->used) x->used = c + 1;
        if (x->text.over || x->text.n > ROW_MAX) spoil(x, "the row is longer than 8 MiB");
    }
}

static void put_mark(struct xlsx *x, enum xlsx_mark mark)
{
    int c = x->column;
    if (c >= x->lim.max_columns) return;
    x->span[c].mark = mark;
    if (c >= x->used) x->used = c + 1;
}

static void put_shared(struct xlsx *x, const char *s, size_t n)
{
    const char *p;
    size_t len;
    int64_t at = whole_number(s, n, INT64_MAX / 16);
    switch (at < 0 ? STRINGS_NONE : strings_get(&x->strings, (uint64_t)at, &p, &len)) {
    case STRINGS_OK: put(x, p, len); break;
    case STRINGS_NONE: spoil(x, "it names a shared string that is not there"); break;
    case STRINGS_LONG: spoil(x, "the text is too long"); break;
    }
}

static void put_number(struct xlsx *x, const char *s, size_t n)
{
    char out[VALUE_TEXT];
    size_t style = (size_t)x->style;
    enum number_kind kind = style < x->styles.count ? x->styles.kind[style] : NUMBER_PLAIN;
    size_t len = kind == NUMBER_PLAIN || kind == NUMBER_PERCENT ? value_number(s, n, out)
                                      : value_date(s, n, kind, x->book.epoch_1904, out);
    if (!len) spoil(x, "the stored number is none");
    else put(x, out, len);
    if (kind == NUMBER_PERCENT) put_mark(x, XLSX_PERCENT);
}

static void put_bool(struct xlsx *x, const char *s, size_t n)
{
    bool one = (n == 1 && *s == '1') || (n == 4 && memcmp(s, "true", 4) == 0);
    bool zero = (n == 1 && *s == '0') || (n == 5 && memcmp(s, "false", 5) == 0);
    if (one || zero) {
        put(x, one ? "1" : "0", 1);
    } else {
        spoil(x, "the stored truth value is none");
    }
}

/* ISO 8601 as it is stored: seconds' fractions and zones off, and midnight too. */
static void put_date(struct xlsx *x, const char *s, size_t n)
{
    if (n >= 19 && s[10] == 'T') n = memcmp(s + 11, "00:00:00", 8) == 0 ? 10 : 19;
    put(x, s, n);
}

static void end_cell(struct xlsx *x)
{
    const char *s = x->cell.p;
    size_t n = x->cell.n;
    if (x->cell.over) {
        spoil(x, "the text is too long");
        return;
    }
    if (x->formula && (!x->value || (x->type != CELL_TEXT && n == 0)))
        put_mark(x, XLSX_UNCALCULATED);
    if (x->type == CELL_TEXT) {
        put(x, s, value_unescape(x->cell.p, n));
        return;
    }
    while (n && (unsigned char)s[n - 1] <= ' ') n--;
    while (n && (unsigned char)*s <= ' ') s++, n--;
    if (n == 0) return;
    switch (x->type) {
    case CELL_NUMBER: put_number(x, s, n); break;
    case CELL_SHARED: put_shared(x, s, n); break;
    case CELL_BOOL: put_bool(x, s, n); break;
    case CELL_DATE: put_date(x, s, n); break;
    default: spoil(x, "the cell is of an unknown type"); break;
    }
}

/* Where an element leads from where the parser stands; IN_FILE is nowhere that matters. */
static enum place next_place(enum place from, const char *name)
{
    switch (from) {
    case IN_FILE: return strcmp(name, "worksheet") == 0 ? IN_SHEET : IN_FILE;
    case IN_SHEET: return strcmp(name, "sheetData") == 0 ? IN_DATA : IN_FILE;
    case IN_DATA: return strcmp(name, "row") == 0 ? IN_ROW : IN_FILE;
    case IN_ROW: return strcmp(name, "c") == 0 ? IN_CELL : IN_FILE;
    case IN_CELL:
        if (strcmp(name, "v") == 0) return IN_VALUE;
        if (strcmp(name, "f") == 0) return IN_FORMULA;
        return strcmp(name, "is") == 0 ? IN_INLINE : IN_FILE;
    case IN_INLINE:
        if (strcmp(name, "t") == 0) return IN_TEXT;
        return strcmp(name, "r") == 0 ? IN_RUN : IN_FILE;
    case IN_RUN: return strcmp(name, "t") == 0 ? IN_TEXT : IN_FILE;
    default: return IN_FILE;
    }
}

static void on_start(void *arg, const char *name, const char **attr)
{
    struct xlsx *x = arg;
    int depth = x->part.depth;
    if (x->skip) return;
    enum place to = next_place(x->place[depth - 1], name);
    x->place[depth] = to;
    if (to == IN_FILE) {
        x->skip = depth;
        if (depth == 1) part_stop(&x->part, "the part is no worksheet but a <%.40s>", name);
    } else if (to == IN_ROW) {
        begin_row(x, attr);
    } else if (to == IN_CELL) {
        begin_cell(x, attr);
    } else if (to == IN_VALUE) {
        x->value = true;
    } else if (to == IN_FORMULA) {
        x->formula = true;
    }
}

static void on_end(void *arg, const char *name)
{
    struct xlsx *x = arg;
    int depth = x->part.depth;
    (void)name;
    if (x->skip) {
        if (x->skip == depth) x->skip = 0;
        return;
    }
    if (x->place[depth] == IN_CELL) end_cell(x);
    if (x->place[depth] == IN_ROW && (x->used || x->bad.code != ERR_NONE)) part_pause(&x->part);
}

static void on_text(void *arg, const char *s, size_t n)
{
    struct xlsx *x = arg;
    if (x->skip) return; /* and depth may be beyond any place */
    enum place at = x->place[x->part.depth];
    if (at == IN_VALUE || at == IN_TEXT) buf_add(&x->cell, s, n);
}

static bool get_ready(struct xlsx *x, struct err *e)
{
    if (x->ready) return true;
    if (!styles_read(&x->styles, x->zip, x->book.styles, e)) return false;
    if (!strings_read(&x->strings, x->zip, x->book.strings, &x->lim, e)) {
        styles_free(&x->styles);
        return false;
    }
    x->ready = true;
    return true;
}

bool xlsx_sheet(struct xlsx *x, int sheet, struct err *e)
{
    static const struct part_handler handler = { on_start, on_end, on_text };
    part_close(&x->part);
    x->sheet = -1;
    x->row = 0;
    x->skip = x->width = 0;
    x->failed.code = ERR_NONE;
    if (sheet < 0 || sheet >= x->book.count)
        return err_set(e, ERR_NOT_FOUND, "the workbook has no sheet %d", sheet + 1);
    int entry = x->book.sheets[sheet].entry;
    if (!get_ready(x, e)) return false;
    if (!part_open(&x->part, x->zip, entry, 0, &handler, x, e))
        return err_context(e, "%s", zip_name(x->zip, entry));
    x->sheet = sheet;
    return true;
}

/* The row's fields, as wide as the widest row so far: a sheet does not store the empty cells at a
 * row's end. */
static void give(struct xlsx *x, const struct csv_field **fields, int *count)
{
    if (x->used > x->width) x->width = x->used;
    for (int i = 0; i < x->width; i++) {
        struct span s = i < x->used ? x->span[i] : (struct span){ 0 };
        x->field[i] = (struct csv_field){ .p = x->text.p + s.at, .n = s.n };
    }
    *fields = x->field;
    *count = x->width;
}

enum xlsx_mark xlsx_mark(const struct xlsx *x, int column)
{
    return column >= 0 && column < x->used ? x->span[column].mark : XLSX_PLAIN;
}

enum csv_result xlsx_next(struct xlsx *x, const struct csv_field **fields, int *count,
                          struct err *e)
{
    *fields = NULL;
    *count = 0;
    if (x->failed.code == ERR_NONE && x->sheet < 0)
        err_set(&x->failed, ERR_INTERNAL, "no sheet has been begun");
    if (x->failed.code == ERR_NONE) {
        enum part_state state = part_run(&x->part, &x->failed);
        if (state == PART_DONE) return CSV_END;
        if (state == PART_PAUSED && x->bad.code == ERR_NONE) {
            give(x, fields, count);
            return CSV_ROW;
        }
        if (state == PART_PAUSED) {
            if (e) *e = x->bad;
            return CSV_BAD;
        }
        err_context(&x->failed, "%s, row %lld",
                    zip_name(x->zip, x->book.sheets[x->sheet].entry), (long long)x->row);
    }
    if (e) *e = x->failed;
    return CSV_ERROR;
}
