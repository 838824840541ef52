/* The map: a figure by province as a grid and by county as circles, and who is paired with whom as arcs.
 * No borders are drawn: none are shipped. */
#include "pages/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/map.h"
#include "programme/place/boundary.h"
#include "web/map.h"

enum { POINTS = 3200, ARCS = 150, SHOWN = 12, WIDE = 760, NARROW = 358, COUNTY_LEVEL = 3, MOST_PAIRS = 100000 };

/* --- where counties lie --- */

struct point { int64_t code, lon, lat; };
struct points { struct point at[POINTS]; int n; int code, lon, lat; };

static bool keep_point(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct points *p = arg;
    (void)m, (void)e;
    if (p->n < POINTS)
        p->at[p->n++] = (struct point){ row[p->code].i, row[p->lon].i, row[p->lat].i };
    return true;
}

/* Counties of today with a centroid, in code order. */
static bool read_points(struct request *q, int64_t place, struct points *p, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, "place");
    struct place_range own = place ? place_own_range(place) : (struct place_range){ 0, 999999999999 };
    if (!m) return true;
    p->code = m->column[map_field(m, "code")];
    p->lon = m->column[map_field(m, "lon")];
    p->lat = m->column[map_field(m, "lat")];
    struct list_query query = { .sort = "code", .limit = POINTS, .where = arena_printf(q->arena,
        "county = 0 and known(lon) and known(lat) and not retired and code in {%lld..%lld}", (long long)own.lo,
        (long long)own.hi) };
    return list_rows(q->seat->model, q->seat->rows, q->scope, m, &query, keep_point, p, e);
}

static int by_code(const void *x, const void *y)
{
    int64_t a = ((const struct point *)x)->code, b = ((const struct point *)y)->code;
    return a < b ? -1 : a > b;
}

static const struct point *point_of(const struct points *p, int64_t code)
{
    struct point key = { .code = code };
    return p->n ? bsearch(&key, p->at, (size_t)p->n, sizeof *p->at, by_code) : NULL;
}

/* The middle of a place's counties; false where none is known. */
static bool middle(const struct points *p, int64_t place, struct point *out)
{
    const struct point *own = point_of(p, place);
    struct place_range r = place_own_range(place);
    int64_t lon = 0, lat = 0, n = 0;
    if (own) {
        *out = *own;
        return true;
    }
    if (place_level(place) > COUNTY_LEVEL) return middle(p, place_up(place, COUNTY_LEVEL), out);
    for (int i = 0; i < p->n; i++) {
        if (p->at[i].code < r.lo || p->at[i].code > r.hi) continue;
        lon += p->at[i].lon;
        lat += p->at[i].lat;
        n++;
    }
    if (n) *out = (struct point){ place, lon / n, lat / n };
    return n > 0;
}

/* --- outlines that the operator loaded --- */

struct outlines {
    struct request *q;
    struct map_shape *at; int n, cap;
    int64_t *code;
    const char *approval, *origin;
    int place, shape, approval_at, origin_at;
    int level;
};

static bool keep_outline(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct outlines *o = arg;
    struct arena *a = o->q->arena;
    (void)m, (void)e;
    if (place_level(row[o->place].i) != o->level) return true;
    int cap = o->cap;
    o->code = arena_more(a, o->code, o->n, &cap, sizeof *o->code);
    o->at = arena_more(a, o->at, o->n, &o->cap, sizeof *o->at);
    if (!o->approval) {
        o->approval = arena_strndup(a, row[o->approval_at].p, row[o->approval_at].n);
        o->origin = arena_strndup(a, row[o->origin_at].p, row[o->origin_at].n);
    }
    o->code[o->n] = row[o->place].i;
    o->at[o->n++] = (struct map_shape){ .shape = arena_strndup(a, row[o->shape].p, row[o->shape].n),
                                        .n = row[o->shape].n };
    return true;
}

