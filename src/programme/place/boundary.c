#include "programme/place/boundary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/count.h"
#include "base/id.h"
#include "programme/fields.h"
#include "programme/numbers.h"

enum { SHAPE_MOST = 400000, RING_LEAST = 3 };

static const struct field boundary_fields[] = {
    [BOUNDARY_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_REQUIRED | F_KEY | F_LIST | F_HOME,
        .help_en = "Whose outline it is.", .help_zh = "轮廓所属地区。" },
    [BOUNDARY_APPROVAL] = { .name = "approval", .en = "Approval number", .zh = "审图号", .type = F_TEXT,
        .max = 60, .flags = F_REQUIRED | F_LIST,
        .help_en = "The approval number of the map; printed under every map that is drawn from it.",
        .help_zh = "底图审图号，绘图时印于图下。" },
    [BOUNDARY_ORIGIN] = { .name = "origin", .en = "Whose map", .zh = "底图来源", .type = F_TEXT, .max = 200,
        .flags = F_REQUIRED | F_LIST,
        .help_en = "Who made the map and when; printed beside the approval number.",
        .help_zh = "底图制作单位和时间，与审图号一并印出。" },
    [BOUNDARY_SHAPE] = { .name = "shape", .en = "Outline", .zh = "轮廓", .type = F_TEXT, .max = SHAPE_MOST,
        .flags = F_REQUIRED, .help_en = "Rings in thousandths of a degree: M104123 35214 3 -2 ...",
        .help_zh = "以千分之一度为单位的环：M104123 35214 3 -2 …" },
};

const struct entity boundary_entity = { .name = "boundary", .en = "Boundary", .zh = "边界", .room = "place",
    .help_en = "Outlines of places for maps, brought by the operator: `jiedui boundaries` reads GeoJSON and TopoJSON.",
    .help_zh = "绘图用地区轮廓，由使用单位导入：jiedui boundaries 可读 GeoJSON 和 TopoJSON。",
    .access = ACCESS_OPEN, .publicity = PUBLIC_ALWAYS,
    .number = NUMBER_BOUNDARY, .reach = REACH_COUNTY, .flags = E_NO_SOURCE,
    .fields = boundary_fields, .n = COUNT(boundary_fields) };

/* --- points and rings --- */

struct point { int32_t x, y; };
struct ring { struct point *at; size_t n, cap; };

struct reader {
    const char *property;
    boundary_fn *fn;
    void *arg;
    struct ring ring;
    struct buf shape;
    const struct json *arcs;       /* of a topology, or NULL */
    double scale[2], translate[2];
    int feature;                   /* counted from 1, for messages */
    struct err *e;
};

static bool number_of(const struct json *j, double *out)
{
    if (!j || (j->type != JSON_INT && j->type != JSON_REAL)) return false;
    *out = j->type == JSON_INT ? (double)j->i : j->real;
    return isfinite(*out);
}

static bool fault(struct reader *r, const char *what)
{
    return err_set(r->e, ERR_INVALID, "feature %d: %s", r->feature, what);
}

static bool add_point(struct reader *r, double lon, double lat)
{
    if (!(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90))
        return fault(r, "a coordinate is not in degrees (longitude, latitude)");
    struct point p = { (int32_t)lround(lon * 1000), (int32_t)lround(lat * 1000) };
    struct ring *g = &r->ring;
    if (g->n && g->at[g->n - 1].x == p.x && g->at[g->n - 1].y == p.y) return true;
    g->at = mem_more(g->at, g->n, &g->cap, sizeof *g->at);
    g->at[g->n++] = p;
    return true;
}

/* Points on a straight way between their neighbours say nothing. */
static void straighten(struct ring *g)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->n; i++) {
        if (kept >= 2) {
            int64_t ax = g->at[kept - 1].x - g->at[kept - 2].x, ay = g->at[kept - 1].y - g->at[kept - 2].y;
            int64_t bx = g->at[i].x - g->at[kept - 1].x, by = g->at[i].y - g->at[kept - 1].y;
            if (ax * by == ay * bx && ax * bx + ay * by > 0) kept--;
        }
        g->at[kept++] = g->at[i];
    }
    g->n = kept;
}

