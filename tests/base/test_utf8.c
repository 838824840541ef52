#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/utf8.h"

/* Decodes by the definition of the encoding and then asks whether the value was entitled to that
 * many bytes. */
static size_t check_slowly(const char *s, size_t n)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t i = 0;
    while (i < n) {
        size_t length = 0;
        uint32_t cp = 0;
        if (p[i] >> 7 == 0) length = 1, cp = p[i];
        if (p[i] >> 5 == 6) length = 2, cp = p[i] & 31;
        if (p[i] >> 4 == 14) length = 3, cp = p[i] & 15;
        if (p[i] >> 3 == 30) length = 4, cp = p[i] & 7;
        if (length == 0 || length > n - i) return i;
        for (size_t k = 1; k < length; k++) {
            if (p[i + k] >> 6 != 2) return i;
            cp = cp * 64 + (p[i + k] & 63);
        }
        size_t entitled = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
        if (length != entitled || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff)) return i;
        i += length;
    }
    return n;
}

static void short_sequences(void **state)
{
    (void)state;
    static const unsigned char edge[] = { 0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0,
                                          0xe4, 0xff };
    const size_t n = sizeof edge;
    char s[4];
    for (unsigned a = 0; a < 256; a++) {
        s[0] = (char)a;
        if (utf8_check(s, 1) != check_slowly(s, 1)) fail();
        for (unsigned b = 0; b < 256; b++) {
            s[1] = (char)b;
            if (utf8_check(s, 2) != check_slowly(s, 2)) fail();
            for (size_t c = 0; c < n; c++) {
                s[2] = (char)edge[c];
                if (utf8_check(s, 3) != check_slowly(s, 3)) fail();
                for (size_t d = 0; d < n; d++) {
                    s[3] = (char)edge[d];
                    if (utf8_check(s, 4) != check_slowly(s, 4)) fail();
                }
            }
        }
    }
}

static size_t random_text(struct random *r, char *s, size_t most)
{
    size_t n = 0, want = (size_t)random_below(r, most - 4);
    uint32_t ascii = (uint32_t)random_below(r, 1000001);
    while (n < want) {
        uint32_t cp = (uint32_t)random_below(r, 0x80);
        if (!random_chance(r, ascii)) {
            static const uint32_t top[] = { 0x800, 0x10000, 0x110000, 0xa000 };
            cp = (uint32_t)random_below(r, top[random_below(r, 4)]);
        }
        if (cp >= 0xd800 && cp < 0xe000) continue;
        n += utf8_encode(cp, s + n);
    }
    return n;
}

/* Long texts, valid and with one byte changed or cut off, at every alignment. */
static void long_texts(void **state)
{
    (void)state;
    struct random r;
    char buffer[600];
    random_seed(&r, 7);
    for (int round = 0; round < 40000; round++) {
        char *s = buffer + random_below(&r, 17);
        size_t n = random_text(&r, s, 500);
        char *exact = malloc(n + 1); /* so that a sanitizer sees a read past the end */
        assert_non_null(exact);
        memcpy(exact, s, n);
        if (utf8_check(exact, n) != n || check_slowly(exact, n) != n) fail();
        if (n) exact[random_below(&r, n)] = (char)random_below(&r, 256);
        if (utf8_check(exact, n) != check_slowly(exact, n)) fail();
        size_t cut = (size_t)random_below(&r, n + 1);
        if (utf8_check(s, cut) != check_slowly(s, cut)) fail();
        free(exact);
    }
}

static void every_code_point(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        char s[4];
        size_t used, n = utf8_encode(cp, s);
        if (utf8_decode(s, n, &used) != cp || used != n) fail();
        bool surrogate = cp >= 0xd800 && cp < 0xe000;
        if ((utf8_check(s, n) == n) == surrogate) fail();
    }
    size_t used;
    assert_int_equal(utf8_decode("", 0, &used), 0);
    assert_int_equal(used, 0);
}

static void cutting(void **state)
{
    (void)state;
    struct random r;
    char s[120];
    random_seed(&r, 8);
    for (int round = 0; round < 3000; round++) {
        size_t n = random_text(&r, s, sizeof s);
        for (size_t max = 0; max <= n + 2; max++) {
            size_t want = 0, used;
            for (size_t i = 0; i < n && i <= max; i += used) {
                utf8_decode(s + i, n - i, &used);
                if (i + used <= max) want = i + used;
            }
            if (utf8_cut(s, n, max) != want) fail();
        }
    }
    /* No UTF-8 is cut somewhere, not beyond. */
    assert_true(utf8_cut("\x80\x80\x80\x80\x80\x80", 6, 5) <= 5);
    assert_int_equal(utf8_cut("ab\xe5", 3, 3), 2);
}

static void lengths_and_widths(void **state)
{
    (void)state;
    assert_int_equal(utf8_length("墨玉 county", 13), 9);
    assert_int_equal(utf8_width("abc", 3), 3);
    assert_int_equal(utf8_width("墨玉", 6), 4);
    assert_int_equal(utf8_width("（一）", 9), 6);
    assert_int_equal(utf8_width("é", 2), 1);
    assert_int_equal(utf8_width("e\xcc\x81", 3), 1);             /* a combining acute */
    assert_int_equal(utf8_width("བོད", 9), 2);                    /* Tibetan with a vowel mark */
    assert_int_equal(utf8_width("ئۇيغۇر", 12), 6);
    assert_int_equal(utf8_width("👪", 4), 2);
    assert_int_equal(utf8_width("\xe2\x80\x8b", 3), 0);          /* zero width space */
    assert_int_equal(utf8_width("𠀀", 4), 2);
    assert_int_equal(utf8_width("한", 3), 2);
    assert_int_equal(utf8_width("ｱ", 3), 1);                      /* half-width katakana */
    assert_int_equal(utf8_width("±·×", 6), 3);
    assert_int_equal(utf8_width("", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_sequences), cmocka_unit_test(long_texts),
        cmocka_unit_test(every_code_point), cmocka_unit_test(cutting),
        cmocka_unit_test(lengths_and_widths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
