/* jiedui money chain: from a commitment to those it reached. */
#include "cli/money.h"

#include <inttypes.h>

#include "base/count.h"
#include "cli/rooms.h"
#include "programme/money/chain.h"

struct printing { struct app *app; struct table_out *t; };

static const char *word_of(struct app *app, const struct chain_step *s)
{
    const struct code *c =
        s->list && *s->what ? codes_find(app->codes, s->list, s->what, strlen(s->what)) : NULL;
    return !c ? s->what : app->zh ? c->zh : c->en;
}

static bool print_step(void *arg, const struct chain_step *s, struct err *e)
{
    static const char *const steps[] = { "commitment", "batch", "allocation", "posted", "paid out",
                                         "still in hand", "project stage", "benefit" };
    struct printing *p = arg;
    struct app *app = p->app;
    bool people = s->kind == CHAIN_BENEFIT;
    (void)e;
    table_row(p->t, (const char *[]){ app_word(app, steps[s->kind]), s->record, word_of(app, s),
        cell_day(app, s->day), cell_place(app, s->place),
        people || !s->known ? "" : money_yuan(app->arena, s->amount),
        people && s->known ? cell_number(app, s->amount) : "" });
    return true;
}

int money_chain(struct app *app, const char *commitment, struct err *e)
{
    static const struct table_column cols[] = { { "step", "step", false },
        { "record", "record", false }, { "kind", "kind", false }, { "day", "day", false },
        { "place", "place", false }, { "amount", "yuan", true },
        { "households", "households", true } };
    struct printing p = { .app = app };
    int64_t county, id;
    if (!db_begin_read(app->db, e)) return err_exit(e->code);
    bool ok = ref_find(app->model, model_find(app->model, "commitment"), commitment,
                       strlen(commitment), -1, app->db, app->arena, &county, &id, e);
    if (ok) {
        p.t = table_begin(app, cols, COUNT(cols));
        ok = chain_walk(app->db, app->model, county, id, app->arena, print_step, &p, e);
        table_end(p.t);
    }
    db_end_read(app->db);
    return ok ? 0 : err_exit(e->code);
}
