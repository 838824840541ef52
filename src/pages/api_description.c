/* The OpenAPI 3.1 description of /api/v1, made from the entities' own tables, for who asks: what the
 * viewer may not see is not described either. */
#include "pages/form.h"

#include <string.h>

#include "base/json.h"

static void text(struct json_out *j, const char *key, const char *value)
{
    json_key(j, key);
    json_str(j, value);
}

static void object(struct json_out *j, const char *key)
{
    json_key(j, key);
    json_object(j);
}

static void reference(struct json_out *j, const char *key, const char *to)
{
    object(j, key);
    text(j, "$ref", to);
    json_end_object(j);
}

static void answer(struct json_out *j, const char *status, const char *what, const char *type,
                   const char *schema)
{
    object(j, status);
    text(j, "description", what);
    object(j, "content");
    object(j, type);
    reference(j, "schema", schema);
    json_end_object(j);
    json_end_object(j);
    json_end_object(j);
}

struct param { const char *name, *where, *what, *type; };

static void params(struct json_out *j, const struct param *p, int n)
{
    json_key(j, "parameters");
    json_array(j);
    for (int i = 0; i < n; i++) {
        json_object(j);
        text(j, "name", p[i].name);
        text(j, "in", p[i].where);
        text(j, "description", p[i].what);
        json_key(j, "required");
        json_bool(j, strcmp(p[i].where, "path") == 0);
        object(j, "schema");
        text(j, "type", p[i].type);
        json_end_object(j);
        json_end_object(j);
    }
    json_end_array(j);
}

static const char problem[] = "#/components/schemas/Problem";

/* One method of the path that is open; its answers are still to come. */
static void method_open(struct json_out *j, const char *method, const char *id, const char *what,
                        const struct param *p, int n)
{
    object(j, method);
    text(j, "operationId", id);
    text(j, "summary", what);
    params(j, p, n);
}

static void body_of(struct json_out *j, const char *schema, bool many)
{
    object(j, "requestBody");
    json_key(j, "required");
    json_bool(j, true);
    object(j, "content");
    object(j, "application/json");
    object(j, "schema");
    if (many) {
        json_key(j, "oneOf");
        json_array(j);
        json_object(j);
        text(j, "$ref", schema);
        json_end_object(j);
        json_object(j);
        text(j, "type", "array");
        reference(j, "items", schema);
        json_end_object(j);
        json_end_array(j);
    } else {
        text(j, "$ref", schema);
    }
    json_end_object(j);
    json_end_object(j);
    json_end_object(j);
    json_end_object(j);
}

static void problems(struct json_out *j, const char *const *codes, int n)
{
    static const struct { const char *code, *what; } known[] = {
        { "400", "What was sent cannot be read" }, { "401", "A token or a session is needed" },
        { "403", "Not open to this account" }, { "404", "There is no such thing" },
        { "409", "It is there already, or others refer to it" }, { "412", "It was changed since it was read" },
        { "413", "Too much at once" }, { "422", "A rule of the record does not hold; errors names the fields" },
        { "428", "If-Match is wanted" } };
    for (int i = 0; i < n; i++)
        for (int k = 0; k < COUNT(known); k++)
            if (!strcmp(codes[i], known[k].code))
                answer(j, known[k].code, known[k].what, "application/problem+json", problem);
}

static void operation(struct json_out *j, const char *path, const char *id, const char *what,
                      const struct param *p, int n, const char *schema)
{
    static const char *const codes[] = { "400", "401", "403", "404" };
    if (path) object(j, path);
    method_open(j, "get", id, what, p, n);
    object(j, "responses");
    answer(j, "200", "What was asked for", "application/json", schema);
    problems(j, codes, COUNT(codes));
    json_end_object(j);
    json_end_object(j);
    if (path) json_end_object(j);
}

static void insertion(struct request *q, struct json_out *j, const char *name)
{
    static const char *const codes[] = { "400", "401", "403", "404", "409", "413", "422" };
    static const struct param key[] = { { "Idempotency-Key", "header", "Sent again with the same key, it is one write",
                                          "string" } };
    method_open(j, "post", arena_printf(q->arena, "add_%s", name),
                "Writes a record, or an array of them wholly or not at all", key, COUNT(key));
    body_of(j, arena_printf(q->arena, "#/components/schemas/%s_fields", name), true);
    object(j, "responses");
    answer(j, "201", "Written: id, county and version", "application/json", "#/components/schemas/Written");
    problems(j, codes, COUNT(codes));
    json_end_object(j);
    json_end_object(j);
}

