/* jiedui money ageing, alerts: money that waits. */
#include "cli/money.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/count.h"
#include "base/date.h"
#include "cli/rooms.h"
#include "programme/money/idle.h"

static bool counties(struct app *app, const char *place, int64_t *lo, int64_t *hi, struct err *e)
{
    int64_t code;
    if (!app_place(app, place, &code, e)) return false;
    struct place_range r =
        code ? place_own_range(code) : (struct place_range){ 0, INT64_C(999999999999) };
    *lo = r.lo / 1000000;
    *hi = r.hi / 1000000;
    return true;
}

struct aged { const struct account_balance *of; struct idle idle; };

static int by_weight(const void *l, const void *r)
{
    const struct aged *a = l, *b = r;
    if (a->idle.yuan_days != b->idle.yuan_days)
        return a->idle.yuan_days > b->idle.yuan_days ? -1 : 1;
    return strcmp(a->of->code, b->of->code);
}

static void print_ageing(struct app *app, const struct aged *at, size_t n, int32_t on)
{
    static const struct table_column cols[] = {
        { "account", "account", false },          { "holder", "holder", false },
        { "balance", "in hand", true },           { "days", "days of the oldest", true },
        { "to_1_year", "up to 1 year", true },    { "to_2_years", "1 to 2 years", true },
        { "over_2_years", "over 2 years", true }, { "yuan_days", "yuan x days", true }
    };
    struct arena *a = app->arena;
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    for (size_t i = 0; i < n; i++) {
        const struct idle *x = &at[i].idle;
        const char *cells[] = { at[i].of->code,
                                at[i].of->title,
                                money_yuan(a, x->all),
                                arena_printf(a, "%d", on > x->oldest ? on - x->oldest : 0),
                                money_yuan(a, x->year1),
                                money_yuan(a, x->year2),
                                money_yuan(a, x->older),
                                arena_printf(a, "%" PRId64, x->yuan_days) };
        table_row(t, cells);
    }
    table_end(t);
}

struct ageing { const struct account_balances *all; struct aged *aged; size_t n, at; int32_t on; };

static bool age_one(void *arg, struct account_ref at, const struct idle_pieces *p, struct err *e)
{
    struct ageing *x = arg;
    (void)e;
    while (x->at < x->all->n && (x->all->at[x->at].at.county != at.county ||
                                 x->all->at[x->at].at.id != at.id))
        x->at++;
    if (x->at < x->all->n && account_waits(&x->all->at[x->at]))
        x->aged[x->n++] = (struct aged){ &x->all->at[x->at], idle_of(p, x->on) };
    return true;
}

/* As it is now the open lots tell it; of another day what was done until then. */
static bool age(struct app *app, const struct pieces_query *q, bool now, struct ageing *x,
                struct err *e)
{
    struct idle_pieces p = { 0 };
    bool ok = true;
    if (!now) return pieces_on(app->db, q, age_one, x, e);
    for (size_t i = 0; ok && i < x->all->n; i++) {
        const struct account_balance *b = &x->all->at[i];
        if (!account_waits(b) || b->b.balance == 0) continue;
        ok = account_pieces(app->db, b, &p, e);
        if (ok && p.n) x->aged[x->n++] = (struct aged){ b, idle_of(&p, x->on) };
    }
    free(p.at);
    return ok;
}

int money_ageing(struct app *app, const struct money_cli *o, struct err *e)
{
    struct account_balances all = { 0 };
    struct pieces_query q = { .mo = app->model };
    if (!money_day(app, o->on, &q.on, e)) return 2;
    bool ok = counties(app, o->place, &q.lo, &q.hi, e) && db_begin_read(app->db, e) &&
              account_balances(app->db, q.lo, q.hi, app->arena, &all, e);
    struct ageing x = { .all = &all, .on = q.on };
    x.aged = mem_alloc((all.n + 1) * sizeof *x.aged);
    ok = ok && age(app, &q, !o->on, &x, e);
    db_end_read(app->db);
    if (ok) {
        qsort(x.aged, x.n, sizeof *x.aged, by_weight);
        print_ageing(app, x.aged, x.n, q.on);
    }
    free(x.aged);
    free(all.at);
    return ok ? 0 : err_exit(e->code);
}

/* --- alerts --- */

static const struct idle_alert *same_in(const struct idle_alerts *l, const struct idle_alert *x)
{
    for (int i = 0; i < l->n; i++)
        if (strcmp(l->at[i].rule, x->rule) == 0 && l->at[i].account.at.id == x->account.at.id)
            return &l->at[i];
    return NULL;
}

static void print_alert(struct app *app, struct table_out *t, const struct idle_alert *x,
                        const char *state, int32_t on)
{
    struct arena *a = app->arena;
    table_row(t, (const char *[]){ x->rule, x->account.code, x->account.title,
        app_word(app, state), money_yuan(a, x->amount), cell_day(app, x->oldest),
        arena_printf(a, "%d", on - x->oldest), cell_day(app, x->raised), x->title });
}

static bool read_alerts(struct app *app, const struct money_cli *o, int32_t on, int32_t since,
                        struct idle_alerts *now, struct idle_alerts *then, struct err *e)
{
    struct pieces_query q = { .mo = app->model, .on = on, .now = !o->on }, before;
    *then = (struct idle_alerts){ .n = 0 };
    if (!counties(app, o->place, &q.lo, &q.hi, e)) return false;
    before = q;
    before.on = since;
    before.now = false;
    bool ok = db_begin_read(app->db, e) && idle_alerts(app->db, &q, app->arena, now, e) &&
              (!o->since || idle_alerts(app->db, &before, app->arena, then, e));
    db_end_read(app->db);
    return ok;
}

int money_alerts(struct app *app, const struct money_cli *o, struct err *e)
{
    static const struct table_column cols[] = { { "rule", "rule", false },
        { "account", "account", false }, { "holder", "holder", false }, { "state", "state", false },
        { "amount", "idle", true }, { "since", "since", false }, { "days", "days", true },
        { "raised", "idle over since", false }, { "title", "title", false } };
    struct idle_alerts now, then;
    int32_t on, since = DATE_MIN;
    if (!money_day(app, o->on, &on, e) || (o->since && !money_day(app, o->since, &since, e)))
        return 2;
    if (!read_alerts(app, o, on, since, &now, &then, e)) return err_exit(e->code);
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    for (int i = 0; i < now.n; i++)
        print_alert(app, t, &now.at[i], !o->since || same_in(&then, &now.at[i]) ? "still idle" : "raised",
                    on);
    for (int i = 0; i < then.n; i++)
        if (!same_in(&now, &then.at[i])) print_alert(app, t, &then.at[i], "closed", since);
    table_end(t);
    return now.n ? 3 : 0;
}
