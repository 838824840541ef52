/* Importing a file in the browser: it is sent, its columns are matched, everything is checked while
 * nothing is written, and then the good rows are loaded or all of them or none. What was refused comes
 * back with its reasons; a load is undone as a whole. */
#include "pages/form.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/utf8.h"
#include "doc/xlsx.h"
#include "entity/load.h"
#include "web/form.h"
#include "web/task.h"

enum { NAME = 200, SHOWN_TASKS = 20 };
enum import_step { STEP_CHECK, STEP_GOOD, STEP_ALL, STEP_UNDO };

/* Belongs to its task. Read by pages only while the task rests. */
struct import {
    char dir[512], path[560], mapping[560], name[NAME], entity[64];
    enum import_step step;
    bool checked, undone;
    struct load_report report;     /* of the last step */
    bool has_report;
    int64_t load;                  /* the load it became; 0 = none yet */
    int64_t account;
    const struct scope *scope;     /* a copy of its own in `keep` */
    struct arena keep;
};

/* --- the work --- */

static void told(void *arg, const struct load_progress *p)
{
    struct task_progress *to = arg;
    to->done = (int64_t)p->bytes;
    to->total = (int64_t)p->total;
}

static void drop_refused(struct import *im)
{
    for (int i = 0; im->has_report && i < im->report.n; i++)
        if (im->report.files[i].refused_path) unlink(im->report.files[i].refused_path);
    if (im->has_report) load_report_free(&im->report);
    im->has_report = false;
}

static bool run_load(const struct seat *seat, struct import *im, struct task_progress *p, struct err *e)
{
    const char *path = im->path;
    struct load_options o = { .dry_run = im->step == STEP_CHECK, .all_or_nothing = im->step == STEP_ALL,
        .refused_dir = im->dir, .entity = im->entity, .mapping = *im->mapping ? im->mapping : NULL,
        .actor = im->account, .scope = im->scope, .progress = told, .progress_arg = p };
    drop_refused(im);
    if (!load_paths(seat->model, db_store(seat->db), &path, 1, &o, &im->report, e)) return false;
    im->has_report = true;
    if (im->step == STEP_CHECK) im->checked = true;
    else im->load = im->report.number;
    return true;
}

static bool run_import(const struct seat *seat, void *own, struct task_progress *p, struct err *e)
{
    struct import *im = own;
    if (im->step != STEP_UNDO) return run_load(seat, im, p, e);
    if (!load_undo(seat->model, db_store(seat->db), im->load, im->account, e)) return false;
    im->undone = true;
    return true;
}

static void drop_import(void *own)
{
    struct import *im = own;
    drop_refused(im);
    unlink(im->path);
    if (*im->mapping) unlink(im->mapping);
    rmdir(im->dir);
    arena_free(&im->keep);
    free(im);
}

static const struct task_kind import_kind = { run_import, drop_import };

/* --- beginning one --- */

static const void *copied(struct arena *a, const void *p, int n, size_t size)
{
    void *to = arena_array(a, (size_t)n + 1, size);
    if (n) memcpy(to, p, (size_t)n * size);
    return to;
}

/* A request's scope ends with it; the task's goes on. */
static const struct scope *scope_copy(const struct scope *s, struct arena *a)
{
    struct scope *c = arena_alloc(a, sizeof *c);
    *c = *s;
    c->range = copied(a, s->range, s->ranges, sizeof *s->range);
    c->past = copied(a, s->past, s->pasts, sizeof *s->past);
    c->org = copied(a, s->org, s->orgs, sizeof *s->org);
    c->partner = copied(a, s->partner, s->partners, sizeof *s->partner);
    return c;
}

/* The name by which the loader knows the kind of file. */
static const char *suffix_of(const char *name)
{
    size_t n = strlen(name);
    static const char *const known[] = { ".xlsx", ".csv.gz", ".csv" };
    for (int i = 0; i < COUNT(known); i++)
        if (n > strlen(known[i]) && strcmp(name + n - strlen(known[i]), known[i]) == 0) return known[i];
    return NULL;
}

