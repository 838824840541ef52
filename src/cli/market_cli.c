/* jiedui market: what lies unsold, who might buy it, where purchases come from and go to. */
#include "cli/rooms.h"

#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/date.h"
#include "programme/market/market_sql.h"
#include "programme/pairing/pairing_sql.h"
#include "programme/pairing/above.h"

struct market_cli { const char *as_of, *place; };

struct market { struct app *app; struct watch w; struct table_out *t; };

static bool read_rows(struct market *m, const struct stmt *s, struct rows *out, struct err *e)
{
    struct val v[2] = { val_int(m->w.hidden), val_int(m->w.on) };
    return rows_read(m->app->db, s, v, 2, m->app->arena, out, e);
}

/* --- lots --- */

enum { L_COUNTY, L_ID, L_CODE, L_TITLE, L_KIND, L_PLACE, L_PRODUCER, L_TONNES, L_PRICE, L_ON,
       L_WITHDRAWN, L_PRODUCT_CO, L_PRODUCT };
enum { D_COUNTY, D_ID, D_CODE, D_TITLE, D_KIND, D_PLACE, D_BUYER, D_TONNES, D_PRICE, D_BY,
       D_CERTIFIED };

struct lots { struct rows at, matched, bought; };

static bool read_lots(struct market *m, struct lots *l, struct err *e)
{
    return read_rows(m, &market_stmts.stmts[MARKET_LOTS], &l->at, e) &&
           read_rows(m, &market_stmts.stmts[MARKET_MATCHED], &l->matched, e) &&
           read_rows(m, &market_stmts.stmts[MARKET_BOUGHT], &l->bought, e);
}

/* What is matched is bought later: the larger of the two. Thousandths of a tonne. */
static int64_t sold(const struct lots *l, const struct val *lot, bool *unknown)
{
    const struct val *a = rows_find(&l->matched, row_int(lot[L_COUNTY]), row_int(lot[L_ID]));
    const struct val *b = rows_find(&l->bought, row_int(lot[L_COUNTY]), row_int(lot[L_ID]));
    int64_t x = a ? row_int(a[2]) : 0, y = b ? row_int(b[2]) : 0;
    *unknown = (a && row_int(a[3])) || (b && row_int(b[3]));
    return x > y ? x : y;
}

static bool unsold(struct market *m, struct err *e)
{
    static const struct table_column cols[] = { { "lot", "lot", false }, { "title", "what", false },
        { "kind", "kind", false }, { "place", "place", false }, { "producer", "producer", false },
        { "offered", "tonnes offered", true }, { "sold", "sold", true },
        { "left", "unsold", true }, { "offered_on", "on offer since", false },
        { "days", "days on offer", true } };
    struct lots l;
    struct app *a = m->app;
    if (!read_lots(m, &l, e)) return false;
    m->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < l.at.n; i++) {
        const struct val *r = l.at.row[i];
        bool unknown;
        int64_t gone = sold(&l, r, &unknown), left = row_int(r[L_TONNES]) - gone;
        if (left <= 0 || row_date(r[L_WITHDRAWN], DATE_MAX) <= m->w.on ||
            !watch_inside(&m->w, row_int(r[L_PLACE])))
            continue;
        table_row(m->t, (const char *[]){ row_text(r[L_CODE]), row_text(r[L_TITLE]),
            cell_code(a, "product_kind", row_text(r[L_KIND])), cell_place(a, row_int(r[L_PLACE])),
            cell_org(a, row_int(r[L_PRODUCER])), cell_scaled(a, row_int(r[L_TONNES]), 3),
            arena_printf(a->arena, "%s%s", unknown ? ">= " : "", cell_scaled(a, gone, 3)),
            arena_printf(a->arena, "%s%s", unknown ? "<= " : "", cell_scaled(a, left, 3)),
            cell_day(a, row_date(r[L_ON], DATE_MIN)),
            cell_number(a, (int64_t)m->w.on - row_date(r[L_ON], m->w.on)) });
    }
    table_end(m->t);
    return true;
}

/* --- which lot might meet which demand --- */

