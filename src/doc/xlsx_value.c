#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "doc/xlsx_parts.h"

#define PRECISE 15        /* significant digits that a spreadsheet keeps and shows */
#define PLAIN_MAX 40      /* characters up to which a number is written as it stands */
#define LAST_SERIAL 2958465.0 /* 9999-12-31 */
#define SERIAL_1970 25569 /* 1970-01-01 where 1900-03-01 is 61 */
#define OFFSET_1904 1462

/* A decimal taken apart; leading zeros of the whole and trailing zeros of the fraction are off. */
struct decimal {
    bool negative, exponent;
    const char *whole, *frac;
    size_t wholes, fracs;
};

static size_t digits(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n && s[i] >= '0' && s[i] <= '9') i++;
    return i;
}

static size_t sign(const char *s, size_t n)
{
    return n > 0 && (*s == '-' || *s == '+');
}

/* The length of an exponent at s, or 0. */
static size_t exponent(const char *s, size_t n)
{
    if (n == 0 || (*s != 'e' && *s != 'E')) return 0;
    size_t lead = 1 + sign(s + 1, n - 1), k = digits(s + lead, n - lead);
    return k ? lead + k : 0;
}

static bool take_apart(const char *s, size_t n, struct decimal *d)
{
    size_t i = sign(s, n);
    *d = (struct decimal){ .negative = i && *s == '-', .whole = s + i };
    d->wholes = digits(s + i, n - i);
    i += d->wholes;
    if (i < n && s[i] == '.') {
        d->frac = s + ++i;
        d->fracs = digits(s + i, n - i);
        i += d->fracs;
    }
    if (d->wholes + d->fracs == 0) return false;
    size_t k = exponent(s + i, n - i);
    d->exponent = k > 0;
    while (d->wholes && *d->whole == '0') d->whole++, d->wholes--;
    while (d->fracs && d->frac[d->fracs - 1] == '0') d->fracs--;
    return i + k == n;
}

static size_t significant(const struct decimal *d)
{
    size_t lead = 0;
    if (d->wholes) return d->wholes + d->fracs;
    while (lead < d->fracs && d->frac[lead] == '0') lead++;
    return d->fracs - lead;
}

static size_t write_plain(const struct decimal *d, char *out)
{
    size_t n = 0;
    if (d->negative && d->wholes + d->fracs) out[n++] = '-';
    if (!d->wholes) out[n++] = '0';
    memcpy(out + n, d->whole, d->wholes);
    n += d->wholes;
    if (d->fracs) {
        out[n++] = '.';
        memcpy(out + n, d->frac, d->fracs);
        n += d->fracs;
    }
    out[n] = '\0';
    return n;
}

static size_t write_exponent(const char *digit, size_t k, int exp, char *out, size_t room)
{
    return (size_t)snprintf(out, room, "%c%s%.*se%d", digit[0], k > 1 ? "." : "", (int)k - 1,
                            digit + 1, exp);
}

/* d.ddde±XX as it is written by hand: without exponent while that stays short. */
static size_t write_double(const char *sci, char out[VALUE_TEXT])
{
    char digit[32];
    size_t n = 0, k = 0;
    int exp = (int)strtol(strchr(sci, 'e') + 1, NULL, 10);
    if (*sci == '-') out[n++] = *sci++;
    for (; *sci != 'e'; sci++)
        if (*sci != '.') digit[k++] = *sci;
    while (k > 1 && digit[k - 1] == '0') k--;
    if (exp < -10 || exp > 24) return n + write_exponent(digit, k, exp, out + n, VALUE_TEXT - n);
    if (exp < 0) n += (size_t)snprintf(out + n, VALUE_TEXT - n, "0.%.*s", -exp - 1, "000000000");
    for (size_t i = 0; i < k || (int)i <= exp; i++) {
        if (exp >= 0 && (int)i == exp + 1) out[n++] = '.';
        out[n++] = i < k ? digit[i] : '0';
    }
    out[n] = '\0';
    return n;
}

/* Fractions at the precision that a spreadsheet shows, so 0.1 + 0.2 is 0.3; whole numbers by the
 * fewest digits that give the same number back. */
