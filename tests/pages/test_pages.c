/* Every page of a store with the examples, called directly: found by following links from the
 * overview as the public and as the local operator, in both languages. Nothing personal may be on any
 * page, in any export, or be told by a filter or a sort. */
#include "pages/site.h"

#include "base/json.h"
#include "support/files.h"

enum { MAX_PAGES = 4000 };

struct site_test {
    struct programme p;
    struct site site;
    struct seat seat;
    struct arena arena;
};

static const char *const secrets[] = { "13911112222", "6222020200112233", "SecretName", "SecretBank" };

static void load_people(struct site_test *t)
{
    char dir[] = "/tmp/jiedui-pages-XXXXXX";
    struct load_report r = { 0 };
    struct err e = { 0 };
    assert_non_null(mkdtemp(dir));
    put_file(dir, "household.csv", "code,place,members,identified_on,phone,bank_name\n"
               "H-001,653225100201,4,2014,13911112222,SecretBank\n");
    put_file(dir, "household_helper.csv", "household,code,name,phone\nH-001,1,SecretName,13911112222\n");
    const char *paths[] = { dir };
    struct load_options opt = { .refused_dir = dir };
    assert_ok(load_paths(t->p.model, t->p.store.store, paths, 1, &opt, &r, &e), e);
    for (int i = 0; i < r.n; i++) assert_int_equal(r.files[i].refused, 0);
    load_report_free(&r);
    test_dir_remove(dir);
}

static void site_open(struct site_test *t, enum engine engine)
{
    static const char *const folders[] = { "examples/tianjin-2020" };
    memset(t, 0, sizeof *t);
    programme_open(&t->p, engine);
    programme_load(&t->p, folders, 1);
    load_people(t);
    site_begin(&t->p, &t->site, &t->seat);
}

static void site_close(struct site_test *t)
{
    arena_free(&t->arena);
    programme_close(&t->p);
}

/* The answer's body lives until the next call. */
static struct answer ask(struct site_test *t, const struct user *v, const char *url, struct buf *keep)
{
    return site_ask(&t->seat, &t->arena, keep, v, &(struct sent){ .url = url });
}

/* Every opened element is closed in order; no attribute that the policy forbids. */
static void assert_well_formed(const char *url, const char *s)
{
    static const char *const lone[] = { "meta", "link", "input", "br" };
    const char *open[64];
    size_t len[64];
    int depth = 0;
    assert_null(strstr(s, " style=\""));
    assert_null(strstr(s, " onclick"));
    for (; (s = strchr(s, '<')); s++) {
        bool close = s[1] == '/';
        const char *name = s + 1 + close;
        size_t n = strcspn(name, " >/");
        const char *end = strchr(s, '>');
        assert_non_null(end);
        if (s[1] == '!' || end[-1] == '/') continue;
        bool alone = false;
        for (size_t i = 0; i < sizeof lone / sizeof *lone; i++)
            alone |= strlen(lone[i]) == n && memcmp(lone[i], name, n) == 0;
        if (alone) continue;
        if (!close) {
            assert_true(depth < 64);
            open[depth] = name;
            len[depth++] = n;
            continue;
        }
        if (depth == 0 || len[depth - 1] != n || memcmp(open[depth - 1], name, n) != 0)
            fail_msg("%s: </%.*s> closes <%.*s>", url, (int)n, name,
                     depth ? (int)len[depth - 1] : 0, depth ? open[depth - 1] : "");
        depth--;
    }
    assert_int_equal(depth, 0);
}

static bool holds(const char *s, size_t n, const char *word)
{
    size_t k = strlen(word);
    for (size_t i = 0; i + k <= n; i++)
        if (s[i] == *word && memcmp(s + i, word, k) == 0) return true;
    return false;
}

static void assert_no_secret(const char *url, const struct answer *a)
{
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (holds(a->body, a->n, secrets[i]))
            fail_msg("%s shows %s", url, secrets[i]);
}

struct todo { char **at; int n, done; };

static void want(struct todo *t, const char *url, size_t n)
{
    char text[600];
    if (n >= sizeof text || t->n == MAX_PAGES) return;
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (strncmp(url + i, "&amp;", 5) == 0) text[k++] = '&', i += 4;
        else if (strncmp(url + i, "&quot;", 6) == 0) text[k++] = '"', i += 5;
        else if (url[i] == '#') break;
        else text[k++] = url[i];
    }
    text[k] = '\0';
    for (int i = 0; i < t->n; i++)
        if (strcmp(t->at[i], text) == 0) return;
    t->at[t->n++] = mem_strdup(text);
}

