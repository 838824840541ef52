/* The entities of the exchange room. */
#include "programme/exchange/exchange.h"
#include "base/count.h"
#include "programme/numbers.h"

static const struct field office_key_fields[] = {
    [OFFICE_KEY_PUBLIC_KEY] = { .name = "public_key", .en = "Public key", .zh = "公钥",
        .type = F_TEXT, .flags = F_REQUIRED | F_KEY, .min = 64, .max = 64,
        .help_en = "The public half of an office's Ed25519 key, in hex.",
        .help_zh = "单位 Ed25519 密钥的公钥（十六进制）。" },
    [OFFICE_KEY_ORGANISATION] = { .name = "organisation", .en = "Office", .zh = "单位",
        .type = F_REF, .flags = F_REQUIRED | F_LIST, .ref = "organisation",
        .help_en = "Whose key it is.", .help_zh = "密钥所属单位。" },
    [OFFICE_KEY_FINGERPRINT] = { .name = "fingerprint", .en = "Fingerprint", .zh = "指纹",
        .type = F_TEXT, .flags = F_LIST, .max = 60,
        .help_en = "Short digest of the key, to be compared by telephone.",
        .help_zh = "密钥摘要，供电话核对。" },
    [OFFICE_KEY_OWN] = { .name = "own", .en = "Our own", .zh = "本单位", .type = F_BOOL,
        .flags = F_LIST,
        .help_en = "Whether this store signs with it.", .help_zh = "是否为本库签名所用。" },
    [OFFICE_KEY_CONFIRMS] = { .name = "confirms", .en = "Confirms by itself", .zh = "自动确认",
        .type = F_BOOL, .flags = F_LIST,
        .help_en = "Whether what agrees in its packages is confirmed without being asked.",
        .help_zh = "其数据包中一致的记录是否自动确认。" },
    [OFFICE_KEY_SINCE] = { .name = "in_force_on", .en = "In force from", .zh = "启用日期",
        .type = F_DATE, .flags = F_LIST,
        .help_en = "Day on which it was made or trusted.", .help_zh = "生成或信任之日。" },
    [OFFICE_KEY_ENDED] = { .name = "ended_on", .en = "Ended on", .zh = "停用日期",
        .type = F_DATE, .flags = F_LIST,
        .help_en = "From that day on it is trusted no more.", .help_zh = "自该日起不再信任。" },
};
_Static_assert(COUNT(office_key_fields) == OFFICE_KEY_NCOLS, "one row per column");

const struct entity office_key_entity = {
    .name = "office_key", .en = "Office key", .zh = "单位密钥", .room = "exchange",
    .help_en = "Public keys by which packages of offices are known; made by `jiedui package key` "
               "and `package trust`.",
    .help_zh = "用于识别各单位数据包的公钥，由“jiedui package key”和“package trust”生成。",

    .number = NUMBER_OFFICE_KEY, .reach = REACH_NATION, .flags = E_NO_SOURCE | E_OWN,
    .fields = office_key_fields, .n = COUNT(office_key_fields),
};

static const struct field package_fields[] = {
    [PACKAGE_ID] = { .name = "package_id", .en = "Package", .zh = "包号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .min = 64, .max = 64,
        .help_en = "Digest of its manifest.", .help_zh = "清单的摘要值。" },
    [PACKAGE_WAY] = { .name = "way", .en = "Way", .zh = "方向", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "package_way",
        .help_en = "Sent or taken in.", .help_zh = "发出或收到。" },
    [PACKAGE_SENDER] = { .name = "sender", .en = "From", .zh = "发送单位", .type = F_REF,
        .flags = F_REQUIRED | F_LIST, .ref = "organisation",
        .help_en = "The office that signed it.", .help_zh = "签名的单位。" },
    [PACKAGE_RECEIVER] = { .name = "receiver", .en = "To", .zh = "接收单位", .type = F_REF,
        .flags = F_REQUIRED | F_LIST, .ref = "organisation",
        .help_en = "The office it is for.", .help_zh = "接收的单位。" },
    [PACKAGE_NUMBER] = { .name = "sequence_no", .en = "Number", .zh = "序号", .type = F_INT,
        .flags = F_REQUIRED | F_LIST, .min = 1,
        .help_en = "Packages from one office to another are numbered from 1.",
        .help_zh = "同一发送与接收单位之间从1起编号。" },
    [PACKAGE_PREVIOUS] = { .name = "previous", .en = "The one before", .zh = "前一包",
        .type = F_TEXT, .max = 64,
        .help_en = "The package before it, empty for the first.",
        .help_zh = "前一个数据包，首个为空。" },
    [PACKAGE_MADE_AT] = { .name = "made_at", .en = "Made at", .zh = "生成时间",
        .type = F_INSTANT, .flags = F_LIST,
        .help_en = "When the sender made it.", .help_zh = "发送单位生成的时间。" },
    [PACKAGE_RECORDS] = { .name = "records", .en = "Records", .zh = "记录数", .type = F_INT,
        .flags = F_LIST, .min = 0,
        .help_en = "How many records it holds.", .help_zh = "所含记录数。" },
    [PACKAGE_WORDS] = { .name = "words", .en = "Words", .zh = "表态数", .type = F_INT,
        .flags = F_LIST, .min = 0,
        .help_en = "How many confirmations, corrections and disputes it holds.",
        .help_zh = "所含确认、更正和异议数。" },
    [PACKAGE_PUBLIC_KEY] = { .name = "public_key", .en = "Key", .zh = "公钥", .type = F_TEXT,
        .min = 64, .max = 64,
        .help_en = "The key that signed it.", .help_zh = "签名所用公钥。" },
    [PACKAGE_PERSONAL] = { .name = "personal", .en = "Personal data", .zh = "含个人信息",
        .type = F_BOOL, .flags = F_LIST,
        .help_en = "Whether it was made with personal columns.", .help_zh = "是否含个人信息列。" },
};
_Static_assert(COUNT(package_fields) == PACKAGE_NCOLS, "one row per column");

