/* jiedui needs: what is needed, what is offered, what could meet what, and what became of it. */
#include "cli/rooms.h"

#include "base/count.h"
#include "base/date.h"
#include "base/money.h"
#include "programme/pairing/needs.h"

struct needs_cli { const char *place, *as_of, *on, *reason, *project, *taken; int64_t limit; };

struct showing {
    struct app *app;
    const struct needs_cli *o;
    struct need_book n;
    struct place_range range[64]; int ranges;
    struct table_out *t;
};

static bool open_needs(struct showing *s, struct err *e)
{
    struct app *app = s->app;
    const struct places *p = app->model->places;
    int64_t place;
    int32_t on;
    if (!app_day(app, s->o->as_of, &on, e) || !app_place(app, s->o->place, &place, e)) return false;
    if (place && !p->ranges(p->arg, app->db, place, s->range, COUNT(s->range), &s->ranges, e))
        return false;
    return needs_read(&s->n, app->db, app->model, on, app->arena, e);
}

static bool inside(const struct showing *s, int64_t place)
{
    bool in = s->ranges == 0;
    for (int i = 0; i < s->ranges; i++)
        in = in || (place >= s->range[i].lo && place <= s->range[i].hi);
    return in;
}

/* A number with its unit, or yuan. */
static const char *much(struct showing *s, bool money, int64_t v, const char *unit)
{
    char text[DECIMAL_TEXT];
    decimal_format(v, money ? 2 : 0, text);
    return arena_printf(s->app->arena, "%s%s%s", text, money || *unit ? " " : "",
                        money ? app_word(s->app, "yuan") : unit);
}

static const char *demand_much(struct showing *s, const struct demand *d, bool left)
{
    if (d->has_amount) return much(s, true, left ? d->left_amount : d->amount, "");
    return d->has_quantity ? much(s, false, left ? d->left_quantity : d->quantity, d->unit) : "";
}

static const char *supply_much(struct showing *s, const struct supply *x, bool left)
{
    if (x->has_amount) return much(s, true, left ? x->left_amount : x->amount, "");
    return x->has_quantity ? much(s, false, left ? x->left_quantity : x->quantity, x->unit) : "";
}

/* --- lists --- */

static bool there(const struct showing *s, const struct demand *d)
{
    return inside(s, d->place) && d->from <= s->n.on && d->to >= s->n.on;
}

static void list_needs(struct showing *s, bool unserved)
{
    static const struct table_column cols[] = { { "need", "need", false }, { "title", "title", false },
        { "place", "place", false }, { "area", "area of work", false }, { "kind", "kind", false },
        { "needed", "needed", true }, { "left", "not docked", true }, { "dockings", "dockings", true },
        { "met", "delivered", true }, { "met_on", "met on", false } };
    s->t = table_begin(s->app, cols, COUNT(cols));
    for (int i = 0; i < s->n.n_needs; i++) {
        const struct demand *d = &s->n.need[i];
        bool served = d->project || d->met_on <= s->n.on;
        for (int k = 0; k < s->n.n_docked && !served; k++)
            served = s->n.docked[k].project && s->n.docked[k].need == d->id &&
                     s->n.docked[k].county == d->county;
        if (!there(s, d) || (unserved && served)) continue;
        table_row(s->t, (const char *[]){ d->code, d->title, cell_place(s->app, d->place),
            app_word(s->app, d->focus), app_word(s->app, d->kind), demand_much(s, d, false),
            demand_much(s, d, true), cell_number(s->app, d->agreed), cell_number(s->app, d->met),
            cell_day(s->app, d->met_on) });
    }
    table_end(s->t);
}

static void list_projects(struct showing *s)
{
    static const struct table_column cols[] = { { "project", "project", false },
        { "title", "title", false }, { "place", "place", false }, { "helper", "helper", false },
        { "from", "from", false } };
    s->t = table_begin(s->app, cols, COUNT(cols));
    for (int i = 0; i < s->n.projects.n; i++) {
        const struct val *v = s->n.projects.row[i];
        if (!inside(s, row_int(v[4])) || project_needed(&s->n, v[0].i, v[1].i)) continue;
        table_row(s->t, (const char *[]){ row_text(v[2]), row_text(v[3]),
            cell_place(s->app, row_int(v[4])), cell_org(s->app, row_int(v[5])),
            cell_day(s->app, row_date(v[6], DATE_MIN)) });
    }
    table_end(s->t);
}

