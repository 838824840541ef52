/* The declared entities as a model, with a store behind it, and rows as they are typed. */
#ifndef JD_TESTS_ENTITY_SAMPLE_H
#define JD_TESTS_ENTITY_SAMPLE_H

#include "support/stores.h"
#include "support/typed.h"

#include "entity/declared.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/random.h"
#include "entity/entity.h"
#include "entity/load.h"
#include "store/journal.h"

/* A model over the sample, and one with a store behind it. */
struct sample {
    struct test_store t;
    struct codes *codes;
    struct model *model;
    struct db *db;                 /* for reading */
    struct arena arena;
    const struct table_map *document, *organisation, *household, *person, *visit, *aid;
};

static inline void sample_model_open(struct sample *s)
{
    struct err e = { 0 };
    memset(s, 0, sizeof *s);
    assert_ok(codes_read(&s->codes, sample_codes, sizeof sample_codes - 1, &e), e);
    assert_ok(model_open(&s->model, sample_entities, COUNT(sample_entities), s->codes,
                         &sample_places, &e), e);
    s->document = model_find(s->model, "document");
    s->organisation = model_find(s->model, "organisation");
    s->household = model_find(s->model, "household");
    s->person = model_find(s->model, "person");
    s->visit = model_find(s->model, "visit");
    s->aid = model_find(s->model, "aid");
    assert_non_null(s->aid);
}

static inline void sample_model_close(struct sample *s)
{
    model_close(s->model);
    codes_free(s->codes);
    arena_free(&s->arena);
}

/* partitions > 0: PostgreSQL tables cut by county, as a cluster would have them. */
static inline void sample_open_on(struct sample *s, enum engine engine, int partitions)
{
    struct store_options opt = { .shadow_partitions = partitions };
    const struct table *tables[32];
    struct test_store t = { 0 };
    int n = 0, own;
    sample_model_open(s);
    const struct table *const *all = model_tables(s->model, &own);
    for (int i = 0; i < own; i++) tables[n++] = all[i];
    for (int i = 0; i < entity_table_count; i++) tables[n++] = &entity_tables[i];
    test_store_open_with(&t, engine, &opt, tables, n);
    s->t = t;
    s->db = test_db(&s->t, DB_READ);
}

static inline void sample_open(struct sample *s, enum engine engine)
{
    sample_open_on(s, engine, 0);
}

static inline void sample_close(struct sample *s)
{
    test_store_close(&s->t);
    sample_model_close(s);
}

static inline bool try_put(struct sample *s, const struct table_map *m, const char *const *typed,
                           struct val *row, struct err *e)
{
    struct typed_row t = { s->model, m, typed, row, &s->arena };
    return store_write(s->t.store, typed_insert, &t, e);
}

/* Inserts what is typed; the row, with its id, is left in row (ENTITY_MAX_COLUMNS values). */
static inline void put(struct sample *s, const struct table_map *m, struct val *row,
                       const char *const *typed)
{
    struct err e = { 0 };
    assert_ok(try_put(s, m, typed, row, &e), e);
}

struct change { struct sample *s; const struct table_map *m; struct val *row; int64_t seen; };

static inline bool update_row(struct tx *tx, void *arg, struct err *e)
{
    struct change *c = arg;
    return row_update(tx, c->s->model, c->m, c->row, c->seen, e);
}

static inline bool delete_row(struct tx *tx, void *arg, struct err *e)
{
    struct change *c = arg;
    return row_delete(tx, c->s->model, c->m, c->row[ROW_COUNTY].i, c->row[ROW_ID].i, c->seen, e);
}

static inline bool change_row(struct sample *s, const struct table_map *m, struct val *row,
                              int64_t seen, struct err *e)
{
    struct change c = { s, m, row, seen };
    return store_write(s->t.store, update_row, &c, e);
}

static inline bool drop_row(struct sample *s, const struct table_map *m, struct val *row,
                            int64_t seen, struct err *e)
{
    struct change c = { s, m, row, seen };
    return store_write(s->t.store, delete_row, &c, e);
}

static inline bool fetch(struct sample *s, const struct table_map *m, int64_t county, int64_t id,
                         struct val *row)
{
    struct err e = { 0 };
    bool found;
    assert_ok(row_get(s->db, m, county, id, &s->arena, row, &found, &e), e);
    return found;
}

static inline void set(const struct table_map *m, struct val *row, int field, struct val v)
{
    row[m->column[field]] = v;
}

static inline const char *text_of(struct sample *s, const struct table_map *m, int field,
                                  const struct val *row)
{
    return field_write(s->model, m, field, row, s->db, &s->arena);
}

#endif
