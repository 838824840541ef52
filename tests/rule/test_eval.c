/* What a rule says of one row, by hand: every operator, missing values, exact division, dates. */
#include "rule/sample.h"

#include "base/date.h"

static void fill(struct val *row)
{
    for (int i = 0; i < C_N; i++) row[i] = val_null();
    row[C_ID] = val_int(INT64_C(9000000000000000000));
    row[C_AMOUNT] = val_int(150000); /* 1500.00 */
    row[C_COST] = val_int(120050);   /* 1200.50 */
    row[C_AREA] = val_int(25000);    /* 2.5000 */
    row[C_PERSONS] = val_int(3);
    row[C_PAID] = val_int(date_make(2020, 5, 27));
    row[C_BORN] = val_int(date_make(1960, 2, 29));
    row[C_FOOD_OK] = val_int(1);
    row[C_STATE] = val_text("done");
    row[C_CAUSE] = val_text("01");
    row[C_CAUSES] = val_text("01;03");
    row[C_NAME] = val_text("贡布");
    row[C_BALANCE] = val_int(-7);
    row[C_PLACE] = val_int(INT64_C(540626000000));
}

static const struct { const char *rule; enum rule_tri is; } cases[] = {
    { "true", RULE_TRUE }, { "false", RULE_FALSE },
    { "amount = 1500", RULE_TRUE }, { "amount = 1500.00", RULE_TRUE },
    { "amount > 1500", RULE_FALSE },
    { "1500 <= amount", RULE_TRUE }, { "amount >= 1500.01", RULE_FALSE },
    { "amount != 1500", RULE_FALSE }, { "amount - cost = 299.5", RULE_TRUE },
    { "amount > persons", RULE_TRUE }, { "amount / 100 = 15", RULE_TRUE },
    { "persons * 500 = amount", RULE_TRUE }, { "amount * 1.5 = 2250", RULE_TRUE },
    { "area * persons = 7.5", RULE_TRUE }, { "area > 2.4999", RULE_TRUE },
    { "-balance = 7", RULE_TRUE }, { "balance = -7", RULE_TRUE }, { "balance < -6", RULE_TRUE },
    { "-(-7) = -balance", RULE_TRUE }, { "2 + 3 * 4 = 14", RULE_TRUE },
    { "(2 + 3) * 4 = 20", RULE_TRUE },
    { "10 - 3 - 2 = 5", RULE_TRUE }, { "10 - (3 - 2) = 9", RULE_TRUE },
    /* exact fractions */
    { "amount / persons = 500", RULE_TRUE }, { "cost / persons < 400.17", RULE_TRUE },
    { "cost / persons > 400.16", RULE_TRUE }, { "cost / persons = 400.16", RULE_FALSE },
    { "10 / 3 > 3.333333", RULE_TRUE }, { "10 / 3 * 3 = 10", RULE_TRUE },
    { "persons / balance > -0.4286", RULE_TRUE }, { "persons / balance < -0.4285", RULE_TRUE },
    { "balance / persons = -7 / 3", RULE_TRUE }, { "1 / balance = -1 / 7", RULE_TRUE },
    { "balance / persons in {-2, -3..-2.3}", RULE_TRUE },
    { "balance / persons in -2 .. 0", RULE_FALSE },
    { "1 / (persons - 3) > 0", RULE_UNKNOWN }, { "0 * (1 / (persons - 3)) = 0", RULE_UNKNOWN },
    { "5 / (1 / (persons - 3)) = 0", RULE_UNKNOWN }, { "amount / count > 1", RULE_UNKNOWN },
    { "count / persons > 1", RULE_UNKNOWN }, { "amount / persons > count", RULE_UNKNOWN },
    { "amount / persons = 500 + place * 0", RULE_TRUE }, { "amount / place > count", RULE_UNKNOWN },
    { "cost / persons * persons = cost", RULE_TRUE },
    { "id / persons = 3000000000000000000", RULE_TRUE },
    { "id / persons != 3000000000000000000", RULE_FALSE }, { "id / persons > place", RULE_TRUE },
    { "id / balance < place", RULE_TRUE }, { "place <= id / balance", RULE_FALSE },
    { "id / balance > -1285714285714285715", RULE_TRUE },
    { "id / balance < -1285714285714285714", RULE_TRUE },
    /* Kleene */
    { "count > 1", RULE_UNKNOWN }, { "not count > 1", RULE_UNKNOWN },
    { "count = count", RULE_UNKNOWN },
    { "count > 1 and false", RULE_FALSE }, { "count > 1 or true", RULE_TRUE },
    { "count > 1 and true", RULE_UNKNOWN }, { "count > 1 or false", RULE_UNKNOWN },
    { "false and count > 1", RULE_FALSE }, { "true or count > 1", RULE_TRUE },
    { "known(count)", RULE_FALSE }, { "not known(count)", RULE_TRUE },
    { "known(amount)", RULE_TRUE },
    { "known(name) and known(causes) and known(food_ok)", RULE_TRUE },
    { "count in {1, 2}", RULE_UNKNOWN }, { "count not in {1, 2}", RULE_UNKNOWN },
    { "amount in 0 .. count", RULE_UNKNOWN }, { "amount in 2000 .. count", RULE_FALSE },
    { "food_ok", RULE_TRUE }, { "not food_ok", RULE_FALSE }, { "water_ok", RULE_UNKNOWN },
    { "not water_ok", RULE_UNKNOWN }, { "food_ok = true", RULE_TRUE },
    { "food_ok != water_ok", RULE_UNKNOWN },
    { "food_ok = (amount > 1)", RULE_TRUE }, { "(persons > 5) = (amount < 1)", RULE_TRUE },
    /* sets */
    { "persons in {1, 3}", RULE_TRUE }, { "persons in {1..2, 4..9}", RULE_FALSE },
    { "persons not in {1, 2, 4}", RULE_TRUE }, { "persons in 2 .. 3", RULE_TRUE },
    { "amount in {1500.00}", RULE_TRUE }, { "amount in {1499.99..1500}", RULE_TRUE },
    { "place in {540600000000..540699999999, 1}", RULE_TRUE },
    { "paid_on in 2020-01-01 .. 2020-12-31", RULE_TRUE },
    { "paid_on in {2019-01-01, 2020-05-27}", RULE_TRUE }, { "not persons in {3}", RULE_FALSE },
    /* codes and text */
    { "state = done", RULE_TRUE }, { "state != done", RULE_FALSE }, { "done = state", RULE_TRUE },
    { "state = \"done\"", RULE_TRUE }, { "state in {planned, done}", RULE_TRUE },
    { "state in {planned, \"x-1\"}", RULE_FALSE }, { "state = next_state", RULE_UNKNOWN },
    { "state = state", RULE_TRUE }, { "cause = 01", RULE_TRUE }, { "cause in {3a, 01}", RULE_TRUE },
    { "cause not in {02, 99}", RULE_TRUE }, { "state = \"true\"", RULE_FALSE },
    { "causes has 03", RULE_TRUE }, { "causes has 02", RULE_FALSE },
    { "causes not has 02", RULE_TRUE },
    { "causes in {02, 03}", RULE_TRUE }, { "causes not in {02, 99}", RULE_TRUE },
    { "name = \"贡布\"", RULE_TRUE }, { "name < \"贡\"", RULE_FALSE }, { "name > \"贡\"", RULE_TRUE },
    { "name != \"it's\"", RULE_TRUE }, { "name in {\"a\"..\"z\", \"贡布\"}", RULE_TRUE },
    { "name = town", RULE_UNKNOWN }, { "\"a\" < \"b\"", RULE_TRUE }, { "\"b\" > name", RULE_FALSE },
    { "name in \"贡\" .. \"贡布\"", RULE_TRUE },
    /* dates */
    { "paid_on = 2020-05-27", RULE_TRUE }, { "paid_on < 2020-05-27", RULE_FALSE },
    { "paid_on - 2020-05-20 = 7", RULE_TRUE }, { "paid_on + 5 = 2020-06-01", RULE_TRUE },
    { "paid_on - 27 = 2020-04-30", RULE_TRUE }, { "3 + paid_on > paid_on", RULE_TRUE },
    { "year(paid_on) = 2020", RULE_TRUE }, { "year(born) = 1960", RULE_TRUE },
    { "year(paid_on) - year(born) >= 60", RULE_TRUE }, { "year(2020-02-29) = 2020", RULE_TRUE },
    { "year(paid_on + 217) = 2020", RULE_TRUE }, { "year(paid_on + 219) = 2021", RULE_TRUE },
    { "id > 8999999999999999999", RULE_TRUE },
};

