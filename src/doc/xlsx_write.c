#include "doc/xlsx.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

/* The library's headers name functions that are banned here; the build lets this file include them,
 * and from here on the ban holds again. */
#undef JD_ALLOW_BANNED
#undef JD_BASE_BANNED_H
#include "base/banned.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/money.h"
#include "base/utf8.h"
#include "doc/xlsx_parts.h"

#define NAME_UNITS 31        /* of a sheet's name, in UTF-16 as the format counts */
#define TEXT_UNITS 32767     /* of a cell's text and of a note */
#define LIST_UNITS 255       /* of a drop-down that stands in the sheet itself */
#define SCALE_MAX 9
#define SERIAL_1970 25569
#define FIRST_DAY (-25508)   /* 1900-03-01: before it the format's calendar is wrong */
#define PRECISE 15           /* significant digits that a spreadsheet keeps */

/* A drop-down whose list is too long for its sheet: written on a sheet of its own at the end. */
struct list {
    struct list *next;
    lxw_worksheet *sheet;
    lxw_col_t column;
    const char *const *choices; /* arena */
    lxw_row_t count;            /* of them written so far */
};

/* A sheet, and how far it has come. */
struct written {
    struct written *next;
    lxw_worksheet *sheet;
    lxw_row_t row;           /* the one being written */
    lxw_row_t filled, last;  /* rows that hold a cell, and the latest of them plus one */
};

struct xlsx_out {
    struct arena arena;
    const char *path, *part; /* the file, and what it is called until it is whole */
    lxw_workbook *book;
    lxw_format *bold, *text, *date, *money, *number[SCALE_MAX + 1];
    struct written *sheets;  /* the latest first: the one being written */
    struct xlsx_column *column;  /* of the current sheet; kind and scale alone are kept */
    int columns;
    struct list *lists;
    struct buf cell;
};

/* Length in UTF-16 units. */
static size_t units(const char *s)
{
    size_t n = 0;
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if ((c & 0xC0) != 0x80) n += c >= 0xF0 ? 2 : 1;
    }
    return n;
}

static bool lib_ok(lxw_error code, struct err *e)
{
    if (code == LXW_NO_ERROR) return true;
    bool disk = code >= LXW_ERROR_CREATING_XLSX_FILE && code <= LXW_ERROR_ZIP_CLOSE;
    return err_set(e, disk ? ERR_FULL : ERR_INTERNAL, "the workbook cannot be written: %s",
                   lxw_strerror(code));
}

/* The format writes characters that XML cannot hold as _xHHHH_; where a text has that by itself,
 * its first _ is written so too. */
static bool looks_escaped(const char *p, size_t left)
{
    if (left < 7 || p[1] != 'x' || p[6] != '_') return false;
    for (int i = 2; i < 6; i++)
        if (!p[i] || !strchr("0123456789abcdefABCDEF", p[i])) return false;
    return true;
}

static bool is_noncharacter(const char *p, size_t left) /* U+FFFE, U+FFFF */
{
    return left >= 3 && memcmp(p, "\xEF\xBF", 2) == 0 && (unsigned char)p[2] >= 0xBE;
}

/* Text as the library may have it: NUL-terminated, and nothing in it that XML refuses. */
static const char *safe_text(struct buf *b, const char *p, size_t n)
{
    size_t from = 0;
    buf_clear(b);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        unsigned code = c;
        size_t len = 1;
        if (c == 0xEF && is_noncharacter(p + i, n - i)) {
            code = 0xFF40u + (unsigned char)p[i + 2];
            len = 3;
        } else if (c >= ' ' ? c != '_' || !looks_escaped(p + i, n - i) : c == '\n' || c == '\t') {
            continue;
        }
        buf_add(b, p + from, i - from);
        buf_printf(b, "_x%04X_", code);
        from = i + len;
        i = from - 1;
    }
    buf_add(b, p + from, n - from);
    return b->p;
}

/* Makes the empty file under its temporary name, to tell early when that cannot be. */
static bool claim_file(struct xlsx_out *x, const char *path, struct err *e)
{
    x->path = arena_strdup(&x->arena, path);
    x->part = arena_printf(&x->arena, "%s.part", path);
    int fd = open(x->part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0) return err_set(e, ERR_INVALID, "%s: %s", x->part, strerror(errno));
    close(fd);
    return true;
}

