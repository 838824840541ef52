/* Numbers and dates as people and spreadsheets write them. The plain forms are read at once; the
 * others (separators, units, full-width digits, serial days) only after those failed. */
#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "base/utf8.h"
#include "entity/plan.h"

#define TYPED_MAX 64 /* bytes of a number or date; longer text is neither */

const char *shown(char out[SHOWN_TEXT], const char *s, size_t n)
{
    size_t cut = n <= 60 ? n : utf8_cut(s, n, 60);
    memcpy(out, s, cut);
    memcpy(out + cut, "...", 4);
    if (cut == n) out[cut] = '\0';
    return out;
}

/* Length of the blank at the start of s, or 0: ASCII blanks and controls, no-break and ideographic
 * spaces, a stray byte order mark. */
static size_t blank_at(const char *s, size_t n)
{
    if (n && (unsigned char)s[0] <= ' ') return 1;
    if (n >= 2 && memcmp(s, "\xc2\xa0", 2) == 0) return 2;
    if (n >= 3 && (memcmp(s, "\xe3\x80\x80", 3) == 0 || memcmp(s, "\xef\xbb\xbf", 3) == 0))
        return 3;
    return 0;
}

void trim_blanks(const char **s, size_t *n)
{
    for (size_t b; (b = blank_at(*s, *n)) > 0;) {
        *s += b;
        *n -= b;
    }
    for (;;) {
        const char *p = *s;
        size_t left = *n;
        if (left && (unsigned char)p[left - 1] <= ' ') *n -= 1;
        else if (left >= 2 && blank_at(p + left - 2, 2) == 2) *n -= 2;
        else if (left >= 3 && blank_at(p + left - 3, 3) == 3) *n -= 3;
        else return;
    }
}

/* Digits with an optional sign and point, nothing else: the common case. */
static bool plain_number(const char *s, size_t n, int scale, int64_t *out)
{
    const size_t first = n && s[0] == '-';
    size_t point = n;
    int64_t v = 0;
    if (n == first || n - first > 15) return false;
    for (size_t i = first; i < n; i++) {
        unsigned d = (unsigned char)s[i] - '0';
        if (d <= 9) v = v * 10 + d;
        else if (s[i] == '.' && point == n) point = i;
        else return false;
    }
    if (point == first || point == n - 1) return false;
    int decimals = point == n ? 0 : (int)(n - 1 - point);
    if (decimals > scale || scale > 18) return false;
    for (; decimals < scale; decimals++)
        if (!i64_mul(v, 10, &v)) return false;
    *out = first ? -v : v;
    return true;
}

/* Full-width ASCII to ASCII, blanks dropped; false when it is too long to be a number or a date. */
static bool half_width(const char *s, size_t n, char out[TYPED_MAX], size_t *m)
{
    size_t used;
    *m = 0;
    if (n > 3 * TYPED_MAX) return false;
    for (size_t i = 0; i < n; i += used) {
        uint32_t c = plain_char(utf8_decode(s + i, n - i, &used));
        if (*m + 4 >= TYPED_MAX) return false;
        if (c) *m += utf8_encode(c, out + *m);
    }
    out[*m] = '\0';
    return *m > 0;
}

static bool ends_with(const char *s, size_t *n, const char *tail)
{
    size_t t = strlen(tail);
    if (*n <= t) return false;
    for (size_t i = 0; i < t; i++) {
        char c = s[*n - t + i];
        if (c >= 'A' && c <= 'Z') c = (char)(c + 'a' - 'A');
        if (c != tail[i]) return false;
    }
    *n -= t;
    return true;
}

static void skip_start(const char **s, size_t *n, const char *head)
{
    size_t h = strlen(head);
    if (*n > h && memcmp(*s, head, h) == 0) {
        *s += h;
        *n -= h;
    }
}

/* The field's own unit, as its declaration or as Chinese sheets write it. */
static void take_own_unit(const char *unit, const char *s, size_t *n)
{
    static const struct { const char *unit, *zh[2]; } units[] = {
        { "person", { "人", "名" } }, { "household", { "户", "户" } }, { "tonne", { "吨", "吨" } },
        { "month", { "个月", "月" } }, { "day", { "天", "日" } }, { "percent", { "%", "％" } },
        { "mu", { "亩", "亩" } },
    };
    if (ends_with(s, n, unit)) return;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].unit) == 0 && !ends_with(s, n, units[i].zh[0]))
            ends_with(s, n, units[i].zh[1]);
}

/* Takes the currency, the field's own unit and a multiplier off; gives the multiplier's zeros. */
static int take_units(const struct field_plan *p, const char **s, size_t *n)
{
    static const struct { const char *word; int zeros; } times[] = { { "万", 4 }, { "亿", 8 },
        { "thousand", 3 }, { "million", 6 }, { "billion", 9 } };
    const char *unit = p->field->unit;
    if (p->type == F_MONEY) {
        skip_start(s, n, "¥");
        skip_start(s, n, "RMB");
        skip_start(s, n, "CNY");
        if (!ends_with(*s, n, "元")) ends_with(*s, n, "yuan");
    } else if (unit) {
        take_own_unit(unit, *s, n);
    } else if (p->type == F_DECIMAL) {
        ends_with(*s, n, "%"); /* its unit stands in another column */
    }
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (ends_with(*s, n, times[i].word)) return times[i].zeros;
    return 0;
}

/* 12.0 is a whole number: programs write counts so when a column has gaps. */
static size_t without_zero_decimals(const char *s, size_t n)
{
    const char *point = memchr(s, '.', n);
    if (!point || point + 1 == s + n) return n;
    for (const char *c = point + 1; c < s + n; c++)
        if (*c != '0') return n;
    return (size_t)(point - s);
}

