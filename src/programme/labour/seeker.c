/* Seekers, vacancies, and how the two come together. */
#include "programme/fields.h"
#include "base/count.h"
#include "programme/numbers.h"
#include "programme/labour/labour.h"

static const struct field seeker_fields[] = {
    [SEEKER_CODE] = FIELD_CODE,
    [SEEKER_PLACE] = { .name = "place", .en = "Home", .zh = "户籍地", .type = F_PLACE,
        .flags = F_HOME | F_LIST, .help_en = "Where the seeker is at home.",
        .help_zh = "求职者户籍地。" },
    [SEEKER_PERSON] = FIELD_PERSON,
    [SEEKER_REGISTERED] = { .name = "registered", .en = "Registered poor", .zh = "是否建档立卡",
        .type = F_BOOL, .flags = F_LIST, .help_en = "Whether registered poor.",
        .help_zh = "是否建档立卡贫困人口。" },
    [SEEKER_SKILL] = FIELD_SKILL,
    [SEEKER_AREA] = { .name = "area", .en = "Would go", .zh = "意愿就业区域", .type = F_CODE,
        .flags = F_LIST, .list = "work_area",
        .help_en = "How far from home they would work; empty for anywhere.",
        .help_zh = "愿意就业的区域；留空不限。" },
    [SEEKER_KIND] = { .name = "kind", .en = "Kind of job", .zh = "意愿就业类型", .type = F_CODE,
        .flags = F_LIST, .list = "job_kind",
        .help_en = "What kind of job is wanted; empty for any.",
        .help_zh = "意愿就业类型；留空不限。" },
    [SEEKER_PAY_WANTED] = { .name = "pay_wanted", .en = "Pay wanted", .zh = "期望月薪",
        .type = F_MONEY, .min = 0, .max = 100000000000, .unit = "yuan",
        .help_en = "Least monthly pay that they would take.", .help_zh = "期望最低月薪（元）。" },
    [SEEKER_ABLE] = { .name = "able", .en = "Able to work", .zh = "是否能务工", .type = F_BOOL,
        .preset = "1", .help_en = "Whether they are able to work now.",
        .help_zh = "目前是否能务工。" },
    [SEEKER_STATION] = { .name = "station", .en = "Station", .zh = "服务站点", .type = F_REF,
        .flags = F_FAR, .ref = "station", .help_en = "The labour station that looks after them.",
        .help_zh = "负责服务的站点。" },
};
_Static_assert(COUNT(seeker_fields) == SEEKER_NCOLS, "one row per column");

const struct entity seeker_entity = {
    .name = "seeker", .en = "Job seeker", .zh = "求职人员", .room = "labour",
    .help_en = "Somebody who wants work, with what they can do and where they would go.",
    .help_zh = "求职者及其技能、意愿。",
    .access = ACCESS_LABOUR, .number = NUMBER_SEEKER, .reach = REACH_COUNTY,
    .flags = E_FACT | E_DRAFTS, .fields = seeker_fields, .n = COUNT(seeker_fields),
};

static const struct field vacancy_fields[] = {
    [VACANCY_CODE] = FIELD_CODE,
    [VACANCY_EMPLOYER] = { .name = "employer", .en = "Employer", .zh = "用工单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation", .help_en = "Who employs.",
        .help_zh = "用工单位。" },
    [VACANCY_HELPER] = FIELD_HELPER,
    [VACANCY_PLACE] = { .name = "place", .en = "Place of work", .zh = "务工地", .type = F_PLACE,
        .flags = F_HOME | F_LIST, .help_en = "Where the work is.", .help_zh = "务工地点。" },
    [VACANCY_TITLE] = { .name = "title", .en = "Post", .zh = "岗位名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200, .help_en = "What the post is called.",
        .help_zh = "岗位名称。" },
    [VACANCY_KIND] = { .name = "kind", .en = "Kind of job", .zh = "就业类型", .type = F_CODE,
        .flags = F_LIST, .list = "job_kind",
        .help_en = "Firm, workshop, public-welfare post, ...",
        .help_zh = "企业、车间、公益岗位等。" },
    [VACANCY_SKILL] = FIELD_SKILL,
    [VACANCY_MONTHLY_PAY] = { .name = "monthly_pay", .en = "Monthly pay", .zh = "月薪",
        .type = F_MONEY, .flags = F_LIST, .min = 0, .max = 100000000000, .unit = "yuan",
        .help_en = "Pay of a month.", .help_zh = "月薪（元）。" },
    [VACANCY_FEE] = { .name = "fee", .en = "Fee", .zh = "向求职者收费", .type = F_MONEY, .min = 0,
        .unit = "yuan", .help_en = "What a seeker pays for it: nothing.",
        .help_zh = "向求职者收取的费用，须为0。" },
    [VACANCY_REGISTERED_ONLY] = { .name = "registered_only", .en = "For registered only",
        .zh = "仅限建档立卡", .type = F_BOOL, .preset = "0",
        .help_en = "Whether only registered poor may take it.",
        .help_zh = "是否仅限建档立卡人员。" },
    [VACANCY_STATION] = { .name = "station", .en = "Station", .zh = "服务站点", .type = F_REF,
        .flags = F_FAR, .ref = "station", .help_en = "The labour station that tells of it.",
        .help_zh = "发布岗位的站点。" },
};
_Static_assert(COUNT(vacancy_fields) == VACANCY_NCOLS, "one row per column");

