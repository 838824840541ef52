/* The proof of the journal: every hash is computed again, and what does not fit is named. */
#include "store/chain.h"
#include "store/driver.h"
#include "store/seal.h"
#include "store/tables.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#define WRITERS 1024

struct claim { int64_t writer, seq; unsigned char hash[DIGEST_LEN]; bool seen; };

struct tail { int64_t seq; unsigned char hash[DIGEST_LEN]; bool any; };

struct proof {
    struct faults *told;
    struct claim *claims;        /* the heads it is held against */
    size_t n_claims;
    int64_t writer, seq;         /* the entry before, in chain order */
    bool linked;                 /* the entry before is there, and the hashes below are its */
    unsigned char stored[DIGEST_LEN], computed[DIGEST_LEN];
    struct tail *tails;          /* by writer number: the last entry seen */
    const struct store *store;
    const struct row_key *key;
    bool sealed;                 /* an earlier program's store is not: `upgrade` seals it */
    struct name_sum names;       /* of the settings there are */
    char names_stored[48];       /* and as the setting says */
};

static void check_claims(struct proof *p, const struct chain_entry *c)
{
    for (size_t i = 0; i < p->n_claims; i++) {
        struct claim *k = &p->claims[i];
        if (k->seen || k->writer != c->row.writer || k->seq != c->row.seq) continue;
        k->seen = true;
        if (memcmp(k->hash, c->row.hash, DIGEST_LEN) != 0)
            fault_tell(p->told, "journal: entry %" PRId64 " of writer %" PRId64 " is not the one that the "
                  "heads name: the chain was written anew", k->seq, k->writer);
    }
}

static void check_image(struct proof *p, const struct chain_entry *c, const struct val *image)
{
    const struct journal_row *r = &c->row;
    unsigned char digest[DIGEST_LEN];
    if (image->type == VAL_NULL && !c->image) return;
    if (image->type == VAL_NULL) {
        fault_tell(p->told, "image: what entry %" PRId64 " of writer %" PRId64 " kept of entity %u, county %"
              PRId64 ", id %" PRId64 " is gone", r->seq, r->writer, (unsigned)r->table, r->county,
              r->id);
        return;
    }
    if (c->image && image->type == VAL_BLOB) {
        if (image->n == 0) return; /* erased */
        digest_of(image->p, image->n, digest);
        if (memcmp(digest, c->image, DIGEST_LEN) == 0) return;
    }
    fault_tell(p->told, "image: what entry %" PRId64 " of writer %" PRId64 " kept of entity %u, county %"
          PRId64 ", id %" PRId64 " was changed", r->seq, r->writer, (unsigned)r->table, r->county,
          r->id);
}

/* Whether the chain goes on from the entry before; names a gap, a repetition or a new start. */
static void follow(struct proof *p, const struct journal_row *r)
{
    int64_t before = p->writer == r->writer ? p->seq : 0;
    if (p->writer != r->writer) {
        p->linked = true;
        memset(p->stored, 0, DIGEST_LEN);
        memset(p->computed, 0, DIGEST_LEN);
    }
    if (r->seq == before + 1) return;
    p->linked = false;
    if (r->seq <= before)
        fault_tell(p->told, "journal: writer %" PRId64 " has two entries %" PRId64 " (one in county %" PRId64
              "), or one out of order", r->writer, r->seq, r->county);
    else if (r->seq == before + 2)
        fault_tell(p->told, "journal: entry %" PRId64 " of writer %" PRId64 " is missing", before + 1,
              r->writer);
    else
        fault_tell(p->told, "journal: entries %" PRId64 " to %" PRId64 " of writer %" PRId64 " are missing",
              before + 1, r->seq - 1, r->writer);
}

/* A hash that was itself changed fits neither its entry nor the next one; the next one then fits
 * what the entry's own bytes give, so that one change is told once. */
static bool fits(struct proof *p, const struct chain_entry *c, unsigned char out[DIGEST_LEN])
{
    chain_hash(p->computed, c, out);
    if (memcmp(out, c->row.hash, DIGEST_LEN) == 0) return true;
    unsigned char other[DIGEST_LEN];
    chain_hash(p->stored, c, other);
    if (memcmp(other, c->row.hash, DIGEST_LEN) != 0) return false;
    memcpy(out, other, DIGEST_LEN);
    return true;
}

