/* Forms of names: normal form, comparison key, pinyin order, romanised key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/random.h"
#include "base/utf8.h"
#include "text/text.h"

static struct text *t;
static struct arena a;

static int start(void **state)
{
    struct err e = { 0 };
    (void)state;
    return text_open(&t, &e) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    text_close(t);
    arena_free(&a);
    return 0;
}

typedef const char *form(struct text *, const char *, size_t, struct arena *);

static void expect(form *f, const char *in, const char *out)
{
    assert_string_equal(f(t, in, strlen(in), &a), out);
}

static void test_clean(void **state)
{
    (void)state;
    expect(text_clean, "", "");
    expect(text_clean, "  Li \t\r\n  Ming ", "Li Ming");
    expect(text_clean, "１２３，ＡＢｃ", "123,ABc");
    expect(text_clean, "\xE3\x80\x80张\xE3\x80\x80 伟\xC2\xA0", "张 伟");
    expect(text_clean, "张\xE2\x80\x8B伟\xEF\xBB\xBF", "张伟");
    expect(text_clean, "e\xCC\x81", "\xC3\xA9");
    expect(text_clean, "e\xE2\x80\x8B\xCC\x81", "\xC3\xA9");
    expect(text_clean, "\xE2\x91\xA0号", "1号");
    expect(text_clean, "a\x01" "b\x7F", "ab");
    expect(text_clean, " \t ", "");
    expect(text_clean, "\xE3\x80\x80", "");
    assert_string_equal(text_clean(t, "张\0伟", 7, &a), "张伟");
}

static void test_key(void **state)
{
    (void)state;
    expect(text_key, "沙坪坝区（重庆）", "沙坪坝区重庆");
    expect(text_key, "阿依努尔·买买提", "阿依努尔买买提");
    expect(text_key, "阿依努尔•买买提", "阿依努尔买买提");
    expect(text_key, "ＬＩ  Ming-Hua", "liminghua");
    expect(text_key, "Straße", "strasse");
    expect(text_key, "", "");
    expect(text_key, "--", "");
}

static void test_roman(void **state)
{
    (void)state;
    expect(text_roman, "张伟", "zhangwei");
    expect(text_roman, "欧阳修", "ouyangxiu");
    expect(text_roman, "Müller-Łódź", "mullerlodz");
    expect(text_roman, "Иванов", "ivanov");
    expect(text_roman, "吕", "lu");
    expect(text_roman, "第３小学 No.5", "di3xiaoxueno5");
    expect(text_roman, "O'Brien 2", "obrien2");
    expect(text_roman, "", "");
}

static int order(const char *x, const char *y)
{
    return strcmp(text_sort_key(t, x, strlen(x), &a), text_sort_key(t, y, strlen(y), &a));
}

static void test_order(void **state)
{
    static const char *const sorted[] = { "", "阿", "陈", "李", "李明", "李四", "王", "张", "张伟" };
    (void)state;
    for (size_t i = 0; i + 1 < sizeof sorted / sizeof *sorted; i++)
        for (size_t k = i + 1; k < sizeof sorted / sizeof *sorted; k++)
            assert_true(order(sorted[i], sorted[k]) < 0);
    assert_int_equal(order("e\xCC\x81", "\xC3\xA9"), 0);
    assert_int_equal(order("王", "王"), 0);
    const char *key = text_sort_key(t, "张伟", 6, &a);
    assert_int_equal(strspn(key, "0123456789abcdef"), strlen(key));
}

static void test_version(void **state)
{
    (void)state;
    assert_true(text_icu_version()[0] >= '1');
}

/* Whatever comes in, valid text comes out, and cleaning twice is cleaning once. */
static void test_any_bytes(void **state)
{
    struct random r;
    (void)state;
    random_seed(&r, 7);
    for (int round = 0; round < 3000; round++) {
        char in[160];
        size_t n = 0;
        int len = (int)random_below(&r, 30);
        for (int i = 0; i < len; i++) {
            uint32_t cp = (uint32_t)random_below(&r, random_chance(&r, 500000) ? 0x250 : 0x110000);
            if (cp >= 0xD800 && cp < 0xE000) cp = 0x4E00;
            n += utf8_encode(cp, in + n);
        }
        if (random_chance(&r, 100000) && n) in[random_below(&r, n)] = (char)random_next(&r);
        struct arena_mark m = arena_mark(&a);
        const char *once = text_clean(t, in, n, &a);
        assert_int_equal(utf8_check(once, strlen(once)), strlen(once));
        expect(text_clean, once, once);
        const char *key = text_key(t, in, n, &a);
        assert_int_equal(utf8_check(key, strlen(key)), strlen(key));
        const char *roman = text_roman(t, in, n, &a);
        assert_int_equal(strspn(roman, "abcdefghijklmnopqrstuvwxyz0123456789"), strlen(roman));
        (void)text_sort_key(t, in, n, &a);
        arena_rewind(&a, m);
    }
}

/* The table of single characters says what the transliterator says of the whole text, which a wide
 * blank at the end makes it read. */
static void test_roman_table(void **state)
{
    struct random r;
    (void)state;
    random_seed(&r, 11);
    for (int round = 0; round < 2000; round++) {
        char in[64];
        size_t n = 0;
        for (uint64_t i = random_below(&r, 8) + 1; i > 0; i--) {
            bool ascii = random_chance(&r, 100000);
            uint64_t cp = ascii ? 32 + random_below(&r, 95) : 0x4E00 + random_below(&r, 0x5200);
            n += utf8_encode((uint32_t)cp, in + n);
        }
        struct arena_mark m = arena_mark(&a);
        const char *quick = text_roman(t, in, n, &a);
        memcpy(in + n, "\xE3\x80\x80", 4);
        expect(text_roman, in, quick);
        arena_rewind(&a, m);
    }
}

static void test_long(void **state)
{
    struct arena_mark m = arena_mark(&a);
    (void)state;
    char *in = arena_alloc(&a, 300001);
    for (size_t i = 0; i < 100000; i++) memcpy(in + 3 * i, "\xEF\xB7\xBA", 3); /* 18 by NFKC */
    const char *out = text_clean(t, in, 30000, &a);
    assert_int_equal(utf8_length(out, strlen(out)), 18 * 10000);
    for (size_t i = 0; i < 100000; i++) memcpy(in + 3 * i, "张", 3);
    assert_int_equal(strlen(text_roman(t, in, 300000, &a)), 500000);
    assert_true(strlen(text_sort_key(t, in, 300000, &a)) > 100000);
    arena_rewind(&a, m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),     cmocka_unit_test(test_key),
        cmocka_unit_test(test_roman),     cmocka_unit_test(test_order),
        cmocka_unit_test(test_version),   cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_roman_table), cmocka_unit_test(test_long),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
