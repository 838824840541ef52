#include <stdlib.h>
#include <string.h>

#include "doc/xlsx_parts.h"

#define MANY 10000 /* relations or sheets */

struct relation { const char *id, *type, *target; };

/* Reading of either a list of relations or the list of sheets. */
struct reading {
    struct book *book;
    struct zip *zip;
    struct part part;
    const char *folder; /* of the part whose relations these are, with its slash or empty */
    struct relation *rel;
    int rels;
};

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), k = strlen(end);
    return n >= k && strcmp(s + n - k, end) == 0;
}

/* The path of a target as the archive names it: relative ones start from `folder`, and a ../ takes
 * off a step. */
static const char *resolve(struct arena *a, const char *folder, const char *target)
{
    char *path = target[0] == '/' ? arena_strdup(a, target + 1)
                                  : arena_printf(a, "%s%s", folder, target);
    char *to = path;
    for (const char *from = path; *from;) {
        size_t n = strcspn(from, "/\\");
        bool slash = from[n] != '\0';
        if (n == 2 && from[0] == '.' && from[1] == '.') {
            if (to > path) to--;
            while (to > path && to[-1] != '/') to--;
        } else if (n > 0 && !(n == 1 && from[0] == '.')) {
            memmove(to, from, n);
            to += n;
            if (slash) *to++ = '/';
        }
        from += n + (slash ? 1 : 0);
    }
    *to = '\0';
    return path;
}

static void on_relation(void *arg, const char *name, const char **attr)
{
    struct reading *r = arg;
    if (strcmp(name, "Relationship") != 0) return;
    const char *id = part_attr(attr, "Id"), *type = part_attr(attr, "Type");
    const char *target = part_attr(attr, "Target"), *mode = part_attr(attr, "TargetMode");
    if (!id || !type || !target || (mode && strcmp(mode, "External") == 0)) return;
    if (r->rels == MANY) {
        part_stop(&r->part, "the part lists more than %d relations", MANY);
        return;
    }
    if ((r->rels & (r->rels - 1)) == 0)
        r->rel = mem_grow(r->rel, (size_t)(r->rels ? r->rels * 2 : 1) * sizeof *r->rel);
    r->rel[r->rels++] = (struct relation){
        .id = arena_strdup(&r->book->arena, id),
        .type = arena_strdup(&r->book->arena, type),
        .target = resolve(&r->book->arena, r->folder, target),
    };
}

static void ignore_end(void *arg, const char *name)
{
    (void)arg, (void)name;
}

/* The relations of a part, whose name is a folder and a file. */
static bool read_relations(struct reading *r, const char *folder, const char *file, struct err *e)
{
    static const struct part_handler handler = { on_relation, ignore_end, NULL };
    int entry = zip_find(r->zip, arena_printf(&r->book->arena, "%s_rels/%s.rels", folder, file));
    r->folder = folder;
    r->rels = 0;
    return entry < 0 || part_parse(&r->part, r->zip, entry, PART_SMALL, &handler, r, e);
}

static const char *by_type(const struct reading *r, const char *type)
{
    for (int i = 0; i < r->rels; i++)
        if (ends_with(r->rel[i].type, type)) return r->rel[i].target;
    return NULL;
}

/* A part that is named must be there: without its formats, dates would read as numbers. */
static bool find_part(const struct reading *r, const char *type, int *entry, struct err *e)
{
    const char *target = by_type(r, type);
    *entry = target ? zip_find(r->zip, target) : -1;
    return !target || *entry >= 0 ||
           err_set(e, ERR_INVALID, "the part %s is missing from the file", target);
}

/* A sheet's relation carries a prefix of the writer's choice: r:id. */
static const char *relation_id(const char **attr)
{
    for (; *attr; attr += 2)
        if (ends_with(attr[0], ":id")) return attr[1];
    return NULL;
}

