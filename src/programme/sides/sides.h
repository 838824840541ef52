/* sides: two sides, one record. What passes between helper and helped is reported by one end of a
 * row and confirmed, corrected or disputed by the other; each organisation's word is one row of
 * `confirmation`, changed in place with its history in the journal.
 *
 * The field `confirmation` of a row follows from these words: it is written in the transaction that
 * writes a word or changes the row, and it is refused as typed once there are words. A word holds
 * for the row as it was said of: when the row's facts change it is past, and the row waits again;
 * when they become what the other side had corrected them to, both agree.
 *
 * Everything here takes a model whose observer is guard's (guards_observe), which calls
 * sides_complete before a row is written and sides_follow after. */
#ifndef JD_PROGRAMME_SIDES_H
#define JD_PROGRAMME_SIDES_H

#include "base/map.h"
#include "programme/room.h"

enum confirmation_col { CONFIRMATION_RECORD_OF, CONFIRMATION_RECORD, CONFIRMATION_ORGANISATION,
    CONFIRMATION_PLACE, CONFIRMATION_SIDE, CONFIRMATION_SAYS, CONFIRMATION_CORRECTION,
    CONFIRMATION_REASON, CONFIRMATION_EVIDENCE, CONFIRMATION_EVIDENCE_NAME, CONFIRMATION_SAID_ON,
    CONFIRMATION_SEEN, CONFIRMATION_PACKAGE, CONFIRMATION_NCOLS };

extern const struct entity confirmation_entity;

/* ---- the two ends of a row ---- */

enum side { SIDE_NONE, SIDE_HELPER, SIDE_HELPED };
enum { ENDS_MAX = 3 };
struct ends { int64_t org[3][ENDS_MAX]; int64_t place; }; /* org by enum side; 0 = not known */

bool two_sided(const struct table_map *m);
int two_sided_count(void);
const char *two_sided_name(int i);
void row_ends(const struct table_map *m, const struct val *row, struct ends *out);
/* Does the organisation act for one of the ends? It does for itself, for units below it, for a joint
 * party it is a member of, and an authority on the helped side for every row of its place. */
bool acts_for(const struct model *mo, struct db *d, const struct ends *ends, int64_t org,
              enum side *out, struct err *e) WARN_UNUSED;
/* The same for many rows: what was found is remembered. */
struct actor {
    struct db *d; int64_t org;
    struct place_range range[64]; int ranges;
    struct map above;
};
bool actor_open(struct actor *x, const struct model *mo, struct db *d, int64_t org,
                struct err *e) WARN_UNUSED;
void actor_close(struct actor *x);
bool actor_side(struct actor *x, const struct ends *ends, enum side *out, struct err *e) WARN_UNUSED;
/* Is it that organisation, above it, or a member of it? */
bool actor_above(struct actor *x, int64_t org, bool *out, struct err *e) WARN_UNUSED;

/* ---- words ---- */

enum says { SAYS_REPORTED, SAYS_CONFIRMED, SAYS_CORRECTED, SAYS_DISPUTED };
const char *says_word(enum says s);
bool says_read(const char *word, enum says *out);

struct word {
    int64_t id, organisation, recorded;
    enum side side;
    enum says says;
    const char *correction, *reason, *evidence, *evidence_name, *seen, *package;
    int32_t said_on;
    bool past;                 /* said of the row as it was before; by standing_of */
    bool agreed;               /* the row is what this word says it is; by standing_of */
};
struct words { struct word *at; int n; };
/* All of a row, in the order in which each first spoke; arena. */
bool words_read(struct db *d, const struct table_map *m, const struct val *row, struct arena *a,
                struct words *out, struct err *e) WARN_UNUSED;

/* What a row says to the other side: no key, nothing personal, nothing computed, nothing about where
 * it was taken from. facts_digest is over the texts of these fields, so that it is the same in every
 * store. */
bool told_field(const struct table_map *m, int f);
bool personal_field(const struct table_map *m, int f);
enum { FACTS_HEX = 17 };
void facts_digest(const struct model *mo, struct db *d, const struct table_map *m,
                  const struct val *row, struct arena *a, char out[FACTS_HEX]);

