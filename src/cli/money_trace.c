/* jiedui money trace: from a batch, a transfer or a lot to where its money is, and from a
 * household, a project or an account back to where its money began. */
#include "cli/money.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/map.h"
#include "programme/money/ledger_sql.h"
#include "programme/money/receipt.h"
#include "programme/money/trace.h"
#include "programme/numbers.h"

struct name { const char *code, *title, *kind; };
struct step_key { int64_t level, from_county, from_account, to_county, to_account; };
struct step { int64_t amount, edges; };
struct end_key { int64_t county, account; };

struct following {
    struct app *app;
    bool back;
    struct map names;              /* end_key -> struct name */
    struct map steps, ends;        /* step_key -> struct step; end_key -> int64_t */
    struct table_out *lots;        /* each edge is printed at once, or NULL */
    int64_t given;
};

static bool take_name(void *arg, const struct val *row, int n, struct err *e)
{
    struct following *f = ((void **)arg)[0];
    struct name *x = ((void **)arg)[1];
    struct arena *a = f->app->arena;
    (void)n;
    (void)e;
    *x = (struct name){ arena_strndup(a, row[0].p, row[0].n), arena_strndup(a, row[1].p, row[1].n),
                        row[2].type == VAL_TEXT ? arena_strndup(a, row[2].p, row[2].n) : "" };
    return true;
}

/* Only between two traces or after one: the reading uses the trace's connection. */
static bool name_of(struct following *f, int64_t county, int64_t account, struct name *out,
                    struct err *e)
{
    struct end_key key = { county, account };
    const struct name *known = map_get(&f->names, &key);
    if (known) {
        *out = *known;
        return true;
    }
    *out = (struct name){ arena_printf(f->app->arena, "%" PRId64 ":%" PRId64, county, account), "?",
                          "" };
    if (is_transit(account)) {
        out->title = arena_printf(f->app->arena, "under way to %" PRId64, transit_county(account));
        out->kind = "transit";
    } else {
        void *arg[2] = { f, out };
        struct val v[2] = { val_int(county), val_int(account) };
        if (!db_query(f->app->db, ledger_sql(LEDGER_ACCOUNT_NAME), v, 2, take_name, arg, e))
            return false;
    }
    *(struct name *)map_put(&f->names, &key, NULL) = *out;
    return true;
}

static void print_edge(struct following *f, const struct trace_edge *x)
{
    struct arena *a = f->app->arena;
    struct arena_mark m = arena_mark(a);
    char day[DATE_TEXT];
    date_format(x->day, day);
    const char *cells[] = { arena_printf(a, "%d", x->level),
                            arena_printf(a, "%" PRId64 ":%" PRId64, x->from_county, x->from_lot),
                            arena_printf(a, "%" PRId64 ":%" PRId64, x->from_county,
                                         x->from_account),
                            arena_printf(a, "%" PRId64 ":%" PRId64, x->to_county, x->to_lot),
                            arena_printf(a, "%" PRId64 ":%" PRId64, x->to_county, x->to_account),
                            money_yuan(a, x->amount),
                            day,
                            arena_printf(a, "%" PRId64 ":%" PRId64, x->to_county, x->id) };
    table_row(f->lots, cells);
    arena_rewind(a, m);
}

static bool on_edge(void *arg, const struct trace_edge *x, struct err *e)
{
    struct following *f = arg;
    (void)e;
    if (f->lots) {
        print_edge(f, x);
        return true;
    }
    struct step_key key = { x->level, x->from_county, x->from_account, x->to_county,
                            x->to_account };
    struct step *s = map_put(&f->steps, &key, NULL);
    s->amount += x->amount;
    s->edges++;
    return true;
}

static bool on_end(void *arg, const struct trace_end *x, struct err *e)
{
    struct following *f = arg;
    struct end_key key = { x->county, x->account };
    (void)e;
    *(int64_t *)map_put(&f->ends, &key, NULL) += x->amount;
    return true;
}

struct shown_step { const struct step_key *key; const struct step *step; };

/* Step by step, and then by account. */
static int by_step(const void *l, const void *r)
{
    const struct step_key *a = ((const struct shown_step *)l)->key, *b = ((const struct shown_step *)r)->key;
    const int64_t x[] = { a->level, a->from_county, a->from_account, a->to_county, a->to_account },
                  y[] = { b->level, b->from_county, b->from_account, b->to_county, b->to_account };
    for (int i = 0; i < 5; i++)
        if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
    return 0;
}

