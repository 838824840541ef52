/* Files that are damaged, cut, or made to harm: each gives one clear error and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/random.h"
#include "support/workbooks.h"

static struct buf out;

static int start(void **state)
{
    (void)state;
    buf_init(&out, (size_t)1 << 26);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    buf_free(&out);
    return 0;
}

static void expect_file(const void *p, size_t n, const char *want)
{
    char path[] = BOOK_PATH;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, p, n), n);
    close(fd);
    workbook_read(path, NULL, false, &out);
    assert_string_equal(out.p, want);
}

static void test_other_files(void **state)
{
    (void)state;
    expect_file("", 0, "!the file is empty\n");
    expect_file("a,b\r\n1,2\r\n", 10, "!the file is not an .xlsx workbook\n");
    expect_file("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "!the file is protected by a password or an "
                "old .xls: save it as .xlsx without a password\n");
    expect_file("PK\3\4 and so on", 13, "!the file is cut off or damaged (its table of parts, "
                "which stands at the end, is missing)\n");
    workbook_read("/nonexistent/x.xlsx", NULL, true, &out);
    assert_string_equal(out.p, "!No such file or directory\n");
}

static void test_other_archives(void **state)
{
    struct workbook w;
    (void)state;
    workbook_start(&w);
    workbook_part(&w, "readme.txt", "hello");
    workbook_end(&w);
    workbook_read(w.path, NULL, false, &out);
    assert_string_equal(out.p, "!the file is a ZIP archive but no .xlsx workbook\n");
    workbook_start(&w);
    workbook_part(&w, "_rels/.rels", RELATIONS
                  RELATION("r", "officeDocument", "word/document.xml") "</Relationships>");
    workbook_part(&w, "word/document.xml", "<w:document xmlns:w=\"w\"/>");
    workbook_end(&w);
    workbook_read(w.path, NULL, false, &out);
    assert_string_equal(out.p, "!word/document.xml: the file is no workbook but a <document>\n");
    workbook_start(&w);
    workbook_part(&w, "_rels/.rels", RELATIONS
                  RELATION("r", "officeDocument", "xl/workbook.bin") "</Relationships>");
    workbook_part(&w, "xl/workbook.bin", "x");
    workbook_end(&w);
    workbook_read(w.path, NULL, false, &out);
    assert_string_equal(out.p, "!the file is a binary workbook (.xlsb): save it as .xlsx\n");
    workbook_start(&w);
    workbook_frame(&w, "", "");
    workbook_end(&w);
    workbook_read(w.path, NULL, false, &out);
    assert_string_equal(out.p, "!xl/workbook.xml: the sheet data has no part in the file\n");
    workbook_start(&w);
    workbook_frame(&w, RELATION("s2", "styles", "styles.xml"), "");
    workbook_end(&w);
    workbook_read(w.path, NULL, false, &out);
    assert_string_equal(out.p, "!the part xl/styles.xml is missing from the file\n");
    workbook_start(&w);
    workbook_part(&w, "xl/workbook.xml", "<workbook><sheets/></workbook>");
    workbook_end(&w);
    workbook_read(w.path, NULL, false, &out);
    assert_string_equal(out.p, "!the workbook holds no visible sheet\n");
}

static void expect_sheet(const char *xml, const char *want)
{
    struct workbook w;
    workbook_start(&w);
    workbook_frame(&w, "", "");
    workbook_part(&w, "xl/worksheets/sheet1.xml", xml);
    workbook_end(&w);
    workbook_read(w.path, NULL, false, &out);
    assert_string_equal(out.p, want);
}

#define SHEET "!xl/worksheets/sheet1.xml, row 0: "

static void test_xml(void **state)
{
    (void)state;
    expect_sheet("<!DOCTYPE x [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;\">]><worksheet>&c;</worksheet>",
                 SHEET "a document type is declared, which such a file never needs\n");
    expect_sheet("<worksheet><sheetData>&x;</sheetData></worksheet>",
                 SHEET "the XML is broken at line 1, byte 22: undefined entity\n");
    expect_sheet("<worksheet><sheetData><row><c><v>1</v></c></row>",
                 "1:1|\n!xl/worksheets/sheet1.xml, row 1: the XML is broken at line 1, byte 48: no "
                 "element found\n");
    expect_sheet("<worksheet><sheetData><row><c><v>\xFF</v></c></row></sheetData></worksheet>",
                 "!xl/worksheets/sheet1.xml, row 1: the XML is broken at line 1, byte 33: not "
                 "well-formed (invalid token)\n");
    expect_sheet("<chartsheet/>", SHEET "the part is no worksheet but a <chartsheet>\n");
    expect_sheet("", SHEET "the XML is broken at line 1, byte 0: no element found\n");
    expect_sheet("<worksheet/>", "");
}

static void test_big_tags(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b, (size_t)1 << 24);
    for (int i = 0; i < 100; i++) buf_str(&b, "<a>");
    expect_sheet(b.p, SHEET "the part is no worksheet but a <a>\n");
    buf_clear(&b);
    buf_str(&b, "<worksheet>");
    for (int i = 0; i < 100; i++) buf_str(&b, "<a>");
    expect_sheet(b.p, SHEET "elements are nested more than 64 deep\n");
    expect_sheet("<worksheet><a><a><a><a><a><a><a><a><a><a>text</a></a></a></a></a></a></a></a></a>"
                 "</a></worksheet>", "");
    buf_clear(&b);
    buf_str(&b, "<worksheet a=\"");
    for (int i = 0; i < 3000000; i++) buf_char(&b, 'x');
    buf_str(&b, "\"/>");
    expect_sheet(b.p, SHEET "a tag is longer than 1048576 bytes\n");
    buf_clear(&b); /* text of any length is passed over, as long as no cell holds it */
    buf_str(&b, "<worksheet><sheetData/><x>");
    for (int i = 0; i < 3000000; i++) buf_char(&b, 'x');
    buf_str(&b, "</x></worksheet>");
    expect_sheet(b.p, "");
    buf_free(&b);
}

