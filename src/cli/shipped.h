/* shipped: the rules that are in force in a new store, rules/ in the project. */
#ifndef JD_CLI_SHIPPED_H
#define JD_CLI_SHIPPED_H

#include "cli/cli.h"

/* Writes those whose code the store does not have, and their documents; *added counts them. A rule
 * that was ended or changed there stays as it is. */
bool app_ship_rules(struct app *app, int *added, struct err *e) WARN_UNUSED;

#endif
