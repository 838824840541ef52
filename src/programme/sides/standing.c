/* What follows for a record from what the two sides said of it. */
#include <stdio.h>
#include <string.h>

#include "base/count.h"
#include "base/json.h"
#include "programme/numbers.h"
#include "programme/sides/word.h"

static const char *const says_words[] = { "reported", "confirmed", "corrected", "disputed" };

const char *says_word(enum says s) { return says_words[s]; }

bool says_read(const char *word, enum says *out)
{
    for (int i = 0; i < COUNT(says_words); i++)
        if (strcmp(word, says_words[i]) == 0) return *out = (enum says)i, true;
    return false;
}

/* ---- reading ---- */

enum { W_ID, W_ORG, W_RECORDED, W_SIDE, W_SAYS, W_CORRECTION, W_REASON, W_EVIDENCE, W_NAME, W_SEEN,
       W_PACKAGE, W_SAID_ON };

struct taking { struct words *w; struct arena *a; int cap; };

static const char *text(struct arena *a, struct val v)
{
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : "";
}

static bool take(void *arg, const struct val *r, int n, struct err *e)
{
    struct taking *t = arg;
    (void)n;
    t->w->at = arena_more(t->a, t->w->at, t->w->n, &t->cap, sizeof *t->w->at);
    struct word *w = &t->w->at[t->w->n++];
    *w = (struct word){ .id = r[W_ID].i, .organisation = r[W_ORG].i, .recorded = r[W_RECORDED].i,
        .side = r[W_SIDE].n == 6 && memcmp(r[W_SIDE].p, "helper", 6) == 0 ? SIDE_HELPER
                                                                        : SIDE_HELPED,
        .correction = text(t->a, r[W_CORRECTION]), .reason = text(t->a, r[W_REASON]),
        .evidence = text(t->a, r[W_EVIDENCE]), .evidence_name = text(t->a, r[W_NAME]),
        .seen = text(t->a, r[W_SEEN]), .package = text(t->a, r[W_PACKAGE]),
        .said_on = (int32_t)r[W_SAID_ON].i };
    return says_read(text(t->a, r[W_SAYS]), &w->says) ||
           err_set(e, ERR_CORRUPT, "a confirmation says neither of what can be said: see verify");
}

struct val record_of(const struct table_map *m, const struct val *row)
{
    return m->n_key == 1 ? row[m->column[m->key[0]]] : val_null();
}

bool words_read(struct db *d, const struct table_map *m, const struct val *row, struct arena *a,
                struct words *out, struct err *e)
{
    struct taking t = { .w = out, .a = a };
    struct val p[] = { row[ROW_COUNTY], val_text(m->entity->name), record_of(m, row) };
    *out = (struct words){ 0 };
    if (p[2].type != VAL_TEXT) return true;
    return db_query(d, &sides_stmts.stmts[SIDES_WORDS], p, COUNT(p), take, &t, e);
}

/* ---- what a word was said of ---- */

bool personal_field(const struct table_map *m, int f)
{
    const char *ref = m->field[f].type == F_REF ? m->field[f].ref : NULL;
    return m->field[f].flags & F_PERSONAL ||
           (ref && (strcmp(ref, "person") == 0 || strcmp(ref, "household") == 0));
}

bool told_field(const struct table_map *m, int f)
{
    if (m->field[f].flags & (F_COMPUTED | F_KEY) || personal_field(m, f)) return false;
    if (f < m->common) return true;
    return f == m->common + COMMON_VALID_FROM || f == m->common + COMMON_VALID_TO;
}

void facts_digest(const struct model *mo, struct db *d, const struct table_map *m,
                  const struct val *row, struct arena *a, char out[FACTS_HEX])
{
    unsigned char sum[DIGEST_LEN];
    struct digest g;
    digest_init(&g);
    for (int f = 0; f < m->fields; f++) {
        if (val_is_null(row[m->column[f]]) || !told_field(m, f)) continue;
        const char *text_of = field_write(mo, m, f, row, d, a);
        digest_add(&g, m->field[f].name, strlen(m->field[f].name) + 1);
        digest_add(&g, text_of, strlen(text_of) + 1);
    }
    digest_done(&g, sum);
    digest_hex(sum, (FACTS_HEX - 1) / 2, out);
}

