/* The entities of the party room. */
#include "programme/party/party.h"
#include "base/count.h"
#include "programme/fields.h"
#include "programme/numbers.h"
#include "programme/party/party_sql.h"

static const struct field organisation_fields[] = {
    [ORGANISATION_CODE] = FIELD_CODE,
    [ORGANISATION_NAME_ZH] = { .name = "name_zh", .en = "Chinese name", .zh = "中文名",
        .type = F_TEXT, .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "Full official name in Chinese.", .help_zh = "中文全称。" },
    [ORGANISATION_NAME_EN] = { .name = "name_en", .en = "English name", .zh = "英文名",
        .type = F_TEXT, .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "Full name in English.", .help_zh = "英文全称。" },
    [ORGANISATION_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "organisation_kind",
        .help_en = "Government, enterprise, school, ...; group for a joint party.",
        .help_zh = "政府、企业、学校等；联合体选“联合体”。" },
    [ORGANISATION_UNIT_KIND] = { .name = "unit_kind", .en = "Helper unit kind",
        .zh = "帮扶单位类型", .type = F_CODE, .list = "helper_unit_type",
        .help_en = "Kind of helper unit in the national register.",
        .help_zh = "全国建档立卡中的帮扶单位类型。" },
    [ORGANISATION_UNIT_LEVEL] = { .name = "unit_level", .en = "Helper unit level",
        .zh = "帮扶单位层级", .type = F_CODE, .list = "helper_unit_level",
        .help_en = "Level of the helper unit in the national register.",
        .help_zh = "全国建档立卡中的帮扶单位层级。" },
    [ORGANISATION_PARENT] = { .name = "parent", .en = "Parent", .zh = "上级单位",
        .type = F_REF, .flags = F_LIST, .ref = "organisation",
        .help_en = "The organisation it belongs to; figures of the parent include it.",
        .help_zh = "上级单位；上级的统计数含本单位。" },
    [ORGANISATION_PLACE] = { .name = "place", .en = "Seat", .zh = "所在地", .type = F_PLACE,
        .flags = F_LIST,
        .help_en = "Where it has its seat.", .help_zh = "单位所在地。" },
    [ORGANISATION_CREDIT_CODE] = { .name = "credit_code", .en = "Unified social credit code",
        .zh = "统一社会信用代码", .type = F_TEXT, .flags = F_NATION | F_CREDIT_CODE,
        .max = 18,
        .help_en = "18 characters of GB 32100-2015.",
        .help_zh = "GB 32100-2015 的18位代码。" },
};
_Static_assert(COUNT(organisation_fields) == ORGANISATION_NCOLS, "one row per column");

static const struct check organisation_checks[] = {
    { .name = "PA01", .severity = CHECK_WARN,
      .holds = "known(name_zh) or known(name_en)",
      .en = "no name in either language",
      .zh = "中英文名称均空" },
};

static bool organisation_check(const struct val *row, struct err *e)
{
    struct val parent = row[ROW_FIRST + ORGANISATION_PARENT];
    if (parent.type == VAL_INT && row[ROW_ID].type == VAL_INT && parent.i == row[ROW_ID].i)
        return err_field(e, ERR_INVALID, "parent", "an organisation cannot be its own parent");
    return true;
}

const struct entity organisation_entity = {
    .name = "organisation", .en = "Organisation", .zh = "单位", .room = "party",
    .help_en = "Every body that helps, is helped or takes part; a joint party stands for "
               "several unsplit ones.",
    .help_zh = "帮扶、受援或参与的单位；多家未分的记为联合体。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_ORGANISATION, .reach = REACH_NATION, .flags = E_DRAFTS,
    .fields = organisation_fields, .n = COUNT(organisation_fields), .checks = organisation_checks,
    .n_checks = COUNT(organisation_checks), .check = organisation_check,
};

static const struct field membership_fields[] = {
    [MEMBERSHIP_JOINT_PARTY] = { .name = "joint_party", .en = "Joint party", .zh = "联合体",
        .type = F_REF, .flags = F_REQUIRED | F_KEY | F_LIST, .ref = "organisation",
        .help_en = "The organisation of kind group.",
        .help_zh = "类别为联合体的单位。" },
    [MEMBERSHIP_MEMBER] = { .name = "member", .en = "Member", .zh = "成员", .type = F_REF,
        .flags = F_REQUIRED | F_KEY | F_LIST, .ref = "organisation",
        .help_en = "One of its members.", .help_zh = "成员单位。" },
    [MEMBERSHIP_SHARE] = { .name = "share", .en = "Share", .zh = "份额", .type = F_DECIMAL,
        .flags = F_LIST, .scale = 2, .min = 0, .max = 10000, .unit = "percent",
        .help_en = "Share of the whole in percent, empty while unsplit.",
        .help_zh = "所占百分比；未分留空。" },
    [MEMBERSHIP_ROLE] = { .name = "role", .en = "Role", .zh = "角色", .type = F_TEXT,
        .max = 200,
        .help_en = "What the member does in it.", .help_zh = "成员所担角色。" },
};
_Static_assert(COUNT(membership_fields) == MEMBERSHIP_NCOLS, "one row per column");

