/* Reading definitions: lines into directives, directives into figures, names into what they
 * mean. */
#include <stdlib.h>
#include <string.h>

#include "base/option.h"
#include "base/utf8.h"
#include "figure/define.h"

#define MAX_TEXT ((size_t)8 << 20)

void define_place(const struct source *s, const char *at, int *line, int *column)
{
    const char *start = s->text;
    *line = 1;
    for (const char *p = s->text; p < at; p++)
        if (*p == '\n') {
            (*line)++;
            start = p + 1;
        }
    *column = (int)utf8_length(start, (size_t)(at - start)) + 1;
}

bool define_fault(const struct source *s, const char *at, struct err *e, const char *fmt, ...)
{
    struct buf b;
    va_list ap;
    int line, column;
    buf_init(&b, 400);
    va_start(ap, fmt);
    buf_vprintf(&b, fmt, ap);
    va_end(ap);
    define_place(s, at, &line, &column);
    err_set(e, ERR_INVALID, "%s: line %d, column %d: %s", s->name, line, column, b.p);
    buf_free(&b);
    return false;
}

/* Comments become blanks, so that every place keeps its line and column. */
static void blank_comments(char *p, size_t n)
{
    bool quoted = false;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '\n') quoted = false;
        else if (p[i] == '"') quoted = !quoted;
        else if (p[i] == '#' && !quoted)
            while (i < n && p[i] != '\n') p[i++] = ' ';
        if (i < n && p[i] == '\r') p[i] = ' ';
    }
}

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

void skip_blank(struct scan *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\n' || *c->p == '\t')) c->p++;
}

bool scan_word(struct scan *c, struct word *w)
{
    skip_blank(c);
    w->p = c->p;
    while (c->p < c->end && word_char(*c->p)) c->p++;
    w->n = (size_t)(c->p - w->p);
    return w->n > 0;
}

bool scan_is(struct scan *c, const char *word)
{
    struct scan back = *c;
    struct word w;
    if (scan_word(c, &w) && word_is(&w, word)) return true;
    *c = back;
    return false;
}

bool scan_mark(struct scan *c, const char *mark)
{
    skip_blank(c);
    size_t n = strlen(mark);
    if ((size_t)(c->end - c->p) < n || memcmp(c->p, mark, n) != 0) return false;
    c->p += n;
    return true;
}

bool scan_string(struct scan *c, struct arena *a, const char **out)
{
    skip_blank(c);
    if (c->p == c->end || *c->p != '"') return false;
    struct scan at = *c;
    char *text = arena_alloc(a, (size_t)(c->end - c->p) + 1);
    size_t n = 0;
    for (at.p++; at.p < at.end && *at.p != '\n'; at.p++) {
        if (*at.p == '"' && at.p + 1 < at.end && at.p[1] == '"') at.p++;
        else if (*at.p == '"') break;
        text[n++] = *at.p;
    }
    if (at.p == at.end || *at.p != '"') return false;
    c->p = at.p + 1;
    *out = text;
    return true;
}

bool scan_number(struct scan *c, int64_t *out)
{
    struct scan back = *c;
    struct word w;
    int64_t v = 0;
    bool ok = scan_word(c, &w) && w.n <= 15;
    for (size_t i = 0; ok && i < w.n; i++) {
        ok = w.p[i] >= '0' && w.p[i] <= '9';
        v = v * 10 + (w.p[i] - '0');
    }
    if (!ok) *c = back;
    *out = v;
    return ok;
}

bool scan_end(struct scan *c, struct err *e)
{
    skip_blank(c);
    if (c->p == c->end) return true;
    return define_fault(c->s, c->p, e, "nothing more is expected here");
}

/* The lines of one source. A line that is indented deeper than the directive before it goes on
 * with it. */
struct lines { const struct source *s; const char *p, *end; };
struct line { const char *first, *end; int indent; };

static bool next_line(struct lines *l, struct line *out)
{
    while (l->p < l->end) {
        const char *start = l->p, *stop = memchr(start, '\n', (size_t)(l->end - start));
        if (!stop) stop = l->end;
        l->p = stop < l->end ? stop + 1 : stop;
        const char *first = start;
        int indent = 0;
        for (; first < stop && (*first == ' ' || *first == '\t'); first++)
            indent = *first == ' ' ? indent + 1 : (indent / 8 + 1) * 8;
        if (first == stop) continue;
        *out = (struct line){ first, stop, indent };
        return true;
    }
    return false;
}

