/* jiedui money: the ledger from the command line. */
#include "cli/money.h"
#include "cli/rooms.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/count.h"
#include "base/date.h"
#include "base/id.h"
#include "base/money.h"
#include "programme/money/idle.h"
#include "programme/money/post_file.h"

bool money_number(const char *text, int64_t *county, int64_t *number)
{
    char *end;
    *county = strtoll(text, &end, 10);
    if (end == text || *end != ':') return false;
    return id_parse(end + 1, strlen(end + 1), number);
}

const char *money_yuan(struct arena *a, int64_t fen)
{
    char text[DECIMAL_TEXT];
    decimal_format(fen, 2, text);
    return arena_strdup(a, text);
}

bool money_day(struct app *app, const char *text, int32_t *out, struct err *e)
{
    *out = instant_date(clock_now(&app->clock), store_zone(app->store));
    return !text || date_parse(text, strlen(text), DATE_EXACT, out) ||
           err_set(e, ERR_USAGE, "\"%s\" is no date", text);
}

static int money_post(struct app *app, const char *path, struct err *e)
{
    struct post_report r;
    if (!post_file(app->store, app->model, path, 0, &r, e)) return err_exit(e->code);
    printf("%" PRId64 " lines: %" PRId64 " transfers posted, %" PRId64 " were there already\n",
           r.lines, r.posted, r.done);
    return 0;
}

/* --- what becomes of a transfer --- */

static bool print_dependent(void *arg, int64_t county, int64_t id, int64_t amount, struct err *e)
{
    struct app *app = arg;
    (void)e;
    printf("%" PRId64 ":%" PRId64 "  %s yuan of it\n", county, id, money_yuan(app->arena, amount));
    return true;
}

struct acting { struct app *app; struct ledger_act act; char what; bool chain; };

static bool act(struct tx *tx, void *arg, struct err *e)
{
    struct acting *a = arg;
    switch (a->what) {
    case 'f': return ledger_fulfil(tx, &a->act, e);
    case 'v': return ledger_void(tx, &a->act, e);
    default: return ledger_return(tx, &a->act, a->chain, print_dependent, a->app, e);
    }
}

static int money_act(struct app *app, const struct money_cli *o, char what, const char *transfer,
                     struct err *e)
{
    struct acting a = { .app = app, .what = what, .chain = o->chain, .act = { .note = o->note } };
    if (!money_number(transfer, &a.act.county, &a.act.id))
        return err_set(e, ERR_USAGE, "a transfer is named COUNTY:ID"), 2;
    a.act.halves = store_apart(app->store);
    if (!money_day(app, o->date, &a.act.day, e)) return err_exit(e->code);
    bool ok = what == 'r' && a.act.halves
        ? ledger_return_apart(app->store, &a.act, a.chain, print_dependent, app, e)
        : store_write(app->store, act, &a, e);
    if (!ok) return err_exit(e->code);
    printf("done by transfer %" PRId64 ":%" PRId64 "\n", a.act.county, a.act.by);
    return 0;
}

/* --- between counties --- */

struct ways { struct app *app; struct table_out *t; int n; };

static bool print_way(void *arg, const struct under_way *u, struct err *e)
{
    static const char *const kinds[] = { [LEG_MOVE] = "moved", [LEG_PROMISE] = "promised",
        [LEG_ARRIVAL] = "arrived", [LEG_VOID] = "voided", [LEG_RETURN] = "returned" };
    struct ways *w = arg;
    struct arena *a = w->app->arena;
    (void)e;
    w->n++;
    table_row(w->t, (const char *[]){ arena_printf(a, "%" PRId64, u->home), arena_printf(a, "%" PRId64, u->far),
        arena_printf(a, "%" PRId64 ":%" PRId64, u->home, u->id), kinds[u->kind], cell_day(w->app, u->day),
        money_yuan(a, u->amount) });
    return true;
}

static int print_ways(struct app *app, struct err *e)
{
    static const struct table_column cols[] = { { "home", "from county", true }, { "far", "to county", true },
        { "transfer", "transfer", false }, { "kind", "kind", false }, { "day", "day", false },
        { "amount", "amount", true } };
    struct ways w = { app, table_begin(app, cols, COUNT(cols)), 0 };
    bool ok = ledger_under_way(app->db, print_way, &w, e);
    table_end(w.t);
    return !ok ? err_exit(e->code) : w.n ? 3 : 0;
}

static bool put_apart(struct tx *tx, void *arg, struct err *e)
{
    return setting_put(tx, SETTING_COUNTIES, arg, e);
}

