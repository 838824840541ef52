/* A real server on a free port of this machine, asked by a small client over plain sockets. */
#include "support/stores.h"
#include "support/users.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "server/inner.h"
#include "store/schema.h"
#include "store/tables.h"

/* --- the site under test --- */

static void hello(struct request *q, struct response *r)
{
    html(&r->body, "<p>hello %s %s %s</p>", q->zh ? "zh" : "en", q->path, request_param(q, "a"));
}

static void big(struct request *q, struct response *r)
{
    (void)q;
    for (int i = 0; i < 5000; i++) buf_str(&r->body, "<p>the same again</p>");
}

/* Is worked on until the test lets go of it. */
static atomic_bool slow_begun, slow_held;

static void slow(struct request *q, struct response *r)
{
    (void)q;
    atomic_store(&slow_begun, true);
    while (atomic_load(&slow_held)) usleep(1000);
    buf_str(&r->body, "slow");
}

static void broken(struct request *q, struct response *r)
{
    struct err e;
    err_set(&e, ERR_INTERNAL, "the secret inside");
    page_fail(q, r, &e);
}

static const struct route routes[] = {
    { "GET", "/hello", WHO_LOOKS, hello }, { "GET", "/big", WHO_LOOKS, big },
    { "GET", "/slow", WHO_LOOKS, slow }, { "GET", "/broken", WHO_LOOKS, broken },
    { "GET", "/local", WHO_MANAGES, hello },
};

struct fixture {
    struct test_store store;
    struct site site;
    struct server *server;
    int port;
};

static bool open_seat(void *arg, struct seat *out, void **own, struct err *e)
{
    struct fixture *f = arg;
    *own = NULL;
    *out = (struct seat){ .site = &f->site };
    return store_connect(f->store.store, DB_READ, &out->db, e);
}

static void close_seat(struct seat *s, void *own)
{
    (void)own;
    db_close(s->db);
}

static const char css[] = "body{color:#123456}body{color:#123456}body{color:#123456}body{color:#123456}";
static const char worker[] = "self.skipWaiting();\n";
static const struct asset_page assets[] = {
    { "a.css", "text/css; charset=utf-8", css, sizeof css - 1 },
    { "sw.js", "text/javascript; charset=utf-8", worker, sizeof worker - 1 } };

static struct server_options options(struct fixture *f)
{
    return (struct server_options){ .address = "127.0.0.1", .visitor = &test_public, .workers = 2,
        .quiet = true, .clock = clock_system(), .routes = routes, .n_routes = 5, .assets = assets,
        .n_assets = 2, .site = &f->site, .seat_open = open_seat, .seat_close = close_seat,
        .seat_arg = f };
}

static int start(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    const struct table *tables[64];
    struct err e = { 0 };
    for (int i = 0; i < store_table_count; i++) tables[i] = &store_tables[i];
    test_store_open(&f->store, ENGINE_SQLITE, tables, store_table_count);
    f->site = (struct site){ .version = "1", .figures_version = "v", .zone = 480 };
    struct server_options o = options(f);
    assert_ok(server_start(&f->server, &o, &e), e);
    f->port = server_port(f->server);
    *state = f;
    return 0;
}

static int stop(void **state)
{
    struct fixture *f = *state;
    atomic_store(&slow_held, false);
    if (f->server) server_stop(f->server);
    test_store_close(&f->store);
    free(f);
    return 0;
}

/* --- a client --- */

static int dial(const struct fixture *f)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)f->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct timeval limit = { .tv_sec = 60 };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

struct reply { char text[400000]; size_t n; };

static void talk(const struct fixture *f, const char *bytes, size_t n, struct reply *r)
{
    int fd = dial(f);
    ssize_t got;
    r->n = 0;
    assert_true(send(fd, bytes, n, MSG_NOSIGNAL) >= 0);
    while (r->n < sizeof r->text - 1 && (got = recv(fd, r->text + r->n, sizeof r->text - 1 - r->n, 0)) > 0)
        r->n += (size_t)got;
    r->text[r->n] = '\0';
    close(fd);
}

