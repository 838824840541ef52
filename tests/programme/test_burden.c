/* How often a form falls due: against a walk over the calendar that knows nothing of the code. */
#include "rooms.h"

#include "base/date.h"
#include "base/random.h"
#include "programme/watch/burden.h"

/* The day after the last of a month is a first. */
static bool ends_month(int32_t day, int every)
{
    struct civil next = date_civil(day + 1);
    return next.day == 1 && (next.month - 1) % every == 0;
}

static int64_t naive(enum asked_often often, int32_t form_from, int32_t form_to, int32_t from, int32_t to)
{
    int64_t n = 0;
    int32_t sunday = date_make(2020, 5, 31);
    for (int32_t day = from; day <= to; day++) {
        if (day < form_from || day > form_to) continue;
        if (often == ASKED_DAILY) n++;
        if (often == ASKED_WEEKLY && (day - sunday) % 7 == 0) n++;
        if (often == ASKED_MONTHLY && ends_month(day, 1)) n++;
        if (often == ASKED_QUARTERLY && ends_month(day, 3)) n++;
        if (often == ASKED_YEARLY && ends_month(day, 12)) n++;
        if (often == ASKED_ONCE && day == form_to) n++;
    }
    return n;
}

static void forms_fall_due_by_the_calendar(void **state)
{
    (void)state;
    struct random r;
    random_seed(&r, 2020);
    for (int i = 0; i < 20000; i++) {
        int32_t start = date_make(1968, 1, 1) + (int32_t)random_below(&r, 30000);
        int32_t form = start + (int32_t)random_below(&r, 60) - 30;
        int32_t form_to = form + (int32_t)random_below(&r, 500), to = start + (int32_t)random_below(&r, 400);
        enum asked_often often = (enum asked_often)random_below(&r, 6);
        assert_int_equal(burden_due(often, form, form_to, start, to), naive(often, form, form_to, start, to));
    }
    assert_int_equal(burden_due(ASKED_ONCE, 100, DATE_MAX, 98, 104), 1);  /* no end: its first day */
    assert_int_equal(burden_due(ASKED_DAILY, DATE_MIN, DATE_MAX, 98, 104), 7);
}

static void a_form_is_about_one_day(void **state)
{
    (void)state;
    struct random r;
    random_seed(&r, 2021);
    for (int i = 0; i < 5000; i++) {
        int32_t on = date_make(2020, 1, 1) + (int32_t)random_below(&r, 800), from = on - (int32_t)random_below(&r, 60);
        int32_t to = from + (int32_t)random_below(&r, 90), ahead = (int32_t)random_below(&r, 20), want = DATE_MAX;
        enum asked_often often = (enum asked_often)random_below(&r, 6);
        for (int32_t day = on + ahead; day > on; day--)
            if (naive(often, from, to, day, day)) want = day;
        for (int32_t day = on - 30; day <= on; day++)
            if (naive(often, from, to, day, day)) want = day;
        assert_int_equal(burden_round(often, from, to, on, ahead), want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(forms_fall_due_by_the_calendar),
                                        cmocka_unit_test(a_form_is_about_one_day) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
