#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/random.h"

static enum decimal_fault parse(const char *s, int scale, int64_t *out)
{
    return decimal_parse(s, strlen(s), scale, out);
}

static void reads(const char *s, int scale, int64_t want)
{
    int64_t v = 77;
    if (parse(s, scale, &v) != DECIMAL_OK || v != want)
        fail_msg("%s at %d: %lld", s, scale, (long long)v);
}

static void refuses(const char *s, int scale, enum decimal_fault want)
{
    int64_t v = 77;
    enum decimal_fault fault = parse(s, scale, &v);
    if (fault != want) fail_msg("%s at %d: fault %d", s, scale, (int)fault);
    assert_int_equal(v, 77);
}

static void numbers(void **state)
{
    (void)state;
    reads("0", 2, 0);
    reads("-0", 2, 0);
    reads("1", 2, 100);
    reads("1.5", 2, 150);
    reads("1,234.5", 2, 123450);
    reads("1234.56", 2, 123456);
    reads("-1234.56", 2, -123456);
    reads("+7", 0, 7);
    reads(".5", 2, 50);
    reads("-.05", 2, -5);
    reads("007", 0, 7);
    reads("1,234,567", 0, 1234567);
    reads("12,345", 0, 12345);
    reads("123,456.7", 1, 1234567);
    reads("１２３．４５", 2, 12345);
    reads("－１，２３４", 0, -1234);
    reads("＋5", 0, 5);
    reads("−12.5", 2, -1250);
    reads("1２3", 0, 123);
    reads("0.000000000000000001", 18, 1);
    reads("000000000000000000000000000001.00", 2, 100);
}

static void no_numbers(void **state)
{
    (void)state;
    static const char *const never[] = {
        "", "-", "+", ".", "-.", "1.", "1,", ",1", "1,23", "1,2345", "1234,567", ",123", "1,,234",
        "1.2.3", "1.234,5", "1,234,56", "1e5", "1E5", "0x10", " 1", "1 ", "1 000", "--1", "+-1",
        "1-", "NaN", "inf", "¥1", "1元", "1%", "一百", "1,234,", "1,.5", "/", ":", "１．",
        "\xef",
        "\xef\xbc", "1\xef\xbc\x80", "12345678901234567890x", "(1)", "1'000",
    };
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        for (int scale = 0; scale <= 18; scale += 9) refuses(never[i], scale, DECIMAL_NOT_NUMBER);
    int64_t v;
    assert_int_equal(decimal_parse("1\0002", 3, 0, &v), DECIMAL_NOT_NUMBER);
}

static void too_fine_or_too_large(void **state)
{
    (void)state;
    refuses("1.234", 2, DECIMAL_TOO_FINE);
    refuses("1.230", 2, DECIMAL_TOO_FINE);
    refuses("1.0", 0, DECIMAL_TOO_FINE);
    refuses("１．２３４", 2, DECIMAL_TOO_FINE);
    reads("9223372036854775807", 0, INT64_MAX);
    reads("-9223372036854775808", 0, INT64_MIN);
    reads("92,233,720,368,547,758.07", 2, INT64_MAX);
    reads("-92233720368547758.08", 2, INT64_MIN);
    refuses("9223372036854775808", 0, DECIMAL_TOO_LARGE);
    refuses("-9223372036854775809", 0, DECIMAL_TOO_LARGE);
    refuses("92233720368547758.08", 2, DECIMAL_TOO_LARGE);
    refuses("92233720368547759", 2, DECIMAL_TOO_LARGE);
    refuses("99999999999999999999999999999999", 2, DECIMAL_TOO_LARGE);
    refuses("184467440737095516.17", 2, DECIMAL_TOO_LARGE); /* 2 to the 64 and one */
    refuses("10", 18, DECIMAL_TOO_LARGE);
    reads("9", 18, INT64_C(9000000000000000000));
}

