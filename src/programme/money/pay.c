/* The entities of payment: who is paid, runs, and their lines. */
#include "programme/money/pay.h"

#include <string.h>

#include "base/codes.h"
#include "base/count.h"
#include "programme/fields.h"
#include "programme/money/pay_part.h"
#include "programme/numbers.h"

static const struct field payee_fields[] = {
    [PAYEE_CODE] = FIELD_CODE,
    [PAYEE_NAME] = { .name = "name", .en = "Name of the holder", .zh = "收款户名",
        .type = F_TEXT, .flags = F_REQUIRED | F_LIST | F_SEARCH | F_PERSONAL, .min = 1, .max = 70,
        .help_en = "The name the account is held under, as the bank knows it.",
        .help_zh = "开户名称，与银行一致。" },
    [PAYEE_KIND] = { .name = "kind", .en = "Kind of payee", .zh = "收款人类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "payee_kind",
        .help_en = "A household, a person, an organisation, somebody else.",
        .help_zh = "农户、个人、单位、其他。" },
    [PAYEE_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_REQUIRED | F_HOME | F_LIST,
        .help_en = "Where the payee lives or sits.", .help_zh = "收款人所在地区。" },
    [PAYEE_HOUSEHOLD] = { .name = "household", .en = "Household", .zh = "农户", .type = F_REF,
        .flags = F_FAR | F_NATION, .ref = "household",
        .help_en = "The household of the register.", .help_zh = "建档立卡户。" },
    [PAYEE_PERSON] = { .name = "person", .en = "Person", .zh = "人员", .type = F_REF,
        .flags = F_FAR | F_NATION, .ref = "person",
        .help_en = "The person in the register.", .help_zh = "建档立卡人员。" },
    [PAYEE_ORGANISATION] = { .name = "organisation", .en = "Organisation", .zh = "单位",
        .type = F_REF, .flags = F_NATION, .ref = "organisation",
        .help_en = "The organisation.", .help_zh = "收款单位。" },
    [PAYEE_BANK_CARD] = { .name = "bank_card", .en = "Bank account", .zh = "银行账号",
        .type = F_TEXT, .flags = F_REQUIRED | F_PERSONAL | F_BANK_CARD, .max = 34,
        .help_en = "Number of the card or account that payments go to.",
        .help_zh = "收款账号或卡号。" },
    [PAYEE_BANK_CODE] = { .name = "bank_code", .en = "Bank number", .zh = "行号",
        .type = F_TEXT, .flags = F_REQUIRED, .max = 12,
        .help_en = "Twelve digits of the payee's bank in the clearing system.",
        .help_zh = "收款行支付系统行号，12位。" },
    [PAYEE_BANK_NAME] = { .name = "bank_name", .en = "Bank", .zh = "开户银行", .type = F_TEXT,
        .max = 140, .help_en = "The bank's name.", .help_zh = "开户银行名称。" },
    [PAYEE_LEDGER_ACCOUNT] = { .name = "ledger_account", .en = "Account in the ledger",
        .zh = "账内账户", .type = F_REF, .flags = F_COMPUTED, .ref = "ledger_account",
        .help_en = "Where the ledger keeps what was paid to it; made at the first approval.",
        .help_zh = "账内收款账户，首次审批时建立。" },
};
_Static_assert(COUNT(payee_fields) == PAYEE_NCOLS, "one row per column");

static bool payee_check(const struct val *row, struct err *e)
{
    struct val kind = row[ROW_FIRST + PAYEE_KIND];
    /* Two references before them are far ones, with a column more each. */
    struct val card = row[ROW_FIRST + PAYEE_BANK_CARD + 2], bank = row[ROW_FIRST + PAYEE_BANK_CODE + 2];
    struct val name = row[ROW_FIRST + PAYEE_NAME];
    const char *wrong = NULL;
    if (name.type == VAL_TEXT && (wrong = pay_name_fault(name.p, name.n)))
        return err_field(e, ERR_INVALID, "name", "%s", wrong);
    if (card.type == VAL_TEXT && kind.type == VAL_TEXT &&
        (wrong = pay_account_fault(card.p, card.n,
                                   !row_is(kind, "household") && !row_is(kind, "person"))))
        return err_field(e, ERR_INVALID, "bank_card", "%s", wrong);
    if (bank.type == VAL_TEXT && !cnaps_check(bank.p, bank.n))
        return err_field(e, ERR_INVALID, "bank_code", "%s", PAY_BANK_FAULT);
    return true;
}

