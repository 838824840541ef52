#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* Messages quote what users typed and what files held. Whatever that was, the message itself is
 * shown on pages and written to JSON, so bytes that are no UTF-8 become question marks. */
static void store(char *to, size_t size, const char *text)
{
    size_t n = utf8_cut(text, strlen(text), size - 1);
    memmove(to, text, n);
    to[n] = '\0';
    for (size_t at = utf8_check(to, n); at < n; at += utf8_check(to + at, n - at)) to[at] = '?';
}

/* The arguments may point into the err that is being written: format aside, then store. */
static void write_message(struct err *e, const char *fmt, va_list ap)
{
    char text[sizeof e->message + 8];
    vsnprintf(text, sizeof text, fmt, ap);
    store(e->message, sizeof e->message, text);
}

bool err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
    if (!e) return false;
    va_list ap;
    va_start(ap, fmt);
    write_message(e, fmt, ap);
    va_end(ap);
    e->code = code;
    e->field[0] = '\0';
    return false;
}

bool err_field(struct err *e, enum err_code code, const char *field, const char *fmt, ...)
{
    if (!e) return false;
    va_list ap;
    va_start(ap, fmt);
    write_message(e, fmt, ap);
    va_end(ap);
    e->code = code;
    store(e->field, sizeof e->field, field ? field : "");
    return false;
}

bool err_context(struct err *e, const char *fmt, ...)
{
    if (!e) return false;
    char text[2 * sizeof e->message];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof e->message, fmt, ap);
    va_end(ap);
    size_t used = n < 0 ? 0 : (size_t)n;
    if (used >= sizeof e->message) used = sizeof e->message - 1;
    used = utf8_cut(text, used, used);
    snprintf(text + used, sizeof text - used, ": %s", e->message);
    store(e->message, sizeof e->message, text);
    return false;
}

void err_clear(struct err *e)
{
    if (!e) return;
    e->code = ERR_NONE;
    e->field[0] = '\0';
    e->message[0] = '\0';
}

static const char *const names[] = {
    [ERR_NONE] = "none",
    [ERR_USAGE] = "usage",
    [ERR_INVALID] = "invalid",
    [ERR_NOT_FOUND] = "not_found",
    [ERR_CONFLICT] = "conflict",
    [ERR_FORBIDDEN] = "forbidden",
    [ERR_BUSY] = "busy",
    [ERR_UNKNOWN] = "unknown",
    [ERR_FULL] = "full",
    [ERR_CORRUPT] = "corrupt",
    [ERR_INTERNAL] = "internal",
};

const char *err_name(enum err_code code)
{
    size_t i = (size_t)code;
    return i < sizeof names / sizeof *names ? names[i] : "internal";
}

int err_exit(enum err_code code)
{
    if (code == ERR_NONE) return 0;
    return code == ERR_USAGE ? 2 : 1;
}
