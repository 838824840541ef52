/* sqlite_rows: many rows of one INSERT as one statement. Rows that lie in memory are shown to
 * SQLite as a table, and the INSERT becomes INSERT ... SELECT from it: cursors stay open and where
 * they are, nothing is bound, and a row costs half of what a statement of its own does. Private to
 * store/. */
#ifndef JD_STORE_SQLITE_ROWS_H
#define JD_STORE_SQLITE_ROWS_H

#include <sqlite3.h>
#include "base/buf.h"
#include "base/val.h"

#define SQLITE_ROWS_COLUMNS 256

/* What the table of one connection gives out: `count` rows of `n` values. */
struct sqlite_rows { const struct val *at; int n; size_t count; };

/* Makes the table known to a connection, which frees it when it is closed. NULL = no memory. */
struct sqlite_rows *sqlite_rows_open(sqlite3 *c);

/* "insert into t (a, b) values (?1, ?2) on conflict ..." made to read from the table. False when
 * the text is of another form. */
bool sqlite_rows_text(const char *sql, int n, struct buf *out);

#endif