static void change(struct request *q, struct json_out *j, const char *name)
{
    static const char *const codes[] = { "400", "401", "403", "404", "409", "412", "422", "428" };
    static const struct param row[] = { { "row", "path", "COUNTY-ID of the row", "string" },
                                        { "If-Match", "header", "The version that was read", "string" } };
    method_open(j, "patch", arena_printf(q->arena, "change_%s", name), "Changes the fields that are sent", row,
                COUNT(row));
    body_of(j, arena_printf(q->arena, "#/components/schemas/%s_fields", name), false);
    object(j, "responses");
    answer(j, "200", "Written: id, county and version", "application/json", "#/components/schemas/Written");
    problems(j, codes, COUNT(codes));
    json_end_object(j);
    json_end_object(j);
    method_open(j, "delete", arena_printf(q->arena, "delete_%s", name), "Deletes a record that no other refers to", row,
                COUNT(row));
    object(j, "responses");
    object(j, "204");
    text(j, "description", "Deleted");
    json_end_object(j);
    problems(j, codes, COUNT(codes));
    json_end_object(j);
    json_end_object(j);
}

static void field_schema(struct request *q, struct json_out *j, const struct field *f)
{
    static const char *const types[] = { [F_TEXT] = "string", [F_INT] = "integer", [F_MONEY] = "string",
        [F_DECIMAL] = "string", [F_BOOL] = "boolean", [F_DATE] = "string", [F_INSTANT] = "string",
        [F_CODE] = "string", [F_PLACE] = "string", [F_REF] = "string" };
    object(j, f->name);
    json_key(j, "type");
    json_array(j);
    json_str(j, types[f->type]);
    json_str(j, "null");
    json_end_array(j);
    text(j, "title", q->zh ? f->zh : f->en);
    text(j, "description", q->zh ? f->help_zh : f->help_en);
    if (f->type == F_DATE) text(j, "format", "date");
    if (f->unit) text(j, "x-unit", f->unit);
    if (f->list) text(j, "x-code-list", f->list);
    if (f->ref) text(j, "x-reference", f->ref);
    json_end_object(j);
}

static void entity_schema(struct request *q, struct json_out *j, const struct table_map *m)
{
    object(j, arena_printf(q->arena, "%s_fields", m->entity->name));
    text(j, "type", "object");
    text(j, "description", q->zh ? m->entity->help_zh : m->entity->help_en);
    object(j, "properties");
    for (int i = 0; i < m->fields; i++)
        if (scope_field(q->scope, q->seat->model, m, i)) field_schema(q, j, &m->field[i]);
    json_end_object(j);
    json_end_object(j);
    object(j, m->entity->name);
    text(j, "type", "object");
    object(j, "properties");
    const char *const ids[] = { "id", "county", "version" };
    for (int i = 0; i < COUNT(ids); i++) {
        object(j, ids[i]);
        text(j, "type", "string");
        json_end_object(j);
    }
    object(j, "draft");
    text(j, "type", "boolean");
    json_end_object(j);
    reference(j, "fields", arena_printf(q->arena, "#/components/schemas/%s_fields", m->entity->name));
    json_end_object(j);
    json_end_object(j);
}

static void list_schema(struct request *q, struct json_out *j, const struct table_map *m)
{
    object(j, arena_printf(q->arena, "%s_list", m->entity->name));
    text(j, "type", "object");
    object(j, "properties");
    object(j, "rows");
    text(j, "type", "array");
    reference(j, "items", arena_printf(q->arena, "#/components/schemas/%s", m->entity->name));
    json_end_object(j);
    object(j, "after");
    json_key(j, "type");
    json_array(j);
    json_str(j, "string");
    json_str(j, "null");
    json_end_array(j);
    text(j, "description", "Give it as the parameter `after` for the next page; null at the end.");
    json_end_object(j);
    json_end_object(j);
    json_end_object(j);
}

