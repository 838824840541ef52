/* The index of figures: a chapter for each room whose records are counted, and a search over all. */
#include "pages/parts.h"

#include <string.h>

#include "base/date.h"

enum { MOST = 80 };

struct room_label { const char *room, *en, *zh; };

static const struct room_label rooms[] = {
    { "pairing", "Pairing and agreements", "结对与协议" }, { "money", "Money", "资金" },
    { "project", "Projects", "项目" }, { "labour", "Work", "就业" }, { "market", "Markets", "消费帮扶" },
    { "talent", "People sent and taught", "人才与培训" }, { "household", "Households", "农户" },
    { "place", "Places", "地区" }, { "plan", "Plans", "计划" }, { "watch", "Watch", "挂牌督战" },
    { "publish", "Publishing", "发布" }, { "party", "Organisations and documents", "单位与文件" },
};

/* The room of the rows behind a figure; a ratio's is that of its first term. */
static const char *room_of(const struct figure *f)
{
    for (int i = 0; i < 8 && !f->map && f->n_terms; i++) f = f->terms[0].of;
    return f->map ? f->map->entity->room : "";
}

static bool line(struct request *q, struct buf *b, const struct figure *f, const struct asked *s,
                 struct err *e)
{
    struct figure_value v;
    if (!figure_get(q, f, s, &v, e)) return false;
    html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" class=\"said\"><a href=\"%s\">%s</a>"
         "<span class=\"why\">%s</span></th><td role=\"cell\" class=\"num\" data-l=\"%s\">",
         figure_url(q, f, s, ""), figure_label(q, f), q->zh ? f->help_zh : f->help_en,
         tr(q, "Value", "数值"));
    figure_link(q, b, f, s, &v, false);
    html(b, "</td><td role=\"cell\" data-l=\"%s\">", tr(q, "Rests on", "依据"));
    if (v.known && v.rows) rests_tag(q, b, figure_rests_on(&v));
    html_raw(b, "</td></tr>");
    return true;
}

/* What is shown: a chapter, or what the words are found in. */
struct choice { const struct room_label *room; const char *words; };

static bool chosen(const struct choice *c, const struct figure *f)
{
    if (!c->words) return strcmp(room_of(f), c->room->room) == 0;
    return text_has(f->en, c->words) || text_has(f->zh, c->words) || text_has(f->name, c->words) ||
           text_has(f->help_en, c->words) || text_has(f->help_zh, c->words);
}

static int count_of(const struct figures *all, const struct choice *c)
{
    int n = 0;
    for (int i = 0; i < figures_count(all); i++) n += chosen(c, figures_at(all, i));
    return n;
}

/* The chapter asked for, else the first that has figures. */
static struct choice read_choice(struct request *q)
{
    const struct figures *all = q->seat->context.figures;
    const char *room = request_param(q, "room");
    struct choice c = { .words = request_param(q, "q") };
    for (int i = COUNT(rooms); i-- > 0;) {
        struct choice one = { .room = &rooms[i] };
        if (count_of(all, &one)) c.room = &rooms[i];
    }
    for (int i = 0; room && i < COUNT(rooms); i++)
        if (strcmp(rooms[i].room, room) == 0) c.room = &rooms[i];
    return c;
}

static bool table(struct request *q, struct buf *b, const struct choice *c, const struct asked *s,
                  struct err *e)
{
    const struct figures *all = q->seat->context.figures;
    int n = count_of(all, c), shown = 0;
    const char *title = c->words ? arena_printf(q->arena, n == 1 ? tr(q, "%d figure with \"%s\"", "%d 项指标含“%s”")
                                                          : tr(q, "%d figures with \"%s\"", "%d 项指标含“%s”"),
                                                n, c->words)
                                 : tr(q, c->room->en, c->room->zh);
    html(b, "<section class=\"panel\"><h2>%s</h2>", title);
    if (!n)
        empty_note(b, tr(q, "No figure has these words. Try fewer, or choose a chapter above.",
                         "没有含这些词的指标。可减少词语，或在上方选择类别。"));
    if (n) {
        table_open(b, title, "stack");
        table_head(b, tr(q, "Figure", "指标"), false);
        table_head(b, tr(q, "Value", "数值"), true);
        table_head(b, tr(q, "Rests on", "依据"), false);
        table_body(b);
    }
    for (int i = 0; i < figures_count(all) && shown < MOST; i++) {
        if (!chosen(c, figures_at(all, i))) continue;
        if (!line(q, b, figures_at(all, i), s, e)) return false;
        shown++;
    }
    if (n) table_close(b);
    if (n > shown)
        html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena, tr(q, "and %d more: say more words",
                                                               "另有 %d 项：请补充词语"), n - shown));
    html_raw(b, "</section>");
    return true;
}

