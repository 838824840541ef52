/* Charts over time: lines for rates and levels, columns stacked from parts; and any chart as a file. */
#include "web/web.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { HEIGHT = 220, TOP = 26, FOOT = 26, SIDE = 8, GRID = 4 };

struct range { int64_t low, high; };

static struct range range_of(const struct chart_series *s, int n, int points)
{
    struct range r = { 0, 0 };
    for (int i = 0; i < n; i++)
        for (int k = 0; k < points; k++) {
            if (!s[i].known[k]) continue;
            if (s[i].value[k] < r.low) r.low = s[i].value[k];
            if (s[i].value[k] > r.high) r.high = s[i].value[k];
        }
    if (r.low == r.high) r.high = r.low + 1;
    return r;
}

static int at_y(const struct range *r, int64_t v)
{
    double part = ((double)v - (double)r->low) / ((double)r->high - (double)r->low);
    return HEIGHT - FOOT - (int)(part * (HEIGHT - FOOT - TOP) + 0.5);
}

static int at_x(int i, int points, int width)
{
    return points > 1 ? SIDE + (width - 2 * SIDE) * i / (points - 1) : width / 2;
}

static void svg_open(struct buf *b, const char *name, int width)
{
    html(b, "<svg class=\"chart\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"group\" aria-label=\"%s\">",
         width, HEIGHT, width, HEIGHT, name);
}

/* Labels that would run into one another are left out, the last one never. */
static void foot(struct buf *b, const char *const *label, int points, int width)
{
    size_t widest = 1;
    for (int i = 0; i < points; i++) {
        size_t own = utf8_width(label[i], strlen(label[i]));
        if (own > widest) widest = own;
    }
    int room = points > 1 ? (width - 2 * SIDE) / (points - 1) : width;
    int step = room > 0 ? ((int)widest * 8 + 8 + room - 1) / room : points;
    if (step < 1) step = 1;
    for (int i = points - 1; i >= 0; i -= step)
        html(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>", at_x(i, points, width), HEIGHT - 8,
             i == 0 ? "start" : i == points - 1 ? "end" : "middle", label[i]);
}

/* A gap where nothing is known is a gap in the line. */
static void line(struct buf *b, const struct chart_series *s, int class, const struct range *r, int points, int width)
{
    bool pen = false;
    html(b, "<path class=\"ln s%d\" d=\"", class);
    for (int i = 0; i < points; i++) {
        if (s->known[i]) html(b, "%s%d %d", pen ? "L" : "M", at_x(i, points, width), at_y(r, s->value[i]));
        pen = s->known[i];
    }
    buf_str(b, "\"/>");
}

void chart_lines(struct buf *b, const char *name, const struct chart_series *s, int n, const char *const *label,
                 int points, int width)
{
    struct range r = range_of(s, n, points);
    svg_open(b, name, width);
    for (int i = 0; i <= GRID; i++) {
        int y = TOP + (HEIGHT - FOOT - TOP) * i / GRID;
        html(b, "<path class=\"ax\" d=\"M0 %dH%d\"/>", y, width);
    }
    html(b, "<path class=\"ax zero\" d=\"M0 %dH%d\"/>", at_y(&r, 0), width);
    foot(b, label, points, width);
    for (int i = 0; i < n; i++) line(b, &s[i], i % 4 + 1, &r, points, width);
    buf_str(b, "<g data-roving=\"\">");
    for (int i = 0; i < n; i++) {
        int last = -1;
        for (int k = 0; k < points; k++) {
            if (!s[i].known[k]) continue;
            html(b, "<a href=\"%s\" data-tip=\"%s %s\n%s\" aria-label=\"%s %s %s\"><circle class=\"nd f%d\" cx=\"%d\" "
                 "cy=\"%d\" r=\"4\"/><circle class=\"hit\" cx=\"%d\" cy=\"%d\" r=\"12\"/></a>", s[i].url[k], s[i].label,
                 label[k], s[i].text[k], s[i].label, label[k], s[i].text[k], i % 4 + 1, at_x(k, points, width),
                 at_y(&r, s[i].value[k]), at_x(k, points, width), at_y(&r, s[i].value[k]));
            last = k;
        }
        if (last >= 0)
            html(b, "<text class=\"lab\" aria-hidden=\"true\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>",
                 at_x(last, points, width), at_y(&r, s[i].value[last]) - 9, last == 0 && points > 1 ? "start" : "end",
                 s[i].text[last]);
    }
    buf_str(b, "</g></svg>");
}

