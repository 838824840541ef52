/* Tasks for programs: listed, looked at, stopped. */
#include "pages/api.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/id.h"
#include "programme/job/job.h"

enum { LIMIT = 100 };

static void instant(struct json_out *j, const char *key, int64_t at)
{
    char text[INSTANT_TEXT];
    if (at) instant_format(at, text);
    json_member_str(j, key, at ? text : NULL);
}

static void task_json(struct json_out *j, const struct job_view *v)
{
    json_object(j);
    json_key(j, "id"), json_id(j, v->id);
    json_member_str(j, "kind", v->kind_name);
    json_member_str(j, "title", v->title);
    json_member_str(j, "owner", v->owner_name);
    json_member_str(j, "state", job_state_code(v->state));
    json_key(j, "stopping"), json_bool(j, v->stopping);
    json_member_int(j, "done", v->done);
    json_member_int(j, "total", v->total);
    json_member_str(j, "unit", !v->kind ? NULL : v->kind->unit == JOB_BYTES ? "bytes" : "rows");
    json_member_str(j, "why", v->why);
    instant(j, "made", v->made);
    instant(j, "begun", v->begun);
    instant(j, "ended", v->ended);
    json_end_object(j);
}

static void begin(struct response *r, struct json_out *j)
{
    r->type = "application/json";
    r->no_store = true;
    json_start(j, &r->body);
}

void api_tasks(struct request *q, struct response *r)
{
    struct job_view v[API_MOST_ROWS + 1];
    struct err e = { .code = ERR_NONE };
    struct json_out j;
    int n = 0;
    if (!api_takes(q, r, api_tasks_params, NULL)) return;
    const char *limit = request_param(q, "limit"), *after = request_param(q, "after");
    struct job_page p = { .all = request_param(q, "all") != NULL };
    const int most = limit ? (int)strtol(limit, NULL, 10) : LIMIT;
    p.most = most + 1;
    if (after && !id_parse(after, strlen(after), &p.before)) {
        page_error(q, r, 400, tr(q, "This is no value of the parameter \"after\".", "参数“after”的值不合要求。"));
        return;
    }
    if (!job_list(q, &p, v, &n, &e)) {
        page_fail(q, r, &e);
        return;
    }
    begin(r, &j);
    json_object(&j);
    json_key(&j, "tasks");
    json_array(&j);
    for (int i = 0; i < n && i < most; i++) task_json(&j, &v[i]);
    json_end_array(&j);
    json_member_str(&j, "after", n > most ? arena_printf(q->arena, "%lld", (long long)v[most - 1].id) : NULL);
    json_end_object(&j);
}

static bool wanted(struct request *q, struct response *r, struct job_view *v)
{
    struct err e = { .code = ERR_NONE };
    int64_t id;
    bool found = false;
    if (!api_takes(q, r, api_task_params, NULL)) return false;
    if (id_parse(q->capture[0], strlen(q->capture[0]), &id) && !job_get(q, id, v, &found, &e)) page_fail(q, r, &e);
    else if (!found) page_error(q, r, 404, tr(q, "There is no such task.", "没有这项任务。"));
    return found;
}

void api_task(struct request *q, struct response *r)
{
    struct job_view v;
    struct json_out j;
    if (!wanted(q, r, &v)) return;
    begin(r, &j);
    task_json(&j, &v);
}

void api_task_stop(struct request *q, struct response *r)
{
    struct job_view v;
    struct err e = { .code = ERR_NONE };
    if (!wanted(q, r, &v)) return;
    if (job_stop(q, v.id, &e)) api_task(q, r);
    else page_fail(q, r, &e);
}
