/* scorecard_read: cards from the store, and the points they give a place or an organisation for a
 * period. What a figure does not give has no points and says why: it is never nought in silence.
 * Everything is the arena's. */
#ifndef JD_PROGRAMME_PLAN_SCORECARD_READ_H
#define JD_PROGRAMME_PLAN_SCORECARD_READ_H

#include "entity/scope.h"
#include "figure/figure.h"
#include "programme/plan/score.h"
#include "programme/plan/scorecard.h"
#include "programme/rows/rows.h"

/* The rule of an item whose own fields are these; NULL, or what is wrong. */
const char *scorecard_rule(const struct val *own, struct score_rule *r);

struct score_item {
    int64_t id;
    const char *code, *head, *title, *title_zh, *indicator, *target_name;
    struct score_rule rule;
    bool weighted, proposed;           /* has a weight; nobody has set it */
    bool nought;                       /* nothing recorded is nought */
    const char *fault;                 /* why it cannot give points, or NULL */
    const struct figure *figure, *target;
    int32_t from, to;
};
struct scorecard {
    int64_t id, org;
    const char *code, *title, *title_zh, *side, *level;
    bool has_full; int64_t full;       /* what the card says */
    struct score_grades grades;
    int32_t from, to;
    struct score_item *item; int n;
};
struct score_book { struct scorecard *card; int n; struct rows points, ratings; };

bool scorecards_read(struct score_book *b, struct db *d, const struct figures *f, struct arena *a,
                     struct err *e) WARN_UNUSED;
const struct scorecard *scorecards_find(const struct score_book *b, const char *code); /* or NULL */
bool scorecard_helps(const struct scorecard *s);       /* is it for the helping side? */
/* In the language asked for, if it has a title in it. */
const char *scorecard_title(const struct scorecard *s, bool zh);
const char *score_item_title(const struct score_item *i, bool zh);

/* Whom a card is about, and for which days: of a helping organisation the place may be 0. */
struct score_subject { int64_t place, org; };
struct score_period { int32_t from, to; };

enum score_state { SCORE_GIVEN, SCORE_GIVEN_TYPED, SCORE_NOUGHT, SCORE_NO_WEIGHT, SCORE_FAULT,
                   SCORE_NO_RECORDS, SCORE_UNKNOWN, SCORE_NOT_TYPED, SCORE_NOT_IN_FORCE };
struct score_cell {
    enum score_state state;
    int64_t points;                    /* of the first three states */
    const char *why;                   /* of the others */
    struct figure_value actual, target;
    const struct val *typed;           /* row of points, PLAN_SCORECARD_POINTS */
};
struct score_sum {
    int64_t points, known, full;       /* given; full points of what is given, and of all */
    int open, typed, proposed;         /* items without points; typed; with a weight nobody set */
};

/* One subject: a cell an item. */
bool scorecard_mark(const struct score_book *b, const struct scorecard *s,
                    const struct figure_context *c, struct db *d, struct score_subject of,
                    struct score_period when, struct arena *a, struct score_cell **cells,
                    struct score_sum *sum, struct err *e) WARN_UNUSED;

/* Grade indexes when every open item gave nothing, and when it gave all; equal when it is sure. */
void scorecard_grades(const struct scorecard *s, const struct score_sum *sum, int *least, int *most);
/* "good", "fair to good"; "" without grades. */
const char *scorecard_grade_text(const struct scorecard *s, const struct score_sum *sum, bool zh, struct arena *a);

/* All places of a level inside one that have any record or typed points; for the helping side all
 * helpers of agreements. By points, falling; then by code. rank: equal points share it. */
struct score_row { struct score_subject of; struct score_sum sum; int rank; };
bool scorecard_rank(const struct score_book *b, const struct scorecard *s,
                    const struct figure_context *c, struct db *d, int level, int64_t inside,
                    struct score_period when, struct arena *a, struct score_row **rows, int *n,
                    struct err *e) WARN_UNUSED;

/* Ranks are for those above: who holds the whole place that is ranked, in an office's role. */
bool scorecard_may_rank(const struct scope *s, const struct place_range *r, int n);

/* Columns of typed points and of ratings. */
enum { POINT_COUNTY, POINT_ID, POINT_CODE, POINT_PLACE, POINT_ORG, POINT_ITEM, POINT_POINTS,
       POINT_BY, POINT_REASON, POINT_FROM, POINT_TO };
enum { RATED_COUNTY, RATED_ID, RATED_CODE, RATED_PLACE, RATED_ORG, RATED_KIND, RATED_CARD,
       RATED_GRADE, RATED_STARS, RATED_BY, RATED_REASON, RATED_FROM, RATED_TO };

#endif
