/* Money: payment runs, money that waits, and what money may be used for. Only for roles that may read
 * the ledger, and only what lies in the places and organisations of who looks. */
#include "pages/work.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "programme/money/earmark_book.h"
#include "programme/money/idle.h"
#include "programme/money/pay.h"
#include "web/form.h"

enum { RUNS = 200, LINES = 500 };

static bool open_to(struct request *q, struct response *r)
{
    if (scope_reads(q->scope, ACCESS_MONEY)) return true;
    page_error(q, r, 403, tr(q, "This page is for those who may see the ledger.",
        "本页仅供可查看资金账的人员使用。"));
    return false;
}

/* --- payment runs --- */

struct runs { struct request *q; struct buf *b; int n; };

static const char *text_at(struct request *q, const struct table_map *m, int field, const struct val *row)
{
    struct val v = row[m->column[field]];
    return v.type == VAL_TEXT ? arena_strndup(q->arena, v.p, v.n) : "";
}

static const char *state_label(struct request *q, const struct table_map *m, int field, const char *state)
{
    const char *list = m->field[field].list;
    return list ? code_label(q, list, state, strlen(state)) : state;
}

/* What waits for a person, what went wrong, and what is done differ at a glance. */
static void state_cell(struct request *q, struct buf *b, const struct table_map *m, int field, const char *state)
{
    static const struct { const char *state, *class; } marks[] = { { "prepared", " warn" }, { "failed", " err" },
        { "returned", " err" }, { "paid", " ok" }, { "closed", " ok" } };
    const char *class = "";
    for (int i = 0; i < COUNT(marks); i++)
        if (strcmp(marks[i].state, state) == 0) class = marks[i].class;
    html(b, "<td role=\"cell\" class=\"st\" data-l=\"%s\"><span class=\"tag%s\">%s</span></td>",
         tr(q, "State", "状态"), class, state_label(q, m, field, state));
}

static bool run_line(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct runs *x = arg;
    struct request *q = x->q;
    struct val due = row[m->column[PAYMENT_RUN_DUE_ON]], lines = row[m->column[PAYMENT_RUN_LINES]],
               amount = row[m->column[PAYMENT_RUN_AMOUNT]];
    (void)e;
    x->n++;
    html(x->b,
        "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a><span class=\"why\">%s</span></th>",
         page_url(q, "/money/payments/%lld-%lld", (long long)row[ROW_COUNTY].i, (long long)row[ROW_ID].i),
         row_title(q, m, row), text_at(q, m, PAYMENT_RUN_CODE, row));
    state_cell(q, x->b, m, PAYMENT_RUN_STATE, text_at(q, m, PAYMENT_RUN_STATE, row));
    table_cell(x->b, tr(q, "Due", "应付日"), due.type == VAL_INT ? date_text(q, (int32_t)due.i,
        true) : "–", false);
    table_cell(x->b, tr(q, "Lines", "笔数"), lines.type == VAL_INT ? number_text(q, lines.i, 0) : "–", true);
    table_cell(x->b, tr(q, "Amount", "金额"), amount.type == VAL_INT ? money_text(q, amount.i, false) : "–", true);
    html_raw(x->b, "</tr>");
    return true;
}

