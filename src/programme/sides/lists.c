/* What waits for a word, what is disputed, and whether every standing follows from its words. */
#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "entity/load.h"
#include "programme/sides/word.h"

struct listing {
    const struct side_query *q;
    side_fn *fn; void *arg;
    struct arena a;
};

static bool wanted(const struct side_query *q, const struct ends *ends, enum side s, bool *out,
                   struct err *e)
{
    enum side acts;
    struct err why = { 0 };
    *out = true;
    if (!q->org) return true;
    if (acts_for(q->mo, q->d, ends, q->org, &acts, &why)) *out = acts == s;
    else if (why.code == ERR_FORBIDDEN) *out = false;
    else return *e = why, false;
    return true;
}

static const char *record_text(const struct table_map *m, const struct val *row, struct arena *a)
{
    struct val v = record_of(m, row);
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : "";
}

static bool waits(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct listing *l = arg;
    const struct side_query *q = l->q;
    struct words w;
    bool mine;
    struct arena_mark mark = arena_mark(&l->a);
    struct side_item item = { .m = m, .row = row, .record = record_text(m, row, &l->a) };
    row_ends(m, row, &item.ends);
    bool ok = words_read(q->d, m, row, &l->a, &w, e) &&
              standing_of(q->mo, q->d, m, row, &w, &l->a, &item.standing, e);
    enum side other = item.standing.reporter == SIDE_HELPER ? SIDE_HELPED : SIDE_HELPER;
    ok = ok && wanted(q, &item.ends, other, &mine, e) && (!mine || l->fn(l->arg, &item, e));
    arena_rewind(&l->a, mark);
    return ok;
}

bool sides_waiting(const struct side_query *q, side_fn *fn, void *arg, struct err *e)
{
    struct listing l = { .q = q, .fn = fn, .arg = arg };
    bool ok = true;
    for (int i = 0; i < two_sided_count() && ok; i++) {
        const struct table_map *m = model_find(q->mo, two_sided_name(i));
        struct list_query lq = { .where = "confirmation = \"one_sided\"", .place = q->place,
                                 .limit = q->most };
        if (!m || (q->entity && strcmp(q->entity, m->entity->name) != 0)) continue;
        if (q->scope && !scope_kind(q->scope, m)) continue;
        ok = list_rows(q->mo, q->d, q->scope ? q->scope : &scope_all, m, &lq, waits, &l, e);
    }
    arena_free(&l.a);
    return ok;
}

/* ---- words, page by page ---- */

enum { PAGE = 500 };

struct mention { int64_t county, id; const char *entity, *record; };
struct page { struct mention at[PAGE]; int n; struct arena *a; };

static bool take(void *arg, const struct val *r, int n, struct err *e)
{
    struct page *p = arg;
    (void)n;
    if (p->n == PAGE) return err_set(e, ERR_INTERNAL, "a page of words is too long");
    p->at[p->n++] = (struct mention){ r[0].i, r[1].i, arena_strndup(p->a, r[2].p, r[2].n),
                                      arena_strndup(p->a, r[3].p, r[3].n) };
    return true;
}

typedef bool mention_fn(void *arg, const struct mention *m, struct arena *a, struct err *e);

/* The words of the counties from lo to hi. */
struct span { enum sides_stmt of; int64_t lo, hi; const bool *enough; };

static bool each_word(struct db *d, const struct span *s, mention_fn *fn, void *arg, struct err *e)
{
    struct arena a = { 0 };
    struct page *p = mem_alloc(sizeof *p);
    int64_t county = s->lo - 1, id = INT64_MAX;
    bool ok = true, enough = false;
    do {
        struct val v[] = { val_int(county), val_int(id), val_int(s->hi) };
        arena_reset(&a);
        p->n = 0;
        p->a = &a;
        ok = db_query(d, &sides_stmts.stmts[s->of], v, COUNT(v), take, p, e);
        for (int i = 0; ok && !enough && i < p->n; i++) {
            ok = fn(arg, &p->at[i], &a, e);
            enough = s->enough && *s->enough;
        }
        if (p->n) county = p->at[p->n - 1].county, id = p->at[p->n - 1].id;
    } while (ok && !enough && p->n == PAGE);
    free(p);
    arena_free(&a);
    return ok;
}

/* The row that a word speaks of; *found. */
static bool row_of(const struct model *mo, struct db *d, const struct mention *x,
                   const struct table_map **m, struct val *row, struct arena *a, bool *found,
                   struct err *e)
{
    int64_t county, id;
    struct err why = { 0 };
    *found = false;
    *m = model_find(mo, x->entity);
    if (!*m || !two_sided(*m)) return true;
    if (!ref_find(mo, *m, x->record, strlen(x->record), x->county, d, a, &county, &id, &why))
        return why.code == ERR_NOT_FOUND || (*e = why, false);
    return row_get(d, *m, county, id, a, row, found, e);
}

