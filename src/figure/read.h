/* read: the parts of reading figures. Private to figure/.
 *
 * region.c says which codes a place and a class mean, read.c adds up cells, value.c makes values of
 * sums and figures of figures. */
#ifndef JD_FIGURE_READ_H
#define JD_FIGURE_READ_H

#include "base/date.h"
#include "figure/inside.h"
#include "figure/cell.h"

struct key_deltas;

/* Ranges of codes, rising, apart from each other. */
struct region { struct place_range *at; size_t n; };

/* The place's ranges; within a class: those of its members on a day that lie inside. Arena. */
bool region_of(const struct figure_context *c, struct db *d, int64_t place, const char *within,
               int32_t on, struct arena *a, struct region *out, struct err *e) WARN_UNUSED;
bool region_has(const struct region *r, int64_t code);
/* The part of x inside y; both are tidy. Arena. */
struct region region_cut(const struct region *x, const struct region *y, struct arena *a);

/* One read with all it needs. */
struct reading {
    const struct figure_context *c;
    struct db *d;
    struct arena *a;
    const struct figure_query *q;
    const int64_t *orgs; size_t n_orgs;    /* sorted; { 0 } = all */
    /* NULL = what is asked for is added up; else the part of it that a scope holds: these places,
     * and the rows of these organisations outside them. */
    const struct region *own;
    const int64_t *own_orgs; size_t n_own_orgs;
};
bool reading_start(struct reading *r, const struct figure_context *c, struct db *d,
                   struct arena *a, const struct figure_query *q, struct err *e) WARN_UNUSED;

/* Values by place, rising; one of q->place when q->by is 0. Arena. */
struct values { struct figure_value *at; size_t n; };
/* A count or sum, once for each of n limits (NULL = no limit); one value list a limit. With
 * several, the first rows are walked once, and one of the limits must be NULL. */
bool read_sums(struct reading *r, const struct figure *f, const char *const *within, size_t n,
               struct values *out, struct err *e) WARN_UNUSED;
bool read_distinct(struct reading *r, const struct figure *f, struct values *out,
                   struct err *e) WARN_UNUSED;
bool read_figure(struct reading *r, const struct figure *f, const char *within, struct values *out,
                 struct err *e) WARN_UNUSED;

/* The value that sums at the two bounds give; side 1 is the end, side 0 the day before the
 * beginning. */
void value_of(const struct figure *f, const struct figure_query *q, int64_t place,
              const struct sums *s, struct figure_value *out);
/* figure_query's `to` and `from` as the figure takes them. */
static inline bool reads_from(const struct figure *f, const struct figure_query *q)
{
    return !f->stock && q->from > DATE_MIN;
}

/* Rows that count, or may count, to a figure with rows of its own, in the reading's query and in a
 * region, in order of county and id. value is what the row adds. fn must not use r->d. */
typedef bool rows_fn(void *arg, const struct val *row, int64_t value, struct err *e);
bool read_rows(struct reading *r, const struct figure *f, const struct region *g, rows_fn *fn,
               void *arg, struct err *e) WARN_UNUSED;

/* past.c: a row that is not as it was; the rows of a table as they were, of those that are not, in
 * order of county and id. */
bool past_changed(const struct past *p, const struct table_map *m, const struct val *row);
struct past_row { int64_t county, id; const struct val *row; };
const struct past_row *past_rows(const struct past *p, const struct table_map *m, size_t *n);

/* The terms of a figure of figures at q->place. */
bool read_term_values(struct reading *r, const struct figure *f, struct figure_value *out,
                      struct err *e) WARN_UNUSED;

/* Bounds of a qualifier, for combining: which side it bounds, strictly or not. */
enum {
    BOUND_LOW = 1,
    BOUND_LOW_STRICT = 2,
    BOUND_HIGH = 4,
    BOUND_HIGH_STRICT = 8,
    BOUND_ABOUT = 16
};
unsigned qualifier_bounds(enum qualifier q);
unsigned bounds_flip(unsigned bounds);
enum qualifier bounds_qualifier(unsigned bounds);

/* v times 10^by, rounded half away from zero where by is negative; false when it does not fit. */
bool rescale(int64_t v, int by, int64_t *out);
/* The numerator times 10^decimals over the denominator. */
bool ratio_at(const struct figure *f, int64_t numerator, int64_t denominator, int decimals,
              int64_t *out);

/* gate.c: what a scope lets through. q->place 0 becomes the one place of a scope. */
enum gate { GATE_SHUT, GATE_OPEN, GATE_MASKED };
bool gate_open(struct reading *r, const struct scope *s, const struct figure *f, struct figure_query *q,
               enum gate *out, const char **why, struct err *e) WARN_UNUSED;
/* Of values by place, those whose place the scope holds whole. */
void gate_places(const struct scope *s, struct values *v);

/* mask.c: a figure of people as who may not see them is given it. */
bool mask_fits(const struct figure *f);
bool mask_read(struct reading *r, const struct figure *f, struct values *out,
               struct err *e) WARN_UNUSED;

/* key.c: distinct keys over several key sets. */
struct key_set { int64_t place, org; };
/* The same over keys that are at hand. */
void keys_count_in(const struct key_deltas *k, const struct key_set *sets, size_t n, int32_t period,
                   int32_t day, int64_t *out);
bool keys_count(struct db *d, const struct figure *f, const struct key_set *sets, size_t n,
                int32_t period, int32_t day, int64_t *out, struct err *e) WARN_UNUSED;

#endif
