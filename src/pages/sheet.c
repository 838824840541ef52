#include "pages/sheet.h"

#include <string.h>

#include "base/utf8.h"
#include "web/html.h"

#define WIDTH 88 /* columns of the text form */

void sheet_start(struct sheet *s, struct arena *a, bool zh, const char *title)
{
    *s = (struct sheet){ .a = a, .zh = zh, .title = title };
}

static struct sheet_block *push(struct sheet *s, enum sheet_kind kind)
{
    s->at = arena_more(s->a, s->at, s->n, &s->cap, sizeof *s->at);
    s->at[s->n] = (struct sheet_block){ .kind = kind };
    return &s->at[s->n++];
}

void sheet_add(struct sheet *s, enum sheet_kind kind, const char *text)
{
    push(s, kind)->text = text;
}

void sheet_table(struct sheet *s, enum sheet_kind kind, int columns, const bool *right)
{
    push(s, kind)->table = (struct sheet_table){ .columns = columns, .right = right };
}

void sheet_row(struct sheet *s, const char *const *cells)
{
    struct sheet_table *t = &s->at[s->n - 1].table;
    if (t->rows == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 16;
        const char **more = arena_array(s->a, (size_t)t->cap * (size_t)t->columns, sizeof *more);
        const char **urls = arena_array(s->a, (size_t)t->cap, sizeof *urls);
        if (t->rows) memcpy(more, t->cell, (size_t)t->rows * (size_t)t->columns * sizeof *more);
        if (t->rows) memcpy(urls, t->url, (size_t)t->rows * sizeof *urls);
        t->cell = more;
        t->url = urls;
    }
    memcpy(t->cell + (size_t)t->rows++ * (size_t)t->columns, cells, (size_t)t->columns * sizeof *cells);
}

void sheet_leads(struct sheet *s, const char *url)
{
    struct sheet_table *t = &s->at[s->n - 1].table;
    t->url[t->rows - 1] = url;
}

void sheet_way(struct sheet *s, const char *text, const char *url)
{
    if (s->ways < (int)(sizeof s->way / sizeof *s->way)) s->way[s->ways++] = (struct sheet_way){ text, url };
}

static bool right(const struct sheet_table *t, int c)
{
    return t->right && t->right[c];
}

/* --- HTML --- */

static void html_table(const struct sheet_table *t, struct buf *b)
{
    for (int r = 0; r < t->rows; r++) {
        if (r == 0) html(b, "<table class=\"c%d\"><thead>", t->columns);
        html_raw(b, "<tr>");
        for (int c = 0; c < t->columns; c++) {
            const char *cell = t->cell[r * t->columns + c];
            const char *class = right(t, c) ? " class=\"num\"" : "";
            html_raw(b, r == 0 ? "<th" : "<td");
            html_raw(b, class);
            if (r && c == 1 && t->url[r]) html(b, "><a href=\"%s\">%s</a>", t->url[r], cell);
            else html(b, ">%s", cell);
            html_raw(b, r == 0 ? "</th>" : "</td>");
        }
        html_raw(b, r == 0 ? "</tr></thead><tbody>" : "</tr>");
    }
    if (t->rows) html_raw(b, "</tbody></table>");
}

static void html_lines(const struct sheet_table *t, struct buf *b)
{
    html_raw(b, "<dl>");
    for (int r = 0; r < t->rows; r++) {
        const char *value = t->cell[r * t->columns + 1];
        html(b, "<dt>%s</dt>", t->cell[r * t->columns]);
        if (value) html(b, "<dd>%s</dd>", value);
        else html_raw(b, "<dd class=\"fill\"></dd>");
    }
    html_raw(b, "</dl>");
}

static void html_head(const struct sheet *s, struct buf *b)
{
    html(b, "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width,initial-scale=1\"><title>%s</title>", s->zh ? "zh-Hans" : "en", s->title);
}

static void html_body(const struct sheet *s, struct buf *b)
{
    static const char *const open[] = { "<h1>", "<p class=\"under\">", "<h2>", "<p>", "<p class=\"note\">" };
    static const char *const close[] = { "</h1>", "</p>", "</h2>", "</p>", "</p>" };
    html(b, "</head><body class=\"%s\">", s->large ? "sheet large" : "sheet");
    if (s->ways) html_raw(b, "<nav class=\"ways\">");
    for (int i = 0; i < s->ways; i++) html(b, "<a href=\"%s\">%s</a>", s->way[i].url, s->way[i].text);
    html_raw(b, s->ways ? "</nav><main>" : "<main>");
    for (int i = 0; i < s->n; i++) {
        const struct sheet_block *x = &s->at[i];
        if (x->kind == SHEET_TABLE) {
            html_table(&x->table, b);
        } else if (x->kind == SHEET_LINES) {
            html_lines(&x->table, b);
        } else {
            html_raw(b, open[x->kind]);
            html(b, "%s", x->text);
            html_raw(b, close[x->kind]);
        }
    }
    html_raw(b, "</main></body></html>\n");
}

void sheet_html(const struct sheet *s, const char *style, size_t style_n, struct buf *b)
{
    html_head(s, b);
    html_raw(b, "<style>");
    buf_add(b, style, style_n);
    html_raw(b, "</style>");
    html_body(s, b);
}

void sheet_linked(const struct sheet *s, const char *assets, struct buf *b)
{
    html_head(s, b);
    html(b, "<link rel=\"stylesheet\" href=\"%s/print.css\"><link rel=\"icon\" href=\"%s/icon.svg\">", assets, assets);
    html_body(s, b);
}

/* --- text --- */

static int width(const char *s)
{
    return s ? (int)utf8_width(s, strlen(s)) : 0;
}

static void blanks(struct buf *b, int n)
{
    while (n-- > 0) buf_char(b, ' ');
}

static void centred(struct buf *b, const char *s)
{
    blanks(b, (WIDTH - width(s)) / 2);
    buf_printf(b, "%s\n", s);
}

static void text_table(const struct sheet_table *t, struct buf *b)
{
    for (int r = 0; r < t->rows; r++) {
        for (int c = 0; c < t->columns; c++) {
            const char *cell = t->cell[r * t->columns + c];
            int most = 0, own = width(cell);
            for (int k = 0; k < t->rows; k++) {
                int w = width(t->cell[k * t->columns + c]);
                if (w > most) most = w;
            }
            if (c) buf_str(b, "  ");
            if (right(t, c)) blanks(b, most - own);
            if (cell) buf_str(b, cell);
            if (!right(t, c) && c + 1 < t->columns) blanks(b, most - own);
        }
        buf_char(b, '\n');
    }
    buf_char(b, '\n');
}

static void text_lines(const struct sheet_table *t, struct buf *b)
{
    for (int r = 0; r < t->rows; r++) {
        const char *value = t->cell[r * t->columns + 1];
        buf_printf(b, "%s  %s\n", t->cell[r * t->columns], value ? value : "____________________");
    }
    buf_char(b, '\n');
}

void sheet_text(const struct sheet *s, struct buf *b)
{
    for (int i = 0; i < s->n; i++) {
        const struct sheet_block *x = &s->at[i];
        if (x->kind == SHEET_TABLE) text_table(&x->table, b);
        else if (x->kind == SHEET_LINES) text_lines(&x->table, b);
        else if (x->kind <= SHEET_UNDER) centred(b, x->text);
        else buf_printf(b, x->kind == SHEET_HEADING ? "\n== %s ==\n\n" : "%s\n\n", x->text);
    }
}
