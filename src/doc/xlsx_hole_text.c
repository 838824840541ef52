/* Filling the text of one cell: its runs stay, what stands in braces is replaced. */
#include "doc/xlsx_edit.h"

#include <string.h>

#include "base/utf8.h"

#define TEXT_UNITS 32767    /* characters that a cell may hold */
#define MOST_RUNS 4096

/* A t element: its bytes in the inner XML, and where its text lies in the joined one. */
struct run { size_t from, to, at; };
struct runs {
    XML_Parser xml;
    struct run run[MOST_RUNS]; int n;
    struct buf text;            /* of all runs, joined */
    int depth, skip;
    bool in_text, failed;
};

#define WRAP "<x>"

static size_t wrapped_at(const struct runs *r)
{
    return (size_t)XML_GetCurrentByteIndex(r->xml) - (sizeof WRAP - 1);
}

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static void run_start(void *arg, const char *name, const char **attr)
{
    struct runs *r = arg;
    (void)attr;
    r->depth++;
    if (r->skip) return;
    if (strcmp(local(name), "rPh") == 0) r->skip = r->depth;
    if (strcmp(local(name), "t") != 0 || r->skip) return;
    r->failed |= r->n == MOST_RUNS;
    if (r->failed) return;
    r->in_text = true;
    size_t end = wrapped_at(r) + (size_t)XML_GetCurrentByteCount(r->xml);
    r->run[r->n] = (struct run){ end, end, r->text.n };
}

static void run_end(void *arg, const char *name)
{
    struct runs *r = arg;
    (void)name;
    if (r->in_text) {
        r->run[r->n].to = wrapped_at(r);
        /* An empty <t/> has no inside to put a text into. */
        r->n += r->text.n > r->run[r->n].at;
    }
    r->in_text = false;
    if (r->skip == r->depth) r->skip = 0;
    r->depth--;
}

static void run_text(void *arg, const char *s, int n)
{
    struct runs *r = arg;
    if (r->in_text) buf_add(&r->text, s, (size_t)n);
}

static bool read_runs(struct runs *r, const struct hole_cell *c, struct err *e)
{
    static const char tail[] = "</x>";
    r->xml = XML_ParserCreate("UTF-8");
    if (!r->xml) return err_set(e, ERR_FULL, "no memory is left for an XML parser");
    XML_SetUserData(r->xml, r);
    XML_SetElementHandler(r->xml, run_start, run_end);
    XML_SetCharacterDataHandler(r->xml, run_text);
    bool ok = XML_Parse(r->xml, WRAP, sizeof WRAP - 1, 0) == XML_STATUS_OK &&
              XML_Parse(r->xml, c->inner, (int)c->inner_n, 0) == XML_STATUS_OK &&
              XML_Parse(r->xml, tail, sizeof tail - 1, 1) == XML_STATUS_OK;
    XML_ParserFree(r->xml);
    return (ok && !r->failed) || err_set(e, ERR_INVALID, "its text cannot be read");
}

/* --- the holes of the joined text --- */

struct filling { struct hole_fill *f; const struct hole_cell *c; struct runs *r; struct buf *new; };

static const char *trimmed(struct arena *a, const char *p, size_t n)
{
    while (n && (unsigned char)p[n - 1] <= ' ') n--;
    while (n && (unsigned char)*p <= ' ') p++, n--;
    return arena_strndup(a, p, n);
}

static size_t blank(const char *p)
{
    return strspn(p, " \t\r\n");
}

/* Puts the text from..to of the joined one into the runs it is in. */
static void keep_text(struct filling *x, size_t from, size_t to, int *run)
{
    const struct runs *r = x->r;
    while (from < to) {
        while (*run + 1 < r->n && r->run[*run + 1].at <= from) ++*run;
        size_t end = *run + 1 < r->n && r->run[*run + 1].at < to ? r->run[*run + 1].at : to;
        xml_text(&x->new[*run], r->text.p + from, end - from);
        from = end;
    }
}

static bool ask(struct filling *x, const char *open, const char *close, bool alone,
                struct xlsx_filling *out, struct err *e)
{
    struct hole_fill *f = x->f;
    const char *inside = trimmed(f->a, open + 2, (size_t)(close - open) - 2);
    *out = (struct xlsx_filling){ .number = false, .text = "" };
    f->holes++;
    return (*inside || err_set(e, ERR_INVALID, "{{}} names nothing")) &&
           f->fn(f->arg, f->sheet, x->c->name, inside, alone, out, e);
}

