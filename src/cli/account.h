/* account: passwords at a terminal, and the first administrator. */
#ifndef JD_CLI_ACCOUNT_H
#define JD_CLI_ACCOUNT_H

#include "cli/cli.h"
#include "programme/access/access.h"

extern const struct command account_commands[];
extern const int account_command_count;

/* A password's hash, from a file's first line or asked twice at the terminal; *given is false when there
 * is neither. */
bool app_password(struct app *app, const char *file, const char *login, char out[PASSWORD_TEXT],
                  bool *given, struct err *e) WARN_UNUSED;
/* An account's fields, for account_add. */
bool app_account_row(struct app *app, const char *login, const char *name, const char *role,
                     struct val *row, struct err *e) WARN_UNUSED;
/* The administrator of a new store; *made is false when there was no password to be had. */
bool app_first_account(struct app *app, const char *login, const char *file, bool demo, bool *made,
                       struct err *e) WARN_UNUSED;

#endif
