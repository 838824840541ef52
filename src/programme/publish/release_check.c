#include "programme/publish/release_check.h"

#include <string.h>

#define LINE_MAX_BYTES ((size_t)4 << 20)

/* The kinds in their order. */
enum kind { K_RELEASE, K_DEFINITION, K_FIGURE, K_CLAIM, K_CHANGE, K_HEAD, K_APPROVAL, K_SIGNATURE,
            K_N };
static const char *const kinds[K_N] = { "release", "definition", "figure", "claim", "change", "head",
                                        "approval", "signature" };

struct definition { const char *name; const struct json *line; };

struct checking {
    struct arena *a;
    struct faults *told;
    release_seen_fn *seen;
    void *arg;
    struct release_summary *out;
    int64_t line;
    unsigned char before[2][DIGEST_LEN];  /* of the line before: as it stands there, as it comes out */
    enum kind last;
    int64_t count[K_N];
    const struct json *header;
    struct definition *definitions; size_t n, cap;
};

__attribute__((format(printf, 2, 3)))
static void fault(struct checking *c, const char *fmt, ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    fault_tell(c->told, "line %lld: %s", (long long)c->line, text);
}

/* --- lines of a file, none longer than the limit --- */

struct lines { FILE *f; struct buf b; size_t at; char chunk[65536]; size_t got; bool ended; };

/* false at the end; *whole: a line end stood behind it. */
static bool next_line(struct lines *l, bool *whole, struct err *e)
{
    buf_clear(&l->b);
    *whole = false;
    for (;;) {
        if (l->at == l->got) {
            l->at = 0;
            l->got = fread(l->chunk, 1, sizeof l->chunk, l->f);
            if (l->got == 0) return l->b.n > 0 || (ferror(l->f) &&
                                   err_set(e, ERR_INVALID, "the file cannot be read"));
        }
        const char *p = l->chunk + l->at, *end = memchr(p, '\n', l->got - l->at);
        size_t n = end ? (size_t)(end - p) : l->got - l->at;
        buf_add(&l->b, p, n);
        l->at += n + (end != NULL);
        if (l->b.over) return err_set(e, ERR_INVALID, "a line is longer than %zu bytes",
                                      LINE_MAX_BYTES);
        if (end) {
            *whole = true;
            return true;
        }
    }
}

/* --- what a line says --- */

static const struct json *definition_of(const struct checking *c, const char *figure)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->definitions[i].name, figure) == 0) return c->definitions[i].line;
    return NULL;
}

static void see_definition(struct checking *c, const struct json *line)
{
    unsigned char digest[DIGEST_LEN];
    char hex[DIGEST_HEX];
    const char *name = release_member(line, "figure", c->a), *text = release_member(line, "text", c->a);
    digest_of(text, strlen(text), digest);
    digest_hex(digest, DIGEST_LEN, hex);
    if (strcmp(hex, release_member(line, "version", c->a)) != 0)
        fault(c, "the definition of %s: the text does not give the version it names", name);
    if (definition_of(c, name)) fault(c, "%s is defined twice", name);
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 64;
        struct definition *more = arena_array(c->a, c->cap, sizeof *more);
        if (c->n) memcpy(more, c->definitions, c->n * sizeof *more);
        c->definitions = more;
    }
    c->definitions[c->n++] = (struct definition){ name, line };
}

static void see_figure(struct checking *c, const struct json *line)
{
    struct release_sums s = { c->line, c->told, c->a };
    const struct json *definition = definition_of(c, release_member(line, "figure", c->a));
    if (!definition) {
        fault(c, "%s: there is no definition of it", release_line_name(line, c->a));
        return;
    }
    if (strcmp(release_member(definition, "version", c->a), release_member(line, "version", c->a)))
        fault(c, "%s: it is of another version than the definition",
              release_line_name(line, c->a));
    release_sums_check(&s, line, definition);
}

