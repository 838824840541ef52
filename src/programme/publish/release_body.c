/* The lines of a release, each one JSON object. */
#include "programme/publish/release.h"

#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "web/web.h"

static void put_number(struct json_out *j, const char *key, int64_t v, int scale)
{
    char text[DECIMAL_TEXT];
    decimal_format(v, scale, text);
    json_key(j, key);
    json_str(j, text);
}

static void put_text(struct json_out *j, const char *key, const char *text)
{
    json_key(j, key);
    json_str(j, text ? text : "");
}

static void put_day(struct json_out *j, const char *key, int32_t day)
{
    char text[DATE_TEXT] = "";
    if (day != DATE_MIN && day != DATE_MAX) date_format(day, text);
    put_text(j, key, text);
}

static void put_digest(struct json_out *j, const char *key, const unsigned char digest[DIGEST_LEN])
{
    char hex[DIGEST_HEX];
    digest_hex(digest, DIGEST_LEN, hex);
    put_text(j, key, hex);
}

void release_definition_body(const struct figure *f, struct buf *out)
{
    static const char *const kinds[] = { "", "count", "sum", "distinct", "ratio", "total" };
    struct json_out j;
    json_start(&j, out);
    json_object(&j);
    put_text(&j, "kind", "definition");
    put_text(&j, "figure", f->name);
    put_digest(&j, "version", f->digest);
    put_text(&j, "en", f->en);
    put_text(&j, "zh", f->zh);
    put_text(&j, "unit", f->unit);
    put_text(&j, "is", kinds[f->kind]);
    json_member_int(&j, "decimals", f->scale);
    if (f->kind == FIGURE_RATIO) json_member_int(&j, "times", f->times);
    put_text(&j, "text", f->text);
    json_end_object(&j);
}

/* --- a figure --- */

static void put_place(const struct release_world *w, struct json_out *j, int64_t code)
{
    const struct places *p = w->model->places;
    char text[256];
    snprintf(text, sizeof text, "%012lld", (long long)code);
    put_text(j, "place", code ? text : "");
    for (int zh = 0; zh < 2; zh++) {
        bool named = code && p->name(p->arg, w->db, code, zh, text, sizeof text);
        put_text(j, zh ? "place_zh" : "place_en",
                 !code ? (zh ? "全国" : "nation") : named ? text : "");
    }
}

static void put_organisation(const struct release_world *w, struct json_out *j, int64_t org)
{
    const struct table_map *m = model_find(w->model, "organisation");
    struct arena a = { 0 };
    put_text(j, "organisation", org && m ? ref_text(w->model, m, 0, org, w->db, &a) : "");
    arena_free(&a);
}

static void put_parts(struct json_out *j, const struct figure *f, const struct figure_value *v)
{
    json_member_int(j, "rows", v->rows);
    json_member_int(j, "unknown", v->unknown);
    put_text(j, "rests_on", figure_rests_on(v));
    json_member_int(j, "recorded", v->recorded);
    json_member_int(j, "restated", v->restated);
    json_member_int(j, "synthetic", v->synthetic);
    json_member_int(j, "derived", v->derived);
    if (f->kind == FIGURE_RATIO || !v->known) return;
    put_number(j, "confirmed", v->confirmed, v->scale);
    put_number(j, "one_sided", v->one_sided, v->scale);
    put_number(j, "disputed", v->disputed, v->scale);
}

static int term_scale(const struct figure *f)
{
    int scale = 0;
    for (int i = 0; i < f->n_terms; i++)
        if (f->terms[i].of->scale > scale) scale = f->terms[i].of->scale;
    return scale;
}

static bool put_terms(const struct release_world *w, struct json_out *j, const struct figure *f,
                      const struct figure_query *q, const struct figure_value *v, struct err *e)
{
    struct figure_value terms[64];
    if (f->n_terms == 0) return true;
    if (!figure_terms(w->context, w->db, q, terms, e)) return false;
    if (f->kind == FIGURE_RATIO) {
        put_number(j, "numerator", v->numerator, term_scale(f));
        put_number(j, "denominator", v->denominator, term_scale(f));
    }
    json_key(j, "terms");
    json_array(j);
    for (int i = 0; i < f->n_terms; i++) {
        const struct figure_term *t = &f->terms[i];
        json_object(j);
        put_text(j, "figure", t->of->name);
        if (t->within) put_text(j, "within", t->within);
        put_text(j, "part", f->kind == FIGURE_TOTAL ? "sum" : i < f->n_upper ? "upper" : "lower");
        json_member_int(j, "sign", t->sign);
        put_number(j, "value", terms[i].value, terms[i].scale);
        json_end_object(j);
    }
    json_end_array(j);
    return true;
}

static bool put_value(const struct release_world *w, struct json_out *j, const struct figure *f,
                      const struct figure_query *q, const struct figure_value *v, struct err *e)
{
    unsigned char digest[DIGEST_LEN];
    int64_t rows;
    json_key(j, "value");
    if (!v->known) {
        json_null(j);
        put_text(j, "why", v->why);
    } else {
        char text[DECIMAL_TEXT];
        decimal_format(v->value, v->scale, text);
        json_str(j, text);
    }
    put_text(j, "qualifier", qualifier_sign(v->qualifier));
    if (!figure_rows_open(w->scope, f)) {
        if (v->known) put_text(j, "cut", RELEASE_CUT);
        return true;
    }
    if (v->known && v->partial) {
        put_number(j, "low", v->low, v->scale);
        put_number(j, "high", v->high, v->scale);
    }
    put_parts(j, f, v);
    if (!v->known && v->rows == 0) return true;
    if (!figure_digest(w->context, w->db, &scope_all, q, &rows, digest, e)) return false;
    json_member_int(j, "counted", rows);
    put_digest(j, "rows_digest", digest);
    return !v->known || put_terms(w, j, f, q, v, e);
}