static struct shown_step *steps_in_order(struct following *f, size_t *n)
{
    struct shown_step *at = NULL;
    size_t cap = 0;
    const void *key;
    void *value;
    *n = 0;
    for (size_t i = 0; map_next(&f->steps, &i, &key, &value);) {
        at = mem_more(at, *n, &cap, sizeof *at);
        at[(*n)++] = (struct shown_step){ key, value };
    }
    if (*n) qsort(at, *n, sizeof *at, by_step);
    return at;
}

static bool print_steps(struct following *f, struct err *e)
{
    static const struct table_column cols[] = {
        { "level", "step", true },         { "from", "from", false },
        { "from_title", "holder", false }, { "to", "to", false },
        { "to_title", "holder", false },   { "amount", "yuan", true },
        { "pieces", "pieces", true }
    };
    struct table_out *t = table_begin(f->app, cols, 7);
    struct arena *a = f->app->arena;
    size_t n;
    struct shown_step *at = steps_in_order(f, &n);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        const struct step_key *k = at[i].key;
        const struct step *s = at[i].step;
        struct name from, to;
        ok = name_of(f, k->from_county, k->from_account, &from, e) &&
             name_of(f, k->to_county, k->to_account, &to, e);
        if (!ok) break;
        const char *cells[] = { arena_printf(a, "%" PRId64, k->level),
                                from.code,
                                from.title,
                                to.code,
                                to.title,
                                money_yuan(a, s->amount),
                                arena_printf(a, "%" PRId64, s->edges) };
        table_row(t, cells);
    }
    free(at);
    table_end(t);
    return ok;
}

/* The ends by where the money is, and the proof that they add up. */
static bool print_ends(struct following *f, struct err *e)
{
    int64_t delivered = 0, in_hand = 0, under_way = 0, began = 0;
    const void *key;
    void *value;
    for (size_t at = 0; map_next(&f->ends, &at, &key, &value);) {
        const struct end_key *k = key;
        int64_t amount = *(int64_t *)value;
        struct name n;
        if (!name_of(f, k->county, k->account, &n, e)) return false;
        if (f->back) began += amount;
        else if (!strcmp(n.kind, "transit")) under_way += amount;
        else if (!strcmp(n.kind, "household") || !strcmp(n.kind, "payee") ||
                 !strcmp(n.kind, "outside"))
            delivered += amount;
        else in_hand += amount;
        if (f->app->format == OUT_TEXT)
            printf("%s %s  %s  %s\n", f->back ? "began at" : "lies with", n.code, n.title,
                   money_yuan(f->app->arena, amount));
    }
    struct arena *a = f->app->arena;
    FILE *out = f->app->format == OUT_TEXT ? stdout : stderr;
    if (f->back)
        fprintf(out, "received %s = began %s\n", money_yuan(a, f->given), money_yuan(a, began));
    else
        fprintf(out, "given %s = delivered %s + in hand %s + under way %s\n",
                money_yuan(a, f->given), money_yuan(a, delivered), money_yuan(a, in_hand),
                money_yuan(a, under_way));
    int64_t sum = delivered + in_hand + under_way + began;
    return sum == f->given ||
           err_set(e, ERR_CORRUPT, "the trace does not add up; see `jiedui verify`");
}

static bool print_trace(struct app *app, bool back, bool lots, const struct spans *spans,
                        struct err *e)
{
    static const struct table_column cols[] = { { "level", "step", true },
                                                { "from_lot", "lot", false },
                                                { "from_account", "of account", false },
                                                { "to_lot", "became lot", false },
                                                { "to_account", "of account", false },
                                                { "amount", "yuan", true },
                                                { "day", "day", false },
                                                { "transfer", "transfer", false } };
    struct following f = { .app = app, .back = back };
    struct trace_sink sink = { on_edge, on_end, &f };
    map_init(&f.names, sizeof(struct end_key), sizeof(struct name));
    map_init(&f.steps, sizeof(struct step_key), sizeof(struct step));
    map_init(&f.ends, sizeof(struct end_key), sizeof(int64_t));
    for (size_t i = 0; i < spans->n; i++) f.given += spans->at[i].upto - spans->at[i].off;
    if (lots) f.lots = table_begin(app, cols, 8);
    bool ok = back ? trace_back(app->db, spans->at, spans->n, &sink, e)
                   : trace_forward(app->db, spans->at, spans->n, &sink, e);
    if (lots) table_end(f.lots);
    ok = ok && (lots || print_steps(&f, e)) && print_ends(&f, e);
    map_free(&f.names);
    map_free(&f.steps);
    map_free(&f.ends);
    return ok;
}

