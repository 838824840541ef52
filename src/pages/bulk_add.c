/* Acts that add a row to each row of a list, as the list's entity declares them: what is typed once becomes a sheet
 * of new rows, which is checked and imported as any other, and undone as a whole. */
#include "pages/bulk.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/digest.h"
#include "base/map.h"
#include "pages/form.h"
#include "web/form.h"

enum { ASKED = 12 };

struct adding {
    struct asking *x;
    const struct list_act *act;
    struct form *f;                /* of the kind that is added */
    int field[ASKED], n;
    const char *text[ASKED];       /* as the sheet has them */
    char code[33];
    struct map has;                /* rows of the list that have it already */
    int64_t added;
    struct buf b; FILE *to;
    struct arena line;
};

static bool open_act(struct asking *x, const struct list_act *act, struct adding *a)
{
    const struct table_map *m = model_find(x->q->seat->model, act->adds);
    *a = (struct adding){ .x = x, .act = act };
    if (!m || !form_open(x->q, m)) return false;
    a->f = arena_alloc(x->q->arena, sizeof *a->f);
    a->f->q = x->q;
    a->f->m = m;
    for (int i = 0; act->asks[i] && i < ASKED; i++) a->field[a->n++] = map_field(m, act->asks[i]);
    return true;
}

static bool is_sent(const struct asking *x, const struct list_act *act)
{
    const char *name = request_form(x->q, "add");
    return name && !strcmp(name, act->name);
}

/* Has a reference to that kind been asked for before, in this act or an earlier one? */
static bool suggested(const struct entity *en, const struct list_act *act, const struct table_map *m, int field,
                      const struct model *mo)
{
    const struct field *f = &m->field[field];
    for (int i = 0; f->type == F_REF && i < en->n_acts; i++) {
        const struct table_map *to = model_find(mo, en->acts[i].adds);
        for (int k = 0; to && en->acts[i].asks[k]; k++) {
            const struct field *x = &to->field[map_field(to, en->acts[i].asks[k])];
            if (&en->acts[i] == act && x == f) return false;
            if (x->type == F_REF && !strcmp(x->ref, f->ref)) return true;
        }
    }
    return false;
}

void bulk_add_forms(struct asking *x, struct buf *b)
{
    struct request *q = x->q;
    const struct entity *en = x->v->m->entity;
    for (int i = 0; i < en->n_acts; i++) {
        const struct list_act *act = &en->acts[i];
        struct adding a;
        if (!open_act(x, act, &a)) continue;
        if (is_sent(x, act)) (void)form_read_some(a.f, a.field, a.n);
        else form_from_row(a.f);
        html(b, "<section class=\"panel\" id=\"%s\"><h2>%s</h2><p>%s</p>", act->name, tr(q, act->en, act->zh),
             tr(q, act->help_en, act->help_zh));
        bulk_begin(x, b, BULK_ADD);
        html(b, "<input type=\"hidden\" name=\"add\" value=\"%s\">", act->name);
        for (int k = 0; k < a.n; k++)
            if (!suggested(en, act, a.f->m, a.field[k], x->q->seat->model)) form_suggest(a.f, b, a.field[k]);
        form_some_fields(a.f, b, a.field, a.n);
        bulk_hint(q, b);
        form_button(b, bulk_rows_text(x, "Check for %s row", "Check for %s rows", "为 %s 条检查"), "btn pri");
        html_raw(b, "</section>");
    }
}

/* --- the sheet --- */

/* The same act on the same row is the same row, however often it is done. */
static void make_code(struct adding *a)
{
    unsigned char out[DIGEST_LEN];
    char hex[DIGEST_HEX];
    struct digest d;
    digest_init(&d);
    for (int i = 0; i < a->n; i++)
        if (a->f->m->field[a->field[i]].type != F_DATE) digest_add(&d, a->text[i], strlen(a->text[i]) + 1);
    digest_done(&d, out);
    digest_hex(out, DIGEST_LEN, hex);
    snprintf(a->code, sizeof a->code, "L-%.10s", hex);
}

