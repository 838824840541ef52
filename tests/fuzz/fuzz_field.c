/* Any typed text, read as any field: a value or a refusal that names the field, and what is written of
 * the value is read back as the same. The first byte picks the field. Any bytes as code lists, too. */
#include <stdint.h>
#include <stdlib.h>

#include "../entity/declared.h"

#include "base/utf8.h"

#define CHECK(x) do { if (!(x)) abort(); } while (0)

struct world { struct codes *codes; struct model *model; };

static void world_open(struct world *w)
{
    struct err e;
    CHECK(codes_read(&w->codes, sample_codes, sizeof sample_codes - 1, &e));
    CHECK(model_open(&w->model, sample_entities, COUNT(sample_entities), w->codes, &sample_places,
                     &e));
}

static void world_close(struct world *w)
{
    model_close(w->model);
    codes_free(w->codes);
}

static void check_field(const struct model *mo, const struct table_map *m, int f, const char *s,
                        size_t n)
{
    struct val row[ENTITY_MAX_COLUMNS] = { 0 }, back[ENTITY_MAX_COLUMNS] = { 0 };
    struct arena a = { 0 };
    struct err e = { 0 };
    if (field_read(mo, m, f, s, n, NULL, row, &a, &e)) {
        const char *text = field_write(mo, m, f, row, NULL, &a);
        CHECK(utf8_check(text, strlen(text)) == strlen(text));
        CHECK(field_read(mo, m, f, text, strlen(text), NULL, back, &a, &e));
        bool preset = *text == '\0' && m->field[f].preset;
        CHECK(preset || val_equal(row[m->column[f]], back[m->column[f]]));
    } else {
        CHECK(strcmp(e.field, m->field[f].name) == 0 && e.message[0]);
    }
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world w;
    struct codes *any = NULL;
    struct err e;
    const char *text = (const char *)data + 1;
    if (codes_read(&any, (const char *)data, size, &e)) codes_free(any);
    if (size < 1 || utf8_check(text, size - 1) < size - 1) return 0;
    world_open(&w);
    int at = data[0];
    for (int i = 0; i < w.model->n; i++) {
        const struct table_map *m = &w.model->maps[i];
        for (int f = 0; f < m->fields; f++, at--)
            if (at == 0 && m->field[f].type != F_REF) check_field(w.model, m, f, text, size - 1);
    }
    world_close(&w);
    return 0;
}
