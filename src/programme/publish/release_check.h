/* release_check: what anyone can check of a release's file, without a store: that no line was changed
 * or is missing, that every figure's definition is the text it names, that the parts of each figure
 * add up and every ratio and total is that of its terms, that another person approved it, and that the
 * signature, if there is one, holds.
 *
 * Whoever seals all lines anew can make another release that is sound in itself: the head printed
 * elsewhere, the office's key, or the store tell it from this one. */
#ifndef JD_PROGRAMME_RELEASE_CHECK_H
#define JD_PROGRAMME_RELEASE_CHECK_H

#include <stdio.h>

#include "base/sign.h"
#include "programme/publish/release.h"
#include "store/journal.h"

struct release_summary {
    const char *name, *title, *as_of, *made_by, *corrects, *reason, *approved_by; /* arena */
    int64_t lines, definitions, figures, claims, changes, heads;
    char head[DIGEST_HEX];        /* of what was frozen, as it is printed when it is made */
    char end[DIGEST_HEX];         /* with the approvals: of the last line before the signature */
    bool offices;                 /* for offices alone */
    bool is_signed, signature_holds;
    unsigned char key[SIGN_PUBLIC_LEN];
};
/* Told of each line that can be read. The line is the arena's. May be NULL. */
typedef bool release_seen_fn(void *arg, const char *kind, struct json *line, struct err *e);

/* Each fault names the line and the figure; arg is for seen. False only where the file cannot
 * be read on, or is no release or one of a newer format. */
bool release_check(FILE *file, struct arena *a, struct faults *f, release_seen_fn *seen,
                   void *arg, struct release_summary *out, struct err *e) WARN_UNUSED;

/* The same, and then against a store: are the journal's heads still in its chains, and does every figure
 * come out again, in every part, from the rows as they were at that instant and by the definitions that
 * stand in the release? Each member that does not is a fault that names the figure and both values. */
struct release_proof {
    int64_t same, different;
    const char *moved;            /* kinds of records that changed since and are read as now; arena */
};
bool release_prove(const struct release_world *w, FILE *file, struct arena *a, struct faults *f,
                   struct release_summary *out, struct release_proof *proof, struct err *e) WARN_UNUSED;

/* release_sums.c: the arithmetic of one figure; definition as its line has it. Each fault is told with
 * the line's number and name. */
struct release_sums { int64_t line; struct faults *told; struct arena *a; };
void release_sums_check(const struct release_sums *s, const struct json *figure,
                        const struct json *definition);

#endif