/* Links of one page: to other paths, and the chips, sorts and pages of this one but once. */
static void collect(struct todo *t, const char *body, const char *prefix)
{
    for (const char *s = body; (s = strstr(s, "href=\"")); s++) {
        const char *url = s + 6, *end = strchr(url, '"');
        if (strncmp(url, prefix, 3) != 0) continue;
        size_t n = (size_t)(end - url), mark = strcspn(url, "?\"");
        /* Figures by place and year are many and alike. */
        bool figure = strncmp(url + 3, "/figures/", 9) == 0 && mark < n;
        bool place = strncmp(url + 3, "/places/", 8) == 0;
        if ((figure || place) && t->n > 400) continue;
        want(t, url, n);
    }
}

static int crawl(struct site_test *t, const struct user *v, const char *start)
{
    struct todo todo = { .at = mem_alloc(MAX_PAGES * sizeof(char *)) };
    struct buf body;
    buf_init(&body, (size_t)64 << 20);
    want(&todo, start, strlen(start));
    for (; todo.done < todo.n && todo.done < 900; todo.done++) {
        const char *url = todo.at[todo.done];
        struct answer a = ask(t, v, url, &body);
        if (a.status != 200) fail_msg("%s: %d\n%s", url, a.status, a.body);
        assert_no_secret(url, &a);
        if (strncmp(a.type, "text/html", 9) != 0) continue;
        assert_well_formed(url, a.body);
        collect(&todo, a.body, start);
    }
    int n = todo.done;
    for (int i = 0; i < todo.n; i++) free(todo.at[i]);
    free(todo.at);
    buf_free(&body);
    return n;
}

static void every_page_answers(enum engine engine)
{
    struct site_test t;
    site_open(&t, engine);
    assert_true(crawl(&t, &test_public, "/en/") > 150);
    assert_true(crawl(&t, &test_admin, "/zh/") > 150);
    site_close(&t);
}
STORE_TEST(every_page_answers)

static void expect(struct site_test *t, const struct user *v, const char *url, int status, const char *has,
                   const char *has_not)
{
    struct buf b;
    buf_init(&b, (size_t)64 << 20);
    struct answer a = ask(t, v, url, &b);
    if (a.status != status) fail_msg("%s: %d, not %d\n%s", url, a.status, status, a.body);
    if (has && !strstr(a.body, has)) fail_msg("%s: \"%s\" is not said\n%s", url, has, a.body);
    if (has_not && strstr(a.body, has_not)) fail_msg("%s: \"%s\" is said", url, has_not);
    assert_no_secret(url, &a);
    buf_free(&b);
}

static void people_are_not_public(enum engine engine)
{
    struct site_test t;
    site_open(&t, engine);
    expect(&t, &test_public, "/en/records/household", 404, NULL, "H-001");
    expect(&t, &test_public, "/en/records/nothing", 404, "no such kind", NULL);
    expect(&t, &test_public, "/en/records/household/export?format=csv", 404, NULL, "H-001");
    expect(&t, &test_public, "/en/records/household/653225-1", 404, NULL, NULL);
    expect(&t, &test_public, "/en/records", 200, "Agreement", ">Household<");
    expect(&t, &test_public, "/en/figures/households_registered", 200, "hidden", "<p class=\"big\">1");
    expect(&t, &test_public, "/en/figures/households_registered?place=653225", 200, "hidden", NULL);
    expect(&t, &test_public, "/en/figures/households_registered/trace", 200, "not open to you", "H-001");
    expect(&t, &test_public, "/en/figures/members_per_household", 200, "too few to show", "4.0");

    expect(&t, &test_admin, "/en/records/household", 200, "H-001", NULL);
    expect(&t, &test_admin, "/en/figures/households_registered", 200, "<p class=\"big\">1 household", NULL);
    expect(&t, &test_admin, "/en/records/household/export?format=csv", 200, "H-001", "phone");
    expect(&t, &test_admin, "/en/records/household/export?format=json", 200, "H-001", "phone");
    site_close(&t);
}
STORE_TEST(people_are_not_public)

