/* Where {{...}} stands in a workbook: in shared strings, and in the cells of a sheet. */
#include "doc/xlsx_edit.h"

#include <stdlib.h>
#include <string.h>

#define MANY_HOLES 1000000
#define INNER_MOST ((size_t)1 << 20) /* bytes of the XML of one text */

/* --- pieces of a part, by their bytes --- */

struct slice { uint64_t from, to; char *p; size_t n; };

/* Rising, apart. The texts are the arena's. */
static bool read_slices(struct zip *z, int entry, struct slice *s, size_t count, struct arena *a,
                        struct err *e)
{
    char chunk[16384];
    uint64_t at = 0;
    long n;
    if (count == 0) return true;
    for (size_t i = 0; i < count; i++) {
        if (s[i].to - s[i].from > INNER_MOST)
            return err_set(e, ERR_INVALID, "%s: a text is too long", zip_name(z, entry));
        s[i].p = arena_alloc(a, (size_t)(s[i].to - s[i].from) + 1);
    }
    if (!zip_begin(z, entry, e)) return err_context(e, "%s", zip_name(z, entry));
    while ((n = zip_read(z, chunk, sizeof chunk, e)) > 0) {
        uint64_t end = at + (uint64_t)n;
        if (at == 0 && !part_is_utf8(chunk, (size_t)n))
            return err_set(e, ERR_INVALID, "%s: the part is not in UTF-8", zip_name(z, entry));
        for (size_t i = 0; i < count; i++) {
            uint64_t from = s[i].from > at ? s[i].from : at, to = s[i].to < end ? s[i].to : end;
            if (from >= to) continue;
            memcpy(s[i].p + (from - s[i].from), chunk + (from - at), (size_t)(to - from));
        }
        while (count && s->to <= end) {
            s->n = (size_t)(s->to - s->from);
            s++;
            count--;
        }
        at = end;
    }
    return n == 0 || err_context(e, "%s", zip_name(z, entry));
}

/* Does a text hold {{ ? Pieces may come apart anywhere. */
struct looking { bool brace, found; };

static void look(struct looking *l, const char *s, size_t n)
{
    for (size_t i = 0; i < n && !l->found; i++) {
        l->found = l->brace && s[i] == '{';
        l->brace = s[i] == '{';
    }
}

/* --- shared strings --- */

struct strings_reading {
    struct part part;
    struct arena *a;
    struct hole_texts *out;
    struct looking seen;
    uint64_t index, inner;
    bool in_text;
};

static void strings_start(void *arg, const char *name, const char **attr)
{
    struct strings_reading *r = arg;
    (void)attr;
    if (r->part.depth == 2 && strcmp(name, "si") == 0) {
        r->seen = (struct looking){ false, false };
        r->inner = part_at(&r->part) + part_len(&r->part);
    }
    r->in_text = r->part.depth >= 3 && strcmp(name, "t") == 0;
}

static void strings_text(void *arg, const char *s, size_t n)
{
    struct strings_reading *r = arg;
    if (r->in_text) look(&r->seen, s, n);
}

static void strings_end(void *arg, const char *name)
{
    struct strings_reading *r = arg;
    struct hole_texts *o = r->out;
    r->in_text = false;
    if (r->part.depth != 2 || strcmp(name, "si") != 0) return;
    if (r->seen.found) {
        if (o->n == MANY_HOLES) {
            part_stop(&r->part, "more than %d texts are to be filled", MANY_HOLES);
            return;
        }
        if (o->n == o->cap) {
            o->cap = o->cap ? o->cap * 2 : 32;
            struct hole_text *more = arena_array(r->a, o->cap, sizeof *more);
            if (o->n) memcpy(more, o->at, o->n * sizeof *more);
            o->at = more;
        }
        o->at[o->n++] = (struct hole_text){ .index = r->index, .from = r->inner,
                                            .to = part_at(&r->part) };
    }
    r->index++;
}

bool holes_in_strings(struct zip *z, int entry, struct arena *a, struct hole_texts *out,
                      struct err *e)
{
    static const struct part_handler handler = { strings_start, strings_end, strings_text };
    struct strings_reading r = { .a = a, .out = out };
    *out = (struct hole_texts){ 0 };
    if (entry < 0) return true;
    if (!part_parse(&r.part, z, entry, 0, &handler, &r, e)) return false;
    struct slice *s = arena_array(a, out->n + 1, sizeof *s);
    for (size_t i = 0; i < out->n; i++) s[i] = (struct slice){ out->at[i].from, out->at[i].to, NULL, 0 };
    if (!read_slices(z, entry, s, out->n, a, e)) return false;
    for (size_t i = 0; i < out->n; i++) {
        out->at[i].inner = s[i].p;
        out->at[i].n = s[i].n;
    }
    return true;
}

/* --- cells --- */

struct sheet_reading {
    struct part part;
    struct arena *a;
    const struct hole_texts *texts;
    struct hole_sheet *out;
    struct slice *inline_; size_t n_inline, cap_inline;
    int cell_depth;
    struct hole_cell cell;
    bool shared, formula, value, kept, in_text;
    uint64_t value_at, value_end, inner_at, inner_end;
    struct looking seen;
    char index[24]; size_t n_index;
    char name[24], style[16], prefix[40]; /* of this cell; most hold nothing to fill */
};

