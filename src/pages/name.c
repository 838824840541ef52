/* What things are called, and how one value is shown. */
#include "pages/face.h"

#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/id.h"
#include "base/money.h"

/* The rows of a list lie in few places and come from few documents: what was asked for in this answer is not
 * asked for again. Kind 0 are places. */
enum { NAME_SLOTS = 128 };
struct name_slot { int64_t kind, county, id; const char *text; bool seen; };

static struct name_slot *slot_of(struct request *q, int64_t kind, int64_t county, int64_t id)
{
    const int64_t key[3] = { kind, county, id };
    if (!q->names) q->names = arena_array(q->arena, NAME_SLOTS, sizeof *q->names);
    struct name_slot *slot = &q->names[hash_bytes(key, sizeof key, 0) % NAME_SLOTS];
    if (slot->text && (slot->kind != kind || slot->county != county || slot->id != id)) slot->text = NULL;
    slot->kind = kind;
    slot->county = county;
    slot->id = id;
    return slot;
}

static const char *read_name(struct request *q, int64_t code)
{
    char name[256];
    const struct places *p = q->seat->model->places;
    if (p && p->name(p->arg, q->seat->db, code, q->zh, name, sizeof name) && *name)
        return arena_strdup(q->arena, name);
    return arena_printf(q->arena, "%012lld", (long long)code);
}

const char *place_name(struct request *q, int64_t code)
{
    if (!code) return tr(q, "all places", "全部地区");
    struct name_slot *slot = slot_of(q, 0, 0, code);
    if (!slot->text) slot->text = read_name(q, code);
    return slot->text;
}

bool place_is_bracket(struct request *q, int64_t code)
{
    static const char *const names[] = { "市辖区", "县", "省直辖县级行政区划",
                                         "自治区直辖县级行政区划" };
    const struct places *p = q->seat->model->places;
    char name[256];
    if (!p->name(p->arg, q->seat->db, code, true, name, sizeof name)) return false;
    for (int i = 0; i < COUNT(names); i++)
        if (strcmp(name, names[i]) == 0) return true;
    return false;
}

const char *place_full(struct request *q, int64_t code)
{
    const char *out = NULL;
    if (!code) return place_name(q, 0);
    for (int level = 1; level <= place_level(code); level++) {
        int64_t up = place_up(code, level);
        if (level > 1 && up == place_up(code, level - 1)) continue;
        if (level < place_level(code) && place_is_bracket(q, up)) continue;
        const char *name = place_name(q, up);
        out = !out ? name : q->zh ? arena_printf(q->arena, "%s%s", out, name)
                                  : arena_printf(q->arena, "%s / %s", out, name);
    }
    return out ? out : place_name(q, code);
}

const char *level_name(const struct request *q, int level, bool many)
{
    static const char *const en[][2] = { { "nation", "nations" }, { "province", "provinces" },
        { "prefecture", "prefectures" }, { "county", "counties" }, { "township", "townships" },
        { "village", "villages" } };
    static const char *const zh[] = { "全国", "省级", "地市", "县区", "乡镇", "村" };
    return q->zh ? zh[level] : en[level][many];
}

const char *entity_label(const struct request *q, const struct entity *en)
{
    return q->zh ? en->zh : en->en;
}

static const char *text_at(const struct table_map *m, const struct val *row, const char *name)
{
    int f = map_field(m, name);
    if (f < 0 || m->field[f].type != F_TEXT || (m->field[f].flags & F_PERSONAL)) return NULL;
    struct val v = row[m->column[f]];
    return v.type == VAL_TEXT && v.n ? v.p : NULL;
}

const char *row_title(struct request *q, const struct table_map *m, const struct val *row)
{
    static const char *const en[] = { "name_en", "name", "name_zh", "title", "title_zh", "subject" };
    static const char *const zh[] = { "name_zh", "name", "name_en", "title_zh", "title", "subject" };
    for (int i = 0; i < COUNT(en); i++) {
        const char *s = text_at(m, row, (q->zh ? zh : en)[i]);
        if (s) return arena_strdup(q->arena, s);
    }
    for (int i = 0; i < m->n_key; i++)
        if (m->field[m->key[i]].flags & F_PERSONAL)
            return arena_printf(q->arena, "%lld", (long long)row[ROW_ID].i);
    return row_key_text(q->seat->model, m, row, q->seat->db, q->arena);
}

/* Who gave or received belongs to a row that is seen; what else lies outside is not named. */
static bool is_named(const struct table_map *to)
{
    return strcmp(to->entity->name, "organisation") == 0;
}

static const char *read_title(struct request *q, const struct table_map *to, int64_t county, int64_t id,
                              bool *seen)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    bool found = false;
    *seen = row_seen(q->seat->model, q->seat->db, q->scope, to, county, id, q->arena, row, &found,
                     &e) && found;
    if (*seen) return row_title(q, to, row);
    if (is_named(to) && row_get(q->seat->db, to, county, id, q->arena, row, &found, &e) && found)
        return row_title(q, to, row);
    return tr(q, "outside your area", "不在您的范围内");
}

static const char *title_of(struct request *q, const struct table_map *to, int64_t county, int64_t id,
                            bool *seen)
{
    struct name_slot *slot = slot_of(q, to->entity->number, county, id);
    if (!slot->text) slot->text = read_title(q, to, county, id, &slot->seen);
    *seen = slot->seen;
    return slot->text;
}

