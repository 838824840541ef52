/* Scopes of random accounts against an oracle: what a list gives and what figures add up to is what a plain
 * look at every row says. And what the public is told of people tells of no few of them. */
#include "programme.h"

#include "base/date.h"
#include "base/random.h"
#include "programme/access/access.h"
#include "programme/publish/release.h"

#define TODAY date_make(2026, 11, 22)
#define COUNTIES 4
#define ORGS 8

struct world {
    struct programme p;
    struct arena a;
    struct random r;
    int64_t org[ORGS], parent[ORGS];
};

static const int64_t county_codes[COUNTIES] = { 653224000000, 653225000000, 620524000000, 110105000000 };

static int64_t village(struct world *w)
{
    return county_codes[random_below(&w->r, COUNTIES)] + 100201 + (int64_t)random_below(&w->r, 3) * 1000;
}

struct insert { struct world *w; const struct table_map *m; struct val row[ENTITY_MAX_COLUMNS + 1]; };

static bool put(struct tx *tx, void *arg, struct err *e)
{
    struct insert *i = arg;
    return row_insert(tx, i->w->p.model, i->m, i->row, e);
}

static struct insert new_row(struct world *w, const char *entity)
{
    struct insert i = { .w = w, .m = model_find(w->p.model, entity) };
    i.row[ROW_DRAFT] = i.row[ROW_LOAD] = i.row[ROW_COUNTY] = val_int(0);
    return i;
}

static void set(struct insert *i, const char *field, struct val v)
{
    int f = map_field(i->m, field);
    if (f < 0) fail_msg("no field %s", field);
    i->row[i->m->column[f]] = v;
    if (f == i->m->home && v.type == VAL_INT && i->m->field[f].type == F_PLACE)
        i->row[ROW_COUNTY] = val_int(v.i / 1000000);
}

static int64_t add(struct insert *i)
{
    struct err e = { 0 };
    assert_ok(store_write(i->w->p.store.store, put, i, &e), e);
    return i->row[ROW_ID].i;
}

static struct val code(struct world *w, const char *prefix, int n)
{
    return val_text(arena_printf(&w->a, "%s-%d", prefix, n));
}

static void add_facts(struct insert *i, struct world *w)
{
    set(i, "quantity", val_int(1 + (int64_t)random_below(&w->r, 5)));
    set(i, "qualifier", val_text("eq"));
    set(i, "state", val_text("done"));
    set(i, "basis", val_text("recorded"));
    set(i, "confirmation", val_text("one_sided"));
    set(i, "valid_from", val_int(date_make(2016 + (int32_t)random_below(&w->r, 6), 3, 1)));
}

static void fill(struct world *w, uint64_t seed)
{
    random_seed(&w->r, seed);
    for (int n = 0; n < ORGS; n++) {
        struct insert i = new_row(w, "organisation");
        w->parent[n] = n && random_below(&w->r, 2) ? (int64_t)random_below(&w->r, (uint64_t)n) : -1;
        set(&i, "code", code(w, "O", n));
        set(&i, "name_en", code(w, "Organisation", n));
        set(&i, "kind", val_text("government"));
        if (w->parent[n] >= 0) set(&i, "parent", val_int(w->org[w->parent[n]]));
        if (random_below(&w->r, 2)) set(&i, "place", val_int(village(w)));
        set(&i, "basis", val_text("recorded"));
        set(&i, "confirmation", val_text("one_sided"));
        w->org[n] = add(&i);
    }
    for (int n = 0; n < 60; n++) {
        struct insert i = new_row(w, "allocation");
        set(&i, "code", code(w, "AL", n));
        set(&i, "place", val_int(village(w)));
        if (random_below(&w->r, 4)) set(&i, "helper", val_int(w->org[random_below(&w->r, ORGS)]));
        set(&i, "amount", val_int(100 * (1 + (int64_t)random_below(&w->r, 1000))));
        add_facts(&i, w);
        set(&i, "stage", val_text("allocated"));
        set(&i, "additional", val_int(0));
        set(&i, "valid_to", i.row[i.m->column[map_field(i.m, "valid_from")]]);
        add(&i);
    }
    for (int n = 0; n < 6; n++) {
        struct insert i = new_row(w, "agreement");
        set(&i, "code", code(w, "AG", n));
        set(&i, "place", val_int(village(w)));
        set(&i, "level", val_text("county"));
        set(&i, "helper", val_int(w->org[random_below(&w->r, ORGS)]));
        add_facts(&i, w);
        if (random_below(&w->r, 2)) set(&i, "valid_to", val_int(date_make(2021 + (int32_t)random_below(&w->r, 9), 6, 30)));
        add(&i);
    }
}

