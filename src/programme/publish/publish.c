/* The entities of the publish room. */
#include "programme/publish/publish.h"
#include "base/count.h"
#include "programme/fields.h"
#include "programme/numbers.h"

static const struct field claim_fields[] = {
    [CLAIM_CODE] = FIELD_CODE,
    [CLAIM_CLAIMED_TEXT] = { .name = "claimed_text", .en = "As printed", .zh = "原文数字",
        .type = F_TEXT, .flags = F_REQUIRED | F_LIST, .max = 500,
        .help_en = "The number with its words as printed.",
        .help_zh = "原文所印的数字表述。" },
    [CLAIM_FIGURE] = { .name = "figure", .en = "Figure", .zh = "统计指标", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 100,
        .help_en = "Name of the figure it is held against; empty when there is none.",
        .help_zh = "对照的统计指标名；没有则留空。" },
    [CLAIM_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_LIST,
        .help_en = "Where; empty for the nation.", .help_zh = "地区；全国留空。" },
    [CLAIM_ORGANISATION] = { .name = "organisation", .en = "Organisation", .zh = "单位",
        .type = F_REF, .flags = F_LIST, .ref = "organisation",
        .help_en = "Whose; empty for all.", .help_zh = "单位；全部留空。" },
    [CLAIM_PERIOD_FROM] = { .name = "period_from", .en = "From", .zh = "期初", .type = F_DATE,
        .flags = F_FROM,
        .help_en = "First day of the period; empty for the beginning.",
        .help_zh = "期间首日；留空为最早。" },
    [CLAIM_PERIOD_TO] = { .name = "period_to", .en = "To", .zh = "期末", .type = F_DATE,
        .flags = F_TO,
        .help_en = "Last day of the period, and the day of a stock; empty for the end.",
        .help_zh = "期间末日，存量的时点；留空为最晚。" },
    [CLAIM_VALUE] = { .name = "value", .en = "Value", .zh = "数值", .type = F_DECIMAL,
        .flags = F_LIST, .scale = 4, .min = -1000000000000000,
        .help_en = "The number in the unit given, without words such as million.",
        .help_zh = "以所列单位计的数值，不带万、亿。" },
    [CLAIM_QUALIFIER] = { .name = "qualifier", .en = "Qualifier", .zh = "精确程度",
        .type = F_CODE, .flags = F_LIST, .list = "qualifier", .preset = "eq",
        .help_en = "How the source puts it: exactly, over, nearly, ...",
        .help_zh = "来源表述：等于、超过、近等。" },
    [CLAIM_UNIT] = { .name = "unit", .en = "Unit", .zh = "计量单位", .type = F_TEXT,
        .flags = F_LIST, .max = 20,
        .help_en = "Unit of the number.", .help_zh = "数值单位。" },
    [CLAIM_DECIMALS] = { .name = "decimals", .en = "Decimals", .zh = "小数位", .type = F_INT,
        .min = -12, .max = 4, .preset = "0",
        .help_en = "With how many decimals it was printed; below 0 for round numbers: -4 in whole "
                   "ten thousands, -6 in whole millions.",
        .help_zh = "原文小数位数；整万为 -4，整亿为 -8。" },
    [CLAIM_READING] = { .name = "reading", .en = "Reading", .zh = "释读", .type = F_TEXT,
        .max = 1000,
        .help_en = "What the source must mean, where its text is wrong or unclear.",
        .help_zh = "原文有误或不清时的释读。" },
    [CLAIM_REASON] = { .name = "reason", .en = "Reason", .zh = "理由", .type = F_TEXT,
        .max = 1000,
        .help_en = "Why it is read so, or why it cannot be computed.",
        .help_zh = "释读理由，或不能计算的原因。" },
};
_Static_assert(COUNT(claim_fields) == CLAIM_NCOLS, "one row per column");