static lxw_format *new_format(struct xlsx_out *x, const char *code)
{
    lxw_format *f = workbook_add_format(x->book);
    if (f && code) format_set_num_format(f, code);
    return f;
}

static bool open_book(struct xlsx_out *x, struct err *e)
{
    lxw_workbook_options options = { .constant_memory = 1 };
    lxw_doc_properties fixed = { .created = 315532800 }; /* 1980: the same rows, the same bytes */
    x->book = workbook_new_opt(x->part, &options);
    if (!x->book) return err_set(e, ERR_FULL, "no memory is left for a workbook");
    workbook_set_properties(x->book, &fixed);
    x->bold = new_format(x, NULL);
    x->text = new_format(x, "@");
    x->date = new_format(x, "yyyy-mm-dd");
    x->money = new_format(x, "#,##0.00");
    bool ok = x->bold && x->text && x->date && x->money;
    for (int i = 0; i <= SCALE_MAX; i++) {
        char code[SCALE_MAX + 3] = "0";
        if (i > 0) snprintf(code, sizeof code, "0.%0*d", i, 0);
        x->number[i] = new_format(x, code);
        ok = ok && x->number[i];
    }
    if (!ok) return err_set(e, ERR_FULL, "no memory is left for the workbook's formats");
    format_set_bold(x->bold);
    return true;
}

void xlsx_abandon(struct xlsx_out *x)
{
    if (!x) return;
    if (x->book) lxw_workbook_free(x->book);
    if (x->part) unlink(x->part);
    buf_free(&x->cell);
    free(x->column);
    arena_free(&x->arena);
    free(x);
}

bool xlsx_create(struct xlsx_out **out, const char *path, const char *sheet,
                 const struct xlsx_column *cols, int n, struct err *e)
{
    struct xlsx_out *x = mem_alloc(sizeof *x);
    buf_init(&x->cell, (size_t)TEXT_UNITS * 8);
    if (!claim_file(x, path, e)) {
        x->part = NULL; /* not ours to remove */
        xlsx_abandon(x);
        return false;
    }
    if (!open_book(x, e) || !xlsx_add_sheet(x, sheet, cols, n, e)) {
        xlsx_abandon(x);
        return false;
    }
    *out = x;
    return true;
}

/* Names go to the library only when they are sure to pass. */
static bool check_name(struct xlsx_out *x, const char *name, struct err *e)
{
    size_t n = strlen(name);
    if (n == 0 || units(name) > NAME_UNITS || strpbrk(name, "[]:*?/\\") || name[0] == '\'' ||
        name[n - 1] == '\'' || utf8_check(name, n) < n || safe_text(&x->cell, name, n)[n] ||
        x->cell.n != n)
        return err_set(e, ERR_INVALID, "\"%s\" cannot be a sheet's name: it needs 1 to %d "
                       "characters without []:*?/\\ and no apostrophe at its ends", name,
                       NAME_UNITS);
    if (workbook_validate_sheet_name(x->book, name) != LXW_NO_ERROR)
        return err_set(e, ERR_CONFLICT, "the workbook already has a sheet \"%s\"", name);
    return true;
}

static lxw_format *column_format(const struct xlsx_out *x, const struct xlsx_column *c)
{
    switch (c->kind) {
    case XLSX_NUMBER: return x->number[c->scale];
    case XLSX_DATE: return x->date;
    case XLSX_MONEY: return x->money;
    default: return x->text;
    }
}

static double column_width(const struct xlsx_column *c)
{
    if (c->width > 0) return c->width < 255 ? c->width : 255;
    double width = (double)utf8_width(c->title, strlen(c->title)) + 2;
    double least = c->kind == XLSX_MONEY ? 14 : c->kind == XLSX_DATE ? 12 : 9;
    return width < least ? least : width > 60 ? 60 : width;
}

/* True when the choices can stand in the sheet itself, where a comma parts them. */
static bool is_short(const char *const *choices)
{
    size_t n = 0;
    for (; *choices; choices++) {
        n += units(*choices) + 1;
        if (n > LIST_UNITS || strpbrk(*choices, ",\"")) return false;
    }
    return true;
}

