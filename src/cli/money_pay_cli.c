/* jiedui money payments: a pay day from the command line. */
#include "cli/money.h"

#include <inttypes.h>

#include "base/count.h"
#include "base/date.h"
#include "programme/money/pay.h"

static struct pay_desk desk(struct app *app, const struct money_cli *o, int32_t day)
{
    return (struct pay_desk){ .store = app->store, .model = app->model, .arena = app->arena,
                              .by = o->by, .day = day };
}

static const char *count_of(struct app *app, int64_t n)
{
    return arena_printf(app->arena, "%" PRId64, n);
}

static int prepare(struct app *app, const struct money_cli *o, const struct pay_desk *k,
                   const char *run, const char *file, struct err *e)
{
    struct pay_order order = { .run = run, .file = file, .title = o->title, .payer = o->payer,
        .from = o->records, .where = o->where, .purpose = o->purpose, .period = o->period,
        .earmark = o->earmark, .mapping = o->mapping, .due = k->day };
    struct pay_report r;
    if (!file == !o->records)
        return err_set(e, ERR_USAGE, "what is paid? a sheet, or --records welfare_post"), 2;
    if (!o->payer) return err_set(e, ERR_USAGE, "which account pays? --payer ACCOUNT"), 2;
    if (o->due && !money_day(app, o->due, &order.due, e)) return 2;
    bool ok = pay_prepare(k, &order, &r, e);
    if (r.refused_path)
        fprintf(stderr, "%" PRId64 " lines refused: %s\n", r.refused, r.refused_path);
    if (!ok) return err_exit(e->code);
    printf("run %s: %" PRId64 " lines, %s yuan, prepared by %s\n", run, r.lines,
           money_yuan(app->arena, r.amount), k->by);
    if (r.accounts_new) printf("%" PRId64 " payees are new\n", r.accounts_new);
    if (r.accounts_changed)
        printf("%" PRId64 " payees have another account than before\n", r.accounts_changed);
    if (r.shared)
        printf("%" PRId64 " lines go to an account that another payee of the run has too\n",
               r.shared);
    printf("another person approves it: jiedui money payments approve %s --by NAME\n", run);
    return r.refused ? 3 : 0;
}

static int approve(struct app *app, const struct pay_desk *k, const char *run, struct err *e)
{
    struct pay_report r;
    if (!pay_approve(k, run, &r, e)) return err_exit(e->code);
    printf("run %s: %" PRId64 " lines, %s yuan, approved by %s and promised in the ledger\n", run,
           r.lines, money_yuan(app->arena, r.amount), k->by);
    return 0;
}

static int write_files(struct app *app, const struct money_cli *o, const struct pay_desk *k,
                       const char *run, struct err *e)
{
    struct pay_report r;
    bool both = !o->xml && !o->csv;
    const char *xml = both ? arena_printf(app->arena, "%s.xml", run) : o->xml;
    const char *csv = both ? arena_printf(app->arena, "%s.csv", run) : o->csv;
    if (!pay_write(k, run, xml, csv, &r, e)) return err_exit(e->code);
    printf("run %s: %" PRId64 " lines, %s yuan:%s%s%s%s\n", run, r.lines,
           money_yuan(app->arena, r.amount), xml ? " " : "", xml ? xml : "", csv ? " " : "",
           csv ? csv : "");
    return 0;
}

static void outcome(struct app *app, const char *what, int64_t lines, int64_t amount)
{
    if (lines) printf("%s: %" PRId64 " lines, %s yuan\n", what, lines, money_yuan(app->arena, amount));
}

static int return_file(struct app *app, const struct money_cli *o, const struct pay_desk *k,
                       const char *file, struct err *e)
{
    struct pay_report r;
    bool ok = pay_return_file(k, file, o->mapping, &r, e);
    outcome(app, "paid", r.paid, r.paid_amount);
    outcome(app, "failed", r.failed, r.failed_amount);
    outcome(app, "returned", r.returned, r.returned_amount);
    if (r.done) printf("answered so before: %" PRId64 " lines\n", r.done);
    if (r.under_way) printf("still under way: %" PRId64 " lines\n", r.under_way);
    if (r.closed) printf("runs closed: %" PRId64 "\n", r.closed);
    if (ok && !r.paid && !r.failed && !r.returned) puts("nothing new");
    if (r.refused_path)
        fprintf(stderr, "%" PRId64 " lines refused: %s\n", r.refused, r.refused_path);
    return !ok ? err_exit(e->code) : r.refused ? 3 : 0;
}

