/* A workbook filled in: first all holes are found and filled in memory, then the archive is written part
 * by part. */
#include "doc/xlsx_fill.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doc/xlsx_edit.h"

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define STRICT_MAIN "http://purl.oclc.org/ooxml/spreadsheetml/main"
#define REL "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define STRICT_REL "http://purl.oclc.org/ooxml/officeDocument/relationships"
#define SHEET_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
#define NEW_ID "rIdJiedui"

struct filling_book {
    struct arena a;
    struct xlsx_limits lim;
    struct zip *zip;
    struct book book;
    struct hole_texts texts;
    struct edits *edits;           /* by entry; n = 0: copied as it is */
    const struct xlsx_evidence *evidence;
    void *arg;
    const char *sheet_name, *folder, *new_part; /* of the evidence sheet; the workbook's folder */
    bool strict;
    struct xlsx_filled *out;
};

/* --- sheets --- */

/* Filled cells and results left out, in the order of the bytes. */
static void merge(struct edits *to, const struct hole_sheet *s, const struct edit *filled)
{
    size_t i = 0, k = 0;
    while (i < s->n || k < s->results.n) {
        bool cell = i < s->n && (k == s->results.n || s->cell[i].at < s->results.list[k].at);
        const struct edit *x = cell ? &filled[i++] : &s->results.list[k++];
        edit_add(to, x->at, x->n, x->text, x->len);
    }
}

static bool fill_sheet(struct filling_book *b, int sheet, xlsx_hole_fn *fn, struct err *e)
{
    const struct book_sheet *s = &b->book.sheets[sheet];
    struct hole_fill f = { .sheet = s->name, .fn = fn, .arg = b->arg, .a = &b->a };
    struct hole_sheet h;
    struct buf text;
    if (!holes_in_sheet(b->zip, s->entry, &b->a, &b->texts, &h, e)) return false;
    struct edit *filled = arena_array(&b->a, h.n + 1, sizeof *filled);
    buf_init(&text, (size_t)4 << 20);
    bool ok = true;
    for (size_t i = 0; ok && i < h.n; i++) {
        buf_clear(&text);
        ok = hole_fill_cell(&f, &h.cell[i], &text, e);
        filled[i] = (struct edit){ h.cell[i].at, h.cell[i].n, arena_strndup(&b->a, text.p, text.n),
                                   text.n };
    }
    buf_free(&text);
    merge(&b->edits[s->entry], &h, filled);
    b->out->holes += f.holes;
    b->out->cells += (int)h.n;
    b->out->sheets += h.n > 0;
    return ok;
}

static bool fill_sheets(struct filling_book *b, xlsx_hole_fn *fn, struct err *e)
{
    for (int i = 0; i < b->book.count; i++) {
        for (int k = 0; k < i; k++)
            if (b->book.sheets[k].entry == b->book.sheets[i].entry)
                return err_set(e, ERR_INVALID, "two sheets share one part");
        if (!fill_sheet(b, i, fn, e)) return false;
    }
    return b->out->holes > 0 ||
           err_set(e, ERR_INVALID, "there is nothing to fill in: no cell holds {{...}}");
}

/* --- the workbook, its relations, the content types --- */

struct place { uint64_t at, n; };  /* of a tag */
struct frame {
    struct part part;
    struct arena *a;
    const char *parent;            /* the element that ends behind the new one */
    struct place end;              /* of its end tag */
    const char *prefix;
    bool strict, empty;
    uint64_t behind;               /* calcPr goes here when there is none */
    struct place calc;             /* its start tag; n 0 = none */
    const char *calc_attr;
    int64_t sheet_id;
};

static void escape_attr(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, " %s=\"", name);
    xml_text(b, value, strlen(value));
    buf_char(b, '"');
}

static void frame_start(void *arg, const char *name, const char **attr)
{
    struct frame *f = arg;
    if (f->part.depth == 1)
        for (const char **x = attr; *x; x += 2) f->strict |= strcmp(x[1], STRICT_MAIN) == 0;
    if (strcmp(name, f->parent) == 0) {
        const char *raw = part_raw_name(&f->part);
        f->prefix = arena_strndup(f->a, raw, strlen(raw) - strlen(name));
    }
    if (f->part.depth == 3 && strcmp(name, "sheet") == 0) {
        const char *id = part_attr(attr, "sheetId");
        int64_t v = id ? strtoll(id, NULL, 10) : 0;
        if (v > f->sheet_id && v < 65534) f->sheet_id = v;
    }
    if (f->part.depth != 2 || strcmp(name, "calcPr") != 0) return;
    struct buf b;
    buf_init(&b, 4096);
    for (const char **x = attr; *x; x += 2)
        if (strcmp(x[0], "fullCalcOnLoad") != 0) escape_attr(&b, x[0], x[1]);
    f->calc_attr = arena_take(f->a, &b);
    f->calc = (struct place){ part_at(&f->part), part_len(&f->part) };
}

