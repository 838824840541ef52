/* Templates filled in: what changes, what stays byte for byte, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <minizip/unzip.h>

#include "base/random.h"
#include "doc/xlsx_fill.h"
#include "support/workbooks.h"

#define TYPES "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"t\"><Default Extension=\"xml\" " \
    "ContentType=\"application/xml\"/></Types>"

/* Holes that tests know: {{n}} is the number 12.5, {{t}} a text with marks, anything else unknown. */
struct seen { int n; char last[200]; };

static bool fill(void *arg, const char *sheet, const char *cell, const char *inside, bool alone,
                 struct xlsx_filling *out, struct err *e)
{
    struct seen *s = arg;
    s->n++;
    snprintf(s->last, sizeof s->last, "%s!%s %s%s", sheet, cell, inside, alone ? "" : " ...");
    if (strcmp(inside, "n") == 0) *out = (struct xlsx_filling){ true, "12.5" };
    else if (strcmp(inside, "t") == 0) *out = (struct xlsx_filling){ false, "<a> & \"b\" 文" };
    else return err_set(e, ERR_NOT_FOUND, "there is no figure \"%s\"", inside);
    return true;
}

static const char *const *row(void *arg, size_t i)
{
    static const char *const rows[2][2] = { { "cell", "value" }, { "data!A1", "a <b>" } };
    (void)arg;
    return i < 2 ? rows[i] : NULL;
}
static const struct xlsx_evidence evidence = { .name = "Evidence", .n = 2, .row = row };

static void make(struct workbook *w, const struct book_parts *p)
{
    char parts[256];
    workbook_start(w);
    snprintf(parts, sizeof parts, "%s", p->strings
             ? RELATION("s3", "sharedStrings", "/xl/sharedStrings.xml") : "");
    workbook_part(w, "[Content_Types].xml", TYPES);
    workbook_frame(w, parts, "");
    workbook_wrapped(w, "xl/worksheets/sheet1.xml", "<?xml version=\"1.0\"?><worksheet a=\"1\"><cols/>"
                     "<sheetData>", p->rows, "</sheetData><mergeCells/><!-- {{n}} --></worksheet>");
    if (p->strings) workbook_wrapped(w, "xl/sharedStrings.xml", "<sst>", p->strings, "</sst>");
    workbook_part(w, "xl/media/image1.png", "not really {{n}} an image");
    workbook_end(w);
}

/* A part of an archive as it unpacks, or NULL; owned. */
static char *part_of(const char *path, const char *name)
{
    unzFile z = unzOpen64(path);
    unz_file_info64 info;
    assert_non_null(z);
    if (unzLocateFile(z, name, 1) != UNZ_OK) {
        unzClose(z);
        return NULL;
    }
    assert_int_equal(unzGetCurrentFileInfo64(z, &info, NULL, 0, NULL, 0, NULL, 0), UNZ_OK);
    char *text = calloc(1, (size_t)info.uncompressed_size + 1);
    assert_int_equal(unzOpenCurrentFile(z), UNZ_OK);
    assert_int_equal(unzReadCurrentFile(z, text, (unsigned)info.uncompressed_size),
                     info.uncompressed_size);
    assert_int_equal(unzCloseCurrentFile(z), UNZ_OK);
    unzClose(z);
    return text;
}

static bool filled(const struct book_parts *p, char **sheet, struct xlsx_filled *done, struct seen *s,
                   struct err *e)
{
    struct workbook w;
    char out[] = BOOK_PATH;
    *s = (struct seen){ 0 };
    *e = (struct err){ 0 };
    int fd = mkstemp(out);
    close(fd);
    unlink(out);
    make(&w, p);
    bool ok = xlsx_fill(w.path, out, NULL, fill, &evidence, s, done, e);
    *sheet = ok ? part_of(out, "xl/worksheets/sheet1.xml") : NULL;
    if (!ok) assert_int_equal(access(out, F_OK), -1);
    char part[64];
    snprintf(part, sizeof part, "%s.part", out);
    assert_int_equal(access(part, F_OK), -1);
    unlink(out);
    unlink(w.path);
    return ok;
}

#define AROUND(rows) "<?xml version=\"1.0\"?><worksheet a=\"1\"><cols/><sheetData>" rows \
    "</sheetData><mergeCells/><!-- {{n}} --></worksheet>"