static bool some_left(const struct supply *x)
{
    if (x->has_amount) return x->left_amount > 0;
    return !x->has_quantity || x->left_quantity > 0;
}

static void list_offers(struct showing *s, bool unused)
{
    static const struct table_column cols[] = { { "offer", "offer", false },
        { "title", "title", false }, { "helper", "helper", false }, { "kind", "kind", false },
        { "area", "area of work", false }, { "offered", "offered", true }, { "left", "left", true },
        { "dockings", "dockings", true }, { "from", "from", false }, { "until", "until", false } };
    s->t = table_begin(s->app, cols, COUNT(cols));
    for (int i = 0; i < s->n.n_offers; i++) {
        const struct supply *x = &s->n.offer[i];
        if (x->place && !inside(s, x->place)) continue;
        if (unused && (!some_left(x) || x->from > s->n.on || x->to < s->n.on)) continue;
        table_row(s->t, (const char *[]){ x->code, x->title, cell_org(s->app, x->helper),
            app_word(s->app, x->kind), x->focus, supply_much(s, x, false), supply_much(s, x, true),
            cell_number(s->app, x->used), cell_day(s->app, x->from), cell_day(s->app, x->to) });
    }
    table_end(s->t);
}

static void list_dockings(struct showing *s)
{
    static const struct table_column cols[] = { { "docking", "docking", false },
        { "state", "state", false }, { "need", "need", false }, { "offer", "offer", false },
        { "place", "place", false }, { "taken", "quantity", true }, { "score", "score", true },
        { "proposed_on", "proposed on", false }, { "agreed_on", "agreed on", false },
        { "delivered_on", "delivered on", false }, { "ended_on", "ended on", false },
        { "reason", "reason", false } };
    s->t = table_begin(s->app, cols, COUNT(cols));
    for (int i = 0; i < s->n.n_docked; i++) {
        const struct docked *k = &s->n.docked[i];
        const struct demand *d = need_of(&s->n, k);
        const struct supply *x = offer_of(&s->n, k);
        if (!inside(s, k->place)) continue;
        table_row(s->t, (const char *[]){ k->code, app_word(s->app, k->state), d ? d->code : "",
            x ? x->code : "", cell_place(s->app, k->place),
            much(s, k->has_amount, k->has_amount ? k->amount : k->taken, d ? d->unit : ""),
            cell_number(s->app, k->score), cell_day(s->app, k->proposed), cell_day(s->app, k->agreed),
            cell_day(s->app, k->delivered), cell_day(s->app, k->ended), k->reason });
    }
    table_end(s->t);
}

/* --- suggestions --- */

static bool suggest_one(struct showing *s, const struct demand *d, struct err *e)
{
    struct fit *f;
    int n, most = s->o->limit > 0 ? (int)s->o->limit : 3;
    if (!needs_suggest(&s->n, d, &f, &n, e)) return false;
    for (int i = 0; i < n && i < most; i++)
        table_row(s->t, (const char *[]){ d->code, d->title, cell_place(s->app, d->place),
            f[i].offer->code, f[i].offer->title, cell_org(s->app, f[i].offer->helper),
            much(s, f[i].money, f[i].quantity, d->unit), cell_number(s->app, f[i].score), f[i].why });
    return true;
}

static bool suggest(struct showing *s, const char *need, struct err *e)
{
    static const struct table_column cols[] = { { "need", "need", false }, { "title", "title", false },
        { "place", "place", false }, { "offer", "offer", false }, { "what", "what", false },
        { "helper", "helper", false }, { "fits", "fits", true }, { "score", "score", true },
        { "why", "why", false } };
    bool ok = true;
    if (need && !needs_find(&s->n, need))
        return err_set(e, ERR_NOT_FOUND, "there is no need %s; `jiedui needs list` shows them", need);
    s->t = table_begin(s->app, cols, COUNT(cols));
    for (int i = 0; i < s->n.n_needs && ok; i++) {
        const struct demand *d = &s->n.need[i];
        if (need ? strcmp(need, d->code) != 0 : !there(s, d)) continue;
        ok = suggest_one(s, d, e);
    }
    table_end(s->t);
    return ok;
}

