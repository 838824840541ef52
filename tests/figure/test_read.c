/* Reading: what words in a definition come to, in small cases worked out by hand. */
#include "sample.h"

#define LOP INT64_C(653224000000)
#define VILLAGE "653224103001"
static const int64_t village = 653224103001;

static void put_aid(struct sample *s, const char *code, const char *amount, const char *from,
                    const char *to, const char *qualifier)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    put(s, s->aid, row, TYPED("code", code, "place", VILLAGE, "kind", "money", "amount", amount,
                              "valid_from", from, "valid_to", to, "qualifier", qualifier));
}

static struct figure_value in_period(struct sample *s, const char *from, const char *to)
{
    return figure_of(s, "aid_amount", LOP, 0, day(from), day(to));
}

static void intervals_are_partial(enum engine engine)
{
    struct sample s;
    sample_open(&s, engine);
    sample_parties_put(&s);
    put_aid(&s, "A", "100", "2020-03-01", "2020-05-31", "eq");
    put_aid(&s, "B", "7", "2020-04-10", "2020-04-10", "eq");
    struct figure_value v = in_period(&s, "2020-01-01", "2020-12-31");
    assert_int_equal(v.value, 10700);
    assert_int_equal(v.scale, 2);
    assert_false(v.partial);
    /* its end lies inside: counted, but it may have been before */
    v = in_period(&s, "2020-04-01", "2020-06-30");
    assert_int_equal(v.value, 10700);
    assert_true(v.partial);
    assert_int_equal(v.low, 700);
    assert_int_equal(v.high, 10700);
    /* its beginning lies inside: not counted, but it may be */
    v = in_period(&s, "2020-01-01", "2020-04-30");
    assert_int_equal(v.value, 700);
    assert_true(v.partial);
    assert_int_equal(v.low, 700);
    assert_int_equal(v.high, 10700);
    /* it goes on over both ends */
    v = in_period(&s, "2020-04-01", "2020-04-30");
    assert_int_equal(v.value, 700);
    assert_true(v.partial);
    assert_int_equal(v.high, 10700);
    assert_true(v.low <= 700 && v.low >= 0);
    /* it lies elsewhere */
    v = in_period(&s, "2020-06-01", "2020-06-30");
    assert_int_equal(v.value, 0);
    assert_false(v.partial);
    sample_close(&s);
}
STORE_TEST(intervals_are_partial)

static void missing_dates_are_unsure(enum engine engine)
{
    struct sample s;
    sample_open(&s, engine);
    sample_parties_put(&s);
    put_aid(&s, "A", "100", "", "", "eq");
    put_aid(&s, "B", "10", "2020-01-01", "", "eq");
    put_aid(&s, "C", "1", "", "2019-12-31", "eq");
    struct figure_value v = figure_of(&s, "aid_amount", LOP, 0, DATE_MIN, DATE_MAX);
    assert_int_equal(v.value, 11100);
    assert_false(v.partial);
    v = figure_of(&s, "aid_amount", LOP, 0, DATE_MIN, day("2019-12-31"));
    assert_int_equal(v.value, 100);
    assert_true(v.partial);
    assert_int_equal(v.low, 100);
    assert_int_equal(v.high, 10100);
    v = in_period(&s, "2020-01-01", "2020-12-31");
    assert_int_equal(v.value, 0);
    assert_int_equal(v.low, 0);
    assert_int_equal(v.high, 11000);
    sample_close(&s);
}
STORE_TEST(missing_dates_are_unsure)

static void qualifiers_travel(enum engine engine)
{
    struct sample s;
    sample_open(&s, engine);
    sample_parties_put(&s);
    put_aid(&s, "A", "2000", "2020-01-01", "2020-01-01", "ge");
    put_aid(&s, "B", "1", "2020-01-02", "2020-01-02", "eq");
    put_aid(&s, "C", "30", "2020-01-03", "2020-01-03", "gt");
    put_aid(&s, "D", "400", "2020-01-04", "2020-01-04", "approx");
    put_aid(&s, "E", "5", "2020-01-05", "2020-01-05", "lt");
    static const struct { const char *from, *to; enum qualifier q; } cases[] = {
        { "2020-01-01", "2020-01-02", Q_GE }, { "2020-01-01", "2020-01-03", Q_GT },
        { "2020-01-02", "2020-01-02", Q_EQ }, { "2020-01-04", "2020-01-04", Q_APPROX },
        { "2020-01-03", "2020-01-05", Q_MIXED }, { "2020-01-05", "2020-01-05", Q_LT },
        { "2020-01-03", "2020-01-04", Q_MIXED } };
    struct arena a;
    arena_init(&a, 0);
    for (int i = 0; i < COUNT(cases); i++) {
        struct figure_value v = in_period(&s, cases[i].from, cases[i].to);
        assert_int_equal(v.qualifier, cases[i].q);
    }
    const struct figure *f = figures_find(s.figures, "aid_amount");
    struct figure_value v = in_period(&s, "2020-01-01", "2020-01-02");
    assert_string_equal(figure_print(f, &v, &a), "≥ 2,001 yuan");
    v = in_period(&s, "2020-01-04", "2020-01-04");
    assert_string_equal(figure_print(f, &v, &a), "~ 400 yuan");
    /* what is taken away bounds from the other side */
    v = figure_of(&s, "balance", LOP, 0, day("2020-01-01"), day("2020-01-01"));
    assert_int_equal(v.qualifier, Q_GE);
    arena_free(&a);
    sample_close(&s);
}
STORE_TEST(qualifiers_travel)

