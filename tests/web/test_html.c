/* Escaping, addresses, the table of routes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/death.h"
#include "web/web.h"

static void test_escapes_every_argument(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b, 1 << 16);
    html(&b, "<a href=\"%s\">%s</a> %d%% %lld %.*s %zu %012lld", "\"><script>", "<&'\"é中>", 7,
         -9LL, 2, "<>x", (size_t)3, 620000LL);
    assert_string_equal(b.p, "<a href=\"&quot;&gt;&lt;script&gt;\">&lt;&amp;&#39;&quot;é中&gt;</a> "
                             "7% -9 &lt;&gt; 3 000000620000");
    buf_clear(&b);
    const char *volatile none = NULL;
    html(&b, "[%s]", none);
    assert_string_equal(b.p, "[]");
    buf_free(&b);
}

static void unknown_conversion(void *arg)
{
    const char *volatile fmt = "%x";
    struct buf *b = arg;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
    html(b, fmt, 1);
#pragma GCC diagnostic pop
}

static void test_another_conversion_aborts(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b, 1 << 10);
    assert_true(aborts_saying(unknown_conversion, &b, "no such conversion"));
    buf_free(&b);
}

static void test_addresses_go_there_and_back(void **state)
{
    struct arena a = { 0 };
    char all[256];
    (void)state;
    for (int i = 1; i < 256; i++) all[i - 1] = (char)i;
    all[255] = '\0';
    char *coded = arena_strdup(&a, url_part(&a, all));
    for (const char *p = coded; *p; p++) assert_non_null(strchr("%-._~0123456789abcdefghijklmnopqrstuvwxyz"
                                                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ", *p));
    assert_true(url_decode(coded, true));
    assert_string_equal(coded, all);
    arena_free(&a);
}

static void test_malformed_addresses(void **state)
{
    static const char *const bad[] = { "%", "%1", "%zz", "a%0", "%00", "x%gg" };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char s[16];
        snprintf(s, sizeof s, "%s", bad[i]);
        assert_false(url_decode(s, false));
    }
    char plus[] = "a+b", kept[] = "a+b";
    assert_true(url_decode(plus, true));
    assert_string_equal(plus, "a b");
    assert_true(url_decode(kept, false));
    assert_string_equal(kept, "a+b");
}

static void test_queries(void **state)
{
    struct arena a = { 0 };
    struct request q = { .arena = &a, .query = "" };
    (void)state;
    assert_true(request_query(&q, "a=1&b=%E7%94%98&c=&d&a=2&=x"));
    assert_string_equal(request_param(&q, "a"), "1");
    assert_string_equal(request_param(&q, "b"), "甘");
    assert_null(request_param(&q, "c"));
    assert_null(request_param(&q, "d"));
    assert_null(request_param(&q, "z"));
    assert_string_equal(page_query(&q, "b", NULL), "?a=1&a=2");
    assert_string_equal(page_query(&q, "a", "<&>"), "?b=%E7%94%98&a=%3C%26%3E");

    struct request bad = { .arena = &a };
    assert_false(request_query(&bad, "a=%ff"));
    assert_false(request_query(&(struct request){ .arena = &a }, "a=%0"));
    char many[WEB_PARAMS * 4 + 16] = "";
    for (int i = 0; i <= WEB_PARAMS; i++) memcpy(many + i * 4, "&a=1", 4);
    assert_false(request_query(&(struct request){ .arena = &a }, many + 1));
    arena_free(&a);
}

static void test_pages_of_a_list_do_not_stick(void **state)
{
    struct arena a = { 0 };
    struct request q = { .arena = &a };
    (void)state;
    assert_true(request_query(&q, "kind=a&after=1-2&from_row=51"));
    assert_string_equal(page_query(&q, "sort", "name"), "?kind=a&sort=name");
    assert_string_equal(page_query(&q, "after", "3-4"), "?kind=a&after=3-4");
    arena_free(&a);
}

static void test_patterns(void **state)
{
    struct arena a = { 0 };
    const char *c[WEB_CAPTURES] = { NULL };
    (void)state;
    assert_true(route_match("/records/:entity/:row", "/records/claim/0-12", c, &a));
    assert_string_equal(c[0], "claim");
    assert_string_equal(c[1], "0-12");
    assert_false(route_match("/records/:entity", "/records/", c, &a));
    assert_false(route_match("/records/:entity", "/records/claim/", c, &a));
    assert_false(route_match("/records/:entity", "/records/claim/1", c, &a));
    assert_false(route_match("/records", "/record", c, &a));
    assert_false(route_match("/records", "/records/", c, &a));
    assert_true(route_match("/", "/", c, &a));
    assert_true(route_match("/f/:name/x.csv", "/f/a.b/x.csv", c, &a));
    arena_free(&a);
}

/* --- who may --- */

static void say_ran(struct request *q, struct response *r)
{
    (void)q;
    buf_str(&r->body, "ran");
}

static int status_of(const char *method, const char *path, enum viewer v, bool *ran)
{
    static const struct route routes[] = {
        { "GET", "/open", VIEWER_PUBLIC, say_ran }, { "GET", "/local", VIEWER_OPERATOR, say_ran },
        { "GET", "/forgotten", VIEWER_NONE, say_ran },
    };
    struct arena a = { 0 };
    struct site site = { .version = "0", .assets = "/assets/x", .figures_version = "y" };
    struct seat seat = { .site = &site };
    struct request q = { .method = method, .path = path, .query = "", .arena = &a, .viewer = v,
                         .seat = &seat };
    struct response r;
    response_init(&r);
    route_run(routes, 3, &q, &r);
    *ran = strcmp(r.body.p, "ran") == 0;
    int status = r.status;
    response_free(&r);
    arena_free(&a);
    return status;
}

static void test_routes_are_closed_unless_opened(void **state)
{
    static const struct { const char *method, *path; enum viewer v; int status; bool ran; } rows[] = {
        { "GET", "/open", VIEWER_PUBLIC, 200, true }, { "HEAD", "/open", VIEWER_PUBLIC, 200, true },
        { "GET", "/open", VIEWER_OPERATOR, 200, true }, { "GET", "/open", VIEWER_NONE, 403, false },
        { "GET", "/local", VIEWER_PUBLIC, 403, false }, { "GET", "/local", VIEWER_OPERATOR, 200, true },
        { "GET", "/forgotten", VIEWER_OPERATOR, 403, false }, { "POST", "/open", VIEWER_OPERATOR, 405, false },
        { "GET", "/nowhere", VIEWER_OPERATOR, 404, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool ran;
        assert_int_equal(status_of(rows[i].method, rows[i].path, rows[i].v, &ran), rows[i].status);
        assert_int_equal(ran, rows[i].ran);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes_every_argument), cmocka_unit_test(test_another_conversion_aborts),
        cmocka_unit_test(test_addresses_go_there_and_back), cmocka_unit_test(test_malformed_addresses),
        cmocka_unit_test(test_queries), cmocka_unit_test(test_pages_of_a_list_do_not_stick),
        cmocka_unit_test(test_patterns), cmocka_unit_test(test_routes_are_closed_unless_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