static bool see_header(struct checking *c, const struct json *line, struct err *e)
{
    const struct json *format = json_get(line, "format");
    struct release_summary *o = c->out;
    if (!format || format->type != JSON_INT || format->i < 1)
        return err_set(e, ERR_INVALID, "the file is no release");
    if (format->i > RELEASE_FORMAT)
        return err_set(e, ERR_INVALID, "the release is of format %lld; this program knows %d: use a "
                       "newer one", (long long)format->i, RELEASE_FORMAT);
    c->header = line;
    o->offices = strcmp(release_member(line, "for", c->a), "public") != 0;
    o->name = release_member(line, "name", c->a);
    o->title = release_member(line, "title", c->a);
    o->as_of = release_member(line, "as_of", c->a);
    o->made_by = release_member(line, "made_by", c->a);
    o->corrects = release_member(line, "corrects", c->a);
    o->reason = release_member(line, "reason", c->a);
    return true;
}

static void see_approval(struct checking *c, const struct json *line)
{
    struct release_summary *o = c->out;
    const char *by = release_member(line, "by", c->a);
    if (!*by) fault(c, "the approval names nobody");
    else if (strcmp(by, o->made_by) == 0) fault(c, "%s made the release and approved it", by);
    o->approved_by = *o->approved_by ? arena_printf(c->a, "%s, %s", o->approved_by, by) : by;
}

static void see_signature(struct checking *c, const struct json *line)
{
    struct release_summary *o = c->out;
    unsigned char signature[SIGN_LEN];
    const char *key = release_member(line, "key", c->a);
    const char *hex = release_member(line, "signature", c->a);
    o->is_signed = true;
    o->signature_holds = strlen(key) == 2 * SIGN_PUBLIC_LEN && strlen(hex) == 2 * SIGN_LEN &&
                         digest_unhex(key, 2 * SIGN_PUBLIC_LEN, o->key) &&
                         digest_unhex(hex, 2 * SIGN_LEN, signature) &&
                         sign_holds(o->key, c->before[0], DIGEST_LEN, signature);
    if (!o->signature_holds) fault(c, "the signature is not that of this release and this key");
}

static enum kind kind_of(const struct json *line, struct arena *a)
{
    const char *name = release_member(line, "kind", a);
    int k = 0;
    while (k < K_N && strcmp(kinds[k], name) != 0) k++;
    return (enum kind)k;
}

static bool see(struct checking *c, struct json *line, struct err *e)
{
    enum kind k = kind_of(line, c->a);
    if (c->line == 1 && k != K_RELEASE) return err_set(e, ERR_INVALID, "the file is no release");
    if (k == K_N) {
        fault(c, "it is of no kind that is known");
        return true;
    }
    if (k < c->last || (c->line > 1 && k == K_RELEASE))
        fault(c, "a %s stands behind a %s", kinds[k], kinds[c->last]);
    c->last = k;
    c->count[k]++;
    if (k == K_RELEASE && c->line == 1 && !see_header(c, line, e)) return false;
    if (k == K_DEFINITION) see_definition(c, line);
    if (k == K_FIGURE) see_figure(c, line);
    if (k == K_APPROVAL) see_approval(c, line);
    if (k == K_SIGNATURE) see_signature(c, line);
    return !c->seen || c->seen(c->arg, kinds[k], line, e);
}

/* --- the chain --- */

static const char *name_of(struct checking *c, const struct json *line)
{
    const char *kind = line ? release_member(line, "kind", c->a) : "";
    if (!strcmp(kind, "figure") || !strcmp(kind, "change")) return release_line_name(line, c->a);
    if (!strcmp(kind, "definition"))
        return arena_printf(c->a, "definition of %s", release_member(line, "figure", c->a));
    if (!strcmp(kind, "claim"))
        return arena_printf(c->a, "claim %s", release_member(line, "claim", c->a));
    return *kind ? kind : "unreadable";
}

/* A line fits when it follows from the line before, whichever of that line's content and hash was
 * changed; so one changed line is one fault. */