static void world_open(struct world *w, enum engine engine, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    programme_open(&w->p, engine);
    fill(w, seed);
}

static void world_close(struct world *w)
{
    arena_free(&w->a);
    programme_close(&w->p);
}

/* --- the oracle: a plain look at one row --- */

struct grant { int64_t place; int org; bool whole; };    /* org -1 = none */

struct expected { struct world *w; const struct grant *g; int64_t places[16]; int n;
                  struct { int64_t place; int32_t from, to; } past[16]; int pasts; };

static bool below(const struct world *w, int64_t org, int top)
{
    for (int n = 0; n < ORGS; n++) {
        if (w->org[n] != org) continue;
        for (int64_t at = n; at >= 0; at = w->parent[at])
            if (at == top) return true;
    }
    return false;
}

static bool inside(int64_t place, int64_t area)
{
    int64_t span = area % 1000000 == 0 ? 1000000 : 1;
    return area && place >= area && place < area + span;
}

static bool take_pairing(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct expected *x = arg;
    struct val helper = row[m->column[map_field(m, "helper")]], to = row[m->column[map_field(m, "valid_to")]];
    int64_t place = row[m->column[map_field(m, "place")]].i;
    (void)e;
    if (helper.type != VAL_INT || !below(x->w, helper.i, x->g->org)) return true;
    if (to.type == VAL_INT && to.i < TODAY) {
        x->past[x->pasts].place = place;
        x->past[x->pasts].from = (int32_t)row[m->column[map_field(m, "valid_from")]].i;
        x->past[x->pasts++].to = (int32_t)to.i;
    } else {
        x->places[x->n++] = place;
    }
    return true;
}

static void expect_scope(struct expected *x, struct world *w, const struct grant *g)
{
    struct err e = { 0 };
    struct list_query all = { .limit = 0 };
    *x = (struct expected){ .w = w, .g = g };
    if (g->place) x->places[x->n++] = g->place;
    if (g->org >= 0)
        assert_ok(list_rows(w->p.model, w->p.db, &scope_all, model_find(w->p.model, "agreement"), &all, take_pairing,
                            x, &e), e);
}

static bool oracle_place(const struct expected *x, int64_t place)
{
    if (x->g->whole) return true;
    for (int i = 0; i < x->n; i++)
        if (inside(place, x->places[i])) return true;
    return false;
}

static bool oracle_row(const struct expected *x, const struct table_map *m, const struct val *row)
{
    int64_t place = row[m->column[map_field(m, "place")]].i;
    struct val helper = row[m->column[map_field(m, "helper")]], on = row[m->column[map_field(m, "valid_from")]];
    if (oracle_place(x, place)) return true;
    if (x->g->org >= 0 && helper.type == VAL_INT && below(x->w, helper.i, x->g->org)) return true;
    for (int i = 0; i < x->pasts; i++)
        if (inside(place, x->past[i].place) && on.type == VAL_INT && on.i >= x->past[i].from && on.i <= x->past[i].to)
            return true;
    return false;
}

/* --- lists --- */

struct seen { int64_t ids[256]; int n; const struct expected *x; bool oracle; };

static bool note(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct seen *s = arg;
    (void)e;
    if (s->oracle && !oracle_row(s->x, m, row)) return true;
    assert_true(s->n < 256);
    s->ids[s->n++] = row[ROW_ID].i;
    return true;
}

