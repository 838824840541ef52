/* Claims beside figures.
 *
 * Both numbers are ranges. What is printed says: exactly c; at least c ("over", "more than" too: c itself
 * is not held against it); at most c ("nearly", "under"); about c (within a twentieth). What the
 * records say: exactly v; v or more; v or less; about v; when the period cuts a fact, between low
 * and high. Numbers are first rounded to the decimals that were printed.
 *
 *   the records' range lies in the printed one    holds
 *   the two have nothing in common                differs
 *   else the records do not decide                cannot be computed
 *
 * and where the numbers are equal and both are inexact the same way ("nearly 400" recorded as about
 * 400 or as under 400), it holds. A flow to which no record counts, against a number that is not 0,
 * cannot be computed either: that nothing is recorded says nothing of the world. */
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "figure/read.h"

/* Fields by name, so that the claims' own room may change around them; -1 = absent. */
enum { C_CODE, C_TEXT, C_FIGURE, C_PLACE, C_ORG, C_FROM, C_TO, C_VALUE, C_QUALIFIER, C_UNIT, C_DECIMALS,
       C_READING, C_REASON, C_SOURCE, C_N };
static const char *const field_names[C_N][2] = {
    [C_CODE] = { "code", NULL }, [C_TEXT] = { "claimed_text", NULL }, [C_FIGURE] = { "figure", NULL },
    [C_PLACE] = { "place", NULL }, [C_ORG] = { "organisation", NULL },
    [C_FROM] = { "period_from", "from" }, [C_TO] = { "period_to", "to" }, [C_VALUE] = { "value", NULL },
    [C_QUALIFIER] = { "qualifier", NULL }, [C_UNIT] = { "unit", NULL },
    [C_DECIMALS] = { "decimals", NULL }, [C_READING] = { "reading", NULL },
    [C_REASON] = { "reason", NULL }, [C_SOURCE] = { "source", NULL },
};

struct claims {
    const struct figure_context *c;
    struct db *d;
    const struct table_map *m;
    int column[C_N], source_county;
    int value_scale;
    int64_t pending;
    struct val **rows; size_t n, cap;
    struct arena a;            /* rows of claims */
    struct arena one;          /* while one claim is told */
};

static bool find_fields(struct claims *x, struct err *e)
{
    for (int i = 0; i < C_N; i++) {
        int f = map_field(x->m, field_names[i][0]);
        if (f < 0 && field_names[i][1]) f = map_field(x->m, field_names[i][1]);
        x->column[i] = f < 0 ? -1 : x->m->column[f];
        if (i == C_SOURCE && f >= 0) x->source_county = x->m->county_column[f];
        if (i == C_VALUE && f >= 0) x->value_scale = x->m->field[f].scale;
    }
    if (x->column[C_CODE] >= 0 && x->column[C_FIGURE] >= 0 && x->column[C_VALUE] >= 0) return true;
    return err_set(e, ERR_INTERNAL, "the entity claim lacks its code, figure or value");
}

static bool keep_claim(void *arg, const struct val *row, int n, struct err *e)
{
    struct claims *x = arg;
    (void)e;
    if (row[ROW_DRAFT].i || row[ROW_LOAD].i == x->pending) return true;
    if (x->n == x->cap) {
        x->cap = x->cap ? x->cap * 2 : 64;
        x->rows = mem_grow(x->rows, x->cap * sizeof *x->rows);
    }
    struct val *copy = arena_array(&x->a, (size_t)n, sizeof *copy);
    for (int i = 0; i < n; i++) {
        copy[i] = row[i];
        if (row[i].type == VAL_TEXT || row[i].type == VAL_BLOB)
            copy[i].p = arena_strndup(&x->a, row[i].p, row[i].n);
    }
    x->rows[x->n++] = copy;
    return true;
}

static struct val get(const struct claims *x, const struct val *row, int field)
{
    return x->column[field] < 0 ? val_null() : row[x->column[field]];
}

static const char *text_of(const struct claims *x, const struct val *row, int field)
{
    struct val v = get(x, row, field);
    return v.type == VAL_TEXT ? v.p : "";
}

static int64_t int_of(const struct claims *x, const struct val *row, int field, int64_t missing)
{
    struct val v = get(x, row, field);
    return v.type == VAL_INT ? v.i : missing;
}

/* The claim's document as people name it. */
static const char *source_of(struct claims *x, const struct val *row)
{
    struct val id = get(x, row, C_SOURCE);
    int f = map_field(x->m, "source");
    const struct table_map *doc = f >= 0 ? model_find(x->c->model, x->m->field[f].ref) : NULL;
    if (id.type != VAL_INT || !doc) return "";
    int64_t county = x->source_county >= 0 ? row[x->source_county].i
                   : doc->entity->reach == REACH_NATION ? 0 : row[ROW_COUNTY].i;
    return ref_text(x->c->model, doc, county, id.i, x->d, &x->one);
}

