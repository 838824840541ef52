/* option: command-line options as a table, over getopt_long's manners: --name VALUE, --name=VALUE,
 * -n VALUE, options and operands in any order, `--` ends options. The same table prints --help. */
#ifndef JD_BASE_OPTION_H
#define JD_BASE_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "base/err.h"

enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_INT, OPTION_CHOICE };

struct option_row {
    const char *name;        /* without dashes */
    char letter;             /* 0 = none */
    enum option_type type;
    /* Into the options struct: bool, const char *, int64_t, int (index of the choice), by type. */
    size_t offset;
    const char *value;       /* placeholder in help: "FILE"; for CHOICE "a|b|c" */
    const char *help;
    const char *env;         /* variable that gives the value when the option is absent, or NULL */
};

/* Fills `into` from argv[1..], leaving alone what is not given, so defaults are put there before;
 * operands are left in operand[0..*operands) (borrowed from argv). On a fault: false with code
 * ERR_USAGE and a message that names the option and, for a near miss, what was probably meant.
 * --help sets *help and stops. */
bool option_parse(const struct option_row *rows, int n, void *into, int argc, char **argv,
                  const char **operand, int max_operands, int *operands, bool *help,
                  struct err *e) WARN_UNUSED;
void option_help(struct buf *b, const struct option_row *rows, int n);

/* Edit distance up to 3, for "did you mean": the nearest of the names, or NULL. */
const char *nearest_name(const char *word, const char *const *names, int n);

#endif
