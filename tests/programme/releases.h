/* Releases for tests: made from a store, written to memory, and sealed anew by the shortest code that
 * follows the description in seal.h. */
#ifndef JD_TESTS_PROGRAMME_RELEASES_H
#define JD_TESTS_PROGRAMME_RELEASES_H

#include "rows.h"

#include "base/date.h"
#include "programme/publish/publish.h"
#include "programme/publish/release_check.h"

static inline struct release_world world_of(struct programme *p)
{
    return (struct release_world){ .store = p->store.store, .db = p->db, .model = p->model,
                                   .context = &p->context, .clock = clock_system() };
}

static inline int64_t org_of(struct programme *p, const char *code)
{
    const struct table_map *m = model_find(p->model, "organisation");
    struct arena a = { 0 };
    struct err e = { 0 };
    int64_t county, id = 0;
    bool found = ref_find(p->model, m, code, strlen(code), 0, p->db, &a, &county, &id, &e);
    arena_free(&a);
    return found ? id : 0;
}

/* Every figure of the store for the nation, some places, and an organisation with its units, in 2020. */
static inline size_t all_queries(struct programme *p, struct figure_query **out)
{
    static const int64_t places[] = { 0, 620000000000, 653200000000, 653224000000, 0 };
    size_t n = 0, figures = (size_t)figures_count(p->figures);
    int64_t org = org_of(p, "TJ-CITY");
    *out = calloc(figures * 5, sizeof **out);
    for (size_t i = 0; i < figures; i++)
        for (size_t k = 0; k < 5; k++)
            (*out)[n++] = (struct figure_query){ .name = figures_at(p->figures, (int)i)->name,
                .place = places[k], .org = k == 4 ? org : 0, .from = date_make(2020, 1, 1),
                .to = date_make(2020, 12, 31) };
    return n;
}

struct text { char *p; size_t n; };

static inline bool add_text_line(void *arg, const struct release_line *l, struct err *e)
{
    struct buf *b = arg;
    (void)e;
    seal_write(b, l->body, l->n, l->hash);
    return true;
}

static inline struct text release_text(struct programme *p, const char *name)
{
    struct err e = { 0 };
    struct arena a = { 0 };
    struct release_row r;
    struct buf b;
    buf_init(&b, (size_t)64 << 20);
    assert_ok(release_find(p->db, &scope_all, name, &a, &r, &e), e);
    assert_ok(release_lines(p->db, r.id, add_text_line, &b, &e), e);
    arena_free(&a);
    return (struct text){ b.p, b.n };
}

struct told { int n; char first[600]; };

static inline void tell(void *arg, const char *sentence)
{
    struct told *t = arg;
    if (t->n++ == 0) snprintf(t->first, sizeof t->first, "%s", sentence);
}

/* Faults of a release in memory; -1 when it is refused, with the reason in told. */
static inline int64_t check_text(const char *p, size_t n, struct told *told)
{
    struct release_summary s;
    struct err e = { 0 };
    struct arena a = { 0 };
    *told = (struct told){ 0 };
    FILE *f = fmemopen((void *)(uintptr_t)p, n, "rb");
    assert_non_null(f);
    struct faults faults = { tell, told, 0 };
    bool ok = release_check(f, &a, &faults, NULL, NULL, &s, &e);
    fclose(f);
    arena_free(&a);
    if (!ok) snprintf(told->first, sizeof told->first, "%s", e.message);
    return ok ? faults.n : -1;
}

/* All lines with hashes that fit again, in place. */
static inline void seal_anew(struct text *t)
{
    unsigned char bytes[1 << 20] = { 0 }, hash[32] = { 0 };
    for (char *line = t->p; line < t->p + t->n;) {
        char *end = strchr(line, '\n'), *key = strstr(line, ",\"hash\":\""), hex[65];
        for (char *next = key; (next = strstr(next + 1, ",\"hash\":\"")) && next < end;) key = next;
        size_t n = (size_t)(key - line);
        memcpy(bytes, hash, 32);
        memcpy(bytes + 32, line, n);
        bytes[32 + n] = '}';
        digest_of(bytes, 33 + n, hash);
        digest_hex(hash, 32, hex);
        memcpy(key + 9, hex, 64);
        line = end + 1;
    }
}

#endif
