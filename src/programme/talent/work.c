/* What posted people do: days on site, mentees, outputs, hand-overs. */
#include "programme/fields.h"
#include "base/count.h"
#include "programme/numbers.h"
#include "programme/talent/talent.h"

static const struct field mentee_fields[] = {
    [MENTEE_POSTING] = { .name = "posting", .en = "Posting", .zh = "选派人员", .type = F_REF,
        .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST, .ref = "posting",
        .help_en = "Who teaches.", .help_zh = "带教人员。" },
    [MENTEE_CODE] = { .name = "code", .en = "Number", .zh = "序号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .max = 32,
        .help_en = "Number of the mentee within the posting.", .help_zh = "徒弟序号。" },
    [MENTEE_NAME] = { .name = "name", .en = "Name", .zh = "姓名", .type = F_TEXT,
        .flags = F_PERSONAL, .max = 60, .help_en = "Full name; seen only by those who may.",
        .help_zh = "姓名，限有权者查看。" },
    [MENTEE_SKILL] = FIELD_SKILL,
    [MENTEE_OUTCOME] = { .name = "outcome", .en = "Outcome", .zh = "结果", .type = F_CODE,
        .flags = F_LIST, .list = "mentee_outcome",
        .help_en = "Still learning, works alone, certified, gone.",
        .help_zh = "学习中、可独立工作、已取证、已离开。" },
    [MENTEE_PLACE] = { .name = "place", .en = "Works in", .zh = "任职地", .type = F_PLACE,
        .flags = F_COMPUTED | F_LIST, .copies = "place", .help_en = "Where the posting is.",
        .help_zh = "任职地。" },
};
_Static_assert(COUNT(mentee_fields) == MENTEE_NCOLS, "one row per column");

const struct entity mentee_entity = {
    .name = "mentee", .en = "Mentee", .zh = "带徒", .room = "talent",
    .help_en = "Somebody whom a posted person teaches: one who stays when the posting ends.",
    .help_zh = "选派人员所带徒弟。", .access = ACCESS_WORK, .number = NUMBER_MENTEE, .reach = REACH_COUNTY,
    .flags = E_FACT | E_DRAFTS, .fields = mentee_fields, .n = COUNT(mentee_fields),
};

static const struct field site_day_fields[] = {
    [SITE_DAY_POSTING] = { .name = "posting", .en = "Posting", .zh = "选派人员", .type = F_REF,
        .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST, .ref = "posting", .help_en = "Who.",
        .help_zh = "选派人员编号。" },
    [SITE_DAY_MONTH] = { .name = "month", .en = "Month", .zh = "月份", .type = F_DATE,
        .flags = F_REQUIRED | F_KEY | F_FROM | F_LIST, .help_en = "The month, as 2020-05.",
        .help_zh = "月份，如2020-05。" },
    [SITE_DAY_DAYS] = { .name = "days", .en = "Days on site", .zh = "在岗天数", .type = F_INT,
        .flags = F_REQUIRED | F_LIST, .min = 0, .max = 31, .unit = "day",
        .help_en = "Days on site.", .help_zh = "在岗天数。" },
    [SITE_DAY_LEAVE_DAYS] = { .name = "leave_days", .en = "Days on leave", .zh = "请假天数",
        .type = F_INT, .flags = F_LIST, .min = 0, .max = 31, .unit = "day",
        .help_en = "Days of leave that was granted.", .help_zh = "经批准请假天数。" },
    [SITE_DAY_ABSENT_DAYS] = { .name = "absent_days", .en = "Days absent", .zh = "缺勤天数",
        .type = F_INT, .flags = F_LIST, .min = 0, .max = 31, .unit = "day",
        .help_en = "Days of absence that nobody granted.", .help_zh = "无故缺勤天数。" },
    [SITE_DAY_PLACE] = { .name = "place", .en = "Works in", .zh = "任职地", .type = F_PLACE,
        .flags = F_COMPUTED | F_LIST, .copies = "place", .help_en = "Where the posting is.",
        .help_zh = "任职地。" },
    [SITE_DAY_HELPER] = { .name = "helper", .en = "Sent by", .zh = "派出单位", .type = F_REF,
        .flags = F_COMPUTED, .ref = "organisation", .copies = "helper",
        .help_en = "Who sent the person.", .help_zh = "派出单位。" },
};
_Static_assert(COUNT(site_day_fields) == SITE_DAY_NCOLS, "one row per column");

static const struct check site_day_checks[] = {
    { .name = "TA02", .severity = CHECK_REFUSE, .holds = "days + leave_days + absent_days <= 31",
      .en = "more days than a month has", .zh = "天数合计超过一个月" },
};

