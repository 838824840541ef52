/* The rows behind a figure. SQL narrows to the place's counties, the filter and the dates; whether
 * a row counts, and for how much, is then said by the same code that makes the cells. */
#include <stdlib.h>
#include <string.h>

#include "figure/read.h"

struct term { const struct figure *f; int sign; const char *within; struct region region; };
struct terms { struct term *at; size_t n, cap; struct arena *a; };

static void push_term(struct terms *t, const struct figure *f, int sign, const char *within)
{
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 8;
        struct term *more = arena_array(t->a, t->cap, sizeof *more);
        if (t->n) memcpy(more, t->at, t->n * sizeof *more);
        t->at = more;
    }
    t->at[t->n++] = (struct term){ .f = f, .sign = sign, .within = within };
}

/* Figures with rows of their own, those of figures of figures in their order. */
static void gather_terms(struct terms *t, const struct figure *f, int sign, const char *within)
{
    if (f->map) push_term(t, f, sign, within);
    for (int i = 0; i < f->n_terms; i++)
        gather_terms(t, f->terms[i].of, sign * f->terms[i].sign,
                     f->terms[i].within ? f->terms[i].within : within);
}

struct explaining {
    struct reading r;
    const struct scope *scope;
    struct terms terms;
    int64_t pending;
    explain_fn *fn;
    void *arg;
};

/* --- the query of one term --- */

/* Values are parameters: the text is then the same for every claim of a figure, and prepared once. */
struct page_sql { struct buf text; struct val v[16]; int n; };

static void add_param(struct page_sql *s, int64_t v)
{
    s->v[s->n++] = val_int(v);
    buf_printf(&s->text, "?%d", s->n);
}

static const char *column(const struct figure *f, int field)
{
    return f->map->table.cols[f->map->column[field]].name;
}

static void add_bound(struct page_sql *s, const char *name, const char *order, int32_t day)
{
    buf_printf(&s->text, " and (%s is null or %s %s ", name, name, order);
    add_param(s, day);
    buf_char(&s->text, ')');
}

static void add_either(struct page_sql *s, const char *from, const char *to, const char *order,
                       int32_t day)
{
    buf_printf(&s->text, " and (%s is null or %s is null or %s %s ", from, to, from, order);
    add_param(s, day);
    buf_printf(&s->text, " or %s %s ?%d)", to, order, s->n);
}

/* Rows that may count in the period; an interval the wrong way round is not missed. */
static void add_dates(struct page_sql *s, const struct figure *f, const struct figure_query *q)
{
    if (figure_always(f)) return;
    const char *from = column(f, f->date_from);
    if (f->stock) {
        add_bound(s, from, "<=", q->to);
        if (f->date_to >= 0)
            add_bound(s, column(f, f->date_to), f->through ? ">=" : ">", q->to);
        return;
    }
    const char *to = column(f, f->date_to);
    if (q->from > DATE_MIN) add_either(s, from, to, ">=", q->from);
    if (q->to < DATE_MAX) add_either(s, from, to, "<=", q->to);
}

/* Only where the rows' counties are those of the place they count at can the county narrow. */
static bool by_home(const struct figure *f)
{
    return f->place < 0 || (f->map->place_near && f->place == f->map->place);
}

static void add_between(struct page_sql *s, const char *head, int64_t lo, int64_t hi)
{
    buf_printf(&s->text, "%s between ", head);
    add_param(s, lo);
    buf_str(&s->text, " and ");
    add_param(s, hi);
}

static void add_place(struct page_sql *s, const struct term *t)
{
    const struct region *g = &t->region;
    if (g->n == 0 || (g->at[0].lo == 0 && g->n == 1)) return;
    int64_t lo = g->at[0].lo, hi = g->at[g->n - 1].hi;
    if (by_home(t->f)) {
        add_between(s, " and county", lo / 1000000, hi / 1000000);
    } else {
        const char *place = column(t->f, t->f->place);
        buf_printf(&s->text, " and (%s is null or %s", place, place);
        add_between(s, "", lo, hi);
        buf_char(&s->text, ')');
    }
}

/* One organisation is found by its index; between the first and the last of several lies nearly everything, so
 * that their index, which the plus sign keeps out, would only take the rows out of order. */
static void add_orgs(struct page_sql *s, const struct figure *f, const struct reading *r)
{
    const int64_t first = r->orgs[0], last = r->orgs[r->n_orgs - 1];
    if (first == 0) return;
    buf_printf(&s->text, first == last ? " and %s" : " and +%s", column(f, f->organisation));
    if (first == last) {
        buf_str(&s->text, " = ");
        add_param(s, first);
    } else {
        add_between(s, "", first, last);
    }
}

