/* Forms as they are designed, and what they ask of each village. */
#include "programme/watch/burden.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/count.h"
#include "base/date.h"
#include "programme/fields.h"
#include "programme/guard/guard.h"
#include "programme/numbers.h"

static const struct field form_fields[] = {
    [ASKED_FORM_CODE] = FIELD_CODE,
    [ASKED_FORM_PLACE] = FIELD_PLACE,
    [ASKED_FORM_TITLE] = { .name = "title", .en = "Form", .zh = "表名", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 200,
        .help_en = "What the form is called.", .help_zh = "报表名称。" },
    [ASKED_FORM_ASKED_BY] = { .name = "asked_by", .en = "Asked by", .zh = "要求单位",
        .type = F_REF, .flags = F_REQUIRED | F_LIST, .ref = "organisation",
        .help_en = "The office that asks for it.", .help_zh = "要求填报的单位。" },
    [ASKED_FORM_UNIT_LEVEL] = { .name = "unit_level", .en = "Filled in by", .zh = "填报层级",
        .type = F_CODE, .flags = F_LIST, .list = "unit_level", .preset = "village",
        .help_en = "Which places inside the place fill it in.", .help_zh = "地区内由哪一级填报。" },
    [ASKED_FORM_FREQUENCY] = { .name = "frequency", .en = "How often", .zh = "频次",
        .type = F_CODE, .flags = F_REQUIRED | F_LIST, .list = "asked_frequency",
        .help_en = "Every day, week, month, quarter, year, or once.",
        .help_zh = "每日、每周、每月、每季、每年或一次。" },
};
_Static_assert(COUNT(form_fields) == ASKED_FORM_NCOLS, "one row per column");

const struct entity asked_form_entity = {
    .name = "asked_form", .en = "Form that is asked for", .zh = "填报要求", .room = "watch",
    .help_en = "A form that villages are asked to fill in: by whom, how often, from when to when.",
    .help_zh = "要求村填报的表：谁要、多久一次、起止日期。",
    .access = ACCESS_WORK,
    .number = NUMBER_ASKED_FORM, .reach = REACH_COUNTY, .flags = E_ADDRESSED,
    .fields = form_fields, .n = COUNT(form_fields),
};

static const struct field field_fields[] = {
    [ASKED_FIELD_CODE] = FIELD_CODE,
    [ASKED_FIELD_FORM] = { .name = "asked_form", .en = "Form", .zh = "所属表", .type = F_REF,
        .flags = F_REQUIRED | F_HOME | F_LIST, .ref = "asked_form",
        .help_en = "The form that it stands on.", .help_zh = "所属填报表。" },
    [ASKED_FIELD_TITLE] = { .name = "title", .en = "What is asked", .zh = "填报内容",
        .type = F_TEXT, .flags = F_REQUIRED | F_LIST, .max = 200,
        .help_en = "The field as the form has it.", .help_zh = "表中的填报项。" },
    [ASKED_FIELD_ENTITY] = { .name = "entity", .en = "Record type", .zh = "记录种类",
        .type = F_TEXT, .flags = F_LIST, .max = 60,
        .help_en = "The kind of record it is of, such as household; with the field's name.",
        .help_zh = "对应的记录种类，如 household，并填字段名。" },
    [ASKED_FIELD_FIELD] = { .name = "field", .en = "Field of the record", .zh = "记录字段",
        .type = F_TEXT, .flags = F_LIST, .max = 60,
        .help_en = "The field's name, such as phone.", .help_zh = "字段名，如 phone。" },
    [ASKED_FIELD_FIGURE] = { .name = "figure", .en = "Figure that gives it", .zh = "对应统计指标",
        .type = F_TEXT, .flags = F_LIST, .max = 100,
        .help_en = "The figure whose value it is.", .help_zh = "其值即为该统计指标。" },
    [ASKED_FIELD_FILLED] = { .name = "filled", .en = "Filled by the system", .zh = "系统填写",
        .type = F_BOOL, .flags = F_LIST, .preset = "0",
        .help_en = "The form shows the value that is known, and nobody types it.",
        .help_zh = "由系统带出已有数值，无须填写。" },
};
_Static_assert(COUNT(field_fields) == ASKED_FIELD_NCOLS, "one row per column");