static void paths(struct request *q, struct json_out *j)
{
    static const struct param list[] = {
        { "where", "query", "A condition in the rule language: state = done and quantity > 10", "string" },
        { "place", "query", "Only inside this place: a code, a name or an alias", "string" },
        { "sort", "query", "A field to sort by; - before it turns the order", "string" },
        { "columns", "query", "Only these fields, with commas between", "string" },
        { "limit", "query", "Rows a page, 1 to 1000; 100 when absent", "integer" },
        { "after", "query", "The page after this row", "string" },
    };
    static const struct param row[] = { { "row", "path", "COUNTY-ID of the row", "string" } };
    static const struct param figure[] = {
        { "name", "path", "Name of the figure", "string" },
        { "place", "query", "A code, a name or an alias; everywhere when absent", "string" },
        { "org", "query", "An organisation's code; its own units are included", "string" },
        { "from", "query", "First day: 2019, 2019-05 or 2019-05-01", "string" },
        { "to", "query", "Last day", "string" },
        { "by", "query", "province, prefecture, county, township or village", "string" },
    };
    static const char any[] = "#/components/schemas/any";
    const struct model *mo = q->seat->model;
    object(j, "paths");
    operation(j, "/entities", "entities", "The kinds of record", NULL, 0, any);
    operation(j, "/figures", "figures", "The definitions of figures", NULL, 0, any);
    operation(j, "/figures/{name}", "figure", "A figure for a place and a period", figure, COUNT(figure),
              any);
    operation(j, "/claims", "claims", "What was printed beside what the records give", NULL, 0, any);
    for (int i = 0; i < mo->n; i++) {
        const char *name = mo->maps[i].entity->name;
        if (!scope_kind(q->scope, &mo->maps[i])) continue;
        bool writes = form_open(q, &mo->maps[i]);
        object(j, arena_printf(q->arena, "/records/%s", name));
        operation(j, NULL, arena_printf(q->arena, "list_%s", name), mo->maps[i].entity->en, list, COUNT(list),
                  arena_printf(q->arena, "#/components/schemas/%s_list", name));
        if (writes) insertion(q, j, name);
        json_end_object(j);
        object(j, arena_printf(q->arena, "/records/%s/{row}", name));
        operation(j, NULL, arena_printf(q->arena, "get_%s", name), mo->maps[i].entity->en, row, COUNT(row),
                  arena_printf(q->arena, "#/components/schemas/%s", name));
        if (writes) change(q, j, name);
        json_end_object(j);
    }
    json_end_object(j);
}

static void schemas(struct request *q, struct json_out *j)
{
    const struct model *mo = q->seat->model;
    object(j, "components");
    object(j, "schemas");
    object(j, "any");
    text(j, "type", "object");
    json_end_object(j);
    object(j, "Written"); /* entities are in lower case */
    json_key(j, "type");
    json_array(j);
    json_str(j, "object");
    json_str(j, "array");
    json_end_array(j);
    json_end_object(j);
    object(j, "Problem");
    text(j, "type", "object");
    object(j, "properties");
    const struct { const char *name, *type; } rows[] = { { "title", "string" }, { "status", "integer" },
                                                         { "detail", "string" } };
    for (int i = 0; i < COUNT(rows); i++) {
        object(j, rows[i].name);
        text(j, "type", rows[i].type);
        json_end_object(j);
    }
    json_end_object(j);
    json_end_object(j);
    for (int i = 0; i < mo->n; i++) {
        if (!scope_kind(q->scope, &mo->maps[i])) continue;
        entity_schema(q, j, &mo->maps[i]);
        list_schema(q, j, &mo->maps[i]);
    }
    json_end_object(j);
    json_end_object(j);
}

void api_description(struct request *q, struct response *r)
{
    struct json_out j;
    r->type = "application/json";
    json_start(&j, &r->body);
    json_object(&j);
    text(&j, "openapi", "3.1.0");
    object(&j, "info");
    text(&j, "title", "Jiedui");
    text(&j, "version", q->seat->site->version);
    json_end_object(&j);
    json_key(&j, "servers");
    json_array(&j);
    json_object(&j);
    text(&j, "url", "/api/v1");
    json_end_object(&j);
    json_end_array(&j);
    paths(q, &j);
    schemas(q, &j);
    json_end_object(&j);
}
