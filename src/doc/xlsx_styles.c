#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/map.h"
#include "doc/xlsx_parts.h"

#define STYLES_MAX (1 << 20) /* the format itself allows some 65,000 */

/* Kinds of the built-in formats that are about time or percent, by number, the East Asian ones included. */
enum number_kind format_kind(long id)
{
    if (id == 9 || id == 10) return NUMBER_PERCENT;
    if ((id >= 18 && id <= 21) || id == 45 || id == 47) return NUMBER_TIME;
    if (id == 46) return NUMBER_ELAPSED;
    if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58))
        return NUMBER_DATE;
    return NUMBER_PLAIN;
}

/* Behind a [...]: a colour, a condition, a locale, or an elapsed [h] [mm] [ss]. */
static const char *skip_bracket(const char *s, bool *elapsed)
{
    size_t n = strcspn(s, "]");
    size_t units = strspn(s, "hHmMsS");
    if (n > 0 && units == n) *elapsed = true;
    return s[n] ? s + n : s + n - 1;
}

static const char *skip_quoted(const char *s)
{
    size_t n = strcspn(s, "\"");
    return s[n] ? s + n : s + n - 1;
}

/* A format is about dates when a y, m, d, h or s stands in its first section, which is the one for
 * positive numbers, outside quotes, brackets and escapes. Years and days make it a date; hours and
 * seconds alone a time of day. */
enum number_kind format_code_kind(const char *code)
{
    bool day = false, month = false, time = false, elapsed = false, percent = false;
    if (strcasecmp(code, "general") == 0 || strcasecmp(code, "standard") == 0) return NUMBER_PLAIN;
    for (const char *s = code; *s && *s != ';'; s++) {
        switch (*s) {
        case '"': s = skip_quoted(s + 1); break;
        case '[': s = skip_bracket(s + 1, &elapsed); break;
        case '\\': case '_': case '*': if (s[1]) s++; break;
        case 'y': case 'Y': case 'd': case 'D': day = true; break;
        case 'm': case 'M': month = true; break;
        case 'h': case 'H': case 's': case 'S': time = true; break;
        case '%': percent = true; break;
        default: break;
        }
    }
    if (day || (month && !time && !elapsed)) return NUMBER_DATE;
    if (elapsed) return NUMBER_ELAPSED;
    return time ? NUMBER_TIME : percent ? NUMBER_PERCENT : NUMBER_PLAIN;
}

struct reading {
    struct part part;
    struct styles *styles;
    struct map custom; /* number of a format -> its kind */
    bool in_cells;     /* inside cellXfs, the formats that cells name */
};

static void on_custom(struct reading *r, const char **attr)
{
    const char *id = part_attr(attr, "numFmtId"), *code = part_attr(attr, "formatCode");
    if (!id || !code) return;
    if (r->custom.count >= STYLES_MAX) {
        part_stop(&r->part, "the workbook has more than %d number formats", STYLES_MAX);
        return;
    }
    int64_t key = strtol(id, NULL, 10);
    *(uint8_t *)map_put(&r->custom, &key, NULL) = (uint8_t)format_code_kind(code);
}

static void on_cell_format(struct reading *r, const char **attr)
{
    struct styles *s = r->styles;
    const char *id = part_attr(attr, "numFmtId");
    int64_t key = id ? strtol(id, NULL, 10) : 0;
    const uint8_t *custom = map_get(&r->custom, &key);
    if (s->count == STYLES_MAX) {
        part_stop(&r->part, "the workbook has more than %d cell formats", STYLES_MAX);
        return;
    }
    if ((s->count & (s->count - 1)) == 0)
        s->kind = mem_grow(s->kind, s->count ? s->count * 2 : 1);
    s->kind[s->count++] = custom ? *custom : (uint8_t)format_kind((long)key);
}

static void on_start(void *arg, const char *name, const char **attr)
{
    struct reading *r = arg;
    if (r->part.depth == 2) r->in_cells = strcmp(name, "cellXfs") == 0;
    if (r->part.depth != 3) return;
    if (strcmp(name, "numFmt") == 0) on_custom(r, attr);
    if (r->in_cells && strcmp(name, "xf") == 0) on_cell_format(r, attr);
}

static void on_end(void *arg, const char *name)
{
    (void)arg, (void)name;
}

bool styles_read(struct styles *s, struct zip *z, int entry, struct err *e)
{
    static const struct part_handler handler = { on_start, on_end, NULL };
    struct reading r = { .styles = s };
    *s = (struct styles){ 0 };
    if (entry < 0) return true;
    map_init(&r.custom, sizeof(int64_t), sizeof(uint8_t));
    bool ok = part_parse(&r.part, z, entry, PART_SMALL, &handler, &r, e);
    map_free(&r.custom);
    if (!ok) styles_free(s);
    return ok;
}

void styles_free(struct styles *s)
{
    free(s->kind);
    *s = (struct styles){ 0 };
}