void payments_page(struct request *q, struct response *r)
{
    const struct table_map *m = model_find(q->seat->model, "payment_run");
    struct list_query some = { .limit = RUNS };
    struct runs x = { .q = q, .b = &r->body };
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    if (!open_to(q, r)) return;
    page_begin(q, r, NAV_FLOW, tr(q, "Payment runs", "支付批次"));
    head_begin(b, tr(q, "Payment runs", "支付批次"), tr(q,
        "Prepared by one person, approved by another, told by the bank "
               "line by line what was paid.", "一人编制、另一人批准，付款结果由银行逐笔回复。"));
    html(b, "<a class=\"btn sm\" href=\"%s\">%s</a><a class=\"btn sm\" href=\"%s\">%s</a>", page_url(q,
        "/money/ageing"),
         tr(q, "Money that waits", "结存账龄"), page_url(q, "/money/rules"), tr(q, "Rules of use", "使用规则"));
    head_end(b);
    html_raw(b, "<section class=\"panel\">");
    table_open(b, tr(q, "Payment runs", "支付批次"), "stack");
    table_head(b, tr(q, "Run", "批次"), false);
    table_head(b, tr(q, "State", "状态"), false);
    table_head(b, tr(q, "Due", "应付日"), false);
    table_head(b, tr(q, "Lines", "笔数"), true);
    table_head(b, tr(q, "Amount", "金额"), true);
    table_body(b);
    bool ok = !m || list_rows(q->seat->model, q->seat->rows, q->scope, m, &some, run_line, &x, &e);
    table_close(b);
    if (!x.n) empty_note(b, tr(q, "No run of yours is recorded.", "没有可查看的支付批次。"));
    if (x.n == RUNS && m)
        html(b, "<p class=\"note\"><a href=\"%s\">%s</a></p>", page_url(q, "/records/payment_run"),
             tr(q, "The whole list", "全部列表"));
    html_raw(b, "</section>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

struct lines { struct request *q; struct buf *b; int shown, more; const struct table_map *m; };

/* Strings live until this returns; the page copies them. */
static bool line_row(void *arg, const struct pay_shown *s, struct err *e)
{
    struct lines *x = arg;
    struct request *q = x->q;
    (void)e;
    if (x->shown == LINES) return x->more++, true;
    x->shown++;
    html(x->b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%s</th>", s->code);
    table_cell(x->b, tr(q, "Payee", "收款人"), s->payee, false);
    table_cell(x->b, tr(q, "Account", "账号"), *s->account_tail ? arena_printf(q->arena, "…%s",
        s->account_tail) : "–",
               false);
    table_cell(x->b, tr(q, "For", "用途"), arena_printf(q->arena, "%s %s", code_label(q, "payment_purpose",
        s->purpose,
               strlen(s->purpose)), s->period), false);
    table_cell(x->b, tr(q, "Amount", "金额"), money_text(q, s->amount, false), true);
    state_cell(q, x->b, x->m, PAYMENT_STATE, s->state);
    table_cell(x->b, tr(q, "Answered on", "回复日期"), s->answered_on ? date_text(q, s->answered_on,
        true) : "–", false);
    table_cell(x->b, tr(q, "Reason", "原因"), *s->reason ? s->reason : "–", false);
    html_raw(x->b, "</tr>");
    return true;
}

/* A run is approved as a whole, by another person than who prepared it; the page above repeats the facts. */
static bool may_approve(const struct request *q, const struct pay_summary *s)
{
    const struct table_map *m = model_find(q->seat->model, "payment_run");
    return !strcmp(s->state, "prepared") && m && scope_writes(q->scope, m) && !q->user->reads_only &&
           strcmp(s->prepared_by, q->user->name ? q->user->name : "");
}

struct waiting { int64_t lines, amount; };

static struct waiting waiting_of(const struct pay_summary *s)
{
    struct waiting w = { 0 };
    for (int i = 0; i < s->n; i++)
        if (!strcmp(s->at[i].state, "prepared")) w.lines += s->at[i].lines, w.amount += s->at[i].amount;
    return w;
}

/* What stood on the page that is approved: lines and fen. */
static const char *seen_of(struct request *q, const struct pay_summary *s)
{
    struct waiting w = waiting_of(s);
    return arena_printf(q->arena, "%lld-%lld", (long long)w.lines, (long long)w.amount);
}

static void approve_form(struct request *q, struct buf *b, const struct pay_summary *s)
{
    struct waiting w = waiting_of(s);
    if (!may_approve(q, s)) return;
    html(b, "<section class=\"panel\"><h2>%s</h2><p>%s</p>", tr(q, "Approve it", "审批"), arena_printf(q->arena,
         tr(q, "%s to %s payees out of %s. Approving promises each line in the ledger.",
            "支付 %s，收款人 %s 位，付款账户 %s。批准后逐笔在账本中预留。"), money_text(q, w.amount, false), number_text(q, w.lines, 0),
         s->payer));
    form_act(q, b, page_url(q, "/money/payments/%lld-%lld/approve", (long long)s->county, (long long)s->id),
             "seen", seen_of(q, s),
             tr(q, "Approve this run", "批准本批次"), "btn pri");
    html_raw(b, "</section>");
}

static bool run_body(struct request *q, struct response *r, const struct pay_desk *k, const struct pay_summary *s,
                     const char *wrong, struct err *e)
{
    static const struct { const char *en, *zh; } heads[] = { { "Line", "序号" }, { "Payee", "收款人" },
        { "Account", "账号" }, { "For", "用途" }, { "Amount", "金额" }, { "State", "状态" },
        { "Answered on", "回复日期" }, { "Reason", "原因" } };
    struct lines x = { .q = q, .b = &r->body, .m = model_find(q->seat->model, "payment") };
    const struct table_map *runs = model_find(q->seat->model, "payment_run");
    struct buf *b = &r->body;
    page_begin(q, r, NAV_FLOW, *s->title ? s->title : s->code);
    crumb_begin(q, b);
    crumb(b, page_url(q, "/money/payments"), tr(q, "Payment runs", "支付批次"));
    crumb(b, NULL, s->code);
    crumb_end(b);
    head_begin(b, *s->title ? s->title : s->code, arena_printf(q->arena, tr(q, "%s; out of %s; prepared by %s%s%s",
               "%s；付款账户 %s；%s 编制%s%s"), state_label(q, runs, PAYMENT_RUN_STATE, s->state),
                   s->payer, s->prepared_by,
               *s->approved_by ? tr(q, ", approved by ", "，批准人 ") : "", s->approved_by));
    head_end(b);
    if (wrong) form_note(b, "err", wrong);
    html_raw(b, "<dl class=\"kpis\">");
    for (int i = 0; i < s->n; i++)
        html(b, "<div><dt>%s</dt><dd class=\"v\">%s</dd><dd class=\"d\">%s</dd></div>",
             state_label(q, x.m, PAYMENT_STATE, s->at[i].state), money_text(q, s->at[i].amount, false),
             arena_printf(q->arena, s->at[i].lines == 1 ? tr(q, "%s line", "%s 笔") : tr(q, "%s lines", "%s 笔"),
                          number_text(q, s->at[i].lines, 0)));
    html_raw(b, "</dl>");
    approve_form(q, b, s);
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Lines", "明细"));
    table_open(b, tr(q, "Lines", "明细"), "stack");
    for (int i = 0; i < COUNT(heads); i++) table_head(b, tr(q, heads[i].en, heads[i].zh), i == 4);
    table_body(b);
    bool ok = pay_lines(k, q->seat->rows, s, line_row, &x, e);
    table_close(b);
    if (x.more)
        html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena, tr(q, "and %d lines more",
            "另有 %d 笔"), x.more));
    html_raw(b, "</section>");
    if (ok) page_end(q, r);
    return ok;
}

static bool open_run(struct request *q, struct pay_desk *k, struct pay_summary *s, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, "payment_run");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    *k = (struct pay_desk){ .store = db_store(q->seat->db), .model = q->seat->model, .arena = q->arena,
                            .by = q->user->name ? q->user->name : "", .day = q->today };
    return (m || err_set(e, ERR_NOT_FOUND, "no runs are kept")) && record_read(q, m, q->capture[0], row, e) &&
           pay_summary_of(k, q->seat->db, text_at(q, m, PAYMENT_RUN_CODE, row), s, e);
}

