/* The query of a list as text, for tasks that work on it later. */
#include "pages/view.h"

#include <string.h>

void view_put(struct json_out *j, const struct view *v)
{
    json_member_str(j, "entity", v->m->entity->name);
    json_member_str(j, "where", v->query.where);
    json_member_int(j, "place", v->query.place);
    json_member_str(j, "sort", v->query.sort);
    json_key(j, "descending"), json_bool(j, v->query.descending);
    json_key(j, "drafts"), json_bool(j, v->query.drafts);
    json_key(j, "filters"), json_array(j);
    for (int i = 0; i < v->query.n_filters; i++) {
        const struct list_filter *f = &v->query.filters[i];
        json_object(j);
        json_member_str(j, "field", v->m->field[f->field].name);
        json_member_int(j, "how", f->how);
        json_member_str(j, "text", f->text);
        json_member_int(j, "place", f->place);
        json_end_object(j);
    }
    json_end_array(j);
}

static bool filter_get(const struct table_map *m, const struct json *o, struct list_filter *out)
{
    const char *field = json_text_at(o, "field"), *text = json_text_at(o, "text");
    *out = (struct list_filter){ .field = field ? map_field(m, field) : -1, .text = text ? text : "",
        .how = (enum list_match)json_int_at(o, "how"), .place = json_int_at(o, "place") };
    return out->field >= 0 && out->how <= MATCH_WITHIN;
}

bool view_get(const struct model *mo, const struct json *o, struct arena *a, const struct table_map **m,
              struct list_query *out)
{
    const struct json *filters = json_get(o, "filters");
    const char *entity = json_text_at(o, "entity");
    *m = entity ? model_find(mo, entity) : NULL;
    if (!*m || !filters || filters->type != JSON_ARRAY) return false;
    struct list_filter *at = arena_array(a, filters->n + 1, sizeof *at);
    for (size_t i = 0; i < filters->n; i++)
        if (!filter_get(*m, &filters->items[i], &at[i])) return false;
    *out = (struct list_query){ .where = json_text_at(o, "where"), .place = json_int_at(o, "place"),
        .sort = json_text_at(o, "sort"), .descending = json_int_at(o, "descending") != 0,
        .drafts = json_int_at(o, "drafts") != 0, .filters = at, .n_filters = (int)filters->n };
    return true;
}
