/* The XML of a workbook's parts. */
#include "doc/xlsx_parts.h"

static long read_entry(void *arg, char *p, size_t n, struct err *e)
{
    return zip_read(arg, p, n, e);
}

bool part_open(struct part *p, struct zip *z, int entry, uint64_t max,
               const struct part_handler *h, void *arg, struct err *e)
{
    *p = (struct part){ .max = max };
    return zip_begin(z, entry, e) &&
           part_begin(p, (struct csv_source){ read_entry, z }, max, h, arg, e);
}

bool part_parse(struct part *p, struct zip *z, int entry, uint64_t max,
                const struct part_handler *h, void *arg, struct err *e)
{
    bool ok = part_open(p, z, entry, max, h, arg, e) && part_run(p, e) == PART_DONE;
    part_close(p);
    return ok || err_context(e, "%s", zip_name(z, entry));
}
