/* Reading of dated rules, and testing rows by them. */
#include "programme/criteria/criteria.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/digest.h"

enum { MAX_WORDS = 16 };

struct reader {
    const char *file;
    struct arena *a;
    struct criterion *c;       /* the one being read */
    struct digest digest;
    char *word[MAX_WORDS];     /* of the directive */
    bool quoted[MAX_WORDS];
    int n, line;
};

static bool fault(const struct reader *r, struct err *e, const char *what, const char *which)
{
    return err_set(e, ERR_INVALID, "%s, line %d: %s%s%s", r->file, r->line, what,
                   which ? " " : "", which ? which : "");
}

/* Words and "texts" of one directive; "" is a quote inside a text. */
static bool split(struct reader *r, char *p, struct err *e)
{
    r->n = 0;
    while (*p) {
        while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r') p++;
        if (!*p) break;
        if (r->n == MAX_WORDS) return fault(r, e, "too many words", NULL);
        bool text = *p == '"';
        char *out = text ? ++p : p, *start = out;
        while (*p && (text || (*p != ' ' && *p != '\t' && *p != '\n' && *p != '\r'))) {
            if (text && *p == '"' && p[1] != '"') break;
            if (text && *p == '"') p++;
            *out++ = *p++;
        }
        if (text && *p != '"') return fault(r, e, "a text does not end:", start);
        if (*p) p++;
        *out = '\0';
        r->quoted[r->n] = text;
        r->word[r->n++] = start;
    }
    return true;
}

static bool is(const struct reader *r, int i, const char *word)
{
    return i < r->n && !r->quoted[i] && strcmp(r->word[i], word) == 0;
}

/* en "..." zh "..." from word i on. */
static bool labels(const struct reader *r, int i, const char **en, const char **zh, struct err *e)
{
    for (; i < r->n; i += 2) {
        if (i + 1 >= r->n || !r->quoted[i + 1])
            return fault(r, e, "expected en \"...\" zh \"...\" after", r->word[i]);
        if (is(r, i, "en")) *en = r->word[i + 1];
        else if (is(r, i, "zh")) *zh = r->word[i + 1];
        else return fault(r, e, "expected en or zh, not", r->word[i]);
    }
    return (*en && *zh) || fault(r, e, "a label in both languages is needed: en \"...\" zh \"...\"",
                                 NULL);
}

static bool day(const struct reader *r, int i, enum date_end end, int32_t *out, struct err *e)
{
    return (i < r->n && date_parse(r->word[i], strlen(r->word[i]), end, out)) ||
           fault(r, e, "expected a date, not", i < r->n ? r->word[i] : "the end of the line");
}

static bool read_need(struct reader *r, struct err *e)
{
    struct criterion *c = r->c;
    if (r->n < 3 || !r->quoted[2]) return fault(r, e, "expected need NAME \"rule\" en zh", NULL);
    if (c->n_needs == CRITERION_NEEDS) return fault(r, e, "too many needs", NULL);
    struct criterion_need *x = &c->need[c->n_needs++];
    *x = (struct criterion_need){ .id = r->word[1], .text = r->word[2], .line = r->line };
    return labels(r, 3, &x->en, &x->zh, e);
}

static bool read_number(struct reader *r, struct err *e)
{
    struct criterion *c = r->c;
    int64_t v = 0;
    if (r->n != 3) return fault(r, e, "expected a name and a whole number after", r->word[0]);
    if (c->n_numbers == CRITERION_NUMBERS) return fault(r, e, "too many numbers", NULL);
    for (const char *p = r->word[2]; *p; p++) {
        if (*p < '0' || *p > '9' || v > INT64_C(1000000000000))
            return fault(r, e, "expected a whole number, not", r->word[2]);
        v = v * 10 + (*p - '0');
    }
    c->number[c->n_numbers++] =
        (struct criterion_number){ .group = r->word[0], .name = r->word[1], .value = v };
    return true;
}

static bool directive(struct reader *r, struct criteria *all, struct err *e)
{
    if (is(r, 0, "criterion")) {
        if (r->n != 2) return fault(r, e, "expected criterion NAME", NULL);
        if (all->n == (int)(sizeof all->at / sizeof *all->at))
            return fault(r, e, "too many criteria", NULL);
        r->c = arena_alloc(r->a, sizeof *r->c);
        *r->c = (struct criterion){ .name = r->word[1], .file = r->file, .line = r->line,
            .from = DATE_MIN, .until = DATE_MAX, .on = "", .source = "" };
        all->at[all->n++] = r->c;
        digest_init(&r->digest);
        return true;
    }
    if (!r->c) return fault(r, e, "expected criterion NAME, not", r->word[0]);
    if (is(r, 0, "label")) return labels(r, 1, &r->c->en, &r->c->zh, e);
    if (is(r, 0, "need")) return read_need(r, e);
    if (is(r, 0, "limit") || is(r, 0, "weight")) return read_number(r, e);
    if ((is(r, 0, "on") || is(r, 0, "source")) && r->n == 2) {
        *(is(r, 0, "on") ? &r->c->on : &r->c->source) = r->word[1];
        return true;
    }
    if (is(r, 0, "from"))
        return day(r, 1, DATE_FIRST, &r->c->from, e) &&
               (r->n == 2 || (is(r, 2, "until") ? day(r, 3, DATE_LAST, &r->c->until, e)
                                                : fault(r, e, "expected until, not", r->word[2])));
    return fault(r, e, "expected label, on, from, source, need, limit or weight, not", r->word[0]);
}

