/* pg: shared between the parts of the PostgreSQL driver: postgres.c runs statements, pg_link.c
 * connects and ends transactions, pg_copy.c writes many rows. Private to store/. */
#ifndef JD_STORE_PG_H
#define JD_STORE_PG_H

#include <libpq-fe.h>
#include "store/driver.h"

/* Writes code and sentence of a failed result (NULL: the connection's own message), and sets the
 * connection's flags. Always false. */
bool pg_fail(struct db *d, const PGresult *r, const char *label, struct err *e);
bool pg_script(struct db *d, const char *sql, struct err *e);
void pg_notice(void *arg, const PGresult *r);

/* NULL when the statement is no plain INSERT; owned. */
char *pg_copy_text(const char *sql);
bool pg_copy(struct db *d, const char *copy, const struct stmt *s, const struct val *params, int n,
             size_t rows, struct err *e);

bool pg_connect(struct db *d, struct err *e);
void pg_close(struct db *d);
bool pg_begin(struct db *d, enum begin_kind kind, struct err *e);
bool pg_commit(struct db *d, struct err *e);
void pg_rollback(struct db *d);
void pg_idle(struct db *d);

#endif
