/* Who took part in courses, and who was taken on. */
#include "programme/fields.h"
#include "base/count.h"
#include "programme/numbers.h"
#include "programme/talent/talent.h"

static const struct field attendance_fields[] = {
    [ATTENDANCE_COURSE] = { .name = "course", .en = "Course", .zh = "培训", .type = F_REF,
        .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST, .ref = "course", .help_en = "The course.",
        .help_zh = "所参加的培训。" },
    [ATTENDANCE_CODE] = { .name = "code", .en = "Number", .zh = "序号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .max = 32,
        .help_en = "Number of the trainee within the course.", .help_zh = "学员序号。" },
    [ATTENDANCE_PERSON] = FIELD_PERSON,
    [ATTENDANCE_REGISTERED] = { .name = "registered", .en = "Registered poor",
        .zh = "是否建档立卡", .type = F_BOOL, .flags = F_LIST,
        .help_en = "Whether registered poor.", .help_zh = "是否建档立卡贫困人口。" },
    [ATTENDANCE_DAYS] = { .name = "days", .en = "Days attended", .zh = "出勤天数", .type = F_INT,
        .flags = F_LIST, .min = 0, .max = 10000, .unit = "day", .help_en = "Days attended.",
        .help_zh = "出勤天数。" },
    [ATTENDANCE_OUTCOME] = { .name = "outcome", .en = "Outcome", .zh = "结果", .type = F_CODE,
        .flags = F_LIST, .list = "course_outcome",
        .help_en = "Finished, certificate, job, dropped out, under way.",
        .help_zh = "结业、取证、就业、退出、在训。" },
    [ATTENDANCE_SUBSIDY] = { .name = "subsidy", .en = "Subsidy", .zh = "补贴", .type = F_MONEY,
        .flags = F_LIST, .min = 0, .unit = "yuan", .help_en = "Subsidy that the trainee got.",
        .help_zh = "发放给学员的补贴（元）。" },
    [ATTENDANCE_FUND_LINE] = FIELD_FUND_LINE,
    [ATTENDANCE_PLACE] = { .name = "place", .en = "Trainees from", .zh = "学员来源地",
        .type = F_PLACE, .flags = F_COMPUTED | F_LIST, .copies = "place",
        .help_en = "Where the trainees come from.", .help_zh = "学员来源地。" },
    [ATTENDANCE_HELPER] = { .name = "helper", .en = "Helper", .zh = "帮扶单位", .type = F_REF,
        .flags = F_COMPUTED, .ref = "organisation", .copies = "helper",
        .help_en = "The helper of the course.", .help_zh = "该培训的帮扶单位。" },
};
_Static_assert(COUNT(attendance_fields) == ATTENDANCE_NCOLS, "one row per column");

const struct entity attendance_entity = {
    .name = "attendance", .en = "Attendance of a course", .zh = "参训", .room = "talent",
    .help_en = "Who took part in a course, and with what outcome.", .help_zh = "参训人员及结果。",
    .access = ACCESS_LABOUR,
    .number = NUMBER_ATTENDANCE, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = attendance_fields, .n = COUNT(attendance_fields),
};

static const struct field recruitment_fields[] = {
    [RECRUITMENT_CODE] = FIELD_CODE,
    [RECRUITMENT_HELPER] = { .name = "helper", .en = "Employer", .zh = "招录单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation", .help_en = "Who takes on.",
        .help_zh = "招录单位。" },
    [RECRUITMENT_PLACE] = { .name = "place", .en = "From", .zh = "来源地", .type = F_PLACE,
        .flags = F_HOME | F_LIST, .help_en = "Where the people come from.",
        .help_zh = "人员来源地。" },
    [RECRUITMENT_KIND] = { .name = "kind", .en = "Flow or stock", .zh = "流量或存量",
        .type = F_CODE, .flags = F_REQUIRED | F_LIST, .list = "recruitment_kind",
        .help_en = "Taken on in a period, or on the staff at a date.",
        .help_zh = "期内招录，或某日在职。" },
    [RECRUITMENT_PEOPLE] = { .name = "people", .en = "Who", .zh = "人员类别", .type = F_CODE,
        .flags = F_LIST, .list = "recruit_group", .help_en = "Graduates, workers, ...",
        .help_zh = "毕业生、工人等。" },
    [RECRUITMENT_REGISTERED] = { .name = "registered", .en = "Registered poor",
        .zh = "是否建档立卡", .type = F_BOOL, .flags = F_LIST,
        .help_en = "Whether they are from registered households.",
        .help_zh = "是否来自建档立卡户。" },
    [RECRUITMENT_COUNTED_ON] = { .name = "counted_on", .en = "Counted on", .zh = "统计时点",
        .type = F_DATE, .flags = F_LIST,
        .help_en = "Day on which the staff was counted; for a stock.",
        .help_zh = "在职人数的统计日，存量填。" },
};
_Static_assert(COUNT(recruitment_fields) == RECRUITMENT_NCOLS, "one row per column");

static const struct check recruitment_checks[] = {
    { .name = "TA03", .severity = CHECK_REFUSE, .holds = "kind != staff or known(counted_on)",
      .en = "staff is counted at a date: counted_on says at which",
      .zh = "在职人数须填统计时点" },
    { .name = "TA04", .severity = CHECK_REFUSE,
      .holds = "kind != taken_on or not known(counted_on)",
      .en = "people taken on are counted in a period: leave counted_on empty",
      .zh = "招录为流量，统计时点应留空" },
};

const struct entity recruitment_entity = {
    .name = "recruitment", .en = "Recruitment", .zh = "招录", .room = "talent",
    .help_en = "Registered graduates taken on in a period, or registered staff at a date: "
               "a flow and a stock, never added.",
    .help_zh = "期内招录（流量）与某日在职（存量），两者不可相加。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_RECRUITMENT,
    .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS, .fields = recruitment_fields,
    .n = COUNT(recruitment_fields), .checks = recruitment_checks,
    .n_checks = COUNT(recruitment_checks),
};