/* Few rows are the organisations' own; without this all would be read to find them. */
static void add_own(struct page_sql *s, const struct figure *f, const struct reading *r)
{
    buf_printf(&s->text, " and (%s in (", column(f, f->organisation));
    for (size_t i = 0; i < r->n_own_orgs; i++)
        buf_printf(&s->text, "%s%lld", i ? ", " : "", (long long)r->own_orgs[i]);
    buf_char(&s->text, ')');
    const char *place = by_home(f) ? NULL : column(f, f->place);
    buf_str(&s->text, " or ");
    ranges_sql(&s->text, place ? NULL : "county", place, r->own->at, (int)r->own->n);
    if (place) buf_printf(&s->text, " or %s is null", place);
    buf_char(&s->text, ')');
}

static void compose(struct page_sql *s, const struct explaining *x, const struct term *t,
                    const struct explain_page *page, int64_t limit)
{
    const struct table *table = &t->f->map->table;
    s->n = 0;
    buf_init(&s->text, (size_t)1 << 20);
    buf_str(&s->text, "select ");
    for (int i = 0; i < table->n; i++)
        buf_printf(&s->text, "%s%s", i ? ", " : "", table->cols[i].name);
    buf_printf(&s->text, " from %s where draft = 0 and load <> ", t->f->map->from);
    add_param(s, x->pending);
    if (page->after_county || page->after_id) {
        buf_str(&s->text, " and (county, id) > (");
        add_param(s, page->after_county);
        buf_str(&s->text, ", ");
        add_param(s, page->after_id);
        buf_char(&s->text, ')');
    }
    add_place(s, t);
    add_dates(s, t->f, x->r.q);
    add_orgs(s, t->f, &x->r);
    if (x->r.own && t->f->organisation >= 0 && x->r.n_own_orgs) add_own(s, t->f, &x->r);
    if (t->f->where) {
        buf_str(&s->text, " and (");
        rule_sql(t->f->where, store_engine(db_store(x->r.d)), "", &s->text);
        buf_char(&s->text, ')');
    }
    if (x->scope)
        published_sql(&s->text, x->scope, x->r.c->model, t->f->map, store_engine(db_store(x->r.d)));
    buf_str(&s->text, " order by county, id");
    if (limit) {
        buf_str(&s->text, " limit ");
        add_param(s, limit);
    }
}

/* --- its rows --- */

static bool among(const int64_t *ids, size_t n, int64_t id)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (ids[mid] == id) return true;
        if (ids[mid] < id) lo = mid + 1;
        else hi = mid;
    }
    return false;
}

static bool has_org(const struct reading *r, int64_t org)
{
    return r->orgs[0] == 0 || among(r->orgs, r->n_orgs, org);
}

/* What a scope adds up: its places, and its organisations' rows elsewhere. */
static bool held(const struct reading *r, const struct hit *h)
{
    return !r->own || region_has(r->own, h->place) || among(r->own_orgs, r->n_own_orgs, h->org);
}

/* Whether the row counts, or may count, in the query; and what it surely or by its last day adds. */
static bool counts(const struct explaining *x, const struct term *t, const struct val *row,
                   int64_t *value)
{
    const struct figure_query *q = x->r.q;
    struct hit h;
    if (!row_hit(t->f, row, &h) || !region_has(&t->region, h.place) || !has_org(&x->r, h.org) ||
        !held(&x->r, &h))
        return false;
    *value = h.known ? h.value : 0;
    if (t->f->stock) return h.from <= q->to && (!h.ends || h.to > q->to);
    if (h.to < q->from || h.from > q->to) return false;
    if (h.to > q->to) *value = 0;
    return true;
}

struct streaming {
    const struct explaining *x;
    const struct term *t;
    const struct past_row *past; size_t n_past; /* rows as they were, still to be given */
    rows_fn *fn;
    void *arg;
};

static bool give_counting(struct streaming *s, const struct val *row, struct err *e)
{
    int64_t value;
    return !counts(s->x, s->t, row, &value) || s->fn(s->arg, row, value, e);
}

/* Rows as they were, up to a row of today; NULL = all. */
static bool give_past(struct streaming *s, const struct val *until, struct err *e)
{
    while (s->n_past) {
        const struct past_row *p = s->past;
        if (until && (p->county > until[ROW_COUNTY].i ||
                      (p->county == until[ROW_COUNTY].i && p->id > until[ROW_ID].i)))
            return true;
        s->past++;
        s->n_past--;
        if (!give_counting(s, p->row, e)) return false;
    }
    return true;
}

