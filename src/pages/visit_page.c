/* A visit to a household, typed on a phone at the gate: the day, who came, what was seen, and, if there is
 * any, what the household needs and what problem somebody has to solve. All of it is written together or not
 * at all; what was typed stays when something refuses. */
#include "pages/form.h"

#include <string.h>

#include "base/date.h"
#include "base/id.h"
#include "base/json.h"
#include "pages/face.h"
#include "web/form.h"

enum { DAY, WHO, SEEN, NEED, PROBLEM, DUE, FIELDS };

struct typed {
    struct face_view v;
    struct form_field field[FIELDS];
    int64_t id;                    /* of the rows it makes: sending it twice makes them once */
    struct form *row[3]; int rows; /* the visit, the need, the problem */
    const char *wrong;             /* what concerns no field of this form */
};

/* --- the form --- */

/* Who is responsible for the household, else the own organisation. */
static bool take_unit(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct val unit = row_at(m, row, "helper_unit");
    (void)e;
    if (unit.type == VAL_INT && !*(int64_t *)arg) *(int64_t *)arg = unit.i;
    return true;
}

static const char *usual_visitor(struct face_view *v)
{
    struct request *q = v->q;
    const struct table_map *m = model_find(q->seat->model, "organisation");
    const struct face_rows helpers = { .entity = "household_helper", .field = "household", .limit = 5 };
    struct err none = { .code = ERR_NONE };
    int64_t org = q->scope->orgs ? q->scope->org[0] : 0;
    if (!org && !face_list(v, &helpers, take_unit, &org, &none)) return "";
    return org ? ref_text(q->seat->model, m, 0, org, q->seat->db, q->arena) : "";
}

static void describe(struct typed *t)
{
    struct request *q = t->v.q;
    char today[DATE_TEXT];
    bool sent = q->n_form > 0;
    date_format(q->today, today);
    const struct form_field fields[FIELDS] = {
        [DAY] = { .name = "day", .label = tr(q, "Day of the visit", "走访日期"), .type = "date", .required = true,
                  .value = sent ? request_form(q, "day") : arena_strdup(q->arena, today) },
        [WHO] = { .name = "who", .label = tr(q, "Who came", "走访单位"),
                  .hint = tr(q, "The unit's name or code.", "单位名称或编号。"),
                  .value = sent ? request_form(q, "who") : usual_visitor(&t->v) },
        [SEEN] = { .name = "seen", .label = tr(q, "What was seen", "走访情况"), .required = true, .type = "area",
                   .hint = tr(q, "Water, house, school, medical care, work, health. No names or numbers of people.",
                              "饮水、住房、上学、看病、务工、健康等。请勿写姓名和证件号码。"), .value = request_form(q, "seen") },
        [NEED] = { .name = "need", .label = tr(q, "What the household needs, if anything", "该户需求（如有）"),
                   .hint = tr(q, "Becomes a need of this household, to be matched with an offer.",
                              "将登记为该户需求，供对接资源。"),
                   .value = request_form(q, "need") },
        [PROBLEM] = { .name = "problem", .label = tr(q, "A problem that somebody has to solve, if any",
                                                     "需解决的问题（如有）"),
                      .hint = tr(q, "Goes on the list of open problems of the village.",
                                 "将列入本村未解决问题清单。"),
                      .value = request_form(q, "problem") },
        [DUE] = { .name = "due", .label = tr(q, "To be solved by", "解决期限"), .type = "date", .value =
                  request_form(q, "due") },
    };
    memcpy(t->field, fields, sizeof fields);
}

/* How a visit that could not be sent is loaded from a file. */
static const char *sheet_of(struct typed *t)
{
    struct request *q = t->v.q;
    const struct web_param columns[] = { { "code", "@code" }, { "visitor", "@who" },
        { "household", ref_text(q->seat->model, t->v.m, t->v.county, t->v.id, q->seat->db, q->arena) },
        { "place", arena_printf(q->arena, "%012lld", (long long)t->v.place) }, { "households", "1" },
        { "subject", tr(q, "Household visit", "入户走访") }, { "findings", "@seen @need @problem" },
        { "valid_from", "@day" }, { "valid_to", "@day" } };
    struct json_out j;
    struct buf b;
    buf_init(&b, 1 << 16);
    json_start(&j, &b);
    json_object(&j);
    for (int i = 0; i < COUNT(columns); i++) {
        json_key(&j, columns[i].name);
        json_str(&j, columns[i].value);
    }
    json_end_object(&j);
    return arena_take(q->arena, &b);
}

