/* The entities of the talent room. */
#include "programme/talent/talent.h"
#include "base/count.h"
#include "programme/fields.h"
#include "programme/numbers.h"

static const struct field posting_fields[] = {
    [POSTING_CODE] = FIELD_CODE,
    [POSTING_HELPER] = { .name = "helper", .en = "Sent by", .zh = "派出单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "The organisation that sends.", .help_zh = "派出单位。" },
    [POSTING_HOST] = { .name = "host", .en = "Host", .zh = "接收单位", .type = F_REF,
        .ref = "organisation",
        .help_en = "Where the person works.", .help_zh = "接收单位。" },
    [POSTING_PLACE] = { .name = "place", .en = "Works in", .zh = "任职地", .type = F_PLACE,
        .flags = F_HOME | F_LIST,
        .help_en = "The most exact place of work that is known.",
        .help_zh = "任职地，取已知最具体的地区。" },
    [POSTING_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "posting_kind",
        .help_en = "Attached cadre, first secretary, teacher, doctor, front headquarters, ...",
        .help_zh = "挂职干部、第一书记、支教、支医、前方指挥部等。" },
    [POSTING_DIRECTION] = { .name = "direction", .en = "Direction", .zh = "方向",
        .type = F_CODE, .list = "direction", .preset = "to_helped",
        .help_en = "From helper to helped side, or the other way.",
        .help_zh = "帮扶方赴受援方或反向。" },
    [POSTING_ROLE] = { .name = "role", .en = "Role", .zh = "职务", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "Office held, without a name.", .help_zh = "任职岗位，不写姓名。" },
    [POSTING_HOLDER_NAME] = { .name = "holder_name", .en = "Name", .zh = "姓名", .type = F_TEXT,
        .flags = F_PERSONAL, .max = 60,
        .help_en = "Full name; seen only by those who may.",
        .help_zh = "姓名，限有权者查看。" },
    [POSTING_RANK] = { .name = "rank", .en = "Rank", .zh = "职级", .type = F_CODE,
        .list = "cadre_rank",
        .help_en = "Rank of the cadre.", .help_zh = "干部职级。" },
    [POSTING_FOR_CLASS] = FIELD_FOR_CLASS,
    [POSTING_PLACES_COVERED] = { .name = "places_covered", .en = "Places covered",
        .zh = "覆盖村数", .type = F_INT, .min = 0, .max = 1000000000, .unit = "village",
        .help_en = "How many villages the posting covers.", .help_zh = "覆盖村数。" },
    [POSTING_ACHIEVEMENTS] = { .name = "achievements", .en = "Achievements", .zh = "工作成效",
        .type = F_TEXT, .max = 4000,
        .help_en = "What came of it.", .help_zh = "工作成效。" },
    [POSTING_AGREEMENT] = FIELD_AGREEMENT,
    [POSTING_COMMITMENT] = FIELD_COMMITMENT,
    [POSTING_TEAM] = { .name = "team", .en = "Team", .zh = "工作队", .type = F_REF, .ref = "organisation",
        .help_en = "The resident team or task force that the person belongs to.",
        .help_zh = "所属驻村工作队或专班。" },
    [POSTING_AID_BATCH] = { .name = "aid_batch", .en = "Aid batch", .zh = "援派批次", .type = F_INT,
        .flags = F_LIST, .min = 1, .max = 100,
        .help_en = "Number of the batch of aid cadres, such as 9 for the ninth.",
        .help_zh = "援派批次序号，如第九批填9。" },
    [POSTING_SKILL] = FIELD_SKILL,
    [POSTING_SKILL_NEEDED] = { .name = "skill_needed", .en = "Skill needed", .zh = "岗位所需技能",
        .type = F_CODE, .list = "skill",
        .help_en = "What the post asks for; the person's own is in skill.",
        .help_zh = "岗位所需技能；本人技能填“技能”。" },
    [POSTING_PHONE] = { .name = "phone", .en = "Telephone", .zh = "联系电话", .type = F_TEXT,
        .flags = F_PERSONAL | F_PHONE, .max = 20,
        .help_en = "Telephone; seen only by those who may.",
        .help_zh = "联系电话，限有权者查看。" },
};
_Static_assert(COUNT(posting_fields) == POSTING_NCOLS, "one row per column");

const struct entity posting_entity = {
    .name = "posting", .en = "Posting", .zh = "选派人员", .room = "talent",
    .help_en = "Somebody sent to work on the other side; by role, with the name kept apart.",
    .help_zh = "互派人员，按岗位记载，姓名另存。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_POSTING, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = posting_fields, .n = COUNT(posting_fields),
};

static const struct field course_fields[] = {
    [COURSE_CODE] = FIELD_CODE,
    [COURSE_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it is called.", .help_zh = "培训名称。" },
    [COURSE_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "course_kind",
        .help_en = "Cadres, leaders in getting rich, skills, vocational, teachers, doctors, ...",
        .help_zh = "干部、致富带头人、技能、职教、教师、医生等。" },
    [COURSE_HELPER] = FIELD_HELPER,
    [COURSE_PLACE] = { .name = "place", .en = "Trainees from", .zh = "学员来源地",
        .type = F_PLACE, .flags = F_HOME | F_LIST,
        .help_en = "Where the trainees come from.", .help_zh = "学员来源地。" },
    [COURSE_HELD_IN] = { .name = "held_in", .en = "Held in", .zh = "举办地", .type = F_PLACE,
        .help_en = "Where it is held.", .help_zh = "举办地。" },
    [COURSE_TRAINEES] = { .name = "trainees", .en = "Trainees", .zh = "培训人数",
        .type = F_INT, .flags = F_LIST, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "How many were trained.", .help_zh = "培训人数。" },
    [COURSE_REGISTERED_TRAINEES] = { .name = "registered_trainees", .en = "Registered trainees",
        .zh = "其中建档立卡", .type = F_INT, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "How many of them are registered poor.",
        .help_zh = "其中建档立卡人数。" },
    [COURSE_DAYS] = { .name = "days", .en = "Days", .zh = "天数", .type = F_INT, .min = 0,
        .max = 1000000000, .unit = "day",
        .help_en = "Length in days.", .help_zh = "天数。" },
    [COURSE_FEE] = { .name = "fee", .en = "Fee", .zh = "学费", .type = F_MONEY, .min = 0,
        .unit = "yuan",
        .help_en = "What a trainee pays; 0 when it is free.",
        .help_zh = "学员缴费（元）；免费填0。" },
    [COURSE_AMOUNT] = FIELD_AMOUNT,
    [COURSE_FUND_LINE] = FIELD_FUND_LINE,
    [COURSE_COMMITMENT] = FIELD_COMMITMENT,
};
_Static_assert(COUNT(course_fields) == COURSE_NCOLS, "one row per column");

static const struct check course_checks[] = {
    { .name = "TA01", .severity = CHECK_REFUSE,
      .holds = "registered_trainees <= trainees",
      .en = "more registered trainees than trainees",
      .zh = "建档立卡人数大于培训人数" },
};

const struct entity course_entity = {
    .name = "course", .en = "Course", .zh = "培训", .room = "talent",
    .help_en = "Training: cadres, leaders in getting rich, skills, vocational schooling.",
    .help_zh = "培训：干部、致富带头人、技能、职业教育。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_COURSE, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = course_fields, .n = COUNT(course_fields), .checks = course_checks,
    .n_checks = COUNT(course_checks),
};

static const struct field student_aid_fields[] = {
    [STUDENT_AID_CODE] = FIELD_CODE,
    [STUDENT_AID_HELPER] = FIELD_HELPER,
    [STUDENT_AID_PLACE] = { .name = "place", .en = "Students from", .zh = "学生来源地",
        .type = F_PLACE, .flags = F_HOME | F_LIST,
        .help_en = "Where the students come from.", .help_zh = "学生来源地。" },
    [STUDENT_AID_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_LIST, .list = "aid_kind",
        .help_en = "Tuition, living, scholarship, goods.",
        .help_zh = "学费、生活费、奖学金、物资。" },
    [STUDENT_AID_STUDENTS] = { .name = "students", .en = "Students", .zh = "学生人数",
        .type = F_INT, .flags = F_LIST, .min = 0, .max = 10000000, .unit = "person",
        .help_en = "How many students.", .help_zh = "学生人数。" },
    [STUDENT_AID_AMOUNT] = FIELD_AMOUNT,
    [STUDENT_AID_YEARLY_RATE] = { .name = "yearly_rate", .en = "A student and year",
        .zh = "每生每年", .type = F_MONEY, .flags = F_LIST, .min = 0, .max = 100000000,
        .unit = "yuan",
        .help_en = "What one student gets in a year.",
        .help_zh = "每名学生每年资助额（元）。" },
    [STUDENT_AID_COURSE] = { .name = "course", .en = "Course", .zh = "培训", .type = F_REF,
        .flags = F_FAR, .ref = "course",
        .help_en = "The course they attend.", .help_zh = "所参加的培训。" },
    [STUDENT_AID_FOREIGN_RATE] = { .name = "foreign_rate", .en = "Printed in dollars",
        .zh = "所附美元数", .type = F_DECIMAL, .scale = 2, .min = 0, .max = 100000000,
        .unit = "dollar",
        .help_en = "The yearly rate as a source prints it in US dollars.",
        .help_zh = "来源所附的美元数。" },
    [STUDENT_AID_PERSON] = FIELD_PERSON,
    [STUDENT_AID_FUND_LINE] = FIELD_FUND_LINE,
};
_Static_assert(COUNT(student_aid_fields) == STUDENT_AID_NCOLS, "one row per column");

const struct entity student_aid_entity = {
    .name = "student_aid", .en = "Student aid", .zh = "助学", .room = "talent",
    .help_en = "Money and goods for students.",
    .help_zh = "对学生的资助。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_STUDENT_AID, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = student_aid_fields, .n = COUNT(student_aid_fields),
};

static const struct entity *const entities[] = {
    &posting_entity, &course_entity, &student_aid_entity,
    &mentee_entity, &site_day_entity, &posting_output_entity, &handover_entity,
    &attendance_entity, &recruitment_entity,
};

const struct room talent_room = { .name = "talent", .entities = entities,
    .n_entities = COUNT(entities), .stmts = &talent_stmts };
