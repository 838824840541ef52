#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/date.h"

/* Walks every day of the range by counting, which shares nothing with the functions under test. */
static void every_day(void **state)
{
    (void)state;
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int32_t date = DATE_MIN;
    for (int year = 1; year <= 9999; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++) {
            int length = lengths[month - 1] + (month == 2 && leap);
            if (date_days_in_month(year, month) != length) fail();
            for (int day = 1; day <= length; day++, date++) {
                struct civil c = date_civil(date);
                if (c.year != year || c.month != month || c.day != day) fail();
                if (date_make(year, month, day) != date) fail();
            }
            if (date_valid(year, month, length + 1) || !date_valid(year, month, length)) fail();
        }
    }
    assert_int_equal(date, DATE_MAX + 1);
    assert_int_equal(date_make(1970, 1, 1), 0);
    assert_int_equal(date_make(2000, 3, 1), 11017);
    assert_int_equal(date_make(2020, 2, 30), date_make(2020, 3, 1));
}

static void validity(void **state)
{
    (void)state;
    assert_false(date_valid(0, 12, 31));
    assert_false(date_valid(10000, 1, 1));
    assert_false(date_valid(2020, 0, 1));
    assert_false(date_valid(2020, 13, 1));
    assert_false(date_valid(2020, 1, 0));
    assert_false(date_valid(2019, 2, 29));
    assert_false(date_valid(1900, 2, 29));
    assert_true(date_valid(2000, 2, 29));
    assert_int_equal(date_days_in_month(2020, 0), 0);
    assert_int_equal(date_days_in_month(2020, 13), 0);
}

static void every_day_as_text(void **state)
{
    (void)state;
    for (int32_t date = DATE_MIN; date <= DATE_MAX; date += 37) {
        char text[DATE_TEXT], other[40];
        int32_t back;
        struct civil c = date_civil(date);
        date_format(date, text);
        snprintf(other, sizeof other, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
        assert_string_equal(text, other);
        assert_true(date_parse(text, 10, DATE_EXACT, &back) && back == date);
        int n = snprintf(other, sizeof other, "%04d/%d/%d", (int)c.year, c.month, c.day);
        assert_true(date_parse(other, (size_t)n, DATE_EXACT, &back) && back == date);
        n = snprintf(other, sizeof other, "%04d%02d%02d", (int)c.year, c.month, c.day);
        assert_true(date_parse(other, (size_t)n, DATE_LAST, &back) && back == date);
        n = snprintf(other, sizeof other, "%04d年%d月%d日", (int)c.year, c.month, c.day);
        assert_true(date_parse(other, (size_t)n, DATE_FIRST, &back) && back == date);
    }
    char text[DATE_TEXT];
    date_format(INT32_MIN, text);
    assert_string_equal(text, "0001-01-01");
    date_format(INT32_MAX, text);
    assert_string_equal(text, "9999-12-31");
}

static bool reads(const char *s, enum date_end end, int year, int month, int day)
{
    int32_t date = INT32_MAX;
    return date_parse(s, strlen(s), end, &date) && date == date_make(year, month, day);
}

static void coarse_dates(void **state)
{
    (void)state;
    assert_true(reads("2020-05", DATE_FIRST, 2020, 5, 1));
    assert_true(reads("2020-05", DATE_LAST, 2020, 5, 31));
    assert_true(reads("2020/2", DATE_LAST, 2020, 2, 29));
    assert_true(reads("2019年2月", DATE_LAST, 2019, 2, 28));
    assert_true(reads("2020年5月", DATE_FIRST, 2020, 5, 1));
    assert_true(reads("2020年", DATE_LAST, 2020, 12, 31));
    assert_true(reads("2020", DATE_FIRST, 2020, 1, 1));
    assert_true(reads("2020", DATE_LAST, 2020, 12, 31));
    assert_true(reads("2020.5.27", DATE_EXACT, 2020, 5, 27));
}

static void what_is_no_date(void **state)
{
    (void)state;
    static const char *const never[] = {
        "", "2", "20", "202", "20200", "202005", "2020052", "202005271", "2020-", "2020-5-",
        "2020-05/27", "2020/05-27", "2020-13-01", "2020-00-01", "2020-02-30", "2019-02-29",
        "2020-005-27", "2020-5-027", "20-05-27", "0000-01-01", "12020-05-27", " 2020-05-27",
        "2020-05-27 ", "2020年5", "2020年5月27", "2020年5-27日", "2020年5月27日 ", "2020.5",
        "2020--05", "+2020-05-27", "2020-5-2x", "2020年月", "二〇二〇年", "2020-05-27T",
    };
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        for (int end = DATE_EXACT; end <= DATE_LAST; end++) {
            int32_t date = 5;
            if (date_parse(never[i], strlen(never[i]), (enum date_end)end, &date))
                fail_msg("taken for a date: %s", never[i]);
            assert_int_equal(date, 5);
        }
    static const char *const coarse[] = { "2020", "2020-05", "2020年", "2020年5月", "2020/5" };
    for (size_t i = 0; i < sizeof coarse / sizeof *coarse; i++) {
        int32_t date;
        assert_false(date_parse(coarse[i], strlen(coarse[i]), DATE_EXACT, &date));
    }
}

static void months_and_ages(void **state)
{
    (void)state;
    int32_t jan31 = date_make(2020, 1, 31);
    assert_int_equal(date_add_months(jan31, 1), date_make(2020, 2, 29));
    assert_int_equal(date_add_months(jan31, 13), date_make(2021, 2, 28));
    assert_int_equal(date_add_months(jan31, -2), date_make(2019, 11, 30));
    assert_int_equal(date_add_months(jan31, 0), jan31);
    assert_int_equal(date_add_months(date_make(2020, 12, 15), 1), date_make(2021, 1, 15));
    assert_int_equal(date_add_months(date_make(2020, 1, 15), -1), date_make(2019, 12, 15));
    assert_int_equal(date_add_months(DATE_MAX, INT32_MAX), DATE_MAX);
    assert_int_equal(date_add_months(DATE_MIN, INT32_MIN), DATE_MIN);
    int32_t born = date_make(2000, 2, 29);
    assert_int_equal(date_age(born, date_make(2018, 2, 28)), 17);
    assert_int_equal(date_age(born, date_make(2018, 3, 1)), 18);
    assert_int_equal(date_age(born, date_make(2020, 2, 29)), 20);
    assert_int_equal(date_age(born, born), 0);
    assert_true(date_age(born, date_make(1999, 6, 1)) < 0);
}

static bool instant_is(const char *s, int offset, int64_t want)
{
    int64_t at = INT64_MIN;
    return instant_parse(s, strlen(s), offset, &at) && at == want;
}

static void instants(void **state)
{
    (void)state;
    const int64_t day = date_make(2020, 5, 27) * INT64_C(86400000000);
    const int64_t at = day + (7 * 60 + 53) * INT64_C(60000000);
    assert_true(instant_is("2020-05-27T07:53:00.000000Z", 480, at));
    assert_true(instant_is("2020-05-27 07:53Z", 480, at));
    assert_true(instant_is("2020-05-27T15:53", 480, at));
    assert_true(instant_is("2020-05-27T15:53:00+08:00", 0, at));
    assert_true(instant_is("2020-05-27T02:23:00-05:30", 0, at));
    assert_true(instant_is("2020-05-27", 480, day - 480 * INT64_C(60000000)));
    assert_true(instant_is("2020年5月27日 15:53", 480, at));
    assert_true(instant_is("2020-05-27T07:53:00.5Z", 0, at + 500000));
    assert_true(instant_is("2020-05-27T07:53:59.000001Z", 0, at + 59000001));
    assert_true(instant_is("1969-12-31T23:59:59.999999Z", 0, -1));
    static const char *const never[] = {
        "", "T07:53", "2020-05-27T", "2020-05-27T7:53", "2020-05-27T24:00", "2020-05-27T07:60",
        "2020-05-27T07:53:60", "2020-05-27T07:53:00.", "2020-05-27T07:53:00.1234567",
        "2020-05-27T07:53:00z", "2020-05-27T07:53+8:00", "2020-05-27T07:53+0800",
        "2020-05-27T07:53+24:00", "2020-05-27T07:53Z ", "2020-05T07:53", "2020-05-27  07:53",
        "2020-05-27T07:53:00ZZ", "2020-05-27T07",
        "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:00-00:01",
    };
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        int64_t out;
        if (instant_parse(never[i], strlen(never[i]), 0, &out)) fail_msg("taken: %s", never[i]);
    }
}