/* A run that is seen is shown with all its lines: they are its own. */
void payment_run_page(struct request *q, struct response *r)
{
    struct pay_desk k;
    struct pay_summary s;
    struct err e = { .code = ERR_NONE };
    if (!open_to(q, r)) return;
    if (!open_run(q, &k, &s, &e) || !run_body(q, r, &k, &s, NULL, &e)) page_fail(q, r, &e);
}

static bool approved_by(const struct request *q, const struct pay_summary *s)
{
    return !strcmp(s->state, "approved") && *s->approved_by && q->user->name && !strcmp(s->approved_by, q->user->name);
}

void payment_run_approve(struct request *q, struct response *r)
{
    struct pay_desk k;
    struct pay_summary s;
    struct pay_report out;
    struct err e = { .code = ERR_NONE }, why = { .code = ERR_NONE };
    if (!open_to(q, r)) return;
    if (!open_run(q, &k, &s, &e)) {
        page_fail(q, r, &e);
        return;
    }
    bool mine = may_approve(q, &s), same = mine && !strcmp(request_form(q, "seen") ? request_form(q, "seen") : "",
                                                           seen_of(q, &s));
    /* Pressed twice, it is approved once. */
    if (approved_by(q, &s) || (same && pay_approve(&k, s.code, &out, &why))) {
        page_redirect(r, q->arena, page_url(q, "/money/payments/%s", q->capture[0]));
        return;
    }
    const char *wrong = why.code != ERR_NONE ? why.message
        : mine ? tr(q, "The run has changed since you looked at it: nothing was approved. This is how it stands now.",
                    "您查看后该批次已有变动，未予批准。以下为现状。")
               : tr(q, "This run is not for you to approve: it was prepared by you, or is not waiting for it.",
                    "该批次不能由您审批：由您本人编制，或不在待审批状态。");
    if (!run_body(q, r, &k, &s, wrong, &e)) page_fail(q, r, &e);
    else r->status = mine && why.code == ERR_NONE ? 409 : 422;
}

