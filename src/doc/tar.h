/* tar: a few files as one, in the plainest ustar there is: any archive program opens it, and nothing
 * in it can unfold. Every byte of it is said by names, sizes and contents alone (no dates, owners,
 * modes), and the reader takes nothing else, so that a change anywhere is a fault. */
#ifndef JD_DOC_TAR_H
#define JD_DOC_TAR_H

#include <stdint.h>
#include <stdio.h>

#include "base/csv.h"
#include "base/err.h"

enum { TAR_NAME = 100 };
#define TAR_MEMBER_MAX INT64_C(8589934591)

/* Writing to a file that the caller opened and closes. */
struct tar_writer { FILE *f; int64_t header, bytes; char name[TAR_NAME]; };
bool tar_begin(struct tar_writer *w, const char *name, struct err *e) WARN_UNUSED;
bool tar_add(struct tar_writer *w, const void *p, size_t n, struct err *e) WARN_UNUSED;
bool tar_end(struct tar_writer *w, struct err *e) WARN_UNUSED;    /* of one file in it */
bool tar_finish(struct tar_writer *w, struct err *e) WARN_UNUSED; /* of all, and flushes */

struct tar_member { char name[TAR_NAME]; int64_t at, bytes; };
/* All members, headers and padding checked byte by byte; ERR_CORRUPT otherwise, with the place. */
bool tar_list(FILE *f, struct tar_member *out, int max, int *n, struct err *e) WARN_UNUSED;

/* A member's bytes, in order. */
struct tar_reader { FILE *f; int64_t left; };
bool tar_read_from(struct tar_reader *r, FILE *f, const struct tar_member *m, struct err *e) WARN_UNUSED;
struct csv_source tar_source(struct tar_reader *r);

#endif
