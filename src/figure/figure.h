/* figure: a figure is never typed in; it is a definition over records, kept exact by every write.
 *
 * Definitions are text, one or more to a file in figures/ (# begins a comment; a line that is
 * indented deeper than the one before goes on with it):
 *
 *   figure aid_funds
 *     label en "Assistance funds handed down" zh "帮扶资金下达"
 *     help en "Money that reached a county or a project, by the day of posting." zh "..."
 *     unit yuan
 *     sum amount of allocation                 # a value in the rule language, or
 *                                              # count of allocation (its quantity), or
 *                                              # distinct helper of agreement per nation by year
 *     where state = done and kind != in_kind   # rule language over that entity's own row
 *     flow valid_from .. valid_to              # or: flow at paid_on
 *     place place                              # F_PLACE field; default: the entity's home place
 *     organisation giver                       # F_REF to organisation, optional
 *
 *   figure deep_share
 *     label en "Share for deeply poor counties" zh "深度贫困县占比"
 *     unit percent decimals 1
 *     ratio aid_funds within deep / aid_funds times 100
 *
 *   figure helped_without_duty
 *     unit county
 *     total counties_helped - poor_counties_helped
 *
 * Meaning. flow: a row counts at its day, or, between two dates, somewhere in that interval (a
 * query that cuts through it answers partial, with the bounds of what is sure and what is
 * possible); a missing first date is the beginning of time, a missing last date the end of it.
 * stock (`stock from since`, `stock from since until ended`, `stock from valid_from through
 * valid_to`): a row counts from its first date until the day before `ended`, or through
 * `valid_to`; with `stock always` every row on file counts on every day, moved or not. A row with
 * a missing amount is counted as unknown, never as 0. Drafts and rows of a pending load do not
 * count. A row that moves from county to county (fields with F_ARRIVED,
 * F_LEFT) stands in both: it counts from the day it arrived on and before the day it left; of an
 * interval the last day says where. A row without a place counts at its county. `within CLASS`
 * sums the cells of the places that have that class on the query's last day. ratio and total
 * combine other figures, each a sum of signed terms.
 *
 * distinct (`distinct person, place at county of visit per province by year`) keeps a counted
 * key set per scope and period and is never summed: asked of a place above its scope, of several
 * years, or of days that do not begin with the period, it cannot be computed. A flow counts a
 * key on its first day, a stock on the days on which any of its rows counts.
 *
 * Cells. Every write adds signed deltas in its own transaction (a tx_part, folded over the group):
 *   fine_cell(county, figure, org, bucket, place, data)   a village or township
 *   county_cell(county, figure, org, bucket, data)        a county, all that lies in it
 * A cell holds its running sums day by day. A small one is one row, bucket 0; one that outgrows
 * a row keeps sums by year there, a row for each of its years, and, for a busy year, a row for
 * each month (cell.h). Rows of one bucket lie side by side for all villages of a county and for
 * all counties, so that any place is read by at most five short ranges and nothing is added up
 * day by day; an aggregate above the county is a sum over county rows. org 0 holds everything,
 * org X the rows of X. A part is written only where it is not 0; where every row counts 1 (no
 * fact fields, not a sum) PART_ROWS equals PART_VALUE and is not stored. Facts of a county or
 * above have no fine cell, and rows of a prefecture or province carry its own code as their
 * county, so a sum over the county keys of a range is the sum over the place. */
#ifndef JD_FIGURE_FIGURE_H
#define JD_FIGURE_FIGURE_H

#include "base/map.h"
#include "entity/entity.h"
#include "entity/load.h"

enum figure_kind { FIGURE_COUNT = 1, FIGURE_SUM, FIGURE_DISTINCT, FIGURE_RATIO, FIGURE_TOTAL };