/* --- money that waits --- */

struct aged { const struct account_balance *of; struct idle idle; };

/* The counties in which the accounts that are seen lie: an organisation's may lie anywhere. */
static struct pieces_query counties_seen(const struct request *q)
{
    const struct scope *s = q->scope;
    struct pieces_query now = { .mo = q->seat->model, .hi = 999999, .on = q->today, .now = true };
    if (s->everywhere || s->orgs || s->pasts) return now;
    now.lo = s->ranges ? s->range[0].lo / 1000000 : 1;
    now.hi = s->ranges ? s->range[s->ranges - 1].hi / 1000000 : 0;
    return now;
}

static int64_t days_since(const struct request *q, int32_t day)
{
    return q->today > day ? q->today - day : 0;
}

/* What the alert rules raise today of accounts that are seen; by rule and account. */
bool idle_seen(struct request *q, struct idle_alerts *out, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, "ledger_account");
    const struct pieces_query now = counties_seen(q);
    int n = 0;
    *out = (struct idle_alerts){ .n = 0 };
    if (!scope_reads(q->scope, ACCESS_MONEY) || !m || !scope_kind(q->scope, m)) return true;
    if (!idle_alerts(q->seat->db, &now, q->arena, out, e)) return false;
    for (int i = 0; i < out->n; i++) {
        struct val row[ENTITY_MAX_COLUMNS + 1];
        const struct account_ref at = out->at[i].account.at;
        bool found = false;
        if (!row_seen(q->seat->model, q->seat->db, q->scope, m, at.county, at.id, q->arena, row, &found, e))
            return false;
        if (found) out->at[n++] = out->at[i];
    }
    out->n = n;
    return true;
}

static int by_weight(const void *l, const void *r)
{
    const struct aged *a = l, *b = r;
    if (a->idle.yuan_days != b->idle.yuan_days) return a->idle.yuan_days > b->idle.yuan_days ? -1 : 1;
    return strcmp(a->of->code, b->of->code);
}

/* The rules by which the money of an account is told, or "–". */
static const char *rules_of(struct request *q, const struct idle_alerts *alerts, const struct account_balance *x)
{
    const char *text = "";
    for (int i = 0; i < alerts->n; i++) {
        const struct idle_alert *y = &alerts->at[i];
        if (y->account.at.county != x->at.county || y->account.at.id != x->at.id) continue;
        text = arena_printf(q->arena, "%s%s%s", text, *text ? tr(q, "; ", "；") : "", *y->title ? y->title : y->rule);
    }
    return *text ? text : "–";
}

static void aged_line(struct request *q, struct buf *b, const struct aged *x, const struct idle_alerts *alerts)
{
    const struct table_map *m = model_find(q->seat->model, "ledger_account");
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a>"
         "<span class=\"why\">%s</span></th>",
         record_url(q, m, x->of->at.county, x->of->at.id), *x->of->title ? x->of->title : x->of->code, x->of->code);
    table_cell(b, tr(q, "In hand", "结存"), money_text(q, x->idle.all, false), true);
    table_cell(b, tr(q, "Days of the oldest", "最长天数"),
               number_text(q, days_since(q, x->idle.oldest), 0), true);
    table_cell(b, tr(q, "Up to 1 year", "一年内"), money_text(q, x->idle.year1, false), true);
    table_cell(b, tr(q, "1 to 2 years", "一至两年"), money_text(q, x->idle.year2, false), true);
    table_cell(b, tr(q, "Over 2 years", "两年以上"), money_text(q, x->idle.older, false), true);
    table_cell(b, tr(q, "Told by", "预警规则"), rules_of(q, alerts, x->of), false);
    html_raw(b, "</tr>");
}

