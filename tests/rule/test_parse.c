/* The text of rules: what is refused and where, what is printed, which columns are used. */
#include "rule/sample.h"

#include <stdlib.h>

static const struct { const char *rule, *fault; } faults[] = {
    /* the lexer */
    { "amount == 5", "column 8: write = instead of ==" },
    { "amount <> 5", "column 8: write != instead of <>" },
    { "food_ok && water_ok", "column 9: write and instead of &&" },
    { "! food_ok", "column 1: write not instead of !" },
    { "name = 'x'", "column 8: write \" instead of '" },
    { "（food_ok）", "column 1: write ( instead of （" },
    { "amount ≥ 5", "column 8: write >= instead of ≥" },
    { "cause in {01，02}", "column 13: write , instead of ，" },
    { "persons in [1, 2]", "column 12: write { instead of [" },
    { "amount > #5", "column 10: the character # has no meaning here" },
    { "name = 贡布", "column 8: the character 贡 has no meaning here; text stands in double quotes" },
    { "amount > \x01", "column 10: a control character has no place here" },
    { "name = \"贡布", "column 8: the text is not closed by a \" on its line" },
    { "name = \"a\nb\"", "column 8: the text is not closed by a \" on its line" },
    { "name = \"a\"\"", "column 8: the text is not closed by a \" on its line" },
    { "paid_on > 2020-02-30", "column 11: there is no date 2020-02-30" },
    { "paid_on > 0000-01-01", "column 11: there is no date 0000-01-01" },
    { "amount > 99999999999999999999", "column 10: the number 99999999999999999999 is too large" },
    { "area > 0.0000000000000000001", "column 8: the number 0.0000000000000000001 is too large" },
    { "amount > 5\xff", "column 11: byte ff is not UTF-8" },
    { "food_ok and\n \"贡\" = \xe8\xb4", "line 2, column 8: byte e8 is not UTF-8" },
    /* the grammar */
    { "", "column 1: a value is expected, but the rule ends here" },
    { "  \n ", "line 2, column 2: a value is expected, but the rule ends here" },
    { "amount >", "column 9: a value is expected, but the rule ends here" },
    { "amount > and food_ok", "column 10: a value is expected, not and" },
    { "food_ok water_ok",
      "column 9: \"and\", \"or\" or the end of the rule is expected, not water_ok" },
    { "food_ok \"x\"", "column 9: \"and\", \"or\" or the end of the rule is expected, not \"x\"" },
    { "food_ok)", "column 8: \"and\", \"or\" or the end of the rule is expected, not )" },
    { "(food_ok", "column 9: \")\" is expected, but the rule ends here" },
    { "(food_ok}", "column 9: \")\" is expected, not }" },
    { "1 < persons < 3", "column 13: comparisons do not chain: join two with \"and\"" },
    { "not not food_ok", "column 5: one \"not\" is enough" },
    { "food_ok = not water_ok",
      "column 11: a value (put parentheses around \"not ...\") is expected, not not" },
    { "persons not 3", "column 13: \"in\" or \"has\" is expected, not 3" },
    { "persons in 3",
      "column 13: \"{\", or \"..\" between the ends of a range is expected, but the rule ends "
      "here" },
    { "persons in {}", "column 13: a number, a date, a code or a text is expected, not }" },
    { "persons in {1", "column 14: \",\" or \"}\" is expected, but the rule ends here" },
    { "persons in {1 2}", "column 15: \",\" or \"}\" is expected, not 2" },
    { "persons in {-x}", "column 14: a number is expected, not x" },
    { "persons in {(1)}", "column 13: a number, a date, a code or a text is expected, not (" },
    { "known(5)", "column 7: the name of a column is expected, not 5" },
    { "known(amount", "column 13: \")\" is expected, but the rule ends here" },
    { "month(paid_on) = 5",
      "column 1: there is no function month; there are known( ) and year( )" },
    { "amount > --5", "column 11: a value is expected, not -" },
    { "persons > 3.", "column 12: the character . has no meaning here" },
    { "food_ok and\nwater_ok or\n  oops = 3",
      "line 3, column 3: there is no column \"oops\" (a text stands in double quotes)" },
    /* names and codes */
    { "amuont > 3", "column 1: there is no column \"amuont\"; did you mean amount?" },
    { "known(stat)", "column 7: there is no column \"stat\"; did you mean state?" },
    { "name = bar", "column 8: there is no column \"bar\" (a text stands in double quotes)" },
    { "state = dne", "column 9: \"dne\" is no code of the list fact_state; did you mean done? "
                    "Codes: planned, committed, done, true, x-1, place, cause" },
    { "state in {done, 7}", "column 17: \"7\" is no code of the list fact_state; codes: planned, "
                           "committed, done, true, x-1, place, cause" },
    { "cause = 1", "column 9: \"1\" is no code of the list cause; did you mean 01? "
                  "Codes: 01, 02, 03, 3a, 99" },
    { "causes has \"01;02\"", "column 12: \"01;02\" is no code of the list cause; codes: "
                             "01, 02, 03, 3a, 99" },
    { "amount = 3a", "column 10: 3a is a code, and stands beside no code column" },
    { "cause = state",
      "column 9: \"state\" is no code of the list cause; codes: 01, 02, 03, 3a, 99" },
    { "(cause) = (state)",
      "column 12: \"state\" is no code of the list cause; codes: 01, 02, 03, 3a, 99" },
    /* types */
    { "amount", "column 1: a condition is expected here, this is a number" },
    { "food_ok and paid_on", "column 13: a condition is expected here, this is a date" },
    { "not name", "column 5: a condition is expected here, this is a text" },
    { "state or food_ok", "column 1: a condition is expected here, this is a code" },
    { "causes or food_ok",
      "column 1: a condition is expected here, this is a column of several codes" },
    { "amount > paid_on",
      "column 8: a number cannot be compared with a date; dates are written 2020-05-27" },
    { "paid_on = 2020-5-27",
      "column 9: a date cannot be compared with a number; dates are written 2020-05-27" },
    { "name = 5", "column 6: a text cannot be compared with a number" },
    { "amount = \"5\"", "column 8: a number cannot be compared with a text" },
    { "food_ok = 1", "column 9: a condition cannot be compared with a number" },
    { "state = -5", "column 7: a code cannot be compared with a number" },
    { "state = name", "column 9: \"name\" is no code of the list fact_state; codes: planned, "
                     "committed, done, true, x-1, place, cause" },
    { "causes = 01",
      "column 8: a column of several codes cannot be compared with a number; use \"has\" or "
      "\"in\"" },
    { "state < done", "column 7: codes have no order: use =, != or in { }" },
    { "state in {committed..done}", "column 11: codes have no order: list them one by one" },
    { "state in \"a\" .. \"b\"", "column 7: a code cannot be compared with a text" },
    { "food_ok < water_ok", "column 9: conditions have no order: use = or !=" },
    { "food_ok in {1}", "column 9: a condition is in no set: use = or !=" },
    { "state has done", "column 7: \"has\" asks a column of several codes; use = or in { } here" },
    { "name + 1 > 2", "column 1: a text cannot be added" },
    { "amount - state > 2", "column 10: a code cannot be subtracted" },
    { "paid_on * 2 > 2", "column 1: a date cannot be multiplied" },
    { "2 / food_ok > 2", "column 5: a condition cannot be divided" },
    { "-paid_on > 2", "column 1: a date has no negative" },
    { "paid_on + born > 2", "column 9: two dates cannot be added" },
    { "5 - paid_on > 2", "column 3: a date cannot be taken from a number" },
    { "paid_on + amount > 2020-01-01", "column 11: a whole number of days is expected here" },
    { "paid_on + 1.5 > 2020-01-01", "column 11: a whole number of days is expected here" },
    { "paid_on + persons / 2 > 2020-01-01", "column 19: a whole number of days is expected here" },
    { "year(amount) = 2020", "column 6: year( ) takes a date, this is a number" },
    { "year(2020-01-01 + year(paid_on)) = 1", "column 19: year( ) inside year( ) is not allowed" },
    { "year(paid_on + place * 1000000) = 1",
      "column 1: this date can be too far away: the number of days needs a smaller range" },
    { "persons in {2020-01-01}", "column 13: a number is expected in this set" },
    { "paid_on in {2020}",
      "column 13: a date is expected in this set; dates are written 2020-05-27" },
    { "name in {5}", "column 10: a text is expected in this set; a text stands in double quotes" },
    { "name in {foo}",
      "column 10: a text is expected in this set; a text stands in double quotes" },
    { "persons in {5..3}", "column 13: the range is empty: its ends are exchanged" },
    { "name in {\"b\"..\"a\"}", "column 10: the range is empty: its ends are exchanged" },
    /* numbers */
    { "amount > 10.125", "column 10: a number with at most 2 decimals is expected here" },
    { "-0.001 < amount", "column 1: a number with at most 2 decimals is expected here" },
    { "persons = 1.5", "column 11: a whole number is expected here" },
    { "persons in {1, 2.5}", "column 16: a whole number is expected here" },
    { "amount in {1.005..2}", "column 12: a number with at most 2 decimals is expected here" },
    { "amount > 1000000000000000000", "column 10: the number is too large" },
    { "amount in {1000000000000000000}", "column 12: the number is too large" },
    { "amount * count > 5",
      "column 8: this product could overflow: its parts reach 1000000000000000 "
                           "and 1000000000000000 in their smallest unit" },
    { "id + id > 5", "column 4: this sum could overflow: its parts reach 9223372036854775807 "
                    "and 9223372036854775807 in their smallest unit" },
    { "persons - id - 5000000000000000000 > 5",
      "column 14: this difference could overflow: its parts reach "
                    "9223372036854775807 and 5000000000000000000 in their smallest unit" },
    { "persons / 0 > 1", "column 11: this divides by zero" },
    { "persons / 0.00 > 1", "column 11: this divides by zero" },
    { "persons / (2 - 2) > 1", "column 14: this divides by zero" },
    { "0.0000000001 * 0.000000001 * persons > 1",
      "column 14: this product has more than 18 decimals" },
};

