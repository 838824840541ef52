/* A release against the store that it was made from. */
#include "programme/publish/release_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"

struct list { const struct json **at; size_t n, cap; };
struct proving {
    const struct release_world *w;
    struct arena *a;
    struct faults *told;
    struct release_proof *proof;
    const struct scope *scope;     /* as whom its figures were read */
    struct list definitions, figures, heads;
};

static bool keep(void *arg, const char *kind, struct json *line, struct err *e)
{
    struct proving *p = arg;
    struct list *l = !strcmp(kind, "definition") ? &p->definitions
                   : !strcmp(kind, "figure")     ? &p->figures
                   : !strcmp(kind, "head")       ? &p->heads
                                                 : NULL;
    (void)e;
    if (!l) return true;
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 64;
        const struct json **more = arena_array(p->a, l->cap, sizeof *more);
        if (l->n) memcpy(more, l->at, l->n * sizeof *more);
        l->at = more;
    }
    l->at[l->n++] = line;
    return true;
}

/* The cut that the heads make; a head that is not in the store's chains is a fault. */
static bool read_cut(struct proving *p, struct past_cut *cut, struct err *e)
{
    for (size_t i = 0; i < p->heads.n; i++) {
        const struct json *h = p->heads.at[i];
        unsigned char hash[DIGEST_LEN] = { 0 };
        const char *writer = release_member(h, "writer", p->a), *seq = release_member(h, "seq", p->a);
        const char *hex = release_member(h, "head", p->a);
        bool has;
        cut[i] = (struct past_cut){ strtoll(writer, NULL, 10), strtoll(seq, NULL, 10) };
        if (strlen(hex) != 2 * DIGEST_LEN || !digest_unhex(hex, 2 * DIGEST_LEN, hash)) hash[0] = 0;
        if (!journal_has(p->w->db, cut[i].writer, cut[i].seq, hash, &has, e)) return false;
        if (has) continue;
        fault_tell(p->told, "the journal's chain of writer %s has no entry %s with the hash that the "
                   "release names: it is of another store, or the chain was changed", writer, seq);
    }
    return true;
}

/* --- one figure --- */

static bool read_day(const char *text, int32_t absent, int32_t *out)
{
    *out = absent;
    return !*text || date_parse(text, strlen(text), DATE_EXACT, out);
}

static bool read_query(struct proving *p, const struct json *line, struct figure_query *q,
                       struct err *e)
{
    const struct table_map *m = model_find(p->w->model, "organisation");
    const char *org = release_member(line, "organisation", p->a);
    int64_t county;
    *q = (struct figure_query){ .name = release_member(line, "figure", p->a),
        .place = strtoll(release_member(line, "place", p->a), NULL, 10) };
    if (!read_day(release_member(line, "from", p->a), DATE_MIN, &q->from) ||
        !read_day(release_member(line, "to", p->a), DATE_MAX, &q->to))
        return err_set(e, ERR_INVALID, "its period is none");
    return !*org || ref_find(p->w->model, m, org, strlen(org), 0, p->w->db, p->a, &county, &q->org, e);
}

static void differs(struct proving *p, const struct json *line, const char *key, const char *was,
                    const char *is)
{
    fault_tell(p->told, "%s: %s is %s in the release, and comes out as %s",
               release_line_name(line, p->a), key, *was ? was : "nothing", *is ? is : "nothing");
}

static bool same_terms(struct proving *p, const struct json *line, const struct json *now)
{
    const struct json *was = json_get(line, "terms"), *is = json_get(now, "terms");
    size_t n = is ? is->n : 0;
    if (!was && !is) return true;
    if (!was || !is || was->n != is->n) {
        differs(p, line, "the number of terms", was ? "another" : "", is ? "another" : "");
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const char *x = release_member(&was->items[i], "value", p->a);
        const char *y = release_member(&is->items[i], "value", p->a);
        if (strcmp(x, y) == 0) continue;
        differs(p, line, arena_printf(p->a, "the term %s", release_member(&was->items[i], "figure",
                                                                         p->a)), x, y);
        return false;
    }
    return true;
}

