/* Rows made, changed and deleted in pages: what is refused stays as it was typed, what two people change
 * is told, what lies outside is not written, and figures follow. */
#include "pages/site.h"

struct world { struct programme p; struct site site; struct seat seat; struct arena arena; struct buf keep; };

static void world_open(struct world *w, enum engine engine)
{
    static const char *const folders[] = { "examples/tianjin-2020" };
    memset(w, 0, sizeof *w);
    programme_open(&w->p, engine);
    programme_load(&w->p, folders, 1);
    site_begin(&w->p, &w->site, &w->seat);
    buf_init(&w->keep, (size_t)8 << 20);
}

static void world_close(struct world *w)
{
    buf_free(&w->keep);
    arena_free(&w->arena);
    programme_close(&w->p);
}

/* The answer lives until the next call. form == NULL is a GET. key: Idempotency-Key, or "". */
static struct answer ask_once(struct world *w, const struct user *v, const char *url, const char *form,
                              const char *key)
{
    return site_ask(&w->seat, &w->arena, &w->keep, v, &(struct sent){ .url = url, .form = form, .key = key });
}

static struct answer ask(struct world *w, const struct user *v, const char *url, const char *form)
{
    return ask_once(w, v, url, form, "");
}

/* A program's request; body NULL = none. */
static struct answer call(struct world *w, const char *method, const char *path, const char *body, const char *version,
                          const char *key)
{
    return site_ask(&w->seat, &w->arena, &w->keep, &test_admin, &(struct sent){ .method = method, .url = path,
        .body = body, .version = version, .key = key });
}

static int64_t value_of(struct world *w, const char *name)
{
    struct figure_query q = { .name = name, .from = DATE_MIN, .to = DATE_MAX };
    struct figure_value v;
    struct err e = { .code = ERR_NONE };
    struct db *d = test_db(&w->p.store, DB_READ);
    assert_ok(figure_read(&w->p.context, d, &scope_all, &q, &v, &e), e);
    return v.value;
}

#define ROW "code=W-1&title=Greenhouses&kind=industry&place=653224&state=done&quantity=1"

static void a_row_is_made_and_counted(struct world *w)
{
    int64_t before = value_of(w, "projects");
    struct answer a = ask(w, &test_admin, "/en/records/project/new?place=653224", NULL);
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "name=\"row_id\""));
    assert_true(has(&a, "<input type=\"text\" id=\"f-code\""));
    a = ask(w, &test_admin, "/en/records/project/new", ROW "&row_id=700000000000000001&warned=1");
    assert_int_equal(a.status, 303);
    assert_string_equal(a.location, "/en/records/project/653224-700000000000000001");
    assert_int_equal(value_of(w, "projects"), before + 1);
    /* sent twice it is one row */
    a = ask(w, &test_admin, "/en/records/project/new", ROW "&row_id=700000000000000001&warned=1");
    assert_int_equal(a.status, 303);
    assert_int_equal(value_of(w, "projects"), before + 1);
    a = ask(w, &test_admin, "/en/records/project/653224-700000000000000001", NULL);
    assert_true(has(&a, "Greenhouses"));
    assert_true(has(&a, "653224-700000000000000001/edit"));
}

static void what_is_wrong_stays_as_typed(struct world *w)
{
    int64_t before = value_of(w, "projects");
    struct answer a = ask(w, &test_admin, "/zh/records/project/new",
        "code=W-2&title=%3Cb%3E&place=Nowhere+at+all&valid_from=2020-02-30&row_id=700000000000000002");
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "value=\"Nowhere at all\""));
    assert_true(has(&a, "value=\"2020-02-30\""));
    assert_true(has(&a, "href=\"#f-valid_from\""));
    assert_true(has(&a, "value=\"700000000000000002\""));
    assert_false(has(&a, "value=\"<b>"));
    a = ask(w, &test_admin, "/zh/records/project/new", "code=&place=653224&row_id=700000000000000002");
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "必须填写"));
    /* the natural key is taken */
    a = ask(w, &test_admin, "/en/records/project/new", ROW "&row_id=700000000000000003&warned=1");
    assert_int_equal(a.status, 303);
    a = ask(w, &test_admin, "/en/records/project/new", ROW "&row_id=700000000000000004&warned=1");
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "W-1"));
    assert_int_equal(value_of(w, "projects"), before + 1);
}

