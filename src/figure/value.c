/* Values out of sums, and figures of figures out of values. */
#include <string.h>

#include "base/money.h"
#include "figure/read.h"

const char *qualifier_sign(enum qualifier q)
{
    static const char *const signs[] = { [Q_EQ] = "=", [Q_GE] = "≥", [Q_GT] = ">", [Q_LE] = "≤",
                                         [Q_LT] = "<", [Q_APPROX] = "~", [Q_MIXED] = "±" };
    return signs[q];
}

unsigned qualifier_bounds(enum qualifier q)
{
    static const unsigned bounds[] = { [Q_EQ] = 0, [Q_GE] = BOUND_LOW, [Q_GT] = BOUND_LOW_STRICT,
        [Q_LE] = BOUND_HIGH, [Q_LT] = BOUND_HIGH_STRICT, [Q_APPROX] = BOUND_ABOUT,
        [Q_MIXED] = BOUND_LOW | BOUND_HIGH };
    return bounds[q];
}

unsigned bounds_flip(unsigned b)
{
    return (b & BOUND_ABOUT) | (b & 3) << 2 | (b >> 2 & 3);
}

enum qualifier bounds_qualifier(unsigned b)
{
    bool low = b & 3, high = b & 12, about = b & BOUND_ABOUT;
    if (low + high + about > 1) return Q_MIXED;
    if (low) return b & BOUND_LOW_STRICT ? Q_GT : Q_GE;
    if (high) return b & BOUND_HIGH_STRICT ? Q_LT : Q_LE;
    return about ? Q_APPROX : Q_EQ;
}

static void set_bounds(const struct figure *f, const struct figure_query *q, const struct sums *s,
                       struct figure_value *v, int64_t negative)
{
    const int64_t *lo = s->v[0], *hi = s->v[1];
    v->low = v->high = v->value;
    if (f->stock) return;
    bool from = reads_from(f, q);
    v->partial = (from && lo[PART_OPEN_ROWS] > 0) || hi[PART_OPEN_ROWS] > 0;
    if (!v->partial) return;
    int64_t from_neg = from ? lo[PART_OPEN_NEGATIVE] : 0, to_neg = hi[PART_OPEN_NEGATIVE];
    int64_t from_pos = from ? lo[PART_OPEN_VALUE] - from_neg : 0;
    int64_t to_pos = hi[PART_OPEN_VALUE] - to_neg;
    v->high = v->value + to_pos - from_neg;
    v->low = v->value + to_neg - from_pos;
    /* What is sure is no less than its own negative values. */
    if (v->low < negative + to_neg) v->low = negative + to_neg;
    if (v->low > v->value) v->low = v->value;
}

void value_of(const struct figure *f, const struct figure_query *q, int64_t place,
              const struct sums *s, struct figure_value *v)
{
    int64_t now[PART_N];
    for (int p = 0; p < PART_N; p++) now[p] = f->stock ? s->v[1][p] : s->v[1][p] - s->v[0][p];
    *v = (struct figure_value){ .place = place, .known = true, .value = now[PART_VALUE],
        .scale = f->scale, .unknown = now[PART_UNKNOWN], .restated = now[PART_RESTATED],
        .synthetic = now[PART_SYNTHETIC], .derived = now[PART_DERIVED],
        .confirmed = now[PART_CONFIRMED], .disputed = now[PART_DISPUTED], .why = "" };
    v->rows = f->rows_apart ? now[PART_ROWS] : now[PART_VALUE];
    v->recorded = v->rows - v->restated - v->synthetic - v->derived;
    v->one_sided = v->value - v->confirmed - v->disputed;
    unsigned bounds = (now[PART_GE] ? BOUND_LOW : 0u) | (now[PART_GT] ? BOUND_LOW_STRICT : 0u) |
                      (now[PART_LE] ? BOUND_HIGH : 0u) | (now[PART_LT] ? BOUND_HIGH_STRICT : 0u) |
                      (now[PART_APPROX] ? BOUND_ABOUT : 0u);
    v->qualifier = bounds_qualifier(bounds);
    set_bounds(f, q, s, v, now[PART_NEGATIVE]);
    if (v->rows > 0 && v->unknown == v->rows) {
        v->known = false;
        v->why = "no record behind it has an amount";
    }
}

bool rescale(int64_t v, int by, int64_t *out)
{
    int64_t ten = 1;
    for (int i = 0; i < by || i < -by; i++)
        if (!i64_mul(ten, 10, &ten)) return false;
    if (by >= 0) return i64_mul(v, ten, out);
    return ratio_round(v, 1, ten, out);
}

