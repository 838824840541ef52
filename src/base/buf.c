#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"

/* What p points at before the first append; never written, because cap is 0 then. */
static const char nothing[1] = "";

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){ .p = (char *)(uintptr_t)nothing, .max = max };
}

void buf_free(struct buf *b)
{
    if (b->cap) free(b->p);
    buf_init(b, b->max);
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->over = false;
    if (b->cap) b->p[0] = '\0';
}

/* Makes room for n more bytes and the NUL, or sets over. */
static bool room(struct buf *b, size_t n)
{
    if (b->over) return false;
    if (n > b->max - b->n) {
        b->over = true;
        return false;
    }
    size_t need = b->n + n + 1;
    if (need <= b->cap) return true;
    size_t cap = b->cap ? b->cap * 2 : 256;
    if (cap < need) cap = need;
    if (cap - 1 > b->max) cap = b->max + 1;
    b->p = mem_grow(b->cap ? b->p : NULL, cap);
    b->cap = cap;
    return true;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
    if (!room(b, n)) return;
    if (n) memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
    if (!room(b, 1)) return;
    b->p[b->n++] = c;
    b->p[b->n] = '\0';
}

void buf_int(struct buf *b, int64_t v)
{
    char text[20];
    size_t at = sizeof text;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do {
        text[--at] = (char)('0' + u % 10);
        u /= 10;
    } while (u);
    if (v < 0) text[--at] = '-';
    buf_add(b, text + at, sizeof text - at);
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    char text[512];
    int n = vsnprintf(text, sizeof text, fmt, ap);
    if (n < 0) log_fatal("bad_format", "function=buf_vprintf");
    if ((size_t)n < sizeof text) {
        buf_add(b, text, (size_t)n);
    } else if (room(b, (size_t)n)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(b, fmt, ap);
    va_end(ap);
}