static void there_and_back(void **state)
{
    (void)state;
    static const int64_t edge[] = { 0, 1, -1, 99, 100, -100, INT64_MAX, INT64_MIN, 5, -5 };
    struct random r;
    random_seed(&r, 4);
    for (int i = 0; i < 60000; i++) {
        int scale = i % 19;
        int64_t v = i < 190 ? edge[i / 19] : (int64_t)random_next(&r) >> random_below(&r, 64), back;
        char text[DECIMAL_TEXT];
        size_t n = decimal_format(v, scale, text);
        assert_int_equal(strlen(text), n);
        assert_int_equal(decimal_parse(text, n, scale, &back), DECIMAL_OK);
        assert_int_equal(back, v);
    }
    char text[DECIMAL_TEXT];
    decimal_format(123450, 2, text);
    assert_string_equal(text, "1234.50");
    decimal_format(-5, 2, text);
    assert_string_equal(text, "-0.05");
    decimal_format(5, 0, text);
    assert_string_equal(text, "5");
    decimal_format(INT64_MIN, 18, text);
    assert_string_equal(text, "-9.223372036854775808");
}

static void overflow_is_told(void **state)
{
    (void)state;
    int64_t v;
    assert_true(i64_add(INT64_MAX, INT64_MIN, &v) && v == -1);
    assert_false(i64_add(INT64_MAX, 1, &v));
    assert_false(i64_sub(INT64_MIN, 1, &v));
    assert_true(i64_sub(-1, INT64_MAX, &v) && v == INT64_MIN);
    assert_false(i64_mul(INT64_MIN, -1, &v));
    assert_true(i64_mul(INT64_MIN, 1, &v) && v == INT64_MIN);
}

static void rounding(void **state)
{
    (void)state;
    int64_t v;
    assert_true(ratio_round(5, 1, 2, &v) && v == 3);
    assert_true(ratio_round(-5, 1, 2, &v) && v == -3);
    assert_true(ratio_round(5, -1, 2, &v) && v == -3);
    assert_true(ratio_round(5, 1, -2, &v) && v == -3);
    assert_true(ratio_round(-5, -1, -2, &v) && v == -3);
    assert_true(ratio_round(1, 1, 3, &v) && v == 0);
    assert_true(ratio_round(2, 1, 3, &v) && v == 1);
    assert_true(ratio_round(0, 5, 7, &v) && v == 0);
    assert_true(ratio_round(-1, 1, 3, &v) && v == 0);
    assert_false(ratio_round(1, 1, 0, &v));
    assert_true(ratio_round(INT64_MAX, INT64_MAX, INT64_MAX, &v) && v == INT64_MAX);
    assert_true(ratio_round(INT64_MIN, INT64_MIN, INT64_MIN, &v) && v == INT64_MIN);
    assert_false(ratio_round(INT64_MIN, 1, -1, &v));
    assert_true(ratio_round(INT64_MIN, 1, 1, &v) && v == INT64_MIN);
    assert_false(ratio_round(INT64_MAX, 2, 1, &v));
    assert_false(ratio_round(INT64_MIN, INT64_MIN, 1, &v));
    struct random r;
    random_seed(&r, 5);
    for (int i = 0; i < 100000; i++) { /* against the definition, in small numbers */
        int64_t a = random_between(&r, -2000, 2000), b = random_between(&r, -2000, 2000);
        int64_t d = random_between(&r, 1, 999), p = a * b, size = p < 0 ? -p : p;
        int64_t want = (2 * size + d) / (2 * d);
        assert_true(ratio_round(a, b, d, &v));
        assert_int_equal(v, p < 0 ? -want : want);
    }
}

/* The definition, slowly: floors first, then one at a time to the largest remainder. */
static void split_slowly(int64_t total, const int64_t *w, int64_t *part, int n)
{
    int64_t sum = 0, rest[16], size = total < 0 ? -total : total, left = size;
    for (int i = 0; i < n; i++) sum += w[i];
    for (int i = 0; i < n; i++) {
        part[i] = size * w[i] / sum;
        rest[i] = size * w[i] % sum;
        left -= part[i];
    }
    for (; left; left--) {
        int best = 0;
        for (int i = 1; i < n; i++)
            if (rest[i] > rest[best]) best = i;
        part[best]++;
        rest[best] = -1;
    }
    for (int i = 0; i < n; i++) part[i] = total < 0 ? -part[i] : part[i];
}

