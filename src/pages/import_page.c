/* Importing a file in the browser: it is sent, its columns are matched, everything is checked while
 * nothing is written, and then the good rows are loaded or all of them or none. What was refused comes
 * back with its reasons; a load is undone as a whole. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/id.h"
#include "base/utf8.h"
#include "doc/xlsx.h"
#include "pages/import.h"
#include "pages/task.h"
#include "web/form.h"

enum { NAME = 200, SHOWN_TASKS = 20 };

/* --- beginning one --- */

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
    const struct import im = { .entity = m->entity->name, .suffix = suffix, .step = STEP_CHECK };
    const char *name = arena_strndup(q->arena, q->upload_name, utf8_cut(q->upload_name, strlen(q->upload_name), NAME));
    const struct job_asked asked = { .kind = &import_kind, .title = name, .asked = import_asked(&im, q->arena),
        .file = q->upload, .as = arena_printf(q->arena, "sent%s", suffix) };
    int64_t number;
    if (job_start(q, &asked, &number, &e)) page_redirect(r, q->arena, page_url(q, "/imports/%lld", (long long)number));
    else page_fail(q, r, &e);
}

/* --- looking at one --- */

struct shown { struct job_view v; struct import im; bool known; };

static bool shown_read(struct request *q, const struct job_view *v, struct shown *out)
{
    struct err none;
    out->v = *v;
    out->known = import_read(v->asked, v->result, q->arena, &out->im, &none);
    return out->known;
}

static const char *state_text(const struct request *q, const struct shown *s)
{
    if (s->v.state != JOB_DONE) return job_state_text(q, &s->v);
    if (s->im.undone) return tr(q, "undone", "已撤销");
    return s->im.load ? tr(q, "loaded", "已载入") : tr(q, "checked, nothing written", "已检查，未写入");
}

static bool imports_list(struct request *q, struct buf *b, bool *open, struct err *e)
{
    struct job_view v[SHOWN_TASKS];
    const struct job_page page = { .kind = import_kind.name, .most = SHOWN_TASKS };
    int n = 0;
    if (!job_list(q, &page, v, &n, e)) return false;
    if (!n) return true;
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s\">%s</a></header><ul class=\"hits\">",
         tr(q, "Your imports", "您的导入"), page_url(q, "/tasks"), tr(q, "All tasks", "全部任务"));
    for (int i = 0; i < n; i++) {
        struct shown s;
        if (!shown_read(q, &v[i], &s)) continue;
        *open |= !job_rests(&v[i]);
        html(b, "<li><a href=\"%s\">%s</a> ", page_url(q, "/imports/%lld", (long long)v[i].id), v[i].title);
        task_tag(q, b, &v[i], state_text(q, &s));
        html_raw(b, "</li>");
    }
    html_raw(b, "</ul></section>");
    return true;
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
    struct err e = { .code = ERR_NONE };
    bool open = false;
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
    if (imports_list(q, b, &open, &e)) page_end(q, r);
    else page_fail(q, r, &e);
}

void imports_page(struct request *q, struct response *r)
{
    imports_show(q, r, NULL);
}

/* Only who sent a file sees what became of it. */
static bool look(struct request *q, struct response *r, struct shown *s)
{
    struct job_view v;
    struct err e = { .code = ERR_NONE };
    bool found = false;
    int64_t number;
    if (id_parse(q->capture[0], strlen(q->capture[0]), &number) && !job_get(q, number, &v, &found, &e)) {
        page_fail(q, r, &e);
        return false;
    }
    if (found && v.kind == &import_kind && v.owner == q->user->account && shown_read(q, &v, s)) return true;
    page_error(q, r, 404, tr(q, "There is no such import; what has ended is kept for 30 days.",
                             "没有这次导入；已结束的导入保留 30 天。"));
    return false;
}

static const char *dir_of(const struct request *q, const struct shown *s)
{
    return job_dir(q->seat->jobs, s->v.id, q->arena);
}

static void counts_line(struct request *q, struct buf *b, const char *label, int64_t n)
{
    html(b, "<div><dt>%s</dt><dd class=\"v\">%s</dd></div>", label, number_text(q, n, 0));
}

/* The first refused rows: line, column, value and reason stand last in each row of the refused file. */
static void refused_panel(struct request *q, struct buf *b, const struct import *f, int64_t number)
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

