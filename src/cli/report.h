/* report: what `jiedui report` makes: documents to print, and the office's own template filled in. */
#ifndef JD_CLI_REPORT_H
#define JD_CLI_REPORT_H

#include "cli/rooms.h"
#include "pages/print.h"
#include "programme/publish/release.h"

struct report_cli {
    const char *place, *org, *period, *release, *output, *until, *objections, *identifier;
    bool helped;
};

/* What all of them are about, from the options; `given` says whether the period was. */
struct report_about {
    int64_t place, org;
    const char *place_name;
    int32_t from, to, today;
    bool dated;
};
bool report_about(struct app *app, const struct report_cli *o, struct report_about *out,
                  struct err *e) WARN_UNUSED;

/* The pages' ways of saying things, without a server. */
struct report_pages {
    struct db *rows;
    struct site site;
    struct seat seat;
    struct request q;
};
bool report_pages_open(struct report_pages *p, struct app *app, const struct scope *scope,
                       const struct report_about *about, struct err *e) WARN_UNUSED;
void report_pages_close(struct report_pages *p);

/* To path, an .html or .txt file, or as text to standard output when it is NULL. */
bool report_write_sheet(struct app *app, const struct sheet *s, const char *path, struct err *e) WARN_UNUSED;

int report_print(struct app *app, const struct report_cli *o, const char *what, struct err *e);
int report_iati(struct app *app, const struct report_cli *o, struct err *e);
int report_fill(struct app *app, const struct report_cli *o, const char *path, struct err *e);

#endif
