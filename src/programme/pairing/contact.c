/* Regular contact: how often the two sides meet, and the problems that come up. */
#include "programme/fields.h"
#include "base/count.h"
#include "programme/numbers.h"
#include "programme/pairing/pairing.h"

static const struct field contact_plan_fields[] = {
    [CONTACT_PLAN_CODE] = FIELD_CODE,
    [CONTACT_PLAN_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it is called, such as monthly theme day.",
        .help_zh = "名称，如每月主题党日。" },
    [CONTACT_PLAN_AGREEMENT] = FIELD_AGREEMENT,
    [CONTACT_PLAN_ORGANISATION] = { .name = "organisation", .en = "Who has to",
        .zh = "责任单位", .type = F_REF, .flags = F_REQUIRED | F_LIST, .ref = "organisation",
        .help_en = "Who visits, meets or holds it; its own units count too.",
        .help_zh = "走访、开会或举办的单位；其下属单位亦计。" },
    [CONTACT_PLAN_PLACE] = FIELD_PLACE,
    [CONTACT_PLAN_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "contact_kind",
        .help_en = "A visit, a meeting or an activity.", .help_zh = "走访、会议或活动。" },
    [CONTACT_PLAN_MEETING_KIND] = { .name = "meeting_kind", .en = "Kind of meeting",
        .zh = "会议类别", .type = F_CODE, .list = "meeting_kind",
        .help_en = "Only meetings of this kind count; empty for any.",
        .help_zh = "仅计此类会议；留空不限。" },
    [CONTACT_PLAN_ACTIVITY_KIND] = { .name = "activity_kind", .en = "Kind of activity",
        .zh = "活动类别", .type = F_CODE, .list = "activity_kind",
        .help_en = "Only activities of this kind count; empty for any.",
        .help_zh = "仅计此类活动；留空不限。" },
    [CONTACT_PLAN_TIMES] = { .name = "times_due", .en = "Times", .zh = "次数", .type = F_INT,
        .flags = F_LIST, .min = 1, .max = 31, .preset = "1",
        .help_en = "How many times in each period.", .help_zh = "每期次数。" },
    [CONTACT_PLAN_EVERY_MONTHS] = { .name = "every_months", .en = "Every so many months",
        .zh = "周期（月）", .type = F_INT, .flags = F_REQUIRED | F_LIST, .min = 1, .max = 60,
        .unit = "month",
        .help_en = "Length of the period in months, counted from valid_from: 1 monthly, 3 "
                   "quarterly, 12 yearly.",
        .help_zh = "周期月数，自起始日起算：1每月、3每季、12每年。" },
};
_Static_assert(COUNT(contact_plan_fields) == CONTACT_PLAN_NCOLS, "one row per column");

static const struct check contact_plan_checks[] = {
    { .name = "CP01", .severity = CHECK_REFUSE, .holds = "known(valid_from)",
      .en = "valid_from must say from when the periods are counted",
      .zh = "须填起始日，周期自该日起算" },
};

const struct entity contact_plan_entity = {
    .name = "contact_plan", .en = "Contact plan", .zh = "联系计划", .room = "pairing",
    .help_en = "How often a helper visits, meets or holds something; what is due and overdue "
               "follows from it.",
    .help_zh = "帮扶单位走访、会议、活动的频次，由此得出到期和逾期。",
    .access = ACCESS_WORK,
    .number = NUMBER_CONTACT_PLAN, .reach = REACH_COUNTY, .flags = E_DRAFTS,
    .fields = contact_plan_fields, .n = COUNT(contact_plan_fields),
    .checks = contact_plan_checks, .n_checks = COUNT(contact_plan_checks),
};

static const struct field problem_fields[] = {
    [PROBLEM_CODE] = FIELD_CODE,
    [PROBLEM_TITLE] = { .name = "title", .en = "Problem", .zh = "问题", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 500,
        .help_en = "What is wrong or recommended, in one line.",
        .help_zh = "问题或建议，一句话。" },
    [PROBLEM_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_LIST, .list = "problem_kind", .preset = "problem",
        .help_en = "A problem or a recommendation.", .help_zh = "问题或建议。" },
    [PROBLEM_PLACE] = FIELD_PLACE,
    [PROBLEM_AGREEMENT] = FIELD_AGREEMENT,
    [PROBLEM_RAISED_BY] = { .name = "raised_by", .en = "Raised by", .zh = "提出单位",
        .type = F_REF, .flags = F_LIST, .ref = "organisation",
        .help_en = "Who raised it.", .help_zh = "提出单位。" },
    [PROBLEM_RAISED_ON] = { .name = "raised_on", .en = "Raised on", .zh = "提出日期",
        .type = F_DATE, .flags = F_REQUIRED | F_LIST,
        .help_en = "Day on which it was raised.", .help_zh = "提出之日。" },
    [PROBLEM_OWNER] = { .name = "owner", .en = "Owner", .zh = "责任单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "Who has to solve it; empty while nobody has taken it.",
        .help_zh = "负责解决的单位；未落实则留空。" },
    [PROBLEM_DUE_ON] = { .name = "due_on", .en = "Due by", .zh = "时限", .type = F_DATE,
        .flags = F_TO | F_LIST,
        .help_en = "Day by which it is to be solved.", .help_zh = "解决时限。" },
    [PROBLEM_SOLVED_ON] = { .name = "solved_on", .en = "Solved on", .zh = "解决日期",
        .type = F_DATE, .flags = F_LIST,
        .help_en = "Day on which it was solved; empty while it is open.",
        .help_zh = "解决之日；未解决留空。" },
    [PROBLEM_SOLUTION] = { .name = "solution", .en = "Solution", .zh = "解决情况",
        .type = F_TEXT, .max = 2000,
        .help_en = "How it was solved.", .help_zh = "如何解决。" },
    [PROBLEM_TARGET] = { .name = "target", .en = "Blocks target", .zh = "影响的目标",
        .type = F_REF, .flags = F_FAR, .ref = "target",
        .help_en = "The target that it holds up; shown beside it while it is open.",
        .help_zh = "受其影响的目标；未解决时在该目标旁列出。" },
};
_Static_assert(COUNT(problem_fields) == PROBLEM_NCOLS, "one row per column");

static const struct check problem_checks[] = {
    { .name = "PB01", .severity = CHECK_REFUSE, .holds = "raised_on <= solved_on",
      .en = "it was solved before it was raised", .zh = "解决日期早于提出日期" },
};

const struct entity problem_entity = {
    .name = "problem", .en = "Problem", .zh = "问题与建议", .room = "pairing",
    .help_en = "A problem or recommendation: raised, owned, due, solved.",
    .help_zh = "问题或建议：提出、责任、时限、解决。",
    .access = ACCESS_WORK,
    .number = NUMBER_PROBLEM, .reach = REACH_COUNTY, .flags = E_DRAFTS | E_AWAY,
    .fields = problem_fields, .n = COUNT(problem_fields), .checks = problem_checks,
    .n_checks = COUNT(problem_checks),
};
