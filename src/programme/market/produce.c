/* Produce on offer and wanted, what was brought together, what was delivered. */
#include "programme/fields.h"
#include "base/count.h"
#include "programme/numbers.h"
#include "programme/market/market.h"

static const struct field product_fields[] = {
    [PRODUCT_CODE] = FIELD_CODE,
    [PRODUCT_TITLE] = { .name = "title", .en = "Product", .zh = "产品", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 200, .help_en = "What it is called.",
        .help_zh = "产品名称。" },
    [PRODUCT_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_LIST, .list = "product_kind", .help_en = "Grain, fruit, meat, handicraft, ...",
        .help_zh = "粮油、果品、肉类、手工艺等。" },
    [PRODUCT_PLACE] = FIELD_PLACE,
    [PRODUCT_PRODUCER] = { .name = "producer", .en = "Producer", .zh = "生产单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation", .help_en = "Who makes it.",
        .help_zh = "生产单位。" },
    [PRODUCT_CERTIFIED] = { .name = "certified", .en = "Certified", .zh = "是否认定",
        .type = F_BOOL, .flags = F_LIST, .help_en = "Whether it is certified.",
        .help_zh = "是否认定扶贫产品。" },
    [PRODUCT_CERTIFICATE] = { .name = "certificate", .en = "Certificate", .zh = "认定编号",
        .type = F_TEXT, .max = 60, .help_en = "Number of the certificate.",
        .help_zh = "认定编号。" },
    [PRODUCT_UNIT_PRICE] = { .name = "unit_price", .en = "Unit price", .zh = "单价",
        .type = F_MONEY, .min = 0, .unit = "yuan", .help_en = "Price of one unit.",
        .help_zh = "单价（元）。" },
    [PRODUCT_UNIT] = { .name = "unit", .en = "Unit", .zh = "计量单位", .type = F_TEXT, .max = 20,
        .help_en = "Unit of the price: kg, box.", .help_zh = "单价的计量单位。" },
};
_Static_assert(COUNT(product_fields) == PRODUCT_NCOLS, "one row per column");

const struct entity product_entity = {
    .name = "product", .en = "Product", .zh = "产品", .room = "market",
    .help_en = "A product of a helped place, and whether it is certified.",
    .help_zh = "受援地区产品及其认定情况。", .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_PRODUCT, .reach = REACH_COUNTY,
    .flags = E_FACT | E_DRAFTS, .fields = product_fields, .n = COUNT(product_fields),
};

static const struct field produce_lot_fields[] = {
    [PRODUCE_LOT_CODE] = FIELD_CODE,
    [PRODUCE_LOT_PRODUCT] = { .name = "product", .en = "Product", .zh = "产品", .type = F_REF,
        .flags = F_FAR, .ref = "product", .help_en = "The product.", .help_zh = "所属产品。" },
    [PRODUCE_LOT_TITLE] = { .name = "title", .en = "What", .zh = "品名", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200, .help_en = "What is offered.",
        .help_zh = "所售品名。" },
    [PRODUCE_LOT_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "product_kind",
        .help_en = "Grain, fruit, meat, handicraft, ...",
        .help_zh = "粮油、果品、肉类、手工艺等。" },
    [PRODUCE_LOT_PLACE] = FIELD_PLACE,
    [PRODUCE_LOT_PRODUCER] = { .name = "producer", .en = "Producer", .zh = "生产单位",
        .type = F_REF, .flags = F_LIST, .ref = "organisation", .help_en = "Who offers it.",
        .help_zh = "供货单位。" },
    [PRODUCE_LOT_TONNES] = { .name = "tonnes", .en = "Weight offered", .zh = "供应重量",
        .type = F_DECIMAL, .flags = F_REQUIRED | F_LIST, .scale = 3, .min = 0,
        .max = 1000000000000, .unit = "tonne", .help_en = "Weight in tonnes.",
        .help_zh = "供应重量（吨）。" },
    [PRODUCE_LOT_TONNE_PRICE] = { .name = "tonne_price", .en = "Price of a tonne", .zh = "吨价",
        .type = F_MONEY, .min = 0, .unit = "yuan", .help_en = "Least price of a tonne.",
        .help_zh = "最低吨价（元）。" },
    [PRODUCE_LOT_OFFERED_ON] = { .name = "offered_on", .en = "Offered on", .zh = "上架日期",
        .type = F_DATE, .flags = F_REQUIRED | F_LIST, .help_en = "First day on offer.",
        .help_zh = "开始供应之日。" },
    [PRODUCE_LOT_WITHDRAWN_ON] = { .name = "withdrawn_on", .en = "Withdrawn on", .zh = "下架日期",
        .type = F_DATE, .flags = F_LIST, .help_en = "Day on which what was left was taken back.",
        .help_zh = "剩余部分下架之日。" },
};
_Static_assert(COUNT(produce_lot_fields) == PRODUCE_LOT_NCOLS, "one row per column");

