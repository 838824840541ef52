/* csv: RFC 4180, streaming. The reader is fed bytes and gives rows of slices; memory is the
 * largest row, bounded by `max_field` and `max_row`. It accepts LF, CRLF and CR line ends, a
 * UTF-8 BOM, and quoted fields with line breaks; it reports the line a row began on. Encoding
 * other than UTF-8 is converted before it gets here (text/). */
#ifndef JD_BASE_CSV_H
#define JD_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "base/buf.h"
#include "base/err.h"

struct csv_field { const char *p; size_t n; bool quoted; }; /* valid until the next csv_next */

/* Fills p with at most n bytes; returns how many, 0 at the end, -1 on error (e is set). */
struct csv_source { long (*read)(void *arg, char *p, size_t n, struct err *e); void *arg; };

struct csv_options {
    char separator;      /* 0 = find out from the first line among , ; tab */
    size_t max_field;    /* 0 = 1 MiB */
    size_t max_row;      /* 0 = 8 MiB */
    int max_columns;     /* 0 = 4096 */
    size_t chunk;        /* bytes asked of the source at first; 0 = 256 KiB. For tests. */
};

struct csv;
/* Owned; opt may be NULL. Nothing is read before the first csv_next. */
struct csv *csv_open(struct csv_source src, const struct csv_options *opt);
void csv_close(struct csv *c);

enum csv_result {
    CSV_ROW,
    CSV_END,
    CSV_BAD,   /* this row cannot be used (NUL byte, invalid UTF-8, stray quote, field or row too
                  long, unclosed quote at the end): e says what, csv_line where, csv_column which
                  field (1-based); reading goes on with the next row, but for an unclosed quote,
                  which has swallowed the rest and alone has the code ERR_CORRUPT */
    CSV_ERROR  /* the source failed */
};
enum csv_result csv_next(struct csv *c, const struct csv_field **fields, int *count, struct err *e);
int64_t csv_line(const struct csv *c);   /* 1-based line on which the last row began */
int64_t csv_row(const struct csv *c);    /* 1-based, of the last row; blank lines not counted */
int csv_column(const struct csv *c);     /* after CSV_BAD; 0 when it is the row as a whole */
uint64_t csv_bytes(const struct csv *c); /* bytes taken from the source so far */
char csv_separator(const struct csv *c); /* 0 while it is still to be found out */
/* The raw bytes of the last row as read, without its line end; valid until the next csv_next. Of a
 * row refused for its size or an unclosed quote only the first 1024 bytes are kept. */
const char *csv_raw(const struct csv *c, size_t *n);

/* A source over a FILE or over memory. */
struct csv_source csv_from_file(FILE *f);   /* borrowed */
struct csv_memory { const char *p; size_t n; };
struct csv_source csv_from_memory(struct csv_memory *m);

/* Writing: appends one field, quoting where needed; `guard` puts an apostrophe before a text
 * that a spreadsheet would take for a formula (= + - @ tab CR at its start, plain numbers
 * excepted), or where such an apostrophe stands already. The separator is a comma. */
void csv_add(struct buf *b, const char *p, size_t n, bool first, bool guard);
/* CRLF. A row of one empty field becomes "", not a blank line; for that a buffer may be emptied
 * only between rows. */
void csv_end_row(struct buf *b);
/* True when csv_add would put the apostrophe; the loader takes it off again by the same rule. */
bool csv_formula_like(const char *p, size_t n);

#endif