static void refuses(void **state)
{
    (void)state;
    int wrong = 0;
    struct arena a = { 0 };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct rule *r;
        struct err e = { 0 };
        char want[500];
        const char *line = faults[i].fault[0] == 'l' ? "" : "line 1, ";
        snprintf(want, sizeof want, "%s%s", line, faults[i].fault);
        if (rule_parse(&r, faults[i].rule, strlen(faults[i].rule), 1, 1, &sample_schema, &a, &e))
            fail_msg("%s: was taken", faults[i].rule);
        assert_int_equal(e.code, ERR_INVALID);
        if (strcmp(e.message, want) != 0) {
            print_error("%s:\n  %s\n  not\n  %s\n", faults[i].rule, e.message, want);
            wrong++;
        }
        arena_reset(&a);
    }
    arena_free(&a);
    assert_int_equal(wrong, 0);
}

static void counts_from_where_the_text_begins(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct rule *r;
    struct err e = { 0 };
    assert_false(rule_parse(&r, "oops", 4, 12, 9, &sample_schema, &a, &e));
    assert_string_equal(e.message, "line 12, column 9: there is no column \"oops\" "
                                   "(a text stands in double quotes)");
    assert_false(rule_parse(&r, "food_ok\nand oops", 16, 12, 9, &sample_schema, &a, &e));
    assert_memory_equal(e.message, "line 13, column 5:", 18);
    arena_free(&a);
}

