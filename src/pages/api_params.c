/* What may stand in an address of /api/v1. */
#include "pages/api.h"

#include <stdlib.h>
#include <string.h>

#define IF_NONE_MATCH { "If-None-Match", "header", "The ETag of a copy: 304 while it is still good", \
                        "手中副本的 ETag，仍有效时回答 304", NULL, NULL, NULL, 0, false }
#define PLACE { "place", "query", "Only inside this place: a code, a name or an alias", "地区：代码、名称或别名", NULL, \
                "653224", NULL, 0, false }
#define PERIOD \
    { "from", "query", "First day: 2019, 2019-05 or 2019-05-01", "起：2019、2019-05 或 2019-05-01", NULL, "2019", \
      NULL, 0, false }, \
    { "to", "query", "Last day", "止", NULL, "2020", NULL, 0, false }
#define ORG { "org", "query", "An organisation's code; its own units are included", "单位代码，含下属单位", NULL, \
              "TJ-CITY", NULL, 0, false }
#define FIGURE { "name", "path", "Name of the figure", "指标名称", "^[a-z0-9_]+$", "aid_allocated", NULL, 0, true }
#define AFTER { "after", "query", "The page after this row: `after` of the answer before", "上一页答复中的 after", \
                "^[0-9]{1,6}-[1-9][0-9]{0,18}$", NULL, NULL, 0, false }
#define CURSOR "^[0-9]{1,6}-[1-9][0-9]{0,18}(~(n|i-?[0-9]{1,18}|t.{0,400}))?$"
#define LIMIT { "limit", "query", "Rows a page, 1 to 1000; 100 when absent", "每页行数，1 至 1000，默认 100", NULL, \
                "20", NULL, API_MOST_ROWS, false }
#define ROW { "row", "path", "COUNTY-ID of the row", "记录地址：县-编号", "^[0-9]{1,6}-[1-9][0-9]{0,18}$", NULL, NULL, 0, \
              true }

static const struct api_param list[] = {
    { "where", "query", "A condition in the rule language: state = done and quantity > 10",
      "规则语言写的条件：state = done and quantity > 10", NULL, NULL, NULL, 0, false },
    PLACE,
    { "sort", "query", "A field to sort by; - before it turns the order", "排序字段，前加 - 为倒序", NULL, NULL, NULL, 0,
      false },
    { "columns", "query", "Only these fields, with commas between", "只要这些字段，逗号分隔", NULL, NULL, NULL, 0, false },
    { "drafts", "query", "1: drafts too", "1：包括草稿", NULL, "1", "1", 0, false },
    LIMIT,
    { "after", "query", "The page after this row: `after` of the answer before", "上一页答复中的 after", CURSOR, NULL, NULL,
      0, false },
    { "before", "query", "The page before this row: `before` of the answer after", "下一页答复中的 before", CURSOR, NULL,
      NULL, 0, false },
    { "last", "query", "1: the last page", "1：末页", NULL, "1", "1", 0, false },
    IF_NONE_MATCH,
};
static const struct api_param row[] = { ROW, IF_NONE_MATCH };
static const struct api_param figure[] = {
    FIGURE, PLACE, ORG, PERIOD,
    { "by", "query", "One value for each place of this level inside", "按此级别逐地给出", NULL, "province",
      "province prefecture county township village", 0, false },
    IF_NONE_MATCH,
};
static const struct api_param explain[] = { FIGURE, PLACE, ORG, PERIOD, LIMIT, AFTER, IF_NONE_MATCH };
static const struct api_param insert[] = {
    { "Idempotency-Key", "header", "1 to 200 characters: the same records sent again with the same key are one write; "
      "another request of the same account under it is refused with 409",
      "1 至 200 字符：同一内容以同一键再次提交只写入一次；同一账号以同一键提交另一请求，回 409", "^[!-~]{1,200}$", NULL, NULL, 0, false },
};
static const struct api_param change[] = {
    ROW, { "If-Match", "header", "The `version` that was read", "读到的 version", "^-?[0-9]{1,19}$", NULL, NULL, 0,
           true },
};
static const struct api_param tasks[] = {
    { "all", "query", "1: everybody's, for who manages the store", "1：全部账号的任务，限管理员", NULL, "1", "1", 0, false },
    LIMIT,
    { "after", "query", "The page after this task: `after` of the answer before", "上一页答复中的 after",
      "^[1-9][0-9]{0,18}$", NULL, NULL, 0, false },
};
static const struct api_param task[] = {
    { "task", "path", "Number of the task", "任务编号", "^[1-9][0-9]{0,18}$", NULL, NULL, 0, true },
};
static const struct api_param none[] = { IF_NONE_MATCH };

