#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/option.h"

struct settings { bool verbose, dry; const char *store; int64_t count; int format; };

static const struct option_row rows[] = {
    { .name = "verbose", .letter = 'v', .type = OPTION_FLAG,
      .offset = offsetof(struct settings, verbose), .help = "says more" },
    { .name = "dry-run", .letter = 'n', .type = OPTION_FLAG,
      .offset = offsetof(struct settings, dry), .help = "writes nothing", .env = "JD_TEST_DRY" },
    { .name = "store", .letter = 's', .type = OPTION_TEXT, .value = "FILE",
      .offset = offsetof(struct settings, store), .help = "the store", .env = "JD_TEST_STORE" },
    { .name = "count", .type = OPTION_INT, .value = "N",
      .offset = offsetof(struct settings, count), .help = "how many", .env = "JD_TEST_COUNT" },
    { .name = "format", .letter = 'f', .type = OPTION_CHOICE, .value = "text|csv|json",
      .offset = offsetof(struct settings, format), .help = "what is printed" },
};
#define ROWS ((int)(sizeof rows / sizeof *rows))

struct outcome { bool good, help; struct settings s; const char *operand[3]; int n; struct err e; };

static struct outcome run(const char *line)
{
    static char copy[1000]; /* options point into argv */
    char *argv[20] = { "jiedui" };
    int argc = 1;
    struct outcome o = { .s = { .store = "default", .count = 5, .format = 1 } };
    memcpy(copy, line, strlen(line) + 1);
    for (char *at = copy; at && *at;) {
        argv[argc++] = at;
        at = strchr(at, ' ');
        if (at) *at++ = '\0';
    }
    o.good = option_parse(rows, ROWS, &o.s, argc, argv, o.operand, 3, &o.n, &o.help, &o.e);
    return o;
}

static void manners(void **state)
{
    (void)state;
    struct outcome o = run("");
    assert_true(o.good && !o.help && o.n == 0);
    assert_true(o.s.count == 5 && o.s.format == 1 && !o.s.verbose);
    assert_string_equal(o.s.store, "default");
    o = run("a --verbose b --store x.db --count=-12 -f json");
    assert_true(o.good && o.s.verbose && o.s.count == -12 && o.s.format == 2 && o.n == 2);
    assert_string_equal(o.s.store, "x.db");
    assert_string_equal(o.operand[0], "a");
    assert_string_equal(o.operand[1], "b");
    o = run("-vnsx.db --store=y=z -");
    assert_true(o.good && o.s.verbose && o.s.dry && o.n == 1);
    assert_string_equal(o.s.store, "y=z");
    assert_string_equal(o.operand[0], "-");
    o = run("-vs x.db -- --count -v");
    assert_true(o.good && o.n == 2);
    assert_string_equal(o.operand[0], "--count");
    o = run("--count 9223372036854775807 --count=+7 --store=");
    assert_true(o.good && o.s.count == 7);
    assert_string_equal(o.s.store, "");
    o = run("--count -9223372036854775808 --verbose=no --dry-run=yes");
    assert_true(o.good && o.s.count == INT64_MIN && !o.s.verbose && o.s.dry);
    o = run("--store --verbose");
    assert_true(o.good && !o.s.verbose);
    assert_string_equal(o.s.store, "--verbose");
}

static void refused(const char *line, const char *words)
{
    struct outcome o = run(line);
    if (o.good) fail_msg("taken: %s", line);
    assert_int_equal(o.e.code, ERR_USAGE);
    if (!strstr(o.e.message, words)) fail_msg("%s: %s", line, o.e.message);
}

static void faults(void **state)
{
    (void)state;
    refused("--stor x", "unknown option --stor; did you mean --store?");
    refused("--verbos=1", "unknown option --verbos; did you mean --verbose?");
    refused("--dry", "did you mean --dry-run?");
    refused("--hlep", "did you mean --help?");
    refused("--xyzzy", "unknown option --xyzzy");
    refused("-vx", "unknown option -x in -vx");
    refused("--store", "option --store wants a value");
    refused("-vs", "option -s (--store) wants a value");
    refused("--count ten", "option --count wants a whole number: ten");
    refused("--count=", "whole number");
    refused("--count 9223372036854775808", "whole number");
    refused("--count 1.0", "whole number");
    refused("--count -", "whole number");
    refused("--format jsn",
            "option --format wants one of text|csv|json (did you mean json?), not: jsn");
    refused("--format cs", "did you mean csv?");
    refused("--verbose=maybe", "option --verbose wants yes or no: maybe");
    refused("a b c d", "unexpected argument: d");
}

static void environment(void **state)
{
    (void)state;
    setenv("JD_TEST_STORE", "env.db", 1);
    setenv("JD_TEST_COUNT", "", 1);
    assert_string_equal(run("").s.store, "env.db");
    assert_int_equal(run("").s.count, 5);
    assert_string_equal(run("-s arg.db").s.store, "arg.db");
    setenv("JD_TEST_COUNT", "12", 1);
    setenv("JD_TEST_DRY", "on", 1);
    assert_int_equal(run("").s.count, 12);
    assert_true(run("").s.dry);
    setenv("JD_TEST_DRY", "0", 1);
    assert_false(run("").s.dry);
    setenv("JD_TEST_COUNT", "many", 1);
    refused("", "environment variable JD_TEST_COUNT (for --count) wants a whole number: many");
    assert_true(run("--count 3").good);
    unsetenv("JD_TEST_STORE");
    unsetenv("JD_TEST_COUNT");
    unsetenv("JD_TEST_DRY");
}

static void help(void **state)
{
    (void)state;
    struct outcome o = run("--verbose --help --nonsense");
    assert_true(o.good && o.help);
    assert_true(run("-vh").help);
    struct buf b;
    buf_init(&b, 10000);
    option_help(&b, rows, ROWS);
    assert_string_equal(b.p,
        "  -v, --verbose               says more\n"
        "  -n, --dry-run               writes nothing [JD_TEST_DRY]\n"
        "  -s, --store FILE            the store [JD_TEST_STORE]\n"
        "      --count N               how many [JD_TEST_COUNT]\n"
        "  -f, --format text|csv|json  what is printed\n"
        "  -h, --help                  show this\n");
    buf_clear(&b);
    static const struct option_row wide = { .name = "refused-rows-folder", .type = OPTION_TEXT,
                                            .value = "FOLDER", .help = "where" };
    option_help(&b, &wide, 1);
    assert_string_equal(b.p, "      --refused-rows-folder FOLDER\n"
                             "                              where\n"
                             "  -h, --help                  show this\n");
    buf_free(&b);
}

static void nearest(void **state)
{
    (void)state;
    static const char *const names[] = { "load", "list", "export", "figure", "verify", "watch" };
    const struct { const char *word, *want; } cases[] = {
        { "laod", "load" },   { "exprot", "export" }, { "figures", "figure" }, { "lst", "list" },
        { "fig", "figure" },  { "veryfi", "verify" }, { "export", "export" },  { "x", NULL },
        { "", NULL },         { "publish", NULL },    { "wacht", "watch" },    { "ve", "verify" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = nearest_name(cases[i].word, names, 6);
        if (!cases[i].want)
            assert_null(got);
        else
            assert_string_equal(got, cases[i].want);
    }
    static char longer[1000];
    memset(longer, 'a', sizeof longer - 1);
    assert_null(nearest_name(longer, names, 6));
    assert_null(nearest_name("load", NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manners), cmocka_unit_test(faults),  cmocka_unit_test(environment),
        cmocka_unit_test(help),    cmocka_unit_test(nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
