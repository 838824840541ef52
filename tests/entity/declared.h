/* What the tests of entities share: a small programme of its own (documents, organisations,
 * households, persons, visits, aid), its code lists, and places that know three counties. */
#ifndef JD_TESTS_ENTITY_DECLARED_H
#define JD_TESTS_ENTITY_DECLARED_H

#include <string.h>

#include "base/count.h"
#include "support/codes.h"

#include "entity/entity.h"

static const char sample_codes[] =
    SHARED_CODES
    "cause,01,因病,illness,test\n"
    "cause,02,因残,disability,test\n"
    "cause,03,因学,schooling,test\n"
    "cause,04,缺技术,\"lack of skills, any kind\",test\n"
    "cause,10,缺劳力,lack of labour,test\n"
    "cause,11,因灾,disaster,test\n"
    "cause,12,其他(注明),other,test\n"
    "cause,13,待定,same,test\n"
    "cause,14,待查,same,test\n"
    "sex,1,男,male,test\n"
    "sex,2,女,female,test\n";

enum { DOC_CODE, DOC_TITLE, DOC_N };
static const struct field document_fields[] = {
    [DOC_CODE] = { .name = "code", .en = "Code", .zh = "编号", .type = F_TEXT, .max = 40,
        .flags = F_REQUIRED | F_KEY | F_LIST, .help_en = "Short code.", .help_zh = "短编号。" },
    [DOC_TITLE] = { .name = "title", .en = "Title", .zh = "标题", .type = F_TEXT,
        .help_en = "Its title.", .help_zh = "标题。" },
};
static const struct entity document_entity = { .name = "document", .en = "Document", .zh = "文件",
    .help_en = "What rows rest on.", .help_zh = "凭据。", .room = "test", .number = 1,
    .reach = REACH_NATION, .flags = E_NO_SOURCE, .fields = document_fields, .n = DOC_N };

enum { ORG_CODE, ORG_NAME, ORG_CREDIT, ORG_PARENT, ORG_PLACE, ORG_N };
static const struct field organisation_fields[] = {
    [ORG_CODE] = { .name = "code", .en = "Code", .zh = "编号", .type = F_TEXT, .max = 40,
        .flags = F_REQUIRED | F_KEY, .help_en = "Short code.", .help_zh = "短编号。" },
    [ORG_NAME] = { .name = "name", .en = "Name", .zh = "名称", .type = F_TEXT, .max = 100,
        .flags = F_REQUIRED | F_LIST, .help_en = "Full name.", .help_zh = "全称。" },
    [ORG_CREDIT] = { .name = "credit_code", .en = "Credit code", .zh = "信用代码", .type = F_TEXT,
        .max = 18, .flags = F_NATION | F_CREDIT_CODE, .help_en = "18 characters.",
        .help_zh = "18位。" },
    [ORG_PARENT] = { .name = "parent", .en = "Part of", .zh = "上级", .type = F_REF,
        .ref = "organisation", .help_en = "The one above.", .help_zh = "上级单位。" },
    [ORG_PLACE] = { .name = "place", .en = "Seat", .zh = "所在地", .type = F_PLACE,
        .help_en = "Where it sits.", .help_zh = "所在地。" },
};
static const struct entity organisation_entity = { .name = "organisation", .en = "Organisation",
    .zh = "单位", .help_en = "Who helps.", .help_zh = "帮扶单位。", .room = "test", .number = 2,
    .reach = REACH_NATION, .flags = E_NO_SOURCE, .fields = organisation_fields, .n = ORG_N };

enum { HH_CODE, HH_PLACE, HH_HEAD, HH_CAUSE, HH_CAUSES, HH_MEMBERS, HH_INCOME, HH_AREA, HH_MARTYR,
       HH_IDENTIFIED, HH_CHECKED, HH_PHONE, HH_CARD, HH_HELPER, HH_N };