/* --- docking --- */

struct docking {
    struct app *app;
    struct dock_request q;
    const char *code, *taken, *reason;
    struct fit fit;
    enum dock_step step;
};

static bool dock(struct tx *tx, void *arg, struct err *e)
{
    struct docking *k = arg;
    return needs_dock(tx, k->app->model, &k->q, k->app->arena, &k->code, &k->fit, e);
}

static bool read_day(struct app *app, const char *text, int32_t *on, struct err *e)
{
    *on = instant_date(clock_now(&app->clock), store_zone(app->store));
    return !text || date_parse(text, strlen(text), DATE_EXACT, on) ||
           err_set(e, ERR_USAGE, "--on: '%s' is not a date: write 2020-05-27", text);
}

/* A whole number, or yuan: which it is the two say, so both are read. */
static bool read_taken(struct docking *k, struct showing *s, struct err *e)
{
    const struct demand *d = needs_find(&s->n, k->q.need);
    const struct supply *x = offers_find(&s->n, k->q.offer);
    bool money = d && x && d->has_amount && x->has_amount;
    if (!k->taken) return true;
    k->q.given = true;
    if (decimal_parse(k->taken, strlen(k->taken), money ? 2 : 0, &k->q.taken) == DECIMAL_OK &&
        k->q.taken > 0)
        return true;
    return err_set(e, ERR_USAGE, "--quantity: \"%s\" is no %s", k->taken,
                   money ? "amount in yuan" : "whole number above 0");
}

static int run_dock(struct app *app, const struct needs_cli *o, const char *need,
                    const char *offer, struct err *e)
{
    struct docking k = { .app = app, .taken = o->taken,
                         .q = { .need = need, .offer = offer, .project = o->project } };
    struct showing s = { .app = app, .o = o };
    bool ok = read_day(app, o->on, &k.q.on, e) && open_needs(&s, e);
    ok = ok && read_taken(&k, &s, e);
    needs_close(&s.n);
    if (!ok || !store_write(app->store, dock, &k, e)) return err_exit(e->code);
    static const struct table_column cols[] = { { "docking", "docking", false },
        { "taken", "quantity", true }, { "score", "score", true }, { "why", "why", false } };
    int64_t taken = k.q.given ? k.q.taken : k.fit.quantity;
    s.t = table_begin(app, cols, COUNT(cols));
    table_row(s.t, (const char *[]){ k.code, much(&s, k.fit.money, taken, k.fit.need->unit),
                                     cell_number(app, k.fit.score), k.fit.why });
    table_end(s.t);
    return 0;
}

static bool step(struct tx *tx, void *arg, struct err *e)
{
    const struct docking *k = arg;
    return needs_step(tx, k->app->model, k->code, k->step, k->reason, k->q.on, k->app->arena, e);
}

static int run_step(struct app *app, const struct needs_cli *o, enum dock_step which,
                    const char *code, struct err *e)
{
    static const char *const states[] = { "agreed", "delivered", "done", "failed" };
    struct docking k = { .app = app, .code = code, .step = which, .reason = o->reason };
    if (!read_day(app, o->on, &k.q.on, e) || !store_write(app->store, step, &k, e))
        return err_exit(e->code);
    static const struct table_column cols[] = { { "docking", "docking", false },
        { "state", "state", false }, { "on", "on", false } };
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    table_row(t, (const char *[]){ code, app_word(app, states[which]), cell_day(app, k.q.on) });
    table_end(t);
    return 0;
}

/* --- the command --- */

