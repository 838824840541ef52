/* Decoding of files: every split of the bytes gives the same text, and faults name their byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "text/text.h"

/* Gives the bytes in pieces: `first`, then `step` at a time; fails at `fail` if set. */
struct pieces { const char *p; size_t n, at, first, step, fail; };

static long pieces_read(void *arg, char *p, size_t n, struct err *e)
{
    struct pieces *s = arg;
    size_t want = s->at == 0 ? s->first : s->step;
    if (s->fail && s->at >= s->fail) return err_set(e, ERR_INTERNAL, "the disk is gone"), -1;
    if (want > n) want = n;
    if (want > s->n - s->at) want = s->n - s->at;
    memcpy(p, s->p + s->at, want);
    s->at += want;
    return (long)want;
}

/* Reads all with small reads; returns false with e set on a fault. */
static bool decode(struct pieces s, enum text_encoding enc, size_t read, struct buf *out,
                   enum text_encoding *found, struct err *e)
{
    struct text_decoder *d = text_decoder_open((struct csv_source){ pieces_read, &s }, enc);
    struct csv_source src = text_decoder_source(d);
    char piece[4096];
    long got;
    buf_clear(out);
    while ((got = src.read(src.arg, piece, read, e)) > 0) buf_add(out, piece, (size_t)got);
    if (got == 0) assert_int_equal(src.read(src.arg, piece, read, e), 0);
    if (found) *found = text_decoder_encoding(d);
    text_decoder_close(d);
    return got == 0;
}

static void check(const char *in, size_t n, enum text_encoding enc, const char *want,
                  enum text_encoding want_enc)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    for (size_t split = 1; split <= n; split++) {
        for (size_t step = 1; step <= 3; step++) {
            struct err e = { 0 };
            enum text_encoding found;
            struct pieces s = { in, n, 0, split, step, 0 };
            assert_true(decode(s, enc, step, &out, &found, &e));
            assert_string_equal(out.p, want);
            assert_int_equal(found, want_enc);
        }
    }
    buf_free(&out);
}

#define BYTES(s) s, sizeof s - 1

static const char gb[] = "\xD5\xC5\xCE\xB0,\x95\x32\x82\x36,a\r\n\x81\x30\x84\x36"; /* 张伟,𠀀,a ¥ */
static const char gb_text[] = "张伟,\xF0\xA0\x80\x80,a\r\n\xC2\xA5";

static void test_encodings(void **state)
{
    (void)state;
    check(BYTES(gb), TEXT_GB18030, gb_text, TEXT_GB18030);
    check(BYTES(gb), TEXT_AUTO, gb_text, TEXT_GB18030);
    check(BYTES("\x84\x31\x95\x33\xD5\xC5"), TEXT_AUTO, "张", TEXT_GB18030);
    check(BYTES("\xEF\xBB\xBF张"), TEXT_AUTO, "\xEF\xBB\xBF张", TEXT_UTF8);
    check(BYTES("张伟,abc"), TEXT_AUTO, "张伟,abc", TEXT_UTF8);
    check(BYTES("abc"), TEXT_AUTO, "abc", TEXT_UTF8);
    check(BYTES("\xD5\xC5"), TEXT_AUTO, "张", TEXT_GB18030);
    check(BYTES("\xFF\xFE\x20\x5F\x40\xD8\x00\xDC"), TEXT_AUTO, "张\xF0\xA0\x80\x80", TEXT_UTF16LE);
    check(BYTES("\xFE\xFF\x5F\x20\xD8\x40\xDC\x00"), TEXT_AUTO, "张\xF0\xA0\x80\x80", TEXT_UTF16BE);
    check(BYTES("\x20\x5F"), TEXT_UTF16LE, "张", TEXT_UTF16LE);
    /* Under UTF-8, bad bytes pass: csv tells the row. */
    check(BYTES("a\xFFz"), TEXT_UTF8, "a\xFFz", TEXT_UTF8);
    check(BYTES("张伟李明王芳赵\xFF静"), TEXT_AUTO, "张伟李明王芳赵\xFF静", TEXT_UTF8);
    check("", 0, TEXT_AUTO, "", TEXT_UTF8);
}

