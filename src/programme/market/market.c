/* The entities of the market room. */
#include "programme/market/market.h"
#include "base/count.h"
#include "programme/market/market_sql.h"
#include "programme/fields.h"
#include "programme/numbers.h"

static const struct field channel_fields[] = {
    [CHANNEL_CODE] = FIELD_CODE,
    [CHANNEL_TITLE] = { .name = "title", .en = "Name", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it is called.", .help_zh = "渠道名称。" },
    [CHANNEL_KIND] = { .name = "kind", .en = "Kind", .zh = "类型", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "channel_kind",
        .help_en = "Hall, cabinet, zone, 832 platform, online shop, chain, canteen, ...",
        .help_zh = "专馆、专柜、专区、832平台、电商、连锁、食堂等。" },
    [CHANNEL_PLACE] = { .name = "place", .en = "Stands in", .zh = "所在地", .type = F_PLACE,
        .flags = F_HOME | F_LIST,
        .help_en = "Where it stands; for an online channel, where it is run.",
        .help_zh = "渠道所在地；线上为运营地。" },
    [CHANNEL_ORIGIN] = { .name = "origin", .en = "Goods from", .zh = "货源地", .type = F_PLACE,
        .flags = F_LIST,
        .help_en = "Where its goods come from.", .help_zh = "产品来源地。" },
    [CHANNEL_HELPER] = FIELD_HELPER,
};
_Static_assert(COUNT(channel_fields) == CHANNEL_NCOLS, "one row per column");

const struct entity channel_entity = {
    .name = "channel", .en = "Sales channel", .zh = "销售渠道", .room = "market",
    .help_en = "A hall, a cabinet, a platform, a chain that sells goods of helped places.",
    .help_zh = "专馆、专柜、平台、连锁等销售渠道。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_CHANNEL, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = channel_fields, .n = COUNT(channel_fields),
};

static const struct field purchase_fields[] = {
    [PURCHASE_CODE] = FIELD_CODE,
    [PURCHASE_HELPER] = FIELD_HELPER,
    [PURCHASE_BUYER] = { .name = "buyer", .en = "Buyer", .zh = "采购单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "Who bought, when it is not the helper itself.",
        .help_zh = "采购单位，非帮扶单位本身时填。" },
    [PURCHASE_SELLER] = { .name = "seller", .en = "Seller", .zh = "供货单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "Who sold.", .help_zh = "供货单位。" },
    [PURCHASE_PLACE] = { .name = "place", .en = "Origin", .zh = "产地", .type = F_PLACE,
        .flags = F_HOME | F_LIST,
        .help_en = "Where the goods come from.", .help_zh = "产品产地。" },
    [PURCHASE_BUYER_PLACE] = { .name = "buyer_place", .en = "Bought in", .zh = "采购地",
        .type = F_PLACE,
        .help_en = "Where the buyer is.", .help_zh = "采购方所在地。" },
    [PURCHASE_CHANNEL] = { .name = "channel", .en = "Channel", .zh = "渠道", .type = F_REF,
        .flags = F_FAR, .ref = "channel",
        .help_en = "The channel it went through.", .help_zh = "销售渠道。" },
    [PURCHASE_CHANNEL_KIND] = { .name = "channel_kind", .en = "Kind of channel",
        .zh = "渠道类型", .type = F_CODE, .flags = F_LIST, .list = "channel_kind",
        .help_en = "Hall, cabinet, canteen, ... when no channel is named.",
        .help_zh = "未指明渠道时填类型。" },
    [PURCHASE_PRODUCT] = { .name = "product", .en = "Product", .zh = "产品", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What was bought.", .help_zh = "产品名称。" },
    [PURCHASE_CLASS] = { .name = "class", .en = "Class", .zh = "类别", .type = F_CODE,
        .flags = F_LIST, .list = "purchase_class", .preset = "consumption",
        .help_en = "Consumption goods, raw material, service, equipment.",
        .help_zh = "消费品、原材料、服务、设备。" },
    [PURCHASE_WAY] = { .name = "way", .en = "Bought or sold for", .zh = "购买或帮销",
        .type = F_CODE, .list = "purchase_way", .preset = "bought",
        .help_en = "Bought by the helper, or helped to sell to others.",
        .help_zh = "直接购买或帮助销售。" },
    [PURCHASE_AMOUNT] = FIELD_AMOUNT,
    [PURCHASE_TONNES] = { .name = "tonnes", .en = "Weight", .zh = "重量", .type = F_DECIMAL,
        .flags = F_LIST, .scale = 3, .min = 0, .max = 1000000000000, .unit = "tonne",
        .help_en = "Weight in tonnes.", .help_zh = "重量（吨）。" },
    [PURCHASE_UNIT_PRICE] = { .name = "unit_price", .en = "Unit price", .zh = "单价",
        .type = F_MONEY, .min = 0, .unit = "yuan",
        .help_en = "Price of one unit in yuan; the unit goes into the note.",
        .help_zh = "单价（元），单位写入备注。" },
    [PURCHASE_CERTIFIED] = { .name = "certified", .en = "Certified", .zh = "是否认定产品",
        .type = F_BOOL,
        .help_en = "Whether the product is certified.",
        .help_zh = "是否认定扶贫产品。" },
    [PURCHASE_LOT] = { .name = "lot", .en = "Lot", .zh = "在售批次", .type = F_REF, .flags = F_FAR,
        .ref = "produce_lot",
        .help_en = "The lot on offer that was bought from.", .help_zh = "所购的在售批次。" },
    [PURCHASE_COMMITMENT] = FIELD_COMMITMENT,
};
_Static_assert(COUNT(purchase_fields) == PURCHASE_NCOLS, "one row per column");

const struct entity purchase_entity = {
    .name = "purchase", .en = "Purchase", .zh = "采购", .room = "market",
    .help_en = "Goods or services bought from helped places, or sold for them.",
    .help_zh = "购买或帮销受援地区产品与服务。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_PURCHASE, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = purchase_fields, .n = COUNT(purchase_fields),
};

static const struct entity *const entities[] = {
    &channel_entity, &purchase_entity,
    &product_entity, &produce_lot_entity, &demand_entity, &produce_match_entity, &delivery_entity,
};

const struct room market_room = { .name = "market", .entities = entities,
    .n_entities = COUNT(entities), .stmts = &market_stmts };