struct standing { enum side reporter; const char *confirmation; /* code, borrowed */ };
bool standing_of(const struct model *mo, struct db *d, const struct table_map *m,
                 const struct val *row, struct words *w, struct arena *a, struct standing *out,
                 struct err *e) WARN_UNUSED;

/* One value that an organisation puts beside the row's. */
struct correction { int field; const char *value; };
/* Of a word's JSON text; arena. */
bool corrections_read(const struct table_map *m, const char *text, struct arena *a,
                      struct correction **out, int *n, struct err *e) WARN_UNUSED;

/* ---- saying it ---- */

struct confirm_request {
    const char *entity, *record;          /* natural key, or id */
    int64_t organisation;
    enum says says;
    const char *correction;               /* "amount=900; quantity=3" */
    const char *correction_json;          /* the same as a word keeps it; goes before */
    const char *seen;                     /* what it was said of elsewhere; NULL = the row here */
    const char *reason;
    const char *evidence, *evidence_name; /* digest in hex; NULL = none */
    int32_t on;                           /* the day it was said */
    const char *package;                  /* that brought it, or NULL */
};
struct confirm_done {
    const char *was, *is; int64_t county, id;
    bool changed;
    bool began;                /* something was written, or tried to be */
};
/* Everything that may speak against it is looked at before anything is written. */
bool confirm(struct tx *tx, const struct model *mo, const struct confirm_request *q,
             struct arena *a, struct confirm_done *out, struct err *e) WARN_UNUSED;

/* Digest of a file, for `evidence`. */
bool evidence_digest(const char *path, char hex[DIGEST_HEX], struct err *e) WARN_UNUSED;

/* Many words from a sheet (CSV or workbook) with the columns record_of, record, organisation, says, and if wanted
 * correction, reason, evidence (a file beside the sheet, or its digest) and said_on. Rows that
 * cannot be taken go to NAME.refused.csv; the same sheet again changes nothing. */
struct confirm_sheet {
    const char *path;
    int32_t today;
    int64_t rows, said, unchanged, refused;
    char refused_path[4096];   /* "" = nothing was refused */
};
bool confirm_sheet(struct store *s, const struct model *mo, struct confirm_sheet *sheet,
                   struct err *e) WARN_UNUSED;

/* ---- what watches over it ---- */

bool sides_complete(struct tx *tx, const struct model *mo, const struct table_map *m,
                    const struct val *before, struct val *row, struct err *e) WARN_UNUSED;
bool sides_follow(struct tx *tx, const struct model *mo, const struct table_map *m,
                  const struct val *before, const struct val *after, struct err *e) WARN_UNUSED;
/* The part of `jiedui verify`: every standing against its words. */
bool sides_verify(const struct model *mo, struct db *d, struct faults *f, struct err *e) WARN_UNUSED;

/* ---- lists ---- */

struct side_item {
    const struct table_map *m;
    const struct val *row;
    const char *record;
    struct ends ends;
    struct standing standing;
    const struct word *word;   /* of `disputed`: the word that stands against the row */
};
typedef bool side_fn(void *arg, const struct side_item *i, struct err *e);
struct side_query {
    const struct model *mo;
    struct db *d;
    int64_t org, place;        /* 0 = all */
    const char *entity;        /* NULL = all */
    const struct scope *scope; /* of who looks; NULL = all is seen */
    int64_t most;              /* of waiting: rows of a kind that are looked at; 0 = all */
    const bool *enough;        /* of disputed: set by fn when it wants no more; or NULL */
};
/* Rows whose other side has not spoken; with org, those that wait for it. */
bool sides_waiting(const struct side_query *q, side_fn *fn, void *arg, struct err *e) WARN_UNUSED;
/* Corrections and disputes that stand. */
bool sides_disputed(const struct side_query *q, side_fn *fn, void *arg,
                    struct err *e) WARN_UNUSED;

/* A word that corrects or disputes; the index of confirmations has these. */
#define WORD_AGAINST "says in ('corrected', 'disputed')"

enum sides_stmt { SIDES_WORDS, SIDES_ACTS, SIDES_AUTHORITY, SIDES_WORD_BY, SIDES_EACH, SIDES_AGAINST,
                  SIDES_N_STMTS };
extern const struct stmt_table sides_stmts;

#endif
