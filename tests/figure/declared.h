/* A small programme for the tests of figures (documents, organisations, households, aid, claims),
 * its figures, and a toy country of two provinces. */
#ifndef JD_TESTS_FIGURE_DECLARED_H
#define JD_TESTS_FIGURE_DECLARED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/codes.h"

#include "base/count.h"
#include "base/date.h"
#include "entity/entity.h"
#include "entity/load.h"
#include "figure/figure.h"

static const char sample_codes[] =
    SHARED_CODES
    "aid_kind,money,资金,money,test\n"
    "aid_kind,goods,物资,goods,test\n"
    "place_class,deep,深度贫困,deeply poor,test\n"
    "place_class,poor,贫困,poor,test\n";

#define LABELS(e, z) .en = e, .zh = z, .help_en = e ".", .help_zh = z "。"

enum { DOC_CODE, DOC_N };
static const struct field document_fields[] = {
    [DOC_CODE] = { .name = "code", LABELS("Code", "编号"), .type = F_TEXT, .max = 40,
        .flags = F_REQUIRED | F_KEY | F_LIST },
};
static const struct entity document_entity = { .name = "document", LABELS("Document", "文件"),
    .room = "test", .number = 1, .reach = REACH_NATION, .flags = E_NO_SOURCE,
    .fields = document_fields, .n = DOC_N };

enum { ORG_CODE, ORG_PARENT, ORG_N };
static const struct field organisation_fields[] = {
    [ORG_CODE] = { .name = "code", LABELS("Code", "编号"), .type = F_TEXT, .max = 40,
        .flags = F_REQUIRED | F_KEY },
    [ORG_PARENT] = { .name = "parent", LABELS("Part of", "上级"), .type = F_REF,
        .ref = "organisation" },
};
static const struct entity organisation_entity = { .name = "organisation",
    LABELS("Organisation", "单位"), .room = "test", .number = 2, .reach = REACH_NATION,
    .flags = E_NO_SOURCE, .fields = organisation_fields, .n = ORG_N };

enum { HH_CODE, HH_PLACE, HH_MEMBERS, HH_INCOME, HH_SINCE, HH_ENDED, HH_ARRIVED, HH_LEFT,
       HH_N };
static const struct field household_fields[] = {
    [HH_CODE] = { .name = "code", LABELS("Code", "户编号"), .type = F_TEXT, .max = 30,
        .flags = F_REQUIRED | F_KEY | F_LIST },
    [HH_PLACE] = { .name = "place", LABELS("Village", "村"), .type = F_PLACE,
        .flags = F_REQUIRED | F_HOME | F_LIST },
    [HH_MEMBERS] = { .name = "members", LABELS("Members", "人口"), .type = F_INT, .min = 0,
        .flags = F_REQUIRED,
        .max = 50 },
    [HH_INCOME] = { .name = "income", LABELS("Income", "收入"), .type = F_MONEY,
        .min = -100000000000, .max = 100000000000 },
    [HH_SINCE] = { .name = "since", LABELS("Since", "识别"), .type = F_DATE, .flags = F_FROM },
    [HH_ENDED] = { .name = "ended", LABELS("Ended", "退出"), .type = F_DATE, .flags = F_FROM },
    [HH_ARRIVED] = { .name = "arrived_on", LABELS("Arrived", "迁入"), .type = F_DATE,
        .flags = F_COMPUTED | F_ARRIVED },
    [HH_LEFT] = { .name = "left_on", LABELS("Left", "迁出"), .type = F_DATE,
        .flags = F_COMPUTED | F_LEFT },
};
static const struct entity household_entity = { .name = "household", LABELS("Household", "户"),
    .room = "test", .number = 10, .reach = REACH_COUNTY, .flags = E_DRAFTS,
    .fields = household_fields, .n = HH_N };

