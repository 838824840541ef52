/* xlsx: spreadsheets in and out, streaming. Reading is our own over minizip and expat; writing is
 * libxlsxwriter in constant-memory mode. Only doc/ includes those libraries.
 *
 * Reading gives the cells of one sheet row by row as text: numbers in their shortest decimal form
 * without exponent where they are whole or have up to 9 decimals, fractions at the 15 digits that a
 * spreadsheet shows (0.1 + 0.2 is 0.3), dates (known from the cell's number format, both epochs) as
 * 2020-05-27 or 2020-05-27T09:30:00, times of day and durations as 09:30:00, booleans as 1 and 0,
 * formulas by their cached value, shared and inline strings with rich runs joined and phonetic text
 * left out, error values as their text (#N/A). Missing cells (gaps in r=) are empty. */
#ifndef JD_DOC_XLSX_H
#define JD_DOC_XLSX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/csv.h"
#include "base/err.h"
#include "base/val.h"

/* Caps against hostile files; a zeroed struct gives the defaults. */
struct xlsx_limits {
    uint64_t max_unzipped;   /* bytes of all parts read; default 8 GiB */
    uint32_t max_ratio;      /* unzipped to zipped, beyond the first 16 MiB; default 200 */
    int max_entries;         /* default 10,000 */
    int max_columns;         /* default 4,096 */
    size_t max_cell;         /* bytes; default 1 MiB */
    uint64_t max_strings;    /* bytes of shared strings held in memory; default 256 MiB; beyond that
                                they go to an unlinked temporary file */
};

struct xlsx;
bool xlsx_open(struct xlsx **out, const char *path, const struct xlsx_limits *lim,
               struct err *e) WARN_UNUSED; /* owned; free with xlsx_close; lim may be NULL */
void xlsx_close(struct xlsx *x);
int xlsx_sheet_count(const struct xlsx *x); /* visible ones; hidden sheets hold lists and such */
const char *xlsx_sheet_name(const struct xlsx *x, int sheet); /* borrowed */

/* Begins reading a sheet, from its first row, also when it was left half-way; then xlsx_next gives
 * rows as csv_next does (same results, same struct). Rows that are wholly empty are left out;
 * xlsx_row is the row's number in the sheet. A row has as many fields as the widest before it,
 * since a sheet does not store the empty cells at a row's end. CSV_BAD names the cell (C7) in
 * e->field; rows out of order, broken XML and a damaged file are CSV_ERROR, and every message begins
 * with the part and row. A row's text is at most 8 MiB. */
bool xlsx_sheet(struct xlsx *x, int sheet, struct err *e) WARN_UNUSED;
enum csv_result xlsx_next(struct xlsx *x, const struct csv_field **fields, int *count,
                          struct err *e);
int64_t xlsx_row(const struct xlsx *x);
/* What the last row's cell in that column (0-based) is besides its text: a fraction that the sheet
 * shows as a percentage (0.5 as 50 %), or a formula that no program has calculated yet and that is
 * therefore empty. A row in which only such formulas stand is given too. */
enum xlsx_mark { XLSX_PLAIN, XLSX_PERCENT, XLSX_UNCALCULATED };
enum xlsx_mark xlsx_mark(const struct xlsx *x, int column);
/* For progress: zipped bytes read of the sheet's total. */
uint64_t xlsx_bytes(const struct xlsx *x, uint64_t *total);

/* Writing. Rows go strictly downward below a bold header row that stays in sight. A sheet's name is
 * 1 to 31 characters without []:*?/\. Choices too long for a cell's own list go to a hidden sheet.
 * The file comes into being as PATH.part and takes its name when it is whole; the same rows give
 * the same bytes. */
enum xlsx_kind { XLSX_TEXT, XLSX_NUMBER, XLSX_DATE, XLSX_MONEY };
struct xlsx_column {
    const char *title;   /* the header cell */
    const char *note;    /* a comment on the header cell, or NULL */
    enum xlsx_kind kind;
    int scale;           /* decimals of a XLSX_NUMBER */
    double width;        /* characters; 0 = from the title */
    const char *const *choices; /* NULL, or a NULL-terminated list for a drop-down (template) */
};
struct xlsx_out;
bool xlsx_create(struct xlsx_out **out, const char *path, const char *sheet,
                 const struct xlsx_column *cols, int n, struct err *e) WARN_UNUSED;
/* One row: n values. A XLSX_NUMBER is an int scaled by 10^scale, XLSX_MONEY fen, XLSX_DATE a date;
 * text is written as text, never as a formula, and so are ints of a text column, numbers of more
 * than 15 digits, which a spreadsheet would round, and dates before March 1900. After a fault only
 * xlsx_abandon is of use. */
bool xlsx_write_row(struct xlsx_out *x, const struct val *row, int n, struct err *e) WARN_UNUSED;
/* Starts another sheet with its own columns. */
bool xlsx_add_sheet(struct xlsx_out *x, const char *sheet, const struct xlsx_column *cols, int n,
                    struct err *e) WARN_UNUSED;
/* Writes the file and frees x, also on error. */
bool xlsx_finish(struct xlsx_out *x, struct err *e) WARN_UNUSED;
void xlsx_abandon(struct xlsx_out *x);

#endif
