/* References by what people call the row: suggestions in a form, and names typed for codes. */
#include "pages/form.h"
#include "pages/view.h"

#include <string.h>

/* Longer lists are typed by code or whole name; a page does not carry them. */
enum { SUGGESTED = 200 };

const char *const name_fields[NAME_FIELDS] = { "name", "name_zh", "name_en", "title", "title_zh" };

/* --- a name typed where a code is asked --- */

struct named { struct request *q; const struct table_map *m; int n; const char *text[4]; };

static bool keep_named(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct named *x = arg;
    (void)e;
    if (x->n < 4)
        x->text[x->n] = ref_text(x->q->seat->model, m, row[ROW_COUNTY].i, row[ROW_ID].i, x->q->seat->db, x->q->arena);
    x->n++;
    return true;
}

static bool by_names(struct request *q, const struct table_map *m, const char *name, struct named *x)
{
    struct err ignored = { .code = ERR_NONE };
    struct buf where;
    bool any = false;
    buf_init(&where, 1 << 16);
    for (int i = 0; i < NAME_FIELDS; i++) {
        int f = map_field(m, name_fields[i]);
        if (f < 0 || m->field[f].type != F_TEXT || !scope_field(q->scope, q->seat->model, m, f)) continue;
        buf_printf(&where, "%s%s = %s", any ? " or " : "", name_fields[i], rule_quoted(q->arena, name));
        any = true;
    }
    struct list_query query = { .where = where.p, .limit = 4 };
    bool ok = any && list_rows(q->seat->model, q->seat->rows, q->scope, m, &query, keep_named, x, &ignored);
    buf_free(&where);
    return ok;
}

const char *ref_by_name(struct request *q, const struct field *f, const char *name, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, f->ref);
    struct named x = { .q = q, .m = m };
    if (!m || !scope_kind(q->scope, m) || !by_names(q, m, name, &x) || !x.n) return NULL;
    if (x.n == 1) return x.text[0];
    err_field(e, ERR_CONFLICT, f->name, tr(q, "\"%s\" is the name of several: %s, %s%s", "“%s”有多个：%s、%s%s"), name,
              x.text[0], x.text[1], x.n > 2 ? ", ..." : "");
    return NULL;
}

bool organisation_named(struct request *q, const char *name, int64_t *org, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, "organisation");
    struct field f = { .name = "organisation", .ref = "organisation" };
    const char *key;
    int64_t county;
    if (ref_find(q->seat->model, m, name, strlen(name), 0, q->seat->db, q->arena, &county, org, e)) return true;
    if (e->code != ERR_NOT_FOUND || (key = ref_by_name(q, &f, name, e)) == NULL) return false;
    return ref_find(q->seat->model, m, key, strlen(key), 0, q->seat->db, q->arena, &county, org, e);
}

/* --- suggestions --- */

struct suggesting { struct request *q; struct buf *b; int n; };

static bool keep_option(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct suggesting *s = arg;
    (void)e;
    if (s->n++ >= SUGGESTED) return true;
    const char *code = ref_text(s->q->seat->model, m, row[ROW_COUNTY].i, row[ROW_ID].i, s->q->seat->db, s->q->arena);
    const char *title = row_title(s->q, m, row);
    html(s->b, "<option value=\"%s\">%s</option>", code, strcmp(code, title) ? title : "");
    return true;
}

static bool suggested_before(const struct form *f, int field)
{
    for (int i = 0; i < field; i++)
        if (form_asks(f, i) && f->m->field[i].type == F_REF && !strcmp(f->m->field[i].ref, f->m->field[field].ref))
            return true;
    return false;
}

void form_suggest(struct form *f, struct buf *b, int field)
{
    struct request *q = f->q;
    const struct field *x = &f->m->field[field];
    const struct table_map *to = x->type == F_REF ? model_find(q->seat->model, x->ref) : NULL;
    if (!to || !scope_kind(q->scope, to)) return;
    struct list_query query = { .limit = SUGGESTED + 1 };
    struct suggesting s = { .q = q, .b = b };
    struct err ignored = { .code = ERR_NONE };
    size_t from = b->n;
    html(b, "<datalist id=\"d-%s\">", x->ref);
    bool ok = list_rows(q->seat->model, q->seat->rows, q->scope, to, &query, keep_option, &s, &ignored);
    if (ok && s.n <= SUGGESTED) {
        html_raw(b, "</datalist>");
    } else {
        b->n = from;
        b->p[from] = '\0';
    }
}

void form_suggestions(struct form *f, struct buf *b)
{
    for (int i = 0; i < f->m->fields; i++)
        if (form_asks(f, i) && f->m->field[i].type == F_REF && !suggested_before(f, i)) form_suggest(f, b, i);
}