/* What a cell's parts hold: sums of the value, or numbers of rows. */
enum figure_part {
    PART_VALUE, PART_ROWS,
    /* rows with that qualifier; rows without a value */
    PART_GE, PART_GT, PART_LE, PART_LT, PART_APPROX, PART_UNKNOWN,
    /* rows by basis; the rest are recorded */
    PART_RESTATED, PART_SYNTHETIC, PART_DERIVED,
    /* value by confirmation (disputed holds what the other side puts another value beside); the
     * rest is one-sided */
    PART_CONFIRMED, PART_DISPUTED,
    /* intervals under way: rows, value; and of those and of all the values below 0, for the
     * bounds */
    PART_OPEN_ROWS, PART_OPEN_VALUE, PART_OPEN_NEGATIVE, PART_NEGATIVE,
    PART_N
};

/* Of a sum: any > makes it >, else any ≥ makes it ≥; < and ≤ likewise; all about is ~; what is
 * bounded on both sides, or bounded and about, is ±. */
enum qualifier { Q_EQ, Q_GE, Q_GT, Q_LE, Q_LT, Q_APPROX, Q_MIXED };
const char *qualifier_sign(enum qualifier q);       /* "=", "≥", ">", "≤", "<", "~", "±" */

struct figure_term { const struct figure *of; int sign; const char *within; /* class, or NULL */ };

struct figure {
    uint32_t number;               /* in cells; stable in a store */
    const char *name, *en, *zh;    /* labels default to the name */
    const char *help_en, *help_zh, *unit; /* default to "" */
    enum figure_kind kind;
    int scale;                     /* decimals of the value: 2 for money, a ratio's declared ones */
    bool stock;
    bool through;                  /* stock: date_to still counts */
    const struct table_map *map;   /* count, sum, distinct */
    struct rule *where, *value;    /* NULL = all; NULL = quantity or 1 */
    int date_from, date_to;        /* fields; equal for `at`; -1 = no end; both -1 = always */
    int place, organisation;       /* fields or -1 */
    const int *distinct; int n_distinct; int scope_level; bool by_year;
    const int *distinct_level;     /* of a place among the keys: cut to this level; 0 = as it is */
    const struct figure_term *terms; int n_terms; /* ratio, total */
    int n_upper;                   /* of a ratio, those above the line */
    int64_t times;
    bool rows_apart;               /* PART_ROWS is stored */
    const char *text;              /* canonical definition */
    unsigned char digest[DIGEST_LEN];  /* of text: the version */
    unsigned char meaning[DIGEST_LEN]; /* of text but label, help, unit: of the cells */
};

struct figures; /* definitions, read-only after opening */

/* Counts rows on file, whatever day it is. */
static inline bool figure_always(const struct figure *f) { return f->stock && f->date_from < 0; }
/* The figure that counts all rows of a kind, by its `rows` how many there are on file; or NULL. */
const struct figure *figures_on_file(const struct figures *f, const struct table_map *m);

/* Reads definitions from texts (name = file name for messages). A fault names file, line,
 * column, and for an unknown name the nearest known one. Numbers are those of the store only
 * after figures_from_store; figures are in the order of their definition. */
struct figure_source { const char *name, *text; size_t n; };
bool figures_read(struct figures **out, const struct figure_source *src, int n,
                  const struct model *mo, struct err *e) WARN_UNUSED;
void figures_free(struct figures *f);
int figures_count(const struct figures *f);
const struct figure *figures_at(const struct figures *f, int i);
const struct figure *figures_find(const struct figures *f, const char *name);
const char *figures_nearest(const struct figures *f, const char *name); /* or NULL */

/* The store keeps the definitions its cells were made with (figure_def). Opening for use reads them
 * from there. figures_install makes the given texts the store's definitions: compares, stores them,
 * drops the cells of those that went and rebuilds the cells of those whose meaning changed, in one
 * transaction; ERR_BUSY while a load is pending. figures_rebuild makes all cells anew. */
bool figures_from_store(struct figures **out, struct db *d, const struct model *mo,
                        struct err *e) WARN_UNUSED;