bool release_figure_body(const struct release_world *w, const struct figure_query *q,
                         struct buf *out, struct err *e)
{
    struct figure_value v;
    struct json_out j;
    if (!figure_read(w->context, w->db, w->scope, q, &v, e)) return false;
    const struct figure *f = figures_find(w->context->figures, q->name);
    json_start(&j, out);
    json_object(&j);
    put_text(&j, "kind", "figure");
    put_text(&j, "figure", f->name);
    put_digest(&j, "version", f->digest);
    put_place(w, &j, q->place);
    put_organisation(w, &j, q->org);
    put_day(&j, "from", f->stock ? DATE_MIN : q->from);
    put_day(&j, "to", q->to);
    bool ok = put_value(w, &j, f, q, &v, e);
    if (ok) json_end_object(&j);
    return ok;
}

/* --- the other kinds --- */

static void put_instant(struct json_out *j, const char *key, int64_t at)
{
    char text[INSTANT_TEXT];
    instant_format(at, text);
    put_text(j, key, text);
}

void release_header_body(const struct release_wish *x, int64_t as_of, const char *corrects_head,
                         const struct release_counts *n, struct buf *out)
{
    struct json_out j;
    json_start(&j, out);
    json_object(&j);
    put_text(&j, "kind", "release");
    json_member_int(&j, "format", RELEASE_FORMAT);
    put_text(&j, "name", x->name);
    put_text(&j, "title", x->title);
    put_instant(&j, "as_of", as_of);
    put_text(&j, "for", x->offices ? "offices" : "public");
    put_text(&j, "made_by", x->by);
    put_text(&j, "program", "jiedui " JD_VERSION);
    put_text(&j, "corrects", x->corrects);
    put_text(&j, "corrects_head", corrects_head);
    put_text(&j, "reason", x->reason);
    json_member_int(&j, "definitions", (int64_t)n->definitions);
    json_member_int(&j, "figures", (int64_t)n->figures);
    json_member_int(&j, "claims", (int64_t)n->claims);
    json_member_int(&j, "changes", (int64_t)n->changes);
    json_member_int(&j, "heads", (int64_t)n->heads);
    json_end_object(&j);
}

void release_claim_body(const struct claim_result *r, struct buf *out)
{
    static const char *const verdicts[] = { "holds", "differs", "cannot be computed" };
    struct json_out j;
    json_start(&j, out);
    json_object(&j);
    put_text(&j, "kind", "claim");
    put_text(&j, "claim", r->code);
    put_text(&j, "source", r->source);
    put_text(&j, "text", r->text);
    put_text(&j, "figure", r->figure);
    put_text(&j, "claimed", r->claimed);
    put_text(&j, "computed", r->computed);
    put_text(&j, "difference", r->difference);
    put_text(&j, "verdict", verdicts[r->verdict]);
    put_text(&j, "rests_on", r->rests_on);
    json_key(&j, "same_source");
    json_bool(&j, r->same_source);
    put_text(&j, "reading", r->reading);
    put_text(&j, "reason", r->reason);
    json_end_object(&j);
}

void release_head_body(const char *head, size_t n, struct buf *out)
{
    size_t writer = strcspn(head, " "), seq = strcspn(head + writer + 1, " ");
    const char *hash = head + writer + seq + 2;
    struct json_out j;
    json_start(&j, out);
    json_object(&j);
    put_text(&j, "kind", "head");
    json_key(&j, "writer");
    json_raw(&j, head, writer);
    json_key(&j, "seq");
    json_raw(&j, head + writer + 1, seq);
    json_key(&j, "head");
    json_text(&j, hash, n - (size_t)(hash - head));
    json_end_object(&j);
}

void release_approval_body(const char *by, int64_t at, struct buf *out)
{
    struct json_out j;
    json_start(&j, out);
    json_object(&j);
    put_text(&j, "kind", "approval");
    put_text(&j, "by", by);
    put_instant(&j, "at", at);
    json_end_object(&j);
}

/* --- reading them --- */

const char *release_member(const struct json *line, const char *key, struct arena *a)
{
    const struct json *m = json_get(line, key);
    if (m && m->type == JSON_TEXT) return m->text;
    if (m && m->type == JSON_INT) return arena_printf(a, "%lld", (long long)m->i);
    return "";
}

const char *release_line_name(const struct json *line, struct arena *a)
{
    static const char *const keys[] = { "figure", "place_en", "organisation", "from", "to" };
    const char *v[5];
    for (int i = 0; i < 5; i++) v[i] = release_member(line, keys[i], a);
    const char *place = *v[1] ? v[1] : "nation";
    return arena_printf(a, "%s, %s%s%s%s%s%s%s", v[0], place, *v[2] ? ", " : "", v[2],
                        *v[3] ? ", from " : "", v[3], *v[4] ? ", to " : "", v[4]);
}