/* Outlines of the level inside the place; none where nothing was loaded. */
static bool read_outlines(struct request *q, int64_t place, int level, struct outlines *o, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, "boundary");
    struct place_range own = place ? place_own_range(place) : (struct place_range){ 0, 999999999999 };
    *o = (struct outlines){ .q = q, .level = level };
    if (!m) return true;
    o->place = m->column[BOUNDARY_PLACE];
    o->shape = m->column[BOUNDARY_SHAPE];
    o->approval_at = m->column[BOUNDARY_APPROVAL];
    o->origin_at = m->column[BOUNDARY_ORIGIN];
    struct list_query query = { .limit = POINTS, .where = arena_printf(q->arena,
        "county in {%lld..%lld} and place in {%lld..%lld}", (long long)(own.lo / 1000000),
        (long long)(own.hi / 1000000), (long long)own.lo, (long long)own.hi) };
    return list_rows(q->seat->model, q->seat->rows, q->scope, m, &query, keep_outline, o, e);
}

/* --- a figure by place --- */

struct shown { const struct figure *f; struct asked s; };

static const char *here_url(struct request *q, const struct shown *x, int64_t place)
{
    struct asked one = x->s;
    one.place = place;
    const char *scope = asked_query(q, &one);
    return page_url(q, "/map%s%sfigure=%s", scope, *scope ? "&" : "?", x->f->name);
}

static int put_classes(const struct by_table *t, int64_t limit[MAP_CLASSES], int of[MAP_CLASSES + 1], struct arena *a)
{
    int64_t *v = arena_array(a, (size_t)t->n + 1, sizeof *v);
    int n = 0;
    for (int i = 0; i < t->n; i++)
        if (t->at[i].v.known) v[n++] = t->at[i].v.value;
    map_classes(v, n, limit);
    memset(of, 0, sizeof(int) * (MAP_CLASSES + 1));
    for (int i = 0; i < t->n; i++)
        if (t->at[i].v.known) of[map_class(limit, t->at[i].v.value)]++;
    return n;
}

static void legend(struct request *q, struct buf *b, const struct shown *x, const int64_t limit[MAP_CLASSES],
                   const int of[MAP_CLASSES + 1], int scale)
{
    html_raw(b, "<ul class=\"legend\">");
    for (int i = 0; i < MAP_CLASSES; i++) {
        struct figure_value v = { .known = true, .value = limit[i], .scale = scale };
        if (!of[i + 1]) continue;
        html(b, "<li><svg width=\"18\" height=\"12\" aria-hidden=\"true\">"
             "<rect class=\"q%d\" width=\"18\" height=\"12\"/></svg>%s %s (%d)</li>", i + 1, tr(q, "from", "不低于"),
             value_text(q, x->f, &v, true), of[i + 1]);
    }
    html(b, "<li><svg width=\"18\" height=\"12\" aria-hidden=\"true\"><rect class=\"q0\" width=\"18\" height=\"12\"/>"
         "</svg>%s</li></ul>", tr(q, "no record", "无记录"));
}

static void grid_panel(struct request *q, struct buf *b, const struct shown *x, const char *title,
                       const struct by_table *t)
{
    struct map_tile *tile = arena_array(q->arena, (size_t)t->n + 1, sizeof *tile);
    int64_t limit[MAP_CLASSES];
    int of[MAP_CLASSES + 1];
    put_classes(t, limit, of, q->arena);
    for (int i = 0; i < t->n; i++) {
        const struct by_row *r = &t->at[i];
        tile[i] = (struct map_tile){ .province = (int)(r->place / 10000000000), .label = r->name,
            .text = value_text(q, x->f, &r->v, true), .url = here_url(q, x, r->place),
            .class = r->v.known ? map_class(limit, r->v.value) : 0 };
    }
    html(b, "<figure class=\"panel\"><header><h2>%s</h2></header><div class=\"wide\">", title);
    map_tiles(b, figure_label(q, x->f), tile, t->n, q->zh, WIDE);
    html_raw(b, "</div><div class=\"narrow\">");
    map_tiles(b, figure_label(q, x->f), tile, t->n, q->zh, NARROW);
    html_raw(b, "</div>");
    legend(q, b, x, limit, of, t->n ? t->at[0].v.scale : 0);
    html(b, "<figcaption>%s</figcaption></figure>",
         tr(q, "Each square is a province, put near where it lies; it opens its counties.",
            "每个方块为一个省级地区，按大致方位排列；点开可见其各县。"));
}

