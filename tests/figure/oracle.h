/* The plain meaning of the sample's figures, worked out from the rows with nothing of the room's
 * own code: what each row gives, what cells must hold, what a query must answer. */
#ifndef JD_TESTS_FIGURE_ORACLE_H
#define JD_TESTS_FIGURE_ORACLE_H

#include "sample.h"

#define NONE INT64_MIN

/* One row of household or aid, by name; NONE = missing. */
struct plain {
    bool aid, draft;
    int64_t load, place, members, income, since, ended, arrived, left;
    int64_t giver, amount, cost, site, paid, quantity, from, to;
    char kind[8], qualifier[8], state[12], basis[12], confirmation[12];
};
struct plains { struct plain *at; size_t n, cap; };

static inline int64_t plain_int(struct val v)
{
    return v.type == VAL_INT ? v.i : NONE;
}

static inline void plain_text(char *out, size_t size, struct val v)
{
    snprintf(out, size, "%.*s", v.type == VAL_TEXT ? (int)v.n : 0, v.type == VAL_TEXT ? v.p : "");
}

static inline struct plain *plain_push(struct plains *l)
{
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 256;
        l->at = mem_grow(l->at, l->cap * sizeof *l->at);
    }
    memset(&l->at[l->n], 0, sizeof *l->at);
    return &l->at[l->n++];
}

static inline bool take_household(void *arg, const struct val *r, int n, struct err *e)
{
    struct plain *p = plain_push(arg);
    (void)n, (void)e;
    *p = (struct plain){ .load = r[0].i, .draft = r[1].i != 0, .place = plain_int(r[2]),
        .members = plain_int(r[3]), .income = plain_int(r[4]), .since = plain_int(r[5]),
        .ended = plain_int(r[6]), .arrived = plain_int(r[9]), .left = plain_int(r[10]) };
    plain_text(p->basis, sizeof p->basis, r[7]);
    plain_text(p->confirmation, sizeof p->confirmation, r[8]);
    return true;
}

static inline bool take_aid(void *arg, const struct val *r, int n, struct err *e)
{
    struct plain *p = plain_push(arg);
    (void)n, (void)e;
    *p = (struct plain){ .aid = true,
                         .load = r[0].i,
                         .draft = r[1].i != 0,
                         .place = plain_int(r[2]),
                         .giver = plain_int(r[3]),
                         .amount = plain_int(r[4]),
                         .cost = plain_int(r[5]),
                         .site = plain_int(r[6]),
                         .paid = plain_int(r[7]),
                         .quantity = plain_int(r[8]),
                         .from = plain_int(r[9]),
                         .to = plain_int(r[10]) };
    plain_text(p->kind, sizeof p->kind, r[11]);
    plain_text(p->qualifier, sizeof p->qualifier, r[12]);
    plain_text(p->state, sizeof p->state, r[13]);
    plain_text(p->basis, sizeof p->basis, r[14]);
    plain_text(p->confirmation, sizeof p->confirmation, r[15]);
    if (p->site == NONE) p->site = r[16].i * 1000000;
    return true;
}

/* All rows but drafts and those of a pending load. */
static inline void plain_read(struct sample *s, struct plains *out)
{
    struct err e = { 0 };
    int64_t pending;
    static const char households[] =
        "select load, draft, place, members, income, since, ended, basis, "
        "confirmation, arrived_on, left_on from household";
    static const char aids[] =
        "select load, draft, place, giver, amount, cost, site, paid_on, quantity, "
        "valid_from, valid_to, kind, qualifier, state, basis, confirmation, county from aid";
    struct stmt h = stmt_composed(STMT_ADMIN, households), a = stmt_composed(STMT_ADMIN, aids);
    out->n = 0;
    assert_ok(load_pending(s->db, &pending, &e), e);
    assert_ok(db_query(s->db, &h, NULL, 0, take_household, out, &e), e);
    assert_ok(db_query(s->db, &a, NULL, 0, take_aid, out, &e), e);
    size_t n = 0;
    for (size_t i = 0; i < out->n; i++)
        if (!out->at[i].draft && out->at[i].load != pending) out->at[n++] = out->at[i];
    out->n = n;
}

/* --- what a row gives to a figure --- */

static const char *const base_figures[] = { "households", "members",     "large_households",
                                            "aid_amount", "aid_count",   "aid_gain",
                                            "givers",     "givers_ever", "aid_places" };