static const struct check claim_checks[] = {
    { .name = "PU01", .severity = CHECK_REFUSE, .holds = UNIT_IS_WHOLE,
      .en = UNIT_IS_WHOLE_EN, .zh = UNIT_IS_WHOLE_ZH },
};

const struct entity claim_entity = {
    .name = "claim", .en = "Claim", .zh = "报道数", .room = "publish",
    .help_en = "A number that somebody printed, held against the figure computed from records.",
    .help_zh = "他人公布的数字，与由记录算出的统计数对照。",
    .access = ACCESS_OPEN, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_CLAIM, .reach = REACH_NATION, .flags = E_DRAFTS, .fields = claim_fields,
    .n = COUNT(claim_fields),
    .checks = claim_checks, .n_checks = COUNT(claim_checks),
};

static const struct field press_mention_fields[] = {
    [PRESS_MENTION_CODE] = FIELD_CODE,
    [PRESS_MENTION_DOCUMENT] = { .name = "document", .en = "Document", .zh = "文件",
        .type = F_REF, .flags = F_REQUIRED | F_LIST, .ref = "document",
        .help_en = "The article.", .help_zh = "报道。" },
    [PRESS_MENTION_ORGANISATION] = FIELD_ORGANISATION,
    [PRESS_MENTION_PLACE] = FIELD_PLACE,
    [PRESS_MENTION_SPEAKER_ROLE] = { .name = "speaker_role", .en = "Speaker",
        .zh = "发言人职务", .type = F_TEXT, .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "Office of the person who spoke, without a name.",
        .help_zh = "发言人职务，不写姓名。" },
    [PRESS_MENTION_SUBJECT] = { .name = "subject", .en = "Subject", .zh = "主题",
        .type = F_TEXT, .flags = F_LIST | F_SEARCH, .max = 500,
        .help_en = "What it is about.", .help_zh = "主题。" },
};
_Static_assert(COUNT(press_mention_fields) == PRESS_MENTION_NCOLS, "one row per column");

const struct entity press_mention_entity = {
    .name = "press_mention", .en = "Press mention", .zh = "报道提及", .room = "publish",
    .help_en = "Who or what an article speaks of; people by their office, without names.",
    .help_zh = "报道提及的单位与职务，不写姓名。",
    .access = ACCESS_OPEN, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_PRESS_MENTION, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = press_mention_fields, .n = COUNT(press_mention_fields),
};

static const struct field release_fields[] = {
    [RELEASE_NAME] = { .name = "name", .en = "Name", .zh = "名称", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST | F_SEARCH, .max = 100,
        .help_en = "What the release is called, such as 2020-annual.",
        .help_zh = "发布的名称，如 2020-annual。" },
    [RELEASE_TITLE] = { .name = "title", .en = "Title", .zh = "标题", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "As it is to stand above it.", .help_zh = "发布时所用的标题。" },
    [RELEASE_AS_OF] = { .name = "as_of", .en = "As of", .zh = "截至时刻", .type = F_INSTANT,
        .flags = F_REQUIRED | F_LIST,
        .help_en = "The instant whose records it freezes.",
        .help_zh = "所冻结记录的时刻。" },
    [RELEASE_MADE_BY] = { .name = "made_by", .en = "Made by", .zh = "制作人", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST, .max = 100,
        .help_en = "Who made it; somebody else approves it.",
        .help_zh = "制作人；由另一人批准。" },
    [RELEASE_CORRECTS] = { .name = "corrects", .en = "Corrects", .zh = "更正", .type = F_REF,
        .flags = F_LIST, .ref = "publication",
        .help_en = "The earlier release that it corrects.", .help_zh = "所更正的先前发布。" },
    [RELEASE_REASON] = { .name = "reason", .en = "Reason", .zh = "理由", .type = F_TEXT,
        .max = 1000,
        .help_en = "Why the earlier release is corrected.", .help_zh = "更正的理由。" },
    [RELEASE_FIGURES] = { .name = "figures", .en = "Figures", .zh = "统计数个数", .type = F_INT,
        .flags = F_REQUIRED | F_LIST, .min = 0, .max = 10000000,
        .help_en = "How many figures it holds.", .help_zh = "所含统计数的个数。" },
    [RELEASE_CLAIMS] = { .name = "claims", .en = "Claims", .zh = "报道数个数", .type = F_INT,
        .flags = F_REQUIRED, .min = 0, .max = 10000000,
        .help_en = "How many claims it holds.", .help_zh = "所含报道数的个数。" },
    [RELEASE_HEAD] = { .name = "head", .en = "Head", .zh = "链首", .type = F_TEXT,
        .flags = F_REQUIRED, .min = 64, .max = 64,
        .help_en = "Hash of its last line before the approval.",
        .help_zh = "批准之前最后一行的散列。" },
    [RELEASE_FOR_PUBLIC] = { .name = "for_public", .en = "For the public", .zh = "向公众发布", .type = F_BOOL,
        .flags = F_LIST,
        .help_en = "Shown to everybody once it is approved; else for offices alone, and exact.",
        .help_zh = "经批准即向公众公开；否则仅供内部，数字精确。" },
};
_Static_assert(COUNT(release_fields) == RELEASE_NCOLS, "one row per column");

