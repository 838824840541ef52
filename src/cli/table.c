/* One way to print rows: aligned text, CSV or JSON. */
#include "cli/cli.h"

#include "base/csv.h"
#include "base/json.h"
#include "base/utf8.h"

enum { MAX_COLUMNS = 160 };

struct table_out {
    const struct app *app;
    enum output_format format;
    const struct table_column *cols;
    int n;
    int64_t rows;
    struct arena arena;
    const char ***cells;
    size_t held, cap;
    struct buf line;
};

static void flush_line(struct table_out *t)
{
    fwrite(t->line.p, 1, t->line.n, stdout);
    buf_clear(&t->line);
}

static void csv_cells(struct table_out *t, const char *const *cells)
{
    for (int i = 0; i < t->n; i++) {
        const char *s = cells[i] ? cells[i] : "";
        csv_add(&t->line, s, strlen(s), i == 0, true);
    }
    csv_end_row(&t->line);
    flush_line(t);
}

static void json_cells(struct table_out *t, const char *const *cells)
{
    struct json_out j;
    buf_str(&t->line, t->rows ? ",\n" : "[\n");
    json_start(&j, &t->line);
    json_object(&j);
    for (int i = 0; i < t->n; i++) {
        json_key(&j, t->cols[i].name);
        json_str(&j, cells[i]);
    }
    json_end_object(&j);
    flush_line(t);
}

struct table_out *table_begin(const struct app *app, const struct table_column *cols, int n)
{
    struct table_out *t = mem_alloc(sizeof *t);
    t->app = app;
    t->format = app->format;
    t->cols = cols;
    t->n = n < MAX_COLUMNS ? n : MAX_COLUMNS;
    arena_init(&t->arena, 0);
    buf_init(&t->line, (size_t)64 << 20);
    if (t->format == OUT_CSV) {
        const char *names[MAX_COLUMNS];
        for (int i = 0; i < t->n; i++) names[i] = cols[i].name;
        csv_cells(t, names);
    }
    return t;
}

void table_row(struct table_out *t, const char *const *cells)
{
    if (t->format == OUT_CSV) {
        csv_cells(t, cells);
    } else if (t->format == OUT_JSON) {
        json_cells(t, cells);
    } else {
        t->cells = mem_more(t->cells, t->held, &t->cap, sizeof *t->cells);
        const char **row = arena_array(&t->arena, (size_t)t->n, sizeof *row);
        for (int i = 0; i < t->n; i++) row[i] = arena_strdup(&t->arena, cells[i] ? cells[i] : "");
        t->cells[t->held++] = row;
    }
    t->rows++;
}

static void pad(struct buf *b, size_t count)
{
    while (count-- > 0) buf_char(b, ' ');
}

static void text_line(struct table_out *t, const char *const *cells, const size_t *width)
{
    for (int i = 0; i < t->n; i++) {
        size_t w = utf8_width(cells[i], strlen(cells[i]));
        size_t gap = width[i] > w ? width[i] - w : 0;
        if (i) buf_str(&t->line, "  ");
        if (t->cols[i].right) pad(&t->line, gap);
        buf_str(&t->line, cells[i]);
        if (!t->cols[i].right && i + 1 < t->n) pad(&t->line, gap);
    }
    buf_char(&t->line, '\n');
    flush_line(t);
}

static void text_table(struct table_out *t)
{
    size_t width[MAX_COLUMNS];
    const char *titles[MAX_COLUMNS];
    for (int i = 0; i < t->n; i++) {
        titles[i] = app_word(t->app, t->cols[i].title);
        width[i] = utf8_width(titles[i], strlen(titles[i]));
        for (size_t r = 0; r < t->held; r++) {
            size_t w = utf8_width(t->cells[r][i], strlen(t->cells[r][i]));
            if (w > width[i]) width[i] = w;
        }
    }
    text_line(t, titles, width);
    for (int i = 0; i < t->n; i++) {
        if (i) buf_str(&t->line, "  ");
        for (size_t k = 0; k < width[i]; k++) buf_char(&t->line, '-');
    }
    buf_char(&t->line, '\n');
    for (size_t r = 0; r < t->held; r++) text_line(t, t->cells[r], width);
}

void table_end(struct table_out *t)
{
    if (t->format == OUT_JSON) fputs(t->rows ? "\n]\n" : "[]\n", stdout);
    if (t->format == OUT_TEXT) text_table(t);
    free(t->cells);
    arena_free(&t->arena);
    buf_free(&t->line);
    free(t);
}
