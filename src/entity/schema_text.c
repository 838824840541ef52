/* What an entity is, printed for people and for programs, and the blank sheet to fill in. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "doc/xlsx.h"
#include "entity/load.h"
#include "entity/plan.h"

static bool is_number(enum field_type t)
{
    return t == F_INT || t == F_MONEY || t == F_DECIMAL;
}

/* Is the bound one that the declaration gave? */
static bool bound_given(const struct field_plan *p, bool upper)
{
    if (!is_number(p->type)) return false;
    if (upper) return p->field->max != 0;
    return p->field->min != 0 || p->field->max != 0;
}

static bool given(const char *s)
{
    return s && *s;
}

/* "household/number": how a row of the table is named. */
static const char *key_text(const struct table_map *t, struct arena *a)
{
    const char *text = t->field[t->key[0]].name;
    for (int i = 1; i < t->n_key; i++)
        text = arena_printf(a, "%s/%s", text, t->field[t->key[i]].name);
    return text;
}

/* How values of the types are written, with an example where the form is not plain. */
static const char *type_form(const struct field_plan *p, bool zh, struct arena *a)
{
    const struct field *f = p->field;
    switch (p->type) {
    case F_TEXT:
        return arena_printf(a, zh ? "文本，至多%lld字" : "text, up to %lld characters",
                            (long long)p->hi);
    case F_CODE:
        return arena_printf(a, zh ? "代码（%s）%s" : "code of the list %s%s", f->list,
                            !(f->flags & F_MULTI) ? "" : zh ? "，可多选" : ", several parted by ;");
    case F_REF:
        return arena_printf(a, zh ? "引用%s：填其%s" : "reference to %s: its %s", f->ref,
                            key_text(p->target, a));
    case F_MONEY: return zh ? "金额，元（1234.50、67.9万）" : "money in yuan (1234.50, 67.9万)";
    case F_DECIMAL:
        return arena_printf(a, zh ? "数值，%d位小数" : "number with %d decimals", f->scale);
    case F_DATE:
        if (p->coarse) return zh ? "日期（2020-05-27，可只写2020-05或2020）"
                                 : "date (2020-05-27; 2020-05 or 2020 will do)";
        return zh ? "日期（2020-05-27）" : "date (2020-05-27)";
    case F_INSTANT: return zh ? "时间（2020-05-27 09:30）" : "time (2020-05-27 09:30)";
    case F_PLACE: return zh ? "地区：名称、别名或代码" : "place: a name, an alias or a code";
    case F_BOOL: return zh ? "是或否" : "yes or no";
    default: return zh ? "整数" : "whole number";
    }
}

/* "text, up to 60 characters", "whole number [person], 1 to 20" */
static const char *type_text(const struct field_plan *p, bool zh, struct arena *a)
{
    const struct field *f = p->field;
    const char *t = type_form(p, zh, a);
    if (f->unit && is_number(p->type) && p->type != F_MONEY)
        t = arena_printf(a, "%s [%s]", t, f->unit);
    const char *lo = bound_given(p, false) ? plain_write(p, val_int(p->lo), a) : NULL;
    const char *hi = bound_given(p, true) ? plain_write(p, val_int(p->hi), a) : NULL;
    if (lo && hi) return arena_printf(a, zh ? "%s，%s至%s" : "%s, %s to %s", t, lo, hi);
    if (lo) return arena_printf(a, zh ? "%s，至少%s" : "%s, at least %s", t, lo);
    return t;
}

static const struct { uint32_t flag; const char *en, *zh; } flag_names[] = {
    { F_REQUIRED, "required", "必填" }, { F_KEY, "key", "主键" },
    { F_NATION, "unique in the nation", "全国唯一" }, { F_HOME, "decides the county", "决定所属县" },
    { F_PERSONAL, "personal", "个人信息" }, { F_COMPUTED, "computed", "系统计算" },
    { F_CITIZEN_ID, "citizen id", "身份证号" }, { F_CREDIT_CODE, "credit code", "统一社会信用代码" },
    { F_BANK_CARD, "bank card", "银行卡号" }, { F_PHONE, "telephone", "电话" },
};
#define FLAG_NAMES (sizeof flag_names / sizeof *flag_names)