static void show(struct typed *t, struct response *r)
{
    struct request *q = t->v.q;
    struct buf *b = &r->body;
    const char *title = tr(q, "Record a visit", "登记走访");
    int wrong = t->wrong != NULL;
    for (int i = 0; i < FIELDS; i++) wrong += t->field[i].wrong != NULL;
    if (wrong) r->status = 422;
    page_begin(q, r, NAV_HOUSEHOLDS, wrong ? arena_printf(q->arena, tr(q, "Error: %s", "有误：%s"), title) : title);
    face_crumbs(&t->v, title);
    head_begin(b, arena_printf(q->arena, tr(q, "A visit: %s", "走访：%s"), face_title(&t->v)), NULL);
    head_end(b);
    html_raw(b, "<section class=\"panel\">");
    if (t->wrong) html(b, "<div class=\"errors\" role=\"alert\"><p>%s</p></div>", t->wrong);
    form_summary(q, b, t->field, FIELDS);
    form_begin(q, b, arena_printf(q->arena, "%s/visits/new", t->v.url), "form");
    html(b, "<input type=\"hidden\" name=\"row_id\" value=\"%lld\"><input type=\"hidden\" name=\"code\">",
         (long long)t->id);
    form_kept(q, b, model_find(q->seat->model, "visit"), face_title(&t->v), sheet_of(t));
    for (int i = 0; i < FIELDS; i++) form_input(b, &t->field[i]);
    html(b,
         "<p class=\"acts save\"><button class=\"btn pri\" type=\"submit\">%s</button><a class=\"btn\" "
         "href=\"%s\">%s</a></p>"
         "</form></section>", tr(q, "Save visit", "保存走访"), t->v.url, tr(q, "Cancel", "取消"));
    page_end(q, r);
}

static bool open_visit(struct request *q, struct response *r, struct typed *t, struct val *row)
{
    const struct table_map *m = model_find(q->seat->model, "visit");
    *t = (struct typed){ .rows = 0 };
    if (!face_read(q, r, &household_face, &t->v, row)) return false;
    if (m && scope_writes(q->scope, m)) {
        describe(t);
        return true;
    }
    page_error(q, r, 403, tr(q, "Your account may not write visits.", "您的账户无权登记走访。"));
    return false;
}

void visit_new_page(struct request *q, struct response *r)
{
    struct typed t;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    if (!open_visit(q, r, &t, row)) return;
    t.id = form_fresh_id(q->now);
    show(&t, r);
}

/* --- what it writes --- */

/* Fields of the rows by name, as a person would have typed them into the kind's own form. */
static void add_row(struct typed *t, const char *entity, const struct web_param *values, int n)
{
    struct request *q = t->v.q;
    struct form *f = arena_alloc(q->arena, sizeof *f);
    struct web_param *own = arena_array(q->arena, (size_t)n, sizeof *own), *form = q->form;
    int forms = q->n_form, kept = 0;
    for (int i = 0; i < n; i++)
        if (values[i].value && *values[i].value) own[kept++] = values[i];
    f->q = q;
    f->m = model_find(q->seat->model, entity);
    q->form = own;
    q->n_form = kept;
    form_from_post(f);
    q->form = form;
    q->n_form = forms;
    f->row[ROW_ID] = val_int(t->id);
    t->row[t->rows++] = f;
}

static void make_rows(struct typed *t)
{
    struct request *q = t->v.q;
    const struct form_field *f = t->field;
    const char *household = ref_text(q->seat->model, t->v.m, t->v.county, t->v.id, q->seat->db, q->arena);
    const char *place = t->v.place ? arena_printf(q->arena, "%012lld", (long long)t->v.place) : NULL;
    const char *given = request_form(q, "code"), *day = f[DAY].value;
    const char *code = given ? given : arena_printf(q->arena, "V-%lld", (long long)t->id);
    const struct web_param visit[] = { { "code", code }, { "household", household }, { "place", place },
        { "visitor", f[WHO].value }, { "households", "1" }, { "subject", tr(q, "Household visit", "入户走访") },
        { "findings", f[SEEN].value }, { "valid_from", day }, { "valid_to", day } };
    const struct web_param need[] = { { "code", code }, { "household", household }, { "place", place },
        { "title", f[NEED].value }, { "valid_from", day } };
    const struct web_param problem[] = { { "code", code }, { "place", place }, { "title", f[PROBLEM].value },
        { "raised_by", f[WHO].value }, { "raised_on", day }, { "due_on", f[DUE].value } };
    add_row(t, "visit", visit, COUNT(visit));
    if (f[NEED].value) add_row(t, "need", need, COUNT(need));
    if (f[PROBLEM].value) add_row(t, "problem", problem, COUNT(problem));
}

/* The unit responsible for the household is named on its page, so it may be named here too, wherever it sits. */
static bool named_already(struct typed *t, const char *field)
{
    const char *who = t->field[WHO].value;
    return who && (!strcmp(field, "visitor") || !strcmp(field, "raised_by")) && !strcmp(who, usual_visitor(&t->v));
}

