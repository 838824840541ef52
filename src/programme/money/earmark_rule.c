/* Earmark rules as an entity, and their texts as rules over lines of money. */
#include "base/date.h"
#include "base/count.h"
#include "programme/fields.h"
#include "programme/money/earmark_book.h"
#include "programme/numbers.h"

static const struct field rule_fields[] = {
    [EARMARK_RULE_CODE] = FIELD_CODE,
    [EARMARK_RULE_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 200,
        .help_en = "The rule in a few words, as refusals name it.",
        .help_zh = "规则简称，拒绝时显示。" },
    [EARMARK_RULE_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "earmark_kind",
        .help_en = "At least a share, at most a share, forbidden, only.",
        .help_zh = "不低于、不高于、禁止、限于。" },
    [EARMARK_RULE_PER] = { .name = "scope", .en = "Judged over", .zh = "计算范围",
        .type = F_CODE, .flags = F_LIST, .list = "earmark_scope", .preset = "batch",
        .help_en = "A share of each batch, or of all money of a fund line.",
        .help_zh = "按每一批次或按整笔资金来源计算。" },
    [EARMARK_RULE_FUND_LINE] = { .name = "fund_line", .en = "Fund line", .zh = "资金来源",
        .type = F_REF, .flags = F_FAR | F_LIST, .ref = "fund_line",
        .help_en = "The fund line it speaks of; empty for every one.",
        .help_zh = "适用的资金来源；留空则不限。" },
    [EARMARK_RULE_HELPER] = { .name = "helper", .en = "Helper", .zh = "帮扶单位",
        .type = F_REF, .ref = "organisation",
        .help_en = "The helper whose money it speaks of; empty for every one.",
        .help_zh = "适用的帮扶单位；留空则不限。" },
    [EARMARK_RULE_APPLIES] = { .name = "applies", .en = "Speaks of", .zh = "适用条件",
        .type = F_TEXT, .max = 500,
        .help_en = "Which money it speaks of, in the rule language: fund_kind = fiscal; empty for "
                   "all.",
        .help_zh = "适用于哪些资金（规则语言），如 fund_kind = fiscal；留空为全部。" },
    [EARMARK_RULE_HOLDS] = { .name = "holds", .en = "Condition", .zh = "条件", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST, .max = 500,
        .help_en = "What the share is of, or what is forbidden, or alone allowed: purpose = "
                   "industry; class has deep.",
        .help_zh = "占比所指、禁止或限定的条件，如 purpose = industry、class has deep。" },
    [EARMARK_RULE_SHARE] = { .name = "share", .en = "Share", .zh = "比例", .type = F_DECIMAL,
        .flags = F_LIST, .scale = 4, .min = 0, .max = 1000000, .unit = "percent",
        .help_en = "Percent of the money, of rules with a share.",
        .help_zh = "占比（%），用于不低于、不高于。" },
};
_Static_assert(COUNT(rule_fields) == EARMARK_RULE_NCOLS, "one row per column");

static const struct check rule_checks[] = {
    { .name = "ER01", .severity = CHECK_REFUSE,
      .holds = "kind in {forbid, only} or known(share)",
      .en = "at least and at most need a share in percent", .zh = "不低于、不高于须填比例" },
    { .name = "ER02", .severity = CHECK_REFUSE,
      .holds = "kind in {floor, ceiling} or not known(share)",
      .en = "what is forbidden, or alone allowed, has no share", .zh = "禁止、限于不填比例" },
    { .name = "ER03", .severity = CHECK_WARN, .holds = "known(source)",
      .en = "a rule names the document it stands in", .zh = "规则应注明依据文件" },
};

const struct entity earmark_rule_entity = {
    .name = "earmark_rule", .en = "Earmark rule", .zh = "资金用途规则", .room = "money",
    .help_en = "What money of a batch or fund line may be used for, from when to when, by which "
               "document.",
    .help_zh = "批次或资金来源的用途规则：比例、禁止、限定，起止日期与依据。",
    .access = ACCESS_WORK,
    .number = NUMBER_EARMARK_RULE, .reach = REACH_NATION,
    .fields = rule_fields, .n = COUNT(rule_fields), .checks = rule_checks,
    .n_checks = COUNT(rule_checks),
};

