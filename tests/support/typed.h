/* typed: rows as somebody types them. */
#ifndef JD_TESTS_SUPPORT_TYPED_H
#define JD_TESTS_SUPPORT_TYPED_H

#include <string.h>

#include "entity/entity.h"

/* Name, value, name, value, ... NULL. The home field is read first; presets fill what is not named. */
#define TYPED(...) (const char *const[]){ __VA_ARGS__, NULL }

static inline bool typed_read(const struct model *mo, const struct table_map *m, const char *const *typed,
                              struct db *d, struct val *row, struct arena *a, struct err *e)
{
    memset(row, 0, sizeof *row * ENTITY_MAX_COLUMNS);
    if (m->entity->reach == REACH_NATION) row[ROW_COUNTY] = val_int(0);
    for (int pass = 0; pass < 2; pass++)
        for (int f = 0; f < m->fields; f++) {
            const char *text = "";
            if ((f == m->home) != (pass == 0)) continue;
            for (int i = 0; typed[i]; i += 2)
                if (strcmp(typed[i], m->field[f].name) == 0) text = typed[i + 1];
            if (!field_read(mo, m, f, text, strlen(text), d, row, a, e)) return false;
        }
    return true;
}

/* The argument of typed_insert, which leaves the row with its id in row (ENTITY_MAX_COLUMNS values). */
struct typed_row {
    const struct model *model;
    const struct table_map *m;
    const char *const *typed;
    struct val *row;
    struct arena *arena;
};

static inline bool typed_insert(struct tx *tx, void *arg, struct err *e)
{
    struct typed_row *t = arg;
    return typed_read(t->model, t->m, t->typed, tx_db(tx), t->row, t->arena, e) &&
           row_insert(tx, t->model, t->m, t->row, e);
}

#endif
