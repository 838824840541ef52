/* The index of figures: every definition, by the room of the records it counts. */
#include "pages/parts.h"

#include <string.h>

#include "base/date.h"

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

static bool section(struct request *q, struct buf *b, const struct room_label *room,
                    const struct asked *s, struct err *e)
{
    const struct figures *all = q->seat->context.figures;
    bool open = false;
    for (int i = 0; i < figures_count(all); i++) {
        const struct figure *f = figures_at(all, i);
        if (strcmp(room_of(f), room->room) != 0) continue;
        if (!open) {
            html(b, "<section class=\"panel\" id=\"%s\"><h2>%s</h2>", room->room,
                 tr(q, room->en, room->zh));
            table_open(b, tr(q, room->en, room->zh), "stack");
            table_head(b, tr(q, "Figure", "指标"), false);
            table_head(b, tr(q, "Value", "数值"), true);
            table_head(b, tr(q, "Rests on", "依据"), false);
            html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
            open = true;
        }
        if (!line(q, b, f, s, e)) return false;
    }
    if (open) html_raw(b, "</tbody></table></div></section>");
    return true;
}

static bool has_room(const struct figures *all, const char *room)
{
    for (int i = 0; i < figures_count(all); i++)
        if (strcmp(room_of(figures_at(all, i)), room) == 0) return true;
    return false;
}

void figures_page(struct request *q, struct response *r)
{
    struct asked s;
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
    html(b, "<p class=\"note\">%s</p><ul class=\"chips\">", asked_text(q, &s));
    for (int i = 0; i < COUNT(rooms); i++)
        if (has_room(q->seat->context.figures, rooms[i].room))
            html(b, "<li><a class=\"chip\" href=\"#%s\">%s</a></li>", rooms[i].room,
                 tr(q, rooms[i].en, rooms[i].zh));
    html_raw(b, "</ul></section>");
    for (int i = 0; i < COUNT(rooms); i++) {
        if (section(q, b, &rooms[i], &s, &e)) continue;
        page_fail(q, r, &e);
        return;
    }
    page_end(q, r);
}