static void lists_agree(struct world *w, const struct scope *scope, const struct expected *x)
{
    static const char *const kinds[] = { "allocation", "agreement" };
    for (int k = 0; k < 2; k++) {
        const struct table_map *m = model_find(w->p.model, kinds[k]);
        struct seen got = { .x = x }, want = { .x = x, .oracle = true };
        struct list_query all = { .limit = 0 };
        struct err e = { 0 };
        assert_ok(list_rows(w->p.model, w->p.db, scope, m, &all, note, &got, &e), e);
        assert_ok(list_rows(w->p.model, w->p.db, &scope_all, m, &all, note, &want, &e), e);
        assert_int_equal(got.n, want.n);
        for (int i = 0; i < got.n; i++) assert_int_equal(got.ids[i], want.ids[i]);
    }
}

/* --- figures --- */

struct adding { const struct expected *x; int64_t sum, rows; int64_t place; bool all; };

static bool add_row(void *arg, const struct figure *f, int sign, const char *within, const struct table_map *m,
                    const struct val *row, int64_t value, struct err *e)
{
    struct adding *a = arg;
    int64_t place = row[m->column[map_field(m, "place")]].i;
    struct val helper = row[m->column[map_field(m, "helper")]];
    (void)f, (void)within, (void)e;
    bool own = a->x->g->org >= 0 && helper.type == VAL_INT && below(a->x->w, helper.i, a->x->g->org);
    if (!a->all && !oracle_place(a->x, place) && !own) return true;
    a->sum += sign * value;
    a->rows++;
    return true;
}

static void totals_agree(struct world *w, const struct scope *scope, const struct expected *x)
{
    static const char *const names[] = { "aid_allocated" };
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const struct figure *f = figures_find(w->p.figures, names[k]);
        struct explain_page page = { 0, 0, 0 };
        struct figure_query q = { .name = names[k], .from = DATE_MIN, .to = DATE_MAX };
        struct adding want = { .x = x }, shown = { .x = x, .all = true };
        struct figure_value v;
        struct err e = { 0 };
        assert_non_null(f);
        if (random_below(&w->r, 2)) q.from = date_make(2018, 1, 1), q.to = date_make(2019, 12, 31);
        assert_ok(figure_explain(&w->p.context, w->p.db, &scope_all, &q, &page, add_row, &want, &e), e);
        assert_ok(figure_explain(&w->p.context, w->p.db, scope, &q, &page, add_row, &shown, &e), e);
        assert_ok(figure_read(&w->p.context, w->p.db, scope, &q, &v, &e), e);
        assert_int_equal(v.value, want.sum);
        assert_int_equal(v.rows, want.rows);
        assert_int_equal(shown.sum, want.sum);
        assert_int_equal(shown.rows, want.rows);
        /* A place is told of whole or not at all. */
        for (int c = 0; c < COUNTIES; c++) {
            struct adding whole = { .x = x, .all = true };
            q.place = county_codes[c];
            bool held = x->g->whole || x->g->place == county_codes[c];
            assert_ok(figure_read(&w->p.context, w->p.db, scope, &q, &v, &e), e);
            if (!held) assert_false(v.known);
            if (!held) continue;
            assert_ok(figure_explain(&w->p.context, w->p.db, &scope_all, &q, &page, add_row, &whole, &e), e);
            assert_int_equal(v.value, whole.sum);
        }
    }
}

static void make_scope(struct world *w, const struct grant *g, struct scope *out)
{
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    struct err e = { 0 };
    row[ROW_FIRST + ACCOUNT_ROLE] = val_text("officer");
    if (g->place) row[ROW_FIRST + ACCOUNT_PLACE] = val_int(g->place);
    if (g->org >= 0) row[ROW_FIRST + ACCOUNT_ORGANISATION] = val_int(w->org[g->org]);
    if (g->whole) row[ROW_FIRST + ACCOUNT_WHOLE] = val_int(1);
    assert_ok(scope_make(w->p.model, w->p.db, &w->p.parties, row, TODAY, &w->a, out, &e), e);
}