static void instants_as_text(void **state)
{
    (void)state;
    char text[INSTANT_TEXT];
    const int64_t first = DATE_MIN * INT64_C(86400000000);
    const int64_t last = (DATE_MAX + INT64_C(1)) * INT64_C(86400000000) - 1;
    for (int64_t at = first; at < last - INT64_C(98765432109876); at += INT64_C(98765432109876)) {
        int64_t back;
        instant_format(at, text);
        assert_int_equal(strlen(text), INSTANT_TEXT - 1);
        assert_true(instant_parse(text, strlen(text), 99, &back) && back == at);
    }
    instant_format(last, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
    instant_format(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
    instant_format(first, text);
    assert_string_equal(text, "0001-01-01T00:00:00.000000Z");
    instant_format(INT64_MIN, text);
    assert_string_equal(text, "0001-01-01T00:00:00.000000Z");
}

static void day_of_an_instant(void **state)
{
    (void)state;
    assert_int_equal(instant_date(0, 0), 0);
    assert_int_equal(instant_date(-1, 0), -1);
    assert_int_equal(instant_date(-1, 480), 0);
    int64_t evening = date_make(2020, 5, 27) * INT64_C(86400000000) + 16 * INT64_C(3600000000);
    assert_int_equal(instant_date(evening, 480), date_make(2020, 5, 28));
    assert_int_equal(instant_date(evening - 1, 480), date_make(2020, 5, 27));
    assert_int_equal(instant_date(0, -1), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day),        cmocka_unit_test(validity),
        cmocka_unit_test(every_day_as_text), cmocka_unit_test(coarse_dates),
        cmocka_unit_test(what_is_no_date),  cmocka_unit_test(months_and_ages),
        cmocka_unit_test(instants),         cmocka_unit_test(instants_as_text),
        cmocka_unit_test(day_of_an_instant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