static const char *version_in(struct world *w, const struct answer *a)
{
    const char *at = strstr(a->body, "name=\"version\" value=\"");
    assert_non_null(at);
    at += strlen("name=\"version\" value=\"");
    static char out[32]; /* outlives the arena of the request */
    snprintf(out, sizeof out, "%.*s", (int)strcspn(at, "\""), at);
    (void)w;
    return out;
}

static void two_people_change_it(struct world *w)
{
    char form[400], first[32];
    struct answer a = ask(w, &test_admin, "/en/records/project/new", ROW "&row_id=700000000000000001&warned=1");
    assert_int_equal(a.status, 303);
    a = ask(w, &test_admin, "/en/records/project/653224-700000000000000001/edit", NULL);
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "value=\"Greenhouses\""));
    snprintf(first, sizeof first, "%s", version_in(w, &a));
    snprintf(form, sizeof form, ROW "&version=%s&warned=1&note=mine", first);
    a = ask(w, &test_admin, "/en/records/project/653224-700000000000000001/edit", form);
    assert_int_equal(a.status, 303);
    /* the second still has the first version in hand */
    snprintf(form, sizeof form, ROW "&version=%s&warned=1&note=theirs", first);
    a = ask(w, &test_admin, "/en/records/project/653224-700000000000000001/edit", form);
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "changed since you opened it"));
    assert_true(has(&a, "data-l=\"As it is now\">mine</td><td role=\"cell\" data-l=\"As you typed it\">theirs</td>"));
    assert_true(has(&a, ">theirs</textarea>"));
    snprintf(form, sizeof form, ROW "&version=%s&warned=1&note=theirs", version_in(w, &a));
    a = ask(w, &test_admin, "/en/records/project/653224-700000000000000001/edit", form);
    assert_int_equal(a.status, 303);
}

static void a_row_is_deleted_once(struct world *w)
{
    char form[100];
    int64_t before = value_of(w, "projects");
    struct answer a = ask(w, &test_admin, "/en/records/project/new", ROW "&row_id=700000000000000001&warned=1");
    assert_int_equal(a.status, 303);
    a = ask(w, &test_admin, "/en/records/project/653224-700000000000000001/delete", NULL);
    assert_int_equal(a.status, 200);
    snprintf(form, sizeof form, "version=%s", version_in(w, &a));
    a = ask(w, &test_admin, "/en/records/project/653224-700000000000000001/delete", form);
    assert_int_equal(a.status, 303);
    assert_int_equal(value_of(w, "projects"), before);
    a = ask(w, &test_admin, "/en/records/project/653224-700000000000000001/delete", form);
    assert_int_equal(a.status, 404);
}

/* A helper's account that owns nothing writes nothing, not even by knowing the address. */
static void outside_is_not_written(struct world *w)
{
    int64_t before = value_of(w, "projects");
    struct answer a = ask(w, &test_helper, "/en/records/project/new", ROW "&row_id=700000000000000001&warned=1");
    assert_true(a.status == 403 || a.status == 422 || a.status == 404);
    a = ask(w, &test_public, "/en/records/project/new", NULL);
    assert_true(a.status == 403 || a.status == 401 || a.status == 303);
    assert_int_equal(value_of(w, "projects"), before);
    a = ask(w, &test_admin, "/en/records/transfer/new", NULL);   /* rows that only commands make */
    assert_true(a.status == 403 || a.status == 404);
}