static void masked_fields_tell_nothing(enum engine engine)
{
    static const char *const asks[] = {
        "?where=phone+%3D+%2213911112222%22", "?f.phone=13911112222", "?sort=phone", "?columns=phone",
        "?c=phone", "?where=known%28bank_name%29", "?where=not+known%28phone%29",
    };
    struct site_test t;
    site_open(&t, engine);
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        struct buf b;
        char url[300];
        buf_init(&b, (size_t)64 << 20);
        snprintf(url, sizeof url, "/en/records/household%s", asks[i]);
        struct answer a = ask(&t, &test_admin, url, &b);
        /* Refused, or the condition does not count and everything is listed. */
        assert_true(a.status == 400 || (a.status == 200 && strstr(a.body, "H-001")));
        if (a.status == 400) assert_null(strstr(a.body, "H-001"));
        snprintf(url, sizeof url, "/en/records/household/export%s", asks[i]);
        a = ask(&t, &test_admin, url, &b);
        assert_true(a.status == 400 || a.status == 403 || strstr(a.body, "H-001"));
        buf_free(&b);
    }
    site_close(&t);
}
STORE_TEST(masked_fields_tell_nothing)

static void lists_filter_sort_and_page(enum engine engine)
{
    struct site_test t;
    site_open(&t, engine);
    expect(&t, &test_public, "/en/records/agreement?f.level=enterprise_village", 200, "TJ-A-15", "TJ-A-70");
    expect(&t, &test_public, "/en/records/agreement?where=quantity+%3E+50", 200, "TJ-A-70", "TJ-A-15");
    expect(&t, &test_public, "/en/records/agreement?where=quantty+%3E+50", 400, "quantity", "TJ-A-70");
    expect(&t, &test_public, "/en/records/agreement?where=quantity+%3E", 400, "column", NULL);
    expect(&t, &test_public, "/en/records/agreement?place=653225", 200, "TJ-A-15", "TJ-A-70");
    expect(&t, &test_public, "/en/records/agreement?sort=-signed_to", 200, "descending", NULL);
    expect(&t, &test_public, "/en/records/agreement?sort=nothing", 400, "nothing", NULL);
    expect(&t, &test_public, "/en/records/agreement?columns=code", 200, "TJ-A-15", "Signed not after</a>");
    expect(&t, &test_public, "/en/records/agreement?after=x", 400, NULL, NULL);
    expect(&t, &test_public, "/en/records/claim", 200, "1–50, more follow", NULL);
    expect(&t, &test_public, "/en/records/claim?sort=-valid_from", 200, "1–50 of ", NULL);
    expect(&t, &test_public, "/en/records/agreement/export?format=csv&f.level=enterprise_village", 200,
           "TJ-A-15", "TJ-A-ZY-COUNTY");
    expect(&t, &test_public, "/en/records/agreement/0-999", 404, NULL, NULL);
    expect(&t, &test_public, "/en/records/agreement/zzz", 404, NULL, NULL);
    site_close(&t);
}
STORE_TEST(lists_filter_sort_and_page)

static void figures_and_claims(enum engine engine)
{
    struct site_test t;
    site_open(&t, engine);
    expect(&t, &test_public, "/en/claims", 200, "printed numbers hold", NULL);
    expect(&t, &test_public, "/zh/claims?verdict=differs", 200, "不符", NULL);
    expect(&t, &test_public, "/en/claims?q=no+such+words", 200, "No claim fits", NULL);
    expect(&t, &test_public, "/en/figures/aid_allocated", 200, "See the", NULL);
    expect(&t, &test_public, "/en/figures/aid_allocatd", 404, "aid_allocated", NULL);
    expect(&t, &test_public, "/en/figures/aid_allocated?from=banana", 400, "banana", NULL);
    expect(&t, &test_public, "/en/figures/aid_allocated?place=nowhere", 404, NULL, NULL);
    expect(&t, &test_public, "/en/figures/aid_allocated?place=620000", 200, "¥1,296,948,000", NULL);
    expect(&t, &test_public, "/zh/figures/aid_allocated?place=620000", 200, "1,296,948,000 元", NULL);
    expect(&t, &test_public, "/en/figures/aid_allocated/trace?place=620000", 200, "Digest of the rows", NULL);
    expect(&t, &test_public, "/en/figures/aid_allocated/trace?after=q", 400, NULL, NULL);
    expect(&t, &test_public, "/en/figures/aid_allocated/table.csv", 200, "620000000000", NULL);
    expect(&t, &test_public, "/en/search?q=%3Cscript%3E", 200, "&lt;script&gt;", "<script>");
    site_close(&t);
}
STORE_TEST(figures_and_claims)