static const struct rule_column line_columns[] = {
    [LINE_AMOUNT] = { .name = "amount", .type = RULE_INT, .scale = 2, .max = ENTITY_INT_MAX },
    [LINE_PURPOSE] = { .name = "purpose", .type = RULE_CODE, .list = "purpose" },
    [LINE_NATURE] = { .name = "nature", .type = RULE_CODE, .list = "aid_nature" },
    [LINE_FORM] = { .name = "form", .type = RULE_CODE, .list = "money_form" },
    [LINE_FUND_KIND] = { .name = "fund_kind", .type = RULE_CODE, .list = "fund_kind" },
    [LINE_FOR_CLASS] = { .name = "for_class", .type = RULE_CODE, .list = "place_class" },
    [LINE_ADDITIONAL] = { .name = "additional", .type = RULE_BOOL },
    [LINE_DUTY] = { .name = "duty", .type = RULE_CODE, .list = "duty" },
    [LINE_STAGE] = { .name = "stage", .type = RULE_CODE, .list = "money_stage" },
    [LINE_HOLDER] = { .name = "holder", .type = RULE_CODE, .list = "holder_kind" },
    [LINE_LEVEL] = { .name = "level", .type = RULE_INT, .max = 5 },
    [LINE_CLASS] = { .name = "class", .type = RULE_CODES, .list = "place_class" },
    [LINE_PLACE] = { .name = "place", .type = RULE_INT, .max = INT64_C(999999999999) },
    [LINE_ON] = { .name = "on", .type = RULE_DATE },
    [LINE_PROJECT_KIND] = { .name = "project_kind", .type = RULE_CODE, .list = "project_kind" },
    [LINE_IN_LIBRARY] = { .name = "in_library", .type = RULE_BOOL },
};
_Static_assert(COUNT(line_columns) == LINE_NCOLS, "one row per column");

/* Codes as they are known, and those of classes noted down. */
struct naming { const struct codes *codes; struct arena *a; const char **at; int n; };

enum { CLASSES_MAX = 32 };

static bool code_known(void *arg, const char *list, const char *code, size_t n)
{
    struct naming *x = arg;
    const struct code_list *l = x->codes ? codes_get(x->codes, list) : NULL;
    if (l && !code_list_code(l, code, n)) return false;
    if (strcmp(list, "place_class") == 0 && x->n < CLASSES_MAX)
        x->at[x->n++] = arena_strndup(x->a, code, n);
    return true;
}

static const char *code_at(void *arg, const char *list, int i)
{
    const struct naming *x = arg;
    int n = 0;
    const struct code *c = x->codes ? codes_list(x->codes, list, &n) : NULL;
    return i < n ? c[i].code : NULL;
}

bool earmark_parse(struct earmark_rule *r, const struct codes *codes, struct arena *a,
                   struct err *e)
{
    const char *applies = r->applies_text;
    struct naming x = { .codes = codes, .a = a,
                        .at = arena_array(a, CLASSES_MAX, sizeof *x.at) };
    struct rule_schema *schema = arena_alloc(a, sizeof *schema);
    *schema = (struct rule_schema){ .cols = line_columns, .n = LINE_NCOLS,
                                    .code_known = code_known, .code_at = code_at, .arg = &x };
    bool ok = !*applies ||
              rule_parse(&r->applies, applies, strlen(applies), 1, 1, schema, a, e) ||
              err_context(e, "rule %s, applies", r->code);
    if (ok && !rule_parse(&r->holds, r->holds_text, strlen(r->holds_text), 1, 1, schema, a, e))
        ok = err_context(e, "rule %s, holds", r->code);
    schema->arg = NULL;
    schema->code_known = NULL;
    schema->code_at = NULL;
    r->classes = x.at;
    r->n_classes = x.n;
    return ok;
}
