#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"

#define LINE 4096 /* longer lines are cut: one write of this size reaches a pipe in one piece */

/* A value must not be able to end the line and forge the next one. */
static void flatten(char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f) p[i] = ' ';
}

static void emit(enum log_level level, const char *event, const char *fmt, va_list ap)
{
    char line[LINE];
    int head = snprintf(line, sizeof line - 1, "<%d>%s ", (int)level, event);
    size_t n = head < 0 ? 0 : (size_t)head;
    if (n > sizeof line - 2) n = sizeof line - 2;
    int body = vsnprintf(line + n, sizeof line - 1 - n, fmt, ap);
    if (body > 0) n += (size_t)body;
    if (n > sizeof line - 2) n = utf8_cut(line, sizeof line - 1, sizeof line - 2);
    while (n && line[n - 1] == ' ') n--;
    flatten(line, n);
    line[n++] = '\n';
    for (size_t at = 0; at < n;) {
        ssize_t done = write(STDERR_FILENO, line + at, n - at);
        if (done <= 0) return; /* nowhere left to complain to */
        at += (size_t)done;
    }
}

void log_line(enum log_level level, const char *event, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    emit(level, event, fmt, ap);
    va_end(ap);
}

_Noreturn void log_fatal(const char *event, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    emit(LOG_ERROR, event, fmt, ap);
    va_end(ap);
    abort();
}