static void refuses_a_nul_byte(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct rule *r;
    struct err e = { 0 };
    assert_false(rule_parse(&r, "food_ok\0", 8, 1, 1, &sample_schema, &a, &e));
    assert_false(rule_parse(&r, "name = \"a\0b\"", 12, 1, 1, &sample_schema, &a, &e));
    arena_free(&a);
}

/* Repeats a piece between a start and an end. */
static char *repeated(const char *start, const char *piece, int times, const char *end)
{
    size_t n = strlen(start) + strlen(piece) * (size_t)times + strlen(end) + 1;
    char *text = malloc(n), *p = text;
    assert_non_null(text);
    p += snprintf(p, n, "%s", start);
    for (int i = 0; i < times; i++) p += snprintf(p, n - (size_t)(p - text), "%s", piece);
    snprintf(p, n - (size_t)(p - text), "%s", end);
    return text;
}

static void refuses_what_is_too_large(void **state)
{
    (void)state;
    static const struct {
        const char *start, *piece, *end; int times, most; const char *word;
    } big[] = {
        { "", "(", "food_ok", 100000, 1, "longer than" },
        { "", "(", "food_ok", 60000, 1, "parentheses" },
        { "food_ok", " and food_ok", "", 5000, 1, "too long" },
        { "persons in {1", ", 2", "}", 6000, 1, "too long" },
        { "persons > 1", " + persons", "", 3000, 1, "too long" },
        { "persons > ", "1 / (1 + ", "persons", 40, 40, "e" },
        { "persons > ", "1 - (", "persons", 40, 40, "inside each other" },
    };
    for (size_t i = 0; i < sizeof big / sizeof *big; i++) {
        struct arena a = { 0 };
        struct rule *r;
        struct err e = { 0 };
        char *close = repeated(big[i].end, ")", big[i].most > 1 ? big[i].most : 0, "");
        char *text = repeated(big[i].start, big[i].piece, big[i].times, close);
        assert_false(rule_parse(&r, text, strlen(text), 1, 1, &sample_schema, &a, &e));
        if (!strstr(e.message, big[i].word)) fail_msg("%.40s: %s", text, e.message);
        assert_true(a.held < 16 << 20);
        free(text);
        free(close);
        arena_free(&a);
    }
}

