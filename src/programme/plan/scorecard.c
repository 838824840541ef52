/* The entities of scorecards. */
#include "programme/plan/scorecard.h"

#include "base/count.h"
#include "programme/fields.h"
#include "programme/numbers.h"
#include "programme/plan/scorecard_read.h"

#define POINTS_MAX 100000000

#define FIELD_TITLE_ZH \
    { .name = "title_zh", .en = "Chinese title", .zh = "中文名称", .type = F_TEXT, \
      .flags = F_SEARCH, .max = 200, \
      .help_en = "Where the title is in another language; Chinese pages show it.", \
      .help_zh = "名称为外文时填写，中文页面显示。" }

static const struct field scorecard_fields[] = {
    [SCORECARD_CODE] = FIELD_CODE,
    [SCORECARD_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 200,
        .help_en = "What the card is called.", .help_zh = "评分表名称。" },
    [SCORECARD_TITLE_ZH] = FIELD_TITLE_ZH,
    [SCORECARD_SIDE] = { .name = "side", .en = "Side assessed", .zh = "考核对象", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "scorecard_side",
        .help_en = "The helping or the helped side; both are assessed, each by a card of its own.",
        .help_zh = "帮扶方或受援方；双方各用一张评分表。" },
    [SCORECARD_LEVEL] = { .name = "unit_level", .en = "Level assessed", .zh = "考核层级",
        .type = F_CODE, .flags = F_LIST, .list = "unit_level",
        .help_en = "Which places it is for: provinces, counties, villages; empty for any.",
        .help_zh = "适用层级：省、县、村等；不限留空。" },
    [SCORECARD_FULL_POINTS] = { .name = "full_points", .en = "Full points", .zh = "满分",
        .type = F_DECIMAL, .flags = F_LIST, .scale = 2, .min = 1, .max = POINTS_MAX,
        .help_en = "What the weights of its items come to, as in 100.",
        .help_zh = "各项权重合计，如 100。" },
    [SCORECARD_GRADES] = { .name = "grades", .en = "Grades", .zh = "等次", .type = F_TEXT,
        .max = 400,
        .help_en = "Names and least shares of full points in percent, falling: good 90; fair 75; "
                   "poor 0. A name may be in both languages, ENGLISH/CHINESE. They hold while the "
                   "card does.",
        .help_zh = "等次名称与所需得分率（%），由高到低：好 90；较好 75；一般 0。双语写作 good/好 90。"
                   "随评分表有效。" },
    [SCORECARD_ORGANISATION] = { .name = "organisation", .en = "Assessing office", .zh = "考核单位",
        .type = F_REF, .flags = F_LIST, .ref = "organisation",
        .help_en = "Who assesses by it.", .help_zh = "以此评分的单位。" },
};
_Static_assert(COUNT(scorecard_fields) == SCORECARD_NCOLS, "one row per column");

static bool scorecard_check(const struct val *row, struct err *e)
{
    struct score_grades g;
    struct val v = row[ROW_FIRST + SCORECARD_GRADES];
    const char *why = v.type == VAL_TEXT ? score_grades_read(v.p, v.n, &g) : NULL;
    return !why || err_field(e, ERR_INVALID, "grades", "%s", why);
}

const struct entity scorecard_entity = {
    .name = "scorecard", .en = "Scorecard", .zh = "评分表", .room = "plan",
    .help_en = "A card by which places or organisations are assessed, with the days it is in force.",
    .help_zh = "考核评分表及其有效期。",
    .access = ACCESS_OPEN,
    .number = NUMBER_SCORECARD, .reach = REACH_NATION,
    .fields = scorecard_fields, .n = COUNT(scorecard_fields), .check = scorecard_check,
};

