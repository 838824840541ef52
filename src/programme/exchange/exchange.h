/* exchange: packages between offices that share no server. A package is one file: the sender's
 * records that the receiver is the other side of, and the sender's words (sides/sides.h) on them, as
 * CSV files, with a manifest that says who sends what to whom and a signature over it.
 *
 * The container is doc/tar.h, so every byte is accounted for: names, sizes and digests of the files
 * are in manifest.json, whose Ed25519 signature is manifest.sig. The digest of the manifest is the
 * package's id; packages from one office to another are numbered, and each names the one before.
 *
 * What arrives of a record is one row of `package_item`, whatever package brought it; a package with
 * a higher number goes over it, one with a lower number does not. So packages may come in any order,
 * twice, or not at all, and a later whole one makes good for all. Words go to their records at once;
 * one that has no record yet waits as an item. Taking a package is a load: it becomes visible whole,
 * and a process that dies leaves nothing (entity/load.h); what follows from it (words, matches that
 * the rule confirms) is done in transactions of its own and taken up again by the next command.
 *
 * Legs of the ledger stay at home: they are numbered by the store that posted them.
 *
 * Nothing personal leaves but with `personal`, which needs an agreement between the two offices, and
 * then only for records whose helped side the receiver acts for. */
#ifndef JD_PROGRAMME_EXCHANGE_H
#define JD_PROGRAMME_EXCHANGE_H

#include "base/sign.h"
#include "programme/room.h"

enum office_key_col { OFFICE_KEY_PUBLIC_KEY, OFFICE_KEY_ORGANISATION, OFFICE_KEY_FINGERPRINT,
    OFFICE_KEY_OWN, OFFICE_KEY_CONFIRMS, OFFICE_KEY_SINCE, OFFICE_KEY_ENDED, OFFICE_KEY_NCOLS };
enum package_col { PACKAGE_ID, PACKAGE_WAY, PACKAGE_SENDER, PACKAGE_RECEIVER, PACKAGE_NUMBER,
    PACKAGE_PREVIOUS, PACKAGE_MADE_AT, PACKAGE_RECORDS, PACKAGE_WORDS, PACKAGE_PUBLIC_KEY,
    PACKAGE_PERSONAL, PACKAGE_NCOLS };
enum package_item_col { ITEM_SENDER, ITEM_RECORD_OF, ITEM_RECORD, ITEM_PLACE, ITEM_PACKAGE,
    ITEM_NUMBER, ITEM_STATE, ITEM_OURS, ITEM_CONTENT, ITEM_DIGEST, ITEM_REASON, ITEM_DECIDED,
    ITEM_NCOLS };

extern const struct entity office_key_entity, package_entity, package_item_entity;

#define PACKAGE_VERSION 1
enum { PACKAGE_FILES = 64, FINGERPRINT = 60 };

/* ---- keys (office.c) ---- */

/* "1a2b 3c4d ...": 16 bytes of the key's digest, to be read out over the telephone. */
void key_fingerprint(const unsigned char open[SIGN_PUBLIC_LEN], char out[FINGERPRINT]);
/* Makes a key pair: the secret half into a new file that only its owner reads, the public half into
 * another that is sent to other offices, and a row of office_key. */
struct key_request {
    int64_t organisation;
    const char *secret, *open;         /* file names */
    const unsigned char *seed;         /* tests only; NULL = random */
    int32_t today;
};
bool office_key_make(struct store *s, const struct model *mo, const struct key_request *q,
                     char fingerprint[FINGERPRINT], struct err *e) WARN_UNUSED;
/* Takes another office's public half. With `fingerprint`, only when it is that one. organisation 0:
 * the one that the file names. */
struct trust_request {
    const char *path, *fingerprint;
    int64_t organisation;
    bool confirms;                     /* what agrees is confirmed without being asked */
    int32_t today;
};
struct trust_done { int64_t organisation; char fingerprint[FINGERPRINT]; bool known; };
bool office_key_trust(struct store *s, const struct model *mo, const struct trust_request *q,
                      struct trust_done *out, struct err *e) WARN_UNUSED;
bool office_key_end(struct store *s, const struct model *mo, const char *fingerprint,
                    int32_t today, struct err *e) WARN_UNUSED;

