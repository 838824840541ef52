/* files: small files that a test makes. */
#ifndef JD_TESTS_SUPPORT_FILES_H
#define JD_TESTS_SUPPORT_FILES_H

#include <stdio.h>
#include <string.h>
#include <zlib.h>

/* Writes DIR/NAME. */
static inline void put_file(const char *dir, const char *name, const char *text)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* The bytes of text as gzip, at most size; how many they are. */
static inline size_t gzip_text(const char *text, unsigned char *out, size_t size)
{
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)text;
    z.avail_in = (uInt)strlen(text);
    z.next_out = out;
    z.avail_out = (uInt)size;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t n = size - z.avail_out;
    deflateEnd(&z);
    return n;
}

#endif
