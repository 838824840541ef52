/* claim_rows: every claim with its verdict, for the pages that show them. Private to pages/. */
#ifndef JD_PAGES_CLAIM_ROWS_H
#define JD_PAGES_CLAIM_ROWS_H

#include "pages/parts.h"

struct claim_row {
    const char *code, *source, *text, *figure, *claimed, *computed, *difference, *rests_on;
    const char *reading, *reason;
    enum claim_verdict verdict;
    bool same_source;
    int64_t county, id;            /* the claim's own row */
    struct asked asked;            /* what the figure was asked for */
};
struct claim_source { const char *key, *title; int n; };
struct claim_rows {
    struct claim_row *at; int n;
    int of[3];                     /* by verdict */
    int same_source;
    struct claim_source *sources; int n_sources;
};
/* In the order of the claims' rows. */
bool claim_rows_read(struct request *q, struct claim_rows *out, struct err *e) WARN_UNUSED;
const char *verdict_text(const struct request *q, enum claim_verdict v, bool many);
void verdict_tag(const struct request *q, struct buf *b, enum claim_verdict v);
/* "restated, same source": a tag. */
void claim_rests(struct request *q, struct buf *b, const struct claim_row *c);
/* "≥ 50 county" as the page's language writes it. */
const char *printed_number(struct request *q, const char *text);

/* How many hold, differ, cannot be computed; and by source. */
void verdict_panel(struct request *q, struct buf *b, const struct claim_rows *c);

#endif