enum { HOUSEHOLDS, MEMBERS, LARGE, AMOUNT, ITEMS, GAIN, GIVERS, GIVERS_EVER, AID_PLACES, BASES };

struct gives {
    int64_t place, org, value;   /* value NONE = unknown */
    int32_t from, to;            /* flow: the interval. stock: first day, last day */
    bool stock, fact, rows;      /* rows: a number of rows of its own */
    char key[80];                /* distinct */
    int64_t scope; int32_t period;
};

static inline int32_t or_day(int64_t v, int32_t missing)
{
    return v == NONE ? missing : (int32_t)v;
}

static inline int64_t cut_place(int64_t code, int64_t unit)
{
    return code / unit * unit;
}

static inline bool household_gives(const struct plain *p, int figure, struct gives *g)
{
    g->from = or_day(p->since, DATE_MIN);
    g->to = or_day(p->since, DATE_MAX);
    if (figure == LARGE) {
        g->rows = false;
        if ((p->arrived != NONE && g->to < p->arrived) || (p->left != NONE && g->to >= p->left))
            return false;
        return p->members != NONE && p->members > 4 && p->income != NONE;
    }
    g->stock = true;
    g->rows = figure == MEMBERS;
    g->value = figure == MEMBERS ? p->members : 1;
    g->to = p->ended == NONE ? DATE_MAX : (int32_t)p->ended - (figure == HOUSEHOLDS);
    if (p->arrived != NONE && p->arrived > g->from) g->from = (int32_t)p->arrived;
    if (p->left != NONE && p->left <= g->to) g->to = (int32_t)p->left - 1;
    return g->from <= g->to;
}

static inline void giver_key(const struct plain *p, struct gives *g)
{
    if (p->giver != NONE) snprintf(g->key, sizeof g->key, "%lld", (long long)p->giver);
}

/* A distinct figure of what is there on a day: kinds of aid and the counties that have them. */
static inline bool place_gives(const struct plain *p, struct gives *g)
{
    g->stock = true;
    g->scope = cut_place(p->place, INT64_C(10000000000));
    if (p->place % 100000000 != 0 && p->kind[0])
        snprintf(g->key, sizeof g->key, "%s|%lld", p->kind,
                 (long long)cut_place(p->place, 1000000));
    return g->from <= g->to;
}

static inline bool aid_gives(const struct plain *p, int figure, struct gives *g)
{
    bool done = strcmp(p->state, "done") == 0, committed = strcmp(p->state, "committed") == 0;
    g->from = or_day(p->from, DATE_MIN);
    g->to = or_day(p->to, DATE_MAX);
    if (figure != GAIN && figure < GIVERS) g->org = p->giver == NONE ? 0 : p->giver;
    if (figure == AID_PLACES) {
        g->org = p->giver == NONE ? 0 : p->giver;
        return place_gives(p, g);
    }
    if (figure == ITEMS || figure == GIVERS) g->from = or_day(p->paid, DATE_MIN);
    if (figure != AMOUNT && figure != GIVERS_EVER) g->to = or_day(p->paid, DATE_MAX);
    if (figure == AMOUNT) g->value = p->amount;
    if (figure == ITEMS) g->value = p->quantity;
    if (figure == GAIN) {
        g->value = p->amount == NONE || p->cost == NONE ? NONE : p->amount - p->cost;
        g->place = p->site;
    }
    if (figure >= GIVERS) giver_key(p, g);
    if (figure == GIVERS) {
        g->scope = cut_place(p->place, 1000000);
        g->period = date_civil(g->to).year;
        if (p->place % 100000000 == 0) return false; /* above the county */
    }
    if (g->from > g->to) { /* the wrong way round */
        int32_t swap = g->from;
        g->from = g->to;
        g->to = swap;
    }
    if (figure == ITEMS) return (done || committed) && p->kind[0] && strcmp(p->kind, "goods") != 0;
    return figure == GAIN || figure == GIVERS_EVER || done;
}

/* False when the row does not count. */
static inline bool plain_gives(const struct plain *p, int figure, struct gives *g)
{
    *g = (struct gives){ .place = p->place, .value = 1, .fact = p->aid, .rows = true };
    if (p->aid != (figure >= AMOUNT)) return false;
    return p->aid ? aid_gives(p, figure, g) : household_gives(p, figure, g);
}

