/* Charts over time: gaps where nothing is known, stacks that sum, pictures that stand alone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "web/web.h"

static int count(const char *s, const char *what)
{
    int n = 0;
    for (; (s = strstr(s, what)) != NULL; s++) n++;
    return n;
}

static void test_lines(void **state)
{
    const int64_t value[5] = { 10, -20, 0, 30, 40 };
    const bool known[5] = { true, true, false, true, true };
    const char *const text[5] = { "10", "-20", "", "30", "40" }, *const url[5] = { "/a", "/b", "/c", "/d", "/e" };
    const char *const label[5] = { "2016", "2017", "2018", "2019", "2020" };
    struct chart_series s = { "rate <x>", value, known, text, url };
    struct buf b;
    (void)state;
    buf_init(&b, 1 << 20);
    chart_lines(&b, "name", &s, 1, label, 5, 514);
    const char *path = strstr(b.p, "class=\"ln s1\" d=\"");
    assert_non_null(path);
    assert_int_equal(count(b.p, "<a href="), 4);
    assert_int_equal(count(path + 17, "M"), 2);          /* broken where 2018 is not known */
    assert_null(strstr(b.p, "rate <x>"));
    assert_non_null(strstr(b.p, ">2020</text>"));
    buf_free(&b);
    buf_init(&b, 1 << 20);
    chart_lines(&b, "name", &s, 1, label, 1, 358);       /* one point, and none */
    chart_lines(&b, "name", &s, 0, label, 0, 358);
    assert_null(strstr(b.p, "nan"));
    buf_free(&b);
}

static double attribute(const char *tag, const char *name)
{
    char key[32];
    snprintf(key, sizeof key, " %s=\"", name);
    return strtod(strstr(tag, key) + strlen(key), NULL);
}

/* The parts of a column touch, and the tallest column reaches the top. */
static void test_stack(void **state)
{
    static const char *const class[3] = { "p-ok", "p-none", "p-err" };
    struct chart_stack_mark m[2] = { { { "2019", "60", "/a", 60 }, { 10, 20, 30 } }, { { "2020", "0", "/b", 0 }, { 0 } } };
    struct buf b;
    (void)state;
    buf_init(&b, 1 << 20);
    chart_stack(&b, "name", m, 2, class, 3, 358);
    const char *ok = strstr(b.p, "<rect class=\"p-ok\""), *none = strstr(b.p, "<rect class=\"p-none\"");
    const char *err = strstr(b.p, "<rect class=\"p-err\"");
    assert_true(ok && none && err);
    assert_int_equal(attribute(none, "y") + attribute(none, "height"), attribute(ok, "y"));
    assert_int_equal(attribute(err, "y") + attribute(err, "height"), attribute(none, "y"));
    assert_int_equal(count(b.p, "<rect class=\"p-"), 3);
    size_t from = b.n;
    chart_split(&b, (struct chart_part[]){ { "p-ok", 1 } }, 1, 100, 10);
    chart_alone(&b, from);
    assert_int_equal(strncmp(b.p + from, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=", 45), 0);
    assert_non_null(strstr(b.p + from, "<style>"));
    assert_int_equal(count(b.p + from, "</svg>"), 1);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_lines), cmocka_unit_test(test_stack) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
