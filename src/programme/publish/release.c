/* Making a release: all figures in one snapshot, then its rows in one transaction. */
#include "programme/publish/release.h"

#include <stdlib.h>
#include <string.h>

#include "store/journal.h"

struct making {
    const struct release_world *w;
    const struct release_wish *wish;
    struct release_made *made;
    struct arena a;
    struct buf b;                            /* the body under way */
    struct seal figures, claims, changes, heads; /* kept until they are counted */
    struct seal lines;                       /* the release itself */
    size_t n_definitions;
    struct past_cut *cut;                    /* the same heads, when it is of an earlier instant */
    struct release_world then;               /* what was given, as whom it is read, perhaps as it was */
    struct figure_context context;
    struct past *past;
    struct release_row earlier;
    unsigned char *defined;                  /* by position in figures_at: 0 no, 1 wanted, 2 added */
};

/* --- parts --- */

static struct seal_line *add(struct making *m, struct seal *to, const char *kind)
{
    struct seal_line *l = seal_add(to, kind, &m->b);
    buf_clear(&m->b);
    return l;
}

static unsigned char *defined(struct making *m, const struct figure *f)
{
    const struct figures *all = m->w->context->figures;
    int i = 0;
    while (figures_at(all, i) != f) i++;
    return &m->defined[i];
}

static void want_definition(struct making *m, const struct figure *f)
{
    unsigned char *done = defined(m, f);
    if (*done) return;
    *done = 1;
    m->n_definitions++;
    for (int i = 0; i < f->n_terms; i++) want_definition(m, f->terms[i].of);
}

/* Figures that others are made of come first; there are no circles. */
static void add_definition(struct making *m, const struct figure *f)
{
    unsigned char *done = defined(m, f);
    if (*done == 2) return;
    *done = 2;
    for (int i = 0; i < f->n_terms; i++) add_definition(m, f->terms[i].of);
    release_definition_body(f, &m->b);
    add(m, &m->lines, "definition")->figure = f->name;
}

static bool read_figures(struct making *m, struct err *e)
{
    for (size_t i = 0; i < m->wish->n; i++) {
        const struct figure_query *q = &m->wish->queries[i];
        if (!release_figure_body(m->w, q, &m->b, e)) return err_context(e, "%s", q->name);
        const struct figure *f = figures_find(m->w->context->figures, q->name);
        struct seal_line *l = add(m, &m->figures, "figure");
        l->figure = f->name;
        l->place = q->place;
        want_definition(m, f);
    }
    return true;
}

static bool keep_claim(void *arg, const struct claim_result *r, struct err *e)
{
    struct making *m = arg;
    (void)e;
    release_claim_body(r, &m->b);
    add(m, &m->claims, "claim");
    return true;
}

static bool read_claims(struct making *m, struct err *e)
{
    const struct release_wish *x = m->wish;
    if (!x->claims) return true;
    if (!claims_check(m->w->context, m->w->db, m->w->scope, x->claims_source, keep_claim, m, e)) return false;
    return m->claims.n > 0 ||
           err_set(e, ERR_NOT_FOUND, "there is no claim%s%s", x->claims_source ? " of " : "",
                   x->claims_source ? x->claims_source : "");
}

static bool read_heads(struct making *m, struct err *e)
{
    struct buf text;
    buf_init(&text, (size_t)1 << 20);
    bool ok = m->wish->as_of ? journal_heads_at(m->w->db, m->wish->as_of, &text, e)
                             : journal_heads(m->w->db, &text, e);
    m->cut = arena_array(&m->a, text.n / 64 + 1, sizeof *m->cut); /* a line is longer than 64 bytes */
    for (const char *line = text.p; ok && *line;) {
        size_t n = strcspn(line, "\n");
        char *end;
        m->cut[m->heads.n].writer = strtoll(line, &end, 10);
        m->cut[m->heads.n].seq = strtoll(end, NULL, 10);
        release_head_body(line, n, &m->b);
        add(m, &m->heads, "head");
        line += n + (line[n] == '\n');
    }
    buf_free(&text);
    return ok;
}

static bool read_changes(struct making *m, struct err *e)
{
    const char *corrects = m->wish->corrects;
    if (!corrects) return true;
    if (!release_changes(m->w->db, m->earlier.id, &m->figures, &m->changes, e)) return false;
    return m->changes.n > 0 ||
           err_set(e, ERR_INVALID, "no figure differs from the release %s: there is nothing to "
                   "correct", corrects);
}

