/* Loading: files in order, references in any order, reloads, changes, refusals that can be mended.
 */
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

static void load_slices(enum engine engine, int partitions)
{
    struct sample s;
    struct folder f;
    struct load_options opt = { .slice = 2 };
    int64_t number;
    sample_open_on(&s, engine, partitions);
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

static void loads_in_slices(enum engine engine)
{
    load_slices(engine, 0);
}
STORE_TEST(loads_in_slices)

/* Tables cut by county, as a cluster has them. */
static void loads_into_partitions(void **state)
{
    (void)state;
    if (!test_has_postgres()) skip();
    load_slices(ENGINE_POSTGRES, 8);
}

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
    struct load_options opt = { .slice = 1 };
    assert_loaded(load_sum_up(&s, &f, NULL, &opt, NULL), 1, 1, 0, 0);
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
        "H4,653224,=cmd,01,x,y,\n"
        "H5,653224,Anar,01,4,,\n"
        "H5,653224,Anar,01,4,,\n"
        "H6,653224,Short\n"
        "H7,,Nowhere,01,,,\n"
        "H8,653224,B0b,01,,,\n"
        "H9,653224,Zeynep,01,8,,\n"
        ",,,,,,\n"
        "H10,Chaoyang,Gul,01,,,\n");
    struct load_file_report r = load_sum_up(&s, &f, NULL, NULL, NULL);
    assert_loaded(r, 2, 0, 0, 9);
    assert_int_equal(r.warned, 1);
    assert_int_equal(r.rows, 11);
    assert_string_equal(folder_get(&f, "household.refused.csv", &s.arena),
        "\xef\xbb\xbfline,column,value,reason,户编号,Village,head,cause,members,income,Identified\r\n"
        "2,Identified,2020-02-30,'2020-02-30' is not a date: write 2020-05-27,"
        "H1,653224,Aygul,01,4,100,2020-02-30\r\n"
        "3,income,1.234,'1.234' has more than 2 decimals,H2,653224,Ali,01,4,1.234,\r\n"
        "4,cause,99,'99' is not in the code list cause: `jiedui schema` of the record lists it,"
        "H3,653224,\"Gul, the elder\",99,4,,\r\n"
        "5,members,x,\"'x' is not a whole number; income: 'y' is not a number\","
        "H4,653224,'=cmd,01,x,y,\r\n"
        "7,户编号,H5,given twice: line 6 has the same code,H5,653224,Anar,01,4,,\r\n"
        "8,,,the row has 3 cells where the header has 7,H6,653224,Short,,,,\r\n"
        "9,Village,,it must be given,H7,,Nowhere,01,,,\r\n"
        "10,head,B0b,a name has no digits,H8,653224,B0b,01,,,\r\n"
        "13,Village,Chaoyang,'Chaoyang' may be 110105 or 211300,H10,Chaoyang,Gul,01,,,\r\n");
    /* Mended, it is loaded by itself; what is refused again takes its place. */
    folder_put(&f, "household.refused.csv",
        "\xef\xbb\xbfline,column,value,reason,户编号,Village,head,cause,members,income,Identified\r\n"
        "2,Identified,2020-02-30,?,H1,653224,Aygul,01,4,100,2020-02-29\r\n"
        "5,members,x,?,H4,653224,'=cmd,01,4,5,\r\n"
        "9,Village,,?,H7,,Nowhere,01,,,\r\n");
    assert_loaded(load_sum_up(&s, &f, "household.refused.csv", NULL, NULL), 2, 0, 0, 1);
    assert_string_equal(folder_get(&f, "household.refused.csv", &s.arena),
        "\xef\xbb\xbfline,column,value,reason,户编号,Village,head,cause,members,income,Identified\r\n"
        "4,Village,,it must be given,H7,,Nowhere,01,,,\r\n");
    /* One that is being mended is no file of the folder, and stays as it is. */
    folder_put(&f, "household.refused.csv", "line,column,value,reason,code\nbeing mended");
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 0, 0, 2, 9);
    assert_string_equal(folder_get(&f, "household.refused.csv", &s.arena),
                        "line,column,value,reason,code\nbeing mended");
    assert_non_null(strstr(folder_get(&f, "household.2.refused.csv", &s.arena), "\r\n9,Village,,"));
    char *text = dump_all(&s);
    assert_non_null(strstr(text, "|H4|653224000000|=cmd|01|"));
    free(text);
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(refuses_and_takes_the_mended_file)

