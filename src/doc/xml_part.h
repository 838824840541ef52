/* xml_part: expat fed piece by piece from a source of bytes; only doc/ includes it. Handlers get local
 * names. A document type, and so any entity, is refused. Handlers may pause the parser or stop it
 * with a fault. */
#ifndef JD_DOC_XML_PART_H
#define JD_DOC_XML_PART_H

#include <expat.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/csv.h"
#include "base/err.h"

struct part_handler {
    void (*start)(void *arg, const char *name, const char **attr);
    void (*end)(void *arg, const char *name);
    void (*text)(void *arg, const char *s, size_t n);
};
struct part {
    struct csv_source source;
    XML_Parser xml;
    const struct part_handler *handler;
    void *arg;
    int depth;            /* of the element being handled; the root is 1 */
    uint64_t fed, max;    /* bytes of XML, and how many there may be; 0 = no limit but the source's */
    bool paused, last;
    const char *raw;      /* the name being handled, with its prefix; borrowed from the parser */
    struct err fault;
};
enum part_state { PART_PAUSED, PART_DONE, PART_FAILED };
bool part_begin(struct part *p, struct csv_source source, uint64_t max,
                const struct part_handler *h, void *arg, struct err *e) WARN_UNUSED;
enum part_state part_run(struct part *p, struct err *e);
void part_pause(struct part *p);
void part_stop(struct part *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void part_close(struct part *p); /* a zeroed struct is closed */
const char *part_attr(const char **attr, const char *name);  /* borrowed, or NULL */

#endif