static void put_open(struct buf *out, const struct hole_cell *c, const char *type)
{
    buf_printf(out, "<%sc r=\"", c->prefix);
    xml_text(out, c->name, strlen(c->name));
    buf_char(out, '"');
    if (*c->style) {
        buf_str(out, " s=\"");
        xml_text(out, c->style, strlen(c->style));
        buf_char(out, '"');
    }
    buf_printf(out, "%s>", type);
}

static bool same_prefix(const struct hole_cell *c)
{
    size_t n = strlen(c->prefix);
    return c->inner_n > n + 1 && c->inner[0] == '<' && memcmp(c->inner + 1, c->prefix, n) == 0 &&
           memchr(c->inner + 1 + n, ':', strcspn(c->inner + 1 + n, " />")) == NULL;
}

static void put_text(struct filling *x, struct buf *out)
{
    const struct hole_cell *c = x->c;
    size_t at = 0;
    put_open(out, c, " t=\"inlineStr\"");
    buf_printf(out, "<%sis>", c->prefix);
    if (same_prefix(c)) {
        for (int i = 0; i < x->r->n; i++) {
            buf_add(out, c->inner + at, x->r->run[i].from - at);
            buf_add(out, x->new[i].p, x->new[i].n);
            at = x->r->run[i].to;
        }
        buf_add(out, c->inner + at, c->inner_n - at);
    } else {
        buf_printf(out, "<%st xml:space=\"preserve\">", c->prefix);
        for (int i = 0; i < x->r->n; i++) buf_add(out, x->new[i].p, x->new[i].n);
        buf_printf(out, "</%st>", c->prefix);
    }
    buf_printf(out, "</%sis></%sc>", c->prefix, c->prefix);
}

static bool fill_text(struct filling *x, struct buf *out, struct err *e)
{
    const char *text = x->r->text.p;
    size_t at = 0;
    int run = 0;
    for (const char *open; (open = strstr(text + at, "{{")) != NULL;) {
        const char *close = strstr(open, "}}");
        struct xlsx_filling with;
        if (!close) return err_set(e, ERR_INVALID, "a {{ is not closed by }}");
        bool alone = blank(text) == (size_t)(open - text) && close[2 + blank(close + 2)] == '\0';
        if (!ask(x, open, close, alone, &with, e)) return false;
        if (alone && with.number) {
            put_open(out, x->c, "");
            buf_printf(out, "<%sv>%s</%sv></%sc>", x->c->prefix, with.text, x->c->prefix, x->c->prefix);
            return true;
        }
        keep_text(x, at, (size_t)(open - text), &run);
        while (run + 1 < x->r->n && x->r->run[run + 1].at <= (size_t)(open - text)) run++;
        xml_text(&x->new[run], with.text, strlen(with.text));
        at = (size_t)(close - text) + 2;
    }
    keep_text(x, at, x->r->text.n, &run);
    size_t units = 0;
    for (int i = 0; i < x->r->n; i++) units += x->new[i].n;
    if (units > TEXT_UNITS * 4) return err_set(e, ERR_INVALID, "its text becomes longer than a cell holds");
    put_text(x, out);
    return true;
}

bool hole_fill_cell(struct hole_fill *f, const struct hole_cell *c, struct buf *out, struct err *e)
{
    struct runs *r = mem_alloc(sizeof *r);
    struct filling x = { .f = f, .c = c, .r = r };
    buf_init(&r->text, (size_t)1 << 20);
    bool ok = read_runs(r, c, e);
    x.new = mem_alloc((size_t)(r->n + 1) * sizeof *x.new);
    for (int i = 0; i <= r->n; i++) buf_init(&x.new[i], (size_t)1 << 20);
    ok = ok && fill_text(&x, out, e);
    for (int i = 0; i <= r->n; i++) buf_free(&x.new[i]);
    free(x.new);
    buf_free(&r->text);
    free(r);
    return ok || err_context(e, "sheet %s, cell %s", f->sheet, c->name);
}
