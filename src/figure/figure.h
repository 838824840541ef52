/* figure: a figure is never typed in; it is a definition over records, kept exact by every write.
 *
 * Definitions are text, one or more to a file in figures/:
 *
 *   figure aid_funds
 *     label en "Assistance funds handed down" zh "帮扶资金下达"
 *     help en "Money that reached a county or a project, by the day of posting." zh "..."
 *     unit yuan
 *     sum amount of allocation                 # or: count of allocation (its quantity), or
 *                                              # distinct helper of agreement per nation by year
 *     where state = done and kind != in_kind   # rule language over that entity's own row
 *     flow valid_from .. valid_to              # or: flow at paid_on / stock from since until ended
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
 * Meaning. flow: a row counts at its day, or, between two dates, somewhere in that interval (a query
 * that cuts through it answers partial, with the amount that is unsure); a missing first date is
 * the beginning of time, a missing last date the end of it. stock: a row counts from one date until the day
 * before another. A row with a missing amount is counted as unknown, never as 0. Drafts and rows
 * of a pending load do not count. `within CLASS` sums the cells of the places that have that class on
 * the query's last day. ratio and total combine other figures, each a sum of signed terms.
 * distinct keeps a counted key set per scope and period and is never summed: asking above its scope
 * cannot be computed.
 *
 * Cells. Every write adds signed deltas in its own transaction (a tx_part, folded over the group):
 *   fine_cell(county, figure, org, place, part, day, v)     villages and townships, by day
 *   county_cell(county, figure, org, part, grain, bucket, v0..v31)   prefix sums: grain month holds the
 *     running sum of its days, year of its months, era (32 years) of its years, so that a place up to
 *     the nation is read by three indexed look-ups a bound, county rows lying side by side
 * part 0 is the value; other parts are written only where they are not 0 (see enum figure_part). */
#ifndef JD_FIGURE_FIGURE_H
#define JD_FIGURE_FIGURE_H

#include "entity/entity.h"
#include "entity/load.h"

enum figure_kind { FIGURE_COUNT = 1, FIGURE_SUM, FIGURE_DISTINCT, FIGURE_RATIO, FIGURE_TOTAL };

/* What a cell's parts hold: sums of the value, or numbers of rows. */
enum figure_part {
    PART_VALUE, PART_ROWS,
    PART_GE, PART_GT, PART_LE, PART_LT, PART_APPROX, PART_UNKNOWN,      /* rows with that qualifier; rows without a value */
    PART_RESTATED, PART_SYNTHETIC, PART_DERIVED,                        /* rows by basis; the rest are recorded */
    PART_CONFIRMED, PART_DISPUTED,                                      /* value by confirmation; the rest is one-sided */
    PART_OPEN_ROWS, PART_OPEN_VALUE,                                    /* intervals under way: rows, value */
    PART_N
};

enum qualifier { Q_EQ, Q_GE, Q_GT, Q_LE, Q_LT, Q_APPROX, Q_MIXED };
const char *qualifier_sign(enum qualifier q);       /* "=", "≥", ">", "≤", "<", "~", "±" */

struct figure {
    uint32_t number;               /* in cells; stable in a store */
    const char *name, *en, *zh, *help_en, *help_zh, *unit;
    enum figure_kind kind;
    int scale;                     /* decimals of the value: 2 for money, the declared ones for a ratio */
    bool stock;
    const struct table_map *map;   /* count, sum, distinct */
    struct rule *where, *value;    /* NULL = all; NULL = quantity or 1 */
    int date_from, date_to;        /* fields; equal for `at`; date_to -1 = no end (stock) */
    int place, organisation;       /* fields or -1 */
    const int *distinct; int n_distinct; int scope_level; bool by_year;
    const char *text;              /* canonical definition */
    unsigned char digest[DIGEST_LEN]; /* of text: the version */
};

struct figures; /* definitions, read-only after opening */

/* Reads definitions from texts (name = file name for messages). A fault names file, line, column. */
struct figure_source { const char *name, *text; size_t n; };
bool figures_read(struct figures **out, const struct figure_source *src, int n, const struct model *mo, struct err *e) WARN_UNUSED;
void figures_free(struct figures *f);
int figures_count(const struct figures *f);
const struct figure *figures_at(const struct figures *f, int i);
const struct figure *figures_find(const struct figures *f, const char *name);
const char *figures_nearest(const struct figures *f, const char *name); /* or NULL */

