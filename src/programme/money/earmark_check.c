/* Rules over lines of money. */
#include "base/date.h"
#include "base/money.h"
#include "programme/money/earmark_book.h"

#include <stdlib.h>

static int64_t num(struct val v, int64_t absent) { return v.type == VAL_INT ? v.i : absent; }

/* --- classes on a day --- */

static bool take_class(void *arg, const struct val *row, int n, struct err *e)
{
    struct class_places *x = arg;
    (void)n, (void)e;
    if (row[0].type != VAL_INT) return true;
    x->at = arena_more(x->a, x->at, x->n, &x->cap, sizeof *x->at);
    x->at[x->n++] = (struct class_place){ row[0].i, (int32_t)num(row[2], DATE_MIN),
                                          (int32_t)num(row[3], DATE_MAX) };
    return true;
}

static bool class_of(struct earmark_book *b, const char *class, struct class_places **out,
                     struct err *e)
{
    struct class_key key;
    memset(&key, 0, sizeof key);
    snprintf(key.name, sizeof key.name, "%s", class);
    struct class_places **held = map_get(&b->classes, &key);
    if (held) {
        *out = *held;
        return true;
    }
    struct class_places *x = arena_alloc(b->a, sizeof *x);
    *x = (struct class_places){ .a = b->a };
    struct val v[2] = { val_int(b->hidden), val_text(class) };
    if (!db_query(b->d, &earmark_stmts.stmts[EARMARK_CLASSES], v, 2, take_class, x, e))
        return false;
    *(struct class_places **)map_put(&b->classes, &key, NULL) = x;
    *out = x;
    return true;
}

static bool inside(int64_t place, int64_t whole)
{
    struct place_range r = place_own_range(whole);
    return place >= r.lo && place <= r.hi;
}

/* True where the place, or one above it, has the class on the day; unknown where a place within it
 * has, and where nobody has it. */
static enum rule_tri has_class(const struct class_places *x, int64_t place, int32_t on)
{
    bool any = false, within = false;
    for (int i = 0; i < x->n; i++) {
        const struct class_place *c = &x->at[i];
        if (on < c->from || on > c->to) continue;
        if (inside(place, c->place)) return RULE_TRUE;
        any = true;
        within = within || inside(c->place, place);
    }
    return any && !within ? RULE_FALSE : RULE_UNKNOWN;
}

static bool set_class(struct earmark_book *b, const struct earmark_rule *r, struct earmark_line *l,
                      struct err *e)
{
    struct buf text;
    bool known = l->place != 0 && l->on != DATE_MIN;
    l->row[LINE_CLASS] = val_null();
    buf_init(&text, 4096);
    for (int i = 0; known && i < r->n_classes; i++) {
        struct class_places *x;
        if (!class_of(b, r->classes[i], &x, e)) {
            buf_free(&text);
            return false;
        }
        enum rule_tri has = has_class(x, l->place, l->on);
        known = has != RULE_UNKNOWN;
        if (has == RULE_TRUE) buf_printf(&text, "%s%s", text.n ? ";" : "", r->classes[i]);
    }
    if (known)
        l->row[LINE_CLASS] = val_textn(arena_strndup(b->a, text.n ? text.p : "", text.n), text.n);
    buf_free(&text);
    return true;
}

/* --- asking --- */

static bool wanted(const struct earmark_rule *r, const struct earmark_ask *q)
{
    bool share = r->kind == EARMARK_FLOOR || r->kind == EARMARK_CEILING;
    if (share == q->alone) return false;
    return q->alone || (r->per == q->per && q->on >= r->from && q->on <= r->to);
}

static bool in_force(const struct earmark_rule *r, int32_t on)
{
    return on != DATE_MIN && on >= r->from && on <= r->to;
}

