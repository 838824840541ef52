/* jiedui money voucher, receipt: papers of money, in and out. */
#include "cli/money.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/date.h"
#include "cli/rooms.h"
#include "programme/money/paper.h"
#include "programme/money/receipt.h"
#include "web/html.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof(*(a))))

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

static const char *say(struct app *app, const char *en, const char *zh)
{
    return app->zh ? zh : en;
}

static const char *standing_word(struct app *app, const char *s)
{
    const struct code *c = codes_find(app->codes, "confirmation", s, strlen(s));
    return !c ? s : app->zh ? c->zh : c->en;
}

static const char *who(struct app *app, const struct receipt_line *l)
{
    struct arena *a = app->arena;
    const char *place = l->place ? cell_place(app, l->place) : "";
    if (*l->name) return arena_printf(a, "%s (%s)", l->name, place);
    if (l->end == RECEIPT_UNDER_WAY) return say(app, "between counties", "县间在途");
    bool home = strcmp(l->kind, "household") == 0;
    return app->zh ? arena_printf(a, "%s %" PRId64 "%s", place, l->holders, home ? "户" : "个收款人")
                   : arena_printf(a, "%" PRId64 " %s in %s", l->holders,
                                  home ? (l->holders == 1 ? "household" : "households")
                                       : (l->holders == 1 ? "payee" : "payees"), place);
}

static const char *end_word(struct app *app, enum receipt_end end)
{
    return end == RECEIPT_DELIVERED ? say(app, "delivered", "已支付")
           : end == RECEIPT_IN_HAND ? say(app, "in hand", "结存")
                                    : say(app, "under way", "在途");
}

static const char *days(struct app *app, const struct receipt *r)
{
    const char *first = cell_day(app, r->first);
    return r->first == r->last ? first
                               : arena_printf(app->arena, "%s – %s", first, cell_day(app, r->last));
}

/* By its name in the language of the paper, where it has one. */
static const char *giver_name(struct app *app, const struct receipt *r)
{
    const struct table_map *m = model_find(app->model, "organisation");
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    struct err none = { 0 };
    bool found = false;
    if (!r->giver) return say(app, "not told", "未注明");
    if (!row_get(app->db, m, 0, r->giver, app->arena, row, &found, &none) || !found)
        return cell_org(app, r->giver);
    struct val zh = row[m->column[map_field(m, "name_zh")]], en = row[m->column[map_field(m, "name_en")]];
    struct val name = (app->zh && zh.type == VAL_TEXT) || en.type != VAL_TEXT ? zh : en;
    return name.type == VAL_TEXT ? arena_strndup(app->arena, name.p, name.n) : cell_org(app, r->giver);
}

static void print_text(struct app *app, const struct receipt *r, const char *of)
{
    struct arena *a = app->arena;
    printf("%s  %s\n", say(app, "RECEIPT for", "捐赠资金使用回执"), of);
    printf("%s  %s\n", say(app, "given by", "捐赠方"), giver_name(app, r));
    printf("%s  %s, %s %s\n", say(app, "given", "捐赠"), days(app, r), money_yuan(a, r->given),
           say(app, "yuan", "元"));
    for (int i = 0; i < r->n_legs; i++)
        printf("  %s  %s  %s  %s  %s\n", cell_day(app, r->leg[i].day), money_yuan(a, r->leg[i].amount),
               r->leg[i].to, r->leg[i].lot, standing_word(app, r->leg[i].standing));
    printf("%s\n", say(app, "where it is", "资金去向"));
    for (int i = 0; i < r->n_lines; i++)
        printf("  %s  %s  %s\n", end_word(app, r->line[i].end), money_yuan(a, r->line[i].amount),
               who(app, &r->line[i]));
    printf("%s %s = %s %s + %s %s + %s %s\n", say(app, "given", "捐赠"), money_yuan(a, r->given),
           say(app, "delivered", "已支付"), money_yuan(a, r->delivered),
           say(app, "in hand", "结存"), money_yuan(a, r->in_hand), say(app, "under way", "在途"),
           money_yuan(a, r->under_way));
    printf("%s %s, %s %s, %s %s; %s %" PRId64 "\n", say(app, "confirmed by the receiver", "受援方确认"),
           money_yuan(a, r->confirmed), say(app, "not yet", "尚未确认"), money_yuan(a, r->one_sided),
           say(app, "disputed", "有异议"), money_yuan(a, r->disputed),
           say(app, "documents", "凭证"), r->vouchers);
    printf("%s %s\n", say(app, "digest", "摘要值"), r->digest);
}

static void html_row(struct buf *b, const char *const *cell, int n, const char *tag)
{
    html_raw(b, "<tr>");
    for (int i = 0; i < n; i++) {
        html(b, "<");
        html_raw(b, tag);
        html_raw(b, ">");
        html(b, "%s", cell[i]);
        html_raw(b, "</");
        html_raw(b, tag);
        html_raw(b, ">");
    }
    html_raw(b, "</tr>\n");
}