bool ratio_at(const struct figure *f, int64_t numerator, int64_t denominator, int decimals,
              int64_t *out)
{
    int64_t factor = f->times;
    for (int i = 0; i < decimals; i++)
        if (!i64_mul(factor, 10, &factor)) return false;
    return denominator != 0 && ratio_round(numerator, factor, denominator, out);
}

/* A value that grows with each term. */
static bool add_term(struct figure_value *to, const struct figure_value *t, int sign, struct err *e)
{
    struct figure_value x = *t;
    int64_t *const scaled[] = {
        &x.value, &x.low, &x.high, &x.confirmed, &x.one_sided, &x.disputed
    };
    int64_t *const sums[] = { &to->value, &to->low, &to->high, &to->confirmed, &to->one_sided,
                              &to->disputed };
    bool ok = true;
    for (int i = 0; i < 6; i++) ok = ok && rescale(*scaled[i], to->scale - t->scale, scaled[i]);
    if (sign < 0) {
        int64_t low = x.low;
        x.low = x.high;
        x.high = low;
    }
    for (int i = 0; i < 6; i++) ok = ok && i64_add(*sums[i], sign * *scaled[i], sums[i]);
    if (!ok) return err_set(e, ERR_INVALID, "a figure's sum leaves 64 bits");
    to->rows += x.rows;
    to->unknown += x.unknown;
    to->recorded += x.recorded;
    to->restated += x.restated;
    to->synthetic += x.synthetic;
    to->derived += x.derived;
    to->partial |= x.partial;
    unsigned bounds = qualifier_bounds(x.qualifier);
    if (sign < 0) bounds = bounds_flip(bounds);
    to->qualifier = bounds_qualifier(qualifier_bounds(to->qualifier) | bounds);
    if (!x.known && to->known) {
        to->known = false;
        to->why = x.why;
    }
    return true;
}

/* The value of a place among a term's; nothing there is a value of nothing. */
static struct figure_value value_at(const struct values *v, int64_t place, const struct figure *f,
                                    const struct figure_query *q)
{
    struct sums none;
    struct figure_value out;
    for (size_t lo = 0, hi = v->n; lo < hi;) {
        size_t mid = (lo + hi) / 2;
        if (v->at[mid].place == place) return v->at[mid];
        if (v->at[mid].place < place) lo = mid + 1;
        else hi = mid;
    }
    memset(&none, 0, sizeof none);
    value_of(f, q, place, &none, &out);
    return out;
}

static bool sum_terms(struct reading *r, const struct figure *f, const struct values *terms,
                      int from, int to, int64_t place, int scale, struct figure_value *out,
                      struct err *e)
{
    *out = (struct figure_value){ .place = place, .known = true, .scale = scale, .why = "" };
    for (int i = from; i < to; i++) {
        struct figure_value t = value_at(&terms[i], place, f->terms[i].of, r->q);
        if (!add_term(out, &t, f->terms[i].sign, e)) return false;
    }
    return true;
}

static void not_known(struct figure_value *v, const char *why)
{
    v->known = false;
    v->why = why;
    v->value = v->low = v->high = 0;
    v->partial = false;
}

/* Nought only because the period cuts its facts: nothing was counted as nought. */
static void cut_denominator(struct figure_value *v)
{
    not_known(v, "partial: the period cuts through the facts of the denominator, and nothing of it "
                 "is sure");
    v->partial = true;
}

/* Bounds of a quotient of things that are not negative; the same rows may stand in both, so they
 * are wider than need be. */
static void ratio_bounds(const struct figure *f, const struct figure_value *up,
                         const struct figure_value *down, struct figure_value *v)
{
    v->low = v->high = v->value;
    if (!v->partial) return;
    bool fits = up->low >= 0 && down->low > 0 &&
                ratio_at(f, up->low, down->high, f->scale, &v->low) &&
                ratio_at(f, up->high, down->low, f->scale, &v->high);
    if (!fits) not_known(v, "the period cuts through facts, and nothing of the ratio is sure");
}

