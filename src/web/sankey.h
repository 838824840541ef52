/* sankey: amounts that flow from stage to stage, as an SVG the server writes. Each band and each box is
 * a link; the whole is one tab stop. The picture is bounded whatever the data: small boxes are merged
 * first. Nodes and links are the caller's; what is computed lies in the arena. */
#ifndef JD_WEB_SANKEY_H
#define JD_WEB_SANKEY_H

#include "base/arena.h"
#include "base/buf.h"

struct flow_node {
    int stage;
    const char *label, *url;
    int64_t in_hand;               /* what has not gone on */
    int merged;                    /* of how many boxes it is made; 0 and 1 = itself */
    int64_t value;                 /* computed: the larger of what came and what went on or lies here */
};
struct flow_link {
    int from, to;                  /* nodes; from's stage is before to's */
    int64_t value;                 /* over 0 */
    const char *url;
    bool on;                       /* stands out */
};
struct flow {
    const char *const *stages; int n_stages;
    struct flow_node *nodes; int n_nodes;
    struct flow_link *links; int n_links;
    /* How an amount, and a merged box of `count`, are written; arena texts. */
    const char *(*amount)(void *arg, int64_t value);
    const char *(*others)(void *arg, int stage, int count);
    const char *(*others_url)(void *arg, int stage);
    const char *in_hand;           /* "in hand" */
    void *arg;
};

/* Adds up each node; flow_merge does it for its result. */
void flow_balance(struct flow *f, struct arena *a);
/* A flow with at most `most` boxes a stage: the largest, and one that holds the others. */
struct flow flow_merge(const struct flow *f, int most, struct arena *a);
/* From left to right; `down`: from top to bottom, for narrow screens. */
void chart_sankey(struct buf *b, const char *name, const struct flow *f, int width, bool down,
                  struct arena *a);

#endif
