/* One organisation's word on a record. */
#include <stdio.h>
#include <string.h>

#include "base/count.h"
#include "base/json.h"
#include "entity/load.h"
#include "programme/numbers.h"
#include "programme/sides/word.h"

struct confirming {
    const struct model *mo;
    struct db *d;
    const struct confirm_request *q;
    struct arena *a;
    const struct table_map *m;
    int64_t county, id;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct words words;
    struct standing standing;
    enum side side;
    const struct word *own;        /* what it said before, or NULL */
    const char *correction;        /* JSON, or "" */
    char seen[FACTS_HEX];
};

static bool find(struct confirming *x, struct err *e)
{
    const char *r = x->q->record;
    int64_t pending;
    bool found;
    x->m = model_find(x->mo, x->q->entity);
    if (!x->m || !two_sided(x->m))
        return err_set(e, ERR_INVALID, "%s has no two sides; what two sides share: purchase, "
                       "allocation, posting, placement, service, agreement, ... (jiedui help "
                       "confirm)", x->q->entity);
    if (x->m->entity->view && x->q->says == SAYS_REPORTED)
        return err_set(e, ERR_INVALID, "a %s is reported by the side that posted it",
                       x->q->entity);
    if (!ref_find(x->mo, x->m, r, strlen(r), -1, x->d, x->a, &x->county, &x->id, e) ||
        !row_get(x->d, x->m, x->county, x->id, x->a, x->row, &found, e) ||
        !load_pending(x->d, &pending, e))
        return false;
    if (!found) return err_set(e, ERR_NOT_FOUND, "there is no %s %s", x->q->entity, r);
    if (x->row[ROW_LOAD].i == pending)
        return err_set(e, ERR_BUSY, "load %lld is bringing it: try again when it is done",
                       (long long)pending);
    return x->row[ROW_DRAFT].i == 0 ||
           err_set(e, ERR_INVALID, "%s %s is a draft: what is missing comes first", x->q->entity, r);
}

static const char *org_code(const struct confirming *x, int64_t id)
{
    return ref_text(x->mo, model_find(x->mo, "organisation"), 0, id, x->d, x->a);
}

/* The organisations of an end, for messages. */
static const char *end_text(const struct confirming *x, const struct ends *ends, enum side s)
{
    const char *t = "";
    for (int i = 0; i < ENDS_MAX; i++)
        if (ends->org[s][i])
            t = arena_printf(x->a, "%s%s%s", t, *t ? ", " : "", org_code(x, ends->org[s][i]));
    if (s == SIDE_HELPED && ends->place)
        t = arena_printf(x->a, "%s%sauthorities of %lld", t, *t ? ", " : "",
                         (long long)ends->place);
    return *t ? t : "nobody that is named";
}

static enum side other(enum side s) { return s == SIDE_HELPER ? SIDE_HELPED : SIDE_HELPER; }

/* May this organisation say this? */
static bool may(struct confirming *x, struct err *e)
{
    struct ends ends;
    const struct confirm_request *q = x->q;
    row_ends(x->m, x->row, &ends);
    if (!acts_for(x->mo, x->d, &ends, q->organisation, &x->side, e)) return false;
    if (x->side == SIDE_NONE)
        return err_set(e, ERR_FORBIDDEN, "%s is on neither side of %s %s: helper %s; helped %s",
                       org_code(x, q->organisation), q->entity, q->record,
                       end_text(x, &ends, SIDE_HELPER), end_text(x, &ends, SIDE_HELPED));
    if (!words_read(x->d, x->m, x->row, x->a, &x->words, e) ||
        !standing_of(x->mo, x->d, x->m, x->row, &x->words, x->a, &x->standing, e))
        return false;
    for (int i = 0; i < x->words.n; i++)
        if (x->words.at[i].organisation == q->organisation) x->own = &x->words.at[i];
    if (q->says == SAYS_REPORTED) {
        /* A word that comes from elsewhere was the first one there. */
        bool first = x->words.n == 0 || q->package || (x->own && x->own->says == SAYS_REPORTED);
        for (int i = 0; i < x->words.n; i++)
            first = first && (x->words.at[i].says != SAYS_REPORTED ||
                              x->words.at[i].side == x->side);
        return first || err_set(e, ERR_CONFLICT, "%s %s has the word of %s already: confirm, "
                                "correct or dispute it", q->entity, q->record,
                                org_code(x, x->words.at[0].organisation));
    }
    if (x->side != x->standing.reporter) return true;
    return err_set(e, ERR_FORBIDDEN, "the side of %s reported %s %s; only the other side (%s) "
                   "confirms it", org_code(x, q->organisation), q->entity, q->record,
                   end_text(x, &ends, other(x->side)));
}

