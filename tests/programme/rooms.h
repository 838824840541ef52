/* What the tests of the rooms share: all entities, the shipped code lists, a model over them. */
#ifndef JD_TESTS_PROGRAMME_ROOMS_H
#define JD_TESTS_PROGRAMME_ROOMS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "programme/room.h"

static const struct room *const test_rooms[] = {
    &place_room, &party_room, &pairing_room, &household_room, &money_room, &project_room,
    &labour_room, &market_room, &talent_room, &plan_room, &watch_room, &publish_room,
    &sides_room, &access_room, &exchange_room, &job_room,
};
enum { TEST_ROOMS = sizeof test_rooms / sizeof *test_rooms, MAX_ENTITIES = 128 };

static inline int all_entities(const struct entity **out)
{
    int n = 0;
    for (int i = 0; i < TEST_ROOMS; i++)
        for (int k = 0; k < test_rooms[i]->n_entities; k++) {
            assert_true(n < MAX_ENTITIES);
            out[n++] = test_rooms[i]->entities[k];
        }
    return n;
}

/* A file of the project; the caller frees it. */
static inline char *project_file(const char *name, size_t *n)
{
    char path[sizeof JD_SOURCE_DIR + 512];
    snprintf(path, sizeof path, "%s/%s", JD_SOURCE_DIR, name);
    FILE *f = fopen(path, "rb");
    if (!f) fail_msg("cannot read %s", path);
    size_t cap = 1 << 16, got;
    char *p = malloc(cap);
    *n = 0;
    while ((got = fread(p + *n, 1, cap - *n - 1, f)) > 0) {
        *n += got;
        if (cap - *n < 2) p = realloc(p, cap *= 2);
        assert_non_null(p);
    }
    fclose(f);
    p[*n] = '\0';
    return p;
}

struct test_model { struct codes *codes; struct model *model; };

static inline void test_model_open(struct test_model *t)
{
    const struct entity *entities[MAX_ENTITIES];
    struct err e;
    size_t n;
    char *csv = project_file("data/codelists.csv", &n);
    if (!codes_read(&t->codes, csv, n, &e)) fail_msg("%s", e.message);
    free(csv);
    int count = all_entities(entities);
    if (!model_open(&t->model, entities, count, t->codes, NULL, &e)) fail_msg("%s", e.message);
}

static inline void test_model_close(struct test_model *t)
{
    model_close(t->model);
    codes_free(t->codes);
}

#endif