const struct entity payee_entity = {
    .name = "payee", .en = "Payee", .zh = "收款人", .room = "money",
    .help_en = "Who can be paid, and to which account.",
    .help_zh = "可付款的收款人及其账户。",
    .access = ACCESS_MONEY,
    .number = NUMBER_PAYEE, .reach = REACH_COUNTY, .flags = E_NO_SOURCE, .fields = payee_fields,
    .n = COUNT(payee_fields), .check = payee_check,
};

#define BY(n, l, z, h, hz) \
    { .name = n, .en = l, .zh = z, .type = F_TEXT, .flags = F_COMPUTED, .max = 60, .help_en = h, \
      .help_zh = hz }
#define DAY(n, l, z, f, h, hz) \
    { .name = n, .en = l, .zh = z, .type = F_DATE, .flags = F_COMPUTED | (f), .help_en = h, \
      .help_zh = hz }

static const struct field payment_run_fields[] = {
    [PAYMENT_RUN_CODE] = { .name = "code", .en = "Code", .zh = "编号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_NATION | F_LIST | F_SEARCH | F_COMPUTED,
        .max = PAY_RUN_CODE,
        .help_en = "Code of the run; the bank knows its lines by it.",
        .help_zh = "付款批次编号，银行据此识别。" },
    [PAYMENT_RUN_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_COMPUTED, .max = 140,
        .help_en = "What is paid.", .help_zh = "付款内容。" },
    [PAYMENT_RUN_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_HOME | F_LIST | F_COMPUTED,
        .help_en = "Where the paying account is kept.", .help_zh = "付款账户所在地区。" },
    [PAYMENT_RUN_PAYER] = { .name = "payer", .en = "Paying account", .zh = "付款账户",
        .type = F_REF, .flags = F_LIST | F_COMPUTED, .ref = "ledger_account",
        .help_en = "The account of the ledger it is paid from.", .help_zh = "付款的账内账户。" },
    [PAYMENT_RUN_EARMARK] = { .name = "earmark", .en = "Use of the money", .zh = "资金用途",
        .type = F_CODE, .flags = F_COMPUTED, .list = "purpose",
        .help_en = "The use that the money serves; that of the account where it is set apart.",
        .help_zh = "资金用途；账户限定用途时须一致。" },
    [PAYMENT_RUN_STATE] = { .name = "state", .en = "State", .zh = "状态", .type = F_CODE,
        .flags = F_LIST | F_COMPUTED, .list = "payment_run_state",
        .help_en = "Prepared, approved, written for the bank, closed, cancelled.",
        .help_zh = "待审批、已审批、已送银行、已办结、已取消。" },
    [PAYMENT_RUN_DUE_ON] = DAY("due_on", "To be paid on", "要求付款日", F_LIST,
        "The day on which the bank is to pay.", "要求银行付款的日期。"),
    [PAYMENT_RUN_LINES] = { .name = "lines", .en = "Lines", .zh = "笔数", .type = F_INT,
        .flags = F_LIST | F_COMPUTED, .min = 0,
        .help_en = "Payments of the run, as prepared.", .help_zh = "编制时笔数。" },
    [PAYMENT_RUN_AMOUNT] = { .name = "amount", .en = "Amount", .zh = "金额", .type = F_MONEY,
        .flags = F_LIST | F_COMPUTED, .min = 0, .unit = "yuan",
        .help_en = "Sum of its payments, as prepared.", .help_zh = "编制时总金额。" },
    [PAYMENT_RUN_PREPARED_BY] = BY("prepared_by", "Prepared by", "编制人",
        "Who prepared it.", "编制人。"),
    [PAYMENT_RUN_PREPARED_ON] = DAY("prepared_on", "Prepared on", "编制日期", 0,
        "The day it was prepared.", "编制日期。"),
    [PAYMENT_RUN_APPROVED_BY] = BY("approved_by", "Approved by", "审批人",
        "Who approved it; never who prepared it.", "审批人，不得为编制人。"),
    [PAYMENT_RUN_APPROVED_ON] = DAY("approved_on", "Approved on", "审批日期", 0,
        "The day it was approved.", "审批日期。"),
    [PAYMENT_RUN_WRITTEN_BY] = BY("written_by", "Written by", "制单人",
        "Who wrote the bank's file.", "生成银行文件者。"),
    [PAYMENT_RUN_WRITTEN_AT] = { .name = "written_at", .en = "Written at", .zh = "制单时间",
        .type = F_INSTANT, .flags = F_COMPUTED,
        .help_en = "The instant that the bank's file names.",
        .help_zh = "银行文件所载时间。" },
    [PAYMENT_RUN_FILE_DIGEST] = { .name = "file_digest", .en = "Digest of the file",
        .zh = "文件摘要", .type = F_TEXT, .flags = F_COMPUTED, .max = 64,
        .help_en = "BLAKE2b of the XML that was written; the same run gives the same bytes.",
        .help_zh = "所生成XML的BLAKE2b摘要，同一批次内容不变。" },
    [PAYMENT_RUN_ENDED_BY] = BY("ended_by", "Closed or cancelled by", "办结或取消人",
        "Who took in the last answer of the bank, or cancelled it.", "办结或取消者。"),
    [PAYMENT_RUN_ENDED_ON] = DAY("ended_on", "Closed or cancelled on", "办结或取消日期", 0,
        "The day it ended.", "办结或取消日期。"),
};
_Static_assert(COUNT(payment_run_fields) == PAYMENT_RUN_NCOLS, "one row per column");