/* A helper is named by its name, and one that several bear asks which. */
static void references_by_name(struct world *w)
{
    struct answer a = ask(w, &test_admin, "/en/records/organisation/new",
                          "code=W-O1&name_zh=Dock+School&kind=school&row_id=700000000000000011&warned=1");
    assert_int_equal(a.status, 303);
    a = ask(w, &test_admin, "/en/records/project/new", ROW "&helper=Dock+School&row_id=700000000000000012&warned=1");
    assert_int_equal(a.status, 303);
    a = ask(w, &test_admin, "/en/records/project/653224-700000000000000012", NULL);
    assert_true(has(&a, "Dock School"));
    a = ask(w, &test_admin, "/en/records/organisation/new",
            "code=W-O2&name_zh=Dock+School&kind=school&row_id=700000000000000013&warned=1");
    assert_int_equal(a.status, 303);
    a = ask(w, &test_admin, "/en/records/project/653224-700000000000000012/edit", NULL);
    char form[400];
    snprintf(form, sizeof form, ROW "&helper=Dock+School&version=%s&warned=1", version_in(w, &a));
    a = ask(w, &test_admin, "/en/records/project/653224-700000000000000012/edit", form);
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "W-O1") && has(&a, "W-O2"));
}

static void text_after(const struct answer *a, const char *key, char *out, size_t size)
{
    const char *at = strstr(a->body, key);
    assert_non_null(at);
    snprintf(out, size, "%.*s", (int)strcspn(at + strlen(key), "\""), at + strlen(key));
}

#define SENT "{\"code\":\"W-9\",\"title\":\"Sheds\",\"kind\":\"industry\",\"place\":\"653224\",\"quantity\":1}"
#define PROJECTS "/api/v1/records/project"

static void programs_write(struct world *w)
{
    char id[32], version[32], path[100];
    int64_t before = value_of(w, "projects");
    struct answer a = call(w, "POST", PROJECTS, SENT, NULL, "k1");
    assert_int_equal(a.status, 201);
    text_after(&a, "\"id\":\"", id, sizeof id);
    assert_int_equal(value_of(w, "projects"), before + 1);
    a = call(w, "POST", PROJECTS, SENT, NULL, "k1");                 /* sent again: the same row */
    assert_int_equal(a.status, 201);
    assert_true(has(&a, id));
    assert_int_equal(value_of(w, "projects"), before + 1);
    a = call(w, "POST", PROJECTS, SENT, NULL, "k2");                 /* another request: the key is taken */
    assert_int_equal(a.status, 409);
    snprintf(path, sizeof path, PROJECTS "/653224-%s", id);
    a = call(w, "GET", path, NULL, NULL, NULL);
    assert_int_equal(a.status, 200);
    text_after(&a, "\"version\":\"", version, sizeof version);
    assert_int_equal(call(w, "PATCH", path, "{\"note\":\"x\"}", NULL, NULL).status, 428);
    assert_int_equal(call(w, "PATCH", path, "{\"note\":\"x\"}", "17", NULL).status, 412);
    a = call(w, "PATCH", path, "{\"note\":\"x\"}", version, NULL);
    assert_int_equal(a.status, 200);
    a = call(w, "GET", path, NULL, NULL, NULL);
    assert_true(has(&a, "\"note\":\"x\"") && has(&a, "\"title\":\"Sheds\""));
    char stale[32];
    snprintf(stale, sizeof stale, "%s", version);
    text_after(&a, "\"version\":\"", version, sizeof version);
    assert_int_equal(call(w, "DELETE", path, NULL, stale, NULL).status, 412);
    assert_int_equal(call(w, "DELETE", path, NULL, version, NULL).status, 204);
    assert_int_equal(value_of(w, "projects"), before);
}

