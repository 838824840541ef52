/* A workbook of parts, each ended by a NUL: fuzzing need not find its way through compression and check
 * sums. A part that is empty or not there gets a plain one. */
#ifndef JD_TESTS_FUZZ_PARTS_H
#define JD_TESTS_FUZZ_PARTS_H

#include <minizip/zip.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(x) do { if (!(x)) abort(); } while (0)

struct part { const char *name, *plain; };

static inline void add_part(zipFile z, const char *name, const void *p, size_t n)
{
    zip_fileinfo info = { 0 };
    CHECK(zipOpenNewFileInZip64(z, name, &info, NULL, 0, NULL, 0, NULL, 0, 0, 0) == ZIP_OK);
    CHECK(zipWriteInFileInZip(z, p, (unsigned)n) == ZIP_OK);
    CHECK(zipCloseFileInZip(z) == ZIP_OK);
}

static inline void write_parts(const char *path, const struct part *parts, int most, const char *data,
                               size_t size)
{
    zipFile z = zipOpen64(path, APPEND_STATUS_CREATE);
    CHECK(z);
    for (int i = 0; i < most; i++) {
        const char *end = size ? memchr(data, '\0', size) : NULL;
        size_t n = end ? (size_t)(end - data) : size;
        add_part(z, parts[i].name, n ? data : parts[i].plain, n ? n : strlen(parts[i].plain));
        data += end ? n + 1 : n;
        size -= end ? n + 1 : n;
    }
    CHECK(zipClose(z, NULL) == ZIP_OK);
}

#endif