/* --- what is asked about --- */

static bool find_row(struct app *app, const char *entity, const char *text, struct account_ref *out,
                     struct err *e)
{
    const struct table_map *m = model_find(app->model, entity);
    return ref_find(app->model, m, text, strlen(text), -1, app->db, app->arena, &out->county,
                    &out->id, e);
}

/* A household, a project, a payment, or an account, whichever has this code. */
static bool spans_to(struct app *app, const char *text, struct spans *out, struct err *e)
{
    static const struct { const char *entity; enum trace_holder kind; } holders[] = {
        { "household", TRACE_HOUSEHOLD }, { "project", TRACE_PROJECT } };
    struct account_ref row;
    for (int i = 0; i < 2; i++) {
        struct err why;
        if (!find_row(app, holders[i].entity, text, &row, &why)) {
            if (why.code == ERR_NOT_FOUND) continue;
            *e = why;
            return false;
        }
        return spans_of_holder(app->db, holders[i].kind, row.county, row.id, out, e) &&
               (out->n > 0 || err_set(e, ERR_NOT_FOUND, "no account of the ledger that it holds received money"));
    }
    struct ledger_cause paid = { .entity = NUMBER_PAYMENT };
    struct err why;
    if (find_row(app, "payment", text, &row, &why)) {
        paid.county = row.county;
        paid.id = row.id;
        return spans_of_cause(app->db, paid, out, e) &&
               (out->n > 0 || err_set(e, ERR_NOT_FOUND, "payment %s reached nobody", text));
    }
    return ledger_account_find(app->db, text, strlen(text), &row, e) && spans_of_account(app->db, row, out, e);
}

/* What an issued receipt of this number is about; else the text itself. */
static const char *receipt_about(struct app *app, const char *text)
{
    struct receipt_paper p;
    struct err none = { 0 };
    if (!receipt_find(app->db, app->model, text, app->arena, &p, &none)) return text;
    return arena_printf(app->arena, "%s%s", p.transfer ? "transfer:" : "", p.of);
}

/* The receipt that was issued of a batch or transfer. */
static bool tell_receipt(struct app *app, const char *text, struct err *e)
{
    bool transfer = !strncmp(text, "transfer:", 9), found = false;
    struct account_ref batch;
    struct receipt_of of = { .batch = transfer ? NULL : &batch, .transfer = text + 9 };
    struct receipt_paper p;
    struct err none = { 0 };
    if (!strncmp(text, "lot:", 4) || (!transfer && !find_row(app, "batch", text, &batch, &none))) return true;
    if (!receipt_last(app->db, app->model, &of, app->arena, &p, &found, e)) return false;
    if (found)
        printf(app->zh ? "回执 %s，%s 元%s\n" : "receipt %s, %s yuan%s\n", p.code,
               money_yuan(app->arena, p.told.given),
               !p.taken_back ? "" : app->zh ? "，其后有退回" : ", some of it taken back since");
    return true;
}

/* lot:COUNTY:NUMBER, transfer:COUNTY:ID, or the code of a batch. */
static bool spans_named(struct app *app, const char *text, bool back, struct spans *out,
                        struct err *e)
{
    int64_t county, number;
    if (!strncmp(text, "lot:", 4) && money_number(text + 4, &county, &number))
        return spans_of_lot(app->db, county, number, out, e);
    if (!strncmp(text, "transfer:", 9) && money_number(text + 9, &county, &number))
        return spans_of_transfer(app->db, county, number, out, e);
    if (back) return spans_to(app, text, out, e);
    struct ledger_cause c = { .entity = NUMBER_BATCH };
    struct account_ref row;
    if (!find_row(app, "batch", text, &row, e)) return false;
    c.county = row.county;
    c.id = row.id;
    return spans_of_cause(app->db, c, out, e);
}

int money_trace(struct app *app, const struct money_cli *o, struct err *e)
{
    struct spans spans = { 0 };
    bool back = o->to != NULL;
    if (!o->from == !o->to)
        return err_set(e, ERR_USAGE, "trace takes --from or --to, and not both"), 2;
    if (!db_begin_read(app->db, e)) return err_exit(e->code);
    const char *of = back ? o->to : receipt_about(app, o->from);
    bool ok = spans_named(app, of, back, &spans, e) && print_trace(app, back, o->lots, &spans, e) &&
              (back || app->format != OUT_TEXT || tell_receipt(app, of, e));
    db_end_read(app->db);
    free(spans.at);
    return ok ? 0 : err_exit(e->code);
}
