/* Places: the provinces; one place with what is in it and what is recorded there; the search box. */
#include "pages/parts.h"

#include <string.h>

#include "base/date.h"
#include "base/id.h"

enum { CHILDREN = 400, SHOWN_RANGES = 16, FOUND = 30, SCANNED = 50000, COUNTED = 100, SIDE_COLUMNS = 2 };
static const int64_t level_span[] = { 1000000000000, 10000000000, 100000000, 1000000, 1000, 1 };

/* --- children --- */

struct child { int64_t code; };
struct children { struct child at[CHILDREN]; int n; };

static bool keep_child(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct children *c = arg;
    (void)e;
    if (c->n == CHILDREN) return true;
    c->at[c->n++] = (struct child){ row[m->column[map_field(m, "code")]].i };
    return true;
}

static bool read_children(struct request *q, int64_t place, struct children *c, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, "place");
    int level = place ? place_level(place) + 1 : 1;
    c->n = 0;
    if (level > 5 || !m) return true;
    struct place_range own = { 0, 999999999999 };
    if (place) own = place_own_range(place);
    struct list_query query = { .sort = "code", .limit = CHILDREN, .where = arena_printf(q->arena,
        "county = 0 and code in {%lld..%lld} and level = %d and not retired", (long long)own.lo, (long long)own.hi,
        level) };
    return list_rows(q->seat->model, q->seat->rows, q->scope, m, &query, keep_child, c, e);
}

/* Provinces are few and their codes are known: no need to walk the gazetteer. */
static void read_provinces(struct request *q, struct children *c)
{
    const struct places *p = q->seat->model->places;
    char name[256];
    c->n = 0;
    for (int64_t i = 11; i <= 82 && c->n < CHILDREN; i++) {
        int64_t code = i * level_span[1];
        if (!p->name(p->arg, q->seat->db, code, q->zh, name, sizeof name)) continue;
        c->at[c->n++] = (struct child){ code };
    }
}

static const struct by_row *row_of(const struct by_table *t, int64_t place)
{
    for (int i = 0; i < t->n; i++)
        if (t->at[i].place == place) return &t->at[i];
    return NULL;
}

/* Figures over the children, those that have a value anywhere. */
struct columns { const struct figure *f[4]; struct by_table t[4]; int n; };
static const char *const child_figures[] = { "aid_allocated", "poor_villages", "projects", "jobs" };

static bool read_child_figures(struct request *q, int level, int64_t place, struct columns *c,
                               struct err *e)
{
    struct asked s = { .place = place, .from = DATE_MIN, .to = DATE_MAX };
    c->n = 0;
    for (int i = 0; i < COUNT(child_figures); i++) {
        c->f[c->n] = figures_find(q->seat->context.figures, child_figures[i]);
        if (!c->f[c->n]) continue;
        if (!by_read(q, c->f[c->n], &s, level, 0, &c->t[c->n], e)) return false;
        if (c->t[c->n].n) c->n++;
    }
    return true;
}

static void children_list(struct request *q, struct buf *b, const struct children *c)
{
    html_raw(b, "<ul class=\"cols\">");
    for (int k = 0; k < c->n; k++)
        html(b, "<li><a href=\"%s\">%s</a></li>",
             page_url(q, "/places/%012lld", (long long)c->at[k].code), place_name(q, c->at[k].code));
    html_raw(b, "</ul>");
}

