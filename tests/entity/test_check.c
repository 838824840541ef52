/* row_check: each fault with its severity, field and sentence; drafts; how many fit. */
#include "sample.h"

static struct sample s;
static struct val row[ENTITY_MAX_COLUMNS];
static struct row_fault faults[16];
static int refusing, missing;

static int open_model(void **state)
{
    (void)state;
    sample_model_open(&s);
    return 0;
}

static int close_model(void **state)
{
    (void)state;
    sample_model_close(&s);
    return 0;
}

static void right_household(void)
{
    struct err e = { 0 };
    assert_ok(typed_read(s.model, s.household, TYPED("code", "H1", "place", "653224103222", "head",
        "Aygul", "cause", "1", "members", "4", "income", "100"), NULL, row, &s.arena, &e), e);
}

static int check(const struct table_map *m)
{
    return row_check(s.model, m, row, &s.arena, faults, 16, &refusing, &missing);
}

/* One fault, after one value of a right household was changed. */
static void one(int field, struct val v, enum severity severity, const char *name,
                const char *message)
{
    right_household();
    set(s.household, row, field, v);
    int n = check(s.household);
    if (n != 1) fail_msg("%s: %d faults", name, n);
    assert_int_equal(faults[0].severity, severity);
    assert_string_equal(faults[0].check, name);
    if (!strstr(faults[0].message, message)) fail_msg("%s (not: %s)", faults[0].message, message);
    assert_int_equal(refusing, severity == CHECK_REFUSE);
    if (faults[0].field >= 0) assert_int_equal(faults[0].field, field);
}

static void a_right_row_has_no_fault(void **state)
{
    (void)state;
    right_household();
    assert_int_equal(check(s.household), 0);
    assert_int_equal(refusing, 0);
    assert_int_equal(missing, 0);
}

static void each_check(void **state)
{
    (void)state;
    one(HH_MEMBERS, val_int(21), CHECK_REFUSE, "range", "21 is more than 20");
    one(HH_MEMBERS, val_int(0), CHECK_REFUSE, "range", "0 is less than 1");
    one(HH_INCOME, val_int(-100000001), CHECK_REFUSE, "range",
        "-1000000.01 is less than -1000000.00");
    one(HH_AREA, val_int(-1), CHECK_REFUSE, "range", "-0.1 is less than 0.0");
    one(HH_IDENTIFIED, val_int(5000000), CHECK_REFUSE, "range", "is more than 9999-12-31");
    one(HH_HEAD, val_text("A"), CHECK_REFUSE, "length", "at least 2 are needed");
    one(HH_HEAD, val_text("abcdefghijklmnopqrstu"), CHECK_REFUSE, "length",
        "it has 21 characters; at most 20");
    one(HH_CAUSE, val_text("77"), CHECK_REFUSE, "code", "'77' is not in the code list cause");
    one(HH_CAUSE, val_int(1), CHECK_REFUSE, "type", "another type");
    one(HH_MEMBERS, val_text("4"), CHECK_REFUSE, "type", "another type");
    one(HH_PHONE, val_text("12345"), CHECK_WARN, "phone", "no telephone number");
    one(HH_CARD, val_text("6222020000000008"), CHECK_WARN, "bank_card", "check digit");
    one(HH_MEMBERS, val_int(7), CHECK_WARN, "HH2", "seven or more members");
    one(HH_HEAD, val_text("Aygul2"), CHECK_REFUSE, "household", "a name has no digits");
    one(HH_CODE, val_null(), CHECK_REFUSE, "required", "it must be given");
    one(HH_PLACE, val_null(), CHECK_REFUSE, "required", "it must be given");
    one(HH_HEAD, val_null(), CHECK_WARN, "required", "it must be given");
    assert_int_equal(missing, 1);
    /* Twenty Chinese characters are twenty, whatever their bytes. */
    right_household();
    set(s.household, row, HH_HEAD, val_text("买买提买买提买买提买买提买买提买买提买买"));
    assert_int_equal(check(s.household), 0);
}

static void rules_and_unknown(void **state)
{
    (void)state;
    right_household();
    set(s.household, row, HH_CAUSE, val_text("02"));
    set(s.household, row, HH_MARTYR, val_int(1));
    assert_int_equal(check(s.household), 1);
    assert_string_equal(faults[0].check, "HH1");
    assert_int_equal(faults[0].field, -1);
    set(s.household, row, HH_MARTYR, val_null()); /* unknown passes */
    assert_int_equal(check(s.household), 0);
    set(s.household, row, HH_MEMBERS, val_null());
    assert_int_equal(check(s.household), 0);
    int from = s.household->common + COMMON_VALID_FROM, to = s.household->common + COMMON_VALID_TO;
    set(s.household, row, from, val_int(100));
    set(s.household, row, to, val_int(99));
    assert_int_equal(check(s.household), 1);
    assert_string_equal(faults[0].check, "period");
    assert_int_equal(faults[0].field, to);
    set(s.household, row, to, val_int(100));
    assert_int_equal(check(s.household), 0);
    /* A number lies within what rules can reckon with, even where no bounds were given. */
    struct err e = { 0 };
    assert_ok(typed_read(s.model, s.aid, TYPED("code", "A", "amount", "1"), NULL, row, &s.arena, &e), e);
    assert_int_equal(check(s.aid), 0);
    set(s.aid, row, AID_AMOUNT, val_int(ENTITY_INT_MAX + 1));
    assert_int_equal(check(s.aid), 1);
    assert_string_equal(faults[0].check, "range");
}