static enum qualifier qualifier_of(const char *code)
{
    static const struct { const char *code; enum qualifier q; } all[] = {
        { "ge", Q_GE }, { "gt", Q_GT }, { "le", Q_LE }, { "lt", Q_LT }, { "approx", Q_APPROX } };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(code, all[i].code) == 0) return all[i].q;
    return Q_EQ;
}

/* --- the verdict --- */

struct range { int64_t low, high; }; /* INT64_MIN, INT64_MAX = open */

static int64_t twentieth(int64_t v)
{
    return (v < 0 ? -v : v) / 20;
}

static struct range range_of(int64_t low, int64_t high, enum qualifier q)
{
    struct range r = { low, high };
    if (q == Q_GE || q == Q_GT || q == Q_MIXED) r.high = INT64_MAX;
    if (q == Q_LE || q == Q_LT || q == Q_MIXED) r.low = INT64_MIN;
    if (q == Q_APPROX) {
        r.low = low - twentieth(low);
        r.high = high + twentieth(high);
    }
    return r;
}

/* Inexact the same way: about goes with either bound, but a bound below does not go with one above. */
static bool alike(enum qualifier a, enum qualifier b)
{
    unsigned x = qualifier_bounds(a), y = qualifier_bounds(b);
    if (a == Q_EQ || b == Q_EQ || a == Q_MIXED || b == Q_MIXED) return false;
    return ((x | y) & BOUND_ABOUT) || ((x & 3) && (y & 3)) || ((x & 12) && (y & 12));
}

/* printed and v are at the printed decimals. */
static enum claim_verdict verdict_of(int64_t printed, enum qualifier claimed,
                                     const struct figure_value *v)
{
    struct range c = range_of(printed, printed, claimed);
    struct range r = range_of(v->partial ? v->low : v->value, v->partial ? v->high : v->value,
                              v->qualifier);
    if (printed == v->value && !v->partial && alike(claimed, v->qualifier)) return CLAIM_HOLDS;
    if (r.low >= c.low && r.high <= c.high) return CLAIM_HOLDS;
    return r.high < c.low || r.low > c.high ? CLAIM_DIFFERS : CLAIM_CANNOT;
}

/* The value at the printed decimals: a ratio is worked out anew, anything else rounded. */
static bool at_decimals(const struct figure *f, struct figure_value *v, int decimals)
{
    int64_t old = v->value;
    if (f->kind == FIGURE_RATIO) {
        if (!ratio_at(f, v->numerator, v->denominator, decimals, &v->value)) return false;
    } else if (!rescale(v->value, decimals - v->scale, &v->value)) {
        return false;
    }
    if (!v->partial) v->low = v->high = old;
    if (!rescale(v->low, decimals - v->scale, &v->low) ||
        !rescale(v->high, decimals - v->scale, &v->high))
        return false;
    v->scale = decimals;
    return true;
}

/* --- what it rests on --- */

struct sources { int64_t id; int64_t restated, others; };

static bool see_source(void *arg, const struct figure *f, int sign, const char *within,
                       const struct table_map *m, const struct val *row, int64_t value, struct err *e)
{
    struct sources *s = arg;
    (void)f;
    (void)sign;
    (void)within;
    (void)value;
    (void)e;
    if (m->entity->flags & E_NO_SOURCE) return true;
    struct val basis = row[m->column[m->common + COMMON_BASIS]];
    struct val source = row[m->column[m->common + COMMON_SOURCE]];
    if (basis.type != VAL_TEXT || basis.n != 8 || memcmp(basis.p, "restated", 8) != 0) return true;
    if (source.type == VAL_INT && source.i == s->id) s->restated++;
    else s->others++;
    return true;
}

static bool same_source(struct claims *x, const struct figure_query *q, const struct val *row,
                        const struct figure_value *v, bool *out, struct err *e)
{
    struct val id = get(x, row, C_SOURCE);
    struct sources s = { .id = id.type == VAL_INT ? id.i : -1 };
    struct explain_page all = { 0, 0, 0 };
    *out = false;
    if (v->restated <= 0 || s.id < 0) return true;
    if (!figure_explain(x->c, x->d, q, &all, see_source, &s, e)) return false;
    *out = s.restated > 0 && s.others == 0;
    return true;
}

/* --- one claim --- */

static const char *print_number(struct claims *x, int64_t v, int decimals, enum qualifier q,
                                const char *unit)
{
    struct figure f = { .unit = unit, .kind = FIGURE_RATIO };
    struct figure_value shown = { .known = true, .value = v, .scale = decimals, .qualifier = q };
    return figure_print(&f, &shown, &x->one);
}

