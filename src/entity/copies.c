/* Copied facts: which column of a row comes from which column of the row its home reference
 * names. */
#include <string.h>

#include "entity/plan.h"

static bool fault(struct err *e, const struct table_map *m, const struct field *f, const char *what)
{
    return err_set(e, ERR_INTERNAL, "entity %s, field %s: copies '%s', %s", m->entity->name,
                   f->name, f->copies, what);
}

static bool same_list(const struct field *f, const struct field *g)
{
    return f->list == g->list || (f->list && g->list && strcmp(f->list, g->list) == 0);
}

static bool copy_fits(const struct table_map *m, const struct table_map *from, int at,
                      struct err *e)
{
    const uint32_t never = F_REQUIRED | F_KEY | F_NATION | F_HOME | F_FAR;
    const struct field *f = &m->field[at];
    if (!(f->flags & F_COMPUTED) || f->flags & never || f->preset)
        return fault(e, m, f, "so it is F_COMPUTED, neither required nor a key, without a preset");
    if (!from) return fault(e, m, f, "but the row has no home reference");
    int source = map_field(from, f->copies);
    if (source < 0) return fault(e, m, f, "which the row it belongs to has not");
    const struct field *g = &from->field[source];
    if (f->type != g->type || f->scale != g->scale || (f->flags ^ g->flags) & F_MULTI ||
        !same_list(f, g) || g->flags & F_FAR ||
        (f->type == F_REF && m->plan[at].target != from->plan[source].target))
        return fault(e, m, f, "which is of another type");
    if (g->flags & F_PERSONAL && !(f->flags & F_PERSONAL))
        return fault(e, m, f, "which is personal");
    return true;
}

/* Checks run while a file is read, before the rows that it refers to are known to be written. */
static bool checks_fit(const struct table_map *m, const struct copies *c, struct err *e)
{
    for (int k = 0; k < m->entity->n_checks; k++)
        for (int i = 0; i < c->n; i++)
            if (rule_uses(m->checks[k], c->to[i]))
                return err_set(e, ERR_INTERNAL, "entity %s, check %s: looks at the copied field %s",
                               m->entity->name, m->entity->checks[k].name,
                               m->table.cols[c->to[i]].name);
    return true;
}

static bool plan_one(struct model_own *own, struct table_map *m, struct copies *c, struct err *e)
{
    int *to = arena_array(&own->arena, (size_t)m->fields, sizeof *to);
    int *source = arena_array(&own->arena, (size_t)m->fields, sizeof *source);
    struct field_plan *plan = (struct field_plan *)(uintptr_t)m->plan;
    c->map = m;
    c->from = m->home >= 0 ? m->plan[m->home].target : NULL;
    c->to = to;
    c->source = source;
    for (int i = 0; i < m->fields; i++) {
        if (!m->field[i].copies) continue;
        if (!copy_fits(m, c->from, i, e)) return false;
        to[c->n] = m->column[i];
        source[c->n] = plan[i].source = c->from->column[map_field(c->from, m->field[i].copies)];
        c->n++;
    }
    if (c->n == 0) return true;
    plan_copies_stmts(c, &own->arena);
    return checks_fit(m, c, e);
}

/* Home references do not run in a circle, so this ends. */
static bool place_is_near(const struct table_map *m)
{
    if (m->place < 0) return false;
    if (m->place == m->home) return true;
    const struct table_map *up = m->home >= 0 ? m->plan[m->home].target : NULL;
    return up && up->place >= 0 && m->plan[m->place].source == up->column[up->place] &&
           place_is_near(up);
}

bool plan_copies(struct model_own *own, struct err *e)
{
    const int n = own->model.n;
    own->copies = arena_array(&own->arena, (size_t)n + 1, sizeof *own->copies);
    for (int i = 0; i < n; i++)
        if (!plan_one(own, &own->maps[i], &own->copies[i], e)) return false;
    for (int i = 0; i < n; i++) own->maps[i].place_near = place_is_near(&own->maps[i]);
    return true;
}
