/* The work on every row of a list: its task's row holds the query, the act and the mark of the list; each row
 * is done as it would be alone, those of a slice in one transaction. */
#include "pages/bulk.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "programme/sides/sides.h"
#include "web/form.h"

enum { TEXT_MOST = 1 << 20, SLICE = 100 };

const char *bulk_asked(const struct view *v, enum bulk_act act, int64_t organisation, const struct bulk_mark *mark,
                       struct arena *a)
{
    struct json_out j;
    struct buf b;
    buf_init(&b, TEXT_MOST);
    json_start(&j, &b);
    json_object(&j);
    view_put(&j, v);
    json_member_int(&j, "act", act);
    json_member_int(&j, "organisation", organisation);
    json_member_int(&j, "rows", mark->rows);
    json_member_int(&j, "sum", (int64_t)mark->sum);
    json_end_object(&j);
    return arena_take(a, &b);
}

static bool bulk_read(const struct model *mo, const char *asked, struct arena *a, struct bulk *out, struct err *e)
{
    struct json *o;
    if (!json_parse(&o, asked, strlen(asked), a, e)) return false;
    if (!view_get(mo, o, a, &out->m, &out->query)) return err_set(e, ERR_CORRUPT, "this row tells of no list");
    out->act = (enum bulk_act)json_int_at(o, "act");
    out->organisation = json_int_at(o, "organisation");
    out->mark = (struct bulk_mark){ json_int_at(o, "rows"), (uint64_t)json_int_at(o, "sum") };
    return true;
}

/* --- the work --- */

struct target { int64_t county, id, digest; };
struct refusal { const char *why; int64_t county, id; };
struct working {
    struct job_run *run;
    struct bulk bulk;
    struct bulk_mark now;
    struct target *at; int64_t n;
    int64_t from, to;              /* the slice */
    int64_t done, refused;
    struct refusal told[BULK_TOLD];
    struct arena slice;
};

static bool keep_target(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct working *w = arg;
    w->now.rows++;
    w->now.sum += (uint64_t)row[m->columns].i;
    if (w->n == w->bulk.mark.rows) return true;
    w->at[w->n++] = (struct target){ row[ROW_COUNTY].i, row[ROW_ID].i, row[m->columns].i };
    (void)e;
    return true;
}

/* The list as it is now; it must be the one that was shown. */
static bool collect(struct working *w, struct err *e)
{
    const struct seat *s = w->run->seat;
    w->at = arena_array(w->run->arena, (size_t)w->bulk.mark.rows + 1, sizeof *w->at);
    if (!list_rows(s->model, s->rows, w->run->user->scope, w->bulk.m, &w->bulk.query, keep_target, w, e)) return false;
    if (w->now.rows == w->bulk.mark.rows && w->now.sum == w->bulk.mark.sum) return true;
    return err_set(e, ERR_CONFLICT, "the list has changed since it was shown: %lld rows then, %lld now; "
                   "nothing was done", (long long)w->bulk.mark.rows, (long long)w->now.rows);
}

static bool one(struct tx *tx, struct working *w, const struct target *t, struct err *e)
{
    const struct model *mo = w->run->seat->model;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found = false;
    if (!row_seen(mo, tx_db(tx), w->run->user->scope, w->bulk.m, t->county, t->id, &w->slice, row, &found, e))
        return false;
    if (!found) return err_set(e, ERR_NOT_FOUND, "the row is gone");
    if (w->bulk.act == BULK_DELETE) return row_delete(tx, mo, w->bulk.m, t->county, t->id, t->digest, e);
    struct confirm_done done = { 0 };
    const struct confirm_request word = { .entity = w->bulk.m->entity->name, .organisation = w->bulk.organisation,
        .record = ref_text(mo, w->bulk.m, t->county, t->id, tx_db(tx), &w->slice), .says = SAYS_CONFIRMED,
        .on = (int32_t)((tx_now(tx) / 60000000 + w->run->seat->site->zone) / 1440) };
    if (row[w->bulk.m->columns].i != t->digest) return err_set(e, ERR_CONFLICT, "the row was changed meanwhile");
    return confirm(tx, mo, &word, &w->slice, &done, e);
}

static bool do_slice(struct tx *tx, void *arg, struct err *e)
{
    struct working *w = arg;
    row_actor(tx, w->run->user->account);
    for (int64_t i = w->from; i < w->to; i++)
        if (!one(tx, w, &w->at[i], e)) return false;
    return true;
}

