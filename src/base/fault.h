/* fault: what a proof finds wrong, told one sentence each. Who asks for the proof owns it. */
#ifndef JD_BASE_FAULT_H
#define JD_BASE_FAULT_H

#include <stdint.h>

typedef void fault_fn(void *arg, const char *sentence);
struct faults { fault_fn *fn; void *arg; int64_t n; }; /* fn NULL: they are counted alone */

/* Counts one and tells it, at most 1,023 bytes of it. */
void fault_tell(struct faults *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
