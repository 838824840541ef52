/* Loading: files in order, references in any order, reloads, changes, refusals that can be mended. */
#include "load_sample.h"

static const char *const documents = "code,title\nD1,First\nD2,Second\n";
static const char *const organisations =
    "code,name,parent,place\n"
    "O3,Office,O2,653224\n"
    "O2,Bureau,O1,\n"
    "O1,City,,653225\n";
static const char *const households =
    "code,place,head,cause,members,income,martyr,helper,source\n"
    "H1,653224103222,Aygul,01,4,12000.50,no,O3,D1\n"
    "H2,Ayaksai,买买提,因病,3,1.2万,是,,\n"
    "H3,653225,Tursun,03,2,-5,no,O1,D2\n";
static const char *const persons =
    "household,number,name,citizen_id,sex,born,basis\n"
    "H1,1,Aygul,,2,1980-03-01,synthetic\n"
    "H1,2,Ali,,1,2010-05-06,synthetic\n"
    "H3,1,Tursun,,男,1970/1/2,synthetic\n";

static void put_all(const struct folder *f)
{
    folder_put(f, "document.csv", documents);
    folder_put(f, "organisation.csv", organisations);
    folder_put(f, "household.csv", households);
    folder_put(f, "person.csv", persons);
    folder_put(f, "person.refused.csv", "not to be read");
    folder_put(f, "README.md", "not to be read either");
}

static void loads_a_folder(enum engine engine)
{
    struct sample s;
    struct folder f;
    int64_t number;
    sample_open(&s, engine);
    folder_open(&f);
    put_all(&f);
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, &number), 11, 0, 0, 0);
    assert_int_equal(number, 1);
    char *text = dump_all(&s);
    assert_non_null(strstr(text, "organisation|0|0|O3|Office||O2|653224000000|"));
    assert_non_null(strstr(text, "household|653224|0|H2|653224103222|买买提|01||3|12000.00||1|"));
    assert_non_null(strstr(text, "household|653225|0|H3|653225000000|Tursun|03||2|-5.00||0||||"));
    assert_non_null(strstr(text, "person|653224|0|H1|2|Ali||1|2010-05-06|"));
    assert_whole(&s);
    /* The same files again: nothing, not even a load. */
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, &number), 0, 0, 11, 0);
    assert_int_equal(number, 0);
    char *again = dump_all(&s);
    assert_string_equal(text, again);
    assert_int_equal(count_stored(&s, "load"), 1);
    assert_int_equal(count_stored(&s, "load_run"), 0);
    free(text);
    free(again);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(loads_a_folder)

static void loads_in_slices(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct load_options opt = { .slice = 2 };
    int64_t number;
    sample_open(&s, engine);
    folder_open(&f);
    put_all(&f);
    assert_loaded(load_sum_up(&s, &f, NULL, &opt, &number), 11, 0, 0, 0);
    assert_int_equal(number, 1);
    assert_whole(&s);
    assert_loaded(load_sum_up(&s, &f, NULL, &opt, &number), 0, 0, 11, 0);
    assert_int_equal(number, 0);
    assert_int_equal(count_stored(&s, "load"), 1);
    assert_int_equal(count_stored(&s, "load_run"), 0);
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(loads_in_slices)

static void changes_rows(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct val row[ENTITY_MAX_COLUMNS];
    sample_open(&s, engine);
    folder_open(&f);
    put(&s, s.household, row, TYPED("code", "H1", "place", "653224103222", "head", "Aygul", "cause",
        "01", "members", "4", "phone", "13900001234", "note", "kept"));
    /* Columns that the sheet lacks stay; an empty cell of one it has is emptied. */
    folder_put(&f, "household.csv", "code,place,head,cause,members\nH1,653224103222,Aynur,01,\n"
               "H2,653224,Ali,02,3\n");
    assert_loaded(load_sum_up(&s, &f, NULL, &(struct load_options){ .slice = 1 }, NULL), 1, 1, 0, 0);
    char *text = dump_all(&s);
    assert_non_null(strstr(text, "H1|653224103222|Aynur|01|||||0|||13900001234||"));
    assert_non_null(strstr(text, "|kept\n"));
    assert_whole(&s);
    assert_int_equal(count_stored(&s, "image"), 1);
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 0, 0, 2, 0);
    free(text);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(changes_rows)

static void refuses_and_takes_the_mended_file(enum engine engine)
{
    struct sample s;
    struct folder f;
    sample_open(&s, engine);
    folder_open(&f);
    folder_put(&f, "household.csv",
        "户编号,Village,head,cause,members,income,Identified\n"
        "H1,653224,Aygul,01,4,100,2020-02-30\n"
        "H2,653224,Ali,01,4,1.234,\n"
        "H3,653224,\"Gul, the elder\",99,4,,\n"
        "H4,653224,=cmd,01,x,,\n"
        "H5,653224,Anar,01,4,,\n"
        "H5,653224,Anar,01,4,,\n"
        "H6,653224,Short\n"
        "H7,,Nowhere,01,,,\n"
        "H8,653224,B0b,01,,,\n"
        "H9,653224,Zeynep,01,8,,\n");
    struct load_file_report r = load_sum_up(&s, &f, NULL, NULL, NULL);
    assert_loaded(r, 2, 0, 0, 8);
    assert_int_equal(r.warned, 1);
    assert_int_equal(r.rows, 10);
    assert_string_equal(folder_get(&f, "household.refused.csv", &s.arena),
        "\xef\xbb\xbfline,column,value,reason,户编号,Village,head,cause,members,income,Identified\r\n"
        "2,Identified,2020-02-30,'2020-02-30' is no day of the calendar,"
        "H1,653224,Aygul,01,4,100,2020-02-30\r\n"
        "3,income,1.234,'1.234' has more than two decimals,H2,653224,Ali,01,4,1.234,\r\n"
        "4,cause,99,?,H3,653224,\"Gul, the elder\",99,4,,\r\n"
        "5,members,x,?,H4,653224,'=cmd,01,x,,\r\n"
        "7,户编号,H5,given twice: line 6 has the same code,H5,653224,Anar,01,4,,\r\n"
        "8,,,the row has 3 cells where the header has 7,H6,653224,Short,,,,\r\n"
        "9,Village,,it must be given,H7,,Nowhere,01,,,\r\n"
        "10,head,B0b,a name has no digits,H8,653224,B0b,01,,,\r\n");
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(refuses_and_takes_the_mended_file)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(loads_a_folder),
        STORE_TESTS(loads_in_slices),
        STORE_TESTS(changes_rows),
        STORE_TESTS(refuses_and_takes_the_mended_file),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
