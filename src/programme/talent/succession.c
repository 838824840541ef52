/* Terms of a post, one after another; two first secretaries at once are not written. */
#include "programme/talent/succession.h"

#include "base/date.h"
#include "entity/load.h"
#include "programme/guard/guard.h"
#include "programme/numbers.h"
#include "programme/rows/rows.h"

struct taking { struct terms *t; struct arena *a; int cap; };

static const char *words(struct arena *a, struct val v)
{
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : "";
}

static bool take(void *arg, const struct val *r, int n, struct err *e)
{
    struct taking *x = arg;
    (void)n, (void)e;
    if (place_level(r[4].i) != 5) return true; /* of a county nobody says which village */
    x->t->at = arena_more(x->a, x->t->at, x->t->n, &x->cap, sizeof *x->t->at);
    x->t->at[x->t->n++] = (struct term){ .county = r[0].i, .id = r[1].i, .place = r[4].i,
        .code = words(x->a, r[2]), .kind = words(x->a, r[3]),
        .helper = r[7].type == VAL_INT ? r[7].i : 0,
        .from = r[5].type == VAL_INT ? (int32_t)r[5].i : DATE_MIN,
        .to = r[6].type == VAL_INT ? (int32_t)r[6].i : DATE_MAX };
    return true;
}

bool terms_read(struct terms *t, struct db *d, int64_t published, struct arena *a, struct err *e)
{
    struct taking x = { .t = t, .a = a };
    int64_t hidden;
    *t = (struct terms){ 0 };
    if (!load_pending(d, &hidden, e)) return false;
    struct val v = val_int(hidden == published ? -1 : hidden);
    return db_query(d, &talent_stmts.stmts[TALENT_TERMS], &v, 1, take, &x, e);
}

static bool same_post(const struct term *a, const struct term *b)
{
    return a->place == b->place && strcmp(a->kind, b->kind) == 0;
}

static struct handover between(const struct term *last, bool open, const struct term *next)
{
    struct handover h = { .what = NO_VERDICT, .before = last, .after = next };
    if (next->from == DATE_MIN || last->to == DATE_MAX) return h;
    if (next->from < last->to) {
        h.what = OVERLAPS;
        h.days = (int64_t)(next->to < last->to ? next->to : last->to) - next->from + 1;
    } else if (open) {
        return h;              /* somebody whose end is not known may have stayed */
    } else {
        int64_t days = (int64_t)next->from - last->to - 1;
        h.days = days > 0 ? days : 0;
        h.what = days > 0 ? GAP : FOLLOWS;
    }
    return h;
}

bool terms_compare(const struct terms *t, handover_fn *fn, void *arg, struct err *e)
{
    const struct term *last = NULL;
    bool open = false;         /* an earlier one's end is not known */
    for (int i = 0; i < t->n; i++) {
        const struct term *next = &t->at[i];
        bool first = i == 0 || !same_post(&t->at[i - 1], next);
        if (first) last = NULL, open = false;
        if (!first) {
            struct handover h = between(last ? last : &t->at[i - 1], open, next);
            if (!fn(arg, &h, e)) return false;
        }
        if (next->to == DATE_MAX) open = true;
        else if (!last || next->to > last->to) last = next;
    }
    return true;
}

/* --- the guard --- */

static void touch(void *notes, const struct table_map *m, const struct val *before,
                  const struct val *after)
{
    (void)before;
    if (m->entity->number == NUMBER_POSTING && after)
        guard_note(notes, NUMBER_POSTING, after[ROW_COUNTY].i, after[ROW_ID].i);
    if (m->entity->number == NUMBER_HANDOVER && after)
        guard_note(notes, NUMBER_POSTING, after[ROW_COUNTY].i,
                   row_int(after[m->column[HANDOVER_POSTING]]));
}

static bool refuse(void *arg, const struct handover *h, struct err *e)
{
    const struct guard_touch *t = arg;
    char to[DATE_TEXT], from[DATE_TEXT];
    if (h->what != OVERLAPS || strcmp(h->after->kind, "first_secretary") != 0) return true;
    if (!guard_touched(t, NUMBER_POSTING, h->before->county, h->before->id) &&
        !guard_touched(t, NUMBER_POSTING, h->after->county, h->after->id))
        return true;
    date_format(h->before->to, to);
    date_format(h->after->from, from);
    return err_field(e, ERR_INVALID, "valid_from",
                     "two first secretaries of %lld at once: %s stays until %s, %s comes on %s, "
                     "%lld days together", (long long)h->after->place, h->before->code, to,
                     h->after->code, from, (long long)h->days);
}

static bool check(struct tx *tx, const struct figures *f, const struct guard_touch *t,
                  struct err *e)
{
    struct arena a = { 0 };
    struct terms terms;
    bool mine = t->published >= 0;
    (void)f;
    for (size_t i = 0; i < t->n && !mine; i++) mine = t->row[i].entity == NUMBER_POSTING;
    bool ok = !mine || (terms_read(&terms, tx_db(tx), t->published, &a, e) &&
                        terms_compare(&terms, refuse, (void *)(uintptr_t)t, e));
    arena_free(&a);
    return ok;
}

const struct guard posting_guard = { .name = "posting", .touch = touch, .check = check };