static const struct field household_fields[] = {
    [HH_CODE] = { .name = "code", .en = "Household code", .zh = "户编号", .type = F_TEXT, .max = 30,
        .flags = F_REQUIRED | F_KEY | F_NATION | F_LIST, .national = "AAC001",
        .help_en = "Unique code.", .help_zh = "唯一编号。" },
    [HH_PLACE] = { .name = "place", .en = "Village", .zh = "村", .type = F_PLACE,
        .flags = F_REQUIRED | F_HOME | F_LIST, .help_en = "Where it lives.", .help_zh = "所在村。" },
    [HH_HEAD] = { .name = "head", .en = "Head", .zh = "户主", .type = F_TEXT, .max = 20, .min = 2,
        .flags = F_REQUIRED | F_PERSONAL | F_SEARCH, .help_en = "Its head.", .help_zh = "户主姓名。" },
    [HH_CAUSE] = { .name = "cause", .en = "Main cause", .zh = "主要致贫原因", .type = F_CODE,
        .list = "cause", .flags = F_REQUIRED | F_LIST, .help_en = "One cause.", .help_zh = "一项。" },
    [HH_CAUSES] = { .name = "causes", .en = "Other causes", .zh = "其他致贫原因", .type = F_CODE,
        .list = "cause", .flags = F_MULTI, .help_en = "Others.", .help_zh = "其他。" },
    [HH_MEMBERS] = { .name = "members", .en = "Members", .zh = "人口", .type = F_INT, .min = 1,
        .max = 20, .unit = "person", .help_en = "How many.", .help_zh = "人数。" },
    [HH_INCOME] = { .name = "income", .en = "Income", .zh = "收入", .type = F_MONEY,
        .min = -100000000, .max = 100000000000, .unit = "yuan", .help_en = "A year.",
        .help_zh = "全年。" },
    [HH_AREA] = { .name = "area", .en = "House area", .zh = "住房面积", .type = F_DECIMAL,
        .scale = 1, .min = 0, .max = 100000, .unit = "m2", .help_en = "Square metres.",
        .help_zh = "平方米。" },
    [HH_MARTYR] = { .name = "martyr", .en = "Martyr family", .zh = "军烈属", .type = F_BOOL,
        .preset = "no", .help_en = "Is it one?", .help_zh = "是否军烈属。" },
    [HH_IDENTIFIED] = { .name = "identified", .en = "Identified", .zh = "识别日期", .type = F_DATE,
        .help_en = "When.", .help_zh = "识别日期。" },
    [HH_CHECKED] = { .name = "checked", .en = "Checked at", .zh = "核查时间", .type = F_INSTANT,
        .help_en = "When.", .help_zh = "核查时间。" },
    [HH_PHONE] = { .name = "phone", .en = "Telephone", .zh = "电话", .type = F_TEXT, .max = 20,
        .flags = F_PHONE | F_PERSONAL, .help_en = "A number.", .help_zh = "号码。" },
    [HH_CARD] = { .name = "card", .en = "Bank card", .zh = "银行卡", .type = F_TEXT, .max = 24,
        .flags = F_BANK_CARD | F_PERSONAL, .help_en = "A card.", .help_zh = "卡号。" },
    [HH_HELPER] = { .name = "helper", .en = "Helper", .zh = "帮扶单位", .type = F_REF,
        .ref = "organisation", .help_en = "Who helps.", .help_zh = "谁帮扶。" },
};
static const struct check household_checks[] = {
    { "HH1", CHECK_REFUSE, "not (cause = 02 and martyr)", "a martyr family's cause is another",
      "军烈属的原因不同" },
    { "HH2", CHECK_WARN, "members < 7", "seven or more members", "七人及以上" },
};
/* A rule that expressions cannot say: the head's name holds no digit. */
static inline bool household_check(const struct val *row, struct err *e)
{
    struct val head = row[ROW_FIRST + HH_HEAD];
    for (uint32_t i = 0; head.type == VAL_TEXT && i < head.n; i++)
        if (head.p[i] >= '0' && head.p[i] <= '9')
            return err_field(e, ERR_INVALID, "head", "a name has no digits");
    return true;
}
static const struct entity household_entity = { .name = "household", .en = "Household", .zh = "户",
    .help_en = "A registered household.", .help_zh = "建档立卡户。", .room = "test", .number = 10,
    .reach = REACH_COUNTY, .flags = E_DRAFTS, .fields = household_fields, .n = HH_N,
    .checks = household_checks, .n_checks = COUNT(household_checks), .check = household_check };

enum { PERSON_HOUSEHOLD, PERSON_NUMBER, PERSON_NAME, PERSON_ID, PERSON_SEX, PERSON_BORN, PERSON_N };
static const struct field person_fields[] = {
    [PERSON_HOUSEHOLD] = { .name = "household", .en = "Household", .zh = "所属户", .type = F_REF,
        .ref = "household", .flags = F_REQUIRED | F_KEY | F_HOME, .help_en = "Which.",
        .help_zh = "哪户。" },
    [PERSON_NUMBER] = { .name = "number", .en = "Number", .zh = "序号", .type = F_INT,
        .flags = F_REQUIRED | F_KEY, .min = 1, .max = 99, .help_en = "1 is the head.",
        .help_zh = "1为户主。" },
    [PERSON_NAME] = { .name = "name", .en = "Name", .zh = "姓名", .type = F_TEXT, .max = 60,
        .flags = F_REQUIRED | F_PERSONAL, .help_en = "Full name.", .help_zh = "姓名。" },
    [PERSON_ID] = { .name = "citizen_id", .en = "Citizen id", .zh = "身份证号", .type = F_TEXT,
        .max = 22, .flags = F_NATION | F_CITIZEN_ID | F_PERSONAL, .help_en = "18 characters.",
        .help_zh = "18位。" },
    [PERSON_SEX] = { .name = "sex", .en = "Sex", .zh = "性别", .type = F_CODE, .list = "sex",
        .help_en = "Sex.", .help_zh = "性别。" },
    [PERSON_BORN] = { .name = "born", .en = "Born", .zh = "出生日期", .type = F_DATE,
        .help_en = "Birth date.", .help_zh = "出生日期。" },
};
static const struct entity person_entity = { .name = "person", .en = "Person", .zh = "人",
    .help_en = "A member.", .help_zh = "家庭成员。", .room = "test", .number = 11,
    .reach = REACH_COUNTY, .fields = person_fields, .n = PERSON_N };