bool figures_install(struct store *s, struct model *mo, const struct figure_source *src, int n,
                     struct err *e) WARN_UNUSED;
bool figures_rebuild(struct store *s, const struct model *mo, const struct figures *f,
                     struct err *e) WARN_UNUSED;

/* Sets the model's observer (and publish and discard for loads) to these figures, which must
 * come from the store: a transaction fails with ERR_CONFLICT when the store's definitions have
 * changed since. Reads inside a transaction do not see its own writes before the commit. */
void figures_observe(struct figures *f, struct model *mo);

/* The organisations of a query: itself and those below it. From the party room. */
struct parties {
    void *arg;
    bool (*subtree)(void *arg, struct db *d, int64_t org, struct arena *a, const int64_t **ids,
                    size_t *n, struct err *e);
};

/* The same, asked once for each organisation: for many figures in one go, during which what is below
 * an organisation is taken not to change. Of one thread; of may be NULL. Owned: parties_memo_free. */
struct parties_memo {
    struct parties parties;
    const struct parties *of;
    struct map ids;
    struct arena a;
};
void parties_memo_init(struct parties_memo *m, const struct parties *of);
void parties_memo_free(struct parties_memo *m);

struct figure_query {
    const char *name;
    int64_t place;            /* 0 = the nation */
    int64_t org;              /* 0 = all */
    int32_t from, to;         /* inclusive; DATE_MIN, DATE_MAX = open. A stock: at `to` */
    int by;                   /* 0, or a level: one value a place of it inside `place` */
    bool whole;               /* place 0 means the nation, not all that the scope holds */
};
struct figure_value {
    int64_t place;            /* which place this value is of */
    bool known;               /* false: cannot be computed; why says so (borrowed from constants) */
    int64_t value; int scale;
    enum qualifier qualifier;
    /* The period cuts an interval fact: the true value lies between low and high. high is what all
     * possible rows give; low leaves out all that may lie outside, and for a fact whose interval
     * covers the whole period and more on both sides it is a bound that may not be reached. */
    bool partial;
    int64_t low, high;
    int64_t rows, unknown;
    int64_t recorded, restated, synthetic, derived;   /* rows */
    int64_t confirmed, one_sided, disputed;           /* value */
    int64_t numerator, denominator;                   /* of a ratio, scaled as the terms are */
    const char *why;
};
struct past;
struct figure_context {
    const struct figures *figures;
    const struct model *model;
    const struct parties *parties;
    /* NULL = now, from cells. Else figures are worked out from the rows as they were: they need not be
     * the store's, nor have cells. Pages of figure_explain are of the present alone. */
    const struct past *past;
};

/* The rows of a store as they were when each chain of the journal ended where the cut says; writers it
 * does not name had written nothing. Rows changed since are taken from their before-images, which are
 * held in memory. The histories of places, their classes, organisations, accounts of the ledger and
 * the words about its legs are as they are now; past_moved tells which of them changed ("" = none).
 * ERR_NOT_FOUND where the past is gone: a load was undone since, or an image erased. */
struct past_cut { int64_t writer, seq; };
bool past_open(struct past **out, const struct model *mo, struct db *d, const struct past_cut *cut,
               size_t n, struct err *e) WARN_UNUSED;
const char *past_moved(const struct past *p);
void past_close(struct past *p);

/* Reading under a scope. A value is given for what the scope holds whole: a place in its ranges, or
 * one of its organisations anywhere. Asked for no place, a scope that is not everywhere adds up all
 * that it holds: its places, and its organisations' rows outside them; when it is one place, that
 * place is asked for. What is not held is a value that is not known. Who may not read the people
 * behind a figure is given what mask.c lets through, in whole tens of counties and years, never the
 * rows. A NULL scope holds nothing. Outside a transaction each call reads one snapshot. */
bool figure_read(const struct figure_context *c, struct db *d, const struct scope *scope,
                 const struct figure_query *q, struct figure_value *out, struct err *e) WARN_UNUSED;