static bool take_directive(struct reader *r, struct criteria *all, char *text, struct err *e)
{
    unsigned char sum[DIGEST_LEN];
    size_t n = strlen(text);
    if (!split(r, text, e)) return false;
    if (r->n == 0) return true;
    if (!directive(r, all, e)) return false;
    for (int i = 0; i < r->n; i++) digest_add(&r->digest, r->word[i], strlen(r->word[i]) + 1);
    struct digest so_far = r->digest;
    digest_done(&so_far, sum);
    digest_hex(sum, (CRITERION_DIGEST - 1) / 2, r->c->digest);
    (void)n;
    return true;
}

static size_t indent(const char *line, size_t n)
{
    size_t i = 0;
    while (i < n && line[i] == ' ') i++;
    return i;
}

/* A # outside a text begins a comment. */
static size_t without_comment(const char *line, size_t n)
{
    bool text = false;
    for (size_t i = 0; i < n; i++) {
        if (line[i] == '"') text = !text;
        if (line[i] == '#' && !text) return i;
    }
    return n;
}

bool criteria_read(struct criteria *all, const char *file, const char *text, size_t n,
                   struct arena *a, struct err *e)
{
    struct reader r = { .file = arena_strdup(a, file), .a = a };
    char *open = arena_strdup(a, "");
    size_t depth = 0;
    int line = 0;
    for (size_t at = 0; at < n;) {
        const char *nl = memchr(text + at, '\n', n - at);
        size_t len = nl ? (size_t)(nl - (text + at)) : n - at;
        size_t body = without_comment(text + at, len), in = indent(text + at, body);
        line++;
        if (in < body && in > depth && *open && depth) {
            open = arena_printf(a, "%s %.*s", open, (int)body, text + at);
        } else if (in < body) {
            if (!take_directive(&r, all, open, e)) return false;
            open = arena_strndup(a, text + at, body);
            depth = in;
            r.line = line;
        }
        at += len + 1;
    }
    return take_directive(&r, all, open, e);
}

const struct criterion *criteria_find(const struct criteria *c, const char *name, int32_t on)
{
    const struct criterion *best = NULL;
    for (int i = 0; i < c->n; i++)
        if (strcmp(c->at[i]->name, name) == 0 && c->at[i]->from <= on && on <= c->at[i]->until &&
            (!best || c->at[i]->from > best->from))
            best = c->at[i];
    return best;
}

bool criteria_get(const struct criteria *c, const char *name, int32_t on,
                  const struct criterion **out, struct err *e)
{
    char names[1024] = "";
    bool known = false;
    *out = criteria_find(c, name, on);
    if (*out) return true;
    for (int i = 0; i < c->n; i++) {
        bool again = false;
        for (int k = 0; k < i; k++) again |= strcmp(c->at[k]->name, c->at[i]->name) == 0;
        known |= strcmp(c->at[i]->name, name) == 0;
        if (!again && strlen(names) + strlen(c->at[i]->name) + 3 < sizeof names)
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s",
                     *names ? ", " : "", c->at[i]->name);
    }
    return known ? err_set(e, ERR_NOT_FOUND, "no version of %s was in force on that day", name)
                 : err_set(e, ERR_NOT_FOUND, "there is no criterion \"%s\"; there are %s", name,
                           names);
}

int64_t criterion_number(const struct criterion *c, const char *group, const char *name,
                         int64_t absent)
{
    for (int i = 0; i < c->n_numbers; i++)
        if (strcmp(c->number[i].group, group) == 0 && strcmp(c->number[i].name, name) == 0)
            return c->number[i].value;
    return absent;
}

bool criterion_bind(struct criterion *c, const struct rule_schema *schema, struct arena *a,
                    struct err *e)
{
    for (int i = 0; i < c->n_needs; i++) {
        struct criterion_need *x = &c->need[i];
        struct err why = { 0 };
        if (!rule_parse(&x->rule, x->text, strlen(x->text), 1, 1, schema, a, &why))
            return err_set(e, ERR_INVALID, "%s, line %d, need %s: %s", c->file, x->line, x->id,
                           why.message);
    }
    return true;
}

enum rule_tri criterion_test(const struct criterion *c, const struct val *row, enum rule_tri *of)
{
    enum rule_tri all = RULE_TRUE;
    for (int i = 0; i < c->n_needs; i++) {
        enum rule_tri one = rule_test(c->need[i].rule, row);
        if (of) of[i] = one;
        if (one == RULE_FALSE) all = RULE_FALSE;
        else if (one == RULE_UNKNOWN && all == RULE_TRUE) all = RULE_UNKNOWN;
    }
    return all;
}