/* ---- what stands against a row ---- */

static bool inside(const struct listing *l, int64_t place, bool *in, struct err *e)
{
    struct place_range r[64];
    const struct places *p = l->q->mo->places;
    int n;
    *in = l->q->place == 0;
    if (*in) return true;
    if (!p->ranges(p->arg, l->q->d, l->q->place, r, COUNT(r), &n, e)) return false;
    for (int i = 0; i < n; i++) *in = *in || (place >= r[i].lo && place <= r[i].hi);
    return true;
}

static bool against(void *arg, const struct mention *x, struct arena *a, struct err *e)
{
    struct listing *l = arg;
    const struct side_query *q = l->q;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct side_item item = { .row = row, .record = x->record };
    struct words w;
    bool found, in;
    if (q->entity && strcmp(q->entity, x->entity) != 0) return true;
    if (!row_of(q->mo, q->d, x, &item.m, row, a, &found, e)) return false;
    if (found && q->scope)
        found = scope_kind(q->scope, item.m) && scope_takes_row(q->scope, item.m, row);
    if (!found) return true;
    row_ends(item.m, row, &item.ends);
    if (!inside(l, item.ends.place, &in, e)) return false;
    if (!in) return true;
    if (!words_read(q->d, item.m, row, a, &w, e) ||
        !standing_of(q->mo, q->d, item.m, row, &w, a, &item.standing, e))
        return false;
    for (int i = 0; i < w.n; i++)
        if (w.at[i].id == x->id) item.word = &w.at[i];
    const struct word *o = item.word;
    bool open = o && !o->past && o->side != item.standing.reporter && o->says != SAYS_REPORTED;
    if (!open || (o->says == SAYS_CORRECTED && o->agreed)) return true;
    bool one = true, two = true;
    return wanted(q, &item.ends, SIDE_HELPER, &one, e) &&
           wanted(q, &item.ends, SIDE_HELPED, &two, e) &&
           (!(one || two) || l->fn(l->arg, &item, e));
}

/* A word lies in the county of its record. What a scope sees by its organisations, or of a pairing that is over,
 * may lie anywhere. */
static bool span_of(const struct side_query *q, struct span *out, struct err *e)
{
    const struct places *p = q->mo->places;
    const struct scope *s = q->scope;
    struct place_range own[64];
    const struct place_range *r = own;
    int n = 0;
    *out = (struct span){ .of = SIDES_AGAINST, .hi = INT32_MAX, .enough = q->enough };
    if (q->place && !p->ranges(p->arg, q->d, q->place, own, COUNT(own), &n, e)) return false;
    if (!q->place && s && !s->everywhere && !s->orgs && !s->pasts) r = s->range, n = s->ranges;
    for (int i = 0; i < n; i++) {
        if (!i || r[i].lo / 1000000 < out->lo) out->lo = r[i].lo / 1000000;
        if (!i || r[i].hi / 1000000 > out->hi) out->hi = r[i].hi / 1000000;
    }
    return true;
}

bool sides_disputed(const struct side_query *q, side_fn *fn, void *arg, struct err *e)
{
    struct listing l = { .q = q, .fn = fn, .arg = arg };
    struct span span;
    return span_of(q, &span, e) && each_word(q->d, &span, against, &l, e);
}

/* ---- the proof ---- */

struct proving { const struct model *mo; struct db *d; struct faults *told; };

static bool prove(void *arg, const struct mention *x, struct arena *a, struct err *e)
{
    const struct proving *p = arg;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    const struct table_map *m;
    struct words w;
    struct standing s;
    bool found;
    if (!row_of(p->mo, p->d, x, &m, row, a, &found, e)) return false;
    if (!found) {
        fault_tell(p->told, "confirmation %lld of county %lld speaks of %s %s, which is not there",
                   (long long)x->id, (long long)x->county, x->entity, x->record);
        return true;
    }
    if (!words_read(p->d, m, row, a, &w, e)) return false;
    if (w.n == 0 || w.at[0].id != x->id) return true; /* looked at with the first word */
    if (!standing_of(p->mo, p->d, m, row, &w, a, &s, e)) return false;
    struct val is = row[m->column[m->common + COMMON_CONFIRMATION]];
    if (is.type == VAL_TEXT && is.n == strlen(s.confirmation) &&
        memcmp(is.p, s.confirmation, is.n) == 0)
        return true;
    fault_tell(p->told, "%s %s is marked %.*s, and by what the two sides said it is %s", x->entity,
               x->record, is.type == VAL_TEXT ? (int)is.n : 0, is.type == VAL_TEXT ? is.p : "",
               s.confirmation);
    return true;
}

bool sides_verify(const struct model *mo, struct db *d, struct faults *f, struct err *e)
{
    struct proving p = { mo, d, f };
    const struct span all = { .of = SIDES_EACH, .hi = INT32_MAX };
    return each_word(d, &all, prove, &p, e);
}