struct example { const char *rows, *strings, *after; int holes; };
static const struct example examples[] = {
    /* a number of its own keeps its style; a text with marks is escaped */
    { "<row r=\"1\"><c r=\"A1\" s=\"3\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>",
      "<si><t>{{n}}</t></si><si><t>{{t}}</t></si>",
      AROUND("<row r=\"1\"><c r=\"A1\" s=\"3\"><v>12.5</v></c><c r=\"B1\" t=\"inlineStr\"><is><t>&lt;a&gt; "
             "&amp; &quot;b&quot; 文</t></is></c></row>"), 2 },
    /* one string, three cells; blanks around; others stay */
    { "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" t=\"s\"><v>0</v></c></row>"
      "<row r=\"2\"><c r=\"C2\" t=\"s\"><v>1</v></c><c r=\"D2\"><v>7</v></c><c r=\"E2\" t=\"s\"><v> 1 </v></c>"
      "</row>",
      "<si><t>plain</t></si><si><t> {{ n }} </t></si>",
      AROUND("<row r=\"1\"><c r=\"A1\"><v>12.5</v></c><c r=\"B1\" t=\"s\"><v>0</v></c></row>"
             "<row r=\"2\"><c r=\"C2\"><v>12.5</v></c><c r=\"D2\"><v>7</v></c><c r=\"E2\"><v>12.5</v></c>"
             "</row>"), 3 },
    /* inside a text; runs keep their fonts, phonetic text stays */
    { "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>",
      "<si><r><t>a &amp; {{n}}, </t></r><r><rPr><b/></rPr><t>{{n}}</t></r><rPh sb=\"0\" eb=\"1\"><t>x"
      "</t></rPh></si>",
      AROUND("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><r><t>a &amp; 12.5, </t></r><r><rPr><b/></rPr><t>"
             "12.5</t></r><rPh sb=\"0\" eb=\"1\"><t>x</t></rPh></is></c></row>"), 2 },
    /* braces that cross runs: what stands in them goes to the run where they begin */
    { "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>",
      "<si><r><t>a {</t></r><r><rPr><i/></rPr><t>{n</t></r><r><t>}} b</t></r></si>",
      AROUND("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><r><t>a 12.5</t></r><r><rPr><i/></rPr><t></t></r>"
             "<r><t> b</t></r></is></c></row>"), 1 },
    /* an inline text, a formula's kept result, an empty result */
    { "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{{n}} {{n}}</t></is></c><c r=\"B1\"><f>A1*2</f><v>9</v>"
      "</c><c r=\"C1\" t=\"str\"><f>\"{{n}}\"</f><v>{{n}}</v></c><c r=\"D1\"><f>1</f><v/></c></row>", NULL,
      AROUND("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>12.5 12.5</t></is></c><c r=\"B1\"><f>A1*2</f>"
             "</c><c r=\"C1\" t=\"str\"><f>\"{{n}}\"</f></c><c r=\"D1\"><f>1</f></c></row>"), 2 },
};

static void cells_are_filled(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *x = &examples[i];
        struct book_parts p = { .rows = x->rows, .strings = x->strings };
        struct xlsx_filled done;
        struct seen s;
        struct err e;
        char *sheet;
        if (!filled(&p, &sheet, &done, &s, &e)) fail_msg("%zu: %s", i, e.message);
        assert_string_equal(sheet, x->after);
        assert_int_equal(done.holes, x->holes);
        assert_int_equal(s.n, x->holes);
        free(sheet);
    }
}

struct refusal { const char *rows, *strings, *says; };
static const struct refusal refusals[] = {
    { "<row r=\"7\"><c r=\"C7\" t=\"s\"><v>0</v></c></row>", "<si><t>{{nobody}}</t></si>",
      "sheet data, cell C7: there is no figure \"nobody\"" },
    { "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>", "<si><t>{{n</t></si>",
      "sheet data, cell A1: a {{ is not closed by }}" },
    { "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>", "<si><t>{{ }}</t></si>",
      "sheet data, cell A1: {{}} names nothing" },
    { "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>", "<si><t>none</t></si>",
      "there is nothing to fill in" },
    { "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>{{n}}</v></c></row>", NULL, "cell A1 holds {{ in a value" },
    { "<row r=\"1\"><c r=\"A1\"</row>", NULL, "XML is broken" },
    { "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>", "<si><t>{{n}}</si>", "XML is broken" },
};

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct book_parts p = { .rows = refusals[i].rows, .strings = refusals[i].strings };
        struct xlsx_filled done;
        struct seen s;
        struct err e;
        char *sheet;
        assert_false(filled(&p, &sheet, &done, &s, &e));
        if (!strstr(e.message, refusals[i].says)) fail_msg("%zu: %s", i, e.message);
    }
}

/* --- the rest of the file --- */

static void raw_of(const char *path, const char *name, unsigned char **p, size_t *n)
{
    unzFile z = unzOpen64(path);
    unz_file_info64 info;
    int method, level;
    assert_int_equal(unzLocateFile(z, name, 1), UNZ_OK);
    assert_int_equal(unzGetCurrentFileInfo64(z, &info, NULL, 0, NULL, 0, NULL, 0), UNZ_OK);
    assert_int_equal(unzOpenCurrentFile2(z, &method, &level, 1), UNZ_OK);
    *n = (size_t)info.compressed_size;
    *p = calloc(1, *n + 1);
    assert_int_equal(unzReadCurrentFile(z, *p, (unsigned)*n), *n);
    unzCloseCurrentFile(z);
    unzClose(z);
}