static void citizen_ids(void **state)
{
    (void)state;
    static const struct { const char *id, *basis, *why; } want[] = {
        { "11010519491231002X", "recorded", NULL }, { "440524188001010014", "recorded", NULL },
        { "110105194912310021", "recorded", "the last character" },
        { "11010519491331002X", "recorded", "is no date" },
        { "1101051949123100", "recorded", "has 18 characters" },
        { "1101051949123A002X", "recorded", "digits alone" },
        { "11010519491231002X43", "recorded", NULL },            /* a disability certificate */
        { "99010519491231002", "synthetic", "has 18 characters" },
    };
    struct err e = { 0 };
    for (int i = 0; i < COUNT(want); i++) {
        memset(row, 0, sizeof row);
        assert_true(field_read(s.model, s.person, PERSON_ID, want[i].id, strlen(want[i].id), NULL,
                               row, &s.arena, &e));
        set(s.person, row, PERSON_HOUSEHOLD, val_int(1));
        set(s.person, row, PERSON_NUMBER, val_int(1));
        set(s.person, row, PERSON_NAME, val_text("A"));
        set(s.person, row, s.person->common + COMMON_BASIS, val_text(want[i].basis));
        int n = check(s.person);
        if (n != (want[i].why != NULL)) fail_msg("%s: %d faults", want[i].id, n);
        if (n && !strstr(faults[0].message, want[i].why))
            fail_msg("%s: %s", want[i].id, faults[0].message);
        if (n) assert_int_equal(faults[0].severity, CHECK_REFUSE);
    }
    /* A made-up id, right in itself: in a synthetic row alone. */
    char id[19] = "99010519491231002";
    static const char ends[] = "0123456789X";
    for (int i = 0; ends[i]; i++) {
        id[17] = ends[i];
        set(s.person, row, PERSON_ID, val_textn(id, 18));
        set(s.person, row, s.person->common + COMMON_BASIS, val_text("synthetic"));
        if (check(s.person)) continue;
        set(s.person, row, s.person->common + COMMON_BASIS, val_text("recorded"));
        assert_int_equal(check(s.person), 1);
        assert_non_null(strstr(faults[0].message, "no real person's"));
        return;
    }
    fail_msg("no check character fits");
}

static void a_credit_code_only_warns(void **state)
{
    (void)state;
    struct err e = { 0 };
    assert_ok(typed_read(s.model, s.organisation, TYPED("code", "O", "name", "N",
        "credit_code", "91350211M0000XUF46"), NULL, row, &s.arena, &e), e);
    assert_int_equal(check(s.organisation), 1);
    assert_int_equal(faults[0].severity, CHECK_WARN);
    assert_string_equal(faults[0].check, "credit_code");
    assert_int_equal(refusing, 0);
    set(s.organisation, row, ORG_CREDIT, val_text("91350100M000100Y43"));
    assert_int_equal(check(s.organisation), 0);
}

/* When there are more faults than room, refusing ones push warnings out. */
static void refusals_come_first(void **state)
{
    (void)state;
    struct row_fault few[2];
    right_household();
    set(s.household, row, HH_HEAD, val_null());
    set(s.household, row, HH_CAUSE, val_null());
    set(s.household, row, HH_PHONE, val_text("1"));
    set(s.household, row, s.household->common + COMMON_VALID_FROM, val_int(10));
    set(s.household, row, s.household->common + COMMON_VALID_TO, val_int(1));
    set(s.household, row, HH_MEMBERS, val_int(50));
    assert_int_equal(row_check(s.model, s.household, row, &s.arena, few, 2, &refusing, &missing),
                     2);
    assert_int_equal(refusing, 2);
    assert_int_equal(missing, 2);
    assert_int_equal(few[0].severity, CHECK_REFUSE);
    assert_int_equal(few[1].severity, CHECK_REFUSE);
    assert_int_equal(row_check(s.model, s.household, row, &s.arena, NULL, 0, &refusing, &missing),
                     0);
    assert_int_equal(refusing, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_row_has_no_fault), cmocka_unit_test(each_check),
        cmocka_unit_test(rules_and_unknown), cmocka_unit_test(citizen_ids),
        cmocka_unit_test(a_credit_code_only_warns), cmocka_unit_test(refusals_come_first),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
