#include "web/html.h"

#include <string.h>

#include "base/log.h"

static const char *const entity_of[256] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
};

void html_text(struct buf *b, const char *s, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        const char *instead = entity_of[(unsigned char)s[i]];
        if (!instead) continue;
        buf_add(b, s + from, i - from);
        buf_str(b, instead);
        from = i + 1;
    }
    buf_add(b, s + from, n - from);
}

void html_raw(struct buf *b, const char *markup)
{
    buf_str(b, markup);
}

/* One conversion at f (after the %); gives its length. */
static size_t convert(struct buf *b, const char *f, va_list *ap)
{
    const char *s;
    if (*f == 's') {
        s = va_arg(*ap, const char *);
        if (s) html_text(b, s, strlen(s));
        return 1;
    }
    if (strncmp(f, ".*s", 3) == 0) {
        int n = va_arg(*ap, int);
        s = va_arg(*ap, const char *);
        html_text(b, s, (size_t)n);
        return 3;
    }
    if (*f == 'd') return buf_int(b, va_arg(*ap, int)), 1;
    if (strncmp(f, "lld", 3) == 0) return buf_int(b, va_arg(*ap, long long)), 3;
    if (strncmp(f, "012lld", 6) == 0) return buf_printf(b, "%012lld", va_arg(*ap, long long)), 6;
    if (strncmp(f, "zu", 2) == 0) return buf_int(b, (int64_t)va_arg(*ap, size_t)), 2;
    if (*f == '%') return buf_char(b, '%'), 1;
    log_fatal("html", "no such conversion: %%%.3s", f);
}

void html(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    while (*fmt) {
        const char *percent = strchr(fmt, '%');
        size_t n = percent ? (size_t)(percent - fmt) : strlen(fmt);
        buf_add(b, fmt, n);
        fmt += n;
        if (*fmt == '%') fmt += 1 + convert(b, fmt + 1, &ap);
    }
    va_end(ap);
}

static bool plain(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

void url_add(struct buf *b, const char *s)
{
    static const char hex[] = "0123456789ABCDEF";
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (plain(c)) {
            buf_char(b, *s);
        } else {
            const char out[3] = { '%', hex[c >> 4], hex[c & 15] };
            buf_add(b, out, 3);
        }
    }
}

const char *url_part(struct arena *a, const char *s)
{
    struct buf b;
    buf_init(&b, (size_t)1 << 20);
    url_add(&b, s);
    return arena_take(a, &b);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool url_decode(char *s, bool plus)
{
    char *to = s;
    for (; *s; s++) {
        if (*s == '%') {
            int high = hex_value(s[1]), low = high < 0 ? -1 : hex_value(s[2]);
            if (low < 0 || high * 16 + low == 0) return false;
            *to++ = (char)(high * 16 + low);
            s += 2;
        } else {
            *to++ = plus && *s == '+' ? ' ' : *s;
        }
    }
    *to = '\0';
    return true;
}
