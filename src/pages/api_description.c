/* The OpenAPI 3.1 description of /api/v1, made from the entities' own tables, for who asks: what the
 * viewer may not see is not described either. */
#include "pages/api.h"

#include <string.h>

/* --- answers --- */

static void content(struct json_out *j, const char *type, const char *schema, bool or_many)
{
    api_object(j, "content");
    api_object(j, type);
    if (or_many) {
        api_object(j, "schema");
        json_key(j, "oneOf");
        json_array(j);
        json_object(j);
        json_member_str(j, "$ref", schema);
        json_end_object(j);
        json_object(j);
        json_member_str(j, "type", "array");
        json_member_int(j, "minItems", 1);
        json_member_int(j, "maxItems", API_MOST_ROWS);
        api_reference(j, "items", schema);
        json_end_object(j);
        json_end_array(j);
        json_end_object(j);
    } else {
        api_reference(j, "schema", schema);
    }
    json_end_object(j);
    json_end_object(j);
}

struct known_answer { const char *code, *en, *zh; };

static void plain_answer(struct request *q, struct json_out *j, const struct known_answer *a, const char *schema)
{
    api_object(j, a->code);
    json_member_str(j, "description", tr(q, a->en, a->zh));
    if (schema) content(j, *a->code == '2' ? "application/json" : "application/problem+json", schema, false);
    json_end_object(j);
}

static const struct known_answer faults[] = {
    { "400", "What was sent cannot be read, or has a parameter that is not known", "无法读取所提交内容，或参数不明" },
    { "401", "A token or a session is needed", "需要令牌或登录" },
    { "403", "Not open to this account", "此账户无权" },
    { "404", "There is no such thing, or it is not yours to see", "没有此内容，或您无权查看" },
    { "409", "It is there already, others refer to it, or its Idempotency-Key stands for another request",
      "已存在，或被其他记录引用，或其 Idempotency-Key 已用于另一请求" },
    { "412", "It was changed since it was read", "读取之后已被更改" },
    { "413", "Too much at once", "内容过大" },
    { "415", "The body is not application/json", "内容不是 application/json" },
    { "422", "A rule of the record does not hold; `errors` names the fields", "不合规则，errors 列出字段" },
    { "428", "If-Match is wanted", "需要 If-Match" },
    { "503", "Busy; try again after a moment", "暂时繁忙，请稍后再试" },
};
static const char reading[] = "400 401 403 404 503", adding[] = "400 401 403 404 409 413 415 422 503",
    changing[] = "400 401 403 404 409 412 413 415 422 428 503", deleting[] = "400 401 403 404 409 412 422 428 503";

static void fault_answers(struct request *q, struct json_out *j, const char *codes)
{
    for (int i = 0; i < COUNT(faults); i++)
        if (strstr(codes, faults[i].code)) plain_answer(q, j, &faults[i], "#/components/schemas/Problem");
}

/* --- what is sent --- */

static void example(struct json_out *j, const struct api_param *p, const char *row)
{
    const char *text = !strcmp(p->name, "row") ? row : p->example;
    if (!text) return;
    json_key(j, "example");
    if (p->most) json_raw(j, text, strlen(text));
    else json_str(j, text);
}

/* row: the address of one, for an example; or NULL. */
static void parameter(struct request *q, struct json_out *j, const struct api_param *p, const char *row)
{
    json_object(j);
    json_member_str(j, "name", p->name);
    json_member_str(j, "in", p->where);
    json_member_str(j, "description", tr(q, p->en, p->zh));
    json_key(j, "required");
    json_bool(j, p->required);
    api_object(j, "schema");
    json_member_str(j, "type", p->most ? "integer" : "string");
    if (p->pattern) json_member_str(j, "pattern", p->pattern);
    if (p->most) {
        json_member_int(j, "minimum", 1);
        json_member_int(j, "maximum", p->most);
    }
    if (p->choices) {
        json_key(j, "enum");
        json_array(j);
        for (const char *s = p->choices; *s; s += strcspn(s, " "), s += *s == ' ') json_text(j, s, strcspn(s, " "));
        json_end_array(j);
    }
    json_end_object(j);
    example(j, p, row);
    json_end_object(j);
}

/* kind: whose list it is, or NULL; row: the address of one, for an example, or NULL. */
struct operation { const char *method, *id, *what, *tag; struct api_params params; bool signed_in;
                   const struct table_map *kind; const char *row; };

static void way_in(struct json_out *j, const char *name)
{
    json_object(j);
    if (name) {
        json_key(j, name);
        json_array(j);
        json_end_array(j);
    }
    json_end_object(j);
}

/* Who may: with a token, and where the server is open to the public, anybody. */
static void ways_in(const struct request *q, struct json_out *j, bool signed_in)
{
    json_key(j, "security");
    json_array(j);
    way_in(j, "token");
    if (!signed_in && q->seat->gate && q->seat->gate->public) way_in(j, NULL);
    json_end_array(j);
}