bool corrections_read(const struct table_map *m, const char *text_json, struct arena *a,
                      struct correction **out, int *n, struct err *e)
{
    struct json *j;
    *n = 0;
    *out = NULL;
    if (!*text_json) return true;
    if (!json_parse(&j, text_json, strlen(text_json), a, e) || j->type != JSON_OBJECT)
        return err_set(e, ERR_CORRUPT, "a correction is damaged: see verify");
    *out = arena_array(a, j->n + 1, sizeof **out);
    for (size_t i = 0; i < j->n; i++) {
        int f = map_field(m, j->keys[i]);
        if (f >= 0 && j->items[i].type == JSON_TEXT)
            (*out)[(*n)++] = (struct correction){ f, j->items[i].text };
    }
    return true;
}

bool corrections_lay(const struct model *mo, struct db *d, const struct table_map *m,
                     const struct correction *c, int n, struct val *row, struct arena *a,
                     struct err *e)
{
    int64_t county = row[ROW_COUNTY].i;
    for (int i = 0; i < n; i++)
        if (!field_read(mo, m, c[i].field, c[i].value, strlen(c[i].value), d, row, a, e))
            return false;
    row[ROW_COUNTY] = val_int(county);
    return true;
}

static bool judge(const struct model *mo, struct db *d, const struct table_map *m,
                  const struct val *row, const char *now, struct word *w, struct arena *a,
                  struct err *e)
{
    struct val laid[ENTITY_MAX_COLUMNS + 1];
    struct correction *c;
    struct err unread = { 0 };
    char as[FACTS_HEX];
    int n;
    w->agreed = strcmp(w->seen, now) == 0;
    w->past = !w->agreed;
    if (w->agreed || w->says != SAYS_CORRECTED) return true;
    if (!corrections_read(m, w->correction, a, &c, &n, e)) return false;
    memcpy(laid, row, (size_t)(m->columns + 1) * sizeof *laid);
    if (!corrections_lay(mo, d, m, c, n, laid, a, &unread))
        return unread.code == ERR_INVALID || unread.code == ERR_NOT_FOUND || (*e = unread, false);
    facts_digest(mo, d, m, laid, a, as);
    w->past = strcmp(w->seen, as) != 0;
    return true;
}

bool standing_of(const struct model *mo, struct db *d, const struct table_map *m,
                 const struct val *row, struct words *w, struct arena *a, struct standing *out,
                 struct err *e)
{
    bool confirmed = false, corrected = false, disputed = false;
    char now[FACTS_HEX];
    *out = (struct standing){ SIDE_HELPER, "one_sided" };
    if (w->n == 0) return true;
    facts_digest(mo, d, m, row, a, now);
    for (int i = 0; i < w->n; i++) {
        if (!judge(mo, d, m, row, now, &w->at[i], a, e)) return false;
        if (w->at[i].says == SAYS_REPORTED) out->reporter = w->at[i].side;
    }
    for (int i = 0; i < w->n; i++) {
        const struct word *o = &w->at[i];
        if (o->side == out->reporter || o->past) continue;
        if (o->says == SAYS_DISPUTED) disputed = true;
        else if (o->agreed) confirmed = true;
        else corrected = true;
    }
    out->confirmation = disputed    ? "disputed"
                        : corrected ? "corrected"
                        : confirmed ? "confirmed"
                                    : "one_sided";
    return true;
}

/* ---- the field follows ---- */

static bool is(struct val v, const char *word)
{
    return v.type == VAL_TEXT && v.n == strlen(word) && memcmp(v.p, word, v.n) == 0;
}

static bool complete(struct tx *tx, const struct model *mo, const struct table_map *m,
                     const struct val *before, struct val *row, struct arena *a, struct err *e)
{
    const int c = m->column[m->common + COMMON_CONFIRMATION];
    struct words w;
    struct standing s;
    if (!words_read(tx_db(tx), m, before, a, &w, e)) return false;
    if (w.n == 0) return true;
    if (!val_equal(record_of(m, before), record_of(m, row)))
        return err_field(e, ERR_INVALID, m->field[m->key[0]].name,
                         "it is confirmed by its code, so the code stays as it is");
    if (!standing_of(mo, tx_db(tx), m, row, &w, a, &s, e)) return false;
    bool typed = !val_equal(row[c], before[c]) && !val_is_null(row[c]) && !is(row[c], "one_sided");
    if (typed && !is(row[c], s.confirmation))
        return err_field(e, ERR_INVALID, "confirmation", "it is %s by what the two sides said; "
                         "say it with jiedui confirm %s %.*s", s.confirmation, m->entity->name,
                         (int)record_of(m, row).n, record_of(m, row).p);
    row[c] = val_text(s.confirmation);
    return true;
}

