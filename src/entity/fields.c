/* Typed text to stored values and back, type by type. */
#include <stdio.h>
#include <string.h>

#include "base/codes.h"
#include "base/date.h"
#include "base/id.h"
#include "base/money.h"
#include "base/option.h"
#include "base/utf8.h"
#include "entity/plan.h"

/* Bytes below blank other than tab and line ends mean a broken file, and no name has them. */
static bool has_control(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c < ' ' ? c != '\t' && c != '\n' && c != '\r' : c == 0x7f) return true;
    }
    return false;
}

static bool is_plain_identifier(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(s[i] >= '0' && s[i] <= '9') && !(s[i] >= 'A' && s[i] <= 'Z')) return false;
    return n != 15;
}

/* Identifiers: blanks and hyphens inside go, full-width characters become plain, x becomes X, and
 * a 15-digit citizen id its 18-character form. */
static bool read_identifier(const struct field_plan *p, const char *s, size_t n, struct val *out,
                            struct arena *a)
{
    char text[80];
    size_t m = 0, used;
    bool phone = (p->flags & F_PHONE) != 0;
    for (size_t i = 0; i < n; i += used) {
        uint32_t c = plain_char(utf8_decode(s + i, n - i, &used));
        if (c == 0 || (c == '-' && !phone)) continue;
        if (c >= 'a' && c <= 'z' && !phone) c -= 'a' - 'A';
        if (m + 4 >= sizeof text) return false;
        m += utf8_encode(c, text + m);
    }
    char longer[19];
    if (p->flags & F_CITIZEN_ID && m == 15 && citizen_id_upgrade(text, m, longer)) {
        memcpy(text, longer, 18);
        m = 18;
    }
    *out = m ? val_textn(arena_strndup(a, text, m), m) : val_null(); /* a stroke means none */
    return true;
}

static bool read_text(const struct field_plan *p, const char *s, size_t n, struct val *out,
                      struct arena *a, struct err *e)
{
    if (n > UINT32_MAX / 2)
        return err_field(e, ERR_INVALID, p->field->name, "the text is too long");
    if (has_control(s, n))
        return err_field(e, ERR_INVALID, p->field->name, "the text has a control character in it");
    if (p->checks & PLAN_IDENTIFIER && !is_plain_identifier(s, n) &&
        read_identifier(p, s, n, out, a))
        return true;
    *out = val_textn(arena_strndup(a, s, n), n);
    return true;
}

static bool read_bool(const struct field_plan *p, const char *s, size_t n, struct val *out,
                      struct err *e)
{
    static const char *const yes[] = { "1", "true", "yes", "y", "t", "是", "有", "真", "√", "✓", "✔" };
    static const char *const no[] = { "0", "false", "no", "n", "f", "否", "无", "假", "×", "✗" };
    char word[16], show[SHOWN_TEXT];
    if (n == 1 && (s[0] == '0' || s[0] == '1')) return *out = val_int(s[0] - '0'), true;
    if (n < sizeof word) {
        for (size_t i = 0; i < n; i++)
            word[i] = s[i] >= 'A' && s[i] <= 'Z' ? (char)(s[i] + 'a' - 'A') : s[i];
        word[n] = '\0';
        for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
            if (strcmp(word, yes[i]) == 0) return *out = val_int(1), true;
        for (size_t i = 0; i < sizeof no / sizeof *no; i++)
            if (strcmp(word, no[i]) == 0) return *out = val_int(0), true;
    }
    return err_field(e, ERR_INVALID, p->field->name, "'%s' is neither yes nor no",
                     shown(show, s, n));
}

static bool is_ascii(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] >= 0x80) return false;
    return true;
}

/* The one label that what was typed is a part of ("joint" of "joint meeting"), or NULL. */
static const char *label_around(const struct code *c, int count, const char *typed)
{
    const char *found = NULL;
    if (strlen(typed) < 4) return NULL;
    for (int i = 0; i < count; i++) {
        const char *label = strstr(c[i].zh, typed) ? c[i].zh : strstr(c[i].en, typed) ? c[i].en
                                                                                    : NULL;
        if (label && found) return NULL;
        if (label) found = label;
    }
    return found;
}

