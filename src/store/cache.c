#include "store/driver.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"

const char *stmt_label(const struct stmt *s)
{
    return s->name ? s->name : "composed statement";
}

bool params_fit(const struct stmt *s, int want, int n, struct err *e)
{
    if (want == n) return true;
    return err_set(e, ERR_INTERNAL, "%s: %d parameters given, %d wanted", stmt_label(s), n, want);
}

bool stmt_in_place(struct db *d, const struct stmt *s, bool writes, struct err *e)
{
    if (!writes || d->state == DB_WRITING) return true;
    return err_set(e, ERR_INTERNAL, "%s: writes outside a transaction", stmt_label(s));
}

struct prepared *cache_composed(struct stmt_cache *c, const char *sql)
{
    uint64_t key = hash_bytes(sql, strlen(sql), 0);
    for (int i = 0; i < CACHE_COMPOSED; i++) {
        if (c->composed_key[i] != key) continue;
        struct prepared *p = c->composed[i];
        if (p && strcmp(p->sql, sql) == 0) {
            p->used = ++c->clock;
            return p;
        }
    }
    c->missed = key;
    return NULL;
}

struct prepared *prepared_new(struct db *d, const struct stmt *s, int cols)
{
    struct prepared *p = mem_alloc(sizeof *p);
    p->cols = cols;
    p->row = mem_alloc(sizeof *p->row * (size_t)(cols > 0 ? cols : 1));
    p->stmt = s->name ? s : NULL;
    p->from = s->sql;
    p->sql = mem_strdup(s->sql);
    if (!s->name) p->key = d->cache.missed;
    return p;
}

void prepared_free(struct db *d, struct prepared *p)
{
    if (p->handle) d->driver->drop(d, p);
    if (d->cache.last == p) d->cache.last = NULL;
    free(p->sql);
    free(p->row);
    free(p);
}

static void slot_put(struct stmt_cache *c, struct prepared *p)
{
    uint32_t at = cache_slot(c, p->stmt);
    while (c->slots[at]) at = (at + 1) & (c->cap - 1);
    c->slots[at] = p;
    c->count++;
}

static void grow(struct stmt_cache *c)
{
    struct stmt_cache old = *c;
    c->cap = old.cap ? old.cap * 2 : 128;
    c->count = 0;
    c->slots = mem_alloc(sizeof *c->slots * c->cap);
    for (uint32_t i = 0; i < old.cap; i++)
        if (old.slots[i]) slot_put(c, old.slots[i]);
    free(old.slots);
}

bool cache_put(struct db *d, struct prepared *p)
{
    struct stmt_cache *c = &d->cache;
    if (p->stmt) {
        if (c->count * 2 >= c->cap) grow(c);
        slot_put(c, p);
        return true;
    }
    int place = -1;
    for (int i = 0; i < CACHE_COMPOSED; i++) {
        struct prepared *q = c->composed[i];
        if (!q) {
            place = i;
            break;
        }
        if (!q->busy && (place < 0 || q->used < c->composed[place]->used)) place = i;
    }
    if (place < 0) return false;
    if (c->composed[place]) prepared_free(d, c->composed[place]);
    c->composed[place] = p;
    c->composed_key[place] = p->key;
    p->used = ++c->clock;
    return true;
}

void cache_clear(struct db *d)
{
    struct stmt_cache *c = &d->cache;
    for (uint32_t i = 0; i < c->cap; i++)
        if (c->slots[i]) prepared_free(d, c->slots[i]);
    for (int i = 0; i < CACHE_COMPOSED; i++)
        if (c->composed[i]) prepared_free(d, c->composed[i]);
    free(c->slots);
    *c = (struct stmt_cache){ 0 };
}