/* What the rule says of each line; false in *any when it speaks of none. */
static bool look(struct earmark_book *b, const struct earmark_rule *r, const struct earmark_ask *q,
                 enum rule_tri *truth, bool *skip, bool *any, struct err *e)
{
    *any = false;
    for (int i = 0; i < q->n; i++) {
        struct earmark_line l = q->line[i];
        int64_t fund = l.fund_line ? l.fund_line : q->fund_line;
        int64_t helper = l.helper ? l.helper : q->helper;
        if (!set_class(b, r, &l, e)) return false;
        skip[i] = (r->fund_line && r->fund_line != fund) ||
                  (r->helper && r->helper != helper) || (q->alone && !in_force(r, l.on)) ||
                  (r->applies && rule_test(r->applies, l.row) != RULE_TRUE);
        truth[i] = rule_test(r->holds, l.row);
        *any |= !skip[i];
    }
    return true;
}

/* A rule that speaks of part of the money knows no whole but what it sees. */
static void judge(const struct earmark_rule *r, const struct earmark_ask *q,
                  const enum rule_tri *truth, const bool *skip, struct earmark_finding *f)
{
    bool all = true;
    for (int i = 0; i < q->n; i++) all = all && !skip[i];
    earmark_add(q->line, truth, skip, q->n, q->total, q->total_known && all, &f->sum);
    int bad = earmark_bad_line(r, truth, skip, q->n);
    f->bad = bad >= 0 ? &q->line[bad] : NULL;
    f->state = q->alone ? (bad >= 0 ? EARMARK_BROKEN : EARMARK_KEPT) : earmark_judge(r, &f->sum);
}

bool earmark_ask(struct earmark_book *b, const struct earmark_ask *q, earmark_fn *fn, void *arg,
                 struct err *e)
{
    enum rule_tri *truth = mem_alloc(((size_t)q->n + 1) * sizeof *truth);
    bool *skip = mem_alloc(((size_t)q->n + 1) * sizeof *skip), ok = true;
    for (int i = 0; ok && i < b->n_rules; i++) {
        struct earmark_finding f = { .rule = &b->rule[i], .of = q->of, .posted = q->posted };
        bool any = false;
        if (!wanted(f.rule, q)) continue;
        ok = look(b, f.rule, q, truth, skip, &any, e);
        if (!ok || !any) continue;
        judge(f.rule, q, truth, skip, &f);
        ok = fn(arg, &f, e);
    }
    free(truth);
    free(skip);
    return ok;
}

bool earmark_check_batch(struct earmark_book *b, const struct earmark_batch *x, earmark_fn *fn,
                         void *arg, struct err *e)
{
    struct val key[2] = { val_int(x->county), val_int(x->id) };
    struct earmark_lines plan, posted;
    int64_t given;
    if (b->n_rules == 0) return true;
    if (!earmark_lines(b, EARMARK_LINES_OF_BATCH, key, 2, x, &plan, e) ||
        !earmark_positions(b, x, &posted, &given, e))
        return false;
    struct earmark_ask q = { .line = plan.at, .n = plan.n, .per = EARMARK_BATCH, .on = x->on,
        .fund_line = x->fund_line, .helper = x->helper, .total = x->amount,
        .total_known = x->known, .of = x->code };
    if (plan.n && !earmark_ask(b, &q, fn, arg, e)) return false;
    if (!posted.n) return true;
    q.line = posted.at;
    q.n = posted.n;
    q.posted = true;
    if (q.on == DATE_MIN) q.on = posted.at[0].on;
    if (!earmark_ask(b, &q, fn, arg, e)) return false;
    q.alone = true;
    return earmark_ask(b, &q, fn, arg, e);
}

bool earmark_check_fund(struct earmark_book *b, int64_t county, int64_t id, earmark_fn *fn,
                        void *arg, struct err *e)
{
    struct val key[2] = { val_int(county), val_int(id) };
    struct earmark_lines plan;
    struct earmark_fund *f;
    bool any = false;
    for (int i = 0; i < b->n_rules; i++) any = any || b->rule[i].per == EARMARK_FUND_LINE;
    if (!any || !id) return true;
    if (!earmark_fund_of(b, county, id, &f, e) ||
        !earmark_lines(b, EARMARK_LINES_OF_FUND, key, 2, NULL, &plan, e))
        return false;
    if (!f->code || !plan.n) return true;
    struct earmark_ask q = { .line = plan.at, .n = plan.n, .per = EARMARK_FUND_LINE,
        .on = plan.at[0].on, .fund_line = id, .helper = f->helper, .total = f->amount,
        .total_known = f->known, .of = f->code };
    return earmark_ask(b, &q, fn, arg, e);
}