static void lists_and_totals_are_the_scope_s(enum engine engine)
{
    struct world *w = mem_alloc(sizeof *w);
    int rounds = engine == ENGINE_SQLITE ? 6 : 2;
    for (int round = 0; round < rounds; round++) {
        world_open(w, engine, 77 + (uint64_t)round);
        for (int k = 0; k < 30; k++) {
            struct grant g = { .org = random_below(&w->r, 3) ? (int)random_below(&w->r, ORGS) : -1 };
            struct expected x;
            struct scope scope;
            if (random_below(&w->r, 2)) g.place = random_below(&w->r, 3) ? county_codes[random_below(&w->r, COUNTIES)] : village(w);
            g.whole = random_below(&w->r, 12) == 0;
            make_scope(w, &g, &scope);
            expect_scope(&x, w, &g);
            lists_agree(w, &scope, &x);
            totals_agree(w, &scope, &x);
        }
        world_close(w);
    }
    free(w);
}
STORE_TEST(lists_and_totals_are_the_scope_s)

static void no_scope_sees_nothing(enum engine engine)
{
    struct world *w = mem_alloc(sizeof *w);
    struct figure_query q = { .name = "aid_allocated", .from = DATE_MIN, .to = DATE_MAX };
    struct list_query all = { .limit = 0 };
    struct figure_value v;
    struct err e = { 0 };
    world_open(w, engine, 5);
    for (int k = 0; k < 2; k++) {
        static const struct scope zero = { .role = ROLE_NONE };
        const struct scope *scope = k ? &zero : NULL;
        struct seen got = { .n = 0 };
        assert_ok(figure_read(&w->p.context, w->p.db, scope, &q, &v, &e), e);
        assert_false(v.known);
        assert_ok(list_rows(w->p.model, w->p.db, scope, model_find(w->p.model, "allocation"), &all, note, &got, &e), e);
        assert_int_equal(got.n, 0);
    }
    world_close(w);
    free(w);
}
STORE_TEST(no_scope_sees_nothing)

/* --- what is published of people --- */

enum { YEARS = 4, FIRST = 2016, CELLS = COUNTIES * YEARS, MOST_TOLD = 400 };

struct told { int place, from, to; int64_t value; bool known; };    /* place: index of places below */
static const int64_t told_places[] = { 0, 650000000000, 620000000000, 110000000000, 653200000000, 620500000000,
                                       653224000000, 653225000000, 620524000000, 110105000000 };
#define TOLD_PLACES ((int)(sizeof told_places / sizeof *told_places))

static bool county_in(int county, int64_t place)
{
    int64_t c = county_codes[county];
    return place == 0 || place_up(c, place_level(place)) == place;
}

static void add_exit(struct world *w, int n, int county, int year)
{
    struct insert i = new_row(w, "household");
    set(&i, "code", code(w, "H", n));
    set(&i, "place", val_int(county_codes[county] + 100201));
    set(&i, "members", val_int(3));
    set(&i, "identified_on", val_int(date_make(2014, 1, 1)));
    set(&i, "exited_on", val_int(date_make(FIRST + year, 1 + (int32_t)random_below(&w->r, 12), 5)));
    set(&i, "basis", val_text("recorded"));
    set(&i, "confirmation", val_text("one_sided"));
    add(&i);
}

static int publish(struct world *w, const struct scope *scope, struct told *out)
{
    int n = 0;
    for (int p = 0; p < TOLD_PLACES; p++)
        for (int from = 0; from < YEARS; from++)
            for (int to = from; to < YEARS; to++) {
                struct figure_query q = { .name = "households_exited", .place = told_places[p],
                    .from = date_make(FIRST + from, 1, 1), .to = date_make(FIRST + to, 12, 31) };
                struct figure_value v;
                struct err e = { 0 };
                assert_ok(figure_read(&w->p.context, w->p.db, scope, &q, &v, &e), e);
                assert_true(n < MOST_TOLD);
                out[n++] = (struct told){ p, from, to, v.known ? v.value : 0, v.known };
            }
    return n;
}

/* --- the same, as releases print it --- */

struct lines { struct told *out; int n; struct arena a; };

