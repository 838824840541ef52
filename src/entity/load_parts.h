/* load_parts: what the files of a load share. Private to entity/load*.c.
 *
 * A load goes: plan (which files, in which order) -> source (rows of cells, whatever the file is)
 * -> sheet (which column is which field) -> batch (cells to stored values, checked) -> write
 * (claims, rows, observer, sums, in a slice's transaction) -> settle (changes applied, figures
 * published, journal). A row whose reference may still come waits in `hold`; what is refused goes
 * to `refuse`. */
#ifndef JD_ENTITY_LOAD_PARTS_H
#define JD_ENTITY_LOAD_PARTS_H

#include <stdio.h>
#include "base/digest.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/map.h"
#include "doc/xlsx.h"
#include "entity/entity.h"
#include "entity/load.h"

#define COUNT_OF(a) ((int)(sizeof(a) / sizeof *(a)))

/* ---- load_plan.c: files in the order references need ---- */

enum input_kind { INPUT_CSV, INPUT_GZIP, INPUT_XLSX };
struct load_input {
    const char *path;              /* arena */
    const char *name;              /* file name without folder; arena */
    const struct table_map *map;
    enum input_kind kind;
    uint64_t bytes;                /* on disk */
    bool last;                     /* no later input has the same entity */
};
bool load_plan(const struct model *mo, const char *const *paths, int n, const char *entity,
               struct arena *a, struct load_input **out, int *count, struct err *e) WARN_UNUSED;

/* ---- load_source.c: rows of cells ---- */

struct source;
bool source_open(struct source **out, const struct load_input *in, struct err *e) WARN_UNUSED;
void source_close(struct source *s);
enum csv_result source_next(struct source *s, const struct csv_field **cells, int *n,
                            struct err *e);
int64_t source_line(const struct source *s);    /* of the last row: line, or row of the sheet */
int source_column(const struct source *s);      /* of the fault of a CSV_BAD */
bool source_sheet(const struct source *s);      /* a spreadsheet: short rows are no fault */
enum xlsx_mark source_mark(const struct source *s, int column); /* of the last row's cell */
char source_separator(const struct source *s);
uint64_t source_bytes(const struct source *s);  /* read so far, of input.bytes */
/* The last row as it lies in the file, or NULL for a spreadsheet; until the next source_next. */
const char *source_raw(const struct source *s, size_t *n);
/* Digest of the file's bytes, for the journal. Only once everything is read. */
void source_digest(const struct source *s, unsigned char out[DIGEST_LEN]);

/* ---- load_sheet.c: which column is which field ---- */

#define SHEET_IGNORE (-1)
struct sheet {
    int columns;                   /* of the header row */
    const char **title;            /* header cells as they stand; arena */
    int *field;                    /* column -> field number or SHEET_IGNORE; arena */
    bool has[ENTITY_MAX_COLUMNS];  /* field -> some column gives it */
    int lead;                      /* columns at its left that a refused file has before the sheet's own */
    char fingerprint[33];          /* of entity and own titles, hex */
    int left;                      /* the column that says when a row left its county, or -1 */
    bool taught;                   /* a mapping file said so: to be remembered */
};
/* How headers are compared: full-width ASCII made half-width, lower case, without blanks, joining
 * signs and the star that marks a required column; `bare` also leaves a unit in brackets out. */
#define TITLE_FORM 256
size_t title_form(const char *s, bool bare, char out[TITLE_FORM]);
/* Matches the header row. mapping is a file's path or NULL. */
bool sheet_match(struct sheet *sh, const struct model *mo, const struct table_map *m, struct db *d,
                 const char *mapping, const struct csv_field *cells, int n, struct arena *a,
                 struct err *e) WARN_UNUSED;
/* The same without asking whether the header as a whole will do: what fits no field, or several, has a
 * number below SHEET_IGNORE. */
bool sheet_read(struct sheet *sh, const struct model *mo, const struct table_map *m, struct db *d,
                const char *mapping, const struct csv_field *cells, int n, struct arena *a,
                struct err *e) WARN_UNUSED;
/* The row of load_mapping for a header of that fingerprint. */
bool mapping_put(struct tx *tx, const char *print, uint32_t entity, const struct buf *names,
                 struct err *e) WARN_UNUSED;
/* Remembers a taught mapping for the next sheet with this header. */
bool sheet_remember(struct tx *tx, const struct table_map *m, const struct sheet *sh,
                    struct err *e) WARN_UNUSED;

/* ---- load_refuse.c: NAME.refused.csv ---- */

struct refuse;
/* Nothing is made before the first refused row. dir NULL = beside the file. */
void refuse_open(struct refuse **out, const char *path, const char *dir, const struct sheet *sh);
struct refusal {
    int64_t line;
    const char *column, *value, *reason;
    size_t value_n;
};
bool refuse_row(struct refuse *r, const struct refusal *why, const struct csv_field *cells, int n,
                struct err *e) WARN_UNUSED;
