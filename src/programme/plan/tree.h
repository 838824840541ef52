/* tree: targets as a forest in memory: who is whose part, whether the parts sum to the whole, and
 * what the parts reached together. It knows no database and no clock; plan_read fills it and
 * measure computes what was reached.
 *
 * Numbers are those of the table: hundredths. Everything lives in the arena given. */
#ifndef JD_PROGRAMME_PLAN_TREE_H
#define JD_PROGRAMME_PLAN_TREE_H

#include "figure/figure.h"

enum breakdown { BY_PART, BY_UNIT, BY_AREA, BY_PERIOD, BREAKDOWNS };
const char *breakdown_name(enum breakdown b);

/* The parts of one target, of one way of breaking it down. */
struct plan_part {
    int whole, next;          /* node; the next way of the same node, or -1 */
    enum breakdown by;
    int parts, unknown;       /* how many, and how many of them have no value */
    int64_t sum, reserve;     /* of the known ones; what of it is kept back */
    int64_t actual; /* what the parts that are no reserve reached, in the figure's scale */
    int no_actual;            /* parts whose actual cannot be computed */
};

/* What a target is compared with; made by measure. */
enum plan_state { PLAN_NO_TARGET, PLAN_NO_FIGURE, PLAN_RESERVE, PLAN_NOT_BEGUN, PLAN_ON_TIME,
                  PLAN_BEHIND, PLAN_MET, PLAN_MISSED, PLAN_WITHIN, PLAN_EXCEEDED };
const char *plan_state_name(enum plan_state s);

struct plan_node {
    int64_t county, id;       /* of the target */
    int64_t plan_county, plan;
    int64_t org, place;
    const char *code, *measure, *unit; /* unit "" = that of the figure */
    bool known, reserve;      /* known: there is a value */
    int64_t first, value;     /* as first set; as revised by the day asked for */
    int revisions;
    enum qualifier qualifier;
    enum breakdown by;
    int32_t from, to;         /* DATE_MIN, DATE_MAX: not known */
    int64_t parent_county, parent_id; /* 0 = none */

    int parent, child, next;  /* nodes or -1; children in the order of the nodes */
    int part;                 /* first plan_part or -1 */
    int depth;                /* 0 at a root; -1 in a circle */

    const struct figure *figure;  /* NULL = the measure is none */
    struct figure_value actual;
    const char *why;          /* why there is no actual */
    enum plan_state state;
    bool compared;            /* completion is known */
    int64_t completion;       /* in tenths of a percent, cut */
    bool timed;               /* elapsed is known */
    int64_t elapsed;          /* in tenths of a percent, cut */
    bool forecast_known; int64_t forecast; /* in the figure's scale */
};

struct plan_tree {
    struct plan_node *node; int n;
    struct plan_part *part; int n_parts;
    int *order;               /* nodes, wholes before their parts; circles last */
};

/* Links nodes whose own fields (down to parent_id) are filled, in the order of county and id; finds
 * depths, circles and parts. */
void plan_tree_link(struct plan_tree *t, struct arena *a);
int plan_tree_find(const struct plan_tree *t, int64_t county, int64_t id); /* or -1 */

enum plan_fault_kind {
    PLAN_OVER,          /* the parts come to more than the whole: `difference` more */
    PLAN_SHORT,         /* to less, with nothing kept back for it */
    PLAN_PART_UNKNOWN,  /* a part has no value, so the sum is not known */
    PLAN_WHOLE_UNKNOWN, /* the parts have values, the whole has none */
    PLAN_CIRCLE, PLAN_WHOLE_MISSING, PLAN_OTHER_MEASURE, PLAN_OTHER_UNIT, PLAN_OUTSIDE_PLACE,
    PLAN_OUTSIDE_PERIOD, PLAN_NO_MEASURE
};
struct plan_fault {
    enum plan_fault_kind kind;
    int node;                 /* at fault: the whole for sums, else the part */
    const struct plan_part *part;
    int64_t difference;       /* PLAN_OVER, PLAN_SHORT: above 0 */
};
typedef bool plan_fault_fn(void *arg, const struct plan_fault *f, struct err *e);
/* Every fault, in the order of the nodes. Shares do not add up, so the parts of a ratio or of a
 * distinct count are not summed. The places must be those of one book (digits tell what is inside).
 */
bool plan_tree_check(const struct plan_tree *t, plan_fault_fn *fn, void *arg,
                     struct err *e) WARN_UNUSED;
/* One sentence; arena. */
const char *plan_fault_text(const struct plan_tree *t, const struct plan_fault *f, struct arena *a);

/* Is a node the other, or below it? */
bool plan_tree_below(const struct plan_tree *t, int node, int top);
/* Behind, missed or exceeded, the furthest behind first; after measure. has: which nodes count, NULL =
 * all. Arena. */
int *plan_laggards(const struct plan_tree *t, const unsigned char *has, struct arena *a, int *n);

/* Adds up what the parts reached; after measure. */
void plan_tree_roll_up(struct plan_tree *t);

#endif
