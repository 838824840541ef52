/* jiedui watch burden: what villages are asked for, week by week. */
#include "cli/watch_view.h"
#include "base/count.h"
#include "programme/watch/burden.h"

struct burdens { struct app *app; struct table_out *t; };

static bool row(void *arg, const struct burden *b, struct err *e)
{
    struct burdens *x = arg;
    struct app *a = x->app;
    (void)e;
    table_row(x->t, (const char *[]){ cell_number(a, b->place), cell_place(a, b->place),
        cell_day(a, b->week), cell_org(a, b->org), cell_number(a, b->forms),
        cell_number(a, b->fields), cell_number(a, b->again), cell_number(a, b->filled) });
    return true;
}

static bool answers_row(void *arg, const struct burden_answers *b, struct err *e)
{
    struct burdens *x = arg;
    struct app *a = x->app;
    (void)e;
    for (int i = 0; i < b->n; i++)
        table_row(x->t, (const char *[]){ b->code, b->title, cell_org(a, b->org), cell_day(a, b->due),
            cell_number(a, b->asked[i]), cell_place(a, b->asked[i]), app_word(a, b->done[i] ? "yes" : "no") });
    return true;
}

int watch_answers(struct app *app, struct watch *w, int ahead, struct err *e)
{
    static const struct table_column cols[] = { { "form", "record", false }, { "title", "title", false },
        { "asked_by", "asked by", false }, { "due_on", "due", false }, { "place", "code", true },
        { "name", "place", false }, { "answered", "answered", false } };
    struct burdens x = { .app = app };
    x.t = table_begin(app, cols, COUNT(cols));
    bool ok = burden_answers(w, ahead, answers_row, &x, e);
    table_end(x.t);
    return ok ? 0 : err_exit(e->code);
}

int watch_burden(struct app *app, struct watch *w, int32_t from, struct err *e)
{
    static const struct table_column cols[] = { { "place", "code", true },
        { "name", "place", false }, { "week", "week from", false }, { "asked_by", "asked by", false },
        { "forms", "forms", true }, { "fields", "fields asked", true },
        { "again", "asked by others too", true }, { "filled", "filled instead", true } };
    struct burdens x = { .app = app };
    if (from > w->on) return err_set(e, ERR_USAGE, "--from lies after --as-of"), 2;
    x.t = table_begin(app, cols, COUNT(cols));
    bool ok = burden_read(w, from, row, &x, e);
    table_end(x.t);
    return ok ? 0 : err_exit(e->code);
}
