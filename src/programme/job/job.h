/* job: work that takes longer than a page ("task" on screen, where a plan's task is another thing). A
 * job is a row of the store, written before anybody is told of it, so it outlives its page and the
 * program: what was waiting goes on at the next start; what was in the middle is begun anew where its
 * kind can be, else told as interrupted and run again by who asked.
 *
 * Two threads run jobs, one those that write and one those that only read, each with a seat of its own.
 * A third keeps the rows up to date, hears of stops asked elsewhere, takes over what a process that has
 * died left behind, and clears away what ended a month ago. Progress is kept in memory and written every
 * few seconds.
 *
 * A job has a folder of its own for its files. Who asked sees it; to others it does not exist, but for
 * who manages the store. It runs with what its account may see: when that changes before it has run, it
 * fails and says so. */
#ifndef JD_PROGRAMME_JOB_H
#define JD_PROGRAMME_JOB_H

#include "programme/room.h"
#include "web/web.h"

enum job_state { JOB_WAITS = 1, JOB_RUNS, JOB_DONE, JOB_FAILED, JOB_STOPPED, JOB_CUT };
enum job_lane { JOB_WRITES, JOB_READS, JOB_LANES };
enum job_unit { JOB_ROWS, JOB_BYTES };
enum { JOBS_OPEN_MOST = 20, JOB_KEPT_DAYS = 30 };

struct jobs;
struct job_live;

/* What a run works with; all of it is the run's. */
struct job_run {
    const struct seat *seat;
    const struct user *user;       /* who asked, with the scope of now */
    int64_t id;
    const char *asked;             /* as it was given */
    const char *result;            /* of the run before, or NULL; job_result sets it */
    const char *dir;               /* its folder */
    struct arena *arena;
    struct jobs *jobs;
    struct job_live *live;
};

/* Kinds are listed where the jobs are opened (pages/). */
struct job_kind {
    const char *name;              /* as the row has it: never changed */
    const char *en, *zh;
    const char *page;              /* where it is shown, "/imports/%lld"; NULL = "/tasks/ID" */
    enum job_lane lane;
    enum job_unit unit;            /* of its progress */
    bool resumes;                  /* begun anew by itself when the program ended in the middle of it */
    /* False with e, also when it was asked to stop. */
    bool (*run)(struct job_run *r, struct err *e);
};

/* ---- what a run tells ---- */
/* How far it is; cheap. False: it is asked to stop, and should leave nothing half done. */
bool job_told(struct job_run *r, int64_t done, int64_t total);
bool job_stopped(const struct job_run *r);
/* What came of it, in words of its kind; written when it ends. */
void job_result(struct job_run *r, const char *text);
/* The same inside a transaction: what it did and that it did it become true together. */
bool job_result_write(struct tx *tx, struct job_run *r, const char *text, struct err *e) WARN_UNUSED;

/* ---- asking for one ---- */
struct job_asked {
    const struct job_kind *kind;
    const char *title;             /* what it is about: a file's name, a list's */
    const char *asked;             /* its parameters, in words of its kind */
    const char *file, *as;         /* a file that is moved into its folder under that name; or NULL */
};
/* An account has at most JOBS_OPEN_MOST that are not at rest: ERR_BUSY. */
bool job_start(struct request *q, const struct job_asked *a, int64_t *id, struct err *e) WARN_UNUSED;
/* One at rest runs again with other parameters (NULL = the same), who asks being its owner; of two who ask
 * at once one gets ERR_CONFLICT. */
bool job_again(struct request *q, int64_t id, const char *asked, struct err *e) WARN_UNUSED;
/* Asks one that waits or runs to stop; the owner, or who manages. */
bool job_stop(struct request *q, int64_t id, struct err *e) WARN_UNUSED;
/* Takes one at rest away, with its files; the owner, or who manages. */
bool job_remove(struct request *q, int64_t id, struct err *e) WARN_UNUSED;

/* ---- looking ---- */
struct job_view {
    int64_t id, owner;
    const char *owner_name;        /* the account's sign-in name; NULL in events */
    const struct job_kind *kind;   /* NULL: of another version of the program */
    const char *kind_name, *title, *asked, *result, *why;   /* result, why: NULL when there is none */
    enum job_state state;
    int64_t done, total, made, begun, ended;                /* begun, ended: 0 = not yet */
    bool stopping;
    const char *mark;              /* of the scope it was asked with */
};
/* Own ones, or any for who manages; arena. *found is false for others'. */
bool job_get(const struct request *q, int64_t id, struct job_view *out, bool *found, struct err *e) WARN_UNUSED;
/* The latest first, those older than `before` (0 = from the latest). all: everybody's, for who manages. */
struct job_page { bool all; const char *kind; int64_t before; int most; };
bool job_list(const struct request *q, const struct job_page *p, struct job_view *out, int *n,
              struct err *e) WARN_UNUSED;
bool job_rests(const struct job_view *v);
const char *job_state_code(enum job_state s);                               /* "waiting" */
const char *job_state_text(const struct request *q, const struct job_view *v);
/* "12,345 of 50,000 rows, about 2 minutes left"; "" before it begins. */
const char *job_progress_text(const struct request *q, const struct job_view *v);
int job_percent(const struct job_view *v);
/* The folder of a job's files, or NULL where none are kept. */
const char *job_dir(const struct jobs *j, int64_t id, struct arena *a);
/* Where uploads go while they come; sweeping knows their name. Borrowed. */
const char *jobs_dir(const struct jobs *j);
#define JOB_UPLOAD "upload-"

/* ---- events: from memory, of jobs of this process ---- */
uint64_t jobs_version(struct jobs *j);
/* An owner's jobs that changed after `since`, with numbers alone; *version is what is told now. */
int jobs_changed(struct jobs *j, int64_t owner, uint64_t since, struct job_view *out, int most,
                 uint64_t *version);

/* They as a JSON array: id, rests, value (percent or null), text (how far it is), label (its state). */
void job_events(const struct request *q, const struct job_view *v, int n, struct buf *out);

/* ---- opening ---- */
struct jobs_options {
    const char *dir;               /* made when it is not there */
    const struct job_kind *const *kinds; int n_kinds;
    struct store *store;
    struct writer *writer;         /* NULL = a write makes a transaction of its own */
    /* NULL: nothing runs in the background, a job is done where it is asked for. */
    bool (*seat_open)(void *arg, struct seat *out, void **own, struct err *e);
    void (*seat_close)(struct seat *s, void *own);
    void *seat_arg;
};
/* Takes over what others left, and runs it. */
bool jobs_open(struct jobs **out, const struct jobs_options *o, struct err *e) WARN_UNUSED;
/* Asks what can be begun anew to stop and leaves it to the next start; the rest is finished. */
void jobs_close(struct jobs *j);

/* "beside the store": its path with ".files"; NULL for a database that is no file. */
const char *jobs_dir_beside(const struct store *s, struct arena *a);
/* From the command line: *found is false when it does not wait or run. */
bool job_stop_row(struct store *s, int64_t id, bool *found, struct err *e) WARN_UNUSED;
/* Removes rows that ended before `before` and, where dir is given, their folders and what nobody owns. */
bool jobs_sweep(struct store *s, struct db *d, const char *dir, int64_t before, int64_t *removed,
                struct err *e) WARN_UNUSED;

extern const struct stmt_table job_stmts;
extern const struct table job_tables[];

#endif
