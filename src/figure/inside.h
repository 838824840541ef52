/* inside: what the files of figure/ share about definitions and one row's contribution. Private to
 * figure/. */
#ifndef JD_FIGURE_INSIDE_H
#define JD_FIGURE_INSIDE_H

#include "figure/figure.h"

#define FIGURE_MAX_NUMBER 16383 /* fits the sort key of a delta */

struct figures {
    struct arena arena;                  /* definitions, texts, rules */
    struct figure **at; int n;           /* in the order of their definition */
    const struct figure **by_name;       /* sorted */
    const struct figure **by_number;
    uint32_t numbers; /* numbers 0..numbers-1, NULL where none is */
    const struct table_map *maps; int n_maps;          /* the model's; borrowed */
    const struct figure ***of_map; int *n_of_map;      /* the figures with cells of each map */
    bool stored;                         /* numbers are the store's */
    char generation[DIGEST_HEX];         /* of the definitions in the store when these were read */
};

/* Fills by_name, by_number and of_map after `at` and the numbers are set. */
void figures_index(struct figures *f);
/* The figures with cells of one table. */
static inline const struct figure *const *figures_of(const struct figures *f,
                                                     const struct table_map *m, int *n)
{
    ptrdiff_t i = m - f->maps;
    *n = i >= 0 && i < f->n_maps ? f->n_of_map[i] : 0;
    return *n ? f->of_map[i] : NULL;
}

/* define_text.c: text, digest and meaning of a figure that is otherwise complete. */
void figure_write(struct figure *f, struct arena *a);
extern const char *const figure_levels[6];   /* "nation" .. "village" */
int figure_level(const char *p, size_t n);   /* -1 = none */

/* What one row gives to one figure. */
struct hit {
    int64_t place, org;       /* org 0 = none or not asked for */
    int32_t from, to; /* flow: the interval; stock: first day, and the first day no longer */
    bool ends;                /* stock: there is such a day */
    bool known;               /* there is a value */
    int64_t value;
    uint32_t parts;           /* bits of enum figure_part that the row's value or count goes to */
};
/* False when the row does not count. Drafts do not; pending loads are the caller's matter. */
bool row_hit(const struct figure *f, const struct val *row, struct hit *out);
/* The place the row counts at. */
int64_t row_place(const struct figure *f, const struct val *row);

/* Parts whose cells hold sums of the value rather than numbers of rows. */
#define PARTS_OF_VALUE (1u << PART_VALUE | 1u << PART_CONFIRMED | 1u << PART_DISPUTED | \
                        1u << PART_OPEN_VALUE | 1u << PART_OPEN_NEGATIVE | 1u << PART_NEGATIVE)

/* The county whose key a place's cells carry; 0 = the nation. */
static inline int64_t cell_county(int64_t place)
{
    return place / 1000000;
}

#endif
