/* jiedui money voucher, receipt: papers of money, in and out. */
#include "cli/money.h"

#include <string.h>

#include "base/count.h"
#include "cli/report.h"
#include "pages/receipt_sheet.h"
#include "programme/money/paper.h"

/* --- vouchers --- */

struct adding { struct app *app; struct voucher_add v; };

static bool add(struct tx *tx, void *arg, struct err *e)
{
    struct adding *x = arg;
    return voucher_add(tx, x->app->model, &x->v, e);
}

static int voucher_file(struct app *app, const struct money_cli *o, const char *path, struct err *e)
{
    struct adding x = { app, { .path = path, .kind = o->kind, .title = o->title } };
    if (!o->to || !money_number(o->to, &x.v.county, &x.v.transfer))
        return err_set(e, ERR_USAGE, "voucher add FILE --to COUNTY:ID"), 2;
    if (!store_write(app->store, add, &x, e)) return err_exit(e->code);
    printf("%s: %s%s\n", path, x.v.digest, x.v.added ? "" : " (was there already)");
    return 0;
}

struct checking { struct app *app; struct table_out *t; int64_t bad; };

static bool print_paper(void *arg, const struct paper_found *p, struct err *e)
{
    static const char *const words[] = { "there", "missing", "changed" };
    struct checking *c = arg;
    (void)e;
    c->bad += p->state != PAPER_THERE;
    table_row(c->t, (const char *[]){ app_word(c->app, words[p->state]), p->of, p->name, p->digest,
                                      p->file });
    return true;
}

int money_documents(struct app *app, const char *folder, struct err *e)
{
    static const struct table_column cols[] = { { "state", "state", false }, { "of", "belongs to", false },
        { "name", "name", false }, { "digest", "digest", false }, { "file", "file", false } };
    struct checking c = { .app = app };
    c.t = table_begin(app, cols, COUNT(cols));
    bool ok = papers_verify(app->db, folder, print_paper, &c, e);
    table_end(c.t);
    return !ok ? err_exit(e->code) : c.bad ? 3 : 0;
}

int money_voucher(struct app *app, const struct money_cli *o, const char *const *operand, int n,
                  struct err *e)
{
    const char *what = n > 1 ? operand[1] : "";
    if (n == 3 && !strcmp(what, "add")) return voucher_file(app, o, operand[2], e);
    if (n == 3 && !strcmp(what, "check")) return money_documents(app, operand[2], e);
    return err_set(e, ERR_USAGE, "money voucher add FILE --to COUNTY:ID | check FOLDER"), 2;
}

/* --- receipts --- */

/* What the command is about: an issued receipt by its number, a batch, or "transfer:COUNTY:ID". */
struct asked_receipt {
    struct receipt_of of;
    struct account_ref batch;
    struct receipt_paper paper;
    bool issued, by_number;
};

static bool find_issued(struct app *app, const char *text, struct asked_receipt *x, struct err *e)
{
    struct err none = { 0 };
    if (strncmp(text, "transfer:", 9) == 0) {
        x->of.transfer = text + 9;
    } else if (ref_find(app->model, model_find(app->model, "batch"), text, strlen(text), -1, app->db,
                        app->arena, &x->batch.county, &x->batch.id, e)) {
        x->of.batch = &x->batch;
    } else {
        x->issued = x->by_number = e->code == ERR_NOT_FOUND &&
            receipt_find(app->db, app->model, text, app->arena, &x->paper, &none);
        if (x->issued || none.code == ERR_NOT_FOUND || !none.code) return x->issued;
        *e = none;
        return false;
    }
    return receipt_last(app->db, app->model, &x->of, app->arena, &x->paper, &x->issued, e);
}

struct issuing { struct app *app; struct receipt_order order; };

static bool issue(struct tx *tx, void *arg, struct err *e)
{
    struct issuing *x = arg;
    return receipt_issue(tx, x->app->model, &x->order, x->app->arena, e);
}

/* The document, as text or as a page for A4. */
static bool print_receipt(struct app *app, const struct money_cli *o, const struct asked_receipt *x,
                          const struct receipt *told, const char *of, bool copy, struct err *e)
{
    struct report_about about = { .place = 0 };
    struct report_pages pages;
    struct sheet s;
    bool ok = app_day(app, NULL, &about.today, e) &&
              report_pages_open(&pages, app, &scope_all, &about, e);
    if (!ok) return false;
    receipt_sheet(&pages.q, told, x->issued ? &x->paper : NULL, of, copy, &s);
    ok = report_write_sheet(app, &s, o->html, e);
    report_pages_close(&pages);
    return ok;
}

static bool draft_receipt(struct app *app, const struct money_cli *o, struct asked_receipt *x,
                          const char *of, struct err *e)
{
    struct receipt told;
    x->issued = false;
    if (x->by_number) return err_set(e, ERR_USAGE, "%s is issued: --draft is for a batch or transfer", of);
    bool ok = db_begin_read(app->db, e) &&
              receipt_read(app->db, app->model, &x->of, app->arena, &told, e);
    db_end_read(app->db);
    return ok && print_receipt(app, o, x, &told, of, false, e);
}

static bool new_receipt(struct app *app, const struct money_cli *o, struct asked_receipt *x,
                        struct err *e)
{
    struct issuing i = { app, { .of = x->of, .by = o->by, .anew = o->anew } };
    if (!app_organisation(app, o->office, &i.order.office, e) ||
        !money_day(app, o->date, &i.order.on, e) || !store_write(app->store, issue, &i, e) ||
        !receipt_find(app->db, app->model, i.order.code, app->arena, &x->paper, e))
        return false;
    x->issued = true;
    return print_receipt(app, o, x, &x->paper.told, x->paper.of, false, e);
}

int money_receipt(struct app *app, const struct money_cli *o, const char *of, struct err *e)
{
    struct asked_receipt x = { .issued = false };
    if (o->html && strlen(o->html) < 6) return err_set(e, ERR_USAGE, "--html FILE.html"), 2;
    bool ok = find_issued(app, of, &x, e);
    if (ok && o->draft) ok = draft_receipt(app, o, &x, of, e);
    else if (ok && (x.by_number || (x.issued && !o->anew)))
        ok = print_receipt(app, o, &x, &x.paper.told, x.paper.of, true, e);
    else if (ok) ok = new_receipt(app, o, &x, e);
    return ok ? 0 : err_exit(e->code);
}
