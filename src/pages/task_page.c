/* Tasks: what takes longer than a page, each with its progress, its end and what came of it. */
#include "pages/task.h"

#include "base/id.h"
#include "pages/bulk.h"
#include "pages/export.h"
#include "pages/import.h"
#include "web/form.h"

enum { PAGE = 50 };

static const char *kind_name(const struct request *q, const struct job_view *v)
{
    return v->kind ? tr(q, v->kind->en, v->kind->zh) : v->kind_name;
}

static const char *url_of(const struct request *q, const struct job_view *v)
{
    if (v->kind && v->kind->page && v->owner == q->user->account)
        return page_url(q, v->kind->page, (long long)v->id);
    return page_url(q, "/tasks/%lld", (long long)v->id);
}

void task_tag(struct request *q, struct buf *b, const struct job_view *v, const char *text)
{
    bool bad = v->state == JOB_FAILED || v->state == JOB_CUT;
    html(b, "<span class=\"tag%s\"", bad ? " err" : v->state == JOB_DONE ? " ok" : "");
    if (!job_rests(v)) html(b, " data-task=\"%lld\" data-events=\"%s\"", (long long)v->id, page_url(q, "/events"));
    html(b, ">%s</span>", text ? text : job_state_text(q, v));
}

void task_progress(struct request *q, struct buf *b, const struct job_view *v)
{
    const char *said = v->state == JOB_RUNS ? job_progress_text(q, v) : "";
    html(b, "<section class=\"panel task\" data-task=\"%lld\" data-events=\"%s\"><progress max=\"100\"",
         (long long)v->id, page_url(q, "/events"));
    if (v->state == JOB_WAITS || v->total > 0) html(b, " value=\"%d\"", job_percent(v));
    html(b, " aria-label=\"%s\"></progress><p class=\"said\">%s</p><p class=\"note\">%s</p>",
         tr(q, "Progress", "进度"), *said ? said : job_state_text(q, v),
         tr(q, "You can leave this page: the work goes on.", "可离开此页，任务会继续。"));
    if (!v->stopping)
        form_act(q, b, page_url(q, "/tasks/%lld/stop", (long long)v->id), "back", url_of(q, v), tr(q, "Stop", "停止"),
                 "btn");
    html_raw(b, "</section>");
}

void task_end_note(struct request *q, struct buf *b, const struct job_view *v, const char *why)
{
    if (!job_rests(v) || v->state == JOB_DONE) return;
    const char *text = why ? why : v->why;
    if (v->state == JOB_STOPPED) text = tr(q, "It was stopped before its end.", "任务在完成前被停止。");
    if (v->state == JOB_CUT)
        text = tr(q, "The program ended in the middle of it: look at what was done before you run it again.",
                  "程序在任务中途停止。再次运行前请先核对已完成的部分。");
    form_note(b, v->state == JOB_STOPPED ? "warn" : "err", text);
    if (v->owner == q->user->account && v->kind)
        form_act(q, b, page_url(q, "/tasks/%lld/again", (long long)v->id), "back", url_of(q, v),
                 tr(q, "Run it again", "重新运行"), "btn");
}

/* --- the list --- */

static void list_line(struct request *q, struct buf *b, const struct job_view *v, bool all)
{
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a></th>", url_of(q, v), v->title);
    table_cell(b, tr(q, "Kind", "种类"), kind_name(q, v), false);
    html(b, "<td role=\"cell\" data-l=\"%s\">", tr(q, "State", "状态"));
    task_tag(q, b, v, NULL);
    html_raw(b, "</td>");
    table_cell(b, tr(q, "Asked for", "提交时间"), instant_text(q, v->made), false);
    table_cell(b, tr(q, "Ended", "结束时间"), v->ended ? instant_text(q, v->ended) : "", false);
    if (all) table_cell(b, tr(q, "Account", "账号"), v->owner_name ? v->owner_name : "", false);
    html_raw(b, "</tr>");
}

