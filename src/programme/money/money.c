/* The entities of the money room. */
#include "programme/money/money.h"
#include "base/count.h"
#include "programme/fields.h"
#include "programme/money/bank.h"
#include "programme/money/earmark_book.h"
#include "programme/money/flow.h"
#include "programme/money/ledger.h"
#include "programme/money/ledger_sql.h"
#include "programme/money/paper.h"
#include "programme/money/pay.h"
#include "programme/money/receipt.h"
#include "programme/numbers.h"

static const struct field fund_line_fields[] = {
    [FUND_LINE_CODE] = FIELD_CODE,
    [FUND_LINE_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it is called.", .help_zh = "名称。" },
    [FUND_LINE_HELPER] = FIELD_HELPER,
    [FUND_LINE_FRAME] = FIELD_FRAME,
    [FUND_LINE_PLACE] = FIELD_PLACE,
    [FUND_LINE_KIND] = { .name = "kind", .en = "Kind", .zh = "资金类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "fund_kind",
        .help_en = "Fiscal, social, enterprise, special fund, ...",
        .help_zh = "财政、社会、企业、专项等。" },
    [FUND_LINE_FOR_YEAR] = { .name = "for_year", .en = "Year", .zh = "年度", .type = F_INT,
        .flags = F_LIST, .min = 1980, .max = 2100,
        .help_en = "Budget year.", .help_zh = "预算年度。" },
    [FUND_LINE_AMOUNT] = FIELD_AMOUNT,
    [FUND_LINE_PURPOSE] = FIELD_PURPOSE,
    [FUND_LINE_DUTY] = { .name = "duty", .en = "Duty or extra", .zh = "义务或自愿",
        .type = F_CODE, .list = "duty",
        .help_en = "A duty of the agreement, or given beyond it.",
        .help_zh = "协议内义务或协议外自愿。" },
    [FUND_LINE_NATURE] = FIELD_NATURE,
};
_Static_assert(COUNT(fund_line_fields) == FUND_LINE_NCOLS, "one row per column");

const struct entity fund_line_entity = {
    .name = "fund_line", .en = "Fund line", .zh = "资金来源", .room = "money",
    .help_en = "A pot of money of one year: who gives it, for where, and how much was agreed.",
    .help_zh = "某年度一笔资金：谁出、给哪里、协议多少。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_FUND_LINE, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = fund_line_fields, .n = COUNT(fund_line_fields),
};

static const struct field batch_fields[] = {
    [BATCH_CODE] = FIELD_CODE,
    [BATCH_FUND_LINE] = FIELD_FUND_LINE,
    [BATCH_HELPER] = FIELD_HELPER,
    [BATCH_PLACE] = FIELD_PLACE,
    [BATCH_AMOUNT] = FIELD_AMOUNT,
    [BATCH_COMMITMENT] = FIELD_COMMITMENT,
};
_Static_assert(COUNT(batch_fields) == BATCH_NCOLS, "one row per column");

const struct entity batch_entity = {
    .name = "batch", .en = "Batch", .zh = "资金批次", .room = "money",
    .help_en = "One handing down of money, to several places at once.",
    .help_zh = "一次性下达多地的一批资金。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_BATCH, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = batch_fields, .n = COUNT(batch_fields),
};

static const struct field allocation_fields[] = {
    [ALLOCATION_CODE] = FIELD_CODE,
    [ALLOCATION_FUND_LINE] = FIELD_FUND_LINE,
    [ALLOCATION_BATCH] = { .name = "batch", .en = "Batch", .zh = "批次", .type = F_REF,
        .flags = F_FAR, .ref = "batch",
        .help_en = "The batch it was handed down in.", .help_zh = "所属批次。" },
    [ALLOCATION_HELPER] = FIELD_HELPER,
    [ALLOCATION_TAKER] = { .name = "taker", .en = "Taker", .zh = "接收单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "Who received it.", .help_zh = "接收单位。" },
    [ALLOCATION_PLACE] = FIELD_PLACE,
    [ALLOCATION_PROJECT] = FIELD_PROJECT,
    [ALLOCATION_AMOUNT] = FIELD_AMOUNT,
    [ALLOCATION_FORM] = { .name = "form", .en = "Form", .zh = "形式", .type = F_CODE,
        .list = "money_form", .preset = "money",
        .help_en = "Money or goods.", .help_zh = "资金或物资。" },
    [ALLOCATION_GOODS] = { .name = "goods", .en = "Goods", .zh = "物资", .type = F_TEXT,
        .flags = F_LIST, .max = 500,
        .help_en = "What goods, when it is not money.", .help_zh = "物资名称。" },
    [ALLOCATION_FUND_KIND] = { .name = "fund_kind", .en = "Fund kind", .zh = "资金类别",
        .type = F_CODE, .flags = F_LIST, .list = "fund_kind",
        .help_en = "Fiscal, social, enterprise, donation, ...; also where no fund line is named.",
        .help_zh = "财政、社会、企业、捐款等；未列资金来源时也填。" },
    [ALLOCATION_STAGE] = { .name = "stage", .en = "Stage", .zh = "环节", .type = F_CODE,
        .flags = F_LIST, .list = "money_stage", .preset = "allocated",
        .help_en = "Handed down, received, paid out.", .help_zh = "下达、到位、支出。" },
    [ALLOCATION_PURPOSE] = FIELD_PURPOSE,
    [ALLOCATION_FOR_CLASS] = FIELD_FOR_CLASS,
    [ALLOCATION_ADDITIONAL] = { .name = "additional", .en = "Additional", .zh = "是否追加",
        .type = F_BOOL, .preset = "0",
        .help_en = "Beyond the regular money, for listed places and the like.",
        .help_zh = "是否在常规资金外追加。" },
    [ALLOCATION_COMMITMENT] = FIELD_COMMITMENT,
    [ALLOCATION_NATURE] = FIELD_NATURE,
    [ALLOCATION_UNITS] = { .name = "units", .en = "Units of goods", .zh = "物资数量",
        .type = F_DECIMAL, .scale = 2, .min = 0, .max = 100000000000000,
        .help_en = "How many of the goods, in the unit given: 20,000 seedlings.",
        .help_zh = "物资数量，单位另填，如树苗20000株。" },
    [ALLOCATION_UNIT] = { .name = "unit", .en = "Unit of goods", .zh = "物资单位",
        .type = F_TEXT, .max = 20,
        .help_en = "Unit of the goods.", .help_zh = "物资计量单位。" },
    [ALLOCATION_FATE] = { .name = "fate", .en = "What became of them", .zh = "物资去向",
        .type = F_TEXT, .flags = F_SEARCH, .max = 500,
        .help_en = "What became of the goods: planted, in use, sold, spoilt.",
        .help_zh = "物资使用结果：已栽种、在用、已出售、损耗等。" },
};
_Static_assert(COUNT(allocation_fields) == ALLOCATION_NCOLS, "one row per column");

static const struct check allocation_checks[] = {
    { .name = "AL01", .severity = CHECK_REFUSE, .holds = "not known(units) or form = goods",
      .en = "only goods are counted in units", .zh = "仅物资填数量" },
    { .name = "AL02", .severity = CHECK_REFUSE, .holds = UNIT_IS_WHOLE,
      .en = UNIT_IS_WHOLE_EN, .zh = UNIT_IS_WHOLE_ZH },
};

const struct entity allocation_entity = {
    .name = "allocation", .en = "Allocation", .zh = "资金拨付", .room = "money",
    .help_en = "Money or goods that reached a place, an organisation or a project.",
    .help_zh = "拨付到地区、单位或项目的资金或物资。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_ALLOCATION, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = allocation_fields, .n = COUNT(allocation_fields),
    .checks = allocation_checks, .n_checks = COUNT(allocation_checks),
};

static const struct field equity_share_fields[] = {
    [EQUITY_SHARE_CODE] = FIELD_CODE,
    [EQUITY_SHARE_COMPANY] = { .name = "company", .en = "Company", .zh = "企业", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "The firm that took the money.", .help_zh = "接受入股的企业。" },
    [EQUITY_SHARE_HOLDER] = { .name = "holder", .en = "Holder", .zh = "持股方", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "Who holds the share: village, cooperative, county firm.",
        .help_zh = "持股方：村集体、合作社等。" },
    [EQUITY_SHARE_HELPER] = FIELD_HELPER,
    [EQUITY_SHARE_PLACE] = FIELD_PLACE,
    [EQUITY_SHARE_FUND_LINE] = FIELD_FUND_LINE,
    [EQUITY_SHARE_AMOUNT] = FIELD_AMOUNT,
    [EQUITY_SHARE_SHARE] = { .name = "share", .en = "Share", .zh = "股比", .type = F_DECIMAL,
        .scale = 4, .min = 0, .max = 1000000, .unit = "percent",
        .help_en = "Percent of the firm.", .help_zh = "持股比例（%）。" },
    [EQUITY_SHARE_DIVIDEND] = { .name = "dividend", .en = "Yearly dividend", .zh = "年分红",
        .type = F_MONEY, .min = 0, .unit = "yuan",
        .help_en = "Dividend of a year.", .help_zh = "年分红金额。" },
    [EQUITY_SHARE_HOUSEHOLDS] = { .name = "households", .en = "Households", .zh = "受益户数",
        .type = F_INT, .min = 0, .max = 1000000000, .unit = "household",
        .help_en = "Households that share in it.", .help_zh = "受益户数。" },
};
_Static_assert(COUNT(equity_share_fields) == EQUITY_SHARE_NCOLS, "one row per column");

const struct entity equity_share_entity = {
    .name = "equity_share", .en = "Equity share", .zh = "入股", .room = "money",
    .help_en = "Aid money that became a share in a firm, and what it pays.",
    .help_zh = "帮扶资金入股企业及分红。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_EQUITY_SHARE, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = equity_share_fields, .n = COUNT(equity_share_fields),
};

static const struct entity *const entities[] = {
    &fund_line_entity, &batch_entity, &allocation_entity, &equity_share_entity,
    &ledger_account_entity, &payee_entity, &payment_run_entity, &payment_entity,
    &bank_statement_entity, &bank_line_entity,
    &earmark_rule_entity, &transfer_entity, &lot_use_entity,
    &voucher_entity, &receipt_entity, &dividend_entity, &loan_entity, &alert_rule_entity,
};

static bool money_verify(struct db *d, struct faults *f, struct err *e)
{
    return ledger_verify(d, f, e) && receipts_verify(d, f, e);
}

const struct room money_room = { .name = "money", .entities = entities,
    .n_entities = COUNT(entities), .stmts = &ledger_stmts, .tables = ledger_tables,
    .n_tables = LEDGER_N_TABLES, .verify = money_verify };