static const struct check produce_lot_checks[] = {
    { .name = "MA01", .severity = CHECK_REFUSE, .holds = "offered_on <= withdrawn_on",
      .en = "withdrawn before it was offered", .zh = "下架早于上架" },
};

const struct entity produce_lot_entity = {
    .name = "produce_lot", .en = "Lot on offer", .zh = "在售批次", .room = "market",
    .help_en = "A quantity of a product that a producer offers for sale.",
    .help_zh = "生产者待售的一批产品。", .access = ACCESS_WORK, .number = NUMBER_PRODUCE_LOT, .reach = REACH_COUNTY,
    .flags = E_FACT | E_DRAFTS, .fields = produce_lot_fields, .n = COUNT(produce_lot_fields),
    .checks = produce_lot_checks, .n_checks = COUNT(produce_lot_checks),
};

static const struct field demand_fields[] = {
    [DEMAND_CODE] = FIELD_CODE,
    [DEMAND_BUYER] = { .name = "buyer", .en = "Buyer", .zh = "采购单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation", .help_en = "Who wants to buy.",
        .help_zh = "采购单位。" },
    [DEMAND_HELPER] = FIELD_HELPER,
    [DEMAND_PLACE] = { .name = "place", .en = "Wanted in", .zh = "需求地", .type = F_PLACE,
        .flags = F_HOME | F_LIST, .help_en = "Where the buyer is.", .help_zh = "采购方所在地。" },
    [DEMAND_TITLE] = { .name = "title", .en = "What", .zh = "品名", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200, .help_en = "What is wanted.",
        .help_zh = "所需品名。" },
    [DEMAND_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "product_kind",
        .help_en = "Grain, fruit, meat, handicraft, ...",
        .help_zh = "粮油、果品、肉类、手工艺等。" },
    [DEMAND_TONNES] = { .name = "tonnes", .en = "Weight wanted", .zh = "需求重量",
        .type = F_DECIMAL, .flags = F_REQUIRED | F_LIST, .scale = 3, .min = 0,
        .max = 1000000000000, .unit = "tonne", .help_en = "Weight in tonnes.",
        .help_zh = "需求重量（吨）。" },
    [DEMAND_TONNE_PRICE] = { .name = "tonne_price", .en = "Price of a tonne", .zh = "吨价",
        .type = F_MONEY, .min = 0, .unit = "yuan", .help_en = "Most that is paid for a tonne.",
        .help_zh = "最高吨价（元）。" },
    [DEMAND_WANTED_BY] = { .name = "wanted_by", .en = "Wanted by", .zh = "需求时限",
        .type = F_DATE, .flags = F_TO | F_LIST, .help_en = "Last day of delivery.",
        .help_zh = "最迟交货日。" },
    [DEMAND_CERTIFIED_ONLY] = { .name = "certified_only", .en = "Certified only",
        .zh = "仅限认定产品", .type = F_BOOL, .preset = "0",
        .help_en = "Whether only certified products will do.", .help_zh = "是否仅限认定产品。" },
};
_Static_assert(COUNT(demand_fields) == DEMAND_NCOLS, "one row per column");

const struct entity demand_entity = {
    .name = "demand", .en = "Demand for produce", .zh = "采购需求", .room = "market",
    .help_en = "What a buyer wants to buy: kind, weight, price, until when.",
    .help_zh = "采购方所需产品、重量、价格与时限。", .access = ACCESS_WORK, .number = NUMBER_DEMAND,
    .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS, .fields = demand_fields,
    .n = COUNT(demand_fields),
};

