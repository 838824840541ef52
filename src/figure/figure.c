/* Reading a figure, and showing it. */
#include <string.h>

#include "base/money.h"
#include "figure/read.h"

static bool find(const struct figure_context *c, const char *name, const struct figure **out,
                 struct err *e)
{
    *out = figures_find(c->figures, name);
    if (*out) return true;
    const char *near = figures_nearest(c->figures, name);
    return err_set(e, ERR_NOT_FOUND, "there is no figure \"%s\"%s%s%s", name,
                   near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* One snapshot for all statements of a read; a transaction that is open already will do. */
static bool snapshot(struct db *d, bool *own, struct err *e)
{
    struct err mine = { 0 };
    *own = db_begin_read(d, &mine);
    if (*own || mine.code == ERR_INTERNAL) return true;
    if (e) *e = mine;
    return false;
}

static void not_given(const struct figure_query *q, const char *why, struct arena *a,
                      struct values *out)
{
    *out = (struct values){ arena_array(a, 1, sizeof *out->at), 0 };
    if (q->by) return;
    out->at[out->n++] = (struct figure_value){ .place = q->place, .why = why };
}

static bool read_gated(struct reading *r, const struct scope *s, const struct figure *f,
                       struct figure_query *q, struct values *out, struct err *e)
{
    enum gate gate;
    const char *why = "";
    if (!gate_open(r, s, f, q, &gate, &why, e)) return false;
    if (gate == GATE_SHUT) {
        not_given(q, why, r->a, out);
        return true;
    }
    bool ok = gate == GATE_MASKED ? mask_read(r, f, out, e) : read_figure(r, f, NULL, out, e);
    if (ok && q->by && r->own) gate_places(s, out);
    return ok;
}

static bool read_values(const struct figure_context *c, struct db *d, const struct scope *scope,
                        const struct figure_query *asked, struct arena *a, struct values *out,
                        struct err *e)
{
    const struct figure *f;
    struct figure_query q = *asked;
    struct reading r;
    bool own;
    if (!find(c, q.name, &f, e) || !snapshot(d, &own, e)) return false;
    bool ok = reading_start(&r, c, d, a, &q, e) && read_gated(&r, scope, f, &q, out, e);
    if (own) db_end_read(d);
    return ok;
}

bool figure_read(const struct figure_context *c, struct db *d, const struct scope *scope,
                 const struct figure_query *q, struct figure_value *out, struct err *e)
{
    struct figure_query one = *q;
    struct values v = { 0 };
    struct arena a;
    one.by = 0;
    arena_init(&a, 0);
    bool ok = read_values(c, d, scope, &one, &a, &v, e);
    if (ok) *out = v.at[0];
    arena_free(&a);
    return ok;
}

bool figure_read_by(const struct figure_context *c, struct db *d, const struct scope *scope,
                    const struct figure_query *q, figure_fn *fn, void *arg, struct err *e)
{
    struct values v = { 0 };
    struct arena a;
    arena_init(&a, 0);
    bool ok = read_values(c, d, scope, q, &a, &v, e);
    for (size_t i = 0; ok && i < v.n; i++) ok = fn(arg, &v.at[i], e);
    arena_free(&a);
    return ok;
}

bool figure_terms(const struct figure_context *c, struct db *d, const struct figure_query *q,
                  struct figure_value out[FIGURE_MAX_TERMS], struct err *e)
{
    const struct figure *f;
    struct figure_query one = *q;
    struct reading r;
    struct arena a;
    bool own;
    one.by = 0;
    if (!find(c, q->name, &f, e) || !snapshot(d, &own, e)) return false;
    arena_init(&a, 0);
    bool ok = reading_start(&r, c, d, &a, &one, e) && read_term_values(&r, f, out, e);
    if (own) db_end_read(d);
    arena_free(&a);
    return ok;
}

/* 1,234,567.50; decimals that are all 0 are left out where nobody declared them. */
static void grouped(struct buf *b, int64_t v, int scale, bool trim)
{
    char text[DECIMAL_TEXT];
    size_t n = decimal_format(v, scale, text), whole = strcspn(text, "."), i = 0;
    if (trim && strspn(text + whole, ".0") == n - whole) n = whole;
    if (text[0] == '-') buf_char(b, text[i++]);
    for (; i < n; i++) {
        buf_char(b, text[i]);
        size_t left = whole - i - 1;
        if (i + 1 < whole && left % 3 == 0) buf_char(b, ',');
    }
}

static void with_unit(struct buf *b, const struct figure *f)
{
    if (strcmp(f->unit, "percent") == 0) buf_char(b, '%');
    else if (*f->unit) buf_printf(b, " %s", f->unit);
}

const char *figure_print(const struct figure *f, const struct figure_value *v, struct arena *a)
{
    struct buf b;
    if (!v->known) return v->why && *v->why ? v->why : "unknown";
    buf_init(&b, 400);
    if (v->qualifier != Q_EQ) buf_printf(&b, "%s ", qualifier_sign(v->qualifier));
    grouped(&b, v->value, v->scale, f->kind != FIGURE_RATIO);
    with_unit(&b, f);
    return arena_take(a, &b);
}

const char *figure_rests_on(const struct figure_value *v)
{
    if (v->rows <= 0) return "no records";
    if (v->recorded == v->rows) return "recorded";
    if (v->restated == v->rows) return "restated";
    if (v->synthetic == v->rows) return "synthetic";
    if (v->derived == v->rows) return "derived back";
    return v->recorded + v->restated + v->synthetic + v->derived ? "mixed" : "not told";
}
