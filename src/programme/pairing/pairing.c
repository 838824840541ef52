/* The entities of the pairing room. */
#include "programme/pairing/pairing.h"
#include "base/count.h"
#include "programme/pairing/pairing_sql.h"
#include "programme/fields.h"
#include "programme/numbers.h"

static const struct field frame_fields[] = {
    [FRAME_CODE] = FIELD_CODE,
    [FRAME_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it is called.", .help_zh = "名称。" },
    [FRAME_KIND] = { .name = "kind", .en = "Kind", .zh = "结对类型", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "pairing_kind",
        .help_en = "East-West cooperation, counterpart support, fixed-point assistance, ...",
        .help_zh = "东西部协作、对口支援、定点扶贫等。" },
    [FRAME_LEVEL] = { .name = "level", .en = "Level", .zh = "结对层级", .type = F_CODE,
        .flags = F_LIST, .list = "pairing_level",
        .help_en = "Between whom: provinces, city and prefecture, district and county, ...",
        .help_zh = "结对双方层级：省际、市州、区县等。" },
    [FRAME_HELPER] = FIELD_HELPER,
    [FRAME_HELPED] = { .name = "helped", .en = "Helped side", .zh = "受援方", .type = F_REF,
        .ref = "organisation",
        .help_en = "The authority on the helped side.", .help_zh = "受援方主管单位。" },
    [FRAME_PLACE] = FIELD_PLACE,
    [FRAME_PARENT] = { .name = "parent", .en = "Parent frame", .zh = "上级框架",
        .type = F_REF, .flags = F_FAR, .ref = "frame",
        .help_en = "The wider frame it belongs to.", .help_zh = "所属上级框架。" },
    [FRAME_SEEN_ON] = { .name = "seen_on", .en = "Known to run on", .zh = "已知仍在运行日",
        .type = F_DATE, .flags = F_LIST,
        .help_en = "A day on which a source says it runs; gives its age then.",
        .help_zh = "来源表明仍在运行的日期，用于计算年限。" },
};
_Static_assert(COUNT(frame_fields) == FRAME_NCOLS, "one row per column");

const struct entity frame_entity = {
    .name = "frame", .en = "Frame", .zh = "协作框架", .room = "pairing",
    .help_en = "A standing arrangement under which agreements are made, such as a province "
               "helping a region.",
    .help_zh = "长期协作机制，其下签订具体协议，如省际协作。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_FRAME, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = frame_fields, .n = COUNT(frame_fields),
};

static const struct field agreement_fields[] = {
    [AGREEMENT_CODE] = FIELD_CODE,
    [AGREEMENT_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it is called.", .help_zh = "名称。" },
    [AGREEMENT_LEVEL] = { .name = "level", .en = "Level", .zh = "结对层级", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "pairing_level",
        .help_en = "Who is paired with whom: district and county, enterprise and village, ...",
        .help_zh = "谁与谁结对：区县、村企等。" },
    [AGREEMENT_FRAME] = FIELD_FRAME,
    [AGREEMENT_HELPER] = FIELD_HELPER,
    [AGREEMENT_HELPED] = { .name = "helped", .en = "Helped side", .zh = "受援方",
        .type = F_REF, .ref = "organisation",
        .help_en = "The helped party when it is an organisation, such as a school.",
        .help_zh = "受援方为单位时填，如学校。" },
    [AGREEMENT_PLACE] = FIELD_PLACE,
    [AGREEMENT_FOR_CLASS] = FIELD_FOR_CLASS,
    [AGREEMENT_ASSIGNED_BY] = { .name = "assigned_by", .en = "Assigned by", .zh = "指派单位",
        .type = F_REF, .ref = "organisation",
        .help_en = "Who brought the two together.", .help_zh = "由谁安排结对。" },
    [AGREEMENT_SIGNED_FROM] = { .name = "signed_from", .en = "Signed not before",
        .zh = "签订不早于", .type = F_DATE, .flags = F_FROM,
        .help_en = "First day on which it may have been signed.",
        .help_zh = "可能签订的首日。" },
    [AGREEMENT_SIGNED_TO] = { .name = "signed_to", .en = "Signed not after",
        .zh = "签订不晚于", .type = F_DATE, .flags = F_TO | F_LIST,
        .help_en = "Last day on which it may have been signed.",
        .help_zh = "可能签订的末日。" },
    [AGREEMENT_FOCUS] = { .name = "focus", .en = "Focus areas", .zh = "重点领域",
        .type = F_CODE, .flags = F_MULTI, .list = "focus_area",
        .help_en = "What the agreement covers; several codes with a semicolon between.",
        .help_zh = "协议涉及领域，多个用分号隔开。" },
    [AGREEMENT_DUTY] = { .name = "duty", .en = "Duty or extra", .zh = "义务或自愿", .type = F_CODE,
        .flags = F_LIST, .list = "duty",
        .help_en = "A pairing that was assigned as a duty, or one beyond it.",
        .help_zh = "规定的结对义务，或义务之外的自愿结对。" },
    [AGREEMENT_RENEWS] = { .name = "renews", .en = "Renews", .zh = "续签自", .type = F_REF, .flags = F_FAR,
        .ref = "agreement",
        .help_en = "The agreement whose term it goes on with.", .help_zh = "所续签的上期协议。" },
    [AGREEMENT_UNDER] = { .name = "carries_out", .en = "Carries out", .zh = "所属结对", .type = F_REF,
        .flags = F_FAR, .ref = "agreement",
        .help_en = "The standing pairing that this protocol of one year carries out.",
        .help_zh = "年度协议所落实的长期结对。" },
    [AGREEMENT_FOR_YEAR] = { .name = "for_year", .en = "Protocol of the year", .zh = "协议年度",
        .type = F_INT, .flags = F_LIST, .min = 1980, .max = 2100,
        .help_en = "The year, when it is the protocol of one year.",
        .help_zh = "年度协议填年份。" },
};
_Static_assert(COUNT(agreement_fields) == AGREEMENT_NCOLS, "one row per column");

static const struct check agreement_checks[] = {
    { .name = "PR01", .severity = CHECK_REFUSE,
      .holds = "signed_from <= signed_to",
      .en = "the signing window ends before it begins",
      .zh = "签订期间止早于起" },
};

const struct entity agreement_entity = {
    .name = "agreement", .en = "Agreement", .zh = "结对协议", .room = "pairing",
    .help_en = "One helper paired with one place: county with county, enterprise with village, "
               "school with school.",
    .help_zh = "一个帮扶单位与一个地区的结对：区县、企村、校际等。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_AGREEMENT, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = agreement_fields, .n = COUNT(agreement_fields), .checks = agreement_checks,
    .n_checks = COUNT(agreement_checks),
};

static const struct field commitment_fields[] = {
    [COMMITMENT_CODE] = FIELD_CODE,
    [COMMITMENT_AGREEMENT] = FIELD_AGREEMENT,
    [COMMITMENT_HELPER] = FIELD_HELPER,
    [COMMITMENT_PLACE] = FIELD_PLACE,
    [COMMITMENT_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "commitment_kind",
        .help_en = "Money, posts, purchases, workshops, ...; quantity counts posts and the like.",
        .help_zh = "资金、岗位、采购、车间等；数量为岗位等个数。" },
    [COMMITMENT_AMOUNT] = FIELD_AMOUNT,
    [COMMITMENT_PURPOSE] = FIELD_PURPOSE,
    [COMMITMENT_FOR_CLASS] = FIELD_FOR_CLASS,
    [COMMITMENT_DUTY] = { .name = "duty", .en = "Duty or extra", .zh = "义务或自愿",
        .type = F_CODE, .list = "duty",
        .help_en = "A duty of the agreement, or given beyond it.",
        .help_zh = "协议内义务或协议外自愿。" },
    [COMMITMENT_DUE_ON] = { .name = "due_on", .en = "Due by", .zh = "应完成日",
        .type = F_DATE, .flags = F_TO | F_LIST,
        .help_en = "Day by which it is to be kept.", .help_zh = "应兑现日期。" },
};
_Static_assert(COUNT(commitment_fields) == COMMITMENT_NCOLS, "one row per column");

const struct entity commitment_entity = {
    .name = "commitment", .en = "Commitment", .zh = "承诺事项", .room = "pairing",
    .help_en = "What was agreed or promised: money, posts, purchases; done only when other "
               "records say so.",
    .help_zh = "协议约定或承诺的资金、岗位、采购等；是否完成看其他记"
               "录。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_COMMITMENT, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = commitment_fields, .n = COUNT(commitment_fields),
};

static const struct field coverage_fields[] = {
    [COVERAGE_CODE] = FIELD_CODE,
    [COVERAGE_HELPER] = FIELD_HELPER,
    [COVERAGE_FRAME] = FIELD_FRAME,
    [COVERAGE_PLACE] = FIELD_PLACE,
    [COVERAGE_KIND] = { .name = "kind", .en = "What is counted", .zh = "统计对象",
        .type = F_CODE, .flags = F_REQUIRED | F_LIST, .list = "coverage_kind",
        .help_en = "Prefectures, counties, villages, registered people at the start or left, ...",
        .help_zh = "地市、县、村、建档立卡人口（起始或剩余）等。" },
    [COVERAGE_RULE_SET] = { .name = "rule_set", .en = "Rule set", .zh = "适用标准",
        .type = F_CODE, .list = "rule_set", .preset = "national",
        .help_en = "The line and criteria that apply: national, Beijing low-income, ...",
        .help_zh = "适用标准：国家、北京低收入等。" },
};
_Static_assert(COUNT(coverage_fields) == COVERAGE_NCOLS, "one row per column");

const struct entity coverage_entity = {
    .name = "coverage", .en = "Coverage", .zh = "帮扶范围数", .room = "pairing",
    .help_en = "How many places or people a programme covers, as a source reports it.",
    .help_zh = "来源所报的帮扶覆盖地区数或人数。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_COVERAGE, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = coverage_fields, .n = COUNT(coverage_fields),
};

static const struct field helped_place_fields[] = {
    [HELPED_PLACE_CODE] = FIELD_CODE,
    [HELPED_PLACE_HELPER] = FIELD_HELPER,
    [HELPED_PLACE_FRAME] = FIELD_FRAME,
    [HELPED_PLACE_PLACE] = FIELD_PLACE,
    [HELPED_PLACE_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "helped_kind",
        .help_en = "Poor county, poor village, low-income village, ...",
        .help_zh = "贫困县、贫困村、低收入村等。" },
    [HELPED_PLACE_RULE_SET] = { .name = "rule_set", .en = "Rule set", .zh = "适用标准",
        .type = F_CODE, .list = "rule_set", .preset = "national",
        .help_en = "The line and criteria that apply: national, Beijing low-income, ...",
        .help_zh = "适用标准：国家、北京低收入等。" },
    [HELPED_PLACE_EXITED_FROM] = { .name = "exited_from", .en = "Exited not before",
        .zh = "脱贫不早于", .type = F_DATE, .flags = F_FROM,
        .help_en = "First day on which it may have left poverty; empty when unknown.",
        .help_zh = "可能脱贫的首日；不详留空。" },
    [HELPED_PLACE_EXITED_TO] = { .name = "exited_to", .en = "Exited not after",
        .zh = "脱贫不晚于", .type = F_DATE, .flags = F_TO | F_LIST,
        .help_en = "Last day on which it may have left poverty; empty while it has not.",
        .help_zh = "可能脱贫的末日；未脱贫留空。" },
};
_Static_assert(COUNT(helped_place_fields) == HELPED_PLACE_NCOLS, "one row per column");

static const struct check helped_place_checks[] = {
    { .name = "PR02", .severity = CHECK_REFUSE,
      .holds = "exited_from <= exited_to",
      .en = "the exit window ends before it begins",
      .zh = "脱贫期间止早于起" },
};

const struct entity helped_place_entity = {
    .name = "helped_place", .en = "Helped place", .zh = "受援地区", .room = "pairing",
    .help_en = "The roster of a programme: its counties and villages, and when each was out of "
               "poverty.",
    .help_zh = "帮扶地区名册：县、村及其脱贫时间。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_HELPED_PLACE, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = helped_place_fields, .n = COUNT(helped_place_fields), .checks = helped_place_checks,
    .n_checks = COUNT(helped_place_checks),
};

static const struct field need_fields[] = {
    [NEED_CODE] = FIELD_CODE,
    [NEED_PLACE] = FIELD_PLACE,
    [NEED_TITLE] = { .name = "title", .en = "Need", .zh = "需求", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 500,
        .help_en = "What is needed.", .help_zh = "所需内容。" },
    [NEED_FOCUS] = { .name = "focus", .en = "Area", .zh = "领域", .type = F_CODE,
        .flags = F_LIST, .list = "focus_area",
        .help_en = "The area of work it belongs to.", .help_zh = "所属工作领域。" },
    [NEED_AMOUNT] = FIELD_AMOUNT,
    [NEED_PROJECT] = FIELD_PROJECT,
    [NEED_MET_ON] = { .name = "met_on", .en = "Met on", .zh = "满足日期", .type = F_DATE,
        .flags = F_LIST,
        .help_en = "Day on which it was met.", .help_zh = "需求满足之日。" },
    [NEED_KIND] = { .name = "kind", .en = "Kind of help", .zh = "所需资源类别", .type = F_CODE,
        .flags = F_LIST, .list = "resource_kind",
        .help_en = "What would meet it: money, technology, know-how, a platform, a market, ...",
        .help_zh = "可满足它的资源：资金、技术、智力、平台、市场等。" },
    [NEED_UNIT] = FIELD_COUNT_UNIT,
    [NEED_HOUSEHOLD] = { .name = "household", .en = "Household", .zh = "需求户", .type = F_REF,
        .ref = "household",
        .help_en = "The household that has it, when it is one; of this place's county.",
        .help_zh = "单户的需求填该户，须在本县。" },
};
_Static_assert(COUNT(need_fields) == NEED_NCOLS, "one row per column");

const struct entity need_entity = {
    .name = "need", .en = "Need", .zh = "需求", .room = "pairing",
    .help_en = "What a place asks for, so that help can be matched to it.",
    .help_zh = "受援地区提出的需求，供对接。",
    .access = ACCESS_WORK,
    .number = NUMBER_NEED, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = need_fields, .n = COUNT(need_fields),
};

static const struct field offer_fields[] = {
    [OFFER_CODE] = FIELD_CODE,
    [OFFER_HELPER] = FIELD_HELPER,
    [OFFER_PLACE] = FIELD_PLACE,
    [OFFER_TITLE] = { .name = "title", .en = "Offer", .zh = "供给", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 500,
        .help_en = "What is offered.", .help_zh = "可提供内容。" },
    [OFFER_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "resource_kind",
        .help_en = "Resources, technology, know-how, platform, ...",
        .help_zh = "资源、技术、智力、平台等。" },
    [OFFER_AGREEMENT] = FIELD_AGREEMENT,
    [OFFER_AMOUNT] = FIELD_AMOUNT,
    [OFFER_FOCUS] = { .name = "focus", .en = "Areas", .zh = "领域", .type = F_CODE,
        .flags = F_MULTI | F_LIST, .list = "focus_area",
        .help_en = "Areas of work it is meant for; several codes with a semicolon between.",
        .help_zh = "可用于的工作领域，多个用分号隔开。" },
    [OFFER_UNIT] = FIELD_COUNT_UNIT,
};
_Static_assert(COUNT(offer_fields) == OFFER_NCOLS, "one row per column");

const struct entity offer_entity = {
    .name = "offer", .en = "Offer", .zh = "供给", .room = "pairing",
    .help_en = "What a helper can bring: resources, technology, know-how, a sales platform.",
    .help_zh = "帮扶单位可提供的资源、技术、智力、平台等。",
    .access = ACCESS_WORK,
    .number = NUMBER_OFFER, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = offer_fields, .n = COUNT(offer_fields),
};

static const struct field visit_fields[] = {
    [VISIT_CODE] = FIELD_CODE,
    [VISIT_VISITOR] = { .name = "visitor", .en = "Visiting side", .zh = "来访方",
        .type = F_REF, .flags = F_LIST, .ref = "organisation",
        .help_en = "Who visited.", .help_zh = "来访单位。" },
    [VISIT_HOST] = { .name = "host", .en = "Host", .zh = "接待方", .type = F_REF,
        .ref = "organisation",
        .help_en = "Who was visited.", .help_zh = "接待单位。" },
    [VISIT_PLACE] = FIELD_PLACE,
    [VISIT_DIRECTION] = { .name = "direction", .en = "Direction", .zh = "方向", .type = F_CODE,
        .flags = F_LIST, .list = "direction",
        .help_en = "From helper to helped side, or the other way.",
        .help_zh = "帮扶方赴受援方或反向。" },
    [VISIT_RANK] = { .name = "rank", .en = "Led by", .zh = "带队层级", .type = F_CODE,
        .flags = F_LIST, .list = "visit_rank",
        .help_en = "Leader of the province or city, department head, specialist, team.",
        .help_zh = "省市领导、部门负责人、专业人员、工作队等。" },
    [VISIT_VISITORS] = { .name = "visitors", .en = "Visitors", .zh = "来访人数",
        .type = F_INT, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "How many people came.", .help_zh = "来访人数。" },
    [VISIT_HOUSEHOLDS] = { .name = "households", .en = "Households visited", .zh = "走访户数",
        .type = F_INT, .min = 0, .max = 1000000000, .unit = "household",
        .help_en = "How many households were called on.", .help_zh = "走访户数。" },
    [VISIT_AGREEMENT] = FIELD_AGREEMENT,
    [VISIT_SUBJECT] = { .name = "subject", .en = "Purpose", .zh = "事由", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 500,
        .help_en = "Why, in one line.", .help_zh = "事由。" },
    [VISIT_FINDINGS] = { .name = "findings", .en = "Findings", .zh = "发现与意见",
        .type = F_TEXT, .max = 4000,
        .help_en = "What was found or agreed.", .help_zh = "发现的问题与商定事项。" },
    [VISIT_HOUSEHOLD] = { .name = "household", .en = "Household", .zh = "走访户",
        .type = F_REF, .ref = "household",
        .help_en = "The household that was called on, when it is one; of this place's county.",
        .help_zh = "走访的户（单户走访时填），须在本县。" },
};
_Static_assert(COUNT(visit_fields) == VISIT_NCOLS, "one row per column");

const struct entity visit_entity = {
    .name = "visit", .en = "Visit", .zh = "走访互访", .room = "pairing",
    .help_en = "Visits between the two sides, or to households and villages.",
    .help_zh = "双方互访或进村入户走访。",
    .access = ACCESS_WORK,
    .number = NUMBER_VISIT, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS | E_AWAY,
    .fields = visit_fields, .n = COUNT(visit_fields),
};

static const struct field meeting_fields[] = {
    [MEETING_CODE] = FIELD_CODE,
    [MEETING_ORGANISATION] = FIELD_ORGANISATION,
    [MEETING_PARTNER] = { .name = "partner", .en = "With", .zh = "参会方", .type = F_REF,
        .ref = "organisation",
        .help_en = "The other side when it is a joint meeting.",
        .help_zh = "联席会议的对方。" },
    [MEETING_PLACE] = FIELD_PLACE,
    [MEETING_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "meeting_kind",
        .help_en = "Joint, leading group, deployment, branch meeting, party class, ...",
        .help_zh = "联席、领导小组、部署、支部会、党课等。" },
    [MEETING_SUBJECT] = { .name = "subject", .en = "Subject", .zh = "议题", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 500,
        .help_en = "What it was about.", .help_zh = "会议议题。" },
    [MEETING_PARTICIPANTS] = { .name = "participants", .en = "Participants", .zh = "参加人数",
        .type = F_INT, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "How many took part.", .help_zh = "参加人数。" },
};
_Static_assert(COUNT(meeting_fields) == MEETING_NCOLS, "one row per column");

const struct entity meeting_entity = {
    .name = "meeting", .en = "Meeting", .zh = "会议", .room = "pairing",
    .help_en = "Joint meetings, leading-group meetings, meetings of a party branch.",
    .help_zh = "联席会议、领导小组会议、党支部会议等。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_MEETING, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = meeting_fields, .n = COUNT(meeting_fields),
};

static const struct field activity_fields[] = {
    [ACTIVITY_CODE] = FIELD_CODE,
    [ACTIVITY_ORGANISATION] = FIELD_ORGANISATION,
    [ACTIVITY_PARTNER] = { .name = "partner", .en = "With", .zh = "合作方", .type = F_REF,
        .ref = "organisation",
        .help_en = "Whom it was done with.", .help_zh = "合作单位。" },
    [ACTIVITY_PLACE] = FIELD_PLACE,
    [ACTIVITY_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "activity_kind",
        .help_en = "Theme day, volunteering, party-building, clinic, donation drive, ...",
        .help_zh = "主题党日、志愿、党建、义诊、募捐等。" },
    [ACTIVITY_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 500,
        .help_en = "What it is called.", .help_zh = "活动名称。" },
    [ACTIVITY_PARTICIPANTS] = { .name = "participants", .en = "Participants",
        .zh = "参加人数", .type = F_INT, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "How many took part.", .help_zh = "参加人数。" },
    [ACTIVITY_BENEFICIARIES] = { .name = "beneficiaries", .en = "Beneficiaries",
        .zh = "受益人数", .type = F_INT, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "How many people it helped.", .help_zh = "受益人数。" },
    [ACTIVITY_AMOUNT] = FIELD_AMOUNT,
    [ACTIVITY_PROJECT] = FIELD_PROJECT,
};
_Static_assert(COUNT(activity_fields) == ACTIVITY_NCOLS, "one row per column");

const struct entity activity_entity = {
    .name = "activity", .en = "Activity", .zh = "活动", .room = "pairing",
    .help_en = "Theme days, volunteer work, party-building, free clinics, promotion of products.",
    .help_zh = "主题日、志愿服务、党建、义诊、推介等活动。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_ACTIVITY, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = activity_fields, .n = COUNT(activity_fields),
};

static const struct field service_fields[] = {
    [SERVICE_CODE] = FIELD_CODE,
    [SERVICE_ORGANISATION] = FIELD_ORGANISATION,
    [SERVICE_PLACE] = FIELD_PLACE,
    [SERVICE_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "service_kind",
        .help_en = "Telemedicine, job platform, job subsidy, point-to-point vehicle, ...",
        .help_zh = "远程医疗、就业平台、补贴、点对点包车等。" },
    [SERVICE_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 500,
        .help_en = "What it is called.", .help_zh = "服务名称。" },
    [SERVICE_AGREEMENT] = FIELD_AGREEMENT,
    [SERVICE_PERSONS] = { .name = "persons", .en = "Persons served", .zh = "服务人数",
        .type = F_INT, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "How many people it served.", .help_zh = "服务人数。" },
    [SERVICE_AMOUNT] = FIELD_AMOUNT,
    [SERVICE_COMMITMENT] = FIELD_COMMITMENT,
};
_Static_assert(COUNT(service_fields) == SERVICE_NCOLS, "one row per column");

const struct entity service_entity = {
    .name = "service", .en = "Service", .zh = "服务", .room = "pairing",
    .help_en = "Help given as a service: telemedicine, job information, a vehicle, help to "
               "restart work.",
    .help_zh = "以服务方式提供的帮扶：远程医疗、岗位信息、包车、复工"
               "服务等。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_SERVICE, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = service_fields, .n = COUNT(service_fields),
};

static const struct entity *const entities[] = {
    &frame_entity, &agreement_entity, &commitment_entity, &coverage_entity, &helped_place_entity,
    &need_entity, &offer_entity, &visit_entity, &meeting_entity, &activity_entity, &service_entity,
    &contact_plan_entity, &problem_entity, &docking_entity,
};

const struct room pairing_room = { .name = "pairing", .entities = entities,
    .n_entities = COUNT(entities), .stmts = &pairing_stmts };