static bool set_choices(lxw_worksheet *sheet, lxw_col_t column, const char *const *choices,
                        struct err *e)
{
    lxw_data_validation v = {
        .validate = LXW_VALIDATION_TYPE_LIST,
        .value_list = (char **)(uintptr_t)choices,
    };
    return lib_ok(worksheet_data_validation_range(sheet, 1, column, LXW_ROW_MAX - 1, column, &v),
                  e);
}

/* Choices from a range of cells. The library copies such a formula twice and loses one copy, so it
 * is given a list of one, and the formula is put in that one's place. */
static bool set_choices_from(lxw_worksheet *sheet, lxw_col_t column, const char *range,
                             struct err *e)
{
    static const char *const none[] = { "-", NULL };
    if (!set_choices(sheet, column, none, e)) return false;
    lxw_data_val_obj *v = STAILQ_FIRST(sheet->data_validations), *next;
    while ((next = STAILQ_NEXT(v, list_pointers))) v = next;
    free(v->value_formula);
    v->value_formula = mem_strdup(range);
    return true;
}

/* The caller's list need not live as long as the workbook. */
static void keep_list(struct xlsx_out *x, lxw_col_t column, const char *const *choices)
{
    size_t n = 0;
    while (choices[n]) n++;
    const char **copy = arena_array(&x->arena, n + 1, sizeof *copy);
    for (size_t i = 0; i < n; i++) copy[i] = arena_strdup(&x->arena, choices[i]);
    struct list *l = arena_alloc(&x->arena, sizeof *l);
    *l = (struct list){ x->lists, x->sheets->sheet, column, copy, 0 };
    x->lists = l;
}

static void note_cell(struct written *w)
{
    if (w->last != w->row + 1) w->filled++;
    w->last = w->row + 1;
}

static bool put_text(struct xlsx_out *x, lxw_col_t at, const char *s, lxw_format *format,
                     struct err *e)
{
    struct written *w = x->sheets;
    note_cell(w);
    return lib_ok(worksheet_write_string(w->sheet, w->row, at, s, format), e);
}

static bool begin_column(struct xlsx_out *x, lxw_col_t at, const struct xlsx_column *c,
                         struct err *e)
{
    lxw_worksheet *sheet = x->sheets->sheet;
    if (c->scale < 0 || c->scale > SCALE_MAX)
        return err_set(e, ERR_INTERNAL, "a column of scale %d", c->scale);
    x->column[at] = (struct xlsx_column){ .kind = c->kind, .scale = c->scale };
    if (!lib_ok(worksheet_set_column(sheet, at, at, column_width(c), column_format(x, c)), e))
        return false;
    const char *title = safe_text(&x->cell, c->title, strlen(c->title));
    if (*title && !put_text(x, at, title, x->bold, e)) return false;
    if (c->note && *c->note) {
        const char *note = safe_text(&x->cell, c->note, strlen(c->note));
        if (!lib_ok(worksheet_write_comment(sheet, 0, at, note), e)) return false;
    }
    if (!c->choices || !c->choices[0]) return true;
    if (is_short(c->choices)) return set_choices(sheet, at, c->choices, e);
    keep_list(x, at, c->choices);
    return true;
}

static bool begin_sheet(struct xlsx_out *x, const char *name, struct err *e)
{
    if (!check_name(x, name, e)) return false;
    lxw_worksheet *sheet = workbook_add_worksheet(x->book, name);
    if (!sheet) return err_set(e, ERR_FULL, "no memory is left for the sheet \"%s\"", name);
    struct written *w = arena_alloc(&x->arena, sizeof *w);
    *w = (struct written){ .next = x->sheets, .sheet = sheet };
    x->sheets = w;
    return true;
}

bool xlsx_add_sheet(struct xlsx_out *x, const char *sheet, const struct xlsx_column *cols, int n,
                    struct err *e)
{
    if (n < 1 || n > LXW_COL_MAX)
        return err_set(e, ERR_INVALID, "a sheet of %d columns: 1 to %d can be", n, LXW_COL_MAX);
    if (!begin_sheet(x, sheet, e)) return false;
    x->column = mem_grow(x->column, (size_t)n * sizeof *x->column);
    x->columns = n;
    worksheet_freeze_panes(x->sheets->sheet, 1, 0);
    for (int i = 0; i < n; i++)
        if (!begin_column(x, (lxw_col_t)i, &cols[i], e)) return false;
    x->sheets->row = 1;
    return true;
}

