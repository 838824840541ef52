/* verify: the parts of entity_verify. Private to entity/. */
#ifndef JD_ENTITY_VERIFY_H
#define JD_ENTITY_VERIFY_H

#include "base/map.h"
#include "entity/load.h"
#include "entity/plan.h"
#include "store/journal.h"

struct verify {
    const struct model *model;
    struct db *db;
    const struct row_key *key;
    struct faults *told;
    int64_t pending;               /* number of the pending load, or -1 */
    struct map sums;               /* struct tally_key -> struct tally: rows by table and county */
    struct map claims;             /* struct tally_key (kind and county) -> struct tally */
    struct arena arena;            /* of the row or entry at hand */
};

struct tally_key { int64_t what, county; };
/* Rows: how many there are and the sum of their digests, by the journal. Claims: what rows claim
 * minus what is claimed; both 0 when all is well. */
struct tally { int64_t count; uint64_t sum; };

/* verify_claims.c */
void verify_claim_row(struct verify *v, const struct table_map *m, const struct val *row);
bool verify_claims(struct verify *v, struct err *e) WARN_UNUSED;

/* verify_county.c: names the rows of one county that were added, removed or replaced. */
bool verify_county(struct verify *v, const struct table_map *m, int64_t county, bool *named,
                   struct err *e) WARN_UNUSED;

#endif
