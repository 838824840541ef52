#include "pages/form.h"
#include "web/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/id.h"
#include "programme/access/access.h"
#include "programme/money/paper.h"
#include "store/journal.h"

enum { LONG_TEXT = 300, FEW_CODES = 60 };

bool form_open(const struct request *q, const struct table_map *m)
{
    return scope_kind(q->scope, m) && scope_writes(q->scope, m) && !(m->entity->flags & (E_MADE | E_OWN));
}

bool form_asks(const struct form *f, int field)
{
    const struct field *x = &f->m->field[field];
    return !(x->flags & F_COMPUTED) && !x->copies;
}

static bool masked(const struct form *f, int field)
{
    return (f->m->field[field].flags & F_PERSONAL) && !scope_field(f->q->scope, f->q->seat->model, f->m, field);
}

static const char *label_of(const struct form *f, int field)
{
    return f->q->zh ? f->m->field[field].zh : f->m->field[field].en;
}

/* --- text --- */

/* A place by its name where that name says which; else by its code. */
static const char *place_text(const struct form *f, int64_t code)
{
    const struct places *p = f->q->seat->model->places;
    const char *name = place_full(f->q, code);
    struct err ignored = { .code = ERR_NONE };
    int64_t back = 0;
    if (p && p->resolve(p->arg, f->q->seat->db, name, strlen(name), &back, &ignored) && back == code) return name;
    return arena_printf(f->q->arena, "%012lld", (long long)code);
}

static const char *text_of(const struct form *f, int field, const struct val *row)
{
    struct val v = row[f->m->column[field]];
    if (v.type == VAL_NULL || masked(f, field)) return "";
    if (f->m->field[field].type == F_PLACE) return place_text(f, v.i);
    return field_write(f->q->seat->model, f->m, field, row, f->q->seat->db, f->q->arena);
}

/* What an address gives: of a place its code, which nobody reads. */
static const char *given_text(const struct form *f, int field, const char *given)
{
    int64_t code;
    if (f->m->field[field].type != F_PLACE || strlen(given) != 12 || !id_parse(given, 12, &code)) return given;
    return place_text(f, code);
}

void form_from_row(struct form *f)
{
    for (int i = 0; i < f->m->fields; i++) {
        if (!form_asks(f, i)) continue;
        const char *given = f->old ? NULL : request_param(f->q, f->m->field[i].name);
        const char *preset = f->m->field[i].preset;
        f->text[i] = f->old ? text_of(f, i, f->old) : given ? given_text(f, i, given) : preset ? preset : "";
    }
}

/* --- what was sent --- */

static void add_fault(struct form *f, int field, bool warns, const char *message)
{
    if (f->faults < FORM_FAULTS)
        f->fault[f->faults++] = (struct form_fault){ field, warns, arena_strdup(f->q->arena, message) };
    if (!warns) f->refusing++;
}

/* Several boxes of one name are the codes of one field. */
static const char *sent(const struct form *f, int field)
{
    const struct field *x = &f->m->field[field];
    struct buf b;
    buf_init(&b, 1 << 16);
    for (int i = 0; i < f->q->n_form; i++) {
        if (strcmp(f->q->form[i].name, x->name) || !*f->q->form[i].value) continue;
        buf_printf(&b, "%s%s", b.n ? ";" : "", f->q->form[i].value);
        if (!(x->flags & F_MULTI)) break;
    }
    const char *out = arena_strndup(f->q->arena, b.n ? b.p : "", b.n);
    buf_free(&b);
    return out;
}

static void keep_old(struct form *f, int field)
{
    const struct table_map *m = f->m;
    f->row[m->column[field]] = f->old ? f->old[m->column[field]] : val_null();
    if (m->county_column[field] >= 0)
        f->row[m->county_column[field]] = f->old ? f->old[m->county_column[field]] : val_null();
}

static bool read_text(struct form *f, int field, const char *s, struct err *e)
{
    return field_read(f->q->seat->model, f->m, field, s, strlen(s), f->q->seat->db, f->row, f->q->arena, e);
}

