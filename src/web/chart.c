/* Charts: text at its own size at every width, a link in every mark, nothing scaled. */
#include "web/web.h"

#include <string.h>

#include "base/utf8.h"

enum { BAR_STEP = 34, BAR_LABEL = 20, COLUMN_HEIGHT = 200, COLUMN_TOP = 24, COLUMN_FOOT = 26 };

static int scaled(int64_t value, int64_t max, int length)
{
    if (value <= 0 || max <= 0) return 0;
    int n = (int)((double)value / (double)max * (double)length + 0.5);
    return n < 2 ? 2 : n;
}

static int64_t largest(const struct chart_mark *m, int n)
{
    int64_t max = 0;
    for (int i = 0; i < n; i++)
        if (m[i].value > max) max = m[i].value;
    return max;
}

/* A label that fits `columns` half-width signs, cut with an ellipsis. */
static void label(struct buf *b, const char *s, int columns)
{
    size_t n = strlen(s);
    if (utf8_width(s, n) <= (size_t)columns) {
        html_text(b, s, n);
        return;
    }
    while (n > 0 && utf8_width(s, n) > (size_t)(columns - 1)) n = utf8_cut(s, n, n - 1);
    html_text(b, s, n);
    buf_str(b, "…");
}

/* A mark is called by the text in it; `name` when not all of that is drawn. */
static void mark_open(struct buf *b, const struct chart_mark *m, bool name)
{
    html(b, "<a href=\"%s\" data-tip=\"%s\n%s\"", m->url, m->label, m->text);
    if (name) html(b, " aria-label=\"%s %s\"", m->label, m->text);
    buf_char(b, '>');
}

void chart_bars(struct buf *b, const char *name, const struct chart_mark *marks, int n, int width)
{
    int64_t max = largest(marks, n);
    int height = n * (BAR_STEP + 8);
    html(b, "<svg class=\"chart\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"group\" "
         "aria-label=\"%s\"><g data-roving=\"\">", width, height, width, height, name);
    for (int i = 0; i < n; i++) {
        int y = i * (BAR_STEP + 8);
        size_t text = utf8_width(marks[i].text, strlen(marks[i].text));
        mark_open(b, &marks[i], false);
        html(b, "<text class=\"nm2\" x=\"0\" y=\"%d\">", y + 14);
        label(b, marks[i].label, (width - (int)text * 8) / 8);
        html(b, "</text><text class=\"lab\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
             "<rect class=\"bed\" x=\"0\" y=\"%d\" width=\"%d\" height=\"10\" rx=\"2\"/>"
             "<rect class=\"f1\" x=\"0\" y=\"%d\" width=\"%d\" height=\"10\" rx=\"2\"/>"
             "<rect class=\"hit\" x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\"/></a>",
             width, y + 14, marks[i].text, y + BAR_LABEL, width, y + BAR_LABEL,
             scaled(marks[i].value, max, width), y, width, BAR_STEP);
    }
    buf_str(b, "</g></svg>");
}

void chart_columns(struct buf *b, const char *name, const struct chart_mark *marks, int n, int width)
{
    int64_t max = largest(marks, n);
    int base = COLUMN_HEIGHT - COLUMN_FOOT, tall = base - COLUMN_TOP;
    int step = n ? width / n : width, thick = step * 6 / 10 > 56 ? 56 : step * 6 / 10;
    html(b, "<svg class=\"chart\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"group\" "
         "aria-label=\"%s\">", width, COLUMN_HEIGHT, width, COLUMN_HEIGHT, name);
    html(b, "<path class=\"ax zero\" d=\"M0 %dH%d\"/><g data-roving=\"\">", base, width);
    for (int i = 0; i < n; i++) {
        int middle = step * i + step / 2, h = scaled(marks[i].value, max, tall);
        size_t wide = utf8_width(marks[i].text, strlen(marks[i].text)) * 8;
        mark_open(b, &marks[i], wide > (size_t)step);
        html(b, "<rect class=\"f1\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
             middle - thick / 2, base - h, thick, h);
        if (wide <= (size_t)step)
            html(b, "<text class=\"lab\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>", middle,
                 base - h - 6, marks[i].text);
        html(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>"
             "<rect class=\"hit\" x=\"%d\" y=\"0\" width=\"%d\" height=\"%d\"/></a>", middle,
             COLUMN_HEIGHT - 8, marks[i].label, step * i, step, COLUMN_HEIGHT);
    }
    buf_str(b, "</g></svg>");
}

void chart_split(struct buf *b, const struct chart_part *parts, int n, int width, int height)
{
    int64_t sum = 0, before = 0;
    for (int i = 0; i < n; i++) sum += parts[i].value > 0 ? parts[i].value : 0;
    html(b, "<svg class=\"split\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" "
         "aria-hidden=\"true\">", width, height);
    for (int i = 0; i < n && sum; i++) {
        if (parts[i].value <= 0) continue;
        int x = (int)(before * width / sum), end = (int)((before + parts[i].value) * width / sum);
        html(b, "<rect class=\"%s\" x=\"%d\" width=\"%d\" height=\"%d\"/>", parts[i].class, x,
             end - x, height);
        before += parts[i].value;
    }
    buf_str(b, "</svg>");
}

void chart_mini(struct buf *b, int64_t value, int64_t max)
{
    html(b, "<svg width=\"84\" height=\"10\" aria-hidden=\"true\"><rect class=\"bed\" width=\"84\" "
         "height=\"10\" rx=\"2\"/><rect class=\"f1\" width=\"%d\" height=\"10\" rx=\"2\"/></svg>",
         scaled(value, max, 84));
}