/* Text, and how it is printed. */
static const struct { const char *rule, *print; } prints[] = {
    { "food_ok", "food_ok" }, { "((food_ok))", "food_ok" }, { "true", "true" },
    { "amount>1000.50", "amount > 1000.5" }, { "amount = 1000.00", "amount = 1000" },
    { "amount\n\t>\r\n 007", "amount > 7" }, { "amount>-0", "amount > 0" },
    { "food_ok and (water_ok and persons = 1)", "food_ok and water_ok and persons = 1" },
    { "(food_ok or water_ok) or persons = 1", "food_ok or water_ok or persons = 1" },
    { "food_ok and (water_ok or persons = 1)", "food_ok and (water_ok or persons = 1)" },
    { "(food_ok and water_ok) or persons = 1", "food_ok and water_ok or persons = 1" },
    { "not (food_ok)", "not food_ok" }, { "not (not food_ok)", "food_ok" },
    { "not (food_ok and water_ok)", "not (food_ok and water_ok)" },
    { "(not food_ok) = water_ok", "(not food_ok) = water_ok" },
    { "not (persons in {1})", "persons not in {1}" },
    { "not persons not in {1}", "persons in {1}" },
    { "not persons = 1", "not persons = 1" },
    { "(persons = 1) = food_ok", "(persons = 1) = food_ok" },
    { "persons - (1 - 2) = 3", "persons - (1 - 2) = 3" },
    { "(persons - 1) - 2 = 3", "persons - 1 - 2 = 3" },
    { "persons * (1 + 2) = 3", "persons * (1 + 2) = 3" },
    { "(persons * 1) + 2 = 3", "persons * 1 + 2 = 3" },
    { "-(persons) = -(-3)", "-persons = 3" }, { "-(persons + 1) = 3", "-(persons + 1) = 3" },
    { "-(-persons) = 3", "persons = 3" }, { "persons - -3 = 1", "persons - -3 = 1" },
    { "persons in {3, 1, 2, 1}", "persons in {1, 2, 3}" },
    { "persons in {1..5, 3..9, 20, 4}", "persons in {1..9, 20}" },
    { "persons in {5..5}", "persons in {5}" }, { "persons in {-3..-1}", "persons in {-3..-1}" },
    { "amount in {1.50, 0.1..0.20}", "amount in {0.1..0.2, 1.5}" },
    { "persons in 1..5", "persons in 1 .. 5" },
    { "paid_on in {2020-12-31, 2019-01-01..2019-02-01}",
      "paid_on in {2019-01-01..2019-02-01, 2020-12-31}" },
    { "paid_on in 2020-01-01..2020-12-31", "paid_on in 2020-01-01 .. 2020-12-31" },
    { "state = \"done\"", "state = done" },
    { "state = \"true\"", "state = \"true\"" }, { "state = \"x-1\"", "state = \"x-1\"" },
    { "state in {planned, done, \"done\"}", "state in {done, planned}" },
    { "cause in {3a, \"01\", 02}", "cause in {01, 02, 3a}" },
    { "causes has 03", "causes in {03}" }, { "causes not has 03", "causes not in {03}" },
    { "name = \"say \"\"hi\"\"\"", "name = \"say \"\"hi\"\"\"" },
    { "name in {\"b\", \"a\"..\"c\"}", "name in {\"a\"..\"c\"}" },
    { "known ( name )", "known(name)" },
    { "year ( paid_on+1 ) = 2020", "year(paid_on + 1) = 2020" },
    { "amount / persons * 2 = 1", "amount / persons * 2 = 1" },
    { "cost / (persons * 2) = 1", "cost / (persons * 2) = 1" },
    { "state = next_state", "state = next_state" },
    { "state = \"place\"", "state = place" }, { "place = state", "place = state" },
    { "\"cause\" = state", "\"cause\" = state" }, { "done = state", "done = state" },
};

static void prints_canonically(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct buf b;
    buf_init(&b, 100000);
    for (size_t i = 0; i < sizeof prints / sizeof *prints; i++) {
        buf_clear(&b);
        rule_print(sample_parse(prints[i].rule, &a), &b);
        assert_string_equal(b.p, prints[i].print);
        buf_clear(&b);
        rule_print(sample_parse(prints[i].print, &a), &b);
        assert_string_equal(b.p, prints[i].print);
    }
    buf_free(&b);
    arena_free(&a);
}

