/* Writing workbooks: what is written reads back the same; what the file says to a spreadsheet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <minizip/unzip.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/count.h"
#include "base/date.h"
#include "base/money.h"
#include "base/random.h"
#include "base/utf8.h"
#include "support/workbooks.h"

static struct buf out;
static char path[64];

static int start(void **state)
{
    (void)state;
    buf_init(&out, (size_t)1 << 26);
    snprintf(path, sizeof path, "/tmp/jiedui-test-%d.xlsx", (int)getpid());
    return 0;
}

static int stop(void **state)
{
    (void)state;
    buf_free(&out);
    unlink(path);
    return 0;
}

static struct xlsx_out *create(const char *sheet, const struct xlsx_column *cols, int n)
{
    struct xlsx_out *x;
    struct err e = { 0 };
    if (!xlsx_create(&x, path, sheet, cols, n, &e)) fail_msg("%s", e.message);
    return x;
}

static void write_row(struct xlsx_out *x, const struct val *row, int n)
{
    struct err e = { 0 };
    if (!xlsx_write_row(x, row, n, &e)) fail_msg("%s", e.message);
}

static void finish(struct xlsx_out *x)
{
    struct err e = { 0 };
    if (!xlsx_finish(x, &e)) fail_msg("%s", e.message);
}

/* The text of one part of the file. */
static const char *part(const char *name)
{
    unzFile z = unzOpen64(path);
    char piece[4096];
    int n;
    assert_non_null(z);
    buf_clear(&out);
    if (unzLocateFile(z, name, 1) == UNZ_OK && unzOpenCurrentFile(z) == UNZ_OK)
        while ((n = unzReadCurrentFile(z, piece, sizeof piece)) > 0)
            buf_add(&out, piece, (size_t)n);
    unzClose(z);
    return out.p;
}

static const struct xlsx_column kinds[] = {
    { .title = "编号" },
    { .title = "count", .kind = XLSX_NUMBER },
    { .title = "share", .kind = XLSX_NUMBER, .scale = 4 },
    { .title = "day", .kind = XLSX_DATE },
    { .title = "amount", .kind = XLSX_MONEY },
};

static void test_kinds(void **state)
{
    (void)state;
    struct xlsx_out *x = create("data", kinds, COUNT(kinds));
    write_row(x, (struct val[]){ val_int(INT64_C(653223000000)), val_int(-7), val_int(12345),
                                 val_int(date_make(2020, 5, 27)), val_int(123456) }, 5);
    write_row(x, (struct val[]){ val_text("=1+1"), val_null(), val_null(), val_null(),
                                 val_null() }, 5);
    write_row(x, (struct val[5]){ 0 }, 5);
    write_row(x, (struct val[]){ val_text(""), val_int(INT64_MAX), val_int(INT64_MIN),
                                 val_int(date_make(1899, 12, 31)), val_int(INT64_MAX) }, 5);
    write_row(x, (struct val[]){ val_text("http://x/"), val_text("约2000"), val_int(1),
                                 val_int(date_make(1900, 3, 1)), val_int(0) }, 5);
    write_row(x, (struct val[]){ val_int(1), val_int(999999999999999),
                                 val_int(INT64_C(5000000000000000)), val_int(DATE_MAX),
                                 val_int(-INT64_C(999999999999999)) }, 5);
    finish(x);
    workbook_read(path, NULL, true, &out);
    assert_string_equal(out.p, "1:编号|count|share|day|amount|\n"
                        "2:653223000000|-7|1.2345|2020-05-27|1234.56|\n3:=1+1|||||\n"
                        "5:|9223372036854775807|-922337203685477.5808|1899-12-31|"
                        "92233720368547758.07|\n"
                        "6:http://x/|约2000|0.0001|1900-03-01|0|\n"
                        "7:1|999999999999999|500000000000|9999-12-31|-9999999999999.99|\n");
    part("xl/worksheets/sheet1.xml");
    assert_null(strstr(out.p, "<f>"));
    assert_non_null(strstr(out.p, "<pane ySplit=\"1\" topLeftCell=\"A2\""));
    assert_non_null(strstr(part("xl/styles.xml"), "<b/>"));
}

/* A cell of any text, of the characters XML refuses too. */
static size_t any_text(struct random *r, char *p, size_t most)
{
    static const char *const odd[] = { "_x000D_", "_x", "_xFFFF_", "\r", "\n", "\t", " ", "<&>\"'",
                                       "\x01", "\x1F", "\x7F", "\xEF\xBF\xBE", "\xEF\xBF\xBF",
                                       "=", "张伟", "\xF0\xA0\x80\x80", "]]>", "_x005F_" };
    size_t n = 0;
    for (uint64_t i = random_below(r, 6) + 1; i > 0 && n + 8 < most; i--) {
        if (random_chance(r, 500000)) {
            const char *s = odd[random_below(r, COUNT(odd))];
            memcpy(p + n, s, strlen(s));
            n += strlen(s);
        } else {
            uint32_t cp = (uint32_t)random_between(r, 1, random_chance(r, 500000) ? 126 : 0x10FFFF);
            n += utf8_encode(cp >= 0xD800 && cp < 0xE000 ? 0x4E00 : cp, p + n);
        }
    }
    return n;
}