/* A line tells of no more than its cut value. */
static bool take_told(void *arg, const struct release_line *l, struct err *e)
{
    static const char *const more[] = { "rows", "counted", "recorded", "restated", "one_sided", "rows_digest", "terms" };
    struct lines *x = arg;
    struct json *line;
    struct told t = { 0 };
    if (strcmp(l->kind, "figure") != 0) return true;
    if (!json_parse(&line, l->body, l->n, &x->a, e)) return false;
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) assert_null(json_get(line, more[i]));
    int64_t place = strtoll(release_member(line, "place", &x->a), NULL, 10);
    while (told_places[t.place] != place) t.place++;
    t.from = (int)strtol(release_member(line, "from", &x->a), NULL, 10) - FIRST;
    t.to = (int)strtol(release_member(line, "to", &x->a), NULL, 10) - FIRST;
    t.value = strtoll(release_member(line, "value", &x->a), NULL, 10);
    t.known = *release_member(line, "value", &x->a);
    if (t.known) assert_string_equal(release_member(line, "cut", &x->a), RELEASE_CUT);
    assert_true(x->n < MOST_TOLD);
    x->out[x->n++] = t;
    return true;
}

static int release_told(struct world *w, const char *name, bool offices, struct told *out)
{
    struct release_world rw = { .store = w->p.store.store, .db = w->p.db, .model = w->p.model,
                                .context = &w->p.context, .clock = clock_system() };
    struct figure_query q[TOLD_PLACES * YEARS * YEARS];
    struct release_made made;
    struct release_row row;
    struct lines x = { .out = out };
    struct err e = { 0 };
    size_t n = 0;
    for (int p = 0; p < TOLD_PLACES; p++)
        for (int from = 0; from < YEARS; from++)
            for (int to = from; to < YEARS; to++)
                q[n++] = (struct figure_query){ .name = "households_exited", .place = told_places[p],
                    .from = date_make(FIRST + from, 1, 1), .to = date_make(FIRST + to, 12, 31) };
    struct release_wish wish = { .name = name, .by = "Li", .queries = q, .n = n, .offices = offices };
    assert_ok(release_make(&rw, &wish, &made, &e), e);
    if (!offices) {
        assert_ok(release_find(w->p.db, &scope_all, name, &x.a, &row, &e), e);
        assert_ok(release_lines(w->p.db, row.id, take_told, &x, &e), e);
    }
    arena_free(&x.a);
    return x.n;
}

/* Exact elimination: which cells have but one value that fits all that was told, and which. */
static int solve(const struct told *t, int n, double value[CELLS], bool sure[CELLS])
{
    static const double tiny = 1e-6;
    double (*m)[CELLS + 1] = mem_alloc((size_t)n * sizeof *m);
    int rows = 0, found = 0;
    for (int i = 0; i < n; i++) {
        if (!t[i].known) continue;
        for (int c = 0; c < COUNTIES; c++)
            for (int y = t[i].from; y <= t[i].to; y++)
                if (county_in(c, told_places[t[i].place])) m[rows][c * YEARS + y] = 1;
        m[rows++][CELLS] = (double)t[i].value;
    }
    int rank = 0, lead[CELLS];
    for (int c = 0; c < CELLS && rank < rows; c++) {
        int best = rank;
        for (int r = rank; r < rows; r++)
            if (m[r][c] * m[r][c] > m[best][c] * m[best][c]) best = r;
        if (m[best][c] * m[best][c] < tiny) continue;
        for (int k = 0; k <= CELLS; k++) {
            double swap = m[rank][k];
            m[rank][k] = m[best][k];
            m[best][k] = swap;
        }
        for (int r = 0; r < rows; r++) {
            double by = r == rank ? 0 : m[r][c] / m[rank][c];
            for (int k = 0; by != 0 && k <= CELLS; k++) m[r][k] -= by * m[rank][k];
        }
        lead[rank++] = c;
    }
    for (int c = 0; c < CELLS; c++) sure[c] = false;
    for (int r = 0; r < rank; r++) {
        bool alone = true;
        for (int c = 0; c < CELLS; c++) alone &= c == lead[r] || m[r][c] * m[r][c] < tiny;
        if (!alone) continue;
        sure[lead[r]] = true;
        value[lead[r]] = m[r][CELLS] / m[r][lead[r]];
        found++;
    }
    free(m);
    return found;
}

