#include "base/csv.h"

#include <string.h>

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A sign or none, digits, perhaps a point and digits: no spreadsheet calculates anything here. */
static bool plain_number(const char *p, size_t n)
{
    size_t i = n && (p[0] == '+' || p[0] == '-') ? 1 : 0, whole = i;
    while (i < n && digit(p[i])) i++;
    if (i == whole) return false;
    if (i < n && p[i] == '.') {
        size_t point = i++;
        while (i < n && digit(p[i])) i++;
        if (i == point + 1) return false;
    }
    return i == n;
}

/* A text that has the apostrophe already counts too, or taking one off would not give back what
 * was written. */
bool csv_formula_like(const char *p, size_t n)
{
    while (n && *p == '\'') p++, n--;
    if (!n || !memchr("=+-@\t\r", *p, 6)) return false;
    return !plain_number(p, n);
}

/* All three separators are quoted, so that a reader that finds out the separator by itself is not
 * misled; and a text that begins as the byte order mark does, which readers drop. */
static bool needs_quotes(const char *p, size_t n)
{
    if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) return true;
    for (size_t i = 0; i < n; i++)
        if (p[i] == ',' || p[i] == '"' || p[i] == '\n' || p[i] == '\r' || p[i] == ';' ||
            p[i] == '\t')
            return true;
    return false;
}

void csv_add(struct buf *b, const char *p, size_t n, bool first, bool guard)
{
    bool apostrophe = guard && csv_formula_like(p, n);
    bool quotes = needs_quotes(p, n);
    if (!first) buf_char(b, ',');
    if (quotes) buf_char(b, '"');
    if (apostrophe) buf_char(b, '\'');
    while (n) {
        const char *quote = quotes ? memchr(p, '"', n) : NULL;
        size_t part = quote ? (size_t)(quote - p) + 1 : n;
        buf_add(b, p, part);
        if (quote) buf_char(b, '"');
        p += part;
        n -= part;
    }
    if (quotes) buf_char(b, '"');
}

/* A row of one empty field would be a blank line, which readers pass over. */
void csv_end_row(struct buf *b)
{
    if (b->n == 0 || b->p[b->n - 1] == '\n') buf_str(b, "\"\"");
    buf_str(b, "\r\n");
}