const struct entity membership_entity = {
    .name = "membership", .en = "Membership", .zh = "联合体成员", .room = "party",
    .help_en = "Which organisations make up a joint party, with their shares when they are "
               "known.",
    .help_zh = "联合体由哪些单位组成；份额已知则填。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_MEMBERSHIP, .reach = REACH_NATION, .flags = E_DRAFTS,
    .fields = membership_fields, .n = COUNT(membership_fields),
};

static const struct field document_fields[] = {
    [DOCUMENT_CODE] = FIELD_CODE,
    [DOCUMENT_TITLE] = { .name = "title", .en = "Title", .zh = "标题", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 500,
        .help_en = "Title as printed.", .help_zh = "原标题。" },
    [DOCUMENT_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_LIST, .list = "document_kind",
        .help_en = "Press article, government page, notice, minutes, ...",
        .help_zh = "报道、政府网页、公告、纪要等。" },
    [DOCUMENT_PUBLISHER] = { .name = "publisher", .en = "Publisher", .zh = "发布者",
        .type = F_TEXT, .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "Who published it.", .help_zh = "发布单位。" },
    [DOCUMENT_URL] = { .name = "url", .en = "Address", .zh = "网址", .type = F_TEXT,
        .max = 1000,
        .help_en = "Where it can be read.", .help_zh = "可查阅的网址。" },
    [DOCUMENT_PUBLISHED_AT] = { .name = "published_at", .en = "Published at",
        .zh = "发布时间", .type = F_INSTANT, .flags = F_LIST,
        .help_en = "Time of publication, in the time zone of the programme.",
        .help_zh = "发布时间（当地时区）。" },
    [DOCUMENT_PUBLISHED_ON] = { .name = "published_on", .en = "Published on",
        .zh = "发布日期", .type = F_DATE, .flags = F_LIST,
        .help_en = "Day of publication when the time is not known.",
        .help_zh = "只知日期时填。" },
    [DOCUMENT_UPDATED_ON] = { .name = "updated_on", .en = "Updated on", .zh = "更新日期",
        .type = F_DATE,
        .help_en = "Day of the last change that the page states.",
        .help_zh = "页面所示更新日期。" },
    [DOCUMENT_COVERS_FROM] = { .name = "covers_from", .en = "Covers from", .zh = "内容起",
        .type = F_DATE, .flags = F_FROM,
        .help_en = "First day of the time that it reviews.", .help_zh = "所述期间首日。" },
    [DOCUMENT_COVERS_TO] = { .name = "covers_to", .en = "Covers to", .zh = "内容止",
        .type = F_DATE, .flags = F_TO,
        .help_en = "Last day of the time that it reviews.", .help_zh = "所述期间末日。" },
    [DOCUMENT_FILE_DIGEST] = { .name = "file_digest", .en = "Digest", .zh = "摘要值",
        .type = F_TEXT, .max = 64,
        .help_en = "BLAKE2b-256 of the stored file, in hexadecimal.",
        .help_zh = "存档文件的 BLAKE2b-256，十六进制。" },
    [DOCUMENT_NOTE] = { .name = "note", .en = "Note", .zh = "备注", .type = F_TEXT, .max = 2000,
        .help_en = "Anything else worth knowing.", .help_zh = "其他说明。" },
};
_Static_assert(COUNT(document_fields) == DOCUMENT_NCOLS, "one row per column");

const struct entity document_entity = {
    .name = "document", .en = "Document", .zh = "文件", .room = "party",
    .help_en = "What facts and claims were taken from: articles, notices, minutes, vouchers.",
    .help_zh = "事实与报道数的出处：报道、公告、纪要、凭证等。",
    .access = ACCESS_OPEN, .publicity = PUBLIC_ITSELF,
    .published = "known(published_at) or known(published_on) or kind in {press, government_page, press_conference}",
    .number = NUMBER_DOCUMENT, .reach = REACH_NATION, .flags = E_NO_SOURCE | E_DRAFTS,
    .fields = document_fields, .n = COUNT(document_fields),
};

static const struct entity *const entities[] = {
    &organisation_entity, &membership_entity, &document_entity,
};

const struct room party_room = { .name = "party", .entities = entities,
    .n_entities = COUNT(entities), .stmts = &party_stmts };
