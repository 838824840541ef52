#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/random.h"

/* Gives its bytes in pieces of 1 to `most`. */
struct pieces { struct csv_memory m; struct random r; uint64_t most; };

static long give_piece(void *arg, char *p, size_t n, struct err *e)
{
    struct pieces *s = arg;
    (void)e;
    size_t piece = (size_t)random_below(&s->r, s->most) + 1;
    if (piece > n) piece = n;
    if (piece > s->m.n) piece = s->m.n;
    memcpy(p, s->m.p, piece);
    s->m.p += piece;
    s->m.n -= piece;
    return (long)piece;
}

/* What the reader says of a text, as text: "line:field|field" and "line!column message" lines;
 * fields that were quoted stand in brackets. */
static void tell(struct buf *out, struct csv *c)
{
    const struct csv_field *f;
    int n;
    struct err e;
    for (;;) {
        enum csv_result result = csv_next(c, &f, &n, &e);
        if (result == CSV_END) return;
        buf_int(out, csv_line(c));
        if (result != CSV_ROW) {
            assert_null(f);
            assert_int_equal(n, 0);
            buf_printf(out, "!%d %s\n", csv_column(c), e.message);
            if (result == CSV_ERROR) return;
            continue;
        }
        for (int i = 0; i < n; i++) {
            buf_char(out, i ? '|' : ':');
            if (f[i].quoted) buf_char(out, '[');
            buf_add(out, f[i].p, f[i].n);
            if (f[i].quoted) buf_char(out, ']');
        }
        buf_char(out, '\n');
    }
}

static void says(const char *text, size_t n, const struct csv_options *opt, const char *want)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    for (size_t chunk = 0; chunk < 50; chunk++) {
        struct csv_options options = opt ? *opt : (struct csv_options){ .separator = ',' };
        struct pieces s = { .m = { text, n }, .most = 1 + chunk % 7 };
        random_seed(&s.r, chunk);
        options.chunk = chunk ? 15 + chunk : 0;
        struct csv *c = csv_open((struct csv_source){ give_piece, &s }, &options);
        buf_clear(&out);
        tell(&out, c);
        csv_close(c);
        if (strcmp(out.p, want) != 0) fail_msg("chunk %zu:\n%s---\n%s", chunk, out.p, want);
    }
    buf_free(&out);
}

#define SAYS(text, want) says(text, sizeof text - 1, NULL, want)

static void plain_files(void **state)
{
    (void)state;
    SAYS("", "");
    SAYS("a,b\n1,2\n", "1:a|b\n2:1|2\n");
    SAYS("a,b\r\n1,2\r\n", "1:a|b\n2:1|2\n");
    SAYS("a,b\r1,2\r", "1:a|b\n2:1|2\n");
    SAYS("a,b\n1,2", "1:a|b\n2:1|2\n");
    SAYS("\xEF\xBB\xBF姓名,村\n张三,墨玉\n", "1:姓名|村\n2:张三|墨玉\n");
    SAYS("\xEF\xBB\xBF", "");
    SAYS(",\n,,\n", "1:|\n2:||\n");
    SAYS("\n\n\r\na\n\r\r\nb\n\n", "4:a\n7:b\n");
    SAYS(" a , b \n", "1: a | b \n");
    SAYS("a\tb;c\n", "1:a\tb;c\n");
}

static void quoted_fields(void **state)
{
    (void)state;
    SAYS("\"a\",\"b\"\n", "1:[a]|[b]\n");
    SAYS("\"\"\n", "1:[]\n");
    SAYS("\"a,b\",\"c\"\"d\"\n", "1:[a,b]|[c\"d]\n");
    SAYS("\"\"\"\"\"\",\"\"\"\"", "1:[\"\"]|[\"]\n");
    SAYS("\"a\nb\",1\nc,2\n", "1:[a\nb]|1\n3:c|2\n");
    SAYS("\"a\r\nb\rc\",1\r\nd,2\r\n", "1:[a\r\nb\rc]|1\n4:d|2\n");
    SAYS("x,\"a\"\ry,\"b\"\r\nz,\"c\"", "1:x|[a]\n2:y|[b]\n3:z|[c]\n");
}