/* "household.csv" and "household (2).xlsx" are of households. */
static const struct table_map *kind_of(struct request *q, const char *name)
{
    char stem[64];
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz_");
    if (n == 0 || n >= sizeof stem) return NULL;
    snprintf(stem, sizeof stem, "%.*s", (int)n, name);
    return model_find(q->seat->model, stem);
}

static bool take_file(struct request *q, struct import *im, const char *suffix, struct err *e)
{
    snprintf(im->dir, sizeof im->dir, "%s.d", q->upload);
    if (mkdir(im->dir, 0700) != 0)
        return err_set(e, ERR_FULL, "%s", tr(q, "The file cannot be kept.", "无法保存文件。"));
    snprintf(im->path, sizeof im->path, "%s/sent%s", im->dir, suffix);
    if (rename(q->upload, im->path) != 0)
        return err_set(e, ERR_FULL, "%s", tr(q, "The file cannot be kept.", "无法保存文件。"));
    *q->upload_taken = true;
    snprintf(im->name, sizeof im->name, "%.*s", (int)utf8_cut(q->upload_name, strlen(q->upload_name), NAME - 1),
             q->upload_name);
    im->account = q->user->account;
    im->scope = scope_copy(q->scope, &im->keep);
    return true;
}

static void imports_show(struct request *q, struct response *r, const char *wrong);

void import_send(struct request *q, struct response *r)
{
    const char *kind = request_form(q, "entity"), *suffix = q->upload ? suffix_of(q->upload_name) : NULL;
    struct err e = { .code = ERR_NONE };
    const struct table_map *m = kind ? model_find(q->seat->model, kind) : q->upload ? kind_of(q, q->upload_name) : NULL;
    const char *wrong = NULL;
    if (!q->upload) wrong = tr(q, "Choose a file first.", "请先选择文件。");
    else if (!suffix) wrong = tr(q, "The file is neither .csv, .csv.gz nor .xlsx.", "只接受 .csv、.csv.gz、.xlsx 文件。");
    else if (!m || !form_open(q, m))
        wrong = tr(q, "Say what kind of record the file holds: its name does not tell.", "请选择文件内的记录种类。");
    if (wrong) {
        imports_show(q, r, wrong);
        return;
    }
    struct import *im = mem_alloc(sizeof *im);
    snprintf(im->entity, sizeof im->entity, "%s", m->entity->name);
    if (!take_file(q, im, suffix, &e)) {
        drop_import(im);
        page_fail(q, r, &e);
        return;
    }
    int64_t number = task_start(q->seat->tasks, q->seat, q->user->account, &import_kind, im);
    page_redirect(r, q->arena, page_url(q, "/imports/%lld", (long long)number));
}

/* --- looking at one --- */

static const char *state_text(const struct request *q, const struct task_view *v, const struct import *im)
{
    if (v->state == TASK_WAITS) return tr(q, "waiting", "排队中");
    if (v->state == TASK_RUNS) return tr(q, "at work", "进行中");
    if (v->state == TASK_FAILED) return tr(q, "stopped", "未完成");
    if (im->undone) return tr(q, "undone", "已撤销");
    return im->load ? tr(q, "loaded", "已载入") : tr(q, "checked, nothing written", "已检查，未写入");
}

static void imports_list(struct request *q, struct buf *b)
{
    struct task_view v[SHOWN_TASKS];
    int n = q->seat->tasks ? task_list(q->seat->tasks, q->user->account, v, SHOWN_TASKS) : 0;
    if (!n) return;
    html(b, "<section class=\"panel\"><h2>%s</h2><ul class=\"hits\">", tr(q, "Your imports", "您的导入"));
    for (int i = 0; i < n; i++) {
        bool rests = v[i].state == TASK_DONE || v[i].state == TASK_FAILED;
        const struct import *im = v[i].own;
        html(b, "<li><a href=\"%s\">%s</a> <span class=\"tag\">%s</span></li>",
             page_url(q, "/imports/%lld", (long long)v[i].number), im->name,
             rests ? state_text(q, &v[i], im) : state_text(q, &v[i], NULL));
    }
    html_raw(b, "</ul></section>");
}