static bool write_text(struct xlsx_out *x, lxw_col_t at, const char *p, size_t n, struct err *e)
{
    if (n == 0) return true;
    const char *s = safe_text(&x->cell, p, n);
    if (x->cell.over || units(s) > TEXT_UNITS)
        return err_set(e, ERR_INVALID, "row %u, column %d: a cell holds at most %d characters",
                       (unsigned)x->sheets->row + 1, at + 1, TEXT_UNITS);
    return put_text(x, at, s, x->text, e);
}

/* Digits that count: without sign, leading zeros, and zeros at the fraction's end. */
static int significant(const char *s)
{
    int n = 0, zeros = 0;
    bool fraction = false;
    for (; *s; s++) {
        if (*s == '.') fraction = true;
        if (*s < '0' || *s > '9' || (n == 0 && *s == '0')) continue;
        n++;
        zeros = fraction && *s == '0' ? zeros + 1 : 0;
    }
    return n - zeros;
}

static bool write_number(struct xlsx_out *x, lxw_col_t at, int64_t v, int scale,
                         lxw_format *format, struct err *e)
{
    static const double power[SCALE_MAX + 1] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };
    double number = (double)v / power[scale];
    if (v <= -INT64_C(1000000000000000) || v >= INT64_C(1000000000000000)) {
        char text[DECIMAL_TEXT];
        size_t n = decimal_format(v, scale, text);
        if (significant(text) > PRECISE) return write_text(x, at, text, n, e);
        number = strtod(text, NULL);
    }
    struct written *w = x->sheets;
    note_cell(w);
    return lib_ok(worksheet_write_number(w->sheet, w->row, at, number, format), e);
}

static bool write_int(struct xlsx_out *x, lxw_col_t at, int64_t v, struct err *e)
{
    const struct xlsx_column *c = &x->column[at];
    char text[DECIMAL_TEXT];
    switch (c->kind) {
    case XLSX_NUMBER: return write_number(x, at, v, c->scale, x->number[c->scale], e);
    case XLSX_MONEY: return write_number(x, at, v, 2, x->money, e);
    case XLSX_DATE:
        if (v >= FIRST_DAY && v <= DATE_MAX)
            return write_number(x, at, v + SERIAL_1970, 0, x->date, e);
        if (v < DATE_MIN || v > DATE_MAX)
            return err_set(e, ERR_INTERNAL, "a date of day %lld", (long long)v);
        date_format((int32_t)v, text);
        return write_text(x, at, text, strlen(text), e);
    default: return write_text(x, at, text, decimal_format(v, 0, text), e);
    }
}

bool xlsx_write_row(struct xlsx_out *x, const struct val *row, int n, struct err *e)
{
    bool ok = true;
    if (n != x->columns)
        return err_set(e, ERR_INTERNAL, "a row of %d cells in a sheet of %d columns", n,
                       x->columns);
    if (x->sheets->row >= LXW_ROW_MAX)
        return err_set(e, ERR_INVALID, "a sheet holds at most %d rows", LXW_ROW_MAX - 1);
    for (int i = 0; ok && i < n; i++) {
        switch (row[i].type) {
        case VAL_NULL: break;
        case VAL_INT: ok = write_int(x, (lxw_col_t)i, row[i].i, e); break;
        case VAL_TEXT: ok = write_text(x, (lxw_col_t)i, row[i].p, row[i].n, e); break;
        default: ok = err_set(e, ERR_INTERNAL, "bytes in column %d of a sheet", i + 1);
        }
    }
    x->sheets->row++;
    return ok;
}