static void keeps_drafts(enum engine engine)
{
    struct sample s;
    struct folder f;
    sample_open(&s, engine);
    folder_open(&f);
    folder_put(&f, "household.csv", "code,place,head\nH1,653224,Aygul\nH2,653224,\n");
    struct load_file_report r = load_sum_up(&s, &f, NULL, NULL, NULL);
    assert_loaded(r, 2, 0, 0, 0);
    assert_int_equal(r.drafts, 2);
    folder_put(&f, "household.csv", "code,place,head,cause\nH1,653224,Aygul,01\nH2,653224,Ali,\n");
    r = load_sum_up(&s, &f, NULL, NULL, NULL);
    assert_loaded(r, 0, 2, 0, 0);
    assert_int_equal(r.drafts, 1);
    char *text = dump_all(&s);
    assert_non_null(strstr(text, "household|653224|0|H1|"));
    assert_non_null(strstr(text, "household|653224|1|H2|"));
    free(text);
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(keeps_drafts)

static void finds_rows_given_twice(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct load_options opt = { .slice = 2 };
    sample_open(&s, engine);
    folder_open(&f);
    /* Across slices, in new rows and in rows that were there; a national value of two rows; a
     * county key; a key with a part missing. */
    folder_put(&f, "household.csv", "code,place,head,cause\nH1,653224,Al,01\nH2,653224,Bo,01\n"
               "H3,653224,Cy,01\nH1,653224,Di,01\n");
    folder_put(&f, "organisation.csv", "code,name,credit_code\nO1,One,91110000600007448N\n"
               "O2,Two,91110000600007448N\nO1,Three,\n");
    folder_put(&f, "visit.csv", "household,on_date,kind\nH1,2020-01-01,\nH1,2020-01-01,a\n"
               "H1,2020-01-01,\nH1,2020-01-02,\n");
    assert_loaded(load_sum_up(&s, &f, NULL, &opt, NULL), 7, 0, 0, 4);
    assert_non_null(strstr(folder_get(&f, "household.refused.csv", &s.arena),
                           "5,code,H1,given twice: line 2 has the same code,H1"));
    assert_non_null(strstr(folder_get(&f, "organisation.refused.csv", &s.arena),
                           "3,credit_code,91110000600007448N,line 2 has the same credit_code,O2"));
    assert_non_null(strstr(folder_get(&f, "organisation.refused.csv", &s.arena),
                           "4,code,O1,given twice: line 2 has the same code,O1"));
    assert_non_null(strstr(folder_get(&f, "visit.refused.csv", &s.arena),
                           "4,kind,,\"given twice: line 2 has the same household, on_date, "
                           "kind\""));
    assert_whole(&s);
    assert_loaded(load_sum_up(&s, &f, NULL, &opt, NULL), 0, 0, 7, 4);
    assert_non_null(strstr(folder_get(&f, "household.refused.csv", &s.arena),
                           "5,code,H1,given twice: line 2 has the same code,H1"));
    /* A second file of the same records is told apart. */
    folder_put(&f, "household.more.csv", "code,place,head,cause\nH4,653224,El,01\n"
               "H4,653224,El,01\n");
    folder_put(&f, "household.yet.csv", "code,place,head,cause\nH4,653224,El,01\n");
    assert_loaded(load_sum_up(&s, &f, NULL, &opt, NULL), 1, 0, 7, 6);
    assert_non_null(strstr(folder_get(&f, "household.yet.refused.csv", &s.arena),
                           "2,code,H4,given twice: line 2 of household.more.csv has the same "
                           "code"));
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(finds_rows_given_twice)

static void refuses_values_of_others(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct val row[ENTITY_MAX_COLUMNS];
    sample_open(&s, engine);
    folder_open(&f);
    put(&s, s.organisation, row, TYPED("code", "O1", "name", "One", "credit_code",
                                       "91110000600007448N"));
    put(&s, s.household, row, TYPED("code", "H1", "place", "653224", "head", "Al", "cause", "01"));
    put(&s, s.organisation, row, TYPED("code", "O5", "name", "Five", "credit_code",
                                       "91110000710924945K"));
    folder_put(&f, "organisation.csv", "code,name,credit_code\nO2,Two,91110000600007448N\n"
               "O1,One,91110000600007448N\nO5,Five,91110000600007448N\n");
    folder_put(&f, "household.csv", "code,place,head,cause\nH1,653225,Al,01\n");
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 0, 0, 1, 3);
    assert_non_null(strstr(folder_get(&f, "organisation.refused.csv", &s.arena),
                           "2,credit_code,91110000600007448N,another row of organisation has the "
                           "same credit_code,O2"));
    assert_non_null(strstr(folder_get(&f, "organisation.refused.csv", &s.arena),
                           "4,credit_code,91110000600007448N,another row of organisation has this "
                           "credit_code,O5"));
    assert_non_null(strstr(folder_get(&f, "household.refused.csv", &s.arena),
                           "the row was recorded in county 653224; record its move to 653225"));
    assert_whole(&s);
    /* A claim may move to another value, which is free. */
    folder_put(&f, "organisation.csv", "code,name,credit_code\nO1,One,91330000142942340E\n");
    assert_loaded(load_sum_up(&s, &f, "organisation.csv", NULL, NULL), 0, 1, 0, 0);
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(refuses_values_of_others)

static void tries_without_writing(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct load_options dry = { .dry_run = true, .slice = 2 };
    struct load_options whole = { .all_or_nothing = true, .slice = 2 };
    int64_t number;
    sample_open(&s, engine);
    folder_open(&f);
    put_all(&f);
    folder_put(&f, "visit.csv", "household,on_date\nH1,2020-01-01\nH9,2020-01-01\n");
    assert_loaded(load_sum_up(&s, &f, NULL, &dry, &number), 12, 0, 0, 1);
    assert_int_equal(number, 0);
    assert_int_equal(count_stored(&s, "household"), 0);
    assert_int_equal(count_stored(&s, "load"), 0);
    assert_non_null(strstr(folder_get(&f, "visit.refused.csv", &s.arena),
                           "3,household,H9,there is no household 'H9',H9,2020-01-01"));
    assert_loaded(load_sum_up(&s, &f, NULL, &whole, &number), 0, 0, 0, 1);
    assert_int_equal(number, 0);
    assert_int_equal(count_stored(&s, "household"), 0);
    assert_int_equal(count_stored(&s, "national_key"), 0);
    assert_int_equal(count_stored(&s, "load"), 0);
    assert_whole(&s);
    folder_put(&f, "visit.csv", "household,on_date\nH1,2020-01-01\n");
    assert_loaded(load_sum_up(&s, &f, NULL, &whole, &number), 12, 0, 0, 0);
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(tries_without_writing)

/* More changes than the journal keeps in memory: they are chained early, and undone again. */
static void changes_many_rows(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct buf b;
    struct err e = { 0 };
    struct load_options opt = { .slice = 4000 };
    int64_t number;
    sample_open(&s, engine);
    folder_open(&f);
    for (int turn = 0; turn < 2; turn++) {
        buf_init(&b, 1 << 22);
        buf_str(&b, "code,place,head,cause,members\n");
        for (int i = 0; i < 9000; i++)
            buf_printf(&b, "H%d,65%04d,Gul,01,%d\n", i, 3201 + i % 30, i % 6 + 1 + turn);
        folder_put(&f, "household.csv", b.p);
        buf_free(&b);
        struct load_file_report got = load_sum_up(&s, &f, NULL, &opt, &number);
        assert_loaded(got, turn ? 0 : 9000, turn ? 9000 : 0, 0, 0);
    }
    assert_int_equal(count_stored(&s, "image"), 9000);
    assert_whole(&s);
    assert_ok(load_undo(s.model, s.t.store, number, 0, &e), e);
    assert_int_equal(count_stored(&s, "image"), 18000);
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(changes_many_rows)

struct told { int calls; struct load_progress last; };

static void listen(void *arg, const struct load_progress *p)
{
    struct told *t = arg;
    t->calls++;
    t->last = *p;
}

static void tells_progress(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct told told = { 0 };
    struct load_options opt = { .progress = listen, .progress_arg = &told };
    sample_open(&s, engine);
    folder_open(&f);
    put_all(&f);
    assert_loaded(load_sum_up(&s, &f, NULL, &opt, NULL), 11, 0, 0, 0);
    assert_int_equal(told.calls, 4);
    assert_true(told.last.done);
    assert_int_equal(told.last.bytes, told.last.total);
    assert_string_equal(told.last.entity, "person");
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(tells_progress)

struct meddler { struct sample *s; struct val row[ENTITY_MAX_COLUMNS]; bool done; };

static void delete_once(void *arg, const struct load_progress *p)
{
    struct meddler *m = arg;
    struct err e = { 0 };
    if (m->done || p->done) return;
    m->done = true;
    assert_ok(drop_row(m->s, m->s->household, m->row, 0, &e), e);
}

/* Between reading a batch and writing it, another writer deletes a row that it refers to. */
static void sees_what_others_delete(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct buf b;
    struct meddler m = { .s = &s };
    struct val row[ENTITY_MAX_COLUMNS];
    struct load_options opt = { .progress = delete_once, .progress_arg = &m };
    sample_open(&s, engine);
    folder_open(&f);
    put(&s, s.household, row, TYPED("code", "H1", "place", "653224", "head", "Al", "cause", "01"));
    put(&s, s.household, m.row, TYPED("code", "H2", "place", "653224", "head", "Bo", "cause",
                                      "01"));
    buf_init(&b, 1 << 20);
    buf_str(&b, "household,on_date,kind\n");
    for (int i = 0; i < 5000; i++)
        buf_printf(&b, "H%d,2020-01-01,k%d\n", i == 4000 ? 2 : 1, i);
    folder_put(&f, "visit.csv", b.p);
    buf_free(&b);
    assert_loaded(load_sum_up(&s, &f, NULL, &opt, NULL), 4999, 0, 0, 1);
    assert_true(m.done);
    assert_non_null(strstr(folder_get(&f, "visit.refused.csv", &s.arena),
                           "the row it refers to was deleted meanwhile,H2,2020-01-01,k4000"));
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(sees_what_others_delete)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(loads_a_folder),
        STORE_TESTS(loads_in_slices),
        cmocka_unit_test(loads_into_partitions),
        STORE_TESTS(changes_rows),
        STORE_TESTS(refuses_and_takes_the_mended_file),
        STORE_TESTS(keeps_drafts),
        STORE_TESTS(finds_rows_given_twice),
        STORE_TESTS(refuses_values_of_others),
        STORE_TESTS(tries_without_writing),
        STORE_TESTS(changes_many_rows),
        STORE_TESTS(tells_progress),
        STORE_TESTS(sees_what_others_delete),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