static int get_with(const struct fixture *f, const char *method, const char *path, const char *headers,
                    struct reply *r)
{
    char text[20000];
    int n = snprintf(text, sizeof text, "%s %s HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n%s\r\n",
                     method, path, f->port, headers);
    talk(f, text, (size_t)n, r);
    return strncmp(r->text, "HTTP/1.1 ", 9) == 0 ? (int)strtol(r->text + 9, NULL, 10) : 0;
}

static int get(const struct fixture *f, const char *path, struct reply *r)
{
    return get_with(f, "GET", path, "", r);
}

static void says(const struct reply *r, const char *what)
{
    if (!strstr(r->text, what)) fail_msg("\"%s\" is not in %s", what, r->text);
}

static const char *body(const struct reply *r)
{
    const char *end = strstr(r->text, "\r\n\r\n");
    return end ? end + 4 : "";
}

static bool header_value(const struct reply *r, const char *name, char *out, size_t size)
{
    const char *at = strstr(r->text, name);
    if (!at) return false;
    at += strlen(name);
    snprintf(out, size, "%.*s", (int)strcspn(at, "\r"), at);
    return true;
}

/* --- tests --- */

static void test_pages(void **state)
{
    const struct fixture *f = *state;
    struct reply *r = malloc(sizeof *r);
    assert_int_equal(get(f, "/en/hello?a=%3Cb%3E", r), 200);
    assert_string_equal(body(r), "<p>hello en /hello &lt;b&gt;</p>");
    says(r, "Content-Security-Policy: default-src 'none'; script-src 'self'");
    says(r, "X-Content-Type-Options: nosniff");
    says(r, "X-Request-Id: ");
    says(r, "Cache-Control: public, max-age=60");
    assert_int_equal(get_with(f, "GET", "/en/hello", "Authorization: Bearer some\r\n", r), 200);
    says(r, "Cache-Control: private, no-cache");
    assert_int_equal(get(f, "/zh/hello", r), 200);
    says(r, "hello zh /hello");
    assert_int_equal(get_with(f, "HEAD", "/en/hello", "", r), 200);
    assert_string_equal(body(r), "");
    assert_int_equal(get(f, "/en/nothing", r), 404);
    assert_int_equal(get(f, "/en/local", r), 303);
    says(r, "Location: /en/sign-in?next=%2Fen%2Flocal");
    assert_int_equal(get(f, "/en/broken", r), 500);
    assert_null(strstr(r->text, "the secret inside"));
    assert_int_equal(get(f, "/health", r), 200);
    assert_string_equal(body(r), "ok\n");
    assert_int_equal(get(f, "/metrics", r), 200);
    says(r, "jiedui_faults_total 1\n");
    free(r);
}

static void test_languages(void **state)
{
    const struct fixture *f = *state;
    struct reply *r = malloc(sizeof *r);
    assert_int_equal(get(f, "/", r), 303);
    says(r, "Location: /en/\r\n");
    assert_int_equal(get_with(f, "GET", "/hello?a=1", "Accept-Language: zh-CN,zh;q=0.9,en;q=0.5\r\n", r), 303);
    says(r, "Location: /zh/hello?a=1\r\n");
    assert_int_equal(get_with(f, "GET", "/hello", "Accept-Language: en-GB,zh;q=0.5\r\n", r), 303);
    says(r, "Location: /en/hello\r\n");
    /* Nothing of an address may end a header. */
    assert_int_equal(get(f, "/x%0d%0aSet-Cookie:%20a=b", r), 303);
    assert_null(strstr(r->text, "\r\nSet-Cookie"));
    assert_int_equal(get(f, "//evil.example/", r), 303);
    says(r, "Location: /en//evil.example/\r\n");
    free(r);
}

