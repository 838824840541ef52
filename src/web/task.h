/* task: work that takes longer than a page. A thread of its own does one after another, with a seat of its
 * own; who asked for one sees how far it is, and what came of it. Kept while the program runs. */
#ifndef JD_WEB_TASK_H
#define JD_WEB_TASK_H

#include "web/web.h"

enum task_state { TASK_WAITS, TASK_RUNS, TASK_DONE, TASK_FAILED };
struct tasks;
struct task_progress { int64_t done, total; };

/* Runs in the tasks' thread. e: why it failed. *p may be written at any time. */
typedef bool task_fn(const struct seat *seat, void *own, struct task_progress *p, struct err *e);
struct task_kind { task_fn *run; void (*drop)(void *own); };

/* NULL seat_open: nothing runs in the background, a task is done where it is asked for, on the seat given. */
bool tasks_open(struct tasks **out, bool (*seat_open)(void *arg, struct seat *out, void **own, struct err *e),
                void (*seat_close)(struct seat *s, void *own), void *arg, struct err *e) WARN_UNUSED;
/* What runs is finished, what waits is dropped. */
void tasks_close(struct tasks *t);

/* Gives the task's number. own is the task's from here on, and dropped with it; the oldest go first. */
int64_t task_start(struct tasks *t, const struct seat *here, int64_t owner, const struct task_kind *kind, void *own);
/* Runs again with the same `own`: false while it runs. */
bool task_again(struct tasks *t, const struct seat *here, int64_t owner, int64_t number);

struct task_view { int64_t number; enum task_state state; struct task_progress progress; char why[512]; void *own; };
/* own may be read when the task is done or has failed. False: there is no such task of this owner. */
bool task_look(struct tasks *t, int64_t owner, int64_t number, struct task_view *out);
/* An owner's tasks, the latest first. */
int task_list(struct tasks *t, int64_t owner, struct task_view *out, int most);

#endif
