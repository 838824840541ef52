/* gzip bytes in memory as a stream. */
#include "doc/pack.h"

#include <limits.h>
#include <zlib.h>

#include "base/arena.h"

enum { GZIP_WINDOW = 15 + 16 }; /* zlib's way to ask for a gzip header and trailer */

struct pack_memory { z_stream z; bool ended; };

bool pack_memory_open(struct pack_memory **out, const void *p, size_t n, struct err *e)
{
    if (n > UINT_MAX) return err_set(e, ERR_INVALID, "packed data of more than 4 GiB");
    struct pack_memory *m = mem_alloc(sizeof *m);
    m->z.next_in = (Bytef *)(uintptr_t)p;
    m->z.avail_in = (uInt)n;
    if (inflateInit2(&m->z, GZIP_WINDOW) != Z_OK) {
        free(m);
        return err_set(e, ERR_INTERNAL, "zlib does not start");
    }
    *out = m;
    return true;
}

static long read_some(void *arg, char *to, size_t n, struct err *e)
{
    struct pack_memory *m = arg;
    if (m->ended) return 0;
    m->z.next_out = (Bytef *)to;
    m->z.avail_out = n > UINT_MAX ? UINT_MAX : (uInt)n;
    uInt room = m->z.avail_out;
    int r = inflate(&m->z, Z_NO_FLUSH);
    if (r == Z_STREAM_END) m->ended = true;
    else if (r == Z_BUF_ERROR || (r == Z_OK && m->z.avail_out == room && m->z.avail_in == 0))
        return err_set(e, ERR_CORRUPT, "the packed data is cut off"), -1;
    else if (r != Z_OK)
        return err_set(e, ERR_CORRUPT, "the packed data is damaged: %s",
                       m->z.msg ? m->z.msg : "not gzip"), -1;
    return (long)(room - m->z.avail_out);
}

struct csv_source pack_memory_source(struct pack_memory *m)
{
    return (struct csv_source){ read_some, m };
}

void pack_memory_close(struct pack_memory *m)
{
    if (!m) return;
    inflateEnd(&m->z);
    free(m);
}
