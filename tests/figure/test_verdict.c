/* Printed numbers beside what records give: each cell of the table in verdict.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "figure/verdict.h"

enum { H = CLAIM_HOLDS, D = CLAIM_DIFFERS, C = CLAIM_CANNOT };
static const enum qualifier all[] = { Q_EQ, Q_GE, Q_GT, Q_LE, Q_LT, Q_APPROX, Q_MIXED };
enum { N = 7 };

static enum claim_verdict against(const struct printed *p, int64_t v)
{
    const char *why;
    return verdict_of(p, &(struct computed){ v, v, Q_EQ }, &why);
}

static enum claim_verdict judge(int64_t printed, enum qualifier p, int64_t v, enum qualifier q)
{
    const char *why;
    return verdict_of(&(struct printed){ printed * 1000, 1000, p },
                      &(struct computed){ v * 1000, v * 1000, q }, &why);
}

/* Rows: printed = >= > <= < ~; columns: the records say = >= > <= < ~ mixed. */
static void check_table(int64_t printed, int64_t v, const int want[6][N])
{
    for (int i = 0; i < 6; i++)
        for (int k = 0; k < N; k++)
            if ((int)judge(printed, all[i], v, all[k]) != want[i][k])
                fail_msg("printed %d of %d, records %d of %d", i, (int)printed, k, (int)v);
}

static void the_same_number(void **state)
{
    static const int want[6][N] = {
        { H, C, C, C, C, H, C }, /* = : about is as near as the records come */
        { H, H, H, C, C, C, C }, /* at least */
        { D, H, H, D, D, C, C }, /* over: exactly the bound is not over it */
        { H, C, C, H, H, C, C }, /* at most */
        { D, D, D, H, H, H, C }, /* nearly */
        { H, H, H, H, H, H, C }, /* about */
    };
    (void)state;
    check_table(400, 400, want);
    check_table(-400, -400, want);
}

static void more_is_recorded(void **state)
{
    static const int want[6][N] = {
        { D, D, D, C, C, D, C }, { H, H, H, C, C, H, C }, { H, H, H, C, C, H, C },
        { D, D, D, C, C, D, C }, { D, D, D, C, C, D, C }, { D, D, D, C, C, D, C },
    };
    (void)state;
    check_table(400, 700, want);
}

static void less_is_recorded(void **state)
{
    static const int want[6][N] = {
        { D, C, C, D, D, D, C }, { D, C, C, D, D, D, C }, { D, C, C, D, D, D, C },
        { H, C, C, H, H, H, C }, { D, C, C, D, D, D, C }, { D, C, C, D, D, D, C },
    };
    (void)state;
    check_table(400, 200, want);
    assert_int_equal(judge(400, Q_LT, 390, Q_EQ), H); /* nearly */
    assert_int_equal(judge(400, Q_APPROX, 390, Q_EQ), H);
    assert_int_equal(judge(400, Q_EQ, 390, Q_EQ), D);
    assert_int_equal(judge(400, Q_EQ, 390, Q_APPROX), C); /* it may be 400 */
}

static void as_finely_as_printed(void **state)
{
    const char *why;
    struct printed million = { 266000000000, 1000000000, Q_EQ }; /* printed in millions */
    (void)state;
    assert_int_equal(against(&million, 266349112000), H);
    assert_int_equal(against(&million, 265500000000), H);
    assert_int_equal(against(&million, 265499999999), D);
    assert_int_equal(against(&million, 266500000000), D);
    /* 97.63 is over 97.6, 97.58 is not, and is at least 97.6 as far as that was printed. */
    struct printed percent = { 97600, 100, Q_GT };
    assert_int_equal(against(&percent, 97630), H);
    assert_int_equal(against(&percent, 97580), D);
    percent.qualifier = Q_GE;
    assert_int_equal(against(&percent, 97580), H);
    /* 703.70 by records that say about, printed as 704. */
    assert_int_equal(verdict_of(&(struct printed){ 704000, 1000, Q_EQ },
                                &(struct computed){ 703704, 703704, Q_APPROX }, &why), H);
    assert_non_null(why);
}

static void cut_facts(void **state)
{
    const char *why;
    struct printed p = { 716000, 1000, Q_EQ };
    (void)state;
    assert_int_equal(verdict_of(&p, &(struct computed){ 416000, 1116000, Q_EQ }, &why), C);
    assert_non_null(why);
    assert_int_equal(verdict_of(&p, &(struct computed){ 800000, 1116000, Q_EQ }, &why), D);
    p.qualifier = Q_GE;
    assert_int_equal(verdict_of(&p, &(struct computed){ 716000, 1116000, Q_GT }, &why), H);
    p.qualifier = Q_GT;
    assert_int_equal(verdict_of(&p, &(struct computed){ 716000, 1116000, Q_GT }, &why), H);
    assert_int_equal(verdict_of(&p, &(struct computed){ 716000, 1116000, Q_GE }, &why), C);
    /* just the bound: the reason says so */
    assert_int_equal(verdict_of(&p, &(struct computed){ 716000, 716000, Q_EQ }, &why), D);
    assert_non_null(why);
}

static void the_ends_of_numbers(void **state)
{
    const char *why;
    struct printed p = { INT64_MAX - 1, 1000, Q_APPROX };
    (void)state;
    assert_int_equal(verdict_of(&p, &(struct computed){ INT64_MAX, INT64_MAX, Q_APPROX }, &why), H);
    p = (struct printed){ 0, 1000, Q_EQ };
    assert_int_equal(verdict_of(&p, &(struct computed){ 0, 0, Q_EQ }, &why), H);
    assert_int_equal(verdict_of(&p, &(struct computed){ 500, 500, Q_EQ }, &why), D);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_number), cmocka_unit_test(more_is_recorded),
        cmocka_unit_test(less_is_recorded), cmocka_unit_test(as_finely_as_printed),
        cmocka_unit_test(cut_facts), cmocka_unit_test(the_ends_of_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
