/* The fields that many entities share: those of a fact as it was reported, and those that every row
 * has which rests on a source. */
#include "entity/entity.h"

const struct field fact_fields[FACT_N] = {
    [FACT_QUANTITY] = { .name = "quantity", .en = "Quantity", .zh = "数量", .type = F_INT,
        .min = 0, .preset = "1",
        .help_en = "How many the row stands for: 1 for a named thing, 2000 for a reported total.",
        .help_zh = "本行代表的数量：具名的为1，汇总上报的为总数。" },
    [FACT_QUALIFIER] = { .name = "qualifier", .en = "Qualifier", .zh = "精确程度", .type = F_CODE,
        .list = "qualifier", .preset = "eq",
        .help_en = "How the source puts its numbers: exactly, at least, over, under, about.",
        .help_zh = "来源的表述：等于、不少于、超过、不超过、不足、约。" },
    [FACT_STATE] = { .name = "state", .en = "State", .zh = "进展状态", .type = F_CODE,
        .list = "fact_state", .preset = "done", .flags = F_LIST,
        .help_en = "Planned, committed, or done; what is told in the future tense is not done.",
        .help_zh = "计划、承诺或完成；将来时的表述不是完成。" },
    [FACT_OF_WHICH] = { .name = "of_which", .en = "Part of", .zh = "其中项所属", .type = F_REF,
        .flags = F_FAR,
        .help_en = "The row that this one is a part of (\"15 of whom\").",
        .help_zh = "本行是哪一行的“其中”项。" },
    [FACT_OF_WHICH_UNCLEAR] = { .name = "of_which_unclear", .en = "Part of one of",
        .zh = "其中项所属不明", .type = F_TEXT, .max = 500,
        .help_en = "When the source leaves open of what it is a part: the rows it may belong to.",
        .help_zh = "来源未说明属于哪一行时，列出可能所属的各行。" },
};

const struct field common_fields[COMMON_N] = {
    [COMMON_VALID_FROM] = { .name = "valid_from", .en = "Valid from", .zh = "起始日期",
        .type = F_DATE, .flags = F_FROM | F_LIST,
        .help_en = "First day on which it is true or happened; a month or year means its first.",
        .help_zh = "成立或发生的首日；只写年月或年份表示其首日。" },
    [COMMON_VALID_TO] = { .name = "valid_to", .en = "Valid to", .zh = "截止日期",
        .type = F_DATE, .flags = F_TO | F_LIST,
        .help_en = "Last day on which it is true or may have happened; empty when it goes on "
                   "or is unknown.",
        .help_zh = "成立或可能发生的末日；仍在持续或不详则留空。" },
    [COMMON_BASIS] = { .name = "basis", .en = "Rests on", .zh = "数据依据", .type = F_CODE,
        .list = "basis", .preset = "recorded",
        .help_en = "Recorded with evidence, restated from a report, synthetic, or derived back "
                   "from a claim.",
        .help_zh = "有凭据的记录、转述的汇总、合成数据，或由他数倒推。" },
    [COMMON_CONFIRMATION] = { .name = "confirmation", .en = "Confirmation", .zh = "确认情况",
        .type = F_CODE, .list = "confirmation", .preset = "one_sided",
        .help_en = "Whether the other side confirmed, corrected or disputed it.",
        .help_zh = "对方是否确认、更正或有异议。" },
    [COMMON_SOURCE] = { .name = "source", .en = "Source", .zh = "来源", .type = F_REF,
        .ref = "document",
        .help_en = "The document it was taken from, by its code.", .help_zh = "所依据的文件，填文件编号。" },
    [COMMON_QUOTE] = { .name = "quote", .en = "Quote", .zh = "原文", .type = F_TEXT, .max = 2000,
        .help_en = "The words of the source.", .help_zh = "来源中的原话。" },
    [COMMON_NOTE] = { .name = "note", .en = "Note", .zh = "备注", .type = F_TEXT, .max = 2000,
        .help_en = "Anything else worth knowing.", .help_zh = "其他需要说明的事项。" },
};
