/* Receipts: as a document on paper, and on the page of the batch or transfer they are about. */
#include "pages/receipt_sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "pages/form.h"
#include "web/form.h"

/* --- the document --- */

static const char *standing_word(struct request *q, const char *s)
{
    return code_label(q, "confirmation", s, strlen(s));
}

static const char *whom(struct request *q, const struct receipt_line *l)
{
    struct arena *a = q->arena;
    const char *place = l->place ? place_name(q, l->place) : "";
    if (*l->name) return *place ? arena_printf(a, "%s (%s)", l->name, place) : l->name;
    if (l->end == RECEIPT_UNDER_WAY) return tr(q, "between counties", "县间在途");
    bool home = strcmp(l->kind, "household") == 0, one = l->holders == 1;
    if (q->zh) return arena_printf(a, "%s %lld%s", place, (long long)l->holders, home ? "户" : "个收款人");
    return arena_printf(a, "%lld %s in %s", (long long)l->holders,
                        home ? (one ? "household" : "households") : (one ? "payee" : "payees"), place);
}

/* "household 653224103222" and "…", as a step says them in every language. */
static const char *hand(struct request *q, const char *name)
{
    static const char *const kinds[] = { "household ", "payee " };
    if (strcmp(name, "…") == 0) return tr(q, "between counties", "县间在途");
    for (int i = 0; i < 2; i++) {
        size_t n = strlen(kinds[i]);
        if (strncmp(name, kinds[i], n) != 0 || strspn(name + n, "0123456789") != 12 || name[n + 12]) continue;
        const char *place = place_name(q, strtoll(name + n, NULL, 10));
        return q->zh ? arena_printf(q->arena, "%s%s", place, i ? "的收款人" : "的农户")
                     : arena_printf(q->arena, "%s in %s", i ? "payees" : "households", place);
    }
    return name;
}

static const char *end_word(struct request *q, enum receipt_end end)
{
    return end == RECEIPT_DELIVERED ? tr(q, "delivered", "已支付")
           : end == RECEIPT_IN_HAND ? tr(q, "in hand", "结存") : tr(q, "under way", "在途");
}

static const char *yuan(struct request *q, int64_t fen)
{
    char text[DECIMAL_TEXT];
    decimal_format(fen, 2, text);
    return arena_strdup(q->arena, text);
}

static const char *days(struct request *q, const struct receipt *r)
{
    const char *first = date_text(q, r->first, false);
    return r->first == r->last ? first : arena_printf(q->arena, "%s – %s", first, date_text(q, r->last, false));
}

static void add_tables(struct request *q, const struct receipt *r, struct sheet *s)
{
    static const bool legs[] = { false, true, false, false, false }, ends[] = { false, true, false },
                      steps[] = { true, false, false, true };
    const char *amount = tr(q, "yuan", "金额（元）");
    sheet_add(s, SHEET_HEADING, tr(q, "What was given", "捐赠情况"));
    sheet_table(s, SHEET_TABLE, 5, legs);
    sheet_row(s, (const char *[]){ tr(q, "Day", "日期"), amount, tr(q, "Received by", "接收方"),
                                   tr(q, "Lot", "资金批号"), tr(q, "Standing", "确认状态") });
    for (int i = 0; i < r->n_legs; i++)
        sheet_row(s, (const char *[]){ date_text(q, r->leg[i].day, true), yuan(q, r->leg[i].amount), r->leg[i].to,
                                       r->leg[i].lot, standing_word(q, r->leg[i].standing) });
    sheet_add(s, SHEET_HEADING, tr(q, "Where it is", "资金去向"));
    sheet_table(s, SHEET_TABLE, 3, ends);
    sheet_row(s, (const char *[]){ "", amount, tr(q, "Whom", "对象") });
    for (int i = 0; i < r->n_lines; i++)
        sheet_row(s, (const char *[]){ end_word(q, r->line[i].end), yuan(q, r->line[i].amount),
                                       whom(q, &r->line[i]) });
    if (!r->n_steps) return;
    sheet_add(s, SHEET_HEADING, tr(q, "Through whose hands", "流转经过"));
    sheet_table(s, SHEET_TABLE, 4, steps);
    sheet_row(s, (const char *[]){ "", tr(q, "From", "自"), tr(q, "To", "至"), amount });
    for (int i = 0; i < r->n_steps; i++)
        sheet_row(s, (const char *[]){ arena_printf(q->arena, "%d", r->step[i].level), hand(q, r->step[i].from),
                                       hand(q, r->step[i].to), yuan(q, r->step[i].amount) });
}

