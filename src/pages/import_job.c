/* The work of an import: its job's row holds what was asked and what came of it as JSON, its folder the
 * file, the chosen columns and the refused rows. */
#include "pages/import.h"

#include <unistd.h>

#include "base/json.h"

enum { TEXT_MOST = 1 << 20, WARNINGS_MOST = 200 };
static const char *const steps[] = { [STEP_CHECK] = "check", [STEP_GOOD] = "good", [STEP_ALL] = "all",
                                     [STEP_UNDO] = "undo" };

/* --- as text --- */

static void read_result(const struct json *o, struct arena *a, struct import *out)
{
    const struct json *w = json_get(o, "warnings");
    out->checked = json_int_at(o, "checked");
    out->undone = json_int_at(o, "undone");
    out->reported = json_int_at(o, "reported");
    out->load = json_int_at(o, "load");
    out->rows = json_int_at(o, "rows");
    out->inserted = json_int_at(o, "inserted");
    out->changed = json_int_at(o, "changed");
    out->unchanged = json_int_at(o, "unchanged");
    out->drafts = json_int_at(o, "drafts");
    out->refused = json_int_at(o, "refused");
    out->refused_name = json_text_at(o, "refused_name");
    if (!w || w->type != JSON_ARRAY) return;
    struct import_warning *to = arena_array(a, w->n + 1, sizeof *to);
    out->warning = to;
    for (size_t i = 0; i < w->n; i++) {
        const char *what = json_text_at(&w->items[i], "what");
        if (what) to[out->warnings++] = (struct import_warning){ what, json_int_at(&w->items[i], "count"),
                                                                 json_int_at(&w->items[i], "line") };
    }
}

bool import_read(const char *asked, const char *result, struct arena *a, struct import *out, struct err *e)
{
    struct json *o, *r;
    *out = (struct import){ .step = STEP_CHECK };
    if (!json_parse(&o, asked, strlen(asked), a, e)) return false;
    out->entity = json_text_at(o, "entity");
    out->suffix = json_text_at(o, "suffix");
    out->mapped = json_int_at(o, "mapped");
    const char *step = json_text_at(o, "step");
    for (int i = 0; step && i < COUNT(steps); i++)
        if (strcmp(step, steps[i]) == 0) out->step = (enum import_step)i;
    if (!out->entity || !out->suffix) return err_set(e, ERR_CORRUPT, "this row tells of no import");
    if (!result) return true;
    if (!json_parse(&r, result, strlen(result), a, e)) return false;
    read_result(r, a, out);
    return true;
}

const char *import_asked(const struct import *im, struct arena *a)
{
    struct json_out j;
    struct buf b;
    buf_init(&b, TEXT_MOST);
    json_start(&j, &b);
    json_object(&j);
    json_member_str(&j, "entity", im->entity);
    json_member_str(&j, "suffix", im->suffix);
    json_member_str(&j, "step", steps[im->step]);
    json_member_int(&j, "mapped", im->mapped);
    json_end_object(&j);
    return arena_take(a, &b);
}

