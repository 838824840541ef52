/* The words of tables in Chinese. What is not listed stays as it is; CSV and JSON are for programs
 * and keep one set of words. */
#include "cli/cli.h"

static const struct word { const char *en, *zh; } words[] = {
    /* titles */
    { "as printed", "原文" }, { "as they were", "未变" }, { "basis", "依据" },
    { "changed", "更新" }, { "claim", "报道数" }, { "claimed", "报道值" }, { "code", "代码" },
    { "computed", "计算值" }, { "confirmed", "双方确认" }, { "difference", "差额" },
    { "disputed", "有异议" }, { "draft", "草稿" }, { "drafts", "草稿" }, { "entity", "记录种类" },
    { "field", "字段" }, { "fields", "字段数" }, { "figure", "统计指标" }, { "file", "文件" },
    { "id", "编号" }, { "kind", "类型" }, { "label", "名称" }, { "name", "名称" }, { "new", "新增" },
    { "of", "记录种类" }, { "one-sided", "单方" }, { "partial: between", "部分：介于" },
    { "place", "地区" }, { "reading", "释读" }, { "record", "记录" }, { "refused", "拒收" },
    { "refused rows are in", "拒收行所在文件" }, { "room", "模块" }, { "rests on", "数据依据" },
    { "rows", "行数" }, { "source", "来源" }, { "unit", "单位" }, { "unknown", "不详" },
    { "value", "数值" }, { "verdict", "结论" }, { "warnings", "提示" }, { "what it holds", "内容" },
    /* verdicts, what a figure rests on, kinds of figures */
    { "holds", "相符" }, { "differs", "不符" }, { "cannot be computed", "无法计算" },
    { "no records", "无记录" }, { "recorded", "有据记录" }, { "restated", "转述汇总" },
    { "synthetic", "合成" }, { "derived back", "倒推" }, { "mixed", "多种" }, { "count", "计数" },
    { "sum", "合计" }, { "distinct", "去重计数" }, { "ratio", "比率" }, { "total", "加减" },
    { "one_sided", "单方" }, { "derived", "倒推" },
    /* reasons */
    { "no record counts to it", "无相应记录" }, { "the claim names no figure", "未指明统计指标" },
    { "the claim gives no value", "未填数值" },
    { "the number is too large to compare", "数值过大，无法比较" },
    { "the records give just that, not more", "记录恰为该数，并未超过" },
    { "the records give just that, not less", "记录恰为该数，并未不足" },
    { "as far as the records reach: they say about", "在记录精度内相符：记录为约数" },
    { "the records say about, which does not decide it", "记录为约数，无法判定" },
    { "the records bound the number and do not give it", "记录只给出界限，未给出该数" },
    { "the period cuts through facts known only as an interval", "期间截断了只知区间的事实" },
    { "no record holds without end: period_to names the day of a stock",
      "无长期有效的记录：时点数须填期末 period_to" },
    /* plans */
    { "plan", "计划" }, { "title", "名称" }, { "state", "状态" }, { "targets", "目标数" },
    { "reached", "完成" }, { "behind", "滞后" }, { "missed", "未完成" }, { "no target", "无目标" },
    { "tasks", "任务数" }, { "tasks done", "已办" }, { "late", "逾期" }, { "target", "目标" },
    { "measure", "指标" }, { "by", "分解方式" }, { "to reach", "目标值" }, { "first set", "原目标" },
    { "completion", "完成率" }, { "time gone", "时间进度" }, { "forecast", "预测" },
    { "parts reached", "分解完成" }, { "fault", "问题" }, { "what", "内容" },
    { "left to do", "尚需" }, { "what blocks it", "受阻原因" }, { "focus", "领域" },
    { "role", "责任类别" }, { "office held", "职务" }, { "who", "责任人" }, { "due by", "时限" },
    { "done on", "完成日期" }, { "blocked by", "受阻原因" }, { "from", "自" }, { "before", "原值" },
    { "after", "新值" }, { "reason", "原因" }, { "what happened", "事件" }, { "decided by", "决定单位" },
    { "revision", "调整" }, { "risk", "风险" }, { "at risk", "受影响量" }, { "share", "占比" },
    { "effect", "影响" }, { "answer", "应对" }, { "left over", "结转" }, { "on time", "正常" },
    { "not begun", "未开始" }, { "reserve", "预留" }, { "no figure", "无统计指标" },
    { "within", "未超" }, { "exceeded", "超出" }, { "late task", "逾期任务" }, { "shock", "冲击" },
    { "open", "在办" }, { "done", "已办" }, { "blocked", "受阻" },
    /* contacts, gaps, problems */
    { "times", "应办次数" }, { "held", "已办次数" }, { "days left", "剩余天数" },
    { "days late", "逾期天数" }, { "without a day", "日期不详" }, { "raised by", "提出单位" },
    { "raised on", "提出日期" }, { "owner", "责任单位" }, { "solved on", "解决日期" },
    { "days", "天数" }, { "solution", "解决情况" }, { "helper", "帮扶单位" }, { "number", "数量" },
    { "since", "自" }, { "households", "户数" }, { "called on", "已走访" },
    { "coverage", "走访率" }, { "left out", "未走访" }, { "calls without names", "未列名走访" },
    { "solved", "已解决" }, { "solved late", "逾期解决" }, { "overdue", "逾期" },
    { "nobody's", "无人负责" }, { "problem", "问题" }, { "recommendation", "建议" },
    { "left", "离任" }, { "until", "至" }, { "came", "接任" }, { "succession", "接续" },
    { "follows", "接续" }, { "overlap", "重叠" }, { "gap", "空缺" }, { "no verdict", "无法判断" },
    /* two sides */
    { "other side's", "对方数值" }, { "says", "表态" }, { "said on", "表态日期" },
    { "said by", "表态单位" }, { "days open", "未决天数" }, { "evidence", "凭据" },
    { "digest", "摘要值" }, { "package", "数据包" }, { "reported", "报送" },
    { "corrected", "更正" }, { "reported by", "报送单位" }, { "waits for", "待确认单位" },
    { "two sides", "双方确认" }, { "past", "已过时" }, { "to", "至" }, { "said", "表态数" },
    /* units */
    { "activity", "次" }, { "agreement", "份" }, { "area", "个地区" }, { "batch", "批" },
    { "centre", "个中心" }, { "channel", "个" }, { "company", "家" }, { "county", "个县" },
    { "dollar", "美元" }, { "event", "次" }, { "feature", "项" }, { "firm", "家" }, { "frame", "个" },
    { "hall", "个馆" }, { "household", "户" }, { "meeting", "次" }, { "organisation", "个单位" },
    { "park", "个园区" }, { "percent", "%" }, { "person", "人" }, { "post", "个岗位" },
    { "project", "个项目" }, { "purpose", "项用途" }, { "school", "所" }, { "site", "处" },
    { "station", "个站" }, { "task", "项" }, { "tonne", "吨" }, { "village", "个村" },
    { "visit", "次" }, { "workshop", "个车间" }, { "year", "年" }, { "yuan", "元" },
    /* money */
    { "rule", "规则" }, { "speaks of", "适用" },
    { "money of", "资金" }, { "looked at", "口径" }, { "how it stands", "执行情况" },
    { "as planned", "按计划" }, { "as posted", "按入账" }, { "kept", "符合" }, { "undecided", "未定" },
    { "broken", "违反" }, { "idle", "闲置金额" }, { "idle over since", "预警日" }, { "raised", "新预警" },
    { "still idle", "持续闲置" }, { "closed", "已解除" }, { "account", "账户" }, { "holder", "户名" },
    { "in hand", "结存" }, { "days of the oldest", "最长天数" }, { "up to 1 year", "一年以内" },
    { "1 to 2 years", "一至二年" }, { "over 2 years", "二年以上" }, { "yuan x days", "元×天" },
    { "there", "相符" }, { "missing", "缺失" }, { "belongs to", "所属" }, { "the rule", "规则内容" },
};

const char *app_word(const struct app *app, const char *en)
{
    if (!app->zh || app->format != OUT_TEXT || !en) return en;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].en, en) == 0) return words[i].zh;
    return en;
}

const char *app_number(const struct app *app, const char *number)
{
    const char *unit = number ? strrchr(number, ' ') : NULL;
    if (!unit) return number;
    const char *word = app_word(app, unit + 1);
    if (word == unit + 1) return number;
    return arena_printf(app->arena, "%.*s %s", (int)(unit - number), number, word);
}
