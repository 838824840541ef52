#include "pages/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"

void timeline_add(struct timeline *t, struct arena *a, const struct timeline_event *x)
{
    t->at = arena_more(a, t->at, t->n, &t->cap, sizeof *t->at);
    t->at[t->n++] = *x;
}

struct reading { struct timeline *t; struct face_view *v; const struct timeline_source *s; int n; };

static const char *joined(struct request *q, const struct timeline_source *s, const struct table_map *m,
                          const struct val *row)
{
    const char *text = "";
    for (int i = 0; i < TIMELINE_WORDS && s->words[i]; i++) {
        const char *word = row_words(q, m, row, s->words[i]);
        if (*word) text = arena_printf(q->arena, "%s%s%s", text, *text ? (q->zh ? "，" : ", ") : "", word);
    }
    return text;
}

static int32_t day_of(const struct timeline_source *s, const struct table_map *m, const struct val *row)
{
    for (int i = 0; i < TIMELINE_DATES && s->day[i]; i++) {
        struct val v = row_at(m, row, s->day[i]);
        if (v.type == VAL_INT) return (int32_t)v.i;
    }
    return DATE_MIN;
}

/* The document it was taken from, where who looks may see it. */
static void source_of(struct request *q, const struct table_map *m, const struct val *row, struct timeline_event *x)
{
    const struct table_map *to = model_find(q->seat->model, "document");
    struct val v = row_at(m, row, "source");
    if (!to || v.type != VAL_INT || !scope_kind(q->scope, to)) return;
    x->from = ref_title(q, to, 0, v.i);
    x->from_url = record_url(q, to, 0, v.i);
}

static bool take(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct reading *r = arg;
    struct request *q = r->v->q;
    (void)e;
    if (++r->n > TIMELINE_EACH) return r->t->more = true;
    struct timeline_event x = { .day = day_of(r->s, m, row), .kind = entity_label(q, m->entity),
        .what = joined(q, r->s, m, row), .who = "", .url = row_url(q, m, row[ROW_COUNTY].i, row[ROW_ID].i),
        .draft = row[ROW_DRAFT].type == VAL_INT && row[ROW_DRAFT].i };
    struct val amount = r->s->amount ? row_at(m, row, r->s->amount) : val_null();
    struct val who = r->s->who ? row_at(m, row, r->s->who) : val_null();
    if (amount.type == VAL_INT) x.has_amount = true, x.amount = amount.i;
    if (who.type == VAL_INT) x.who = org_title(q, who.i);
    x.due = x.day > q->today;
    source_of(q, m, row, &x);
    timeline_add(r->t, q->arena, &x);
    return true;
}

bool timeline_read(struct timeline *t, struct face_view *v, const struct timeline_source *s, struct err *e)
{
    struct reading r = { t, v, s, 0 };
    struct face_rows rows = { .entity = s->entity, .field = s->field, .limit = TIMELINE_EACH + 1,
                              .sort = arena_printf(v->q->arena, "-%s", s->day[0]) };
    return face_list(v, &rows, take, &r, e);
}

/* The latest first; what has no day comes last. */
static int newer(const void *a, const void *b)
{
    const struct timeline_event *x = a, *y = b;
    if (x->day != y->day) return x->day > y->day ? -1 : 1;
    return strcmp(x->url, y->url);
}

static void event_line(struct request *q, struct buf *b, const struct timeline_event *x)
{
    html(b, "<li class=\"%s\"><time>%s</time><div><a href=\"%s\">%s</a>", x->due ? "due" : "",
         x->day == DATE_MIN ? tr(q, "not dated", "无日期") : date_text(q, x->day, true), x->url, x->kind);
    if (*x->what) html(b, "%s%s", q->zh ? "：" : ": ", x->what);
    if (x->has_amount) html(b, "%s<b class=\"sum\">%s</b>", q->zh ? "，" : ", ", money_text(q, x->amount, false));
    if (x->late) html(b, " <span class=\"tag err\">%s</span>", tr(q, "overdue", "已逾期"));
    else if (x->due) html(b, " <span class=\"tag\">%s</span>", tr(q, "due", "待办"));
    if (x->draft) html(b, " <span class=\"tag warn\">%s</span>", tr(q, "draft", "草稿"));
    html_raw(b, "<span class=\"why\">");
    if (*x->who) html(b, "%s", x->who);
    if (x->from) html(b, "%s%s <a href=\"%s\">%s</a>", *x->who ? (q->zh ? "；" : "; ") : "", tr(q, "source:",
            "来源："),
                      x->from_url, x->from);
    html_raw(b, "</span></div></li>");
}

void timeline_panel(struct request *q, struct buf *b, struct timeline *t, const char *empty)
{
    int year = INT32_MAX;
    if (t->n) qsort(t->at, (size_t)t->n, sizeof *t->at, newer);
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "What happened", "大事记"));
    for (int i = 0; i < t->n; i++) {
        const struct timeline_event *x = &t->at[i];
        int own = x->day == DATE_MIN ? INT32_MIN : date_civil(x->day).year;
        if (own != year) {
            if (i) html_raw(b, "</ul>");
            if (own == INT32_MIN) html(b, "<h3>%s</h3>", tr(q, "Day not known", "日期不明"));
            else html(b, "<h3>%d%s</h3>", own, q->zh ? " 年" : "");
            html_raw(b, "<ul class=\"events\">");
        }
        year = own;
        event_line(q, b, x);
    }
    if (t->n) html_raw(b, "</ul>");
    else empty_note(b, empty);
    if (t->more)
        html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena, tr(q,
             "Of each kind the latest %d; the lists hold all of them.",
                 "每类仅列最近 %d 条，其余见各列表。"), TIMELINE_EACH));
    html_raw(b, "</section>");
}
