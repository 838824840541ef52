/* jiedui money reconcile: a bank's statement beside the ledger. */
#include "cli/money.h"

#include <inttypes.h>

#include "base/count.h"
#include "base/date.h"
#include "programme/money/bank.h"

static const char *const kinds[] = {
    [BANK_MATCHED] = "matched", [BANK_ONLY_BANK] = "in the bank alone",
    [BANK_ONLY_LEDGER] = "in the ledger alone", [BANK_AMOUNT] = "another amount",
    [BANK_AMBIGUOUS] = "ambiguous", [BANK_BALANCE_START] = "balance before",
    [BANK_BALANCE_END] = "balance after", [BANK_STATEMENT_SUM] = "statement does not add up" };

struct telling { struct app *app; struct table_out *t; bool all; };

static const char *day_text(struct arena *a, int32_t day)
{
    char text[DATE_TEXT] = "";
    if (day) date_format(day, text);
    return arena_strdup(a, text);
}

static const struct table_column cols[] = {
    { "what", "what", false }, { "line", "line", true }, { "bank_day", "bank's day", false },
    { "bank_amount", "bank", true }, { "reference", "reference", false },
    { "transfer", "transfer", false }, { "ledger_day", "ledger's day", false },
    { "ledger_amount", "ledger", true }, { "choice", "choice", true } };

static bool tell(void *arg, const struct bank_difference *d, struct err *e)
{
    struct telling *x = arg;
    struct arena *a = x->app->arena;
    struct arena_mark mark = arena_mark(a);
    (void)e;
    if (d->kind == BANK_MATCHED && !x->all) return true;
    const char *cells[] = { app_word(x->app, kinds[d->kind]),
        d->line ? arena_printf(a, "%" PRId64, d->line) : "", day_text(a, d->day),
        d->amount == BANK_NONE ? "" : money_yuan(a, d->amount), d->reference,
        d->transfer ? arena_printf(a, "%" PRId64 ":%" PRId64, d->county, d->transfer) : "",
        day_text(a, d->ledger_day),
        d->ledger_amount == BANK_NONE ? "" : money_yuan(a, d->ledger_amount),
        d->group ? arena_printf(a, "%d", d->group)
                 : d->legs > 1 ? arena_printf(a, "%d legs", d->legs) : "" };
    if (!x->t) x->t = table_begin(x->app, cols, COUNT(cols));
    table_row(x->t, cells);
    arena_rewind(a, mark);
    return true;
}

static bool order_of(struct app *app, const struct money_cli *o, const char *file,
                     struct bank_order *out, struct err *e)
{
    *out = (struct bank_order){ .file = file, .account = o->account, .mapping = o->mapping,
                                .days = o->days ? (int)o->days : 3 };
    if (!o->account) return err_set(e, ERR_USAGE, "which account is it of? --account ACCOUNT");
    if (o->days < 0 || o->days > 366) return err_set(e, ERR_USAGE, "--days is 0 to 366");
    if (!o->from != !o->to) return err_set(e, ERR_USAGE, "--from and --to go together");
    return !o->from || (money_day(app, o->from, &out->from, e) && money_day(app, o->to, &out->to, e));
}

int money_reconcile(struct app *app, const struct money_cli *o, const char *file, struct err *e)
{
    struct pay_desk k = { .store = app->store, .model = app->model, .arena = app->arena,
                          .by = o->by };
    struct telling x = { .app = app, .all = o->all };
    struct bank_order order;
    struct bank_report r;
    if (!order_of(app, o, file, &order, e) || !money_day(app, o->date, &k.day, e)) return 2;
    bool ok = bank_reconcile(&k, &order, tell, &x, &r, e);
    if (ok && !x.t && app->format != OUT_TEXT) x.t = table_begin(app, cols, COUNT(cols));
    if (x.t) table_end(x.t);
    if (r.refused_path)
        fprintf(stderr, "%" PRId64 " rows cannot be read: %s\n", r.refused, r.refused_path);
    if (!ok) return err_exit(e->code);
    if (app->format == OUT_TEXT)
        printf("statement %s, %s to %s%s: %" PRId64 " lines, %" PRId64 " legs, %" PRId64
               " matched, %" PRId64 " differences\n", r.statement, day_text(app->arena, r.from),
               day_text(app->arena, r.to), r.stored ? "" : ", taken in before", r.lines, r.legs,
               r.matched, r.differences);
    return r.differences ? 3 : 0;
}
