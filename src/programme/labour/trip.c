/* The way to the job, and whether it lasts: trips, seats, follow-ups. */
#include "programme/fields.h"
#include "base/count.h"
#include "programme/numbers.h"
#include "programme/labour/labour.h"

static const struct field trip_fields[] = {
    [TRIP_CODE] = FIELD_CODE,
    [TRIP_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200, .help_en = "What it is called.",
        .help_zh = "名称。" },
    [TRIP_PLACE] = { .name = "place", .en = "From", .zh = "出发地", .type = F_PLACE,
        .flags = F_HOME | F_LIST, .help_en = "Where the passengers set out.",
        .help_zh = "出发地。" },
    [TRIP_DESTINATION] = { .name = "destination", .en = "To", .zh = "目的地", .type = F_PLACE,
        .flags = F_LIST, .help_en = "Where it goes.", .help_zh = "目的地。" },
    [TRIP_EMPLOYER] = { .name = "employer", .en = "Employer", .zh = "用工单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation", .help_en = "Whose workers it carries.",
        .help_zh = "接收的用工单位。" },
    [TRIP_HELPER] = FIELD_HELPER,
    [TRIP_KIND] = { .name = "kind", .en = "Vehicle", .zh = "交通工具", .type = F_CODE,
        .flags = F_LIST, .list = "trip_kind", .help_en = "Coach, train, flight, ...",
        .help_zh = "客车、火车、飞机等。" },
    [TRIP_SEATS] = { .name = "seats", .en = "Seats", .zh = "座位数", .type = F_INT,
        .flags = F_LIST, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "Seats there were.", .help_zh = "座位数。" },
    [TRIP_PASSENGERS] = { .name = "passengers", .en = "Passengers", .zh = "乘坐人数",
        .type = F_INT, .flags = F_LIST, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "People who rode.", .help_zh = "乘坐人数。" },
    [TRIP_REGISTERED_PASSENGERS] = { .name = "registered_passengers",
        .en = "Registered passengers", .zh = "其中建档立卡", .type = F_INT, .min = 0,
        .max = 1000000000, .unit = "person", .help_en = "How many of them are registered poor.",
        .help_zh = "其中建档立卡人数。" },
    [TRIP_FARE] = { .name = "fare", .en = "Fare", .zh = "票价", .type = F_MONEY, .min = 0,
        .unit = "yuan", .help_en = "What a registered passenger pays: nothing.",
        .help_zh = "建档立卡人员票价，须为0。" },
    [TRIP_COST] = { .name = "cost", .en = "Cost", .zh = "费用", .type = F_MONEY, .flags = F_LIST,
        .min = 0, .unit = "yuan", .help_en = "What the journey cost.",
        .help_zh = "运输费用（元）。" },
    [TRIP_FUND_LINE] = FIELD_FUND_LINE,
    [TRIP_STATION] = { .name = "station", .en = "Station", .zh = "服务站点", .type = F_REF,
        .flags = F_FAR, .ref = "station", .help_en = "The labour station that organised it.",
        .help_zh = "组织的站点。" },
};
_Static_assert(COUNT(trip_fields) == TRIP_NCOLS, "one row per column");

static const struct check trip_checks[] = {
    { .name = "LA03", .severity = CHECK_REFUSE, .holds = "fare = 0",
      .en = "registered passengers ride free: the fare is 0, and the cost goes to a fund "
            "line",
      .zh = "建档立卡人员免费乘坐：票价应为0，费用记入资金来源" },
    { .name = "LA04", .severity = CHECK_REFUSE, .holds = "passengers <= seats",
      .en = "more passengers than seats", .zh = "乘坐人数大于座位数" },
    { .name = "LA05", .severity = CHECK_REFUSE, .holds = "registered_passengers <= passengers",
      .en = "more registered passengers than passengers", .zh = "建档立卡人数大于乘坐人数" },
};

const struct entity trip_entity = {
    .name = "trip", .en = "Labour trip", .zh = "务工专车", .room = "labour",
    .help_en = "A journey point to point, from home to the work: coach, train carriage, "
               "flight.",
    .help_zh = "点对点输送：专车、专列、包机。", .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_TRIP, .reach = REACH_COUNTY,
    .flags = E_FACT | E_DRAFTS, .fields = trip_fields, .n = COUNT(trip_fields),
    .checks = trip_checks, .n_checks = COUNT(trip_checks),
};

