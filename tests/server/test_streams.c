/* Streams of events on a real server: news, readers that are slow or vanish, a thousand idle ones, and the
 * end of each: its session's, its account's share, the program's. */
#include "programme/seats.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "programme/job/job.h"
#include "server/inner.h"
#include "support/users.h"

enum { IDLE = 1000, WAIT_MS = 60000 };

/* --- work that ends when it is told --- */

static atomic_bool ends;

static bool run(struct job_run *r, struct err *e)
{
    for (int64_t i = 1; !atomic_load(&ends); i++) {
        if (!job_told(r, i, 1000000)) return err_set(e, ERR_CONFLICT, "stopped");
        usleep(1000);
    }
    return true;
}
static const struct job_kind kind = { .name = "work", .en = "W", .zh = "工", .lane = JOB_READS, .run = run };
static const struct job_kind *const kinds[] = { &kind };

/* --- the site under test --- */

static void events(struct request *q, struct response *r)
{
    (void)q;
    r->type = "text/event-stream";
    r->stream = r->no_store = true;
}
static void hello(struct request *q, struct response *r)
{
    (void)q;
    buf_str(&r->body, "hello");
}
static const struct route routes[] = { { "GET", "/events", WHO_SIGNED_IN, events },
                                       { "GET", "/hello", WHO_ANYBODY, hello } };

struct world { struct seats s; struct server *server; struct seat seat;
               struct arena arena; char files[64]; int port; atomic_bool signed_out;
               int64_t account; };

/* The cookie is the account's number; one account may be signed out. */
static bool identify(void *own, struct request *q, const char *bearer, const char *heads, struct err *e)
{
    struct world *w = own;             /* the seats are its first member */
    struct user *u = arena_alloc(q->arena, sizeof *u);
    (void)bearer, (void)heads, (void)e;
    *u = test_admin;
    u->account = strtoll(q->cookie, NULL, 10);
    if (u->account == w->account && atomic_load(&w->signed_out)) u->account = 0;
    if (!u->account) *u = test_nobody;
    q->user = u;
    q->scope = u->scope;
    return true;
}

static void world_open(struct world *w)
{
    struct err e = { 0 };
    memset(w, 0, sizeof *w);
    atomic_store(&ends, false);
    programme_open(&w->s.p, ENGINE_SQLITE);
    w->account = seats_account(&w->s, "admin", 0);
    w->s.site = (struct site){ .version = "0", .figures_version = "v", .zone = 480 };
    snprintf(w->files, sizeof w->files, "/tmp/jiedui-streams-XXXXXX");
    assert_non_null(mkdtemp(w->files));
    const struct jobs_options jo = { .dir = w->files, .kinds = kinds, .n_kinds = 1, .store = w->s.p.store.store,
                                     .seat_open = seat_open, .seat_close = seat_close, .seat_arg = &w->s };
    assert_ok(jobs_open(&w->s.jobs, &jo, &e), e);
    const struct server_options so = { .address = "127.0.0.1", .visitor = &test_nobody, .identify = identify,
        .cookie = "jiedui", .workers = 2, .quiet = true, .clock = clock_system(), .routes = routes, .n_routes = 2,
        .site = &w->s.site, .seat_open = seat_open, .seat_close = seat_close, .seat_arg = &w->s };
    assert_ok(server_start(&w->server, &so, &e), e);
    w->port = server_port(w->server);
    w->seat = (struct seat){ .site = &w->s.site, .db = w->s.p.db, .model = w->s.p.model, .jobs = w->s.jobs };
}

static void world_close(struct world *w)
{
    if (w->server) server_stop(w->server);
    jobs_close(w->s.jobs);
    test_tree_remove(w->files);
    arena_free(&w->arena);
    programme_close(&w->s.p);
}

static int64_t work_begins(struct world *w)
{
    struct err e = { 0 };
    struct user u;
    bool open = false;
    assert_ok(account_user(&w->seat, w->account, &w->arena, &u, &open, &e), e);
    struct request q = { .arena = &w->arena, .user = &u, .scope = u.scope, .seat = &w->seat };
    const struct job_asked a = { .kind = &kind, .title = "t", .asked = "" };
    int64_t id;
    assert_ok(job_start(&q, &a, &id, &e), e);
    return id;
}

/* --- a client --- */

static int dial(const struct world *w)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)w->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static int listens(const struct world *w, int64_t account, const char *more)
{
    char text[400];
    int fd = dial(w), n = snprintf(text, sizeof text, "GET /en/events HTTP/1.1\r\nHost: localhost\r\n"
                                   "Accept: text/event-stream\r\nCookie: jiedui=%lld\r\n%s\r\n", (long long)account, more);
    assert_int_equal(send(fd, text, (size_t)n, MSG_NOSIGNAL), n);
    return fd;
}