static const struct check field_checks[] = {
    { .name = "AF01", .severity = CHECK_REFUSE,
      .holds = "(known(entity) and known(field)) or (not known(entity) and not known(field))",
      .en = "a record type and its field go together", .zh = "记录种类与字段须一并填写" },
};

const struct entity asked_field_entity = {
    .name = "asked_field", .en = "Field that is asked for", .zh = "填报项", .room = "watch",
    .help_en = "One field of a form, and where the system has its value.",
    .help_zh = "表中的一项及其在系统中的来源。",
    .access = ACCESS_WORK,
    .number = NUMBER_ASKED_FIELD, .reach = REACH_COUNTY,
    .fields = field_fields, .n = COUNT(field_fields),
    .checks = field_checks, .n_checks = COUNT(field_checks),
};

static const struct field answer_fields[] = {
    [FORM_ANSWER_PLACE] = { .name = "place", .en = "Answered for", .zh = "填报地区", .type = F_PLACE,
        .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST,
        .help_en = "The village, or other place, that answers.", .help_zh = "填报的村或其他地区。" },
    [FORM_ANSWER_FORM] = { .name = "asked_form", .en = "Form", .zh = "所填报表", .type = F_REF,
        .flags = F_REQUIRED | F_KEY | F_FAR | F_LIST, .ref = "asked_form",
        .help_en = "The form that was asked for.", .help_zh = "所要求的报表。" },
    [FORM_ANSWER_DUE_ON] = { .name = "due_on", .en = "For the day", .zh = "应报日期", .type = F_DATE,
        .flags = F_REQUIRED | F_KEY | F_LIST,
        .help_en = "The day on which it fell due.", .help_zh = "该次应报的截止日期。" },
    [FORM_ANSWER_ANSWERED_ON] = { .name = "answered_on", .en = "Answered on", .zh = "报送日期",
        .type = F_DATE, .flags = F_REQUIRED | F_LIST,
        .help_en = "The day on which it was handed in.", .help_zh = "实际报送日期。" },
    [FORM_ANSWER_ANSWER] = { .name = "answer", .en = "Answer", .zh = "填报内容", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .min = 1, .max = 2000,
        .help_en = "What is reported; or where the evidence lies, with its document as the source.",
        .help_zh = "填报内容；或说明佐证材料，材料填入来源。" },
};
_Static_assert(COUNT(answer_fields) == FORM_ANSWER_NCOLS, "one row per column");

/* Written by those who work in villages and those above them, not by helpers. */
const struct entity form_answer_entity = {
    .name = "form_answer", .en = "Answer to a form", .zh = "填报结果", .room = "watch",
    .help_en = "What a place handed in for a form on one day on which it fell due.",
    .help_zh = "某地区就某次应报报表所报送的内容。",
    .access = ACCESS_PEOPLE,
    .number = NUMBER_FORM_ANSWER, .reach = REACH_COUNTY,
    .fields = answer_fields, .n = COUNT(answer_fields),
};

/* --- at design time --- */

enum { AK_COUNTY, AK_ID, AK_CODE, AK_PLACE, AK_BY, AK_LEVEL, AK_OFTEN, AK_FROM, AK_TO, AK_TITLE };
enum { AN_FORM_COUNTY, AN_FORM, AN_PLACE, AN_DUE };
enum { AD_COUNTY, AD_ID, AD_FORM, AD_CODE, AD_TITLE, AD_ENTITY, AD_FIELD, AD_FIGURE, AD_FILLED, AD_LOAD };

