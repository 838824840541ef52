/* copy_parts: shared between the parts of a copy: copy.c begins and ends it, copy_plan.c finds what
 * is read and written, copy_rows.c streams, copy_proof.c compares. Private to store/. */
#ifndef JD_STORE_COPY_PARTS_H
#define JD_STORE_COPY_PARTS_H

#include "base/map.h"
#include "store/copy.h"
#include "store/driver.h"

#define COPY_KEY 8              /* columns of a key */

struct copy_table {
    const struct table *t;      /* as declared, and with what else the original has */
    const struct table *bare;   /* the same without its own indexes: they come after the rows */
    int key[COPY_KEY], n_key;   /* columns */
    int county;                 /* column, or -1 */
    struct stmt all, insert, drop;
};

/* What the rows of one table in one county come to: each row's bytes behind the digest so far. */
struct tally_key { int64_t table, county; };
struct tally { int64_t rows; unsigned char digest[DIGEST_LEN]; };
struct tallies { struct map map; struct buf bytes; };
void tallies_init(struct tallies *t);
void tallies_free(struct tallies *t);
void tallies_add(struct tallies *t, const struct copy *c, int table, const struct val *row);

struct copy {
    struct store *from, *to;
    struct db *source, *target; /* read: the snapshot, and what is there already */
    struct db *writer;
    char *mark;
    struct arena arena;
    struct copy_table *tables;
    int n;
    struct tallies had, has;    /* of the original; read back */
    struct buf heads, left;
    int64_t rows, kept;
    bool again;                 /* an interrupted copy is taken up */
};

/* Fills c->tables, and c->left with the names of tables that nobody declared. */
bool copy_plan(struct copy *c, const struct table *const *tables, int n, struct err *e) WARN_UNUSED;

#endif
