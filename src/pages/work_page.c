/* Work: what waits for who looks, by kind, place and due; each item with its facts and the act that is next.
 * Words of one organisation on many records are said at once, each of them written or told why not. */
#include "pages/work.h"

#include <string.h>

#include "base/date.h"
#include "pages/form.h"
#include "pages/word.h"
#include "web/form.h"

enum { SHOWN = 20, LAGGARDS = 8, TOLD = 20 };

static const char *const dues[] = { "any", "overdue", "week" };

static bool filter_read(struct request *q, struct work_filter *f, struct err *e)
{
    const char *kind = request_param(q, "kind"), *due = request_param(q, "due"), *place = request_param(q, "place");
    const struct places *p = q->seat->model->places;
    *f = (struct work_filter){ .kind = -1 };
    for (int i = 0; kind && i < WORK_KINDS; i++)
        if (!strcmp(kind, work_kind_code((enum work_kind)i))) f->kind = i;
    for (int i = 0; due && i < COUNT(dues); i++)
        if (!strcmp(due, dues[i])) f->due = (enum work_due)i;
    return !place || p->resolve(p->arg, q->seat->db, place, strlen(place), &f->place, e);
}

static void filter_form(struct request *q, struct buf *b, const struct work_filter *f, const char *wrong)
{
    static const struct { const char *en, *zh; } due[] = { { "any", "不限" }, { "overdue", "已逾期" }, { "within 7 days",
            "7 天内" } };
    html(b, "<form method=\"get\" action=\"%s\" aria-label=\"%s\"><div class=\"tools after\"><label "
    "class=\"sel\"><span>%s</span>"
         "<select name=\"kind\"><option value=\"\">%s</option>", page_url(q, "/work"), tr(q, "Filter", "筛选"), tr(q,
                 "Kind", "类别"),
         tr(q, "all", "全部"));
    for (int i = 0; i < WORK_KINDS; i++) {
        enum work_kind k = work_order(q)[i];
        html(b, "<option value=\"%s\"%s>%s</option>", work_kind_code(k), f->kind == (int)k ? " selected" : "",
             work_kind_name(q, k));
    }
    html(b, "</select></label><label class=\"sel\"><span>%s</span><input type=\"text\" name=\"place\" value=\"%s\" "
         "placeholder=\"%s\"></label><label class=\"sel\"><span>%s</span><select name=\"due\">", tr(q, "Place", "地区"),
         request_param(q, "place"), tr(q, "All places", "全部地区"), tr(q, "Due", "时限"));
    for (int i = 0; i < COUNT(due); i++)
        html(b, "<option value=\"%s\"%s>%s</option>", dues[i], f->due == (enum work_due)i ? " selected" : "",
             tr(q, due[i].en, due[i].zh));
    html(b, "</select></label><button class=\"btn sm\" type=\"submit\">%s</button></div>", tr(q, "Show", "查看"));
    if (wrong) html(b, "<p class=\"emsg\" role=\"alert\">%s</p>", wrong);
    html_raw(b, "</form>");
}

/* --- one item --- */

static void due_tag(struct request *q, struct buf *b, const struct work_item *x)
{
    int days = x->due - q->today;
    if (x->due == DATE_MAX) return;
    if (x->kind == WORK_IDLE) days = -(q->today - x->due);
    if (days < 0)
        html(b, "<span class=\"tag err\">%s</span>", arena_printf(q->arena, x->kind == WORK_IDLE ? tr(q, "%d days",
                "已 %d 天")
             : days == -1 ? tr(q, "%d day late", "逾期 %d 天") : tr(q, "%d days late", "逾期 %d 天"), -days));
    else
        html(b, "<span class=\"tag %s\">%s</span>", days ? "" : "warn", days ? date_text(q, x->due, true) : tr(q,
                "today", "今日"));
}