static inline bool distinct_figure(int figure)
{
    return figure >= GIVERS;
}

/* --- what cells must hold --- */

struct step { int64_t table, number, org, a, b, c, part, at, v; };
struct steps { struct step *at; size_t n, cap; };

static inline void step_push(struct steps *l, struct step x)
{
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 1024;
        l->at = mem_grow(l->at, l->cap * sizeof *l->at);
    }
    l->at[l->n++] = x;
}

/* One contribution in the cells of its county and of its place. */
static inline void step_cells(struct steps *l, int64_t number, int64_t org, int64_t place,
                              int32_t on, int part, int64_t v)
{
    struct step x = { .number = number, .org = org, .part = part, .v = v, .a = place / 1000000,
                      .at = on - DATE_MIN };
    step_push(l, x);
    x.table = 1, x.b = place;
    if (place % 1000000 != 0) step_push(l, x);
}

static inline void step_row(struct steps *l, int64_t number, int64_t org, int64_t place,
                            const struct plain *p, const struct gives *g, int figure, int32_t on,
                            int64_t sign)
{
    static const char *const basis[] = { "restated", "synthetic", "derived" };
    static const char *const qualifier[] = { "ge", "gt", "le", "lt", "approx" };
    bool keys = distinct_figure(figure), known = g->value != NONE && (!keys || g->key[0]);
    int64_t v = known ? g->value * sign : 0;
    if (g->rows) step_cells(l, number, org, place, on, PART_ROWS, sign);
    for (int i = 0; i < 3; i++)
        if (strcmp(p->basis, basis[i]) == 0)
            step_cells(l, number, org, place, on, PART_RESTATED + i, sign);
    if (!known) step_cells(l, number, org, place, on, PART_UNKNOWN, sign);
    if (!known || keys) return;
    for (int i = 0; i < 5 && g->fact; i++)
        if (strcmp(p->qualifier, qualifier[i]) == 0)
            step_cells(l, number, org, place, on, PART_GE + i, sign);
    step_cells(l, number, org, place, on, PART_VALUE, v);
    if (g->value < 0) step_cells(l, number, org, place, on, PART_NEGATIVE, v);
    if (strcmp(p->confirmation, "confirmed") == 0)
        step_cells(l, number, org, place, on, PART_CONFIRMED, v);
    if (strcmp(p->confirmation, "disputed") == 0 || strcmp(p->confirmation, "corrected") == 0)
        step_cells(l, number, org, place, on, PART_DISPUTED, v);
}

static inline void step_open(struct steps *l, int64_t number, int64_t org, int64_t place,
                             const struct gives *g, int figure)
{
    bool known = g->value != NONE && (!distinct_figure(figure) || g->key[0]);
    for (int side = 0; side < 2; side++) {
        int32_t on = side ? g->to : g->from;
        int64_t sign = side ? -1 : 1;
        step_cells(l, number, org, place, on, PART_OPEN_ROWS, sign);
        if (!known) continue;
        step_cells(l, number, org, place, on, PART_OPEN_VALUE, sign * g->value);
        if (g->value < 0)
            step_cells(l, number, org, place, on, PART_OPEN_NEGATIVE, sign * g->value);
    }
}

/* A key's days: who has it when. */
struct key_event {
    int figure;
    int64_t org, place;
    int32_t period;
    char key[80];
    int32_t day;
    int n;
};
struct key_events { struct key_event *at; size_t n, cap; };

static inline void event_push(struct key_events *l, int figure, int64_t org, const struct gives *g,
                              int32_t on, int n)
{
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 256;
        l->at = mem_grow(l->at, l->cap * sizeof *l->at);
    }
    struct key_event *k = &l->at[l->n++];
    memset(k, 0, sizeof *k);
    k->figure = figure, k->org = org, k->place = g->scope, k->period = g->period;
    memcpy(k->key, g->key, sizeof k->key);
    k->day = on, k->n = n;
}

static inline int event_order(const void *a, const void *b)
{
    const struct key_event *x = a, *y = b;
    if (x->figure != y->figure) return x->figure - y->figure;
    if (x->org != y->org) return x->org < y->org ? -1 : 1;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    if (x->period != y->period) return x->period - y->period;
    int c = strcmp(x->key, y->key);
    return c ? c : x->day - y->day;
}

