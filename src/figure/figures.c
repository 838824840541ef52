/* Definitions by name, number and table. */
#include <stdlib.h>
#include <string.h>

#include "base/option.h"
#include "figure/inside.h"

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const struct figure *const *)a)->name,
                  (*(const struct figure *const *)b)->name);
}

static void index_maps(struct figures *f)
{
    size_t maps = (size_t)f->n_maps;
    f->n_of_map = arena_array(&f->arena, maps, sizeof *f->n_of_map);
    f->of_map = arena_array(&f->arena, maps, sizeof *f->of_map);
    for (size_t m = 0; m < maps; m++) {
        int n = 0;
        for (int i = 0; i < f->n; i++) n += f->at[i]->map == &f->maps[m];
        if (!n) continue;
        f->of_map[m] = arena_array(&f->arena, (size_t)n, sizeof **f->of_map);
        for (int i = 0; i < f->n; i++)
            if (f->at[i]->map == &f->maps[m]) f->of_map[m][f->n_of_map[m]++] = f->at[i];
    }
}

void figures_index(struct figures *f)
{
    size_t n = (size_t)f->n;
    f->by_name = arena_array(&f->arena, n, sizeof *f->by_name);
    for (size_t i = 0; i < n; i++) f->by_name[i] = f->at[i];
    if (n) qsort(f->by_name, n, sizeof *f->by_name, by_name);
    f->numbers = 1;
    for (size_t i = 0; i < n; i++)
        if (f->at[i]->number >= f->numbers) f->numbers = f->at[i]->number + 1;
    f->by_number = arena_array(&f->arena, f->numbers, sizeof *f->by_number);
    for (size_t i = 0; i < n; i++) f->by_number[f->at[i]->number] = f->at[i];
    index_maps(f);
}

void figures_free(struct figures *f)
{
    if (!f) return;
    arena_free(&f->arena);
    free(f);
}

int figures_count(const struct figures *f)
{
    return f->n;
}

const struct figure *figures_at(const struct figures *f, int i)
{
    return f->at[i];
}

const struct figure *figures_find(const struct figures *f, const char *name)
{
    size_t lo = 0, hi = (size_t)f->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int c = strcmp(name, f->by_name[mid]->name);
        if (c == 0) return f->by_name[mid];
        if (c < 0) hi = mid;
        else lo = mid + 1;
    }
    return NULL;
}

const char *figures_nearest(const struct figures *f, const char *name)
{
    const char **names = mem_alloc((size_t)f->n * sizeof *names);
    for (int i = 0; i < f->n; i++) names[i] = f->at[i]->name;
    const char *near = nearest_name(name, names, f->n);
    free(names);
    return near;
}

const struct figure *figures_on_file(const struct figures *f, const struct table_map *m)
{
    ptrdiff_t map = m - f->maps;
    for (int i = 0; i < f->n_of_map[map]; i++) {
        const struct figure *x = f->of_map[map][i];
        if (x->kind == FIGURE_COUNT && figure_always(x) && !x->where) return x;
    }
    return NULL;
}
