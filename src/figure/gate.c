/* What a scope lets through of a figure. */
#include <string.h>

#include "figure/read.h"

enum { MAX_DEPTH = 8 };

/* The kinds of rows behind a figure, as bits over enum access. */
static uint32_t kinds_of(const struct figure *f, int depth)
{
    uint32_t kinds = f->map ? 1u << f->map->entity->access : 0;
    for (int i = 0; i < f->n_terms && depth < MAX_DEPTH; i++)
        kinds |= kinds_of(f->terms[i].of, depth + 1);
    return kinds;
}

static uint32_t lacking(const struct scope *s, const struct figure *f)
{
    uint32_t lacks = 0, kinds = kinds_of(f, 0);
    for (int k = 0; k < ACCESS_N; k++)
        if ((kinds >> k & 1) && !scope_totals(s, (enum access)k)) lacks |= 1u << k;
    return lacks;
}

bool figure_personal(const struct figure *f)
{
    return kinds_of(f, 0) & (1u << ACCESS_PEOPLE | 1u << ACCESS_LABOUR);
}

bool figure_rows_open(const struct scope *s, const struct figure *f)
{
    return s && lacking(s, f) == 0;
}

/* The public is told of days that are over and done; an open end is the last of them. */
static bool told_until(const struct scope *s, struct figure_query *q)
{
    if (!scope_is_public(s) || s->until == DATE_MAX) return true;
    if (q->to == DATE_MAX && q->from <= s->until) q->to = s->until;
    return q->to <= s->until;
}

/* Where: the whole of what is asked, a part of it, or nothing. */
static bool place_gate(struct reading *r, const struct scope *s, struct figure_query *q, bool *in,
                       struct err *e)
{
    struct region region;
    *in = s->everywhere || (q->org && scope_owns(s, q->org));
    if (*in) return true;
    if (!q->place && q->whole) return true;
    if (!q->place && s->place && place_level(s->place) <= (q->by ? q->by : 5)) q->place = s->place;
    if (q->place) {
        if (!region_of(r->c, r->d, q->place, NULL, q->to, r->a, &region, e)) return false;
        *in = scope_holds(s, region.at, (int)region.n);
        return true;
    }
    struct region *own = arena_alloc(r->a, sizeof *own);
    own->n = (size_t)s->ranges;
    own->at = arena_array(r->a, own->n + 1, sizeof *own->at);
    if (own->n) memcpy(own->at, s->range, own->n * sizeof *own->at);
    r->own = own;
    r->own_orgs = s->org;
    r->n_own_orgs = (size_t)s->orgs;
    *in = true;
    return true;
}

bool gate_open(struct reading *r, const struct scope *s, const struct figure *f, struct figure_query *q,
               enum gate *out, const char **why, struct err *e)
{
    bool in = false;
    *out = GATE_SHUT;
    *why = "not open to you";
    uint32_t lacks = s ? lacking(s, f) : UINT32_MAX;
    bool people = lacks && !(lacks & ~(1u << ACCESS_PEOPLE | 1u << ACCESS_LABOUR));
    if (lacks && !people) return true;
    if (people && !mask_fits(f)) {
        *why = "hidden, so that no single household can be found";
        return true;
    }
    *why = "not published yet";
    if (!told_until(s, q)) return true;
    if (!place_gate(r, s, q, &in, e)) return false;
    *why = "outside of what you may see";
    if (in) *out = people ? GATE_MASKED : GATE_OPEN;
    return true;
}

void gate_places(const struct scope *s, struct values *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++) {
        struct place_range own = place_own_range(v->at[i].place);
        if (scope_holds(s, &own, 1)) v->at[n++] = v->at[i];
    }
    v->n = n;
}