const struct entity release_entity = {
    .name = "publication", .en = "Release", .zh = "发布", .room = "publish",
    .help_en = "Figures and claims as published, frozen with their definitions.",
    .help_zh = "连同定义一并冻结的已发布统计数与报道数。",
    .access = ACCESS_OPEN,
    .number = NUMBER_RELEASE, .reach = REACH_NATION, .flags = E_NO_SOURCE | E_MADE,
    .fields = release_fields, .n = COUNT(release_fields),
};

static const struct field release_item_fields[] = {
    [RELEASE_ITEM_RELEASE] = { .name = "publication", .en = "Release", .zh = "发布", .type = F_REF,
        .flags = F_REQUIRED | F_KEY | F_LIST, .ref = "publication",
        .help_en = "The release it is a line of.", .help_zh = "所属发布。" },
    [RELEASE_ITEM_LINE] = { .name = "line", .en = "Line", .zh = "行", .type = F_INT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .min = 1, .max = 100000000,
        .help_en = "Its number, from 1.", .help_zh = "行号，自 1 起。" },
    [RELEASE_ITEM_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST, .max = 20,
        .help_en = "release, definition, figure, claim, change, head, or approval.",
        .help_zh = "发布、定义、统计数、报道数、变更、链首或批准。" },
    [RELEASE_ITEM_FIGURE] = { .name = "figure", .en = "Figure", .zh = "统计指标",
        .type = F_TEXT, .flags = F_LIST | F_SEARCH, .max = 100,
        .help_en = "The figure the line is about.", .help_zh = "该行所涉统计指标。" },
    [RELEASE_ITEM_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_LIST,
        .help_en = "The place the line is about; empty for the nation.",
        .help_zh = "该行所涉地区；全国留空。" },
    [RELEASE_ITEM_BODY] = { .name = "body", .en = "Content", .zh = "内容", .type = F_TEXT,
        .flags = F_REQUIRED, .max = 100000,
        .help_en = "The line as it stands in the release's file.",
        .help_zh = "该行在发布文件中的原文。" },
    [RELEASE_ITEM_HASH] = { .name = "hash", .en = "Hash", .zh = "散列", .type = F_TEXT,
        .flags = F_REQUIRED, .min = 64, .max = 64,
        .help_en = "BLAKE2b over the hash of the line before and this line.",
        .help_zh = "前一行散列与本行内容的 BLAKE2b。" },
};
_Static_assert(COUNT(release_item_fields) == RELEASE_ITEM_NCOLS, "one row per column");