/* 64 MiB of blanks in some 64 KiB. */
static void test_bomb(void **state)
{
    struct workbook w;
    struct buf b;
    (void)state;
    buf_init(&b, (size_t)80 << 20);
    buf_str(&b, "<worksheet><sheetData>");
    for (int i = 0; i < 65536; i++) buf_printf(&b, "%1024s", "");
    buf_str(&b, "</sheetData></worksheet>");
    workbook_start(&w);
    workbook_frame(&w, "", "");
    workbook_bytes(&w, "xl/worksheets/sheet1.xml", b.p, b.n);
    workbook_end(&w);
    workbook_read(w.path, NULL, true, &out);
    assert_string_equal(out.p, SHEET "the part unpacks to more than 200 times its size\n");
    workbook_read(w.path, &(struct xlsx_limits){ .max_ratio = 2000 }, false, &out);
    assert_string_equal(out.p, "");
    buf_free(&b);
}

static void *slurp(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *p = malloc(1 << 20);
    *n = fread(p, 1, 1 << 20, f);
    fclose(f);
    return p;
}

static void make_small(struct workbook *w)
{
    static const struct book_parts parts = {
        .strings = "<si><t>a</t></si><si><r><t>b</t></r></si>",
        .styles = "<cellXfs><xf numFmtId=\"14\"/></cellXfs>",
        .rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>"
                "<c r=\"B1\" s=\"0\"><v>5</v></c></row>"
                "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>1</v></c></row>",
    };
    workbook_make(w, &parts);
}

/* A part that does not say what its check sum says is told; a password, too. */
static void test_damaged_part(void **state)
{
    struct workbook w;
    size_t n;
    (void)state;
    make_small(&w);
    workbook_read(w.path, NULL, true, &out);
    assert_string_equal(out.p, "1:a|1900-01-05|\n3:b||\n");
    unsigned char *p = slurp(w.path, &n);
    unlink(w.path);
    for (size_t i = 0; i + 46 < n; i++) { /* every entry of the table at the end */
        if (memcmp(p + i, "PK\1\2", 4) != 0) continue;
        p[i + 16] ^= 1; /* the check sum */
    }
    for (size_t i = 0; i + 30 < n; i++)
        if (memcmp(p + i, "PK\3\4", 4) == 0) p[i + 14] ^= 1;
    expect_file(p, n, "!_rels/.rels: the part is damaged: its check sum is wrong\n");
    for (size_t i = 0; i + 46 < n; i++)
        if (memcmp(p + i, "PK\1\2", 4) == 0) p[i + 8] |= 1;
    expect_file(p, n, "!_rels/.rels: the part is protected by a password\n");
    free(p);
}

/* Cut anywhere or with any byte changed, a file gives rows or an error, and never more. */
static void test_any_damage(void **state)
{
    struct workbook w;
    struct random r;
    size_t n;
    (void)state;
    make_small(&w);
    unsigned char *p = slurp(w.path, &n);
    random_seed(&r, 5);
    for (int round = 0; round < 3000; round++) {
        FILE *f = fopen(w.path, "wb");
        size_t keep = n, at = 0;
        unsigned char old = 0;
        if (round < 500) {
            keep = (size_t)random_below(&r, n);
        } else {
            at = (size_t)random_below(&r, n);
            old = p[at];
            p[at] = (unsigned char)random_next(&r);
        }
        assert_int_equal(fwrite(p, 1, keep, f), keep);
        fclose(f);
        if (round >= 500) p[at] = old;
        workbook_read(w.path, NULL, true, &out);
        bool whole = strcmp(out.p, "1:a|1900-01-05|\n3:b||\n") == 0;
        if (keep < n - 8) assert_false(whole); /* the last few bytes are zeros that say nothing */
        if (!whole) assert_non_null(strchr(out.p, '!'));
    }
    free(p);
    unlink(w.path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_files),  cmocka_unit_test(test_other_archives),
        cmocka_unit_test(test_xml),          cmocka_unit_test(test_big_tags),
        cmocka_unit_test(test_bomb),         cmocka_unit_test(test_damaged_part),
        cmocka_unit_test(test_any_damage),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