static void kind_options(struct request *q, struct buf *b, const char *chosen)
{
    const struct model *mo = q->seat->model;
    html(b, "<option value=\"\">%s</option>", tr(q, "as the file's name says", "按文件名判断"));
    for (int i = 0; i < mo->n; i++) {
        if (!form_open(q, &mo->maps[i])) continue;
        const char *name = mo->maps[i].entity->name;
        html(b, "<option value=\"%s\"%s>%s</option>", name, chosen && !strcmp(chosen, name) ? " selected" : "",
             entity_label(q, mo->maps[i].entity));
    }
}

static void imports_show(struct request *q, struct response *r, const char *wrong)
{
    struct buf *b = &r->body;
    page_begin(q, r, NAV_IMPORT, tr(q, "Import", "导入"));
    if (wrong) r->status = 422;
    r->no_store = true;
    head_begin(b, tr(q, "Import a file", "导入文件"), tr(q,
        "Everything is checked first and nothing is written; then you choose. A whole import can be undone.",
        "先整体检查而不写入，再由您决定；整次导入可以撤销。"));
    head_end(b);
    html(b, "<section class=\"panel\"><form class=\"form\" method=\"post\" action=\"%s\" "
         "enctype=\"multipart/form-data\"><input type=\"hidden\" name=\"csrf\" value=\"%s\">",
         page_url(q, "/imports"), q->user->csrf);
    if (wrong) html(b, "<p class=\"emsg\" role=\"alert\">%s</p>", wrong);
    html(b, "<div class=\"fld\"><label for=\"f-file\">%s</label><p class=\"hint\">%s</p>"
         "<input type=\"file\" id=\"f-file\" name=\"file\" accept=\".csv,.xlsx,.gz\"></div>", tr(q, "File", "文件"),
         tr(q, "CSV (UTF-8 or GB18030) or XLSX; its first row names the columns.",
            "CSV（UTF-8 或 GB18030）或 XLSX；首行为列名。"));
    html(b, "<div class=\"fld\"><label for=\"f-entity\">%s</label><p class=\"hint\">%s</p>"
         "<select id=\"f-entity\" name=\"entity\">", tr(q, "What it holds", "记录种类"),
         tr(q, "A file called household.xlsx holds households.", "名为 household.xlsx 的文件即农户。"));
    kind_options(q, b, request_form(q, "entity"));
    html(b, "</select></div><p class=\"acts\"><button class=\"btn pri\" type=\"submit\">%s</button></p></form>"
         "</section>", tr(q, "Send and check", "上传并检查"));
    imports_list(q, b);
    page_end(q, r);
}

void imports_page(struct request *q, struct response *r)
{
    imports_show(q, r, NULL);
}

static bool look(struct request *q, struct response *r, struct task_view *v)
{
    char *end;
    int64_t number = strtoll(q->capture[0], &end, 10);
    if (!*end && q->seat->tasks && task_look(q->seat->tasks, q->user->account, number, v)) return true;
    page_error(q, r, 404, tr(q, "There is no such import; they are kept until the server ends.",
                             "没有这次导入；导入任务在服务停止前保留。"));
    return false;
}

static void counts_line(struct request *q, struct buf *b, const char *label, int64_t n)
{
    html(b, "<div><dt>%s</dt><dd class=\"v\">%s</dd></div>", label, number_text(q, n, 0));
}