static bool candidate(struct market *m, const struct lots *l, const struct rows *products,
                      const struct val *d, int64_t open, struct err *e)
{
    struct app *a = m->app;
    (void)e;
    for (int i = 0; i < l->at.n; i++) {
        const struct val *r = l->at.row[i];
        bool unknown;
        int64_t left = row_int(r[L_TONNES]) - sold(l, r, &unknown);
        if (left <= 0 || row_date(r[L_WITHDRAWN], DATE_MAX) <= m->w.on) continue;
        if (!val_equal(r[L_KIND], d[D_KIND]) || !watch_inside(&m->w, row_int(r[L_PLACE]))) continue;
        bool priced = r[L_PRICE].type == VAL_INT && d[D_PRICE].type == VAL_INT;
        if (priced && r[L_PRICE].i > d[D_PRICE].i) continue;
        const struct val *p = r[L_PRODUCT].type == VAL_INT
            ? rows_find(products, row_int(r[L_PRODUCT_CO]), r[L_PRODUCT].i) : NULL;
        bool certified = p && row_int(p[2]) == 1;
        if (row_int(d[D_CERTIFIED]) && !certified) continue;
        table_row(m->t, (const char *[]){ row_text(d[D_CODE]), cell_org(a, row_int(d[D_BUYER])),
            row_text(d[D_TITLE]), row_text(r[L_CODE]), row_text(r[L_TITLE]),
            cell_place(a, row_int(r[L_PLACE])), cell_scaled(a, left < open ? left : open, 3),
            priced ? arena_printf(a->arena, "%s - %s", cell_scaled(a, r[L_PRICE].i, 2),
                                  cell_scaled(a, d[D_PRICE].i, 2))
                   : app_word(a, "not told"),
            certified ? app_word(a, "yes") : "", cell_day(a, row_date(d[D_BY], DATE_MAX)) });
    }
    return true;
}

static bool candidates(struct market *m, struct err *e)
{
    static const struct table_column cols[] = { { "demand", "demand", false },
        { "buyer", "buyer", false }, { "wanted", "wanted", false }, { "lot", "lot", false },
        { "offered", "offered", false }, { "place", "place", false },
        { "tonnes", "tonnes", true }, { "price", "price of a tonne", true },
        { "certified", "certified", false }, { "wanted_by", "wanted by", false } };
    struct lots l;
    struct rows demands, met, products;
    if (!read_lots(m, &l, e) ||
        !read_rows(m, &market_stmts.stmts[MARKET_DEMANDS], &demands, e) ||
        !read_rows(m, &market_stmts.stmts[MARKET_MET], &met, e) ||
        !read_rows(m, &market_stmts.stmts[MARKET_PRODUCTS], &products, e))
        return false;
    m->t = table_begin(m->app, cols, COUNT(cols));
    bool ok = true;
    for (int i = 0; ok && i < demands.n; i++) {
        const struct val *d = demands.row[i];
        const struct val *x = rows_find(&met, row_int(d[D_COUNTY]), row_int(d[D_ID]));
        int64_t open = row_int(d[D_TONNES]) - (x ? row_int(x[2]) : 0);
        if (open > 0) ok = candidate(m, &l, &products, d, open, e);
    }
    table_end(m->t);
    return ok;
}

/* A sum of which some parts may not be known, or only about. */
static const char *known_of(struct market *m, int64_t v, int scale, int64_t rows, int64_t unknown,
                            bool inexact)
{
    if (unknown == rows) return app_word(m->app, "unknown");
    return arena_printf(m->app->arena, "%s%s", unknown ? ">= " : inexact ? "~ " : "",
                        cell_scaled(m->app, v, scale));
}

/* --- where purchases come from: inside the pairings of the helper? --- */

struct origin { int64_t helper, county, amount, rows, unknown; const char *class, *why;
                enum above_verdict verdict; bool inexact; };

static struct origin *origin_of(struct origin *o, int *n, int64_t helper, int64_t county,
                                const char *class, enum above_verdict verdict)
{
    for (int i = 0; i < *n; i++)
        if (o[i].helper == helper && o[i].county == county && o[i].verdict == verdict &&
            strcmp(o[i].class, class) == 0)
            return &o[i];
    o[*n] = (struct origin){ .helper = helper, .county = county, .class = class,
                             .verdict = verdict };
    return &o[(*n)++];
}

static bool origins(struct market *m, struct err *e)
{
    static const struct table_column cols[] = { { "helper", "helper", false },
        { "place", "code", true }, { "name", "origin", false }, { "class", "class", false },
        { "amount", "yuan", true }, { "records", "records", true },
        { "verdict", "verdict", false }, { "frames", "frames above it", false } };
    static const char *const words[] = { "inside", "outside", "no frame", "no place" };
    struct app *a = m->app;
    struct rows r;
    struct above s;
    struct val hidden = val_int(m->w.hidden);
    int n = 0;
    if (!rows_read(a->db, &pairing_stmts.stmts[PAIRING_PURCHASES], &hidden, 1, a->arena, &r, e))
        return false;
    struct origin *o = arena_array(a->arena, (size_t)r.n + 1, sizeof *o);
    bool ok = above_open(&s, a->db, a->model->places, -1, a->arena, e);
    for (int i = 0; ok && i < r.n; i++) {
        const struct val *v = r.row[i];
        struct above_act act = { .code = row_text(v[0]), .helper = row_int(v[1]),
            .place = row_int(v[2]), .from = row_date(v[5], DATE_MIN) };
        enum above_verdict verdict;
        const char *why;
        if (!watch_inside(&m->w, act.place) || act.from > m->w.on || v[9].type == VAL_INT) continue;
        ok = above_judge(&s, &act, &verdict, &why, e);
        if (!ok) break;
        int64_t county = place_level(act.place) > 3 ? place_up(act.place, 3) : act.place;
        struct origin *x = origin_of(o, &n, act.helper, county, row_text(v[6]), verdict);
        x->rows++;
        x->why = why;
        x->inexact |= !row_is(v[8], "eq");
        if (v[7].type == VAL_INT) x->amount += v[7].i;
        else x->unknown++;
    }
    above_close(&s);
    m->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; ok && i < n; i++)
        table_row(m->t, (const char *[]){ cell_org(a, o[i].helper),
            o[i].county ? cell_number(a, o[i].county) : "", cell_place(a, o[i].county),
            cell_code(a, "purchase_class", o[i].class),
            known_of(m, o[i].amount, 2, o[i].rows, o[i].unknown, o[i].inexact),
            cell_number(a, o[i].rows), app_word(a, words[o[i].verdict]), o[i].why });
    table_end(m->t);
    return ok;
}

