/* A short tour: what to look at first, in the order in which one thing leads to the next. */
#include "pages/parts.h"

struct stop { uint32_t who; const char *path, *en, *zh, *why_en, *why_zh; };

static const struct stop stops[] = {
    { WHO_LOOKS, "/claims?verdict=differs", "A printed number that differs", "一个与记录不符的报道数字",
      "What was printed stands beside what the records give, with the difference and a reading.",
      "报道数字与记录算出的数字并列，并给出差额与读法。" },
    { WHO_LOOKS, "/figures/aid_allocated", "A figure", "一个指标",
      "Its value, on what it rests, how it moved, where it is, and its definition as text.",
      "数值、依据、历年变化、地区分布和文字定义。" },
    { WHO_LOOKS, "/figures/aid_allocated/trace", "The rows behind it", "背后的记录",
      "Each row with its source; the digest lets anybody prove that these were the rows.",
      "逐条列出记录及来源；摘要可证明就是这些记录。" },
    { WHO_LOOKS, "/map", "The map", "地图",
      "The same figure by province and by county; a square or a circle opens its place.",
      "同一指标的分省、分县图；点开方块或圆点可见该地。" },
    { WHO_SIGNED_IN, "/plans", "Plans", "计划",
      "Targets broken down, what was reached, who is behind and what blocks it.",
      "目标分解、完成情况、落后单位及其原因。" },
    { WHO_SIGNED_IN, "/work", "What waits for you", "待您处理",
      "Words to say on what the other side reported, disputes, contacts that are overdue.",
      "待确认的对方填报、异议和逾期的联系。" },
    { WHO_WRITES, "/records/visit/new", "An entry", "填报一条",
      "A form of any kind of record: names instead of codes, what is missing is kept as a draft.",
      "任何记录的表单：写名称即可，不全可存草稿。" },
    { WHO_WRITES, "/imports", "A file", "导入文件",
      "A workbook as it is: columns are matched, everything is checked before anything is written, all can be undone.",
      "现有工作簿直接导入：先对应列、整体检查再写入，可整体撤销。" },
    { WHO_AUDITS, "/journal", "The journal", "日志", "Who changed what and when, before and after.",
      "谁在何时改了什么，改前改后。" },
};

void tour_page(struct request *q, struct response *r)
{
    struct buf *b = &r->body;
    page_begin(q, r, NAV_NONE, tr(q, "A short tour", "导览"));
    head_begin(b, tr(q, "A short tour", "导览"),
               tr(q, "Each step opens a page; come back with your browser's back button.",
                  "每一步打开一个页面，用浏览器的返回键回到此处。"));
    head_end(b);
    html_raw(b, "<section class=\"panel\"><ol class=\"todo\">");
    for (int i = 0, n = 0; i < COUNT(stops); i++) {
        if (!who_open(stops[i].who, q->user)) continue;
        html(b, "<li><a href=\"%s\">%d. %s</a><span class=\"m\">%s</span></li>", page_url(q, "%s", stops[i].path), ++n,
             tr(q, stops[i].en, stops[i].zh), tr(q, stops[i].why_en, stops[i].why_zh));
    }
    html_raw(b, "</ol></section>");
    page_end(q, r);
}