static bool prove_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct proof *p = arg;
    struct chain_entry c;
    unsigned char hash[DIGEST_LEN];
    (void)e;
    if (n != CHAIN_COLUMNS + 1 || !chain_read(row, CHAIN_COLUMNS, &c)) {
        fault_tell(p->told, "journal: entry %" PRId64 " of writer %" PRId64 " holds a value of a wrong type",
              row[2].i, row[1].i);
        p->linked = false;
        p->writer = row[1].i;
        p->seq = row[2].i;
        return true;
    }
    const struct journal_row *r = &c.row;
    follow(p, r);
    if (!p->linked) {
        memcpy(hash, r->hash, DIGEST_LEN);
    } else if (!fits(p, &c, hash)) {
        fault_tell(p->told, "journal: entry %" PRId64 " of writer %" PRId64 " was changed (entity %u, county %"
              PRId64 ", id %" PRId64 ")", r->seq, r->writer, (unsigned)r->table, r->county, r->id);
    }
    check_claims(p, &c);
    check_image(p, &c, &row[CHAIN_COLUMNS]);
    memcpy(p->computed, hash, DIGEST_LEN);
    memcpy(p->stored, r->hash, DIGEST_LEN);
    p->linked = true;
    p->writer = r->writer;
    p->seq = r->seq;
    if (r->writer >= 0 && r->writer < WRITERS) {
        struct tail *t = &p->tails[r->writer];
        t->any = true;
        t->seq = r->seq;
        memcpy(t->hash, r->hash, DIGEST_LEN);
    }
    return true;
}

static bool prove_writer(void *arg, const struct val *row, int n, struct err *e)
{
    struct proof *p = arg;
    int64_t number = row[0].i, seq = row[1].i;
    (void)n, (void)e;
    if (number < 0 || number >= WRITERS) {
        fault_tell(p->told, "writer: there is no writer %" PRId64, number);
        return true;
    }
    struct tail *t = &p->tails[number];
    bool same = seq == 0 ? row[2].type == VAL_NULL
                         : row[2].type == VAL_BLOB && row[2].n == DIGEST_LEN &&
                           memcmp(row[2].p, t->hash, DIGEST_LEN) == 0;
    if (t->seq < seq)
        fault_tell(p->told, "journal: writer %" PRId64 " ends at entry %" PRId64 ", and %" PRId64 " were "
              "written: its tail was cut", number, t->seq, seq);
    else if (t->seq > seq)
        fault_tell(p->told, "writer: the head of writer %" PRId64 " is entry %" PRId64 ", and its journal "
              "goes on to %" PRId64, number, seq, t->seq);
    else if (!same)
        fault_tell(p->told, "writer: the head of writer %" PRId64 " is not the hash of its last entry",
              number);
    else if (n > 5 && (row[5].type != VAL_INT || row[5].i != writer_seal(p->store, row)))
        fault_tell(p->told, "writer: the row of writer %" PRId64 " was changed outside the program", number);
    t->any = false;
    return true;
}

static bool prove_stray(void *arg, const struct val *row, int n, struct err *e)
{
    const struct proof *p = arg;
    (void)n, (void)e;
    fault_tell(p->told, "image: one of writer %" PRId64 ", entry %" PRId64 ", county %" PRId64
          " belongs to no entry", row[0].i, row[1].i, row[2].i);
    return true;
}

static bool prove_setting(void *arg, const struct val *row, int n, struct err *e)
{
    struct proof *p = arg;
    if (row[2].type != VAL_INT || row_digest(p->key, SETTING_NUMBER, row, 2) != row[2].i)
        fault_tell(p->told, "setting: %.*s was changed outside the program", (int)row[0].n, row[0].p);
    if (strcmp(row[0].p, SETTING_NAMES) == 0)
        snprintf(p->names_stored, sizeof p->names_stored, "%.*s", (int)row[1].n, row[1].p);
    return name_sum_add(&p->names, row, n, e);
}

