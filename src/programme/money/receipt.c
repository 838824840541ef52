/* What is told to a giver. */
#include "programme/money/receipt.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/map.h"
#include "programme/money/receipt_part.h"
#include "programme/money/trace.h"

enum { R_COUNTY, R_ID, R_TRANSFER, R_PLACE, R_TO_COUNTY, R_TO, R_FROM_COUNTY, R_FROM, R_GIVER,
       R_AMOUNT, R_STANDING, R_DAY, R_FROM_KIND, R_TO_KIND, R_N };

struct holder { const char *title, *kind, *code; int64_t place; };

struct reading {
    struct db *d;
    struct arena *a;
    struct receipt *out;
    struct val (*raw)[R_N]; int n, cap;
    struct map holders;            /* account_ref -> struct holder * */
    struct map gone;               /* account_ref -> open amount at the ends */
    struct map steps;              /* step_ref -> amount */
};
struct step_ref { int64_t level, from_county, from, to_county, to; };

static bool is(struct val v, const char *s)
{
    return v.type == VAL_TEXT && v.n == strlen(s) && memcmp(v.p, s, v.n) == 0;
}

static int64_t num(struct val v) { return v.type == VAL_INT ? v.i : 0; }

static bool take_raw(void *arg, const struct val *row, int n, struct err *e)
{
    struct reading *r = arg;
    (void)e;
    r->raw = arena_more(r->a, r->raw, r->n, &r->cap, sizeof *r->raw);
    for (int i = 0; i < n && i < R_N; i++) {
        r->raw[r->n][i] = row[i];
        if (row[i].type == VAL_TEXT) r->raw[r->n][i].p = arena_strndup(r->a, row[i].p, row[i].n);
    }
    r->n++;
    return true;
}

struct naming { struct arena *a; struct holder *h; };

static bool take_holder(void *arg, const struct val *row, int n, struct err *e)
{
    struct naming *x = arg;
    (void)n, (void)e;
    const char **to[] = { &x->h->title, &x->h->kind };
    for (int i = 0; i < 2; i++)
        if (row[i].type == VAL_TEXT) *to[i] = arena_strndup(x->a, row[i].p, row[i].n);
    if (row[3].type == VAL_TEXT) x->h->code = arena_strndup(x->a, row[3].p, row[3].n);
    x->h->place = num(row[2]);
    return true;
}

static bool holder_of(struct reading *r, int64_t county, int64_t account, struct holder **out,
                      struct err *e)
{
    struct account_ref key = { county, account };
    struct holder **held = map_get(&r->holders, &key);
    if (held) {
        *out = *held;
        return true;
    }
    struct holder *h = arena_alloc(r->a, sizeof *h);
    *h = (struct holder){ .title = "", .kind = "", .code = "" };
    struct naming x = { r->a, h };
    struct val v[2] = { val_int(county), val_int(account) };
    if (is_transit(account)) h->kind = "transit";
    else if (!db_query(r->d, &receipt_stmts.stmts[RECEIPT_ACCOUNT], v, 2, take_holder, &x, e))
        return false;
    *(struct holder **)map_put(&r->holders, &key, NULL) = h;
    *out = h;
    return true;
}

/* --- what was given --- */

/* A leg is a gift when it came from outside, or when no other leg here filled the account that it
 * came from. */
static bool first_hand(const struct reading *r, const struct val *leg)
{
    if (is(leg[R_FROM_KIND], "outside")) return true;
    for (int i = 0; i < r->n; i++)
        if (num(r->raw[i][R_TO]) == num(leg[R_FROM]) &&
            num(r->raw[i][R_TO_COUNTY]) == num(leg[R_FROM_COUNTY]) && num(leg[R_FROM]))
            return false;
    return true;
}

static void count_standing(struct receipt *x, struct val v, int64_t amount)
{
    if (is(v, "confirmed")) x->confirmed += amount;
    else if (is(v, "disputed") || is(v, "corrected")) x->disputed += amount;
    else x->one_sided += amount;
}

