#include "programme/exchange/link.h"

#include <stdlib.h>
#include <string.h>

#include "entity/load.h"

struct record_key { unsigned char digest[DIGEST_LEN]; };

static struct record_key key_of(const char *entity, size_t n, const char *record, size_t len)
{
    struct record_key k;
    struct digest d;
    digest_init(&d);
    digest_add(&d, entity, n);
    digest_add(&d, "/", 1);
    digest_add(&d, record, len);
    digest_done(&d, k.digest);
    return k;
}

static bool take(void *arg, const struct val *r, int n, struct err *e)
{
    struct links *l = arg;
    struct record_key k = key_of(r[0].p, r[0].n, r[2].p, r[2].n);
    (void)n, (void)e;
    *(const char **)map_put(&l->theirs, &k, NULL) = arena_strndup(&l->a, r[1].p, r[1].n);
    return true;
}

bool links_read(struct links *l, struct db *d, int64_t office, struct err *e)
{
    int64_t pending;
    *l = (struct links){ .a = { 0 } };
    map_init(&l->theirs, sizeof(struct record_key), sizeof(const char *));
    if (!load_pending(d, &pending, e)) return false;
    struct val p[] = { val_int(office), val_int(pending) };
    return db_query(d, &exchange_stmts.stmts[EXCHANGE_LINKS], p, 2, take, l, e);
}

void links_free(struct links *l)
{
    map_free(&l->theirs);
    arena_free(&l->a);
}

const char *link_theirs(const struct links *l, const char *entity, const char *ours)
{
    if (l->theirs.count == 0) return ours;
    struct record_key k = key_of(entity, strlen(entity), ours, strlen(ours));
    const char *const *theirs = map_get(&l->theirs, &k);
    return theirs ? *theirs : ours;
}

/* ---- who reported ---- */

static bool take_report(void *arg, const struct val *r, int n, struct err *e)
{
    struct reports *x = arg;
    struct record_key k = key_of(r[0].p, r[0].n, r[1].p, r[1].n);
    (void)n, (void)e;
    bool helper = r[2].n == 6 && memcmp(r[2].p, "helper", 6) == 0;
    *(enum side *)map_put(&x->side, &k, NULL) = helper ? SIDE_HELPER : SIDE_HELPED;
    return true;
}

bool reports_read(struct reports *r, struct db *d, struct err *e)
{
    map_init(&r->side, sizeof(struct record_key), sizeof(enum side));
    return db_query(d, &exchange_stmts.stmts[EXCHANGE_REPORTED], NULL, 0, take_report, r, e);
}

void reports_free(struct reports *r)
{
    map_free(&r->side);
}

enum side reporter_of(const struct reports *r, const struct table_map *m, const struct val *row)
{
    struct val code = row[m->column[m->key[0]]];
    if (r->side.count == 0 || code.type != VAL_TEXT) return SIDE_HELPER;
    struct record_key k = key_of(m->entity->name, strlen(m->entity->name), code.p, code.n);
    const enum side *s = map_get(&r->side, &k);
    return s ? *s : SIDE_HELPER;
}
