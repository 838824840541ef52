/* Reading workbooks: what spreadsheets and other writers store, and what strangers may send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

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

static void expect_limited(struct book_parts parts, const struct xlsx_limits *lim, const char *want)
{
    struct workbook w;
    workbook_make(&w, &parts);
    workbook_read(w.path, lim, false, &out);
    assert_string_equal(out.p, want);
}

static void expect(struct book_parts parts, const char *want)
{
    expect_limited(parts, NULL, want);
}

#define ROW(n, cells) "<row r=\"" #n "\">" cells "</row>"
#define NUMBER(ref, v) "<c r=\"" ref "\"><v>" v "</v></c>"
#define STYLED(ref, s, v) "<c r=\"" ref "\" s=\"" #s "\"><v>" v "</v></c>"
#define TYPED(ref, t, v) "<c r=\"" ref "\" t=\"" t "\"><v>" v "</v></c>"
#define INLINE(ref, is) "<c r=\"" ref "\" t=\"inlineStr\"><is>" is "</is></c>"

static void test_strings(void **state)
{
    (void)state;
    expect((struct book_parts){
        .strings = "<si><t>张伟</t></si><si/>"
                   "<si><r><rPr><b/><rFont val=\"x\"/></rPr><t>rich </t></r><r><t>text</t></r>"
                   "<rPh sb=\"0\" eb=\"1\"><t>phonetic</t></rPh><phoneticPr fontId=\"1\"/></si>"
                   "<si><t xml:space=\"preserve\"> a &amp; b </t></si>",
        .rows = ROW(1, TYPED("A1", "s", "0") TYPED("B1", "s", "2") TYPED("C1", "s", "3"))
                ROW(2, TYPED("A2", "s", " 0 ") TYPED("B2", "s", "1") TYPED("C2", "str", "=x"))
                ROW(3, INLINE("A3", "<r><t>in</t></r><r><t>line</t></r><rPh><t>no</t></rPh>")
                       INLINE("B3", "<t>one</t>") TYPED("C3", "e", "#N/A"))
                ROW(4, TYPED("A4", "s", "4")) ROW(5, TYPED("A5", "s", "x")),
    }, "1:张伟|rich text| a & b |\n2:张伟||=x|\n3:inline|one|#N/A|\n"
       "4!xl/worksheets/sheet1.xml, row 4, cell A4: it names a shared string that is not there\n"
       "5!xl/worksheets/sheet1.xml, row 5, cell A5: it names a shared string that is not there\n");
    /* An escape stands for one UTF-16 unit; what is no escape stays. */
    expect((struct book_parts){
        .strings = "<si><t>a_x000D_b_x005F_x0041_</t></si>",
        .rows = ROW(1, TYPED("A1", "s", "0") INLINE("B1", "<t>_xD840__xDC00_ _xD840_ _x0000_</t>")
                       INLINE("C1", "<t>_x00e9__x00zz__x12_</t>")),
    }, "1:a\rb_x0041_|\xF0\xA0\x80\x80 _xD840_ _x0000_|\xC3\xA9_x00zz__x12_|\n");
}

static void test_gaps(void **state)
{
    (void)state;
    expect((struct book_parts){ .rows =
        ROW(2, NUMBER("B2", "1") NUMBER("D2", "2")) ROW(3, "<c r=\"A3\" s=\"0\"/>") "<row r=\"4\"/>"
        ROW(7, NUMBER("A7", "3")) "<row><c><v>4</v></c><c><v>5</v></c></row>"
        ROW(9, NUMBER("C9", "6") NUMBER("A9", "7") "<c><v>8</v></c>")
        ROW(10, "<c r=\"XFD10\" s=\"1\"/>" NUMBER("A10", "9")) },
        "2:|1||2|\n7:3||||\n8:4|5|||\n9:7|8|6||\n10:9||||\n");
}

