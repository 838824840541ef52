/* The proof of the look-up forms: their number and the sum of their digests. */
#include <inttypes.h>
#include <stdio.h>

#include "programme/place/place.h"
#include "store/schema.h"

struct names { const struct row_key *key; int64_t count; uint64_t sum; };

static bool add_name(void *arg, const struct val *row, int n, struct err *e)
{
    struct names *s = arg;
    (void)e;
    s->sum += (uint64_t)row_digest(s->key, PLACE_NAMES_TABLE, row, (size_t)n);
    s->count++;
    return true;
}

bool place_verify(struct db *d, struct faults *f, struct err *e)
{
    struct names s = { .key = store_row_key(db_store(d)) };
    struct arena a = { 0 };
    const char *was = NULL;
    char now[64];
    bool ok = setting_get(d, PLACE_NAMES_SETTING, &a, &was, e) &&
              db_query(d, &place_stmts.stmts[PLACE_NAME_ALL], NULL, 0, add_name, &s, e);
    snprintf(now, sizeof now, "%" PRId64 " %016" PRIx64, s.count, s.sum);
    if (ok && strcmp(was ? was : "0 0000000000000000", now) != 0)
        fault_tell(f, "place_name: the forms by which places are found were changed outside the program");
    arena_free(&a);
    return ok;
}