/* Faults of the rows at the fields they were typed into. */
static bool take_faults(struct typed *t)
{
    static const struct { const char *entity, *field; int at; } fields[] = { { "visit", "valid_from", DAY },
        { "visit", "valid_to", DAY }, { "visit", "visitor", WHO }, { "visit", "findings", SEEN }, { "need", "title",
                NEED },
        { "problem", "title", PROBLEM }, { "problem", "due_on", DUE } };
    bool good = true;
    for (int k = 0; k < t->rows; k++)
        for (int i = 0; i < t->row[k]->faults; i++) {
            const struct form_fault *x = &t->row[k]->fault[i];
            const struct table_map *m = t->row[k]->m;
            const char *field = x->field < 0 ? "" : m->field[x->field].name;
            bool told = false;
            if (x->warns || named_already(t, field)) continue;
            good = false;
            for (int j = 0; j < COUNT(fields); j++) {
                if (strcmp(fields[j].entity, m->entity->name) || strcmp(fields[j].field, field)) continue;
                t->field[fields[j].at].wrong = x->message;
                told = true;
            }
            /* The problem is raised by who came: told there already. */
            if (!told && strcmp(field, "raised_by") && strcmp(field, "raised_on")) t->wrong = x->message;
        }
    return good;
}

static bool check(struct typed *t)
{
    struct request *q = t->v.q;
    int32_t day;
    bool good = true;
    if (!t->field[DAY].value || !date_parse(t->field[DAY].value, strlen(t->field[DAY].value), DATE_FIRST, &day)) {
        t->field[DAY].wrong = tr(q, "Enter the day, as in 2026-05-27.", "请填写日期，如 2026-05-27。");
        good = false;
    } else if (day > q->today) {
        t->field[DAY].wrong = tr(q, "That day is yet to come: enter the day on which the visit took place.",
                                 "该日尚未到来，请填写实际走访日期。");
        good = false;
    }
    if (!t->field[SEEN].value) {
        t->field[SEEN].wrong = tr(q, "Say in a few words what was seen.", "请简要填写走访情况。");
        good = false;
    }
    if (t->field[DUE].value && !t->field[PROBLEM].value) {
        t->field[PROBLEM].wrong = tr(q, "Say what is to be solved by that day.",
                                     "请填写需在该期限内解决的问题。");
        good = false;
    }
    return good;
}

static bool write_rows(struct tx *tx, void *arg, struct err *e)
{
    struct typed *t = arg;
    bool again;
    if (!form_key_take(tx, t->row, t->rows, &again, e)) return false;
    for (int i = 0; i < t->rows; i++)
        if (!form_write(tx, t->row[i], ROW_INSERT, 0, e)) return false;
    return true;
}

/* To a browser that keeps the visit until it has the answer. */
static void answer(struct typed *t, struct response *r, bool written, enum err_code code)
{
    struct request *q = t->v.q;
    struct form *f = arena_alloc(q->arena, sizeof *f);
    if (written) {
        form_answer_written(q, r, t->row[0]);
        return;
    }
    f->q = q;
    f->m = model_find(q->seat->model, "visit");
    if (t->rows) memcpy(f->row, t->row[0]->row, sizeof f->row);
    for (int i = 0; i <= FIELDS; i++) {
        const char *wrong = i < FIELDS ? t->field[i].wrong : t->wrong;
        if (!wrong) continue;
        f->fault[f->faults++] = (struct form_fault){ -1, false, i == FIELDS ? wrong
            : arena_printf(q->arena, "%s%s%s", t->field[i].label, q->zh ? "：" : ": ", wrong) };
    }
    form_answer_refused(q, r, code == ERR_CONFLICT ? 409 : code == ERR_FORBIDDEN ? 403 : 422, f);
}

void visit_new_save(struct request *q, struct response *r)
{
    struct typed t;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    const char *id = request_form(q, "row_id");
    if (!open_visit(q, r, &t, row)) return;
    if (*q->idempotency) t.id = form_key_id(q, model_find(q->seat->model, "visit"), 0);
    else if (!id || !id_parse(id, strlen(id), &t.id)) t.id = form_fresh_id(q->now);
    bool good = check(&t);
    if (good) {
        make_rows(&t);
        good = take_faults(&t);
    }
    bool written = good && request_write(q, write_rows, &t, &e);
    if (written && !*q->idempotency) {
        page_redirect(r, q->arena, t.v.url);
    } else if (written) {
        answer(&t, r, true, ERR_NONE);
    } else if (!good || e.code == ERR_INVALID || e.code == ERR_CONFLICT || e.code == ERR_FORBIDDEN ||
               e.code == ERR_NOT_FOUND) {
        if (e.code != ERR_NONE) t.wrong = arena_strdup(q->arena, e.message);
        if (*q->idempotency) answer(&t, r, false, e.code);
        else show(&t, r);
    } else {
        page_fail(q, r, &e);
    }
}
