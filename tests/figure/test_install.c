/* Definitions in the store: what an office changes is built anew, what it does not change is left
 * alone, and a program with older definitions cannot write. */
#include "oracle.h"

static void fill(struct sample *s)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    sample_parties_put(s);
    for (int i = 0; i < 30; i++) {
        char code[16];
        snprintf(code, sizeof code, "A%d", i);
        put(s, s->aid, row,
            TYPED("code", code, "place", i % 2 ? "653224103001" : "653225001001", "amount", "5",
                  "kind", i % 3 ? "money" : "goods", "giver", "ORG-1", "paid_on", "2020-05-01",
                  "valid_from", "2020-05-01", "valid_to", "2020-05-02"));
    }
}

static uint32_t number_of(struct sample *s, const char *name)
{
    const struct figure *f = figures_find(s->figures, name);
    return f ? f->number : 0;
}

static void offices_change_definitions(enum engine engine)
{
    struct sample s;
    sample_open(&s, engine);
    fill(&s);
    uint32_t amount = number_of(&s, "aid_amount"), count = number_of(&s, "aid_count");
    /* a new label leaves the cells alone: a planted fault stays */
    test_sql(s.t.store,
             "update county_cell set org = 555 where figure = (select number from figure_def "
             "where name = 'aid_count') and org = 0");
    sample_install(
        &s,
        "figure aid_count\n label en \"Pieces\"\n unit item\n count of aid\n"
        " where state in {committed, done} and not kind = goods\n flow at paid_on\n organisation "
        "giver\n"
        "figure aid_new\n sum cost of aid\n flow at paid_on\n"
        "figure aid_amount\n unit yuan\n sum amount of aid\n where state = done and kind = money\n"
        " flow valid_from .. valid_to\n organisation giver\n");
    assert_int_equal(number_of(&s, "aid_amount"), amount);
    assert_int_equal(number_of(&s, "households"), 0);
    assert_true(number_of(&s, "aid_new") > count);
    assert_int_equal(figure_of(&s, "aid_amount", 0, 0, DATE_MIN, DATE_MAX).value, 20 * 500);
    /* `not kind = goods` is another rule than `kind != goods`, with the same meaning: it was
     * rebuilt */
    assert_int_equal(figure_of(&s, "aid_count", 0, 0, DATE_MIN, DATE_MAX).value, 20);
    assert_verified(&s);
    test_sql(s.t.store,
             "update county_cell set org = 555 where figure = (select number from figure_def "
             "where name = 'aid_count') and org = 0");
    sample_install(&s, "figure aid_count\n label en \"Other\"\n unit piece\n count of aid\n"
                       " where (state in {done, committed}) and not (kind = goods)\n flow at "
                       "paid_on\n organisation giver\n"
                       "figure aid_new\n sum cost of aid\n flow at paid_on\n");
    assert_int_equal(figure_of(&s, "aid_count", 0, 0, DATE_MIN, DATE_MAX).value, 0);
    assert_int_equal(figure_of(&s, "aid_count", 0, 555, DATE_MIN, DATE_MAX).value, 20);
    struct err e = { 0 };
    assert_ok(figures_rebuild(s.t.store, s.model, s.figures, &e), e);
    assert_int_equal(figure_of(&s, "aid_count", 0, 0, DATE_MIN, DATE_MAX).value, 20);
    assert_verified(&s);
    sample_close(&s);
}
STORE_TEST(offices_change_definitions)

static void faulty_definitions_change_nothing(enum engine engine)
{
    struct sample s;
    struct err e = { 0 };
    sample_open(&s, engine);
    fill(&s);
    struct figure_source src = { "own.figure", "figure a\n count of aids\n flow at paid_on\n", 41 };
    src.n = strlen(src.text);
    assert_err(figures_install(s.t.store, s.model, &src, 1, &e), e, ERR_INVALID);
    assert_non_null(strstr(e.message, "own.figure: line 2, column 11"));
    assert_int_equal(figure_of(&s, "aid_amount", 0, 0, DATE_MIN, DATE_MAX).value, 30 * 500);
    assert_verified(&s);
    sample_close(&s);
}
STORE_TEST(faulty_definitions_change_nothing)

static void older_definitions_cannot_write(enum engine engine)
{
    struct sample s;
    struct err e = { 0 };
    struct val row[ENTITY_MAX_COLUMNS + 1];
    sample_open(&s, engine);
    fill(&s);
    struct figure_source src = { "new.figure",
                                 "figure aid_new\n sum cost of aid\n flow at paid_on\n", 0 };
    src.n = strlen(src.text);
    assert_ok(figures_install(s.t.store, s.model, &src, 1, &e), e);
    struct typed_row t = { s.model, s.aid, TYPED("code", "X", "place", "653224103001", "amount", "1"),
                           row, &s.arena };
    assert_err(store_write(s.t.store, typed_insert, &t, &e), e, ERR_CONFLICT);
    /* after reading them again it can */
    figures_free(s.figures);
    assert_ok(figures_from_store(&s.figures, s.db, s.model, &e), e);
    figures_observe(s.figures, s.model);
    s.context.figures = s.figures;
    assert_ok(store_write(s.t.store, typed_insert, &t, &e), e);
    assert_verified(&s);
    sample_close(&s);
}
STORE_TEST(older_definitions_cannot_write)

static void not_while_a_load_is_pending(enum engine engine)
{
    struct sample s;
    struct err e = { 0 };
    sample_open(&s, engine);
    fill(&s);
    test_sql(s.t.store,
             "insert into load (number, state, started, actor, files) values (9, 0, 1, 0, 'x')");
    struct figure_source src = { "new.figure",
                                 "figure aid_new\n sum cost of aid\n flow at paid_on\n", 0 };
    src.n = strlen(src.text);
    assert_err(figures_install(s.t.store, s.model, &src, 1, &e), e, ERR_BUSY);
    assert_err(figures_rebuild(s.t.store, s.model, s.figures, &e), e, ERR_BUSY);
    /* what changes no cell goes through */
    src = (struct figure_source){ "same.figure", sample_figures, sizeof sample_figures - 1 };
    assert_ok(figures_install(s.t.store, s.model, &src, 1, &e), e);
    sample_close(&s);
}
STORE_TEST(not_while_a_load_is_pending)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(offices_change_definitions), STORE_TESTS(faulty_definitions_change_nothing),
        STORE_TESTS(older_definitions_cannot_write), STORE_TESTS(not_while_a_load_is_pending),
    };
    return test_store_main(tests, COUNT(tests));
}
