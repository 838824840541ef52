/* The choropleth: outlines projected to half pixels, points that fall together left out. */
#include "web/map.h"

#include <math.h>

#include "web/html.h"

enum { MARGIN = 4, TALLEST = 760, FINE = 2 };
static const double DEGREE = 3.14159265358979 / 180;

/* --- reading an outline: whole thousandths of a degree --- */

struct walk { const char *p, *end; int64_t x, y; bool starts; };

static bool step_number(struct walk *w, int64_t *out)
{
    bool minus = false;
    int64_t v = 0;
    while (w->p < w->end && (*w->p == ' ' || *w->p == 'M')) w->p++;
    if (w->p < w->end && *w->p == '-') minus = true, w->p++;
    if (w->p >= w->end || *w->p < '0' || *w->p > '9') return false;
    while (w->p < w->end && *w->p >= '0' && *w->p <= '9' && v < 1000000) v = v * 10 + (*w->p++ - '0');
    *out = minus ? -v : v;
    return true;
}

/* The next point; starts: it begins a ring. */
static bool walk_on(struct walk *w)
{
    int64_t x, y;
    while (w->p < w->end && *w->p == ' ') w->p++;
    w->starts = w->p < w->end && *w->p == 'M';
    if (!step_number(w, &x) || !step_number(w, &y)) return false;
    w->x = w->starts ? x : w->x + x;
    w->y = w->starts ? y : w->y + y;
    return true;
}

static struct walk walk_of(const struct map_shape *s) { return (struct walk){ .p = s->shape, .end = s->shape + s->n }; }

/* --- projection --- */

struct frame { double left, top, scale, narrow; int height; };

static struct frame frame_of(const struct map_shape *s, int n, int width)
{
    double west = 1e9, east = -1e9, south = 1e9, north = -1e9;
    for (int i = 0; i < n; i++)
        for (struct walk w = walk_of(&s[i]); walk_on(&w);) {
            if ((double)w.x < west) west = (double)w.x;
            if ((double)w.x > east) east = (double)w.x;
            if ((double)w.y < south) south = (double)w.y;
            if ((double)w.y > north) north = (double)w.y;
        }
    if (west > east) west = east = south = north = 0;
    struct frame f = { .narrow = cos((south + north) / 2000 * DEGREE) };
    double wide = (east - west) * f.narrow, tall = north - south;
    f.scale = (width - 2 * MARGIN) / (wide > 1 ? wide : 1);
    if (f.scale * tall > TALLEST - 2 * MARGIN) f.scale = (TALLEST - 2 * MARGIN) / tall;
    f.left = (width - wide * f.scale) / 2 - west * f.narrow * f.scale;
    f.top = MARGIN + north * f.scale;
    f.height = (int)(tall * f.scale) + 2 * MARGIN;
    return f;
}

struct dot { int x, y; };

static struct dot dot_of(const struct frame *f, const struct walk *w)
{
    double x = f->left + (double)w->x * f->narrow * f->scale, y = f->top - (double)w->y * f->scale;
    return (struct dot){ (int)lround(x * FINE), (int)lround(y * FINE) };
}

/* --- drawing --- */

static void outline(struct buf *b, const struct frame *f, const struct map_shape *s)
{
    struct dot last = { 0, 0 };
    bool open = false;
    for (struct walk w = walk_of(s); walk_on(&w);) {
        struct dot p = dot_of(f, &w);
        if (w.starts) {
            buf_printf(b, "%sM%d %d", open ? "z" : "", p.x, p.y);
            open = true;
        } else if (p.x != last.x || p.y != last.y) {
            buf_printf(b, "l%d %d", p.x - last.x, p.y - last.y);
        }
        last = p;
    }
    if (open) buf_char(b, 'z');
}

void map_shapes(struct buf *b, const char *name, const struct map_shape *s, int n, int width)
{
    struct frame f = frame_of(s, n, width);
    html(b, "<svg class=\"chart fit\" viewBox=\"0 0 %d %d\" role=\"group\" aria-label=\"%s\">"
         "<g data-roving=\"\">", width * FINE, f.height * FINE, name);
    for (int i = 0; i < n; i++) {
        html(b, "<a href=\"%s\" data-tip=\"%s\n%s\" aria-label=\"%s %s\"><path class=\"nd sh q%d\" d=\"", s[i].url,
             s[i].label, s[i].text, s[i].label, s[i].text, s[i].class);
        outline(b, &f, &s[i]);
        buf_str(b, "\"/></a>");
    }
    buf_str(b, "</g></svg>");
}
