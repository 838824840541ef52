#include "pages/watch.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "pages/face.h"
#include "programme/watch/burden.h"

enum { SHOWN = 50, WEEKS = 8 };

/* --- findings --- */

struct finding { const struct table_map *m; struct val *row; };
struct findings { struct request *q; struct finding *at; int n, cap; bool more; };

/* Kept first: their measures are read while no list is open. */
static bool keep_finding(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct findings *f = arg;
    struct arena *a = f->q->arena;
    (void)e;
    if (f->n == SHOWN) return f->more = true;
    f->at = arena_more(a, f->at, f->n, &f->cap, sizeof *f->at);
    f->at[f->n++] = (struct finding){ m, row_kept(a, m, row) };
    return true;
}

struct measures { int32_t today; int all, done; };

static bool count_measure(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct measures *x = arg;
    struct val done = row_at(m, row, "done_on");
    (void)e;
    x->all++;
    x->done += done.type == VAL_INT && done.i <= x->today;
    return true;
}

static void state_cell(struct request *q, struct buf *b, const struct finding *f)
{
    struct val done = row_at(f->m, f->row, "corrected_on"), due = row_at(f->m, f->row, "due_on");
    bool is_done = done.type == VAL_INT && done.i <= q->today, late = due.type == VAL_INT &&
        due.i < (is_done ? done.i : q->today);
    bool owned = row_at(f->m, f->row, "owner").type == VAL_INT;
    html(b, "<td role=\"cell\" class=\"st half\" data-l=\"%s\"><span class=\"tag %s\">%s</span></td>", tr(q, "State",
            "状态"),
         is_done ? "ok" : late ? "err" : owned ? "" : "warn",
         is_done ? (late ? tr(q, "corrected late", "逾期整改") : tr(q, "corrected", "已整改"))
         : late ? tr(q, "overdue", "已逾期") : owned ? tr(q, "open", "整改中") : tr(q, "nobody's", "未落实"));
}

static bool finding_line(struct request *q, struct buf *b, const struct finding *f, struct err *e)
{
    struct face_view v = { .q = q, .b = b, .m = f->m, .row = f->row, .county = f->row[ROW_COUNTY].i, .id =
                           f->row[ROW_ID].i };
    const struct face_rows rows = { .entity = "supervision_measure", .field = "finding" };
    struct measures x = { .today = q->today };
    if (!face_list(&v, &rows, count_measure, &x, e)) return false;
    row_head(q, b, f->m, f->row, NULL);
    static const char *const fields[] = { "place", "kind", "owner", "found_on", "due_on" };
    for (int i = 0; i < COUNT(fields); i++) field_cell(q, b, f->m, fields[i], f->row);
    table_cell(b, tr(q, "Measures done", "措施办结"), x.all ? arena_printf(q->arena, "%d/%d", x.done, x.all) : "–", true);
    state_cell(q, b, f);
    html_raw(b, "</tr>");
    return true;
}

bool findings_panel(struct request *q, struct buf *b, struct err *e)
{
    static const struct { const char *en, *zh; } heads[] = { { "Finding", "发现的问题" }, { "Place", "地区" }, { "Kind",
            "类别" },
        { "Owner", "整改单位" }, { "Found on", "发现日期" }, { "Due by", "整改时限" }, { "Measures done", "措施办结" },
        { "State", "状态" } };
    const struct table_map *m = model_find(q->seat->model, "supervision_finding");
    struct findings f = { .q = q };
    struct list_query latest = { .limit = SHOWN + 1, .sort = "found_on", .descending = true };
    if (!m || !scope_kind(q->scope, m)) return true;
    if (!list_rows(q->seat->model, q->seat->rows, q->scope, m, &latest, keep_finding, &f, e)) return false;
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s\">%s</a></header>", tr(q,
            "Findings and measures", "问题与整改"),
         page_url(q, "/records/supervision_finding"), tr(q, "All of them", "全部"));
    if (f.n) {
        table_open(b, tr(q, "Findings and measures", "问题与整改"), "stack");
        for (int i = 0; i < COUNT(heads); i++) table_head(b, tr(q, heads[i].en, heads[i].zh), i == 6);
        table_body(b);
    }
    for (int i = 0; i < f.n; i++)
        if (!finding_line(q, b, &f.at[i], e)) return false;
    if (f.n) table_close(b);
    else empty_note(b, tr(q, "No finding is recorded.", "尚无督战发现的问题。"));
    html_raw(b, "</section>");
    return true;
}

/* --- burden --- */

struct asker { int64_t org, fields, again, filled, weeks; };
struct askers { struct request *q; struct asker *at; int n, cap; };

static bool take_burden(void *arg, const struct burden *b, struct err *e)
{
    struct askers *x = arg;
    struct place_range own = place_own_range(b->place);
    int i = 0;
    (void)e;
    if (!scope_holds(x->q->scope, &own, 1)) return true;
    while (i < x->n && x->at[i].org != b->org) i++;
    if (i == x->n) {
        x->at = arena_more(x->q->arena, x->at, x->n, &x->cap, sizeof *x->at);
        x->at[x->n++] = (struct asker){ .org = b->org };
    }
    x->at[i].fields += b->fields;
    x->at[i].again += b->again;
    x->at[i].filled += b->filled;
    x->at[i].weeks++;
    return true;
}

static int heavier(const void *a, const void *b)
{
    const struct asker *x = a, *y = b;
    if (x->fields != y->fields) return x->fields > y->fields ? -1 : 1;
    return x->org < y->org ? -1 : x->org > y->org;
}

bool burden_panel(struct request *q, struct buf *b, const struct watch *w, struct err *e)
{
    static const struct { const char *en, *zh; } heads[] = { { "Village weeks", "村·周次" }, { "Fields asked", "需填项数" },
        { "Asked by others too", "重复索要" }, { "Filled by the system", "系统已填" } };
    struct askers x = { .q = q };
    bool one = place_level(w->place) >= 3;
    if (one && !burden_read(w, q->today - WEEKS * 7, take_burden, &x, e)) return false;
    if (x.n) qsort(x.at, (size_t)x.n, sizeof *x.at, heavier);
    html(b, "<section class=\"panel\"><h2>%s</h2>", arena_printf(q->arena, tr(q,
            "What villages were asked to fill in, last %d weeks",
         "近 %d 周向村级索要的报表"), WEEKS));
    if (x.n) {
        table_open(b, tr(q, "Burden of forms", "填报负担"), "stack");
        table_head(b, tr(q, "Asked by", "索要单位"), false);
        for (int i = 0; i < COUNT(heads); i++) table_head(b, tr(q, heads[i].en, heads[i].zh), true);
        table_body(b);
    }
    for (int i = 0; i < x.n; i++) {
        const int64_t n[] = { x.at[i].weeks, x.at[i].fields, x.at[i].again, x.at[i].filled };
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%s</th>", x.at[i].org ? org_title(q, x.at[i].org)
             : tr(q, "nobody named", "未注明"));
        for (int k = 0; k < COUNT(n); k++) table_cell(b, tr(q, heads[k].en, heads[k].zh), number_text(q, n[k], 0),
                                                      true);
        html_raw(b, "</tr>");
    }
    if (x.n) table_close(b);
    else if (!one) empty_note(b, tr(q, "Told for one county: choose it above.", "按县查看，请在上方选择。"));
    else empty_note(b, tr(q, "No form fell due in the villages that you may see.", "您可见的村近期无应填报表。"));
    html_raw(b, "</section>");
    return true;
}