static void touch(void *notes, const struct table_map *m, const struct val *before,
                  const struct val *after)
{
    (void)before;
    if (m->entity->number == NUMBER_ASKED_FIELD && after)
        guard_note(notes, NUMBER_ASKED_FIELD, after[ROW_COUNTY].i, after[ROW_ID].i);
    if (m->entity->number == NUMBER_FORM_ANSWER && after)
        guard_note(notes, NUMBER_FORM_ANSWER, after[ROW_COUNTY].i, after[ROW_ID].i);
}

/* Records of a kind inside a place: is there any, and does one lack the field? */
struct standing { const struct table_map *m; int field; struct place_range range; bool any, lacks; };

static bool look(void *arg, const struct val *row, int n, struct err *e)
{
    struct standing *s = arg;
    (void)n;
    struct val place = s->m->place >= 0 ? row[s->m->column[s->m->place]] : val_null();
    if (place.type == VAL_INT && (place.i < s->range.lo || place.i > s->range.hi)) return true;
    s->any = true;
    s->lacks = row[s->m->column[s->field]].type == VAL_NULL;
    return !s->lacks || err_set(e, ERR_CONFLICT, "one is enough");
}

static bool stands_there(struct db *d, struct standing *s, int64_t place, bool *all, struct err *e)
{
    s->range = place ? place_own_range(place) : (struct place_range){ 0, INT64_MAX };
    bool nation = s->m->entity->reach == REACH_NATION || !place;
    struct val v[2] = { val_int(nation ? 0 : s->range.lo / 1000000),
                        val_int(nation ? INT32_MAX : s->range.hi / 1000000) };
    bool ok = db_query(d, &s->m->stmts[ENTITY_SCAN], v, 2, look, s, e);
    if (!ok && s->lacks) *e = (struct err){ 0 }, ok = true;
    *all = s->any && !s->lacks;
    return ok;
}

static bool judge_field(struct db *d, const struct model *mo, const struct val *r, int64_t place,
                        struct err *e)
{
    const char *entity = row_text(r[AD_ENTITY]), *name = row_text(r[AD_FIELD]);
    struct standing s = { .m = model_find(mo, entity) };
    bool all;
    if (!s.m)
        return err_field(e, ERR_INVALID, "entity", "%s: there is no record type \"%s\"",
                         row_text(r[AD_CODE]), entity);
    s.field = map_field(s.m, name);
    if (s.field < 0)
        return err_field(e, ERR_INVALID, "field", "%s: %s has no field \"%s\"; `jiedui schema %s` shows them",
                         row_text(r[AD_CODE]), entity, name, entity);
    if (row_int(r[AD_FILLED])) return true;
    if (s.m->field[s.field].flags & F_COMPUTED)
        return err_field(e, ERR_INVALID, "field", "%s asks for %s.%s, which the system works out: mark it "
                         "filled instead", row_text(r[AD_CODE]), entity, name);
    if (!stands_there(d, &s, place, &all, e)) return false;
    return !all || err_field(e, ERR_INVALID, "field", "%s asks for %s.%s, which every record there has: "
                             "mark it filled instead", row_text(r[AD_CODE]), entity, name);
}

static bool judge_one(struct db *d, const struct model *mo, const struct figures *f,
                      const struct val *r, int64_t place, struct err *e)
{
    const char *figure = row_text(r[AD_FIGURE]);
    if (*figure && f && !figures_find(f, figure)) {
        const char *near = figures_nearest(f, figure);
        return err_field(e, ERR_INVALID, "figure", "%s: there is no figure \"%s\"%s%s%s", row_text(r[AD_CODE]),
                         figure, near ? " (perhaps \"" : "", near ? near : "", near ? "\"?)" : "");
    }
    if (*figure && !row_int(r[AD_FILLED]))
        return err_field(e, ERR_INVALID, "figure", "%s asks for what the figure %s gives: mark it filled instead",
                         row_text(r[AD_CODE]), figure);
    return !*row_text(r[AD_ENTITY]) || judge_field(d, mo, r, place, e);
}

