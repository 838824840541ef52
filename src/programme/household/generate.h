/* generate: a synthetic register, streamed as household.csv and person.csv. The same seed, size and
 * villages give the same bytes. Distributions are those of the national census and card notes
 * (docs/generate.md); every row has the basis `synthetic`, and ids begin with the place prefix 99 that
 * was never assigned, so no real person can be hit. */
#ifndef JD_PROGRAMME_GENERATE_H
#define JD_PROGRAMME_GENERATE_H

#include <stdint.h>
#include <stdio.h>
#include "base/err.h"

struct generate_plan {
    int64_t households;
    uint64_t seed;
    int errors;               /* rows in a thousand that get one fault */
    const int64_t *villages;  /* codes in rising order; borrowed */
    size_t n_villages;
};
struct generate_counts { int64_t households, persons, faults; };

/* Files are borrowed. False when they cannot be written, or there are no villages. */
bool household_generate(const struct generate_plan *p, FILE *household, FILE *person,
                        struct generate_counts *out, struct err *e) WARN_UNUSED;

#endif