/* --- sales by the buyer's province --- */

struct region { int64_t place, amount, tonnes, rows, unpriced, unweighed; bool inexact; };

static int by_amount(const void *a, const void *b)
{
    const struct region *x = a, *y = b;
    return x->amount != y->amount ? (x->amount < y->amount ? 1 : -1)
           : x->place < y->place  ? -1 : x->place > y->place;
}

static bool sales(struct market *m, struct err *e)
{
    static const struct table_column cols[] = { { "region", "code", true },
        { "name", "region of the buyer", false }, { "amount", "yuan", true },
        { "tonnes", "tonnes", true }, { "records", "records", true } };
    struct rows r;
    struct app *a = m->app;
    int n = 0;
    if (!read_rows(m, &market_stmts.stmts[MARKET_SALES], &r, e)) return false;
    struct region *g = arena_array(a->arena, (size_t)r.n + 1, sizeof *g);
    for (int i = 0; i < r.n; i++) {
        const struct val *v = r.row[i];
        int k = 0;
        int64_t region = v[0].type == VAL_INT ? place_up(v[0].i, 1) : 0;
        if (!watch_inside(&m->w, row_int(v[1]))) continue;
        while (k < n && g[k].place != region) k++;
        if (k == n) g[n++] = (struct region){ .place = region };
        g[k].amount += row_int(v[3]);
        g[k].tonnes += row_int(v[4]);
        g[k].rows++;
        g[k].unpriced += v[3].type != VAL_INT;
        g[k].unweighed += v[4].type != VAL_INT;
        g[k].inexact |= !row_is(v[5], "eq");
    }
    qsort(g, (size_t)n, sizeof *g, by_amount);
    m->t = table_begin(a, cols, COUNT(cols));
    for (int i = 0; i < n; i++)
        table_row(m->t, (const char *[]){ g[i].place ? cell_number(a, g[i].place) : "",
            g[i].place ? cell_place(a, g[i].place) : app_word(a, "not told"),
            known_of(m, g[i].amount, 2, g[i].rows, g[i].unpriced, g[i].inexact),
            known_of(m, g[i].tonnes, 3, g[i].rows, g[i].unweighed, g[i].inexact),
            cell_number(a, g[i].rows) });
    table_end(m->t);
    return true;
}

/* --- the command --- */

enum { UNSOLD, CANDIDATES, ORIGINS, SALES };

static int run_market(struct app *app, void *options, const char *const *operand, int n,
                      struct err *e)
{
    static const char *const words[] = { "unsold", "candidates", "origins", "sales" };
    const struct market_cli *o = options;
    struct market m = { .app = app };
    int what = app_choice("market", words, COUNT(words), operand, n, e);
    if (what < 0) return 2;
    if (!app_watch(app, o->as_of, o->place, &m.w, e)) return err_exit(e->code);
    bool ok = what == UNSOLD       ? unsold(&m, e)
              : what == CANDIDATES ? candidates(&m, e)
              : what == ORIGINS    ? origins(&m, e)
                                   : sales(&m, e);
    return ok ? 0 : err_exit(e->code);
}

static const struct option_row options[] = {
    { .name = "as-of", .type = OPTION_TEXT, .offset = offsetof(struct market_cli, as_of),
      .value = "DATE", .help = "the state on that day; today when absent" },
    { .name = "place", .letter = 'p', .type = OPTION_TEXT,
      .offset = offsetof(struct market_cli, place), .value = "PLACE",
      .help = "only goods from inside that place" },
};

const struct command market_commands[] = {
    { .name = "market", .operands = "unsold | candidates | origins | sales",
      .help = "unsold lots, lots that would meet a demand, origins and buyers of purchases",
      .more = "  market unsold       lots on offer, what is left of them, days on offer\n"
              "  market candidates   which lot might meet which demand: kind, price, certificate, "
              "date\n"
              "  market origins      purchases by helper and origin: inside its pairings or not\n"
              "  market sales        purchases by the region of the buyer",
      .needs = NEEDS_STORE, .options = options, .n_options = COUNT(options),
      .options_size = sizeof(struct market_cli), .run = run_market },
};
const int market_command_count = COUNT(market_commands);
