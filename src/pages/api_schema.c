/* The shapes of what /api/v1 takes and answers, as JSON Schema. */
#include "pages/api.h"

#include <string.h>

enum { TEXT_MOST = 200 };          /* letters of a text whose field says nothing else */

void api_object(struct json_out *j, const char *key)
{
    json_key(j, key);
    json_object(j);
}

void api_reference(struct json_out *j, const char *key, const char *to)
{
    api_object(j, key);
    json_member_str(j, "$ref", to);
    json_end_object(j);
}

static void flag(struct json_out *j, const char *key, bool v)
{
    json_key(j, key);
    json_bool(j, v);
}

/* "string null" as what the member `type` says. */
static void types(struct json_out *j, const char *s)
{
    json_key(j, "type");
    if (!strchr(s, ' ')) {
        json_str(j, s);
        return;
    }
    json_array(j);
    for (; *s; s += *s == ' ') {
        json_text(j, s, strcspn(s, " "));
        s += strcspn(s, " ");
    }
    json_end_array(j);
}

/* One member of an answer. types: as above; of: the schema it refers to instead, an array of it when it begins
 * with []. A name that ends with ? need not be there. */
struct member { const char *name, *types, *of; };

static void reference_to(struct json_out *j, const char *of)
{
    bool many = strncmp(of, "[]", 2) == 0;
    if (many) {
        types(j, "array");
        api_object(j, "items");
    }
    json_key(j, "$ref");
    char path[120];
    snprintf(path, sizeof path, "#/components/schemas/%s", many ? of + 2 : of);
    json_str(j, path);
    if (many) json_end_object(j);
}

static size_t name_length(const struct member *m)
{
    size_t n = strlen(m->name);
    return n - (m->name[n - 1] == '?');
}

static void shape(struct request *q, struct json_out *j, const char *name, const struct member *m, int n)
{
    api_object(j, name);
    types(j, "object");
    flag(j, "additionalProperties", false);
    json_key(j, "required");
    json_array(j);
    for (int i = 0; i < n; i++)
        if (!m[i].name[name_length(&m[i])]) json_str(j, m[i].name);
    json_end_array(j);
    api_object(j, "properties");
    for (int i = 0; i < n; i++) {
        api_object(j, arena_strndup(q->arena, m[i].name, name_length(&m[i])));
        if (m[i].of) reference_to(j, m[i].of);
        else types(j, m[i].types);
        json_end_object(j);
    }
    json_end_object(j);
    json_end_object(j);
}

#define SHAPE(name, ...) \
    do { \
        static const struct member members[] = { __VA_ARGS__ }; \
        shape(q, j, name, members, COUNT(members)); \
    } while (0)

static void common_shapes(struct request *q, struct json_out *j)
{
    SHAPE("Problem", { "title", "string", NULL }, { "status", "integer", NULL }, { "detail", "string", NULL },
          { "row?", "integer", NULL }, { "errors?", NULL, "[]Fault" }, { "current?", "object", NULL });
    SHAPE("Fault", { "field", "string null", NULL }, { "message", "string", NULL }, { "warns?", "boolean", NULL });
    SHAPE("Kinds", { "entities", NULL, "[]Kind" });
    SHAPE("Kind", { "name", "string", NULL }, { "label_en", "string", NULL }, { "label_zh", "string", NULL },
          { "room", "string", NULL });
    SHAPE("Written", { "id", "string", NULL }, { "county", "string", NULL }, { "version", "string", NULL },
          { "draft", "boolean", NULL }, { "warnings", NULL, "[]Text" });
    api_object(j, "Text");
    types(j, "string");
    json_end_object(j);
}

static void task_shapes(struct request *q, struct json_out *j)
{
    SHAPE("Tasks", { "tasks", NULL, "[]Task" }, { "after", "string null", NULL });
    SHAPE("Task", { "id", "string", NULL }, { "kind", "string", NULL }, { "title", "string", NULL },
          { "owner", "string null", NULL }, { "state", "string", NULL }, { "stopping", "boolean", NULL },
          { "done", "integer", NULL }, { "total", "integer", NULL }, { "unit", "string null", NULL },
          { "why", "string null", NULL }, { "made", "string null", NULL }, { "begun", "string null", NULL },
          { "ended", "string null", NULL });
}

static void figure_shapes(struct request *q, struct json_out *j)
{
    SHAPE("Figures", { "figures", NULL, "[]Figure" });
    SHAPE("Figure", { "name", "string", NULL }, { "label_en", "string", NULL }, { "label_zh", "string", NULL },
          { "unit", "string null", NULL }, { "version", "string", NULL });
    SHAPE("FigureValue", { "name", "string", NULL }, { "label_en", "string", NULL }, { "label_zh", "string", NULL },
          { "unit", "string null", NULL }, { "version", "string", NULL }, { "definition", "string", NULL },
          { "value", NULL, "Value" }, { "by?", NULL, "[]Value" });
    SHAPE("Value", { "place", "string null", NULL }, { "known", "boolean", NULL }, { "why?", "string", NULL },
          { "value?", "string", NULL }, { "qualifier?", "string", NULL }, { "partial?", "boolean", NULL },
          { "low?", "string", NULL }, { "high?", "string", NULL }, { "rows?", "integer", NULL },
          { "rests_on?", "string null", NULL });
    SHAPE("Explained", { "name", "string", NULL }, { "label_en", "string", NULL }, { "label_zh", "string", NULL },
          { "unit", "string null", NULL }, { "version", "string", NULL }, { "definition", "string", NULL },
          { "value", NULL, "Value" }, { "digest", "string null", NULL }, { "rows", NULL, "[]Counted" },
          { "after", "string null", NULL });
    SHAPE("Counted", { "entity", "string", NULL }, { "county", "string", NULL }, { "id", "string", NULL },
          { "title", "string", NULL }, { "figure", "string", NULL }, { "adds", "string", NULL },
          { "within", "string null", NULL });
    SHAPE("Claims", { "claims", NULL, "[]Claim" });
    SHAPE("Claim", { "code", "string", NULL }, { "text", "string null", NULL }, { "source", "string null", NULL },
          { "figure", "string null", NULL }, { "claimed", "string null", NULL }, { "computed", "string null", NULL },
          { "difference", "string null", NULL }, { "verdict", "string", NULL }, { "rests_on", "string null", NULL },
          { "same_source", "boolean", NULL }, { "reading", "string null", NULL }, { "reason", "string null", NULL });
}