/* What a phone sends again after its answer was lost is one row, whatever was done with it meanwhile. */
static void sent_again_after_a_change(struct world *w)
{
    char id[32], version[32], path[100];
    int64_t before = value_of(w, "projects");
    struct answer a = call(w, "POST", PROJECTS, SENT, NULL, "late");
    assert_int_equal(a.status, 201);
    text_after(&a, "\"id\":\"", id, sizeof id);
    text_after(&a, "\"version\":\"", version, sizeof version);
    snprintf(path, sizeof path, PROJECTS "/653224-%s", id);
    assert_int_equal(call(w, "PATCH", path, "{\"note\":\"of the office\"}", version, NULL).status, 200);
    a = call(w, "POST", PROJECTS, SENT, NULL, "late");
    assert_int_equal(a.status, 201);
    assert_true(has(&a, id));
    a = call(w, "GET", path, NULL, NULL, NULL);
    assert_true(has(&a, "of the office"));
    text_after(&a, "\"version\":\"", version, sizeof version);
    /* The same key with other words: both sides are told, nothing is written. */
    a = call(w, "POST", PROJECTS, "{\"code\":\"W-9\",\"title\":\"Barns\",\"kind\":\"industry\",\"place\":\"653224\"}",
             NULL, "late");
    assert_int_equal(a.status, 409);
    assert_true(has(&a, "\"current\":{") && has(&a, "\"title\":\"Sheds\""));
    a = call(w, "PATCH", path, "{\"note\":\"x\"}", "17", NULL);
    assert_int_equal(a.status, 412);
    assert_true(has(&a, "\"current\":{") && has(&a, version));
    /* Deleted: it does not come back. */
    assert_int_equal(call(w, "DELETE", path, NULL, version, NULL).status, 204);
    a = call(w, "POST", PROJECTS, SENT, NULL, "late");
    assert_int_equal(a.status, 409);
    assert_true(has(&a, "deleted since") && !has(&a, "current"));
    assert_int_equal(value_of(w, "projects"), before);
}

/* Under one key another county, another kind or another batch is another request; what was refused takes no key. */
static void a_key_stands_for_one_request(struct world *w)
{
    static const char there[] = "{\"code\":\"W-8\",\"title\":\"Sheds\",\"kind\":\"industry\",\"place\":\"653225\"}";
    int64_t before = value_of(w, "projects");
    assert_int_equal(call(w, "POST", PROJECTS, "{\"code\":\"W-8\",\"kind\":\"nonsense\"}", NULL, "one").status, 422);
    assert_int_equal(call(w, "POST", PROJECTS, SENT, NULL, "one").status, 201);
    struct answer a = call(w, "POST", PROJECTS, there, NULL, "one");
    assert_true(a.status == 409 && has(&a, "another request"));
    a = call(w, "POST", "/api/v1/records/problem", "{\"code\":\"W-8\",\"title\":\"x\",\"place\":\"653224\"}", NULL,
             "one");
    assert_true(a.status == 409 && has(&a, "another request"));
    a = call(w, "POST", PROJECTS, "[" SENT "," "{\"code\":\"W-8\",\"kind\":\"industry\",\"place\":\"653225\"}]", NULL,
             "one");
    assert_int_equal(a.status, 409);
    a = ask_once(w, &test_admin, "/zh/records/project/new", "code=W-8&title=Sheds&kind=industry&place=653225&warned=1",
                 "one");
    assert_true(a.status == 409 && has(&a, "另一请求"));
    assert_int_equal(call(w, "POST", PROJECTS, SENT, NULL, "one").status, 201);
    assert_int_equal(value_of(w, "projects"), before + 1);
    assert_int_equal(call(w, "POST", PROJECTS, there, NULL, "two").status, 201);
    assert_int_equal(value_of(w, "projects"), before + 2);
}

#define NEW "/en/records/project/new"

/* A form kept by the browser is answered to be read, and asks first about what a page would ask about. */
static void a_kept_form_is_one_row(struct world *w)
{
    static const char form[] = "code=W-7&title=Sheds&kind=industry&place=653224&quantity=1";
    int64_t before = value_of(w, "projects");
    struct answer a = ask_once(w, &test_admin, NEW, "code=W-7&title=Sheds&place=653224", "f1");
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "\"field\":\"kind\"") && has(&a, "\"warns\":true"));
    a = ask_once(w, &test_admin, NEW, "code=W-7&title=Sheds&place=653224&quantity=many", "f1");
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "\"field\":\"quantity\"") && !has(&a, "warns"));
    for (int i = 0; i < 2; i++) {
        a = ask_once(w, &test_admin, NEW, form, "f1");
        assert_int_equal(a.status, 201);
        assert_non_null(strstr(a.location, "/en/records/project/653224-"));
    }
    assert_int_equal(value_of(w, "projects"), before + 1);
    a = ask_once(w, &test_admin, NEW, form, "f2");                   /* another one with its code */
    assert_int_equal(a.status, 409);
    assert_true(has(&a, "\"field\":\"code\"") && !has(&a, "current"));
    a = ask_once(w, &test_admin, NEW, "code=W-6&title=Sheds&place=653224&warned=1", "f3");
    assert_int_equal(a.status, 201);
    assert_true(has(&a, "\"draft\":true"));
}

