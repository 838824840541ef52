/* earmark: what money may be used for, as dated rules, and whether a batch keeps them. No store.
 *
 * A rule looks at lines of money (allocations at plan, legs of the ledger at posting) one by one
 * in the rule language, with the columns of earmark_schema. Of the money it speaks of,
 *   floor     at least a share goes to lines for which `holds` is true
 *   ceiling   at most a share does
 *   forbid    no line is such that `holds` is true
 *   only      no line is such that `holds` is false
 * Unknown is unknown: money of which it is not said what it is for, and money of the batch that is
 * not given out yet, may still go either way. So a floor is broken when it can no longer be kept,
 * a ceiling when it is passed, and before that both are open. Lines whose amounts are bounds or
 * guesses break nothing.
 *
 * A line that is part of another says more than the whole of it does: the parts count as they say
 * themselves, what they leave counts as the whole says. Parts are taken as apart from each other,
 * and never as more than the whole. */
#ifndef JD_PROGRAMME_MONEY_EARMARK_H
#define JD_PROGRAMME_MONEY_EARMARK_H

#include "entity/entity.h"

enum earmark_kind { EARMARK_FLOOR = 1, EARMARK_CEILING, EARMARK_FORBID, EARMARK_ONLY };
enum earmark_scope { EARMARK_BATCH = 1, EARMARK_FUND_LINE };

/* What a rule can look at. level: 1 province .. 5 village. class: of the place and what lies above
 * it, on the line's day; unknown above the county, and where no place has a class that the rule
 * names. in_library: the project was entered into the project library by the line's day; unknown
 * without a project. */
enum line_col { LINE_AMOUNT, LINE_PURPOSE, LINE_NATURE, LINE_FORM, LINE_FUND_KIND, LINE_FOR_CLASS,
    LINE_ADDITIONAL, LINE_DUTY, LINE_STAGE, LINE_HOLDER, LINE_LEVEL, LINE_CLASS, LINE_PLACE,
    LINE_ON, LINE_PROJECT_KIND, LINE_IN_LIBRARY, LINE_NCOLS };

struct earmark_rule {
    int64_t id;
    const char *code, *title, *applies_text, *holds_text;
    enum earmark_kind kind;
    enum earmark_scope per;
    int64_t fund_line, helper;             /* 0 = any */
    int64_t share;                         /* of 1,000,000 = the whole */
    int32_t from, to;                      /* days on which it is in force, bounds included */
    struct rule *applies, *holds;          /* applies NULL = all lines */
    const char *const *classes; int n_classes; /* that its text names */
};

struct earmark_line {
    const char *code;                      /* how it is named in a refusal */
    int64_t county, id;
    int64_t amount; bool known, exact;
    int parent;                            /* a line before or after it in the array; -1 = none */
    bool aside;                            /* may be part of one of several: not counted */
    int64_t fund_county, fund_line, helper, place, batch_county, batch;
    int32_t on;
    struct val row[LINE_NCOLS];
};

/* Money by what the rule says of it; against + counted + open = total where that is known. */
struct earmark_sum { int64_t counted, against, open, total; bool total_known, exact; };
enum earmark_state { EARMARK_KEPT, EARMARK_OPEN, EARMARK_BROKEN };

/* total is that of the batch or fund line, total_known false where only the lines are. truth[i] is
 * what the rule says of line i; lines it does not speak of have skip[i] set. */
void earmark_add(const struct earmark_line *line, const enum rule_tri *truth, const bool *skip,
                 int n, int64_t total, bool total_known, struct earmark_sum *out);
/* Of a floor or a ceiling. */
enum earmark_state earmark_judge(const struct earmark_rule *r, const struct earmark_sum *s);
/* The first line that a rule of the other kinds does not allow, or -1. */
int earmark_bad_line(const struct earmark_rule *r, const enum rule_tri *truth, const bool *skip,
                     int n);

/* The share counted, and the share that can still be reached, in parts of 1,000,000; -1 where there
 * is no whole. */
int64_t earmark_share(const struct earmark_sum *s);
int64_t earmark_reach(const struct earmark_sum *s);
/* What a floor lacks at best, or by how much a ceiling is passed; 0 = nothing. */
int64_t earmark_missing(const struct earmark_rule *r, const struct earmark_sum *s);

#endif
