/* What each directive of a definition means. */
#include <string.h>

#include "base/option.h"
#include "figure/define.h"

static const char *const directives[D_N] = {
    [D_LABEL] = "label", [D_HELP] = "help", [D_UNIT] = "unit", [D_COUNT] = "count", [D_SUM] = "sum",
    [D_DISTINCT] = "distinct", [D_RATIO] = "ratio", [D_TOTAL] = "total", [D_WHERE] = "where",
    [D_FLOW] = "flow", [D_STOCK] = "stock", [D_PLACE] = "place", [D_ORGANISATION] = "organisation",
};

int directive_find(const struct word *w)
{
    for (int i = 0; i < D_N; i++)
        if (word_is(w, directives[i])) return i;
    return -1;
}

static void copy_word(const struct word *w, char out[64])
{
    size_t n = w->n < 63 ? w->n : 63;
    memcpy(out, w->p, n);
    out[n] = '\0';
}

const char *directive_nearest(const struct word *w)
{
    char text[64];
    copy_word(w, text);
    return nearest_name(text, directives, D_N);
}

/* A fault for a name that is not there, with the nearest that is. */
static bool unknown(const struct source *s, const struct word *w, const char *what,
                    const char *const *names, int n, struct err *e)
{
    char text[64];
    copy_word(w, text);
    const char *near = nearest_name(text, names, n);
    return define_fault(s, w->p, e, "there is no %s \"%s\"%s%s%s", what, text,
                        near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static bool read_labels(struct defining *x, struct scan *c, const char **en, const char **zh,
                        struct err *e)
{
    for (;;) {
        const char **out = scan_is(c, "en") ? en : scan_is(c, "zh") ? zh : NULL;
        if (!out) break;
        if (!scan_string(c, x->a, out))
            return define_fault(c->s, c->p, e, "text in double quotes is expected here");
    }
    return scan_end(c, e);
}

static bool read_unit(struct defining *x, struct draft *d, struct scan *c, struct err *e)
{
    struct word w;
    int64_t n;
    if (!scan_string(c, x->a, &d->f->unit)) {
        if (!scan_word(c, &w)) return define_fault(c->s, c->p, e, "a unit is expected here");
        d->f->unit = arena_strndup(x->a, w.p, w.n);
    }
    const char *at = c->p;
    if (scan_is(c, "decimals")) {
        if (!scan_number(c, &n) || n > 9)
            return define_fault(c->s, c->p, e, "a number of decimals from 0 to 9 is expected here");
        if (d->f->kind != FIGURE_RATIO)
            return define_fault(c->s, at, e, "only a ratio declares its decimals");
        d->decimals = (int)n;
    }
    return scan_end(c, e);
}

static bool read_entity(struct defining *x, struct draft *d, struct scan *c, struct err *e)
{
    struct word w;
    if (!scan_word(c, &w)) return define_fault(c->s, c->p, e, "an entity is expected here");
    const char *name = arena_strndup(x->a, w.p, w.n);
    d->f->map = model_find(x->mo, name);
    if (d->f->map) return true;
    const char **names = arena_array(x->a, (size_t)x->mo->n, sizeof *names);
    for (int i = 0; i < x->mo->n; i++) names[i] = x->mo->maps[i].entity->name;
    return unknown(c->s, &w, "entity", names, x->mo->n, e);
}

/* A field by name; type 0 = any. */
static bool read_field(struct defining *x, struct draft *d, struct scan *c, enum field_type type,
                       int *out, struct err *e)
{
    struct word w;
    const struct table_map *m = d->f->map;
    if (!scan_word(c, &w))
        return define_fault(c->s, c->p, e, "a field of %s is expected here", m->entity->name);
    const char *name = arena_strndup(x->a, w.p, w.n);
    *out = map_field(m, name);
    if (*out >= 0) {
        static const char *const kinds[] = { [F_DATE] = "a date", [F_PLACE] = "a place",
                                             [F_REF] = "an organisation" };
        const struct field *fi = &m->field[*out];
        bool fits = !type || fi->type == type;
        if (type == F_REF) fits = fits && fi->ref && strcmp(fi->ref, "organisation") == 0;
        return fits ||
               define_fault(c->s, w.p, e, "%s.%s is not %s", m->entity->name, name, kinds[type]);
    }
    const char **names = arena_array(x->a, (size_t)m->fields, sizeof *names);
    for (int i = 0; i < m->fields; i++) names[i] = m->field[i].name;
    return unknown(c->s, &w, arena_printf(x->a, "field of %s", m->entity->name), names, m->fields,
                   e);
}

static bool read_level(struct scan *c, int *level, struct err *e)
{
    struct word w;
    if (!scan_word(c, &w)) w = (struct word){ c->p, 0 };
    *level = figure_level(w.p, w.n);
    return *level >= 0 || define_fault(c->s, w.p, e, "nation, province, prefecture, county, "
                                       "township or village is expected here");
}

/* The last word "of" outside of quotes: what stands before it is the expression. */
static const char *last_of(const struct scan *c)
{
    const char *found = NULL;
    struct scan s = *c;
    while (s.p < s.end) {
        struct word w;
        if (*s.p == '"') {
            for (s.p++; s.p < s.end && *s.p != '"'; s.p++) {}
            if (s.p < s.end) s.p++;
        } else if (scan_word(&s, &w)) {
            if (word_is(&w, "of")) found = w.p;
        } else if (s.p < s.end && *s.p != '"') {
            s.p++;
        }
    }
    return found;
}

static bool rule_fault(const struct source *s, struct err *e)
{
    return err_context(e, "%s", s->name);
}

static bool read_sum(struct defining *x, struct draft *d, struct scan *c, struct err *e)
{
    const char *of = last_of(c);
    if (!of) return define_fault(c->s, c->end, e, "\"of ENTITY\" is expected here");
    struct scan tail = { c->s, of + 2, c->end };
    if (!read_entity(x, d, &tail, e) || !scan_end(&tail, e)) return false;
    enum rule_type type;
    int line, column;
    skip_blank(c);
    define_place(c->s, c->p, &line, &column);
    if (!rule_parse_value(&d->f->value, c->p, (size_t)(of - c->p), line, column, &d->f->map->schema,
                          x->a, &type, &d->f->scale, e))
        return rule_fault(c->s, e);
    if (type == RULE_INT || type == RULE_BOOL) return true;
    return define_fault(c->s, c->p, e, "a sum needs a number");
}

static bool read_count(struct defining *x, struct draft *d, struct scan *c, struct err *e)
{
    if (!scan_is(c, "of")) return define_fault(c->s, c->p, e, "\"of ENTITY\" is expected here");
    return read_entity(x, d, c, e) && scan_end(c, e);
}

/* The entity stands behind the keys: it is looked for first. */
static bool read_distinct(struct defining *x, struct draft *d, struct scan *c, struct err *e)
{
    int keys[16], levels[16], n = 0;
    const char *of = last_of(c);
    if (!of) return define_fault(c->s, c->end, e, "\"of ENTITY\" is expected here");
    struct scan tail = { c->s, of + 2, c->end };
    if (!read_entity(x, d, &tail, e)) return false;
    if (!scan_is(&tail, "per"))
        return define_fault(c->s, tail.p, e, "\"per LEVEL\" is expected here");
    if (!read_level(&tail, &d->f->scope_level, e)) return false;
    if (scan_is(&tail, "by")) {
        if (!scan_is(&tail, "year"))
            return define_fault(c->s, tail.p, e, "\"year\" is expected here");
        d->f->by_year = true;
    }
    c->end = of;
    do {
        if (n == 16) return define_fault(c->s, c->p, e, "a key has at most 16 fields");
        levels[n] = 0;
        if (!read_field(x, d, c, 0, &keys[n], e)) return false;
        const char *at = c->p;
        if (scan_is(c, "at")) {
            if (!read_level(c, &levels[n], e)) return false;
            if (d->f->map->field[keys[n]].type != F_PLACE)
                return define_fault(c->s, at, e, "only a place is taken at a level");
        }
        n++;
    } while (scan_mark(c, ","));
    int *all = arena_array(x->a, (size_t)n * 2, sizeof *all);
    memcpy(all, keys, (size_t)n * sizeof *all);
    memcpy(all + n, levels, (size_t)n * sizeof *all);
    d->f->distinct = all;
    d->f->distinct_level = all + n;
    d->f->n_distinct = n;
    return scan_end(c, e) && scan_end(&tail, e);
}

static bool read_where(struct defining *x, struct draft *d, struct scan *c, struct err *e)
{
    int line, column;
    skip_blank(c);
    define_place(c->s, c->p, &line, &column);
    return rule_parse(&d->f->where, c->p, (size_t)(c->end - c->p), line, column, &d->f->map->schema,
                      x->a, e) || rule_fault(c->s, e);
}

static bool read_flow(struct defining *x, struct draft *d, struct scan *c, struct err *e)
{
    struct figure *f = d->f;
    if (scan_is(c, "at")) {
        if (!read_field(x, d, c, F_DATE, &f->date_from, e)) return false;
        f->date_to = f->date_from;
        return scan_end(c, e);
    }
    if (!read_field(x, d, c, F_DATE, &f->date_from, e)) return false;
    if (!scan_mark(c, "..")) return define_fault(c->s, c->p, e, "\"..\" is expected here, or "
                                                 "\"flow at FIELD\"");
    return read_field(x, d, c, F_DATE, &f->date_to, e) && scan_end(c, e);
}

static bool read_stock(struct defining *x, struct draft *d, struct scan *c, struct err *e)
{
    struct figure *f = d->f;
    f->stock = true;
    if (scan_is(c, "always")) return scan_end(c, e);
    if (!scan_is(c, "from"))
        return define_fault(c->s, c->p, e, "\"from FIELD\" is expected here, or \"always\"");
    if (!read_field(x, d, c, F_DATE, &f->date_from, e)) return false;
    f->through = scan_is(c, "through");
    if (!f->through && !scan_is(c, "until")) return scan_end(c, e);
    return read_field(x, d, c, F_DATE, &f->date_to, e) && scan_end(c, e);
}

static int default_place(const struct table_map *m)
{
    if (m->place >= 0 && m->field[m->place].type == F_PLACE) return m->place;
    int own = map_field(m, "place");
    return own >= 0 && m->field[own].type == F_PLACE ? own : -1;
}

/* Dates, place, organisation, filter. */
static bool define_row(struct defining *x, struct draft *d, struct err *e)
{
    struct figure *f = d->f;
    struct scan *g = d->given;
    if (!!g[D_FLOW].p == !!g[D_STOCK].p)
        return define_fault(d->s, d->name_at, e,
                            "figure %s needs a flow line or a stock line, which say from what day "
                            "a row counts", f->name);
    if (g[D_WHERE].p && !read_where(x, d, &g[D_WHERE], e)) return false;
    if (g[D_FLOW].p && !read_flow(x, d, &g[D_FLOW], e)) return false;
    if (g[D_STOCK].p && !read_stock(x, d, &g[D_STOCK], e)) return false;
    if (f->stock && f->by_year)
        return define_fault(d->s, d->at[D_DISTINCT], e, "a stock is read on a day, not by year");
    f->place = default_place(f->map);
    if (g[D_PLACE].p && !(read_field(x, d, &g[D_PLACE], F_PLACE, &f->place, e) &&
                          scan_end(&g[D_PLACE], e)))
        return false;
    if (g[D_ORGANISATION].p && !(read_field(x, d, &g[D_ORGANISATION], F_REF, &f->organisation, e) &&
                                 scan_end(&g[D_ORGANISATION], e)))
        return false;
    f->rows_apart = f->kind != FIGURE_COUNT || (f->map->entity->flags & E_FACT);
    return true;
}

static bool one_kind(struct draft *d, struct err *e)
{
    static const enum figure_kind kinds[] = { [D_COUNT] = FIGURE_COUNT, [D_SUM] = FIGURE_SUM,
        [D_DISTINCT] = FIGURE_DISTINCT, [D_RATIO] = FIGURE_RATIO, [D_TOTAL] = FIGURE_TOTAL };
    for (int k = D_COUNT; k <= D_TOTAL; k++) {
        if (!d->given[k].p) continue;
        if (d->f->kind)
            return define_fault(d->s, d->at[k], e, "figure %s is already something else",
                                d->f->name);
        d->f->kind = kinds[k];
    }
    if (!d->f->kind)
        return define_fault(d->s, d->name_at, e,
                            "figure %s says neither count, sum, distinct, ratio nor total",
                            d->f->name);
    for (int k = D_WHERE; k < D_N && d->f->kind >= FIGURE_RATIO; k++)
        if (d->given[k].p)
            return define_fault(d->s, d->at[k], e, "a figure of figures has no %s of its own",
                                directives[k]);
    return true;
}

bool define_one(struct defining *x, struct draft *d, struct err *e)
{
    struct figure *f = d->f;
    struct scan *g = d->given;
    f->en = f->zh = NULL;
    f->unit = f->help_en = f->help_zh = "";
    f->date_from = f->date_to = f->place = f->organisation = -1;
    f->times = 1;
    d->decimals = -1;
    if (!one_kind(d, e)) return false;
    if (g[D_LABEL].p && !read_labels(x, &g[D_LABEL], &f->en, &f->zh, e)) return false;
    if (g[D_HELP].p && !read_labels(x, &g[D_HELP], &f->help_en, &f->help_zh, e)) return false;
    if (!f->en) f->en = f->name;
    if (!f->zh) f->zh = f->en;
    if (g[D_UNIT].p && !read_unit(x, d, &g[D_UNIT], e)) return false;
    switch (f->kind) {
    case FIGURE_COUNT: return read_count(x, d, &g[D_COUNT], e) && define_row(x, d, e);
    case FIGURE_SUM: return read_sum(x, d, &g[D_SUM], e) && define_row(x, d, e);
    case FIGURE_DISTINCT: return read_distinct(x, d, &g[D_DISTINCT], e) && define_row(x, d, e);
    default: return true;
    }
}

/* --- figures of figures --- */

static struct draft *find_draft(const struct defining *x, const struct word *w)
{
    for (size_t i = 0; i < x->n; i++)
        if (word_is(w, x->drafts[i]->f->name)) return x->drafts[i];
    return NULL;
}

static bool read_class(struct defining *x, struct scan *c, const char **out, struct err *e)
{
    struct word w;
    const struct code_list *list = x->mo->codes ? codes_get(x->mo->codes, "place_class") : NULL;
    if (!scan_word(c, &w)) return define_fault(c->s, c->p, e, "a class of places is expected here");
    *out = arena_strndup(x->a, w.p, w.n);
    if (!list || code_list_code(list, w.p, w.n)) return true;
    int n;
    const struct code *all = code_list_all(list, &n);
    const char **names = arena_array(x->a, (size_t)n, sizeof *names);
    for (int i = 0; i < n; i++) names[i] = all[i].code;
    return unknown(c->s, &w, "class of places", names, n, e);
}

#define MAX_TERMS 32

static bool read_terms(struct defining *x, struct scan *c, struct figure_term *terms, int *n,
                       struct err *e)
{
    for (int sign = 1;;) {
        struct word w;
        if (!scan_word(c, &w)) return define_fault(c->s, c->p, e, "a figure is expected here");
        struct draft *t = find_draft(x, &w);
        if (!t) {
            const char **names = arena_array(x->a, x->n, sizeof *names);
            for (size_t i = 0; i < x->n; i++) names[i] = x->drafts[i]->f->name;
            return unknown(c->s, &w, "figure", names, (int)x->n, e);
        }
        if (*n == MAX_TERMS) return define_fault(c->s, w.p, e, "there are more than 32 terms");
        struct figure_term *term = &terms[(*n)++];
        *term = (struct figure_term){ .of = t->f, .sign = sign };
        if (scan_is(c, "within") && !read_class(x, c, &term->within, e)) return false;
        if (term->within && t->f->kind == FIGURE_DISTINCT)
            return define_fault(c->s, w.p, e,
                                "%s is a distinct figure, which is never summed over the places "
                                "of a class", t->f->name);
        if (scan_mark(c, "+")) sign = 1;
        else if (scan_mark(c, "-")) sign = -1;
        else return true;
    }
}

bool define_terms(struct defining *x, struct draft *d, struct err *e)
{
    struct figure *f = d->f;
    struct figure_term terms[MAX_TERMS];
    int n = 0;
    if (f->kind < FIGURE_RATIO) return true;
    struct scan *c = &d->given[f->kind == FIGURE_RATIO ? D_RATIO : D_TOTAL];
    if (!read_terms(x, c, terms, &n, e)) return false;
    f->n_upper = n;
    if (f->kind == FIGURE_RATIO) {
        if (!scan_mark(c, "/")) return define_fault(c->s, c->p, e, "\"/\" is expected here");
        if (!read_terms(x, c, terms, &n, e)) return false;
        if (scan_is(c, "times") && (!scan_number(c, &f->times) || f->times < 1))
            return define_fault(c->s, c->p, e, "a whole number is expected here");
        f->scale = d->decimals > 0 ? d->decimals : 0;
    }
    f->n_terms = n;
    size_t size = (size_t)n * sizeof *terms;
    f->terms = memcpy(arena_alloc(x->a, size), terms, size);
    return scan_end(c, e);
}

static struct draft *draft_of(const struct defining *x, const struct figure *f)
{
    for (size_t i = 0; i < x->n; i++)
        if (x->drafts[i]->f == f) return x->drafts[i];
    return NULL;
}

static bool limited(const struct figure *f)
{
    for (int i = 0; i < f->n_terms; i++)
        if (f->terms[i].within || limited(f->terms[i].of)) return true;
    return false;
}

static bool has_distinct(const struct figure *f)
{
    if (f->kind == FIGURE_DISTINCT) return true;
    for (int i = 0; i < f->n_terms; i++)
        if (has_distinct(f->terms[i].of)) return true;
    return false;
}

static bool settle(struct defining *x, struct draft *d, struct err *e)
{
    struct figure *f = d->f;
    const char *at = d->at[f->kind == FIGURE_RATIO ? D_RATIO : D_TOTAL];
    if (f->kind < FIGURE_RATIO || d->state == 2) return true;
    if (d->state == 1) return define_fault(d->s, at, e, "figure %s depends on itself", f->name);
    d->state = 1;
    for (int i = 0; i < f->n_terms; i++) {
        const struct figure_term *t = &f->terms[i];
        if (!settle(x, draft_of(x, t->of), e)) return false;
        if (t->within && limited(t->of))
            return define_fault(d->s, at, e, "%s is already limited to a class", t->of->name);
        if (t->within && has_distinct(t->of))
            return define_fault(d->s, at, e,
                                "%s holds a distinct figure, which is never summed over the "
                                "places of a class", t->of->name);
        if (f->kind == FIGURE_TOTAL && t->of->scale > f->scale) f->scale = t->of->scale;
    }
    d->state = 2;
    return true;
}

bool define_scales(struct defining *x, struct err *e)
{
    for (size_t i = 0; i < x->n; i++)
        if (!settle(x, x->drafts[i], e)) return false;
    return true;
}