static void a_batch_is_whole_or_not(struct world *w)
{
    int64_t before = value_of(w, "projects");
    struct answer a = call(w, "POST", PROJECTS, "[{\"code\":\"B-1\",\"kind\":\"industry\",\"place\":\"653224\"},"
        "{\"code\":\"B-2\",\"kind\":\"nonsense\",\"place\":\"653224\"}]", NULL, NULL);
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "\"row\":1") && has(&a, "\"field\":\"kind\""));
    a = call(w, "POST", PROJECTS, "[{\"code\":\"B-1\",\"kind\":\"industry\",\"place\":\"653224\"},"
        "{\"code\":\"B-1\",\"kind\":\"industry\",\"place\":\"653224\"}]", NULL, NULL);
    assert_int_equal(a.status, 409);
    assert_int_equal(value_of(w, "projects"), before);
    a = call(w, "POST", PROJECTS, "[{\"code\":\"B-1\",\"kind\":\"industry\",\"place\":\"653224\"},"
        "{\"code\":\"B-2\",\"kind\":\"industry\",\"place\":\"653224\"}]", NULL, NULL);
    assert_int_equal(a.status, 201);
    assert_int_equal(value_of(w, "projects"), before + 2);
}

static void rubbish_is_refused(struct world *w)
{
    static const struct { const char *body; int status; } bad[] = {
        { "", 400 }, { "{", 400 }, { "7", 422 }, { "[]", 413 }, { "[[]]", 422 }, { "{\"nothing\":1}", 422 },
        { "{\"code\":{\"a\":1}}", 422 }, { "{\"code\":\"\\u0000\"}", 400 }, { "{\"code\":[[1]]}", 422 },
        { "{\"code\":17}", 422 }, { "{\"quantity\":\"1\"}", 422 }, { "{\"quantity\":1.5}", 422 }, { "{\"quantity\":1e300}", 422 },
        { "{\"code\":true}", 422 } };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct answer a = call(w, "POST", PROJECTS, bad[i].body, NULL, NULL);
        if (a.status != bad[i].status) fail_msg("%s: %d", bad[i].body, a.status);
    }
    assert_int_equal(call(w, "POST", "/api/v1/records/nothing", SENT, NULL, NULL).status, 404);
    assert_int_equal(call(w, "PATCH", PROJECTS "/1-1", SENT, "1", NULL).status, 404);
}

ON_EACH(a_row_is_made_and_counted)
ON_EACH(what_is_wrong_stays_as_typed)
ON_EACH(two_people_change_it)
ON_EACH(a_row_is_deleted_once)
ON_EACH(outside_is_not_written)
ON_EACH(references_by_name)
ON_EACH(programs_write)
ON_EACH(a_batch_is_whole_or_not)
ON_EACH(rubbish_is_refused)
ON_EACH(sent_again_after_a_change)
ON_EACH(a_key_stands_for_one_request)
ON_EACH(a_kept_form_is_one_row)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(a_row_is_made_and_counted_here), STORE_TESTS(what_is_wrong_stays_as_typed_here),
        STORE_TESTS(two_people_change_it_here), STORE_TESTS(a_row_is_deleted_once_here),
        STORE_TESTS(outside_is_not_written_here), STORE_TESTS(references_by_name_here),
        STORE_TESTS(programs_write_here), STORE_TESTS(a_batch_is_whole_or_not_here),
        STORE_TESTS(rubbish_is_refused_here), STORE_TESTS(sent_again_after_a_change_here),
        STORE_TESTS(a_key_stands_for_one_request_here),
        STORE_TESTS(a_kept_form_is_one_row_here),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