/* --- the lines in their order --- */

static void add_all(struct making *m, const struct seal *from)
{
    for (size_t i = 0; i < from->n; i++) {
        const struct seal_line *l = &from->at[i];
        buf_add(&m->b, l->body, l->n);
        struct seal_line *to = add(m, &m->lines, l->kind);
        to->figure = l->figure;
        to->place = l->place;
    }
}

static void chain(struct making *m)
{
    const struct figures *all = m->w->context->figures;
    const struct release_counts counts = { m->n_definitions, m->figures.n, m->claims.n,
                                           m->changes.n, m->heads.n };
    release_header_body(m->wish, m->made->as_of, m->earlier.head, &counts, &m->b);
    add(m, &m->lines, "release");
    for (int i = 0; i < figures_count(all); i++)
        if (m->defined[i]) add_definition(m, figures_at(all, i));
    add_all(m, &m->figures);
    add_all(m, &m->claims);
    add_all(m, &m->changes);
    add_all(m, &m->heads);
    m->made->figures = m->figures.n;
    m->made->claims = m->claims.n;
    m->made->changes = m->changes.n;
    digest_hex(m->lines.head, DIGEST_LEN, m->made->head);
}

/* --- the wish --- */

static bool given(const char *s)
{
    return s && *s;
}

static bool name_is_free(struct making *m, struct err *e)
{
    const char *name = m->wish->name;
    struct release_row same;
    struct err missing = { 0 };
    if (release_find(m->w->db, &scope_all, name, &m->a, &same, &missing))
        return err_set(e, ERR_CONFLICT, "there is a release %s already; a correction is a new one "
                       "that says --corrects %s", name, name);
    if (missing.code == ERR_NOT_FOUND) return true;
    *e = missing;
    return false;
}

static bool wish_fits(struct making *m, struct err *e)
{
    const struct release_wish *x = m->wish;
    if (!given(x->name)) return err_set(e, ERR_USAGE, "a release needs a name");
    if (!given(x->by)) return err_set(e, ERR_USAGE, "who makes it? --by WHO");
    if (!x->n && !x->claims) return err_set(e, ERR_USAGE, "a release of nothing");
    if (!name_is_free(m, e)) return false;
    if (!x->corrects)
        return !given(x->reason) || err_set(e, ERR_USAGE, "a reason is for a correction: say which "
                                            "release, --corrects NAME");
    if (!given(x->reason))
        return err_set(e, ERR_USAGE, "why is %s corrected? --reason TEXT", x->corrects);
    return release_find(m->w->db, &scope_all, x->corrects, &m->a, &m->earlier, e);
}

/* Now, or as it was: then the figures come from rows instead of cells. */
static bool set_instant(struct making *m, struct err *e)
{
    int64_t now = clock_now(&m->w->clock), at = m->wish->as_of;
    m->made->as_of = at ? at : now;
    if (at > now) return err_set(e, ERR_USAGE, "that instant is still to come");
    if (!read_heads(m, e)) return false;
    if (!at) return true;
    if (!past_open(&m->past, m->w->model, m->w->db, m->cut, m->heads.n, e)) return false;
    m->context = *m->w->context;
    m->context.past = m->past;
    m->then.context = &m->context;
    return true;
}

static bool read_all(struct making *m, struct err *e)
{
    bool ok = db_begin_read(m->w->db, e);
    ok = ok && wish_fits(m, e) && set_instant(m, e) && read_figures(m, e) && read_claims(m, e) &&
         read_changes(m, e);
    db_end_read(m->w->db);
    past_close(m->past);
    return ok;
}

bool release_make(const struct release_world *w, const struct release_wish *wish,
                  struct release_made *out, struct err *e)
{
    struct making m = { .w = &m.then, .then = *w, .wish = wish, .made = out };
    struct seal *const lists[] = { &m.figures, &m.claims, &m.changes, &m.heads, &m.lines };
    m.then.scope = release_scope(wish->offices);
    *out = (struct release_made){ 0 };
    arena_init(&m.a, (size_t)4 << 30);
    buf_init(&m.b, (size_t)1 << 20);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) seal_start(lists[i], &m.a, NULL);
    m.defined = arena_array(&m.a, (size_t)figures_count(w->context->figures) + 1, 1);
    bool ok = read_all(&m, e);
    if (ok) {
        chain(&m);
        ok = release_put(w, wish, m.earlier.id, &m.lines, out, e);
    }
    buf_free(&m.b);
    arena_free(&m.a);
    return ok;
}