const struct api_params api_no_params = { none, COUNT(none) }, api_list_params = { list, COUNT(list) },
    api_row_params = { row, COUNT(row) }, api_figure_params = { figure, COUNT(figure) },
    api_explain_params = { explain, COUNT(explain) }, api_insert_params = { insert, COUNT(insert) },
    api_change_params = { change, COUNT(change) }, api_tasks_params = { tasks, COUNT(tasks) },
    api_task_params = { task, COUNT(task) };

static bool chosen(const char *choices, const char *value)
{
    size_t n = strlen(value);
    for (const char *s = choices; *s; s += strcspn(s, " "), s += *s == ' ')
        if (strcspn(s, " ") == n && memcmp(s, value, n) == 0) return true;
    return false;
}

static bool fits(const struct api_param *p, const char *value)
{
    char *end;
    if (p->choices) return chosen(p->choices, value);
    if (!p->most) return *value || !p->pattern;
    int64_t n = strtoll(value, &end, 10);
    return *value >= '0' && *value <= '9' && !*end && n >= 1 && n <= p->most;
}

bool api_param_fits(const struct request *q, const struct api_param *p, const struct table_map *m)
{
    return !m || strcmp(p->name, "place") != 0 || list_placed(q->seat->model, m);
}

/* What is wrong with the i-th parameter; NULL when nothing is. */
static const char *fault_of(struct request *q, int i, struct api_params p, const struct table_map *m)
{
    const struct web_param *given = &q->param[i];
    int field = m && strncmp(given->name, "f.", 2) == 0 ? map_field(m, given->name + 2) : -1;
    for (int k = 0; k < i; k++)
        if (!strcmp(q->param[k].name, given->name))
            return tr(q, "The parameter \"%s\" is given twice.", "参数“%s”重复。");
    if (field >= 0 && scope_field(q->scope, q->seat->model, m, field)) return NULL;
    for (int k = 0; k < p.n; k++)
        if (!strcmp(p.at[k].name, given->name) && !strcmp(p.at[k].where, "query") &&
            api_param_fits(q, &p.at[k], m))
            return fits(&p.at[k], given->value) ? NULL
                 : tr(q, "This is no value of the parameter \"%s\".", "参数“%s”的值不合要求。");
    return tr(q, "There is no parameter \"%s\" here.", "此处没有参数“%s”。");
}

bool api_takes(struct request *q, struct response *r, struct api_params p, const struct table_map *m)
{
    for (int i = 0; i < q->n_param; i++) {
        const char *fault = fault_of(q, i, p, m);
        if (!fault) continue;
        page_error(q, r, 400, arena_printf(q->arena, fault, q->param[i].name));
        return false;
    }
    return true;
}

bool api_reads(const struct request *q, const struct table_map *m, int field)
{
    return scope_field(q->scope, q->seat->model, m, field);
}

bool api_writes(const struct request *q, const struct table_map *m, int field)
{
    return form_open(q, m) && !(m->field[field].flags & F_COMPUTED) && !m->field[field].copies;
}

bool api_must_send(const struct request *q, const struct table_map *m, int field)
{
    const struct field *f = &m->field[field];
    return api_writes(q, m, field) && (f->flags & F_REQUIRED) && !f->preset && !(m->entity->flags & E_DRAFTS);
}