static bool stream_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct streaming *s = arg;
    const struct past *past = s->x->r.c->past;
    (void)n;
    if (!past) return give_counting(s, row, e);
    return give_past(s, row, e) &&
           (past_changed(past, s->t->f->map, row) || give_counting(s, row, e));
}

static bool asks_org(const struct explaining *x, const struct term *t)
{
    return x->r.orgs[0] == 0 || t->f->organisation >= 0;
}

static bool stream_term(const struct explaining *x, const struct term *t,
                        const struct explain_page *page, rows_fn *fn, void *arg, struct err *e)
{
    struct page_sql s;
    struct streaming st = { .x = x, .t = t, .fn = fn, .arg = arg };
    if (t->region.n == 0 || !asks_org(x, t)) return true;
    if (x->r.c->past) st.past = past_rows(x->r.c->past, t->f->map, &st.n_past);
    compose(&s, x, t, page, 0);
    struct stmt composed = stmt_composed(STMT_SCATTER, s.text.p);
    bool ok = db_query(x->r.d, &composed, s.v, s.n, stream_row, &st, e) && give_past(&st, NULL, e);
    buf_free(&s.text);
    return ok;
}

bool read_rows(struct reading *r, const struct figure *f, const struct region *g, rows_fn *fn,
               void *arg, struct err *e)
{
    static const struct explain_page all = { 0, 0, 0 };
    struct explaining x = { .r = *r };
    struct term t = { .f = f, .sign = 1, .region = *g };
    return load_pending(r->d, &x.pending, e) && stream_term(&x, &t, &all, fn, arg, e);
}

struct telling { const struct explaining *x; const struct term *t; };

static bool tell_row(void *arg, const struct val *row, int64_t value, struct err *e)
{
    const struct telling *s = arg;
    const struct term *t = s->t;
    return s->x->fn(s->x->arg, t->f, t->sign, t->within, t->f->map, row, value, e);
}

/* --- pages --- */

/* Rows of one term, fetched in pieces until there are enough. */
struct kept { struct val *row; int64_t value; };
struct fetch {
    struct explaining *x;
    struct term *t;
    struct kept *at; size_t n, cap;
    size_t next;               /* first one not given yet */
    struct explain_page after; /* the last row seen, counted or not */
    int64_t seen;
};

static bool keep_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct fetch *f = arg;
    struct arena *a = f->x->r.a;
    int64_t value;
    (void)e;
    f->seen++;
    f->after.after_county = row[ROW_COUNTY].i;
    f->after.after_id = row[ROW_ID].i;
    if (!counts(f->x, f->t, row, &value)) return true;
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 64;
        struct kept *more = arena_array(a, f->cap, sizeof *more);
        if (f->n) memcpy(more, f->at, f->n * sizeof *more);
        f->at = more;
    }
    struct val *copy = arena_array(a, (size_t)n, sizeof *copy);
    for (int i = 0; i < n; i++) {
        copy[i] = row[i];
        if (row[i].type == VAL_TEXT || row[i].type == VAL_BLOB)
            copy[i].p = arena_strndup(a, row[i].p, row[i].n);
    }
    f->at[f->n++] = (struct kept){ copy, value };
    return true;
}

static bool fetch_term(struct fetch *f, const struct explain_page *page, struct err *e)
{
    f->after = *page;
    if (f->t->region.n == 0 || !asks_org(f->x, f->t)) return true;
    do {
        struct page_sql s;
        int64_t piece = page->limit - (int64_t)f->n;
        if (piece < 64) piece = 64;
        compose(&s, f->x, f->t, &f->after, piece);
        struct stmt composed = stmt_composed(STMT_SCATTER, s.text.p);
        f->seen = 0;
        bool ok = db_query(f->x->r.d, &composed, s.v, s.n, keep_row, f, e);
        buf_free(&s.text);
        if (!ok) return false;
        if (f->seen < piece) break;
    } while ((int64_t)f->n < page->limit);
    return true;
}

static int compare_rows(const struct val *a, const struct val *b)
{
    if (a[ROW_COUNTY].i != b[ROW_COUNTY].i) return a[ROW_COUNTY].i < b[ROW_COUNTY].i ? -1 : 1;
    return a[ROW_ID].i < b[ROW_ID].i ? -1 : a[ROW_ID].i > b[ROW_ID].i;
}

