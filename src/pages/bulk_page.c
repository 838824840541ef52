/* The page that asks before one act is done to every row of a list. */
#include "pages/bulk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "programme/sides/sides.h"
#include "web/form.h"

enum { SAMPLE = 5 };

static const char *const acts[] = { [BULK_SET] = "set", [BULK_DELETE] = "delete", [BULK_CONFIRM] = "confirm",
                                    [BULK_ADD] = "add" };

/* A field that all rows may be given one value of. */
static bool settable(struct request *q, const struct table_map *m, int f)
{
    const struct field *x = &m->field[f];
    return !(x->flags & (F_COMPUTED | F_KEY | F_PERSONAL | F_HOME)) && !x->copies &&
           scope_field(q->scope, q->seat->model, m, f);
}

static bool nameable(const struct table_map *m)
{
    for (int i = 0; i < m->n_key; i++)
        if (m->field[m->key[i]].flags & F_PERSONAL) return false;
    return m->n_key > 0;
}

static bool count_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct asking *x = arg;
    (void)e;
    x->mark.rows++;
    x->mark.sum += (uint64_t)row[m->columns].i;
    if (x->n_sample == SAMPLE) return true;
    struct val *to = x->sample + (size_t)x->n_sample++ * (size_t)(m->columns + 1);
    for (int i = 0; i <= m->columns; i++) {
        to[i] = row[i];
        if (row[i].type == VAL_TEXT) to[i].p = arena_strndup(x->q->arena, row[i].p ? row[i].p : "", row[i].n);
    }
    return true;
}

static bool count_all(struct asking *x, struct err *e)
{
    struct request *q = x->q;
    const struct table_map *m = x->v->m;
    int64_t n = 0;
    x->sample = arena_array(q->arena, SAMPLE * (size_t)(m->columns + 1), sizeof *x->sample);
    x->v->query.limit = x->v->query.after_county = x->v->query.after_id = 0;
    x->v->query.backward = x->v->query.has_value = false;
    x->v->query.sort = NULL;
    if (!list_count(q->seat->model, q->seat->rows, q->scope, m, &x->v->query, BULK_MOST + 1, &n, e)) return false;
    if (n > BULK_MOST)
        return err_set(e, ERR_INVALID, tr(q, "More than %d rows fit: narrow the list first.", "超过 %d 条，请先缩小范围。"),
                       BULK_MOST);
    return list_rows(q->seat->model, q->seat->rows, q->scope, m, &x->v->query, count_row, x, e);
}

/* --- the page --- */

static void hidden_facts(struct asking *x, struct buf *b, enum bulk_act act)
{
    html(b, "<input type=\"hidden\" name=\"act\" value=\"%s\"><input type=\"hidden\" name=\"rows\" value=\"%lld\">"
         "<input type=\"hidden\" name=\"sum\" value=\"%lld\">", acts[act], (long long)x->mark.rows,
         (long long)x->mark.sum);
}

void bulk_begin(struct asking *x, struct buf *b, enum bulk_act act)
{
    struct request *q = x->q;
    form_begin(q, b, page_url(q, "/records/%s/bulk%s", x->v->m->entity->name, page_query(q, NULL, NULL)), "form");
    hidden_facts(x, b, act);
}

const char *bulk_rows_text(struct asking *x, const char *en_one, const char *en, const char *zh)
{
    return arena_printf(x->q->arena, tr(x->q, x->mark.rows == 1 ? en_one : en, zh), number_text(x->q, x->mark.rows, 0));
}

void bulk_hint(struct request *q, struct buf *b)
{
    html(b, "<p class=\"hint\">%s</p>", tr(q, "Everything is checked first and nothing is written; it can be undone "
         "as a whole.", "先整体检查而不写入，之后可整体撤销。"));
}