static int run_needs(struct app *app, void *options, const char *const *operand, int n,
                     struct err *e)
{
    static const char *const lists[] = { "list", "no-project", "projects", "offers", "unused",
                                         "dockings", "suggest" };
    static const char *const words[] = { "agree", "deliver", "done", "fail" };
    const struct needs_cli *o = options;
    const char *what = n ? operand[0] : "list";
    struct showing s = { .app = app, .o = o };
    int list = 0;
    if (strcmp(what, "dock") == 0 && n == 3) return run_dock(app, o, operand[1], operand[2], e);
    for (int i = 0; i < COUNT(words) && n == 2; i++)
        if (strcmp(what, words[i]) == 0) return run_step(app, o, (enum dock_step)i, operand[1], e);
    while (list < COUNT(lists) && strcmp(what, lists[list]) != 0) list++;
    if (list == COUNT(lists) || n > (list == 6 ? 2 : 1))
        return err_set(e, ERR_USAGE, "write jiedui needs list, no-project, projects, offers, unused, "
                       "dockings, suggest [NEED], dock NEED OFFER, agree, deliver, done or fail "
                       "DOCKING"), 2;
    bool ok = open_needs(&s, e);
    if (ok && list <= 1) list_needs(&s, list == 1);
    if (ok && list == 2) list_projects(&s);
    if (ok && (list == 3 || list == 4)) list_offers(&s, list == 4);
    if (ok && list == 5) list_dockings(&s);
    if (ok && list == 6) ok = suggest(&s, n == 2 ? operand[1] : NULL, e);
    needs_close(&s.n);
    return ok ? 0 : err_exit(e->code);
}

#define TEXT_OPTION(field, flag, shown, words) \
    { .name = flag, .type = OPTION_TEXT, .offset = offsetof(struct needs_cli, field), \
      .value = shown, .help = words }

static const struct option_row options[] = {
    TEXT_OPTION(place, "place", "PLACE", "lists: only inside that place"),
    TEXT_OPTION(as_of, "as-of", "DATE", "lists, suggest: as on that day; today when absent"),
    { .name = "limit", .type = OPTION_INT, .offset = offsetof(struct needs_cli, limit), .value = "N",
      .help = "suggest: so many offers a need; 3 when absent" },
    TEXT_OPTION(taken, "quantity", "N", "dock: how much, a number or yuan; as much as fits when absent"),
    TEXT_OPTION(project, "project", "PROJECT", "dock: the project that does it"),
    TEXT_OPTION(on, "on", "DATE", "dock, agree, deliver, done, fail: the day; today when absent"),
    TEXT_OPTION(reason, "reason", "TEXT", "fail: why"),
};

const struct command needs_commands[] = {
    { .name = "needs",
      .operands = "list | no-project | projects | offers | unused | dockings | suggest [NEED] | "
                  "dock NEED OFFER | agree | deliver | done | fail DOCKING",
      .help = "needs of places and households, offers of helpers, and what brings them together",
      .more = "  jiedui needs list --place 653224         needs, and how much of each is not docked yet\n"
              "  jiedui needs suggest N-12                offers that could meet it, the best first\n"
              "  jiedui needs dock N-12 O-3 --quantity 20 proposed; the score and its parts are kept\n"
              "  jiedui needs agree N-12+O-3 --on 2020-04-01\n"
              "  jiedui needs deliver N-12+O-3\n"
              "  jiedui needs done N-12+O-3               a need that is met in full gets its day\n"
              "  jiedui needs fail N-12+O-3 --reason \"no road\"\n"
              "  jiedui needs no-project                  needs without a project\n"
              "  jiedui needs projects                    projects that come from no need\n"
              "  jiedui needs unused                      offers of which something is left\n"
              "\n"
              "The score, of 100: same area of work 35, kind of help asked for 15, an agreement with the "
              "place 20\n"
              "(15 inside the pairings above the helper), how near the offer is meant 10, how much of "
              "the need it\n"
              "covers 20. What is for another area, outside the pairing, of another unit or not in force is "
              "not\n"
              "suggested, and cannot be docked. Of no need and no offer more is docked than there is.",
      .needs = NEEDS_WRITE,
      .options = options,
      .n_options = COUNT(options),
      .options_size = sizeof(struct needs_cli),
      .run = run_needs },
};
const int needs_command_count = COUNT(needs_commands);
