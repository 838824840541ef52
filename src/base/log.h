/* log: one line an event on stderr, `<priority>event key=value ...`, as journald understands it.
 * The caller quotes values that may hold spaces; control characters become spaces, so that a
 * line stays one line; secrets and personal data are the caller's duty to leave out. */
#ifndef JD_BASE_LOG_H
#define JD_BASE_LOG_H

enum log_level { LOG_ERROR = 3, LOG_WARN = 4, LOG_NOTE = 5, LOG_INFO = 6, LOG_DEBUG = 7 };

void log_line(enum log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Writes the line at LOG_ERROR and aborts: for defects and for memory that is gone. */
_Noreturn void log_fatal(const char *event, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
