/* iati: what was given, as activities and transactions of the International Aid Transparency Initiative,
 * standard 2.03.
 *
 * An activity is a project, or what one helper gives one place outside projects. Its transactions are
 * money agreed (2, outgoing commitment) and handed down (3, disbursement) for a helper, received (1,
 * incoming funds) and paid out (4, expenditure) for a helped side, which are different books of the same
 * money and never mixed in one file. Parts of another row (of which) are left out, so that nothing is
 * counted twice. A row without a day or an amount, or of a day to come, is left out and counted. Nothing
 * of persons is in it: organisations and places only. What the records only bound ("over") is said in
 * the description of the transaction. */
#ifndef JD_PROGRAMME_IATI_H
#define JD_PROGRAMME_IATI_H

#include <stdio.h>

#include "figure/figure.h"

struct iati_wish {
    struct db *db;
    const struct model *model;
    const struct parties *parties;
    /* A place's name in English or Chinese; "" = it has none in that language. */
    const char *(*place_name)(void *arg, int64_t code, bool zh);
    void *place_arg;
    const char *identifier;       /* of the reporting organisation, as it is registered with IATI */
    int64_t org;                  /* the reporting organisation */
    bool helped;                  /* the books of the helped side */
    int64_t place;                /* only what lies in it; 0 = anywhere */
    int32_t from, to;             /* only transactions of these days */
    int32_t today;
    int64_t now;
};
struct iati_done { int64_t activities, transactions, budgets, no_day, no_amount, to_come; };

/* ERR_USAGE for an identifier that the standard does not allow. */
bool iati_write(const struct iati_wish *w, FILE *f, struct iati_done *out, struct err *e) WARN_UNUSED;

#endif