static void test_values(void **state)
{
    (void)state;
    expect((struct book_parts){ .rows =
        ROW(1, TYPED("A1", "b", "1") TYPED("B1", "b", "0") TYPED("C1", "b", "true")
               TYPED("D1", "d", "2020-05-27T00:00:00") TYPED("E1", "d", "2020-05-27T09:30:00.000Z")
               TYPED("F1", "n", "1") TYPED("G1", "d", "2020-05-27"))
        ROW(2, "<c r=\"A2\"><f>SUM(B1:B9)</f><v>12.5</v></c>"
               "<c r=\"B2\" t=\"str\"><f>A1&amp;\"x\"</f><v>cached</v></c>"
               "<c r=\"C2\"><f>A9</f></c>"
               "<c r=\"D2\"><v>1</v><extLst><ext><v>2</v></ext></extLst></c>")
        ROW(3, TYPED("A3", "b", "2")) ROW(4, TYPED("A4", "q", "1")) ROW(5, NUMBER("A5", "1,5"))
        ROW(6, NUMBER("A6", "1") NUMBER("A6", "2")) ROW(7, NUMBER("7", "1")) },
        "1:1|0|1|2020-05-27|2020-05-27T09:30:00|1|2020-05-27|\n"
        "2:12.5|cached||1||||\n"
        "3!xl/worksheets/sheet1.xml, row 3, cell A3: the stored truth value is none\n"
        "4!xl/worksheets/sheet1.xml, row 4, cell A4: the cell is of an unknown type\n"
        "5!xl/worksheets/sheet1.xml, row 5, cell A5: the stored number is none\n"
        "6!xl/worksheets/sheet1.xml, row 6, cell A6: the cell is there twice\n"
        "7!xl/worksheets/sheet1.xml, row 7, cell A7: the cell has no proper reference\n");
}

