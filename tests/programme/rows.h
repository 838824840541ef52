/* Rows by hand: "code=X; place=653224; amount=12.5" into an entity, as a form would send them. */
#ifndef JD_TESTS_PROGRAMME_ROWS_H
#define JD_TESTS_PROGRAMME_ROWS_H

#include "programme.h"

struct one_row { struct programme *p; const char *entity, *text; bool update; };

static inline bool row_field(struct programme *p, const struct table_map *m, const char *name,
                             const char *text, struct db *d, struct val *row, bool *given,
                             struct arena *a, struct err *e)
{
    size_t n = strlen(name);
    for (const char *at = text; at && *at;) {
        while (*at == ' ') at++;
        const char *end = strchr(at, ';');
        size_t len = end ? (size_t)(end - at) : strlen(at);
        if (len > n && memcmp(at, name, n) == 0 && at[n] == '=') {
            *given = true;
            return field_read(p->model, m, map_field(m, name), at + n + 1, len - n - 1, d, row, a,
                              e);
        }
        at = end ? end + 1 : NULL;
    }
    return field_read(p->model, m, map_field(m, name), "", 0, d, row, a, e);
}

static inline bool write_one(struct tx *tx, void *arg, struct err *e)
{
    struct one_row *r = arg;
    const struct table_map *m = model_find(r->p->model, r->entity);
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    struct arena a = { 0 };
    bool given = false, ok = true, found = true;
    assert_non_null(m);
    row[ROW_COUNTY] = val_int(0);
    if (m->home >= 0)
        ok = row_field(r->p, m, m->field[m->home].name, r->text, tx_db(tx), row, &given, &a, e);
    for (int i = 0; ok && i < m->fields; i++)
        if (i != m->home)
            ok = row_field(r->p, m, m->field[i].name, r->text, tx_db(tx), row, &given, &a, e);
    if (ok && r->update) {
        const char *code = field_write(r->p->model, m, m->key[0], row, tx_db(tx), &a);
        int64_t county, id;
        struct val held[ENTITY_MAX_COLUMNS + 1];
        ok = ref_find(r->p->model, m, code, strlen(code), -1, tx_db(tx), &a, &county, &id, e) &&
             row_get(tx_db(tx), m, county, id, &a, held, &found, e);
        if (ok) {
            row[ROW_COUNTY] = val_int(county);
            row[ROW_ID] = val_int(id);
        }
    }
    if (ok)
        ok = r->update ? row_update(tx, r->p->model, m, row, 0, e)
                       : row_insert(tx, r->p->model, m, row, e);
    arena_free(&a);
    return ok;
}

static inline bool try_put(struct programme *p, const char *entity, const char *text, struct err *e)
{
    struct one_row r = { p, entity, text, false };
    *e = (struct err){ 0 };
    return store_write(p->store.store, write_one, &r, e);
}

static inline bool try_change(struct programme *p, const char *entity, const char *text,
                              struct err *e)
{
    struct one_row r = { p, entity, text, true };
    *e = (struct err){ 0 };
    return store_write(p->store.store, write_one, &r, e);
}

static inline void put(struct programme *p, const char *entity, const char *text)
{
    struct err e;
    if (!try_put(p, entity, text, &e)) fail_msg("%s %s: %s", entity, text, e.message);
}

static inline void change(struct programme *p, const char *entity, const char *text)
{
    struct err e;
    if (!try_change(p, entity, text, &e)) fail_msg("%s %s: %s", entity, text, e.message);
}

#endif