static void says(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct val row[C_N];
    fill(row);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = cases[i].rule;
        struct rule *r = sample_parse(text, &a);
        enum rule_tri got = rule_test(r, row);
        if (got != cases[i].is) fail_msg("%s: %d, not %d", text, got, cases[i].is);
        const struct val *cols[C_N];
        unsigned char batch;
        for (int c = 0; c < C_N; c++) cols[c] = rule_uses(r, c) ? &row[c] : NULL;
        rule_test_columns(r, cols, 1, &batch);
        if (batch != got) fail_msg("%s: %d in a batch, %d alone", text, batch, got);
    }
    arena_free(&a);
}

static const struct {
    const char *rule; enum rule_type type; int scale; bool known; int64_t is;
} values[] = {
    { "amount", RULE_INT, 2, true, 150000 }, { "amount - cost", RULE_INT, 2, true, 29950 },
    { "persons", RULE_INT, 0, true, 3 }, { "area * 2", RULE_INT, 4, true, 50000 },
    { "cost * 0.5 * persons", RULE_INT, 3, true, 1800750 },
    { "cost / persons", RULE_INT, 2, true, 40016 },
    { "-cost / persons", RULE_INT, 2, true, -40016 },
    { "cost / balance", RULE_INT, 2, true, -17150 }, { "cost / area", RULE_INT, 2, true, 48020 },
    { "persons / 7", RULE_INT, 2, true, 42 }, { "area / 15", RULE_INT, 4, true, 1666 },
    { "2.5 / persons", RULE_INT, 2, true, 83 }, { "amount / 0.5", RULE_INT, 2, true, 300000 },
    { "amount / (persons - 3)", RULE_INT, 2, false, 0 }, { "count", RULE_INT, 0, false, 0 },
    { "amount + count", RULE_INT, 2, false, 0 }, { "amount + 0.5", RULE_INT, 2, true, 150050 },
    { "paid_on + 1", RULE_DATE, 0, true, 18410 }, { "paid_on - born", RULE_INT, 0, true, 22003 },
    { "year(paid_on)", RULE_INT, 0, true, 2020 }, { "food_ok", RULE_BOOL, 0, true, 1 },
    { "not food_ok", RULE_BOOL, 0, true, 0 }, { "water_ok", RULE_BOOL, 0, false, 0 },
    { "5", RULE_INT, 0, true, 5 }, { "-1.50", RULE_INT, 1, true, -15 },
    { "7 / 2", RULE_INT, 2, true, 350 },
};