static void operation_open(struct request *q, struct json_out *j, const struct operation *o)
{
    struct api_params p = o->params;
    api_object(j, o->method);
    json_member_str(j, "operationId", o->id);
    json_member_str(j, "summary", o->what);
    json_key(j, "tags");
    json_array(j);
    json_str(j, o->tag);
    json_end_array(j);
    if (o->signed_in) ways_in(q, j, true);
    json_key(j, "parameters");
    json_array(j);
    for (int i = 0; i < p.n; i++)
        if (api_param_fits(q, &p.at[i], o->kind)) parameter(q, j, &p.at[i], o->row);
    json_end_array(j);
}

static void body_of(struct json_out *j, const char *schema, bool many)
{
    api_object(j, "requestBody");
    json_key(j, "required");
    json_bool(j, true);
    content(j, "application/json", schema, many);
    json_end_object(j);
}

/* Where an answer leads: the row of a list, or the one that was made. */
static void link_to(struct json_out *j, const char *operation, const char *row, bool version)
{
    api_object(j, operation);
    json_member_str(j, "operationId", operation);
    api_object(j, "parameters");
    json_member_str(j, "row", row);
    if (version) json_member_str(j, "header.If-Match", "$response.body#/version");
    json_end_object(j);
    json_end_object(j);
}

/* Reading something of this shape; leads_to: the operation that reads a row of the list, or NULL. */
static void get(struct request *q, struct json_out *j, const struct operation *o, const char *shape,
                const char *leads_to)
{
    static const struct known_answer same = { "304", "The copy named in If-None-Match is still good", "副本仍有效" };
    operation_open(q, j, o);
    api_object(j, "responses");
    api_object(j, "200");
    json_member_str(j, "description", tr(q, "What was asked for", "所要内容"));
    content(j, "application/json", arena_printf(q->arena, "#/components/schemas/%s", shape), false);
    if (leads_to) {
        api_object(j, "links");
        link_to(j, leads_to, "{$response.body#/rows/0/county}-{$response.body#/rows/0/id}", false);
        json_end_object(j);
    }
    json_end_object(j);
    plain_answer(q, j, &same, NULL);
    fault_answers(q, j, reading);
    json_end_object(j);
    json_end_object(j);
}

static void insertion(struct request *q, struct json_out *j, const struct table_map *m)
{
    static const char row[] = "{$response.body#/county}-{$response.body#/id}";
    const char *name = m->entity->name;
    const struct operation add = { "post", arena_printf(q->arena, "add_%s", name),
        tr(q, "Writes a record, or an array of them wholly or not at all", "写入一条记录，或整批写入（全有或全无）"),
        m->entity->room, api_insert_params, true, NULL, NULL };
    operation_open(q, j, &add);
    body_of(j, arena_printf(q->arena, "#/components/schemas/%s_new", name), true);
    api_object(j, "responses");
    api_object(j, "201");
    json_member_str(j, "description", tr(q, "Written: id, county and version", "已写入：编号、县、版本"));
    content(j, "application/json", "#/components/schemas/Written", true);
    api_object(j, "links");
    link_to(j, arena_printf(q->arena, "get_%s", name), row, false);
    link_to(j, arena_printf(q->arena, "change_%s", name), row, true);
    link_to(j, arena_printf(q->arena, "delete_%s", name), row, true);
    json_end_object(j);
    json_end_object(j);
    fault_answers(q, j, adding);
    json_end_object(j);
    json_end_object(j);
}

/* A row that is there: changed, deleted. */
static void change(struct request *q, struct json_out *j, const struct table_map *m)
{
    static const struct known_answer written = { "200", "Written: id, county and version", "已写入：编号、县、版本" },
                                     gone = { "204", "Deleted", "已删除" };
    const char *name = m->entity->name;
    const struct operation changes = { "patch", arena_printf(q->arena, "change_%s", name),
        tr(q, "Changes the fields that are sent", "更改所提交的字段"), m->entity->room, api_change_params, true, NULL, NULL };
    const struct operation deletes = { "delete", arena_printf(q->arena, "delete_%s", name),
        tr(q, "Deletes a record that no other refers to", "删除未被引用的记录"), m->entity->room, api_change_params, true,
        NULL, NULL };
    operation_open(q, j, &changes);
    body_of(j, arena_printf(q->arena, "#/components/schemas/%s_fields", name), false);
    api_object(j, "responses");
    plain_answer(q, j, &written, "#/components/schemas/Written");
    fault_answers(q, j, changing);
    json_end_object(j);
    json_end_object(j);
    operation_open(q, j, &deletes);
    api_object(j, "responses");
    plain_answer(q, j, &gone, NULL);
    fault_answers(q, j, deleting);
    json_end_object(j);
    json_end_object(j);
}

