/* Claims beside figures. verdict.h says when a printed number holds, differs, or cannot be computed
 * from the records. Beyond that, a flow to which no record counts, against a number that is not 0,
 * cannot be computed: that nothing is recorded says nothing of the world. The same goes for a stock
 * that is asked for no day in particular: at the end of time all that ends has ended. */
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "figure/read.h"
#include "figure/verdict.h"

/* Fields by name, so that the claims' own room may change around them; -1 = absent. */
enum { C_CODE, C_TEXT, C_FIGURE, C_PLACE, C_ORG, C_FROM, C_TO, C_VALUE, C_QUALIFIER, C_UNIT,
       C_DECIMALS, C_READING, C_REASON, C_SOURCE, C_N };
static const char *const field_names[C_N][2] = {
    [C_CODE] = { "code", NULL }, [C_TEXT] = { "claimed_text", NULL },
    [C_FIGURE] = { "figure", NULL }, [C_PLACE] = { "place", NULL },
    [C_ORG] = { "organisation", NULL },
    [C_FROM] = { "period_from", "from" }, [C_TO] = { "period_to", "to" },
    [C_VALUE] = { "value", NULL },
    [C_QUALIFIER] = { "qualifier", NULL }, [C_UNIT] = { "unit", NULL },
    [C_DECIMALS] = { "decimals", NULL }, [C_READING] = { "reading", NULL },
    [C_REASON] = { "reason", NULL }, [C_SOURCE] = { "source", NULL },
};

