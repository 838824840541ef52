/* site: a programme's store behind the router's table of pages, and requests sent to it. */
#ifndef JD_TESTS_PAGES_SITE_H
#define JD_TESTS_PAGES_SITE_H

#include "programme/programme.h"

#include <unistd.h>

#include "base/date.h"
#include "pages/pages.h"
#include "support/users.h"

/* Over p, whose store is open; the seat lives as long as site. */
static inline void site_begin(struct programme *p, struct site *site, struct seat *seat)
{
    *site = (struct site){ .version = "0", .assets = "/assets/x", .figures_version = "v", .zone = 480 };
    *seat = (struct seat){ .site = site, .db = p->db, .rows = test_db(&p->store, DB_READ), .model = p->model,
                           .context = p->context };
}

/* What is sent; NULL: not. url is /en/... or /zh/... with its query, or /api/... A form gets its session's token. */
struct sent {
    const char *method, *url, *form, *body, *version, *key, *upload, *upload_name;
    int32_t today;
};
struct answer { int status; const char *body; size_t n; const char *type, *filename, *location; };

static inline void site_file(const struct response *r, struct buf *keep)
{
    char part[4096];
    FILE *f = fopen(r->file, "rb");
    assert_non_null(f);
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;) buf_add(keep, part, n);
    fclose(f);
    if (!r->file_stays) remove(r->file);
}

static inline char *site_upload(struct arena *a, const char *text)
{
    char *path = arena_strdup(a, "/tmp/jiedui-sent-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    return path;
}

/* The body lies in keep, the rest in a, until the next call. */
static inline struct answer site_ask(struct seat *seat, struct arena *a, struct buf *keep, const struct user *u,
                                     const struct sent *s)
{
    struct response r;
    bool taken = false, api = strncmp(s->url, "/api/", 5) == 0;
    arena_reset(a);
    const char *url = api ? s->url : s->url + 3;
    size_t mark = strcspn(url, "?");
    char *path = arena_strndup(a, url, mark);
    assert_true(url_decode(path, false));
    int32_t today = s->today ? s->today : date_make(2026, 11, 22);
    struct request q = { .method = s->method ? s->method : s->form ? "POST" : "GET", .path = path, .query = "",
        .arena = a, .user = u, .scope = u->scope, .seat = seat, .zh = !api && strncmp(s->url, "/zh", 3) == 0,
        .today = today, .now = today * INT64_C(86400000000), .accept_language = "", .cookie = "",
        .type = "", .csrf = api ? u->csrf : "", .if_match = s->version ? s->version : "",
        .idempotency = s->key ? s->key : "", .address = "127.0.0.1", .same_site = true, .secure = true,
        .body = s->body ? s->body : "", .body_n = s->body ? strlen(s->body) : 0, .upload_taken = &taken };
    assert_true(request_query(&q, url[mark] ? url + mark + 1 : ""));
    if (s->form) {
        const char *whole = arena_printf(a, "csrf=%s&%s", u->csrf, s->form);
        assert_true(request_read_form(&q, whole, strlen(whole)));
    }
    if (s->upload) {
        q.upload = site_upload(a, s->upload);
        q.upload_name = s->upload_name;
    }
    response_init(&r);
    route_run(page_routes, page_route_count, &q, &r);
    if (q.upload && !taken) unlink(q.upload);
    buf_clear(keep);
    if (r.file) site_file(&r, keep);
    else buf_add(keep, r.body.p ? r.body.p : "", r.body.n);
    struct answer x = { r.status, keep->p, keep->n, r.type, r.filename, r.location };
    response_free(&r);
    return x;
}

static inline bool has(const struct answer *a, const char *what) { return strstr(a->body, what) != NULL; }

/* A test on each database: NAME opens a world with world_open, which the test's file has, and closes it. */
#define ON_EACH(name)                                                                              \
    static void name##_here(enum engine engine)                                                    \
    {                                                                                              \
        struct world w;                                                                            \
        world_open(&w, engine);                                                                    \
        name(&w);                                                                                  \
        world_close(&w);                                                                           \
    }                                                                                              \
    STORE_TEST(name##_here)

#endif
