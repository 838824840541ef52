#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/id.h"
#include "base/random.h"
#include "support/death.h"

#define EPOCH INT64_C(1704067200000000) /* 2024-01-01 in µs */

static void layout(void **state)
{
    (void)state;
    int64_t now = EPOCH + 5 * INT64_C(1000) + 999;
    struct id_maker m;
    id_init(&m, clock_fixed(&now), 1023);
    int64_t id = id_next(&m);
    assert_int_equal(id, INT64_C(5) << 22 | 1023 << 12);
    assert_int_equal(id_time(id), EPOCH + 5000);
    assert_int_equal(id_writer(id), 1023);
    assert_int_equal(id_next(&m), id + 1);
}

/* Whatever the clock does, ids of one writer rise, and those of two writers never meet. */
static void strictly_rising(void **state)
{
    (void)state;
    struct random r;
    random_seed(&r, 3);
    int64_t now = EPOCH - 5000000, last = -1;
    struct id_maker m, other;
    id_init(&m, clock_fixed(&now), 7);
    id_init(&other, clock_fixed(&now), 8);
    for (int i = 0; i < 300000; i++) {
        if (random_chance(&r, 100000)) now += (int64_t)random_below(&r, 3000);
        if (random_chance(&r, 1000)) now -= (int64_t)random_below(&r, 10000000);
        if (random_chance(&r, 300)) now += (int64_t)random_below(&r, 20000000);
        int64_t id = id_next(&m);
        if (id <= last || id < 0 || id_writer(id) != 7 || id_writer(id_next(&other)) != 8) fail();
        last = id;
    }
}

static void more_than_a_millisecond_holds(void **state)
{
    (void)state;
    int64_t now = EPOCH + 1000000;
    struct id_maker m;
    id_init(&m, clock_fixed(&now), 0);
    int64_t last = id_next(&m);
    for (int i = 1; i < 20000; i++) {
        int64_t id = id_next(&m);
        assert_true(id > last);
        assert_int_equal(id, id_step(last));
        last = id;
    }
    assert_int_equal(id_time(last), now + 4 * 1000);
}

static void runs(void **state)
{
    (void)state;
    static const uint64_t sizes[] = { 0, 1, 2, 4095, 4096, 4097, 100000, 1 };
    int64_t now = EPOCH;
    struct id_maker m;
    id_init(&m, clock_fixed(&now), 300);
    int64_t last = -1;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int64_t id = id_reserve(&m, sizes[i]);
        assert_true(id > last);
        for (uint64_t k = 1; k < sizes[i]; k++) {
            int64_t next = id_step(id);
            if (next <= id || id_writer(next) != 300) fail();
            id = next;
        }
        last = id;
        id = id_next(&m);
        assert_int_equal(id, id_step(last));
        last = id;
    }
}

static void text(void **state)
{
    (void)state;
    int64_t v = 0;
    assert_true(id_parse("9223372036854775807", 19, &v));
    assert_int_equal(v, INT64_MAX);
    assert_true(id_parse("1", 1, &v) && v == 1);
    static const char *const never[] = {
        "", "0", "01", "-1", "+1", " 1", "1 ", "1x", "9223372036854775808", "10000000000000000000",
        "99999999999999999999", "1.0", "１",
    };
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (id_parse(never[i], strlen(never[i]), &v)) fail_msg("taken: %s", never[i]);
    int64_t now = EPOCH + INT64_C(86400000000) * 365 * 60;
    struct id_maker m;
    id_init(&m, clock_fixed(&now), 512);
    for (int i = 0; i < 100; i++) {
        char s[ID_TEXT];
        int64_t id = id_next(&m);
        int n = snprintf(s, sizeof s, "%lld", (long long)id);
        assert_in_range(n, 1, ID_TEXT - 1);
        assert_true(id_parse(s, (size_t)n, &v) && v == id);
    }
}

static void bad_writer(void *arg)
{
    struct id_maker m;
    id_init(&m, clock_system(), *(uint32_t *)arg);
}

static void beyond_2093(void *arg)
{
    (void)arg;
    int64_t now = EPOCH + (INT64_C(1) << 41) * 1000;
    struct id_maker m;
    id_init(&m, clock_fixed(&now), 0);
    id_next(&m);
}

static void limits(void **state)
{
    (void)state;
    uint32_t writer = 1024;
    assert_true(aborts_saying(bad_writer, &writer, "id_writer"));
    assert_true(aborts_saying(beyond_2093, NULL, "id_exhausted"));
}

static void clocks(void **state)
{
    (void)state;
    struct clock c = clock_system();
    int64_t at = clock_now(&c);
    assert_true(at > INT64_C(1700000000000000));
    int64_t before = clock_ticks();
    assert_true(clock_ticks() >= before);
    int64_t fixed = 42;
    c = clock_fixed(&fixed);
    assert_int_equal(clock_now(&c), 42);
    fixed = 43;
    assert_int_equal(clock_now(&c), 43);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout), cmocka_unit_test(strictly_rising),
        cmocka_unit_test(more_than_a_millisecond_holds), cmocka_unit_test(runs),
        cmocka_unit_test(text),   cmocka_unit_test(limits),
        cmocka_unit_test(clocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
