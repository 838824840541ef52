/* cli: the commands that are not one room's own (init, schema, load, list, show, export, figure,
 * figures, explain, claims, verify), the opening of what a command needs, and the one way tables are
 * printed. */
#ifndef JD_CLI_CLI_H
#define JD_CLI_CLI_H

#include "base/buf.h"
#include "programme/room.h"

extern const struct command store_commands[], entity_commands[], figure_commands[],
    generate_commands[], copy_commands[];
extern const int store_command_count, entity_command_count, figure_command_count,
    generate_command_count, copy_command_count;

/* Opens what `needs` says into app; app_close gives all of it back, also after a failure. */
bool app_open(struct app *app, enum needs needs, struct err *e) WARN_UNUSED;
void app_close(struct app *app);

/* Makes what is missing of all tables of all layers, and notes which tables those were: app_open
 * refuses a store that was made for others, before a statement stumbles over it. */
bool app_make_tables(struct app *app, struct err *e) WARN_UNUSED;

/* All tables of all layers, as app_make_tables makes them; out has room for APP_TABLES. */
#define APP_TABLES 512
int app_tables(const struct app *app, const struct table **out);

/* The whole proof of an open store, in one snapshot: journal, rows, cells, rooms. against may be
 * NULL, else heads as `verify --heads` prints them. Each fault is a line on stdout. */
/* Faults are printed, a line each. */
struct faults app_faults_printed(void);
struct app_faults { int64_t journal, rows, cells, rooms, all; };
bool app_verify(struct app *app, const char *against, struct app_faults *out,
                struct err *e) WARN_UNUSED;
void app_print_faults(const struct app_faults *f); /* how many, in one line */

/* A whole file into b. */
bool app_read_file(const char *path, struct buf *b, struct err *e) WARN_UNUSED;

/* A file that takes its name when it is whole and on disk. Closing it with ok false, after e was set,
 * leaves nothing. */
struct app_file { FILE *f; const char *path, *part; };
bool app_file_open(struct app *app, const char *path, struct app_file *out, struct err *e) WARN_UNUSED;
bool app_file_close(struct app_file *x, bool ok, struct err *e) WARN_UNUSED;

/* Output of rows in the app's format: text aligned for a terminal, CSV, or a JSON array of objects.
 * Text is collected and printed by table_end; CSV and JSON stream. */
struct table_column { const char *name, *title; bool right; };
struct table_out;
struct table_out *table_begin(const struct app *app, const struct table_column *cols, int n);
void table_row(struct table_out *t, const char *const *cells); /* NULL prints empty, or null in JSON */
void table_end(struct table_out *t);                           /* frees t */

/* A word of a table, and a number with its unit, as they are shown: in Chinese with --zh. */
const char *app_word(const struct app *app, const char *en);
const char *app_number(const struct app *app, const char *number);

/* A place or organisation as typed on the command line; empty text gives 0. */
bool app_place(struct app *app, const char *text, int64_t *code, struct err *e) WARN_UNUSED;
bool app_organisation(struct app *app, const char *text, int64_t *id, struct err *e) WARN_UNUSED;
bool app_entity(struct app *app, const char *name, const struct table_map **out, struct err *e) WARN_UNUSED;

#endif