static int cancel(struct app *app, const struct money_cli *o, const struct pay_desk *k,
                  const char *run, struct err *e)
{
    struct pay_report r;
    if (!pay_cancel(k, run, o->line, &r, e)) return err_exit(e->code);
    printf("run %s: %" PRId64 " lines, %s yuan cancelled by %s\n", run, r.lines,
           money_yuan(app->arena, r.amount), k->by);
    return 0;
}

/* --- showing --- */

struct showing { struct app *app; struct table_out *t; };

/* For people the label of a code; CSV and JSON keep the code. */
static const char *label(struct app *app, const char *list, const char *code)
{
    const struct code *c = app->format == OUT_TEXT
        ? codes_find(app->model->codes, list, code, strlen(code)) : NULL;
    return c ? app->zh ? c->zh : c->en : code;
}

static bool show_line(void *arg, const struct pay_shown *s, struct err *e)
{
    struct showing *x = arg;
    struct arena *a = x->app->arena;
    char day[DATE_TEXT] = "";
    (void)e;
    if (s->answered_on) date_format(s->answered_on, day);
    const char *cells[] = { s->code, s->payee, arena_printf(a, "****%s", s->account_tail),
        money_yuan(a, s->amount), label(x->app, "payment_purpose", s->purpose), s->period,
        label(x->app, "payment_state", s->state),
        day, s->reason };
    table_row(x->t, cells);
    return true;
}

static int show_run(struct app *app, const struct pay_desk *k, const char *run, struct err *e)
{
    static const struct table_column cols[] = {
        { "line", "line", false }, { "payee", "payee", false }, { "account", "account", false },
        { "amount", "amount", true }, { "purpose", "paid for", false },
        { "period", "period", false }, { "state", "state", false }, { "on", "answered on", false },
        { "reason", "reason", false } };
    struct showing x = { .app = app };
    struct pay_summary s;
    if (!pay_summary_of(k, app->db, run, &s, e)) return err_exit(e->code);
    if (app->format == OUT_TEXT) {
        printf("run %s  %s  %s\n", s.code, label(app, "payment_run_state", s.state), s.title);
        printf("from %s, to be paid on %s\n", s.payer, s.due);
        printf("prepared by %s on %s%s%s%s%s\n", s.prepared_by, s.prepared_on,
               *s.approved_by ? "; approved by " : "", s.approved_by,
               *s.approved_by ? " on " : "", s.approved_on);
        for (int i = 0; i < s.n; i++)
            printf("  %s: %s lines, %s yuan\n", label(app, "payment_state", s.at[i].state),
                   count_of(app, s.at[i].lines), money_yuan(app->arena, s.at[i].amount));
    }
    x.t = table_begin(app, cols, COUNT(cols));
    bool ok = pay_lines(k, app->db, &s, show_line, &x, e);
    table_end(x.t);
    return ok ? 0 : err_exit(e->code);
}

int money_payments(struct app *app, const struct money_cli *o, const char *const *operand, int n,
                   struct err *e)
{
    const char *what = n > 1 ? operand[1] : "", *run = n > 2 ? operand[2] : NULL;
    int32_t day;
    if (!money_day(app, o->date, &day, e)) return 2;
    struct pay_desk k = desk(app, o, day);
    if (!strcmp(what, "prepare") && (n == 3 || n == 4))
        return prepare(app, o, &k, run, n == 4 ? operand[3] : NULL, e);
    if (!strcmp(what, "approve") && n == 3) return approve(app, &k, run, e);
    if (!strcmp(what, "write") && n == 3) return write_files(app, o, &k, run, e);
    if (!strcmp(what, "return-file") && n == 3) return return_file(app, o, &k, run, e);
    if (!strcmp(what, "cancel") && n == 3) return cancel(app, o, &k, run, e);
    if (!strcmp(what, "show") && n == 3) return show_run(app, &k, run, e);
    return err_set(e, ERR_USAGE, "money payments prepare RUN FILE | approve RUN | write RUN | "
                   "return-file FILE | cancel RUN | show RUN"), 2;
}