/* Accounts that are seen, with what lies in them now. */
static bool age(struct request *q, const struct account_balances *all, const struct map *seen,
    struct aged *at, size_t *n,
                struct err *e)
{
    struct idle_pieces p = { 0 };
    bool ok = true;
    for (size_t i = 0; ok && i < all->n; i++) {
        const struct account_balance *x = &all->at[i];
        if (!account_waits(x) || x->b.balance == 0 || !seen_has(seen, x->at.county, x->at.id)) continue;
        ok = account_pieces(q->seat->db, x, &p, e);
        if (ok && p.n) at[(*n)++] = (struct aged){ x, idle_of(&p, q->today) };
    }
    free(p.at);
    return ok;
}

static void aged_table(struct request *q, struct buf *b, const struct aged *at, size_t n,
                       const struct idle_alerts *alerts)
{
    html_raw(b, "<section class=\"panel\">");
    if (!n) empty_note(b, tr(q, "No money waits in your accounts.", "您的账户没有结存资金。"));
    if (n) {
        table_open(b, tr(q, "Money that waits", "结存账龄"), "stack");
        table_head(b, tr(q, "Holder", "持有人"), false);
        table_head(b, tr(q, "In hand", "结存"), true);
        table_head(b, tr(q, "Days of the oldest", "最长天数"), true);
        table_head(b, tr(q, "Up to 1 year", "一年内"), true);
        table_head(b, tr(q, "1 to 2 years", "一至两年"), true);
        table_head(b, tr(q, "Over 2 years", "两年以上"), true);
        table_head(b, tr(q, "Told by", "预警规则"), false);
        table_body(b);
        for (size_t i = 0; i < n; i++) aged_line(q, b, &at[i], alerts);
        table_close(b);
    }
    html_raw(b, "</section>");
}

void ageing_page(struct request *q, struct response *r)
{
    const struct pieces_query now = counties_seen(q);
    struct account_balances all = { 0 };
    struct idle_alerts alerts;
    struct map seen;
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    size_t n = 0;
    if (!open_to(q, r)) return;
    bool ok = seen_rows(q, "ledger_account", &seen, &e) && db_begin_read(q->seat->db, &e);
    bool reading = ok;
    ok = ok && account_balances(q->seat->db, now.lo, now.hi, q->arena, &all, &e);
    struct aged *at = arena_array(q->arena, all.n + 1, sizeof *at);
    ok = ok && age(q, &all, &seen, at, &n, &e) && idle_seen(q, &alerts, &e);
    if (reading) db_end_read(q->seat->db);
    if (ok) {
        qsort(at, n, sizeof *at, by_weight);
        page_begin(q, r, NAV_FLOW, tr(q, "Money that waits", "结存账龄"));
        head_begin(b, tr(q, "Money that waits", "结存账龄"), tr(q,
            "Money that came and was not given on, by who holds it; "
                   "the heaviest by amount and days first.",
                       "已到账而未拨付的资金，按持有人列示；按金额与天数由重到轻。"));
        head_end(b);
        aged_table(q, b, at, n, &alerts);
        page_end(q, r);
    }
    map_free(&seen);
    free(all.at);
    if (!ok) page_fail(q, r, &e);
}

/* --- what money may be used for --- */

struct findings { struct request *q; struct buf *b; int n; enum earmark_state told; };

static bool finding_line(void *arg, const struct earmark_finding *f, struct err *e)
{
    static const struct { const char *en, *zh, *class; } words[] = { [EARMARK_KEPT] = { "kept", "符合", "ok" },
        [EARMARK_OPEN] = { "undecided", "未定", "warn" }, [EARMARK_BROKEN] = { "broken", "违反", "err" } };
    struct findings *x = arg;
    struct request *q = x->q;
    (void)e;
    if (f->state != x->told) return true;
    if (f->state == EARMARK_KEPT && (f->rule->kind == EARMARK_FORBID || f->rule->kind == EARMARK_ONLY)) return true;
    x->n++;
    html(x->b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%s<span class=\"why\">%s</span></th>",
         *f->rule->title ? f->rule->title : f->rule->code, f->rule->code);
    table_cell(x->b, tr(q, "Money of", "资金"), f->of && *f->of ? f->of : "–", false);
    table_cell(x->b, tr(q, "Looked at", "口径"), f->posted ? tr(q, "as posted", "按账") : tr(q,
        "as planned", "按计划"), false);
    html(x->b, "<td role=\"cell\" class=\"st half\" data-l=\"%s\"><span class=\"tag %s\">%s</span></td>",
         tr(q, "State", "状态"), words[f->state].class, tr(q, words[f->state].en, words[f->state].zh));
    table_cell(x->b, tr(q, "How it stands", "执行情况"), earmark_tells(f, q->zh, q->arena), false);
    html_raw(x->b, "</tr>");
    return true;
}

