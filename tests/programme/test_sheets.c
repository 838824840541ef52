/* What spreadsheets hold besides values: percentages, formulas never calculated, apostrophes. */
#include "programme.h"
#include "support/files.h"
#include "support/workbooks.h"

#define STYLES "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"9\"/></cellXfs></styleSheet>"
#define TEXT(ref, text) "<c r=\"" ref "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"

static const char sheet[] =
    "<worksheet><sheetData>"
    "<row r=\"1\">" TEXT("A1", "joint_party") TEXT("B1", "member") TEXT("C1", "share") TEXT("D1", "note")
    "</row>"
    "<row r=\"2\">" TEXT("A2", "J") TEXT("B2", "M1") "<c r=\"C2\" s=\"1\"><v>0.5</v></c>"
    TEXT("D2", "'=really an apostrophe") "</row>"
    "<row r=\"3\">" TEXT("A3", "J") TEXT("B3", "M2") "<c r=\"C3\" s=\"1\"><v>0.125</v></c>"
    TEXT("D3", "=SUM(1)") "</row>"
    "<row r=\"4\">" TEXT("A4", "J") TEXT("B4", "M3") "<c r=\"C4\"><v>0.5</v></c>"
    "<c r=\"D4\" t=\"str\"><f>\"\"</f><v></v></c></row>"
    "<row r=\"5\">" TEXT("A5", "J") TEXT("B5", "M4") "<c r=\"C5\" s=\"1\"><f>1/8</f><v/></c>"
    TEXT("D5", "'plain") "</row>"
    "</sheetData></worksheet>";

static void put_book(const char *dir)
{
    struct workbook w;
    char path[300];
    workbook_start(&w);
    workbook_frame(&w, RELATION("y1", "styles", "styles.xml"), "");
    workbook_part(&w, "xl/styles.xml", STYLES);
    workbook_part(&w, "xl/worksheets/sheet1.xml", sheet);
    workbook_end(&w);
    snprintf(path, sizeof path, "%s/membership.xlsx", dir);
    assert_int_equal(rename(w.path, path), 0);
}

struct seen { int n; struct { int64_t share; char note[60]; } row[8]; };

static bool take_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct seen *s = arg;
    struct val share = row[m->column[map_field(m, "share")]];
    struct val note = row[m->column[map_field(m, "note")]];
    (void)e;
    s->row[s->n].share = share.type == VAL_INT ? share.i : -1;
    snprintf(s->row[s->n++].note, 60, "%.*s", note.type == VAL_TEXT ? (int)note.n : 0, note.p);
    return true;
}

static void read_rows(struct programme *p, struct seen *s)
{
    struct err e = { 0 };
    struct list_query q = { .sort = "id" };
    *s = (struct seen){ 0 };
    assert_ok(list_rows(p->model, p->db, &scope_all, model_find(p->model, "membership"), &q, take_row, s,
                        &e), e);
}

static struct load_report load(struct programme *p, const char *path)
{
    struct load_report r;
    struct err e = { 0 };
    const char *paths[1] = { path };
    assert_ok(load_paths(p->model, p->store.store, paths, 1, NULL, &r, &e), e);
    for (int i = 0; i < r.n; i++) assert_int_equal(r.files[i].refused, 0);
    return r;
}

static void sheets_are_read_as_they_show(enum engine engine)
{
    struct programme p;
    struct seen s;
    struct err e = { 0 };
    char dir[200], path[300];
    int64_t rows;
    programme_open(&p, engine);
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/jiedui-sheets.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(dir));
    put_file(dir, "organisation.csv", "code,name_zh,kind\nJ,合,group\nM1,一,enterprise\n"
             "M2,二,enterprise\nM3,三,enterprise\nM4,四,enterprise\n");
    put_book(dir);
    struct load_report r = load(&p, dir);
    const struct load_file_report *f = &r.files[r.n - 1];
    assert_int_equal(f->n_warnings, 1);
    assert_string_equal(f->warnings[0].what,
                        "cell C5 holds a formula that was never calculated: loaded as empty");
    assert_int_equal(f->warned, 1);
    load_report_free(&r);
    read_rows(&p, &s);
    assert_int_equal(s.n, 4);
    assert_int_equal(s.row[0].share, 5000); /* 50 %, two decimals */
    assert_int_equal(s.row[1].share, 1250);
    assert_int_equal(s.row[2].share, 50); /* not shown as a percentage: half a percent */
    assert_int_equal(s.row[3].share, -1);
    assert_string_equal(s.row[0].note, "'=really an apostrophe");
    assert_string_equal(s.row[1].note, "=SUM(1)");
    assert_string_equal(s.row[2].note, "");
    assert_string_equal(s.row[3].note, "'plain");
    /* Our own CSV, guarded, changes nothing. */
    struct list_query q = { 0 };
    snprintf(path, sizeof path, "%s/membership.csv", dir);
    assert_ok(export_rows(p.model, p.db, &scope_all, model_find(p.model, "membership"), &q, EXPORT_CSV,
                          path, &rows, &e), e);
    r = load(&p, path);
    assert_int_equal(r.files[0].unchanged, 4);
    load_report_free(&r);
    test_dir_remove(dir);
    programme_close(&p);
}
STORE_TEST(sheets_are_read_as_they_show)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(sheets_are_read_as_they_show) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
