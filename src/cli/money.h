/* money: `jiedui money` and its parts. */
#ifndef JD_CLI_MONEY_H
#define JD_CLI_MONEY_H

#include "cli/cli.h"
#include "programme/money/ledger.h"

extern const struct command money_commands[];
extern const int money_command_count;

struct money_cli { const char *from, *to, *place, *on, *date, *note; bool lots, chain; };

int money_trace(struct app *app, const struct money_cli *o, struct err *e);
/* "COUNTY:NUMBER" */
bool money_number(const char *text, int64_t *county, int64_t *number);
const char *money_yuan(struct arena *a, int64_t fen);

#endif