static void hidden(struct buf *b, struct request *q, const char *name)
{
    const char *value = request_param(q, name);
    if (value) html(b, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", name, value);
}

static void search_form(struct request *q, struct buf *b, const struct choice *c)
{
    html(b, "<form class=\"scope-form after\" method=\"get\" action=\"%s\" role=\"search\" aria-label=\"%s\">"
         "<label class=\"grow\"><span>%s</span><input type=\"search\" name=\"q\" value=\"%s\" placeholder=\"%s\">"
         "</label>", page_url(q, "/figures"), tr(q, "Find a figure", "查找指标"), tr(q, "Find a figure", "查找指标"),
         c->words, tr(q, "such as dividends, exits, jobs", "如 分红、退出、就业"));
    hidden(b, q, "place");
    hidden(b, q, "from");
    hidden(b, q, "to");
    html(b, "<button class=\"btn sm\" type=\"submit\">%s</button></form>", tr(q, "Find", "查找"));
}

static void chapters(struct request *q, struct buf *b, const struct choice *c, const struct asked *s)
{
    const char *scope = asked_query(q, s);
    html(b, "<nav aria-label=\"%s\"><ul class=\"chips after\">", tr(q, "Chapters", "类别"));
    for (int i = 0; i < COUNT(rooms); i++) {
        struct choice one = { .room = &rooms[i] };
        int n = count_of(q->seat->context.figures, &one);
        if (!n) continue;
        html(b, "<li><a class=\"chip\" href=\"%s%s%sroom=%s\"", page_url(q, "/figures"), scope, *scope ? "&" : "?",
             rooms[i].room);
        if (!c->words && c->room == &rooms[i]) html_raw(b, " aria-current=\"page\"");
        html(b, ">%s <b>%d</b></a></li>", tr(q, rooms[i].en, rooms[i].zh), n);
    }
    html_raw(b, "</ul></nav>");
}

void figures_page(struct request *q, struct response *r)
{
    struct asked s;
    struct choice c = read_choice(q);
    struct err e = { .code = ERR_NONE }, wrong = { .code = ERR_NONE };
    struct buf *b = &r->body;
    bool ok = asked_read(q, &s, &wrong);
    if (!ok) s = (struct asked){ .from = DATE_MIN, .to = DATE_MAX };
    page_begin(q, r, NAV_FIGURES, tr(q, "Figures", "指标"));
    head_begin(b, arena_printf(q->arena, tr(q, "%d figures, each computed from records",
               "%d 项指标，均由记录算出"), figures_count(q->seat->context.figures)),
               tr(q, "A figure is a dated definition over records; nobody types it in. Choose where and "
                  "when, and every value follows.",
                  "指标是对记录的定义，不由人填报。选定地区与时间，全部数值随之变化。"));
    head_end(b);
    html_raw(b, "<section class=\"panel\">");
    asked_form(q, b, &s, page_url(q, "/figures"), ok ? NULL : wrong.message);
    search_form(q, b, &c);
    html(b, "<p class=\"note\">%s</p>", asked_text(q, &s));
    chapters(q, b, &c, &s);
    html_raw(b, "</section>");
    if (!c.room || table(q, b, &c, &s, &e)) page_end(q, r);
    else page_fail(q, r, &e);
}