static void set_form(struct asking *x, struct buf *b)
{
    struct request *q = x->q;
    const struct table_map *m = x->v->m;
    struct form_choice *choice = arena_array(q->arena, (size_t)m->fields + 1, sizeof *choice);
    int n = 0;
    for (int i = 0; i < m->fields; i++)
        if (settable(q, m, i)) choice[n++] = (struct form_choice){ m->field[i].name, field_label(q, &m->field[i]) };
    if (!n) return;
    const struct form_field field = { .name = "field", .label = tr(q, "Field", "字段"),
        .value = request_form(q, "field") };
    const struct form_field value = { .name = "value", .label = tr(q, "New value", "新值"),
        .value = request_form(q, "value"), 
        .hint = tr(q, "As in the form of one record: a code, a date, a name. Empty takes the value away.",
                   "同单条填报：代码或文字、日期、名称；留空则清除。") };
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Give a field one value", "统一填写一个字段"));
    bulk_begin(x, b, BULK_SET);
    form_select(b, &field, choice, n);
    form_input(b, &value);
    bulk_hint(q, b);
    form_button(b, bulk_rows_text(x, "Check %s row", "Check %s rows", "检查 %s 条"), "btn pri");
    html_raw(b, "</section>");
}

static void confirm_form(struct asking *x, struct buf *b)
{
    struct request *q = x->q;
    const struct form_field as = { .name = "as", .label = tr(q, "Who says it: an organisation", "由哪个单位表态"),
        .required = true, .value = q->scope->orgs ? org_title(q, q->scope->org[0]) : "" };
    html(b, "<section class=\"panel\"><h2>%s</h2><p>%s</p>", tr(q, "Confirm them", "全部确认"),
         tr(q, "Rows that this organisation has no say in are refused and listed.", "该单位无权表态的记录会被拒绝并列出。"));
    bulk_begin(x, b, BULK_CONFIRM);
    form_input(b, &as);
    form_button(b, bulk_rows_text(x, "Confirm %s row", "Confirm %s rows", "确认 %s 条"), "btn");
    html_raw(b, "</section>");
}

static void delete_form(struct asking *x, struct buf *b)
{
    struct request *q = x->q;
    html(b, "<section class=\"panel\"><h2>%s</h2><p>%s</p>", tr(q, "Delete them", "全部删除"),
         tr(q, "Rows that others refer to stay, and are listed. The others are kept as a sheet, from which they can be "
            "brought back as a whole.", "被引用的记录保留并列出；其余另存为表，可整体恢复。"));
    bulk_begin(x, b, BULK_DELETE);
    form_button(b, bulk_rows_text(x, "Delete %s row", "Delete %s rows", "删除 %s 条"), "btn warn");
    html_raw(b, "</section>");
}

static void facts(struct asking *x, struct buf *b)
{
    struct request *q = x->q;
    const struct table_map *m = x->v->m;
    html(b, "<section class=\"panel\"><h2>%s</h2>", bulk_rows_text(x, "%s row", "%s rows", "共 %s 条"));
    view_chips(q, b, x->v);
    html_raw(b, "<ul class=\"hits\">");
    for (int i = 0; i < x->n_sample; i++) {
        const struct val *row = x->sample + (size_t)i * (size_t)(m->columns + 1);
        html(b, "<li><a href=\"%s\">%s</a></li>", record_url(q, m, row[ROW_COUNTY].i, row[ROW_ID].i),
             row_title(q, m, row));
    }
    html_raw(b, "</ul>");
    if (x->mark.rows > x->n_sample)
        html(b, "<p class=\"muted\"><a href=\"%s%s\">%s</a></p>", page_url(q, "/records/%s", m->entity->name),
             page_query(q, NULL, NULL), arena_printf(q->arena, tr(q, "and %s more", "另有 %s 条"),
             number_text(q, x->mark.rows - x->n_sample, 0)));
    html_raw(b, "</section>");
}

static void show(struct asking *x, struct response *r, const char *wrong)
{
    struct request *q = x->q;
    struct buf *b = &r->body;
    const struct entity *en = x->v->m->entity;
    page_begin(q, r, NAV_RECORDS, tr(q, "Act on the whole list", "批量处理"));
    if (wrong) r->status = 422;
    r->no_store = true;
    crumb_begin(q, b);
    crumb(b, page_url(q, "/records"), tr(q, "Records", "记录"));
    crumb(b, page_url(q, "/records/%s%s", en->name, page_query(q, NULL, NULL)), entity_label(q, en));
    crumb(b, NULL, tr(q, "Act on the whole list", "批量处理"));
    crumb_end(b);
    head_begin(b, arena_printf(q->arena, q->zh ? "%s：%s" : "%s: %s", entity_label(q, en),
               bulk_rows_text(x, "%s row", "%s rows", "%s 条")),
               tr(q, "What is chosen below is done to every row of the list, not only to those on screen.",
                  "所选操作针对列表中的全部记录，不限于当前页。"));
    head_end(b);
    if (wrong) form_note(b, "err", wrong);
    facts(x, b);
    if (x->mark.rows) {
        if (x->sheet) bulk_add_forms(x, b);
        if (x->sheet) set_form(x, b);
        if (two_sided(x->v->m) && q->scope->orgs) confirm_form(x, b);
        delete_form(x, b);
    }
    page_end(q, r);
}

