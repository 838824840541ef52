/* Records: every kind of them, and the lists that were given a name. */
#include "pages/parts.h"

#include <string.h>

struct room_label { const char *room, *en, *zh; };
static const struct room_label rooms[] = {
    { "pairing", "Pairing: who helps whom", "结对：谁帮谁" }, { "money", "Money", "资金" },
    { "project", "Projects and firms", "项目与企业" }, { "labour", "Work", "就业" },
    { "market", "Markets", "消费帮扶" }, { "talent", "People sent and taught", "人才与培训" },
    { "household", "Households", "农户" }, { "plan", "Plans and targets", "计划与目标" },
    { "watch", "Watch", "挂牌督战" }, { "publish", "Publishing", "发布" },
    { "party", "Organisations and documents", "单位与文件" },
    { "place", "Places and statistics", "地区与统计" },
};

void records_page(struct request *q, struct response *r)
{
    const struct model *mo = q->seat->model;
    struct buf *b = &r->body;
    struct err e = { .code = ERR_NONE };
    page_begin(q, r, NAV_RECORDS, tr(q, "Records", "记录"));
    head_begin(b, tr(q, "Every kind of record", "全部记录种类"), tr(q,
        "Each list can be filtered, sorted, and exported as it is shown; each record shows where it came "
        "from and what was done to it.", "每个列表都可筛选、排序并按所见导出；每条记录都可查来源与变动。"));
    head_end(b);
    bool ok = views_menu(q, b, &e);
    html_raw(b, "<div class=\"flow\">");
    for (int k = 0; k < COUNT(rooms); k++) {
        bool open = false;
        for (int i = 0; i < mo->n; i++) {
            const struct table_map *m = &mo->maps[i];
            if (strcmp(m->entity->room, rooms[k].room) != 0 || !scope_kind(q->scope, m))
                continue;
            if (!open)
                html(b, "<section class=\"panel\"><h2>%s</h2><ul class=\"kinds\">",
                     tr(q, rooms[k].en, rooms[k].zh));
            open = true;
            html(b, "<li><a href=\"%s\">%s</a><span class=\"why\">%s</span></li>",
                 page_url(q, "/records/%s", m->entity->name), entity_label(q, m->entity),
                 q->zh ? m->entity->help_zh : m->entity->help_en);
        }
        if (open) html_raw(b, "</ul></section>");
    }
    html_raw(b, "</div>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}
