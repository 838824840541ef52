/* A row made, changed or deleted in a page. Everything goes through the entity's own checks and the
 * writer; who may write what is asked before, and again of the row as it is written. */
#include "pages/form.h"
#include "pages/history.h"
#include "web/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/id.h"

struct writing { struct form *f; enum row_act act; int64_t seen; };

static bool write_one(struct tx *tx, void *arg, struct err *e)
{
    struct writing *w = arg;
    return form_write(tx, w->f, w->act, w->seen, e);
}

/* The digest that names a version of a row. */
static const char *version_text(const struct form *f)
{
    return f->old ? row_version(f->q, f->m, f->old) : "";
}

static bool version_read(const char *s, int64_t *out)
{
    char *end;
    if (!s || !*s) return false;
    *out = strtoll(s, &end, 10);
    return !*end;
}

/* An id in the form makes sending it twice one row. Writers' numbers begin at the bottom; these are at
 * the top. */
int64_t form_fresh_id(int64_t now)
{
    uint32_t chance;
    struct clock clock = clock_fixed(&now);
    struct id_maker maker;
    random_bytes(&chance, sizeof chance);
    id_init(&maker, clock, 512 + chance % 512);
    return id_next(&maker) + (chance >> 9) % 4000;
}

static void crumbs(struct request *q, struct buf *b, const struct form *f)
{
    crumb_begin(q, b);
    crumb(b, page_url(q, "/records"), tr(q, "Records", "记录"));
    crumb(b, page_url(q, "/records/%s", f->m->entity->name), entity_label(q, f->m->entity));
    if (f->old)
        crumb(b, record_url(q, f->m, f->old[ROW_COUNTY].i, f->old[ROW_ID].i), row_title(q, f->m, f->old));
    crumb(b, NULL, f->old ? tr(q, "Change", "更改") : tr(q, "New", "新增"));
    crumb_end(b);
}

static const char *save_text(const struct form *f)
{
    struct request *q = f->q;
    if (!f->faults || f->refusing) return tr(q, "Save", "保存");
    return f->missing ? tr(q, "Save as a draft", "存为草稿") : tr(q, "It is true: save", "情况属实，保存");
}

static void show_form(struct form *f, struct response *r, int64_t id)
{
    struct request *q = f->q;
    struct buf *b = &r->body;
    const char *label = entity_label(q, f->m->entity), *help = q->zh ? f->m->entity->help_zh : f->m->entity->help_en;
    const char *what = f->old ? tr(q, "Change: %s", "更改：%s") : tr(q, "New: %s", "新增：%s");
    const char *title = arena_printf(q->arena, what, label);
    page_begin(q, r, NAV_RECORDS, f->refusing ? arena_printf(q->arena, tr(q, "Error: %s", "有误：%s"), title) : title);
    if (f->refusing) r->status = 422;
    crumbs(q, b, f);
    head_begin(b, title, help);
    head_end(b);
    html_raw(b, "<section class=\"panel\">");
    form_faults(f, b);
    if (f->conflict)
        row_difference(q, b, f->m, f->old, tr(q, "As it is now", "现在的内容"), f->row, tr(q, "As you typed it", "您填写的内容"));
    form_begin(q, b, f->old ? page_url(q, "/records/%s/%s/edit", f->m->entity->name, q->capture[1])
                            : page_url(q, "/records/%s/new", f->m->entity->name), "form two");
    if (f->old) html(b, "<input type=\"hidden\" name=\"version\" value=\"%s\">", version_text(f));
    else html(b, "<input type=\"hidden\" name=\"row_id\" value=\"%lld\">", (long long)id);
    if (f->faults && !f->refusing) html_raw(b, "<input type=\"hidden\" name=\"warned\" value=\"1\">");
    if (!f->old) form_kept(q, b, f->m, "", "");
    form_fields(f, b);
    html(b, "<p class=\"acts\"><button class=\"btn pri\" type=\"submit\">%s</button>"
         "<a class=\"btn\" href=\"%s\">%s</a></p></form></section>", save_text(f),
         f->old ? record_url(q, f->m, f->old[ROW_COUNTY].i, f->old[ROW_ID].i)
                : page_url(q, "/records/%s", f->m->entity->name), tr(q, "Cancel", "取消"));
    page_end(q, r);
}

void new_page(struct request *q, struct response *r)
{
    const struct table_map *m = form_wanted(q, r);
    if (!m) return;
    struct form *f = arena_alloc(q->arena, sizeof *f);
    f->q = q;
    f->m = m;
    form_from_row(f);
    show_form(f, r, form_fresh_id(q->now));
}

/* What was only warned of is saved when it is sent again. */
static bool may_save(const struct form *f)
{
    return !f->refusing && (!f->faults || request_form(f->q, "warned"));
}

static void save(struct form *f, struct response *r, enum row_act act, int64_t id, int64_t seen)
{
    struct request *q = f->q;
    struct writing w = { f, act, seen };
    struct err e = { .code = ERR_NONE };
    if (request_write(q, write_one, &w, &e)) {
        page_redirect(r, q->arena, record_url(q, f->m, f->row[ROW_COUNTY].i, f->row[ROW_ID].i));
    } else if (e.code == ERR_INVALID || e.code == ERR_CONFLICT || e.code == ERR_FORBIDDEN || e.code == ERR_NOT_FOUND) {
        form_fail(f, &e);
        show_form(f, r, id);
    } else {
        page_fail(q, r, &e);
    }
}