static const struct json *asked(struct site_test *t, const struct user *v, const char *url, int status,
                                struct arena *a)
{
    struct buf b;
    struct json *out;
    struct err e = { 0 };
    buf_init(&b, (size_t)64 << 20);
    struct answer x = ask(t, v, url, &b);
    if (x.status != status) fail_msg("%s: %d, not %d: %s", url, x.status, status, x.body);
    assert_string_equal(x.type, status == 200 ? "application/json" : "application/problem+json");
    assert_no_secret(url, &x);
    assert_ok(json_parse(&out, x.body, x.n, a, &e), e);
    buf_free(&b);
    return out;
}

static void programs_read_the_same(enum engine engine)
{
    struct site_test t;
    struct arena a = { 0 };
    site_open(&t, engine);
    for (int k = 0; k < 2; k++) {
        const struct user *v = k ? &test_admin : &test_public;
        const struct json *all = json_get(asked(&t, v, "/en/api/v1/entities", 200, &a), "entities");
        bool people = false;
        for (size_t i = 0; i < all->n; i++) {
            char url[200];
            const char *name = json_get(&all->items[i], "name")->text;
            people |= strcmp(name, "household") == 0;
            snprintf(url, sizeof url, "/en/api/v1/records/%s?limit=3", name);
            const struct json *rows = json_get(asked(&t, v, url, 200, &a), "rows");
            assert_true(rows->n <= 3);
            if (!rows->n) continue;
            snprintf(url, sizeof url, "/en/api/v1/records/%s/%s-%s", name,
                     json_get(&rows->items[0], "county")->text, json_get(&rows->items[0], "id")->text);
            assert_non_null(json_get(asked(&t, v, url, 200, &a), "fields"));
        }
        assert_int_equal(people, v == &test_admin);
        const struct json *d = asked(&t, v, "/en/api/v1/openapi.json", 200, &a);
        const struct json *paths = json_get(d, "paths");
        size_t kinds = 0;
        for (size_t i = 0; i < paths->n; i++) kinds += strncmp(paths->keys[i], "/records/", 9) == 0;
        assert_int_equal(kinds, 2 * all->n);
        asked(&t, v, "/en/api/v1/records/agreement?nothing=1", 400, &a);
        asked(&t, v, "/en/api/v1/records/agreement?limit=2&limit=3", 400, &a);
        asked(&t, v, "/en/api/v1/records/organisation?drafts=2", 400, &a);
        asked(&t, v, "/en/api/v1/entities?x=", 400, &a);
        assert_true(json_get(asked(&t, v, "/en/api/v1/figures/aid_allocated/explain?limit=3", 200, &a), "rows")->n > 0);
        assert_int_equal(json_get(paths, "/records/household") != NULL, people);
    }
    const struct json *f = asked(&t, &test_public, "/en/api/v1/figures/aid_allocated?by=province", 200, &a);
    assert_string_equal(json_get(json_get(f, "value"), "value")->text, "1296948000.00");
    assert_string_equal(json_get(&json_get(f, "by")->items[0], "place")->text, "620000000000");
    assert_true(json_get(asked(&t, &test_public, "/en/api/v1/claims", 200, &a), "claims")->n > 50);
    asked(&t, &test_public, "/en/api/v1/figures/nothing", 404, &a);
    asked(&t, &test_public, "/en/api/v1/figures/aid_allocated?by=street", 400, &a);
    asked(&t, &test_public, "/en/api/v1/records/household", 404, &a);
    asked(&t, &test_public, "/en/api/v1/records/agreement?limit=0", 400, &a);
    asked(&t, &test_public, "/en/api/v1/records/agreement?where=x", 400, &a);
    asked(&t, &test_public, "/en/api/v1/records/agreement/0-1", 404, &a);
    asked(&t, &test_admin, "/en/api/v1/records/household?columns=phone", 400, &a);
    arena_free(&a);
    site_close(&t);
}
STORE_TEST(programs_read_the_same)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(every_page_answers), STORE_TESTS(people_are_not_public),
        STORE_TESTS(masked_fields_tell_nothing), STORE_TESTS(lists_filter_sort_and_page),
        STORE_TESTS(figures_and_claims), STORE_TESTS(programs_read_the_same),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
