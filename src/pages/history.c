/* The history of a record: each entry with what it changed, by whom, and the way back. */
#include "pages/history.h"

#include <string.h>

#include "entity/load.h"
#include "programme/access/access.h"

const char *actor_name(struct request *q, int64_t actor)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    bool found = false;
    if (!actor) return tr(q, "command line", "命令行");
    if (!account_get(q->seat->model, q->seat->db, actor, q->arena, row, &found, &e) || !found) return "?";
    return arena_strndup(q->arena, row[ROW_FIRST + ACCOUNT_LOGIN].p, row[ROW_FIRST + ACCOUNT_LOGIN].n);
}

void row_difference(struct request *q, struct buf *b, const struct table_map *m, const struct val *was,
                    const char *before, const struct val *is, const char *after)
{
    table_open(b, arena_printf(q->arena, q->zh ? "%s、%s" : "%s, %s", before, after), "stack");
    table_head(b, tr(q, "Field", "字段"), false);
    table_head(b, before, false);
    table_head(b, after, false);
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
    for (int i = 0; i < m->fields; i++) {
        int c = m->column[i];
        struct val x = was ? was[c] : val_null(), y = is ? is[c] : val_null();
        if (val_equal(x, y)) continue;
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%s</th><td role=\"cell\" data-l=\"%s\">",
             q->zh ? m->field[i].zh : m->field[i].en, before);
        if (was) cell_write(q, b, m, i, was);
        html(b, "</td><td role=\"cell\" data-l=\"%s\">", after);
        if (is) cell_write(q, b, m, i, is);
        html_raw(b, "</td></tr>");
    }
    html_raw(b, "</tbody></table></div>");
}

bool image_read(struct request *q, const struct table_map *m, int64_t writer, int64_t seq, int64_t county,
                struct val *row, bool *found, struct err *e)
{
    struct val *image;
    int n = 0;
    *found = false;
    if (!journal_image(q->seat->db, writer, seq, county, q->arena, &image, &n, e)) return false;
    *found = n && map_from_image(m, image, n, row);
    return true;
}

/* --- a record's own --- */

/* The latest are shown; older ones lie in the journal. */
enum { SHOWN = 20, KEPT = 200 };
struct reading { struct journal_row at[KEPT]; int n, passed; };

static bool keep(void *arg, const struct journal_row *j, struct err *e)
{
    struct reading *x = arg;
    (void)e;
    if (x->n == KEPT) {
        memmove(x->at, x->at + 1, sizeof x->at[0] * (KEPT - 1));
        x->n--;
        x->passed++;
    }
    x->at[x->n] = *j;
    x->at[x->n++].body = NULL;
    return true;
}

static void undo_link(struct request *q, struct buf *b, const struct table_map *m, const struct journal_row *j,
                      bool writes)
{
    if (!writes || j->kind != JOURNAL_UPDATE) return;
    html(b, " <a href=\"%s/edit?as=%lld-%lld\">%s</a>", record_url(q, m, j->county, j->id), (long long)j->writer,
         (long long)j->seq, tr(q, "Put it back as it was before", "恢复到此前"));
}

/* One entry; `is` is the row after it, and becomes the row before it. */
static bool entry(struct request *q, struct buf *b, const struct table_map *m, const struct journal_row *j,
                  struct val *is, bool *known, bool writes, struct err *e)
{
    const char *what = j->kind == JOURNAL_UPDATE ? tr(q, "Changed", "更改")
                     : j->kind == JOURNAL_DELETE ? tr(q, "Deleted", "删除") : tr(q, "Recorded", "登记");
    struct val was[ENTITY_MAX_COLUMNS + 1];
    bool found = false;
    html(b, "<li><time>%s</time><span>%s%s%s", instant_text(q, j->at), what, q->zh ? "：" : ", ",
         actor_name(q, j->actor));
    if (j->kind == JOURNAL_UPDATE && !image_read(q, m, j->writer, j->seq, j->county, was, &found, e)) return false;
    if (found && *known) {
        html(b, "</span><details class=\"twin\"><summary>%s</summary>", tr(q, "Before and after", "变动前后"));
        row_difference(q, b, m, was, tr(q, "Before", "之前"), is, tr(q, "After", "之后"));
        undo_link(q, b, m, j, writes);
        html_raw(b, "</details></li>");
    } else {
        html(b, "%s</span></li>", j->kind != JOURNAL_UPDATE ? ""
             : tr(q, "; what it held before was erased", "；此前内容已清除"));
    }
    if (j->kind == JOURNAL_UPDATE) *known = found;
    if (found) memcpy(is, was, sizeof was[0] * (size_t)(m->columns + 1));
    return true;
}

bool history_list(struct request *q, struct buf *b, const struct table_map *m, const struct val *row, bool writes,
                  struct err *e)
{
    struct reading *x = arena_alloc(q->arena, sizeof *x);
    struct val is[ENTITY_MAX_COLUMNS + 1];
    bool known = true;
    x->n = x->passed = 0;
    memcpy(is, row, sizeof is[0] * (size_t)(m->columns + 1));
    if (!journal_of(q->seat->db, m->entity->number, row[ROW_COUNTY].i, row[ROW_ID].i, keep, x, e)) return false;
    html_raw(b, "<ul class=\"tl\">");
    for (int i = x->n - 1; i >= 0 && i >= x->n - SHOWN; i--)
        if (!entry(q, b, m, &x->at[i], is, &known, writes, e)) return false;
    if (x->passed || x->n > SHOWN)
        html(b, "<li>%s</li>", arena_printf(q->arena, tr(q, "%d earlier changes are in the journal.", "更早的 %d 次变动见日志。"),
                                            x->passed + x->n - SHOWN));
    if (row[ROW_LOAD].i)
        html(b, "<li><time>%s</time><span>%s</span></li>",
             x->n ? "" : instant_text(q, row[ROW_RECORDED].i), arena_printf(q->arena,
             tr(q, "Came with load %lld", "随第 %lld 次载入"), (long long)row[ROW_LOAD].i));
    html_raw(b, "</ul>");
    return true;
}
