/* What the tests of figures share: a store with the small programme of declared.h in it. */
#ifndef JD_TESTS_FIGURE_SAMPLE_H
#define JD_TESTS_FIGURE_SAMPLE_H

#include "support/stores.h"
#include "support/typed.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/random.h"
#include "declared.h"
#include "store/journal.h"

struct sample {
    struct test_store t;
    struct codes *codes;
    struct model *model;
    struct figures *figures;
    struct figure_context context;
    struct db *db;                 /* for reading */
    struct arena arena;
    const struct table_map *document, *organisation, *household, *aid, *claim;
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
    s->aid = model_find(s->model, "aid");
    s->claim = model_find(s->model, "claim");
    assert_non_null(s->claim);
}

static inline void sample_install(struct sample *s, const char *text)
{
    struct err e = { 0 };
    struct figure_source src = { "sample.figure", text, strlen(text) };
    assert_ok(figures_install(s->t.store, s->model, &src, 1, &e), e);
    figures_free(s->figures);
    assert_ok(figures_from_store(&s->figures, s->db, s->model, &e), e);
    figures_observe(s->figures, s->model);
    s->context = (struct figure_context){ .figures = s->figures, .model = s->model,
                                          .parties = &sample_parties };
}

static inline int sample_tables(const struct model *mo, const struct table **out)
{
    int n = 0, own;
    const struct table *const *all = model_tables(mo, &own);
    for (int i = 0; i < own; i++) out[n++] = all[i];
    for (int i = 0; i < entity_table_count; i++) out[n++] = &entity_tables[i];
    for (int i = 0; i < figure_table_count; i++) out[n++] = &figure_tables[i];
    return n;
}

static inline void sample_open(struct sample *s, enum engine engine)
{
    const struct table *tables[64];
    struct test_store t = { 0 };
    sample_model_open(s);
    int n = sample_tables(s->model, tables);
    test_store_open(&t, engine, tables, n);
    s->t = t;
    s->db = test_db(&s->t, DB_READ);
    sample_install(s, sample_figures);
}

static inline void sample_model_close(struct sample *s)
{
    figures_free(s->figures);
    model_close(s->model);
    codes_free(s->codes);
    arena_free(&s->arena);
}

static inline void sample_close(struct sample *s)
{
    test_store_close(&s->t);
    sample_model_close(s);
}

/* --- writing rows --- */

static inline void set(const struct table_map *m, struct val *row, const char *field, struct val v)
{
    int f = map_field(m, field);
    if (f < 0) fail_msg("no field %s", field);
    row[m->column[f]] = v;
    if (m->county_column[f] >= 0) row[m->county_column[f]] = val_is_null(v) ? v : val_int(0);
}

static inline struct val get(const struct table_map *m, const struct val *row, const char *field)
{
    return row[m->column[map_field(m, field)]];
}

/* Inserts what is typed; the row, with its id, is left in row (ENTITY_MAX_COLUMNS values). */
static inline void put(struct sample *s, const struct table_map *m, struct val *row,
                       const char *const *typed)
{
    struct err e = { 0 };
    struct typed_row t = { s->model, m, typed, row, &s->arena };
    assert_ok(store_write(s->t.store, typed_insert, &t, &e), e);
}

struct change { struct sample *s; const struct table_map *m; struct val *row; };

static inline bool insert_row(struct tx *tx, void *arg, struct err *e)
{
    struct change *c = arg;
    return row_insert(tx, c->s->model, c->m, c->row, e);
}

/* Organisations 1001 to 1005 and documents 2001, 2002 under ids of their own. */
static inline void sample_parties_put(struct sample *s)
{
    for (int i = 0; i < 5; i++) {
        struct err e = { 0 };
        struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
        row[ROW_COUNTY] = val_int(0);
        row[ROW_ID] = val_int(1001 + i);
        set(s->organisation, row, "code", val_text(arena_printf(&s->arena, "ORG-%d", i + 1)));
        if (i == 1 || i == 2) set(s->organisation, row, "parent", val_int(1001));
        struct change c = { s, s->organisation, row };
        assert_ok(store_write(s->t.store, insert_row, &c, &e), e);
    }
    for (int i = 0; i < 2; i++) {
        struct err e = { 0 };
        struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
        row[ROW_COUNTY] = val_int(0);
        row[ROW_ID] = val_int(2001 + i);
        set(s->document, row, "code", val_text(i ? "DOC-2" : "DOC-1"));
        struct change c = { s, s->document, row };
        assert_ok(store_write(s->t.store, insert_row, &c, &e), e);
    }
}

static inline bool update_row(struct tx *tx, void *arg, struct err *e)
{
    struct change *c = arg;
    return row_update(tx, c->s->model, c->m, c->row, 0, e);
}

static inline bool delete_row(struct tx *tx, void *arg, struct err *e)
{
    struct change *c = arg;
    return row_delete(tx, c->s->model, c->m, c->row[ROW_COUNTY].i, c->row[ROW_ID].i, 0, e);
}

static inline void change_row(struct sample *s, const struct table_map *m, struct val *row)
{
    struct err e = { 0 };
    struct change c = { s, m, row };
    assert_ok(store_write(s->t.store, update_row, &c, &e), e);
}

static inline void drop_row(struct sample *s, const struct table_map *m, struct val *row)
{
    struct err e = { 0 };
    struct change c = { s, m, row };
    assert_ok(store_write(s->t.store, delete_row, &c, &e), e);
}

/* --- reading figures --- */

static inline int32_t day(const char *text)
{
    int32_t d = 0;
    if (!date_parse(text, strlen(text), DATE_EXACT, &d)) fail_msg("no date: %s", text);
    return d;
}

static inline struct figure_value figure_of(struct sample *s, const char *name, int64_t place,
                                            int64_t org, int32_t from, int32_t to)
{
    struct err e = { 0 };
    struct figure_value v;
    struct figure_query q = { .name = name, .place = place, .org = org, .from = from, .to = to };
    assert_ok(figure_read(&s->context, s->db, &scope_all, &q, &v, &e), e);
    return v;
}

static inline void no_fault(void *arg, const char *sentence)
{
    (void)arg;
    print_message("%s\n", sentence);
}

static inline void assert_verified(struct sample *s)
{
    struct err e = { 0 };
    struct faults faults = { no_fault, NULL, 0 };
    assert_ok(figures_verify(&s->context, s->db, &faults, &e), e);
    assert_int_equal(faults.n, 0);
}

#endif