bool sides_complete(struct tx *tx, const struct model *mo, const struct table_map *m,
                    const struct val *before, struct val *row, struct err *e)
{
    struct arena a = { 0 };
    if (!before || !two_sided(m)) return true;
    bool ok = complete(tx, mo, m, before, row, &a, e);
    arena_free(&a);
    return ok;
}

/* A row of a view reads its standing from the words themselves: whoever adds it up is told what it
 * was, with the words as they were before this one. */
static bool follow_view(struct tx *tx, const struct model *mo, const struct table_map *s,
                        int64_t county, int64_t id, const struct val *word,
                        const struct val *before, struct arena *a, struct err *e)
{
    struct val now[ENTITY_MAX_COLUMNS + 1], was[ENTITY_MAX_COLUMNS + 1];
    const struct table_map *m = model_number(mo, NUMBER_CONFIRMATION);
    int c = s->column[s->common + COMMON_CONFIRMATION], strongest = 0;
    struct words w;
    bool found;
    if (!row_get(tx_db(tx), s, county, id, a, now, &found, e)) return false;
    if (!found) return true;
    if (!words_read(tx_db(tx), s, now, a, &w, e)) return false;
    for (int i = 0; i < w.n; i++) {
        bool this = w.at[i].id == word[ROW_ID].i;
        if (!this && w.at[i].side == SIDE_HELPED && (int)w.at[i].says > strongest)
            strongest = (int)w.at[i].says;
    }
    enum says said;
    struct val old = before ? before[m->column[CONFIRMATION_SAYS]] : val_null();
    if (old.type == VAL_TEXT && is(before[m->column[CONFIRMATION_SIDE]], "helped") &&
        says_read(arena_strndup(a, old.p, old.n), &said) && (int)said > strongest)
        strongest = (int)said;
    memcpy(was, now, sizeof was);
    was[c] = val_text(strongest == SAYS_REPORTED ? "one_sided" : says_words[strongest]);
    return val_equal(was[c], now[c]) || model_tell(tx, mo, s, was, now, e);
}

/* A word was said, changed or taken back: the row it speaks of is written anew. */
static bool follow_word(struct tx *tx, const struct model *mo, const struct table_map *m,
                        const struct val *before, const struct val *after, struct arena *a,
                        struct err *e)
{
    const struct val *word = after ? after : before;
    const bool gone = !after;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct val of = word[m->column[CONFIRMATION_RECORD_OF]];
    struct val record = word[m->column[CONFIRMATION_RECORD]];
    const struct table_map *s = model_find(mo, arena_strndup(a, of.p, of.n));
    int64_t county, id;
    bool found;
    struct err none = { 0 };
    if (!s || !two_sided(s)) return err_set(e, ERR_INVALID, "%.*s has no two sides", (int)of.n, of.p);
    if (!ref_find(mo, s, record.p, record.n, word[ROW_COUNTY].i, tx_db(tx), a, &county, &id, &none))
        return gone || (*e = none, false);
    struct words w;
    if (s->entity->view) return follow_view(tx, mo, s, county, id, word, before, a, e);
    if (!row_get(tx_db(tx), s, county, id, a, row, &found, e)) return false;
    if (!found) return gone || err_set(e, ERR_NOT_FOUND, "there is no such row of %s", s->entity->name);
    if (gone && !words_read(tx_db(tx), s, row, a, &w, e)) return false;
    if (gone && w.n == 0) row[s->column[s->common + COMMON_CONFIRMATION]] = val_text("one_sided");
    return row_update(tx, mo, s, row, 0, e);
}

static bool stays(struct tx *tx, const struct table_map *m, const struct val *row,
                  struct arena *a, struct err *e)
{
    struct words w;
    struct val r = record_of(m, row);
    return words_read(tx_db(tx), m, row, a, &w, e) &&
           (w.n == 0 || err_set(e, ERR_CONFLICT, "%s %.*s has the words of %d organisations, and "
                                "stays", m->entity->name, (int)r.n, r.p, w.n));
}

bool sides_follow(struct tx *tx, const struct model *mo, const struct table_map *m,
                  const struct val *before, const struct val *after, struct err *e)
{
    struct arena a = { 0 };
    bool ok = true;
    if (m->entity->number == NUMBER_CONFIRMATION)
        ok = follow_word(tx, mo, m, before, after, &a, e);
    else if (!after && two_sided(m)) ok = stays(tx, m, before, &a, e);
    arena_free(&a);
    return ok;
}