static const char *flags_text(uint32_t flags, bool zh, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < FLAG_NAMES; i++) {
        if (!(flags & flag_names[i].flag)) continue;
        const char *name = zh ? flag_names[i].zh : flag_names[i].en;
        text = *text ? arena_printf(a, zh ? "%s、%s" : "%s, %s", text, name) : name;
    }
    return text;
}

static const char *preset_text(const struct field_plan *p, bool zh)
{
    if (p->type != F_BOOL) return p->field->preset;
    return p->preset.i ? (zh ? "是" : "yes") : (zh ? "否" : "no");
}

static void text_field(const struct table_map *m, int i, bool zh, struct arena *a, struct buf *out)
{
    const struct field_plan *p = &m->plan[i];
    const struct field *f = p->field;
    const char *flags = flags_text(f->flags, zh, a), *help = zh ? f->help_zh : f->help_en;
    buf_printf(out, "  %-22s %s · %s\n", f->name, zh ? f->zh : f->en, zh ? f->en : f->zh);
    buf_printf(out, "  %22s %s%s%s", "", type_text(p, zh, a), *flags ? (zh ? "；" : "; ") : "",
               flags);
    if (given(f->preset))
        buf_printf(out, zh ? "；空则为 %s" : "; %s when empty", preset_text(p, zh));
    if (p->source >= 0)
        buf_printf(out, zh ? "，取自%s的%s" : ", copied from the %s's %s",
                   m->plan[m->home].target->entity->name, f->copies);
    if (f->national) buf_printf(out, " (%s)", f->national);
    buf_char(out, '\n');
    if (given(help)) buf_printf(out, "  %22s %s\n", "", help);
}

static void text_key(const struct table_map *m, bool zh, struct buf *out)
{
    buf_str(out, zh ? "自然主键：" : "Natural key: ");
    for (int i = 0; i < m->n_key; i++)
        buf_printf(out, "%s%s", i ? (zh ? "、" : ", ") : "", m->field[m->key[i]].name);
    if (m->key_national || m->entity->reach == REACH_NATION)
        buf_str(out, zh ? "（全国唯一）" : " (unique in the nation)");
    else
        buf_str(out, zh ? "（县内唯一）" : " (unique in its county)");
    buf_str(out, zh ? "。再次载入同一主键即更新原行。\n" :
                      ". Loading a row with a known key changes that row.\n");
    if (m->entity->flags & E_DRAFTS)
        buf_str(out, zh ? "缺少必填项的行存为草稿。\n" :
                          "A row that lacks required fields is kept as a draft.\n");
}

static bool list_first(const struct table_map *m, int field)
{
    for (int i = 0; i < field; i++)
        if (m->plan[i].codes == m->plan[field].codes) return false;
    return m->plan[field].codes != NULL;
}

static void text_codes(const struct table_map *m, bool zh, struct buf *out)
{
    bool any = false;
    for (int i = 0; i < m->fields; i++) {
        if (!list_first(m, i)) continue;
        int n;
        const struct code *c = code_list_all(m->plan[i].codes, &n);
        if (!any) buf_str(out, zh ? "\n代码表（填代码或任一名称）\n" :
                                    "\nCode lists (write the code or either label)\n");
        any = true;
        buf_printf(out, "  %s\n", code_list_name(m->plan[i].codes));
        for (int k = 0; k < n; k++)
            buf_printf(out, "    %-12s %s · %s\n", c[k].code, zh ? c[k].zh : c[k].en,
                       zh ? c[k].en : c[k].zh);
    }
}

static void text_checks(const struct table_map *m, bool zh, struct buf *out)
{
    if (m->entity->n_checks == 0) return;
    buf_str(out, zh ? "\n校验规则\n" : "\nChecks\n");
    for (int i = 0; i < m->entity->n_checks; i++) {
        const struct check *c = &m->entity->checks[i];
        const char *what = c->severity == CHECK_REFUSE ? (zh ? "拒收" : "refuses")
                                                       : (zh ? "提示" : "warns");
        buf_printf(out, "  %-12s %s: %s\n  %12s %s\n", c->name, what, zh ? c->zh : c->en, "",
                   c->holds);
    }
}