static const char *result_text(const struct import *im, struct arena *a)
{
    struct json_out j;
    struct buf b;
    buf_init(&b, TEXT_MOST);
    json_start(&j, &b);
    json_object(&j);
    const struct { const char *key; int64_t value; } numbers[] = {
        { "checked", im->checked }, { "undone", im->undone }, { "reported", im->reported }, { "load", im->load },
        { "rows", im->rows }, { "inserted", im->inserted }, { "changed", im->changed },
        { "unchanged", im->unchanged }, { "drafts", im->drafts }, { "refused", im->refused },
    };
    for (int i = 0; i < COUNT(numbers); i++) json_member_int(&j, numbers[i].key, numbers[i].value);
    json_member_str(&j, "refused_name", im->refused_name);
    json_key(&j, "warnings");
    json_array(&j);
    for (int i = 0; i < im->warnings && i < WARNINGS_MOST; i++) {
        json_object(&j);
        json_member_str(&j, "what", im->warning[i].what);
        json_member_int(&j, "count", im->warning[i].count);
        json_member_int(&j, "line", im->warning[i].line);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    return arena_take(a, &b);
}

const char *import_file(const struct import *im, const char *dir, struct arena *a)
{
    return arena_printf(a, "%s/sent%s", dir, im->suffix);
}

const char *import_mapping(const struct import *im, const char *dir, struct arena *a)
{
    return im->mapped ? arena_printf(a, "%s/mapping", dir) : NULL;
}

/* --- the work --- */

struct working { struct job_run *run; struct import im; };

static void told(void *arg, const struct load_progress *p)
{
    const struct working *w = arg;
    job_told(w->run, (int64_t)p->bytes, (int64_t)p->total);
}

static bool stopped(void *arg)
{
    const struct working *w = arg;
    return job_stopped(w->run);
}

/* The load's number stands in the job's row as soon as the load is seen: an import that is begun anew after
 * the program died knows that it is done. */
static bool published(struct tx *tx, int64_t number, void *arg, struct err *e)
{
    struct working *w = arg;
    struct import im = w->im;
    im.load = number;
    return job_result_write(tx, w->run, result_text(&im, w->run->arena), e);
}

static void keep_report(struct import *im, const struct load_report *r, struct arena *a)
{
    const struct load_file_report *f = &r->files[0];
    struct import_warning *w = arena_array(a, (size_t)f->n_warnings + 1, sizeof *w);
    const char *slash = f->refused_path ? strrchr(f->refused_path, '/') : NULL;
    im->reported = true;
    im->load = r->number;
    im->rows = f->rows;
    im->inserted = f->inserted;
    im->changed = f->changed;
    im->unchanged = f->unchanged;
    im->drafts = f->drafts;
    im->refused = f->refused;
    im->refused_name = f->refused_path ? arena_strdup(a, slash ? slash + 1 : f->refused_path) : NULL;
    for (int i = 0; i < f->n_warnings; i++)
        w[i] = (struct import_warning){ arena_strdup(a, f->warnings[i].what), f->warnings[i].count,
                                        f->warnings[i].line };
    im->warning = w;
    im->warnings = f->n_warnings;
}

static bool run_load(struct working *w, struct err *e)
{
    struct job_run *r = w->run;
    struct load_report report;
    bool check = w->im.step == STEP_CHECK;
    const char *path = import_file(&w->im, r->dir, r->arena);
    struct load_options o = { .dry_run = check, .all_or_nothing = w->im.step == STEP_ALL, .refused_dir = r->dir,
        .entity = w->im.entity, .mapping = import_mapping(&w->im, r->dir, r->arena), .actor = r->user->account,
        .scope = r->user->scope, .progress = told, .progress_arg = w, .stopped = stopped,
        .published = check ? NULL : published, .hook_arg = w };
    if (access(path, R_OK) != 0)
        return err_set(e, ERR_NOT_FOUND, "the file that was sent is no longer on the server: send it again");
    if (w->im.refused_name) unlink(arena_printf(r->arena, "%s/%s", r->dir, w->im.refused_name));
    if (!load_paths(r->seat->model, db_store(r->seat->db), &path, 1, &o, &report, e)) return false;
    keep_report(&w->im, &report, r->arena);
    load_report_free(&report);
    w->im.checked = w->im.checked || check;
    return true;
}

static bool run_undo(struct working *w, struct err *e)
{
    struct job_run *r = w->run;
    struct err why = { .code = ERR_NONE };
    if (!load_undone(r->seat->db, w->im.load, &w->im.undone, e)) return false;
    if (w->im.undone || load_undo(r->seat->model, db_store(r->seat->db), w->im.load, r->user->account, e))
        return w->im.undone = true;
    /* One that was cut off is ended by whoever writes next. */
    return load_undone(r->seat->db, w->im.load, &w->im.undone, &why) && w->im.undone;
}

static bool run_import(struct job_run *r, struct err *e)
{
    struct working w = { .run = r };
    if (!import_read(r->asked, r->result, r->arena, &w.im, e)) return false;
    bool loads = w.im.step == STEP_GOOD || w.im.step == STEP_ALL;
    bool ok = loads && w.im.load ? true : w.im.step == STEP_UNDO ? run_undo(&w, e) : run_load(&w, e);
    if (ok) job_result(r, result_text(&w.im, r->arena));
    return ok;
}

const struct job_kind import_kind = {
    .name = "import", .en = "Import", .zh = "导入", .page = "/imports/%lld", .lane = JOB_WRITES, .unit = JOB_BYTES,
    .resumes = true, .run = run_import,
};