/* Every member that one of them has, but for labels. */
static bool same_members(struct proving *p, const struct json *line, const struct json *now)
{
    static const char *const keys[] = { "version", "value", "qualifier", "low", "high", "rows",
        "unknown", "cut", "rests_on", "recorded", "restated", "synthetic", "derived", "confirmed",
        "one_sided", "disputed", "counted", "numerator", "denominator", "rows_digest", "why" };
    bool same = true;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *x = release_member(line, keys[i], p->a), *y = release_member(now, keys[i], p->a);
        if (strcmp(x, y) == 0) continue;
        differs(p, line, keys[i], x, y);
        same = false;
    }
    return same_terms(p, line, now) && same;
}

static bool prove_figure(struct proving *p, const struct release_world *then,
                         const struct json *line, struct buf *b, struct err *e)
{
    struct figure_query q;
    struct json *now;
    struct err why = { 0 };
    buf_clear(b);
    bool ok = read_query(p, line, &q, &why) && release_figure_body(then, &q, b, &why);
    if (!ok && (why.code == ERR_INTERNAL || why.code == ERR_CORRUPT || why.code == ERR_FULL)) {
        if (e) *e = why;
        return false;
    }
    if (!ok) {
        fault_tell(p->told, "%s: it cannot be computed: %s", release_line_name(line, p->a), why.message);
        p->proof->different++;
        return true;
    }
    if (!json_parse(&now, b->p, b->n, p->a, e)) return false;
    if (same_members(p, line, now)) p->proof->same++;
    else p->proof->different++;
    return true;
}

static bool prove_figures(struct proving *p, const struct release_world *then, struct err *e)
{
    struct buf b;
    bool ok = true;
    buf_init(&b, (size_t)1 << 20);
    for (size_t i = 0; ok && i < p->figures.n; i++) {
        struct arena_mark mark = arena_mark(p->a);
        ok = prove_figure(p, then, p->figures.at[i], &b, e);
        arena_rewind(p->a, mark);
    }
    buf_free(&b);
    return ok;
}

/* --- by the definitions of the release, over the rows as they were --- */

static bool read_definitions(struct proving *p, struct figures **out, struct err *e)
{
    struct figure_source *src = arena_array(p->a, p->definitions.n + 1, sizeof *src);
    for (size_t i = 0; i < p->definitions.n; i++) {
        const char *text = release_member(p->definitions.at[i], "text", p->a);
        src[i] = (struct figure_source){ release_member(p->definitions.at[i], "figure", p->a), text,
                                         strlen(text) };
    }
    return figures_read(out, src, (int)p->definitions.n, p->w->model, e);
}

static bool prove_past(struct proving *p, const struct figures *figures, const struct past *past,
                       struct err *e)
{
    struct figure_context context = { figures, p->w->model, p->w->context->parties, past };
    struct release_world then = *p->w;
    then.context = &context;
    then.scope = p->scope;
    p->proof->moved = arena_strdup(p->a, past_moved(past));
    return prove_figures(p, &then, e);
}

static bool prove(struct proving *p, struct err *e)
{
    struct past_cut *cut = arena_array(p->a, p->heads.n + 1, sizeof *cut);
    struct figures *figures = NULL;
    struct past *past = NULL;
    int64_t before = p->told->n;
    if (!read_cut(p, cut, e)) return false;
    if (p->told->n > before) return true; /* without its journal there is no past */
    bool ok = read_definitions(p, &figures, e) &&
              past_open(&past, p->w->model, p->w->db, cut, p->heads.n, e) &&
              prove_past(p, figures, past, e);
    past_close(past);
    figures_free(figures);
    return ok;
}

bool release_prove(const struct release_world *w, FILE *file, struct arena *a, struct faults *f,
                   struct release_summary *out, struct release_proof *proof, struct err *e)
{
    struct proving p = { .w = w, .a = a, .told = f, .proof = proof };
    *proof = (struct release_proof){ .moved = "" };
    if (!release_check(file, a, f, keep, &p, out, e)) return false;
    p.scope = release_scope(out->offices);
    if (!db_begin_read(w->db, e)) return false;
    bool ok = prove(&p, e);
    db_end_read(w->db);
    return ok;
}
