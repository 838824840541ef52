#include "base/date.h"

#include <stdio.h>
#include <string.h>

#define DAY_US INT64_C(86400000000)
#define MINUTE_US INT64_C(60000000)
#define CYCLE 146097 /* days in 400 Gregorian years */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Years are counted from March, so that the leap day ends one; month 0 is March, and its first
 * day falls (153 * month + 2) / 5 days into the year. */
int32_t date_make(int32_t year, int month, int day)
{
    int64_t y = month > 2 ? year : (int64_t)year - 1;
    int m = month > 2 ? month - 3 : month + 9;
    int64_t leaps = floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400);
    return (int32_t)(y * 365 + leaps + (153 * m + 2) / 5 + day - 1 - 719468);
}

static bool leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int date_days_in_month(int32_t year, int month)
{
    static const signed char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (month < 1 || month > 12) return 0;
    return days[month - 1] + (month == 2 && leap(year));
}

bool date_valid(int32_t year, int month, int day)
{
    return year >= 1 && year <= 9999 && day >= 1 && day <= date_days_in_month(year, month);
}

struct civil date_civil(int32_t date)
{
    int64_t day = (int64_t)date + 719468; /* since 0000-03-01 */
    int64_t cycle = floor_div(day, CYCLE);
    int in = (int)(day - cycle * CYCLE);
    /* Days are taken out of `in` for every leap day before it, then a year has 365. */
    int year = (in - in / 1460 + in / 36524 - in / (CYCLE - 1)) / 365;
    int of_year = in - (365 * year + year / 4 - year / 100);
    int m = (5 * of_year + 2) / 153;
    struct civil c = { .day = of_year - (153 * m + 2) / 5 + 1 };
    c.month = m < 10 ? m + 3 : m - 9;
    c.year = (int32_t)(year + cycle * 400 + (c.month <= 2));
    return c;
}

int32_t date_add_months(int32_t date, int months)
{
    struct civil c = date_civil(date);
    int64_t count = (int64_t)c.year * 12 + (c.month - 1) + months;
    int64_t year = floor_div(count, 12);
    if (year < 1) return DATE_MIN;
    if (year > 9999) return DATE_MAX;
    int month = (int)(count - year * 12) + 1;
    int last = date_days_in_month((int32_t)year, month);
    return date_make((int32_t)year, month, c.day < last ? c.day : last);
}

int date_age(int32_t born, int32_t on)
{
    struct civil b = date_civil(born), o = date_civil(on);
    int years = o.year - b.year;
    return years - (o.month < b.month || (o.month == b.month && o.day < b.day));
}

struct scan { const char *p, *end; };

/* Reads least to most digits. */
static bool number(struct scan *s, int least, int most, int *out)
{
    int n = 0, v = 0;
    while (n < most && s->p < s->end && *s->p >= '0' && *s->p <= '9') {
        v = v * 10 + (*s->p++ - '0');
        n++;
    }
    *out = v;
    return n >= least;
}

static bool word(struct scan *s, const char *text)
{
    size_t n = strlen(text);
    if ((size_t)(s->end - s->p) < n || memcmp(s->p, text, n) != 0) return false;
    s->p += n;
    return true;
}

/* What stands after the year, the month and the day, one row a manner of writing. */
static const char *const marks[][3] = {
    { "-", "-", "" },
    { "/", "/", "" },
    { "年", "月", "日" },
    { ".", ".", "" },
};

/* Reads as much of year, month, day as there is; month and day are 0 when absent. A coarse date
 * written in the fourth manner would be a decimal number, so it is none. */
static bool read_parts(struct scan *s, int part[3])
{
    if (!number(s, 4, 4, &part[0])) return false;
    if (s->p == s->end) return true;
    if (*s->p >= '0' && *s->p <= '9')
        return number(s, 2, 2, &part[1]) && number(s, 2, 2, &part[2]);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *const *mark = marks[i];
        if (!word(s, mark[0])) continue;
        bool chinese = mark[2][0] != '\0';
        if (s->p == s->end) return chinese;
        if (!number(s, 1, 2, &part[1])) return false;
        if (s->p == s->end) return *mark[0] != '.' && !chinese;
        if (!word(s, mark[1])) return false;
        if (s->p == s->end) return chinese;
        return number(s, 1, 2, &part[2]) && word(s, mark[2]);
    }
    return false;
}

