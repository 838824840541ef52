/* plan_view: the part of all plans that a command looks at, and how it is put into words. */
#ifndef JD_CLI_PLAN_VIEW_H
#define JD_CLI_PLAN_VIEW_H

#include "cli/rooms.h"
#include "programme/plan/measure.h"
#include "programme/plan/plan_read.h"

struct plan_cli { const char *as_of, *org, *output; int64_t year, tolerance; };

struct plan_view {
    struct app *app;
    const struct plan_cli *o;
    struct plan_book book;
    struct plan_when when;
    const char *of;              /* code of a plan or a target, or NULL */
    int64_t plan_county, plan;   /* that plan, or 0 */
    unsigned char *has;          /* by node */
};

/* Reads, and with `measure` computes what was reached. */
bool plan_view_open(struct plan_view *v, struct app *app, const struct plan_cli *o, const char *of,
                    bool measure, struct err *e) WARN_UNUSED;
bool plan_view_has(const struct plan_view *v, int node);
bool plan_view_has_task(const struct plan_view *v, const struct plan_task *t);
/* Wholes before their parts, the parts below their whole. */
void plan_view_walk(struct plan_view *v, struct table_out *t,
                    void (*fn)(struct plan_view *v, struct table_out *t, int node));
/* Behind, missed or exceeded; the furthest behind first. */
int *plan_view_laggards(struct plan_view *v, int *n);
int plan_carry_over(struct plan_view *v, struct err *e);

int64_t plan_share(int64_t part, int64_t whole);    /* tenths of a percent */
const char *plan_target_text(struct plan_view *v, const struct plan_node *n);  /* or "no target" */
const char *plan_actual_text(struct plan_view *v, const struct plan_node *n);  /* or why not */
const char *plan_parts_text(struct plan_view *v, const struct plan_node *n);
const char *plan_blockers(struct plan_view *v, int node);

#endif