/* The first refused rows: line, column, value and reason stand last in each row of the refused file. */
static void refused_panel(struct request *q, struct buf *b, const struct load_file_report *f, int64_t number)
{
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s\">%s</a></header>",
         tr(q, "Refused rows", "被拒绝的行"), page_url(q, "/imports/%lld/refused.xlsx", (long long)number),
         tr(q, "All of them as XLSX, with the reason", "全部下载（XLSX，附错误信息）"));
    html(b, "<p class=\"muted\">%s</p>", arena_printf(q->arena, f->refused == 1
         ? tr(q, "%s row is refused. Mend it in the sheet and import that sheet alone.",
              "共 %s 行被拒绝。请在表中更正后单独导入。")
         : tr(q, "%s rows are refused. Mend them in the sheet and import that sheet alone.",
              "共 %s 行被拒绝。请在表中更正后单独导入。"), number_text(q, f->refused, 0)));
    html_raw(b, "</section>");
}

static void warnings_panel(struct request *q, struct buf *b, const struct load_file_report *f)
{
    if (!f->n_warnings) return;
    html(b, "<section class=\"panel\"><h2>%s</h2><ul class=\"hits\">", tr(q, "Unusual, but loaded", "少见但可载入"));
    for (int i = 0; i < f->n_warnings; i++)
        html(b, "<li>%s <span class=\"muted\">%s</span></li>", f->warnings[i].what, arena_printf(q->arena,
             tr(q, "%s rows, first line %s", "%s 行，首见第 %s 行"), number_text(q, f->warnings[i].count, 0),
             number_text(q, f->warnings[i].line, 0)));
    html_raw(b, "</ul></section>");
}

static void step_button(struct request *q, struct buf *b, int64_t number, const char *step, const char *text,
                        const char *class)
{
    form_act(q, b, page_url(q, "/imports/%lld/step", (long long)number), "step", step, text, class);
}

static void field_options(struct request *q, struct buf *b, const struct table_map *m, const char *now)
{
    html(b, "<option value=\"-\"%s>%s</option>", now && !*now ? " selected" : "", tr(q, "leave it out", "不导入"));
    for (int i = 0; i < m->fields; i++) {
        if ((m->field[i].flags & F_COMPUTED) || m->field[i].copies) continue;
        html(b, "<option value=\"%s\"%s>%s</option>", m->field[i].name,
             now && !strcmp(now, m->field[i].name) ? " selected" : "", q->zh ? m->field[i].zh : m->field[i].en);
    }
}

static bool read_columns(struct request *q, const struct import *im, struct load_columns *c, struct err *e)
{
    const char *mapping = *im->mapping ? im->mapping : NULL;
    return load_columns(q->seat->model, q->seat->db, im->path, im->entity, mapping, q->arena, c, e);
}

static bool columns_panel(struct request *q, struct buf *b, const struct import *im, int64_t number, struct err *e)
{
    struct load_columns c;
    if (!read_columns(q, im, &c, e))
        return false;
    int open = 0;
    for (int i = 0; i < c.n; i++) open += !c.field[i];
    html(b, "<section class=\"panel\"><details class=\"twin\"%s><summary>%s</summary>", open ? " open" : "",
         open ? tr(q, "Columns: some fit no field", "列对应：有的列未能识别") : tr(q, "Columns", "列对应"));
    form_begin(q, b, page_url(q, "/imports/%lld/step", (long long)number), "after");
    html_raw(b, "<input type=\"hidden\" name=\"step\" value=\"columns\">");
    table_open(b, tr(q, "Columns", "列对应"), "stack");
    table_head(b, tr(q, "Column of the sheet", "表中的列"), false);
    table_head(b, tr(q, "Field", "字段"), false);
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
    for (int i = 0; i < c.n; i++) {
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%s</th><td role=\"cell\">"
             "<select name=\"c%d\" aria-label=\"%s\">", c.title[i], i, c.title[i]);
        if (!c.field[i]) html(b, "<option value=\"\" selected>%s</option>", tr(q, "choose", "请选择"));
        field_options(q, b, c.map, c.field[i]);
        html_raw(b, "</select></td></tr>");
    }
    html(b, "</tbody></table></div><p class=\"acts after\"><button class=\"btn\" type=\"submit\">%s</button></p></form>"
         "<p class=\"note\">%s</p></details></section>", tr(q, "Check with these columns", "按此对应重新检查"),
         tr(q, "What you choose is remembered for the next sheet with these columns.", "所选对应会记住，供相同表头的文件使用。"));
    return true;
}