static void add_sums(struct request *q, const struct receipt *r, struct sheet *s)
{
    struct arena *a = q->arena;
    sheet_add(s, SHEET_TEXT, arena_printf(a, tr(q, "Given %s = delivered %s + in hand %s + under way %s",
              "捐赠 %s = 已支付 %s + 结存 %s + 在途 %s"), yuan(q, r->given), yuan(q, r->delivered),
              yuan(q, r->in_hand), yuan(q, r->under_way)));
    sheet_add(s, SHEET_TEXT, arena_printf(a, tr(q,
              "Confirmed by the receiver %s, not yet %s, disputed %s; documents %lld",
              "受援方确认 %s，尚未确认 %s，有异议 %s；凭证 %lld 份"), yuan(q, r->confirmed),
              yuan(q, r->one_sided), yuan(q, r->disputed), (long long)r->vouchers));
    sheet_add(s, SHEET_NOTE, arena_printf(a, tr(q, "Digest %s", "摘要值 %s"), r->digest));
}

/* What became of it since, and that this is no original. */
static void add_since(struct request *q, const struct receipt_paper *p, bool copy, struct sheet *s)
{
    struct arena *a = q->arena;
    if (copy) sheet_add(s, SHEET_NOTE, arena_printf(a, tr(q, "COPY, printed on %s; it states what it stated then.",
                                            "副本，打印于 %s；所载为开具时的内容。"), date_text(q, q->today, false)));
    if (p->taken_back && p->taken_back >= p->told.given)
        sheet_add(s, SHEET_NOTE, tr(q, "VOID: all of this money was taken back since.", "作废：该款项其后已全部退回。"));
    else if (p->taken_back)
        sheet_add(s, SHEET_NOTE, arena_printf(a, tr(q, "Of this, %s yuan were taken back since.",
                                  "其中 %s 元其后已退回。"), yuan(q, p->taken_back)));
    if (p->disputed)
        sheet_add(s, SHEET_NOTE, arena_printf(a, tr(q, "The receiver disputes %s yuan of it since.",
                                  "其中 %s 元其后受援方提出异议。"), yuan(q, p->disputed)));
    if (*p->replaced_by)
        sheet_add(s, SHEET_NOTE, arena_printf(a, tr(q, "Receipt %s has taken its place.", "已由回执 %s 替代。"),
                                              p->replaced_by));
}

void receipt_sheet(struct request *q, const struct receipt *r, const struct receipt_paper *p, const char *of,
                   bool copy, struct sheet *s)
{
    const char *title = tr(q, "Receipt", "捐赠资金使用回执");
    sheet_start(s, q->arena, q->zh, p ? arena_printf(q->arena, "%s %s", title, p->code) : title);
    sheet_add(s, SHEET_TITLE, title);
    sheet_add(s, SHEET_UNDER, p ? p->code : tr(q, "not issued: without a number", "未开具，无编号"));
    if (p) add_since(q, p, copy, s);
    sheet_table(s, SHEET_LINES, 2, NULL);
    sheet_row(s, (const char *[]){ tr(q, "For", "捐赠项目"), of });
    sheet_row(s, (const char *[]){ tr(q, "Given by", "捐赠方"),
                                   r->giver ? org_title(q, r->giver) : tr(q, "not told", "未注明") });
    sheet_row(s, (const char *[]){ tr(q, "Given", "捐赠"), arena_printf(q->arena, tr(q, "%s, %s yuan", "%s，%s 元"),
                                   days(q, r), yuan(q, r->given)) });
    if (p) sheet_row(s, (const char *[]){ tr(q, "Issued by", "开具单位"), org_title(q, p->office) });
    if (p) sheet_row(s, (const char *[]){ tr(q, "Issued on", "开具日期"), arena_printf(q->arena, "%s%s%s",
                         date_text(q, p->on, false), *p->by ? ", " : "", p->by) });
    add_tables(q, r, s);
    add_sums(q, r, s);
}

/* --- on the web --- */

static void print_paper(struct request *q, struct response *r, const struct receipt_paper *p, bool copy)
{
    struct sheet s;
    receipt_sheet(q, &p->told, p, p->of, copy, &s);
    sheet_linked(&s, q->seat->site->assets, &r->body);
}

/* The row is read in its scope first: who may see it may print it. */
void receipt_print(struct request *q, struct response *r)
{
    const struct table_map *m = model_find(q->seat->model, "receipt");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct receipt_paper p;
    struct err e = { .code = ERR_NONE };
    bool ok = ((m && scope_kind(q->scope, m)) || err_set(&e, ERR_NOT_FOUND, "%s",
                   tr(q, "There is no such record.", "没有这条记录。"))) &&
              record_read(q, m, q->capture[0], row, &e) &&
              receipt_find(q->seat->db, q->seat->model, row_title(q, m, row), q->arena, &p, &e);
    if (ok) print_paper(q, r, &p, true);
    else page_fail(q, r, &e);
}

/* What the page's record is, for a receipt; false of other kinds. */
static bool about(struct request *q, const struct table_map *m, const struct val *row, struct account_ref *batch,
                  struct receipt_of *of)
{
    *of = (struct receipt_of){ 0 };
    if (strcmp(m->entity->name, "batch") == 0) {
        *batch = (struct account_ref){ row[ROW_COUNTY].i, row[ROW_ID].i };
        of->batch = batch;
    } else if (strcmp(m->entity->name, "transfer") == 0) {
        struct val name = row[m->column[map_field(m, "transfer")]];
        of->transfer = name.type == VAL_TEXT ? arena_strndup(q->arena, name.p, name.n) : "";
    }
    return of->batch || of->transfer;
}

