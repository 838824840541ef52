#include "base/period.h"

#include <string.h>

#include "base/date.h"

static bool one(const char *s, size_t n, int32_t *from, int32_t *to)
{
    return date_parse(s, n, DATE_FIRST, from) && date_parse(s, n, DATE_LAST, to);
}

/* 2020Q2, 2020H1; 2020年二季度 is left to the place it would be mistaken for. */
static bool part_of_year(const char *s, int32_t *from, int32_t *to)
{
    if (strlen(s) != 6 || strspn(s, "0123456789") != 4) return false;
    int year = (s[0] - '0') * 1000 + (s[1] - '0') * 100 + (s[2] - '0') * 10 + s[3] - '0';
    int months = s[4] == 'Q' || s[4] == 'q' ? 3 : s[4] == 'H' || s[4] == 'h' ? 6 : 0;
    int which = s[5] - '1';
    if (!months || which < 0 || which >= 12 / months || year < 1) return false;
    *from = date_make(year, which * months + 1, 1);
    *to = date_add_months(*from, months) - 1;
    return true;
}

bool period_parse(const char *text, int32_t *from, int32_t *to)
{
    const char *dots = strstr(text, "..");
    int32_t aside;
    if (part_of_year(text, from, to)) return true;
    if (!dots) return one(text, strlen(text), from, to);
    return one(text, (size_t)(dots - text), from, &aside) &&
           one(dots + 2, strlen(dots + 2), &aside, to) && *from <= *to;
}

static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July",
                                      "August", "September", "October", "November", "December" };

const char *day_text(int32_t day, bool zh, struct arena *a)
{
    struct civil c = date_civil(day);
    if (zh) return arena_printf(a, "%d年%d月%d日", c.year, c.month, c.day);
    return arena_printf(a, "%d %s %d", c.day, months[c.month - 1], c.year);
}

const char *period_text(int32_t from, int32_t to, bool zh, struct arena *a)
{
    struct civil f = date_civil(from), t = date_civil(to);
    if (to == DATE_MAX) return "";
    if (from == DATE_MIN) return arena_printf(a, zh ? "截至%s" : "up to %s", day_text(to, zh, a));
    bool whole = f.day == 1 && t.day == date_days_in_month(t.year, t.month) && f.year == t.year;
    int n = t.month - f.month + 1;
    if (whole && n == 12) return arena_printf(a, zh ? "%d年" : "%d", f.year);
    if (whole && n == 1)
        return zh ? arena_printf(a, "%d年%d月", f.year, f.month)
                  : arena_printf(a, "%s %d", months[f.month - 1], f.year);
    if (whole && n == 3 && f.month % 3 == 1)
        return zh ? arena_printf(a, "%d年第%d季度", f.year, f.month / 3 + 1)
                  : arena_printf(a, "quarter %d of %d", f.month / 3 + 1, f.year);
    return arena_printf(a, zh ? "%s至%s" : "%s to %s", day_text(from, zh, a), day_text(to, zh, a));
}