static void points_panel(struct request *q, struct buf *b, const struct shown *x, const struct by_table *t,
                         const struct points *p)
{
    struct map_point *at = arena_array(q->arena, (size_t)p->n + 1, sizeof *at);
    struct map seen;
    int n = 0;
    map_init(&seen, sizeof(int64_t), sizeof(int));
    for (int i = 0; i < t->n; i++) {
        const struct by_row *r = &t->at[i];
        const struct point *c = point_of(p, r->place);
        struct asked one = x->s;
        one.place = r->place;
        if (!c || !r->v.known || r->v.value < 0) continue;
        at[n++] = (struct map_point){ c->lon, c->lat, r->v.value, r->name, value_text(q, x->f, &r->v, true),
                                      figure_url(q, x->f, &one, ""), true };
        map_put(&seen, &r->place, NULL);
    }
    for (int i = 0; i < p->n; i++)
        if (!map_get(&seen, &p->at[i].code))
            at[n++] = (struct map_point){ .lon = p->at[i].lon, .lat = p->at[i].lat, .value = -1 };
    map_free(&seen);
    html(b, "<figure class=\"panel\"><header><h2>%s</h2></header>", tr(q, "By county", "分县"));
    if (!t->n)
        empty_note(b, tr(q, "No record of this figure names a county here.", "此处没有落到县的记录。"));
    html_raw(b, "<div class=\"wide\">");
    map_points(b, figure_label(q, x->f), at, n, WIDE);
    html_raw(b, "</div><div class=\"narrow\">");
    map_points(b, figure_label(q, x->f), at, n, NARROW);
    html(b, "</div><figcaption>%s</figcaption></figure>", tr(q,
         "A circle stands at the middle of a county, as large as the figure; a dot is a county without records. "
         "No borders are drawn.", "圆心为县域中心点，面积表示数值；小点为无记录的县。图中不绘边界。"));
}

static const struct by_row *row_at(const struct by_table *t, int64_t place)
{
    for (int i = 0; i < t->n; i++)
        if (t->at[i].place == place) return &t->at[i];
    return NULL;
}

static void shapes_panel(struct request *q, struct buf *b, const struct shown *x, const char *title,
                         const struct by_table *t, struct outlines *o, bool opens)
{
    int64_t limit[MAP_CLASSES];
    int of[MAP_CLASSES + 1];
    put_classes(t, limit, of, q->arena);
    for (int i = 0; i < o->n; i++) {
        const struct by_row *r = row_at(t, o->code[i]);
        struct asked one = x->s;
        one.place = o->code[i];
        o->at[i].label = place_name(q, o->code[i]);
        o->at[i].text = r ? value_text(q, x->f, &r->v, true) : tr(q, "no record", "无记录");
        o->at[i].class = r && r->v.known ? map_class(limit, r->v.value) : 0;
        o->at[i].url = opens ? here_url(q, x, o->code[i]) : figure_url(q, x->f, &one, "");
    }
    html(b, "<figure class=\"panel\"><header><h2>%s</h2></header>", title);
    map_shapes(b, figure_label(q, x->f), o->at, o->n, WIDE);
    legend(q, b, x, limit, of, t->n ? t->at[0].v.scale : 0);
    html(b, "<figcaption>%s</figcaption></figure>", arena_printf(q->arena, tr(q,
         "Boundaries are for orientation only. Approval number %s. Map: %s.", "边界仅供示意。审图号：%s。底图：%s。"),
         o->approval, o->origin));
}

bool map_provinces(struct request *q, struct buf *b, const struct figure *f, const char *title,
                   const struct by_table *t, struct err *e)
{
    struct shown x = { .f = f, .s = { .from = DATE_MIN, .to = DATE_MAX } };
    struct outlines wide;
    if (!read_outlines(q, 0, 1, &wide, e)) return false;
    if (wide.n) shapes_panel(q, b, &x, title, t, &wide, true);
    else grid_panel(q, b, &x, title, t);
    return true;
}

