/* buf: a growable byte string with a mandatory maximum. Invariants: p is never NULL and always
 * NUL-terminated at p[n]; once an append would pass `max`, the buffer keeps what it had, sets
 * `over`, and ignores later appends. The caller owns it and frees with buf_free. */
#ifndef JD_BASE_BUF_H
#define JD_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf { char *p; size_t n, cap, max; bool over; };

void buf_init(struct buf *b, size_t max);
void buf_free(struct buf *b);
void buf_clear(struct buf *b);                       /* keeps the memory */
void buf_add(struct buf *b, const void *p, size_t n); /* p must not point into b */
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_int(struct buf *b, int64_t v);              /* decimal */
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap);

#endif