/* --- an answer is of a place that was asked, for a day on which the form fell due --- */

static int level_asked(const struct val *form)
{
    static const char *const levels[] = { "nation", "province", "prefecture", "county", "township", "village" };
    for (int i = 1; i < COUNT(levels); i++)
        if (row_is(form[AK_LEVEL], levels[i])) return i;
    return 5;
}

static int64_t fell_due(const struct val *form, int32_t from, int32_t to)
{
    return burden_due(burden_often(form[AK_OFTEN]), row_date(form[AK_FROM], DATE_MIN),
                      row_date(form[AK_TO], DATE_MAX), from, to);
}

static bool judge_answer(struct db *d, const struct places *p, const struct val *answer, struct arena *a, struct err *e)
{
    struct val key[2] = { answer[AN_FORM_COUNTY], answer[AN_FORM] };
    struct rows r = { 0 };
    if (!rows_read(d, &watch_stmts.stmts[WATCH_FORM], key, 2, a, &r, e)) return false;
    if (!r.n) return true;
    const struct val *form = r.row[0];
    int64_t place = row_int(answer[AN_PLACE]), above = row_int(form[AK_PLACE]);
    struct place_range own = place_own_range(above);
    int32_t due = row_date(answer[AN_DUE], DATE_MIN);
    char name[256] = "the nation";
    if (above && !(p && p->name(p->arg, d, above, false, name, sizeof name)))
        snprintf(name, sizeof name, "%012lld", (long long)above);
    if (place_level(place) != level_asked(form) || (above && (place < own.lo || place > own.hi)))
        return err_field(e, ERR_INVALID, "place", "%s is not asked of this place: it is asked of each %s inside %s",
                         row_text(form[AK_CODE]), row_text(form[AK_LEVEL]), name);
    return fell_due(form, due, due) ||
           err_field(e, ERR_INVALID, "due_on", "%s did not fall due on that day", row_text(form[AK_CODE]));
}

static bool check_answers(struct tx *tx, const struct guard_touch *t, struct err *e)
{
    struct arena a = { 0 };
    struct rows r = { 0 };
    struct val load = val_int(t->published);
    struct db *d = tx_db(tx);
    bool ok = t->published < 0 || rows_read(d, &watch_stmts.stmts[WATCH_ANSWERS_LOADED], &load, 1, &a, &r, e);
    for (int i = 0; ok && i < r.n; i++) ok = judge_answer(d, t->model->places, r.row[i], &a, e);
    for (size_t i = 0; ok && i < t->n; i++) {
        struct val key[2] = { val_int(t->row[i].county), val_int(t->row[i].id) };
        if (t->row[i].entity != NUMBER_FORM_ANSWER) continue;
        ok = rows_read(d, &watch_stmts.stmts[WATCH_ANSWER], key, 2, &a, &r, e) &&
             (!r.n || judge_answer(d, t->model->places, r.row[0], &a, e));
    }
    arena_free(&a);
    return ok;
}

static bool check_fields(struct tx *tx, const struct figures *f, const struct guard_touch *t,
                         struct err *e)
{
    struct arena a = { 0 };
    struct rows forms, fields;
    struct db *d = tx_db(tx);
    int64_t any = 0;
    struct val load = val_int(t->published), nothing = val_int(-1);
    bool found = false, ok = true;
    for (size_t i = 0; i < t->n; i++) found |= t->row[i].entity == NUMBER_ASKED_FIELD;
    if (!found && t->published >= 0)
        ok = db_int(d, &watch_stmts.stmts[WATCH_ASKED_LOADED], &load, 1, &any, &found, e);
    if (ok && found)
        ok = rows_read(d, &watch_stmts.stmts[WATCH_ASKED_FORMS], &nothing, 1, &a, &forms, e) &&
             rows_read(d, &watch_stmts.stmts[WATCH_ASKED_FIELDS], &nothing, 1, &a, &fields, e);
    for (int i = 0; ok && found && i < fields.n; i++) {
        const struct val *r = fields.row[i];
        bool mine = t->published >= 0 && row_int(r[AD_LOAD]) == t->published;
        for (size_t k = 0; k < t->n && !mine; k++)
            mine = t->row[k].entity == NUMBER_ASKED_FIELD && t->row[k].id == row_int(r[AD_ID]) &&
                   t->row[k].county == row_int(r[AD_COUNTY]);
        const struct val *form = mine ? rows_find(&forms, row_int(r[AD_COUNTY]), row_int(r[AD_FORM])) : NULL;
        if (form) ok = judge_one(d, t->model, f, r, row_int(form[AK_PLACE]), e);
    }
    arena_free(&a);
    return ok;
}