enum { AID_CODE, AID_GIVER, AID_KIND, AID_AMOUNT, AID_COST, AID_PLACE, AID_SITE, AID_PAID, AID_N };
static const struct field aid_fields[] = {
    [AID_CODE] = { .name = "code", LABELS("Code", "编号"), .type = F_TEXT, .max = 40,
        .flags = F_REQUIRED | F_KEY },
    [AID_GIVER] = { .name = "giver", LABELS("Giver", "捐方"), .type = F_REF, .ref = "organisation",
        .flags = F_FAR },
    [AID_KIND] = { .name = "kind", LABELS("Kind", "类别"), .type = F_CODE, .list = "aid_kind" },
    [AID_AMOUNT] = { .name = "amount", LABELS("Amount", "金额"), .type = F_MONEY,
        .min = -100000000000, .max = 100000000000 },
    [AID_COST] = { .name = "cost", LABELS("Cost", "成本"), .type = F_MONEY, .min = 0,
        .max = 100000000000 },
    [AID_PLACE] = { .name = "place", LABELS("Where", "地区"), .type = F_PLACE,
        .flags = F_REQUIRED | F_HOME },
    [AID_SITE] = { .name = "site", LABELS("Site", "地点"), .type = F_PLACE },
    [AID_PAID] = { .name = "paid_on", LABELS("Paid on", "支付日"), .type = F_DATE },
};
static const struct entity aid_entity = { .name = "aid", LABELS("Aid", "帮扶款"), .room = "test",
    .number = 11, .reach = REACH_COUNTY, .flags = E_FACT, .fields = aid_fields, .n = AID_N };

enum {
    CL_CODE,
    CL_TEXT,
    CL_FIGURE,
    CL_PLACE,
    CL_ORG,
    CL_FROM,
    CL_TO,
    CL_VALUE,
    CL_QUALIFIER,
    CL_UNIT,
    CL_DECIMALS,
    CL_READING,
    CL_REASON,
    CL_N
};
static const struct field claim_fields[] = {
    [CL_CODE] = { .name = "code", LABELS("Code", "编号"), .type = F_TEXT, .max = 40,
        .flags = F_REQUIRED | F_KEY },
    [CL_TEXT] = { .name = "claimed_text", LABELS("As printed", "原文数字"), .type = F_TEXT },
    [CL_FIGURE] = { .name = "figure", LABELS("Figure", "指标"), .type = F_TEXT },
    [CL_PLACE] = { .name = "place", LABELS("Place", "地区"), .type = F_PLACE },
    [CL_ORG] = { .name = "organisation", LABELS("Organisation", "单位"), .type = F_REF,
        .ref = "organisation" },
    [CL_FROM] = { .name = "period_from", LABELS("From", "期初"), .type = F_DATE, .flags = F_FROM },
    [CL_TO] = { .name = "period_to", LABELS("To", "期末"), .type = F_DATE, .flags = F_TO },
    [CL_VALUE] = { .name = "value", LABELS("Value", "数值"), .type = F_DECIMAL, .scale = 4,
        .min = -1000000000000000 },
    [CL_QUALIFIER] = { .name = "qualifier", LABELS("Qualifier", "精确程度"), .type = F_CODE,
        .list = "qualifier", .preset = "eq" },
    [CL_UNIT] = { .name = "unit", LABELS("Unit of measure", "计量单位"), .type = F_TEXT },
    [CL_DECIMALS] = { .name = "decimals", LABELS("Decimals", "小数位"), .type = F_INT, .preset = "0" },
    [CL_READING] = { .name = "reading", LABELS("Reading", "释读"), .type = F_TEXT },
    [CL_REASON] = { .name = "reason", LABELS("Reason", "理由"), .type = F_TEXT },
};
static const struct entity claim_entity = { .name = "claim", LABELS("Claim", "报道数"),
    .room = "test", .number = 12, .reach = REACH_NATION, .fields = claim_fields, .n = CL_N };

static const struct entity *const sample_entities[] = { &document_entity, &organisation_entity,
    &household_entity, &aid_entity, &claim_entity };

/* --- places: provinces 11 and 65; county 653299 was joined to 653224; deep counties from 2015 on,
 * poor villages always --- */

