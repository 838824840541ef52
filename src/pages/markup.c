/* Small markup that the pages share. */
#include "pages/parts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/money.h"

void crumb_begin(struct request *q, struct buf *b)
{
    html(b, "<nav aria-label=\"%s\"><ol class=\"crumbs\">", tr(q, "Where you are", "当前位置"));
}

void crumb(struct buf *b, const char *url, const char *text)
{
    if (url) html(b, "<li><a href=\"%s\">%s</a></li>", url, text);
    else html(b, "<li aria-current=\"page\">%s</li>", text);
}

void crumb_end(struct buf *b)
{
    html_raw(b, "</ol></nav>");
}

void crumb_places(struct request *q, struct buf *b, int64_t place)
{
    for (int level = 1; level < place_level(place); level++) {
        int64_t up = place_up(place, level);
        if (level > 1 && up == place_up(place, level - 1)) continue;
        if (place_is_bracket(q, up)) continue;
        crumb(b, page_url(q, "/places/%012lld", (long long)up), place_name(q, up));
    }
}

void head_begin(struct buf *b, const char *title, const char *lede)
{
    html(b, "<div class=\"head\"><div><h1>%s</h1>", title);
    if (lede && *lede) html(b, "<p class=\"lede\">%s</p>", lede);
    html_raw(b, "</div><div class=\"acts\">");
}

void head_end(struct buf *b)
{
    html_raw(b, "</div></div>");
}

void empty_note(struct buf *b, const char *text)
{
    html(b, "<p class=\"empty\">%s</p>", text);
}

void table_open(struct buf *b, const char *caption, const char *class)
{
    html(b, "<div class=\"scroll\"><table class=\"%s\" role=\"table\"><caption class=\"vh\">%s"
         "</caption><thead role=\"rowgroup\"><tr role=\"row\">", class, caption);
}

void table_head(struct buf *b, const char *text, bool right)
{
    html_raw(b, right ? "<th scope=\"col\" role=\"columnheader\" class=\"num\">"
                      : "<th scope=\"col\" role=\"columnheader\">");
    html(b, "<span>%s</span></th>", text);
}

void table_body(struct buf *b)
{
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
}

void table_close(struct buf *b)
{
    html_raw(b, "</tbody></table></div>");
}

void table_cell(struct buf *b, const char *label, const char *text, bool right)
{
    html(b, "<td role=\"cell\" class=\"%s\" data-l=\"%s\">%s</td>", right ? "num" : "", label, text);
}

void csv_answer(struct response *r, const char *name, const char *const *heads, int n)
{
    buf_str(&r->body, "\xEF\xBB\xBF");
    csv_put(r, heads, n);
    r->type = "text/csv; charset=utf-8";
    r->filename = name;
}

void csv_put(struct response *r, const char *const *cells, int n)
{
    for (int i = 0; i < n; i++) csv_add(&r->body, cells[i] ? cells[i] : "", cells[i] ? strlen(cells[i]) : 0, i == 0,
                                        true);
    csv_end_row(&r->body);
}

const char *yuan_text(struct request *q, int64_t fen)
{
    char text[DECIMAL_TEXT];
    decimal_format(fen, 2, text);
    return arena_strdup(q->arena, text);
}

bool temp_path(struct request *q, const char *suffix, const char **out, struct err *e)
{
    const char *dir = getenv("TMPDIR");
    char *path = arena_printf(q->arena, "%s/jiedui-XXXXXX%s", dir && *dir ? dir : "/tmp", suffix);
    int fd = mkstemps(path, (int)strlen(suffix));
    if (fd < 0) return err_set(e, ERR_FULL, "no file can be made in %s: %s", dir ? dir : "/tmp",
                               strerror(errno));
    close(fd);
    *out = path;
    return true;
}