struct claims {
    const struct figure_context *c;
    struct figure_context context; /* c, with parties that remember */
    struct parties_memo parties;
    struct db *d;
    const struct scope *scope;
    const struct table_map *m;
    int column[C_N], source_county;
    int value_scale;
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

static bool keep_claim(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct claims *x = arg;
    int n = m->columns + 1;
    (void)e;
    x->rows = mem_more(x->rows, x->n, &x->cap, sizeof *x->rows);
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

/* FINER: digits behind the printed ones, so that 97.63 is over 97.6. */
enum { FINER = 3, COARSEST = 12, FINEST = 9 };

/* The value with that many decimals: a ratio is worked out anew. */
static bool at_scale(const struct figure *f, const struct figure_value *v, int scale,
                     struct computed *out)
{
    int by = scale - v->scale;
    out->qualifier = v->qualifier;
    if (v->partial) return rescale(v->low, by, &out->low) && rescale(v->high, by, &out->high);
    bool ok = f->kind == FIGURE_RATIO ? ratio_at(f, v->numerator, v->denominator, scale, &out->low)
                                      : rescale(v->value, by, &out->low);
    out->high = out->low;
    return ok;
}

/* How the number was printed: decimals below 0 say in tens, hundreds, ..., millions (-6). */
struct print { int64_t value; int decimals, shown; enum qualifier qualifier; };

static bool printed_at(const struct print *c, int scale, struct printed *out)
{
    out->qualifier = c->qualifier;
    return rescale(c->value, scale - c->shown, &out->value) &&
           rescale(1, scale - c->decimals, &out->step);
}

/* --- what it rests on --- */

struct sources { int64_t id; bool same, others; };

static bool see_source(void *arg, const struct figure *f, int sign, const char *within,
                       const struct table_map *m, const struct val *row, int64_t value,
                       struct err *e)
{
    struct sources *s = arg;
    (void)f;
    (void)sign;
    (void)within;
    (void)value;
    (void)e;
    if (m->entity->flags & E_NO_SOURCE) return true;
    struct val source = row[m->column[m->common + COMMON_SOURCE]];
    if (source.type == VAL_INT && source.i == s->id) s->same = true;
    else s->others = true;
    return !s->others; /* one other source decides it: the rest need not be read */
}

/* Whether every row was taken from the very document that prints the number. */
static bool same_source(struct claims *x, const struct figure_query *q, const struct val *row,
                        const struct figure_value *v, bool *out, struct err *e)
{
    struct val id = get(x, row, C_SOURCE);
    struct sources s = { .id = id.type == VAL_INT ? id.i : -1 };
    struct explain_page all = { 0, 0, 0 };
    struct err why = { 0 };
    *out = false;
    if (v->rows <= 0 || s.id < 0) return true;
    if (!figure_explain(x->c, x->d, x->scope, q, &all, see_source, &s, &why) && !s.others) {
        if (e) *e = why;
        return false;
    }
    *out = s.same && !s.others;
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

static const char *print_difference(struct claims *x, int64_t computed, int64_t printed,
                                    int decimals)
{
    int64_t by;
    if (!i64_sub(computed, printed, &by)) return "";
    if (by == 0) return "0";
    const char *text = print_number(x, by, decimals, Q_EQ, "");
    return by > 0 ? arena_printf(&x->one, "+%s", text) : text;
}

/* Why the records do not speak of it at all, or NULL. */
static const char *silent(const struct figure *f, const struct figure_query *q,
                          const struct figure_value *v, int64_t printed)
{
    if (!v->known) return v->why && *v->why ? v->why : "unknown";
    if (v->rows != 0 || v->partial || printed == 0) return NULL;
    if (!f->stock) return "no record counts to it";
    return q->to == DATE_MAX ? "no record holds without end: period_to names the day of a stock"
                             : NULL;
}

/* False: the records do not speak of it, and r->reason says why. */
static bool compare(struct claims *x, const struct figure *f, const struct figure_query *q,
                    const struct figure_value *v, const struct print *p, struct claim_result *r)
{
    struct printed printed;
    struct computed given, shown;
    const char *why = silent(f, q, v, p->value);
    if (!why && (!at_scale(f, v, p->shown + FINER, &given) || !at_scale(f, v, p->shown, &shown) ||
                 !printed_at(p, p->shown + FINER, &printed)))
        why = "the number is too large to compare";
    bool spoken = !why;
    if (spoken) {
        r->verdict = verdict_of(&printed, &given, &why);
        r->difference = print_difference(x, shown.high, p->value, p->shown);
    }
    if (why && !*r->reason) r->reason = why;
    return spoken;
}

/* The number as people read it; where the period cuts a fact, both bounds. */
static const char *print_computed(struct claims *x, const struct figure *f,
                                  const struct figure_value *v)
{
    if (!v->known || !v->partial || v->low == v->high) return figure_print(f, v, &x->one);
    struct figure_value low = *v, high = *v;
    struct figure bare = *f;
    bare.unit = "";
    low.value = v->low;
    high.value = v->high;
    high.qualifier = Q_EQ;
    return arena_printf(&x->one, "%s .. %s", figure_print(&bare, &low, &x->one),
                        figure_print(f, &high, &x->one));
}

static bool read_print(struct claims *x, const struct val *row, struct print *p)
{
    int64_t decimals = int_of(x, row, C_DECIMALS, 0);
    if (get(x, row, C_VALUE).type != VAL_INT) return false;
    if (decimals < -COARSEST || decimals > FINEST) decimals = 0;
    p->decimals = (int)decimals;
    p->shown = decimals < 0 ? 0 : (int)decimals;
    p->qualifier = qualifier_of(text_of(x, row, C_QUALIFIER));
    return rescale(int_of(x, row, C_VALUE, 0), p->shown - x->value_scale, &p->value);
}

static bool read_figure_of(struct claims *x, const struct val *row, struct claim_result *r,
                           const struct figure *f, const struct print *p, struct err *e)
{
    struct figure_query q = { .name = r->figure, .place = int_of(x, row, C_PLACE, 0),
        .org = int_of(x, row, C_ORG, 0), .whole = true, .from = (int32_t)int_of(x, row, C_FROM, DATE_MIN),
        .to = (int32_t)int_of(x, row, C_TO, DATE_MAX) };
    struct figure_value v;
    struct err why = { 0 };
    if (!figure_read(x->c, x->d, x->scope, &q, &v, &why)) {
        bool claims_own = why.code == ERR_USAGE || why.code == ERR_NOT_FOUND;
        if (claims_own) r->reason = arena_strdup(&x->one, why.message);
        else if (e) *e = why;
        return claims_own;
    }
    r->computed = print_computed(x, f, &v);
    r->rests_on = v.known ? figure_rests_on(&v) : "";
    if (!compare(x, f, &q, &v, p, r)) return true;
    return same_source(x, &q, row, &v, &r->same_source, e);
}

static bool check_claim(struct claims *x, const struct val *row, struct claim_result *r,
                        struct err *e)
{
    struct print p;
    bool has_value = read_print(x, row, &p);
    if (has_value)
        r->claimed = print_number(x, p.value, p.shown, p.qualifier, text_of(x, row, C_UNIT));
    if (!*r->figure || !has_value) {
        if (!*r->reason)
            r->reason = *r->figure ? "the claim gives no value" : "the claim names no figure";
        return true;
    }
    const struct figure *f = figures_find(x->c->figures, r->figure);
    if (f) return read_figure_of(x, row, r, f, &p, e);
    const char *near = figures_nearest(x->c->figures, r->figure);
    r->reason = near ? arena_printf(&x->one, "there is no figure \"%s\" (did you mean \"%s\"?)",
                                    r->figure, near)
                     : arena_printf(&x->one, "there is no figure \"%s\"", r->figure);
    return true;
}

static bool tell_claims(struct claims *x, const char *source, claim_fn *fn, void *arg,
                        struct err *e)
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

bool claims_check(const struct figure_context *c, struct db *d, const struct scope *scope,
                  const char *source, claim_fn *fn, void *arg, struct err *e)
{
    struct claims x = { .c = c, .d = d, .scope = scope, .m = model_find(c->model, "claim"), .source_county = -1 };
    struct list_query all = { .limit = 0 };
    if (!x.m) return err_set(e, ERR_INTERNAL, "there is no entity claim");
    if (!find_fields(&x, e)) return false;
    parties_memo_init(&x.parties, c->parties);
    x.context = *c;
    x.context.parties = &x.parties.parties;
    x.c = &x.context;
    arena_init(&x.a, 0);
    arena_init(&x.one, 0);
    bool ok = list_rows(c->model, d, scope, x.m, &all, keep_claim, &x, e) &&
              tell_claims(&x, source, fn, arg, e);
    free(x.rows);
    parties_memo_free(&x.parties);
    arena_free(&x.a);
    arena_free(&x.one);
    return ok;
}
