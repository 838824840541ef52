#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/json.h"
#include "support/death.h"

static void writing(void **state)
{
    (void)state;
    struct buf b;
    struct json_out j;
    buf_init(&b, 10000);
    json_start(&j, &b);
    json_object(&j);
    json_key(&j, "name");
    json_text(&j, "墨\"玉\\\n\x01\x7f", 9 + 1);
    json_key(&j, "none");
    json_str(&j, NULL);
    json_key(&j, "id");
    json_id(&j, INT64_C(7213379072000000001));
    json_key(&j, "list");
    json_array(&j);
    json_int(&j, INT64_MIN);
    json_bool(&j, true);
    json_bool(&j, false);
    json_null(&j);
    json_object(&j);
    json_end_object(&j);
    json_array(&j);
    json_end_array(&j);
    json_raw(&j, "1.5e3", 5);
    json_end_array(&j);
    json_key(&j, "");
    json_str(&j, "\b\f\r\t");
    json_end_object(&j);
    assert_string_equal(b.p, "{\"name\":\"墨\\\"玉\\\\\\n\\u0001\",\"none\":null,"
                             "\"id\":\"7213379072000000001\",\"list\":[-9223372036854775808,true,"
                             "false,null,{},[],1.5e3],\"\":\"\\b\\f\\r\\t\"}");
    buf_free(&b);
}

enum fault { VALUE_IN_OBJECT, KEY_IN_ARRAY, TWO_KEYS, WRONG_END, END_AFTER_KEY, END_OF_NOTHING,
             SECOND_TOP, TOO_DEEP, FAULTS };

static void misuse(void *arg)
{
    struct buf b;
    struct json_out j;
    buf_init(&b, 10000);
    json_start(&j, &b);
    enum fault fault = *(enum fault *)arg;
    if (fault == END_OF_NOTHING) json_end_array(&j);
    if (fault == KEY_IN_ARRAY || fault == WRONG_END)
        json_array(&j);
    else
        json_object(&j);
    if (fault == VALUE_IN_OBJECT) json_int(&j, 1);
    if (fault == KEY_IN_ARRAY || fault == TWO_KEYS || fault == END_AFTER_KEY) json_key(&j, "a");
    if (fault == TWO_KEYS) json_key(&j, "b");
    if (fault == SECOND_TOP) json_end_object(&j), json_int(&j, 1);
    for (int i = 0; fault == TOO_DEEP && i < 40; i++) json_key(&j, "k"), json_object(&j);
    json_end_object(&j);
}

static void misuse_aborts(void **state)
{
    (void)state;
    for (enum fault fault = VALUE_IN_OBJECT; fault < FAULTS; fault++)
        assert_true(aborts_saying(misuse, &fault, "<3>json_misuse what="));
}

static void reading(void **state)
{
    (void)state;
    static const char text[] = " {\"a\": [1, -2.5, \"x\\u58a8\\n\", true, false, null], \"b\": {} ,"
                               "\"z\":9223372036854775807, \"a2\":-9223372036854775808}";
    struct arena a = { 0 };
    struct err e = { 0 };
    struct json *v;
    assert_true(json_parse(&v, text, strlen(text), &a, &e));
    assert_int_equal(v->type, JSON_OBJECT);
    assert_int_equal(v->n, 4);
    assert_string_equal(v->keys[0], "a");
    assert_string_equal(v->keys[2], "z");
    const struct json *list = json_get(v, "a");
    assert_int_equal(list->type, JSON_ARRAY);
    assert_int_equal(list->n, 6);
    assert_true(list->items[0].type == JSON_INT && list->items[0].i == 1);
    assert_true(list->items[1].type == JSON_REAL && list->items[1].real < -2.4);
    assert_int_equal(list->items[2].type, JSON_TEXT);
    assert_int_equal(list->items[2].n, 5);
    assert_string_equal(list->items[2].text, "x墨\n");
    assert_true(list->items[3].type == JSON_BOOL && list->items[3].i == 1);
    assert_true(list->items[4].type == JSON_BOOL && list->items[4].i == 0);
    assert_int_equal(list->items[5].type, JSON_NULL);
    assert_int_equal(json_get(v, "b")->n, 0);
    assert_true(json_get(v, "z")->i == INT64_MAX && json_get(v, "a2")->i == INT64_MIN);
    assert_null(json_get(v, "c"));
    assert_null(json_get(list, "a"));
    assert_null(json_get(NULL, "a"));
    assert_true(json_parse(&v, "42", 2, &a, &e) && v->i == 42);
    arena_free(&a);
}

static void refusals(void **state)
{
    (void)state;
    static const struct { const char *text; size_t n; } bad[] = {
#define BAD(s) { s, sizeof s - 1 }
        BAD(""), BAD("{"), BAD("[1,]"), BAD("{\"a\":1,\"a\":2}"), BAD("{\"a\":1} x"), BAD("{} {}"),
        BAD("[9223372036854775808]"), BAD("[-9223372036854775809]"), BAD("[1e999]"), BAD("[NaN]"),
        BAD("[Infinity]"), BAD("['a']"), BAD("[01]"), BAD("[1.]"), BAD("[+1]"),
        BAD("[\"\\u0000\"]"),
        BAD("[\"a\0b\"]"), BAD("{\"k\\u0000\":1}"), BAD("[\"\xff\"]"), BAD("[\"\xed\xa0\x80\"]"),
        BAD("[\"\xc0\xaf\"]"), BAD("[\"\\ud800\"]"), BAD("[\"\n\"]"), BAD("[\"\\x\"]"), BAD("nul"),
        BAD("\xef\xbb\xbf{}"), BAD("[1 2]"), BAD("{a:1}"), BAD("// x\n1"), BAD("\0"),
#undef BAD
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct arena a = { 0 };
        struct err e = { 0 };
        struct json *v = NULL;
        if (json_parse(&v, bad[i].text, bad[i].n, &a, &e)) fail_msg("taken: %s", bad[i].text);
        assert_int_equal(e.code, ERR_INVALID);
        assert_non_null(strstr(e.message, "JSON line "));
        assert_null(v);
        arena_free(&a);
    }
    static char deep[100000];
    memset(deep, '[', sizeof deep);
    struct arena a = { 0 };
    struct err e = { 0 };
    struct json *v;
    assert_false(json_parse(&v, deep, sizeof deep, &a, &e));
    assert_false(json_parse(&v, "{\"a\":\n 1,\n  \"a\" 2}", 18, &a, &e));
    assert_non_null(strstr(e.message, "line 3"));
    arena_free(&a);
}

/* Every character there is, written and read back. */
static void every_character(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct err e = { 0 };
    struct buf b;
    struct json_out j;
    struct json *v;
    char text[128 + 30];
    size_t n = 0;
    for (int c = 1; c < 128; c++) text[n++] = (char)c;
    memcpy(text + n, "é墨𠀀\u2028\u2029", 15);
    n += 15;
    buf_init(&b, 10000);
    json_start(&j, &b);
    json_text(&j, text, n);
    assert_true(json_parse(&v, b.p, b.n, &a, &e));
    assert_int_equal(v->n, n);
    assert_memory_equal(v->text, text, n);
    buf_free(&b);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writing),  cmocka_unit_test(misuse_aborts),
        cmocka_unit_test(reading),  cmocka_unit_test(refusals),
        cmocka_unit_test(every_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