static void test_a_copy_that_is_good_is_not_sent_again(void **state)
{
    const struct fixture *f = *state;
    struct reply *r = malloc(sizeof *r);
    char tag[200], headers[300];
    assert_int_equal(get(f, "/en/big", r), 200);
    assert_true(header_value(r, "ETag: ", tag, sizeof tag));
    snprintf(headers, sizeof headers, "If-None-Match: %s\r\n", tag);
    assert_int_equal(get_with(f, "GET", "/en/big", headers, r), 304);
    assert_string_equal(body(r), "");
    assert_int_equal(get_with(f, "GET", "/zh/big", headers, r), 200);
    /* A write moves every mark. */
    test_sql(f->store.store, "update writer set seq = seq + 1");
    assert_int_equal(get_with(f, "GET", "/en/big", headers, r), 200);
    free(r);
}

static void test_gzip(void **state)
{
    const struct fixture *f = *state;
    struct reply *r = malloc(sizeof *r);
    char length[32];
    assert_int_equal(get_with(f, "GET", "/en/big", "Accept-Encoding: gzip, br\r\n", r), 200);
    says(r, "Content-Encoding: gzip");
    assert_true(header_value(r, "Content-Length: ", length, sizeof length));
    assert_true(strtol(length, NULL, 10) < 2000);
    assert_int_equal((unsigned char)body(r)[0], 0x1f);
    assert_int_equal(get(f, "/en/big", r), 200);
    assert_null(strstr(r->text, "Content-Encoding"));
    free(r);
}

static void test_assets(void **state)
{
    const struct fixture *f = *state;
    struct reply *r = malloc(sizeof *r);
    char path[100];
    snprintf(path, sizeof path, "%s/a.css", f->site.assets);
    assert_int_equal(get(f, path, r), 200);
    assert_string_equal(body(r), css);
    says(r, "immutable");
    says(r, "Content-Type: text/css");
    assert_int_equal(get_with(f, "GET", path, "Accept-Encoding: gzip\r\n", r), 200);
    says(r, "Content-Encoding: gzip");
    snprintf(path, sizeof path, "%s/../../etc/passwd", f->site.assets);
    assert_int_equal(get(f, path, r), 404);
    assert_int_equal(get(f, "/assets/0000/a.css", r), 303);
    /* The service worker has an address that stays, and names the assets of this version. */
    assert_int_equal(get(f, "/sw.js", r), 200);
    says(r, "Content-Type: text/javascript");
    says(r, "no-cache");
    assert_non_null(strstr(body(r), f->site.assets));
    assert_non_null(strstr(body(r), worker));
    free(r);
}

static void test_bad_requests(void **state)
{
    static const char *const paths[] = { "/en/%", "/en/%zz", "/en/%00", "/en/%ff%fe", "/en/hello?a=%ff",
                                         "/en/hello?%0" };
    const struct fixture *f = *state;
    struct reply *r = malloc(sizeof *r);
    char text[20000];
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_int_equal(get(f, paths[i], r), 400);
    assert_int_equal(get_with(f, "POST", "/en/hello", "Content-Length: 0\r\n", r), 405);
    assert_int_equal(get_with(f, "DELETE", "/en/hello", "", r), 405);
    memset(text, 'a', sizeof text);
    memcpy(text, "/en/", 4);
    text[9000] = '\0';
    assert_int_equal(get(f, text, r), 400);
    /* Not HTTP at all: some refusal, and the server goes on. */
    talk(f, "\x16\x03\x01hello\r\n\r\n", 12, r);
    talk(f, "GET\r\n\r\n", 7, r);
    assert_int_equal(get(f, "/en/hello", r), 200);
    free(r);
}

