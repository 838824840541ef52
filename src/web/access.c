/* What a viewer may see. */
#include "web/web.h"

#include <string.h>

enum { MAX_DEPTH = 6 };

static bool holds_people(const struct model *mo, const struct table_map *m, int depth)
{
    const uint32_t marks = F_CITIZEN_ID | F_BANK_CARD | F_PHONE;
    for (int i = 0; i < m->fields; i++)
        if ((m->field[i].flags & marks) && (m->field[i].flags & F_PERSONAL)) return true;
    for (int i = 0; i < m->fields && depth < MAX_DEPTH; i++) {
        const struct field *f = &m->field[i];
        if (f->type != F_REF || !(f->flags & (F_HOME | F_REQUIRED))) continue;
        const struct table_map *to = model_find(mo, f->ref);
        if (to && to != m && holds_people(mo, to, depth + 1)) return true;
    }
    return false;
}

bool entity_personal(const struct model *mo, const struct table_map *m)
{
    return holds_people(mo, m, 0);
}

bool viewer_entity(enum viewer v, const struct model *mo, const struct table_map *m)
{
    if (v >= VIEWER_OPERATOR) return true;
    return v == VIEWER_PUBLIC && !entity_personal(mo, m);
}

bool viewer_field(enum viewer v, const struct model *mo, const struct table_map *m, int field)
{
    const struct field *f = &m->field[field];
    if (v == VIEWER_NONE || (f->flags & F_PERSONAL)) return false;
    if (v >= VIEWER_OPERATOR || f->type != F_REF) return true;
    const struct table_map *to = model_find(mo, f->ref);
    return to && viewer_entity(v, mo, to);
}

bool viewer_rule(enum viewer v, const struct model *mo, const struct table_map *m,
                 const char *where, struct arena *a, struct err *e)
{
    struct rule *r;
    if (!where) return true;
    if (!rule_parse(&r, where, strlen(where), 1, 1, &m->schema, a, e)) return false;
    for (int i = 0; i < m->fields; i++) {
        if (viewer_field(v, mo, m, i)) continue;
        if (rule_uses(r, m->column[i]) ||
            (m->county_column[i] >= 0 && rule_uses(r, m->county_column[i])))
            return err_field(e, ERR_FORBIDDEN, m->field[i].name,
                             "\"%s\" is not shown, so it cannot be filtered by", m->field[i].name);
    }
    return true;
}

static bool figure_people(const struct model *mo, const struct figure *f, int depth)
{
    if (f->map) return entity_personal(mo, f->map);
    for (int i = 0; i < f->n_terms && depth < MAX_DEPTH; i++)
        if (figure_people(mo, f->terms[i].of, depth + 1)) return true;
    return false;
}

bool figure_personal(const struct model *mo, const struct figure *f)
{
    return figure_people(mo, f, 0);
}

void figure_guard(enum viewer v, const struct model *mo, const struct figure *f,
                  struct figure_value *value)
{
    if (v >= VIEWER_OPERATOR || !value->known || !figure_personal(mo, f)) return;
    bool whole = value->place == 0 || place_level(value->place) <= 2;
    /* A sum or a ratio shows single amounts where counts would not, and two exact counts give a third
     * by subtraction: the public gets counts alone, in tens. */
    bool counts = f->kind == FIGURE_COUNT || (f->kind == FIGURE_SUM && f->scale == 0);
    if (!whole || !counts || value->rows < SMALL_CELL) {
        *value = (struct figure_value){ .place = value->place,
            .why = "hidden, so that no single household can be found" };
        return;
    }
    value->value = (value->value + SMALL_CELL / 2) / SMALL_CELL * SMALL_CELL;
    value->qualifier = Q_APPROX;
    value->rows = value->rows / SMALL_CELL * SMALL_CELL;
    value->partial = false;
    value->unknown = value->recorded = value->restated = value->synthetic = value->derived = 0;
    value->confirmed = value->one_sided = value->disputed = 0;
}
