/* html: the only way markup reaches a page. The format is part of the program and goes out as it
 * is; every argument is escaped, in text and in attribute values alike, which always stand in double
 * quotes. An address is built by url_* and then printed as any text. */
#ifndef JD_WEB_HTML_H
#define JD_WEB_HTML_H

#include "base/arena.h"
#include "base/buf.h"

/* Knows %s %.*s %d %lld %012lld (a place code) %zu %%; a NULL %s prints nothing. Another conversion aborts. */
void html(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void html_text(struct buf *b, const char *s, size_t n);  /* escaped */
/* Markup made by this room's own writers (SVG) or by the caller's literals. */
void html_raw(struct buf *b, const char *markup);

/* Percent-encoding of one part of an address: all but letters, digits and -._~ */
void url_add(struct buf *b, const char *s);
const char *url_part(struct arena *a, const char *s);
/* The opposite, in place; with `plus` a + is a blank. False when a % is followed by no two hex digits,
 * or gives a NUL. */
bool url_decode(char *s, bool plus);

#endif
