/* rooms: commands that print what a room knows. They stand here, above the rooms, because tables
 * are printed here. */
#ifndef JD_CLI_ROOMS_H
#define JD_CLI_ROOMS_H

#include "cli/cli.h"
#include "programme/criteria/criteria.h"
#include "programme/watch/find.h"

extern const struct command plan_commands[], watch_commands[], confirm_commands[],
    package_commands[], needs_commands[], release_commands[], boundary_commands[];
extern const int plan_command_count, watch_command_count, confirm_command_count,
    package_command_count, needs_command_count, release_command_count, boundary_command_count;
extern const struct command pairing_commands[], totals_commands[], posting_commands[],
    labour_commands[], market_commands[], effect_commands[], training_commands[];
extern const int pairing_command_count, totals_command_count, posting_command_count,
    labour_command_count, market_command_count, effect_command_count, training_command_count;
extern const struct command report_commands[], scorecard_commands[], task_commands[];
extern const int report_command_count, scorecard_command_count, task_command_count;

/* `jiedui verify --release FILE`: the file by itself, and where a store was named, against it. */
int release_verify(struct app *app, const char *path, const char *key, struct err *e);

/* Short ways to the cells of a table; everything in the command's arena. */
const char *cell_number(struct app *app, int64_t v);
const char *cell_scaled(struct app *app, int64_t v, int scale);   /* trailing zeros left out */
const char *cell_permille(struct app *app, int64_t v);            /* 123 -> "12.3%" */
const char *cell_day(struct app *app, int32_t day);               /* "" for DATE_MIN and DATE_MAX */
const char *cell_org(struct app *app, int64_t id);                /* its code; "" for 0 */
const char *cell_place(struct app *app, int64_t code);            /* its name; "" for 0 */
/* ">= ", "< ", "~ " of a fact's qualifier; "" for eq. */
const char *cell_sign(const char *qualifier);
/* The label of a code in text, the code itself for programs. */
const char *cell_code(struct app *app, const char *list, const char *code);
/* What --as-of and --place say of what is looked at. */
bool app_watch(struct app *app, const char *as_of, const char *place, struct watch *w,
               struct err *e) WARN_UNUSED;
/* The shipped criteria, or those of a file; in the command's arena. */
bool app_criteria(struct app *app, const char *file, struct criteria *out, struct err *e) WARN_UNUSED;
/* A line under a table: by which rule, of when, from where. Text only. */
void app_rule_used(struct app *app, const struct criterion *rule);
/* Which of the words the one operand is; -1 with ERR_USAGE, naming the nearest. */
int app_choice(const char *command, const char *const *words, int count,
               const char *const *operand, int n, struct err *e);
/* --as-of, or today in the programme's zone. */
bool app_day(struct app *app, const char *text, int32_t *on, struct err *e) WARN_UNUSED;

#endif
