/* The filling of templates on any bytes: the parts of a workbook, each ended by a NUL, as in fuzz_xlsx.
 * What is filled must be a workbook again, with one sheet more, and its cells must read. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parts.h"
#include "doc/xlsx_fill.h"

#define PARTS 5

static const struct part parts[PARTS] = {
    { "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>"
      "</sheetData></worksheet>" },
    { "xl/sharedStrings.xml", "<sst><si><t>a {{b}}</t></si></sst>" },
    { "[Content_Types].xml", "<Types></Types>" },
    { "xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" r:id=\"1\"/></sheets>"
      "</workbook>" },
    { "xl/_rels/workbook.xml.rels", "<Relationships>"
      "<Relationship Id=\"1\" Type=\"/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
      "<Relationship Id=\"2\" Type=\"/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>" },
};

static bool fill(void *arg, const char *sheet, const char *cell, const char *inside, bool alone,
                 struct xlsx_filling *out, struct err *e)
{
    (void)arg;
    CHECK(sheet && cell && *inside);
    if (*inside == '!') return err_set(e, ERR_NOT_FOUND, "no");
    *out = (struct xlsx_filling){ *inside == '#', *inside == '#' ? "1.5" : alone ? "<&\x01>" : "x" };
    return true;
}

static const char *const *row(void *arg, size_t i)
{
    static const char *const only[2] = { "<&", "" };
    (void)arg;
    return i ? NULL : only;
}

static int rows_of(const char *path, const struct xlsx_limits *lim, int *sheets)
{
    const struct csv_field *field;
    struct err e = { 0 };
    struct xlsx *x;
    int rows = 0, n;
    *sheets = 0;
    if (!xlsx_open(&x, path, lim, &e)) return -1;
    *sheets = xlsx_sheet_count(x);
    for (int i = 0; i < *sheets && i < 5; i++) {
        if (!xlsx_sheet(x, i, &e)) continue;
        enum csv_result r;
        while ((r = xlsx_next(x, &field, &n, &e)) == CSV_ROW || r == CSV_BAD) rows++;
    }
    xlsx_close(x);
    return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct xlsx_limits lim = { .max_unzipped = 1 << 22, .max_columns = 50, .max_cell = 1000,
                                     .max_strings = 500 };
    const struct xlsx_evidence evidence = { .name = "a", .n = 2, .row = row };
    char in[] = "/tmp/jiedui-fuzz-XXXXXX", out[sizeof in + 8];
    struct xlsx_filled done;
    struct err e = { 0 };
    int fd = mkstemp(in), before, after;
    CHECK(fd >= 0);
    close(fd);
    snprintf(out, sizeof out, "%s.out", in);
    write_parts(in, parts, PARTS, (const char *)data, size);
    if (xlsx_fill(in, out, &lim, fill, &evidence, NULL, &done, &e)) {
        rows_of(in, &lim, &before);
        CHECK(done.holes > 0);
        CHECK(rows_of(out, &lim, &after) > 0);
        CHECK(after > 0 && after <= before + 1);
    } else {
        CHECK(e.code != ERR_NONE && e.message[0]);
        CHECK(access(out, F_OK) != 0);
    }
    unlink(in);
    unlink(out);
    return 0;
}