enum { VISIT_HOUSEHOLD, VISIT_ON, VISIT_KIND, VISIT_MET, VISIT_N };
static const struct field visit_fields[] = {
    [VISIT_HOUSEHOLD] = { .name = "household", .en = "Household", .zh = "所访户", .type = F_REF,
        .ref = "household", .flags = F_REQUIRED | F_KEY | F_HOME, .help_en = "Which.",
        .help_zh = "哪户。" },
    [VISIT_ON] = { .name = "on_date", .en = "On", .zh = "日期", .type = F_DATE,
        .flags = F_REQUIRED | F_KEY, .help_en = "When.", .help_zh = "何时。" },
    [VISIT_KIND] = { .name = "kind", .en = "Kind", .zh = "类型", .type = F_TEXT, .flags = F_KEY,
        .max = 20, .help_en = "Of what kind.", .help_zh = "何种。" },
    [VISIT_MET] = { .name = "met", .en = "Met", .zh = "见到", .type = F_REF, .ref = "person",
        .help_en = "Who was met.", .help_zh = "见到何人。" },
};
static const struct entity visit_entity = { .name = "visit", .en = "Visit", .zh = "走访",
    .help_en = "A visit.", .help_zh = "一次走访。", .room = "test", .number = 12,
    .reach = REACH_COUNTY, .fields = visit_fields, .n = VISIT_N };

enum { AID_CODE, AID_GIVER, AID_TO, AID_AMOUNT, AID_PLACE, AID_N };
static const struct field aid_fields[] = {
    [AID_CODE] = { .name = "code", .en = "Code", .zh = "编号", .type = F_TEXT, .max = 40,
        .flags = F_REQUIRED | F_KEY, .help_en = "Short code.", .help_zh = "短编号。" },
    [AID_GIVER] = { .name = "giver", .en = "Giver", .zh = "捐方", .type = F_REF,
        .ref = "organisation", .flags = F_FAR, .help_en = "Who gave.", .help_zh = "谁给。" },
    [AID_TO] = { .name = "household", .en = "To", .zh = "受助户", .type = F_REF, .ref = "household",
        .flags = F_FAR, .help_en = "To whom.", .help_zh = "给谁。" },
    [AID_AMOUNT] = { .name = "amount", .en = "Amount", .zh = "金额", .type = F_MONEY, .unit = "yuan",
        .help_en = "How much.", .help_zh = "多少。" },
    [AID_PLACE] = { .name = "place", .en = "Where", .zh = "地区", .type = F_PLACE,
        .preset = "Lop County", .help_en = "Where.", .help_zh = "何处。" },
};
static const struct entity aid_entity = { .name = "aid", .en = "Aid", .zh = "帮扶款",
    .help_en = "What was given.", .help_zh = "所给。", .room = "test", .number = 13,
    .reach = REACH_NATION, .flags = E_FACT, .fields = aid_fields, .n = AID_N };

static const struct entity *const sample_entities[] = { &document_entity, &organisation_entity,
    &household_entity, &person_entity, &visit_entity, &aid_entity };

/* Places: codes of 6, 9 or 12 digits as they are, a few names, one name that two places have. Lop
 * County took in the retired county 653299. */
static inline bool sample_resolve(void *arg, struct db *d, const char *s, size_t n, int64_t *code,
                                  struct err *e)
{
    static const struct { const char *name; int64_t code; } names[] = {
        { "Lop County", 653224000000 }, { "洛浦县", 653224000000 }, { "Qira County", 653225000000 },
        { "Ayaksai", 653224103222 }, { "阿亚克萨依村", 653224103222 }, { "China", 0 } };
    (void)arg;
    (void)d;
    int64_t v = 0;
    size_t i = 0;
    for (; i < n && s[i] >= '0' && s[i] <= '9' && i < 13; i++) v = v * 10 + (s[i] - '0');
    bool ours = n >= 2 && s[0] == '6' && s[1] == '5';
    if (i == n && ours && (n == 6 || n == 9 || n == 12)) {
        for (; i < 12; i++) v *= 10;
        *code = v;
        return true;
    }
    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i].name) == n && memcmp(names[i].name, s, n) == 0) {
            *code = names[i].code;
            return true;
        }
    if (n == 8 && memcmp(s, "Chaoyang", 8) == 0)
        return err_set(e, ERR_CONFLICT, "'Chaoyang' may be 110105 or 211300");
    return err_set(e, ERR_NOT_FOUND, "there is no place '%.*s'", (int)(n > 60 ? 60 : n), s);
}

static inline bool sample_ranges(void *arg, struct db *d, int64_t place, struct place_range *out,
                                 int max, int *n, struct err *e)
{
    (void)arg;
    (void)d;
    (void)e;
    *n = 0;
    if (max > 0) out[(*n)++] = place_own_range(place);
    if (place == 653224000000 && max > 1) out[(*n)++] = place_own_range(653299000000);
    return true;
}

static const struct places sample_places = { .resolve = sample_resolve, .ranges = sample_ranges };

#endif
