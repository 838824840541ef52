/* Vouchers, dividends, loans and alert rules as entities. */
#include "programme/money/paper.h"

#include "base/count.h"
#include "programme/fields.h"
#include "programme/numbers.h"

static const struct field voucher_fields[] = {
    [VOUCHER_DIGEST] = { .name = "file_digest", .en = "Digest", .zh = "摘要值", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .min = 64, .max = 64,
        .help_en = "Digest of the file (BLAKE2b-256, hex), computed by the program.",
        .help_zh = "文件摘要值（BLAKE2b-256），由程序计算。" },
    [VOUCHER_TRANSFER] = { .name = "transfer", .en = "Transfer", .zh = "转账", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST | F_SEARCH, .max = 40,
        .help_en = "County and id of the transfer it belongs to.",
        .help_zh = "所属转账的县代码与编号。" },
    [VOUCHER_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_HOME | F_LIST,
        .help_en = "Where the transfer was posted.", .help_zh = "记账地区。" },
    [VOUCHER_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_LIST, .list = "voucher_kind",
        .help_en = "Invoice, bank slip, contract, receipt, acceptance, photograph.",
        .help_zh = "发票、银行回单、合同、收据、验收单、照片。" },
    [VOUCHER_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it shows.", .help_zh = "凭证名称。" },
    [VOUCHER_FILE_NAME] = { .name = "file_name", .en = "File", .zh = "文件", .type = F_TEXT,
        .flags = F_LIST, .max = 255,
        .help_en = "Name of the file when it was attached.", .help_zh = "附加时的文件名。" },
    [VOUCHER_BYTES] = { .name = "file_size", .en = "Size", .zh = "大小", .type = F_INT, .min = 0,
        .unit = "byte", .help_en = "Bytes of the file.", .help_zh = "文件字节数。" },
};
_Static_assert(COUNT(voucher_fields) == VOUCHER_NCOLS, "one row per column");

const struct entity voucher_entity = {
    .name = "voucher", .en = "Voucher", .zh = "凭证", .room = "money",
    .help_en = "A file that proves a transfer, by its digest; made by `jiedui money voucher`.",
    .help_zh = "证明某笔转账的文件及其摘要值，由“jiedui money voucher”登记。",
    .access = ACCESS_MONEY,
    .number = NUMBER_VOUCHER, .reach = REACH_COUNTY, .flags = E_NO_SOURCE | E_MADE,
    .fields = voucher_fields, .n = COUNT(voucher_fields),
};

static const struct field dividend_fields[] = {
    [DIVIDEND_CODE] = FIELD_CODE,
    [DIVIDEND_EQUITY_SHARE] = { .name = "equity_share", .en = "Share", .zh = "入股",
        .type = F_REF, .flags = F_REQUIRED | F_FAR | F_LIST, .ref = "equity_share",
        .help_en = "The share that pays.", .help_zh = "分红所依据的入股。" },
    [DIVIDEND_PLACE] = FIELD_PLACE,
    [DIVIDEND_HELPER] = FIELD_HELPER,
    [DIVIDEND_FOR_YEAR] = { .name = "for_year", .en = "Year", .zh = "年度", .type = F_INT,
        .flags = F_LIST, .min = 1980, .max = 2100,
        .help_en = "The year it is for.", .help_zh = "分红所属年度。" },
    [DIVIDEND_AMOUNT] = FIELD_AMOUNT,
    [DIVIDEND_HOUSEHOLDS] = { .name = "households", .en = "Households", .zh = "受益户数",
        .type = F_INT, .min = 0, .max = 1000000000, .unit = "household",
        .help_en = "Households it was shared among.", .help_zh = "分得红利的户数。" },
    [DIVIDEND_TRANSFER] = { .name = "transfer", .en = "Leg", .zh = "分录", .type = F_REF,
        .flags = F_FAR, .ref = "transfer",
        .help_en = "The leg of the ledger that paid it.", .help_zh = "支付该红利的分录。" },
};
_Static_assert(COUNT(dividend_fields) == DIVIDEND_NCOLS, "one row per column");

const struct entity dividend_entity = {
    .name = "dividend", .en = "Dividend", .zh = "分红", .room = "money",
    .help_en = "What a share paid for a year; the day is valid_from.",
    .help_zh = "入股某年度的分红；日期填起始日。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_DIVIDEND, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = dividend_fields, .n = COUNT(dividend_fields),
};

static const struct field loan_fields[] = {
    [LOAN_CODE] = FIELD_CODE,
    [LOAN_PLACE] = FIELD_PLACE,
    [LOAN_HELPER] = FIELD_HELPER,
    [LOAN_LENDER] = { .name = "lender", .en = "Lender", .zh = "贷款方", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "Who lends.", .help_zh = "放款单位。" },
    [LOAN_BORROWER] = { .name = "borrower", .en = "Borrower", .zh = "借款单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "The firm or cooperative that borrows.", .help_zh = "借款的企业或合作社。" },
    [LOAN_HOUSEHOLD] = { .name = "household", .en = "Household", .zh = "农户", .type = F_REF,
        .flags = F_FAR, .ref = "household",
        .help_en = "The household that borrows.", .help_zh = "借款农户。" },
    [LOAN_PROJECT] = FIELD_PROJECT,
    [LOAN_FUND_LINE] = FIELD_FUND_LINE,
    [LOAN_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "loan_kind",
        .help_en = "Of aid money, a small loan with paid interest, guaranteed by aid money.",
        .help_zh = "帮扶资金借款、贴息小额贷款、担保贷款。" },
    [LOAN_AMOUNT] = FIELD_AMOUNT,
    [LOAN_YEARLY_RATE] = { .name = "yearly_rate", .en = "Interest a year", .zh = "年利率",
        .type = F_DECIMAL, .scale = 4, .min = 0, .max = 1000000, .unit = "percent",
        .help_en = "Percent a year; 0 for a loan without interest.",
        .help_zh = "年利率（%）；无息填0。" },
    [LOAN_INTEREST_PAID] = { .name = "interest_aid", .en = "Interest paid by aid",
        .zh = "贴息金额", .type = F_MONEY, .min = 0, .unit = "yuan",
        .help_en = "Interest that aid money paid; this alone is aid, the loan is not.",
        .help_zh = "帮扶资金支付的利息；仅此计入帮扶，贷款本金不计。" },
    [LOAN_REPAID] = { .name = "repaid", .en = "Repaid", .zh = "已还", .type = F_MONEY,
        .flags = F_LIST, .min = 0, .unit = "yuan",
        .help_en = "What has come back.", .help_zh = "已归还金额。" },
    [LOAN_DUE_ON] = { .name = "due_on", .en = "Due by", .zh = "到期日", .type = F_DATE,
        .flags = F_TO | F_LIST,
        .help_en = "Last day for paying it back.", .help_zh = "还款截止日。" },
    [LOAN_LOAN_STATE] = { .name = "loan_state", .en = "Standing", .zh = "状态", .type = F_CODE,
        .flags = F_LIST, .list = "loan_state", .preset = "running",
        .help_en = "Running, repaid, overdue, written off.",
        .help_zh = "存续、还清、逾期、核销。" },
    [LOAN_PURPOSE] = FIELD_PURPOSE,
};
_Static_assert(COUNT(loan_fields) == LOAN_NCOLS, "one row per column");

static const struct check loan_checks[] = {
    { .name = "LN01", .severity = CHECK_REFUSE, .holds = "repaid <= amount or loan_state = repaid",
      .en = "more was repaid than lent", .zh = "已还大于借款" },
    { .name = "LN02", .severity = CHECK_WARN,
      .holds = "not (known(borrower) and known(household))",
      .en = "an organisation and a household both borrow it", .zh = "借款单位与农户只填其一" },
};

const struct entity loan_entity = {
    .name = "loan", .en = "Loan", .zh = "贷款", .room = "money",
    .help_en = "Money lent in the course of the help, and what came back; no aid but its interest.",
    .help_zh = "帮扶中的借款及归还情况；除贴息外不计帮扶。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_LOAN, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = loan_fields, .n = COUNT(loan_fields), .checks = loan_checks,
    .n_checks = COUNT(loan_checks),
};

static const struct field alert_rule_fields[] = {
    [ALERT_RULE_CODE] = FIELD_CODE,
    [ALERT_RULE_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 200,
        .help_en = "The rule in a few words.", .help_zh = "规则简称。" },
    [ALERT_RULE_DAYS] = { .name = "over_days", .en = "Idle for more than", .zh = "闲置超过",
        .type = F_INT, .flags = F_REQUIRED | F_LIST, .min = 0, .max = 36500, .unit = "day",
        .help_en = "Days that the money has lain with its holder.",
        .help_zh = "资金在持有方停留的天数。" },
    [ALERT_RULE_AMOUNT] = { .name = "over_amount", .en = "And more than", .zh = "且金额超过",
        .type = F_MONEY, .flags = F_LIST, .min = 0, .unit = "yuan", .preset = "0",
        .help_en = "Yuan that have lain so long with one holder.",
        .help_zh = "单个持有方此类资金的金额（元）。" },
    [ALERT_RULE_FUND_LINE] = { .name = "fund_line", .en = "Fund line", .zh = "资金来源",
        .type = F_REF, .flags = F_FAR | F_LIST, .ref = "fund_line",
        .help_en = "The fund line it speaks of; empty for every one.",
        .help_zh = "适用的资金来源；留空则不限。" },
    [ALERT_RULE_EARMARK] = { .name = "earmark", .en = "Earmark", .zh = "限定用途",
        .type = F_CODE, .list = "purpose",
        .help_en = "Money set apart for this alone; empty for all.",
        .help_zh = "仅限此用途的资金；留空则不限。" },
    [ALERT_RULE_HOLDER_KIND] = { .name = "holder_kind", .en = "Kind of holder",
        .zh = "持有方类别", .type = F_CODE, .list = "holder_kind",
        .help_en = "Pots of places, organisations or projects alone; empty for all three.",
        .help_zh = "仅限地区资金池、单位或项目；留空为三者。" },
};
_Static_assert(COUNT(alert_rule_fields) == ALERT_RULE_NCOLS, "one row per column");

static const struct check alert_rule_checks[] = {
    { .name = "AR01", .severity = CHECK_REFUSE,
      .holds = "holder_kind in {place, organisation, project}",
      .en = "only money that waits to be used is idle", .zh = "仅待用资金计闲置" },
};

const struct entity alert_rule_entity = {
    .name = "alert_rule", .en = "Alert rule", .zh = "预警规则", .room = "money",
    .help_en = "From which day and amount on idle money is told, from when to when, by which "
               "document.",
    .help_zh = "闲置资金的预警标准：天数、金额、起止日期与依据。",
    .access = ACCESS_WORK,
    .number = NUMBER_ALERT_RULE, .reach = REACH_NATION,
    .fields = alert_rule_fields, .n = COUNT(alert_rule_fields), .checks = alert_rule_checks,
    .n_checks = COUNT(alert_rule_checks),
};
