/* jiedui report press, quarter, year, notice: documents as HTML or text. */
#include "cli/report.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "cli/asset.h"
#include "text/text.h"

#define NOTICE_DAYS 7
#define OBJECTIONS_MOST 240

bool report_pages_open(struct report_pages *p, struct app *app, const struct scope *scope,
                       const struct report_about *about, struct err *e)
{
    char version[DIGEST_HEX];
    struct digest d;
    unsigned char all[DIGEST_LEN];
    *p = (struct report_pages){ 0 };
    digest_init(&d);
    for (int i = 0; i < figures_count(app->figures); i++)
        digest_add(&d, figures_at(app->figures, i)->digest, DIGEST_LEN);
    digest_done(&d, all);
    digest_hex(all, 4, version);
    p->site = (struct site){ .version = JD_VERSION, .assets = "", .zone = store_zone(app->store),
                             .figures_version = arena_strdup(app->arena, version) };
    if (!store_connect(app->store, DB_READ, &p->rows, e)) return false;
    p->seat = (struct seat){ .site = &p->site, .db = app->db, .rows = p->rows, .model = app->model,
                             .context = app->context };
    p->q = (struct request){ .method = "GET", .path = "", .query = "", .zh = app->zh, .scope = scope,
                             .today = about->today, .seat = &p->seat, .arena = app->arena };
    return true;
}

void report_pages_close(struct report_pages *p)
{
    db_close(p->rows);
}

static bool ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), k = strlen(tail);
    return n > k && strcmp(s + n - k, tail) == 0;
}

bool report_write_sheet(struct app *app, const struct sheet *s, const char *path, struct err *e)
{
    struct asset style;
    struct buf b;
    bool html = path && (ends_with(path, ".html") || ends_with(path, ".htm")), ok = true;
    if (path && !html && !ends_with(path, ".txt"))
        return err_set(e, ERR_USAGE, "%s: a document is written as .html or .txt", path);
    if (!asset_find("assets/print.css", &style)) return err_set(e, ERR_INTERNAL, "no style for print");
    buf_init(&b, (size_t)64 << 20);
    if (html) sheet_html(s, style.p, style.n, &b);
    else sheet_text(s, &b);
    if (!path) fwrite(b.p, 1, b.n, stdout);
    struct app_file f;
    if (path) ok = app_file_open(app, path, &f, e);
    if (path && ok) {
        fwrite(b.p, 1, b.n, f.f);
        ok = app_file_close(&f, true, e);
    }
    buf_free(&b);
    return ok;
}

static bool make(struct report_pages *p, const char *what, const struct report_cli *o, struct sheet *s,
                 const struct report_about *about, struct err *e)
{
    struct asked asked = { .place = about->place, .org = about->org, .from = about->from,
                           .to = about->to };
    struct print_notice n = { .until = about->today + NOTICE_DAYS, .objections = o->objections };
    if (strcmp(what, "press") == 0)
        return o->release ? print_release(&p->q, &scope_all, o->release, s, e) : print_press(&p->q, &asked, s, e);
    if (strcmp(what, "notice") != 0) return print_period(&p->q, &asked, s, e);
    if (o->until && !date_parse(o->until, strlen(o->until), DATE_LAST, &n.until))
        return err_set(e, ERR_USAGE, "--until: \"%s\" is no day; write 2020-05-27", o->until);
    if (o->objections && strlen(o->objections) > OBJECTIONS_MOST)
        return err_set(e, ERR_USAGE, "--objections: more than %d bytes: the notice is one page",
                       OBJECTIONS_MOST);
    if (n.until < about->today) return err_set(e, ERR_USAGE, "--until: that day is gone");
    return print_notice(&p->q, &asked, &n, s, e);
}

static bool right_period(const char *what, const struct report_about *a, struct err *e)
{
    struct civil f = date_civil(a->from), t = date_civil(a->to);
    int months = (t.year - f.year) * 12 + t.month - f.month + 1;
    int wanted = strcmp(what, "quarter") == 0 ? 3 : strcmp(what, "year") == 0 ? 12 : 0;
    if (!a->dated) return err_set(e, ERR_USAGE, "of which period? --period 2020, 2020Q2");
    return !wanted || months == wanted ||
           err_set(e, ERR_USAGE, "--period: a %s is asked for, such as %s", what,
                   wanted == 3 ? "2020Q2" : "2020");
}

int report_print(struct app *app, const struct report_cli *o, const char *what, struct err *e)
{
    struct report_about about;
    struct report_pages p;
    struct sheet s;
    bool inside = strcmp(what, "quarter") == 0 || strcmp(what, "year") == 0;
    bool released = strcmp(what, "press") == 0 && o->release;
    if (!report_about(app, o, &about, e) || (!released && !right_period(what, &about, e)))
        return err_exit(e->code);
    if (strcmp(what, "notice") == 0 && !about.place)
        return err_set(e, ERR_USAGE, "the notice of which place? --place PLACE"), 2;
    bool ok = report_pages_open(&p, app, inside ? &scope_all : &scope_release, &about, e) &&
              make(&p, what, o, &s, &about, e) && report_write_sheet(app, &s, o->output, e);
    report_pages_close(&p);
    return ok ? 0 : err_exit(e->code);
}
