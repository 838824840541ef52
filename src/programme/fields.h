/* fields: fields that many entities share, so that the same thing has the same name, label and help
 * everywhere. */
#ifndef JD_PROGRAMME_FIELDS_H
#define JD_PROGRAMME_FIELDS_H

#include "entity/entity.h"

#define FIELD_CODE \
    { .name = "code", .en = "Code", .zh = "编号", .type = F_TEXT, \
      .flags = F_REQUIRED | F_KEY | F_NATION | F_LIST | F_SEARCH, .max = 60, \
      .help_en = "Your own unique code of this record; begin it with the programme, as in " \
                 "TJ-0012.", \
      .help_zh = "自编唯一编号，以项目名开头，如 TJ-0012。" }

#define FIELD_PLACE \
    { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE, \
      .flags = F_HOME | F_LIST, \
      .help_en = "The most exact place that is known; empty when only the nation is known.", \
      .help_zh = "已知最具体的地区；仅知全国则留空。" }

#define FIELD_HELPER \
    { .name = "helper", .en = "Helper", .zh = "帮扶单位", .type = F_REF, .flags = F_LIST, \
      .ref = "organisation", \
      .help_en = "The organisation that helps; a joint party when several share it unsplit.", \
      .help_zh = "帮扶单位；多家共同且未分的填联合体。" }

#define FIELD_FRAME \
    { .name = "frame", .en = "Frame", .zh = "协作框架", .type = F_REF, .flags = F_FAR, \
      .ref = "frame", \
      .help_en = "The frame that it belongs to.", \
      .help_zh = "所属协作框架。" }

#define FIELD_AGREEMENT \
    { .name = "agreement", .en = "Agreement", .zh = "结对协议", .type = F_REF, \
      .flags = F_FAR, .ref = "agreement", \
      .help_en = "The agreement that it comes from.", \
      .help_zh = "所依据的结对协议。" }

#define FIELD_PROJECT \
    { .name = "project", .en = "Project", .zh = "项目", .type = F_REF, .flags = F_FAR, \
      .ref = "project", \
      .help_en = "The project that it belongs to.", \
      .help_zh = "所属项目。" }

#define FIELD_FUND_LINE \
    { .name = "fund_line", .en = "Fund line", .zh = "资金来源", .type = F_REF, \
      .flags = F_FAR, .ref = "fund_line", \
      .help_en = "The fund line that pays.", \
      .help_zh = "出资的资金来源。" }

#define FIELD_FOR_CLASS \
    { .name = "for_class", .en = "Meant for", .zh = "面向地区类别", .type = F_CODE, \
      .list = "place_class", \
      .help_en = "The class of places it is meant for, such as deep or supervised.", \
      .help_zh = "面向哪类地区，如深度贫困、督战。" }

#define FIELD_PURPOSE \
    { .name = "purpose", .en = "Purpose", .zh = "用途", .type = F_CODE, .flags = F_LIST, \
      .list = "purpose", \
      .help_en = "What it is for: industry, medical, housing, ...", \
      .help_zh = "用途：产业、医疗、住房等。" }

#define FIELD_NATURE \
    { .name = "nature", .en = "Transfer or capacity", .zh = "输血或造血", .type = F_CODE, \
      .list = "aid_nature", \
      .help_en = "Whether it gives people something now, or lets them earn by themselves.", \
      .help_zh = "输血（直接给予）或造血（增强自身能力）。" }

/* Units that multiply: 2,000 with the unit 万元 beside it would be added up as 2,000. */
#define UNIT_IS_WHOLE \
    "unit not in {\"万\", \"亿\", \"万元\", \"亿元\", \"万人\", \"万户\", \"万吨\", \"万亩\", " \
    "\"million\", \"billion\", \"million yuan\", \"billion yuan\", \"thousand yuan\"}"
#define UNIT_IS_WHOLE_EN \
    "the unit multiplies: write 2 million yuan as 2000000, and the unit as yuan"
#define UNIT_IS_WHOLE_ZH "单位含倍数：2000万元应写数值 20000000 或 2000万，单位写元"

#define FIELD_COUNT_UNIT \
    { .name = "unit", .en = "Unit", .zh = "计量单位", .type = F_TEXT, .max = 20, \
      .help_en = "What the quantity counts: seat, mu, set, person; empty for things.", \
      .help_zh = "数量的单位：名额、亩、套、人等；件数可留空。" }

#define FIELD_AMOUNT \
    { .name = "amount", .en = "Amount", .zh = "金额", .type = F_MONEY, .flags = F_LIST, \
      .min = 0, .unit = "yuan", \
      .help_en = "Money in yuan; empty when it is not known.", \
      .help_zh = "金额（元）；不详留空。" }

#define FIELD_ORGANISATION \
    { .name = "organisation", .en = "Organisation", .zh = "单位", .type = F_REF, \
      .flags = F_LIST, .ref = "organisation", \
      .help_en = "The organisation that does it or is responsible.", \
      .help_zh = "实施或负责的单位。" }

#define FIELD_WORK_PLAN \
    { .name = "work_plan", .en = "Work plan", .zh = "工作计划", .type = F_REF, \
      .flags = F_FAR, .ref = "work_plan", \
      .help_en = "The plan it belongs to.", \
      .help_zh = "所属工作计划。" }

#define FIELD_COMMITMENT \
    { .name = "commitment", .en = "Counts against", .zh = "兑现承诺", .type = F_REF, \
      .flags = F_FAR, .ref = "commitment", \
      .help_en = "The commitment that it keeps; on a whole or on its parts, not on both.", \
      .help_zh = "所兑现的承诺事项；总数与其中项只填其一。" }

#define FIELD_PERSON \
    { .name = "person", .en = "Person", .zh = "人员", .type = F_REF, .flags = F_FAR, \
      .ref = "person", \
      .help_en = "The person in the register, by id number.", \
      .help_zh = "建档立卡人员，填证件号码。" }

#define FIELD_SKILL \
    { .name = "skill", .en = "Skill", .zh = "技能", .type = F_CODE, .flags = F_LIST, \
      .list = "skill", \
      .help_en = "The trade or field: farming, building, sewing, teaching, medicine, ...", \
      .help_zh = "工种或专业：种养、建筑、缝纫、教学、医疗等。" }

#endif