/* Without a code list any word is a code, but a column's name means the column. */
static void codes_of_no_list(void **state)
{
    (void)state;
    static const struct rule_column cols[] = {
        { "kind", RULE_CODE, 0, 0, 0, NULL }, { "other", RULE_CODE, 0, 0, 0, NULL },
        { "known", RULE_BOOL, 0, 0, 0, NULL }, { "year", RULE_INT, 0, 0, 0, NULL },
        { "has", RULE_CODES, 0, 0, 0, NULL },
    };
    static const struct rule_schema schema = { .cols = cols, .n = 5 };
    static const char *const rules[] = {
        "kind = whatever", "kind = other", "kind = \"other\"", "kind in {\"other\", x9}",
        "known and known(known)", "year = 3", "has in {has1}", "kind = 0123456789",
        "kind = \"0123456789012345678901234567890\"",
    };
    struct arena a = { 0 };
    struct buf b;
    buf_init(&b, 10000);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct rule *r;
        struct err e = { 0 };
        buf_clear(&b);
        if (!rule_parse(&r, rules[i], strlen(rules[i]), 1, 1, &schema, &a, &e))
            fail_msg("%s: %s", rules[i], e.message);
        rule_print(r, &b);
        assert_string_equal(b.p, rules[i]);
        assert_int_equal(rule_uses(r, 1), i == 1);
    }
    buf_free(&b);
    arena_free(&a);
}

static void tells_what_it_uses(void **state)
{
    (void)state;
    struct arena a = { 0 };
    const struct rule *r = sample_parse("known(cost) and 0 * persons = 0 and state = next_state "
                                        "and causes has 01 or year(born) > 1 and food_ok", &a);
    for (int i = -1; i <= C_N; i++) {
        bool want = i == C_COST || i == C_PERSONS || i == C_STATE || i == C_NEXT_STATE ||
                    i == C_CAUSES || i == C_BORN || i == C_FOOD_OK;
        assert_int_equal(rule_uses(r, i), want);
    }
    arena_free(&a);
}

static const struct { const char *rule, *sqlite, *postgres; } sqls[] = {
    { "state = done and amount > 1000", "t.state = 'done' and t.amount > 100000", NULL },
    { "name = \"it's \\ -- ?1\"", "t.name = 'it''s \\ -- ?1'", NULL },
    { "name < \"x\"", "t.name < 'x'", "t.name collate \"C\" < 'x'" },
    { "true or food_ok", "1 or t.food_ok <> 0", "true or t.food_ok <> 0" },
    { "not (food_ok and known(name))", "not (t.food_ok <> 0 and t.name is not null)", NULL },
    { "persons in {1, 3..5, 7}", "t.persons in (1, 7) or t.persons between 3 and 5", NULL },
    { "persons in {1, 2} and food_ok", "(t.persons in (1, 2)) and t.food_ok <> 0", NULL },
    { "causes has 01", "instr(';' || t.causes || ';', ';01;') > 0",
      "strpos(';' || t.causes || ';', ';01;') > 0" },
    { "amount / persons > 400", "t.amount > 40000 * nullif(t.persons, 0)", NULL },
    { "persons - -3 = -(balance)", "t.persons - (-3) = (-t.balance)", NULL },
};

static void writes_sql(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct buf b;
    buf_init(&b, 10000);
    for (size_t i = 0; i < sizeof sqls / sizeof *sqls; i++) {
        const struct rule *r = sample_parse(sqls[i].rule, &a);
        buf_clear(&b);
        rule_sql(r, ENGINE_SQLITE, "t.", &b);
        assert_string_equal(b.p, sqls[i].sqlite);
        buf_clear(&b);
        rule_sql(r, ENGINE_POSTGRES, "t.", &b);
        assert_string_equal(b.p, sqls[i].postgres ? sqls[i].postgres : sqls[i].sqlite);
    }
    buf_free(&b);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses),
        cmocka_unit_test(counts_from_where_the_text_begins),
        cmocka_unit_test(refuses_a_nul_byte),
        cmocka_unit_test(refuses_what_is_too_large),
        cmocka_unit_test(prints_canonically),
        cmocka_unit_test(codes_of_no_list),
        cmocka_unit_test(tells_what_it_uses),
        cmocka_unit_test(writes_sql),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