static bool ratio_of(struct reading *r, const struct figure *f, const struct values *terms,
                     int64_t place, struct figure_value *v, struct err *e)
{
    struct figure_value up, down;
    int scale = 0;
    for (int i = 0; i < f->n_terms; i++)
        if (f->terms[i].of->scale > scale) scale = f->terms[i].of->scale;
    if (!sum_terms(r, f, terms, 0, f->n_upper, place, scale, &up, e) ||
        !sum_terms(r, f, terms, f->n_upper, f->n_terms, place, scale, &down, e))
        return false;
    *v = up;
    v->scale = f->scale;
    v->numerator = up.value;
    v->denominator = down.value;
    v->rows += down.rows;
    v->unknown += down.unknown;
    v->recorded += down.recorded;
    v->restated += down.restated;
    v->synthetic += down.synthetic;
    v->derived += down.derived;
    v->partial |= down.partial;
    v->confirmed = v->one_sided = v->disputed = 0;
    v->qualifier = bounds_qualifier(qualifier_bounds(up.qualifier) |
                                    bounds_flip(qualifier_bounds(down.qualifier)));
    if (!up.known || !down.known) not_known(v, up.known ? down.why : up.why);
    else if (down.value == 0 && down.partial) cut_denominator(v);
    else if (down.value == 0) not_known(v, "the denominator is 0");
    else if (!ratio_at(f, up.value, down.value, f->scale, &v->value))
        not_known(v, "the ratio is too large");
    else ratio_bounds(f, &up, &down, v);
    return true;
}

/* All places of any term, rising. */
static size_t all_places(const struct values *terms, int n, struct arena *a, int64_t **out)
{
    size_t at[FIGURE_MAX_TERMS] = { 0 }, most = 0, count = 0;
    for (int i = 0; i < n; i++) most += terms[i].n;
    *out = arena_array(a, most + 1, sizeof **out);
    for (;;) {
        int64_t least = INT64_MAX;
        for (int i = 0; i < n; i++)
            if (at[i] < terms[i].n && terms[i].at[at[i]].place < least)
                least = terms[i].at[at[i]].place;
        if (least == INT64_MAX) return count;
        for (int i = 0; i < n; i++)
            at[i] += at[i] < terms[i].n && terms[i].at[at[i]].place == least;
        (*out)[count++] = least;
    }
}

/* Terms over the same figure share one walk over its cells when one of them wants all places: the
 * share of a class costs what the whole costs. */
static bool read_terms(struct reading *r, const struct figure *f, const char *within,
                       struct values *terms, struct err *e)
{
    bool done[FIGURE_MAX_TERMS] = { false };
    for (int i = 0; i < f->n_terms; i++) {
        const struct figure *of = f->terms[i].of;
        const char *limits[FIGURE_MAX_TERMS];
        struct values values[FIGURE_MAX_TERMS];
        int which[FIGURE_MAX_TERMS];
        size_t n = 0;
        bool whole = false;
        if (done[i]) continue;
        for (int k = i; k < f->n_terms; k++) {
            if (f->terms[k].of != of) continue;
            limits[n] = f->terms[k].within ? f->terms[k].within : within;
            whole |= !limits[n];
            which[n++] = k;
        }
        if (!whole || of->kind >= FIGURE_DISTINCT) n = 1;
        bool ok = of->kind >= FIGURE_DISTINCT ? read_figure(r, of, limits[0], &values[0], e)
                                              : read_sums(r, of, limits, n, values, e);
        if (!ok) return false;
        for (size_t k = 0; k < n; k++) {
            terms[which[k]] = values[k];
            done[which[k]] = true;
        }
    }
    return true;
}

bool read_term_values(struct reading *r, const struct figure *f, struct figure_value *out,
                      struct err *e)
{
    struct values terms[FIGURE_MAX_TERMS];
    if (!read_terms(r, f, NULL, terms, e)) return false;
    for (int i = 0; i < f->n_terms; i++)
        out[i] = value_at(&terms[i], r->q->place, f->terms[i].of, r->q);
    return true;
}

bool read_figure(struct reading *r, const struct figure *f, const char *within, struct values *out,
                 struct err *e)
{
    struct values terms[FIGURE_MAX_TERMS];
    int64_t *places;
    if (f->kind == FIGURE_DISTINCT) return read_distinct(r, f, out, e);
    if (f->kind < FIGURE_RATIO) return read_sums(r, f, &within, 1, out, e);
    if (!read_terms(r, f, within, terms, e)) return false;
    size_t n = all_places(terms, f->n_terms, r->a, &places);
    *out = (struct values){ arena_array(r->a, n, sizeof *out->at), n };
    for (size_t i = 0; i < n; i++) {
        struct figure_value *v = &out->at[i];
        bool ok = f->kind == FIGURE_RATIO ? ratio_of(r, f, terms, places[i], v, e)
                : sum_terms(r, f, terms, 0, f->n_terms, places[i], f->scale, v, e);
        if (!ok) return false;
    }
    return true;
}