static bool add_directive(const struct source *s, struct draft *d, const struct line *l,
                          struct err *e)
{
    struct scan c = { s, l->first, l->end };
    struct word w;
    if (!scan_word(&c, &w)) return define_fault(s, l->first, e, "a directive is expected here");
    int kind = directive_find(&w);
    if (kind < 0) {
        const char *near = directive_nearest(&w);
        return define_fault(s, w.p, e, "\"%.*s\" is no directive%s%s%s", (int)w.n, w.p,
                            near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    if (d->given[kind].p)
        return define_fault(s, w.p, e, "figure %s has two %.*s lines", d->f->name, (int)w.n, w.p);
    d->given[kind] = (struct scan){ s, c.p, l->end };
    d->at[kind] = w.p;
    return true;
}

static bool start_figure(struct defining *x, const struct source *s, const struct line *l,
                         struct draft **out, struct err *e)
{
    struct scan c = { s, l->first, l->end };
    struct word w;
    if (!scan_is(&c, "figure"))
        return define_fault(s, l->first, e, "\"figure NAME\" is expected here");
    if (!scan_word(&c, &w)) return define_fault(s, c.p, e, "the figure's name is missing");
    if (w.n > 60 || w.p[0] < 'a' || w.p[0] > 'z')
        return define_fault(s, w.p, e, "a figure's name begins with a small letter and has at most "
                            "60 letters, digits and _");
    if (!scan_end(&c, e)) return false;
    x->drafts = mem_more(x->drafts, x->n, &x->cap, sizeof *x->drafts);
    struct draft *d = arena_alloc(x->a, sizeof *d);
    d->f = arena_alloc(x->a, sizeof *d->f);
    d->f->name = arena_strndup(x->a, w.p, w.n);
    d->s = s;
    d->name_at = w.p;
    x->drafts[x->n++] = d;
    *out = d;
    return true;
}

static bool read_source(struct defining *x, const struct figure_source *src, struct err *e)
{
    struct source *s = arena_alloc(x->a, sizeof *s);
    if (src->n > MAX_TEXT) return err_set(e, ERR_INVALID, "%s: is larger than 8 MiB", src->name);
    size_t good = utf8_check(src->text, src->n);
    char *copy = arena_strndup(x->a, src->text, src->n);
    *s = (struct source){ src->name, copy, src->n };
    if (good < src->n || memchr(copy, 0, src->n))
        return define_fault(s, copy + (good < src->n ? good : strlen(copy)), e,
                            "this byte is no UTF-8 text");
    blank_comments(copy, src->n);
    struct lines l = { s, copy, copy + src->n };
    if (src->n >= 3 && memcmp(copy, "\xef\xbb\xbf", 3) == 0) l.p += 3;
    struct line line;
    struct draft *d = NULL;
    bool have = next_line(&l, &line);
    while (have) {
        struct line whole = line;
        while ((have = next_line(&l, &line)) && whole.indent > 0 && line.indent > whole.indent)
            whole.end = line.end;
        if (whole.indent == 0) {
            if (!start_figure(x, s, &whole, &d, e)) return false;
        } else if (!d) {
            return define_fault(s, whole.first, e, "a directive before any figure");
        } else if (!add_directive(s, d, &whole, e)) {
            return false;
        }
    }
    return true;
}

static bool names_unique(const struct defining *x, struct err *e)
{
    for (size_t i = 0; i < x->n; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(x->drafts[i]->f->name, x->drafts[j]->f->name) == 0)
                return define_fault(x->drafts[i]->s, x->drafts[i]->name_at, e,
                                    "figure %s is defined twice", x->drafts[i]->f->name);
    return true;
}

static bool define_all(struct defining *x, struct figures *f, const struct figure_source *src,
                       int n, struct err *e)
{
    for (int i = 0; i < n; i++)
        if (!read_source(x, &src[i], e)) return false;
    if (x->n > FIGURE_MAX_NUMBER) return err_set(e, ERR_INVALID, "there are too many figures");
    if (!names_unique(x, e)) return false;
    for (size_t i = 0; i < x->n; i++)
        if (!define_one(x, x->drafts[i], e)) return false;
    for (size_t i = 0; i < x->n; i++)
        if (!define_terms(x, x->drafts[i], e)) return false;
    f->n = (int)x->n;
    f->at = arena_array(x->a, x->n, sizeof *f->at);
    for (size_t i = 0; i < x->n; i++) {
        f->at[i] = x->drafts[i]->f;
        f->at[i]->number = (uint32_t)i + 1;
    }
    return define_scales(x, e);
}

bool figures_read(struct figures **out, const struct figure_source *src, int n,
                  const struct model *mo, struct err *e)
{
    struct figures *f = mem_alloc(sizeof *f);
    struct defining x = { .a = &f->arena, .mo = mo };
    *out = NULL;
    arena_init(&f->arena, (size_t)256 << 20);
    f->maps = mo->maps;
    f->n_maps = mo->n;
    bool ok = define_all(&x, f, src, n, e);
    free(x.drafts);
    if (!ok) {
        figures_free(f);
        return false;
    }
    for (int i = 0; i < f->n; i++) figure_write(f->at[i], &f->arena);
    figures_index(f);
    *out = f;
    return true;
}