static void list_table(struct request *q, struct buf *b, const struct job_view *v, int n, bool all)
{
    table_open(b, tr(q, "Tasks", "任务"), "stack");
    table_head(b, tr(q, "Task", "任务"), false);
    table_head(b, tr(q, "Kind", "种类"), false);
    table_head(b, tr(q, "State", "状态"), false);
    table_head(b, tr(q, "Asked for", "提交时间"), false);
    table_head(b, tr(q, "Ended", "结束时间"), false);
    if (all) table_head(b, tr(q, "Account", "账号"), false);
    table_body(b);
    for (int i = 0; i < n && i < PAGE; i++) list_line(q, b, &v[i], all);
    table_close(b);
    if (n > PAGE)
        html(b, "<div class=\"pager\"><span></span><a class=\"btn sm\" rel=\"next\" href=\"%s%s\">%s</a></div>",
             page_url(q, "/tasks"), page_query(q, "before", arena_printf(q->arena, "%lld", (long long)v[PAGE - 1].id)),
             tr(q, "Earlier ones", "更早的任务"));
}

static bool page_of(struct request *q, struct job_page *p)
{
    const char *before = request_param(q, "before");
    *p = (struct job_page){ .all = request_param(q, "all") != NULL, .most = PAGE + 1 };
    return !before || id_parse(before, strlen(before), &p->before);
}

void tasks_page(struct request *q, struct response *r)
{
    struct job_view v[PAGE + 1];
    struct job_page p;
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    int n = 0;
    bool manages = role_rights[q->scope->role].manages, open = false;
    if (!page_of(q, &p)) {
        page_error(q, r, 400, tr(q, "This is no place in the list.", "列表位置有误。"));
        return;
    }
    if (!job_list(q, &p, v, &n, &e)) {
        page_fail(q, r, &e);
        return;
    }
    for (int i = 0; i < n; i++) open |= !job_rests(&v[i]);
    r->no_store = true;
    if (open) r->refresh = TASK_REFRESH;
    page_begin(q, r, NAV_NONE, tr(q, "Tasks", "任务"));
    head_begin(b, tr(q, "Tasks", "任务"), tr(q,
        "Imports, large exports and other work that takes a while. What has ended is kept for 30 days.",
        "导入、大批量导出等耗时的工作。已结束的任务保留 30 天。"));
    if (manages)
        html(b, "<a class=\"btn\" href=\"%s\">%s</a>", page_url(q, p.all ? "/tasks" : "/tasks?all=1"),
             p.all ? tr(q, "Only mine", "只看我的") : tr(q, "Everybody's", "全部账号"));
    head_end(b);
    html_raw(b, "<section class=\"panel\">");
    if (n) list_table(q, b, v, n, p.all && manages);
    else empty_note(b, tr(q, "No task yet. An import or a large export becomes one.", "还没有任务。导入和大批量导出会列在这里。"));
    html_raw(b, "</section>");
    page_end(q, r);
}

/* --- one --- */

static bool look(struct request *q, struct response *r, struct job_view *v)
{
    struct err e = { .code = ERR_NONE };
    bool found = false;
    int64_t id;
    if (id_parse(q->capture[0], strlen(q->capture[0]), &id) && !job_get(q, id, v, &found, &e)) {
        page_fail(q, r, &e);
        return false;
    }
    if (!found)
        page_error(q, r, 404, tr(q, "There is no such task; what has ended is kept for 30 days.",
                                 "没有这项任务；已结束的任务保留 30 天。"));
    return found;
}

static void term(struct buf *b, const char *label, const char *text)
{
    if (text && *text) html(b, "<dt>%s</dt><dd>%s</dd>", label, text);
}

