/* jiedui money rules: what money may be used for, and whether it was. */
#include "cli/money.h"

#include <inttypes.h>

#include "base/count.h"
#include "base/date.h"
#include "cli/rooms.h"
#include "programme/money/earmark_book.h"
#include "programme/money/paper.h"

static const char *state_word(enum earmark_state s)
{
    return s == EARMARK_KEPT ? "kept" : s == EARMARK_OPEN ? "undecided" : "broken";
}

static int list_rules(struct app *app, const struct earmark_book *b, int32_t on)
{
    static const struct table_column cols[] = { { "code", "rule", false },
        { "title", "title", false }, { "says", "the rule", false }, { "applies", "speaks of", false },
        { "valid_from", "from", false }, { "valid_to", "to", false } };
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    for (int i = 0; i < b->n_rules; i++) {
        const struct earmark_rule *r = &b->rule[i];
        if (on < r->from || on > r->to) continue;
        const char *cells[] = { r->code, r->title, earmark_says(r, app->zh, app->arena),
            r->applies_text, cell_day(app, r->from),
            cell_day(app, r->to) };
        table_row(t, cells);
    }
    table_end(t);
    return 0;
}

struct checking { struct app *app; struct table_out *t; int broken; };

static bool print_finding(void *arg, const struct earmark_finding *f, struct err *e)
{
    struct checking *x = arg;
    (void)e;
    if (f->state == EARMARK_KEPT && (f->rule->kind == EARMARK_FORBID || f->rule->kind == EARMARK_ONLY))
        return true;
    x->broken += f->state == EARMARK_BROKEN;
    const char *cells[] = { f->rule->code, f->of ? f->of : "",
        app_word(x->app, f->posted ? "as posted" : "as planned"),
        app_word(x->app, state_word(f->state)), earmark_tells(f, x->app->zh, x->app->arena), f->rule->title };
    table_row(x->t, cells);
    return true;
}

struct fund_seen { int64_t county, id; };

static bool check_all(struct earmark_book *b, struct checking *x, struct err *e)
{
    struct earmark_lines all;
    struct earmark_batches batches;
    struct map funds;
    if (!earmark_lines(b, EARMARK_LINES, NULL, 0, NULL, &all, e) ||
        !earmark_batches(b, -1, &batches, e))
        return false;
    struct earmark_ask q = { .line = all.at, .n = all.n, .alone = true, .of = "" };
    bool ok = earmark_ask(b, &q, print_finding, x, e);
    for (int i = 0; ok && i < batches.n; i++)
        if (batches.at[i].on <= b->on)
            ok = earmark_check_batch(b, &batches.at[i], print_finding, x, e);
    map_init(&funds, sizeof(struct fund_seen), 1);
    for (int i = 0; ok && i < all.n; i++) {
        struct fund_seen key = { all.at[i].fund_county, all.at[i].fund_line };
        bool added = false;
        if (key.id) map_put(&funds, &key, &added);
        if (added) ok = earmark_check_fund(b, key.county, key.id, print_finding, x, e);
    }
    map_free(&funds);
    return ok;
}

static int check_rules(struct app *app, struct earmark_book *b, struct err *e)
{
    static const struct table_column cols[] = { { "rule", "rule", false }, { "of", "money of", false },
        { "stage", "looked at", false }, { "state", "state", false }, { "stands", "how it stands", false },
        { "title", "title", false } };
    struct checking x = { .app = app, .t = table_begin(app, cols, COUNT(cols)) };
    bool ok = check_all(b, &x, e);
    table_end(x.t);
    return !ok ? err_exit(e->code) : x.broken ? 3 : 0;
}

int money_rules(struct app *app, const struct money_cli *o, bool check, struct err *e)
{
    struct earmark_book b;
    int32_t on;
    if (!app_day(app, o->on, &on, e)) return 2;
    if (!db_begin_read(app->db, e)) return err_exit(e->code);
    bool ok = earmark_open(&b, app->db, app->codes, -1, on, app->arena, e);
    int status = !ok ? err_exit(e->code) : check ? check_rules(app, &b, e)
                                                 : list_rules(app, &b, on);
    earmark_close(&b);
    db_end_read(app->db);
    return status;
}

struct ending { const struct model *model; struct rule_ending rule; };

static bool end_rule(struct tx *tx, void *arg, struct err *e)
{
    const struct ending *x = arg;
    return rule_end(tx, x->model, &x->rule, e);
}

int money_rules_end(struct app *app, const struct money_cli *o, const char *code, struct err *e)
{
    struct ending x = { app->model, { .code = code, .why = o->note } };
    if (!o->note || !*o->note)
        return err_set(e, ERR_USAGE, "--note says why the rule ends"), 2;
    if (!app_day(app, o->on, &x.rule.last, e)) return 2;
    if (!store_write(app->store, end_rule, &x, e)) return err_exit(e->code);
    printf("%s is in force up to %s\n", code, cell_day(app, x.rule.last));
    return 0;
}
