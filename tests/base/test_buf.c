#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/random.h"

static void appending(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000000);
    assert_string_equal(b.p, "");
    buf_clear(&b);
    buf_add(&b, NULL, 0);
    assert_string_equal(b.p, "");
    buf_str(&b, "one");
    buf_char(&b, ',');
    buf_printf(&b, "%d %s", 2, "three");
    assert_string_equal(b.p, "one,2 three");
    assert_int_equal(b.n, 11);
    buf_add(&b, "a\0b", 3);
    assert_int_equal(b.n, 14);
    assert_int_equal(b.p[14], 0);
    buf_clear(&b);
    assert_string_equal(b.p, "");
    buf_free(&b);
    assert_string_equal(b.p, "");
    buf_str(&b, "used again");
    assert_string_equal(b.p, "used again");
    buf_free(&b);
}

static void integers(void **state)
{
    (void)state;
    static const int64_t edge[] = { 0, 1, -1, 9, 10, -10, 99, 100, INT64_MAX, INT64_MIN };
    struct random r;
    struct buf b;
    random_seed(&r, 2);
    buf_init(&b, 100);
    for (size_t i = 0; i < 5000; i++) {
        int64_t v = i < 10 ? edge[i] : (int64_t)random_next(&r) >> random_below(&r, 64);
        char text[32];
        snprintf(text, sizeof text, "%lld", (long long)v);
        buf_clear(&b);
        buf_int(&b, v);
        assert_string_equal(b.p, text);
    }
    buf_free(&b);
}

/* An append that would pass max leaves the buffer as it was, whichever way it comes. */
static void maximum(void **state)
{
    (void)state;
    for (size_t max = 0; max < 1200; max += 7) {
        struct buf b;
        char text[1300];
        buf_init(&b, max);
        memset(text, 'x', sizeof text);
        buf_add(&b, text, max);
        assert_false(b.over);
        assert_int_equal(b.n, max);
        buf_char(&b, 'y');
        assert_true(b.over);
        assert_int_equal(strlen(b.p), max);
        buf_clear(&b);
        assert_false(b.over);
        buf_printf(&b, "%.*s", (int)max + 1, text);
        assert_true(b.over);
        assert_int_equal(b.n, 0);
        assert_string_equal(b.p, "");
        buf_str(&b, "ignored");
        assert_int_equal(b.n, 0);
        buf_clear(&b);
        buf_printf(&b, "%.*s", (int)max, text);
        assert_false(b.over);
        assert_int_equal(strlen(b.p), max);
        buf_free(&b);
    }
    struct buf none = { 0 };
    buf_str(&none, "a buffer nobody set up takes nothing");
    assert_true(none.over);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appending),
        cmocka_unit_test(integers),
        cmocka_unit_test(maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