void new_save(struct request *q, struct response *r)
{
    const struct table_map *m = form_wanted(q, r);
    const char *given = request_form(q, "row_id");
    int64_t id = 0;
    if (!m) return;
    if (*q->idempotency) {
        form_answer(q, r, m);
        return;
    }
    struct form *f = arena_alloc(q->arena, sizeof *f);
    f->q = q;
    f->m = m;
    if (!given || !id_parse(given, strlen(given), &id)) id = form_fresh_id(q->now);
    bool ok = form_from_post(f);
    f->row[ROW_ID] = val_int(id);
    if (ok && may_save(f)) save(f, r, ROW_INSERT, id, 0);
    else show_form(f, r, id);
}

/* The row to change, with room for what it becomes. */
static bool open_row(struct request *q, struct response *r, struct form *f)
{
    struct err e = { .code = ERR_NONE };
    struct val *row = arena_array(q->arena, ENTITY_MAX_COLUMNS + 1, sizeof *row);
    f->q = q;
    f->m = form_wanted(q, r);
    if (!f->m) return false;
    if (!record_read(q, f->m, q->capture[1], row, &e)) {
        page_fail(q, r, &e);
        return false;
    }
    f->old = row;
    return true;
}

/* The form filled in as the row was before an entry of its journal: saving it puts that back. */
static bool earlier_texts(struct form *f)
{
    struct request *q = f->q;
    struct err e = { .code = ERR_NONE };
    int64_t writer, seq, county = f->old[ROW_COUNTY].i;
    struct val was[ENTITY_MAX_COLUMNS + 1];
    bool found = false;
    if (!address_parse(request_param(q, "as"), &writer, &seq) ||
        !image_read(q, f->m, writer, seq, county, was, &found, &e) || !found || was[ROW_ID].i != f->old[ROW_ID].i)
        return false;
    const struct val *now = f->old;
    f->old = was;
    form_from_row(f);
    f->old = now;
    return true;
}

void edit_page(struct request *q, struct response *r)
{
    struct form *f = arena_alloc(q->arena, sizeof *f);
    if (!open_row(q, r, f)) return;
    form_from_row(f);
    if (!request_param(q, "as") || earlier_texts(f)) show_form(f, r, 0);
    else page_error(q, r, 404, tr(q, "That version of the record is no longer kept.", "该版本已不再保留。"));
}

/* Somebody else was first: what the record says now stands beside what was typed, which stays. */
static void tell_changes(struct form *f)
{
    struct err e = { .code = ERR_CONFLICT };
    err_set(&e, ERR_CONFLICT, "%s", tr(f->q, "It was changed since you opened it. Both versions stand side by side; "
        "saving writes yours.", "您打开后此记录已被更改。下列并列两个版本，再次保存将以您填写的为准。"));
    form_fail(f, &e);
    f->conflict = true;
}

void edit_save(struct request *q, struct response *r)
{
    struct form *f = arena_alloc(q->arena, sizeof *f);
    int64_t seen;
    if (!open_row(q, r, f)) return;
    bool known = version_read(request_form(q, "version"), &seen);
    bool ok = form_from_post(f);
    if (ok && (!known || seen != f->old[f->m->columns].i)) {
        tell_changes(f);
        show_form(f, r, 0);
    } else if (ok && may_save(f)) {
        save(f, r, ROW_UPDATE, 0, seen);
    } else {
        show_form(f, r, 0);
    }
}

void delete_page(struct request *q, struct response *r)
{
    struct form *f = arena_alloc(q->arena, sizeof *f);
    struct buf *b = &r->body;
    if (!open_row(q, r, f)) return;
    const char *title = row_title(q, f->m, f->old);
    page_begin(q, r, NAV_RECORDS, tr(q, "Delete", "删除"));
    crumbs(q, b, f);
    head_begin(b, arena_printf(q->arena, tr(q, "Delete %s?", "删除“%s”？"), title), tr(q,
        "Its history stays in the journal, and the figures change with it. A row that others refer to is not deleted.",
        "其变动仍留在日志中，相关指标随之变化。被其他记录引用的不能删除。"));
    head_end(b);
    html_raw(b, "<section class=\"panel\"><dl class=\"record\">");
    for (int i = 0; i < f->m->fields; i++) {
        if (f->old[f->m->column[i]].type == VAL_NULL) continue;
        html(b, "<dt>%s</dt><dd>", q->zh ? f->m->field[i].zh : f->m->field[i].en);
        cell_write(q, b, f->m, i, f->old);
        html_raw(b, "</dd>");
    }
    html_raw(b, "</dl>");
    form_begin(q, b, page_url(q, "/records/%s/%s/delete", f->m->entity->name, q->capture[1]), "after");
    html(b, "<input type=\"hidden\" name=\"version\" value=\"%s\"><p class=\"acts\">"
         "<button class=\"btn warn\" type=\"submit\">%s</button><a class=\"btn\" href=\"%s\">%s</a></p>"
         "</form></section>", version_text(f), tr(q, "Delete it", "确认删除"),
         record_url(q, f->m, f->old[ROW_COUNTY].i, f->old[ROW_ID].i), tr(q, "Keep it", "保留"));
    page_end(q, r);
}

void delete_row(struct request *q, struct response *r)
{
    struct form *f = arena_alloc(q->arena, sizeof *f);
    struct err e = { .code = ERR_NONE };
    struct writing w = { f, ROW_DELETE, 0 };
    if (!open_row(q, r, f)) return;
    if (!version_read(request_form(q, "version"), &w.seen)) {
        page_error(q, r, 400, tr(q, "The page was incomplete: open it again.", "页面不完整，请重新打开。"));
        return;
    }
    memcpy(f->row, f->old, sizeof f->row[0] * (size_t)(f->m->columns + 1));
    if (request_write(q, write_one, &w, &e)) page_redirect(r, q->arena, page_url(q, "/records/%s", f->m->entity->name));
    else page_fail(q, r, &e);
}