static const struct check vacancy_checks[] = {
    { .name = "LA02", .severity = CHECK_REFUSE, .holds = "fee = 0",
      .en = "a seeker is asked for a fee: telling of vacancies is free",
      .zh = "岗位信息应免费，不得向求职者收费" },
};

const struct entity vacancy_entity = {
    .name = "vacancy", .en = "Vacancy", .zh = "招聘岗位", .room = "labour",
    .help_en = "Posts that an employer offers; telling of them costs the seeker nothing.",
    .help_zh = "用工单位提供的岗位；对求职者免费。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_VACANCY,
    .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS, .fields = vacancy_fields,
    .n = COUNT(vacancy_fields), .checks = vacancy_checks, .n_checks = COUNT(vacancy_checks),
};

static const struct field job_match_fields[] = {
    [JOB_MATCH_SEEKER] = { .name = "seeker", .en = "Seeker", .zh = "求职人员", .type = F_REF,
        .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST, .ref = "seeker", .help_en = "Who seeks.",
        .help_zh = "求职人员编号。" },
    [JOB_MATCH_VACANCY] = { .name = "vacancy", .en = "Vacancy", .zh = "招聘岗位", .type = F_REF,
        .flags = F_REQUIRED | F_KEY | F_FAR | F_LIST, .ref = "vacancy",
        .help_en = "The vacancy offered.", .help_zh = "所匹配的岗位。" },
    [JOB_MATCH_MATCHED_ON] = { .name = "matched_on", .en = "Matched on", .zh = "匹配日期",
        .type = F_DATE, .flags = F_LIST, .help_en = "Day on which they were brought together.",
        .help_zh = "匹配之日。" },
    [JOB_MATCH_RESULT] = { .name = "result", .en = "Result", .zh = "结果", .type = F_CODE,
        .flags = F_LIST, .list = "match_result", .preset = "offered",
        .help_en = "Offered, accepted, refused by either side.",
        .help_zh = "已推荐、已接受、已拒绝。" },
    [JOB_MATCH_REASON] = { .name = "reason", .en = "Reason", .zh = "原因", .type = F_TEXT,
        .max = 500, .help_en = "Why it was refused.", .help_zh = "未成原因。" },
    [JOB_MATCH_PLACE] = { .name = "place", .en = "Home", .zh = "户籍地", .type = F_PLACE,
        .flags = F_COMPUTED | F_LIST, .copies = "place",
        .help_en = "Where the seeker is at home.", .help_zh = "求职者户籍地。" },
};
_Static_assert(COUNT(job_match_fields) == JOB_MATCH_NCOLS, "one row per column");

const struct entity job_match_entity = {
    .name = "job_match", .en = "Match of seeker and vacancy", .zh = "人岗匹配", .room = "labour",
    .help_en = "A seeker brought together with a vacancy, and what came of it.",
    .help_zh = "求职者与岗位的匹配及结果。", .access = ACCESS_LABOUR, .number = NUMBER_JOB_MATCH, .reach = REACH_COUNTY,
    .flags = E_DRAFTS, .fields = job_match_fields, .n = COUNT(job_match_fields),
};
