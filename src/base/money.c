#include "base/money.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

__extension__ typedef __int128 i128;
__extension__ typedef unsigned __int128 u128;

/* What a character of a number may be; anything else ends in NOT_NUMBER. */
enum sign { SIGN_END, SIGN_DIGIT, SIGN_COMMA, SIGN_POINT, SIGN_PLUS, SIGN_MINUS, SIGN_OTHER };

static enum sign ascii_sign(char c)
{
    if (c >= '0' && c <= '9') return SIGN_DIGIT;
    if (c == ',') return SIGN_COMMA;
    if (c == '.') return SIGN_POINT;
    if (c == '+') return SIGN_PLUS;
    return c == '-' ? SIGN_MINUS : SIGN_OTHER;
}

/* Takes one character at *at. Full-width forms U+FF01..U+FF5E mirror ASCII 0x21..0x7e; the minus
 * sign U+2212 is what word processors make of a hyphen. */
static enum sign next_sign(const char *s, size_t n, size_t *at, char *digit)
{
    if (*at >= n) return SIGN_END;
    unsigned char c = (unsigned char)s[*at];
    if (c < 0x80) {
        *digit = s[(*at)++];
        return ascii_sign(*digit);
    }
    if (n - *at < 3) return SIGN_OTHER;
    unsigned char c1 = (unsigned char)s[*at + 1], c2 = (unsigned char)s[*at + 2];
    *at += 3;
    if (c == 0xe2 && c1 == 0x88 && c2 == 0x92) return SIGN_MINUS;
    if (c != 0xef || c1 != 0xbc || c2 < 0x81 || c2 > 0xbf) return SIGN_OTHER;
    *digit = (char)(c2 - 0x81 + 0x21);
    return ascii_sign(*digit);
}

struct number {
    uint64_t value;
    bool negative, overflow;
    bool whole, commas, point; /* seen: a digit before the point, a comma, the point */
    int group, decimals;       /* digits since the last comma (at most 4 counted), after the point */
};

static void add_digit(struct number *d, char digit)
{
    if (__builtin_mul_overflow(d->value, UINT64_C(10), &d->value) ||
        __builtin_add_overflow(d->value, (uint64_t)(digit - '0'), &d->value))
        d->overflow = true;
}

/* Thousands commas stand right when one to three digits are before the first and exactly three
 * after each. */
static bool comma_stands(const struct number *d)
{
    return d->commas ? d->group == 3 : d->group >= 1 && d->group <= 3;
}

/* Takes one character behind the sign; false when it cannot stand where it does. */
static bool take_sign(struct number *d, enum sign sign, char c)
{
    if (sign == SIGN_DIGIT) {
        add_digit(d, c);
        if (d->point)
            d->decimals++;
        else if (d->group < 4)
            d->group++;
        d->whole = d->whole || !d->point;
        return true;
    }
    if (d->point) return false;
    if (sign == SIGN_COMMA && comma_stands(d)) {
        d->commas = true;
        d->group = 0;
        return true;
    }
    d->point = sign == SIGN_POINT && (!d->commas || d->group == 3);
    return d->point;
}

static bool read_number(const char *s, size_t n, struct number *d)
{
    size_t at = 0;
    char c = 0;
    enum sign sign = next_sign(s, n, &at, &c);
    if (sign == SIGN_PLUS || sign == SIGN_MINUS) {
        d->negative = sign == SIGN_MINUS;
        sign = next_sign(s, n, &at, &c);
    }
    for (; sign != SIGN_END; sign = next_sign(s, n, &at, &c))
        if (!take_sign(d, sign, c)) return false;
    if (d->point) return d->decimals > 0;
    return d->whole && (!d->commas || d->group == 3);
}

#define PLAIN_MAX 18 /* so many digits never overflow */

/* What nearly all files hold: a sign or none, digits, perhaps a point and digits. Anything else is
 * left to read_number. */
