/* asking: a store with the programme's rooms, accounts of several places, and requests sent to the router's
 * table, for tests of pages. */
#ifndef JD_TESTS_PAGES_ASKING_H
#define JD_TESTS_PAGES_ASKING_H

#include "pages/site.h"
#include "programme/rows.h"

struct world { struct programme p; struct site site; struct seat seat; struct arena arena; struct buf keep; const char *key; }; /* key: Idempotency-Key of what is sent, or NULL */

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
    site_begin(&w->p, &w->site, &w->seat);
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
    char url[1200];
    int n = snprintf(url, sizeof url, "/%s%s%s%s", zh ? "zh" : "en", path, *query ? "?" : "", query);
    assert_true(n > 0 && (size_t)n < sizeof url);
    return site_ask(&w->seat, &w->arena, &w->keep, v,
                    &(struct sent){ .url = url, .form = form, .key = w->key, .today = date_make(2021, 2, 1) });
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

#endif
