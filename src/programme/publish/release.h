/* release: figures and claims frozen as of an instant, with all that is needed to check them.
 *
 * A release is a chain of lines (seal.h), of these kinds and in this order:
 *   release      name, title, as of which instant, by whom; what it corrects and why; how many lines
 *                of each kind follow
 *   definition   a figure's text, labels, unit; its version is the digest of the text. Figures that
 *                others are made of come before them
 *   figure       one value: its place, organisation, period; qualifier, bounds, what it rests on, how
 *                much of it both sides confirmed; terms of a ratio or total; digest of the rows
 *   claim        what somebody printed, and the verdict
 *   change       how a figure differs from the release that is corrected
 *   head         the end of each chain of the journal: exactly these entries are in the figures
 *   approval     by whom and when, another person than made it
 *   signature    in a file alone: Ed25519 over the hash of the line before
 *
 * Numbers are text with all their decimals, so that nothing is rounded on the way. A release is for the
 * public, and its figures of people are those that the public is told (figure/mask.c), without parts or
 * a digest of rows; or for offices alone: then it is exact, says so in its first line, and is shown to
 * nobody else.
 *
 * In the store its lines are rows of publication_item; nothing of a release is ever changed. */
#ifndef JD_PROGRAMME_RELEASE_H
#define JD_PROGRAMME_RELEASE_H

#include "figure/figure.h"
#include "programme/publish/seal.h"

#define RELEASE_FORMAT 1
#define RELEASE_CUT "whole tens"     /* "cut" of a figure of people: sums of counties and years, each cut down */

/* What a release is made from, borrowed. The context may speak of the past. */
struct release_world {
    struct store *store;
    struct db *db;
    const struct model *model;
    const struct figure_context *context;
    struct clock clock;
    const struct scope *scope; /* as whom its figures are read; release_make takes it from the wish */
};

struct release_wish {
    const char *name, *title, *by;
    const char *corrects, *reason;         /* NULL = corrects none */
    int64_t as_of;                         /* 0 = now */
    bool offices;                          /* for offices alone, exact */
    const struct figure_query *queries; size_t n;
    bool claims;
    const char *claims_source;             /* NULL = all */
};

/* Freezes it and writes it to the store, in one transaction. ERR_CONFLICT when the name is taken;
 * ERR_INVALID for a correction that corrects nothing or gives no reason. */
struct release_made { int64_t id, as_of; size_t figures, claims, changes; char head[DIGEST_HEX]; };
bool release_make(const struct release_world *w, const struct release_wish *wish,
                  struct release_made *out, struct err *e) WARN_UNUSED;

/* The row of a release; strings are the arena's. corrects is "" where it corrects none. */
struct release_row {
    int64_t id, as_of, recorded, figures, claims;
    bool for_public;
    const char *name, *title, *made_by, *corrects, *reason, *head;
};
/* The public finds those that are for it and approved; who may not read people everywhere, all that are
 * for the public; others are told of as of none that is there. */
bool release_find(struct db *d, const struct scope *s, const char *name, struct arena *a,
                  struct release_row *out, struct err *e) WARN_UNUSED;
/* fn may not use d. */
typedef bool release_fn(void *arg, const struct release_row *r, struct err *e);
bool release_each(struct db *d, const struct scope *s, struct arena *a, release_fn *fn, void *arg,
                  struct err *e) WARN_UNUSED;
/* As whom the figures of a release are read. */
static inline const struct scope *release_scope(bool offices)
{
    return offices ? &scope_all : &scope_release;
}
/* Its lines in order. Strings live until fn returns. */
struct release_line { int64_t line; const char *kind, *body, *hash; size_t n; };
typedef bool release_line_fn(void *arg, const struct release_line *l, struct err *e);
bool release_lines(struct db *d, int64_t id, release_line_fn *fn, void *arg, struct err *e) WARN_UNUSED;

/* Who approved: names joined by ", "; "" = nobody yet. */
bool release_approved(struct db *d, int64_t id, struct arena *a, const char **by,
                      struct err *e) WARN_UNUSED;
bool release_approve(const struct release_world *w, const char *name, const char *by,
                     struct err *e) WARN_UNUSED;

/* ---- parts, for the files of this room ---- */

/* Bodies of lines, appended. A figure's is ERR_NOT_FOUND when there is no such figure. A head comes as
 * "writer seq hash". */
struct release_counts { size_t definitions, figures, claims, changes, heads; };
void release_header_body(const struct release_wish *x, int64_t as_of, const char *corrects_head,
                         const struct release_counts *n, struct buf *out);
void release_definition_body(const struct figure *f, struct buf *out);
bool release_figure_body(const struct release_world *w, const struct figure_query *q, struct buf *out,
                         struct err *e) WARN_UNUSED;
void release_claim_body(const struct claim_result *r, struct buf *out);
void release_head_body(const char *head, size_t n, struct buf *out);
void release_approval_body(const char *by, int64_t at, struct buf *out);

/* What differs between the figures of an earlier release and these, appended to changes. */
bool release_changes(struct db *d, int64_t earlier, const struct seal *figures,
                     struct seal *changes, struct err *e) WARN_UNUSED;
/* Writes the release's row and its lines. */
bool release_put(const struct release_world *w, const struct release_wish *x, int64_t corrects,
                 const struct seal *lines, struct release_made *made, struct err *e) WARN_UNUSED;
/* "aid_received, Hotan, from 2020-01-01, to 2020-12-31": a figure's line for messages. Arena. */
const char *release_line_name(const struct json *line, struct arena *a);
/* A member as text: a text, or a number written out; "" when it is absent or null. Arena. */
const char *release_member(const struct json *line, const char *key, struct arena *a);

#endif
