#include "doc/pack.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/arena.h"

struct pack {
    gzFile file;
    char *path; /* for messages */
    bool begun;
};

bool pack_open(struct pack **out, const char *path, struct err *e)
{
    gzFile file = gzopen(path, "rb");
    if (!file)
        return err_set(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_INVALID, "%s: %s", path,
                       strerror(errno));
    gzbuffer(file, 65536);
    struct pack *p = mem_alloc(sizeof *p);
    p->file = file;
    p->path = mem_strdup(path);
    *out = p;
    return true;
}

void pack_close(struct pack *p)
{
    if (!p) return;
    gzclose_r(p->file);
    free(p->path);
    free(p);
}

static long pack_read(void *arg, char *to, size_t n, struct err *e)
{
    struct pack *p = arg;
    int got = gzread(p->file, to, n > INT_MAX ? INT_MAX : (unsigned)n);
    /* zlib hands on what does not begin like gzip; here that is a damaged file. */
    if (!p->begun && gzdirect(p->file)) {
        err_set(e, ERR_CORRUPT, "%s: not a gzip file", p->path);
        return -1;
    }
    p->begun = true;
    if (got > 0) return got;
    int code;
    const char *why = gzerror(p->file, &code);
    if (code == Z_OK || code == Z_STREAM_END) return 0;
    if (code == Z_BUF_ERROR) why = "the file is cut off";
    err_set(e, ERR_CORRUPT, "%s: %s", p->path, why);
    return -1;
}

struct csv_source pack_source(struct pack *p)
{
    return (struct csv_source){ pack_read, p };
}
