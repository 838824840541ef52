/* Who has answered the forms that are asked: for who asks them, and who oversees their places. */
#include "pages/watch.h"

#include "base/date.h"
#include "programme/watch/burden.h"

enum { AHEAD = 14, NAMED = 12 };

struct answers { struct request *q; struct buf *b; int shown; };

/* Who asked, and who holds all the places, see every answer; others those of their own places. */
static bool mine(const struct request *q, const struct burden_answers *a, int64_t place)
{
    struct place_range all = place_own_range(a->place), own = place_own_range(place);
    return q->scope->everywhere || (a->org && scope_owns(q->scope, a->org)) ||
           (a->place && scope_holds(q->scope, &all, 1)) || scope_holds(q->scope, &own, 1);
}

static void missing(struct answers *x, const struct burden_answers *a)
{
    struct request *q = x->q;
    int named = 0, more = 0;
    html(x->b, "<td role=\"cell\" data-l=\"%s\">", tr(q, "Not yet", "未报"));
    for (int i = 0; i < a->n; i++) {
        if (a->done[i] || !mine(q, a, a->asked[i])) continue;
        if (named == NAMED) {
            more++;
            continue;
        }
        html(x->b, "%s<a href=\"%s\">%s</a>", named++ ? tr(q, ", ", "、") : "",
             page_url(q, "/places/%012lld", (long long)a->asked[i]), place_name(q, a->asked[i]));
    }
    if (more) html(x->b, " %s", arena_printf(q->arena, tr(q, "and %d more", "等另 %d 个"), more));
    html(x->b, "%s</td>", named ? "" : "–");
}

static bool row(void *arg, const struct burden_answers *a, struct err *e)
{
    struct answers *x = arg;
    struct request *q = x->q;
    const struct table_map *m = model_find(q->seat->model, "asked_form");
    int asked = 0, done = 0;
    char day[DATE_TEXT];
    (void)e;
    for (int i = 0; i < a->n; i++)
        if (mine(q, a, a->asked[i])) asked++, done += a->done[i];
    if (!asked) return true;
    x->shown++;
    date_format(a->due, day);
    html(x->b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a><span "
         "class=\"why\">%s</span></th>", record_url(q, m, a->county, a->id), a->title,
         a->org ? org_title(q, a->org) : tr(q, "nobody named", "未注明"));
    table_cell(x->b, tr(q, "For the day", "应报日期"), date_text(q, a->due, true), false);
    html(x->b, "<td role=\"cell\" class=\"num\" data-l=\"%s\">", tr(q, "Answered", "已报"));
    html(x->b, "<a href=\"%s\">%s</a>", page_url(q, "/records/form_answer?f.asked_form=%lld&f.due_on=%s",
         (long long)a->id, day), arena_printf(q->arena, "%d/%d", done, asked));
    chart_mini(x->b, done, asked);
    html_raw(x->b, "</td>");
    missing(x, a);
    html_raw(x->b, "</tr>");
    return true;
}

bool answers_panel(struct request *q, struct buf *b, const struct watch *w, struct err *e)
{
    static const struct { const char *en, *zh; } heads[] = { { "Form", "报表" }, { "For the day", "应报日期" },
        { "Answered", "已报" }, { "Not yet", "未报" } };
    struct answers x = { .q = q, .b = b };
    if (!scope_reads(q->scope, ACCESS_PEOPLE)) return true;
    html(b, "<section class=\"panel\" id=\"answers\"><header><h2>%s</h2><a href=\"%s\">%s</a></header>",
         tr(q, "Forms that are asked: who has answered", "报表填报进度"), page_url(q, "/records/asked_form"),
         tr(q, "All of them", "全部"));
    size_t from = b->n;
    table_open(b, tr(q, "Who has answered", "填报进度"), "stack");
    for (int i = 0; i < COUNT(heads); i++) table_head(b, tr(q, heads[i].en, heads[i].zh), i == 2);
    table_body(b);
    if (!burden_answers(w, AHEAD, row, &x, e)) return false;
    table_close(b);
    if (!x.shown) {
        b->n = from;
        empty_note(b, tr(q, "No form is due in the places that you may see.", "您可见的地区近期无应报报表。"));
    }
    html_raw(b, "</section>");
    return true;
}