static bool fits(struct checking *c, const char *body, size_t n, const unsigned char *hash)
{
    unsigned char out[2][DIGEST_LEN];
    for (int i = 0; i < 2; i++) seal_hash(c->before[i], body, n, out[i]);
    bool same = !memcmp(out[0], hash, DIGEST_LEN) || !memcmp(out[1], hash, DIGEST_LEN);
    memcpy(c->before[0], hash, DIGEST_LEN);
    memcpy(c->before[1], same ? hash : out[0], DIGEST_LEN);
    return same;
}

static bool check_line(struct checking *c, char *p, size_t n, bool whole, struct err *e)
{
    unsigned char hash[DIGEST_LEN], before[DIGEST_LEN];
    size_t body;
    struct json *line = NULL;
    struct err broken = { 0 };
    c->line++;
    if (!whole) fault(c, "the file is cut off in it");
    if (!seal_read(p, n, &body, hash)) {
        if (c->line == 1) return err_set(e, ERR_INVALID, "the file is no release");
        if (whole) fault(c, "it has no hash");
        return true;
    }
    if (!json_parse(&line, p, body, c->a, &broken)) line = NULL;
    memcpy(before, c->before[0], DIGEST_LEN);
    if (!fits(c, p, body, hash))
        fault(c, "%s: the line was changed: its content does not give its hash",
              name_of(c, line));
    if (!line) {
        if (c->line == 1) return err_set(e, ERR_INVALID, "the file is no release");
        fault(c, "%s", broken.message);
        return true;
    }
    enum kind kind = kind_of(line, c->a);
    if (kind != K_SIGNATURE) {
        digest_hex(hash, DIGEST_LEN, c->out->end);
        if (kind != K_APPROVAL) memcpy(c->out->head, c->out->end, sizeof c->out->head);
        return see(c, line, e);
    }
    memcpy(c->before[0], before, DIGEST_LEN); /* it signs the line before */
    bool ok = see(c, line, e);
    memcpy(c->before[0], hash, DIGEST_LEN);
    return ok;
}

static void check_counts(struct checking *c)
{
    static const struct { enum kind kind; const char *key; } told[] = {
        { K_DEFINITION, "definitions" }, { K_FIGURE, "figures" }, { K_CLAIM, "claims" },
        { K_CHANGE, "changes" }, { K_HEAD, "heads" } };
    for (size_t i = 0; c->header && i < sizeof told / sizeof *told; i++) {
        const struct json *n = json_get(c->header, told[i].key);
        int64_t stated = n && n->type == JSON_INT ? n->i : -1;
        if (stated != c->count[told[i].kind])
            fault(c, "the end: there are %lld lines of kind %s, where the first line says %lld",
                  (long long)c->count[told[i].kind], kinds[told[i].kind], (long long)stated);
    }
    if (!c->count[K_APPROVAL]) fault(c, "the end: nobody has approved it");
    c->out->definitions = c->count[K_DEFINITION];
    c->out->figures = c->count[K_FIGURE];
    c->out->claims = c->count[K_CLAIM];
    c->out->changes = c->count[K_CHANGE];
    c->out->heads = c->count[K_HEAD];
    c->out->lines = c->line;
}

bool release_check(FILE *file, struct arena *a, struct faults *f, release_seen_fn *seen,
                   void *arg, struct release_summary *out, struct err *e)
{
    struct checking c = { .a = a, .told = f, .seen = seen, .arg = arg, .out = out };
    struct lines *l = mem_alloc(sizeof *l);
    struct err fault_of = { 0 };
    bool ok = true, whole;
    *out = (struct release_summary){ .name = "", .title = "", .as_of = "", .made_by = "",
                                     .corrects = "", .reason = "", .approved_by = "" };
    l->f = file;
    buf_init(&l->b, LINE_MAX_BYTES);
    while (ok && next_line(l, &whole, &fault_of)) ok = check_line(&c, l->b.p, l->b.n, whole, e);
    if (ok && fault_of.code != ERR_NONE) {
        if (e) *e = fault_of;
        ok = false;
    }
    if (ok && c.line == 0) ok = err_set(e, ERR_INVALID, "the file is empty");
    if (ok) check_counts(&c);
    buf_free(&l->b);
    free(l);
    return ok;
}
