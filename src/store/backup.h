/* backup: a whole SQLite store as one file, and files that appear under their name only when they
 * are whole.
 *
 * A file is written as NAME.part, which one process at a time holds, and gets its name by a rename
 * after its bytes are on disk. Nothing is overwritten. */
#ifndef JD_STORE_BACKUP_H
#define JD_STORE_BACKUP_H

#include "store/copy.h"

struct part_file { char *name, *part; int fd; };

/* Refuses with ERR_CONFLICT when `name` is there, with ERR_BUSY when another process writes it.
 * keep: what an interrupted attempt left stays in it. */
bool part_file_open(struct part_file *p, const char *name, bool keep, struct err *e) WARN_UNUSED;
/* Fills it from another file, and gives the digest of the bytes. */
bool part_file_fill(struct part_file *p, const char *from, const struct progress *progress,
               unsigned char digest[DIGEST_LEN], struct err *e) WARN_UNUSED;
bool part_file_place(struct part_file *p, struct err *e) WARN_UNUSED;
void part_file_close(struct part_file *p, bool remove); /* also of a zeroed one */

/* A short text under its name, in place of an older one; the same way. */
bool text_place(const char *name, const char *text, size_t n, struct err *e) WARN_UNUSED;
bool file_digest(const char *path, unsigned char digest[DIGEST_LEN], struct err *e) WARN_UNUSED;

/* The pages of the SQLite store that d reads, in d's open snapshot, into the file `path`; others go
 * on writing to the store. */
bool backup_pages(struct db *d, const char *path, const struct progress *progress,
                  struct err *e) WARN_UNUSED;
/* Makes a SQLite file that nobody has open one file, with no log beside it. */
bool backup_settle(const char *path, struct err *e) WARN_UNUSED;
/* What a backup is held against at once: the file by its own structure, its heads against those of
 * the original, each head against the journal's last entry. Faults as journal_verify tells them;
 * that, and the rows, are proved before a restore. */
bool backup_prove(struct db *d, const char *heads, struct faults *f, struct err *e) WARN_UNUSED;

#endif
