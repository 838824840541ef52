/* asking: a store with the programme's rooms, accounts of several places, and requests sent to the router's
 * table, for tests of pages. */
#ifndef JD_TESTS_PAGES_ASKING_H
#define JD_TESTS_PAGES_ASKING_H

#include "programme/rows.h"

#include "base/date.h"
#include "pages/pages.h"
#include "support/users.h"

struct world { struct programme p; struct site site; struct seat seat; struct arena arena; struct buf keep; const char *key; }; /* key: Idempotency-Key of what is sent, or NULL */
struct answer { int status; const char *body, *location; };

static const struct place_range gansu[] = { { INT64_C(620000000000), INT64_C(629999999999) } };
static const struct place_range hotan[] = { { INT64_C(653200000000), INT64_C(653299999999) } };
static const struct place_range village[] = { { INT64_C(653224100201), INT64_C(653224100201) } };
static const struct scope far_scope = { .role = ROLE_OFFICER, .range = gansu, .ranges = 1 };
static const struct scope near_scope = { .role = ROLE_OFFICER, .range = hotan, .ranges = 1 };
static const struct scope team_scope = { .role = ROLE_VILLAGE, .range = village, .ranges = 1 };
static const struct scope helper_scope = { .role = ROLE_HELPER, .range = hotan, .ranges = 1 };
static const struct user near_helper = { .account = 9, .login = "h", .name = "H", .csrf = "token", .scope = &helper_scope };
static const struct user far_officer = { .account = 7, .login = "f", .name = "F", .csrf = "token",
                                         .scope = &far_scope };
static const struct user near_officer = { .account = 8, .login = "n", .name = "N", .csrf = "token",
                                          .scope = &near_scope };
static const struct user team = { .account = 9, .login = "t", .name = "T", .csrf = "token", .scope = &team_scope };

static inline void world_begin(struct world *w, enum engine engine)
{
    memset(w, 0, sizeof *w);
    programme_open(&w->p, engine);
    w->site = (struct site){ .version = "0", .assets = "/assets/x", .figures_version = "v", .zone = 480 };
    w->seat = (struct seat){ .site = &w->site, .db = w->p.db, .rows = test_db(&w->p.store, DB_READ),
                             .model = w->p.model, .context = w->p.context };
    buf_init(&w->keep, (size_t)8 << 20);
}

static inline void world_close(struct world *w)
{
    buf_free(&w->keep);
    arena_free(&w->arena);
    programme_close(&w->p);
}

static inline struct answer asked(struct world *w, const struct user *v, bool zh, const char *path, const char *query,
                                  const char *form)
{
    struct response r;
    arena_reset(&w->arena);
    struct request q = { .method = form ? "POST" : "GET", .query = "", .path = path, .arena = &w->arena, .user = v,
        .zh = zh, .scope = v->scope, .seat = &w->seat, .today = date_make(2021, 2, 1), .accept_language = "",
        .cookie = "", .type = "", .csrf = "", .if_match = "", .idempotency = w->key ? w->key : "", .address = "127.0.0.1",
        .same_site = true, .secure = true, .body = "", .now = INT64_C(1612137600000000) };
    assert_true(request_query(&q, query));
    if (form) {
        const char *whole = arena_printf(&w->arena, "csrf=token&%s", form);
        assert_true(request_read_form(&q, whole, strlen(whole)));
    }
    response_init(&r);
    route_run(page_routes, page_route_count, &q, &r);
    buf_clear(&w->keep);
    buf_add(&w->keep, r.body.p ? r.body.p : "", r.body.n);
    struct answer a = { r.status, w->keep.p, r.location };
    response_free(&r);
    return a;
}

static inline struct answer ask(struct world *w, const struct user *v, bool zh, const char *path)
{
    return asked(w, v, zh, path, "", NULL);
}

static inline struct answer ask_with(struct world *w, const struct user *v, bool zh, const char *path, const char *query)
{
    return asked(w, v, zh, path, query, NULL);
}

/* A form, with its session's token. */
static inline struct answer send(struct world *w, const struct user *v, bool zh, const char *path, const char *form)
{
    return asked(w, v, zh, path, "", form);
}

static inline bool has(const struct answer *a, const char *what) { return strstr(a->body, what) != NULL; }

/* One text stands before another. */
static inline bool before(const struct answer *a, const char *first, const char *second)
{
    const char *x = strstr(a->body, first), *y = strstr(a->body, second);
    return x && y && x < y;
}

static inline void first_link(const struct answer *a, const char *begin, char *out, size_t n)
{
    const char *at = strstr(a->body, begin);
    assert_non_null(at);
    at += 3;                                       /* the language */
    size_t len = strcspn(at, "\"");
    assert_true(len < n);
    memcpy(out, at, len);
    out[len] = '\0';
}

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
