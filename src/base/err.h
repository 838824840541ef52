/* err: one error value, written where the fault is seen and given context on the way up.
 * A function that can fail returns bool (true = done) and takes `struct err *` last; the
 * caller owns the struct. No allocation, no thread-locals. */
#ifndef JD_BASE_ERR_H
#define JD_BASE_ERR_H

#include <stdbool.h>

enum err_code {
    ERR_NONE,
    ERR_USAGE,       /* the command line or call is malformed */
    ERR_INVALID,     /* the data breaks a rule; the user can mend it */
    ERR_NOT_FOUND,
    ERR_CONFLICT,    /* a key is taken, a version moved on */
    ERR_FORBIDDEN,   /* outside the caller's scope, or an append-only table */
    ERR_BUSY,        /* surely rolled back; the same call may be tried again */
    ERR_UNKNOWN,     /* a commit whose outcome is not known: retry with the same id */
    ERR_FULL,        /* disk or memory */
    ERR_CORRUPT,     /* stored bytes are not what was written */
    ERR_INTERNAL     /* a defect of ours */
};

struct err {
    enum err_code code;
    char field[64];    /* the field at fault, empty when none */
    char message[448]; /* one sentence for a person, UTF-8, never cut inside a character */
};

#define WARN_UNUSED __attribute__((warn_unused_result))

/* Writes code and message. Always returns false, so `return err_set(...)` reads well. e may be
 * NULL. Bytes of the arguments that are no UTF-8 become question marks. */
bool err_set(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Same, and names the field at fault. */
bool err_field(struct err *e, enum err_code code, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts "context: " before the message. Returns false. */
bool err_context(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

void err_clear(struct err *e);

/* The stable lower-case name of a code ("invalid"), and the process exit status it gives (1 or 2;
 * 0 for ERR_NONE). */
const char *err_name(enum err_code code);
int err_exit(enum err_code code);

#endif