static int money_deliver(struct app *app, const struct money_cli *o, struct err *e)
{
    int64_t delivered;
    if (o->apart && o->together) return err_set(e, ERR_USAGE, "--apart or --together, not both"), 2;
    char *how = o->apart ? "apart" : "together";
    if ((o->apart || o->together) && !store_write(app->store, put_apart, how, e)) return err_exit(e->code);
    if (!ledger_deliver(app->store, &delivered, e)) return err_exit(e->code);
    printf("%" PRId64 " brought over\n", delivered);
    return 0;
}

/* --- balances --- */

static bool read_balances(struct app *app, const char *place, struct account_balances *out,
                          struct err *e)
{
    int64_t code;
    if (!app_place(app, place, &code, e)) return false;
    struct place_range r =
        code ? place_own_range(code) : (struct place_range){ 0, INT64_C(999999999999) };
    return account_balances(app->db, r.lo / 1000000, r.hi / 1000000, app->arena, out, e);
}

static int money_balance(struct app *app, const struct money_cli *o, struct err *e)
{
    static const struct table_column cols[] = {
        { "county", "county", true },          { "account", "account", false },
        { "holder", "holder", false },         { "kind", "kind", false },
        { "earmark", "earmark", false },       { "balance", "balance", true },
        { "promised", "promised away", true }, { "expected", "expected", true }
    };
    struct account_balances all = { 0 };
    struct arena *a = app->arena;
    if (!read_balances(app, o->place, &all, e)) {
        free(all.at);
        return err_exit(e->code);
    }
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    for (size_t i = 0; i < all.n; i++) {
        const struct account_balance *x = &all.at[i];
        const char *cells[] = { arena_printf(a, "%" PRId64, x->at.county),
                                x->code,
                                x->title,
                                x->kind,
                                x->earmark,
                                money_yuan(a, x->b.balance),
                                money_yuan(a, x->b.reserved),
                                money_yuan(a, x->b.expected) };
        table_row(t, cells);
    }
    table_end(t);
    free(all.at);
    return 0;
}

/* --- rates --- */

/* A ratio of money, shares of it included. */
static bool is_rate(const struct figure *f)
{
    bool money = f->kind == FIGURE_RATIO && f->unit && strcmp(f->unit, "percent") == 0;
    for (int i = 0; money && i < f->n_terms; i++)
        money = f->terms[i].of->unit && strcmp(f->terms[i].of->unit, "yuan") == 0;
    return money;
}

static bool print_rate(struct app *app, struct table_out *t, const struct figure *f,
                       const struct figure_query *q, struct err *e)
{
    struct figure_value v;
    struct arena *a = app->arena;
    if (!figure_read(&app->context, app->db, &scope_all, q, &v, e)) return false;
    const char *cells[] = { f->name, app->zh ? f->zh : f->en, figure_print(f, &v, a),
        v.known ? money_yuan(a, v.numerator) : "", v.known ? money_yuan(a, v.denominator) : "",
        figure_rests_on(&v), arena_printf(a, "%" PRId64, v.rows) };
    table_row(t, cells);
    return true;
}

static int money_rates(struct app *app, const struct money_cli *o, struct err *e)
{
    static const struct table_column cols[] = { { "name", "figure", false },
                                                { "label", "label", false },
                                                { "value", "value", true },
                                                { "numerator", "numerator", true },
                                                { "denominator", "denominator", true },
                                                { "rests_on", "rests on", false },
                                                { "rows", "rows", true } };
    struct figure_query q = { .from = DATE_MIN, .to = DATE_MAX };
    if (!app_place(app, o->place, &q.place, e)) return err_exit(e->code);
    if (o->on && !money_day(app, o->on, &q.to, e)) return 2;
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    bool ok = true;
    for (int i = 0; ok && i < figures_count(app->figures); i++) {
        const struct figure *f = figures_at(app->figures, i);
        q.name = f->name;
        if (is_rate(f)) ok = print_rate(app, t, f, &q, e);
    }
    table_end(t);
    return ok ? 0 : err_exit(e->code);
}

