/* Pages that were made. */
#include "server/inner.h"

#include "base/map.h"

static struct kept *slot_of(struct server *s, const char *mark, bool gzip)
{
    return &s->cache[hash_bytes(mark, strlen(mark), gzip) % CACHE_SLOTS];
}

bool kept_get(struct server *s, const char *mark, bool gzip, struct arena *a, struct response *out)
{
    bool found;
    pthread_mutex_lock(&s->cache_lock);
    const struct kept *c = slot_of(s, mark, gzip);
    found = c->body && c->gzip == gzip && strcmp(c->mark, mark) == 0;
    if (found) {
        buf_add(&out->body, c->body, c->n);
        out->type = c->type;
        out->link = c->link ? arena_strdup(a, c->link) : NULL;
    }
    pthread_mutex_unlock(&s->cache_lock);
    return found;
}

void kept_put(struct server *s, const char *mark, bool gzip, const struct response *page)
{
    size_t n = page->body.n;
    if (n == 0 || n > CACHE_BODY || strlen(mark) >= CACHE_MARK) return;
    char *copy = mem_alloc(n);
    memcpy(copy, page->body.p, n);
    pthread_mutex_lock(&s->cache_lock);
    struct kept *c = slot_of(s, mark, gzip);
    free(c->body);
    free(c->link);
    *c = (struct kept){ .type = page->type, .body = copy, .link = page->link ? strdup(page->link) : NULL, .n = n,
                        .gzip = gzip };
    memcpy(c->mark, mark, strlen(mark) + 1);
    pthread_mutex_unlock(&s->cache_lock);
}

void kept_free(struct server *s)
{
    for (int i = 0; s->cache && i < CACHE_SLOTS; i++) {
        free(s->cache[i].body);
        free(s->cache[i].link);
    }
    free(s->cache);
}