static void schema_text(const struct table_map *m, bool zh, struct buf *out)
{
    const struct entity *en = m->entity;
    struct arena a = { 0 };
    const char *help = zh ? en->help_zh : en->help_en;
    buf_printf(out, "%s · %s · %s\n", en->name, zh ? en->zh : en->en, zh ? en->en : en->zh);
    if (given(help)) buf_printf(out, "%s\n", help);
    text_key(m, zh, out);
    buf_printf(out, zh ? "文件：%s.csv 或 %s.xlsx；首行为列名，用字段名或任一标签，次序不限，可缺列。\n"
                       : "File: %s.csv or %s.xlsx. Its first row names the columns by field or by "
                         "either label,\nin any order; columns that are not needed may be left "
                         "out.\n", en->name, en->name);
    buf_str(out, zh ? "\n字段\n" : "\nFields\n");
    for (int i = 0; i < m->fields; i++) text_field(m, i, zh, &a, out);
    text_codes(m, zh, out);
    text_checks(m, zh, out);
    arena_free(&a);
}

static void json_bound(struct json_out *j, const char *key, const struct field_plan *p, bool upper,
                       struct arena *a)
{
    if (!bound_given(p, upper)) return;
    json_key(j, key);
    json_str(j, plain_write(p, val_int(upper ? p->hi : p->lo), a));
}

static void json_pair(struct json_out *j, const char *key, const char *value)
{
    if (!given(value)) return;
    json_key(j, key);
    json_str(j, value);
}

static void json_field(const struct table_map *m, int i, struct arena *a, struct json_out *j)
{
    static const char *const types[] = { [F_TEXT] = "text", [F_INT] = "int", [F_MONEY] = "money",
        [F_DECIMAL] = "decimal", [F_BOOL] = "bool", [F_DATE] = "date", [F_INSTANT] = "instant",
        [F_CODE] = "code", [F_PLACE] = "place", [F_REF] = "ref" };
    const struct field_plan *p = &m->plan[i];
    const struct field *f = p->field;
    json_object(j);
    json_pair(j, "name", f->name);
    json_pair(j, "label_en", f->en);
    json_pair(j, "label_zh", f->zh);
    json_pair(j, "type", types[p->type]);
    json_pair(j, "unit", p->type == F_MONEY ? "yuan" : f->unit);
    json_pair(j, "list", f->list);
    json_pair(j, "ref", f->ref);
    if (p->target) json_pair(j, "ref_key", key_text(p->target, a));
    json_pair(j, "preset", f->preset);
    json_pair(j, "national", f->national);
    json_bound(j, "min", p, false, a);
    json_bound(j, "max", p, true, a);
    if (p->type == F_DECIMAL || p->type == F_TEXT) {
        json_key(j, p->type == F_TEXT ? "max_characters" : "decimals");
        json_int(j, p->type == F_TEXT ? p->hi : f->scale);
    }
    static const struct { uint32_t flag; const char *name; } marks[] = { { F_REQUIRED, "required" },
        { F_KEY, "key" }, { F_NATION, "unique" }, { F_HOME, "home" }, { F_PERSONAL, "personal" },
        { F_COMPUTED, "computed" }, { F_MULTI, "several" }, { F_FAR, "far" }, { F_LIST, "listed" },
        { F_CITIZEN_ID, "citizen_id" }, { F_CREDIT_CODE, "credit_code" },
        { F_BANK_CARD, "bank_card" }, { F_PHONE, "phone" }, { F_FROM, "first_day" },
        { F_TO, "last_day" }, { F_SEARCH, "searched" } };
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++) {
        if (!(f->flags & marks[k].flag)) continue;
        json_key(j, marks[k].name);
        json_bool(j, true);
    }
    json_pair(j, "help_en", f->help_en);
    json_pair(j, "help_zh", f->help_zh);
    json_end_object(j);
}

