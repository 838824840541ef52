/* Accounts of the ledger as an entity: who holds, of which fund line, for which purpose. */
#include "programme/fields.h"
#include "base/count.h"
#include "programme/money/ledger.h"
#include "programme/numbers.h"

static const struct field account_fields[] = {
    [LEDGER_ACCOUNT_CODE] = FIELD_CODE,
    [LEDGER_ACCOUNT_TITLE] = { .name = "title", .en = "Holder's name", .zh = "户名",
        .type = F_TEXT, .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 140,
        .help_en = "The name the account is held under, as the bank knows it.",
        .help_zh = "开户名称，与银行一致。" },
    [LEDGER_ACCOUNT_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_REQUIRED | F_HOME | F_LIST,
        .help_en = "Where it is kept; its county's ledger has it.",
        .help_zh = "账户所在地区，记入该县账。" },
    [LEDGER_ACCOUNT_HOLDER_KIND] = { .name = "holder_kind", .en = "Kind of holder",
        .zh = "持有方类别", .type = F_CODE, .flags = F_REQUIRED | F_LIST, .list = "holder_kind",
        .help_en = "Who holds the money: outside, a place's pot, an organisation, a project, a "
                   "household, another payee.",
        .help_zh = "持有方：外部、地区资金池、单位、项目、农户、其他收款人。" },
    [LEDGER_ACCOUNT_ORGANISATION] = FIELD_ORGANISATION,
    [LEDGER_ACCOUNT_PROJECT] = FIELD_PROJECT,
    [LEDGER_ACCOUNT_HOUSEHOLD] = { .name = "household", .en = "Household", .zh = "农户",
        .type = F_REF, .flags = F_FAR, .ref = "household",
        .help_en = "The household that holds it.", .help_zh = "持有的农户。" },
    [LEDGER_ACCOUNT_FUND_LINE] = FIELD_FUND_LINE,
    [LEDGER_ACCOUNT_PURPOSE] = { .name = "earmark", .en = "Earmark", .zh = "限定用途",
        .type = F_CODE, .flags = F_LIST, .list = "purpose",
        .help_en = "What its money may be used for alone; empty for free money.",
        .help_zh = "资金限定的用途；不限则留空。" },
    [LEDGER_ACCOUNT_RESTRICTED] = { .name = "restricted", .en = "Never below zero",
        .zh = "不得透支", .type = F_BOOL, .preset = "yes",
        .help_en = "No only for the world outside, where money begins and is not followed.",
        .help_zh = "仅外部账户填否：资金由此进入，不再追踪。" },
    [LEDGER_ACCOUNT_BANK_CODE] = { .name = "bank_code", .en = "Bank number", .zh = "行号",
        .type = F_TEXT, .max = 12,
        .help_en = "Twelve digits of the bank in the clearing system.",
        .help_zh = "支付系统行号，12位。" },
    [LEDGER_ACCOUNT_BANK_CARD] = { .name = "bank_card", .en = "Bank account", .zh = "银行账号",
        .type = F_TEXT, .flags = F_PERSONAL, .max = 34,
        .help_en = "Number of the account or card that payments go to.",
        .help_zh = "收款账号或卡号。" },
};
_Static_assert(COUNT(account_fields) == LEDGER_ACCOUNT_NCOLS, "one row per column");

static const struct check account_checks[] = {
    { .name = "LG01", .severity = CHECK_REFUSE,
      .holds = "restricted or not (holder_kind in {household, project, payee})",
      .en = "the money of households, projects and payees is followed: it may not go below zero",
      .zh = "农户、项目、收款人账户必须限定不得透支" },
    { .name = "LG02", .severity = CHECK_REFUSE, .holds = "holder_kind != transit",
      .en = "money on its way has no account", .zh = "在途资金不设账户" },
};

const struct entity ledger_account_entity = {
    .name = "ledger_account", .en = "Account", .zh = "账户", .room = "money",
    .help_en = "An account of the ledger: holder, fund line and earmark.",
    .help_zh = "资金账户：持有方、资金来源与限定用途。",
    .access = ACCESS_MONEY,
    .number = NUMBER_LEDGER_ACCOUNT, .reach = REACH_COUNTY, .flags = E_NO_SOURCE,
    .fields = account_fields, .n = COUNT(account_fields), .checks = account_checks,
    .n_checks = COUNT(account_checks),
};
