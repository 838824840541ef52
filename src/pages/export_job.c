/* A large list as a file, made by a task: its row holds the query as JSON, its folder the file. */
#include "pages/export.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"

enum { TEXT_MOST = 1 << 20 };

static const struct export_type types[] = {
    { "csv", "text/csv; charset=utf-8", EXPORT_CSV },
    { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", EXPORT_XLSX },
    { "json", "application/json", EXPORT_JSON },
};

const struct export_type *export_type_named(const char *name)
{
    for (int i = 0; name && i < COUNT(types); i++)
        if (strcmp(types[i].name, name) == 0) return &types[i];
    return &types[0];
}

/* --- as text --- */

static const char *query_text(const struct view *v, const struct export_type *type, struct arena *a)
{
    struct json_out j;
    struct buf b;
    buf_init(&b, TEXT_MOST);
    json_start(&j, &b);
    json_object(&j);
    view_put(&j, v);
    json_member_str(&j, "format", type->name);
    json_key(&j, "columns"), json_array(&j);
    for (int i = 0; i < v->query.n_columns; i++) json_str(&j, v->query.columns[i]);
    json_end_array(&j);
    json_end_object(&j);
    return arena_take(a, &b);
}

struct exporting { struct job_run *run; const struct table_map *m; const struct export_type *type;
                   struct list_query query; int64_t total; };

static bool query_read(struct job_run *r, struct exporting *x, struct err *e)
{
    struct json *o;
    if (!json_parse(&o, r->asked, strlen(r->asked), r->arena, e)) return false;
    const struct json *columns = json_get(o, "columns");
    if (!view_get(r->seat->model, o, r->arena, &x->m, &x->query) || !columns || columns->type != JSON_ARRAY)
        return err_set(e, ERR_CORRUPT, "this row tells of no export");
    const char **names = arena_array(r->arena, columns->n + 1, sizeof *names);
    for (size_t i = 0; i < columns->n; i++) names[i] = columns->items[i].text;
    x->type = export_type_named(json_text_at(o, "format"));
    x->query.columns = names;
    x->query.n_columns = (int)columns->n;
    return true;
}

/* --- the work --- */

static const char *file_of(const char *dir, const struct export_type *type, struct arena *a)
{
    return arena_printf(a, "%s/export.%s", dir, type->name);
}

static bool told(void *arg, int64_t rows, struct err *e)
{
    struct exporting *x = arg;
    return job_told(x->run, rows, x->total) || err_set(e, ERR_CONFLICT, "the export was stopped");
}

static bool run_export(struct job_run *r, struct err *e)
{
    struct exporting x = { .run = r };
    struct stat st;
    int64_t rows = 0;
    if (!query_read(r, &x, e)) return false;
    const struct scope *scope = r->user->scope;
    const char *path = file_of(r->dir, x.type, r->arena);
    const struct export_watch watch = { told, &x };
    if (!list_count(r->seat->model, r->seat->rows, scope, x.m, &x.query, 0, &x.total, e) ||
        !export_watched(r->seat->model, r->seat->rows, scope, x.m, &x.query, x.type->format, path, &watch, &rows, e))
        return false;
    if (stat(path, &st) != 0) return err_set(e, ERR_NOT_FOUND, "the file that was made is gone");
    job_told(r, rows, rows);
    job_result(r, arena_printf(r->arena, "{\"rows\":%lld,\"bytes\":%lld}", (long long)rows, (long long)st.st_size));
    return true;
}

const struct job_kind export_kind = { .name = "export", .en = "Export", .zh = "导出", .lane = JOB_READS,
                                      .unit = JOB_ROWS, .resumes = true, .run = run_export };

/* --- the pages' side --- */

void export_later(struct request *q, struct response *r, const struct view *v, enum export_format f)
{
    struct err e = { .code = ERR_NONE };
    const struct export_type *type = &types[0];
    int64_t id;
    for (int i = 0; i < COUNT(types); i++)
        if (types[i].format == f) type = &types[i];
    const struct job_asked asked = { .kind = &export_kind, .asked = query_text(v, type, q->arena),
        .title = arena_printf(q->arena, "%s.%s", v->m->entity->name, type->name) };
    if (job_start(q, &asked, &id, &e)) page_redirect(r, q->arena, page_url(q, "/tasks/%lld", (long long)id));
    else page_fail(q, r, &e);
}

struct made { int64_t rows, bytes; const struct export_type *type; const char *path, *why; };

/* Why the file cannot be had; NULL when it can. */
static const char *fault_of(struct request *q, const struct job_view *v, const struct made *m)
{
    char mark[DIGEST_HEX];
    struct stat st;
    scope_mark(q->scope, mark);
    if (strcmp(mark, v->mark) != 0)
        return tr(q, "What you may see has changed since this was asked for. Run it again.",
                  "您的查看范围在提交后已有变化，请重新运行。");
    if (stat(m->path, &st) != 0)
        return tr(q, "The file is no longer on the server. Run it again.", "服务器上已没有该文件，请重新运行。");
    if (st.st_size != m->bytes)
        return tr(q, "The file on the server is not the one that was made. Run it again.",
                  "服务器上的文件与导出时不一致，请重新运行。");
    return NULL;
}

static bool made_read(struct request *q, const struct job_view *v, struct made *out)
{
    struct json *o, *asked;
    struct err none;
    if (v->kind != &export_kind || v->state != JOB_DONE || v->owner != q->user->account || !v->result ||
        !json_parse(&o, v->result, strlen(v->result), q->arena, &none) ||
        !json_parse(&asked, v->asked, strlen(v->asked), q->arena, &none))
        return false;
    *out = (struct made){ .rows = json_int_at(o, "rows"), .bytes = json_int_at(o, "bytes"),
                          .type = export_type_named(json_text_at(asked, "format")) };
    out->path = file_of(job_dir(q->seat->jobs, v->id, q->arena), out->type, q->arena);
    out->why = fault_of(q, v, out);
    return true;
}

void export_panel(struct request *q, struct buf *b, const struct job_view *v)
{
    struct made m;
    if (!made_read(q, v, &m)) return;
    html(b, "<section class=\"panel\"><p>%s</p>", arena_printf(q->arena, tr(q, "%s rows, %s MB", "%s 行，%s MB"),
         number_text(q, m.rows, 0), number_text(q, (m.bytes + 99999) / 100000, 1)));
    if (m.why)
        html(b, "<p class=\"emsg\" role=\"alert\">%s</p>", m.why);
    else
        html(b, "<p class=\"acts after\"><a class=\"btn pri\" href=\"%s\">%s</a></p>",
             page_url(q, "/tasks/%lld/file", (long long)v->id),
             arena_printf(q->arena, tr(q, "Download %s", "下载 %s"), v->title));
    html_raw(b, "</section>");
}

void export_send(struct request *q, struct response *r, const struct job_view *v)
{
    struct made m;
    if (!made_read(q, v, &m)) {
        page_error(q, r, 404, tr(q, "There is no file of this task.", "此任务没有文件。"));
    } else if (m.why) {
        page_error(q, r, 409, m.why);
    } else {
        r->type = m.type->type;
        r->file = m.path;
        r->file_stays = true;
        r->filename = v->title;
        r->no_store = true;
    }
}
