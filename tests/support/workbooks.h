/* workbooks: makes .xlsx files part by part, so that a test can make those no program would write,
 * and reads them back into one text. Needs cmocka.h before it. */
#ifndef JD_TESTS_WORKBOOKS_H
#define JD_TESTS_WORKBOOKS_H

#include <minizip/zip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "doc/xlsx.h"

#define BOOK_PATH "/tmp/jiedui-test-XXXXXX"

struct workbook { zipFile zip; char path[sizeof BOOK_PATH]; };

static inline void workbook_start(struct workbook *w)
{
    memcpy(w->path, BOOK_PATH, sizeof w->path);
    int fd = mkstemp(w->path);
    assert_true(fd >= 0);
    close(fd);
    w->zip = zipOpen64(w->path, APPEND_STATUS_CREATE);
    assert_non_null(w->zip);
}

static inline void workbook_bytes(struct workbook *w, const char *name, const void *p, size_t n)
{
    zip_fileinfo info = { 0 };
    assert_int_equal(zipOpenNewFileInZip64(w->zip, name, &info, NULL, 0, NULL, 0, NULL, Z_DEFLATED,
                                           6, 0), ZIP_OK);
    assert_int_equal(zipWriteInFileInZip(w->zip, p, (unsigned)n), ZIP_OK);
    assert_int_equal(zipCloseFileInZip(w->zip), ZIP_OK);
}

static inline void workbook_part(struct workbook *w, const char *name, const char *xml)
{
    workbook_bytes(w, name, xml, strlen(xml));
}

static inline void workbook_end(struct workbook *w)
{
    assert_int_equal(zipClose(w->zip, NULL), ZIP_OK);
}

#define RELATIONS "<Relationships xmlns=\"r\">"
#define RELATION(id, type, target) \
    "<Relationship Id=\"" id "\" Type=\"http://x/" type "\" Target=\"" target "\"/>"

/* All but the sheet: `parts` is relations of others, `properties` attributes of the workbook. */
static inline void workbook_frame(struct workbook *w, const char *parts, const char *properties)
{
    char book[512], relations[512];
    workbook_part(w, "_rels/.rels",
                  RELATIONS RELATION("r1", "officeDocument", "xl/workbook.xml") "</Relationships>");
    snprintf(book, sizeof book, "<workbook xmlns:r=\"r\"><workbookPr %s/><sheets>"
             "<sheet name=\"data\" sheetId=\"1\" r:id=\"s1\"/></sheets></workbook>", properties);
    workbook_part(w, "xl/workbook.xml", book);
    snprintf(relations, sizeof relations, RELATIONS
             RELATION("s1", "worksheet", "worksheets/sheet1.xml") "%s</Relationships>", parts);
    workbook_part(w, "xl/_rels/workbook.xml.rels", relations);
}

/* What a workbook of one sheet is made of; NULL leaves a part out. */
struct book_parts {
    const char *rows;       /* what stands inside sheetData */
    const char *strings;    /* inside sst */
    const char *styles;     /* inside styleSheet */
    const char *properties; /* attributes of workbookPr */
};

static inline void workbook_wrapped(struct workbook *w, const char *name, const char *before,
                                    const char *inside, const char *after)
{
    struct buf b;
    buf_init(&b, (size_t)1 << 26);
    buf_str(&b, before);
    buf_str(&b, inside);
    buf_str(&b, after);
    workbook_bytes(w, name, b.p, b.n);
    buf_free(&b);
}

static inline void workbook_make(struct workbook *w, const struct book_parts *p)
{
    char parts[256];
    workbook_start(w);
    snprintf(parts, sizeof parts, "%s%s",
             p->styles ? RELATION("s2", "styles", "styles.xml") : "",
             p->strings ? RELATION("s3", "sharedStrings", "/xl/sharedStrings.xml") : "");
    workbook_frame(w, parts, p->properties ? p->properties : "");
    workbook_wrapped(w, "xl/worksheets/sheet1.xml", "<?xml version=\"1.0\"?><worksheet><sheetData>",
                     p->rows, "</sheetData></worksheet>");
    if (p->strings) workbook_wrapped(w, "xl/sharedStrings.xml", "<sst>", p->strings, "</sst>");
    if (p->styles)
        workbook_wrapped(w, "xl/styles.xml", "<styleSheet>", p->styles, "</styleSheet>");
    workbook_end(w);
}

/* Reads one sheet: a line "3:a|b|" a row, "3!message" for a bad one, "!message" at a fault. */
static inline void workbook_read_sheet(struct xlsx *x, int sheet, struct buf *out)
{
    const struct csv_field *f;
    struct err e = { 0 };
    int n;
    if (!xlsx_sheet(x, sheet, &e)) {
        buf_printf(out, "!%s\n", e.message);
        return;
    }
    for (;;) {
        enum csv_result result = xlsx_next(x, &f, &n, &e);
        if (result == CSV_END) return;
        if (result == CSV_ERROR) {
            buf_printf(out, "!%s\n", e.message);
            return;
        }
        buf_printf(out, "%lld%c", (long long)xlsx_row(x), result == CSV_BAD ? '!' : ':');
        if (result == CSV_BAD) buf_str(out, e.message);
        for (int i = 0; result == CSV_ROW && i < n; i++) {
            buf_add(out, f[i].p, f[i].n);
            buf_char(out, '|');
        }
        buf_char(out, '\n');
    }
}

/* Opens, reads all sheets, and removes the file unless `keep`. */
static inline void workbook_read(const char *path, const struct xlsx_limits *lim, bool keep,
                                 struct buf *out)
{
    struct xlsx *x;
    struct err e = { 0 };
    buf_clear(out);
    if (!xlsx_open(&x, path, lim, &e)) {
        size_t n = strlen(path);
        bool named = strncmp(e.message, path, n) == 0; /* the file's name is not worth comparing */
        buf_printf(out, "!%s\n", e.message + (named ? n + 2 : 0));
    } else {
        for (int i = 0; i < xlsx_sheet_count(x); i++) workbook_read_sheet(x, i, out);
        xlsx_close(x);
    }
    if (!keep) unlink(path);
}

#endif