typedef bool figure_fn(void *arg, const struct figure_value *v, struct err *e);
/* One value for each place of level q->by inside q->place that has cells, in code order; retired
 * codes are counted to today's place. fn may use the same connection. */
bool figure_read_by(const struct figure_context *c, struct db *d, const struct scope *scope,
                    const struct figure_query *q, figure_fn *fn, void *arg, struct err *e) WARN_UNUSED;

/* Does it count people or households? Fewer of them than this are never told to the public. */
#define SMALL_CELL 10
bool figure_personal(const struct figure *f);
/* May the rows behind a figure be shown at all? */
bool figure_rows_open(const struct scope *s, const struct figure *f);

/* The values of the terms of a ratio or total, each within its class, in their order. */
#define FIGURE_MAX_TERMS 64
bool figure_terms(const struct figure_context *c, struct db *d, const struct figure_query *q,
                  struct figure_value out[FIGURE_MAX_TERMS], struct err *e) WARN_UNUSED;

/* The value as people read it: sign of the qualifier, grouping, decimals, unit; "unknown" or the
 * reason when it cannot be computed. Arena. */
const char *figure_print(const struct figure *f, const struct figure_value *v, struct arena *a);

/* What it rests on, in one word or two: "recorded", "restated", "synthetic", "derived back",
 * "mixed". */
const char *figure_rests_on(const struct figure_value *v);

/* The rows behind a figure (for a ratio or total: of all its terms), in order of county and id,
 * in keyset pages; a row that two terms count comes twice, and a page never ends between the
 * two. value is what the row adds to the figure: 0 for a row whose amount is unknown and for one
 * whose interval only may lie in the period. limit 0 = all, and then each term's rows in turn.
 * fn must not use d. */
struct explain_page { int64_t after_county, after_id; int64_t limit; };
typedef bool explain_fn(void *arg, const struct figure *f, int sign, const char *within,
                        const struct table_map *m, const struct val *row, int64_t value,
                        struct err *e);
bool figure_explain(const struct figure_context *c, struct db *d, const struct scope *scope,
                    const struct figure_query *q, const struct explain_page *page, explain_fn *fn, void *arg,
                    struct err *e) WARN_UNUSED;
/* Over the definition's digest and, for each row that figure_explain gives, county, id and row
 * digest: two figures with one digest rest on the same rows, unchanged. */
bool figure_digest(const struct figure_context *c, struct db *d, const struct scope *scope,
                   const struct figure_query *q, int64_t *rows, unsigned char out[DIGEST_LEN],
                   struct err *e) WARN_UNUSED;

/* Every cell against its recomputation from records; each difference is told as a sentence. */
bool figures_verify(const struct figure_context *c, struct db *d, struct faults *f, struct err *e) WARN_UNUSED;

/* Claims (entity `claim`): what others printed beside what the records give. Fields are found by
 * name: code, claimed_text, figure, place, organisation, from, to, value, qualifier, unit,
 * decimals, reading, reason, source. source limits the check to claims of that document (its
 * natural key), NULL = all. */
enum claim_verdict { CLAIM_HOLDS, CLAIM_DIFFERS, CLAIM_CANNOT };
struct claim_result {
    const char *code, *source, *text, *figure, *claimed, *computed, *difference, *rests_on;
    const char *reading, *reason;
    enum claim_verdict verdict;
    bool same_source;         /* all records are from it: agreement is arithmetic */
};
/* Strings live until fn returns; none is NULL. fn may use the same connection. */
typedef bool claim_fn(void *arg, const struct claim_result *r, struct err *e);
bool claims_check(const struct figure_context *c, struct db *d, const struct scope *scope,
                  const char *source, claim_fn *fn, void *arg, struct err *e) WARN_UNUSED;

extern const struct stmt_table figure_stmts;
extern const struct table figure_tables[];     /* figure_def, cells, keys, staging */
extern const int figure_table_count;

#endif
