#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/err.h"
#include "base/utf8.h"

static void messages(void **state)
{
    (void)state;
    struct err e = { 0 };
    assert_false(err_set(&e, ERR_CONFLICT, "key %d is taken", 7));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_string_equal(e.message, "key 7 is taken");
    assert_string_equal(e.field, "");
    assert_false(err_field(&e, ERR_INVALID, "born", "no such day: %s", "2020-02-30"));
    assert_string_equal(e.field, "born");
    assert_false(err_context(&e, "row %d", 12));
    assert_string_equal(e.message, "row 12: no such day: 2020-02-30");
    assert_string_equal(e.field, "born");
    assert_int_equal(e.code, ERR_INVALID);
    err_set(&e, ERR_BUSY, "again: %s", e.message);
    assert_string_equal(e.message, "again: row 12: no such day: 2020-02-30");
    assert_string_equal(e.field, "");
    err_clear(&e);
    assert_int_equal(e.code, ERR_NONE);
    assert_string_equal(e.message, "");
}

static void nobody_listens(void **state)
{
    (void)state;
    assert_false(err_set(NULL, ERR_INVALID, "x"));
    assert_false(err_field(NULL, ERR_INVALID, "f", "x"));
    assert_false(err_context(NULL, "x"));
    err_clear(NULL);
}

/* A message is cut, never inside a character, wherever the end falls. */
static void long_messages(void **state)
{
    (void)state;
    for (int shift = 0; shift < 4; shift++) {
        char text[2000] = "abc";
        size_t n = (size_t)shift;
        while (n < 1500) {
            memcpy(text + n, "墨", 3);
            n += 3;
        }
        text[n] = '\0';
        struct err e = { 0 };
        err_field(&e, ERR_INVALID, text, "%s", text);
        size_t length = strlen(e.message);
        assert_in_range(length, sizeof e.message - 4, sizeof e.message - 1);
        assert_int_equal(utf8_check(e.message, length), length);
        assert_int_equal(utf8_check(e.field, strlen(e.field)), strlen(e.field));
        err_context(&e, "%s", text);
        length = strlen(e.message);
        assert_in_range(length, sizeof e.message - 6, sizeof e.message - 1);
        assert_int_equal(utf8_check(e.message, length), length);
    }
}

static void bytes_that_are_no_text(void **state)
{
    (void)state;
    struct err e = { 0 };
    err_set(&e, ERR_INVALID, "value \"%s\"", "\xc4\xab\xd3\xf1 \xff!");
    assert_int_equal(utf8_check(e.message, strlen(e.message)), strlen(e.message));
    assert_non_null(strstr(e.message, "?!\""));
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(err_name(ERR_NONE), "none");
    assert_string_equal(err_name(ERR_NOT_FOUND), "not_found");
    assert_string_equal(err_name(ERR_INTERNAL), "internal");
    assert_string_equal(err_name((enum err_code)99), "internal");
    for (int i = ERR_NONE; i <= ERR_INTERNAL; i++)
        for (int k = ERR_NONE; k < i; k++)
            assert_string_not_equal(err_name((enum err_code)i), err_name((enum err_code)k));
    assert_int_equal(err_exit(ERR_NONE), 0);
    assert_int_equal(err_exit(ERR_USAGE), 2);
    assert_int_equal(err_exit(ERR_INVALID), 1);
    assert_int_equal(err_exit(ERR_INTERNAL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages),       cmocka_unit_test(nobody_listens),
        cmocka_unit_test(long_messages),  cmocka_unit_test(bytes_that_are_no_text),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