static void list_panel(struct request *q, struct buf *b, const struct shown *x, const struct by_table *t)
{
    int n = t->n < SHOWN ? t->n : SHOWN;
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s\">%s</a></header>", tr(q, "The largest", "居前者"),
         figure_url(q, x->f, &x->s, ""), tr(q, "All as table", "全部（表格）"));
    if (!n) {
        empty_note(b, tr(q, "Nothing is recorded here.", "此处没有记录。"));
        html_raw(b, "</section>");
        return;
    }
    table_open(b, tr(q, "The largest", "居前者"), "");
    table_head(b, tr(q, "Place", "地区"), false);
    table_head(b, figure_label(q, x->f), true);
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
    for (int i = 0; i < n; i++) {
        struct asked one = x->s;
        one.place = t->at[i].place;
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a></th>"
             "<td role=\"cell\" class=\"num\">", page_url(q, "/places/%012lld", (long long)one.place), t->at[i].name);
        figure_link(q, b, x->f, &one, &t->at[i].v, true);
        html_raw(b, "</td></tr>");
    }
    html_raw(b, "</tbody></table></div></section>");
}

static void choose_form(struct request *q, struct buf *b, const struct shown *x, const char *wrong)
{
    const struct figures *all = q->seat->context.figures;
    char from[DATE_TEXT] = "", to[DATE_TEXT] = "";
    if (x->s.from != DATE_MIN) date_format(x->s.from, from);
    if (x->s.to != DATE_MAX) date_format(x->s.to, to);
    html(b, "<form class=\"scope-form after\" method=\"get\" action=\"%s\" aria-label=\"%s\">"
         "<label class=\"sel\"><span>%s</span>"
         "<select name=\"figure\">", page_url(q, "/map"), tr(q, "What the map shows", "地图内容"), tr(q, "Figure", "指标"));
    for (int i = 0; i < figures_count(all); i++) {
        const struct figure *f = figures_at(all, i);
        html(b, "<option value=\"%s\"", f->name);
        if (f == x->f) html_raw(b, " selected");
        html(b, ">%s</option>", figure_label(q, f));
    }
    html(b, "</select></label><label class=\"grow\"><span>%s</span><input type=\"text\" name=\"place\" value=\"%s\" "
         "placeholder=\"%s\"></label>", tr(q, "Place", "地区"), x->s.place ? place_full(q, x->s.place) : "",
         tr(q, "All places", "全部地区"));
    html(b, "<label class=\"day\"><span>%s</span>"
         "<input type=\"text\" name=\"from\" value=\"%s\" placeholder=\"2016\"></label>"
         "<label class=\"day\"><span>%s</span>"
         "<input type=\"text\" name=\"to\" value=\"%s\" placeholder=\"2020-06\"></label>"
         "<button class=\"btn sm\" type=\"submit\">%s</button>", tr(q, "From", "自"), from, tr(q, "To", "至"), to,
         tr(q, "Show", "查看"));
    if (wrong) html(b, "<p class=\"emsg\" role=\"alert\">%s</p>", wrong);
    html_raw(b, "</form>");
}

static bool map_body(struct request *q, struct buf *b, const struct shown *x, struct err *e)
{
    struct by_table provinces = { .n = 0 }, counties = { .n = 0 };
    struct points *p = arena_alloc(q->arena, sizeof *p);
    struct outlines wide = { .n = 0 }, fine = { .n = 0 };
    int level = x->s.place ? place_level(x->s.place) : 0;
    if (level == 0 && !by_read(q, x->f, &x->s, 1, 0, &provinces, e)) return false;
    if (level < COUNTY_LEVEL && (!by_read(q, x->f, &x->s, COUNTY_LEVEL, 0, &counties, e) ||
                                 !read_points(q, x->s.place, p, e)))
        return false;
    if (level == 0 && !read_outlines(q, 0, 1, &wide, e)) return false;
    if (level > 0 && level < COUNTY_LEVEL && !read_outlines(q, x->s.place, COUNTY_LEVEL, &fine, e)) return false;
    html_raw(b, "<div class=\"grid\"><div class=\"c8 side\">");
    if (wide.n) shapes_panel(q, b, x, tr(q, "By province", "分省"), &provinces, &wide, true);
    else if (level == 0) grid_panel(q, b, x, tr(q, "By province", "分省"), &provinces);
    if (fine.n) shapes_panel(q, b, x, tr(q, "By county", "分县"), &counties, &fine, false);
    else if (level < COUNTY_LEVEL) points_panel(q, b, x, &counties, p);
    else empty_note(b, tr(q, "A county is not drawn any finer.", "县以下不再绘图。"));
    html_raw(b, "</div><div class=\"c4 side\">");
    list_panel(q, b, x, counties.n ? &counties : &provinces);
    html_raw(b, "</div></div>");
    return true;
}

