/* pack: reading a gzip-compressed file as a stream, for the data that ships with the program. */
#ifndef JD_DOC_PACK_H
#define JD_DOC_PACK_H

#include "base/buf.h"
#include "base/csv.h"
#include "base/err.h"

struct pack;
bool pack_open(struct pack **out, const char *path, struct err *e) WARN_UNUSED;
struct csv_source pack_source(struct pack *p); /* a damaged or cut file makes read return -1 */
void pack_close(struct pack *p);

/* The same over gzip bytes in memory (borrowed), such as data built into the program. */
struct pack_memory;
bool pack_memory_open(struct pack_memory **out, const void *p, size_t n, struct err *e) WARN_UNUSED;
struct csv_source pack_memory_source(struct pack_memory *m);
void pack_memory_close(struct pack_memory *m);

/* Bytes into gzip, level 1 to 9, appended to out; false when it cannot be done or out is full. */
bool pack_gzip(const void *p, size_t n, int level, struct buf *out);

#endif