/* Where the file lies here is nobody's business: it goes by the name it was sent under. */
static const char *without_path(struct request *q, const struct import *im, const char *why)
{
    const char *at = strstr(why, im->path);
    return at ? arena_printf(q->arena, "%.*s%s%s", (int)(at - why), why, im->name, at + strlen(im->path)) : why;
}

static void outcome(struct request *q, struct buf *b, const struct import *im, const struct task_view *v)
{
    const struct load_file_report *f = im->has_report && im->report.n ? &im->report.files[0] : NULL;
    if (v->state == TASK_FAILED) form_note(b, "err", without_path(q, im, v->why));
    if (!f) return;
    html_raw(b, "<dl class=\"kpis\">");
    counts_line(q, b, tr(q, "Rows", "行数"), f->rows);
    counts_line(q, b, tr(q, "New", "新增"), f->inserted);
    counts_line(q, b, tr(q, "Changed", "更改"), f->changed);
    counts_line(q, b, tr(q, "As they were", "无变化"), f->unchanged);
    counts_line(q, b, tr(q, "Drafts", "草稿"), f->drafts);
    counts_line(q, b, tr(q, "Refused", "拒绝"), f->refused);
    html_raw(b, "</dl><div class=\"acts after\">");
    if (!im->load && !im->undone) {
        if (f->inserted + f->changed > 0)
            step_button(q, b, v->number, "good", f->refused ? tr(q, "Load the good rows now", "载入合格的行")
                                                           : tr(q, "Load it", "载入"), "btn pri");
        if (f->refused && f->inserted + f->changed > 0)
            step_button(q, b, v->number, "all", tr(q, "All or nothing", "全部合格才载入"), "btn");
    } else if (im->load && !im->undone) {
        step_button(q, b, v->number, "undo", tr(q, "Undo this import", "撤销本次导入"), "btn");
    }
    html_raw(b, "</div>");
    if (f->refused && f->refused_path) refused_panel(q, b, f, v->number);
    warnings_panel(q, b, f);
}

void import_page(struct request *q, struct response *r)
{
    struct task_view v;
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    if (!look(q, r, &v)) return;
    const struct import *im = v.own;
    bool rests = v.state == TASK_DONE || v.state == TASK_FAILED;
    page_begin(q, r, NAV_IMPORT, tr(q, "Import", "导入"));
    r->no_store = true;
    if (!rests) r->refresh = 2;
    crumb_begin(q, b);
    crumb(b, page_url(q, "/imports"), tr(q, "Import", "导入"));
    crumb(b, NULL, im->name);
    crumb_end(b);
    head_begin(b, im->name, state_text(q, &v, rests ? im : NULL));
    head_end(b);
    if (!rests) {
        int percent = v.progress.total > 0 ? (int)(v.progress.done * 100 / v.progress.total) : 0;
        html(b, "<section class=\"panel\"><progress max=\"100\" value=\"%d\">%d%%</progress>"
             "<p class=\"note\">%s</p></section>",
             percent, percent, tr(q, "You can leave this page: the work goes on.", "可离开此页，任务会继续。"));
    } else {
        outcome(q, b, im, &v);
        if (!im->load && !columns_panel(q, b, im, v.number, &e)) form_note(b, "err", without_path(q, im, e.message));
    }
    page_end(q, r);
}

/* --- going on --- */