/* One random cell and the text it must come back as. */
static struct val any_cell(struct random *r, int column, char *text, struct buf *want)
{
    char number[DECIMAL_TEXT];
    if (random_chance(r, 100000)) return val_null();
    if (column == 0) {
        size_t n = any_text(r, text, 100);
        buf_add(want, text, n);
        return val_textn(text, n);
    }
    int64_t v = (int64_t)(random_next(r) >> random_below(r, 64));
    if (random_chance(r, 300000)) v = -(v / 2);
    if (column == 3) {
        v = random_between(r, DATE_MIN, DATE_MAX);
        date_format((int32_t)v, number);
        buf_str(want, number);
        return val_int(v);
    }
    size_t n = decimal_format(v, column == 1 ? 0 : column == 2 ? 4 : 2, number), digits = 0;
    bool lead = true;
    size_t kept = n;
    if (column != 1) {
        while (number[kept - 1] == '0') kept--;
        if (number[kept - 1] == '.') kept--;
    }
    for (size_t i = 0; i < kept; i++) {
        lead = lead && (number[i] == '0' || number[i] == '-' || number[i] == '.');
        digits += !lead && number[i] != '.';
    }
    buf_add(want, number, digits > 15 ? n : kept); /* too long for a number: it comes as text */
    return val_int(v);
}

static void test_round_trip(void **state)
{
    struct random r;
    struct buf want;
    (void)state;
    buf_init(&want, (size_t)1 << 26);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        random_seed(&r, seed);
        struct xlsx_out *x = create("data", kinds, COUNT(kinds));
        buf_clear(&want);
        buf_str(&want, "1:编号|count|share|day|amount|\n");
        for (int i = 2; i < 300; i++) {
            char text[128];
            struct val row[5];
            bool any = false;
            size_t before = want.n;
            buf_printf(&want, "%d:", i);
            for (int c = 0; c < 5; c++) {
                row[c] = any_cell(&r, c, text, &want);
                any = any || !val_is_null(row[c]);
                buf_char(&want, '|');
            }
            buf_char(&want, '\n');
            if (!any) want.p[want.n = before] = '\0';
            write_row(x, row, 5);
        }
        finish(x);
        workbook_read(path, NULL, true, &out);
        assert_string_equal(out.p, want.p);
    }
    buf_free(&want);
}

/* Short lists stand in the sheet, long ones and those with commas on a hidden sheet. */
static void test_template(void **state)
{
    static char names[200][16];
    static const char *many[201];
    static const char *const few[] = { "男", "女", NULL };
    static const char *const commas[] = { "a,b", "c", NULL };
    const struct xlsx_column cols[] = {
        { .title = "性别", .choices = few, .note = "sex <as> registered", .width = 22 },
        { .title = "村", .choices = many },
        { .title = "x", .choices = commas },
        { .title = "", .kind = XLSX_DATE },
    };
    (void)state;
    for (int i = 0; i < 200; i++) {
        snprintf(names[i], sizeof names[i], "第%d村", i);
        many[i] = names[i];
    }
    struct xlsx_out *x = create("lists", cols, COUNT(cols));
    finish(x);
    part("xl/worksheets/sheet1.xml");
    assert_non_null(strstr(out.p, "\"A2:A1048576\"><formula1>\"男,女\"</formula1>"));
    assert_non_null(strstr(out.p, "\"B2:B1048576\"><formula1>'lists 2'!$B$1:$B$200</formula1>"));
    assert_non_null(strstr(out.p, "\"C2:C1048576\"><formula1>'lists 2'!$A$1:$A$2</formula1>"));
    assert_non_null(strstr(out.p, "<col min=\"1\" max=\"1\" width=\"22"));
    part("xl/workbook.xml");
    assert_non_null(strstr(out.p, "name=\"lists 2\" sheetId=\"2\" state=\"hidden\""));
    assert_non_null(strstr(part("xl/comments1.xml"), "sex &lt;as&gt; registered"));
    part("xl/worksheets/sheet2.xml");
    assert_non_null(strstr(out.p, "a,b"));
    assert_non_null(strstr(out.p, "第199村"));
    workbook_read(path, NULL, true, &out);
    assert_string_equal(out.p, "1:性别|村|x|\n");
}