static void children_table(struct request *q, struct buf *b, const struct children *c,
                           const struct columns *x, int level)
{
    table_open(b, level_name(q, level, true), "stack");
    table_head(b, q->zh ? level_name(q, level, false) : tr(q, "Name", "名称"), false);
    for (int i = 0; i < x->n; i++) table_head(b, figure_label(q, x->f[i]), true);
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
    for (int k = 0; k < c->n; k++) {
        struct asked one = { .place = c->at[k].code, .from = DATE_MIN, .to = DATE_MAX };
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a></th>",
             page_url(q, "/places/%012lld", (long long)one.place), place_name(q, one.place));
        for (int i = 0; i < x->n; i++) {
            const struct by_row *row = row_of(&x->t[i], one.place);
            html(b, "<td role=\"cell\" class=\"num%s\" data-l=\"%s\">", row ? "" : " none",
                 figure_label(q, x->f[i]));
            if (row) figure_link(q, b, x->f[i], &one, &row->v, true);
            else html_raw(b, "<span class=\"muted\">–</span>");
            html_raw(b, "</td>");
        }
        html_raw(b, "</tr>");
    }
    html_raw(b, "</tbody></table></div>");
}

void places_page(struct request *q, struct response *r)
{
    struct children *c = arena_alloc(q->arena, sizeof *c);
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    page_begin(q, r, NAV_PLACES, tr(q, "Places", "地区"));
    head_begin(b, tr(q, "Every place, from province to village", "全部地区，自省至村"), tr(q,
        "Open a province to go down to its villages. Any place is found by its name, an alias, or a "
        "code of today or of the past.",
        "点开省份可逐级下到村。也可用名称、别名、现行或旧代码查找。"));
    head_end(b);
    struct columns x;
    read_provinces(q, c);
    html_raw(b, "<section class=\"panel\">");
    if (!c->n)
        empty_note(b, tr(q, "This store holds no gazetteer.", "库中没有地名表。"));
    bool ok = !c->n || read_child_figures(q, 1, 0, &x, &e);
    if (ok && c->n) children_table(q, b, c, &x, 1);
    html_raw(b, "</section>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

/* --- one place --- */

static void id_line(struct request *q, struct buf *b, int64_t place)
{
    struct place_range ranges[SHOWN_RANGES];
    const struct places *p = q->seat->model->places;
    struct err e = { .code = ERR_NONE };
    char other[256] = "";
    int n = 0, level = place_level(place);
    p->name(p->arg, q->seat->db, place, !q->zh, other, sizeof other);
    html(b, "<p class=\"idline\"><span>%s</span><code>%012lld</code>", level_name(q, level, false),
         (long long)place);
    if (*other && strcmp(other, place_name(q, place)) != 0)
        html(b, "<span lang=\"%s\">%s</span>", q->zh ? "en" : "zh-Hans", other);
    html_raw(b, "</p>");
    if (!p->ranges(p->arg, q->seat->db, place, ranges, SHOWN_RANGES, &n, &e) || n < 2) return;
    html(b, "<details class=\"twin\"><summary>%s</summary><ul class=\"plain\">", arena_printf(q->arena,
         tr(q, "It holds %d ranges of codes: its own and those of retired codes that lie in it",
            "含 %d 段代码：本级及划入的旧代码"), n));
    for (int i = 0; i < n; i++)
        html(b, "<li><code>%012lld – %012lld</code></li>", (long long)ranges[i].lo,
             (long long)ranges[i].hi);
    html_raw(b, "</ul></details>");
}

static bool figures_panel(struct request *q, struct buf *b, int64_t place, struct err *e)
{
    const struct figures *all = q->seat->context.figures;
    struct asked s = { .place = place, .from = DATE_MIN, .to = DATE_MAX };
    int shown = 0;
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s%s\">%s</a></header>"
         "<dl class=\"facts rows\">", tr(q, "Figures here", "本地指标"), page_url(q, "/figures"),
         asked_query(q, &s), tr(q, "All figures", "全部指标"));
    for (int i = 0; i < figures_count(all); i++) {
        const struct figure *f = figures_at(all, i);
        struct figure_value v;
        if (!figure_get(q, f, &s, &v, e)) return false;
        if (!v.known || !v.value) continue;
        html(b, "<dt>%s</dt><dd>", figure_label(q, f));
        figure_link(q, b, f, &s, &v, false);
        html_raw(b, "</dd>");
        shown++;
    }
    html_raw(b, "</dl>");
    if (!shown)
        empty_note(b, tr(q, "No record counts here yet. Rows known only for a larger area count there.",
                         "此地尚无计入的记录；只知上级地区的记录计入上级。"));
    html_raw(b, "</section>");
    return true;
}

/* Does its place, or that of the row it belongs to, say where a row lies? */
static bool has_place(const struct model *mo, const struct table_map *m)
{
    for (int i = 0; i < 8 && m; i++) {
        if (m->place >= 0) return true;
        m = m->home >= 0 ? model_find(mo, m->field[m->home].ref) : NULL;
    }
    return false;
}

bool records_panel(struct request *q, struct buf *b, int64_t place, struct err *e)
{
    const struct model *mo = q->seat->model;
    int shown = 0;
    html(b, "<section class=\"panel\"><h2>%s</h2><ul class=\"chips\">",
         place ? tr(q, "Records here", "本地记录") : tr(q, "What is recorded", "登记了什么"));
    for (int i = 0; i < mo->n; i++) {
        const struct table_map *m = &mo->maps[i];
        const struct list_query query = { .place = place };
        int64_t rows = 0;
        if (!scope_kind(q->scope, m) || (place && !has_place(mo, m))) continue;
        if (!place && strcmp(m->entity->room, "place") == 0) continue;
        if (!list_count(mo, q->seat->rows, q->scope, m, &query, COUNTED, &rows, e)) return false;
        if (!rows) continue;
        html(b, "<li><a class=\"chip\" href=\"%s%s\">%s <b>%lld%s</b></a></li>",
             page_url(q, "/records/%s", m->entity->name),
             place ? arena_printf(q->arena, "?place=%012lld", (long long)place) : "",
             entity_label(q, m->entity), (long long)rows, rows == COUNTED ? "+" : "");
        shown++;
    }
    html_raw(b, "</ul>");
    if (!shown)
        empty_note(b, tr(q, "No record lies in this place.", "此地没有记录。"));
    html_raw(b, "</section>");
    return true;
}

static void children_panel(struct request *q, struct buf *b, const struct children *c,
                           const struct columns *x, int level)
{
    if (!c->n) return;
    html(b, "<section class=\"panel%s\"><h2>%s</h2>", x->n > SIDE_COLUMNS ? " c12" : "", arena_printf(q->arena,
         tr(q, "%d %s", "下辖 %d 个%s"), c->n, level_name(q, level, c->n != 1)));
    if (x->n) children_table(q, b, c, x, level);
    else children_list(q, b, c);
    html_raw(b, "</section>");
}

static bool place_body(struct request *q, struct buf *b, int64_t place, struct err *e)
{
    struct children *c = arena_alloc(q->arena, sizeof *c);
    struct columns x = { .n = 0 };
    int level = place_level(place) + 1;
    if (!read_children(q, place, c, e)) return false;
    if (c->n && !read_child_figures(q, level, place, &x, e)) return false;
    html_raw(b, "<div class=\"grid\"><div class=\"c6 side\">");
    if (!figures_panel(q, b, place, e)) return false;
    html_raw(b, "</div><div class=\"c6 side\">");
    if (!records_panel(q, b, place, e)) return false;
    if (x.n <= SIDE_COLUMNS) children_panel(q, b, c, &x, level);
    html_raw(b, "</div>");
    if (x.n > SIDE_COLUMNS) children_panel(q, b, c, &x, level);
    html_raw(b, "</div>");
    return true;
}

void place_page(struct request *q, struct response *r)
{
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    const struct places *p = q->seat->model->places;
    int64_t place = 0;
    if (!p->resolve(p->arg, q->seat->db, q->capture[0], strlen(q->capture[0]), &place, &e)) {
        page_fail(q, r, &e);
        return;
    }
    page_begin(q, r, NAV_PLACES, place_name(q, place));
    crumb_begin(q, b);
    crumb(b, page_url(q, "/places"), tr(q, "Places", "地区"));
    crumb_places(q, b, place);
    crumb(b, NULL, place_name(q, place));
    crumb_end(b);
    head_begin(b, place_name(q, place), NULL);
    head_end(b);
    id_line(q, b, place);
    if (place_body(q, b, place, &e)) page_end(q, r);
    else page_fail(q, r, &e);
}

/* --- search --- */

struct finding { struct request *q; struct buf *b; const char *words; int n; };

static bool find_org(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct finding *f = arg;
    (void)e;
    if (f->n >= FOUND) return true;
    bool fits = false;
    for (int i = 0; i < m->fields && !fits; i++) {
        struct val v = row[m->column[i]];
        bool name = (m->field[i].flags & (F_SEARCH | F_KEY)) && v.type == VAL_TEXT;
        fits = name && text_has(v.p, f->words);
    }
    if (!fits) return true;
    int kind = map_field(m, "kind");
    html(f->b, "<li><a href=\"%s\">%s</a> <span class=\"muted\">",
         record_url(f->q, m, row[ROW_COUNTY].i, row[ROW_ID].i), row_title(f->q, m, row));
    if (kind >= 0) cell_write(f->q, f->b, m, kind, row);
    html_raw(f->b, "</span></li>");
    f->n++;
    return true;
}

static void place_hit(struct request *q, struct buf *b, int64_t code)
{
    html(b, "<li><a href=\"%s\">%s</a> <span class=\"muted\">%s</span></li>",
         page_url(q, "/places/%012lld", (long long)code), place_full(q, code),
         level_name(q, place_level(code), false));
}

/* An ambiguous name is refused with the codes of what it may mean. */
static int candidates(struct request *q, struct buf *b, const char *message)
{
    int n = 0;
    for (const char *at = message; *at;) {
        size_t digits = strspn(at, "0123456789");
        int64_t code;
        if (digits == 12 && id_parse(at, digits, &code)) {
            place_hit(q, b, code);
            n++;
        }
        at += digits ? digits : 1;
    }
    return n;
}

void search_page(struct request *q, struct response *r)
{
    const char *words = request_param(q, "q");
    const struct places *p = q->seat->model->places;
    const struct table_map *orgs = model_find(q->seat->model, "organisation");
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    int64_t code = 0;
    int n = 0;
    page_begin(q, r, NAV_NONE, tr(q, "Search", "查找"));
    head_begin(b, words ? arena_printf(q->arena, tr(q, "Found for “%s”", "“%s”的查找结果"), words)
                        : tr(q, "What are you looking for?", "要查找什么？"),
               tr(q, "A place by name, alias or code; an organisation by a part of its name.",
                  "地区可输入名称、别名或代码；单位可输入名称的一部分。"));
    head_end(b);
    html(b, "<div class=\"grid\"><section class=\"panel c6\"><h2>%s</h2><ul class=\"hits\">",
         tr(q, "Places", "地区"));
    if (words && p->resolve(p->arg, q->seat->db, words, strlen(words), &code, &e)) {
        place_hit(q, b, code);
        n = 1;
    } else if (words) {
        n = candidates(q, b, e.message);
    }
    html_raw(b, "</ul>");
    if (words && !n) empty_note(b, e.message);
    html(b, "</section><section class=\"panel c6\"><h2>%s</h2><ul class=\"hits\">",
         tr(q, "Organisations", "单位"));
    struct finding f = { .q = q, .b = b, .words = words };
    struct list_query all = { .limit = SCANNED };
    err_clear(&e);
    bool ok = !words || !orgs || list_rows(q->seat->model, q->seat->rows, q->scope, orgs, &all, find_org, &f, &e);
    html_raw(b, "</ul>");
    if (words && !f.n) empty_note(b, tr(q, "No organisation has this in its name.",
                                        "没有名称含此字样的单位。"));
    html_raw(b, "</section></div>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}