/* Blocks longer than the decoder's own, with four-byte characters over every boundary. */
static void test_blocks(void **state)
{
    struct buf in, want, out;
    struct err e = { 0 };
    (void)state;
    buf_init(&in, 1 << 22);
    buf_init(&want, 1 << 22);
    buf_init(&out, 1 << 22);
    for (size_t shift = 0; shift < 4; shift++) {
        buf_clear(&in);
        buf_clear(&want);
        for (size_t i = 0; i < shift; i++) buf_char(&in, 'x'), buf_char(&want, 'x');
        for (int i = 0; i < 40000; i++) {
            buf_str(&in, i % 3 ? "\x95\x32\x82\x36" : "\xCE\xB0");
            buf_str(&want, i % 3 ? "\xF0\xA0\x80\x80" : "伟");
        }
        struct pieces s = { in.p, in.n, 0, 777, 1000, 0 };
        assert_true(decode(s, TEXT_AUTO, 4096, &out, NULL, &e));
        assert_int_equal(out.n, want.n);
        assert_memory_equal(out.p, want.p, want.n);
    }
    /* The first Chinese character may come long after the first block. */
    buf_clear(&in);
    for (int i = 0; i < 100000; i++) buf_char(&in, 'x');
    buf_str(&in, "\xD5\xC5");
    enum text_encoding found;
    struct pieces s = { in.p, in.n, 0, 1000, 1000, 0 };
    assert_true(decode(s, TEXT_AUTO, 4096, &out, &found, &e));
    assert_int_equal(found, TEXT_GB18030);
    assert_string_equal(out.p + 100000, "张");
    buf_free(&in);
    buf_free(&want);
    buf_free(&out);
}

static void check_fault(const char *in, size_t n, enum text_encoding enc, const char *good,
                        const char *message)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    for (size_t split = 1; split <= n; split++) {
        struct err e = { 0 };
        struct pieces s = { in, n, 0, split, 1, 0 };
        assert_false(decode(s, enc, 3, &out, NULL, &e));
        assert_string_equal(out.p, good); /* what lies before the fault is given out first */
        assert_int_equal(e.code, ERR_INVALID);
        assert_string_equal(e.message, message);
    }
    buf_free(&out);
}

static void test_faults(void **state)
{
    (void)state;
    check_fault(BYTES("ab\xD5\xC5\xFFz"), TEXT_GB18030, "ab张",
                "at byte 4 of the file: bytes mean no character in GB18030: FF 7A");
    check_fault(BYTES("a\x81\x30\x81\x41z"), TEXT_GB18030, "a",
                "at byte 1 of the file: bytes mean no character in GB18030: 81 30 81 41");
    check_fault(BYTES("ab\xD5"), TEXT_GB18030, "ab",
                "at byte 2 of the file: a character is cut off in GB18030: D5");
    check_fault(BYTES("a\0\x00\xDC" "b"), TEXT_UTF16LE, "a",
                "at byte 2 of the file: bytes mean no character in UTF-16LE: 00 DC 62");
    check_fault(BYTES("a\0b"), TEXT_UTF16LE, "a",
                "at byte 2 of the file: a character is cut off in UTF-16LE: 62");
}

static void test_source_fault(void **state)
{
    struct buf out;
    struct err e = { 0 };
    (void)state;
    buf_init(&out, 1 << 20);
    struct pieces s = { BYTES("abcdef"), 0, 2, 2, 4 };
    assert_false(decode(s, TEXT_AUTO, 10, &out, NULL, &e));
    assert_string_equal(e.message, "the disk is gone");
    buf_free(&out);
}

/* The offset is the file's, also beyond the first block. */
static void test_far_fault(void **state)
{
    struct buf in, out;
    struct err e = { 0 };
    (void)state;
    buf_init(&in, 1 << 22);
    buf_init(&out, 1 << 22);
    for (int i = 0; i < 70000; i++) buf_str(&in, "\xD5\xC5");
    buf_str(&in, "\xFF");
    buf_str(&in, "\xD5\xC5");
    struct pieces s = { in.p, in.n, 0, 100, 100, 0 };
    assert_false(decode(s, TEXT_AUTO, 4096, &out, NULL, &e));
    assert_int_equal(out.n, 210000);
    assert_non_null(strstr(e.message, "at byte 140000 of the file"));
    buf_free(&in);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encodings),    cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_faults),       cmocka_unit_test(test_source_fault),
        cmocka_unit_test(test_far_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