static bool add_leg(struct reading *r, const struct val *v, struct spans *spans, struct err *e)
{
    struct receipt *x = r->out;
    struct holder *to;
    int64_t vouchers = 0;
    bool found;
    if (!holder_of(r, num(v[R_TO_COUNTY]), num(v[R_TO]), &to, e) ||
        !db_int(r->d, &receipt_stmts.stmts[RECEIPT_VOUCHERS], &v[R_TRANSFER], 1,
                &vouchers, &found, e) ||
        !spans_of_lot(r->d, num(v[R_COUNTY]), num(v[R_ID]), spans, e))
        return false;
    x->leg = arena_more(r->a, x->leg, x->n_legs, &x->cap_legs, sizeof *x->leg);
    int32_t day = (int32_t)num(v[R_DAY]);
    x->leg[x->n_legs++] = (struct receipt_leg){ .county = num(v[R_COUNTY]), .id = num(v[R_ID]),
        .lot = arena_printf(r->a, "%lld:%lld", (long long)num(v[R_COUNTY]), (long long)num(v[R_ID])),
        .transfer = v[R_TRANSFER].p, .to = to->title, .standing = v[R_STANDING].p, .day = day,
        .amount = num(v[R_AMOUNT]), .place = num(v[R_PLACE]) };
    if (x->n_legs == 1) {
        x->first = x->last = day;
        x->giver = num(v[R_GIVER]);
    }
    if (day < x->first) x->first = day;
    if (day > x->last) x->last = day;
    if (x->giver != num(v[R_GIVER])) x->giver = 0;
    x->given += num(v[R_AMOUNT]);
    x->vouchers += vouchers;
    count_standing(x, v[R_STANDING], num(v[R_AMOUNT]));
    return true;
}

/* --- where it went --- */

static bool on_edge(void *arg, const struct trace_edge *t, struct err *e)
{
    struct reading *r = arg;
    struct step_ref key = { t->level, t->from_county, t->from_account, t->to_county,
                            t->to_account };
    (void)e;
    *(int64_t *)map_put(&r->steps, &key, NULL) += t->amount;
    return true;
}

static bool on_end(void *arg, const struct trace_end *t, struct err *e)
{
    struct reading *r = arg;
    struct account_ref key = { t->county, t->account };
    (void)e;
    *(int64_t *)map_put(&r->gone, &key, NULL) += t->amount;
    return true;
}

static bool nameless(const struct holder *h)
{
    return strcmp(h->kind, "household") == 0 || strcmp(h->kind, "payee") == 0;
}

static enum receipt_end end_of(const struct holder *h)
{
    if (strcmp(h->kind, "transit") == 0) return RECEIPT_UNDER_WAY;
    return nameless(h) || strcmp(h->kind, "outside") == 0 ? RECEIPT_DELIVERED : RECEIPT_IN_HAND;
}

/* Households and payees of one place are one line. */
static void add_line(struct reading *r, const struct holder *h, int64_t amount)
{
    struct receipt *x = r->out;
    const char *name = nameless(h) ? "" : h->title;
    enum receipt_end end = end_of(h);
    int64_t *sum[] = { &x->delivered, &x->in_hand, &x->under_way };
    *sum[end] += amount;
    for (int i = 0; i < x->n_lines; i++) {
        struct receipt_line *l = &x->line[i];
        if (l->end != end || l->place != h->place || strcmp(l->kind, h->kind) ||
            strcmp(l->name, name))
            continue;
        l->amount += amount;
        l->holders++;
        return;
    }
    x->line = arena_more(r->a, x->line, x->n_lines, &x->cap_lines, sizeof *x->line);
    x->line[x->n_lines++] = (struct receipt_line){ end, h->kind, name, h->place, amount, 1 };
}

static int by_line(const void *l, const void *r)
{
    const struct receipt_line *a = l, *b = r;
    if (a->end != b->end) return a->end < b->end ? -1 : 1;
    if (a->place != b->place) return a->place < b->place ? -1 : 1;
    int c = strcmp(a->kind, b->kind);
    return c ? c : strcmp(a->name, b->name);
}

static const char *step_name(struct reading *r, const struct holder *h)
{
    if (!nameless(h)) return strcmp(h->kind, "transit") == 0 ? "…" : h->title;
    return arena_printf(r->a, "%s %012lld", h->kind, (long long)h->place);
}