static bool write_slice(struct working *w, struct err *e)
{
    const struct seat *s = w->run->seat;
    return s->writer ? writer_run(s->writer, do_slice, w, e) : store_write(db_store(s->db), do_slice, w, e);
}

/* What stands against one row is told of that row; what stands against the store ends the work. */
static bool of_the_row(const struct err *e)
{
    return e->code == ERR_INVALID || e->code == ERR_CONFLICT || e->code == ERR_FORBIDDEN || e->code == ERR_NOT_FOUND;
}

static void refuse(struct working *w, const struct target *t, const struct err *why)
{
    struct arena *a = w->run->arena;
    if (w->refused++ >= BULK_TOLD) return;
    w->told[w->refused - 1] = (struct refusal){ arena_strdup(a, why->message), t->county, t->id };
}

/* A slice that one row stands against is done row by row. */
static bool run_slice(struct working *w, int64_t from, int64_t to, struct err *e)
{
    struct err why = { .code = ERR_NONE };
    w->from = from;
    w->to = to;
    arena_reset(&w->slice);
    if (write_slice(w, &why)) {
        w->done += to - from;
        return true;
    }
    if (!of_the_row(&why)) {
        *e = why;
        return false;
    }
    if (to - from == 1) {
        refuse(w, &w->at[from], &why);
        return true;
    }
    for (int64_t i = from; i < to; i++)
        if (!run_slice(w, i, i + 1, e)) return false;
    return true;
}