static void entity_paths(struct request *q, struct json_out *j, const struct table_map *m)
{
    static const struct scope public = { .role = ROLE_PUBLIC, .everywhere = true };
    const char *name = m->entity->name, *label = entity_label(q, m->entity), *room = m->entity->room;
    bool writes = form_open(q, m), signed_in = !scope_kind(&public, m);
    const struct operation list = { "get", arena_printf(q->arena, "list_%s", name), label, room, api_list_params,
                                    signed_in, m, NULL };
    const struct operation one = { "get", arena_printf(q->arena, "get_%s", name), label, room, api_row_params,
                                   signed_in, NULL, api_example_row(q, m) };
    api_object(j, arena_printf(q->arena, "/records/%s", name));
    get(q, j, &list, arena_printf(q->arena, "%s_list", name), one.id);
    if (writes) insertion(q, j, m);
    json_end_object(j);
    api_object(j, arena_printf(q->arena, "/records/%s/{row}", name));
    get(q, j, &one, name, NULL);
    if (writes) change(q, j, m);
    json_end_object(j);
}

static const char stopping[] = "400 401 403 404 409 413 503";

static void task_paths(struct request *q, struct json_out *j)
{
    static const struct known_answer asked = { "200", "It is asked to stop", "已请求停止" };
    const struct operation list = { "get", "tasks", tr(q, "Imports, exports and other longer work", "导入、导出等耗时任务"),
                                    "task", api_tasks_params, true, NULL, NULL };
    const struct operation one = { "get", "task", tr(q, "A task: how far it is", "任务及其进度"), "task",
                                   api_task_params, true, NULL, NULL };
    const struct operation stop = { "post", "stop_task", tr(q, "Asks a task to stop", "请求停止任务"), "task",
                                    api_task_params, true, NULL, NULL };
    api_object(j, "/tasks");
    get(q, j, &list, "Tasks", NULL);
    json_end_object(j);
    api_object(j, "/tasks/{task}");
    get(q, j, &one, "Task", NULL);
    json_end_object(j);
    api_object(j, "/tasks/{task}/stop");
    operation_open(q, j, &stop);
    api_object(j, "responses");
    plain_answer(q, j, &asked, "#/components/schemas/Task");
    fault_answers(q, j, stopping);
    json_end_object(j);
    json_end_object(j);
    json_end_object(j);
}

struct fixed_path { const char *path, *id, *en, *zh, *shape; const struct api_params *params; };

static void paths(struct request *q, struct json_out *j)
{
    static const struct fixed_path fixed[] = {
        { "/entities", "entities", "The kinds of record", "记录种类", "Kinds", &api_no_params },
        { "/figures", "figures", "The definitions of figures", "指标定义", "Figures", &api_no_params },
        { "/figures/{name}", "figure", "A figure for a place and a period", "某地某时期的指标值", "FigureValue",
          &api_figure_params },
        { "/figures/{name}/explain", "explain", "The rows behind a figure", "指标背后的记录", "Explained",
          &api_explain_params },
        { "/claims", "claims", "What was printed beside what the records give", "报道数字与记录对照", "Claims",
          &api_no_params },
    };
    const struct model *mo = q->seat->model;
    api_object(j, "paths");
    for (int i = 0; i < COUNT(fixed); i++) {
        const struct operation o = { "get", fixed[i].id, tr(q, fixed[i].en, fixed[i].zh), "figure", *fixed[i].params,
                                     false, NULL, NULL };
        api_object(j, fixed[i].path);
        get(q, j, &o, fixed[i].shape, NULL);
        json_end_object(j);
    }
    if (q->user->account) task_paths(q, j);
    for (int i = 0; i < mo->n; i++)
        if (scope_kind(q->scope, &mo->maps[i])) entity_paths(q, j, &mo->maps[i]);
    json_end_object(j);
}

static void components(struct request *q, struct json_out *j)
{
    api_object(j, "components");
    api_object(j, "securitySchemes");
    api_object(j, "token");
    json_member_str(j, "type", "http");
    json_member_str(j, "scheme", "bearer");
    json_member_str(j, "description", tr(q, "Made on the account's page; acts as the account", "在账户页上生成，代表该账户"));
    json_end_object(j);
    json_end_object(j);
    api_schemas(q, j);
    json_end_object(j);
}

void api_description(struct request *q, struct response *r)
{
    struct json_out j;
    if (!api_takes(q, r, api_no_params, NULL)) return;
    r->type = "application/json";
    json_start(&j, &r->body);
    json_object(&j);
    json_member_str(&j, "openapi", "3.1.0");
    api_object(&j, "info");
    json_member_str(&j, "title", tr(q, "Jiedui", "结对"));
    json_member_str(&j, "version", q->seat->site->version);
    json_member_str(&j, "description", tr(q, "Records, figures and claims for programs. Ids, money and decimals "
             "are text, so that no reader rounds them.", "供程序使用的记录、指标与对账。编号、金额、小数以文本表示，以免舍入。"));
    json_end_object(&j);
    json_key(&j, "servers");
    json_array(&j);
    json_object(&j);
    json_member_str(&j, "url", "/api/v1");
    json_end_object(&j);
    json_end_array(&j);
    ways_in(q, &j, false);
    paths(q, &j);
    components(q, &j);
    json_end_object(&j);
}