/* --- kinds of record --- */

static const char *field_types(const struct field *f)
{
    switch (f->type) {
    case F_INT: return "integer null";
    case F_BOOL: return "boolean null";
    case F_MONEY: case F_DECIMAL: return "string integer null";
    case F_CODE: return f->flags & F_MULTI ? "string array null" : "string null";
    default: return "string null";
    }
}

static void field_schema(struct request *q, struct json_out *j, const struct table_map *m, int i)
{
    const struct field *f = &m->field[i];
    bool reads = api_reads(q, m, i), writes = api_writes(q, m, i);
    api_object(j, f->name);
    types(j, field_types(f));
    json_member_str(j, "title", q->zh ? f->zh : f->en);
    if (f->help_en) json_member_str(j, "description", q->zh ? f->help_zh : f->help_en);
    if (f->type == F_INT) {
        json_member_int(j, "minimum", f->min || f->max ? f->min : -ENTITY_INT_MAX);
        json_member_int(j, "maximum", f->max ? f->max : ENTITY_INT_MAX);
    }
    if (f->type == F_TEXT) json_member_int(j, "maxLength", f->max ? f->max : TEXT_MOST);
    if (f->type == F_CODE && (f->flags & F_MULTI)) api_reference(j, "items", "#/components/schemas/Text");
    if (!writes) flag(j, "readOnly", true);
    if (!reads) flag(j, "writeOnly", true);
    if (f->unit) json_member_str(j, "x-unit", f->unit);
    if (f->list) json_member_str(j, "x-code-list", f->list);
    if (f->ref) json_member_str(j, "x-reference", f->ref);
    json_end_object(j);
}

static void fields_schema(struct request *q, struct json_out *j, const struct table_map *m)
{
    api_object(j, arena_printf(q->arena, "%s_fields", m->entity->name));
    types(j, "object");
    if (m->entity->help_en) json_member_str(j, "description", q->zh ? m->entity->help_zh : m->entity->help_en);
    flag(j, "additionalProperties", false);
    api_object(j, "properties");
    for (int i = 0; i < m->fields; i++)
        if (api_reads(q, m, i) || api_writes(q, m, i)) field_schema(q, j, m, i);
    json_end_object(j);
    json_end_object(j);
}

/* What a new row must have besides. */
static void new_schema(struct request *q, struct json_out *j, const struct table_map *m)
{
    const char *fields = arena_printf(q->arena, "%s_fields", m->entity->name);
    api_object(j, arena_printf(q->arena, "%s_new", m->entity->name));
    json_key(j, "allOf");
    json_array(j);
    json_object(j);
    reference_to(j, fields);
    json_end_object(j);
    json_object(j);
    types(j, "object");
    json_key(j, "required");
    json_array(j);
    for (int i = 0; i < m->fields; i++)
        if (api_must_send(q, m, i)) json_str(j, m->field[i].name);
    json_end_array(j);
    json_end_object(j);
    json_end_array(j);
    json_end_object(j);
}

static void entity_schemas(struct request *q, struct json_out *j, const struct table_map *m)
{
    const char *name = m->entity->name;
    const struct member row[] = { { "id", "string", NULL }, { "county", "string", NULL }, { "version", "string", NULL },
                                  { "draft", "boolean", NULL },
                                  { "fields", NULL, arena_printf(q->arena, "%s_fields", name) } };
    const struct member list[] = { { "entity", "string", NULL }, { "rows", NULL, arena_printf(q->arena, "[]%s", name) },
                                   { "after", "string null", NULL }, { "before", "string null", NULL } };
    fields_schema(q, j, m);
    if (form_open(q, m)) new_schema(q, j, m);
    shape(q, j, name, row, COUNT(row));
    shape(q, j, arena_printf(q->arena, "%s_list", name), list, COUNT(list));
}

void api_schemas(struct request *q, struct json_out *j)
{
    const struct model *mo = q->seat->model;
    api_object(j, "schemas");
    common_shapes(q, j); /* their names begin with a capital, entities' do not */
    figure_shapes(q, j);
    if (q->user->account) task_shapes(q, j);
    for (int i = 0; i < mo->n; i++)
        if (scope_kind(q->scope, &mo->maps[i])) entity_schemas(q, j, &mo->maps[i]);
    json_end_object(j);
}
