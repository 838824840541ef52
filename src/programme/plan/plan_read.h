/* plan_read: plans, targets, tasks and what belongs to them, from the store into memory. All
 * strings are in the arena. Rows of a pending load and drafts are left out. */
#ifndef JD_PROGRAMME_PLAN_READ_H
#define JD_PROGRAMME_PLAN_READ_H

#include "programme/plan/tree.h"

struct plan_row { int64_t county, id, org; const char *code, *title, *state, *kind; int64_t year; };
struct plan_revision { int64_t county, target; int64_t value; int32_t on; const char *code, *reason;
                       int64_t event_county, event, decided_by; };
struct plan_task { int64_t county, id, plan_county, plan, org, place, target_county, target;
                   const char *code, *title, *blocked_by, *state, *focus;
                   bool has_due, has_done; int32_t due, done; };
struct plan_risk { int64_t county, target, event_county, event; const char *code, *effect, *answer;
                   bool known; int64_t value; };
struct plan_duty { int64_t county, task, org; const char *person, *post, *role; };

struct plan_problem { int64_t county, target; const char *title; int32_t raised, solved; };

struct plan_book {
    struct plan_row *plan; int n_plans;
    struct plan_tree tree;
    struct plan_revision *revision; int n_revisions;   /* by target, then day */
    struct plan_task *task; int n_tasks;
    struct plan_risk *risk; int n_risks;
    struct plan_problem *problem; int n_problems;
    struct plan_duty *duty; int n_duties;              /* by task */
};

/* Plans and targets with their revisions up to `on`, linked. Enough for checks. `published` is the
 * number of a load that becomes visible with this transaction (its rows count), or -1. */
bool plan_read_targets(struct plan_book *b, struct db *d, int32_t on, int64_t published,
                       struct arena *a, struct err *e) WARN_UNUSED;
/* Tasks, risks, problems and responsibilities too. */
bool plan_read_work(struct plan_book *b, struct db *d, struct arena *a, struct err *e) WARN_UNUSED;

bool plan_task_done(const struct plan_task *t, int32_t on);
bool plan_task_late(const struct plan_task *t, int32_t on);

/* Code and title of an event, or "". Arena. */
const char *plan_event(struct db *d, int64_t county, int64_t id, struct arena *a);

#endif