static void test_only_this_machine_s_names(void **state)
{
    const struct fixture *f = *state;
    struct reply *r = malloc(sizeof *r);
    static const char evil[] = "GET /en/hello HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    talk(f, evil, sizeof evil - 1, r);
    says(r, "HTTP/1.1 421");
    assert_true(host_is_local("localhost") && host_is_local("127.0.0.1:80") && host_is_local("[::1]:80"));
    assert_false(host_is_local("localhost.evil.example") || host_is_local("127.0.0.10") ||
                 host_is_local(""));
    free(r);
}

static void *ask_slow(void *arg)
{
    struct fixture *f = arg;
    struct reply *r = malloc(sizeof *r);
    bool ok = get(f, "/en/slow", r) == 200 && strcmp(body(r), "slow") == 0;
    free(r);
    return ok ? arg : NULL;
}

static bool is_stopping(struct server *s)
{
    pthread_mutex_lock(&s->lock);
    bool stopping = s->stopping;
    pthread_mutex_unlock(&s->lock);
    return stopping;
}

static void *stop_server(void *arg)
{
    server_stop(((struct fixture *)arg)->server);
    return NULL;
}

static void test_a_slow_page_blocks_nobody_and_is_finished(void **state)
{
    struct fixture *f = *state;
    struct reply *r = malloc(sizeof *r);
    pthread_t asking, stopping;
    void *done;
    atomic_store(&slow_begun, false);
    atomic_store(&slow_held, true);
    assert_int_equal(pthread_create(&asking, NULL, ask_slow, f), 0);
    while (!atomic_load(&slow_begun)) usleep(1000);
    assert_int_equal(get(f, "/en/hello", r), 200);
    /* A stop in the middle of it: nobody is let in any more, and its answer still comes whole. */
    assert_int_equal(pthread_create(&stopping, NULL, stop_server, f), 0);
    while (!is_stopping(f->server)) usleep(1000);
    atomic_store(&slow_held, false);
    pthread_join(asking, &done);
    pthread_join(stopping, NULL);
    f->server = NULL;
    assert_non_null(done);
    free(r);
}

enum { ASKERS = 8, ASKED = 100 };

static void *ask_many(void *arg)
{
    struct fixture *f = arg;
    struct reply *r = malloc(sizeof *r);
    bool ok = true;
    for (int i = 0; ok && i < ASKED; i++) ok = get(f, i % 3 ? "/en/hello" : "/en/big", r) == 200;
    free(r);
    return ok ? arg : NULL;
}

static void test_many_at_once(void **state)
{
    struct fixture *f = *state;
    pthread_t t[ASKERS];
    for (int i = 0; i < ASKERS; i++) assert_int_equal(pthread_create(&t[i], NULL, ask_many, f), 0);
    for (int i = 0; i < ASKERS; i++) {
        void *done;
        pthread_join(t[i], &done);
        assert_non_null(done);
    }
    struct server_counts c = server_counts(f->server);
    for (int i = 0; i < 60000 && c.working; i++) {   /* an answer is sent a moment before it is counted as done */
        usleep(1000);
        c = server_counts(f->server);
    }
    assert_int_equal(c.requests, ASKERS * ASKED);
    assert_int_equal(c.faults + c.refused + c.waiting + c.working, 0);
}

static void test_ports(void **state)
{
    struct fixture *f = *state;
    struct server_options o = options(f);
    struct server *second;
    struct err e = { 0 };
    const char *digest = f->site.assets;
    o.port = f->port;
    assert_err(server_start(&second, &o, &e), e, ERR_CONFLICT);
    o.next_port = true;
    assert_ok(server_start(&second, &o, &e), e);
    assert_int_not_equal(server_port(second), f->port);
    server_stop(second);
    f->site.assets = digest;
}

