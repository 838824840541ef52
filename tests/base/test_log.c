#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "support/death.h"

static void say(void *arg)
{
    log_line(LOG_INFO, "load", "rows=%d file=\"%s\"", 12, (const char *)arg);
    abort();
}

static void die(void *arg)
{
    log_fatal("defect", "what=%s", (const char *)arg);
}

static void one_line_an_event(void **state)
{
    (void)state;
    assert_true(aborts_saying(say, "a b.csv", "<6>load rows=12 file=\"a b.csv\"\n"));
    assert_true(aborts_saying(die, "x", "<3>defect what=x\n"));
}

/* What a user typed cannot forge a second line. */
static void control_characters(void **state)
{
    (void)state;
    assert_true(aborts_saying(die, "a\n<6>login user=root\r\x1b[2J",
                              "<3>defect what=a <6>login user=root  [2J\n"));
}

static void long_lines(void **state)
{
    (void)state;
    static char text[20000];
    for (size_t i = 0; i + 3 < sizeof text; i += 3) memcpy(text + i, "墨", 3);
    assert_true(aborts_saying(die, text, "墨\n"));
    assert_true(aborts_saying(die, text + 1, "\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line_an_event),
        cmocka_unit_test(control_characters),
        cmocka_unit_test(long_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
