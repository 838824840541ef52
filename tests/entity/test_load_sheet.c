/* What a sheet may look like: header rows, mappings, encodings, spreadsheets. */
#include "load_sample.h"

#include "doc/xlsx.h"

static void one_household(struct sample *s, const struct folder *f, const char *name,
                          const char *text)
{
    folder_put(f, name, text);
    assert_loaded(load_sum_up(s, f, name, NULL, NULL), 1, 0, 0, 0);
}

static void finds_fields_by_any_name(enum engine engine)
{
    struct sample s;
    struct folder f;
    sample_open(&s, engine);
    folder_open(&f);
    one_household(&s, &f, "household.csv", "AAC001,村 *,户主,主要致贫原因,住房面积（平方米）,Income (yuan)\n"
                  "H1,653224,买买提,因病,80.5,\"1,234.50\"\n");
    one_household(&s, &f, "Household.csv", "code,VILLAGE,he_ad,main-cause,House Area (m2),收入\n"
                  "H2,653224,Ali,01,80,100\n");
    /* What exports add is passed over; the entity may be named apart from the file. */
    folder_put(&f, "x.csv", "county,id,recorded,load,draft,code,place,head,cause,digest\n"
               "1,2,3,4,5,H3,653224,Gul,01,6\n");
    struct load_options opt = { .entity = "household" };
    assert_loaded(load_sum_up(&s, &f, "x.csv", &opt, NULL), 1, 0, 0, 0);
    one_household(&s, &f, "households.csv", "code,place,head,cause\nH4,653224,Gul,01\n");
    one_household(&s, &f, "户.csv", "code,place,head,cause,,\nH5,653224,Gul,01,,\n");
    one_household(&s, &f, "household.part2.csv", "code;place;head;cause\nH6;653224;Gul;01\n");
    char *text = dump_all(&s);
    assert_non_null(strstr(text, "|H1|653224000000|买买提|01|||1234.50|80.5|"));
    assert_non_null(strstr(text, "|H2|653224000000|Ali|01|||100.00|80.0|"));
    free(text);
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(finds_fields_by_any_name)

static void tells_what_is_wrong_with_a_header(enum engine engine)
{
    struct sample s;
    struct folder f;
    sample_open(&s, engine);
    folder_open(&f);
    folder_put(&f, "household.csv", "code,place,head,cause,incme,zzzzzzzz,\n"
               "H1,653224,Gul,01,1,2,3\n");
    assert_load_fails(&s, &f, NULL, NULL, ERR_INVALID, "no field \"incme\" (did you mean income?)");
    assert_load_fails(&s, &f, NULL, NULL, ERR_INVALID, "no field \"zzzzzzzz\"");
    folder_put(&f, "household.csv", "code,place,head,户编号\nH1,653224,Gul,H2\n");
    assert_load_fails(&s, &f, NULL, NULL, ERR_INVALID, "columns 1 and 4 are both code");
    folder_put(&f, "household.csv", "place,head,cause\n653224,Gul,01\n");
    assert_load_fails(&s, &f, NULL, NULL, ERR_INVALID, "missing column code (户编号)");
    folder_put(&f, "household.csv", "");
    assert_load_fails(&s, &f, NULL, NULL, ERR_INVALID, "household.csv: it is empty");
    folder_put(&f, "household.csv", "code,place,,head\nH1,653224,1,Gul\n");
    assert_load_fails(&s, &f, NULL, NULL, ERR_INVALID, "column 3 has no title");
    folder_put(&f, "household.csv", "code,place\n");
    folder_put(&f, "houshold.csv", "code,place\n");
    assert_load_fails(&s, &f, NULL, NULL, ERR_NOT_FOUND, "did you mean household?");
    assert_load_fails(&s, &f, "nothing.csv", NULL, ERR_NOT_FOUND, "nothing.csv");
    folder_put(&f, "notes.txt", "x");
    assert_load_fails(&s, &f, "notes.txt", NULL, ERR_USAGE, "neither .csv, .csv.gz nor .xlsx");
    struct load_options opt = { .entity = "nothing" };
    assert_load_fails(&s, &f, "household.csv", &opt, ERR_NOT_FOUND, "named nothing");
    assert_int_equal(count_stored(&s, "load"), 0);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(tells_what_is_wrong_with_a_header)

static void remembers_a_mapping(enum engine engine)
{
    struct sample s;
    struct folder f;
    char path[400];
    sample_open(&s, engine);
    folder_open(&f);
    folder_put(&f, "map.txt", "\xef\xbb\xbf# for the bureau's own sheet\nNo. = code\nWhere=place\n"
               "Who = 户主\nSerial = -\n\nA = B = cause\n");
    folder_put(&f, "household.csv", "Serial,No.,Where,Who,A = B\n1,H1,653224,Gul,01\n");
    struct load_options opt = { .mapping = folder_file(&f, "map.txt", path) };
    assert_load_fails(&s, &f, NULL, NULL, ERR_INVALID, "no field \"Serial\"");
    assert_loaded(load_sum_up(&s, &f, NULL, &opt, NULL), 1, 0, 0, 0);
    folder_put(&f, "household.csv", "Serial,No.,Where,Who,A = B\n2,H2,653224,Ali,02\n");
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 1, 0, 0, 0);
    folder_put(&f, "map.txt", "Nr = code\n");
    assert_load_fails(&s, &f, NULL, &opt, ERR_INVALID,
                      "map.txt, line 1: the sheet has no column \"Nr\"");
    folder_put(&f, "map.txt", "No. = kode\n");
    assert_load_fails(&s, &f, NULL, &opt, ERR_INVALID, "household has no field \"kode\"");
    folder_put(&f, "map.txt", "\xd5\xca = code\n");
    assert_load_fails(&s, &f, NULL, &opt, ERR_INVALID, "map.txt, line 1: this is no UTF-8");
    folder_put(&f, "map.txt", "No.\n");
    assert_load_fails(&s, &f, NULL, &opt, ERR_INVALID, "expected SHEET COLUMN = FIELD");
    opt.mapping = "/nonexistent/map";
    assert_load_fails(&s, &f, NULL, &opt, ERR_NOT_FOUND, "/nonexistent/map");
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(remembers_a_mapping)

static void reads_encodings(enum engine engine)
{
    /* 户编号,place,户主,cause H1,653224,买买提,因病 */
    static const char gb[] = "\xbb\xa7\xb1\xe0\xba\xc5,place,\xbb\xa7\xd6\xf7,cause\n"
                             "H1,653224,\xc2\xf2\xc2\xf2\xcc\xe1,\xd2\xf2\xb2\xa1\n";
    struct sample s;
    struct folder f;
    char wide[400] = "\xff\xfe";
    size_t n = 2;
    sample_open(&s, engine);
    folder_open(&f);
    one_household(&s, &f, "household.csv", gb);
    one_household(&s, &f, "household.csv", "\xef\xbb\xbf" "code,place,head,cause\r\n"
                  "H2,653224,买买提,01\r\n");
    for (const char *p = "code,place,head,cause\nH3,653224,Gul,01\n"; *p; p++) {
        wide[n++] = *p;
        wide[n++] = 0;
    }
    folder_put_bytes(&f, "household.csv", wide, n);
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 1, 0, 0, 0);
    char *text = dump_all(&s);
    assert_non_null(strstr(text, "|H1|653224000000|买买提|01|"));
    assert_non_null(strstr(text, "|H2|653224000000|买买提|01|"));
    assert_non_null(strstr(text, "|H3|653224000000|Gul|01|"));
    free(text);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(reads_encodings)

static void put_book(const struct folder *f, const char *name, const struct val *rows, int n)
{
    static const struct xlsx_column cols[] = {
        { .title = "code", .kind = XLSX_TEXT }, { .title = "place", .kind = XLSX_TEXT },
        { .title = "head", .kind = XLSX_TEXT }, { .title = "cause", .kind = XLSX_TEXT },
        { .title = "income", .kind = XLSX_MONEY }, { .title = "identified", .kind = XLSX_DATE },
        { .title = "members", .kind = XLSX_NUMBER } };
    struct xlsx_out *x;
    struct err e = { 0 };
    char path[400];
    assert_ok(xlsx_create(&x, folder_file(f, name, path), "data", cols, COUNT(cols), &e), e);
    for (int i = 0; i < n; i++)
        assert_ok(xlsx_write_row(x, rows + i * COUNT(cols), COUNT(cols), &e), e);
    assert_ok(xlsx_finish(x, &e), e);
}

static void loads_spreadsheets(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct val rows[] = {
        val_text("H1"), val_text("653224"), val_text("买买提"), val_text("01"), val_int(123450),
        val_int(date_make(2020, 5, 27)), val_int(4),
        val_text("H2"), val_text("653224"), val_text("=A+B, \"x\""), val_text("01"), val_null(),
        val_null(), val_null(),
        val_text("H3"), val_text("nowhere"), val_text("Gul"), val_text("01"), val_int(100),
        val_null(), val_null(),
    };
    sample_open(&s, engine);
    folder_open(&f);
    put_book(&f, "household.xlsx", rows, 3);
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 2, 0, 0, 1);
    assert_non_null(strstr(folder_get(&f, "household.refused.csv", &s.arena),
                           "4,place,nowhere,there is no place 'nowhere',H3,nowhere,Gul,01,1"));
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 0, 0, 2, 1);
    char *text = dump_all(&s);
    assert_non_null(strstr(text, "|H1|653224000000|买买提|01||4|1234.50||0|2020-05-27|"));
    assert_non_null(strstr(text, "|H2|653224000000|=A+B, \"x\"|01|"));
    free(text);
    folder_put(&f, "household.refused.csv", "line,column,value,reason,code,place,head,cause\n"
               "4,,,,H3,653224,Gul,01\n");
    assert_loaded(load_sum_up(&s, &f, "household.refused.csv", NULL, NULL), 1, 0, 0, 0);
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(loads_spreadsheets)

/* What an export writes, a load takes: nothing changes. */
static void takes_its_own_exports(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct err e = { 0 };
    struct list_query q = { .drafts = true };
    char path[400];
    int64_t n;
    sample_open(&s, engine);
    folder_open(&f);
    folder_put(&f, "organisation.csv", "code,name\nO1,=1+1\n");
    folder_put(&f, "household.csv", "code,place,head,cause,income,helper,note\n"
               "H1,653224,Gul,01,12.5,O1,\"-a, 'b'\"\nH2,653224,'=Ali,,,,'=x\n");
    folder_put(&f, "visit.csv", "household,on_date\nH1,2020-01-01\n");
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 4, 0, 0, 0);
    for (int k = 0; k < 2; k++) {
        for (int i = 1; i < s.model->n; i++) {
            const struct table_map *m = &s.model->maps[i];
            char name[80];
            snprintf(name, sizeof name, "%s.%s", m->entity->name, k ? "xlsx" : "csv");
            assert_ok(export_rows(s.model, s.db, &scope_all, m, &q, k ? EXPORT_XLSX : EXPORT_CSV,
                                  folder_file(&f, name, path), &n, &e), e);
            assert_loaded(load_sum_up(&s, &f, name, NULL, NULL), 0, 0, n, 0);
        }
    }
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(takes_its_own_exports)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(finds_fields_by_any_name),
        STORE_TESTS(tells_what_is_wrong_with_a_header),
        STORE_TESTS(remembers_a_mapping),
        STORE_TESTS(reads_encodings),
        STORE_TESTS(loads_spreadsheets),
        STORE_TESTS(takes_its_own_exports),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