static int few_found(const struct told *t, int n, const int *cell)
{
    double value[CELLS];
    bool sure[CELLS];
    int few = 0;
    solve(t, n, value, sure);
    for (int c = 0; c < CELLS; c++)
        few += sure[c] && cell[c] > 0 && cell[c] < SMALL_CELL && (int64_t)(value[c] + 0.5) == cell[c];
    return few;
}

/* What two days tell besides: how much each cell grew between them. */
static int growth_found(const struct told *before, const struct told *after, int n, const int *grown)
{
    struct told *by = mem_alloc((size_t)n * sizeof *by);
    for (int i = 0; i < n; i++) {
        by[i] = after[i];
        by[i].value -= before[i].value;
        by[i].known = true;
    }
    int found = few_found(by, n, grown);
    free(by);
    return found;
}

/* The way that does not do: every number under ten is left out, all others told as they are. */
static int leave_out_few(const struct told *all, int n, struct told *out)
{
    for (int i = 0; i < n; i++) {
        out[i] = all[i];
        out[i].known = all[i].value >= SMALL_CELL;
    }
    return n;
}

static void few_are_not_found(enum engine engine)
{
    const struct scope public = scope_public(TODAY);
    struct world *w = mem_alloc(sizeof *w);
    int naive_found = 0, rounds = engine == ENGINE_SQLITE ? 5 : 1;
    for (int round = 0; round < rounds; round++) {
        struct told *told = mem_alloc(MOST_TOLD * sizeof *told), *exact = mem_alloc(MOST_TOLD * sizeof *exact),
                    *naive = mem_alloc(MOST_TOLD * sizeof *naive);
        int cell[CELLS], serial = 0, known = 0;
        memset(w, 0, sizeof *w);
        programme_open(&w->p, engine);
        random_seed(&w->r, 4711 + (uint64_t)round);
        for (int c = 0; c < CELLS; c++) {
            cell[c] = (int)random_below(&w->r, random_below(&w->r, 2) ? 9 : 40);
            for (int i = 0; i < cell[c]; i++) add_exit(w, serial++, c / YEARS, c % YEARS);
        }
        int n = publish(w, &public, told);
        publish(w, &scope_all, exact);
        for (int i = 0; i < n; i++) {
            known += told[i].known;
            assert_true(told[i].value % SMALL_CELL == 0 && told[i].value <= exact[i].value);
            if (told[i].known) assert_true(told[i].value >= SMALL_CELL);
        }
        assert_true(known > 10);
        assert_int_equal(few_found(told, n, cell), 0);
        naive_found += few_found(naive, leave_out_few(exact, n, naive), cell);
        /* One household more in any cell, within its ten, and every answer is the same. */
        for (int c = 0; c < CELLS; c += 3) {
            struct told *again = mem_alloc(MOST_TOLD * sizeof *again);
            if (cell[c] % SMALL_CELL < SMALL_CELL - 1) {
                add_exit(w, serial++, c / YEARS, c % YEARS);
                cell[c]++;
                publish(w, &public, again);
                assert_memory_equal(again, told, (size_t)n * sizeof *told);
            }
            free(again);
        }
        programme_close(&w->p);
        arena_free(&w->a);
        free(told);
        free(exact);
        free(naive);
    }
    /* The same attack works where few are only left out: it is one. */
    assert_true(naive_found > 0);
    free(w);
}
STORE_TEST(few_are_not_found)

