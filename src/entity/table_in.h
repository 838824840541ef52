/* table_in: a file of rows for a command that is no load: a bank's statement, a list of payees. CSV
 * (plain or gzip, any of the encodings) or the first sheet of a workbook. Columns are found by name
 * or label in either language, by other titles that are in use, or by a mapping file, which is
 * remembered for the next file with the same header. Lines above the header are passed over. Rows
 * that the command refuses go to NAME.refused.csv as they came. Memory is one row. */
#ifndef JD_ENTITY_TABLE_IN_H
#define JD_ENTITY_TABLE_IN_H

#include "base/csv.h"
#include "base/digest.h"
#include "entity/entity.h"

#define TABLE_IN_MAX 32

struct in_column {
    const char *name, *en, *zh;
    const char *also;          /* more titles, ";" between them, or NULL */
    bool needed;
};

/* Where mappings are remembered; a zeroed one remembers nothing. */
struct in_memory {
    struct db *db;
    uint32_t entity;           /* whose files they are */
    const char *mapping;       /* a file of lines "sheet column = name", or NULL */
};

struct table_in;
/* Owned. cols are borrowed; at most TABLE_IN_MAX. */
bool table_in_open(struct table_in **out, const char *path, const struct in_column *cols, int n,
                   const struct in_memory *mem, struct err *e) WARN_UNUSED;
/* Rows that something else gives, such as the records of an XML file: cells in the order of cols. The
 * refused rows' file is called after path. */
struct in_rows {
    enum csv_result (*next)(void *arg, const struct csv_field **cells, int *n, struct err *e);
    int64_t (*line)(const void *arg);
    void *arg;
};
struct table_in *table_in_over(const char *path, const struct in_column *cols, int n,
                               const struct in_rows *rows);
void table_in_close(struct table_in *t);       /* drops refused rows that were not kept */

/* One cell a column of cols, trimmed, empty where the sheet has none; borrowed until the next call.
 * CSV_BAD: the row has been refused; CSV_ERROR: e says why the file cannot be read on. */
enum csv_result table_in_next(struct table_in *t, const struct csv_field **cells, struct err *e);
int64_t table_in_line(const struct table_in *t);
bool table_in_has(const struct table_in *t, int column);
/* Refuses the last row; column -1 = the row as a whole. */
bool table_in_refuse(struct table_in *t, int column, const char *reason, struct err *e) WARN_UNUSED;
/* A row kept for later, when it will be known whether it is refused; arena. */
struct in_row {
    int64_t line;
    struct csv_field cell[TABLE_IN_MAX];
    const struct csv_field *raw; int raw_n;
};
void table_in_hold(const struct table_in *t, struct arena *a, struct in_row *out);
bool table_in_refuse_row(struct table_in *t, const struct in_row *row, int column,
                         const char *reason, struct err *e) WARN_UNUSED;
int64_t table_in_refused(const struct table_in *t);
/* Gives the refused rows' file its name; *path (arena) is NULL when nothing was refused. */
bool table_in_keep(struct table_in *t, struct arena *a, const char **path,
                   struct err *e) WARN_UNUSED;
/* Of the file's bytes, once all is read. */
void table_in_digest(const struct table_in *t, unsigned char out[DIGEST_LEN]);
/* Remembers what a mapping file taught. */
bool table_in_remember(struct tx *tx, const struct table_in *t, struct err *e) WARN_UNUSED;

#endif