static size_t number_from_double(double v, char out[VALUE_TEXT])
{
    char sci[VALUE_TEXT];
    bool whole = fabs(v) >= 9e15 || (double)(int64_t)v == v;
    int most = whole ? 17 : PRECISE;
    for (int n = PRECISE; n <= most; n++) {
        snprintf(sci, sizeof sci, "%.*e", n - 1, v);
        if (strtod(sci, NULL) == v) break;
    }
    if (v == 0) snprintf(sci, sizeof sci, "0e0");
    return write_double(sci, out);
}

/* strtod wants a NUL; a number is never this long unless somebody plays. */
static bool to_double(const char *s, size_t n, double *v)
{
    char text[512];
    if (n >= sizeof text) return false;
    memcpy(text, s, n);
    text[n] = '\0';
    *v = strtod(text, NULL);
    return isfinite(*v);
}

size_t value_number(const char *s, size_t n, char out[VALUE_TEXT])
{
    struct decimal d;
    double v;
    if (!take_apart(s, n, &d)) return 0;
    bool exact = d.fracs == 0 || significant(&d) <= PRECISE;
    if (!d.exponent && exact && d.wholes + d.fracs < PLAIN_MAX) return write_plain(&d, out);
    return to_double(s, n, &v) ? number_from_double(v, out) : 0;
}

static size_t write_clock(int64_t seconds, char *out)
{
    return (size_t)snprintf(out, VALUE_TEXT - 16, "%02lld:%02d:%02d", (long long)(seconds / 3600),
                            (int)(seconds / 60 % 60), (int)(seconds % 60));
}

/* The day of a serial number. The calendar of 1900 has a 29 February that never was: the days
 * before it are one off, and that day itself is left as it is shown, for the reader to refuse. */
static void write_day(int64_t day, bool epoch_1904, char *out)
{
    if (epoch_1904) day += OFFSET_1904;
    if (!epoch_1904 && day == 60) {
        memcpy(out, "1900-02-29", DATE_TEXT);
    } else {
        if (!epoch_1904 && day < 60) day++;
        date_format((int32_t)(day - SERIAL_1970), out);
    }
}

size_t value_date(const char *s, size_t n, enum number_kind kind, bool epoch_1904,
                  char out[VALUE_TEXT])
{
    struct decimal d;
    double v;
    if (!take_apart(s, n, &d) || !to_double(s, n, &v)) return 0;
    double last = epoch_1904 ? LAST_SERIAL - OFFSET_1904 : LAST_SERIAL;
    if (v < 0 || v >= last + 1) return value_number(s, n, out);
    int64_t day = (int64_t)v;
    int64_t second = (int64_t)((v - (double)day) * 86400 + 0.5);
    if (kind == NUMBER_ELAPSED) return write_clock(day * 86400 + second, out);
    if (day == 0 && (!epoch_1904 || kind == NUMBER_TIME)) return write_clock(second % 86400, out);
    if (second == 86400) { /* a hair before midnight is midnight */
        second = 0;
        if ((double)++day > last) return value_number(s, n, out);
    }
    write_day(day, epoch_1904, out);
    if (second == 0) return DATE_TEXT - 1;
    out[DATE_TEXT - 1] = 'T';
    return DATE_TEXT + write_clock(second, out + DATE_TEXT);
}

/* The value of _xHHHH_ at s, or -1. */
static int32_t escape_at(const char *s, const char *end)
{
    int32_t v = 0;
    if (end - s < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_') return -1;
    for (int i = 2; i < 6; i++) {
        char c = s[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
                  : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return -1;
        v = v * 16 + digit;
    }
    return v;
}

size_t value_unescape(char *s, size_t n)
{
    const char *from = s, *end = s + n;
    char *to = s;
    if (!memchr(s, '_', n)) return n;
    while (from < end) {
        int32_t unit = *from == '_' ? escape_at(from, end) : -1;
        int32_t low = unit >= 0xD800 && unit < 0xDC00 ? escape_at(from + 7, end) : -1;
        if (low >= 0xDC00 && low < 0xE000) {
            to += utf8_encode((uint32_t)(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)), to);
            from += 14;
        } else if (unit > 0 && (unit < 0xD800 || unit >= 0xE000)) {
            to += utf8_encode((uint32_t)unit, to);
            from += 7;
        } else {
            *to++ = *from++;
        }
    }
    return (size_t)(to - s);
}
