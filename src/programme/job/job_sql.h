/* The rows of jobs: statements, and reading them. Private to the room. */
#ifndef JD_PROGRAMME_JOB_SQL_H
#define JD_PROGRAMME_JOB_SQL_H

#include "programme/job/job.h"

enum job_sql {
    JOB_PUT, JOB_GET, JOB_LIST, JOB_OPEN, JOB_COUNT, JOB_BEGIN, JOB_END, JOB_RESULT, JOB_AGAIN, JOB_BEAT,
    JOB_STOPPING, JOB_TAKE, JOB_OLD, JOB_DROP, JOB_ANY, JOB_N_SQL
};
static inline const struct stmt *job_sql(enum job_sql i) { return &job_stmts.stmts[i]; }

/* A row as it lies in the store. Arena. */
struct job_row { struct job_view v; const char *process; int64_t beat; };
typedef bool job_row_fn(void *arg, const struct job_row *row, struct err *e);
bool job_rows(struct db *d, enum job_sql which, const struct val *v, int n, struct arena *a, job_row_fn *fn,
              void *arg, struct err *e) WARN_UNUSED;
bool job_row_get(struct db *d, int64_t id, struct arena *a, struct job_row *out, bool *found,
                 struct err *e) WARN_UNUSED;

/* A transaction that runs one statement on one row. */
struct job_change { enum job_sql which; int64_t id, changed; };
bool job_change(struct tx *tx, void *change, struct err *e) WARN_UNUSED;

/* job_files.c */
bool job_dir_make(const char *dir, struct err *e) WARN_UNUSED;
void job_dir_remove(const char *dir);
/* Moves a file into a folder and brings both to the disk. */
bool job_file_take(const char *file, const char *dir, const char *as, struct err *e) WARN_UNUSED;

#endif
