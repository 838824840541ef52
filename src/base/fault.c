/* Faults as sentences. */
#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>

void fault_tell(struct faults *f, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    f->n++;
    if (!f->fn) return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    f->fn(f->arg, text);
}