static const struct field scorecard_item_fields[] = {
    [SCORECARD_ITEM_CODE] = FIELD_CODE,
    [SCORECARD_ITEM_SCORECARD] = { .name = "scorecard", .en = "Scorecard", .zh = "评分表",
        .type = F_REF, .flags = F_REQUIRED | F_LIST, .ref = "scorecard",
        .help_en = "The card it stands on.", .help_zh = "所属评分表。" },
    [SCORECARD_ITEM_HEAD] = { .name = "head", .en = "Head", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "scorecard_head",
        .help_en = "Organisation, talent, funds, industry, labour, consumption, hand-in-hand, "
                   "results, ...",
        .help_zh = "组织领导、人才、资金、产业、劳务、消费、携手、成效等。" },
    [SCORECARD_ITEM_TITLE] = { .name = "title", .en = "Indicator", .zh = "指标名称",
        .type = F_TEXT, .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 200,
        .help_en = "What is looked at.", .help_zh = "考核内容。" },
    [SCORECARD_ITEM_TITLE_ZH] = FIELD_TITLE_ZH,
    [SCORECARD_ITEM_INDICATOR] = { .name = "indicator", .en = "Figure", .zh = "统计指标",
        .type = F_TEXT, .flags = F_LIST, .max = 100,
        .help_en = "The name of the figure that gives it; empty when points are typed.",
        .help_zh = "对应统计指标名称；人工评分的留空。" },
    [SCORECARD_ITEM_WEIGHT] = { .name = "weight", .en = "Full points", .zh = "分值",
        .type = F_DECIMAL, .flags = F_LIST, .scale = 2, .min = 0, .max = POINTS_MAX,
        .help_en = "The points it can give; empty while no weight is set, and then it gives none.",
        .help_zh = "该项满分；未定留空，则不计分。" },
    [SCORECARD_ITEM_WEIGHT_SET_BY] = { .name = "weight_set_by", .en = "Weight set by",
        .zh = "权重确定单位", .type = F_REF, .ref = "organisation",
        .help_en = "The office that set the weight; empty: a proposal, and every print says so.",
        .help_zh = "确定权重的单位；留空为建议值，打印时注明。" },
    [SCORECARD_ITEM_SCORING] = { .name = "scoring", .en = "Rule for points", .zh = "计分办法",
        .type = F_CODE, .flags = F_REQUIRED | F_LIST, .list = "scorecard_scoring",
        .help_en = "Share of a target, thresholds, zero on breach, points off, typed.",
        .help_zh = "按目标比例、分档、一票否决、扣分、人工评分。" },
    [SCORECARD_ITEM_WANTED] = { .name = "wanted", .en = "Wanted", .zh = "方向", .type = F_CODE,
        .list = "scorecard_wanted", .preset = "at_least",
        .help_en = "At least the target or limit, or at most.", .help_zh = "不低于或不高于目标值。" },
    [SCORECARD_ITEM_TARGET_VALUE] = { .name = "target_value", .en = "Target or limit",
        .zh = "目标值或限值", .type = F_DECIMAL, .scale = 2, .min = -1000000000000,
        .max = 1000000000000000,
        .help_en = "The number that is wanted, in the figure's unit.",
        .help_zh = "目标值或限值，单位同统计指标。" },
    [SCORECARD_ITEM_TARGET_FIGURE] = { .name = "target_figure", .en = "Target is figure",
        .zh = "目标取自指标", .type = F_TEXT, .max = 100,
        .help_en = "Share of a target: the figure that gives the target instead, as in aid_agreed.",
        .help_zh = "按目标比例：以该统计指标为目标，如 aid_agreed。" },
    [SCORECARD_ITEM_STEPS] = { .name = "steps", .en = "Steps", .zh = "分档", .type = F_TEXT,
        .max = 300,
        .help_en = "Thresholds: value and points, as in 100:10; 90:8; 80:5.",
        .help_zh = "分档：数值:得分，如 100:10; 90:8; 80:5。" },
    [SCORECARD_ITEM_POINTS_OFF] = { .name = "points_off", .en = "Points off", .zh = "扣分",
        .type = F_DECIMAL, .scale = 2, .min = 1, .max = POINTS_MAX,
        .help_en = "How many points are taken off for each whole step by which it is missed.",
        .help_zh = "每差一个整单位扣多少分。" },
    [SCORECARD_ITEM_OFF_FOR_EACH] = { .name = "off_for_each", .en = "For each", .zh = "扣分单位",
        .type = F_DECIMAL, .scale = 2, .min = 1, .max = 1000000000000000,
        .help_en = "The step, in the figure's unit, as in 0.1.",
        .help_zh = "扣分单位，同统计指标单位，如 0.1。" },
    [SCORECARD_ITEM_NO_RECORDS] = { .name = "no_records", .en = "Nothing recorded is",
        .zh = "无记录视为", .type = F_CODE, .list = "scorecard_nothing", .preset = "unknown",
        .help_en = "Unknown, and then there are no points; or nought, where the office knows that "
                   "what is not recorded did not happen.",
        .help_zh = "不详（不计分），或零（确知未记录即未发生）。" },
};
_Static_assert(COUNT(scorecard_item_fields) == SCORECARD_ITEM_NCOLS, "one row per column");

static const struct check scorecard_item_checks[] = {
    { .name = "SC01", .severity = CHECK_REFUSE,
      .holds = "scoring = typed or known(indicator)",
      .en = "a rule for points needs a figure; typed points have the rule typed",
      .zh = "计分办法须有统计指标；人工评分应选人工" },
    { .name = "SC02", .severity = CHECK_REFUSE,
      .holds = "scoring != share or known(target_value) or known(target_figure)",
      .en = "a share needs a target, as a value or as a figure", .zh = "按比例计分须填目标值或目标指标" },
    { .name = "SC03", .severity = CHECK_REFUSE,
      .holds = "not known(target_figure) or (scoring = share and not known(target_value))",
      .en = "a target figure is for shares, and instead of a target value",
      .zh = "目标指标仅用于按比例计分，且不与目标值并填" },
    { .name = "SC04", .severity = CHECK_REFUSE, .holds = "scoring != typed or not known(indicator)",
      .en = "an item with a figure is never typed", .zh = "有统计指标的不得人工评分" },
};

