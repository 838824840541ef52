/* needs: what places and households need, what helpers offer, and what of the one could meet the
 * other. A suggestion says what its score is made of; what cannot be (another area, outside the
 * pairing, nothing left, not in force) is not suggested. */
#ifndef JD_PROGRAMME_PAIRING_NEEDS_H
#define JD_PROGRAMME_PAIRING_NEEDS_H

#include "programme/pairing/above.h"
#include "programme/pairing/pairing.h"
#include "programme/rows/rows.h"

/* Quantities are numbers, or fen where `money`; of a need, what is still to be met; of an offer, what
 * is left. */
struct demand {
    const char *code, *title, *focus, *kind, *unit, *household;
    int64_t county, id, place, quantity, amount, left_quantity, left_amount;
    int64_t project_county, project, met, agreed;  /* met: delivered or done; agreed: not failed */
    bool has_amount, has_quantity;
    int32_t met_on, from, to;
};
struct supply {
    const char *code, *title, *focus, *kind, *unit;
    int64_t county, id, place, helper, quantity, amount, left_quantity, left_amount;
    int64_t used;                      /* dockings that are not failed */
    bool has_amount, has_quantity;
    int32_t from, to;
};
struct docked {
    const char *code, *state, *why, *reason;
    int64_t county, id, place, need, offer_county, offer, taken, amount, project_county, project;
    int64_t score;
    bool has_taken, has_amount;
    int32_t proposed, agreed, delivered, ended;
};

struct need_book {
    struct db *d;
    const struct model *mo;
    struct arena *a;
    int32_t on;
    struct demand *need; int n_needs;
    struct supply *offer; int n_offers;
    struct docked *docked; int n_docked;
    struct rows projects;              /* of PAIRING_ALL_PROJECTS */
    struct rows agreements;            /* of PAIRING_PAIRS */
    struct above above;
};
/* All of them, as of a day. */
bool needs_read(struct need_book *n, struct db *d, const struct model *mo, int32_t on, struct arena *a,
                struct err *e) WARN_UNUSED;
void needs_close(struct need_book *n);
const struct demand *needs_find(const struct need_book *n, const char *code);
const struct supply *offers_find(const struct need_book *n, const char *code);
const struct docked *docked_find(const struct need_book *n, const char *code);
const struct demand *need_of(const struct need_book *n, const struct docked *k);
const struct supply *offer_of(const struct need_book *n, const struct docked *k);
/* Does the project come from a need, or from a docking of one? */
bool project_needed(const struct need_book *n, int64_t county, int64_t id);

struct fit {
    const struct demand *need; const struct supply *offer;
    int score;                         /* of 100; 0 = it cannot be */
    bool money;
    int64_t quantity;                  /* how much of it fits */
    const char *why;                   /* arena */
};
bool needs_fit(struct need_book *n, const struct demand *d, const struct supply *s, struct fit *out,
               struct err *e) WARN_UNUSED;
/* The offers that could meet a need, the best first; arena. */
bool needs_suggest(struct need_book *n, const struct demand *d, struct fit **out, int *count,
                   struct err *e) WARN_UNUSED;

/* A docking of the two, proposed; taken 0 = as much as fits. code is the new docking's (arena). */
struct dock_request {
    const char *need, *offer, *project;
    int64_t taken;                     /* a number, or fen */
    bool given;
    int32_t on;
};
bool needs_dock(struct tx *tx, const struct model *mo, const struct dock_request *q,
                struct arena *a, const char **code, struct fit *fit, struct err *e) WARN_UNUSED;

enum dock_step { DOCK_AGREE, DOCK_DELIVER, DOCK_DONE, DOCK_FAIL };
/* The next state; a need that is met in full by what is done gets its day. */
bool needs_step(struct tx *tx, const struct model *mo, const char *code, enum dock_step step,
                const char *reason, int32_t on, struct arena *a, struct err *e) WARN_UNUSED;

#endif