static int do_money(struct app *app, const struct money_cli *o, const char *const *operand, int n,
                    struct err *e)
{
    const char *what = n > 0 ? operand[0] : "";
    if (!strcmp(what, "trace") && n == 1) return money_trace(app, o, e);
    if (!strcmp(what, "post") && n == 2) return money_post(app, operand[1], e);
    if (!strcmp(what, "deliver") && n == 1) return money_deliver(app, o, e);
    if (!strcmp(what, "underway") && n == 1) return print_ways(app, e);
    if (!strcmp(what, "balance") && n == 1) return money_balance(app, o, e);
    if (!strcmp(what, "ageing") && n == 1) return money_ageing(app, o, e);
    if (!strcmp(what, "alerts") && n == 1) return money_alerts(app, o, e);
    if (!strcmp(what, "rates") && n == 1) return money_rates(app, o, e);
    if (!strcmp(what, "rules") && n == 1) return money_rules(app, o, false, e);
    if (!strcmp(what, "rules") && n == 2 && !strcmp(operand[1], "check"))
        return money_rules(app, o, true, e);
    if (!strcmp(what, "rules") && n == 3 && !strcmp(operand[1], "end"))
        return money_rules_end(app, o, operand[2], e);
    if (!strcmp(what, "voucher")) return money_voucher(app, o, operand, n, e);
    if (!strcmp(what, "chain") && n == 2) return money_chain(app, operand[1], e);
    if (!strcmp(what, "receipt") && n == 2) return money_receipt(app, o, operand[1], e);
    if (!strcmp(what, "return") && n == 2) return money_act(app, o, 'r', operand[1], e);
    if (!strcmp(what, "fulfil") && n == 2) return money_act(app, o, 'f', operand[1], e);
    if (!strcmp(what, "payments")) return money_payments(app, o, operand, n, e);
    if (!strcmp(what, "reconcile") && n == 2) return money_reconcile(app, o, operand[1], e);
    if (!strcmp(what, "void") && n == 2) return money_act(app, o, 'v', operand[1], e);
    return err_set(e, ERR_USAGE,
                   "money post FILE | deliver | underway | trace | balance | ageing | alerts | rates | "
                   "rules [check|end CODE] | payments | "
                   "voucher add|check | receipt BATCH | chain COMMITMENT | return, fulfil or void COUNTY:ID"),
           2;
}

/* Where counties share no transaction, what crosses a border is brought over before and after. */
static int run_money(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    static const char *const posting[] = { "post", "return", "fulfil", "void", "payments" };
    int64_t delivered;
    bool crosses = false;
    for (int i = 0; n > 0 && i < COUNT(posting); i++) crosses |= !strcmp(operand[0], posting[i]);
    crosses = crosses && store_apart(app->store);
    if (crosses && !ledger_deliver(app->store, &delivered, e)) return err_exit(e->code);
    int status = do_money(app, options, operand, n, e);
    if (crosses && (status == 0 || status == 3) && !ledger_deliver(app->store, &delivered, e))
        return err_exit(e->code);
    return status;
}

#define MONEY_TEXT(field, placeholder, says) \
    { .name = #field, .type = OPTION_TEXT, .offset = offsetof(struct money_cli, field), \
      .value = placeholder, .help = says }
#define MONEY_FLAG(field, says)                                                                    \
    {                                                                                              \
        .name = #field, .type = OPTION_FLAG, .offset = offsetof(struct money_cli, field),          \
        .help = says                                                                               \
    }

static const struct option_row money_options[] = {
    MONEY_TEXT(from, "BATCH|RECEIPT|lot:C:N|transfer:C:ID",
               "trace: what became of this money; reconcile: the first day"),
    MONEY_TEXT(to, "HOUSEHOLD|PROJECT|PAYMENT|ACCOUNT|lot:C:N|transfer:C:ID",
               "trace: where this money began; reconcile: the last day"),
    MONEY_FLAG(lots, "trace: each edge of the lots, streamed, not folded by account"),
    MONEY_TEXT(place, "PLACE", "balance, ageing, rates: only there"),
    MONEY_TEXT(html, "FILE", "receipt: as a page for A4 paper instead"),
    MONEY_TEXT(office, "ORGANISATION", "receipt: who issues it; the organisation that received it when absent"),
    MONEY_FLAG(anew, "receipt: issue another one that takes the place of the last"),
    MONEY_FLAG(draft, "receipt: what it would state now; nothing is issued"),
    MONEY_TEXT(kind, "KIND", "voucher add: invoice, bank_slip, contract, ..."),
    MONEY_TEXT(since, "DATE", "alerts: what changed since this day"),
    MONEY_TEXT(on, "DATE", "ageing, alerts, rates, rules: as of this day; rules end: the last day; today when absent"),
    MONEY_TEXT(date, "DATE", "return, fulfil, void, payments, receipt: when it happened; today when absent"),
    MONEY_TEXT(note, "TEXT", "return, fulfil, void, rules end: why"),
    MONEY_FLAG(apart, "deliver: from now on money crosses a county's border in two transactions, as a "
                      "cluster needs it"),
    MONEY_FLAG(together, "deliver: from now on in one transaction again"),
    MONEY_FLAG(chain, "return: what was made of the money is returned first"),
    MONEY_TEXT(by, "NAME", "payments: the person who prepares, approves, writes or takes in; receipt: who issues it"),
    MONEY_TEXT(payer, "ACCOUNT", "payments prepare: the account of the ledger that pays"),
    MONEY_TEXT(purpose, "PURPOSE", "payments prepare: what for, where a line does not say"),
    MONEY_TEXT(period, "PERIOD", "payments prepare: 2020, 2020H1, 2020Q2, 2020-05 or a day"),
    MONEY_TEXT(earmark, "USE", "payments prepare: the use that the money serves"),
    MONEY_TEXT(records, "ENTITY", "payments prepare: lines out of welfare_post or equity_share"),
    MONEY_TEXT(where, "RULE", "payments prepare: only such records"),
    MONEY_TEXT(due, "DATE", "payments prepare: when the bank is to pay; today when absent"),
    MONEY_TEXT(title, "TEXT", "payments prepare: what the run is called"),
    MONEY_TEXT(mapping, "FILE", "payments, reconcile: lines \"column of the file = column\""),
    MONEY_TEXT(xml, "FILE", "payments write: where the ISO 20022 file goes; RUN.xml when absent"),
    MONEY_TEXT(csv, "FILE", "payments write: where the CSV goes; RUN.csv when absent"),
    MONEY_TEXT(line, "PAYMENT", "payments cancel: this one line"),
    MONEY_TEXT(account, "ACCOUNT", "reconcile: the account of the ledger that the statement is of"),
    { .name = "days", .type = OPTION_INT, .offset = offsetof(struct money_cli, days), .value = "N",
      .help = "reconcile: between the bank's day and the ledger's; 3 when absent" },
    MONEY_FLAG(all, "reconcile: what fits too, not the differences alone"),
};

