/* watch_view: the tables of `jiedui watch` that stand in files of their own. */
#ifndef JD_CLI_WATCH_VIEW_H
#define JD_CLI_WATCH_VIEW_H

#include "cli/rooms.h"
#include "programme/watch/find.h"

enum watch_table { WATCH_LISTED_TABLE, WATCH_FINDINGS_TABLE, WATCH_EXITS_TABLE, WATCH_FUNDS_TABLE };
/* Exit status. After watch_begin; rules is a file, or NULL. */
int watch_supervised(struct app *app, struct watch *w, enum watch_table what, const char *rules,
                     int32_t from, struct err *e);
/* Who has answered each form for the day it is about, or is about within so many days. */
int watch_answers(struct app *app, struct watch *w, int ahead, struct err *e);
int watch_burden(struct app *app, struct watch *w, int32_t from, struct err *e);

#endif
