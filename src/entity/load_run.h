/* load_run: one load under way, and what its parts ask of each other. Private to entity/load*.c. */
#ifndef JD_ENTITY_LOAD_RUN_H
#define JD_ENTITY_LOAD_RUN_H

#include "base/process.h"
#include "entity/load_parts.h"
#include "entity/load_sql.h"
#include "entity/plan.h"
#include "store/seal.h"

#define LOAD_SLICE ((size_t)131072)    /* rows a transaction, when nothing else is asked */

/* Rows inserted so far in one table and county. */
struct part_key { uint32_t table, zero; int64_t county; };
struct part_sum { int64_t count; uint64_t sum; int64_t first, last, saved, seal; };

/* Why a load's transaction ended without a fault, yet must leave nothing. */
enum verdict { VERDICT_GO_ON, VERDICT_DONE, VERDICT_NOTHING };

struct loader {
    struct model model;                /* a copy, with a cache of references */
    struct store *store;
    struct db *db;
    struct load_options opt;
    struct load_report *report;
    struct arena arena;
    int zone;
    size_t slice;

    struct load_input *inputs; int n_inputs;
    struct reader **readers;           /* one an input, once it is open */
    int current;                       /* the input being read; n_inputs at the end */
    uint64_t bytes_before, bytes_total;
    unsigned char (*file_digests)[DIGEST_LEN];

    int64_t number;                    /* 0 before the load has one */
    int64_t started;
    bool committed;                    /* a slice is in the store: the load is pending there */
    bool in_tx;                        /* a transaction was tried and not finished */
    int64_t slice_rows;                /* written in this transaction */
    int64_t refused, changes;
    int64_t journal_mark;              /* entries in all chains before the batch was read */
    char owner[PROCESS_TEXT];
    enum verdict verdict;
    struct map parts;                  /* struct part_key -> struct part_sum */
    struct lines *lines;
    struct hold *hold;
    struct stmt *inserts;              /* one a map of the model; sql NULL until it is made */
};

/* ---- load.c ---- */
/* May rows of t still come, from the current input or a later one? */
bool loader_may_come(const struct loader *l, const struct table_map *t);
void loader_progress(struct loader *l, const struct reader *r, bool done);
/* Is this transaction a load's slice: load_of. */
void loader_mark(struct tx *tx, int64_t number);

/* ---- load_lines.c: where in the files the rows of this load stand ---- */
struct place_in_file { int32_t input; int64_t line; };
struct lines *lines_open(void);
void lines_close(struct lines *s);
/* A new row; ids come rising. */
bool lines_new(struct lines *s, int64_t id, struct place_in_file at, struct err *e) WARN_UNUSED;
bool lines_find_new(struct lines *s, int64_t id, struct place_in_file *at);
/* A row that was in the store before. *again: the files had it already, at *first. */
bool lines_old(struct lines *s, int64_t id, struct place_in_file at, bool *again,
               struct place_in_file *first, struct err *e) WARN_UNUSED;

/* ---- load_write.c: a batch into the store ---- */
bool batch_write(struct loader *l, struct tx *tx, struct reader *r, struct err *e) WARN_UNUSED;

/* ---- load_copy.c: copied facts of a batch ---- */
struct copied {
    const struct copies *c;
    uint32_t *of;                      /* batch row -> its values' number */
    struct val *values;                /* c->n each */
};
/* For the rows to be inserted, which `order` gives by county. Batch's arena. */
bool copied_read(struct copied *x, struct loader *l, struct tx *tx, struct reader *r,
                 const uint32_t *order, size_t n, struct err *e) WARN_UNUSED;
static inline void copied_lay(const struct copied *x, size_t i, struct val *row)
{
    for (int k = 0; k < x->c->n; k++)
        row[x->c->to[k]] = x->values[(size_t)x->of[i] * (size_t)x->c->n + (size_t)k];
}

/* ---- load_match.c: rows that are there already ---- */
/* Row i of the batch has the natural key of (county, id): unchanged, changed, or refused. *vacant:
 * there is no such row, the key was left behind and is free now. */
bool match_row(struct loader *l, struct tx *tx, struct reader *r, size_t i, int64_t county,
               int64_t id, bool *vacant, struct err *e) WARN_UNUSED;
/* Row i says that it left its county; (county, id) is the row that has its key now. What it was
 * before its move is not loaded: unchanged, or refused. */
bool match_left(struct loader *l, struct tx *tx, struct reader *r, size_t i, int64_t county,
                int64_t id, struct err *e) WARN_UNUSED;