static void unknown_is_not_nought(enum engine engine)
{
    struct sample s;
    struct arena a;
    sample_open(&s, engine);
    sample_parties_put(&s);
    arena_init(&a, 0);
    put_aid(&s, "A", "", "2020-01-01", "2020-01-01", "eq");
    const struct figure *f = figures_find(s.figures, "aid_amount");
    struct figure_value v = figure_of(&s, "aid_amount", LOP, 0, DATE_MIN, DATE_MAX);
    assert_false(v.known);
    assert_int_equal(v.unknown, 1);
    assert_string_equal(figure_print(f, &v, &a), "no record behind it has an amount");
    put_aid(&s, "B", "1234567.5", "2020-01-02", "2020-01-02", "eq");
    v = figure_of(&s, "aid_amount", LOP, 0, DATE_MIN, DATE_MAX);
    assert_true(v.known);
    assert_int_equal(v.unknown, 1);
    assert_int_equal(v.rows, 2);
    assert_string_equal(figure_print(f, &v, &a), "1,234,567.50 yuan");
    assert_string_equal(figure_rests_on(&v), "recorded");
    /* nothing recorded at all */
    v = figure_of(&s, "aid_amount", 110101000000, 0, DATE_MIN, DATE_MAX);
    assert_true(v.known);
    assert_int_equal(v.rows, 0);
    assert_string_equal(figure_rests_on(&v), "no records");
    arena_free(&a);
    sample_close(&s);
}
STORE_TEST(unknown_is_not_nought)

static void stocks_begin_and_end(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    sample_open(&s, engine);
    put(&s, s.household, row, TYPED("code", "H1", "place", VILLAGE, "members", "4", "since",
                                    "2014-01-01", "ended", "2017-06-30"));
    /* households: until the day it ended; members: through that day */
    assert_int_equal(figure_of(&s, "households", village, 0, DATE_MIN, day("2013-12-31")).value, 0);
    assert_int_equal(figure_of(&s, "households", village, 0, DATE_MIN, day("2014-01-01")).value, 1);
    assert_int_equal(figure_of(&s, "households", village, 0, DATE_MIN, day("2017-06-29")).value, 1);
    assert_int_equal(figure_of(&s, "households", village, 0, DATE_MIN, day("2017-06-30")).value, 0);
    assert_int_equal(figure_of(&s, "members", village, 0, DATE_MIN, day("2017-06-30")).value, 4);
    assert_int_equal(figure_of(&s, "members", village, 0, DATE_MIN, day("2017-07-01")).value, 0);
    /* `from` says nothing of a stock */
    assert_int_equal(
        figure_of(&s, "members", village, 0, day("2016-01-01"), day("2016-01-02")).value, 4);
    /* moved to another village, backdated, given away */
    set(s.household, row, "place", val_int(653224103002));
    set(s.household, row, "since", val_int(day("2013-01-01")));
    change_row(&s, s.household, row);
    assert_int_equal(figure_of(&s, "households", village, 0, DATE_MIN, day("2014-01-01")).value, 0);
    assert_int_equal(
        figure_of(&s, "households", 653224103002, 0, DATE_MIN, day("2013-01-01")).value, 1);
    drop_row(&s, s.household, row);
    assert_int_equal(figure_of(&s, "households", 0, 0, DATE_MIN, day("2014-01-01")).value, 0);
    assert_verified(&s);
    sample_close(&s);
}
STORE_TEST(stocks_begin_and_end)

