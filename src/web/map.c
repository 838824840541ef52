#include "web/map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "web/html.h"

/* --- classes --- */

static int smaller(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

void map_classes(int64_t *v, int n, int64_t limit[MAP_CLASSES])
{
    if (n > 0) qsort(v, (size_t)n, sizeof *v, smaller);
    for (int i = 0; i < MAP_CLASSES; i++) limit[i] = n > 0 ? v[(int64_t)n * i / MAP_CLASSES] : 0;
}

int map_class(const int64_t limit[MAP_CLASSES], int64_t v)
{
    int class = 1;
    for (int i = 1; i < MAP_CLASSES; i++)
        if (v >= limit[i] && limit[i] > limit[0]) class = i + 1;
    return class;
}

/* --- the grid of provinces --- */

enum { COLS = 10, ROWS = 8, TILE_GAP = 4 };
static const struct { signed char province, x, y; const char *en, *zh; } grid[] = {
    { 23, 9, 0, "Heilongjiang", "黑" }, { 15, 6, 1, "Inner Mongolia", "蒙" }, { 22, 9, 1, "Jilin", "吉" },
    { 65, 1, 2, "Xinjiang", "新" }, { 62, 3, 2, "Gansu", "甘" }, { 64, 4, 2, "Ningxia", "宁" },
    { 13, 6, 2, "Hebei", "冀" }, { 11, 7, 2, "Beijing", "京" }, { 12, 8, 2, "Tianjin", "津" },
    { 21, 9, 2, "Liaoning", "辽" }, { 63, 2, 3, "Qinghai", "青" }, { 61, 4, 3, "Shaanxi", "陕" },
    { 14, 5, 3, "Shanxi", "晋" }, { 41, 6, 3, "Henan", "豫" }, { 37, 7, 3, "Shandong", "鲁" },
    { 54, 1, 4, "Tibet", "藏" }, { 51, 3, 4, "Sichuan", "川" }, { 50, 4, 4, "Chongqing", "渝" },
    { 42, 5, 4, "Hubei", "鄂" }, { 34, 6, 4, "Anhui", "皖" }, { 32, 7, 4, "Jiangsu", "苏" },
    { 31, 8, 4, "Shanghai", "沪" }, { 53, 3, 5, "Yunnan", "滇" }, { 52, 4, 5, "Guizhou", "黔" },
    { 43, 5, 5, "Hunan", "湘" }, { 36, 6, 5, "Jiangxi", "赣" }, { 33, 7, 5, "Zhejiang", "浙" },
    { 45, 4, 6, "Guangxi", "桂" }, { 44, 5, 6, "Guangdong", "粤" }, { 35, 6, 6, "Fujian", "闽" },
    { 71, 8, 6, "Taiwan", "台" }, { 46, 4, 7, "Hainan", "琼" }, { 82, 5, 7, "Macao", "澳" },
    { 81, 6, 7, "Hong Kong", "港" },
};

static const struct map_tile *tile_of(const struct map_tile *t, int n, int province)
{
    for (int i = 0; i < n; i++)
        if (t[i].province == province) return &t[i];
    return NULL;
}

/* The bytes of `s` that fit, with room for "…" when it is cut. */
static size_t fits(const char *s, int px)
{
    size_t columns = (size_t)(px / 7), n = strlen(s);
    if (utf8_width(s, n) <= columns) return n;
    while (n > 0 && utf8_width(s, n) > columns - 1) n = utf8_cut(s, n, n - 1);
    return n;
}

static void fitted(struct buf *b, const char *s, int px)
{
    size_t n = fits(s, px);
    html_text(b, s, n);
    if (s[n]) buf_str(b, "…");
}

/* What is heard begins with what is read; a name that is cut follows whole. */
static void tile_name(struct buf *b, const struct map_tile *t, int side)
{
    bool cut = side >= 60 && t->label[fits(t->label, side - 4)];
    buf_str(b, " aria-label=\"");
    if (side >= 60) fitted(b, t->label, side - 4);
    else html_text(b, t->label, strlen(t->label));
    html(b, " %s%s%s\">", t->text, cut ? ", " : "", cut ? t->label : "");
}

static void tile(struct buf *b, const struct map_tile *t, int x, int y, int side, const char *name, const char *sign)
{
    const char *ink = t && t->class > 3 ? "tl-w" : "tl";
    if (t && t->url) {
        html(b, "<a href=\"%s\" data-tip=\"%s\n%s\"", t->url, t->label, t->text);
        tile_name(b, t, side);
    } else {
        html(b, "<g data-tip=\"%s\">", t ? t->label : name);
    }
    html(b, "<rect class=\"nd q%d\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>", t ? t->class : 0, x, y,
         side, side);
    html(b, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">", ink, x + side / 2, y + side / 2 - 1);
    if (side < 60) html(b, "%s", sign);
    else fitted(b, t ? t->label : name, side - 4);
    buf_str(b, "</text>");
    if (t && *t->text && side >= 60) {
        html(b, " <text class=\"%s lab\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">", ink, x + side / 2,
             y + side / 2 + 16);
        fitted(b, t->text, side + 6);
        buf_str(b, "</text>");
    }
    buf_str(b, t && t->url ? "</a>" : "</g>");
}

void map_tiles(struct buf *b, const char *name, const struct map_tile *t, int n, bool zh, int width)
{
    int side = (width - (COLS - 1) * TILE_GAP) / COLS, step = side + TILE_GAP;
    html(b, "<svg class=\"chart\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"group\" aria-label=\"%s\">"
         "<g data-roving=\"\">", width, ROWS * step, width, ROWS * step, name);
    for (size_t i = 0; i < sizeof grid / sizeof *grid; i++)
        tile(b, tile_of(t, n, grid[i].province), grid[i].x * step, grid[i].y * step, side,
             zh ? grid[i].zh : grid[i].en, grid[i].zh);
    buf_str(b, "</g></svg>");
}

/* --- points --- */

enum { MARGIN = 26, LARGEST = 22, TALLEST = 720, NAMES = 14, CROWDED = 400 };

/* Degrees to px: as wide as asked; a degree of longitude is narrower by the cosine of the middle. */
static const double DEGREE = 3.14159265358979 / 180;
struct projection { double left, top, scale, narrow; int height; };

struct extent { double west, east, south, north; bool any; };

static void extend(struct extent *x, const struct map_point *p)
{
    double lon = (double)p->lon / 1e5, lat = (double)p->lat / 1e5;
    if (!x->any) *x = (struct extent){ lon, lon, lat, lat, true };
    if (lon < x->west) x->west = lon;
    if (lon > x->east) x->east = lon;
    if (lat < x->south) x->south = lat;
    if (lat > x->north) x->north = lat;
}

static struct projection project(const struct extent *x, int width)
{
    struct projection p = { .narrow = cos((x->south + x->north) / 2 * DEGREE) };
    double wide = (x->east - x->west) * p.narrow, tall = x->north - x->south;
    if (wide < 0.5) wide = 0.5;
    if (tall < 0.5) tall = 0.5;
    p.scale = (width - 2 * MARGIN) / wide;
    if (p.scale * tall > TALLEST - 2 * MARGIN) p.scale = (TALLEST - 2 * MARGIN) / tall;
    p.left = (width - (x->east - x->west) * p.narrow * p.scale) / 2 - x->west * p.narrow * p.scale;
    p.top = MARGIN + x->north * p.scale;
    p.height = (int)(tall * p.scale) + 2 * MARGIN;
    return p;
}

static double at_x(const struct projection *p, const struct map_point *m)
{
    return p->left + (double)m->lon / 1e5 * p->narrow * p->scale;
}

static double at_y(const struct projection *p, const struct map_point *m)
{
    return p->top - (double)m->lat / 1e5 * p->scale;
}

static void svg_open(struct buf *b, const char *name, int width, int height)
{
    html(b, "<svg class=\"chart\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"group\" "
         "aria-label=\"%s\">", width, height, width, height, name);
}

/* Names that would lie on one another are left out, the largest first. */
struct spot { double x, y; };

static bool room_for(const struct spot *s, int n, double x, double y)
{
    for (int i = 0; i < n; i++) {
        double dx = s[i].x - x, dy = s[i].y - y;
        if (dx < 90 && dx > -90 && dy < 16 && dy > -16) return false;
    }
    return true;
}

static void point_names(struct buf *b, const struct projection *pr, const struct map_point *p, int n, int width)
{
    struct spot s[NAMES];
    int shown = 0;
    for (int i = 0; i < n && shown < NAMES; i++) {
        double x = at_x(pr, &p[i]), y = at_y(pr, &p[i]);
        if (p[i].value <= 0 || x < 50 || x > width - 50 || !room_for(s, shown, x, y)) continue;
        s[shown++] = (struct spot){ x, y };
        buf_printf(b, "<text class=\"halo\" aria-hidden=\"true\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">",
                   x, y + 4);
        html(b, "%s</text>", p[i].label);
    }
}

void map_points(struct buf *b, const char *name, const struct map_point *p, int n, int width)
{
    struct extent x = { .any = false };
    int64_t most = 1;
    for (int i = 0; i < n; i++) {
        extend(&x, &p[i]);
        if (p[i].value > most) most = p[i].value;
    }
    struct projection pr = project(&x, width);
    double largest = n > CROWDED ? LARGEST * 0.6 : LARGEST;
    svg_open(b, name, width, pr.height);
    bool dots = false;
    for (int i = 0; i < n; i++) {
        if (p[i].value >= 0) continue;
        buf_printf(b, "%sM%.0f %.0fh0", dots ? "" : "<path class=\"dot0\" d=\"", at_x(&pr, &p[i]), at_y(&pr, &p[i]));
        dots = true;
    }
    if (dots) buf_str(b, "\"/>");
    buf_str(b, "<g data-roving=\"\">");
    for (int i = 0; i < n; i++) {
        if (p[i].value < 0) continue;
        double r = largest * sqrt((double)p[i].value / (double)most);
        html(b, "<a href=\"%s\" data-tip=\"%s\n%s\" aria-label=\"%s %s\">", p[i].url, p[i].label, p[i].text,
             p[i].label, p[i].text);
        buf_printf(b, "<circle class=\"nd dot1\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/></a>", at_x(&pr, &p[i]),
                   at_y(&pr, &p[i]), r < 3 ? 3 : r);
    }
    buf_str(b, "</g>");
    point_names(b, &pr, p, n, width);
    buf_str(b, "</svg>");
}

/* --- arcs --- */

static void arc(struct buf *b, const struct projection *pr, const struct map_arc *m, int64_t most)
{
    double x0 = at_x(pr, &m->from), y0 = at_y(pr, &m->from), x1 = at_x(pr, &m->to), y1 = at_y(pr, &m->to);
    double bend = 0.18, cx = (x0 + x1) / 2 + (y1 - y0) * bend, cy = (y0 + y1) / 2 - (x1 - x0) * bend;
    double thick = 1.2 + 3 * sqrt((double)m->weight / (double)most);
    html(b, "<a href=\"%s\" data-tip=\"%s\n%s\" aria-label=\"%s %s\">", m->url, m->label, m->text, m->label, m->text);
    buf_printf(b, "<path class=\"arc\" d=\"M%.1f %.1fQ%.1f %.1f %.1f %.1f\" stroke-width=\"%.1f\"/>",
               x0, y0, cx, cy, x1,
               y1, thick);
    buf_printf(b, "<circle class=\"nd arc-end\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/></a>", x1, y1);
}

/* Those who help are named before those they help. */
static void arc_names(struct buf *b, const struct projection *pr, const struct map_arc *m, int n, bool ends,
                      int width, struct spot *s, int *shown)
{
    for (int i = 0; i < n && *shown < NAMES; i++) {
        const struct map_point *p = ends ? &m[i].to : &m[i].from;
        double x = at_x(pr, p), y = at_y(pr, p) - 8;
        if (!room_for(s, *shown, x, y)) continue;
        s[(*shown)++] = (struct spot){ x, y };
        buf_printf(b, "<text class=\"halo\" aria-hidden=\"true\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x,
                   y < 14 ? 14 : y, x < 60 ? "start" : x > width - 60 ? "end" : "middle");
        html(b, "%s</text>", p->label);
    }
}

void map_arcs(struct buf *b, const char *name, const struct map_arc *m, int n, int width)
{
    struct extent x = { .any = false };
    struct spot s[NAMES];
    int64_t most = 1;
    int shown = 0;
    for (int i = 0; i < n; i++) {
        extend(&x, &m[i].from);
        extend(&x, &m[i].to);
        if (m[i].weight > most) most = m[i].weight;
    }
    struct projection pr = project(&x, width);
    svg_open(b, name, width, pr.height);
    buf_str(b, "<g data-roving=\"\">");
    for (int i = 0; i < n; i++) arc(b, &pr, &m[i], most);
    buf_str(b, "</g>");
    for (int side = 0; side < 2; side++) arc_names(b, &pr, m, n, side == 1, width, s, &shown);
    buf_str(b, "</svg>");
}