/* Batches that are seen, a batch judged whole: what is broken first, then what may still go either way. */
static bool check_seen(struct earmark_book *k, const struct map *seen, struct findings *x, struct err *e)
{
    static const enum earmark_state order[] = { EARMARK_BROKEN, EARMARK_OPEN, EARMARK_KEPT };
    struct earmark_batches all;
    bool ok = earmark_batches(k, -1, &all, e);
    for (int s = 0; s < COUNT(order); s++) {
        x->told = order[s];
        for (int i = 0; ok && i < all.n; i++)
            if (all.at[i].on <= k->on && seen_has(seen, all.at[i].county, all.at[i].id))
                ok = earmark_check_batch(k, &all.at[i], finding_line, x, e);
    }
    return ok;
}

static void rules_table(struct request *q, struct buf *b, const struct earmark_book *k)
{
    const struct table_map *m = model_find(q->seat->model, "earmark_rule");
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Rules in force today", "现行规则"));
    table_open(b, tr(q, "Rules", "规则"), "stack");
    table_head(b, tr(q, "Rule", "规则"), false);
    table_head(b, tr(q, "What it says", "内容"), false);
    table_head(b, tr(q, "From", "起"), false);
    table_head(b, tr(q, "To", "止"), false);
    table_body(b);
    for (int i = 0; i < k->n_rules; i++) {
        const struct earmark_rule *u = &k->rule[i];
        if (k->on < u->from || k->on > u->to) continue;
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a>"
             "<span class=\"why\">%s</span></th>", record_url(q, m, 0, u->id), *u->title ? u->title : u->code, u->code);
        table_cell(b, tr(q, "What it says", "内容"), earmark_says(u, q->zh, q->arena), false);
        table_cell(b, tr(q, "From", "起"), u->from == DATE_MIN ? "–" : date_text(q, u->from, true), false);
        table_cell(b, tr(q, "To", "止"), u->to == DATE_MAX ? "–" : date_text(q, u->to, true), false);
        html_raw(b, "</tr>");
    }
    table_close(b);
    html_raw(b, "</section>");
}

static bool rules_body(struct request *q, struct response *r, struct earmark_book *k, const struct map *seen,
                       struct err *e)
{
    static const struct { const char *en, *zh; } heads[] = { { "Rule", "规则" }, { "Money of", "资金" },
        { "Looked at", "口径" }, { "State", "状态" }, { "How it stands", "执行情况" } };
    struct buf *b = &r->body;
    struct findings x = { .q = q, .b = b };
    page_begin(q, r, NAV_FLOW, tr(q, "Rules of use", "使用规则"));
    head_begin(b, tr(q, "What money may be used for, and whether it is", "资金使用规则及执行情况"), NULL);
    head_end(b);
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "How batches stand", "各批次执行情况"));
    table_open(b, tr(q, "Findings", "检查结果"), "stack");
    for (int i = 0; i < COUNT(heads); i++) table_head(b, tr(q, heads[i].en, heads[i].zh), false);
    table_body(b);
    bool ok = check_seen(k, seen, &x, e);
    table_close(b);
    if (!x.n) empty_note(b, tr(q, "No rule speaks of a batch that you may see.",
        "没有涉及您可查看批次的规则。"));
    html_raw(b, "</section>");
    if (!ok) return false;
    rules_table(q, b, k);
    page_end(q, r);
    return true;
}

void rules_page(struct request *q, struct response *r)
{
    struct earmark_book k = { 0 };
    struct map seen;
    struct err e = { .code = ERR_NONE };
    if (!open_to(q, r)) return;
    bool ok = seen_rows(q, "batch", &seen, &e);
    if (ok && (ok = db_begin_read(q->seat->db, &e))) {
        ok = earmark_open(&k, q->seat->db, q->seat->model->codes, -1, q->today, q->arena, &e) &&
            rules_body(q, r, &k, &seen, &e);
        earmark_close(&k);
        db_end_read(q->seat->db);
    }
    map_free(&seen);
    if (!ok) page_fail(q, r, &e);
}
