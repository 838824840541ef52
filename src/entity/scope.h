/* scope: what one user may see. Every read of rows and figures takes one, below every page, list,
 * export and total; NULL lets nothing through. One function of the programme makes it from the
 * account; who has no account is the public.
 *
 * A row is seen when its kind is open to the role, and it lies in one of the places, or names one of
 * the organisations, or lies in a place of a pairing that has ended and is dated inside it. A row
 * without a place of its own is seen with the row it belongs to. Kinds of ACCESS_OPEN are seen
 * everywhere.
 *
 * The public sees the rows that were published (enum publicity), wherever they lie; totals of what it
 * may read by kind, up to a day, also over rows that were not; and totals of people as figure/mask.c
 * cuts them. */
#ifndef JD_ENTITY_SCOPE_H
#define JD_ENTITY_SCOPE_H

#include "base/buf.h"
#include "base/digest.h"
#include "entity/entity.h"

enum role { ROLE_NONE, ROLE_PUBLIC, ROLE_HELPER, ROLE_VILLAGE, ROLE_LABOUR, ROLE_OFFICER,
            ROLE_AUDITOR, ROLE_ADMIN, ROLE_N };

/* Bits over enum access. */
struct role_rights {
    const char *code, *en, *zh;
    uint32_t reads, writes;
    bool reveals;                  /* may ask for masked fields, with a reason */
    bool journal;                  /* may search the journal */
    bool manages;                  /* accounts and the store */
};
extern const struct role_rights role_rights[ROLE_N];
enum role role_find(const char *code, size_t n);          /* ROLE_NONE when there is none */

/* A pairing that is over: rows of these places dated from..to. */
struct past_range { int64_t lo, hi; int32_t from, to; };

struct scope {
    enum role role;
    bool everywhere;
    int64_t place;                                        /* when it is one place and nothing else */
    const struct place_range *range; int ranges;          /* rising, apart from each other */
    const struct past_range *past; int pasts;
    const int64_t *org; int orgs;                         /* own organisation and those below; rising */
    const int64_t *partner; int partners;                 /* seen as organisations alone; rising */
    int32_t until;                                        /* public: last day that totals are told of */
    uint32_t totals;                                      /* bits over enum access: told, though no row is */
};
/* The program itself: its command line, jobs and proofs. */
extern const struct scope scope_all;
/* What is printed and released for everybody: as the public reads, of any day, with totals of money. */
extern const struct scope scope_release;
/* Who has not signed in, where a store is open to the public: years that are over. */
struct scope scope_public(int32_t today);
bool scope_is_public(const struct scope *s);

bool scope_reads(const struct scope *s, enum access kind);
/* Are totals of this kind told as they are? */
bool scope_totals(const struct scope *s, enum access kind);
/* May rows of this kind be seen at all? */
bool scope_kind(const struct scope *s, const struct table_map *m);
bool scope_writes(const struct scope *s, const struct table_map *m);
/* Fields that may be shown, exported, filtered and sorted by: none that is personal, no reference
 * to a hidden kind; for the public, none to what it may not see. */
bool scope_field(const struct scope *s, const struct model *mo, const struct table_map *m, int field);
/* Is this rule text about such fields alone? NULL is. */
bool scope_rule(const struct scope *s, const struct model *mo, const struct table_map *m,
                const char *where, struct arena *a, struct err *e) WARN_UNUSED;

/* " and (...)", or nothing where all rows are seen. The row's table is named by its entity. */
void scope_sql(struct buf *b, const struct scope *s, const struct model *mo,
               const struct table_map *m, enum engine engine);
/* " and (...)" for the public: rows that were published; nothing for anybody else. */
void published_sql(struct buf *b, const struct scope *s, const struct model *mo, const struct table_map *m,
                   enum engine engine);
/* row_get for who may see it: *found is false for what lies outside, and for rows of a load that is
 * not visible yet. */
bool row_seen(const struct model *mo, struct db *d, const struct scope *s,
              const struct table_map *m, int64_t county, int64_t id, struct arena *a,
              struct val *row, bool *found, struct err *e) WARN_UNUSED;
/* Does the scope hold all of a place (its ranges), of an organisation? */
bool scope_holds(const struct scope *s, const struct place_range *r, int n);
bool scope_owns(const struct scope *s, int64_t org);
/* A digest of all that a scope lets through, hex: the same text, the same scope. */
void scope_mark(const struct scope *s, char out[DIGEST_HEX]);
/* May who sees this much write this row? By its place, an organisation it names, or its county. */
bool scope_takes_row(const struct scope *s, const struct table_map *m, const struct val *row);
/* The ranges as a condition, however many: single codes and counties as lists, the others as a tree of
 * "or" that is not deep. county is the column that the place lies in, or NULL; place may be NULL, and then
 * the counties alone narrow. */
void ranges_sql(struct buf *b, const char *county, const char *place, const struct place_range *r, int n);
/* Ranges put in order and joined where they touch; returns how many are left. */
int ranges_tidy(struct place_range *r, int n);

#endif