bool date_parse(const char *s, size_t n, enum date_end end, int32_t *out)
{
    struct scan scan = { .p = s, .end = s + n };
    int part[3] = { 0, -1, -1 };
    if (!read_parts(&scan, part) || scan.p != scan.end) return false;
    if (end == DATE_EXACT && part[2] < 0) return false;
    if (part[1] < 0) part[1] = end == DATE_FIRST ? 1 : 12;
    if (part[2] < 0) part[2] = end == DATE_FIRST ? 1 : date_days_in_month(part[0], part[1]);
    if (!date_valid(part[0], part[1], part[2])) return false;
    *out = date_make(part[0], part[1], part[2]);
    return true;
}

/* hh:mm[:ss[.f to ffffff]] as µs of the day. */
static bool read_time(struct scan *s, int64_t *out)
{
    int hour, minute, second = 0, micros = 0;
    if (!number(s, 2, 2, &hour) || !word(s, ":") || !number(s, 2, 2, &minute)) return false;
    if (word(s, ":")) {
        if (!number(s, 2, 2, &second)) return false;
        if (word(s, ".")) {
            const char *start = s->p;
            if (!number(s, 1, 6, &micros)) return false;
            for (int i = (int)(s->p - start); i < 6; i++) micros *= 10;
        }
    }
    if (hour > 23 || minute > 59 || second > 59) return false;
    *out = (hour * 60 + minute) * MINUTE_US + second * INT64_C(1000000) + micros;
    return true;
}

static bool read_zone(struct scan *s, int *offset_min)
{
    if (s->p == s->end) return true;
    if (word(s, "Z")) {
        *offset_min = 0;
        return true;
    }
    bool west = *s->p == '-';
    int hour, minute;
    if (!word(s, "+") && !word(s, "-")) return false;
    if (!number(s, 2, 2, &hour) || !word(s, ":") || !number(s, 2, 2, &minute)) return false;
    if (hour > 23 || minute > 59) return false;
    *offset_min = (west ? -1 : 1) * (hour * 60 + minute);
    return true;
}

bool instant_parse(const char *s, size_t n, int offset_min, int64_t *out)
{
    size_t day = 0;
    while (day < n && s[day] != 'T' && s[day] != ' ') day++;
    int32_t date;
    int64_t time = 0;
    if (!date_parse(s, day, DATE_EXACT, &date)) return false;
    if (day < n) {
        struct scan scan = { .p = s + day + 1, .end = s + n };
        if (!read_time(&scan, &time) || !read_zone(&scan, &offset_min)) return false;
        if (scan.p != scan.end) return false;
    }
    int64_t at = date * DAY_US + time - offset_min * MINUTE_US;
    if (at < DATE_MIN * DAY_US || at >= (DATE_MAX + INT64_C(1)) * DAY_US) return false;
    *out = at;
    return true;
}

static void put(char *to, int width, int v)
{
    for (int i = width - 1; i >= 0; i--, v /= 10) to[i] = (char)('0' + v % 10);
}

void date_format(int32_t date, char out[DATE_TEXT])
{
    if (date < DATE_MIN) date = DATE_MIN;
    if (date > DATE_MAX) date = DATE_MAX;
    struct civil c = date_civil(date);
    memcpy(out, "0000-00-00", DATE_TEXT);
    put(out, 4, c.year);
    put(out + 5, 2, c.month);
    put(out + 8, 2, c.day);
}

/* Splits an instant into its day and the µs since that day began, for any int64. */
static int64_t split_instant(int64_t at, int64_t *rest)
{
    int64_t day = floor_div(at, DAY_US);
    *rest = at % DAY_US;
    if (*rest < 0) *rest += DAY_US;
    return day;
}

void instant_format(int64_t at, char out[INSTANT_TEXT])
{
    int64_t rest, day = split_instant(at, &rest);
    if (day < DATE_MIN || day > DATE_MAX) {
        rest = day < DATE_MIN ? 0 : DAY_US - 1;
        day = day < DATE_MIN ? DATE_MIN : DATE_MAX;
    }
    int seconds = (int)(rest / 1000000);
    date_format((int32_t)day, out);
    memcpy(out + 10, "T00:00:00.000000Z", INSTANT_TEXT - 10);
    put(out + 11, 2, seconds / 3600);
    put(out + 14, 2, seconds / 60 % 60);
    put(out + 17, 2, seconds % 60);
    put(out + 20, 6, (int)(rest % 1000000));
}

int32_t instant_date(int64_t at, int offset_min)
{
    int64_t rest, day = split_instant(at, &rest);
    return (int32_t)(day + floor_div(rest + offset_min * MINUTE_US, DAY_US));
}