static void facts(struct request *q, struct buf *b, const struct job_view *v)
{
    html_raw(b, "<section class=\"panel\"><dl class=\"facts left\">");
    term(b, tr(q, "Kind", "种类"), kind_name(q, v));
    if (v->owner != q->user->account) term(b, tr(q, "Account", "账号"), v->owner_name);
    term(b, tr(q, "Asked for", "提交时间"), instant_text(q, v->made));
    term(b, tr(q, "Begun", "开始时间"), v->begun ? instant_text(q, v->begun) : NULL);
    term(b, tr(q, "Ended", "结束时间"), v->ended ? instant_text(q, v->ended) : NULL);
    html_raw(b, "</dl></section>");
}

void task_page(struct request *q, struct response *r)
{
    struct job_view v;
    struct buf *b = &r->body;
    if (!look(q, r, &v)) return;
    bool rests = job_rests(&v);
    r->no_store = true;
    if (!rests) r->refresh = TASK_REFRESH;
    page_begin(q, r, NAV_NONE, v.title);
    crumb_begin(q, b);
    crumb(b, page_url(q, "/tasks"), tr(q, "Tasks", "任务"));
    crumb(b, NULL, v.title);
    crumb_end(b);
    head_begin(b, v.title, job_state_text(q, &v));
    head_end(b);
    if (!rests) task_progress(q, b, &v);
    task_end_note(q, b, &v, NULL);
    if (v.state == JOB_DONE && v.kind == &export_kind) export_panel(q, b, &v);
    if (rests) bulk_panel(q, b, &v);
    facts(q, b, &v);
    if (rests) {
        html_raw(b, "<div class=\"acts after\">");
        if (v.kind && v.kind->page && v.owner == q->user->account)
            html(b, "<a class=\"btn\" href=\"%s\">%s</a>", url_of(q, &v), tr(q, "What came of it", "查看结果"));
        form_act(q, b, page_url(q, "/tasks/%lld/remove", (long long)v.id), "back", page_url(q, "/tasks"),
                 tr(q, "Remove it with its files", "删除任务及其文件"), "btn");
        html_raw(b, "</div>");
    }
    page_end(q, r);
}

void task_act(struct request *q, struct response *r)
{
    const char *back = request_form(q, "back"), *act = q->capture[1];
    struct err e = { .code = ERR_NONE };
    struct job_view v;
    bool ok;
    if (!look(q, r, &v)) return;
    if (strcmp(act, "restore") == 0) {
        bulk_restore(q, r, &v);
        return;
    }
    if (strcmp(act, "stop") == 0) ok = job_stop(q, v.id, &e);
    else if (strcmp(act, "again") == 0) ok = job_again(q, v.id, NULL, &e);
    else if (strcmp(act, "remove") == 0) ok = job_remove(q, v.id, &e);
    else {
        page_error(q, r, 404, tr(q, "There is no page at this address.", "此地址没有页面。"));
        return;
    }
    if (!ok) page_fail(q, r, &e);
    else if (back && strncmp(back, page_url(q, "/"), 4) == 0) page_redirect(r, q->arena, back);
    else page_redirect(r, q->arena, page_url(q, "/tasks/%lld", (long long)v.id));
}

void task_file(struct request *q, struct response *r)
{
    struct job_view v;
    if (look(q, r, &v)) export_send(q, r, &v);
}

/* A stream for a script, or with poll=1 the same once, for one whose stream fails. */
void events_page(struct request *q, struct response *r)
{
    struct job_view v[PAGE];
    uint64_t version;
    r->no_store = true;
    if (!q->seat->jobs) {
        page_error(q, r, 503, tr(q, "No tasks are run here.", "此处不运行任务。"));
    } else if (request_param(q, "poll")) {
        r->type = "application/json";
        job_events(q, v, jobs_changed(q->seat->jobs, q->user->account, 0, v, PAGE, &version), &r->body);
    } else {
        r->type = "text/event-stream";
        r->stream = true;
    }
}

const struct job_kind *const page_job_kinds[] = { &import_kind, &export_kind, &bulk_kind };
const int page_job_kind_count = COUNT(page_job_kinds);
