/* jiedui move: a household that goes to live elsewhere. */
#include <stdio.h>
#include <string.h>

#include "base/count.h"
#include "base/date.h"
#include "programme/household/household.h"
#include "programme/household/move.h"

struct move_options { const char *to, *on; };

struct moving { struct app *app; struct household_move move; struct household_moved done; };

static bool move(struct tx *tx, void *arg, struct err *e)
{
    struct moving *m = arg;
    return household_move(tx, m->app->model, &m->move, &m->done, e);
}

static void tell(const struct moving *m, const struct move_options *o)
{
    char where[300] = "", day[DATE_TEXT];
    const struct places *p = m->app->model->places;
    if (!p->name || !p->name(p->arg, m->app->db, m->move.place, m->app->zh, where, sizeof where))
        snprintf(where, sizeof where, "%s", o->to);
    if (!m->done.county_changed) {
        printf("household %s lives in %s now, in the same county\n", m->move.code, where);
        return;
    }
    date_format(m->move.on, day);
    printf("household %s and %d persons live in %s from %s on; until the day before they count in "
           "county %lld\n", m->move.code, m->done.persons, where, day,
           (long long)m->done.from_county);
}

static int run_move(struct app *app, void *options, const char *const *operand, int n,
                    struct err *e)
{
    const struct move_options *o = options;
    const struct places *p = app->model->places;
    struct moving m = { .app = app };
    if (n != 2 || strcmp(operand[0], "household") != 0)
        return err_set(e, ERR_USAGE, "what moves is a household: jiedui move household CODE"), 2;
    if (!o->to) return err_set(e, ERR_USAGE, "where to? --to PLACE"), 2;
    m.move.code = operand[1];
    m.move.dated = o->on != NULL;
    if (o->on && !date_parse(o->on, strlen(o->on), DATE_EXACT, &m.move.on))
        return err_set(e, ERR_USAGE, "--on: '%s' is not a date: write 2020-05-27", o->on), 2;
    if (!p->resolve(p->arg, app->db, o->to, strlen(o->to), &m.move.place, e) ||
        !store_write(app->store, move, &m, e))
        return err_exit(e->code);
    tell(&m, o);
    return 0;
}

static const struct option_row move_options[] = {
    { .name = "to", .letter = 't', .type = OPTION_TEXT, .offset = offsetof(struct move_options, to),
      .value = "PLACE", .help = "the village where it lives from then on, by name or code" },
    { .name = "on", .type = OPTION_TEXT, .offset = offsetof(struct move_options, on),
      .value = "DATE", .help = "its first day there; needed when the county changes" },
};

const struct command household_commands[1] = {
    { .name = "move", .operands = "household CODE", .help = "a household goes to live elsewhere",
      .more = "jiedui move household H0012 --to 阿亚克萨依村 --on 2020-05-27\n\n"
              "To another county it goes with its persons, under the same codes. Figures count it\n"
              "where it was until the day before, and where it is from the day on; what was recorded\n"
              "of it until then stays where it was. Within its county a move changes its village.",
      .needs = NEEDS_WRITE, .options = move_options, .n_options = COUNT(move_options),
      .options_size = sizeof(struct move_options), .run = run_move },
};