static bool says(struct val v, const char *text)
{
    return v.type == VAL_TEXT && strlen(text) == v.n && memcmp(v.p, text, v.n) == 0;
}

static int64_t whole(struct val v)
{
    return v.type == VAL_INT ? v.i : 0;
}

const char *scorecard_rule(const struct val *own, struct score_rule *r)
{
    static const char *const kinds[] = { "share", "thresholds", "zero", "off", "typed" };
    struct val steps = own[SCORECARD_ITEM_STEPS];
    *r = (struct score_rule){ .kind = SCORE_TYPED };
    for (int i = 0; i < COUNT(kinds); i++)
        if (says(own[SCORECARD_ITEM_SCORING], kinds[i])) r->kind = (enum score_kind)i;
    r->at_most = says(own[SCORECARD_ITEM_WANTED], "at_most");
    r->full = whole(own[SCORECARD_ITEM_WEIGHT]);
    r->has_limit = own[SCORECARD_ITEM_TARGET_VALUE].type == VAL_INT;
    r->limit = whole(own[SCORECARD_ITEM_TARGET_VALUE]);
    r->off = whole(own[SCORECARD_ITEM_POINTS_OFF]);
    r->unit = whole(own[SCORECARD_ITEM_OFF_FOR_EACH]);
    const char *why = steps.type == VAL_TEXT ? score_steps_read(steps.p, steps.n, r) : NULL;
    return why ? why : score_fault(r);
}

/* A card may stand without weights; steps are then held against the points they give. */
static bool item_check(const struct val *row, struct err *e)
{
    struct score_rule r;
    struct val own[SCORECARD_ITEM_NCOLS];
    memcpy(own, row + ROW_FIRST, sizeof own);
    if (own[SCORECARD_ITEM_WEIGHT].type != VAL_INT) own[SCORECARD_ITEM_WEIGHT] = val_int(POINTS_MAX);
    const char *why = scorecard_rule(own, &r);
    return !why || err_field(e, ERR_INVALID, own[SCORECARD_ITEM_STEPS].type == VAL_TEXT ? "steps"
                                             : "scoring", "%s", why);
}

const struct entity scorecard_item_entity = {
    .name = "scorecard_item", .en = "Scorecard item", .zh = "评分项", .room = "plan",
    .help_en = "An indicator of a scorecard: its figure, its full points, and the rule between them.",
    .help_zh = "评分项：统计指标、分值与计分办法。",
    .access = ACCESS_OPEN,
    .number = NUMBER_SCORECARD_ITEM, .reach = REACH_NATION,
    .fields = scorecard_item_fields, .n = COUNT(scorecard_item_fields),
    .checks = scorecard_item_checks, .n_checks = COUNT(scorecard_item_checks),
    .check = item_check,
};

static const struct field scorecard_point_fields[] = {
    [SCORECARD_POINT_CODE] = FIELD_CODE,
    [SCORECARD_POINT_PLACE] = FIELD_PLACE,
    [SCORECARD_POINT_ORGANISATION] = { .name = "organisation", .en = "Organisation assessed",
        .zh = "被考核单位", .type = F_REF, .flags = F_LIST, .ref = "organisation",
        .help_en = "The helping side that is assessed; empty when it is the place.",
        .help_zh = "被考核的帮扶方；考核地区时留空。" },
    [SCORECARD_POINT_SCORECARD_ITEM] = { .name = "scorecard_item", .en = "Item", .zh = "评分项",
        .type = F_REF, .flags = F_REQUIRED | F_LIST, .ref = "scorecard_item",
        .help_en = "The item of a scorecard that is given points.", .help_zh = "所评的评分项。" },
    [SCORECARD_POINT_POINTS] = { .name = "points", .en = "Points", .zh = "得分",
        .type = F_DECIMAL, .flags = F_REQUIRED | F_LIST, .scale = 2, .min = 0, .max = POINTS_MAX,
        .help_en = "Points given, at most the item's full points.",
        .help_zh = "所给得分，不超过该项分值。" },
    [SCORECARD_POINT_GIVEN_BY] = { .name = "given_by", .en = "Given by", .zh = "评分单位",
        .type = F_REF, .flags = F_REQUIRED | F_LIST, .ref = "organisation",
        .help_en = "The office that gave them.", .help_zh = "评分的单位。" },
    [SCORECARD_POINT_PERSON_NAME] = { .name = "person_name", .en = "Assessor", .zh = "评分人",
        .type = F_TEXT, .flags = F_PERSONAL, .max = 60,
        .help_en = "Who in the office; seen only by those who may.",
        .help_zh = "评分人，限有权者查看。" },
    [SCORECARD_POINT_REASON] = { .name = "reason", .en = "Reason", .zh = "理由", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST, .min = 1, .max = 500,
        .help_en = "Why so many points.", .help_zh = "为何给此得分。" },
};
_Static_assert(COUNT(scorecard_point_fields) == SCORECARD_POINT_NCOLS, "one row per column");

