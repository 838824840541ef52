/* The programs' interface, writing: rows made, changed and deleted by the same checks as in a form.
 *
 * POST takes an object of fields, or an array of them that is written wholly or not at all. A key in
 * Idempotency-Key makes sending it again one write: the rows' ids come from it, and it stands for them
 * alone. PATCH and DELETE want the version that was read, in If-Match. A refusal because of a row that
 * is there already holds it as it stands, in "current". A form that is sent with such a key is answered
 * in the same way. */
#include "pages/api.h"

#include <string.h>
#include <strings.h>

#include "base/money.h"

enum { KEY_MOST = 200 };

/* --- what is sent --- */

/* A whole number, also where a program writes it as 12.0. */
static bool whole(const struct json *v, int64_t *out)
{
    if (v->type == JSON_INT) *out = v->i;
    else if (v->type == JSON_REAL && v->real >= -1e15 && v->real <= 1e15 && (double)(int64_t)v->real == v->real)
        *out = (int64_t)v->real;
    else return false;
    return true;
}

/* Codes of a list, as a form sends them. */
static const char *codes_text(struct request *q, const struct json *v)
{
    struct buf b;
    bool texts = true;
    buf_init(&b, 1 << 16);
    for (size_t i = 0; i < v->n; i++) {
        texts &= v->items[i].type == JSON_TEXT;
        if (texts) buf_printf(&b, "%s%s", b.n ? ";" : "", v->items[i].text);
    }
    const char *out = texts ? arena_strndup(q->arena, b.n ? b.p : "", b.n) : NULL;
    buf_free(&b);
    return out;
}

/* A JSON value as the text a form would send; NULL when it is of another type than the field's. Money and
 * decimals come as text or whole numbers: a fraction read as a binary number might be rounded. */
static const char *value_text_of(struct request *q, const struct field *f, const struct json *v)
{
    int64_t n;
    if (v->type == JSON_NULL) return "";
    if (f->type == F_BOOL) return v->type != JSON_BOOL ? NULL : v->i ? "1" : "0";
    if (f->type == F_INT || ((f->type == F_MONEY || f->type == F_DECIMAL) && v->type != JSON_TEXT))
        return whole(v, &n) ? arena_printf(q->arena, "%lld", (long long)n) : NULL;
    if (f->type == F_CODE && (f->flags & F_MULTI) && v->type == JSON_ARRAY) return codes_text(q, v);
    return v->type == JSON_TEXT ? v->text : NULL;
}

static const char *wanted_type(const struct request *q, const struct field *f)
{
    switch (f->type) {
    case F_BOOL: return tr(q, "true or false", "true 或 false");
    case F_INT: return tr(q, "a whole number", "整数");
    case F_MONEY: case F_DECIMAL: return tr(q, "text (\"12.50\") or a whole number", "文本（“12.50”）或整数");
    default: return tr(q, "text", "文本");
    }
}

/* Fields of one object into the request's form; false with the member that is none. */
static bool take_fields(struct request *q, const struct table_map *m, const struct json *o, struct err *e)
{
    if (o->type != JSON_OBJECT) return err_set(e, ERR_INVALID, "%s", tr(q, "a record is an object of fields",
                                                                        "记录应为字段对象"));
    q->form = arena_array(q->arena, o->n + 1, sizeof *q->form);
    q->n_form = 0;
    for (size_t i = 0; i < o->n; i++) {
        int field = map_field(m, o->keys[i]);
        if (field < 0)
            return err_field(e, ERR_INVALID, o->keys[i], tr(q, "there is no field \"%s\"", "没有字段“%s”"),
                             o->keys[i]);
        if (!api_writes(q, m, field))
            return err_field(e, ERR_INVALID, o->keys[i], tr(q, "\"%s\" is computed and cannot be sent",
                             "“%s”由系统计算，不可提交"), o->keys[i]);
        const char *text = value_text_of(q, &m->field[field], &o->items[i]);
        if (!text)
            return err_field(e, ERR_INVALID, o->keys[i], tr(q, "\"%s\" is sent as %s", "“%s”须为%s"), o->keys[i],
                             wanted_type(q, &m->field[field]));
        q->form[q->n_form++] = (struct web_param){ o->keys[i], text };
    }
    return true;
}

/* Without a type it is taken for JSON. */
static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    size_t n = sizeof json - 1;
    return !*type || (strncasecmp(type, json, n) == 0 && strchr("; \t", type[n]));
}

static struct json *read_body(struct request *q, struct response *r)
{
    struct json *out = NULL;
    struct err e = { .code = ERR_NONE };
    if (!is_json(q->type))
        page_error(q, r, 415, tr(q, "Send application/json.", "请以 application/json 提交。"));
    else if (!q->body_n)
        page_error(q, r, 400, tr(q, "The body is empty.", "请求内容为空。"));
    else if (!json_parse(&out, q->body, q->body_n, q->arena, &e))
        page_error(q, r, 400, e.message);
    return r->status == 200 ? out : NULL;
}