static bool prove_settings(struct proof *p, struct db *d, struct err *e)
{
    char text[48];
    p->names.key = p->key;
    if (!db_query(d, &store_sql[STORE_SETTINGS], NULL, 0, prove_setting, p, e)) return false;
    name_sum_text(&p->names, text);
    if (p->sealed && strcmp(text, p->names_stored) != 0)
        fault_tell(p->told, "setting: settings were removed, added or renamed outside the program");
    return true;
}

static bool prove_file(void *arg, const struct val *row, int n, struct err *e)
{
    const struct proof *p = arg;
    (void)n, (void)e;
    if (row[0].type != VAL_TEXT || row[0].n != 2 || memcmp(row[0].p, "ok", 2) != 0)
        fault_tell(p->told, "file: %.*s", row[0].type == VAL_TEXT ? (int)row[0].n : 0, row[0].p);
    return true;
}

static bool read_claims(struct proof *p, const char *text, struct err *e)
{
    for (const char *at = text; at && *at;) {
        const char *end = strchr(at, '\n');
        size_t n = end ? (size_t)(end - at) : strlen(at);
        struct claim k = { 0 };
        char hex[DIGEST_HEX + 1] = { 0 }, line[128];
        snprintf(line, sizeof line, "%.*s", (int)(n < 127 ? n : 127), at);
        at = end ? end + 1 : NULL;
        if (n == 0 || line[0] == '#') continue;
        if (n > 126 || sscanf(line, "%" SCNd64 " %" SCNd64 " %65s", &k.writer, &k.seq, hex) != 3 ||
            strlen(hex) != DIGEST_LEN * 2 || !digest_unhex(hex, DIGEST_LEN * 2, k.hash))
            return err_set(e, ERR_INVALID, "\"%.60s\" is no line of heads: writer, entry, hash",
                           line);
        p->claims = mem_grow(p->claims, (p->n_claims + 1) * sizeof *p->claims);
        p->claims[p->n_claims++] = k;
    }
    return true;
}

static bool prove(struct proof *p, struct db *d, struct err *e)
{
    if (!db_query(d, &store_sql[STORE_JOURNAL_PROOF], NULL, 0, prove_row, p, e)) return false;
    int64_t sealed;
    if (!db_int(d, &store_sql[STORE_SEALED], NULL, 0, &sealed, NULL, e)) return false;
    p->sealed = sealed > 0;
    if (!db_query(d, &store_sql[p->sealed ? STORE_WRITERS_SEALED : STORE_WRITERS], NULL, 0,
                  prove_writer, p, e))
        return false;
    for (int i = 0; i < WRITERS; i++)
        if (p->tails[i].any) fault_tell(p->told, "writer: writer %d has a journal, and no row of its own", i);
    for (size_t i = 0; i < p->n_claims; i++)
        if (!p->claims[i].seen)
            fault_tell(p->told, "journal: entry %" PRId64 " of writer %" PRId64 ", named in the heads, is not "
                  "there: the tail was cut", p->claims[i].seq, p->claims[i].writer);
    return db_query(d, &store_sql[STORE_INTEGRITY], NULL, 0, prove_file, p, e) &&
           db_query(d, &store_sql[STORE_IMAGE_STRAY], NULL, 0, prove_stray, p, e) &&
           prove_settings(p, d, e) &&
           (!p->sealed ||
            seal_verify(d, &store_tables[TABLE_LOAD], p->told, e));
}

bool journal_verify(struct db *d, const char *against, struct faults *f, struct err *e)
{
    struct proof p = { .told = f, .writer = -1, .key = store_row_key(db_store(d)),
                       .store = db_store(d) };
    bool own = d->state == DB_IDLE, ok = read_claims(&p, against, e);
    p.tails = mem_alloc(WRITERS * sizeof *p.tails);
    if (ok && own) ok = db_begin_read(d, e);
    ok = ok && prove(&p, d, e);
    if (own) db_end_read(d);
    free(p.tails);
    free(p.claims);
    return ok;
}