static const struct check scorecard_point_checks[] = {
    { .name = "SC05", .severity = CHECK_REFUSE, .holds = "known(place) or known(organisation)",
      .en = "points are of a place or of an organisation", .zh = "得分须指明地区或单位" },
};

const struct entity scorecard_point_entity = {
    .name = "scorecard_point", .en = "Typed points", .zh = "人工评分", .room = "plan",
    .help_en = "Points that no figure gives, with who gave them and why; for the period that the "
               "dates say.",
    .help_zh = "无统计指标的评分，注明评分单位与理由；期间以起止日期为准。",
    .access = ACCESS_MONEY,
    .number = NUMBER_SCORECARD_POINT, .reach = REACH_COUNTY,
    .fields = scorecard_point_fields, .n = COUNT(scorecard_point_fields),
    .checks = scorecard_point_checks, .n_checks = COUNT(scorecard_point_checks),
};

static const struct field rating_fields[] = {
    [RATING_CODE] = FIELD_CODE,
    [RATING_PLACE] = FIELD_PLACE,
    [RATING_ORGANISATION] = { .name = "organisation", .en = "Organisation rated",
        .zh = "被评单位", .type = F_REF, .flags = F_LIST, .ref = "organisation",
        .help_en = "The organisation that is rated; empty when it is the place.",
        .help_zh = "被评定的单位；评定地区时留空。" },
    [RATING_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "rating_kind",
        .help_en = "Stars of a village branch, grade of an assessment, ...",
        .help_zh = "村党支部星级、考核等次等。" },
    [RATING_SCORECARD] = { .name = "scorecard", .en = "By scorecard", .zh = "依据评分表",
        .type = F_REF, .flags = F_LIST, .ref = "scorecard",
        .help_en = "The card that it was decided by; the card's own points stand beside it.",
        .help_zh = "所依据的评分表；与其计算得分并列。" },
    [RATING_GRADE] = { .name = "grade", .en = "Grade", .zh = "等次", .type = F_TEXT,
        .flags = F_LIST, .max = 40,
        .help_en = "The grade as it was announced, such as good.", .help_zh = "公布的等次，如好。" },
    [RATING_STARS] = { .name = "stars", .en = "Stars", .zh = "星级", .type = F_INT,
        .flags = F_LIST, .min = 0, .max = 10,
        .help_en = "How many stars a village branch was given.", .help_zh = "村党支部星级数。" },
    [RATING_GIVEN_BY] = { .name = "given_by", .en = "Decided by", .zh = "评定单位",
        .type = F_REF, .flags = F_REQUIRED | F_LIST, .ref = "organisation",
        .help_en = "The office that decided it.", .help_zh = "作出评定的单位。" },
    [RATING_REASON] = { .name = "reason", .en = "Reason", .zh = "理由", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST, .min = 1, .max = 500,
        .help_en = "Why it was so decided.", .help_zh = "评定理由。" },
};
_Static_assert(COUNT(rating_fields) == RATING_NCOLS, "one row per column");

static const struct check rating_checks[] = {
    { .name = "RT01", .severity = CHECK_REFUSE, .holds = "known(place) or known(organisation)",
      .en = "a rating is of a place or of an organisation", .zh = "评定须指明地区或单位" },
    { .name = "RT02", .severity = CHECK_REFUSE, .holds = "known(grade) or known(stars)",
      .en = "a rating gives a grade or stars", .zh = "评定须填等次或星级" },
    { .name = "RT03", .severity = CHECK_REFUSE, .holds = "kind != branch_stars or known(stars)",
      .en = "the stars of a branch are a number", .zh = "党支部星级须填星级数" },
};

const struct entity rating_entity = {
    .name = "rating", .en = "Rating", .zh = "评定", .room = "plan",
    .help_en = "A grade or stars that an office decided, for the period that the dates say.",
    .help_zh = "单位评定的等次或星级；期间以起止日期为准。",
    .access = ACCESS_MONEY,
    .number = NUMBER_RATING, .reach = REACH_COUNTY,
    .fields = rating_fields, .n = COUNT(rating_fields),
    .checks = rating_checks, .n_checks = COUNT(rating_checks),
};