/* --- answers --- */

/* current: the row that is there instead, or NULL. */
static void problem(struct request *q, struct response *r, int status, const struct form *f, int row,
                    const struct val *current)
{
    struct json_out j;
    buf_clear(&r->body);
    r->status = status;
    r->type = "application/problem+json";
    json_start(&j, &r->body);
    json_object(&j);
    json_member_str(&j, "title", tr(q, "The record was not written", "记录未写入"));
    json_member_int(&j, "status", status);
    json_member_str(&j, "detail", f->faults ? f->fault[0].message : "");
    if (row >= 0) {
        json_member_int(&j, "row", row);
    }
    json_key(&j, "errors");
    json_array(&j);
    for (int i = 0; i < f->faults; i++) {
        if (f->fault[i].warns && f->refusing) continue;
        json_object(&j);
        json_member_str(&j, "field", f->fault[i].field >= 0 ? f->m->field[f->fault[i].field].name : NULL);
        json_member_str(&j, "message", f->fault[i].message);
        if (f->fault[i].warns) {
            json_key(&j, "warns");
            json_bool(&j, true);
        }
        json_end_object(&j);
    }
    json_end_array(&j);
    if (current) {
        json_key(&j, "current");
        record_json(q, &j, f->m, current);
    }
    json_end_object(&j);
}

static void written(struct json_out *j, const struct form *f)
{
    json_object(j);
    json_key(j, "id");
    json_id(j, f->row[ROW_ID].i);
    json_key(j, "county");
    json_id(j, f->row[ROW_COUNTY].i);
    json_member_str(j, "version", row_version(f->q, f->m, f->row));
    json_key(j, "draft");
    json_bool(j, f->missing > 0);
    json_key(j, "warnings");
    json_array(j);
    for (int i = 0; i < f->faults; i++)
        if (f->fault[i].warns) json_str(j, f->fault[i].message);
    json_end_array(j);
    json_end_object(j);
}

static int fault_status(enum err_code code)
{
    return code == ERR_CONFLICT ? 409 : code == ERR_FORBIDDEN ? 403 : 422;
}

static const char *api_url(struct request *q, const struct form *f)
{
    return arena_printf(q->arena, "/%s/api/v1/records/%s/%lld-%lld", q->zh ? "zh" : "en", f->m->entity->name,
                        (long long)f->row[ROW_COUNTY].i, (long long)f->row[ROW_ID].i);
}

/* --- writing --- */

struct batch { struct form **form; int n, at; enum row_act act; int64_t seen; };

static bool write_batch(struct tx *tx, void *arg, struct err *e)
{
    struct batch *b = arg;
    bool again;
    b->at = 0;
    if (b->act == ROW_INSERT && !form_key_take(tx, b->form, b->n, &again, e)) return false;
    for (b->at = 0; b->at < b->n; b->at++)
        if (!form_write(tx, b->form[b->at], b->act, b->seen, e)) return false;
    return true;
}

/* The row that a request met under its own key; NULL when there is none that may be seen. */
static const struct val *row_met(struct request *q, const struct form *f)
{
    struct val *row = arena_array(q->arena, ENTITY_MAX_COLUMNS + 1, sizeof *row);
    struct err e = { .code = ERR_NONE };
    bool found = false;
    if (!*q->idempotency) return NULL;
    bool ok = row_seen(q->seat->model, q->seat->db, q->scope, f->m, row_county(f->m, f->row), f->row[ROW_ID].i,
                       q->arena, row, &found, &e);
    return ok && found ? row : NULL;
}

static bool run(struct request *q, struct response *r, struct batch *b, bool many)
{
    struct err e = { .code = ERR_NONE };
    if (request_write(q, write_batch, b, &e)) return true;
    if (e.code != ERR_INVALID && e.code != ERR_CONFLICT && e.code != ERR_FORBIDDEN && e.code != ERR_NOT_FOUND) {
        page_fail(q, r, &e);
        return false;
    }
    int at = b->at < b->n ? b->at : b->n - 1;
    form_fail(b->form[at], &e);
    problem(q, r, fault_status(e.code), b->form[at], many ? at : -1,
            e.code == ERR_CONFLICT && b->act == ROW_INSERT ? row_met(q, b->form[at]) : NULL);
    return false;
}

static struct form *row_form(struct request *q, struct response *r, const struct table_map *m, const struct json *o,
                             int row)
{
    struct form *f = arena_alloc(q->arena, sizeof *f);
    struct err e = { .code = ERR_NONE };
    f->q = q;
    f->m = m;
    if (!take_fields(q, m, o, &e)) form_fail(f, &e);
    else form_from_post(f);
    if (f->refusing) {
        problem(q, r, 422, f, row, NULL);
        return NULL;
    }
    f->row[ROW_ID] = *q->idempotency ? val_int(form_key_id(q, m, row < 0 ? 0 : row)) : val_int(0);
    return f;
}