static bool was_sent(const struct form *f, int field)
{
    for (int i = 0; i < f->q->n_form; i++)
        if (!strcmp(f->q->form[i].name, f->m->field[field].name)) return true;
    return false;
}

/* What is referred to must be a row that the writer sees; what stood there before may stay. */
static void check_ref(struct form *f, int field)
{
    const struct table_map *m = f->m, *to;
    struct val now = f->row[m->column[field]], row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    bool found = false;
    if (m->field[field].type != F_REF || now.type != VAL_INT) return;
    if (f->old && val_equal(f->old[m->column[field]], now)) return;
    to = model_find(f->q->seat->model, m->field[field].ref);
    int64_t county = ref_county(f->q, m, field, f->row);
    bool read = to && row_seen(f->q->seat->model, f->q->seat->db, f->q->scope, to, county, now.i, f->q->arena, row,
                               &found, &e);
    if (read && found) return;
    add_fault(f, field, false, arena_printf(f->q->arena, tr(f->q, "there is no %s \"%s\"", "没有%s“%s”"),
              to ? entity_label(f->q, to->entity) : "", f->text[field]));
}

static void read_one(struct form *f, int field)
{
    struct err e = { .code = ERR_NONE };
    if (f->partial && !was_sent(f, field)) {
        keep_old(f, field);
        return;
    }
    f->text[field] = sent(f, field);
    if (f->old && masked(f, field) && !*f->text[field]) {
        keep_old(f, field);
        return;
    }
    if (read_text(f, field, f->text[field], &e)) {
        check_ref(f, field);
        return;
    }
    const struct field *x = &f->m->field[field];
    const char *key = x->type == F_REF && e.code == ERR_NOT_FOUND ? ref_by_name(f->q, x, f->text[field], &e) : NULL;
    if (!key || !read_text(f, field, key, &e)) add_fault(f, field, false, e.message);
    else check_ref(f, field);
}

/* A declared check has its words in both languages; what every entity asks has them here. */
static const char *fault_text(const struct form *f, const struct row_fault *x)
{
    const struct entity *en = f->m->entity;
    if (!f->q->zh) return x->message;
    if (!strcmp(x->check, "required")) return "必须填写";
    for (int i = 0; i < en->n_checks; i++)
        if (!strcmp(en->checks[i].name, x->check) && en->checks[i].zh) return en->checks[i].zh;
    return x->message;
}

static void check_row(struct form *f)
{
    struct row_fault fault[FORM_FAULTS];
    int refusing = 0;
    int n = row_check(f->q->seat->model, f->m, f->row, f->q->arena, fault, FORM_FAULTS, &refusing, &f->missing);
    for (int i = 0; i < n && i < FORM_FAULTS; i++)
        add_fault(f, fault[i].field, fault[i].severity == CHECK_WARN, fault_text(f, &fault[i]));
}

bool form_from_post(struct form *f)
{
    const struct table_map *m = f->m;
    for (int i = 0; i <= m->columns; i++) f->row[i] = f->old ? f->old[i] : val_null();
    if (!f->old && m->entity->reach == REACH_NATION) f->row[ROW_COUNTY] = val_int(0);
    if (m->home >= 0 && form_asks(f, m->home)) read_one(f, m->home);
    for (int i = 0; i < m->fields; i++)
        if (i != m->home && form_asks(f, i)) read_one(f, i);
    if (!f->refusing) check_row(f);
    if (!f->refusing && f->old && rule_ends_untold(m, f->old, f->row))
        add_fault(f, map_field(m, "note"), false, tr(f->q, "A rule does not end without a reason: say in the note why.",
                                                     "规则不能无故终止：请在备注中说明原因。"));
    return !f->refusing;
}

bool form_read_some(struct form *f, const int *field, int n)
{
    for (int i = 0; i < n; i++) read_one(f, field[i]);
    return !f->refusing;
}

void form_fail(struct form *f, const struct err *e)
{
    int field = *e->field ? map_field(f->m, e->field) : -1;
    add_fault(f, field, false, e->message);
}

/* --- writing --- */

