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
      "Visits that are due, money to approve, words to say, disputes with both values side by side; each with the "
      "act that is next.",
      "到期走访、待审批资金、待确认事项、双方数值对照的异议，均附下一步操作。" },
    { WHO_PEOPLE, "/households", "Households", "农户",
      "Open one: who helps it, what happened by year, what it earned; a visit is typed there on a phone.",
      "点开一户：帮扶责任人、历年大事、收入；可用手机登记走访。" },
    { WHO_MONEY, "/flow", "The money trail", "资金去向",
      "From who gave it to households, lot by lot; a household's page has the trail back to its givers.",
      "自出资方逐笔追踪到户；农户页可反向追溯到出资方。" },
    { WHO_MONEY, "/money/payments", "Payment runs", "支付批次",
      "Prepared by one person, approved by another, told line by line by the bank.", "一人编制、另一人批准，银行逐笔回复。" },
    { WHO_MONEY, "/money/ageing", "Money that waits", "结存账龄",
      "Who holds it, for how long, and which rule tells it.", "谁持有、多久未动、由哪条规则预警。" },
    { WHO_MONEY, "/money/rules", "Rules of use", "使用规则",
      "Dated rules, and how each batch stands by them: kept, undecided, broken.",
      "有期限的规则及各批次执行情况：符合、未定、违反。" },
    { WHO_LOOKS, "/helpers", "A helper", "帮扶单位",
      "What it promised, gave, bought and posted, and with whom it is paired.", "承诺、给付、采购、选派人员及结对对象。" },
    { WHO_LOOKS, "/projects", "A project", "项目", "Stages, budget against money, what was built, whom it serves.",
      "阶段、预算与资金、建设成果、受益对象。" },
    { WHO_SIGNED_IN, "/reports", "A report", "报告",
      "A quarter, a year or a notice for the wall, computed when it is opened; each number leads to its rows.",
      "季度、年度报告或公示，打开时计算；每个数字可查到记录。" },
    { WHO_SIGNED_IN, "/scorecards", "Scorecards", "考核评分",
      "Points from figures, what has none and why, ranks for those above.",
      "分数由指标算出，未计分项说明原因，上级可见排名。" },
    { WHO_SIGNED_IN, "/watch", "Supervision", "督战",
      "Findings and their measures, gaps and doubles, what villages are asked to fill in.",
      "问题与整改、缺口与重复、向村级索要的报表。" },
    { WHO_LOOKS, "/releases", "Releases", "发布", "What was published, beside the values of now, with who approved it.",
      "已发布数字与现值对照及批准人。" },
    { WHO_WRITES, "/records/visit/new", "An entry", "填报一条",
      "A form of any kind of record: names instead of codes, what is missing is kept as a draft.",
      "任何记录的表单：写名称即可，不全可存草稿。" },
    { WHO_WRITES, "/imports", "A file", "导入文件",
      "A workbook as it is: columns are matched, everything is checked before anything is written, all can be undone.",
      "现有工作簿直接导入：先对应列、整体检查再写入，可整体撤销。" },
    { WHO_AUDITS, "/journal", "The journal", "日志", "Who changed what and when, before and after.",
      "谁在何时改了什么，改前改后。" },
    { WHO_MANAGES, "/admin/accounts", "Accounts", "账号",
      "Who may sign in, with which role, for which places and organisation.",
      "谁可登录、何种角色、所辖地区与单位。" },
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