static void warnings_panel(struct request *q, struct buf *b, const struct import *f)
{
    if (!f->warnings) return;
    html(b, "<section class=\"panel\"><h2>%s</h2><ul class=\"hits\">", tr(q, "Unusual, but loaded", "少见但可载入"));
    for (int i = 0; i < f->warnings; i++)
        html(b, "<li>%s <span class=\"muted\">%s</span></li>", f->warning[i].what, arena_printf(q->arena,
             tr(q, "%s rows, first line %s", "%s 行，首见第 %s 行"), number_text(q, f->warning[i].count, 0),
             number_text(q, f->warning[i].line, 0)));
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

static bool read_columns(struct request *q, const struct shown *s, struct load_columns *c, struct err *e)
{
    const char *dir = dir_of(q, s), *file = import_file(&s->im, dir, q->arena);
    if (access(file, R_OK) != 0)
        return err_set(e, ERR_NOT_FOUND, "%s", tr(q,
                       "The file that was sent is no longer on the server: send it again.",
                       "服务器上已没有上传的文件，请重新上传。"));
    return load_columns(q->seat->model, q->seat->db, file, s->im.entity, import_mapping(&s->im, dir, q->arena),
                        q->arena, c, e);
}

static bool columns_panel(struct request *q, struct buf *b, const struct shown *s, struct err *e)
{
    const int64_t number = s->v.id;
    struct load_columns c;
    if (!read_columns(q, s, &c, e)) return false;
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
static const char *without_path(struct request *q, const struct shown *s, const char *why)
{
    const char *path = import_file(&s->im, dir_of(q, s), q->arena), *at = strstr(why, path);
    return at ? arena_printf(q->arena, "%.*s%s%s", (int)(at - why), why, s->v.title, at + strlen(path)) : why;
}

static void outcome(struct request *q, struct buf *b, const struct shown *s)
{
    const struct import *f = &s->im;
    task_end_note(q, b, &s->v, s->v.why ? without_path(q, s, s->v.why) : NULL);
    if (!f->reported) return;
    html_raw(b, "<dl class=\"kpis\">");
    counts_line(q, b, tr(q, "Rows", "行数"), f->rows);
    counts_line(q, b, tr(q, "New", "新增"), f->inserted);
    counts_line(q, b, tr(q, "Changed", "更改"), f->changed);
    counts_line(q, b, tr(q, "As they were", "无变化"), f->unchanged);
    counts_line(q, b, tr(q, "Drafts", "草稿"), f->drafts);
    counts_line(q, b, tr(q, "Refused", "拒绝"), f->refused);
    html_raw(b, "</dl><div class=\"acts after\">");
    if (!f->load && !f->undone) {
        if (f->inserted + f->changed > 0)
            step_button(q, b, s->v.id, "good", f->refused ? tr(q, "Load the good rows now", "载入合格的行")
                                                           : tr(q, "Load it", "载入"), "btn pri");
        if (f->refused && f->inserted + f->changed > 0)
            step_button(q, b, s->v.id, "all", tr(q, "All or nothing", "全部合格才载入"), "btn");
    } else if (f->load && !f->undone) {
        step_button(q, b, s->v.id, "undo", tr(q, "Undo this import", "撤销本次导入"), "btn");
    }
    html_raw(b, "</div>");
    if (f->refused && f->refused_name) refused_panel(q, b, f, s->v.id);
    warnings_panel(q, b, f);
}

void import_page(struct request *q, struct response *r)
{
    struct shown s;
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    if (!look(q, r, &s)) return;
    bool rests = job_rests(&s.v);
    r->no_store = true;
    if (!rests) r->refresh = TASK_REFRESH;
    page_begin(q, r, NAV_IMPORT, tr(q, "Import", "导入"));
    crumb_begin(q, b);
    crumb(b, page_url(q, "/imports"), tr(q, "Import", "导入"));
    crumb(b, NULL, s.v.title);
    crumb_end(b);
    head_begin(b, s.v.title, state_text(q, &s));
    head_end(b);
    if (!rests) {
        task_progress(q, b, &s.v);
    } else {
        outcome(q, b, &s);
        if (!s.im.load && !columns_panel(q, b, &s, &e)) form_note(b, "err", without_path(q, &s, e.message));
    }
    page_end(q, r);
}

/* --- going on --- */

static bool write_mapping(struct request *q, struct shown *s, struct err *e)
{
    struct load_columns c;
    if (!read_columns(q, s, &c, e)) return false;
    s->im.mapped = true;
    FILE *f = fopen(import_mapping(&s->im, dir_of(q, s), q->arena), "w");
    for (int i = 0; f && i < c.n; i++) {
        const char *chosen = request_form(q, arena_printf(q->arena, "c%d", i));
        fprintf(f, "%s = %s\n", c.title[i], chosen ? chosen : "-");
    }
    return (f && fclose(f) == 0) || err_set(e, ERR_FULL, "%s", tr(q, "The choice cannot be kept.", "无法保存。"));
}

/* What is asked for next, where it fits what was done before. */
static bool next_step(const char *word, struct import *im)
{
    bool fresh = !im->load && !im->undone;
    if (!strcmp(word, "good") && fresh && im->checked) im->step = STEP_GOOD;
    else if (!strcmp(word, "all") && fresh && im->checked) im->step = STEP_ALL;
    else if (!strcmp(word, "undo") && im->load && !im->undone) im->step = STEP_UNDO;
    else if (!strcmp(word, "columns") && fresh) im->step = STEP_CHECK;
    else return false;
    return true;
}

void import_step(struct request *q, struct response *r)
{
    struct shown s;
    struct err e = { .code = ERR_NONE };
    const char *word = request_form(q, "step");
    if (!look(q, r, &s)) return;
    if (word && job_rests(&s.v) && next_step(word, &s.im)) {
        bool ok = s.im.step != STEP_CHECK || write_mapping(q, &s, &e);
        if (!ok || !job_again(q, s.v.id, import_asked(&s.im, q->arena), &e)) {
            page_fail(q, r, &e);
            return;
        }
    }
    page_redirect(r, q->arena, page_url(q, "/imports/%lld", (long long)s.v.id));
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
    struct shown s;
    struct err e = { .code = ERR_NONE };
    const char *path = NULL;
    if (!look(q, r, &s)) return;
    if (!job_rests(&s.v) || !s.im.refused_name) {
        page_error(q, r, 404, tr(q, "No row was refused.", "没有被拒绝的行。"));
        return;
    }
    const char *from = arena_printf(q->arena, "%s/%s", dir_of(q, &s), s.im.refused_name);
    if (!temp_path(q, ".xlsx", &path, &e) || !to_sheet(from, path, q->arena, &e)) {
        if (path) remove(path);
        page_fail(q, r, &e);
        return;
    }
    r->type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    r->file = path;
    r->no_store = true;
    r->filename = arena_printf(q->arena, "%s.refused.xlsx", s.im.entity);
}
