/* import: a file on its way into the store, as the rows of its job tell it. Private to the import pages. */
#ifndef JD_PAGES_IMPORT_H
#define JD_PAGES_IMPORT_H

#include "pages/form.h"
#include "programme/job/job.h"

enum import_step { STEP_CHECK, STEP_GOOD, STEP_ALL, STEP_UNDO };
struct import_warning { const char *what; int64_t count, line; };

/* What was asked for, and what came of it so far. Arena. */
struct import {
    const char *entity, *suffix;   /* the kind of record; ".csv", ".csv.gz", ".xlsx" */
    bool mapped;                   /* somebody chose its columns */
    enum import_step step;
    bool checked, undone, reported;
    int64_t load;                  /* the load it became; 0 = none yet */
    int64_t rows, inserted, changed, unchanged, drafts, refused; /* of the last step */
    const char *refused_name;      /* the refused rows in the job's folder, or NULL */
    const struct import_warning *warning; int warnings;
};

extern const struct job_kind import_kind;

/* From the texts of a job's row; false when they are not what this program writes. */
bool import_read(const char *asked, const char *result, struct arena *a, struct import *out,
                 struct err *e) WARN_UNUSED;
const char *import_asked(const struct import *im, struct arena *a);
/* Where its parts lie. */
const char *import_file(const struct import *im, const char *dir, struct arena *a);
const char *import_mapping(const struct import *im, const char *dir, struct arena *a); /* NULL when not chosen */

#endif
