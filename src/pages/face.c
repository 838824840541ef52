#include "pages/face.h"

#include <string.h>

static const struct face *const faces[] = { &household_face, &helper_face, &batch_face, &project_face };

const struct face *face_of(const char *entity)
{
    for (int i = 0; i < COUNT(faces); i++)
        if (strcmp(faces[i]->entity, entity) == 0) return faces[i];
    return NULL;
}

const char *row_url(const struct request *q, const struct table_map *m, int64_t county, int64_t id)
{
    const struct face *f = face_of(m->entity->name);
    return f ? page_url(q, "%s/%lld-%lld", f->path, (long long)county, (long long)id) : record_url(q, m, county, id);
}

void face_button(struct request *q, struct buf *b, const struct table_map *m, const struct val *row)
{
    const struct face *f = face_of(m->entity->name);
    if (f) html(b, "<a class=\"btn pri\" href=\"%s\">%s</a>", row_url(q, m, row[ROW_COUNTY].i, row[ROW_ID].i), tr(q,
            f->en, f->zh));
}

bool face_read(struct request *q, struct response *r, const struct face *f, struct face_view *v, struct val *row)
{
    struct err e = { .code = ERR_NONE };
    const struct table_map *m = model_find(q->seat->model, f->entity);
    if (!m || !scope_kind(q->scope, m) || !record_read(q, m, q->capture[0], row, &e)) {
        if (e.code != ERR_NONE && e.code != ERR_NOT_FOUND) page_fail(q, r, &e);
        else page_error(q, r, 404, tr(q, "There is no such record.", "没有这条记录。"));
        return false;
    }
    struct val place = m->place >= 0 ? row[m->column[m->place]] : val_null();
    *v = (struct face_view){ .q = q, .b = &r->body, .face = f, .m = m, .row = row, .county = row[ROW_COUNTY].i,
                             .id = row[ROW_ID].i, .place = place.type == VAL_INT ? place.i : 0 };
    v->url = row_url(q, m, v->county, v->id);
    return true;
}

const char *face_title(struct face_view *v)
{
    struct request *q = v->q;
    const char *title = row_title(q, v->m, v->row);
    bool bare = !strcmp(title, ref_text(q->seat->model, v->m, v->county, v->id, q->seat->db, q->arena));
    return bare ? arena_printf(q->arena, "%s %s", entity_label(q, v->m->entity), title) : title;
}

void face_crumbs(struct face_view *v, const char *below)
{
    struct request *q = v->q;
    const char *title = row_title(q, v->m, v->row);
    crumb_begin(q, v->b);
    crumb(v->b, page_url(q, "%s", v->face->path), tr(q, v->face->list_en, v->face->list_zh));
    if (v->place) crumb_places(q, v->b, v->place);
    crumb(v->b, below ? v->url : NULL, title);
    if (below) crumb(v->b, NULL, below);
    crumb_end(v->b);
}

static bool panels(struct face_view *v, face_panel *const *p, struct err *e)
{
    for (; *p; p++)
        if (!(*p)(v, e)) return false;
    return true;
}

static void id_line(struct face_view *v)
{
    struct request *q = v->q;
    html(v->b, "<p class=\"idline\"><span>%s</span>", entity_label(q, v->m->entity));
    if (v->place)
        html(v->b, "<a href=\"%s\">%s</a>", page_url(q, "/places/%012lld", (long long)v->place), place_full(q,
                v->place));
    if (v->row[ROW_DRAFT].type == VAL_INT && v->row[ROW_DRAFT].i)
        html(v->b, "<span class=\"tag warn\">%s</span>", tr(q, "draft: required fields are missing",
                                                            "草稿：缺必填项"));
    html(v->b, "<a href=\"%s\">%s</a></p>", record_url(q, v->m, v->county, v->id),
         tr(q, "All fields and their history", "全部字段及变动"));
}