static void values_are(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct val row[C_N];
    fill(row);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        enum rule_type type;
        int scale;
        struct rule *r = sample_value(values[i].rule, &a, &type, &scale);
        struct val v = rule_value(r, row);
        if (type != values[i].type || scale != values[i].scale)
            fail_msg("%s: type %d scale %d", values[i].rule, type, scale);
        if (!val_equal(v, values[i].known ? val_int(values[i].is) : val_null()))
            fail_msg("%s: %lld", values[i].rule, v.type == VAL_INT ? (long long)v.i : -1);
    }
    arena_free(&a);
}

static void text_values(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct val row[C_N];
    enum rule_type type;
    int scale;
    fill(row);
    struct val v = rule_value(sample_value("state", &a, &type, &scale), row);
    assert_int_equal(type, RULE_CODE);
    assert_true(val_equal(v, val_text("done")));
    v = rule_value(sample_value("\"say \"\"hi\"\"\"", &a, &type, &scale), row);
    assert_int_equal(type, RULE_TEXT);
    assert_true(val_equal(v, val_text("say \"hi\"")));
    assert_true(val_is_null(rule_value(sample_value("town", &a, &type, &scale), row)));
    arena_free(&a);
}

static void year_of_every_day(void **state)
{
    (void)state;
    struct arena a = { 0 };
    enum rule_type type;
    int scale;
    struct rule *r = sample_value("year(born)", &a, &type, &scale);
    struct val row[C_N];
    for (int32_t day = DATE_MIN; day <= DATE_MAX; day++) {
        if (day % 1000 == 0 || (day > -60000 && day < 60000) || day < DATE_MIN + 1000 ||
            day > DATE_MAX - 1000) {
            row[C_BORN] = val_int(day);
            assert_int_equal(rule_value(r, row).i, date_civil(day).year);
        }
    }
    arena_free(&a);
}

static void a_value_of_another_type_is_missing(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct val row[C_N];
    fill(row);
    row[C_AMOUNT] = val_text("12");
    row[C_NAME] = val_int(5);
    row[C_FOOD_OK] = val_text("yes");
    assert_int_equal(rule_test(sample_parse("amount > 1", &a), row), RULE_UNKNOWN);
    assert_int_equal(rule_test(sample_parse("amount - 1 > 1", &a), row), RULE_UNKNOWN);
    assert_int_equal(rule_test(sample_parse("name = \"x\"", &a), row), RULE_UNKNOWN);
    assert_int_equal(rule_test(sample_parse("food_ok", &a), row), RULE_UNKNOWN);
    arena_free(&a);
}

static void batches_of_any_length(void **state)
{
    (void)state;
    enum { ROWS = 2500 };
    static struct val amount[ROWS], states[ROWS];
    static unsigned char out[ROWS + 1];
    struct arena a = { 0 };
    const struct val *cols[C_N] = { [C_AMOUNT] = amount, [C_STATE] = states };
    struct rule *r = sample_parse("state = done and amount / 7 > 1000", &a);
    for (int i = 0; i < ROWS; i++) {
        amount[i] = i % 11 ? val_int((int64_t)i * 1000) : val_null();
        states[i] = i % 7 ? val_text(i % 3 ? "done" : "planned") : val_null();
    }
    for (size_t rows = 0; rows <= ROWS; rows += rows < 10 || rows == 1022 ? 1 : 253) {
        memset(out, 77, sizeof out);
        rule_test_columns(r, cols, rows, out);
        assert_int_equal(out[rows], 77);
        for (size_t i = 0; i < rows; i++) {
            struct val row[C_N] = { [C_AMOUNT] = amount[i], [C_STATE] = states[i] };
            assert_int_equal(out[i], rule_test(r, row));
        }
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says),
        cmocka_unit_test(values_are),
        cmocka_unit_test(text_values),
        cmocka_unit_test(year_of_every_day),
        cmocka_unit_test(a_value_of_another_type_is_missing),
        cmocka_unit_test(batches_of_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
