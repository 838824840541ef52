/* Passwords, one-time codes by the vectors of RFC 6238, and marks that do not repeat. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/secret.h"

static const unsigned char rfc[TOTP_SECRET + 1] = "12345678901234567890";

/* Appendix B of RFC 6238, SHA-1; the last six of its eight digits. */
static void test_codes_are_those_of_the_standard(void **state)
{
    static const struct { int64_t at; const char *code; } rows[] = {
        { 59, "287082" }, { 1111111109, "081804" }, { 1111111111, "050471" }, { 1234567890, "005924" },
        { 2000000000, "279037" }, { INT64_C(20000000000), "353130" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char code[8];
        totp_code(rfc, rows[i].at / 30, code);
        assert_string_equal(code, rows[i].code);
        assert_int_equal(totp_step(rfc, code, rows[i].at, 0), rows[i].at / 30);
    }
}

static void test_a_code_holds_a_step_around_and_once(void **state)
{
    char code[8];
    (void)state;
    totp_code(rfc, 1000, code);
    for (int64_t step = 997; step <= 1003; step++)
        assert_int_equal(totp_step(rfc, code, step * 30 + 7, 0) >= 0, step >= 999 && step <= 1001);
    assert_int_equal(totp_step(rfc, code, 30007, 1000), -1);
    assert_int_equal(totp_step(rfc, "", 30007, 0), -1);
    assert_int_equal(totp_step(rfc, "00000", 30007, 0), -1);
}

static void test_base32(void **state)
{
    char out[TOTP_BASE32];
    (void)state;
    totp_base32(rfc, out);
    assert_string_equal(out, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

static void test_passwords(void **state)
{
    char a[PASSWORD_TEXT], b[PASSWORD_TEXT];
    (void)state;
    assert_true(password_hash("a good long password", a));
    assert_true(password_hash("a good long password", b));
    assert_string_not_equal(a, b);
    assert_int_equal(strncmp(a, "$argon2id$", 10), 0);
    assert_true(password_matches(a, "a good long password"));
    assert_false(password_matches(a, "a good long passwore"));
    assert_false(password_matches(a, ""));
    assert_false(password_matches("", "a good long password"));
    assert_false(password_stale(a));
    assert_true(password_stale("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
                               "iWh06vD8Fy27wf9npn6FXWiCX4K6pW6Ue1Bnzz07Z8A"));
}

static void test_secrets_do_not_repeat(void **state)
{
    char a[SECRET_TEXT], b[SECRET_TEXT];
    (void)state;
    secret_make(a);
    secret_make(b);
    assert_int_equal(strlen(a), SECRET_TEXT - 1);
    assert_string_not_equal(a, b);
    assert_true(secret_same(a, a));
    assert_false(secret_same(a, b));
    assert_false(secret_same(a, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes_are_those_of_the_standard),
        cmocka_unit_test(test_a_code_holds_a_step_around_and_once), cmocka_unit_test(test_base32),
        cmocka_unit_test(test_passwords), cmocka_unit_test(test_secrets_do_not_repeat),
    };
    if (!digest_start()) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