static bool check(struct tx *tx, const struct figures *f, const struct guard_touch *t,
                  struct err *e)
{
    return check_fields(tx, f, t, e) && check_answers(tx, t, e);
}

const struct guard burden_guard = { .name = "burden", .touch = touch, .check = check };

/* --- what falls due --- */

static bool due_on(enum asked_often often, int32_t day, int32_t last)
{
    struct civil c = date_civil(day);
    bool month = c.day == date_days_in_month(c.year, c.month);
    switch (often) {
    case ASKED_DAILY: return true;
    case ASKED_WEEKLY: return ((day + 3) % 7 + 7) % 7 == 6;  /* day 0 is a Thursday */
    case ASKED_MONTHLY: return month;
    case ASKED_QUARTERLY: return month && c.month % 3 == 0;
    case ASKED_YEARLY: return month && c.month == 12;
    default: return day == last;
    }
}

int64_t burden_due(enum asked_often often, int32_t form_from, int32_t form_to, int32_t from,
                   int32_t to)
{
    int64_t n = 0;
    for (int32_t day = from > form_from ? from : form_from; day <= to && day <= form_to; day++)
        n += due_on(often, day, form_to != DATE_MAX ? form_to : form_from);
    return n;
}

int32_t burden_round(enum asked_often often, int32_t form_from, int32_t form_to, int32_t on, int ahead)
{
    for (int32_t day = on; day > on - 31; day--)
        if (burden_due(often, form_from, form_to, day, day)) return day;
    for (int32_t day = on + 1; day <= on + ahead; day++)
        if (burden_due(often, form_from, form_to, day, day)) return day;
    return DATE_MAX;
}

struct asking { const struct watch *w; struct rows forms, fields; };

enum asked_often burden_often(struct val v)
{
    static const char *const words[] = { "once", "daily", "weekly", "monthly", "quarterly", "yearly" };
    for (int i = 0; i < COUNT(words); i++)
        if (row_is(v, words[i])) return (enum asked_often)i;
    return ASKED_ONCE;
}

static int64_t due(const struct val *form, int64_t village, int32_t week)
{
    int64_t place = row_int(form[AK_PLACE]);
    struct place_range r = place_own_range(place);
    if (!row_is(form[AK_LEVEL], "village") || (place && (village < r.lo || village > r.hi))) return 0;
    return burden_due(burden_often(form[AK_OFTEN]), row_date(form[AK_FROM], DATE_MIN),
                      row_date(form[AK_TO], DATE_MAX), week, week + 6);
}

static bool same_value(const struct val *a, const struct val *b)
{
    if (a[AD_ENTITY].type == VAL_TEXT && b[AD_ENTITY].type == VAL_TEXT)
        return val_equal(a[AD_ENTITY], b[AD_ENTITY]) && val_equal(a[AD_FIELD], b[AD_FIELD]);
    return val_equal(a[AD_TITLE], b[AD_TITLE]);
}