static void bad_rows(void **state)
{
    (void)state;
    SAYS("a,b\"c,d\nnext\n", "1!2 a quote inside a field without quotes\n2:next\n");
    SAYS("a,\"b\"c,\"d\ne\"\nnext\n", "1!2 text after a closing quote\n"
                                     "2!1 a quote inside a field without quotes\n3:next\n");
    SAYS("a,\"b\" ,c\r\nnext\r\n", "1!2 text after a closing quote\n2:next\n");
    SAYS("ok\na,\"b\nc,d\n", "1:ok\n2!2 a quoted field is not closed before the end of the file\n");
    SAYS("a,\"", "1!2 a quoted field is not closed before the end of the file\n");
    SAYS("a,\"b\"\"", "1!2 a quoted field is not closed before the end of the file\n");
    SAYS("a,b\n1,x\0y,2\n3,4\n", "1:a|b\n2!2 a NUL byte at byte 4 of the row\n3:3|4\n");
    SAYS("a\n\0\nb\n", "1:a\n2!1 a NUL byte at byte 1 of the row\n3:b\n");
    SAYS("a,\"x,\0\"\nb\n", "1!2 a NUL byte at byte 6 of the row\n2:b\n");
    SAYS("姓,\xd0\xd5\n好\n", "1!2 invalid UTF-8 (0xd0) at byte 5 of the row\n2:好\n");
    SAYS("\"a,b\",c,\"\xed\xa0\x80\"\nok\n",
         "1!3 invalid UTF-8 (0xed) at byte 10 of the row\n2:ok\n");
    SAYS("a,\xe5\xbc\nb\n", "1!2 invalid UTF-8 (0xe5) at byte 3 of the row\n2:b\n");
    SAYS("a\n\xe5\xbc", "1:a\n2!1 invalid UTF-8 (0xe5) at byte 1 of the row\n");
    SAYS("\xff\n\xff\n\0\nok\n\xff", "1!1 invalid UTF-8 (0xff) at byte 1 of the row\n"
                                     "2!1 invalid UTF-8 (0xff) at byte 1 of the row\n"
                                     "3!1 a NUL byte at byte 1 of the row\n4:ok\n"
                                     "5!1 invalid UTF-8 (0xff) at byte 1 of the row\n");
    SAYS("a\0\xff\n", "1!1 a NUL byte at byte 2 of the row\n");
}

static void limits(void **state)
{
    (void)state;
    const struct csv_options opt = { .separator = ',', .max_field = 5, .max_row = 21,
                                     .max_columns = 4 };
#define LIMITED(text, want) says(text, sizeof text - 1, &opt, want)
    LIMITED("12345,1\n123456,2\n,123456\n", "1:12345|1\n2!1 a field of more than 5 bytes\n"
                                            "3!2 a field of more than 5 bytes\n");
    LIMITED("\"\"\"\"\"\"\"\"\"\"\"\",x\n", "1:[\"\"\"\"\"]|x\n");
    LIMITED("\"\"\"\"\"\"\"\"\"\"\"\"\"\",x\nok\n", "1!1 a field of more than 5 bytes\n2:ok\n");
    LIMITED("a,b,c,d\na,b,c,d,e\n,,,,\n,,,\"x\ny\",\"\",\nok\n",
            "1:a|b|c|d\n2!5 more than 4 columns\n3!5 more than 4 columns\n"
            "4!5 more than 4 columns\n6:ok\n");
    LIMITED("\"\"\"1\",\"\"\"1\",\"\"\"1\",\"1\"\n\"\"\"1\",\"\"\"1\",\"\"\"1\",\"12\"\n",
            "1:[\"1]|[\"1]|[\"1]|[1]\n2!0 a row of more than 21 bytes\n");
#undef LIMITED
}