/* What to write for "约400", "over 400", "400余", and for "several". */
static const char *word_advice(const char *s, size_t n)
{
    static const char *const some[] = { "several", "some", "many", "repeatedly", "数", "若干", "多次",
        "一些" };
    static const char *const words[] = { "约", "近", "超", "逾", "余", "多", "左右", "以上", "以下",
        "不足", "至少", ">", "<", "~", "≥", "≤", "about", "over", "nearly", "more than", "less than",
        "at least", "at most", "almost" };
    char text[TYPED_MAX + 1];
    size_t m = n < TYPED_MAX ? n : TYPED_MAX;
    memcpy(text, s, m);
    text[m] = '\0';
    bool digits = strpbrk(text, "0123456789") != NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i]) && digits)
            return ": write the number alone, and how it is meant into qualifier";
    for (size_t i = 0; !digits && i < sizeof some / sizeof *some; i++)
        if (strstr(text, some[i]))
            return ": where no number is told write 1, and at least into qualifier";
    return "";
}

bool typed_int(const struct field_plan *p, const char *s, size_t n, int64_t *out, struct err *e)
{
    char text[TYPED_MAX], show[SHOWN_TEXT];
    size_t m;
    const char *name = p->field->name, *t = text;
    if (plain_number(s, n, p->scale, out)) return true;
    enum decimal_fault fault = DECIMAL_NOT_NUMBER;
    if (half_width(s, n, text, &m)) {
        int zeros = take_units(p, &t, &m);
        if (p->scale + zeros == 0) m = without_zero_decimals(t, m);
        fault = decimal_parse(t, m, p->scale + zeros, out);
    }
    shown(show, s, n);
    switch (fault) {
    case DECIMAL_OK:
        return true;
    case DECIMAL_TOO_FINE:
        if (p->scale == 0)
            return err_field(e, ERR_INVALID, name, "'%s' is not a whole number", show);
        return err_field(e, ERR_INVALID, name, "'%s' has more than %d decimals", show, p->scale);
    case DECIMAL_TOO_LARGE:
        return err_field(e, ERR_INVALID, name, "'%s' is too large a number", show);
    default:
        return err_field(e, ERR_INVALID, name, "'%s' is not a %snumber%s", show,
                         p->scale == 0 ? "whole " : "", word_advice(s, n));
    }
}

static int two_digits(const char *s)
{
    unsigned a = (unsigned char)s[0] - '0', b = (unsigned char)s[1] - '0';
    return a > 9 || b > 9 ? -1 : (int)(a * 10 + b);
}

/* 2020-05-27 and 20200527. */
static bool plain_date(const char *s, size_t n, int64_t *out)
{
    bool dashes = n == 10 && s[4] == '-' && s[7] == '-';
    if (!dashes && n != 8) return false;
    int century = two_digits(s), year = two_digits(s + 2);
    int month = two_digits(s + (dashes ? 5 : 4)), day = two_digits(s + (dashes ? 8 : 6));
    if (century < 0 || year < 0 || month < 0 || day < 0) return false;
    year += century * 100;
    if (!date_valid(year, month, day)) return false;
    *out = date_make(year, month, day);
    return true;
}

/* A short run of digits: a serial day, a year and month. */
static bool all_digits(const char *s, size_t n, int64_t *v)
{
    *v = 0;
    if (n > 6) return false;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') return false;
        *v = *v * 10 + (s[i] - '0');
    }
    return n > 0;
}

/* What a spreadsheet makes of a date: midnight behind it, dots, a bare serial day. */
static bool sheet_date(const char *s, size_t n, enum date_end end, int32_t *out)
{
    static const char *const midnights[] = { "00:00:00.000", "00:00:00", "00:00", "0:00:00",
                                             "0:00" };
    char text[TYPED_MAX];
    size_t m;
    int64_t v;
    if (!half_width(s, n, text, &m)) return false;
    for (size_t i = 0; i < sizeof midnights / sizeof *midnights; i++)
        if (m > 8 && ends_with(text, &m, midnights[i])) {
            ends_with(text, &m, "t");
            break;
        }
    for (size_t i = 0; i < m; i++)
        if (text[i] == '.') text[i] = '-';
    if (ends_with(text, &m, "号")) { /* as one says the day */
        memcpy(text + m, "日", 3);
        m += 3;
    }
    if (all_digits(text, m, &v)) {
        if (m == 5 && v >= 10000) {
            *out = (int32_t)(v - 25569); /* days since 1899-12-30, as spreadsheets count */
            return true;
        }
        if (m == 6 && end != DATE_EXACT) {
            memmove(text + 5, text + 4, 2);
            text[4] = '-';
            return date_parse(text, 7, end, out);
        }
    }
    return date_parse(text, m, end, out);
}

bool typed_date(const struct field_plan *p, const char *s, size_t n, int64_t *out, struct err *e)
{
    enum date_end end = !p->coarse ? DATE_EXACT : p->flags & F_TO ? DATE_LAST : DATE_FIRST;
    int32_t day;
    char show[SHOWN_TEXT];
    if (plain_date(s, n, out)) return true;
    if (date_parse(s, n, end, &day) || sheet_date(s, n, end, &day)) {
        *out = day;
        return true;
    }
    shown(show, s, n);
    if (!p->coarse && sheet_date(s, n, DATE_FIRST, &day))
        return err_field(e, ERR_INVALID, p->field->name, "'%s' lacks the day: write 2020-05-27, "
                         "or leave it empty where the day is not known", show);
    return err_field(e, ERR_INVALID, p->field->name, "'%s' is not a date: write 2020-05-27", show);
}