static const struct field produce_match_fields[] = {
    [PRODUCE_MATCH_LOT] = { .name = "lot", .en = "Lot", .zh = "在售批次", .type = F_REF,
        .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST, .ref = "produce_lot",
        .help_en = "The lot on offer.", .help_zh = "所供批次。" },
    [PRODUCE_MATCH_CODE] = { .name = "code", .en = "Number", .zh = "序号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .max = 32,
        .help_en = "Number of the match within the lot.", .help_zh = "批次内序号。" },
    [PRODUCE_MATCH_DEMAND] = { .name = "demand", .en = "Demand", .zh = "采购需求", .type = F_REF,
        .flags = F_FAR | F_LIST, .ref = "demand", .help_en = "The demand that it meets.",
        .help_zh = "所对接的需求。" },
    [PRODUCE_MATCH_TONNES] = { .name = "tonnes", .en = "Weight", .zh = "重量", .type = F_DECIMAL,
        .flags = F_LIST, .scale = 3, .min = 0, .max = 1000000000000, .unit = "tonne",
        .help_en = "Weight in tonnes.", .help_zh = "对接重量（吨）。" },
    [PRODUCE_MATCH_AMOUNT] = FIELD_AMOUNT,
    [PRODUCE_MATCH_MATCHED_ON] = { .name = "matched_on", .en = "Matched on", .zh = "对接日期",
        .type = F_DATE, .flags = F_LIST, .help_en = "Day on which they were brought together.",
        .help_zh = "对接之日。" },
    [PRODUCE_MATCH_RESULT] = { .name = "result", .en = "Result", .zh = "结果", .type = F_CODE,
        .flags = F_LIST, .list = "match_result", .preset = "offered",
        .help_en = "Offered, accepted, refused.", .help_zh = "已推荐、已接受、已拒绝。" },
    [PRODUCE_MATCH_PLACE] = { .name = "place", .en = "Origin", .zh = "产地", .type = F_PLACE,
        .flags = F_COMPUTED | F_LIST, .copies = "place", .help_en = "Where the goods come from.",
        .help_zh = "产品产地。" },
};
_Static_assert(COUNT(produce_match_fields) == PRODUCE_MATCH_NCOLS, "one row per column");

const struct entity produce_match_entity = {
    .name = "produce_match", .en = "Match of lot and demand", .zh = "产销对接", .room = "market",
    .help_en = "A lot brought together with a buyer, and what came of it.",
    .help_zh = "货源与采购方的对接及结果。", .access = ACCESS_WORK, .number = NUMBER_PRODUCE_MATCH,
    .reach = REACH_COUNTY, .flags = E_DRAFTS, .fields = produce_match_fields,
    .n = COUNT(produce_match_fields),
};

static const struct field delivery_fields[] = {
    [DELIVERY_PURCHASE] = { .name = "purchase", .en = "Purchase", .zh = "采购", .type = F_REF,
        .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST, .ref = "purchase",
        .help_en = "The purchase that it belongs to.", .help_zh = "所属采购。" },
    [DELIVERY_CODE] = { .name = "code", .en = "Number", .zh = "序号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .max = 32,
        .help_en = "Number of the delivery within the purchase.", .help_zh = "采购内交货序号。" },
    [DELIVERY_DELIVERED_ON] = { .name = "delivered_on", .en = "Delivered on", .zh = "交货日期",
        .type = F_DATE, .flags = F_LIST, .help_en = "Day of the delivery.",
        .help_zh = "交货之日。" },
    [DELIVERY_TONNES] = { .name = "tonnes", .en = "Weight", .zh = "重量", .type = F_DECIMAL,
        .flags = F_LIST, .scale = 3, .min = 0, .max = 1000000000000, .unit = "tonne",
        .help_en = "Weight in tonnes.", .help_zh = "交货重量（吨）。" },
    [DELIVERY_AMOUNT] = FIELD_AMOUNT,
    [DELIVERY_ACCEPTED] = { .name = "accepted", .en = "Taken", .zh = "是否验收", .type = F_BOOL,
        .flags = F_LIST, .help_en = "Whether the buyer took it.", .help_zh = "是否验收。" },
    [DELIVERY_PLACE] = { .name = "place", .en = "Origin", .zh = "产地", .type = F_PLACE,
        .flags = F_COMPUTED | F_LIST, .copies = "place", .help_en = "Where the goods come from.",
        .help_zh = "产品产地。" },
};
_Static_assert(COUNT(delivery_fields) == DELIVERY_NCOLS, "one row per column");

const struct entity delivery_entity = {
    .name = "delivery", .en = "Delivery", .zh = "交货", .room = "market",
    .help_en = "Goods that were sent and taken.", .help_zh = "实际交货与验收。",
    .access = ACCESS_WORK,
    .number = NUMBER_DELIVERY, .reach = REACH_COUNTY, .flags = E_DRAFTS,
    .fields = delivery_fields, .n = COUNT(delivery_fields),
};