static void json_codes(const struct table_map *m, struct json_out *j)
{
    json_key(j, "lists");
    json_object(j);
    for (int i = 0; i < m->fields; i++) {
        if (!list_first(m, i)) continue;
        int n;
        const struct code *c = code_list_all(m->plan[i].codes, &n);
        json_key(j, code_list_name(m->plan[i].codes));
        json_array(j);
        for (int k = 0; k < n; k++) {
            json_object(j);
            json_pair(j, "code", c[k].code);
            json_pair(j, "en", c[k].en);
            json_pair(j, "zh", c[k].zh);
            json_pair(j, "source", c[k].source);
            json_end_object(j);
        }
        json_end_array(j);
    }
    json_end_object(j);
}

static void json_checks(const struct table_map *m, struct json_out *j)
{
    json_key(j, "checks");
    json_array(j);
    for (int i = 0; i < m->entity->n_checks; i++) {
        const struct check *c = &m->entity->checks[i];
        json_object(j);
        json_pair(j, "name", c->name);
        json_pair(j, "severity", c->severity == CHECK_REFUSE ? "refuse" : "warn");
        json_pair(j, "holds", c->holds);
        json_pair(j, "en", c->en);
        json_pair(j, "zh", c->zh);
        json_end_object(j);
    }
    json_end_array(j);
}

static void schema_json(const struct table_map *m, struct buf *out)
{
    const struct entity *en = m->entity;
    struct arena a = { 0 };
    struct json_out j;
    json_start(&j, out);
    json_object(&j);
    json_pair(&j, "entity", en->name);
    json_pair(&j, "label_en", en->en);
    json_pair(&j, "label_zh", en->zh);
    json_pair(&j, "help_en", en->help_en);
    json_pair(&j, "help_zh", en->help_zh);
    json_pair(&j, "room", en->room);
    json_pair(&j, "reach", en->reach == REACH_NATION ? "nation" : "county");
    json_key(&j, "drafts");
    json_bool(&j, (en->flags & E_DRAFTS) != 0);
    json_key(&j, "key");
    json_array(&j);
    for (int i = 0; i < m->n_key; i++) json_str(&j, m->field[m->key[i]].name);
    json_end_array(&j);
    json_key(&j, "key_unique_in");
    json_str(&j, m->key_national || en->reach == REACH_NATION ? "nation" : "county");
    json_key(&j, "fields");
    json_array(&j);
    for (int i = 0; i < m->fields; i++) json_field(m, i, &a, &j);
    json_end_array(&j);
    json_codes(m, &j);
    json_checks(m, &j);
    json_end_object(&j);
    buf_char(out, '\n');
    arena_free(&a);
}

void schema_print(const struct model *mo, const struct table_map *m, bool json, bool zh,
                  struct buf *out)
{
    (void)mo;
    if (json) schema_json(m, out);
    else schema_text(m, zh, out);
}

/* A drop-down offers the label where it means one code, else the code. */
static const char *const *choices_of(const struct field_plan *p, bool zh, struct arena *a)
{
    int n;
    if (p->type == F_BOOL) {
        const char **yes_no = arena_array(a, 3, sizeof *yes_no);
        yes_no[0] = zh ? "是" : "yes";
        yes_no[1] = zh ? "否" : "no";
        return yes_no;
    }
    if (p->type != F_CODE || p->flags & F_MULTI) return NULL;
    const struct code *c = code_list_all(p->codes, &n);
    const char **list = arena_array(a, (size_t)n + 1, sizeof *list);
    for (int i = 0; i < n; i++) {
        const char *label = zh ? c[i].zh : c[i].en;
        bool clear = *label && code_list_find(p->codes, label, strlen(label)) == &c[i];
        list[i] = clear ? label : c[i].code;
    }
    return list;
}

/* What a cell takes, shown when one rests on the column's title. */
static const char *note_of(const struct field_plan *p, bool zh, struct arena *a)
{
    const struct field *f = p->field;
    const char *flags = flags_text(f->flags, zh, a), *help = zh ? f->help_zh : f->help_en;
    const char *note = arena_printf(a, "%s: %s", f->name, type_text(p, zh, a));
    if (*flags) note = arena_printf(a, zh ? "%s；%s" : "%s; %s", note, flags);
    if (given(f->preset))
        note = arena_printf(a, zh ? "%s；空则为%s" : "%s; %s when empty", note, preset_text(p, zh));
    return given(help) ? arena_printf(a, "%s\n%s", note, help) : note;
}