static inline bool event_same(const struct key_event *x, const struct key_event *y)
{
    return x->figure == y->figure && x->org == y->org && x->place == y->place &&
           x->period == y->period && strcmp(x->key, y->key) == 0;
}

/* Day by day: the key counts while it has rows. */
static inline void step_keys(struct steps *l, struct key_events *k, const int64_t *numbers)
{
    if (k->n) qsort(k->at, k->n, sizeof *k->at, event_order);
    int rows = 0;
    for (size_t i = 0; i < k->n; i++) {
        const struct key_event *x = &k->at[i];
        if (i && !event_same(x, x - 1)) rows = 0;
        int before = rows;
        for (rows += x->n;
             i + 1 < k->n && event_same(x, &k->at[i + 1]) && k->at[i + 1].day == x->day; i++)
            rows += k->at[i + 1].n;
        if (!before != !rows)
            step_cells(l, numbers[x->figure], x->org, x->place, x->day, PART_VALUE, rows ? 1 : -1);
    }
}

static inline int step_order(const void *a, const void *b)
{
    return memcmp(a, b, offsetof(struct step, v)); /* any order will do, the same for both lists */
}

static inline void steps_fold(struct steps *l)
{
    size_t n = 0;
    if (l->n) qsort(l->at, l->n, sizeof *l->at, step_order);
    for (size_t i = 0; i < l->n; i++) {
        if (n && step_order(&l->at[n - 1], &l->at[i]) == 0) l->at[n - 1].v += l->at[i].v;
        else {
            if (n && l->at[n - 1].v == 0) n--;
            l->at[n++] = l->at[i];
        }
    }
    if (n && l->at[n - 1].v == 0) n--;
    l->n = n;
}

static inline void steps_expected(struct sample *s, const struct plains *rows, struct steps *out)
{
    int64_t numbers[BASES];
    struct key_events keys = { 0 };
    out->n = 0;
    for (int f = 0; f < BASES; f++) numbers[f] = figures_find(s->figures, base_figures[f])->number;
    for (size_t i = 0; i < rows->n; i++) {
        for (int f = 0; f < BASES; f++) {
            struct gives g;
            const struct plain *p = &rows->at[i];
            if (!plain_gives(p, f, &g)) continue;
            int64_t place = distinct_figure(f) ? g.scope : g.place;
            for (int side = 0; side < (g.org ? 2 : 1); side++) {
                int64_t org = side ? g.org : 0;
                step_row(out, numbers[f], org, place, p, &g, f, g.stock ? g.from : g.to, 1);
                if (g.stock && g.to < DATE_MAX)
                    step_row(out, numbers[f], org, place, p, &g, f, g.to + 1, -1);
                if (!g.stock && g.from != g.to) step_open(out, numbers[f], org, place, &g, f);
                if (!distinct_figure(f) || !g.key[0]) continue;
                event_push(&keys, f, org, &g, g.stock ? g.from : g.to, 1);
                if (g.stock && g.to < DATE_MAX) event_push(&keys, f, org, &g, g.to + 1, -1);
            }
        }
    }
    step_keys(out, &keys, numbers);
    free(keys.at);
    steps_fold(out);
}

/* The stored bytes, by their published layout: steps of leaves as they are; sums of nodes, and what
 * the leaves below give to them with the sign turned, as steps that must come to nothing. */
static inline int64_t little(const unsigned char *p, int n, bool sign)
{
    uint64_t v = sign && p[n - 1] & 0x80 ? UINT64_MAX : 0;
    for (int b = n - 1; b >= 0; b--) v = v << 8 | p[b];
    return (int64_t)v;
}

static inline void step_of_leaf(struct steps *l, struct step x, int64_t bucket)
{
    struct civil c = date_civil((int32_t)x.at + DATE_MIN);
    step_push(l, x);
    x.v = -x.v;
    x.table += 10, x.at = 0;
    if (bucket) x.c = c.year, step_push(l, x);
    if (bucket >= 100000) x.c = 100000 + c.year * 12 + c.month, step_push(l, x);
}

/* A row below is counted by the one above. */
static inline void step_held(struct steps *l, struct step x, int64_t bucket)
{
    x.table += 10, x.part = PART_N, x.v = -1, x.at = 0;
    x.c = bucket < 100000 ? bucket : bucket + 1;
    if (bucket) step_push(l, x);
}