/* A source without end of memory: `head`, then `fill` bytes of one kind, then `tail`. */
struct endless { const char *head, *tail; uint64_t fill; char byte; int phase; };

static long give_endless(void *arg, char *p, size_t n, struct err *e)
{
    struct endless *s = arg;
    (void)e;
    if (s->phase == 1 && s->fill) {
        if (n > s->fill) n = (size_t)s->fill;
        memset(p, s->byte, n);
        s->fill -= n;
        return (long)n;
    }
    const char *text = s->phase == 0 ? s->head : s->phase < 3 ? s->tail : "";
    s->phase = s->phase ? 3 : 1;
    size_t length = strlen(text);
    assert_true(length <= n);
    memcpy(p, text, length);
    return (long)length;
}

static long memory_now(void)
{
    long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%ld %ld", &pages, &resident) != 2) resident = 0;
    if (f) fclose(f);
    return resident * 4096;
}

/* 100 MB in one field are passed over in the memory of a few ordinary rows. */
static void a_field_without_end(void **state)
{
    (void)state;
    static const struct { const char *head, *tail, *want; char byte; } cases[] = {
        { "a,", ",\"x\ny\",z\nok\n", "1!2 a field of more than 100000 bytes\n3:ok\n", 'x' },
        { "a,\"", "\"\r\nok\n", "1!2 a field of more than 100000 bytes\n2:ok\n", 'x' },
        { "a,\"", "\"x\"\rok\n", "1!2 a field of more than 100000 bytes\n2:ok\n", '\t' },
        { "a,\"", "y", "1!2 a quoted field is not closed before the end of the file\n", 'x' },
        { "a,b", "\nok\n", "1!4097 more than 4096 columns\n2:ok\n", ',' },
        { "a,\"", ",\"\nok", "1!2 a field of more than 100000 bytes\n2:ok\n", '"' },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct endless s = { .head = cases[i].head, .tail = cases[i].tail, .byte = cases[i].byte,
                             .fill = 100000000 };
        struct csv_options opt = { .separator = ',', .max_field = 100000, .max_row = 1000000 };
        struct csv *c = csv_open((struct csv_source){ give_endless, &s }, &opt);
        struct buf out;
        buf_init(&out, 1 << 20);
        long before = memory_now();
        tell(&out, c);
        assert_true(memory_now() - before < 20000000);
        assert_string_equal(out.p, cases[i].want);
        assert_true(csv_bytes(c) > 100000000);
        csv_close(c);
        buf_free(&out);
    }
}

static void what_is_known_of_a_row(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF" "a,\"b\"\"\"\r\n\n\"x\ny\"\nq\"\nlast";
    struct csv_memory m = { text, sizeof text - 1 };
    struct csv *c = csv_open(csv_from_memory(&m), NULL);
    const struct csv_field *f;
    int n;
    struct err e = { 0 };
    size_t raw;
    assert_int_equal(csv_separator(c), 0);
    assert_int_equal(csv_next(c, &f, &n, &e), CSV_ROW);
    assert_int_equal(csv_separator(c), ',');
    assert_memory_equal(csv_raw(c, &raw), "a,\"b\"\"\"", 7);
    assert_true(raw == 7 && csv_line(c) == 1 && csv_row(c) == 1 && csv_column(c) == 0);
    assert_int_equal(csv_next(c, &f, &n, &e), CSV_ROW);
    assert_memory_equal(csv_raw(c, &raw), "\"x\ny\"", 5);
    assert_true(raw == 5 && csv_line(c) == 3 && csv_row(c) == 2);
    assert_int_equal(csv_next(c, &f, &n, &e), CSV_BAD);
    assert_memory_equal(csv_raw(c, &raw), "q\"", 2);
    assert_true(raw == 2 && csv_line(c) == 5 && csv_row(c) == 3 && csv_column(c) == 1);
    assert_int_equal(e.code, ERR_INVALID);
    assert_int_equal(csv_next(c, &f, &n, &e), CSV_ROW);
    assert_true(csv_line(c) == 6 && csv_row(c) == 4 && f[0].n == 4 && csv_column(c) == 0);
    for (int i = 0; i < 3; i++) assert_int_equal(csv_next(c, &f, &n, &e), CSV_END);
    assert_int_equal(csv_bytes(c), sizeof text - 1);
    csv_close(c);
    csv_close(NULL);
}

