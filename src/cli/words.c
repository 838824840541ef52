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
    /* pairings, postings, work, produce, effects */
    { "frames above it", "上级框架" }, { "level", "层级" }, { "pairings", "结对数" },
    { "helpers", "帮扶单位数" }, { "places", "受援地数" }, { "beyond duty", "义务外" },
    { "protocols", "年度协议" }, { "term over", "已到期" }, { "commitment", "承诺事项" },
    { "duty", "义务或自愿" }, { "promised", "承诺" }, { "records", "记录数" },
    { "listed units", "督战单元" }, { "with helper", "已落实帮扶" },
    { "not named", "未列名" }, { "joint party", "联合体" }, { "member", "成员" },
    { "money together", "合计资金" }, { "jobs together", "合计就业" },
    { "purchases together", "合计采购" }, { "outcome", "成效" }, { "seen on", "核实日期" },
    { "looked again", "回看日期" }, { "inside", "在框架内" }, { "outside", "在框架外" },
    { "no frame", "无框架" }, { "no place", "无地区" }, { "nothing recorded", "无记录" },
    { "not of its kind", "类别不符" }, { "helpers of households", "户帮扶责任人" },
    { "unsplit", "未分" }, { "none", "无" }, { "class of the place", "地区类别" },
    { "sent by", "派出单位" }, { "aid batch", "批次" }, { "team", "工作队" },
    { "host", "接收单位" }, { "telephone", "电话" }, { "members", "人数" },
    { "leaders", "队长" }, { "first secretaries", "第一书记" }, { "have", "实有" },
    { "wanted", "应有" }, { "posting", "选派人员" }, { "skill needed", "所需技能" },
    { "skill", "技能" }, { "people", "人数" }, { "team too small", "人数不足" },
    { "term too short", "任期不足" }, { "too few days", "驻村天数不足" },
    { "days not recorded", "天数未记" }, { "fits", "相符" }, { "does not fit", "不符" },
    { "not told", "未载明" }, { "day", "日期" }, { "step", "环节" },
    { "employer", "用工单位" }, { "place of work", "务工地" }, { "pay of a month", "月薪" },
    { "fee", "收费" }, { "posts", "岗位数" }, { "seats", "座位" }, { "passengers", "乘坐" },
    { "registered", "建档立卡" }, { "by name", "有名单" }, { "seat use", "座位利用率" },
    { "fare", "票价" }, { "cost", "费用" }, { "fund line", "资金来源" },
    { "work area", "就业区域" }, { "indirectly besides", "另有辐射带动" },
    { "placement", "就业" }, { "home", "户籍地" }, { "after months", "满月数" },
    { "seeker", "求职人员" }, { "vacancy", "岗位" }, { "pay", "薪酬" }, { "result", "结果" },
    { "helper's province", "帮扶方省份" }, { "other provinces", "其他省份" },
    { "outside the province", "省外" }, { "in province, outside county", "省内县外" },
    { "inside county", "县内" }, { "profile", "登记" }, { "match", "匹配" },
    { "training", "培训" }, { "trip", "输送" }, { "job", "就业" }, { "follow-up", "回访" },
    { "student aid", "助学" }, { "lot", "批次" }, { "producer", "生产单位" },
    { "tonnes offered", "供应吨数" }, { "sold", "已售" }, { "unsold", "未售" },
    { "on offer since", "上架日期" }, { "days on offer", "在售天数" }, { "demand", "需求" },
    { "buyer", "采购方" }, { "offered", "品名" }, { "tonnes", "吨数" },
    { "price of a tonne", "吨价" }, { "certified", "认定" }, { "wanted by", "需求时限" },
    { "origin", "产地" }, { "class", "类别" }, { "region of the buyer", "采购地" },
    { "yes", "是" }, { "no", "否" }, { "eligible", "符合" }, { "fails", "不符合项" },
    { "not known", "不详项" }, { "rule set", "标准" }, { "households left", "未脱贫户" },
    { "ready", "达标户" }, { "incidence", "贫困发生率" },
    { "exits helped with", "帮扶脱贫户" }, { "exited on", "脱贫日期" }, { "weight", "权重" },
    { "look due", "应回看日" }, { "wages", "工资" }, { "business", "经营" },
    { "its cost", "经营支出" }, { "property", "财产" }, { "transfers", "转移" },
    { "not counted", "不计入" }, { "net", "纯收入" }, { "on the year", "同比" },
    { "its own", "自身" }, { "all", "合计" }, { "none left", "无未脱贫户" },
    { "no household in the register", "无在册户" }, { "objection", "件" }, { "month", "个月" }, { "seat", "座" },
    { "look", "次" }, { "product", "个" }, { "link", "对" }, { "mu", "亩" },
    { "how much", "数值" }, { "trainees", "培训人数" }, { "attended", "参训" },
    { "finished", "结业" },
    { "found a job", "实现就业" }, { "subsidies", "补贴" }, { "student", "学生" },
    { "students", "学生数" },
    { "amount", "金额" }, { "a student and year", "每生每年" }, { "step", "环节" },
    { "in county", "所在县" }, { "office", "职务" }, { "full name", "姓名" },
    { "still there", "尚存" },
    /* units */
    { "activity", "次" }, { "agreement", "份" }, { "area", "个地区" }, { "batch", "批" },
    { "centre", "个中心" }, { "channel", "个" }, { "company", "家" }, { "county", "个县" },
    { "dollar", "美元" }, { "event", "次" }, { "feature", "项" }, { "firm", "家" }, { "frame", "个" },
    { "hall", "个馆" }, { "household", "户" }, { "meeting", "次" }, { "organisation", "个单位" },
    { "park", "个园区" }, { "percent", "%" }, { "person", "人" }, { "post", "个岗位" },
    { "project", "个项目" }, { "purpose", "项用途" }, { "school", "所" }, { "site", "处" },
    { "station", "个站" }, { "task", "项" }, { "tonne", "吨" }, { "village", "个村" },
    { "visit", "次" }, { "workshop", "个车间" }, { "year", "年" }, { "yuan", "元" },
    /* payments and statements */
    { "line", "行号" }, { "payee", "收款人" }, { "amount", "金额" }, { "paid for", "款项用途" },
    { "period", "所属期" }, { "answered on", "结果日期" }, { "bank's day", "银行日期" },
    { "bank", "银行金额" }, { "reference", "业务编号" }, { "transfer", "账内分录" },
    { "ledger's day", "记账日期" }, { "ledger", "账内金额" }, { "choice", "候选组" },
    { "matched", "相符" }, { "in the bank alone", "仅银行有" },
    { "in the ledger alone", "仅账内有" }, { "another amount", "金额不符" },
    { "ambiguous", "无法区分" }, { "balance before", "期初余额不符" },
    { "balance after", "期末余额不符" }, { "statement does not add up", "对账单不平" },
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