/* An unknown code: short lists are told whole, long ones by their nearest code or label. */
static bool code_fault(const struct field_plan *p, const char *s, size_t n, struct err *e)
{
    char show[SHOWN_TEXT], all[300] = "";
    const char *list = code_list_name(p->codes), *name = p->field->name;
    int count;
    const struct code *c = code_list_all(p->codes, &count);
    bool latin = is_ascii(s, n);
    shown(show, s, n);
    if (count <= 8) {
        size_t used = 0;
        for (int i = 0; i < count && used < sizeof all; i++)
            used += (size_t)snprintf(all + used, sizeof all - used, "%s%s (%s)", i ? ", " : "",
                                     c[i].code, latin ? c[i].en : c[i].zh);
        if (used < sizeof all)
            return err_field(e, ERR_INVALID, name, "'%s' is not in the code list %s: %s", show,
                             list, all);
    }
    const char *names[256];
    int k = 0;
    for (int i = 0; i < count && k + 3 <= 256; i++) {
        names[k++] = c[i].code;
        names[k++] = c[i].en;
        names[k++] = c[i].zh;
    }
    const char *near = nearest_name(show, names, k);
    if (!near) near = label_around(c, count, show);
    return err_field(e, ERR_INVALID, name, "'%s' is not in the code list %s%s%s%s", show, list,
                     near ? "; did you mean '" : "", near ? near : "",
                     near ? "'?" : ": `jiedui schema` of the record lists it");
}

#define MULTI_MAX 64 /* codes in one F_MULTI field */

/* Cuts the next part off a list of codes; the separators of both languages, or given blanks too. */
static bool next_part(const char **s, size_t *n, const char **part, size_t *m)
{
    static const char *const marks[] = { ";", ",", "|", "；", "，", "、" };
    if (*n == 0) return false;
    *part = *s;
    for (size_t i = 0; i < *n; i++) {
        for (size_t k = 0; k < sizeof marks / sizeof *marks; k++) {
            size_t len = strlen(marks[k]);
            if (*n - i < len || memcmp(*s + i, marks[k], len) != 0) continue;
            *m = i;
            *s += i + len;
            *n -= i + len;
            return true;
        }
    }
    *m = *n;
    *s += *n;
    *n = 0;
    return true;
}

static bool read_codes(const struct field_plan *p, const char *s, size_t n, struct val *out,
                       struct arena *a, struct err *e)
{
    const struct code *found[MULTI_MAX];
    const char *part;
    size_t m, bytes = 0;
    int k = 0;
    while (next_part(&s, &n, &part, &m)) {
        trim_blanks(&part, &m);
        if (m == 0) continue;
        const struct code *c = code_list_find(p->codes, part, m);
        if (!c) return code_fault(p, part, m, e);
        int at = 0;
        while (at < k && strcmp(found[at]->code, c->code) < 0) at++;
        if (at < k && found[at] == c) continue;
        if (k == MULTI_MAX)
            return err_field(e, ERR_INVALID, p->field->name, "more than %d codes", MULTI_MAX);
        memmove(found + at + 1, found + at, (size_t)(k - at) * sizeof *found);
        found[at] = c;
        k++;
        bytes += strlen(c->code) + 1;
    }
    if (k == 0) return *out = val_null(), true;
    char *text = arena_alloc(a, bytes), *to = text;
    for (int i = 0; i < k; i++) {
        size_t len = strlen(found[i]->code);
        if (i) *to++ = ';';
        memcpy(to, found[i]->code, len);
        to += len;
    }
    *out = val_textn(text, (size_t)(to - text));
    return true;
}

static bool read_code(const struct field_plan *p, const char *s, size_t n, struct val *out,
                      struct arena *a, struct err *e)
{
    const struct code *c = code_list_find(p->codes, s, n);
    if (c) return *out = val_text(c->code), true;
    if (p->flags & F_MULTI) return read_codes(p, s, n, out, a, e);
    return code_fault(p, s, n, e);
}

static bool read_instant(const struct field_plan *p, const char *s, size_t n, int zone,
                         struct val *out, struct err *e)
{
    int64_t at;
    char show[SHOWN_TEXT];
    if (!instant_parse(s, n, zone, &at))
        return err_field(e, ERR_INVALID, p->field->name,
                         "'%s' is not a time: write 2020-05-27 09:30", shown(show, s, n));
    *out = val_int(at);
    return true;
}

bool plain_read(const struct field_plan *p, const char *s, size_t n, int zone, struct val *out,
                struct arena *a, struct err *e)
{
    int64_t v;
    switch (p->type) {
    case F_TEXT: return read_text(p, s, n, out, a, e);
    case F_CODE: return read_code(p, s, n, out, a, e);
    case F_BOOL: return read_bool(p, s, n, out, e);
    case F_INSTANT: return read_instant(p, s, n, zone, out, e);
    case F_DATE:
        if (!typed_date(p, s, n, &v, e)) return false;
        break;
    default:
        if (!typed_int(p, s, n, &v, e)) return false;
        break;
    }
    *out = val_int(v);
    return true;
}