/* "line 17" or "line 17 of x.csv", where a row of this load stands. Arena: the batch's. */
const char *where_text(struct loader *l, struct reader *r, struct place_in_file at);
const char *line_text(struct loader *l, struct reader *r, int64_t id);

/* ---- load_change.c: changes wait for the last slice ---- */
bool change_put(struct loader *l, struct tx *tx, const struct reader *r, const struct val *row,
                struct err *e) WARN_UNUSED;
/* Lays what is staged for a row over the columns of row; arena. */
bool change_staged(struct loader *l, struct tx *tx, const struct table_map *m, int64_t county,
                   int64_t id, struct arena *a, struct val *row, struct err *e) WARN_UNUSED;
bool changes_apply(struct loader *l, struct tx *tx, struct err *e) WARN_UNUSED;
/* Takes staged changes of a load that was not published out again, at most one page; *more. */
bool changes_drop(const struct model *mo, struct tx *tx, int64_t number, bool *more,
                  struct err *e) WARN_UNUSED;
struct change { int64_t county, id, after, seal; uint32_t table; const void *body; size_t body_n; };
struct change_page { struct change *at; size_t n; struct arena *a; };
bool changes_page(struct tx *tx, int64_t number, const struct change *after,
                  struct change_page *out, struct err *e) WARN_UNUSED;

/* ---- load_hold.c: rows that wait for the rows they refer to ---- */
struct hold *hold_open(struct loader *l);
void hold_close(struct hold *h);
size_t hold_count(const struct hold *h);
/* The row being read wants a row that is not there. */
void hold_want(struct hold *h, const struct table_map *t, int field, const char *s, size_t n);
void hold_want_nothing(struct hold *h);
/* Keeps the row just read with its wants. */
bool hold_add(struct hold *h, struct reader *r, int64_t line, const char *raw, size_t n,
              struct err *e) WARN_UNUSED;
/* Is a row of that name among those that wait? */
bool hold_knows(const struct hold *h, const struct table_map *t, const char *s, size_t n);
/* A wanted row that has its id already though it is not written: sets the reference. */
bool hold_place(struct hold *h, const struct table_map *t, const char *s, size_t n,
                int64_t *county, int64_t *id);
int64_t hold_id(const struct hold *h, int32_t held); /* 0 = takes a new one */
void hold_refused(struct hold *h, int32_t held);
/* Is it worth trying again in the middle of a file? */
bool hold_full(const struct hold *h);
/* Writes what can be written now, refuses what can never be. */
bool hold_settle(struct hold *h, struct tx *tx, struct err *e) WARN_UNUSED;

/* ---- load_blockers.c: later loads that stand in the way of an undo ---- */
struct blocker { int64_t load, changed, refer; char name[100]; };
struct blockers { struct blocker *at; size_t n; }; /* at is freed by the owner */
/* A row of that load refers to the one that is to be undone. */
void blocker_refers(struct blockers *b, int64_t load);
/* Looks for later loads that changed rows of load `number`, and writes which to undo first and why;
 * nothing when there is none. */
bool blockers_tell(struct blockers *b, struct db *d, int64_t number, struct buf *out,
                   struct err *e) WARN_UNUSED;

/* ---- load_state.c: the load's own record ---- */
/* The load's row, from one state to another; counts and files are written where they are given. */
bool state_save(struct tx *tx, int64_t number, enum load_state from, enum load_state to,
                const char *counts, const unsigned char *files, struct err *e) WARN_UNUSED;
/* Takes back a pending load whose process is gone, in transactions of its own; ERR_BUSY when it
 * lives. */
bool state_clear(const struct model *mo, struct db *d, const char *owner, struct err *e)
    WARN_UNUSED;
bool state_begin(struct loader *l, struct tx *tx, struct err *e) WARN_UNUSED;
bool state_beat(struct loader *l, struct tx *tx, struct err *e) WARN_UNUSED;
bool state_parts(struct loader *l, struct tx *tx, struct err *e) WARN_UNUSED;
bool state_publish(struct loader *l, struct tx *tx, struct err *e) WARN_UNUSED;
/* Drops the record of a load that changed nothing. */
bool state_remove(struct loader *l, struct err *e) WARN_UNUSED;
/* Removes the rows of a pending load, slice by slice, and closes its record. */
bool state_take_back(const struct model *mo, struct db *d, int64_t number, const char *owner,
                     struct err *e) WARN_UNUSED;
bool state_number(struct db *d, const struct stmt *s, const struct val *p, int n, int64_t *out,
                  bool *found, struct err *e) WARN_UNUSED;

#endif