static void cell_start(struct sheet_reading *r, const char **attr)
{
    const char *name = part_attr(attr, "r"), *style = part_attr(attr, "s");
    const char *type = part_attr(attr, "t"), *raw = part_raw_name(&r->part);
    r->cell_depth = r->part.depth;
    r->cell = (struct hole_cell){ .at = part_at(&r->part) };
    r->shared = type && strcmp(type, "s") == 0;
    r->formula = r->kept = false;
    r->seen = (struct looking){ false, false };
    r->n_index = 0;
    r->inner_at = r->inner_end = 0;
    snprintf(r->name, sizeof r->name, "%s", name ? name : "");
    snprintf(r->style, sizeof r->style, "%s", style ? style : "");
    snprintf(r->prefix, sizeof r->prefix, "%.*s", (int)(strlen(raw) - 1), raw); /* all but its c */
}

static void sheet_start(void *arg, const char *name, const char **attr)
{
    struct sheet_reading *r = arg;
    if (!r->cell_depth) {
        if (r->part.depth == 4 && strcmp(name, "c") == 0) cell_start(r, attr);
        return;
    }
    if (r->part.depth == r->cell_depth + 1) {
        if (strcmp(name, "f") == 0) r->formula = true;
        r->value = strcmp(name, "v") == 0;
        if (r->value) r->value_at = part_at(&r->part);
        if (strcmp(name, "is") == 0) r->inner_at = part_at(&r->part) + part_len(&r->part);
    }
    r->in_text = strcmp(name, "t") == 0 || r->value;
}

static void sheet_text(void *arg, const char *s, size_t n)
{
    struct sheet_reading *r = arg;
    if (!r->cell_depth || !r->in_text) return;
    if (r->value && r->shared && r->n_index + n < sizeof r->index) {
        memcpy(r->index + r->n_index, s, n);
        r->n_index += n;
        r->index[r->n_index] = '\0';
    }
    if (!r->shared) look(&r->seen, s, n);
}

static const struct hole_text *find_text(const struct sheet_reading *r)
{
    uint64_t index = strtoull(r->index, NULL, 10);
    size_t lo = 0, hi = r->texts->n;
    if (!r->n_index) return NULL;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (r->texts->at[mid].index == index) return &r->texts->at[mid];
        if (r->texts->at[mid].index < index) lo = mid + 1;
        else hi = mid;
    }
    return NULL;
}

static struct hole_cell *keep_cell(struct sheet_reading *r)
{
    struct hole_sheet *o = r->out;
    if (o->n == MANY_HOLES) {
        part_stop(&r->part, "more than %d cells are to be filled", MANY_HOLES);
        return NULL;
    }
    if (o->n == o->cap) {
        o->cap = o->cap ? o->cap * 2 : 32;
        struct hole_cell *more = arena_array(r->a, o->cap, sizeof *more);
        if (o->n) memcpy(more, o->cell, o->n * sizeof *more);
        o->cell = more;
    }
    r->cell.n = part_at(&r->part) + part_len(&r->part) - r->cell.at;
    r->cell.name = arena_strdup(r->a, r->name);
    r->cell.style = arena_strdup(r->a, r->style);
    r->cell.prefix = arena_strdup(r->a, r->prefix);
    o->cell[o->n] = r->cell;
    return &o->cell[o->n++];
}

static void keep_inline(struct sheet_reading *r)
{
    if (r->n_inline == r->cap_inline) {
        r->cap_inline = r->cap_inline ? r->cap_inline * 2 : 32;
        struct slice *more = arena_array(r->a, r->cap_inline, sizeof *more);
        if (r->n_inline) memcpy(more, r->inline_, r->n_inline * sizeof *more);
        r->inline_ = more;
    }
    r->inline_[r->n_inline++] = (struct slice){ r->inner_at, r->inner_end, NULL, 0 };
}

static void cell_end(struct sheet_reading *r)
{
    const struct hole_text *t = r->shared && !r->formula ? find_text(r) : NULL;
    bool inline_ = !r->shared && !r->formula && r->seen.found;
    if (r->formula && r->kept)
        edit_add(&r->out->results, r->value_at, r->value_end - r->value_at, "", 0);
    if (t) {
        struct hole_cell *c = keep_cell(r);
        if (!c) return;
        c->inner = t->inner;
        c->inner_n = t->n;
    } else if (inline_ && r->inner_end > r->inner_at) {
        if (keep_cell(r)) keep_inline(r);
    } else if (inline_) {
        part_stop(&r->part, "the cell %s holds {{ in a value that is neither a text of its own nor a "
                  "shared one", r->name);
    }
}

static void sheet_end(void *arg, const char *name)
{
    struct sheet_reading *r = arg;
    r->in_text = false;
    if (!r->cell_depth) return;
    if (r->part.depth == r->cell_depth + 1) {
        if (r->value) {
            r->kept = true;
            r->value_end = part_at(&r->part) + part_len(&r->part);
            r->value = false;
        }
        if (strcmp(name, "is") == 0) r->inner_end = part_at(&r->part);
    }
    if (r->part.depth == r->cell_depth) {
        cell_end(r);
        r->cell_depth = 0;
    }
}

bool holes_in_sheet(struct zip *z, int entry, struct arena *a, const struct hole_texts *texts,
                    struct hole_sheet *out, struct err *e)
{
    static const struct part_handler handler = { sheet_start, sheet_end, sheet_text };
    struct sheet_reading r = { .a = a, .texts = texts, .out = out };
    *out = (struct hole_sheet){ .results = { .a = a } };
    if (!part_parse(&r.part, z, entry, 0, &handler, &r, e)) return false;
    if (!read_slices(z, entry, r.inline_, r.n_inline, a, e)) return false;
    for (size_t i = 0, k = 0; i < out->n && k < r.n_inline; i++) {
        if (out->cell[i].inner) continue;
        out->cell[i].inner = r.inline_[k].p;
        out->cell[i].inner_n = r.inline_[k++].n;
    }
    return true;
}
