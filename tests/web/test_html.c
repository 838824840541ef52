/* Escaping, addresses, the table of routes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/death.h"
#include "support/users.h"

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

struct asking { const char *method, *path; const struct user *user; bool same_site; const char *csrf; };

static int status_of(const struct asking *x, bool *ran, char location[200])
{
    static const struct route routes[] = {
        { "GET", "/open", WHO_LOOKS, say_ran }, { "POST", "/open", WHO_WRITES, say_ran },
        { "GET", "/anybody", WHO_ANYBODY, say_ran }, { "GET", "/forgotten", 0, say_ran },
        { "POST", "/api/v1/x", WHO_WRITES, say_ran },
    };
    struct arena a = { 0 };
    struct site site = { .version = "0", .assets = "/assets/x", .figures_version = "y" };
    struct seat seat = { .site = &site };
    struct request q = { .method = x->method, .path = x->path, .query = "", .arena = &a, .user = x->user,
                         .scope = x->user->scope, .csrf = x->csrf ? x->csrf : "",
                         .same_site = x->same_site, .seat = &seat };
    struct response r;
    response_init(&r);
    route_run(routes, 5, &q, &r);
    *ran = strcmp(r.body.p, "ran") == 0;
    snprintf(location, 200, "%s", r.location ? r.location : "");
    int status = r.status;
    response_free(&r);
    arena_free(&a);
    return status;
}

static void test_routes_are_closed_unless_opened(void **state)
{
    static const struct { struct asking ask; int status; bool ran; } rows[] = {
        { { "GET", "/open", &test_public, false, 0 }, 200, true },
        { { "HEAD", "/open", &test_public, false, 0 }, 200, true },
        { { "GET", "/open", &test_admin, false, 0 }, 200, true },
        { { "GET", "/open", &test_nobody, false, 0 }, 303, false },
        { { "GET", "/anybody", &test_nobody, false, 0 }, 200, true },
        { { "GET", "/forgotten", &test_public, false, 0 }, 303, false },
        { { "GET", "/forgotten", &test_helper, false, 0 }, 403, false },
        { { "GET", "/forgotten", &test_admin, false, 0 }, 200, true },
        { { "POST", "/anybody", &test_admin, true, "token" }, 405, false },
        { { "GET", "/nowhere", &test_admin, false, 0 }, 404, false },
        { { "POST", "/api/v1/x", &test_public, true, 0 }, 401, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool ran;
        char location[200];
        assert_int_equal(status_of(&rows[i].ask, &ran, location), rows[i].status);
        assert_int_equal(ran, rows[i].ran);
        if (rows[i].status == 303)
            assert_int_equal(strncmp(location, "/en/sign-in?next=%2Fen%2F", 25), 0);
    }
}

static void test_a_form_comes_from_here_with_its_token(void **state)
{
    static const struct { struct asking ask; bool ran; } rows[] = {
        { { "POST", "/open", &test_helper, true, "token" }, true },
        { { "POST", "/open", &test_helper, false, "token" }, false },
        { { "POST", "/open", &test_helper, true, "another" }, false },
        { { "POST", "/open", &test_helper, true, "" }, false },
        { { "POST", "/open", &test_admin, true, NULL }, false },
        { { "POST", "/api/v1/x", &test_token, false, NULL }, true },
        { { "POST", "/open", &test_token, false, NULL }, false },
        { { "POST", "/open", &test_public, true, NULL }, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool ran;
        char location[200];
        int status = status_of(&rows[i].ask, &ran, location);
        assert_int_equal(ran, rows[i].ran);
        if (!ran) assert_true(status == 403 || status == 303);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes_every_argument), cmocka_unit_test(test_another_conversion_aborts),
        cmocka_unit_test(test_addresses_go_there_and_back), cmocka_unit_test(test_malformed_addresses),
        cmocka_unit_test(test_queries), cmocka_unit_test(test_pages_of_a_list_do_not_stick),
        cmocka_unit_test(test_patterns), cmocka_unit_test(test_routes_are_closed_unless_opened),
        cmocka_unit_test(test_a_form_comes_from_here_with_its_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