static void end_ring(struct reader *r)
{
    struct ring *g = &r->ring;
    if (g->n > 1 && g->at[0].x == g->at[g->n - 1].x && g->at[0].y == g->at[g->n - 1].y) g->n--;
    straighten(g);
    if (g->n >= RING_LEAST) {
        buf_printf(&r->shape, "%sM%d %d", r->shape.n ? " " : "", g->at[0].x, g->at[0].y);
        for (size_t i = 1; i < g->n; i++)
            buf_printf(&r->shape, " %d %d", g->at[i].x - g->at[i - 1].x, g->at[i].y - g->at[i - 1].y);
    }
    g->n = 0;
}

/* --- GeoJSON --- */

static bool plain_ring(struct reader *r, const struct json *points)
{
    for (size_t i = 0; i < points->n; i++) {
        const struct json *p = &points->items[i];
        double lon, lat;
        if (p->type != JSON_ARRAY || p->n < 2 || !number_of(&p->items[0], &lon) || !number_of(&p->items[1], &lat))
            return fault(r, "a point is not two numbers");
        if (!add_point(r, lon, lat)) return false;
    }
    end_ring(r);
    return true;
}

/* --- TopoJSON --- */

static bool arc(struct reader *r, int64_t index)
{
    bool back = index < 0;
    size_t i = (size_t)(back ? ~index : index);
    double x = 0, y = 0;
    if (i >= r->arcs->n || r->arcs->items[i].type != JSON_ARRAY) return fault(r, "it names an arc that is not there");
    const struct json *a = &r->arcs->items[i];
    struct point *out = mem_alloc((a->n + 1) * sizeof *out);
    bool ok = true, delta = r->scale[0] != 0;
    size_t n = 0;
    for (size_t k = 0; ok && k < a->n; k++) {
        const struct json *p = &a->items[k];
        double dx, dy;
        ok = p->type == JSON_ARRAY && p->n >= 2 && number_of(&p->items[0], &dx) && number_of(&p->items[1], &dy);
        if (!ok) break;
        x = delta ? x + dx : dx;
        y = delta ? y + dy : dy;
        double lon = delta ? x * r->scale[0] + r->translate[0] : x, lat = delta ? y * r->scale[1] + r->translate[1] : y;
        ok = fabs(lon) <= 180 && fabs(lat) <= 90;
        if (ok) out[n++] = (struct point){ (int32_t)lround(lon * 1000), (int32_t)lround(lat * 1000) };
    }
    for (size_t k = 0; ok && k < n; k++) {
        const struct point *p = &out[back ? n - 1 - k : k];
        ok = add_point(r, p->x / 1000.0, p->y / 1000.0);
    }
    free(out);
    return ok || (r->e->code ? false : fault(r, "an arc is not made of points in degrees"));
}

static bool arc_ring(struct reader *r, const struct json *arcs)
{
    for (size_t i = 0; i < arcs->n; i++)
        if (arcs->items[i].type != JSON_INT) return fault(r, "an arc is named by a number");
        else if (!arc(r, arcs->items[i].i)) return false;
    end_ring(r);
    return true;
}

/* --- features --- */

static bool polygon(struct reader *r, const struct json *rings)
{
    if (!rings || rings->type != JSON_ARRAY) return fault(r, "its outline is not a list of rings");
    for (size_t i = 0; i < rings->n; i++) {
        const struct json *g = &rings->items[i];
        if (g->type != JSON_ARRAY) return fault(r, "its outline is not a list of rings");
        if (!(r->arcs ? arc_ring(r, g) : plain_ring(r, g))) return false;
    }
    return true;
}

static bool geometry(struct reader *r, const struct json *g)
{
    const struct json *type = g ? json_get(g, "type") : NULL;
    const struct json *parts = g ? json_get(g, r->arcs ? "arcs" : "coordinates") : NULL;
    if (!type || type->type != JSON_TEXT) return fault(r, "it has no geometry");
    if (!strcmp(type->text, "Polygon")) return polygon(r, parts);
    if (strcmp(type->text, "MultiPolygon")) return fault(r, "its geometry is no Polygon or MultiPolygon");
    if (!parts || parts->type != JSON_ARRAY) return fault(r, "its outline is not a list of polygons");
    for (size_t i = 0; i < parts->n; i++)
        if (!polygon(r, &parts->items[i])) return false;
    return true;
}

