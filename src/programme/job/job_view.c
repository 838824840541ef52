/* Looking at jobs: rows with what memory knows better, and their words. */
#include "programme/job/job_inner.h"

#include "base/json.h"

static const char *const codes[] = {
    [JOB_WAITS] = "waiting", [JOB_RUNS] = "running", [JOB_DONE] = "done", [JOB_FAILED] = "failed",
    [JOB_STOPPED] = "stopped", [JOB_CUT] = "interrupted",
};

const char *job_state_code(enum job_state s)
{
    return codes[s];
}

bool job_rests(const struct job_view *v)
{
    return v->state != JOB_WAITS && v->state != JOB_RUNS;
}

const char *job_state_text(const struct request *q, const struct job_view *v)
{
    if (v->stopping && !job_rests(v)) return tr(q, "stopping", "正在停止");
    switch (v->state) {
    case JOB_WAITS: return tr(q, "waiting", "排队中");
    case JOB_RUNS: return tr(q, "at work", "进行中");
    case JOB_DONE: return tr(q, "done", "已完成");
    case JOB_STOPPED: return tr(q, "stopped", "已停止");
    case JOB_CUT: return tr(q, "interrupted", "已中断");
    default: return tr(q, "failed", "未完成");
    }
}

int job_percent(const struct job_view *v)
{
    if (v->total <= 0) return 0;
    return v->done >= v->total ? 100 : (int)(v->done * 100 / v->total);
}

static const char *amount(const struct request *q, int64_t n, enum job_unit unit)
{
    return unit == JOB_ROWS ? number_text(q, n, 0) : number_text(q, n / 100000, 1);
}

/* From how fast it went so far; nothing is said of the first seconds. */
static const char *time_left(const struct request *q, const struct job_view *v)
{
    int64_t took = q->now - v->begun;
    if (!v->begun || took < 3000000 || v->done <= 0 || v->done >= v->total) return "";
    int64_t seconds = (int64_t)((double)took * (double)(v->total - v->done) / (double)v->done / 1e6);
    int64_t minutes = (seconds + 59) / 60;
    if (seconds < 60) return tr(q, ", less than a minute left", "，剩余不到 1 分钟");
    if (minutes == 1) return tr(q, ", about a minute left", "，约剩 1 分钟");
    return arena_printf(q->arena, tr(q, ", about %s minutes left", "，约剩 %s 分钟"), number_text(q, minutes, 0));
}

const char *job_progress_text(const struct request *q, const struct job_view *v)
{
    enum job_unit unit = v->kind ? v->kind->unit : JOB_ROWS;
    const char *what = unit == JOB_ROWS ? tr(q, "rows", "行") : "MB";
    if (v->done <= 0) return "";
    if (v->total <= 0) return arena_printf(q->arena, "%s %s", amount(q, v->done, unit), what);
    return arena_printf(q->arena, tr(q, "%s of %s %s%s", "%s / %s %s%s"), amount(q, v->done, unit),
                        amount(q, v->total, unit), what, time_left(q, v));
}

/* Of one that runs here, memory knows more than its row. */
static void overlay(const struct request *q, struct job_view *v)
{
    struct jobs *j = q->seat->jobs;
    v->kind = j ? jobs_kind(j, v->kind_name) : NULL;
    if (!j) return;
    pthread_mutex_lock(&j->lock);
    const struct job_live *x = jobs_find(j, v->id);
    if (x && x->state == JOB_RUNS && v->state == JOB_RUNS) {
        v->done = atomic_load(&x->done);
        v->total = atomic_load(&x->total);
    }
    pthread_mutex_unlock(&j->lock);
}

static bool manages(const struct request *q)
{
    return role_rights[q->scope->role].manages;
}

bool job_get(const struct request *q, int64_t id, struct job_view *out, bool *found, struct err *e)
{
    struct job_row row;
    *found = false;
    if (!q->user->account) return true;
    if (!job_row_get(q->seat->db, id, q->arena, &row, found, e)) return false;
    *found = *found && (row.v.owner == q->user->account || manages(q));
    if (!*found) return true;
    *out = row.v;
    overlay(q, out);
    return true;
}

struct listing { const struct request *q; struct job_view *out; int n; };

static bool take(void *arg, const struct job_row *row, struct err *e)
{
    struct listing *l = arg;
    (void)e;
    l->out[l->n] = row->v;
    overlay(l->q, &l->out[l->n++]);
    return true;
}

bool job_list(const struct request *q, const struct job_page *p, struct job_view *out, int *n, struct err *e)
{
    struct listing l = { q, out, 0 };
    const struct val v[] = { val_int(p->all && manages(q) ? 0 : q->user->account), val_text(p->kind ? p->kind : ""),
                             val_int(p->before ? p->before : INT64_MAX), val_int(p->most) };
    bool ok = !q->user->account || job_rows(q->seat->db, JOB_LIST, v, 4, q->arena, take, &l, e);
    *n = l.n;
    return ok;
}

void job_events(const struct request *q, const struct job_view *v, int n, struct buf *out)
{
    struct json_out j;
    json_start(&j, out);
    json_array(&j);
    for (int i = 0; i < n; i++) {
        bool known = v[i].state == JOB_RUNS && v[i].total > 0;
        const char *state = job_state_text(q, &v[i]), *said = v[i].state == JOB_RUNS ? job_progress_text(q, &v[i]) : "";
        json_object(&j);
        json_key(&j, "id"), json_id(&j, v[i].id);
        json_key(&j, "rests"), json_bool(&j, job_rests(&v[i]));
        json_key(&j, "value");
        if (known) json_int(&j, job_percent(&v[i]));
        else json_null(&j);
        json_key(&j, "text"), json_str(&j, *said && !v[i].stopping ? said : state);
        json_key(&j, "label");
        json_str(&j, known ? arena_printf(q->arena, "%s %d%%", state, job_percent(&v[i])) : state);
        json_end_object(&j);
    }
    json_end_array(&j);
}