static void all_else_stays(void **state)
{
    static const char *const same[] = { "xl/sharedStrings.xml", "xl/media/image1.png", "_rels/.rels" };
    struct book_parts p = { .rows = examples[0].rows, .strings = examples[0].strings };
    struct workbook w;
    struct xlsx_filled done;
    struct seen s = { 0 };
    struct err e = { 0 };
    struct buf text;
    char out[] = BOOK_PATH;
    (void)state;
    close(mkstemp(out));
    make(&w, &p);
    if (!xlsx_fill(w.path, out, NULL, fill, &evidence, &s, &done, &e)) fail_msg("%s", e.message);
    for (size_t i = 0; i < 3; i++) {
        unsigned char *a, *b;
        size_t n, m;
        raw_of(w.path, same[i], &a, &n);
        raw_of(out, same[i], &b, &m);
        assert_int_equal(n, m);
        assert_memory_equal(a, b, n);
        free(a);
        free(b);
    }
    char *book = part_of(out, "xl/workbook.xml"), *types = part_of(out, "[Content_Types].xml");
    assert_non_null(strstr(book, "<calcPr fullCalcOnLoad=\"1\"/></workbook>"));
    assert_non_null(strstr(book, "<sheet name=\"Evidence\" sheetId=\"2\""));
    assert_non_null(strstr(types, "/xl/worksheets/jiedui_evidence.xml"));
    free(book);
    free(types);
    buf_init(&text, 1 << 20);
    workbook_read(out, NULL, false, &text);
    assert_string_equal(text.p, "1:12.5|<a> & \"b\" 文|\n1:cell|value|\n2:data!A1|a <b>|\n");
    buf_free(&text);
    assert_false(xlsx_fill(w.path, w.path, NULL, fill, &evidence, &s, &done, &e));
    assert_int_equal(e.code, ERR_USAGE);
    unlink(w.path);
}

static void expect(struct workbook *w, const struct xlsx_limits *lim, const char *says)
{
    struct xlsx_filled done;
    struct seen s = { 0 };
    struct err e = { 0 };
    char out[] = BOOK_PATH;
    close(mkstemp(out));
    unlink(out);
    assert_false(xlsx_fill(w->path, out, lim, fill, &evidence, &s, &done, &e));
    if (!strstr(e.message, says)) fail_msg("%s", e.message);
    assert_int_equal(access(out, F_OK), -1);
    unlink(w->path);
}

static void files_made_to_harm(void **state)
{
    struct workbook w;
    struct buf b;
    (void)state;
    buf_init(&b, (size_t)1 << 26);
    /* a sheet that unpacks to a thousand times its size */
    buf_str(&b, "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>");
    for (int i = 0; i < 1 << 20; i++) buf_str(&b, "                                ");
    buf_str(&b, "{{n}}</t></is></c></row></sheetData></worksheet>");
    workbook_start(&w);
    workbook_part(&w, "[Content_Types].xml", TYPES);
    workbook_frame(&w, "", "");
    workbook_bytes(&w, "xl/worksheets/sheet1.xml", b.p, b.n);
    workbook_end(&w);
    expect(&w, NULL, "times its size");
    buf_free(&b);
    /* a part twice */
    workbook_start(&w);
    workbook_part(&w, "[Content_Types].xml", TYPES);
    workbook_frame(&w, "", "");
    for (int i = 0; i < 2; i++) workbook_part(&w, "xl/worksheets/sheet1.xml", "<worksheet/>");
    workbook_end(&w);
    expect(&w, NULL, "twice");
    /* entities, and another encoding */
    static const char *const sheets[] = {
        "<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet><sheetData/></worksheet>",
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><worksheet><sheetData><row r=\"1\"><c r=\"A1\" "
        "t=\"inlineStr\"><is><t>{{n}}</t></is></c></row></sheetData></worksheet>" };
    static const char *const says[] = { "document type", "not in UTF-8" };
    for (int i = 0; i < 2; i++) {
        workbook_start(&w);
        workbook_part(&w, "[Content_Types].xml", TYPES);
        workbook_frame(&w, "", "");
        workbook_part(&w, "xl/worksheets/sheet1.xml", sheets[i]);
        workbook_end(&w);
        expect(&w, NULL, says[i]);
    }
    /* without its list of types */
    workbook_start(&w);
    workbook_frame(&w, "", "");
    workbook_part(&w, "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" "
                  "t=\"inlineStr\"><is><t>{{n}}</t></is></c></row></sheetData></worksheet>");
    workbook_end(&w);
    expect(&w, NULL, "[Content_Types].xml is missing");
}

/* Any cut of a template is refused, and leaves nothing. */
static void cut_files(void **state)
{
    struct book_parts p = { .rows = examples[0].rows, .strings = examples[0].strings };
    struct workbook w;
    struct random x;
    char bytes[8192];
    (void)state;
    random_seed(&x, 5);
    make(&w, &p);
    FILE *f = fopen(w.path, "rb");
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    unlink(w.path);
    assert_in_range(n, 500, sizeof bytes - 1);
    for (int i = 0; i < 60; i++) {
        f = fopen(w.path, "wb");
        fwrite(bytes, 1, 1 + (size_t)random_below(&x, n - 30), f); /* the end record goes */
        fclose(f);
        expect(&w, NULL, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_filled), cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(all_else_stays), cmocka_unit_test(files_made_to_harm),
        cmocka_unit_test(cut_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
