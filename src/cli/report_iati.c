/* jiedui report iati: activities and transactions of one organisation's books. */
#include "cli/report.h"

#include "base/date.h"
#include "programme/publish/iati.h"

static bool write_file(struct app *app, const struct iati_wish *w, const char *path, struct iati_done *done,
                       struct err *e)
{
    struct app_file f;
    return app_file_open(app, path, &f, e) && app_file_close(&f, iati_write(w, f.f, done, e), e);
}

static const char *place_name_of(void *arg, int64_t code, bool zh)
{
    struct report_pages *p = arg;
    p->q.zh = zh;
    return place_name(&p->q, code);
}

static int write_books(struct app *app, const struct report_cli *o, const struct report_about *about,
                       struct report_pages *p, struct iati_done *done, struct err *e)
{
    struct iati_wish w = { .db = app->db, .model = app->model, .parties = &app->parties,
        .place_name = place_name_of, .place_arg = p, .identifier = o->identifier, .org = about->org,
        .helped = o->helped, .place = about->place, .from = about->from, .to = about->to,
        .today = about->today, .now = clock_now(&app->clock) };
    return write_file(app, &w, o->output, done, e) ? 0 : err_exit(e->code);
}

int report_iati(struct app *app, const struct report_cli *o, struct err *e)
{
    struct report_about about;
    struct iati_done done;
    if (!o->org || !o->identifier || !o->output)
        return err_set(e, ERR_USAGE, "report iati --org ORGANISATION --identifier CODE -o FILE.xml"), 2;
    if (!report_about(app, o, &about, e)) return err_exit(e->code);
    struct report_pages p;
    int status = report_pages_open(&p, app, &scope_all, &about, e)
                     ? write_books(app, o, &about, &p, &done, e) : 1;
    report_pages_close(&p);
    if (status) return status;
    printf(app->zh ? "%s：活动 %lld 项，收支 %lld 笔，预算 %lld 项\n"
                   : "%s: %lld activities, %lld transactions, %lld budgets\n", o->output,
           (long long)done.activities, (long long)done.transactions, (long long)done.budgets);
    if (done.no_day + done.no_amount + done.to_come)
        printf(app->zh ? "未列入：无日期 %lld 条，无金额 %lld 条，日期未到 %lld 条\n"
                       : "left out: %lld records without a day, %lld without an amount, %lld of a day to come\n",
               (long long)done.no_day, (long long)done.no_amount, (long long)done.to_come);
    return 0;
}