static void frame_end(void *arg, const char *name)
{
    static const char *const before[] = { "sheets", "functionGroups", "externalReferences",
                                          "definedNames" };
    struct frame *f = arg;
    uint64_t at = part_at(&f->part), n = part_len(&f->part);
    if (strcmp(name, f->parent) == 0) f->end = (struct place){ at, n };
    for (size_t i = 0; f->part.depth == 2 && i < sizeof before / sizeof *before; i++)
        if (strcmp(name, before[i]) == 0) f->behind = at + n;
    /* Of <calcPr .../> the end lies where the tag ends; of <calcPr>...</calcPr> behind its inside. */
    if (f->part.depth == 2 && strcmp(name, "calcPr") == 0) f->calc.n = at + n - f->calc.at;
}

static bool read_frame(struct filling_book *b, int entry, const char *parent, struct frame *f,
                       struct err *e)
{
    static const struct part_handler handler = { frame_start, frame_end, NULL };
    *f = (struct frame){ .a = &b->a, .parent = parent, .prefix = "" };
    if (!part_parse(&f->part, b->zip, entry, PART_SMALL, &handler, f, e)) return false;
    return f->end.n > 0 ||
           err_set(e, ERR_INVALID, "%s: the part holds no %s", zip_name(b->zip, entry), parent);
}

static void insert(struct filling_book *b, int entry, uint64_t at, uint64_t n, const char *text)
{
    edit_add(&b->edits[entry], at, n, text, strlen(text));
}

static bool has_sheet(const struct filling_book *b, const char *name)
{
    for (int i = 0; i < b->book.count; i++)
        if (strcasecmp(b->book.sheets[i].name, name) == 0) return true;
    return false;
}

static const char *attr_text(struct arena *a, const char *s)
{
    struct buf b;
    buf_init(&b, 4096);
    xml_text(&b, s, strlen(s));
    return arena_take(a, &b);
}

static bool edit_workbook(struct filling_book *b, struct err *e)
{
    int entry = b->book.workbook;
    struct frame f;
    if (!read_frame(b, entry, "sheets", &f, e)) return false;
    b->strict = f.strict;
    b->sheet_name = b->evidence->name;
    for (int i = 2; has_sheet(b, b->sheet_name); i++)
        b->sheet_name = arena_printf(&b->a, "%s %d", b->evidence->name, i);
    insert(b, entry, f.end.at, 0,
           arena_printf(&b->a, "<%ssheet name=\"%s\" sheetId=\"%lld\" xmlns:jd=\"%s\" jd:id=\"" NEW_ID
                        "\"/>", f.prefix, attr_text(&b->a, b->sheet_name), (long long)f.sheet_id + 1,
                        f.strict ? STRICT_REL : REL));
    bool there = f.calc.n > 0;
    if ((there ? f.calc.at : f.behind) < f.end.at)
        return err_set(e, ERR_INVALID, "%s: its elements are out of order", zip_name(b->zip, entry));
    insert(b, entry, there ? f.calc.at : f.behind, there ? f.calc.n : 0,
           arena_printf(&b->a, "<%scalcPr%s fullCalcOnLoad=\"1\"/>", f.prefix,
                        there ? f.calc_attr : ""));
    return true;
}

static bool edit_relations(struct filling_book *b, struct err *e)
{
    const char *path = zip_name(b->zip, b->book.workbook), *slash = strrchr(path, '/');
    const char *file = slash ? slash + 1 : path;
    struct frame f;
    b->folder = arena_strndup(&b->a, path, (size_t)(file - path));
    const char *name = arena_printf(&b->a, "%s_rels/%s.rels", b->folder, file);
    int entry = zip_find(b->zip, name);
    if (entry < 0) return err_set(e, ERR_INVALID, "the part %s is missing from the file", name);
    if (!read_frame(b, entry, "Relationships", &f, e)) return false;
    b->new_part = arena_printf(&b->a, "%sworksheets/jiedui_evidence.xml", b->folder);
    for (int i = 2; zip_find(b->zip, b->new_part) >= 0; i++)
        b->new_part = arena_printf(&b->a, "%sworksheets/jiedui_evidence_%d.xml", b->folder, i);
    insert(b, entry, f.end.at, 0,
           arena_printf(&b->a, "<%sRelationship Id=\"" NEW_ID "\" Type=\"%s/worksheet\" Target=\"/%s\"/>",
                        f.prefix, b->strict ? STRICT_REL : REL, b->new_part));
    return true;
}

static bool edit_types(struct filling_book *b, struct err *e)
{
    struct frame f;
    int entry = zip_find(b->zip, "[Content_Types].xml");
    if (entry < 0) return err_set(e, ERR_INVALID, "the part [Content_Types].xml is missing from the file");
    if (!read_frame(b, entry, "Types", &f, e)) return false;
    insert(b, entry, f.end.at, 0,
           arena_printf(&b->a, "<%sOverride PartName=\"/%s\" ContentType=\"" SHEET_TYPE "\"/>", f.prefix,
                        b->new_part));
    return true;
}