static bool read_act(struct adding *a, struct err *e)
{
    struct request *q = a->x->q;
    struct form *f = a->f;
    bool ok = form_read_some(f, a->field, a->n);
    const struct field *first = &f->m->field[a->field[0]];
    if (!ok) {
        const struct form_fault *x = &f->fault[0];
        return err_field(e, ERR_INVALID, x->field >= 0 ? f->m->field[x->field].name : "", "%s: %s",
                         x->field >= 0 ? field_label(q, &f->m->field[x->field]) : "", x->message);
    }
    if (f->row[f->m->column[a->field[0]]].type == VAL_NULL)
        return err_field(e, ERR_INVALID, first->name, tr(q, "Fill in: %s", "请填写：%s"), field_label(q, first));
    for (int i = 0; i < a->n; i++)
        a->text[i] = field_write(q->seat->model, f->m, a->field[i], f->row, q->seat->db, q->arena);
    make_code(a);
    return true;
}

static bool keep_has(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct adding *a = arg;
    struct val v = row[m->column[map_field(m, a->act->by)]];
    (void)e;
    if (v.type == VAL_INT) map_put(&a->has, &(struct seen_key){ row[ROW_COUNTY].i, v.i }, NULL);
    return true;
}

/* Where a reference is all that was filled in, rows that have it are left out. */
static bool read_has(struct adding *a, struct err *e)
{
    struct request *q = a->x->q;
    const struct table_map *m = a->f->m;
    const struct field *first = &m->field[a->field[0]];
    for (int i = 1; i < a->n; i++)
        if (*a->text[i] && m->field[a->field[i]].type != F_DATE) return true;
    if (first->type != F_REF) return true;
    struct list_query query = { .where = arena_printf(q->arena, "%s = %lld and not known(valid_to)", first->name,
                                                      (long long)a->f->row[m->column[a->field[0]]].i) };
    return list_rows(q->seat->model, q->seat->rows, q->scope, m, &query, keep_has, a, e);
}

static bool flush(struct adding *a, struct err *e)
{
    bool ok = fwrite(a->b.p, 1, a->b.n, a->to) == a->b.n;
    buf_clear(&a->b);
    return ok || err_set(e, ERR_FULL, "the sheet cannot be written");
}

static bool add_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct adding *a = arg;
    struct request *q = a->x->q;
    if (seen_has(&a->has, row[ROW_COUNTY].i, row[ROW_ID].i)) return true;
    const char *key = row_key_text(q->seat->model, m, row, q->seat->db, &a->line);
    csv_add(&a->b, key, strlen(key), true, true);
    csv_add(&a->b, a->code, strlen(a->code), false, true);
    for (int i = 0; i < a->n; i++) csv_add(&a->b, a->text[i], strlen(a->text[i]), false, true);
    csv_end_row(&a->b);
    arena_reset(&a->line);
    a->added++;
    return a->b.n < 1 << 16 || flush(a, e);
}

static bool write_sheet(void *arg, FILE *f, struct err *e)
{
    struct adding *a = arg;
    struct request *q = a->x->q;
    a->to = f;
    buf_init(&a->b, 1 << 20);
    csv_add(&a->b, a->act->by, strlen(a->act->by), true, false);
    csv_add(&a->b, "code", 4, false, false);
    for (int i = 0; i < a->n; i++) csv_add(&a->b, a->act->asks[i], strlen(a->act->asks[i]), false, false);
    csv_end_row(&a->b);
    bool ok = list_rows(q->seat->model, q->seat->rows, q->scope, a->x->v->m, &a->x->v->query, add_row, a, e) &&
              flush(a, e);
    buf_free(&a->b);
    arena_free(&a->line);
    return ok && (a->added || err_set(e, ERR_CONFLICT, "%s", tr(q, "Every row of the list has it already.",
                                                                "列表中的记录均已有。")));
}

bool bulk_add(struct asking *x, int64_t *task, struct err *e)
{
    struct request *q = x->q;
    const struct entity *en = x->v->m->entity;
    const struct list_act *act = NULL;
    struct adding a;
    for (int i = 0; i < en->n_acts; i++)
        if (is_sent(x, &en->acts[i])) act = &en->acts[i];
    if (!act || !x->sheet || !open_act(x, act, &a))
        return err_set(e, ERR_INVALID, "%s", tr(q, "Choose what to do.", "请选择操作。"));
    if (!read_act(&a, e)) return false;
    map_init(&a.has, sizeof(struct seen_key), 1);
    const char *title = arena_printf(q->arena, q->zh ? "%s：%s" : "%s: %s", tr(q, act->en, act->zh), a.text[0]);
    bool ok = read_has(&a, e) && bulk_import(q, a.f->m->entity, title, write_sheet, &a, task, e);
    map_free(&a.has);
    return ok;
}
