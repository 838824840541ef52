/* The workbook reader on any bytes. An input that begins with P is taken for the file itself. Any
 * other is the parts of one, each ended by a NUL: the sheet, shared strings, styles, workbook and
 * its relations, so that fuzzing need not find its way through compression and check sums; a part
 * that is empty or not there gets a plain one. */
#include <minizip/zip.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "doc/xlsx.h"

#define CHECK(x) do { if (!(x)) abort(); } while (0)
#define PARTS 5

struct part { const char *name, *plain; };

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

static void add_part(zipFile z, const char *name, const void *p, size_t n)
{
    zip_fileinfo info = { 0 };
    CHECK(zipOpenNewFileInZip64(z, name, &info, NULL, 0, NULL, 0, NULL, 0, 0, 0) == ZIP_OK);
    CHECK(zipWriteInFileInZip(z, p, (unsigned)n) == ZIP_OK);
    CHECK(zipCloseFileInZip(z) == ZIP_OK);
}

static void write_parts(const char *path, const char *data, size_t size)
{
    zipFile z = zipOpen64(path, APPEND_STATUS_CREATE);
    CHECK(z);
    for (int i = 0; i < PARTS; i++) {
        const char *end = size ? memchr(data, '\0', size) : NULL;
        size_t n = end ? (size_t)(end - data) : size;
        if (n) {
            add_part(z, parts[i].name, data, n);
        } else {
            add_part(z, parts[i].name, parts[i].plain, strlen(parts[i].plain));
        }
        data += end ? n + 1 : n;
        size -= end ? n + 1 : n;
    }
    CHECK(zipClose(z, NULL) == ZIP_OK);
}

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
    if (!size || data[0] != 'P') write_parts(path, (const char *)data, size);
    if (xlsx_open(&x, path, &lim, &e)) {
        for (int i = 0; i < xlsx_sheet_count(x) && i < 3; i++) read_sheet(x, i);
        xlsx_close(x);
    } else {
        CHECK(e.code != ERR_NONE && e.message[0]);
    }
    unlink(path);
    return 0;
}