static inline void steps_of_bytes(struct steps *l, struct step x, int64_t bucket,
                                  const unsigned char *p, size_t n)
{
    bool node = p[0] == 1;
    int width = p[1], points = (int)little(p + 2, 2, false), parts = 0, part[32];
    uint32_t mask = (uint32_t)little(p + 4, 4, false);
    int64_t base = little(p + 8, 4, true);
    for (int i = 0; i < 32; i++)
        if (mask >> i & 1) part[parts++] = i;
    const unsigned char *v = p + 12 + parts + points * width;
    int64_t before[32] = { 0 };
    assert_true(p[0] < 2 && points > 0 && parts > 0);
    step_held(l, x, bucket);
    for (int k = 0; k < points; k++) {
        for (int i = 0; i < parts; v += p[12 + i], i++) {
            int64_t now = little(v, p[12 + i], true);
            x.at = base + little(p + 12 + parts + k * width, width, false);
            x.part = part[i], x.v = now - before[i], x.c = 0;
            before[i] = now;
            if (x.v == 0) continue;
            if (!node) {
                step_of_leaf(l, x, bucket);
                continue;
            }
            struct step y = x;
            y.table += 10, y.at = 0;
            y.c = bucket ? 100000 + bucket * 12 + x.at : x.at;
            step_push(l, y);
        }
    }
    assert_ptr_equal(v, p + n);
}

static inline bool take_stored(void *arg, const struct val *r, int n, struct err *e)
{
    (void)n, (void)e;
    struct step x = { .table = r[0].i, .number = r[1].i, .org = r[2].i, .a = r[3].i, .b = r[5].i };
    assert_true(r[6].n > 12);
    steps_of_bytes(arg, x, r[4].i, (const unsigned char *)r[6].p, r[6].n);
    return true;
}

static inline void steps_stored(struct sample *s, struct steps *out)
{
    struct err e = { 0 };
    struct stmt c = stmt_composed(STMT_ADMIN,
        "select 0, figure, org, county, bucket, 0, data from county_cell");
    struct stmt f = stmt_composed(STMT_ADMIN,
        "select 1, figure, org, county, bucket, place, data from fine_cell");
    out->n = 0;
    assert_ok(db_query(s->db, &c, NULL, 0, take_stored, out, &e), e);
    assert_ok(db_query(s->db, &f, NULL, 0, take_stored, out, &e), e);
    steps_fold(out);
}

static inline void print_step(const char *what, const struct step *x)
{
    print_message("%s: table %d figure %d org %lld county %lld %lld %lld part %d at %d: %lld\n",
                  what, (int)x->table, (int)x->number, (long long)x->org, (long long)x->a,
                  (long long)x->b, (long long)x->c, (int)x->part, (int)x->at, (long long)x->v);
}

static inline void assert_cells(struct sample *s, const struct plains *rows)
{
    struct steps want = { 0 }, have = { 0 };
    steps_expected(s, rows, &want);
    steps_stored(s, &have);
    size_t i = 0;
    while (i < want.n && i < have.n && memcmp(&want.at[i], &have.at[i], sizeof *want.at) == 0) i++;
    if (i < want.n || i < have.n) {
        if (i < want.n) print_step("wanted", &want.at[i]);
        if (i < have.n) print_step("stored", &have.at[i]);
        fail_msg("cells differ: %zu steps wanted, %zu stored", want.n, have.n);
    }
    free(want.at);
    free(have.at);
}

/* --- what a query must answer --- */

struct answer {
    bool known, partial;
    int64_t value, low, high, rows, unknown, restated, synthetic, derived, confirmed, disputed;
    enum qualifier qualifier;
};

static inline bool place_within(int64_t code, int64_t place)
{
    static const int64_t unit[] = { 1, 1000, 1000000, 100000000, INT64_C(10000000000) };
    if (place == 0) return true;
    int k = 4;
    while (k > 0 && place % unit[k] != 0) k--;
    if (code >= place && code < place + unit[k]) return true;
    return place == 653224000000 && code / 1000000 == 653299;
}