static void template_columns(const struct table_map *m, bool zh, struct arena *a,
                             struct xlsx_column *c, int *n)
{
    *n = 0;
    for (int i = 0; i < m->fields; i++) {
        const struct field_plan *p = &m->plan[i];
        const struct field *f = p->field;
        if (f->flags & F_COMPUTED) continue;
        struct xlsx_column *x = &c[(*n)++];
        *x = (struct xlsx_column){ .title = zh ? f->zh : f->en, .note = note_of(p, zh, a),
                                   .kind = XLSX_TEXT, .choices = choices_of(p, zh, a) };
        if (p->type == F_INT || p->type == F_DECIMAL) x->kind = XLSX_NUMBER;
        if (p->type == F_DECIMAL) x->scale = f->scale;
        if (p->type == F_MONEY) x->kind = XLSX_MONEY;
        if (p->type == F_DATE && !p->coarse) x->kind = XLSX_DATE;
    }
}

static bool field_sheet(const struct table_map *m, bool zh, struct arena *a, struct xlsx_out *x,
                        struct err *e)
{
    static const struct xlsx_column en_cols[] = { { .title = "Field", .width = 18 },
        { .title = "Label", .width = 24 }, { .title = "标签", .width = 20 },
        { .title = "What it takes", .width = 36 }, { .title = "Marks", .width = 24 },
        { .title = "Meaning", .width = 60 } };
    static const struct xlsx_column zh_cols[] = { { .title = "字段", .width = 18 },
        { .title = "Label", .width = 24 }, { .title = "标签", .width = 20 },
        { .title = "填写内容", .width = 36 }, { .title = "标记", .width = 24 },
        { .title = "说明", .width = 60 } };
    if (!xlsx_add_sheet(x, zh ? "字段说明" : "fields", zh ? zh_cols : en_cols, 6, e)) return false;
    for (int i = 0; i < m->fields; i++) {
        const struct field *f = &m->field[i];
        struct val row[6] = { val_text(f->name), val_text(f->en), val_text(f->zh),
            val_text(type_text(&m->plan[i], zh, a)), val_text(flags_text(f->flags, zh, a)),
            val_text(zh ? f->help_zh : f->help_en) };
        if (!xlsx_write_row(x, row, 6, e)) return false;
    }
    return true;
}

static bool code_sheet(const struct table_map *m, bool zh, struct xlsx_out *x, struct err *e)
{
    static const struct xlsx_column en_cols[] = { { .title = "List", .width = 24 },
        { .title = "Code", .width = 12 }, { .title = "中文", .width = 36 },
        { .title = "English", .width = 48 } };
    static const struct xlsx_column zh_cols[] = { { .title = "代码表", .width = 24 },
        { .title = "代码", .width = 12 }, { .title = "中文", .width = 36 },
        { .title = "English", .width = 48 } };
    if (!xlsx_add_sheet(x, zh ? "代码表" : "codes", zh ? zh_cols : en_cols, 4, e)) return false;
    for (int i = 0; i < m->fields; i++) {
        if (!list_first(m, i)) continue;
        int n;
        const struct code *c = code_list_all(m->plan[i].codes, &n);
        for (int k = 0; k < n; k++) {
            struct val row[4] = { val_text(c[k].list), val_text(c[k].code), val_text(c[k].zh),
                                  val_text(c[k].en) };
            if (!xlsx_write_row(x, row, 4, e)) return false;
        }
    }
    return true;
}

bool schema_template(const struct model *mo, const struct table_map *m, bool zh, const char *path,
                     struct err *e)
{
    struct xlsx_column cols[ENTITY_MAX_COLUMNS];
    struct arena a = { 0 };
    struct xlsx_out *x = NULL;
    char name[32];
    int n;
    (void)mo;
    template_columns(m, zh, &a, cols, &n);
    snprintf(name, sizeof name, "%.31s", m->entity->name);
    bool ok = xlsx_create(&x, path, name, cols, n, e);
    if (ok) {
        ok = field_sheet(m, zh, &a, x, e) && code_sheet(m, zh, x, e);
        if (ok) ok = xlsx_finish(x, e);
        else xlsx_abandon(x);
    }
    arena_free(&a);
    return ok;
}