/* What stands here beside what the other side says. */
static void pairs_table(struct request *q, struct buf *b, const struct work_item *x)
{
    if (!x->pairs) return;
    html(b, "<dl class=\"versus\"><dt></dt><dd>%s</dd><dd>%s</dd>", tr(q, "stands here", "本库"), tr(q, "other side",
            "对方"));
    for (int i = 0; i < x->pairs; i++)
        html(b, "<dt>%s</dt><dd>%s</dd><dd><b>%s</b></dd>", x->pair[i].label, x->pair[i].here, x->pair[i].there);
    html_raw(b, "</dl>");
}

static void item_line(struct request *q, struct buf *b, const struct work_item *x, bool bulk)
{
    html_raw(b, "<li>");
    if (bulk)
        html(b, "<label class=\"box\"><input type=\"checkbox\" name=\"record\" value=\"%s\"><span "
        "class=\"vh\">%s</span>"
             "</label>", x->record, x->title);
    html(b, "<div><a href=\"%s\">%s</a> ", x->url, x->title);
    due_tag(q, b, x);
    html(b, "<span class=\"m\">%s%s</span>", x->facts, x->periods < 2 ? "" : arena_printf(q->arena,
         tr(q, ", %d periods wait", "，%d 期待办"), x->periods));
    pairs_table(q, b, x);
    html_raw(b, "</div>");
    if (x->act) html(b, "<a class=\"btn sm\" href=\"%s\">%s</a>", x->act_url, x->act);
    html_raw(b, "</li>");
}

/* --- a kind --- */

static bool in_bulk(struct request *q, enum work_kind k, const struct work *w)
{
    if (k != WORK_CONFIRM || !(work_speaker(q) || q->scope->everywhere)) return false;
    for (int i = 0; i < w->n; i++)
        if (w->at[i].kind == k && w->at[i].record) return true;
    return false;
}

static void bulk_end(struct request *q, struct buf *b)
{
    const char *own = work_speaker(q) ? org_title(q, work_speaker(q)) : "";
    html(b, "<p class=\"tools after\"><label class=\"sel grow\"><span>%s</span><input type=\"text\" name=\"as\" "
    "value=\"%s\"></label>"
         "<button class=\"btn pri\" type=\"submit\">%s</button></p></form>", tr(q, "For which organisation",
                 "由哪个单位确认"), own,
         tr(q, "Confirm those ticked", "确认所选"));
}

static void kind_panel(struct request *q, struct buf *b, const struct work *w, const struct work_filter *f,
                       enum work_kind k)
{
    int shown = 0, most = f->kind >= 0 ? WORK_MOST : SHOWN;
    bool bulk = in_bulk(q, k, w);
    if (!w->of[k] || (f->kind >= 0 && f->kind != (int)k)) return;
    html(b, "<section class=\"panel\" id=\"%s\"><header><h2>%s <span class=\"muted\">%s%s</span></h2>",
         work_kind_code(k),
         work_kind_name(q, k), number_text(q, w->of[k], 0), w->more[k] ? "+" : "");
    if (w->of[k] > most)
        html(b, "<a href=\"%s%s\">%s</a>", page_url(q, "/work"), page_query(q, "kind", work_kind_code(k)), tr(q,
                "All of them", "全部"));
    html_raw(b, "</header>");
    if (bulk) form_begin(q, b, page_url(q, "/words"), "bulk");
    html_raw(b, "<ul class=\"work\">");
    for (int i = 0; i < w->n && shown < most; i++)
        if (w->at[i].kind == k) item_line(q, b, &w->at[i], bulk && w->at[i].record), shown++;
    html_raw(b, "</ul>");
    if (bulk) bulk_end(q, b);
    html_raw(b, "</section>");
}

static void count_chips(struct request *q, struct buf *b, const struct work *w, const struct work_filter *f)
{
    html_raw(b, "<ul class=\"chips after\">");
    for (int i = 0; i < WORK_KINDS; i++) {
        enum work_kind k = work_order(q)[i];
        if (!w->of[k]) continue;
        html(b, "<li><a class=\"chip\" href=\"%s%s\"%s>%s <b>%s%s</b></a></li>", page_url(q, "/work"), page_query(q,
                "kind",
             f->kind == (int)k ? NULL : work_kind_code(k)), f->kind == (int)k ? " aria-current=\"true\"" : "",
             work_kind_name(q, k), number_text(q, w->of[k], 0), w->more[k] ? "+" : "");
    }
    html_raw(b, "</ul>");
}