/* Fields of one form, of times times that it is due in the week of a village. */
static void add_form(const struct asking *x, int form, int64_t village, int64_t times,
                     struct burden *b)
{
    const struct val *f = x->forms.row[form];
    b->forms++;
    for (int i = 0; i < x->fields.n; i++) {
        const struct val *r = x->fields.row[i];
        if (row_int(r[AD_FORM]) != row_int(f[AK_ID]) || row_int(r[AD_COUNTY]) != row_int(f[AK_COUNTY]))
            continue;
        *(row_int(r[AD_FILLED]) ? &b->filled : &b->fields) += times;
        bool again = false;
        for (int k = 0; k < x->fields.n && !again && !row_int(r[AD_FILLED]); k++) {
            const struct val *o = x->fields.row[k];
            const struct val *of = row_int(o[AD_FORM]) == row_int(f[AK_ID]) || row_int(o[AD_FILLED]) ? NULL
                : same_value(r, o) ? rows_find(&x->forms, row_int(o[AD_COUNTY]), row_int(o[AD_FORM])) : NULL;
            again = of && due(of, village, b->week) > 0;
        }
        b->again += again ? times : 0;
    }
}

static int by_org(const void *a, const void *b)
{
    const struct burden *x = a, *y = b;
    return x->org < y->org ? -1 : x->org > y->org;
}

static bool tell_week(const struct asking *x, int64_t village, int32_t week, burden_fn *fn, void *arg,
                      struct err *e)
{
    struct burden *all = arena_array(x->w->a, (size_t)x->forms.n + 1, sizeof *all);
    int n = 0;
    for (int i = 0; i < x->forms.n; i++) {
        int64_t times = due(x->forms.row[i], village, week), org = row_int(x->forms.row[i][AK_BY]);
        int at = 0;
        if (!times) continue;
        while (at < n && all[at].org != org) at++;
        if (at == n) all[n++] = (struct burden){ .place = village, .week = week, .org = org };
        add_form(x, i, village, times, &all[at]);
    }
    qsort(all, (size_t)n, sizeof *all, by_org);
    for (int i = 0; i < n; i++)
        if (!fn(arg, &all[i], e)) return false;
    return true;
}