static void test_numbers(void **state)
{
    static const char *const pairs[][2] = {
        { "653223000000", "653223000000" },       { "6.53223E11", "653223000000" },
        { "0.30000000000000004", "0.3" },         { "0.1", "0.1" },
        { "110101199003077012", "110101199003077012" },
        { "1.1010119900307701E+17", "110101199003077010" },
        { "1.10101199003077E+17", "110101199003077000" },
        { "1.234567890123456E15", "1234567890123456" },
        { "2.9999999999999996", "3" },            { "-0", "0" },
        { "007", "7" },                           { "1.50", "1.5" },
        { ".5", "0.5" },                          { "5.", "5" },
        { "-12.25", "-12.25" },                   { "1E-9", "0.000000001" },
        { "1.5e-05", "0.000015" },                { "1E-300", "1e-300" },
        { "-1.25E+40", "-1.25e40" },              { "1E+21", "1000000000000000000000" },
        { "123456789.123456789", "123456789.123457" },
        { "1234.5678", "1234.5678" },             { "9.949999999999999", "9.95" },
        { "0.000000000000000000000000000000000000000001", "1e-42" },
        { "12345678901234567890123456789012345678901234", "1.2345678901234568e43" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char rows[256], want[128];
        snprintf(rows, sizeof rows, ROW(1, NUMBER("A1", "%s")), pairs[i][0]);
        snprintf(want, sizeof want, "1:%s|\n", pairs[i][1]);
        expect((struct book_parts){ .rows = rows }, want);
    }
    static const char *const bad[] = { "abc", "1e", "1e999", "-", ".", "0x10", "1 2", "NaN" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char rows[256];
        snprintf(rows, sizeof rows, ROW(1, NUMBER("A1", "%s")), bad[i]);
        expect((struct book_parts){ .rows = rows },
               "1!xl/worksheets/sheet1.xml, row 1, cell A1: the stored number is none\n");
    }
}

static const char styles[] =
    "<numFmts>"
    "<numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"0.00&quot;days&quot;\"/>"
    "<numFmt numFmtId=\"166\" formatCode=\"[h]:mm\"/><numFmt numFmtId=\"167\" formatCode=\"h:mm\"/>"
    "<numFmt numFmtId=\"168\" formatCode=\"[Red][&gt;5]0.0;\\d0;yyyy\"/>"
    "<numFmt numFmtId=\"169\" formatCode=\"mmm\"/></numFmts>"
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf numFmtId=\"164\"/>"
    "<xf numFmtId=\"165\"/><xf numFmtId=\"166\"/><xf numFmtId=\"167\"/><xf numFmtId=\"168\"/>"
    "<xf numFmtId=\"31\"/><xf numFmtId=\"57\"/><xf numFmtId=\"21\"/><xf numFmtId=\"169\"/>"
    "<xf numFmtId=\"4\"/></cellXfs>";

static void test_dates(void **state)
{
    (void)state;
    expect((struct book_parts){ .styles = styles, .rows =
        ROW(1, STYLED("A1", 1, "43978") STYLED("B1", 2, "43978.395833333336")
               STYLED("C1", 3, "43978") STYLED("D1", 8, "43978") STYLED("E1", 9, "43978")
               STYLED("F1", 11, "43978"))
        ROW(2, STYLED("A2", 0, "43978") STYLED("B2", 4, "43978") STYLED("C2", 7, "43978")
               STYLED("D2", 12, "43978") STYLED("E2", 99, "43978"))
        ROW(3, STYLED("A3", 5, "1.5") STYLED("B3", 6, "0.5") STYLED("C3", 10, "0.999999")
               STYLED("D3", 6, "43978.5") STYLED("E3", 1, "0"))
        ROW(4, STYLED("A4", 2, "43977.999999") STYLED("B4", 1, "43978.99999999999")
               STYLED("C4", 1, "4.3978E4"))
        ROW(5, STYLED("A5", 1, "1") STYLED("B5", 1, "59") STYLED("C5", 1, "60")
               STYLED("D5", 1, "61"))
        ROW(6, STYLED("A6", 1, "2958465") STYLED("B6", 1, "2958466") STYLED("C6", 1, "-1")
               STYLED("D6", 2, "2958465.9999999") STYLED("E6", 1, "1e20")) },
        "1:2020-05-27|2020-05-27T09:30:00|2020-05-27|2020-05-27|2020-05-27|2020-05-27|\n"
        "2:43978|43978|43978|43978|43978||\n"
        "3:36:00:00|12:00:00|00:00:00|2020-05-27T12:00:00|00:00:00||\n"
        "4:2020-05-27|2020-05-28|2020-05-27||||\n"
        "5:1900-01-01|1900-02-28|1900-02-29|1900-03-01|||\n"
        "6:9999-12-31|2958466|-1|2958465.9999999|100000000000000000000||\n");
    expect((struct book_parts){ .styles = styles, .properties = "date1904=\"1\"", .rows =
        ROW(1, STYLED("A1", 1, "42516") STYLED("B1", 1, "0") STYLED("C1", 6, "0.25")
               STYLED("D1", 1, "2957003") STYLED("E1", 1, "2957004")) },
        "1:2020-05-27|1904-01-01|06:00:00|9999-12-31|2957004|\n");
}

/* Sheets are found through the relations, wherever and in whichever order they lie. */
static void test_sheets(void **state)
{
    struct workbook w;
    struct xlsx *x;
    struct err e = { 0 };
    (void)state;
    workbook_start(&w);
    workbook_part(&w, "_rels/.rels", RELATIONS RELATION("a", "officeDocument", "/book/main.xml")
                  "</Relationships>");
    workbook_part(&w, "book/main.xml",
                  "<x:workbook xmlns:x=\"m\" xmlns:q=\"r\"><x:sheets>"
                  "<x:sheet name=\"二\" sheetId=\"4\" q:id=\"k2\"/>"
                  "<x:sheet name=\"hidden\" sheetId=\"5\" state=\"hidden\" q:id=\"k1\"/>"
                  "<x:sheet name=\"chart\" sheetId=\"6\" q:id=\"k3\"/>"
                  "<x:sheet name=\"一\" sheetId=\"9\" state=\"visible\" q:id=\"k1\"/>"
                  "</x:sheets></x:workbook>");
    workbook_part(&w, "book/_rels/main.xml.rels",
                  RELATIONS RELATION("k1", "worksheet", "../other/./One.xml")
                  RELATION("k2", "worksheet", "two.xml") RELATION("k3", "chartsheet", "c.xml")
                  "<Relationship Id=\"k4\" Type=\"x/hyperlink\" Target=\"http://e/\" "
                  "TargetMode=\"External\"/></Relationships>");
    workbook_part(&w, "other/one.xml", "<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row>"
                  "<x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>");
    workbook_part(&w, "book/two.xml", "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>2</v></c>"
                  "</row><row r=\"2\"><c r=\"A2\"><v>3</v></c></row></sheetData></worksheet>");
    workbook_end(&w);
    assert_true(xlsx_open(&x, w.path, NULL, &e));
    assert_int_equal(xlsx_sheet_count(x), 2);
    assert_string_equal(xlsx_sheet_name(x, 0), "二");
    assert_string_equal(xlsx_sheet_name(x, 1), "一");
    assert_null(xlsx_sheet_name(x, 2));
    buf_clear(&out);
    workbook_read_sheet(x, 1, &out);
    workbook_read_sheet(x, 0, &out);
    assert_string_equal(out.p, "1:1|\n1:2|\n2:3|\n");
    /* A sheet may be left half-way and begun again. */
    const struct csv_field *f;
    int n;
    uint64_t total;
    assert_true(xlsx_sheet(x, 0, &e));
    assert_int_equal(xlsx_next(x, &f, &n, &e), CSV_ROW);
    assert_true(xlsx_bytes(x, &total) <= total);
    assert_true(total > 0);
    assert_true(xlsx_sheet(x, 0, &e));
    assert_int_equal(xlsx_next(x, &f, &n, &e), CSV_ROW);
    assert_int_equal(f[0].p[0], '2');
    assert_false(xlsx_sheet(x, 2, &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    assert_int_equal(xlsx_next(x, &f, &n, &e), CSV_ERROR);
    xlsx_close(x);
    unlink(w.path);
}

static void test_order(void **state)
{
    (void)state;
    expect((struct book_parts){ .rows = ROW(2, NUMBER("A2", "1")) ROW(1, NUMBER("A1", "2")) },
           "2:1|\n!xl/worksheets/sheet1.xml, row 2: row 1 stands behind row 2\n");
    expect((struct book_parts){ .rows = ROW(2, NUMBER("A2", "1")) ROW(2, NUMBER("B2", "2")) },
           "2:1|\n!xl/worksheets/sheet1.xml, row 2: row 2 stands behind row 2\n");
    expect((struct book_parts){ .rows = ROW(x, NUMBER("A1", "1")) },
           "!xl/worksheets/sheet1.xml, row 0: a row behind row 0 has no proper number\n");
}

static void test_limits(void **state)
{
    struct xlsx_limits lim = { .max_columns = 3, .max_cell = 4 };
    (void)state;
    expect_limited((struct book_parts){
        .strings = "<si><t>abcde</t></si><si><t>abcd</t></si>",
        .rows = ROW(1, NUMBER("C1", "1")) ROW(2, NUMBER("D2", "1")) ROW(3, "<c r=\"ZZZZZZZ3\"/>")
                ROW(4, TYPED("A4", "s", "0")) ROW(5, TYPED("A5", "s", "1"))
                ROW(6, INLINE("B6", "<t>abc</t><t>de</t>")) ROW(7, NUMBER("A7", "2")),
    }, &lim, "1:||1|\n"
       "2!xl/worksheets/sheet1.xml, row 2, cell D2: the column lies beyond those that are read\n"
       "4!xl/worksheets/sheet1.xml, row 4, cell A4: the text is too long\n5:abcd|||\n"
       "6!xl/worksheets/sheet1.xml, row 6, cell B6: the text is too long\n7:2|||\n");
    lim = (struct xlsx_limits){ .max_entries = 3 };
    expect_limited((struct book_parts){ .rows = "" }, &lim,
                   "!the file holds 4 parts, more than 3\n");
    lim = (struct xlsx_limits){ .max_unzipped = 900 };
    char rows[2000];
    memset(rows, ' ', sizeof rows);
    rows[sizeof rows - 1] = '\0';
    expect_limited((struct book_parts){ .rows = rows }, &lim, "!xl/worksheets/sheet1.xml, row 0: "
                   "the file unpacks to more than 900 bytes\n");
}

/* Far more shared strings than may stay in memory: they go to a file and read the same. */
static void test_many_strings(void **state)
{
    struct buf strings, rows, want;
    struct xlsx_limits lim = { .max_strings = 1000 };
    (void)state;
    buf_init(&strings, 1 << 24);
    buf_init(&rows, 1 << 24);
    buf_init(&want, 1 << 24);
    for (int i = 0; i < 20000; i++) {
        buf_printf(&strings, "<si><t>string %d%.*s</t></si>", i, i % 7, "______");
        int k = (int)((unsigned)i * 7919u % 20000u);
        buf_printf(&rows, "<row><c t=\"s\"><v>%d</v></c></row>", k);
        buf_printf(&want, "%d:string %d%.*s|\n", i + 1, k, k % 7, "______");
    }
    expect((struct book_parts){ .strings = strings.p, .rows = rows.p }, want.p);
    expect_limited((struct book_parts){ .strings = strings.p, .rows = rows.p }, &lim, want.p);
    lim.max_strings = 100000;
    expect_limited((struct book_parts){ .strings = strings.p, .rows = rows.p }, &lim, want.p);
    buf_free(&strings);
    buf_free(&rows);
    buf_free(&want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings), cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_values),  cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_dates),   cmocka_unit_test(test_sheets),
        cmocka_unit_test(test_order),   cmocka_unit_test(test_limits),
        cmocka_unit_test(test_many_strings),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