static void tell_result(struct working *w)
{
    struct json_out j;
    struct buf b;
    buf_init(&b, TEXT_MOST);
    json_start(&j, &b);
    json_object(&j);
    json_member_int(&j, "done", w->done);
    json_member_int(&j, "refused", w->refused);
    json_key(&j, "told"), json_array(&j);
    for (int64_t i = 0; i < w->refused && i < BULK_TOLD; i++) {
        json_object(&j);
        json_member_int(&j, "county", w->told[i].county);
        json_member_int(&j, "id", w->told[i].id);
        json_member_str(&j, "why", w->told[i].why);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    job_result(w->run, arena_strndup(w->run->arena, b.p, b.n));
    buf_free(&b);
}

static const char *sheet_of(const char *dir, struct arena *a)
{
    return arena_printf(a, "%s/deleted.csv", dir);
}

static bool work(struct working *w, struct err *e)
{
    struct job_run *r = w->run;
    int64_t rows;
    if (!collect(w, e)) return false;
    if (w->bulk.act == BULK_DELETE && r->dir &&
        !export_rows(r->seat->model, r->seat->rows, r->user->scope, w->bulk.m, &w->bulk.query, EXPORT_CSV,
                     sheet_of(r->dir, r->arena), &rows, e))
        return false;
    bool ok = true;
    for (int64_t i = 0; ok && i < w->n; i += SLICE) {
        int64_t to = i + SLICE < w->n ? i + SLICE : w->n;
        ok = run_slice(w, i, to, e);
        if (ok && !job_told(r, to, w->n)) ok = err_set(e, ERR_CONFLICT, "it was stopped after %lld of %lld rows",
                                                       (long long)to, (long long)w->n);
    }
    tell_result(w);
    return ok;
}

static bool run_bulk(struct job_run *r, struct err *e)
{
    struct working *w = arena_alloc(r->arena, sizeof *w);
    *w = (struct working){ .run = r };
    bool ok = bulk_read(r->seat->model, r->asked, r->arena, &w->bulk, e);
    if (ok && !scope_writes(r->user->scope, w->bulk.m))
        ok = err_set(e, ERR_FORBIDDEN, "the account may not write records of this kind");
    ok = ok && work(w, e);
    arena_free(&w->slice);
    return ok;
}

const struct job_kind bulk_kind = { .name = "bulk", .en = "On a whole list", .zh = "批量处理", .lane = JOB_WRITES,
                                    .unit = JOB_ROWS, .resumes = false, .run = run_bulk };

/* --- the pages' side --- */

static bool result_read(struct request *q, const struct job_view *v, struct bulk *out, struct json **o)
{
    struct err none;
    return v->kind == &bulk_kind && v->result && json_parse(o, v->result, strlen(v->result), q->arena, &none) &&
           bulk_read(q->seat->model, v->asked, q->arena, out, &none);
}

static void refused_rows(struct request *q, struct buf *b, const struct bulk *x, const struct json *told)
{
    html_raw(b, "<ul class=\"hits\">");
    for (size_t i = 0; told && told->type == JSON_ARRAY && i < told->n; i++) {
        int64_t county = json_int_at(&told->items[i], "county"), id = json_int_at(&told->items[i], "id");
        html(b, "<li><a href=\"%s\">%s</a> <span class=\"why\">%s</span></li>", record_url(q, x->m, county, id),
             ref_title(q, x->m, county, id), json_text_at(&told->items[i], "why"));
    }
    html_raw(b, "</ul>");
}

void bulk_panel(struct request *q, struct buf *b, const struct job_view *v)
{
    struct bulk x = { .m = NULL };
    struct json *o;
    if (!result_read(q, v, &x, &o)) return;
    int64_t done = json_int_at(o, "done"), refused = json_int_at(o, "refused");
    html(b, "<section class=\"panel\"><p>%s</p>", arena_printf(q->arena, x.act == BULK_DELETE
         ? tr(q, "%s rows deleted, %s refused", "已删除 %s 条，拒绝 %s 条")
         : tr(q, "%s rows confirmed, %s refused", "已确认 %s 条，拒绝 %s 条"), number_text(q, done, 0),
         number_text(q, refused, 0)));
    if (refused) {
        html(b, "<h2>%s</h2>", tr(q, "Refused, and why", "被拒绝的记录及原因"));
        refused_rows(q, b, &x, json_get(o, "told"));
        if (refused > BULK_TOLD)
            html(b, "<p class=\"muted\">%s</p>", arena_printf(q->arena, tr(q, "These are the first %d.", "仅列前 %d 条。"),
                                                            BULK_TOLD));
    }
    if (x.act == BULK_DELETE && done && v->owner == q->user->account)
        form_act(q, b, page_url(q, "/tasks/%lld/restore", (long long)v->id), NULL, NULL,
                 tr(q, "Bring them back", "恢复这些记录"), "btn");
    html_raw(b, "</section>");
}

bool bulk_sheet_path(struct request *q, const char **out, struct err *e)
{
    if (!q->seat->jobs) return err_set(e, ERR_BUSY, "%s", tr(q, "No task can run here.", "此处不能运行任务。"));
    char *path = arena_printf(q->arena, "%s/" JOB_UPLOAD "XXXXXX", jobs_dir(q->seat->jobs));
    int fd = mkstemp(path);
    if (fd < 0) return err_set(e, ERR_FULL, "%s", tr(q, "The sheet cannot be kept.", "无法保存文件。"));
    close(fd);
    *out = path;
    return true;
}

void bulk_restore(struct request *q, struct response *r, const struct job_view *v)
{
    struct bulk x = { .m = NULL };
    struct json *o;
    struct err e = { .code = ERR_NONE };
    const char *dir = q->seat->jobs ? job_dir(q->seat->jobs, v->id, q->arena) : NULL, *copy;
    int64_t id;
    bool known = dir && v->owner == q->user->account && result_read(q, v, &x, &o) && x.act == BULK_DELETE;
    if (!known || access(sheet_of(dir, q->arena), R_OK) != 0) {
        page_error(q, r, 404, tr(q, "The sheet of what was deleted is gone.", "被删除记录的表已不在。"));
        return;
    }
    const struct import im = { .entity = x.m->entity->name, .suffix = ".csv", .step = STEP_CHECK };
    bool ok = bulk_sheet_path(q, &copy, &e) &&
              ((unlink(copy) == 0 && link(sheet_of(dir, q->arena), copy) == 0) ||
               err_set(&e, ERR_FULL, "%s", tr(q, "The sheet cannot be kept.", "无法保存文件。")));
    const struct job_asked asked = { .kind = &import_kind, .asked = import_asked(&im, q->arena),
        .file = ok ? copy : NULL, .as = "sent.csv",
        .title = arena_printf(q->arena, tr(q, "back: %s", "恢复：%s"), v->title) };
    if (ok && job_start(q, &asked, &id, &e)) page_redirect(r, q->arena, page_url(q, "/imports/%lld", (long long)id));
    else page_fail(q, r, &e);
}
