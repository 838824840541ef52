/* xlsx: spreadsheets in and out, streaming. Reading is our own over minizip and expat; writing is
 * libxlsxwriter in constant-memory mode. Only doc/ includes those libraries.
 *
 * Reading gives the cells of one sheet row by row as text: numbers in their shortest decimal form
 * without exponent where they are whole or have up to 9 decimals, dates (known from the cell's
 * number format, both epochs) as 2020-05-27 or 2020-05-27T09:30:00, booleans as 1 and 0, formulas
 * by their cached value, shared and inline strings with rich runs joined and phonetic text left out,
 * error values as their text (#N/A). Missing cells (gaps in r=) are empty. */
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
bool xlsx_open(struct xlsx **out, const char *path, const struct xlsx_limits *lim, struct err *e) WARN_UNUSED;
void xlsx_close(struct xlsx *x);
int xlsx_sheet_count(const struct xlsx *x);
const char *xlsx_sheet_name(const struct xlsx *x, int sheet); /* borrowed */

/* Begins reading a sheet; then xlsx_next gives rows as csv_next does (same results, same struct).
 * Rows that are wholly empty are left out; xlsx_row is the row's number in the sheet. */
bool xlsx_sheet(struct xlsx *x, int sheet, struct err *e) WARN_UNUSED;
enum csv_result xlsx_next(struct xlsx *x, const struct csv_field **fields, int *count, struct err *e);
int64_t xlsx_row(const struct xlsx *x);
uint64_t xlsx_bytes(const struct xlsx *x, uint64_t *total); /* progress: zipped bytes read of the sheet's total */

/* Writing. Rows go strictly downward. */
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
 * text is written as text, never as a formula. */
bool xlsx_write_row(struct xlsx_out *x, const struct val *row, int n, struct err *e) WARN_UNUSED;
/* Starts another sheet with its own columns. */
bool xlsx_add_sheet(struct xlsx_out *x, const char *sheet, const struct xlsx_column *cols, int n,
                    struct err *e) WARN_UNUSED;
bool xlsx_finish(struct xlsx_out *x, struct err *e) WARN_UNUSED; /* writes the file and frees x, also on error */
void xlsx_abandon(struct xlsx_out *x);

#endif