/* All long lists side by side on one hidden sheet, and the drop-downs that point there. */
static bool write_lists(struct xlsx_out *x, struct err *e)
{
    char name[NAME_UNITS] = "lists", range[LXW_MAX_CELL_RANGE_LENGTH], formula[128];
    if (!x->lists) return true;
    for (int i = 2; workbook_validate_sheet_name(x->book, name) != LXW_NO_ERROR; i++)
        snprintf(name, sizeof name, "lists %d", i);
    if (!begin_sheet(x, name, e)) return false;
    struct written *w = x->sheets;
    worksheet_hide(w->sheet);
    for (bool more = true; more; w->row++) {
        lxw_col_t column = 0;
        more = false;
        for (struct list *l = x->lists; l; l = l->next, column++) {
            if (l->count < w->row) continue;
            const char *s = l->choices[w->row];
            if (!s) continue;
            s = safe_text(&x->cell, s, strlen(s));
            if (!put_text(x, column, s, x->text, e)) return false;
            l->count = w->row + 1;
            more = true;
        }
    }
    lxw_col_t column = 0;
    for (struct list *l = x->lists; l; l = l->next, column++) {
        lxw_rowcol_to_range_abs(range, 0, column, l->count - 1, column);
        snprintf(formula, sizeof formula, "'%s'!%s", name, range);
        if (!set_choices_from(l->sheet, l->column, formula, e)) return false;
    }
    return true;
}

/* The rows of a sheet's part, or -1 when it does not end as a sheet does. */
static int64_t count_rows(struct zip *z, int entry, struct err *e)
{
    static const char row[] = "<row ", end[] = "</worksheet>";
    char text[32768 + sizeof end];
    size_t kept = 0;
    int64_t rows = 0;
    long got;
    if (!zip_begin(z, entry, e)) return -1;
    while ((got = zip_read(z, text + kept, 32768, e)) > 0) {
        size_t n = kept + (size_t)got, from = 0;
        for (const char *at = text; (at = memchr(at, '<', (size_t)(text + n - at))); at++) {
            if ((size_t)(text + n - at) < sizeof row - 1) break;
            if (memcmp(at, row, sizeof row - 1) != 0) continue;
            rows++;
            from = (size_t)(at - text) + sizeof row - 1;
        }
        kept = n - from < sizeof end - 1 ? n - from : sizeof end - 1;
        memmove(text, text + n - kept, kept);
    }
    bool whole = got == 0 && kept == sizeof end - 1 && memcmp(text, end, kept) == 0;
    return whole ? rows : -1;
}

/* The library does not look whether its temporary files could be written. So the finished file is
 * read once more: a full disk must not give a workbook that lacks rows. */
static bool check_written(struct xlsx_out *x, struct err *e)
{
    const struct xlsx_limits lim = { .max_unzipped = UINT64_MAX, .max_ratio = UINT32_MAX,
                                     .max_entries = INT32_MAX };
    struct zip *z;
    char name[64];
    int n = 0, wrong = 0;
    for (struct written *w = x->sheets; w; w = w->next) n++;
    if (!zip_open(&z, x->part, &lim, e)) return err_set(e, ERR_FULL, "the disk is full");
    for (struct written *w = x->sheets; w; w = w->next, n--) {
        snprintf(name, sizeof name, "xl/worksheets/sheet%d.xml", n);
        int entry = zip_find(z, name);
        if (entry < 0 || count_rows(z, entry, NULL) != w->filled) wrong = n;
    }
    zip_close(z);
    return !wrong || err_set(e, ERR_FULL, "sheet %d was not written whole: is the disk full?",
                             wrong);
}

/* Makes the file last, then gives it its name. */
static bool settle(struct xlsx_out *x, struct err *e)
{
    int fd = open(x->part, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    if (ok && rename(x->part, x->path) == 0) {
        x->part = NULL;
        return true;
    }
    return err_set(e, ERR_FULL, "%s: %s", x->path, strerror(errno));
}

bool xlsx_finish(struct xlsx_out *x, struct err *e)
{
    bool ok = write_lists(x, e);
    for (struct written *w = x->sheets; ok && w; w = w->next)
        if (w->sheet->optimize_tmpfile && ferror(w->sheet->optimize_tmpfile))
            ok = err_set(e, ERR_FULL, "no room is left for the workbook's temporary files");
    if (ok) {
        ok = lib_ok(workbook_close(x->book), e); /* frees the book, too */
        x->book = NULL;
    }
    ok = ok && check_written(x, e) && settle(x, e);
    xlsx_abandon(x);
    return ok;
}
