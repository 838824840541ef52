/* Bytes in memory into gzip, for what is sent over a wire. */
#include "doc/pack.h"

#include <limits.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8 };

bool pack_gzip(const void *p, size_t n, int level, struct buf *out)
{
    char chunk[16384];
    z_stream z = { .next_in = (Bytef *)(uintptr_t)p, .avail_in = (uInt)n };
    if (n > UINT_MAX || deflateInit2(&z, level, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                                     Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    int r;
    do {
        z.next_out = (Bytef *)chunk;
        z.avail_out = sizeof chunk;
        r = deflate(&z, Z_FINISH);
        buf_add(out, chunk, sizeof chunk - z.avail_out);
    } while (r == Z_OK);
    deflateEnd(&z);
    return r == Z_STREAM_END && !out->over;
}