static const struct relation *find_relation(const struct reading *r, const char *id)
{
    for (int i = 0; id && i < r->rels; i++)
        if (strcmp(r->rel[i].id, id) == 0) return &r->rel[i];
    return NULL;
}

static void keep_sheet(struct book *b, const char *name, int entry)
{
    if ((b->count & (b->count - 1)) == 0)
        b->sheets = mem_grow(b->sheets, (size_t)(b->count ? b->count * 2 : 1) * sizeof *b->sheets);
    b->sheets[b->count++] = (struct book_sheet){ arena_strdup(&b->arena, name), entry };
}

static void add_sheet(struct reading *r, const char **attr)
{
    const char *name = part_attr(attr, "name"), *state = part_attr(attr, "state");
    const struct relation *rel = find_relation(r, relation_id(attr));
    if (state && strcmp(state, "visible") != 0 && !r->book->with_hidden) return;
    if (rel && !ends_with(rel->type, "/worksheet")) return; /* a chart, a macro sheet */
    int entry = rel ? zip_find(r->zip, rel->target) : -1;
    if (!name || entry < 0) {
        part_stop(&r->part, "the sheet %s has no part in the file", name ? name : "without name");
    } else if (r->book->count == MANY) {
        part_stop(&r->part, "the workbook lists more than %d sheets", MANY);
    } else {
        keep_sheet(r->book, name, entry);
    }
}

static void on_workbook(void *arg, const char *name, const char **attr)
{
    struct reading *r = arg;
    if (r->part.depth == 1 && strcmp(name, "workbook") != 0)
        part_stop(&r->part, "the file is no workbook but a <%.40s>", name);
    if (strcmp(name, "workbookPr") == 0) {
        const char *date = part_attr(attr, "date1904");
        r->book->epoch_1904 = date && (strcmp(date, "1") == 0 || strcmp(date, "true") == 0);
    }
    if (r->part.depth == 3 && strcmp(name, "sheet") == 0) add_sheet(r, attr);
}

static bool find_workbook(struct reading *r, int *entry, struct err *e)
{
    if (!read_relations(r, "", "", e)) return false;
    const char *target = by_type(r, "/officeDocument");
    *entry = target ? zip_find(r->zip, target) : -1;
    if (*entry < 0) *entry = zip_find(r->zip, "xl/workbook.xml");
    if (*entry < 0)
        return err_set(e, ERR_INVALID, "the file is a ZIP archive but no .xlsx workbook");
    if (ends_with(zip_name(r->zip, *entry), ".bin"))
        return err_set(e, ERR_INVALID, "the file is a binary workbook (.xlsb): save it as .xlsx");
    return true;
}

static bool read_all(struct reading *r, struct err *e)
{
    static const struct part_handler handler = { on_workbook, ignore_end, NULL };
    struct book *b = r->book;
    int entry;
    if (!find_workbook(r, &entry, e)) return false;
    b->workbook = entry;
    const char *path = zip_name(r->zip, entry), *slash = strrchr(path, '/');
    const char *file = slash ? slash + 1 : path;
    if (!read_relations(r, arena_strndup(&b->arena, path, (size_t)(file - path)), file, e))
        return false;
    if (!find_part(r, "/styles", &b->styles, e)) return false;
    if (!find_part(r, "/sharedStrings", &b->strings, e)) return false;
    if (!part_parse(&r->part, r->zip, entry, PART_SMALL, &handler, r, e)) return false;
    return b->count > 0 || err_set(e, ERR_INVALID, "the workbook holds no visible sheet");
}

bool book_read(struct book *b, struct zip *z, struct err *e)
{
    struct reading r = { .book = b, .zip = z };
    *b = (struct book){ .with_hidden = b->with_hidden, .styles = -1, .strings = -1 };
    bool ok = read_all(&r, e);
    free(r.rel);
    if (!ok) book_free(b);
    return ok;
}

void book_free(struct book *b)
{
    arena_free(&b->arena);
    free(b->sheets);
    *b = (struct book){ 0 };
}