static void splitting(void **state)
{
    (void)state;
    struct random r;
    random_seed(&r, 6);
    for (int round = 0; round < 30000; round++) {
        int n = (int)random_between(&r, 1, 12);
        int64_t w[12], got[12], want[12], total = random_between(&r, -100000, 100000), sum = 0;
        int64_t most = random_chance(&r, 500000) ? 4 : 100000;
        for (int i = 0; i < n; i++) sum += w[i] = random_between(&r, 0, most);
        if (sum == 0) {
            assert_false(money_split(total, w, got, (size_t)n));
            continue;
        }
        assert_true(money_split(total, w, got, (size_t)n));
        split_slowly(total, w, want, n);
        for (int i = 0; i < n; i++) assert_int_equal(got[i], want[i]);
    }
}

static void splitting_edges(void **state)
{
    (void)state;
    int64_t part[3];
    assert_true(money_split(100, (int64_t[]){ 1, 1, 1 }, part, 3));
    assert_true(part[0] == 34 && part[1] == 33 && part[2] == 33);
    assert_true(money_split(-100, (int64_t[]){ 1, 1, 1 }, part, 3));
    assert_true(part[0] == -34 && part[1] == -33 && part[2] == -33);
    assert_true(money_split(INT64_MIN, (int64_t[]){ 1, 0, 0 }, part, 3));
    assert_true(part[0] == INT64_MIN && part[1] == 0);
    int64_t third = INT64_MAX / 3;
    assert_true(money_split(INT64_MAX, (int64_t[]){ third, third, third }, part, 3));
    assert_true(part[0] + part[1] + part[2] == INT64_MAX);
    assert_true(money_split(INT64_MIN, (int64_t[]){ third, third - 1, third }, part, 3));
    assert_true(part[0] + part[1] + part[2] == INT64_MIN);
    assert_false(money_split(1, part, part, 0));
    assert_false(money_split(1, (int64_t[]){ 0, 0 }, part, 2));
    assert_false(money_split(1, (int64_t[]){ 2, -1 }, part, 2));
    assert_false(money_split(1, (int64_t[]){ INT64_MAX, 1 }, part, 2));
}

static void percent(const char *num, const char *den, int scale, const char *want)
{
    int64_t n, d, v, unit = scale == 1 ? 1000 : 10000;
    char text[DECIMAL_TEXT];
    assert_int_equal(parse(num, 2, &n), DECIMAL_OK);
    assert_int_equal(parse(den, 2, &d), DECIMAL_OK);
    assert_true(ratio_round(n, unit, d, &v));
    decimal_format(v, scale, text);
    assert_string_equal(text, want);
}

static void total(const char *const *amount, size_t n, const char *want)
{
    int64_t sum = 0, v;
    char text[DECIMAL_TEXT];
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(parse(amount[i], 2, &v), DECIMAL_OK);
        assert_true(i64_add(sum, v, &sum));
    }
    decimal_format(sum, 2, text);
    assert_string_equal(text, want);
}

/* Rates and sums as they stand in published reports. */
static void published_figures(void **state)
{
    (void)state;
    percent("47", "50", 1, "94.0");
    percent("3787", "3904", 1, "97.0");
    percent("327.70", "335.65", 1, "97.6"); /* 335.65 less 7.95 */
    percent("6794.7", "5700", 1, "119.2");
    percent("31.85", "38.92", 2, "81.83"); /* printed as 81.84, from amounts not rounded */
    percent("2129", "7098", 2, "29.99");
    percent("1290", "1213", 2, "106.35");
    percent("145", "8200", 2, "1.77");
    static const char *const seven[] = { "127.86", "31.45", "150.58", "18.11",
                                         "6.27",   "34.64", "125.95" };
    static const char *const three[] = { "1047.71", "525.09", "1361.61" };
    total(seven, 7, "494.86");
    total(three, 3, "2934.41");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),          cmocka_unit_test(no_numbers),
        cmocka_unit_test(too_fine_or_too_large), cmocka_unit_test(there_and_back),
        cmocka_unit_test(overflow_is_told), cmocka_unit_test(rounding),
        cmocka_unit_test(splitting),        cmocka_unit_test(splitting_edges),
        cmocka_unit_test(published_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
