/* Lists that were given a name: in the menu of records, on the list they are of, made and changed. */
#include "pages/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "web/form.h"

/* What a list is besides its page: what a saved one keeps of an address. */
static bool belongs(const char *name)
{
    static const char *const names[] = { "place", "where", "drafts", "c", "columns", "sort", "counts" };
    for (int i = 0; i < COUNT(names); i++)
        if (strcmp(name, names[i]) == 0) return true;
    return strncmp(name, "f.", 2) == 0;
}

/* "place=65&sort=-amount" of an address, with nothing else that stands in it. NULL: it is none, or too long. */
static const char *kept_query(struct request *q, const char *sent)
{
    struct request x = { .arena = q->arena };
    struct buf b;
    const char *out = NULL;
    if (!request_query(&x, *sent == '?' ? sent + 1 : sent)) return NULL;
    buf_init(&b, SAVED_VIEW_QUERY_MOST);
    for (int i = 0; i < x.n_param; i++) {
        if (!*x.param[i].value || !belongs(x.param[i].name)) continue;
        if (b.n) buf_char(&b, '&');
        url_add(&b, x.param[i].name);
        buf_char(&b, '=');
        url_add(&b, x.param[i].value);
    }
    if (!b.over) out = arena_strndup(q->arena, b.n ? b.p : "", b.n);
    buf_free(&b);
    return out;
}

static const char *address_of(struct request *q, const struct saved_view *x)
{
    return page_url(q, "/records/%s?view=%lld%s%s", x->kind, (long long)x->id, *x->query ? "&" : "", x->query);
}

static const char *for_whom(struct request *q, const struct saved_view *x)
{
    if (strcmp(x->shared, "own") == 0) return "";
    return code_label(q, "view_shared", x->shared, strlen(x->shared));
}

static void view_line(struct request *q, struct buf *b, const struct saved_view *x, bool open)
{
    const char *whom = for_whom(q, x);
    html(b, "<li><a href=\"%s\"%s>%s</a>", address_of(q, x), open ? " aria-current=\"true\"" : "", x->name);
    if (*whom) html(b, " <span class=\"tag\">%s</span>", whom);
    html_raw(b, "</li>");
}

bool views_menu(struct request *q, struct buf *b, struct err *e)
{
    struct saved_view *at = NULL;
    const char *kind = "";
    int n = 0;
    bool any = false;
    if (!saved_views(q, &at, &n, e)) return false;
    for (int i = 0; i < n; i++) {
        const struct table_map *m = model_find(q->seat->model, at[i].kind);
        if (!m || !scope_kind(q->scope, m)) continue;
        if (!any) html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Saved lists", "常用列表"));
        if (strcmp(kind, at[i].kind) != 0)
            html(b, "%s<h3>%s</h3><ul class=\"hits\">", any ? "</ul>" : "", entity_label(q, m->entity));
        any = true;
        kind = at[i].kind;
        view_line(q, b, &at[i], false);
    }
    if (any) html_raw(b, "</ul></section>");
    return true;
}

/* --- on a list --- */

static void whom_choice(struct request *q, struct buf *b, const char *now)
{
    struct form_choice choice[8];
    int n = 0;
    const struct code *codes = codes_list(q->seat->model->codes, "view_shared", &n);
    for (int i = 0; i < n && i < COUNT(choice); i++)
        choice[i] = (struct form_choice){ codes[i].code, q->zh ? codes[i].zh : codes[i].en };
    const struct form_field f = { .name = "shared", .label = tr(q, "For", "供谁使用"), .value = now };
    form_select(b, &f, choice, n < COUNT(choice) ? n : COUNT(choice));
}

static void save_form(struct request *q, struct buf *b, const struct view *v, const struct saved_view *open)
{
    const struct form_field name = { .name = "name", .label = tr(q, "Name of this list", "列表名称"), .required = true,
        .value = open ? open->name : NULL };
    form_begin(q, b, page_url(q, "/records/%s/views", v->m->entity->name), "form");
    html(b, "<input type=\"hidden\" name=\"query\" value=\"%s\">", page_query(q, "view", NULL));
    if (open) html(b, "<input type=\"hidden\" name=\"id\" value=\"%lld\">", (long long)open->id);
    form_input(b, &name);
    whom_choice(q, b, open ? open->shared : "own");
    form_button(b, open ? tr(q, "Save the change", "保存更改") : tr(q, "Save this list", "保存此列表"), "btn sm");
    if (!open) return;
    form_begin(q, b, page_url(q, "/records/%s/views", v->m->entity->name), "act");
    html(b, "<input type=\"hidden\" name=\"id\" value=\"%lld\"><input type=\"hidden\" name=\"act\" value=\"remove\">"
         "<button class=\"btn sm\" type=\"submit\">%s</button></form>", (long long)open->id,
         tr(q, "Remove this saved list", "删除此常用列表"));
}