const struct entity package_entity = {
    .name = "package", .en = "Package", .zh = "数据包", .room = "exchange",
    .help_en = "A signed package that went to another office or came from one.",
    .help_zh = "发往或来自其他单位的签名数据包。",

    .number = NUMBER_PACKAGE, .reach = REACH_NATION, .flags = E_NO_SOURCE | E_OWN,
    .fields = package_fields, .n = COUNT(package_fields),
};

static const struct field item_fields[] = {
    [ITEM_SENDER] = { .name = "sender", .en = "From", .zh = "发送单位", .type = F_REF,
        .flags = F_REQUIRED | F_KEY | F_LIST, .ref = "organisation",
        .help_en = "The office that reports it.", .help_zh = "报送单位。" },
    [ITEM_RECORD_OF] = { .name = "record_of", .en = "Of", .zh = "记录种类", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .max = 60,
        .help_en = "What kind of record: purchase, allocation, ...; confirmation for a word.",
        .help_zh = "记录种类：采购、资金拨付等；表态为 confirmation。" },
    [ITEM_RECORD] = { .name = "record", .en = "Record", .zh = "记录", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST | F_SEARCH, .max = 400,
        .help_en = "Its code at the sender.", .help_zh = "发送单位的编号。" },
    [ITEM_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_HOME | F_LIST,
        .help_en = "Where the record lies.", .help_zh = "该记录所在地区。" },
    [ITEM_PACKAGE] = { .name = "package", .en = "Package", .zh = "包号", .type = F_TEXT,
        .flags = F_REQUIRED, .max = 64,
        .help_en = "The package that brought it last.", .help_zh = "最近带来它的数据包。" },
    [ITEM_NUMBER] = { .name = "sequence_no", .en = "Number", .zh = "序号", .type = F_INT,
        .flags = F_REQUIRED | F_LIST, .min = 1,
        .help_en = "That package's number.", .help_zh = "该数据包的序号。" },
    [ITEM_STATE] = { .name = "state", .en = "State", .zh = "状态", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "item_state",
        .help_en = "Agrees, differs, unknown; or what was decided.",
        .help_zh = "一致、不一致、无对应；或已作的处理。" },
    [ITEM_OURS] = { .name = "ours", .en = "Our record", .zh = "本库记录", .type = F_TEXT,
        .flags = F_LIST, .max = 300,
        .help_en = "The code of the record here that it was matched or linked to.",
        .help_zh = "与之对应的本库记录编号。" },
    [ITEM_CONTENT] = { .name = "content", .en = "Values", .zh = "内容", .type = F_TEXT,
        .flags = F_PERSONAL, .max = 16000,
        .help_en = "What the sender gives, as field and value; empty where it agrees.",
        .help_zh = "发送单位所报各字段的值；一致时为空。" },
    [ITEM_DIGEST] = { .name = "content_digest", .en = "Digest", .zh = "内容摘要",
        .type = F_TEXT, .max = 16,
        .help_en = "Short digest of what the sender gives.", .help_zh = "所报内容的摘要。" },
    [ITEM_REASON] = { .name = "reason", .en = "Reason", .zh = "理由", .type = F_TEXT,
        .flags = F_LIST, .max = 2000,
        .help_en = "Why it was refused, or cannot be taken.", .help_zh = "拒绝或无法接收的理由。" },
    [ITEM_DECIDED] = { .name = "decided_on", .en = "Decided on", .zh = "处理日期",
        .type = F_DATE, .flags = F_LIST,
        .help_en = "Day on which somebody decided on it.", .help_zh = "处理之日。" },
};
_Static_assert(COUNT(item_fields) == ITEM_NCOLS, "one row per column");

const struct entity package_item_entity = {
    .name = "package_item", .en = "Package item", .zh = "数据包条目", .room = "exchange",
    .help_en = "What another office reports of one record, as its newest package has it; the work "
               "list of what does not match.",
    .help_zh = "其他单位对一条记录的最新报送；不一致者即待办清单。",

    .number = NUMBER_PACKAGE_ITEM, .reach = REACH_COUNTY, .flags = E_NO_SOURCE | E_OWN,
    .fields = item_fields, .n = COUNT(item_fields),
};

static const struct entity *const entities[] = { &office_key_entity, &package_entity,
                                                 &package_item_entity };

const struct room exchange_room = { .name = "exchange", .entities = entities,
                                    .n_entities = COUNT(entities), .stmts = &exchange_stmts };