/* Reads until the words have come, or, with NULL, until the other side ends it; false after a while. */
static bool hears(int fd, const char *words)
{
    char text[65536];
    size_t n = 0;
    struct pollfd p = { .fd = fd, .events = POLLIN };
    const int64_t until = clock_ticks() + WAIT_MS * INT64_C(1000000);
    text[0] = '\0';
    while (clock_ticks() < until && poll(&p, 1, WAIT_MS) == 1) {
        if (n > sizeof text / 2) {                 /* the words may stand across the end of what is dropped */
            memmove(text, text + n / 2, n - n / 2);
            n -= n / 2;
        }
        ssize_t got = recv(fd, text + n, sizeof text - 1 - n, 0);
        if (got <= 0) return !words;
        n += (size_t)got;
        text[n] = '\0';
        if (strstr(text, words ? words : "\r\n0\r\n\r\n")) return true;
    }
    print_message("after %zu bytes: %s\n", n, text);
    return false;
}

static int streams(const struct world *w)
{
    return (int)server_counts(w->server).streams;
}

static void come_to(const struct world *w, int n)
{
    for (int i = 0; i < WAIT_MS / 10 && streams(w) != n; i++) usleep(10000);
    assert_int_equal(streams(w), n);
}

/* --- tests --- */

static void news_come_and_the_end(void **state)
{
    struct world w;
    char id[40];
    (void)state;
    world_open(&w);
    int mine = listens(&w, w.account, ""), other = listens(&w, 8, "");
    assert_true(hears(mine, "retry:") && hears(other, "retry:"));
    snprintf(id, sizeof id, "\"id\":\"%lld\"", (long long)work_begins(&w));
    assert_true(hears(mine, id));
    atomic_store(&ends, true);
    assert_true(hears(mine, "\"rests\":true"));
    /* Who comes back is told what was missed; the other account hears nothing of it but signs of life. */
    int again = listens(&w, w.account, "Last-Event-ID: 1234-99999\r\n");
    assert_true(hears(again, "\"rests\":true"));
    assert_true(hears(other, ":\n\n"));
    server_stop(w.server);
    w.server = NULL;
    assert_true(hears(mine, NULL) && hears(other, NULL) && hears(again, NULL));
    close(mine), close(other), close(again);
    world_close(&w);
}

static void a_session_s_end_is_the_stream_s(void **state)
{
    struct world w;
    (void)state;
    world_open(&w);
    int mine = listens(&w, w.account, ""), other = listens(&w, 8, "");
    come_to(&w, 2);
    atomic_store(&w.signed_out, true);
    assert_true(hears(mine, NULL));
    come_to(&w, 1);
    close(mine), close(other);
    int nobody = listens(&w, 0, "");
    assert_true(hears(nobody, "303"));
    close(nobody);
    world_close(&w);
}

static void an_account_has_its_share(void **state)
{
    struct world w;
    int fd[5];
    (void)state;
    world_open(&w);
    for (int i = 0; i < 4; i++) fd[i] = listens(&w, w.account, ""), come_to(&w, i + 1);
    fd[4] = listens(&w, w.account, "");
    assert_true(hears(fd[0], "event: poll"));      /* the oldest asks by itself from now on */
    come_to(&w, 4);
    for (int i = 0; i < 5; i++) close(fd[i]);
    world_close(&w);
}

static void readers_that_are_slow_or_vanish(void **state)
{
    struct world w;
    struct linger hard = { .l_onoff = 1 };
    (void)state;
    world_open(&w);
    int slow = listens(&w, w.account, ""), gone = listens(&w, w.account, ""), good = listens(&w, w.account, "");
    come_to(&w, 3);
    /* One takes nothing, one is cut off without a word: the third hears all the same. */
    setsockopt(gone, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(gone);
    work_begins(&w);
    assert_true(hears(good, "\"rests\":false"));
    come_to(&w, 2);
    atomic_store(&ends, true);
    assert_true(hears(good, "\"rests\":true"));
    assert_true(hears(slow, "\"rests\":true"));    /* what it did not take had waited */
    close(slow), close(good);
    world_close(&w);
}

static long resident(void)
{
    long size, pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%ld %ld", &size, &pages), 2);
    fclose(f);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void a_thousand_idle_ones(void **state)
{
    struct world w;
    static int fd[IDLE];
    (void)state;
    world_open(&w);
    for (int i = 0; i < IDLE; i++) {
        fd[i] = listens(&w, 100 + i, "");
        if (i % 50 == 49) come_to(&w, i + 1);
    }
    assert_true(hears(fd[0], ":\n\n"));            /* a sign of life went round */
    long before = resident();
    assert_true(hears(fd[1], ":\n\n") && hears(fd[0], ":\n\n") && hears(fd[0], ":\n\n"));
    long after = resident();
    print_message("%d idle streams: %ld KiB, two signs of life later %ld KiB\n", IDLE, before, after);
    assert_true(after - before < 4 * IDLE);
    int page = dial(&w);
    static const char get[] = "GET /en/hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert_int_equal(send(page, get, sizeof get - 1, MSG_NOSIGNAL), sizeof get - 1);
    assert_true(hears(page, "hello"));             /* nobody waits for them */
    close(page);
    server_stop(w.server);
    w.server = NULL;
    assert_true(hears(fd[IDLE - 1], NULL));
    for (int i = 0; i < IDLE; i++) close(fd[i]);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(news_come_and_the_end), cmocka_unit_test(a_session_s_end_is_the_stream_s),
        cmocka_unit_test(an_account_has_its_share), cmocka_unit_test(readers_that_are_slow_or_vanish),
        cmocka_unit_test(a_thousand_idle_ones),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
