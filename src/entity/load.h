/* load: files of rows into the store, and out again.
 *
 * A load is one thing: nobody sees any of it until its last slice makes it visible, it can be
 * undone whole, and loading the same files again changes nothing. Slices are transactions of their
 * own, so other writers go on between them. Inserted rows carry the load's number; a load that is
 * pending is hidden from every read in entity/ and figure/ (load_pending). Changed rows are kept in
 * load_change and applied with the last slice. A pending load whose process died is taken back by
 * the next load (rows deleted by number), which then starts again: same files, same result. One
 * load at a time; a second gets ERR_BUSY with the first one's number and start. */
#ifndef JD_ENTITY_LOAD_H
#define JD_ENTITY_LOAD_H

#include "base/buf.h"
#include "base/fault.h"
#include "entity/entity.h"
#include "entity/scope.h"

struct load_progress {
    const char *file, *entity;
    int64_t rows, refused;
    uint64_t bytes, total;
    bool done;
};

struct load_options {
    bool dry_run;             /* checks everything; nothing stays but refused files */
    bool all_or_nothing;      /* any refused row: nothing is loaded */
    bool own;                 /* entities marked E_OWN too: a command loads what it made */
    const char *refused_dir;  /* NULL = beside each file */
    const char *entity;       /* NULL = from the file name */
    const char *mapping;      /* file of "sheet column = field" lines; NULL = remembered, guessed */
    int64_t actor;
    const struct scope *scope;  /* rows outside are refused; NULL = none is */
    size_t slice;             /* rows a slice; 0 = default */
    void (*progress)(void *arg, const struct load_progress *p);
    void *progress_arg;
    /* Asked between batches: true ends the load with ERR_CONFLICT, and nothing of it is left. NULL = never. */
    bool (*stopped)(void *arg);
    /* Called in the transaction that makes the load visible, so that what the caller notes of it becomes true
     * with it; may be called again. NULL = not. */
    bool (*published)(struct tx *tx, int64_t number, void *arg, struct err *e);
    void *hook_arg;               /* of both */
};
struct load_warning { const char *what; int64_t count, line; }; /* the first line */
struct load_file_report {
    const char *path, *entity, *refused_path; /* refused_path NULL when nothing was refused */
    int64_t rows, inserted, changed, unchanged, drafts, refused, warned;
    struct load_warning *warnings; int n_warnings; /* what was warned of, and in how many rows */
    int64_t more_warnings;                         /* told of no more */
};
struct load_report { int64_t number; struct load_file_report *files; int n; struct arena arena; };

/* What a load makes of a sheet's columns: titles as they stand, and the field each gives (NULL = none
 * fits; "" = left out). mapping as in the options. Arena. */
struct load_columns { const struct table_map *map; int n; const char **title; const char **field; };
bool load_columns(const struct model *mo, struct db *d, const char *path, const char *entity,
                  const char *mapping, struct arena *a, struct load_columns *out, struct err *e) WARN_UNUSED;

/* Paths are files or folders (a folder's *.csv and *.xlsx in the order references need). */
bool load_paths(const struct model *mo, struct store *s, const char *const *paths, int n,
                const struct load_options *opt, struct load_report *out, struct err *e) WARN_UNUSED;
void load_report_free(struct load_report *r);
bool load_undo(const struct model *mo, struct store *s, int64_t number, int64_t actor,
               struct err *e) WARN_UNUSED;

/* Has load `number` been undone? */
bool load_undone(struct db *d, int64_t number, bool *undone, struct err *e) WARN_UNUSED;

/* The number of the pending load, or -1: rows with it are not there yet for readers. */
bool load_pending(struct db *d, int64_t *number, struct err *e) WARN_UNUSED;

/* What the rule language cannot say of a field: a text begins with or holds another (small letters and
 * capitals alike); a place lies in one; a reference points at one row (county 0: of the nation), which the
 * index of the reference finds however many rows there are. */
enum list_match { MATCH_BEGINS, MATCH_HOLDS, MATCH_WITHIN, MATCH_REFERS };
struct list_filter { int field; enum list_match how; const char *text; int64_t place, county, id; };

/* What is listed and exported: a filter in the rule language, place ranges, a page. Drafts are left
 * out unless asked for, rows of a pending load always. */