static void html_tables(struct app *app, const struct receipt *r, struct buf *b)
{
    struct arena *a = app->arena;
    const char *yuan = say(app, "yuan", "金额（元）");
    html(b, "<h2>%s</h2><table>\n", say(app, "What was given", "捐赠情况"));
    html_row(b, (const char *[]){ say(app, "day", "日期"), yuan, say(app, "received by", "接收方"),
                                  say(app, "lot", "资金批号"), say(app, "standing", "确认状态") }, 5, "th");
    for (int i = 0; i < r->n_legs; i++)
        html_row(b, (const char *[]){ cell_day(app, r->leg[i].day), money_yuan(a, r->leg[i].amount),
                                      r->leg[i].to, r->leg[i].lot,
                                      standing_word(app, r->leg[i].standing) }, 5, "td");
    html(b, "</table><h2>%s</h2><table>\n", say(app, "Where it is", "资金去向"));
    html_row(b, (const char *[]){ "", yuan, say(app, "whom", "对象") }, 3, "th");
    for (int i = 0; i < r->n_lines; i++)
        html_row(b, (const char *[]){ end_word(app, r->line[i].end), money_yuan(a, r->line[i].amount),
                                      who(app, &r->line[i]) }, 3, "td");
    if (r->n_steps) {
        html(b, "</table><h2>%s</h2><table>\n", say(app, "Through whose hands", "流转经过"));
        html_row(b, (const char *[]){ "", say(app, "from", "自"), say(app, "to", "至"), yuan }, 4, "th");
    }
    for (int i = 0; i < r->n_steps; i++)
        html_row(b, (const char *[]){ arena_printf(a, "%d", r->step[i].level), r->step[i].from,
                                      r->step[i].to, money_yuan(a, r->step[i].amount) }, 4, "td");
    html_raw(b, "</table>\n");
}

static void make_html(struct app *app, const struct receipt *r, const char *of, struct buf *b)
{
    struct arena *a = app->arena;
    const char *title = say(app, "Receipt", "捐赠资金使用回执");
    html(b, "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s %s</title>",
         app->zh ? "zh-CN" : "en", title, of);
    html_raw(b, "<style>@page{size:A4;margin:20mm}body{font:11pt/1.5 serif;max-width:170mm;"
             "margin:auto}table{border-collapse:collapse;width:100%}td,th{border:.3mm solid #444;"
             "padding:1mm 2mm;text-align:left}h1{font-size:18pt;text-align:center}h2{font-size:12pt}"
             "footer{font:8pt monospace;margin-top:8mm;overflow-wrap:anywhere}</style></head><body>\n");
    html(b, "<h1>%s</h1><p>%s: %s<br>%s: %s<br>%s: %s %s %s</p>\n", title,
         say(app, "For", "捐赠项目"), of, say(app, "Given by", "捐赠方"), giver_name(app, r),
         say(app, "Given", "捐赠"), days(app, r), money_yuan(a, r->given), say(app, "yuan", "元"));
    html_tables(app, r, b);
    html(b, "<p>%s %s = %s %s + %s %s + %s %s<br>%s %s · %s %s · %s %s · %s %lld</p>",
         say(app, "Given", "捐赠"), money_yuan(a, r->given), say(app, "delivered", "已支付"),
         money_yuan(a, r->delivered), say(app, "in hand", "结存"), money_yuan(a, r->in_hand),
         say(app, "under way", "在途"), money_yuan(a, r->under_way),
         say(app, "Confirmed by the receiver", "受援方确认"), money_yuan(a, r->confirmed),
         say(app, "not yet", "尚未确认"), money_yuan(a, r->one_sided),
         say(app, "disputed", "有异议"), money_yuan(a, r->disputed),
         say(app, "documents", "凭证"), (long long)r->vouchers);
    html(b, "<footer>%s</footer></body></html>\n", r->digest);
}

static int write_html(struct app *app, const struct receipt *r, const char *of, const char *path,
                      struct err *e)
{
    struct buf b;
    buf_init(&b, (size_t)64 << 20);
    make_html(app, r, of, &b);
    FILE *f = fopen(path, "wb");
    bool ok = f && fwrite(b.p, 1, b.n, f) == b.n;
    if (f && fclose(f) != 0) ok = false;
    buf_free(&b);
    return ok ? 0 : (err_set(e, ERR_FULL, "%s: %s", path, strerror(errno)), 1);
}

static bool find_batch(struct app *app, const char *text, struct account_ref *out, struct err *e)
{
    return ref_find(app->model, model_find(app->model, "batch"), text, strlen(text), -1, app->db,
                    app->arena, &out->county, &out->id, e);
}

int money_receipt(struct app *app, const struct money_cli *o, const char *of, struct err *e)
{
    struct receipt r;
    struct account_ref batch;
    bool transfer = strncmp(of, "transfer:", 9) == 0;
    struct receipt_of what = { .transfer = transfer ? of + 9 : NULL, .batch = transfer ? NULL : &batch };
    if (!db_begin_read(app->db, e)) return err_exit(e->code);
    bool ok = (transfer || find_batch(app, of, &batch, e)) &&
              receipt_read(app->db, app->model, &what, app->arena, &r, e);
    int status = !ok ? err_exit(e->code) : 0;
    if (ok && o->html) status = write_html(app, &r, of, o->html, e);
    else if (ok) print_text(app, &r, of);
    db_end_read(app->db);
    return status;
}