/* Gives the file its name; *path (arena) is NULL when nothing was refused. */
bool refuse_keep(struct refuse *r, struct arena *a, const char **path, struct err *e) WARN_UNUSED;
void refuse_close(struct refuse *r);            /* drops what was not kept */

/* ---- load_read.c: cells to stored values ---- */

#define OUTSIDE "this lies outside what your account may write"

struct loader;                     /* load.c: one load under way */
struct hold;
struct reader;

enum row_state { ROW_NEW, ROW_REFUSED, ROW_SAME, ROW_CHANGED };
struct batch_row {
    int64_t county, id, line, digest;
    const char *raw;               /* the row as CSV text, for refusals; the batch's arena */
    uint32_t raw_n;
    int32_t held;                  /* its place in hold, or -1 */
    uint8_t state, draft, warned;
    uint8_t left;                  /* it says that it left its county */
};
/* A refusal until it is written; text is the batch's arena. */
struct refused_row { int64_t line; struct refusal why; const char *raw; size_t raw_n; bool whole; };

/* Rows read and checked, not yet written. Only the columns that the sheet gives are kept for each
 * row; the others are the same for all (base). */
struct batch {
    size_t n, cap, checked;        /* rows; room; rows whose rules were looked at */
    int width;
    struct val *cells;             /* n * width */
    struct batch_row *rows;
    struct refused_row *refused; size_t n_refused, cap_refused;
    struct arena arena;
    struct arena_mark start;       /* of a block that stays, once there was a second batch */
    size_t kept;                   /* its bytes */
};

struct reader {
    struct loader *load;
    const struct load_input *in;
    int index;                     /* of the input */
    const struct table_map *m;
    struct entity values; struct table_map values_map; /* m without its rules: see load_check.c */
    struct columns *rules;
    struct source *source;
    struct sheet sheet;
    struct refuse *refuse;
    struct load_file_report *report;
    struct batch batch;
    bool ended;

    struct val base[ENTITY_MAX_COLUMNS + 1]; /* a row of presets, in the columns the sheet lacks */
    struct val row[ENTITY_MAX_COLUMNS + 1];  /* the row being read */
    int *order; int n_order;       /* sheet columns in the order they are read: the home first */
    int *column_of;                /* field -> sheet column or -1 */
    int stored[ENTITY_MAX_COLUMNS];/* slot of a batch's row -> row column */
    int slot_of[ENTITY_MAX_COLUMNS];/* row column -> slot, or -1: as in base */
    bool waits[ENTITY_MAX_COLUMNS];/* field: rows it refers to may still come */
    bool again;                    /* held rows are being read: none may wait any more */
    char separator;                /* of the raw rows kept */
    struct place_seen *places;     /* places read before, by their text */
    struct ref_seen *refs;         /* one a field: what was referred to last */
    struct arena arena;            /* the file's lifetime */
    struct arena scratch;          /* one row's */
    struct buf line;               /* a spreadsheet's row as CSV */
};

bool reader_open(struct reader **out, struct loader *l, int index, struct err *e) WARN_UNUSED;
void reader_close(struct reader *r);
/* load_cells.c: a spreadsheet's row as a CSV file would have it; scratch. */
const struct csv_field *sheet_cells(struct reader *r, const struct csv_field *cells, int n,
                                    bool *warned);
/* One more row of the file is warned of this. */
void reader_warn(struct reader *r, int64_t line, const char *what);
/* Reads until the batch is full or the file ends (r->ended). */
bool reader_fill(struct reader *r, struct err *e) WARN_UNUSED;
/* Reads one held row again into the batch; *took is false when it was refused. */
bool reader_again(struct reader *r, int64_t line, const char *raw, size_t n, int32_t held,
                  bool *took, struct err *e) WARN_UNUSED;
/* Looks at the rules of rows read since the last call; load_check.c. */
void reader_check(struct reader *r);
/* Gives back the memory of the batch and the file; what is left serves held rows. */
void reader_rest(struct reader *r);
/* Refuses a row that is not in the batch; raw must live until reader_flush. */
void reader_refuse_raw(struct reader *r, int64_t line, const char *raw, size_t n, int field,
                       const char *reason);
/* One value of batch row i. */
struct val reader_value(const struct reader *r, size_t i, int column);
/* The whole stored row of batch row i, without id, digest and what the slice adds. */
void reader_row(const struct reader *r, size_t i, struct val *row);
/* Refuses a row that was read; field -1 = the row. */
void reader_refuse(struct reader *r, size_t i, int field, const char *reason);
/* Writes the refusals of the batch, by line, and empties it. */
bool reader_flush(struct reader *r, struct err *e) WARN_UNUSED;

#endif
