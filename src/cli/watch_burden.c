/* jiedui watch burden: what villages are asked for, week by week. */
#include "cli/watch_view.h"
#include "programme/watch/burden.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof(*(a))))

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