void chart_stack(struct buf *b, const char *name, const struct chart_stack_mark *m, int n, const char *const *class,
                 int parts, int width)
{
    int64_t most = 1;
    int base = HEIGHT - FOOT, step = n ? width / n : width, thick = step * 6 / 10 > 56 ? 56 : step * 6 / 10;
    for (int i = 0; i < n; i++) {
        int64_t sum = 0;
        for (int k = 0; k < parts; k++) sum += m[i].part[k] > 0 ? m[i].part[k] : 0;
        if (sum > most) most = sum;
    }
    svg_open(b, name, width);
    html(b, "<path class=\"ax zero\" d=\"M0 %dH%d\"/><g data-roving=\"\">", base, width);
    for (int i = 0; i < n; i++) {
        int middle = step * i + step / 2, top = base;
        int64_t below = 0;
        html(b, "<a href=\"%s\" data-tip=\"%s\n%s\" aria-label=\"%s %s\">", m[i].mark.url, m[i].mark.label,
             m[i].mark.text, m[i].mark.label, m[i].mark.text);
        for (int k = 0; k < parts; k++) {
            if (m[i].part[k] <= 0) continue;
            below += m[i].part[k];
            int y = base - (int)((double)below / (double)most * (base - TOP) + 0.5);
            html(b, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>", class[k],
                 middle - thick / 2, y, thick, top - y);
            top = y;
        }
        if (utf8_width(m[i].mark.label, strlen(m[i].mark.label)) * 8 <= (size_t)step)
            html(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>", middle, HEIGHT - 8, m[i].mark.label);
        html(b, "<rect class=\"hit\" x=\"%d\" y=\"0\" width=\"%d\" height=\"%d\"/></a>", step * i, step, HEIGHT);
    }
    buf_str(b, "</g></svg>");
}

/* The colours of the style sheet, for a picture that stands alone. */
static const char alone[] =
    "<style>text{font:13px sans-serif;fill:#43516a}.lab,.nm2,.st,.halo{fill:#16202e}"
    ".lab,.st,.halo{font-weight:600}.ax{stroke:#d8dee8;fill:none}.zero{stroke:#76849a}"
    ".f1,.dot1{fill:#114fab}.f2{fill:#c86203}.f3{fill:#27a2a0}.f4{fill:#80224e}.bed{fill:#eaf0fb}"
    ".hit{fill:none}.ln{fill:none;stroke-width:2}.s1{stroke:#114fab}.s2{stroke:#c86203}"
    ".s3{stroke:#27a2a0}.s4{stroke:#80224e}.p-ok{fill:#1c7a4a}.p-err{fill:#b3261e}"
    ".p-none{fill:#8792a3}.q0{fill:#fff;stroke:#d8dee8}.q1{fill:#dde7f6}.q2{fill:#aac4e8}"
    ".q3{fill:#6f9ad4}.q4{fill:#3b6db5}.q5{fill:#1b3f7f}.tl-w{fill:#fff}.k1{fill:#232c66}"
    ".k2{fill:#2c70b5}.k3{fill:#175c5e}.k4{fill:#7a9c4e}.k5{fill:#8f5a0f}.lk{fill-opacity:.26}"
    ".bx{fill:#fff;stroke:#d8dee8}.in-hand{fill:#fff4d6;stroke:#8a5a00}"
    ".arc{fill:none;stroke:#114fab;stroke-opacity:.4}.arc-end{fill:#c86203}"
    ".dot0{fill:none;stroke:#8792a3;stroke-width:3;stroke-linecap:round;stroke-opacity:.55}"
    ".dot1{fill-opacity:.55}</style>";

void chart_alone(struct buf *b, size_t from)
{
    static const char open[] = "<svg ", space[] = "<svg xmlns=\"http://www.w3.org/2000/svg\" ";
    size_t n = b->n - from;
    char *svg = mem_alloc(n + 1);
    memcpy(svg, b->p + from, n);
    b->n = from;
    if (strncmp(svg, open, strlen(open)) == 0) {
        const char *rest = svg + strlen(open), *end = strchr(rest, '>');
        buf_str(b, space);
        buf_add(b, rest, (size_t)(end + 1 - rest));
        buf_str(b, alone);
        buf_str(b, end + 1);
    }
    free(svg);
}
