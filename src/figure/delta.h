/* delta: signed contributions of rows, on their way to cells. Private to figure/.
 *
 * delta.c makes them in the transaction's part, sort.c orders and folds them, run.c keeps those of
 * a pending load aside, write.c turns them into cells, key.c keeps the key sets of distinct
 * figures. */
#ifndef JD_FIGURE_DELTA_H
#define JD_FIGURE_DELTA_H

#include "base/date.h"
#include "base/map.h"
#include "figure/inside.h"
#include "figure/cell.h"

/* One contribution: v to the parts that hold values, w to those that count rows. hi orders by
 * county, figure and organisation, lo by place within the county and by day. */
struct delta { uint64_t hi, lo; int64_t v; int32_t w; uint32_t parts; };

/* hi: 1 bit "kept aside" · 20 bits county · 14 bits figure · 24 bits organisation (index or

 * rank) */
#define DELTA_ASIDE (UINT64_C(1) << 63)
static inline uint64_t delta_hi(int64_t county, uint32_t figure, uint32_t org)
{
    return (uint64_t)county << 38 | (uint64_t)figure << 24 | org;
}
static inline int64_t delta_county(uint64_t hi) { return (int64_t)(hi >> 38 & 0xfffff); }
static inline uint32_t delta_figure(uint64_t hi) { return (uint32_t)(hi >> 24 & 0x3fff); }
static inline uint32_t delta_org(uint64_t hi) { return (uint32_t)(hi & 0xffffff); }
/* lo: 20 bits place % 1000000 · 22 bits day - DATE_MIN */
static inline uint64_t delta_lo(int64_t place, int32_t day)
{
    return (uint64_t)(place % 1000000) << 22 | (uint64_t)(day - DATE_MIN);
}
static inline int64_t delta_place(uint64_t lo) { return (int64_t)(lo >> 22); }
static inline int32_t delta_day(uint64_t lo) { return (int32_t)(lo & 0x3fffff) + DATE_MIN; }

/* A growing list of deltas with the organisations they name. */
struct deltas {
    struct delta *at; size_t n, cap;
    int64_t *orgs; size_t n_orgs, cap_orgs; /* index 0 is organisation 0 */
    struct map org_index;                   /* organisation -> uint32_t index */
    size_t settled;                         /* how many were left when last settled */
};
void deltas_init(struct deltas *d);
void deltas_free(struct deltas *d);
void deltas_clear(struct deltas *d);        /* keeps the memory */
void deltas_add(struct deltas *d, uint64_t aside, uint32_t figure, int64_t org, int64_t place,
                int32_t day, int64_t v, int32_t w, uint32_t parts);
/* Renumbers organisations in their order, sorts, folds deltas alike, drops what became nothing. */
void deltas_settle(struct deltas *d);
/* Settles once there are many more than were left the last time: memory follows what differs. */
void deltas_settle_some(struct deltas *d);
/* Sorts by (hi, lo); stable. */
void delta_sort(struct delta *at, size_t n);

/* One occurrence of a key of a distinct figure, on a day, w times. */
struct key_delta {
    int64_t place, org;        /* the scope's place */
    uint32_t figure;
    int32_t period;            /* a year, or 0 */
    int32_t day, w;
    bool aside;
    size_t at; uint32_t n;     /* its text in key_deltas.text */
};
struct key_deltas { struct key_delta *at; size_t n, cap; struct buf text; };
void key_deltas_init(struct key_deltas *k);
void key_deltas_free(struct key_deltas *k);
struct key_delta *key_deltas_push(struct key_deltas *k);

/* Where a row's contributions go: cells and keys. */
struct gather { struct deltas deltas; struct key_deltas keys; };
void gather_init(struct gather *g);
void gather_free(struct gather *g);
/* Adds what one row gives to one figure, `sign` times (+1, -1). */
void gather_row(struct gather *g, const struct figure *f, const struct val *row, int sign,
                uint64_t aside);

/* write.c: deltas into cells. Changes are collected and written in batches in key order; each row
 * is read once, changed in memory, written once. */
enum cell_table { CELLS_FINE, CELLS_COUNTY };
/* Rows of a cell: bucket 0 is the first, then a row a year (its number), then a row a month. */
#define CELL_MONTHS 100000
static inline int cell_level(int64_t bucket)
{
    return bucket == 0 ? 0 : bucket < CELL_MONTHS ? 1 : 2;
}
struct cell_change {
    int64_t county, org, place, bucket; /* place 0 in the cells of counties */
    uint32_t figure;
    bool fresh;                /* the row is surely not there yet */
    bool held;                 /* a node's row below went: nothing else changes */
    size_t first, n;           /* in cuts: days since DATE_MIN, rising */
    const void *old; uint32_t old_n;
};
struct cell_queue { struct cell_change *at; size_t n, cap; };
struct cell_writer {
    struct tx *tx;
    struct cell_queue queue[2];   /* by enum cell_table */
    struct cell_queue next[2];    /* rows below those of this round */
    struct cell_queue gone[2][2]; /* by level: nodes of which rows below went */
    struct cuts cuts, old, all;
    struct delta *by_day; size_t cap_by_day;
    struct buf bytes;
    struct arena work;         /* of a batch */
};
void cell_writer_init(struct cell_writer *w, struct tx *tx);
void cell_writer_free(struct cell_writer *w);
/* All deltas of one county, figure and organisation, sorted by lo. */
bool cells_group(struct cell_writer *w, int64_t county, uint32_t figure, int64_t org,
                 const struct delta *at, size_t n, struct err *e) WARN_UNUSED;
/* Settled deltas, group after group. */
bool cells_write(struct cell_writer *w, const struct deltas *d, size_t from, size_t to,
                 struct err *e) WARN_UNUSED;
bool cells_finish(struct cell_writer *w, struct err *e) WARN_UNUSED;

/* run.c: what is kept aside for a load. */
bool runs_keep(struct tx *tx, int64_t load, const struct deltas *d, size_t from, size_t to,
               struct err *e) WARN_UNUSED;
bool runs_keep_keys(struct tx *tx, int64_t load, const struct key_deltas *k,
                    struct err *e) WARN_UNUSED;
/* Merges all runs of the load with the settled deltas from..to into the writer. */
bool runs_merge(struct tx *tx, int64_t load, const struct deltas *d, size_t from, size_t to,
                struct cell_writer *w, struct err *e) WARN_UNUSED;
/* Gives the keys kept aside to fn in pieces. */
typedef bool keys_fn(void *arg, struct key_deltas *k, struct err *e);
bool runs_keys(struct tx *tx, int64_t load, keys_fn *fn, void *arg, struct err *e) WARN_UNUSED;
bool runs_drop(struct tx *tx, int64_t load, struct err *e) WARN_UNUSED;

/* key.c: applies keys to the stored sets and adds what that does to the values to d. Those marked
 * aside are skipped unless all is set. */
bool keys_apply(struct tx *tx, const struct key_deltas *k, bool all, struct deltas *d,
                struct err *e) WARN_UNUSED;
/* What keys that are all there is give to the values, added to d. */
void keys_turn(const struct key_deltas *k, struct deltas *d);
/* +1 where a key begins to count, -1 where it ends, from its days in order. */
struct key_day { int32_t day; int64_t n; };
void key_turns(const struct key_day *days, size_t n, int sign, uint32_t figure, int64_t org,
               int64_t place, struct deltas *d);

#endif