struct list_query {
    const char *where;               /* rule text, or NULL */
    const struct list_filter *filters; int n_filters;
    int64_t place;                   /* 0 = everywhere; an entity without a place is refused */
    const char *const *columns; int n_columns; /* of an export; NULL = all fields. Also id, county,
                                                  recorded, load, draft */
    const char *sort; bool descending;         /* column name, or NULL = by county and id; missing
                                                  values last, then by county and id */
    int64_t limit;                   /* 0 = all */
    /* Keyset page: rows after this one, or before it. The value that it had in the sort field, where it is
     * known, keeps the page in place when that row is changed or gone; else it is looked up. */
    int64_t after_county, after_id;
    bool has_value; struct val after_value;
    bool backward;                   /* the last `limit` rows before that one (of all, without one), in the
                                        list's order; with a limit of at most LIST_BACK */
    bool drafts;                     /* drafts too */
};
/* Can rows of this kind be asked for by place? */
bool list_placed(const struct model *mo, const struct table_map *m);
#define LIST_BACK 4096
/* row has m->columns values and the digest, borrowed until fn returns; the connection is free
 * meanwhile, so references may be written with it. Memory is one page, however long the list. */
typedef bool list_fn(void *arg, const struct table_map *m, const struct val *row, struct err *e);
bool list_rows(const struct model *mo, struct db *d, const struct scope *scope,
               const struct table_map *m, const struct list_query *q, list_fn *fn, void *arg,
               struct err *e) WARN_UNUSED;
/* How many rows a list has, at most `most` (0 = however many); order and page are left out. */
bool list_count(const struct model *mo, struct db *d, const struct scope *scope, const struct table_map *m,
                const struct list_query *q, int64_t most, int64_t *n, struct err *e) WARN_UNUSED;
/* The first `most` rows by county and id with the values of these fields alone, in that order; a far
 * reference gives its county before it. */
bool list_values(const struct model *mo, struct db *d, const struct scope *scope,
                 const struct table_map *m, const struct list_query *q, const int *fields, int n,
                 int64_t most, row_fn *fn, void *arg, struct err *e) WARN_UNUSED;
/* Does an index give the rows of this query in the order of its sort field? Without one all rows that
 * fit are read and sorted for each page. */
bool list_sort_indexed(const struct table_map *m, const struct list_query *q);

enum export_format { EXPORT_CSV, EXPORT_XLSX, EXPORT_JSON };
/* Streams to path ("-" = standard output; not for XLSX); a file gets its name when it is complete.
 * CSV cells that look like formulas are neutralised, and loading takes the mark off again. JSON is
 * an array of objects, with money, decimals, dates, ids and references as texts. Counts rows. */
bool export_rows(const struct model *mo, struct db *d, const struct scope *scope,
                 const struct table_map *m, const struct list_query *q, enum export_format f,
                 const char *path, int64_t *rows, struct err *e) WARN_UNUSED;

/* The same, told of each row: false with e ends it, and nothing is left of the file. */
struct export_watch { bool (*row)(void *arg, int64_t rows, struct err *e); void *arg; };
bool export_watched(const struct model *mo, struct db *d, const struct scope *scope,
                    const struct table_map *m, const struct list_query *q, enum export_format f,
                    const char *path, const struct export_watch *watch, int64_t *rows,
                    struct err *e) WARN_UNUSED;
/* What `jiedui schema` prints (text, json), and the blank sheet: labels as titles, a note on each,
 * a drop-down for codes; two more sheets explain fields and codes. */
void schema_print(const struct model *mo, const struct table_map *m, bool json, bool zh,
                  struct buf *out);
bool schema_template(const struct model *mo, const struct table_map *m, bool zh, const char *path,
                     struct err *e) WARN_UNUSED;

/* The row side of `jiedui verify`: every row's digest, claims against rows, sums per table and
 * county against the journal. Faults are told as sentences. A snapshot (db_begin_read) around it
 * keeps writers from looking like faults. */
bool entity_verify(const struct model *mo, struct db *d, struct faults *f, struct err *e) WARN_UNUSED;

extern const struct stmt_table entity_stmts;   /* the room's own (load, load_change, claims) */
extern const struct table entity_tables[];     /* load_run, load_part, load_change, load_mapping */
extern const int entity_table_count;

#endif