void face_show(struct request *q, struct response *r, const struct face *f)
{
    struct face_view v;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    if (!face_read(q, r, f, &v, row)) return;
    const char *title = face_title(&v);
    page_begin(q, r, f->nav, title);
    face_crumbs(&v, NULL);
    head_begin(v.b, title, f->lede ? f->lede(&v) : NULL);
    if (f->acts) f->acts(&v);
    head_end(v.b);
    id_line(&v);
    html_raw(v.b, "<div class=\"grid\"><div class=\"c8 side\">");
    bool ok = panels(&v, f->wide, &e);
    html_raw(v.b, "</div><div class=\"c4 side\">");
    ok = ok && panels(&v, f->side, &e);
    html_raw(v.b, "</div></div>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

/* --- rows that belong to it --- */

bool face_list(struct face_view *v, const struct face_rows *x, list_fn *fn, void *arg, struct err *e)
{
    struct request *q = v->q;
    const struct table_map *m = model_find(q->seat->model, x->entity);
    int f = m && scope_kind(q->scope, m) ? map_field(m, x->field) : -1;
    if (f < 0 || !scope_field(q->scope, q->seat->model, m, f)) return true;
    const struct list_filter refers = { .field = f, .how = MATCH_REFERS, .county = v->county, .id = v->id };
    bool down = x->sort && *x->sort == '-';
    struct list_query query = { .limit = x->limit, .drafts = true, .sort = x->sort ? x->sort + down : NULL,
                                .descending = down, .filters = &refers, .n_filters = 1, .where = x->and_where };
    return list_rows(q->seat->model, q->seat->rows, q->scope, m, &query, fn, arg, e);
}

struct val row_at(const struct table_map *m, const struct val *row, const char *field)
{
    int f = map_field(m, field);
    return f < 0 ? val_null() : row[m->column[f]];
}

struct val *row_kept(struct arena *a, const struct table_map *m, const struct val *row)
{
    struct val *own = arena_array(a, (size_t)m->columns + 1, sizeof *own);
    for (int i = 0; i <= m->columns; i++) {
        own[i] = row[i];
        if (row[i].type == VAL_TEXT) own[i].p = arena_strndup(a, row[i].p, row[i].n);
    }
    return own;
}

const char *row_words(struct request *q, const struct table_map *m, const struct val *row, const char *field)
{
    int f = map_field(m, field);
    struct val v = row_at(m, row, field);
    if (v.type != VAL_TEXT || !scope_field(q->scope, q->seat->model, m, f)) return "";
    return m->field[f].type == F_CODE ? code_label(q, m->field[f].list, v.p, v.n) : arena_strndup(q->arena, v.p, v.n);
}

void fact(struct request *q, struct buf *b, const struct table_map *m, const char *field, const struct val *row)
{
    int f = map_field(m, field);
    if (f < 0 || row[m->column[f]].type == VAL_NULL) return;
    html(b, "<dt>%s</dt><dd>", q->zh ? m->field[f].zh : m->field[f].en);
    cell_write(q, b, m, f, row);
    html_raw(b, "</dd>");
}

void field_cell(struct request *q, struct buf *b, const struct table_map *m, const char *field, const struct val *row)
{
    int f = map_field(m, field);
    if (f < 0) return;
    html(b, "<td role=\"cell\" class=\"%s%s\" data-l=\"%s\">", cell_right(&m->field[f]) ? "num" : "txt",
         row[m->column[f]].type == VAL_NULL ? " none" : "", q->zh ? m->field[f].zh : m->field[f].en);
    cell_write(q, b, m, f, row);
    html_raw(b, "</td>");
}

static void head_cell(struct request *q, struct buf *b, const struct table_map *m, const struct val *row,
                      const char *text,
                      const char *why)
{
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a>",
         row_url(q, m, row[ROW_COUNTY].i, row[ROW_ID].i), text);
    if (why && *why) html(b, "<span class=\"why\">%s</span>", why);
    html_raw(b, "</th>");
}

void row_head(struct request *q, struct buf *b, const struct table_map *m, const struct val *row, const char *why)
{
    head_cell(q, b, m, row, row_title(q, m, row), why);
}

/* --- panels that faces share --- */

bool face_figure(struct face_view *v, const char *name, const struct asked *s, int *shown, struct err *e)
{
    struct request *q = v->q;
    const struct figure *f = figures_find(q->seat->context.figures, name);
    struct figure_value x;
    if (!f) return true;
    if (!figure_get(q, f, s, &x, e)) return false;
    if (!x.known || !x.rows) return true;
    if (!(*shown)++) html_raw(v->b, "<dl class=\"facts rows\">");
    html(v->b, "<dt>%s</dt><dd>", figure_label(q, f));
    figure_link(q, v->b, f, s, &x, true);
    html_raw(v->b, "</dd>");
    return true;
}

struct related { struct face_view *v; const struct face_related *x; int n; bool more; };

static bool related_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct related *k = arg;
    struct request *q = k->v->q;
    struct buf *b = k->v->b;
    (void)e;
    if (k->x->rows.limit && k->n == k->x->rows.limit - 1) return k->more = true;
    if (!k->n++) {
        table_open(b, tr(q, k->x->en, k->x->zh), "stack");
        table_head(b, entity_label(q, m->entity), false);
        for (int i = 0; k->x->fields[i]; i++) {
            int f = map_field(m, k->x->fields[i]);
            if (f >= 0) table_head(b, q->zh ? m->field[f].zh : m->field[f].en, cell_right(&m->field[f]));
        }
        table_body(b);
    }
    const char *text = k->x->title ? row_words(q, m, row, k->x->title) : "";
    head_cell(q, b, m, row, *text ? text : row_title(q, m, row), NULL);
    for (int i = 0; k->x->fields[i]; i++) field_cell(q, b, m, k->x->fields[i], row);
    html_raw(b, "</tr>");
    return true;
}

bool face_related(struct face_view *v, const struct face_related *x, struct err *e)
{
    struct request *q = v->q;
    const struct table_map *m = model_find(q->seat->model, x->rows.entity);
    struct related k = { .v = v, .x = x };
    size_t at = v->b->n;
    if (!m || !scope_kind(q->scope, m)) return true;
    html(v->b, "<section class=\"panel\"><h2>%s</h2>", tr(q, x->en, x->zh));
    if (!face_list(v, &x->rows, related_row, &k, e)) return false;
    if (k.n) table_close(v->b);
    if (!k.n && !x->none_en) {
        v->b->n = at;
        v->b->p[at] = '\0';
        return true;
    }
    if (!k.n) empty_note(v->b, tr(q, x->none_en, x->none_zh));
    if (k.more)
        html(v->b, "<p class=\"note\"><a href=\"%s?f.%s=%lld\">%s</a></p>", page_url(q, "/records/%s", x->rows.entity),
             x->rows.field, (long long)v->id, tr(q, "All of them", "全部"));
    html_raw(v->b, "</section>");
    return true;
}