const struct entity site_day_entity = {
    .name = "site_day", .en = "Days on site", .zh = "驻村天数", .room = "talent",
    .help_en = "How many days of a month a posted person was on site, on leave, absent.",
    .help_zh = "选派人员每月在岗、请假、缺勤天数。", .access = ACCESS_WORK, .number = NUMBER_SITE_DAY,
    .reach = REACH_COUNTY, .flags = E_DRAFTS, .fields = site_day_fields,
    .n = COUNT(site_day_fields), .checks = site_day_checks, .n_checks = COUNT(site_day_checks),
};

static const struct field posting_output_fields[] = {
    [POSTING_OUTPUT_POSTING] = { .name = "posting", .en = "Posting", .zh = "选派人员",
        .type = F_REF, .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST, .ref = "posting",
        .help_en = "Whose output.", .help_zh = "选派人员编号。" },
    [POSTING_OUTPUT_CODE] = { .name = "code", .en = "Number", .zh = "序号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .max = 32,
        .help_en = "Number of the output within the posting.", .help_zh = "成果序号。" },
    [POSTING_OUTPUT_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "output_kind",
        .help_en = "Base, curriculum, facility, product, ...",
        .help_zh = "基地、课程、设施、产品等。" },
    [POSTING_OUTPUT_TITLE] = { .name = "title", .en = "What", .zh = "内容", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200, .help_en = "What it is.",
        .help_zh = "成果内容。" },
    [POSTING_OUTPUT_DUE_ON] = { .name = "due_on", .en = "Due by", .zh = "应完成日",
        .type = F_DATE, .flags = F_TO | F_LIST, .help_en = "Day by which it is to be there.",
        .help_zh = "应完成日期。" },
    [POSTING_OUTPUT_DONE_ON] = { .name = "done_on", .en = "Done on", .zh = "完成日期",
        .type = F_DATE, .flags = F_LIST,
        .help_en = "Day on which it was there; empty while it is open.",
        .help_zh = "完成之日；未完成留空。" },
    [POSTING_OUTPUT_PLACE] = { .name = "place", .en = "Works in", .zh = "任职地", .type = F_PLACE,
        .flags = F_COMPUTED | F_LIST, .copies = "place", .help_en = "Where the posting is.",
        .help_zh = "任职地。" },
};
_Static_assert(COUNT(posting_output_fields) == POSTING_OUTPUT_NCOLS, "one row per column");

const struct entity posting_output_entity = {
    .name = "posting_output", .en = "Output of a posting", .zh = "选派成果", .room = "talent",
    .help_en = "What a posted person is to leave behind: a training base, a curriculum, a "
               "cooperative.",
    .help_zh = "选派人员应留下的成果：实训基地、课程、合作社等。",
    .access = ACCESS_WORK,
    .number = NUMBER_POSTING_OUTPUT, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = posting_output_fields, .n = COUNT(posting_output_fields),
};

static const struct field handover_fields[] = {
    [HANDOVER_POSTING] = { .name = "posting", .en = "Posting that ends", .zh = "交出方",
        .type = F_REF, .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST, .ref = "posting",
        .help_en = "Who leaves.", .help_zh = "离任人员编号。" },
    [HANDOVER_SUCCESSOR] = { .name = "successor", .en = "Posting that begins", .zh = "接任方",
        .type = F_REF, .flags = F_FAR | F_LIST, .ref = "posting", .help_en = "Who takes over.",
        .help_zh = "接任人员编号。" },
    [HANDOVER_HANDED_ON] = { .name = "handed_on", .en = "Handed over on", .zh = "交接日期",
        .type = F_DATE, .flags = F_REQUIRED | F_LIST,
        .help_en = "Day of the hand-over: the last day of the one and the first of the "
                   "other.",
        .help_zh = "交接之日，即前任末日、后任首日。" },
    [HANDOVER_OPEN_MATTERS] = { .name = "open_matters", .en = "Left open", .zh = "未尽事项",
        .type = F_TEXT, .max = 2000, .help_en = "What the next one has to go on with.",
        .help_zh = "需继续办理的事项。" },
    [HANDOVER_PLACE] = { .name = "place", .en = "Works in", .zh = "任职地", .type = F_PLACE,
        .flags = F_COMPUTED | F_LIST, .copies = "place", .help_en = "Where the posting is.",
        .help_zh = "任职地。" },
};
_Static_assert(COUNT(handover_fields) == HANDOVER_NCOLS, "one row per column");

const struct entity handover_entity = {
    .name = "handover", .en = "Hand-over of a posting", .zh = "工作交接", .room = "talent",
    .help_en = "The day on which a posted person hands over to the next, and what is left "
               "open.",
    .help_zh = "选派人员交接之日及未尽事项。", .access = ACCESS_WORK, .number = NUMBER_HANDOVER, .reach = REACH_COUNTY,
    .flags = E_DRAFTS, .fields = handover_fields, .n = COUNT(handover_fields),
};