static inline bool class_within(int64_t code, const char *class, int32_t on)
{
    if (!class) return true;
    bool deep = strcmp(class, "deep") == 0;
    for (int i = 0; i < (deep ? 2 : 4); i++)
        if ((!deep || on >= date_make(2015, 1, 1)) &&
            place_within(code, deep ? sample_deep[i] : sample_poor[i]))
            return true;
    return false;
}

static inline bool org_within(int64_t org, int64_t asked)
{
    return asked == 0 || org == asked || (asked == 1001 && (org == 1002 || org == 1003));
}

static inline enum qualifier plain_qualifier(const bool has[5])
{
    bool low = has[0] || has[1], high = has[2] || has[3];
    if (low + high + has[4] > 1) return Q_MIXED;
    if (low) return has[1] ? Q_GT : Q_GE;
    if (high) return has[3] ? Q_LT : Q_LE;
    return has[4] ? Q_APPROX : Q_EQ;
}

static inline int64_t above(int64_t v) { return v > 0 ? v : 0; }
static inline int64_t below(int64_t v) { return v < 0 ? v : 0; }

/* A sum or count (no distinct figure). */
static inline struct answer plain_answer(const struct plains *rows, int figure, int64_t place,
                                         const char *class, int64_t org, int32_t from, int32_t to)
{
    static const char *const qualifier[] = { "ge", "gt", "le", "lt", "approx" };
    struct answer a = { .known = true };
    int64_t least = 0, most = 0, both_above = 0, both_below = 0, negative = 0;
    bool has[5] = { false };
    for (size_t i = 0; i < rows->n; i++) {
        struct gives g;
        const struct plain *p = &rows->at[i];
        if (!plain_gives(p, figure, &g) || !place_within(g.place, place) ||
            !class_within(g.place, class, to) || !org_within(g.org, org))
            continue;
        int64_t v = g.value == NONE ? 0 : g.value;
        bool counts = g.stock ? g.from <= to && g.to >= to : g.to >= from && g.to <= to;
        if (!g.stock && g.from != g.to) {
            bool cuts_from = g.from < from && g.to >= from, cuts_to = g.from <= to && g.to > to;
            a.partial |= cuts_from || cuts_to;
            if (cuts_from || cuts_to) {
                least += below(v);
                most += above(v);
                negative += cuts_to ? below(v) : 0;
            }
            if (cuts_from && cuts_to) {
                both_above += above(v);
                both_below += below(v);
            }
            if (counts && !cuts_from) {
                least += v;
                most += v;
            }
        } else if (counts) {
            least += v;
            most += v;
        }
        if (!counts) continue;
        a.value += v;
        negative += below(v);
        a.rows++;
        a.unknown += g.value == NONE;
        a.restated += strcmp(p->basis, "restated") == 0;
        a.synthetic += strcmp(p->basis, "synthetic") == 0;
        a.derived += strcmp(p->basis, "derived") == 0;
        if (strcmp(p->confirmation, "confirmed") == 0) a.confirmed += v;
        if (strcmp(p->confirmation, "disputed") == 0 || strcmp(p->confirmation, "corrected") == 0)
            a.disputed += v;
        for (int q = 0; q < 5; q++)
            has[q] |= g.fact && g.value != NONE && strcmp(p->qualifier, qualifier[q]) == 0;
    }
    a.qualifier = plain_qualifier(has);
    a.low = a.high = a.value;
    if (a.partial) {
        a.low = least - both_above < negative ? negative : least - both_above;
        a.high = most - both_below;
        assert_true(a.low <= least && a.high >= most);
    }
    a.known = !(a.rows > 0 && a.unknown == a.rows);
    return a;
}

/* Distinct keys on a day (stock) or by a day in a period (flow). */
static inline int64_t plain_distinct(const struct plains *rows, int figure, int64_t place,
                                     int64_t org, int32_t from, int32_t to)
{
    char seen[512][80];
    int n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        struct gives g;
        if (!plain_gives(&rows->at[i], figure, &g) || !place_within(rows->at[i].place, place) ||
            !org_within(g.org, org) || !g.key[0])
            continue;
        if (g.stock ? g.from > to || g.to < to : g.to < from || g.to > to) continue;
        int k = 0;
        while (k < n && strcmp(seen[k], g.key) != 0) k++;
        if (k < n) continue;
        assert_true(n < 512);
        memcpy(seen[n++], g.key, sizeof g.key);
    }
    return n;
}

#endif
