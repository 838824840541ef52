/* The workbook reader on any bytes. An input that begins with P is taken for the file itself. Any
 * other is the parts of one, each ended by a NUL: the sheet, shared strings, styles, workbook and
 * its relations, so that fuzzing need not find its way through compression and check sums; a part
 * that is empty or not there gets a plain one. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parts.h"
#include "base/utf8.h"
#include "doc/xlsx.h"

#define PARTS 5

static const struct part parts[PARTS] = {
    { "xl/worksheets/sheet1.xml", "<worksheet/>" },
    { "xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>" },
    { "xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>" },
    { "xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" r:id=\"1\"/></sheets>"
      "</workbook>" },
    { "xl/_rels/workbook.xml.rels", "<Relationships>"
      "<Relationship Id=\"1\" Type=\"/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
      "<Relationship Id=\"2\" Type=\"/sharedStrings\" Target=\"sharedStrings.xml\"/>"
      "<Relationship Id=\"3\" Type=\"/styles\" Target=\"styles.xml\"/></Relationships>" },
};

static void read_sheet(struct xlsx *x, int sheet)
{
    const struct csv_field *field;
    struct err e = { 0 };
    enum csv_result result;
    int64_t last = 0;
    int n, width = 0;
    if (!xlsx_sheet(x, sheet, &e)) {
        CHECK(e.code != ERR_NONE);
        return;
    }
    while ((result = xlsx_next(x, &field, &n, &e)) == CSV_ROW || result == CSV_BAD) {
        CHECK(xlsx_row(x) > last);
        last = xlsx_row(x);
        if (result == CSV_BAD) {
            CHECK(e.code == ERR_INVALID && e.message[0]);
            continue;
        }
        CHECK(n >= width && n <= 50);
        width = n;
        bool any = false;
        for (int i = 0; i < n; i++) {
            CHECK(field[i].n <= 1000);
            CHECK(utf8_check(field[i].p, field[i].n) == field[i].n);
            CHECK(field[i].n == 0 || !memchr(field[i].p, '\0', field[i].n));
            any = any || field[i].n;
        }
        CHECK(any);
    }
    CHECK(result == CSV_END || e.code != ERR_NONE);
    CHECK(xlsx_next(x, &field, &n, &e) == result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct xlsx_limits lim = { .max_unzipped = 1 << 22, .max_columns = 50, .max_cell = 1000,
                                     .max_strings = 500 };
    char path[] = "/tmp/jiedui-fuzz-XXXXXX";
    struct xlsx *x;
    struct err e = { 0 };
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    if (size && data[0] == 'P') CHECK(write(fd, data, size) == (ssize_t)size);
    close(fd);
    if (!size || data[0] != 'P') write_parts(path, parts, PARTS, (const char *)data, size);
    if (xlsx_open(&x, path, &lim, &e)) {
        for (int i = 0; i < xlsx_sheet_count(x) && i < 3; i++) read_sheet(x, i);
        xlsx_close(x);
    } else {
        CHECK(e.code != ERR_NONE && e.message[0]);
    }
    unlink(path);
    return 0;
}