const char *ref_title(struct request *q, const struct table_map *to, int64_t county, int64_t id)
{
    bool seen;
    return title_of(q, to, county, id, &seen);
}

const char *record_url(const struct request *q, const struct table_map *m, int64_t county, int64_t id)
{
    return arena_printf(q->arena, "/%s/records/%s/%lld-%lld", q->zh ? "zh" : "en", m->entity->name,
                        (long long)county, (long long)id);
}

int64_t ref_county(const struct request *q, const struct table_map *m, int field,
                   const struct val *row)
{
    const struct table_map *to = model_find(q->seat->model, m->field[field].ref);
    if (to && to->entity->reach == REACH_NATION) return 0;
    if (m->county_column[field] >= 0) return row[m->county_column[field]].i;
    return row[ROW_COUNTY].i;
}

const char *code_label(const struct request *q, const char *list, const char *code, size_t n)
{
    const struct code_list *l = codes_get(q->seat->model->codes, list);
    const struct code *c = l ? code_list_code(l, code, n) : NULL;
    if (!c) return arena_strndup(q->arena, code, n);
    const char *text = q->zh ? c->zh : c->en;
    return text && *text ? text : c->zh;
}

static void codes_write(struct request *q, struct buf *b, const struct field *f, struct val v)
{
    const char *at = v.p, *end = v.p + v.n;
    for (bool first = true; at < end; first = false) {
        size_t n = strcspn(at, ";");
        html(b, "%s%s", first ? "" : q->zh ? "、" : ", ", code_label(q, f->list, at, n));
        at += n + 1;
    }
}

static void ref_write(struct request *q, struct buf *b, const struct table_map *m, int field,
                      const struct val *row)
{
    const struct table_map *to = model_find(q->seat->model, m->field[field].ref);
    int64_t county = ref_county(q, m, field, row), id = row[m->column[field]].i;
    bool seen;
    if (!to) return;
    const char *title = title_of(q, to, county, id, &seen);
    if (seen) html(b, "<a href=\"%s\">%s</a>", row_url(q, to, county, id), title);
    else html(b, "%s", title);
}

static void text_write(struct buf *b, struct val v)
{
    bool link = strncmp(v.p, "https://", 8) == 0 || strncmp(v.p, "http://", 7) == 0;
    if (link && !strpbrk(v.p, " \t\n"))
        html(b, "<a href=\"%s\" rel=\"noopener noreferrer\">%s</a>", v.p, v.p);
    else
        html_text(b, v.p, v.n);
}

static void number_write(struct request *q, struct buf *b, const struct field *f, struct val v,
                         int scale)
{
    const char *unit = f->unit && strcmp(f->unit, "yuan") ? unit_name(q, f->unit, v.i) : "";
    /* A year is no amount: it has no thousands. */
    if (f->type == F_INT && f->min >= 1900 && f->max && f->max <= 2200) {
        html(b, "%lld", (long long)v.i);
        return;
    }
    html(b, "%s%s%s", number_text(q, v.i, scale), *unit ? " " : "", unit);
}

void cell_write(struct request *q, struct buf *b, const struct table_map *m, int field,
                const struct val *row)
{
    const struct field *f = &m->field[field];
    struct val v = row[m->column[field]];
    if (v.type == VAL_NULL) return;
    bool revealed = q->revealed && (f->flags & F_PERSONAL) && scope_kind(q->scope, m);
    if (!revealed && !scope_field(q->scope, q->seat->model, m, field)) {
        html(b, "<span class=\"mask\">%s</span>", tr(q, "masked", "已遮蔽"));
        return;
    }
    switch (f->type) {
    case F_TEXT: text_write(b, v); break;
    case F_INT: number_write(q, b, f, v, 0); break;
    case F_MONEY: html(b, "%s", money_text(q, v.i, false)); break;
    case F_DECIMAL: number_write(q, b, f, v, f->scale); break;
    case F_BOOL: html(b, "%s", v.i ? tr(q, "yes", "是") : tr(q, "no", "否")); break;
    case F_DATE: html(b, "<time>%s</time>", date_text(q, (int32_t)v.i, true)); break;
    case F_INSTANT: html(b, "<time>%s</time>", instant_text(q, v.i)); break;
    case F_CODE: codes_write(q, b, f, v); break;
    case F_PLACE: html(b, "<a href=\"%s\">%s</a>", page_url(q, "/places/%012lld", (long long)v.i),
                       place_name(q, v.i)); break;
    case F_REF: ref_write(q, b, m, field, row); break;
    }
}

bool cell_right(const struct field *f)
{
    return f->type == F_INT || f->type == F_MONEY || f->type == F_DECIMAL;
}

bool address_parse(const char *s, int64_t *county, int64_t *id)
{
    const char *dash = strchr(s, '-');
    if (!dash || dash == s) return false;
    if (dash == s + 1 && *s == '0') *county = 0;
    else if (!id_parse(s, (size_t)(dash - s), county)) return false;
    return id_parse(dash + 1, strlen(dash + 1), id);
}

bool text_has(const char *s, const char *words)
{
    size_t n = strlen(words);
    for (; *s; s++)
        if (strncasecmp(s, words, n) == 0) return true;
    return n == 0;
}