static void test_where_a_request_comes_from(void **state)
{
    static const struct { const char *proxy, *cert; struct origin_words w; const char *address; bool same, secure; } rows[] = {
        { NULL, NULL, { "127.0.0.1", "localhost:1", "http://localhost:1", 0, 0, 0, 0, 0 }, "127.0.0.1", true, true },
        { NULL, NULL, { "127.0.0.1", "localhost:1", "http://evil", 0, "same-origin", 0, 0, 0 }, "127.0.0.1", false, true },
        { NULL, NULL, { "127.0.0.1", "localhost:1", "null", 0, 0, 0, 0, 0 }, "127.0.0.1", false, true },
        { NULL, NULL, { "127.0.0.1", "localhost:1", 0, 0, "cross-site", 0, 0, 0 }, "127.0.0.1", false, true },
        { NULL, NULL, { "127.0.0.1", "localhost:1", 0, "http://localhost:1/en/", 0, 0, 0, 0 }, "127.0.0.1", true, true },
        { NULL, NULL, { "127.0.0.1", "localhost:1", 0, 0, 0, 0, 0, 0 }, "127.0.0.1", false, true },
        { NULL, NULL, { "10.0.0.9", "a", "http://a", 0, 0, "1.2.3.4", "https", "b" }, "10.0.0.9", true, false },
        { NULL, "pem", { "10.0.0.9", "a", "https://a", 0, 0, 0, 0, 0 }, "10.0.0.9", true, true },
        { "10.0.0.1", NULL, { "10.0.0.1", "in", "https://out", 0, 0, "6.6.6.6, 1.2.3.4", "https", "out" }, "1.2.3.4", true, true },
        { "10.0.0.1", NULL, { "10.0.0.1", "in", "http://out", 0, 0, "1.2.3.4", "http", "out" }, "1.2.3.4", true, false },
        { "10.0.0.1", NULL, { "10.0.0.2", "in", "https://out", 0, 0, "1.2.3.4", "https", "out" }, "10.0.0.2", false, false },
        { "127.0.0.1", NULL, { "127.0.0.1", "in", "http://in", 0, 0, 0, 0, 0 }, "127.0.0.1", true, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct server_options o = { .proxy = rows[i].proxy, .tls_cert = rows[i].cert };
        struct job j = { .address = "" };
        origin_of(&o, &rows[i].w, &j);
        assert_string_equal(j.address, rows[i].address);
        assert_int_equal(j.same_site, rows[i].same);
        assert_int_equal(j.secure, rows[i].secure);
    }
}

static void test_addresses(void **state)
{
    static const struct { const char *text, *address; int port; } good[] = {
        { "127.0.0.1:8080", "127.0.0.1", 8080 }, { "8080", "127.0.0.1", 8080 }, { ":9", "127.0.0.1", 9 },
        { "[::1]:80", "::1", 80 }, { "0.0.0.0:0", "0.0.0.0", 0 },
    };
    static const char *const bad[] = { "", "x", "127.0.0.1", "1:2:x", "127.0.0.1:99999", ":-1" };
    char address[64];
    int port;
    struct err e = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_ok(listen_parse(good[i].text, address, &port, &e), e);
        assert_string_equal(address, good[i].address);
        assert_int_equal(port, good[i].port);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_err(listen_parse(bad[i], address, &port, &e), e, ERR_USAGE);
    assert_true(listen_loopback("127.0.0.1") && listen_loopback("127.9.9.9") && listen_loopback("::1"));
    assert_false(listen_loopback("0.0.0.0") || listen_loopback("10.0.0.1") || listen_loopback("::"));
}

int main(void)
{
#define WITH(f) cmocka_unit_test_setup_teardown(f, start, stop)
    const struct CMUnitTest tests[] = {
        WITH(test_pages), WITH(test_languages), WITH(test_a_copy_that_is_good_is_not_sent_again),
        WITH(test_gzip), WITH(test_assets), WITH(test_bad_requests),
        WITH(test_only_this_machine_s_names), WITH(test_a_slow_page_blocks_nobody_and_is_finished),
        WITH(test_many_at_once), WITH(test_ports), cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_where_a_request_comes_from),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