/* 62, 620000, 620102 and 620102000000 are codes; digits that are missing are zeros. */
static bool code_in(const struct json *j, int64_t *out)
{
    int64_t v;
    if (!j) return false;
    if (j->type == JSON_INT) v = j->i;
    else if (j->type != JSON_TEXT || !id_parse(j->text, j->n, &v)) return false;
    if (v < 11) return false;
    while (v < 100000000000) v *= 10;
    *out = v;
    return v <= 999999999999;
}

static bool code_of(struct reader *r, const struct json *feature, int64_t *out)
{
    static const char *const names[] = { "adcode", "code", "id", "gb", "ad_code", "adcode99" };
    const struct json *p = json_get(feature, "properties");
    if (r->property)
        return (p && code_in(json_get(p, r->property), out)) || fault(r, "it has no such property with a code");
    for (int i = 0; i < COUNT(names); i++)
        if (p && code_in(json_get(p, names[i]), out)) return true;
    return code_in(json_get(feature, "id"), out) ||
           fault(r, "no property of it is a place code (say which: --property)");
}

static bool feature(struct reader *r, const struct json *f)
{
    int64_t code;
    r->feature++;
    if (f->type != JSON_OBJECT) return fault(r, "it is no object");
    if (!code_of(r, f, &code)) return false;
    r->shape.n = 0;
    if (!geometry(r, r->arcs ? f : json_get(f, "geometry"))) return false;
    if (!r->shape.n) return fault(r, "its outline has no area");
    if (r->shape.n > SHAPE_MOST) return fault(r, "its outline is too fine: simplify the file");
    return r->fn(r->arg, code, r->shape.p, r->shape.n, r->e);
}

static bool features(struct reader *r, const struct json *list)
{
    if (!list || list->type != JSON_ARRAY) return err_set(r->e, ERR_INVALID, "it holds no list of features");
    for (size_t i = 0; i < list->n; i++)
        if (!feature(r, &list->items[i])) return false;
    return true;
}

static bool topology(struct reader *r, const struct json *file)
{
    const struct json *t = json_get(file, "transform"), *objects = json_get(file, "objects");
    const struct json *scale = t ? json_get(t, "scale") : NULL, *move = t ? json_get(t, "translate") : NULL;
    r->arcs = json_get(file, "arcs");
    if (!r->arcs || r->arcs->type != JSON_ARRAY || !objects || objects->type != JSON_OBJECT)
        return err_set(r->e, ERR_INVALID, "a topology has arcs and objects");
    for (size_t i = 0; t && i < 2; i++)
        if (!scale || !move || scale->n != 2 || move->n != 2 || !number_of(&scale->items[i], &r->scale[i]) ||
            !number_of(&move->items[i], &r->translate[i]))
            return err_set(r->e, ERR_INVALID, "its transform is not two scales and two shifts");
    for (size_t i = 0; i < objects->n; i++)
        if (objects->items[i].type != JSON_OBJECT || !features(r, json_get(&objects->items[i], "geometries")))
            return r->e->code ? false : err_set(r->e, ERR_INVALID, "an object of it holds no geometries");
    return true;
}

bool boundary_features(const struct json *file, const char *property, boundary_fn *fn, void *arg, struct err *e)
{
    struct reader r = { .property = property, .fn = fn, .arg = arg, .e = e };
    const struct json *type = file->type == JSON_OBJECT ? json_get(file, "type") : NULL;
    bool ok;
    *e = (struct err){ .code = ERR_NONE };
    buf_init(&r.shape, (size_t)64 << 20);
    if (type && type->type == JSON_TEXT && !strcmp(type->text, "FeatureCollection"))
        ok = features(&r, json_get(file, "features"));
    else if (type && type->type == JSON_TEXT && !strcmp(type->text, "Topology"))
        ok = topology(&r, file);
    else
        ok = err_set(e, ERR_INVALID, "it is neither a GeoJSON FeatureCollection nor a TopoJSON Topology");
    free(r.ring.at);
    buf_free(&r.shape);
    return ok;
}