const char *plain_write(const struct field_plan *p, struct val v, struct arena *a)
{
    char text[DECIMAL_TEXT];
    size_t n;
    if (v.type != VAL_INT) return v.type == VAL_NULL ? "" : arena_strndup(a, v.p, v.n);
    switch (p->type) {
    case F_DATE: {
        char day[DATE_TEXT];
        date_format((int32_t)v.i, day);
        return arena_strndup(a, day, DATE_TEXT - 1);
    }
    case F_INSTANT: {
        char at[INSTANT_TEXT];
        instant_format(v.i, at);
        return arena_strdup(a, at);
    }
    case F_BOOL: return v.i ? "1" : "0";
    default:
        n = decimal_format(v.i, p->scale, text);
        return arena_strndup(a, text, n);
    }
}

static bool read_place(const struct model *mo, const struct table_map *m,
                       const struct field_plan *p, const char *s, size_t n, struct db *d,
                       struct val *row, struct err *e)
{
    int64_t code;
    if (!mo->places || !mo->places->resolve(mo->places->arg, d, s, n, &code, e)) {
        if (!mo->places) return err_set(e, ERR_INTERNAL, "no places are known here");
        if (e && !e->field[0]) snprintf(e->field, sizeof e->field, "%s", p->field->name);
        return false;
    }
    row[p->column] = val_int(code);
    if (p->flags & F_HOME && m->entity->reach == REACH_COUNTY)
        row[ROW_COUNTY] = val_int(place_county(code));
    return true;
}

static bool read_ref(const struct model *mo, const struct field_plan *p, const char *s, size_t n,
                     struct db *d, struct val *row, struct arena *a, struct err *e)
{
    bool home = (p->flags & F_HOME) != 0, nation = p->target->entity->reach == REACH_NATION;
    int64_t county, id, near = row[ROW_COUNTY].type == VAL_INT ? row[ROW_COUNTY].i : -1;
    if (!ref_find(mo, p->target, s, n, home ? -1 : near, d, a, &county, &id, e)) {
        if (e) snprintf(e->field, sizeof e->field, "%s", p->field->name);
        return false;
    }
    if (p->county_column >= 0) {
        row[p->county_column] = val_int(county);
    } else if (home) {
        row[ROW_COUNTY] = val_int(county);
    } else if (!nation && near >= 0 && county != near) {
        char show[SHOWN_TEXT];
        return err_field(e, ERR_INVALID, p->field->name,
                         "'%s' lies in county %lld, this row in %lld", shown(show, s, n),
                         (long long)county, (long long)near);
    }
    row[p->column] = val_int(id);
    return true;
}

static void clear_value(const struct table_map *m, const struct field_plan *p, struct val *row)
{
    row[p->column] = p->preset;
    if (p->county_column >= 0) row[p->county_column] = val_null();
    if (p->flags & F_HOME && m->entity->reach == REACH_COUNTY) row[ROW_COUNTY] = val_int(0);
}

bool field_read(const struct model *mo, const struct table_map *m, int field, const char *s,
                size_t n, struct db *d, struct val *row, struct arena *a, struct err *e)
{
    const struct field_plan *p = &m->plan[field];
    if (n && ((unsigned char)s[0] <= ' ' || (unsigned char)s[n - 1] <= ' ' || s[0] & 0x80 ||
              s[n - 1] & 0x80))
        trim_blanks(&s, &n);
    if (n == 0) {
        clear_value(m, p, row);
        if (!p->preset_late) return true;
        s = p->field->preset;
        n = strlen(s);
    }
    if (p->type == F_PLACE) return read_place(mo, m, p, s, n, d, row, e);
    if (p->type == F_REF) return read_ref(mo, p, s, n, d, row, a, e);
    int zone = p->type == F_INSTANT && d ? store_zone(db_store(d)) : 480;
    return plain_read(p, s, n, zone, &row[p->column], a, e);
}

static const char *place_write(int64_t code, struct arena *a)
{
    char digits[12];
    if (code <= 0) return "0";
    for (int i = 11; i >= 0; i--, code /= 10) digits[i] = (char)('0' + code % 10);
    return arena_strndup(a, digits, sizeof digits);
}

const char *field_write(const struct model *mo, const struct table_map *m, int field,
                        const struct val *row, struct db *d, struct arena *a)
{
    const struct field_plan *p = &m->plan[field];
    struct val v = row[p->column];
    if (v.type != VAL_INT) return plain_write(p, v, a);
    if (p->type == F_PLACE) return place_write(v.i, a);
    if (p->type != F_REF) return plain_write(p, v, a);
    int64_t county = row[ROW_COUNTY].i;
    if (p->target->entity->reach == REACH_NATION) county = 0;
    else if (p->county_column >= 0) county = row[p->county_column].i;
    return ref_text(mo, p->target, county, v.i, d, a);
}
