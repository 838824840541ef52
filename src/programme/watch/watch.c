/* The entities of the watch room. */
#include "programme/watch/watch.h"
#include "base/count.h"
#include "programme/fields.h"
#include "programme/numbers.h"
#include "programme/watch/burden.h"
#include "programme/watch/supervise.h"

static const struct field listing_fields[] = {
    [LISTING_CODE] = FIELD_CODE,
    [LISTING_PLACE] = FIELD_PLACE,
    [LISTING_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "listing_kind",
        .help_en = "County or village.", .help_zh = "县或村。" },
    [LISTING_REASON] = { .name = "reason", .en = "Reason", .zh = "原因", .type = F_CODE,
        .flags = F_LIST, .list = "listing_reason",
        .help_en = "Not delisted, incidence over 10%, over 1,000 poor people.",
        .help_zh = "未摘帽、发生率超10%、贫困人口超千人。" },
    [LISTING_HELPER] = { .name = "helper", .en = "Helper in charge", .zh = "督战帮扶方",
        .type = F_REF, .flags = F_LIST, .ref = "organisation",
        .help_en = "The helping side that answers for it.", .help_zh = "负责的帮扶方。" },
    [LISTING_ORGANISER] = { .name = "organiser", .en = "Organiser", .zh = "组织方",
        .type = F_REF, .ref = "organisation",
        .help_en = "Who organises the supervision.", .help_zh = "组织督战的单位。" },
    [LISTING_INCIDENCE] = { .name = "incidence", .en = "Incidence", .zh = "贫困发生率",
        .type = F_DECIMAL, .scale = 2, .min = 0, .max = 10000, .unit = "percent",
        .help_en = "Share of poor people in percent.", .help_zh = "贫困发生率（%）。" },
    [LISTING_POOR_PERSONS] = { .name = "poor_persons", .en = "Poor people", .zh = "贫困人口",
        .type = F_INT, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "How many poor people are left.", .help_zh = "剩余贫困人口。" },
};
_Static_assert(COUNT(listing_fields) == LISTING_NCOLS, "one row per column");

const struct entity listing_entity = {
    .name = "listing", .en = "Supervision listing", .zh = "挂牌督战", .room = "watch",
    .help_en = "Counties and villages listed for supervision, and why.",
    .help_zh = "挂牌督战的县和村及其原因。",
    .access = ACCESS_WORK,
    .number = NUMBER_LISTING, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = listing_fields, .n = COUNT(listing_fields),
};

static const struct entity *const entities[] = {
    &listing_entity, &supervision_finding_entity, &supervision_measure_entity,
    &asked_form_entity, &asked_field_entity, &form_answer_entity,
};

const struct room watch_room = { .name = "watch", .entities = entities,
    .n_entities = COUNT(entities), .stmts = &watch_stmts };