/* --- the evidence sheet --- */

static void column_name(int c, char out[8])
{
    char letters[8];
    int n = 0;
    for (c++; c > 0; c = (c - 1) / 26) letters[n++] = (char)('A' + (c - 1) % 26);
    for (int i = 0; i < n; i++) out[i] = letters[n - 1 - i];
    out[n] = '\0';
}

static bool write_evidence_row(struct filling_book *b, struct zip_out *o, const char *const *row, size_t i,
                               struct buf *x, struct err *e)
{
    buf_clear(x);
    buf_printf(x, "<row r=\"%zu\">", i + 1);
    for (int c = 0; c < b->evidence->n; c++) {
        char name[8];
        column_name(c, name);
        buf_printf(x, "<c r=\"%s%zu\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", name, i + 1);
        xml_text(x, row[c] ? row[c] : "", row[c] ? strlen(row[c]) : 0);
        buf_str(x, "</t></is></c>");
    }
    buf_str(x, "</row>");
    return zip_out_write(o, x->p, x->n, e);
}

static bool write_evidence(struct filling_book *b, struct zip_out *o, struct err *e)
{
    const char *const *row;
    struct buf x;
    buf_init(&x, (size_t)4 << 20);
    buf_printf(&x, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
               "<worksheet xmlns=\"%s\"><cols><col min=\"1\" max=\"%d\" width=\"18\" customWidth=\"1\"/>"
               "</cols><sheetData>", b->strict ? STRICT_MAIN : MAIN, b->evidence->n);
    bool ok = zip_out_begin(o, b->new_part, e) && zip_out_write(o, x.p, x.n, e);
    for (size_t i = 0; ok && (row = b->evidence->row(b->arg, i)) != NULL; i++)
        ok = write_evidence_row(b, o, row, i, &x, e);
    buf_free(&x);
    static const char tail[] = "</sheetData></worksheet>";
    return ok && zip_out_write(o, tail, sizeof tail - 1, e) && zip_out_end(o, e);
}

/* --- the file --- */

static bool write_parts(struct filling_book *b, struct zip_out *o, struct err *e)
{
    for (int i = 0; i < zip_count(b->zip); i++) {
        bool ok = b->edits[i].n ? zip_out_edited(o, b->zip, i, &b->edits[i], e)
                                : zip_out_copy(o, b->zip, i, e);
        if (!ok) return false;
    }
    return write_evidence(b, o, e);
}

static bool write_book(struct filling_book *b, const char *path, struct err *e)
{
    const char *part = arena_printf(&b->a, "%s.part", path);
    struct zip_out *o;
    if (!zip_out_open(&o, part, e)) return false;
    bool ok = write_parts(b, o, e);
    ok = zip_out_close(o, ok ? e : NULL) && ok;
    if (ok && rename(part, path) != 0) ok = err_set(e, ERR_INVALID, "%s: %s", path, strerror(errno));
    if (!ok) unlink(part);
    return ok;
}

static bool unique_parts(const struct filling_book *b, struct err *e)
{
    for (int i = 0; i < zip_count(b->zip); i++)
        if (zip_find(b->zip, zip_name(b->zip, i)) != i)
            return err_set(e, ERR_INVALID, "the file holds the part %s twice", zip_name(b->zip, i));
    return true;
}

static bool fill_book(struct filling_book *b, const char *out_path, xlsx_hole_fn *fn, struct err *e)
{
    b->book.with_hidden = true;
    if (!book_read(&b->book, b->zip, e)) return false;
    b->edits = arena_array(&b->a, (size_t)zip_count(b->zip), sizeof *b->edits);
    for (int i = 0; i < zip_count(b->zip); i++) b->edits[i].a = &b->a;
    return unique_parts(b, e) && holes_in_strings(b->zip, b->book.strings, &b->a, &b->texts, e) &&
           fill_sheets(b, fn, e) && edit_workbook(b, e) && edit_relations(b, e) && edit_types(b, e) &&
           write_book(b, out_path, e);
}

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

bool xlsx_fill(const char *path, const char *out_path, const struct xlsx_limits *lim, xlsx_hole_fn *fill,
               const struct xlsx_evidence *evidence, void *arg, struct xlsx_filled *out, struct err *e)
{
    struct filling_book b = { .evidence = evidence, .arg = arg, .out = out };
    *out = (struct xlsx_filled){ 0 };
    if (same_file(path, out_path))
        return err_set(e, ERR_USAGE, "%s is the template itself: give another name", out_path);
    if (lim) b.lim = *lim;
    xlsx_default_limits(&b.lim);
    bool ok = zip_open(&b.zip, path, &b.lim, e) && fill_book(&b, out_path, fill, e);
    book_free(&b.book);
    zip_close(b.zip);
    arena_free(&b.a);
    return ok || err_context(e, "%s", path);
}
