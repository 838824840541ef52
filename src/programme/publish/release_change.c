/* What a correction changes: the figures of two releases side by side. */
#include "programme/publish/release.h"

#include <string.h>

#include "base/map.h"
#include "base/money.h"

/* A figure's line is the same one in another release when these say the same. */
static const char *const identity[] = { "figure", "place", "organisation", "from", "to" };
/* What may differ. Labels may too, but say nothing of the figure. */
static const char *const facts[] = { "version", "value", "qualifier", "low", "high", "rows", "unknown",
    "cut", "rests_on", "confirmed", "one_sided", "disputed", "rows_digest", "why" };
enum { N_IDENTITY = sizeof identity / sizeof *identity, N_FACTS = sizeof facts / sizeof *facts };

struct known { struct json *line; bool seen; };
struct comparing {
    struct arena a;
    struct map by_name;        /* digest of the identity -> index in at */
    struct known *at; size_t n, cap;
    struct seal *changes;
    struct buf b;
};
struct name { unsigned char digest[DIGEST_LEN]; };

static struct name name_of(const struct json *line, struct arena *a)
{
    struct name name;
    struct digest d;
    digest_init(&d);
    for (int i = 0; i < N_IDENTITY; i++) {
        const char *v = release_member(line, identity[i], a);
        digest_add(&d, v, strlen(v) + 1);
    }
    digest_done(&d, name.digest);
    return name;
}

static bool keep_earlier(void *arg, const struct release_line *l, struct err *e)
{
    struct comparing *c = arg;
    if (strcmp(l->kind, "figure") != 0) return true;
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 64;
        struct known *more = arena_array(&c->a, c->cap, sizeof *more);
        if (c->n) memcpy(more, c->at, c->n * sizeof *more);
        c->at = more;
    }
    struct known *k = &c->at[c->n];
    *k = (struct known){ 0 };
    if (!json_parse(&k->line, l->body, l->n, &c->a, e)) return err_context(e, "line %lld",
                                                                          (long long)l->line);
    struct name name = name_of(k->line, &c->a);
    size_t *at = map_put(&c->by_name, &name, NULL);
    *at = c->n++;
    return true;
}

static int decimals_of(const char *number)
{
    const char *dot = strchr(number, '.');
    return dot ? (int)strlen(dot + 1) : 0;
}

/* The difference of two numbers as text; "" when one is none. */
static void put_difference(struct json_out *j, const char *before, const char *after)
{
    int was = decimals_of(before), is = decimals_of(after), scale = was > is ? was : is;
    int64_t x, y, by;
    char text[DECIMAL_TEXT] = "";
    if (*before && *after && decimal_parse(before, strlen(before), scale, &x) == DECIMAL_OK &&
        decimal_parse(after, strlen(after), scale, &y) == DECIMAL_OK && i64_sub(y, x, &by))
        decimal_format(by, scale, text);
    json_key(j, "difference");
    json_str(j, text);
}

/* One change line: was and is, of which one may be missing. */
static void add_change(struct comparing *c, const struct json *was, const struct json *is)
{
    const struct json *line = is ? is : was;
    struct json_out j;
    json_start(&j, &c->b);
    json_object(&j);
    json_key(&j, "kind");
    json_str(&j, "change");
    json_key(&j, "what");
    json_str(&j, !was ? "added" : !is ? "left out" : "changed");
    for (int i = 0; i < N_IDENTITY; i++) {
        json_key(&j, identity[i]);
        json_str(&j, release_member(line, identity[i], &c->a));
    }
    json_key(&j, "place_en");
    json_str(&j, release_member(line, "place_en", &c->a));
    put_difference(&j, release_member(was, "value", &c->a), release_member(is, "value", &c->a));
    for (int side = 0; side < 2; side++) {
        const struct json *of = side ? is : was;
        json_key(&j, side ? "after" : "before");
        json_object(&j);
        for (int i = 0; of && i < N_FACTS; i++) {
            const char *x = release_member(was, facts[i], &c->a);
            const char *y = release_member(is, facts[i], &c->a);
            if (strcmp(x, y) == 0) continue;
            json_key(&j, facts[i]);
            json_str(&j, side ? y : x);
        }
        json_end_object(&j);
    }
    json_end_object(&j);
    struct seal_line *l = seal_add(c->changes, "change", &c->b);
    l->figure = arena_strdup(c->changes->a, release_member(line, "figure", &c->a));
    buf_clear(&c->b);
}

static bool same(struct comparing *c, const struct json *was, const struct json *is)
{
    for (int i = 0; i < N_FACTS; i++)
        if (strcmp(release_member(was, facts[i], &c->a), release_member(is, facts[i], &c->a)) != 0)
            return false;
    return true;
}

static bool compare_all(struct comparing *c, const struct seal *figures, struct err *e)
{
    for (size_t i = 0; i < figures->n; i++) {
        struct json *is;
        if (!json_parse(&is, figures->at[i].body, figures->at[i].n, &c->a, e)) return false;
        struct name name = name_of(is, &c->a);
        const size_t *at = map_get(&c->by_name, &name);
        struct known *was = at ? &c->at[*at] : NULL;
        if (was) was->seen = true;
        if (!was || !same(c, was->line, is)) add_change(c, was ? was->line : NULL, is);
    }
    for (size_t i = 0; i < c->n; i++)
        if (!c->at[i].seen) add_change(c, c->at[i].line, NULL);
    return true;
}

bool release_changes(struct db *d, int64_t earlier, const struct seal *figures,
                     struct seal *changes, struct err *e)
{
    struct comparing c = { .changes = changes };
    arena_init(&c.a, (size_t)4 << 30);
    map_init(&c.by_name, sizeof(struct name), sizeof(size_t));
    buf_init(&c.b, (size_t)1 << 20);
    bool ok = release_lines(d, earlier, keep_earlier, &c, e) && compare_all(&c, figures, e);
    buf_free(&c.b);
    map_free(&c.by_name);
    arena_free(&c.a);
    return ok;
}
