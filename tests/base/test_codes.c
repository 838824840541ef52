#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/codes.h"
#include "base/date.h"
#include "base/random.h"

static enum id_fault citizen(const char *s)
{
    return citizen_id_check(s, strlen(s), NULL, NULL);
}

/* The worked examples of GB 11643-1999 and others. */
static void citizen_ids(void **state)
{
    (void)state;
    assert_int_equal(citizen("11010519491231002X"), ID_OK);
    assert_int_equal(citizen("11010519491231002x"), ID_OK);
    assert_int_equal(citizen("440524188001010014"), ID_OK);
    assert_int_equal(citizen("34052419800101001X"), ID_OK);
    assert_int_equal(citizen("110105194912310021"), ID_CHECK);
    assert_int_equal(citizen("11010519490230002X"), ID_BIRTH);
    assert_int_equal(citizen("11010517991231002X"), ID_BIRTH);
    assert_int_equal(citizen(""), ID_LENGTH);
    assert_int_equal(citizen("110105491231002"), ID_LENGTH);
    assert_int_equal(citizen("11010519491231002X "), ID_LENGTH);
    assert_int_equal(citizen("11010519491231002Y"), ID_CHARACTER);
    assert_int_equal(citizen("1101051949123X0021"), ID_CHARACTER);
    assert_int_equal(citizen("１101051949123100"), ID_CHARACTER);
    int32_t birth = 0;
    int sex = 0;
    assert_int_equal(citizen_id_check("11010519491231002X", 18, &birth, &sex), ID_OK);
    assert_int_equal(birth, date_make(1949, 12, 31));
    assert_int_equal(sex, 2);
    assert_int_equal(citizen_id_check("440524188001010014", 18, &birth, &sex), ID_OK);
    assert_int_equal(birth, date_make(1880, 1, 1));
    assert_int_equal(sex, 1);
}

static void old_citizen_ids(void **state)
{
    (void)state;
    char id[19] = "unchanged";
    assert_true(citizen_id_upgrade("110105491231002", 15, id));
    assert_string_equal(id, "11010519491231002X");
    assert_true(citizen_id_upgrade("340524800101001", 15, id));
    assert_string_equal(id, "34052419800101001X");
    memcpy(id, "unchanged", 10);
    assert_false(citizen_id_upgrade("34052480010100", 14, id));
    assert_false(citizen_id_upgrade("34052480010100X", 15, id));
    assert_false(citizen_id_upgrade("340524800230001", 15, id));
    assert_string_equal(id, "unchanged");
}

static void synthetic_ids(void **state)
{
    (void)state;
    assert_true(citizen_id_synthetic("990105194912310020", 18));
    assert_false(citizen_id_synthetic("11010519491231002X", 18));
    assert_false(citizen_id_synthetic("9", 1));
    assert_false(citizen_id_synthetic("", 0));
}

/* The check finds every single wrong digit and every swap of neighbours. */
static void slips_are_found(void **state)
{
    (void)state;
    struct random r;
    random_seed(&r, 1);
    for (int round = 0; round < 300; round++) {
        char id[19], text[DATE_TEXT];
        int64_t born = random_between(&r, date_make(1900, 1, 1), date_make(2020, 1, 1));
        date_format((int32_t)born, text);
        for (int i = 0; i < 17; i++) id[i] = (char)('0' + random_below(&r, 10));
        memcpy(id + 6, text, 4);
        memcpy(id + 10, text + 5, 2);
        memcpy(id + 12, text + 8, 2);
        id[17] = citizen_id_check_char(id);
        assert_int_equal(citizen_id_check(id, 18, NULL, NULL), ID_OK);
        for (int i = 0; i < 17; i++) {
            char right = id[i];
            for (char c = '0'; c <= '9'; c++) {
                id[i] = c;
                assert_int_equal(citizen_id_check(id, 18, NULL, NULL) == ID_OK, c == right);
            }
            id[i] = right;
            char next = id[i + 1];
            if (i == 16 || next == right) continue;
            id[i] = next;
            id[i + 1] = right;
            assert_int_not_equal(citizen_id_check(id, 18, NULL, NULL), ID_OK);
            id[i] = right;
            id[i + 1] = next;
        }
    }
}

static void credit_codes(void **state)
{
    (void)state;
    assert_true(credit_code_check("91350100M000100Y43", 18));
    assert_false(credit_code_check("91350100M000100Y4Z", 18));
    assert_true(credit_code_check("91512081MA62K0260E", 18));
    assert_false(credit_code_check("91350211M0000XUF46", 18)); /* in use, though */
    assert_false(credit_code_check("91350100M000100Y4", 17));
    assert_false(credit_code_check("91350100m000100Y43", 18));
    assert_false(credit_code_check("91350100I000100Y43", 18));
    assert_false(credit_code_check("91350100\0000100Y43", 18));
    assert_false(credit_code_check("", 0));
}

static void organisation_codes(void **state)
{
    (void)state;
    assert_true(organisation_code_check("M000100Y4", 9));
    assert_true(organisation_code_check("D2143569X", 9));
    assert_true(organisation_code_check("D2143569-X", 10));
    assert_false(organisation_code_check("D21435690", 9));
    assert_false(organisation_code_check("D2143569 X", 10));
    assert_false(organisation_code_check("d2143569X", 9));
    assert_false(organisation_code_check("D214-3569X", 10));
    assert_false(organisation_code_check("", 0));
}

static void bank_cards(void **state)
{
    (void)state;
    /* The classic example has 11 digits, too few for a card; a leading zero changes no sum. */
    assert_true(luhn_check("079927398713", 12));
    assert_false(luhn_check("79927398713", 11));
    assert_false(luhn_check("079927398710", 12));
    assert_true(luhn_check("6222020000000007", 16));
    assert_false(luhn_check("6222020000000008", 16));
    assert_false(luhn_check("6222 02000000007", 16));
    assert_false(luhn_check("00000000000000000000", 20));
    assert_true(luhn_check("0000000000000000000", 19));
}

static void phones(void **state)
{
    (void)state;
    static const char *const good[] = { "13800138000", "010-62345678", "01062345678",
                                        "0903-6512345", "09036512345", "021-1234567",
                                        "0991-12345678" };
    static const char *const bad[] = { "", "1380013800", "138001380000", "1380013800x",
                                       "62345678", "010-623456", "010-623456789", "0-12345678",
                                       "00-123456789", "0903--651234", "09-036512345",
                                       "+8613800138000", "138-0013-8000", "010 62345678" };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!phone_check(good[i], strlen(good[i]))) fail_msg("refused: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (phone_check(bad[i], strlen(bad[i]))) fail_msg("taken: %s", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(citizen_ids),   cmocka_unit_test(old_citizen_ids),
        cmocka_unit_test(synthetic_ids), cmocka_unit_test(slips_are_found),
        cmocka_unit_test(credit_codes),  cmocka_unit_test(organisation_codes),
        cmocka_unit_test(bank_cards),    cmocka_unit_test(phones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