static const int64_t sample_poor[] = { 110101001001, 653224103001, 653224103002, 653225001001 };
static const int64_t sample_deep[] = { 110101000000, 653224000000 };

static inline bool sample_resolve(void *arg, struct db *d, const char *s, size_t n, int64_t *code,
                                  struct err *e)
{
    int64_t v = 0;
    (void)arg;
    (void)d;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return err_set(e, ERR_NOT_FOUND, "there is no place %.*s", (int)n, s);
        v = v * 10 + (s[i] - '0');
    }
    for (size_t i = n; i < 12; i++) v *= 10;
    if (v / 1000000 == 653299 && n == 12 && v % 1000000 == 0) v = 653224000000;
    *code = v;
    return true;
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

static inline bool sample_members(void *arg, struct db *d, const char *class, int32_t on,
                                  struct arena *a, const int64_t **codes, size_t *n, struct err *e)
{
    (void)arg;
    (void)d;
    (void)a;
    (void)e;
    bool deep = strcmp(class, "deep") == 0;
    *codes = deep ? sample_deep : sample_poor;
    *n = deep ? (on >= date_make(2015, 1, 1) ? 2 : 0) : 4;
    return true;
}

static const struct places sample_places = { .resolve = sample_resolve, .ranges = sample_ranges,
                                             .members = sample_members };

/* --- organisations: 1001 stands above 1002 and 1003 --- */

static inline bool sample_subtree(void *arg, struct db *d, int64_t org, struct arena *a,
                                  const int64_t **ids, size_t *n, struct err *e)
{
    static const int64_t tree[] = { 1001, 1002, 1003 };
    (void)arg;
    (void)d;
    (void)e;
    int64_t *own = arena_array(a, 1, sizeof *own);
    *own = org;
    *ids = org == 1001 ? tree : own;
    *n = org == 1001 ? 3 : 1;
    return true;
}
static const struct parties sample_parties = { .subtree = sample_subtree };

/* --- figures --- */

static const char sample_figures[] =
    "figure households\n"
    "  label en \"Households\" zh \"户数\"\n"
    "  unit household\n"
    "  count of household\n"
    "  stock from since until ended\n"
    "figure members\n"
    "  unit person\n"
    "  sum members of household\n"
    "  stock from since through ended\n"
    "figure large_households\n"
    "  unit household\n"
    "  count of household\n"
    "  where members > 4 and known(income)\n"
    "  flow at since\n"
    "figure aid_amount\n"
    "  unit yuan\n"
    "  sum amount of aid\n"
    "  where state = done\n"
    "  flow valid_from .. valid_to\n"
    "  organisation giver\n"
    "figure aid_count\n"
    "  unit item\n"
    "  count of aid\n"
    "  where state in {done, committed} and kind != goods\n"
    "  flow at paid_on\n"
    "  organisation giver\n"
    "figure aid_gain\n"
    "  unit yuan\n"
    "  sum amount - cost of aid\n"
    "  flow valid_from .. paid_on\n"
    "  place site\n"
    "figure givers\n"
    "  unit organisation\n"
    "  distinct giver of aid per county by year\n"
    "  where state = done\n"
    "  flow at paid_on\n"
    "figure givers_ever\n"
    "  unit organisation\n"
    "  distinct giver of aid per nation\n"
    "  flow valid_from .. valid_to\n"
    "figure aid_places\n"
    "  unit place\n"
    "  distinct kind, place at county of aid per province\n"
    "  stock from valid_from through valid_to\n"
    "  organisation giver\n"
    "figure deep_share\n"
    "  unit percent decimals 1\n"
    "  ratio aid_amount within deep / aid_amount times 100\n"
    "figure poor_households\n"
    "  unit household\n"
    "  total households within poor\n"
    "figure balance\n"
    "  unit yuan\n"
    "  total aid_amount - aid_gain + aid_amount within poor\n"
    "figure per_household\n"
    "  unit yuan decimals 2\n"
    "  ratio aid_amount / households\n";

#endif