static bool open_asking(struct request *q, struct response *r, struct asking *x, struct err *e)
{
    x->q = q;
    x->v = arena_alloc(q->arena, sizeof *x->v);
    x->v->m = form_wanted(q, r);
    if (!x->v->m) return false;
    x->sheet = nameable(x->v->m);
    if (view_read(q, x->v, e) && count_all(x, e)) return true;
    page_fail(q, r, e);
    return false;
}

void bulk_page(struct request *q, struct response *r)
{
    struct asking x = { .n_sample = 0 };
    struct err e = { .code = ERR_NONE };
    if (open_asking(q, r, &x, &e)) show(&x, r, NULL);
}

/* --- a field for all: a sheet of keys and the value, which is imported as any other --- */

struct sheet { struct asking *x; FILE *f; struct buf b; int field; const char *value; struct arena line; };

static bool is_key(const struct table_map *m, int f)
{
    for (int i = 0; i < m->n_key; i++)
        if (m->key[i] == f) return true;
    return f == m->home;
}

static bool sheet_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct sheet *s = arg;
    struct request *q = s->x->q;
    bool first = true;
    for (int i = 0; i < m->fields; i++) {
        if (!is_key(m, i) && i != s->field) continue;
        const char *text = i == s->field ? s->value
                         : field_write(q->seat->model, m, i, row, q->seat->db, &s->line);
        csv_add(&s->b, text, strlen(text), first, true);
        first = false;
    }
    csv_end_row(&s->b);
    arena_reset(&s->line);
    if (s->b.n < 1 << 16) return true;
    if (fwrite(s->b.p, 1, s->b.n, s->f) != s->b.n) return err_set(e, ERR_FULL, "the sheet cannot be written");
    buf_clear(&s->b);
    return true;
}

static bool write_sheet(void *arg, FILE *f, struct err *e)
{
    struct sheet *s = arg;
    struct request *q = s->x->q;
    const struct table_map *m = s->x->v->m;
    bool first = true;
    s->f = f;
    buf_init(&s->b, 1 << 20);
    for (int i = 0; i < m->fields; i++)
        if (is_key(m, i) || i == s->field) {
            csv_add(&s->b, m->field[i].name, strlen(m->field[i].name), first, false);
            first = false;
        }
    csv_end_row(&s->b);
    bool ok = list_rows(q->seat->model, q->seat->rows, q->scope, m, &s->x->v->query, sheet_row, s, e);
    if (ok && fwrite(s->b.p, 1, s->b.n, s->f) != s->b.n) ok = err_set(e, ERR_FULL, "the sheet cannot be written");
    buf_free(&s->b);
    arena_free(&s->line);
    return ok;
}

bool bulk_import(struct request *q, const struct entity *en, const char *title, bulk_sheet_fn *write, void *arg,
                 int64_t *task, struct err *e)
{
    const char *path;
    if (!bulk_sheet_path(q, &path, e)) return false;
    const struct import im = { .entity = en->name, .suffix = ".csv", .step = STEP_CHECK };
    const struct job_asked asked = { .kind = &import_kind, .asked = import_asked(&im, q->arena), .file = path,
                                     .as = "sent.csv", .title = title };
    FILE *f = fopen(path, "w");
    bool ok = f != NULL || err_set(e, ERR_FULL, "%s", tr(q, "The sheet cannot be kept.", "无法保存文件。"));
    ok = ok && write(arg, f, e);
    if (f && fclose(f) != 0 && ok) ok = err_set(e, ERR_FULL, "the sheet cannot be written");
    ok = ok && job_start(q, &asked, task, e);
    if (!ok) remove(path);
    return ok;
}