void api_insert(struct request *q, struct response *r)
{
    const struct table_map *m = form_wanted(q, r);
    struct json_out j;
    if (!m || !api_takes(q, r, api_insert_params, NULL)) return;
    if (strlen(q->idempotency) > KEY_MOST) {
        page_error(q, r, 400, tr(q, "Idempotency-Key has 1 to 200 characters.",
                                 "Idempotency-Key 须为 1 至 200 字符。"));
        return;
    }
    struct json *body = read_body(q, r);
    if (!body) return;
    bool many = body->type == JSON_ARRAY;
    int n = many ? (int)body->n : 1;
    if (n > API_MOST_ROWS || n == 0) {
        page_error(q, r, 413, tr(q, "A batch holds 1 to 1000 records.", "每批 1 至 1000 条。"));
        return;
    }
    struct batch b = { .form = arena_array(q->arena, (size_t)n, sizeof *b.form), .n = n, .act = ROW_INSERT };
    for (int i = 0; i < n; i++) {
        b.form[i] = row_form(q, r, m, many ? &body->items[i] : body, many ? i : -1);
        if (!b.form[i]) return;
    }
    if (!run(q, r, &b, many)) return;
    r->status = 201;
    r->type = "application/json";
    if (!many) r->location = api_url(q, b.form[0]);
    json_start(&j, &r->body);
    if (many) json_array(&j);
    for (int i = 0; i < n; i++) written(&j, b.form[i]);
    if (many) json_end_array(&j);
}

void form_answer_written(struct request *q, struct response *r, const struct form *f)
{
    struct json_out j;
    r->status = 201;
    r->type = "application/json";
    r->location = record_url(q, f->m, f->row[ROW_COUNTY].i, f->row[ROW_ID].i);
    json_start(&j, &r->body);
    written(&j, f);
}

void form_answer_refused(struct request *q, struct response *r, int status, const struct form *f)
{
    problem(q, r, status, f, -1, status == 409 ? row_met(q, f) : NULL);
}

void form_answer(struct request *q, struct response *r, const struct table_map *m)
{
    struct form *f = arena_alloc(q->arena, sizeof *f);
    struct batch b = { .form = &f, .n = 1, .act = ROW_INSERT };
    f->q = q;
    f->m = m;
    form_from_post(f);
    f->row[ROW_ID] = val_int(form_key_id(q, m, 0));
    if (f->refusing || (f->faults && !request_form(q, "warned"))) form_answer_refused(q, r, 422, f);
    else if (run(q, r, &b, false)) form_answer_written(q, r, f);
}

/* The row as it stands, and that the caller has read it. */
static bool open_row(struct request *q, struct response *r, struct form *f)
{
    struct err e = { .code = ERR_NONE };
    struct val *row = arena_array(q->arena, ENTITY_MAX_COLUMNS + 1, sizeof *row);
    f->q = q;
    f->m = form_wanted(q, r);
    if (!f->m || !api_takes(q, r, api_change_params, NULL)) return false;
    if (!record_read(q, f->m, q->capture[1], row, &e)) {
        page_fail(q, r, &e);
        return false;
    }
    f->old = row;
    if (!*q->if_match) {
        page_error(q, r, 428, tr(q, "Send the record's version in If-Match.", "请在 If-Match 中带上记录版本。"));
        return false;
    }
    if (strcmp(q->if_match, row_version(q, f->m, row)) == 0) return true;
    err_set(&e, ERR_CONFLICT, "%s", tr(q, "The record was changed since you read it.", "您读取之后记录已被更改。"));
    form_fail(f, &e);
    problem(q, r, 412, f, -1, row);
    return false;
}

void api_update(struct request *q, struct response *r)
{
    struct form *f = arena_alloc(q->arena, sizeof *f);
    struct err e = { .code = ERR_NONE };
    struct json_out j;
    if (!open_row(q, r, f)) return;
    struct json *body = read_body(q, r);
    if (!body) return;
    f->partial = true;
    if (!take_fields(q, f->m, body, &e)) form_fail(f, &e);
    else form_from_post(f);
    if (f->refusing) {
        problem(q, r, 422, f, -1, NULL);
        return;
    }
    struct batch b = { .form = &f, .n = 1, .act = ROW_UPDATE, .seen = f->old[f->m->columns].i };
    if (!run(q, r, &b, false)) return;
    r->type = "application/json";
    json_start(&j, &r->body);
    written(&j, f);
}

void api_delete(struct request *q, struct response *r)
{
    struct form *f = arena_alloc(q->arena, sizeof *f);
    if (!open_row(q, r, f)) return;
    memcpy(f->row, f->old, sizeof f->row[0] * (size_t)(f->m->columns + 1));
    struct batch b = { .form = &f, .n = 1, .act = ROW_DELETE, .seen = f->old[f->m->columns].i };
    if (run(q, r, &b, false)) r->status = 204;
}