/* A release, two of different days, each with the public pages: no few are found, nor how few came. */
static void few_are_not_found_in_releases(enum engine engine)
{
    const struct scope public = scope_public(TODAY);
    static struct world world;
    struct world *w = &world;
    int exact_growth = 0, rounds = engine == ENGINE_SQLITE ? 3 : 1;
    for (int round = 0; round < rounds; round++) {
        int cell[CELLS], grown[CELLS], serial = 0;
        memset(w, 0, sizeof *w);
        programme_open(&w->p, engine);
        struct told *first = arena_array(&w->a, MOST_TOLD, sizeof *first),
                    *second = arena_array(&w->a, 3 * MOST_TOLD, sizeof *second),
                    *was = arena_array(&w->a, MOST_TOLD, sizeof *was), *is = arena_array(&w->a, MOST_TOLD, sizeof *is);
        random_seed(&w->r, 99 + (uint64_t)round);
        for (int c = 0; c < CELLS; c++) {
            cell[c] = (int)random_below(&w->r, random_below(&w->r, 2) ? 9 : 40);
            for (int i = 0; i < cell[c]; i++) add_exit(w, serial++, c / YEARS, c % YEARS);
        }
        publish(w, &scope_all, was);
        int n = release_told(w, "one", false, first);
        assert_int_equal(few_found(first, n, cell), 0);
        for (int c = 0; c < CELLS; c++) {
            grown[c] = (int)random_below(&w->r, 7);
            cell[c] += grown[c];
            for (int i = 0; i < grown[c]; i++) add_exit(w, serial++, c / YEARS, c % YEARS);
        }
        publish(w, &scope_all, is);
        assert_int_equal(release_told(w, "two", false, second), n);
        assert_int_equal(few_found(second, n, cell), 0);
        assert_int_equal(growth_found(first, second, n, grown), 0);
        exact_growth += growth_found(was, is, n, grown);
        /* The pages beside it say the same, so they add nothing. */
        int pages = publish(w, &public, second + n);
        assert_int_equal(few_found(second, n + pages, cell), 0);
        assert_memory_equal(second, second + n, (size_t)n * sizeof *second);
        /* Of an earlier instant it is as it was then, and one for offices is exact and not shown. */
        release_told(w, "inner", true, second);
        struct release_row row;
        struct err e = { 0 };
        assert_err(release_find(w->p.db, &public, "inner", &w->a, &row, &e), e, ERR_NOT_FOUND);
        assert_err(release_find(w->p.db, &public, "two", &w->a, &row, &e), e, ERR_NOT_FOUND);
        programme_close(&w->p);
        arena_free(&w->a);
    }
    assert_true(exact_growth > 0);    /* the attack is one */
}
STORE_TEST(few_are_not_found_in_releases)

/* Days, organisations, villages, sums of money and shares of people are other cells: not told. */
static void other_cuts_are_not_told(enum engine engine)
{
    const struct scope public = scope_public(TODAY);
    const struct figure_query asks[] = {
        { .name = "households_exited", .from = date_make(2016, 1, 2), .to = date_make(2016, 12, 31) },
        { .name = "households_exited", .from = date_make(2016, 1, 1), .to = date_make(2016, 12, 30) },
        { .name = "households_exited", .from = DATE_MIN, .to = DATE_MAX, .place = 653224100201 },
        { .name = "households_registered", .from = DATE_MIN, .to = date_make(2015, 6, 1) },
        { .name = "members_per_household", .from = DATE_MIN, .to = date_make(2015, 12, 31) },
    };
    struct world *w = mem_alloc(sizeof *w);
    struct explain_page page = { 0, 0, 0 };
    struct err e = { 0 };
    programme_open(&w->p, engine);
    random_seed(&w->r, 1);
    for (int i = 0; i < 30; i++) add_exit(w, i, 0, 0);
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        struct figure_value v;
        struct adding shown = { .all = true };
        assert_ok(figure_read(&w->p.context, w->p.db, &public, &asks[i], &v, &e), e);
        assert_false(v.known);
        assert_int_equal(v.rows, 0);
        assert_ok(figure_explain(&w->p.context, w->p.db, &public, &asks[i], &page, add_row, &shown, &e), e);
        assert_int_equal(shown.rows, 0);
    }
    programme_close(&w->p);
    arena_free(&w->a);
    free(w);
}
STORE_TEST(other_cuts_are_not_told)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(lists_and_totals_are_the_scope_s),
                                        STORE_TESTS(no_scope_sees_nothing),
                                        STORE_TESTS(few_are_not_found),
                                        STORE_TESTS(few_are_not_found_in_releases),
                                        STORE_TESTS(other_cuts_are_not_told) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
