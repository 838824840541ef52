/* Bad input, one by one: each gives one clear error that names the place, and changes nothing else.
 */
#include "load_sample.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <zlib.h>

#include "support/workbooks.h"

#define HEAD "code,place,head,cause,members,income,identified\n"
#define GOOD "H1,653224,Gul,01,3,1.25,2020-02-29\n"

/* The file loads but for one row, which is refused so. */
static void assert_refuses(struct sample *s, const struct folder *f, const void *p, size_t n,
                           const char *want)
{
    struct err e = { 0 };
    int64_t number;
    char path[400];
    unlink(folder_file(f, "household.refused.csv", path)); /* one that is there is not written over */
    folder_put_bytes(f, "household.csv", p, n);
    assert_loaded(load_sum_up(s, f, NULL, NULL, &number), 2, 0, 0, 1);
    const char *text = folder_get(f, "household.refused.csv", &s->arena);
    if (!strstr(text, want)) fail_msg("%s\nlacks %s", text, want);
    assert_int_equal(count_rows(s, s->household), 2);
    assert_ok(load_undo(s->model, s->t.store, number, 0, &e), e);
}

static void refuses_rows(enum engine engine)
{
    static const struct { const char *row, *want; } bad[] = {
        { "H2,653224,Ali,01\n", "3,,,the row has 4 cells where the header has 7,H2," },
        { "H2,653224,Ali,01,1,2,,extra\n", "3,,,the row has 8 cells where the header has 7,H2," },
        { "H2,653224,Ali,01,,,2020-02-30\n", "3,identified,2020-02-30,'2020-02-30' is not a date" },
        { "H2,653224,Ali,01,,1.005,\n", "3,income,1.005,'1.005' has more than 2 decimals,H2," },
        { "H2,653224,Ali,77,,,\n", "3,cause,77,'77' is not in the code list cause: "
          "`jiedui schema` of the record lists it,H2," },
        { "H1,653224,Ali,01,,,\n", "3,code,H1,given twice: line 2 has the same code,H1," },
        { "H2,653224,A\"li,01,,,\n", "3,head,,a quote inside a field without quotes," },
        { "H2,999999,Ali,01,,,\n", "3,place,999999,there is no place '999999',H2," },
        { "H2,653224,Ali,01,99999999999999999999,,\n", "3,members,99999999999999999999," },
    };
    struct sample s;
    struct folder f;
    sample_open(&s, engine);
    folder_open(&f);
    for (int i = 0; i < COUNT(bad); i++) {
        char text[600];
        int n = snprintf(text, sizeof text, HEAD GOOD "%s" "H3,653224,Nur,02,,,\n", bad[i].row);
        assert_refuses(&s, &f, text, (size_t)n, bad[i].want);
    }
    static const char nul[] = HEAD GOOD "H2,653224,A\0li,01,,,\nH3,653224,Nur,02,,,\n";
    assert_refuses(&s, &f, nul, sizeof nul - 1, "3,head,,a NUL byte at byte 12 of the row,");
    /* With a mark that says UTF-8, bytes that are none spoil their row alone. */
    static const char latin[] = "\xef\xbb\xbf" HEAD GOOD "H2,653224,A\xff\xfeli,01,,,\n"
                                "H3,653224,Nur,02,,,\n";
    assert_refuses(&s, &f, latin, sizeof latin - 1,
                   "3,head,,invalid UTF-8 (0xff) at byte 12 of the row,");
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(refuses_rows)

static void refuses_a_huge_field(enum engine engine)
{
    struct sample s;
    struct folder f;
    const size_t huge = 100 << 20;
    static const char before[] = HEAD GOOD "H2,653224,";
    static const char after[] = ",01,,,\nH3,653224,Nur,02,,,\n";
    sample_open(&s, engine);
    folder_open(&f);
    char *text = mem_alloc(huge + 400), *at = text;
    memcpy(at, before, sizeof before - 1);
    at += sizeof before - 1;
    memset(at, 'x', huge);
    at += huge;
    memcpy(at, after, sizeof after - 1);
    at += sizeof after - 1;
    assert_refuses(&s, &f, text, (size_t)(at - text),
                   "3,head,,a field of more than 1048576 bytes,");
    free(text);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(refuses_a_huge_field)

static void assert_fails(struct sample *s, const struct folder *f, const char *name,
                         enum err_code code, const char *why)
{
    assert_load_fails(s, f, name, &(struct load_options){ .slice = 1 }, code, why);
    assert_int_equal(count_stored(s, "household"), 0);
    assert_int_equal(count_stored(s, "national_key"), 0);
    assert_whole(s);
}

static void put_gzip(const struct folder *f, const char *name, const char *text, size_t keep)
{
    char path[400];
    gzFile z = gzopen(folder_file(f, name, path), "wb");
    assert_non_null(z);
    assert_int_equal(gzwrite(z, text, (unsigned)strlen(text)), strlen(text));
    gzclose(z);
    if (keep) assert_int_equal(truncate(path, (off_t)keep), 0);
}

static void fails_on_broken_files(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct arena a = { 0 };
    sample_open(&s, engine);
    folder_open(&f);
    folder_put(&f, "household.csv", HEAD GOOD "H2,653224,\"Ali,01,,,\nH3,653224,Nur,02,,,\n");
    assert_fails(&s, &f, NULL, ERR_CORRUPT,
                 "household.csv, line 3: a quoted field is not closed before the end of the file");
    /* Bytes that are neither UTF-8 nor GB18030. */
    folder_put(&f, "household.csv", HEAD GOOD "H2,653224,\x81\x20,01,,,\n");
    assert_fails(&s, &f, NULL, ERR_INVALID, "household.csv: at byte 93 of the file: bytes mean no "
                 "character in GB18030: 81 20");
    unlink(folder_file(&f, "household.csv", arena_alloc(&a, 400)));
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, HEAD);
    for (int i = 0; i < 3000; i++)
        buf_printf(&b, "H%d,653224,Gul,01,%d,%d.25,\n", i, i % 9 + 1, i * 7919);
    put_gzip(&f, "household.csv.gz", b.p, 9000);
    assert_fails(&s, &f, NULL, ERR_CORRUPT, "household.csv.gz: the file is cut off");
    put_gzip(&f, "household.csv.gz", HEAD GOOD, 0);
    struct load_options dry = { .dry_run = true };
    assert_loaded(load_sum_up(&s, &f, NULL, &dry, NULL), 1, 0, 0, 0);
    folder_put(&f, "household.csv.gz", "not gzip at all");
    assert_fails(&s, &f, NULL, ERR_CORRUPT, "household.csv.gz: not a gzip file");
    buf_free(&b);
    arena_free(&a);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(fails_on_broken_files)

static void move_book(const struct workbook *w, const struct folder *f, long keep)
{
    char path[400];
    assert_int_equal(rename(w->path, folder_file(f, "household.xlsx", path)), 0);
    if (keep) assert_int_equal(truncate(path, keep), 0);
}

static void fails_on_hostile_spreadsheets(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct workbook w;
    sample_open(&s, engine);
    folder_open(&f);
    /* 200 MB of one cell in 200 KB of file. */
    const size_t huge = 200 << 20;
    char *xml = mem_alloc(huge + 400);
    int n = snprintf(xml, 400, "<worksheet><sheetData><row r=\"1\"><c t=\"inlineStr\"><is><t>");
    memset(xml + n, 'x', huge);
    workbook_start(&w);
    workbook_frame(&w, "", "");
    workbook_bytes(&w, "xl/worksheets/sheet1.xml", xml, huge);
    workbook_end(&w);
    free(xml);
    move_book(&w, &f, 0);
    assert_fails(&s, &f, NULL, ERR_INVALID, "household.xlsx");
    workbook_start(&w);
    workbook_frame(&w, "", "");
    workbook_part(&w, "xl/worksheets/sheet1.xml",
                  "<worksheet><sheetData><row r=\"1\"><c t=\"inlineStr\"><is><t>code</t></is></c>"
                  "</row></sheetData></worksheet>");
    workbook_end(&w);
    move_book(&w, &f, 300);
    assert_fails(&s, &f, NULL, ERR_INVALID, "household.xlsx");
    folder_put(&f, "household.xlsx", "no spreadsheet");
    assert_fails(&s, &f, NULL, ERR_INVALID, "household.xlsx");
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(fails_on_hostile_spreadsheets)

static void fails_where_it_may_not_write(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct load_options opt = { .refused_dir = "/nonexistent/folder" };
    sample_open(&s, engine);
    folder_open(&f);
    folder_put(&f, "household.csv", HEAD GOOD "H2\n");
    assert_load_fails(&s, &f, NULL, &opt, ERR_INTERNAL,
                      "/nonexistent/folder/household.refused.csv: cannot write the refused rows");
    assert_int_equal(count_stored(&s, "household"), 0);
    test_store_reopen(&s.t, &(struct store_options){ .read_only = true });
    assert_load_fails(&s, &f, NULL, NULL, ERR_FORBIDDEN, "");
    test_store_reopen(&s.t, NULL);
    s.db = test_db(&s.t, DB_READ);
    assert_int_equal(count_stored(&s, "household"), 0);
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(fails_where_it_may_not_write)

/* No file may grow beyond the limit: what a full disk gives. Exit 3 = ERR_FULL. */
static void load_on_full_disk(const struct sample *s, const struct folder *f, long bytes)
{
    struct rlimit limit = { (rlim_t)bytes, (rlim_t)bytes };
    struct store *store;
    struct load_report r;
    struct load_options opt = { .slice = 500 };
    struct err e = { 0 };
    const char *paths[1] = { f->path };
    signal(SIGXFSZ, SIG_IGN);
    if (!store_open(&store, s->t.url, &(struct store_options){ 0 }, &e)) _exit(2);
    setrlimit(RLIMIT_FSIZE, &limit);
    bool ok = load_paths(s->model, store, paths, 1, &opt, &r, &e);
    if (!ok && e.code != ERR_FULL) fprintf(stderr, "%s: %s\n", err_name(e.code), e.message);
    _exit(ok ? 0 : e.code == ERR_FULL ? 3 : 1);
}

static void survives_a_full_disk(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct buf b;
    if (engine == ENGINE_POSTGRES) skip(); /* the server's disk, not ours */
    sample_open(&s, engine);
    folder_open(&f);
    buf_init(&b, 1 << 22);
    buf_str(&b, HEAD);
    for (int i = 0; i < 4000; i++) buf_printf(&b, "H%d,65%04d,Gul,01,3,,\n", i, 3201 + i % 50);
    folder_put(&f, "household.csv", b.p);
    for (long bytes = 200000; bytes < 3000000; bytes += 400000) {
        pid_t child = fork();
        if (child == 0) load_on_full_disk(&s, &f, bytes);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        if (WEXITSTATUS(status) == 0) break;
        assert_int_equal(WEXITSTATUS(status), 3);
        assert_int_equal(count_rows(&s, s.household), 0);
    }
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 4000, 0, 0, 0);
    assert_whole(&s);
    buf_free(&b);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(survives_a_full_disk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(refuses_rows),
        STORE_TESTS(refuses_a_huge_field),
        STORE_TESTS(fails_on_broken_files),
        STORE_TESTS(fails_on_hostile_spreadsheets),
        STORE_TESTS(fails_where_it_may_not_write),
        STORE_TESTS(survives_a_full_disk),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