static void add_step(struct reading *r, int level, const char *from, const char *to, int64_t amount)
{
    struct receipt *x = r->out;
    for (int i = 0; i < x->n_steps; i++) {
        struct receipt_step *s = &x->step[i];
        if (s->level != level || strcmp(s->from, from) || strcmp(s->to, to)) continue;
        s->amount += amount;
        return;
    }
    x->step = arena_more(r->a, x->step, x->n_steps, &x->cap_steps, sizeof *x->step);
    x->step[x->n_steps++] = (struct receipt_step){ from, to, amount, level };
}

static int by_step(const void *l, const void *r)
{
    const struct receipt_step *a = l, *b = r;
    if (a->level != b->level) return a->level < b->level ? -1 : 1;
    int c = strcmp(a->from, b->from);
    return c ? c : strcmp(a->to, b->to);
}

static bool name_ends(struct reading *r, struct err *e)
{
    const void *key;
    void *value;
    for (size_t at = 0; map_next(&r->gone, &at, &key, &value);) {
        const struct account_ref *k = key;
        struct holder *h;
        if (!holder_of(r, k->county, k->id, &h, e)) return false;
        add_line(r, h, *(int64_t *)value);
    }
    for (size_t at = 0; map_next(&r->steps, &at, &key, &value);) {
        const struct step_ref *k = key;
        struct holder *from, *to;
        if (!holder_of(r, k->from_county, k->from, &from, e) ||
            !holder_of(r, k->to_county, k->to, &to, e))
            return false;
        add_step(r, (int)k->level, step_name(r, from), step_name(r, to), *(int64_t *)value);
    }
    if (r->out->n_lines)
        qsort(r->out->line, (size_t)r->out->n_lines, sizeof *r->out->line, by_line);
    if (r->out->n_steps)
        qsort(r->out->step, (size_t)r->out->n_steps, sizeof *r->out->step, by_step);
    return true;
}

static bool read_all(struct reading *r, const struct val *key, int n, const char *sql,
                     struct err *e)
{
    struct stmt s = stmt_composed(STMT_ADMIN, sql);
    struct trace_sink sink = { on_edge, on_end, r };
    struct spans spans = { 0 };
    bool ok = db_query(r->d, &s, key, n, take_raw, r, e);
    for (int i = 0; ok && i < r->n; i++)
        if (!is(r->raw[i][R_TO_KIND], "transit") && first_hand(r, r->raw[i]))
            ok = add_leg(r, r->raw[i], &spans, e);
    if (ok && r->out->n_legs == 0)
        ok = err_set(e, ERR_NOT_FOUND, "nothing was posted for it, or all of it was taken back, so "
                     "there is nothing to tell");
    ok = ok && trace_forward(r->d, spans.at, spans.n, &sink, e) && name_ends(r, e);
    free(spans.at);
    if (ok) receipt_state(r->out, r->a);
    return ok;
}

bool receipt_read(struct db *d, const struct model *mo, const struct receipt_of *of,
                  struct arena *a, struct receipt *out, struct err *e)
{
    struct reading r = { .d = d, .a = a, .out = out };
    struct val key[2] = { val_text(of->transfer), val_null() };
    struct buf sql;
    *out = (struct receipt){ .given = 0 };
    if (of->batch) {
        key[0] = val_int(of->batch->county);
        key[1] = val_int(of->batch->id);
    }
    buf_init(&sql, (size_t)64 << 10);
    receipt_legs_sql(&sql, model_find(mo, "transfer"), of->batch != NULL);
    map_init(&r.holders, sizeof(struct account_ref), sizeof(struct holder *));
    map_init(&r.gone, sizeof(struct account_ref), sizeof(int64_t));
    map_init(&r.steps, sizeof(struct step_ref), sizeof(int64_t));
    bool ok = read_all(&r, key, of->batch ? 2 : 1, sql.p, e);
    map_free(&r.holders);
    map_free(&r.gone);
    map_free(&r.steps);
    buf_free(&sql);
    return ok;
}