static const struct field seat_fields[] = {
    [SEAT_TRIP] = { .name = "trip", .en = "Trip", .zh = "务工专车", .type = F_REF,
        .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST, .ref = "trip", .help_en = "The trip.",
        .help_zh = "所乘专车。" },
    [SEAT_CODE] = { .name = "code", .en = "Seat", .zh = "座位号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .max = 32,
        .help_en = "Number of the seat or of the passenger.", .help_zh = "座位或乘客序号。" },
    [SEAT_PERSON] = FIELD_PERSON,
    [SEAT_REGISTERED] = { .name = "registered", .en = "Registered poor", .zh = "是否建档立卡",
        .type = F_BOOL, .flags = F_LIST, .help_en = "Whether registered poor.",
        .help_zh = "是否建档立卡贫困人口。" },
    [SEAT_FARE] = { .name = "fare", .en = "Fare", .zh = "票价", .type = F_MONEY, .min = 0,
        .unit = "yuan",
        .help_en = "What this passenger paid; 0 for registered poor.",
        .help_zh = "该乘客票价；建档立卡人员为0。" },
    [SEAT_BOARDED] = { .name = "boarded", .en = "Rode", .zh = "是否乘坐", .type = F_BOOL,
        .flags = F_LIST, .preset = "1", .help_en = "Whether the passenger came.",
        .help_zh = "是否实际乘坐。" },
    [SEAT_PLACEMENT] = { .name = "placement", .en = "Placement", .zh = "就业", .type = F_REF,
        .flags = F_FAR, .ref = "placement", .help_en = "The job the passenger went to.",
        .help_zh = "所往就业岗位。" },
    [SEAT_PLACE] = { .name = "place", .en = "From", .zh = "出发地", .type = F_PLACE,
        .flags = F_COMPUTED | F_LIST, .copies = "place", .help_en = "Where the trip set out.",
        .help_zh = "出发地。" },
};
_Static_assert(COUNT(seat_fields) == SEAT_NCOLS, "one row per column");

static const struct check seat_checks[] = {
    { .name = "LA06", .severity = CHECK_REFUSE, .holds = "not (registered = true and fare > 0)",
      .en = "a registered passenger was asked for a fare", .zh = "建档立卡人员不得收取票款" },
};

const struct entity seat_entity = {
    .name = "seat", .en = "Seat of a trip", .zh = "专车座位", .room = "labour",
    .help_en = "One passenger of a labour trip.", .help_zh = "专车上的一名乘客。",
    .access = ACCESS_LABOUR,
    .number = NUMBER_SEAT, .reach = REACH_COUNTY, .flags = E_DRAFTS, .fields = seat_fields,
    .n = COUNT(seat_fields), .checks = seat_checks, .n_checks = COUNT(seat_checks),
};

static const struct field follow_up_fields[] = {
    [FOLLOW_UP_PLACEMENT] = { .name = "placement", .en = "Placement", .zh = "就业", .type = F_REF,
        .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST, .ref = "placement",
        .help_en = "The placement.", .help_zh = "所回访的就业。" },
    [FOLLOW_UP_MONTHS] = { .name = "months", .en = "After months", .zh = "满月数", .type = F_INT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .min = 1, .max = 120, .unit = "month",
        .help_en = "After how many months: 3, 6, 12.", .help_zh = "就业满几个月：3、6、12。" },
    [FOLLOW_UP_CHECKED_ON] = { .name = "checked_on", .en = "Checked on", .zh = "回访日期",
        .type = F_DATE, .flags = F_REQUIRED | F_LIST, .help_en = "Day of the check.",
        .help_zh = "回访之日。" },
    [FOLLOW_UP_RESULT] = { .name = "result", .en = "Result", .zh = "结果", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "follow_up_result",
        .help_en = "In the same job, in another, at home, not reached.",
        .help_zh = "在原岗、已换岗、已返乡、未联系上。" },
    [FOLLOW_UP_STILL_AT_WORK] = { .name = "still_at_work", .en = "Still at work",
        .zh = "在岗人数", .type = F_INT, .flags = F_LIST, .min = 0, .max = 1000000000,
        .unit = "person",
        .help_en = "How many of the placement are at work, when it is several people.",
        .help_zh = "多人就业时仍在岗人数。" },
    [FOLLOW_UP_MONTHLY_PAY] = { .name = "monthly_pay", .en = "Monthly pay", .zh = "月工资",
        .type = F_MONEY, .min = 0, .max = 100000000000, .unit = "yuan",
        .help_en = "Pay of a month then.", .help_zh = "回访时月工资（元）。" },
    [FOLLOW_UP_HELPER] = { .name = "helper", .en = "Helper", .zh = "帮扶单位", .type = F_REF,
        .flags = F_COMPUTED, .ref = "organisation", .copies = "helper",
        .help_en = "The helper of the placement.", .help_zh = "该就业的帮扶单位。" },
    [FOLLOW_UP_PLACE] = { .name = "place", .en = "Home", .zh = "户籍地", .type = F_PLACE,
        .flags = F_COMPUTED | F_LIST, .copies = "place", .help_en = "Home of the worker.",
        .help_zh = "务工人员户籍地。" },
};
_Static_assert(COUNT(follow_up_fields) == FOLLOW_UP_NCOLS, "one row per column");

const struct entity follow_up_entity = {
    .name = "follow_up", .en = "Follow-up of a placement", .zh = "就业回访", .room = "labour",
    .help_en = "Looked again after 3, 6 or 12 months: still at work, and at what pay.",
    .help_zh = "就业满3、6、12个月的回访。", .access = ACCESS_LABOUR, .number = NUMBER_FOLLOW_UP, .reach = REACH_COUNTY,
    .flags = E_DRAFTS, .fields = follow_up_fields, .n = COUNT(follow_up_fields),
};
