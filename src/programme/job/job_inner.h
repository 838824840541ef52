/* job_inner: jobs in memory, of this process. Private to the room. */
#ifndef JD_PROGRAMME_JOB_INNER_H
#define JD_PROGRAMME_JOB_INNER_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/id.h"
#include "base/process.h"
#include "programme/job/job_sql.h"

/* One that waits, runs, or ended a while ago. The lock guards all but the atomics, which a run writes and
 * everybody reads. */
struct job_live {
    struct job_live *next;
    int64_t id, owner;
    const struct job_kind *kind;
    enum job_state state;
    unsigned turn;                     /* how often it was asked for: the end of one is no word on the next */
    int64_t begun, ended;
    bool asked_to_stop;                /* by somebody; else a stop is the program's own end */
    atomic_bool stop;
    atomic_llong done, total, told;    /* told: when the version moved last, monotonic ns */
    atomic_ullong changed;             /* the version that this belongs to */
};

struct job_worker { struct jobs *jobs; enum job_lane lane; struct seat seat; void *own; pthread_t thread;
                    bool open, threaded; };

struct jobs {
    struct jobs_options opt;
    char *dir;
    char process[PROCESS_TEXT];
    pthread_mutex_t lock;
    pthread_cond_t more;               /* a job waits, or all is to end */
    pthread_cond_t tick;               /* wakes the keeper early */
    struct job_live *first;            /* the oldest first */
    struct id_maker ids;
    bool closing;
    atomic_ullong version;
    struct job_worker worker[JOB_LANES];
    pthread_t keeper; bool keeping;
};

/* job.c */
bool jobs_write(struct jobs *j, tx_fn *fn, void *arg, struct err *e) WARN_UNUSED;
struct job_live *jobs_find(struct jobs *j, int64_t id);              /* under the lock */
void jobs_touch(struct jobs *j, struct job_live *x);
/* Puts one on the list as waiting and wakes its thread. Takes the lock. */
void jobs_add(struct jobs *j, int64_t id, int64_t owner, const struct job_kind *kind);
const struct job_kind *jobs_kind(const struct jobs *j, const char *name);

/* job_run.c: x is taken off the list when its row is gone. here: the seat and user of who asked, when it is
 * done on the spot. */
void job_run_one(struct jobs *j, struct job_live *x, const struct seat *seat, const struct user *user);

/* job_keep.c: the third thread. */
void *jobs_keep(void *jobs);
/* Takes over rows of processes that have died. d reads. */
bool jobs_take_over(struct jobs *j, struct db *d, struct err *e) WARN_UNUSED;

#endif
