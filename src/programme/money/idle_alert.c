/* Alerts of idle money. */
#include "programme/money/idle.h"

#include <stdlib.h>

#include "base/date.h"
#include "entity/load.h"
#include "programme/money/paper.h"

struct alert_rule { const char *code, *title, *earmark, *kind; int64_t days, amount, fund_line; };
struct alert_rules { struct alert_rule *at; int n, cap; struct arena *a; int32_t on; };

static bool take_rule(void *arg, const struct val *row, int n, struct err *e)
{
    struct alert_rules *r = arg;
    (void)n, (void)e;
    if (row[7].type == VAL_INT && row[7].i > r->on) return true;
    if (row[8].type == VAL_INT && row[8].i < r->on) return true;
    r->at = arena_more(r->a, r->at, r->n, &r->cap, sizeof *r->at);
    const char *words[4] = { "", "", "", "" };
    static const int from[4] = { 0, 1, 5, 6 };
    for (int i = 0; i < 4; i++)
        if (row[from[i]].type == VAL_TEXT)
            words[i] = arena_strndup(r->a, row[from[i]].p, row[from[i]].n);
    r->at[r->n++] = (struct alert_rule){ .code = words[0], .title = words[1], .earmark = words[2],
        .kind = words[3], .days = row[2].i, .amount = row[3].type == VAL_INT ? row[3].i : 0,
        .fund_line = row[4].type == VAL_INT ? row[4].i : 0 };
    return true;
}

static bool speaks_of(const struct alert_rule *r, const struct account_balance *x)
{
    return (!r->fund_line || r->fund_line == x->fund_line) &&
           (!*r->earmark || strcmp(r->earmark, x->earmark) == 0) &&
           (!*r->kind || strcmp(r->kind, x->kind) == 0);
}

/* Pieces come oldest first: the one that brings the sum over the amount says since when. */
static bool raised(const struct alert_rule *r, const struct idle_pieces *p, int32_t on,
                   struct idle_alert *out)
{
    bool yes = false;
    out->amount = 0;
    for (size_t i = 0; i < p->n && (int64_t)on - p->at[i].day > r->days; i++) {
        out->amount += p->at[i].amount;
        if (yes || out->amount <= r->amount) continue;
        yes = true;
        out->raised = p->at[i].day + (int32_t)r->days + 1;
    }
    out->oldest = p->n ? p->at[0].day : 0;
    return yes;
}

static void push(struct idle_alerts *out, const struct idle_alert *x, struct arena *a)
{
    out->at = arena_more(a, out->at, out->n, &out->cap, sizeof *out->at);
    out->at[out->n++] = *x;
}

static int by_rule(const void *l, const void *r)
{
    const struct idle_alert *a = l, *b = r;
    int c = strcmp(a->rule, b->rule);
    return c ? c : strcmp(a->account.code, b->account.code);
}

struct funding { struct account_balances *all; size_t at; };

/* Both come in the order of accounts. */
static bool take_fund(void *arg, const struct val *row, int n, struct err *e)
{
    struct funding *f = arg;
    (void)n, (void)e;
    for (; f->at < f->all->n; f->at++) {
        struct account_balance *x = &f->all->at[f->at];
        if (x->at.county > row[0].i || (x->at.county == row[0].i && x->at.id > row[1].i)) break;
        if (x->at.county == row[0].i && x->at.id == row[1].i) x->fund_line = row[2].i;
    }
    return true;
}

struct looking { const struct alert_rules *rules; struct account_balances all; size_t at;
                 struct idle_alerts *out; };

/* Accounts and pieces come in one order. */
static bool look_at(void *arg, struct account_ref at, const struct idle_pieces *p, struct err *e)
{
    struct looking *l = arg;
    const struct alert_rules *rules = l->rules;
    (void)e;
    while (l->at < l->all.n && (l->all.at[l->at].at.county < at.county ||
                                (l->all.at[l->at].at.county == at.county &&
                                 l->all.at[l->at].at.id < at.id)))
        l->at++;
    if (l->at == l->all.n || l->all.at[l->at].at.id != at.id) return true;
    const struct account_balance *x = &l->all.at[l->at];
    for (int i = 0; account_waits(x) && i < rules->n; i++) {
        const struct alert_rule *r = &rules->at[i];
        struct idle_alert alert = { .rule = r->code, .title = r->title, .account = *x };
        if (speaks_of(r, x) && raised(r, p, rules->on, &alert)) push(l->out, &alert, rules->a);
    }
    return true;
}

/* What lies there now, account by account. */
static bool look_now(struct db *d, struct looking *l, struct err *e)
{
    struct idle_pieces p = { 0 };
    bool ok = true;
    for (size_t i = 0; ok && i < l->all.n; i++) {
        const struct account_balance *x = &l->all.at[i];
        if (!account_waits(x) || x->b.balance == 0) continue;
        ok = account_pieces(d, x, &p, e) && (p.n == 0 || look_at(l, x->at, &p, e));
    }
    free(p.at);
    return ok;
}

bool idle_alerts(struct db *d, const struct pieces_query *q, struct arena *a,
                 struct idle_alerts *out, struct err *e)
{
    struct alert_rules rules = { .a = a, .on = q->on };
    struct looking l = { .rules = &rules, .out = out };
    struct funding funding = { &l.all, 0 };
    struct val hidden, range[2] = { val_int(q->lo), val_int(q->hi) };
    int64_t pending;
    *out = (struct idle_alerts){ .n = 0 };
    if (!load_pending(d, &pending, e)) return false;
    hidden = val_int(pending);
    bool ok = db_query(d, &paper_stmts.stmts[PAPER_ALERT_RULES], &hidden, 1, take_rule, &rules, e);
    if (ok && rules.n)
        ok = account_balances(d, q->lo, q->hi, a, &l.all, e) &&
             db_query(d, &idle_stmts.stmts[IDLE_FUND_LINES], range, 2, take_fund, &funding, e) &&
             (q->now ? look_now(d, &l, e) : pieces_on(d, q, look_at, &l, e));
    if (ok && out->n) qsort(out->at, (size_t)out->n, sizeof *out->at, by_rule);
    free(l.all.at);
    return ok;
}