const struct entity payment_run_entity = {
    .name = "payment_run", .en = "Payment run", .zh = "付款批次", .room = "money",
    .help_en = "Payments prepared, approved and sent to the bank together.",
    .help_zh = "一并编制、审批并送银行的一批付款。",
    .access = ACCESS_MONEY,
    .number = NUMBER_PAYMENT_RUN, .reach = REACH_COUNTY, .flags = E_NO_SOURCE | E_OWN,
    .fields = payment_run_fields, .n = COUNT(payment_run_fields),
};

static const struct field payment_fields[] = {
    [PAYMENT_CODE] = { .name = "code", .en = "Code", .zh = "编号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_NATION | F_LIST | F_SEARCH | F_COMPUTED, .max = 35,
        .help_en = "The run's code and the line: what the bank's files call it.",
        .help_zh = "批次编号加行号，即银行文件中的业务标识。" },
    [PAYMENT_PAYEE] = { .name = "payee", .en = "Payee", .zh = "收款人", .type = F_REF,
        .flags = F_HOME | F_LIST | F_COMPUTED, .ref = "payee",
        .help_en = "Who is paid.", .help_zh = "收款人。" },
    [PAYMENT_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_COMPUTED | F_LIST, .copies = "place",
        .help_en = "The payee's place.", .help_zh = "收款人所在地区。" },
    [PAYMENT_PAYEE_KIND] = { .name = "payee_kind", .en = "Kind of payee", .zh = "收款人类别",
        .type = F_CODE, .flags = F_COMPUTED, .list = "payee_kind", .copies = "kind",
        .help_en = "A household, a person, an organisation, somebody else.",
        .help_zh = "农户、个人、单位、其他。" },
    [PAYMENT_RUN] = { .name = "run", .en = "Run", .zh = "批次", .type = F_REF,
        .flags = F_FAR | F_LIST | F_COMPUTED, .ref = "payment_run",
        .help_en = "The run it is a line of.", .help_zh = "所属付款批次。" },
    [PAYMENT_LINE] = { .name = "line", .en = "Line", .zh = "行号", .type = F_INT,
        .flags = F_COMPUTED, .min = 0, .help_en = "Its number in the run.", .help_zh = "批次内序号。" },
    [PAYMENT_ORGANISATION] = { .name = "organisation", .en = "Paying organisation",
        .zh = "付款单位", .type = F_REF, .flags = F_COMPUTED, .ref = "organisation",
        .help_en = "The organisation that holds the paying account.",
        .help_zh = "付款账户所属单位。" },
    [PAYMENT_AMOUNT] = { .name = "amount", .en = "Amount", .zh = "金额", .type = F_MONEY,
        .flags = F_LIST | F_COMPUTED, .min = 0, .unit = "yuan",
        .help_en = "What is paid.", .help_zh = "付款金额。" },
    [PAYMENT_PURPOSE] = { .name = "purpose", .en = "Purpose", .zh = "用途", .type = F_CODE,
        .flags = F_LIST | F_COMPUTED, .list = "payment_purpose",
        .help_en = "Wage of a post, subsidy, dividend, ...",
        .help_zh = "岗位工资、补贴、分红等。" },
    [PAYMENT_PERIOD] = { .name = "period", .en = "Period", .zh = "所属期", .type = F_TEXT,
        .flags = F_LIST | F_COMPUTED, .max = 20,
        .help_en = "What it is paid for: 2020, 2020H1, 2020Q2, 2020-05 or a day.",
        .help_zh = "所属期：年、半年、季度、月或日。" },
    [PAYMENT_COVERS_FROM] = DAY("covers_from", "Covers from", "所属期起", 0,
        "First day of the period.", "所属期首日。"),
    [PAYMENT_COVERS_TO] = DAY("covers_to", "Covers to", "所属期止", 0,
        "Last day of the period.", "所属期末日。"),
    [PAYMENT_ONCE] = { .name = "once", .en = "Paid once", .zh = "唯一支付", .type = F_TEXT,
        .flags = F_NATION | F_COMPUTED, .max = 80,
        .help_en = "Payee, purpose and period: one payment in the nation may have it; empty when "
                   "the money did not reach the payee.",
        .help_zh = "收款人、用途、所属期，全国唯一；未付成则空。" },
    [PAYMENT_STATE] = { .name = "state", .en = "State", .zh = "状态", .type = F_CODE,
        .flags = F_LIST | F_COMPUTED, .list = "payment_state",
        .help_en = "Prepared, approved, paid, failed, returned by the bank, cancelled.",
        .help_zh = "待审批、待支付、已支付、支付失败、已退汇、已取消。" },
    [PAYMENT_APPROVED_ON] = DAY("approved_on", "Approved on", "审批日期", 0,
        "The day it was approved.", "审批日期。"),
    [PAYMENT_PAID_ON] = DAY("paid_on", "Paid on", "支付日期", F_LIST,
        "The day on which the bank paid it.", "银行支付日期。"),
    [PAYMENT_ENDED_ON] = DAY("ended_on", "Ended on", "未付日期", 0,
        "The day on which the bank refused it or sent it back, or it was cancelled.",
        "银行拒付、退汇或取消日期。"),
    [PAYMENT_REASON] = { .name = "reason", .en = "Reason", .zh = "原因", .type = F_TEXT,
        .flags = F_LIST | F_COMPUTED, .max = 200,
        .help_en = "Why it was not paid, as the bank says.", .help_zh = "银行所述未付原因。" },
    [PAYMENT_BANK_REF] = { .name = "bank_ref", .en = "Bank's reference", .zh = "银行流水号",
        .type = F_TEXT, .flags = F_COMPUTED, .max = 60,
        .help_en = "What the bank calls it.", .help_zh = "银行流水号。" },
    [PAYMENT_ARRIVAL] = { .name = "arrival", .en = "Transfer", .zh = "到账分录", .type = F_TEXT,
        .flags = F_COMPUTED, .max = 20,
        .help_en = "The ledger's transfer by which it arrived.", .help_zh = "到账的账内分录。" },
    [PAYMENT_ACCOUNT_TAIL] = { .name = "account_tail", .en = "Account ends in", .zh = "账号后四位",
        .type = F_TEXT, .flags = F_LIST | F_COMPUTED, .max = 4,
        .help_en = "The last four digits of the account.", .help_zh = "收款账号后四位。" },
    [PAYMENT_SEAL] = { .name = "seal", .en = "Seal", .zh = "校验印", .type = F_INT,
        .flags = F_COMPUTED, .min = 0,
        .help_en = "Keyed digest of name, account and bank as prepared.",
        .help_zh = "编制时户名、账号、行号的摘要。" },
    [PAYMENT_FOR_RECORD] = { .name = "for_record", .en = "For the record", .zh = "依据记录",
        .type = F_TEXT, .flags = F_COMPUTED, .max = 120,
        .help_en = "The record it is paid for, such as welfare_post:WP-1.",
        .help_zh = "所依据的记录，如 welfare_post:WP-1。" },
};
_Static_assert(COUNT(payment_fields) == PAYMENT_NCOLS, "one row per column");

static const char *const payment_indexes[] = { "run, id",
    "bank_ref where bank_ref is not null", "for_record where for_record is not null", NULL };

const struct entity payment_entity = {
    .name = "payment", .en = "Payment", .zh = "付款", .room = "money",
    .help_en = "What one payee is paid in one run.",
    .help_zh = "一批次中付给一个收款人的款项。",
    .access = ACCESS_MONEY,
    .number = NUMBER_PAYMENT, .reach = REACH_COUNTY, .flags = E_NO_SOURCE | E_OWN,
    .fields = payment_fields, .n = COUNT(payment_fields), .indexes = payment_indexes,
};