/* The figure named, or the first of these that the store has. */
static const struct figure *chosen(struct request *q)
{
    static const char *const first[] = { "poor_villages", "aid_allocated", "projects", "jobs" };
    const struct figures *all = q->seat->context.figures;
    const char *named = request_param(q, "figure");
    const struct figure *f = named ? figures_find(all, named) : NULL;
    for (int i = 0; !f && !named && i < COUNT(first); i++) f = figures_find(all, first[i]);
    return f;
}

void map_page(struct request *q, struct response *r)
{
    struct shown x = { .f = chosen(q) };
    struct err e = { .code = ERR_NONE }, wrong = { .code = ERR_NONE };
    struct buf *b = &r->body;
    if (!x.f) {
        page_error(q, r, 404, tr(q, "There is no such figure.", "没有这个指标。"));
        return;
    }
    bool ok = asked_read(q, &x.s, &wrong);
    if (!ok) x.s = (struct asked){ .from = DATE_MIN, .to = DATE_MAX };
    page_begin(q, r, NAV_MAP, tr(q, "Map", "地图"));
    head_begin(b, figure_label(q, x.f), asked_text(q, &x.s));
    html(b, "<a class=\"btn\" href=\"%s\">%s</a>", page_url(q, "/map/pairings"), tr(q, "Pairings", "结对图"));
    head_end(b);
    choose_form(q, b, &x, ok ? NULL : wrong.message);
    if (map_body(q, b, &x, &e)) page_end(q, r);
    else page_fail(q, r, &e);
}

/* --- pairings --- */

struct pair_key { int64_t from, to; };
struct pairing { int64_t n; };
struct pairs {
    struct request *q;
    const struct table_map *org;
    struct map index;              /* pair_key -> struct pairing */
    struct map seats;              /* organisation -> int64_t place */
    int helper, place;
    int64_t unplaced;
};

static int64_t seat_of(struct pairs *p, int64_t org)
{
    int64_t *known = map_get(&p->seats, &org), place = 0;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    bool found = false;
    if (known) return *known;
    if (row_get(p->q->seat->db, p->org, 0, org, p->q->arena, row, &found, &e) && found) {
        struct val at = row[p->org->column[map_field(p->org, "place")]];
        if (at.type == VAL_INT) place = at.i;
    }
    *(int64_t *)map_put(&p->seats, &org, NULL) = place;
    return place;
}

static bool keep_pair(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct pairs *p = arg;
    (void)m, (void)e;
    struct val helper = row[p->helper], place = row[p->place];
    int64_t from = helper.type == VAL_INT ? seat_of(p, helper.i) : 0, to = place.type == VAL_INT ? place.i : 0;
    if (!from || !to) {
        p->unplaced++;
        return true;
    }
    struct pair_key key = { from, place_level(to) > COUNTY_LEVEL ? place_up(to, COUNTY_LEVEL) : to };
    ((struct pairing *)map_put(&p->index, &key, NULL))->n++;
    return true;
}

static bool read_pairs(struct pairs *p, const char *entity, struct err *e)
{
    const struct table_map *m = model_find(p->q->seat->model, entity);
    int helper = m ? map_field(m, "helper") : -1, place = m ? map_field(m, "place") : -1;
    if (helper < 0 || place < 0 || !scope_kind(p->q->scope, m)) return true;
    p->helper = m->column[helper];
    p->place = m->column[place];
    struct list_query query = { .limit = MOST_PAIRS };
    return list_rows(p->q->seat->model, p->q->seat->rows, p->q->scope, m, &query, keep_pair, p, e);
}

static int heavier(const void *x, const void *y)
{
    const struct map_arc *a = x, *b = y;
    if (a->weight != b->weight) return a->weight > b->weight ? -1 : 1;
    return strcmp(a->label, b->label);
}