const struct table_map *form_wanted(struct request *q, struct response *r)
{
    const struct table_map *m = kind_wanted(q, r);
    if (!m || form_open(q, m)) return m;
    page_error(q, r, 403, tr(q, "Your role may not write records of this kind here.",
                             "您的角色不能在此填报这种记录。"));
    return NULL;
}

const char *row_version(struct request *q, const struct table_map *m, const struct val *row)
{
    return arena_printf(q->arena, "%lld", (long long)row[m->columns].i);
}

int64_t form_key_id(const struct request *q, const struct table_map *m, int row)
{
    struct digest d;
    unsigned char out[DIGEST_LEN];
    int64_t id = 0, parts[3] = { q->user->account, m->entity->number, row };
    digest_init(&d);
    digest_add(&d, q->idempotency, strlen(q->idempotency));
    digest_add(&d, parts, sizeof parts);
    digest_done(&d, out);
    for (int i = 0; i < 8; i++) id = (int64_t)((uint64_t)id << 8 | out[i]);
    return (id & INT64_MAX) | INT64_C(1) << 61;
}

/* All that is read of a row but its id, which is the key's. */
static void add_row(struct digest *d, const struct form *f)
{
    digest_add(d, &f->m->entity->number, sizeof f->m->entity->number);
    for (int i = 0; i < f->m->columns; i++) {
        struct val v = f->row[i];
        int64_t head[3] = { i, v.type, v.type == VAL_INT ? v.i : (int64_t)v.n };
        if (v.type == VAL_NULL || i < ROW_FIRST) continue;
        digest_add(d, head, sizeof head);
        if (v.type == VAL_TEXT) digest_add(d, v.p, v.n);
    }
}

bool form_key_take(struct tx *tx, struct form *const *form, int n, bool *again, struct err *e)
{
    unsigned char out[DIGEST_LEN];
    struct digest d;
    *again = false;
    if (!n || !*form[0]->q->idempotency) return true;
    digest_init(&d);
    for (int i = 0; i < n; i++) add_row(&d, form[i]);
    digest_done(&d, out);
    return key_take(tx, form[0]->q, out, again, e);
}

static bool any_entry(void *arg, const struct journal_row *j, struct err *e)
{
    (void)e;
    *(bool *)arg = j->id != 0;
    return true;
}

/* What was written under this key and deleted since is not written again. */
static bool still_there(struct tx *tx, const struct form *f, struct err *e)
{
    struct arena a = { 0 };
    struct val row[ENTITY_MAX_COLUMNS + 1];
    int64_t county = row_county(f->m, f->row), id = f->row[ROW_ID].i;
    bool there = false, written = false;
    bool ok = row_get(tx_db(tx), f->m, county, id, &a, row, &there, e) &&
              (there || journal_of(tx_db(tx), f->m->entity->number, county, id, any_entry, &written, e));
    arena_free(&a);
    if (!ok || there || !written) return ok;
    return err_set(e, ERR_CONFLICT, "%s", tr(f->q, "it was received before, and has been deleted since",
                                             "此记录已收到过，后被删除"));
}

bool form_write(struct tx *tx, struct form *f, enum row_act act, int64_t seen, struct err *e)
{
    const struct model *mo = f->q->seat->model;
    const struct table_map *m = f->m;
    struct val now[ENTITY_MAX_COLUMNS + 1], row[ENTITY_MAX_COLUMNS + 1];
    bool found = false;
    if (act == ROW_INSERT && *f->q->idempotency && !still_there(tx, f, e)) return false;
    memcpy(row, f->row, sizeof *row * (size_t)(m->columns + 1));
    bool ok = act == ROW_INSERT ? row_insert(tx, mo, m, row, e)
            : act == ROW_UPDATE ? row_update(tx, mo, m, row, seen, e)
            : row_delete(tx, mo, m, row[ROW_COUNTY].i, row[ROW_ID].i, seen, e);
    if (!ok || act == ROW_DELETE) return ok;
    f->row[ROW_COUNTY] = row[ROW_COUNTY];
    f->row[ROW_ID] = row[ROW_ID];
    f->row[m->columns] = row[m->columns];
    if (!row_seen(mo, tx_db(tx), f->q->scope, m, row[ROW_COUNTY].i, row[ROW_ID].i, f->q->arena, now, &found, e))
        return false;
    return found || err_set(e, ERR_FORBIDDEN, "%s", tr(f->q, "This lies outside what your account may write.",
                                                       "超出您的账户可填报的范围。"));
}