static int by_place(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* The counties in which any form asks: what lies elsewhere is not read. */
static struct watch asked_part(const struct asking *x)
{
    struct watch part = *x->w;
    int64_t lo = part.hi, hi = part.lo;
    for (int i = 0; i < x->forms.n; i++) {
        int64_t place = row_int(x->forms.row[i][AK_PLACE]);
        struct place_range own = place_own_range(place);
        if (!place) return part;
        if (own.lo / 1000000 < lo) lo = own.lo / 1000000;
        if (own.hi / 1000000 > hi) hi = own.hi / 1000000;
    }
    if (lo > part.lo) part.lo = lo;
    if (hi < part.hi) part.hi = hi;
    return part;
}

/* Villages on record where a form asks: with households, listed, on the roster, or named by a form. */
static bool villages(const struct asking *x, int64_t **out, int *n, struct err *e)
{
    static const struct { enum watch_stmt s; int col; bool day; } from[] = {
        { WATCH_HOUSEHOLDS, 0, true }, { WATCH_LISTINGS, 2, false }, { WATCH_HELPED, 2, false } };
    struct rows r[COUNT(from) + 1];
    struct val on = val_int(x->w->on);
    const struct watch part = asked_part(x);
    size_t cap = (size_t)x->forms.n + 1;
    for (int i = 0; i < COUNT(from); i++) {
        if (!watch_read_inside(&part, from[i].s, &on, from[i].day, &r[i], e)) return false;
        cap += (size_t)r[i].n;
    }
    int64_t *at = arena_array(x->w->a, cap, sizeof *at);
    int k = 0, m = 0;
    for (int i = 0; i < COUNT(from); i++)
        for (int j = 0; j < r[i].n; j++) at[k++] = row_int(r[i].row[j][from[i].col]);
    for (int j = 0; j < x->forms.n; j++) at[k++] = row_int(x->forms.row[j][AK_PLACE]);
    if (place_level(x->w->place) == 5) at[0] = x->w->place, k = 1;
    qsort(at, (size_t)k, sizeof *at, by_place);
    for (int i = 0; i < k; i++)
        if (place_level(at[i]) == 5 && watch_inside(x->w, at[i]) && (!m || at[m - 1] != at[i])) at[m++] = at[i];
    *out = at;
    *n = m;
    return true;
}

/* --- who has answered --- */

/* Of the villages, the places of the form's level inside its own place. */
static int places_asked(const struct val *form, const int64_t *village, int n, int64_t *out)
{
    struct place_range own = place_own_range(row_int(form[AK_PLACE]));
    int k = 0, level = level_asked(form);
    for (int i = 0; i < n; i++) {
        int64_t place = place_up(village[i], level);
        bool in = !row_int(form[AK_PLACE]) || (place >= own.lo && place <= own.hi);
        if (in && (!k || out[k - 1] != place)) out[k++] = place;
    }
    return k;
}

static bool tell_answers(const struct asking *x, const struct val *form, const struct rows *answers,
                         const int64_t *village, int n, int32_t due, burden_answers_fn *fn, void *arg, struct err *e)
{
    int64_t *asked = arena_array(x->w->a, (size_t)n + 1, sizeof *asked);
    bool *done = arena_array(x->w->a, (size_t)n + 1, sizeof *done);
    struct burden_answers b = { .county = row_int(form[AK_COUNTY]), .id = row_int(form[AK_ID]),
        .place = row_int(form[AK_PLACE]), .org = row_int(form[AK_BY]), .code = row_text(form[AK_CODE]),
        .title = row_text(form[AK_TITLE]), .due = due, .asked = asked, .done = done };
    b.n = places_asked(form, village, n, asked);
    for (int i = 0; i < answers->n; i++) {
        const struct val *r = answers->row[i];
        if (row_int(r[AN_FORM]) != b.id || row_int(r[AN_FORM_COUNTY]) != b.county || row_date(r[AN_DUE], 0) != due)
            continue;
        const int64_t place = row_int(r[AN_PLACE]), *at = bsearch(&place, asked, (size_t)b.n, sizeof *asked, by_place);
        if (!at || done[at - asked]) continue;
        done[at - asked] = true;
        b.answered++;
    }
    return fn(arg, &b, e);
}

bool burden_answers(const struct watch *w, int ahead, burden_answers_fn *fn, void *arg, struct err *e)
{
    struct asking x = { .w = w };
    struct rows answers;
    struct val since = val_int(w->on - 31);
    int64_t *village;
    int n;
    if (!watch_read(w, WATCH_ASKED_FORMS, NULL, 0, &x.forms, e)) return false;
    if (!x.forms.n) return true;
    if (!watch_read(w, WATCH_ANSWERS, &since, 1, &answers, e) || !villages(&x, &village, &n, e)) return false;
    for (int i = 0; i < x.forms.n; i++) {
        const struct val *form = x.forms.row[i];
        int32_t due = burden_round(burden_often(form[AK_OFTEN]), row_date(form[AK_FROM], DATE_MIN),
                                   row_date(form[AK_TO], DATE_MAX), w->on, ahead);
        if (due != DATE_MAX && !tell_answers(&x, form, &answers, village, n, due, fn, arg, e)) return false;
    }
    return true;
}

bool burden_read(const struct watch *w, int32_t from, burden_fn *fn, void *arg, struct err *e)
{
    struct asking x = { .w = w };
    int64_t *place;
    int n;
    if (!watch_read(w, WATCH_ASKED_FORMS, NULL, 0, &x.forms, e)) return false;
    if (!x.forms.n) return true;
    if (!watch_read(w, WATCH_ASKED_FIELDS, NULL, 0, &x.fields, e) || !villages(&x, &place, &n, e)) return false;
    int32_t monday = from - ((from + 3) % 7 + 7) % 7;
    for (int i = 0; i < n; i++)
        for (int32_t week = monday; week <= w->on; week += 7)
            if (!tell_week(&x, place[i], week, fn, arg, e)) return false;
    return true;
}