static void distinct_is_never_summed(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    sample_open(&s, engine);
    sample_parties_put(&s);
    static const struct { const char *code, *place, *giver, *paid;
    } rows[] = { { "A", "653224103001", "ORG-1", "2019-05-01" },
                 { "B", "653224103002", "ORG-1", "2019-06-01" },
                 { "C", "653225001001", "ORG-1", "2019-06-01" },
                 { "D", "653224103001", "ORG-2", "2019-12-31" },
                 { "E", "653224103001", "ORG-2", "2020-01-01" } };
    for (int i = 0; i < COUNT(rows); i++)
        put(&s, s.aid, row,
            TYPED("code", rows[i].code, "place", rows[i].place, "giver", rows[i].giver, "paid_on",
                  rows[i].paid, "amount", "1", "kind", "money"));
    int32_t from = day("2019-01-01"), to = day("2019-12-31");
    assert_int_equal(figure_of(&s, "givers", LOP, 0, from, to).value, 2);
    assert_int_equal(figure_of(&s, "givers", LOP, 0, from, day("2019-05-31")).value, 1);
    assert_int_equal(figure_of(&s, "givers", 653225000000, 0, from, to).value, 1);
    assert_int_equal(figure_of(&s, "givers", LOP, 0, day("2020-01-01"), day("2020-12-31")).value,
                     1);
    /* above its scope, below it, over years, from the middle of one */
    struct figure_value v = figure_of(&s, "givers", 653200000000, 0, from, to);
    assert_false(v.known);
    assert_string_equal(v.why, "this distinct figure is kept per county and is never summed");
    assert_false(figure_of(&s, "givers", village, 0, from, to).known);
    assert_false(figure_of(&s, "givers", LOP, 0, from, day("2020-12-31")).known);
    assert_false(figure_of(&s, "givers", LOP, 0, day("2019-02-01"), to).known);
    assert_int_equal(figure_of(&s, "givers_ever", 0, 0, DATE_MIN, DATE_MAX).value, 2);
    sample_close(&s);
}
STORE_TEST(distinct_is_never_summed)

static void asks_are_checked(enum engine engine)
{
    struct sample s;
    struct figure_value v;
    struct err e = { 0 };
    sample_open(&s, engine);
    struct figure_query q = { .name = "housholds", .from = DATE_MIN, .to = DATE_MAX };
    assert_err(figure_read(&s.context, s.db, &scope_all, &q, &v, &e), e, ERR_NOT_FOUND);
    assert_non_null(strstr(e.message, "did you mean \"households\""));
    q.name = "households";
    q.from = day("2020-01-02");
    q.to = day("2020-01-01");
    assert_err(figure_read(&s.context, s.db, &scope_all, &q, &v, &e), e, ERR_USAGE);
    q.from = DATE_MIN;
    q.place = village;
    q.by = 3;
    assert_err(figure_read_by(&s.context, s.db, &scope_all, &q, NULL, NULL, &e), e, ERR_USAGE);
    /* a share of nothing */
    v = figure_of(&s, "deep_share", 0, 0, DATE_MIN, DATE_MAX);
    assert_false(v.known);
    assert_string_equal(v.why, "the denominator is 0");
    assert_false(v.partial);
    /* a share of what the period cuts through: not nothing, but nothing sure */
    struct val row[ENTITY_MAX_COLUMNS + 1];
    sample_parties_put(&s);
    put(&s, s.aid, row, TYPED("code", "A1", "place", VILLAGE, "giver", "ORG-1", "amount", "5",
                              "cost", "1", "kind", "money", "valid_from", "2020-01-01",
                              "valid_to", "2020-12-31"));
    v = figure_of(&s, "deep_share", 0, 0, day("2020-06-01"), day("2020-06-30"));
    assert_false(v.known);
    assert_true(v.partial);
    assert_non_null(strstr(v.why, "partial: the period cuts through the facts of the denominator"));
    sample_close(&s);
}
STORE_TEST(asks_are_checked)

static void shares_have_decimals(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct arena a;
    sample_open(&s, engine);
    sample_parties_put(&s);
    arena_init(&a, 0);
    put_aid(&s, "A", "1", "2020-01-01", "2020-01-01", "eq");
    put(&s, s.aid, row, TYPED("code", "B", "place", "653225001001", "amount", "2", "kind", "money",
                              "valid_from", "2020-01-01", "valid_to", "2020-01-01"));
    struct figure_value v = figure_of(&s, "deep_share", 0, 0, DATE_MIN, DATE_MAX);
    assert_int_equal(v.value, 333);
    assert_string_equal(figure_print(figures_find(s.figures, "deep_share"), &v, &a), "33.3%");
    /* no county was deep in 2014 */
    v = figure_of(&s, "deep_share", 0, 0, DATE_MIN, day("2014-12-31"));
    assert_false(v.known);
    arena_free(&a);
    sample_close(&s);
}
STORE_TEST(shares_have_decimals)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(intervals_are_partial), STORE_TESTS(missing_dates_are_unsure),
        STORE_TESTS(qualifiers_travel), STORE_TESTS(unknown_is_not_nought),
        STORE_TESTS(stocks_begin_and_end), STORE_TESTS(distinct_is_never_summed),
        STORE_TESTS(asks_are_checked), STORE_TESTS(shares_have_decimals),
    };
    return test_store_main(tests, COUNT(tests));
}