/* The view that the address names, where it may be seen. */
static const struct saved_view *open_view(struct request *q, const struct view *v, const struct saved_view *at, int n)
{
    const char *given = request_param(q, "view");
    int64_t id = given ? strtoll(given, NULL, 10) : 0;
    for (int i = 0; i < n; i++)
        if (at[i].id == id && strcmp(at[i].kind, v->m->entity->name) == 0) return &at[i];
    return NULL;
}

bool views_panel(struct request *q, struct buf *b, const struct view *v, bool good, struct err *e)
{
    struct saved_view *at = NULL;
    int n = 0, here = 0;
    if (!q->user->account) return true;
    if (!saved_views(q, &at, &n, e)) return false;
    const struct saved_view *open = open_view(q, v, at, n);
    for (int i = 0; i < n; i++) here += strcmp(at[i].kind, v->m->entity->name) == 0;
    html(b, "<details class=\"twin\"%s><summary>%s%s</summary>", open && !good ? " open" : "", open
         ? arena_printf(q->arena, tr(q, "Saved list: %s", "常用列表：%s"), open->name) : tr(q, "Saved lists", "常用列表"),
         open || !here ? "" : arena_printf(q->arena, tr(q, " (%d)", "（%d）"), here));
    if (here) html_raw(b, "<ul class=\"hits\">");
    for (int i = 0; i < n; i++)
        if (strcmp(at[i].kind, v->m->entity->name) == 0) view_line(q, b, &at[i], &at[i] == open);
    if (here) html_raw(b, "</ul>");
    if (good && who_open(WHO_SIGNED_IN, q->user)) save_form(q, b, v, NULL);
    if (open && open->own) save_form(q, b, v, open);
    html_raw(b, "</details>");
    return true;
}

/* --- saving --- */

static bool read_view(struct request *q, const struct table_map *m, struct saved_view *x, struct err *e)
{
    const char *name = request_form(q, "name"), *query = request_form(q, "query"), *id = request_form(q, "id");
    const char *shared = request_form(q, "shared");
    x->id = id ? strtoll(id, NULL, 10) : 0;
    x->kind = m->entity->name;
    x->name = name;
    x->shared = shared ? shared : "own";
    x->query = kept_query(q, query ? query : "");
    if (!name || utf8_length(name, strlen(name)) > SAVED_VIEW_NAME_MOST)
        return err_field(e, ERR_INVALID, "name", tr(q, "Give the list a name of at most %d letters.",
                         "请填写不超过 %d 字的名称。"), SAVED_VIEW_NAME_MOST);
    if (!codes_find(q->seat->model->codes, "view_shared", x->shared, strlen(x->shared)))
        return err_field(e, ERR_INVALID, "shared", tr(q, "\"%s\" is nobody that a list can be for.", "“%s”不是有效的共享对象。"),
                         x->shared);
    return x->query || err_field(e, ERR_INVALID, "query", "%s", tr(q, "The conditions are too long to be kept.",
                                                                  "条件过长，无法保存。"));
}

void view_save(struct request *q, struct response *r)
{
    const struct table_map *m = kind_wanted(q, r);
    const char *act = request_form(q, "act"), *given = request_form(q, "id");
    struct err e = { .code = ERR_NONE };
    struct saved_view x = { 0 };
    if (!m) return;
    bool drop = act && strcmp(act, "remove") == 0;
    bool ok = drop ? saved_view_drop(q, given ? strtoll(given, NULL, 10) : -1, &e)
                   : read_view(q, m, &x, &e) && saved_view_put(q, &x, &x.id, &e);
    if (!ok) page_fail(q, r, &e);
    else page_redirect(r, q->arena, drop ? page_url(q, "/records/%s", m->entity->name) : address_of(q, &x));
}