static void test_sheets(void **state)
{
    struct err e = { 0 };
    const struct xlsx_column one[] = { { .title = "a", .kind = XLSX_NUMBER } };
    (void)state;
    struct xlsx_out *x = create("first", kinds, COUNT(kinds));
    write_row(x, (struct val[]){ val_text("x"), val_int(1), val_int(1), val_int(0), val_int(1) },
              5);
    assert_false(xlsx_add_sheet(x, "FIRST", one, 1, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_true(xlsx_add_sheet(x, "第二", one, 1, &e));
    assert_false(xlsx_write_row(x, (struct val[5]){ 0 }, 5, &e));
    write_row(x, (struct val[]){ val_int(42) }, 1);
    finish(x);
    workbook_read(path, NULL, true, &out);
    assert_string_equal(out.p, "1:编号|count|share|day|amount|\n2:x|1|0.0001|1970-01-01|0.01|\n"
                        "1:a|\n2:42|\n");
}

static void test_names(void **state)
{
    static const char *const bad[] = {
        "", "a[b", "a]b", "a:b", "a*b", "a?b", "a/b", "a\\b", "'a", "a'", "a\nb\x01", "a\xFF",
        "1234567890123456789012345678901_", "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二",
        "123456789012345678901234567890\xF0\xA0\x80\x80",
    };
    struct xlsx_out *x;
    struct stat st;
    struct err e = { 0 };
    (void)state;
    unlink(path);
    for (int i = 0; i < COUNT(bad); i++) {
        assert_false(xlsx_create(&x, path, bad[i], kinds, 1, &e));
        assert_int_equal(e.code, ERR_INVALID);
    }
    assert_false(xlsx_create(&x, "/nonexistent/x.xlsx", "a", kinds, 1, &e));
    assert_string_equal(e.message, "/nonexistent/x.xlsx.part: No such file or directory");
    assert_false(xlsx_create(&x, path, "a", kinds, 0, &e));
    assert_int_not_equal(stat(path, &st), 0);
    x = create("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一", kinds, 1);
    finish(x);
    assert_int_equal(stat(path, &st), 0);
}

static void test_long_text(void **state)
{
    struct err e = { 0 };
    struct buf b;
    (void)state;
    buf_init(&b, 1 << 20);
    for (int i = 0; i < 32767; i++) buf_str(&b, "张");
    struct xlsx_out *x = create("data", kinds, 1);
    write_row(x, (struct val[]){ val_textn(b.p, b.n) }, 1);
    buf_str(&b, "x");
    assert_false(xlsx_write_row(x, (struct val[]){ val_textn(b.p, b.n) }, 1, &e));
    assert_string_equal(e.message, "row 3, column 1: a cell holds at most 32767 characters");
    assert_false(xlsx_write_row(x, (struct val[]){ val_blob("x", 1) }, 1, &e));
    xlsx_abandon(x);
    buf_free(&b);
}

/* The same rows give the same bytes, and nothing is left of a file that was given up. */
static void test_same_bytes(void **state)
{
    char *first = NULL;
    long length = 0;
    (void)state;
    for (int round = 0; round < 2; round++) {
        struct xlsx_out *x = create("data", kinds, 1);
        for (int i = 0; i < 1000; i++) write_row(x, (struct val[]){ val_int(i) }, 1);
        finish(x);
        FILE *f = fopen(path, "rb");
        char *p = malloc(1 << 20);
        long n = (long)fread(p, 1, 1 << 20, f);
        fclose(f);
        if (round == 0) {
            first = p;
            length = n;
            continue;
        }
        assert_int_equal(n, length);
        assert_memory_equal(p, first, (size_t)n);
        free(p);
    }
    free(first);
    struct stat st;
    char left[80];
    unlink(path);
    xlsx_abandon(create("data", kinds, 1));
    snprintf(left, sizeof left, "%s.part", path);
    assert_int_not_equal(stat(left, &st), 0);
    assert_int_not_equal(stat(path, &st), 0);
}

/* A disk that fills up, here a limit on a file's size: an error, and no file. */
static void test_full_disk(void **state)
{
    struct rlimit old, small;
    struct stat st;
    (void)state;
    unlink(path);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    for (rlim_t size = 1000; size < 2000000; size *= 3) {
        struct err e = { 0 };
        struct xlsx_out *x = create("data", kinds, 1);
        small = (struct rlimit){ size, old.rlim_max };
        setrlimit(RLIMIT_FSIZE, &small);
        bool ok = true;
        for (int i = 0; ok && i < 50000; i++)
            ok = xlsx_write_row(x, (struct val[]){ val_int(i) }, 1, &e);
        if (ok) {
            ok = xlsx_finish(x, &e);
        } else {
            xlsx_abandon(x);
        }
        setrlimit(RLIMIT_FSIZE, &old);
        assert_false(ok);
        assert_int_equal(e.code, ERR_FULL);
        assert_int_not_equal(stat(path, &st), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),     cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_template),  cmocka_unit_test(test_sheets),
        cmocka_unit_test(test_names),     cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_same_bytes), cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
