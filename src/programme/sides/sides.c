/* The entities of the sides room. */
#include "programme/sides/sides.h"
#include "base/count.h"
#include "programme/numbers.h"

#define OURS (F_COMPUTED | F_LIST)

static const struct field confirmation_fields[] = {
    [CONFIRMATION_RECORD_OF] = { .name = "record_of", .en = "Of", .zh = "记录种类",
        .type = F_TEXT, .flags = F_KEY | F_REQUIRED | OURS, .max = 60,
        .help_en = "Which kind of record it speaks of: purchase, allocation, posting, ...",
        .help_zh = "所述记录的种类：采购、资金拨付、选派人员等。" },
    [CONFIRMATION_RECORD] = { .name = "record", .en = "Record", .zh = "记录", .type = F_TEXT,
        .flags = F_KEY | F_REQUIRED | F_SEARCH | OURS, .max = 300,
        .help_en = "The code of that record.", .help_zh = "该记录的编号。" },
    [CONFIRMATION_ORGANISATION] = { .name = "organisation", .en = "Says it", .zh = "表态单位",
        .type = F_REF, .flags = F_KEY | F_REQUIRED | OURS, .ref = "organisation",
        .help_en = "The organisation whose word this is.", .help_zh = "作出表态的单位。" },
    [CONFIRMATION_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_HOME | OURS,
        .help_en = "Where the record lies.", .help_zh = "该记录所在地区。" },
    [CONFIRMATION_SIDE] = { .name = "side", .en = "For which end", .zh = "所属一方",
        .type = F_CODE, .flags = F_REQUIRED | OURS, .list = "side",
        .help_en = "Whether it speaks for the helper or for the helped end.",
        .help_zh = "代表帮扶方或受援方。" },
    [CONFIRMATION_SAYS] = { .name = "says", .en = "Says", .zh = "表态", .type = F_CODE,
        .flags = F_REQUIRED | OURS, .list = "says",
        .help_en = "It reported the record, or confirms, corrects or disputes it.",
        .help_zh = "报送、确认、更正或有异议。" },
    [CONFIRMATION_CORRECTION] = { .name = "correction", .en = "Its own values", .zh = "更正值",
        .type = F_TEXT, .flags = OURS, .max = 4000,
        .help_en = "The values it puts beside the record's, as field and value.",
        .help_zh = "与记录并列的更正值（字段与值）。" },
    [CONFIRMATION_REASON] = { .name = "reason", .en = "Reason", .zh = "理由", .type = F_TEXT,
        .flags = OURS, .max = 2000,
        .help_en = "Why it corrects or disputes.", .help_zh = "更正或异议的理由。" },
    [CONFIRMATION_EVIDENCE] = { .name = "evidence", .en = "Evidence", .zh = "凭据摘要",
        .type = F_TEXT, .flags = F_COMPUTED, .max = 64,
        .help_en = "Digest of the document that shows it (BLAKE2b-256, hex).",
        .help_zh = "凭据文件的摘要值（BLAKE2b-256）。" },
    [CONFIRMATION_EVIDENCE_NAME] = { .name = "evidence_name", .en = "Document", .zh = "凭据文件",
        .type = F_TEXT, .flags = OURS, .max = 255,
        .help_en = "Name of that document's file.", .help_zh = "凭据文件名。" },
    [CONFIRMATION_SAID_ON] = { .name = "said_on", .en = "Said on", .zh = "表态日期",
        .type = F_DATE, .flags = F_REQUIRED | OURS,
        .help_en = "Day on which it was said.", .help_zh = "表态之日。" },
    [CONFIRMATION_SEEN] = { .name = "seen", .en = "Said of", .zh = "所见内容摘要",
        .type = F_TEXT, .flags = F_COMPUTED, .max = 16,
        .help_en = "Digest of the record as this word has it; a record that changed since waits "
                   "again.",
        .help_zh = "表态时记录内容的摘要；记录变更后须重新确认。" },
    [CONFIRMATION_PACKAGE] = { .name = "package", .en = "Package", .zh = "数据包",
        .type = F_TEXT, .flags = F_COMPUTED, .max = 64,
        .help_en = "The package that brought it, when it came from another office.",
        .help_zh = "由其他单位数据包带来的，填包号。" },
};
_Static_assert(COUNT(confirmation_fields) == CONFIRMATION_NCOLS, "one row per column");

static const char *const confirmation_indexes[] = { "county, id where " WORD_AGAINST, NULL };

const struct entity confirmation_entity = {
    .name = "confirmation", .en = "Confirmation", .zh = "双方确认", .room = "sides",
    .help_en = "What one organisation says of a record that two sides share; made by `jiedui "
               "confirm`, never typed.",
    .help_zh = "一方单位对双方共有记录的表态，由“jiedui confirm”生成，不手工录入。",
    .access = ACCESS_WORK,
    .number = NUMBER_CONFIRMATION, .reach = REACH_COUNTY, .flags = E_NO_SOURCE | E_OWN,
    .fields = confirmation_fields, .n = COUNT(confirmation_fields), .indexes = confirmation_indexes,
};

static const struct entity *const entities[] = { &confirmation_entity };

const struct room sides_room = { .name = "sides", .entities = entities,
                                 .n_entities = COUNT(entities), .stmts = &sides_stmts };