/* --- the page's part --- */

void form_faults(struct form *f, struct buf *b)
{
    struct request *q = f->q;
    if (!f->faults) return;
    form_summary_begin(b, !f->refusing,
         f->refusing ? tr(q, "Nothing was saved: this must be put right", "未保存，请先更正")
         : f->missing ? tr(q, "Not complete: it can be kept as a draft", "内容不全，可存为草稿")
                      : tr(q, "This looks unusual: save it if it is true", "以下内容少见，确认无误可保存"));
    for (int i = 0; i < f->faults; i++) {
        const struct form_fault *x = &f->fault[i];
        bool one = x->field >= 0;
        form_summary_line(q, b, one ? f->m->field[x->field].name : NULL, one ? label_of(f, x->field) : NULL,
                          x->message);
    }
    form_summary_end(b);
}

static const char *code_text(const struct form *f, const struct code *c)
{
    return f->q->zh || !c->en || !*c->en ? c->zh : c->en;
}

static void select_codes(struct form *f, struct buf *b, const struct form_field *x, const struct code *code, int n)
{
    struct form_choice choice[FEW_CODES + 1] = { { "", "–" } };
    for (int i = 0; i < n; i++) choice[i + 1] = (struct form_choice){ code[i].code, code_text(f, &code[i]) };
    form_choose(b, x, choice, n + 1);
}

/* Is the code among "01;03"? */
static bool listed(const char *list, const char *code)
{
    size_t n = strlen(code);
    for (const char *p = list; *p; p += strcspn(p, ";"), p += *p == ';')
        if (strcspn(p, ";") == n && !strncmp(p, code, n)) return true;
    return false;
}

static void box_codes(struct form *f, struct buf *b, int field, const struct code *code, int n)
{
    html(b, "<div class=\"boxes\" id=\"f-%s\">", f->m->field[field].name);
    for (int i = 0; i < n; i++)
        html(b, "<label class=\"box\"><input type=\"checkbox\" name=\"%s\" value=\"%s\"%s><span>%s</span></label>",
             f->m->field[field].name, code[i].code, listed(f->text[field], code[i].code) ? " checked" : "",
             code_text(f, &code[i]));
    html_raw(b, "</div>");
}

static void select_bool(struct form *f, struct buf *b, struct form_field x)
{
    const struct form_choice choice[] = { { "", "–" }, { "1", tr(f->q, "yes", "是") }, { "0", tr(f->q, "no", "否") } };
    if (!strcmp(x.value, "true") || !strcmp(x.value, "yes")) x.value = "1";
    if (!strcmp(x.value, "false") || !strcmp(x.value, "no")) x.value = "0";
    form_choose(b, &x, choice, COUNT(choice));
}

static const char *hint_of(const struct form *f, const struct field *x)
{
    struct request *q = f->q;
    if (x->type == F_MONEY) return tr(q, "As in 1234.50 or 67.9万.", "如 1234.50、67.9万。");
    if (x->type == F_DATE)
        return x->flags & (F_FROM | F_TO) ? tr(q, "As in 2020-05-27; 2020-05 or 2020 will do.",
                                               "如 2020-05-27，也可只写 2020-05 或 2020。")
                                          : tr(q, "As in 2020-05-27.", "如 2020-05-27。");
    if (x->type == F_PLACE) 
        return tr(q, "A name will do, with its county where several bear it.", "写地名即可，重名时加上级地名。");
    if (x->type == F_REF) {
        const struct table_map *to = model_find(q->seat->model, x->ref);
        return to ? arena_printf(q->arena, tr(q, "The %s's name or code.", "%s的名称或编号。"),
                                 entity_label(q, to->entity)) : "";
    }
    return "";
}