struct office_key { unsigned char open[SIGN_PUBLIC_LEN]; int64_t organisation; bool own, confirms; };
/* The secret half from its file; it must be the store's own key of the organisation. */
bool office_key_read(struct db *d, const char *path, struct sign_key *k, int64_t *organisation,
                     struct err *e) WARN_UNUSED;
/* A key that is in force; *found. */
bool office_key_find(struct db *d, const unsigned char open[SIGN_PUBLIC_LEN],
                     struct office_key *out, bool *found, struct err *e) WARN_UNUSED;

/* ---- the manifest (manifest.c) ---- */

struct package_file { char name[64], entity[60]; int64_t rows, bytes; unsigned char digest[DIGEST_LEN]; };
struct manifest {
    int64_t version, number;
    char sender[64], receiver[64], made_at[32], since[16];
    char previous[DIGEST_HEX];         /* "" = the first */
    unsigned char open[SIGN_PUBLIC_LEN];
    bool personal;
    struct package_file file[PACKAGE_FILES]; int files;
    char id[DIGEST_HEX];               /* of its bytes */
};
bool manifest_write(const struct manifest *m, struct buf *out, struct err *e) WARN_UNUSED;
/* A newer version is refused by its number before anything else is looked at. */
bool manifest_read(struct manifest *m, const char *p, size_t n, struct err *e) WARN_UNUSED;

/* A package opened and proved: container, manifest, signature by the key it names, sizes and digests
 * of all files. Whether that key is trusted is for the caller. */
struct package { FILE *f; struct manifest m; int64_t at[PACKAGE_FILES]; };
bool package_open(struct package *p, const char *path, struct err *e) WARN_UNUSED;
/* Once more, after it was read: its files are still what they were. */
bool package_holds(const struct package *p, struct err *e) WARN_UNUSED;
void package_close(struct package *p);

/* ---- out (out.c) ---- */

struct package_out {
    struct store *store; struct db *d; const struct model *model;
    int64_t sender, receiver;
    const struct sign_key *key;
    const char *entity;                /* NULL = all that have two sides */
    int64_t since;                     /* instant; 0 = all */
    bool personal;
    const char *path;
    int32_t today;
    /* filled */
    int64_t number, records, words;
    char id[DIGEST_HEX];
};
bool package_send(struct package_out *o, struct err *e) WARN_UNUSED;

/* ---- in (in.c) ---- */

struct package_in {
    struct store *store; struct db *d; const struct model *model;
    const char *path;
    int32_t today;
    /* filled */
    int64_t number, sender;
    int64_t records, agree, differ, unknown, same, older, words;
    char id[DIGEST_HEX];
    char aside[400];                   /* columns this program does not know, by name */
    char missing[200];                 /* numbers of packages that have not come */
};
bool package_take(struct package_in *i, struct err *e) WARN_UNUSED;

/* ---- what came (items.c) ---- */

struct settle { int64_t applied, confirmed, waiting; };
/* Brings words to their records, and confirms what agrees where the rule says so. Looks again at
 * what was unknown or different, too, with `again`. Safe to repeat. */
bool package_settle(struct store *s, struct db *d, const struct model *mo, bool again,
                    int32_t today, struct settle *out, struct err *e) WARN_UNUSED;

enum item_deed { ITEM_ACCEPT, ITEM_REFUSE, ITEM_LINK };
struct item_request {
    enum item_deed deed;
    int64_t sender;                    /* 0 = whoever sent it */
    const char *entity, *record;
    const char *ours;                  /* link: the code of our record */
    const char *reason;                /* refuse */
    int32_t today;
};
bool item_decide(struct tx *tx, const struct model *mo, const struct item_request *q,
                 struct arena *a, const char **state, struct err *e) WARN_UNUSED;

enum exchange_stmt { EXCHANGE_KEY, EXCHANGE_OWN_KEY, EXCHANGE_KEY_BY_PRINT, EXCHANGE_LAST,
                     EXCHANGE_NUMBER, EXCHANGE_PACKAGE, EXCHANGE_NUMBERS, EXCHANGE_ITEM,
                     EXCHANGE_LINKS, EXCHANGE_WORDS, EXCHANGE_ITEMS, EXCHANGE_FIND, EXCHANGE_CONFIRMS,
                     EXCHANGE_REPORTED, EXCHANGE_N_STMTS };
extern const struct stmt_table exchange_stmts;

#endif