static bool read_plain(const char *s, size_t n, struct number *d)
{
    size_t i = n && (*s == '-' || *s == '+') ? 1 : 0, first = i, point = n;
    uint64_t value = 0;
    if (n == 0 || n > PLAIN_MAX) return false;
    for (; i < n; i++) {
        unsigned digit = (unsigned)(unsigned char)s[i] - '0';
        if (digit <= 9)
            value = value * 10 + digit;
        else if (s[i] == '.' && point == n)
            point = i;
        else
            return false;
    }
    if (first == n || point == n - 1) return false;
    d->negative = *s == '-';
    d->value = value;
    d->decimals = point < n ? (int)(n - 1 - point) : 0;
    return true;
}

enum decimal_fault decimal_parse(const char *s, size_t n, int scale, int64_t *out)
{
    struct number d = { 0 };
    if (!read_plain(s, n, &d) && !read_number(s, n, &d)) return DECIMAL_NOT_NUMBER;
    if (d.decimals > scale) return DECIMAL_TOO_FINE;
    for (int i = d.decimals; i < scale; i++) add_digit(&d, '0');
    uint64_t limit = (uint64_t)INT64_MAX + d.negative;
    if (d.overflow || d.value > limit) return DECIMAL_TOO_LARGE;
    *out = (int64_t)(d.negative ? 0 - d.value : d.value);
    return DECIMAL_OK;
}

size_t decimal_format(int64_t v, int scale, char out[DECIMAL_TEXT])
{
    char text[DECIMAL_TEXT];
    size_t at = sizeof text;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    for (int place = 0; u || place <= scale; place++) {
        if (place == scale && scale > 0) text[--at] = '.';
        text[--at] = (char)('0' + u % 10);
        u /= 10;
    }
    if (v < 0) text[--at] = '-';
    size_t n = sizeof text - at;
    memcpy(out, text + at, n);
    out[n] = '\0';
    return n;
}

static u128 magnitude(i128 v)
{
    return v < 0 ? 0 - (u128)v : (u128)v;
}

bool ratio_round(int64_t num, int64_t factor, int64_t den, int64_t *out)
{
    if (den == 0) return false;
    i128 product = (i128)num * factor;
    u128 size = magnitude(product), by = magnitude(den);
    u128 quotient = size / by, rest = size % by;
    if (rest >= by - rest) quotient++;
    bool negative = (product < 0) != (den < 0);
    if (quotient > (u128)INT64_MAX + negative) return false;
    uint64_t value = (uint64_t)quotient;
    *out = (int64_t)(negative ? 0 - value : value);
    return true;
}

static size_t count_from(const uint64_t *rest, size_t n, uint64_t least)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += rest[i] >= least;
    return count;
}

/* Gives one more to the `left` largest remainders. The least remainder that still gets one is
 * found by halving, which needs no sorting; those equal to it are served from the left. */
static void hand_out(int64_t *part, const uint64_t *rest, size_t n, size_t left, int step)
{
    uint64_t lo = 0, hi = UINT64_MAX; /* count_from(lo) >= left always holds */
    while (lo < hi) {
        uint64_t mid = hi - (hi - lo) / 2;
        if (count_from(rest, n, mid) >= left)
            lo = mid;
        else
            hi = mid - 1;
    }
    size_t ties = left - (lo == UINT64_MAX ? 0 : count_from(rest, n, lo + 1));
    for (size_t i = 0; i < n; i++) {
        bool tie = rest[i] == lo && ties > 0;
        ties -= tie;
        if (tie || rest[i] > lo) part[i] += step;
    }
}

bool money_split(int64_t total, const int64_t *weight, int64_t *part, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        if (weight[i] < 0 || !i64_add(sum, weight[i], &sum)) return false;
    if (sum == 0) return false;
    uint64_t *rest = mem_alloc(n * sizeof *rest);
    u128 size = magnitude(total), given = 0;
    for (size_t i = 0; i < n; i++) {
        u128 share = size * (u128)weight[i];
        uint64_t whole = (uint64_t)(share / (u128)sum);
        rest[i] = (uint64_t)(share % (u128)sum);
        part[i] = (int64_t)(total < 0 ? 0 - whole : whole);
        given += whole;
    }
    size_t left = (size_t)(size - given);
    if (left) hand_out(part, rest, n, left, total < 0 ? -1 : 1);
    free(rest);
    return true;
}