const struct entity release_item_entity = {
    .name = "publication_item", .en = "Line of a release", .zh = "发布明细", .room = "publish",
    .help_en = "A line of a release, chained to the one before.",
    .help_zh = "发布的一行，与前一行成链。",
    .access = ACCESS_PEOPLE,
    .number = NUMBER_RELEASE_ITEM, .reach = REACH_NATION, .flags = E_NO_SOURCE | E_MADE,
    .fields = release_item_fields, .n = COUNT(release_item_fields),
};

static const struct field objection_fields[] = {
    [OBJECTION_CODE] = FIELD_CODE,
    [OBJECTION_PLACE] = FIELD_PLACE,
    [OBJECTION_SUBJECT] = { .name = "subject", .en = "About", .zh = "异议事项", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 500,
        .help_en = "What is objected to, in one line, without names of persons.",
        .help_zh = "所提异议，一句话，不写个人姓名。" },
    [OBJECTION_PUBLICATION] = { .name = "publication", .en = "Release", .zh = "所涉发布",
        .type = F_REF, .ref = "publication",
        .help_en = "The release that it is about, when it is about one.",
        .help_zh = "所涉的发布；不涉及则留空。" },
    [OBJECTION_RAISED_ON] = { .name = "raised_on", .en = "Raised on", .zh = "提出日期",
        .type = F_DATE, .flags = F_REQUIRED | F_LIST,
        .help_en = "Day on which it was raised.", .help_zh = "提出之日。" },
    [OBJECTION_DUE_ON] = { .name = "due_on", .en = "Answer due by", .zh = "答复时限",
        .type = F_DATE, .flags = F_TO | F_LIST,
        .help_en = "Day by which it is to be answered.", .help_zh = "应答复之日。" },
    [OBJECTION_OWNER] = { .name = "owner", .en = "Owner", .zh = "责任单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "Who has to answer it.", .help_zh = "负责答复的单位。" },
    [OBJECTION_ANSWERED_ON] = { .name = "answered_on", .en = "Answered on", .zh = "答复日期",
        .type = F_DATE, .flags = F_LIST,
        .help_en = "Day on which it was answered; empty while it is open.",
        .help_zh = "答复之日；未答复留空。" },
    [OBJECTION_OUTCOME] = { .name = "outcome", .en = "Outcome", .zh = "处理结果", .type = F_CODE,
        .flags = F_LIST, .list = "objection_outcome",
        .help_en = "Upheld, upheld in part, or not.", .help_zh = "成立、部分成立或不成立。" },
    [OBJECTION_ANSWER] = { .name = "answer", .en = "Answer", .zh = "答复", .type = F_TEXT,
        .max = 2000,
        .help_en = "What was answered, without names of persons.",
        .help_zh = "答复内容，不写个人姓名。" },
};
_Static_assert(COUNT(objection_fields) == OBJECTION_NCOLS, "one row per column");

static const struct check objection_checks[] = {
    { .name = "OB01", .severity = CHECK_REFUSE, .holds = "raised_on <= answered_on",
      .en = "it was answered before it was raised", .zh = "答复日期早于提出日期" },
    { .name = "OB02", .severity = CHECK_REFUSE, .holds = "not known(outcome) or known(answered_on)",
      .en = "it has an outcome, but no day of the answer", .zh = "有处理结果而无答复日期" },
};

const struct entity objection_entity = {
    .name = "objection", .en = "Objection", .zh = "异议", .room = "publish",
    .help_en = "An objection to a public notice or a release: raised, due, answered.",
    .help_zh = "对公示或发布的异议：提出、时限、答复。",
    .access = ACCESS_WORK,
    .number = NUMBER_OBJECTION, .reach = REACH_COUNTY, .flags = E_DRAFTS,
    .fields = objection_fields, .n = COUNT(objection_fields), .checks = objection_checks,
    .n_checks = COUNT(objection_checks),
};

static const struct entity *const entities[] = {
    &claim_entity, &press_mention_entity, &release_entity, &release_item_entity, &objection_entity,
};

const struct room publish_room = { .name = "publish", .entities = entities,
    .n_entities = COUNT(entities), .stmts = &publish_stmts };