static bool set_all(struct asking *x, int64_t *task, struct err *e)
{
    struct request *q = x->q;
    const struct table_map *m = x->v->m;
    const char *name = request_form(q, "field"), *value = request_form(q, "value");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct sheet s = { .x = x, .field = name ? map_field(m, name) : -1, .value = value ? value : "" };
    if (s.field < 0 || !settable(q, m, s.field) || !x->sheet)
        return err_field(e, ERR_INVALID, "field", "%s", tr(q, "Choose a field.", "请选择字段。"));
    memcpy(row, x->sample, sizeof *row * (size_t)(m->columns + 1));
    if (!field_read(q->seat->model, m, s.field, s.value, strlen(s.value), q->seat->db, row, q->arena, e)) return false;
    const char *title = arena_printf(q->arena, q->zh ? "%s：%s = %s" : "%s: %s = %s", entity_label(q, m->entity),
                                     field_label(q, &m->field[s.field]), *s.value ? s.value : "–");
    return bulk_import(q, m->entity, title, write_sheet, &s, task, e);
}

/* --- doing it --- */

/* The list must be the one that was shown. */
static bool unchanged(struct asking *x, struct err *e)
{
    struct request *q = x->q;
    const char *rows = request_form(q, "rows"), *sum = request_form(q, "sum");
    int64_t shown = rows ? strtoll(rows, NULL, 10) : -1;
    if (shown == x->mark.rows && sum && strtoll(sum, NULL, 10) == (int64_t)x->mark.sum) return true;
    return err_set(e, ERR_CONFLICT, tr(q, "Rows of the list have changed since it was shown (%lld then, %lld now). "
                   "Nothing was done; look at it again.", "列表中的记录在显示后已有变动（当时 %lld 条，现在 %lld 条）。未作处理，请重新核对。"),
                   (long long)shown, (long long)x->mark.rows);
}

static bool start(struct asking *x, enum bulk_act act, int64_t *task, struct err *e)
{
    struct request *q = x->q;
    const char *as = request_form(q, "as");
    int64_t org = 0;
    if (act == BULK_SET) return set_all(x, task, e);
    if (act == BULK_ADD) return bulk_add(x, task, e);
    if (act == BULK_CONFIRM) {
        if (!two_sided(x->v->m) || !as)
            return err_field(e, ERR_INVALID, "as", "%s", tr(q, "Say which organisation speaks.", "请填写表态单位。"));
        if (!organisation_named(q, as, &org, e)) return false;
        if (!scope_owns(q->scope, org))
            return err_field(e, ERR_INVALID, "as", "%s", tr(q, "Your account does not speak for this organisation.",
                                                           "您的账号不能代表该单位。"));
    }
    const char *what = act == BULK_DELETE ? tr(q, "delete %s rows of %s", "删除 %s 条%s")
                                          : tr(q, "confirm %s rows of %s", "确认 %s 条%s");
    const struct job_asked asked = { .kind = &bulk_kind, .asked = bulk_asked(x->v, act, org, &x->mark, q->arena),
        .title = arena_printf(q->arena, what, number_text(q, x->mark.rows, 0), entity_label(q, x->v->m->entity)) };
    return job_start(q, &asked, task, e);
}

void bulk_do(struct request *q, struct response *r)
{
    struct asking x = { .n_sample = 0 };
    struct err e = { .code = ERR_NONE };
    const char *given = request_form(q, "act");
    int act = 0;
    int64_t task = 0;
    if (!open_asking(q, r, &x, &e)) return;
    while (given && act < COUNT(acts) && strcmp(acts[act], given) != 0) act++;
    bool ok = given && act < COUNT(acts) ? true : err_set(&e, ERR_INVALID, "%s", tr(q, "Choose what to do.", "请选择操作。"));
    ok = ok && x.mark.rows && unchanged(&x, &e) && start(&x, (enum bulk_act)act, &task, &e);
    bool sheet = act == BULK_SET || act == BULK_ADD;
    if (ok) page_redirect(r, q->arena, page_url(q, sheet ? "/imports/%lld" : "/tasks/%lld", (long long)task));
    else if (e.code == ERR_NONE || page_status(e.code) < 500) show(&x, r, e.code ? e.message : NULL);
    else page_fail(q, r, &e);
}