/* --- words --- */

static const char *percent(int64_t share, struct arena *a)
{
    char text[DECIMAL_TEXT];
    decimal_format(share, 4, text);
    size_t n = strlen(text);
    while (n && text[n - 1] == '0') n--;
    if (n && text[n - 1] == '.') n--;
    return arena_printf(a, "%.*s%%", (int)n, text);
}

static const char *yuan(int64_t fen, struct arena *a)
{
    char text[DECIMAL_TEXT];
    decimal_format(fen, 2, text);
    return arena_strdup(a, text);
}

const char *earmark_says(const struct earmark_rule *r, bool zh, struct arena *a)
{
    bool batch = r->per == EARMARK_BATCH;
    const char *of = zh ? (batch ? "每批资金" : "每笔资金来源") : (batch ? "batch" : "fund line");
    const char *share = percent(r->share, a);
    switch (r->kind) {
    case EARMARK_FLOOR:
        return zh ? arena_printf(a, "%s不低于%s：%s", of, share, r->holds_text)
                  : arena_printf(a, "at least %s of a %s: %s", share, of, r->holds_text);
    case EARMARK_CEILING:
        return zh ? arena_printf(a, "%s不高于%s：%s", of, share, r->holds_text)
                  : arena_printf(a, "at most %s of a %s: %s", share, of, r->holds_text);
    case EARMARK_FORBID: return arena_printf(a, "%s%s", zh ? "禁止：" : "forbidden: ", r->holds_text);
    default: return arena_printf(a, "%s%s", zh ? "限于：" : "only: ", r->holds_text);
    }
}

static const char *tell_line(const struct earmark_finding *f, bool zh, struct arena *a)
{
    if (!f->bad) return zh ? "符合" : "kept";
    const char *amount = f->bad->known ? yuan(f->bad->amount, a) : zh ? "不详" : "unknown";
    return zh ? arena_printf(a, "%s（%s元）违反", f->bad->code, amount)
              : arena_printf(a, "%s of %s yuan is against it", f->bad->code, amount);
}

static const char *tell_open(const struct earmark_finding *f, const char *text, bool zh,
                             struct arena *a)
{
    const struct earmark_sum *s = &f->sum;
    const char *reach = percent(earmark_reach(s), a);
    const char *lack = yuan(earmark_missing(f->rule, s), a);
    if (f->state == EARMARK_OPEN)
        return arena_printf(a, zh ? "%s；尚有%s元未定，最多可达%s"
                                  : "%s; %s yuan are open, with them %s at most", text,
                            yuan(s->open, a), reach);
    if (f->rule->kind == EARMARK_FLOOR)
        return arena_printf(a, zh ? "%s；最多只能达到%s，缺%s元" : "%s; at most %s can still be "
                            "reached, %s yuan are missing", text, reach, lack);
    return arena_printf(a, zh ? "%s；超出%s元" : "%s; %s yuan too much", text, lack);
}

const char *earmark_tells(const struct earmark_finding *f, bool zh, struct arena *a)
{
    const struct earmark_sum *s = &f->sum;
    if (f->rule->kind == EARMARK_FORBID || f->rule->kind == EARMARK_ONLY)
        return tell_line(f, zh, a);
    if (s->total == 0) return zh ? "金额不详" : "no amount is known";
    const char *so_far = s->total_known ? "" : zh ? "（目前）" : " so far";
    const char *text = arena_printf(a, zh ? "%s元／%s元，占%s%s" : "%s of %s yuan, %s%s",
                                    yuan(s->counted, a), yuan(s->total, a),
                                    percent(earmark_share(s), a), so_far);
    return f->state == EARMARK_KEPT ? text : tell_open(f, text, zh, a);
}