/* ---- corrections ---- */

/* "amount=900; note=x; y": a part that is no FIELD=VALUE belongs to the value before it. */
static const char *next_part(const struct table_map *m, const char *p, struct arena *a,
                             const char **name, const char **value)
{
    const char *equals = strchr(p, '='), *end = p;
    char *n = arena_strndup(a, p, equals ? (size_t)(equals - p) : strlen(p));
    n += strspn(n, " ");
    n[strcspn(n, " ")] = '\0';
    *name = n;
    *value = NULL;
    if (!equals) return p + strlen(p);
    for (end = equals; (end = strchr(end + 1, ';'));) {
        const char *q = end + 1 + strspn(end + 1, " ");
        size_t w = strcspn(q, "= ;");
        if (*q == '\0' || (q[w] == '=' && map_field(m, arena_strndup(a, q, w)) >= 0)) break;
    }
    if (!end) end = equals + strlen(equals);
    *value = arena_strndup(a, equals + 1, (size_t)(end - equals - 1));
    return *end ? end + 1 : end;
}

static bool correctable(const struct confirming *x, int f, const char *name, struct err *e)
{
    if (f < 0) {
        const char *names[ENTITY_MAX_COLUMNS];
        for (int i = 0; i < x->m->fields; i++) names[i] = x->m->field[i].name;
        const char *near = nearest_name(name, names, x->m->fields);
        return err_field(e, ERR_INVALID, name, "%s has no field \"%s\"%s%s%s", x->q->entity, name,
                         near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    return (told_field(x->m, f) && !(x->m->field[f].flags & F_HOME)) ||
           err_field(e, ERR_INVALID, name, "%s is not a value that the other side corrects: dispute "
                     "it with a reason instead", name);
}

/* Reads what was typed, lays it over the row, and writes it in its one form. */
static bool correct(struct confirming *x, struct val *laid, struct err *e)
{
    struct json_out j;
    struct buf b;
    const char *p = x->q->correction, *name, *value;
    bool ok = true;
    int differ = 0;
    buf_init(&b, 1 << 16);
    json_start(&j, &b);
    json_object(&j);
    for (p += strspn(p, " ;"); *p && ok; p += strspn(p, " ;")) {
        p = next_part(x->m, p, x->a, &name, &value);
        int f = map_field(x->m, name);
        struct correction c = { f, value };
        ok = correctable(x, f, name, e) &&
             (value || err_field(e, ERR_INVALID, name, "\"%s\" has no value: write %s=VALUE", name,
                                 name)) &&
             corrections_lay(x->mo, x->d, x->m, &c, 1, laid, x->a, e);
        if (!ok) break;
        differ += !val_equal(laid[x->m->column[f]], x->row[x->m->column[f]]);
        json_key(&j, name);
        json_str(&j, field_write(x->mo, x->m, f, laid, x->d, x->a));
    }
    json_end_object(&j);
    x->correction = arena_strdup(x->a, b.p);
    buf_free(&b);
    return ok && (differ || err_set(e, ERR_INVALID, "a correction puts another value beside the "
                                    "record's, and this one gives none: confirm it instead"));
}

static void said_of(struct confirming *x, const struct val *laid)
{
    if (x->q->seen) snprintf(x->seen, sizeof x->seen, "%s", x->q->seen);
    else facts_digest(x->mo, x->d, x->m, laid, x->a, x->seen);
}

/* A correction in its one form. */
static bool take_over(struct confirming *x, struct val *laid, struct err *e)
{
    struct correction *c;
    int n;
    if (x->q->says != SAYS_CORRECTED)
        return err_set(e, ERR_INVALID, "values come with a correction alone");
    if (!corrections_read(x->m, x->q->correction_json, x->a, &c, &n, e)) return false;
    for (int i = 0; i < n; i++)
        if (!correctable(x, c[i].field, x->m->field[c[i].field].name, e)) return false;
    x->correction = x->q->correction_json;
    if (!x->q->seen && !corrections_lay(x->mo, x->d, x->m, c, n, laid, x->a, e)) return false;
    said_of(x, laid);
    return true;
}

static bool weigh(struct confirming *x, struct err *e)
{
    struct val laid[ENTITY_MAX_COLUMNS + 1];
    const struct confirm_request *q = x->q;
    memcpy(laid, x->row, sizeof laid);
    x->correction = "";
    if (q->correction_json && *q->correction_json) return take_over(x, laid, e);
    if (q->says == SAYS_CORRECTED && (!q->correction || !*q->correction))
        return err_set(e, ERR_INVALID, "a correction says what is right: FIELD=VALUE");
    if (q->says != SAYS_CORRECTED && q->correction && *q->correction)
        return err_set(e, ERR_INVALID, "values come with a correction alone");
    if (q->says == SAYS_DISPUTED && (!q->reason || !*q->reason))
        return err_set(e, ERR_INVALID, "a dispute needs its reason");
    if (q->says == SAYS_CORRECTED && !correct(x, laid, e)) return false;
    said_of(x, laid);
    return true;
}

/* ---- writing ---- */

static bool same(const char *a, const char *b) { return strcmp(a ? a : "", b ? b : "") == 0; }

static struct val or_null(const char *s) { return s && *s ? val_text(s) : val_null(); }

/* It said just that before. */
static bool said_already(const struct confirming *x)
{
    const struct word *o = x->own;
    const struct confirm_request *q = x->q;
    return o && o->says == q->says && same(o->seen, x->seen) && same(o->correction, x->correction) &&
           same(o->reason, q->reason) && same(o->evidence, q->evidence) &&
           same(o->evidence_name, q->evidence_name);
}

/* A place that lies in the county of the row. */
static struct val place_of(const struct confirming *x)
{
    struct ends ends;
    row_ends(x->m, x->row, &ends);
    if (place_county(ends.place) == x->county) return ends.place ? val_int(ends.place) : val_null();
    return x->county ? val_int(x->county * 1000000) : val_null();
}

static void word_row(const struct confirming *x, const struct table_map *m, struct val *w)
{
    const struct confirm_request *q = x->q;
    struct val v[CONFIRMATION_NCOLS] = {
        [CONFIRMATION_RECORD_OF] = val_text(x->m->entity->name),
        [CONFIRMATION_RECORD] = record_of(x->m, x->row),
        [CONFIRMATION_ORGANISATION] = val_int(q->organisation),
        [CONFIRMATION_PLACE] = place_of(x),
        [CONFIRMATION_SIDE] = val_text(x->side == SIDE_HELPER ? "helper" : "helped"),
        [CONFIRMATION_SAYS] = val_text(says_word(q->says)),
        [CONFIRMATION_CORRECTION] = or_null(x->correction),
        [CONFIRMATION_REASON] = or_null(q->reason),
        [CONFIRMATION_EVIDENCE] = or_null(q->evidence),
        [CONFIRMATION_EVIDENCE_NAME] = or_null(q->evidence_name),
        [CONFIRMATION_SAID_ON] = val_int(q->on),
        [CONFIRMATION_SEEN] = val_text(x->seen),
        [CONFIRMATION_PACKAGE] = or_null(q->package),
    };
    for (int f = 0; f < CONFIRMATION_NCOLS; f++) w[m->column[f]] = v[f];
}

static struct val standing_now(const struct confirming *x, const struct val *row)
{
    return row[x->m->column[x->m->common + COMMON_CONFIRMATION]];
}

static bool say(struct tx *tx, struct confirming *x, struct err *e)
{
    const struct table_map *m = model_find(x->mo, "confirmation");
    struct val w[ENTITY_MAX_COLUMNS + 1] = { 0 };
    bool found = false;
    if (!x->own) {
        word_row(x, m, w);
        return row_insert(tx, x->mo, m, w, e);
    }
    if (!row_get(x->d, m, x->county, x->own->id, x->a, w, &found, e)) return false;
    if (!found) return err_set(e, ERR_CONFLICT, "the word of this organisation is gone: try again");
    word_row(x, m, w);
    return row_update(tx, x->mo, m, w, 0, e);
}

bool confirm(struct tx *tx, const struct model *mo, const struct confirm_request *q,
             struct arena *a, struct confirm_done *out, struct err *e)
{
    struct confirming x = { .mo = mo, .d = tx_db(tx), .q = q, .a = a };
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found;
    *out = (struct confirm_done){ .was = "", .is = "" };
    if (!find(&x, e) || !may(&x, e) || !weigh(&x, e)) return false;
    struct val was = standing_now(&x, x.row);
    out->county = x.county;
    out->id = x.id;
    out->changed = out->began = !said_already(&x);
    if (out->changed && !say(tx, &x, e)) return false;
    if (!row_get(x.d, x.m, x.county, x.id, a, row, &found, e)) return false;
    struct val is = standing_now(&x, row);
    out->was = was.type == VAL_TEXT ? arena_strndup(a, was.p, was.n) : "one_sided";
    out->is = is.type == VAL_TEXT ? arena_strndup(a, is.p, is.n) : "one_sided";
    return true;
}