static void separators(void **state)
{
    (void)state;
    static const struct { const char *text; char want; } cases[] = {
        { "a,b;c,d\n", ',' }, { "a;b;c,d\n", ';' }, { "a\tb\tc;d,e\n", '\t' },
        { "abc\n1;2\n", ',' },
        { "", ',' }, { "\"a;b;c\",d\n", ',' }, { "\n\r\na;b\n,,,,", ';' }, { "a;b,c\td", ',' },
        { "\"x\n;;\",\"y\"\n", ',' }, { "a;b\tc", ';' },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct csv_memory m = { cases[i].text, strlen(cases[i].text) };
        struct csv *c = csv_open(csv_from_memory(&m), NULL);
        const struct csv_field *f;
        int n;
        struct err e;
        csv_next(c, &f, &n, &e);
        assert_int_equal(csv_separator(c), cases[i].want);
        csv_close(c);
    }
    const struct csv_options tab = { .separator = '\t' };
    says("a,b\tc\n", 6, &tab, "1:a,b|c\n");
}

static long broken_source(void *arg, char *p, size_t n, struct err *e)
{
    int *calls = arg;
    if (n < 4 || ++*calls > 1) {
        err_set(e, ERR_CORRUPT, "the disk is gone");
        return -1;
    }
    memcpy(p, "a\nb\n", 4);
    return 4;
}

static void failing_sources(void **state)
{
    (void)state;
    int calls = 0;
    struct csv *c = csv_open((struct csv_source){ broken_source, &calls }, NULL);
    const struct csv_field *f;
    int n;
    for (int i = 0; i < 3; i++) {
        struct err e = { 0 };
        assert_int_equal(csv_next(c, &f, &n, &e), CSV_ERROR);
        assert_int_equal(e.code, ERR_CORRUPT);
        assert_string_equal(e.message, "the disk is gone");
    }
    assert_int_equal(calls, 2);
    csv_close(c);
}

static void from_a_file(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    struct buf line;
    buf_init(&line, 1000);
    for (int i = 0; i < 40000; i++) fprintf(file, "%d,村%d,\"%d\"\"%d\"\r\n", i, i, i, i);
    rewind(file);
    struct csv *c = csv_open(csv_from_file(file), NULL);
    const struct csv_field *f;
    int n, i = 0;
    struct err e;
    while (csv_next(c, &f, &n, &e) == CSV_ROW) {
        buf_clear(&line);
        buf_printf(&line, "%d|村%d|%d\"%d", i, i, i, i);
        assert_int_equal(n, 3);
        struct buf got;
        buf_init(&got, 1000);
        for (int k = 0; k < n; k++) {
            if (k) buf_char(&got, '|');
            buf_add(&got, f[k].p, f[k].n);
        }
        assert_string_equal(got.p, line.p);
        buf_free(&got);
        assert_int_equal(csv_line(c), ++i);
    }
    assert_int_equal(i, 40000);
    buf_free(&line);
    csv_close(c);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_files),     cmocka_unit_test(quoted_fields),
        cmocka_unit_test(bad_rows),        cmocka_unit_test(limits),
        cmocka_unit_test(a_field_without_end), cmocka_unit_test(what_is_known_of_a_row),
        cmocka_unit_test(separators),      cmocka_unit_test(failing_sources),
        cmocka_unit_test(from_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