static bool write_mapping(struct request *q, struct import *im, struct err *e)
{
    struct load_columns c;
    if (!read_columns(q, im, &c, e))
        return false;
    snprintf(im->mapping, sizeof im->mapping, "%s/mapping", im->dir);
    FILE *f = fopen(im->mapping, "w");
    for (int i = 0; f && i < c.n; i++) {
        const char *chosen = request_form(q, arena_printf(q->arena, "c%d", i));
        fprintf(f, "%s = %s\n", c.title[i], chosen ? chosen : "-");
    }
    return (f && fclose(f) == 0) || err_set(e, ERR_FULL, "%s", tr(q, "The choice cannot be kept.", "无法保存。"));
}

void import_step(struct request *q, struct response *r)
{
    struct task_view v;
    struct err e = { .code = ERR_NONE };
    const char *step = request_form(q, "step");
    if (!look(q, r, &v)) return;
    struct import *im = v.own;
    bool rests = v.state == TASK_DONE || v.state == TASK_FAILED;
    if (rests && step) {
        bool fresh = !im->load && !im->undone;
        bool known = true;
        if (!strcmp(step, "good") && fresh && im->checked) im->step = STEP_GOOD;
        else if (!strcmp(step, "all") && fresh && im->checked) im->step = STEP_ALL;
        else if (!strcmp(step, "undo") && im->load && !im->undone) im->step = STEP_UNDO;
        else if (!strcmp(step, "columns") && fresh) im->step = STEP_CHECK;
        else known = false;
        if (known && im->step == STEP_CHECK && !write_mapping(q, im, &e)) {
            page_fail(q, r, &e);
            return;
        }
        if (known) task_again(q->seat->tasks, q->seat, q->user->account, v.number);
    }
    page_redirect(r, q->arena, page_url(q, "/imports/%lld", (long long)v.number));
}

/* The refused rows as a workbook that can be mended and sent again. */
static bool to_sheet(const char *from, const char *to, struct arena *a, struct err *e)
{
    struct xlsx_out *x = NULL;
    FILE *f = fopen(from, "rb");
    const struct csv_field *cell;
    int n = 0;
    if (!f) return err_set(e, ERR_NOT_FOUND, "the refused rows are gone");
    struct csv *csv = csv_open(csv_from_file(f), NULL);
    bool ok = true;
    enum csv_result got;
    while (ok && (got = csv_next(csv, &cell, &n, e)) == CSV_ROW) {
        if (!x) {
            struct xlsx_column *cols = arena_array(a, (size_t)n, sizeof *cols);
            for (int i = 0; i < n; i++) cols[i].title = arena_strndup(a, cell[i].p, cell[i].n);
            ok = xlsx_create(&x, to, "refused", cols, n, e);
            continue;
        }
        struct val *row = arena_array(a, (size_t)n, sizeof *row);
        for (int i = 0; i < n; i++) row[i] = val_textn(cell[i].p, cell[i].n);
        ok = xlsx_write_row(x, row, n, e);
    }
    csv_close(csv);
    fclose(f);
    if (!x) return ok && err_set(e, ERR_NOT_FOUND, "no row was refused");
    if (ok) return xlsx_finish(x, e);
    xlsx_abandon(x);
    return false;
}

void import_refused(struct request *q, struct response *r)
{
    struct task_view v;
    struct err e = { .code = ERR_NONE };
    const char *path;
    if (!look(q, r, &v)) return;
    const struct import *im = v.own;
    bool rests = v.state == TASK_DONE || v.state == TASK_FAILED;
    const char *from = rests && im->has_report && im->report.n ? im->report.files[0].refused_path : NULL;
    if (!from) {
        page_error(q, r, 404, tr(q, "No row was refused.", "没有被拒绝的行。"));
    } else if (!temp_path(q, ".xlsx", &path, &e) || !to_sheet(from, path, q->arena, &e)) {
        page_fail(q, r, &e);
    } else {
        r->type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        r->file = path;
        r->filename = arena_printf(q->arena, "%s.refused.xlsx", im->entity);
    }
}