/* The fetched rows of all terms in one order, to the limit and on to the end of equal ones. */
static bool give_merged(struct explaining *x, struct fetch *fetches, int64_t limit, struct err *e)
{
    const struct val *last = NULL;
    for (int64_t given = 0;; given++) {
        struct fetch *least = NULL;
        for (size_t i = 0; i < x->terms.n; i++) {
            struct fetch *f = &fetches[i];
            if (f->next == f->n) continue;
            if (!least || compare_rows(f->at[f->next].row, least->at[least->next].row) < 0)
                least = f;
        }
        if (!least) return true;
        const struct kept *k = &least->at[least->next++];
        if (given >= limit && compare_rows(last, k->row) != 0) return true;
        last = k->row;
        if (!x->fn(x->arg, least->t->f, least->t->sign, least->t->within, least->t->f->map, k->row,
                   k->value, e))
            return false;
    }
}

static bool explain_page(struct explaining *x, const struct explain_page *page, struct err *e)
{
    struct fetch *fetches = arena_array(x->r.a, x->terms.n, sizeof *fetches);
    for (size_t i = 0; i < x->terms.n; i++) {
        fetches[i] = (struct fetch){ .x = x, .t = &x->terms.at[i] };
        if (!fetch_term(&fetches[i], page, e)) return false;
    }
    return give_merged(x, fetches, page->limit, e);
}

static bool explain_start(struct explaining *x, const struct figure_context *c, struct db *d,
                          const struct figure_query *q, struct arena *a, struct err *e)
{
    const struct figure *f = figures_find(c->figures, q->name);
    if (!f) return err_set(e, ERR_NOT_FOUND, "there is no figure \"%s\"", q->name);
    x->terms.a = a;
    gather_terms(&x->terms, f, 1, NULL);
    if (!reading_start(&x->r, c, d, a, q, e) || !load_pending(d, &x->pending, e)) return false;
    return true;
}

/* Where the rows lie that are shown: no more than the scope holds. */
static bool explain_gate(struct explaining *x, const struct scope *scope, struct figure_query *q,
                         bool *open, struct err *e)
{
    const struct figure *f = figures_find(x->r.c->figures, q->name);
    enum gate gate;
    const char *why;
    if (!gate_open(&x->r, scope, f, q, &gate, &why, e)) return false;
    *open = gate == GATE_OPEN;
    for (size_t i = 0; *open && i < x->terms.n; i++) {
        struct term *t = &x->terms.at[i];
        if (!region_of(x->r.c, x->r.d, q->place, t->within, q->to, x->r.a, &t->region, e)) return false;
        if (x->r.own && (t->f->organisation < 0 || !x->r.n_own_orgs))
            t->region = region_cut(&t->region, x->r.own, x->r.a);
    }
    return true;
}

bool figure_explain(const struct figure_context *c, struct db *d, const struct scope *scope,
                    const struct figure_query *q, const struct explain_page *page, explain_fn *fn,
                    void *arg, struct err *e)
{
    struct explaining x = { .scope = scope, .fn = fn, .arg = arg };
    struct figure_query one = *q;
    struct arena a;
    one.by = 0;
    arena_init(&a, 0);
    bool open = false;
    bool ok = explain_start(&x, c, d, &one, &a, e) && explain_gate(&x, scope, &one, &open, e);
    if (!ok || !open) x.terms.n = 0;
    if (ok && open && page->limit > 0) ok = explain_page(&x, page, e);
    for (size_t i = 0; ok && page->limit <= 0 && i < x.terms.n; i++) {
        struct telling s = { &x, &x.terms.at[i] };
        ok = stream_term(&x, s.t, page, tell_row, &s, e);
    }
    arena_free(&a);
    return ok;
}

struct digesting { struct digest d; int64_t rows; };

static bool digest_row(void *arg, const struct figure *f, int sign, const char *within,
                       const struct table_map *m, const struct val *row, int64_t value,
                       struct err *e)
{
    struct digesting *g = arg;
    int64_t name[3] = { row[ROW_COUNTY].i, row[ROW_ID].i, row[m->columns].i };
    (void)f;
    (void)sign;
    (void)within;
    (void)value;
    (void)e;
    digest_add(&g->d, name, sizeof name);
    g->rows++;
    return true;
}

bool figure_digest(const struct figure_context *c, struct db *d, const struct scope *scope,
                   const struct figure_query *q, int64_t *rows, unsigned char out[DIGEST_LEN], struct err *e)
{
    struct digesting g = { .rows = 0 };
    struct explain_page all = { 0, 0, 0 };
    const struct figure *f = figures_find(c->figures, q->name);
    digest_init(&g.d);
    if (f) digest_add(&g.d, f->digest, DIGEST_LEN);
    if (!figure_explain(c, d, scope, q, &all, digest_row, &g, e)) return false;
    digest_done(&g.d, out);
    *rows = g.rows;
    return true;
}