static void nothing_waits(struct request *q, struct buf *b)
{
    bool people = who_open(WHO_PEOPLE, q->user);
    html(b, "<section class=\"panel\"><p class=\"empty\">%s <a href=\"%s\">%s</a></p></section>", tr(q,
         "Visits that are due, words that the other side waits for, money to approve, forms to fill in and questions "
         "to answer appear here.", "到期走访、待确认事项、待审批资金、待填报表和待答复问题会列在这里。"),
         page_url(q, people ? "/households" : "/records"),
         people ? tr(q, "Open the households", "查看农户") : tr(q, "Open the records", "查看记录"));
}

/* told: what became of words said at once, above the rest. */
static void show(struct request *q, struct response *r, const struct bulk_told *told)
{
    struct work_filter f;
    struct work w;
    struct err e = { .code = ERR_NONE }, wrong = { .code = ERR_NONE };
    struct buf *b = &r->body;
    bool good = filter_read(q, &f, &wrong);
    bool ok = work_read(q, &f, &w, &e);
    if (!ok) {
        page_fail(q, r, &e);
        return;
    }
    if (!good) r->status = 400;
    page_begin(q, r, NAV_WORK, tr(q, "Work", "待办"));
    head_begin(b, work_conclusion(q, &w), tr(q, "What you can do next, the soonest due first.", "按时限先后列出下一步可办事项。"));
    if (who_open(WHO_AWAY, q->user))
        html(b, "<a class=\"btn\" href=\"%s\">%s</a>", page_url(q, "/offline"), tr(q, "Away from the network", "离线工作"));
    head_end(b);
    if (told) bulk_note(q, b, told);
    if (w.n || f.kind >= 0 || f.place || f.due || !good) filter_form(q, b, &f, good ? NULL : wrong.message);
    count_chips(q, b, &w, &f);
    for (int i = 0; i < WORK_KINDS; i++) kind_panel(q, b, &w, &f, work_order(q)[i]);
    if (!w.n) nothing_waits(q, b);
    if (f.kind < 0 && !f.place) ok = laggards_panel(q, b, LAGGARDS, &e);
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

void work_page(struct request *q, struct response *r)
{
    show(q, r, NULL);
}

/* --- many at once --- */

static bool confirm_one(struct request *q, const char *record, const char *as, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    const char *colon = strchr(record, ':');
    const struct table_map *m = colon ? model_find(q->seat->model, arena_strndup(q->arena, record,
            (size_t)(colon - record)))
                                      : NULL;
    if (!m || !scope_kind(q->scope, m) || !scope_writes(q->scope, m))
        return err_set(e, ERR_NOT_FOUND, "%s", tr(q, "There is no such record.", "没有这条记录。"));
    struct saying s = { .q = q, .m = m, .row = row, .as = as, .says = "confirmed" };
    return record_read(q, m, colon + 1, row, e) && word_say(&s, e);
}

void work_confirm(struct request *q, struct response *r)
{
    struct bulk_told told = { .n = 0 };
    const char *as = request_form(q, "as");
    for (int i = 0; i < q->n_form; i++) {
        struct err e = { .code = ERR_NONE };
        if (strcmp(q->form[i].name, "record")) continue;
        if (told.n == WORK_MOST) break;
        told.n++;
        if (confirm_one(q, q->form[i].value, as, &e)) {
            told.done++;
            continue;
        }
        if (told.refused < BULK_REASONS)
            told.reason[told.refused] = arena_printf(q->arena, "%s%s%s", q->form[i].value, q->zh ? "：" : ": ",
                                                     e.message);
        told.refused++;
    }
    show(q, r, &told);
    if (r->status == 200 && (told.refused || !told.n)) r->status = 422;
    r->no_store = true;
}
