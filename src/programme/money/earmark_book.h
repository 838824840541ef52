/* earmark_book: earmark rules and lines of money as the store has them. One book serves one
 * transaction or one command; everything in it is arena memory. */
#ifndef JD_PROGRAMME_MONEY_EARMARK_BOOK_H
#define JD_PROGRAMME_MONEY_EARMARK_BOOK_H

#include "base/map.h"
#include "programme/money/earmark.h"
#include "store/store.h"

enum earmark_rule_col { EARMARK_RULE_CODE, EARMARK_RULE_TITLE, EARMARK_RULE_KIND, EARMARK_RULE_PER,
    EARMARK_RULE_FUND_LINE, EARMARK_RULE_HELPER, EARMARK_RULE_APPLIES, EARMARK_RULE_HOLDS,
    EARMARK_RULE_SHARE, EARMARK_RULE_NCOLS };
extern const struct entity earmark_rule_entity;

enum earmark_stmt { EARMARK_RULES, EARMARK_CLASSES, EARMARK_LINES, EARMARK_LINES_OF_BATCH,
    EARMARK_LINES_OF_FUND, EARMARK_LINES_OF_LOAD, EARMARK_LINE, EARMARK_LEGS_OF_BATCH, EARMARK_LEG,
    EARMARK_BATCHES, EARMARK_BATCH_BY_ID, EARMARK_BATCHES_OF_LOAD, EARMARK_FUND_LINE_BY_ID,
    EARMARK_PROJECT, EARMARK_ENTERED, EARMARK_N_STMTS };
extern const struct stmt_table earmark_stmts;

/* r has its code and texts; a fault names the rule, the field, line and column. */
bool earmark_parse(struct earmark_rule *r, const struct codes *codes, struct arena *a,
                   struct err *e) WARN_UNUSED;

struct earmark_batch { int64_t county, id; const char *code; int64_t amount; bool known;
                       int64_t fund_county, fund_line, helper; int32_t on, until; };
struct earmark_batches { struct earmark_batch *at; int n, cap; };
struct earmark_lines { struct earmark_line *at; int n, cap; };

/* Places that have a class, and when. */
struct class_key { char name[48]; };
struct class_place { int64_t place; int32_t from, to; };
struct class_places { struct arena *a; struct class_place *at; int n, cap; };

/* A fund line as rules need it. */
struct earmark_fund { const char *code; int64_t amount, helper; bool known;
                      struct val kind, purpose, nature, duty; };

struct earmark_book {
    struct db *d;
    struct arena *a;
    const struct codes *codes;
    int64_t hidden;                        /* the pending load */
    int32_t on;                            /* what is after this day is not seen */
    struct earmark_rule *rule; int n_rules;
    struct map classes;                    /* class -> its places */
    struct map funds, projects;            /* by county, id */
};
/* published: the load that becomes visible with this transaction, or -1. codes may be NULL. */
bool earmark_open(struct earmark_book *b, struct db *d, const struct codes *codes,
                  int64_t published, int32_t on, struct arena *a, struct err *e) WARN_UNUSED;
void earmark_close(struct earmark_book *b);

bool earmark_batch_of(struct earmark_book *b, int64_t county, int64_t id,
                      struct earmark_batch *out, bool *found, struct err *e) WARN_UNUSED;
/* load -1 = all. */
bool earmark_batches(struct earmark_book *b, int64_t load, struct earmark_batches *out,
                     struct err *e) WARN_UNUSED;
bool earmark_fund_of(struct earmark_book *b, int64_t county, int64_t id,
                     struct earmark_fund **out, struct err *e) WARN_UNUSED; /* code NULL = none */
/* Lines of one statement with its parameters besides the first; batch gives what they lack, or
 * is NULL. */
bool earmark_lines(struct earmark_book *b, enum earmark_stmt s, const struct val *more, int n_more,
                   const struct earmark_batch *batch, struct earmark_lines *out,
                   struct err *e) WARN_UNUSED;
/* What the accounts hold of the batch by the ledger: each account's net gain is a line. *given:
 * what accounts that only gave have given. */
bool earmark_positions(struct earmark_book *b, const struct earmark_batch *batch,
                       struct earmark_lines *out, int64_t *given, struct err *e) WARN_UNUSED;

/* What one leg brought to its receiver, as a line; none for a leg that took back or ended. */
bool earmark_leg(struct earmark_book *b, int64_t county, int64_t seq, struct earmark_lines *out,
                 struct err *e) WARN_UNUSED;

/* One rule over lines. */
struct earmark_finding {
    const struct earmark_rule *rule;
    const char *of;                        /* code of the batch or fund line; "" for a line alone */
    bool posted;                           /* by the ledger, else as planned */
    struct earmark_sum sum;
    enum earmark_state state;
    const struct earmark_line *bad;        /* of forbid and only */
};
typedef bool earmark_fn(void *arg, const struct earmark_finding *f, struct err *e);

/* Every rule of the scope that speaks of some of the lines. `on` is the day on which floors and
 * ceilings must be in force. alone: the lines are judged one by one, shares are left out. */
struct earmark_ask { const struct earmark_line *line; int n; enum earmark_scope per; int32_t on;
                     int64_t fund_line, helper, total; bool total_known, posted, alone;
                     const char *of; };
bool earmark_ask(struct earmark_book *b, const struct earmark_ask *q, earmark_fn *fn, void *arg,
                 struct err *e) WARN_UNUSED;
/* A batch as planned and as posted, and its fund line as planned. */
bool earmark_check_batch(struct earmark_book *b, const struct earmark_batch *x, earmark_fn *fn,
                         void *arg, struct err *e) WARN_UNUSED;
bool earmark_check_fund(struct earmark_book *b, int64_t county, int64_t id, earmark_fn *fn,
                        void *arg, struct err *e) WARN_UNUSED;

/* "at least 50% of a batch: industry" */
const char *earmark_says(const struct earmark_rule *r, bool zh, struct arena *a);
/* What is wrong, or how it stands. */
const char *earmark_tells(const struct earmark_finding *f, bool zh, struct arena *a);

#endif