static int make_arcs(struct pairs *p, const struct points *pt, struct map_arc *arc, int most)
{
    struct request *q = p->q;
    const void *key;
    void *value;
    int n = 0;
    for (size_t at = 0; map_next(&p->index, &at, &key, &value) && n < most;) {
        const struct pair_key *k = key;
        struct point from, to;
        if (!middle(pt, k->from, &from) || !middle(pt, k->to, &to)) continue;
        int64_t count = ((struct pairing *)value)->n;
        const char *a = place_name(q, k->from), *z = place_name(q, k->to);
        arc[n++] = (struct map_arc){ .from = { .lon = from.lon, .lat = from.lat, .label = a },
            .to = { .lon = to.lon, .lat = to.lat, .label = z }, .weight = count,
            .label = arena_printf(q->arena, "%s → %s", a, z), .text = arena_printf(q->arena,
                count == 1 ? tr(q, "%s record", "%s 条记录") : tr(q, "%s records", "%s 条记录"), number_text(q, count, 0)),
            .url = page_url(q, "/places/%012lld", (long long)k->to) };
    }
    if (n) qsort(arc, (size_t)n, sizeof *arc, heavier);
    return n;
}

static void arcs_panel(struct request *q, struct buf *b, const struct map_arc *arc, int n, const struct pairs *p)
{
    const char *name = tr(q, "Who helps where", "谁帮扶哪里");
    html(b, "<figure class=\"panel\"><header><h2>%s</h2></header><div class=\"wide\">", name);
    map_arcs(b, name, arc, n, 1106);
    html_raw(b, "</div><div class=\"narrow\">");
    map_arcs(b, name, arc, n, NARROW);
    html(b, "</div><details class=\"twin\"><summary>%s</summary>", tr(q, "Show as table", "以表格显示"));
    table_open(b, name, "stack");
    table_head(b, tr(q, "Pairing", "结对"), false);
    table_head(b, tr(q, "Records", "记录数"), true);
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
    for (int i = 0; i < n; i++)
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a></th><td role=\"cell\" "
             "class=\"num\" data-l=\"%s\">%s</td></tr>", arc[i].url, arc[i].label, tr(q, "Records", "记录数"),
             number_text(q, arc[i].weight, 0));
    html(b, "</tbody></table></div></details><figcaption>%s</figcaption></figure>", tr(q,
         "From the seat of the helper to the middle of the helped place; broader where there are more agreements and "
         "helped places. No borders are drawn.",
         "自帮扶单位所在地至受援地中心；协议和帮扶对象越多线越粗。图中不绘边界。"));
    if (p->unplaced)
        html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena, tr(q,
             "%s records name no helper with a seat, or no place, and are not drawn.",
             "另有 %s 条记录未注明帮扶单位所在地或受援地，未画出。"), number_text(q, p->unplaced, 0)));
}

void pairings_page(struct request *q, struct response *r)
{
    struct pairs p = { .q = q, .org = model_find(q->seat->model, "organisation") };
    struct points *pt = arena_alloc(q->arena, sizeof *pt);
    struct map_arc *arc = arena_array(q->arena, ARCS, sizeof *arc);
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    map_init(&p.index, sizeof(struct pair_key), sizeof(struct pairing));
    map_init(&p.seats, sizeof(int64_t), sizeof(int64_t));
    bool ok = p.org && read_points(q, 0, pt, &e) && read_pairs(&p, "agreement", &e) &&
              read_pairs(&p, "helped_place", &e);
    if (ok) {
        int n = make_arcs(&p, pt, arc, ARCS);
        page_begin(q, r, NAV_MAP, tr(q, "Pairings", "结对图"));
        head_begin(b, tr(q, "Who is paired with whom", "谁与谁结对"), tr(q,
            "Agreements and helped places, drawn from the helper's seat to the place it helps.",
            "据协议与帮扶对象，自帮扶单位所在地连至受援地。"));
        html(b, "<a class=\"btn\" href=\"%s\">%s</a>", page_url(q, "/map"), tr(q, "Figures on the map", "指标地图"));
        head_end(b);
        if (n) arcs_panel(q, b, arc, n, &p);
        else empty_note(b, tr(q, "No agreement names both a helper with a seat and a place.", "没有同时注明双方地点的协议。"));
        page_end(q, r);
    } else {
        page_fail(q, r, &e);
    }
    map_free(&p.index);
    map_free(&p.seats);
}
