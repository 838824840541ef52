/* A store with the shipped entities, code lists and figures, for tests that load the examples.
 * Places are codes here: no gazetteer is needed for them, and both engines start in a second. */
#ifndef JD_TESTS_PROGRAMME_PROGRAMME_H
#define JD_TESTS_PROGRAMME_PROGRAMME_H

#include "rooms.h"
#include "support/stores.h"

#include "entity/load.h"
#include "programme/guard/guard.h"
#include "store/schema.h"

/* --- places by their codes alone --- */

static inline bool code_resolve(void *arg, struct db *d, const char *s, size_t n, int64_t *code,
                                struct err *e)
{
    (void)arg, (void)d;
    *code = 0;
    if (n > 12) return err_set(e, ERR_NOT_FOUND, "no place %.*s", (int)n, s);
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') return err_set(e, ERR_NOT_FOUND, "no place %.*s", (int)n, s);
        *code = *code * 10 + (s[i] - '0');
    }
    for (size_t i = n; i < 12; i++) *code *= 10;
    return true;
}

static inline bool code_ranges(void *arg, struct db *d, int64_t place, struct place_range *out,
                               int max, int *n, struct err *e)
{
    (void)arg, (void)d, (void)max, (void)e;
    out[0] = place ? place_own_range(place) : (struct place_range){ 0, 999999999999 };
    *n = 1;
    return true;
}

static inline bool code_name(void *arg, struct db *d, int64_t code, bool zh, char *out, size_t size)
{
    (void)arg, (void)d, (void)zh;
    snprintf(out, size, "%lld", (long long)code);
    return true;
}

static inline bool no_members(void *arg, struct db *d, const char *class, int32_t on,
                              struct arena *a, const int64_t **codes, size_t *n, struct err *e)
{
    (void)arg, (void)d, (void)class, (void)on, (void)a, (void)codes, (void)e;
    *n = 0;
    return true;
}

static const struct places code_places = { .resolve = code_resolve, .ranges = code_ranges,
                                           .name = code_name, .members = no_members };

/* --- the store --- */

struct programme {
    struct test_store store;
    struct codes *codes;
    struct model *model;
    struct figures *figures;
    struct parties parties;
    struct figure_context context;
    struct guards guards;
    struct db *db;
};

enum { MAX_TABLES = 512, MAX_FIGURE_FILES = 64 };

static inline int programme_tables(const struct model *mo, const struct table **out)
{
    int n = 0, m;
    const struct table *const *entities = model_tables(mo, &m);
    for (int i = 0; i < store_table_count; i++) out[n++] = &store_tables[i];
    for (int i = 0; i < entity_table_count; i++) out[n++] = &entity_tables[i];
    for (int i = 0; i < figure_table_count; i++) out[n++] = &figure_tables[i];
    for (int i = 0; i < m; i++) out[n++] = entities[i];
    for (int r = 0; r < TEST_ROOMS; r++)
        for (int i = 0; i < test_rooms[r]->n_tables; i++) out[n++] = &test_rooms[r]->tables[i];
    assert_true(n < MAX_TABLES);
    return n;
}

static inline int is_figure_file(const struct dirent *d)
{
    const char *dot = strrchr(d->d_name, '.');
    return dot && strcmp(dot, ".figure") == 0;
}

static inline void programme_figures(struct programme *p)
{
    struct figure_source src[MAX_FIGURE_FILES];
    struct dirent **names;
    struct err e = { 0 };
    int n = scandir(JD_SOURCE_DIR "/figures", &names, is_figure_file, alphasort);
    assert_in_range(n, 1, MAX_FIGURE_FILES);
    for (int i = 0; i < n; i++) {
        char path[512];
        snprintf(path, sizeof path, "figures/%s", names[i]->d_name);
        src[i].text = project_file(path, &src[i].n);
        src[i].name = strdup(path);
        free(names[i]);
    }
    free(names);
    assert_ok(figures_install(p->store.store, p->model, src, n, &e), e);
    assert_ok(figures_from_store(&p->figures, p->db, p->model, &e), e);
    figures_observe(p->figures, p->model);
    guards_observe(&p->guards, p->model, p->figures);
    store_set_model(p->store.store, p->model);
    for (int i = 0; i < n; i++) {
        free((char *)src[i].text);
        free((char *)src[i].name);
    }
}

static inline void programme_open(struct programme *p, enum engine engine)
{
    const struct entity *entities[MAX_ENTITIES];
    const struct table *tables[MAX_TABLES];
    struct err e = { 0 };
    size_t n;
    memset(p, 0, sizeof *p);
    char *csv = project_file("data/codelists.csv", &n);
    assert_ok(codes_read(&p->codes, csv, n, &e), e);
    free(csv);
    int count = all_entities(entities);
    assert_ok(model_open(&p->model, entities, count, p->codes, &code_places, &e), e);
    test_store_open(&p->store, engine, tables, programme_tables(p->model, tables));
    p->db = test_db(&p->store, DB_READ);
    programme_figures(p);
    p->parties = party_parties();
    p->context = (struct figure_context){ .figures = p->figures, .model = p->model,
                                          .parties = &p->parties };
}

static inline void programme_close(struct programme *p)
{
    figures_free(p->figures);
    test_store_close(&p->store);
    model_close(p->model);
    codes_free(p->codes);
}

/* Loads folders of the project; every row must be taken. */
static inline void programme_load(struct programme *p, const char *const *folders, int n)
{
    char path[8][512];
    const char *paths[8];
    struct load_report r = { 0 };
    struct err e = { 0 };
    assert_in_range(n, 1, 8);
    for (int i = 0; i < n; i++) {
        snprintf(path[i], sizeof path[i], "%s/%s", JD_SOURCE_DIR, folders[i]);
        paths[i] = path[i];
    }
    struct load_options opt = { .refused_dir = JD_BUILD_DIR };
    assert_ok(load_paths(p->model, p->store.store, paths, n, &opt, &r, &e), e);
    for (int i = 0; i < r.n; i++)
        if (r.files[i].refused || r.files[i].drafts)
            fail_msg("%s: %lld refused, %lld drafts", r.files[i].path,
                     (long long)r.files[i].refused, (long long)r.files[i].drafts);
    load_report_free(&r);
}

#endif
