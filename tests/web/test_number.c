/* Numbers, money and dates in both languages; charts as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "web/web.h"

struct both { struct arena arena; struct site site; struct seat seat; struct request en, zh; };

static void both_open(struct both *b)
{
    memset(b, 0, sizeof *b);
    b->site = (struct site){ .zone = 480 };
    b->seat.site = &b->site;
    b->en = (struct request){ .arena = &b->arena, .seat = &b->seat };
    b->zh = b->en;
    b->zh.zh = true;
}

static void test_money(void **state)
{
    static const struct { int64_t fen; bool brief; const char *en, *zh; } rows[] = {
        { 37060000000, true, "¥370.6M", "3.71 亿元" }, { 37060000000, false, "¥370,600,000", "3.706 亿元" },
        { 64000000, true, "¥640k", "64 万元" }, { 830000, true, "¥8,300", "8,300 元" },
        { 830050, false, "¥8,300.50", "8,300.5 元" }, { 0, false, "¥0", "0 元" },
        { -100, false, "−¥1", "−1 元" }, { 129694800000, true, "¥1.3B", "12.97 亿元" },
        { 129694800000, false, "¥1,296,948,000", "1,296,948,000 元" }, { 1000000, false, "¥10,000", "1 万元" },
        { 1234500, false, "¥12,345", "12,345 元" }, { 1, false, "¥0.01", "0.01 元" },
    };
    struct both b;
    (void)state;
    both_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(money_text(&b.en, rows[i].fen, rows[i].brief), rows[i].en);
        assert_string_equal(money_text(&b.zh, rows[i].fen, rows[i].brief), rows[i].zh);
    }
    arena_free(&b.arena);
}

static void test_values(void **state)
{
    struct both b;
    struct figure people = { .unit = "person" }, share = { .unit = "percent" }, yuan = { .unit = "yuan" };
    struct figure_value v = { .known = true, .value = 45000, .qualifier = Q_GT };
    (void)state;
    both_open(&b);
    assert_string_equal(value_text(&b.en, &people, &v, false), "> 45,000 people");
    assert_string_equal(value_text(&b.zh, &people, &v, false), "> 45,000 人");
    assert_string_equal(value_text(&b.en, &people, &v, true), "> 45,000");
    v = (struct figure_value){ .known = true, .value = 1 };
    assert_string_equal(value_text(&b.en, &people, &v, false), "1 person");
    v = (struct figure_value){ .known = true, .value = -580, .scale = 1 };
    assert_string_equal(value_text(&b.en, &share, &v, false), "−58.0%");
    v = (struct figure_value){ .known = true, .value = 500000, .scale = 2, .qualifier = Q_APPROX };
    assert_string_equal(value_text(&b.en, &yuan, &v, false), "≈ ¥5,000");
    v = (struct figure_value){ .known = true, .value = 5000, .scale = 0, .qualifier = Q_EQ };
    assert_string_equal(value_text(&b.zh, &yuan, &v, false), "5,000 元");
    v.known = false;
    assert_string_equal(value_text(&b.en, &yuan, &v, false), "unknown");
    arena_free(&b.arena);
}

static void test_dates(void **state)
{
    struct both b;
    int32_t day = date_make(2020, 5, 7);
    (void)state;
    both_open(&b);
    assert_string_equal(date_text(&b.en, day, false), "7 May 2020");
    assert_string_equal(date_text(&b.zh, day, false), "2020年5月7日");
    assert_string_equal(date_text(&b.zh, day, true), "2020-05-07");
    /* 2020-05-07 16:30 UTC is the next day at UTC+8. */
    int64_t at = ((int64_t)day * 1440 + 16 * 60 + 30) * 60000000;
    assert_string_equal(instant_text(&b.en, at), "8 May 2020, 00:30");
    arena_free(&b.arena);
}

static int count(const char *s, const char *of)
{
    int n = 0;
    for (const char *p = s; (p = strstr(p, of)); p += strlen(of)) n++;
    return n;
}

static void test_charts(void **state)
{
    static const struct chart_mark marks[] = {
        { "A<b>", "10", "/x?a=1&b=2", 10 }, { "B", "5", "/y", 5 }, { "none", "–", "/z", 0 },
        { "less", "-3", "/w", -3 },
    };
    static const struct chart_part parts[] = { { "p-ok", 87 }, { "p-err", 0 }, { "p-none", 13 } };
    struct buf b;
    (void)state;
    buf_init(&b, 1 << 20);
    for (int n = 0; n <= 4; n++) {
        buf_clear(&b);
        chart_bars(&b, "Name", marks, n, 300);
        assert_int_equal(count(b.p, "<a href"), n);
        assert_int_equal(count(b.p, "</a>"), n);
        assert_null(strstr(b.p, "<b>"));
        assert_null(strstr(b.p, "width=\"-"));
        buf_clear(&b);
        chart_columns(&b, "Name", marks, n, 300);
        assert_int_equal(count(b.p, "<a href"), n);
        assert_null(strstr(b.p, "height=\"-"));
    }
    buf_clear(&b);
    chart_split(&b, parts, 3, 100, 10);
    assert_int_equal(count(b.p, "<rect"), 2);
    assert_non_null(strstr(b.p, "x=\"87\" width=\"13\""));
    buf_clear(&b);
    chart_split(&b, parts + 1, 1, 100, 10);
    assert_int_equal(count(b.p, "<rect"), 0);
    buf_clear(&b);
    chart_mini(&b, 1, 3);
    assert_non_null(strstr(b.p, "width=\"28\""));
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_money), cmocka_unit_test(test_values),
                                        cmocka_unit_test(test_dates), cmocka_unit_test(test_charts) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