const struct command money_commands[] = {
    { .name = "money",
      .operands = "post FILE | deliver | underway | trace | balance | ageing | alerts | rates | "
                  "rules [check|end CODE] | payments ... | "
                  "voucher add FILE --to C:ID | voucher check FOLDER | receipt BATCH|transfer:C:ID|NUMBER | "
                  "chain COMMITMENT | "
                  "return|fulfil|void C:ID",
      .help = "the ledger: posting, following money both ways, balances, payment runs, rates, rules",
      .more = "post FILE   a CSV of transfers as one command, wholly or not at all; columns date, "
              "debit, credit (codes\n"
              "            of accounts), amount (yuan), and, if wanted, code, earmark, note, "
              "batch. Lines of one code\n"
              "            are the legs of one transfer. A code that was posted is passed over.\n"
              "deliver     brings over what crossed a county's border in two transactions (--apart) and "
              "was cut off in\n"
              "            between; every command that posts does so too. underway lists it, exit "
              "status 3 when there is any\n"
              "trace       --from a batch, a lot or a transfer: what is delivered, in hand and "
              "under way adds up to\n"
              "            what was given; --to a household, a project, a payment or an account: where its "
              "money began.\n"
              "ageing      money that waits, by holder, heaviest first (yuan times days)\n"
              "alerts      money that lies longer and is more than a row of alert_rule allows; with "
              "--since what was\n"
              "            raised and closed in between; exit status 3 when there are any\n"
              "rules       earmark rules in force on a day; `rules check` holds every batch against "
              "them, exit status 3\n"
              "            when one is broken. Rules are rows of earmark_rule; those that ship are in force "
              "from `init` on.\n"
              "            rules end CODE --on LAST_DAY --note WHY ends one, of use or of idle money\n"
              "voucher     add FILE --to COUNTY:ID notes the file's digest with a transfer, the file "
              "stays where it is;\n"
              "            check FOLDER holds every voucher and document with a digest against the "
              "files there\n"
              "chain       from a commitment over batches, allocations, what was posted and paid, and "
              "stages to whom\n"
              "            it benefits\n"
              "receipt     what a giver is told: given when, through which lots it reached whom, in "
              "hand, confirmed;\n"
              "            households by place and number. The first print issues it: the receiving "
              "office's next number\n"
              "            of the year, kept with what it states; later prints, or `receipt NUMBER`, "
              "are copies\n"
              "return      takes a transfer back into the lots it came from; refused, with the "
              "list, when its money\n"
              "            was passed on, unless --chain returns that first\n"
              "\n"
              "Accounts are rows of ledger_account: jiedui load ledger_account.csv",
      .needs = NEEDS_WRITE,
      .options = money_options,
      .n_options = COUNT(money_options),
      .options_size = sizeof(struct money_cli),
      .run = run_money },
};
const int money_command_count = COUNT(money_commands);