static const char *print_difference(struct claims *x, int64_t computed, int64_t printed, int decimals)
{
    int64_t by;
    if (!i64_sub(computed, printed, &by)) return "";
    if (by == 0) return "0";
    const char *text = print_number(x, by, decimals, Q_EQ, "");
    return by > 0 ? arena_printf(&x->one, "+%s", text) : text;
}

static bool compare(struct claims *x, const struct figure *f, struct figure_value *v,
                    struct claim_result *r, int64_t printed, int decimals, enum qualifier claimed)
{
    if (!v->known) {
        r->reason = *r->reason ? r->reason : v->why;
        return false;
    }
    if (!f->stock && v->rows == 0 && printed != 0) {
        r->reason = *r->reason ? r->reason : "no record counts to it";
        return false;
    }
    if (!at_decimals(f, v, decimals)) {
        r->reason = "the number is too large to compare";
        return false;
    }
    r->verdict = verdict_of(printed, claimed, v);
    r->difference = print_difference(x, v->value, printed, decimals);
    if (r->verdict == CLAIM_CANNOT && !*r->reason)
        r->reason = v->partial ? "the period cuts through facts known only as an interval"
                               : "the records bound the number and do not give it";
    return true;
}

static bool check_claim(struct claims *x, const struct val *row, struct claim_result *r,
                        struct err *e)
{
    int decimals = (int)int_of(x, row, C_DECIMALS, 0);
    int64_t value = int_of(x, row, C_VALUE, 0), printed = 0;
    enum qualifier claimed = qualifier_of(text_of(x, row, C_QUALIFIER));
    bool has_value = get(x, row, C_VALUE).type == VAL_INT;
    if (decimals < 0 || decimals > 9) decimals = 0;
    if (has_value && rescale(value, decimals - x->value_scale, &printed))
        r->claimed = print_number(x, printed, decimals, claimed, text_of(x, row, C_UNIT));
    if (!*r->figure || !has_value) return true;
    const struct figure *f = figures_find(x->c->figures, r->figure);
    if (!f) {
        r->reason = arena_printf(&x->one, "there is no figure \"%s\"", r->figure);
        return true;
    }
    struct figure_query q = { .name = r->figure, .place = int_of(x, row, C_PLACE, 0),
        .org = int_of(x, row, C_ORG, 0), .from = (int32_t)int_of(x, row, C_FROM, DATE_MIN),
        .to = (int32_t)int_of(x, row, C_TO, DATE_MAX) };
    struct figure_value v;
    struct err why = { 0 };
    if (!figure_read(x->c, x->d, &q, &v, &why)) {
        bool claims_own = why.code == ERR_USAGE || why.code == ERR_NOT_FOUND;
        if (claims_own) r->reason = arena_strdup(&x->one, why.message);
        else if (e) *e = why;
        return claims_own;
    }
    r->computed = figure_print(f, &v, &x->one);
    r->rests_on = v.known ? figure_rests_on(&v) : "";
    if (!compare(x, f, &v, r, printed, decimals, claimed)) return true;
    return same_source(x, &q, row, &v, &r->same_source, e);
}

static bool tell_claims(struct claims *x, const char *source, claim_fn *fn, void *arg, struct err *e)
{
    for (size_t i = 0; i < x->n; i++) {
        const struct val *row = x->rows[i];
        arena_reset(&x->one);
        struct claim_result r = { .code = text_of(x, row, C_CODE), .source = source_of(x, row),
            .text = text_of(x, row, C_TEXT), .figure = text_of(x, row, C_FIGURE), .claimed = "",
            .computed = "", .difference = "", .rests_on = "", .reading = text_of(x, row, C_READING),
            .reason = text_of(x, row, C_REASON), .verdict = CLAIM_CANNOT };
        if (source && strcmp(source, r.source) != 0) continue;
        if (!check_claim(x, row, &r, e)) return err_context(e, "claim %s", r.code);
        if (!fn(arg, &r, e)) return false;
    }
    return true;
}

bool claims_check(const struct figure_context *c, struct db *d, const char *source, claim_fn *fn,
                  void *arg, struct err *e)
{
    struct claims x = { .c = c, .d = d, .m = model_find(c->model, "claim"), .source_county = -1 };
    struct val all[2] = { val_int(0), val_int(999999) };
    if (!x.m) return err_set(e, ERR_INTERNAL, "there is no entity claim");
    if (!find_fields(&x, e) || !load_pending(d, &x.pending, e)) return false;
    arena_init(&x.a, 0);
    arena_init(&x.one, 0);
    bool ok = db_query(d, &x.m->stmts[ENTITY_SCAN], all, 2, keep_claim, &x, e) &&
              tell_claims(&x, source, fn, arg, e);
    free(x.rows);
    arena_free(&x.a);
    arena_free(&x.one);
    return ok;
}
