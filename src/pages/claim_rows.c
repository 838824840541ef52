#include "pages/claim_rows.h"

#include <string.h>

#include "base/date.h"
#include "base/money.h"

struct found { const char *code; int64_t county, id; struct asked asked; };
struct reading {
    struct request *q;
    struct found *found; int n_found, cap_found;
    struct claim_rows *out; int cap;
};

static int64_t int_at(const struct table_map *m, const struct val *row, const char *name,
                      int64_t absent)
{
    int f = map_field(m, name);
    struct val v = f < 0 ? val_null() : row[m->column[f]];
    return v.type == VAL_INT ? v.i : absent;
}

/* Where, whose and when a claim speaks of; its verdict comes without them. */
static bool keep_scope(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct reading *r = arg;
    int code = map_field(m, "code");
    (void)e;
    if (code < 0 || row[m->column[code]].type != VAL_TEXT) return true;
    r->found = arena_more(r->q->arena, r->found, r->n_found, &r->cap_found, sizeof *r->found);
    r->found[r->n_found++] = (struct found){
        .code = arena_strdup(r->q->arena, row[m->column[code]].p),
        .county = row[ROW_COUNTY].i, .id = row[ROW_ID].i,
        .asked = { .place = int_at(m, row, "place", 0), .org = int_at(m, row, "organisation", 0),
                   .from = (int32_t)int_at(m, row, "period_from", DATE_MIN),
                   .to = (int32_t)int_at(m, row, "period_to", DATE_MAX) } };
    return true;
}

static const struct found *found_of(const struct reading *r, int guess, const char *code)
{
    /* Both readings are in the same order unless a claim was added between them. */
    if (guess < r->n_found && strcmp(r->found[guess].code, code) == 0) return &r->found[guess];
    for (int i = 0; i < r->n_found; i++)
        if (strcmp(r->found[i].code, code) == 0) return &r->found[i];
    return NULL;
}

static bool keep_claim(void *arg, const struct claim_result *c, struct err *e)
{
    struct reading *r = arg;
    struct arena *a = r->q->arena;
    struct claim_rows *o = r->out;
    (void)e;
    o->at = arena_more(a, o->at, o->n, &r->cap, sizeof *o->at);
    const struct found *f = found_of(r, o->n, c->code);
    struct claim_row *x = &o->at[o->n++];
    *x = (struct claim_row){ .code = arena_strdup(a, c->code), .source = arena_strdup(a, c->source),
        .text = arena_strdup(a, c->text), .figure = arena_strdup(a, c->figure),
        .claimed = arena_strdup(a, c->claimed), .computed = arena_strdup(a, c->computed),
        .difference = arena_strdup(a, c->difference), .rests_on = arena_strdup(a, c->rests_on),
        .reading = arena_strdup(a, c->reading), .reason = arena_strdup(a, c->reason),
        .verdict = c->verdict, .same_source = c->same_source };
    if (f) {
        x->county = f->county;
        x->id = f->id;
        x->asked = f->asked;
    }
    o->of[c->verdict]++;
    o->same_source += c->same_source;
    return true;
}

static void count_sources(struct request *q, struct claim_rows *o)
{
    const struct table_map *doc = model_find(q->seat->model, "document");
    o->sources = arena_array(q->arena, (size_t)o->n + 1, sizeof *o->sources);
    for (int i = 0; i < o->n; i++) {
        int k = 0;
        while (k < o->n_sources && strcmp(o->sources[k].key, o->at[i].source) != 0) k++;
        if (k == o->n_sources) o->sources[o->n_sources++].key = o->at[i].source;
        o->sources[k].n++;
    }
    for (int k = 0; k < o->n_sources; k++) {
        int64_t county, id;
        const char *key = o->sources[k].key;
        struct err e = { .code = ERR_NONE };
        bool ok = doc && *key && ref_find(q->seat->model, doc, key, strlen(key), -1, q->seat->db,
                                          q->arena, &county, &id, &e);
        o->sources[k].title = ok ? ref_title(q, doc, county, id)
                                 : *key ? key : tr(q, "no source", "无来源");
    }
}

bool claim_rows_read(struct request *q, struct claim_rows *out, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, "claim");
    struct reading r = { .q = q, .out = out };
    struct list_query all = { 0 };
    *out = (struct claim_rows){ .n = 0 };
    if (!m) return err_set(e, ERR_NOT_FOUND, "there is no entity claim");
    if (!list_rows(q->seat->model, q->seat->rows, q->scope, m, &all, keep_scope, &r, e)) return false;
    if (!claims_check(&q->seat->context, q->seat->db, q->scope, NULL, keep_claim, &r, e)) return false;
    count_sources(q, out);
    return true;
}

const char *verdict_text(const struct request *q, enum claim_verdict v, bool many)
{
    switch (v) {
    case CLAIM_HOLDS: return tr(q, many ? "hold" : "holds", "相符");
    case CLAIM_DIFFERS: return tr(q, many ? "differ" : "differs", "不符");
    default: return tr(q, "cannot be computed", "不能算出");
    }
}

void verdict_tag(const struct request *q, struct buf *b, enum claim_verdict v)
{
    static const char *const class[] = { "tag ok", "tag err", "tag" };
    static const char *const sign[] = { "✓ ", "≠ ", "" };
    html(b, "<span class=\"%s\">%s%s</span>", class[v], sign[v], verdict_text(q, v, false));
}

void claim_rests(struct request *q, struct buf *b, const struct claim_row *c)
{
    if (!c->same_source) {
        rests_tag(q, b, c->rests_on);
        return;
    }
    html(b, "<span class=\"tag\" title=\"%s\">%s</span>",
         tr(q, "The records were restated from the source that printed the number",
            "所依据的记录转自该报道本身"), tr(q, "same source", "同一来源"));
}

/* The sign and blanks before a number: its length. */
static size_t sign_length(const char *s)
{
    static const char *const signs[] = { "≥", "≤", "±", "~", ">", "<", "=", "+", "-",
                                        " " };
    size_t n = 0;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t len = strlen(signs[i]);
        if (strncmp(s + n, signs[i], len) != 0) continue;
        n += len;
        i = (size_t)-1;
    }
    return n;
}

const char *printed_number(struct request *q, const char *text)
{
    size_t sign = sign_length(text), len = strspn(text + sign, "0123456789,.-");
    const char *number = text + sign, *unit = number + len;
    if (!len) return text;
    while (*unit == ' ') unit++;
    const char *dot = memchr(number, '.', len);
    int decimals = dot ? (int)(number + len - dot - 1) : 0;
    int64_t v;
    if (decimals > 6 || decimal_parse(number, len, decimals, &v) != DECIMAL_OK) return text;
    const char *shown = arena_strndup(q->arena, text, sign);
    if (strcmp(shown, "-") == 0) shown = "−";
    else if (strcmp(shown, "~") == 0 || strcmp(shown, "~ ") == 0) shown = "≈ ";
    else if (sign && text[sign - 1] != ' ' && *shown != '+' && *shown != '=')
        shown = arena_printf(q->arena, "%s ", shown);
    if (strcmp(unit, "yuan") == 0 && decimals <= 2) {
        for (int i = decimals; i < 2; i++) v *= 10;
        return arena_printf(q->arena, "%s%s", shown, money_text(q, v, false));
    }
    const char *name = unit_name(q, unit, decimals ? 2 : v);
    bool close = strcmp(name, "%") == 0;
    return arena_printf(q->arena, "%s%s%s%s", shown, number_text(q, v, decimals),
                        *name && !close ? " " : "", name);
}
