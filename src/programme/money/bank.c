/* The entities of bank statements. */
#include "programme/money/bank.h"

#include "base/count.h"
#include "programme/fields.h"
#include "programme/numbers.h"

#define MONEY(n, l, z, h, hz) \
    { .name = n, .en = l, .zh = z, .type = F_MONEY, .flags = F_LIST | F_COMPUTED, .unit = "yuan", \
      .help_en = h, .help_zh = hz }
#define DAY(n, l, z, h, hz) \
    { .name = n, .en = l, .zh = z, .type = F_DATE, .flags = F_LIST | F_COMPUTED, .help_en = h, \
      .help_zh = hz }

static const struct field bank_statement_fields[] = {
    [BANK_STATEMENT_CODE] = { .name = "code", .en = "Code", .zh = "编号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_NATION | F_LIST | F_SEARCH | F_COMPUTED, .max = 90,
        .help_en = "The account and the beginning of the file's digest.",
        .help_zh = "账户编号加文件摘要前段。" },
    [BANK_STATEMENT_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_HOME | F_COMPUTED,
        .help_en = "Where the account is kept.", .help_zh = "账户所在地区。" },
    [BANK_STATEMENT_ACCOUNT] = { .name = "account", .en = "Account", .zh = "账户", .type = F_REF,
        .flags = F_LIST | F_COMPUTED, .ref = "ledger_account",
        .help_en = "The account of the ledger that it is of.", .help_zh = "对应的账内账户。" },
    [BANK_STATEMENT_FROM_ON] = DAY("from_on", "From", "起", "Its first day.", "首日。"),
    [BANK_STATEMENT_TO_ON] = DAY("to_on", "To", "止", "Its last day.", "末日。"),
    [BANK_STATEMENT_OPENING] = MONEY("opening", "Balance before", "期初余额",
        "Before the first line; empty when the statement does not say.",
        "首笔前余额；未载则空。"),
    [BANK_STATEMENT_CLOSING] = MONEY("closing", "Balance after", "期末余额",
        "After the last line; empty when the statement does not say.",
        "末笔后余额；未载则空。"),
    [BANK_STATEMENT_LINES] = { .name = "lines", .en = "Lines", .zh = "笔数", .type = F_INT,
        .flags = F_LIST | F_COMPUTED, .min = 0,
        .help_en = "How many lines it has.", .help_zh = "笔数。" },
    [BANK_STATEMENT_MONEY_IN] = MONEY("money_in", "In", "收入", "Sum of what came in.", "收入合计。"),
    [BANK_STATEMENT_MONEY_OUT] = MONEY("money_out", "Out", "支出", "Sum of what went out.",
        "支出合计。"),
    [BANK_STATEMENT_FILE_DIGEST] = { .name = "file_digest", .en = "Digest of the file",
        .zh = "文件摘要", .type = F_TEXT, .flags = F_COMPUTED, .max = 64,
        .help_en = "BLAKE2b of its bytes.", .help_zh = "文件BLAKE2b摘要。" },
    [BANK_STATEMENT_LOADED_BY] = { .name = "loaded_by", .en = "Loaded by", .zh = "录入人",
        .type = F_TEXT, .flags = F_COMPUTED, .max = 60,
        .help_en = "Who took it in.", .help_zh = "录入者。" },
    [BANK_STATEMENT_LOADED_ON] = { .name = "loaded_on", .en = "Loaded on", .zh = "录入日期",
        .type = F_DATE, .flags = F_COMPUTED,
        .help_en = "The day it was taken in.", .help_zh = "录入日期。" },
};
_Static_assert(COUNT(bank_statement_fields) == BANK_STATEMENT_NCOLS, "one row per column");

const struct entity bank_statement_entity = {
    .name = "bank_statement", .en = "Bank statement", .zh = "银行对账单", .room = "money",
    .help_en = "What the bank says of one account over some days.",
    .help_zh = "银行出具的账户对账单。",
    .number = NUMBER_BANK_STATEMENT, .reach = REACH_COUNTY, .flags = E_NO_SOURCE | E_MADE,
    .access = ACCESS_MONEY,
    .fields = bank_statement_fields, .n = COUNT(bank_statement_fields),
};

static const struct field bank_line_fields[] = {
    [BANK_LINE_STATEMENT] = { .name = "statement", .en = "Statement", .zh = "对账单",
        .type = F_REF, .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST | F_COMPUTED,
        .ref = "bank_statement",
        .help_en = "The statement it stands on.", .help_zh = "所属对账单。" },
    [BANK_LINE_LINE] = { .name = "line", .en = "Line", .zh = "行号", .type = F_INT,
        .flags = F_REQUIRED | F_KEY | F_LIST | F_COMPUTED, .min = 0,
        .help_en = "Its number on the statement.", .help_zh = "序号。" },
    [BANK_LINE_DAY] = DAY("booked_on", "Booked on", "记账日期", "The day the bank booked it.",
        "银行记账日期。"),
    [BANK_LINE_AMOUNT] = MONEY("amount", "Amount", "金额", "What came in; below 0 what went out.",
        "收入为正，支出为负。"),
    [BANK_LINE_BALANCE] = MONEY("balance", "Balance", "余额", "After this line, where it says.",
        "本笔后余额。"),
    [BANK_LINE_REFERENCE] = { .name = "reference", .en = "Reference", .zh = "流水号",
        .type = F_TEXT, .flags = F_LIST | F_COMPUTED, .max = 100,
        .help_en = "What the line refers to.", .help_zh = "业务编号或流水号。" },
    [BANK_LINE_COUNTERPARTY] = { .name = "counterparty", .en = "Counterparty", .zh = "对方户名",
        .type = F_TEXT, .flags = F_COMPUTED | F_PERSONAL, .max = 200,
        .help_en = "Who paid or was paid.", .help_zh = "对方户名。" },
    [BANK_LINE_ACCOUNT_TAIL] = { .name = "account_tail", .en = "Their account ends in",
        .zh = "对方账号后四位", .type = F_TEXT, .flags = F_COMPUTED | F_PERSONAL | F_BANK_CARD,
        .max = 4, .help_en = "The last four digits of the other account.",
        .help_zh = "对方账号后四位。" },
    [BANK_LINE_REMARK] = { .name = "remark", .en = "Remark", .zh = "摘要", .type = F_TEXT,
        .flags = F_COMPUTED | F_PERSONAL, .max = 300,
        .help_en = "What the bank or the payer wrote.", .help_zh = "摘要或附言。" },
};
_Static_assert(COUNT(bank_line_fields) == BANK_LINE_NCOLS, "one row per column");

const struct entity bank_line_entity = {
    .name = "bank_line", .en = "Line of a statement", .zh = "对账单明细", .room = "money",
    .help_en = "One movement on an account, as the bank booked it.",
    .help_zh = "银行记账的一笔收支。",
    .number = NUMBER_BANK_LINE, .reach = REACH_COUNTY, .flags = E_NO_SOURCE | E_MADE,
    .access = ACCESS_MONEY,
    .fields = bank_line_fields, .n = COUNT(bank_line_fields),
};