static void control(struct form *f, struct buf *b, int field, const struct form_field *x)
{
    const struct field *of = &f->m->field[field];
    int n = 0;
    const struct code *code = of->type == F_CODE ? codes_list(f->q->seat->model->codes, of->list, &n) : NULL;
    if (code && n <= FEW_CODES && (of->flags & F_MULTI)) box_codes(f, b, field, code, n);
    else if (code && n <= FEW_CODES) select_codes(f, b, x, code, n);
    else if (of->type == F_BOOL) select_bool(f, b, *x);
    else form_control(b, x);
}

/* What is wrong with a field, or only unusual; NULL when nothing is. */
static const char *faults_of(const struct form *f, int field, bool warns)
{
    const char *out = NULL;
    for (int i = 0; i < f->faults; i++)
        if (f->fault[i].field == field && f->fault[i].warns == warns)
            out = out ? arena_printf(f->q->arena, "%s %s", out, f->fault[i].message) : f->fault[i].message;
    return out;
}

static void field_line(struct form *f, struct buf *b, int field)
{
    const struct field *of = &f->m->field[field];
    struct request *q = f->q;
    const char *help = q->zh ? of->help_zh : of->help_en, *hint = hint_of(f, of);
    const struct form_field x = { .name = of->name, .label = label_of(f, field), .value = f->text[field],
        .type = of->type == F_TEXT && of->max > LONG_TEXT ? "area" : NULL,
        .mark = of->flags & F_REQUIRED ? tr(q, "required", "必填") : NULL,
        .unit = of->unit && strcmp(of->unit, "yuan") ? unit_name(q, of->unit, 2) : NULL,
        .hint = arena_printf(q->arena, "%s%s%s", help ? help : "", help && *hint ? " " : "", hint),
        .note = f->old && masked(f, field) ? tr(q, "Masked: leave it empty to keep what is there.",
                                                "已遮蔽：留空则保持不变。") : NULL,
        .wrong = faults_of(f, field, false), .warns = faults_of(f, field, true),
        .mode = of->type == F_INT || of->type == F_DECIMAL ? "decimal" : NULL,
        .list = of->type == F_REF ? arena_printf(q->arena, "d-%s", of->ref) : NULL };
    form_head(b, &x);
    control(f, b, field, &x);
    html_raw(b, "</div>");
}

/* How far back a field stands: what it is about first, then how it is known. */
static int part_of(const struct form *f, int field)
{
    const struct table_map *m = f->m;
    if (m->common >= 0 && field >= m->common) return 2;
    if (m->fact >= 0 && field >= m->fact) return 1;
    return 0;
}

void form_kept(struct request *q, struct buf *b, const struct table_map *m, const char *title, const char *sheet)
{
    if (!(m->entity->flags & E_AWAY) || !who_open(WHO_AWAY, q->user)) return;
    html(b, "<input type=\"hidden\" data-outbox=\"%s\" data-label=\"%s\" data-title=\"%s\" data-sheet=\"%s\">",
         m->entity->name, entity_label(q, m->entity), title, sheet);
}

void form_some_fields(struct form *f, struct buf *b, const int *field, int n)
{
    for (int i = 0; i < n; i++) field_line(f, b, field[i]);
}

void form_fields(struct form *f, struct buf *b)
{
    struct request *q = f->q;
    const char *const title[] = { "", tr(q, "How exactly it is known", "确切程度"),
                                  tr(q, "When, and on what it rests", "时间与依据") };
    form_suggestions(f, b);
    for (int part = 0; part < 3; part++) {
        bool any = false;
        for (int i = 0; i < f->m->fields; i++) {
            if (!form_asks(f, i) || part_of(f, i) != part) continue;
            if (!any) html(b, "<fieldset class=\"form-part\"><legend>%s</legend>", part ? title[part]
                           : entity_label(q, f->m->entity));
            any = true;
            field_line(f, b, i);
        }
        if (any) html_raw(b, "</fieldset>");
    }
}
