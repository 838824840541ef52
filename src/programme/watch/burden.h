/* burden: what villages are asked to fill in, by whom, how often. A form is designed as rows: asked_form
 * and its asked_fields. A field that asks for what the system has (a figure; a computed field; a field that
 * every record there has) is refused when it is designed (burden_guard), and is to be marked filled: the
 * form then shows the value and nobody types it. A form is said to every place inside its own that is of
 * its level; what such a place hands in for a day on which it fell due is a form_answer. */
#ifndef JD_PROGRAMME_WATCH_BURDEN_H
#define JD_PROGRAMME_WATCH_BURDEN_H

#include "programme/watch/find.h"

enum asked_form_col { ASKED_FORM_CODE, ASKED_FORM_PLACE, ASKED_FORM_TITLE, ASKED_FORM_ASKED_BY,
    ASKED_FORM_UNIT_LEVEL, ASKED_FORM_FREQUENCY, ASKED_FORM_NCOLS };
enum asked_field_col { ASKED_FIELD_CODE, ASKED_FIELD_FORM, ASKED_FIELD_TITLE, ASKED_FIELD_ENTITY,
    ASKED_FIELD_FIELD, ASKED_FIELD_FIGURE, ASKED_FIELD_FILLED, ASKED_FIELD_NCOLS };
enum form_answer_col { FORM_ANSWER_PLACE, FORM_ANSWER_FORM, FORM_ANSWER_DUE_ON, FORM_ANSWER_ANSWERED_ON,
    FORM_ANSWER_ANSWER, FORM_ANSWER_NCOLS };
extern const struct entity asked_form_entity, asked_field_entity, form_answer_entity;

/* How often a form falls due in from..to, which is counted inside its own days: every day; Sundays; the
 * last days of months, quarters, years; once, on its last day. Pure. */
enum asked_often { ASKED_ONCE, ASKED_DAILY, ASKED_WEEKLY, ASKED_MONTHLY, ASKED_QUARTERLY,
                   ASKED_YEARLY };
enum asked_often burden_often(struct val code);    /* of asked_frequency; once when it is none */
int64_t burden_due(enum asked_often often, int32_t form_from, int32_t form_to, int32_t from,
                   int32_t to);

/* The day that a form is about on `on`: the last of the month before on which it fell due, else the next
 * within `ahead` days; DATE_MAX = none. Pure. */
int32_t burden_round(enum asked_often often, int32_t form_from, int32_t form_to, int32_t on, int ahead);

/* Who has answered a form for the day that it is about: the places asked, in code order. */
struct burden_answers {
    int64_t county, id, place, org;
    const char *code, *title;
    int32_t due;
    const int64_t *asked; const bool *done; int n, answered;
};
typedef bool burden_answers_fn(void *arg, const struct burden_answers *a, struct err *e);
/* Each form that is about a day, by its county and id. After watch_begin. */
bool burden_answers(const struct watch *w, int ahead, burden_answers_fn *fn, void *arg,
                    struct err *e) WARN_UNUSED;

/* One village, one week, one who asks: fields that were to be filled in, counted as often as they fell
 * due; of them those that another form asks for in that week too; those that the system filled. */
struct burden { int64_t place; int32_t week; int64_t org; int forms; int64_t fields, again, filled; };
typedef bool burden_fn(void *arg, const struct burden *b, struct err *e);
/* The weeks (from Monday) that from..w->on touches, of w->place or of all villages on record. A week in
 * which nothing is due is not told. After watch_begin. */
bool burden_read(const struct watch *w, int32_t from, burden_fn *fn, void *arg,
                 struct err *e) WARN_UNUSED;

#endif