/* Who writes to the ledger; of which offices, the act asks. */
static bool issuer(const struct request *q)
{
    return who_open(WHO_WRITES, q->user) && role_rights[q->scope->role].writes & 1u << ACCESS_MONEY;
}

bool receipt_panel(struct request *q, struct buf *b, const struct table_map *m, const struct val *row, struct err *e)
{
    const struct table_map *receipts = model_find(q->seat->model, "receipt");
    struct account_ref batch;
    struct receipt_of of;
    struct receipt_paper p;
    struct val issued[ENTITY_MAX_COLUMNS + 1];
    bool found, seen = false;
    if (m == receipts && m)
        html(b, "<section class=\"panel\"><h2>%s</h2><p><a class=\"btn\" href=\"%s\">%s</a></p></section>",
             tr(q, "On paper", "纸质回执"), page_url(q, "/receipts/%lld-%lld", (long long)row[ROW_COUNTY].i,
             (long long)row[ROW_ID].i), tr(q, "Print a copy", "打印副本"));
    if (!receipts || !scope_kind(q->scope, receipts) || !about(q, m, row, &batch, &of)) return true;
    if (!receipt_last(q->seat->db, q->seat->model, &of, q->arena, &p, &found, e)) return false;
    if (found && !row_seen(q->seat->model, q->seat->db, q->scope, receipts, p.county, p.id, q->arena, issued, &seen, e))
        return false;
    bool issues = issuer(q);
    if (!seen && !issues) return true;
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Receipt for the giver", "捐赠回执"));
    if (seen)
        html(b, "<ul class=\"rel\"><li><a href=\"%s\">%s</a><span class=\"m\">%s</span></li></ul>",
             page_url(q, "/receipts/%lld-%lld", (long long)p.county, (long long)p.id), p.code,
             p.taken_back ? tr(q, "taken back since, in whole or part", "其后已全部或部分退回")
                          : money_text(q, p.told.given, false));
    if (issues) {
        form_begin(q, b, arena_printf(q->arena, "%s/receipt", record_url(q, m, row[ROW_COUNTY].i, row[ROW_ID].i)),
                   "form after");
        const struct form_field office = { .name = "office", .label = tr(q, "Issued by the office", "开具单位"),
            .hint = tr(q, "Empty: the organisation that holds the accounts it came into.", "留空为收款账户所属单位。") };
        form_input(b, &office);
        form_button(b, found ? tr(q, "Issue another in its place", "另开一份替代") : tr(q, "Issue it", "开具"), "btn");
    }
    html_raw(b, "</section>");
    return true;
}

struct issuing { struct request *q; struct receipt_order order; struct place_range place; };

/* By the office's own account, or the officer of the place. */
static bool issue(struct tx *tx, void *arg, struct err *e)
{
    struct issuing *x = arg;
    if (!receipt_issue(tx, x->q->seat->model, &x->order, x->q->arena, e)) return false;
    return scope_owns(x->q->scope, x->order.office) || (x->place.hi && scope_holds(x->q->scope, &x->place, 1)) ||
           err_set(e, ERR_FORBIDDEN, "%s", tr(x->q, "Your account does not speak for the office that received it.",
                                              "您的账户不能代表收款单位。"));
}

/* Answers with the original; whatever is printed later is a copy. */
void receipt_save(struct request *q, struct response *r)
{
    struct issuing x = { .q = q };
    struct err e = { .code = ERR_NONE };
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct account_ref batch;
    struct receipt_paper p;
    const struct table_map *m = model_find(q->seat->model, q->capture[0]);
    const char *office = request_form(q, "office");
    if (!m || !scope_kind(q->scope, m)) {
        page_error(q, r, 404, tr(q, "There is no such kind of record.", "没有这种记录。"));
        return;
    }
    bool ok = (issuer(q) || err_set(&e, ERR_FORBIDDEN, "%s", tr(q, "Your role issues no receipts.", "您的角色不能开具回执。"))) &&
              record_read(q, m, q->capture[1], row, &e) && (about(q, m, row, &batch, &x.order.of) ||
               err_set(&e, ERR_INVALID, "%s", tr(q, "Receipts are for batches and transfers.", "仅批次与转账可开具回执。"))) &&
              (!office || !*office || organisation_named(q, office, &x.order.office, &e));
    if (ok && m->place >= 0 && row[m->column[m->place]].type == VAL_INT)
        x.place = place_own_range(row[m->column[m->place]].i);
    x.order.by = q->user ? q->user->name : NULL;
    x.order.actor = q->user ? q->user->account : 0;
    x.order.on = q->today;
    x.order.anew = true;
    ok = ok && request_write(q, issue, &x, &e) &&
         receipt_find(q->seat->db, q->seat->model, x.order.code, q->arena, &p, &e);
    if (ok) print_paper(q, r, &p, false);
    else page_fail(q, r, &e);
}