/* The store keeps the definitions its cells were made with (figure_def). Opening for use reads them
 * from there. figures_install compares, stores the new texts and rebuilds the cells of those that
 * changed, in one go. */
bool figures_from_store(struct figures **out, struct db *d, const struct model *mo, struct err *e) WARN_UNUSED;
bool figures_install(struct store *s, struct model *mo, const struct figure_source *src, int n, struct err *e) WARN_UNUSED;
bool figures_rebuild(struct store *s, const struct model *mo, const struct figures *f, struct err *e) WARN_UNUSED;

/* Sets the model's observer (and publish and discard for loads) to these figures. */
void figures_observe(struct figures *f, struct model *mo);

/* The organisations of a query: itself and those below it. From the party room. */
struct parties {
    void *arg;
    bool (*subtree)(void *arg, struct db *d, int64_t org, struct arena *a, const int64_t **ids, size_t *n, struct err *e);
};

struct figure_query {
    const char *name;
    int64_t place;            /* 0 = the nation */
    int64_t org;              /* 0 = all */
    int32_t from, to;         /* inclusive; DATE_MIN / DATE_MAX = unbounded. A stock is read at `to`. */
    int by;                   /* 0, or a place level: one row a place of that level inside `place` */
};
struct figure_value {
    int64_t place;            /* which place this value is of */
    bool known;               /* false: cannot be computed; why says so */
    int64_t value; int scale;
    enum qualifier qualifier;
    bool partial;             /* the period cuts an interval: the true value lies between low and high */
    int64_t low, high;
    int64_t rows, unknown;
    int64_t recorded, restated, synthetic, derived;   /* rows */
    int64_t confirmed, one_sided, disputed;           /* value */
    int64_t numerator, denominator;                   /* of a ratio, scaled as the terms are */
    const char *why;
};
struct figure_context { const struct figures *figures; const struct model *model; const struct parties *parties; };

bool figure_read(const struct figure_context *c, struct db *d, const struct figure_query *q,
                 struct figure_value *out, struct err *e) WARN_UNUSED;
typedef bool figure_fn(void *arg, const struct figure_value *v, struct err *e);
bool figure_read_by(const struct figure_context *c, struct db *d, const struct figure_query *q,
                    figure_fn *fn, void *arg, struct err *e) WARN_UNUSED;

/* The value as people read it: sign of the qualifier, grouping, decimals, unit; "unknown" or the
 * reason when it cannot be computed. Arena. */
const char *figure_print(const struct figure *f, const struct figure_value *v, struct arena *a);

/* What it rests on, in one word or two: "recorded", "restated", "synthetic", "derived back", "mixed". */
const char *figure_rests_on(const struct figure_value *v);

/* The rows behind a figure (for a ratio or total: of each term in turn), in keyset pages, with the
 * digest over all of them. */
struct explain_page { int64_t after_county, after_id; int64_t limit; };
typedef bool explain_fn(void *arg, const struct figure *f, int sign, const char *within,
                        const struct table_map *m, const struct val *row, int64_t value, struct err *e);
bool figure_explain(const struct figure_context *c, struct db *d, const struct figure_query *q,
                    const struct explain_page *page, explain_fn *fn, void *arg, struct err *e) WARN_UNUSED;
bool figure_digest(const struct figure_context *c, struct db *d, const struct figure_query *q,
                   int64_t *rows, unsigned char out[DIGEST_LEN], struct err *e) WARN_UNUSED;

/* Every cell against its recomputation from records; each difference is told as a sentence. */
bool figures_verify(const struct figure_context *c, struct db *d, void (*fault)(void *arg, const char *sentence),
                    void *arg, int64_t *faults, struct err *e) WARN_UNUSED;

/* Claims (entity `claim`): what others printed beside what the records give. */
enum claim_verdict { CLAIM_HOLDS, CLAIM_DIFFERS, CLAIM_CANNOT };
struct claim_result {
    const char *code, *source, *text, *figure, *claimed, *computed, *difference, *rests_on, *reading, *reason;
    enum claim_verdict verdict;
    bool same_source;         /* the records restate this very source: agreement proves arithmetic only */
};
typedef bool claim_fn(void *arg, const struct claim_result *r, struct err *e);
bool claims_check(const struct figure_context *c, struct db *d, const char *source, claim_fn *fn, void *arg, struct err *e) WARN_UNUSED;

extern const struct stmt_table figure_stmts;
extern const struct table figure_tables[];     /* figure_def, fine_cell, county_cell, distinct_key, cell_staging */
extern const int figure_table_count;

#endif
